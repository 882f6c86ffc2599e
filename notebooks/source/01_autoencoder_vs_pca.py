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
# # 01 · Autoencoder against PCA
#
# **Can a network squeeze a picture into a few numbers better than PCA does, and what makes
# the difference?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01_autoencoder_vs_pca.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/01_autoencoder_vs_pca.ipynb) ·
# 25 minutes to read, about a minute to run, no network needed
#
# **You will be able to**
#
# 1. write an autoencoder and its training loop from nothing;
# 2. say in which sense PCA *is* an autoencoder, and check it with an angle;
# 3. tell what makes a deep autoencoder better than PCA: depth alone does not;
# 4. decide whether encoder and decoder must mirror each other;
# 5. read a two-dimensional code as a map, and walk on it.
#
# **Builds on** linear algebra (projections, PCA) and a first network trained by gradient
# descent. The first of the lessons: nothing here comes from another one.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps 'git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0)

# %%
import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.training import fit

data = digits().to(device)
print(
    "training images", tuple(data.x_train.shape), "· held-out", tuple(data.x_test.shape)
)
plotting.image_grid({"held-out digits": data.x_test[:12]})
# %% [markdown]
# These are real handwritten digits. Each is 28 × 28 pixels, that is one row of 784 numbers
# from 0 (paper) to 1 (ink). The labels stay in a drawer: nothing below trains on them.
#
# ## 1 · What is an autoencoder?
#
# A network that must give back its own input, through a door too narrow for it. The
# **encoder** makes a short **code** $z$ of the image $x$; the **decoder** makes an image
# $\hat x$ of the code. Both learn from one thing: the **reconstruction error**
#
# $$\lVert x-\hat x\rVert^2=\sum_{i=1}^{784}(x_i-\hat x_i)^2,$$
#
# with $x_i$ the pixels of the image and $\hat x_i$ those of its reconstruction.

# %%
plotting.network_diagram(
    [("image $x$", 784), ("", 128), ("code $z$", 10)]
    + [("", 128), (r"reconstruction $\hat x$", 784)],
    arrows=["encoder"] * 2 + ["decoder"] * 2,
)

# %% [markdown]
# **Predict first:** ten numbers for 784 pixels. Will you be able to tell which digit it was?
#
# The whole model is two stacks of layers. GELU is the bend between two layers (a smooth
# ReLU); the code itself stays linear, so that it can take any value.


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
    return (
        (x - model(x)).square().sum(dim=1).mean()
    )  # summed over pixels, mean over images


# %% [markdown]
# And this is all of training. Each step takes 100 images, measures how badly they come back,
# and moves every weight a little against the gradient.


# %%
def train(model, x, epochs, learning_rate=1e-3):
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate, fused=True)
    for _ in range(epochs):
        for batch in torch.randperm(len(x)).split(100):
            error = squared_error(model, x[batch])
            optimizer.zero_grad()
            error.backward()
            optimizer.step()


first = Autoencoder(layers(784, 128, 10), layers(10, 128, 784)).to(device)
frozen = Autoencoder(layers(784, 128, 10), layers(10, 128, 784)).to(device)
frozen.encoder.requires_grad_(False)  # a second one, whose encoder never learns

train(first, data.x_train, epochs=10)
train(frozen, data.x_train, epochs=10)


# %%
@torch.no_grad()
def held_out_error(model):
    return squared_error(model, data.x_test).item()


mean_image = data.x_train.mean(dim=0)
mean_error = (data.x_test - mean_image).square().sum(dim=1).mean().item()
with torch.no_grad():
    rows = {
        "image": data.x_test[:12],
        "both learn": first(data.x_test[:12]),
        "decoder only": frozen(data.x_test[:12]),
    }
print(
    "code of the first image:",
    first.encoder(data.x_test[:1]).detach().cpu().numpy().round(1),
)
print(f"held-out error {held_out_error(first):.1f}; of the mean image {mean_error:.1f}")
plotting.image_grid(rows)
# %%
claim(
    "C01a",
    "From reconstruction error alone, without labels, ten numbers keep most of an unseen digit: "
    "share of the mean image's error that is gone",
    1 - held_out_error(first) / mean_error,
    at_least=0.5,
    control=("encoder never trained", 1 - held_out_error(frozen) / mean_error),
)

