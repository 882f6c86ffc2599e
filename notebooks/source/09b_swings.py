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
# # 09b · A game that swings
#
# **Why do two networks that learn from each other run in circles, and what stops them?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09b_swings.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/09b_swings.ipynb) ·
# 45 minutes to study, 30 seconds to run, no network needed
#
# **You will be able to**
#
# 1. tell a swing from noise, and count it;
# 2. predict from eigenvalues whether a game flies apart, circles or arrives;
# 3. say what a gradient penalty and a slow generator do to the circle;
# 4. compare cures one at a time, over many games.
#
# **Builds on** lesson 09a (the game, its value, many networks at once). Eigenvalues of a 2 × 2 matrix are assumed.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="09b")

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import quantiles
from lessons_lib.models import ManyNetworks, draw_noise, draw_real, generate, take_step
from lessons_lib.widgets import FramePlayer, GanTrainer, Prediction, PredictionCount

bump = torch.from_numpy(quantiles("one bump", 512)).float()

# %% [markdown]
# ## 1 · Swings
#
# Lesson 09a gave the discriminator five steps a round, and the generator a small step size. Here is the game without these favours: one step each, equal step sizes. Press "run", watch the
# green curve, and then the curve of the distance.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(still_rounds=60)

# %% [markdown]
# Now with numbers: 16 games at once, as in 09a, 600 rounds. A **swing**: the mean of the generated numbers goes from more than 0.2 left of the real mean, 1, to more than 0.2 right of it, or back. (`penalty` comes in
# section 2.)


# %%
def play_games(
    real, *, steps=1, rate_d=5e-3, rate_g=5e-3, beta1=0.5, penalty=0.0, batch=64
):
    runs, made = len(real), []
    D, G = ManyNetworks(runs), ManyNetworks(runs)
    adam_d = torch.optim.Adam(D.parameters(), rate_d, betas=(beta1, 0.999))
    adam_g = torch.optim.Adam(G.parameters(), rate_g, betas=(beta1, 0.999))
    for turn in tqdm(range(1, 601), leave=False):
        for _ in range(steps):
            x, fake = draw_real(real, batch), G(draw_noise(runs, batch)).detach()
            logit = D(x.requires_grad_())
            losses = functional.softplus(-logit) + functional.softplus(D(fake))
            if penalty:  # on the slope of D at real numbers
                slope = torch.autograd.grad(logit.sum(), x, create_graph=True)[0]
                losses = losses + penalty / 2 * slope**2
            take_step(adam_d, losses)
        take_step(adam_g, functional.softplus(-D(G(draw_noise(runs, batch)))))
        if turn % 10 == 0:
            made.append(generate(G))
    return torch.stack(made), D


# %%
def swings(made):  # moments × games × numbers
    off = made.mean(2).T - 1  # how far the mean is off, games × moments
    sides = [each[each.abs() > 0.2].sign() for each in off]
    return torch.tensor([(side.diff() != 0).sum() for side in sides]).float()


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many = Prediction(
    "600 rounds, one bump, one step each: how many swings, in the mean of 16 games?",
    (0, 40),
)
how_many

# %%
sixteen = bump.expand(16, -1)
recipes = {"one step each": play_games(sixteen)[0]}
base = swings(recipes["one step each"])
print("swings:", ", ".join(f"{count:.0f}" for count in base))

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many.reveal(base.mean().item(), within=4)


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
def paths(ax, name):
    mean = recipes[name].mean(2)
    rounds = range(10, 601, 10)
    ax.plot(rounds, mean[:, 1:], color=plotting.COLOURS[3], lw=1)
    ax.plot(rounds, mean[:, 0], color=plotting.COLOURS[0], lw=2.5)
    ax.axhspan(0.8, 1.2, color=plotting.COLOURS[1], alpha=0.4)
    ax.set(xlabel="round", title=name, ylim=(-0.5, 2.5))


figure, ax = plt.subplots(figsize=(12, 4), layout="constrained")
paths(ax, "one step each")
ax.set(
    ylabel="mean of the generated numbers",
    title="16 games; orange: within 0.2 of the data",
)
plt.show()

# %% [markdown]
# **Is this noise?** Each step sees 64 numbers of each kind. If lots made it swing, eight times as many would calm it.

