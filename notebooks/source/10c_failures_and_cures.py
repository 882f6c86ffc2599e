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
# # 10c · When the game goes wrong
#
# **How does a game of two networks fail, and what is each cure worth?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10c_failures_and_cures.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/10c_failures_and_cures.ipynb) ·
# 45 minutes to study, 45 seconds to run, no network needed
#
# **You will be able to**
#
# 1. recognise four failures of a GAN, by eye and by number;
# 2. compare cures fairly: over seeds, first and last, and each with settings of its own;
# 3. say what averaged weights bring, and which famous cures did not help here;
# 4. say how strong a discriminator should be, and find out whether it favours the pictures that it knows.
#
# **Builds on** lessons 10a (a GAN on digits), 10b (the Fréchet distance), and 09a to 09c (many games at once, the penalty, the saturating loss).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="10c")

# %%
import copy
import itertools
import time
from dataclasses import dataclass
from statistics import median
from types import SimpleNamespace

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import label_error, layers, take_step
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data, softplus = digits(), functional.softplus

# %% [markdown]
# ## 1 · A wind tunnel
#
# To say what a cure is worth you need *many* games. Lesson 10a's take too long. So test a small model, as builders of aircraft do. Digits of 14 × 14 pixels, 64 units a layer, four games at once by one batched product (09a).


# %%
def small(x):  # n × 784 to n × 196: each pixel the mean of 2 × 2
    return functional.avg_pool2d(x.view(-1, 1, 28, 28), 2).flatten(1)


real, held_out = small(data.x_train), small(data.x_test)
games, batch, noise_size = 4, 32, 16


# %%
class Networks(nn.Module):  # one for each game: games × n × inputs to games × n × outputs
    def __init__(self, widths, norm=False):
        super().__init__()
        self.norm = norm
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for inputs, outputs in itertools.pairwise(widths):
            start = torch.empty(games, inputs, outputs).uniform_(-1, 1)
            self.weights.append(start * inputs**-0.5)
            self.biases.append(torch.zeros(games, 1, outputs))

    def forward(self, x):
        for layer, bias in enumerate(self.biases):
            x, last = torch.bmm(x, self.weight(layer)), layer == len(self.biases) - 1
            if self.norm and not last:  # batch norm, each game for itself
                x = (x - x.mean(1, True)) / (x.var(1, keepdim=True) + 1e-5).sqrt()
            x = x + bias if last else functional.leaky_relu(x + bias, 0.2)
        return x

    def weight(self, layer):
        return self.weights[layer]


# %% [markdown]
# The losses are those of lessons 09 and 10a. $D$ may pay the penalty $R_1=\frac\gamma2E\,\|\nabla\ell\|^2$ for its logit's slope at real pictures. (`paired` is for section 5.)


# %%
def slope_squared(logit, pictures):  # games × n × 1
    slope = torch.autograd.grad(logit.sum(), pictures, create_graph=True)[0]
    return slope.square().sum(2, keepdim=True)


def losses_of_d(D, x, fake, penalty, paired):  # games × n × 1, as in 09b
    if penalty:
        x.requires_grad_()
        fake.requires_grad_(paired)
    yes, no = D(torch.cat([x, fake], dim=1)).chunk(2, dim=1)  # logits
    losses = softplus(no - yes) if paired else softplus(-yes) + softplus(no)
    if penalty:  # R₁: on real pictures
        losses = losses + penalty / 2 * slope_squared(yes, x)
    if penalty and paired:  # R₂: the same on generated pictures
        losses = losses + penalty / 2 * slope_squared(no, fake)
    return losses


def losses_of_g(D, x, fake, saturating, paired):
    no = D(fake)
    if paired:
        return softplus(D(x.detach()) - no)
    return -softplus(no) if saturating else softplus(-no)


# %%
def draw(G, n):  # games × n × 196
    return G(torch.randn(games, n, noise_size)).sigmoid()


