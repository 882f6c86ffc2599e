"""Leverage, Cook's distance and their kin: against refits, against statsmodels, over designs that hypothesis makes."""

import math
import threading
import time
import tracemalloc
import warnings
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.datasets import load_diabetes
from statsmodels.datasets import stackloss, statecrime
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

import lessons_lib.regression
from lessons_lib.datasets import anscombe
from lessons_lib.regression import influence

MEASURES = ("leverage", "internally_studentised", "externally_studentised", "cooks_distance", "dffits")


def with_intercept(x, intercept=True):
    x = x[:, None] if x.ndim == 1 else x
    return np.column_stack([np.ones(len(x)), x]) if intercept else x


def refits(x, y, intercept=True):
    """Cook's distance and DFFITS as they are defined: fit again without each row."""
    design = with_intercept(x, intercept)
    n, p = len(y), np.linalg.matrix_rank(design)
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    variance = np.square(y - fitted).sum() / (n - p)
    hat = np.diag(design @ np.linalg.pinv(design))
    cooks, dffits = np.empty(n), np.empty(n)
    for i in range(n):
        rest = np.delete(design, i, 0), np.delete(y, i)
        coefficients = np.linalg.lstsq(*rest, rcond=None)[0]
        without = design @ coefficients
        variance_without = np.square(rest[1] - rest[0] @ coefficients).sum() / (n - 1 - p)
        cooks[i] = np.square(fitted - without).sum() / (p * variance)
        error = np.sqrt(variance_without * hat[i])
        dffits[i] = (fitted[i] - without[i]) / error if error > 1e-9 else np.nan
    return cooks, dffits


def statsmodels_measures(x, y, intercept=True):
    reference = OLSInfluence(OLS(y, with_intercept(x, intercept)).fit())
    return {
        "leverage": reference.hat_matrix_diag,
        "internally_studentised": reference.resid_studentized_internal,
        "externally_studentised": reference.resid_studentized_external,
        "cooks_distance": reference.cooks_distance[0],
        "dffits": reference.dffits[0],
    }


def design(seed, n, k):
    random = np.random.default_rng(seed)
    x = random.normal(size=(n, k)) * random.uniform(0.5, 2, k)
    return x, x.sum(1) + random.standard_t(3, n)


designs = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 5)).flatmap(
    lambda drawn: st.integers(drawn[1] + 4, 40).map(lambda n: (*design(drawn[0], n, drawn[1]),))
)