# %%
recipes["batch of 512"] = play_games(sixteen, batch=512)[0]
recipes["slow G, five steps of D"] = play_games(sixteen, steps=5, rate_g=1e-3)[0]
large, calm = (swings(made).mean() for made in list(recipes.values())[1:])
print(f"batches of 512: {large:.1f} swings; the calm recipe of 09a: {calm:.1f}")
claim(
    "C34a",
    "With one step each and equal step sizes the generated numbers swing past the data "
    "and back: swings in 600 rounds, mean of 16 games",
    base.mean(),
    kind="experiment",
    at_least=8,
    control=("slow G, five steps of D", calm),
)
claim(
    "C34b",
    "It is not the luck of the draw: batches of 512 leave at least half of the swings",
    large / base.mean(),
    kind="experiment",
    at_least=0.5,
    control=("slow G, five steps of D", calm / base.mean()),
)

# %% [markdown]
# ## 2 · The smallest game
#
# Let all real numbers be 0, and all generated ones $\theta$: a single number. Let $D$'s logit be $\psi x$: a single weight. This is the **Dirac-GAN** (Mescheder et al. 2018). A positive $\psi$ says
# "real is on the right". The value is $\log\frac12+\log(1-\sigma(\psi\theta))$, with $\sigma$ for the sigmoid: to the real number 0 this $D$ always says ½. $D$ goes uphill, $G$ downhill, with step size $h$:
#
# $$\psi\leftarrow\psi-h\,\theta\,\sigma(\psi\theta),\qquad \theta\leftarrow\theta+h\,\psi\,\sigma(\psi\theta).$$
#
# The goal is $\psi=\theta=0$. But look: $\psi$ moves by $\theta$, and $\theta$ by $\psi$, with opposite signs. Each is pushed by the *other's* error, not by its own.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
where = Prediction(
    "Start at θ = 1.5, ψ = 0: D is neutral, all generated numbers are too far right. "
    "In turn, D first, after 1,000 steps of h = 0.2 the point (θ, ψ) is",
    ["near 0", "about as far from 0 as at first", "twice as far or more"],
)
where


# %%
def game(steps, theta=1.5, penalty=0.0, in_turn=True, h=0.2, h_g=0.2):
    psi, path = 0.0, []
    for _ in range(steps):
        new = psi - h * (theta / (1 + math.exp(-psi * theta)) + penalty * psi)
        seen = new if in_turn else psi
        theta = theta + h_g * seen / (1 + math.exp(-seen * theta))
        psi = new
        path.append((theta, psi))
    return torch.tensor(path)


ends = {
    name: game(1000, in_turn=name == "in turn")[-1] for name in ("in turn", "at once")
}
for name, end in ends.items():
    print(f"{name}: {end.norm():.2f} from the goal (1.50 at first)")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
times = ends["in turn"].norm().item() / 1.5
where.reveal(where.options[0 if times < 0.2 else 1 if times < 2 else 2])

# %% [markdown]
# **Why circles.** Near the goal both sigmoids are ½. One step of both is then a matrix times $(\psi,\theta)$:
#
# $$\text{both at once: }\begin{pmatrix}1&-h/2\\h/2&1\end{pmatrix},\qquad\text{in turn: }\begin{pmatrix}1&-h/2\\h/2&1-h^2/4\end{pmatrix}$$
#
# (in turn, $\theta$ moves by the *new* $\psi=\psi-\frac h2\theta$). The eigenvalues are a complex pair: each step turns the point around the goal, and multiplies its distance, over a whole turn, by $|\lambda|$ a step. $|\lambda|^2$ is the product of the two,
# the determinant: $1+h^2/4$ at once, which flies apart, and exactly 1 in turn, which circles for ever.
#
# **A brake.** Punish $D$ for its slope at the real number: add $\frac\gamma2\psi^2$ to its loss. Its step becomes $\psi\leftarrow(1-h\gamma)\psi-\dots$, the first row of the matrix starts with $1-h\gamma$, and the determinant in turn is $1-h\gamma$:
# the point spirals in, $|\lambda|=\sqrt{1-h\gamma}$.
#
# **A slower generator**, with step size $h_G$ in the second row, leaves the determinant as it is: work it out. What it changes is the turning.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
slower = Prediction(
    "With the penalty γ = 0.1, make G five times slower. To come ten times nearer to "
    "the goal the game then needs",
    ["about as many steps", "about five times as many", "about a fifth"],
)
slower


