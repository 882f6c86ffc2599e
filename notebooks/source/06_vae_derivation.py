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
# # 06 · The VAE derivation
#
# **How do you fit a model whose likelihood you cannot compute, and what do you give up?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/06_vae_derivation.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/06_vae_derivation.ipynb) ·
# 74 minutes to study, half a minute to run, no network needed
#
# **You will be able to**
#
# 1. write down the evidence lower bound (ELBO) from nothing, and say what each line does;
# 2. say what happens to $\log P(x)$ when the bound is raised through $q$, and through $P(x\mid z)$;
# 3. name the condition under which taking turns is EM, and what is lost without it;
# 4. turn the bound into the loss of a VAE, with every factor of two in its place;
# 5. tell apart what a Gaussian $q$ costs and what a too simple encoder costs.
#
# **Builds on** lesson 05 (mixtures, EM, a network that names infinitely many Gaussians).
# A later lesson puts the result to work on images.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="06")

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import MultivariateNormal, Normal, kl_divergence

from lessons_lib import claim, plotting
from lessons_lib.probability import (
    LinearGaussian,
    gaussian_kl,
    importance_weighted_bound,
)
from lessons_lib.widgets import BoundExplorer, FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · The problem
#
# Lesson 05 ended with a model of infinitely many Gaussians: draw a hidden $z\sim\mathcal N(0,1)$,
# then $x$ from a Gaussian whose mean depends on $z$,
#
# $$P(x)=\int P(z)\,P(x\mid z)\,dz .$$
#
# We did the integral on a grid over $z$. With ten numbers in $z$ a grid of 100 steps a side has
# $100^{10}$ points: $\log P(x)$ is out of reach. This lesson finds something that can be computed
# in its place: a **lower bound** of it.
#
# To trust each step we use a model in which everything *is* known: one number $z$, one number
# $x$, and $x\mid z\sim\mathcal N(2z, 1)$. We have seen $x=1$. What is $\log P(x)$, and which
# $z$ may have made it (the **posterior** $P(z\mid x)=P(x,z)/P(x)$)?

# %%
z = torch.linspace(-12, 12, 2401, dtype=torch.float64)  # the grid
x = torch.tensor(1.0).double()


def integral(values):  # over z, by the trapezoid rule
    return torch.trapezoid(values, z).item()


log_joint = Normal(0, 1).log_prob(z) + Normal(2 * z, 1).log_prob(x)  # log P(z) P(x|z)
log_p = math.log(integral(log_joint.exp()))
print(f"log P(x) on the grid {log_p:.9f}")
closed_form = Normal(torch.zeros_like(x), 5**0.5).log_prob(x)  # x ~ N(0, 2² + 1)
print(f"in closed form       {closed_form:.9f}")

posterior_on_grid = (log_joint - log_p).exp()
posterior_mean = integral(posterior_on_grid * z)
posterior_var = integral(posterior_on_grid * (z - posterior_mean) ** 2)
print(f"posterior: mean {posterior_mean:.6f}, variance {posterior_var:.6f}")

# Completing the square in log P(x, z) gives the posterior without a grid: N(0.4 x, 0.2).
log_posterior = Normal(0.4 * x, 0.2**0.5).log_prob(z)

# %% [markdown]
# ## 2 · The derivation, line by line
#
# Take *any* density $q(z\mid x)$ over $z$; we choose a Gaussian that is clearly not the
# posterior. Four equal lines follow, full of $q$, and then one inequality. **Predict first:** for
# how many of the four will the number depend on which $q$ we took?

# %%
q = Normal(torch.tensor(1.0).double(), 0.8)
log_q = q.log_prob(z)

# %% [markdown]
# **Line 1.** $q$ integrates to one, so we may average a constant over it:
#
# $$\log P(x)=\int q(z\mid x)\,\log P(x)\,dz .$$

# %%
print(f"line 1: {integral(log_q.exp() * log_p):.9f}")

# %% [markdown]
# **Line 2.** Bayes' rule, $P(x)=P(x,z)/P(z\mid x)$, which holds for *every* $z$:
#
# $$=\int q(z\mid x)\,\log\frac{P(x,z)}{P(z\mid x)}\,dz .$$

# %%
print(f"line 2: {integral(log_q.exp() * (log_joint - log_posterior)):.9f}")

# %% [markdown]
# **Line 3.** Multiply by $q/q=1$ inside the logarithm:
#
# $$=\int q(z\mid x)\,\log\Big(\frac{P(x,z)}{q(z\mid x)}\cdot\frac{q(z\mid x)}{P(z\mid x)}\Big)dz .$$

# %%
inside = (log_joint - log_q) + (log_q - log_posterior)
print(f"line 3: {integral(log_q.exp() * inside):.9f}")

# %% [markdown]
# **Line 4.** The logarithm of a product is a sum, and the integral of a sum is two integrals:
#
# $$=\underbrace{\int q(z\mid x)\,\log\frac{P(x,z)}{q(z\mid x)}\,dz}_{L_b}
# +\underbrace{\int q(z\mid x)\,\log\frac{q(z\mid x)}{P(z\mid x)}\,dz}_{\mathrm{KL}(q\,\|\,P(z\mid x))} .$$

# %%
bound = integral(log_q.exp() * (log_joint - log_q))
kl = integral(log_q.exp() * (log_q - log_posterior))
print(f"line 4: {bound:.9f} + {kl:.9f} = {bound + kl:.9f}")

