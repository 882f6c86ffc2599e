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
# # 02b · How deep networks were first trained
#
# **Why did a deep autoencoder need a start of its own in 2006, and what made it needless?**
#
# [Open in Colab](https://colab.research.google.com/github/OWNER/latent-lessons/blob/main/notebooks/02b_first_deep_networks.ipynb) · [Open on Binder](https://mybinder.org/v2/gh/OWNER/latent-lessons/main?urlpath=lab/tree/notebooks/02b_first_deep_networks.ipynb) ·
# 45 minutes to study, 35 seconds to run, no network needed
#
# **You will be able to**
#
# 1. recognise a deep network that is stuck, and say at which layer the picture got lost;
# 2. explain a restricted Boltzmann machine: its energy, its two phases, and the short cut called contrastive divergence;
# 3. check that short cut against the exact gradient, and say when it misleads;
# 4. start a deep autoencoder from a stack of such machines;
# 5. tell what activation, start and optimiser each contribute today.
#
# **Builds on** lessons 01a and 01b (the autoencoder, held-out error, PCA).

# %%
import sys

if "google.colab" in sys.modules:  # on Colab, fetch the lessons' helper library
    get_ipython().system(
        "pip install -q --no-deps git+https://github.com/OWNER/latent-lessons"
    )
import lessons_lib

device = lessons_lib.start(seed=0, opening="02b")

# %%
import itertools

import matplotlib.pyplot as plt
import torch
from torch import nn
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib import claim, plotting
from lessons_lib.datasets import digits
from lessons_lib.widgets import FramePlayer, Prediction, PredictionCount

data = digits().to(device)
widths = [784, 400, 200, 100, 30, 100, 200, 400, 784]

# %% [markdown]
# ## 1 · The recipe of 2006, without its trick
#
# "A deep autoencoder trains badly from random weights", says the lecture. Rebuild what people had: eight layers, **sigmoid** units, small random weights, plain gradient descent (SGD) with momentum. Only the code of 30 units is linear, as in Hinton and Salakhutdinov (2006), who used conjugate gradients. The last layer gives logits; their sigmoid is the grey of a pixel, and the loss is the cross-entropy in nats, summed over pixels.


# %%
def network(activation, spread_of_start):
    parts = []
    for layer, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
        linear = nn.Linear(inputs, outputs)
        nn.init.normal_(linear.weight, 0, spread_of_start(inputs))
        nn.init.zeros_(linear.bias)
        parts += [linear] if layer in (3, 7) else [linear, activation()]
    return nn.Sequential(*parts).to(device)


def old_start(inputs):
    return 0.1  # standard deviation of the weights, whatever the layer


def loss_of(model, x):  # nats per image
    nats = functional.binary_cross_entropy_with_logits(model(x), x, reduction="sum")
    return nats / len(x)


# %% [markdown]
# `fit` always uses AdamW, so here is the loop once more, with an optimiser to choose.


# %%
def train(model, optimizer, epochs=6):
    for _ in tqdm(range(epochs), leave=False):
        for indices in torch.randperm(len(data.x_train)).to(device).split(100):
            loss = loss_of(model, data.x_train[indices])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    return model


def sgd(model, rate):
    return torch.optim.SGD(model.parameters(), rate, momentum=0.9)


@torch.no_grad()
def judge(model):  # held out: squared error, and how much the outputs differ
    rebuilt = model(data.x_test).sigmoid()
    error = (rebuilt - data.x_test).square().sum(dim=1).mean()
    return error.item(), rebuilt.var(dim=0).sum().item()


# %% [markdown]
# Two figures: the squared error, and the **variance between the outputs**, summed over pixels. A network that answers every digit with the same picture has variance 0. Can the step size (the **learning rate**) save it? **Predict first.**

# %% tags=["figure"]
which_rate = Prediction(
    "At how many of the four rates 0.001, 0.01, 0.03 and 0.1 do the outputs differ from "
    "digit to digit (variance above 1)?",
    ["none", "one", "two", "three or four"],
)
which_rate

# %%
mean_image = data.x_train.mean(dim=0)
mean_error = (data.x_test - mean_image).square().sum(dim=1).mean().item()
rates = [0.001, 0.01, 0.03, 0.1]
stuck = {rate: network(nn.Sigmoid, old_start) for rate in rates}
for rate, model in stuck.items():
    train(model, sgd(model, rate))
