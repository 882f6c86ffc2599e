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
# # 03d · What may the code ignore?
#
# **What does the contractive penalty forbid, what does it buy, and how is it related to denoising?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03d_contraction.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/03d_contraction.ipynb) ·
# 45 minutes to study, 35 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write the contractive penalty, and check it: it is easily coded wrongly;
# 2. compare autoencoders fairly, at equal error on clean images, and say who is robust to what;
# 3. see what a code answers to, as ellipses, and what it ignores;
# 4. say in which sense small noise *is* a contraction, and of what.
#
# **Builds on** lessons 03a (copying), 03b (denoising) and 03c (a denoiser's arrows; the spiral).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="03d")

# %%
from functools import partial

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch import nn
from torch.func import jacrev, vmap

from lessons_lib import claim, plotting
from lessons_lib.datasets import Spiral, digits
from lessons_lib.models import Autoencoder, TiedAutoencoder, layers
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits().to(device)

# %% [markdown]
# ## 1 · A penalty on movement
#
# An autoencoder with a code larger than its input can copy (lesson 03a). Denoising forbids that by making the task
# harder. The **contractive autoencoder** (Rifai and others 2011) forbids it directly: *the code shall hardly move when the image
# moves.* How far it moves is in the encoder's **Jacobian** $J$, the matrix of all derivatives of code unit
# $h_j$ with respect to pixel $x_i$. Here the encoder is one layer with sigmoids and the decoder has the same weights,
#
# $$h=\operatorname{sigmoid}(Wx+b),\qquad r(x)=W^\top h+c ,$$
#
# and a sigmoid's slope is $h_j(1-h_j)$. So $J_{ji}=h_j(1-h_j)\,W_{ji}$, and the sum of its squares is
#
# $$\lVert J\rVert_F^2=\sum_j\bigl(h_j(1-h_j)\bigr)^2\sum_i W_{ji}^2 .$$
#
# The loss is $\lVert x-r(x)\rVert^2+\lambda\lVert J\rVert_F^2$, averaged over images. Two mistakes are easy:
# to forget the square of $h_j(1-h_j)$, and to take means over units or pixels where sums belong ($\lambda$ then means
# something else for each size of the network).


# %%
def sigmoid_autoencoder(inputs, units):  # lesson 03a's tied network
    model = TiedAutoencoder(inputs, units, activation=nn.Sigmoid)
    model.weight.data /= 10  # a large start would stay where no digit is (lesson 03b)
    return model


def squared_norm(model, h):  # of the encoder's Jacobian, one number for each code
    slopes = h * (1 - h)
    return slopes.square() @ model.weight.square().sum(dim=1)


# %%
def squared_error(model, x):
    return (x - model(x)).square().sum(dim=1).mean()


def denoising_loss(model, x, sigma):
    noisy = x + sigma * torch.randn_like(x)
    return (x - model(noisy)).square().sum(dim=1).mean()


def contractive_loss(model, x, penalty):
    h = model.encoder(x)
    error = (x - model.decoder(h)).square().sum(dim=1)
    return (error + penalty * squared_norm(model, h)).mean()


# %% [markdown]
# Does the formula agree with PyTorch's own derivatives? And would we have noticed a forgotten square?


# %%
def largest_difference(values, true):  # relative
    return (values / true - 1).abs().max().item()


with torch.no_grad():
    model, few = sigmoid_autoencoder(784, 512).to(device), data.x_test[:20]
    # jacrev: the Jacobian at one image, 512 × 784; vmap: at each of the 20.
    exact = vmap(jacrev(model.encoder))(few).square().sum(dim=(1, 2))
    h = model.encoder(few)
    formula = squared_norm(model, h)
    forgotten = (h * (1 - h)) @ model.weight.square().sum(dim=1)

claim(
    "C10a",
    "The penalty in the cell is the squared norm of the encoder's Jacobian: largest "
    "relative difference",
    largest_difference(formula, exact),
    kind="identity",
    at_most=1e-4,
    control=("square of h(1 − h) forgotten", largest_difference(forgotten, exact)),
)

