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
# # 03c · Which way to the data?
#
# **What has a network learned about the data when it has learned to take noise away?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/03c_field.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/03c_field.ipynb) ·
# 45 minutes to study, 35 seconds to run, no network needed
#
# **You will be able to**
#
# 1. derive, in four lines, what the best denoiser is: a step to where noisy points are denser;
# 2. measure a denoiser's arrows against the exact ones, and say why small noise is hard;
# 3. say what becomes of points that follow the arrows, with fixed and with falling noise;
# 4. make digits from noise with a denoiser, and say honestly what they are.
#
# **Builds on** lesson 03b: a **denoising autoencoder** gets a corrupted $\tilde x$ and must rebuild the
# clean $x$. Lesson 03d goes on with the contractive autoencoder, denoising's close relative.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="03c")

# %%
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import Spiral, digits
from lessons_lib.models import layers
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

spiral = Spiral()
x_train, fresh = spiral.sample(20_000, seed=1), spiral.sample(2_000, seed=2)

# %% [markdown]
# Digits come last. First a place where everything can be checked: points $x$ along a spiral, each a
# little off it. Their density $p(x)$ is known exactly. `fresh` are points that no network will see.
#
# ## 1 · The best guess is a step uphill
#
# Add noise of strength $\sigma$: $\tilde x=x+\sigma\varepsilon$ with $\varepsilon\sim N(0,I)$. A network
# $r$ sees $\tilde x$ and must rebuild $x$, at the smallest mean squared error. Many $x$ could have become
# this $\tilde x$. Of all answers their mean has the smallest squared error, so the best $r$ is
# $\mathbb E[x\mid\tilde x]$. But where is it? Begin with the **density of the noisy points**: a Gaussian
# of width $\sigma$ around every clean point, weighted by how many there are,
#
# $$p_\sigma(\tilde x)=\int p(x)\,N(\tilde x;x,\sigma^2 I)\,dx .$$
#
# Take the gradient with respect to $\tilde x$. A Gaussian around $x$ has $\nabla N=N\,(x-\tilde x)/\sigma^2$, so
#
# $$\nabla p_\sigma(\tilde x)=\int p(x)\,N(\tilde x;x,\sigma^2 I)\,\frac{x-\tilde x}{\sigma^2}\,dx .$$
#
# Divide by $p_\sigma(\tilde x)$. On the left $\nabla p_\sigma/p_\sigma=\nabla\log p_\sigma$. On the right
# $p(x)\,N/p_\sigma(\tilde x)$ is $p(x\mid\tilde x)$ by Bayes' rule, so the integral is a mean over it:
#
# $$\nabla\log p_\sigma(\tilde x)=\frac{\mathbb E[x\mid\tilde x]-\tilde x}{\sigma^2}.$$
#
# Solve for the mean:
#
# $$\mathbb E[x\mid\tilde x]=\tilde x+\sigma^2\,\nabla\log p_\sigma(\tilde x).$$
#
# (Robbins 1956, Miyasawa 1961; for autoencoders Vincent 2011, Alain and Bengio 2014.) The gradient of a log
# density is called its **score**: it points uphill, to where there is more data. So whoever
# can take noise away knows the score, without ever having been told a density: the **arrow**
# $r(\tilde x)-\tilde x$, over $\sigma^2$, is it.
#
# Check it. Our points are off the curve by noise of 0.15. With noise of $\sigma$ on top the variances add: again
# a spiral, whose points are off by $\sqrt{0.15^2+\sigma^2}$, and `score` knows it exactly. The mean we take by hand, by
# Bayes' rule: 100,000 clean points, each weighted by how likely it is to have become $\tilde x$. And are these
# the arrows of the *clean* density?


# %%
def exact_score(x, sigma):
    return Spiral(noise=math.hypot(spiral.noise, sigma)).score(x)


def arrow_error(arrows, true):
    # 0 if they are the true ones; 1 for no arrows at all.
    return ((arrows - true).square().sum() / true.square().sum()).item()


