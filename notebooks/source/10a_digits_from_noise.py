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
# # 10a · A GAN on digits
#
# **Can a network learn to draw digits without ever seeing one?**
#
# (In the picture below, only its opponent was shown the stamps.)
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10a_digits_from_noise.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/10a_digits_from_noise.ipynb) ·
# 45 minutes to study, 60 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write generator, discriminator and both of their steps for images;
# 2. say which weights move in which step, and show it;
# 3. find out by experiment what the generator knows of the data;
# 4. explore what it has learned: sliders, walks, nearest real images.
#
# **Builds on** lessons 09a (the game in one dimension) and 09b (the penalty). Convolutions: lesson 04b.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="10a")

# %%
import copy

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn.functional import softplus
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import label_error, layers
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, LatentExplorer, Prediction, PredictionCount

data = digits()

# %% [markdown]
# ## 1 · Two networks
#
# The **generator** $G$ turns $z$, 16 random numbers, each from $\mathcal N(0,1)$, into a picture of 784 pixels. Linear layers make 16 maps of 7 × 7 numbers. Two **transposed convolutions** then double the sides: each place adds a patch of 4 × 4 numbers, and patches lie 2 apart, so they overlap.
#
# Behind each layer but the last stands **batch norm**: it takes off each unit's mean over the batch (of a map: over all places, too) and divides by the standard deviation. (In evaluation mode it uses running statistics.)


# %%
noise_size = 16


def draw_z(n):
    return torch.randn(n, noise_size)


def generator(inputs=noise_size):  # n × 16 to n × 784
    def block(inputs, outputs):
        linear = nn.Linear(inputs, outputs, bias=False)
        return linear, nn.BatchNorm1d(outputs), nn.ReLU()

    return nn.Sequential(
        *block(inputs, 192),
        *block(192, 192),
        *block(192, 16 * 7 * 7),
        nn.Unflatten(1, (16, 7, 7)),
        nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1, bias=False),  # 8 × 14 × 14
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),  # 1 × 28 × 28
        nn.Flatten(),
        nn.Sigmoid(),
    )


# %% [markdown]
# The **discriminator** $D$ takes a picture and gives one number, the logit $\ell(x)$. Its sigmoid is $D(x)$: how likely is $x$ a real digit?


# %%
def discriminator(inputs=784):  # n × 784 to n × 1
    return nn.Sequential(
        nn.Linear(inputs, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 1),
    )


G, D = generator(), discriminator()
z = draw_z(64)
made = G(z)
print("z", tuple(z.shape), "made", tuple(made.shape), "logit", tuple(D(made).shape))

# %% [markdown]
# ## 2 · The discriminator's step
#
# $D$ is a **binary classifier**: real pictures have the label 1, generated ones 0. Its loss is the usual one for two kinds, the cross-entropy,
#
# $$-\log D(x)\ \text{ for real }x,\qquad -\log\bigl(1-D(x)\bigr)\ \text{ for generated }x .$$
#
# With the logit these are $\text{softplus}(-\ell)$ and $\text{softplus}(\ell)$ (lesson 09a). Two details:
#
# - `detach` cuts the graph between the two networks: for this step, pictures are just pictures. The loss has no gradient at $G$'s weights.
# - A **penalty** on the slope of $D$'s logit at real pictures, $\frac\gamma2\lVert\nabla\ell(x)\rVert^2$, keeps $D$ from growing too steep (R₁, lesson 09b; here $\gamma=0.1$).


# %%
def step_of_D(D, adam, x, made, penalty=0.0):  # x, made: n × 784
    D.requires_grad_(True)
    x.requires_grad_(penalty > 0)
    logit_real, logit_made = D(torch.cat([x, made.detach()])).chunk(2)
    loss = softplus(-logit_real).mean() + softplus(logit_made).mean()
    punished = loss
    if penalty:
        (slope,) = torch.autograd.grad(logit_real.sum(), x, create_graph=True)
        punished = loss + penalty / 2 * slope.square().sum(dim=1).mean()
    adam.zero_grad()
    punished.backward()
    adam.step()
    return loss.detach()


