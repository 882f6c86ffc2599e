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
# 40 minutes to study, 40 seconds to run, no network needed
#
# **You will be able to**
#
# 1. tell an autoencoder that knows its data from one that copies whatever comes;
# 2. add an L1 penalty to a code, and say what it cures and what it costs;
# 3. read an image as a sum of a few active units;
# 4. say when such a code beats a bottleneck, and when it does not.
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
# image has pixels. Such a code is called **overcomplete**. What could go wrong? The network may hand each
# pixel through, and learn nothing about digits.
#
# The network is as simple as can be: one layer up, one layer down,
#
# $$z=\mathrm{ReLU}(Wx+b),\qquad \hat x=W^\top z+c,$$
#
# with $W$ (1,024 × 784) used twice: the weights are **tied**. Row $j$ of $W$, reshaped to a picture, is what
# unit $j$ looks for, and also what it adds. ReLU, $\max(0,\cdot)$, lets a unit be silent: $z_j=0$ exactly.
# (The code holds a batch: one image a row.)


# %%
class TiedAutoencoder(nn.Module):
    def __init__(self, inputs, units, activation=nn.ReLU, output=nn.Identity):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, inputs) / inputs**0.5)
        self.code_bias = nn.Parameter(torch.zeros(units))
        self.output_bias = nn.Parameter(torch.zeros(inputs))
        self.activation, self.output = activation(), output()

    def encoder(self, x):  # x: n × 784, the code: n × units
        return self.activation(functional.linear(x, self.weight, self.code_bias))

    def decoder(self, z):
        return self.output(functional.linear(z, self.weight.T, self.output_bias))

    def forward(self, x):
        return self.decoder(self.encoder(x))


def squared_error(model, x):
    return (x - model(x)).square().sum(dim=1).mean()


# %% [markdown]
# Three networks, as many epochs and the same step size: the overcomplete one, one with half as many units as
# there are pixels, and one with a bottleneck of 64. (`fit` is lesson 01a's loop. All settings of this lesson were tried on 800 of the training
# images: the others taught, these judged.)

# %%
recipe = {"epochs": 20, "batch_size": 100, "learning_rate": 2e-3}

by_units = {}
for units in (64, 392, 1024):
    by_units[units] = TiedAutoencoder(784, units).to(device)
    fit(by_units[units], data.x_train, squared_error, **recipe, label=f"{units} units")
bottleneck, overcomplete = by_units[64], by_units[1024]


@torch.no_grad()
def error_on(model, x):
    return squared_error(model, x).item()


mean_error = (data.x_test - mean_image).square().sum(dim=1).mean().item()
print(f"held-out error, mean image: {mean_error:.1f}")
for units, model in by_units.items():
    print(f"held-out error, {units:4} units: {error_on(model, data.x_test):.1f}")

# %% [markdown]
# With 1,024 units it is nearly perfect, on digits that it never saw. **Predict first:** has it understood digits, or has it
# learned to copy *anything*?
#
# ## 2 · A test that tells copying from knowing
#
# Show it images that are made of digits' pixels but are no digits. Take the 1,000 held-out images, and
# **shuffle** the values of each pixel among them, each pixel on its own. So every pixel keeps its values,
# in another order: the border stays white, the middle is often inked. (The mean image's error, a sum over
# pixels, stays exactly the same.) But which pixels go together is lost.


# %%
def shuffled(x):
    # x: 1,000 × 784. Each column, one pixel, gets an order of the images of its own.
    order = torch.rand(x.shape, device=x.device).argsort(dim=0)
    return x.gather(0, order)


no_digits = shuffled(data.x_test)

# %% tags=["figure"]
plotting.image_grid({"held-out digits": data.x_test[:12], "shuffled": no_digits[:12]})

# %% [markdown]
# A network that *knows* digits must fail here: there is nothing to know. (To fail is not enough: the mean
# image fails, too. A network has learned something if it is good on digits *and* bad here.)

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


for units, model in by_units.items():
    on_digits, on_shuffled = left(model, data.x_test), left(model, no_digits)
    print(f"{units:4} units: digits {on_digits:4.0%}, shuffled {on_shuffled:4.0%}")


# %% tags=["figure"]
def digits_and_none(model):  # six digits, a gap, six shuffled images
    with torch.no_grad():
        left, right = model(data.x_test[:6]), model(no_digits[:6])
    return torch.cat([left, torch.zeros_like(left[:1]), right])