# %% [markdown]
# Two things happened. The digits came back, blurred but readable, although no label was ever
# shown. And the encoder had to learn too: with a random encoder in front, the same decoder
# gets far less out of its ten numbers. Encoder and decoder agree on a language while they
# train.
#
# ## 2 · PCA is the linear autoencoder
#
# PCA also makes ten numbers of an image and goes back: with $\mu$ the mean image and $V$ the
# ten leading principal directions (one a row, 10 × 784),
#
# $$z=V(x-\mu),\qquad \hat x=V^\top z+\mu .$$
#
# Both steps are linear. Among *all* linear encoders and decoders, PCA has the smallest squared
# error on its training data (Eckart and Young 1936; for networks, Baldi and Hornik 1989). So
# a linear autoencoder that is trained long enough must end where PCA is.
#
# **Predict first:** stop the training when the error is within one percent of the best
# possible. Has the network found PCA's ten-dimensional plane by then?

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


# %%
# PCA takes the mean away, so the linear network may too.
centred = data.x_train - mean_image
linear, epochs_tried = {}, [6, 20, 40, 130]
for epochs in epochs_tried:
    encoder, decoder = nn.Linear(784, 10, bias=False), nn.Linear(10, 784, bias=False)
    linear[epochs] = Autoencoder(encoder, decoder).to(device)
    fit(
        linear[epochs],
        centred,
        squared_error,
        epochs=epochs,
        batch_size=250,
        learning_rate=1e-2,
        label=f"linear, {epochs} epochs",
    )

# %% [markdown]
# `fit` is the loop from above with three comforts: a learning rate that rises and then falls
# to zero, a progress bar, and a stop button that keeps what was learned.
#
# To compare two ten-dimensional planes we need their **largest principal angle**: walk in one
# plane, in the direction that leaves the other as fast as possible; this is the angle at which
# you leave it. Zero means the same plane, 90° that some direction is missed altogether.

# %%
from scipy.linalg import subspace_angles


def largest_angle(directions, others):
    return np.degrees(subspace_angles(directions.T, others.T).max())


@torch.no_grad()
def linear_result(model):
    excess = squared_error(model, centred).item() / pca_error(x_train, 10) - 1
    directions = model.decoder.weight.T.cpu().numpy()  # ten directions, one a row
    return 100 * excess, largest_angle(directions, pca.components_[:10])


excess, angle = np.array([linear_result(model) for model in linear.values()]).T
half = torch.randperm(len(x_train)).view(2, -1)
halves = largest_angle(*(PCA(10).fit(x_train[part]).components_ for part in half))
for row in zip(epochs_tried, excess, angle):
    print(
        "{:4d} epochs: error {:6.3f} % above PCA's, angle to its plane {:5.1f}°".format(
            *row
        )
    )
print(f"for comparison, PCA on one half of the data against the other: {halves:.0f}°")

# %%
figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4))
left.plot(epochs_tried, excess, "o-")
left.set(xscale="log", yscale="log", xlabel="epochs", ylabel="error above PCA's, %")
right.plot(epochs_tried, angle, "o-", color=plotting.COLOURS[2])
right.axhline(halves, ls="--", color=plotting.INK)
right.text(epochs_tried[-1], halves, "PCA of two halves", ha="right", va="bottom")
right.set(xscale="log", xlabel="epochs", ylabel="angle to PCA's plane, degrees", ylim=0)
left.set_title("the error is there early …")
right.set_title("… the plane much later")
plt.show()
# %%
claim(
    "C02a",
    "Trained to convergence, the linear autoencoder's plane is PCA's: largest angle",
    angle[-1],
    at_most=5,
    unit="°",
    control=("stopped early", angle[1]),
)
claim(
    "C02b",
    "Its training error is PCA's: excess",
    excess[-1],
    at_most=1,
    unit="%",
    control=(
        "PCA with nine units",
        100 * (pca_error(x_train, 9) / pca_error(x_train, 10) - 1),
    ),
)

