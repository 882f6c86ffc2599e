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
# # 07b · Ten sliders
#
# **What does each number of the code stand for, and what keeps the noise alive?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07b_ten_sliders.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/07b_ten_sliders.ipynb) ·
# 45 minutes to study, 35 seconds to run, no network needed
#
# **You will be able to**
#
# 1. say what each term of the VAE's loss is for, and what happens without it;
# 2. explain what the KL does in training, and find a common bug of VAEs by its symptoms;
# 3. measure what each number of a code does to the picture, and which numbers do nothing;
# 4. make sliders that do what *you* want from ones that don't.
#
# **Builds on** lessons 06b (the loss) and 07a (the VAE on digits).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="07b")

# %%
import matplotlib.pyplot as plt
import torch
from matplotlib.colors import to_rgb
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.models import VAE, layers, vae_loss
from lessons_lib.training import evaluate, fit
from lessons_lib.widgets import FramePlayer, LatentExplorer, Prediction, PredictionCount

data = digits()

# %% [markdown]
# ## 1 · Three terms
#
# For each image the encoder names a mean $m$ and a log-variance $s$ for each of the ten numbers of the code. The code is drawn: $z=m+\sigma e$ with $\sigma=e^{s/2}$ and noise $e\sim\mathcal N(0,1)$. The loss is the reconstruction error in nats, plus for each number
#
# $$\tfrac12\bigl(\underbrace{e^{s}-(1+s)}_{\text{noise term}}+\underbrace{m^2}_{\text{mean term}}\bigr).$$
#
# (The lecture writes $\sigma$ for our $s$; lesson 06b says why that matters.)

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.2), layout="constrained")
line = torch.linspace(-3, 2, 201)
left.plot(line, line.exp(), label="$e^s$")
left.plot(line, 1 + line, label="$1+s$")
left.plot(line, line.exp() - 1 - line, lw=4, label="difference: noise term")
left.plot(0, 0, "o", color=plotting.INK, markersize=10)
left.set(xlabel="log-variance s", ylim=(-2.2, 7.5), title="the noise term")
left.legend(loc="upper center")
means = torch.linspace(-3, 3, 201)
right.plot(means, means**2, color=plotting.COLOURS[4], lw=4)
right.set(xlabel="mean m", title="the mean term $m^2$", ylim=(-0.5, 9.5))
plt.show()

# %% [markdown]
# The line $1+s$ touches the curve $e^s$ at $s=0$ and lies below it elsewhere. So the noise term alone wants $s=0$, noise with standard deviation 1. The mean term wants $m=0$. The reconstruction wants neither: noise blurs what the decoder is told.
#
# Train three times, each time with one term more; the rest is the same. (Network and training are lesson 07a's, shortened; the digits stay grey.) **Predict first.**


# %%
def parts_of(vae, x):  # each in nats, mean over images
    logits, mean, log_var = vae(x)
    errors = functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return {
        "reconstruction": errors.sum(1).mean(),
        "noise term": 0.5 * (log_var.exp() - (1 + log_var)).sum(1).mean(),
        "mean term": 0.5 * mean.square().sum(1).mean(),
    }


def loss_of(*terms):
    def loss(vae, x):
        parts = parts_of(vae, x)
        return sum(parts[term] for term in terms), parts

    return loss


# %%
def new_vae(seed):
    torch.manual_seed(seed)
    encoder = layers(784, 400, 200, 20, activation=nn.SiLU)  # ten m and ten s
    decoder = layers(10, 200, 400, 784, activation=nn.SiLU)
    ink = data.x_train.mean(0)
    decoder[-1].bias.data = torch.logit(ink, eps=1e-3)  # begins at the mean image
    return VAE(encoder, decoder)


options = {"batch_size": 100, "learning_rate": 6e-3, "augment": shifted}
seed = torch.initial_seed()


def train(loss, epochs=15):
    vae = new_vae(seed)
    return vae, fit(vae, data.x_train, loss, epochs=epochs, **options)