# %% [markdown]
# Let $D$ train alone for 100 steps, while $G$, still untrained, waits. What does it say to pictures that it has not met?


# %%
def optimiser(network):  # Adam without memory of past directions: β₁ = 0 (09b)
    return torch.optim.Adam(network.parameters(), 2e-3, betas=(0.0, 0.99), fused=True)


@torch.no_grad()
def belief(D, x):  # D(x), mean over pictures
    return D(x).sigmoid().mean().item()


def batch_of(x, n=64):  # n rows, drawn with replacement
    return x[torch.randint(len(x), (n,))]


# %%
untrained_D, adam = copy.deepcopy(D), optimiser(D)
for _ in range(100):
    step_of_D(D, adam, batch_of(data.x_train), G(draw_z(64)))
for name, network in (("untrained", untrained_D), ("after 100 steps", D)):
    real, new = belief(network, data.x_test), belief(network, G(draw_z(1000)))
    print(f"{name}: D says {real:.2f} to held-out digits, {new:.2f} to new pictures")

# %% [markdown]
# What does `detach` do? Ask for the gradient of $D$'s loss at the weights of $G$, with it and without.


# %%
def largest_gradient(network, loss):
    network.zero_grad()
    loss.backward()
    found = [
        p.grad.abs().max().item() for p in network.parameters() if p.grad is not None
    ]
    return max(found, default=0.0)


made = G(draw_z(64))
claim(
    "C31a",
    "Behind detach, the discriminator's loss has no gradient at the generator's weights: "
    "the largest",
    largest_gradient(G, softplus(untrained_D(made.detach())).mean()),
    kind="identity",
    at_most=0,
    control=("without detach", largest_gradient(G, softplus(untrained_D(made)).mean())),
)

# %% [markdown]
# Without it, $G$'s weights would get a gradient that *helps* $D$; an optimiser that holds them would follow it.
#
# ## 3 · The generator's step
#
# Put $G$ before $D$: $z\to x\to\ell$. That is **one larger network**, from 16 random numbers to a logit. Its loss is that of $G$, $-\log D(G(z))$, and its label is always "real". Train it like any other, but **freeze** the second half. (**Predict first:** what if you forget that?)

# %% tags=["figure"]
forgot = Prediction(
    "Both halves are trained on the loss −log D(G(z)), 200 steps; D is not frozen. What "
    "becomes of that loss, and of the pictures?",
    [
        "loss falls to 0, pictures improve",
        "loss falls to 0, pictures stay noise",
        "loss does not fall",
    ],
)
forgot


# %%
def step_of_G(D, adam, made, frozen=True):  # adam holds the weights that may move
    D.requires_grad_(not frozen)  # D's weights get no gradient; its input does
    loss = softplus(-D(made)).mean()
    adam.zero_grad()
    loss.backward()
    adam.step()
    return loss.detach()


# %%
def generator_alone(frozen):
    own_G, own_D = copy.deepcopy(G), copy.deepcopy(D)
    adam = optimiser(nn.ModuleList([own_G, own_D]))  # both: so freezing must do it
    for _ in range(200):
        loss = step_of_G(own_D, adam, own_G(draw_z(64)), frozen)
    left = sum(p.grad is not None for p in own_D.parameters())
    print(f"frozen {frozen}: loss {loss:.4f}; parts of D with a gradient: {left} of 6")
    pairs = zip(own_D.parameters(), D.parameters())
    change = max((new - old).abs().max().item() for new, old in pairs)
    return own_G, change, belief(D, own_G(draw_z(1000)))  # of D as it was


frozen, unfrozen = generator_alone(True), generator_alone(False)
same_z = draw_z(40)  # for all pictures below

# %% tags=["figure"]
forgot.reveal(forgot.options[1] if unfrozen[2] < 0.5 else forgot.options[0])

