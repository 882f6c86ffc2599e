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
# # 04d · Sound, sample by sample
#
# **How does a network speak 8,000 numbers a second, how far back must it listen, and when would a straight line do?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/04d_sound.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/04d_sound.ipynb) ·
# 45 minutes to study, 40 seconds to run, no network needed
#
# **You will be able to**
#
# 1. write a small WaveNet: dilated causal convolutions, gates, skips;
# 2. count how many past samples it sees, and check that it sees no future one;
# 3. make it play pitches that it never heard;
# 4. say for which sound a linear predictor is better, and for which it fails.
#
# **Builds on** lesson 04a (chain rule, nats, temperature); lesson 04b has masks, gates and dilation in two dimensions.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="04d")

# %%
import math

import matplotlib.pyplot as plt
import torch
from IPython.display import Audio, Markdown, display
from torch import nn
from torch.nn import functional

from lessons_lib import claim, plotting
from lessons_lib.datasets import growl, measured_pitch, plucked_string
from lessons_lib.linear_prediction import LinearPredictor
from lessons_lib.training import fit
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

RATE, LEVELS, WINDOW = 8000, 64, 64  # samples a second; values of a sample; past samples

# %% [markdown]
# ## 1 · A sound is a row of numbers
#
# A microphone measures the pressure of the air, here 8,000 times a second: samples $x_1, x_2, \dots$ from $-1$ to $1$.
# Our first sound is a **plucked string**, made by the shortest recipe there is (Karplus and Strong 1983):
# start with a triangle of $N+1$ samples, the pulled string, and then
#
# $$x_n=\tfrac12\left(x_{n-N}+x_{n-N-1}\right).$$
#
# Each sample is the mean of two samples one **period** $N$ ago. So the sound repeats, $8000/(N+\frac12)$ times a second
# (its **pitch** in hertz), and each round is a little smoother and softer than the last. Listen.

# %% tags=["figure"]
for period in (24, 40):
    display(Markdown(f"N = {period}, pitch {RATE / (period + 0.5):.0f} hertz"))
    note = plucked_string(period, notes=1, seed=1)[0]
    display(Audio(note.numpy(), rate=RATE, normalize=False))

# %% [markdown]
# A pixel of lesson 04a was black or white. A sample of a compact disc has 65,536 values; we keep 64, and not evenly
# spaced: the ear hears small changes in soft sounds and misses them in loud ones. The **µ-law**, made for telephones,
# follows it: with $\mu=63$, $x$ becomes $\operatorname{sign}(x)\,\ln(1+\mu|x|)/\ln(1+\mu)$, and that is rounded.


# %%
def encode(x):  # from -1 … 1 to whole numbers from 0 to 63
    squeezed = x.sign() * torch.log1p((LEVELS - 1) * x.abs()) / math.log(LEVELS)
    return ((squeezed + 1) / 2 * (LEVELS - 1)).round().long()


def decode(codes):  # and back
    squeezed = 2 * codes / (LEVELS - 1) - 1
    x = squeezed.sign() * torch.expm1(squeezed.abs() * math.log(LEVELS))
    return x / (LEVELS - 1)


# %% tags=["figure"]
note = plucked_string(40, notes=1, seed=1)[0]
figure, ax = plt.subplots(figsize=(11, 3))
milliseconds = torch.arange(200) / RATE * 1000
ax.plot(milliseconds, note[:200], color=plotting.INK, lw=1, label="as it was made")
ax.plot(milliseconds, decode(encode(note[:200])), ".", ms=8, label="64 levels")
ax.set(xlabel="milliseconds since the pluck", ylabel="pressure x", ylim=(-1, 1.5))
ax.legend(loc="upper right", ncols=2)
plt.show()
display(Audio(decode(encode(note)).numpy(), rate=RATE, normalize=False))

# %% [markdown]
# The hiss that you hear is the price of 64 levels. The rest you know from lesson 04a. By the chain rule
#
# $$p(x)=\prod_n p(x_n\mid x_1,\dots,x_{n-1})\approx\prod_n p(x_n\mid x_{n-W},\dots,x_{n-1}) .$$
#
# An LSTM uses the left form, all that came before. **WaveNet** (van den Oord et al. 2016) uses the right one, a
# **window** of $W$ samples. That is an assumption: what lies further back makes no difference.
#
# ## 2 · A window that doubles
#
# How do you build a wide window from small parts? Let each layer look at two places only: at now, and at
# $d$ samples ago. This is a convolution of width 2 with **dilation** $d$; it is **causal**, for it never looks ahead. And
# double $d$ from layer to layer.


