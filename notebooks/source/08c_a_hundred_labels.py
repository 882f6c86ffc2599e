# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 08c · A hundred labels
#
# **What are pictures good for that nobody has labelled?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/08c_a_hundred_labels.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/08c_a_hundred_labels.ipynb) ·
# 40 minutes to study, 45 seconds to run, no network needed
#
# **You will be able to**
#
# 1. learn from labelled and unlabelled pictures at once, with one small change to EM;
# 2. measure what unlabelled pictures are worth, beside rivals that do without them;
# 3. say what decides whether a guessed label helps;
# 4. ask whether a kind can be found that nobody has named.
#
# **Builds on** lessons 05a (EM), 07a (the VAE on digits) and 08a (the label as a condition).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="08c")

# %%
from functools import cache, partial

import matplotlib.pyplot as plt
import torch
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from torch import nn
from torch.distributions import MultivariateNormal
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import VAE, label_error, layers, vae_loss
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits()

# %% [markdown]
# ## 1 · Pictures are free, labels cost
#
# Suppose that of our 4,000 training digits only **a hundred**, ten of each kind, have a label. You want to *name* digits. What are the other 3,900 good for?
#
# A conditional VAE (lesson 08a) has a bound of $\log P(x\mid y)$. Where the label is missing, sum over all ten: $P(x)=\sum_y P(y)\,P(x\mid y)$. The label is one more hidden variable, to be **guessed**. Kingma and others (2014) call this M2, with a network that guesses. It costs ten bounds for each picture. Cheaper is M1 + M2:
#
# - **M1**: train a VAE on all 4,000 pictures, *without labels*. From here on, a digit is its code, the mean of $q(z\mid x)$;
# - something like **M2** on these codes.


# %%
def labelled(order, each, kinds=range(10)):  # the first so many of each kind
    return torch.cat([order[data.y_train[order] == kind][:each] for kind in kinds])


def all_but(chosen):  # a mask: which training digits have no label
    others = torch.ones(4000, dtype=bool)
    others[chosen] = False
    return others


orders = [torch.randperm(4000) for _ in range(5)]
hundreds = [labelled(order, 10) for order in orders]

# %% [markdown]
# First M1: lesson 07a's VAE, with a code of 20 numbers and the KL weighted by ¼. (So what it minimises is no bound. Chosen in trials, see section 3; we only use its codes.)

# %%
encoder = layers(784, 400, 200, 40, activation=nn.SiLU)
decoder = layers(20, 200, 400, 784, activation=nn.SiLU)
decoder[-1].bias.data = torch.logit(data.x_train.mean(dim=0), eps=1e-3)
vae, recipe = VAE(encoder, decoder), {"batch_size": 100, "learning_rate": 6e-3}
recipe |= {"augment": lambda x: torch.bernoulli(shifted(x)), "label": "VAE, no labels"}
fit(vae, data.x_train, partial(vae_loss, kl_weight=0.25), epochs=30, **recipe)


@torch.no_grad()
def codes(x):
    return vae.posterior(x)[0]


# %% [markdown]
# ## 2 · EM that knows some of the answers
#
# Now M2. **One Gaussian for each kind** may stand in for $P(z\mid y)$. (Networks did no better in our trials, and took many times as long.) Then the sum over $y$ is exact, the best guess is Bayes' rule, $P(y\mid z)\propto P(y)\,P(z\mid y)$, and EM (lesson 05a) does the rest. Its responsibilities *are* guessed labels.
#
# One thing is new: **where the label is known, the responsibility is 1**, and it stays so.


# %%
def m_step(z, r, more=30):  # codes n × k, responsibilities n × kinds
    counts = r.sum(dim=0) + more  # as if each kind had 30 codes more, of N(0, I)
    means = r.T @ z / counts[:, None]
    moments = torch.einsum("nm,ni,nj->mij", r, z, z) + more * torch.eye(z.shape[1])
    covariances = moments / counts[:, None, None] - means[:, :, None] * means[:, None]
    tril = torch.linalg.cholesky(covariances)
    return MultivariateNormal(means, scale_tril=tril), (counts / counts.sum()).log()


