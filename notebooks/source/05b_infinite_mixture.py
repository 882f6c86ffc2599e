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
# # 05b · Infinitely many Gaussians
#
# **What do you gain when a point is named not by a number $m$ on a list, but by a vector $z$ that can take any value?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/05b_infinite_mixture.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/05b_infinite_mixture.ipynb) ·
# 45 minutes to study, 45 seconds to run, no network needed
#
# **You will be able to**
#
# 1. turn a sum over $m$ into an integral over $z$, and compute it by brute force;
# 2. say how many separate Gaussians one network is worth, and on what that depends;
# 3. say what a *distributed* representation is, and whether each of its numbers means something;
# 4. say what the choice of $P(z)$ does.
#
# **Builds on** lesson 05a (mixtures of Gaussians, EM, held-out log-likelihood). Lesson 06a goes on from here.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="05b")

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.distributions import Normal

from lessons_lib import claim, plotting
from lessons_lib.datasets import Ink, digits
from lessons_lib.models import GaussianMixture, ManyNetworks
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, LatentExplorer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · From a list to a line
#
# A mixture (lesson 05a) names each Gaussian by a number $m$ on a list. Each is stored by itself; neighbours on the list know nothing of one
# another. Now let the name be *continuous*: a number $z\sim\mathcal N(0,1)$, and one small **network** says for every $z$ where its Gaussian is, and how wide:
#
# $$P(x)=\int P(z)\,P(x\mid z)\,dz,\qquad P(x\mid z)=\mathcal N\bigl(x;\ \mu(z),\ \sigma(z)^2I\bigr).$$
#
# ($\sigma(z)$ is a standard deviation, the same in all directions; $I$ is the identity matrix.) A sum over $m$ has become an integral: a mixture of infinitely many Gaussians.
#
# **How to compute it?** By brute force. Cut the bell curve of $P(z)$ into $n$ slices of *equal area*. All are equally likely, so take one $z_k$ inside each, with half the slice's area to its left, and average:
#
# $$P(x)\approx\frac1n\sum_{k=1}^{n}P(x\mid z_k).$$
#
# The $z$ with a share $u$ of the area to its left is the *inverse of the cumulative distribution function*, `icdf(u)`.


# %%
def equally_likely(values, phase=0.5):  # one z in each of so many slices of equal area
    shares = (torch.arange(values) + phase) / values  # 0 and 1 have no z: clamp
    return Normal(0, 1).icdf(shares.clamp(1e-4, 1 - 1e-4))[:, None]


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(10, 3.4), layout="constrained")
line = torch.linspace(-3, 3, 601)
height = Normal(0, 1).log_prob(line).exp()
edges = [-3, *Normal(0, 1).icdf(torch.arange(1, 10) / 10).tolist(), 3]
for k, (low, high) in enumerate(zip(edges, edges[1:])):
    inside = (line >= low) & (line <= high)
    ax.fill_between(line[inside], height[inside], alpha=0.75 if k % 2 else 0.4)
    ax.collections[-1].set_color(plotting.COLOURS[0])
middles = equally_likely(10)[:, 0]
ax.plot(middles, 0 * middles, "o", color=plotting.COLOURS[2], markersize=9, clip_on=False)
ax.set(xlabel="z", ylabel="P(z)", ylim=(0, None), xlim=(-3, 3))
ax.set_title("ten slices of equal area, one z (dot) in each")
plt.show()

# %% [markdown]
# **The data** shall come from neither family. Take a handwritten digit as a *density of ink*: a point falls into a pixel as often as the pixel is dark, anywhere within it. The true $P(x)$ is then known: flat steps, one for each pixel, nothing
# Gaussian about it. Ten digits, 500 points of ink from each to learn from, and 4,000 new ones to judge by.

# %%
data = digits()
images = torch.stack([data.x_test[data.y_test == k][0].view(28, 28) for k in range(10)])
seed = torch.initial_seed()
x_train = torch.stack([Ink(image).sample(500, seed) for image in images])
x_new = torch.stack([Ink(image).sample(4000, seed + 1000) for image in images])
truth = torch.stack([Ink(image).log_prob(x).mean() for image, x in zip(images, x_new)])
print("points: digits × points × coordinates", tuple(x_train.shape))