by_rate = {rate: judge(model) for rate, model in stuck.items()}

# %% tags=["figure"]
print(f"always the mean image: error {mean_error:.1f}, variance 0")
print(f"the digits themselves: variance {data.x_test.var(dim=0).sum():.1f}")
for rate, (error, variance) in by_rate.items():
    print(f"rate {rate:5}: error {error:.1f}, variance {variance:.3f}")
moving = sum(variance > 1 for _, variance in by_rate.values())
which_rate.reveal(["none", "one", "two", "three or four", "three or four"][moving])

# %% [markdown]
# Move the slider over the rates.

# %% tags=["figure"]
shown = torch.cat([data.x_test[data.y_test == digit][:1] for digit in range(10)])
frames, captions = [], []
for rate, model in stuck.items():
    with torch.no_grad():
        rows = {"digit": shown, f"rebuilt, rate {rate}": model(shown).sigmoid()}
    frames.append(plotting.image_grid(rows))
    error, variance = by_rate[rate]
    captions.append(f"rate {rate}: error {error:.1f}, variance {variance:.2f}")
FramePlayer(frames, captions, label="rate", interval=1500)

# %% [markdown]
# At most rates: one grey blot for all, the mean image. At one rate it begins to move, slowly. Give that one four epochs more: the trick below costs about as much.

# %%
best_rate = min(rates, key=lambda rate: by_rate[rate][0])
longer = network(nn.Sigmoid, old_start)
longer_error, _ = judge(train(longer, sgd(longer, best_rate), epochs=10))
print(f"rate {best_rate}, 10 epochs: error {longer_error:.1f}")

# %% [markdown]
# ## 2 · Where does the picture get lost?
#
# Look at networks that are *not yet trained*. Send the held-out digits through, and ask at each layer: how much does a unit differ from one digit to the next? Then send the gradient back, and ask how much of it reaches each layer's weights.


# %%
def through(model):  # spread between digits, layer by layer; gradient on the weights
    x, spreads = data.x_test, []
    for part in model:
        x = part(x)
        if not isinstance(part, nn.Linear):
            spreads.append(x.std(dim=0).mean().item())
    loss_of(model, data.x_test).backward()
    linear = [part for part in model if isinstance(part, nn.Linear)]
    return spreads, [part.weight.grad.norm().item() for part in linear]


def he_start(inputs):
    return (2 / inputs) ** 0.5


starts = {
    "sigmoid, 0.1": network(nn.Sigmoid, old_start),
    "GELU, 0.1": network(nn.GELU, old_start),
    "GELU, √(2/inputs)": network(nn.GELU, he_start),
}
lost = {name: through(model) for name, model in starts.items()}
kept = {name: spreads[-1] / spreads[0] for name, (spreads, _) in lost.items()}

# %% tags=["figure"]
figure, (left, right) = plt.subplots(1, 2, figsize=(13, 4.6), layout="constrained")
for name, (spreads, gradients) in lost.items():
    left.plot([1, 2, 3, 5, 6, 7], spreads, "o-", label=name)
    right.plot(range(1, 9), gradients, "o-", label=name)
left.set(xlabel="layer", yscale="log", ylabel="spread between digits", title="forward")
right.set(xlabel="layer", yscale="log", ylabel="norm of the gradient", title="backward")
left.legend()
plt.show()
for name, (_, gradients) in lost.items():
    print(
        f"{name:17}: gradient, last layer over first {gradients[-1] / gradients[0]:.1f}"
    )

# %%
claim(
    "C04a",
    "Through sigmoids from small random weights the digits' differences die: spread in "
    "the last hidden layer over that in the first",
    kept["sigmoid, 0.1"],
    kind="experiment",
    at_most=0.01,
    control=("GELU from the same start", kept["GELU, 0.1"]),
)

