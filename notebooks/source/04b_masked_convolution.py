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
# **Can a network that answers for all 784 pixels in one go be kept from looking ahead, and what does that buy?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04b_masked_convolution.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04b_masked_convolution.ipynb) ·
# 45 minutes to study, 60 seconds to run, no network needed
#
# **You will be able to**
#
# 1. mask convolutions so that no pixel sees itself or its future, and test it;
# 2. say which earlier pixels a stack of them sees, and find its blind spot;
# 3. say what is done at once in training, and what is not when it draws;
# 4. judge drawings by readers and by nearest neighbours, not by nats alone.
#
# **Builds on** lesson 04a (chain rule, nats, PixelRNN). You know what a convolution is.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04b")

# %%
import time

import matplotlib.pyplot as plt
import torch
from scipy.ndimage import label
from sklearn.neighbors import KNeighborsClassifier
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import binarised, digits
from lessons_lib.models import PixelRNN, sample
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

grey = digits().to(device)
both = {"x_train": grey.x_train, "x_test": grey.x_test}
small = {name: binarised(x, side=14) for name, x in both.items()}
large = {name: binarised(x, side=28) for name, x in both.items()}
print("14 × 14 to try things out, 28 × 28 for the digits that we draw")

# %% [markdown]
# ## 1 · A convolution that may not look ahead
#
# Lesson 04a's network went from pixel to pixel, since each state needs the one before. But in training the whole image is there.
# All questions "what is pixel $n$, given the pixels before it?" could be answered *at once*, if only each answer kept its eyes off
# pixel $n$ and all that follow.
#
# A **convolution** makes each output from a window around its pixel, with the same weights at every place:
#
# $$h_{r,c}=b+\sum_{i,j} w_{i,j}\;x_{r+i,\,c+j}\qquad\text{($i<0$: rows above, $j<0$: columns to the left; outside: zeros)}.$$
#
# To forbid a place is to set its weight to 0: multiply $w$ by a **mask**, 1 in the rows above and to the left, 0 elsewhere. And the
# pixel itself? `itself` decides.