# %% tags=["figure"]
without_means = Prediction(
    "Reconstruction and noise term, but no mean term. What does the training do?",
    [
        "σ goes to 0",
        "σ stays near 1, the means spread far",
        "much the same as with all three",
    ],
)
without_means

# %%
terms = ["reconstruction", "noise term", "mean term"]
runs = {
    "reconstruction alone": train(loss_of(*terms[:1])),
    "with the noise term": train(loss_of(*terms[:2])),
    "with all three": train(loss_of(*terms)),
}


# %%
@torch.no_grad()
def noise_and_spread(vae):  # on held-out images
    mean, log_var = vae.posterior(data.x_test)
    noise, spread = (0.5 * log_var).exp(), mean.std(0)
    ratio = (noise.mean(0) / spread).median().item()  # of the ten numbers
    return noise.median().item(), spread.mean().item(), ratio


found = {name: noise_and_spread(vae) for name, (vae, _) in runs.items()}
row = "{:20}: σ {:.4f}, spread of the means {:.2f}, noise over spread {:.3f}, loss {:.0f}"
for name, (vae, _) in runs.items():  # the loss with all terms, on held-out digits
    print(row.format(name, *found[name], evaluate(vae, data.x_test, vae_loss)))

# %% tags=["figure"]
noise, spread, _ = found["with the noise term"]
said = without_means.options
without_means.reveal(said[0] if noise < 0.1 else said[1] if spread > 3 else said[2])

# %% [markdown]
# What the encoder says about 25 held-out digits, in the first number of the code: a dot for the mean, a bar from $m-\sigma$ to $m+\sigma$. (Each panel has its own axis.) Below, what the three decoders make of draws from $\mathcal N(0,I)$.

# %% tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(14, 4.6), layout="constrained")
for ax, (name, (vae, _)), colour in zip(axes, runs.items(), (2, 1, 0)):
    with torch.no_grad():
        mean, log_var = (part[:25, 0] for part in vae.posterior(data.x_test))
    order = mean.argsort()
    bars = {"lw": 4, "elinewidth": 5, "markersize": 6, "color": plotting.COLOURS[colour]}
    ax.errorbar(
        mean[order], range(25), xerr=(0.5 * log_var[order]).exp(), fmt="o", **bars
    )
    reach = max(2.5, 1.1 * mean.abs().max().item())
    ax.set(title=name, xlabel="first number of the code", xlim=(-reach, reach))
    ax.set_yticks([])
axes[0].set_ylabel("25 digits")
plt.show()

# %% tags=["figure"]
z = torch.randn(12, 10)
with torch.no_grad():
    drawn = {name: vae.decoder(z).sigmoid() for name, (vae, _) in runs.items()}
plotting.image_grid(drawn)

# %% [markdown]
# Left: bars too short to be seen. The noise is gone, and with it what made this a VAE: it is lesson 01's autoencoder. Middle: there is noise, but look at the axis: it is small beside the distances of the means. Right: noise *and* means are held. Only there is the code near $\mathcal N(0,I)$, and only its draws are worth the name.

# %%
alone, noisy, full = found.values()
claim(
    "C18a",
    "Reconstruction error alone drives the noise to 0: the median σ of held-out digits",
    alone[0],
    kind="experiment",
    at_most=0.01,
    control=("with all three terms", full[0]),
)
# %%
claim(
    "C18b",
    "Without the mean term the means fly apart: their spread, mean of ten numbers",
    noisy[1],
    kind="experiment",
    at_least=4,
    control=("with all three terms", full[1]),
)
claim(
    "C18c",
    "Without the mean term the noise is small beside the spread: noise over spread, "
    "median of ten numbers",
    noisy[2],
    kind="experiment",
    at_most=0.1,
    control=("with all three terms", full[2]),
)

# %% [markdown]
# With all three terms σ stays far below 1, the minimum of its term: the means may not move far apart, and less noise, too, keeps images apart.
#
# ## 2 · What the KL does in training
#
# Noise term and mean term, each halved and summed over the ten numbers, are the **KL** to the prior. Many who train their first VAE are alarmed when they print it.

