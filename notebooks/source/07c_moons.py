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
# # 07c · Moons
#
# **What lies halfway between two pictures, and does noise make the halfway point better?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07c_moons.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/07c_moons.ipynb) ·
# 45 minutes to study, 30 seconds to run, no network needed
#
# **You will be able to**
#
# 1. measure whether a picture between two others is a good one;
# 2. prove what a VAE must decode between two pictures;
# 3. find which part of a VAE's loss does what;
# 4. test a claim fairly: many starts, equal training error, one change at a time.
#
# **Builds on** lesson 07a (the VAE and its loss) and lesson 07b (its ten numbers).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="07c")

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import binary_cross_entropy_with_logits
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import moons
from lessons_lib.models import ManyNetworks
from lessons_lib.widgets import FramePlayer, LatentExplorer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · The wish
#
# The lecture's example for why a VAE's code is better: encode a full moon and a half moon, take the *average of the two codes*, decode it. You wish for a moon between the two, a **gibbous** one. A plain autoencoder, says the lecture, hardly manages; a VAE does, thanks to its noise. We test that.
#
# The moon is a ball, and the sun lights one half. The edge of its shadow, seen from here, is half an ellipse. So each moon can be drawn exactly: its **phase angle** $p$ is 0° when new, 90° when half, 180° when full, and of its disc a share of $(1-\cos p)/2$ is lit.

# %%
side = 16  # pixels
phases = torch.tensor([90, 105, 120, 135, 150, 165, 180.0])
row = moons(phases, side=side)  # 7 × 256: the share of each pixel that is lit
print("lit shares", *(f"{lit:.3f}" for lit in row.sum(1) / row[-1].sum()))


# %% tags=["figure"]
def strip(ax, pictures, name):  # pictures of a row, side by side, and the row's name
    row = nn.functional.pad(pictures.view(-1, side, side), (1, 1, 1, 1), value=0.35)
    ax.imshow(torch.cat(list(row), 1), cmap="gray", vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.set_ylabel(name, rotation=0, ha="right", va="center", size=16, labelpad=8)
    ax.grid(False)
    ax.spines[:].set_visible(False)


def strips(rows):
    figure, axes = plt.subplots(
        len(rows), 1, figsize=(13, 1.4 * len(rows)), layout="constrained"
    )
    for ax, (name, pictures) in zip(axes, rows.items()):
        strip(ax, pictures, name)
    axes[0].set_xticks([8.5, 80.5, 152.5], ["half", "halfway", "full"], size=16)
    axes[0].tick_params(
        top=True, labeltop=True, bottom=False, labelbottom=False, length=0
    )
    plt.show()


# %% tags=["figure", "opening"]
weights = torch.linspace(0, 1, 9)
ends = moons([90, 180], side=side)
fading = ends[0] + weights[:, None] * (ends[1] - ends[0])
strips({"pixel average": fading, "the wish": moons(90 + 90 * weights, side=side)})

# %% [markdown]
# **Which one is halfway?** The middle angle between 90° and 180° is 135°. The middle *light* is a share of 0.75: that is 120°. Both will do. So we ask for *some* gibbous moon, of a phase from 105° to 135°, at the place where the two moons were. The error of a picture is its squared distance to the **nearest** of these.
#
# What must be beaten is the **pixel average** of the two pictures: a half moon with a grey ghost.
#
# $$\text{score}=\frac{\text{squared error to the nearest gibbous moon}}{\text{the same error of the pixel average}}$$
#
# 0 is perfect, 1 is as bad as the ghost.

# %%
gibbous = torch.linspace(105, 135, 16)  # degrees


def wanted_at(places):  # n × 2 to n × 16 × 256: all that will do
    return torch.stack([moons(gibbous, place, side=side) for place in places])


def to_gibbous(pictures, wanted):  # … × n × 256, and n × 16 × 256: error of each
    return (pictures[..., None, :] - wanted).square().sum(-1).min(-1)[0]


half, full, wanted = row[:1], row[-1:], wanted_at([(0.5, 0.5)])
ghost = to_gibbous((half + full) / 2, wanted)
for name, picture in (("half", half), ("120°", row[2:3]), ("full", full)):
    print(f"score of {name}: {(to_gibbous(picture, wanted) / ghost).item():.2f}")

# %% [markdown]
# ## 2 · Many pairs, side by side
#
# One network is one roll of the dice. We train twelve pairs of encoder and decoder at once (`ManyNetworks` of lesson 09a; the networks never meet). Each has one hidden layer of 64 units; `unit` is what they do to their sum.


# %%
def through(networks, x, unit):  # runs × n × inputs to runs × n × outputs
    *hidden, last = zip(networks.weights, networks.biases)
    for weight, bias in hidden:
        x = unit(torch.baddbmm(bias, x, weight))  # x @ weight + bias, in each run
    return torch.baddbmm(last[1], x, last[0])


class Pairs(nn.Module):
    def __init__(self, code=2, unit=torch.tanh, runs=12):
        super().__init__()
        torch.manual_seed(torch.initial_seed())  # the same start for all that we compare
        self.encoders = ManyNetworks(runs, (side**2, 64, 2 * code))
        self.decoders = ManyNetworks(runs, (code, 64, side**2))
        self.unit = unit

    def posterior(self, x):  # mean and log-variance of q(z|x)
        return through(self.encoders, x, self.unit).chunk(2, dim=-1)

    def decode(self, z):  # logits of the pixels
        return through(self.decoders, z, self.unit)


# %% [markdown]
# The loss is that of lesson 07a, for all runs at once, with two switches. The price of a code, $\mathrm{KL}=\tfrac12\sum(e^{s}-1-s)+\tfrac12\sum m^2$ with $m$ the mean and $s$ the log-variance, has two parts: the first keeps the **noise** from dying, the second is a **pull** of the means towards 0. Both on: a VAE. Both off: an autoencoder.


# %%
def loss(pairs, x, noise, pull):  # the two switches
    mean, log_var = pairs.posterior(x)
    z, price = mean, torch.zeros_like(mean)
    if noise:
        z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)
        price = price + 0.5 * (log_var.exp() - 1 - log_var)
    if pull:
        price = price + 0.5 * mean**2
    errors = binary_cross_entropy_with_logits(pairs.decode(z), x, reduction="none")
    of_each = errors.sum(2) + price.sum(2)  # runs × pictures, in nats
    return of_each.mean(1).sum()  # each run has its own weights


