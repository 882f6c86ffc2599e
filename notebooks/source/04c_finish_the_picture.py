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
# # 04c · Finish the picture
#
# **What does the top of a picture settle about the bottom, and does a network know which part is settled and which is free?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04c_finish_the_picture.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04c_finish_the_picture.ipynb) ·
# 45 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. predict pixels of many colours, and finish a picture that somebody began;
# 2. say what a network must be able to see for that, and test it by taking it away;
# 3. judge endings by rules that must hold, and by choices that must stay open;
# 4. say what temperature buys and what it costs.
#
# **Builds on** lessons 04a (chain rule, nats, kept state) and 04b (masks).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04c")

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional

from lessons_lib import claim
from lessons_lib.datasets import PALETTE, creatures, read_parts
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

herd = creatures(13_000)  # no two have the same upper half
x = herd.pictures.flatten(1).to(device)  # 20 × 20 pixels, each a number from 0 to 13
x_train, x_test = x[:12_000], x[12_000:]
parts = {name: part[12_000:] for name, part in herd.parts.items()}  # of the held-out ones
print(f"{len(x_train):,} creatures to train on, {len(x_test):,} held out")

# %% tags=["figure"]
palette = torch.tensor(PALETTE, dtype=torch.float32)
UNKNOWN = torch.tensor([186, 217, 247]) / 255


def sheet(rows, scale=4, known=400):  # rows of pictures as one image; blue: not yet drawn
    lines = []
    for row in rows:
        tiles = torch.full((len(row), 22, 22, 3), 1.0)
        colours = palette[row.cpu()]
        colours[:, known:] = UNKNOWN
        tiles[:, 1:-1, 1:-1] = colours.view(-1, 20, 20, 3)
        lines.append(torch.cat(list(tiles), 1))
    image = torch.cat(lines, 0)
    return image.repeat_interleave(scale, 0).repeat_interleave(scale, 1)


# %% tags=["figure"]
def as_frame(image):  # for a player
    return (255 * image).round().byte().numpy()


def show(image, names=(), title=""):
    figure, ax = plt.subplots(figsize=(12, 12 * image.shape[0] / image.shape[1] + 0.4))
    ax.imshow(image)
    height = image.shape[0] / max(1, len(names))
    ax.set(xticks=[], yticks=[height * (i + 0.5) for i in range(len(names))], title=title)
    ax.set_yticklabels(names)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(False)
    plt.show()


show(
    sheet([x_test[:12], x_test[12:24]]), title="creatures that the network will never see"
)

# %% [markdown]
# ## 1 · Pictures whose truth is known
#
# How good is an ending? Of a digit one can hardly say. So here are little animals, put together from parts by a program. **We know everything
# about them.**
#
# | the upper half shows | and thereby settles below |
# |---|---|
# | colour of the head | colour of the body, the same |
# | colour of ears or horns (trim) | colour of feet, belly, wings, the same |
# | width and shape of the head | width of the body, the same; the chin, which reaches into the lower half |
# | kind of ears | kind of arms: fur → paws, crest → flippers, antennae → insect wings, horns → bat wings |
# | the left side | the right side: all are mirror images of themselves |
#
# Nothing above says anything about pose (2 ways), belly (5), legs (4), tail (3) and height of the body (2). That makes $2\cdot5\cdot4\cdot3\cdot2=240$
# endings for every top, all equally likely. So even who knows all rules must guess: a lower half costs at least
# $\log 240=5.48$ nats. That is the **floor**; no honest model can stay below it on average.
#
# All tops differ: those of the 1,000 held-out creatures are in no training picture.
#
# ## 2 · Fourteen colours
#
# A pixel is now one of 14 colours. In place of one logit the network gives 14, and the **softmax** makes probabilities of them:
#
# $$P(x_n=k\mid x_1,\dots,x_{n-1})=\frac{e^{\ell_{n,k}}}{\sum_j e^{\ell_{n,j}}} .$$
#
# The nats of pixel $n$ are $-\log P(x_n\mid\dots)$ for the colour that came: the categorical cross-entropy. The rest is as in lesson 04a. The colours' numbers mean nothing
# (12 is no more than 3), so each gets a vector of its own to begin with, learned: an **embedding**.


# %%
def losses(model, x):  # nats of each pixel: pictures × 400
    return functional.cross_entropy(model(x).transpose(1, 2), x, reduction="none")


def nats(model, x):
    return losses(model, x).sum(dim=1).mean()


