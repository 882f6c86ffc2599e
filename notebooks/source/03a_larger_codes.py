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
# # 03a · A code larger than the image
#
# **If the code has more numbers than the image has pixels, what keeps an autoencoder from merely copying?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03a_larger_codes.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/03a_larger_codes.ipynb) ·
# 30 minutes to study, 40 seconds to run, no network needed
#
# **You will be able to**
#
# 1. tell an autoencoder that knows its data from one that copies whatever comes;
# 2. add an L1 penalty to a code, and say what it cures and what it costs;
# 3. read an image as a sum of a few active units;
# 4. name two things that the penalty does not do.
#
# **Builds on** lesson 01a (autoencoder, reconstruction error, mean image). Lesson 03b takes the other
# cure: noise.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="03a")

# %%
import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits().to(device)
mean_image = data.x_train.mean(dim=0)

# %% [markdown]
# ## 1 · More room than it needs
#
# So far the code $z$ was a **bottleneck**: ten numbers for 784 pixels. Now it gets 1,024, more than the
# image has. Such a code is called **overcomplete**. What could go wrong? The network may hand each pixel
# through, and learn nothing about digits.
#
# The network is as simple as can be: one layer up, one layer down,
#
# $$z=\mathrm{ReLU}(Wx+b),\qquad \hat x=W^\top z+c,$$
#
# with $W$ (1,024 × 784) used twice: the weights are **tied**. Row $j$ of $W$ is what unit $j$ looks for,
# and also what it adds to the picture. ReLU, $\max(0,\cdot)$, lets a unit be silent: $z_j=0$ exactly.


# %%
class TiedAutoencoder(nn.Module):
    def __init__(self, inputs, units, activation=nn.ReLU, output=nn.Identity):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, inputs) / inputs**0.5)
        self.code_bias = nn.Parameter(torch.zeros(units))
        self.output_bias = nn.Parameter(torch.zeros(inputs))
        self.activation, self.output = activation(), output()

    def encoder(self, x):
        return self.activation(functional.linear(x, self.weight, self.code_bias))

    def decoder(self, z):
        return self.output(functional.linear(z, self.weight.T, self.output_bias))

    def forward(self, x):
        return self.decoder(self.encoder(x))


def squared_error(model, x):
    return (x - model(x)).square().sum(dim=1).mean()


# %% [markdown]
# Two networks with the same budget: the overcomplete one, and one with a bottleneck of 64 units.
# (`fit` is lesson 01a's loop. Epochs, step size and the weights below were tried on 800 of the training
# images: the rest taught, these judged.)

# %%
recipe = {"epochs": 20, "batch_size": 100, "learning_rate": 3e-3}

overcomplete = TiedAutoencoder(784, 1024).to(device)
fit(overcomplete, data.x_train, squared_error, **recipe, label="1,024 units")
bottleneck = TiedAutoencoder(784, 64).to(device)
fit(bottleneck, data.x_train, squared_error, **recipe, label="64 units")


@torch.no_grad()
def error_on(model, x):
    return squared_error(model, x).item()


mean_error = (data.x_test - mean_image).square().sum(dim=1).mean().item()
print(f"held-out error, mean image:  {mean_error:.1f}")
print(f"held-out error, 64 units:    {error_on(bottleneck, data.x_test):.1f}")
print(f"held-out error, 1,024 units: {error_on(overcomplete, data.x_test):.1f}")

# %% [markdown]
# Nearly perfect, on digits that it never saw. Has it understood digits, then, or has it learned to
# copy *anything*?
#
# ## 2 · A test that tells copying from knowing
#
# Show it images that have all a digit's pixels and no digit. Take the held-out images, and
# **shuffle** the values of each pixel among them, each pixel on its own. Every pixel keeps its
# histogram (the border stays white, the middle is often inked), so the mean image's error is the
# same as before. What belongs together is torn apart.


# %%
def shuffled(x):
    new_order = torch.rand(x.shape, device=x.device).argsort(dim=0)  # for each pixel
    return x.gather(0, new_order)


no_digits = shuffled(data.x_test)

# %% tags=["figure"]
plotting.image_grid({"held-out digits": data.x_test[:12], "shuffled": no_digits[:12]})

# %% [markdown]
# Who *knows* digits must fail here: there is nothing to know. A copier doesn't mind.

