"""Distributions of one number, known exactly, to measure a generator against."""

import numpy as np
from scipy import stats

from lessons_lib.arrays import as_whole, shown


class _TwoBumps:
    """Half the numbers around -1.5, half around 1.5."""

    parts = (stats.norm(-1.5, 0.35), stats.norm(1.5, 0.35))

    def pdf(self, x: np.ndarray) -> np.ndarray:
        return sum(part.pdf(x) for part in self.parts) / 2

    def ppf(self, share: np.ndarray) -> np.ndarray:
        x = np.linspace(-4, 4, 20001)
        return np.interp(share, sum(part.cdf(x) for part in self.parts) / 2, x)


# Each has pdf(x), its density, and ppf(share), the number that a share from 0 to 1 lies below, as in scipy.stats.
DENSITIES = {
    "one bump": stats.norm(1, 0.5),
    "two bumps": _TwoBumps(),
    "uniform": stats.uniform(-1, 2.5),
    "skewed": stats.gamma(2, loc=-1.2, scale=0.45),
}


def quantiles(name: str, count: int = 2048) -> np.ndarray:
    """Return numbers that stand for a distribution: each has an equal share of it.

    Drawn from by lot they are a sample, as fine as their number allows; compared in order with as many other
    numbers they give the Wasserstein-1 distance, the mean of the absolute differences.

    Parameters
    ----------
    name : str
        "one bump", "two bumps", "uniform" or "skewed": a key of ``DENSITIES``.
    count : int
        How many.

    Returns
    -------
    numpy.ndarray
        Shape (count,), float64, in rising order.

    Raises
    ------
    ValueError
        If there is no such distribution, or ``count`` is no whole number above 0.
    """
    if not isinstance(name, str) or name not in DENSITIES:
        raise ValueError(f"name is {shown(name)}; it must be one of {', '.join(map(repr, DENSITIES))}.")
    count = as_whole("count", count)
    return DENSITIES[name].ppf((np.arange(count) + 0.5) / count)


def quantile(table: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return the numbers that a share, from 0 to 1, of all numbers lies below, between a table's quantiles."""
    return np.interp(share * len(table) - 0.5, np.arange(len(table)), table)
