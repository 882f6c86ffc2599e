"""Gaussian mixtures: against scikit-learn, against the definition, and the identities of EM."""

import warnings

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from lesson_files import read_source, source_paths
from scipy.stats import multivariate_normal
from sklearn.exceptions import ConvergenceWarning
from sklearn.mixture import GaussianMixture as Reference

from lessons_lib.models import GaussianMixture

THEIR_NAME = {"full": "full", "diagonal": "diag", "spherical": "spherical"}
COVARIANCES = list(THEIR_NAME)


def clouds(n, d, k, seed):
    """k Gaussian clouds that overlap, each stretched its own way."""
    rng = np.random.default_rng(seed)
    centres = rng.normal(0, 2.5, (k, d))
    shapes = rng.normal(0, 1, (k, d, d)) / np.sqrt(d) + np.eye(d)
    which = rng.integers(k, size=n)
    return centres[which] + np.einsum("nij,nj->ni", shapes[which], rng.normal(size=(n, d)))


def start_of(x, k, covariance, seed):
    """A start that both implementations can take: random points, the data's own spread."""
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.full(k, 5.0))
    means = x[rng.choice(len(x), k, replace=False)]
    spread = np.cov(x.T, bias=True).reshape(x.shape[1], x.shape[1])
    each = {"full": spread, "diagonal": np.diag(spread), "spherical": np.mean(np.diag(spread))}[covariance]
    return weights, means, np.stack([each] * k)


