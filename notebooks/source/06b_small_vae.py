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
# # 06b · A VAE, and what it gives up
#
# **How does the bound become a loss that two networks can learn from, and what do they do where the bound is not tight?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/06b_small_vae.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/06b_small_vae.ipynb) ·
# 45 minutes to study, 30 seconds to run, no network needed
#
# **You will be able to**
#
# 1. turn the bound into the loss of a VAE, with every factor of two in its place;
# 2. pass a gradient through a random draw;
# 3. write a VAE in two functions;
# 4. tell apart what a Gaussian $q$ costs and what an encoder costs.
#
# **Builds on** lesson 06a (the bound). Lesson 07a puts the result to work on images.

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

lessons_lib.start(seed=0, opening="06b")

# %%
import copy
import math

import matplotlib.pyplot as plt
import torch
from torch.distributions import Normal, kl_divergence
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.models import ManyNetworks
from lessons_lib.probability import gaussian_kl
from lessons_lib.training import fit
from lessons_lib.widgets import BoundExplorer, FramePlayer, Prediction, PredictionCount

# %% [markdown]
# ## 1 · From the bound to the loss
#
# In lesson 06a $L_b=\int q\,\log\frac{P(x,z)}{q}\,dz$ was a lower bound of $\log P(x)$; the gap between them is $\mathrm{KL}(q\,\|\,P(z\mid x))$. Write $P(x,z)=P(z)\,P(x\mid z)$ and sort the logarithms differently:
#
# $$L_b=\int q\,\log\frac{P(z)\,P(x\mid z)}{q}\,dz
# =\underbrace{E_q\big[\log P(x\mid z)\big]}_{\text{reconstruction}}
# -\underbrace{\mathrm{KL}\big(q(z\mid x)\,\|\,P(z)\big)}_{\text{price of the code}} .$$
#
# A VAE *minimises* the loss
# $-L_b=-E_q\big[\log P(x\mid z)\big]+\mathrm{KL}\big(q(z\mid x)\,\|\,P(z)\big)$. Mind this second
# KL: it is to the **prior**, and can be computed. For
# $q=\mathcal N(m,v)$ and $P(z)=\mathcal N(0,1)$, with $E_q[z^2]=v+m^2$ and
# $E_q[(z-m)^2]=v$:
#
# $$\mathrm{KL}=E_q[\log q-\log P(z)]
# =E_q\Big[-\tfrac12\log(2\pi v)-\tfrac{(z-m)^2}{2v}+\tfrac12\log(2\pi)+\tfrac{z^2}2\Big]
# =\tfrac12\big(v+m^2-1-\log v\big).$$

# %%
mean, log_var = torch.randn(2, 1, 4).double()
ours = gaussian_kl(mean, log_var)  # ½ Σ (v + m² − 1 − log v) over four dimensions
q, prior = Normal(mean, (0.5 * log_var).exp()), Normal(0, 1)
library = kl_divergence(q, prior).sum()
print(f"closed form {ours.item():.6f}, torch.distributions {library:.6f}")

# %% [markdown]
# ## 2 · What the lecture writes
#
# The lecture's loss is $\lVert x-\hat x\rVert^2+\sum\big(e^\sigma-(1+\sigma)+m^2\big)$, and its
# code is $c=e^\sigma\cdot e+m$ with noise $e\sim\mathcal N(0,1)$. Do the pieces fit? It depends
# on what $\sigma$ is. Take our model, $x=1$ and $\hat x=2z$: the true posterior has mean 0.4 and
# variance 0.2. Minimise each reading of the loss and see which variance it finds. The expected
# squared error is $(1-2m)^2+4v$; half of it is the negative log-likelihood in nats, up to a
# constant.


