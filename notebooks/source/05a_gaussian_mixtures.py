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
# # 05a · Gaussian mixture models
#
# **If every image is a point, where do the points lie, and how do you write that down as a
# formula that new images can be drawn from?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/05a_gaussian_mixtures.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/05a_gaussian_mixtures.ipynb) ·
# 45 minutes to study, 15 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say what $P(x)$ of an image means, and where in it real images lie;
# 2. draw from a mixture of Gaussians: first the component, then the point;
# 3. derive EM and write it in a dozen lines;
# 4. choose the number of components, and guard against the two ways in which EM goes wrong.
#
# **Builds on** lesson 01a (PCA, held-out data) and the Gaussian density in several dimensions.
# Lesson 05b goes on from here.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="05a")

# %%
import warnings

import matplotlib.pyplot as plt
import torch
from sklearn.decomposition import PCA
from torch.distributions import MultivariateNormal, Normal

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · An image is a point
#
# A digit of 784 pixels is one point in a space of 784 dimensions. All digits together are a
# cloud in it, and the cloud is what we want to describe: by a **density** $P(x)$, high where
# digits are and low where there are none. With such a formula you could *draw* new images.

# %%
data = digits()
pca = PCA(50, svd_solver="covariance_eigh").fit(data.x_train.numpy())


def as_points(images):  # 784 pixels to 50 numbers
    return torch.tensor(pca.transform(images.numpy())).double()


def as_images(points):  # and back
    return torch.tensor(pca.inverse_transform(points.numpy()))


points_train, points_test = as_points(data.x_train), as_points(data.x_test)
print("training points", tuple(points_train.shape), " held-out", tuple(points_test.shape))

# %% [markdown]
# Here are the first two PCA numbers of all training digits (dots), and thirty held-out images at theirs.


# %% tags=["figure"]
from matplotlib.offsetbox import AnnotationBbox, OffsetImage


def picture_at(images, places, ax, zoom=1.8):
    for image, place in zip(images.view(-1, 28, 28).clamp(0, 1), places.tolist()):
        ink = plt.get_cmap("gray_r")(image.numpy())
        ink[..., 3] = image.numpy() ** 0.5  # paper is transparent
        box = OffsetImage(ink, zoom=zoom)
        ax.add_artist(AnnotationBbox(box, place, frameon=False))


def cloud(ax):
    ax.scatter(*points_train[:, :2].T, s=6, color="#c3d0e2")
    ax.set(xlabel="first principal component", ylabel="second principal component")
    ax.set(xlim=(-4.6, 8.2), ylim=(-4.8, 5.2))


figure, ax = plt.subplots(figsize=(12, 7), layout="constrained")
cloud(ax)
picture_at(data.x_test[:30], points_test[:30, :2], ax)
plt.show()

# %% [markdown]
# From now on a digit is its 50 PCA numbers. (Pixels at the rim are always white: there
# the cloud has no width, and a Gaussian must have one.) Logarithms are natural; their
# unit is the **nat**: one nat more means $e$ times as dense.
#
# ## 2 · One Gaussian, and where its images are
#
# The simplest cloud: one Gaussian, with the mean $\mu$ and the covariance $\Sigma$ of the data,
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
# **scribbles**: one Gaussian is a poor model. What does $P(x)$ say of the three kinds?


# %%
def digit_wins(model, digits, others):  # in which share of all pairs?
    log_p_digits, log_p_others = model.log_prob(digits), model.log_prob(others)
    return (log_p_digits[:, None] > log_p_others).double().mean().item()


def lead_of_the_mean(dimensions):  # nats above the best of a thousand real digits
    x = points_train[:, :dimensions]
    model = MultivariateNormal(x.mean(dim=0), x.T.cov())
    best_digit = model.log_prob(points_test[:, :dimensions]).max()
    return (model.log_prob(model.mean) - best_digit).item()


