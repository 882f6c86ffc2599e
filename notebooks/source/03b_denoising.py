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
# # 03b · Denoising
#
# **What does an autoencoder learn when it must take noise away, and who else could have done it?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03b_denoising.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/03b_denoising.ipynb) ·
# 43 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. train a denoising autoencoder, and avoid two easy mistakes;
# 2. say how far it is ahead of PCA, and of a single well-chosen matrix;
# 3. name noise against which its training hardly helps, and noise for which a simple filter is better;
# 4. judge a sentence like "more robust" by asking: against whom, for which noise, and measured how?
#
# **Builds on** lessons 01a (PCA) and 03a (the overcomplete autoencoder that copies).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="03b")

# %%
import matplotlib.pyplot as plt
import torch
from scipy.ndimage import median_filter
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits
from lessons_lib.models import TiedAutoencoder
from lessons_lib.training import fit
from lessons_lib.widgets import NoiseExplorer, Prediction, PredictionCount

data = digits().to(device)
mean_image = data.x_train.mean(dim=0)

# %% [markdown]
# ## 1 · Take noise in, give the clean image out
#
# Lesson 03a's overcomplete network copies whatever comes, noise too. A penalty was one cure. Here is
# another: never let it see the image that it must give back. Corrupt the image $x$ to $\tilde x$, and ask for $x$,
#
# $$\tilde x=x+\sigma\varepsilon,\qquad \varepsilon\sim N(0,I),\qquad
# \text{loss}=\lVert x-r(\tilde x)\rVert^2 ,$$
#
# with $r$ the whole network, encoder and decoder; $\varepsilon$ holds a standard normal number for each
# pixel, and $\sigma$ says how large the noise is. This is a **denoising autoencoder**. Each image gets a
# $\sigma$ of its own, from 0 to 0.75, and new noise in each step.


# %%
def clean_error(model, x):  # lesson 03a's loss, without noise
    return (x - model(x)).square().sum(dim=1).mean()


def denoising_error(model, x):
    sigma = 0.75 * torch.rand(len(x), 1, device=x.device)
    noisy = x + sigma * torch.randn_like(x)
    return (x - model(noisy)).square().sum(dim=1).mean()


# %% [markdown]
# The network is lesson 03a's, 1,024 units with tied weights, but with lesson 01's smooth bend, GELU, and
# its output bias starts at the mean image. The plain and the denoising one differ in their loss only. (Bend, epochs,
# step size and the range of $\sigma$ were chosen on 800 of the training images, in about thirty trials.)


# %%
def network(units=1024, output=nn.Identity):
    model = TiedAutoencoder(784, units, activation=nn.GELU, output=output).to(device)
    # Before a sigmoid it is the sigmoid's inverse, the logit, of the mean image.
    logit = torch.logit(mean_image, eps=1e-2)
    model.output_bias.data = (logit if output is nn.Sigmoid else mean_image).clone()
    return model


recipe = {"epochs": 20, "batch_size": 100, "learning_rate": 3e-3}
plain, denoising = network(), network()
for model, loss in [(plain, clean_error), (denoising, denoising_error)]:
    fit(model, data.x_train, loss, **recipe, label=loss.__name__)

# %% tags=["figure"]
times = Prediction(
    "New digits, noise of σ = 0.5. Divide the plain network's error by the denoising "
    "one's: what comes out?",
    (1, 20),
)
times

# %%
noise = torch.randn_like(data.x_test)
noisy = data.x_test + 0.5 * noise


@torch.no_grad()
def error(model, x):  # x: 1,000 corrupted images; wanted: the clean ones
    return (data.x_test - model(x)).square().sum(dim=1).mean().item()


print(f"the noisy images as they are: {error(nn.Identity(), noisy):.1f}")
for name, model in {"plain": plain, "denoising": denoising}.items():
    print(f"{name:9} from clean images {error(model, data.x_test):4.1f},", end=" ")
    print(f"from noisy ones {error(model, noisy):5.1f}")
ahead = error(plain, noisy) / error(denoising, noisy)

# %% tags=["figure"]
rows = {"clean": data.x_test[:12], "noisy, σ = 0.5": noisy[:12]}
with torch.no_grad():
    rows |= {"plain": plain(noisy[:12]), "denoising": denoising(noisy[:12])}
