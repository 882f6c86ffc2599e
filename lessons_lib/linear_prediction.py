"""The linear predictor: the next sample as a weighted sum of those before it."""

import math
from collections.abc import Iterator

import torch
from torch.nn import functional

from lessons_lib.arrays import as_finite, as_whole

SMALLEST = 1e-3  # standard deviation: half the width of the finest of 64 µ-law levels


class LinearPredictor:
    """Predict the next sample from a window of past ones by least squares, with a Gaussian around it.

    The mean is bias + Σ weights[k] · x[n - window + k]; the standard deviation is spread[0] + spread[1] · |mean|.

    Parameters
    ----------
    sounds : array_like
        Shape (notes, time): what it learns from. The first ``window`` samples of each are past only.
    window : int
        How many past samples it sees.

    Attributes
    ----------
    weights : torch.Tensor
        Shape (window,), float64, the oldest sample first.
    bias : float
    spread : tuple of float
        The standard deviation at a mean of 0, and how much it grows with the mean's size; of both signs, but the
        standard deviation is 0.001 or more.

    Raises
    ------
    ValueError
        If ``sounds`` are no rows of numbers longer than the window, or ``window`` is no whole number above 0.

    Notes
    -----
    The weights come from least squares; the spread from a second least squares, of the residuals' sizes on those of
    the means: for a Gaussian the mean size is √(2/π) standard deviations.
    """

    def __init__(self, sounds: object, window: int = 64) -> None:
        self.window = as_whole("window", window)
        sounds = self._as_sounds(sounds)
        # Recording by recording: all windows at once would take a gigabyte.
        products = sum(past.T @ past for past, _ in self._windows(sounds))
        found = torch.linalg.lstsq(products, sum(past.T @ now for past, now in self._windows(sounds)), driver="gelsd")
        self.weights, self.bias = found.solution[:-1], found.solution[-1].item()
        mean = self.means(sounds)
        size = torch.stack([torch.ones(mean.numel(), dtype=mean.dtype), mean.abs().flatten()], dim=1)
        distance = (sounds[:, self.window :] - mean).abs().flatten() * math.sqrt(math.pi / 2)
        self.spread = tuple(torch.linalg.lstsq(size, distance).solution.tolist())

    def means(self, sounds: object) -> torch.Tensor:
        """Return the prediction of each sample behind the first window, shape (notes, time - window), float64."""
        sounds = self._as_sounds(sounds)
        return torch.stack([past[:, :-1] @ self.weights + self.bias for past, _ in self._windows(sounds)])

    def nats(self, sounds: object, edges: object) -> float:
        """Return minus the mean logarithm of the probability that it gives to the level of each sample.

        ``edges``, shape (levels - 1,), rise; they part the line into levels. The floor: what is less probable
        than 10⁻⁹ counts as if it were as probable, so no sample costs more than 20.7 nats. A Gaussian that is far off
        would otherwise cost infinitely much. If it matters, as at a pluck, the mean says little of the rest.
        """
        sounds, edges = self._as_sounds(sounds), torch.from_numpy(as_finite("edges", edges))
        if edges.ndim != 1 or len(edges) == 0 or (edges.diff() <= 0).any():
            raise ValueError(f"edges has shape {tuple(edges.shape)}; it must be a row of rising numbers.")
        mean = self.means(sounds)
        deviation = self._deviation(mean)
        level = torch.bucketize(sounds[:, self.window :].contiguous(), edges)
        ends = functional.pad(functional.pad(edges, (1, 0), value=-math.inf), (0, 1), value=math.inf)
        mass = torch.special.ndtr((ends[level + 1] - mean) / deviation)
        mass -= torch.special.ndtr((ends[level] - mean) / deviation)
        return -mass.clamp(min=1e-9).log().mean().item()

    def play_on(self, sounds: object, samples: int) -> torch.Tensor:
        """Return sounds with samples drawn behind them, each clipped to -1 to 1: (notes, time + samples), float32."""
        sounds = self._as_sounds(sounds, least=0)
        notes, heard = sounds.shape
        sounds = functional.pad(sounds, (0, as_whole("samples", samples)))
        for n in range(heard, sounds.shape[1]):
            mean = sounds[:, n - self.window : n] @ self.weights + self.bias
            drawn = mean + self._deviation(mean) * torch.randn(notes, dtype=mean.dtype)
            sounds[:, n] = drawn.clamp(-1, 1)
        return sounds.float()

    def _deviation(self, mean: torch.Tensor) -> torch.Tensor:
        return (self.spread[0] + self.spread[1] * mean.abs()).clamp(min=SMALLEST)

    def _as_sounds(self, sounds: object, least: int = 1) -> torch.Tensor:
        sounds = torch.from_numpy(as_finite("sounds", sounds))
        if sounds.ndim != 2 or len(sounds) == 0 or sounds.shape[1] < self.window + least:
            shape = tuple(sounds.shape)
            raise ValueError(
                f"sounds has shape {shape}; it must be (notes, time), time at least {self.window + least}."
            )
        return sounds

    def _windows(self, sounds: torch.Tensor) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        """Yield for each recording its windows, with a 1 behind each, and the samples after them."""
        for sound in sounds:
            rows = sound.unfold(0, self.window + 1, 1)
            yield functional.pad(rows[:, :-1], (0, 1), value=1.0), rows[:, -1]
