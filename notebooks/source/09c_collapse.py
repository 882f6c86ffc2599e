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
# # 09c · Strong judges and lost bumps
#
# **When does a discriminator stop teaching, and why does a generator stay on one of two bumps?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09c_collapse.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/09c_collapse.ipynb) ·
# 43 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. compare how a Jensen–Shannon divergence and a Wasserstein distance grow;
# 2. tell when a perfect discriminator stops teaching, and when not;
# 3. explain why a loss of 0 is a warning, for either network;
# 4. explain mode collapse from where the generator's gradient comes from, and test the explanation.
#
# **Builds on** lessons 09a (pull, best discriminator, JS) and 09b (swings, penalty, recipes).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="09c")

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import DENSITIES, quantiles
from lessons_lib.models import (
    ManyNetworks,
    draw_noise,
    draw_real,
    generate,
    generated_density,
    play_games,
    take_step,
)
from lessons_lib.widgets import FramePlayer, GanTrainer, Prediction, PredictionCount

one, two = (
    torch.from_numpy(quantiles(n, 128)).float() for n in ("one bump", "two bumps")
)
softplus = functional.softplus  # of −ℓ it is −log D, of ℓ it is −log(1 − D)


# %%
def distance(made):  # Wasserstein-1, to one bump
    return (made.sort(dim=-1)[0] - one).abs().mean(-1)


# %% [markdown]
# ## 1 · Two bumps move apart
#
# The best discriminator is $p/(p+q)$, and the value there $-\log4+2\,\text{JS}(p,q)$ (09a). Let the green density be a copy of the real one, moved away by $s$.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_much = Prediction(
    "Moved by 3 (six standard deviations) JS is 0.69. Moved by 4, so that the distance "
    "is a third larger, JS is larger by",
    ["a third", "a tenth", "less than a hundredth"],
)
how_much

# %%
fine = torch.linspace(-4, 10, 1401, dtype=torch.float64)


def bump(x):  # the density
    return torch.from_numpy(DENSITIES["one bump"].pdf(x.numpy()))


def jensen_shannon(s):  # of the bump and its copy moved by s
    p, q = bump(fine), bump(fine - s)
    m = ((p + q) / 2).clamp(min=1e-300)
    return torch.trapezoid(torch.xlogy(p, p / m) + torch.xlogy(q, q / m), fine).item() / 2