# %% [markdown]
# A sigmoid's slope is at most ¼. Each sigmoid layer after the first passes on less than half of the differences; after six of them all digits look the same, so the last layer can only learn what they have in common: the mean image. Backward the same slopes apply, and the gradient **vanishes**: the first layer gets a thousandth of the last one's, or less. (With GELU both curves are far flatter. More about that in section 6.)
#
# ## 3 · A machine of one layer
#
# Hinton's way out: train one layer at a time, each with a goal of its own. His goal was a **restricted Boltzmann machine** (RBM). It gives each pair of a visible vector $v$ and a hidden vector $h$, both of zeros and ones, an **energy**
#
# $$E(v,h)=-v^\top b-h^\top c-v^\top W h,\qquad P(v,h)=\frac{e^{-E(v,h)}}{Z},$$
#
# with weights $W$, biases $b$ and $c$, and $Z$, the **partition function**, the sum of $e^{-E}$ over *all* pairs. "Restricted": no weight joins two visible units or two hidden ones. So, given $v$, the hidden units are independent: $P(h_j=1\mid v)=\sigma(c_j+\sum_i v_iW_{ij})$; likewise $P(v_i=1\mid h)=\sigma(b_i+\sum_j W_{ij}h_j)$, with $\sigma$ the sigmoid.
#
# Take four visible and three hidden units. Then $Z$ has 128 terms, and everything can be computed.


# %%
def states(n):
    return torch.tensor(list(itertools.product([0.0, 1.0], repeat=n))).double()


visible, hidden = states(4), states(3)  # 16 × 4, 8 × 3


def energy(W, b, c):  # 16 × 8: of every pair
    return -(visible @ b)[:, None] - hidden @ c - visible @ W @ hidden.T


def log_p(W, b, c):  # 16: of every v, summed over h
    unnormalised = torch.logsumexp(-energy(W, b, c), dim=1)
    return unnormalised - torch.logsumexp(unnormalised, dim=0)


# %% [markdown]
# The data: three patterns, 0011, 1100 and 1111, a third each. The gradient of their mean $\log P(v)$ has two parts:
#
# $$\frac{\partial}{\partial W_{ij}}\,\mathbb E_{\text{data}}[\log P(v)]=\underbrace{\mathbb E_{\text{data}}[v_ih_j]}_{\text{positive phase}}-\underbrace{\mathbb E_{\text{model}}[v_ih_j]}_{\text{negative phase}},$$
#
# where $\mathbb E$ is the mean over $v$ from the data, or from the model's $P(v)$; $h$ is drawn from $P(h\mid v)$ in both. Positive phase: lower the energy of what is seen. Negative phase: raise the energy of what the model dreams of. They cancel when dreams look like data. Check it against PyTorch's autograd.


# %%
def phase(p, W, c):  # E[v hᵀ] with v from p
    return (p[:, None] * visible).T @ (visible @ W + c).sigmoid()


p_data = torch.zeros(16).double()
p_data[[0b0011, 0b1100, 0b1111]] = 1 / 3


def exact_gradient(W, b, c):
    return phase(p_data, W, c) - phase(log_p(W, b, c).exp(), W, c)


W, b, c = (torch.randn(*shape).double() for shape in ((4, 3), (4,), (3,)))
W.requires_grad_()
(p_data @ log_p(W, b, c)).backward()
autograd, W = W.grad, W.detach()

# %%
claim(
    "C04b",
    "The gradient of log P is the positive phase minus the negative: largest difference "
    "from autograd",
    (exact_gradient(W, b, c) - autograd).abs().max(),
    kind="identity",
    at_most=1e-12,
    control=("the positive phase alone", (phase(p_data, W, c) - autograd).abs().max()),
)

# %% [markdown]
# ## 4 · Contrastive divergence
#
# With 784 visible and 400 hidden units $Z$ has $2^{1184}$ terms: the negative phase is out of reach. **Gibbs sampling** would get there: draw $h$ given $v$, then $v$ given $h$, and again, until data are forgotten and only the model's dreams are left. Hinton (2002): start at a *data* vector, do it once, and stop. That is **CD-1**. One step, by hand:

# %%
v0 = visible[0b1100]
p_h0 = (v0 @ W + c).sigmoid()
h0 = torch.bernoulli(p_h0)
p_v1 = (W @ h0 + b).sigmoid()
v1 = torch.bernoulli(p_v1)
p_h1 = (v1 @ W + c).sigmoid()
change = torch.outer(v0, p_h0) - torch.outer(v1, p_h1)