# %% [markdown]
# ## 2 · Robust? At equal error
#
# A code that hardly moves is said to be more robust. Compare networks that are alike but for their training. A fair
# comparison needs *the same error on clean images*: with more penalty, or more noise, robustness rises and every
# clean image is rebuilt worse. So they were matched beforehand, on 800 images kept back from the training
# images: $\lambda=0.8$, noise of 0.44, a plain network stopped after 10 epochs, and one with the simplest penalty, 0.03
# times the sum of its squared weights. (As in lesson 03b, errors are those of what you see: clipped to 0 … 1.) Two
# rivals of lesson 03b join, computed and not trained: the best linear denoiser and PCA.


# %%
def weight_loss(model, x, penalty):
    return squared_error(model, x) + penalty * model.weight.square().sum()


recipes = {
    "plain, stopped early": (squared_error, 10),
    "weight penalty": (partial(weight_loss, penalty=0.03), 20),
    "contractive": (partial(contractive_loss, penalty=0.8), 20),
    "denoising": (partial(denoising_loss, sigma=0.44), 20),
}
models, seconds = {}, {}
for name, (loss, epochs) in recipes.items():
    models[name] = sigmoid_autoencoder(784, 512).to(device)
    recipe = {"epochs": epochs, "batch_size": 100, "learning_rate": 1e-2}
    history = fit(models[name], data.x_train, loss, label=name, **recipe)
    seconds[name] = history.seconds

mean_image = data.x_train.mean(dim=0)
covariance = torch.cov(data.x_train.T.cpu()).to(device)
linear = torch.linalg.solve(
    covariance + 0.47**2 * torch.eye(784, device=device), covariance
)
_, _, directions = torch.pca_lowrank(data.x_train - mean_image, q=50, niter=4)
for name, matrix in {"linear": linear, "PCA": directions @ directions.T}.items():
    models[name] = lambda x, matrix=matrix: mean_image + (x - mean_image) @ matrix

# %% [markdown]
# And five ways to spoil an image. (Only denoising has seen a kind of it in training: the noise.)


# %%
def spoiled(x):
    dice, block = torch.rand_like(x), torch.ones(28, 28, device=x.device)
    block[9:19, 9:19] = 0
    noise = torch.randn_like(x)
    return {
        "clean": x,
        "noise 0.25": x + 0.25 * noise,
        "noise 0.5": x + 0.5 * noise,
        "half of the pixels off": x * (dice > 0.5),
        "one pixel in ten black or white": x * (dice > 0.05) + (1 - x) * (dice > 0.95),
        "middle wiped": x * block.flatten(),
    }


# %% tags=["figure"]
plotting.image_grid({name: images[:12] for name, images in spoiled(data.x_test).items()})

# %% tags=["figure"]
half_missing = Prediction(
    "Half of the pixels are switched off. How does the contractive network's error "
    "compare with the plain one's?",
    ["more than 3 % smaller", "within 3 %", "more than 3 % larger"],
)
half_missing

# %%
spoiled_digits = spoiled(data.x_test)
error, moves = {}, {}


@torch.no_grad()
def error_as_seen(model, images):
    return (data.x_test - model(images).clamp(0, 1)).square().sum(dim=1).mean().item()


for name, model in models.items():
    error[name] = {kind: error_as_seen(model, x) for kind, x in spoiled_digits.items()}
for name in recipes:
    with torch.no_grad():
        h = models[name].encoder(data.x_test)
        moves[name] = squared_norm(models[name], h).mean().item()
    print(f"{name:21} squared norm {moves[name]:5.1f}, {seconds[name]:.1f} s")

kinds = list(spoiled_digits)
columns = ["plain", "weights", "contractive", "denoising", "linear", "PCA", "image moved"]
print(f"{'':31}", *(f"{column:>11}" for column in columns))
for kind, images in spoiled_digits.items():
    moved = (images - data.x_test).square().sum(dim=1).mean()
    figures = [*(errors[kind] for errors in error.values()), moved]
    print(f"{kind:31}", *(f"{figure:11.1f}" for figure in figures))

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 6.4))
plain = error["plain, stopped early"]
others = {"weight penalty": 7, "linear": 3, "contractive": 1, "denoising": 2}
for number, (name, colour) in enumerate(others.items()):
    more = [100 * (error[name][kind] / plain[kind] - 1) for kind in kinds]
    places = np.arange(len(kinds))[::-1] + 0.3 - 0.2 * number
    bars = ax.barh(places, more, 0.19, label=name, color=plotting.COLOURS[colour])
    ax.bar_label(bars, fmt="%+.0f %%", padding=4, fontsize=11)