# %%
def minimise(loss, start):  # to many digits, for a few unknowns
    unknowns = torch.tensor(start).double().requires_grad_()
    optimizer = torch.optim.LBFGS([unknowns], max_iter=150, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        value = loss(*unknowns)
        value.backward()
        return value

    optimizer.step(closure)
    return unknowns.detach()


# %%
readings = {
    "σ = log-variance, squared error": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * s.exp() + s.exp() - (1 + s) + m**2
    ),
    "σ = log-variance, nats": lambda m, s: (
        0.5 * ((1 - 2 * m) ** 2 + 4 * s.exp()) + s.exp() - (1 + s) + m**2
    ),
    "σ = log of deviation": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * (2 * s).exp() + s.exp() - (1 + s) + m**2
    ),
    "σ = log of deviation, own KL": lambda m, s: (
        (1 - 2 * m) ** 2 + 4 * (2 * s).exp() + (2 * s).exp() + m**2 - 1 - 2 * s
    ),
}


# %% tags=["figure"]
right_reading = Prediction(
    "Which of the first three readings of the lecture's loss finds the true posterior?",
    list(readings)[:3],
)
right_reading

# %%
found = {}
for name, loss in readings.items():
    m, s = minimise(loss, (0.0, 0.0))
    v = (2 * s).exp() if "deviation" in name else s.exp()
    found[name] = m.item(), v.item()
    print(f"{name:34} mean {m:.4f}, variance {v:.4f}")


# %%
def distance(name):  # from the true posterior
    mean, variance = found[name]
    return max(abs(mean - 0.4), abs(variance - 0.2))


# %% tags=["figure"]
right_reading.reveal(min(list(readings)[:3], key=distance))

# %%
right, _, deviation, _ = readings
claim(
    "C24b",
    "With σ the log-variance and a squared error, the loss finds the posterior: off by",
    distance(right),
    kind="identity",
    at_most=1e-4,
    control=("σ the log of the standard deviation", distance(deviation)),
)

# %% [markdown]
# So the lecture's loss and its code $c$ contradict each other. With $\sigma$ the log-variance the second term is *twice* the KL: right beside $\lVert x-\hat x\rVert^2$, itself twice a negative log-likelihood (of variance 1, up to a constant); beside a reconstruction in nats it is a KL with weight $\beta=2$. And
# $c=e^\sigma e+m$ makes $\sigma$ the log of the *standard deviation*, whose KL is $\tfrac12\sum(e^{2\sigma}+m^2-1-2\sigma)$; with a log-variance it is $c=e^{\sigma/2}e+m$. In these lessons `log_var` is the log-variance, and all is in nats.
#
# ## 3 · A gradient through a draw
#
# $E_q[\log P(x\mid z)]$ is estimated from draws of $z$. But how does a gradient with respect to
# $m$ pass through a *draw*? Two ways:
#
# - **reparameterisation**: $z=m+\sqrt v\,e$ with $e\sim\mathcal N(0,1)$. The randomness is all in $e$,
#   and $z$ is an ordinary function of $m$: the gradient is $f'(z)$;
# - **score function**: $\nabla_m E_q[f]=E_q\big[f(z)\,\nabla_m\log q(z)\big]
#   =E_q\big[f(z)\,(z-m)/v\big]$, for any $f$, even without a derivative.
#
# Both are right on average. To be fair to the second: subtracting a constant from $f$ (a **baseline**) changes nothing on average, for $E_q[s]=0$; we take the one that calms it most, $E_q[f\,s^2]/E_q[s^2]$ with $s=(z-m)/v$. **Predict first:** how do the variances compare?

# %%
m, v = 0.4, 0.2
draws = m + v**0.5 * torch.randn(1_000_000).double()
f = Normal(2 * draws, 1).log_prob(torch.tensor(1.0))  # log P(x|z) at x = 1
score = (draws - m) / v  # the derivative of log q(z) in m
baseline = (f * score**2).mean() / (score**2).mean()
gradients = {"reparameterised": 2 * (1 - 2 * draws), "score function": f * score}
gradients["best baseline"] = (f - baseline) * score
for name, g in gradients.items():
    print(f"{name:18} mean {g.mean():.4f}, variance {g.var():.3f}")