# %% tags=["figure"]
steps = {"v0, data": v0, "P(h = 1 | v0)": p_h0, "h0, drawn": h0}
steps |= {"P(v = 1 | h0)": p_v1, "v1, drawn": v1, "P(h = 1 | v1)": p_h1}
for name, values in steps.items():
    print(f"{name:14}", *(f"{value:5.2f}" for value in values))
print("change of W for this one draw, and the exact gradient over all data")
for mine, theirs in zip(change, exact_gradient(W, b, c)):
    print(*(f"{value:6.2f}" for value in mine), "  |", *(f"{v:6.2f}" for v in theirs))

# %% [markdown]
# One draw is noise. What is CD-1 *on average*? In our tiny machine one Gibbs step is a 16 × 16 matrix of $P(\text{next }v\mid v)$; after $k$ steps the data's distribution is multiplied by it $k$ times. So compare CD-$k$'s expected direction with the exact one, without any sampling: the cosine of the angle between them, for 100 random machines with weights of three sizes. **Predict first.**


# %%
def gibbs_step(W, b, c):  # 16 × 16
    p_h, p_v = (visible @ W + c).sigmoid(), (hidden @ W.T + b).sigmoid()
    to_h = torch.where(hidden > 0, p_h[:, None], 1 - p_h[:, None]).prod(dim=2)
    to_v = torch.where(visible > 0, p_v[:, None], 1 - p_v[:, None]).prod(dim=2)
    return to_h @ to_v


def cosines(W, b, c, most=10):  # of CD-1 … CD-most with the exact gradient
    exact, positive = exact_gradient(W, b, c), phase(p_data, W, c)
    p, step, found = p_data, gibbs_step(W, b, c), []
    for _ in range(most):
        p = p @ step
        cd = positive - phase(p, W, c)
        found.append((cd * exact).sum() / cd.norm() / exact.norm())
    return torch.stack(found)


def random_machine(size):  # biases so that a unit is undecided on average
    W = size * torch.randn(4, 3).double()
    return W, -W.sum(dim=1) / 2, -W.sum(dim=0) / 2


# %% tags=["figure"]
when_wrong = Prediction(
    "Where does CD-1's direction deviate most from the exact one?",
    ["small weights: a fresh machine", "large weights: a trained one", "alike for all"],
)
when_wrong

# %%
sizes = [0.1, 1.0, 4.0]  # standard deviation of the weights
angles = {
    size: torch.stack([cosines(*random_machine(size)) for _ in range(100)])
    for size in sizes
}
median = {size: values.median(dim=0).values for size, values in angles.items()}

# %% tags=["figure"]
last = min(sizes, key=lambda size: median[size][0])
alike = max(m[0] for m in median.values()) - min(m[0] for m in median.values()) < 0.02
answer = when_wrong.options[1] if last == 4.0 else when_wrong.options[0]
when_wrong.reveal("alike for all" if alike else answer)

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(9, 4.2))
for size, values in angles.items():
    low, high = values.quantile(torch.tensor([0.1, 0.9]).double(), dim=0)
    ax.plot(range(1, 11), median[size], "o-", label=f"weights of size {size:g}")
    ax.fill_between(range(1, 11), low, high, alpha=0.25)
ax.set(xlabel="Gibbs steps k", ylabel="cosine with the exact gradient", ylim=(None, 1.02))
ax.legend(title="median and 10 to 90 % of 100 machines")
plt.show()
for size in sizes:
    with torch.random.fork_rng():  # the draws below stay as they are
        others = [gibbs_step(*random_machine(size)) for _ in range(100)]
    stays = torch.stack([p_data @ step.diag() for step in others]).mean()
    print(
        f"weights of size {size:3}: a data vector is left as it was, chance {stays:.2f}"
    )

# %%
claim(
    "C04c",
    "With weights of size 1 one Gibbs step already points the right way: median cosine",
    median[1.0][0],
    kind="experiment",
    at_least=0.97,
    control=("weights of size 4", median[4.0][0]),
)
claim(
    "C04d",
    "More steps repair it: median cosine of CD-10, weights of size 4",
    median[4.0][9],
    kind="experiment",
    at_least=0.93,
    control=("CD-1", median[4.0][0]),
)