counts = torch.stack([(x_train == colour).sum(0) for colour in range(14)]) + 0.5
alone = -(counts / counts.sum(0)).log()  # each pixel by itself: 14 × 400
independent = alone.gather(0, x_test).sum(1).mean().item()
print(f"all colours equally likely: {400 * math.log(14):.0f} nats")
print(f"each pixel by itself: {independent:.0f} nats")

# %% [markdown]
# ## 3 · What must be seen
#
# Left and right are mirrored: the pixel that decides can lie 19 columns away, and the ears that settle the arms ten rows up. A masked convolution (lesson 04b) must pass this on from layer to layer. There is a
# shorter way. Creatures always stand in the same place, so give **every pair of places** a weight of its own, as lesson 04a's logistic model did. But now it is not pixels that are
# added up: each place *sends* a vector, and each place *receives* a weighted sum of what earlier places send. Several such sums stand side by side
# ("heads", each with weights of its own).


# %%
class Mixing(nn.Module):
    def __init__(self, mask, channels, heads=8):
        super().__init__()
        self.heads = heads
        self.register_buffer("mask", mask.float())  # 400 × 400: may row n see column m?
        self.weight = nn.Parameter(0.02 * torch.randn(heads, 400, 400))
        self.channels = nn.Linear(channels, channels)

    def send(self, h):  # pictures × places × channels to heads × places × pictures × …
        return self.channels(h).unflatten(2, (self.heads, -1)).permute(2, 1, 0, 3)

    def receive(self, sent, places=slice(None)):  # at these places; back to p × n × c
        m = sent.shape[1]  # places that have sent so far
        weight = self.weight[:, places, :m] * self.mask[places, :m]
        return torch.einsum("knm,kmpc->pnkc", weight, sent).flatten(2)


# %% [markdown]
# Then each place thinks by itself (a small network, the same everywhere), and all is done once more. Shapes: pictures × places × channels.


# %%
def thinking(channels):  # at each place, the same for all
    layers = (
        nn.Linear(channels, 2 * channels),
        nn.ReLU(),
        nn.Linear(2 * channels, channels),
    )
    return nn.Sequential(nn.LayerNorm(channels), *layers)


class Finisher(nn.Module):
    def __init__(self, mask, channels=24):
        super().__init__()
        self.colour = nn.Embedding(14, channels)
        self.place = nn.Parameter(0.1 * torch.randn(400, channels))
        self.first = Mixing(mask.tril(-1), channels)  # never the pixel itself
        self.second = Mixing(mask.tril(), channels)  # what was received there, yes
        self.think = nn.ModuleList([thinking(channels), thinking(channels)])
        self.answer = nn.Sequential(nn.LayerNorm(channels), nn.Linear(channels, 14))

    def forward(self, x):  # pictures × 400 colours to pictures × 400 × 14 logits
        h = self.place + self.first.receive(self.first.send(self.colour(x)))
        h = h + self.think[0](h)
        h = h + self.second.receive(self.second.send(h))
        return self.answer(h + self.think[1](h))


# %% [markdown]
# (Were the weights for pairs not learned once, but computed from each picture, this would be *attention*, and the whole a small transformer. `LayerNorm` brings the numbers of each place to mean 0 and standard
# deviation 1, then scales them as it has learned.)
#
# The rival is the same network, **near-sighted**: each layer sees three rows up and three columns to either side. All else is equal.

# %% tags=["figure"]
near_sighted = Prediction(
    "Of the endings that the near-sighted network draws, how many keep all the rules of "
    "the table?",
    (0, 100),
    unit="%",
)
near_sighted

# %%
number = torch.arange(400)
row, column = number // 20, number % 20
near = (row[:, None] - row <= 3) & ((column[:, None] - column).abs() <= 3)
networks, figures = {}, {}
for name, mask in {"sees all": torch.ones(400, 400), "near-sighted": near}.items():
    model = Finisher(mask).to(device)
    recipe = {"epochs": 2, "batch_size": 24, "learning_rate": 0.02, "label": name}
    seconds = fit(model, x_train, nats, **recipe).seconds
    with torch.no_grad():
        each = torch.cat([losses(model, part) for part in x_test.split(200)])
    networks[name], figures[name] = model, each  # held-out creatures × 400
    whole, below = each.sum(1).mean().item(), each[:, 200:].sum(1).mean().item()
    print(f"{name}: {whole:.1f} nats, lower half {below:.2f} ({seconds:.0f} s)")

