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
# 32 minutes to study, 40 seconds to run, no network needed
#
# **You will be able to**
#
# 1. pre-train a network layer by layer as autoencoders, put a new last layer on top and fine-tune it;
# 2. compare two trainings in pairs, and put an honest error bar on the difference;
# 3. say for how many labels pre-training helps here, and how much of that is only a better start;
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
# Labels cost work, pictures do not. The lecture's plan: train each layer as an autoencoder of what the layer below gives out; throw the decoders away; put a new last layer on top, at random; train all of it on the few labels (**fine-tuning**). It helps, says the lecture, when labels are few and the network is large.
#
# Pictures of 14 × 14 pixels and layers of 200, 200 and 100 units leave time for five repeats. There are two random starts: PyTorch's own for a linear layer, and He's, whose weights are $\sqrt6$ times as large (02b).


# %%
def encoder(start):
    parts = []
    for inputs, outputs in itertools.pairwise([196, 200, 200, 100]):
        linear = nn.Linear(inputs, outputs)
        if start == "He's":
            nn.init.normal_(linear.weight, 0, (2 / inputs) ** 0.5)
            nn.init.zeros_(linear.bias)
        parts += [linear, nn.GELU()]
    return nn.Sequential(*parts).to(device)


def batches(n, size, steps):  # places of the examples of each step
    rounds = (torch.randperm(n).to(device).split(size) for _ in itertools.count())
    return itertools.islice(itertools.chain.from_iterable(rounds), steps)