share = digit_wins(gaussian, points_test, drawn)
print(f"digit against scribble: the digit is higher in {100 * share:.0f} % of all pairs")
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

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 4))
bins = torch.arange(-120, 1, 2)  # the same for both: their heights can be compared
ax.hist(gaussian.log_prob(points_test), bins, alpha=0.6, label="held-out digits")
ax.hist(gaussian.log_prob(drawn), bins, alpha=0.6, label="scribbles")
ax.axvline(
    gaussian.log_prob(gaussian.mean), color=plotting.COLOURS[2], label="mean image"
)
ax.set(xlabel="log P(x), nats", ylabel="number of images", xlim=(-120, 0))
ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# (That a Gaussian is highest at its mean is a theorem; that no digit comes near is measured, on digits that no seed changes.)
# Digit against scribble is hardly better than a coin: this Gaussian cannot turn an image down for being no digit.
#
# How far from the mean are the digits? Count in standard deviations: stretch the cloud until it
# has width 1 in every direction.

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

# %% [markdown]
# A walk from the mean image through a real digit; below it, where digits are:

# %% tags=["figure"]
digit, radius_digit = points_test[3], radius[3].item()
figure, (above, below) = plt.subplots(
    2, 1, figsize=(13, 5.6), height_ratios=[1, 1.5], sharex=True, layout="constrained"
)
for distance in range(0, 13, 2):
    x = gaussian.mean + distance / radius_digit * (digit - gaussian.mean)
    image, place = as_images(x[None]).view(28, 28), distance
    above.imshow(image, vmin=0, vmax=1, extent=(place - 0.9, place + 0.9, 0, 1))
    words = f"log P = −{-gaussian.log_prob(x):.0f}"
    above.text(place, -0.06, words, ha="center", va="top", fontsize=13)
above.set(aspect="auto", ylim=(-0.3, 1))
above.axis("off")
below.hist(radius, torch.arange(0, 16, 0.5), color=plotting.COLOURS[3])
below.axvline(radius_digit, color=plotting.INK, ls="--", label="this digit itself")
below.legend(loc="upper right")
below.set(xlabel="distance r from the mean, standard deviations", xlim=(-1, 13))
below.set_ylabel("held-out digits there")
plt.show()

# %% tags=["figure"]
how_far.reveal(radius.median().item(), within=1)

# %% [markdown]
# $P(x)$ falls with every step, while the blur becomes a digit. **Why do points keep away from the top?** How many of a Gaussian's points lie at distance $r$ from the mean, in $d$ dimensions of width 1? Density times volume.
#
# 1. The density falls like $e^{-r^2/2}$.
# 2. The volume between $r$ and $r+dr$ grows like $r^{d-1}$. (The rim of a circle is $2\pi r$, the surface of a ball $4\pi r^2$.)
# 3. The product is largest where its logarithm $(d-1)\log r-\frac12r^2$ is. The derivative $\frac{d-1}r-r$ is 0 at $r=\sqrt{d-1}$: at 1 in the plane, at 7 in fifty dimensions.

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(14, 4.8), layout="constrained")
for ax, d, end in [(axes[0], 2, 4), (axes[1], 50, 14)]:
    r = torch.linspace(0.001, end, 400)
    count, edges = torch.histogram(
        stretched[:, :d].norm(dim=1), 24, range=(0, end), density=True
    )
    ax.stairs(
        count / count.max(), edges, fill=True, color="#cfd4dc", label="held-out digits"
    )
    ways = {
        "density, $e^{-r^2/2}$": -(r**2) / 2,
        "volume, $r$" if d == 2 else f"volume, $r^{{{d - 1}}}$": (d - 1) * r.log(),
        "their product": (d - 1) * r.log() - r**2 / 2,
    }
    for (name, log_y), colour, style in zip(ways.items(), (0, 1, 2), ("--", "-.", "-")):
        y = (log_y - log_y.max()).exp()
        ax.plot(r, y, style, color=plotting.COLOURS[colour], lw=3, label=name)
    ax.set_title(f"{d} dimensions: largest at r = {(d - 1) ** 0.5:.0f}")
    ax.set_xlabel("distance r from the mean, standard deviations")
    ax.set(ylim=(0, 1.08), xlim=(0, end))