def train(pairs, x, noise, pull, steps=800, learning_rate=0.01, watch=None):
    x, seen = x.expand(len(pairs.encoders.weights[0]), -1, -1), []
    adam = torch.optim.Adam(pairs.parameters(), learning_rate)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, learning_rate, steps)
    for step in tqdm(range(steps)):
        if watch and step % 25 == 24:
            seen.append(watch(pairs))
        adam.zero_grad()
        loss(pairs, x, noise, pull).backward()
        adam.step()
        schedule.step()
    return seen


# %% [markdown]
# ## 3 · Two pictures only
#
# The lecture's example, word for word: one full moon, one half moon, nothing else. One number is code enough for two pictures.

# %% tags=["figure"]
two_only = Prediction(
    "Trained on two pictures only: which decodes the average of the codes to nearly the "
    "pixel average, the half moon with a ghost?",
    ["the autoencoder", "the VAE", "both", "neither"],
)
two_only

# %%
two = torch.cat([half, full])
kinds = {"autoencoder": (False, False), "VAE": (True, True)}


@torch.no_grad()
def decoded_middle(pairs, half, full):  # average of the codes, decoded
    runs = len(pairs.encoders.weights[0])
    half, full = (pairs.posterior(x.expand(runs, -1, -1))[0] for x in (half, full))
    return torch.sigmoid(pairs.decode((half + full) / 2))


of_two, middles, to_ghost = {}, {}, {}
for name, switches in kinds.items():
    of_two[name] = pairs = Pairs(code=1)
    train(pairs, two.repeat(10, 1), *switches, steps=500)  # ten draws each, a step
    middles[name] = decoded_middle(pairs, half, full)[:, 0]
    to_ghost[name] = (middles[name] - two.mean(0)).square().sum(1) / ghost
    print(
        f"{name:11}: squared distance to the pixel average, over the ghost's error,",
        end="",
    )
    print(f" median {to_ghost[name].median():.2f}")