# %% [markdown]
# **Line 5.** A KL divergence is never negative: $-\log$ is convex, so by Jensen's inequality
# $\mathrm{KL}=\int q\,\big(-\log\frac{P(z\mid x)}{q}\big)dz\ \ge\ -\log\int q\,\frac{P(z\mid x)}{q}\,dz
# =-\log 1=0$. Therefore
#
# $$\log P(x)\ \ge\ L_b ,$$
#
# with equality exactly when $q$ is the posterior. $L_b$ is the **evidence lower bound**, ELBO:
# it needs only $P(x,z)=P(z)P(x\mid z)$ and $q$, and never the integral that we cannot do.
#
# None of the four lines depends on $q$; only the *split* of line 4 does. One $q$ proves little, so
# here are twenty.


# %%
def four_lines(log_q):
    q = log_q.exp()
    bound, kl = integral(q * (log_joint - log_q)), integral(q * (log_q - log_posterior))
    inside = (log_joint - log_q) + (log_q - log_posterior)
    return [
        integral(q * log_p),
        integral(q * (log_joint - log_posterior)),
        integral(q * inside),
        bound + kl,
    ]


def log_density(mean, sd):  # of a Gaussian q, on the grid
    return Normal(z.new_tensor(mean), z.new_tensor(sd)).log_prob(z)


# %%
random_q = [(torch.randn(()).item(), 0.2 + torch.rand(()).item()) for _ in range(20)]
values = torch.tensor([four_lines(log_density(*q)) for q in random_q], dtype=z.dtype)
wrong = torch.tensor(four_lines(log_density(1.0, 0.8) + math.log(1.1)), dtype=z.dtype)
claim(
    "C22a",
    "Each line of the derivation is log P(x), whatever q is: largest distance, 20 q",
    (values - log_p).abs().max().item(),
    kind="identity",
    at_most=1e-6,
    unit="nats",
    control=("a q that integrates to 1.1", (wrong - log_p).abs().max().item()),
)


# %%
def bound_of(mean, sd):
    log_q = log_density(mean, sd)
    return integral(log_q.exp() * (log_joint - log_q))


def reconstruction_alone(mean, sd):  # E_q log P(x|z), without a KL, is no bound
    return integral(log_density(mean, sd).exp() * Normal(2 * z, 1).log_prob(x))


# %%
tries = [
    (3 * torch.randn(()).item(), 0.1 + 1.4 * torch.rand(()).item()) for _ in range(500)
]
tries.append((posterior_mean, posterior_var**0.5))  # and the posterior itself
print(f"gap where q is the posterior: {log_p - bound_of(*tries[-1]):.1e} nats")
claim(
    "C22b",
    "The bound is never above log P(x): largest excess, 500 random q and the posterior",
    max(bound_of(mean, sd) - log_p for mean, sd in tries),
    kind="theorem",
    at_most=1e-9,
    unit="nats",
    control=(
        "reconstruction alone",
        max(reconstruction_alone(mean, sd) - log_p for mean, sd in tries),
    ),
)

# %% [markdown]
# The same in more dimensions, in closed form: a linear decoder,
# $x\mid z\sim\mathcal N(Wz+\mu,\sigma^2I)$ with $x$ in five and $z$ in two dimensions
# (probabilistic PCA), and a Gaussian $q$ with mean $m$ and covariance $S$:
#
# $$L_b=\underbrace{-\tfrac12\big(2\log(2\pi)+\operatorname{tr}S+\lVert m\rVert^2\big)}_{E_q\log P(z)}
# \underbrace{-\tfrac12\Big(5\log(2\pi\sigma^2)+\tfrac{\lVert x-Wm-\mu\rVert^2+\operatorname{tr}(WSW^\top)}{\sigma^2}\Big)}_{E_q\log P(x\mid z)}
# +\underbrace{\tfrac12\log\big((2\pi e)^2\,|S|\big)}_{\text{entropy of }q}$$

# %%
W, mu, variance = torch.randn(5, 2).double(), torch.randn(5).double(), 0.5
model = LinearGaussian(W, mu, variance)
x_five = 2 * torch.randn(100, 5).double()
factor = 0.5 * torch.randn(2, 2).double() + torch.eye(2).double()
m, S = torch.randn(100, 2).double(), factor @ factor.T

log_2pi = math.log(2 * math.pi)
expected_prior = -0.5 * (2 * log_2pi + S.trace() + m.square().sum(dim=1))
misfit = (x_five - m @ W.T - mu).square().sum(dim=1) + (W @ S @ W.T).trace()
expected_x = -0.5 * (5 * (log_2pi + math.log(variance)) + misfit / variance)
entropy = 0.5 * (2 * (log_2pi + 1) + S.logdet())
bound_five = expected_prior + expected_x + entropy

q_five = MultivariateNormal(m, S.expand(100, 2, 2))
posterior_five = model.posterior(x_five)
for name, values in [
    ("log P(x) − L_b", model.log_prob(x_five) - bound_five),
    ("KL(q ‖ posterior)", kl_divergence(q_five, posterior_five)),
    ("KL(posterior ‖ q)", kl_divergence(posterior_five, q_five)),
]:
    print(f"{name:18}", *(f"{value:10.6f}" for value in values[:4]))  # of four x

# %% [markdown]
# ## 3 · Three bars
#
# Here is the whole lesson in one picture. The filled hill is the posterior, the red line is
# your $q$.

# %% tags=["figure"]
worse_width = Prediction(
    "q has the right mean. Which costs the bound more: a q twice as wide as the "
    "posterior, or half as wide?",
    ["twice as wide", "half as wide", "both cost the same"],
)
worse_width

# %% tags=["opening"]
BoundExplorer(z, log_joint, mean=1.0, sd=0.8)

# %%
cost = {}
for name, times in [("twice as wide", 2), ("half as wide", 0.5)]:
    cost[name] = log_p - bound_of(posterior_mean, times * posterior_var**0.5)
    print(f"{name:13}: the bound is {cost[name]:.3f} nats below log P(x)")

# %% tags=["figure"]
alike = abs(cost["twice as wide"] - cost["half as wide"]) < 0.05
worse_width.reveal("both cost the same" if alike else max(cost, key=cost.get))