axes[0].set_ylabel("each scaled to 1")
axes[0].legend(loc=(0.68, 0.28))
axes[1].legend(loc=(0.63, 0.4))
plt.show()


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
# In fifty dimensions a Gaussian's points live in a shell, the **typical set**, and hardly one at
# the top of the hill. The digits (grey), though not Gaussian, keep away from it, too. So read "good images are where
# $P(x)$ is high" as: where much *probability* is, density times volume.
#
# ## 3 · Draw m, then x
#
# One hill is not enough for a cloud with several lumps. So take several Gaussians, the **components**, numbered by
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
m = torch.multinomial(weights, 20_000, replacement=True)
x = MultivariateNormal(means[m], covariances[m]).sample()

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(15.5, 4.2), layout="constrained")
chosen = m[0].item()
for i in range(3):
    alpha = 1 if i == chosen else 0.25
    axes[0].bar(i + 1, weights[i], color=plotting.COLOURS[i], alpha=alpha)
axes[0].set(xlabel="component m", ylabel="P(m)", xticks=[1, 2, 3])
axes[0].set_title(f"draw m: {chosen + 1}")
for ax, count in zip(axes[1:3], (1, 300)):
    plotting.gaussian_ellipses(means, covariances, ax=ax)
    for i in range(3):
        mine = x[:count][m[:count] == i]
        size = 90 if count == 1 else 10
        ax.scatter(*mine.T, s=size, color=plotting.COLOURS[i], zorder=3)
axes[1].set_title("draw x from it")
axes[2].set_title("again and again")
axes[3].scatter(*x[:300].T, s=10, color=plotting.INK)
axes[3].set_title("forget m")
for ax in axes[1:]:
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(-5, 5), ylim=(-4, 4))
plt.show()

# %%
m_wrong = torch.randint(3, (20_000,))  # forgets that P(m) differs from m to m
x_wrong = MultivariateNormal(means[m_wrong], covariances[m_wrong]).sample()
right_of_zero = 1 - Normal(means[:, 0], covariances[:, 0, 0].sqrt()).cdf(torch.zeros(3))
exact = (weights * right_of_zero).sum().item()  # the sum over m, for this question
off, off_wrong = (abs((a[:, 0] > 0).double().mean() - exact) for a in (x, x_wrong))
claim(
    "C20a",
    "Drawing m, then x, draws from the sum: share right of zero, off the formula's by",
    off,
    kind="theorem",
    at_most=0.02,
    control=("m drawn uniformly", off_wrong),
)

# %% [markdown]
# ## 4 · EM: from the points back to the Gaussians
#
# Now the points are given, and the Gaussians are wanted. Take those that make
# the points most probable, that is, with the largest **log-likelihood**
#
# $$L=\sum_i \log P(x_i)=\sum_i\log\sum_m P(m)\,\mathcal N_{im},\qquad \mathcal N_{im}=\mathcal N(x_i;\mu_m,\Sigma_m).$$
#
# The logarithm of a *sum* cannot be solved for $\mu_m$. Differentiate all the same, by any number $\theta$ of Gaussian $m$.
# The derivative of $\log P(x_i)$ is that of $P(x_i)$, divided by $P(x_i)$; only term $m$ depends on $\theta$; and
# $\partial\mathcal N_{im}=\mathcal N_{im}\,\partial\log\mathcal N_{im}$:
#
# $$\frac{\partial L}{\partial\theta}
# =\sum_i r_{im}\,\frac{\partial\log\mathcal N_{im}}{\partial\theta},\qquad
# r_{im}=\frac{P(m)\,\mathcal N_{im}}{P(x_i)}=P(m\mid x_i).$$
#
# The last step is Bayes' rule: $r_{im}$ is the **responsibility** of Gaussian $m$
# for point $i$. Now let $A=\Sigma_m^{-1}$ and $v_i=x_i-\mu_m$, so that
# $\log\mathcal N_{im}=\frac12\log|A|-\frac12v_i^\top A\,v_i$ plus a constant, and set three derivatives to zero:
#
# 1. By $\mu_m$: $\ \sum_i r_{im}\,A\,v_i=0$.
# 2. By $A$, where $\log|A|$ has the derivative $A^{-1}=\Sigma_m$, and $v^\top A\,v$ has $v\,v^\top$: $\ \frac12\sum_i r_{im}\,(\Sigma_m-v_iv_i^\top)=0$.
# 3. By $P(m)$, with a Lagrange multiplier $\lambda$ for $\sum_mP(m)=1$: $\ \sum_i r_{im}/P(m)=\lambda$. Multiply by $P(m)$ and sum over $m$: $\lambda=n$.
#
# $$\mu_m=\frac{\sum_i r_{im}\,x_i}{\sum_i r_{im}}\,,\qquad
# \Sigma_m=\frac{\sum_i r_{im}\,v_iv_i^\top}{\sum_i r_{im}}\,,\qquad
# P(m)=\frac1n\sum_i r_{im}$$
#
# These are the usual mean, covariance and share, each point counted by its responsibility. But $r_{im}$
# contains what we look for. So take turns: **E-step** (*expectation*), the responsibilities from the Gaussians;
# **M-step** (*maximisation*), the Gaussians from the responsibilities; and again.
#
# (In the code we stay with logarithms: far from all Gaussians every $P(x\mid m)$ is 0 in the computer, and $r$
# would be 0/0.)


