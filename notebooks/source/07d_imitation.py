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
# # 07d · Imitation
#
# **What does a VAE know about its pictures, and what does it only imitate?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07d_imitation.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/07d_imitation.ipynb) ·
# 45 minutes to study, 55 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say why a VAE draws blends, and why a perfect decoder would draw copies;
# 2. tell which features a pixel loss pays for, and work out what each is worth;
# 3. add and take away parts by arithmetic with codes, and measure whether it worked;
# 4. find out whether a generative model copies its training data, by a calibrated distance.
#
# **Builds on** lessons 07a (the VAE) and 07b (its sliders).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="07d")

# %%
import copy

import matplotlib.pyplot as plt
import torch
from scipy.stats import spearmanr
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import PALETTE, PARTS, creatures, digits, nearest_parts, shifted
from lessons_lib.datasets.creatures import FREE_ABOVE, FREE_BELOW
from lessons_lib.models import VAE, label_error, layers, vae_loss
from lessons_lib.training import fit
from lessons_lib.widgets import LatentExplorer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · A world whose laws we know
#
# The lecture's monsters come from a game. Our **creatures** are drawn by a program, so that we know all about them: 20 × 20 pixels, put together from parts. Most parts are free. Two **laws** always hold:
#
# - the body has the head's colour;
# - the arms go with the ears: a creature with horns has bat wings, and so on.
#
# We add a **gap**. Creatures with horns *and* a bushy tail are taken out of the training set. No law forbids them; they were just never seen.

# %%
herd = creatures(9000)
horns, bushy = PARTS["ears"].index("horns"), PARTS["tail"].index("bushy")
gap = (herd.parts["ears"] == horns) & (herd.parts["tail"] == bushy)
training = torch.arange(9000) < 8000
x = torch.tensor(PALETTE).float()[herd.pictures]  # n × 20 × 20 × (red, green, blue)
x = x.permute(0, 3, 1, 2).flatten(1)  # n × 1200


def choose(which):  # pictures, and their parts
    return x[which], {name: values[which] for name, values in herd.parts.items()}


x_train, parts_train = choose(training & ~gap)
x_test, parts_test = choose(~training & ~gap)
x_gap, parts_gap = choose(gap)
print(f"{len(x_train):,} to train on, {len(x_test)} held out, {len(x_gap)} of the gap")


# %%
def new_vae(pictures, *widths, code_size):  # pictures: n × d
    d = pictures.shape[1]
    encoder = layers(d, *widths, 2 * code_size, activation=nn.SiLU)
    decoder = layers(code_size, *widths[::-1], d, activation=nn.SiLU)
    decoder[-1].bias.data = torch.logit(pictures.mean(0), eps=1e-3)  # the mean picture
    return VAE(encoder, decoder)


vae = new_vae(x_train, 512, 256, code_size=20)
recipe = {"batch_size": 100, "learning_rate": 1.5e-3}
fit(vae, x_train, vae_loss, epochs=25, **recipe, label="creatures")


# %%
@torch.no_grad()
def rebuild(vae, pictures):  # from one draw of q(z|x), as in training
    return vae(pictures)[0].sigmoid()


@torch.no_grad()
def decode(vae, z):
    return vae.decoder(z).sigmoid()


z = torch.randn(20_000, 20)
rebuilt, drawn = rebuild(vae, x_test), decode(vae, z[:1000])


# %% tags=["figure", "opening"]
def sheet(ax, rows, names):  # creatures side by side, a row for each name
    pictures = torch.stack(list(rows)).unflatten(2, (3, 20, 20))
    pictures = functional.pad(pictures, (1, 1, 1, 1), value=1)
    whole = pictures.permute(0, 3, 1, 4, 2).flatten(2, 3).flatten(0, 1)
    ax.imshow(whole, interpolation="nearest")
    middles = [11 + 22 * row for row in range(len(names))]
    ax.set(xticks=[], yticks=middles, yticklabels=names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)


figure, ax = plt.subplots(figsize=(14, 4.2), layout="constrained")
rows = [x_test[:12], rebuilt[:12], drawn[:12]]
sheet(ax, rows, ["held out", "rebuilt", "drawn"])
plt.show()

# %% [markdown]
# ## 2 · Are its drawings creatures?
#
# The last row is decoded from $z\sim\mathcal N(0,I)$. To judge it, we need a reader. `nearest_parts` compares the pixels of each part with those of all known parts, and takes the nearest. It calls a part **clear** if, on the straight line to any other part, the picture has gone at most a quarter of the way. **Predict first.**