# %% [markdown]
# $\log P(x)$ stands still: $q$ is our invention, and the data don't know about it. What $L_b$
# gains, KL loses. Pushing the bound as high as possible means making $q$ as close to the posterior
# as possible: **inference has become optimisation**. Find the $q$ with KL = 0; its mean and its
# variance were printed in section 1. Too wide costs more than too narrow: this KL punishes $q$ for
# lying where the posterior is not, and less for leaving a part of it out.
#
# ## 4 · EM once more
#
# Lesson 05 took turns between responsibilities and Gaussians. In the new words: the hidden $z$ is
# now $m$, which of the Gaussians a point came from (elsewhere in this lesson $m$ is a mean). The
# responsibilities are $q(m\mid x)$; the E-step sets $q$ to the exact posterior (KL = 0), and the
# M-step raises $L_b$ through $P$ while $q$ stands still.

# %%
from lessons_lib.models import GaussianMixture

clouds = torch.cat([torch.randn(150) - 4, torch.randn(150) + 4]).double()[:, None]
start = (
    torch.tensor([0.9, 0.1]).double(),  # weights,
    torch.tensor([[-0.2], [7.0]]).double(),  # means
    torch.tensor([4.0, 4.0]).double(),  # and variances, far from right
)
mixtures = [
    GaussianMixture(2, covariance="spherical").fit(
        clouds, steps=k, tolerance=0, start=start
    )
    for k in range(11)
]


# %%
def bars(mixture, q):  # log P(x) and L_b, means over the points
    gaussians = Normal(mixture.means.T, mixture.covariances.sqrt())
    log_joint = mixture.weights.log() + gaussians.log_prob(clouds)  # log P(x, m), (n, 2)
    log_p = torch.logsumexp(log_joint, dim=1)
    bound = (q * (log_joint - q.log())).sum(dim=1)
    return log_p.mean().item(), bound.mean().item()


half_steps = []
for k, mixture in enumerate(mixtures):
    if k:
        q_before = mixtures[k - 1].responsibilities(clouds)
        half_steps.append((f"M-step {k}", *bars(mixture, q_before)))
    half_steps.append(
        (f"E-step {k + 1}", *bars(mixture, mixture.responsibilities(clouds)))
    )

# %% tags=["figure"]
frames, captions = [], []
lowest = half_steps[1][2] - 0.1
limits = lowest, half_steps[-1][1] + 0.02
names, likelihoods, bounds = zip(*half_steps[1:14])
for i, name in enumerate(names):
    figure, (left, right) = plt.subplots(1, 2, figsize=(10.5, 4), width_ratios=[1.2, 1])
    left.plot(likelihoods[: i + 1], color=plotting.INK, label="log P(x)")
    left.plot(bounds[: i + 1], "o", label="bound")
    left.set(xlim=(-0.5, 13), ylim=limits, xlabel="half step (M, E, M, …)")
    left.set_ylabel("nats per point")
    left.legend(loc="lower right")
    heights = [likelihoods[i] - lowest, bounds[i] - lowest]
    colours = [plotting.INK, plotting.COLOURS[0]]
    right.bar(["log P(x)", "bound + KL"], heights, bottom=lowest, color=colours)
    kl_now = likelihoods[i] - bounds[i]
    right.bar("bound + KL", kl_now, bottom=bounds[i], color=plotting.COLOURS[1])
    right.set(ylim=limits, title=f"after {name}: KL {kl_now:.3f}")
    right.set_ylabel("nats per point (axis cut)")
    frames.append(figure)
    words = f"log P(x) {likelihoods[i]:.4f} = {bounds[i]:.4f} + KL {kl_now:.4f}"
    captions.append(f"{name}: {words}")
FramePlayer(frames, captions, label="half step", start=4, interval=700)

# %%
for half in ["E-step", "M-step"]:
    gaps = [abs(p - bound) for name, p, bound in half_steps if name.startswith(half)]
    print(f"largest KL after an {half}: {max(gaps):.1e} nats per point")

# %% [markdown]
# After every E-step $L_b$ touches $\log P(x)$, up to rounding. That is why EM can only climb: the
# M-step lifts $L_b$ (and opens a gap), and $\log P(x)$ is above it; the E-step closes the gap
# without moving $\log P(x)$. The promise needs **both** halves. What if the E-step is weak?
#
# ## 5 · The bound can rise while the likelihood falls
#
# One number to learn, $w$: $z\sim\mathcal N(0,1)$, $x\mid z\sim\mathcal N(wz,1)$, data made with
# $w=2$. And $q(z\mid x)=\mathcal N(ax, v)$, with $a$ and $v$ to choose. Everything is in closed
# form, with $\overline{x^2}$ the mean square of the data:
#
# $$L_b=-\tfrac12\Big(\log(2\pi)+(1-wa)^2\,\overline{x^2}+w^2v\Big)
# -\tfrac12\Big(v+a^2\,\overline{x^2}-1-\log v\Big),\qquad x\sim\mathcal N(0,w^2+1).$$
#
# Four ways to climb $L_b$, all from the **true** $w=2$, a start chosen so that a pull away from
# it shows (EM runs once more from $w=0.3$):
#
# - **only P**: $q$ stays what it is, here the prior ($a=0$, $v=1$);
# - **limited q**: $q$ is refreshed at each step, but its variance is stuck at 1;
# - **both**: small gradient steps on $w$, $a$ and $v$ together, from $q$ = prior;
# - **EM**: $q$ is set to the exact posterior at each step.
#
# And two controls, each with one thing changed: **EM slowly** has the exact posterior and steps as
# small as "only P" and "limited q"; **both, from the posterior** has only a better first $q$.

# %%
from itertools import islice

