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
# # 07e · Between two sentences
#
# **Can you walk from one sentence to another through sentences, and what is a code worth to a writer that already knows its grammar?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/07e_sentences.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/07e_sentences.ipynb) ·
# 45 minutes to study, 45 seconds to run, no network needed
#
# **You will be able to**
#
# 1. join a VAE and a model that predicts the next word;
# 2. recognise posterior collapse by three figures, and cure it;
# 3. say how much of a KL can be information, and what the rest is;
# 4. judge invented sentences fairly, against the simplest rivals.
#
# **Builds on** lessons 07a (the VAE and its loss) and 04a (predict the next one). It helps to have met a recurrent network.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="07e")

# %%
import math

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.distributions import Categorical, MultivariateNormal, Normal
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import sentences
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · Sentences that are already on your disk
#
# Nearly every function of a Python package says in one line what it does. We take such lines from the packages that are installed here: those that begin with one of 57 verbs, have three to eight words, and use only the 500 commonest words of such lines. Each word has a number; 0 is the end. One sentence in ten is held out.

# %%
data = sentences()
x_train, x_test = data.x_train, data.x_test  # n × 9 whole numbers
print(f"{len(x_train):,} sentences to learn from, {len(x_test)} held out, ", end="")
print(f"{len(data.words) - 1} words")
for text, numbers in zip(data.text(x_test[:3]), x_test[:3].tolist()):
    print(f"{text:45}", numbers)

# %% [markdown]
# ## 2 · A reader and a writer
#
# The **reader** is the encoder: it takes in a sentence $x$ and says where its code may lie, mean $m$ and log-variance, as in lesson 07a. The **writer** is the decoder. As in lesson 04a it predicts one word at a time, and sees the words before; new is that it sees the code $z$ as well:
#
# $$P(x\mid z)=\prod_n P(x_n\mid x_1,\dots,x_{n-1},z).$$
#
# Both are **GRUs**, recurrent networks that carry a state from word to word. The reader reads forwards and backwards; its two last states say where the code is. The writer starts from a state made of $z$, and gets $z$ with every word. A word is a row of 64 numbers, its **embedding**; the same table turns the writer's answer back into words. (Sizes, steps and learning rate were chosen in about 25 trials with seed 0, most of the figures below in sight; the claims' bounds leave room.)


# %%
class SentenceVAE(nn.Module):
    def __init__(self, words, k=16):
        super().__init__()
        self.embed = nn.Embedding(words + 1, 64)  # one more: a word that is hidden
        self.embed.weight.data *= 64**-0.5
        self.reader = nn.GRU(64, 64, batch_first=True, bidirectional=True)
        self.to_code = nn.Linear(128, 2 * k)
        self.to_state = nn.Linear(k, 128)
        self.writer = nn.GRU(64 + k, 128, batch_first=True)
        self.to_word = nn.Linear(128, 64)
        self.bias = nn.Parameter(torch.zeros(words))

    def posterior(self, x):  # n × 9, to mean and log-variance: n × 16 each
        _, last = self.reader(self.embed(x))  # 2 × n × 64: forwards, backwards
        return self.to_code(last.transpose(0, 1).flatten(1)).chunk(2, dim=1)

    def forward(self, z, before, state=None):  # before: the word before each, n × length
        if state is None:
            state = self.to_state(z).tanh()[None]
        code = z[:, None].expand(-1, before.shape[1], -1)  # the same at every word
        seen = torch.cat([self.embed(before), code], dim=2)
        answer, state = self.writer(seen, state)
        return self.to_word(answer) @ self.embed.weight[:-1].T + self.bias, state


# %% [markdown]
# The loss is minus the bound, in nats a sentence; a sentence ends with its first 0, and what comes behind it doesn't count. Three knobs will matter: `kl_weight` is $\beta$; `hide` is the share of words that the writer is *not* shown; and `noise=False` makes a plain autoencoder.


# %%
def words_that_count(x):  # each word, and the first zero
    return torch.cat([torch.ones_like(x[:, :1]), x[:, :-1]], dim=1) > 0


def nats_of(model, x, z, hide=0.0):  # −log P(x|z) of each sentence
    before = torch.cat([torch.zeros_like(x[:, :1]), x[:, :-1]], dim=1)
    hidden = torch.rand(before.shape) < hide
    hidden[:, 0] = False  # all sentences begin alike
    logits, _ = model(z, before.masked_fill(hidden, len(data.words)))
    nats = functional.cross_entropy(logits.flatten(0, 1), x.flatten(), reduction="none")
    return (nats.view_as(x) * words_that_count(x)).sum(1)