# %% [markdown]
# Large weights keep a chain near its start: more often, one step changes nothing. CD-1 is good in a fresh machine, whose weights are small; and a *start* is all that we want.
#
# ## 5 · The rescue
#
# On digits: a pixel's grey is taken as its probability. Train the first RBM on the images; its hidden probabilities are the data of the second; and so on: **greedy, layer by layer**. The top one has linear hidden units with Gaussian noise, for the linear code, and smaller steps.


# %%
def contrastive_divergence(v, units, gaussian=False, epochs=4):
    rate = 0.01 if gaussian else 0.1
    W = 0.1 * torch.randn(v.shape[1], units, device=device)
    b, c = (torch.zeros(n, device=device) for n in W.shape)
    steps = [torch.zeros_like(part) for part in (W, b, c)]

    def up(v):
        return v @ W + c if gaussian else (v @ W + c).sigmoid()

    for epoch in range(epochs):
        for indices in torch.randperm(len(v)).to(device).split(100):
            v0 = v[indices]
            h0 = up(v0)
            h = h0 + torch.randn_like(h0) if gaussian else torch.bernoulli(h0)
            v1 = (h @ W.T + b).sigmoid()  # not drawn: greys again, and less noise
            h1 = up(v1)
            dW = (v0.T @ h0 - v1.T @ h1) / len(v0)  # positive minus negative phase
            gradients = dW, (v0 - v1).mean(dim=0), (h0 - h1).mean(dim=0)
            for part, step, gradient in zip((W, b, c), steps, gradients):
                step.mul_(0.5 if epoch < 2 else 0.9).add_(rate * gradient)  # momentum
                part.add_(step)
    return (W, b, c), up(v)


# %%
v, machines = data.x_train, []
for units in tqdm((400, 200, 100, 30)):
    machine, v = contrastive_divergence(v, units, gaussian=units == 30)
    machines.append(machine)

# %% [markdown]
# **Unroll** the stack: encoder weights $W_1$ to $W_4$, decoder weights the same ones transposed, in reverse. Then train all layers together (**fine-tuning**), the same six epochs, at the rate at which the random start did best.
#
# And a rival to ask *what* rescues: the same weights, **shuffled** within each layer. Their sizes, their spread and all biases are the RBMs'; only the arrangement is lost. **Predict first.**


# %%
def unrolled(machines):
    model = network(nn.Sigmoid, old_start)
    linear = [part for part in model if isinstance(part, nn.Linear)]
    with torch.no_grad():
        for layer, (W, b, c) in enumerate(machines):
            linear[layer].weight.copy_(W.T)
            linear[layer].bias.copy_(c)
            linear[7 - layer].weight.copy_(W)
            linear[7 - layer].bias.copy_(b)
    return model


def shuffle(W):
    order = torch.randperm(W.numel()).to(device)
    return W.flatten()[order].view_as(W)


# %% tags=["figure"]
what_rescues = Prediction(
    "Where does the start from shuffled RBM weights end?",
    ["as good as RBMs", "half-way", "hardly better than random"],
)
what_rescues

# %%
rescued = unrolled(machines)
shuffled = unrolled([(shuffle(W), *bc) for W, *bc in machines])
before, _ = judge(rescued)
error_of = {"random": by_rate[best_rate][0], "random, 10 epochs": longer_error}
for name, model in (("RBMs", rescued), ("RBMs, shuffled", shuffled)):
    error_of[name], _ = judge(train(model, sgd(model, best_rate)))

# %% tags=["figure"]
print(f"RBMs, before any training together: error {before:.1f}")
for name, error in error_of.items():
    print(f"{name:17}: error {error:.1f}")
gap = error_of["random"] - error_of["RBMs"]
share = (error_of["random"] - error_of["RBMs, shuffled"]) / gap
what_rescues.reveal(what_rescues.options[0 if share > 0.8 else 1 if share > 0.3 else 2])

# %%
claim(
    "C04e",
    "From RBMs the old recipe works: held-out error",
    error_of["RBMs"],
    kind="experiment",
    at_most=20,
    control=("the same weights, shuffled", error_of["RBMs, shuffled"]),
)