@settings(deadline=None, max_examples=60)
@given(designs, st.booleans())
def test_equals_statsmodels(xy, intercept):
    x, y = xy
    ours = influence(x, y, intercept=intercept)
    for name, wanted in statsmodels_measures(x, y, intercept).items():
        np.testing.assert_allclose(getattr(ours, name), wanted, rtol=1e-8, atol=1e-10, err_msg=name)
    fit = OLS(y, with_intercept(x, intercept)).fit()
    np.testing.assert_allclose(ours.coefficients, fit.params, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(ours.residual_variance, fit.mse_resid, rtol=1e-10)
    assert ours.parameters == x.shape[1] + intercept


REAL_SETS = {
    "stack loss": lambda: (stackloss.load().exog, stackloss.load().endog),
    "crime": lambda: (statecrime.load().exog, statecrime.load().endog),
    "diabetes": lambda: load_diabetes(return_X_y=True),
}


@pytest.mark.parametrize("name", REAL_SETS)
def test_equals_statsmodels_on_real_sets(name):
    x, y = (np.asarray(part, dtype=float) for part in REAL_SETS[name]())
    theirs = statsmodels_measures(x, y)["cooks_distance"]
    np.testing.assert_allclose(influence(x, y).cooks_distance, theirs, rtol=1e-8)


@settings(deadline=None, max_examples=60)
@given(designs, st.booleans())
def test_squared_studentised_residual_is_the_change_of_rss_over_the_variance(xy, intercept):
    x, y = xy
    matrix = with_intercept(x, intercept)

    def rss(rows):
        return np.square(y[rows] - matrix[rows] @ np.linalg.lstsq(matrix[rows], y[rows], rcond=None)[0]).sum()

    everyone = np.arange(len(y))
    change = np.array([rss(everyone) - rss(np.delete(everyone, i)) for i in everyone])
    variance = rss(everyone) / (len(y) - matrix.shape[1])
    ours = influence(x, y, intercept=intercept)
    np.testing.assert_allclose(ours.internally_studentised**2, change / variance, rtol=1e-8, atol=1e-9)


# Values on a coarse grid: ties, repeated rows and columns that depend on one another come up by themselves.
grid = st.integers(-8, 8).map(lambda i: i / 4)


@settings(deadline=None, max_examples=150)
@given(st.data(), st.integers(1, 3), st.booleans())
def test_equals_refits_on_any_design(data, k, intercept):
    n = data.draw(st.integers(k + 4, 14))
    x = data.draw(arrays(float, (n, k), elements=grid))
    y = data.draw(arrays(float, n, elements=grid)) + np.sin(np.arange(n))
    matrix = with_intercept(x, intercept)
    rank = np.linalg.matrix_rank(matrix)
    assume(0 < rank < n - 2)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = influence(x, y, intercept=intercept)
    assert ours.parameters == rank
    assert ours.leverage.sum() == pytest.approx(rank)
    assert ((ours.leverage >= -1e-12) & (ours.leverage <= 1)).all()
    np.testing.assert_allclose(ours.coefficients, np.linalg.lstsq(matrix, y, rcond=1e-10)[0], rtol=1e-7, atol=1e-9)
    cooks, dffits = refits(x, y, intercept)
    defined = ours.leverage < 1
    assert np.isnan(ours.cooks_distance[~defined]).all()
    # Without a row of leverage 1 the design loses a rank: such a row is checked by the test below.
    np.testing.assert_allclose(ours.cooks_distance[defined], cooks[defined], rtol=1e-7, atol=1e-9)
    fits = defined & np.isfinite(dffits) & (np.abs(ours.dffits) < 1e4)
    np.testing.assert_allclose(ours.dffits[fits], dffits[fits], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("scale", [1e-8, 1, 1e8])
@pytest.mark.parametrize("column", [0, 1, 2])
def test_units_of_a_column_change_nothing(scale, column):
    x, y = design(1, 50, 3)
    other = x.copy()
    other[:, column] *= scale
    for y_scale in (1e-8, 1, 1e8):
        ours, rescaled = influence(x, y), influence(other, y_scale * y)
        for name in MEASURES:
            np.testing.assert_allclose(getattr(rescaled, name), getattr(ours, name), rtol=1e-10, atol=1e-12)


def test_all_columns_in_different_units():
    x, y = design(2, 60, 5)
    scaled = x * 10.0 ** np.array([-8, -4, 0, 4, 8])
    for name in MEASURES:
        np.testing.assert_allclose(getattr(influence(scaled, y), name), getattr(influence(x, y), name), rtol=1e-9)


@pytest.mark.filterwarnings("ignore:x has rank")
@pytest.mark.parametrize("scales", [(1e-8, 1e8, 1e-8), (1e8, 1e-8, 1e-8), (1, 1e-8, 1e8), (1e8, 1e8, 1e8)])
def test_dependent_columns_in_different_units(scales):
    x, y = design(12, 40, 2)
    x = np.column_stack([x, 2 * x[:, 0] - x[:, 1]])
    ours, plain = influence(x * scales, y), influence(x, y)
    assert ours.parameters == 3
    fitted = with_intercept(x * scales) @ ours.coefficients
    np.testing.assert_allclose(y - fitted, ours.residuals, atol=1e-9)
    for name in MEASURES:
        np.testing.assert_allclose(getattr(ours, name), getattr(plain, name), rtol=1e-8)


@pytest.mark.parametrize("size", [1e4, 1e6, 1e8, 1e12])
@pytest.mark.parametrize("n", [8, 30])
def test_a_gross_error_in_y_keeps_all_digits(monkeypatch, size, n):
    monkeypatch.setattr(lessons_lib.regression, "BLOCK_ROWS", 10)
    x, y = design(13, n, 2)
    y[4] += size
    ours = influence(x, y)
    matrix, rest = with_intercept(x), np.delete(with_intercept(x), 4, 0)
    without = np.linalg.lstsq(rest, np.delete(y, 4), rcond=None)[0]
    variance = np.square(np.delete(y, 4) - rest @ without).sum() / (n - 1 - 3)
    residual = y[4] - matrix[4] @ without  # = e / (1 - h)
    wanted = residual * np.sqrt((1 - ours.leverage[4]) / variance)
    digits = max(1e-7, 1e-14 * size)  # what the other residuals have kept beside so large a number
    assert ours.externally_studentised[4] == pytest.approx(wanted, rel=digits)
    h = ours.leverage[4]
    assert ours.dffits[4] == pytest.approx(wanted * np.sqrt(h / (1 - h)), rel=digits)


def test_a_copied_column_changes_no_fit_and_is_said():
    x, y = design(3, 30, 2)
    alone = influence(x, y)
    with pytest.warns(UserWarning, match=r"x has rank 3 with 4 columns \(intercept counted\)") as said:
        double = influence(np.column_stack([x, 2 * x[:, 0]]), y)
    assert len(said) == 1 and double.parameters == 3
    for name in MEASURES:
        np.testing.assert_allclose(getattr(double, name), getattr(alone, name), rtol=1e-9)
    wanted = np.linalg.pinv(with_intercept(np.column_stack([x, 2 * x[:, 0]]))) @ y
    np.testing.assert_allclose(double.coefficients, wanted, rtol=1e-9, atol=1e-12)


@pytest.mark.filterwarnings("ignore:x has rank")
@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
def test_statsmodels_treats_a_rank_deficient_design_the_same_way():
    x, y = design(4, 30, 2)
    x = np.column_stack([x, x.sum(1)])
    for name, wanted in statsmodels_measures(x, y).items():
        if name == "cooks_distance":
            wanted = wanted * 4 / 3  # statsmodels divides by the number of columns here, not by the rank
        np.testing.assert_allclose(getattr(influence(x, y), name), wanted, rtol=1e-8, err_msg=name)


def test_leverage_one_is_undefined_and_named():
    x = np.array([8.0] * 7 + [19] + [8] * 3)  # Anscombe's fourth set
    y = np.array([6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.5, 5.56, 7.91, 6.89])
    with pytest.warns(UserWarning, match=r"leverage is 1 in row 7 \(counted from 0\)") as said:
        ours = influence(x, y)
    assert len(said) == 1 and ours.leverage[7] == 1 and ours.residuals[7] == pytest.approx(0, abs=1e-12)
    for name in MEASURES[1:]:
        values = getattr(ours, name)
        assert np.isnan(values[7]) and np.isfinite(np.delete(values, 7)).all(), name


@pytest.mark.parametrize(("name", "point", "largest"), [("I", 3, 0.489), ("II", 6, 0.808), ("III", 3, 1.393)])
def test_anscombes_largest_distances(name, point, largest):
    x, y = anscombe()[name]
    refitted, wanted = refits(x, y)[0], exactly(x, y)["cooks_distance"]
    ours = check_exactly(x, y).cooks_distance
    np.testing.assert_allclose(refitted, ours, rtol=1e-7, atol=1e-12)
    assert wanted[point - 1] == max(wanted)
    assert ours[point - 1] == pytest.approx(largest, abs=5e-4)


@pytest.mark.parametrize("n", [50, 100_000, 1_000_000])
def test_leverage_one_among_many_rows_is_told_from_nearly_one(n):
    random = np.random.default_rng(14)
    y = random.normal(size=n)
    x = np.full(n, 8.0)
    x[7] = 19
    with pytest.warns(UserWarning, match="leverage is 1 in row 7 "):
        assert np.isnan(influence(x, y).cooks_distance[7])
    first = random.normal(size=n)
    third = random.normal(size=n) * 0.03 / np.sqrt(n)
    third[5] = 1  # leverage 0.999
    ours = influence(np.column_stack([first, first + 1e-7 * random.normal(size=n), third]), y)
    assert 0.99 < ours.leverage[5] < 1 and np.isfinite(ours.cooks_distance[5])


def test_a_later_blocks_rows_are_named_by_their_own_numbers(monkeypatch):
    monkeypatch.setattr(lessons_lib.regression, "BLOCK_ROWS", 10)
    x, y = np.full(40, 8.0), design(15, 40, 1)[1]
    x[27] = 19
    with pytest.warns(UserWarning, match="leverage is 1 in row 27 "):
        influence(x, y)
    y[33] = np.nan
    with pytest.raises(ValueError, match="y holds values that are infinite or not a number"):
        influence(x, y)


def test_many_rows_of_leverage_one_are_counted():
    x = np.vstack([np.zeros((10, 7)), np.eye(7)])
    y = np.r_[design(5, 10, 1)[1], np.arange(7)]
    with pytest.warns(UserWarning, match="row 10, 11, 12, 13, 14 and 2 more"):
        influence(x, y)


def test_a_row_far_out_is_not_taken_for_leverage_one():
    x, y = design(6, 20, 1)
    x[3], y[3] = 1e4, 2.0
    ours = influence(x, y)
    np.testing.assert_allclose(ours.cooks_distance, refits(x, y)[0], rtol=1e-6)
    assert ours.leverage[3] > 1 - 1e-6 and ours.cooks_distance[3] > 1e6


def test_the_only_row_off_a_perfect_line_is_infinite():
    x = np.arange(8.0)
    y = 2 * x
    y[5] += 1
    ours = influence(x, y)
    assert ours.externally_studentised[5] == np.inf and np.isfinite(ours.cooks_distance).all()


@pytest.mark.parametrize("offset", [0, 2_000, 1e6, 1e8])
def test_an_offset_hides_no_perfect_fit_and_invents_none(offset):
    x = np.arange(10) + offset
    line = 0.1 * (x - offset)
    with pytest.raises(ValueError, match="y is fitted perfectly"):
        influence(x, line)
    scatter = design(16, 10, 1)[1] * 1e-11 * (1 + 1e3 * offset)
    ours = influence(x, line + scatter)
    np.testing.assert_allclose(ours.cooks_distance, influence(np.arange(10), scatter).cooks_distance, rtol=0.01)


def test_a_constant_without_intercept_is_no_perfect_fit():
    x = design(17, 12, 1)[0]
    ours = influence(x, np.full(12, 3.0), intercept=False)
    np.testing.assert_allclose(ours.cooks_distance, refits(x, np.full(12, 3.0), False)[0], rtol=1e-9)
    with pytest.raises(ValueError, match=r"y is constant \(0\)"):
        influence(x, np.zeros(12), intercept=False)


@pytest.mark.parametrize("n", [9, 10, 11, 30, 31])
def test_blocks_change_nothing(monkeypatch, n):
    x, y = design(7, n, 3)
    whole = influence(x, y)
    monkeypatch.setattr(lessons_lib.regression, "BLOCK_ROWS", 10)
    for name in ("coefficients", *MEASURES):
        np.testing.assert_allclose(getattr(influence(x, y), name), getattr(whole, name), rtol=1e-9, atol=1e-12)


def test_working_memory_does_not_grow_with_the_rows():
    def working_megabytes(n):
        x, y = design(8, n, 5)
        x = x.astype(np.float32)  # must not be copied as a whole either
        tracemalloc.start()
        result = influence(x, y)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return (peak - sum(getattr(result, name).nbytes for name in ("residuals", *MEASURES))) / 2**20

    small, large = working_megabytes(50_000), working_megabytes(800_000)
    assert large - small < 0.3  # one truth value a row would be 0.7


def test_reads_a_memory_map(tmp_path):
    x, y = design(9, 2 * lessons_lib.regression.BLOCK_ROWS + 5, 3)
    np.save(tmp_path / "x.npy", x)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    np.testing.assert_array_equal(influence(mapped, y).cooks_distance, influence(x, y).cooks_distance)


def solved(matrix, right):
    """Solve a square system of fractions; the right side may have several columns."""
    rows = [list(row) + list(more) for row, more in zip(matrix, right, strict=True)]
    for i in range(len(rows)):
        pivot = next(k for k in range(i, len(rows)) if rows[k][i] != 0)
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [value / rows[i][i] for value in rows[i]]
        for k in range(len(rows)):
            if k != i:
                rows[k] = [value - rows[k][i] * above for value, above in zip(rows[k], rows[i], strict=True)]
    return [row[len(rows) :] for row in rows]


def times(a, b):
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in zip(*b, strict=True)] for row in a]


