"""Which point holds the line? Leverage, studentised residuals, Cook's distance and DFFITS of a linear regression."""

import functools
import threading
import warnings
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.linalg import qr
from threadpoolctl import ThreadpoolController

from lessons_lib.arrays import as_numbers, shown
from lessons_lib.columns import Columns

# Rows that are worked on at a time: enough for fast matrix products, few enough to stay in the processor's cache.
BLOCK_ROWS = 2048
NAMED_ROWS = 5  # a warning names so many, and counts the rest
EPSILON, TINY = np.finfo(float).eps, np.finfo(float).tiny
MOST_LOST = 0.01  # values whose offset leaves them fewer digits than that are taken at their word
_ONE_AT_A_TIME = threading.Lock()  # the number of BLAS threads belongs to the whole process


@dataclass(frozen=True)
class Influence:
    """What each of n rows does to a least-squares fit with p parameters.

    Attributes
    ----------
    coefficients : numpy.ndarray
        Shape (columns,), the intercept first if there is one.
    parameters : int
        p, the rank of the design, the intercept counted.
    residual_variance : float
        s² = RSS / (n - p), in the squared unit of y.
    residuals : numpy.ndarray
        Shape (n,): y minus the fit, in the unit of y.
    leverage : numpy.ndarray
        Shape (n,): the diagonal of the hat matrix, from 0 to 1; its sum is p.
    internally_studentised : numpy.ndarray
        Shape (n,): residual / (s √(1 - leverage)).
    externally_studentised : numpy.ndarray
        Shape (n,): the same with s from a fit without the row. Infinite where that fit is perfect;
        NaN, as ``dffits``, if n - p = 1, which leaves no such s.
    cooks_distance : numpy.ndarray
        Shape (n,): how far all fitted values move without the row, squared, over p s² (Cook 1977, equation 5).
    dffits : numpy.ndarray
        Shape (n,): how far the row's own fitted value moves without it, over its standard error
        (Belsley, Kuh and Welsch 1980, equation 2.11).
    """

    coefficients: np.ndarray
    parameters: int
    residual_variance: float
    residuals: np.ndarray
    leverage: np.ndarray
    internally_studentised: np.ndarray
    externally_studentised: np.ndarray
    cooks_distance: np.ndarray
    dffits: np.ndarray


def influence(x: np.ndarray, y: np.ndarray, *, intercept: bool = True) -> Influence:
    """Fit y by least squares and measure the influence of every row, from one QR decomposition.

    Parameters
    ----------
    x : array
        Shape (n,) or (n, k), the predictors. May be a memory map: rows are read in blocks, so that working
        memory beyond the result does not grow with n.
    y : array
        Shape (n,), the response.
    intercept : bool
        Whether the fit has a constant.

    Returns
    -------
    Influence

    Raises
    ------
    ValueError
        If shapes don't fit, a value is masked, no real number or not finite, there are no more rows than
        parameters, y is constant, or the fit is perfect, so that no residual is left to compare with; the sentence
        says which.

    Warns
    -----
    UserWarning
        If columns depend on one another (the minimum-norm fit is used, and p is the rank), if a row has
        leverage 1 (the fit passes through it whatever its y; its distance is undefined, NaN), and if
        coefficients or s² are too large or too small for a float.

    Notes
    -----
    The blocks' QR decompositions are reduced to one triangle R (Demmel, Grigori, Hoemmen and Langou 2012,
    arXiv:0808.2664, section 2); the singular values of R, its columns scaled to length 1, tell the rank.
    Beside an intercept the columns are moved close to 0 first, so that an offset costs no digits.

    Examples
    --------
    >>> x, y = np.array([1.0, 2, 3, 4, 10]), np.array([1.2, 1.8, 3.1, 3.9, 5])
    >>> influence(x, y).cooks_distance.round(2)
    array([ 0.37,  0.05,  0.05,  0.22, 17.35])
    """
    if not isinstance(intercept, bool | np.bool_):
        raise ValueError(f"intercept is {shown(intercept)}; it must be True or False.")
    x, y = _check(x, y)
    # On narrow blocks BLAS threads wait more than they compute.
    with _ONE_AT_A_TIME, _blas().limit(limits=1, user_api="blas"):
        return _influence(x, y, bool(intercept))


@functools.cache
def _blas() -> ThreadpoolController:
    """Look for the linear algebra's thread pools; that takes longer than a small fit."""
    return ThreadpoolController()


