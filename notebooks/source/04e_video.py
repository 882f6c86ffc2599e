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
# # 04e · The next frame
#
# **What must a network know to say what the next frame of a video looks like, and how far can it go on alone?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04e_video.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04e_video.ipynb) ·
# 45 minutes to study, 50 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write a video's probability as a chain of frames, and say what squared error assumes about it;
# 2. name rivals that cost nothing, and explain why an empty frame beats a copy of the last one;
# 3. build a network that predicts a *motion* instead of pixels;
# 4. explain why a prediction is blurred where several futures are possible;
# 5. roll a prediction out, and say why it breaks.
#
# **Builds on** lesson 04a (the chain rule, one pixel at a time). You know what a convolution is.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04e")

# %%
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from lessons_lib import claim, plotting
from lessons_lib.datasets import bouncing_paths, digits, film
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits().to(device)

# %% [markdown]
# ## 1 · A digit in a box
#
# Lesson 04a took an image apart by the chain rule, pixel by pixel. Take a video apart frame by frame. With $x_t$ the
# frame at time $t$, of $T$ frames,
#
# $$\log p(x_1,\dots,x_T)=\sum_{t=1}^{T}\log p(x_t\mid x_1,\dots,x_{t-1}).$$
#
# Here the last three frames stand for all the past. The simplest model of one factor: each pixel is Gaussian around
# what a network $f$ says, with one variance $\sigma^2$. Then
#
# $$-\log p(x_t\mid\text{past})=\frac{1}{2\sigma^2}\lVert x_t-f(x_{t-3},x_{t-2},x_{t-1})\rVert^2+\text{constant}.$$
#
# So whoever minimises **squared error** fits a (crude) chain of frames.
#
# The video: a digit of 14 × 14 pixels flies through a box of 32 × 32 and bounces off the walls. Along each
# axis it moves by 1 to 3 pixels a frame, in steps of half a pixel: 100 velocities. The digits of the test are held
# out, its paths sampled anew. (What bounces is the digit's square field, rim of paper included.)

# %%
paths = bouncing_paths(len(data.x_test), 4)  # 1,000 × 4 × 2, in half pixels
clips = film(data.x_test, paths)  # 1,000 × 4 × 32 × 32, 0 is paper, 1 is ink
past, truth = clips[:, :3], clips[:, 3]
print("past", tuple(past.shape), " truth", tuple(truth.shape))

steps = paths.diff(dim=1)  # the moves 1, 2 and 3, between the four frames
repeats = (steps.diff(dim=1) == 0).all(dim=2).to(device)  # are 2 and 3 as the one before?
groups = {
    "all": torch.ones_like(repeats[:, 0]),
    "flies on": repeats.all(dim=1),
    "bounces now": repeats[:, 0] & ~repeats[:, 1],  # straight so far, and then a wall
    "just bounced": ~repeats[:, 0],
}
print({name: int(members.sum()) for name, members in groups.items()})


# %% tags=["figure"]
def in_boxes(rows, titles, width=1.35, name=1.8):  # a row of frames for each name
    size = (name + len(titles) * width, 0.4 + len(rows) * width)
    figure, axes = plt.subplots(len(rows), 1, figsize=size, layout="constrained")
    for ax, (label, frames) in zip(axes, rows.items()):
        walled = [F.pad(frame.cpu(), [1] * 4, value=0.6) for frame in frames]
        apart = [F.pad(frame, [2, 2, 0, 0]) for frame in walled]  # 38 pixels wide
        ax.imshow(torch.cat(apart, dim=1), vmin=0, vmax=1)
        ax.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=8)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(False)
        ax.grid(False)
    axes[0].set_xticks([38 * n + 18.5 for n in range(len(titles))], titles, fontsize=15)
    axes[0].tick_params(length=0, labeltop=True, labelbottom=False)
    return figure


picked = {name: int(groups[name].nonzero()[0]) for name in list(groups)[1:]}
in_boxes({name: clips[i] for name, i in picked.items()}, ["1", "2", "3", "next"])
plt.show()