data = 2 * torch.randn(2000).double() + torch.randn(2000).double()
x2, one = data.square().mean(), torch.tensor(1.0).double()


def log_p_of(w):
    return Normal(0 * one, (w**2 + 1).sqrt()).log_prob(data).mean()


def bound_at(w, a, v):
    expected = -0.5 * (log_2pi + (1 - w * a) ** 2 * x2 + w**2 * v)
    return expected - 0.5 * (v + a**2 * x2 - 1 - v.log())


def best_w(a, v):  # where the bound is highest for a fixed q
    return a * x2 / (a**2 * x2 + v)


# %%
def only_p(w):
    while True:
        yield w, 0 * one, one
        w = w + 0.1 * (best_w(0 * one, one) - w)  # a tenth of the way, to see it


def limited_q(w, stuck=one):
    while True:
        a = w / (w**2 + 1)  # the best a, whatever v is
        yield w, a, stuck
        w = w + 0.1 * (best_w(a, stuck) - w)


def both(w, a=0 * one, v=one, rate=0.05):
    theta = torch.stack([w, a, v.log()])
    while True:
        theta = theta.detach().requires_grad_()
        state = theta[0], theta[1], theta[2].exp()
        yield state
        theta = theta + rate * torch.autograd.grad(bound_at(*state), theta)[0]


# %%
def em(w, part=1.0):  # of the way to the best w
    while True:
        a, v = w / (w**2 + 1), 1 / (w**2 + 1)  # the exact posterior
        yield w, a, v
        w = w + part * (best_w(a, v) - w)


# %% tags=["figure"]
how_many_fall = Prediction(
    "In how many of the four does log P(x) go down on the way, while the bound climbs?",
    ["one", "two", "three", "all four"],
)
how_many_fall

# %%
ways = {"only P": only_p(2 * one), "limited q": limited_q(2 * one), "both": both(2 * one)}
ways |= {"EM": em(2 * one), "EM from 0.3": em(0.3 * one), "EM slowly": em(2 * one, 0.1)}
ways["both, from the posterior"] = both(*next(em(2 * one)))


# Of log P(x), from any step to a later one, while the bound rises.
def largest_fall(path):
    assert all(b[1] >= a[1] - 1e-9 for a, b in zip(path, path[1:])), "the bound fell"
    values = [value for value, _ in path]
    return max(a - min(values[i:]) for i, a in enumerate(values))


paths, falls = {}, {}
for name, way in ways.items():
    states = list(islice(way, 101))
    paths[name] = [(log_p_of(s[0]).item(), bound_at(*s).item()) for s in states]
    falls[name] = largest_fall(paths[name])
    print(f"{name:24} w ends at {states[-1][0]:.2f}, ", end="")
    print(f"log P(x) fell by {falls[name]:.4f}")

# %% tags=["figure"]
frames, captions = [], []
drawn = ["only P", "limited q", "both", "EM", "EM from 0.3"]
for step in [0, 1, 2, 3, 5, 8, 12, 18, 30, 50, 100]:
    figure, axes = plt.subplots(1, 5, figsize=(14, 3.8), sharey=True)
    for ax, name in zip(axes, drawn):
        path = paths[name]
        likelihoods, bounds = zip(*path[: step + 1])
        ax.plot(bounds, color=plotting.COLOURS[0], lw=5, label="bound")
        ax.plot(likelihoods, color=plotting.INK, label="log P(x)")
        ax.plot(step, bounds[-1], "o", color=plotting.COLOURS[0], markersize=10)
        ax.plot(step, likelihoods[-1], "o", color=plotting.INK)
        ax.set_xscale("symlog", linthresh=1)
        ax.set(title=name, xlabel="step", xlim=(-0.2, 150), ylim=(-5.7, -2))
        ax.set(xticks=[0, 1, 10, 100], xticklabels=[0, 1, 10, 100])
    axes[0].set_ylabel("nats per point")
    axes[0].legend(loc="lower right")
    frames.append(figure)
    words = [f"{name} {paths[name][step][0]:.2f}" for name in drawn]
    captions.append(f"step {step}: log P(x): " + ", ".join(words))
FramePlayer(frames, captions, label="step", start=-1, interval=600)

# %% tags=["figure"]
falling = [falls[name] > 0.001 for name in ["only P", "limited q", "both", "EM"]]
how_many_fall.reveal(["none", *how_many_fall.options][sum(falling)])

# %%
sentences = {
    "C23b": "Raised through P(x|z) alone, the bound climbs and log P(x) falls: by",
    "C23c": "With a limited q, refreshed each step (variational EM), too: by",
    "C23d": "Gradient steps on both, from a bad q, lose likelihood on the way: by",
}
for number, kind, name, control in [
    ("C23b", "theorem", "only P", "EM slowly"),
    ("C23c", "experiment", "limited q", "EM slowly"),
    ("C23d", "experiment", "both", "both, from the posterior"),
]:
    claim(
        number,
        sentences[number],
        falls[name],
        kind=kind,
        at_least=0.02,
        unit="nats per point",
        control=(control, falls[control]),
    )

# %% [markdown]
# The lecture warns of the first. "Only P" ends at $w=0$: the posterior *is* the prior there, KL is
# zero again, and $z$ is no longer used. This is called **posterior collapse**.
#
# The lecture's remedy, "$q$ solves this well", holds under a condition: $q$ must *reach* the
# posterior, as in EM. A $q$ that is refreshed but limited still pulls $P$ towards models whose
# posterior it can imitate: compare the printed $w$. And gradient steps on both, which is how a VAE
# learns, *can* lose likelihood while $q$ is bad; from the exact $q$ they lost none. (No VAE starts
# at the true decoder with the prior as its $q$: we did, to see that it can happen.)
#
# How much can a step lose? If it does not lower the bound, then
# $\log P_\text{new}\ge L_\text{new}\ge L_\text{old}=\log P_\text{old}-\mathrm{KL}_\text{old}$:
# **at most the KL before it**. So $\log P(x)$ can fall only while KL > 0; where KL is zero, bound
# and likelihood not only touch, they have the same slope in $w$.

