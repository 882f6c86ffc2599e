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
# 40 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. train a denoising autoencoder, and spot the two mistakes that public code makes;
# 2. say how far it is ahead of PCA, of the best *linear* denoiser, and of a median filter;
# 3. name the noise for which it is no better than a network that never saw any;
# 4. judge a claim like "more robust" by asking: against whom, and for which noise?
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
# Lesson 03a's overcomplete network copies whatever comes, noise too. The cure here: never let it
# see the image that it must give back. Corrupt the image $x$ to $\tilde x$, and ask for $x$,
#
# $$\tilde x=x+\sigma\varepsilon,\qquad \varepsilon\sim N(0,I),\qquad
# \text{loss}=\lVert x-r(\tilde x)\rVert^2 ,$$
#
# with $r$ the whole network, encoder and decoder, and $\sigma$ the standard deviation of what is added to
# each pixel. This is a **denoising autoencoder**. Each image gets an amount $\sigma$ of its own, from
# 0 to 0.75, and new noise in each step.


# %%
def clean_error(model, x):  # lesson 03a's loss, without noise
    return (x - model(x)).square().sum(dim=1).mean()


def denoising_error(model, x):
    sigma = 0.75 * torch.rand(len(x), 1, device=x.device)
    noisy = x + sigma * torch.randn_like(x)
    return (x - model(noisy)).square().sum(dim=1).mean()


# %% [markdown]
# The network is lesson 03a's, 784-1024-784 with tied weights, and GELU for the bend. Both versions
# start from the mean image and get the same budget; only the loss differs. (Epochs, step size, the range
# of $\sigma$ and the bend were chosen on 800 of the training images, in about thirty trials.)


# %%
def network(units=1024, output=nn.Identity):
    model = TiedAutoencoder(784, units, activation=nn.GELU, output=output).to(device)
    # It starts from the mean image; before a sigmoid (section 3), from its logit.
    logit = torch.logit(mean_image, eps=1e-2)
    model.output_bias.data = (logit if output is nn.Sigmoid else mean_image).clone()
    return model


recipe = {"epochs": 20, "batch_size": 100, "learning_rate": 3e-3}
plain, denoising = network(), network()
fit(plain, data.x_train, clean_error, **recipe, label="plain")
fit(denoising, data.x_train, denoising_error, **recipe, label="denoising")

# %% tags=["figure"]
times = Prediction(
    "New digits, noise of σ = 0.5: how many times the denoising network's error is the "
    "plain one's?",
    (1, 20),
)
times

# %%
noise = torch.randn_like(data.x_test)
noisy = data.x_test + 0.5 * noise


@torch.no_grad()
def error(model, x, *setting):  # x may be corrupted; the target is the clean image
    return (data.x_test - model(x, *setting)).square().sum(dim=1).mean().item()


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
# Two mistakes turn up again and again in public code. One: the target is the *noisy* image. Two: the noise
# is drawn once, before training, and stays. Make both, with the same budget.


# %%
def noisy_target(model, x):
    sigma = 0.75 * torch.rand(len(x), 1, device=x.device)
    noisy = x + sigma * torch.randn_like(x)
    return (noisy - model(noisy)).square().sum(dim=1).mean()  # the mistake


def given_pairs(model, noisy, x):
    return (x - model(noisy)).square().sum(dim=1).mean()


wrong_target, drawn_once = network(), network()
fit(wrong_target, data.x_train, noisy_target, **recipe, label="noisy target")
sigma = 0.75 * torch.rand(len(data.x_train), 1, device=device)
once = data.x_train + sigma * torch.randn_like(data.x_train)  # the mistake
fit(drawn_once, (once, data.x_train), given_pairs, **recipe, label="drawn once")
print(f"target noisy: {error(wrong_target, noisy):5.1f}")
print(f"drawn once:   {error(drawn_once, noisy):5.1f}")

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
    "Noise that is drawn once is learned by heart: error at σ = 0.5 over that with "
    "new noise in each step",
    error(drawn_once, noisy) / error(denoising, noisy),
    kind="experiment",
    at_least=1.25,
    control=(
        "from clean images",
        error(drawn_once, data.x_test) / error(denoising, data.x_test),
    ),
)

