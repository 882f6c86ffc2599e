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
# # 01a · PCA is a linear autoencoder
#
# **What is an autoencoder, and in which sense have you known one all along?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01a_linear_autoencoder.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/01a_linear_autoencoder.ipynb) ·
# 40 minutes to study, 20 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write an autoencoder and its training loop from nothing;
# 2. say in which sense PCA *is* an autoencoder, and check it with an angle;
# 3. judge from error *and* angle whether a network found PCA's plane;
# 4. say what a linear autoencoder's code units are, and what they are not.
#
# **Builds on** linear algebra (projections, PCA) and a first network trained by gradient
# descent. It is the first of the lessons: nothing here comes from another one. Lesson 01b goes
# on with deep autoencoders.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="01a")

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits
from lessons_lib.training import evaluate, fit
from lessons_lib.widgets import FramePlayer, LatentExplorer, Prediction, PredictionCount

data = digits().to(device)
print("training images", tuple(data.x_train.shape))
print("held-out images", tuple(data.x_test.shape))

# %% tags=["figure"]
plotting.image_grid({"held-out digits": data.x_test[:12]})

# %% [markdown]
# These are real handwritten digits. Each is 28 × 28 pixels, that is one row of 784 numbers
# from 0 (paper) to 1 (ink). **Held-out** digits are those that no training step sees: every
# error below is measured on them unless it says otherwise. The labels stay in a drawer: no
# network in this lesson sees one.
#
# ## 1 · What is an autoencoder?
#
# A network that must give back its own input, through a layer too narrow for it, the
# **bottleneck**. The **encoder** makes a short **code** $z$ of the image $x$; the **decoder** makes an image
# $\hat x$ of the code. Both learn from one thing, the **reconstruction error**
#
# $$\lVert x-\hat x\rVert^2=\sum_{i=1}^{784}(x_i-\hat x_i)^2,$$
#
# with $x_i$ the pixels of the image and $\hat x_i$ those of its reconstruction.

# %% tags=["figure"]
plotting.network_diagram(
    [("image $x$", 784), ("", 128), ("code $z$", 10)]
    + [("", 128), (r"reconstruction $\hat x$", 784)],
    arrows=["encoder"] * 2 + ["decoder"] * 2,
)

# %% [markdown]
# Each number of the code is a **code unit**. The whole model is two stacks of layers. GELU, a
# smooth ReLU, is the non-linearity between two layers; we call it the **bend**. There is none behind
# the code, so that a code can take any value.


# %%
def layers(*widths, activation=nn.GELU):
    stack = []
    for inputs, outputs in zip(widths, widths[1:]):
        stack += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*stack[:-1])  # no activation behind the last layer


class Autoencoder(nn.Module):
    def __init__(self, encoder, decoder):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x):
        z = self.encoder(x)
        return self.decoder(z)


def squared_error(model, x):
    # Summed over pixels, mean over images.
    return (x - model(x)).square().sum(dim=1).mean()


# %% [markdown]
# And this is all of training. Each step takes 100 images, measures how badly they come back,
# and moves every weight a little against the gradient (Adam chooses how far). Once through all
# images is an **epoch**.


# %%
def train(model, x, epochs, learning_rate=1e-3):
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(100):
            error = squared_error(model, x[batch])
            optimizer.zero_grad()
            error.backward()
            optimizer.step()


@torch.no_grad()
def held_out_error(model):
    return squared_error(model, data.x_test).item()


# %% [markdown]
# The laziest reconstruction is the same for every image: the **mean image**. We compare all errors
# with its error.

# %% tags=["figure"]
how_much = Prediction(
    "Ten numbers in place of 784 pixels. How much of the mean image's error will be "
    "gone, on digits that the network never saw?",
    (0, 100),
    unit="%",
)
how_much

# %%
mean_image = data.x_train.mean(dim=0)
mean_error = (data.x_test - mean_image).square().sum(dim=1).mean().item()