# %% [markdown]
# Ten digits need ten networks. `ManyNetworks` trains them side by side in one batched product (lesson 09a writes it out); they never meet. $z$ goes in, out come the mean and $\log\sigma$.


# %%
def log_p(networks, x, z):  # runs × points × d, and values of z
    out = networks(z.expand(len(x), -1, -1))  # runs × values × (d + 1)
    mean, log_sd = out[..., :-1], out[:, None, :, -1]  # … × d, and runs × 1 × values
    # ‖x − mean‖² for every point and every z: runs × points × values
    squared = x.square().sum(-1)[..., None] + mean.square().sum(-1)[:, None]
    squared = squared - 2 * x @ mean.transpose(1, 2)
    size = x.shape[-1] * (log_sd + 0.5 * math.log(2 * math.pi))
    log_p_given_z = -0.5 * squared * (-2 * log_sd).exp() - size
    return torch.logsumexp(log_p_given_z, 2) - math.log(len(z))  # the mean over z


# %%
def train(x, draw_z, hidden=(32, 32), epochs=300, batch=250):  # x: runs × points × d
    def loss(networks, x):  # fit hands out points × runs × d
        return -log_p(networks, x.transpose(0, 1), draw_z()).mean(1).sum()

    networks = ManyNetworks(len(x), (draw_z().shape[1], *hidden, x.shape[2] + 1))
    x = x.transpose(0, 1)
    fit(networks, x, loss, epochs=epochs, batch_size=batch, learning_rate=0.02)
    return networks


@torch.no_grad()
def score(networks, x, z):  # mean log P(x) of each network
    return log_p(networks, x, z).mean(1)


# %% [markdown]
# `logsumexp` is the logarithm of a sum of exponentials, computed so that nothing underflows. In each step the slices get a new random *phase*, so that the network can't settle on special places; then 60 slices are enough to train with, and we judge with 250. Each digit gets two random starts, and we keep
# the network with the better *training* score. (Steps, learning rate and widths were chosen in 8 trials on ten *other* digits.)


# %%
def random_phase(slices, values=60):  # draws z anew at each step
    return lambda: slices(values, torch.rand(()))


def two_starts(x, slices, **options):  # networks, and of each pair the better one
    twice = torch.cat([x, x])
    networks = train(twice, random_phase(slices), **options)
    better = score(networks, twice, slices(250)).view(2, len(x)).argmax(0)  # 0 or 1
    return networks, better * len(x) + torch.arange(len(x))


def on_new(networks, better, slices, x=x_new):
    return score(networks, torch.cat([x, x]), slices(250))[better]


pens, better = two_starts(x_train, equally_likely)
pen_score = on_new(pens, better, equally_likely)
for name, values in (("network", pen_score), ("truth", truth)):
    print(f"{name:7}", *(f"{value:6.2f}" for value in values), "nats per new point")

# %% [markdown]
# Move $z$ from left to right. From scattered ink the network has found something like the way of a pen.

# %% tags=["figure", "opening"] jupyter={"source_hidden": true} cellView="form"
shown = [2, 4, 5, 6]
stops, z_fine = equally_likely(16), equally_likely(250)
frames, captions = [], []
with torch.no_grad():
    paths = [pens.alone(better[k])(z_fine)[:, :2] for k in shown]
    at = [pens.alone(better[k])(stops) for k in shown]
for stop, z in enumerate(stops[:, 0]):
    figure, axes = plt.subplots(1, 4, figsize=(14, 4), layout="constrained")
    for ax, k, path, out in zip(axes, shown, paths, at):
        ax.scatter(*x_train[k].T, s=5, color=plotting.COLOURS[0], alpha=0.5)
        ax.plot(*path[z_fine[:, 0] <= z + 1e-6].T, color=plotting.INK, lw=2)
        sd = out[stop, 2].exp()
        covariance = sd**2 * torch.eye(2)[None]
        plotting.gaussian_ellipses(
            out[stop : stop + 1, :2], covariance, ax=ax, colours=["#bd1f01"]
        )
        ax.set(xlim=(-2.4, 2.4), ylim=(-2.4, 2.4), aspect="equal", xticks=[], yticks=[])
        ax.set_title(f"digit {k}")
    frames.append(figure)
    captions.append(f"z = {z:+.2f}: one Gaussian of infinitely many, for each digit")
