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
# # 04b · All pixels at once
#
# **How can a convolution predict every pixel of an image in one pass, without looking ahead?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04b_masked_convolution.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04b_masked_convolution.ipynb) ·
# 40 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. build a masked convolution, and say which of two masks belongs to which layer;
# 2. draw and count what a pixel sees through several layers, and find what it never sees;
# 3. say when a convolution is faster than a recurrent network, and when it is slower;
# 4. train a model of 28 × 28 digits in seconds, and judge what it draws.
#
# **Builds on** lesson 04a (the chain rule, nats, PixelRNN, gradients that must be 0).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04b")

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
from lessons_lib.models import PixelRNN, sample
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

grey = digits().to(device)
x_train, x_test = binarised(grey.x_train), binarised(grey.x_test)  # 14 × 14
wide_train, wide_test = (binarised(x, side=28) for x in (grey.x_train, grey.x_test))


def nats(model, x):  # lesson 04a's loss: -log P of an image
    losses = functional.binary_cross_entropy_with_logits(model(x), x, reduction="none")
    return losses.sum(dim=1).mean()


# %% [markdown]
# ## 1 · A convolution that does not look ahead
#
# In training all pixels of an image are known. An LSTM reads them one after another all the same, for it needs its last
# state. A convolution needs no state: it slides one small window of weights over the image, over all places at once. But an
# ordinary window looks in all directions. So we **mask** it: the weights at and after the window's middle, in reading order, are
# multiplied by 0.
#
# The first layer must not see the pixel itself: its middle is 0. In later layers the middle holds only
# what the first layer made of *earlier* pixels, so it may be seen: `itself=True`.