# %% [markdown]
# The error tells you little about the plane. Early on the network is within a fraction of a
# percent of the best error, and still some direction of its plane points far out of PCA's.
# The tenth and the eleventh principal direction are almost equally good, so it costs next to
# nothing to mix them up; even PCA itself disagrees with PCA on the other half of the data.
#
# **Predict first:** same plane, same error. Is the linear network's first code unit the first
# principal component?

# %%
with torch.no_grad():
    z = linear[epochs_tried[-1]].encoder(centred).cpu().numpy()
scores = pca.transform(x_train)[:, :10]
correlation = np.abs(np.corrcoef(z.T, scores.T)[:10, 10:])

figure, ax = plt.subplots(figsize=(5.6, 4.6))
picture = ax.imshow(correlation, vmin=0, vmax=1, cmap="viridis", origin="lower")
ax.set(
    xlabel="principal component", ylabel="code unit", xticks=range(10), yticks=range(10)
)
ax.set(xticklabels=range(1, 11), yticklabels=range(1, 11))
ax.grid(False)
figure.colorbar(picture, label="absolute correlation")
plt.show()
# %%
claim(
    "C02c",
    "The linear codes are not the principal components: mean best correlation",
    correlation.max(axis=0).mean(),
    at_most=0.9,
    control=("PCA's own scores", 1.0),
)

# %% [markdown]
# No bright diagonal: each code unit is a mixture of components. The error does not care. For
# any invertible matrix $A$, encoder $A V$ and decoder $V^\top A^{-1}$ give the very same
# $\hat x$. PCA picks one of these by rule (directions at right angles, the largest variance
# first); gradient descent takes whichever is near.
#
# ## 3 · Is it the depth?
#
# Now a deeper network, 784-400-200-10-200-400-784, but without bends: every layer linear.
# **Predict first:** does depth help?

# %%
deep_linear = Autoencoder(
    layers(784, 400, 200, 10, activation=nn.Identity),
    layers(10, 200, 400, 784, activation=nn.Identity),
).to(device)
fit(
    deep_linear,
    centred,
    squared_error,
    epochs=8,
    label="deep, linear",
)

with torch.no_grad():
    deep_linear_error = squared_error(deep_linear, data.x_test - mean_image).item()
print(f"held-out error, 10 units: deep linear {deep_linear_error:.2f}")
print(f"                                  PCA {pca_error(x_test, 10):.2f}")

# %% [markdown]
# A product of matrices is a matrix. However many linear layers you stack, the network stays a
# ten-dimensional plane, and the best plane is PCA's. Now the same widths **with** GELU, at
# four code sizes.
#
# Two things help on a small data set. The decoder starts from the mean image, as PCA does; and
# each time an image is used, it is moved by up to one pixel (`shifted`): a moved 7 is still a
# 7, and the network rarely sees the same image twice. PCA may have the moved images too: we
# take the better of its two fits.


# %%
def start_from_mean_image(model):
    *_, output_bias = model.decoder.parameters()
    output_bias.data = mean_image.clone()
    return model.to(device)


def deep_autoencoder(units, *behind_the_code):
    encoder = nn.Sequential(layers(784, 400, 200, units), *behind_the_code)
    decoder = layers(units, 200, 400, 784)
    return start_from_mean_image(Autoencoder(encoder, decoder))


def train_deep(model, label, epochs=20, augment=shifted):
    fit(
        model,
        data.x_train,
        squared_error,
        epochs=epochs,
        batch_size=64,
        learning_rate=5e-3,
        weight_decay=0.05,  # a gentle pull of all weights towards zero
        augment=augment,
        label=label,
    )