# %% tags=["figure"]
near = [name for name in kinds if to_ghost[name].median() < 0.25]
answers = {0: "neither", 2: "both"}
two_only.reveal(answers.get(len(near)) or f"the {near[0]}")


# %% tags=["figure"]
rows = {"pixel average": two.mean(0).expand(9, -1)}
rows |= {f"{name}, 9 runs": middles[name][:9] for name in kinds}
figure, axes = plt.subplots(3, 1, figsize=(13, 4.6), layout="constrained")
for ax, (name, pictures) in zip(axes, rows.items()):
    strip(ax, pictures, name)
plt.show()

# %% [markdown]
# The VAE gives the ghost! That is no accident. Let $q(z\mid\text{half})$ and $q(z\mid\text{full})$ be the two posteriors. Both pictures are shown equally often, so during training a code $z$ comes from the half moon with the share
#
# $$w(z)=\frac{q(z\mid\text{half})}{q(z\mid\text{half})+q(z\mid\text{full})} .$$
#
# At this $z$ the decoder answers one picture $y$, and pays $w\,\ell(y,\text{half})+(1-w)\,\ell(y,\text{full})$ on average, with $\ell$ the cross-entropy (or the squared error). In each pixel the derivative by $y$ is zero at $y=w\cdot\text{half}+(1-w)\cdot\text{full}$. So **where two posteriors overlap, the best decoder returns a weighted pixel average**. In the middle, with equal weights, the ghost. Noise does not move the edge of a shadow; with two pictures it *asks* for the cross-fade.

# %%
pairs = of_two["VAE"]
with torch.no_grad():
    mean, log_var = pairs.posterior(two.expand(12, -1, -1))
    t = torch.linspace(0, 1, 201)[:, None]
    z = mean[:, :1] * (1 - t) + mean[:, 1:] * t  # from half to full
    log_q = -0.5 * (z - mean.mT) ** 2 / log_var.mT.exp() - 0.5 * log_var.mT
    w = log_q.softmax(-1)[..., :1]  # runs × 201 × 1
    between = ((w - 0.5).abs() < 0.3).float()
    made = torch.sigmoid(pairs.decode(z))
    by_theory = w * two[0] + (1 - w) * two[1]
    off = (made - by_theory).square().sum(-1, keepdim=True)
    off = (off * between).sum(1)[:, 0] / between.sum(1)[:, 0] / ghost
    nearest = to_gibbous(made, wanted)[..., None]
    nearest = (nearest * between).sum(1)[:, 0] / between.sum(1)[:, 0] / ghost

# %%
claim(
    "C17a",
    "Where the posteriors of two pictures overlap (w from 0.2 to 0.8) a VAE trained on "
    "these two decodes their weighted pixel average: squared distance over the ghost's "
    "error, median of 12",
    off.median(),
    kind="theorem",
    at_most=0.3,
    control=("to the nearest gibbous moon", nearest.median()),
)

# %% [markdown]
# Nothing in two pictures says that a shadow's edge can *move*.
#
# ## 4 · Half and full moons at twelve places
#
# Now let edges move. Twelve half moons and twelve full ones, at twelve places from left to right. No gibbous moon is among them. What varies is the place and the phase: **two** things, so the code gets two numbers. For each place we average the codes of its two moons, and want a gibbous moon *there*.

# %%
places = torch.stack([torch.linspace(0.32, 0.68, 12), torch.full((12,), 0.5)], 1)
halves = moons([90] * 12, places, side=side)
fulls = moons([180] * 12, places, side=side)
x = torch.cat([halves, fulls])
wanted = wanted_at(places)
ghosts = to_gibbous((halves + fulls) / 2, wanted)  # error of each pixel average


@torch.no_grad()
def training_error(pairs, x):  # squared, without noise: mean over pictures, of each run
    x = x.expand(len(pairs.encoders.weights[0]), -1, -1)
    back = torch.sigmoid(pairs.decode(pairs.posterior(x)[0]))
    return (back - x).square().sum(-1).mean(1)


def score(pairs):  # of each run: mean over places
    middle = decoded_middle(pairs, halves, fulls)
    return (to_gibbous(middle, wanted) / ghosts).mean(1)