rows = {"digits, and shuffled": nn.Identity(), "64 units": bottleneck}
rows |= {"1,024 units": overcomplete}
plotting.image_grid({name: digits_and_none(model) for name, model in rows.items()})

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
# It rebuilds what is unlike anything that it was shown. So its small error on digits says little about
# digits. The narrow network fails on the same images, and that is to its credit: 64 numbers are too few
# for copying, so it had to learn which pixels go together. (And copying begins long before the code is as large as
# the image: look at 392 units.)
#
# ## 3 · A price on being active
#
# Must the code be narrow, then? Another way: let it be large, but let every active unit cost
# something. Add to the loss how much all units say together,
#
# $$\text{loss}=\lVert x-\hat x\rVert^2+\lambda\sum_j\lvert z_j\rvert .$$
#
# This is an **L1 penalty**, and $\lambda$ its weight. It pulls each $z_j$ towards zero with the same force
# $\lambda$, however small $z_j$ is already, so many arrive, and ReLU keeps them there. (A squared penalty
# pulls with $2\lambda z_j$, less and less, and silences fewer: Try it 2.) A code with few active units is
# called **sparse**.


# %%
def with_l1(penalty):
    def loss(model, x):
        z = model.encoder(x)
        error = (x - model.decoder(z)).square().sum(dim=1).mean()
        return error + penalty * z.abs().sum(dim=1).mean()

    return loss


by_penalty = {0: overcomplete}
for penalty in (0.03, 0.1, 0.3, 1):
    model = TiedAutoencoder(784, 1024).to(device)
    fit(model, data.x_train, with_l1(penalty), **recipe, label=f"λ = {penalty}")
    by_penalty[penalty] = model
sparse = by_penalty[0.3]


@torch.no_grad()
def active_units(model, x):
    return (model.encoder(x) > 0).sum(dim=1).float().mean().item()


without = active_units(overcomplete, data.x_test)
print(f"no penalty: {without:.0f} of 1,024 units are active on one digit, on average")

# %% tags=["figure"]
how_many = Prediction("And with λ = 0.3, how many?", (0, 1024))
how_many

# %%
active, clean, on_shuffled = {}, {}, {}
print("   λ   active units   error on digits   left on shuffled images")
for penalty, model in by_penalty.items():
    active[penalty] = active_units(model, data.x_test)
    clean[penalty] = error_on(model, data.x_test)
    on_shuffled[penalty] = left(model, no_digits)
    print(f"{penalty:4} {active[penalty]:14.0f} {clean[penalty]:17.1f}", end=" ")
    print(f"{on_shuffled[penalty]:25.0%}")
narrow = error_on(bottleneck, data.x_test), left(bottleneck, no_digits)
print("64 units {:27.1f} {:25.0%}".format(*narrow))

# %% tags=["figure"]
how_many.reveal(active[0.3], within=50)

# %% [markdown]
# Move the penalty. Watch the shuffled images dissolve first, and then the digits pay.

# %% tags=["figure"]
frames, captions = [], []
for penalty, model in by_penalty.items():
    rows = {"digits, and shuffled": digits_and_none(nn.Identity())}
    rows[f"rebuilt, λ = {penalty}"] = digits_and_none(model)
    frames.append(plotting.image_grid(rows))
    captions.append(
        f"λ = {penalty}: {active[penalty]:.0f} of 1,024 units active, error "
        f"{clean[penalty]:.1f} on digits, {on_shuffled[penalty]:.0%} of the mean image's "
        "error on shuffled images"
    )
FramePlayer(frames, captions, label="penalty", start=3, interval=1500)

# %%
claim(
    "C08b",
    "The L1 penalty cures copying: share of the mean image's error that is left on "
    "shuffled images, λ = 0.3",
    on_shuffled[0.3],
    kind="experiment",
    at_least=0.8,
    control=("no penalty", on_shuffled[0]),
)
claim(
    "C08c",
    "Few units are active then: share of the 1,024, λ = 0.3",
    active[0.3] / 1024,
    kind="experiment",
    at_most=0.1,
    control=("no penalty", active[0] / 1024),
)

# %% [markdown]
# ### Chosen for each image, or the same for all?
#
# A bottleneck uses the same units for every digit; a sparse code picks others for each. So at equal
# numbers of units, which has the smaller error? The strongest rival with the same units for all is PCA:
# for λ = 0.1, 0.3 and 1 we take as many components as the sparse code has active units.

# %% tags=["figure"]
picks = Prediction(
    "At which of the three has the sparse code the smaller error?",
    ["at all three", "only with few active units", "only with many", "another pattern"],
)
picks