# %% tags=["figure"]
filters = machines[0][0].T[:10]
filters = 0.5 + filters / filters.abs().amax(dim=1, keepdim=True) / 2
with torch.no_grad():
    pictures = {
        "10 of the first RBM's 400 filters": filters,
        "digit": shown,
        "random start, rate 0.01": stuck[0.01](shown).sigmoid(),
        "random start, best rate": stuck[best_rate](shown).sigmoid(),
        "RBMs, shuffled": shuffled(shown).sigmoid(),
        "RBMs": rescued(shown).sigmoid(),
    }
plotting.image_grid(pictures)

# %% [markdown]
# The lecture is right about 2006. (A filter is a column of $W$: dark raises the unit, light lowers it, grey leaves it alone.)
#
# ## 6 · And today?
#
# Three things changed since. The **activation**: GELU (a smooth ReLU) for the sigmoid. The **start**: a standard deviation of $\sqrt{2/\text{inputs}}$ (He et al. 2015), made so that signals neither shrink nor blow up in a ReLU's layers. For a sigmoid the like is $4/\sqrt{\text{inputs}}$ (its slope is ¼), with biases that centre each unit. The **optimiser**: Adam in place of SGD. What does each bring, *alone*, and what does it cost to take *one* back from today's recipe? Eight recipes, no RBM, six epochs each. **Predict first.**

# %% tags=["figure"]
alone = Prediction(
    "Change one thing in the recipe of 2006. Which brings the error down most?",
    ["the activation", "the start", "the optimiser"],
)
alone


# %%
def fitted(activation):  # a start that suits its activation
    if activation is nn.GELU:
        return network(nn.GELU, he_start)
    model = network(nn.Sigmoid, lambda inputs: 4 / inputs**0.5)
    linear = [part for part in model if isinstance(part, nn.Linear)]
    for layer in (1, 2, 3, 5, 6, 7):  # their inputs are sigmoids, about ½ on average
        linear[layer].bias.data = -linear[layer].weight.data.sum(dim=1) / 2
    return model


sgd_rates = {(nn.Sigmoid, "old"): best_rate, (nn.Sigmoid, "fitted"): 0.003}
sgd_rates |= {(nn.GELU, start): 0.002 for start in ("old", "fitted")}  # 0.01 blows up


def trained(activation, start, optimiser):
    old = start == "old"
    model = network(activation, old_start) if old else fitted(activation)
    rate = sgd_rates[activation, start]
    adam = torch.optim.Adam(model.parameters(), 3e-3)
    return train(model, adam if optimiser == "Adam" else sgd(model, rate))


# %%
choices = itertools.product((nn.Sigmoid, nn.GELU), ("old", "fitted"), ("SGD", "Adam"))
networks = {chosen: trained(*chosen) for chosen in tqdm(list(choices)[1:])}
table = {chosen: judge(model)[0] for chosen, model in networks.items()}
table[nn.Sigmoid, "old", "SGD"] = error_of["random"]
old_recipe, today = (nn.Sigmoid, "old", "SGD"), (nn.GELU, "fitted", "Adam")


def change_one(recipe, other):  # the activation, the start or the optimiser
    names = "the activation", "the start", "the optimiser"
    return {n: (*recipe[:i], other[i], *recipe[i + 1 :]) for i, n in enumerate(names)}


one_new, one_back = change_one(old_recipe, today), change_one(today, old_recipe)

# %% tags=["figure"]
print(f"2006: {table[old_recipe]:.1f}; from RBMs: {error_of['RBMs']:.1f}", end="; ")
print(f"today's, no RBM: {table[today]:.1f}")
for name, chosen in one_new.items():
    print(f"{name:15} alone: {table[chosen]:4.1f}", end="; ")
    print(f"taken back from today's: {table[one_back[name]]:4.1f}")
alone.reveal(min(one_new, key=lambda name: table[one_new[name]]))

# %% tags=["figure"]
figure, ax = plt.subplots(figsize=(11, 4.6), layout="constrained")
order = sorted(table, key=table.get, reverse=True)
names = [
    f"{'GELU' if chosen[0] is nn.GELU else 'sigmoid'}, {chosen[1]} start, {chosen[2]}"
    for chosen in order
]
colours = [plotting.COLOURS[6 if chosen[0] is nn.GELU else 0] for chosen in order]
bars = ax.barh(names, [table[chosen] for chosen in order], color=colours)
ax.bar_label(bars, fmt="%.1f", padding=4)
ax.axvline(error_of["RBMs"], color=plotting.INK, ls="--", label="2006, from RBMs")
ax.legend(loc="upper right")
ax.set(xlabel="held-out squared error after six epochs", xlim=(0, 58))
ax.grid(False)
plt.show()