def log_joint(z, gaussians, log_shares):  # log P(z, y): n × kinds
    pieces = [
        gaussians.log_prob(part[:, None]) for part in z.split(500)
    ]  # to save memory
    return torch.cat(pieces) + log_shares


def em(z_known, r_known, z_unknown, steps):  # r_known: one-hot, never changed
    models = [m_step(z_known, r_known)]  # step 0: from the labelled ones alone
    z, model = torch.cat([z_known, z_unknown]), models[0]
    for _ in range(steps):
        guess = log_joint(z_unknown, *model).softmax(dim=1)  # E-step: P(y|z)
        model = m_step(z, torch.cat([r_known, guess]))
        models.append(model)
    return models


# %% [markdown]
# The labelled digits go in nine times, each time shifted by up to a pixel: so each counts as nine. The other 3,900 go in once.


# %%
def run_em(chosen, codes_of, steps=5, copies=9, unlabelled=None):
    if unlabelled is None:
        unlabelled = data.x_train[all_but(chosen)]
    z = codes_of(shifted(data.x_train[chosen].repeat(copies, 1)))
    r = functional.one_hot(data.y_train[chosen].repeat(copies), 10).float()
    return em(z, r, codes_of(shifted(unlabelled)), steps)


models, rest = run_em(hundreds[0], codes), all_but(hundreds[0])
z_train, z_test = codes(data.x_train), codes(data.x_test)
guesses = [log_joint(z_train, *model).softmax(dim=1) for model in models]
for step, guess in enumerate(guesses):
    hit = (guess.argmax(1) == data.y_train)[rest].float().mean()
    print(f"step {step}: {100 * hit:.1f} % of the 3,900 guessed right")

# %% [markdown]
# Follow *one* of the 3,900: its ten numbers $\log P(z,y)$, and what Bayes' rule makes of them, before EM and after. (We picked it with its label, as the one whose guess gained most. EM did not see that label.)

# %% tags=["figure"]
gain = guesses[-1] - guesses[0]  # of P(y|z), 4000 × 10
one = (gain[torch.arange(4000), data.y_train] * rest).argmax()
print(f"a {data.y_train[one]};   kind:", *(f"{kind:6}" for kind in range(10)))
for step in (0, 5):
    joint = log_joint(z_train[one : one + 1], *models[step])[0]
    print(f"step {step}, log P(z, y)", *(f"{value:6.1f}" for value in joint.tolist()))
    print(f"step {step},   P(y | z) ", *(f"{p:6.2f}" for p in joint.softmax(0).tolist()))

# %% [markdown]
# Ten labelled codes say little of the shape of a Gaussian of 20 numbers; so a first guess can be badly wrong. What changed it? Mostly *other* unlabelled codes. Those that were guessed right gave the Gaussians a better shape.
#
# The next picture shows 2,000 of the codes on a map (t-SNE, which puts near codes near each other; it knows no labels, and is for your eyes only).

# %% tags=["figure"]
shown = torch.cat([hundreds[0], orders[0][rest[orders[0]]][:1900]])
tsne = TSNE(2, init="pca", random_state=0, max_iter=400, n_jobs=1)
place = torch.full((4000, 2), torch.nan)
place[shown] = torch.from_numpy(tsne.fit_transform(z_train[shown].numpy()))


def draw_map(ax, named, known, names=True):  # named: the kind given to each of 4,000
    grey, colours = named is None, plotting.CLASS_COLOURS
    fill = "#d5d5d5" if grey else [colours[k] for k in named[shown].tolist()]
    ax.scatter(*place[shown].T, s=16, c=fill)
    edge = {"edgecolors": plotting.INK, "linewidths": 1.5, "zorder": 3}
    kinds = data.y_train[known].tolist()
    ax.scatter(*place[known].T, s=130, c=[colours[k] for k in kinds], **edge)
    if not grey and names:
        box = {"boxstyle": "circle,pad=0.15", "fc": "white", "ec": "none", "alpha": 0.8}
        for kind in range(10):
            middle = place[shown][named[shown] == kind].nanmedian(dim=0).values
            ax.text(*middle, kind, fontsize=26, ha="center", va="center", bbox=box)
    ax.axis("off")