# %%
def e_step(x, weights, means, covariances):
    gaussians = MultivariateNormal(means, covariances)
    log_joint = weights.log() + gaussians.log_prob(x[:, None])  # log P(m) P(x|m), (n, K)
    log_p = torch.logsumexp(log_joint, dim=1)  # log P(x), without underflow
    return (log_joint - log_p[:, None]).exp(), log_p  # responsibilities P(m|x), log P(x)


def m_step(x, responsibilities):
    counts = responsibilities.sum(dim=0)  # how many points each Gaussian has
    means = responsibilities.T @ x / counts[:, None]
    v = x[:, None] - means  # (n, K, d)
    moments = torch.einsum("nm,nmi,nmj->mij", responsibilities, v, v)
    return counts / len(x), means, moments / counts[:, None, None]


# %% [markdown]
# That is EM. Try it on real points: the digits 0, 1 and 4, by their first two PCA
# numbers. EM does not see which is which. It starts with three Gaussians on
# three random points. **Predict first:** will it find the three digits?


# %%
def random_points(x, components):
    return x[torch.randperm(len(x))[:components]]


def start_at(x, centres):  # equal weights; the spread around the nearest centre, for all
    k, v = len(centres), x - centres[torch.cdist(x, centres).argmin(dim=1)]
    spread = (v.T @ v / len(x)).expand(k, -1, -1)
    return torch.full((k,), 1 / k, dtype=x.dtype), centres, spread


def em(x, start, steps, harden=False):
    parameters, log_likelihood = [start], []
    for _ in range(steps):
        r, log_p = e_step(x, *parameters[-1])
        log_likelihood.append(log_p.mean().item())  # L / n: the mean does not grow with n
        if harden:  # a control: each point goes wholly to its likeliest Gaussian
            r = torch.eye(r.shape[1]).double()[r.argmax(dim=1)]
        parameters.append(m_step(x, r))
    return parameters, log_likelihood


# %%
is_014 = (data.y_train[:, None] == torch.tensor([0, 1, 4])).any(dim=1)
x_014, digit_014 = points_train[is_014, :2], data.y_train[is_014]
start = start_at(x_014, random_points(x_014, 3))
parameters, log_likelihood = em(x_014, start, steps=121)
responsibilities, _ = e_step(x_014, *parameters[-1])
for d in [0, 1, 4]:
    mine = 100 * responsibilities[digit_014 == d].mean(dim=0)
    print(f"digit {d}: Gaussian", *(f" {m + 1}: {mine[m]:3.0f} %" for m in range(3)))

# %% tags=["figure"]
from matplotlib.colors import to_rgb

