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

from lessons_lib import claim, plotting
from lessons_lib.datasets import PALETTE, creatures, endings_of, read_parts
from lessons_lib.datasets.creature_drawings import PARTS
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

herd = creatures(13_000)  # no two have the same upper half
x = herd.pictures.flatten(1).to(device)  # 20 × 20 pixels, each a number from 0 to 13
x_train, x_test = x[:12_000], x[12_000:]
parts = {name: part[12_000:] for name, part in herd.parts.items()}  # of the held-out ones
ARMS = torch.tensor([0, 0, 0, 1, 2, 3])  # which arms go with round, pointed, … ears
FREE = ["pose", "belly", "legs", "tail", "body height"]  # settled by nothing above
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
# | the upper half (rows 0 to 9) shows | and thereby settles below |
# |---|---|
# | colour of the head | colour of the body, the same |
# | trim: colour of ears or horns | trim: colour of feet, wings, the belly's pattern, the same |
# | width and shape of the head | width of the body, the same; the chin, which reaches below row 9 |
# | kind of ears | kind of arms, as the picture below says |
#
# And all are mirror images: the left settles the right. Nothing above settles pose (2 ways), the belly's pattern (5), legs (4), tail (3) and height of the body (2). That makes
# $2\cdot5\cdot4\cdot3\cdot2=240$ endings for every top, all equally likely. So even one who knows all rules must guess: a lower half costs at least
# $\log 240=5.48$ nats. That is the **floor**; no honest model can stay below it on average.
#
# Of the 124,416 tops no two creatures here have the same: those of the held-out ones are in no training picture.

# %% tags=["figure"]
tiles = [
    (f"{kind} → {PARTS['arms'][ARMS[i]]}", (parts["ears"] == i).nonzero()[1, 0])
    for i, kind in enumerate(PARTS["ears"])
]
for name in FREE:
    tiles += [
        (f"{name}: {kind}", (parts[name] == i).nonzero()[1, 0])
        for i, kind in enumerate(PARTS[name])
    ]
figure, axes = plt.subplots(2, 11, figsize=(14, 4.2), layout="constrained")
for ax, (words, creature) in zip(axes.flat, tiles):
    ax.imshow(palette[x_test[creature].view(20, 20).cpu()])
    ax.axhline(9.5, color=plotting.COLOURS[2], lw=1.5)
    ax.set(xticks=[], yticks=[])
    ax.set_title(words.replace(" → ", " →\n").replace(": ", ":\n"), fontsize=12)
    ax.spines[:].set_visible(False)
figure.supxlabel(
    "six kinds of ears with their arms; then what is free; the line: what is given"
)
plt.show()

# %% [markdown]
# ## 2 · Fourteen colours
#
# A pixel is now one of 14 colours. In place of one logit the network gives 14, and the **softmax** makes probabilities of them:
#
# $$P(x_n=k\mid x_1,\dots,x_{n-1})=\frac{e^{\ell_{n,k}}}{\sum_j e^{\ell_{n,j}}} .$$
#
# The nats of pixel $n$ are $-\log P(x_n\mid\dots)$ for the colour that came: the categorical cross-entropy. The rest is as in lesson 04a. The colours' numbers mean nothing
# (12 is not four times 3), so each gets a vector of its own to begin with, learned: an **embedding**.


# %%
def losses(model, x):  # nats of each pixel: pictures × 400
    logits = model(x).transpose(1, 2)  # cross_entropy wants the colours second
    return functional.cross_entropy(logits, x, reduction="none")


def nats(model, x):
    return losses(model, x).sum(dim=1).mean()


counts = torch.stack([(x_train == colour).sum(0) for colour in range(14)])
counts = counts + 0.5  # so that none has probability 0
alone = -(counts / counts.sum(0)).log()  # each pixel by itself: 14 × 400
independent = alone.gather(0, x_test).sum(1).mean().item()
print(f"each pixel by itself: {independent:.0f} nats")
print(f"the floor of a whole picture: log(124,416 · 240) = {math.log(124_416 * 240):.1f}")