# %% [markdown]
# ## 4 · A VAE in two functions
#
# A **variational autoencoder** is two networks. The **encoder** answers for *every* $x$ the question that we asked for one: which $q$? (One network for all $x$: this is *amortised* inference.) The **decoder** says for every $z$ where $x$ may be, and how far around.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
boxes = [  # of the diagram: place, words, colour
    (0, 2, "$x$", 8),
    (2.1, 2, "encoder\nnetwork", 0),
    (4.6, 2.75, "mean $m$", 8),
    (4.6, 1.25, "log_var = log $v$", 8),
    (7.3, 2, "$z = m + \\sqrt{v}\\,e$", 6),
    (7.3, 3.9, "noise $e\\sim N(0,1)$", 8),
    (10, 2, "decoder\nnetwork", 0),
    (12.5, 2.75, "mean of $x$", 8),
    (12.5, 1.25, "log sd of $x$", 8),
]
arrows = [
    (0.4, 2, 1.2, 2),
    (3, 2.2, 3.6, 2.7),
    (3, 1.8, 3.45, 1.5),
    (5.6, 2.7, 6.05, 2.2),
]
arrows += [(5.75, 1.5, 6.1, 1.8), (7.3, 3.5, 7.3, 2.5), (8.55, 2, 9.1, 2)]
arrows += [(10.9, 2.2, 11.4, 2.7), (10.9, 1.8, 11.4, 1.3)]

# %% tags=["figure", "opening"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(14, 5), layout="constrained")
for left, up, words, colour in boxes:
    box = {
        "boxstyle": "round,pad=0.35",
        "fc": "white",
        "ec": plotting.COLOURS[colour],
        "lw": 3,
    }
    ax.text(left, up, words, ha="center", va="center", fontsize=17, bbox=box)
for x0, y0, x1, y1 in arrows:
    style = {"arrowstyle": "-|>", "lw": 2.5, "color": plotting.INK}
    ax.annotate("", (x1, y1), (x0, y0), arrowprops=style)
ax.text(4.6, 0, "KL(q ‖ prior)", ha="center", fontsize=18)
ax.text(8.3, 0, "−", ha="center", fontsize=18)
ax.text(11.6, 0, "log P(x|z) of the x that came in", ha="center", fontsize=18)
ax.text(0.4, 0, "loss of one $x$ =", ha="center", fontsize=18)
ax.set(xlim=(-1.2, 13.8), ylim=(-0.5, 4.5))
ax.axis("off")
plt.show()


# %%
def vae_loss(encoder, decoder, x, kl_weight=1.0):  # runs × points × 1
    mean, log_var = encoder(x).split(1, dim=-1)  # of q(z|x)
    z = mean + (0.5 * log_var).exp() * torch.randn_like(mean)  # one draw for each x
    x_mean, x_log_sd = decoder(z).split(1, dim=-1)
    reconstruction = Normal(x_mean, x_log_sd.exp()).log_prob(x)
    kl = 0.5 * (log_var.exp() + mean**2 - 1 - log_var)
    bound = reconstruction - kl_weight * kl  # of each x, by one draw
    return -bound.mean((1, 2)).sum()  # mean over points; each of the networks has its own


# %%
kept = [0, 20, 40, 60, 80, 100, 150, 200, 300, 500, 800]  # steps


def train(networks, loss, steps=1200):  # those named learn; copies are kept on the way
    learning = [weight for network in networks for weight in network.parameters()]
    adam, moments = torch.optim.Adam(learning, 5e-3), []
    for step in tqdm(range(steps)):
        if step in kept:
            moments.append(copy.deepcopy(networks))
        batch = x_train.gather(1, torch.randint(1000, (runs, 250)))[..., None]
        adam.zero_grad()
        loss(*networks, batch).backward()
        adam.step()
    return [*moments, networks]


