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
# # 06a · The bound
#
# **How do you fit a model whose likelihood you cannot compute, and when does that make it worse?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/06a_the_bound.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/06a_the_bound.ipynb) ·
# 45 minutes to study, 10 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write down the evidence lower bound (ELBO) from nothing, and say what each line does;
# 2. say what happens to $\log P(x)$ when the bound is raised through $q$, and when it is raised through $P(x\mid z)$;
# 3. say when taking turns is EM, and what a limited $q$ costs;
# 4. say how much a step can cost at most, and what a head start of $q$ buys.
#
# **Builds on** lessons 05a (EM) and 05b (a network that names infinitely many Gaussians). Lesson 06b makes the bound a loss.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="06a")

# %%
import math
from functools import partial

import matplotlib.pyplot as plt
import torch
from torch.distributions import Normal

from lessons_lib import claim, plotting
from lessons_lib.models import GaussianMixture
from lessons_lib.widgets import BoundExplorer, FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · The problem
#
# Lesson 05b ended with a model of infinitely many Gaussians: draw a hidden $z\sim\mathcal N(0,1)$,
# then $x$ from a Gaussian whose mean depends on $z$,
#
# $$P(x)=\int P(z)\,P(x\mid z)\,dz .$$
#
# We did the integral on a grid over $z$. With ten numbers in $z$ a grid of 100 steps a side has
# $100^{10}$ points: $\log P(x)$ is out of a grid's reach. This lesson computes something in its place, a **lower bound**.
#
# To trust each step we use a model in which everything *is* known: one number $z$, one number
# $x$, and $x\mid z\sim\mathcal N(2z, 1)$. We have seen $x=1$.
#
# - *What is $\log P(x)$?* $x$ is $2z$ plus noise, two independent Gaussians of variance 4 and 1. So $x\sim\mathcal N(0,5)$.
# - *Which $z$ may have made it?* The **posterior**, $P(z\mid x)=P(x,z)/P(x)$, tells. Complete the square in $z$:
#   $\log P(x,z)=-\tfrac12z^2-\tfrac12(x-2z)^2+\dots=-\tfrac52(z-0.4x)^2+\dots$, where the dots don't contain $z$. So
#   $z\mid x\sim\mathcal N(0.4x,\,0.2)$.

# %%
z = torch.linspace(-12, 12, 2401, dtype=torch.float64)  # the grid
x = torch.tensor(1.0).double()


def integral(values):  # over z, by the trapezoid rule
    return torch.trapezoid(values, z)


log_x_given_z = Normal(2 * z, 1).log_prob(x)
log_joint = Normal(0, 1).log_prob(z) + log_x_given_z  # log P(x, z)
log_p = integral(log_joint.exp()).log()
closed_form = Normal(torch.zeros_like(x), 5**0.5).log_prob(x)
print(f"log P(x) on the grid {log_p:.9f}, in closed form {closed_form:.9f}")

on_grid = (log_joint - log_p).exp()
mean = integral(on_grid * z)
variance = integral(on_grid * (z - mean) ** 2)
print(f"posterior: mean {mean:.6f}, variance {variance:.6f}, sd {variance.sqrt():.3f}")
log_posterior = Normal(0.4 * x, 0.2**0.5).log_prob(z)  # in closed form

# %% [markdown]
# ## 2 · The derivation, line by line
#
# Take *any* density $q(z\mid x)$ over $z$.
#
# **Line 1.** $q$ integrates to one, so we may average a constant over it:
#
# $$\log P(x)=\int q(z\mid x)\,\log P(x)\,dz .$$
#
# **Line 2.** Bayes' rule, $P(x)=P(x,z)/P(z\mid x)$, which holds for *every* $z$:
#
# $$=\int q(z\mid x)\,\log\frac{P(x,z)}{P(z\mid x)}\,dz .$$
#
# **Line 3.** Multiply by $q/q=1$ inside the logarithm:
#
# $$=\int q(z\mid x)\,\log\Big(\frac{P(x,z)}{q(z\mid x)}\cdot\frac{q(z\mid x)}{P(z\mid x)}\Big)dz .$$
#
# **Line 4.** The logarithm of a product is a sum, and the integral of a sum is two integrals:
#
# $$=\underbrace{\int q(z\mid x)\,\log\frac{P(x,z)}{q(z\mid x)}\,dz}_{L_b}
# +\underbrace{\int q(z\mid x)\,\log\frac{q(z\mid x)}{P(z\mid x)}\,dz}_{\mathrm{KL}(q\,\|\,P(z\mid x))} .$$
#
# Check it. **Predict first.**

