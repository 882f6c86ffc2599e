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
# # 05 · Gaussian mixture models
#
# **If every image is a point, where do the points lie, and how do you write that down as a
# formula that new images can be drawn from?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/05_gaussian_mixtures.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/05_gaussian_mixtures.ipynb) ·
# 76 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say what $P(x)$ of an image means, and where in it real images lie;
# 2. draw from a mixture of Gaussians: first the component, then the point;
# 3. derive EM and write it in a dozen lines;
# 4. choose the number of components, and guard against the two ways in which EM goes wrong;
# 5. turn a sum of Gaussians into an integral: the step from a mixture to a VAE.
#
# **Builds on** lesson 01a (PCA, held-out data) and the Gaussian density in several dimensions.
# Lesson 06 goes on from here.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="05")

# %%
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from matplotlib.colors import to_rgb
from sklearn.decomposition import PCA
from torch.distributions import MultivariateNormal, Normal

from lessons_lib import claim, plotting
from lessons_lib.datasets import Spiral, digits
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · An image is a point
#
# A digit of 784 pixels is one point in a space of 784 dimensions. All digits together are a
# cloud in it, and the cloud is what we want to describe: by a **density** $P(x)$, high where
# digits are and low where there are none. With such a formula you could *draw* new points, and
# each would be a new image.

# %%
data = digits()  # everything in this lesson is small: it stays on the CPU
pca = PCA(50, svd_solver="covariance_eigh").fit(data.x_train.numpy())


def as_points(images):  # 784 pixels to 50 numbers
    return torch.tensor(pca.transform(images.numpy())).double()


def as_images(points):  # and back
    return torch.tensor(pca.inverse_transform(points.numpy()))


points_train, points_test = as_points(data.x_train), as_points(data.x_test)
print("training points", tuple(points_train.shape), " held-out", tuple(points_test.shape))

spiral = Spiral(noise=0.1)  # a cloud made by us: its density is known
x_spiral = spiral.sample(1000, seed=0)

# %% [markdown]
# Nobody can look at 784 dimensions. Left: the digits, by their first two PCA numbers. Right: the
# cloud made by us. (The colour shows $\sqrt{P(x)}$, here and below, so that thin places are seen
# too.)

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(12, 6))
plotting.code_scatter(points_test[:, :2], data.y_test, title="digits as points", ax=left)
left.set(xlabel="first principal component", ylabel="second principal component")
plotting.density_map(spiral.log_prob, ax=right, low=(-3.5, -3), high=(3, 3.5))
right.scatter(*x_spiral[:300].T, s=12, color=plotting.COLOURS[6])
right.set(title="300 points, and the P(x) behind them", xlabel="$x_1$", ylabel="$x_2$")
plt.show()

# %% [markdown]
# For the right cloud we can check any answer; for the left one nobody knows the true $P(x)$.
# From now on a digit is its 50 PCA numbers. (Not 784: pixels at the rim are always white, so
# the cloud has no width there, and a Gaussian must have one.) Logarithms are natural ones; their
# unit is the **nat**: one nat more means $e$ times as dense.
#
# ## 2 · One Gaussian, and where its images are
#
# The simplest cloud of all: one Gaussian, with the mean and the covariance of the data,
#
# $$P(x)=\frac{1}{\sqrt{(2\pi)^{50}\,|\Sigma|}}\;
# \exp\!\Big(-\tfrac12\,(x-\mu)^\top\Sigma^{-1}(x-\mu)\Big).$$
#
# The lecture says: good images are where $P(x)$ is high. So look at its highest point.

# %%
gaussian = MultivariateNormal(points_train.mean(dim=0), points_train.T.cov())
drawn = gaussian.sample((1000,))


# %% tags=["figure"]
highest = Prediction(
    "What does the image look like where P(x) is highest?",
    ["a clear digit", "a grey blur", "an empty page"],
)
highest

# %% tags=["figure"]
plotting.image_grid(
    {
        "held-out digits": data.x_test[:12],
        "from their 50 numbers": as_images(points_test[:12]),
        "drawn from P(x)": as_images(drawn[:12]),
        "where P(x) is highest": as_images(gaussian.mean.expand(12, 50)),
    }
)

# %%
darkest = as_images(gaussian.mean[None]).max().item()  # 0 is paper, 1 is ink
darkest_of_digits = as_images(points_test).max(dim=1).values.mean().item()
print(f"darkest pixel {darkest:.2f}, of digits {darkest_of_digits:.2f} on average")

# %% tags=["figure"]
no_page = "a grey blur" if darkest < 0.7 * darkest_of_digits else "a clear digit"
highest.reveal("an empty page" if darkest < 0.2 else no_page)

# %% [markdown]
# The highest point is the **mean image**, a grey blur that is no digit. The drawn images are
# scribbles, for one Gaussian is a poor model. What does $P(x)$ say of the three kinds?

# %%
log_p_mean = gaussian.log_prob(gaussian.mean)
log_p_real, log_p_drawn = gaussian.log_prob(points_test), gaussian.log_prob(drawn)
print(f"mean image: log P(x) = {log_p_mean:.1f} nats")
for name, log_p in {"held-out digits": log_p_real, "drawn": log_p_drawn}.items():
    print(f"{name:15} mean {log_p.mean():.1f}, standard deviation {log_p.std():.1f} nats")
low, high = log_p_real.quantile(torch.tensor([0.05, 0.95]).double())
inside = ((log_p_drawn > low) & (log_p_drawn < high)).double().mean()
print(f"drawn images between the digits' 5th and 95th percentile: {100 * inside:.0f} %")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 4))
bins = torch.arange(-120, 1, 2)  # the same for both: their heights can be compared
ax.hist(log_p_real, bins, alpha=0.6, label="held-out digits")
ax.hist(log_p_drawn, bins, alpha=0.6, label="drawn from P(x)")
ax.axvline(log_p_mean, color=plotting.COLOURS[2], label="mean image")
ax.set(xlabel="log P(x), nats", ylabel="number of images", xlim=(-120, 0))
ax.legend(loc="upper left")
plt.show()


# %%
def lead_of_the_mean(dimensions):  # nats above the best of a thousand real digits
    x = points_train[:, :dimensions]
    model = MultivariateNormal(x.mean(dim=0), x.T.cov())
    best_digit = model.log_prob(points_test[:, :dimensions]).max()
    return (model.log_prob(model.mean) - best_digit).item()