# %% [markdown]
# ## 3 · What must be seen
#
# Left and right are mirrored: the pixel that decides can lie 19 columns away, and the ears that settle the arms ten rows up. A masked convolution (lesson 04b) must pass this on from layer to layer. There is a
# shorter way. Creatures always stand in the same place, so give **every pair of places** a weight of its own, as lesson 04a's logistic model did. But now it is not pixels that are
# added up: each place $m$ *sends* a vector, $V h_m$, and each place $n$ *receives* a weighted sum of what the places before it send. Eight such sums stand side by side (**heads**
# $k$, each with weights of its own and three of the 24 channels):
#
# $$r^{(k)}_n=\sum_{m<n}W^{(k)}_{nm}\,V^{(k)}h_m .$$


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

    def receive(self, sent, places=slice(None)):
        past = sent.shape[1]  # so many places have sent
        weight = self.weight[:, places, :past] * self.mask[places, :past]
        # k head, n receives, m sends, p picture, c channel
        return torch.einsum("knm,kmpc->pnkc", weight, sent).flatten(2)


# %% [markdown]
# Then each place thinks by itself (a small network, the same everywhere), and all is done once more: what was concluded, say "these are antennae", must be sent, too. Each layer
# *adds* to what is there, as in lesson 04b.


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
# (Were the weights for pairs computed from each picture, this would be *attention*, and the whole a small transformer. `LayerNorm` evens out how large the numbers of a place are.)
#
# The rival is the same network, **near-sighted**: each of its two mixings sees three rows up and three columns to either side. All else is equal.

# %% tags=["figure"]
near_sighted = Prediction(
    "How many of the endings that the near-sighted network draws will be right: one of "
    "the 240 of its top, to the last pixel?",
    (0, 100),
    unit="%",
)
near_sighted

# %%
number = torch.arange(400)
row, column = number // 20, number % 20
near = (row[:, None] - row <= 3) & ((column[:, None] - column).abs() <= 3)  # tril: past
networks, figures = {}, {}
for name, mask in {"sees all": torch.ones(400, 400), "near-sighted": near}.items():
    model = Finisher(mask).to(device)
    recipe = {"epochs": 2, "batch_size": 24, "learning_rate": 0.02, "label": name}
    seconds = fit(model, x_train, nats, **recipe).seconds
    with torch.no_grad():
        each = torch.cat([losses(model, part) for part in x_test.split(200)])
    networks[name], figures[name] = model, each  # held-out creatures × 400
    whole, lower = each.sum(1).mean().item(), each[:, 200:].sum(1).mean().item()
    print(f"{name}: {whole:.1f} nats, lower half {lower:.2f} ({seconds:.0f} s)")

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
# The near-sighted one is about 6 nats above the floor. That sounds little, but nats are logarithms: on average (the geometric mean) it gives a right ending only $e^{-6}$, a four-hundredth, of its
# due probability.
#
# ## 4 · Finish
#
# To *finish* a picture, start the drawing where the given part ends. By the chain rule this draws from the network's own
# $P(x_{201},\dots,x_{400}\mid x_1,\dots,x_{200})$. What each place sent is kept (the given ones must send, too), so that no place is computed twice. A **temperature** $T$ divides the logits: below 1 the likelier
# colours gain, near 0 the likeliest always comes.


# %%
@torch.no_grad()
def finish(model, x, start=200, temperature=1.0):
    x = x.clone()
    # kept for both mixings: 8 heads, 400 places, pictures, 24 / 8 channels
    sent = torch.zeros(2, 8, 400, len(x), 3, device=device)
    for n in range(400):
        here = slice(n, n + 1)
        # place n has sent nothing yet, and is masked
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
# Does it say step by step what it says at once? Draw at temperature 0.001, where the likeliest colour always comes: given the whole drawing at once, the likeliest
# colour must be the drawn one at every place of the lower half.

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
# The second row need not resemble the last, which is only one of 240 right endings. In the third compare left with right, arms with ears.
#
# Now count. `endings_of` makes all 240 right endings of a top: an ending is **right** if it is one of them, to the last pixel. And to see what goes wrong, `read_parts` reads the
# parts back; where pixels are not exactly those of a known part, left and right, it finds none. Another creature's lower half must fail, its own must pass.


