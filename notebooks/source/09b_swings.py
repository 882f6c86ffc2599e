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
# **Why do two networks that learn from each other find no rest, and what calms them?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09b_swings.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/09b_swings.ipynb) ·
# 33 minutes to study, 25 seconds to run, no network needed
#
# **You will be able to**
#
# 1. tell a swing from the chance of the draw, and measure it;
# 2. predict from eigenvalues how the smallest game moves near its goal;
# 3. say what a gradient penalty does there, and what it does to networks;
# 4. compare cures one at a time, over many games, and say which of them the small game explains.
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
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import quantiles
from lessons_lib.models import ManyNetworks, draw_noise, draw_real, generate, take_step
from lessons_lib.widgets import FramePlayer, GanTrainer, Prediction, PredictionCount

bump = torch.from_numpy(quantiles("one bump", 128)).float()

# %% [markdown]
# ## 1 · Swings
#
# Lesson 09a gave the discriminator five steps a round, and the generator a small step size. Here is the game without these favours: one step each, equal step sizes. Press "run", watch the
# green curve, and then the curve of the distance.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(still_rounds=60)

# %% [markdown]
# Now with numbers: 16 games at once, as in 09a, 600 rounds. A **swing**: the mean of the generated numbers goes from more than 0.2 left of the real mean, 1, to more than 0.2 right of it, or back. (`start` is for lesson 09c,
# `penalty` for section 3; `beta1` says how much of the old gradients Adam keeps.)


# %%
def play_games(
    real, *, start=None, steps=1, rate_g=5e-3, beta1=0.5, penalty=0.0, batch=64
):
    runs, made = len(real), []
    D, G = copy.deepcopy(start) if start else (ManyNetworks(runs), ManyNetworks(runs))
    adam_d = torch.optim.Adam(D.parameters(), 5e-3, betas=(beta1, 0.999))
    adam_g = torch.optim.Adam(G.parameters(), rate_g, betas=(beta1, 0.999))
    for _ in tqdm(range(600)):
        for _ in range(steps):
            x, fake = draw_real(real, batch), G(draw_noise(runs, batch)).detach()
            logit = D(x.requires_grad_())
            losses = functional.softplus(-logit) + functional.softplus(D(fake))
            if penalty:  # on the slope of D at real numbers
                slope = torch.autograd.grad(logit.sum(), x, create_graph=True)[0]
                losses = losses + penalty / 2 * slope**2
            take_step(adam_d, losses)
        take_step(adam_g, functional.softplus(-D(G(draw_noise(runs, batch)))))
        made.append(generate(G))
    return torch.stack(made), (D, G)  # made: rounds × games × numbers


# %%
def swings(made):  # mean number of swings a game
    off = made.mean(2).T - 1  # how far the mean is off, games × rounds
    sides = [each[each.abs() > 0.2].sign() for each in off]
    return sum((side.diff() != 0).sum().item() for side in sides) / len(sides)