def _influence(x: np.ndarray, y: np.ndarray, intercept: bool) -> Influence:
    n, columns = len(y), x.shape[1] + intercept
    if columns == 0:
        raise ValueError("x has no column and there is no intercept: there is nothing to fit.")
    if n <= 1:
        raise ValueError(f"x has {n} rows; influence wants more rows than parameters.")
    # Beside an intercept, moved columns span the same space; scaled ones always do.
    x, y = (Columns(name, values, _blocks(n), moved=intercept) for name, values in (("x", x), ("y", y[:, None])))
    if y.constant[0] and (intercept or y.largest[0] == 0):
        value = float(y.shift[0])
        raise ValueError(f"y is constant ({value:g}): every fit is perfect, and no row can be compared with another.")
    triangle = _reduce(x, y, n, intercept)
    r, c = triangle[:-1, :-1], triangle[:-1, -1]  # the design's triangle, and Qᵀy

    # Columns of length 1: neither rank nor rounding depends on their units.
    length = np.linalg.norm(r, axis=0)
    length[length == 0] = 1
    u, singular, vt = np.linalg.svd(r / length)
    # What the values of x lost when they were rounded to floats may not pass for a direction of its own.
    lost = 0.5 * EPSILON * np.sqrt(n) * np.linalg.norm(x.largest_unmoved / length[int(intercept) :])
    p = int((singular > max(max(n, columns) * EPSILON * singular[0], min(lost, MOST_LOST))).sum())
    counted = f"{columns} column{'s' * (columns > 1)}{' (intercept counted)' * intercept}"
    if p == 0:
        raise ValueError("x holds only zeros and there is no intercept: there is nothing to fit.")
    if n <= p:
        raise ValueError(f"x has {n} rows for {counted}; influence wants more rows than parameters.")
    if p < columns:
        warnings.warn(
            f"x has rank {p} with {counted}: some depend on others. The minimum-norm fit is used, with p = {p}.",
            stacklevel=3,
        )
    white = (vt[:p] / singular[:p, None]).T / length[:, None]  # design times this has orthonormal columns
    coordinates = u[:, :p].T @ c
    fit = white @ coordinates
    slopes = np.abs(fit[int(intercept) :])
    # What cancels in a residual leaves so much rounding error behind, and what was lost before adds its own.
    rounding = 100 * EPSILON * (y.largest[0] + x.largest @ slopes + abs(fit[0]) * intercept)
    rounding += min(0.5 * EPSILON * (y.largest_unmoved[0] + x.largest_unmoved @ slopes), MOST_LOST * y.largest[0])

    residuals, leverage = np.empty(n), np.empty(n)
    undefined: list[int] = []
    for rows in _blocks(n):
        design = _design(x, rows, intercept)
        residuals[rows] = y[rows][:, 0] - design @ fit
        h = np.square(design @ white).sum(axis=1)
        full = h > 1 - 10 * columns * EPSILON * singular[0] / singular[p - 1]  # the rounding error of h
        leverage[rows] = np.where(full, 1, h)
        undefined += (rows.start + np.flatnonzero(full)).tolist()
    residual_variance = residuals @ residuals / (n - p)
    if np.sqrt(residual_variance) <= rounding:
        raise ValueError("y is fitted perfectly: no residual is left that a row could be compared with.")
    if undefined:
        warnings.warn(_undefined(undefined), stacklevel=3)
    scores = _scores(residuals, leverage, residual_variance, p)
    if n - p > 1:
        _mend_externals(scores, residuals, leverage, x, intercept, white, rounding)

    null = vt[p:].T
    null = np.where(np.abs(null) > 100 * EPSILON * singular[0] / singular[p - 1], null, 0)  # the rest is rounding
    with np.errstate(over="ignore", under="ignore"):
        coefficients = _coefficients(fit, null / length[:, None], x, y, intercept)
        variance = float(np.ldexp(residual_variance, -2 * y.doublings[0]))
        residuals *= 2.0 ** -y.doublings[0]
    faded = (np.abs(coefficients) < TINY) & (np.abs(fit) > 1e-9) & (p == columns)
    faded[: int(intercept)] = False  # an intercept may well be 0
    held = {"coefficients": np.isfinite(coefficients) & ~faded, "residual_variance": TINY <= variance < np.inf}
    if beyond := [name for name, fine in held.items() if not np.all(fine)]:
        warnings.warn(
            f"{' and '.join(beyond)} cannot be held by a float: measure x or y in another unit. "
            "All other measures are right.",
            stacklevel=3,
        )
    return Influence(coefficients, p, variance, residuals, leverage, *scores)


def _coefficients(fit: np.ndarray, null: np.ndarray, x: Columns, y: Columns, intercept: bool) -> np.ndarray:
    """Return the coefficients of the columns that came, the shortest of those that fit equally well.

    `fit` are those of the moved and scaled columns; adding `null`'s columns to them changes no fit.
    """
    doublings = np.zeros(len(fit), dtype=np.int32)
    doublings[int(intercept) :] = x.doublings
    fit, null = fit.copy(), null.copy()
    if intercept:
        moved = np.ldexp(x.shift.astype(float), x.doublings)
        fit[0] += np.ldexp(float(y.shift[0]), y.doublings[0]) - moved @ fit[1:]
        terms = np.vstack([null[:1], -moved[:, None] * null[1:]])
        null[0] = np.where(np.abs(terms.sum(0)) > 100 * EPSILON * np.abs(terms).sum(0), terms.sum(0), 0)
    # Each direction to a length of about 1: its entries may differ by hundreds of powers of ten.
    sizes = np.where(null == 0, -9999, np.frexp(null)[1] + doublings[:, None])
    directions = np.ldexp(null, doublings[:, None] - sizes.max(axis=0))
    return _shortest(np.ldexp(fit, doublings - y.doublings[0]), directions)