plotting.image_grid(rows)

# %% tags=["figure"]
times.reveal(ahead, within=2)

# %% [markdown]
# Two mistakes are easy to make. One: the target is the *noisy* image. Two: the noise is drawn once, before
# training, and stays. Make both, with as many steps. **Predict first:** which is worse, and is any of them worse
# than no noise at all?


# %%
def noisy_target(model, x):
    sigma = 0.75 * torch.rand(len(x), 1, device=x.device)
    noisy = x + sigma * torch.randn_like(x)
    return (noisy - model(noisy)).square().sum(dim=1).mean()  # the mistake


def given_pairs(model, noisy, x):  # `fit` hands over a batch of each
    return (x - model(noisy)).square().sum(dim=1).mean()


wrong_target, drawn_once = network(), network()
fit(wrong_target, data.x_train, noisy_target, **recipe, label="noisy target")
sigma = 0.75 * torch.rand(len(data.x_train), 1, device=device)
once = data.x_train + sigma * torch.randn_like(data.x_train)  # the mistake
fit(drawn_once, (once, data.x_train), given_pairs, **recipe, label="drawn once")
print(f"target noisy: {error(wrong_target, noisy):5.1f}")
print(f"drawn once:   {error(drawn_once, noisy):5.1f}")

# %%
again = data.x_train + sigma * torch.randn_like(data.x_train)  # as much, but new noise


@torch.no_grad()
def new_over_old(model):  # its error on the training images, with either noise
    new, old = (given_pairs(model, x, data.x_train).item() for x in (again, once))
    print(f"new noise {new:.1f}, the noise that was drawn once {old:.1f}")
    return new / old


by_heart, control = new_over_old(drawn_once), new_over_old(denoising)

# %%
claim(
    "C09a",
    "At σ = 0.5 the denoising network's error is at most a fifth of the plain one's",
    1 / ahead,
    kind="experiment",
    at_most=0.2,
    control=("target noisy", error(wrong_target, noisy) / error(plain, noisy)),
)
claim(
    "C09b",
    "Noise that is drawn once is learned by heart: error on the training images with new "
    "noise, over that with the noise it trained on",
    by_heart,
    kind="experiment",
    at_least=1.5,
    control=("new noise in each step", control),
)

# %% [markdown]
# The first mistake teaches the network to copy noise, and it copies better than the plain one. The
# second looks right, and is worse on all noise but its own.
#
# ## 2 · Your turn
#
# Both networks run in your browser. Choose a kind of noise and move the amount, from clean to hopeless.
# Draw on the corrupted digit: add a stroke with the ink pen, take one away with the paper pen. What does the
# denoising network repair, and which of your strokes does it take for a part of the digit?


# %% tags=["figure"]
def as_layers(model):  # for the browser: the same network, layer by layer
    up, down = nn.Linear(784, 1024), nn.Linear(1024, 784)
    up.weight.data, up.bias.data = model.weight.data, model.code_bias.data
    down.weight.data = model.weight.data.T.contiguous()
    down.bias.data = model.output_bias.data
    return nn.Sequential(up, nn.GELU(), down).cpu()


shown = {"plain": as_layers(plain), "denoising": as_layers(denoising)}
NoiseExplorer(shown, data.x_test[:50])

# %% [markdown]
# ## 3 · Who else could have done it?
#
# Far better than a network that copies: that is no high bar. And much of it is an accident of the
# measure. The plain network returns values far below 0 and above 1, which no picture can show. The cheapest
# repair is to **clip** them. From here on every method is judged as you see it, clipped to 0 … 1.
#
# Here are rivals that any textbook has. PCA and the median get the best setting for the images that they
# are judged on, a choice in their favour.
#
# - **A bottleneck** of 64 units, which never saw noise.
# - **A median filter**: each pixel becomes the median of its 3 × 3 or 5 × 5 neighbourhood.
# - **PCA** with the best number of components: the noise is spread evenly over all 784 directions, the
#   digits over few, so dropping the weak directions drops more noise than digit.

# %%
bottleneck = network(64)
fit(bottleneck, data.x_train, clean_error, **recipe, label="bottleneck")