# %%
beyond = [
    (before[0] - after[0]) - (before[0] - before[1])  # fall minus KL before it
    for path in paths.values()
    for before, after in zip(path, path[1:])
]
w_exact, a_exact, v_exact = next(em(2 * one))
fall = (log_p_of(w_exact) - log_p_of(w_exact + 0.5)).item()  # from KL = 0, bound lowered
claim(
    "C23e",
    "A step that does not lower the bound costs at most the KL before it: largest excess",
    max(beyond),
    kind="theorem",
    at_most=1e-9,
    unit="nats per point",
    control=("a step from KL = 0 that lowers the bound", fall),
)

# %%
w = torch.tensor(1.3).double().requires_grad_()
_, *exact_q = next(em(w.detach()))
(of_likelihood,) = torch.autograd.grad(log_p_of(w), w)
print(f"slope in w: of log P(x)             {of_likelihood:9.6f}")
for name, (a, v) in [("posterior", exact_q), ("prior", (0 * one, one))]:
    (of_bound,) = torch.autograd.grad(bound_at(w, a, v), w)
    print(f"    of the bound, q the {name:9}   {of_bound:9.6f}")

# %% [markdown]
# ## 6 · From the bound to the loss
#
# Write $P(x,z)=P(z)\,P(x\mid z)$ and sort the logarithms differently:
#
# $$L_b=\int q\,\log\frac{P(z)\,P(x\mid z)}{q}\,dz
# =\underbrace{E_q\big[\log P(x\mid z)\big]}_{\text{reconstruction}}
# -\underbrace{\mathrm{KL}\big(q(z\mid x)\,\|\,P(z)\big)}_{\text{price of the code}} .$$
#
# A VAE *minimises* the loss
# $-L_b=-E_q\big[\log P(x\mid z)\big]+\mathrm{KL}\big(q(z\mid x)\,\|\,P(z)\big)$. Mind this second
# KL: it is to the **prior**, and can be computed. For
# $q=\mathcal N(m,v)$ and $P(z)=\mathcal N(0,1)$, with $E_q[z^2]=v+m^2$ and
# $E_q[(z-m)^2]=v$:
#
# $$\mathrm{KL}=E_q[\log q-\log P(z)]
# =E_q\Big[-\tfrac12\log(2\pi v)-\tfrac{(z-m)^2}{2v}+\tfrac12\log(2\pi)+\tfrac{z^2}2\Big]
# =\tfrac12\big(v+m^2-1-\log v\big).$$

# %%
mean, log_var = torch.randn(50, 4).double(), torch.randn(50, 4).double()
ours = gaussian_kl(mean, log_var)  # ½ Σ (v + m² − 1 − log v) over four dimensions
sd = (0.5 * log_var).exp()
library = kl_divergence(Normal(mean, sd), Normal(0, 1)).sum(dim=1)
print(f"closed form {ours[0]:.6f}, torch.distributions {library[0]:.6f}, first of 50")

draws = mean + sd * torch.randn(3000, 50, 4).double()
log_ratio = Normal(mean, sd).log_prob(draws) - Normal(0, 1).log_prob(draws)
log_ratio = log_ratio.sum(dim=2)  # (3000, 50)
error = log_ratio.std(dim=0) / 3000**0.5  # of the Monte Carlo mean, by chance
farthest = ((ours - log_ratio.mean(dim=0)) / error).abs().max()
chance = 1 - (1 - 2 * Normal(0, 1).cdf(-farthest)) ** 50  # that one of 50 is so far out
print(f"farthest of 50 from its Monte Carlo mean: {farthest:.1f} standard errors;")
print(f"by chance alone, one of 50 is that far out in {100 * chance:.0f} % of runs")

# %% [markdown]
# ### What the lecture writes
#
# The lecture's loss is $\lVert x-\hat x\rVert^2+\sum\big(e^\sigma-(1+\sigma)+m^2\big)$, and its
# code is $c=e^\sigma\cdot e+m$ with noise $e\sim\mathcal N(0,1)$. Do the pieces fit? It depends
# on what $\sigma$ is. Take our model, $x=1$ and $\hat x=2z$: the true posterior has mean 0.4 and
# variance 0.2. Minimise each reading of the loss and see which variance it finds. The expected
# squared error is $(1-2m)^2+4v$; half of it is the negative log-likelihood in nats, up to a
# constant. The fourth reading is our repair of the third.


# %%
def minimise(loss, start):  # to many digits, for a few unknowns
    unknowns = torch.tensor(start).double().requires_grad_()
    optimizer = torch.optim.LBFGS([unknowns], max_iter=150, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss(*unknowns)
        value.backward()
        return value

    optimizer.step(closure)
    return unknowns.detach()


# %%
readings = {
    "σ = log-variance, squared error": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * s.exp() + s.exp() - (1 + s) + m**2
    ),
    "σ = log-variance, nats": lambda m, s: (
        0.5 * ((1 - 2 * m) ** 2 + 4 * s.exp()) + s.exp() - (1 + s) + m**2
    ),
    "σ = log of deviation": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * (2 * s).exp() + s.exp() - (1 + s) + m**2
    ),
    "σ = log of deviation, repaired": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * (2 * s).exp() + (2 * s).exp() + m**2 - 1 - 2 * s
    ),
}


# %% tags=["figure"]
right_reading = Prediction(
    "Which of the first three readings of the lecture's loss finds the true posterior?",
    list(readings)[:3],
)
right_reading