# %% tags=["figure"]
clear_parts = Prediction(
    "When a held-out creature is rebuilt, its ears are clear nearly always. In drawings "
    "from N(0, I), how often are ears clear?",
    ["nearly always", "in about half", "in about a quarter or less"],
)
clear_parts

# %%
few = [nearest_parts(decode(vae, some)) for some in z.split(2000)]
read = {name: torch.cat([parts[name] for parts in few]) for name in PARTS}
read_rebuilt = nearest_parts(rebuilt)


def clear(parts, names):  # share of clear parts, mean over names
    return torch.stack([(parts[name] >= 0).double().mean() for name in names]).mean()


share = clear(read, ["ears"])
print(f"clear ears: rebuilt {clear(read_rebuilt, ['ears']):.2f}, drawn {share:.2f}")

# %% tags=["figure"]
said = clear_parts.options
clear_parts.reveal(said[0] if share > 0.8 else said[1] if share > 0.35 else said[2])

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(13, 5.2), layout="constrained")
order = sorted(PARTS, key=lambda name: -clear(read_rebuilt, [name]))
for side, (label, parts) in enumerate({"rebuilt": read_rebuilt, "drawn": read}.items()):
    heights = [clear(parts, [name]) for name in order]
    places = [place + 0.4 * side - 0.2 for place in range(len(order))]
    ax.bar(places, heights, width=0.4, label=label, color=plotting.COLOURS[side])
ax.set_xticks(range(len(order)), order, rotation=35, ha="right", fontsize=14)
ax.set(ylabel="share of pictures\nin which it is clear")
ax.legend(loc="upper right")
plt.show()

# %%
big = ["ears", "head width", "body width", "arms", "pose", "tail", "body height"]
claim(
    "C26a",
    "What the VAE draws are blends: of seven parts that it can rebuild, share clear in "
    "its drawings",
    clear(read, big),
    kind="experiment",
    at_most=0.65,
    control=("rebuilt creatures", clear(read_rebuilt, big)),
)

# %% [markdown]
# The creatures are islands: there is nothing between horns and lop ears. The decoder is continuous (lesson 05b), so on the way from one code to another it must draw something, and $\mathcal N(0,I)$ has most of its mass on the way. See for yourself: click a dot, then another, then move a slider.

# %% tags=["figure"]
with torch.no_grad():
    dots, _ = vae.posterior(x_test)
LatentExplorer(
    nn.Sequential(*vae.decoder, nn.Sigmoid()),
    dots,
    [PARTS["tail"][kind] for kind in parts_test["tail"]],
    image_shape=(3, 20, 20),
)

# %% [markdown]
# ## 3 · Blend or copy
#
# Suppose that the decoder were *perfect*: of all functions of $z$ the one with the least loss on the training set, for this encoder. What would it draw? In training, $z$ comes with picture $x_i$ as often as $q(z\mid x_i)$ says. Cross-entropy, like squared error, is least at the mean. So
#
# $$\hat x(z)=\sum_i w_i(z)\,x_i,\qquad w_i(z)=\frac{q(z\mid x_i)}{\sum_j q(z\mid x_j)} ,$$
#
# an average of **training pictures** (Bozkurt and others 2018). **Predict first.**

# %% tags=["figure"]
perfect_draws = Prediction(
    "At a random z, what does the perfect decoder draw?",
    ["a blend of hundreds", "a blend of two or three", "nearly a copy of one"],
)
perfect_draws


# %%
@torch.no_grad()
def weights(vae, z, pictures, wider=1):  # w: z's × pictures
    mean, log_var = vae.posterior(pictures)
    variance = wider**2 * log_var.exp()
    squares = z.square() @ (1 / variance).T - 2 * z @ (mean / variance).T
    log_q = squares + (mean.square() / variance + variance.log()).sum(1)
    return (-0.5 * log_q).softmax(1)


w = weights(vae, z[:500], x_train)
perfect = (w @ x_train).clamp(0, 1)  # 500 × 1200
heaviest = w.amax(1)
print(f"heaviest weight: median {heaviest.median():.3f}")
print(f"clear ears: {clear(nearest_parts(perfect), ['ears']):.2f}")