# %%
below = {name: each[:, 200:].sum(1).mean().item() for name, each in figures.items()}
claim(
    "C11q",
    "A network that sees all earlier pixels needs at most 7 nats for a lower half whose "
    "floor is 5.48",
    below["sees all"],
    kind="experiment",
    at_most=7,
    unit="nats",
    control=("near-sighted", below["near-sighted"]),
)

# %% [markdown]
# ## 4 · Finish
#
# Nothing new is needed to *finish* a picture: start the drawing where the given part ends. By the chain rule this draws from
# $P(x_{201},\dots,x_{400}\mid x_1,\dots,x_{200})$ exactly. What earlier places sent is kept, as the LSTM's state was, so that each pixel costs one step.


# %%
@torch.no_grad()
def finish(model, x, start=200, temperature=1.0):
    x = x.clone()
    sent = torch.zeros(2, 8, 400, len(x), 3, device=device)  # kept, for both mixings
    for n in range(400):
        here = slice(n, n + 1)
        h = model.place[here] + model.first.receive(sent[0][:, : n + 1], here)
        h = h + model.think[0](h)
        sent[1][:, here] = model.second.send(h)
        h = h + model.second.receive(sent[1][:, : n + 1], here)
        logits = model.answer(h + model.think[1](h))[:, 0]
        if n >= start:
            chances = (logits / temperature).softmax(dim=1)
            x[:, n] = torch.multinomial(chances, 1)[:, 0]
        sent[0][:, here] = model.first.send(model.colour(x[:, here]))
    return x


endings = {name: finish(model, x_test[:400]) for name, model in networks.items()}

# %% [markdown]
# Is it the same network? What it said while it drew must be what it says when it sees the whole drawing at once. So draw at temperature 0.001, where the likeliest
# colour always comes: in one go, each drawn colour must be the likeliest.

# %%
greedy = finish(networks["sees all"], x_test[:50], temperature=0.001)
with torch.no_grad():
    likeliest = networks["sees all"](greedy).argmax(dim=2)
print("pixels that differ:", (likeliest != greedy)[:, 200:].sum().item(), "of", 50 * 200)

# %% tags=["figure", "opening"]
rows = [endings["sees all"][:12], endings["near-sighted"][:12], x_test[:12]]
names = ["given", "it sees all", "near-sighted", "the creature"]
show(torch.cat([sheet([x_test[:12]], known=200), sheet(rows)]), names)

# %% [markdown]
# Count. `read_parts` reads the parts back from a picture; where pixels are not exactly those of a known part, it finds none.

# %%
ARMS = torch.tensor(
    [0, 0, 0, 1, 2, 3]
)  # of round, pointed, lop ears, crest, antennae, horns
FREE = ["pose", "belly", "legs", "tail", "body height"]


def rules(pictures, top):  # which endings keep each rule, given the parts of the tops
    pictures = pictures.cpu()
    found, lower = read_parts(pictures), pictures.view(-1, 20, 20)[:, 10:]
    return {
        "mirrored": (lower == lower.flip(2)).flatten(1).all(1),
        "colour": found["body colour"] == top["colour"],
        "trim": found["body trim"] == top["trim"],
        "width": found["body width"] == top["head width"],
        "arms": found["arms"] == ARMS[top["ears"]],
        "known parts": torch.stack([found[name] >= 0 for name in FREE]).all(0),
    }


# %%
def share(which):
    return 100 * which.float().mean().item()


first = {name: part[:400] for name, part in parts.items()}
endings["another's lower half"] = torch.cat(
    [x_test[:400, :200], x_test[400:800, 200:]], 1
)
endings["the creatures"], kept = x_test[:400], {}
for name, pictures in endings.items():
    kept[name] = rules(pictures, first)
    kept[name]["all"] = torch.stack(list(kept[name].values())).all(0)
    print(f"{name:20}", *(f"{rule} {share(v):.0f} %" for rule, v in kept[name].items()))

# %% tags=["figure"]
near_sighted.reveal(share(kept["near-sighted"]["all"]), within=3)

# %%
claim(
    "C11r",
    "Of the endings for tops that it never saw, at least 70 % keep all the rules, to the "
    "pixel",
    share(kept["sees all"]["all"]),
    kind="experiment",
    at_least=70,
    unit="%",
    control=("near-sighted", share(kept["near-sighted"]["all"])),
)