first = Autoencoder(layers(784, 128, 10), layers(10, 128, 784)).to(device)
train(first, data.x_train, epochs=10)

gone = 1 - held_out_error(first) / mean_error
print(f"held-out error {held_out_error(first):.1f}; of the mean image {mean_error:.1f}")
with torch.no_grad():
    print("code of the first one:", first.encoder(data.x_test[0]).cpu().numpy().round(1))

# %% tags=["figure"]
with torch.no_grad():
    rows = {"image": data.x_test[:12], "rebuilt": first(data.x_test[:12])}
plotting.image_grid(rows)

# %% tags=["figure"]
how_much.reveal(100 * gone, within=10)

# %% [markdown]
# Many digits can be read, some have turned into a look-alike, some are smudges. No label was ever
# shown.
#
# Did the *encoder* have to learn, or does any do? For a control, train a decoder of the same shape,
# just as long, behind a random encoder that stays as it is. (Its codes would be tiny: we stretch each
# unit to spread 1, so that the decoder gets numbers of a healthy size.)

# %%
frozen = Autoencoder(layers(784, 128, 10), layers(10, 128, 784)).to(device)
with torch.no_grad():
    z, last = frozen.encoder(data.x_train), frozen.encoder[-1]
    # (z - mean) / spread, built into the last layer
    last.bias.sub_(z.mean(dim=0)).div_(z.std(dim=0))
    last.weight.div_(z.std(dim=0)[:, None])
frozen.encoder.requires_grad_(False)
train(frozen, data.x_train, epochs=10)

# %% [markdown]
# A sentence with a green edge, like the next one, is **measured**: you see this run's number, the
# bound that it must keep, and the **control**, a case in which the sentence should fail, and does.
# An *experiment* could have come out otherwise: its range over five random starts (seeds) is shown,
# too. A *theorem* is a known truth that the run meets. If a bound breaks, the cell stops.

# %%
claim(
    "C01a",
    "From reconstruction error alone, without labels, ten numbers keep most of an unseen "
    "digit: share of the mean image's error that is gone",
    gone,
    kind="experiment",
    at_least=0.5,
    control=("random encoder", 1 - held_out_error(frozen) / mean_error),
)

# %% [markdown]
# So the encoder had to learn too: behind a random one the decoder gets less out of its ten numbers.
# The two agree on a language while they train.
#
# ## 2 · PCA is the linear autoencoder
#
# PCA also makes ten numbers of an image and goes back: with $\mu$ the mean image and $V$ the
# ten leading principal directions (one a row, 10 × 784),
#
# $$z=V(x-\mu),\qquad \hat x=V^\top z+\mu .$$
#
# Both steps are linear. Among *all* linear encoders and decoders, an offset allowed, PCA has the
# smallest squared error on its training data (Eckart and Young 1936; for networks Bourlard and Kamp
# 1988). And a linear autoencoder's error has no other valley, only saddles, as long as the tenth and
# the eleventh variance differ (Baldi and Hornik 1989): gradient descent has nowhere else to come to
# rest than on the same **plane**. (We say plane for every flat subspace, here of ten dimensions.)

# %%
from sklearn.decomposition import PCA

x_train, x_test = data.x_train.cpu().numpy(), data.x_test.cpu().numpy()
pca = PCA(30, svd_solver="covariance_eigh").fit(x_train)


def rebuild(pca, x, units):
    directions = pca.components_[:units]  # the V of the formula
    z = (x - pca.mean_) @ directions.T
    return z @ directions + pca.mean_


def pca_error(x, units, pca=pca):
    return np.square(x - rebuild(pca, x, units)).sum(axis=1).mean()


# %% tags=["figure", "opening"]
shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
with torch.no_grad():
    learned, rebuilt = first.encoder(shown).cpu(), first(shown).cpu()
