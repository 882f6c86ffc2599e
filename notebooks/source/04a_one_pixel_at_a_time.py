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
# 45 minutes to study, 55 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write the probability of an image as a product over its pixels, without any assumption;
# 2. compare generative models by held-out nats, and say when two such figures cannot be compared;
# 3. build a PixelRNN, and say what memory, the pixels above and the position add;
# 4. test that no pixel sees its future, and recognise a model that cheats.
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
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, PixelPainter, Prediction, PredictionCount

grey = digits().to(device)
x_train, x_test = binarised(grey.x_train), binarised(grey.x_test)
pixels = x_train.shape[1]  # 14 × 14: means of 2 × 2 grey pixels, ink where above 0.33
print(f"{len(x_train):,} digits to train on, {len(x_test):,} held out, {pixels} pixels")

# %% [markdown]
# ## 1 · The chain rule
#
# An image is a list of pixels $x_1,\dots,x_{196}$, read like a page: row by row, each row from the left.
# Here each is 1 (ink) or 0 (paper). Its probability is
#
# $$P(x)=P(x_1)\,P(x_2\mid x_1)\,P(x_3\mid x_1,x_2)\cdots=\prod_{n=1}^{196}P(x_n\mid x_1,\dots,x_{n-1}) .$$
#
# This is the chain rule: true of every distribution, nothing is assumed. So whoever can answer one question, *"given
# all pixels so far, how likely is ink here?"*, has a model of whole images. Ask it 196 times, each time toss a coin with that
# probability, and you have an image. No labels are needed: the image itself holds the answers to learn from.

# %% tags=["figure"]
example = x_test[(grey.y_test == 3).nonzero()[0]].view(14, 14).cpu()
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
# **The measure.** How good is such a model? It should find *new* digits likely. Take the (natural) logarithm, and the product becomes
# a sum: the **negative log-likelihood** of a held-out digit,
#
# $$-\log P(x)=-\sum_n\log P(x_n\mid x_1,\dots,x_{n-1}),$$
#
# in **nats** with the natural logarithm, in bits with $\log_2$ (one nat is $1/\log 2$ bits). Each summand is the
# binary cross-entropy of one answer. It is the loss, too: training minimises its mean over the training digits; all nats printed here
# are of held-out ones. We now build a *ladder* of models, each rung seeing or remembering more.


# %%
def losses(model, x):  # the model gives a logit for each pixel, before it sees it
    logits = model(x)  # n × 196; P(ink) is the logit's sigmoid
    return functional.binary_cross_entropy_with_logits(logits, x, reduction="none")


def nats(model, x):
    return losses(model, x).sum(dim=1).mean()


ladder, table = {}, {}
recipe = {"epochs": 9, "batch_size": 32, "learning_rate": 0.03}


def enter(name, model, parameters, **changes):  # train it; a row of the table
    seconds = fit(model, x_train, nats, **recipe | changes, label=name).seconds
    with torch.no_grad():
        each = torch.cat([losses(model, x).sum(dim=1) for x in x_test.split(50)])
    value, error = each.mean().item(), each.std().item() / len(each) ** 0.5
    ladder[name], table[name] = model, (value, parameters, seconds)
    print(f"{name}: {value:.1f} ± {error:.1f} nats, {parameters:,} parameters")
    return value


# %% [markdown]
# ## 2 · Look at nothing, at neighbours, at everything
#
# The smallest step up from nothing is logistic regression: pixel $n$ gets its own weights for the pixels before it,
#
# $$\text{logit}_n=b_n+\sum_{m<n}W_{nm}\,x_m,\qquad P(x_n=1\mid x_1,\dots,x_{n-1})=\text{sigmoid}(\text{logit}_n) .$$
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
    model = Logistic(mask).to(device)
    enter(name, model, int(mask.sum()) + pixels, learning_rate=0.1)
independent, _, _, logistic = (table[name][0] for name in masks)

# %% tags=["figure"]
fair_coin.reveal(independent, within=10)