@torch.no_grad()
def average_in(average, G, step):  # average weights: 0.99 of the old, 0.01 of the new
    keep = min(0.99, step / (step + 10))  # less at first
    for mean, weight in zip(average.parameters(), G.parameters()):
        mean.lerp_(weight, 1 - keep)


# %% [markdown]
# The judge is a classifier, trained apart (10b). From its 64 features comes the **Fréchet distance** of a game's 2,000 pictures from the 4,000 training digits. **Spread**: do pictures differ at all? Pixels' standard deviation between them, as a share of real digits'.

# %%
judge = layers(196, 200, 64, 10, activation=nn.ReLU)
options = {"epochs": 12, "batch_size": 100, "learning_rate": 4e-3, "weight_decay": 0.05}
options |= {"augment": lambda x: shifted(x, side=14), "label": "judge"}
fit(judge, (real, data.y_train), label_error, **options)


# %%
@torch.no_grad()
def moments(pictures):
    features = judge[:-1](pictures).double()
    return features.mean(0), features.T.cov()


mean, cov = moments(real)
root = torch.linalg.cholesky(cov + 1e-9 * torch.eye(64))


def frechet(pictures):
    m, c = moments(pictures)
    cross = torch.linalg.eigvalsh(root.T @ c @ root).clamp(min=0).sqrt().sum()
    return ((m - mean).square().sum() + (c + cov).trace() - 2 * cross).item()


# %%
@torch.no_grad()
def distances(G):  # one for each game
    return [frechet(made) for made in draw(G, 2000)]


@torch.no_grad()
def spread(G):  # one for each game
    return (draw(G, 500).std(1).mean(1) / real.std(0).mean()).tolist()


# %% tags=["figure"]
with torch.no_grad():
    right = (judge(held_out).argmax(1) == data.y_test).float().mean()
print(f"the judge names {right:.3f} of the held-out digits correctly")
print(f"distance of held-out digits: {frechet(held_out):.2f}", end=", ")
print(f"of noise: {frechet(torch.rand(2000, 196)):.0f}")

# %% [markdown]
# A recipe's defaults are the "bare" one: no batch norm, no penalty, Adam's $\beta_1=0.9$ as PyTorch sets it.

# %%
slow, fast = 2e-3, 8e-3  # step sizes


@dataclass
class Recipe:
    norm: bool = False  # batch norm in G
    beta1: float = 0.9  # Adam's memory of past gradients, both networks
    penalty: float = 0.0  # γ of R₁
    rate: float = slow
    g_share: float = 1.0  # G's step size, as a share of D's
    saturating: bool = False
    paired: bool = False
    kind: type = Networks  # of D
    width: int = 64  # of D's layers
    d_steps: int = 1
    rounds: int = 500


# %% [markdown]
# All recipes start from the same seed, with the same weights. $G$'s weights are averaged beside the game: all distances below are of the averaged $G$, players of rounds show the live one. The penalty is costly (10a), hence `due`. Batch norm always uses the batch at hand (10a kept running statistics).


# %%
def play(pictures=real, **choices):
    torch.manual_seed(torch.initial_seed())
    r, z = Recipe(**choices), torch.randn(games, 25, noise_size)
    G, D = Networks((noise_size, 64, 64, 196), r.norm), r.kind((196, r.width, r.width, 1))
    options = {"betas": (r.beta1, 0.99), "fused": True}
    adam_g = torch.optim.Adam(G.parameters(), r.rate * r.g_share, **options)
    adam_d = torch.optim.Adam(D.parameters(), r.rate, **options)
    average, frames, started = copy.deepcopy(G), [], time.process_time()
    for step in range(r.rounds):
        if step % 20 == 0:
            frames.append(G(z).sigmoid().detach())
        due = 0 if step % 4 else 4 * r.penalty  # every fourth round, four times as much
        for _ in range(r.d_steps):
            x = pictures[torch.randint(len(pictures), (games, batch))]
            fake = draw(G, batch)
            take_step(adam_d, losses_of_d(D, x, fake.detach(), due, r.paired))
        D.requires_grad_(False)  # G's step leaves D alone
        take_step(adam_g, losses_of_g(D, x, fake, r.saturating, r.paired))
        D.requires_grad_(True)
        average_in(average, G, step)
    seconds = time.process_time() - started  # of the processor
    result = {"G": average, "live": G, "D": D, "distances": distances(average)}
    return SimpleNamespace(**result, frames=frames, seconds=seconds)