# %% tags=["figure"]
copies = Prediction(
    "1,024 units, shuffled images: how much of the mean image's error is left? (0 % is a "
    "perfect copy, 100 % is no better than the mean image.)",
    (0, 100),
    unit="%",
)
copies


# %%
def left(model, x):  # of the mean image's error, which is the same for shuffled images
    return error_on(model, x) / mean_error


for name, model in {"64 units": bottleneck, "1,024 units": overcomplete}.items():
    on_digits, on_shuffled = left(model, data.x_test), left(model, no_digits)
    print(f"{name:11} digits {on_digits:4.0%}, shuffled {on_shuffled:4.0%}")

# %% tags=["figure"]
digits_and_none = torch.cat([data.x_test[:6], no_digits[:6]])
with torch.no_grad():
    rows = {
        "image": digits_and_none,
        "64 units": bottleneck(digits_and_none),
        "1,024 units": overcomplete(digits_and_none),
    }
plotting.image_grid(rows)

# %% tags=["figure"]
copies.reveal(100 * left(overcomplete, no_digits), within=10)

# %%
claim(
    "C08a",
    "An overcomplete code copies even images that are no digits: share of the mean "
    "image's error that is left on shuffled images",
    left(overcomplete, no_digits),
    kind="experiment",
    at_most=0.25,
    control=("64 units", left(bottleneck, no_digits)),
)

# %% [markdown]
# It rebuilds what it has never seen the like of. Its small error on digits says nothing about
# digits. The narrow network fails on the same images, and that is to its credit: 64 numbers are too few
# for copying, so it had to learn which pixels go together.
#
# (Why not test with plain random pixels? The border is white in every digit, so no network here was
# ever asked to handle ink there; all would fail, copiers too.)
#
# ## 3 · A price on being active
#
# Must the code be narrow, then? Another way: let it be large, but let every active unit cost
# something. Add to the loss how much all units say together,
#
# $$\text{loss}=\lVert x-\hat x\rVert^2+\lambda\sum_j\lvert z_j\rvert .$$
#
# This is an **L1 penalty**, $\lambda$ its weight. Its pull has the same size however small $z_j$ is, so
# it pushes little-used units all the way to zero, where ReLU keeps them. (A squared penalty would pull
# less and less; they would become small, not silent.) A code with few active units is called **sparse**.


# %%
def with_l1(weight):
    def loss(model, x):
        z = model.encoder(x)
        error = (x - model.decoder(z)).square().sum(dim=1).mean()
        return error + weight * z.abs().sum(dim=1).mean()

    return loss


sparse = {0.0: overcomplete}
for weight in (0.03, 0.1, 0.3, 1.0):
    sparse[weight] = TiedAutoencoder(784, 1024).to(device)
    fit(sparse[weight], data.x_train, with_l1(weight), **recipe, label=f"L1, {weight}")

# %% tags=["figure"]
how_many = Prediction(
    "With weight 0.3: how many of the 1,024 units are active on one digit, on average?",
    (0, 1024),
)
how_many


# %%
@torch.no_grad()
def active_units(model, x):
    return (model.encoder(x) > 0).sum(dim=1).float().mean().item()


active, clean, on_shuffled = {}, {}, {}
print("weight  active units  error on digits  left on shuffled images")
for weight, model in sparse.items():
    active[weight] = active_units(model, data.x_test)
    clean[weight] = error_on(model, data.x_test)
    on_shuffled[weight] = left(model, no_digits)
    print(f"{weight:6} {active[weight]:12.0f} {clean[weight]:16.1f}", end=" ")
    print(f"{on_shuffled[weight]:24.0%}")

# %% tags=["figure"]
how_many.reveal(active[0.3], within=50)

# %% [markdown]
# Move the weight. Watch the shuffled images dissolve first, and then the digits pay.

# %% tags=["figure"]
frames, captions = [], []
for weight, model in sparse.items():
    with torch.no_grad():
        rows = {
            "image": digits_and_none,
            f"rebuilt, weight {weight}": model(digits_and_none),
        }
    frames.append(plotting.image_grid(rows))
    captions.append(
        f"weight {weight}: {active[weight]:.0f} of 1,024 units active, error "
        f"{clean[weight]:.1f} on digits, {on_shuffled[weight]:.0%} of the mean image's "
        "error on shuffled images"
    )
FramePlayer(frames, captions, label="L1 weight", interval=1500)