# %% tags=["figure", "opening"]
figure, axes = plt.subplots(1, 2, figsize=(14, 6.6), layout="constrained")
draw_map(axes[0], None, hundreds[0])
draw_map(axes[1], guesses[-1].argmax(1), hundreds[0])
share = (guesses[-1].argmax(1) == data.y_train)[rest].float().mean()
axes[0].set_title("a hundred have a label", fontsize=20)
axes[1].set_title(f"the others' are guessed: {100 * share:.0f} % right", fontsize=20)
plt.show()

# %% [markdown]
# ## 3 · What are they worth?
#
# We draw the hundred five times, and count held-out digits. A rival learns from the hundred **alone**, in many shifts: a small **convolutional network** (lesson 04b), built for strokes that may stand anywhere.
#
# (Settings were chosen in some 300 trials, 25 of them VAEs, with hundreds out of 3,500 training digits, judged on the other 500, whose labels served for nothing else. Support vectors, nearest neighbours and dense networks were weaker rivals.) **Predict first.**

# %% tags=["figure"]
points_added = Prediction(
    "A VAE's codes with 3,900 guessed labels, or the convolutional network from the "
    "hundred alone: the first names, of held-out digits,",
    [
        "over 3 points fewer",
        "as many, within 3 points",
        "3 to 8 points more",
        "over 8 points more",
    ],
)
points_added


# %%
def learn_gaussians(chosen, codes_of, steps=5, **options):
    model = run_em(chosen, codes_of, steps, **options)[-1]
    return lambda x: log_joint(codes_of(x), *model).argmax(dim=1)


def percent(named, truth=data.y_test):
    return 100 * (named == truth).double().mean().item()


right = {}


def try_out(name, learn, *options, **more):  # learn(chosen, …) returns what names digits
    named = [learn(chosen, *options, **more)(data.x_test) for chosen in hundreds]
    right[name] = [percent(names) for names in named]
    print(f"{name:30} {sum(right[name]) / 5:.1f} % right, ", end="")
    print(f"from {min(right[name]):.1f} to {max(right[name]):.1f}")


def lift(name, base):  # points, mean over the five draws
    return (sum(right[name]) - sum(right[base])) / 5


# %%
def convolutions(x, y, epochs):
    network = nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        *(nn.Conv2d(1, 16, 5, stride=2, padding=2), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.MaxPool2d(2), nn.ReLU()),
        *(nn.Flatten(), nn.Dropout(0.5), nn.Linear(32 * 3 * 3, 10)),
    )
    recipe = {"learning_rate": 2e-2, "weight_decay": 0.05, "batch_size": 100}
    recipe |= {"augment": lambda x: shifted(x, 2), "label": "convolutions"}
    fit(network, (x, y), label_error, epochs=epochs, **recipe)

    @torch.no_grad()
    def name(x):
        return torch.cat([network(part).argmax(dim=1) for part in x.split(500)])

    return name


# %% [markdown]
# The Gaussians on codes run twice, without guessing (M1) and with it (M1 + M2). And a control: guesses for 3,900 more shifts of the *hundred*. As many pictures, but none is new.


# %%
@cache  # trained once for each hundred (the same tensor, not an equal one)
def convolutions_alone(chosen):
    return convolutions(data.x_train[chosen], data.y_train[chosen], epochs=200)


def guess_nothing_new(chosen):  # 3,900 shifts of the hundred, without their labels
    shifts = data.x_train[chosen].repeat(39, 1)
    return learn_gaussians(chosen, codes, unlabelled=shifts)


try_out("convolutions", convolutions_alone)
try_out("VAE, no guess (M1)", learn_gaussians, codes, steps=0)
try_out("VAE, guess (M1 + M2)", learn_gaussians, codes)
try_out("VAE, guess nothing new", guess_nothing_new)