def _shortest(coefficients: np.ndarray, null: np.ndarray) -> np.ndarray:
    """Return the shortest of all coefficient vectors that fit equally well; `null`'s columns change no fit."""
    if null.shape[1] == 0:
        return coefficients
    directions = np.linalg.qr(null / np.linalg.norm(null, axis=0)).Q
    return coefficients - directions @ (directions.T @ coefficients)


def _check(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return x with shape (n, k) and y with shape (n,)."""
    x, y = as_numbers("x", x, None), as_numbers("y", y, None)
    x = x[:, None] if x.ndim == 1 else x
    if x.ndim != 2 or y.shape != x.shape[:1]:
        raise ValueError(f"x has shape {x.shape} and y {y.shape}; influence wants (n,) or (n, k), and (n,).")
    return x, y


def _blocks(n: int) -> Iterator[slice]:
    """Yield the rows that are worked on at a time."""
    for start in range(0, n, BLOCK_ROWS):
        yield slice(start, min(start + BLOCK_ROWS, n))


def _design(x: Columns, rows: slice | list[int], intercept: bool) -> np.ndarray:
    """Return some rows of the design."""
    part = x[rows]
    return np.column_stack([np.ones(len(part)), part]) if intercept else part


def _reduce(x: Columns, y: Columns, n: int, intercept: bool) -> np.ndarray:
    """Return the triangle of [design, y]."""
    triangle = None
    for rows in _blocks(n):
        both = np.column_stack([_design(x, rows, intercept), y[rows]])
        stacked = both if triangle is None else np.vstack([triangle, both])
        triangle = qr(stacked, mode="r", overwrite_a=True, check_finite=False)[0][: both.shape[1]]
    square = np.zeros((triangle.shape[1],) * 2)
    square[: len(triangle)] = triangle
    return square


def _scores(residuals: np.ndarray, leverage: np.ndarray, residual_variance: float, p: int) -> np.ndarray:
    """Return both studentised residuals, Cook's distance and DFFITS, shape (4, n)."""
    n = len(residuals)
    scores = np.empty((4, n))
    for start in range(0, n, BLOCK_ROWS):
        rows = slice(start, start + BLOCK_ROWS)
        h = np.where(leverage[rows] < 1, leverage[rows], np.nan)
        internal = residuals[rows] / np.sqrt(residual_variance * (1 - h))
        with np.errstate(divide="ignore", invalid="ignore"):
            # RSS without the row, over s²; where it is 0 the row was the only one off the fit.
            rest = np.maximum(n - p - internal**2, 0)
            external = internal * np.sqrt((n - p - 1) / rest) if n - p > 1 else np.full_like(h, np.nan)
        scores[:, rows] = internal, external, internal**2 / p * h / (1 - h), external * np.sqrt(h / (1 - h))
    return scores


def _mend_externals(
    scores: np.ndarray,
    residuals: np.ndarray,
    leverage: np.ndarray,
    x: Columns,
    intercept: bool,
    white: np.ndarray,
    rounding: float,
) -> None:
    """Compute the external residual and DFFITS anew for rows that are nearly all of RSS: a difference has lost it.

    There are at most p + 1 of them.
    """
    n, p = len(residuals), white.shape[1]
    gross = [
        start + i
        for start in range(0, n, BLOCK_ROWS)
        for i in np.flatnonzero(scores[0, start : start + BLOCK_ROWS] ** 2 > (1 - 1e-4) * (n - p))
    ]
    if not gross:
        return
    h = leverage[gross]
    own = (_design(x, gross, intercept) @ white).T * (residuals[gross] / (1 - h))
    rss = np.zeros(len(gross))
    for rows in _blocks(n):
        # Residuals of the fit without the row.
        without = residuals[rows, None] + _design(x, rows, intercept) @ white @ own
        for k, i in enumerate(gross):
            if rows.start <= i < rows.stop:
                without[i - rows.start, k] = 0
        rss += np.square(without).sum(axis=0)
    sd = np.sqrt(rss / (n - p - 1))
    sd[sd <= rounding] = 0  # a perfect fit
    with np.errstate(divide="ignore"):
        scores[1, gross] = residuals[gross] / (sd * np.sqrt(1 - h))
    scores[3, gross] = scores[1, gross] * np.sqrt(h / (1 - h))


def _undefined(rows: list[int]) -> str:
    named = ", ".join(str(row) for row in rows[:NAMED_ROWS])
    more = f" and {len(rows) - NAMED_ROWS} more" if len(rows) > NAMED_ROWS else ""
    return (
        f"leverage is 1 in row {named}{more} (counted from 0): the fit passes through it whatever its y, "
        "so its Cook's distance, studentised residuals and DFFITS are undefined (NaN)."
    )