# %% tags=["figure"]
kl_goes = Prediction(
    "Training makes the loss, reconstruction + KL, smaller. What does the KL do?",
    ["it falls", "it falls, then rises", "it rises"],
)
kl_goes

# %%
_, history = runs["with all three"]
with torch.no_grad():
    _, at_start = vae_loss(new_vae(seed), shifted(data.x_train))  # before the first step
kl = [a + b for a, b in zip(history.parts["noise term"], history.parts["mean term"])]
kl = [at_start["KL"].item(), *kl]
errors = [at_start["reconstruction"].item(), *history.parts["reconstruction"]]
print("KL at epochs 0, 1, 2, …:", *(f"{nats:.1f}" for nats in kl))
fall = errors[0] - errors[-1]
print(f"for each nat of KL, reconstruction fell by {fall / kl[-1]:.1f}")

# %% tags=["figure"]
kl_goes.reveal("it rises" if kl[1] > kl[0] and kl[-1] > kl[1] else "it falls, then rises")

# %% tags=["figure"]
figure, axes = plt.subplots(1, 3, figsize=(14, 4), layout="constrained")
total = [a + b for a, b in zip(errors, kl)]
for ax, name, values in zip(
    axes, ("reconstruction", "KL", "sum: the loss"), (errors, kl, total)
):
    ax.plot(range(len(values)), values, "o-", lw=3)
    ax.set(xlabel="epoch", ylabel="nats per image", title=name, ylim=(0, None))
plt.show()

# %% [markdown]
# It must rise, if the code is to say anything. At the start the encoder says nearly the same about every image, and the decoder knows only the mean image. The KL is the *price* of the code, and a good buy, as the last line says. The KL to worry about is one that *stays* at 0.
#
# ## 3 · A slider for β
#
# A common bug does that: means in place of sums (lesson 07a). With means over 784 pixels and over ten numbers, the loss is $\tfrac1{784}(R+78.4\,\mathrm{KL})$, $R$ and $\mathrm{KL}$ being the true sums: a hidden weight $\beta=78.4$ on the KL (the $\beta$ of Higgins and others 2017). If the KL alone is averaged, $\beta=0.1$. Here are both, and three between (chosen after one other set, on smaller networks). A number of the code is called **dead** if its KL is below 0.1 nats: the encoder says nearly the prior, whatever the image.

# %% tags=["figure"]
alive = Prediction(
    "At β = 1 most or all of the ten numbers are alive. How many at β = 4?",
    ["all 10", "7 to 9", "4 to 6", "3 or fewer"],
)
alive


# %%
def weighted(beta):
    return lambda vae, x: vae_loss(vae, x, kl_weight=beta)


by_beta = {beta: train(weighted(beta))[0] for beta in (0.1, 4, 10, 78.4)}
by_beta = {1: runs["with all three"][0], **by_beta}


@torch.no_grad()
def kl_of_each(vae):  # of the ten numbers, mean over held-out images
    mean, log_var = vae.posterior(data.x_test)
    return 0.5 * (log_var.exp() + mean**2 - 1 - log_var).mean(0)


for beta, vae in sorted(by_beta.items()):
    each = kl_of_each(vae)
    print(f"β = {beta:4}: KL {each.sum():5.2f} nats, alive {(each > 0.1).sum()}")

# %% tags=["figure"]
count = (kl_of_each(by_beta[4]) > 0.1).sum().item()
alive.reveal(alive.options[(count < 10) + (count < 7) + (count < 4)])