def root(value):
    """Return the square root of a fraction that may be far beyond a float."""
    shift = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    return Fraction(math.sqrt(value / Fraction(2) ** (2 * shift))) * Fraction(2) ** shift


def exactly(x, y, intercept=True):
    """Every measure from the normal equations in fractions: nothing is rounded but the roots."""
    x = x[:, None] if x.ndim == 1 else x
    rows = [[Fraction(1)] * intercept + [Fraction(*value.as_integer_ratio()) for value in row] for row in x.tolist()]
    y = [[Fraction(*value.as_integer_ratio())] for value in y.tolist()]
    columns = list(zip(*rows, strict=True))
    n, p = len(rows), len(columns)
    inverse = solved(times(columns, rows), [[Fraction(i == k) for k in range(p)] for i in range(p)])
    coefficients = times(inverse, times(columns, y))
    residuals = [actual - fitted for (actual,), (fitted,) in zip(y, times(rows, coefficients), strict=True)]
    leverage = [times(times([row], inverse), [[value] for value in row])[0][0] for row in rows]
    rss = sum(e * e for e in residuals)
    found = {
        "coefficients": [value for (value,) in coefficients],
        "residuals": residuals,
        "residual_variance": rss / (n - p),
        "leverage": leverage,
    }
    found |= {name: [] for name in MEASURES[1:]}
    for e, h in zip(residuals, leverage, strict=True):
        without = (rss - e * e / (1 - h)) / (n - p - 1)
        found["internally_studentised"].append(e / root(found["residual_variance"] * (1 - h)))
        found["externally_studentised"].append(e / root(without * (1 - h)))
        found["cooks_distance"].append(e * e * h / (p * found["residual_variance"] * (1 - h) ** 2))
        found["dffits"].append(e / root(without * (1 - h)) * root(h / (1 - h)))
    return found