# %% [markdown]
# ### Rivals that cost nothing
#
# - **Copy**: the next frame is the last one.
# - **Empty**: the next frame is blank paper.
# - **Rigid shift**: find the shift that turns the last frame but one into the last; do it once more (it
#   knows that things fly straight).

# %% tags=["figure"]
cheap = Prediction(
    "Squared error a frame: which of the two is better?",
    ["a copy of the last frame", "an empty frame", "they are about equal"],
)
cheap

# %% [markdown]
# A shift is a **convolution** with a small kernel. Let $k$ be a kernel of 9 × 9 weights, one for each displacement $d$
# of up to four pixels, and $x(\cdot-d)$ the frame shifted by $d$. The moved frame is $\sum_d k(d)\,x(\cdot-d)$: the
# weight at $d$ says how much of the ink moves by $d$. All weight on one $d$ shifts by whole pixels; half pixels share
# it among neighbours.


# %%
def move(frames, kernels):  # n × 32 × 32 frames, and n × 9 × 9: to each its own kernel
    weights = kernels.flip(1, 2)[:, None]  # PyTorch's convolution does not flip
    return F.conv2d(frames[None], weights, padding=4, groups=len(frames))[0]


def shift_kernels(shifts):  # n × 2, in pixels, down and right: bilinear weights
    axis = torch.arange(-4, 5, device=shifts.device)
    weights = (1 - (shifts[:, :, None] - axis).abs()).clamp(min=0)  # n × 2 × 9
    return torch.einsum("ni,nj->nij", weights[:, 0], weights[:, 1])


half_pixels = torch.arange(-8, 9, device=device) / 2
every_shift = shift_kernels(torch.cartesian_prod(half_pixels, half_pixels))  # 289 × 9 × 9


def rigid_kernels(past):  # the best of all 289 shifts, for each clip
    best = []  # of 40 clips at a time, to save memory
    for before, last in zip(past[:, -2].split(40), past[:, -1].split(40)):
        moved = F.conv2d(before[:, None], every_shift.flip(1, 2)[:, None], padding=4)
        best.append((moved - last[:, None]).square().sum(dim=(2, 3)).argmin(dim=1))
    return every_shift[torch.cat(best)]


# %%
def squared_error(guess, truth):  # of each frame
    return (guess - truth).square().sum(dim=(1, 2))


def show(name):
    print(f"{name:18}", *(f" {g} {value:5.2f}" for g, value in table[name].items()))


@torch.no_grad()
def by_group(name, model):
    errors = squared_error(model(past), truth)
    table[name] = {group: errors[m].mean().item() for group, m in groups.items()}
    show(name)


table = {}
by_group("copy", lambda past: past[:, -1])
by_group("empty", lambda past: torch.zeros_like(past[:, -1]))
by_group("rigid shift", lambda past: move(past[:, -1], rigid_kernels(past)))

# %% tags=["figure"]
ratio = table["copy"]["all"] / table["empty"]["all"]
winner = "an empty frame" if ratio > 1.1 else "they are about equal"
cheap.reveal("a copy of the last frame" if ratio < 0.9 else winner)

# %% [markdown]
# Where old and new ink don't overlap, a copy pays twice: for ink where none is any more, and for the ink that it lacks
# elsewhere. An empty frame pays once, always. **Who says nothing is hard to beat.**
#
# The rigid shift is nearly perfect while the digit flies on, and worse than nothing where a wall is in the way. A move
# that holds a wall is cut short, so after a bounce the last move misleads.
#
# ## 2 · Paint the next frame: plain convolutions
#
# Three frames go in, one comes out, and all between is convolutions: down to 8 × 8 and 4 × 4, so that
# it sees far, and up again, with the earlier layers handed across. The last layer looks four pixels far in the frames
# themselves, so that it can shift them. Each batch gets new paths, so hardly a clip is seen twice. (Architectures,
# step size and epochs were chosen on training digits.)

# %% tags=["figure"]
where_ahead = Prediction(
    "Where will such a network have a smaller error than the rigid shift?",
    ["everywhere", "only where a wall turns the digit", "nowhere"],
)
where_ahead