# %% tags=["figure"]
shown = torch.stack([data.x_test[data.y_test == k][1] for k in range(10)])
bugs = {0.1: "KL averaged, pixels summed", 1: "the bound"}
bugs |= {4: "", 10: "", 78.4: "both averaged"}
frames, captions = [], []
for beta, vae in sorted(by_beta.items()):
    figure, (left, right) = plt.subplots(
        1, 2, figsize=(14, 4.4), layout="constrained", width_ratios=[1, 1.9]
    )
    each = kl_of_each(vae).sort(descending=True).values
    left.bar(range(1, 11), each, color=plotting.COLOURS[0])
    left.axhline(0.1, color=plotting.COLOURS[2], ls="--")
    left.set(xlabel="numbers of the code, sorted", ylabel="KL, nats", ylim=(0, 4.2))
    left.set_xticks(range(1, 11))
    with torch.no_grad():
        rebuilt = vae.decoder(vae.posterior(shown)[0]).sigmoid()
        rows = torch.stack([shown, rebuilt, vae.decoder(z[:10]).sigmoid()])
    sheet = rows.view(3, 10, 28, 28).permute(0, 2, 1, 3).reshape(84, 280)
    right.imshow(sheet, vmin=0, vmax=1)
    right.set(xticks=[], yticks=[14, 42, 70])
    right.set_yticklabels(["held-out", "rebuilt", "drawn"])
    right.grid(False)
    frames.append(figure)
    live = f"{(each > 0.1).sum()} of 10 numbers alive"
    captions.append(": ".join(filter(None, [f"β = {beta}", bugs[beta]])) + "; " + live)
FramePlayer(frames, captions, label="β", start=1, interval=1500)

# %% [markdown]
# Left, the KL of each number. Right, held-out digits, what is rebuilt from the means of their codes, and draws from the prior. At 0.1 what is rebuilt is sharp; compare its draws with those at 1. With larger β the numbers go out one after another. At the end, **posterior collapse** (Lucas and others 2019): the encoder says the prior, whatever the image, and the decoder draws the mean image.

# %%
claim(
    "C18d",
    "With β = 1 the KL rises: in the last epoch less before the first",
    kl[-1] - kl[0],
    kind="experiment",
    at_least=10,
    unit="nats",
    control=("β = 78.4", kl_of_each(by_beta[78.4]).sum() - kl[0]),
)

dead = {beta: (kl_of_each(vae) < 0.1).sum() for beta, vae in by_beta.items()}
claim(
    "C15a",
    "With a larger β numbers die: of ten, dead at β = 4",
    dead[4],
    kind="experiment",
    at_least=3,
    control=("β = 1", dead[1]),
)

# %% [markdown]
# ## 4 · Ten sliders
#
# Now train longer, with β = 1, and look at what each number does.