# %%
claim(
    "C32a",
    "In 200 steps of the generator a frozen discriminator's weights do not move: largest "
    "change",
    frozen[1],
    kind="identity",
    at_most=0,
    control=("not frozen", unfrozen[1]),
)
claim(
    "C32b",
    "Then it is the pictures that change: what the discriminator, as it was, says to new "
    "ones, mean",
    frozen[2],
    kind="experiment",
    at_least=0.9,
    control=("not frozen", unfrozen[2]),
)

# %% tags=["figure"]
plotting.image_grid(
    {
        "untrained G": G(same_z)[:12].detach(),
        "D frozen": frozen[0](same_z)[:12].detach(),
        "D not frozen": unfrozen[0](same_z)[:12].detach(),
    }
)

# %% [markdown]
# Unfrozen, $D$ takes the easy way out: it learns to call nearly everything real. Frozen, $G$ must change its pictures, and finds what this $D$ believes. Digits they are not: $D$ has never had to tell *these* from real ones. It needs its next turn.
#
# ## 4 · They evolve in turn
#
# A **round**: one step of $D$, one of $G$. Beside $G$ we keep `mean_G`: after each round each of its weights goes a hundredth of the way to $G$'s. $G$ never comes to rest; its mean is steadier (lesson 10c measures by how much).


# %%
class Game:
    def __init__(self, G=None, D=None, draw=draw_z):
        self.G, self.D, self.draw = G or generator(), D or discriminator(), draw
        self.mean_G = copy.deepcopy(self.G).eval()
        self.adam_G, self.adam_D = optimiser(self.G), optimiser(self.D)
        self.losses = []  # of D and G, a row a round

    def play(self, real, rounds, penalty=0.1):
        for i in tqdm(range(rounds)):
            made = self.G(self.draw(64))
            lazy = 4 * penalty if i % 4 == 0 else 0.0  # costly: not always
            loss_D = step_of_D(self.D, self.adam_D, batch_of(real), made, lazy)
            loss_G = step_of_G(self.D, self.adam_G, made)
            self.losses.append(torch.stack([loss_D, loss_G]))
            follow(self.mean_G, self.G)


@torch.no_grad()
def follow(mean_G, G, by=0.01):
    kept = mean_G.state_dict()
    for name, new in G.state_dict().items():
        if new.is_floating_point():  # weights, and batch norm's running statistics
            kept[name].lerp_(new, by)


# %% [markdown]
# We stop ten times and keep a copy of both: version 1, untrained, to version 10. (Sizes, rates and the penalty were chosen in about 60 trials with other seeds.)


# %%
def still(network):  # a copy that no later round changes
    return copy.deepcopy(network).eval()


stops = [0, 10, 25, 50, 100, 200, 400, 800, 1200, 2400]
game, versions = Game(), []
for before, stop in zip([0, *stops], stops):
    game.play(data.x_train, stop - before)
    versions.append((still(game.G), still(game.D), still(game.mean_G)))

# %% tags=["figure"]
shown = [G for G, *_ in versions] + [game.mean_G]
names = [f"version {k}, after {stop} rounds" for k, stop in enumerate(stops, 1)]
names.append("the mean of the last versions' weights")
with torch.no_grad():
    tens = [G(same_z).view(4, 10, 28, 28) for G in shown]
sheets = [four.transpose(1, 2).reshape(112, 280) for four in tens]
captions = [f"{name}: what G makes of the same 40 z" for name in names]
FramePlayer(sheets, captions, label="version", start=3, interval=900)

# %% [markdown]
# Drag through the versions. Follow *one* place: does it ever change its mind which digit it becomes?
#
# Do the two push each other on? Let every version of $D$ judge the pictures of every version of $G$: in what share of pairs does it find a generated picture more real than a held-out digit? 0: it tells them apart. 0.5: it can't.

# %% tags=["figure"]
race = Prediction(
    "Discriminator version 8 has met the generators of 800 rounds. In what share of "
    "pairs is it fooled by version 10 (2,400 rounds)?",
    (0, 1),
)
race


# %%
@torch.no_grad()
def fooled(D, G):
    made, real = D(G(draw_z(1000))), D(data.x_test)  # 1000 × 1 each
    return (made > real.T).float().mean().item()  # over all pairs