# %% tags=["figure"]
middle = heaviest.median()
said = perfect_draws.options
perfect_draws.reveal(said[2] if middle > 0.8 else said[1] if middle > 0.2 else said[0])

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(14, 4.2), layout="constrained")
rows = [drawn[:12], perfect[:12], x_train[w[:12].argmax(1)]]
sheet(ax, rows, ["network", "perfect decoder", "in training set"])
plt.show()


# %%
@torch.no_grad()
def rebuild_perfectly(pictures):
    mean, log_var = vae.posterior(pictures)
    z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)
    return weights(vae, z, x_train) @ x_train


def share_of_error(pictures):  # squared error, perfect decoder over network
    perfect_error = (rebuild_perfectly(pictures) - pictures).square().sum()
    return perfect_error / (rebuild(vae, pictures) - pictures).square().sum()


# %%
claim(
    "C26b",
    "On training pictures the perfect decoder has the smaller squared error: its share "
    "of the network's",
    share_of_error(x_train[:500]),
    kind="theorem",
    at_most=1,
    control=("held-out creatures", share_of_error(x_test[:500])),
)
wider = weights(vae, z[:500], x_train, wider=5)
claim(
    "C26c",
    "At random codes the perfect decoder copies: weight of the heaviest training picture",
    heaviest.mean(),
    kind="experiment",
    at_least=0.7,
    control=("noise five times as wide", wider.amax(1).mean()),
)

# %% [markdown]
# So with this encoder, a better decoder would *copy*, and rebuild new creatures worse (the control of C26b). That the VAE draws anything new it owes to a network that falls short: too smooth to jump from one training picture to the next. The blends are the price.
#
# ## 4 · Law or gap?
#
# In the training set, horns come with bat wings always, and with a bushy tail never. The one is a law, the other chance. Does the VAE treat them alike? Show it creatures of the gap; and **law-breakers**, the head of one held-out creature on the body of another, of the same colours, with the wrong arms. (Other held-out creatures are new as well, but each *pair* of their parts was seen.) **Predict first.**

# %% tags=["figure"]
law_or_gap = Prediction(
    "Which are rebuilt with both of the unusual parts clear and right?",
    ["neither", "creatures of the gap only", "law-breakers only", "both"],
)
law_or_gap

# %%
alike = torch.tensor(True)  # whose head fits on whose body
for name in ("colour", "trim", "head", "head width"):
    alike = alike & (parts_test[name][:, None] == parts_test[name])
arms = parts_test["arms"]
top, bottom = (alike & (arms[:, None] != arms)).nonzero().T
halves = x_test.view(-1, 3, 2, 200)  # the upper ten rows and the lower ten
x_lawless = torch.stack([halves[top, :, 0], halves[bottom, :, 1]], 2).flatten(1)
parts_lawless = {"ears": parts_test["ears"][top], "arms": arms[bottom]}


# %%
def both_right(made, parts, one, other):  # share in which both are clear and right
    found = nearest_parts(made)
    right = (found[one] == parts[one]) & (found[other] == parts[other])
    return right.double().mean().item()


rebuilt_lawless, rebuilt_gap = rebuild(vae, x_lawless), rebuild(vae, x_gap)
law_right = both_right(rebuilt_lawless, parts_lawless, "ears", "arms")
gap_right = both_right(rebuilt_gap, parts_gap, "ears", "tail")
arms_right = both_right(rebuilt, parts_test, "ears", "arms")
tail_right = both_right(rebuilt, parts_test, "ears", "tail")
print(f"ears and arms right: law-breakers {law_right:.2f}, held out {arms_right:.2f}")
print(f"ears and tail right: of the gap {gap_right:.2f}, held out {tail_right:.2f}")

# %% tags=["figure"]
found = (gap_right > 0.2) + 2 * (law_right > 0.2)
law_or_gap.reveal(law_or_gap.options[found])

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(14, 3.2), layout="constrained")
some = torch.linspace(0, len(top) - 1, 7).long()
sheet(axes[0], [x_gap[:7], rebuilt_gap[:7]], ["shown", "rebuilt"])
sheet(axes[1], [x_lawless[some], rebuilt_lawless[some]], ["shown", "rebuilt"])
axes[0].set_title("the gap: horns and bushy tail", fontsize=18)
axes[1].set_title("law-breakers: wrong arms", fontsize=18)
plt.show()