# %% tags=["figure"]
lines_that_move = Prediction(
    "Six numbers: the four lines, L_b and KL. We compute them for 500 different q. "
    "How many of the six numbers change with q?",
    ["none", "two", "four", "all six"],
)
lines_that_move


# %%
def four_lines(log_q):
    q = log_q.exp()
    bound, kl = integral(q * (log_joint - log_q)), integral(q * (log_q - log_posterior))
    line_1 = integral(q * log_p)
    line_2 = integral(q * (log_joint - log_posterior))
    line_3 = integral(q * ((log_joint - log_q) + (log_q - log_posterior)))
    return torch.stack([line_1, line_2, line_3, bound + kl]), bound, kl


lines, one_bound, one_kl = four_lines(Normal(torch.ones(1).double(), 0.8).log_prob(z))
print("q = N(1, 0.8²): lines 1 to 4:", *(f"{line:.9f}" for line in lines))
print(f"the last is {one_bound:.9f} + {one_kl:.9f}")

q_means = 6 * torch.rand(500, 1).double() - 3
q_sds = 0.1 + 1.2 * torch.rand(500, 1).double()
log_q = Normal(q_means, q_sds).log_prob(z)  # 500 of them, each on the grid
all_lines, q_bounds, q_kls = four_lines(log_q)
moves = [(each.max() - each.min()).item() for each in (*all_lines, q_bounds, q_kls)]
print("lines 1 to 4, bound, KL move by", *(f"{each:.1e}" for each in moves), "nats")
print(f"lines 1 to 4 are log P(x) to within {(all_lines - log_p).abs().max():.1e}")

# %% tags=["figure"]
moving = sum(each > 1e-6 for each in moves)
lines_that_move.reveal({0: "none", 2: "two", 4: "four", 6: "all six"}[moving])

# %% [markdown]
# Only the *split* depends on $q$.
#
# **Line 5.** The second part, a **Kullback–Leibler divergence**, is never negative. For $-\log$ is convex, so its mean is at least $-\log$ of the mean (Jensen's inequality):
#
# $$\mathrm{KL}=\int q\,\Big(-\log\frac{P(z\mid x)}{q}\Big)dz\ \ge\ -\log\int q\,\frac{P(z\mid x)}{q}\,dz
# =-\log 1=0 ,\qquad\text{so}\quad\log P(x)\ \ge\ L_b .$$
#
# As $-\log$ is *strictly* convex, equality holds only when $P(z\mid x)/q$ is the same for all $z$: when $q$ is the posterior. $L_b$ is the **evidence lower bound**, ELBO:
# it needs only $P(x,z)=P(z)P(x\mid z)$ and $q$, and never the integral that we cannot do. Can one of the 500 break it?
#
# $L_b$ has two parts: $\log P(x\mid z)$ averaged over $q$, and the same of $\log(P(z)/q)$. Drop the second, and what is left bounds nothing: that is the control.

# %%
reconstruction = integral(log_q.exp() * log_x_given_z)  # log P(x|z), averaged over q
_, of_posterior, _ = four_lines(log_posterior)
print(f"q the posterior: log P(x) − bound = {log_p - of_posterior:.1e}")
claim(
    "C22b",
    "The bound is never above log P(x): largest excess, 500 random q and the posterior",
    torch.cat([q_bounds, of_posterior[None]]).max() - log_p,
    kind="theorem",
    at_most=1e-9,
    unit="nats",
    control=("its first part alone", (reconstruction - log_p).max()),
)

# %% [markdown]
# ## 3 · One likelihood, two parts
#
# Line 4 as a picture. The second bar is as high as the first, and is cut into $L_b$ and KL.
# Find the $q$ for which KL shows 0.00. (The sliders set its mean and its standard deviation, sd; section 1 printed those of the posterior.)

# %%
BoundExplorer(z, log_joint, mean=1.0, sd=0.8)