def both(pairs):
    return training_error(pairs, x), score(pairs)


# %% tags=["figure"]
twelve = Prediction(
    "Twelve places, 2 numbers, units tanh. In at least nine of twelve runs, who beats "
    "the pixel average?",
    ["only the autoencoder", "only the VAE", "both", "neither"],
)
twelve

# %%
pairs_of, course = {}, {}


def run(name, switches, unit=torch.tanh, **options):
    pairs = Pairs(unit=unit)
    course[name] = train(pairs, x, *switches, watch=both, **options)
    pairs_of[name], error = pairs, training_error(pairs, x)
    print(f"{name:18} training error {error.median():.2f}, ", end="")
    print("scores", *(f"{value:.2f}" for value in score(pairs).sort()[0]))


for name, switches in kinds.items():
    run(name, switches)

# %% tags=["figure"]
wins = {name: (score(pairs_of[name]) < 1).sum() >= 9 for name in kinds}
winners = [name for name, won in wins.items() if won]
answers = {0: "neither", 2: "both"}
twelve.reveal(answers.get(len(winners)) or f"only the {winners[0]}")

# %% [markdown]
# Is that fair? Draw the score *over the training error*, from the first steps (left) to the last (right), and compare at equal training error.


# %% tags=["figure"]
def courses(names, ax):
    for name, colour in names.items():
        errors = torch.stack([error for error, _ in course[name]])
        scores = torch.stack([score for _, score in course[name]])
        ax.plot(errors, scores, color=colour, lw=1, alpha=0.3)
        line = errors.median(1)[0], scores.median(1)[0]
        ax.plot(*line, color=colour, lw=4, label=name)
    ax.axhline(1, color=plotting.INK, ls=":", lw=2)
    ax.set(xscale="log", xlim=(15, 0.05), ylim=(0, 2.3), xlabel="training error")
    ax.legend(loc="upper left")


figure, ax = plt.subplots(figsize=(10, 4.6), layout="constrained")
courses({"autoencoder": plotting.COLOURS[6], "VAE": plotting.COLOURS[0]}, ax)
ax.set(ylabel="score (dotted: pixel average)")
plt.show()

# %% [markdown]
# Thin: the runs; thick: medians. The two part ways *while they learn*: the better the autoencoder knows its 24 pictures, the worse its middles. Stopped early, both would have been called equally good: an under-trained network is no witness.

# %%
final = {name: score(pairs) for name, pairs in pairs_of.items()}
claim(
    "C17b",
    "Half and full moons at twelve places, two numbers of code, tanh: the VAE's middles "
    "have less than half the pixel average's error (score, median of 12)",
    final["VAE"].median(),
    kind="experiment",
    at_most=0.5,
    control=("autoencoder", final["autoencoder"].median()),
)

# %% [markdown]
# So here the lecture is right. **Why?** Look at the codes: a line joins the halves from left to right, another the fulls; small dots are the averages.


# %% tags=["figure"]
def maps(names):  # four runs of each, from a good one to a bad one
    figure, axes = plt.subplots(2, 4, figsize=(14, 7), layout="constrained")
    for line, name in zip(axes, names):
        scores = score(pairs_of[name])
        with torch.no_grad():
            codes = pairs_of[name].posterior(x.expand(12, -1, -1))[0]
        for ax, number in zip(line, scores.argsort()[[1, 4, 7, 10]]):
            a, b = codes[number, :12], codes[number, 12:]
            ax.plot(*a.T, "o-", color=plotting.COLOURS[0], label="half")
            ax.plot(*b.T, "s-", color=plotting.COLOURS[1], label="full")
            ax.plot(*((a + b) / 2).T, ".", color=plotting.INK, label="average")
            ax.set_title(f"{name}, score {scores[number]:.2f}", fontsize=14)
            ax.set(xlabel="$z_1$", ylabel="$z_2$")
    lines = axes[0, 0].get_legend_handles_labels()
    figure.legend(*lines, loc="outside upper center", ncols=3)
    plt.show()


maps(kinds)

# %% [markdown]
# Most autoencoders thread all moons on *one* bent string, a stretch of halves, a stretch of fulls. Then another moon may lie at the average of two codes. The VAE lays the two rows side by side: along the rows the place, across them the phase.

