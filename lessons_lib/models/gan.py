"""Many games of a generator and a discriminator of one number, played at once; lessons 09a and 09b write them out."""

import copy

import torch
from torch.nn import functional
from tqdm.auto import tqdm

from lessons_lib.models.many_networks import ManyNetworks


def generated_density(x: torch.Tensor, edges: torch.Tensor) -> torch.Tensor:
    """Return the density of generated numbers in the bins between ``edges``.

    ``x``, shape (n,), holds G(z) for evenly spaced z, ends included. Each piece of z spreads its share evenly over
    the piece of x that it maps to: the change of variables, summed over all branches where G folds.
    """
    low, high = torch.minimum(x[:-1], x[1:]), torch.maximum(x[:-1], x[1:])
    high = torch.maximum(high, low + 1e-6)
    below = ((edges[:, None] - low) / (high - low)).clamp(0, 1)  # share of each piece
    return below.mean(1).diff() / edges.diff()


def draw_noise(*shape: int) -> torch.Tensor:
    """Return z, uniform from -1 to 1, of this shape and a last axis of length 1."""
    return 2 * torch.rand(*shape, 1) - 1


def draw_real(real: torch.Tensor, count: int = 64) -> torch.Tensor:
    """Return numbers drawn from each run's own, (runs, n), with replacement: shape (runs, count, 1)."""
    return real.gather(1, torch.randint(real.shape[1], (len(real), count)))[..., None]


@torch.no_grad()
def generate(G: ManyNetworks) -> torch.Tensor:
    """Return what each generator makes of 128 evenly spaced z from -1 to 1, shape (runs, 128)."""
    z = torch.linspace(-1, 1, 128).expand(len(G.biases[0]), -1)
    return G(z[..., None])[..., 0]


def take_step(adam: torch.optim.Optimizer, losses: torch.Tensor) -> None:
    """Take one step down each run's mean loss; ``losses`` has shape (runs, n, 1)."""
    adam.zero_grad()
    losses.mean((1, 2)).sum().backward()
    adam.step()


def play_games(
    real: torch.Tensor,
    *,
    start: tuple[ManyNetworks, ManyNetworks] | None = None,
    steps: int = 1,
    rate_g: float = 5e-3,
    beta1: float = 0.5,
    penalty: float = 0.0,
    batch: int = 64,
) -> tuple[torch.Tensor, tuple[ManyNetworks, ManyNetworks]]:
    """Play 600 rounds of a game for each row of real numbers, with the non-saturating loss.

    Parameters
    ----------
    real : torch.Tensor
        Shape (runs, n), numbers of equal share.
    start : (ManyNetworks, ManyNetworks), optional
        Discriminators and generators to start from, which stay as they are; by default new ones.
    steps : int
        Of the discriminators, in each round; the generators take one.
    rate_g, beta1 : float
        The generators' learning rate (the discriminators' is 0.005), and Adam's memory of past gradients.
    penalty : float
        γ of R₁, γ/2 times the squared slope of D's logit at real numbers (Mescheder and others 2018, equation 9).
    batch : int
        Real and generated numbers a step.

    Returns
    -------
    made : torch.Tensor
        What the generators made after each round, shape (600, runs, 128), as of :func:`generate`.
    ends : (ManyNetworks, ManyNetworks)
        Discriminators and generators after the last round.
    """
    runs, made = len(real), []
    D, G = copy.deepcopy(start) if start else (ManyNetworks(runs), ManyNetworks(runs))
    adam_d = torch.optim.Adam(D.parameters(), 5e-3, betas=(beta1, 0.999))
    adam_g = torch.optim.Adam(G.parameters(), rate_g, betas=(beta1, 0.999))
    for _ in tqdm(range(600)):
        for _ in range(steps):
            x, fake = draw_real(real, batch), G(draw_noise(runs, batch)).detach()
            logit = D(x.requires_grad_())
            losses = functional.softplus(-logit) + functional.softplus(D(fake))
            if penalty:  # on the slope of D at real numbers
                slope = torch.autograd.grad(logit.sum(), x, create_graph=True)[0]
                losses = losses + penalty / 2 * slope**2
            take_step(adam_d, losses)
        take_step(adam_g, functional.softplus(-D(G(draw_noise(runs, batch)))))
        made.append(generate(G))
    return torch.stack(made), (D, G)
