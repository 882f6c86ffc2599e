"""Sounds that a few lines synthesise: a loop that hands on what it said a moment ago, straight or bent."""

from collections.abc import Callable

import numpy as np
import torch

from lessons_lib.arrays import as_finite, as_number, as_whole

RATE = 8000  # samples a second (hertz)
PERIODS = 10, 400  # samples: pitches from 20 to 760 Hz
BENDS = 1.5, 1.99  # of the growl: chaos that goes on for ever, and stays within -1 to 1


def plucked_string(period: int, notes: int, samples: int = 4800, seed: int = 0) -> torch.Tensor:
    """Pluck a string several times: each note at another place and with another strength.

    A triangle of period + 1 samples, then x[n] = ½ x[n - period] + ½ x[n - period - 1].

    Parameters
    ----------
    period : int
        Samples that the loop is long, 10 to 400; the pitch is RATE / (period + ½) hertz.
    notes, samples, seed : int
        How many notes, and how many samples each has, at 8,000 a second.

    Returns
    -------
    torch.Tensor
        Shape (notes, samples), float32, from -1 to 1.

    Raises
    ------
    ValueError
        If an argument is no whole number, or outside its limits.

    Notes
    -----
    K. Karplus and A. Strong (1983), Digital synthesis of plucked-string and drum timbres, Computer Music Journal
    7(2), 43-55; doi:10.2307/3680062. Theirs starts with noise.
    """
    period, notes = as_whole("period", period, *PERIODS), as_whole("notes", notes)
    samples, seed = as_whole("samples", samples), as_whole("seed", seed, 0)
    generator = np.random.default_rng(seed)
    place, strength = generator.uniform(0.1, 0.5, (notes, 1)), generator.uniform(0.6, 0.9, (notes, 1))
    along = np.arange(period + 1) / (period + 1)
    triangle = np.minimum(along / place, (1 - along) / (1 - place))
    triangle -= triangle.mean(axis=1, keepdims=True)  # no constant part, which would never die away
    start = strength * triangle / np.abs(triangle).max(axis=1, keepdims=True)
    return _loop(start, samples, lambda mean: mean)


def growl(notes: int, samples: int = 4800, period: int = 20, bend: float = 1.7, seed: int = 0) -> torch.Tensor:
    """Make a growl: the string's loop, but with a bend in it, so that it never settles.

    With u the mean of the samples `period` and `period` + 1 ago, x[n] = 1 - bend · u².

    Parameters
    ----------
    notes : int
        How many recordings; each starts from noise, and its first 4,000 samples are left out.
    samples : int
        Of each recording, at 8,000 a second.
    period : int
        Samples that the loop is long, 10 to 400; the pitch is close to RATE / (2 · period + 1) hertz.
    bend : float
        Strength of the bend, 1.5 to 1.99: the larger, the hoarser.
    seed : int
        A whole number of 0 or more.

    Returns
    -------
    torch.Tensor
        Shape (notes, samples), float32, from -1 to 1.

    Raises
    ------
    ValueError
        If an argument is no number of its kind, or outside its limits.
    """
    period, notes = as_whole("period", period, *PERIODS), as_whole("notes", notes)
    samples, seed, bend = as_whole("samples", samples), as_whole("seed", seed, 0), as_number("bend", bend)
    if not BENDS[0] <= bend <= BENDS[1]:
        raise ValueError(f"bend is {bend!r}; it must lie from {BENDS[0]} to {BENDS[1]}.")
    start = np.random.default_rng(seed).uniform(-0.5, 1, (notes, period + 1))
    settled = 4000
    return _loop(start, settled + samples, lambda mean: 1 - bend * mean**2)[:, settled:]


def _loop(start: np.ndarray, samples: int, hand_on: Callable[[np.ndarray], np.ndarray]) -> torch.Tensor:
    """Return samples of which each is made from the mean of the two that were said one round ago."""
    notes, length = start.shape
    x = np.empty((samples + length, notes))  # time first: each step reads and writes whole rows
    x[:length] = start.T
    for n in range(length, samples):
        x[n] = hand_on(0.5 * (x[n - length + 1] + x[n - length]))
    return torch.from_numpy(x[:samples].T.astype(np.float32))


def measured_pitch(sound: object, lowest: float = 80.0, highest: float = 500.0, rate: int = RATE) -> float:
    """Return the pitch of a sound in hertz: one over the shortest lag at which it is most like itself.

    Parameters
    ----------
    sound : array_like
        Shape (n,): at least two periods of the lowest pitch.
    lowest, highest : float
        Where to look, in hertz; at least two samples a period.
    rate : int
        Samples a second.

    Returns
    -------
    float
        Hertz; not a number if the sound is silent or no lag stands out.

    Raises
    ------
    ValueError
        If the sound is no row of numbers or too short, or the limits are in the wrong order.

    Notes
    -----
    Among the peaks of the normalised autocorrelation that come within a tenth of the highest one the first is
    taken, or every sound would have the pitch of an octave below; a parabola through its neighbours finds
    the place between samples.
    """
    x = as_finite("sound", sound)
    rate = as_whole("rate", rate)
    lowest, highest = as_number("lowest", lowest), as_number("highest", highest)
    if not 0 < lowest < highest <= rate / 2:
        raise ValueError(f"lowest is {lowest:g} and highest {highest:g}; wanted: 0 < lowest < highest ≤ {rate / 2:g}.")
    first, last = int(rate / highest), int(np.ceil(rate / lowest))
    if x.ndim != 1 or len(x) < 2 * last:
        raise ValueError(f"sound has shape {x.shape}; it must be (n,), with at least {2 * last} samples.")
    x = x - x.mean()
    likeness = np.zeros(last + 2)
    for lag in range(max(1, first - 1), last + 2):
        ahead, behind = x[lag:], x[:-lag]
        size = np.sqrt((ahead @ ahead) * (behind @ behind))
        likeness[lag] = ahead @ behind / size if size else 0
    lags = np.arange(max(2, first), last + 1)
    here, before, after = likeness[lags], likeness[lags - 1], likeness[lags + 1]
    is_peak = (here > 0) & (here >= before) & (here >= after)
    if not is_peak.any():
        return float("nan")
    peak = np.flatnonzero(is_peak & (here >= 0.9 * here[is_peak].max()))[0]
    curvature = before[peak] - 2 * here[peak] + after[peak]
    shift = 0.5 * (before[peak] - after[peak]) / curvature if curvature else 0
    return float(rate / (lags[peak] + shift))
