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
# # 04a · One pixel at a time
#
# **How can a network that only ever predicts the next pixel draw a digit, and what does memory buy?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04a_one_pixel_at_a_time.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04a_one_pixel_at_a_time.ipynb) ·
# 40 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write the probability of an image as a product over its pixels, without any assumption;
# 2. compare generative models by held-out nats, and say when two such figures cannot be compared;
# 3. build a PixelRNN, and say what its memory, the pixels above and the position are each worth;
# 4. prove that no pixel sees its future, and recognise a model that cheats.
#
# **Builds on** lesson 01 (training a network). Logistic regression and the chain rule of probability are assumed.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04a")

# %%
import math
import time

import matplotlib.pyplot as plt
import torch
from scipy.ndimage import label
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import binarised, digits
from lessons_lib.training import evaluate, fit
from lessons_lib.widgets import FramePlayer, PixelPainter, Prediction, PredictionCount

grey = digits().to(device)
x_train, x_test = binarised(grey.x_train), binarised(grey.x_test)
pixels = x_train.shape[1]  # 14 × 14: means of 2 × 2 grey pixels, ink where above 0.33

# %% [markdown]
# ## 1 · The chain rule
#
# An image is a list of pixels $x_1,\dots,x_{196}$, read like a page: row by row, each row from the left.
# Here each is 1 (ink) or 0 (paper). Its probability is
#
# $$P(x)=P(x_1)\,P(x_2\mid x_1)\,P(x_3\mid x_1,x_2)\cdots=\prod_{n=1}^{196}P(x_n\mid x_1,\dots,x_{n-1}) .$$
#
# This is the chain rule: true of every distribution, nothing is assumed. So whoever can answer one question, *"given
# all pixels so far, how likely is ink here?"*, has a model of whole images. Asked 196 times, with each answer drawn by lot,
# it makes an image. No labels are needed: the image itself holds the answers to learn from.

# %% tags=["figure"]
example, n = x_test[(grey.y_test == 3).nonzero()[0]].view(14, 14).cpu(), 104
order = torch.arange(pixels).view(14, 14)
figure, axes = plt.subplots(1, 3, figsize=(13, 4.4), layout="constrained")
for ax, n in zip(axes, (48, 104, 160)):
    colours = torch.ones(14, 14, 3)
    colours[example > 0] = 0.13
    colours[order >= n] = torch.tensor([0.8, 0.87, 0.96])
    ax.imshow(colours, extent=(0, 14, 14, 0))
    ax.set(xticks=range(15), yticks=range(15), xticklabels=[], yticklabels=[])
    ax.tick_params(length=0)
    ax.grid(True, alpha=0.5)
    row, column = divmod(n, 14)
    ax.text(column + 0.5, row + 0.55, "?", ha="center", va="center", fontweight="bold")
    box = plt.Rectangle((column, row), 1, 1, fill=False, color=plotting.COLOURS[1], lw=4)
    ax.add_patch(box)
    ax.set_title(f"pixel {n + 1}: may look at {n} pixels,\nnot at the blue ones")
plt.show()

# %% [markdown]
# **The measure.** How good is such a model? It should find *new* digits likely. Take the logarithm, and the product becomes
# a sum: the **negative log-likelihood** of a held-out digit,
#
# $$-\log P(x)=-\sum_n\log P(x_n\mid x_1,\dots,x_{n-1}),$$
#
# in **nats** with the natural logarithm, in bits with $\log_2$ (one nat is $1/\log 2$ bits). Each summand is the
# binary cross-entropy of one answer. It is the loss, too.


# %%
def nats(model, x):  # the model gives a logit for each pixel, before it sees it
    logits = model(x)  # n × 196; P(ink) is the logit's sigmoid
    losses = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return losses.sum(dim=1).mean()


ladder, table = {}, {}
recipe = {"epochs": 8, "batch_size": 32, "learning_rate": 0.03}