# %%
found = {}
for name, loss in readings.items():
    m, s = minimise(loss, (0.0, 0.0))
    v = (2 * s).exp() if "deviation" in name else s.exp()
    found[name] = m.item(), v.item()
    print(f"{name:34} mean {m:.4f}, variance {v:.4f}")


# %%
def distance(name):
    mean, variance = found[name]
    return max(abs(mean - posterior_mean), abs(variance - posterior_var))


# %% tags=["figure"]
right_reading.reveal(min(list(readings)[:3], key=distance))

# %%
right, _, deviation, _ = readings
claim(
    "C24b",
    "With σ the log-variance, beside a squared error, it finds the posterior: off by",
    distance(right),
    kind="identity",
    at_most=1e-4,
    control=("σ the log of the standard deviation", distance(deviation)),
)

# %% [markdown]
# So the lecture's loss and its code $c$ contradict each other. With $\sigma=\log v$ the term
# $\sum(e^\sigma-(1+\sigma)+m^2)$ is *twice* the KL. That is right beside $\lVert x-\hat x\rVert^2$,
# itself twice a negative log-likelihood; beside a cross-entropy or another reconstruction in nats
# it is a KL with weight $\beta=2$, and finds another mean and another variance. And
# $c=e^\sigma e+m$ makes $\sigma$ the log of the *standard deviation*, whose KL is
# $\tfrac12\sum(e^{2\sigma}+m^2-1-2\sigma)$; with a log-variance it is $c=e^{\sigma/2}e+m$. In these
# lessons `log_var` is always the log-variance, and everything is in nats.
#
# ### A gradient through a draw
#
# $E_q[\log P(x\mid z)]$ is estimated from draws of $z$. But how does a gradient with respect to
# $m$ pass through a *draw*? Two ways:
#
# - **reparameterisation**: $z=m+\sqrt v\,e$ with $e\sim\mathcal N(0,1)$. The randomness is all in $e$,
#   and $z$ is an ordinary function of $m$: the gradient is $f'(z)$;
# - **score function**: $\nabla_m E_q[f]=E_q\big[f(z)\,\nabla_m\log q(z)\big]
#   =E_q\big[f(z)\,(z-m)/v\big]$, which works for any $f$, even one without a derivative.
#
# Both are right on average. To be fair to the second: subtracting a constant from $f$ (a
# **baseline**) changes nothing on average, and can calm it; we try the mean of $f$, and the
# constant that calms it most, $E_q[f\,s^2]/E_q[s^2]$ with $s=(z-m)/v$. **Predict first:** how do
# the variances compare?

# %%
m, v = 0.4, 0.2
draws = m + v**0.5 * torch.randn(1_000_000).double()
f = Normal(2 * draws, 1).log_prob(x)  # log P(x|z) at x = 1
score = (draws - m) / v  # the derivative of log q(z) in m
baseline = (f * score**2).mean() / (score**2).mean()
by_reparameterisation = 2 * (x - 2 * draws)  # f'(z)
with_baseline = (f - baseline) * score
print(f"exact gradient {2 * (1 - 2 * m):.4f}")  # of E_q f, by hand
gradients = {"reparameterised": by_reparameterisation, "score function": f * score}
gradients["less the mean of f"] = (f - f.mean()) * score
gradients["best baseline"] = with_baseline
for name, g in gradients.items():
    print(f"{name:18} mean {g.mean():.4f}, variance {g.var():.3f}")

first, second = by_reparameterisation.chunk(2)
claim(
    "C24d",
    "Even with the best constant baseline the score function is noisier: variance ratio",
    (with_baseline.var() / by_reparameterisation.var()).item(),
    kind="experiment",
    at_least=1.5,
    control=("reparameterised, two halves", (first.var() / second.var()).item()),
)

# %% [markdown]
# ## 7 · When q cannot be the posterior
#
# Bend the decoder: $x\mid z\sim\mathcal N(z^2, 0.5^2)$. An $x$ near 2 may come from a positive or
# a negative $z$, so the posterior has **two bumps**.

# %% tags=["figure"]
best_shape = Prediction(
    "Which Gaussian q has the highest bound?",
    ["wide, over both bumps", "narrow, on one bump", "narrow, between them"],
)
best_shape


# %%
def log_joint_at(x):  # on the grid, for the bent decoder
    return Normal(0, 1).log_prob(z) + Normal(z**2, 0.5).log_prob(x)


x_two = torch.tensor(2.0).double()
BoundExplorer(z, log_joint_at(x_two), mean=0.0, sd=1.2)


# %%
def log_p_at(x):
    return math.log(integral(log_joint_at(x).exp()))


# The best Gaussian from a start: its mean, its standard deviation, and its bound.
def best_q(log_joint, start):
    def minus_bound(mean, log_sd):
        log_q = Normal(mean, log_sd.exp()).log_prob(z)
        return -torch.trapezoid(log_q.exp() * (log_joint - log_q), z)

    mean, log_sd = minimise(minus_bound, start)
    return mean.item(), log_sd.exp().item(), -minus_bound(mean, log_sd).item()


tried = [
    best_q(log_joint_at(x_two), start)  # from the right, from the left, and wide
    for start in [(1.0, -1.0), (-1.0, -1.0), (0.0, 0.0)]
]
for mean, sd, value in tried:
    print(f"N({mean:+.2f}, {sd:.2f}²): KL {log_p_at(x_two) - value:.3f} nats")
best_mean, best_sd, best_bound = max(tried, key=lambda q: q[2])
print(f"log 2 = {math.log(2):.3f}")

# %% tags=["figure"]
in_the_middle = "wide, over both bumps" if best_sd > 0.5 else "narrow, between them"
best_shape.reveal("narrow, on one bump" if abs(best_mean) > 1 else in_the_middle)