# %% tags=["figure"]
fade = weights[:, None]
wish = moons(90 + 90 * weights, places[5], side=side)
typical = {name: final[name].argsort()[6].item() for name in kinds}
worst = final["autoencoder"].argmax().item()


@torch.no_grad()
def walk(name, number, steps=weights, at=5):  # decoded on the line between two codes
    codes = pairs_of[name].posterior(x.expand(12, -1, -1))[0][number]
    z = codes[at] + steps[:, None] * (codes[12 + at] - codes[at])
    return torch.sigmoid(pairs_of[name].decode(z.expand(12, -1, -1)))[number]


rows = {"pixel average": halves[5] + fade * (fulls[5] - halves[5]), "the wish": wish}
rows["autoencoder"] = walk("autoencoder", typical["autoencoder"])
rows["VAE"] = walk("VAE", typical["VAE"])
strips(rows)

# %% [markdown]
# (Runs of middle score, the sixth place.) Now walk yourself, at all twelve places.

# %% tags=["figure"]
stops = torch.linspace(0, 1, 13)
frames, captions = [], []
names = {"autoencoder, worst run": ("autoencoder", worst)}
names["autoencoder, middle run"] = "autoencoder", typical["autoencoder"]
names["VAE, middle run"] = "VAE", typical["VAE"]
walks = {
    name: torch.stack([walk(*which, steps=stops, at=at) for at in range(12)], 1)
    for name, which in names.items()
}
walks["pixel average"] = halves + stops[:, None, None] * (fulls - halves)
for stop in range(13):
    figure, axes = plt.subplots(4, 1, figsize=(13, 4.7), layout="constrained")
    for ax, (name, pictures) in zip(axes, walks.items()):
        strip(ax, pictures[stop], name.replace(", ", "\n"))
    frames.append(figure)
    captions.append(f"{stops[stop]:.0%} of the way from half to full, at twelve places")
FramePlayer(frames, captions, label="way", start=6, interval=300)

# %% [markdown]
# ## 5 · Is it the noise?
#
# "Thanks to its noise", says the lecture. But the VAE differs from the autoencoder by *two* switches: the noise and the pull. **Predict first.** The same starts, the same steps.

# %% tags=["figure"]
which_switch = Prediction(
    "Which one alone gives middles as good as the VAE's?",
    ["the noise alone", "the pull alone", "each of them", "none: it takes both"],
)
which_switch

# %%
run("noise alone", (True, False))
run("pull alone", (False, True))

# %% tags=["figure"]
final = {name: score(pairs) for name, pairs in pairs_of.items()}
good = [name for name in ("noise alone", "pull alone") if final[name].median() < 0.5]
answers = {0: "none: it takes both", 2: "each of them"}
which_switch.reveal(answers.get(len(good)) or f"the {good[0]}")


# %% tags=["figure"]
def dots(ax, names):
    for place, name in enumerate(names):
        values = score(pairs_of[name])
        shift = torch.linspace(-0.18, 0.18, len(values))
        ax.plot(values, place + shift, "o", color=plotting.COLOURS[0], alpha=0.8)
        ax.plot([values.median()] * 2, [place - 0.3, place + 0.3], color=plotting.INK)
    ax.axvline(1, color=plotting.INK, ls=":", lw=2)
    ax.set(yticks=range(len(names)), yticklabels=names, xlim=(0, 2.3))
    ax.set(ylim=(len(names) - 0.5, -0.5), xlabel="score of the middle (1: pixel average)")


figure, ax = plt.subplots(figsize=(10, 4), layout="constrained")
dots(ax, ["autoencoder", "noise alone", "pull alone", "VAE"])
plt.show()

# %%
claim(
    "C17c",
    "The pull alone, without any noise, has good middles as the VAE has (score, median "
    "of 12)",
    score(pairs_of["pull alone"]).median(),
    kind="experiment",
    at_most=0.5,
    control=("noise alone", score(pairs_of["noise alone"]).median()),
)

# %% [markdown]
# It is the **pull**, the part $\tfrac12\sum m^2$ of the price. Without it the means run far out (see the axes of the maps). A tanh is nearly a straight line near 0 and flat far out. So count how many of the decoder's hidden units are fed with more than 2, or less than −2.