# %%
sizes = [2, 5, 10, 30]
deep = {
    2: deep_autoencoder(2, nn.Tanh())
}  # tanh keeps the code in a square: a map, section 5
train_deep(deep[2], "deep, 2 units", augment=None)  # two numbers have no room for shifts
for units in sizes[1:]:
    deep[units] = deep_autoencoder(units)
    epochs = 30 if units == 30 else 20  # the long code has more to learn
    train_deep(deep[units], f"deep, {units} units", epochs)

# %% [markdown]
# *What would make this faster:* nearly all of the time goes into multiplying matrices of the
# two widest layers. A GPU does that much faster; halving the widths costs a little accuracy.

# %%
copies = [shifted(data.x_train).cpu().numpy() for _ in range(4)]
pca_moved = PCA(30, svd_solver="covariance_eigh").fit(np.concatenate([x_train, *copies]))


def best_pca_error(units):
    return min(pca_error(x_test, units), pca_error(x_test, units, pca_moved))


deep_error = {units: held_out_error(deep[units]) for units in sizes}
pca_errors = {units: best_pca_error(units) for units in sizes}
print("held-out squared error an image")
print("units    PCA   deep   ratio")
for units in sizes:
    ratio = pca_errors[units] / deep_error[units]
    print(f"{units:5d} {pca_errors[units]:6.1f} {deep_error[units]:6.1f} {ratio:7.2f}")

# %%
claim(
    "C01b",
    "With ten units the deep autoencoder beats PCA: PCA's error over its own",
    pca_errors[10] / deep_error[10],
    at_least=1.7,
    control=("deep but linear", pca_errors[10] / deep_linear_error),
)
claim(
    "C02d",
    "A deep linear network does not beat PCA: its error over PCA's",
    deep_linear_error / pca_errors[10],
    at_least=0.98,
    control=("the same with GELU", deep_error[10] / pca_errors[10]),
)

# %% [markdown]
# So it is not the depth, it is the **bends**: a curved ten-dimensional sheet follows the
# digits where a flat one cuts through them. Move the slider and compare the rows. At two
# units, look for digits that come back as *another* digit, and sharp; PCA's are grey clouds.

# %%
from lessons_lib.widgets import FramePlayer, LatentExplorer

shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
frames, captions = [], []
for units in sizes:
    with torch.no_grad():
        rows = {
            "image": shown,
            f"PCA, {units}": rebuild(pca, shown.cpu().numpy(), units),
            f"deep, {units}": deep[units](shown),
        }
    frames.append(plotting.image_grid(rows))
    captions.append(
        f"{units} units: held-out error {pca_errors[units]:.1f} with PCA, "
        f"{deep_error[units]:.1f} with the deep autoencoder"
    )
FramePlayer(frames, captions, label="code size", start=2, interval=1500)

# %% [markdown]
# ### Thirty units, and the figures of 2006
#
# Hinton and Salakhutdinov made deep autoencoders famous with this very contest, on all 60,000
# training images. **Predict first:** our training set is fifteen times smaller. Which of the
# two suffers more from that, PCA or the network?

# %%
without_shifts = deep_autoencoder(30)
train_deep(without_shifts, "deep, 30 units, no shifts", augment=None)


def training_error(model):
    with torch.no_grad():
        return squared_error(model, data.x_train).item()


print("30 units                        training  held-out   2006 (held-out)")
flat_training, flat_held_out = pca_error(x_train, 30), pca_error(x_test, 30)
print(
    f"PCA                             {flat_training:8.2f} {flat_held_out:9.2f}   13.87"
)
for name, model in [("as they are", without_shifts), ("with shifts", deep[30])]:
    errors = f"{training_error(model):8.2f} {held_out_error(model):9.2f}"
    print(
        f"deep autoencoder, {name:13} {errors}   {'' if model is without_shifts else ' 3.00'}"
    )

# %%
claim(
    "C01c",
    "With thirty units too, if it trains on shifted images: PCA's error over its own",
    pca_errors[30] / deep_error[30],
    at_least=1.8,
    control=("without the shifts", pca_errors[30] / held_out_error(without_shifts)),
)