# %%
class MaskedConvolution(nn.Conv2d):
    def __init__(self, inputs, outputs, size, itself, dilation=1):
        padding = [dilation * (n // 2) for n in size]
        super().__init__(inputs, outputs, size, padding=padding, dilation=dilation)
        number = torch.arange(size[0] * size[1]).view(size)  # in reading order
        middle = number.numel() // 2  # sizes are odd; True counts as 1
        self.register_buffer("mask", (number < middle + itself).float())

    def forward(self, x):  # images × inputs × rows × columns
        weight = self.weight * self.mask
        where = {"padding": self.padding, "dilation": self.dilation}
        return functional.conv2d(x, weight, self.bias, **where)


# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(11, 3.6), layout="constrained")
for ax, itself in zip(axes, (False, True)):
    mask = MaskedConvolution(1, 1, (5, 9), itself=itself).mask
    colours = torch.where(mask[:, :, None] > 0, 1.0, torch.tensor([0.73, 0.85, 0.97]))
    ax.imshow(colours, extent=(0, 9, 5, 0))
    for i in range(45):
        weight = str(int(mask.flatten()[i]))
        ax.text(i % 9 + 0.5, i // 9 + 0.55, weight, ha="center", va="center")
    ax.add_patch(plt.Rectangle((4, 2), 1, 1, fill=False, color=plotting.COLOURS[1], lw=4))
    ax.set(xticks=range(10), yticks=range(6), xticklabels=[], yticklabels=[])
    ax.set_title(f"itself={itself}: the mask of a 5 × 9 window")
    ax.tick_params(length=0)
    ax.grid(True, alpha=0.5)
figure.supxlabel("orange frame: the pixel that is asked for; blue: forbidden, weight 0")
plt.show()

# %% [markdown]
# One layer sees little, so we stack them. The first layer reads pixels. The second reads what the first has written: at each place a few
# numbers, its **channels**.

# %% tags=["figure"]
masks = Prediction(
    "The first layer forbids the pixel itself. What about the layers above it: must "
    "they, too, forbid the place itself, or may they use it?",
    [
        "they must forbid it, or the pixel leaks",
        "they may use it: nothing leaks, more is seen",
        "they may, but it makes no difference",
    ],
)
masks

# %% [markdown]
# Try it: three stacks of five layers, weights drawn by lot. Which earlier pixels does output $n$ depend on, and does it depend on
# pixel $n$ or a later one? (As in lesson 04a: the gradient of output $n$ with respect to every pixel; here over several digits,
# because one gradient can be 0 by chance.)


# %%
def influence(model, images):  # row n: the largest |∂ logit n / ∂ pixel m| over images
    slopes = []
    for image in images:
        copies = image.repeat(len(image), 1).requires_grad_()
        model(copies).diagonal().sum().backward()  # copy n asks for output n only
        slopes.append(copies.grad.abs())
    return torch.stack(slopes).amax(dim=0)


def stack(first, above):  # may the first layer, may those above it, use the place itself?
    layers = [nn.Unflatten(1, (1, 14, 14)), MaskedConvolution(1, 8, (3, 3), itself=first)]
    for outputs in (8, 8, 8, 1):
        layers += [nn.Tanh(), MaskedConvolution(8, outputs, (3, 3), itself=above)]
    return nn.Sequential(*layers, nn.Flatten())


# %%
stacks = {
    "all forbid the place itself": stack(first=False, above=False),
    "only the first forbids it": stack(first=False, above=True),
    "all allow it": stack(first=True, above=True),
}
past = torch.ones(196, 196).tril(-1).bool()  # row n: the pixels before n
some = small["x_test"][:5].cpu()  # a graphics card's sums are not exactly 0
n, leaks = 104, {}
for name, model in stacks.items():
    slopes = influence(model, some)
    leaks[name] = slopes[~past].max().item()
    seen = (slopes[n] > 0) & past[n]
    print(f"{name}: pixel {n + 1} uses {seen.sum()} of {n} earlier pixels,", end=" ")
    print(f"the left neighbour {'too' if seen[n - 1] else 'NOT'}; leak {leaks[name]:.1g}")

# %% tags=["figure"]
masks.reveal("they may use it: nothing leaks, more is seen")

# %%
claim(
    "C11g",
    "Only the first layer forbids the place itself, and still no output has a gradient "
    "to its own or a later pixel: the largest",
    leaks["only the first forbids it"],
    kind="identity",
    at_most=0.0,
    control=("every layer allows the place itself", leaks["all allow it"]),
)

# %% [markdown]
# What the first layer writes at place $n$ knows the pixels before $n$ only. So place $n$ *of the second layer* may be read without harm.
# And it should: where all five layers forbid it, each moves on by one pixel at least, and in its own row pixel $n$ sees nothing nearer than five to the left. (The papers call the
# masks A and B.)
#
# ## 2 · PixelCNN
#
# The network that we keep puts three things on top of this.
#
# - A **gate**, as in an LSTM: half of a layer's channels, between 0 and 1, say how much of the other half passes.
# - **Dilation**: a 3 × 3 window whose places lie $d=1,2,4$ or 8 pixels apart: $x_{r+di,\,c+dj}$. It sees far for the price of a small one. Ours add up
#   to 1 + 2 + 4 + 8 + 1 = 16 rows, 19 with the first layer's 3: enough for 14 rows, not for all of 28.
# - A **place**: a learned number for each place and channel. A convolution does the same everywhere, but digits don't.
#
# Each block *adds* to what is there, so that nothing is lost on the way up: with $s,g$ the two halves of what the masked convolution found and $V$ a matrix, the same
# at all places,
#
# $$h'=h+V\,\big(\tanh s\odot\operatorname{sigmoid} g\big).$$


# %%
class GatedBlock(nn.Module):
    def __init__(self, channels, dilation):
        super().__init__()
        self.look = MaskedConvolution(channels, 2 * channels, (3, 3), True, dilation)
        self.hand_on = nn.Conv2d(channels, channels, 1)  # looks at the place itself only

    def forward(self, h):
        signal, gate = self.look(h).chunk(2, dim=1)  # half of the channels each
        return h + self.hand_on(signal.tanh() * gate.sigmoid())


class PixelCNN(nn.Module):
    def __init__(self, side, width, dilations=(1, 2, 4, 8, 1), channels=16):
        super().__init__()
        self.side = side
        self.first = MaskedConvolution(1, channels, (7, width), itself=False)
        self.place = nn.Parameter(torch.zeros(channels, side, side))
        self.blocks = nn.Sequential(*(GatedBlock(channels, d) for d in dilations))
        self.last = nn.Conv2d(channels, 1, 1)

    def forward(self, x):  # images × pixels, of all rows or only the first few
        x = x.unflatten(1, (1, -1, self.side))  # images × 1 × rows × columns
        h = self.first(x) + self.place[:, : x.shape[2]]  # of these rows
        return self.last(self.blocks(h)).flatten(1)  # a logit for each pixel


# %% [markdown]
# ## 3 · What does it see?
#
# **Predict first.** Follow one answer down through the layers, to the pixels. How does it get to the left? How far to the right, and how far up?

# %% tags=["figure"]
enough = Prediction(
    "14 × 14 pixels, a first layer of 7 × 7, then layers of 3 × 3 without dilation. How "
    "many of these does it take until every pixel sees all earlier ones?",
    ["five are enough", "ten are enough", "no number is enough"],
)
enough

# %%
plain = {
    "7 × 7, five layers": PixelCNN(14, 7, (1,) * 5),
    "7 × 7, ten layers": PixelCNN(14, 7, (1,) * 10),
    "7 × 27, ten layers": PixelCNN(14, 27, (1,) * 10),
}
sight, unseen = {}, {}
for name, model in plain.items():
    sight[name] = influence(model, some[:2]) > 0
    assert not (sight[name] & ~past).any()  # no leak
    unseen[name] = 100 * (past & ~sight[name]).sum().item() / past.sum().item()
    print(f"{name}: {unseen[name]:.1f} % of all earlier pixels are out of sight")

# %% tags=["figure"]
enough.reveal("no number is enough")

# %%
claim(
    "C11h",
    "With ten layers, and a first window that is as wide as the image to either side, no "
    "earlier pixel is out of sight",
    unseen["7 × 27, ten layers"],
    kind="identity",
    at_most=0,
    unit="%",
    control=("7 × 7, also ten layers", unseen["7 × 7, ten layers"]),
)

# %% [markdown]
# To the left it gets as far as you like, with layers enough. To the right it gets only by going up: the first window brings 3 columns to the right, in the row above, and from there a
# 3 × 3 window takes *one* step to the right for each further row up. What lies further to the right is out of sight, however many layers there are: the **blind
# spot**. More layers help only far above. A first window that reaches all columns to either side (27 for 14) closes it, and costs little (the input has one channel). Move the slider.

# %% tags=["figure"]
tint, blind, asked = torch.tensor([[186, 217, 247], [189, 31, 1], [255, 169, 14]]) / 255
FRAMES = range(1, 196, 3)


def looks(n):  # for each network: what the answer for pixel n does and does not see
    tiles = torch.full((3, 16, 16, 3), 0.8)
    for tile, seen in zip(tiles, sight.values()):
        colours = torch.ones(196, 3)
        colours[:n][~seen[n, :n]] = blind
        colours[n:] = tint
        colours[n] = asked
        tile[1:-1, 1:-1] = colours.view(14, 14, 3)
    row = torch.cat(list(tiles), 1).repeat_interleave(14, 0).repeat_interleave(14, 1)
    return (255 * row).byte().numpy()


legend = "White: seen. Red: earlier, but out of sight. Blue: the future. From the left: "
legend += "; ".join(sight)
captions = [f"The answer for pixel {n + 1} (orange). {legend}." for n in FRAMES]
FramePlayer([looks(n) for n in FRAMES], captions, label="pixel", start=52)

# %% [markdown]
# ### Does it matter?
#
# To see is not yet to use. Take one thing away at a time: 14 × 14 pixels, the same three epochs, batches and step size (chosen with the whole
# network, on 800 of the training digits). How much does chance make? A second start says.


# %%
def losses(model, x):
    return functional.binary_cross_entropy_with_logits(model(x), x, reduction="none")


def nats(model, x):
    return losses(model, x).sum(dim=1).mean()


@torch.no_grad()
def held_out(model, x):  # the nats of each image
    return torch.cat([losses(model, part).sum(1) for part in x.split(200)])


def mean_and_error(each):
    return each.mean().item(), each.std().item() / len(each) ** 0.5


recipe = {"batch_size": 16, "learning_rate": 0.02}
variants = {
    "the whole network": PixelCNN(14, 27),
    "a second start of it": PixelCNN(14, 27),
    "with the blind spot": PixelCNN(14, 7),
    "without dilation": PixelCNN(14, 27, (1,) * 5),
}

# %% tags=["figure"]
missed = Prediction(
    "A digit costs the whole network about 30 nats. How many more does it cost the one "
    "with the blind spot?",
    (0, 10),
    unit="nats",
)
missed

# %%
each, worse = {}, {}
for name, model in variants.items():
    fit(model.to(device), small["x_train"], nats, epochs=3, **recipe, label=name)
    each[name] = held_out(model, small["x_test"])
    more = each[name] - each["the whole network"]  # digit by digit
    worse[name], error = mean_and_error(more)
    print(f"{name}: {each[name].mean():.2f} nats, {worse[name]:.2f} ± {error:.2f} more")

# %% tags=["figure"]
missed.reveal(worse["with the blind spot"], within=0.5)

# %%
claim(
    "C11i",
    "Dilation is worth 0.4 nats or more: the same network whose windows all stay small "
    "has more by",
    worse["without dilation"],
    kind="experiment",
    at_least=0.4,
    unit="nats",
    control=("a second start", worse["a second start of it"]),
)

# %% [markdown]
# Papers have gone to some length to close the blind spot; here it costs a few tenths of a nat. Dilation brings what the same layers lack without it: sight beyond eight
# rows up. (Lesson 04a claims at most 30.0 nats, after twelve epochs, for its PixelRNN on the same digits.)
#
# ## 4 · All answers at once
#
# Now 28 × 28 pixels, ink where the grey is above lesson 04a's threshold, 0.33. First a race. Lesson 04a's PixelRNN has 784 steps to go, each waiting for
# the one before; PixelCNN answers everywhere at once. Both have about as many weights.


# %%
def step_seconds(model, steps=8):  # of one training step on 32 digits
    optimizer = torch.optim.AdamW(model.parameters())
    for step in range(steps + 2):
        if step == 2:  # the first two are slower
            started = time.perf_counter()
        optimizer.zero_grad()
        loss = nats(model, large["x_train"][:32])
        loss.backward()
        optimizer.step()
        loss.item()  # waits for the device
    return (time.perf_counter() - started) / steps


def multiplications(model):  # a pixel: one for each weight (bias and place are added)
    weights = [p for p in model.parameters() if p.ndim in (2, 4)]
    return sum(p.numel() for p in weights)


pixel_cnn = PixelCNN(28, 55).to(device)
pixel_rnn = PixelRNN(28, rows=4, reach=4).to(device)
networks = {"PixelCNN": pixel_cnn, "PixelRNN": pixel_rnn}
for name, model in networks.items():
    print(f"{name}: {sum(p.numel() for p in model.parameters()):,} parameters", end=", ")
    print(f"{multiplications(model):,} multiplications a pixel")
raced = {"PixelCNN": PixelCNN(28, 55).to(device), "PixelRNN": pixel_rnn}

# %% tags=["figure"]
faster = Prediction(
    "Two cores of a processor, the same 32 digits. How long does a training step of "
    "PixelRNN take?",
    [
        "less than PixelCNN's",
        "1 to 5 times as long",
        "5 to 50 times",
        "more than 50 times",
    ],
)
faster

# %%
steps = {name: 1000 * step_seconds(model) for name, model in raced.items()}
print({name: f"{milliseconds:.0f} ms a step" for name, milliseconds in steps.items()})

# %% tags=["figure"]
ratio = steps["PixelRNN"] / steps["PixelCNN"]
faster.reveal(faster.options[sum(ratio > bound for bound in (1, 5, 50))])

# %% [markdown]
# Far from 784 times. Each of PixelRNN's steps is one for 32 digits at once, which already keeps two cores busy; and the arithmetic is about as much in both (the multiplications above). To answer all at once pays
# where much more *can* be done at once, as on a graphics card (not measured here).
#
# Now train PixelCNN. The simplest rival is lesson 04a's logistic model that sees all pixels before; each has the best step size that we found on 800 of the training
# digits (of two for PixelCNN, of five for the other).


# %%
class Logistic(nn.Module):  # of lesson 04a
    def __init__(self, mask):
        super().__init__()
        self.register_buffer("mask", mask.float())
        self.weight = nn.Parameter(torch.zeros(len(mask), len(mask)))
        self.bias = nn.Parameter(torch.zeros(len(mask)))

    def forward(self, x):
        n = x.shape[1]  # as many pixels as there are
        return functional.linear(x, (self.weight * self.mask)[:n, :n], self.bias[:n])


logistic = Logistic(torch.ones(784, 784).tril(-1)).to(device)
rates, scores = {"PixelCNN": 0.02, "logistic": 0.05}, {}
for name, model in {"PixelCNN": pixel_cnn, "logistic": logistic}.items():
    course = {"epochs": 5, "batch_size": 16, "learning_rate": rates[name]}
    seconds = fit(model, large["x_train"], nats, **course, label=name).seconds
    scores[name], error = mean_and_error(held_out(model, large["x_test"]))
    print(f"{name}: {scores[name]:.1f} ± {error:.1f} nats in {seconds:.0f} s")

# %%
claim(
    "C11j",
    "A PixelCNN predicts held-out digits of 28 × 28 pixels, threshold 0.33, at 65.5 nats "
    "or fewer",
    scores["PixelCNN"],
    kind="experiment",
    at_most=65.5,
    unit="nats",
    control=("logistic, all before", scores["logistic"]),
)

# %% [markdown]
# ## 5 · Drawing is one by one again
#
# When it draws, pixel 2 waits for pixel 1 here, too: the whole network runs 784 times. PixelRNN takes 784 steps of its kept state. (It is hardly trained here;
# that takes the same time.)

# %% tags=["figure"]
slower = Prediction(
    "Which draws 60 digits faster?",
    [
        "PixelCNN",
        "PixelRNN, up to 10 times",
        "PixelRNN, 10 to 100 times",
        "more than that",
    ],
)
slower


# %%
@torch.no_grad()
def draw(model, count):
    x = torch.zeros(count, 784, device=device)
    for n in range(784):
        rows = x[:, : 28 * (n // 28 + 1)]  # further down is nothing that counts
        logit = model(rows)[:, n]  # 28 answers and more, and all but one thrown away
        x[:, n] = torch.bernoulli(torch.sigmoid(logit))
    return x


drawn = {"held-out digits": large["x_test"][:60]}
started = time.perf_counter()
drawn["PixelCNN draws"] = draw(pixel_cnn, 60)
drawn["PixelCNN draws"].sum().item()  # waits for the device
convolution = time.perf_counter() - started
drawn["logistic draws"] = draw(logistic, 60)
started = time.perf_counter()
sample(pixel_rnn, torch.zeros(60, 784, device=device)).sum().item()
recurrent = time.perf_counter() - started
print(f"60 digits: PixelCNN {convolution:.1f} s, PixelRNN {recurrent:.1f} s")

# %% tags=["figure"]
ratio = convolution / recurrent
slower.reveal(slower.options[sum(ratio > bound for bound in (1, 10, 100))])

# %% tags=["figure", "opening"]
plotting.image_grid({name: x[:14] for name, x in drawn.items()}, scale=0.9)

# %% [markdown]
# The pictures are not chosen. Both waste work: PixelCNN's layers could keep what they found, as lesson 04d's do, and `sample` cuts the windows of all pixels anew at every step.
#
# ### Would a stranger read them?
#
# Nats can't tell: they say how likely the model finds *real* digits. So ask two readers who learned apart from the same training digits: a network, and the
# nearest neighbours. Where both name the same digit, it can perhaps be read. (One reader's word would not do: a network is confident about rubble, too.)
# And ask lesson 04a's question: is it in one piece, as digits mostly are?


# %%
def loss(model, x, y):
    return functional.cross_entropy(model(x), y)


reader = nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 10)).to(device)
data = (large["x_train"], grey.y_train)
fit(reader, data, loss, epochs=8, batch_size=64, learning_rate=0.003, label="reader")
neighbours = KNeighborsClassifier(3).fit(data[0].cpu(), data[1].cpu())


def read(x):  # by the one, by the other
    return reader(x).argmax(1).cpu(), torch.as_tensor(neighbours.predict(x.cpu()))


one, other = read(large["x_test"])
for name, said in {"the network": one, "the neighbours": other}.items():
    right = 100 * (said == grey.y_test.cpu()).float().mean()
    print(f"{name}: {right:.0f} % of the held-out digits right")


# %%
def one_piece(x):  # one connected piece, diagonal neighbours included?
    images = x.view(-1, 28, 28).cpu().numpy()
    return torch.tensor([label(image, torch.ones(3, 3))[1] == 1 for image in images])


good = {}
for name, x in drawn.items():
    one, other = read(x)
    alike, whole = one == other, one_piece(x)
    good[name] = 100 * (alike & whole).float().mean().item()
    print(f"{name:18} read alike {100 * alike.float().mean():3.0f} %", end="  ")
    print(
        f"in one piece {100 * whole.float().mean():3.0f} %  both {good[name]:3.0f} %",
        end="  ",
    )
    print("how many of 0 … 9:", torch.bincount(one[alike & whole], minlength=10).tolist())

# %%
claim(
    "C11k",
    "Of the digits that PixelCNN draws, at least 30 % are in one piece and read alike by "
    "two readers",
    good["PixelCNN draws"],
    kind="experiment",
    at_least=30,
    unit="%",
    control=("logistic, all before", good["logistic draws"]),
)

# %% [markdown]
# (60 drawings: the standard error is up to 7 %. Real digits don't reach 100 % either.) Look at the printed
# numbers one by one. The readers look at the coarse shape: they name about every second one of the logistic model's blots alike. On its own, this number is fooled. Pieces
# on their own are fooled, too: a page with one dot is in one piece.
#
# ### Or did it learn digits by heart?
#
# A copier's drawings would be read perfectly. In how many pixels does a drawing differ from the nearest training digit? How many drawings are nearer than 95 % of the held-out digits are? (To be
# further away is no merit: blots are.)


# %%
def nearest(x):  # the nearest training digit, and in how many pixels it differs
    return torch.cdist(x, large["x_train"], p=1).min(dim=1)


copied = large["x_train"][:100].clone()  # a copier with a shaky hand
flips = torch.rand_like(copied) < 0.01
copied[flips] = 1 - copied[flips]
near, limit = {}, nearest(large["x_test"]).values.quantile(0.05)
for name, x in {**drawn, "a shaky copier": copied}.items():
    pixels = nearest(x).values
    near[name] = 100 * (pixels < limit).float().mean().item()
    print(f"{name:18} mean {pixels.mean():3.0f} pixels, near {near[name]:3.0f} %")

# %%
claim(
    "C11l",
    "PixelCNN copies no training digits: at most 12 % of its drawings are nearer to one "
    "than all but 5 % of the held-out digits",
    near["PixelCNN draws"],
    kind="experiment",
    at_most=12,
    unit="%",
    control=("a shaky copier", near["a shaky copier"]),
)

# %% tags=["figure"]
shown = drawn["PixelCNN draws"][:14]
twins = {"drawn": shown, "nearest": large["x_train"][nearest(shown).indices]}
plotting.image_grid(twins, scale=0.9)

# %% [markdown]
# Nearest in pixels is not nearest in shape: a thin digit is near to many.
#
# ## 6 · Where it breaks
#
# - **Drawing stays slow.** Only training and scoring are done at once, unless the order is given up (Reed and others 2017 draw groups of pixels).
# - **Far things are hard.** Of 28 rows it sees 19 up, and what is far passes through many layers. Strokes are fine, whole digits often are not.
# - **Few data.** With 4,000 digits, longer training or more channels risk learning these by heart: watch the held-out nats.
# - **Published figures** (79.2 nats for PixelRNN, van den Oord et al. 2016) are for digits binarised by lot: lesson 04a says why ours
#   cannot be compared with them.
#
# ## 7 · Try it
#
# 1. Break the mask: write `number <= middle + itself`. What do the nats say, and what do the drawings look like?
# 2. Take the gate away (`signal.tanh()` alone, half as many channels in `look`). What is the gate worth, at equal seconds?
# 3. Turn the images by 180° (`x.flip(1)`), train and draw. Does the order matter?
# 4. Let `draw` start from the top half of a held-out digit. Does the ending fit it?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(masks, enough, missed, faster, slower)

# %% [markdown]
# - A mask keeps a convolution from looking ahead. Only the first layer must forbid the pixel itself; where all layers do, the neighbours are lost.
# - A stack of small masked windows has a blind spot at the right that no number of layers mends; a wide first window does.
# - In training all pixels are answered at once; what that saves depends on the machine. In drawing they come one by one, and without kept
#   results each costs a whole run.
# - Judge drawings by what they are for: can they be read, and are they new?
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | masked convolution | 掩码卷积 | its window has no weights for the future |
# | receptive field | 感受野 | the pixels that an output depends on |
# | blind spot | 盲区 | earlier pixels that stay out of sight however many layers there are |
# | dilation | 膨胀、空洞 | distance between the places of a window |
# | gate | 门控 | says how much of a signal passes |
# | channel | 通道 | one of the numbers at each place |
# | nearest neighbour | 最近邻 | the training example that differs least |
#
# **References**
#
# - A. van den Oord, N. Kalchbrenner and K. Kavukcuoglu (2016), *Pixel recurrent neural networks*, Proceedings of ICML,
#   arXiv:1601.06759 (PixelRNN, and PixelCNN with its two masks).
# - A. van den Oord, N. Kalchbrenner, O. Vinyals, L. Espeholt, A. Graves and K. Kavukcuoglu (2016), *Conditional image generation
#   with PixelCNN decoders*, Advances in Neural Information Processing Systems 29, arXiv:1606.05328 (gates; the blind spot, cured in
#   another way).
# - S. Reed and others (2017), *Parallel multiscale autoregressive density estimation*, Proceedings of ICML, arXiv:1703.03664 (draws groups of
#   pixels at once).
# - F. Yu and V. Koltun (2016), *Multi-scale context aggregation by dilated convolutions*, Proceedings of ICLR, arXiv:1511.07122.