# %%
with torch.no_grad():
    for name, pairs in pairs_of.items():
        decoder, codes = pairs.decoders, pairs.posterior(x.expand(12, -1, -1))[0]
        fed = torch.baddbmm(decoder.biases[0], codes, decoder.weights[0])
        print(f"{name:11}: fed with more than ±2: {(fed.abs() > 2).double().mean():.0%}")

# %% [markdown]
# Does the pull help *because* of tanh? That is a guess, and can be tested: with units that are not flat at both ends, the pull should not be needed.
#
# ## 6 · Another unit
#
# Replace tanh by ReLU, $\max(0,\cdot)$, at half the learning rate. (Of the rates 0.003, 0.005, 0.01 and 0.02, all but the slowest gave the same order; with tanh all four did.)

# %% tags=["figure"]
relu_wins = Prediction(
    "With ReLU units: who has the better middles, by the median of twelve runs?",
    ["the autoencoder", "the VAE", "they are alike within 0.1"],
)
relu_wins

# %%
for name, switches in kinds.items():
    run(f"{name}, ReLU", switches, unit=torch.relu, learning_rate=0.005)
run("pull alone, ReLU", (False, True), unit=torch.relu, learning_rate=0.005)

# %% tags=["figure"]
medians = {name: score(pairs).median() for name, pairs in pairs_of.items()}
ahead = medians["VAE, ReLU"] - medians["autoencoder, ReLU"]
relu_wins.reveal(
    "they are alike within 0.1"
    if ahead.abs() < 0.1
    else "the autoencoder"
    if ahead > 0
    else "the VAE"
)

# %% tags=["figure"]
figure, (ax, other) = plt.subplots(1, 2, figsize=(15, 4.6), layout="constrained")
courses({"autoencoder, ReLU": plotting.COLOURS[6], "VAE, ReLU": plotting.COLOURS[0]}, ax)
ax.set(ylabel="score (dotted: pixel average)")
dots(other, ["autoencoder, ReLU", "pull alone, ReLU", "VAE, ReLU"])
plt.show()

# %%
behind = {
    case: score(pairs_of[f"VAE{case}"]).median()
    - score(pairs_of[f"autoencoder{case}"]).median()
    for case in ("", ", ReLU")
}
claim(
    "C17d",
    "With ReLU the order turns round: the VAE's score less the autoencoder's, medians "
    "of 12",
    behind[", ReLU"],
    kind="experiment",
    at_least=0.1,
    control=("with tanh", behind[""]),
)

# %% [markdown]
# The guess passes this test: with ReLU the autoencoder needs no pull. (That is no proof: ReLU differs from tanh in more than one way.) But now, fully trained, the VAE is the *worse* of the two, and the pull alone is no better. Look at the codes.

# %% tags=["figure"]
maps(["autoencoder, ReLU", "VAE, ReLU"])

# %% [markdown]
# The autoencoder's two rows now lie apart; the VAE's are bent around each other, and the averages come to lie near one of them. Nobody told either model that halves would be averaged with fulls.
#
# Is our judge too strict? A good moon at the *wrong place* counts as a miss. Now let it lie at any place.


# %%
def at_height(grid):  # rows of phase and place across, to pictures
    return moons(
        grid[:, 0], torch.stack([grid[:, 1], torch.full((len(grid),), 0.5)], 1), side=side
    )


anywhere = at_height(torch.cartesian_prod(gibbous, torch.linspace(0.3, 0.7, 33)))


def score_anywhere(middles):
    errors = torch.cdist(middles, anywhere).min(-1)[0] ** 2
    return (errors / ghosts).mean(-1)


print(f"half moons as they are: {score_anywhere(halves):.2f}")
for name in ("autoencoder", "VAE", "autoencoder, ReLU", "VAE, ReLU"):
    middles = decoded_middle(pairs_of[name], halves, fulls)
    print(f"{name:17}: at any place {score_anywhere(middles).median():.2f}")