# %% [markdown]
# PCA's error is close to the paper's, although it saw far fewer images: a plane has little to
# learn. The network has hundreds of thousands of weights. Without shifts it does much better
# on the images that it trains on than on new ones: it **overfits**. The shifts close most of
# that gap. What remains between our figure and the paper's is data, and a larger network
# (784-1000-500-250-30) trained far longer.
#
# ### A third contestant: logistic PCA
#
# The paper's table also has *logistic PCA*: the code still enters linearly, but each pixel ends in a sigmoid, which saturates at paper and at ink:
#
# $$\hat x=\operatorname{sigmoid}(Wz+b).$$
#
# It is a decoder only. What is the code of a new image? Whatever decodes to it best: we can
# **search** for it by gradient descent on $z$, the decoder held fixed, starting from what a
# linear encoder proposes. To be fair, the deep decoder gets the same search.


# %%
def cross_entropy(model, x):
    losses = nn.functional.binary_cross_entropy_with_logits(model(x), x, reduction="none")
    return losses.sum(dim=1).mean()


def searched_error(model, output, steps=30):
    z = model.encoder(data.x_test).detach().requires_grad_()
    optimizer = torch.optim.Adam([z], lr=0.3)
    for _ in range(steps):
        errors = (data.x_test - output(model.decoder(z))).square().sum(dim=1)
        optimizer.zero_grad()
        errors.sum().backward()
        optimizer.step()
    return errors.mean().item()


# %%
searched = {}
for units in [10, 30]:
    logistic = Autoencoder(nn.Linear(784, units), nn.Linear(units, 784)).to(device)
    fit(
        logistic,
        data.x_train,
        cross_entropy,
        epochs=10,
        batch_size=64,
        learning_rate=2e-2,
        label=f"logistic PCA, {units} units",
    )
    proposed_error = held_out_error(nn.Sequential(logistic, nn.Sigmoid()))
    searched["logistic PCA", units] = searched_error(logistic, torch.sigmoid)
    searched["deep", units] = searched_error(deep[units], nn.Identity())
    print(f"held-out error, {units} units   encoder's code   searched code")
    row = "{:24} {:16.1f} {:15.1f}"
    print(row.format("logistic PCA", proposed_error, searched["logistic PCA", units]))
    print(row.format("deep autoencoder", deep_error[units], searched["deep", units]))
print("2006, 30 units: logistic PCA 8.01, deep autoencoder 3.00")

# %%
claim(
    "C01d",
    "Not the paper's order: at thirty units logistic PCA, its codes searched for, beats the "
    "deep autoencoder; its error over the deep one's",
    searched["logistic PCA", 30] / searched["deep", 30],
    at_most=0.9,
    control=("linear encoder's codes", proposed_error / deep_error[30]),
)

# %% [markdown]
# A surprise worth a thought. With ten units the deep network wins by far. With thirty, one
# sigmoid behind a flat plane is enough to beat it, on four thousand images, if each code is
# searched for. Where did *your* intuition put the work: into the decoder, or into finding the
# code? (Lesson 06 gives the second part its name, *amortisation*.)
#
# ## 4 · Must the two halves mirror each other?
#
# In the lecture's picture the decoder is the encoder turned round, with the **same weights**,
# transposed. That halves the number of weights. Is it needed? And do both halves need depth?
#
# **Predict first:** one half may be deep, the other a single linear layer. Which half do you
# give the depth?


# %%
class TiedDecoder(nn.Module):
    """Uses the encoder's weights, transposed and in reverse; only the biases are its own."""

    def __init__(self, encoder):
        super().__init__()
        self.linear = [layer for layer in encoder if isinstance(layer, nn.Linear)][::-1]
        self.biases = nn.ParameterList(
            torch.zeros(layer.in_features) for layer in self.linear
        )

    def forward(self, z):
        for i, (layer, bias) in enumerate(zip(self.linear, self.biases)):
            z = nn.functional.linear(z, layer.weight.T, bias)
            if i < len(self.biases) - 1:
                z = nn.functional.gelu(z)
        return z


