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
# # 02c · Many pictures, few labels
#
# **You have thousands of pictures and labels for a few. Do the pictures without labels help?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/02c_few_labels.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/02c_few_labels.ipynb) ·
# 35 minutes to study, 55 seconds to run, no network needed
#
# **You will be able to**
#
# 1. pre-train a network layer by layer as autoencoders, put a new last layer on top and fine-tune it;
# 2. compare two trainings in pairs, and put an honest error bar on the difference;
# 3. tell what pre-training teaches a network from what a better start does for it;
# 4. name what does the same work today.
#
# **Builds on** lessons 01a (the autoencoder) and 02b (greedy layers, a start that fits).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="02c")

# %%
import copy
import itertools

import matplotlib.pyplot as plt
import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits, shifted
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data, seed = digits().to(device), torch.initial_seed()


def small(x):  # n × 784 to n × 196: each pixel the mean of 2 × 2
    return functional.avg_pool2d(x.view(-1, 1, 28, 28), 2).flatten(1)


x_train, x_test = small(data.x_train), small(data.x_test)

# %% [markdown]
# ## 1 · Layer by layer, without labels
#
# Labels cost work, pictures do not: few labels, many pictures is called **semi-supervised learning**. The lecture's plan (Bengio et al. 2007): train each layer as an autoencoder of what the layer below gives out; throw the decoders away; put a new last layer on top, at random; train all of it on the few labels (**fine-tuning**). It helps, says the lecture, when labels are few and the network is large.