claim(
    "C19a",
    "The mean image, which is no digit, has a far higher P(x) than the best of 1,000 "
    "digits",
    lead_of_the_mean(50),
    kind="experiment",
    at_least=3,
    unit="nats",
    control=("the same in two dimensions", lead_of_the_mean(2)),
)


# %% [markdown]
# (That a Gaussian is highest at its mean is a theorem; that no digit comes near is measured.)
#
# Mind the two heaps, too. Scribbles and digits have about the same $\log P(x)$ *on average*, by
# construction: the average depends on mean and covariance only, and those were fitted. The
# spreads differ, so a thousand scribbles would give themselves away. One does not: nearly every
# scribble lies where most digits lie. This Gaussian cannot turn an image down for being no digit.
#
# How far from the mean are the digits? Count in standard deviations: stretch the cloud until it
# has width 1 in every direction. Below, a walk from the mean image through a real digit and
# beyond.

# %% tags=["figure"]
how_far = Prediction(
    "How many standard deviations from the mean is the median digit?", (0, 15)
)
how_far

# %%
# PCA numbers are uncorrelated: to divide each by its own width is enough.
stretched = (points_test - gaussian.mean) / gaussian.stddev
radius = stretched.norm(dim=1)
print(f"median distance {radius.median():.1f}, the nearest digit's {radius.min():.1f}")

# %% tags=["figure"]
digit, radius_digit = points_test[3], radius[3].item()
frames, captions = [], []
for distance in [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12]:
    x = gaussian.mean + distance / radius_digit * (digit - gaussian.mean)
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4), width_ratios=[1, 1.8], layout="constrained"
    )
    left.imshow(as_images(x[None]).view(28, 28), vmin=0, vmax=1)
    left.axis("off")
    right.hist(radius, torch.arange(0, 16, 0.5), color=plotting.COLOURS[3])
    right.axvline(distance, color=plotting.COLOURS[2], label="this image")
    right.axvline(radius_digit, color=plotting.INK, ls="--", label="the digit itself")
    right.legend(loc="upper right")
    right.set(xlabel="distance from the mean, standard deviations", xlim=(0, 15))
    right.set_ylabel("held-out digits there")
    frames.append(figure)
    log_p = gaussian.log_prob(x)
    captions.append(f"distance {distance}: log P(x) = {log_p:.0f} nats")
FramePlayer(frames, captions, label="distance", start=4)

# %% tags=["figure"]
how_far.reveal(radius.median().item(), within=1)


# %%
def share_near_the_mean(dimensions):  # of real digits, nearer than half of √d
    distance = stretched[:, :dimensions].norm(dim=1)
    return (distance < 0.5 * dimensions**0.5).double().mean().item()


claim(
    "C19b",
    "Digits keep away from the highest P(x): share nearer to it than half of √50",
    share_near_the_mean(50),
    kind="experiment",
    at_most=0.01,
    control=("in two dimensions, √2", share_near_the_mean(2)),
)

# %% [markdown]
# In two dimensions points do lie near the top. In fifty they do not. A Gaussian's density falls
# with the distance $r$ from its mean like $e^{-r^2/2}$, but the *volume* at that distance grows
# like $r^{49}$. Their product, the number of points, is largest at $r=\sqrt{49}=7$: the points
# live in a shell, the **typical set**, and hardly one at the top of the hill. The digits, though
# not Gaussian, do the same. So read "good images are where $P(x)$ is high" as: where much
# *probability* is, density times volume.
#
# On the walk, $P(x)$ falls with every step away from the mean, while the picture turns from blur
# to digit to caricature. Under this Gaussian (a poor model; no more is shown) a higher density
# is no better picture.
#
# ## 3 · Draw m, then x
#
# One hill is not enough for a cloud with several lumps. So take several Gaussians, numbered by
# $m$, each with a probability $P(m)$:
#
# $$P(x)=\sum_m P(m)\,P(x\mid m),\qquad P(x\mid m)=\mathcal N(x;\,\mu_m,\Sigma_m).$$
#
# The formula is a recipe: **draw $m$, then draw $x$ from Gaussian $m$**, and forget $m$.

# %%
weights = torch.tensor([0.5, 0.3, 0.2])
means = torch.tensor([[-2.0, 0.0], [1.5, 1.5], [2.0, -1.5]])
covariances = torch.tensor(
    [[[0.5, 0.4], [0.4, 1.0]], [[1.0, -0.5], [-0.5, 0.6]], [[0.3, 0.0], [0.0, 0.3]]]
)


def draw():
    m = torch.multinomial(weights, 1).item()
    x = MultivariateNormal(means[m], covariances[m]).sample()
    return m, x


draws = [draw() for _ in range(6)]

# %% [markdown]
# Step through six draws with the slider: first one bar stays bright, then its point falls.


# %% tags=["figure"]
def picture(points, lit=None):
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4.6), width_ratios=[1, 2], layout="constrained"
    )
    for m in range(3):
        alpha = 1 if lit in (None, m) else 0.25
        left.bar(m + 1, weights[m], color=plotting.COLOURS[m], alpha=alpha)
    left.set(xlabel="component m", ylabel="P(m)", xticks=[1, 2, 3])
    plotting.gaussian_ellipses(means, covariances, ax=right)
    for m, x in points:
        right.plot(*x, "o", color=plotting.COLOURS[m], markersize=9)
    right.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-5, 5), ylim=(-4, 4), aspect="equal")
    return figure


frames, captions = [picture([])], ["nothing drawn yet"]
for i, (m, x) in enumerate(draws):
    frames += [picture(draws[:i], lit=m), picture(draws[: i + 1], lit=m)]
    captions += [
        f"draw {i + 1}: m = {m + 1}",
        f"draw {i + 1}: x = ({x[0]:.1f}, {x[1]:.1f})",
    ]
FramePlayer(frames, captions, label="step", start=0, interval=700)

# %%
m = torch.multinomial(weights, 20_000, replacement=True)
x = MultivariateNormal(means[m], covariances[m]).sample()
m_wrong = torch.randint(3, (20_000,))  # forgets that P(m) differs from m to m
x_wrong = MultivariateNormal(means[m_wrong], covariances[m_wrong]).sample()
right_of_zero = 1 - Normal(means[:, 0], covariances[:, 0, 0].sqrt()).cdf(torch.zeros(3))
exact = (weights * right_of_zero).sum().item()  # the sum over m, for this question


