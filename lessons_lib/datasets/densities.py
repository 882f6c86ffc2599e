"""Two-dimensional densities that are known exactly, to measure a fitted one against."""

import math
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib.arrays import as_finite, as_number, as_numbers, as_whole

# Gauss-Legendre nodes over the root of the share: the integrand is smooth there, also at the centre.
NODES, WEIGHTS = (torch.from_numpy(values) for values in np.polynomial.legendre.leggauss(1000))
ROOTS = 0.5 * (NODES + 1)
LOG_SHARES = (WEIGHTS * ROOTS).log()  # of the integral over the share: half the weight, times 2 root

PIXELS_A_UNIT = 5  # of Ink


@dataclass(frozen=True)
class Spiral:
    """Points along a spiral, each moved by a little Gaussian noise.

    A length of the spiral is drawn uniformly, then x = spiral(length) + noise · N(0, I).

    Attributes
    ----------
    turns : float
        How often the spiral winds around its centre.
    radius : float
        Of its outer end, in the unit of the coordinates.
    noise : float
        Standard deviation of the noise, in the same unit; at least a hundredth of the radius, and a
        five-hundredth of the spiral's length, for the integral to be exact.

    Raises
    ------
    ValueError
        If one of the three is no number above 0, or below its least value.
    """

    turns: float = 1.5
    radius: float = 3.0
    noise: float = 0.15

    def __post_init__(self) -> None:
        for name in ("turns", "radius", "noise"):
            object.__setattr__(self, name, as_number(name, getattr(self, name)))  # the class is frozen
        length = math.pi * self.turns * self.radius
        for name, least in [("turns", 0), ("radius", 0), ("noise", max(0.01 * self.radius, length / 500))]:
            value = getattr(self, name)
            if not (value > 0 and value >= least):
                raise ValueError(f"{name} is {value!r}; it must be above 0 and at least {least:g}.")

    def curve(self, share: torch.Tensor) -> torch.Tensor:
        """Return the point at a share (0 to 1) of the spiral's length: shape (n,) to (n, 2)."""
        if not isinstance(share, torch.Tensor):
            share = torch.from_numpy(as_numbers("share", share))
        # An Archimedean spiral's length grows with the square of the angle (but near the centre).
        angle = 2 * math.pi * self.turns * share.sqrt()
        distance = self.radius * share.sqrt()
        return torch.stack([distance * angle.cos(), distance * angle.sin()], -1)

    def sample(self, n: int, seed: int = 0) -> torch.Tensor:
        """Draw n points, shape (n, 2), float32; n and the seed are whole numbers of 0 or more."""
        n = as_whole("n", n, 0)
        generator = torch.Generator().manual_seed(as_whole("seed", seed, 0, 2**64 - 1))
        same = {"generator": generator, "dtype": torch.float32, "device": "cpu"}  # whatever the student's defaults are
        return self.curve(torch.rand(n, **same)) + self.noise * torch.randn(n, 2, **same)

    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """Return log P(x) in nats, shape (n, 2) to (n,), float64; x is any array of numbers."""
        x, centres = _as_points(x), self.curve(ROOTS.square())
        values = []
        for block in x.split(64):  # 64 × 1,000 distances at a time
            log_kernel = -0.5 * (torch.cdist(block, centres) / self.noise).square()
            values.append(torch.logsumexp(LOG_SHARES + log_kernel, 1))
        return torch.cat(values) - math.log(2 * math.pi * self.noise**2)

    def score(self, x: torch.Tensor) -> torch.Tensor:
        """Return the score, the gradient of log P(x), shape (n, 2) to (n, 2), float64; x is any array of numbers.

        It is the way from x to the mean of the spiral's points, weighted by how likely each moved to x, over noise².
        """
        x, centres = _as_points(x), self.curve(ROOTS.square())
        values = []
        for block in x.split(64):  # 64 × 1,000 weights at a time
            # ‖x − centre‖² without ‖x‖², which is the same for every centre and would cost far points their digits
            log_kernel = (block @ centres.T - 0.5 * centres.square().sum(1)) / self.noise**2
            weights = torch.softmax(LOG_SHARES + log_kernel, 1)
            values.append((weights @ centres - block) / self.noise**2)
        return torch.cat(values)


@dataclass(frozen=True, eq=False)  # pictures are not compared number by number
class Ink:
    """The ink of a picture as a density in the plane: a point falls into a pixel as often as the pixel is dark.

    Within a pixel all places are alike, so P(x) is known exactly: a flat step a pixel, and 0 where no ink is.

    Attributes
    ----------
    image : torch.Tensor
        Shape (height, width), any array of numbers of at least 0; not all 0. It is copied, to float64.

    Raises
    ------
    ValueError
        If the image is no picture, or has no ink.

    Notes
    -----
    A unit is five pixels (a digit of 28 pixels is 5.6 wide); the middle of the picture is (0, 0), and up is up.
    """

    image: torch.Tensor

    def __post_init__(self) -> None:
        image = torch.from_numpy(as_finite("image", self.image).copy())
        if image.ndim != 2 or not (image >= 0).all() or not image.sum() > 0:
            raise ValueError(
                f"image has shape {tuple(image.shape)}; it must be (height, width), of ink (numbers of 0 or more), "
                "with ink somewhere."
            )
        object.__setattr__(self, "image", image)  # the class is frozen

    def sample(self, n: int, seed: int = 0) -> torch.Tensor:
        """Draw n points, shape (n, 2), float32; n and the seed are whole numbers of 0 or more."""
        n = as_whole("n", n, 0)
        generator = torch.Generator().manual_seed(as_whole("seed", seed, 0, 2**64 - 1))
        height, width = self.image.shape
        same = {"generator": generator, "dtype": torch.float64, "device": "cpu"}  # whatever the student's defaults are
        before = self.image.flatten().cumsum(0)  # the ink up to each pixel
        pixel = torch.searchsorted(before, torch.rand(n, **same) * before[-1], right=True)
        corner = torch.stack([pixel % width, height - 1 - pixel // width], 1)
        within = 1e-4 + (1 - 2e-4) * torch.rand(n, 2, **same)  # rounded to float32, still in its pixel
        return ((corner + within - torch.tensor([width, height]) / 2) / PIXELS_A_UNIT).float()

    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """Return log P(x) in nats, shape (n, 2) to (n,), float64, −inf where no ink is; x is any array of numbers."""
        x = _as_points(x).double()
        height, width = self.image.shape
        column, up = (x * PIXELS_A_UNIT + torch.tensor([width, height]) / 2).floor().long().T
        inside = (column >= 0) & (column < width) & (up >= 0) & (up < height)
        row, column = (height - 1 - up).clamp(0, height - 1), column.clamp(0, width - 1)
        density = torch.where(inside, self.image[row, column], 0) * PIXELS_A_UNIT**2 / self.image.sum()
        return density.log()


def _as_points(x: object) -> torch.Tensor:
    x = torch.from_numpy(as_numbers("x", x))
    if x.ndim != 2 or x.shape[1] != 2:
        raise ValueError(f"x has shape {tuple(x.shape)}; it must be (n, 2).")
    return x