# %%
centred = (data.x_train - mean_image).cpu()
_, directions = torch.linalg.eigh(centred.T @ centred)
directions = directions.flip(1).to(device)  # 784 × 784, one a column, the strongest first


def pca_error(kept):  # kept: 1 for the components that stay, n × 784 or one row for all
    z = (data.x_test - mean_image) @ directions
    rebuilt = mean_image + (z * kept) @ directions.T
    return (data.x_test - rebuilt).square().sum(dim=1).mean().item()


over_pca = {}
for penalty in (0.1, 0.3, 1):
    units = round(active[penalty])
    same_for_all = (torch.arange(784, device=device) < units).float()
    over_pca[penalty] = clean[penalty] / pca_error(same_for_all)
    print(f"λ = {penalty}, {units} units: sparse {clean[penalty]:.1f},", end=" ")
    print(f"PCA {pca_error(same_for_all):.1f}, ratio {over_pca[penalty]:.2f}")

# %% tags=["figure"]
wins = [ratio < 1 for ratio in over_pca.values()]  # from many active units to few
patterns = {(1, 1, 1): "at all three", (0, 1, 1): "only with few active units"}
patterns |= {(0, 0, 1): "only with few active units", (1, 0, 0): "only with many"}
patterns |= {(1, 1, 0): "only with many"}
picks.reveal(patterns.get(tuple(wins), "another pattern"))

# %% [markdown]
# With few units it pays to choose. Is that the merit of the L1 penalty? Let PCA choose, too: of its 784
# components, keep for each image those whose numbers are largest. And why does the sparse code fall
# behind with many units? The penalty not only silences units, it also makes the active ones too small (it
# *shrinks* them). Undo that: keep which units are active, and find their $z_j$ by least squares.


# %%
def largest(count):  # for each image: 1 for its `count` largest components, n × 784
    z = (data.x_test - mean_image) @ directions
    order = z.abs().argsort(dim=1, descending=True)
    return torch.zeros_like(z).scatter(dim=1, index=order[:, :count], value=1)


@torch.no_grad()
def without_shrinking(model, x):  # the mean error over images
    errors = []
    for image, z in zip((x - model.output_bias).cpu(), model.encoder(x).cpu()):
        pictures = model.weight.cpu()[z > 0].T  # 784 × active units
        best = torch.linalg.lstsq(pictures, image[:, None]).solution
        errors.append((image - (pictures @ best)[:, 0]).square().sum())
    return torch.stack(errors).mean().item()


chosen, some = {}, data.x_test[:200]
for penalty in over_pca:
    chosen[penalty] = pca_error(largest(round(active[penalty])))
    undone = without_shrinking(by_penalty[penalty], some)
    print(f"λ = {penalty}: PCA, chosen for each image {chosen[penalty]:4.1f};", end=" ")
    print(f"sparse {error_on(by_penalty[penalty], some):4.1f},", end=" ")
    print(f"not shrunk {undone:4.1f} (first 200 images)")

# %%
claim(
    "C08d",
    "With about ten active units, choosing them for each image beats PCA's ten "
    "components: error of the sparse code over PCA's, λ = 1",
    over_pca[1],
    kind="experiment",
    at_most=0.9,
    control=("λ = 0.1, many active units", over_pca[0.1]),
)
claim(
    "C08e",
    "But PCA that chooses is better still: error of its largest components over the "
    "sparse code's with as many units, λ = 0.3",
    chosen[0.3] / clean[0.3],
    kind="experiment",
    at_most=0.9,
    control=("PCA that does not choose", 1 / over_pca[0.3]),
)

# %% [markdown]
# So what pays is the choosing, not the penalty. What the penalty gives is a code that *learns to choose in
# one step*, units that are exactly zero, and the price is shrinkage. (Whoever stores such a code must also
# note *which* units are active; neither side was charged for that.)
#
# ## 4 · What do the few units add up to?
#
# The decoder is one linear layer. So a rebuilt image is the output bias plus one picture for each active
# unit, $\hat x=c+\sum_j z_j\,w_j$, with $w_j$ the row $j$ of $W$. Take the units in the order of how much
# they change the image, $z_j\lVert w_j\rVert$, and add one after the other.


# %%
@torch.no_grad()
def strongest(model, x, count):  # the image from the bias and the `count` strongest units
    z = model.encoder(x)
    order = (z * model.weight.norm(dim=1)).argsort(dim=1, descending=True)
    kept = torch.zeros_like(z)
    kept.scatter_(dim=1, index=order[:, :count], value=1)  # 1 for the units that stay
    return model.decoder(z * kept)