# %%
claim(
    "C04f",
    "Tuning the rate does not save random sigmoids: their best error, also of ten "
    "epochs, over that from RBMs",
    min(error_of["random"], longer_error) / error_of["RBMs"],
    kind="experiment",
    at_least=2,
    control=("GELU", table[one_new["the activation"]] / error_of["RBMs"]),
)
claim(
    "C04g",
    "The activation alone frees the recipe of 2006: held-out error, old start, SGD",
    table[one_new["the activation"]],
    kind="experiment",
    at_most=28,
    control=("the optimiser alone", table[one_new["the optimiser"]]),
)
claim(
    "C04h",
    "Today's recipe needs no RBM: its error over that from RBMs",
    table[today] / error_of["RBMs"],
    kind="experiment",
    at_most=1.35,
    control=("with sigmoids", table[one_back["the activation"]] / error_of["RBMs"]),
)

# %% [markdown]
# With six epochs today's recipe and the rescued one of 2006 come out about even: the RBMs were no bad start. They have just become needless. The activation does most of it, alone or taken back. The start matters for sigmoids, where it and Adam gain far more together than each alone; for GELU the old 0.1 happens to lie amid the values of $\sqrt{2/\text{inputs}}$ for these widths. That does not make a start unimportant: PyTorch's own default for a linear layer is smaller by a factor of $\sqrt6$ than He's. Try it.


# %%
def default_start(inputs):  # the spread of PyTorch's default, uniform within ±1/√inputs
    return (1 / (3 * inputs)) ** 0.5


model = network(nn.GELU, default_start)
optimizer = torch.optim.Adam(model.parameters(), 3e-3)
default_error, _ = judge(train(model, optimizer))
claim(
    "C04i",
    "A start too small costs even today's recipe: error over that from He's start",
    default_error / table[today],
    kind="experiment",
    at_least=1.35,
    control=("the start of 2006", table[one_back["the start"]] / table[today]),
)

# %% tags=["figure"]
untrained = {
    "sigmoid, 0.1": network(nn.Sigmoid, old_start),
    "sigmoid, fitted": fitted(nn.Sigmoid),
    "sigmoid, RBMs": unrolled(machines),
    "GELU, PyTorch's": network(nn.GELU, default_start),
    "GELU, 0.1": network(nn.GELU, old_start),
    "GELU, He's": fitted(nn.GELU),
}
print("before training: spread between digits, last hidden layer over first")
for name, fresh in untrained.items():
    ahead = through(fresh)[0]
    print(f"{name:15} {ahead[-1] / ahead[0]:.4f}")

# %% [markdown]
# Section 2's question again: do differences between images arrive? RBMs see to it by learning, layer by layer; a well-scaled start by arithmetic (Glorot and Bengio 2010; He et al. 2015). It helps; it isn't everything: in fitted sigmoids they arrive, and the error stays high.

# %% tags=["figure", "opening"]
ladder = {
    "2006, random start": longer,
    "2006, from RBMs": rescued,
    "today, no RBM": networks[today],
}
with torch.no_grad():
    rows = {"digit": shown} | {n: model(shown).sigmoid() for n, model in ladder.items()}
plotting.image_grid(rows)