# %%
claim(
    "C08b",
    "The L1 penalty cures copying: share of the mean image's error that is left on "
    "shuffled images, weight 0.3",
    on_shuffled[0.3],
    kind="experiment",
    at_least=0.8,
    control=("no penalty", on_shuffled[0.0]),
)
claim(
    "C08c",
    "Few units are active then: share of the 1,024, weight 0.3",
    active[0.3] / 1024,
    kind="experiment",
    at_most=0.1,
    control=("no penalty", active[0.0] / 1024),
)
claim(
    "C08d",
    "It costs accuracy: error on digits over that without penalty, weight 0.3",
    clean[0.3] / clean[0.0],
    kind="experiment",
    at_least=4,
    control=("weight 0.03", clean[0.03] / clean[0.0]),
)

# %% [markdown]
# ### Chosen for each image, or the same for all?
#
# A bottleneck of 50 units uses the same 50 for every digit; the sparse code picks its own 50 out of 1,024
# for each. So at equal numbers, which has the smaller error? For each weight we train a bottleneck of as
# many units as the sparse code has active.

# %% tags=["figure"]
picks = Prediction(
    "Where does the sparse code have the smaller error?",
    ["at all three weights", "with few active units only", "at none"],
)
picks

# %%
over_bottleneck = {}
for weight in (0.1, 0.3, 1.0):
    units = round(active[weight])
    rival = TiedAutoencoder(784, units).to(device)
    fit(rival, data.x_train, squared_error, **recipe, label=f"{units} units")
    rival_error = error_on(rival, data.x_test)
    over_bottleneck[weight] = clean[weight] / rival_error
    print(f"{units:3d} units: sparse {clean[weight]:5.1f},", end=" ")
    print(f"bottleneck {rival_error:5.1f}, ratio {over_bottleneck[weight]:.2f}")

# %% tags=["figure"]
wins = [ratio < 1 for ratio in over_bottleneck.values()]
mixed = "with few active units only" if any(wins) else "at none"
picks.reveal("at all three weights" if all(wins) else mixed)

# %%
claim(
    "C08e",
    "With about ten active units, choosing them for each image beats a bottleneck of as "
    "many: error of the sparse code over the bottleneck's, weight 1",
    over_bottleneck[1.0],
    kind="experiment",
    at_most=0.9,
    control=("weight 0.1, many active units", over_bottleneck[0.1]),
)

# %% [markdown]
# With few units it pays to choose. With many, the bottleneck is ahead: the L1 penalty does not only
# silence units, it also makes those that speak speak too softly (it *shrinks* them), and that costs error.
# And the contest is a little unfair to the bottleneck: a sparse code must also say *which* units are
# active.
#
# ## 4 · What do the few units add up to?
#
# The decoder is one linear layer. So a rebuilt image is the output bias plus one picture for each active
# unit, $\hat x=c+\sum_j z_j\,w_j$, with $w_j$ the row $j$ of $W$. Take the units in the order of how much
# ink they move, $z_j\lVert w_j\rVert$, and add one after the other.


# %%
@torch.no_grad()
def strongest(model, x, count):  # the image from the bias and the `count` strongest units
    z = model.encoder(x)
    order = (z * model.weight.norm(dim=1)).argsort(dim=1, descending=True)
    kept = torch.zeros_like(z).scatter(1, order[:, :count], 1)
    return model.decoder(z * kept)


# %% tags=["figure", "opening"]
image, counts = data.x_test[data.y_test == 3][:1], [1, 2, 3, 4, 5, 7, 10, 20, 40]
columns = [*(f"{count} units" for count in counts), "all units"]
columns[0] = "1 unit"
figure, axes = plt.subplots(
    3, 11, figsize=(12, 4), width_ratios=[2.1] + [1] * 10, layout="constrained"
)
names = "what the last\none adds", "sparse code:\nthe sum", "no penalty:\nthe sum"
for row, name in zip(axes, names):
    row[0].text(1, 0.5, name, ha="right", va="center", transform=row[0].transAxes)
before = strongest(sparse[0.3], image, 0)
for column, title in enumerate(columns, start=1):
    count = [*counts, 1024][column - 1]
    now, less = (strongest(sparse[0.3], image, many) for many in (count, count - 1))
    pictures = now - less, now, strongest(overcomplete, image, count)
    axes[0, column].set_title(title, fontsize=13)
    for row, (ax, picture) in enumerate(zip(axes[:, column], pictures)):
        style = {"vmin": 0, "vmax": 1} if row else {"cmap": "RdBu", "vmin": -1, "vmax": 1}
        ax.set_box_aspect(1)
        if row or count < 1024:
            ax.imshow(picture.reshape(28, 28).cpu(), **style)