# %% tags=["figure", "opening"]
image, counts = data.x_test[data.y_test == 3][:1], [0, 1, 2, 3, 4, 5, 10, 20, 40, 1024]
figure, axes = plt.subplots(
    3, 11, figsize=(12, 4), width_ratios=[2.2] + [1] * 10, layout="constrained"
)
names = "sparse code:\nwhat is added", "sparse code:\nthe sum", "no penalty:\nthe sum"
for row, name in zip(axes, names):
    row[0].text(1, 0.5, name, ha="right", va="center", transform=row[0].transAxes)
before = torch.zeros_like(image)
for column, count in enumerate(counts, start=1):
    now, without = strongest(sparse, image, count), strongest(overcomplete, image, count)
    title = {0: "bias", 1: "1 unit", 1024: "all"}.get(count, f"{count} units")
    axes[0, column].set_title(title, fontsize=13)
    for ax, picture in zip(axes[:, column], (now - before, now, without)):
        added = {"cmap": "RdBu", "vmin": -0.8, "vmax": 0.8}
        style = added if ax in axes[0] else {"vmin": 0, "vmax": 1}
        ax.imshow(picture.reshape(28, 28).cpu(), **style)
    before = now
for ax in axes.flat:
    ax.axis("off")
plt.show()

# %% [markdown]
# In the upper row blue adds ink and red takes it away. The sparse code makes a readable 3 of ten
# units; the others correct it. Now all held-out digits, in numbers: how much of the mean image's error is
# left? (Below zero the picture shows white, but the error counts it.)

# %% tags=["figure"]
how_few = Prediction(
    "The 20 strongest of 1,024 units, without penalty: how much of the mean image's "
    "error is left?",
    ["less than half", "half to nearly all", "more than the mean image's error"],
)
how_few

# %%
counts = [0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 40, 80, 160, 320, 1024]


def left_with(model, count):  # of the mean image's error, with so many units
    rebuilt = strongest(model, data.x_test, count)
    return (data.x_test - rebuilt).square().sum(dim=1).mean().item() / mean_error


left_sparse = [left_with(sparse, count) for count in counts]
left_without = [left_with(overcomplete, count) for count in counts]
print("units     ", *(f"{count:4d}" for count in counts))
print("λ = 0.3   ", *(f"{share:4.0%}" for share in left_sparse))
print("no penalty", *(f"{share:4.0%}" for share in left_without))

# %% tags=["figure"]
with_20 = left_without[counts.index(20)]
below_1 = "less than half" if with_20 < 0.5 else "half to nearly all"
how_few.reveal(below_1 if with_20 < 1 else "more than the mean image's error")

# %% [markdown]
# Without penalty, no small number of units means anything: hundreds must speak together, each correcting
# the others. (No unit at all leaves the output bias. Nothing asks it to be the mean image.)

# %%
claim(
    "C08f",
    "A few active units make the image: share of the mean image's error that the 20 "
    "strongest leave, λ = 0.3",
    left_sparse[counts.index(20)],
    kind="experiment",
    at_most=0.3,
    control=("no penalty", left_without[counts.index(20)]),
)

# %% [markdown]
# Add them yourself, one by one. At how many units can you read each digit?

# %% tags=["figure"]
shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
frames, captions = [], []
for count, one, other in zip(counts, left_sparse, left_without):
    rows = {
        "image": shown,
        "λ = 0.3": strongest(sparse, shown, count),
        "no penalty": strongest(overcomplete, shown, count),
    }
    frames.append(plotting.image_grid(rows))
    many = {0: "no unit, the bias alone", 1: "1 unit"}.get(count, f"{count} units")
    captions.append(
        f"{many}: {one:.0%} of the mean image's error left (no penalty: {other:.0%})"
    )
FramePlayer(frames, captions, label="step", start=7, interval=700)

# %% [markdown]
# ## 5 · And noise?
#
# The penalty was there against copying. Noise is another matter: add to each pixel of the held-out digits a
# number of its own from $N(0, 0.5^2)$. No network here has ever seen such images. (We judge what you
# see: all outputs clipped to the pixels' range, 0 to 1.)

# %% tags=["figure"]
with_noise = Prediction(
    "From noisy digits to clean ones: is the error of λ = 0.3 smaller than without "
    "penalty?",
    ["less than half", "smaller, but more than half", "no, as large or larger"],
)
with_noise