# %%
def train(model, x, target, loss, steps=200, size=50, change=None):
    adam = torch.optim.Adam(model.parameters(), 2e-3, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(adam, 2e-3, steps)
    for indices in batches(len(x), size, steps):
        seen = x[indices] if change is None else change(x[indices])
        value = loss(model(seen), target[indices])
        adam.zero_grad()
        value.backward()
        adam.step()
        schedule.step()
    return model


# %% [markdown]
# The step size rises, then falls to zero: a training that *ends*, and is not merely stopped. The first layer rebuilds pixels, with the cross-entropy; the others rebuild the numbers of the layer below, with the squared error.


# %%
def squared_error(rebuilt, h):
    return (rebuilt - h).square().sum(dim=1).mean()


def cross_entropy(logits, x):  # nats per image
    nats = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    return nats / len(x)


def pretrained(start, x):
    network, h = encoder(start), x
    for place in (0, 2, 4):
        layer = network[place : place + 2]  # linear and GELU
        decoder = nn.Linear(layer[0].out_features, layer[0].in_features).to(device)
        loss = cross_entropy if place == 0 else squared_error
        train(nn.Sequential(layer, decoder), h, h, loss, steps=300, size=100)
        with torch.no_grad():
            h = layer(h)  # the next layer's data
    return network


torch.manual_seed(seed)
before = encoder("PyTorch's")
torch.manual_seed(seed)
after = pretrained("PyTorch's", x_train)  # from the same weights

# %% [markdown]
# What has the first layer learned? Each of its units is a picture of weights (dark raises the unit, light lowers it). **Predict first** how far they move.

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

# %% tags=["figure"]
looks.reveal(100 * moved.item(), within=25)

# %% tags=["figure"]
rows = {}
for name, network in (("at random", before), ("the same, pre-trained", after)):
    weights = network[0].weight.detach()[:10]
    rows[name] = 0.5 + weights / weights.abs().amax(dim=1, keepdim=True) / 2
plotting.image_grid(rows, side=14)

# %% [markdown]
# Some units have become strokes and blobs; others are still noise: with as many units as pixels a layer can pass everything on without finding parts (lesson 03a). Whether it has learned something useful, only a measurement can say.
#
# ## 2 · A race in pairs
#
# Two networks: one starts pre-trained, one at random. In all else they are twins: the same labelled digits, the same last layer, the same batches, as many steps. So what differs is the start, and the **paired gain**, accuracy of the one minus that of the other, is free of the luck of the labels. Five such pairs, each with its own labels, pre-training and random starts.
#
# Beside them run: **logistic regression** on the pixels, without a hidden layer; a network pre-trained on **scrambled** pictures (each pixel takes its values from other images, so every pixel has its true greys, but no digit is left); and a random start whose labelled digits are **shifted** by up to a pixel at each use (01b).

# %% tags=["figure"]
where = Prediction(
    "From PyTorch's start: for how many labels is the gain from pre-training largest?",
    ["10 or 30", "100 or 300", "2,000", "alike everywhere"],
)
where

# %%
counts = [10, 30, 100, 300, 2000]
of_digit = [(data.y_train == digit).nonzero()[:, 0] for digit in range(10)]


def draw_labelled(n):  # as many of each digit
    return torch.cat([at[torch.randperm(len(at))[: n // 10]] for at in of_digit])


def scrambled(x):
    return torch.stack([pixel[torch.randperm(len(pixel))] for pixel in x.T], dim=1)


def shift(x):
    return shifted(x, side=14)


# %%
@torch.no_grad()
def accuracy(model):  # per cent, held out
    right = model(x_test).argmax(dim=1) == data.y_test
    return 100 * right.float().mean().item()


def fine_tuned(start, labelled, twin, **options):
    torch.manual_seed(twin)  # twins: the same last layer, the same batches
    model = nn.Sequential(copy.deepcopy(start), nn.Linear(100, 10)).to(device)
    x, y = x_train[labelled], data.y_train[labelled]
    return accuracy(train(model, x, y, functional.cross_entropy, **options))


def logistic(labelled):
    model = LogisticRegression(max_iter=500)
    model.fit(x_train[labelled].cpu(), data.y_train[labelled].cpu())
    return 100 * model.score(x_test.cpu(), data.y_test.cpu())


# %%
def race(twin):
    torch.manual_seed(twin)
    networks = {}
    for start in ("PyTorch's", "He's"):
        networks[start, "random"] = encoder(start)
        networks[start, "digits"] = pretrained(start, x_train)
    networks["PyTorch's", "scrambled"] = pretrained("PyTorch's", scrambled(x_train))
    found = {}
    for n in counts:
        torch.manual_seed(twin + n)
        labelled = draw_labelled(n)
        found["logistic", n] = logistic(labelled)
        steps = 600 if n == 2000 else 200  # enough passes through many labels, too
        for (start, kind), network in networks.items():
            if kind != "scrambled" or n in (10, 100, 300):
                found[start, kind, n] = fine_tuned(network, labelled, twin, steps=steps)
        if n in (100, 300):
            he = networks["He's", "random"]
            found["shifted", n] = fine_tuned(he, labelled, twin, change=shift)
    return found


races = [race(1000 * seed + pair) for pair in tqdm(range(5))]


# %%
def scores(*key):  # of the five
    return np.array([found[key] for found in races])


def gain(one, other, numbers):  # paired, in points: five, each a mean over the numbers
    return np.mean([scores(*one, n) - scores(*other, n) for n in numbers], axis=0)


def interval(gains):  # 95 % of the mean of five: Student's t with 4 degrees
    return 2.78 * gains.std(ddof=1) / len(gains) ** 0.5


pairs = {
    start: {n: gain((start, "digits"), (start, "random"), [n]) for n in counts}
    for start in ("PyTorch's", "He's")
}

# %% tags=["figure"]
for start, gains in pairs.items():
    print(
        f"{start} start\nlabels   random   pre-trained   logistic   paired gain, points"
    )
    for n in counts:
        keys = (start, "random", n), (start, "digits", n), ("logistic", n)
        means = [scores(*key).mean() for key in keys]
        print("{:6d} {:8.1f} {:13.1f} {:10.1f}".format(n, *means), end="   ")
        print(f"{gains[n].mean():6.2f} ± {interval(gains[n]):.2f}")
best = max(counts, key=lambda n: pairs["PyTorch's"][n].mean())
where.reveal(where.options[0 if best < 100 else 1 if best < 2000 else 2])

# %% tags=["figure", "opening"]
figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.8), layout="constrained")
shown = {"random": ("PyTorch's", "random"), "pre-trained": ("PyTorch's", "digits")}
shown |= {"logistic regression": ("logistic",)}
for (name, key), marker in zip(shown.items(), "s^o"):
    left.plot(counts, [scores(*key, n).mean() for n in counts], marker + "-", label=name)
left.set(xscale="log", xlabel="labels", ylabel="held-out accuracy, per cent")
left.set_title("PyTorch's start")
left.legend()
for (start, gains), colour, side in zip(pairs.items(), (0, 2), (0.95, 1.05)):
    at = [side * n for n in counts]
    means, bars = zip(*((g.mean(), interval(g)) for g in gains.values()))
    style = {"fmt": "D-", "capsize": 6, "label": f"{start} start"}
    right.errorbar(at, means, bars, color=plotting.COLOURS[colour], **style)
right.axhline(0, color=plotting.INK, lw=1)
right.set(xscale="log", xlabel="labels", ylabel="paired gain, points")
right.set_title("pre-trained minus random; bars: 95 % of the mean")
right.legend()
plt.show()

# %% [markdown]
# Move the slider over the numbers of labels: each dot is a pair of twins, and above the line the pre-trained one wins. Two things happen as labels grow: the dots climb, and they close in on the line.

# %% tags=["figure"]
frames, captions = [], []
for n in counts:
    figure, ax = plt.subplots(figsize=(6.5, 5.5), layout="constrained")
    for (start, gains), colour, marker in zip(pairs.items(), (0, 2), "os"):
        across, up = scores(start, "random", n), scores(start, "digits", n)
        style = {"color": plotting.COLOURS[colour], "ms": 10, "alpha": 0.8}
        ax.plot(across, up, marker, label=f"{start} start", **style)
    ax.axline((20, 20), (100, 100), color=plotting.INK, lw=1)
    ax.set(xlim=(20, 100), ylim=(20, 100), aspect="equal", title=f"{n} labels")
    ax.set(xlabel="random start, per cent right", ylabel="pre-trained, per cent right")
    ax.legend(loc="lower right")
    frames.append(figure)
    each = (f"{start} start {g[n].mean():.1f} points" for start, g in pairs.items())
    captions.append(f"{n} labels, mean gain: " + ", ".join(each))
FramePlayer(frames, captions, label="labels", interval=1500)

# %%
few, middle = [10, 30, 100, 300], [100, 300]
default, digits_of = ("PyTorch's", "random"), ("PyTorch's", "digits")
claim(
    "C07a",
    "From PyTorch's start pre-training helps when labels are few: paired gain, mean over "
    "10 to 300 labels",
    gain(digits_of, default, few).mean(),
    kind="experiment",
    at_least=1,
    unit="points",
    control=("2,000 labels", gain(digits_of, default, [2000]).mean()),
)
claim(
    "C07b",
    "It takes digits: paired gain, mean over 100 and 300 labels",
    gain(digits_of, default, middle).mean(),
    kind="experiment",
    at_least=0.4,
    unit="points",
    control=("scrambled", gain(("PyTorch's", "scrambled"), default, middle).mean()),
)

# %% [markdown]
# So the lecture's claim holds here: the fewer labels, the more. But look at the error bars: with 10 labels, one a digit, five pairs hardly pin the gain down. (Unpaired, the luck of the labels would come on top.) And look at the left: up to 300 labels logistic regression on the pixels is as good as either network. And what do scrambled pictures give?

# %% tags=["figure"]
for n in (10, 100, 300):
    by = {
        kind: gain(("PyTorch's", kind), default, [n]) for kind in ("digits", "scrambled")
    }
    figures = (f"{kind} {g.mean():6.2f} ± {interval(g):.2f}" for kind, g in by.items())
    print(f"{n:5} labels, gain after pre-training on", " · on ".join(figures))

# %% [markdown]
# ## 3 · Or only a better start?
#
# Pre-training changes two things: what the weights know, and how well they pass differences on. For the second, lesson 02b has a cheaper way: He's start. **Predict first.**

# %% tags=["figure"]
cheaper = Prediction(
    "100 and 300 labels, no pre-training: He's start instead of PyTorch's. Its gain is",
    ["less than half of pre-training's", "about as large", "more than twice as large"],
)
cheaper

# %%
he, he_digits = ("He's", "random"), ("He's", "digits")
by_start = gain(he, default, middle)
by_pictures = gain(digits_of, default, middle)
still = {n: pairs["He's"][n].mean() for n in counts}

# %% tags=["figure"]
ratio = by_start.mean() / by_pictures.mean()
cheaper.reveal(cheaper.options[0 if ratio < 0.5 else 1 if ratio < 2 else 2])
# %%
claim(
    "C07c",
    "He's start alone, without a picture, gains over PyTorch's: mean over 100 and 300 "
    "labels",
    by_start.mean(),
    kind="experiment",
    at_least=1,
    unit="points",
    control=("scrambled", gain(("PyTorch's", "scrambled"), default, middle).mean()),
)
claim(
    "C07d",
    "From He's start pre-training still helps with few labels: paired gain, mean of 10 "
    "to 100",
    gain(he_digits, he, [10, 30, 100]).mean(),
    kind="experiment",
    at_least=0.8,
    unit="points",
    control=("2,000 labels", still[2000]),
)

# %%
claim(
    "C07e",
    "With more labels nothing is left of it: mean over 300 and 2,000",
    gain(he_digits, he, [300, 2000]).mean(),
    kind="experiment",
    at_most=0.7,
    unit="points",
    control=("10, 30 and 100 labels", gain(he_digits, he, [10, 30, 100]).mean()),
)

# %% [markdown]
# ## 4 · What replaced it
#
# Pre-training asks thousands of pictures what digits are like. You may know something yourself: a shifted digit is still the same digit. He's start, no pre-training, and shifts.

# %% tags=["figure"]
rival = Prediction(
    "100 and 300 labels: He's start with shifts, against PyTorch's start pre-trained. "
    "The shifts are",
    ["worse", "level within one point", "better by more than a point"],
)
rival

# %%
lead = np.mean([scores("shifted", n) - scores(*digits_of, n) for n in middle], axis=0)

# %% tags=["figure"]
for n in middle:
    keys = {"PyTorch's start": default, "pre-trained": digits_of, "He's start": he}
    keys |= {"He's, pre-trained": he_digits, "He's, shifts": ("shifted",)}
    print(n, "labels:", *(f"{k} {scores(*v, n).mean():.1f}," for k, v in keys.items()))
level = abs(lead.mean()) <= 1
rival.reveal(rival.options[1 if level else 0 if lead.mean() < 0 else 2])

# %%
claim(
    "C07f",
    "He's start and shifts beat pre-training: paired lead, mean over 100 and 300 labels",
    lead.mean(),
    kind="experiment",
    at_least=0.7,
    unit="points",
    control=("PyTorch's start, no shifts", -by_pictures.mean()),
)

# %% [markdown]
# What did replace layer-wise pre-training? For plain classifiers with labels: starts that fit, activations that let gradients through, and changed copies of the pictures; the layer-by-layer autoencoders went out of use. For many pictures and *few* labels the idea is more alive than ever, with other goals than rebuilding: whole networks are pre-trained to give two changed copies of one picture the same code (Chen et al. 2020), or to fill in what was hidden, and then fine-tuned. Erhan et al. (2010), with far larger data and sigmoids, saw gains that ours does not show; they explain them as a regulariser, more than as help for the optimiser.
#
# ## 5 · Where it breaks
#
# - **Small pictures, a small network**, plain autoencoders whose layers are hardly smaller than their input. The lecture's 784-1000-1000-500 was not tried; 784-500-500-250 was, on four seeds, and showed the same picture: less gain from He's start, hardly any at 1,000 labels.
# - **The recipe of pre-training matters.** With a squared error for the pixels and fewer steps nothing was left at 100 labels; masking half of the pixels (a denoising autoencoder, 03b) was no better in ten epochs. Longer or better pre-training may gain more: we tried about 25 settings, on seeds 10 to 14, most of them judged on held-out images.
# - **One step size for all.** With 10 labels a smaller one helps the random start and lessens the gain.
# - **Trained to the end?** With 2,000 labels and a third of the steps, pre-training cost more than a point; an early stop can flatter either side.
# - **Five pairs** see a point, not a tenth of one.
#
# ## 6 · Try it
#
# 1. Stop the fine-tuning early: `steps=40` in `fine_tuned`. Whom does it flatter, from which start?
# 2. Pre-train with noise: hide a quarter of the pixels that the first layer sees, and let it rebuild the whole.
# 3. Fine-tune only the last layer. Are the pre-trained codes better than pixels for logistic regression?
# 4. Pre-train *and* shift. Do the two gains add up?
#
# ## 7 · Summary

# %% tags=["figure"]
PredictionCount(looks, where, cheaper, rival)

# %% [markdown]
# - Layer-wise pre-training: autoencoders one after another, a new last layer, fine-tuning.
# - From PyTorch's start it helps here when labels are few, and not with 2,000.
# - With 100 or 300 labels a start that fits gives about as much, without any picture. Pre-training on top of it still helps up to about 100 labels, and no more from 300 on.
# - With a start that fits, shifted copies brought about as much as pre-training, and need no picture without a label.
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
# | confidence interval | 置信区间 | the bar: 95 % of the mean of five |
# | logistic regression | 逻辑回归 | one layer, softmax |
# | data augmentation | 数据增强 | shifted copies |
# | weight initialisation | 权重初始化 | the start |
#
# **References**
#
# - Y. Bengio, P. Lamblin, D. Popovici and H. Larochelle (2007), *Greedy layer-wise training of deep networks*, NeurIPS 19.
# - D. Erhan, Y. Bengio, A. Courville, P.-A. Manzagol, P. Vincent and S. Bengio (2010), *Why does unsupervised pre-training help deep learning?*, Journal of Machine Learning Research 11, 625–660.
# - P. Vincent, H. Larochelle, I. Lajoie, Y. Bengio and P.-A. Manzagol (2010), *Stacked denoising autoencoders*, Journal of Machine Learning Research 11, 3371–3408.
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS.
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers*, ICCV, arXiv:1502.01852.
# - T. Chen, S. Kornblith, M. Norouzi and G. Hinton (2020), *A simple framework for contrastive learning of visual representations*, ICML, arXiv:2002.05709.
# - K. He, X. Chen, S. Xie, Y. Li, P. Dollár and R. Girshick (2022), *Masked autoencoders are scalable vision learners*, CVPR, arXiv:2111.06377.