# %% [markdown]
# Every pixel that may be looked at helps. But the last model already needs a weight for each *pair* of pixels, and in a
# weighted sum a pixel's weight is the same whatever the other pixels are: it cannot say "ink here if one of these two has ink, but not
# both". (± is the standard error of the mean over the held-out digits.)
#
# ## 3 · A memory
#
# A recurrent network reads the pixels in order and keeps a **state**; the weights are the same at every pixel. The state of an **LSTM** is two vectors, here of 64 numbers each: $c_n$, what is noted down, and $h_n$, what of it
# is said now. With $i,f,o$ between 0 and 1 and $g$ between $-1$ and 1, all computed from the input and $h_{n-1}$,
#
# $$c_n=f\odot c_{n-1}+i\odot g,\qquad h_n=o\odot\tanh c_n,\qquad \text{logit}_n=w\cdot h_n+b .$$
#
# The **gates** $f$, $i$ and $o$ say how much to keep, to write and to say; $g$ is what could be written ($\odot$ multiplies number by number).
#
# The input is the previous pixel. We can make it easier: hand over the pixels **above** (two rows of seven), which the state would otherwise have to
# carry for a row, and the **position**.


# %%
class PixelRNN(nn.Module):
    def __init__(self, side=14, rows=2, reach=3, position=True, units=64):
        super().__init__()
        self.side, self.rows, self.reach, self.position = side, rows, reach, position
        inputs = 1 + rows * (2 * reach + 1) + 2 * side * position
        self.lstm = nn.LSTM(inputs, units, batch_first=True)
        self.lstm.bias_ih_l0.data[units : 2 * units] = 1  # forget less at first
        self.output = nn.Linear(units, 1)

    def inputs(self, x):
        side, rows, reach = self.side, self.rows, self.reach
        seen = [functional.pad(x, (1, 0))[:, :-1, None]]  # the previous pixel
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
# (`unfold` cuts the window above each pixel out of the image. Step size and window were chosen on 800 of the training digits. The last version gets 12 epochs, the others 7: part of its lead is training.)

# %% tags=["figure"]
who_wins = Prediction(
    "An LSTM that gets only the previous pixel, against the logistic model that sees all "
    "pixels before, with about as many parameters: which has fewer nats?",
    ["the LSTM, by more than 1 nat", "about equal", "the logistic model, by more than 1"],
)
who_wins

# %%
versions = {
    "LSTM, previous pixel": {"rows": 0, "position": False},
    "LSTM, previous, above": {"position": False},
    "LSTM, previous, above, position": {},
}
epochs = dict(zip(versions, (7, 7, 12)))  # the last is the one that we keep
for name, options in versions.items():
    model = PixelRNN(**options).to(device)
    count = sum(p.numel() for p in model.parameters())
    enter(name, model, count, epochs=epochs[name])
blind, above, full = (table[name][0] for name in versions)

# %% tags=["figure"]
gap = logistic - blind
outcomes = "the LSTM, by more than 1 nat", "the logistic model, by more than 1"
who_wins.reveal("about equal" if abs(gap) <= 1 else outcomes[gap < 0])

# %% [markdown]
# How much of this is *memory*? The same network once more, with all three inputs and as many epochs, but its state is forgotten after each pixel: $c_{n-1}=h_{n-1}=0$.


# %%
class Forgetful(PixelRNN):
    def forward(self, x):
        lstm, seen = self.lstm, self.inputs(x)
        numbers = functional.linear(seen, lstm.weight_ih_l0, lstm.bias_ih_l0)
        i, _, g, o = numbers.chunk(4, dim=2)
        h = o.sigmoid() * torch.tanh(i.sigmoid() * g.tanh())
        return self.output(h)[..., 0]


model = Forgetful().to(device)
forgetful = enter("the same, without memory", model, table[name][1], epochs=12)

# %%
claim(
    "C11a",
    "A PixelRNN predicts held-out digits, threshold 0.33, at 30.0 nats or fewer",
    full,
    kind="experiment",
    at_most=30.0,
    unit="nats",
    control=("logistic, all before", logistic),
)
claim(
    "C11b",
    "A PixelRNN is 4 nats or more below the logistic model that sees all pixels before",
    logistic - full,
    kind="experiment",
    at_least=4,
    unit="nats",
    control=("the same network without memory", logistic - forgetful),
)

# %% [markdown]
# ## 4 · Is this a hidden Markov model?
#
# You may read that PixelRNN makes a "hidden Markov assumption". It makes none. A **hidden Markov model** predicts from every earlier
# pixel, too, and obeys the chain rule like any model. But it assumes more: behind the pixels is *one of K states*, drawn by lot from the
# state before; once you know it, the past no longer matters. So, however precise the belief in each state, all pixels so far can say at most
# $\log K$ nats about all pixels to come. An LSTM's state is computed, never drawn, and has no such bound. (WaveNet, in lesson
# 04d, makes another assumption: a finite window.)
#
# Here is one with 70 states, trained by gradient on the same pixels in the same order, with a step size, batch and start of its own:
# at the start each state mostly leads to the next, like a counter. (It is trained briefly; in trials more brought it near the Markov chain, not below.)