def reference_fit(x, start, covariance, steps):
    weights, means, covariances = start
    invert = np.linalg.inv if covariance == "full" else np.reciprocal
    reference = Reference(
        len(weights),
        covariance_type=THEIR_NAME[covariance],
        weights_init=weights,
        means_init=means,
        precisions_init=invert(covariances),
        reg_covar=0,
        max_iter=steps,
        tol=0,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return reference.fit(x)


@pytest.mark.parametrize("covariance", COVARIANCES)
@pytest.mark.parametrize(("n", "d", "k"), [(400, 1, 2), (500, 2, 4), (900, 7, 3)])
def test_equals_scikit_learn_after_equal_steps(n, d, k, covariance):
    x = clouds(n, d, k, seed=n)
    for steps in (1, 2, 25):
        start = start_of(x, k, covariance, seed=d)
        ours = GaussianMixture(k, covariance=covariance, floor=0).fit(x, steps=steps, tolerance=0, start=start)
        theirs = reference_fit(x, start, covariance, steps)
        np.testing.assert_allclose(ours.weights, theirs.weights_, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(ours.means, theirs.means_, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(ours.covariances, theirs.covariances_, rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(ours.log_prob(x), theirs.score_samples(x), rtol=1e-6, atol=1e-6)
        np.testing.assert_allclose(ours.responsibilities(x), theirs.predict_proba(x), atol=1e-6)
        np.testing.assert_allclose(ours.bic(x), theirs.bic(x), rtol=1e-6)
        assert ours.log_likelihoods[-1] == pytest.approx(theirs.score(x), abs=1e-9)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_density_is_the_definition(covariance):
    x = clouds(60, 3, 2, seed=0)
    mixture = GaussianMixture(2, covariance=covariance).fit(x)
    density = 0
    for weight, mean, spread in zip(mixture.weights, mixture.means, mixture.covariances, strict=True):
        full = spread if spread.ndim == 2 else (spread.expand(3)).diag()
        density = density + weight.item() * multivariate_normal(mean, full).pdf(x)
    np.testing.assert_allclose(mixture.log_prob(x), np.log(density), rtol=1e-9)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_bound_touches_the_likelihood_after_an_e_step_and_not_before(covariance):
    x = clouds(200, 2, 3, seed=8)
    start = start_of(x, 3, covariance, seed=1)
    q = None
    for steps in range(6):  # each one an M-step, with the q of the fit before, and an E-step
        mixture = GaussianMixture(3, covariance=covariance).fit(x, steps=steps, tolerance=0, start=start)
        parts = zip(mixture.weights.numpy(), mixture.means.numpy(), mixture.covariances.numpy(), strict=True)
        log_joint = np.stack([np.log(w) + multivariate_normal(m, c).logpdf(x) for w, m, c in parts], axis=1)
        log_p = mixture.log_prob(x).numpy()
        if q is not None:
            gap = (log_p - (q * (log_joint - np.log(q))).sum(1)).mean()
            assert gap > 1e-4
        q = mixture.responsibilities(x).numpy()
        np.testing.assert_allclose((q * (log_joint - np.log(q))).sum(1), log_p, atol=1e-9)


@settings(deadline=None, max_examples=60)
@given(st.data())
def test_likelihood_never_falls_between_reseeds(data):
    n, d, k = data.draw(st.integers(5, 80)), data.draw(st.integers(1, 4)), data.draw(st.integers(1, 5))
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    x = rng.normal(size=(n, d)) * 10.0 ** rng.integers(-3, 4)
    if data.draw(st.booleans()):  # ties and flat directions, on which components collapse
        x = np.round(x / np.abs(x).max() * 3)
    x = x * 10.0 ** rng.integers(-6, 7, size=d)  # each column in a unit of its own
    assume(np.ptp(x) > 0 and len(np.unique(x, axis=0)) >= k)
    covariance = data.draw(st.sampled_from(COVARIANCES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        mixture = GaussianMixture(k, covariance=covariance, seed=int(rng.integers(100))).fit(x, steps=30, tolerance=0)
    broken = {step for step, _ in mixture.reseeded}
    values = mixture.log_likelihoods
    for step in range(1, len(values)):
        if step not in broken:
            assert values[step] >= values[step - 1] - 1e-9 * max(1, abs(values[step]))
    np.testing.assert_allclose(mixture.responsibilities(x).sum(1), 1)
    assert mixture.weights.sum().item() == pytest.approx(1)


def test_equals_the_cells_of_lesson_05a():
    (source,) = [path for path in source_paths() if path.stem.startswith("05a")]
    (cell,) = [cell.source for cell in read_source(source).cells if "def e_step" in cell.source]
    lesson = {"torch": torch, "MultivariateNormal": torch.distributions.MultivariateNormal}
    exec(cell, lesson)
    x = torch.tensor(clouds(300, 2, 3, seed=5))
    start = [torch.as_tensor(part) for part in start_of(x.numpy(), 3, "full", seed=6)]
    parameters = start
    for _ in range(12):
        responsibilities, _ = lesson["e_step"](x, *parameters)
        parameters = lesson["m_step"](x, responsibilities)
    mixture = GaussianMixture(3, floor=0).fit(x, steps=12, tolerance=0, start=start)
    for ours, cells in zip((mixture.weights, mixture.means, mixture.covariances), parameters, strict=True):
        np.testing.assert_allclose(ours, cells, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(mixture.log_prob(x), lesson["e_step"](x, *parameters)[1], rtol=1e-9)


def test_blocks_do_not_change_the_result(monkeypatch):
    x = clouds(300, 3, 3, seed=4)
    whole = GaussianMixture(3).fit(x, steps=10, tolerance=0)
    monkeypatch.setattr("lessons_lib.models.gmm.NUMBERS_A_BLOCK", 100)
    blocks = GaussianMixture(3).fit(x, steps=10, tolerance=0)
    np.testing.assert_allclose(whole.covariances, blocks.covariances, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_floor_holds_on_a_lonely_point(covariance):
    x = np.vstack([np.random.default_rng(0).normal(size=(50, 2)), [[40.0, 40.0]]])
    shape = {"full": np.eye(2), "diagonal": np.ones(2), "spherical": 1.0}[covariance]
    start = np.array([0.5, 0.5]), np.array([[0.0, 0.0], [40.0, 40.0]]), np.stack([shape] * 2)
    mixture = GaussianMixture(2, covariance=covariance, floor=0.01).fit(x, start=start)
    variances = torch.linalg.eigvalsh(mixture.covariances) if covariance == "full" else mixture.covariances
    assert variances.min() >= 0.01 * (1 - 1e-12)
    free = GaussianMixture(2, covariance=covariance, floor=0)
    with pytest.raises(ValueError, match="component 1 has collapsed"):
        free.fit(x, start=start)
    assert torch.isfinite(free.log_prob(x)).all()  # what was fitted before is kept


def test_empty_component_starts_anew_and_says_so():
    x = clouds(200, 2, 2, seed=1)
    start = np.array([0.5, 0.5]), np.array([[0.0, 0.0], [1e4, 1e4]]), np.stack([np.eye(2)] * 2)
    with pytest.warns(UserWarning, match="Component 1 was empty at step 1"):
        mixture = GaussianMixture(2).fit(x, start=start)
    assert mixture.reseeded == [(1, 1)]
    assert mixture.weights.min() * len(x) > 1


def test_interrupted_step_leaves_the_one_before(monkeypatch):
    calls, clip = [], GaussianMixture._clip

    def interrupt(self, covariances):
        calls.append(1)
        if len(calls) == 4:  # the start's, two steps, and then
            raise KeyboardInterrupt
        return clip(self, covariances)

    monkeypatch.setattr(GaussianMixture, "_clip", interrupt)
    x = clouds(200, 2, 3, seed=1)
    mixture = GaussianMixture(3, seed=0)
    with pytest.raises(KeyboardInterrupt):
        mixture.fit(x, tolerance=0)
    assert mixture.log_prob(x).mean().item() == pytest.approx(mixture.log_likelihoods[-1], abs=1e-12)


def test_does_not_stop_on_the_step_that_started_a_component_anew():
    x = clouds(2000, 2, 2, seed=1)
    start = np.array([0.999, 0.001]), np.array([x.mean(0), [1e4, 1e4]]), np.stack([np.cov(x.T)] * 2)
    with pytest.warns(UserWarning, match="was empty"):
        mixture = GaussianMixture(2).fit(x, start=start, tolerance=0.1)
    assert mixture.reseeded == [(1, 1)] and len(mixture.log_likelihoods) > 2


def test_more_starts_never_end_lower():
    x = clouds(200, 2, 5, seed=9)
    ends = [GaussianMixture(5, seed=3, starts=starts).fit(x).log_likelihoods[-1] for starts in (1, 2, 4, 8)]
    assert ends == sorted(ends) and ends[0] < ends[-1]
    best = GaussianMixture(5, seed=3, starts=8).fit(x)
    assert best.log_likelihoods[-1] == pytest.approx(best.log_prob(x).mean().item())


def test_seed_is_the_lessons_unless_given():
    x = clouds(200, 2, 5, seed=9)
    torch.manual_seed(11)
    by_lesson, again = GaussianMixture(5).fit(x), GaussianMixture(5, seed=11).fit(x)
    assert torch.equal(by_lesson.means, again.means)
    assert not torch.equal(by_lesson.means, GaussianMixture(5, seed=12).fit(x).means)


UNITS = [(1, 60), (60, 1), (1 / 60, 6e4), (1e6, 1e-6), (1e-90, 1e90)]


@pytest.mark.parametrize("covariance", ["full", "diagonal"])
@pytest.mark.parametrize("units", UNITS, ids=str)
def test_other_units_give_the_same_mixture(units, covariance):
    """Two clusters that only the narrow column tells apart, as minutes beside seconds do."""
    rng = np.random.default_rng(0)
    side = rng.integers(2, size=300)
    x = np.stack([2 + 2.2 * side + rng.normal(0, 0.3, 300), 70 + 15 * rng.normal(size=300)], 1)
    plain, other = (GaussianMixture(2, covariance=covariance, starts=4, seed=1) for _ in range(2))
    plain.fit(x, steps=500, tolerance=0), other.fit(x * units, steps=500, tolerance=0)
    squared = np.outer(units, units) if covariance == "full" else np.square(units)
    one, two = plain.means[:, 0].argsort(), other.means[:, 0].argsort()
    np.testing.assert_allclose(other.means[two].numpy() / units, plain.means[one], rtol=1e-6)
    np.testing.assert_allclose(other.covariances[two].numpy() / squared, plain.covariances[one], rtol=1e-5, atol=1e-8)
    np.testing.assert_allclose(other.weights[two], plain.weights[one], rtol=1e-6)
    shift = np.log(units).sum()
    np.testing.assert_allclose(other.log_prob(x * units) + shift, plain.log_prob(x), rtol=1e-6, atol=1e-6)
    assert sorted(plain.means[:, 0].tolist()) == pytest.approx([2, 4.2], abs=0.1)


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_from_one_start_units_change_nothing_but_the_units(data):
    d, k = data.draw(st.integers(1, 4)), data.draw(st.integers(1, 4))
    x = clouds(60, d, k, seed=data.draw(st.integers(0, 10**6)))
    units = 2.0 ** np.array(data.draw(st.lists(st.integers(-40, 40), min_size=d, max_size=d)))
    covariance = data.draw(st.sampled_from(["full", "diagonal"]))
    squared = np.outer(units, units) if covariance == "full" else np.square(units)
    weights, means, covariances = start_of(x, k, covariance, seed=0)
    plain = GaussianMixture(k, covariance=covariance).fit(x, steps=20, start=(weights, means, covariances))
    start = weights, means * units, covariances * squared
    other = GaussianMixture(k, covariance=covariance).fit(x * units, steps=20, start=start)
    np.testing.assert_allclose(other.means.numpy() / units, plain.means, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("every", [3, 4, 5])
def test_the_floor_of_many_rows_does_not_depend_on_their_order(every):
    x = np.random.default_rng(0).normal(size=(10_000 * every, 1))
    x[::every] *= 1e-9  # rows that come round again and again, as from several instruments
    start = [0.5, 0.5], [[0.0], [0.0]], [[[1e-4]], [[1.0]]]
    mixture = GaussianMixture(2).fit(x, steps=5, start=start)
    assert 1e-8 < mixture.covariances.min().item() < 1e-5  # the floor, a millionth of the squared spread
    assert GaussianMixture(2).fit(x, steps=5, start=start).log_likelihoods == mixture.log_likelihoods


def test_an_outlier_does_not_lift_the_floor():
    x = clouds(500, 2, 2, seed=3)
    x[0] = [1e7, -1e7]
    mixture = GaussianMixture(3, starts=5, seed=0).fit(x)
    typical = mixture.log_prob(x[1:]).mean().item()
    alone = GaussianMixture(2, starts=5, seed=0).fit(x[1:]).log_prob(x[1:]).mean().item()
    assert typical == pytest.approx(alone, abs=0.2)


def test_far_from_the_origin_little_is_lost():
    """Time stamps in seconds, milliseconds apart: what is lost is what a float64 mean cannot hold."""
    rng = np.random.default_rng(4)
    origin = np.array([1.7e9, -(2.0**30)])
    far = origin + rng.normal(size=(400, 2)) * [1e-3, 1.0] + np.outer(rng.integers(2, size=400), [8e-3, 0])
    near, away = (GaussianMixture(2, seed=0).fit(points, steps=300, tolerance=0) for points in (far - origin, far))
    np.testing.assert_allclose(away.log_prob(far), near.log_prob(far - origin), rtol=1e-3, atol=2e-3)
    np.testing.assert_allclose(away.covariances, near.covariances, rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize("value", [14.62, 0.1, -1e9 / 3, 1e-30, 0.0])
@pytest.mark.parametrize("columns", [1, 3])
def test_one_point_over_and_over_is_refused_though_rounding_differs(value, columns):
    x = np.full((1000, columns), value)
    x[::3] = np.nextafter(x[::3], np.inf) if value else value
    for components in (1, 2):
        with pytest.raises(ValueError, match="same point over and over"):
            GaussianMixture(components).fit(x)


def test_points_that_differ_by_rounding_are_one_point():
    x = np.array([[1.0, 5.0], [np.nextafter(1.0, 2), 5.0], [2.0, 5.0], [2.0, 5.0]])
    with pytest.raises(ValueError, match="only 2 different points for 3"):
        GaussianMixture(3).fit(x)


@pytest.mark.parametrize("covariance", COVARIANCES)
def test_a_column_that_does_not_vary_does_no_harm(covariance):
    x = np.column_stack([clouds(300, 2, 2, seed=1), np.full(300, 7.0)])
    mixture = GaussianMixture(2, covariance=covariance, seed=0).fit(x)
    assert mixture.log_prob(x).isfinite().all()
    np.testing.assert_allclose(mixture.means[:, 2], 7)


@pytest.mark.parametrize("scale", [1e-200, 1e200])
def test_values_whose_squares_are_no_numbers_are_refused(scale):
    with pytest.raises(ValueError, match="^x has a spread of .* in column 1"):
        GaussianMixture(2).fit(clouds(50, 2, 2, seed=0) * [1, scale])


@pytest.mark.parametrize("covariance", ["full", "diagonal", "spherical"])
def test_the_default_device_is_the_students_affair(covariance):
    def numbers():
        fitted = GaussianMixture(2, covariance=covariance, seed=0).fit(x)
        again = GaussianMixture(2, covariance=covariance).fit(x, start=([0.5, 0.5], x[:2], fitted.covariances))
        return [fitted.means, fitted.log_prob(x), fitted.sample(5)[0], again.means]

    x = np.random.default_rng(0).normal(size=(50, 2))
    expected = numbers()
    with torch.device("meta"):  # stands for a GPU: nothing may be made there
        found = numbers()
    assert all(torch.equal(*pair) for pair in zip(found, expected, strict=True))


def test_numpy_whole_numbers_are_taken():
    x = clouds(100, 2, 2, seed=0)
    plain = GaussianMixture(2, starts=2, seed=3).fit(x, steps=5)
    numpy = GaussianMixture(np.int64(2), starts=np.int32(2), seed=np.arange(4)[3]).fit(x, steps=np.int64(5))
    assert torch.equal(plain.means, numpy.means)
    assert torch.equal(plain.sample(7, seed=5)[0], numpy.sample(np.int64(7), seed=np.uint8(5))[0])


WAYS = {
    "list": np.ndarray.tolist,
    "data frame": pd.DataFrame,
    "reversed view": lambda x: np.ascontiguousarray(x[::-1, ::-1])[::-1, ::-1],
    "tensor with a graph": lambda x: 1 * torch.tensor(x, requires_grad=True),
    "nothing masked": lambda x: np.ma.array(x, mask=False),
    "other byte order": lambda x: x.astype(">f8"),
    "read-only": lambda x: np.broadcast_to(x, x.shape),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_of_holding_points_gives_the_same_mixture(way):
    x = clouds(100, 2, 2, seed=0)
    before = x.copy()
    plain, other = GaussianMixture(2, seed=0).fit(x), GaussianMixture(2, seed=0).fit(way(x))
    assert torch.equal(plain.means, other.means) and torch.equal(plain.log_prob(x), other.log_prob(way(x)))
    np.testing.assert_array_equal(x, before)


def test_an_interrupted_second_start_costs_nothing_of_the_first(monkeypatch):
    x = clouds(200, 2, 5, seed=9)
    first = GaussianMixture(5, seed=3).fit(x)
    mixture, begin, begun = GaussianMixture(5, seed=3, starts=3), GaussianMixture._begin, []

    def interrupt(self, *arguments):
        begun.append(1)
        begin(self, *arguments)
        if len(begun) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(GaussianMixture, "_begin", interrupt)
    with pytest.raises(KeyboardInterrupt):
        mixture.fit(x)
    assert torch.equal(mixture.means, first.means) and mixture.log_likelihoods == first.log_likelihoods


def test_samples_have_the_mixtures_moments():
    mixture = GaussianMixture(3).fit(clouds(500, 2, 3, seed=2))
    x, component = mixture.sample(200_000, seed=3)
    shares = torch.bincount(component, minlength=3) / len(x)
    np.testing.assert_allclose(shares, mixture.weights, atol=0.01)
    for m in range(3):
        np.testing.assert_allclose(x[component == m].T.cov(), mixture.covariances[m], rtol=0.05, atol=0.05)
        np.testing.assert_allclose(x[component == m].mean(0), mixture.means[m], atol=0.05)
    assert torch.equal(mixture.sample(5, seed=1)[0], mixture.sample(5, seed=1)[0])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: GaussianMixture(0), "components is 0"),
        (lambda: GaussianMixture(2, covariance="round"), "covariance is 'round'"),
        (lambda: GaussianMixture(2, covariance=np.eye(2)), "covariance is array"),
        (lambda: GaussianMixture(2, floor=-1), "floor is -1"),
        (lambda: GaussianMixture(2, starts=0), "starts is 0"),
        (lambda: GaussianMixture(5).fit(np.zeros((3, 2))), "5 components need"),
        (lambda: GaussianMixture(1).fit(np.zeros((3, 2))), "the same point"),
        (lambda: GaussianMixture(1).fit(np.array([[0.0], [np.nan]])), "not a number"),
        (lambda: GaussianMixture(1).fit(np.zeros((3, 2, 2))), "x has shape"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), steps=-1), "steps is -1"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), tolerance=np.nan), "tolerance is nan"),
        (lambda: GaussianMixture(3).fit(np.array([1.0, 1.0, 2.0, 2.0])), "only 2 different points for 3"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), start=([1.0], [[0.0]], [[[-1.0]]])), "negative variance"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0)).sample(0), "n is 0"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), start=([1.0], [0.0], [1.0])), "start has shapes"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), start=([2.0], [[0.0]], [[[1.0]]])), "sum to 1"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0)).log_prob(np.zeros((2, 2))), "has 2 dimensions"),
        (lambda: GaussianMixture(1).log_prob(np.zeros((2, 2))), "not fitted"),
        (lambda: GaussianMixture(1).sample(3), "not fitted"),
        (lambda: GaussianMixture(2.0), "components is 2.0"),
        (lambda: GaussianMixture(2, seed=-1), "seed is -1"),
        (lambda: GaussianMixture(2, floor="small"), "floor is 'small'"),
        (lambda: GaussianMixture(1).fit(np.ma.array([1.0, 2, 3], mask=[0, 1, 0])), "x has masked values"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0) * 1j), "x holds complex numbers"),
        (lambda: GaussianMixture(1).fit([[1.0, 2.0], [3.0]]), "x has rows of different lengths"),
        (lambda: GaussianMixture(1).fit([["a"], ["b"]]), "x holds text"),
        (lambda: GaussianMixture(1).fit(None), "x is a NoneType"),
        (
            lambda: GaussianMixture(1).fit(
                np.ones((9, 2)) * np.arange(9.0)[:, None], start=([1.0], [[0, 0]], [[[1.0, 1e6], [1e6, 1.0]]])
            ),
            "negative variance",
        ),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), start=3), "start must be three arrays"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0), start=([1.0], [[np.nan]], [[[1.0]]])), "start's means holds"),
        (lambda: GaussianMixture(1).fit(np.arange(9.0)).log_prob(np.ma.masked), "x has masked values"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as caught:
        call()
    assert "\n" not in str(caught.value)