by_pca, shown = torch.as_tensor(pca.transform(shown.cpu())[:, :10]), shown.cpu()
strips = {
    "784 pixels": shown,
    "PCA's ten numbers": by_pca / by_pca.abs().amax(),
    "rebuilt by PCA": torch.as_tensor(rebuild(pca, shown.numpy(), 10)),
    "autoencoder's ten numbers": learned / learned.abs().amax(),
    "rebuilt by the autoencoder": rebuilt,
}
figure, axes = plt.subplots(5, 11, figsize=(12, 5), width_ratios=[2.6] + [1] * 10)
for row, (name, values) in zip(axes, strips.items()):
    row[0].text(1, 0.5, name, ha="right", va="center", transform=row[0].transAxes)
    for ax, value in zip(row[1:], values):
        if len(value) == 10:  # a code: blue above zero, red below
            ax.imshow(value.reshape(2, 5), cmap="RdBu", vmin=-1, vmax=1, aspect=1.4)
        else:
            ax.imshow(value.reshape(28, 28), vmin=0, vmax=1)
    for ax in row:
        ax.axis("off")
plt.show()

# %% [markdown]
# (In the codes blue is above zero, red below.) Two autoencoders, then: one that you train, and one
# that you have known all along. Are they the same if the trained one is linear, too?
#
# `fit` is the loop from above with three comforts: a learning rate that rises and then falls to
# zero, a progress bar, and if you stop the cell, what was learned is kept. Since the learning
# rate must end at zero each time, we train four linear networks, each from the start. `evaluate`
# measures an error without learning.

# %%
# PCA takes the mean away, so the linear network may too.
centred = data.x_train - mean_image
recipe = {"batch_size": 250, "learning_rate": 1e-2}
linear, epochs_tried = {}, [6, 20, 40, 130]
for epochs in epochs_tried:
    encoder, decoder = nn.Linear(784, 10, bias=False), nn.Linear(10, 784, bias=False)
    linear[epochs] = Autoencoder(encoder, decoder).to(device)
    fit(linear[epochs], centred, squared_error, epochs=epochs, **recipe)

# %% [markdown]
# To compare two planes we need their **largest principal angle** (Jordan 1875): walk in
# one plane, in the direction that leaves the other as fast as possible; this is the angle at which
# you leave it. Zero means the same plane, 90° that some direction is missed altogether. Two planes
# in space, below, share a line: along it the angle is zero, across it it is largest.

# %% tags=["figure"]
space = {"projection": "3d", "computed_zorder": False}
figure, ax = plt.subplots(figsize=(8, 4), subplot_kw=space)
tilt = np.radians(35)
shared, across = np.meshgrid([-1, 1], [-0.3, 1])
for colour, angle_up in [(plotting.COLOURS[0], 0), (plotting.COLOURS[6], tilt)]:
    y, z = across * np.cos(angle_up), across * np.sin(angle_up)
    ax.plot_surface(shared, y, z, color=colour, alpha=0.5, shade=False)
    end = 1.2 * np.cos(angle_up), 1.2 * np.sin(angle_up)
    ax.plot([0, 0], [0, end[0]], [0, end[1]], color=colour, zorder=3)
arc = np.linspace(0, tilt, 30)
ax.plot(0 * arc, 1.1 * np.cos(arc), 1.1 * np.sin(arc), color=plotting.INK, zorder=3)
ax.plot([-1, 1], [0, 0], [0, 0], color=plotting.INK, ls="--", zorder=3)
figure.text(0.68, 0.6, "across: the largest angle", va="center")
figure.text(0.5, 0.1, "along the shared line: 0°", ha="center", va="top")
ax.set(xlim=(-1, 1), ylim=(-0.5, 1.1), zlim=(-0.2, 0.6))
ax.set_box_aspect((2, 1.6, 0.8), zoom=1.2)
ax.view_init(elev=24, azim=-22)
ax.axis("off")
plt.show()

# %% tags=["figure"]
how_far = Prediction(
    "Of networks trained for 6, 20, 40 and 130 epochs, take the first whose error is "
    "within one percent of PCA's. How large is the largest angle between the planes?",
    ["under 5°", "5° or more"],
)
how_far

