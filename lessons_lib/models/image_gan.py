"""The game of generator and discriminator on pictures; lesson 10a writes it out."""

import copy
from collections.abc import Callable

import torch
from torch import nn
from torch.nn.functional import softplus
from tqdm.auto import tqdm

noise_size = 16  # numbers of z


def draw_z(n: int) -> torch.Tensor:
    """Return z, shape (n, 16), each number from N(0, 1)."""
    return torch.randn(n, noise_size)


def generator(inputs: int = noise_size) -> nn.Sequential:
    """Return a new generator: (n, inputs) to (n, 784), pixels from 0 to 1.

    Transposed convolutions with batch norm, as in Radford, Metz and Chintala (2016), arXiv:1511.06434.
    """

    def block(inputs: int, outputs: int) -> tuple[nn.Module, ...]:
        linear = nn.Linear(inputs, outputs, bias=False)
        return linear, nn.BatchNorm1d(outputs), nn.ReLU()

    return nn.Sequential(
        *block(inputs, 192),
        *block(192, 192),
        *block(192, 16 * 7 * 7),
        nn.Unflatten(1, (16, 7, 7)),
        nn.ConvTranspose2d(16, 8, 4, stride=2, padding=1, bias=False),  # 8 × 14 × 14
        nn.BatchNorm2d(8),
        nn.ReLU(),
        nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),  # 1 × 28 × 28
        nn.Flatten(),
        nn.Sigmoid(),
    )


def discriminator(inputs: int = 784) -> nn.Sequential:
    """Return a new discriminator: (n, inputs) to (n, 1), the logit of being real."""
    return nn.Sequential(
        nn.Linear(inputs, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 256),
        nn.LeakyReLU(0.2),
        nn.Linear(256, 1),
    )


def optimiser(network: nn.Module) -> torch.optim.Optimizer:
    """Return Adam for a network's weights, without memory of past directions: β₁ = 0."""
    return torch.optim.Adam(network.parameters(), 2e-3, betas=(0.0, 0.99), fused=True)


def batch_of(x: torch.Tensor, n: int = 64) -> torch.Tensor:
    """Return n rows of x, drawn with replacement."""
    return x[torch.randint(len(x), (n,))]


def step_of_D(
    D: nn.Module, adam: torch.optim.Optimizer, x: torch.Tensor, made: torch.Tensor, penalty: float = 0.0
) -> torch.Tensor:
    """Take one step of the discriminator; the generator's weights get no gradient.

    Parameters
    ----------
    D : nn.Module
        Maps (n, d) to (n, 1), logits.
    adam : torch.optim.Optimizer
        Holds D's weights.
    x, made : torch.Tensor
        Real and generated pictures, as many of each, shape (n, d).
    penalty : float
        γ of R₁, γ/2 times the squared slope of the logit at real pictures (Mescheder and others 2018, equation 9).

    Returns
    -------
    torch.Tensor
        The loss without the penalty, in nats: mean over real plus mean over generated pictures.
    """
    D.requires_grad_(True)
    x.requires_grad_(penalty > 0)
    logit_real, logit_made = D(torch.cat([x, made.detach()])).chunk(2)
    loss = softplus(-logit_real).mean() + softplus(logit_made).mean()
    punished = loss
    if penalty:
        (slope,) = torch.autograd.grad(logit_real.sum(), x, create_graph=True)
        punished = loss + penalty / 2 * slope.square().sum(dim=1).mean()
    adam.zero_grad()
    punished.backward()
    adam.step()
    return loss.detach()


def step_of_G(D: nn.Module, adam: torch.optim.Optimizer, made: torch.Tensor, frozen: bool = True) -> torch.Tensor:
    """Take one step of the generator through a discriminator that is frozen; return the loss in nats.

    Parameters
    ----------
    D : nn.Module
    adam : torch.optim.Optimizer
        Holds the weights that may move.
    made : torch.Tensor
        Generated pictures with their graph, shape (n, d).
    frozen : bool
        False lets D's weights get gradients, too: a mistake, to be seen.
    """
    D.requires_grad_(not frozen)  # D's weights get no gradient; its input does
    loss = softplus(-D(made)).mean()
    adam.zero_grad()
    loss.backward()
    adam.step()
    return loss.detach()


class Game:
    """Two networks that take turns, and the running mean of the generator's weights.

    Goodfellow and others (2014), arXiv:1406.2661, with the non-saturating loss; the mean of weights as in Mescheder
    and others (2018), arXiv:1801.04406.

    Parameters
    ----------
    G, D : nn.Module, optional
        By default a new :func:`generator` and a new :func:`discriminator`.
    draw : callable
        ``draw(n)`` returns what G gets, n rows.

    Attributes
    ----------
    G, D : nn.Module
    mean_G : nn.Module
        In evaluation mode.
    losses : list of torch.Tensor
        Of D and G, shape (2,), one a round, in nats.
    """

    def __init__(
        self,
        G: nn.Module | None = None,
        D: nn.Module | None = None,
        draw: Callable[[int], torch.Tensor] = draw_z,
    ) -> None:
        self.G, self.D, self.draw = G or generator(), D or discriminator(), draw
        self.mean_G = copy.deepcopy(self.G).eval()
        self.adam_G, self.adam_D = optimiser(self.G), optimiser(self.D)
        self.losses = []  # of D and G, a row a round

    def play(self, real: torch.Tensor, rounds: int, penalty: float = 0.1) -> None:
        """Go on for some rounds, a step of D and one of G each.

        A stopped cell loses nothing: networks and losses stay as they are, and the game can go on.

        Parameters
        ----------
        real : torch.Tensor
            Shape (n, d), what D is shown.
        rounds : int
        penalty : float
            As of :func:`step_of_D`.
        """
        for i in tqdm(range(rounds)):
            made = self.G(self.draw(64))
            lazy = 4 * penalty if i % 4 == 0 else 0.0  # costly: not always
            loss_D = step_of_D(self.D, self.adam_D, batch_of(real), made, lazy)
            loss_G = step_of_G(self.D, self.adam_G, made)
            self.losses.append(torch.stack([loss_D, loss_G]))
            follow(self.mean_G, self.G)


@torch.no_grad()
def follow(mean_G: nn.Module, G: nn.Module, by: float = 0.01) -> None:
    """Move the weights and running statistics of ``mean_G`` by this share of the way to those of ``G``."""
    kept = mean_G.state_dict()
    for name, new in G.state_dict().items():
        if new.is_floating_point():  # weights, and batch norm's running statistics
            kept[name].lerp_(new, by)


def still(network: nn.Module) -> nn.Module:
    """Return a copy in evaluation mode, which no later round changes."""
    return copy.deepcopy(network).eval()
