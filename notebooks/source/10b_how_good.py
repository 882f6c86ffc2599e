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
# # 10b · How good is a generated picture?
#
# **Which number tells a good generator from a bad one, and who can fool it?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/10b_how_good.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/10b_how_good.ipynb) ·
# 41 minutes to study, 60 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say why the losses of a GAN don't tell how good its pictures are;
# 2. write a Fréchet distance in a few lines, and test it before you trust it;
# 3. put four generators on one scale, with numbers of samples that may be compared;
# 4. fool each number, and say which other number finds the cheat out.
#
# **Builds on** lessons 10a (a GAN on digits), 07a (judge, precision, recall, the VAE), 05a (mixtures of Gaussians) and 09a (the game and its goal).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="10b")

# %%
import math

import matplotlib.pyplot as plt
import torch
from sklearn.decomposition import PCA
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import Game, draw_z, label_error, layers
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits()

# %% [markdown]
# ## 1 · Two games, four losses
#
# The lecture says of GANs: no number tells the quality, and the loss is none. We play the game of lesson 10a twice. Game A is 10a's. In game B everything is the same but the discriminator: hidden layers of 8 numbers, not 256.
#
# In lesson 09a the game was won when $D$ could no longer tell real from generated: its loss is then $\log4=1.386$, the generator's $\log2=0.693$. **Predict first.**

# %% tags=["figure"]
nearer = Prediction(
    "Whose losses end nearer to those of a won game, log 4 and log 2?",
    ["A's: D has 256 hidden numbers", "B's: D has 8", "no difference (within 0.05)"],
)
nearer

# %%
poor = layers(784, 8, 8, 1, activation=lambda: nn.LeakyReLU(0.2))
games = {"A": Game(), "B": Game(D=poor)}
losses, gap = {}, {}
goal = torch.tensor([math.log(4), math.log(2)])
for name, game in games.items():
    game.play(data.x_train, 800)
    losses[name] = torch.stack(game.losses)  # 800 × 2: D's, G's
    last = losses[name][-100:].mean(dim=0)
    gap[name] = (last - goal).abs().sum().item()
    print(f"{name}: D's loss {last[0]:.3f}, G's {last[1]:.3f}, off by {gap[name]:.3f}")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 2, figsize=(14, 4.2), sharey=True, layout="constrained")
for ax, (name, both) in zip(axes, losses.items()):
    for k, word in enumerate(("D's loss", "G's loss")):
        smooth = both[:, k].unfold(0, 20, 1).mean(dim=1)
        colour = plotting.COLOURS[(0, 2)[k]]
        ax.plot(range(10, 10 + len(smooth)), smooth, color=colour, label=word)
        ax.axhline(goal[k], ls=":", color=colour)
    ax.set(title=f"game {name}", xlabel="round", ylim=(0, 3))
axes[0].set_ylabel("nats, mean of 20 rounds")
axes[1].legend(loc="upper right", title="dotted: a won game")
plt.show()

# %% tags=["figure"]
apart = gap["A"] - gap["B"]
nearer.reveal(nearer.options[2 if abs(apart) < 0.05 else 1 if apart > 0 else 0])

# %% [markdown]
# By its losses game B is won. Now look at the pictures. (A then plays on, to 2,000 rounds.)


# %%
@torch.no_grad()
def draw(G, z):
    return torch.cat([G(part) for part in z.split(500)])  # in parts: less memory


sheets = {f"GAN {k}": draw(game.mean_G, draw_z(4000)) for k, game in games.items()}

# %% tags=["figure"]
plotting.image_grid({name: sheet[:14] for name, sheet in sheets.items()})

# %%
games["A"].play(data.x_train, 1200)
sheets["GAN A"] = draw(games["A"].mean_G, draw_z(4000))
claim(
    "C35a",
    "A poor D makes the losses of a won game: off log 4 and log 2, together, by",
    gap["B"],
    kind="experiment",
    at_most=0.1,
    control=("the game that draws digits", gap["A"]),
)

# %% [markdown]
# Each loss says how one network does *against the other*. B's discriminator says ½ to grey blobs and digits alike: the losses of a won game. The best possible $D$ would not (09a).
#
# ## 2 · A distance between two clouds
#
# Pixels are a bad place to compare pictures: shift a digit by two pixels, and every pixel is another. A classifier has learnt what matters. So train a **judge** (07a), and take its 64 hidden numbers, the **features**, for the picture.