# %%
class PlainConvolutions(nn.Module):
    def __init__(self):
        super().__init__()
        self.down_1 = nn.Conv2d(3, 32, 8, stride=4, padding=2)  # to 8 × 8
        self.down_2 = nn.Conv2d(32, 32, 3, stride=2, padding=1)  # 4 × 4
        self.middle = nn.Conv2d(32, 32, 3, padding=1)
        self.up_2 = nn.ConvTranspose2d(32, 32, 4, stride=2, padding=1)  # 8 × 8
        self.up_1 = nn.ConvTranspose2d(64, 8, 8, stride=4, padding=2)  # 32 × 32
        self.paint = nn.Conv2d(8 + 3, 1, 9, padding=4)

    def forward(self, past):
        fine = F.gelu(self.down_1(past))
        coarse = F.gelu(self.middle(F.gelu(self.down_2(fine))))
        both = torch.cat([F.gelu(self.up_2(coarse)), fine], dim=1)
        return self.paint(torch.cat([F.gelu(self.up_1(both)), past], dim=1))[:, 0]


# %%
def next_frame_error(change=lambda paths: paths):  # later: two changes to the paths
    def loss(model, images):
        clip = film(images, change(bouncing_paths(len(images), 4)))  # new in each step
        return squared_error(model(clip[:, :3]), clip[:, 3]).mean()

    return loss


recipe = {"epochs": 11, "batch_size": 64, "learning_rate": 5e-3}
plain = PlainConvolutions().to(device)
fit(plain, data.x_train, next_frame_error(), **recipe, label="plain convolutions")

# %%
by_group("plain convolutions", plain)

# %% tags=["figure"]
ahead = {g: table["plain convolutions"][g] < table["rigid shift"][g] for g in groups}
walls_only = not ahead["flies on"] and ahead["bounces now"]
somewhere = "only where a wall turns the digit" if walls_only else "nowhere"
where_ahead.reveal("everywhere" if all(ahead.values()) else somewhere)

# %% [markdown]
# At the walls the network is far ahead: something of them it has learned. But it must *paint* each digit anew, and
# what it is unsure of, it blurs.
#
# ## 3 · Predict the motion, not the pixels
#
# The digit is there already, in the last frame; only its motion is missing. So let the network put out one
# kernel of 9 × 9 weights for the clip, positive and with sum 1 (softmax), and *move* the last frame with it:
# a **dynamic filter** (De Brabandere and others 2016; Finn, Goodfellow and Levine 2016).

# %% tags=["figure"]
percent = Prediction(
    "The kernel network's error, in percent of the plain network's?", (0, 120), unit="%"
)
percent


# %%
class PredictedKernel(nn.Module):
    def __init__(self):
        super().__init__()
        self.down_1 = nn.Conv2d(3, 32, 8, stride=4, padding=2)  # as in the plain network
        self.down_2 = nn.Conv2d(32, 32, 3, stride=2, padding=1)
        self.decide = nn.Sequential(nn.Linear(512, 128), nn.GELU(), nn.Linear(128, 81))

    def kernels(self, past):
        coarse = F.gelu(self.down_2(F.gelu(self.down_1(past))))  # n × 32 × 4 × 4
        return self.decide(coarse.flatten(1)).softmax(dim=1).view(-1, 9, 9)

    def forward(self, past):
        return move(past[:, -1], self.kernels(past))


kernel = PredictedKernel().to(device)
for name, model in {"plain": plain, "kernel": kernel}.items():
    print(name, sum(p.numel() for p in model.parameters()), "parameters")
fit(kernel, data.x_train, next_frame_error(), **recipe, label="predicted kernel")

# %%
by_group("predicted kernel", kernel)

# %% tags=["figure"]
percent.reveal(
    100 * table["predicted kernel"]["all"] / table["plain convolutions"]["all"], within=15
)

# %% [markdown]
# The control: a kernel that is *not* predicted, the best of all that are the same for every clip. It is a regression
# of each pixel on the 81 around it, a frame before.