def share_right_of_zero(x):
    return (x[:, 0] > 0).double().mean().item()


print(f"P(x1 > 0) by the sum {exact:.4f}, by counting {share_right_of_zero(x):.4f}")
claim(
    "C20a",
    "Drawing m, then x, draws from the sum: share right of zero, off the formula's by",
    abs(share_right_of_zero(x) - exact),
    kind="theorem",
    at_most=0.02,
    control=("m drawn uniformly", abs(share_right_of_zero(x_wrong) - exact)),
)

# %% [markdown]
# ## 4 · EM: from the points back to the Gaussians
#
# Now the other way round: the points are given, the Gaussians are wanted. Take those that make
# the points most probable, that is, with the largest **log-likelihood**
#
# $$L=\sum_i \log P(x_i)=\sum_i\log\sum_m P(m)\,\mathcal N(x_i;\mu_m,\Sigma_m).$$
#
# The logarithm of a *sum* cannot be solved for $\mu_m$. Differentiate all the same. The
# derivative of a Gaussian is $\partial\mathcal N/\partial\mu_m=\mathcal N\,\Sigma_m^{-1}(x_i-\mu_m)$,
# and that of a logarithm is $1/P(x_i)$ times the derivative of $P(x_i)$, of which only term $m$
# depends on $\mu_m$:
#
# $$\frac{\partial L}{\partial\mu_m}
# =\sum_i\underbrace{\frac{P(m)\,\mathcal N(x_i;\mu_m,\Sigma_m)}{P(x_i)}}_{r_{im}}\,
# \Sigma_m^{-1}(x_i-\mu_m)$$
#
# The fraction is $P(m\mid x_i)$ by Bayes' rule: the **responsibility** $r_{im}$ of Gaussian $m$
# for point $i$. Set the derivative to zero:
#
# $$\mu_m=\frac{\sum_i r_{im}\,x_i}{\sum_i r_{im}}\,,\qquad
# \Sigma_m=\frac{\sum_i r_{im}\,(x_i-\mu_m)(x_i-\mu_m)^\top}{\sum_i r_{im}}\,,\qquad
# P(m)=\frac1n\sum_i r_{im}$$
#
# ($\Sigma_m$ by the same step. For $P(m)$, with a multiplier $\lambda$ for $\sum_m P(m)=1$:
# $\sum_i r_{im}/P(m)=\lambda$, and the sum over $m$ gives $\lambda=n$.) These are
# the usual mean, covariance and share, each point counted by its responsibility. But $r_{im}$
# contains what we look for. So take turns: **E-step**, the responsibilities from the Gaussians;
# **M-step**, the Gaussians from the responsibilities; and again. (E for *expectation*, M for
# *maximisation*.)
#
# One care in the code: far from all Gaussians every $P(x\mid m)$ is 0 in the computer, and $r$
# would be 0/0. So we stay with logarithms: `logsumexp` takes the largest out of the sum,
# $\log\sum_m e^{a_m}=a_{\max}+\log\sum_m e^{a_m-a_{\max}}$, and nothing underflows.


# %%
def e_step(x, weights, means, covariances):
    gaussians = MultivariateNormal(means, covariances)
    log_joint = weights.log() + gaussians.log_prob(x[:, None])  # log P(m) P(x|m), (n, K)
    log_p = torch.logsumexp(log_joint, dim=1)  # log P(x), without underflow
    return (log_joint - log_p[:, None]).exp(), log_p  # responsibilities P(m|x), log P(x)


def m_step(x, responsibilities):
    counts = responsibilities.sum(dim=0)  # how many points each Gaussian has
    means = responsibilities.T @ x / counts[:, None]
    offsets = x[:, None] - means  # (n, K, d)
    moments = torch.einsum("nm,nmi,nmj->mij", responsibilities, offsets, offsets)
    return counts / len(x), means, moments / counts[:, None, None]


# %% [markdown]
# That is all of EM. Try it on real points: the digits 0, 1 and 4, by their first two PCA
# numbers. EM does not see which is which. We start it badly on purpose: three Gaussians on
# three random points. **Predict first:** will it find the three digits?

# %%
is_014 = (data.y_train[:, None] == torch.tensor([0, 1, 4])).any(dim=1)
x_014, digit_014 = points_train[is_014, :2], data.y_train[is_014]


def random_start(x, components):
    centres = x[torch.randperm(len(x))[:components]]
    spread = x.T.cov().expand(components, -1, -1)
    weights = torch.full((components,), 1 / components, dtype=torch.float64)
    return weights, centres, spread


def em(x, start, steps):
    parameters, log_likelihood = [start], []
    for _ in range(steps):
        responsibilities, log_p = e_step(x, *parameters[-1])
        log_likelihood.append(log_p.mean().item())  # L / n: the mean does not grow with n
        parameters.append(m_step(x, responsibilities))
    return parameters, log_likelihood


# %%
start = random_start(x_014, 3)
parameters, log_likelihood = em(x_014, start, steps=121)
responsibilities, _ = e_step(x_014, *parameters[-1])
for d in [0, 1, 4]:
    mine = 100 * responsibilities[digit_014 == d].mean(dim=0)
    print(f"digit {d}: Gaussian", *(f" {m + 1}: {mine[m]:3.0f} %" for m in range(3)))

# %% tags=["figure"]
mixing = torch.tensor([to_rgb(colour) for colour in plotting.COLOURS[:3]])
frames, captions = [], []
for step in [0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 120]:
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(11, 4.6), width_ratios=[1.3, 1], layout="constrained"
    )
    responsibilities, _ = e_step(x_014, *parameters[step])
    left.scatter(
        *x_014.T, s=12, c=(responsibilities.float() @ mixing).clamp(0, 1).numpy()
    )
    plotting.gaussian_ellipses(*parameters[step][1:], ax=left)
    left.set(xlabel="first principal component", ylabel="second principal component")
    left.set(xlim=(-6, 9), ylim=(-6, 6))
    right.plot(log_likelihood[: step + 1], color=plotting.INK)
    right.plot(step, log_likelihood[step], "o", color=plotting.COLOURS[6], markersize=10)
    right.set(
        xlim=(-3, 123), ylim=(min(log_likelihood) - 0.05, max(log_likelihood) + 0.05)
    )
    right.set(xlabel="EM step", ylabel="mean log P(x), nats per point")
    frames.append(figure)
    captions.append(
        f"after {step} steps: mean log P(x) = {log_likelihood[step]:.3f} nats"
    )