# %% tags=["figure"]
lead = lift("VAE, guess (M1 + M2)", "convolutions")
points_added.reveal(points_added.options[(lead > -3) + (lead > 3) + (lead > 8)])

# %%
claim(
    "C25t",
    "Guessing the labels of 3,900 pictures adds to what a VAE's codes name right",
    lift("VAE, guess (M1 + M2)", "VAE, no guess (M1)"),
    kind="experiment",
    at_least=5,
    unit="points",
    control=(
        "3,900 shifts of the hundred",
        lift("VAE, guess nothing new", "VAE, no guess (M1)"),
    ),
)

# %% [markdown]
# **The guess is what helps**: many points, for the same codes. Without it (M1) the VAE stays behind the rival. And more shifts of the hundred are no use: it takes *new* pictures. But **the rival is not behind**, or hardly: a network that is built for pictures, and learns only to name them, gets about as far from the hundred alone. (M1 is no rival without pictures: its VAE saw all 4,000.)
#
# ## 4 · Does it take a VAE?
#
# Put 20 **PCA** numbers of the 4,000 pictures in place of the code; the rest stays. And is it the Gaussians? Try **pseudo-labels** (one round of Lee 2013, who renews the names all the time): the convolutional network names the 3,900, and a new one takes its names for true. The **ceiling** has all 4,000 labels.


# %%
def pseudo_labels(chosen):
    named = convolutions_alone(chosen)(data.x_train)
    named[chosen] = data.y_train[chosen]
    return convolutions(data.x_train, named, epochs=6)


twenty = PCA(20, whiten=True).fit(data.x_train)


def pca(x):
    return torch.from_numpy(twenty.transform(x)).float()


try_out("20 PCA numbers, no guess", learn_gaussians, pca, steps=0)
try_out("20 PCA numbers, guess", learn_gaussians, pca)
try_out("convolutions, pseudo-labels", pseudo_labels)
ceiling = convolutions(data.x_train, data.y_train, epochs=6)
try_out("convolutions, all labels", lambda chosen: ceiling)

# %% tags=["figure"]
uses = {
    "the hundred alone": ["convolutions"],
    "and 3,900 pictures": [name for name in right if "VAE" in name or "PCA" in name],
    "4,000 labels": ["convolutions, all labels"],
}
uses["and 3,900 pictures"].remove("VAE, guess nothing new")  # the claim's control
uses["and 3,900 pictures"].append("convolutions, pseudo-labels")
rows = [name for names in uses.values() for name in names][::-1]
figure, ax = plt.subplots(figsize=(13, 5.6), layout="constrained")
for (use, names), marker, colour in zip(uses.items(), "oDs", (8, 0, 2)):
    style = {"color": plotting.COLOURS[colour], "markersize": 11, "clip_on": False}
    ax.plot([], [], marker, label=use, **style)
    for name in names:
        row, middle = rows.index(name), sum(right[name]) / 5
        ax.plot(right[name], [row] * 5, marker, **style)
        ax.plot([middle] * 2, [row - 0.36, row + 0.36], color=plotting.INK, lw=3)
ax.set_yticks(range(len(rows)), rows, fontsize=16)
ax.set_xlabel("held-out digits named right, % (five draws; line: mean)", fontsize=16)
ax.legend(loc="lower center", bbox_to_anchor=(0.4, 1), ncols=3, fontsize=16)
plt.show()

# %%
claim(
    "C25u",
    "It takes no VAE: guesses on 20 PCA numbers stay behind those on its codes by only",
    lift("VAE, guess (M1 + M2)", "20 PCA numbers, guess"),
    kind="experiment",
    at_most=4,
    unit="points",
    control=(
        "PCA numbers, no guess",
        lift("VAE, guess (M1 + M2)", "20 PCA numbers, no guess"),
    ),
)

# %% [markdown]
# For Gaussians the guess matters, not the code: PCA numbers do nearly as well as the VAE's. For the convolutional network it adds less, since that does well without. **What unlabelled pictures are worth depends on what you would do without them.** (No network here is trained to its end: that would take more than the lesson's minute.)
#
# ## 5 · How few labels?
#
# Now **ten** labels, one digit of each kind. From these alone the Gaussians are poor. Let EM run for 20 steps. **Predict first.**