# %% [markdown]
# Watch it draw, and watch where it is undecided: below each creature stands the probability of the colour that it thinks likeliest next.

# %% tags=["figure"]
with torch.no_grad():
    sure = networks["sees all"](endings["sees all"][:8]).softmax(2).max(2).values
FRAMES = range(200, 401, 2)


def frame(n):
    image = sheet([endings["sees all"][:8]], scale=6, known=n)
    bars = torch.ones(40, image.shape[1], 3)
    for i in range(8):
        width = round(120 * (sure[i, n].item() if n < 400 else 1))
        bars[8:32, 132 * i + 6 : 132 * i + 126] = 0.85
        bars[8:32, 132 * i + 6 : 132 * i + 6 + width] = torch.tensor([0.1, 0.35, 0.65])
    return as_frame(torch.cat([image, bars]))


words = "200 pixels drawn. Bars: the probability of the likeliest next colour"
captions = [f"{n - 200} of {words}" for n in FRAMES]
FramePlayer([frame(n) for n in FRAMES], captions, label="pixels", start=50, interval=150)

# %% [markdown]
# ## 5 · What is open stays open
#
# A network that had learned *one* good ending for each top would keep all rules, too. But the 240 endings should come equally often.

# %% tags=["figure"]
different = Prediction(
    "Let it finish the same top 100 times. How many different endings will there be?",
    (1, 100),
    unit="endings",
)
different


# %%
def distinct(pictures):  # different endings among those of known parts only
    found = read_parts(pictures.cpu())
    rows = torch.stack([found[name] for name in FREE], 1)
    return len(rows[(rows >= 0).all(1)].unique(dim=0))


one_top = x_test[7].expand(100, -1)
many = finish(networks["sees all"], one_top)
fair = 240 * (1 - (239 / 240) ** 100)  # expected, if all 240 are equally likely
print(f"{distinct(many)} different endings; a fair lottery gives {fair:.0f}")
found = read_parts(many.cpu())
for name in FREE:
    print(f"{name}:", torch.bincount(found[name][found[name] >= 0]).tolist())

# %% tags=["figure"]
different.reveal(distinct(many), within=10)

# %%
cold = distinct(finish(networks["sees all"], one_top, temperature=0.1))
claim(
    "C11s",
    "A hundred endings of one top hold at least 40 different ones of known parts (82, if "
    "all were as in a fair lottery)",
    distinct(many),
    kind="experiment",
    at_least=40,
    unit="endings",
    control=("at temperature 0.1", cold),
)

# %% tags=["figure"]
show(sheet([many[:12], many[12:24]]), title="one top, twenty-four of its endings")

# %% [markdown]
# **Where are its nats?** Let us see what each pixel of the lower half costs, on average over the held-out creatures.

# %% tags=["figure"]
mean = figures["sees all"].mean(0).view(20, 20)[10:].cpu()
figure, axes = plt.subplots(1, 2, figsize=(13, 4), layout="constrained")
axes[0].imshow(sheet([x_test[1:2]])[4:-4, 4:-4][40:], extent=(0, 20, 20, 10))
axes[0].set_title("a lower half")
drawing = axes[1].imshow(mean, cmap="Blues", extent=(0, 20, 20, 10))
figure.colorbar(drawing, label="nats a pixel")
largest = mean.flatten().sort(descending=True).values
few = (largest.cumsum(0) < 0.8 * mean.sum()).sum().item() + 1
axes[1].set_title(f"{few} of 200 pixels hold 80 % of the nats")
for ax in axes:
    ax.set(xticks=range(0, 21, 5), yticks=range(10, 21, 5), xlabel="column", ylabel="row")
    ax.grid(False)
plt.show()

# %% [markdown]
# Nearly everywhere it is certain. It pays at a few places: there the belly, the legs, the tail are *decided*; all further pixels of that part follow. And all on the left: the right is a copy.
#
# ## 6 · Does it use what settles, and nothing else?
#
# Put a lower half under another creature's top. If the two tops differ in what settles (colour, trim, the head's width and shape, what kind of arms the ears call for), the network
# should be very surprised. But eyes, mouth, the ears' height say nothing about the lower half.

# %% tags=["figure"]
another = Prediction(
    "A lower half under its own top costs about 6 nats. Under another's, with all that "
    "settles the same, but any eyes, mouth and ears of that kind: how many MORE?",
    (0, 100),
    unit="nats",
)
another