# %%
claim(
    "C24e",
    "The best Gaussian q leaves a gap under a two-bumped posterior",
    log_p_at(x_two) - best_bound,
    kind="theorem",
    at_least=0.4,
    unit="nats",
    control=("linear decoder, one bump", log_p - best_q(log_joint, (0.0, 0.0))[2]),
)

# %% [markdown]
# One bump is better than a wide hill over both: as in section 3, $q$ is punished for being where
# the posterior is not (between the bumps), and less for missing a bump. Half of the posterior is
# thrown away, which costs $\log 2$; the little on top is there because a bump is not quite a
# Gaussian. No Gaussian can close this gap while $P$ stays as it is: it is the price of the
# *family*.
#
# A VAE pays once more. It does not search for the best $q$ for each $x$, it *asks a network*: one
# **encoder** for all $x$ (this is *amortised* inference). Let ours be affine: mean $a+bx$ and
# log-variance $c+dx$, with the same $a,b,c,d$ for all points. **Predict first:** how much will an
# encoder save that can bend in four places?

# %%
x_many = torch.randn(60).double() ** 2 + 0.5 * torch.randn(60).double()
log_p_many = torch.tensor([log_p_at(x) for x in x_many])


def bound_of_best_q(x):  # of the best from two starts: a bump, and wide
    bump = (max(x.item(), 0.1) ** 0.5, -1.0)
    return max(best_q(log_joint_at(x), start)[2] for start in [bump, (0.0, -0.5)])


best = torch.tensor([bound_of_best_q(x) for x in x_many])
log_joint_many = Normal(0, 1).log_prob(z) + Normal(z**2, 0.5).log_prob(x_many[:, None])


# %%
def price_of_encoder(features):  # nats below the best q of each point
    k = features.shape[1]

    def lost(*weights):  # k of them for the mean, k for the log-variance
        weights = torch.stack(weights)
        mean, log_var = features @ weights[:k, None], features @ weights[k:, None]
        log_q = Normal(mean, (0.5 * log_var).exp()).log_prob(z)
        bounds = torch.trapezoid(log_q.exp() * (log_joint_many - log_q), z, dim=1)
        return (best - bounds).mean()

    start = [0.5, 0.3] + [0.0] * (k - 2) + [-1.0] + [0.0] * (k - 1)
    return lost(*minimise(lost, start)).item()


affine = torch.stack([torch.ones_like(x_many), x_many], dim=1)
bends = torch.tanh(x_many[:, None] - torch.arange(4))  # at x = 0, 1, 2, 3
family = (log_p_many - best).mean().item()
price = {"affine": price_of_encoder(affine)}
price["with four bends"] = price_of_encoder(torch.cat([affine, bends], dim=1))
print(f"family: {family:.2f} nats a point")
for name, nats in price.items():
    print(f"encoder {name}: {nats:.2f} more")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 3.2))
for row, nats in enumerate(price.values()):
    ax.barh(row, family, color=plotting.COLOURS[1])
    ax.barh(row, nats, left=family, color=plotting.COLOURS[6])
    ax.text(
        family / 2, row, f"family {family:.2f}", ha="center", va="center", color="black"
    )
    ax.text(family + nats + 0.01, row, f"encoder {nats:.2f}", va="center")
ax.set(yticks=[0, 1], yticklabels=list(price), ylim=(1.6, -0.6))
ax.set(xlim=(0, 1.25 * (family + max(price.values()))))
ax.set(xlabel="nats per point below log P(x)")
plt.show()

# %%
claim(
    "C24f",
    "An affine encoder costs on top of the family: nats below the best q of each x",
    price["affine"],
    kind="experiment",
    at_least=0.15,
    unit="nats per point",
    control=("four bends, and just as shared", price["with four bends"]),
)

# %% [markdown]
# So most of the second price is that of a *too simple* encoder. To share one costs little here,
# once it can bend (on the points that it was fitted to: new ones are another question).
#
# ### A tighter bound from more draws
#
# The bound averages logarithms. Average first, and take the logarithm after:
#
# $$L_K=E\Big[\log\frac1K\sum_{k=1}^K\frac{P(x,z_k)}{q(z_k\mid x)}\Big],\qquad
# L_1=L_b\ \le\ L_5\ \le\ L_{50}\ \le\ \log P(x)$$
#
# with $z_1,\dots,z_K$ drawn independently from $q$ (Burda, Grosse and Salakhutdinov 2016). Why?
# Jensen once more. The mean inside has the expectation $\int q\,\frac{P(x,z)}{q}\,dz=P(x)$, and the
# mean of a logarithm lies below the logarithm of the mean: $L_K\le\log P(x)$. And a mean of $K+1$
# ratios is the mean of $K+1$ means, each of which leaves one ratio out: $L_K\le L_{K+1}$.
#
# The draws that fit well count more: **importance weighting**. Against the best Gaussian of above we
# send a wide one, $\mathcal N(0,1.3^2)$, over both bumps.

# %%
draws_tried = [1, 2, 5, 10, 20, 50]


# %% tags=["figure"]
overtakes = Prediction(
    "With how many weighted draws does the wide q first pass the best Gaussian's bound?",
    [str(K) for K in draws_tried[1:]] + ["not even with 50"],
)
overtakes

# %%
exact = log_p_at(x_two)
q_wide = Normal(torch.tensor(0.0).double(), 1.3)
log_q = q_wide.log_prob(z)
bound_wide = integral(log_q.exp() * (log_joint_at(x_two) - log_q))  # one draw: L_b

draws = q_wide.sample((200_000,))
log_joint_drawn = Normal(0, 1).log_prob(draws) + Normal(draws**2, 0.5).log_prob(x_two)
log_q_drawn = q_wide.log_prob(draws)
weighted = {1: bound_wide}
for K in draws_tried[1:]:  # the same draws each time, in groups of K
    groups = log_joint_drawn.reshape(K, -1), log_q_drawn.reshape(K, -1)
    weighted[K] = importance_weighted_bound(*groups).mean().item()