# %%
judge = layers(784, 400, 64, 10, activation=nn.ReLU)
labelled = data.x_train, data.y_train
options = {"batch_size": 100, "learning_rate": 4e-3, "augment": shifted}
options |= {"weight_decay": 0.05}


@torch.no_grad()
def features(pictures, judge=judge):  # n × 784 to n × 64
    return judge[:-1](pictures)


fit(judge, labelled, label_error, epochs=15, **options, label="judge")
with torch.no_grad():
    right = judge(data.x_test).argmax(dim=1) == data.y_test
print(f"held-out digits named correctly: {right.float().mean():.3f}")

# %% [markdown]
# A sheet of pictures is now a cloud of points. How far apart are two clouds? Start with *one* feature, and suppose that it is normally distributed: $\mathcal N(m,s^2)$ in one sheet, $\mathcal N(n,t^2)$ in the other.
#
# Carry each number of the one to a number of the other, smallest to smallest, largest to largest. That is $x\mapsto n+\tfrac ts(x-m)$: move the middle, then stretch. No way of carrying is cheaper. The mean *squared* way is
#
# $$d^2=(m-n)^2+(s-t)^2 .$$
#
# The middle moves by $m-n$. A number that lies $u$ standard deviations off has $(s-t)\,u$ more to go, where $u$ is 0 and $u^2$ is 1 on average. Try it on numbers:

# %%
one = 2 + 1.5 * torch.randn(100_000)
other = 3 + 0.5 * torch.randn(100_000)
way = (one.sort().values - other.sort().values).square().mean()
print(f"carried: {way:.3f}, by the formula: {(2 - 3) ** 2 + (1.5 - 0.5) ** 2:.3f}")

# %% [markdown]
# With 64 features, means are vectors $m$ and $n$, and spreads are covariance matrices $S$ and $T$. The cheapest carrying of one Gaussian cloud to the other has the mean squared way (Dowson and Landau 1982)
#
# $$d^2=|m-n|^2+\operatorname{tr}\bigl(S+T-2\,(ST)^{1/2}\bigr).$$
#
# In one dimension the trace is $s^2+t^2-2st$, as above. This is the **Fréchet distance** (Heusel and others 2017; they quote the *square*, so do we).
#
# The root of a matrix looks hard. But only its trace is needed, and a trace is the sum of the eigenvalues. $ST$ has eigenvalues $\lambda\ge0$ (those of the symmetric $S^{1/2}TS^{1/2}$), its root has $\sqrt\lambda$.


# %%
def root_trace(S, T):  # trace of the root of ST: 64 × 64 each
    return torch.linalg.eigvals(S @ T).real.clamp(min=0).sqrt().sum()


def frechet(made, real):  # two clouds: n × 64 and m × 64
    a, b = made.double(), real.double()
    means = (a.mean(dim=0) - b.mean(dim=0)).square().sum()
    spread = a.var(dim=0).sum() + b.var(dim=0).sum()
    squared = means + spread - 2 * root_trace(a.T.cov(), b.T.cov())
    return squared.clamp(min=0).item()  # rounding: of equal clouds a hair below 0


of_training = features(data.x_train)  # 4000 × 64


def distance(pictures):
    return frechet(features(pictures), of_training)


# %% [markdown]
# ## 3 · Earn it
#
# Spoil real digits step by step, in five ways. Does it grow at *every* step? **Blur**, **noise**, **shift**; left **quarters swapped**, top for bottom, in more and more pictures; and a **foreign mixture**: more and more ones in place of all digits, each of them perfect.


# %%
def blurred(x, width):  # a Gaussian's width, in pixels
    apart = torch.arange(28.0) - torch.arange(28.0)[:, None]
    line = torch.softmax(-0.5 * (apart / width) ** 2, dim=1)  # 28 × 28, rows sum to 1
    return (line @ x.view(-1, 28, 28) @ line.T).flatten(1)


def noisy(x, size):
    return (x + size * torch.randn_like(x)).clamp(0, 1)


def moved(x, pixels):  # to the right
    return x.view(-1, 28, 28).roll(pixels, dims=2).flatten(1)


