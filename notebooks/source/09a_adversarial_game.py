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
# # 09a · Two networks, one game
#
# **How does one network learn from nothing but another's opinion?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/09a_adversarial_game.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/09a_adversarial_game.ipynb) ·
# 45 minutes to study, 25 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write down the game of generator and discriminator, and take one step of each by hand;
# 2. follow the generator's gradient through the discriminator, and say what it knows of the data;
# 3. derive the best possible discriminator, and what the value of the game then measures;
# 4. read the losses of such a game.
#
# **Builds on** lesson 01 (training a network). Logistic regression and the chain rule of calculus are assumed.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="09a")

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import DENSITIES, quantiles
from lessons_lib.widgets import GanTrainer, Prediction, PredictionCount

edges = torch.linspace(-4, 4, 161)  # of bins, to draw densities
places = (edges[1:] + edges[:-1]) / 2
p = torch.from_numpy(DENSITIES["one bump"].pdf(places.numpy())).float()

# %% [markdown]
# ## 1 · The game
#
# A **generator** $G$ is a network that turns a random number $z$, uniform between $-1$ and 1, into a number $x=G(z)$. Its numbers should be
# distributed like the **real** ones: here normal, mean 1, standard deviation 0.5. (In lesson 10 they are images; here we can see and measure everything.)
#
# A **discriminator** $D$ is a network that gets a number and says how likely it is to be real. They play a game with one **value**:
#
# $$V(D,G)=\underbrace{E_{x\ \text{real}}\log D(x)}_{\text{say 1 to real numbers}}+\underbrace{E_{z}\log\bigl(1-D(G(z))\bigr)}_{\text{say 0 to generated ones}}$$
#
# $E$ is the mean, $\log$ the natural logarithm. $D$ wants the value large, $G$ wants it small. No formula for a density occurs anywhere: only numbers, and a classifier.


# %%
def network():  # a number in, a number out
    hidden = [nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh()]
    return nn.Sequential(*hidden, nn.Linear(16, 1))


def draw_noise(*shape):  # z
    return 2 * torch.rand(*shape, 1) - 1


def real_numbers(count):
    return 1 + 0.5 * torch.randn(count, 1)


def value(D, real, made):  # D gives a logit; its sigmoid is D(x)
    return functional.logsigmoid(D(real)).mean() + functional.logsigmoid(-D(made)).mean()


G, D = network(), network()
at_first = value(D, real_numbers(1000), G(draw_noise(1000))).item()
print(f"value of two untrained networks: {at_first:.3f}, −log 4 is {-math.log(4):.3f}")

# %% [markdown]
# (One minus a sigmoid is the sigmoid of minus the logit.) Two networks that know nothing have a value near $-\log 4$: $D$ says about ½ to everything, and $\log\frac12+\log\frac12=-\log 4$.
# Keep that number in mind.
#
# **The green curve.** How are $G$'s numbers distributed? A short piece of the $z$-axis of width $dz$ carries the share $dz/2$ of all $z$. $G$
# stretches it to width $|G'(z)|\,dz$. So it adds to the density there
#
# $$\frac{dz/2}{|G'(z)|\,dz}=\frac{1}{2\,|G'(z)|}:\qquad q(x)=\sum_{z:\,G(z)=x}\frac{1}{2\,|G'(z)|}.$$
#
# Where $G$ folds, several $z$ lead to one $x$: their shares add up. In code, each piece spreads its share evenly over the piece of $x$ that it lands on.

# %%
z_line = torch.linspace(-1, 1, 128)


def generated_density(x, edges):  # x = G(z_line); its density in each bin
    low, high = torch.minimum(x[:-1], x[1:]), torch.maximum(x[:-1], x[1:])
    high = torch.maximum(high, low + 1e-6)
    below = ((edges[:, None] - low) / (high - low)).clamp(0, 1)  # share of each piece
    return below.mean(1).diff() / edges.diff()


with torch.no_grad():
    made_at_first, said_at_first = G(z_line[:, None])[:, 0], D(places[:, None])[:, 0]