def enter(name, model, parameters, **changes):  # train it; a row of the table
    seconds = fit(model, x_train, nats, **recipe | changes, label=name).seconds
    value = evaluate(model, x_test, nats, batch_size=200)  # held out
    ladder[name], table[name] = model, (value, parameters, seconds)
    bits = value / math.log(2) / pixels
    print(f"{name}: {value:.1f} nats, or {bits:.3f} bits a pixel;", end=" ")
    print(f"{parameters:,} parameters")
    return value


# %% [markdown]
# ## 2 · Look at nothing, at neighbours, at everything
#
# The smallest step up from nothing is logistic regression: pixel $n$ gets its own weights for the pixels before it,
#
# $$\text{logit}_n=b_n+\sum_{m<n}W_{nm}\,x_m .$$
#
# A **mask** says which pixels count. With no pixel at all every pixel has a probability of its own; with the previous one
# only, this is a Markov chain; then the neighbours, then all.


# %%
class Logistic(nn.Module):
    def __init__(self, mask):  # pixels × pixels: 1 where pixel n (row) may see m (column)
        super().__init__()
        self.register_buffer("mask", mask.float())
        self.weight = nn.Parameter(torch.zeros(len(mask), len(mask)))
        self.bias = nn.Parameter(torch.zeros(len(mask)))

    def forward(self, x):
        return functional.linear(x, self.weight * self.mask, self.bias)


number = torch.arange(pixels)
row, column = number // 14, number % 14
past = number[None] < number[:, None]  # m < n
near = (row[:, None] - row <= 3) & ((column[:, None] - column).abs() <= 3)
masks = {
    "independent pixels": torch.zeros(pixels, pixels),
    "logistic, previous pixel": number[None] == number[:, None] - 1,
    "logistic, neighbours": past & near,
    "logistic, all before": past,
}

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(13, 3.6), layout="constrained")
for ax, (name, mask) in zip(axes, masks.items()):
    colours = torch.ones(14, 14, 3)
    colours[order >= 104] = torch.tensor([0.8, 0.87, 0.96])
    colours[mask[104].view(14, 14) > 0] = torch.tensor([0.13, 0.13, 0.13])
    ax.imshow(colours, extent=(0, 14, 14, 0))
    ax.add_patch(plt.Rectangle((6, 7), 1, 1, fill=False, color=plotting.COLOURS[1], lw=4))
    ax.set(xticks=range(15), yticks=range(15), xticklabels=[], yticklabels=[], title=name)
    ax.tick_params(length=0)
    ax.grid(True, alpha=0.5)
figure.supxlabel("black: what pixel 105 (orange frame) sees; blue: itself and its future")
plt.show()

# %% tags=["figure"]
fair_coin = Prediction(
    "If each pixel were a fair coin, a digit would cost 196 · log 2 = 136 nats. Let each "
    "pixel have a probability of its own, still independent of all others. The cost?",
    (0, 136),
    unit="nats",
)
fair_coin

# %%
for name, mask in masks.items():
    enter(name, Logistic(mask).to(device), int(mask.sum()) + pixels)
independent, chain, near_by, logistic = (table[name][0] for name in masks)

# %% tags=["figure"]
fair_coin.reveal(independent, within=10)

# %% [markdown]
# Every pixel that may be looked at helps. But the last model already needs a weight for each *pair* of pixels, and no sum of
# weighted pixels can say "the stroke turned left, and then came back".
#
# ## 3 · A memory
#
# A recurrent network reads the pixels in order and keeps a **state** $h_n$, here the 64 numbers of an LSTM. What it has
# learned to note down goes on; the weights are the same at every pixel:
#
# $$h_n=\text{LSTM}(h_{n-1},\,\text{input}_n),\qquad \text{logit}_n=w\cdot h_n+b .$$
#
# The input is the previous pixel. We can make it easier: hand over the pixels **above** (two rows of
# seven), which the state would otherwise have to carry for a whole row, and the **position**, which it would have to count.