sigma = 0.5
noisy = fresh[:100] + sigma * torch.randn(100, 2)
clean = spiral.sample(100_000, seed=3)
weights = torch.softmax(-0.5 * (torch.cdist(noisy, clean) / sigma).square(), dim=1)
by_hand = (weights @ clean - noisy) / sigma**2  # 100 × 100,000 times 100,000 × 2

claim(
    "C09k",
    "The best guess is a step along the score of the noisy points: error of the arrows",
    arrow_error(by_hand, exact_score(noisy, sigma)),
    kind="identity",
    at_most=0.01,
    control=("the clean points' score", arrow_error(by_hand, spiral.score(noisy))),
)

# %% [markdown]
# The mean agrees with the score of the *noisy* density, and not with that of the clean one. The
# two become equal only as $\sigma$ goes to 0.
#
# ## 2 · Let a network find the arrows
#
# One network for all noises: $\log\sigma$ is its third input. Each step draws fresh noise, its strength from 0.02
# to 5, small ones as often as large (log-uniformly). And there are two ways to ask. The network may
# say **where** the clean point is, as in lesson 03b. Or it says only the **direction** $(x-\tilde x)/\sigma$, and
# we take that step. In theory both are the same $r$.


# %%
class PointDenoiser(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, x, sigma):  # x: n × 2, sigma: n × 1
        return self.network(torch.cat([x, sigma.log()], dim=1))


class DirectionDenoiser(PointDenoiser):
    def forward(self, x, sigma):
        return x + sigma * super().forward(x, sigma)


def corrupt(x, low=0.02, high=5.0):
    sigma = low * (high / low) ** torch.rand(len(x), 1, device=x.device)
    return x + sigma * torch.randn_like(x), sigma


# %% [markdown]
# Each is trained on the squared error of what it is asked for. The direction's squared error is the point's,
# divided by $\sigma^2$: so small noises count far more in it. To tell the two apart, the point is asked for once more,
# with that error. For a control, a plain autoencoder: the same network, trained for as long, without noise.


# %%
def point_loss(r, x, **noise):
    noisy, sigma = corrupt(x, **noise)
    return (r(noisy, sigma) - x).square().sum(dim=1).mean()


def direction_loss(r, x):
    noisy, sigma = corrupt(x)
    return ((r(noisy, sigma) - x) / sigma).square().sum(dim=1).mean()


def copying_loss(r, x):
    _, sigma = corrupt(x)  # an input like the others'; there is no such noise
    return (r(x, sigma) - x).square().sum(dim=1).mean()


# %%
asked = {
    "the point": (PointDenoiser, point_loss),
    "the point, error / σ²": (PointDenoiser, direction_loss),
    "the direction": (DirectionDenoiser, direction_loss),
    "a copy (no noise)": (PointDenoiser, copying_loss),
}
denoisers = {}
for name, (kind, loss) in asked.items():
    denoisers[name] = kind(layers(3, 128, 128, 128, 2))
    recipe = {"epochs": 50, "batch_size": 500, "learning_rate": 5e-3}
    fit(denoisers[name], x_train, loss, label=name, **recipe)

# %% [markdown]
# Now measure their arrows on fresh noisy points: against the exact score of the noisy points, and, at the
# fresh points themselves, against the clean score. For the second the theory says: the smaller $\sigma$,
# the better.

# %% tags=["figure"]
best_sigma = Prediction(
    "Arrows for the clean score, by the network that is asked for the point. At which of "
    "six noises is their error the smallest?",
    ["1", "0.5", "0.25", "0.12", "0.06", "0.03"],
)
best_sigma


# %%
@torch.no_grad()
def arrows(r, x, sigma):
    return (r(x, torch.full((len(x), 1), sigma)) - x) / sigma**2