# %%
def fixed_kernel(images):
    gram, product = 0, 0
    for some in images.split(200):
        clip = film(some, bouncing_paths(len(some), 4))
        around = F.unfold(clip[:, 2:3], 9, padding=4)  # n × 81 × 1,024
        gram = gram + torch.einsum("nip,njp->ij", around, around)
        product = product + torch.einsum("nip,np->i", around, clip[:, 3].flatten(1))
    return torch.linalg.solve(gram, product).view(1, 9, 9).flip(1, 2)


fixed = fixed_kernel(data.x_train)
by_group("one for all", lambda past: move(past[:, -1], fixed.expand(len(past), 9, 9)))

# %%
found, painting, same = (
    table[n]["all"] for n in ("predicted kernel", "plain convolutions", "one for all")
)
claim(
    "C12k",
    "A predicted kernel moves held-out digits on newly sampled paths: squared error",
    found,
    kind="experiment",
    at_most=3,
    control=("rigid shift", table["rigid shift"]["all"]),
)
claim(
    "C12l",
    "Better a motion than pixels: error over this plain network's, after as many steps",
    found / painting,
    kind="experiment",
    at_most=0.5,  # other seeds, on training digits held out: 0.41 to 0.43
    control=("the best kernel that is the same for all", same / painting),
)

# %% tags=["figure"]
figure, axes = plt.subplots(3, 6, figsize=(12.5, 6.4), layout="constrained")
titles = ["frame 2", "frame 3", "its kernel", "moved by it", "plain", "the truth"]
for row, (name, i) in zip(axes, picked.items()):
    one = past[i : i + 1]
    with torch.no_grad():
        weights, moved, painted = kernel.kernels(one)[0], kernel(one)[0], plain(one)[0]
    shown = [one[0, 1], one[0, 2], weights, moved, painted, truth[i]]
    for ax, picture in zip(row, shown):
        ends = (-4.5, 4.5, 4.5, -4.5) if picture is weights else None
        top = weights.max().item() if picture is weights else 1
        ax.imshow(picture.cpu(), vmin=0, vmax=top, extent=ends)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        ax.grid(False)
    row[2].set(xticks=[-4, 0, 4], yticks=[-4, 0, 4])
    row[2].plot(0, 0, "+", color=plotting.COLOURS[2], markersize=16)
    row[0].set_ylabel(name)
axes[-1, 2].set(xlabel="right", ylabel="down")
for ax, title in zip(axes[0], titles):
    ax.set_title(title)
plt.show()

# %% [markdown]
# The kernel (pixels down and right; the red cross is "stay") *is* the motion: the ink moves to where the weight
# lies. Half pixels spread it over neighbours; so, at the wall, does doubt.
#
# ## 4 · At the wall
#
# Does the network know that a wall comes from where the digit is? Take that away: let the camera **fly along**
# with the digit, so that the last of the three frames has it in the middle. The motion is still seen, the place is
# not. Same network, same budget.


# %%
def flown_along(paths):  # the corner of the third frame comes to (18, 18), in half pixels
    return paths - paths[:, 2:3] + 18


along = PredictedKernel().to(device)
fit(along, data.x_train, next_frame_error(flown_along), **recipe, label="along")
seen_along = film(data.x_test, flown_along(paths))
with torch.no_grad():
    errors_along = squared_error(along(seen_along[:, :3]), seen_along[:, 3])
table["flies along"] = {g: errors_along[m].mean().item() for g, m in groups.items()}

# %% [markdown]
# And a rival that is *told* what the network must find out: the box, the ten speeds, straight flight, mirror walls,
# and where the ink lies in a digit's field. It finds the ink's centre, folds each speed's path back at the walls, and
# takes the speed that fits the three frames best.


# %%
def fold(place):  # back into 0 to 18 pixels, if a wall was in the way
    return 18 - (18 - place % 36).abs()


def ink_centre(frames):  # ... × 32 × 32 to ... × 2, in pixels, down and right
    pixel = torch.arange(32, device=frames.device) + 0.5
    ink = frames.sum(dim=(-2, -1))
    return torch.stack([frames.sum(dim=d) @ pixel / ink for d in (-1, -2)], dim=-1)