# %%
@torch.no_grad()
def swapped(tops, bottoms):  # mean nats of these lower halves under those tops
    pictures = torch.cat([x_test[tops, :200], x_test[bottoms, 200:]], 1)
    return losses(networks["sees all"], pictures)[:, 200:].sum(1).mean().item()


settles = [parts[name] for name in ("colour", "trim", "head width", "head")]
settled = torch.stack([*settles, ARMS[parts["ears"]]], 1)
same = (settled[:, None] == settled).all(2) & ~torch.eye(1000, dtype=torch.bool)
bottoms = same.any(1).nonzero()[:300, 0]
twins = same.float().argmax(1)[bottoms]  # tops that settle the same
own = swapped(bottoms, bottoms)
alike, unlike = swapped(twins, bottoms), swapped(bottoms.roll(1), bottoms)
print(
    f"under its own top {own:.2f}, under one that settles the same {alike:.2f}", end=", "
)
print(f"under any other {unlike:.1f} nats")

# %% tags=["figure"]
another.reveal(alike - own, within=3)

# %%
claim(
    "C11t",
    "Under another's top that settles the same, a lower half costs at most 1 nat more",
    alike - own,
    kind="experiment",
    at_most=1,
    unit="nats",
    control=("under any other's top", unlike - own),
)

# %% [markdown]
# Nobody told it which parts of a top count.
#
# ## 7 · Temperature
#
# Divide all logits by a temperature $T$ before the softmax. Below 1 the likelier colours gain, at 0 the likeliest always comes.

# %% tags=["figure"]
warm = Prediction(
    "At temperature 0.5 more endings should keep the rules. And of 100 endings of one "
    "top, how many will be different, against about 60 at temperature 1?",
    (1, 100),
    unit="endings",
)
warm

# %%
temperatures, warmth = (0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0), {}
half = {name: part[:100] for name, part in parts.items()}
for temperature in temperatures:
    both = torch.cat([one_top, x_test[:100]])  # 100 times the same top, 100 other tops
    drawn = finish(networks["sees all"], both, temperature=temperature)
    good = torch.stack(list(rules(drawn[100:], half).values())).all(0)
    warmth[temperature] = distinct(drawn[:100]), share(good), drawn
    print(f"{temperature}: {share(good):.0f} % keep all rules", end=", ")
    print(f"{distinct(drawn[:100])} different endings")

# %% tags=["figure"]
warm.reveal(warmth[0.5][0], within=10)

# %% tags=["figure"]
sheets = [
    sheet([drawn[i : i + 10] for i in (0, 100, 110)]) for _, _, drawn in warmth.values()
]
captions = [
    f"temperature {temperature}: {rate:.0f} % keep all rules; {count} different whole "
    "endings in 100 of one top (first row). Other rows: other tops."
    for temperature, (count, rate, _) in warmth.items()
]
FramePlayer(
    [as_frame(image) for image in sheets],
    captions,
    label="temperature",
    start=4,
)

# %%
claim(
    "C11u",
    "At temperature 0.5 at least 88 % of the endings keep all rules",
    warmth[0.5][1],
    kind="experiment",
    at_least=88,
    unit="%",
    control=("at temperature 1.5", warmth[1.5][1]),
)

# %% [markdown]
# Cold is safe and dull, hot is wild and wrong; the distribution that it has learned is the one at 1. Most slips there are single unlikely colours: each
# pixel's chance of one is small, but there are 200 pixels, and what comes after must live with it. A lower temperature takes these away first.
#
# ## 8 · From less and less
#
# The same function draws everything below *any* row, and from nothing. Move the slider down: what does it keep, what does it invent?

# %%
model, invented = networks["sees all"], {}
for rows in (20, 12, 10, 8, 6, 4, 2, 0):
    invented[rows] = finish(model, x_test[:10], start=20 * rows)
from_nothing = finish(model, x_test[:400], start=0)

# %% tags=["figure"]
both = [
    torch.cat([sheet([x_test[:10]], known=20 * rows), sheet([pictures])])
    for rows, pictures in invented.items()
]
FramePlayer(
    [as_frame(image) for image in both],
    [f"{rows} of 20 rows are given; below: finished" for rows in invented],
    label="rows given",
    start=5,
)

# %% tags=["figure"]
copies = Prediction(
    "There are 124,416 tops; it has seen 12,000 of them (9.6 %). Of the tops that it "
    "invents, how many are among those?",
    (0, 100),
    unit="%",
)
copies

# %%
ABOVE = ["ears", "ear height", "head", "head width", "eyes", "mouth", "colour", "trim"]