# %% [markdown]
# $\log P(x)$ stands still: it does not contain $q$. What $L_b$ gains, KL loses. The highest
# bound means the $q$ nearest to the posterior: **inference has become optimisation**.
#
# ## 4 · EM once more
#
# In lesson 05a a point's Gaussian is hidden (there $m$, here $k$); the responsibilities are $q(k\mid x)$. The E-step sets $q$ to the exact posterior (KL = 0). The
# M-step raises $L_b$ through $P$, while $q$ stands still. So EM is **coordinate ascent** on $L_b$.

# %%
clouds = torch.cat([torch.randn(150) - 4, torch.randn(150) + 4]).double()[:, None]
start_means = torch.tensor([[-0.2], [7.0]]).double()  # far from right
em_start = torch.tensor([0.9, 0.1]).double(), start_means, 4 * torch.ones(2).double()


def two_parts(mixture, q):  # log P(x) and L_b, means over the points
    gaussians = Normal(mixture.means.T, mixture.covariances.sqrt())
    log_both = mixture.weights.log() + gaussians.log_prob(clouds)  # log P(x, k), (n, 2)
    likelihoods = torch.logsumexp(log_both, dim=1)
    return torch.stack([likelihoods.mean(), (q * (log_both - q.log())).sum(dim=1).mean()])


em_path, old_q = [], None
for em_steps in range(7):
    mixture = GaussianMixture(2, covariance="spherical")
    mixture.fit(clouds, steps=em_steps, tolerance=0, start=em_start)
    if em_steps:
        em_path.append(two_parts(mixture, old_q))  # after the M-step
    old_q = mixture.responsibilities(clouds)
    em_path.append(two_parts(mixture, old_q))  # after the E-step