print("  ".join(f"K = {K}: {value:.3f}" for K, value in weighted.items()))
print(f"bound of the best Gaussian {best_bound:.3f}; log P(x) {exact:.3f}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(8, 4))
ax.plot(weighted.keys(), weighted.values(), "o-", label="wide q, K weighted draws")
ax.axhline(exact, ls="--", color=plotting.INK, label="log P(x)")
ax.axhline(best_bound, color=plotting.COLOURS[2], label="best Gaussian, unweighted")
ax.set(xscale="log", xticks=list(weighted), xticklabels=list(weighted))
ax.minorticks_off()
ax.set(xlabel="draws K", ylabel="nats", ylim=(-6, -1.8))
ax.legend(loc="lower right")
plt.show()

# %% tags=["figure"]
passing = [str(K) for K, value in weighted.items() if value > best_bound]
overtakes.reveal([*passing, "not even with 50"][0])

# %%
claim(
    "C24g",
    "Fifty weighted draws of a wide q come close to log P(x): nats that are missing",
    exact - weighted[50],
    kind="experiment",
    at_most=0.2,
    unit="nats",
    control=("the best Gaussian, unweighted", exact - best_bound),
)

# %% [markdown]
# With one draw the wide $q$ is hopeless, with a few it passes the best Gaussian: it knows both
# bumps, and the weights sort out the rest. (Averaging more draws *without* weights changes nothing:
# that is $L_1$ whatever their number.)
#
# ## 8 · Where it breaks
#
# - **The bound is not the likelihood.** Compare two models by their bounds, and you compare
#   their likelihoods *and* how well each $q$ fits (section 5).
# - **A Gaussian q picks a bump**, and looks sure.
# - **The encoder is limited, too.** Cremer, Li and Duvenaud (2018) measure the cost on images.
# - **Importance weighting needs a q that reaches everywhere** (Try it 4).
#
# ## 9 · Try it
#
# 1. In section 3, how low can you push $L_b$? Is there a lowest value?
# 2. Call `limited_q(2 * one, stuck=0.2 * one)` in section 5. Where does $w$ end, and why is a
#    variance near the posterior's less harmful?
# 3. Which $\beta$ beside a reconstruction in nats gives back the posterior? Check it in
#    `readings`.
# 4. Take the best Gaussian of section 7 (`best_mean`, `best_sd`) in place of the wide one for the
#    importance-weighted bound, with K = 1, 5, 50. Where does it stop, and why would 5,000 draws
#    hardly help?
# 5. In section 6, take `f = torch.sin(5 * draws)` (and its derivative). Which gradient is noisier
#    now?
#
# ## 10 · Summary
#
# - $\log P(x)=L_b+\mathrm{KL}(q\,\|\,P(z\mid x))$, for every $q$; so $L_b\le\log P(x)$.
# - Raising $L_b$ through $q$ moves $q$ towards the posterior and leaves $\log P(x)$ alone.
#   Raising it through $P(x\mid z)$ can lower $\log P(x)$, but only while KL > 0.
# - EM brings KL back to zero at each E-step. A VAE does not: it pays for the family, and for what
#   its encoder can't express.
# - The loss is $-L_b=-E_q[\log P(x\mid z)]+\mathrm{KL}(q\,\|\,P(z))$; in nats, with $\sigma$ the
#   log-variance, the KL is $\tfrac12\sum(e^\sigma+m^2-1-\sigma)$.
# - Writing a draw as $z=m+\sqrt v\,e$ lets the gradient pass, with less noise than the score
#   function in our example.

# %% tags=["figure"]
PredictionCount(worse_width, how_many_fall, right_reading, best_shape, overtakes)

# %% [markdown]
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | evidence lower bound (ELBO) | 证据下界、变分下界 | $L_b$ |
# | posterior, prior | 后验、先验 | $P(z\mid x)$; $P(z)$ |
# | variational inference | 变分推断 | inference as optimisation over $q$ |
# | KL divergence | KL 散度 | $\int q\log(q/p)$, never negative, not symmetric |
# | encoder | 编码器 | the network that gives $q(z\mid x)$ |
# | posterior collapse | 后验坍缩 | $q$ is the prior, and $z$ is no longer used |
# | log-variance | 对数方差 | `log_var` |
# | reparameterisation trick | 重参数化技巧 | $z=m+\sqrt v\,e$ |
# | score-function estimator | 得分函数估计 | $f\,\nabla\log q$ |
# | amortised inference | 摊销推断 | one encoder for all $x$ |
# | importance weighting | 重要性加权 | draws weighted by $P(x,z)/q$ |
#
# **References**
#
# - D. P. Kingma and M. Welling (2014), *Auto-encoding variational Bayes*, arXiv:1312.6114;
#   D. J. Rezende, S. Mohamed and D. Wierstra (2014), *Stochastic backpropagation*,
#   arXiv:1401.4082.
# - R. M. Neal and G. E. Hinton (1998), *A view of the EM algorithm that justifies incremental,
#   sparse, and other variants*, in Learning in Graphical Models, 355–368.
# - M. E. Tipping and C. M. Bishop (1999), *Probabilistic principal component analysis*, Journal
#   of the Royal Statistical Society B 61, 611–622.
# - Y. Burda, R. Grosse and R. Salakhutdinov (2016), *Importance weighted autoencoders*,
#   arXiv:1509.00519.
# - C. Cremer, X. Li and D. Duvenaud (2018), *Inference suboptimality in variational
#   autoencoders*, arXiv:1801.03558 (family and encoder).
# - R. J. Williams (1992), *Simple statistical gradient-following algorithms for connectionist
#   reinforcement learning*, Machine Learning 8, 229–256 (score function).