# %%
def growth(**options):  # of the distance from the goal, each step, near the goal
    radius = game(2000, theta=1e-6, **options).norm(dim=1)
    first, last = radius[:400].max(), radius[-400:].max()  # a turn or more each
    return (last / first).item() ** (1 / 1600)


def turns(path):  # around the goal
    return (path[1:, 0].sign() != path[:-1, 0].sign()).sum().item() / 2


kinds = {"at once": {"in_turn": False}, "in turn": {}}
kinds["in turn, penalty 0.1"] = {"penalty": 0.1}
kinds["… and a slow G"] = {"penalty": 0.1, "h_g": 0.04}
predicted = [(1 + 0.2**2 / 4) ** 0.5, 1.0, 0.98**0.5, 0.98**0.5]
met = [growth(**options) for options in kinds.values()]
for (name, options), theory, found in zip(kinds.items(), predicted, met):
    print(f"{name:20} |λ| predicted {theory:.4f}, met {found:.4f}", end=", ")
    print(f"{turns(game(229, **options)):.1f} turns in 229 steps")
print(f"ten times nearer: {math.log(0.1) / math.log(met[2]):.0f} steps,", end=" ")
print(f"with a slow G {math.log(0.1) / math.log(met[3]):.0f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
ratio = math.log(met[2]) / math.log(met[3])
slower.reveal(slower.options[1 if ratio > 2 else 2 if ratio < 0.5 else 0])

# %%
claim(
    "C34c",
    "The smallest game flies apart, circles or arrives as its eigenvalues say: predicted "
    "and met growth a step differ, at most, by",
    max(abs(a - b) for a, b in zip(predicted, met)),
    kind="theorem",
    at_most=3e-4,
    control=("if all four circled", max(abs(1 - b) for b in met)),
)


# %% tags=["figure", "opening"] jupyter={"source_hidden": true} cellView="form"
def phase(penalty, h_g=0.2):
    picture, axes = plt.subplots(1, 2, figsize=(11, 4.8), layout="constrained")
    for ax, in_turn in zip(axes, (False, True)):
        path = game(300, penalty=penalty, in_turn=in_turn, h_g=h_g)
        ax.plot(*path.T, color=plotting.COLOURS[0], lw=2)
        ax.plot(1.5, 0, "o", ms=12, color=plotting.COLOURS[1], label="start")
        ax.plot(*path[-1], "s", ms=12, color=plotting.COLOURS[2], label="after 300 steps")
        ax.plot(0, 0, "+", ms=18, mew=3, color=plotting.INK, label="goal")
        ax.set(
            xlim=(-3.2, 3.2), ylim=(-3, 3), xlabel="θ: generated number", aspect="equal"
        )
        ax.set_title("in turn" if in_turn else "both at once")
    axes[0].set_ylabel("ψ: slope of D's logit")
    axes[1].legend(loc="center left", bbox_to_anchor=(1, 0.5))
    return picture


phase(0.02)
plt.show()

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
penalties = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8]
far = [game(300, penalty=g)[-1].norm().item() for g in penalties]
captions = [
    f"penalty γ = {g}: in turn, {d:.2g} from the goal" for g, d in zip(penalties, far)
]
FramePlayer((phase(g) for g in penalties), captions, label="penalty", interval=900)

# %% [markdown]
# Drag the penalty up. It calms; a strong one makes $\theta$ creep, because $D$ hardly dares to say anything; a very strong one is a new instability of its own.
#
# ## 3 · Does it work on networks?
#
# In `play_games` the penalty is the mean of $\frac\gamma2\,\ell'(x)^2$ over real numbers, $\ell$ the logit; it is called $R_1$. Here it is among other cures. The first ones change *one* thing of "one step each", the last ones two.

# %%
recipes["β₁ = 0.9"] = play_games(sixteen, beta1=0.9)[0]
recipes["β₁ = 0"] = play_games(sixteen, beta1=0.0)[0]
recipes["penalty"] = play_games(sixteen, penalty=1.0)[0]
recipes["five steps of D"] = play_games(sixteen, steps=5)[0]
recipes["slow G"] = play_games(sixteen, rate_g=1e-3)[0]
recipes["slow G, penalty"] = play_games(sixteen, rate_g=1e-3, penalty=1.0)[0]


def distance(made):  # Wasserstein-1
    return (made.sort(dim=-1)[0] - bump).abs().mean(-1)