# %% [markdown]
# The first mistake teaches the network to copy noise, and it copies better than the plain one. The
# second looks right, and costs a good part of what was won.
#
# ## 2 · Your turn
#
# Both networks run in your browser. Choose a kind of noise and move the amount, from clean to hopeless.
# Draw on the corrupted digit: add a stroke with the ink pen, take one away with the paper pen. What is
# repaired, and what is believed?


# %% tags=["figure"]
def as_layers(model, output):  # for the browser: the same network, layer by layer
    up, down = nn.Linear(784, 1024), nn.Linear(1024, 784)
    up.weight.data, up.bias.data = model.weight.data, model.code_bias.data
    down.weight.data = model.weight.data.T.contiguous()
    down.bias.data = model.output_bias.data
    return nn.Sequential(up, nn.GELU(), down, output).cpu()


shown = {
    "plain": as_layers(plain, nn.Identity()),
    "denoising": as_layers(denoising, nn.Identity()),
}
NoiseExplorer(shown, data.x_test[:50])

# %% [markdown]
# ## 3 · Who else could have done it?
#
# Seven times better than a network that copies: that is no high bar. Here are rivals that any textbook
# has. Each gets its best setting for the images that it is judged on, a choice in its favour.
#
# - **PCA** with the best number of components: noise is spread over all 784 directions, digits over
#   few, so dropping the weak directions drops more noise than digit.
# - **A median filter**: each pixel becomes the median of its 3 × 3 or 5 × 5 neighbourhood.
# - **A bottleneck**: lesson 03a's 64 units, which never saw noise.
# - **The best linear denoiser**: of all matrices $A$, the one with the least
#   $E\lVert x-\mu-A(\tilde x-\mu)\rVert^2$. Set the derivative to zero: $A=C(C+\sigma^2I)^{-1}$, with $C$
#   the covariance of the clean images, $\mu$ their mean. In the direction of a principal
#   component with variance $\lambda$ this is one number, $\lambda/(\lambda+\sigma^2)$ (Wiener 1949).
#
# So it is PCA with a soft cut: keep a direction as far as the data vary more there than the noise does.

# %%
centred = (data.x_train - mean_image).cpu()
variances, directions = torch.linalg.eigh(centred.T @ centred / len(centred))
variances = variances.flip(0).clamp(min=0).to(device)  # the largest first
directions = directions.flip(1).to(device)  # one a column


def pca(x, components):
    kept = directions[:, :components]
    return mean_image + (x - mean_image) @ kept @ kept.T


def linear(x, sigma):
    kept = variances / (variances + sigma**2)
    return mean_image + (x - mean_image) @ directions * kept @ directions.T


def median(x, side):
    images = x.reshape(-1, 28, 28).cpu().numpy()
    filtered = torch.from_numpy(median_filter(images, size=(1, side, side)))
    return filtered.flatten(1).to(x.device)


# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 3.8))
number = torch.arange(1, 201)
ax.step(number, number <= 40, where="mid", label="PCA, 40 components", color=plotting.INK)
for sigma, colour in zip((0.25, 0.5, 1.0), plotting.COLOURS[:3]):
    kept = variances[:200] / (variances[:200] + sigma**2)
    ax.plot(number, kept.cpu(), label=f"linear, σ = {sigma}", color=colour)
ax.set(xlabel="principal component", ylabel="share that is kept", ylim=(0, 1.05))
ax.legend()
plt.show()

# %% tags=["figure"]
how_linear = Prediction(
    "σ = 0.5. The best linear denoiser is one matrix, computed and not trained. Whose "
    "error is it nearer to?",
    ["PCA's", "the denoising network's"],
)
how_linear

# %%
settings = {
    "PCA": (pca, [5, 10, 20, 40, 75, 100, 150, 784]),
    "linear": (linear, [0.1, 0.25, 0.35, 0.5, 0.75, 1.0, 1.25]),
    "median": (median, [3, 5]),
}


def best_error(rival, x):
    method, choices = settings[rival]
    return min(error(method, x, choice) for choice in choices)


bottleneck = network(64)
fit(bottleneck, data.x_train, clean_error, **recipe, label="bottleneck")
rivals = {name: best_error(name, noisy) for name in settings}
rivals["bottleneck"] = error(bottleneck, noisy)
for name, value in {**rivals, "denoising": error(denoising, noisy)}.items():
    print(f"{name:10} {value:5.1f}")

# %% tags=["figure"]
gaps = (
    abs(rivals["linear"] - rivals["PCA"]),
    abs(rivals["linear"] - error(denoising, noisy)),
)
how_linear.reveal("PCA's" if gaps[0] < gaps[1] else "the denoising network's")