def check_exactly(x, y, wanted=None, intercept=True, digits=1e-8):
    """Hold every measure against fractions, each number by itself; return the fit."""
    ours = influence(x, y, intercept=intercept)
    wanted = exactly(x, y, intercept) if wanted is None else wanted
    for name, values in wanted.items():
        found = np.atleast_1d(getattr(ours, name)).tolist()
        values = values if isinstance(values, list) else [values]
        # A residual that is small by chance keeps the digits of the others.
        least = max(map(abs, values)) * Fraction(1e-6) if name in (*MEASURES[1:], "residuals") else 0
        for a, b in zip(found, values, strict=True):
            if name in ("coefficients", "residual_variance") and abs(b) > Fraction(np.finfo(float).max):
                assert a == (math.inf if b > 0 else -math.inf)
                continue
            least = max(least, Fraction(1e-300) if name in ("coefficients", "residual_variance") else 0)
            assert abs(Fraction(a) - b) <= Fraction(digits) * max(abs(b), least), (name, a, float(b))
    return ours


def whole_numbers(seed, n, k):
    """Small whole numbers of full rank, and a response off every line."""
    random = np.random.default_rng(seed)
    x = random.integers(-50, 50, (n, k)).astype(float)
    return x, x.sum(1) + random.integers(-9, 9, n)