def tops(found):  # as tuples of parts; only where every part is known
    rows = torch.stack([found[name] for name in ABOVE], 1)
    return [tuple(row) for row in rows[(rows >= 0).all(1)].tolist()]


known = set(tops({name: part[:12_000] for name, part in herd.parts.items()}))
new = tops(read_parts(from_nothing.cpu()))
again = 100 * sum(top in known for top in new) / len(new)
print(
    f"{len(new)} of 400 tops have known parts; {len(set(new))} of them differ", end=", "
)
print(f"{again:.0f} % were among those seen")

# %% tags=["figure"]
copies.reveal(again, within=4)

# %%
claim(
    "C11v",
    "It does not draw by heart: of the tops that it invents, at most 20 % are among the "
    "12,000 that it saw (9.6 % by chance)",
    again,
    kind="experiment",
    at_most=20,
    unit="%",
    control=("a copier", 100.0),
)

# %% [markdown]
# ## 9 · Where it breaks
#
# Weights for pairs of places know creatures in *one* place. Move the held-out ones by a pixel:

# %%
moved = x_test.view(-1, 20, 20).roll(1, dims=2).flatten(1)
with torch.no_grad():
    for name, pictures in {"in place": x_test, "one pixel right": moved}.items():
        value = losses(model, pictures[:200]).sum(1).mean()
        print(f"{name}: {value:.0f} nats; each pixel by itself: ", end="")
        print(f"{alone.gather(0, pictures[:200]).sum(1).mean():.0f}")

# %% [markdown]
# - **It must be in place.** A convolution would not mind (lesson 04b), but must pass far things on step by step.
# - **One order.** From above it finishes below. To fill in a top, or an eye, the chain rule has no shortcut: another order must be trained.
# - **Slips stay**, and there are as many chances to slip as pixels.
# - **No code.** Colour, belly, tail are nowhere to be found as numbers that one could turn. The variational autoencoder (lesson 06) has such
#   numbers, and draws all pixels in one go.
#
# ## 10 · Try it
#
# 1. Forbid less: let the near-sighted network see one row in full, to the left of the pixel (`row[:, None] == row`). Which rules come back?
# 2. Train on 3,000 creatures for eight epochs, the same number of steps. Do the endings still keep the rules? How far apart are the nats of training and held-out ones?
# 3. Turn all pictures upside down (`x.flip(1)`) and train. Now the given part is the feet. What is settled, what is free, and what is the floor of the upper half?
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(near_sighted, different, another, warm, copies)

# %% [markdown]
# - A model of the next pixel finishes pictures: start where the given part ends. Many colours take a softmax where two took a sigmoid.
# - What it cannot see it cannot keep: the same network with a narrow view drew no mirror images.
# - Where the truth is known, an ending can be judged twice: the rules must hold, *and* what is open must stay open.
# - The nats sit where something is decided. The floor is what no model can know.
# - Temperature trades variety for safety.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | categorical distribution | 类别分布 | one of several colours, each with its probability |
# | softmax | 归一化指数函数 | makes probabilities of logits |
# | embedding | 嵌入 | a learned vector for each colour |
# | conditional distribution | 条件分布 | of the lower half, given the upper |
# | completion, inpainting | 补全 | drawing what is missing |
# | temperature | 温度 | divides the logits: below 1, likely becomes likelier |
# | attention | 注意力 | weights for pairs of places, computed from the picture |
# | receptive field | 感受野 | the pixels that an answer depends on |
#
# **References**
#
# - A. van den Oord, N. Kalchbrenner and K. Kavukcuoglu (2016), *Pixel recurrent neural networks*, Proceedings of ICML,
#   arXiv:1601.06759 (softmax over colours; finished pictures).
# - M. Germain, K. Gregor, I. Murray and H. Larochelle (2015), *MADE: masked autoencoder for distribution estimation*, Proceedings of
#   ICML, arXiv:1502.03509 (masked weights for every pair).
# - I. Tolstikhin and others (2021), *MLP-Mixer: an all-MLP architecture for vision*, Advances in Neural Information Processing
#   Systems 34, arXiv:2105.01601 (learned mixing of places).
# - A. Vaswani and others (2017), *Attention is all you need*, Advances in Neural Information Processing Systems 30, arXiv:1706.03762.
# - J. L. Ba, J. R. Kiros and G. E. Hinton (2016), *Layer normalization*, arXiv:1607.06450.
