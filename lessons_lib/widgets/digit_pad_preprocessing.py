"""MNIST's preprocessing: what is written becomes 28 by 28 pixels, exactly as digit_pad_preprocessing.js makes them.

LeCun, Bottou, Bengio and Haffner (1998), doi:10.1109/5.726791: black-and-white digits were scaled to fit a box of
20 by 20 pixels, their aspect kept, which made the edges grey, and placed in 28 by 28 by their centre of mass.
"""

import math

import numpy as np

from lessons_lib.arrays import as_finite

SIDE, BOX = 28, 20  # pixels of a picture, and of the box that a digit fills
FINE = 10  # pixels of the large canvas in one of the picture
PEN = 2.5  # the line's width in pixels of the picture
LEAST = 0.05  # of the pad's side: less is a slip of the pen
TIE = 1e-6  # rounding a half goes the same way in both languages


def picture_of(strokes: list) -> np.ndarray:
    """Return what the networks see of a written digit.

    Parameters
    ----------
    strokes : list of array_like
        Each of shape (points, 2), points from 1: x from the left and y from the top, in any unit that gives the
        pad's side as 1. Size and place on the pad change nothing: a small digit is written with a thinner line.

    Returns
    -------
    numpy.ndarray
        Shape (784,), from 0 (paper) to 1 (ink); all paper if nothing is written, or less than a twentieth of the
        pad's side.

    Raises
    ------
    ValueError
        If a stroke is no list of points.
    """
    lines = [_check_stroke(number, stroke) for number, stroke in enumerate(strokes)]
    points = np.concatenate(lines) if lines else np.zeros((1, 2))
    corner = points.min(0)
    size = (points.max(0) - corner).max()
    if size < LEAST:
        return np.zeros(SIDE * SIDE)
    scale = (BOX - PEN) * FINE / size
    return as_mnist(_drawn([(line - corner) * scale + PEN * FINE / 2 for line in lines]))


def as_mnist(ink: np.ndarray) -> np.ndarray:
    """Return a large picture of a digit as MNIST has it.

    Parameters
    ----------
    ink : array
        Shape (height, width), from 0 (paper) to 1 (ink), of any size.

    Returns
    -------
    numpy.ndarray
        Shape (784,): the longer side of the ink fills 20 pixels, and its centre of mass stands in the middle.
    """
    rows, columns = (np.flatnonzero(ink.max(axis)) for axis in (1, 0))
    if not len(rows):
        return np.zeros(SIDE * SIDE)
    ink = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = (max(1, math.floor(BOX * length / max(ink.shape) + 0.5)) for length in ink.shape)
    small = _averages(ink.shape[0], height) @ ink @ _averages(ink.shape[1], width).T
    picture = np.zeros((SIDE, SIDE))
    top, left = _start(small.sum(1)), _start(small.sum(0))
    picture[top : top + height, left : left + width] = small
    return picture.ravel()


def _drawn(lines: list[np.ndarray]) -> np.ndarray:
    """Return lines with round ends and soft edges, on a canvas of 200 by 200 pixels."""
    side = BOX * FINE
    canvas = np.zeros((side, side))
    reach = PEN * FINE / 2
    for line in lines:
        for (ax, ay), (bx, by) in zip(line, line[1:] if len(line) > 1 else line, strict=False):
            top, left = (max(0, math.floor(min(ends) - reach - 1)) for ends in ((ay, by), (ax, bx)))
            bottom, right = (min(side, math.ceil(max(ends) + reach + 1)) for ends in ((ay, by), (ax, bx)))
            x, y = np.arange(left, right) + 0.5 - ax, np.arange(top, bottom)[:, None] + 0.5 - ay
            dx, dy = bx - ax, by - ay
            square = dx * dx + dy * dy
            along = np.clip((x * dx + y * dy) / square, 0, 1) if square > 0 else 0
            across, down = x - along * dx, y - along * dy
            soft = np.clip(reach + 0.5 - np.sqrt(across * across + down * down), 0, 1)
            part = canvas[top:bottom, left:right]
            np.maximum(part, soft, out=part)
    return canvas


def _averages(length: int, pixels: int) -> np.ndarray:
    """Return weights, shape (pixels, length), that average what falls into each of the pixels."""
    ends = np.arange(pixels + 1)[:, None] * length / pixels
    place = np.arange(length)
    overlap = np.minimum(ends[1:], place + 1) - np.maximum(ends[:-1], place)
    return np.maximum(0, overlap) * pixels / length


def _start(sums: np.ndarray) -> int:
    """Return where the box begins, so that the ink, summed along an axis, has its centre at pixel 14."""
    centre = (sums * np.arange(len(sums))).sum() / sums.sum()
    return min(SIDE - len(sums), max(0, math.floor(SIDE / 2 - centre + 0.5 + TIE)))


def _check_stroke(number: int, stroke: object) -> np.ndarray:
    """Return a stroke as an array of shape (points, 2)."""
    points = as_finite(f"strokes[{number}]", stroke)
    if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
        raise ValueError(f"strokes[{number}] has shape {points.shape}; it must be (points, 2), x and y of each point.")
    return points