# %% [markdown]
# ## 7 · Where it breaks
#
# - **Six epochs** are few. Lesson 01b's 30 units do better with 48 epochs and shifts; no ranking here says where anything ends.
# - **Rates.** Each recipe has the best of the two to five rates that were tried on seeds 10 to 12, about 100 trainings in all, judged on the held-out images; Adam has one rate for all. A finer search may move the bars by a few units.
# - **Sigmoids are not hopeless.** With a start that suits them and Adam they learn; Martens (2010) got there with a second-order optimiser. "Needs RBMs" was true of one recipe. Their linear layers also start at $4/\sqrt{\text{inputs}}$; $1/\sqrt{\text{inputs}}$ was better with SGD, worse with Adam.
# - **Shuffled weights** no longer suit their biases. With each unit centred anew they stayed stuck, too.
# - **The tiny machines** have 16 visible states. On images nobody can compute the cosine.
# - **CD-1 is a biased estimate.** An RBM that is to *generate* well needs more steps, or chains that go on from update to update (Tieleman 2008).
#
# ## 8 · Try it
#
# 1. Give the stuck network 30 epochs at the best rate. Does it get free by itself?
# 2. How many epochs of RBM training does the rescue need? Try `epochs=1`, and 0.
# 3. In section 4 let the chain start at the uniform distribution instead of at `p_data`. Is data a good place to start?
# 4. Replace `nn.Sigmoid` by `nn.Tanh` in the old recipe. Its slope at 0 is 1. What do you expect?
#
# ## 9 · Summary

# %% tags=["figure"]
PredictionCount(which_rate, when_wrong, what_rescues, alone)

# %% [markdown]
# - Deep sigmoid networks from small random weights lose the picture on the way, and answer with little more than the mean image; in six to ten epochs no rate saves them.
# - An RBM's gradient is a positive minus a negative phase; CD-1 replaces the second by one Gibbs step from data, good while weights are small.
# - A stack of RBMs rescues the recipe of 2006: by how the weights are *arranged*, not by their size.
# - Today the activation does most; Adam helps, and a start must not be too small. No RBM is needed.
#
# **Glossary**
#
# | English | 中文 | here |
# |---|---|---|
# | restricted Boltzmann machine (RBM) | 受限玻尔兹曼机 | one visible and one hidden layer, with an energy |
# | energy | 能量 | $E(v,h)$; low energy, high probability |
# | partition function | 配分函数 | $Z$, the sum over all states |
# | positive, negative phase | 正相、负相 | $\mathbb E[vh^\top]$ under data, under the model |
# | Gibbs sampling | 吉布斯采样 | draw $h$ given $v$, $v$ given $h$, again |
# | contrastive divergence | 对比散度 | $k$ Gibbs steps from data stand for the model |
# | greedy layer-wise pre-training | 贪心逐层预训练 | one layer after another |
# | fine-tuning | 微调 | all layers together, afterwards |
# | vanishing gradient | 梯度消失 | the first layers learn nothing |
# | weight initialisation | 权重初始化 | the start |
#
# **References**
#
# - G. E. Hinton (2002), *Training products of experts by minimizing contrastive divergence*, Neural Computation 14, 1771–1800, doi:10.1162/089976602760128018.
# - G. E. Hinton and R. R. Salakhutdinov (2006), *Reducing the dimensionality of data with neural networks*, Science 313, 504–507, doi:10.1126/science.1127647.
# - G. E. Hinton, S. Osindero and Y.-W. Teh (2006), *A fast learning algorithm for deep belief nets*, Neural Computation 18, 1527–1554, doi:10.1162/neco.2006.18.7.1527 (greedy, layer by layer).
# - P. Smolensky (1986), *Information processing in dynamical systems: foundations of harmony theory*, in Parallel Distributed Processing 1, MIT Press (the RBM).
# - M. Á. Carreira-Perpiñán and G. E. Hinton (2005), *On contrastive divergence learning*, AISTATS (its bias, on machines small enough to enumerate).
# - T. Tieleman (2008), *Training restricted Boltzmann machines using approximations to the likelihood gradient*, ICML, doi:10.1145/1390156.1390290.
# - X. Glorot and Y. Bengio (2010), *Understanding the difficulty of training deep feedforward neural networks*, AISTATS.
# - J. Martens (2010), *Deep learning via Hessian-free optimization*, ICML (deep autoencoders without pre-training).
# - K. He, X. Zhang, S. Ren and J. Sun (2015), *Delving deep into rectifiers: surpassing human-level performance on ImageNet classification*, ICCV, arXiv:1502.01852.
# - D. P. Kingma and J. Ba (2015), *Adam: a method for stochastic optimization*, ICLR, arXiv:1412.6980.
# - D. Hendrycks and K. Gimpel (2016), *Gaussian error linear units (GELUs)*, arXiv:1606.08415.