# %% [markdown]
# ## 2 · The bare game
#
# Four games, bare.

# %%
bare = play()

# %% tags=["figure"]
for name, values in (("spread", spread(bare.G)), ("distance", bare.distances)):
    print(f"{name:9}", ", ".join(f"{value:.3g}" for value in values))


# %% tags=["figure"]
def sheet(pictures, columns):  # n × 196 to one picture
    framed = functional.pad(pictures.view(-1, 14, 14), (1, 1, 1, 1))
    rows = framed.unflatten(0, (-1, columns))
    return rows.transpose(1, 2).flatten(2).flatten(0, 1)


def four_sheets(pictures):  # of the four games, side by side, twice as large
    wide = torch.cat([functional.pad(sheet(x, 5), (6, 6)) for x in pictures], dim=1)
    return wide.repeat_interleave(2, 0).repeat_interleave(2, 1)


def caption(i, made):
    sure = judge(made).softmax(dim=2).amax(dim=2).mean(dim=1)
    return f"round {20 * i}; the judge's confidence: " + ", ".join(
        f"{c:.2f}" for c in sure
    )


captions = [caption(i, made) for i, made in enumerate(bare.frames)]
FramePlayer(map(four_sheets, bare.frames), captions, label="round", start=3)

# %% [markdown]
# Each game finds one blot, and *all* $z$ draw it. $D$ learns to refuse it; all move on to the next. This is **mode collapse** (09c). Read the judge's confidence: at times it is nearly sure. Of a blot!
#
# ## 3 · Three cures, eight recipes
#
# - **Batch norm** in $G$: each unit's numbers get mean 0, variance 1 over the batch.
# - **$\beta_1=0$** in Adam, for both: no memory of past gradients (09b).
# - **$R_1$**, $\gamma=0.1$: $D$ pays for steepness at real pictures (09b).
#
# With or without each: eight recipes, same rounds, data and settings. A cure's worth has two fair answers: *added to the bare recipe*, or *taken from the full one*. **Predict first.**

# %% tags=["figure"]
missed = Prediction(
    "From the recipe with all three, take one away. Which is missed most?",
    ["batch norm", "β₁ = 0", "R₁", "all about alike"],
)
missed

# %%
cures = {"batch norm": {"norm": True}, "β₁ = 0": {"beta1": 0.0}, "R₁": {"penalty": 0.1}}
names = tuple(cures)
subsets = [chosen for n in range(4) for chosen in itertools.combinations(names, n)]


def recipe(chosen):
    return {key: value for name in chosen for key, value in cures[name].items()}


at_slow = {(): bare} | {c: play(**recipe(c)) for c in tqdm(subsets) if c}
same = {chosen: game.distances for chosen, game in at_slow.items()}


# %%
def others(name):  # the other two cures
    return tuple(each for each in names if each != name)


def first_and_last(name, table):  # how many times nearer, added to none, to the others
    first = median(table[()]) / median(table[(name,)])
    return first, median(table[others(name)]) / median(table[names])


# %% tags=["figure"]
def print_worth(table):
    for name in names:
        first, last = first_and_last(name, table)
        print(f"{name:10} added first: {first:4.1f} times nearer; last: {last:4.1f}")


# %% tags=["figure"]
ranked = sorted(names, key=lambda name: first_and_last(name, same)[1])
top, second = (first_and_last(name, same)[1] for name in ranked[:0:-1])
print_worth(same)
missed.reveal(ranked[-1] if top > 1.3 * second else "all about alike")