swung = {name: swings(made).mean().item() for name, made in recipes.items()}
late = {name: distance(made[-20:]).mean().item() for name, made in recipes.items()}
for name in recipes:  # late: the last 200 rounds
    print(f"{name:24} {swung[name]:5.1f} swings, distance {late[name]:.2f}")

# %%
claim(
    "C34d",
    "With a penalty and a slower generator the swings are gone: mean of 16 games",
    swung["slow G, penalty"],
    kind="experiment",
    at_most=0.5,
    control=("slow G alone", swung["slow G"]),
)
claim(
    "C34e",
    "Without Adam's memory of past gradients the swings are smaller: the distance with "
    "β₁ = 0, in multiples of that with 0.5",
    late["β₁ = 0"] / late["one step each"],
    kind="experiment",
    at_most=0.5,
    control=("β₁ = 0.9", late["β₁ = 0.9"] / late["one step each"]),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(
    2, 3, figsize=(15, 7), sharex=True, sharey=True, layout="constrained"
)
shown = ["one step each", "batch of 512", "penalty", "slow G", "five steps of D"]
for ax, name in zip(axes.flat, [*shown, "slow G, penalty"]):
    paths(ax, name)
    ax.label_outer()
figure.supylabel("mean of the generated numbers")
plt.show()

# %% [markdown]
# As in the small game: the slow generator turns more slowly, the penalty brakes, and together they arrive. Why does $\beta_1$ matter? Adam's memory goes on pushing in the direction of some rounds ago, and in a game that turns, that direction is out of date.
#
# Now try it yourself: two steps of $D$, $\beta_1=0.9$, the saturating loss… What is the worst game that you can make? Then stop it with two sliders.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(beta1=0.9, still_rounds=300)

# %% [markdown]
# ## 4 · Where it breaks
#
# - **Local.** Eigenvalues speak of the neighbourhood of the goal. They don't say whether a game gets there from its start.
# - **Chosen here.** About 25 trials on this data chose step sizes and the weight of the penalty. Another shape is another exam: with two bumps the calm recipe of 09a fails in a new way (lesson 09c).
# - **Counting.** A game that swings widely and slowly has few swings: compare $\beta_1=0.9$ and a batch of 512. Look at the distance, too.
#
# ## 5 · Try it
#
# 1. `game` with the non-saturating loss, $\theta\leftarrow\theta+h\,\psi\,\sigma(-\psi\theta)$. Does it circle near the goal, too? And far from it?
# 2. Show that in turn the determinant is $1-h\gamma$ for any $h_G$.
# 3. Let $D$ take two steps for each of $G$ in `game`. What happens to $|\lambda|$, with and without the penalty?
# 4. In `play_games`, keep a running mean of $G$'s weights (0.99 of the old, 0.01 of the new). How far is *its* distribution from the real one while $G$ swings?
#
# ## 6 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(how_many, where, slower)

# %% [markdown]
# - Each network is pushed by the other's error, so the game turns around its goal.
# - At once it flies apart, in turn it circles, with a penalty on $D$'s slope it arrives: the eigenvalues say so, and the smallest game does it.
# - The swings of real networks are not the noise of small batches. Slower generators turn more slowly, a penalty brakes, and both together calm them.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | swing, oscillation | 振荡 | past the data and back |
# | simultaneous, alternating updates | 同时更新、交替更新 | both at once, in turn |
# | eigenvalue | 特征值 | what a step does to the distance from the goal |
# | determinant | 行列式 | the product of the eigenvalues |
# | phase picture | 相图 | $\theta$ against $\psi$ |
# | gradient penalty, $R_1$ | 梯度惩罚 | on $D$'s slope at real numbers |
# | step size, learning rate | 学习率 | $h$, $h_G$ |
#
# **References**
#
# - L. Mescheder, A. Geiger and S. Nowozin (2018), *Which training methods for GANs do actually converge?*, Proceedings of ICML, arXiv:1801.04406 (the Dirac-GAN, $R_1$).
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter (2017), *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*,
#   Advances in Neural Information Processing Systems 30, arXiv:1706.08500 (different step sizes).
# - G. Gidel, R. Askari Hemmat, M. Pezeshki, R. Le Priol, G. Huang, S. Lacoste-Julien and I. Mitliagkas (2019), *Negative momentum for improved game dynamics*,
#   Proceedings of AISTATS, arXiv:1807.04740.
# - D. P. Kingma and J. Ba (2015), *Adam: a method for stochastic optimization*, ICLR, arXiv:1412.6980.