# %% tags=["figure"]
ten_labels = Prediction(
    "One labelled digit of each kind, and 20 steps of guessing. How many held-out digits "
    "are named right?",
    ["under 45 %", "45 to 60 %", "60 to 85 %", "over 85 %"],
)
ten_labels

# %%
curve = {}
# fewer copies where labels are many
for each, copies in {1: 9, 3: 9, 10: 9, 30: 3, 100: 1}.items():
    curve[each, 0], curve[each, 20] = [], []
    for order in orders:
        path = run_em(labelled(order, each), codes, steps=20, copies=copies)
        for step in (0, 20):
            named = log_joint(z_test, *path[step]).argmax(dim=1)
            curve[each, step].append(percent(named))
    plain, guessed = (sum(curve[each, step]) / 5 for step in (0, 20))
    print(f"{each:3} of each kind: {plain:.1f} % without guess, {guessed:.1f} % with")

# %% tags=["figure"]
measured = sum(curve[1, 20]) / 5
ten_labels.reveal(ten_labels.options[(measured > 45) + (measured > 60) + (measured > 85)])

# %% [markdown]
# Step through it. The large dots are the ten that have a label (draw 1).

# %% tags=["figure"]
flood = run_em(labelled(orders[0], 1), codes, steps=20)
frames, captions = [], []
for step in (0, 1, 2, 3, 5, 10, 20):
    figure, ax = plt.subplots(figsize=(9.5, 7), layout="constrained")
    named = log_joint(z_train, *flood[step]).argmax(1)
    draw_map(ax, named, labelled(orders[0], 1), names=False)
    for known in labelled(orders[0], 1).tolist():
        x, y = place[known].tolist()
        label = {"xytext": (9, 9), "textcoords": "offset points", "fontsize": 24}
        ax.annotate(data.y_train[known].item(), (x, y), weight="bold", **label)
    hit = percent(log_joint(z_test, *flood[step]).argmax(1))
    ax.set_title(f"step {step}: {hit:.0f} % of held-out digits right", fontsize=20)
    frames.append(figure)
    captions.append(f"step {step}: {hit:.1f} % right")
FramePlayer(frames, captions, label="EM step", start=0, interval=1200)

# %% [markdown]
# In most clouds the label's colour spreads to the edge. Watch for one that takes the *wrong* cloud: with one label, EM has nothing to call it back by.

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 5), layout="constrained")
for steps, colour, marker, name in ((0, 8, "o", "no guess"), (20, 0, "D", "guess")):
    sizes = [each for each, s in curve if s == steps]
    style = {"color": plotting.COLOURS[colour], "marker": marker}
    middles = [sum(curve[each, steps]) / 5 for each in sizes]
    ax.plot([10 * each for each in sizes], middles, ms=10, label=name, **style)
    for each in sizes:
        ax.plot([10 * each] * 5, curve[each, steps], ls="", ms=5, alpha=0.6, **style)
ax.set(xscale="log", xlabel="labels", ylabel="held-out digits\nnamed right, %")
ax.set_xticks([10, 30, 100, 300, 1000], ["10", "30", "100", "300", "1,000"])
ax.minorticks_off()
ax.legend(fontsize=16)
plt.show()

# %%
gains = {each: (sum(curve[each, 20]) - sum(curve[each, 0])) / 5 for each in (1, 100)}
claim(
    "C25v",
    "With one label of each kind, guessing adds",
    gains[1],
    kind="experiment",
    at_least=15,
    unit="points",
    control=("a hundred of each kind", gains[100]),
)

# %% [markdown]
# With few labels a guess adds most; with a thousand, about nothing. (Small dots: the five draws. With few labels much hangs on *which*.)
#
# ## 6 · An easier question?
#
# The same hundred again, but now each label says just **even or odd**. It has only two answers. So two Gaussians, on the 20 PCA numbers, where it shows best (then on the VAE's codes), and EM for 20 steps. **Predict first.**