# %%
from scipy.linalg import subspace_angles


def largest_angle(one, other):
    # Of two planes, each given by the directions that span it, one a row.
    return np.degrees(subspace_angles(one.T, other.T).max())


def angle_to_pca(directions):  # to PCA's plane of as many dimensions
    return largest_angle(directions, pca.components_[: len(directions)])


def excess_error(error, units=10):  # in percent, on the training data
    return 100 * (error / pca_error(x_train, units) - 1)


angle, excess = {}, {}
for epochs, model in linear.items():
    angle[epochs] = angle_to_pca(model.decoder.weight.detach().T.cpu().numpy())
    excess[epochs] = excess_error(evaluate(model, centred, squared_error))
    print(f"{epochs:3d} epochs: {angle[epochs]:5.1f}° off,", end=" ")
    print(f"training error +{excess[epochs]:.4f} %")
within_a_percent = next(epochs for epochs in epochs_tried if excess[epochs] <= 1)

# %% tags=["figure"]
how_far.reveal("under 5°" if angle[within_a_percent] < 5 else "5° or more")

# %% [markdown]
# How can the error be right and the plane wrong? (How wrong depends on the random start.) Take PCA's plane, throw its tenth direction
# out, and put the eleventh in. And how sure is PCA itself? Fit it to each half of the images.

# %%
swapped = pca.components_[[*range(9), 10]]  # the eleventh direction for the tenth
z = (x_train - pca.mean_) @ swapped.T
swapped_error = np.square(x_train - pca.mean_ - z @ swapped).sum(axis=1).mean()
swapped_angle = angle_to_pca(swapped)
print("variance along directions 9 to 12:", pca.explained_variance_[8:12].round(3))
print(f"10th swapped for 11th: {swapped_angle:.0f}°,", end=" ")
print(f"training error +{excess_error(swapped_error):.2f} %")

halves = [
    PCA(10, svd_solver="covariance_eigh").fit(x_train[part]).components_
    for part in (slice(0, 2000), slice(2000, 4000))
]
halves_angle = largest_angle(*halves)
print(f"PCA on one half of the images, against the other half: {halves_angle:.0f}°")

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(11.5, 4.2))
left.plot(epochs_tried, list(excess.values()), "o:")
left.set(
    title="error: near the best early",
    ylabel="training error above PCA's, %",
    ylim=0,
)
right.plot(epochs_tried, list(angle.values()), "o:", color=plotting.COLOURS[6])
right.axhline(halves_angle, ls="--", color=plotting.INK)
right.text(130, halves_angle, "PCA: one half of the data", ha="right", va="bottom")
right.text(130, halves_angle - 1, "against the other", ha="right", va="top")
right.set(
    title="plane: PCA's only later", ylabel="largest angle to PCA's, degrees", ylim=0
)
for ax in (left, right):
    ax.set(xscale="log", xlabel="epochs of training", xticks=epochs_tried)
    ax.set_xticklabels(epochs_tried)
    ax.minorticks_off()
plt.show()

# %% [markdown]
# See it happen, in five networks: the player starts with one that was not trained. Above, PCA's ten directions as
# pictures (blue adds ink, red takes it away). Below, the shadow that each throws on the network's
# plane, and how much of the direction's squared length is in it. A direction that lies in the plane
# has a full shadow.


# %% tags=["figure"]
which_first = Prediction(
    "Which of PCA's directions does training bring into the plane first?",
    ["the first ones", "the last ones", "all ten together"],
)
which_first


# %% tags=["figure"]
def shadows(model):
    # Axes of the network's plane, at right angles.
    plane, _ = torch.linalg.qr(model.decoder.weight.detach().cpu())
    directions = torch.as_tensor(pca.components_[:10])
    shadow = directions @ plane @ plane.T
    return directions, shadow, shadow.square().sum(dim=1)  # a direction has length 1


