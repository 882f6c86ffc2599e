"""The linear predictor: it finds a linear recipe, and its nats are those of its Gaussian."""

import numpy as np
import pytest
import torch
from scipy.stats import norm

from lessons_lib.datasets import plucked_string
from lessons_lib.linear_prediction import LinearPredictor


def autoregressive(notes=20, time=1500, seed=0):
    """Return sounds with x[n] = 0.1 + 1.6 x[n-1] - 0.8 x[n-2] + 0.05 · noise."""
    generator = np.random.default_rng(seed)
    x = np.zeros((notes, time))
    for n in range(2, time):
        x[:, n] = 0.1 + 1.6 * x[:, n - 1] - 0.8 * x[:, n - 2] + 0.05 * generator.normal(size=notes)
    return x


def test_weights_and_spread_are_found():
    found = LinearPredictor(autoregressive(), window=4)
    np.testing.assert_allclose(found.weights, [0, 0, -0.8, 1.6], atol=0.03)
    assert found.bias == pytest.approx(0.1, abs=0.01)
    assert found.spread == pytest.approx((0.05, 0), abs=0.003)


def test_weights_are_those_of_least_squares():
    x = autoregressive(3, 200)
    found = LinearPredictor(x, window=5)
    rows = np.concatenate([np.lib.stride_tricks.sliding_window_view(row, 6) for row in x])
    design = np.column_stack([rows[:, :-1], np.ones(len(rows))])
    wanted = np.linalg.lstsq(design, rows[:, -1], rcond=None)[0]
    np.testing.assert_allclose([*found.weights, found.bias], wanted, atol=1e-8)
    np.testing.assert_allclose(found.means(x).flatten(), design @ wanted, atol=1e-8)


def test_a_string_is_predicted_without_error():
    string = plucked_string(30, 20, 1000)
    found = LinearPredictor(string, window=32)
    torch.testing.assert_close(found.means(string[:2]).float(), string[:2, 32:], atol=1e-4, rtol=0)


def test_spread_grows_with_size():
    generator = np.random.default_rng(0)
    mean = generator.uniform(-1, 1, (400, 1))
    x = np.hstack([mean, mean + (0.02 + 0.1 * np.abs(mean)) * generator.normal(size=(400, 1))])
    x = np.repeat(x, 30, axis=0)
    x[:, 1] = x[:, 0] + (0.02 + 0.1 * np.abs(x[:, 0])) * generator.normal(size=len(x))
    assert LinearPredictor(x, window=1).spread == pytest.approx((0.02, 0.1), abs=0.005)


def test_nats_are_the_gaussians_mass_on_each_level():
    x, edges = autoregressive(3, 100), np.linspace(0, 1, 9)
    found = LinearPredictor(x, window=2)
    mean = found.means(x).numpy()
    deviation = found.spread[0] + found.spread[1] * np.abs(mean)
    ends = np.concatenate([[-np.inf], edges, [np.inf]])
    mass = norm.cdf(ends, mean[..., None], deviation[..., None])
    mass = np.diff(mass, axis=-1)
    np.testing.assert_allclose(mass.sum(axis=-1), 1)
    level = np.searchsorted(edges, x[:, 2:])
    came = np.take_along_axis(mass, level[..., None], axis=-1)
    assert found.nats(x, edges) == pytest.approx(-np.log(came).mean(), rel=1e-6)


def test_what_it_did_not_expect_costs_much_on_both_sides_and_no_more_than_the_least_probability():
    x, edges = autoregressive(), np.linspace(-2, 3, 2001)
    found = LinearPredictor(x, window=2)
    odd = np.tile(x[:1, :3], (2, 1))
    for size in (0.2, 50):
        odd[:, 2] = found.means(odd).numpy()[:, 0] + np.array([-size, size])
        low, high = (found.nats(odd[[i]], edges) for i in range(2))
        assert low == pytest.approx(high, rel=0.1) and 10 < low <= -np.log(1e-9) + 1e-9


def test_on_a_string_behind_its_pluck_the_least_probability_changes_nothing():
    levels = np.arange(-31.5, 32) / 31.5  # 64, by the µ-law, as lesson 04d has them
    levels, edges = (np.sign(x) * (64 ** np.abs(x) - 1) / 63 for x in (levels, levels[:-1] + 0.5 / 31.5))
    smallest = {}
    for start in (0, 64):
        known, fresh = (
            levels[np.searchsorted(edges, np.pad(plucked_string(27, 20, 2000, seed), ((0, 0), (64, 0)))[:, start:])]
            for seed in (1, 2)
        )
        found = LinearPredictor(known)
        mean = found.means(fresh).numpy()
        deviation = np.maximum(found.spread[0] + found.spread[1] * np.abs(mean), 1e-3)
        ends, level = np.concatenate([[-np.inf], edges, [np.inf]]), np.searchsorted(edges, fresh[:, 64:])
        mass = np.diff(norm.cdf(np.stack([ends[level], ends[level + 1]]), mean, deviation), axis=0)[0]
        smallest[start] = mass.min()
    assert smallest[64] > 1e-9 > smallest[0]
    assert found.nats(fresh, edges) == pytest.approx(-np.log(mass).mean(), rel=1e-6)


def test_plays_on_as_its_gaussian_says():
    x = 0.5 * autoregressive() - 0.25  # it stays within -1 to 1
    found = LinearPredictor(x, window=2)
    torch.manual_seed(0)
    played = found.play_on(x[:, 1000:1010], 1000)
    assert played.shape == (20, 1010) and played.dtype == torch.float32 and played.abs().max() <= 1
    torch.testing.assert_close(played[:, :10], torch.from_numpy(x[:, 1000:1010]).float())
    again = LinearPredictor(played, window=2)  # what it plays has its weights
    torch.testing.assert_close(again.weights, found.weights, atol=0.05, rtol=0)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: LinearPredictor(np.zeros(9)),
            r"sounds has shape \(9,\); it must be \(notes, time\), time at least 65",
        ),
        (lambda: LinearPredictor(np.zeros((2, 64))), "sounds has shape"),
        (lambda: LinearPredictor(np.zeros((0, 99))), "sounds has shape"),
        (lambda: LinearPredictor([[np.nan] * 99]), "sounds holds values that are infinite or not a number"),
        (lambda: LinearPredictor(np.zeros((2, 64)), window=0), "window is 0"),
        (lambda: LinearPredictor(autoregressive(2, 50), 2).nats(np.zeros((2, 9)), [1, 1]), "edges has shape"),
        (lambda: LinearPredictor(autoregressive(2, 50), 2).nats(np.zeros((2, 9)), []), "edges "),
        (lambda: LinearPredictor(autoregressive(2, 50), 2).play_on(np.zeros((2, 1)), 3), "sounds has shape"),
        (lambda: LinearPredictor(autoregressive(2, 50), 2).play_on(np.zeros((2, 9)), 0), "samples is 0"),
    ],
)
def test_bad_arguments_are_named(call, sentence):
    with pytest.raises(ValueError, match=f"^{sentence}") as refusal:
        call()
    assert "\n" not in str(refusal.value)