# %%
def half(pictures):  # the lower half, as small numbers
    return pictures.flatten(1)[:, 200:].to("cpu", torch.uint8)


right = torch.stack([half(endings_of(herd, 12_000 + i)) for i in range(400)])


def which(pictures, tops=slice(400)):  # which of its top's 240 endings each is, or -1
    hits = (half(pictures)[:, None] == right[tops]).all(dim=2)  # pictures × 240
    return torch.where(hits.any(1), hits.int().argmax(1), -1)


def rules(pictures):  # which rules the endings of the first 400 tops keep
    found = read_parts(pictures.cpu())
    top = {name: part[:400] for name, part in parts.items()}
    lower = half(pictures).view(-1, 10, 20)
    return {
        "mirrored": (lower == lower.flip(2)).flatten(1).all(1),
        "colour": found["body colour"] == top["colour"],
        "trim": found["body trim"] == top["trim"],
        "width": found["body width"] == top["head width"],
        "arms": found["arms"] == ARMS[top["ears"]],
    }


# %%
def share(true):
    return 100 * true.float().mean().item()


endings["another's lower half"] = torch.cat(
    [x_test[:400, :200], x_test[400:800, 200:]], 1
)
endings["the creatures"], correct = x_test[:400], {}
for name, pictures in endings.items():
    kept = rules(pictures)
    correct[name] = share(which(pictures) >= 0)
    print(
        f"{name:20}", *(f"{rule} {share(v):.0f} %" for rule, v in kept.items()), end=" "
    )
    print(f"right {correct[name]:.0f} %")

# %% tags=["figure"]
near_sighted.reveal(correct["near-sighted"], within=3)

# %%
claim(
    "C11r",
    "Of the endings for tops that it never saw, at least 55 % are right, to the pixel",
    correct["sees all"],
    kind="experiment",
    at_least=55,
    unit="%",
    control=("near-sighted", correct["near-sighted"]),
)

# %% [markdown]
# Watch where it is undecided: a bar shows the probability of the colour that it thinks likeliest next.

# %% tags=["figure"]
with torch.no_grad():
    sure = networks["sees all"](endings["sees all"][:8]).softmax(2).max(2).values
FRAMES = range(200, 401)


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
FramePlayer((frame(n) for n in FRAMES), captions, label="pixels", start=100, interval=80)

# %% [markdown]
# ## 5 · What is open stays open
#
# A network that had learned *one* ending for each top would be right, too. But all 240 should come equally often.

# %% tags=["figure"]
different = Prediction(
    "Let it finish the same top 100 times. How many different right endings will there "
    "be?",
    (1, 100),
    unit="right endings",
)
different


# %%
def count(pictures):  # right ones; different ones of these; expected of a fair lottery
    hits = which(pictures, torch.full((len(pictures),), 7))
    hits = hits[hits >= 0]
    return len(hits), len(hits.unique()), 240 * (1 - (239 / 240) ** len(hits))


one_top = x_test[7].expand(100, -1)
many = finish(networks["sees all"], one_top)
good, unlike, lottery = count(many)
print(f"{good} of 100 are right; {unlike} of these are different", end=" ")
print(f"(a fair lottery gives {lottery:.0f})")
found = read_parts(many.cpu())
print({name: torch.bincount(found[name] + 1).tolist()[1:] for name in FREE})

# %% tags=["figure"]
different.reveal(unlike, within=10)

# %%
cold = count(finish(networks["sees all"], one_top, temperature=0.1))
colder = 100 * cold[1] / cold[2]
claim(
    "C11s",
    "The right ones among a hundred endings of one top are at least 75 % as many "
    "different ones as in a fair lottery",
    100 * unlike / lottery,
    kind="experiment",
    at_least=75,
    unit="%",
    control=("temperature 0.1: nearly always the likeliest", colder),
)

# %% tags=["figure"]
show(sheet([many[:12], many[12:24]]), title="one top, twenty-four of its endings")

# %% [markdown]
# **Where are its nats?** What each pixel of the lower half costs, on average over the held-out creatures:

# %%
mean = figures["sees all"].mean(0).view(20, 20)[10:].cpu()

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(13, 4), layout="constrained")
axes[0].imshow(sheet([x_test[1:2]])[4:-4, 4:-4][40:], extent=(0, 20, 20, 10))
axes[0].set_title("one lower half")
drawing = axes[1].imshow(mean, cmap="Blues", extent=(0, 20, 20, 10))
figure.colorbar(drawing, label="nats a pixel")
largest = mean.flatten().sort(descending=True).values
few = (largest.cumsum(0) < 0.8 * mean.sum()).sum().item() + 1
axes[1].set_title(f"{few} of 200 pixels hold 80 % of the nats (mean of 1,000)")
for ax in axes:
    ax.set(xticks=range(0, 21, 5), yticks=range(10, 21, 5), xlabel="column", ylabel="row")
    ax.grid(False)
plt.show()

# %%
areas = {
    "pose (2 ways)": (mean[0], 2),
    "belly (5)": (mean[2:5, 7:10], 5),
    "tail (3)": (mean[5:, :4], 3),
    "legs and height (8)": (mean[6:, 4:10], 8),
}
for name, (area, ways) in areas.items():
    print(f"{name}: {area.sum():.2f} nats, log {ways} = {math.log(ways):.2f}")

# %% [markdown]
# Nearly everywhere it is certain. It pays where a part is *decided*, a little more than a fair choice costs; the part's other pixels follow. And it pays on the left: the right is a copy.
#
# ## 6 · Does it use what settles, and nothing else?
#
# **Predict first:** what does a lower half cost under another creature's top?

# %% tags=["figure"]
another = Prediction(
    "A lower half under its own top costs about 6 nats. Under any other creature's, on "
    "average?",
    (0, 400),
    unit="nats",
)
another


# %%
@torch.no_grad()
def swapped(tops, bottoms):  # nats of these lower halves under those tops
    pictures = torch.cat([x_test[tops, :200], x_test[bottoms, 200:]], 1)
    return losses(networks["sees all"], pictures)[:, 200:].sum(1)


settles = [parts[name] for name in ("colour", "trim", "head width", "head")]
settled = torch.stack([*settles, ARMS[parts["ears"]]], 1)
same = (settled[:, None] == settled).all(2) & ~torch.eye(1000, dtype=torch.bool)
bottoms = same.any(1).nonzero()[:300, 0]  # creatures that have such a twin
twins = same.float().argmax(1)[bottoms]  # the first True of each row
own, any_other = swapped(bottoms, bottoms), swapped(bottoms.roll(1), bottoms)
alike = swapped(twins, bottoms)
print(f"under its own top {own.mean():.2f}, under any other {any_other.mean():.1f} nats")
print(f"under another top that settles the same: {alike.mean():.2f}")

# %% tags=["figure"]
another.reveal(any_other.mean().item(), within=40)

# %%
claim(
    "C11t",
    "What settles nothing below (eyes, mouth, ears' height, which ears with paws) moves "
    "a lower half's nats by at most 0.9, up or down, on average",
    (alike - own).abs().mean().item(),
    kind="experiment",
    at_most=0.9,
    unit="nats",
    control=("all of the top", (any_other - own).abs().mean().item()),
)

# %% [markdown]
# A lower half that breaks the rules is dear: it has many pixels that were held to be nearly impossible. What settles nothing hardly matters. (On average ups and
# downs cancel for *any* model.)
#
# ## 7 · Temperature

# %% tags=["figure"]
warm = Prediction(
    f"Among the 100 endings of one top there were {unlike} different right ones. At half "
    "the temperature, T = 0.5?",
    ["fewer", f"about as many, {unlike - 8} to {unlike + 8}", "more"],
)
warm

# %%
warmth = {}
for temperature in (0.1, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0):
    both = torch.cat([one_top, x_test[:100]])  # 100 times the same top, 100 other tops
    drawn = finish(networks["sees all"], both, temperature=temperature)
    good = share(which(drawn[100:], slice(100)) >= 0)
    some, differ, lottery = count(drawn[:100])
    warmth[temperature] = good, differ, drawn
    print(f"{temperature}: {good:.0f} % right; of one top {some} right,", end=" ")
    print(f"{differ} different (lottery: {lottery:.0f})")