def draw_shadows(model):
    figure, axes = plt.subplots(2, 10, figsize=(12, 3.2))
    *pictures, shares = shadows(model)
    for ax, picture in zip(axes.flat, torch.cat(pictures)):
        ax.imshow(picture.reshape(28, 28), cmap="RdBu", vmin=-0.15, vmax=0.15)
        ax.axis("off")
    for number, (direction, shadow, share) in enumerate(zip(*axes, shares), start=1):
        direction.set_title(f"{number}")
        shadow.set_title(f"{100 * share:.0f} %")
    return figure


# %% tags=["figure"]
untrained = Autoencoder(nn.Linear(784, 10, bias=False), nn.Linear(10, 784, bias=False))
frames = [draw_shadows(model) for model in [untrained, *linear.values()]]
captions = ["no training: hardly a shadow"]
captions += [
    f"{epochs} epochs: {angle[epochs]:.1f}° off, training error +{excess[epochs]:.4f} %"
    for epochs in epochs_tried
]
FramePlayer(frames, captions, label="training", interval=1500)

# %% tags=["figure"]
*_, shares = shadows(linear[6])
print("after 6 epochs:", *(f"{100 * share:.0f} %" for share in shares))
ahead = shares[:5].mean() - shares[5:].mean()
first_or_last = "the first ones" if ahead > 0 else "the last ones"
which_first.reveal(first_or_last if abs(ahead) > 0.1 else "all ten together")

# %%
claim(
    "C02a",
    "Trained to convergence, the linear autoencoder's plane is PCA's: largest angle",
    angle[130],
    kind="theorem",
    at_most=5,
    unit="°",
    control=("the first network within 1 %", angle[within_a_percent]),
)
claim(
    "C02b",
    "Its training error is PCA's: excess",
    excess[130],
    kind="theorem",
    at_most=0.01,
    unit="%",
    control=("after 6 epochs", excess[6]),
)

# %% [markdown]
# The strong directions come first. The last ones add so little that the error hardly tells the
# network which to take; even PCA is unsure of them, as its two halves show.
#
# ## 3 · What are its code units?

# %% tags=["figure"]
same_units = Prediction(
    "Same plane, same error. Is the first principal component one of the network's "
    "code units?",
    ["yes, unit 1", "yes, another unit", "no, each is a mixture"],
)
same_units

# %%
with torch.no_grad():
    z = linear[130].encoder(centred).cpu().numpy()
scores = pca.transform(x_train)[:, :10]  # PCA's own codes


def correlations(codes):  # of each code unit (row) with each principal component (column)
    return np.abs(np.corrcoef(codes.T, scores.T)[:10, 10:])


def best_correlation(codes):
    # For each component its best code unit; then the mean of the ten.
    return correlations(codes).max(axis=0).mean()


# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(10.5, 4.6), sharey=True)
for ax, (title, codes) in zip(axes, {"PCA": scores, "linear autoencoder": z}.items()):
    picture = ax.imshow(
        correlations(codes), vmin=0, vmax=1, cmap="viridis", origin="lower"
    )
    ax.set(title=title, xlabel="principal component", ylabel="code unit")
    ax.set(xticks=range(10), yticks=range(10))
    ax.set(xticklabels=range(1, 11), yticklabels=range(1, 11))
    ax.grid(False)
figure.colorbar(picture, ax=axes, label="absolute correlation")
plt.show()

# %% tags=["figure"]
units = correlations(z)[:, 0]  # of the first component, with each code unit
which = "yes, another unit" if units.argmax() else "yes, unit 1"
same_units.reveal(which if units.max() > 0.9 else "no, each is a mixture")

# %%
claim(
    "C02c",
    "The linear codes are not the principal components: mean best correlation",
    best_correlation(z),
    kind="experiment",
    at_most=0.9,
    control=("PCA's own codes, by definition", best_correlation(scores)),
)