# %% tags=["figure"]
even_or_odd = Prediction(
    "Even or odd, one Gaussian for each. What does guessing do to the share of held-out "
    "digits that are named right?",
    ["over 3 points more", "little, within 3 points", "over 3 points fewer"],
)
even_or_odd

# %% [markdown]
# For comparison, **five** Gaussians for each answer, from the *same* labels. Now a label does not settle the responsibilities: "even" only forbids the five odd ones (it adds $\log 0=-\infty$), and EM guesses the rest. K-means (each code to its nearest centre, each centre to its codes' mean, and again) splits each answer's codes in five, to start from.


# %%
def even_or_odd_em(chosen, each, codes_of, steps=20):  # so many Gaussians an answer
    z = codes_of(shifted(data.x_train[chosen].repeat(9, 1)))
    z_new = codes_of(shifted(data.x_train[all_but(chosen)]))
    odd = data.y_train[chosen].repeat(9) % 2
    allowed = (torch.arange(2 * each) // each == odd[:, None]).float()
    part = odd * each  # to begin with, which Gaussian
    for answer in (0, 1):
        split = KMeans(each, n_init=10, random_state=0).fit(z[odd == answer])
        part[odd == answer] += torch.from_numpy(split.labels_)
    models = [m_step(z, functional.one_hot(part, 2 * each).float())]
    for _ in range(steps):
        known = (log_joint(z, *models[-1]) + allowed.log()).softmax(dim=1)
        guess = log_joint(z_new, *models[-1]).softmax(dim=1)
        models.append(m_step(torch.cat([z, z_new]), torch.cat([known, guess])))
    return models


def right_answers(model, z):  # an answer's probability: the sum over its Gaussians
    answers = log_joint(z, *model).unflatten(1, (2, -1)).logsumexp(dim=2)
    return percent(answers.argmax(dim=1), data.y_test % 2)


# %%
trials = {"one Gaussian": (1, pca), "five Gaussians": (5, pca)}
trials["one Gaussian, VAE"], trials["five Gaussians, VAE"] = (1, codes), (5, codes)
change, runs = {}, {}
for name, (each, codes_of) in trials.items():
    z = codes_of(data.x_test)
    runs[name] = [even_or_odd_em(chosen, each, codes_of) for chosen in hundreds]
    before, after = (sum(right_answers(m[k], z) for m in runs[name]) for k in (0, 20))
    before, after = before / 5, after / 5
    change[name] = after - before
    print(f"{name:19} {before:.1f} % right at step 0, {after:.1f} % at step 20")
answers_known = functional.one_hot(data.y_train % 2, 2).float()
all_known = m_step(pca(shifted(data.x_train)), answers_known)
known_right = right_answers(all_known, pca(data.x_test))
print(f"one Gaussian, all 4,000 answers known: {known_right:.1f} %")

# %% tags=["figure"]
lost = -change["one Gaussian"]
even_or_odd.reveal(even_or_odd.options[(lost > -3) + (lost > 3)])


# %% tags=["figure"]
def mean_log_p(model):
    return log_joint(pca(data.x_train), *model).logsumexp(dim=1).mean().item()


calls_odd = log_joint(pca(data.x_test), *runs["one Gaussian"][0][20]).argmax(dim=1)
by_kind = [100 * calls_odd[data.y_test == kind].double().mean() for kind in range(10)]
print("one Gaussian, first draw, called odd, % of", end=" ")
print(", ".join(f"{kind}s: {share:.0f}" for kind, share in enumerate(by_kind)))
climb = [mean_log_p(m[20]) - mean_log_p(m[0]) for m in runs["one Gaussian"]]
print(f"one Gaussian: log P(z) rises by {min(climb):.2f} nats or more in each draw")

# %% tags=["figure"]
figure, (left, right_half) = plt.subplots(1, 2, figsize=(14, 5), layout="constrained")
for colour, name in ((0, "five Gaussians"), (2, "one Gaussian")):
    for k, path in enumerate(runs[name]):
        style = {"color": plotting.COLOURS[colour]}
        style["label"] = None if k else f"{name} for each answer"
        left.plot([right_answers(model, pca(data.x_test)) for model in path], **style)
        if name == "one Gaussian":
            right_half.plot([mean_log_p(model) for model in path], **style)
left.set_ylabel("even or odd: named right, %", fontsize=17)
right_half.set_ylabel("mean log P(z), nats", fontsize=17)
left.legend(loc="lower center", bbox_to_anchor=(0.5, 1), fontsize=17)
right_half.axhline(mean_log_p(all_known), color=plotting.INK, ls=":", label="all known")
right_half.legend(loc="lower right", fontsize=15)
right_half.set_title(
    "one Gaussian for each answer:\nlog P(z), training digits", fontsize=17
)
for ax in (left, right_half):
    ax.set_xlabel("EM step", fontsize=17)
    ax.set_xticks(range(0, 21, 5))
plt.show()

# %%
claim(
    "C25w",
    "Where one Gaussian stands for five kinds, guessing does harm: points lost",
    -change["one Gaussian"],
    kind="experiment",
    at_least=8,
    unit="points",
    control=("five Gaussians for five kinds", -change["five Gaussians"]),
)

# %% [markdown]
# Same numbers, same labels, same EM. The largest part of what it climbs, $\log P(z)$, rises. But a good $P(z)$ is *not* what you asked for. Two Gaussians that know all 4,000 answers name more digits right, and have a *lower* $\log P(z)$ (dotted). EM finds a better one: one Gaussian for kinds that look alike, even or odd, the other for most of the rest (the printed row). That is a good description of digits, and no answer to your question. The hundred object; the thousands outvote them.
#
# While the model's best $P(z)$ also names well, both aims agree. A **wrong** model need not have that, and then learning without labels can do harm (Cozman and Cohen 2002). One remedy you have seen: a better model, several Gaussians for one answer. Another is to give each unlabelled picture less weight: that protects (both in Nigam and others 2000; Try it 2).
#
# ## 7 · A kind without a name
#
# Last, nobody labels one of the kinds: ninety labels, nine kinds. The tenth Gaussian starts from nothing, as $\mathcal N(0,I)$. Does it find the digits that nobody named? **Predict first.**

# %% tags=["figure"]
unnamed = Prediction(
    "Leave out the 0s, then the 1s, and so on, ten trials (mean of two draws each). In "
    "how many does the spare Gaussian get more than half of the left-out kind's held-out "
    "digits?",
    ["none or one", "2 to 5", "6 to 9", "all ten"],
)
unnamed

# %%
found = {}
for kind in range(10):
    others, found[kind], took = [k for k in range(10) if k != kind], [], []
    for order in orders[:2]:
        models = run_em(labelled(order, 10, others), codes, steps=20)
        before, after = (log_joint(z_test, *models[k]).argmax(dim=1) for k in (0, 20))
        own = data.y_test == kind
        found[kind].append((percent(before[own], kind), percent(after[own], kind)))
        took.append(percent(data.y_test[after == kind], kind))
    before, after = torch.tensor(found[kind]).mean(dim=0)
    print(
        f"{kind}s taken: {before:3.0f} % at step 0, {after:3.0f} % at step 20; ", end=""
    )
    print(f"of what the spare Gaussian took, {sum(took) / 2:3.0f} % are {kind}s")

# %% tags=["figure"]
count = sum(sum(after for _, after in found[kind]) / 2 > 50 for kind in range(10))
unnamed.reveal(unnamed.options[(count > 1) + (count > 5) + (count > 9)])

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(12, 4.4), layout="constrained")
for kind, pairs in found.items():
    for k, (before, after) in enumerate(pairs):
        x = kind + 0.2 * (k - 0.5)
        ax.plot([x, x], [before, after], color=plotting.COLOURS[3], lw=2)
        ax.plot(x, before, "o", color=plotting.COLOURS[8], ms=9, clip_on=False)
        ax.plot(x, after, "D", color=plotting.COLOURS[0], ms=10, clip_on=False)
