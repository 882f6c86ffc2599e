"""Little animals of known parts, 20x20 pixels of 14 colours: pictures whose every regularity is known.

All are mirror images of themselves. What the upper half (rows 0 to 9) shows settles some of the lower half:

- "body colour" is "colour", and "body trim" (feet, belly, wings, tips of tails) is "trim" (ears, horns);
- "body width" is "head width";
- "arms" belong to "ears": ``ARMS_OF_EARS``. Furry ears have paws, a crest has flippers, antennae have wings of an
  insect, horns those of a bat.

The rest of the lower half, ``FREE_BELOW``, is settled by nothing above, and every ending is equally likely.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib.arrays import as_whole
from lessons_lib.datasets.creature_drawings import BODY_COLOURS, HALF, PARTS, roles_of

FREE_ABOVE = tuple(PARTS)[:8]
FREE_BELOW = tuple(PARTS)[12:]
ARMS_OF_EARS = (0, 0, 0, 1, 2, 3)
UPPER_HALVES = math.prod(len(PARTS[name]) for name in FREE_ABOVE)
ENDINGS = math.prod(len(PARTS[name]) for name in FREE_BELOW)

FIRST_COLOUR, FIRST_TRIM = 4, 4 + len(BODY_COLOURS)


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
    parts = numbered(FREE_ABOVE, above) | numbered(FREE_BELOW, below)
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
    return torch.from_numpy(_drawn(above | numbered(FREE_BELOW, np.arange(ENDINGS))))


def numbered(names: tuple[str, ...], numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Return the combinations of parts that have these numbers, in the order of an odometer."""
    places = np.unravel_index(numbers, [len(PARTS[name]) for name in names])
    return dict(zip(names, places, strict=True))


def _drawn(parts: dict[str, np.ndarray]) -> np.ndarray:
    """Return pictures of given parts, shape (n, 20, 20), int64."""
    roles = roles_of(parts).astype(np.int64)
    halves = []
    for half, colour, trim in [(roles[:, :HALF], "colour", "trim"), (roles[:, HALF:], "body colour", "body trim")]:
        colours = np.tile(np.arange(6), (len(half), 1))
        colours[:, 4], colours[:, 5] = FIRST_COLOUR + parts[colour], FIRST_TRIM + parts[trim]
        halves.append(np.take_along_axis(colours, half.reshape(len(half), HALF * HALF), 1).reshape(half.shape))
    left = np.concatenate(halves, 1)
    return np.concatenate([left, left[..., ::-1]], 2)