sigmas = [1, 0.5, 0.25, 0.12, 0.06, 0.03]
error = {name: [] for name in denoisers}
of_clean = {name: [] for name in [*denoisers, "exact score of noisy points"]}
for sigma in sigmas:
    noisy = fresh + sigma * torch.randn_like(fresh)
    true, clean_score = exact_score(noisy, sigma), spiral.score(fresh)
    for name, r in denoisers.items():
        error[name].append(arrow_error(arrows(r, noisy, sigma), true))
        of_clean[name].append(arrow_error(arrows(r, fresh, sigma), clean_score))
    exact = exact_score(fresh, sigma)
    of_clean["exact score of noisy points"].append(arrow_error(exact, clean_score))

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(11.5, 4.6), sharey=True)
pictures = {"score of the noisy points": error, "score of the clean points": of_clean}
colours = [plotting.COLOURS[i] for i in (0, 4, 1, 2)] + [plotting.INK]
for ax, (title, errors) in zip(axes, pictures.items()):
    for (name, values), colour in zip(errors.items(), colours):
        style = ":" if "exact" in name else "o-"
        ax.plot(sigmas, values, style, color=colour, label=name)
    ax.set(xscale="log", yscale="log", title=title, xlabel=r"noise $\sigma$, falling")
    ax.set(xticks=sigmas, xlim=(1.15, 0.026))
    ax.set_xticklabels(sigmas)
    ax.minorticks_off()
axes[0].set(ylabel="error of the arrows (1: no arrows)")
axes[1].legend(title="asked for", loc="lower left", alignment="left")
plt.show()

# %% tags=["figure"]
best = min(zip(of_clean["the point"], sigmas))[1]
best_sigma.reveal(str(best))

# %%
strong, weak = sigmas.index(0.25), sigmas.index(0.03)
growth = {name: errors[weak] / errors[strong] for name, errors in error.items()}
claim(
    "C09l",
    "A network that learns to take noise away learns the score: error of its arrows, the "
    "largest over six noises",
    max(error["the direction"]),
    kind="experiment",
    at_most=0.2,
    control=("no noise: the smallest", min(error["a copy (no noise)"])),
)
claim(
    "C09m",
    "Trained on the point's own error, its arrows go wrong as the noise falls: error at "
    "0.03 over that at 0.25",
    growth["the point"],
    kind="experiment",
    at_least=20,
    control=("the same network, error / σ²", growth["the point, error / σ²"]),
)

# %% [markdown]
# The plain network can copy, so it never needed to know a way back: its arrows are little better than none.
#
# The denoisers should all be the same, and at large noise they nearly are. As $\sigma$ falls, those of the point's own error go
# wrong: $r(\tilde x)-\tilde x$ is then a tiny difference, the network's own small error, divided by $\sigma^2$, is
# all that is left, and a loss in points hardly asks for better. Weighted by $1/\sigma^2$ it asks, and pays at large noise; asked
# for the direction, the network has nothing tiny to say: best of all. So for the clean score there is a trade: at large
# noise the arrows belong to another density, at small noise to the network's error.
# Move the slider down.

# %% tags=["figure"]
shown = fresh[:120]
wanted = {"exact": exact_score} | {
    f"asked for {name}": partial(arrows, denoisers[name])
    for name in ("the direction", "the point")
}
jitter = torch.randn(120, 2, generator=torch.Generator().manual_seed(0))


def draw_arrows(sigma):
    noisy = shown + sigma * jitter
    longest = 1.2 / exact_score(noisy, sigma).norm(dim=1).max().item()
    density = Spiral(noise=math.hypot(spiral.noise, sigma)).log_prob
    figure, axes = plt.subplots(1, 3, figsize=(12.5, 5), sharey=True)
    for ax, (title, field) in zip(axes, wanted.items()):
        plotting.density_map(density, ax=ax, low=(-4.5, -4.5), high=(4.5, 4.5))
        scaled = {"angles": "xy", "scale_units": "xy", "scale": 1 / longest}
        ax.quiver(
            *noisy.T, *field(noisy, sigma).T, **scaled, color=plotting.INK, width=0.005
        )
        ax.set(title=title, xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), xlabel="$x_1$")
    axes[0].set(ylabel="$x_2$")
    return figure


