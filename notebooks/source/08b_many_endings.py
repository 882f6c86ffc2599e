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
# # 08b · A quarter of a digit, many endings
#
# **You see a quarter of a digit. How do you complete it, when there are many right endings?**
#
# (In the picture below, dark blue is ink that is seen, light blue is not seen. Last column: the answer of a network that may give only one. The quarters were chosen as the most open ones.)
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/08b_many_endings.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/08b_many_endings.ipynb) ·
# 41 minutes to study, 45 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say why a network that must give one answer gives grey mush;
# 2. give a VAE a condition that is part of the picture, and a prior that depends on it;
# 3. measure endings: their nats, their variety, and whether the truth is among them;
# 4. turn a condition into a bias.
#
# **Builds on** lessons 07a (the VAE on digits, nats, the judge) and 08a (the conditional VAE).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="08b")

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.distributions import Normal
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import label_error, layers
from lessons_lib.probability import importance_weighted_bound
from lessons_lib.training import fit
from lessons_lib.widgets import LatentExplorer, Prediction, PredictionCount

data = digits()

# %% [markdown]
# ## 1 · What is seen
#
# In lesson 08a the condition $y$ was a label. Here it is a part of the picture: the lower left **quarter**, the left **half**, or **three quarters**, all but the lower right. The rest, $u$, is unseen. We want $P(u\mid y)$: all endings, each as probable as it should be.
#
# One number for each pixel says what is seen *and where*: 1 is ink, −1 is paper, 0 is "not seen". So one network learns all three tasks. (Colours as above; black is the rest.)

# %%
row, column = torch.arange(784) // 28, torch.arange(784) % 28
low, left = row >= 14, column < 14
masks = torch.stack([low & left, left, left | ~low]).float()  # 3 × 784: 1 is seen
sizes = ["a quarter", "half", "three quarters"]


def condition(x, seen):  # x: n × 784, black and white
    return seen * (2 * x - 1)  # ink 1, paper −1, not seen 0


def unseen_nats(logits, x, seen):  # −log P(u|…): a sum over the unseen pixels
    errors = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return ((1 - seen) * errors).sum(dim=-1)


def black_and_white(x):  # shifted; then each pixel is ink with its grey as probability
    return torch.bernoulli(shifted(x))


def some_masks(n):  # one of the three for each digit, by chance
    return masks[torch.randint(len(masks), (n,))]


black = torch.bernoulli(data.x_test)  # the held-out digits, made black and white once

# %% tags=["figure"]
UNKNOWN = torch.tensor([186, 217, 247]) / 255  # light blue: not seen
BLUE, BLACK = torch.tensor([[0.0, 71, 150], [20, 20, 20]]) / 255  # ink: seen, made


def sheet(ax, pictures, seen=None, hidden=False):  # n rows of m pictures: n × m × 784
    n, m = pictures.shape[:2]
    seen = torch.zeros(784) if seen is None else seen
    ink = seen[:, None] * BLUE + (1 - seen[:, None]) * BLACK
    colours = 1 - pictures[..., None] * (1 - ink)
    if hidden:
        colours[:, :, seen == 0] = UNKNOWN
    tiles = colours.view(n, m, 28, 28, 3).permute(0, 1, 4, 2, 3)
    tiles = functional.pad(tiles, (1, 1, 1, 1), value=0.8)
    ax.imshow(tiles.permute(0, 3, 1, 4, 2).reshape(30 * n, 30 * m, 3))
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    ax.spines[:].set_visible(False)


shown = torch.tensor([(data.y_test == k).nonzero()[4, 0] for k in range(10)])
figure, axes = plt.subplots(4, 1, figsize=(14, 6.2), layout="constrained")
for ax, seen, name in zip(axes, [*masks, None], [*sizes, "the digit"]):
    sheet(ax, black[shown][None], seen, hidden=seen is not None)
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
plt.show()

# %% [markdown]
# ## 2 · One answer
#
# Two training digits with nearly the same quarter. Suppose that they are the only endings, equally likely. If each pixel has one probability, the best is their mean, ½ wherever they differ. What does that cost?