ax.axvline(0, color=plotting.INK)
ax.set(yticks=range(len(kinds))[::-1], yticklabels=kinds, xlim=(-17, 17))
ax.set(xlabel="error above or below that of the plain network, %")
ax.legend(loc="lower left")
ax.grid(False)
plt.show()

# %% tags=["figure"]
change = error["contractive"]["half of the pixels off"]
change = 100 * (change / plain["half of the pixels off"] - 1)
side = "more than 3 % larger" if change > 0 else "more than 3 % smaller"
half_missing.reveal("within 3 %" if abs(change) <= 3 else side)


# %%
def ratio(kind, other):  # the contractive network's error over another's
    return error["contractive"][kind] / error[other][kind]


claim(
    "C10b",
    "At equal clean error the contractive code moves less: squared norm over the plain "
    "network's",
    moves["contractive"] / moves["plain, stopped early"],
    kind="experiment",
    at_most=0.75,
    control=("denoising", moves["denoising"] / moves["plain, stopped early"]),
)

# %%
claim(
    "C10c",
    "It is more robust to noise: error at noise 0.5 over the plain network's",
    ratio("noise 0.5", "plain, stopped early"),
    kind="experiment",
    at_most=0.95,
    control=("half off", ratio("half of the pixels off", "plain, stopped early")),
)
claim(
    "C10d",
    "But where something is missing, denoising is better: the contractive network's "
    "error over the denoising one's, middle wiped",
    ratio("middle wiped", "denoising"),
    kind="experiment",
    at_least=1.03,
    control=("noise 0.5", ratio("noise 0.5", "denoising")),
)

# %% [markdown]
# That the penalised quantity is smallest where it was penalised is nearly a tautology. What did it buy? Under noise
# as much as denoising does, and more than a penalty on the weights or the computed matrix. Where pixels are
# *missing*, hardly anything: there denoising, which never saw such images either, is ahead. It is not that these lie farther
# off (look at the last column: noise moves an image most). Noise goes in all directions at once, most of them across
# the data; what is missing moves an image in a few, and those the code answers to. "Contractive, hence robust" is half
# true: robust to what it was made for.
#
# ## 3 · What the code answers to
#
# Not all movement may be contracted: images that differ must keep different codes, or nothing can be
# rebuilt. So the penalty and the error pull against each other. **Predict first:** which directions does the code
# give up, those *along* the data or those *across*? In two dimensions that can be seen. Points on a spiral, and
# around some of them the ellipse of $J$ there: its long axis points where a small step moves the code most, and
# the longer an axis, the farther the code moves.

# %%
spiral = Spiral(turns=1, noise=0.05)
points = spiral.sample(4000, seed=1)

penalties = [0, 0.1, 0.3, 1, 3]
contracted = {}
for penalty in penalties:
    contracted[penalty] = sigmoid_autoencoder(2, 64)
    loss = partial(contractive_loss, penalty=penalty)
    recipe = {"epochs": 38, "batch_size": 100, "learning_rate": 2e-2}
    fit(contracted[penalty], points, loss, label=f"λ = {penalty}", **recipe)

# %%
share = torch.linspace(0.08, 0.95, 200)  # of the spiral's length
on_curve = spiral.curve(share)
along = nn.functional.normalize(spiral.curve(share + 1e-3) - spiral.curve(share - 1e-3))
across = along.flip(1) * torch.tensor([-1, 1])  # a right angle to it


def reach(model, directions):  # how far the code moves, for a step of length 1
    with torch.no_grad():
        jacobians = vmap(jacrev(model.encoder))(on_curve)
    # 200 × 64 × 2 times 200 × 2 × 1
    return (jacobians @ directions[:, :, None]).norm(dim=(1, 2))


kept = {
    penalty: (reach(model, along) / reach(model, across)).median().item()
    for penalty, model in contracted.items()
}