# %% tags=["figure"]
captions = [
    rf"noise {sigma}: error of the arrows {error['the direction'][i]:.3f} (direction), "
    rf"{error['the point'][i]:.3f} (point)"
    for i, sigma in enumerate(sigmas)
]
FramePlayer(map(draw_arrows, sigmas), captions, label="noise", start=4, interval=1500)

# %% [markdown]
# (Blue: the density of the noisy points. Each arrow starts at a noisy point. Compare lengths within a frame; each
# frame has a scale of its own.)
#
# ## 3 · Follow the arrows
#
# Arrows that lead to the data invite a walk: start from pure noise, follow. Three ways, forty steps each,
# with the network that is asked for the direction.
#
# - **Fixed noise:** $x\leftarrow r(x)$, again and again, at one small $\sigma$.
# - **Fixed noise, put back:** $x\leftarrow r(x)+\sigma\varepsilon$, guess and corrupt anew (Bengio and others 2013). The last guess counts.
# - **Falling noise:** believe that $x$ has noise $\sigma$ on it; jump to the guess $r(x)$, but put a little less noise
#   back, of strength $\sigma'<\sigma$. The noise that we have just taken away will do, shrunk:
#
# $$x\leftarrow r(x)+\sigma'\,\frac{x-r(x)}{\sigma}.$$


# %%
@torch.no_grad()
def repeat(r, x, sigma, steps, put_back=False):
    path = [x]
    for _ in range(steps):
        guess = r(path[-1], torch.full_like(x[:, :1], sigma))
        path.append(guess + sigma * torch.randn_like(x) if put_back else guess)
    return [*path[:-1], guess]


@torch.no_grad()
def follow(r, x, sigmas):
    path = [x]
    for sigma, next_sigma in zip(sigmas, sigmas[1:]):
        guess = r(x, torch.full_like(x[:, :1], sigma))
        x = guess + next_sigma * (x - guess) / sigma
        path.append(x)
    return path


def falling(high, low, steps):
    return torch.logspace(math.log10(high), math.log10(low), steps + 1).tolist()


# %% [markdown]
# What comes out is judged twice. The mean of the exact $\log p$ says how likely the points are (in nats: natural logarithms). And
# the **energy distance** (Székely and Rizzo 2013) says whether they *spread* like the data: it compares distances between the
# two sets of points with those within each, and is 0 only if both are from one distribution. For two samples of
# true points it is not quite 0, by chance, and that is printed, too.

# %% tags=["figure"]
how_likely = Prediction(
    "Forty times x ← r(x), at the fixed noise 0.25. Compared with fresh points of the "
    "true spiral, what is the mean log p of the points that come out?",
    ["lower", "the same (within 0.2)", "higher"],
)
how_likely


# %%
def energy_distance(a, b):
    within = [torch.cdist(x, x).sum() / (len(x) * (len(x) - 1)) for x in (a, b)]
    return (2 * torch.cdist(a, b).mean() - sum(within)).item()


r, start = denoisers["the direction"], 5 * torch.randn(2000, 2)
paths = {
    "fixed": repeat(r, start, sigma=0.25, steps=40),
    "put back": repeat(r, start, sigma=0.5, steps=40, put_back=True),
    "falling": follow(r, start, falling(5, 0.02, steps=40)),
}
ends = {name: path[-1] for name, path in paths.items()}
ends["true points"] = spiral.sample(2000, seed=4)
log_p = {name: spiral.log_prob(x).mean().item() for name, x in ends.items()}
distance = {name: energy_distance(x, fresh) for name, x in ends.items()}
for name in ends:
    print(f"{name:12} log p {log_p[name]:6.2f}, energy distance {distance[name]:7.4f}")
above = log_p["fixed"] - log_p["true points"]


# %% tags=["figure"]
def draw_step(step):
    figure, axes = plt.subplots(1, 4, figsize=(13, 4), sharey=True)
    for ax, name in zip(axes, ends):
        points = paths[name][step] if name in paths else ends[name]
        ax.scatter(*points.T, s=4, color=plotting.INK, alpha=0.6, linewidths=0)
        ax.set(title=name, xlim=(-6, 6), ylim=(-6, 6), xlabel="$x_1$", aspect="equal")
    axes[0].set(ylabel="$x_2$")
    return figure