for ax in axes.flat:
    ax.axis("off")
plt.show()

# %% [markdown]
# In the upper row blue adds ink and red takes it away. A few units sketch the 3; the next ones only
# correct it. Without penalty no small number of units means anything: some 800 voices must speak
# together, and what they say cancels nearly everywhere. Do other digits need as few?

# %% tags=["figure"]
how_few = Prediction(
    "All held-out digits, weight 0.3: how many of its strongest units until half of the "
    "mean image's error is gone?",
    ["5 or fewer", "6 to 20", "more than 20"],
)
how_few

# %%
counts = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 40, 80, 160, 320, 1024]
left_by = {"weight 0.3": sparse[0.3], "no penalty": overcomplete}
for name, model in left_by.items():
    sums = [strongest(model, data.x_test, count) for count in counts]
    errors = [(data.x_test - x).square().sum(dim=1).mean().item() for x in sums]
    left_by[name] = [error / mean_error for error in errors]
half = next(k for k, share in zip(counts, left_by["weight 0.3"]) if share < 0.5)
print("strongest units", *(f"{count:4d}" for count in counts))
for name, shares in left_by.items():
    print(f"{name:15}", *(f"{share:4.0%}" for share in shares))

# %% tags=["figure"]
how_few.reveal("5 or fewer" if half <= 5 else "6 to 20" if half <= 20 else "more than 20")

# %%
claim(
    "C08f",
    "A few active units make the image: share of the mean image's error that the 20 "
    "strongest leave, weight 0.3",
    left_by["weight 0.3"][counts.index(20)],
    kind="experiment",
    at_most=0.3,
    control=("no penalty", left_by["no penalty"][counts.index(20)]),
)

# %% [markdown]
# Add them yourself, one by one. At how many units would you read each digit?

# %% tags=["figure"]
shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
frames, captions = [], []
for place, count in enumerate(counts):
    rows = {
        "image": shown,
        "weight 0.3": strongest(sparse[0.3], shown, count),
        "no penalty": strongest(overcomplete, shown, count),
    }
    frames.append(plotting.image_grid(rows))
    many = {0: "no unit, the output bias alone", 1: "1 unit"}.get(count, f"{count} units")
    one, other = (shares[place] for shares in left_by.values())
    captions.append(
        f"{many}: {one:.0%} of the mean image's error left (no penalty: {other:.0%})"
    )
FramePlayer(frames, captions, label="units", start=5, interval=700)

# %% [markdown]
# ## 5 · Where it breaks
#
# **It must be tied, or it can be dodged.** With a decoder of its own, make all encoder weights a tenth
# and the decoder's ten times as large: the same images, and the penalty is a tenth. Nothing was learned.
# Tied weights can't do both at once. (With untied ones, keep the decoder's rows at length 1.)


# %%
@torch.no_grad()
def dodged(model, x, factor, tied):
    z = model.encoder(x) / factor  # smaller weights and biases: ReLU passes the factor on
    up = 1 / factor if tied else factor
    return functional.linear(z, model.weight.T * up, model.output_bias)


rebuilt = sparse[0.3](data.x_test).detach()
change = {}
for tied in (False, True):
    again = dodged(sparse[0.3], data.x_test, 10, tied)
    change[tied] = (again - rebuilt).abs().max().item()

# %%
claim(
    "C08g",
    "Untied, a tenth of the penalty buys the same images: largest change of a pixel",
    change[False],
    kind="identity",
    at_most=1e-3,
    control=("tied: the decoder becomes a tenth, too", change[True]),
)

# %% [markdown]
# **Not copying is not robust.** The sparse code turns shuffled images down. Will it also turn down
# *noise*? Add to each pixel a number of its own from $N(0, 0.5^2)$ and look at what comes back.

# %% tags=["figure"]
robust = Prediction(
    "Noisy digits, compared with the clean ones: whose error is smaller?",
    ["the sparse code's (weight 0.3)", "that of the 64-unit bottleneck", "about equal"],
)
robust

# %%
noisy = data.x_test + 0.5 * torch.randn_like(data.x_test)


@torch.no_grad()
def error_from_noisy(model):
    return (data.x_test - model(noisy)).square().sum(dim=1).mean().item()