# %% tags=["figure"]
def draw_ellipses(ax, model):
    circle = torch.linspace(0, 2 * np.pi, 60)
    circle = torch.stack([circle.cos(), circle.sin()], dim=1)
    ax.scatter(*points[:1500].T, s=3, color=plotting.COLOURS[0], alpha=0.4, linewidths=0)
    with torch.no_grad():
        middles = on_curve[::8]
        jacobians = vmap(jacrev(model.encoder))(middles)
        _, lengths, axes = torch.linalg.svd(jacobians, full_matrices=False)
        rims = middles[:, None] + 0.8 * (circle * lengths[:, None]) @ axes
        ax.plot(*rims.permute(2, 1, 0), color=plotting.INK, lw=1.8)
    ax.set(
        xlim=(-2.6, 3.6), ylim=(-3.1, 2.6), aspect="equal", xlabel="$x_1$", ylabel="$x_2$"
    )


def one_picture(penalty):
    figure, ax = plt.subplots(figsize=(6.4, 6))
    draw_ellipses(ax, contracted[penalty])
    return figure


# %% tags=["figure"]
captions = [
    f"λ = {penalty}: the code moves {kept[penalty]:.2f} times as far along as across; "
    f"clean error {squared_error(model, points).item():.3f}"
    for penalty, model in contracted.items()
]
FramePlayer(
    map(one_picture, penalties), captions, label="penalty", start=4, interval=1200
)

# %% tags=["figure", "opening"]
figure, axes = plt.subplots(1, 2, figsize=(12, 5.8), sharey=True)
for ax, penalty in zip(axes, (0, 3)):
    draw_ellipses(ax, contracted[penalty])
    ax.set(title=f"λ = {penalty}")
axes[1].set(ylabel="")
plt.show()

# %%
claim(
    "C10e",
    "The contractive code keeps the direction along the data: its movement along over "
    "across, median",
    kept[3],
    kind="experiment",
    at_least=1.4,
    control=("no penalty", kept[0]),
)

# %% [markdown]
# The ellipses get smaller, and thinner across the curve than along it; they don't vanish there, and the clean error pays. It takes a strong penalty, and one layer can't do it
# perfectly: each of its units answers to one fixed direction, row $j$ of $W$, wherever $x$ is. Where the curve
# turns, other units must take over.
#
# ## 4 · Small noise is a contraction, too
#
# How are denoising and contraction related? Let $L(\sigma)$ be the denoising loss, $\sigma\varepsilon$ the noise. For small
# $\sigma$ expand $r(x+\sigma\varepsilon)$ around $x$, to second order; $J_r$ is the Jacobian of the *whole reconstruction*:
#
# $$r(x+\sigma\varepsilon)\approx r+\sigma J_r\varepsilon+\tfrac{\sigma^2}{2}\,\varepsilon^\top H\varepsilon ,$$
#
# with $H$ the second derivatives of each output. Put that into the squared error, and average over $\varepsilon$, whose numbers
# are independent with variance 1: $\mathbb E[\varepsilon_i\varepsilon_j]$ is 1 for $i=j$ and else 0. Terms with an odd number of $\varepsilon$
# vanish; $\lVert J_r\varepsilon\rVert^2$ becomes $\lVert J_r\rVert_F^2$; and of $\varepsilon^\top H\varepsilon$ the diagonal is
# left, for each output the sum of its second derivatives, the **Laplacian** $\Delta r$:
#
# $$L(\sigma)=L(0)+\sigma^2\,\mathbb E\bigl[\lVert J_r\rVert_F^2-(x-r)^\top\Delta r\bigr]+O(\sigma^4).$$
#
# (Bishop 1995; Alain and Bengio 2014.) The second term is small where $r$ rebuilds $x$ well. What stays is a contractive penalty
# with $\lambda=\sigma^2$: of the reconstruction's Jacobian, where Rifai's is of the encoder's. Check the formula on a small
# network, untrained and trained. The mean over the noise is taken without chance: 81
# noise vectors with weights that give such averages exactly (Gauss–Hermite quadrature).


# %%
nodes, node_weights = np.polynomial.hermite_e.hermegauss(9)
vectors = torch.cartesian_prod(*[torch.from_numpy(nodes)] * 2)  # 81 × 2
shares = torch.outer(*[torch.from_numpy(node_weights)] * 2).flatten() / (2 * np.pi)


@torch.no_grad()
def exact_loss(r, x, sigma):
    noisy = x + sigma * vectors[:, None]  # 81 × 200 × 2
    errors = (r(noisy) - x).square().sum(dim=2).mean(dim=1)
    return (shares * errors).sum().item()