# %% tags=["figure"]
def dots(ax, rows, colour, filled=True):  # rows: name to the distances of four games
    for place, values in enumerate(rows.values()):
        style = {"mfc": colour if filled else "none", "mec": colour, "mew": 2}
        ax.plot(values, [place] * len(values), "o", ms=9, **style)
        ax.plot([median(values)] * 2, [place - 0.35, place + 0.35], color=colour, lw=3)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.set(xscale="log", xlabel="Fréchet distance (dots: games; bar: their median)")


def prices(rows):  # name to game
    for name, game in rows.items():
        far = median(game.distances)
        times = game.seconds / at_slow[()].seconds
        print(f"{name:26} distance {far:6.1f}, time {times:.1f} of a bare game's")


def name_of(chosen):
    return " + ".join(chosen) or "bare"


# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 5), layout="constrained")
order = sorted(subsets, key=lambda chosen: -median(same[chosen]))
dots(ax, {name_of(chosen): same[chosen] for chosen in order}, plotting.COLOURS[0])
plt.show()
prices({name_of(chosen): at_slow[chosen] for chosen in order})

# %%
claim(
    "C35m",
    "The bare game collapses: spread between pictures, median of four games",
    median(spread(bare.G)),
    kind="experiment",
    at_most=0.4,
    control=("all three cures", median(spread(at_slow[names].G))),
)


gain = {name: first_and_last(name, same) for name in names}
claim(
    "C35n",
    "Cures don't multiply: β₁ = 0 is worth more last than first, so many times",
    gain["β₁ = 0"][1] / gain["β₁ = 0"][0],
    kind="experiment",
    at_least=1.15,
    control=("R₁", gain["R₁"][1] / gain["R₁"][0]),
)

# %% [markdown]
# Added first, the three are worth about alike; added last, $R_1$ hardly matters. A table that adds and one that removes tell different stories.
#
# ## 4 · Does everybody get fair settings?
#
# One step size for all is not the same *care* for all. On seed 10 the eight were tried with 1, 2, 4 and 8 thousandths, the best with 16. With $\beta_1=0.9$ none gained more than games differ among themselves. The four with $\beta_1=0$ want steps four times as long. And $\gamma=0.1$ was tuned for the *full* recipe: without $\beta_1=0$, $R_1$ wants a $\gamma$ 300 times as large. Give each its own.

# %%
at_fast = {c: play(**recipe(c), rate=fast) for c in tqdm(subsets) if "β₁ = 0" in c}
steep = {c: play(**recipe(c) | {"penalty": 30.0}) for c in (("R₁",), others("β₁ = 0"))}
own = same | {c: game.distances for c, game in (at_fast | steep).items()}

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 5), layout="constrained")
dots(ax, {name_of(chosen): same[chosen] for chosen in order}, plotting.COLOURS[8], False)
dots(ax, {name_of(chosen): own[chosen] for chosen in order}, plotting.COLOURS[0])
ax.set_title("hollow: the same settings for all; filled: each its own")
plt.show()
print_worth(own)

# %%
claim(
    "C35o",
    "With a γ of its own R₁ alone does nearly as much: times nearer than bare",
    first_and_last("R₁", own)[0],
    kind="experiment",
    at_least=5,
    control=("γ = 0.1", first_and_last("R₁", same)[0]),
)

# %% [markdown]
# $\beta_1=0$ wants longer steps, $R_1$ without it a steeper price. Each alone then does what "needed" two cures before. C35n was the short step's doing: $\beta_1=0$ is now worth *less* last than first. Ask of each table of cures: who chose the settings, and for whom?
#
# **Averaged weights** come free. How much nearer are they than the same games' last ones?

# %%
full, fulls = at_fast[names], own[names]


