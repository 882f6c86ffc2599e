"""Columns of any size, offset and type, read in parts: each moved close to 0 and scaled by a power of two."""

from collections.abc import Iterable

import numpy as np

LARGEST = np.finfo(float).max
MOST_DOUBLINGS = 1000  # its power of two and its reciprocal are both floats; what is left over does no harm


class Columns:
    """Numbers (n, k) as (value - shift) · 2^doublings in double precision, of which the largest are about 1.

    Nothing is rounded but the difference, and that once: offsets, units and 64-bit whole numbers cost no digits.

    Parameters
    ----------
    name : str
        For the sentence of a refusal.
    values : numpy.ndarray
        Shape (n, k), n at least 1, of a real type. May be a memory map: it is read row by row, and not kept.
    blocks : iterable of slice
        The rows, in parts that fit in memory.
    moved : bool
        Whether columns may be moved; otherwise all shifts are 0.

    Attributes
    ----------
    shift : numpy.ndarray
        Shape (k,), of the type of `values`: the median of the first part, which a few gross errors don't move.
    doublings : numpy.ndarray
        Shape (k,), int.
    largest, largest_unmoved : numpy.ndarray
        Shape (k,): the largest absolute value of each column as read, and before it was moved, in the same unit;
        the latter is 0 where no rounding went before, in whole numbers and columns without spread.
    constant : numpy.ndarray
        Shape (k,), bool: whether all values of a column are the same.

    Raises
    ------
    ValueError
        If a value is not finite.
    """

    def __init__(self, name: str, values: np.ndarray, blocks: Iterable[slice], moved: bool) -> None:
        self._values = values
        first, *others = blocks
        low, high = values[first].min(axis=0), values[first].max(axis=0)
        for rows in others:
            part = values[rows]
            low, high = np.minimum(low, part.min(axis=0)), np.maximum(high, part.max(axis=0))
        with np.errstate(over="ignore"):  # a long double beyond a float
            ends = np.array([low, high], dtype=float)
        if not np.isfinite(ends).all():
            raise ValueError(f"{name} holds values that are infinite or not a number; drop or mend these rows.")
        middle = (first.stop - first.start) // 2
        self.shift = np.partition(values[first], middle, axis=0)[middle] if moved else np.zeros_like(low)
        with np.errstate(over="ignore"):
            self.largest = np.maximum(_difference(high, self.shift), _difference(self.shift, low))
        self.largest = np.minimum(self.largest, LARGEST)
        self.doublings = np.clip(-np.frexp(self.largest)[1], -MOST_DOUBLINGS, MOST_DOUBLINGS)
        self._scale = 2.0**self.doublings
        self.largest *= self._scale
        rounded = (self.largest > 0) & (values.dtype.kind == "f")
        self.largest_unmoved = np.where(rounded, np.abs(ends).max(axis=0), 0) * self._scale
        self.constant = low == high

    def __getitem__(self, rows: slice | list[int]) -> np.ndarray:
        """Return some rows, moved and scaled, shape (rows, k)."""
        part = self._values[rows]
        if _is_long(part):
            return _difference(part, self.shift) * self._scale
        # Scaled first: the difference of two large numbers could overflow.
        wide = np.result_type(part, float)
        return (part * self._scale.astype(wide) - self.shift * self._scale.astype(wide)).astype(float, copy=False)


def _is_long(array: np.ndarray) -> bool:
    return array.dtype.kind in "iu" and array.dtype.itemsize == 8


def _difference(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return a - b in double precision, rounded once."""
    if _is_long(a):  # has more digits than a float: by upper and lower halves
        upper, lower = ((part(a).astype(float) - part(b).astype(float)) for part in (_upper, _lower))
        return upper * 2.0**32 + lower
    wide = np.result_type(a, float)
    return (a.astype(wide) - b.astype(wide)).astype(float)


def _upper(numbers: np.ndarray) -> np.ndarray:
    return numbers >> 32


def _lower(numbers: np.ndarray) -> np.ndarray:
    return numbers & 0xFFFFFFFF