# %%
two = (data.x_train[[1679, 2188]] > 0.5).float()
two[1] = torch.where(masks[0] == 1, two[0], two[1])  # now exactly the same quarter
differ, log_2 = (two[0] != two[1]).sum(), torch.tensor(2.0).log()
mean_of_two = two.mean(dim=0)
print(f"they differ in {differ} pixels; the mean costs log 2 in each: ", end="")
print(f"{differ * log_2:.1f} nats. One toss of a coin for all: {log_2:.2f} nats")

# %% tags=["figure"]
figure, axes = plt.subplots(
    1, 4, figsize=(14, 2.1), layout="constrained", width_ratios=[1, 2, 1, 6]
)
sheet(axes[0], two[None, :1], masks[0], hidden=True)
sheet(axes[1], two[None], masks[0])
sheet(axes[2], mean_of_two[None, None], masks[0])
sheet(axes[3], torch.bernoulli(mean_of_two.expand(1, 6, -1)), masks[0])
titles = ["seen", "two endings", "their mean", "six draws of it, pixel by pixel"]
for ax, title in zip(axes, titles):
    ax.set_title(title, fontsize=18)
plt.show()

# %% [markdown]
# One choice for all pixels is cheap. Made anew in each pixel it is dear, and what is drawn is neither ending, but **no digit**.
#
# Now a network, from $y$ to a probability of ink for each unseen pixel; its cross-entropy is least at the mean of all endings (for one pixel, $-p\log a-(1-p)\log(1-a)$ is least at $a=p$). It is no straw man: a few more parameters than the model of section 3, the same data and epochs, a learning rate chosen for it (the VAE's came out the same).

# %%
recipe = {"epochs": 30, "batch_size": 100, "learning_rate": 3e-3}
recipe["augment"] = black_and_white


def to_pixels(*widths):  # a network that begins with the mean digit
    network = layers(*widths, 784, activation=nn.SiLU)
    network[-1].bias.data = torch.logit(data.x_train.mean(dim=0), eps=1e-3)
    return network


def one_answer_loss(network, x):
    seen = some_masks(len(x))
    return unseen_nats(network(condition(x, seen)), x, seen).mean()


one_answer = to_pixels(784, 580, 580)
fit(one_answer, data.x_train, one_answer_loss, **recipe, label="one answer")

# %% [markdown]
# Draw each unseen pixel with its probability. Call ink **loose** if at most one of its eight neighbours is ink. In real digits hardly any is. **Predict first.**

# %% tags=["figure"]
loose_ink = Prediction(
    "A quarter is seen, the other pixels are drawn. Which share of their ink is loose?",
    ["under 5 %", "5 to 10 %", "over 10 %"],
)
loose_ink


# %%
def completed(ink, x, seen):  # the seen part, and beside it what was made
    return seen * x + (1 - seen) * ink


@torch.no_grad()
def answer(x, seen):  # n × 784: probabilities of ink
    return completed(one_answer(condition(x, seen)).sigmoid(), x, seen)


def loose(pictures, seen):  # share of the unseen ink, once pixels are drawn
    b = torch.bernoulli(pictures)
    around = 9 * functional.avg_pool2d(b.view(-1, 1, 28, 28), 3, 1, 1).flatten(1) - b
    made = b * (1 - seen)
    return ((made * (around < 1.5)).sum() / made.sum()).item()


quarter = masks[0]
loose_real, loose_mush = (loose(p, quarter) for p in (black, answer(black, quarter)))
print(f"loose ink: held-out digits {loose_real:.3f}, one answer {loose_mush:.3f}")

# %% tags=["figure"]
loose_ink.reveal(loose_ink.options[(loose_mush > 0.05) + (loose_mush > 0.1)])

# %% tags=["figure"]
figure, axes = plt.subplots(4, 1, figsize=(14, 6.2), layout="constrained")
mean_ink = answer(black[shown], quarter)
rows = {"a quarter seen": black[shown], "one answer": mean_ink}
rows |= {"its pixels drawn": torch.bernoulli(mean_ink), "the digit": black[shown]}
for ax, (name, pictures) in zip(axes, rows.items()):
    sheet(ax, pictures[None], quarter, hidden=name == "a quarter seen")
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
plt.show()