FramePlayer(frames, captions, label="EM step", start=-1, interval=600)

# %% [markdown]
# Colours are responsibilities: a mixed colour is a point that two Gaussians share. The printed
# lines say which Gaussian took which digit. It need not be one each: EM looks for lumps that
# are Gaussian, not for digits, and what it finds depends on the start (section 6). But from no
# start can the curve at the right fall; lesson 06 shows why.


# %%
def smallest_gain(start, harden=False):
    values, now = [], start
    for _ in range(30):
        responsibilities, log_p = e_step(x_014, *now)
        values.append(log_p.mean().item())
        if harden:  # each point goes wholly to its likeliest Gaussian
            responsibilities = torch.eye(3).double()[responsibilities.argmax(dim=1)]
        now = m_step(x_014, responsibilities)
    return min(b - a for a, b in zip(values, values[1:]))


starts = [random_start(x_014, 3) for _ in range(20)]
claim(
    "C20b",
    "No step of EM lowers the log-likelihood: smallest gain, 20 starts of 30 steps",
    min(smallest_gain(start) for start in starts),
    kind="theorem",
    at_least=-1e-9,
    unit="nats",
    control=("hard responsibilities", min(smallest_gain(s, harden=True) for s in starts)),
)

# %%
import warnings

from sklearn.mixture import GaussianMixture as ScikitLearnMixture

steps = 10  # too few to converge, so that a difference would show
reference = ScikitLearnMixture(
    3,
    weights_init=start[0].numpy(),
    means_init=start[1].numpy(),
    precisions_init=torch.linalg.inv(start[2]).numpy(),
    reg_covar=0,
    max_iter=steps,
    tol=0,
)
with warnings.catch_warnings(action="ignore"):  # it says that it has not converged
    reference.fit(x_014.numpy())
theirs = reference.weights_, reference.means_, reference.covariances_


# %%
def largest_difference(ours):
    return max((a - torch.tensor(b)).abs().max().item() for a, b in zip(ours, theirs))


claim(
    "C20c",
    "Our two functions are scikit-learn's EM: largest difference of weights, means and "
    "covariances after ten steps from one start",
    largest_difference(parameters[steps]),
    kind="identity",
    at_most=1e-6,
    control=("ours after nine steps", largest_difference(parameters[steps - 1])),
)

# %% [markdown]
# From here on we use `GaussianMixture` of `lessons_lib`: the same two steps, with a good start,
# any shape of covariance, and the remedies of section 6.
#
# ## 5 · How many Gaussians?
#
# One Gaussian more can't make the *best* training score worse: lay it on top of another, and
# nothing has changed. (EM need not find the best: its own curve may dip.) Two judges don't fall
# for it: the log-likelihood of **held-out** points, and the **BIC**, which charges for every
# parameter:
#
# $$\mathrm{BIC}=p\,\log n-2L,$$
#
# with $p$ the number of parameters ($6K-1$ in the plane) and $n$ of points; the smallest wins. Our
# data come from five Gaussians, so here we know the answer. **Predict first:** what will the
# fit with ten do with the five that it does not need?

# %%
from lessons_lib.models import GaussianMixture

angle = 2 * torch.pi * torch.arange(5) / 5
centres = 3 * torch.stack([angle.cos(), angle.sin()], dim=1)


def five_clouds(n):
    return centres[torch.randint(5, (n,))] + 0.7 * torch.randn(n, 2)


x_clouds, x_clouds_new = five_clouds(300), five_clouds(2000)
fits, train_score, test_score, bic = {}, {}, {}, {}
for k in range(1, 11):
    fits[k] = GaussianMixture(k, starts=5).fit(x_clouds)  # the best of five starts
    train_score[k] = fits[k].log_likelihoods[-1]
    test_score[k] = fits[k].log_prob(x_clouds_new).mean().item()
    bic[k] = fits[k].bic(x_clouds)
counts = (300 * fits[10].weights).sort().values.round().long().tolist()
print("points that each of the ten Gaussians has:", counts)
falls = [k for k in range(2, 11) if train_score[k] < train_score[k - 1]]
print("the training curve falls at K =", falls or "none")

# %% tags=["figure"]
frames, captions = [], []
for k, mixture in fits.items():
    figure, axes = plt.subplots(1, 3, figsize=(12.5, 4.2), layout="constrained")
    axes[0].scatter(*x_clouds.T, s=8, color=plotting.INK)
    plotting.gaussian_ellipses(mixture.means, mixture.covariances, ax=axes[0])
    axes[0].set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$x_1$", ylabel="$x_2$")
    for name, values in {"training": train_score, "held-out": test_score}.items():
        axes[1].plot(values.keys(), values.values(), "o-", label=name)
    axes[1].legend()
    axes[1].set(xlabel="components K", ylabel="mean log P(x), nats per point")
    axes[2].plot(bic.keys(), bic.values(), "o-", color=plotting.COLOURS[4])
    axes[2].set(xlabel="components K", ylabel="BIC, the smaller the better")
    for ax in axes[1:]:
        ax.axvline(k, ls="--", color=plotting.INK)
        ax.set_xticks(range(1, 11, 3))
    frames.append(figure)
    figure.get_layout_engine().set(wspace=0.08)
    words = (
        f"training {train_score[k]:.3f}, held-out {test_score[k]:.3f}, BIC {bic[k]:.0f}"
    )
    captions.append(f"K = {k}: {words}")
FramePlayer(frames, captions, label="K", start=4, interval=800)

# %%
claim(
    "C20d",
    "The BIC finds how many Gaussians made the data (five)",
    min(bic, key=bic.get),
    kind="experiment",
    at_least=5,
    at_most=5,
    control=("training log-likelihood", max(train_score, key=train_score.get)),
)