# %% tags=["figure"]
at_half = warmth[0.5][1]
warm.reveal(warm.options[1 + (at_half > unlike + 8) - (at_half < unlike - 8)])

# %% tags=["figure"]
sheets = [
    sheet([drawn[i : i + 10] for i in (0, 100, 110)]) for *_, drawn in warmth.values()
]
captions = [
    f"temperature {temperature}: {good:.0f} % right; among 100 endings of one top (first "
    f"row) {differ} different right ones. Other rows: other tops."
    for temperature, (good, differ, _) in warmth.items()
]
FramePlayer(
    [as_frame(image) for image in sheets],
    captions,
    label="temperature",
    start=4,
)

# %%
half_as_warm = finish(networks["sees all"], x_test[:400], temperature=0.5)
claim(
    "C11u",
    "At temperature 0.5 at least 85 % of the endings are right",
    share(which(half_as_warm) >= 0),
    kind="experiment",
    at_least=85,
    unit="%",
    control=("at temperature 1", correct["sees all"]),
)

# %% [markdown]
# (The line 1.0 is drawn anew: it differs by chance from section 5.) A little cold takes slips away at little cost in variety; much cold leaves few endings; hot, hardly anything is right. What it has learned is the distribution at 1.
#
# ## 8 · From less and less
#
# The same function draws below *any* row, and from nothing. Move the slider to the right, to fewer given rows: what is kept, what invented?

# %%
invented = {}
for rows in (12, 10, 8, 6, 4, 2, 0):
    invented[rows] = finish(networks["sees all"], x_test[:10], start=20 * rows)

# %% tags=["figure"]
pairs = [
    torch.cat([sheet([x_test[:10]], known=20 * rows), sheet([pictures])])
    for rows, pictures in invented.items()
]
FramePlayer(
    [as_frame(image) for image in pairs],
    [f"{rows} of 20 rows are given; below: finished" for rows in invented],
    label="rows given",
    start=4,
)

# %% [markdown]
# With only the ears given, their colour stays, and the body's is invented anew.
#
# ## 9 · Where it breaks
#
# Weights for pairs of places know creatures in *one* place. Move the held-out ones by a pixel:

# %%
images = x_test.view(-1, 20, 20)
fits = images[(images[:, :, 19] == 0).all(1)]  # nothing in the last column
moved = fits.roll(1, dims=2)
with torch.no_grad():
    for name, pictures in {"in place": fits, "one pixel right": moved}.items():
        flat = pictures.flatten(1)
        value = losses(networks["sees all"], flat).sum(1).mean()
        each = alone.gather(0, flat).sum(1).mean()
        print(f"{name}: {value:.0f} nats; each pixel by itself {each:.0f}")

# %% [markdown]
# Worse than each pixel by itself: it is sure, and wrong.
#
# - **It must be in place.** A convolution without numbers for places would mind less, but must pass far things on step by step.
# - **One order.** From above it finishes below. To fill in a top, another order must be trained.
# - **No code.** Colour, belly, tail are nowhere to be found as numbers that one could turn. The variational autoencoder (lesson 06) has such
#   numbers, and draws all pixels in one go.
#
# ## 10 · Try it
#
# 1. Let the near-sighted network see its own row in full (`near | (row[:, None] == row)`). Which rules come back?
# 2. Train on `x_train[:3000]` for eight epochs, as many steps. Do the endings still keep the rules? How far apart are the nats of training and held-out ones?
# 3. Turn all pictures upside down (`x.flip(1)`) and train. Now the feet are given. What is settled, what is free?
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(near_sighted, different, another, warm)

# %% [markdown]
# - A model of the next pixel finishes pictures: start where the given part ends. Many colours take a softmax where two took a sigmoid.
# - What it cannot see it cannot keep: of the same network with a narrow view hardly an ending was right.
# - Where the truth is known, an ending is judged twice: the rules must hold, *and* what is open must stay open.
# - The nats sit where something is decided.
# - A temperature below 1 takes away slips first, then variety.
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