centred = (data.x_train - mean_image).cpu()
variances, directions = torch.linalg.eigh(centred.T @ centred / len(centred))
variances = variances.flip(0).clamp(min=0).to(device)  # 784, the largest first
directions = directions.flip(1).to(device)  # 784 × 784, one a column


def pca(x, components):
    kept = directions[:, :components]
    z = (x - mean_image) @ kept  # n × components
    return mean_image + z @ kept.T


def median(x, side):
    images = x.reshape(-1, 28, 28).cpu().numpy()
    filtered = torch.from_numpy(median_filter(images, size=(1, side, side)))
    return filtered.flatten(1).to(x.device)


# %%
def clipped(model):
    return lambda x: model(x).clamp(0, 1)


def best(method, settings, x):  # the least error, and the setting that has it
    return min((error(clipped(lambda x, s=s: method(x, s)), x), s) for s in settings)


components, sides = [5, 10, 20, 40, 55, 75, 100, 150, 300, 784], [3, 5]
seen = {"plain, raw": error(plain, noisy), "denoising, raw": error(denoising, noisy)}
seen["plain"] = error(clipped(plain), noisy)
seen["median"], _ = best(median, sides, noisy)
seen["bottleneck"] = error(clipped(bottleneck), noisy)
seen["PCA"], best_components = best(pca, components, noisy)
seen["denoising"] = error(clipped(denoising), noisy)
for name, value in seen.items():
    print(f"{name:14} {value:5.1f}")

# %%
claim(
    "C09c",
    "At σ = 0.5 the denoising network is ahead of PCA: its error over that of the best "
    "number of components",
    seen["denoising"] / seen["PCA"],
    kind="experiment",
    at_most=0.9,
    control=("bottleneck", seen["bottleneck"] / seen["PCA"]),
)

# %% [markdown]
# ### One matrix
#
# PCA keeps a direction or drops it. The **best linear denoiser** is gentler. Of all matrices $A$ it takes
# the one with the smallest expected error $E\lVert (x-\mu)-A(\tilde x-\mu)\rVert^2$, with $\mu$ the mean image.
# That is the regression of the clean image on the noisy one, $A=C(C+\sigma^2I)^{-1}$, with $C$ the covariance
# of the clean images and $C+\sigma^2I$ that of the noisy ones (Wiener 1949 did it for signals). Along a
# principal component with variance $v$ it keeps the share $v/(v+\sigma^2)$.

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 3.8))
number = torch.arange(1, 201)
label = f"PCA with {best_components} components, the best for σ = 0.5"
ax.step(number, number <= best_components, where="mid", label=label, color=plotting.INK)
for sigma, colour in zip((0.25, 0.5, 1.0), plotting.COLOURS[:3]):
    kept = variances[:200] / (variances[:200] + sigma**2)
    ax.plot(number, kept.cpu(), label=f"best linear, σ = {sigma}", color=colour)
ax.set(xlabel="principal component", ylabel="share that is kept", ylim=(0, 1.05))
ax.legend()
plt.show()

# %% tags=["figure"]
how_linear = Prediction(
    "Computed, not trained, and without a single bend: where between PCA's error and the "
    "denoising network's is the best linear denoiser's, at σ = 0.5?",
    ["close to PCA's", "about half-way", "close to the network's"],
)
how_linear


# %%
def linear(x, sigma):
    kept = variances / (variances + sigma**2)  # a number for each direction
    z = (x - mean_image) @ directions  # n × 784
    return mean_image + (kept * z) @ directions.T


sigmas = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.75, 1.0, 1.5, 2.0]
seen["linear"], best_sigma = best(linear, sigmas, noisy)
print(f"PCA {seen['PCA']:.1f}, linear {seen['linear']:.1f},", end=" ")
print(f"denoising network {seen['denoising']:.1f}")

# %% tags=["figure"]
way = (seen["PCA"] - seen["linear"]) / (seen["PCA"] - seen["denoising"])
far = "about half-way" if way < 0.7 else "close to the network's"
how_linear.reveal("close to PCA's" if way < 0.3 else far)

