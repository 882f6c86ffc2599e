"""Leverage, Cook's distance and their kin: against refits, against statsmodels, over designs that hypothesis makes."""

import threading
import time
import tracemalloc
import warnings

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

import lessons_lib.regression
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
        (FIVE.astype(str), FIVE, "x holds <U32; influence wants real numbers"),
        (FIVE, FIVE * 1j, "y holds complex128; influence wants real numbers"),
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