# %% [markdown]
# The training curve ends well above its value at five; the held-out curve turns down behind five.
# What the spare Gaussians do, the printed counts say: they share clouds, and the smallest of them
# describe an accident. (The BIC assumes that the data come from such a mixture. Real data don't;
# then it says only which $K$ pays for its parameters on these data.)
#
# ## 6 · Two ways to go wrong
#
# ### It ends on the wrong hill
#
# EM only climbs. Where it ends depends on where it starts. Below: the five clouds, 120 starts
# with centres on random points, and 120 with **k-means++**, which draws each next centre with a
# probability proportional to the squared distance from the nearest centre so far.

# %% tags=["figure"]
find_all = Prediction(
    "How many of the random starts find the five clouds?", (0, 100), unit="%"
)
find_all

# %%
wide = x_clouds.double().T.cov().expand(5, -1, -1)  # all begin equally wide
starts = {"random points": [], "k-means++": []}
for seed in range(120):
    clever = GaussianMixture(5, seed=seed).fit(x_clouds, steps=0)  # only its start
    starts["random points"].append(random_start(x_clouds.double(), 5))
    starts["k-means++"].append((clever.weights, clever.means, wide))
ended = {
    name: [GaussianMixture(5).fit(x_clouds, start=s, tolerance=1e-5) for s in those]
    for name, those in starts.items()
}
ends = {
    name: torch.tensor([mixture.log_likelihoods[-1] for mixture in those])
    for name, those in ended.items()
}
best_end = max(values.max() for values in ends.values())


# %%
def share_at_the_best(values):  # within a hundredth of a nat of the best end seen
    return (values > best_end - 0.01).double().mean().item()


best_of_ten = {
    name: values.view(-1, 10).max(dim=1).values for name, values in ends.items()
}
for name, values in ends.items():
    one, ten = 100 * share_at_the_best(values), 100 * share_at_the_best(best_of_ten[name])
    print(f"{name:14} as good as the best: {one:3.0f} %, best of ten: {ten:3.0f} %")

# %% tags=["figure"]
order = sorted(sum(ended.values(), []), key=lambda mixture: mixture.log_likelihoods[-1])
figure, (left, middle, right) = plt.subplots(1, 3, figsize=(13, 4.4))
left.hist(list(ends.values()), 15, label=list(ends))
left.set(xlabel="end, mean log P(x), nats per point", ylabel="number of starts")
left.legend(loc="upper left")
for ax, title, mixture in [(middle, "worst", order[0]), (right, "best", order[-1])]:
    ax.scatter(*x_clouds.T, s=8, color=plotting.INK)
    plotting.gaussian_ellipses(mixture.means, mixture.covariances, ax=ax)
    value = mixture.log_likelihoods[-1]
    ax.set(title=f"{title} end: {value:.3f}", xlim=(-6, 6), ylim=(-6, 6))
    ax.set(xlabel="$x_1$", ylabel="$x_2$")
plt.show()

# %% tags=["figure"]
find_all.reveal(100 * share_at_the_best(ends["random points"]), within=8)

# %% [markdown]
# What helps: more starts, or more steps? For a fair answer, the first of every ten starts once
# more, for as many steps as all ten took together.

# %%
long_ends = []
for i in range(0, 120, 10):
    ten = ended["random points"][i : i + 10]
    steps = sum(len(mixture.log_likelihoods) - 1 for mixture in ten)
    one = GaussianMixture(5).fit(
        x_clouds, start=starts["random points"][i], steps=steps, tolerance=0
    )
    long_ends.append(one.log_likelihoods[-1])

claim(
    "C20e",
    "Several starts make bad ends rare: share of best-of-ten random starts that end as "
    "well as the best",
    share_at_the_best(best_of_ten["random points"]),
    kind="experiment",
    at_least=0.95,
    control=("one start, all ten's steps", share_at_the_best(torch.tensor(long_ends))),
)

# %% [markdown]
# In the worst end Gaussians stretch over two clouds each, or share one. No small step repairs
# that: on the way the likelihood would have to go down first. So start several times and keep the
# best.
#
# ### It finds a point and collapses onto it
#
# Put one Gaussian on a single point, and make it narrower and narrower, while a second one
# covers all the rest. **Predict first:** what happens to the log-likelihood of the whole?

# %%
x = x_clouds.double()
widths = 10.0 ** -torch.arange(0, 13).double()


def total_log_likelihood(centre, width):
    weights = torch.tensor([1 - 1 / len(x), 1 / len(x)]).double()
    means = torch.stack([x.mean(dim=0), centre])
    covariances = torch.stack([x.T.cov(), width**2 * torch.eye(2).double()])
    return e_step(x, weights, means, covariances)[1].sum().item()


on_a_point = [total_log_likelihood(x[0], width) for width in widths]
beside_it = [total_log_likelihood(x[0] + 0.05, width) for width in widths]

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(8, 4.2))
ax.plot(widths, on_a_point, "o-", label="on a point")
ax.plot(widths, beside_it, "o-", label="a little beside it")
ax.set(xscale="log", xlabel="standard deviation of the narrow Gaussian")
ax.set_ylabel("log-likelihood, nats")
ax.invert_xaxis()
ax.legend()
plt.show()

# %%
claim(
    "C20f",
    "On one point the likelihood grows without bound: gain for each tenfold narrowing",
    on_a_point[-1] - on_a_point[-2],
    kind="theorem",
    at_least=4.5,
    unit="nats",
    control=("beside the point", beside_it[-1] - beside_it[-2]),
)

# %%
lonely = torch.cat([x, torch.tensor([[9.0, 9.0]]).double()])  # one point far from all
try:
    GaussianMixture(6, floor=0).fit(lonely)
except ValueError as error:
    print("without a floor:", error)
floored = GaussianMixture(6, floor=0.01, starts=5).fit(lonely)
held_out = floored.log_prob(x_clouds_new).mean()
print(f"with a floor: held-out {held_out:.3f} nats per point")
print(f"five Gaussians, no lonely point: {test_score[5]:.3f}")

# An empty Gaussian: the last of these five starts where no point is.
far = torch.cat([clever.means[:4], torch.tensor([[100.0, 100.0]]).double()])
with warnings.catch_warnings(action="ignore"):  # it says what we print here
    moved = GaussianMixture(5).fit(x_clouds, start=(clever.weights, far, wide))