def told(past):
    # 7 from corner to middle; MNIST centres ink on pixel 14, its middle ¼ further.
    places = ink_centre(past) - 7.25
    speeds = torch.tensor([-3, -2.5, -2, -1.5, -1, 1, 1.5, 2, 2.5, 3], device=past.device)
    end = places[:, -1, :, None]  # n × 2 × 1
    back = torch.stack([fold(end - 2 * speeds), fold(end - speeds)], dim=1)
    misfit = (back - places[:, :2, :, None]).square().sum(dim=1)  # n × 2 × 10
    velocity = speeds[misfit.argmin(dim=2)]
    step = fold(places[:, -1] + velocity) - places[:, -1]
    return move(past[:, -1], shift_kernels(step))


by_group("told all", told)
for name in ("rigid shift", "flies along", "predicted kernel"):
    show(name)

# %% tags=["figure"]
shown = ["rigid shift", "plain convolutions", "flies along", "predicted kernel"]
shown.append("told all")
figure, axes = plt.subplots(1, 3, figsize=(13, 3.8), sharey=True, layout="constrained")
widest = 1.25 * max(max(table[name].values()) for name in shown)
for ax, group in zip(axes, ["flies on", "bounces now", "just bounced"]):
    values = [table[name][group] for name in shown]
    colours = [plotting.COLOURS[0 if name == "predicted kernel" else 7] for name in shown]
    ax.bar_label(ax.barh(shown, values, color=colours), fmt=" %.1f")
    ax.set(title=group, xlim=(0, widest), xticks=[])
    ax.grid(False)
axes[0].invert_yaxis()
figure.supxlabel("squared error a frame")
plt.show()


# %%
def over_rigid(name, group):
    return table[name][group] / table["rigid shift"][group]


claim(
    "C12m",
    "The network foresees the wall: error over the rigid shift's, where it bounces now",
    over_rigid("predicted kernel", "bounces now"),
    kind="experiment",
    at_most=0.33,
    control=("the camera flies along", over_rigid("flies along", "bounces now")),
)
claim(
    "C12n",
    "While the digit flies on, the rigid shift wins: the network's error over its error",
    over_rigid("predicted kernel", "flies on"),
    kind="experiment",
    at_least=1.25,
    control=("told all", over_rigid("told all", "flies on")),
)

# %% [markdown]
# Who knows the rules wins. The network was told only that all ink moves alike, by at most four pixels: not the box,
# not the speeds, not that things fly straight. That is its whole merit.
#
# ## 5 · Two futures
#
# Till now the past decided the future. Now a **coin** does: with probability ½ the digit goes on, otherwise it turns
# back on its own track. Train a third kernel network on it.

# %% tags=["figure"]
coin_guess = Prediction(
    "The coin can't be foreseen. What will the network trained on it predict?",
    ["a digit that goes on", "a digit that turns back", "two pale digits", "nothing"],
)
coin_guess


# %%
def tossed(paths):
    paths = paths.clone()
    back = torch.rand(len(paths)) < 0.5
    paths[back, 3] = paths[back, 1]  # it returns to where it was before
    return paths


coin = PredictedKernel().to(device)
fit(coin, data.x_train, next_frame_error(tossed), **recipe, label="coin")

# %% [markdown]
# Squared error is least at the **mean of the possible futures** (set the derivative of $E\lVert x_t-f\rVert^2$ by $f$
# to zero). Let the digit move by whole pixels $d$ with probability $p(d)$, given the past. Then the mean of the next
# frame is
#
# $$E[x_t\mid\text{past}]=\sum_d p(d)\,x_{t-1}(\cdot-d):$$
#
# the last frame, convolved with the *probabilities*, so the best kernel *is* $p$: what softmax only shaped like a
# distribution, squared error makes the right one (half pixels, shared among neighbours, count as doubt too). Measure
# it: how much weight lies around the move so far, and how much around its opposite? And **sample** from it: one
# displacement, one sharp frame.