def sway(made):  # how far the mean strays, over the last 300 rounds
    return made[300:].mean(2).std(0).mean().item()


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
spread = recipes["one step each"][-1].std(1).median()
print(f"{base:.1f} swings; the green numbers' standard deviation is {spread:.2f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many.reveal(base, within=4)


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
def paths(ax, name):
    mean = recipes[name].mean(2)
    rounds = range(1, 601)
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
# **Is it the chance of the draw?** Each step sees 64 numbers of each kind. If chance made the games swing, batches eight times as large would calm them.

# %%
recipes["batch of 512"] = play_games(sixteen, batch=512)[0]
recipes["slow G, five steps of D"] = play_games(sixteen, steps=5, rate_g=1e-3)[0]
large, calm = (swings(made) for made in list(recipes.values())[1:])
print(f"batches of 512: {large:.1f} swings; the calm recipe of 09a: {calm:.1f}")
claim(
    "C34a",
    "With one step each and equal step sizes the generated numbers swing past the data "
    "and back: swings in 600 rounds, mean of 16 games",
    base,
    kind="experiment",
    at_least=8,
    control=("slow G, five steps of D", calm),
)
claim(
    "C34b",
    "It is not the chance of the draw: batches of 512 leave at least half of the swings",
    large / base,
    kind="experiment",
    at_least=0.5,
    control=("slow G, five steps of D", calm / base),
)

# %% [markdown]
# ## 2 · The smallest game
#
# The green numbers stay close together while they swing. So shrink everything: let all real numbers be 0, and all generated ones $\theta$, a single number. Let $D$'s logit be $\psi x$: a single weight. This is the **Dirac-GAN** (Mescheder et al. 2018). A positive $\psi$ says
# "real is on the right". The value is $\log\frac12+\log(1-\sigma(\psi\theta))$, with $\sigma$ for the sigmoid: to the real number 0 this $D$ always says ½. $D$ goes uphill, $G$ downhill, with step size $h$:
#
# $$\psi\leftarrow\psi-h\,\theta\,\sigma(\psi\theta),\qquad \theta\leftarrow\theta+h\,\psi\,\sigma(\psi\theta).$$
#
# (Here $G$ lowers the value itself; its usual loss comes at the end of the section.) The goal is $\psi=\theta=0$. But look: $\psi$ moves by $\theta$, and $\theta$ by $\psi$, with opposite signs. Each is pushed by the *other's* error, not by its own. **Predict first** where that leads.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
where = Prediction(
    "Start at θ = 1.5, ψ = 0: D is neutral, all generated numbers are too far right. "
    "In turn, D first, after 1,000 steps of h = 0.2 the point (θ, ψ) is",
    ["near 0", "about as far from 0 as at first", "twice as far or more"],
)
where


# %%
def sigmoid(t):
    return (1 + math.tanh(t / 2)) / 2


def game(steps, theta=1.5, penalty=0.0, in_turn=True, h=0.2, h_g=0.2, usual=False):
    psi, path = 0.0, []
    for _ in range(steps):
        new = psi - h * (theta * sigmoid(psi * theta) + penalty * psi)
        seen = new if in_turn else psi
        t = seen * theta
        theta = theta + h_g * seen * sigmoid(-t if usual else t)  # usual: −log D
        psi = new
        path.append((theta, psi))
    return torch.tensor(path, dtype=torch.float64)


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
# (in turn, $\theta$ moves by the *new* $\psi-\frac h2\theta$). The eigenvalues are a complex pair: each step turns the point around the goal and, averaged over a turn, multiplies its distance by $|\lambda|$. $|\lambda|^2$ is the product of the two,
# the determinant: $1+h^2/4$ at once, which flies apart, and exactly 1 in turn, which circles for ever. (Far out, at once, $\psi\theta$ is very negative, the sigmoid near 0, and the point almost stops: so it ended nearer than $1.5\cdot|\lambda|^{1000}$.)
#
# **A brake.** Punish $D$ for its slope at the real number: add $\frac\gamma2\psi^2$ to its loss. Its step becomes $\psi\leftarrow(1-h\gamma)\psi-\dots$, and with a step size $h_G$ of its own for $G$ the step in turn is
#
# $$\begin{pmatrix}1-h\gamma&-h/2\\\frac{h_G}2(1-h\gamma)&1-h\,h_G/4\end{pmatrix}.$$

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
slower = Prediction(
    "With the penalty γ = 0.1, make G five times slower. Near the goal each step "
    "multiplies the distance by |λ|, which is then",
    [
        "the same",
        "nearer to 1, so it arrives later",
        "farther from 1, so it arrives sooner",
    ],
)
slower


# %%
def growth(**options):  # of the distance from the goal, each step, near the goal
    radius = game(2000, theta=1e-6, **options).norm(dim=1)
    first, last = radius[:400].max(), radius[-400:].max()  # a turn or more each
    return (last / first).item() ** (1 / 1600)


kinds = {
    "at once": ({"in_turn": False}, (1 + 0.2**2 / 4) ** 0.5),
    "in turn": ({}, 1.0),
    "in turn, slow G": ({"h_g": 0.04}, 1.0),
    "in turn, penalty 0.1": ({"penalty": 0.1}, (1 - 0.2 * 0.1) ** 0.5),
    "in turn, penalty 0.1, slow G": (
        {"penalty": 0.1, "h_g": 0.04},
        (1 - 0.2 * 0.1) ** 0.5,
    ),
    "in turn, usual loss": ({"usual": True}, 1.0),
}
met = {}
for name, (options, predicted) in kinds.items():
    met[name] = growth(**options)
    end = game(1000, **options)[-1].norm()
    print(f"{name:30} |λ| predicted {predicted:.4f}, met {met[name]:.4f}", end="; ")
    print(f"from 1.50 to {end:.4f}")
gaps = [abs(met[name] - predicted) for name, (_, predicted) in kinds.items()]

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
braked, slow = met["in turn, penalty 0.1"], met["in turn, penalty 0.1, slow G"]
apart = (1 - slow) / (1 - braked)
slower.reveal(slower.options[0 if 0.8 < apart < 1.25 else 1 if apart < 1 else 2])

# %%
claim(
    "C34c",
    "Near its goal the smallest game flies apart, circles or arrives as its eigenvalues "
    "say: predicted and met growth a step differ, in six games, by at most",
    max(gaps),
    kind="theorem",
    at_most=3e-4,
    control=("if all six circled", max(abs(1 - value) for value in met.values())),
)


# %% [markdown]
# The determinant is $1-h\gamma$ whatever $h_G$ is: as long as the eigenvalues are a complex pair (with $h=h_G=0.2$ up to $\gamma$ near 0.95), $|\lambda|=\sqrt{1-h\gamma}$, and the point spirals in. A slow generator alone changes no $|\lambda|$: it only turns more slowly, around an ellipse (its 2.67 is a place on its way).
# And the usual loss, $-\log D$? Near the goal its sigmoid is ½ as well, so it circles, too; farther out it creeps inwards.


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


phase(0)
plt.show()

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
penalties = [0, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 8, 12]
far = [game(300, penalty=g)[-1].norm().item() for g in penalties]
captions = [
    f"penalty γ = {g}: in turn, {d:.2g} from the goal" for g, d in zip(penalties, far)
]
FramePlayer((phase(g) for g in penalties), captions, label="penalty", interval=900)

# %% [markdown]
# Drag the penalty up. It calms; a strong one makes $\theta$ creep (both eigenvalues are real then, and the slower one rules); above $\gamma=2/h=10$ each step of $\psi$ overshoots farther than the last, and the game explodes.
#
# ## 3 · Does it work on networks?
#
# In `play_games` the penalty is the mean of $\frac\gamma2\,\ell'(x)^2$ over real numbers, $\ell$ the logit; it is called $R_1$. Here it is among other cures. Each changes *one* thing of "one step each", except the two with a comma.

# %%
recipes["β₁ = 0"] = play_games(sixteen, beta1=0.0)[0]
recipes["β₁ = 0.9"] = play_games(sixteen, beta1=0.9)[0]
recipes["penalty"] = play_games(sixteen, penalty=1.0)[0]
recipes["five steps of D"] = play_games(sixteen, steps=5)[0]
recipes["slow G"] = play_games(sixteen, rate_g=1e-3)[0]
recipes["slow G, penalty"] = play_games(sixteen, rate_g=1e-3, penalty=1.0)[0]


def distance(made):  # Wasserstein-1
    return (made.sort(dim=-1)[0] - bump).abs().mean(-1)


swung = {name: swings(made) for name, made in recipes.items()}
strays = {name: sway(made) for name, made in recipes.items()}
for name, made in recipes.items():
    late = distance(made[300:]).mean()
    print(f"{name:24} {swung[name]:4.1f} swings, sway {strays[name]:.2f}", end=", ")
    print(f"distance {late:.2f}")

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
    "Without Adam's memory of past gradients the games stray less: sway with β₁ = 0, "
    "in multiples of that with 0.5",
    strays["β₁ = 0"] / strays["one step each"],
    kind="experiment",
    at_most=0.6,
    control=("β₁ = 0.9", strays["β₁ = 0.9"] / strays["one step each"]),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(
    2, 3, figsize=(15, 7), sharex=True, sharey=True, layout="constrained"
)
shown = ["one step each", "β₁ = 0.9", "β₁ = 0", "penalty", "slow G"]
for ax, name in zip(axes.flat, [*shown, "slow G, penalty"]):
    paths(ax, name)
    ax.label_outer()
figure.supylabel("mean of the generated numbers")
plt.show()

# %% [markdown]
# **What the small game explains, and what not.** The circle, the brake, and that no chance is needed: yes. But it says that a slow $G$, or more steps of $D$, leave $|\lambda|$ at 1, and here a slow $G$ alone swings two or three times, then only trembles. Networks have something that the point has not: their green numbers
# can spread, and a $D$ with time to follow sees it. And memory: an old gradient points where the game was a few steps ago. (These are our readings; no cell tests them.)
#
# Now try it yourself: two steps of $D$, $\beta_1=0.9$, the loss called saturating… What is the worst game that you can make? Then stop it with two sliders.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(beta1=0.9, still_rounds=300)

# %% [markdown]
# ## 4 · Where it breaks
#
# - **Local.** Eigenvalues speak of the neighbourhood of the goal. They don't say whether a game gets there from its start.
# - **Chosen here.** About 25 trials on this data chose step sizes and the weight of the penalty. Another shape is another exam: with two bumps the calm recipe of 09a fails in a new way (lesson 09c).
# - **Counting.** A game that swings slowly has few swings, and one that trembles around the threshold many: compare swings and sway of $\beta_1=0.9$ and of the penalty.
#
# ## 5 · Try it
#
# 1. From `game(…, usual=True)` plot the distance over 10,000 steps on logarithmic axes. By which power of time does it shrink?
# 2. Show that in turn the determinant is $1-h\gamma$ for any $h_G$.
# 3. Let $D$ take two steps for each of $G$ in `game`. What happens to $|\lambda|$ with the penalty?
# 4. In `play_games`, keep a running mean of $G$'s weights (0.99 of the old, 0.01 of the new). How far is *its* distribution from the real one while $G$ swings?
#
# ## 6 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(how_many, where, slower)

# %% [markdown]
# - Each network is pushed by the other's error, so the game turns around its goal.
# - At once it flies apart, in turn it circles, with a penalty on $D$'s slope it arrives: the eigenvalues say so, and the smallest game does it.
# - The swings of networks are not the chance of small batches. No memory, a penalty, more steps of $D$ or a slow $G$ each make them smaller; a slow $G$ and a penalty together end them.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | swing, oscillation | 振荡 | past the data and back |
# | simultaneous, alternating updates | 同时更新、交替更新 | both at once, in turn |
# | eigenvalue | 特征值 | what a step does to the distance from the goal |
# | determinant | 行列式 | the product of the eigenvalues |
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