# Powers of two, so that x and y of any size are the same problem, whose answer is a power of two away.
POWERS = [-1068, -1000, -996, -530, -400, -20, 0, 20, 400, 530, 996, 1015]


@pytest.mark.filterwarnings("ignore:coefficients cannot be held")
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("y_power", [-480, 0, 480])
@pytest.mark.parametrize("power", POWERS)
def test_x_of_any_size(power, y_power, intercept):
    x, y = whole_numbers(20, 9, 2)
    check_exactly(np.ldexp(x, power), np.ldexp(y, y_power), intercept=intercept)


@pytest.mark.filterwarnings("ignore:coefficients cannot be held")
@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("powers", [(-1000, 1000), (530, -530), (1015, 0), (0, -1060), (-400, -800), (900, 1015)])
def test_columns_of_sizes_that_differ_without_end(powers, intercept):
    x, y = whole_numbers(21, 9, 2)
    check_exactly(np.ldexp(x, powers), y, intercept=intercept)


@pytest.mark.filterwarnings("ignore:coefficients cannot be held")
@pytest.mark.parametrize("factor", [1e160, 1e-160, 1e300, 1e-300, 1e-318, 1.5e306, 5e-324])
def test_x_in_decimal_units(factor):
    x, y = whole_numbers(22, 10, 1)
    check_exactly(x * factor, y)


@pytest.mark.parametrize("power", [-1060, -1000, -600, 600, 1000, 1015])
def test_y_of_any_size_costs_at_most_its_variance(power):
    x, y = whole_numbers(23, 9, 2)
    with pytest.warns(UserWarning, match="^residual_variance cannot be held by a float: measure x or y") as said:
        ours = influence(x, np.ldexp(y, power))
    assert len(said) == 1 and ours.residual_variance in (0, np.inf)
    plain = influence(x, y)
    for name in MEASURES:
        np.testing.assert_array_equal(getattr(ours, name), getattr(plain, name))
    np.testing.assert_array_equal(ours.coefficients, np.ldexp(plain.coefficients, power))
    np.testing.assert_array_equal(ours.residuals, np.ldexp(plain.residuals, power))


@pytest.mark.parametrize(("power", "y_power"), [(-1000, 400), (1000, -400)])
def test_coefficients_beyond_a_float_are_said(power, y_power):
    x, y = whole_numbers(24, 9, 2)
    with pytest.warns(UserWarning, match="^coefficients cannot be held by a float") as said:
        ours = influence(np.ldexp(x, power), np.ldexp(y, y_power))
    assert len(said) == 1
    np.testing.assert_array_equal(ours.cooks_distance, influence(x, y).cooks_distance)


@pytest.mark.filterwarnings("ignore:(residual_variance|coefficients) cannot be held")
def test_the_range_of_floats_from_end_to_end():
    x, y = np.array([-1.7e308, -1e308, 0, 1e308, 1.6e308, 1.7e308]), np.array([0.0, 2, 1, 3, 5, 2])
    check_exactly(x, y)
    with pytest.warns(UserWarning, match="residual_variance cannot be held"):
        ours = influence(y, x)
    np.testing.assert_allclose(ours.cooks_distance, influence(y, x / 2**60).cooks_distance, rtol=1e-12)


@pytest.mark.filterwarnings("ignore:coefficients cannot be held")
# Time stamps in seconds with milliseconds, years, hectopascals, a balance far off its zero.
@pytest.mark.parametrize(
    ("offset", "step"),
    [(1.7e9, 1e-3), (-1.7e9, 1e-3), (1e9, 1e-4), (2000, 1), (1e5, 1e-6), (1e15, 1), (1e300, 1e286), (1e-300, 1e-312)],
)
def test_an_offset_of_x_costs_no_digits(offset, step):
    x, y = whole_numbers(25, 12, 2)
    x[:, 0] = offset + step * x[:, 0]
    check_exactly(x[:, 0], y)
    check_exactly(x, y)
    x[:, 1] = 3 * offset + step * x[:, 1]
    check_exactly(x, y)