mixing = torch.tensor([to_rgb(colour) for colour in plotting.COLOURS[:3]])
frames, captions = [], []
for step in [0, 1, 2, 3, 5, 8, 12, 20, 30, 50, 120]:
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(12, 4.6), width_ratios=[1.3, 1], layout="constrained"
    )
    responsibilities, _ = e_step(x_014, *parameters[step])
    left.scatter(
        *x_014.T, s=12, c=(responsibilities.float() @ mixing).clamp(0, 1).numpy()
    )
    plotting.gaussian_ellipses(*parameters[step][1:], ax=left)
    left.set(xlabel="first principal component", xlim=(-6, 9))
    left.set(ylabel="second principal component", ylim=(-6, 6))
    right.plot(log_likelihood[: step + 1], color=plotting.INK)
    right.plot(step, log_likelihood[step], "o", color=plotting.COLOURS[6], markersize=10)
    right.set(xlim=(-3, 123), ylim=(log_likelihood[0] - 0.05, log_likelihood[-1] + 0.05))
    right.set(xlabel="EM step", ylabel="mean log P(x), nats per point")
    frames.append(figure)
    value = log_likelihood[step]
    captions.append(f"after {step} steps: mean log P(x) = −{-value:.3f} nats")
FramePlayer(frames, captions, label="EM step", start=6, interval=600)

# %% [markdown]
# A mixed colour is a point that two Gaussians share. The printed
# lines say which Gaussian took which digit. It need not be one each: EM looks for lumps that
# are Gaussian, not for digits, and what it finds depends on the start (section 6). But from no
# start can the curve fall (lesson 06a shows why).


# %%
def smallest_gain(starts, **options):
    curves = [torch.tensor(em(x_014, s, 31, **options)[1], dtype=float) for s in starts]
    return min(curve.diff().min() for curve in curves)


starts = [start_at(x_014, random_points(x_014, 3)) for _ in range(20)]
claim(
    "C20b",
    "No step of EM lowers the log-likelihood: smallest gain, 20 starts of 30 steps",
    smallest_gain(starts),
    kind="theorem",
    at_least=-1e-9,
    unit="nats",
    control=("hard responsibilities", smallest_gain(starts, harden=True)),
)

# %% [markdown]
# From here on we use `GaussianMixture` of `lessons_lib`: the same two steps (a test holds them equal, and equal to scikit-learn's), with
# the remedies of section 6.
#
# ## 5 · How many Gaussians?
#
# One Gaussian more can't make the *best* training score worse: lay it on top of another. Two judges don't fall
# for it: the log-likelihood of **held-out** points, and the **BIC**, which charges for every
# parameter:
#
# $$\mathrm{BIC}=p\,\log n-2L,$$
#
# with $p$ parameters ($6K-1$ for $K$ Gaussians in the plane) and $n$ points; the smallest wins. Where it comes from: how probable are the data
# under $K$ Gaussians, averaged over their parameters $\theta$? That is $\int e^{L(\theta)}P(\theta)\,d\theta$. Near its top $L$ is a parabola, whose curvature is a
# sum over $n$ points. So the peak is about $1/\sqrt n$ wide in each of $p$ directions, and the integral about $e^L\,n^{-p/2}$, times what does not grow with $n$.
# Take the logarithm, times $-2$. (This is Laplace's approximation. It wants a top that is bent in every direction; with spare Gaussians some directions are flat. So we try it.)
#
# Our data come from five Gaussians: here we know the answer. **Predict first:** what will the
# fit with ten do with the five that it does not need?

# %%
from lessons_lib.models import GaussianMixture

angle = 2 * torch.pi * torch.arange(5) / 5
centres = 3 * torch.stack([angle.cos(), angle.sin()], dim=1).double()


def five_clouds(n):
    return centres[torch.randint(5, (n,))] + 0.5 * torch.randn(n, 2)