table = torch.tensor([[fooled(D, G) for G, *_ in versions] for _, D, _ in versions])

# %% tags=["figure"]
race.reveal(table[7, 9].item(), within=0.1)

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 7), layout="constrained")
ax.imshow(table, cmap="viridis", vmin=0, vmax=1)
for i in range(10):
    for j in range(10):
        ink = "white" if table[i, j] < 0.6 else "black"
        ax.text(j, i, f"{table[i, j]:.2f}", ha="center", va="center", color=ink, size=12)
ax.set(xticks=range(10), xticklabels=range(1, 11), xlabel="version of G")
ax.set(yticks=range(10), yticklabels=range(1, 11), ylabel="version of D")
ax.set_title("pairs in which D finds the generated picture more real")
ax.grid(False)
plt.show()

# %% [markdown]
# Read a row: earlier generators are found out, later ones hardly. (We tried three games: a $D$ finds out *another* game's early generators as well. It knows what such pictures look like, not whose they are.) Far down on the right the two are nearly even.

# %%
later = torch.ones(10, 10, dtype=torch.bool).triu(1)  # G's version above D's
later[0] = False  # the untrained D knows nothing
claim(
    "C29a",
    "A discriminator hardly finds out generators later than itself: share of pairs in "
    "which it is fooled, mean",
    table[later].mean(),
    kind="experiment",
    at_least=0.3,
    control=("by earlier ones", table[later.T].mean()),
)

# %% [markdown]
# ## 5 · All it knows, it knows from $D$
#
# $G$ has never been given a real picture: look at `step_of_G` once more. All that reaches it is a gradient that came through $D$. So what happens if we **hide one digit from $D$**, all sevens? **Predict first.**

# %% tags=["figure"]
hidden = Prediction(
    "The same game, but D's real pictures hold no sevens. How many clear sevens will "
    "that generator draw, compared with ours? (It does draw 1s, 4s and 9s.)",
    ["as many", "about a third", "hardly any"],
)
hidden

# %% [markdown]
# A judge that knows neither network counts: a classifier, trained on all digits (lesson 07a). We call a picture "clear" where its highest probability is above 0.9.

# %%
judge = layers(784, 400, 64, 10, activation=nn.ReLU)
options = {"epochs": 20, "batch_size": 100, "learning_rate": 4e-3}
options |= {"augment": shifted, "weight_decay": 0.05, "label": "judge"}
fit(judge, (data.x_train, data.y_train), label_error, **options)


corner = torch.zeros(28, 28, dtype=torch.bool)
corner[1:4, 1:4] = True  # for the second experiment
corner, others = corner.flatten(), torch.arange(10) != 7


@torch.no_grad()
def shares_of(G, n=4000):  # of its pictures: stamped; clear sevens; other clear digits
    x = G(draw_z(n))
    clear = judge(x).softmax(dim=1) > 0.9  # n × 10
    stamped = x[:, corner].mean(dim=1) > 0.5
    parts = stamped, clear[:, 7], clear[:, others].any(dim=1)
    return [part.float().mean().item() for part in parts]


# %%
no_sevens = data.x_train[data.y_train != 7]
without = Game()
without.play(no_sevens, 1200)
drawn, ours = shares_of(without.mean_G)[1], shares_of(versions[8][2])[1]
print(f"clear sevens after 1,200 rounds: ours {ours:.4f}, without {drawn:.4f}")

# %% tags=["figure"]
ratio = drawn / ours
hidden.reveal(hidden.options[2 if ratio < 0.15 else 1 if ratio < 0.6 else 0])

# %%
claim(
    "C30a",
    "What the discriminator never saw, the generator does not draw: share of clear "
    "sevens, after a game without sevens",
    drawn,
    kind="experiment",
    at_most=0.01,
    control=("a game with sevens", ours),
)

# %% [markdown]
# Now the other way round: **show $D$ something new.** Take our trained pair. From now on, a quarter of $D$'s real pictures carry a small stamp, a black square in the corner. $G$ has long been drawing white corners. **Predict first.**