@torch.no_grad()
def predicted_terms(r, x):
    jacobian = vmap(jacrev(r))(x).square().sum(dim=(1, 2)).mean()
    second = vmap(jacrev(jacrev(r)))(x)  # (points, outputs, inputs, inputs)
    laplacian = second.diagonal(dim1=2, dim2=3).sum(dim=2)
    return jacobian.item(), -((x - r(x)) * laplacian).sum(dim=1).mean().item()


# %%
x, r = points[:200].double(), layers(2, 32, 2).double()
off = {}  # how far the last rise is from both terms, and from the first alone
for state in ("untrained", "trained"):
    if state == "trained":
        fit(r, x, squared_error, epochs=200, batch_size=100, learning_rate=1e-2)
    jacobian, second = predicted_terms(r, x)
    print(f"{state}: predicted {jacobian:.5f} {second:+.5f} = {jacobian + second:.5f}")
    for sigma in (0.3, 0.1, 0.03, 0.01):
        rise = (exact_loss(r, x, sigma) - exact_loss(r, x, 0)) / sigma**2
        print(f"    (L(σ) − L(0)) / σ² at σ = {sigma:<4}: {rise:.5f}")
    off[state] = [abs(rise - term) / jacobian for term in (jacobian + second, jacobian)]

# %%
claim(
    "C10f",
    "Small noise adds σ² times the reconstruction's squared Jacobian, less the "
    "Laplacian's term: untrained, how far off at σ = 0.01, over the first term",
    off["untrained"][0],
    kind="theorem",
    at_most=1e-3,
    control=("without the Laplacian's term", off["untrained"][1]),
)

# %% [markdown]
# Untrained, both terms count; trained, the first is nearly all. (It is near 2, the squared norm of the identity in two
# dimensions: this small network has learned to copy.)
#
# ## 5 · How many numbers made these images?
#
# If a network keeps the directions along the data and forgets the others, its Jacobian should *count* them: as many large
# **singular values** (the lengths of the ellipse's axes) as there are numbers behind the data. Does it? Test it where
# the truth is known: soft blobs, 16 × 16 pixels, made of one number (across),
# two (across, up) or three (width, too).


# %%
def blobs(numbers, n, seed):
    u = torch.rand(n, 3, generator=torch.Generator().manual_seed(seed))
    u[:, numbers:] = 0.5
    across, up, width = 4 + 7 * u[:, :1], 4 + 7 * u[:, 1:2], 1.5 + u[:, 2:]
    place = torch.arange(16.0)
    column = (-0.5 * ((place - across) / width).square()).exp()
    row = (-0.5 * ((place - up) / width).square()).exp()
    return (row[:, :, None] * column[:, None]).flatten(1)


# %% tags=["figure"]
names = ["one number", "two numbers", "three numbers"]
rows = {name: blobs(i, 12, seed=0) for i, name in enumerate(names, start=1)}
plotting.image_grid(rows, side=16)

# %% [markdown]
# One deep network for all, trained in four ways. Its Jacobians have no short formula, but their squared
# norm has a cheap estimate: for random $v\sim N(0,I)$ the mean of $\lVert J^\top v\rVert^2$ is $\lVert J\rVert_F^2$, since $vv^\top$ is
# the identity on average (Hutchinson 1990). One backward pass gives $J^\top v$. The two contractive
# trainings differ in one thing: whose Jacobian.


# %%
def norm_estimate(outputs, x):
    v = torch.randn_like(outputs)  # one for each image; its Jᵀv comes out
    (pulled,) = torch.autograd.grad((outputs * v).sum(), x, create_graph=True)
    return pulled.square().sum(dim=1).mean()


def penalised_loss(model, x, penalty, of_reconstruction):
    x = x.clone().requires_grad_()
    h = model.encoder(x)
    r = model.decoder(h)
    error = (x - r).square().sum(dim=1).mean()
    return error + penalty * norm_estimate(r if of_reconstruction else h, x)


def train_deep(loss, numbers, label):
    decoder = nn.Sequential(nn.GELU(), nn.Linear(128, 256))
    model = Autoencoder(layers(256, 128, 128), decoder)
    recipe = {"epochs": 35, "batch_size": 100, "learning_rate": 5e-3}
    history = fit(model, blobs(numbers, 4000, seed=1), loss, label=label, **recipe)
    print(f"{label}: {history.seconds:.1f} s")
    return model