steps = [0, 1, 2, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40]
captions = [f"after {step} steps" for step in steps]
FramePlayer(map(draw_step, steps), captions, label="step", start=12, interval=600)

# %% tags=["figure"]
more_or_less = "higher" if above > 0 else "lower"
how_likely.reveal("the same (within 0.2)" if abs(above) <= 0.2 else more_or_less)

# %%
claim(
    "C09n",
    "With falling noise the points become about as likely as the data are: mean log p "
    "above true points'",
    log_p["falling"] - log_p["true points"],
    kind="experiment",
    at_least=-0.3,
    at_most=0.3,
    unit="nats",
    control=("put back, at 0.5", log_p["put back"] - log_p["true points"]),
)
claim(
    "C09o",
    "With fixed noise of 0.25, nothing put back, they become more likely than the data "
    "are: mean log p above true points'",
    above,
    kind="experiment",
    at_least=0.3,
    unit="nats",
    control=("falling noise", log_p["falling"] - log_p["true points"]),
)

# %% [markdown]
# *More likely than real points*, and wrong all the same: with fixed noise and nothing put back all climb to
# the ridge, a thin line, and stay. Real points lie beside it. (Lesson 05 meets this again: the most likely point is
# not what a sample looks like.) And where on the line they end depends on where they started: some stretches are
# crowded, some empty. Putting noise back fills the whole spiral, but leaves points between its arms: the last
# guess, from so much noise, is a mean. Falling noise starts where the density is one smooth hill, and
# lets detail appear only as the noise goes: spread and width come out nearly right.
#
# That last walk is the seed of today's image generators, the **diffusion models**
# (Sohl-Dickstein and others 2015, Song and Ermon 2019, Ho and others 2020): a denoiser, told $\sigma$, and falling noise.
#
# ## 4 · Digits from noise
#
# So do it with digits. The same `PointDenoiser`, in 784 dimensions: noise from 0.1 to 3, and sigmoids behind
# the pixels. It is asked for the point: the direction would be 784 numbers of noise, which can't
# pass through 512 units. We walk in 24 steps.

# %%
data = digits().to(device)
network = nn.Sequential(layers(785, 512, 512, 784), nn.Sigmoid())
digit_denoiser = PointDenoiser(network).to(device)
loss = partial(point_loss, low=0.1, high=3.0)
recipe = {"epochs": 20, "batch_size": 50, "learning_rate": 3e-3}
fit(digit_denoiser, data.x_train, loss, label="digits", **recipe)

middle = data.x_train.mean(dim=0)
start = middle + 3 * torch.randn(300, 784, device=device)
digit_paths = {
    # The last noise is 0: the last guess is what we show.
    "falling": follow(digit_denoiser, start, [*falling(3, 0.1, 23), 0.0]),
    **{
        f"fixed, {sigma}": repeat(digit_denoiser, start, sigma, steps=24)
        for sigma in (0.25, 0.5)
    },
    "put back, 0.5": repeat(digit_denoiser, start, 0.5, steps=24, put_back=True),
}


# %% tags=["figure"]
def draw_digits(step):
    chosen = ("fixed, 0.25", "put back, 0.5", "falling")
    return plotting.image_grid({name: digit_paths[name][step][:12] for name in chosen})


steps = range(0, 25, 2)
captions = [f"after {step} steps" for step in steps]
FramePlayer(map(draw_digits, steps), captions, label="step", start=12, interval=700)

# %% [markdown]
# Are they digits? Measure three things, all on clipped pictures: the energy distance to held-out digits;
# how sure a small classifier is of them; and whether they are *copies*: is the nearest of 500 training digits nearer than
# the nearest of 500 held-out ones? For a network that remembers nothing that is so half of the time. A fair
# rival needs no network at all: one Gaussian, fitted to the training digits.