# %% tags=["figure"]
forged = Prediction(
    "After how many more rounds does G put the stamp on a tenth of its own pictures?",
    ["20 or 40", "60 to 120", "more than 120"],
)
forged

# %%
stamped = data.x_train.clone()
stamped[::4, corner] = 1  # every fourth: 3 × 3 pixels of ink


def go_on(real, cut=None):  # 120 more rounds of our trained pair
    pair, shares = copy.deepcopy(game), []
    if cut is not None:  # these pixels pass, their gradient does not
        pair.G.register_forward_hook(lambda G, z, x: torch.where(cut, x.detach(), x))
    for _ in range(6):
        pair.play(real, 20)
        shares.append(shares_of(still(pair.G)))
    return torch.tensor(shares), still(pair.G)  # 6 × 3


before = shares_of(still(game.G))
with_stamps, forger = go_on(stamped)

# %% tags=["figure"]
reached = (with_stamps[:, 0] >= 0.1).nonzero()
row = reached[0].item() if len(reached) else 6
forged.reveal(forged.options[(row > 1) + (row > 5)])

# %% [markdown]
# Two more runs from the same pair. In one, $D$ sees stamps as before, but at the nine pixels of the stamp we **cut the slope** on its way to $G$. In the other, $D$ sees no stamps, and no sevens any more.

# %%
cut_off, blind = go_on(stamped, cut=corner)
no_more, _ = go_on(no_sevens)

# %% tags=["figure"]
figure, panels = plt.subplots(1, 2, figsize=(13, 4.4), layout="constrained")
runs = {"D sees stamps": with_stamps, "slope cut": cut_off, "D sees no sevens": no_more}
for k, (ax, title) in enumerate(zip(panels, ("pictures with a stamp", "clear sevens"))):
    for (name, shares), mark in zip(runs.items(), "osD"):
        line = [before[k], *shares[:, k].tolist()]
        ax.plot(range(0, 121, 20), line, mark + "-", lw=3, ms=9, label=name)
    ax.set(title=f"G's {title}", xlabel="rounds after version 10", ylim=(-0.005, None))
panels[0].axhline(0.25, color=plotting.INK, ls="--", label="among D's real pictures")
panels[0].set_ylabel("share")
panels[0].legend()
plt.show()
kept = no_more[:, 2].mean() / before[2]
print(f"other clear digits, without sevens: {kept:.2f} of those before")

# %%
late = slice(2, None)  # rounds 60 to 120
claim(
    "C30b",
    "What the discriminator sees, the generator soon draws: share of its pictures with "
    "the stamp, mean over rounds 60 to 120",
    with_stamps[late, 0].mean(),
    kind="experiment",
    at_least=0.1,
    at_most=0.4,
    control=("slope cut at the stamp", cut_off[late, 0].mean()),
)
claim(
    "C30c",
    "What it sees no more, the generator stops drawing: clear sevens left, as a share of "
    "those at first",
    no_more[late, 1].mean() / before[1],
    kind="experiment",
    at_most=0.35,
    control=("D sees sevens", with_stamps[late, 1].mean() / before[1]),
)

# %% tags=["figure", "opening"]
chosen = (0, 3, 5, 7, 9)  # versions, by position
with torch.no_grad():
    last, uninked = forger(same_z), blind(same_z)
    inked = last[:, corner].mean(dim=1) > 0.5
    five = torch.cat([inked.nonzero()[:3, 0], (~inked).nonzero()[:2, 0]])
    columns = [versions[k][0](same_z)[five] for k in chosen] + [last[five], uninked[five]]
picture = torch.stack(columns, dim=1).view(len(five), 7, 28, 28)
figure, ax = plt.subplots(figsize=(12, 9), layout="constrained")
ax.imshow(picture.transpose(1, 2).reshape(28 * len(five), 28 * 7))
names = [f"{stops[k]:,} rounds" for k in chosen]
names += ["then D sees\nstamps", "the same,\nslope cut"]
ax.set_xticks([14 + 28 * k for k in range(7)], names)
for row in range(min(3, inked.sum())):
    ax.plot(28 * 5 + 2, 28 * row + 2, "o", ms=34, mfc="none", mec="#d55e00", mew=4)