# %%
class HiddenMarkov(nn.Module):
    def __init__(self, states=70):
        super().__init__()
        self.start = nn.Parameter(torch.randn(states))
        onward = torch.eye(states).roll(1, 1)
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
names = ["logistic, previous pixel", "logistic, neighbours", "logistic, all before"]
names += ["LSTM, previous pixel"]
rungs = {f"{name}: {table[name][0]:.0f} nats": table[name][0] for name in names}
where_hmm = Prediction("Near which rung will the hidden Markov model stand?", [*rungs])
where_hmm

# %%
markov = HiddenMarkov().to(device)
other = {"epochs": 3, "batch_size": 128, "learning_rate": 0.3}  # better for this one
hidden = enter("hidden Markov, 70 states", markov, 70 + 70 * 70 + 70, **other)

# %% tags=["figure"]
where_hmm.reveal(min(rungs, key=lambda rung: abs(rungs[rung] - hidden)))

# %%
claim(
    "C11c",
    "A hidden Markov model with 70 states is 10 nats or more above a PixelRNN with 64 "
    "units: both predict from the same past",
    hidden - full,
    kind="experiment",
    at_least=10,
    unit="nats",
    control=("logistic, all before, in its place", logistic - full),
)

# %% [markdown]
# **Predict first:** the Markov chain of section 2 looks at one pixel only, and has fewer nats. What does it have? A table for each *place*. The hidden Markov model
# must count the place with its states; we think that most are used for this (exercise 3).

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


drawn, seconds = {"held-out digits": x_test[:30]}, {}
for name, model in ladder.items():
    started = time.perf_counter()
    drawn[name] = sample_anew(model, 30)
    seconds[name] = time.perf_counter() - started

# %% tags=["figure"]
shown = ["held-out digits", "independent pixels", "logistic, previous pixel"]
shown += ["hidden Markov, 70 states", "logistic, all before"]
shown += ["LSTM, previous pixel", "LSTM, previous, above, position"]
plotting.image_grid({name: drawn[name][:12] for name in shown}, side=14, scale=0.85)

# %% [markdown]
# What share of the images is in one piece, as digits mostly are?


# %%
def one_piece(x):  # share of images of one connected piece, diagonal neighbours included
    images = x.view(-1, 14, 14).cpu().numpy()
    return sum(label(image, torch.ones(3, 3))[1] == 1 for image in images) / len(images)


for name, x in drawn.items():
    print(f"{name:32} {one_piece(x):4.2f} in one piece")

# %% [markdown]
# ### Keep the state
#
# Running the whole network for each pixel is waste: the state $(h_n,c_n)$ holds all that is needed of the pixels so far. Keep it,
# and each pixel costs one step of the LSTM. (`start`: the pixels before it are given. `temperature` divides the logit:
# below 1 the likelier colour comes more often.)


# %%
@torch.no_grad()
def sample(model, x, start=0, temperature=1.0):
    x, state = x.clone(), None
    for n in range(x.shape[1]):
        states, state = model.lstm(model.inputs(x)[:, n : n + 1], state)  # one step
        if n >= start:
            logit = model.output(states)[:, 0, 0]
            x[:, n] = torch.bernoulli(torch.sigmoid(logit / temperature))
    return x


pixel_rnn = ladder["LSTM, previous, above, position"]
started = time.perf_counter()
digits_drawn = sample(pixel_rnn, torch.zeros(30, pixels, device=device))
kept = time.perf_counter() - started
many = one_piece(sample(pixel_rnn, torch.zeros(300, pixels, device=device)))
whole = seconds["LSTM, previous, above, position"]
print(f"30 digits: {whole:.2f} s with the whole network", end=", ")
print(f"{kept:.2f} s with the kept state")


# %%
claim(
    "C11d",
    "At least 7 of 10 digits that a PixelRNN draws are in one piece",
    many,
    kind="experiment",
    at_least=0.7,
    control=("logistic, all before", one_piece(drawn["logistic, all before"])),
)