# %% tags=["figure", "opening"]
shown = 0.35 * data.x_train[:288].cpu()
figure, ax = plt.subplots(figsize=(13.5, 6.9))
for digit in range(10):
    place = (data.y_train[:288] == digit).nonzero()[2 * digit + 1].item()
    shown[place] /= 0.35
    down, right = 28 * (place // 24), 28 * (place % 24)
    red = plotting.COLOURS[2]
    ax.add_patch(plt.Rectangle((right, down), 28, 28, fill=False, lw=3, ec=red))
    style = {"fontsize": 20, "weight": "bold", "color": red}
    style["bbox"] = {"fc": "white", "ec": "none", "pad": 1}
    ax.text(right + 30, down + 12, digit, **style)
sheet = shown.view(12, 24, 28, 28).transpose(1, 2).reshape(336, 672)
ax.imshow(sheet, vmin=0, vmax=1)
ax.axis("off")
plt.show()

# %% [markdown]
# (Framed: ten pictures with a label. The others have none.)
#
# The lecture's network is 784-1000-1000-500, with a 500-10 layer on top. Yours is a small relative: pictures of 14 × 14 pixels, layers of 200, 200 and 100 units, and a 100-10 layer on top. That leaves time to do everything five times. The five networks train side by side: one batched product (`baddbmm`) does the work of all, and none knows of the others.
#
# There are two random starts: PyTorch's own for a linear layer, and He's (lesson 02b), whose weights are $\sqrt6$ times as large and whose biases are 0.

# %%
runs = 5
each = torch.arange(runs, device=device)[:, None]


class Linears(nn.Module):  # one linear layer in each of the five networks
    def __init__(self, inputs, outputs, start="PyTorch's"):
        super().__init__()
        bound = inputs**-0.5  # as PyTorch starts nn.Linear
        weight = torch.empty(runs, inputs, outputs).uniform_(-bound, bound)
        bias = torch.empty(runs, 1, outputs).uniform_(-bound, bound)
        if start == "He's":
            weight, bias = 6**0.5 * weight, 0 * bias
        self.weight = nn.Parameter(weight.to(device))
        self.bias = nn.Parameter(bias.to(device))

    def forward(self, x):  # five × n × inputs to five × n × outputs
        return torch.baddbmm(self.bias, x, self.weight)  # x @ weight + bias


def encoder(start):
    widths = itertools.pairwise([196, 200, 200, 100])
    layers = [(Linears(*width, start), nn.GELU()) for width in widths]
    return nn.Sequential(*itertools.chain.from_iterable(layers))


# %%
def batches(n, size, steps):  # for each step five × size: which examples each sees
    rounds = (torch.rand(runs, n).argsort(dim=1).to(device) for _ in itertools.count())
    parts = (order.split(size, dim=1) for order in rounds)
    return itertools.islice(itertools.chain.from_iterable(parts), steps)


def train(model, x, target, loss, steps=200, size=50, change=None):
    adam = torch.optim.Adam(model.parameters(), 2e-3, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 2e-3, steps)
    for indices in batches(x.shape[1], size, steps):
        seen, wanted = x[each, indices], target[each, indices]
        value = loss(model(seen if change is None else change(seen)), wanted)
        adam.zero_grad()
        value.backward()
        adam.step()
        schedule.step()
    return model


# %% [markdown]
# The step size rises, then falls to zero: a training that *ends*, and is not merely stopped. The loss is the sum of the five networks' losses; each weight stands in one of them only. The first layer rebuilds pixels, with the cross-entropy; the others rebuild the numbers of the layer below, with the squared error.


# %%
def cross_entropy(logits, x):  # nats per image, summed over the five
    nats = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return nats / x.shape[1]


def squared_error(rebuilt, h):
    return (rebuilt - h).square().sum() / h.shape[1]


def pretrained(network, x):
    network, h = copy.deepcopy(network), x
    for place in (0, 2, 4):
        layer = network[place : place + 2]  # linear and GELU
        inputs, outputs = layer[0].weight.shape[1:]
        decoder = Linears(outputs, inputs)
        loss = cross_entropy if place == 0 else squared_error
        train(nn.Sequential(layer, decoder), h, h, loss, steps=300, size=100)
        with torch.no_grad():
            h = layer(h)  # the next layer's data
    return network


# %%
torch.manual_seed(seed)
pictures = x_train.expand(runs, -1, -1)  # all five see the same pictures
before = encoder("PyTorch's")
after = pretrained(before, pictures)

# %% [markdown]
# What has the first layer learned? **Predict first** how far its weights move; sizes are square roots of sums of squares.

# %% tags=["figure"]
looks = Prediction(
    "By how much do the first layer's weights differ from their random start, as a share "
    "of that start's size?",
    (0, 200),
    unit="%",
)
looks

# %%
moved = (after[0].weight - before[0].weight).norm() / before[0].weight.norm()
print(f"the weights moved by {moved.item():.0%} of their start's size")

# %% tags=["figure"]
looks.reveal(100 * moved.item(), within=25)

# %% tags=["figure"]
rows = {}
for name, network in (("at random", before), ("the same, pre-trained", after)):
    filters = network[0].weight[0].detach().T[:10]
    rows[name] = 0.5 + filters / filters.abs().amax(dim=1, keepdim=True) / 2
plotting.image_grid(rows, side=14)

# %% [markdown]
# Each square is one unit's weights: dark raises the unit, light lowers it. Many now show strokes and blobs; some still look like noise: with as many units as pixels (here 200 and 196) a layer can pass everything on without finding parts (lesson 03a). Whether it has learned something useful, only a measurement can say.
#
# ## 2 · A race in pairs
#
# Each random network runs against its own pre-trained copy. In all else the two are **twins**: the same labelled digits, the same last layer, the same batches, as many steps. So what differs is the pre-training, and the **paired gain**, accuracy (per cent right, held out) of the copy minus that of its original, leaves out the luck that both share (a **paired comparison**). Five such pairs, each with its own labels.
#
# Beside them run **logistic regression** on the pixels, without a hidden layer; a network pre-trained on **scrambled** pictures (each pixel takes its values from other images, so every pixel has its true greys, but no digit is left); and, for section 4, a random network whose labelled digits are **shifted** by up to a pixel at each use (**data augmentation**, lesson 01b). **Predict first.**

# %% tags=["figure"]
where = Prediction(
    "From PyTorch's start: for how many labels is the gain from pre-training largest?",
    ["10 or 30", "100 or 300", "1,000 or 2,000", "alike, within a point"],
)
where


# %%
def scrambled(x):
    return torch.stack([pixel[torch.randperm(len(pixel))] for pixel in x.T], dim=1)


networks = {("PyTorch's", "random"): before, ("PyTorch's", "digits"): after}
networks["PyTorch's", "scrambled"] = pretrained(
    before, torch.stack([scrambled(x_train) for _ in range(runs)])
)
torch.manual_seed(seed)  # He's: the same draws, only larger
networks["He's", "random"] = encoder("He's")
networks["He's", "digits"] = pretrained(networks["He's", "random"], pictures)


# %%
def label_loss(logits, y):  # mean over a batch, summed over the five networks
    logits, n = logits.flatten(0, 1), y.shape[1]
    return functional.cross_entropy(logits, y.flatten(), reduction="sum") / n


@torch.no_grad()
def accuracy(model):  # per cent, held out: five figures
    right = model(x_test.expand(runs, -1, -1)).argmax(dim=2) == data.y_test
    return 100 * right.float().mean(dim=1).cpu().numpy()


def fine_tuned(network, labelled, **options):
    torch.manual_seed(1000 * seed + labelled.shape[1])  # twins: same last layer, batches
    model = nn.Sequential(copy.deepcopy(network), Linears(100, 10))
    x, y = x_train[labelled], data.y_train[labelled]
    return accuracy(train(model, x, y, label_loss, **options))


def logistic(labelled):
    model = LogisticRegression(max_iter=500)  # with its default penalty
    model.fit(x_train[labelled].cpu(), data.y_train[labelled].cpu())
    return 100 * model.score(x_test.cpu(), data.y_test.cpu())


# %%
middle, many = [30, 100, 300], [1000, 2000]
few = [10, *middle]
counts = few + many
of_digit = [(data.y_train == digit).nonzero()[:, 0] for digit in range(10)]


def draw_labelled(n):  # as many of each digit
    return torch.cat([at[torch.randperm(len(at))[: n // 10]] for at in of_digit])


def shift(x):
    return shifted(x.flatten(0, 1), side=14).view(x.shape)


# %%
scores = {}  # five each
for n in tqdm(counts):
    torch.manual_seed(1000 * seed + n)
    labelled = torch.stack([draw_labelled(n) for _ in range(runs)])
    steps = max(200, 3 * n // 10)  # many labels: 15 passes through all of them
    for (start, kind), network in networks.items():
        if kind != "scrambled" or n in middle:
            scores[start, kind, n] = fine_tuned(network, labelled, steps=steps)
    scores["logistic", n] = np.array([logistic(its) for its in labelled])
    if n in (100, 300):
        network, steps = networks["He's", "random"], 400
        scores["shifted", n] = fine_tuned(network, labelled, steps=steps, change=shift)
        scores["longer", n] = fine_tuned(network, labelled, steps=steps)


# %%
def gain(one, other, numbers):  # paired, in points: five, each a mean over the numbers
    return np.mean([scores[*one, n] - scores[*other, n] for n in numbers], axis=0)


def interval(gains):  # 95 % of the mean of five: Student's t with 4 degrees
    return 2.78 * gains.std(ddof=1) / len(gains) ** 0.5


default, default_digits = ("PyTorch's", "random"), ("PyTorch's", "digits")
he, he_digits = ("He's", "random"), ("He's", "digits")
gains = {n: gain(default_digits, default, [n]) for n in counts}
he_gains = {n: gain(he_digits, he, [n]) for n in counts}
best = max(counts, key=lambda n: gains[n].mean())

# %% tags=["figure"]
both = {"PyTorch's": gains, "He's": he_gains}


def table(start):
    print(f"{start} start\nlabels   random   pre-trained   logistic   paired gain")
    for n in counts:
        keys = (start, "random", n), (start, "digits", n), ("logistic", n)
        means = [scores[key].mean() for key in keys]
        print("{:6d} {:8.1f} {:13.1f} {:10.1f}".format(n, *means), end="   ")
        print(f"{both[start][n].mean():6.2f} ± {interval(both[start][n]):.2f} points")


table("PyTorch's")
spread = gains[best].mean() - min(each_gain.mean() for each_gain in gains.values())
which = 3 if spread < 1 else 0 if best < 100 else 1 if best < 1000 else 2
where.reveal(where.options[which])

# %% tags=["figure"]
with plt.rc_context({"font.size": 16, "axes.labelsize": 17, "legend.fontsize": 16}):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 5.4), layout="constrained")
shown = {"pre-trained": default_digits, "random start": default}
shown |= {"logistic regression": ("logistic",)}
for (name, key), marker in zip(shown.items(), "s^o"):
    means = [scores[*key, n].mean() for n in counts]
    left.plot(counts, means, marker + "-", label=name, ms=9)
left.set_ylabel("accuracy, per cent")
left.set_title("PyTorch's start, held-out digits", fontsize=17)
for (start, each_gain), colour, side in zip(both.items(), (0, 2), (0.95, 1.05)):
    across = [side * n for n in counts]
    means, bars = zip(*((g.mean(), interval(g)) for g in each_gain.values()))
    style = {"fmt": "D-", "capsize": 6, "label": f"{start} start", "ms": 8}
    right.errorbar(across, means, bars, color=plotting.COLOURS[colour], **style)
right.axhline(0, color=plotting.INK, lw=1)
right.set_ylabel("paired gain, points")
right.set_title("pre-trained minus random, 95 % bars", fontsize=17)
for ax in (left, right):
    ax.set(xscale="log", xlabel="labelled digits")
    ax.set_xticks(counts, counts, fontsize=16)
    ax.minorticks_off()
    ax.legend(fontsize=16)
plt.show()

# %%
by_scrambled = gain(("PyTorch's", "scrambled"), default, middle)
by_digits = gain(default_digits, default, middle)
claim(
    "C07a",
    "From PyTorch's start pre-training helps when labels are few: paired gain, mean over "
    "10 to 300 labels",
    gain(default_digits, default, few).mean(),
    kind="experiment",
    at_least=1,
    unit="points",
    control=("1,000 and 2,000 labels", gain(default_digits, default, many).mean()),
)
claim(
    "C07b",
    "It takes digits: gain from pre-training on scrambled pictures, mean over 30 to 300",
    by_scrambled.mean(),
    kind="experiment",
    at_most=0.7,
    unit="points",
    control=("digits", by_digits.mean()),
)

# %% tags=["figure"]
for n in middle:
    by = {
        kind: gain(("PyTorch's", kind), default, [n]) for kind in ("digits", "scrambled")
    }
    parts = (f"{kind} {g.mean():6.2f} ± {interval(g):.2f}" for kind, g in by.items())
    print(f"{n:5} labels, gain after pre-training on", " · on ".join(parts))

# %% [markdown]
# So half of the lecture's claim holds from this start (the other half, "and the network is large", was not tested): the gain is largest where labels are few, and gone with 1,000. And it takes digits: over 30 to 300 labels scrambled pictures bring next to nothing, or less. But look at the error bars: with 10 labels, one of each digit, five pairs hardly pin the gain down; so the finer questions go to 30, 100 and 300. And look at the left: up to 300 labels logistic regression on the pixels does about as well as the pre-trained network, or better, without any other picture.
#
# ## 3 · Or only a better start?
#
# Pre-training changes two things: what the weights know, and how well they pass differences on. For the second, lesson 02b has a cheaper way: He's start. It has the same draws as PyTorch's, only larger. **Predict first.**

# %% tags=["figure"]
cheaper = Prediction(
    "30 to 300 labels, no pre-training: He's start instead of PyTorch's. It gains",
    ["less than half of pre-training's", "about as large", "more than twice as large"],
)
cheaper

# %%
by_start = gain(he, default, middle)
ratio = by_start.mean() / by_digits.mean()

# %% tags=["figure"]
table("He's")
print(f"mean gain, 30 to 300 labels: by He's start {by_start.mean():.2f}", end=", ")
print(f"by pre-training {by_digits.mean():.2f}", end=", ")
print(f"by pre-training from He's start {gain(he_digits, he, middle).mean():.2f} points")
cheaper.reveal(cheaper.options[0 if ratio < 0.5 else 1 if ratio < 2 else 2])

# %% [markdown]
# Move the slider over the numbers of labels: each dot is a pair of twins, and above the line the pre-trained one wins. With more labels the dots climb, and close in on the line.

# %% tags=["figure"]
frames, captions = [], []
for n in counts:
    figure, ax = plt.subplots(figsize=(6.5, 5.5), layout="constrained")
    for start, colour, marker in zip(both, (0, 2), "os"):
        across, up = scores[start, "random", n], scores[start, "digits", n]
        style = {"color": plotting.COLOURS[colour], "ms": 10, "alpha": 0.8}
        ax.plot(across, up, marker, label=f"{start} start", **style)
    ax.axline((20, 20), (100, 100), color=plotting.INK, lw=1)
    ax.set(xlim=(20, 100), ylim=(20, 100), aspect="equal", title=f"{n} labels")
    ax.set(xlabel="random start, per cent right", ylabel="pre-trained, per cent right")
    ax.legend(loc="lower right")
    frames.append(figure)
    parts = (f"{start} start {g[n].mean():.1f} points" for start, g in both.items())
    captions.append(f"{n} labels, mean gain: " + ", ".join(parts))
FramePlayer(frames, captions, label="labels", interval=1500)

# %%
fewest, he_many = [10, 30, 100], gain(he_digits, he, many)
he_fewest = gain(he_digits, he, fewest)
claim(
    "C07c",
    "He's start alone, without a picture, gains over PyTorch's: mean, 30 to 300 labels",
    by_start.mean(),
    kind="experiment",
    at_least=0.9,
    unit="points",
    control=("PyTorch's, pre-trained on scrambled pictures", by_scrambled.mean()),
)
claim(
    "C07d",
    "From He's start pre-training still helps with few labels: paired gain, mean of 10 "
    "to 100",
    he_fewest.mean(),
    kind="experiment",
    at_least=0.8,
    unit="points",
    control=("1,000 and 2,000 labels", he_many.mean()),
)

# %% [markdown]
# The better start alone brings about as much as pre-training, or more. And the two overlap: on top of the better start pre-training adds less than it did from PyTorch's, and with 1,000 labels nothing.
#
# ## 4 · What replaced it
#
# Pre-training asks thousands of pictures what digits are like. You may know something yourself: a shifted digit is still the same digit. So: He's start, no pre-training, and shifts. Shifted copies take longer to learn: twice as many steps. Beside them, the same network with the same labels, as many steps and no shifts. **Predict first.**

# %% tags=["figure"]
rival = Prediction(
    "Mean of 100 and 300 labels, He's start: shifts instead of pre-training. Shifts are",
    ["worse by over a point", "level within a point", "better by over a point"],
)
rival

# %%
both_counts = [100, 300]
lead = gain(("shifted",), he_digits, both_counts).mean()

# %% tags=["figure"]
for n in both_counts:
    keys = {"PyTorch's start": default, "PyTorch's, pre-trained": default_digits}
    keys |= {"He's start": he, "He's, more steps": ("longer",)}
    keys |= {"He's, pre-trained": he_digits, "He's, shifts": ("shifted",)}
    print(
        n,
        "labels:",
        ", ".join(f"{k} {scores[*v, n].mean():.1f}" for k, v in keys.items()),
    )
rival.reveal(rival.options[1 if abs(lead) <= 1 else 0 if lead < 0 else 2])

# %%
claim(
    "C07e",
    "From He's start shifts beat pre-training: paired lead, mean over 100 and 300 labels",
    lead,
    kind="experiment",
    at_least=1,
    unit="points",
    control=("more steps, no shifts", gain(("longer",), he_digits, both_counts).mean()),
)

# %% [markdown]
# More steps alone bring next to nothing: the training without shifts had ended.
#
# What did replace layer-wise pre-training? For plain classifiers with labels: starts that fit, activations that let gradients through, and changed copies of the pictures; the layer-by-layer autoencoders went out of use. For many pictures and *few* labels the idea is more alive than ever, with other goals than plain rebuilding: whole networks are pre-trained to give two changed copies of one picture like codes and other pictures unlike ones (Chen et al. 2020), or to fill in what was hidden (He et al. 2022), and then fine-tuned. Erhan et al. (2010), with far larger data and sigmoids, saw gains that this lesson does not show; they explain them as a regulariser, more than as help for the optimiser.
#
# ## 5 · Where it breaks
#
# - **Small pictures, a small network**, plain autoencoders whose layers are hardly smaller than their input. That a *large* network gains more was not tested: the lecture's 784-1000-1000-500 was not tried; 784-500-500-250 was, on four seeds, and showed the same picture: less gain from He's start, hardly any at 1,000 labels.
# - **The recipe of pre-training matters.** With a squared error for the pixels and fewer steps nothing was left at 100 labels; masking half of the pixels (a denoising autoencoder, Vincent et al. 2010, lesson 03b) was no better in ten epochs. Longer or better pre-training may gain more: we tried about 35 settings, on seeds 10 to 14, most of them judged on held-out images.
# - **Shifts need labels too.** With 10 or 30 they did not beat pre-training from He's start in most of the runs that we tried beside the lesson; with 10 they lost.
# - **One step size for all.** With 10 labels a smaller one helps the random start and lessens the gain.
# - **Trained to the end?** With 2,000 labels and a third of the steps less, pre-training cost accuracy, from either start. With 300 labels and half the steps the shifts gained nothing. A stop too early can flatter either side.
# - **Five pairs** see a point or so with 300 labels and more, a few points with 10 or 30; never a tenth of one. And they share the pictures and the held-out digits: the bars know nothing of another data set.
#
# ## 6 · Try it
#
# 1. Stop the fine-tuning early: `steps = 40` in the race. Whom does it flatter, from which start?
# 2. Pre-train with noise: hide a quarter of the pixels that the first layer sees, and let it rebuild the whole.
# 3. Fine-tune only the last layer. Are the pre-trained codes better than pixels for logistic regression?
# 4. Pre-train *and* shift. Do the two gains add up?
#
# ## 7 · Summary

# %% tags=["figure"]
PredictionCount(looks, where, cheaper, rival)

# %% [markdown]
# - Layer-wise pre-training: autoencoders one after another, a new last layer, fine-tuning.
# - From PyTorch's start it helps here when labels are few, and not with 1,000 or more.
# - A start that fits gives about as much, without any picture. Pre-training on top of it still helps up to about 100 labels, and not from 1,000 on.
# - From He's start shifted copies beat pre-training with 100 and 300 labels, and need no picture without a label.
# - Compare in pairs, train both sides to the end, and let a simple rival run beside them.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | layer-wise pre-training | 逐层预训练 | each layer an autoencoder of the one below |
# | fine-tuning | 微调 | all layers together, on the labels |
# | semi-supervised learning | 半监督学习 | many pictures, few labels |
# | paired comparison | 配对比较 | twins that differ in one thing |
# | confidence interval | 置信区间 | the bar: in 95 of 100 such experiments it holds the true mean |
# | logistic regression | 逻辑回归 | one layer, softmax |
# | data augmentation | 数据增强 | shifted copies |
# | weight initialisation | 权重初始化 | the start |
#
# **References**
#
# - Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle (2007), *Greedy layer-wise training of deep networks*, NeurIPS 19.
# - D. Erhan, Y. Bengio, A. Courville, P.-A. Manzagol, P. Vincent and S. Bengio (2010), *Why does unsupervised pre-training help deep learning?*, Journal of Machine Learning Research 11, 625–660.
# - P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio and P.-A. Manzagol (2010), *Stacked denoising autoencoders*, Journal of Machine Learning Research 11, 3371–3408.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers*, ICCV, arXiv:1502.01852.
# - T. Chen, S. Kornblith, M. Norouzi and G. Hinton (2020), *A simple framework for contrastive learning of visual representations*, ICML, arXiv:2002.05709.
# - K. He, X. Chen, S. Xie, Y. Li, P. Dollár and R. Girshick (2022), *Masked autoencoders are scalable vision learners*, CVPR, arXiv:2111.06377.