# %%
claim(
    "C09c",
    "At σ = 0.5 the denoising network is ahead of PCA: its error over that of the best "
    "number of components",
    error(denoising, noisy) / rivals["PCA"],
    kind="experiment",
    at_most=0.9,
    control=("bottleneck", rivals["bottleneck"] / rivals["PCA"]),
)

# %% [markdown]
# It is ahead of PCA. But most of that lead a single matrix has too: with one linear layer a denoising
# autoencoder *is* this matrix. The bends add the rest.
#
# And there is one more rival: change not the noise but the **output**. A pixel lies between 0 and 1; put
# a sigmoid behind the decoder, and the network cannot say anything else.

# %% tags=["figure"]
by_sigmoid = Prediction(
    "The plain network with a sigmoid at its output, never shown any noise. Where is its "
    "error at σ = 0.5?",
    ["near the plain network's", "half of it", "about PCA's, or below"],
)
by_sigmoid

# %%
plain_sigmoid, denoising_sigmoid = network(output=nn.Sigmoid), network(output=nn.Sigmoid)
fit(plain_sigmoid, data.x_train, clean_error, **recipe, label="plain, sigmoid")
fit(denoising_sigmoid, data.x_train, denoising_error, **recipe, label="both")
bottleneck_sigmoid = network(64, output=nn.Sigmoid)
fit(bottleneck_sigmoid, data.x_train, clean_error, **recipe, label="bottleneck")

networks = {
    "plain": plain,
    "denoising": denoising,
    "plain, sigmoid": plain_sigmoid,
    "denoising, sigmoid": denoising_sigmoid,
    "bottleneck": bottleneck,
}
for name, model in networks.items():
    print(f"{name:18} from clean images {error(model, data.x_test):4.1f},", end=" ")
    print(f"from noisy ones {error(model, noisy):5.1f}")

# %% tags=["figure"]
there, half = error(plain_sigmoid, noisy), error(plain, noisy) / 2
near_pca = "about PCA's, or below" if there < 1.2 * rivals["PCA"] else "half of it"
by_sigmoid.reveal(near_pca if there < 1.3 * half else "near the plain network's")

# %%
claim(
    "C09d",
    "A sigmoid at the output, without any noise in training, does most of it: error at "
    "σ = 0.5 over the plain network's",
    error(plain_sigmoid, noisy) / error(plain, noisy),
    kind="experiment",
    at_most=0.4,
    control=(
        "the same on the bottleneck",
        error(bottleneck_sigmoid, noisy) / error(bottleneck, noisy),
    ),
)
claim(
    "C09e",
    "On top of the sigmoid, noise in training still helps: error at σ = 0.5 over that "
    "without",
    error(denoising_sigmoid, noisy) / error(plain_sigmoid, noisy),
    kind="experiment",
    at_most=0.75,
    control=(
        "from clean images",
        error(denoising_sigmoid, data.x_test) / error(plain_sigmoid, data.x_test),
    ),
)

# %% [markdown]
# Where there is paper, the sigmoid's input is far below zero, and noise must push hard before a grey
# shows. The lecture's "more robust" is true; it is not the only way to get there, and against a
# rival built with care its factor is two, not seven.

# %% tags=["figure", "opening"]
levels = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0, 1.25]
which = (data.y_test == 3).nonzero()[0].item()
ladder = torch.stack([data.x_test[which] + level * noise[which] for level in levels])
with torch.no_grad():
    rows = {
        "noise from 0 to 1.25": ladder,
        "plain autoencoder": plain(ladder),
        "denoising": denoising(ladder),
        "denoising, sigmoid": denoising_sigmoid(ladder),
    }
plotting.image_grid(rows)

# %% [markdown]
# ## 4 · How much noise?
#
# Training went up to $\sigma=0.75$. Now from a little to far beyond.

# %% tags=["figure"]
beyond = Prediction(
    "Where does PCA get ahead of the denoising network (the one without sigmoid)?",
    ["nowhere", "for weak noise", "beyond what it trained on", "at both ends"],
)
beyond

# %%
levels = [0.1, 0.25, 0.5, 0.75, 1.0, 1.25]
curves = {name: [] for name in [*networks, *settings]}
for level in levels:
    x = data.x_test + level * noise
    for name in curves:
        model = networks.get(name)
        curves[name].append(error(model, x) if model else best_error(name, x))