encoder = layers(784, 400, 200, 10)
variants = {
    "tied": Autoencoder(encoder, TiedDecoder(encoder)),
    "only the decoder deep": Autoencoder(layers(784, 10), layers(10, 200, 400, 784)),
    "only the encoder deep": Autoencoder(layers(784, 400, 200, 10), layers(10, 784)),
}

# %%
for name, model in variants.items():
    train_deep(start_from_mean_image(model), name)
variants["untied, symmetric"] = deep[10]
variant_error = {name: held_out_error(model) for name, model in variants.items()}

figure, ax = plt.subplots(figsize=(9, 3.6))
names = sorted(variant_error, key=variant_error.get, reverse=True)
bars = ax.barh(names, [variant_error[name] for name in names])
ax.bar_label(bars, fmt="%.1f", padding=4)
ax.axvline(pca_errors[10], ls="--", color=plotting.COLOURS[2])
ax.text(pca_errors[10], 3.5, "PCA", ha="center", color=plotting.COLOURS[2])
ax.set(xlabel="held-out squared error an image, 10 units")
ax.grid(False)
for name in names:
    weights = sum(parameter.numel() for parameter in variants[name].parameters())
    print(f"{name:22}: {weights:7,d} weights")

# %%
claim(
    "C03a",
    "The decoder need not be the transposed encoder: untied error over tied",
    variant_error["untied, symmetric"] / variant_error["tied"],
    at_most=1.05,
    control=("PCA over tied", pca_errors[10] / variant_error["tied"]),
)
claim(
    "C03b",
    "Nor need it be symmetric: a linear encoder with a deep decoder, error over PCA's",
    variant_error["only the decoder deep"] / pca_errors[10],
    at_most=0.75,
    control=("the reverse", variant_error["only the encoder deep"] / pca_errors[10]),
)

# %% [markdown]
# Tied weights save half the memory and cost little; untied ones are at least as good. But the
# halves are not equals. A deep encoder in front of a **linear decoder** does not beat PCA, and
# there is a reason: whatever codes it finds, the decoder can only mix ten fixed pictures, so
# the reconstructions lie in a plane, and PCA's is the best plane. The bends must be in the
# **decoder**. A linear encoder costs something, but not much.
#
# ## 5 · Two numbers: a map of the digits
#
# With two units a code is a point on a sheet of paper, and you can see all of it.
#
# **Predict first:** no label was shown. Will digits of one kind lie together?


# %%
def codes_of(model, x):
    with torch.no_grad():
        return model.encoder(x).cpu()


scores_train, scores_test = pca.transform(x_train)[:, :2], pca.transform(x_test)[:, :2]
z_train, z_test = codes_of(deep[2], data.x_train), codes_of(deep[2], data.x_test)
labels_train, labels_test = data.y_train.cpu(), data.y_test.cpu()

figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6))
plotting.code_scatter(scores_test, labels_test, title="PCA", ax=left)
plotting.code_scatter(z_test, labels_test, title="deep autoencoder", ax=right)
plt.show()
# %%
from sklearn.neighbors import KNeighborsClassifier


def neighbours_agree(train_codes, test_codes):
    classifier = KNeighborsClassifier(5).fit(train_codes, labels_train)
    return classifier.score(test_codes, labels_test)


claim(
    "C01e",
    "Two learned numbers tell the digits apart, without a label in training: "
    "unseen images whose five nearest neighbours name the right digit",
    neighbours_agree(z_train, z_test),
    at_least=0.55,
    control=("PCA's two numbers", neighbours_agree(scores_train, scores_test)),
)

# %% [markdown]
# Now walk. Drag on the map, click a dot, or move the sliders; the decoder runs in your
# browser. Three things to find: a place where a 4 becomes a 9 with no break, a border where
# one digit jumps into another, and an empty stretch of the map. What does the decoder draw
# there?

# %%
LatentExplorer(deep[2].decoder, z_test, labels_test)

# %% [markdown]
# ## 6 · Where it breaks
#
# Three limits, each seen here. **Predict first:** which of these rows will look worst?