# %% [markdown]
# That is a VAE. (Sixteen pairs train side by side, each on its own 1,000 points.)
#
# **Data from a decoder that folds.** The truth: $z\sim\mathcal N(0,1)$, $x\mid z\sim\mathcal N(z^2,\,0.5^2)$. An $x$ near 2 may come from a positive or a negative $z$, so the true posterior has **two bumps**. No Gaussian $q$ has. Find the best one with the sliders.

# %%
z = torch.linspace(-12, 12, 2401, dtype=torch.float64)  # a grid
log_joint = Normal(0, 1).log_prob(z) + Normal(z**2, 0.5).log_prob(torch.tensor(2.0))
BoundExplorer(z, log_joint, mean=0.0, sd=1.2)


# %%
def bound_on_grid(log_joint, mean, log_sd, z=z):
    log_q = Normal(mean, log_sd.exp()).log_prob(z)
    # Made to integrate to one on the grid, so that no narrow or far q gains by its edges.
    log_q = log_q - torch.logsumexp(log_q, -1, keepdim=True) - math.log(z[1] - z[0])
    return torch.trapezoid(log_q.exp() * (log_joint - log_q), z)


mean, log_sd = minimise(lambda m, s: -bound_on_grid(log_joint, m, s), (1.0, -1.0))
log_p_two = torch.logsumexp(log_joint, 0) + math.log(z[1] - z[0])  # the grid's integral
gap = log_p_two - bound_on_grid(log_joint, mean, log_sd)
print(f"best q: N({mean:.2f}, {log_sd.exp():.2f}²), KL {gap:.3f} nats, ", end="")
print(f"log 2 is {math.log(2):.3f}")

# %% [markdown]
# One bump is better than a wide hill over both: the KL punishes $q$ for being where the posterior is not, and less for missing a bump. Half of the posterior is thrown away, which costs $\log 2$; a bump that is not quite a Gaussian costs a little more. No Gaussian can
# close this gap while the decoder stays as it is.
#
# ## 5 · Start at the truth
#
# So let us see what a VAE does that starts at the true decoder. First teach the decoder networks the fold, then hold them, and train the encoders alone.

# %%
runs = 16
spread = Normal(0, 1).icdf((torch.arange(2000) + 0.5) / 2000)  # equally likely
x_many = spread**2 + 0.5 * spread[torch.randperm(2000)]  # new, and evenly spread
x_new = x_many[10::20]
x_train = torch.randn(runs, 1000) ** 2 + 0.5 * torch.randn(runs, 1000)


# %%
def network():  # a number in; a mean and a logarithm out
    return ManyNetworks(runs, (1, 16, 16, 2))


def to_truth(decoder, z):  # fit hands out points × runs × 1
    z = z.transpose(0, 1)
    truth = torch.cat([z**2, torch.full_like(z, math.log(0.5))], 2)
    return (decoder(z) - truth).square().mean((1, 2)).sum()


decoder = network()
fit(
    decoder,
    8 * torch.rand(2000, runs, 1) - 4,
    to_truth,
    epochs=190,
    batch_size=250,
    learning_rate=0.01,
)
held = train([network()], lambda encoder, x: vae_loss(encoder, decoder, x))[-1]
(encoder,) = copy.deepcopy(held)  # the start of what follows
held = train(held, lambda encoder, x: vae_loss(encoder, decoder, x))[-1]  # as long again


# %% [markdown]
# How good are they? With one $z$ everything can be computed. $\log P(x)$ by the grid; the encoder's bound; and the bound of the *best* Gaussian for each $x$, by gradient steps on its mean and width. Then $\log P(x)$ falls into three parts:
#
# $$\log P(x)=\underbrace{L_b}_{\text{encoder's}}+\underbrace{(\text{best bound}-L_b)}_{\text{price of the encoder}}+\underbrace{(\log P(x)-\text{best bound})}_{\text{price of the family}} .$$


# %%
coarse = torch.linspace(-6, 6, 301, dtype=torch.float64)  # grid for 1,600 posteriors