# %% [markdown]
# ### Your turn
#
# This network now runs in your browser. Set the slider "digit (0: blank)" to 0 and the row to 0, and press Play: it draws four digits, pixel by
# pixel; below each stands the probability of ink for the next pixel. Then paint the top of a digit yourself, or take a held-out one:
# the network goes on from any beginning. (At temperature 0 the likelier colour always comes.)

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
axes[0].set_title("twelve of its drawings, not chosen; blue: not yet drawn")
plt.show()

# %% [markdown]
# The table so far; "drawing" is the time for 30 digits, the whole network run for each pixel.

# %% tags=["figure"]
print(f"{'':32} nats  bits/pixel  parameters  training  drawing")
for name, (value, parameters, fitting) in table.items():
    bits = value / math.log(2) / pixels
    times = f"{fitting:6.1f} s {seconds[name]:7.2f} s"
    print(f"{name:32} {value:4.1f} {bits:11.3f} {parameters:11,} {times}")
print(f"the last one with the kept state: {kept:.2f} s")

# %% [markdown]
# ## 6 · Does a pixel see its future?
#
# If output $n$ depends on pixel $n$ itself or on a later one, the model cheats: in training it copies the
# answer, and when it draws, the answer is not there yet. Two tests. The gradient of output $n$ with respect to every input
# from $n$ on must be 0. Not small: 0. (A batch of 196 copies of one digit gives all gradients in one backward pass.) And because a gradient can be 0 by
# chance: put random pixels in place of all from $n$ on, and no output up to $n$ may change.


# %%
def influence(model, image):  # |∂ logit n / ∂ pixel m|: row n, column m
    copies = image.repeat(pixels, 1).requires_grad_()
    model(copies).diagonal().sum().backward()  # copy n asks for output n only
    return copies.grad.abs()


@torch.no_grad()
def changed(model, n):  # by another future, the largest change of outputs 1 to n
    x = x_test[:100].clone()
    before = model(x)[:, : n + 1]
    x[:, n:] = torch.bernoulli(torch.full_like(x[:, n:], 0.5))
    return (model(x)[:, : n + 1] - before).abs().max().item()


broken = Logistic(number[None] <= number[:, None]).to(device)  # < would be right

# %% tags=["figure"]
too_good = Prediction(
    "This mask has one wrong sign: each pixel sees itself, too. The honest model had "
    f"{logistic:.0f} nats. How many has this one?",
    (0, 60),
    unit="nats",
)
too_good

# %%
count = int(broken.mask.sum()) + pixels
cheating = enter("each pixel sees itself", broken, count, learning_rate=0.1)
from_cheat = sample_anew(broken, 30)
for name, x in {"it draws": from_cheat, "held out": x_test}.items():
    print(f"{name}: {x.sum(1).mean():.1f} ink pixels, {one_piece(x):.2f} in one piece")

# %% tags=["figure"]
too_good.reveal(cheating, within=4)

# %% tags=["figure"]
rows = {"held-out digits": x_test[:12], "the cheat draws": from_cheat[:12]}
plotting.image_grid(rows, side=14, scale=0.85)

# %%
future = torch.ones_like(past).triu().to(device)  # m ≥ n
honest = {"LSTM": pixel_rnn, "logistic": ladder["logistic, all before"]}
honest["hidden Markov"] = markov
image = x_test[(grey.y_test == 3).nonzero()[0, 0]]
gradients = {name: influence(model, image) for name, model in honest.items()}
gradients["broken"] = influence(broken, image)
leaks = {name: (slope * future).max().item() for name, slope in gradients.items()}
for name, model in [*honest.items(), ("broken", broken)]:
    leaks[name] = max(leaks[name], *(changed(model, n) for n in (0, 50, 100, 150)))

# %%
claim(
    "C11e",
    "No output of three models has a gradient to its own or a later pixel, or changes "
    "with them: the largest gradient or change",
    max(leaks[name] for name in honest),
    kind="identity",
    at_most=0.0,
    control=("the mask with ≤", leaks["broken"]),
)

# %% [markdown]
# Too good to be true, and it draws rubble: where it looks for the answer there is still paper. Its few nats are the likelihood of nothing: they don't
# sum to 1 over all images. Move the slider and see where each
# model looks (the darker, the larger the gradient; each tile has its own scale).

# %% tags=["figure"]
tint, dark, red = torch.tensor([[0.87, 0.87, 0.87], [0, 0.27, 0.5], [0.84, 0.1, 0.1]])