gaps = torch.stack(em_path).diff(dim=1).abs()  # KL
print(f"largest KL after an E-step {gaps[::2].max():.1e}, M-step {gaps[1::2].max():.3f}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(10, 4.6))
em_likelihoods, em_bounds = torch.stack(em_path).T
kl_colour, bound_colour = plotting.COLOURS[1], plotting.COLOURS[0]
steps = range(13), em_bounds, em_likelihoods
ax.fill_between(*steps, step="mid", color=kl_colour, alpha=0.6, label="KL")
ax.step(*steps[:2], where="mid", color=bound_colour, lw=4, label="bound")
ax.step(*steps[::2], ":", where="mid", color=plotting.INK, lw=4, label="log P(x)")
ax.set_xticks(range(13), "EMEMEMEMEMEME")
ax.grid(visible=False, axis="x")
ax.set(xlim=(0.5, 12.5), ylim=(em_bounds[1] - 0.02, em_likelihoods[-1] + 0.02))
ax.set(xlabel="half step (the first E is left out)", ylabel="nats per point")
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# After every E-step $L_b$ touches $\log P(x)$. That is why EM can only climb: the
# M-step lifts $L_b$ (and opens a gap), and $\log P(x)$ is above it; the E-step closes the gap
# without moving $\log P(x)$. The promise needs **both** halves. What if the E-step is weak?
#
# ## 5 · Two ways to raise the bound
#
# A decoder with one number to learn, $w$: $z\sim\mathcal N(0,1)$, $x\mid z\sim\mathcal N(wz,1)$. An encoder with two: $q(z\mid x)=\mathcal N(m,v)$, mean $m=ax$,
# variance $v$; one $a$ and one $v$ serve every $x$ (**amortised inference**). We need $L_b=E_q\log P(x\mid z)+E_q\log P(z)-E_q\log q$, where $E_q$ is the mean over $z$ from $q$.
#
# 1. *The expectation of a square.* Write $z=m+\sqrt v\,e$ with $e\sim\mathcal N(0,1)$, so $x-wz=(x-wm)-w\sqrt v\,e$. Square and average: $E[e]=0$ removes the mixed term, and $E[e^2]=1$:
#    $$E_q(x-wz)^2=(x-wm)^2+w^2v .$$
# 2. *Three Gaussian logarithms.* The decoder's contains the square of step 1:
#    $$E_q\log P(x\mid z)=-\tfrac12\big(\log 2\pi+(x-wm)^2+w^2v\big).$$
#    The prior's contains $E_qz^2$, step 1 with $x=0$ and $w=1$:
#    $$E_q\log P(z)=-\tfrac12\big(\log 2\pi+m^2+v\big).$$
#    $q$'s own contains $E_q(z-m)^2/v=1$:
#    $$-E_q\log q=\tfrac12\big(\log 2\pi v+1\big).$$
# 3. *Add up, put in $m=ax$, and average over the data*, whose mean square is $\overline{x^2}$. From here on $L_b$ and $\log P(x)$ are means over the data:
#    $$L_b=-\tfrac12\Big(\log 2\pi+(1-wa)^2\,\overline{x^2}+w^2v\Big)-\tfrac12\Big(a^2\,\overline{x^2}+v-1-\log v\Big).$$
# 4. *Differentiate in $w$, and find the zero*:
#    $$\frac{\partial L_b}{\partial w}=a(1-wa)\,\overline{x^2}-wv=0\quad\text{at}\quad w=\frac{a\,\overline{x^2}}{a^2\,\overline{x^2}+v}.$$
#
# Likewise for $q$, whose zero is the posterior. Section 6 steps on $\log v$, so that $v$ stays positive.
# As in section 1, $x\sim\mathcal N(0,w^2+1)$. The data are made with $w=2$.

# %%
data = 2 * torch.randn(2000).double() + torch.randn(2000).double()
x2 = data.square().mean()


def log_p_of(w):  # mean over the data
    return -0.5 * ((2 * math.pi * (w**2 + 1)).log() + x2 / (w**2 + 1))


def bound_at(w, a, v, x2=x2):
    expected = -0.5 * (math.log(2 * math.pi) + (1 - w * a) ** 2 * x2 + w**2 * v)
    return expected - 0.5 * (a**2 * x2 + v - 1 - v.log())


def slope_w(w, a, v):
    return a * (1 - w * a) * x2 - w * v


def slopes_q(w, a, v):  # in a, and in log v
    return w * (1 - w * a) * x2 - a * x2, 0.5 * (1 - (w**2 + 1) * v)


two, one, zero = (torch.tensor(value).double() for value in (2.0, 1.0, 0.0))
print(f"q = N(1, 0.8²) at x = 1: bound {bound_at(two, one, 0.64 * one, x2=1):.9f}")

# %% [markdown]
# That is the $L_b$ of section 2. Now raise the bound in two ways, from one start: the true $w=2$, and $q$ the prior ($a=0$, $v=1$). Each step goes a tenth of the way to the best.


# %%
def best_w(a, v):
    return a * x2 / (a**2 * x2 + v)


def posterior(w):
    return w / (w**2 + 1), 1 / (w**2 + 1)


def through_q(w, a, v):  # P stands still
    best_a, best_v = posterior(w)
    return w, a + 0.1 * (best_a - a), v + 0.1 * (best_v - v)


def through_p(w, a, v):  # q stands still
    return w + 0.1 * (best_w(a, v) - w), a, v


# %%
def follow(step, state, steps=750):  # log P(x), bound, w, a: (steps + 1, 4, …)
    path = []
    for _ in range(steps + 1):
        path.append(torch.stack([log_p_of(state[0]), bound_at(*state), *state[:2]]))
        state = step(*state)
    path = torch.stack(path)
    assert path[:, 1].diff(dim=0).min() >= -1e-9, "the bound fell"
    return path


true_w = two, zero, one
paths = {step.__name__: follow(step, true_w) for step in (through_q, through_p)}
for way, walk in paths.items():
    print(f"{way}: bound from {walk[0, 1]:.2f} to {walk[-1, 1]:.2f}, ", end="")
    print(f"log P(x) from {walk[0, 0]:.2f} to {walk[-1, 0]:.2f}")


# %% tags=["figure", "opening"]
def two_curves(ax, path, title):
    ax.fill_between(
        range(len(path)), path[:, 1], path[:, 0], color=kl_colour, alpha=0.6, label="KL"
    )
    ax.plot(path[:, 0], color=plotting.INK, lw=4, label="log P(x)")
    ax.plot(path[:, 1], color=bound_colour, lw=4, label="bound")
    ax.set(title=title, xlabel="step", xlim=(0, 60))


figure, axes = plt.subplots(1, 2, figsize=(13, 4.8), sharey=True)
two_curves(axes[0], paths["through_q"], "raise the bound through q")
two_curves(axes[1], paths["through_p"], "raise it through P(x|z)")
axes[0].set_ylabel("nats per point")
axes[1].legend(loc="lower right")
figure.suptitle("The bound rises in both, and the gap closes. But which side moved?")
plt.show()


# %%
def largest_fall(path):  # of log P(x), from any step to a later one
    highest_so_far = path[:, 0].cummax(dim=0).values
    return (highest_so_far - path[:, 0]).amax(dim=0)


q_the_posterior = follow(through_p, (two, *posterior(two)))
claim(
    "C23b",
    "Raised through P(x|z) alone, the bound climbs and log P(x) falls: by",
    largest_fall(paths["through_p"]),
    kind="theorem",
    at_least=0.5,
    unit="nats per point",
    control=("q the posterior of the start", largest_fall(q_the_posterior)),
)

# %% [markdown]
# Through $q$, $\log P(x)$ must stand still: it does not contain $q$. Through $P$ alone, $w$ goes to 0: there the posterior *is* the prior, KL is
# zero, and $z$ is no longer used: **posterior collapse**. We put it in by hand, by freezing $q$ at $a=0$. Frozen elsewhere, $w$ goes to the zero of step 4.
#
# **How much can a step lose?** If it does not lower the bound, then
#
# $$\log P_\text{new}\ \ge\ L_\text{new}\ \ge\ L_\text{old}=\log P_\text{old}-\mathrm{KL}_\text{old}:$$
#
# **at most the KL before it.** So $\log P(x)$ can fall only while KL > 0.
#
# The lecture's remedy is to take turns: first $q$ "solves this well", then $P$ takes a step. Well, or perfectly? A **limited q** is refreshed before each step, but only its mean;
# its variance is stuck at 1. The same steps with the exact posterior are **generalised EM**: an M-step goes only part of the way.


# %%
def limited_q(w, a, v):
    return through_p(w, posterior(w)[0], v)


def em(w, a, v):
    return through_p(w, *posterior(w))


# %% tags=["figure"]
where_w_ends = Prediction(
    "The data were made with w = 2. Start there, with the limited q: where does w end?",
    ["near 0", "near 1", "near 2", "well above 2"],
)
where_w_ends

# %%
pair = torch.tensor([2.0, 0.3]).double()  # two starts of w, in one tensor
stuck = {}  # by v
for v in (1.0, 0.8, 0.5, 0.3, 0.2):
    stuck[v] = follow(limited_q, (pair, 0 * pair, v + 0 * pair))
em_pair = follow(em, (pair, 0 * pair, 1 + 0 * pair))
for kind, walk in (*stuck.items(), ("exact, EM", em_pair)):
    end, fall = walk[-1, 2], largest_fall(walk)[0]
    print(
        f"v {kind}: w ends at {end[0]:.2f}, {end[1]:.2f}; from 2, log P falls {fall:.3f}"
    )

# %% tags=["figure"]
end_of_w = stuck[1.0][-1, 2, 0].item()
where_w_ends.reveal(where_w_ends.options[min(3, round(end_of_w))])

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(13, 4.4), sharey=True)
for ax, both, title in zip(
    axes,
    (stuck[1.0], em_pair),
    ("limited q: its variance is stuck at 1", "EM: q is the exact posterior"),
):
    two_curves(ax, both[..., 0], title)
    ax.plot(both[:, 0, 1], "--", color=plotting.INK, label="log P(x), from w = 0.3")
    ax.legend(loc="lower right")