# %%
class PixelRNN(nn.Module):
    def __init__(self, side=14, rows=2, reach=3, position=True, units=64):
        super().__init__()
        self.side, self.rows, self.reach, self.position = side, rows, reach, position
        inputs = 1 + rows * (2 * reach + 1) + 2 * side * position
        self.lstm = nn.LSTM(inputs, units, batch_first=True)
        self.lstm.bias_ih_l0.data[units : 2 * units] = 1  # at first the state is kept
        self.output = nn.Linear(units, 1)

    def inputs(self, x):
        side, rows, reach = self.side, self.rows, self.reach
        seen = [
            functional.pad(x, (1, 0))[:, :-1, None]
        ]  # previous pixel; paper before the first
        if rows:
            paper = functional.pad(x.view(-1, 1, side, side), (reach, reach, rows, 0))
            seen.append(functional.unfold(paper[:, :, :-1], (rows, 2 * reach + 1)).mT)
        if self.position:
            eye = torch.eye(side, device=x.device)
            place = torch.cat([eye.repeat_interleave(side, 0), eye.repeat(side, 1)], 1)
            seen.append(place.expand(len(x), -1, -1))
        return torch.cat(seen, 2)

    def forward(self, x):
        return self.output(self.lstm(self.inputs(x))[0])[..., 0]


# %% [markdown]
# (`inputs` makes, of n images, an array n × 196 × inputs. `unfold` cuts the window above each pixel out of the image, with
# paper around it.) The mean is over 4,000 digits that it trains on; the nats are of 1,000 others. Epochs, step size and
# window were chosen on 800 of the training digits, in twelve trials.

# %% tags=["figure"]
who_wins = Prediction(
    "The LSTM that gets only the previous pixel has 17,217 parameters, the logistic "
    "model that sees all pixels before has 19,306. Which has fewer nats?",
    ["the LSTM, by more than 1 nat", "about equal", "the logistic model, by more than 1"],
)
who_wins

# %%
versions = {
    "LSTM, previous pixel": {"rows": 0, "position": False},
    "LSTM, and those above": {"position": False},
    "LSTM, and the position": {},
}
for name, options in versions.items():
    model = PixelRNN(**options).to(device)
    enter(name, model, sum(p.numel() for p in model.parameters()))
blind, above, full = (table[name][0] for name in versions)

# %% tags=["figure"]
gap = logistic - blind
outcomes = "the LSTM, by more than 1 nat", "the logistic model, by more than 1"
who_wins.reveal("about equal" if abs(gap) <= 1 else outcomes[gap < 0])

# %%
claim(
    "C11a",
    "A PixelRNN predicts held-out digits, threshold 0.33, at 30.0 nats or fewer",
    full,
    kind="experiment",
    at_most=30.0,
    unit="nats",
    control=("the best logistic model", logistic),
)
claim(
    "C11b",
    "It is 4 nats or more below the best logistic model",
    logistic - full,
    kind="experiment",
    at_least=4,
    unit="nats",
    control=("the LSTM that gets only the previous pixel", logistic - blind),
)

# %% [markdown]
# ## 4 · Is this a hidden Markov model?
#
# You may read that PixelRNN makes a "hidden Markov assumption". It makes none: the chain rule holds as it is, and
# $h_n$ may depend on *every* earlier pixel. A **hidden Markov model** does assume something. It is in one of $K$ states, moves
# by lot from state to state, and each state has its probability of ink. All it can know of the past is its belief in $K$ states.
#
# Here is one with 64 states, trained like the LSTM. It reads the same pixels in the same order.


# %%
class HiddenMarkov(nn.Module):
    def __init__(self, states=64):
        super().__init__()
        self.start = nn.Parameter(torch.randn(states))
        onward = torch.eye(states).roll(
            1, 1
        )  # at first each state mostly leads to the next
        self.move = nn.Parameter(6 * onward + torch.randn(states, states))
        self.ink = nn.Parameter(2 * torch.randn(states))

    def forward(self, x):
        move, ink = self.move.softmax(1), self.ink.sigmoid()
        belief = self.start.softmax(0).expand(len(x), -1)  # n × states
        logits = []
        for pixel in x.T[:, :, None]:  # n × 1
            logits.append(torch.logit(belief @ ink, eps=1e-6))
            belief = belief * (pixel * ink + (1 - pixel) * (1 - ink))  # Bayes' rule
            belief = belief / belief.sum(1, keepdim=True) @ move
        return torch.stack(logits, 1)