ax.plot([], [], "o", color=plotting.COLOURS[8], ms=9, label="step 0")
ax.plot([], [], "D", color=plotting.COLOURS[0], ms=10, label="step 20")
ax.set(ylim=(0, 100), xticks=range(10), xlabel="kind that has no label")
ax.set_ylabel("taken by the\nspare Gaussian, %")
ax.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, fontsize=16)
plt.show()

# %% [markdown]
# A kind with a cloud of its own, such as the 6s, is found without a single label: all that it lacks is a name. The 7s and the 9s are not: kinds that have labels take them. Others hang on which ninety were drawn.
#
# ## 8 · Where it breaks
#
# - **Clouds must be kinds.** All of this rests on kinds that lie in clouds apart. Where they overlap (7s and 9s), or where an answer is many clouds (even or odd), guessing stalls or does harm.
# - **A hundred, and 500 more.** We chose settings with the labels of 500 other digits. Who has only a hundred can't (Oliver and others 2018).
# - **EM does not warn you.** Its own figure rises either way. Only labelled digits that it has not seen tell; with a hundred labels, you have few to spare for that.
# - **The labelled were fair.** We took ten of each kind at random. People may label what is easy.
# - **Small.** Kingma and others had far more pictures, and networks throughout; we did not test what either is worth. Our VAE is one training in each run.
# - Sections 5 to 7 keep section 3's settings, but for 20 steps in place of 5 (not tuned). What to show in them was found by looking at held-out digits.
#
# ## 9 · Try it
#
# 1. `more=30` in `m_step`: try 3 and 300, with ten labels and with a thousand. When is 300 too many?
# 2. Count each unlabelled code as a tenth of a code: `0.1 * guess` in the M-step, here and in `em`. What becomes of even or odd? And of the ten labels?
# 3. Give `run_em` only unlabelled digits below 5. Who gains? Does anyone lose?
# 4. Let two PCA numbers stand for the code. Does guessing help? Why?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(points_added, ten_labels, even_or_odd, unnamed)