# %% [markdown]
# Sharp where all endings agree; grey mush where they part.
#
# ## 3 · A code for what is open
#
# The coin has a name in this course: a **code** $z$. Draw it once, and let all pixels look at it:
#
# $$P(u\mid y)=\int P(z\mid y)\,P(u\mid z,y)\,dz .$$
#
# Given $z$, pixels are still drawn one by one; but what they must agree on, $z$ has settled. (In lesson 04c each pixel saw the earlier ones. Here all see one code.) The decoder sees $y$ beside $z$, as in lesson 08a. New is the prior: $P(z\mid y)$ is a network (Sohn, Lee and Yan 2015), for what is open depends on what is seen. And only $u$ is scored. The bound is lesson 06b's, "given $y$". In training the whole digit $x$ is known, and a recognition network (lesson 07a's encoder) may look at it; at $y$, too, for $x$ does not say what was seen:
#
# $$\log P(u\mid y)\;\ge\;E_q\log P(u\mid z,y)-\mathrm{KL}\big(q(z\mid x,y)\,\|\,P(z\mid y)\big).$$
#
# The KL is between *two* Gaussians now. With means $m,m_0$ and variances $v,v_0$ of $q$ and the prior it is, for each dimension of the code,
#
# $$\tfrac12\Big(\frac v{v_0}+\frac{(m-m_0)^2}{v_0}-1-\log\frac v{v_0}\Big).$$
#
# With $m_0=0$, $v_0=1$ it is the KL that you know.


# %%
class CompletionVAE(nn.Module):
    def __init__(self, prior, recognition, decoder):
        super().__init__()
        self.prior = prior  # n × 784 to n × 2k
        self.recognition = recognition  # n × (784 + 784) to n × 2k
        self.decoder = decoder  # n × (k + 784) to n × 784, logits of ink

    def prior_given(self, y):  # P(z|y)
        mean, log_var = self.prior(y).chunk(2, dim=-1)
        return mean, log_var  # n × k each

    def posterior(self, x, y):  # q(z|x, y), x the whole digit
        both = torch.cat([x, y], dim=-1)
        mean, log_var = self.recognition(both).chunk(2, dim=-1)
        return mean, log_var

    def decode(self, z, y):
        return self.decoder(torch.cat([z, y], dim=-1))


# %%
def kl_between(mean, log_var, mean_0, log_var_0):  # n × k each, to n
    log_ratio = log_var - log_var_0
    distance = (mean - mean_0) ** 2 / log_var_0.exp()
    return 0.5 * (log_ratio.exp() + distance - 1 - log_ratio).sum(dim=-1)


def completion_loss(vae, x):
    seen = some_masks(len(x))
    y = condition(x, seen)
    mean, log_var = vae.posterior(x, y)
    z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)  # lets gradients through
    reconstruction = unseen_nats(vae.decode(z, y), x, seen).mean()
    kl = kl_between(mean, log_var, *vae.prior_given(y)).mean()
    return reconstruction + kl, {"reconstruction": reconstruction, "KL": kl}


# %%
k = 8  # numbers in the code
prior = layers(784, 100, 2 * k, activation=nn.SiLU)
recognition = layers(784 + 784, 300, 2 * k, activation=nn.SiLU)
vae = CompletionVAE(prior, recognition, to_pixels(k + 784, 300, 400))
fit(vae, data.x_train, completion_loss, **recipe, label="many endings")
for name, model in {"one answer": one_answer, "many endings": vae}.items():
    print(f"{name}: {sum(p.numel() for p in model.parameters()):,} parameters")

# %% [markdown]
# (Widths, $k$ and learning rates: 28 trials, 9 of them for the one answer, on 3,500 of the training digits, judged on the other 500.)
#
# ## 4 · Many endings
#
# Draw $z$ from the prior, given $y$, and decode; draw again for another ending. The recognition network makes no ending (section 5 needs it again, to measure).