end = moved.log_likelihoods[-1]
print(f"reseeded (step, Gaussian): {moved.reseeded}, end {end:.3f}")

# %% [markdown]
# A mixture of highest likelihood does not exist: with one Gaussian on one point it grows without
# bound, by twice $\log 10$ for every tenfold narrowing (one for each dimension). EM falls into
# this hole as soon as a Gaussian has a point for itself. A **floor** under every variance closes
# the hole: eigenvalues of a covariance below it are lifted to it. (That is also what maximises
# the likelihood under this condition, so EM still never goes down.) And a Gaussian that has lost
# all its points starts anew on the point that fits worst; `GaussianMixture` warns and records it.
# (Only such a new start can lower the likelihood, for a step.)
#
# ## 7 · Fifty Gaussians for digits
#
# Back to all 4,000 digits, 50 numbers each. Fifty Gaussians would have 80 digits each, on average.

# %%
recipes = {
    "1 Gaussian": (1, None),
    "10 Gaussians": (10, None),
    "50 Gaussians": (50, None),
    "10, floor 0.1": (10, 0.1),
    "50, floor 0.1": (50, 0.1),
}


# %% tags=["figure"]
which_wins = Prediction("Which gives new digits the highest log P(x)?", list(recipes))
which_wins

# %%
digit_mixtures, held_out = {}, {}
print("                parameters   training   held-out   mean log P(x), nats per digit")
for name, (k, floor) in recipes.items():
    mixture = GaussianMixture(k, floor=floor).fit(points_train, tolerance=0.01)
    digit_mixtures[name] = mixture
    held_out[name] = mixture.log_prob(points_test).mean().item()
    scores = f"{mixture.log_likelihoods[-1]:10.1f} {held_out[name]:10.1f}"
    print(f"{name:14} {mixture.parameters():11,d} {scores}")

# %% tags=["figure"]
rows = {
    name: as_images(mixture.sample(12)[0]) for name, mixture in digit_mixtures.items()
}
rows["12 of the 50 means"] = as_images(digit_mixtures["50, floor 0.1"].means[:12])
plotting.image_grid(rows)

# %% tags=["figure"]
which_wins.reveal(max(held_out, key=held_out.get))

# %%
claim(
    "C20g",
    "A floor reduces the overfitting of fifty Gaussians: what it gains on unseen digits",
    held_out["50, floor 0.1"] - held_out["50 Gaussians"],
    kind="experiment",
    at_least=8,
    unit="nats per digit",
    control=("ten Gaussians", held_out["10, floor 0.1"] - held_out["10 Gaussians"]),
)

# %% [markdown]
# 80 digits are too few for a Gaussian of 50 dimensions. The floor reduces the overfitting and
# does not cure it: training digits still score far above new ones, and here ten Gaussians without
# a floor stay ahead. (From another start these two may change places. And we chose 0.1 among
# three floors by these very held-out digits; a third set would be cleaner.)
#
# Yet to our eye fifty draw more readable digits than ten, even without the floor, where new digits
# score far lower. So you cannot *see* this overfitting in these samples. Most of the means are a way
# of writing one digit. This is the picture to beat: a later lesson puts the samples of a VAE beside it.
#
# ## 8 · Infinitely many Gaussians
#
# A mixture names each Gaussian by a number $m$ and stores each by itself. Neighbours know
# nothing of one another. Now let the name be *continuous*: $z\sim\mathcal N(0,1)$, and let one
# small network say, for every $z$, where its Gaussian is and how wide:
#
# $$P(x)=\int P(z)\,P(x\mid z)\,dz,\qquad P(x\mid z)=\mathcal N\big(x;\ \mu(z),\ \sigma(z)^2 I\big).$$
#
# ($\sigma(z)$ is a standard deviation, the same in both directions.) With a single $z$ we can do
# the integral by brute force: the mean over 100 equally likely values of $z$,
#
# $$P(x)\approx\frac1{100}\sum_{k=1}^{100} P(x\mid z_k).$$
#
# The lecture calls $z$ a **distributed representation**. There it is a vector: each of its numbers
# is a feature (say, slant or thickness), and together they describe $x$. A mixture needs a
# component for every *combination*: for ten features of two values each $2^{10}$ components,
# against ten numbers. A single $z$, as here, is only a place along a curve; a later lesson's VAE has
# the vector.

# %%
from lessons_lib.models import layers
from lessons_lib.training import evaluate, fit


def equally_likely(values):  # of z: one in each of so many slices of equal probability
    shares = (torch.arange(values) + 0.5) / values
    return Normal(0, 1).icdf(shares)[:, None]  # the z below which that share lies


def gaussians(network, z):
    mean, log_sd = network(z).split([2, 1], dim=1)
    return mean, log_sd.exp()


def log_p_of(network, x, z):
    mean, sd = gaussians(network, z)
    # Same sd in both directions, independent: their log densities add, (n, values of z).
    first, second = (Normal(mean[:, i], sd[:, 0]).log_prob(x[:, [i]]) for i in (0, 1))
    log_p_given_z = first + second
    return torch.logsumexp(log_p_given_z, dim=1) - math.log(len(z))  # the mean over z


# %%
def train(x, z, hidden=(32, 32), starts=3):
    def loss(network, x):
        return -log_p_of(network, x, z).mean()

    networks = [layers(z.shape[1], *hidden, 3) for _ in range(starts)]
    for network in networks:
        fit(network, x, loss, epochs=150, batch_size=250, learning_rate=1e-2)
    return min(networks, key=lambda network: evaluate(network, x, loss, batch_size=250))


# %% [markdown]
# The data: the spiral of section 1, 1,000 points. Its true $P(x)$ is known, so we know what the
# best possible model would score. The separate Gaussians may have a floor at the noise's true
# variance, a help that the network does not get.

# %%
ks = [1, 2, 4, 8, 16, 32, 64]


# %% tags=["figure"]
worth = Prediction(
    "How many separate Gaussians do as well as the network on new points?",
    [*map(str, ks), "none of these"],
)
worth

# %%
x_new = spiral.sample(2000, seed=1)  # held out
z_train, z_fine = equally_likely(100), equally_likely(250)
network = train(x_spiral, z_train)
# Without a hidden layer z goes in linearly: a straight line of Gaussians.
line = train(x_spiral, z_train, hidden=())