print("σ                 ", *(f"{level:6.2f}" for level in levels))
for name, errors in curves.items():
    print(f"{name:18}", *(f"{value:6.1f}" for value in errors))
over_pca = [ours / theirs for ours, theirs in zip(curves["denoising"], curves["PCA"])]

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(10, 5.2))
styles = ["s-", "o-", "s--", "o--", "^-", "-", ":", "-."]
red, blue, ink = plotting.COLOURS[2], plotting.COLOURS[0], plotting.INK
colours = [red, blue, red, blue, plotting.COLOURS[6], ink, ink, ink]
for (name, errors), style, colour in zip(curves.items(), styles, colours):
    ax.plot(levels, errors, style, color=colour, label=name)
ax.axvspan(0, 0.75, color=plotting.COLOURS[0], alpha=0.1)
ax.text(0.74, 320, "trained on", ha="right")
ax.set(xlabel="noise σ", ylabel="held-out squared error", yscale="log", xlim=(0.05, 1.3))
ax.legend(loc="upper left", bbox_to_anchor=(1, 1))
plt.show()

# %% tags=["figure"]
weak, strong = over_pca[0] > 1, max(over_pca[-2:]) > 1
ends = "at both ends" if strong else "for weak noise"
beyond.reveal(ends if weak else "beyond what it trained on" if strong else "nowhere")

# %%
claim(
    "C09f",
    "Beyond the noise that it trained on it falls behind PCA: error over PCA's at "
    "σ = 1.25",
    over_pca[-1],
    kind="experiment",
    at_least=1.1,
    control=("at σ = 0.5", over_pca[levels.index(0.5)]),
)
claim(
    "C09g",
    "Clean images pay for it: error from clean images over the plain network's",
    error(denoising, data.x_test) / error(plain, data.x_test),
    kind="experiment",
    at_least=4,
    control=(
        "with sigmoids",
        error(denoising_sigmoid, data.x_test) / error(plain_sigmoid, data.x_test),
    ),
)

# %% [markdown]
# ## 5 · Other kinds of noise
#
# The networks saw Gaussian noise only. Now **masking** (pixels set to paper), **salt and pepper** (pixels
# set to paper or ink) and a **block** (a square of the image wiped off).


# %%
def block(x, side):  # its middle lies in the middle half of the image
    top, left = torch.randint(7, 21, (2, len(x), 1), device=x.device) - side // 2
    place = torch.arange(28, device=x.device)
    rows, columns = ((place >= s) & (place < s + side) for s in (top, left))
    return x.masked_fill((rows[:, :, None] & columns[:, None, :]).flatten(1), 0)


u = torch.rand_like(data.x_test)
kinds = {
    "Gaussian, σ = 0.5": noisy,
    "masking, half": data.x_test.masked_fill(u < 0.5, 0),
    "salt and pepper, 10 %": data.x_test.masked_fill(u < 0.05, 0).masked_fill(
        u > 0.95, 1
    ),
    "block, 11 × 11": block(data.x_test, 11),
}

# %% tags=["figure"]
helps_least = Prediction(
    "For which kind does noise in training help least, compared with the plain network?",
    ["masking", "salt and pepper", "the block"],
)
helps_least

# %%
table = {name: {} for name in kinds}
for kind, x in kinds.items():
    table[kind] |= {name: error(model, x) for name, model in networks.items()}
    table[kind] |= {name: best_error(name, x) for name in settings}

# %% tags=["figure"]
names = [*networks, *settings]
figure, ax = plt.subplots(figsize=(12, 3.4))
for row, errors in enumerate(table.values()):
    best = min(errors, key=errors.get)
    for column, name in enumerate(names):
        words = {"ha": "center", "va": "center", "fontsize": 15}
        if name == best:
            words |= {"fontweight": "bold", "bbox": {"fc": "#cfe3f6", "ec": "none"}}
        ax.text(column, row, f"{errors[name]:.1f}", **words)
ax.set(xlim=(-0.5, len(names) - 0.5), ylim=(len(kinds) - 0.5, -0.5))
ax.set_xticks(range(len(names)), [name.replace(", ", ",\n") for name in names])
ax.set_yticks(range(len(kinds)), kinds)
ax.xaxis.tick_top()
ax.grid(False)
ax.set_title("held-out squared error; the best of each row is marked")
plt.show()