# %% [markdown]
# At the right no row has one bright square alone: each code unit is a mixture. The error does
# not care. For any invertible 10 × 10 matrix $A$, encoder $A V$ and decoder $V^\top A^{-1}$ give the
# very same $\hat x$. PCA picks one of these by rule (directions at right angles, the largest
# variance first); gradient descent takes whichever is near.
#
# Feel the difference. Both decoders are one linear layer, run in your browser. Move $z_1$ of
# PCA from end to end, then $z_{10}$: the first moves the picture about twice as far as the last. Then
# look for a first and a last among the ten sliders of the network.


# %%
def linear_decoder(weight):  # 784 pixels × 10 code units; the mean image is the bias
    layer = nn.Linear(10, 784)
    layer.weight.data = torch.as_tensor(weight).detach().cpu().contiguous()
    layer.bias.data = mean_image.cpu().clone()
    return layer


pca_decoder = linear_decoder(pca.components_[:10].T)
LatentExplorer(pca_decoder, scores[:500], data.y_train[:500])

# %%
network_decoder = linear_decoder(linear[130].decoder.weight)
LatentExplorer(network_decoder, z[:500], data.y_train[:500])

# %%
# How far one standard deviation of each unit moves the image.
reach = {}
for name, decoder, codes in [
    ("PCA", pca_decoder, scores),
    ("linear autoencoder", network_decoder, z),
]:
    columns = decoder.weight.detach().numpy()
    reach[name] = np.linalg.norm(columns * codes.std(axis=0), axis=0)
    print(f"{name:20}", *(f"{value:5.1f}" for value in reach[name]))

# %%
claim(
    "C02d",
    "Its code units move the image about equally far: strongest over weakest",
    reach["linear autoencoder"].max() / reach["linear autoencoder"].min(),
    kind="experiment",
    at_most=1.6,
    control=("PCA's ten units", reach["PCA"].max() / reach["PCA"].min()),
)

# %% [markdown]
# ## 4 · Where it breaks
#
# PCA's plane, like any autoencoder, fits the images that it was made from: digits in the middle of
# the picture. Move held-out digits to the right. **Predict first:** whose error will become larger
# than the mean image's on the *same* moved digits: PCA's, that of section 1's autoencoder, both or
# neither?


# %%
def moved_right(x, pixels):  # paper comes in from the left
    images = nn.functional.pad(x.reshape(-1, 28, 28), (pixels, 0))
    return images[:, :, :28].flatten(1)


pixels_tried = range(0, 7)
errors_moved = {"mean image": [], "PCA": [], "autoencoder": []}
for pixels in pixels_tried:
    x = moved_right(data.x_test, pixels)
    mean_image_error = (x - mean_image).square().sum(dim=1).mean().item()
    errors_moved["mean image"].append(mean_image_error)
    errors_moved["PCA"].append(pca_error(x.cpu().numpy(), 10))
    with torch.no_grad():
        errors_moved["autoencoder"].append(squared_error(first, x).item())
for name, errors in errors_moved.items():
    print(f"{name:11}", *(f"{error:5.1f}" for error in errors))

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 4))
for (name, errors), style in zip(errors_moved.items(), ["k--", "o-", "s-"]):
    ax.plot(pixels_tried, errors, style, label=name)
ax.set(xlabel="pixels that the digit is moved", ylabel="held-out squared error", ylim=0)
ax.legend(loc="lower right")
plt.show()

# %% tags=["figure"]
moved = moved_right(data.x_test[:10], 3)
with torch.no_grad():
    rows = {
        "moved by 3 pixels": moved,
        "PCA": rebuild(pca, moved.cpu().numpy(), 10),
        "autoencoder": first(moved),
    }
plotting.image_grid(rows)