# %%
@torch.no_grad()
def lighter_move(model):  # in clips clear of the walls, where only the coin decides
    free = groups["flies on"]
    way = steps[free.cpu(), 1].to(device) / 2  # n × 2: the move so far, in pixels
    places = torch.cartesian_prod(*[torch.arange(-4, 5, device=device)] * 2)  # 81 × 2
    weights = model.kernels(past[free]).flatten(1)  # n × 81
    share = {}
    for name, around in {"the move": way, "its opposite": -way}.items():
        near = ((places - around[:, None]).abs() <= 1.5).all(dim=2)  # n × 81
        share[name] = (weights * near).sum(dim=1).mean().item()
        print(f"weight around {name}: {share[name]:.2f}")
    return min(share.values())


# %%
def sampled(model):  # samples one displacement from the kernel, and takes it
    def step(past):
        chosen = torch.multinomial(model.kernels(past).flatten(1), 1)[:, 0]  # of 81
        return move(past[:, -1], F.one_hot(chosen, 81).view(-1, 9, 9).to(past))

    return step


decided = film(data.x_test, tossed(paths))[:, 3]
with torch.no_grad():
    for name, model in {"the mean": coin, "a sampled future": sampled(coin)}.items():
        error = squared_error(model(past), decided).mean()
        print(f"{name}: squared error {error:.1f}")
coin_share, without_coin = lighter_move(coin), lighter_move(kernel)

# %% tags=["figure"]
i = int(groups["flies on"].nonzero()[3])
one = past[i : i + 1]
with torch.no_grad():
    pictures = {
        "last frame": one[0, 2],
        "its kernel": coin.kernels(one)[0],
        "predicted:\nthe mean": coin(one)[0],
        "predicted:\nsampled": sampled(coin)(one)[0],
        "future 1:\ngoes on": truth[i],
        "future 2:\nturns back": clips[i, 1],
    }
figure, axes = plt.subplots(1, 6, figsize=(13, 2.9), layout="constrained")
for ax, (title, picture) in zip(axes, pictures.items()):
    top = picture.max().item() if title == "its kernel" else 1
    ax.imshow(picture.cpu(), vmin=0, vmax=top)
    ax.set(title=title, xticks=[], yticks=[])
    ax.spines[:].set_visible(True)
    ax.grid(False)
axes[1].plot(4, 4, "+", color=plotting.COLOURS[2], markersize=16)
plt.show()

# %% tags=["figure"]
outcome = "two pale digits" if coin_share > 0.2 else "a digit that goes on"
coin_guess.reveal(outcome)

# %%
claim(
    "C12o",
    "With two futures the kernel keeps both: weight around the lighter of the two moves",
    coin_share,
    kind="experiment",
    at_least=0.23,
    control=("trained without the coin", without_coin),
)

# %% [markdown]
# The blurred frame has the *smaller* error, and no video ever looks like it. A sampled future looks right, and
# costs twice as much, as it must: two independent samples differ by twice the variance. So blurred need not mean
# badly trained: it can mean asked for a mean. (The plain network of section 2 had one future only; its blur is poor
# painting.)
#
# ## 6 · On its own
#
# To generate a video, feed each prediction back as the newest frame: a **roll-out**. Three true frames, then twenty of
# its own. Lesson 04a *sampled* each pixel; whoever feeds the mean back samples nothing. Roll the kernel network out in
# both ways.


# %%
@torch.no_grad()
def roll_out(model, start, frames=20):
    clip = list(start.unbind(dim=1))
    for _ in range(frames):
        clip.append(model(torch.stack(clip[-3:], dim=1)))
    return torch.stack(clip[3:], dim=1)  # n × frames × 32 × 32


long = film(data.x_test[:200], bouncing_paths(200, 23))
start, future = long[:, :3], long[:, 3:]
shift_once = rigid_kernels(start)  # found on true frames, then kept
films = {
    "truth": future,
    "rigid shift": roll_out(lambda past: move(past[:, -1], shift_once), start),
    "plain": roll_out(plain, start),
    "kernel": roll_out(kernel, start),
    "kernel, sampled": roll_out(sampled(kernel), start),
    "told all": roll_out(told, start),
}

# %% tags=["figure"]
until = Prediction(
    "For how many frames does the kernel's own film (the mean) stay below half of empty "
    "paper's error?",
    (0, 20),
    unit=" frames",
)
until