# %%
noisy = data.x_test + 0.5 * torch.randn_like(data.x_test)


@torch.no_grad()
def error_from_noisy(model):
    return (data.x_test - model(noisy).clamp(0, 1)).square().sum(dim=1).mean().item()


noisy_error = {name: error_from_noisy(model) for name, model in by_penalty.items()}
for name, error in {**noisy_error, "64 units": error_from_noisy(bottleneck)}.items():
    print(f"{name if name == '64 units' else f'λ = {name}':8} {error:5.1f}")
woken = active_units(sparse, noisy), active_units(sparse, data.x_test)
print(
    "λ = 0.3, active units: {:.0f} on noisy digits, {:.0f} on clean ones".format(*woken)
)

# %% tags=["figure"]
shown = {"noisy": nn.Identity(), "no penalty": overcomplete, "λ = 0.3": sparse}
shown |= {"64 units": bottleneck}
with torch.no_grad():
    rows = {name: model(noisy[:12]) for name, model in shown.items()}
plotting.image_grid(rows)

# %% tags=["figure"]
over_none = noisy_error[0.3] / noisy_error[0]
smaller = "less than half" if over_none < 0.5 else "smaller, but more than half"
with_noise.reveal(smaller if over_none < 1 else "no, as large or larger")

# %%
claim(
    "C08g",
    "A code that cannot copy does not copy noise either: error from noisy digits over "
    "that without penalty, λ = 0.3",
    noisy_error[0.3] / noisy_error[0],
    kind="experiment",
    at_most=0.5,
    control=("λ = 0.03, which still copies", noisy_error[0.03] / noisy_error[0]),
)

# %% [markdown]
# Nobody asked it to take noise away, and it does, about as well as the bottleneck. What if one asks for
# just that? Lesson 03b does.
#
# ## 6 · Where it breaks
#
# - **The test knows one kind of non-digit.** A network that fails on shuffled images may still
#   copy others: letters, say.
# - **One more number to choose.** λ = 0.03 cures little; 1 doubles the error on digits over 0.3.
# - **Untied, the penalty can be dodged.** With a decoder of its own, a network may make $z$ a tenth and
#   the decoder's weights ten times as large: the same images for a tenth of the penalty. (Then keep every
#   $w_j$ at length 1.)
# - **No parts of digits here.** Sparse units can become pen strokes (Ranzato and others 2006, with far
#   more digits). The upper row of section 4 shows blobs and smears; few are strokes.
#
# ## 7 · Try it
#
# 1. Take 4,096 units, with and without penalty. Does copying get worse? Do more units become active?
# 2. Use a squared penalty, `z.square()`, with a λ that leaves the same error on digits as λ = 0.3 does. How
#    many units are active, and what is left on shuffled images?
# 3. How few units copy? Draw what is left on digits and on shuffled images over the number of units, and
#    PCA's beside it.
# 4. Test the three networks of section 1 on digits turned upside down, and on their negatives, $1-x$. Do they know
#    digits, or strokes?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(copies, how_many, picks, how_few, with_noise)

# %% [markdown]
# - A code larger than the image can copy: it rebuilds shuffled images, too, so its small error on digits
#   says little about digits.
# - An L1 penalty cures that: few units are active, different ones for each image, and their pictures add up
#   to it.
# - It costs accuracy, a part of it because the penalty shrinks what it leaves. Choosing units for each image pays;
#   PCA can do that, too.
# - What keeps it from copying shuffled images keeps it from copying noise.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | overcomplete code | 过完备编码 | more code units than pixels |
# | sparse code | 稀疏编码 | few units active at a time |
# | sparse autoencoder | 稀疏自编码器 | an autoencoder with a penalty on active units |
# | L1 penalty | L1 正则化 | $\lambda\sum_j\lvert z_j\rvert$, added to the loss |
# | regulariser | 正则项 | what is added to a loss to rule out easy solutions, here the penalty |
# | tied weights | 权重绑定 | the decoder's weight is the encoder's, transposed |
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
#   with an energy-based model*, Advances in Neural Information Processing Systems 19, 1137–1144.
# - A. Makhzani and B. Frey (2013), *k-sparse autoencoders*, arXiv:1312.5663 (tied weights, a fixed number
#   of active units).
# - X. Glorot, A. Bordes and Y. Bengio (2011), *Deep sparse rectifier neural networks*, Proceedings of
#   AISTATS 15, 315–323 (ReLU and exact zeros).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