# %% [markdown]
# PCA starts from the mean image and adds the shadow of what is left: that can never be worse
# than the mean image alone. A network gives no such promise. Here it stays below the line too, but
# within a few pixels it loses half of what it gained over the mean image, and PCA overtakes it.
#
# - **It knows only what it has seen.** Three pixels are nothing to your eye; to both methods
#   they are another world.
# - **A flat plane.** Linear autoencoder and PCA can only mix ten fixed pictures.
# - **The error says little about the plane** (section 2), and nothing about the axes
#   (section 3).
#
# ## 5 · Try it
#
# 1. Take `batch_size=1000` for the linear autoencoder. What happens to the angle?
# 2. Compare with *nine* units: is the network's plane PCA's sooner? Look at the variances along
#    directions 9 to 12 before you answer.
# 3. Find a 10 × 10 matrix $B$ such that the columns of `network_decoder.weight @ B` are PCA's
#    directions, up to their sign. The SVD of the weight gives axes at right angles: why is that not
#    enough, and what do the codes `z` have to add?
# 4. Leave the mean in: train the linear network on `data.x_train` itself. What must one of its
#    ten directions do now?
# 5. Train a network like `first` with `fit(…, augment=lessons_lib.datasets.shifted)`. Up to how many
#    pixels does it then stay ahead of PCA in section 4?
#
# ## 6 · Summary

# %% tags=["figure"]
PredictionCount(how_much, how_far, which_first, same_units)

# %% [markdown]
# - An autoencoder learns a code from reconstruction error alone, encoder and decoder together.
# - With one linear layer a side, trained to convergence, it finds PCA's plane.
# - The error is right long before the plane is: nearly equal directions can be swapped for
#   next to nothing.
# - It does not find PCA's axes: its code units are mixtures of components, about equally strong.
# - A linear autoencoder gets no further than PCA's error; section 1's bent one does. Lesson 01b asks
#   how far.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | autoencoder | 自编码器 | encoder and decoder, trained to give back the input |
# | encoder, decoder | 编码器、解码器 | image to code, code to image |
# | code, latent variable | 编码、隐变量 | $z$, the few numbers between the two |
# | bottleneck | 瓶颈层 | the layer of the code, narrower than the input |
# | reconstruction error | 重构误差 | $\lVert x-\hat x\rVert^2$ |
# | principal component analysis (PCA) | 主成分分析 | the best plane through the data |
# | subspace, principal angle | 子空间、主夹角 | a plane of any dimension; the angle between two of them |
# | activation | 激活函数 | the bend between two layers, here GELU |
# | convergence | 收敛 | further training changes next to nothing |
# | held-out set | 留出集 | images that no training step sees |
#
# **References**
#
# - P. Baldi and K. Hornik (1989), *Neural networks and principal component analysis: learning
#   from examples without local minima*, Neural Networks 2, 53–58,
#   doi:10.1016/0893-6080(89)90014-2.
# - C. Eckart and G. Young (1936), *The approximation of one matrix by another of lower rank*,
#   Psychometrika 1, 211–218, doi:10.1007/BF02288367.
# - H. Bourlard and Y. Kamp (1988), *Auto-association by multilayer perceptrons and singular value
#   decomposition*, Biological Cybernetics 59, 291–294, doi:10.1007/BF00332918.
# - C. Jordan (1875), *Essai sur la géométrie à n dimensions*, Bulletin de la Société mathématique de
#   France 3, 103–174 (principal angles; `subspace_angles` computes them by the next one).
# - Å. Björck and G. H. Golub (1973), *Numerical methods for computing angles between linear
#   subspaces*, Mathematics of Computation 27, 579–594, doi:10.2307/2005662.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
# - D. P. Kingma and J. Ba (2014), *Adam: a method for stochastic optimization*, arXiv:1412.6980;
#   I. Loshchilov and F. Hutter (2017), *Decoupled weight decay regularization*, arXiv:1711.05101;
#   L. N. Smith and N. Topin (2017), *Super-convergence: very fast training of neural networks using
#   large learning rates*, arXiv:1708.07120 (the learning rate of `fit`).
# - D. Hendrycks and K. Gimpel (2016), *Gaussian error linear units (GELUs)*, arXiv:1606.08415.