# %% tags=["figure"]
deepest_drop = Prediction(
    "Images made of two numbers. The contractive encoder's singular values, each divided "
    "by the next one: after which is this ratio the largest?",
    ["the first", "the second", "the third or later"],
)
deepest_drop

# %% tags=["figure"]
same_training = Prediction(
    "One network is trained with noise 0.2. Another never sees noise, but pays 0.04 "
    "(that is 0.2²) for its reconstruction's squared Jacobian. How far apart are the "
    "singular values of their reconstructions?",
    ["within 10 %", "10 to 30 %", "more than 30 %"],
)
same_training

# %%
sigma = 0.2
penalised = partial(penalised_loss, penalty=sigma**2)
four_ways = {
    "plain": squared_error,
    "contractive, encoder": partial(penalised, of_reconstruction=False),
    "contractive, reconstruction": partial(penalised, of_reconstruction=True),
    "denoising": partial(denoising_loss, sigma=sigma),
}
deep = {name: train_deep(loss, 2, name) for name, loss in four_ways.items()}
denoisers = {2: deep["denoising"]}
for numbers in (1, 3):
    label = f"denoising, numbers: {numbers}"
    denoisers[numbers] = train_deep(four_ways["denoising"], numbers, label)


# %%
@torch.no_grad()
def singular_values(function, numbers):  # median over 50 fresh images
    jacobians = vmap(jacrev(function))(blobs(numbers, 50, seed=2))
    return torch.linalg.svdvals(jacobians)[:, :7].median(dim=0).values


encoders = {name: singular_values(model.encoder, 2) for name, model in deep.items()}
reconstructions = {name: singular_values(model, 2) for name, model in deep.items()}
counted = {n: singular_values(model, n) for n, model in denoisers.items()}
for name, values in encoders.items():
    print(f"{name + ', its code':38}", *(f"{value:5.2f}" for value in values))
for n, values in counted.items():
    print(
        f"{f'denoising, rebuilt, numbers: {n}':38}",
        *(f"{value:5.2f}" for value in values),
    )


def drop(values, number):  # after the singular value of this number
    return (values[number - 1] / values[number]).item()


# %% tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(13, 4.8), layout="constrained")
colours = dict(zip(reconstructions, (plotting.COLOURS[i] for i in (2, 1, 6, 0))))
titles = "two numbers:\nthe encoder", "two numbers:\nthe reconstruction"
for ax, title, values in zip(axes, titles, (encoders, reconstructions)):
    for (name, spectrum), marker in zip(values.items(), "s^ov"):
        ax.plot(range(1, 8), spectrum, marker + "-", label=name, color=colours[name])
    ax.set(title=title)
axes[0].set(ylabel="singular value")
axes[1].legend(fontsize=12, loc="upper right")
axes[1].set(ylim=(0, 2.9))
for (numbers, values), marker in zip(sorted(counted.items()), "sov"):
    axes[2].plot(range(1, 8), values, marker + "-", color=plotting.INK)
    axes[2].annotate(
        f"{numbers}", (numbers, values[numbers - 1]), (6, 6), textcoords="offset points"
    )
axes[2].set(title="denoising, reconstruction:\none, two, three numbers", ylim=(0, 1.25))
for ax in axes:
    ax.set(xlabel="number of the singular value", xticks=range(1, 8))
axes[0].set_ylim(bottom=0)
plt.show()

# %% tags=["figure"]
drops = [drop(encoders["contractive, encoder"], number) for number in range(1, 7)]
places = ["the first", "the second", *["the third or later"] * 4]
deepest_drop.reveal(places[int(np.argmax(drops))])


# %%
def apart(values, others):
    return ((values - others).norm() / others.norm()).item()


contracted_r = apart(
    reconstructions["contractive, reconstruction"], reconstructions["denoising"]
)
claim(
    "C10g",
    "A denoiser's reconstruction counts the numbers: ratio of the singular values before "
    "and after the drop, the smallest for one, two and three numbers",
    min(drop(values, number) for number, values in counted.items()),
    kind="experiment",
    at_least=2,
    control=("plain, two", drop(reconstructions["plain"], 2)),
)