# %%
claim(
    "C26d",
    "Shown a law-breaker, the VAE can't rebuild it: ears and arms both right",
    law_right,
    kind="experiment",
    at_most=0.2,
    control=("held-out creatures", arms_right),
)
claim(
    "C26e",
    "Nor what was only never seen, horns with a bushy tail: both right",
    gap_right,
    kind="experiment",
    at_most=0.3,
    control=("held-out creatures", tail_right),
)

# %% [markdown]
# The VAE refuses the gap, like the law-breakers. It puts new creatures together from pairs that it has seen; a pair that was missing it can't put together reliably, whether the world forbids it or nobody happened to meet it. Nothing in the loss tells chance from law.
#
# ## 5 · What the loss pays for
#
# Look at the rebuilt row again. Ears, arms and tail are right. Mouths and bellies? **Predict first.**

# %% tags=["figure"]
mouths = Prediction(
    "Six mouths, all equally frequent. In what share of rebuilt creatures is the right "
    "one clear?",
    ["under 10 %", "10 to 60 %", "over 60 %"],
)
mouths

# %% [markdown]
# To tell the decoder a part costs KL: among $n$ equally frequent kinds $\log n$ nats. It gains reconstruction. How much? A rough measure takes pixels and parts one by one. If nothing is known, the best picture is the mean $\bar x$; it costs the entropy of its pixels, $H(\bar x)$. If the part's kind $k$ is known, it is the mean of that kind, $H(\bar x_k)$. Call $H(\bar x)$ less the mean of the $H(\bar x_k)$ what the part is **worth** on its own, in nats.

# %%
free = FREE_ABOVE + FREE_BELOW  # parts that no law settles


def entropy(mean):  # of pixels that are drawn one by one, in nats
    return (torch.special.entr(mean) + torch.special.entr(1 - mean)).sum().item()


def worth_over_price(name):
    kinds = [x_train[parts_train[name] == kind] for kind in range(len(PARTS[name]))]
    known = sum(len(kind) / len(x_train) * entropy(kind.mean(0)) for kind in kinds)
    return (entropy(x_train.mean(0)) - known) / torch.tensor(len(kinds)).log().item()


def right(vae):  # share of held-out creatures whose part is rebuilt clear and right
    found = nearest_parts(decode(vae, vae.posterior(x_test)[0]))
    return {n: (found[n] == parts_test[n]).double().mean().item() for n in free}


ratio, kept = {name: worth_over_price(name) for name in free}, right(vae)
order = spearmanr(list(ratio.values()), list(kept.values())).statistic
print(f"rank correlation of worth over price with share rebuilt: {order:.2f}")

# %% tags=["figure"]
share = kept["mouth"]
mouths.reveal(mouths.options[0 if share < 0.1 else 1 if share < 0.6 else 2])

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(12, 5.4), layout="constrained")
below = ["mouth", "legs", "head", "body height", "colour", "tail"]
for name in free:
    ax.plot(ratio[name], kept[name], "o", color=plotting.COLOURS[0], markersize=13)
    place = {"xytext": (0, -28 if name in below else 12), "textcoords": "offset points"}
    ax.annotate(name, (ratio[name], kept[name]), ha="center", fontsize=15, **place)
ax.set(xscale="log", xlabel="worth in pixels over price in KL", ylim=(-0.15, 1.2))
ax.set(ylabel="share rebuilt clear and right", yticks=[0, 0.25, 0.5, 0.75, 1])
ax.axvline(1, color=plotting.COLOURS[2], ls="--")
plt.show()

# %% [markdown]
# What fills many pixels is learned, what fills few is not, however much it matters to *you*. Eyes and mouth are worth their price (right of the dashed line), yet 25 epochs end before they are learned. The belly is not, on its own: its pixels say little to who doesn't know the trim. Is it really the pixels that count? Train on from here for four epochs, once as before, once with the mouth's pixels weighted by twenty.


# %%
mouth = torch.ones(3, 20, 20)
mouth[:, 8:10, 6:14] = 20


def weighted(pixel_weight):
    def loss(vae, x):
        logits, mean, log_var = vae(x)
        errors = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
        kl = 0.5 * (log_var.exp() + mean**2 - 1 - log_var).sum(1).mean()
        return (errors * pixel_weight.flatten()).sum(1).mean() + kl

    return loss


after = {}
for name, pixel_weight in {"as before": mouth**0, "mouth × 20": mouth}.items():
    model = copy.deepcopy(vae)
    fit(model, x_train, weighted(pixel_weight), epochs=4, **recipe, label=name)
    after[name] = model