@torch.no_grad()
def log_joint_of(decoder, x=x_new):  # log P(x, z) on the grid: runs × points × z
    out = decoder(coarse.float()[:, None].expand(runs, -1, -1)).double().transpose(1, 2)
    log_p_given_z = Normal(out[:, :1], out[:, 1:].exp()).log_prob(x.double()[:, None])
    return Normal(0, 1).log_prob(coarse) + log_p_given_z


@torch.no_grad()
def q_of(encoder, x=x_new):  # mean and log of the standard deviation, kept on the grid
    mean, log_var = encoder(x[None, :, None].expand(runs, -1, -1)).double().split(1, 2)
    return mean.clamp(-5, 5), 0.5 * log_var.clamp(-6, 1)


def log_p_of(log_joint):
    return torch.logsumexp(log_joint, -1) + math.log(coarse[1] - coarse[0])


# %%
def prices(encoder, decoder):  # nats per new point, for each pair
    log_joint, q = log_joint_of(decoder), q_of(encoder)
    bound = best = bound_on_grid(log_joint, *q, coarse)
    peak = coarse[log_joint.argmax(2)][..., None]
    for start in (q, (peak, 0 * peak - 1.5)):  # the better of two climbs
        m, s = (part.clone().requires_grad_() for part in start)
        adam = torch.optim.Adam([m, s], 0.07)
        for _ in range(60):
            now = bound_on_grid(log_joint, m, s, coarse)
            best = torch.maximum(best, now.detach())
            adam.zero_grad()
            (-now.sum()).backward()
            adam.step()
    log_p = log_p_of(log_joint)
    log_p_many = log_p_of(log_joint_of(decoder, x_many))
    parts = {"log P(x)": log_p_many, "family": log_p - best, "encoder": best - bound}
    return {name: values.mean(1) for name, values in parts.items()}


# %%
paid = {}


def show(name, encoder, decoder):
    paid[name] = prices(encoder, decoder)
    spread = [f"{part} {v.mean():.3f} ± {v.std():.3f}" for part, v in paid[name].items()]
    print(f"{name}: " + ", ".join(spread))


# %%
show("decoder held at the truth", held[0], decoder)
true_joint = Normal(0, 1).log_prob(coarse) + Normal(coarse**2, 0.5).log_prob(
    x_many[:, None]
)
true_log_p = log_p_of(true_joint).mean()
# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
what_now = Prediction(
    "Now the decoder may move, too. It is at the truth: no other has a higher log P(x), "
    "but for chance. What will it do?",
    ["stay at the truth", "give each x one z only", "use z less"],
)
what_now

# %%
moments = train(copy.deepcopy([encoder, decoder]), vae_loss)
show("both trained", *moments[-1])


@torch.no_grad()
def one_way(decoder):  # its mean rises, or falls, on −2 to 2 (± 0.1 a step)
    line = torch.linspace(-2, 2, 41)[None, :, None].expand(runs, -1, -1)
    steps = decoder(line)[..., 0].diff(dim=1)
    return (steps > -0.1).all(1) | (steps < 0.1).all(1)


print(f"one z for each x: {one_way(moments[-1][1]).sum()} of 16")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
most = one_way(moments[-1][1]).sum() > 8
what_now.reveal("give each x one z only" if most else "stay at the truth")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
line = torch.linspace(-2.6, 2.6, 105)


def draw_decoder(ax, decoder):
    with torch.no_grad():
        mean, log_sd = decoder.alone(0)(line[:, None]).T
    spread = mean - log_sd.exp(), mean + log_sd.exp()
    ax.fill_between(line, *spread, alpha=0.35, label="± sd")
    ax.plot(line, mean, lw=3, label="mean of x")
    ax.plot(line, line**2, ":", color=plotting.INK, lw=2, label="the truth")
    ax.axhline(2, color=plotting.COLOURS[2], ls="--", label="x = 2")
    ax.set(xlabel="z", ylabel="x", ylim=(-1.5, 8), xlim=(-2.6, 2.6), title="the decoder")
    ax.legend(loc="upper center")


# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
frames, captions, two = [], [], torch.tensor([2.0])
for step, (enc, dec) in zip([*kept, 1200], moments):
    figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.6), layout="constrained")
    draw_decoder(left, dec)
    joint = log_joint_of(dec, two)[0, 0]
    posterior = (
        joint - torch.logsumexp(joint, 0) - math.log(coarse[1] - coarse[0])
    ).exp()
    m, s = (part[0, 0, 0] for part in q_of(enc, two))
    right.fill_between(coarse, posterior, alpha=0.45, label="posterior P(z|x = 2)")
    right.plot(
        coarse,
        Normal(m, s.exp()).log_prob(coarse).exp(),
        color=plotting.COLOURS[2],
        lw=3,
        label="the encoder's q",
    )
    right.set(xlabel="z", ylabel="density", xlim=(-2.6, 2.6), ylim=(0, 4.5))
    right.set_title("the posterior at x = 2")
    right.legend(loc="upper center", ncols=2)
    frames.append(figure)
    captions.append(f"after {step} steps of both")
FramePlayer(frames, captions, label="steps", start=len(frames) - 1, interval=600)

# %% [markdown]
# The VAE leaves the truth. It bends the decoder until an $x$ has *one* $z$: then a Gaussian is nearly enough.
#
# Is it the bound that does it? A rival starts at the same truth, with the same data and steps, and learns from the *exact* $\log P(x)$, by brute force over a grid of $z$. Another has the bound with the KL counted *twice*, as the lecture's second term would be beside nats.


# %%
def exact_loss(decoder, x):
    some = torch.linspace(-5, 5, 121)  # a grid, 10/120 apart
    x_mean, x_log_sd = (
        decoder(some[:, None].expand(runs, -1, -1)).transpose(1, 2).split(1, 1)
    )
    log_p_given_z = Normal(x_mean, x_log_sd.exp()).log_prob(x)  # runs × points × z
    log_joint = Normal(0, 1).log_prob(some) + log_p_given_z
    return -(torch.logsumexp(log_joint, 2) + math.log(10 / 120)).mean(1).sum()


(exact,) = train([copy.deepcopy(decoder)], exact_loss)[-1]
show("decoder by the exact log P(x)", encoder, exact)
print(f"one z for each x: {one_way(exact).sum()} of 16")
twice = train(
    copy.deepcopy([encoder, decoder]), lambda e, d, x: vae_loss(e, d, x, kl_weight=2)
)[-1]
show("both, KL twice", *twice)

# %%
left = {name: values["family"].mean() for name, values in paid.items()}
log_p = {name: values["log P(x)"].median() for name, values in paid.items()}
rival = "decoder by the exact log P(x)"
start = "decoder held at the truth"
claim(
    "C24h",
    "Trained on the bound from the truth, the decoder bends until a Gaussian q fits: "
    "what is left of the family's price",
    left["both trained"] / left[start],
    kind="experiment",
    at_most=0.1,
    control=("on the exact log P(x)", left[rival] / left[start]),
)

# %%
claim(
    "C24i",
    "It costs little likelihood: log P(x) of new points that is lost against the decoder "
    "trained on the exact one (medians of 16)",
    log_p[rival] - log_p["both trained"],
    kind="experiment",
    at_most=0.03,
    unit="nats per point",
    control=("KL counted twice", log_p[rival] - log_p["both, KL twice"]),
)

# %% [markdown]
# (The rival's encoder did not follow; its price says nothing.) On the exact likelihood no decoder unfolds, on the bound all do. And the unfolded ones describe new points as well: a rising curve can give $x$ nearly the same distribution as the fold. The likelihood does not choose among such decoders. The bound does, and takes one that its $q$ can serve.
#
# ## 6 · An encoder that cannot bend
#
# Let the encoder be *affine*: mean $a+bx$, log-variance $c+dx$, for all $x$. From the same truth, with the same steps.

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
who_pays = Prediction(
    "An affine encoder has a worse bound. Is the decoder that it trains as good a model, "
    "by log P(x)?",
    ["as good", "worse", "better"],
)
who_pays