FramePlayer(frames, captions, label="z", start=10, interval=250)

# %% [markdown]
# Dots: ink to learn from. Black: the means $\mu(z)$ so far. Red: the Gaussian at this $z$ (one and two standard deviations). A digit that branches, like the 4, is no single line: something must be left out, or gone over twice.
#
# ## 2 · How many Gaussians is one network worth?
#
# The rival: $K$ separate Gaussians, each a free ellipse, fitted by EM to the same points, the better of two starts. A floor under the variances keeps them from collapsing (0.03, the best of three on the ten other digits; the network gets none).

# %%
ks = [1, 2, 4, 6, 8, 12, 24]

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
worth = Prediction(
    "How many separate Gaussians do as well as the network, on average over ten digits?",
    ["2", "4", "8", "24", "more"],
)
worth


# %%
def mixtures(k):
    scores = []
    for x, new in zip(x_train, x_new):
        mixture = GaussianMixture(k, floor=0.03, starts=2).fit(x, tolerance=1e-4)
        scores.append(mixture.log_prob(new).mean())
    return torch.stack(scores)


mixture_score = {k: mixtures(k) for k in ks}
straight = two_starts(x_train, equally_likely, hidden=())  # z goes in linearly
straight_score = on_new(*straight, equally_likely)
for k, scores in mixture_score.items():
    print(
        f"K = {k:2}: mean {scores.mean():.3f}, numbers {6 * k - 1:3}, "
        f"network ahead on {(pen_score > scores).sum()} digits"
    )
numbers = sum(weight[0].numel() for weight in pens.parameters())
print(f"network: mean {pen_score.mean():.3f}, numbers {numbers}")
print(f"truth:   mean {truth.mean():.3f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
enough = [k for k in ks if mixture_score[k].mean() > pen_score.mean() - 0.02]
names = {"2": 2, "4": 4, "8": 8, "24": 24}
nearest = min(names, key=lambda name: abs(math.log(names[name] / min(enough or [99]))))
worth.reveal(nearest if enough else "more")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(10, 4.4), layout="constrained")
for k in range(10):
    below = [(truth[k] - mixture_score[m][k]).item() for m in ks]
    ax.plot(
        ks,
        below,
        color=plotting.COLOURS[0],
        alpha=0.3,
        label="each digit" if k == 0 else None,
    )
means = [(truth - mixture_score[m]).mean().item() for m in ks]
ax.plot(ks, means, "o-", color=plotting.COLOURS[0], lw=3, label="K Gaussians (mean)")
ax.axhline(
    (truth - pen_score).mean(), color=plotting.COLOURS[6], lw=3, label="network (mean)"
)
ax.set(xscale="log", xticks=ks, xticklabels=ks, yscale="log")
ax.set(yticks=[0.2, 0.5, 1], yticklabels=[0.2, 0.5, 1])
ax.minorticks_off()
ax.set(xlabel="number of Gaussians K", ylabel="nats per point below the true P(x)")
ax.legend()
plt.show()

# %%
claim(
    "C21a",
    "One network's infinite mixture describes new ink better than four separate "
    "Gaussians: its lead, mean of ten digits",
    (pen_score - mixture_score[4]).mean(),
    kind="experiment",
    at_least=0.02,
    unit="nats per point",
    control=("no hidden layer", (straight_score - mixture_score[4]).mean()),
)
# %% [markdown]
# A sober answer: a single $z$ is only a place along a line, and about eight ellipses pave a line as well, with far fewer stored numbers. So why do we want a $z$? For what comes in section 5. First, two questions about $P(z)$.
#
# ## 3 · Why may z be Gaussian?
#
# The lecture calls it intuitive, by two theorems. The **law of large numbers** says that a mean of many draws comes close to the expectation; it names no shape. The **central limit theorem** says that a *sum* of many small independent causes is nearly Gaussian; but $z$ is no
# sum of causes, we chose it. Neither is a reason. The lecture's third is one: the network bends what it is given into what is needed. Then another $P(z)$ should do nearly as well, once the network is trained for it. Take $z$ uniform between −2 and 2.