# %%
def delayed(x, steps):  # what stood `steps` earlier; zeros before the start
    return functional.pad(x, (0, 0, steps, 0))[:, : x.shape[1]]


class DilatedLayer(nn.Module):
    def __init__(self, channels, dilation, conditions):
        super().__init__()
        self.dilation = dilation
        self.look = nn.Linear(2 * channels + conditions, 2 * channels)
        self.hand_on = nn.Linear(channels, 2 * channels)

    def forward(self, x, past, c):
        signal, gate = self.look(torch.cat([x, past, c], dim=-1)).chunk(2, dim=-1)
        residual, skip = self.hand_on(signal.tanh() * gate.sigmoid()).chunk(2, dim=-1)
        return x + residual, skip


# %% [markdown]
# Shapes are notes × time × channels. The **gate**, from 0 to 1, decides how much of the signal passes: it can choose
# *which* past matters, and that is how a pitch, in the conditions `c`, can steer it. Each layer adds to what it got (a
# **residual** connection) and sends something straight to the end (a **skip** connection).


# %%
class WaveNet(nn.Module):
    def __init__(self, dilations, conditions, levels=64, channels=24):
        super().__init__()
        self.shift = 1  # a sample must not see itself
        self.start = nn.Embedding(levels, channels)
        self.condition = nn.Sequential(
            nn.Linear(conditions, 32), nn.GELU(), nn.Linear(32, 16)
        )
        self.layers = nn.ModuleList(DilatedLayer(channels, d, 16) for d in dilations)
        self.end = nn.Linear(channels, levels)

    def forward(self, codes, conditions):
        x, c = delayed(self.start(codes), self.shift), self.condition(conditions)
        skips = 0
        for layer in self.layers:
            x, skip = layer(x, delayed(x, layer.dilation), c)
            skips = skips + skip
        return self.end(skips.relu())


doubling, ones = [1, 2, 4, 8, 16, 32], [1] * 6

# %% tags=["figure"]
reach = Prediction(
    "Six layers with dilations 1, 2, 4, 8, 16 and 32. On how many past samples does "
    "the prediction of the next one depend?",
    ["7", "12", "32", "64"],
)
reach


# %%
def gradient(model, n=150):  # how much output n depends on each sample of 200
    codes, vectors = torch.randint(LEVELS, (1, 200), device=device), []
    # Codes are whole numbers and have no gradient: take it at their vectors.
    hook = model.start.register_forward_hook(lambda part, x, y: vectors.append(y))
    logits = model(codes, torch.zeros(1, 200, 1, device=device))
    hook.remove()
    (found,) = torch.autograd.grad(logits[0, n].square().sum(), vectors[0])
    return found[0].abs().sum(dim=1)  # one number a sample


causal, wrong = WaveNet(doubling, 1).to(device), WaveNet(doubling, 1).to(device)
narrow = WaveNet(ones, 1).to(device)
wrong.shift = 0  # the mistake: sample n is an input of its own prediction
seen = {"doubling": causal, "all ones": narrow, "shift forgotten": wrong}
seen = {name: gradient(model) for name, model in seen.items()}

# %% tags=["figure"]
for name, g in seen.items():
    past, rest = (g[:150] > 0).sum(), g[150:].max()
    print(f"{name:16} past samples seen: {past:2}, gradient from n on: {rest:.3g}")

# %% tags=["figure"]
figure, axes = plt.subplots(2, 1, figsize=(12, 6), sharex=True, layout="constrained")
for ax, dilations in zip(axes, (doubling, ones)):
    needed, height = {0}, len(dilations)
    for dilation in reversed(dilations):
        for place in needed:
            for source in (place, place - dilation):
                ends = [place, source], [height, height - 1]
                ax.plot(*ends, color=plotting.COLOURS[0], lw=1.2)
        needed, height = needed | {place - dilation for place in needed}, height - 1
    ax.plot(sorted(needed), [0] * len(needed), "o", ms=4, color=plotting.INK)
    ax.plot(0, len(dilations), "o", ms=9, color=plotting.COLOURS[2])
    words = ", ".join(map(str, dilations))
    ax.set(
        title=f"dilations {words}: {len(needed)} samples", ylabel="layer", yticks=range(7)
    )