def test_columns_whose_last_digits_alone_differ_are_taken_at_their_word():
    x, y = whole_numbers(41, 16, 3)
    check_exactly(2.0**53 + 2 * (x > 0), y)
    check_exactly(1 + 2.0**-52 * (x > 10), y)


@pytest.mark.parametrize(("offset", "step"), [(1e9, 1e-3), (1e15, 1), (-1e5, 1e-7)])
def test_an_offset_of_y_costs_no_digits(offset, step):
    x, y = whole_numbers(26, 12, 2)
    check_exactly(x, offset + step * y)
    check_exactly(1.7e9 + 1e-3 * x, offset + step * y)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 999), st.integers(1, 2), st.floats(-1e12, 1e12), st.integers(-12, 3), st.booleans())
def test_equals_fractions_whatever_the_offset_and_the_unit(seed, k, offset, exponent, of_y):
    x, y = whole_numbers(seed, 10, k)
    step = 10.0 ** max(exponent, math.ceil(math.log10(abs(offset) + 1e-12)) - 11)  # some digits are left to it
    x = offset + step * x
    y = (offset + step * y) if of_y else y
    assume(np.linalg.matrix_rank(with_intercept((x - offset) / step)) == k + 1)
    wanted = exactly(x, y)
    assume(max(wanted["leverage"]) < 1 - 1e-6 and wanted["residual_variance"] > 0)
    check_exactly(x, y, wanted)


@pytest.mark.parametrize("first", [-1, 0, 5, 11])
def test_a_gross_error_in_x_does_not_hide_the_offset_of_the_rest(first):
    x, y = whole_numbers(27, 12, 1)
    x = 1.7e9 + 1e-3 * x[:, 0]
    x[first] += 0.9  # a leverage of 0.99
    check_exactly(x, y)


def test_a_first_block_far_from_the_others(monkeypatch):
    monkeypatch.setattr(lessons_lib.regression, "BLOCK_ROWS", 4)
    x, y = whole_numbers(28, 14, 1)
    x = 1.7e9 + 1e-3 * x[:, 0]
    x[:4] = 0
    check_exactly(x, y, digits=1e-6)  # between the blocks lies nearly everything
    np.testing.assert_allclose(influence(x[::-1], y[::-1]).leverage[::-1], influence(x, y).leverage, rtol=1e-8)


TYPES = {
    "float16": lambda x: x.astype(np.float16),
    "float32": lambda x: (x + 1e6).astype(np.float32),
    "long double": lambda x: x.astype(np.longdouble),
    "int8": lambda x: x.astype(np.int8),
    "uint8": lambda x: (x + 100).astype(np.uint8),
    "bool": lambda x: x > 0,
    "int64": lambda x: x.astype(np.int64),
    "nanoseconds": lambda x: 1_700_000_000_000_000_000 + x.astype(np.int64),
    "before 1970": lambda x: -1_700_000_000_000_000_000 + x.astype(np.int64),
    "uint64 about 2**63": lambda x: np.uint64(2**63) + x.astype(np.int64).astype(np.uint64),
    "uint64 below 2**64": lambda x: np.uint64(2**64 - 100) + x.astype(np.int64).astype(np.uint64),
    "int64 from end to end": lambda x: np.where(x > 0, 2**63 - 1, -(2**63)) - x.astype(np.int64) // 2,
    "other byte order": lambda x: x.astype(">f8"),
    "other byte order, whole": lambda x: x.astype(">i8") + 2**60,
    "half precision, other byte order": lambda x: x.astype(">f2"),
    "strided": lambda x: np.repeat(x, 3, axis=0)[::3],
    "reversed": lambda x: x[::-1].copy()[::-1],
    "column order": np.asfortranarray,
}


@pytest.mark.parametrize("intercept", [True, False])
@pytest.mark.parametrize("of", TYPES)
@pytest.mark.filterwarnings("error")
def test_numbers_of_every_type(of, intercept):
    x, y = whole_numbers(29, 12, 2)
    typed = TYPES[of](x)
    if intercept or np.abs(typed.astype(float)).max() < 1e9:  # without an intercept such columns are parallel
        check_exactly(typed, y, intercept=intercept)
    check_exactly(x, TYPES[of](y[:, None])[:, 0], intercept=intercept)


WAYS = {
    "lists": np.ndarray.tolist,
    "tensor": torch.tensor,
    "tensor with a graph": lambda values: 1 * torch.tensor(values, requires_grad=True),
    "data frame or series": lambda values: pd.DataFrame(values) if values.ndim == 2 else pd.Series(values),
    "masked nowhere": lambda values: np.ma.array(values, mask=False),
    "objects": lambda values: values.astype(object),
    "matrix": lambda values: np.matrix(values) if values.ndim == 2 else values,
    "list of tensors": lambda values: list(torch.tensor(values, requires_grad=True)),
}