def swapped(x, share):  # of the pictures
    image, some = x.view(-1, 28, 28).clone(), int(share * len(x))
    image[:some, :, :14] = image[:some, :, :14].roll(14, dims=1)
    return image.flatten(1)


def more_ones(x, share):
    some = int(share * len(x))
    return torch.cat([ones[torch.randint(len(ones), (some,))], x[some:]])


# %%
held_out = data.x_test[torch.randperm(1000)]  # in random order: a share is a fair one
ones = data.x_test[data.y_test == 1]
ways = {
    "blur, pixels": (blurred, (0.5, 1, 1.5, 2, 3)),
    "noise": (noisy, (0.1, 0.2, 0.3, 0.4, 0.5)),
    "shift, pixels": (moved, (1, 2, 3, 4, 5)),
    "quarters swapped": (swapped, (0.2, 0.4, 0.6, 0.8, 1)),
    "ones instead": (more_ones, (0.1, 0.2, 0.3, 0.4, 0.5)),
}
spoiled = {name: [spoil(held_out, s) for s in by] for name, (spoil, by) in ways.items()}


# %%
@torch.no_grad()
def doubt(pictures):  # a rival: 1 − the judge's mean confidence
    return 1 - judge(pictures).softmax(dim=1).amax(dim=1).mean().item()


def along(number):  # a row for each way to spoil: unspoiled, then five steps
    return torch.tensor([[number(x) for x in (held_out, *spoiled[w])] for w in spoiled])


curves = along(distance)  # 5 × 6
rows = {"distance": curves, "doubt": along(doubt)}
grown = {name: (values.diff(dim=1) > 0).sum(dim=1) for name, values in rows.items()}
for name, steps in grown.items():
    print(f"{name} grows at {steps.tolist()} of five steps each")

# %% tags=["figure"]
frames, captions = [], []
for way, (name, (_, by)) in enumerate(ways.items()):
    for k in (0, 2, 4):
        figure, (left, right) = plt.subplots(1, 2, figsize=(11, 4), layout="none")
        sheet = spoiled[name][k][5::43][:24].view(4, 6, 28, 28)
        left.imshow(sheet.transpose(1, 2).reshape(112, 168), vmin=0, vmax=1)
        left.axis("off")
        for old in range(way + 1):
            shown = curves[old] if old < way else curves[old, : k + 2]
            colour, word = plotting.COLOURS[old], list(ways)[old]
            right.plot(range(len(shown)), shown, "o-", color=colour, label=word)
        right.set(yscale="log", xlim=(-0.3, 5.3), ylim=(0.5, 600), xlabel="step")
        right.set(title="Fréchet distance, logarithmic", xticks=range(6))
        right.legend(loc="lower right")
        figure.subplots_adjust(left=0.01, right=0.98, bottom=0.15, wspace=0.1)
        frames.append(figure)
        words = f"{name} {by[k]}: distance {curves[way, k + 1]:.1f}"
        captions.append(f"{words} (unspoiled {curves[way, 0]:.1f})")
FramePlayer(frames, captions, label="spoiled", start=10, interval=900)

# %%
spoiled.clear()  # 25 sheets, no longer needed
claim(
    "C35b",
    "The Fréchet distance grows at every step of five ways to spoil: steps of 25",
    grown["distance"].sum(),
    kind="experiment",
    at_least=25,
    control=("the judge's doubt, 1 − confidence", grown["doubt"].sum()),
)

# %% [markdown]
# The judge's doubt fails where it matters: the more ones, the surer it is. The distance passes: five ways, one judge.
#
# How many pictures does it need? The training digits are 4,000. **Predict first.**

# %% tags=["figure"]
small_sheet = Prediction(
    "Distance from the 4,000 training digits: 100 real digits, never seen in training, "
    "or 4,000 samples of GAN A? Nearer are",
    ["the real ones, clearly", "about equal (within a tenth)", "the GAN's, clearly"],
)
small_sheet