q_at_first = generated_density(made_at_first, edges)
total = (q_at_first * edges.diff()).sum()
print(f"the density sums to {total:.3f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
few = torch.linspace(0, 127, 24).round().long()


def draw(ax, x, said, title, p=p, **options):
    arrows = (z_line[few], x[few])
    plotting.gan_picture(
        places,
        p,
        generated_density(x, edges),
        said.sigmoid(),
        ax=ax,
        arrows=arrows,
        **options,
    )
    ax.set_title(title)


figure, ax = plt.subplots(figsize=(10, 4.8), layout="constrained")
draw(ax, made_at_first, said_at_first, "before training", best=False)
ax.set(ylabel="density; what D says")
ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# Below stands $z$, arrows lead to $x=G(z)$. Green: density of the generated numbers (it may leave the picture at the top). Dotted: of the real ones. Blue: $D(x)$.
#
# ## 2 · One step of each, by hand
#
# **The discriminator's step** is logistic regression: real numbers have the label 1, generated ones 0. The loss is $-V$. By its
# logit the loss of one number has the derivative $D(x)-\text{label}$.

# %%
x = torch.cat([real_numbers(3), G(draw_noise(3)).detach()])  # detach: G stays as it is
is_real = torch.tensor([1.0, 1, 1, 0, 0, 0])[:, None]
logit = D(x)
by_hand = (logit.sigmoid() - is_real) / 3  # the means go over 3 numbers each
loss = -value(D, x[:3], x[3:])
before = loss.item()
slopes = torch.autograd.grad(loss, [*D.parameters()])
print("label      x   D(x)  d loss / d logit")
for row in zip(is_real, x, logit.sigmoid(), by_hand):
    print("{:5.0f} {:6.2f} {:6.3f} {:17.3f}".format(*(v.item() for v in row)))
print(
    f"sum {by_hand.sum():.4f}, the last bias's slope by autograd {slopes[-1].item():.4f}"
)
with torch.no_grad():
    for weight, slope in zip(D.parameters(), slopes):
        weight -= 0.1 * slope  # one step downhill
    print(f"value {-before:.4f}, after the step {value(D, x[:3], x[3:]):.4f}")

# %% [markdown]
# Labels pull the logits of real numbers up, of generated ones down (the last bias is added to every logit, so its slope is the sum). After the step the value is higher: $D$ tells these six numbers apart a little better.
# Let it take 300 more steps, with Adam and fresh numbers, while $G$ waits.

# %%
untrained_D = copy.deepcopy(D)
adam = torch.optim.Adam(D.parameters(), 5e-3)
for _ in range(300):
    loss = -value(D, real_numbers(64), G(draw_noise(64)).detach())
    adam.zero_grad()
    loss.backward()
    adam.step()
with torch.no_grad():
    said_after = D(places[:, None])[:, 0]
print(f"value {-loss.item():.3f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(10, 4.8), layout="constrained")
draw(ax, made_at_first, said_after, "D after 300 steps, G has not moved", best=False)
ax.set(ylabel="density; what D says")
ax.legend(loc="upper left")
plt.show()

# %% [markdown]
# **The generator's step.** $D$ now says "generated" where the green numbers are. $G$ shall make numbers that $D$ finds real: its loss is $-\log D(G(z))$.
# (The value asks for a small $\log(1-D(G(z)))$ instead. That pulls each number the same way; lesson 09c shows the difference.) **Predict first:** what does this loss need to know?

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many = Prediction(
    "A step of G needs the gradient of its loss, averaged over 64 z. How many real "
    "numbers must one look at to compute it?",
    ["64, those of D's last step", "only those near G(z)", "none"],
)
how_many

# %% [markdown]
# Take one $z$, call $D$'s logit $\ell(x)$, and follow the chain rule to a weight $w$ of $G$:
#
# $$\frac{d\,\text{loss}}{d\,w}=\underbrace{-\bigl(1-D(x)\bigr)\,\ell'(x)}_{\text{pull on }x\text{: all from }D}\cdot\underbrace{\frac{\partial x}{\partial w}}_{\text{all from }G},\qquad x=G(z) .$$

# %%
z = torch.tensor([[0.3]])
x = G(z)
logit = D(x)
slope = torch.autograd.grad(logit, x, retain_graph=True)[0]  # ℓ'(x)
pull = -(1 - logit.sigmoid()) * slope
weights = list(G.parameters())
moves = torch.autograd.grad(x, weights, retain_graph=True)  # ∂x/∂w
by_autograd = torch.autograd.grad(-functional.logsigmoid(logit), weights)
print(f"z = 0.3, x = {x.item():.3f}, D(x) = {logit.sigmoid().item():.3f}")
print(f"slope of the logit {slope.item():.3f}, pull {pull.item():.3f}")
for unit in (0, 1):  # two weights of G's first layer
    hand, auto = pull * moves[0][unit], by_autograd[0][unit]
    print(f"pull · ∂x/∂w = {hand.item():.5f}, by autograd {auto.item():.5f}")
with torch.no_grad():
    for weight, move in zip(weights, moves):
        weight -= 0.005 * (pull * move).view(weight.shape)
    moved = G(z)
    print(
        f"after one step: x = {moved.item():.3f}, D(x) = {D(moved).sigmoid().item():.3f}"
    )

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_many.reveal("none")

# %% [markdown]
# $x$ moved to where $D$ finds it more real. (A negative pull: a larger $x$ has a smaller loss.) All that $G$ learns of the data is *which way, and how steeply,
# $D$'s opinion rises at the place where $G$'s own number is*, and how much $D$ doubts it. Is this the whole gradient? Sum pull · ∂x/∂w over 64 numbers, and compare with autograd on the loss.


# %%
def by_pulls(D, x):  # the gradient of G's loss by hand; no real number occurs
    logit = D(x)
    slope = torch.autograd.grad(logit.sum(), x, retain_graph=True)[0]
    pull = -(1 - logit.sigmoid()) * slope / len(x)
    return torch.autograd.grad(x, weights, pull.detach(), retain_graph=True)


x = G(draw_noise(64))
loss = -functional.logsigmoid(D(x)).mean()
whole = torch.cat(
    [g.flatten() for g in torch.autograd.grad(loss, weights, retain_graph=True)]
)
gaps = []
for teacher in (D, untrained_D):
    by_hand = torch.cat([g.flatten() for g in by_pulls(teacher, x)])
    gaps.append(((by_hand - whole).norm() / whole.norm()).item())
claim(
    "C33a",
    "The generator's gradient is the discriminator's pulls times ∂x/∂w: how far the "
    "two differ, relative to its length",
    gaps[0],
    kind="identity",
    at_most=1e-4,
    control=("with the pulls of the untrained discriminator", gaps[1]),
)

# %% [markdown]
# ## 3 · Take turns
#
# $G$ moves, so $D$'s opinion is soon out of date: it must follow. Some steps of $D$ and one of $G$ make a **round**. Here two new networks train in your browser, with all that
# you just saw (the dashed curve comes in section 4).
#
# 1. Press "one D step" 20 times, then "one G step" 20 times. Which curve does each move?
# 2. Go back to the start and press "run". Where do the arrows go?
# 3. Drag "moment" back: every moment is kept, and from each you can go on.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
GanTrainer(steps=5, rate_g=1e-3, still_rounds=20)

# %% [markdown]
# One lucky run proves nothing in these games. So we train **16 pairs at once**: each weight gets a first axis of length 16, and one batched matrix product does the work of
# 16. The pairs never meet: the loss is the *sum* of theirs, and each weight stands in one of them only.


# %%
class ManyNetworks(nn.Module):
    def __init__(self, runs):
        super().__init__()
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for inputs, outputs in [(1, 16), (16, 16), (16, 1)]:
            bound = inputs**-0.5  # as PyTorch starts a linear layer
            weight = torch.empty(runs, inputs, outputs).uniform_(-bound, bound)
            bias = torch.empty(runs, 1, outputs).uniform_(-bound, bound)
            self.weights.append(weight)
            self.biases.append(bias)

    def forward(self, x):  # runs × numbers × 1
        for layer in range(3):  # x @ weight + bias, for each run
            x = torch.baddbmm(self.biases[layer], x, self.weights[layer])
            x = x.tanh() if layer < 2 else x
        return x


# %%
def draw_real(real, count=64):  # from each run's own numbers, runs × n
    return real.gather(1, torch.randint(real.shape[1], (len(real), count)))[..., None]


@torch.no_grad()
def generate(G):  # what each generator makes of the same z, runs × 128
    z = torch.linspace(-1, 1, 128).expand(len(G.biases[0]), -1)
    return G(z[..., None])[..., 0]


@torch.no_grad()
def judge(D):  # logits at the same places, runs × 160
    return D(places.expand(len(D.biases[0]), -1)[..., None])[..., 0]


def take_step(adam, losses):  # runs × numbers × 1
    adam.zero_grad()
    losses.mean((1, 2)).sum().backward()
    adam.step()


# %%
def play(plan, real, rate_d=5e-3):  # plan: a letter a step, "DDDDDG…"; real: runs × n
    runs, values = len(real), []
    D, G = ManyNetworks(runs), ManyNetworks(runs)
    made, said = [generate(G)], [judge(D)]  # at first, and after each ten rounds
    adam_d = torch.optim.Adam(D.parameters(), rate_d, betas=(0.5, 0.999))
    adam_g = torch.optim.Adam(G.parameters(), 1e-3, betas=(0.5, 0.999))
    for step in tqdm(plan):
        fake = G(draw_noise(runs, 64))
        if step == "D":
            real_losses = functional.softplus(-D(draw_real(real)))
            losses = real_losses + functional.softplus(D(fake.detach()))
            take_step(adam_d, losses)
        else:
            take_step(adam_g, functional.softplus(-D(fake)))
            values.append(-losses.detach().mean((1, 2)))  # V, before the step
            if len(values) % 10 == 0:
                made.append(generate(G))
                said.append(judge(D))
    return torch.stack(made), torch.stack(said), torch.stack(values)


# %% [markdown]
# ($\text{softplus}(-\ell)$ is $-\log D$, $\text{softplus}(\ell)$ is $-\log(1-D)$.) How far is generated from real? The **Wasserstein-1 distance**: sort both kinds of numbers, and take the mean
# distance from smallest to smallest, and so on. This is how far a number must be carried, on average, to turn one distribution into the other. The real distribution is given by 128 **quantiles**: numbers of equal share.


# %%
def distance(made, real):  # Wasserstein-1, over the last axis
    return (made.sort(dim=-1)[0] - real).abs().mean(-1)


bump = torch.from_numpy(quantiles("one bump", 128)).float()
in_turn, said, values = play("DDDDDG" * 1000, bump.expand(16, -1))
far = distance(in_turn, bump)  # moments × runs
print(f"at first: median distance {far[0].median():.2f}")
widths = torch.linspace(0, 1.5, 151)[:, None]  # of half a slab around 1; 0 is a point
slabs = distance(1 + widths * z_line, bump)
print(f"all numbers at 1: {slabs[0]:.2f}, the best uniform slab: {slabs.min():.2f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_close = Prediction(
    f"At first the median distance is {far[0].median():.2f}. After 1,000 rounds?",
    (0, 1.5),
)
how_close

# %%
for moment in (3, 10, 30, 100):
    print(f"round {10 * moment:4}: median distance {far[moment].median():.2f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
how_close.reveal(far[-1].median().item(), within=0.05)

# %% [markdown]
# **Must they take turns?** The rival gets the same steps in another order: first the 5,000 of $D$, then the 1,000 of $G$, against a $D$ that is excellent, and stands still.

# %%
apart, said_apart, _ = play("D" * 5000 + "G" * 1000, bump.expand(16, -1))
ends, ends_apart = (distance(x[-1], bump) for x in (in_turn, apart))
pair = ends.argsort()[8]  # one to show: neither the best nor the worst
claim(
    "C33b",
    "In turn, generated numbers come within 0.25 of the real ones (Wasserstein-1, after "
    "1,000 rounds): the median of 16 pairs",
    ends.median(),
    kind="experiment",
    at_most=0.25,
    seeds=ends.tolist(),
    control=("first all steps of D, then all of G", ends_apart.median()),
)

# %% tags=["figure", "opening"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 4, figsize=(15, 4.6), sharey=True, layout="constrained")
for ax, moment in zip(axes, (0, 3, 8, 100)):
    title = f"round {10 * moment}"
    draw(ax, in_turn[moment, pair], said[moment, pair], title, best=False)
axes[0].legend(loc="upper left")
figure.suptitle("z (below) becomes x. Green: generated, dotted: real, blue: what D says")
plt.show()

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 3, figsize=(15, 4.4), sharey=True, layout="constrained")
for ax, run in zip(axes, ends_apart.argsort()[[2, 8, 13]]):
    title = f"not in turn: distance {ends_apart[run]:.2f}"
    draw(ax, apart[-1, run], said_apart[-1, run], title, best=False)
axes[0].legend(loc="upper left")
plt.show()

# %% [markdown]
# A $D$ that stands still has learnt to tell *these* green numbers from real ones: right beside them it says "real". So they cross that edge and stop right behind it, where the pull is gone. In turn, $D$
# finds their new place, and says so.
#
# **Other shapes.** Nothing in the game knows that the data are normal. The same networks, 4 pairs for each of four shapes:

# %%
shapes = torch.stack(
    [torch.from_numpy(quantiles(name, 128)).float() for name in DENSITIES]
)
of_shape = shapes.repeat_interleave(4, 0)  # 16 × 128
made, said_of_shape, _ = play("DDDDDG" * 1000, of_shape)
by_shape = distance(made[-1], of_shape).view(4, 4)
for name, row in zip(DENSITIES, by_shape):
    print(f"{name:10}", "  ".join(f"{d:.2f}" for d in row))

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 4, figsize=(15, 4.6), sharey=True, layout="constrained")
for i, (ax, name) in enumerate(zip(axes, DENSITIES)):
    run = 4 * i + by_shape[i].argsort()[2]
    true = torch.from_numpy(DENSITIES[name].pdf(places.numpy())).float()
    title = f"{name}: distance {by_shape[i].sort()[0][2]:.2f}"
    draw(ax, made[-1, run], said_of_shape[-1, run], title, true, best=False)
axes[0].legend(loc="upper left")
plt.show()

# %%
claim(
    "C33c",
    "Uniform and skewed numbers are met within 0.25, too: the largest of 8 distances",
    by_shape[2:].max(),
    kind="experiment",
    at_most=0.25,
    control=("two bumps, the largest of 4", by_shape[1].max()),
)

# %% [markdown]
# But with **two bumps** the same recipe fails: the generator makes one of them only, and stays there. Lesson 09c asks why.
#
# ## 4 · The best possible discriminator
#
# What does $D$ come to say? Let $G$ stand still, with density $q$, and look at one place $x$. The theory takes three lines.
#
# 1. The value is an integral over places, $V=\int p\log D+q\log(1-D)\;dx$. At each place the derivative $p/D-q/(1-D)$ is 0 at
#    $$D^*(x)=\frac{p(x)}{p(x)+q(x)}.$$
# 2. Put it in. With the middle $m=\frac{p+q}2$ we have $D^*=\frac{p}{2m}$, and the two factors ½ give $-\log 4$:
#    $$V^*=\int p\log\frac{p}{2m}+q\log\frac{q}{2m}\;dx=-\log 4+2\,\text{JS}(p,q),\qquad \text{JS}=\tfrac12\text{KL}(p\,\|\,m)+\tfrac12\text{KL}(q\,\|\,m).$$
# 3. The **Jensen–Shannon divergence** JS is the mean of two Kullback–Leibler divergences, $\text{KL}(p\,\|\,m)=\int p\log\frac pm\,dx$: never negative, and 0 only for equal densities (lesson 06). So the best answer of $G$ is $q=p$; then $D^*=\frac12$ everywhere, and the value is $-\log 4$.
#
# The first two lines checked: three generators of our game, frozen, and for each a new discriminator that trains alone, 3,000 steps.

# %%
moments = [3, 8, 100]
frozen = in_turn[moments, pair]  # 3 × 128 numbers
judges = ManyNetworks(3)
untrained = judge(judges)
adam = torch.optim.Adam(judges.parameters(), 5e-3)
for step in tqdm(range(3000)):
    adam.param_groups[0]["lr"] = 5e-3 * (1 - step / 3000)  # smaller and smaller
    drawn, fake = draw_real(bump.expand(3, -1), 256), draw_real(frozen, 256)
    take_step(
        adam, functional.softplus(-judges(drawn)) + functional.softplus(judges(fake))
    )
trained = judge(judges)  # logits, 3 × 160 places


# %%
def integral(f):
    return (f * edges.diff()).sum(-1)


def value_at(logit):  # V, over all numbers instead of a sample
    return integral(p * functional.logsigmoid(logit) + q * functional.logsigmoid(-logit))


q = torch.stack([generated_density(x, edges) for x in frozen])
m = (p + q) / 2
kl_p, kl_q = (integral(torch.xlogy(a, a / m.clamp(min=1e-12))) for a in (p, q))
by_theory = kl_p + kl_q - math.log(4)  # −log 4 + 2 JS
misses = [
    integral((logit.sigmoid() - p / (2 * m)).abs() * m) for logit in (trained, untrained)
]
for i, moment in enumerate(moments):
    print(f"round {10 * moment:4}: −log 4 + 2 JS is {by_theory[i]:.3f}", end=", ")
    print(f"the trained D has {value_at(trained)[i]:.3f}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 3, figsize=(15, 4.4), sharey=True, layout="constrained")
for i, (ax, moment) in enumerate(zip(axes, moments)):
    title = f"generator of round {10 * moment}: value {value_at(trained)[i]:.2f}"
    draw(ax, frozen[i], trained[i], title)
axes[0].legend(loc="upper left")
plt.show()

# %%
claim(
    "C33d",
    "A trained discriminator says p / (p + q): the mean difference, over real and "
    "generated numbers, for the worst of three generators",
    misses[0].max(),
    kind="theorem",
    at_most=0.1,
    control=("untrained", misses[1].max()),
)
claim(
    "C33e",
    "Its value is −log 4 + 2 JS: how far it is below, at worst",
    (by_theory - value_at(trained)).max(),
    kind="theorem",
    at_most=0.1,
    unit="nats",
    control=("untrained", (by_theory - value_at(untrained)).max()),
)

# %% [markdown]
# Where there are hardly any numbers, of either kind, $D$ may say what it likes. The value of a *good* discriminator says how different two densities are, and nobody wrote down either.
#
# ## 5 · What does success look like?
#
# At the goal $D$ says ½ to all numbers, and the value is $-\log 4$. Then the loss of $D$ is $\log 4$, and that of $G$ $\log 2$: *neither is 0*. A loss of $D$
# near 0 means that it tells all numbers apart; a loss of $G$ near 0, that $D$ believes everything. Both are games gone wrong (lesson 09c).

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
success = Prediction(
    "You are shown only the value of a game, for 100 rounds within 0.03 of −log 4. "
    "What do you know of its generator?",
    ["it has met the data", "it has not", "nothing"],
)
success

# %%
lazy, lazy_said, lazy_values = play("DDDDDG" * 600, bump.expand(16, -1), rate_d=1e-4)
gap = (values[500:600].mean(0) + math.log(4)).abs()  # of the 16 pairs of section 3
lazy_gap = (lazy_values[500:600].mean(0) + math.log(4)).abs()
lazy_far = distance(lazy[60], bump)
print(f"as before: value off by {gap.median():.3f}, distance {far[60].median():.2f}")
print(
    f"lazy D:    value off by {lazy_gap.median():.3f}, distance {lazy_far.median():.2f}"
)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
success.reveal("nothing")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, axes = plt.subplots(1, 3, figsize=(15, 4.4), layout="constrained")
for series, name, colour in ((values, "as before", 0), (lazy_values, "lazy D", 1)):
    smooth = series[:600].unfold(0, 25, 1).mean((1, 2))
    axes[0].plot(smooth, color=plotting.COLOURS[colour], lw=3, label=name)
axes[0].axhline(-math.log(4), color=plotting.INK, ls="--", label="−log 4")
axes[0].set(xlabel="round", ylabel="value, mean of 16 pairs", title="only the curves…")
axes[0].legend()
worst = lazy_far.argsort()[8]
draw(
    axes[1],
    in_turn[60, pair],
    said[60, pair],
    f"as before: distance {far[60, pair]:.2f}",
    best=False,
)
draw(
    axes[2],
    lazy[-1, worst],
    lazy_said[-1, worst],
    f"lazy D: distance {lazy_far[worst]:.2f}",
    best=False,
)
plt.show()

# %%
claim(
    "C33f",
    "Where the discriminator learns 50 times more slowly, the value is within 0.03 of "
    "−log 4 (median of 16 pairs)",
    lazy_gap.median(),
    kind="experiment",
    at_most=0.03,
    unit="nats",
    control=("the pairs of section 3", gap.median()),
)
claim(
    "C33g",
    "And yet its generated numbers are 0.25 or more from the real ones (median)",
    lazy_far.median(),
    kind="experiment",
    at_least=0.25,
    control=("the pairs of section 3", far[60].median()),
)

# %% [markdown]
# A $D$ that knows nothing says ½ to everything, too: you saw that number before any training. And the good pairs stand *farther* from $-\log 4$: their $D$ sees that the green slab has no tails, and is right. A value means something only if $D$ is near its best.
#
# ## 6 · Where it breaks
#
# - **Two bumps.** The recipe that met three shapes fails on the fourth.
# - **The balance.** Five steps of $D$ and a slower $G$ were chosen, in about 25 trials, to make this lesson calm. Set one step and equal rates in the trainer.
# - **No distance in real life.** We could measure because we know $p$, in one dimension. For images there is neither (lesson 10), and the value, as you saw, is no substitute.
# - **Tails.** $z$ ends at $-1$ and 1, a normal distribution does not: a continuous $G$ cuts the tails off. Compare the pairs with the uniform slab of section 3.
#
# ## 7 · Try it
#
# 1. Play "DG" × 1000. How many of the 16 pairs end within 0.25?
# 2. Give $z$ a normal distribution (in `generate`, too: use its quantiles). What does $G$ need to learn for "one bump" then?
# 3. Train a new $D$ against the numbers of a pair that ended on one of two bumps. What does it say at the other bump, and why does $G$ not go there?
#
# ## 8 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(how_many, how_close, success)

# %% [markdown]
# - $D$ learns to tell real from generated, $G$ to be taken for real; they take turns, and the generated density walks to the data.
# - $G$ never sees the data. Its gradient is $D$'s pull on its own numbers, times its own derivative.
# - The best $D$ is $p/(p+q)$; the value there is $-\log 4+2\,\text{JS}(p,q)$, and $-\log 4$ when they coincide.
# - The reverse is false: a $D$ that knows nothing has that value, too. At the goal neither loss is 0.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | generative adversarial network, GAN | 生成对抗网络 | the two networks and their game |
# | generator | 生成器 | $G$: from $z$ to $x$ |
# | discriminator | 判别器 | $D$: how likely is $x$ real? |
# | value of the game | 博弈值 | $V(D,G)$, which $D$ raises and $G$ lowers |
# | change of variables | 变量替换 | density of $G(z)$ from $G'$ |
# | Jensen–Shannon divergence | JS 散度 | what the value measures at the best $D$ |
# | Wasserstein distance | Wasserstein 距离 | how far numbers must be carried |
# | quantile | 分位数 | the number that a given share lies below |
# | mode collapse | 模式坍塌 | one bump instead of two (lesson 09c) |
#
# **References**
#
# - I. Goodfellow, J. Pouget-Abadie, M. Mirza, B. Xu, D. Warde-Farley, S. Ozair, A. Courville and Y. Bengio (2014), *Generative adversarial nets*,
#   Advances in Neural Information Processing Systems 27, arXiv:1406.2661 (the game; $p/(p+q)$; $-\log 4+2\,\text{JS}$).
# - M. Arjovsky and L. Bottou (2017), *Towards principled methods for training generative adversarial networks*, ICLR, arXiv:1701.04862.
# - M. Arjovsky, S. Chintala and L. Bottou (2017), *Wasserstein generative adversarial networks*, Proceedings of ICML, arXiv:1701.07875.
# - M. Kahng, N. Thorat, D. H. Chau, F. Viégas and M. Wattenberg (2019), *GAN Lab: understanding complex deep generative models using interactive visual
#   experimentation*, IEEE Transactions on Visualization and Computer Graphics 25, 310–320, arXiv:1809.01587.