models = {"64 units": bottleneck, "weight 0.3": sparse[0.3], "no penalty": overcomplete}
noisy_error = {name: error_from_noisy(model) for name, model in models.items()}
for name, error in noisy_error.items():
    without_noise = error_on(models[name], data.x_test)
    print(f"{name:10} clean {without_noise:5.1f}, noisy {error:6.1f}")
over_narrow = noisy_error["weight 0.3"] / noisy_error["64 units"]

# %% tags=["figure"]
with torch.no_grad():
    rows = {"noisy": noisy[:12]}
    rows |= {name: model(noisy[:12]) for name, model in models.items()}
plotting.image_grid(rows)

# %% tags=["figure"]
worse = "that of the 64-unit bottleneck" if over_narrow > 1.1 else "about equal"
robust.reveal("the sparse code's (weight 0.3)" if over_narrow < 0.9 else worse)

# %%
claim(
    "C08h",
    "A sparse code is not robust: its error on noisy digits over the 64-unit "
    "bottleneck's",
    over_narrow,
    kind="experiment",
    at_least=1.5,
    control=("on clean digits", clean[0.3] / error_on(bottleneck, data.x_test)),
)

# %% [markdown]
# Noise wakes units that should sleep, and each adds its picture. If you want a network that takes noise
# away, show it noise while it learns: that is lesson 03b.
#
# - **The test is one kind of non-digit.** Shuffled images have digits' pixels, one by one. A network that
#   fails on them may still copy other things that are no digits: other letters, say.
# - **One more number to choose.** Above, $\lambda$ = 0.03 cures little, and 1 ruins the digits.
# - **No parts of digits.** You may have read that sparse units become pen strokes. The upper row of
#   section 4 shows blobs and smears; some are strokes, most are not.
#
# ## 6 · Try it
#
# 1. Make the code as large as the image is *not*: 4,096 units, with and without penalty. Does copying
#    get worse?
# 2. Use a squared penalty, `z.square()`, with a weight that leaves the same error on digits. How many units are
#    active?
# 3. Take the shrinking away: freeze which units are active for each image, and find the $z_j$ of these
#    units by least squares. How far does the error fall at weight 0.3, and does the contest of section 3
#    change?
# 4. Test the copier on digits turned upside down, and on their negatives, $1-x$. Which of the two does
#    it copy, and why?
#
# ## 7 · Summary

# %% tags=["figure"]
PredictionCount(copies, how_many, picks, how_few, robust)

# %% [markdown]
# - A code larger than the image can copy: it rebuilds shuffled images, too, and its small error
#   on digits says nothing about digits.
# - An L1 penalty cures that: few units are active, other ones for each image, and they add up to it.
# - It costs accuracy. With few active units it beats a bottleneck of as many, with many it does not.
# - It needs tied or normalised weights, and it does not make the network robust to noise.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | overcomplete code | 过完备编码 | more code units than pixels |
# | sparse code | 稀疏编码 | few units active at a time |
# | sparse autoencoder | 稀疏自编码器 | an autoencoder with a penalty on active units |
# | L1 penalty | L1 正则化 | $\lambda\sum_j\lvert z_j\rvert$, added to the loss |
# | regulariser | 正则项 | what is added to the loss to forbid easy ways out |
# | tied weights | 权重共享 | the decoder's weight is the encoder's, transposed |
# | active unit | 激活单元 | $z_j>0$ |
# | shrinkage | 收缩 | the penalty makes active units too small |
#
# **References**
#
# - B. A. Olshausen and D. J. Field (1996), *Emergence of simple-cell receptive field properties by
#   learning a sparse code for natural images*, Nature 381, 607–609, doi:10.1038/381607a0.
# - R. Tibshirani (1996), *Regression shrinkage and selection via the lasso*, Journal of the Royal
#   Statistical Society B 58, 267–288, doi:10.1111/j.2517-6161.1996.tb02080.x (why L1 gives zeros, and shrinks).
# - M. Ranzato, C. Poultney, S. Chopra and Y. LeCun (2006), *Efficient learning of sparse representations
#   with an energy-based model*, Advances in Neural Information Processing Systems 19.
# - A. Makhzani and B. Frey (2013), *k-sparse autoencoders*, arXiv:1312.5663 (tied weights, a fixed number
#   of active units).
# - X. Glorot, A. Bordes and Y. Bengio (2011), *Deep sparse rectifier neural networks*, Proceedings of
#   AISTATS 15, 315–323 (ReLU and exact zeros).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