# %%
class MaskedConvolution(nn.Conv2d):
    def __init__(self, inputs, outputs, size, dilation=1, itself=True):
        padding = dilation * (size // 2)  # as many places come out as go in
        super().__init__(inputs, outputs, size, padding=padding, dilation=dilation)
        mask = torch.ones(size * size)
        mask[size * size // 2 + itself :] = 0
        self.register_buffer("mask", mask.view(size, size))

    def forward(self, x):  # n × inputs × side × side to n × outputs × side × side
        places = {"padding": self.padding, "dilation": self.dilation}
        return functional.conv2d(x, self.weight * self.mask, self.bias, **places)


first, later = MaskedConvolution(1, 1, 7, itself=False), MaskedConvolution(1, 1, 3)
print(first.mask.int(), later.mask.int(), sep="\n")

# %% [markdown]
# A window sees little. Several layers see more: a pixel sees its window, in it are places that saw *their* windows, and so on.
# **Dilation** widens a window without more weights: with dilation 2 its nine places lie two pixels apart.
#
# Each block here lets half of what it computes open and close the other half (a **gate**, van den Oord et al. 2016b), and adds the
# result to its input. At the end two layers of single pixels turn 16 channels into one logit. Each place gets numbers of
# its own (`position`), as the PixelRNN got its row and column.


# %%
class GatedBlock(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.look = MaskedConvolution(channels, 2 * channels, 3, dilation)
        self.mix = nn.Conv2d(channels, channels, 1)

    def forward(self, x):
        value, gate = self.look(x).chunk(2, dim=1)
        return x + self.mix(torch.tanh(value) * torch.sigmoid(gate))


class PixelCNN(nn.Module):
    def __init__(self, side, channels=16, dilations=(1, 2, 4, 1, 2)):
        super().__init__()
        self.side = side
        self.first = MaskedConvolution(1, channels, 7, itself=False)
        self.position = nn.Parameter(torch.zeros(channels, side, side))
        self.blocks = nn.Sequential(*(GatedBlock(channels, d) for d in dilations))
        last = nn.Conv2d(channels, channels, 1), nn.ReLU(), nn.Conv2d(channels, 1, 1)
        self.output = nn.Sequential(nn.ReLU(), *last)

    def forward(self, x):  # n × pixels to as many logits
        image = x.view(-1, 1, self.side, self.side)
        seen = self.blocks(self.first(image) + self.position)
        return self.output(seen).flatten(1)


# %% [markdown]
# ## 2 · What does a pixel see?
#
# Ask the gradient, as in lesson 04a: which pixels move output $n$? Here for networks that are not yet trained, with 0, 1, 3 and
# 5 blocks. (Training changes how strongly a pixel looks, hardly where it can.)


# %%
def influence(model, image, n):  # |∂ logit n / ∂ pixel m| for all m
    copy = image[None].clone().requires_grad_()
    model(copy)[0, n].backward()
    return copy.grad[0].abs()


wide, n = 28 * 28, 18 * 28 + 12
sees = {}
for blocks in (0, 1, 3, 5):
    network = PixelCNN(28, dilations=(1, 2, 4, 1, 2)[:blocks]).to(device)
    sees[blocks] = influence(network, torch.rand(wide, device=device), n) > 0
    print(f"{blocks} blocks: {sees[blocks].sum()} of {n} earlier pixels", end=", ")
    print(f"{sees[blocks][n:].sum()} of the others")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(13, 4), layout="constrained")
for ax, (blocks, seen) in zip(axes, sees.items()):
    colours = torch.ones(wide, 3)
    colours[n:] = torch.tensor([0.87, 0.87, 0.87])
    colours[seen.cpu()] = torch.tensor([0.0, 0.45, 0.7])
    ax.imshow(colours.view(28, 28, 3), extent=(0, 28, 28, 0))
    ax.add_patch(plt.Rectangle((12, 18), 1, 1, color=plotting.COLOURS[1]))
    ax.set(xticks=[], yticks=[], title=f"{blocks} blocks: sees {seen.sum()}")
    ax.grid(False)
figure.supxlabel(
    "orange: pixel n; blue: what it sees; white: earlier, not seen; grey: n and later"
)
plt.show()

# %% [markdown]
# **Predict first:** the white wedge at the right lies *before* pixel n in reading order. Will more blocks fill it?
#
# No. Each mask cuts off what lies right of the middle in its own row, and steps through such windows climb at most one pixel to the
# right for each row up in the dilated grid. What lies flatter is a **blind spot**, however many layers there are. (The cure, two stacks
# of convolutions of which one looks at whole rows above, is in van den Oord et al. 2016b.) The receptive field is
# counted so: a window of 7 reaches 3 pixels up, a block with dilation d reaches d more.

# %%
deep = PixelCNN(28, dilations=(1, 2, 4, 1, 2) * 2).to(device)
looking = {"10 blocks": deep, "LSTM": PixelRNN(side=28).to(device)}
image, blind_share, leaks = torch.rand(wide, device=device), {}, {}
for name, model in looking.items():
    slopes = influence(model, image, n)
    blind_share[name] = (slopes[:n] == 0).float().mean().item()
    leaks[name] = max(
        influence(model, image, m)[m:].max().item() for m in range(0, wide, 40)
    )
    print(f"{name}: {blind_share[name]:.3f} of the earlier pixels are never seen")
wrong = PixelCNN(28).to(device)
wrong.first = MaskedConvolution(1, 16, 7, itself=True).to(
    device
)  # the later layers' mask
leaks["wrong"] = influence(wrong, image, n)[n:].max().item()

# %%
claim(
    "C11i",
    "No pixel sees itself or its future: the largest gradient of an output with respect "
    "to its own or a later pixel",
    leaks["10 blocks"],
    kind="identity",
    at_most=0.0,
    control=("the later layers' mask in the first, too", leaks["wrong"]),
)
claim(
    "C11j",
    "Stacked masked windows have a blind spot: the share of earlier pixels that pixel n "
    "never sees, 10 blocks",
    blind_share["10 blocks"],
    kind="theorem",
    at_least=0.1,
    control=("LSTM", blind_share["LSTM"]),
)

# %% [markdown]
# ## 3 · Against the recurrent network
#
# Both on lesson 04a's 14 × 14 digits. To be fair, about equal seconds: the LSTM's 6 epochs take about as long as 6 of the convolutions.

# %% tags=["figure"]
contest = Prediction(
    "After about equal training: how many nats is the convolutional network "
    "from the LSTM (negative: it is better)?",
    (-10, 10),
    unit="nats",
)
contest

# %%
models = {"LSTM": PixelRNN().to(device), "convolutions": PixelCNN(14).to(device)}
rates = {"LSTM": 0.03, "convolutions": 0.01}  # each chosen on 800 training digits
row = {}
for name, model in models.items():
    recipe = {"epochs": 6, "batch_size": 32, "learning_rate": rates[name]}
    training = fit(model, x_train, nats, **recipe, label=name).seconds
    with torch.no_grad():
        row[name] = nats(model, x_test).item()
    parameters = sum(p.numel() for p in model.parameters())
    print(f"{name}: {row[name]:.1f} nats, {parameters:,} parameters, {training:.1f} s")

# %% tags=["figure"]
contest.reveal(row["convolutions"] - row["LSTM"], within=1)

# %% [markdown]
# And drawing? There the tables are turned. The LSTM keeps its state: one step for each pixel. The convolutional network
# must be run for each pixel, and all but one of its answers are thrown away. (Lesson 04d keeps what convolutions
# have computed already.)


# %%
@torch.no_grad()
def sample_anew(model, count, pixels):
    x = torch.zeros(count, pixels, device=device)
    for n in range(pixels):
        x[:, n] = torch.bernoulli(torch.sigmoid(model(x)[:, n]))
    return x


started = time.perf_counter()
by_lstm = sample(models["LSTM"], torch.zeros(20, 196, device=device))
lstm_seconds = time.perf_counter() - started
by_convolutions = sample_anew(models["convolutions"], 20, 196)
seconds = time.perf_counter() - started - lstm_seconds
print(f"20 digits: LSTM {lstm_seconds:.2f} s, convolutions {seconds:.2f} s")

# %% [markdown]
# ## 4 · The real size
#
# Now 28 × 28: four times the pixels. For the LSTM that would be four times the steps, one after another; the convolutions take
# them all at once.

# %% tags=["figure"]
large = Prediction(
    "Independent pixels cost about 205 nats at this size. The masked convolutions?",
    (0, 205),
    unit="nats",
)
large

# %%
chance = wide_train.mean(dim=0).clamp(1e-4, 1 - 1e-4)
independent = nats(lambda x: torch.logit(chance).expand_as(x), wide_test).item()
pixel_cnn = PixelCNN(28).to(device)
recipe = {"epochs": 5, "batch_size": 32, "learning_rate": 0.01}
history = fit(pixel_cnn, wide_train, nats, **recipe, label="28 × 28")
with torch.no_grad():
    value = sum(nats(pixel_cnn, x).item() for x in wide_test.split(100)) / 10
print(
    f"independent pixels {independent:.1f} nats; convolutions {value:.1f} nats", end=", "
)
print(f"{value / math.log(2) / wide:.3f} bits a pixel, {history.seconds:.1f} s")

# %% tags=["figure"]
large.reveal(value, within=15)

# %%
claim(
    "C11k",
    "Masked convolutions predict held-out 28 × 28 digits at 66 nats or fewer",
    value,
    kind="experiment",
    at_most=66,
    unit="nats",
    control=("independent pixels", independent),
)

# %%
drawn = sample_anew(pixel_cnn, 24, wide)

# %% tags=["figure", "opening"]
figure, axes = plt.subplots(3, 1, figsize=(12, 4.6), layout="constrained")
names = ["held-out digits", "drawn", ""]
for ax, name, images in zip(axes, names, (wide_test[:12], drawn[:12], drawn[12:])):
    tiles = functional.pad(images.view(-1, 28, 28).cpu(), (2, 2, 1, 1))
    ax.imshow(torch.cat(list(tiles), 1), vmin=0, vmax=1)
    ax.set(xticks=[], yticks=[])
    ax.set_ylabel(name, rotation=0, ha="right", va="center")
    ax.spines[:].set_visible(False)
    ax.grid(False)
plt.show()