@torch.no_grad()
def score(model_log_p, x=x_new):
    return model_log_p(x).mean().item()


truth = score(spiral.log_prob)
network_score = score(lambda x: log_p_of(network, x, z_fine))
network_train_score = score(lambda x: log_p_of(network, x, z_fine), x_spiral)
line_score = score(lambda x: log_p_of(line, x, z_fine))

# %%
warnings.filterwarnings("ignore", message="Component .* was empty")  # as in section 6
mixture_score = {"no floor": {}, "floor 0.01": {}}
print("log P(x), nats per point     training   held-out")
for name, floor in {"no floor": None, "floor 0.01": spiral.noise**2}.items():
    for k in ks:
        chosen = GaussianMixture(k, floor=floor, starts=3).fit(x_spiral)
        mixture_score[name][k] = score(chosen.log_prob)
        scores = f"{chosen.log_likelihoods[-1]:8.3f} {mixture_score[name][k]:10.3f}"
        print(f"K = {k:2d}, {name:10} {chosen.parameters():4d} numbers {scores}")
numbers = sum(weight.numel() for weight in network.parameters())
print(f"network {numbers:16d} numbers {network_train_score:8.3f} {network_score:10.3f}")
print(f"the true P(x) {score(spiral.log_prob, x_spiral):26.3f} {truth:10.3f}")
best_score = {k: max(scores[k] for scores in mixture_score.values()) for k in ks}

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(8.5, 4.4))
for name, scores in mixture_score.items():
    below = [truth - value for value in scores.values()]
    ax.plot(ks, below, "o-", label=f"K Gaussians, {name}")
below = truth - network_score
ax.axhline(below, color=plotting.COLOURS[6], label="network, infinitely many")
ax.set(xscale="log", yscale="log", xticks=ks, xticklabels=ks)
ax.set_xticks([], minor=True)
ax.set(xlabel="number of Gaussians K", ylabel="nats per point below the true P(x)")
ax.legend()
plt.show()

# %% tags=["figure"]
enough = [str(k) for k in ks if best_score[k] >= network_score]
worth.reveal(enough[0] if enough else "none of these")

# %%
best_mixture = max(best_score.values())
claim(
    "C21a",
    "Of seven numbers of separate Gaussians, 1 to 64, none does as well as one network: "
    "its lead over the best of them, held out",
    network_score - best_mixture,
    kind="experiment",
    at_least=0.015,
    unit="nats per point",
    control=("no bend: z goes in linearly", line_score - best_mixture),
)

# %% [markdown]
# Few Gaussians are too coarse for the curve. Many are each fitted to a handful of points: on the
# training points they score above the true $P(x)$, on new ones they fall behind. The network has
# more numbers than any of them, and yet its two scores lie closer together than those of 16
# Gaussians and more. Its Gaussians are not free: neighbours in $z$ are neighbours in the picture.
#
# Move $z$, and watch one Gaussian paint the density: 18 stops, of the infinitely many, with 40
# points at each.

# %% tags=["figure", "opening"]
frames, captions, painted = [], [], torch.empty(0, 2)
z_shown = equally_likely(18)
with torch.no_grad():
    path, _ = gaussians(network, z_fine)
    means_of_z, sds = gaussians(network, z_shown)
for z, mean, sd in zip(z_shown, means_of_z, sds):
    figure, ax = plt.subplots(figsize=(6.5, 6), layout="constrained")
    ax.plot(*path.T, color=plotting.INK, lw=1)
    painted = torch.cat([painted, mean + sd * torch.randn(40, 2)])
    ax.scatter(*painted.T, s=10, color=plotting.COLOURS[0])
    covariance = (sd**2)[:, None, None] * torch.eye(2)
    plotting.gaussian_ellipses(mean[None], covariance, ax=ax, colours=["#bd1f01"])
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-3.5, 3), ylim=(-3, 3.5))
    frames.append(figure)
    place = f"({mean[0]:.2f}, {mean[1]:.2f})"
    captions.append(
        f"z = {z.item():+.2f}: mean {place}, standard deviation {sd.item():.2f}"
    )
FramePlayer(frames, captions, label="z", start=-1, interval=200)

# %% [markdown]
# ### Why may z be Gaussian?
#
# The lecture calls it intuitive, by two theorems. The **law of large numbers** says that the mean of
# many independent draws comes close to the expectation; it names no shape at all. The **central
# limit theorem** says that a sum of many small independent causes is nearly Gaussian; but $z$ is
# no such sum: nobody measured it, we chose it. Neither is a reason. The lecture's other reason
# is one: the network bends what it is given into what is needed. Then another connected $z$
# should do nearly as well. **Predict first:** take $z$ uniform between −2 and 2.

# %%
z_uniform, z_uniform_fine = (
    torch.linspace(-2, 2, values)[:, None] for values in (100, 250)
)
network_uniform = train(x_spiral, z_uniform)
uniform_score = score(lambda x: log_p_of(network_uniform, x, z_uniform_fine))
untrained_score = score(lambda x: log_p_of(network, x, z_uniform_fine))
print(f"z normal {network_score:.3f}, z uniform {uniform_score:.3f} nats per point")

claim(
    "C21b",
    "P(z) need not be Gaussian: with z uniform the fit is nearly as good; difference",
    abs(uniform_score - network_score),
    kind="experiment",
    at_most=0.05,
    unit="nats per point",
    control=("z uniform, network of the normal z", abs(untrained_score - network_score)),
)

# %% [markdown]
# The control says who does the work: with the same uniform $z$, the network that was trained for
# the normal one fits worse. (Mind that the difference is not far from the lead above.)
#
# ## 9 · Where it breaks
#
# **Islands.** $z$ is one connected line. What if the data are two islands with nothing between?

# %% tags=["figure"]
crossing = Prediction(
    "Two islands: where does the network's line of means go?",
    ["it jumps from one to the other", "it crosses the gap", "it stays on one"],
)
crossing

# %%
sides = torch.where(torch.rand(1000) < 0.5, -2.0, 2.0)
islands = 0.4 * torch.randn(1000, 2) + torch.stack([sides, torch.zeros(1000)], dim=1)


def told_the_sign(z):  # a second number, and this one may jump
    return torch.cat([z, z.sign()], dim=1)


