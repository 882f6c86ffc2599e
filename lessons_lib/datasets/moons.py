"""Moons of true phase: what is seen of a half-lit ball, where the edge of its shadow is half an ellipse."""

import numpy as np
import torch

from lessons_lib.arrays import as_finite, as_real, as_whole

RADIUS = 0.3  # of the disc, in sides of the picture
STRIPS = 16  # a pixel is cut into so many flat strips; along each its light is exact
SMALLEST_SIDE, LARGEST_SIDE = 4, 128


def moons(
    phases: torch.Tensor, places: torch.Tensor = (0.5, 0.5), *, radius: float = RADIUS, side: int = 20
) -> torch.Tensor:
    """Draw moons, a pixel being the share of it that is lit.

    Across the disc, in a row at the height y from its centre, half a chord is h = sqrt(radius² - y²) long. At the
    phase angle p it is lit from h·cos(p) to h, counted from the middle to the right: the edge of the shadow is half
    an ellipse, and of the disc's area (1 - cos p) / 2 is lit.

    Parameters
    ----------
    phases : array_like
        Shape (n,) or one number, phase angles in degrees from 0 to 360: 0 is new, 90 the half moon that is lit at
        the right, 180 full, 270 the half moon that is lit at the left. Between 90 and 180 the moon is gibbous.
    places : array_like
        Shape (n, 2), or (2,) for all: where the centre is, across and down, in sides of the picture. A disc must not
        leave the picture.
    radius : float
        Of the disc, in sides of the picture, above 0 and at most 0.5.
    side : int
        Height and width of a picture, in pixels, from 4 to 128.

    Returns
    -------
    torch.Tensor
        Shape (n, side * side), float32, from 0 (dark) to 1 (lit).

    Raises
    ------
    ValueError
        If a shape doesn't fit, a phase is none, or a disc would leave the picture.

    Examples
    --------
    >>> from lessons_lib.datasets import moons
    >>> full = moons([180])
    >>> full.shape
    torch.Size([1, 400])
    """
    side = as_whole("side", side, SMALLEST_SIDE, LARGEST_SIDE)
    radius = as_real("radius", radius, 0, above=True)
    if radius > 0.5:
        raise ValueError(f"radius is {radius:g}; it must be at most 0.5, half a side.")
    phases, places = np.atleast_1d(as_finite("phases", phases)), as_finite("places", places)
    if phases.ndim != 1:
        raise ValueError(f"phases has shape {phases.shape}; moons wants (n,), an angle a moon.")
    if ((phases < 0) | (phases > 360)).any():
        wrong = phases[(phases < 0) | (phases > 360)][0]
        raise ValueError(f"phases holds {wrong:g}; it must hold angles in degrees, from 0 to 360.")
    if places.shape not in ((2,), (len(phases), 2)):
        raise ValueError(f"places has shape {places.shape}; moons wants ({len(phases)}, 2), or (2,) for all.")
    room = 1e-9  # for rounding
    if ((places < radius - room) | (places > 1 - radius + room)).any():
        raise ValueError(
            f"places has a disc that leaves the picture; with radius {radius:g} its centre must lie "
            f"from {radius:g} to {1 - radius:g}, across and down."
        )
    places = np.broadcast_to(places, (len(phases), 2))
    # Strips lie where the disc is, so that its top and bottom are met; each pixel takes the mean of its own.
    heights = (np.arange(side * STRIPS) + 0.5) / STRIPS / side - places[:, 1:]  # n × strips
    chords = np.sqrt((radius**2 - heights**2).clip(0))
    edges = np.cos(np.radians(phases))[:, None] * chords
    waxing = (phases <= 180)[:, None]
    left, right = np.where(waxing, edges, -chords), np.where(waxing, chords, -edges)
    borders = np.arange(side + 1) / side  # of the pixels, across
    # How much of a strip is lit left of each border; between two borders lies a pixel's share.
    left, right = ((end + places[:, :1])[..., None] for end in (left, right))
    lit = np.diff(borders.clip(left, right), axis=2) * side
    pictures = lit.reshape(len(phases), side, STRIPS, side).mean(2)
    return torch.from_numpy(pictures.reshape(len(phases), side * side).astype(np.float32).clip(0, 1))