# %% tags=["figure"]
short = dict(zip(list(kinds)[1:], ["masking", "salt and pepper", "the block"]))
over_plain = {
    name: table[kind]["denoising"] / table[kind]["plain"] for kind, name in short.items()
}
helps_least.reveal(max(over_plain, key=over_plain.get))

# %%
gaussian, _, salt, wiped = table.values()
claim(
    "C09h",
    "Where a block is wiped off, noise in training hardly helps: error over the plain "
    "network's",
    wiped["denoising"] / wiped["plain"],
    kind="experiment",
    at_least=0.8,
    control=("Gaussian noise", gaussian["denoising"] / gaussian["plain"]),
)
claim(
    "C09i",
    "For salt and pepper a median filter is better: its error over the denoising "
    "network's",
    salt["median"] / salt["denoising"],
    kind="experiment",
    at_most=0.85,
    control=("Gaussian noise", gaussian["median"] / gaussian["denoising"]),
)

# %% [markdown]
# Robust against what it trained on, then, and a little beyond. A wiped block looks to the network like
# paper, and it was never taught that paper may lie. (Try it 1 teaches it.)
#
# ## 6 · Where it breaks
#
# - **Weak noise.** At $\sigma=0.1$ the denoising networks are behind PCA, the linear denoiser and even
#   the plain network with a sigmoid. Who always expects noise smooths away what is real.
# - **One network, all amounts.** The linear denoiser was told $\sigma$, the networks were not. Beyond what they trained on
#   it beats both.
# - **Believing.** Draw a stroke across a digit in section 2: the network makes it fit. It returns what is
#   *likely*, not what is true: dangerous in medicine, welcome in art.
# - **The average of all that could be meant.** Under strong noise the picture becomes soft: several digits
#   are possible, and squared error asks for their mean. Lesson 03c makes a law of this.
#
# ## 7 · Try it
#
# 1. Train on blocks: put `block(x, 11)` for the noise in `denoising_error`. How far does the error on
#    blocks fall, and what happens under Gaussian noise?
# 2. Train on $\sigma$ from 0 to 1.5. At which levels do you gain, at which do you pay?
# 3. Train for one amount only, $\sigma=0.5$. How much is that worth there? What happens to clean images?
# 4. Build the linear denoiser from pairs: least squares from noisy to clean images, 20 noisy copies of
#    each. Do you get the formula's $A$? How many copies until its error is the same?
# 5. Put `1 - x` (white on black) through the networks. Who fails, and why?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(times, how_linear, by_sigmoid, beyond, helps_least)

# %% [markdown]
# - A denoising autoencoder gets the corrupted image and must return the clean one. The target is clean,
#   and the noise is new in each step.
# - Against the copying network it is far ahead, against PCA clearly. A single matrix comes near it, and a
#   sigmoid at the output does much of the work without any noise.
# - It pays on clean images, knows the amounts that it saw, and one kind of noise: a median filter takes
#   salt and pepper, and a wiped block stays wiped.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | denoising autoencoder | 去噪自编码器 | gets $\tilde x$, must return $x$ |
# | corruption, noise | 损坏、噪声 | what makes $\tilde x$ of $x$ |
# | robust | 鲁棒 | the result changes little when the input is corrupted |
# | Gaussian noise | 高斯噪声 | a number from $N(0,\sigma^2)$ added to each pixel |
# | masking noise | 掩码噪声 | pixels set to paper |
# | salt-and-pepper noise | 椒盐噪声 | pixels set to paper or ink |
# | median filter | 中值滤波 | each pixel becomes the median of its neighbourhood |
# | linear denoiser, Wiener filter | 线性去噪、维纳滤波 | the best matrix, $C(C+\sigma^2I)^{-1}$ |
#
# **References**
#
# - P. Vincent, H. Larochelle, Y. Bengio and P.-A. Manzagol (2008), *Extracting and composing robust
#   features with denoising autoencoders*, Proceedings of ICML, 1096–1103, doi:10.1145/1390156.1390294.
# - P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio and P.-A. Manzagol (2010), *Stacked denoising
#   autoencoders*, Journal of Machine Learning Research 11, 3371–3408 (masking, salt and pepper).
# - N. Wiener (1949), *Extrapolation, interpolation, and smoothing of stationary time series*, MIT Press.
# - J. W. Tukey (1977), *Exploratory data analysis*, Addison-Wesley (the running median).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