axes[0].set(ylabel="nats per point", ylim=(-3.6, -2.1))
axes[1].annotate(
    "step 0: q is still\nthe prior",
    (0.7, -2.8),
    (19, -2.85),
    fontsize=13,
    arrowprops={"arrowstyle": "->", "color": plotting.INK},
)
plt.show()

# %%
claim(
    "C23c",
    "With a limited q, refreshed before each step, log P(x) falls: by",
    largest_fall(stuck[1.0])[0],
    kind="experiment",
    at_least=0.1,
    unit="nats per point",
    control=("the variance stuck at 0.2", largest_fall(stuck[0.2])[0]),
)

# %% [markdown]
# The wrong variance is the cause: as it nears the posterior's 0.2, $w$ nears EM's end, and the fall goes. A limited $q$ (**variational EM**) pulls $P$ towards models whose
# posterior it can imitate (at a smaller $w$ the posterior's variance is nearer to 1), and $P$ *stays* there, from both starts ($w<0$ is their mirror image).
#
# So the *guarantee* needs $q$ to reach the posterior. Near it, a step loses at most the KL that is left.
#
# ## 6 · How often, and what helps?
#
# A VAE does not take turns: it steps on $w$, $a$ and $\log v$ **together**, and not from the true decoder. So take 200 random starts, $w$, $a$ and $\log v$ uniform between $-1$ and 1: each letter becomes 200 numbers. A start *loses* if $\log P(x)$ falls by over 0.01 nats per point on the way.