# %%
weak = data.x_test + 0.1 * noise
at_weak = error(clipped(denoising), weak) / best(linear, sigmas, weak)[0]
claim(
    "C09d",
    "The bends are worth something: error at σ = 0.5 over that of the best linear "
    "denoiser",
    seen["denoising"] / seen["linear"],
    kind="experiment",
    at_most=0.95,
    control=("at σ = 0.1", at_weak),
)

# %% [markdown]
# So a good part of the lead over PCA needs no network at all. Without bends, a denoising autoencoder that is
# trained at one $\sigma$ could at best become this matrix.
#
# ### One sigmoid
#
# There is one more rival. Leave the noise away, and change the **output**: a sigmoid behind the
# decoder. It keeps the pixels between 0 and 1, as clipping does. But now the network also *learns* with it: to
# make white paper it must push the sigmoid's input far below zero, and for full ink far above.

# %% tags=["figure"]
by_sigmoid = Prediction(
    "The plain network with a sigmoid at its output, never shown any noise. About how "
    "large is its error at σ = 0.5?",
    ["50", "35", "20", "10"],
)
by_sigmoid

# %%
plain_sigmoid, denoising_sigmoid = network(output=nn.Sigmoid), network(output=nn.Sigmoid)
fit(plain_sigmoid, data.x_train, clean_error, **recipe, label="plain, sigmoid")
fit(denoising_sigmoid, data.x_train, denoising_error, **recipe, label="both")
bottleneck_sigmoid = network(64, output=nn.Sigmoid)
fit(bottleneck_sigmoid, data.x_train, clean_error, **recipe, label="bottleneck")

seen["plain, sigmoid"] = error(plain_sigmoid, noisy)
seen["denoising, sigmoid"] = error(denoising_sigmoid, noisy)
narrow = error(bottleneck_sigmoid, noisy)
for name in ("plain", "denoising"):
    both = seen[name], seen[f"{name}, sigmoid"]
    print("{:10} clipped {:4.1f}, with a sigmoid {:4.1f}".format(name, *both))
print(f"bottleneck clipped {seen['bottleneck']:4.1f}, with a sigmoid {narrow:4.1f}")

# %% tags=["figure"]
guesses = ["50", "35", "20", "10"]
by_sigmoid.reveal(
    min(guesses, key=lambda guess: abs(seen["plain, sigmoid"] - int(guess)))
)

# %%
on_clean = error(denoising_sigmoid, data.x_test) / error(plain_sigmoid, data.x_test)
claim(
    "C09e",
    "A sigmoid at the output, without any noise in training, makes a copying network "
    "more robust: error at σ = 0.5 over that of the same network, clipped",
    seen["plain, sigmoid"] / seen["plain"],
    kind="experiment",
    at_most=0.6,
    control=("the same on the bottleneck", narrow / seen["bottleneck"]),
)
claim(
    "C09f",
    "With the sigmoid, noise in training still helps: error at σ = 0.5 over that without",
    seen["denoising, sigmoid"] / seen["plain, sigmoid"],
    kind="experiment",
    at_most=0.7,
    control=("from clean images", on_clean),
)

# %% [markdown]
# One thing more, which you would not expect to matter: how large the plain network's weights are
# *before* training. In directions that no digit uses it never learns, and hands noise through as it did at
# the start. So train a plain network once more, from weights a tenth as large.

# %%
small_start = network()
small_start.weight.data /= 10
fit(small_start, data.x_train, clean_error, **recipe, label="small start")
small = error(small_start, noisy)
print(f"plain, small start: raw {small:.1f}", end=", ")
print(f"from clean images {error(small_start, data.x_test):.1f}")

# %% tags=["figure"]
factors = {
    "plain, raw / denoising, raw": ahead,
    "plain from a small start, raw / denoising, raw": small / seen["denoising, raw"],
    "plain / denoising, both clipped": seen["plain"] / seen["denoising"],
    "plain / denoising, both with a sigmoid": seen["plain, sigmoid"]
    / seen["denoising, sigmoid"],
    "PCA / denoising, both clipped": seen["PCA"] / seen["denoising"],
    "best linear / denoising, both clipped": seen["linear"] / seen["denoising"],
}
figure, ax = plt.subplots(figsize=(11, 3.6))
bars = ax.barh(list(factors), factors.values(), color=plotting.COLOURS[0])
ax.bar_label(bars, fmt=" %.1f")
ax.axvline(1, color=plotting.INK)
ax.invert_yaxis()
ax.set(xlabel="the rival's error over the denoising network's, σ = 0.5")
plt.show()