# %% [markdown]
# With tanh the order stays: the autoencoder's middles are hardly nearer to gibbous moons than half moons are. With ReLU both are near; the VAE mostly misses the *place*.
#
# ## 7 · More pictures
#
# Back to tanh. **Five phases** (60° to 180°) at the twelve places: moons now fill the square of place and phase, gibbous ones among them. All four settings of the two switches.

# %%
five = [60, 90, 120, 150, 180]
many = torch.cat([moons([phase] * 12, places, side=side) for phase in five])
phase_of = torch.tensor(five).repeat_interleave(12)
settings = kinds | {"noise alone": (True, False), "pull alone": (False, True)}
for name, switches in settings.items():
    pairs_of[f"{name}, 5 phases"] = pairs = Pairs()
    train(pairs, many, *switches, steps=700)
    print(
        f"{name:11} training error {training_error(pairs, many).median():.2f}, ", end=""
    )
    print(f"score {score(pairs).median():.2f}, worst {score(pairs).max():.2f}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(10, 4.4), layout="constrained")
both_models = ("autoencoder", "VAE")
dots(ax, [f"{name}{case}" for case in ("", ", 5 phases") for name in both_models])
plt.show()

# %% [markdown]
# With pictures all over the square both models make gibbous moons. The VAE's middles stay the better ones, with tanh.
#
# Turn the moon yourself. Each dot is one of the sixty pictures of a VAE of five phases. Find the way along which only the place changes, and the one along which only the shadow moves.


# %% tags=["figure"]
def dark_sky(pairs, number):  # decoder of one run; the explorer draws a 1 as ink
    *first, last = pairs.decoders.alone(number)
    night = nn.Linear(last.in_features, last.out_features)
    night.weight.data, night.bias.data = -last.weight.data, -last.bias.data
    return nn.Sequential(*first, night, nn.Sigmoid())


vae = pairs_of["VAE, 5 phases"]
number = score(vae).argsort()[6].item()
with torch.no_grad():
    codes = vae.posterior(many.expand(12, -1, -1))[0][number]
names = [f"{phase}°" for phase in phase_of.tolist()]
LatentExplorer(dark_sky(vae, number), codes, names, image_shape=(side, side))

# %% [markdown]
# ## 8 · Neighbours, and codes drawn at random
#
# The lecture hopes for more from the noise: that *neighbours in code are alike*. Take each of the sixty moons. Is the moon with the nearest code a neighbour, at most one place and one phase off?

# %%
place_of = torch.arange(12).repeat(5)
for name in settings:
    with torch.no_grad():
        codes = pairs_of[f"{name}, 5 phases"].posterior(many.expand(12, -1, -1))[0]
    nearest = (torch.cdist(codes, codes) + 1e6 * torch.eye(60)).argmin(-1)
    near = (place_of[nearest] - place_of).abs() <= 1
    near &= (phase_of[nearest] - phase_of).abs() <= 30
    print(f"{name:11}: share of neighbours {near.double().mean():.2f}")

# %% [markdown]
# No noise is needed for that here: an encoder sends like pictures to like codes.
#
# Now draw codes from $\mathcal N(0,I)$ and decode them: are they moons? We say yes if some moon, of any phase from 40° up, at any place, is within a squared error of 1.5. And a fair rival: a Gaussian with the mean and covariance of the *autoencoder's own* codes.

# %%
phases = torch.linspace(40, 180, 36)
all_moons = at_height(torch.cartesian_prod(phases, torch.linspace(0.3, 0.7, 33)))


@torch.no_grad()
def drawn(pairs, fitted, number=200):  # pictures from random codes, of each run
    z = torch.randn(12, number, 2)
    if fitted:
        codes = pairs.posterior(many.expand(12, -1, -1))[0]
        mean = codes.mean(1, keepdim=True)
        covariance = (codes - mean).mT @ (codes - mean) / codes.shape[1]
        z = mean + z @ torch.linalg.cholesky(covariance).mT
    return torch.sigmoid(pairs.decode(z))


def moon_share(pictures):  # of each run
    return (torch.cdist(pictures, all_moons).min(-1)[0] ** 2 < 1.5).double().mean(1)


# %%
ways = {f"{name}, N(0, I)": (f"{name}, 5 phases", False) for name in settings}
ways["autoencoder, fitted"] = "autoencoder, 5 phases", True
samples = {name: drawn(pairs_of[key], fitted) for name, (key, fitted) in ways.items()}
moonlike = {name: moon_share(pictures) for name, pictures in samples.items()}
for name, values in moonlike.items():
    print(f"{name:20} share of moons, median {values.median():.2f}, ", end="")
    print(f"from {values.min():.2f} to {values.max():.2f}")

# %% tags=["figure"]
figure, axes = plt.subplots(5, 1, figsize=(14, 4.6), layout="constrained")
for ax, (name, pictures) in zip(axes, samples.items()):
    run_shown = moonlike[name].argsort()[6]
    strip(ax, pictures[run_shown, :20], name)
plt.show()

# %%
claim(
    "C17f",
    "Codes drawn from N(0, I) are moons in the VAE: share, median of 12",
    moonlike["VAE, N(0, I)"].median(),
    kind="experiment",
    at_least=0.6,
    control=("noise alone", moonlike["noise alone, N(0, I)"].median()),
)

# %%
claim(
    "C17g",
    "Codes drawn from a Gaussian fitted to the autoencoder's are moons as often: their "
    "share less that of the VAE's N(0, I), medians of 12",
    moonlike["autoencoder, fitted"].median() - moonlike["VAE, N(0, I)"].median(),
    kind="experiment",
    at_least=-0.05,
    control=(
        "autoencoder, N(0, I)",
        moonlike["autoencoder, N(0, I)"].median() - moonlike["VAE, N(0, I)"].median(),
    ),
)

# %% [markdown]
# Here, too, the pull does most: alone it comes near the VAE, the noise alone does not. What the price as a whole gives you is that you *know where to draw* without fitting anything.
#
# ## 9 · Where it breaks
#
# - **We looked long.** The setting of section 4 was found among about 130, each with 6 to 20 starts, after more than 100 others had shown none in which the lecture's claim is strong.
# - **Small networks, two things that vary**: not photographs.
#
# ## 10 · Try it
#
# 1. Score by the phase 120° alone, then by 135° alone. Does the order of the models change?
# 2. Give `Pairs` `torch.sigmoid` or `nn.functional.silu`. Which camp do they join?
# 3. Give `loss` a weight for the pull: 0.01, 0.1, 10. How little is enough?
# 4. Give section 4's code four numbers in place of two. Who gains?
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(two_only, twelve, which_switch, relu_wins)

# %% [markdown]
# - A picture between two others is judged by its distance to the *nearest* good one, against the pixel average's.
# - Where two posteriors overlap, the best decoder returns a weighted pixel average. With two pictures only, that is what a VAE gives.
# - With moons at many places, a tight code and tanh units the lecture is right: the VAE's middles are gibbous moons, the autoencoder's are not. But it is not thanks to the noise: the pull of the means alone does it.
# - With ReLU the order turns round, though both make gibbous moons. With more pictures both do well.
# - A VAE's codes drawn from $\mathcal N(0,I)$ decode to moons, mostly thanks to the pull; those from a Gaussian fitted to an autoencoder's codes do as well. Neighbours in code are alike with noise or without.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | gibbous moon | 凸月 | more than half, less than full |
# | phase angle | 相位角 | 0° new, 90° half, 180° full |
# | interpolation | 插值 | decode points between two codes |
# | pixel average, cross-fade | 像素平均 | the mean of two pictures |
# | control | 对照 | the same but for one change |
#
# **References**
#
# - D. P. Kingma and M. Welling (2014), *Auto-encoding variational Bayes*, arXiv:1312.6114.
# - D. Berthelot, C. Raffel, A. Roy and I. Goodfellow (2019), *Understanding and improving interpolation in autoencoders via an adversarial regularizer*, ICLR, arXiv:1807.07543.
# - P. Ghosh, M. S. M. Sajjadi, A. Vergari, M. Black and B. Schölkopf (2020), *From variational to deterministic autoencoders*, ICLR, arXiv:1903.12436 (a pull without noise, and a density fitted to the codes).
# - G. Arvanitidis, L. K. Hansen and S. Hauberg (2018), *Latent space oddity: on the curvature of deep generative models*, ICLR, arXiv:1710.11379 (other ways than straight ones).