# %%
def gaussian(mean, log_var):
    return Normal(mean, (0.5 * log_var).exp())


@torch.no_grad()
def endings(x, seen, n):  # n endings of each digit: len(x) × n × 784
    y = condition(x, seen)
    z = gaussian(*vae.prior_given(y)).sample((n,)).transpose(0, 1)
    logits = vae.decode(z, y[:, None].expand(-1, n, -1))
    return completed(logits.sigmoid(), x[:, None], seen)


# %% [markdown]
# A **judge**, a classifier trained apart (lesson 07a), reads twenty endings of each held-out quarter, their pixels drawn. Each is one vote for a digit. **Predict first.**

# %% tags=["figure"]
how_many = Prediction(
    "Twenty endings of one quarter of a digit: how many different digits does the judge "
    "read among them, on average?",
    ["under 2.5", "2.5 to 4.5", "over 4.5"],
)
how_many


# %%
judge = layers(784, 400, 64, 10, activation=nn.ReLU)
options = recipe | {"epochs": 15, "weight_decay": 0.05}
fit(judge, (data.x_train, data.y_train), label_error, **options, label="judge")


@torch.no_grad()
def votes_for(draw):  # draw: n × 784 to n × 20 × 784; shares of votes, 1000 × 10
    few = black.split(50)  # all at once would fill the memory
    named = torch.cat([judge(torch.bernoulli(draw(x))).argmax(dim=-1) for x in few])
    return functional.one_hot(named, 10).float().mean(dim=1)


def kinds(votes):  # how many different digits get a vote, mean over the quarters
    return (votes > 0).sum(dim=1).float().mean().item()


votes = [votes_for(lambda x, seen=seen: endings(x, seen, 20)) for seen in masks]
known = (judge(black).argmax(dim=1) == data.y_test).float().mean()
print(f"held-out digits that the judge reads correctly: {known:.3f}")
for name, shares in zip(sizes, votes):
    print(f"{name} seen: {kinds(shares):.2f} different digits among twenty endings")

# %% tags=["figure"]
number = kinds(votes[0])
how_many.reveal(how_many.options[(number > 2.5) + (number > 4.5)])

# %% [markdown]
# First picture: quarters that leave much open; of a hundred endings of each, the clearest of six digits. Second: endings as they come, not chosen.

# %% tags=["figure"]
inky = ((black * quarter).sum(dim=1) >= 30).nonzero()[:400, 0]  # something to see
with torch.no_grad():
    p = [judge(endings(x, quarter, 40)).softmax(dim=-1) for x in black[inky].split(100)]
clear_votes = (torch.cat(p) > 0.9).float().mean(dim=1)
divided = torch.special.entr(clear_votes).sum(dim=1)
of_each = [(divided * (data.y_test[inky] == d)).argmax() for d in (1, 2, 5, 8)]
most_open = inky[torch.stack(of_each)]
several = endings(black[most_open], quarter, 100)  # 4 × 100 × 784
clearness, clearest = judge(several).softmax(dim=-1).max(dim=1)  # of each digit, 4 × 10
kept = clearest.gather(1, clearness.argsort(dim=1)[:, -6:].sort(dim=1).values)  # 4 × 6
several = torch.stack([row[which] for row, which in zip(several, kept)])

# %% tags=["figure", "opening"]
figure, axes = plt.subplots(
    1, 3, figsize=(14, 7.6), layout="constrained", width_ratios=[1, 6, 1]
)
sheet(axes[0], black[most_open][:, None], quarter, hidden=True)
sheet(axes[1], several, quarter)
sheet(axes[2], answer(black[most_open], quarter)[:, None], quarter)
for ax, title in zip(axes, ["seen", "many endings", "one answer"]):
    ax.set_title(title, fontsize=21)
plt.show()