# %% tags=["figure"]
copied = Prediction(
    "Of 300 digits made with falling noise, how many per cent are nearer to a digit that "
    "the network trained on than to one that it never saw?",
    (0, 100),
    unit="%",
)
copied


# %%
def classifier_loss(model, x, y):
    return nn.functional.cross_entropy(model(x), y)


classifier = layers(784, 128, 10).to(device)
pairs = data.x_train, data.y_train
fit(classifier, pairs, classifier_loss, epochs=8, batch_size=100, learning_rate=3e-3)

made = {name: path[-1] for name, path in digit_paths.items()}
spread = torch.cov(data.x_train.T.cpu()) + 1e-6 * torch.eye(784)
gaussian = torch.distributions.MultivariateNormal(middle.cpu(), spread)
made["one Gaussian"] = gaussian.sample((300,)).to(device)
real, made["held-out digits"] = data.x_test[::2], data.x_test[1::2]
seen = data.x_train[torch.randperm(4000)[:500]]


# %%
def nearest(images, among):
    return torch.cdist(images, among).min(dim=1)


distance_to_real, nearer_to_seen = {}, {}
for name, images in made.items():
    images = images.clamp(0, 1)
    distance_to_real[name] = energy_distance(images, real)
    is_nearer = nearest(images, seen).values < nearest(images, real).values
    nearer_to_seen[name] = is_nearer.float().mean().item()
    with torch.no_grad():
        sure = classifier(images).softmax(dim=1).amax(dim=1).mean()
    print(f"{name:15} energy distance {distance_to_real[name]:6.3f},", end=" ")
    print(f"sure {sure:.0%}, nearer to seen {nearer_to_seen[name]:.0%}")

# %% tags=["figure", "opening"]
look = made["falling"][:12]
rows = {
    "noise": digit_paths["falling"][0][:12] / 6 + 0.5,
    **{f"after {step} steps": digit_paths["falling"][step][:12] for step in (8, 14, 18)},
    "made": look,
    "nearest training digit": data.x_train[nearest(look, data.x_train).indices],
}
plotting.image_grid(rows)

# %% tags=["figure"]
copied.reveal(100 * nearer_to_seen["falling"], within=8)

# %%
claim(
    "C09p",
    "Falling noise makes digits that are spread like real ones: energy distance",
    distance_to_real["falling"],
    kind="experiment",
    at_most=0.2,
    control=("one Gaussian", distance_to_real["one Gaussian"]),
)
itself = nearest(seen, seen).values <= nearest(seen, real).values
claim(
    "C09q",
    "They are hardly nearer to seen digits than to unseen ones: share that is nearer to "
    "a seen one",
    nearer_to_seen["falling"],
    kind="experiment",
    at_most=0.7,
    control=("training digits", itself.float().mean().item()),
)

# %% [markdown]
# Many can be read, drawn by nothing but a denoiser, and they are hardly nearer to what it saw than to what it did not. Be
# honest about the rest: some are smudges, and the classifier is less sure of them than of real ones. No single number tells
# good from bad: the classifier is surer of digits made at fixed noise, whose spread is far from the real one. And putting noise
# back at one well-chosen $\sigma$ comes near.
#
# ## 5 · Where it breaks
#
# More steps, smaller changes: that should be better. **Predict first:** is it? (Each figure is the mean over three starts.)

# %%
starts = [middle + 3 * torch.randn(300, 784, device=device) for _ in range(3)]
for steps in (6, 12, 24, 48):
    down = [*falling(3, 0.1, steps - 1), 0.0]
    ends = [follow(digit_denoiser, x, down)[-1].clamp(0, 1) for x in starts]
    distances = [energy_distance(x, real) for x in ends]
    print(f"{steps:3d} steps: energy distance {sum(distances) / 3:.3f}")