# %%
moments = [1, 2, 5, 8, 12, 16, 20]
curves = {
    name: (frames - future).square().sum(dim=(2, 3)).mean(dim=0).tolist()
    for name, frames in films.items()
}
empty = future.square().sum(dim=(2, 3)).mean().item()
print("frame          ", *(f"{moment:5}" for moment in moments))
for name in list(films)[1:]:
    print(f"{name:15}", *(f"{curves[name][moment - 1]:5.1f}" for moment in moments))
print(f"empty paper: {empty:.1f}")

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(10, 4.6))
colours = {"rigid shift": 2, "plain": 1, "kernel, sampled": 5, "kernel": 0, "told all": 4}
for name, colour in colours.items():
    style = "--" if "sampled" in name else "-"
    ax.plot(range(1, 21), curves[name], style, label=name, color=plotting.COLOURS[colour])
ax.axhline(empty, color=plotting.INK, lw=1.5, label="empty paper")
ax.set(xlabel="frames since the last true one", ylabel="squared error", ylim=0)
ax.set(xticks=[1, 5, 10, 15, 20])
ax.legend(loc="center left", bbox_to_anchor=(1, 0.5))
plt.show()

# %% tags=["figure"]
behind = [number for number, error in enumerate(curves["kernel"]) if error > empty / 2]
until.reveal(min([*behind, 20]), within=2)

# %% [markdown]
# The rigid shift's digit leaves the box; what stays is empty paper. Move the slider until each film breaks.
# **Predict first:** after how many frames is the kernel's digit two pixels off, and when is half its sharpness gone?
# And what becomes of a digit that is painted anew in each frame?

# %% tags=["figure"]
watched = [2, 8]


def side_by_side(step):
    rows = {f"clip {i}": [frames[i, step] for frames in films.values()] for i in watched}
    return in_boxes(rows, list(films), width=1.6, name=1.0)


captions = [f"frame {number} of 20 on its own" for number in range(1, 21)]
FramePlayer((side_by_side(step) for step in range(20)), captions, label="frame", start=3)

# %%
place = ink_centre(future)
rows = {"middle of the box: pixels off": (place - 16).norm(dim=2)}  # knows no place
for name in ("plain", "kernel", "kernel, sampled", "told all"):
    frames = films[name].clamp(min=0)
    rows[f"{name}: pixels off"] = (ink_centre(frames) - place).norm(dim=2)
    # Ink spread over more pixels has a smaller sum of squares; the truth's is 1.
    sharp = frames.square().sum(dim=(2, 3)) / future.square().sum(dim=(2, 3))
    rows[f"{name}: sharpness"] = sharp
print(f"{'median, frame':29}", *(f"{moment:5}" for moment in moments))
for what, values in rows.items():
    medians = values.median(dim=0).values
    print(f"{what:29}", *(f"{medians[moment - 1]:5.2f}" for moment in moments))

# %% tags=["figure", "opening"]
chosen = [1, 2, 3, 5, 7, 10, 14, 20]
names = ["truth", "rigid shift", "plain", "kernel", "kernel, sampled"]
rows = {name: films[name][2, [number - 1 for number in chosen]] for name in names}
figure = in_boxes(rows, [str(number) for number in chosen], width=1.3, name=2.0)
figure.suptitle("frames on their own, after three true ones", fontsize=15)
plt.show()

# %%
claim(
    "C12p",
    "Five frames on its own, the kernel network is ahead: error over empty paper's",
    curves["kernel"][4] / empty,
    kind="experiment",
    at_most=0.85,
    control=("rigid shift", curves["rigid shift"][4] / empty),
)

