"""What parts a creature has, read from its picture: from exact pixels, or from what a network draws."""

import functools
import math

import numpy as np
import torch

from lessons_lib.arrays import as_finite
from lessons_lib.datasets.creature_drawings import BODY_COLOURS, HALF, PALETTE, PARTS, SIDE, TRIM_COLOURS, roles_of
from lessons_lib.datasets.creatures import FIRST_COLOUR, FIRST_TRIM, numbered

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
_PAIRS = torch.cartesian_prod(torch.arange(len(BODY_COLOURS)), torch.arange(len(TRIM_COLOURS)))


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
        ("colour", pictures[:, :HALF], FIRST_COLOUR),
        ("trim", pictures[:, :HALF], FIRST_TRIM),
        ("body colour", pictures[:, HALF:], FIRST_COLOUR),
        ("body trim", pictures[:, HALF:], FIRST_TRIM),
    ]:
        shows = np.stack([(half == first + i).any((1, 2)) for i in range(len(PARTS[name]))], 1)
        found[name] = np.where(shows.sum(1) == 1, shows.argmax(1), -1)
    return {name: torch.from_numpy(found[name].copy()) for name in PARTS}


def nearest_parts(pictures: torch.Tensor) -> dict[str, torch.Tensor]:
    """Read from pictures in any colours, blurred ones too, which parts they come nearest to.

    Each part is read from its own pixels, the mean of left and right, by least squares. Its half's colour and trim are
    those in which the half is nearest to known parts. A part is **clear** where, on the straight line to any other
    part that the same pixels could show, the picture has gone at most a quarter of the way.

    Parameters
    ----------
    pictures : torch.Tensor
        Shape (n, 3, 20, 20) or (n, 1200): red, green and blue from 0 to 1, channels first.

    Returns
    -------
    dict of str to torch.Tensor
        For each name in ``PARTS`` the place in ``PARTS[name]`` of what each picture shows, shape (n,), int64, or -1
        where it is not clear.

    Raises
    ------
    ValueError
        If ``pictures`` has another shape, or holds anything but numbers.
    """
    pictures = as_finite("pictures", pictures, np.float32)
    if pictures.shape[1:] not in [(3, SIDE, SIDE), (3 * SIDE * SIDE,)]:
        raise ValueError(
            f"pictures has shape {pictures.shape}; nearest_parts wants (n, 3, {SIDE}, {SIDE}) or (n, {3 * SIDE**2})."
        )
    pictures = torch.from_numpy(pictures).view(-1, 3, SIDE, SIDE).permute(0, 2, 3, 1)
    half = (pictures[:, :, :HALF] + pictures[:, :, HALF:].flip(2)) / 2
    read = [_nearest(few) for few in half.split(250)]  # few at a time: less memory
    return {name: torch.cat([parts[name] for parts in read]) for name in PARTS}


def _nearest(half: torch.Tensor) -> dict[str, torch.Tensor]:
    """Read the parts of left halves, shape (n, 20, 10, 3)."""
    found = {}
    for colour, trim, half_of in [("colour", "trim", range(3)), ("body colour", "body trim", range(3, len(_WINDOWS)))]:
        windows, tables = [_WINDOWS[which] for which in half_of], [_coloured(which) for which in half_of]
        distances = []  # of each window: pictures × pairs of colours × contents
        for (_, _, areas), (_, coloured, _) in zip(windows, tables, strict=True):
            pixels = torch.cat([half[:, a:b, c:d].flatten(1) for a, b, c, d in areas], 1)
            product = (pixels @ coloured.flatten(0, 1).T).view(len(half), *coloured.shape[:2])
            distances.append(pixels.square().sum(1)[:, None, None] - 2 * product + coloured.square().sum(2))
        pair = sum(distance.amin(2) for distance in distances).argmin(1)
        rows = torch.arange(len(half), device="cpu")  # whatever the student's default is
        of_pair, apart = half.new_zeros(2, len(half), len(_PAIRS))  # with the same contents, in every pair of colours
        for (names, _, _), (values, coloured, between), distance in zip(windows, tables, distances, strict=True):
            here = distance[rows, pair]
            best = here.argmin(1)
            # A share t of the way: squared distances (1 - t)² and t², which differ by a half or more up to t = 1/4.
            nearer = here - here[rows, best][:, None] >= between[pair, best] / 2
            for i, name in enumerate(names):
                same = values[:, i] == values[best, i][:, None]
                found[name] = torch.where((nearer | same).all(1), values[best, i], -1)
            of_pair += distance[rows, :, best]
            apart += (coloured[:, best] - coloured[pair, best]).square().sum(2).T
        nearer = of_pair - of_pair[rows, pair][:, None] >= apart / 2
        for i, name in enumerate([colour, trim]):
            same = _PAIRS[:, i] == _PAIRS[pair, i][:, None]
            found[name] = torch.where((nearer | same).all(1), _PAIRS[pair, i], -1)
    return found


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
        parts = {name: np.zeros(count, dtype=np.int64) for name in PARTS} | numbered(shown, np.arange(count))
        values = np.stack([parts[name] for name in names], 1).tolist()
        contents = [row.tobytes() for row in _seen(roles_of(parts), areas)]
        tables.append(dict(zip(contents, map(tuple, values), strict=True)))
    return tables


@functools.cache
def _coloured(which: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Return of one window its contents' parts, their pixels in all pairs of colours, and how far these lie apart.

    Shapes: (contents, names), (pairs, contents, 3 * pixels), (pairs, contents, contents), the last squared.
    """
    contents, values = _known()[which].keys(), _known()[which].values()
    roles = torch.tensor([list(content) for content in contents], device="cpu")
    palette = torch.from_numpy(PALETTE).float()
    of_pair = palette[_PAIRS + torch.tensor([FIRST_COLOUR, FIRST_TRIM], device="cpu")]
    inks = torch.cat([palette[:4].expand(len(_PAIRS), 4, 3), of_pair], 1)
    coloured = inks[:, roles].flatten(2)
    return torch.tensor(list(values), device="cpu"), coloured, torch.cdist(coloured, coloured).square()