# %%
def uniform(values, phase=0.5):
    return (4 * (torch.arange(values) + phase) / values - 2)[:, None]


bent = two_starts(x_train, uniform)
uniform_score = on_new(*bent, uniform)
not_anew = on_new(pens, better, uniform)  # the networks of section 1, as they are
print(f"z normal {pen_score.mean():.3f}, z uniform {uniform_score.mean():.3f}, ", end="")
print(f"uniform without training anew {not_anew.mean():.3f}")

claim(
    "C21b",
    "P(z) need not be Gaussian: with a uniform z, trained anew, new ink is described "
    "nearly as well; what is lost, mean of ten digits",
    (pen_score - uniform_score).mean(),
    kind="experiment",
    at_most=0.05,
    unit="nats per point",
    control=("not trained anew", (pen_score - not_anew).mean()),
)

# %% [markdown]
# ## 4 · Islands
#
# Put two digits side by side, with equal shares of ink: two islands, water between them.

# %%
even = images / images.sum((1, 2), keepdim=True)
pairs = torch.cat([even[0::2], even[1::2]], dim=2)  # 01, 23, 45, 67, 89: 28 × 56
x_pairs = torch.stack([Ink(image).sample(500, seed) for image in pairs])
x_new_pairs = torch.stack([Ink(image).sample(4000, seed + 1000) for image in pairs])

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
crossing = Prediction(
    "z is uniform between −2 and 2. Where does the network's line of means go?",
    ["it jumps from one digit to the other", "it crosses in between", "it stays on one"],
)
crossing

# %%
connected = two_starts(x_pairs, uniform, epochs=500)
# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
with torch.no_grad():
    networks, good = connected
    across = networks(uniform(2000).expand(10, -1, -1))[good, :, 0]
crossed = (across.min(1)[0] < 0) & (across.max(1)[0] > 0)
crossing.reveal("it crosses in between" if crossed.all() else "it stays on one")

# %% [markdown]
# The rival has the same networks, steps and starts, and a $z$ that is itself interrupted: uniform on two pieces, from −2 to −¼ and from ¼ to 2.


# %%
def interrupted(values, phase=0.5):
    z = 1.75 * uniform(values, phase) / 2
    return z + 0.25 * z.sign()


@torch.no_grad()
def in_the_water(networks, z):  # share of what each generates within 0.3 of the seam
    out = networks(z.expand(10, -1, -1))
    bell = Normal(out[..., 0], out[..., 2].exp())  # across
    return (bell.cdf(torch.tensor(0.3)) - bell.cdf(torch.tensor(-0.3))).mean(1)