# %% tags=["figure"]
rungs = ["logistic, previous pixel", "logistic, neighbours", "logistic, all before"]
rungs += ["LSTM, previous pixel"]
where_hmm = Prediction(
    "Near which of these rungs will the hidden Markov model with 64 states stand?", rungs
)
where_hmm

# %%
markov = HiddenMarkov().to(device)
other = {"epochs": 5, "batch_size": 128, "learning_rate": 0.3}  # better for this one
hidden = enter("hidden Markov, 64 states", markov, 64 + 64 * 64 + 64, **other)

# %% tags=["figure"]
where_hmm.reveal(min(rungs, key=lambda name: abs(table[name][0] - hidden)))

# %%
claim(
    "C11c",
    "From the same pixels in the same order, a hidden Markov model's nats above "
    "those of an LSTM with as many units as it has states",
    hidden - blind,
    kind="experiment",
    at_least=10,
    unit="nats",
    control=("the logistic neighbours'", near_by - blind),
)

# %% [markdown]
# **Predict first**, before you read on: the Markov chain of section 2 needs only the previous pixel. How can it keep up with 64
# states?
#
# It has a table for each place; this model must *count* the place with its states (the start that leads each state on to the next
# helps it; step size and start were chosen in nine trials). A belief over $K$ states holds at most $\log K$ nats about the
# past, here 4.2, and place, stroke and slant have to share them. 64 real numbers, each free to note something else, hold far more.

# %% [markdown]
# ## 5 · Draw
#
# To draw an image, start from paper, ask for the first pixel's probability, toss a coin with it, put the result in, ask for
# the second. Any model on the ladder can do it: run the whole network, use one of its 196 answers, throw the rest away.


# %%
@torch.no_grad()
def sample_anew(model, count):
    x = torch.zeros(count, pixels, device=device)
    for n in range(pixels):
        x[:, n] = torch.bernoulli(torch.sigmoid(model(x)[:, n]))
    return x


drawn, seconds = {"held-out digits": x_test[:60]}, {}
for name, model in ladder.items():
    started = time.perf_counter()
    drawn[name] = sample_anew(model, 60)
    seconds[name] = time.perf_counter() - started

# %% tags=["figure"]
shown = ["held-out digits", "independent pixels", "logistic, previous pixel"]
shown += ["hidden Markov, 64 states", "logistic, all before"]
shown += ["LSTM, previous pixel", "LSTM, and the position"]
plotting.image_grid({name: drawn[name][:12] for name in shown}, side=14, scale=0.85)

# %% [markdown]
# A number for what you see: how many separate pieces does an image have? A digit is one piece, seldom two.


# %%
def pieces(x):  # the mean number of connected pieces, diagonal neighbours included
    images = x.view(-1, 14, 14).cpu().numpy()
    return sum(label(image, torch.ones(3, 3))[1] for image in images) / len(images)


for name, x in drawn.items():
    print(f"{name:27} {pieces(x):5.2f} pieces")

# %%
claim(
    "C11d",
    "What a PixelRNN draws holds together: separate pieces in an image",
    pieces(drawn["LSTM, and the position"]),
    kind="experiment",
    at_most=1.6,
    control=("logistic, all before", pieces(drawn["logistic, all before"])),
)

# %% [markdown]
# ### Keep the state
#
# Running the whole network for each pixel is waste: the state $h_n$ holds all that is needed of the pixels so far. Keep it,
# and each pixel costs one step. (With `start`, the pixels before it stay as they are given: lesson 04c finishes pictures so,
# and there the temperature comes in, too.)