bridge = train(islands, z_train, starts=2)
jump = train(islands, told_the_sign(z_train), starts=2)
networks = {
    "network": (bridge, z_fine),
    "the same, told the sign of z": (jump, told_the_sign(z_fine)),
}

# %%
middle = torch.zeros(1, 2)  # equally far from both islands: the density of one is enough
island = MultivariateNormal(torch.tensor([2.0, 0.0]), 0.16 * torch.eye(2))
excess = {}
with torch.no_grad():
    for name, (model, z) in networks.items():
        excess[name] = (log_p_of(model, middle, z) - island.log_prob(middle)).item()
    across = gaussians(bridge, equally_likely(10_000))[0][:, 0]  # x1 of the means
in_the_gap = (across.abs() < 1).double().mean().item()
print(f"share of z whose mean lies in the gap, |x1| < 1: {100 * in_the_gap:.1f} %")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(12, 4.6))
for ax, (name, (model, z)) in zip(axes, networks.items()):
    with torch.no_grad():
        means_of_z, _ = gaussians(model, z)
    log_p = partial(log_p_of, model, z=z)
    plotting.density_map(log_p, ax=ax, low=(-4, -2), high=(4, 2))
    ax.scatter(*islands[:300].T, s=8, color=plotting.COLOURS[6])
    ax.plot(*means_of_z.T, ".", color=plotting.INK, label="means, for 250 values of z")
    ax.set(title=f"{name} (colour: √P)", xlabel="$x_1$", ylabel="$x_2$")
axes[0].legend(loc="upper left")
plt.show()

# %% tags=["figure"]
one_side = across.min() > 0 or across.max() < 0
crosses = "it crosses the gap" if in_the_gap > 0 else "it jumps from one to the other"
crossing.reveal("it stays on one" if one_side else crosses)

# %%
claim(
    "C21c",
    "A continuous map of one z leaves a bridge: excess of log P(x) between islands",
    excess["network"],
    kind="experiment",
    at_least=3,
    unit="nats",
    control=("told the sign of z too", excess["the same, told the sign of z"]),
)

# %% [markdown]
# - **A bridge remains.** $\mu(z)$ is continuous: its line cannot jump. The network races over the
#   water (few values of $z$ land there), but it must cross. Told the sign of $z$ as well, a number
#   that jumps, it need not. Remember this when a VAE draws something between a 0 and a 1.
# - **The brute-force integral** worked because $z$ was one number: 100 values. For ten numbers
#   it would be $100^{10}$. That is the problem that lesson 06 solves.
# - **Log-likelihood is not beauty.** Under one Gaussian a blur had the highest $P(x)$ (section 2);
#   and fifty Gaussians without a floor, far behind ten on new digits, drew the more readable ones
#   (section 7).
#
# ## 10 · Try it
#
# 1. In section 2, take 5 or 20 PCA numbers in place of 50 (`lead_of_the_mean(20)`). From which
#    dimension on does the mean beat every digit clearly?
# 2. Start EM (section 4) with three times the *same* Gaussian. What happens, and why?
# 3. Fit `GaussianMixture(3, covariance="spherical")` to `x_014`, the digits of section 4. What
#    does it lose in log P(x)? (To draw it, `gaussian_ellipses` wants (3, 2, 2): multiply each
#    variance by `torch.eye(2)`.)
# 4. Draw the spiral with less noise, `Spiral(noise=0.05)`. Which of the curves of section 8
#    suffers more?
# 5. Give the network of section 9 two numbers $z$ in place of one (a 30 × 30 grid). Does the
#    bridge go away?
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(highest, how_far, find_all, which_wins, worth, crossing)

# %% [markdown]
# - An image is a point; a set of images is a density $P(x)$, and drawing from it makes images.
# - In many dimensions a Gaussian's points lie in a shell, far from where $P(x)$ is highest; so
#   do digits.
# - A mixture: draw $m$, then $x$. EM takes turns between responsibilities and Gaussians, and
#   never goes down.
# - It may end on the wrong hill (start several times) or collapse onto one point (set a floor).
# - Let $m$ be continuous and one network name the Gaussians: infinitely many. Another connected
#   $P(z)$ did nearly as well; but a connected $z$ leaves a bridge between islands.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | density | 概率密度 | $P(x)$, probability per unit of volume |
# | typical set | 典型集 | where nearly all samples lie |
# | Gaussian mixture model | 高斯混合模型 | $P(x)=\sum_m P(m)\,P(x\mid m)$ |
# | component, weight | 分量、权重 | one Gaussian $m$; its probability $P(m)$ |
# | log-likelihood, nat | 对数似然、奈特 | $L=\sum_i\log P(x_i)$; its unit |
# | responsibility | 责任度 | $r_{im}=P(m\mid x_i)$ |
# | expectation maximisation (EM) | 期望最大化 | E-step and M-step in turn |
# | local optimum | 局部最优 | a top from which every small step goes down |
# | Bayesian information criterion (BIC) | 贝叶斯信息准则 | $p\log n-2L$ |
# | latent variable | 隐变量 | $m$ or $z$: drawn, never seen |
# | distributed representation | 分布式表示 | many features, each a number of the vector $z$, describe $x$ together |
#
# **References**
#
# - A. P. Dempster, N. M. Laird and D. B. Rubin (1977), *Maximum likelihood from incomplete data
#   via the EM algorithm*, Journal of the Royal Statistical Society B 39, 1–38.
# - D. Arthur and S. Vassilvitskii (2007), *k-means++: the advantages of careful seeding*, SODA,
#   1027–1035.
# - G. Schwarz (1978), *Estimating the dimension of a model*, Annals of Statistics 6, 461–464,
#   doi:10.1214/aos/1176344136.
# - C. M. Bishop (2006), *Pattern recognition and machine learning*, Springer, chapter 9.
# - D. J. C. MacKay (1995), *Bayesian neural networks and density networks*, Nuclear Instruments
#   and Methods in Physics Research A 354, 73–80, doi:10.1016/0168-9002(94)00931-7 (a network
#   that bends a simple $z$).
# - C. M. Bishop, M. Svensén and C. K. I. Williams (1998), *GTM: the generative topographic
#   mapping*, Neural Computation 10, 215–234, doi:10.1162/089976698300017953 (the grid over $z$).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
