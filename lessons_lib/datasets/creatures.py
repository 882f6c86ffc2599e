"""Little animals of known parts, 20x20 pixels of 14 colours: pictures whose every regularity is known.

All are mirror images of themselves. What the upper half (rows 0 to 9) shows settles some of the lower half:

- "body colour" is "colour", and "body trim" (feet, belly, wings, tips of tails) is "trim" (ears, horns);
- "body width" is "head width";
- "arms" belong to "ears": ``ARMS_OF_EARS``. Furry ears have paws, a crest has flippers, antennae have wings of an
  insect, horns those of a bat.

The rest of the lower half, ``FREE_BELOW``, is settled by nothing above, and every ending is equally likely.
"""

import functools
import math
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib.arrays import as_finite, as_whole
from lessons_lib.datasets.creature_drawings import BODY_COLOURS, HALF, PALETTE, PARTS, SIDE, TRIM_COLOURS, roles_of

FREE_ABOVE = tuple(PARTS)[:8]
FREE_BELOW = tuple(PARTS)[12:]
ARMS_OF_EARS = (0, 0, 0, 1, 2, 3)
UPPER_HALVES = math.prod(len(PARTS[name]) for name in FREE_ABOVE)
ENDINGS = math.prod(len(PARTS[name]) for name in FREE_BELOW)

# What is read from which pixels of the left half (rows, columns), and the other parts that show there.
_WINDOWS = [
    (("ears", "ear height", "head", "head width"), (), [(0, 4, 0, 10), (4, 5, 0, 8), (5, 10, 0, 6)]),
    (("eyes",), ("head", "head width"), [(4, 5, 8, 10), (5, 8, 6, 10)]),
    (("mouth",), (), [(8, 10, 6, 10)]),
    (("body width", "arms", "pose"), ("head", "head width"), [(10, 12, 0, 10), (12, 15, 0, 7)]),
    (("belly",), ("body width",), [(12, 16, 7, 10)]),
    (("legs", "body height"), ("body width", "tail"), [(15, 16, 4, 7), (16, 20, 4, 10)]),
    (("tail",), (), [(15, 20, 0, 4)]),
]
_FIRST_COLOUR, _FIRST_TRIM = 4, 4 + len(BODY_COLOURS)


@dataclass(frozen=True)
class Creatures:
    """Pictures of little animals, and the parts that each is made of.

    Attributes
    ----------
    pictures : torch.Tensor
        Shape (n, 20, 20), int64: each pixel's colour as a row of ``PALETTE``; 0 is the paper, 1 the ink.
    parts : dict of str to torch.Tensor
        For each name in ``PARTS`` the part of every creature, shape (n,), int64: its place in ``PARTS[name]``.
    """

    pictures: torch.Tensor
    parts: dict[str, torch.Tensor]


def creatures(n: int, seed: int = 0) -> Creatures:
    """Draw creatures no two of which have the same upper half.

    However they are split, a held-out creature's upper half is thus in no training picture. Every upper half and every
    ending is equally likely: no model can expect less than log(ENDINGS) nats for a lower half given the upper one, nor
    less than log(UPPER_HALVES * ENDINGS) for a picture (should it know that m upper halves can't come again,
    UPPER_HALVES - m).

    Parameters
    ----------
    n : int
        How many, at most ``UPPER_HALVES``. The first m of n are those of ``creatures(m, seed)``.
    seed : int
        Of the drawing. Creatures of two seeds may be the same: split one drawing instead.

    Returns
    -------
    Creatures

    Raises
    ------
    ValueError
        If ``n`` is no whole number from 0 to ``UPPER_HALVES``, or ``seed`` none from 0 to 2**64 - 1.

    Examples
    --------
    >>> from lessons_lib.datasets import creatures
    >>> creatures(5).pictures.shape
    torch.Size([5, 20, 20])
    """
    n = as_whole("n", n, 0, UPPER_HALVES)
    generator = torch.Generator().manual_seed(as_whole("seed", seed, 0, 2**64 - 1))
    same = {"generator": generator, "device": "cpu"}  # whatever the student's default is
    above = torch.randperm(UPPER_HALVES, **same)[:n].numpy()
    below = torch.randint(ENDINGS, (UPPER_HALVES,), **same)[:n].numpy()  # all of them: the first m stay the same
    parts = _numbered(FREE_ABOVE, above) | _numbered(FREE_BELOW, below)
    parts |= {"body colour": parts["colour"], "body trim": parts["trim"], "body width": parts["head width"]}
    parts["arms"] = np.array(ARMS_OF_EARS)[parts["ears"]]
    return Creatures(torch.from_numpy(_drawn(parts)), {name: torch.from_numpy(parts[name].copy()) for name in PARTS})


def endings_of(herd: Creatures, which: int) -> torch.Tensor:
    """Return every picture that has the upper half of one creature.

    Parameters
    ----------
    herd : Creatures
        As :func:`creatures` draws them.
    which : int
        The creature's place among them, from 0.

    Returns
    -------
    torch.Tensor
        Shape (240, 20, 20), int64, all different; the creature itself is one of them.

    Raises
    ------
    ValueError
        If ``which`` is no whole number from 0 to the number of creatures less 1.
    """
    which = as_whole("which", which, 0, len(herd.pictures) - 1)
    above = {name: values[which].repeat(ENDINGS).numpy() for name, values in herd.parts.items()}
    return torch.from_numpy(_drawn(above | _numbered(FREE_BELOW, np.arange(ENDINGS))))