def averaging(game):  # times nearer, median of four games
    pairs = zip(distances(game.live), game.distances)
    return median(before / after for before, after in pairs)


claim(
    "C35p",
    "Averaged weights bring the full recipe nearer, for nothing: so many times",
    averaging(full),
    kind="experiment",
    at_least=1.2,
    control=("without β₁ = 0", averaging(play(**recipe(others("β₁ = 0")), rate=fast))),
)

# %% tags=["figure"]
print(f"the full recipe at the short step: {averaging(at_slow[names]):.2f} times nearer")

# %% [markdown]
# Long steps sway more; averaging takes the sway out. It can't help a game that wanders off.
#
# ## 5 · Three famous cures more
#
# - **Two step sizes** (TTUR, Heusel et al. 2017): $G$'s half as long as $D$'s.
# - **Spectral norm** (Miyato et al. 2018): each weight matrix of $D$ is divided by its largest stretch; no layer can be steep. Here in place of $R_1$.
# - **Pairs** (R3GAN, Huang et al. 2024): $D$ says which of two pictures is *more* real, $-\log\sigma(\ell(x)-\ell(G(z)))$; with $R_1$, and the same on generated pictures, $R_2$. On the bare recipe they compare with $R_1$ alone, $\gamma=0.1$ too.


# %%
class SpectralNetworks(Networks):
    def __init__(self, widths):
        super().__init__(widths)
        self.across = [weight[:, :1].detach() for weight in self.weights]

    def weight(self, layer):  # divided by its largest singular value
        weight = self.weights[layer]
        with torch.no_grad():  # power iteration: one turn each time suffices
            up = functional.normalize(self.across[layer] @ weight.mT, dim=2)
            self.across[layer] = functional.normalize(up @ weight, dim=2)
        return weight / (up @ weight @ self.across[layer].mT)


extras = {
    "two step sizes": {"g_share": 0.5},
    "spectral norm": {"kind": SpectralNetworks, "penalty": 0.0},
    "pairs": {"paired": True, "penalty": 0.1},
}

# %% [markdown]
# **Predict first**: whom do they help?

# %% tags=["figure"]
helped = Prediction(
    "Added to the bare recipe, and to the full one: where does the best of the three "
    "bring the pictures 1.3 times nearer (pairs on bare: than with R₁)?",
    ["to both", "to the bare one only", "to the full one only", "to neither"],
)
helped

# %%
base = recipe(names) | {"rate": fast}
on_bare = {name: play(**extra) for name, extra in tqdm(extras.items())}
on_full = {name: play(**(base | extra)) for name, extra in tqdm(extras.items())}


def best_gain(starts, tried):  # times nearer with the best of the three
    return max(median(starts[n]) / median(g.distances) for n, g in tried.items())


starts = dict.fromkeys(extras, same[()]) | {"pairs": same[("R₁",)]}
gain_bare = best_gain(starts, on_bare)
gain_full = best_gain(dict.fromkeys(extras, fulls), on_full)

# %% tags=["figure"]
answers = ["to neither", "to the bare one only", "to the full one only", "to both"]
helped.reveal(answers[(gain_bare >= 1.3) + 2 * (gain_full >= 1.3)])

# %%
claim(
    "C35q",
    "To the full recipe the best of three famous cures adds little: times nearer",
    gain_full,
    kind="experiment",
    at_most=1.3,
    control=("the same on the bare recipe", gain_bare),
)

# %% tags=["figure"]
rows = {f"full, {name}": game for name, game in on_full.items()} | {"full": full}
rows |= {f"bare, {name}": game for name, game in on_bare.items()}
rows |= {"bare, R₁": at_slow[("R₁",)], "bare": bare}
figure, ax = plt.subplots(figsize=(11, 5), layout="constrained")
dots(ax, {n: game.distances for n, game in rows.items()}, plotting.COLOURS[0])
plt.show()
prices(rows)