mouth_right = {name: right(model) for name, model in after.items()}
for name, shares in mouth_right.items():
    print(f"{name}: mouth {shares['mouth']:.2f}, eyes {shares['eyes']:.2f}, ", end="")
    print(f"all parts {sum(shares.values()) / len(shares):.2f}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(14, 4.2), layout="constrained")
with torch.no_grad():
    rows = [decode(model, model.posterior(x_test[:12])[0]) for model in after.values()]
sheet(ax, [x_test[:12], *rows], ["held out", *after])
plt.show()

# %%
claim(
    "C26f",
    "With the mouth's pixels weighted by twenty, mouths come through: clear and right",
    mouth_right["mouth × 20"]["mouth"],
    kind="experiment",
    at_least=0.25,
    control=("four more epochs as before", mouth_right["as before"]["mouth"]),
)

# %% [markdown]
# ## 6 · Arithmetic with parts
#
# "Tail minus no tail": take the mean code of all creatures with a bushy tail, less that of all without a tail. Add this difference to the code of any creature without a tail. Does a tail grow, and the rest stay? Two controls: a *random step* of the same length, and the same arithmetic with *pixels* in place of codes. We try six parts, every kind to every other. Which works least?

# %%
with torch.no_grad():
    codes_train, codes_test = vae.posterior(x_train)[0], vae.posterior(x_test)[0]
six_parts = ["ears", "head width", "colour", "pose", "tail", "body height"]


def arithmetic(name, old, new):  # before, and after three kinds of steps
    have, want = parts_train[name] == old, parts_train[name] == new
    step = codes_train[want].mean(0) - codes_train[have].mean(0)
    pixel_step = x_train[want].mean(0) - x_train[have].mean(0)
    some = (parts_test[name] == old).nonzero()[:60, 0]
    random = functional.normalize(torch.randn(len(some), 20)) * step.norm()
    return {
        "before": decode(vae, codes_test[some]),
        "code": decode(vae, codes_test[some] + step),
        "random": decode(vae, codes_test[some] + random),
        "pixels": (x_test[some] + pixel_step).clamp(0, 1),
    }


# %%
def try_steps(name, old, new):  # share with the new kind; share of the other parts kept
    found = {kind: nearest_parts(p) for kind, p in arithmetic(name, old, new).items()}
    others, before = [part for part in six_parts if part != name], found.pop("before")
    rows = []
    for parts in found.values():
        same = [(parts[n] == before[n])[before[n] >= 0].double().mean() for n in others]
        rows.append([(parts[name] == new).double().mean(), torch.stack(same).mean()])
    return torch.tensor(rows)  # code, random, pixels × (new, kept)


results = {}
for name in six_parts:
    kinds = range(len(PARTS[name]))
    pairs = [(old, new) for old in kinds for new in kinds if old != new]
    results[name] = torch.stack([try_steps(name, *pair) for pair in pairs]).mean(0)
works, kept_rest = torch.stack(list(results.values())).mean(0).T  # code, random, pixels
for kind, new, same in zip(("code", "random", "pixels"), works, kept_rest):
    print(f"{kind:6}: new kind in {new:.2f}, other parts kept {same:.2f}")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(14, 4.2), layout="constrained", sharey=True)
titles = "the new kind is clear", "other parts kept"
for which, (ax, title) in enumerate(zip(axes, titles)):
    for i, kind in enumerate(("code", "random", "pixels")):
        places = [place + 0.27 * (i - 1) for place in range(6)]
        heights = [results[name][i, which] for name in six_parts]
        colour_of = plotting.COLOURS[(0, 7, 1)[i]]
        ax.bar(places, heights, width=0.27, label=kind, color=colour_of)
    ax.set_xticks(range(6), six_parts, rotation=25, ha="right", fontsize=14)
    ax.set(title=title)
axes[0].set_ylabel("share")
axes[0].legend(loc="upper left", ncols=3)
plt.show()

# %% tags=["figure"]
none = PARTS["tail"].index("none")
round_ears = PARTS["ears"].index("round")
figure, axes = plt.subplots(1, 2, figsize=(14, 4.6), layout="constrained")
for ax, change in zip(axes, [("tail", none, bushy), ("ears", round_ears, horns)]):
    shown = {kind: p[6:14] for kind, p in arithmetic(*change).items()}
    sheet(ax, shown.values(), list(shown))
    name, old, new = change
    ax.set_title(f"{name}: + {PARTS[name][new]} − {PARTS[name][old]}", fontsize=18)