# %% [markdown]
# - A missing label is a hidden variable. EM guesses it; a known label is a responsibility that stays 1.
# - Unlabelled pictures show where the clouds are, and labels say what they are called. So guesses add most where labels are few, and nothing where they are many.
# - For Gaussians the guess matters more than the code. A network built for pictures needs it less.
# - EM climbs $P(z)$, not the share named right. With a wrong model it can climb away from your labels.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | semi-supervised learning | 半监督学习 | from a few labelled and many unlabelled examples |
# | responsibility | 责任度 | $P(y\mid z)$, a guessed label; 1 (and 0 for the others) where the label is known |
# | EM | 期望最大化 | guess the labels, fit the Gaussians, and again |
# | pseudo-label | 伪标签 | a network's own guess, taken for true |
# | misspecified model | 误设模型 | no setting of it is right: one Gaussian for five clouds |
# | held-out | 留出的 | not seen in training |
#
# **References**
#
# - D. P. Kingma, D. J. Rezende, S. Mohamed and M. Welling (2014), *Semi-supervised learning with deep generative models*, NeurIPS, arXiv:1406.5298 (M1, M2, M1 + M2).
# - F. G. Cozman and I. Cohen (2002), *Unlabeled data can degrade classification performance of generative classifiers*, FLAIRS.
# - K. Nigam, A. McCallum, S. Thrun and T. Mitchell (2000), *Text classification from labeled and unlabeled documents using EM*, Machine Learning 39, 103–134 (several components for a class, less weight for the unlabelled).
# - D.-H. Lee (2013), *Pseudo-label: the simple and efficient semi-supervised learning method for deep neural networks*, ICML workshop.
# - A. Oliver, A. Odena, C. Raffel, E. D. Cubuk and I. J. Goodfellow (2018), *Realistic evaluation of deep semi-supervised learning algorithms*, NeurIPS, arXiv:1804.09170 (who chooses settings with many labels has many labels).