# %% tags=["figure"]
figure, axes = plt.subplots(
    3, 4, figsize=(14, 9.2), layout="constrained", width_ratios=[1, 8, 1, 1]
)
some = torch.tensor([(data.y_test == d).nonzero()[4, 0] for d in (5, 8)])
for line, seen, name, shares in zip(axes, masks, sizes, votes):
    sheet(line[0], black[some][:, None], seen, hidden=True)
    sheet(line[1], endings(black[some], seen, 8), seen)
    sheet(line[2], answer(black[some], seen)[:, None], seen)
    sheet(line[3], black[some][:, None], seen)
    text = f"{name} seen: {kinds(shares):.1f} digits among twenty endings, on average"
    line[1].set_title(text, fontsize=18)
    line[2].set_title("one answer", fontsize=14)
    line[3].set_title("digit", fontsize=14)
    line[0].set_title("seen", fontsize=14)
plt.show()

# %%
claim(
    "C25k",
    "A quarter leaves open which digit it is: different digits among twenty endings",
    kinds(votes[0]),
    kind="experiment",
    at_least=2.5,
    control=("three quarters seen", kinds(votes[2])),
)
ending = torch.cat([endings(x, quarter, 1)[:, 0] for x in black.split(100)])
claim(
    "C25l",
    "Drawn pixels of an ending hold together better than the one answer's: loose ink",
    loose(ending, quarter),
    kind="experiment",
    at_most=0.1,
    control=("one answer", loose_mush),
)

# %% [markdown]
# ## 5 · In nats
#
# Which model finds the true ending more probable? Of the one answer, $-\log P(u\mid y)$ is a sum over pixels, exact. Of the VAE we have lesson 07a's bound (Burda and others 2016), with $K$ draws from $q$: at least $-\log P(u\mid y)$. So the lead is at least what we print.


# %%
@torch.no_grad()
def nats(x, seen, model=vae, K=50):  # −L_K of each digit, at least −log P(u|y)
    y = condition(x, seen)
    q, prior = gaussian(*model.posterior(x, y)), gaussian(*model.prior_given(y))
    z = q.sample((K,))  # K × n × k
    log_p_u = torch.stack([-unseen_nats(model.decode(part, y), x, seen) for part in z])
    log_joint = log_p_u + prior.log_prob(z).sum(dim=2)
    return -importance_weighted_bound(log_joint, q.log_prob(z).sum(dim=2))


# %% [markdown]
# With more to see, less is open, and a code should gain less. How much of the VAE's lead is left, *for each unseen pixel*? **Predict first.**

# %% tags=["figure"]
lead_left = Prediction(
    "Lead of the VAE in nats per unseen pixel, with three quarters seen, as a share of "
    "its lead with one quarter seen:",
    ["less than a quarter", "a quarter to a half", "more than a half"],
)
lead_left

# %%
of_one, of_many, lead, by_pixel = [], [], [], []
with torch.no_grad():
    for seen in masks:
        y = condition(black, seen)
        of_one.append(unseen_nats(one_answer(y), black, seen).mean().item())
        of_many.append(nats(black, seen).mean().item())
        lead.append(of_one[-1] - of_many[-1])
        by_pixel.append(lead[-1] / (1 - seen).sum().item())

# %% tags=["figure"]
published = [(71.8, 100.4), (51.0, 61.9), (24.2, 25.4)]  # full MNIST
print("nats of the unseen part          ours                         published")
print("seen            endings  answer   lead  a pixel   endings  answer  lead  a pixel")
for i, (many, one) in enumerate(published):
    ours = f"{of_many[i]:7.1f} {of_one[i]:7.1f} {lead[i]:6.1f} {by_pixel[i]:8.3f}"
    theirs = (one - many) / (1 - masks[i]).sum().item()
    print(f"{sizes[i]:15} {ours} {many:9.1f} {one:7.1f} {one - many:5.1f} {theirs:8.3f}")

# %% tags=["figure"]
left_over = by_pixel[2] / by_pixel[0]
lead_left.reveal(lead_left.options[(left_over > 0.25) + (left_over > 0.5)])