# %%
@torch.no_grad()
def sample(model, x, start=0, temperature=1.0):
    x, state = x.clone(), None
    for n in range(x.shape[1]):
        states, state = model.lstm(model.inputs(x)[:, n : n + 1], state)
        if n >= start:
            logit = model.output(states)[:, 0, 0]
            x[:, n] = torch.bernoulli(torch.sigmoid(logit / temperature))
    return x


pixel_rnn = ladder["LSTM, and the position"]
started = time.perf_counter()
digits_drawn = sample(pixel_rnn, torch.zeros(60, pixels, device=device))
kept = time.perf_counter() - started
print(
    f"100 digits: {seconds['LSTM, and the position']:.2f} s with the whole network",
    end=", ",
)
print(f"{kept:.2f} s with the kept state")


# %%
@torch.no_grad()
def logits_one_by_one(model, x, keep=True):
    state, logits = None, []
    for n in range(pixels):
        states, state = model.lstm(model.inputs(x)[:, n : n + 1], state if keep else None)
        logits.append(model.output(states)[:, 0, 0])
    return torch.stack(logits, 1)


with torch.no_grad():
    whole = pixel_rnn(x_test[:100])
apart = {k: (logits_one_by_one(pixel_rnn, x_test[:100], k) - whole).abs() for k in (1, 0)}
claim(
    "C11e",
    "The kept state gives the same logits as running the network over all pixels so far",
    apart[1].max().item(),
    kind="identity",
    at_most=1e-4,
    control=("state forgotten after each pixel", apart[0].max().item()),
)

# %% [markdown]
# ### Your turn
#
# This network now runs in your browser. Choose digit 0, blank paper, and row 0, and press Play: it draws four digits, pixel by
# pixel; below each stands the probability of ink for the next pixel. Then paint the top of a digit yourself, or take a held-out one:
# the network goes on from any beginning. (Temperature 0 always takes the likelier colour.)

# %% tags=["figure"]
PixelPainter(pixel_rnn, x_test[:50])

# %% tags=["figure", "opening"]
blue = torch.tensor([0.8, 0.87, 0.96])
figure, axes = plt.subplots(4, 1, figsize=(12, 5.2), layout="constrained")
for ax, n in zip(axes, (56, 98, 140, 196)):
    tiles = (1 - digits_drawn[8:20].cpu())[:, :, None].repeat(1, 1, 3)
    tiles[:, n:] = blue
    padded = torch.ones(12, 16, 18, 3)
    padded[:, 1:-1, 2:-2] = tiles.view(12, 14, 14, 3)
    ax.imshow(torch.cat(list(padded), 1))
    ax.set(xticks=[], yticks=[])
    ax.set_ylabel(f"{n} pixels", rotation=0, ha="right", va="center")
    ax.spines[:].set_visible(False)
    ax.grid(False)
plt.show()

# %% [markdown]
# The table so far, with the time to draw 60 digits, the whole network run for each pixel. What the independent pixels pay,
# they pay for knowing nothing of one another.

# %% tags=["figure"]
print(f"{'':27} nats  bits/pixel  parameters  training  drawing")
for name, (value, parameters, fitting) in table.items():
    bits = value / math.log(2) / pixels
    times = f"{fitting:6.1f} s {seconds[name]:7.2f} s"
    print(f"{name:27} {value:4.1f} {bits:11.3f} {parameters:11,} {times}")
print(f"the last one with the kept state: {kept:.2f} s")

# %% [markdown]
# ## 6 · Does a pixel see its future?
#
# If output $n$ depends on pixel $n$ itself or on a later one, the model cheats: in training it copies the
# answer, and when it draws, the answer is not there yet. The test is exact: the gradient of output $n$ with respect to every input
# from $n$ on must be 0. Not small: 0. A batch of 196 copies of one digit gives all gradients in one backward pass.


# %%
def influence(model, image):  # |∂ logit n / ∂ pixel m|: row n, column m
    copies = image.repeat(pixels, 1).requires_grad_()
    model(copies).diagonal().sum().backward()
    return copies.grad.abs()


broken = Logistic(number[None] <= number[:, None]).to(device)  # < would be right