ax.axvline(28 * 5 - 0.5, color=plotting.INK, lw=2)
ax.set(yticks=[], title="Five z, one a row. G has never seen a real picture.")
ax.tick_params(length=0)
ax.grid(False)
plt.show()

# %% [markdown]
# A forger who has never seen a banknote, but may ask a good inspector, soon puts the new stamp on, and on about as many notes as carry it. Cut the line between the two at nine pixels, and the stamp never comes. Sevens are driven out: while $G$ still draws them, every seven that $D$ meets is a forgery.
#
# So "$G$ never sees a real picture" is true, and no protection: *through $D$ it is told in detail*. Has it been told the training digits, one by one? Below each picture stands the training digit that is nearest in its pixels. (Lesson 10b asks more.)

# %% tags=["figure"]
with torch.no_grad():
    twelve = game.mean_G(draw_z(12))
which = torch.cdist(twelve, data.x_train).argmin(dim=1)
way = [torch.cdist(x, data.x_train).amin(dim=1).median() for x in (twelve, data.x_test)]
print(f"median distance: {way[0]:.2f}; of held-out digits: {way[1]:.2f}")
plotting.image_grid({"generated": twelve, "nearest training digit": data.x_train[which]})

# %% [markdown]
# ## 6 · What is in $z$?
#
# Nobody told $G$ what its 16 numbers should mean, and no encoder exists. To explore them, turn the axes: $z=Ru$ with a rotation $R$. If $u$ has 16 independent $\mathcal N(0,1)$ numbers, so has $z$. We choose $R$ so that a small step of $u_1$ moves the picture most, on average over $z$, of $u_2$ most of what is left, and so on: the eigenvectors of the mean of $J^\top J$, where $J=\partial x/\partial z$, 784 × 16.

# %%
best = game.mean_G
z, step = draw_z(200), 0.01
with torch.no_grad():  # ∂x/∂z by small differences, one of the 16 numbers at a time
    moved = [(best(z + step * e) - best(z)) / step for e in torch.eye(noise_size)]
J = torch.stack(moved, dim=2)  # 200 × 784 × 16
sizes, axes = torch.linalg.eigh((J.mT @ J).mean(dim=0))  # smallest first
sizes, R = sizes.flip(0), axes.flip(1)  # R: a column for each direction
print("share of the squared change:", (sizes / sizes.sum())[[0, 1, 2, 15]])
rotation = nn.Linear(noise_size, noise_size, bias=False)
rotation.weight.data = R.clone()
u = draw_z(1000)
with torch.no_grad():
    read = judge(best(rotation(u))).argmax(dim=1)

# %% tags=["figure"]
names = [f"u{i + 1}" for i in range(noise_size)]
LatentExplorer(nn.Sequential(rotation, *best), u, read, names=names)

# %% [markdown]
# Dots are 1,000 draws of $u$, coloured by what the judge reads in their pictures. Click a dot, then drag $u_1$, $u_2$, and $u_{16}$. "Random code" draws a new $u$. Is there a slider for *which digit*, one for *slant*?
#
# **A walk.** Between two $z$ the pictures change from one digit to another. Compare with a blend of the two pictures:

# %% tags=["figure"]
a, b = draw_z(2)
steps = torch.linspace(0, 1, 25)[:, None]
with torch.no_grad():
    walk = best((1 - steps) * a + steps * b)
blend = (1 - steps) * walk[:1] + steps * walk[-1:]
pairs = torch.cat([walk.view(-1, 28, 28), blend.view(-1, 28, 28)], dim=2)
captions = [f"{25 * k / 6:.0f} % of the way; left: in z, right: blend" for k in range(25)]
FramePlayer(list(pairs), captions, label="step", start=12, interval=200)