words = "samples before the last one heard; the red dot predicts the next"
axes[1].set(xlabel=words, xlim=(-66, 2))
plt.show()

# %% tags=["figure"]
reach.reveal(str(int((seen["doubling"][:150] > 0).sum())))

# %%
claim(
    "C12a",
    "Six layers whose dilations double see 64 samples: those with a gradient",
    (seen["doubling"] > 0).sum(),
    kind="identity",
    at_least=64,
    at_most=64,
    control=("six layers of dilation 1", (seen["all ones"] > 0).sum()),
)
claim(
    "C12b",
    "No sample sees itself or its future: the largest gradient at samples n and later",
    seen["doubling"][150:].max(),
    kind="identity",
    at_most=0,
    control=("shift forgotten", seen["shift forgotten"][150:].max()),
)

# %% [markdown]
# The same weights and multiplications: 64 samples or 7. Each further layer doubles the window. (64 samples are 8
# milliseconds; for speech the original saw 240.)
#
# ## 3 · Learn the string
#
# We train on notes of six pitches, each plucked 27 times at different places. Two things are given with each
# sample, as **conditions**: the pitch, in octaves (doublings) from 260 hertz, with the sine and cosine of π times it; and
# whether the string was plucked, how long ago, and two functions of that. (These, the step size and the epochs were
# chosen on other notes.)

# %%
heard, unheard = [24, 27, 30, 33, 36, 39], [25, 26, 28, 29, 31, 32]  # periods N
time = torch.arange(-WINDOW, 4800) / RATE  # seconds; first a window of silence


def conditions(periods):  # notes × time × 7
    octaves = torch.tensor([math.log2(RATE / (N + 0.5) / 260) for N in periods])
    turn = math.pi * octaves
    pitch = torch.stack([octaves, turn.sin(), turn.cos()], dim=1)
    t = time.clamp(min=0)
    clock = [(time >= 0).float(), 2 * t - 0.5, (-10 * t).exp(), (-100 * t).exp()]
    clock = torch.stack(clock, dim=1).expand(len(periods), -1, -1)
    pitch = pitch[:, None].expand(-1, len(time), -1)
    return torch.cat([pitch, clock], dim=2).to(device)


def notes(periods, plucks, seed):
    strings = [plucked_string(N, plucks, seed=seed + N) for N in periods]
    silence_first = functional.pad(torch.cat(strings), (WINDOW, 0))
    every = [N for N in periods for _ in range(plucks)]
    return encode(silence_first).to(device), conditions(every)


# %% [markdown]
# For training the notes are cut into pieces of 960 samples, each with the 64 before it, so that every prediction has a
# whole window. The loss is lesson 04a's: minus the logarithm of the probability of what came, in nats a sample.


# %%
def nats(model, codes, given):
    logits = model(codes, given)[:, WINDOW:]
    return functional.cross_entropy(logits.flatten(0, 1), codes[:, WINDOW:].flatten())


def pieces(x):
    starts = range(0, 4800, 960)
    return torch.cat([x[:, start : start + WINDOW + 960] for start in starts])


train, test = notes(heard, 27, seed=1000), notes(heard, 4, seed=2000)
recipe = {"batch_size": 4, "learning_rate": 1e-2}
string = WaveNet(doubling, conditions=7).to(device)
fit(string, tuple(map(pieces, train)), nats, epochs=4, **recipe, label="string")

# %% [markdown]
# What happens with the mistake of section 2, no shift? **Predict first:** will its loss be higher or lower, and what will
# it play?

# %%
peeking = WaveNet(doubling, conditions=7).to(device)
peeking.shift = 0
few = tuple(pieces(x)[::2] for x in train)
fit(peeking, few, nats, epochs=1, **recipe, label="peeking")
later = [x[:, WINDOW:] for x in test]  # judged behind the first window of the note
with torch.no_grad():
    of_string = {"network": nats(string, *later).item()}
    print(f"held out: {of_string['network']:.3f} nats a sample", end=", ")
    print(f"without the shift {nats(peeking, *later):.3f}")