@pytest.mark.parametrize("way", WAYS)
def test_numbers_in_every_vessel(way):
    x, y = design(30, 20, 2)
    plain = influence(x, y)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # of the matrix
        ours = influence(WAYS[way](x), WAYS[way](y))
    assert type(ours.cooks_distance) is np.ndarray
    np.testing.assert_allclose(ours.cooks_distance, plain.cooks_distance, rtol=1e-11)  # orders in memory differ
    np.testing.assert_allclose(ours.coefficients, plain.coefficients, rtol=1e-11)


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, ">f8"])
def test_a_memory_map_is_never_read_as_a_whole(tmp_path, monkeypatch, dtype):
    n = 5 * lessons_lib.regression.BLOCK_ROWS + 3
    x, y = whole_numbers(31, n, 3)
    np.save(tmp_path / "x.npy", x.astype(dtype))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    tracemalloc.start()
    ours = influence(mapped, y)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(ours.cooks_distance, influence(x, y).cooks_distance)
    results = sum(getattr(ours, name).nbytes for name in ("residuals", *MEASURES))
    assert peak - results < 12 * x[: lessons_lib.regression.BLOCK_ROWS].nbytes


@pytest.mark.parametrize("power", [-1000, -500, 0, 500, 1000])
@pytest.mark.parametrize("offset", [0, 1, 1e6])
def test_perfect_and_constant_are_told_in_every_unit(power, offset):
    x, y = whole_numbers(32, 10, 2)
    with pytest.raises(ValueError, match="y is fitted perfectly"):
        influence(x + offset, np.ldexp(0.1 * (x[:, 0] - 3 * x[:, 1]) + offset, power))
    with pytest.raises(ValueError, match="y is fitted perfectly"):
        influence(np.ldexp(x + offset, power), 0.1 * (x[:, 0] + offset) + x[:, 1])
    with pytest.raises(ValueError, match=r"y is constant \("):
        influence(x, np.full(10, np.ldexp(1.5 + offset, power)))
    noise = np.ldexp(np.ldexp(y, -15) + x[:, 0] + offset, power)  # a hair off the line, but no rounding
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ours = influence(x, noise).cooks_distance
    np.testing.assert_allclose(ours, influence(x, y).cooks_distance, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:x has rank")
@pytest.mark.parametrize("power", [-900, -300, -60, 1, 60, 300, 900])
@pytest.mark.parametrize("offset", [0, 1e3, 1.7e9])
def test_a_column_copied_in_another_unit_still_depends(power, offset):
    x, y = whole_numbers(33, 12, 2)
    x = x + offset
    copied = np.column_stack([x, np.ldexp(x[:, 0], power)])
    ours, alone = influence(copied, y), influence(x, y)
    assert ours.parameters == 3
    for name in MEASURES:
        np.testing.assert_allclose(getattr(ours, name), getattr(alone, name), rtol=1e-8, err_msg=name)
    check_shortest(ours, copied, y, [0, 2.0**power, 0, -1])


def check_shortest(ours, x, y, null):
    """Hold coefficients to the fit that they stand for, and across the direction that changes no fit."""
    beta = [Fraction(value) for value in ours.coefficients]
    for row, value, residual in zip(x.tolist(), y.tolist(), ours.residuals, strict=True):
        fitted = beta[0] + sum(b * Fraction(v) for b, v in zip(beta[1:], row, strict=True))
        size = abs(beta[0]) + sum(abs(b * Fraction(v)) for b, v in zip(beta[1:], row, strict=True))
        assert abs(Fraction(value) - fitted - Fraction(residual)) < Fraction(1e-14) * size
    along = sum(b * Fraction(v) for b, v in zip(beta, null, strict=True))
    assert abs(along) < Fraction(1e-14) * max(map(abs, beta)) * Fraction(max(map(abs, null)))


@pytest.mark.filterwarnings("ignore:x has rank")
@pytest.mark.parametrize(("factor", "offset"), [(1.8, 20), (1.8, 300), (1 / 3, 1e5), (0.1, 1.7e9)])
def test_a_column_that_was_rounded_in_another_unit_still_depends(factor, offset):
    x, y = whole_numbers(34, 40, 1)
    celsius = x[:, 0] + offset
    ours = influence(np.column_stack([celsius, factor * celsius + 32]), y)
    assert ours.parameters == 2
    np.testing.assert_allclose(ours.cooks_distance, influence(celsius, y).cooks_distance, rtol=1e-6)


@pytest.mark.filterwarnings("ignore:x has rank")
@pytest.mark.parametrize("constant", [1.0, 1e-300, 1e300, -7e9])
def test_a_constant_column_beside_the_intercept(constant):
    x, y = whole_numbers(35, 12, 1)
    alone = influence(x, y)
    x = np.column_stack([x, np.full(12, constant)])
    ours = influence(x, y)
    assert ours.parameters == 2
    np.testing.assert_array_equal(ours.cooks_distance, alone.cooks_distance)
    check_shortest(ours, x, y, [constant, 0, -1])


@pytest.mark.parametrize("k", [1, 3, 6])
@pytest.mark.parametrize("offset", [0, 1e9])
def test_just_more_rows_than_parameters(k, offset):
    x, y = whole_numbers(36 + k, k + 3, k)
    check_exactly(x + offset, y, digits=1e-7)
    with pytest.raises(ValueError, match=f"x has {k + 1} rows for {k + 1} columns"):
        influence(x[: k + 1], y[: k + 1])


def test_arguments_are_left_as_they_were():
    x, y = design(10, 20, 2)
    kept = x.copy(), y.copy()
    influence(x, y)
    assert (x == kept[0]).all() and (y == kept[1]).all()


def test_one_degree_of_freedom_leaves_no_other_variance():
    x, y = np.array([0.0, 1, 3]), np.array([0.0, 2, 1])
    ours = influence(x, y)
    assert np.isfinite(ours.cooks_distance).all() and np.isnan(ours.externally_studentised).all()


NAN = np.array([0.0, 1, np.nan, 3, 4])
FIVE = np.array([0.0, 2, 1, 3, 5])


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        (FIVE[:2], FIVE[:2], r"x has 2 rows for 2 columns \(intercept counted\); influence wants more rows"),
        (FIVE[:1], FIVE[:1], "x has 1 rows; influence wants more rows than parameters."),
        (FIVE[:0], FIVE[:0], "x has 0 rows"),
        (NAN, FIVE, "x holds values that are infinite or not a number"),
        (FIVE, NAN, "y holds values that are infinite or not a number"),
        (FIVE, np.full(5, 3.0), r"y is constant \(3\)"),
        (FIVE, 2 * FIVE + 1, "y is fitted perfectly"),
        (FIVE, FIVE[:4], r"x has shape \(5, 1\) and y \(4,\)"),
        (np.zeros((5, 2, 2)), FIVE, r"x has shape \(5, 2, 2\)"),
        (FIVE.astype(str), FIVE, "x holds text; it must hold real numbers"),
        (FIVE, FIVE * 1j, "y holds complex numbers; it must hold real numbers"),
        (np.ma.masked_equal(FIVE, 3), FIVE, "x has masked values"),
        (FIVE, np.ma.masked_equal(FIVE, 3), "y has masked values"),
        ([[1.0, 2], [3.0]], FIVE[:2], "x has rows of different lengths"),
        (np.eye(4, 9), FIVE[:4], r"x has 4 rows for 10 columns \(intercept counted\)"),
    ],
)
def test_refuses_in_one_sentence(x, y, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        influence(x, y)
    assert "\n" not in str(refusal.value)


def test_calls_from_several_threads_wait_for_one_another(monkeypatch):
    # Overlapping, the last to end would restore the number of BLAS threads that another call had set.
    running, together = [], []

    def slowly(x, y, intercept):
        running.append(x)
        together.append(len(running))
        time.sleep(0.05)
        running.pop()

    monkeypatch.setattr(lessons_lib.regression, "_influence", slowly)
    workers = [threading.Thread(target=influence, args=(FIVE, FIVE)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert together == [1, 1, 1]


def test_refuses_nothing_to_fit():
    with pytest.raises(ValueError, match="x holds only zeros and there is no intercept"):
        influence(np.zeros(5), FIVE, intercept=False)
    with pytest.raises(ValueError, match="nothing to fit"):
        influence(np.zeros((5, 0)), FIVE, intercept=False)


@pytest.mark.parametrize("intercept", ["no", None, 1, 0.0, [True]], ids=repr)
def test_intercept_is_true_or_false(intercept):
    with pytest.raises(ValueError, match="^intercept is .*; it must be True or False"):
        influence(FIVE, FIVE, intercept=intercept)
    x, y = design(40, 9, 1)
    np.testing.assert_array_equal(influence(x, y, intercept=np.True_).leverage, influence(x, y).leverage)


def test_an_intercept_alone_is_a_fit():
    ours = influence(np.zeros((5, 0)), FIVE + 1e9)
    np.testing.assert_allclose(ours.leverage, 0.2, rtol=1e-12)
    assert ours.coefficients == pytest.approx([1e9 + FIVE.mean()], rel=1e-15)
    assert ours.residual_variance == pytest.approx(FIVE.var(ddof=1), rel=1e-12)