# %%
vae, _ = train(vae_loss, epochs=40)
codes = vae.posterior(data.x_test)[0].detach()  # the means
each, loss = kl_of_each(vae), evaluate(vae, data.x_test, vae_loss)
silent = ", ".join(f"z{i + 1}" for i in range(10) if each[i] < 0.1)
print(f"held-out loss {loss:.1f} nats; dead: {silent or 'none'}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(10, 3.4), layout="constrained")
order = each.argsort(descending=True)
ax.bar(range(10), each[order], color=plotting.COLOURS[0])
ax.set(xlabel="number of the code", ylabel="KL, nats", xticks=range(10))
ax.set_xticklabels([f"z{i + 1}" for i in order])
plt.show()

# %% [markdown]
# The dots are held-out digits. Click one, then move one slider at a time; or choose two axes for the pad: eight numbers are held, two move. Can you give a slider a name that is right for a 1 and for an 8?

# %% tags=["figure"]
LatentExplorer(nn.Sequential(*vae.decoder, nn.Sigmoid()), codes, data.y_test)

# %% [markdown]
# Something odd can happen. Let us count it: from each of 200 held-out codes, set *one* number to seven values from −2 to 2, hold the other nine, and let a small classifier, trained on real digits, say which digit is drawn.

# %% tags=["figure"]
another = Prediction(
    "How many of the ten numbers turn the picture into another digit at more than one "
    "code in ten?",
    ["1 or 2", "3 to 5", "6 to 8", "9 or 10"],
)
another

# %%
steps = torch.linspace(-2, 2, 7)
some = codes[torch.randperm(1000)[:200]]


@torch.no_grad()
def turned(decoder, codes, i):  # number i set to each step: codes × steps × pixels
    codes = codes[:, None].repeat(1, len(steps), 1)
    codes[..., i] = steps
    return decoder(codes).sigmoid()


# %%
classifier, labelled = layers(784, 128, 10), (data.x_train, data.y_train)


def wrong(net, x, y):
    return functional.cross_entropy(net(x), y)


fit(classifier, labelled, wrong, epochs=8, learning_rate=3e-3)
accuracy = (classifier(data.x_test).argmax(1) == data.y_test).double().mean()


def other_digit(decoder, codes, i):  # share of codes at which the digit changes
    digit = classifier(turned(decoder, codes, i)).argmax(2)
    return (digit != digit[:, :1]).any(1).double().mean()


changed = torch.stack([other_digit(vae.decoder, some, i) for i in range(10)])
print(f"classifier: {100 * accuracy:.0f} % of held-out digits right")
print("another digit:", *(f"z{i + 1} {share:.2f}," for i, share in enumerate(changed)))
often = (changed > 0.1).sum().item()
print(f"mean {changed.mean():.2f}; more than one in ten: {often} of the numbers")

# %% tags=["figure"]
another.reveal(another.options[(often > 2) + (often > 5) + (often > 8)])

# %% [markdown]
# *Which digit* has no number of its own.
#
# ## 5 · What does each number move?
#
# Measure four things. Let ink be weight, with variance $v_x$ across, $v_y$ up and down, and covariance $c$. **Slant** is the angle whose tangent is $c/v_y$; **height** $4\sqrt{v_y}$, four standard deviations; **width** the same across, once the slant is taken out; **thickness** of the stroke, twice the ink over the length of all edges (total ink was tried first).


# %%
def features(pictures):  # … × 784, to … × (slant, thickness, width, height)
    image = pictures.unflatten(-1, (28, 28)).double()
    share = image / image.sum((-2, -1), keepdim=True)  # of the ink, in each pixel
    x, y = torch.arange(28.0), -torch.arange(28.0)[:, None]
    # x and y are counted from the middle of the ink.
    x, y = (place - (share * place).sum((-2, -1), True) for place in (x, y))
    v_x, v_y, c = ((share * part).sum((-2, -1)) for part in (x * x, y * y, x * y))
    edges = torch.hypot(image.diff(dim=-1)[..., 1:, :], image.diff(dim=-2)[..., 1:])
    thickness = 2 * image.sum((-2, -1)) / edges.sum((-2, -1))
    slant, width = torch.rad2deg((c / v_y).atan()), 4 * (v_x - c**2 / v_y).sqrt()
    return torch.stack([slant, thickness, width, 4 * v_y.sqrt()], -1)


real = features(data.x_test)
names, units = ["slant", "thickness", "width", "height"], ["°", "px", "px", "px"]
for name, unit, values in zip(names, units, real.T):
    print(f"{name:9} {values.mean():6.2f} ± {values.std():5.2f} {unit}")

# %% tags=["figure"]
ranks = torch.linspace(10, 989, 10).long()
ordered = [data.x_test[values.argsort()[ranks]] for values in real.T]
plotting.image_grid(
    {f"{name}, from low to high": pictures for name, pictures in zip(names, ordered)}
)

# %% [markdown]
# The measures do what their names say. Now set one number to the seven values, decode, measure, and fit a straight line: how much does a step of 1 move each of the four, in standard deviations of real digits? We take the mean slope over 300 codes of *training* images.


# %%
def effects(decoder, codes):  # slopes: numbers × codes × four
    slopes = []
    for i in range(10):
        measured = features(turned(decoder, codes, i)) / real.std(0)
        slopes.append((measured * steps[:, None]).sum(1) / steps.square().sum())
    return torch.stack(slopes)


learning = vae.posterior(data.x_train[torch.randperm(4000)[:300]])[0].detach()
effect = effects(vae.decoder, learning).mean(1)  # 10 × 4
best = effect.abs().argmax(0)  # the number that moves each of the four most
# and the one that moves little else:
purest = (effect.abs() / effect.abs().sum(1, keepdim=True)).argmax(0)


# %% tags=["figure"]
def heat_map(ax, effect, rows, title):
    reach = 0.75
    ax.imshow(effect, cmap="PuOr", vmin=-reach, vmax=reach, aspect="auto")
    for (row, column), value in zip(
        torch.cartesian_prod(*map(torch.arange, effect.shape)), effect.flatten()
    ):
        colour = "white" if value.abs() > 0.6 * reach else plotting.INK
        text = f"{round(value.item(), 2) + 0.0:+.2f}".replace("-", "−")
        ax.text(column, row, text, ha="center", va="center", color=colour)
    ax.set(xticks=range(4), xticklabels=names, yticks=range(len(rows)), title=title)
    ax.set_yticklabels(rows)
    ax.grid(False)


figure, ax = plt.subplots(figsize=(8, 5.6), layout="constrained")
numbers = [f"z{i + 1}" for i in range(10)]
heat_map(ax, effect, numbers, "standard deviations for a step of 1")
plt.show()

# %% [markdown]
# Rows: many numbers move several things. Columns: several numbers move slant. Now two numbers of your choice move, and eight are held, at a held-out digit.

# %%
i, j = best[0].item(), best[1].item()  # or your own two: 0 for z1, 9 for z10
digit = 4

# %% tags=["figure"]
places = torch.linspace(-2, 2, 9)
code = codes[data.y_test == digit][0].repeat(9, 9, 1)
code[..., i], code[..., j] = places, -places[:, None]
with torch.no_grad():
    pictures = vae.decoder(code).sigmoid().view(9, 9, 28, 28)
figure, ax = plt.subplots(figsize=(7, 7), layout="constrained")
sheet = pictures.permute(0, 2, 1, 3).reshape(9 * 28, 9 * 28)
ax.imshow(sheet, vmin=0, vmax=1, extent=(-2.25, 2.25, -2.25, 2.25))
ax.set(
    xlabel=f"z{i + 1}",
    ylabel=f"z{j + 1}",
    title=f"eight numbers as in a held-out {digit}",
)
ax.grid(False)
plt.show()

# %%
held_out = effects(vae.decoder, some)  # at held-out codes
degrees = 4 * real.std(0)[0] * held_out[..., 0].mean(1).abs()  # from −2 to 2
claim(
    "C15b",
    "The number that moves slant most (chosen on training images) turns held-out digits, "
    "from −2 to 2 and on average, by",
    degrees[best[0]],
    kind="experiment",
    at_least=20,
    unit="°",
    control=("median of the ten numbers", degrees.median()),
)

# %% [markdown]
# So the lecture's recipe works: hold the others, and you *see* what a number controls. But that need not have a simple name.
#
# ## 6 · Are the axes arbitrary, then?
#
# The prior $\mathcal N(0,I)$ looks the same from every side (lesson 05b). The encoder's noise does not: it has a $\sigma$ along each axis, and nothing in between. Rolinek and others (2019) argue that this favours axes that change the picture in *perpendicular* ways. Take the derivative of the picture by each (standardised) number, at 100 held-out codes, and the table of their inner products, 10 × 10. What is off the diagonal is overlap: its share of the sum of squares is 0 if all are perpendicular. Then rotate the code at random, fifty times. (Three such measures were tried on these data; this one was kept.)


# %%
@torch.no_grad()
def inner_products(vae):  # codes × 10 × 10
    mean, _ = vae.posterior(data.x_test)
    steps = 0.01 * torch.diag(mean.std(0))  # a row for each number
    ahead, behind = (vae.decoder(mean[:100, None] + s).sigmoid() for s in (steps, -steps))
    change = (ahead - behind) / 0.02  # codes × numbers × pixels
    return change @ change.mT


def overlap(products):  # share of the squares off the diagonal
    on = products.diagonal(dim1=-2, dim2=-1).square().sum()
    return 1 - (on / products.square().sum()).item()


rotations = torch.linalg.qr(torch.randn(50, 1, 10, 10))[0]
for name in ("reconstruction alone", "with all three"):
    products = inner_products(runs[name][0])
    own, rotated = overlap(products), overlap(rotations.mT @ products @ rotations)
    print(f"{name}: overlap {own:.3f}, rotated {rotated:.3f}")

# %%
claim(  # of the last: with all three terms
    "C15c",
    "In what they do to the picture, a VAE's own axes overlap less than the same axes "
    "rotated: share of squares off the diagonal",
    own,
    kind="experiment",
    at_most=0.25,
    control=("the same code, rotated at random", rotated),
)

# %% [markdown]
# So the VAE's axes are not arbitrary. Turn the autoencoder's code, which has no noise, and the overlap grows less. That fits the argument, but is no proof of the cause. And "perpendicular in pixels" is not "slant" or "thickness". Nobody told the VAE our words (Locatello and others 2019).
#
# ## 7 · Give the sliders names
#
# So give it ours, without any training. The table of section 5 is a matrix $E$, ten numbers by four features: a small step $d$ in the code moves the features by about $dE$. We want a $d$ with $dE=(1,0,0,0)$, and so on: one feature moves, three stand still. The **pseudo-inverse** $E^+$ (4 × 10) has the shortest such steps as its rows, since $E^+E=I$. Six more directions are perpendicular to all columns of $E$: to this approximation they move none of the four.

# %%
wanted = torch.linalg.pinv(effect)  # a row for each feature
_, _, directions = torch.linalg.svd(effect.T)  # the last six move none of the four
sliders = torch.cat([functional.normalize(wanted), directions[4:]]).float()
mixer = nn.Linear(10, 10, bias=False)  # from ten new numbers y to z = y · sliders
mixer.weight.data = sliders.T.contiguous()
named_decoder = nn.Sequential(mixer, *vae.decoder)
y, y_some = codes @ sliders.inverse(), some @ sliders.inverse()
named = effects(named_decoder, y_some)[:4].mean(1)  # at held-out codes
before = held_out.mean(1)[best]

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(14, 3.6), layout="constrained")
heat_map(left, before, [f"z{k + 1}" for k in best], "the number that moves it most")
heat_map(right, named, names, "the slider made for it")
plt.show()