x_clouds, x_clouds_new = five_clouds(300), five_clouds(2000)
fits, train_score, test_score, bic = {}, {}, {}, {}
for k in range(1, 11):
    fits[k] = GaussianMixture(k, starts=5).fit(x_clouds)  # keeps the best of five
    train_score[k] = fits[k].log_likelihoods[-1]
    test_score[k] = fits[k].log_prob(x_clouds_new).mean().item()
    bic[k] = fits[k].bic(x_clouds)
counts = (300 * fits[10].weights).sort().values.round().long().tolist()
print("points that each of the ten Gaussians has:", counts)

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

# %% tags=["figure"]
figure, axes = plt.subplots(1, 4, figsize=(16, 4.2), layout="constrained")
for ax, k in zip(axes, (2, 10)):
    ax.scatter(*x_clouds.T, s=8, color=plotting.INK)
    plotting.gaussian_ellipses(fits[k].means, fits[k].covariances, ax=ax)
    ax.set(xlim=(-6, 6), ylim=(-6, 6), xlabel="$x_1$", ylabel="$x_2$", title=f"K = {k}")
for name, values in {"training": train_score, "held-out": test_score}.items():
    axes[2].plot(values.keys(), values.values(), "o-", label=name)
axes[2].legend()
axes[2].set_ylabel("mean log P(x), nats per point")
axes[3].plot(bic.keys(), bic.values(), "o-", color=plotting.COLOURS[4])
axes[3].set_ylabel("BIC, the smaller the better")
for ax in axes[2:]:
    ax.set(xlabel="components K", xticks=range(1, 11))
plt.show()

# %% [markdown]
# The spare Gaussians share clouds, and the smallest
# describe an accident: training points like it, held-out points don't. (For real data, which come from no mixture,
# the BIC says only which $K$ pays for its parameters.)
#
# ## 6 · Two ways to go wrong
#
# ### It ends on the wrong hill
#
# EM only climbs. Where it ends depends on where it starts. Two ways to choose five centres: points at random, or **k-means++**, which draws each next point with a
# probability proportional to the squared distance from the nearest centre so far. Here are 100 starts of each, 30 steps of EM long.

# %% tags=["figure"]
find_all = Prediction(
    "How many of the random starts find the five clouds in 30 steps?", (0, 100), unit="%"
)
find_all


# %%
def k_means_plus_plus(x, components):
    centres = random_points(x, 1)
    while len(centres) < components:
        nearest = torch.cdist(x, centres).min(dim=1).values
        centres = torch.cat([centres, x[torch.multinomial(nearest**2, 1)]])
    return centres


warnings.filterwarnings("ignore", message="Component .* was empty")  # it starts anew
ended = []
for choose in (random_points, k_means_plus_plus):
    starts = [start_at(x_clouds, choose(x_clouds, 5)) for _ in range(100)]
    options = {"steps": 30, "tolerance": 0}
    ended.append([GaussianMixture(5).fit(x_clouds, start=s, **options) for s in starts])
ends = torch.tensor([[fitted.log_likelihoods[-1] for fitted in both] for both in ended])
as_good = (ends > ends.max() - 0.01).double().mean(dim=1)  # as the best end seen, nearly

# %% tags=["figure"]
order = sorted(sum(ended, []), key=lambda mixture: mixture.log_likelihoods[-1])
figure, (left, middle, right) = plt.subplots(
    1, 3, figsize=(14, 4.4), width_ratios=[1.3, 1, 1], layout="constrained"
)
left.hist(list(ends), 15, label=["random points", "k-means++"])
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
find_all.reveal(100 * as_good[0].item(), within=8)

# %%
claim(
    "C20h",
    "Centres far apart help: share of k-means++ starts that after 30 steps are as good "
    "as the best end seen",
    as_good[1],
    kind="experiment",
    at_least=0.55,
    control=("random points, equally many steps", as_good[0]),
)

# %% [markdown]
# In the worst end Gaussians stretch over several clouds, or share some. So choose centres far apart, and start several times: if one start succeeds with chance $q$, all of ten fail with $(1-q)^{10}$.
#
# ### It finds a point and collapses onto it
#
# Put one Gaussian on a single point, and make it narrower and narrower, while a second one
# covers all the rest. **Predict first:** what happens to the log-likelihood of the whole?