# %%
def in_sheets(pictures, n):  # mean distance of sheets of n
    parts = pictures[: len(pictures) // n * n].split(n)
    return sum(map(distance, parts)) / len(parts)


real_by_size = {n: in_sheets(held_out, n) for n in (100, 250, 500, 1000)}
gan_by_size = {n: in_sheets(sheets["GAN A"], n) for n in (*real_by_size, 4000)}

# %% tags=["figure"]
for name, by_size in {"held-out": real_by_size, "GAN A": gan_by_size}.items():
    print(name, ", ".join(f"n = {n}: {d:.1f}" for n, d in by_size.items()))

# %% tags=["figure"]
ratio = real_by_size[100] / gan_by_size[4000]
small_sheet.reveal(small_sheet.options[0 if ratio < 0.9 else 1 if ratio < 1.1 else 2])

# %%
claim(
    "C35c",
    "A GAN beats real digits, if it shows more: 100 held-out minus 4,000 samples",
    real_by_size[100] - gan_by_size[4000],
    kind="experiment",
    at_least=3,
    control=("100 of each", real_by_size[100] - gan_by_size[100]),
)

# %% [markdown]
# A small sheet has the wrong mean and the wrong covariance by chance alone, and each error adds to the distance. It is **biased upwards**, the more so the smaller $n$ (Chong and Forsyth 2020). So compare equal $n$ only, and say which.
#
# ## 4 · Four models, one scale
#
# Beside GANs A and B: lesson 05a's fifty Gaussians of images, and lesson 07a's VAE (12 epochs).

# %%
from lessons_lib.models import VAE, GaussianMixture, vae_loss  # of lessons 05a, 07a

pca = PCA(50, svd_solver="covariance_eigh").fit(data.x_train)
numbers = torch.from_numpy(pca.transform(data.x_train))
fifty = GaussianMixture(50, floor=0.1).fit(numbers, tolerance=0.01)
drawn, _ = fifty.sample(4000, seed=torch.initial_seed())
sheet = torch.from_numpy(pca.inverse_transform(drawn)).float()
sheets["fifty Gaussians"] = sheet.clamp(0, 1)

vae = VAE(
    layers(784, 400, 200, 20, activation=nn.SiLU),
    layers(10, 200, 400, 784, activation=nn.SiLU),
)
vae.decoder[-1].bias.data = torch.logit(data.x_train.mean(dim=0), eps=1e-3)
options_vae = {"batch_size": 100, "learning_rate": 6e-3, "label": "VAE"}
options_vae["augment"] = lambda x: torch.bernoulli(shifted(x))
fit(vae, data.x_train, vae_loss, epochs=12, **options_vae)
with torch.no_grad():
    sheets["VAE"] = vae.decoder(torch.randn(4000, 10)).sigmoid()

# %% [markdown]
# And the numbers of lesson 07a: the judge's mean **confidence**; **kinds**, how many digits occur, from 1 to 10; **precision**, the share of pictures inside the balls around 500 held-out digits, out to the third nearest neighbour; **recall**, the other way round.


# %%
from lessons_lib.samples import inside  # of lesson 07a

real = features(data.x_test[:500])  # their balls


@torch.no_grad()
def measure(cloud):  # in sheets of 500; the first of the held-out digits is `real`
    p, parts = judge[-1](cloud).softmax(dim=1), cloud.split(500)[1:]
    kinds = torch.special.entr(p.mean(dim=0)).sum().exp().item()
    precision = sum(inside(part, real) for part in parts) / len(parts)
    recall = sum(inside(real, part) for part in parts) / len(parts)
    thousands = [frechet(part, of_training) for part in cloud.split(1000)]
    far = sum(thousands) / len(thousands), frechet(cloud, of_training)
    return *far, p.amax(dim=1).mean().item(), kinds, precision, recall


table = {name: measure(features(sheet)) for name, sheet in sheets.items()}
table["held-out digits"] = measure(features(data.x_test))


# %% tags=["figure"]
def show(*names):
    print(f"{'distance, n =':17}   1000   4000  confidence  kinds  precision  recall")
    for name in names:
        near, far, *others = table[name]
        far = f"{far:7.1f}" if far != near else "      –"
        words = "{:12.3f} {:6.1f} {:10.2f} {:7.2f}".format(*others)
        print(f"{name:17}{near:7.1f}{far}{words}")


show("held-out digits", "fifty Gaussians", "VAE", "GAN A", "GAN B")

# %% tags=["figure", "opening"]
names = ["GAN B", "fifty Gaussians", "VAE", "GAN A"]
figure, axes = plt.subplots(1, 4, figsize=(16, 5.4), layout="constrained")
figure.get_layout_engine().set(wspace=0.04, h_pad=0.12)
for ax, name in zip(axes, names):
    sheet = sheets[name][:36].view(6, 6, 28, 28).transpose(1, 2)
    ax.imshow(sheet.reshape(168, 168), vmin=0, vmax=1)
    ax.set_title(f"{name}\n{table[name][0]:.0f}", fontsize=19)
    ax.axis("off")
held = table["held-out digits"][0]
figure.suptitle(
    f"Fréchet distance (real digits never seen: {held:.0f}, n = 1000)", fontsize=19
)
plt.show()

# %% [markdown]
# (The VAE shows probabilities of ink, hence the blur, 07a.)

# %%
claim(
    "C35d",
    "The GAN's samples are far nearer than the mixture's: ratio of the distances",
    table["GAN A"][1] / table["fifty Gaussians"][1],
    kind="experiment",
    at_most=0.125,
    control=("the VAE's", table["VAE"][1] / table["fifty Gaussians"][1]),
)

# %% [markdown]
# ## 5 · Fool them all
#
# **Precision.** A collapsed generator draws *one picture*, of which the judge is sure, 4,000 times. Another cheat draws 4,000 different ones: each is the *average of five* training digits.

# %%
five = sum(data.x_train[torch.randperm(4000)] for _ in range(5))
sheets["average of five"] = five / 5
with torch.no_grad():
    surest = judge(sheets["GAN A"]).softmax(dim=1).amax(dim=1).argmax()
sheets["one picture"] = sheets["GAN A"][surest].expand(4000, -1)
mixed = [held_out[torch.randperm(1000), k] for k in range(784)]  # each of another digit
sheets["pixels shuffled"] = torch.stack(mixed, dim=1)

# %% tags=["figure"]
plotting.image_grid({n: sheets[n][:14] for n in ("average of five", "pixels shuffled")})

# %% [markdown]
# (In the second row each *pixel* is of another digit.)

# %%
for name in ("one picture", "average of five", "pixels shuffled"):
    table[name] = measure(features(sheets[name]))
better = [a - b for a, b in zip(table["average of five"], table["GAN A"])]

# %% tags=["figure"]
rows = "one picture", "average of five", "pixels shuffled", "GAN B", "GAN A"
show(*rows, "held-out digits")

# %%
claim(
    "C35e",
    "Grey blends lose little precision, if any: averages of five minus GAN A's digits",
    better[4],
    kind="experiment",
    at_least=-0.15,
    control=("recall, the same difference", better[5]),
)

# %% [markdown]
# The one picture has all confidence and all precision; kinds, recall and distance find it out. Blends lie between the kinds. So do a few odd digits, and balls around odd digits are large (Naeem and others 2020). **Recall finds blends out.**
#
# **The Fréchet distance** is a judge's. Can one deceive the judge? Take 1,000 pictures of noise, and a training digit for each. Change the noise's pixels by 100 steps of gradient descent, so that its 64 features approach the digit's. The judge stands still. **Predict first.**

# %% tags=["figure"]
tuned = Prediction(
    "The distance of 1,000 pictures of tuned noise from the digits is …",
    ["over 100", "from 30 to 100", "below 30"],
)
tuned


# %%
def tune(noise, wanted, steps=100):
    judge.requires_grad_(False)  # it stands still
    x = noise.clone().requires_grad_()
    adam = torch.optim.Adam([x], lr=0.1)
    for _ in range(steps):
        off = (judge[:-1](x) - wanted).square().sum(dim=1).mean()
        adam.zero_grad()
        off.backward()
        adam.step()
        x.data.clamp_(0, 1)
    return x.detach()


some, noise = torch.randperm(4000)[:1000], torch.rand(1000, 784)
sheets["tuned noise"] = tune(noise, of_training[some])
for name, sheet in {"noise": noise, "tuned noise": sheets["tuned noise"]}.items():
    table[name] = measure(features(sheet))

# %% tags=["figure"]
show("noise", "tuned noise", "GAN A", "held-out digits")
plotting.image_grid(
    {
        "tuned noise": sheets["tuned noise"][:14],
        "whose features it was given": data.x_train[some[:14]],
    }
)

# %% tags=["figure"]
reached = table["tuned noise"][0]
tuned.reveal(tuned.options[(reached < 100) + (reached < 30)])

# %% [markdown]
# Nearer than the VAE, with precision and recall near GAN A's! Does a judge help whom the cheat did not know: a **second judge**, trained the same way from other first weights?

# %%
second = layers(784, 400, 64, 10, activation=nn.ReLU)
fit(second, labelled, label_error, epochs=15, **options, label="second judge")
again = {}
for name, sheet in {"held-out digits": data.x_test, **sheets}.items():
    clouds = features(sheet[:1000], second), features(data.x_train, second)
    again[name] = frechet(*clouds)

# %% tags=["figure"]
for name, far in again.items():
    print(f"{name:16} judge {table[name][0]:7.1f}, second judge {far:7.1f}")

# %%
claim(
    "C35f",
    "Noise can be tuned to a judge: distance, n = 1000",
    table["tuned noise"][0],
    kind="experiment",
    at_most=20,
    control=("by a second judge", again["tuned noise"]),
)

# %% [markdown]
# A second judge sees more, not enough: judges trained alike are fooled alike. Who would tune noise? Whoever *trains* a generator on a number, or chooses by it among hundreds, comes near (Kynkäänniemi and others 2023).
#
# **The copy machine.** It "generates" the training digits.

# %%
copies = data.x_train[torch.randperm(4000)]
table["copies"] = measure(features(copies))


def nearest(pictures):  # median distance to the nearest training digit, in pixels
    return torch.cdist(pictures[:1000], data.x_train).amin(dim=1).median().item()


near = {"held-out": nearest(data.x_test), "smudged copies": nearest(noisy(copies, 0.05))}
near["copies moved by a pixel"] = nearest(moved(copies, 1))
near |= {name: nearest(sheets[name]) for name in ("GAN A", "VAE", "tuned noise")}
print("nearest:", ", ".join(f"{name} {far:.2f}" for name, far in near.items()))

# %% tags=["figure"]
show("copies", "held-out digits", "GAN A")

# %%
claim(
    "C35g",
    "Half or more of GAN A's pictures are no pixel copies: way to the nearest training "
    "digit, median, over held-out digits'",
    near["GAN A"] / near["held-out"],
    kind="experiment",
    at_least=0.8,
    control=("copies, smudged", near["smudged copies"] / near["held-out"]),
)

# %% [markdown]
# Tuned noise is far from any digit. But copies moved by a pixel pass.
#
# **A trained eye.** The judge learnt to tell a 3 from an 8. It never had to tell real from generated. So train a classifier for that alone (Lopez-Paz and Oquab 2017): 1,000 training digits and 1,000 samples to learn from, 2,000 others to be asked about. Chance is ½. **Predict first.**

# %% tags=["figure"]
by_eye = Prediction(
    "Of digits and GAN A's samples, how many does the trained eye tell right?",
    (50, 100),
    unit="%",
)
by_eye

# %%
mixed = data.x_train[torch.randperm(4000)]
kind = torch.arange(2).repeat_interleave(1000)  # 0: real, 1: generated


def share_told(real, made):  # 2,000 of each: one half to learn, one to ask about
    eye = layers(784, 200, 2, activation=nn.ReLU)
    learn, ask = torch.stack([real[:2000], made[:2000]]).chunk(2, dim=1)  # 2 × 1000 × 784
    how = {"epochs": 12, "batch_size": 100, "learning_rate": 2e-3, "label": "eye"}
    fit(eye, (learn.flatten(0, 1), kind), label_error, weight_decay=0.05, **how)
    with torch.no_grad():
        return (eye(ask.flatten(0, 1)).argmax(dim=1) == kind).float().mean().item()


made_by = {"real digits": mixed[2000:]}
made_by |= {name: sheets[name] for name in ("GAN A", "VAE")}
made_by["copies moved by a pixel"] = moved(mixed[2000:], 1)
eyes = {name: share_told(mixed, made) for name, made in made_by.items()}

# %% tags=["figure"]
for name, share in eyes.items():
    print(f"{name:23} told {share:.3f}")
black = share_told((mixed > 0.5).float(), (sheets["GAN A"] > 0.5).float())
print(f"GAN A, all made black and white: told {black:.3f}")
by_eye.reveal(100 * eyes["GAN A"], within=5)

# %%
claim(
    "C35h",
    "A trained eye tells digits from GAN A's samples: share told right",
    eyes["GAN A"],
    kind="experiment",
    at_least=0.58,
    control=("real digits from real ones", eyes["real digits"]),
)

# %% [markdown]
# It finds out the moved copies: they lie to the right. Do greys give the samples away? The last line tells: all pixels there are black or white. (Lesson 10d plays with labels, and asks for a digit.)
#
# ## 6 · Where it breaks
#
# - **One judge, one scale.** Never compare distances by different judges, or across papers.
# - **Settings by trial.** The poor $D$ and the tuning of noise took about 15 trials, on other seeds; the game is 10a's.
# - **The reference is the training set.** A distance from it rewards memory.
# - **Five ways to spoil are five ways.** This judge was trained on shifted digits.
# - **No number is *the* truth.** Each asks something else (Theis and others 2016).
# - **A sheet may be balanced.** Held-out digits are, with 100 of each kind. A generator's sheet is not.
#
# ## 7 · Try it
#
# 1. Train a fresh $D$ of 8 against B's finished pictures (`step_of_D`, 300 steps). Can it tell?
# 2. In section 3 spoil by *thickness*: `nn.functional.max_pool2d` with a window of 3. Does the distance grow? Does your eye mind?
# 3. Tune noise to *both* judges at once. What does a third say?
# 4. The distance sees a mean and a covariance, and nothing else. Draw 4,000 times 64 numbers from *one Gaussian* with those of `of_training`. How near are they, and which number of `measure` finds them out?
#
# ## 8 · Summary

# %% tags=["figure"]
PredictionCount(nearer, small_sheet, tuned, by_eye)

# %% [markdown]
# - A GAN's losses compare two players. They say nothing about the pictures: a poor $D$ has the losses of a won game.
# - The Fréchet distance compares mean and covariance of a judge's features. It grew at every step of five ways to spoil digits. It is biased: compare equal $n$.
# - Each number has its cheat: precision is fooled by averages, the distance by tuned noise and by copies. Another number, or a trained eye, found each of ours out.
# - So show several numbers, a second judge, the nearest training pictures, and a sheet that nobody picked.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | Fréchet distance | 弗雷歇距离 | of mean and covariance of two clouds, squared |
# | features | 特征 | the judge's 64 hidden numbers |
# | covariance matrix | 协方差矩阵 | how the features vary together |
# | trace | 迹 | sum of the diagonal, or of the eigenvalues |
# | bias | 偏差 | too large on average, the more so for few samples |
# | precision, recall | 精确率、召回率 | generated among real, real among generated |
# | memorisation | 记忆（照搬训练样本） | putting out training digits |
# | two-sample test | 双样本检验 | can a classifier tell two sheets apart? |
#
# **References**
#
# - M. Heusel, H. Ramsauer, T. Unterthiner, B. Nessler and S. Hochreiter (2017), *GANs trained by a two time-scale update rule converge to a local Nash equilibrium*, NeurIPS, arXiv:1706.08500 (the Fréchet distance of features).
# - D. C. Dowson and B. V. Landau (1982), *The Fréchet distance between multivariate normal distributions*, Journal of Multivariate Analysis 12, 450–455, doi:10.1016/0047-259X(82)90077-X.
# - M. J. Chong and D. Forsyth (2020), *Effectively unbiased FID and Inception score and where to find them*, CVPR, arXiv:1911.07023 (the bias).
# - T. Kynkäänniemi and others (2019), *Improved precision and recall metric for assessing generative models*, NeurIPS, arXiv:1904.06991; M. F. Naeem and others (2020), *Reliable fidelity and diversity metrics for generative models*, ICML, arXiv:2002.09797.
# - T. Kynkäänniemi and others (2023), *The role of ImageNet classes in Fréchet inception distance*, ICLR, arXiv:2203.06026 (a distance lowered, and the pictures no better).
# - D. Lopez-Paz and M. Oquab (2017), *Revisiting classifier two-sample tests*, ICLR, arXiv:1610.06545.
# - L. Theis, A. van den Oord and M. Bethge (2016), *A note on the evaluation of generative models*, ICLR, arXiv:1511.01844.