# %%
def ahead(steps, state, rate=0.02):  # q takes so many steps, P stands still
    for _ in range(steps):
        w, a, v = state
        slope_a, slope_log_v = slopes_q(w, a, v)
        state = w, a + rate * slope_a, v * (rate * slope_log_v).exp()
    return state


def together(w, a, v, rate=0.02):  # the rate of w
    _, new_a, new_v = ahead(1, (w, a, v))
    return w + rate * slope_w(w, a, v), new_a, new_v


def share_that_loses(path):
    return (largest_fall(path) > 0.01).double().mean().item()


# %% tags=["figure"]
how_many_lose = Prediction(
    "P and q learn together, from 200 random starts. What share of them loses?",
    (0, 100),
    unit="%",
)
how_many_lose

# %%
w0, a0, log_v0 = 2 * torch.rand(3, 200).double() - 1
random_starts = w0, a0, log_v0.exp()
at_once = follow(together, random_starts)
lost, share = largest_fall(at_once), share_that_loses(at_once)
print(f"{100 * share:.1f} % lose: mean {lost.mean():.3f}, largest {lost.max():.2f} nats")
print(f"log P(x) at the end: {at_once[-1, 0].min():.3f} to {at_once[-1, 0].max():.3f}")

# %% tags=["figure"]
how_many_lose.reveal(100 * share, within=10)

# %% [markdown]
# All arrive in the end: here it is a detour. But why do so many go down first? Look at the slope of $w$, $a(1-wa)\,\overline{x^2}-wv$: while $wa<1$, its first part pulls $w$ towards the
# sign of $a$. If the encoder's $a$ has the wrong sign, $w$ is pulled towards zero. Test it: the same starts, only the sign of $a$ is set.

# %%
right_sign, wrong_sign = (
    follow(together, (w0, sign * a0.abs() * w0.sign(), log_v0.exp())) for sign in (1, -1)
)
claim(
    "C23h",
    "The same starts, a with the sign of w: share that loses",
    share_that_loses(right_sign),
    kind="experiment",
    at_most=0.3,
    control=("a with the other sign", share_that_loses(wrong_sign)),
)

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(13.5, 5))
w_line = torch.linspace(-2.4, 2.4, 200).double()
left.plot(w_line, posterior(w_line)[0], "--", color=plotting.INK, label="exact posterior")
worst = largest_fall(wrong_sign).argmax()
for name, walk, colour in [
    ("a with the wrong sign", wrong_sign[..., worst], plotting.COLOURS[2]),
    ("a with the sign of w", right_sign[..., worst], plotting.COLOURS[4]),
]:
    left.plot(walk[:, 2], walk[:, 3], "o-", color=colour, lw=3, markevery=10, label=name)
    left.plot(*walk[0, 2:], "s", color=plotting.INK, markersize=12)
    left.plot(*walk[-1, 2:], "*", color=plotting.INK, markersize=20, zorder=5)
    right.plot(walk[:301, 0], color=colour, lw=4, label=name)
left.plot([], [], "s", color=plotting.INK, markersize=12, label="start")
left.plot([], [], "*", color=plotting.INK, markersize=20, label="end")
left.set(xlabel="w of the decoder", ylabel="a of the encoder", ylim=(-1.2, 2.9))
left.set_title("a dot every 10 steps")
right.set(xlabel="step", ylabel="log P(x), nats per point", xlim=(0, 300))
left.legend(loc="upper center", ncols=2, fontsize=12)
right.legend(loc="lower right")
plt.show()

# %% [markdown]
# Does $q$ then have to be faster than $P$ all the way, or is only its *start* bad? Give it 0, 1, 2, … steps in two ways: **once**, as a head start, and then both together; or **before each** step of $w$.