# %% [markdown]
# Each row is one slider, at held-out codes. On the right one thing moves, three stand nearly still. The ten numbers do hold slant, thickness, width and height; just not one each. Below, the ten held-out digits of section 3, one slider moved downwards. Red: the classifier reads another digit than was written.

# %% tags=["figure"]
ten = torch.stack([(data.y_test == k).nonzero()[1, 0] for k in range(10)])
places = torch.linspace(-2, 2, 5)


def show_moved(ax, decoder, code, i, places):  # ten digits across, one number downwards
    code = code.repeat(5, 1, 1)
    code[..., i] = places[:, None]
    with torch.no_grad():
        made = decoder(code).sigmoid()
        other = classifier(made).argmax(2) != torch.arange(10)  # 5 × 10
    inks = torch.tensor([to_rgb(plotting.INK), to_rgb(plotting.COLOURS[2])])
    ink = inks[other.long()][:, :, None]  # 5 × 10 × 1 × (red, green, blue)
    coloured = 1 - made[..., None] * (1 - ink)  # white paper
    sheet = coloured.view(5, 10, 28, 28, 3).permute(0, 2, 1, 3, 4).reshape(140, 280, 3)
    ax.imshow(sheet)
    ax.set(xticks=[], yticks=[14 + 28 * row for row in range(5)])
    signed = [f"{place:+.0f}" if place else "0" for place in places.tolist()]
    ax.set_yticklabels([text.replace("-", "−") for text in signed])
    ax.grid(False)