# %% [markdown]
# Place and picture go together. Each kernel spreads the ink a little (half pixels, doubt), the next one spreads
# what is spread already; and small errors of place add up, until the film knows no more than the middle of the box.
# The sampled film stays sharp, for it moves by whole pixels; but half pixels are rounded by chance, and it wanders
# off: its place is worse too, and its squared error. The plain network paints the digit anew each time: soon it is
# none, as here the 4.
#
# ## 7 · Where it breaks
#
# - **No distribution over videos.** Pixels are independent: a sample of *that* model is the mean plus snow. Sampling
#   from the kernel helps, because here only motion is unsure.
# - **One kernel for the whole frame**, so one motion. Two digits, or a moving camera, need a kernel for each part and
#   a mask that says which part is where (so Finn and others).
# - **Nothing new can appear**: ink is only moved.
# - **Faster than four pixels**, and the kernel does not reach.
# - **A roll-out meets frames that training never showed.** Its own blur is the first of them.
# - **Who can write the rules down needs no network**: "told all" wins at the walls, and over all twenty frames.
#
# ## 8 · Try it
#
# 1. Give the network the last frame three times, `past[:, -1:].expand(-1, 3, -1, -1)`, in training and test. What can
#    it still know?
# 2. Train through a roll-out: in `loss`, predict three frames and feed them back
#    (`bouncing_paths(len(images), 4)` becomes 6). Does the film last longer?
# 3. Put two digits in the box (`film` twice, add, clamp to 1) and test the kernel network.
# 4. Let the coin go on with probability 0.8. What does the kernel say, and what the sampled films?
# 5. Take the kernel's largest weight instead of a sampled one. Is its film the better one?
#
# ## 9 · Summary

# %% tags=["figure"]
PredictionCount(cheap, where_ahead, percent, coin_guess, until)

# %% [markdown]
# - A video is a chain of frames; squared error makes each of its pixels Gaussian, of one variance.
# - An empty frame beats a copy, and a rigid shift beats both until a wall comes.
# - A network that predicts a motion and applies it beats one that paints the picture anew; it finds the walls by itself.
# - Where several futures are possible, squared error answers with the mean: blur. The predicted kernel holds
#   the probabilities (to half a pixel), and a sample of it is sharp.
# - A network must know what is there (the last frame), how it moves, and where the walls are. Alone it goes on for a
#   handful of frames: errors add up, blur spreads.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | frame | 帧 | one picture of a video, 32 × 32 pixels |
# | next-frame prediction | 下一帧预测 | $x_t$ from the three frames before |
# | chain rule | 链式法则 | $p(x_1,\dots,x_T)$ as a product of $p(x_t\mid\text{past})$ |
# | convolution kernel | 卷积核 | 9 × 9 weights, one for each displacement |
# | dynamic filter | 动态滤波器 | a kernel that a network computes from its input |
# | rigid shift | 刚性平移 | the last displacement, once more |
# | velocity | 速度 | pixels a frame, down and right |
# | squared error | 平方误差 | $\lVert x_t-f\rVert^2$, summed over a frame |
# | mean of the futures | 未来的均值 | $E[x_t\mid\text{past}]$: what squared error asks for |
# | blur | 模糊 | ink spread over several places |
# | roll-out | 自回归展开 | predictions fed back as input |
#
# **References**
#
# - C. Finn, I. Goodfellow and S. Levine (2016), *Unsupervised learning for physical interaction through
#   video prediction*, Advances in Neural Information Processing Systems 29, arXiv:1605.07157.
# - B. De Brabandere, X. Jia, T. Tuytelaars and L. Van Gool (2016), *Dynamic filter networks*, Advances in
#   Neural Information Processing Systems 29, arXiv:1605.09673.
# - N. Srivastava, E. Mansimov and R. Salakhutdinov (2015), *Unsupervised learning of video representations using
#   LSTMs*, Proceedings of ICML, arXiv:1502.04681 (Moving MNIST; its box is 64 × 64, ours is filmed at half of that).
# - M. Mathieu, C. Couprie and Y. LeCun (2016), *Deep multi-scale video prediction beyond mean square error*,
#   ICLR, arXiv:1511.05440 (why squared error blurs).
# - N. Kalchbrenner and others (2017), *Video pixel networks*, Proceedings of ICML, arXiv:1610.00527 (the chain rule
#   over all pixels of all frames).
# - Y. LeCun, L. Bottou, Y. Bengio and P. Haffner (1998), *Gradient-based learning applied to
#   document recognition*, Proceedings of the IEEE 86, 2278–2324, doi:10.1109/5.726791 (MNIST).