# %%
n, mean, covariance = len(x_clouds), x_clouds.mean(dim=0), x_clouds.T.cov()
widths = 10.0 ** -torch.arange(0, 13).double()


def total_log_likelihood(centre, width):
    weights = torch.tensor([1 - 1 / n, 1 / n]).double()
    covariances = torch.stack([covariance, width**2 * torch.eye(2).double()])
    return e_step(x_clouds, weights, torch.stack([mean, centre]), covariances)[1].sum()


on_a_point = [total_log_likelihood(x_clouds[0], width) for width in widths]
beside_it = [total_log_likelihood(x_clouds[0] + 0.05, width) for width in widths]
claim(
    "C20f",
    "On one point the likelihood grows without bound: gain for each tenfold narrowing",
    on_a_point[-1] - on_a_point[-2],
    kind="theorem",
    at_least=4.5,
    unit="nats",
    control=("beside the point", beside_it[-1] - beside_it[-2]),
)

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 4.2))
ax.plot(widths, on_a_point, "o-", label="on a point")
ax.plot(widths, beside_it, "o-", label="a little beside it")
ax.set(xscale="log", xlabel="standard deviation of the narrow Gaussian")
ax.set_ylabel("log-likelihood, nats")
ax.invert_xaxis()
ax.legend()
plt.show()

# %%
lonely = torch.cat([x_clouds, torch.tensor([[9.0, 9.0]])])  # one point far from all
for floor in (0, 0.01):
    try:
        floored = GaussianMixture(6, floor=floor, starts=5).fit(lonely)
        print(f"floor {floor}: fitted, {floored.log_likelihoods[-1]:.2f} nats per point")
    except ValueError as error:
        print(f"floor {floor}:", error)

# %% [markdown]
# No mixture has the highest likelihood: it grows without
# bound, by twice $\log 10$ for every tenfold narrowing (one for each dimension). EM falls into
# this hole when a Gaussian has a point for itself. A **floor** under every variance closes
# it: eigenvalues of a covariance below it are lifted to it. (That maximises
# the likelihood under this condition, so EM still never goes down.)
#
# ## 7 · Fifty Gaussians for digits
#
# Back to all 4,000 digits, 50 numbers each. Fifty Gaussians would have 80 digits each, on average: few for
# a covariance of 50 dimensions. One half of the held-out digits chooses the floor, the other half judges. (A dash: next to no floor.)

# %% tags=["figure"]
which_wins = Prediction(
    "Which gives new digits the highest log P(x)?",
    ["1 Gaussian", "10", "50", "10, with a floor", "50, with a floor"],
)
which_wins

# %%
choosing, judging = points_test[:500], points_test[500:]
floors = [0.03, 0.1, 0.3]
mixtures, chooses, judges = {}, {}, {}
print("  K  floor  parameters  training  choosing   judging   nats per digit")
for k, floor in [(1, None)] + [(k, floor) for k in (10, 50) for floor in [None, *floors]]:
    fitted = GaussianMixture(k, floor=floor).fit(points_train, tolerance=0.01)
    mixtures[k, floor], training = fitted, fitted.log_likelihoods[-1]
    chooses[k, floor] = fitted.log_prob(choosing).mean().item()
    judges[k, floor] = fitted.log_prob(judging).mean().item()
    print(f"{k:3} {floor or '–':>6} {fitted.parameters():11,} {training:9.1f}", end="")
    print(f" {chooses[k, floor]:9.1f} {judges[k, floor]:9.1f}")

# %%
best_floor = {k: max(floors, key=lambda floor: chooses[k, floor]) for k in (10, 50)}
gain = {k: judges[k, best_floor[k]] - judges[k, None] for k in (10, 50)}
fifty = mixtures[50, best_floor[50]]
claim(
    "C20g",
    "A floor reduces the overfitting of fifty Gaussians: what it gains on unseen digits",
    gain[50],
    kind="experiment",
    at_least=5,
    unit="nats per digit",
    control=("ten Gaussians, their best floor", gain[10]),
)