# %% [markdown]
# - **Steps don't mend a guess.** More of them help, up to a point; what is left over is the network's own error.
# - **Arrows are learned where noise led.** Far from there, or at a noise that never came up, they may be anything.
# - **The clean score is a limit.** Before it is reached the network's own error takes over.
# - **The energy distance sees pixels,** not digits: a small one doesn't promise that each can be read.
#
# ## 6 · Try it
#
# 1. The fourth combination: train the direction's network on `point_loss`. Which matters more, the way of asking or the
#    weight of small noises?
# 2. Follow the spiral's arrows in 10, 40 and 160 steps. Then replace the network
#    by the exact field, `lambda x, s: (x + s**2 * exact_score(x, s[0].item())).float()`.
# 3. Start the walk at $\sigma=1$ in place of 5, from `torch.randn(2000, 2)`. What is missing, and why?
# 4. Train on 200 points of the spiral, for as many steps. Where do the walks end now?
# 5. Give `repeat` the digit 3 of `data.x_test`, at each noise. How long does it stay a 3?
#
# ## 7 · Summary

# %% tags=["figure"]
PredictionCount(best_sigma, how_likely, copied)

# %% [markdown]
# - The best denoiser moves $\tilde x$ by $\sigma^2$ times the score of the noisy points' density.
# - So a network that only learns to take noise away learns which way the data lie; one that copies doesn't.
# - For small noise ask for the direction, and let small noises count: the point's small difference drowns in the network's
#   error.
# - Arrows at one fixed noise of 0.25 lead to the ridge: likely points, wrongly spread. Falling noise gives spread and width.
# - The same walk makes digits from noise: many good, some smudged, hardly nearer to seen digits than to unseen ones.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | denoising autoencoder | 去噪自编码器 | rebuilds the clean $x$ from a noisy $\tilde x$ |
# | score | 得分函数 | gradient of a log density with respect to the point, $\nabla\log p$ |
# | vector field | 向量场 | an arrow at each point |
# | posterior mean | 后验均值 | $\mathbb E[x\mid\tilde x]$, the mean of all that it could have been |
# | energy distance | 能量距离 | 0 only if two sets of points are from one distribution |
# | diffusion model | 扩散模型 | a denoiser that is followed from noise, with falling noise |
#
# **References**
#
# - H. Robbins (1956), *An empirical Bayes approach to statistics*, Proceedings of the Third Berkeley Symposium
#   on Mathematical Statistics and Probability 1, 157–163.
# - K. Miyasawa (1961), *An empirical Bayes estimator of the mean of a normal population*, Bulletin of the
#   International Statistical Institute 38, 181–188.
# - P. Vincent (2011), *A connection between score matching and denoising autoencoders*, Neural Computation 23,
#   1661–1674, doi:10.1162/NECO_a_00142.
# - Y. Bengio, L. Yao, G. Alain and P. Vincent (2013), *Generalized denoising auto-encoders as generative models*, NeurIPS,
#   arXiv:1305.6663 (noise put back).
# - G. Alain and Y. Bengio (2014), *What regularized auto-encoders learn from the data-generating
#   distribution*, Journal of Machine Learning Research 15, 3743–3773, arXiv:1211.4246.
# - G. J. Székely and M. L. Rizzo (2013), *Energy statistics: a class of statistics based on distances*, Journal
#   of Statistical Planning and Inference 143, 1249–1272, doi:10.1016/j.jspi.2013.03.018.
# - J. Sohl-Dickstein, E. A. Weiss, N. Maheswaranathan and S. Ganguli (2015), *Deep unsupervised learning using
#   nonequilibrium thermodynamics*, ICML, arXiv:1503.03585.
# - Y. Song and S. Ermon (2019), *Generative modeling by estimating gradients of the data distribution*,
#   NeurIPS, arXiv:1907.05600.
# - J. Ho, A. Jain and P. Abbeel (2020), *Denoising diffusion probabilistic models*, NeurIPS, arXiv:2006.11239.
# - J. Song, C. Meng and S. Ermon (2021), *Denoising diffusion implicit models*, ICLR, arXiv:2010.02502 (the walk
#   that shrinks the old noise).