# %%
def q_first(steps, *state):  # so many steps of q, then one of w
    w, a, v = ahead(steps, state)
    return w + 0.02 * slope_w(w, a, v), a, v


numbers = [0, 1, 2, 5, 10, 20]

# %% tags=["figure"]
enough = Prediction(
    "q gets one head start, then P and q learn together. How few steps of head start are "
    "enough for fewer than one start in twenty to lose?",
    [*map(str, numbers), "not even 20"],
)
enough

# %%
once, every = {}, {}
for n in numbers:
    once[n] = follow(together, ahead(n, random_starts))
    every[n] = follow(partial(q_first, n), random_starts)  # 0: P alone
    kl, lose = (once[n][0, 0] - once[n][0, 1]).mean(), 100 * share_that_loses(once[n])
    print(f"{n:2} steps, once: mean KL left {kl:.2f}, {lose:4.1f} % lose;", end=" ")
    print(f"before each step of w: {100 * share_that_loses(every[n]):4.1f} %")
from_posterior = follow(together, (w0, *posterior(w0)))
slow = follow(partial(together, rate=0.002), random_starts, steps=7500)
print(f"q starts at the posterior: {100 * share_that_loses(from_posterior):.1f} % lose")
print(f"w ten times as slow, no head start: {100 * share_that_loses(slow):.1f} % lose")

# %% tags=["figure"]
frames, captions = [], []
for i, n in enumerate(numbers):
    figure, (left, right) = plt.subplots(1, 2, figsize=(12.5, 4.6), width_ratios=[1.4, 1])
    for walk in once[n][:251, :, :60].unbind(2):
        loses = largest_fall(walk) > 0.01
        colour = plotting.COLOURS[2] if loses else plotting.COLOURS[8]
        left.plot(walk[:, 0], color=colour, lw=1.2, zorder=2 + loses)
    left.set(xlabel="step", ylabel="log P(x), nats per point", xlim=(0, 250))
    left.set(ylim=(-3.6, -2.1), title="60 starts, after the head start; a red one loses")
    for walks, style, name in (
        (every, "s--", "before each step of w"),
        (once, "o-", "once"),
    ):
        so_far = [100 * share_that_loses(walks[k]) for k in numbers[: i + 1]]
        colour = plotting.COLOURS[4 if walks is every else 0]
        right.plot(range(i + 1), so_far, style, color=colour, markersize=10, label=name)
    right.set(xlabel="steps of q", ylabel="starts that lose, %")
    right.set(xlim=(-0.3, len(numbers) - 0.7), ylim=(-2, 75))
    right.set_xticks(range(len(numbers)), numbers)
    right.legend(loc="upper right")
    frames.append(figure)
    words = f"Head start of {n} step{'s' * (n != 1)} of q, then together"
    captions.append(f"{words}: {so_far[-1]:.1f} % of 200 starts lose")
FramePlayer(frames, captions, label="head start", start=1, interval=900)

# %% tags=["figure"]
few_enough = [str(n) for n in numbers if share_that_loses(once[n]) < 0.05]
enough.reveal([*few_enough, "not even 20"][0])

# %%
claim(
    "C23f",
    "P and q learn together: share of 200 random starts that lose over 0.01 nats a point",
    share,
    kind="experiment",
    at_least=0.3,
    control=("the same, after a head start of 20 steps of q", share_that_loses(once[20])),
)

# %%
others = [q_the_posterior, em_pair, at_once, right_sign, wrong_sign, from_posterior, slow]
all_walks = [*paths.values(), *stuck.values(), *once.values(), *every.values(), *others]
excess = [(walk[:-1, 1] - walk[1:, 0]).max() for walk in all_walks]  # L_old − log P_new
exact_bound = bound_at(two, *posterior(two))  # KL = 0; then a step that lowers the bound
claim(
    "C23e",
    "A step that does not lower the bound costs at most the KL before it: largest excess",
    max(excess),
    kind="theorem",
    at_most=1e-9,
    unit="nats per point",
    control=("from w = 2 to 3, bound lowered", exact_bound - log_p_of(torch.tensor(3.0))),
)