# %% [markdown]
# "Denoising makes the result more robust" is true in every row. But the factor tells more about the rival
# and the measure than about denoising.
#
# ## 4 · How much noise?
#
# The denoising networks trained on $\sigma$ from 0 to 0.75, and are not told how much noise an image has. What happens
# elsewhere? PCA, linear denoiser and median get their best setting for each $\sigma$ anew; "linear, one for all" is the
# best matrix for the very mixture of amounts that the networks trained on.

# %% tags=["figure"]
beyond = Prediction(
    "Where is the best linear denoiser ahead of both denoising networks?",
    ["nowhere", "for weak noise only", "for strong noise only", "at both ends"],
)
beyond

# %%
average_sigma = 0.75 / 3**0.5  # the root of E[σ²], with σ uniform from 0 to 0.75
networks = {
    "as it is": nn.Identity(),
    "plain": plain,
    "bottleneck": bottleneck,
    "plain, sigmoid": plain_sigmoid,
    "denoising": denoising,
    "denoising, sigmoid": denoising_sigmoid,
    "linear, one for all": lambda x: linear(x, average_sigma),
}
rivals = {"median": (median, sides), "PCA": (pca, components), "linear": (linear, sigmas)}


def contest(x):  # the error of each, as it is seen
    errors = {name: error(clipped(model), x) for name, model in networks.items()}
    return errors | {name: best(*rival, x)[0] for name, rival in rivals.items()}


levels = [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0]
curves = {level: contest(data.x_test + level * noise) for level in levels}
print("σ                  ", *(f"{level:6.2f}" for level in levels))
for name in curves[0.1]:
    print(f"{name:19}", *(f"{curves[level][name]:6.1f}" for level in levels))


# %%
def over_linear(level):  # of the better denoising network
    errors = curves[level]
    return min(errors["denoising"], errors["denoising, sigmoid"]) / errors["linear"]


# %% tags=["figure"]
panels = {
    "far rivals": ["plain", "median", "bottleneck", "PCA", "denoising"],
    "close rivals": ["plain, sigmoid", "linear, one for all", "PCA", "linear"]
    + ["denoising", "denoising, sigmoid"],
}
colours = {"denoising": 0, "denoising, sigmoid": 0, "plain": 2, "plain, sigmoid": 2}
colours |= {"median": 8, "bottleneck": 6, "PCA": 4, "linear": 3, "linear, one for all": 3}
figure, axes = plt.subplots(1, 2, figsize=(13, 5), layout="constrained")
for ax, (title, names) in zip(axes, panels.items()):
    ax.axvspan(0, 0.75, color=plotting.COLOURS[0], alpha=0.12)
    for name in sorted(names, key=lambda name: -curves[1.0][name]):
        errors = [curves[level][name] for level in levels]
        style = "s--" if "," in name else "o-"
        colour = plotting.COLOURS[colours[name]]
        ax.plot(levels, errors, style, label=name, color=colour)
    ax.set(title=title, xlabel="noise σ (blue: trained on)", ylim=0, xlim=(0, 2.05))
    ax.legend()
axes[0].set(ylabel="held-out squared error, clipped")
axes[1].set(ylim=(0, 60), xlim=(0, 1.55))
plt.show()

# %% tags=["figure"]
ends = over_linear(0.1) > 1, over_linear(2.0) > 1
one_end = "for weak noise only" if ends[0] else "for strong noise only"
beyond.reveal("at both ends" if all(ends) else one_end if any(ends) else "nowhere")

# %%
claim(
    "C09g",
    "Far beyond the noise that it trained on, a denoising network is behind a matrix "
    "that is told σ: error of the better one over the best linear denoiser's, σ = 1.5",
    over_linear(1.5),
    kind="experiment",
    at_least=1.1,
    control=("at σ = 0.5", over_linear(0.5)),
)
claim(
    "C09h",
    "It is not for weak noise: error at σ = 0.1 of the better denoising network over the "
    "best linear denoiser's",
    over_linear(0.1),
    kind="experiment",
    at_least=1.5,
    control=("at σ = 0.5", over_linear(0.5)),
)