# %% tags=["figure", "opening"]
figure, axes = plt.subplots(1, 2, figsize=(14, 4.2), layout="constrained")
lean = places * before[0, 0].sign()
show_moved(axes[0], vae.decoder, codes[ten], best[0], lean)
show_moved(axes[1], named_decoder, y[ten], 0, places)
axes[0].set(title=f"z{best[0] + 1}, one number of the code", ylabel=f"z{best[0] + 1}")
axes[1].set(title="a slider made for slant, from all ten", ylabel="slant")
figure.supxlabel("red: a classifier reads another digit than was written", fontsize=16)
plt.show()


# %%
def own_share(effect):  # mean of the four sliders
    return (effect.diagonal().abs() / effect.abs().sum(1)).mean()


claim(
    "C15d",
    "A slider made from all ten numbers moves mostly what it is named after: its share "
    "of all four, at held-out codes, mean of four sliders",
    own_share(named),
    kind="experiment",
    at_least=0.8,
    control=("the purest single number for each", own_share(held_out.mean(1)[purest])),
)
shares = [other_digit(named_decoder, y_some, f) for f in range(4)]
print("another digit:", *(f"{name} {share:.2f}" for name, share in zip(names, shares)))

# %% tags=["figure"]
named_sliders = names + [f"other {k + 1}" for k in range(6)]
LatentExplorer(
    nn.Sequential(*named_decoder, nn.Sigmoid()), y, data.y_test, names=named_sliders
)

