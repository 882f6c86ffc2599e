"""Training two small networks, number for number as gan_training.js does, in PyTorch."""

import functools
import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from lessons_lib.datasets.one_dimension import quantile, quantiles
from lessons_lib.models import generated_density
from lessons_lib.widgets.noise import random_bits

SIZES = (1, 16, 16, 1)
BATCH = 64
PENALTY = 10.0  # weight of the penalty on slopes of D steeper than 1
LOSSES = ("non-saturating", "saturating", "Wasserstein")
_table = functools.cache(quantiles)  # a training draws from it at each step


@dataclass(frozen=True)
class Settings:
    """What a round is trained with.

    Attributes
    ----------
    real : str
        One of ``lessons_lib.datasets.DENSITIES``.
    loss : str
        One of ``LOSSES``.
    steps : int
        Of the discriminator, in a round.
    rate_d, rate_g : float
        Adam's learning rates.
    beta1 : float
        Adam's memory of past gradients, from 0 to below 1.
    """

    real: str = "one bump"
    loss: str = "non-saturating"
    steps: int = 1
    rate_d: float = 0.005
    rate_g: float = 0.005
    beta1: float = 0.5


class Training:
    """A generator G and a discriminator D, and the state of their training.

    Parameters
    ----------
    seed : int
        Of the weights at the start, as PyTorch draws a linear layer's, and of all numbers drawn later.

    Attributes
    ----------
    D, G : nn.Sequential
        1-16-16-1 with tanh, float64.
    """

    def __init__(self, seed: int = 0) -> None:
        self.seed, self.drawn = seed, 0
        with torch.random.fork_rng(devices=[]):
            self.D, self.G = self._network(), self._network()
        self._adam = {network: torch.optim.Adam(network.parameters()) for network in (self.D, self.G)}

    def _network(self) -> nn.Sequential:
        layers = []
        for inputs, outputs in zip(SIZES, SIZES[1:], strict=False):
            layer = nn.Linear(inputs, outputs, dtype=torch.float64)
            for parameter in layer.parameters():
                values = (2 * self.uniform(parameter.numel()) - 1) / math.sqrt(inputs)
                parameter.data = torch.from_numpy(values).view(parameter.shape)
            layers += [layer, nn.Tanh()]
        return nn.Sequential(*layers[:-1])

    def uniform(self, count: int) -> np.ndarray:
        """Return the next numbers, uniform from 0 to 1, shape (count,)."""
        bits = random_bits(self.seed, count, skip=self.drawn)
        self.drawn += count
        return (bits + 0.5) / 2**32

    def _noise(self) -> torch.Tensor:
        return torch.from_numpy(2 * self.uniform(BATCH) - 1)[:, None]

    def discriminator_step(self, settings: Settings) -> float:
        """Train D on 64 real and 64 generated numbers; return its loss."""
        real = torch.from_numpy(quantile(_table(settings.real), self.uniform(BATCH)))[:, None]
        generated = self.G(self._noise()).detach()
        share = torch.from_numpy(self.uniform(BATCH))[:, None]
        if settings.loss == "Wasserstein":
            between = (share * real + (1 - share) * generated).requires_grad_()
            (slope,) = torch.autograd.grad(self.D(between).sum(), between, create_graph=True)
            too_steep = (slope.abs() - 1).clamp(min=0)
            loss = self.D(generated).mean() - self.D(real).mean() + PENALTY * (too_steep**2).mean()
        else:
            loss = functional.softplus(-self.D(real)).mean() + functional.softplus(self.D(generated)).mean()
        self._step(self.D, loss, settings.rate_d, settings.beta1)
        return loss.item()

    def generator_step(self, settings: Settings) -> float:
        """Train G through D; return how much its numbers are pulled, the mean of |d loss / d generated|."""
        generated = self.G(self._noise())
        value = self.D(generated)
        loss = {
            "saturating": -functional.softplus(value),
            "non-saturating": functional.softplus(-value),
            "Wasserstein": -value,
        }[settings.loss].mean()
        (pull,) = torch.autograd.grad(loss, generated, retain_graph=True)
        self._step(self.G, loss, settings.rate_g, settings.beta1)
        return pull.abs().sum().item()

    def round(self, settings: Settings) -> dict[str, float]:
        """Train D for ``settings.steps`` steps, then G for one; return "value" and "pull"."""
        losses = [self.discriminator_step(settings) for _ in range(settings.steps)]
        return {"value": -losses[-1], "pull": self.generator_step(settings)}

    def _step(self, network: nn.Sequential, loss: torch.Tensor, rate: float, beta1: float) -> None:
        adam = self._adam[network]
        adam.param_groups[0].update(lr=rate, betas=(beta1, 0.999))
        adam.zero_grad()
        loss.backward(inputs=list(network.parameters()))
        adam.step()

    @torch.no_grad()
    def generated(self, z: np.ndarray) -> np.ndarray:
        """Return G(z), shape (n,)."""
        return self.G(torch.from_numpy(z)[:, None])[:, 0].numpy()

    @torch.no_grad()
    def judged(self, x: np.ndarray) -> np.ndarray:
        """Return D's logit, or the critic's value, at each x, shape (n,)."""
        return self.D(torch.from_numpy(x)[:, None])[:, 0].numpy()


def distance(generated: np.ndarray, real: str) -> float:
    """Return the Wasserstein-1 distance of G's numbers, for evenly spaced z, from the real distribution."""
    shares = (np.arange(len(generated)) + 0.5) / len(generated)
    return float(np.abs(np.sort(generated) - quantile(_table(real), shares)).mean())


def density(generated: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Return the density of G's numbers on bins, of ``generated``, G(z) for evenly spaced z, ends included."""
    return generated_density(torch.from_numpy(generated), torch.from_numpy(edges)).numpy()