# %% [markdown]
# One of the three, spectral norm, helped the sick game; none helped the healthy one. Some seem to cost time, but single timings wobble as much.
#
# ## 6 · A discriminator too strong, and the wrong loss
#
# Batch norm in $G$, $\beta_1=0.5$, 200 rounds. $G$ plays the *saturating* loss $\log(1-D)$ (09c), or the usual one. $D$ takes one step a round, or four; or four and pays $R_1$.

# %%
strong = {"norm": True, "beta1": 0.5, "rounds": 200}
d_steps = {"one step": 1, "four steps": 4}
usual = {name: play(**strong, d_steps=n) for name, n in d_steps.items()}
saturating = {k: play(**strong, d_steps=n, saturating=True) for k, n in d_steps.items()}
braked = play(**strong, d_steps=4, saturating=True, penalty=0.1)
ruin = {n: median(saturating[n].distances) / median(usual[n].distances) for n in usual}

# %% tags=["figure"]
for name, times in ruin.items():
    far, near = median(saturating[name].distances), median(usual[name].distances)
    print(f"{name:14} saturating {far:6.1f}, usual {near:5.1f}; {times:4.1f} times")
print(f"four steps and R₁, saturating {median(braked.distances):.1f}")

# %%
claim(
    "C35r",
    "Under a strong D the saturating loss ruins the game: times farther",
    ruin["four steps"],
    kind="experiment",
    at_least=4,
    control=("one step of D", ruin["one step"]),
)

# %% [markdown]
# With one step of $D$ the saturating loss does far less harm. $R_1$ cures the strong $D$. So does $\beta_1=0$ with the long step (try it).
#
# ## 7 · How strong should $D$ be?
#
# "A poor discriminator makes a poor generator", says the lecture. The full recipe; only the width of $D$'s layers changes. **Predict first** where it stops to matter.

# %% tags=["figure"]
enough = Prediction(
    "D's layers have 2, 8, 24, 64 or 128 units. From which width on is the distance "
    "within 1.5 times the best?",
    ["8", "24", "64", "128"],
)
enough

# %%
by_width = {
    width: full if width == 64 else play(**base, width=width)
    for width in tqdm((2, 8, 24, 64, 128))
}
of_width = {width: median(game.distances) for width, game in by_width.items()}

# %% tags=["figure"]
within = [width for width, far in of_width.items() if far <= 1.5 * min(of_width.values())]
enough.reveal(str(max(8, min(within))))

# %% tags=["figure"]
prices({f"width {width}": game for width, game in by_width.items()})
figure, axes = plt.subplots(1, 5, figsize=(16, 3.9), layout="constrained")
for ax, (width, game) in zip(axes, by_width.items()):
    ax.imshow(sheet(draw(game.G, 200)[0, :49].detach(), 7))
    ax.set_title(f"width {width}: {game.distances[0]:.1f}")
    ax.axis("off")
plt.show()

# %%
claim(
    "C35s",
    "A poor discriminator makes a poor generator: distance under a D of width 2",
    of_width[2],
    kind="experiment",
    at_least=30,
    control=("width 64", of_width[64]),
)
claim(
    "C35t",
    "Beyond some width a wider D gains little: from 64 to 128 units, times nearer",
    of_width[64] / of_width[128],
    kind="experiment",
    at_most=1.6,
    control=("from 8 to 24", of_width[8] / of_width[24]),
)

# %% [markdown]
# $G$ only learns differences that $D$ sees. Beyond some width it gains little (but the rates were chosen for width 64).
#
# ## 8 · Too few pictures
#
# The full recipe, but only 200 training pictures. $D$ need not know what digits *look* like: it can know these 200. **Predict first.**

# %% tags=["figure"]
by_heart = Prediction(
    "D has seen each of 200 digits about 80 times. It calls some of them real (logit "
    "above 0). Of digits that it never saw, it calls real",
    ["about as many", "fewer, by 0.05 to 0.5", "hardly any"],
)
by_heart