def looks(n):  # grey: not yet drawn; red: a gradient that must not be
    so_far = (1 - image[:, None].cpu()).repeat(1, 3)
    so_far[n:] = tint
    panels = [so_far]
    for slopes in gradients.values():
        slope = slopes[n, :, None].cpu()
        share = (slope / slope[:n].max().clamp(min=1e-9)).clamp(max=1)
        panels.append(1 - share.sqrt() * (1 - dark))
        panels[-1][n:] = torch.where(slope[n:] > 0, red, tint)
    tiles = torch.ones(len(panels), 16, 16, 3)
    tiles[:, 1:-1, 1:-1] = torch.stack(panels).view(-1, 14, 14, 3)
    row = torch.cat(list(tiles), 1).repeat_interleave(10, 0).repeat_interleave(10, 1)
    return (255 * row).round().byte().numpy()


steps = range(1, pixels, 3)
captions = [
    f"pixel {n + 1} (row {n // 14 + 1}, column {n % 14 + 1}). From the left: "
    f"the digit, {', '.join(gradients)}. Grey: not yet drawn. Red: must not be."
    for n in steps
]
FramePlayer([looks(n) for n in steps], captions, label="pixel", start=34)

# %% [markdown]
# ## 7 · Compare like with like
#
# The paper that named PixelRNN reports 79.2 nats on MNIST (van den Oord et al. 2016). Are we better? The figures cannot be
# compared: those images have 28 × 28 pixels, and each was binarised **by lot**, with its grey as the probability of ink. How each lot falls
# no model can know; that alone costs nats. Ours are 14 × 14, cut at a fixed threshold. How much does the threshold alone change? Take the simplest model.


# %%
def independent_nats(threshold, part=slice(None)):
    p = binarised(grey.x_train, threshold=threshold).mean(0).clamp(1e-4, 1 - 1e-4)
    x = binarised(grey.x_test[part], threshold=threshold)
    return -(x * p.log() + (1 - x) * (1 - p).log()).sum(1).mean().item()


for threshold in (0.1, 0.33, 0.5, 0.7):
    x = binarised(grey.x_test, threshold=threshold)
    print(f"threshold {threshold}: {independent_nats(threshold):.1f} nats", end=", ")
    print(f"{x.sum(1).mean():.0f} ink pixels, {one_piece(x):.2f} in one piece")
halves = [independent_nats(0.33, part) for part in (slice(500), slice(500, None))]
claim(
    "C11f",
    "The threshold 0.5 in place of 0.33 lowers the independent pixels' nats by 4 or more",
    independent_nats(0.33) - independent_nats(0.5),
    kind="experiment",
    at_least=4,
    unit="nats",
    control=("two halves of the held-out digits", abs(halves[0] - halves[1])),
)

# %% [markdown]
# At 0.5 there is less ink to predict, and more strokes are broken. Nats compare models of the *same* data.
#
# ## 8 · Where it breaks
#
# - **Slow.** An image costs one step a pixel, one after another, here in training, too (lesson 04b trains all at once).
# - **One order.** It finishes pictures from above only (lesson 04c does that, and judges the endings).
# - **Slips stay.** Some of its drawings are no digit: perhaps an unlikely pixel was drawn, and all later ones had to go on from there.
# - **No code.** No vector stands for the digit; there is nothing to move behind a slider. A variational autoencoder (lesson 06) has one, and
#   pays with a bound in place of exact nats.
#
# ## 9 · Try it
#
# 1. Feed the images turned by 180° (`x.flip(1)`) in training and test. Does the order change the nats?
# 2. Draw with temperature 0.5 and 2. What happens to the share in one piece?
# 3. Give the hidden Markov model 200 states. Does it get below the Markov chain? Plot `belief` along a digit: what does it count?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(fair_coin, who_wins, where_hmm, too_good)

# %% [markdown]
# - $P(x)=\prod_n P(x_n\mid x_1,\dots,x_{n-1})$ always holds. A model of the next pixel is a model of images; it learns without labels, and
#   draws pixel by pixel.
# - Held-out nats say how likely the model finds new digits, not how good its drawings look. They depend on the data's preparation.
# - What is near, everything before, a memory, the pixels above, the position: the table says how low each came.
# - It is no hidden Markov model: that one, with 70 states, was far behind an LSTM of 64 units.
# - No pixel may see itself or its future: test it. A leak shows as nats too good to be true.
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