# %%
affine = [ManyNetworks(runs, (1, 2)), copy.deepcopy(decoder)]
train([affine[0]], lambda encoder, x: vae_loss(encoder, decoder, x))  # encoder first
affine = train(affine, vae_loss)[-1]
show("both, affine encoder", *affine)

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
worse = (
    paid["both trained"]["log P(x)"] - paid["both, affine encoder"]["log P(x)"]
).median()
who_pays.reveal("as good" if worse.abs() < 0.01 else "worse" if worse > 0 else "better")

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
figure, ax = plt.subplots(figsize=(12, 4), layout="constrained")
rows = ["decoder held at the truth", "both trained", "both, affine encoder"]
names = ["log P(x) below the truth's", "price of the family", "price of the encoder"]
edges = torch.zeros(3)
for part, colour, name in zip(["log P(x)", "family", "encoder"], (0, 1, 6), names):
    nats = torch.stack([paid[row][part].median() for row in rows]).float()
    nats = true_log_p - nats if part == "log P(x)" else nats
    ax.barh(range(3), nats, left=edges, color=plotting.COLOURS[colour], label=name)
    edges = edges + nats
for row, edge in enumerate(edges):
    ax.text(edge + 0.005, row, f"{edge:.3f}", va="center")
ax.set(yticks=range(3), yticklabels=rows, ylim=(2.6, -0.6))
ax.set(
    xlabel="nats per new point below the truth's log P(x), medians of 16 pairs",
    xlim=(0, 1.12 * max(edges)),
)
ax.legend(loc="lower right")
plt.show()

# %%
claim(
    "C24j",
    "A too simple encoder makes a worse model, not only a looser bound: log P(x) of new "
    "points below the truth's, after 1,200 steps (median of 16 pairs)",
    true_log_p - paid["both, affine encoder"]["log P(x)"].median(),
    kind="experiment",
    at_least=0.015,
    unit="nats per point",
    control=(
        "an encoder that can bend",
        true_log_p - log_p["both trained"],
    ),
)

# %% [markdown]
# Held at the truth, all of the price is looseness of the bound. Free to move, the *model* becomes one whose posterior the encoder can express; with an affine encoder that costs likelihood, and still leaves looseness.
#
# ## 7 · A tighter bound from more draws
#
# The bound averages logarithms. Average first, and take the logarithm after:
#
# $$L_K=E\Big[\log\frac1K\sum_{k=1}^K\frac{P(x,z_k)}{q(z_k\mid x)}\Big],$$
#
# with $z_1,\dots,z_K$ drawn independently from $q$ (Burda, Grosse and Salakhutdinov 2016); $L_1$ is $L_b$. The mean inside has the expectation $P(x)$, and by Jensen $L_K\le\log P(x)$; the more draws, the less that mean varies.
# Draws that fit well count more: **importance weighting**.


# %%
@torch.no_grad()
def gap_left(encoder, decoder):  # for K weighted draws, in nats below log P(x)
    mean, log_sd = (part[..., 0] for part in q_of(encoder))  # runs × points
    q, log_weights = Normal(mean, log_sd.exp()), []
    for _ in range(50):
        draw = q.sample()
        x_mean, x_log_sd = decoder(draw[..., None].float()).double().unbind(-1)
        log_p_given_z = Normal(x_mean, x_log_sd.exp()).log_prob(x_new)
        log_joint = Normal(0, 1).log_prob(draw) + log_p_given_z
        log_weights.append(log_joint - q.log_prob(draw))
    log_weights = torch.stack(log_weights)  # 50 × runs × points
    log_p = log_p_of(log_joint_of(decoder)).mean().item()
    gaps = {}
    for K in (1, 2, 5, 10, 50):  # the same draws each time, in groups of K
        groups = log_weights.unflatten(0, (-1, K))
        gaps[K] = log_p - (torch.logsumexp(groups, 1) - math.log(K)).mean().item()
    return gaps