# %%
@torch.no_grad()
def called_real(D, seen):  # shares of seen and of held-out pictures, for each game
    return [
        (D(x.expand(games, -1, -1)) > 0).float().mean((1, 2)) for x in (seen, held_out)
    ]


few = real[:200]
with_few = play(few, **base)
shares = {"200": called_real(with_few.D, few), "4,000": called_real(full.D, real)}
gap = {name: (seen - unseen).median().item() for name, (seen, unseen) in shares.items()}

# %% tags=["figure"]
for name, (seen, unseen) in shares.items():
    print(f"{name:5} pictures: D calls real {seen.mean():.2f} of them,", end=" ")
    print(f"{unseen.mean():.2f} of held-out ones")
print(f"distance with 200: {median(with_few.distances):.1f}", end=", ")
print(f"with 4,000: {median(fulls):.1f}", end=", ")
print(f"of the 200, copied ten times: {frechet(few.repeat(10, 1)):.1f}")
by_heart.reveal(
    by_heart.options[0 if gap["200"] < 0.05 else 1 if gap["200"] < 0.5 else 2]
)


# %% [markdown]
# Does $G$ copy them, too? It never saw one. Ask each generated picture for its nearest neighbour among the 200 and 200 held-out digits. Without copying, each side wins about half of the time (the control).


# %%
@torch.no_grad()
def nearer_to_seen(G):
    made, unseen = draw(G, 500), held_out[:200]
    near = [torch.cdist(made, x.expand(games, -1, -1)).amin(2) for x in (few, unseen)]
    return (near[0] < near[1]).float().mean(1).median().item()


# %%
claim(
    "C35u",
    "D favours its 200 pictures: share called real, minus that of held-out ones",
    gap["200"],
    kind="experiment",
    at_least=0.05,
    control=("4,000 pictures", gap["4,000"]),
)
claim(
    "C35v",
    "G leans towards them, though it never saw one: nearest neighbour among the 200",
    nearer_to_seen(with_few.G),
    kind="experiment",
    at_least=0.57,
    control=("4,000 pictures", nearer_to_seen(full.G)),
)

# %% [markdown]
# What $D$ favours leaks to $G$, through the gradient. The distance would not tell: a perfect copier of the 200 comes nearer than any $G$ here.
#
# The failures side by side, as they come. Which never looks wrong?

# %% tags=["figure"]
watched = {"bare": bare, "strong D, saturating": saturating["four steps"]}
watched |= {"D of width 2": by_width[2], "200 pictures": with_few, "all cures": full}
frames, captions = [], []
for k in range(0, 25, 2):
    figure, axes = plt.subplots(1, 5, figsize=(13, 3.2), layout="none")
    for ax, (name, game) in zip(axes, watched.items()):
        ax.imshow(sheet(game.frames[min(k, len(game.frames) - 1)][0], 5))
        ax.set_title(name, fontsize=15)
        ax.axis("off")
    figure.subplots_adjust(left=0.01, right=0.99, bottom=0.02, top=0.86, wspace=0.06)
    frames.append(figure)
    captions.append(f"round {20 * k}" + " (the strong D's last: 180)" * (k > 9))
FramePlayer(frames, captions, label="round", start=4, interval=900)

# %% [markdown]
# Averaged, at the end: three failures, the cured game, real digits.

# %% tags=["figure", "opening"]
panels = {"bare: collapse": bare, "strong D, saturating loss": saturating["four steps"]}
panels |= {"D of width 2": by_width[2], "all cures": full}
figure, axes = plt.subplots(1, 5, figsize=(16, 4.2), layout="constrained")
for ax, (name, game) in zip(axes, panels.items()):
    far = torch.tensor(game.distances)
    run = far.argsort()[1]
    ax.imshow(sheet(draw(game.G, 200)[run, :49].detach(), 7))
    ax.set(title=name, xlabel=f"distance {far[run]:.1f}")