# %%
claim(
    "C25m",
    "A code makes the true ending of a quarter far more probable: nats",
    of_many[0],
    kind="experiment",
    at_most=82,
    unit="nats",
    control=("one answer, exact", of_one[0]),
)

# %% [markdown]
# The published figures (a tutorial of the library Pyro) are of all of MNIST, in grey; their decoder sees $z$ only, and their bound is that of single draws: read each half of the table by itself. In both, the code gains most where least is seen. In ours that is mostly because more is left to complete: for each pixel, most of the lead remains. In theirs an eighth remains. We did not test which difference does it; so don't take our share for a law.
#
# And the prior: must it see $y$, if the decoder does? Train the same VAE with $\mathcal N(0,I)$ in its place; the recognition network gets the parameters that are saved. **Predict first.**

# %% tags=["figure"]
plain_prior = Prediction(
    "Prior N(0, I), but a decoder that sees y: how many nats are lost, with a quarter "
    "seen?",
    ["under 2", "2 to 10", "over 10"],
)
plain_prior


# %%
class NotTold(nn.Module):  # a prior that does not look at y
    def forward(self, y):
        return torch.zeros(len(y), 2 * k)  # mean 0, log-variance 0


wider = layers(784 + 784, 351, 2 * k, activation=nn.SiLU)  # as many parameters
plain = CompletionVAE(NotTold(), wider, to_pixels(k + 784, 300, 400))
fit(plain, data.x_train, completion_loss, **recipe, label="prior N(0, I)")
of_plain = nats(black, quarter, model=plain).mean().item()

# %% tags=["figure"]
lost = of_plain - of_many[0]
plain_prior.reveal(plain_prior.options[(lost > 2) + (lost > 10)])

# %%
claim(
    "C25n",
    "A prior that sees the quarter helps: nats of its ending",
    of_many[0],
    kind="experiment",
    at_most=77.8,
    unit="nats",
    control=("prior N(0, I), as many parameters", of_plain),
)

# %% [markdown]
# The decoder could learn to shift and stretch $z$ by $y$ (section 7 does it by hand, for one $y$). Here it loses some nats. But most of the lead comes from the code, not from its prior.
#
# ## 6 · Is the truth among them?
#
# If a quarter belongs to a 7 in two of three cases, two of three endings should be sevens. Over many quarters that can be checked. Take every quarter, and every digit that has 30 % of its votes: in 30 % of these cases it should be the true one. Then the votes are **calibrated**. The one answer votes, too, its pixels drawn twenty times. **Predict first.**

# %% tags=["figure"]
winners = Prediction(
    "Twenty endings of a quarter: the winner is the digit with most votes. Is it the "
    "true one as often as its share of the votes says?",
    ["less often, by over 0.03", "within 0.03", "more often, by over 0.03"],
)
winners


# %%
one_votes = votes_for(lambda x: answer(x, quarter)[:, None].expand(-1, 20, -1))
truth = functional.one_hot(data.y_test, 10)
share, right, found = {}, {}, {}
for name, shares in {"endings": votes[0], "one answer": one_votes}.items():
    share[name] = shares.amax(dim=1).mean().item()  # of the winner
    right[name] = (shares.argmax(dim=1) == data.y_test).float().mean().item()
    found[name] = (shares[range(1000), data.y_test] > 0).float().mean().item()
    brier = (shares - truth).square().sum(dim=1).mean()
    print(f"{name:10}: {kinds(shares):.1f} digits; the winner has ", end="")
    print(f"{share[name]:.2f} of the votes and is right in {right[name]:.2f}; ", end="")
    print(f"truth among the twenty: {found[name]:.2f}; Brier score {brier:.2f}")

# %% tags=["figure"]
more = right["endings"] - share["endings"]
winners.reveal(winners.options[(more > -0.03) + (more > 0.03)])

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 6.4), layout="constrained")
true = functional.one_hot(data.y_test, 10).flatten().float()
edges = torch.tensor([0.01, 0.12, 0.25, 0.4, 0.6, 0.8, 0.98])
for shares, name, which in ((votes[0], "endings", 0), (one_votes, "one answer", 2)):
    bins = torch.bucketize(shares.flatten(), edges)
    places = [shares.flatten()[bins == b].mean() for b in range(8)]
    heights = [true[bins == b].mean() for b in range(8)]
    marker = {0: "o-", 2: "s-"}[which]
    colour = plotting.COLOURS[which]
    ax.plot(places, heights, marker, color=colour, label=name, lw=3, markersize=12)