# %% [markdown]
# With half the data and one epoch its loss falls to almost nothing: it copies its input. (What it plays, section 4
# shows.) If your loss looks too good, ask: *how is this causal?*
#
# ### A rival from 1971 (Atal and Hanauer)
#
# Telephones have long predicted a sample as a weighted sum of those before it:
# $\hat x_n=b+\sum_{k=1}^{W}a_k x_{n-k}$, a **linear predictor**. Its $W+1$ numbers come from least squares, without a
# training loop. To get nats, `LinearPredictor` puts a Gaussian around $\hat x_n$ and gives each of the 64 levels the mass
# that falls to it. The standard deviation is $s_0+s_1|\hat x_n|$, two more numbers, for our levels are coarser
# where it is loud. Both are judged after the first 8 milliseconds: no window foretells a pluck.

# %% tags=["figure"]
who = Prediction(
    "The linear predictor gets the same window of 64, and one set of numbers for each "
    "pitch. Who needs fewer nats a sample on held-out notes?",
    ["the network", "the linear predictor", "the same within 5 %"],
)
who

# %%
edges = decode(torch.arange(LEVELS - 1) + 0.5)  # between two levels
behind = [decode(codes[:, WINDOW:]) for codes in (train[0], test[0])]
known, fresh = (x.split(len(x) // 6) for x in behind)  # by pitch
lines = [LinearPredictor(sounds, WINDOW) for sounds in known]
for name, chosen in {"linear": lines, "swapped": lines[::-1]}.items():
    found = [line.nats(sounds, edges) for line, sounds in zip(chosen, fresh)]
    of_string[name] = sum(found) / len(found)
weights = sum(weight.numel() for weight in string.parameters())
print(f"network {of_string['network']:.3f} nats a sample, {weights:,} numbers")
print(f"linear  {of_string['linear']:.3f} nats a sample, {6 * (WINDOW + 3)} numbers")
print(f"another pitch's line {of_string['swapped']:.3f} nats a sample")

# %% tags=["figure"]
ahead = of_string["linear"] / of_string["network"]
winner = "the linear predictor" if ahead < 0.95 else "the network"
who.reveal("the same within 5 %" if 0.95 <= ahead <= 1.05 else winner)

# %% [markdown]
# The straight line wins, with few numbers. No wonder: the string *is* linear. But for the pluck and the rounding,
# two weights of one half would do, at $N$ and $N+1$. Before you praise a network, try the line.
#
# ## 4 · Let it play
#
# Draw a sample, put it behind the others, predict the next. Done plainly, that computes the whole window anew each
# time. But a layer needs only its own input of `dilation` samples ago: keep that.


# %%
def draw_level(logits, temperature):
    return torch.multinomial((logits / temperature).softmax(dim=-1), 1)[:, 0]


@torch.no_grad()
def generate_sound(model, given, temperature=1.0):
    batch, length, _ = given.shape
    c = model.condition(given)
    x = model.start.weight.new_zeros(batch, model.start.embedding_dim)
    kept = [x.repeat(layer.dilation, 1, 1) for layer in model.layers]
    codes = torch.zeros(batch, length, dtype=torch.long, device=x.device)
    for n in range(length):
        skips = 0
        for layer, past in zip(model.layers, kept, strict=True):
            place = n % layer.dilation  # what was kept here is `dilation` samples old
            before, past[place] = past[place].clone(), x
            x, skip = layer(x, before, c[:, n])
            skips = skips + skip
        codes[:, n] = draw_level(model.end(skips.relu()), temperature)
        x = model.start(codes[:, n])
    return codes


# %% [markdown]
# Now play: every period from 24 to 39 once; four more notes of each of six pitches between two that it heard; and a
# few far outside. The nearest that it heard lies 3 to 4 % away, so we also count what is within 1.5 %.

# %% tags=["figure"]
new = Prediction(
    "Ask for a pitch between two that it heard. What does it play?",
    ["a pitch that it heard", "the pitch in between", "no steady pitch"],
)
new


# %%
def off(sound, N):  # by which part its pitch is off, in six windows of 0.1 s
    found = [measured_pitch(part) for part in sound.split(800)]
    return torch.tensor(found) / (RATE / (N + 0.5)) - 1


def in_tune(sounds, wanted, within):  # share of windows this near
    near = [off(sound, N).abs() <= within for sound, N in zip(sounds, wanted)]
    return torch.stack(near).float().mean().item()


# %%
def play(network, periods):
    return decode(generate_sound(network, conditions(periods)))[:, WINDOW:].cpu()


periods, nearest = list(range(24, 40)), [24, 27, 27, 30, 30, 33]
outside = [16, 18, 48, 54]
everything = play(string, periods + 4 * unheard + outside)
played, between = everything[:16], everything[16:40]
real = [plucked_string(N, 1, seed=7) for N in periods + outside]
real = decode(encode(torch.cat(real)))  # as the network knows them
held, snapped = (in_tune(between, 4 * wanted, 0.03) for wanted in (unheard, nearest))

# %% tags=["figure"]
print("share of windows within      3.0 %  1.5 %")
for name, sounds, wanted in [
    ("real", real, periods),
    ("never heard", between, 4 * unheard),
    ("  on the nearest heard", between, 4 * nearest),
    ("outside", everything[40:], outside),
    ("real outside", real[16:], outside),
]:
    shares = [in_tune(sounds, wanted, within) for within in (0.03, 0.015)]
    print(f"{name:28}", *(f"{share:5.2f} " for share in shares))
for name, x in {"played": played, "without the shift": play(peeking, unheard)}.items():
    same = (x[:, 1:] == x[:, :-1]).float().mean()
    print(f"{name}: {same:.1%} of samples equal the last one,", end=" ")
    print(f"standard deviation {x.std(1).mean():.2f}")

# %% tags=["figure"]
asked, other = (in_tune(between, 4 * wanted, 0.015) for wanted in (unheard, nearest))
steady = "the pitch in between" if asked > 0.5 else "no steady pitch"
new.reveal("a pitch that it heard" if other > 0.5 else steady)


# %% [markdown]
# Without the shift it copies the last sample: it stands still, and now and then it jumps. With it, here is a pitch that it
# never heard, beside a real one. Then move the slider: press play once, and from then on each pitch sounds when you
# get there.


# %% tags=["figure"]
def portrait(sound, title):  # wave and spectrogram
    figure, axes = plt.subplots(1, 2, figsize=(10, 2.9), layout="constrained")
    axes[0].plot(torch.arange(4800) / RATE, sound, color=plotting.COLOURS[0], lw=0.6)
    axes[0].set(xlabel="seconds", ylabel="pressure x", ylim=(-1, 1), title=title)
    options = {"NFFT": 512, "noverlap": 384, "vmin": -110, "vmax": -30}
    axes[1].specgram(sound.numpy(), Fs=RATE, cmap="gray_r", **options)
    axes[1].set(xlabel="seconds", ylabel="hertz", ylim=(0, 2500))
    axes[1].grid(False)
    return figure


example = periods.index(32)
for name, sound in {"real": real[example], "network": played[example]}.items():
    portrait(sound, f"{name}, N = 32")
    plt.show()
    display(Audio(sound.numpy(), rate=RATE, normalize=False))

# %% tags=["figure"]
pictures, captions = [], []
for N, sound in list(zip(periods, played))[::-1]:
    pictures.append(portrait(sound, f"asked for {RATE / (N + 0.5):.0f} hertz"))
    note = "heard in training" if N in heard else "never heard"
    captions.append(f"{RATE / (N + 0.5):.0f} hertz, {note}")
FramePlayer(
    pictures,
    captions,
    label="pitch",
    start=periods[::-1].index(28),
    interval=700,
    sounds=[sound.numpy() for sound in played.flip(0)],
    rate=RATE,
)

# %% [markdown]
# And does it die away as a string does? Compare how far the level falls from the first tenth of a second to the last,
# in decibels (20 are a factor of ten). As a control, tell the same network all the time that the string was plucked
# 10 milliseconds ago.


# %%
def fall(sounds):  # in decibels, of each note
    first, last = sounds[:, :800].square().mean(1), sounds[:, -800:].square().mean(1)
    return 10 * (first / last).log10()


stuck = conditions(periods)
stuck[:, WINDOW + 80 :, 3:] = stuck[:, WINDOW + 80, None, 3:].clone()  # the clock
organ = decode(generate_sound(string, stuck))[:, WINDOW:].cpu()
amiss, amiss_organ = ((fall(x) - fall(real[:16])).abs().mean() for x in (played, organ))

# %% tags=["figure"]
print("fall in decibels, from the highest pitch to the lowest:")
for name, sounds in {"real": real[:16], "played": played, "time stuck": organ}.items():
    print(f"{name:10}", *(f"{value:3.0f}" for value in fall(sounds)))

display(Markdown("the time stands still:"))
display(Audio(organ[example].numpy(), rate=RATE, normalize=False))

# %%
claim(
    "C12c",
    "It holds pitches that it never heard: share of windows of 0.1 s within 3 %",
    held,
    kind="experiment",
    at_least=0.8,
    control=("on the nearest that it heard instead", snapped),
)
claim(
    "C12d",
    "Its notes die away as real ones do: mean difference of their fall in 0.5 s",
    amiss,
    kind="experiment",
    at_most=1.5,
    unit="dB",
    control=("time stuck", amiss_organ),
)

# %% [markdown]
# ## 5 · A bend in the loop
#
# Is there a sound for which the network is worth its weights? Take the string's loop, and put a bend into it:
#
# $$x_n=1-1.7\,u_n^2,\qquad u_n=\tfrac12\left(x_{n-20}+x_{n-21}\right).$$
#
# One line has changed. (Physicists describe clarinets and bowed strings by loops of a delay and a bend: McIntyre
# et al. 1983.) It never dies away and never quite repeats: a growl.

# %% tags=["figure"]
rough = growl(1, seed=7)[0]
rough = rough - rough.mean()  # without its constant part, which no ear hears
wave = portrait(rough, "real growl, without its mean").axes[0]
wave.set(xlim=(0, 0.03), ylim=(-1.2, 0.8))
plt.show()
display(Audio(0.5 * rough.numpy(), rate=RATE, normalize=False))

# %% tags=["figure"]
bent = Prediction(
    "The linear predictor has the same window, 64. Divide its nats on the growl by the "
    "network's: what comes out? (On the string it was below 1.)",
    (0.5, 4),
)
bent

# %%
growls = {"train": growl(200, 1024, seed=1), "test": growl(60, 1024, seed=2)}
codes = {name: encode(x).to(device) for name, x in growls.items()}
nothing = {name: torch.zeros(*x.shape, 1, device=device) for name, x in codes.items()}
networks, of_growl = {}, {}
for name, dilations in {"doubling": doubling, "all ones": ones}.items():
    networks[name] = WaveNet(dilations, conditions=1).to(device)
    given = codes["train"], nothing["train"]
    fit(networks[name], given, nats, epochs=4, **recipe, label=name)
    with torch.no_grad():
        of_growl[name] = nats(networks[name], codes["test"], nothing["test"]).item()
line = LinearPredictor(decode(codes["train"]), WINDOW)
of_growl["linear"] = line.nats(decode(codes["test"]), edges)
counts = torch.bincount(codes["train"].flatten(), minlength=LEVELS) + 1.0
each = -(counts / counts.sum()).log()  # nats of each level, whatever came before
of_growl["counts"] = each[codes["test"][:, WINDOW:]].mean().item()
for name, value in of_growl.items():
    print(f"{name:9} {value:.2f} nats a sample")

# %% tags=["figure"]
bent.reveal(of_growl["linear"] / of_growl["doubling"], within=0.4)

# %% [markdown]
# Counting levels alone costs 3.1. The line finds a slope, for no weighted sum can bend, and its Gaussian fits badly. The
# network of ones has as many weights and steps, but sees 7 samples, and what matters lies 20 back. Let them play, all
# from nothing.

# %%
quiet = torch.zeros(12, WINDOW + 2400, 1, device=device)
own = {
    name: decode(generate_sound(model, quiet)).cpu() for name, model in networks.items()
}
own["real"] = decode(encode(growl(12, WINDOW + 2400, seed=3)))
own["linear"] = decode(encode(line.play_on(torch.zeros(12, WINDOW), 2400)))


def loop(sounds):  # u, and the sample that came; the first 800 are left out
    u = 0.5 * (sounds[:, 780:-20] + sounds[:, 779:-21])
    return u.flatten(), sounds[:, 800:].flatten()


def obeys(sounds):  # correlation of what came with what the loop asks for
    u, came = loop(sounds)
    return torch.corrcoef(torch.stack([1 - 1.7 * u**2, came]))[0, 1].item()


# %% tags=["figure"]
for name, sounds in own.items():
    pitches = [measured_pitch(sound[800:1600]) for sound in sounds]
    print(f"{name:9} obeys {obeys(sounds):5.2f}; pitches", *(f"{p:.0f}" for p in pitches))

# %% tags=["figure", "opening"]
names = {"real": "the real growl", "doubling": "WaveNet, window 64"}
names |= {"linear": "linear, window 64", "all ones": "no dilation, window 7"}
figure, axes = plt.subplots(
    2, 4, figsize=(13, 5.6), height_ratios=[1, 2.4], layout="constrained"
)
for (wave, cloud), (name, title) in zip(axes.T, names.items()):
    wave.plot(own[name][0, 1000:1240], color=plotting.COLOURS[0], lw=1.2)
    wave.set(title=title, ylim=(-1.1, 1.1), xticks=[], yticks=[])
    u, came = loop(own[name])
    cloud.plot(u[::12], came[::12], ".", ms=3, alpha=0.5, color=plotting.COLOURS[0])
    cloud.set(
        xlim=(-1, 1), ylim=(-1.1, 1.1), xlabel="u, one round ago", xticks=[-1, 0, 1]
    )
axes[0, 0].set_ylabel("sound, 30 ms")
axes[1, 0].set_ylabel("next sample")
plt.show()

# %% tags=["figure"]
for name, title in names.items():
    display(Markdown(title))
    sound = own[name][0, WINDOW:]
    softer = 0.5 * (sound - sound.mean())
    display(Audio(softer.numpy(), rate=RATE, normalize=False))

# %%
claim(
    "C12e",
    "On the string the line wins: its nats a sample over the network's, same window",
    of_string["linear"] / of_string["network"],
    kind="experiment",
    at_most=0.8,
    control=("another pitch's line", of_string["swapped"] / of_string["network"]),
)
claim(
    "C12f",
    "On the growl the network wins: its nats a sample over the line's, same window",
    of_growl["doubling"] / of_growl["linear"],
    kind="experiment",
    at_most=0.7,
    control=("all dilations 1", of_growl["all ones"] / of_growl["linear"]),
)
claim(
    "C12g",
    "Its own growl obeys the loop that nobody told it: correlation with 1 − 1.7u²",
    obeys(own["doubling"]),
    kind="experiment",
    at_least=0.9,
    control=("the linear predictor's growl", obeys(own["linear"])),
)

# %% [markdown]
# The network's sound lies on the parabola. The line's has the right pitch, and you may hardly hear the difference: pitch
# is a matter of correlations, and those a line gets right. But its cloud is straight. With a window of 7 there is not even
# a steady pitch. (195 hertz, not 390, for on the falling side of the bend each round turns the sign; 98 is an octave
# error of the meter.)
#
# ## 6 · The price
#
# A note of 0.6 seconds has 4,800 samples, each drawn after the last. `generate_sound` keeps what each layer said. Here
# is the plain way. **Predict first:** do the two give the same samples?


# %%
@torch.no_grad()
def generate_sound_anew(model, given, window=None, temperature=1.0):
    batch, length, _ = given.shape
    codes = torch.zeros(batch, length, dtype=torch.long, device=given.device)
    for n in range(length):
        first = 0 if window is None else max(0, n - window)
        logits = model(codes[:, first : n + 1], given[:, first : n + 1])
        codes[:, n] = draw_level(logits[:, -1], temperature)
    return codes


def same_draws(way, *options):
    torch.manual_seed(1)
    return way(string, conditions([24, 39])[:, : WINDOW + 200], *options)


kept, equal = same_draws(generate_sound), {}
for name, window in {"window 64": WINDOW, "all": None, "window 8": 8}.items():
    equal[name] = (same_draws(generate_sound_anew, window) == kept).float().mean().item()

# %% tags=["figure"]
print("equal samples:", *(f"{name} {share:.3f}," for name, share in equal.items()))
print(
    f"counted, samples through each layer for a new one: kept 1, window {WINDOW + 1},",
    end=" ",
)
print(f"all {sum(range(1, 4801)) / 4800:,.0f} on average")

# %%
claim(
    "C12h",
    "Keeping what each layer said changes nothing: share of equal samples",
    min(equal["window 64"], equal["all"]),
    kind="identity",
    at_least=1,
    control=("a window of 8", equal["window 8"]),
)

# %% [markdown]
# The same samples for a small part of the work.
#
# ## 7 · Where it breaks
#
# - **Beyond the pitches.** Between pitches that it heard it is mostly within 1.5 %; outside it is not (section 4).
# - **Beyond the window.** Eight milliseconds hold a pitch, no rhythm and no word: compare the window of 7 in section 5.
# - **Hiss.** In the real note's spectrogram the grey away from the dark lines is the rounding to 64 levels; the network
#   adds its own.
# - **Slow.** One sample after the other, on any machine. Later networks learned from WaveNet to speak all at once
#   (van den Oord et al. 2018).
#
# ## 8 · Try it
#
# 1. Add a layer of dilation 64 and halve the channels. What happens to the nats on the growl?
# 2. How far outside does the pitch hold? Play periods from 16 to 56.
# 3. Play with a temperature of 0.5, and of 1.5. What do you hear, and what does `in_tune` say?
# 4. Leave the time out of `conditions` and train again. What does the network do with the pluck?
# 5. Give the line what it lacks: the squares of the window's samples beside them. Does it find the growl? What about
#    all products of two? How many are they?
#
# ## 9 · Summary

# %% tags=["figure"]
PredictionCount(reach, who, new, bent)

# %% [markdown]
# - The chain rule turns "make a sound" into "predict the next sample", 8,000 times a second.
# - Dilations that double make the window grow twofold with each layer. Whether a model is causal can be measured: the
#   gradient from the sample itself and its future is exactly zero.
# - Conditions steer it: pitches between those that it heard, and a note that dies away.
# - Where the sound is linear, a linear predictor was better than our network and costs almost nothing. Where the loop has
#   a bend, the network wins; where the window is too short, neither training nor weights helped.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | sample | 采样点 | the pressure at one moment, $x_n$ |
# | sampling rate | 采样率 | samples a second, 8,000 hertz |
# | pitch | 音高 | repetitions a second, in hertz |
# | µ-law | µ律 | levels that are finer where it is soft |
# | causal convolution | 因果卷积 | never looks ahead |
# | dilation | 膨胀（空洞） | how far back a layer's second look goes |
# | receptive field, window | 感受野 | the past samples that a prediction depends on |
# | gated unit | 门控单元 | tanh of one number times the sigmoid of another |
# | residual, skip connection | 残差连接、跳跃连接 | added to the input; sent straight to the end |
# | conditioning | 条件 | pitch and time, given with each sample |
# | linear prediction | 线性预测 | a weighted sum of the window |
# | decibel | 分贝 | ten times the logarithm of a ratio of powers |
#
# **References**
#
# - A. van den Oord, S. Dieleman, H. Zen, K. Simonyan, O. Vinyals, A. Graves, N. Kalchbrenner, A. Senior and K. Kavukcuoglu
#   (2016), *WaveNet: a generative model for raw audio*, arXiv:1609.03499.
# - K. Karplus and A. Strong (1983), *Digital synthesis of plucked-string and drum timbres*, Computer Music Journal 7(2),
#   43–55, doi:10.2307/3680062.
# - M. E. McIntyre, R. T. Schumacher and J. Woodhouse (1983), *On the oscillations of musical instruments*, Journal of the
#   Acoustical Society of America 74(5), 1325–1345, doi:10.1121/1.390157.
# - B. S. Atal and S. L. Hanauer (1971), *Speech analysis and synthesis by linear prediction of the speech wave*, Journal
#   of the Acoustical Society of America 50(2B), 637–655, doi:10.1121/1.1912679.
# - T. L. Paine, P. Khorrami, S. Chang, Y. Zhang, P. Ramachandran, M. A. Hasegawa-Johnson and T. S. Huang (2016), *Fast
#   WaveNet generation algorithm*, arXiv:1611.09482 (keep what each layer said).
# - A. van den Oord et al. (2018), *Parallel WaveNet: fast high-fidelity speech synthesis*, Proceedings of ICML,
#   arXiv:1711.10433.