# %% [markdown]
# The same decoder, another panel of sliders. What do the last six do?
#
# ## 8 · Where it breaks
#
# - **Names are averages** over digits: at one digit a slider may do something else.
# - **Style and digit are tied.** The named sliders, too, turn digits into others: see the shares printed above.
# - **The classifier** has seen real digits only. A blend, too, it must call one of ten.
# - **Axes and dead numbers** differ from seed to seed.
#
# ## 9 · Try it
#
# 1. Choose `i`, `j` and `digit` in section 5. Which two numbers keep the digit a 4 over the whole grid?
# 2. Train with β = 2. Do the axes overlap less, are the numbers easier to name?
# 3. Make a fifth named slider: the ink in the left half of the picture.
# 4. Average only the pixels and sum the KL. Which β is that, and what happens?
#
# ## 10 · Summary

# %% tags=["figure"]
PredictionCount(without_means, kl_goes, alive, another)

# %% [markdown]
# - Reconstruction alone switches the noise off. With the noise term the means fly apart and drown it. Both terms, the KL, keep it alive.
# - In training the KL rises: the code begins to say something. Means in place of sums are a hidden β.
# - With larger β numbers die one after another, up to posterior collapse.
# - A single number moves several things, even the digit. The VAE's axes overlap less than rotated ones; that gives them no names.
# - A table of measured effects, inverted, gives sliders with names.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | noise term, mean term | 噪声项、均值项 | $e^s-(1+s)$ and $m^2$: together twice the KL |
# | posterior collapse | 后验坍缩 | the encoder says the prior, whatever the image |
# | dead dimension | 失效维度 | a number of the code with nearly no KL |
# | slant | 倾斜度 | angle of the pen's main direction |
# | pseudo-inverse | 伪逆 | $E^+$ with $E^+E=I$ |
# | perpendicular | 垂直 | inner product 0 |
#
# **References**
#
# - D. P. Kingma and M. Welling (2014), *Auto-encoding variational Bayes*, arXiv:1312.6114.
# - I. Higgins and others (2017), *β-VAE: learning basic visual concepts with a constrained variational framework*, ICLR.
# - J. Lucas, G. Tucker, R. Grosse and M. Norouzi (2019), *Don't blame the ELBO! A linear VAE perspective on posterior collapse*, NeurIPS, arXiv:1911.02469.
# - M. Rolinek, D. Zietlow and G. Martius (2019), *Variational autoencoders pursue PCA directions (by accident)*, CVPR, arXiv:1812.06775.
# - F. Locatello and others (2019), *Challenging common assumptions in the unsupervised learning of disentangled representations*, ICML, arXiv:1811.12359.