js = {s: jensen_shannon(s) for s in (0, 1, 3, 4)}
print("JS:", ", ".join(f"{value:.4f} moved by {s}" for s, value in js.items()), end="")
print(f"; log 2 is {math.log(2):.4f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
growth = js[4] / js[3] - 1
how_much.reveal(
    "less than a hundredth" if growth < 0.01 else "a tenth" if growth < 0.2 else "a third"
)

# %%
claim(
    "C34f",
    "Once two densities hardly overlap, their JS hardly grows: from a shift of 3 to 4, "
    "while the Wasserstein distance grows by 1",
    js[4] - js[3],
    kind="theorem",
    at_most=0.01,
    control=("from 0 to 1", js[1] - js[0]),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
line = torch.linspace(-1, 7, 400)
shifts = [i / 5 for i in range(26)]
heights = {"Jensen–Shannon": [jensen_shannon(s) for s in shifts]}
heights["Wasserstein-1 ÷ 5"] = [s / 5 for s in shifts]


def frame(i):
    picture, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="constrained")
    p, q = bump(line), bump(line - shifts[i])
    best = p / (p + q).clamp(min=1e-200)
    plotting.gan_picture(line, p, q, best, ax=left, judge="best D", best=False)
    left.legend(loc="upper right")
    for (name, height), colour in zip(heights.items(), plotting.COLOURS):
        right.plot(shifts, height, lw=3, color=colour, label=name)
        right.plot(shifts[i], height[i], "o", ms=12, color=colour)
    right.set(xlabel="moved by s", ylim=(0, 1.05))
    right.legend(loc="upper left")
    return picture


captions = [
    f"moved by {s:.1f}: JS {value:.3f} (never above log 2 = 0.693), distance {s:.1f}"
    for s, value in zip(shifts, heights["Jensen–Shannon"])
]
FramePlayer((frame(i) for i in range(len(shifts))), captions, label="moved", start=5)

# %% [markdown]
# Where the two hardly overlap, the best $D$ says 1 on the real side, 0 on the green side, and is *flat* under the green numbers. Look at its **logit**, too: $\log p-\log q$ is a straight line, with slope $-s/0.5^2=-4s$. It is steeper the farther away. So does a generator
# hear nothing, or a lot? It depends on which of the two its loss reads.
#
# ## 2 · A discriminator that is too strong
#
# "If $D$ is perfect, the generator's gradient vanishes", one reads. Generated numbers now lie near $-3$, far left of the real ones, and $D$ trains alone. The pull on a generated number $x$ (09a) is, for the two losses of $G$,
#
# $$\text{saturating, }\log(1-D):\ -D(x)\,\ell'(x),\qquad\text{non-saturating, }-\log D:\ -\bigl(1-D(x)\bigr)\,\ell'(x).$$
#
# Where $D(x)\to0$ the first factor goes to 0 in the one, to 1 in the other, which is left with the logit's slope.

# %%
real = one.expand(12, -1)  # 12 games at once


def train_discriminator(D, adam, G, steps):
    for _ in range(steps):
        fake = G(draw_noise(12, 64)).detach()
        take_step(adam, softplus(-D(draw_real(real))) + softplus(D(fake)))


def pulls(D, G):  # share of numbers judged right, D's loss, both pulls (mean size)
    on_real, fake = D(real[..., None]), G(draw_noise(12, 500)).detach()
    logit = D(fake.requires_grad_())
    slope = torch.autograd.grad(logit.sum(), fake)[0]
    right = ((on_real > 0).float().mean() + (logit < 0).float().mean()) / 2
    loss = softplus(-on_real).mean() + softplus(logit).mean()
    says = logit.sigmoid()
    found = right, loss, (says * slope).abs().mean(), ((1 - says) * slope).abs().mean()
    return [each.item() for each in found]


# %%
G, D = ManyNetworks(12), ManyNetworks(12)
adam = torch.optim.Adam(G.parameters(), 5e-3)
for _ in range(400):  # put the generators where we want them
    z = draw_noise(12, 64)
    take_step(adam, (G(z) - (0.5 * z - 3)) ** 2)
adam = torch.optim.Adam(D.parameters(), 5e-3, betas=(0.5, 0.999))
taken, table = (10, 30, 100, 300, 1000), []
for before, now in zip((0, *taken), taken):
    train_discriminator(D, adam, G, now - before)
    table.append(pulls(D, G))
    right, loss, *both = table[-1]
    print(f"{now:4} steps of D: {100 * right:.1f} % right, loss {loss:.4f}", end="; ")
    print("pull saturating {:.5f}, non-saturating {:.2f}".format(*both))

# %%
claim(
    "C34g",
    "As the discriminator becomes perfect the saturating pull dies: after 1,000 steps, "
    "as a share of that after 10",
    table[-1][2] / table[0][2],
    kind="experiment",
    at_most=0.05,
    control=("non-saturating", table[-1][3] / table[0][3]),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
stuck = Prediction(
    "From this perfect D the game goes on with the saturating loss and Adam (for G with "
    "PyTorch's defaults), 400 rounds, D three steps each. The distance, first 4.0, is",
    ["still about 4", "about 2", "below 0.4"],
)
stuck


# %%
def go_on(saturating, descent, **options):
    judge, mover = copy.deepcopy(D), copy.deepcopy(G)
    adam = torch.optim.Adam(judge.parameters(), 5e-3, betas=(0.5, 0.999))
    steps = descent(mover.parameters(), **options)
    for _ in tqdm(range(400)):
        train_discriminator(judge, adam, mover, 3)
        logit = judge(mover(draw_noise(12, 64)))
        take_step(steps, -softplus(logit) if saturating else softplus(-logit))
    return distance(generate(mover)).median().item()


SGD, Adam = torch.optim.SGD, torch.optim.Adam  # SGD: plain gradient descent
after = {
    "saturating, plain": go_on(True, SGD, lr=0.03),
    "non-saturating, plain": go_on(False, SGD, lr=0.03),
    "saturating, Adam": go_on(True, Adam),
    "saturating, Adam, β₁ = 0.5": go_on(True, Adam, betas=(0.5, 0.999)),
    "saturating, Adam, ε = 1": go_on(True, Adam, lr=0.03, eps=1),
}
for name, far in after.items():
    print(f"{name:28} distance {far:.2f}")
with_adam = after["saturating, Adam"]

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
stuck.reveal(stuck.options[0 if with_adam > 3 else 1 if with_adam > 0.4 else 2])

# %%
claim(
    "C34h",
    "With plain gradient descent the saturating loss leaves the generator where it is: "
    "distance after 400 rounds, 4.0 at first",
    after["saturating, plain"],
    kind="experiment",
    at_least=3.5,
    control=("non-saturating", after["non-saturating, plain"]),
)
claim(
    "C34i",
    "With Adam as PyTorch sets it the same loss arrives: distance after 400 rounds",
    with_adam,
    kind="experiment",
    at_most=0.4,
    control=("Adam that hardly divides, ε = 1", after["saturating, Adam, ε = 1"]),
)

# %% [markdown]
# So the warning is true of *one* loss, and of its gradient. Adam divides each step by the gradient's usual size plus $\varepsilon$, so a tiny pull that points the right way moves $G$ like any other (with $\varepsilon=1$ it hardly divides: plain descent again). It is no guarantee: with
# $\beta_1=0.5$ it crawls. The usual loss reads the logit and arrives by plain descent.
#
# **Why is $D$'s loss of 0 a warning?** $D$ has nothing left to learn from this $G$, and on the saturating loss plain descent learns nothing from $D$. **And $G$'s loss of 0?** Let $D$ take 100 steps; then the generator plays on for 400, once alone, once with $D$ in turn.


# %%
def play_on(d_steps):
    judge, mover = copy.deepcopy(stopped), copy.deepcopy(G)
    adam_d = torch.optim.Adam(judge.parameters(), 5e-3, betas=(0.5, 0.999))
    adam_g = torch.optim.Adam(mover.parameters(), 5e-3, betas=(0.5, 0.999))
    for _ in range(400):
        train_discriminator(judge, adam_d, mover, d_steps)
        losses = softplus(-judge(mover(draw_noise(12, 64))))
        take_step(adam_g, losses)
    made = generate(mover)
    print(f"G's loss {losses.mean():.3f}, distance {distance(made).median():.2f}")
    return made


# %%
stopped = ManyNetworks(12)
adam = torch.optim.Adam(stopped.parameters(), 5e-3, betas=(0.5, 0.999))
train_discriminator(stopped, adam, G, 100)
fooled, in_turn = play_on(0), play_on(3)
claim(
    "C34j",
    "Against a discriminator that stands still the generator's loss goes to 0, and its "
    "numbers do not meet the data: their distance",
    distance(fooled).median(),
    kind="experiment",
    at_least=0.25,
    control=("the same, D in turn, three steps", distance(in_turn).median()),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
edges = torch.linspace(-4, 4, 161)
places = (edges[1:] + edges[:-1]) / 2
few = torch.linspace(0, 127, 24).round().long()


@torch.no_grad()
def show(ax, name, run, D, made, title):
    p = torch.from_numpy(DENSITIES[name].pdf(places.numpy()))
    says = D(places.expand(len(D.biases[0]), -1)[..., None])[run, :, 0].sigmoid()
    arrows = (torch.linspace(-1, 1, 128)[few], made[few])
    q = generated_density(made, edges)
    plotting.gan_picture(places, p, q, says, ax=ax, arrows=arrows, best=False)
    ax.set_title(title)


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 2, figsize=(13, 4.6), sharey=True, layout="constrained")
show(
    axes[0],
    "one bump",
    0,
    D,
    generate(G)[0],
    "D's loss near 0: D is flat under the green",
)
run = distance(fooled).argsort()[6]
show(axes[1], "one bump", run, stopped, fooled[run], "G's loss near 0: D believes all")
axes[0].legend(loc="upper left")
plt.show()

# %% [markdown]
# Right: all green numbers sit where $D$ says 1, too close together, and nobody objects. (At the goal the losses are $\log4$ and $\log2$, see 09a.)
#
# ## 3 · Two bumps
#
# Twelve games with one bump, as in 09b, and beside them twelve with *two*, at $-1.5$ and $1.5$. A game has **collapsed** if at the end more than 9 of 10 generated numbers are on one side of 0. **Predict first** how often.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
which = Prediction(
    "The calm recipe of 09a lost a bump. The one that swings, one step each: in how many "
    "of twelve games does it keep both?",
    (0, 12),
    unit="games",
)
which


# %%
def swings(made):  # games with one bump, as in 09b
    off = made.mean(2).T - 1
    sides = [each[each.abs() > 0.2].sign() for each in off]
    return sum((side.diff() != 0).sum().item() for side in sides) / len(sides)


def collapsed(made):  # games with two bumps
    left = (made[-1] < 0).float().mean(1)
    return ((left < 0.1) | (left > 0.9)).sum().item()


games = torch.stack([one] * 12 + [two] * 12)
recipes = {
    "one step each": play_games(games),
    "penalty": play_games(games, penalty=1.0),
    "slow G": play_games(games, rate_g=1e-3),
    "slow G, five steps of D": play_games(games, rate_g=1e-3, steps=5),
    "slow G, penalty": play_games(games, rate_g=1e-3, penalty=1.0),
}
# %%
lost = {name: collapsed(made[:, 12:]) for name, (made, _) in recipes.items()}
for name, (made, _) in recipes.items():
    off = (made[-100:, 12:].sort(dim=-1)[0] - two).abs().mean()
    print(f"{name:24} {swings(made[:, :12]):4.1f} swings,", end=" ")
    print(f"{lost[name]:2} of 12 collapsed, distance to two bumps {off:.2f}")
calm = "slow G, five steps of D"

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
which.reveal(12 - lost["one step each"], within=2)

# %%
claim(
    "C34k",
    "The recipe that meets one bump loses one of two: collapsed games of 12",
    lost[calm],
    kind="experiment",
    at_least=6,
    control=("one step each", lost["one step each"]),
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 3, figsize=(15, 4.8), sharey=True, layout="constrained")
for ax, name in zip(axes, (calm, "penalty", "slow G, penalty")):
    made, (judge, _) = recipes[name]
    ends = made[-1, 12:]
    run = int((ends < 0).float().mean(1).sub(0.5).abs().argsort()[6])
    show(ax, "two bumps", 12 + run, judge, ends[run], name)
axes[0].legend(loc="upper left")
plt.show()

# %% [markdown]
# **Why does it stay?** At the empty bump $D$ says 1: "real numbers here, and nobody makes them!" But the pull is taken *at generated numbers* (09a), and none stands there to hear it. If that is the reason, two things should help: a generator that *starts* wide, with numbers at both bumps; and, for a game that has
# collapsed, a penalty that makes $D$ less steep, so that its slopes reach farther. Both can be tried.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
saved = Prediction(
    "The calm recipe again, but the generators start four wide, from −2 to 2. "
    "How many of twelve games collapse?",
    (0, 12),
    unit="games",
)
saved

# %%
wide = ManyNetworks(12)
adam = torch.optim.Adam(wide.parameters(), 5e-3)
for _ in range(400):
    z = draw_noise(12, 64)
    take_step(adam, (wide(z) - 2 * z) ** 2)
widths = [
    (x.max(1)[0] - x.min(1)[0]).median() for x in map(generate, (ManyNetworks(12), wide))
]
print("width of a new generator {:.1f}, of the wide ones {:.1f}".format(*widths))
twelve, losing = two.expand(12, -1), {"rate_g": 1e-3, "steps": 5}
from_wide = play_games(twelve, start=(ManyNetworks(12), wide), **losing)[0]
narrow, pair = play_games(twelve, **losing)
left_alone = play_games(twelve, start=pair, **losing)[0]
with_penalty = play_games(twelve, start=pair, penalty=1.0, **losing)[0]
print(f"collapsed of 12: {collapsed(narrow)}, from a wide start {collapsed(from_wide)}")
print(f"600 rounds on: {collapsed(left_alone)}, with a penalty {collapsed(with_penalty)}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
saved.reveal(collapsed(from_wide), within=1)

# %%
claim(
    "C34l",
    "From a wide start the same recipe keeps both bumps: collapsed games of 12",
    collapsed(from_wide),
    kind="experiment",
    at_most=3,
    control=("from the usual, narrow start", collapsed(narrow)),
)

# %% [markdown]
# The wide start keeps both: a bump where $G$ already stands is not lost. The penalty, too late, frees few games or none. Try to free a collapsed game yourself: run, wait, then change anything.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(real="two bumps", steps=5, rate_g=1e-3, still_rounds=150)

# %% [markdown]
# ## 4 · A limit, and another loss
#
# With images one cannot start at all bumps. What else? Section 1: the Wasserstein distance never goes flat. A **Wasserstein GAN** (Arjovsky et al. 2017) plays for it. $D$, now called a **critic**, is no classifier, but any function whose slope is nowhere steeper than 1:
#
# $$W_1=\max_{|D'|\le1}\;E_{x\ \text{real}}D(x)-E_z\,D(G(z)) .$$
#
# (Carry each generated number to a real one: on the way $D$ rises by at most the length of the way, so the difference of the means is at most the mean way; the best $D$ reaches it.) A penalty keeps to the rule, where the slope exceeds 1 (Petzka et al. 2018). That is *two* changes, a limit and a loss. So a fair rival gets the limit, too, on its logit.


# %%
def play_limited(real, loss, limit=10.0):
    runs = len(real)
    D, G = ManyNetworks(runs), ManyNetworks(runs)
    adam_d = torch.optim.Adam(D.parameters(), 1e-2, betas=(0.0, 0.999))
    adam_g = torch.optim.Adam(G.parameters(), 1e-3, betas=(0.0, 0.999))
    for _ in tqdm(range(600)):
        for _ in range(5):
            x = draw_real(real)
            fake = G(draw_noise(runs, 64)).detach()
            share = torch.rand(64, 1)
            if loss == "Wasserstein":
                losses = D(fake) - D(x)
            else:
                losses = softplus(-D(x)) + softplus(D(fake))
            if limit:
                between = (share * x + (1 - share) * fake).requires_grad_()
                value = D(between).sum()
                slope = torch.autograd.grad(value, between, create_graph=True)[0]
                losses = losses + limit * (slope.abs() - 1).clamp(min=0) ** 2
            take_step(adam_d, losses)
        says = D(G(draw_noise(runs, 64)))
        take_step(adam_g, -says if loss == "Wasserstein" else softplus(-says))
    return generate(G)


# %%
bumps = torch.stack([two * place / 1.5 for place in (1.5, 2.5, 4)]).repeat_interleave(
    8, 0
)
results = {
    "slow G, penalty": play_games(bumps, rate_g=1e-3, penalty=1.0)[0][-1],
    "log loss, no limit": play_limited(bumps, "log", limit=0.0),
    "log loss, limit": play_limited(bumps, "log"),
    "Wasserstein, limit": play_limited(bumps, "Wasserstein"),
}
fits, failed = {}, {}
for name, made in results.items():
    failed[name] = [collapsed(part[None]) for part in made.split(8)]
    off = (made.sort(dim=-1)[0] - bumps).abs().mean(-1).view(3, 8).mean(1)
    fits[name] = off[2].item()  # bumps at ±4
    print(
        "{:20} collapsed of 8: {} at ±1.5, {} at ±2.5, {} at ±4".format(
            name, *failed[name]
        ),
        end="; ",
    )
    print("distance {:.2f}, {:.2f}, {:.2f}".format(*off))

# %%
limited = [failed[name][:2] for name in ("log loss, limit", "Wasserstein, limit")]
claim(
    "C34m",
    "A limit on the slope keeps both bumps at ±1.5 and ±2.5, with either loss: share "
    "of 32 games that collapse",
    sum(map(sum, limited)) / 32,
    kind="experiment",
    at_most=0.2,
    control=("log loss, no limit, 16 games", sum(failed["log loss, no limit"][:2]) / 16),
)
claim(
    "C34n",
    "Farther apart the loss matters, too: distance with Wasserstein at ±4",
    fits["Wasserstein, limit"],
    kind="experiment",
    at_most=0.8,
    control=("log loss, same limit", fits["log loss, limit"]),
)

# %% tags=["figure", "opening"] jupyter={"source_hidden": true} cellView="form"
bins = torch.linspace(-6, 6, 61)
paper, ink = torch.tensor([1.0, 1, 1]), torch.tensor([0.17, 0.5, 0.42])
figure, axes = plt.subplots(1, 4, figsize=(16, 5), sharey=True, layout="constrained")
for ax, (name, made) in zip(axes, results.items()):
    shares = torch.stack([generated_density(each, bins) for each in made])
    strength = (shares / 0.5).clamp(0, 1).sqrt()[..., None]
    picture = paper - strength * (paper - ink)
    ax.imshow(picture, extent=(-6, 6, 24, 0), aspect="auto")
    for group, place in enumerate((1.5, 2.5, 4)):
        rows = 8 * group, 8 * group + 8
        ax.vlines([-place, place], *rows, color=plotting.INK, ls=":", lw=2)
        ax.axhline(8 * group, color=plotting.INK, lw=1)
    ax.set(title=name, xlabel="x", yticks=(4, 12, 20))
    ax.set_yticklabels(["±1.5", "±2.5", "±4"])
    ax.grid(False)
axes[0].set_ylabel("bumps at; a row is a game")
figure.suptitle("Green: where a game's generated numbers ended. Dotted: the two bumps")
plt.show()

# %% [markdown]
# (The bumps grow wider as they move apart.) The recipe that was good at ±1.5 fails its exam farther out. The limit does most; at ±4 the log loss still loses a bump in some games, the Wasserstein loss in none. It costs double derivatives. The smear is $G$'s own: it is continuous and $z$ has no gap, so it must pass from one bump to the other.
#
# ## 5 · Where it breaks
#
# - **One dimension, tiny networks.** For images other cures are worth more; lesson 10 measures them.
# - **Chosen by trial.** About 25 trials on one and two bumps chose step sizes and penalties, of both losses; ±2.5 and ±4 came after.
# - **Few collapsed games is no good fit.** A blob between the bumps would not count as collapsed. Look at the distance and the rows.
# - **Counting bumps needs bumps.** With images nobody tells you how many there are, or which is missing.
#
# ## 6 · Try it
#
# 1. Give $z$ two values only, $-1$ or 1, plus a little noise. Is the middle empty now? Which recipes collapse?
# 2. Let the penalty want a slope of *exactly* 1, as in Gulrajani et al. (2017): leave out `clamp`. Play one bump. What can $D$ no longer be, when $p=q$?
# 3. Let each $D$ see *pairs* of numbers: two real ones or two generated ones. Can a collapsed generator still hide?
# 4. Three bumps. Which recipe finds most?
#
# ## 7 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(how_much, stuck, which, saved)

# %% [markdown]
# - JS hardly grows once two densities are apart, the Wasserstein distance does. The best $D$ is flat there; its logit is not.
# - A perfect $D$ kills the saturating loss's pull. Plain descent stops; Adam, which divides by the gradient's size, may arrive. The usual loss arrives by plain descent.
# - $D$'s loss near 0: nothing left to learn from this $G$. $G$'s loss near 0: nobody objects.
# - $G$ hears $D$ only where its own numbers are. From a narrow start a strong $D$ keeps it on one bump; from a wide start both stay.
# - A limit on $D$'s slope keeps both bumps; far apart the Wasserstein loss helps further. Between them stays a smear.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | saturating loss | 饱和损失 | $\log(1-D)$: no pull where $D\to0$ |
# | non-saturating loss | 非饱和损失 | $-\log D$ |
# | vanishing gradient | 梯度消失 | the pull dies |
# | mode collapse | 模式坍塌 | one bump instead of two |
# | Wasserstein GAN | Wasserstein 生成对抗网络 | plays for the distance |
# | critic | 评论者 | its $D$: a height, no probability |
# | gradient penalty | 梯度惩罚 | where the slope is steeper than 1 |
#
# **References**
#
# - M. Arjovsky and L. Bottou (2017), *Towards principled methods for training generative adversarial networks*, ICLR, arXiv:1701.04862 (perfect discriminators, vanishing gradients).
# - M. Arjovsky, S. Chintala and L. Bottou (2017), *Wasserstein generative adversarial networks*, Proceedings of ICML, arXiv:1701.07875.
# - I. Gulrajani, F. Ahmed, M. Arjovsky, V. Dumoulin and A. Courville (2017), *Improved training of Wasserstein GANs*, Advances in Neural Information Processing Systems 30, arXiv:1704.00028.
# - H. Petzka, A. Fischer and D. Lukovnikov (2018), *On the regularization of Wasserstein GANs*, ICLR, arXiv:1709.08894.
# - L. Mescheder, A. Geiger and S. Nowozin (2018), *Which training methods for GANs do actually converge?*, Proceedings of ICML, arXiv:1801.04406.
# - A. Srivastava, L. Valkov, C. Russell, M. U. Gutmann and C. Sutton (2017), *VEEGAN: reducing mode collapse in GANs using implicit variational learning*,
#   Advances in Neural Information Processing Systems 30, arXiv:1705.07761 (counting lost modes).
# - Z. Lin, A. Khetan, G. Fanti and S. Oh (2018), *PacGAN: the power of two samples in generative adversarial networks*, Advances in Neural Information Processing Systems 31, arXiv:1712.04086.