# %% [markdown]
# The loss is paid at the start, where KL is large. One head start of 20 steps cures it; after that, keeping pace is enough (in this model). A slow $w$ is a weaker cure than ten steps of $q$ before each: $q$ steps as often for the same way of $w$, but not *first*.
#
# ## 7 · Where it breaks
#
# - **The bound is not the likelihood.** Compare two models by their bounds, and you compare their likelihoods *and* how well each $q$ fits.
# - **Nobody would see it**, unless you estimate $\log P(x)$ apart (lesson 06b). A VAE's training shows the bound.
# - **A clean toy.** Exact slopes, all data, no sampling noise, no Adam: so the bound never fell. In a VAE, sampled $z$ and minibatches let single steps lower it.
# - **Every detour ended well** when $P$ and $q$ learned together. With many weights it may not: He and others (2019) saw $q$ lag, and $z$ go unused.
# - **"Enough"** depends on the model, and on the lengths of the steps.
#
# ## 8 · Try it
#
# 1. In section 3, which costs more: a $q$ twice as wide as the posterior, or half as wide? Why?
# 2. Stick the variance of `limited_q` at 0.1. Where does $w$ end, and why on that side?
# 3. Some starts lose although $a$ has the right sign. Is their variance to blame? Start from the posterior's.
#
# ## 9 · Summary

# %% tags=["figure"]
PredictionCount(lines_that_move, where_w_ends, how_many_lose, enough)

# %% [markdown]
# - $\log P(x)=L_b+\mathrm{KL}(q\,\|\,P(z\mid x))$, for every $q$; so $L_b\le\log P(x)$.
# - Raising $L_b$ through $q$ closes the gap from below and leaves $\log P(x)$ alone. Through $P(x\mid z)$ the gap can close from above: $\log P(x)$ falls, by at most the KL.
# - EM brings KL to zero before each step of $P$, so $\log P(x)$ never goes down. With a limited $q$ it can go down, and stay there.
# - $P$ and $q$ together: here the loss was paid at the start, where $q$ was bad. One head start of $q$ cured it.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | evidence lower bound (ELBO) | 证据下界、变分下界 | $L_b$ |
# | posterior, prior | 后验、先验 | $P(z\mid x)$; $P(z)$ |
# | variational inference | 变分推断 | inference as optimisation over $q$ |
# | coordinate ascent | 坐标上升 | raising $L_b$ through one part at a time |
# | generalised EM | 广义 EM | an M-step that only raises $L_b$ |
# | variational EM | 变分 EM | taking turns with a limited $q$ |
# | amortised inference | 摊销推断 | one $q(z\mid x)$ for every $x$ |
# | KL divergence | KL 散度 | $\int q\log(q/p)$, never negative, not symmetric |
# | Jensen's inequality | 詹森不等式 | mean of $-\log$ ≥ $-\log$ of the mean |
# | encoder, decoder | 编码器、解码器 | $q(z\mid x)$; $P(x\mid z)$ |
# | posterior collapse | 后验坍缩 | $q$ is the prior, and $z$ is no longer used |
#
# **References**
#
# - A. P. Dempster, N. M. Laird and D. B. Rubin (1977), *Maximum likelihood from incomplete data via
#   the EM algorithm*, Journal of the Royal Statistical Society B 39, 1–38.
# - R. M. Neal and G. E. Hinton (1998), *A view of the EM algorithm that justifies incremental,
#   sparse, and other variants*, in Learning in Graphical Models, 355–368 (one bound, raised in turns).
# - D. P. Kingma and M. Welling (2014), *Auto-encoding variational Bayes*, arXiv:1312.6114;
#   D. J. Rezende, S. Mohamed and D. Wierstra (2014), *Stochastic backpropagation*,
#   arXiv:1401.4082.
# - R. E. Turner and M. Sahani (2011), *Two problems with variational expectation maximisation for
#   time-series models*, in Bayesian Time Series Models, Cambridge University Press (a limited $q$).
# - J. He, D. Spokoyny, G. Neubig and T. Berg-Kirkpatrick (2019), *Lagging inference networks and
#   posterior collapse in variational autoencoders*, ICLR, arXiv:1901.05534 ($q$ walks ahead early on).
# - M. E. Tipping and C. M. Bishop (1999), *Probabilistic principal component analysis*, Journal
#   of the Royal Statistical Society B 61, 611–622 (the linear decoder).