# %% tags=["figure", "opening"]
image = (data.y_test == 3).nonzero()[0]
ladder = torch.cat([data.x_test[image] + level * noise[image] for level in [0, *levels]])
methods = {
    "noise σ": nn.Identity(),
    "plain autoencoder": plain,
    "best PCA for σ = 0.5": lambda x: pca(x, best_components),
    "best matrix for σ = 0.5": lambda x: linear(x, best_sigma),
    "denoising autoencoder": denoising_sigmoid,
}
figure, axes = plt.subplots(
    5, 9, figsize=(12, 6), width_ratios=[2.6] + [1] * 8, layout="constrained"
)
for row, (name, method) in zip(axes, methods.items()):
    row[0].text(1, 0.5, name, ha="right", va="center", transform=row[0].transAxes)
    with torch.no_grad():
        pictures = method(ladder).reshape(-1, 28, 28).cpu()
    for ax, picture in zip(row[1:], pictures):
        ax.imshow(picture, vmin=0, vmax=1)
for ax, level in zip(axes[0, 1:], [0, *levels]):
    ax.set_title(f"{level:g}")
for ax in axes.flat:
    ax.axis("off")
plt.show()

# %% [markdown]
# (The last row is the network with the sigmoid.) Under strong noise it still draws something clean, and at
# the end it is no longer a 3: it returns what is likely, not what is there.
#
# ## 5 · Other kinds of noise
#
# The networks saw Gaussian noise only. Now **masking** (half of the pixels set to paper), **salt and
# pepper** (10 % set to paper or ink) and a **block** (a square of 11 × 11 wiped off).


# %%
def in_block(x, side):  # its centre is a random pixel of the middle half, 7 to 20
    top, left = torch.randint(7, 21, (2, len(x), 1), device=x.device) - side // 2
    place = torch.arange(28, device=x.device)  # of a row, or of a column
    rows = (place >= top) & (place < top + side)  # n × 28: is this row in the block?
    columns = (place >= left) & (place < left + side)
    return (rows[:, :, None] & columns[:, None, :]).flatten(1)  # n × 784


u, wiped = torch.rand_like(data.x_test), in_block(data.x_test, 11)
kinds = {
    "Gaussian": noisy,
    "masking": data.x_test.masked_fill(u < 0.5, 0),
    "salt and pepper": data.x_test.masked_fill(u < 0.05, 0).masked_fill(u > 0.95, 1),
    "block": data.x_test.masked_fill(wiped, 0),
}

# %% tags=["figure"]
plotting.image_grid({kind: x[:12] for kind, x in kinds.items()})

# %% tags=["figure"]
helps_least = Prediction(
    "Divide the denoising network's error by the plain one's (both clipped). For which "
    "kind is the ratio the largest: where did its training help least?",
    ["Gaussian", "masking", "salt and pepper", "block"],
)
helps_least

# %%
table = {kind: contest(x) for kind, x in kinds.items()}
over_plain = {kind: row["denoising"] / row["plain"] for kind, row in table.items()}
for kind, ratio in over_plain.items():
    print(f"{kind:15} denoising / plain {ratio:.2f}")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(13, 4.4), sharey=True, layout="constrained")
for ax, (kind, errors) in zip(axes, table.items()):
    least = min(errors, key=errors.get)
    colours = [plotting.COLOURS[0 if name == least else 7] for name in errors]
    bars = ax.barh(list(errors), errors.values(), color=colours)
    ax.bar_label(bars, fmt=" %.1f")
    ax.set(title=kind, xlim=(0, 1.35 * max(errors.values())), xticks=[])
    ax.grid(False)
axes[0].invert_yaxis()
figure.supxlabel("held-out squared error, clipped; blue: the smallest")
plt.show()

# %% tags=["figure"]
helps_least.reveal(max(over_plain, key=over_plain.get))

# %%
where = {"inside the block": wiped, "outside": ~wiped}
for name in ("as it is", "plain", "denoising"):
    with torch.no_grad():
        rebuilt = clipped(networks[name])(kinds["block"])
    squares = (data.x_test - rebuilt).square()
    parts = (f"{part} {(squares * m).sum(1).mean():4.1f}" for part, m in where.items())
    print(f"{name:9}", *parts)