# %% tags=["figure"]
too_good = Prediction(
    "This mask has one wrong sign: each pixel sees itself, too. The honest model had "
    "36 nats. How many has this one?",
    (0, 60),
    unit="nats",
)
too_good

# %%
cheating = enter("each pixel sees itself", broken, int(broken.mask.sum()) + pixels)
from_cheat = sample_anew(broken, 60)
print(f"ink in what it draws: {from_cheat.sum(1).mean():.1f} pixels a digit", end=", ")
print(f"in held-out digits {x_test.sum(1).mean():.1f}")

# %% tags=["figure"]
too_good.reveal(cheating, within=4)

# %%
future = torch.ones_like(past).triu().to(device)  # m ≥ n
honest = {"LSTM": pixel_rnn, "logistic": ladder["logistic, all before"]}
honest["hidden Markov"] = markov
image = x_test[(grey.y_test == 3).nonzero()[0]]
gradients = {name: influence(model, image) for name, model in honest.items()}
gradients["broken"] = influence(broken, image)
leaks = {name: (slope * future).max().item() for name, slope in gradients.items()}
# %%
claim(
    "C11f",
    "No pixel sees itself or its future: the largest gradient of an output with respect "
    "to its own or a later pixel, over three models",
    max(leaks[name] for name in honest),
    kind="identity",
    at_most=0.0,
    control=("the mask with ≤", leaks["broken"]),
)
claim(
    "C11g",
    "A model whose pixels see themselves has nats that are too good to be true",
    cheating,
    kind="experiment",
    at_most=12,
    unit="nats",
    control=("the mask with <", logistic),
)

# %% [markdown]
# Too good, and it draws nothing: where it looks for the answer there is still paper. Training curves don't show this
# mistake, they look better than ever. Move the pixel and see where each model looks (the darker, the larger the gradient).

# %% tags=["figure"]
tint, dark, red = torch.tensor([[0.87, 0.87, 0.87], [0, 0.27, 0.5], [0.84, 0.1, 0.1]])


def looks(
    n,
):  # one tile a model; light grey: the future; red: a gradient that must not be
    tiles = []
    for slopes in gradients.values():
        slope = slopes[n, :, None].cpu()
        colours = 1 - (slope / slope.max().clamp(min=1e-9)).sqrt() * (1 - dark)
        colours[n:] = torch.where(slope[n:] > 0, red, tint)
        tile = torch.ones(16, 16, 3)
        tile[1:-1, 1:-1] = colours.view(14, 14, 3)
        tiles.append(tile.repeat_interleave(13, 0).repeat_interleave(13, 1))
    return (255 * torch.cat(tiles, 1)).round().byte().numpy()


steps = range(1, pixels, 3)
captions = [
    f"pixel {n + 1} (row {n // 14 + 1}, column {n % 14 + 1}). From the left: "
    f"{', '.join(gradients)}. Grey: not yet drawn. Red: sees what it must not see."
    for n in steps
]
FramePlayer([looks(n) for n in steps], captions, label="pixel", start=34)

# %% [markdown]
# ## 7 · Compare like with like
#
# The paper that named PixelRNN reports 79.2 nats on MNIST (van den Oord et al. 2016). Are we better? The figures cannot be
# compared: those images have 28 × 28 pixels, and each was binarised **by lot**, with its grey as the probability of ink, which
# no model can predict. Ours are 14 × 14, cut at a fixed threshold. How much does the threshold alone change? Take the simplest
# model, where the answer can be computed.


# %%
def independent_nats(threshold, part=slice(None)):
    p = binarised(grey.x_train, threshold=threshold).mean(0).clamp(1e-4, 1 - 1e-4)
    x = binarised(grey.x_test[part], threshold=threshold)
    return -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).mean().item()


for threshold in (0.1, 0.33, 0.5, 0.7):
    print(f"threshold {threshold}: {independent_nats(threshold):.1f} nats")
halves = [independent_nats(0.33, part) for part in (slice(500), slice(500, None))]
claim(
    "C11h",
    "The threshold alone moves the independent pixels' nats: 0.33 against 0.5",
    independent_nats(0.33) - independent_nats(0.5),
    kind="experiment",
    at_least=4,
    unit="nats",
    control=("two halves of the held-out digits", abs(halves[0] - halves[1])),
)