# %%
upside_down = data.x_test[:12].flip(1)
with torch.no_grad():
    z = codes_of(deep[10], data.x_train)
    spread = z.std(dim=0)
    random_codes = (z.mean(dim=0) + spread * torch.randn(12, 10)).to(device)
    between = (
        deep[10].encoder(data.x_test[:12]) + deep[10].encoder(data.x_test[12:24])
    ) / 2
    rows = {
        "upside down": upside_down,
        "comes back as": deep[10](upside_down),
        "random codes": deep[10].decoder(random_codes),
        "half-way codes": deep[10].decoder(between),
    }
    turned = squared_error(deep[10], data.x_test.flip(1)).item()
print(f"10 units, held-out error: {deep_error[10]:.1f} upright, {turned:.1f} upside down")
plotting.image_grid(rows)

# %% [markdown]
# - **It knows only what it has seen.** Upside-down digits come back as upright ones, or as
#   scribble. A code is short because it describes digits and nothing else.
# - **It cannot invent.** A random code, drawn with the right mean and spread, is rarely a
#   digit; nor is the point half-way between two digits. Nothing in the training asked for it.
#   Lesson 07 changes that.
# - **It blurs, and it overfits.** A squared error prefers a grey average to a sharp guess that
#   may be wrong; and without shifts the network remembers its four thousand images.
#
# ## 7 · Try it
#
# 1. Train `deep_autoencoder(10)` with `activation=nn.Identity` in the encoder only, then in
#    the decoder only. Which one falls back to PCA? Section 4 tells you why.
# 2. Take `batch_size=1000` for the linear autoencoder. What happens to the angle?
# 3. Let images move by two pixels: `augment=lambda x: shifted(x, 2)`. Is more better?
# 4. Put the whole of MNIST in (`digits(full=True)`, needs a network once). How far do you get
#    towards the paper's figure?
# 5. Give the deep decoder a sigmoid at its end. At which code sizes does it help?
#
# ## 8 · Summary
#
# - An autoencoder learns a code from reconstruction error alone.
# - With linear layers, however many, it is PCA: the same plane, but not the same axes, and
#   only at convergence.
# - Bends in the **decoder** make it better than PCA; depth without bends does not, nor does a
#   deep encoder before a linear decoder.
# - Tied weights and symmetry are choices, not needs.
# - On few images, moving each by a pixel is worth more than a larger network.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | autoencoder | 自编码器 | encoder and decoder, trained to give back the input |
# | code, latent | 编码、隐变量 | $z$, the few numbers between the two |
# | bottleneck | 瓶颈层 | the layer of the code, narrower than the input |
# | reconstruction error | 重构误差 | $\lVert x-\hat x\rVert^2$ |
# | principal component analysis (PCA) | 主成分分析 | the best plane through the data |
# | principal angle | 主角 | how far two planes are apart |
# | tied weights | 权重共享 | decoder weights are the encoder's, transposed |
# | overfitting | 过拟合 | better on training images than on new ones |
# | data augmentation | 数据增强 | training on changed copies, here shifted ones |
#
# **References**
#
# - G. E. Hinton and R. R. Salakhutdinov (2006), *Reducing the dimensionality of data with
#   neural networks*, Science 313, 504–507, doi:10.1126/science.1127647.
# - P. Baldi and K. Hornik (1989), *Neural networks and principal component analysis: learning
#   from examples without local minima*, Neural Networks 2, 53–58,
#   doi:10.1016/0893-6080(89)90014-2.
# - C. Eckart and G. Young (1936), *The approximation of one matrix by another of lower rank*,
#   Psychometrika 1, 211–218, doi:10.1007/BF02288367.
# - A. I. Schein, L. K. Saul and L. H. Ungar (2003), *A generalized linear model for principal
#   component analysis of binary data*, AISTATS (logistic PCA).
# - D. Hendrycks and K. Gimpel (2016), *Gaussian error linear units (GELUs)*, arXiv:1606.08415.