def sentence_loss(model, x, kl_weight=1.0, hide=0.0, noise=True):
    mean, log_var = model.posterior(x)
    z = mean + (0.5 * log_var).exp() * torch.randn_like(mean) if noise else mean
    kl = 0.5 * (log_var.exp() + mean**2 - 1 - log_var).sum(1).mean()
    return nats_of(model, x, z, hide).mean() + (kl_weight * kl if noise else 0), kl


# %%
@torch.no_grad()
def minus_bound(model, x, draws=3):  # and the KL; β = 1, nothing hidden
    each = [torch.stack(sentence_loss(model, x)) for _ in range(draws)]
    return torch.stack(each).mean(0)


def train(steps, kl_weight=1.0, warm_up=False, label="", **knobs):
    torch.manual_seed(torch.initial_seed())  # all start from the same weights
    model, history = SentenceVAE(len(data.words)), []
    adam = torch.optim.Adam(model.parameters(), fused=True)
    rate = torch.optim.lr_scheduler.OneCycleLR(adam, 0.02, steps)
    passes = [torch.randperm(len(x_train)) for _ in range(96 * steps // len(x_train) + 1)]
    batches = torch.cat(passes)[: 96 * steps].split(96)
    for step, batch in enumerate(tqdm(batches, desc=label)):
        rising = min(1, 2 * step / steps) if warm_up else 1  # over the first half
        loss, _ = sentence_loss(model, x_train[batch], kl_weight * rising, **knobs)
        adam.zero_grad()
        loss.backward()
        adam.step()
        rate.step()
        if step % 30 == 29:
            history.append((step + 1, *minus_bound(model, x_test, 1).tolist()))
    return model, history


# %% [markdown]
# ## 3 · On the bound as it is
#
# Train with $\beta=1$, nothing hidden. Then let it write: at each step the likeliest word, or, with `draw=True`, a word drawn by its probability. **Predict first.**


# %%
@torch.no_grad()
def write(model, z, draw=False):  # n × 16, to n × 9
    word, state, written = torch.zeros(len(z), 1, dtype=torch.int64), None, []
    for _ in range(x_train.shape[1]):
        logits, state = model(z, word, state)
        word = Categorical(logits=logits).sample() if draw else logits.argmax(2)
        written.append(word)
    written = torch.cat(written, dim=1)
    return written.masked_fill((written == 0).cumsum(1) > 0, 0)  # nothing behind the end


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
one_voice = Prediction(
    "Trained on the bound as it is: of twelve seen sentences, each sent through reader, "
    "code and writer, how many come back word for word?",
    ["none or one", "about six", "all twelve"],
)
one_voice

# %%
plain, plain_history = train(600, label="the bound as it is")
answers = data.text(write(plain, plain.posterior(x_train[:12])[0]))
for text, answer in zip(data.text(x_train[:12]), answers):
    print(f"{text:48} → {answer}")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
same = sum(text == answer for text, answer in zip(data.text(x_train), answers))
one_voice.reveal(
    "none or one" if same <= 1 else "about six" if same <= 9 else "all twelve"
)


# %%
@torch.no_grad()
def word_for_word(model, x):  # share that comes back without a mistake
    return (write(model, model.posterior(x)[0]) == x).all(1).float().mean().item()


def row(name, model):
    bound, kl = minus_bound(model, x_test).tolist()
    perplexity = math.exp(bound * len(x_test) / words_that_count(x_test).sum())
    print(f"{name:20} {kl:10.1f} {bound:12.1f} {perplexity:11.0f}", end="")
    print(f" {word_for_word(model, x_train):9.2f}")


print(f"{'':23}KL, nats  minus bound  perplexity  returned")
row("the bound as it is", plain)

# %% [markdown]
# (KL, bound and **perplexity** are of held-out sentences. Perplexity is $e$ to the nats per word: the number of equally likely words that would be as hard to guess. The last column: the share of *seen* sentences that come back word for word.)
#
# The KL is nearly 0: the posterior of every sentence is the prior, and the code says nothing. This is **posterior collapse**. The product in section 2 can express *any* distribution over sentences without a code. A code costs its KL, and saves only what the words before could not have told.
#
# ## 4 · Cures
#
# Bowman and others (2016), who met this with sentences, tried two:
#
# - **warm-up**: let $\beta$ rise from 0, so that the code is free at first, and the writer comes to rely on it;
# - **word dropout**: hide some of the words before, so that the writer must look elsewhere for what it was not told. We hide 30 %.
#
# We add a third: leave the KL at **half price**, $\beta=\tfrac12$, to the end. Then it isn't the bound any more that is made small, and all bounds printed are still those with $\beta=1$.

# %% tags=["figure"]
which_cure = Prediction(
    "After 200 steps: what brings the KL above 3 nats?",
    ["warm-up or word dropout alone", "both together", "half price", "nothing"],
)
which_cure

# %%
cures = {
    "none": {},
    "word dropout": {"hide": 0.3},
    "warm-up": {"warm_up": True},
    "both": {"hide": 0.3, "warm_up": True},
    "half price alone": {"kl_weight": 0.5},
    "both, half price": {"hide": 0.3, "warm_up": True, "kl_weight": 0.5},
}
short = {name: train(200, label=name, **knobs)[0] for name, knobs in cures.items()}
for name, model in short.items():
    row(name, model)

# %% tags=["figure"]
kl_of = {name: minus_bound(model, x_test)[1] for name, model in short.items()}
singles = max(kl_of["word dropout"], kl_of["warm-up"]) > 3
together, half = kl_of["both"] > 3, kl_of["half price alone"] > 3
which_cure.reveal(
    "warm-up or word dropout alone"
    if singles
    else "both together"
    if together
    else "half price"
    if half
    else "nothing"
)

# %% [markdown]
# Neither of the two, nor both together, does much in so few steps; half price does, alone as well. Does a *new* sentence gain by a code? See the column of the bound: no, with a code it's a little worse.
#
# ## 5 · All three, for longer
#
# Now as many steps as the plain run had.

# %%
vae, vae_history = train(
    600, kl_weight=0.5, warm_up=True, hide=0.3, label="all three cures"
)
row("all three cures", vae)

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(14, 4.4), layout="constrained")
for name, history, colour in (
    ("the bound as it is", plain_history, plotting.COLOURS[2]),
    ("all three cures", vae_history, plotting.COLOURS[0]),
):
    steps, bound, kl = zip(*history)
    left.plot(steps, kl, color=colour, label=name)
    right.plot(steps, bound, color=colour, label=name)
left.set(xlabel="step", ylabel="KL, nats per new sentence", ylim=(0, None))
right.set(xlabel="step", ylabel="minus bound, nats per new sentence")
right.legend()
plt.show()

# %% [markdown]
# Left, one code dies and the other lives. Right, lower is better: the *plain* writer is best, early. With more steps it gets worse at new sentences. We go on all the same: what do the two learn from then on?

# %%
back, back_plain = word_for_word(vae, x_train), word_for_word(plain, x_train)
claim(
    "C16a",
    "With all three cures the KL stays far from 0: KL of seen sentences",
    minus_bound(vae, x_train)[1],
    kind="experiment",
    at_least=10,
    unit="nats",
    control=("the bound as it is", minus_bound(plain, x_train)[1]),
)
claim(
    "C16b",
    "With all three cures seen sentences come back: share that returns word for word",
    back,
    kind="experiment",
    at_least=0.6,
    control=("the bound as it is", back_plain),
)

# %% tags=["figure"]
and_new = Prediction(
    "And new sentences: what share comes back word for word?", (0, 100), unit="%"
)
and_new

# %%
returned = write(vae, vae.posterior(x_test)[0])
right_words = (returned == x_test)[words_that_count(x_test)].float().mean()
print(f"word for word {word_for_word(vae, x_test):.0%}, single words {right_words:.0%}")
for text, answer in zip(data.text(x_test[:6]), data.text(returned)):
    print(f"{text:48} → {answer}")

# %% tags=["figure"]
and_new.reveal(100 * word_for_word(vae, x_test), within=10)

# %% [markdown]
# It memorises: most new sentences come back as another one, often of the same kind.
#
# **What are the nats worth?** To name one of $N$ sentences takes $\log N$ nats, no more. But the KL is larger! It has two parts. With $q(z)$ the average of the posteriors of all seen sentences,
#
# $$\underbrace{E\,\mathrm{KL}\big(q(z\mid x)\,\|\,P(z)\big)}_{\text{mean KL}}=\underbrace{E\,\mathrm{KL}\big(q(z\mid x)\,\|\,q(z)\big)}_{\text{information about }x}+\underbrace{\mathrm{KL}\big(q(z)\,\|\,P(z)\big)}_{\text{misfit to the prior}}$$
#
# (inside the logarithm, multiply and divide by $q(z)$; the last part depends on $x$ no more). The first part is the **mutual information** of sentence and code. It can't exceed $\log N$.


# %%
@torch.no_grad()
def parts_of_kl(model):  # information and misfit, by one draw for each seen sentence
    mean, log_var = model.posterior(x_train)
    q = Normal(mean, (0.5 * log_var).exp())
    z = q.sample()
    log_each = [q.log_prob(some[:, None]).sum(2) for some in z.split(100)]
    log_q_z = torch.logsumexp(torch.cat(log_each), dim=1) - math.log(len(z))
    information = q.log_prob(z).sum(1) - log_q_z
    misfit = log_q_z - Normal(0, 1).log_prob(z).sum(1)
    return information.mean().item(), misfit.mean().item()


information, misfit = parts_of_kl(vae)
log_n = math.log(len(x_train))
print(f"information {information:.2f}, misfit {misfit:.2f} nats; log N = {log_n:.2f}")

# %%
claim(
    "C16c",
    "With all three cures the code nearly names the seen sentence: its information, "
    "as a share of log N",
    information / log_n,
    kind="experiment",
    at_least=0.85,
    control=("the bound as it is", parts_of_kl(plain)[0] / log_n),
)

# %% [markdown]
# The code is nearly as good as the sentence's number. That alone isn't learning by heart; that *new* ones don't come back is. The misfit is paid for, and says nothing about the sentence.
#
# ## 6 · A walk
#
# Take two seen sentences, with code means $m_A$ and $m_B$, and go straight from one to the other: $z=(1-t)\,m_A+t\,m_B$. Each line below is what the writer makes of one stop.


# %%
@torch.no_grad()
def on_the_way(a, b, stops):  # two rows, to codes from a to b: stops × 16
    (from_a, from_b), _ = vae.posterior(torch.stack([a, b]))
    t = torch.linspace(0, 1, stops)[:, None]
    return (1 - t) * from_a + t * from_b


# %% tags=["figure"]
COLOUR_A, COLOUR_B = "#0b4f9e", "#8a3b00"


def colour_words(ax, y, text, a, b, size):  # blue: in A only; brown: in B only
    step = 0.602 * size / 72 / ax.figure.get_figwidth()  # a letter's width
    at = 0.5 - step * len(text) / 2
    for word in text.split():
        in_a, in_b = word in a.split(), word in b.split()
        colour = COLOUR_A if in_a > in_b else COLOUR_B if in_b > in_a else plotting.INK
        weight = "bold" if in_a != in_b else "normal"
        style = {"family": "monospace", "size": size, "color": colour, "weight": weight}
        ax.text(at, y, word, **style)
        at += step * (len(word) + 1)


# %% tags=["figure"]
def lines_between(a, b, stops=9):
    return data.text(write(vae, on_the_way(a, b, stops)))


def richest(pairs=100):  # of so many pairs: most different lines, then the likeliest
    def merit(pair):
        codes = on_the_way(*pair, 9)
        rows = write(vae, codes)
        return len(set(data.text(rows))), -nats_of(vae, rows, codes).mean().item()

    with torch.no_grad():
        return max(x_train[torch.randint(len(x_train), (pairs, 2))], key=merit)


# %% tags=["figure", "opening"]
lines = lines_between(*richest())
figure = plt.figure(figsize=(12, 5.4), layout="none")
ax = figure.add_axes((0, 0, 1, 1))
ax.axis("off")
for stop, text in enumerate(lines):
    colour_words(ax, 0.92 - 0.11 * stop, text, lines[0], lines[-1], 22)
ax.text(0.03, 0.92, "A", size=24, weight="bold", color=COLOUR_A)
ax.text(0.03, 0.04, "B", size=24, weight="bold", color=COLOUR_B)
ax.annotate("", (0.04, 0.12), (0.04, 0.9), arrowprops={"arrowstyle": "-|>", "lw": 2})
plt.show()

# %% [markdown]
# Blue words are in A only, brown ones in B only. Of 100 random pairs we show one with most different lines, and of several such the likeliest; the others repeat as much, or more.
#
# Move the slider on another walk. Below the likeliest words stand four sentences *drawn* from the same code, word by word.


# %%
def walk(a, b, stops=11, draws=4):  # what the writer says at each stop
    codes = on_the_way(a, b, stops)
    drawn = data.text(write(vae, codes.repeat_interleave(draws, 0), draw=True))
    return data.text(write(vae, codes)), [drawn[i::draws] for i in range(draws)]


# %% tags=["figure"]
def walk_frames(a, b):
    best, drawn = walk(a, b)
    a, b = data.text(torch.stack([a, b]))
    frames, captions = [], []
    for stop, text in enumerate(best):
        figure = plt.figure(figsize=(12, 4.4), layout="none")
        ax = figure.add_axes((0, 0, 1, 1))
        ax.set(xlim=(0, 1), ylim=(0, 1))
        ax.axis("off")
        t = stop / (len(best) - 1)
        ax.text(0.02, 0.91, f"A: {a}", size=15, color=COLOUR_A)
        ax.text(0.98, 0.91, f"B: {b}", size=15, color=COLOUR_B, ha="right")
        ax.plot([0.04, 0.96], [0.82, 0.82], color=plotting.INK, lw=2)
        ax.plot([0.04 + 0.92 * t], [0.82], "o", markersize=16, color=plotting.COLOURS[6])
        colour_words(ax, 0.6, text, a, b, 24)
        for i, line in enumerate(drawn):
            colour_words(ax, 0.42 - 0.11 * i, line[stop], a, b, 16)
        frames.append(figure)
        captions.append(f"{t:.0%} of the way: {text}")
    return FramePlayer(frames, captions, label="from A to B", start=5, interval=700)


walk_frames(*richest())

# %% [markdown]
# ## 7 · Codes from nowhere
#
# Does a code that belongs to *no* sentence make one? Draw $z$ from $P(z)$. The rival is a plain autoencoder: the same networks, steps and word dropout, no noise, no KL. Its codes needn't look like $P(z)$; to be fair, we draw for it also from a Gaussian fitted to its own codes.
#
# The measure: what share of all **trigrams** (three words in a row; the beginning and the end count as words) stands somewhere in the seen sentences? Copies of a seen sentence would score 1, so we count them, and leave them out.


# %%
def trigrams(rows):
    padded = [[0, *[n for n in row if n], 0] for row in rows.tolist()]
    return [tuple(row[i : i + 3]) for row in padded for i in range(len(row) - 2)]


in_corpus, seen = set(trigrams(x_train)), set(map(tuple, x_train.tolist()))


def at_home(name, rows):  # share of trigrams found; and which rows are no copies
    new = torch.tensor([tuple(row) not in seen for row in rows.tolist()])
    hits = [trigram in in_corpus for trigram in trigrams(rows[new])]
    share = sum(hits) / max(1, len(hits))
    print(f"{name:25} trigrams found {share:.2f}, copies {1 - new.float().mean():.2f}")
    return share, new


# %% tags=["figure"]
at_home_most = Prediction(
    "Copies left out: whose trigrams are found more often in the seen sentences?",
    ["those of real held-out sentences", "those of the VAE's inventions", "alike"],
)
at_home_most

# %%
auto, _ = train(600, noise=False, hide=0.3, label="autoencoder")
print(f"autoencoder: seen sentences, word for word {word_for_word(auto, x_train):.2f}")
codes = auto.posterior(x_train)[0].detach()
own = MultivariateNormal(codes.mean(0), codes.T.cov() + 1e-4 * torch.eye(16))
shuffled = torch.rand(x_train.shape).masked_fill(x_train == 0, 2).argsort(dim=1)
rows_of = {
    "VAE, P(z)": write(vae, torch.randn(1000, 16)),
    "VAE, P(z), words drawn": write(vae, torch.randn(1000, 16), draw=True),
    "autoencoder, P(z)": write(auto, torch.randn(1000, 16)),
    "autoencoder, own Gaussian": write(auto, own.sample((1000,))),
    "real, held out": x_test,
    "words shuffled": x_train.gather(1, shuffled),
}
found = {name: at_home(name, rows)[0] for name, rows in rows_of.items()}
print("", *data.text(rows_of["VAE, P(z)"][:6]), sep="\n")

# %% tags=["figure"]
lead = found["VAE, P(z)"] - found["real, held out"]
at_home_most.reveal(
    "alike"
    if abs(lead) < 0.03
    else "those of the VAE's inventions"
    if lead > 0
    else "those of real held-out sentences"
)

# %%
claim(
    "C16d",
    "Codes drawn from P(z) become new sentences of known pieces: share of trigrams "
    "found, copies left out",
    found["VAE, P(z)"],
    kind="experiment",
    at_least=0.55,
    control=("autoencoder, own Gaussian", found["autoencoder, own Gaussian"]),
)

# %% [markdown]
# The VAE's inventions are *more* at home than real new sentences. No praise: *drawing* each word instead of taking the likeliest (second line) undoes the lead. The measure rewards caution.
#
# ## 8 · Is the middle better than scissors?
#
# The code half-way between two sentences gives a new one. A rival without learning: **splice** the first half of A to the second half of B. Trigrams can't decide: all but two of a splice's are real by construction.
#
# So ask a **judge**, a language model; and that is what a collapsed VAE is. We take the short run with word dropout alone. It says how many nats each word costs it: the fewer, the more fluent. And we measure what is *kept*: the share of its words that occur in A or in B. Copies are out again.
#
# To be fair to scissors, give them a judge, too: of all cuts of A and of B the one that reads best. (*Their* judge is another run, the short one without cures.) Many tries; the middle has one.


# %%
def splices(a, b):  # the two halves; then each beginning of a with each end of b
    a, b = ([n for n in end.tolist() if n] for end in (a, b))
    lines = [a[:i] + b[j:] for i in range(1, len(a)) for j in range(1, len(b))]
    lines = [a[: (len(a) + 1) // 2] + b[len(b) // 2 :], *lines]
    return torch.tensor([line + (9 - len(line)) * [0] for line in lines if len(line) < 9])


@torch.no_grad()
def nats_a_word(name, rows):  # by a collapsed VAE, which doesn't look at the code
    parts = rows.split(1000)  # in parts: less memory
    nats = [nats_of(short[name], part, torch.zeros(len(part), 16)) for part in parts]
    return torch.cat(nats) / words_that_count(rows).sum(1)


# %% tags=["figure"]
fluent = Prediction(
    "Which does the judge find more fluent?",
    ["the VAE's middle", "the splice of halves", "about alike"],
)
fluent

# %%
a, b = x_train[torch.randint(len(x_train), (2, 500))]
middle = {m: (m.posterior(a)[0] + m.posterior(b)[0]).detach() / 2 for m in (vae, auto)}
cuts = [splices(*pair) for pair in zip(a, b)]
costs = nats_a_word("none", torch.cat(cuts)).split([len(rows) for rows in cuts])
rows_of = {
    "VAE, middle": write(vae, middle[vae]),
    "autoencoder, middle": write(auto, middle[auto]),
    "splice of halves": torch.stack([rows[0] for rows in cuts]),
    "best splice": torch.stack([rows[c.argmin()] for rows, c in zip(cuts, costs)]),
    "VAE, P(z)": write(vae, torch.randn(500, 16)),
}
cost, kept = {}, {}
for name, rows in rows_of.items():
    _, new = at_home(name, rows)
    cost[name] = nats_a_word("word dropout", rows[new]).mean().item()
    there = (rows[:, :, None] == torch.cat([a, b], dim=1)[:, None]).any(2)
    kept[name] = there[new][rows[new] > 0].float().mean().item()
    print(f"{cost[name]:30.2f} nats a word, kept {kept[name]:.2f}")
real = nats_a_word("word dropout", x_test).mean().item()
gain_over_halves = {name: cost["splice of halves"] - cost[name] for name in cost}

# %% tags=["figure"]
gain = gain_over_halves["VAE, middle"]
fluent.reveal(
    "about alike"
    if abs(gain) < 0.1
    else "the VAE's middle"
    if gain > 0
    else "the splice of halves"
)

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 5), layout="constrained")
for name in rows_of:
    colour = plotting.COLOURS[
        0 if name.startswith("VAE") else 6 if "splice" in name else 8
    ]
    ax.plot(kept[name], cost[name], "o", markersize=15, color=colour)
    side = -1 if kept[name] > 0.75 else 1
    place = {"ha": "left" if side > 0 else "right", "va": "center"}
    point = kept[name], cost[name]
    ax.annotate(name, point, (14 * side, 0), textcoords="offset points", **place)
ax.axhline(real, color=plotting.INK, ls=":", lw=2)
ax.text(0.01, real - 0.02, "real new sentences", va="bottom")
ax.set(xlim=(0, 1.05), xlabel="kept: share of its words that stand in A or B")
ax.set_ylabel("cost to the judge,\nnats a word")
ax.invert_yaxis()
plt.show()

# %% [markdown]
# Up is more fluent, right keeps more. The middle reads better than the splice of halves, and shares more words with its ends than a random code does. (The autoencoder's shares even more, and reads worse than the VAE's.) By trigrams the two are about alike. And scissors with a judge read about as well as the middle, with no word but the ends': the walk is real, but no better a mixer. One middle in five or so is a copy.

# %%
claim(
    "C16e",
    "The VAE's middle reads better than a splice of halves: what it costs the judge less",
    gain_over_halves["VAE, middle"],
    kind="experiment",
    at_least=0.7,
    unit="nats a word",
    control=("autoencoder, middle", gain_over_halves["autoencoder, middle"]),
)
claim(
    "C16f",
    "The middle belongs to its ends: share of its words that stand in one of them",
    kept["VAE, middle"],
    kind="experiment",
    at_least=0.35,
    control=("a random code", kept["VAE, P(z)"]),
)

# %% [markdown]
# ## 9 · Two sentences of your own
#
# Write two, run the cell, and walk. If a word isn't known, one line says so.

# %%
mine = ("return the number of columns in the matrix", "read data from a file")
try:
    my_a, my_b = data.encode(mine)
except ValueError as problem:  # a word that is not known, or too many
    print(problem)
    my_a, my_b = x_train[:2]

# %% tags=["figure"]
walk_frames(my_a, my_b)

# %% [markdown]
# Even the ends may change: they are new to it.
#
# ## 10 · Where it breaks
#
# - **It memorises.** A new sentence mostly comes back as another.
# - **"Cured" is a matter of price.** At half price we no longer maximise the bound; with $\beta=1$ the code was nearly dropped in 200 steps, and the bound of new sentences was no worse.
# - **Straight lines jump.** A word is there or not: many stops say the same, then several words change at once.
# - **The judge is a small model** of the same kind, which likes what is common.
#
# ## 11 · Try it
#
# 1. Set `hide` to 0, keeping half price. How many of the random codes' sentences are copies now?
# 2. Go on the sphere: replace the straight line by $\frac{\sin((1-t)\omega)\,m_A+\sin(t\omega)\,m_B}{\sin\omega}$, with $\omega$ the angle between the means. Does the middle gain?
# 3. Train with both cures at $\beta=1$ for 600 steps. What is its KL?
#
# ## 12 · Summary

# %% tags=["figure"]
PredictionCount(one_voice, which_cure, and_new, at_home_most, fluent)

# %% [markdown]
# - A writer that sees its own words can do without a code, and the bound lets it: posterior collapse.
# - With all three cures the code lives. After 200 steps only the runs at half price had a KL above 3 nats.
# - A KL is information plus bad fit to the prior; the information is at most $\log N$.
# - Codes from the prior become sentences of known pieces, the autoencoder's far less. Middles read well, too, and take about half their words from the ends; scissors with a judge read as well, and take all.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | posterior collapse | 后验坍塌 | the posterior of every $x$ is the prior; KL ≈ 0 |
# | recurrent network, GRU | 循环神经网络、门控循环单元 | carries a state from word to word |
# | embedding | 词嵌入 | a row of 64 numbers for each word |
# | word dropout | 词丢弃 | hide some of the words before |
# | KL warm-up (annealing) | KL 退火 | let $\beta$ rise from 0 |
# | perplexity | 困惑度 | $e$ to the nats per word |
# | mutual information | 互信息 | what the code says about $x$ |
# | trigram | 三元组 | three words in a row |
# | interpolation | 插值 | the walk from one code to another |
#
# **References**
#
# - S. R. Bowman and others (2016), *Generating sentences from a continuous space*, CoNLL, arXiv:1511.06349.
# - X. Chen and others (2017), *Variational lossy autoencoder*, arXiv:1611.02731 (why a strong decoder drops the code).
# - M. D. Hoffman and M. J. Johnson (2016), *ELBO surgery: yet another way to carve up the variational evidence lower bound*, NIPS workshop (the two parts of the KL).
# - A. A. Alemi and others (2018), *Fixing a broken ELBO*, arXiv:1711.00464 (the price of a code).
# - K. Cho and others (2014), *Learning phrase representations using RNN encoder–decoder for statistical machine translation*, arXiv:1406.1078 (the GRU).