# %%
salt = table["salt and pepper"]
claim(
    "C09i",
    "Where a block is wiped off, noise in training hardly helps: error over the plain "
    "network's",
    over_plain["block"],
    kind="experiment",
    at_least=0.8,
    control=("Gaussian noise", over_plain["Gaussian"]),
)
claim(
    "C09j",
    "For 10 % of salt and pepper a median filter is better: its error over the denoising "
    "network's",
    salt["median"] / salt["denoising"],
    kind="experiment",
    at_most=0.85,
    control=("Gaussian noise", seen["median"] / seen["denoising"]),
)

# %% [markdown]
# Training with one kind of noise helps against others, too, but less. In the block the denoising network does repair
# a part; what it gains there it loses outside, where it smooths what was intact.
#
# ## 6 · Where it breaks
#
# - **Weak noise.** At $\sigma=0.1$ the image as it is has the smaller error: whoever always expects noise smooths away
#   what is real.
# - **Amounts that it never saw.** The networks must find out for themselves how much noise there is, and far
#   beyond what they trained on they misjudge it.
# - **Believing.** Draw a stroke across a digit in section 2: the network makes it fit. It returns what is
#   *likely*: dangerous in medicine, welcome in art.
# - **The average of all that could be meant.** Under strong noise several digits are possible, and squared
#   error asks for their mean. Lesson 03c makes a law of this.
#
# ## 7 · Try it
#
# 1. Train on blocks: in `denoising_error` put `x.masked_fill(in_block(x, 11), 0)` in place of the noisy image. How far
#    does the error on blocks fall, and what happens under Gaussian noise?
# 2. Train on $\sigma$ from 0 to 2. At which levels do you gain, at which do you pay?
# 3. Take 30 % of salt and pepper. Who wins now?
# 4. Find the matrix from pairs: least squares from noisy to clean images, with 1 and with 20 noisy copies of each.
#    Compare its held-out error with the formula's.
# 5. Put `1 - x` (white on black) through the networks. Who fails, and why?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(times, how_linear, by_sigmoid, beyond, helps_least)

# %% [markdown]
# - A denoising autoencoder gets the corrupted image and must return the clean one. The target is clean,
#   and the noise is new in each step.
# - It is far ahead of a network that copies and clearly ahead of PCA; a single matrix comes near it, and a
#   sigmoid at the output does part of the work without any noise. The factor depends on the rival and the measure.
# - It pays on clean images, under weak noise, and far beyond the amounts that it trained on.
# - Training with Gaussian noise hardly helps against a wiped block, and for a little salt and pepper a median
#   filter is better.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | denoising autoencoder | 去噪自编码器 | gets $\tilde x$, must return $x$ |
# | corruption, noise | 损坏、噪声 | what turns $x$ into $\tilde x$ |
# | robust | 鲁棒 | the result changes little when the input is corrupted |
# | Gaussian noise | 高斯噪声 | a number from $N(0,\sigma^2)$ added to each pixel |
# | masking noise | 掩码噪声 | pixels set to paper |
# | salt-and-pepper noise | 椒盐噪声 | pixels set to paper or ink |
# | median filter | 中值滤波 | each pixel becomes the median of its neighbourhood |
# | linear denoiser, Wiener filter | 线性去噪、维纳滤波 | the best matrix, $C(C+\sigma^2I)^{-1}$ |
# | clipping | 截断 | values below 0 become 0, values above 1 become 1 |
#
# **References**
#
# - P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol (2008), *Extracting and composing robust
#   features with denoising autoencoders*, Proceedings of ICML, 1096–1103, doi:10.1145/1390156.1390294.
# - P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio and P.-A. Manzagol (2010), *Stacked denoising
#   autoencoders: learning useful representations in a deep network with a local denoising criterion*, Journal of Machine Learning Research 11, 3371–3408 (masking, salt and pepper).
# - N. Wiener (1949), *Extrapolation, interpolation, and smoothing of stationary time series*, MIT Press.
# - J. W. Tukey (1977), *Exploratory data analysis*, Addison-Wesley (the running median).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