plt.show()

# %%
claim(
    "C26g",
    "Arithmetic with codes changes parts: share with the new kind, mean over six parts",
    works[0],
    kind="experiment",
    at_least=0.5,
    control=("the same with pixels", works[2]),
)

# %% [markdown]
# It works best for pose and tail, least for ears: there many steps miss. One step for all creatures fits only a part that has the same direction everywhere.
#
# ## 7 · Does it copy?
#
# Now for digits, with a VAE like lesson 07a's. How far is a drawing from its nearest training digit? Blurred pictures are near to everything. So **calibrate** it: rebuild *held-out* digits, which the VAE has never seen; they have nearly the same blur. (A copier would rebuild them as copies: so see, too, that their own distance is far from 0.) **Predict first.**

# %% tags=["figure"]
nearest = Prediction(
    "The distance of drawings to their nearest training digit, beside that of rebuilt "
    "held-out digits:",
    ["less than half", "about the same", "more than twice"],
)
nearest

# %%
data = digits()
digit_vae = new_vae(data.x_train, 400, 200, code_size=10)
recipe = {"batch_size": 100, "learning_rate": 6e-3}
fit(digit_vae, data.x_train, vae_loss, epochs=20, **recipe, label="digits")
z = torch.randn(1000, 10)
sheets = {
    "held out": data.x_test,
    "held out, rebuilt": rebuild(digit_vae, data.x_test),
    "drawn": decode(digit_vae, z),
    "perfect decoder": weights(digit_vae, z, data.x_train) @ data.x_train,
}
distance, blur = {}, {}
for name, pictures in sheets.items():
    distance[name] = torch.cdist(pictures, data.x_train).amin(1).median().item()
    blur[name] = ((pictures * (1 - pictures)).sum() / pictures.sum()).item()
    print(f"{name:18} nearest at {distance[name]:.2f}, blur {blur[name]:.2f}")

# %% tags=["figure"]
ratio_of_distances = distance["drawn"] / distance["held out, rebuilt"]
said = nearest.options
nearest.reveal(said[(ratio_of_distances > 0.5) + (ratio_of_distances > 2)])

# %% tags=["figure"]
rows = {}
for name in ("held out, rebuilt", "drawn", "perfect decoder"):
    pictures = sheets[name][:12]
    rows[name] = pictures
    rows[f"nearest to {name}"] = data.x_train[
        torch.cdist(pictures, data.x_train).argmin(1)
    ]
plotting.image_grid(rows)

# %% [markdown]
# **Blur** is the share of grey: $\sum p(1-p)$ over $\sum p$, 0 for pure black and white.

# %%
of_rebuilt = distance["held out, rebuilt"]
claim(
    "C26h",
    "Drawings are no copies: distance to the nearest training digit, over that of "
    "rebuilt held-out digits",
    distance["drawn"] / of_rebuilt,
    kind="experiment",
    at_least=0.75,
    control=("perfect decoder", distance["perfect decoder"] / of_rebuilt),
)

# %% [markdown]
# ## 8 · Equal error, unequal harm
#
# The loss counts pixels. Does it count harm? Shift a digit by one pixel: nobody minds. Erase a square of 5 × 5 pixels: a 9 may become a 4. Of all squares whose squared error is *no larger* than the shift's, search the one that judge 1, a classifier, minds most. Judge 2, trained on other digits, decides, and reads another square of like error, too. (Both learned from shifted digits.) Below, some that judge 2 misreads.


# %%
judges = []
for half in torch.randperm(4000).split(2000):
    judge, labelled = layers(784, 256, 64, 10), (data.x_train[half], data.y_train[half])
    options = {"learning_rate": 4e-3, "weight_decay": 0.05, "augment": shifted}
    fit(judge, labelled, label_error, epochs=20, batch_size=100, **options, label="judge")
    judges.append(judge)

x, y = data.x_test[:300], data.y_test[:300]
moved = x.view(-1, 28, 28).roll(1, dims=2).flatten(1)  # one pixel to the right
shift_error = (moved - x).square().sum(1)
corners = torch.eye(576).view(576, 1, 24, 24)  # one pixel each, grown to 5 × 5:
squares = functional.conv_transpose2d(corners, torch.ones(1, 1, 5, 5)).flatten(1)