share_left = {}
rivals = {"affine encoders": affine, "decoder held at the truth": (held[0], decoder)}
for name, pair in rivals.items():
    gaps = gap_left(*pair)
    share_left[name] = gaps[50] / gaps[1]
    print(f"{name}:", ", ".join(f"K = {K}: {gap:.3f}" for K, gap in gaps.items()))

# %%
claim(
    "C24g",
    "Fifty weighted draws from the same q leave little of the affine encoders' gap: "
    "share of what one draw leaves",
    share_left["affine encoders"],
    kind="experiment",
    at_most=0.3,
    control=("where q covers one of two bumps", share_left["decoder held at the truth"]),
)

# %% [markdown]
# Neither network was touched. But what $q$ almost never draws, no weight brings back.
#
# ## 8 · Where it breaks
#
# - **A VAE's z is not how the data were made**: ours unfolded what had folded.
# - **Our price was small**, for one number can unfold. How loose the bound is on images, Cremer, Li and Duvenaud (2018) measure; they call the two prices approximation gap and amortisation gap.
# - **Both prices are estimates**: 60 steps from two starts look for the best $q$, so the family's is a little too large.
#
# ## 9 · Try it
#
# 1. Which $\beta$ before the KL, beside a reconstruction in nats, gives back the posterior in `readings`?
# 2. Start at random instead of at the truth: `train([network(), network()], vae_loss)`. Do they fold?
# 3. Let the affine pairs train for 6,000 steps. Do they catch up?
#
# ## 10 · Summary

# %% tags=["figure"] jupyter={"source_hidden": true} cellView="form"
PredictionCount(right_reading, what_now, who_pays)

# %% [markdown]
# - The loss is $-L_b$: minus the reconstruction, plus $\mathrm{KL}(q\,\|\,P(z))$, in nats $\tfrac12\sum(v+m^2-1-\log v)$.
# - Writing a draw as $z=m+\sqrt v\,e$ lets the gradient pass.
# - The gap below $\log P(x)$ has two parts: the price of the Gaussian family, and that of the encoder.
# - A decoder that may move closes the gap by becoming another model: from the truth it unfolded, at little cost. A too simple encoder made a worse one.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | variational autoencoder (VAE) | 变分自编码器 | encoder, draw, decoder; trained on the bound |
# | encoder, decoder | 编码器、解码器 | the networks of $q(z\mid x)$ and $P(x\mid z)$ |
# | log-variance | 对数方差 | `log_var` |
# | reparameterisation trick | 重参数化技巧 | $z=m+\sqrt v\,e$ |
# | score-function estimator | 得分函数估计 | $f\,\nabla\log q$ |
# | amortised inference | 摊销推断 | one encoder for all $x$ |
# | importance weighting | 重要性加权 | draws weighted by $P(x,z)/q$ |
#
# **References**
#
# - D. P. Kingma and M. Welling (2014), *Auto-encoding variational Bayes*, arXiv:1312.6114; D. J. Rezende, S. Mohamed and D. Wierstra (2014), *Stochastic backpropagation and approximate inference in deep generative models*, arXiv:1401.4082.
# - Y. Burda, R. Grosse and R. Salakhutdinov (2016), *Importance weighted autoencoders*, arXiv:1509.00519.
# - C. Cremer, X. Li and D. Duvenaud (2018), *Inference suboptimality in variational autoencoders*, arXiv:1801.03558 (family and encoder).
# - R. E. Turner and M. Sahani (2011), *Two problems with variational expectation maximisation for time-series models*, in Bayesian Time Series Models, Cambridge University Press (a limited $q$ biases the model).
# - I. Higgins and others (2017), *β-VAE: learning basic visual concepts with a constrained variational framework*, ICLR (the weight $\beta$).
# - R. J. Williams (1992), *Simple statistical gradient-following algorithms for connectionist reinforcement learning*, Machine Learning 8, 229–256 (score function).