# %% [markdown]
# The walk stays sharp; the blend is two pictures at once. (A VAE's pictures blur, lesson 07d.) But on the way from one digit to another there are pictures that are neither.
#
# ## 7 · Where it breaks


# %% tags=["figure"]
def clear_share(x):
    return (judge(x).softmax(dim=1).amax(dim=1) > 0.9).float().mean()


with torch.no_grad():
    sheet = best(draw_z(1000))
sure = judge(sheet).softmax(dim=1).amax(dim=1).argsort()
rows = {"least clear of 1,000": sheet[sure[:14]], "drawn in turn": sheet[:14]}
losses = torch.stack(game.losses)
for stop in (400, 800, 2400):
    of_D, of_G = losses[stop - 100 : stop].mean(dim=0)
    print(f"losses up to round {stop}: D {of_D:.2f}, G {of_G:.2f}")
print(f"clear: noise {clear_share(torch.rand(1000, 784)):.2f}", end=", ")
print(f"held-out {clear_share(data.x_test):.2f}, ours {clear_share(sheet):.2f}")
plotting.image_grid(rows)

# %% [markdown]
# - **Not all are digits.** Count the second row yourself.
# - **It runs only forwards.** No encoder: from a picture no $z$. No likelihood, not even a bound. (A VAE has both, but blurs.)
# - **No number to watch.** The losses above don't say which version draws well, and "clear" doesn't, either: the judge calls much of pure noise clear. Lesson 10b finds better ones.
# - **Other recipes** draw worse, or collapse (lesson 10c).
#
# ## 8 · Try it
#
# 1. Stamp only one picture in a hundred. Does $G$ learn it, and how often does it use it?
# 2. Stamp all sevens, and nothing else (`stamped[data.y_train == 7]`). Does $G$ put the stamp on its sevens, or on other digits, too?
# 3. `noise_size = 2`: make a map of all that $G$ can draw (`LatentExplorer` needs no rotation). What is lost?
#
# ## 9 · Summary

# %% tags=["figure"]
PredictionCount(forgot, race, hidden, forged)

# %% [markdown]
# - $D$ is a binary classifier. Its step moves only $D$ (`detach`); the step of $G$ goes through both networks, and moves only $G$ (freeze).
# - They evolve in turn: each version of $D$ finds out earlier generators, hardly later ones.
# - $G$ never sees a real picture. What $D$ does not see, $G$ does not draw; what $D$ sees, $G$ soon draws; what $D$ sees no more, $G$ gives up.
# - It draws sharp pictures; but it has no encoder, no likelihood, and no number that says how good it is.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | generator | 生成器 | $G$: from $z$ to a picture |
# | discriminator | 判别器 | $D$: is it real? |
# | binary classifier | 二元分类器 | real 1, generated 0 |
# | freeze | 冻结 | a network's weights get no gradient |
# | transposed convolution | 转置卷积 | each place adds a patch |
# | batch norm | 批归一化 | each number minus its batch's mean, over its standard deviation |
# | gradient penalty | 梯度惩罚 | price on the slope of $D$ (R₁) |
# | latent space | 隐空间 | the space of $z$ |
# | interpolation | 插值 | the walk from one $z$ to another |
#
# **References**
#
# - I. Goodfellow and others (2014), *Generative adversarial nets*, NeurIPS, arXiv:1406.2661.
# - A. Radford, L. Metz and S. Chintala (2016), *Unsupervised representation learning with deep convolutional generative adversarial networks*, ICLR, arXiv:1511.06434 (transposed convolutions, batch norm; walks in $z$).
# - S. Ioffe and C. Szegedy (2015), *Batch normalization*, ICML, arXiv:1502.03167.
# - L. Mescheder, A. Geiger and S. Nowozin (2018), *Which training methods for GANs do actually converge?*, ICML, arXiv:1801.04406 (R₁; the mean of weights).
# - E. Härkönen, A. Hertzmann, J. Lehtinen and S. Paris (2020), *GANSpace: discovering interpretable GAN controls*, NeurIPS, arXiv:2004.02546 (directions from principal components, of which our rotation is a cousin).