# %% [markdown]
# At 0.5 thin strokes break, and there is less ink to predict. Nats compare models of the *same* data, nothing else.
#
# ## 8 · Where it breaks
#
# - **Slow.** An image costs as many steps as it has pixels, one after another, in drawing and here in training, too. Lesson 04b
#   trains all pixels at once.
# - **One order.** Row by row is a choice. The model can finish a picture from above, not from below (lesson 04c).
# - **Small slips add up.** Some of its drawings are no digit: an unlikely pixel was drawn, and all later ones must
#   go on from there.
# - **No code.** There is no vector that stands for the digit, nothing to move behind a slider. That is what a
#   variational autoencoder (lesson 06) has and this lacks; it pays with a bound in place of exact nats.
#
# ## 9 · Try it
#
# 1. Feed the images upside down (`x.flip(1)`) in training and test. Does the order change the nats?
# 2. Give the LSTM 16 units, then 128. Which part of the 6 nats between it and the logistic model is left?
# 3. Draw with temperature 0.5 and 2. What happens to the number of pieces?
# 4. Give the hidden Markov model 200 states. Does it get below the Markov chain, and what is it using its states for?
# 5. Train at threshold 0.5. Is the LSTM still ahead of the logistic model by as much?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(fair_coin, who_wins, where_hmm, too_good)

# %% [markdown]
# - $P(x)=\prod_n P(x_n\mid x_1,\dots,x_{n-1})$ always holds. A model of the next pixel is a model of images; it learns without labels, and
#   draws pixel by pixel.
# - Held-out nats say how good it is, exactly. They depend on the data's preparation: compare like with like.
# - Each step up the ladder helped: what is near, everything before, a memory, the pixels above, the position.
# - It is no hidden Markov model: that one, with a belief over 64 states, was far behind an LSTM of 64 units.
# - No pixel may see itself or its future: test the gradient for exactly 0. A leak shows as nats too good to be true.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | autoregressive model | 自回归模型 | predicts each pixel from those before it |
# | chain rule | 链式法则 | $P(x)$ as a product of conditional probabilities |
# | negative log-likelihood | 负对数似然 | $-\log P(x)$, in nats |
# | nat, bit | 奈特、比特 | unit of information with $\log$, with $\log_2$ |
# | mask | 掩码 | says which pixels a pixel may see |
# | recurrent network | 循环神经网络 | carries a state from pixel to pixel |
# | long short-term memory, LSTM | 长短期记忆网络 | the recurrent network used here |
# | Markov chain | 马尔可夫链 | the next depends on the present only |
# | hidden Markov model | 隐马尔可夫模型 | a Markov chain behind what one sees |
# | binarisation, threshold | 二值化、阈值 | grey to ink or paper |
# | sampling | 采样 | drawing by lot from a distribution |
#
# **References**
#
# - A. van den Oord, N. Kalchbrenner and K. Kavukcuoglu (2016), *Pixel recurrent neural networks*, Proceedings of ICML,
#   arXiv:1601.06759.
# - Y. Bengio and S. Bengio (2000), *Modeling high-dimensional discrete data with multi-layer neural networks*, Advances in
#   Neural Information Processing Systems 12.
# - H. Larochelle and I. Murray (2011), *The neural autoregressive distribution estimator*, Proceedings of AISTATS, 29–37.
# - R. Salakhutdinov and I. Murray (2008), *On the quantitative analysis of deep belief networks*, Proceedings of ICML, 872–879,
#   doi:10.1145/1390156.1390266 (MNIST, binarised by lot).
# - S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9, 1735–1780,
#   doi:10.1162/neco.1997.9.8.1735.
# - L. R. Rabiner (1989), *A tutorial on hidden Markov models and selected applications in speech recognition*,
#   Proceedings of the IEEE 77, 257–286, doi:10.1109/5.18626.