# %%
claim(
    "C10h",
    "Noise of 0.2 and a penalty of 0.04 on the reconstruction's Jacobian lead to nearly "
    "the same singular values: relative distance",
    contracted_r,
    kind="experiment",
    at_most=0.15,
    control=(
        "penalty on the encoder",
        apart(reconstructions["contractive, encoder"], reconstructions["denoising"]),
    ),
)

# %% tags=["figure"]
larger = "10 to 30 %" if contracted_r <= 0.3 else "more than 30 %"
same_training.reveal("within 10 %" if contracted_r <= 0.1 else larger)

# %% [markdown]
# None of the *encoders* counts, the contractive one no more than the others. It need not: along each direction of the code the decoder may
# stretch as it likes, so the sizes there mean little. (In section 3 the weights were tied, and it could not.)
# The *reconstruction*'s must be near 1 along the data (to
# rebuild) and near 0 across (to take noise away): one large value for each number. And whether you
# drive it there by noise or by a penalty hardly matters. Denoising does it without derivatives with respect to the input, in less time.
#
# ## 6 · Where it breaks
#
# - **Equal clean error is one choice.** Matched at another error, or in the norm, the ranking may be another. It was
#   matched by an early stop for the plain network; Try it 2 matches by size.
# - **The penalty can be cheated** if the decoder's weights are free: a code ten times smaller, behind a decoder
#   ten times larger, pays a hundredth. Tied weights stop that in section 2; in section 5 nothing does.
# - **The penalty weighs all directions alike.** It asks nothing special of the few in which missing pixels move an image.
# - **Counting was tested on clean images of one kind,** and at one noise. On digits there is no true number to compare with.
#
# ## 7 · Try it
#
# 1. Forget the square in `squared_norm`, or divide by the number of units. Which $\lambda$ now gives a clean error near 9?
# 2. Train a plain network with fewer units for twenty epochs, as many units as give the same clean error. Is it more robust than the others?
# 3. Give the decoder weights of its own, and watch `squared_norm` and the ellipses for $\lambda=1$.
# 4. What noise level counts best? Try `sigma` of 0.05 and 0.5. Can local PCA (of the 20 nearest images of each) count, too?
# 5. Wipe a block in training, too (a denoiser with `spoiled`'s block). What does that do to noise 0.5?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(half_missing, deepest_drop, same_training)

# %% [markdown]
# - The contractive penalty is a sum of squares: $(h_j(1-h_j))^2$, times the squared weights, over units and pixels.
# - At equal clean error the contractive code moves least. That helps against noise, about as much as denoising
#   does, and not where pixels are missing.
# - What may the code ignore? Directions across the data, up to a point: with a strong penalty it moves about half as far there as along.
# - Small noise is a contraction of the *reconstruction*, with $\lambda=\sigma^2$: trained either way, a network gets nearly the same
#   singular values.
# - A denoiser's large singular values count the numbers behind the data; those of an encoder with a free decoder don't.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | contractive autoencoder | 收缩自编码器 | pays for how much its code moves with the input |
# | denoising autoencoder | 去噪自编码器 | rebuilds the clean image from a noisy one |
# | Jacobian | 雅可比矩阵 | all derivatives of outputs with respect to inputs |
# | Frobenius norm | 弗罗贝尼乌斯范数 | root of the sum of a matrix's squares |
# | singular value | 奇异值 | how far a matrix stretches along one of its axes |
# | Laplacian | 拉普拉斯算子 | sum of the second derivatives |
# | robustness | 鲁棒性 | small error in spite of a spoiled input |
#
# **References**
#
# - S. Rifai, P. Vincent, X. Muller, X. Glorot and Y. Bengio (2011), *Contractive auto-encoders: explicit invariance
#   during feature extraction*, ICML, 833–840.
# - C. M. Bishop (1995), *Training with noise is equivalent to Tikhonov regularization*, Neural Computation 7,
#   108–116, doi:10.1162/neco.1995.7.1.108.
# - G. Alain and Y. Bengio (2014), *What regularized auto-encoders learn from the data-generating
#   distribution*, Journal of Machine Learning Research 15, 3743–3773, arXiv:1211.4246.
# - M. F. Hutchinson (1990), *A stochastic estimator of the trace of the influence matrix for Laplacian smoothing
#   splines*, Communications in Statistics – Simulation and Computation 19, 433–450,
#   doi:10.1080/03610919008812866.