ax.plot([0, 1], [0, 1], "--", color=plotting.INK, lw=1.5, label="calibrated")
ax.set(
    xlabel="share of the votes that a digit has", ylabel="how often it is the true digit"
)
ax.legend(fontsize=17)
plt.show()

# %%
other = votes[0][torch.randperm(1000)]
elsewhere = (other[range(1000), data.y_test] > 0).float().mean().item()
claim(
    "C25o",
    "The true digit is among twenty endings of its quarter",
    found["endings"],
    kind="experiment",
    at_least=0.95,
    control=("twenty endings of another quarter", elsewhere),
)

# %% [markdown]
# A curve flatter than the dashed line is too sure: its favourites win too rarely, its outsiders too often. A steeper one is too modest. The one answer's winner is even right more often; but its votes agree, also where they are wrong. The endings are too modest, perhaps because of blends. One number for both faults is the **Brier score**, the mean squared distance of the votes from the truth: 0 is best. As forecasts of the *digit* the one answer's are no worse, here a little better. What the code wins is endings, not a better guess. (And the VAE never saw a label.)
#
# ## 7 · All endings of one quarter
#
# Fix one quarter. Then only $z$ moves. How do you turn a network of $z$ and $y$ into one of $z$ alone? Its first layer computes
#
# $$W\begin{pmatrix}z\\y\end{pmatrix}+b=W_z\,z+(W_y\,y+b).$$
#
# The bracket is fixed. **A condition is a bias**: it moves the thresholds of the first layer's units, no more. So fold it in:


# %%
def with_bias_of(y):  # y: 1 × 784; the decoder, as a network of z alone
    first = vae.decoder[0]
    weight_z, weight_y = first.weight[:, :k], first.weight[:, k:]
    new = nn.Linear(k, len(first.bias))
    new.weight.data = weight_z.detach().clone()
    new.bias.data = (first.bias + weight_y @ y[0]).detach()
    return nn.Sequential(new, *vae.decoder[1:], nn.Sigmoid())


y_one, z = condition(black[:1], quarter), torch.randn(1, k)
error = with_bias_of(y_one)(z) - vae.decode(z, y_one).sigmoid()
print(f"folded, and not: they differ by at most {error.abs().max():.0e}")

# %% [markdown]
# Now walk through the endings of one quarter, the first above (its ink is black here). Each dot is one, coloured by the digit that the judge reads. Click a dot, then drag to one of another colour. (Folded in, too: the prior's mean and deviation, so that each dot is a draw from $\mathcal N(0,I)$; a turn of the code after which its first numbers change the picture most; and the seen pixels.)

# %% tags=["figure"]
with torch.no_grad():
    y = condition(black[most_open[:1]], quarter)
    mean, log_var = vae.prior_given(y)
    network, deviation = with_bias_of(y), (0.5 * log_var).exp()
    t = torch.randn(1000, k)  # z = mean + deviation · t
    made = network(mean + deviation * t) * (1 - quarter)
    turn = torch.linalg.svd(t.T @ (made - made.mean(dim=0)))[0]  # k × k
    first, last = network[0], network[-2]
    first.bias.data = first.bias + first.weight @ mean[0]
    first.weight.data = (first.weight * deviation) @ turn
    ending_and_seen = nn.Linear(last.in_features, 784)
    ending_and_seen.weight.data = last.weight * (1 - quarter)[:, None]
    surely = 20 * y[0]  # a logit: ink or paper
    ending_and_seen.bias.data = torch.where(quarter == 1, surely, last.bias)
    network = nn.Sequential(*network[:-2], ending_and_seen, nn.Sigmoid())
    dots = t @ turn
    named = judge(network(dots)).argmax(dim=1)