# %% tags=["figure"]
finals = {
    "1 Gaussian": (1, None),
    "10": (10, None),
    "50": (50, None),
    "10, with a floor": (10, best_floor[10]),
    "50, with a floor": (50, best_floor[50]),
}
which_wins.reveal(max(finals, key=lambda name: judges[finals[name]]))

# %% tags=["figure"]
rows = {
    f"drawn: {name}": as_images(mixtures[recipe].sample(12)[0])
    for name, recipe in finals.items()
}
plotting.image_grid(rows)

# %% [markdown]
# The floor reduces the overfitting and does not cure it: training digits still score far above new ones. (From another start ten, and fifty with a floor, may change places.)
# Yet to our eye fifty draw more readable digits than ten, even without the floor, where new digits
# score far lower: you cannot *see* this overfitting in these samples. And the fifty means, drawn on the cloud of section 1?

# %% tags=["figure", "opening"]
places = fifty.means[:, :2].clone()
for _ in range(200):  # push apart what would overlap
    apart = places[:, None] - places
    distance = apart.norm(dim=2) + 10 * torch.eye(50)
    push = (0.72 - distance).clamp(min=0) / distance
    places += 0.2 * (push[..., None] * apart).sum(dim=1)
figure, ax = plt.subplots(figsize=(12, 7), layout="constrained")
cloud(ax)
picture_at(as_images(fifty.means), places, ax)
ax.set_title("fifty Gaussians, fitted without a label: their means")
plt.show()

# %% [markdown]
# Nobody told the mixture what a digit is, and most of its means are a way of writing one. (Where two would overlap, we moved them apart.)
#
# One Gaussian could hardly tell a digit from a scribble. Can fifty?

# %%
claim(
    "C20i",
    "Fifty Gaussians tell unseen digits from the scribbles of one: share of pairs in "
    "which the digit has the higher P(x)",
    digit_wins(fifty, judging, drawn),
    kind="experiment",
    at_least=0.9,
    control=("one Gaussian", digit_wins(gaussian, judging, drawn)),
)
share = digit_wins(fifty, judging, fifty.sample(1000)[0])
print(f"digit against a drawing of the fifty: the digit is higher in {100 * share:.0f} %")

# %% [markdown]
# Fifty see what is wrong with the drawings of one. What is wrong with *their own* they hardly see (last line). Their drawings are the ones to beat: a later lesson puts a VAE's samples beside them.
#
# ## 8 · Where it breaks
#
# - **A mixture hardly sees its own faults** (section 7).
# - **Log-likelihood is not beauty.** Under one Gaussian a blur had the highest $P(x)$;
#   fifty without a floor, far behind ten on new digits, drew the more readable ones.
# - **Each Gaussian stands alone.** It learns slant and thickness anew, from some 80 digits. In lesson 05b one network names all Gaussians.
#
# ## 9 · Try it
#
# 1. Take 5 or 20 PCA numbers in place of 50 (`lead_of_the_mean(20)`). From which
#    dimension on does the mean beat every digit?
# 2. Start EM (section 4) with three times the *same* Gaussian. What happens, and why?
# 3. Fit `GaussianMixture(3, covariance="spherical")` to `x_014`. What
#    does it lose in log P(x), and which formula of section 4 changes?
# 4. Take 40 points in place of 300 in section 5. How many Gaussians does the BIC choose now?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(highest, how_far, find_all, which_wins)

# %% [markdown]
# - An image is a point; a set of images is a density $P(x)$, and drawing from it makes images.
# - In many dimensions a Gaussian's points lie in a shell, far from where $P(x)$ is highest; digits, too, keep away from there.
# - A mixture: draw $m$, then $x$. EM takes turns between responsibilities and Gaussians, and
#   never goes down.
# - It may end on the wrong hill (far-apart centres, several starts) or collapse onto one point (set a floor).
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
# | Laplace's approximation | 拉普拉斯近似 | an integral over a sharp peak, from its height and width |
# | latent variable | 隐变量 | $m$: drawn, never seen |
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
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