axes[4].imshow(sheet(held_out[:49], 7))
axes[4].set(title="real", xlabel=f"distance {frechet(held_out):.1f}")
for ax in axes:
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
plt.show()

# %% [markdown]
# ## 9 · Where it breaks
#
# - **A small model.** At 28 × 28 (three seeds, 800 rounds, live weights) $\beta_1=0$ alone again needed the longer step; batch norm was still missed, each with its better step. A slower average had not caught up in 800 rounds. Rankings do not travel.
# - **Trials.** About 150, most on seed 10, chose rates, $\gamma$, rounds and sizes; the three famous cures had two or three settings each.
# - **Four games a recipe.** Differences below a third say nothing.
#
# ## 10 · Try it
#
# 1. Play the bare recipe for 2,000 rounds. Does it come back? Does the full one get better?
# 2. In section 6 let `strong` have `beta1` 0 and `rate` `fast`. What is left of the ruin?
# 3. In section 8 set `penalty` to 0. Which changes more, $D$'s memory or the distance?
#
# ## 11 · Summary

# %% tags=["figure"]
PredictionCount(missed, helped, enough, by_heart)

# %% [markdown]
# - Collapse: pictures alike, whatever the confidence. A weak $D$: blots. A strong $D$ with the saturating loss: ruin. A $D$ that favours its pictures: seen on held-out ones only.
# - A cure's worth depends on what is there already, and on the settings that it was given.
# - Here $\beta_1=0$ with a long step, or $R_1$ with a large $\gamma$, did alone what "needed" two. Averages are free, and pay after long steps. Of three famous cures one helped the sick game, none the healthy one.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | mode collapse | 模式坍塌 | pictures alike, whatever the $z$ |
# | ablation | 消融实验 | take one thing away |
# | batch normalisation | 批归一化 | mean 0 and variance 1 over a batch |
# | gradient penalty | 梯度惩罚 | $R_1$, $R_2$ |
# | two time-scale update rule | 双时间尺度更新规则 | another step size for $G$ |
# | spectral norm | 谱范数 | a matrix's largest stretch |
# | weight averaging | 权重平均 | of $G$, beside the game |
# | to memorise | 死记硬背 | $D$ favours the pictures it knows |
#
# **References**
#
# - S. Ioffe and C. Szegedy (2015), *Batch normalization: accelerating deep network training by reducing internal covariate shift*, ICML, arXiv:1502.03167.
# - A. Radford, L. Metz and S. Chintala (2016), *Unsupervised representation learning with deep convolutional generative adversarial networks*, ICLR, arXiv:1511.06434.
# - M. Heusel and others (2017), *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS, arXiv:1706.08500.
# - T. Miyato, T. Kataoka, M. Koyama and Y. Yoshida (2018), *Spectral normalization for generative adversarial networks*, ICLR, arXiv:1802.05957.
# - L. Mescheder, A. Geiger and S. Nowozin (2018), *Which training methods for GANs do actually converge?*, ICML, arXiv:1801.04406 ($R_1$, averaging).
# - M. Lucic, K. Kurach, M. Michalski, S. Gelly and O. Bousquet (2018), *Are GANs created equal? A large-scale study*, NeurIPS, arXiv:1711.10337 (with enough care for each, the losses do not differ).
# - A. Jolicoeur-Martineau (2019), *The relativistic discriminator: a key element missing from standard GAN*, ICLR, arXiv:1807.00734.
# - Y. Yazıcı and others (2019), *The unusual effectiveness of averaging in GAN training*, ICLR, arXiv:1806.04498.
# - T. Karras and others (2020), *Training generative adversarial networks with limited data*, NeurIPS, arXiv:2006.06676 (a $D$ that learns by heart).
# - N. Huang, A. Gokaslan, V. Kuleshov and J. Tompkin (2024), *The GAN is dead; long live the GAN! A modern baseline GAN*, NeurIPS, arXiv:2501.05441.