# %%
@torch.no_grad()
def search(x, y, most):  # the square that judge 1 minds most, another of like error
    erased = x * (1 - squares)
    errors = (erased - x).square().sum(1)
    p = judges[0](erased).softmax(1)[:, y]  # of the right name
    worst = p.masked_fill(errors > most, 2).argmin()
    like = (errors - errors[worst]).abs().argsort()[1:11]  # the ten most alike in error
    return worst, like[torch.randint(10, ())]


found = torch.tensor([search(*digit) for digit in zip(x, y, shift_error)])
erased, another = (x * (1 - squares[which]) for which in found.T)
read_right = {}
for name, made in {"shifted": moved, "erased": erased, "another": another}.items():
    read_right[name] = (judges[1](made).argmax(1) == y).double().mean().item()
    lost = (made - x).square().sum(1).mean()
    print(f"{name:8} squared error {lost:.1f}, judge 2 right {read_right[name]:.2f}")

# %% tags=["figure"]
with torch.no_grad():
    fooled = (judges[1](erased).argmax(1) != y) & (judges[1](moved).argmax(1) == y)
some = fooled.nonzero()[:12, 0]
plotting.image_grid({"held out": x[some], "shifted": moved[some], "erased": erased[some]})

# %%
claim(
    "C26i",
    "At no more squared error than a harmless shift, a square erased ruins the digit: "
    "judge 2 right",
    read_right["erased"],
    kind="experiment",
    at_most=0.6,
    control=("shifted", read_right["shifted"]),
)

# %% [markdown]
# To a pixel loss, the shift is the worse mistake. So it pays a VAE more to put a stroke in its place than to close the loop of a 9. A critic of whole pictures would do otherwise; lesson 09a begins there.
#
# ## 9 · Where it breaks
#
# - **More training** helps, in the order of worth. In one trial of a hundred epochs legs and trim came, eyes in part, mouths hardly, the belly not at all. Drawings were clearer, the gap was as closed.
# - **Worth is no bound**: to a decoder that knows the other parts, a part can be worth more than on its own.
# - **One gap.** We tried five others, one training each: pairs of shapes were refused about as strictly, pairs of a shape and a colour only in part (Try it 2). A code that draws the pair may exist; the encoder doesn't find it. With the pair in the training set it was rebuilt as well as any.
#
# ## 10 · Try it
#
# 1. Train the creatures for 50 epochs. Which part comes next?
# 2. Try another gap: yellow creatures with horns, or wide and tall ones. Which are refused?
# 3. Weight the eyes' pixels by twenty as well.
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(clear_parts, perfect_draws, law_or_gap, mouths, nearest)

# %% [markdown]
# - Between the codes of what it has seen, a VAE draws blends: its decoder is smooth, and most of $\mathcal N(0,I)$ lies between.
# - A perfect decoder would draw copies of training pictures. Blend or copy: that is imitation.
# - Two large parts that it never saw together it can't put together, be it by law or by chance.
# - A pixel loss pays by the pixel: what is large is learned first, whatever matters to you.
# - Distances to training pictures mean something only beside those of held-out pictures of like blur.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | imitation | 模仿 | near to training pictures by pixels, without knowing what matters |
# | blend | 混合 | a picture between two kinds |
# | perfect decoder | 最优解码器 | least loss of all functions of $z$, for a given encoder |
# | pixel loss | 逐像素损失 | a sum over pixels |
# | calibrate | 校准 | compare with a case whose answer is known |
# | memorisation | 记忆 | drawing training pictures again |
#
# **References**
#
# - A. Bozkurt, B. Esmaeili, D. H. Brooks, J. G. Dy and J.-W. van de Meent (2018), *Can VAEs generate novel examples?*, arXiv:1812.09624.
# - A. B. L. Larsen, S. K. Sønderby, H. Larochelle and O. Winther (2016), *Autoencoding beyond pixels using a learned similarity metric*, arXiv:1512.09300 (arithmetic with attributes; a loss that is not by pixels).
# - Z. Wang, A. C. Bovik, H. R. Sheikh and E. P. Simoncelli (2004), *Image quality assessment: from error visibility to structural similarity*, IEEE Transactions on Image Processing 13(4), doi:10.1109/TIP.2003.819861 (pictures of equal squared error).