def read_parts(pictures: torch.Tensor) -> dict[str, torch.Tensor]:
    """Read from pictures, a network's too, what parts they show.

    Parameters
    ----------
    pictures : torch.Tensor
        Shape (n, 20, 20) or (n, 400): rows of ``PALETTE``.

    Returns
    -------
    dict of str to torch.Tensor
        For each name in ``PARTS`` the place in ``PARTS[name]`` of what each picture shows, shape (n,), int64. It is -1
        where the part's pixels, at the left and at the right, are not exactly a known part's. A colour is -1
        where the half of the picture shows none of its kind, or several.

    Raises
    ------
    ValueError
        If ``pictures`` has another shape, or holds anything but whole numbers from 0 to 13.
    """
    pictures = as_finite("pictures", pictures)
    if pictures.shape[1:] not in [(SIDE, SIDE), (SIDE * SIDE,)]:
        raise ValueError(
            f"pictures has shape {pictures.shape}; read_parts wants (n, {SIDE}, {SIDE}) or (n, {SIDE**2})."
        )
    wrong = (pictures != pictures.round()) | (pictures < 0) | (pictures >= len(PALETTE))
    if wrong.any():
        raise ValueError(
            f"pictures holds {pictures[wrong][0]:g}; it must hold rows of PALETTE, from 0 to {len(PALETTE) - 1}."
        )
    pictures = pictures.reshape(-1, SIDE, SIDE).astype(np.int64)
    of_colour = np.array([0, 1, 2, 3] + [4] * len(BODY_COLOURS) + [5] * len(TRIM_COLOURS), dtype=np.int8)
    left, right = of_colour[pictures[..., :HALF]], of_colour[pictures[..., : HALF - 1 : -1]]
    found = {}
    for (names, _, areas), known in zip(_WINDOWS, _known(), strict=True):
        nothing = (-1,) * len(names)
        rows = [
            known.get(one.tobytes(), nothing) if (one == other).all() else nothing
            for one, other in zip(_seen(left, areas), _seen(right, areas), strict=True)
        ]
        found |= dict(zip(names, np.array(rows, dtype=np.int64).reshape(-1, len(names)).T, strict=True))
    for name, half, first in [
        ("colour", pictures[:, :HALF], _FIRST_COLOUR),
        ("trim", pictures[:, :HALF], _FIRST_TRIM),
        ("body colour", pictures[:, HALF:], _FIRST_COLOUR),
        ("body trim", pictures[:, HALF:], _FIRST_TRIM),
    ]:
        shows = np.stack([(half == first + i).any((1, 2)) for i in range(len(PARTS[name]))], 1)
        found[name] = np.where(shows.sum(1) == 1, shows.argmax(1), -1)
    return {name: torch.from_numpy(found[name].copy()) for name in PARTS}


def _numbered(names: tuple[str, ...], numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Return the combinations of parts that have these numbers, in the order of an odometer."""
    places = np.unravel_index(numbers, [len(PARTS[name]) for name in names])
    return dict(zip(names, places, strict=True))


def _drawn(parts: dict[str, np.ndarray]) -> np.ndarray:
    """Return pictures of given parts, shape (n, 20, 20), int64."""
    roles = roles_of(parts).astype(np.int64)
    halves = []
    for half, colour, trim in [(roles[:, :HALF], "colour", "trim"), (roles[:, HALF:], "body colour", "body trim")]:
        colours = np.tile(np.arange(6), (len(half), 1))
        colours[:, 4], colours[:, 5] = _FIRST_COLOUR + parts[colour], _FIRST_TRIM + parts[trim]
        halves.append(np.take_along_axis(colours, half.reshape(len(half), HALF * HALF), 1).reshape(half.shape))
    left = np.concatenate(halves, 1)
    return np.concatenate([left, left[..., ::-1]], 2)


def _seen(roles: np.ndarray, areas: list[tuple[int, int, int, int]]) -> np.ndarray:
    """Return the pixels of some areas side by side, shape (n, pixels)."""
    return np.concatenate([roles[:, a:b, c:d].reshape(len(roles), (b - a) * (d - c)) for a, b, c, d in areas], 1)


@functools.cache
def _known() -> list[dict[bytes, tuple[int, ...]]]:
    """Return for each window the parts that its every possible content shows."""
    tables = []
    for names, others, areas in _WINDOWS:
        shown = names + others
        count = math.prod(len(PARTS[name]) for name in shown)
        parts = {name: np.zeros(count, dtype=np.int64) for name in PARTS} | _numbered(shown, np.arange(count))
        values = np.stack([parts[name] for name in names], 1).tolist()
        contents = [row.tobytes() for row in _seen(roles_of(parts), areas)]
        tables.append(dict(zip(contents, map(tuple, values), strict=True)))
    return tables