# %%
interruption = two_starts(x_pairs, interrupted, epochs=500)
by_z = {"connected z": connected, "interrupted z": interruption}
water = {}
for (name, (networks, good)), slices in zip(by_z.items(), (uniform, interrupted)):
    water[name] = 100 * in_the_water(networks, slices(1000))[good]
    print(
        f"{name:13}: in the water, %:",
        *(f"{share:.2f}" for share in water[name]),
        end="; ",
    )
    print(f"log P(x) {on_new(networks, good, slices, x_new_pairs).mean():.2f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(2, 3, figsize=(14, 5.6), layout="constrained")
for row, (name, (networks, good)), z in zip(
    axes, by_z.items(), [uniform(1000), interrupted(1000)]
):
    for ax, pair in zip(row, [1, 2, 3]):
        with torch.no_grad():
            out = networks.alone(good[pair])(z)
        ax.scatter(*x_pairs[pair].T, s=6, color=plotting.COLOURS[0], alpha=0.5)
        ax.plot(*out[:, :2].T, ".", color=plotting.COLOURS[6], markersize=2.5)
        ax.set(xlim=(-5.4, 5.4), ylim=(-2.6, 2.6), aspect="equal", xticks=[], yticks=[])
    row[1].set_title(f"{name}: means of 1,000 equally likely z")
plt.show()

# %%
claim(
    "C21c",
    "A z that is itself interrupted leaves hardly a bridge: what is generated in the "
    "water, within 0.3 of the seam, mean of five pairs",
    water["interrupted z"].mean(),
    kind="experiment",
    at_most=0.15,
    unit="%",
    control=("a connected z", water["connected z"].mean()),
)

# %% [markdown]
# $\mu(z)$ is continuous: its line can't jump. With a connected $z$ the network races over the water, but it must cross, and what it draws on the way is no digit. Few $z$ land there, so the *likelihood* need not mind: log P(x) is no worse here. And here we *knew* of two islands. Nobody knows those of all digits: remember this when a VAE draws something between a 0 and a 1.
#
# ## 5 · Several numbers
#
# The lecture calls $z$ a **distributed representation**: it is a *vector*, each of its numbers one feature, and together they describe $x$. Is that more than a list can do?
#
# Let each picture be an abacus of three wires, on each a bead anywhere. The beads are *tied* together, all at the same place (one feature), or two tied and one *free*, or all free (three independent features). Pixels and noise are the same in all three; the noise is uniform, so again outside both families.


# %%
def abacus(places):  # n × wires, each from 0 to 1; to n × (8 · wires) pixels
    middles = 1 + 5 * places[..., None]
    return (-0.5 * ((torch.arange(8) - middles) / 0.8) ** 2).exp().flatten(1)


def tied(features):  # n × (1, 2 or 3) numbers; to the places of three beads
    return features[:, {1: [0, 0, 0], 2: [0, 0, 1], 3: [0, 1, 2]}[features.shape[1]]]


def noisy(picture):  # uniform noise, standard deviation 0.3
    return picture + 0.3 * 3**0.5 * (2 * torch.rand(picture.shape) - 1)


def pictures(n, free):
    return noisy(abacus(tied(torch.rand(n, free))))


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
def draw_abacus(ax, picture):  # a strip of pixels along each wire
    for wire, pixels in enumerate(picture.view(3, 1, 8)):
        place = (0, 8, -wire - 0.35, -wire + 0.35)
        ax.axhline(-wire, color=plotting.INK, lw=1)
        ax.imshow(pixels, extent=place, vmin=-0.3, vmax=1.2, aspect="auto", zorder=2)
    ax.set(xlim=(-0.5, 8.5), ylim=(-2.4, 0.6), xticks=[], yticks=[])
    ax.grid(False)


figure, axes = plt.subplots(2, 6, figsize=(14, 4), layout="constrained")
for i, free in enumerate([1, 1, 2, 2, 3, 3]):
    clean = abacus(tied(torch.rand(1, free)))[0]
    draw_abacus(axes[0, i], clean)
    draw_abacus(axes[1, i], noisy(clean))
    axes[0, i].set_title({1: "all tied", 2: "two tied", 3: "all free"}[free])
for ax, name in zip(axes[:, 0], ("the beads", "with the noise")):
    ax.set_ylabel(name)
plt.show()

# %%
counts = [1, 2, 4, 8, 16, 32, 64, 128]

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many = Prediction(
    "The same 4,000 pictures for a mixture and for a network with as many z as features. "
    "All beads free: how many Gaussians does a mixture need to do as well?",
    ["about 8", "about 32", "about 128", "no number that we try"],
)
how_many

# %% [markdown]
# The network's $z$ has as many numbers as there are features, each uniform (section 3 allows it; below you see why we like it here). The integral runs over a *grid*, all combinations of slices. Both get three starts; the mixtures circles, or up to $K=32$ free ellipses (beyond, each would have few pictures for many numbers), whichever does better on new
# pictures; and a help: the true variance of the noise as their floor. The yardstick for both: circles at the true means, 20 along each feature.


# %%
def grid(*axes):  # all combinations, a row each
    return torch.cartesian_prod(*[axis[:, 0] for axis in axes]).view(-1, len(axes))


def train_abacus(draw_z, x, runs):
    return train(x.expand(runs, -1, -1), draw_z, (48, 48), epochs=22, batch=125)


def phases(slices, values, free):  # each axis with a random phase of its own
    return lambda: grid(*[random_phase(slices, values)() for _ in range(free)])


def score_of_circles(x, means, sd=0.3):  # mean log P(x); all equally likely
    squared = torch.cdist(x, means).square()
    size = x.shape[1] * (math.log(sd) + 0.5 * math.log(2 * math.pi))
    return (
        torch.logsumexp(-0.5 * squared / sd**2, 1) - math.log(len(means))
    ).mean() - size


# %%
plans = {1: (40, 100), 2: (20, 40), 3: (10, 16)}  # slices, and finer ones to judge
abaci, networks, best, below, yardstick = {}, {}, {}, {}, {}
for free, (values, fine) in plans.items():
    abaci[free] = x, x_test = pictures(4000, free), pictures(1500, free)
    networks[free] = train_abacus(phases(uniform, values, free), x, runs=3)
    z = grid(*[uniform(fine)] * free)
    first = score(networks[free], x[:1000].expand(3, -1, -1), z)
    best[free] = first.argmax().item()  # of three starts, by training pictures
    yardstick[free] = score_of_circles(
        x_test, abacus(tied(grid(*[uniform(20) / 4 + 0.5] * free)))
    )
    reached = score(networks[free], x_test.expand(3, -1, -1), z)[best[free]]
    below[free, "network"] = (yardstick[free] - reached).item()

# %%
for free, (x, x_test) in abaci.items():
    for k in counts:
        reached = []
        for shape in ["spherical", "full"] if k <= 32 else ["spherical"]:
            mixture = GaussianMixture(k, covariance=shape, floor=0.3**2, starts=3)
            mixture.fit(x, steps=50, tolerance=1e-3)
            reached.append(mixture.log_prob(x_test).mean())
        below[free, k] = (yardstick[free] - max(reached)).item()
    row = ", ".join(f"{k}: {below[free, k]:.2f}" for k in [*counts, "network"])
    print(f"free beads {free}, nats below the yardstick: {row}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
equal = [k for k in counts if below[3, k] < below[3, "network"] + 0.02]
sizes = {"about 8": 8, "about 32": 32, "about 128": 128}
how_many.reveal(
    min(sizes, key=lambda name: abs(math.log(sizes[name] / equal[0])))
    if equal
    else "no number that we try"
)

# %% [markdown]
# In each row one number of $z$ goes from its lowest to its highest value, the others stay at 0.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(3, 8, figsize=(13, 4.5), layout="constrained")
for i in range(3):
    z = torch.zeros(8, 3)
    z[:, i] = torch.linspace(-1.9, 1.9, 8)
    with torch.no_grad():
        made = networks[3].alone(best[3])(z)[:, :24]
    for ax, picture in zip(axes[i], made):
        draw_abacus(ax, picture)
    axes[i, 0].set_ylabel(f"$z_{i + 1}$", rotation=0, labelpad=14, va="center", size=18)
figure.suptitle("three numbers, turned one at a time")
plt.show()

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(10, 4.8), layout="constrained")
for free, name in ((3, "all free"), (2, "two tied"), (1, "all tied")):
    line = {"color": plotting.COLOURS[free - 1], "lw": 3}
    ax.plot(counts, [below[free, k] for k in counts], "o-", label=name, **line)
    ax.axhline(below[free, "network"], ls=(3 * free, (6, 6)), **line)
ax.set(xscale="log", xticks=counts, xticklabels=counts, ylim=(0, 1.6))
ax.minorticks_off()
ax.set(xlabel="number of Gaussians K", ylabel="nats below the yardstick")
ax.text(5, 1.3, "broken lines: the networks", fontsize=13)
ax.legend()
plt.show()

# %%
lead = {
    free: min(below[free, k] for k in counts) - below[free, "network"] for free in plans
}
claim(
    "C21e",
    "With three independent features no mixture of 1 to 128, learned from 4,000 "
    "pictures, does as well as the network: its lead over the best of them",
    lead[3],
    kind="experiment",
    at_least=0.1,
    unit="nats per picture",
    control=("the same abacus, beads tied", lead[1]),
)

# %% [markdown]
# A list *could* do it: log-densities of independent wires add up, so if $k$ Gaussians are enough for one bead, all $k^3$ combinations are for three. But each entry of a list is learned by itself, from its own few pictures: with many of them the mixtures get worse again. The network learns each bead from *all*
# pictures. This is what **distributed** means: few numbers that combine. Ten features, say four Gaussians each: $4^{10}$, a million, against ten numbers.
#
# ### Does each number do one thing?
#
# "Each number of $z$ is one feature", says the lecture. **Predict first**, for an abacus of two wires, both beads free, and the *normal* $z$ of the lecture.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
one_each = Prediction(
    "Two beads, z normal. If you turn z1 alone, what moves?",
    ["one bead only", "mostly both", "neither"],
)
one_each

# %% [markdown]
# To measure it, read where the beads are (the mean pixel of a wire, weighted by ink), at all $z$ of a grid. Of the variance of a place, what share does $z_1$ explain, and $z_2$? Give each bead a number of its own, in the better of the two ways, and take the mean share: 1 if each number has a bead for itself, about ½ at 45°.
#
# The rival has the same uniform square, turned by 45° before the network sees it.


# %%
@torch.no_grad()
def own_number(networks, axis):
    z = grid(axis, axis)  # 40 × 40
    ink = networks(z.expand(8, -1, -1))[..., :16].view(8, 40, 40, 2, 8).clamp(min=0)
    place = (ink * torch.arange(8)).sum(-1) / ink.sum(-1)  # runs × z1 × z2 × bead
    whole = place.var((1, 2), correction=0)
    by_z1, by_z2 = (place.mean(a).var(1, correction=0) / whole for a in (2, 1))
    straight, crossed = by_z1[:, 0] + by_z2[:, 1], by_z1[:, 1] + by_z2[:, 0]
    return torch.maximum(straight, crossed) / 2


turn = torch.tensor([[1.0, -1.0], [1.0, 1.0]]) / 2**0.5  # by 45°
x, uniform_phases = noisy(abacus(torch.rand(4000, 2))), phases(uniform, 20, 2)
ways = {"uniform": uniform_phases, "normal": phases(equally_likely, 20, 2)}
ways["uniform, square turned"] = lambda: uniform_phases() @ turn
inner = 0.7 * uniform(40)  # a square that fits into the turned one
axes_of = dict(zip(ways, (uniform(40), equally_likely(40), inner)))
eight, own = {}, {}
for name, draw_z in ways.items():
    eight[name] = train_abacus(draw_z, x, runs=8)
    own[name] = own_number(eight[name], axes_of[name])
    print(f"z {name:22}:", *(f"{share:.2f}" for share in own[name]))

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
one_each.reveal("mostly both" if own["normal"].mean() < 0.93 else "one bead only")

# %% [markdown]
# Turn the sliders, or drag on the pad, of the median networks: first $z$ uniform, then normal.


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
def beads(networks, run):  # the means, without log σ; a wire drawn three pixels high
    *first, last = networks.alone(run)
    rows = torch.arange(16).view(2, 1, 8).expand(2, 3, 8)
    rows = nn.functional.pad(rows, (1, 1, 0, 1), value=-1)
    pixel = torch.cat([torch.full((10,), -1), rows.flatten()]).view(9, 10)
    pixel = pixel.repeat_interleave(3, 0).repeat_interleave(3, 1).flatten()
    means = nn.Linear(48, len(pixel))
    means.weight.data = last.weight.detach()[pixel] * (pixel >= 0)[:, None]
    means.bias.data = last.bias.detach()[pixel] * (pixel >= 0)
    return nn.Sequential(*first, means)


codes = 4 * torch.rand(300, 2) - 2
LatentExplorer(
    beads(eight["uniform"], own["uniform"].argsort()[4]), codes, image_shape=(27, 30)
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
codes = torch.randn(300, 2).clamp(-2, 2)
LatentExplorer(
    beads(eight["normal"], own["normal"].argsort()[3]), codes, image_shape=(27, 30)
)

# %%
claim(
    "C21g",
    "With a uniform z each number has a bead for itself (explains 95 % of its place) in "
    "most networks: share of eight",
    (own["uniform"] > 0.95).double().mean(),
    kind="experiment",
    at_least=0.5,
    control=("the square turned", (own["uniform, square turned"] > 0.95).double().mean()),
)

# %% [markdown]
# The likelihood does not ask for it. A cloud of $\mathcal N(0,I)$ looks the same from every side: turn all $z$ by 45°, and the same pictures are generated equally often, only what each number *means* has changed. So a normal $z$ lands at any angle. A square has corners, and these simple networks map corners to corners; turn the square, and
# the meaning turns with it. "One number, one feature" is a wish of its own, called **disentangled**; a distributed code need not be (Locatello and others 2019).
#
# ## 6 · Where it breaks
#
# - **Brute force.** One number needed 60 values of $z$ a step, three needed $10^3$. With ten numbers it is $10^{10}$. That is the problem that lesson 06a solves.
# - **Few features.** For a single line, about eight ellipses did as well, with far fewer numbers (section 2).
# - **Half-way.** The network of three $z$ stands well below the yardstick, too: it is better than the lists, not good.
# - **Our counts** are of one kind of picture, one noise, 4,000 examples.
#
# ## 7 · Try it
#
# 1. Draw `Ink` of your own picture (an array with dark pixels), and watch the pen.
# 2. Give the network of section 2 two numbers $z$ (a grid of 20 × 20). Which digits gain, and why an 8 more than a 1?
# 3. Place three, four and five ellipses along each feature yourself, with the mean and the covariance of their pictures. How many do as well as the network?
# 4. Give networks and mixtures 40,000 pictures. Do mixtures of 128 arrive now?
#
# ## 8 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(worth, crossing, how_many, one_each)

# %% [markdown]
# - Let $m$ be continuous, and one network name the Gaussians: $P(x)=\int P(z)\,P(x\mid z)\,dz$. One number is summed by brute force.
# - For a line of ink, one network is worth about eight Gaussians.
# - For independent features it is worth more than we could learn: a list learns every combination by itself, the network each feature once.
# - $P(z)$ may have another shape, if the network is trained for it. A connected $z$ leaves a bridge between islands, an interrupted one does not.
# - What each number means is not decided by the likelihood: a normal $z$ can be turned.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | latent variable | 隐变量 | $m$ or $z$: drawn, never seen |
# | infinite mixture | 无限混合 | $\int P(z)\,P(x\mid z)\,dz$ |
# | distributed representation | 分布式表示 | the numbers of a vector $z$ describe $x$ together |
# | disentangled | 解缠 | each number of $z$ has a feature for itself |
# | inverse cumulative distribution function | 分位函数 | from a share to the $z$ that it lies below |
#
# **References**
#
# - G. E. Hinton, J. L. McClelland and D. E. Rumelhart (1986), *Distributed representations*, in Parallel Distributed Processing 1, MIT Press, 77–109.
# - D. J. C. MacKay (1995), *Bayesian neural networks and density networks*, Nuclear Instruments and Methods in Physics Research A 354, 73–80, doi:10.1016/0168-9002(94)00931-7 (a network
#   that bends a simple $z$).
# - C. M. Bishop, M. Svensén and C. K. I. Williams (1998), *GTM: the generative topographic mapping*, Neural Computation 10, 215–234, doi:10.1162/089976698300017953 (the grid over $z$).
# - F. Locatello, S. Bauer, M. Lucic, G. Rätsch, S. Gelly, B. Schölkopf and O. Bachem (2019), *Challenging common assumptions in the unsupervised learning of disentangled representations*, ICML, arXiv:1811.12359.
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