LatentExplorer(network, dots, named)

# %% [markdown]
# ## 8 · Where it breaks
#
# An ending is decoded from a $z$ of the prior; the decoder was trained on those of $q$. Does it matter?

# %% tags=["figure"]
with torch.no_grad():
    y = condition(black, quarter)
    mean, log_var = vae.posterior(black, y)
    z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)
    rebuilt = completed(vae.decode(z, y).sigmoid(), black, quarter)
rows = {"the digit": black, "rebuilt, z from q": rebuilt}
rows |= {"ending, z from the prior": ending, "one answer": answer(black, quarter)}
for name, made in rows.items():
    sureness = judge(made).softmax(dim=1).amax(dim=1)
    print(f"{name:24}  judge's confidence {sureness.mean():.2f}", end="   ")
    print(f"loose ink {loose(made, quarter):.3f}")

# %% tags=["figure"]
worst = judge(ending).softmax(dim=1).amax(dim=1).argsort()[:10]
figure, axes = plt.subplots(3, 1, figsize=(14, 4.7), layout="constrained")
for ax, (name, pictures) in zip(axes, rows.items()):
    sheet(ax, pictures[worst][None], quarter)
    ax.set_ylabel(name.replace(", ", "\n"), rotation=0, ha="right", va="center")
plt.show()

# %% [markdown]
# It does: of digits rebuilt from $q$ the judge is surer, and less ink is loose.
#
# - **Endings that are no digits**: above, the ten of which the judge is least sure. Probably because the prior given $y$ is *one* Gaussian: where a quarter may become a 4 or an 8 it must cover both, and what lies between.
# - **It blurs**, less than the one answer; its drawn pixels are far looser than real ones. And there is a **seam**: crisp ink that was seen, soft ink that was made.
# - **The judge** is even a little surer of the one answer than of an ending: confidence alone does not see mush.
# - **4,000 digits**, small networks: we did not measure what more would be worth.
#
# ## 9 · Try it
#
# 1. In `nats`, let `q` be the prior. How many nats with `K=1`, with `K=50`, with more? What is a recognition network good for that makes no ending?
# 2. In `endings`, decode the prior's mean. Is it the one answer? How many nats does it cost?
# 3. Ask for endings of an upper right quarter, `(~low & ~left).float()`, never seen alone. Then add it to `masks`, with a name in `sizes`, and train again. What changes?
# 4. Set `k = 2` and run all. (A claim that fails stops you: go on below it.) How much of the lead do two numbers give?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(loose_ink, how_many, lead_left, plain_prior, winners)

# %% [markdown]
# - One probability for each pixel gives the mean of all endings: mush where they differ, no digit when drawn.
# - A code is a choice made once for all pixels. The prior given $y$ says which choices are open.
# - Lesson 06b's bound holds with "given $y$" everywhere; its KL is between two Gaussians.
# - A code makes the true ending far more probable, and the true digit is nearly always among twenty endings. A better guess of the digit it is not.
# - A condition, in the first layer, is a bias.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | completion (inpainting) | 图像补全 | drawing the unseen part |
# | condition | 条件 | $y$, the seen part and where it lies |
# | mask | 掩码 | 1 where a pixel is seen, 0 elsewhere |
# | prior network | 先验网络 | makes $P(z\mid y)$ |
# | recognition network | 识别网络 | makes $q(z\mid x,y)$; sees the whole digit |
# | Brier score | 布里尔评分 | mean squared distance of votes from the truth |
# | calibrated | 校准的 | as often true as it is probable |
#
# **References**
#
# - K. Sohn, H. Lee and X. Yan (2015), *Learning structured output representation using deep conditional generative models*, NeurIPS 28 (quarters of digits: its first experiment; the prior network).
# - The Pyro contributors, *Conditional variational auto-encoder*, pyro.ai/examples/cvae.html (the published figures of section 5).
# - Y. Burda, R. Grosse and R. Salakhutdinov (2016), *Importance weighted autoencoders*, arXiv:1509.00519.
