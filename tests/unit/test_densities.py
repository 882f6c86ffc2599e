"""The known densities: normalised, and what their samples follow."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad_vec

from lessons_lib.datasets import Ink, Spiral, digits


def test_density_integrates_to_one():
    side = torch.linspace(-5, 5, 401)
    grid = torch.cartesian_prod(side, side)
    total = Spiral().log_prob(grid).exp().sum() * (10 / 400) ** 2
    assert total == pytest.approx(1, abs=1e-6)


@pytest.mark.parametrize("noise", [0.03, 0.15, 1.0])
def test_density_is_the_integral_over_the_curve(noise):
    spiral = Spiral(noise=noise)
    tip = spiral.curve(torch.ones(1))
    x = torch.cat([spiral.sample(50, seed=1), torch.zeros(1, 2), tip, 1.02 * tip])

    def integrand(root):
        centre = spiral.curve(torch.tensor([root**2], dtype=torch.float64))
        squared = (x.double() - centre).square().sum(1).numpy()
        return 2 * root * np.exp(-0.5 * squared / noise**2) / (2 * math.pi * noise**2)

    exact, _ = quad_vec(integrand, 0, 1, epsabs=1e-12, epsrel=1e-10, limit=2000)
    np.testing.assert_allclose(spiral.log_prob(x), np.log(exact), atol=1e-6)


def test_samples_follow_the_density():
    spiral = Spiral()
    x = spiral.sample(50_000, seed=0)
    # The mean of 1/P over samples is the area where P > 0; compare P's mean, which is its square's integral.
    side = torch.linspace(-5, 5, 401)
    grid_log_p = spiral.log_prob(torch.cartesian_prod(side, side))
    squared = grid_log_p.mul(2).exp().sum() * (10 / 400) ** 2
    assert spiral.log_prob(x).exp().mean() == pytest.approx(squared.item(), rel=0.01)


@settings(max_examples=30, deadline=None)
@given(
    x=st.lists(st.tuples(*[st.floats(-6, 6)] * 2), min_size=1, max_size=70),
    noise=st.floats(0.05, 4),
    turns=st.floats(0.2, 2),
)
def test_score_is_the_gradient_of_log_prob(x, noise, turns):
    spiral, x, step = Spiral(turns, 3, noise), torch.tensor(x, dtype=torch.float64), 1e-4 * noise
    score = spiral.score(x)
    assert score.shape == x.shape and score.dtype == torch.float64
    for axis in range(2):
        ahead = step * torch.eye(2, dtype=torch.float64)[axis]
        slope = (spiral.log_prob(x + ahead) - spiral.log_prob(x - ahead)) / (2 * step)
        largest = max(1, 1 / noise, score.abs().max())
        torch.testing.assert_close(score[:, axis], slope, rtol=0, atol=1e-5 * float(largest))


def test_score_leads_straight_home_from_afar():
    # From there the spiral is a point, and a Gaussian's score is the way to its mean over the variance.
    x = torch.tensor([[1e9, 0.0], [0.0, -1e200]], dtype=torch.float64)
    torch.testing.assert_close(Spiral().score(x), -x / 0.15**2, rtol=1e-8, atol=1e3)


def test_best_denoiser_is_a_step_along_the_noisier_spirals_score():
    spiral, sigma = Spiral(), 0.5
    clean = spiral.sample(400_000, seed=1).double()
    noisy = spiral.sample(40, seed=2).double() + sigma * torch.randn(40, 2, generator=torch.Generator().manual_seed(3))
    weights = torch.softmax(-0.5 * (torch.cdist(noisy, clean) / sigma).square(), 1)
    step = sigma**2 * Spiral(noise=math.hypot(spiral.noise, sigma)).score(noisy)
    torch.testing.assert_close(noisy + step, weights @ clean, rtol=0, atol=0.02)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        *[({"noise": 0.001}, "noise is 0.001"), ({"turns": 30}, "noise is 0.15"), ({"turns": 0}, "turns is 0")],
        *[
            ({"turns": "a"}, "turns is 'a'"),
            ({"turns": math.nan}, "turns is nan"),
            ({"turns": math.inf}, "turns is inf"),
        ],
        *[
            ({"radius": None}, "radius is None"),
            ({"radius": [3.0]}, r"radius is \[3.0\]"),
            ({"radius": -1}, "radius is -1"),
        ],
        *[
            ({"noise": True}, "noise is True"),
            ({"noise": 1j}, "noise is 1j"),
            ({"noise": torch.ones(2)}, "noise is tensor"),
        ],
        *[({"noise": np.ma.masked}, "noise is masked"), ({"turns": np.float32("nan")}, "turns is .*nan")],
    ],
)
def test_bad_input_gets_one_sentence(wrong, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        Spiral(**wrong)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("kind", [np.float64, np.float16, np.array, torch.tensor, lambda value: np.array([value])])
def test_a_spiral_of_numbers_of_any_kind(kind):
    spiral, plain = Spiral(kind(1.5), kind(3), kind(0.25)), Spiral(1.5, 3, 0.25)
    assert spiral == plain and type(spiral.noise) is float
    assert torch.equal(spiral.sample(5), plain.sample(5))


@pytest.mark.parametrize("n", [0, 1, 5])
@pytest.mark.parametrize("kind", [np.int64, np.uint8, int])
def test_sample_takes_numpys_whole_numbers(n, kind):
    x = Spiral().sample(kind(n), seed=kind(3))
    assert torch.equal(x, Spiral().sample(n, seed=3)) and x.shape == (n, 2) and x.dtype == torch.float32
    assert Spiral().log_prob(x).shape == (n,) and Spiral().score(x).shape == (n, 2)


@pytest.mark.parametrize("wrong", [2.5, -1, "5", None, True, np.float64(5), [5]], ids=repr)
@pytest.mark.parametrize("name", ["n", "seed"])
def test_what_cannot_be_drawn_gets_one_sentence(name, wrong):
    with pytest.raises(ValueError, match=f"^{name} is .*; it must be a whole number (of 0 or more|from 0 to )"):
        Spiral().sample(**{"n": 5, "seed": 0} | {name: wrong})


@pytest.mark.parametrize(
    "vessel",
    [
        *(np.asarray, np.asfortranarray, np.ndarray.tolist, torch.tensor, np.ma.array, pd.DataFrame),
        *(lambda x: x.astype(">f8"), lambda x: x[::-1].copy()[::-1], lambda x: np.broadcast_to(x, x.shape)),
        lambda x: torch.tensor(x, requires_grad=True),
    ],
)
@pytest.mark.filterwarnings("error")
def test_points_in_any_vessel(vessel):
    x = Spiral().sample(70).double().numpy()
    wanted = Spiral().log_prob(torch.from_numpy(x))
    assert wanted.dtype == torch.float64 and not wanted.requires_grad
    np.testing.assert_allclose(Spiral().log_prob(vessel(x)), wanted, rtol=1e-13)
    assert Spiral().log_prob(x.astype(np.float32)).dtype == torch.float64
    score = Spiral().score(vessel(x))
    assert score.dtype == torch.float64 and not score.requires_grad
    np.testing.assert_allclose(score, Spiral().score(torch.from_numpy(x)), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("x", "words"),
    [
        *[(np.zeros((4, 3)), r"x has shape \(4, 3\); it must be \(n, 2\)"), (torch.zeros(2), r"x has shape \(2,\)")],
        *[(torch.zeros(1, 4, 2), "x has shape"), (3.0, "x has shape"), (np.zeros((2, 2)) * 1j, "x holds complex")],
        *[(np.ma.array(np.zeros((2, 2)), mask=np.eye(2)), "x has masked values"), ([["a", "b"]], "x holds text")],
        *[(None, "x is a NoneType"), ([[1, 2], [3]], "x has rows of different lengths")],
    ],
)
def test_what_are_no_points_gets_one_sentence(x, words):
    for ask in (Spiral().log_prob, Spiral().score):
        with pytest.raises(ValueError, match=f"^{words}") as refusal:
            ask(x)
        assert "\n" not in str(refusal.value)


def test_the_curve_takes_shares_in_any_vessel():
    shares = [0.0, 0.25, 1.0]
    for vessel in (np.array(shares), shares, np.array(shares)[::-1][::-1]):
        assert torch.equal(Spiral().curve(vessel), Spiral().curve(torch.tensor(shares, dtype=torch.float64)))
    with pytest.raises(ValueError, match="^share holds text"):
        Spiral().curve(["a"])


def test_the_students_default_device_and_type_change_nothing():
    def numbers():
        return [Spiral().sample(5), Spiral().curve([0.5]), Spiral().log_prob([[1, 2]]), Spiral().score([[1, 2]])]

    expected = numbers()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):  # stands for a GPU: nothing may be made there
            found = numbers()
    finally:
        torch.set_default_dtype(torch.float32)
    assert all(torch.equal(*pair) and pair[0].dtype == pair[1].dtype for pair in zip(found, expected, strict=True))


def picture(shape, seed):
    image = np.random.default_rng(seed).uniform(size=shape)
    return np.where(image > 0.5, image, 0)


@settings(max_examples=30, deadline=None)
@given(shape=st.tuples(st.integers(1, 9), st.integers(1, 9)), seed=st.integers(0, 9))
def test_ink_sums_to_one_where_it_is(shape, seed):
    image = picture(shape, seed)
    image[0, 0] = 1  # some ink
    side = (torch.arange(-30, 30) + 0.5) / 10  # two places a pixel across, and beyond the picture
    density = Ink(image).log_prob(torch.cartesian_prod(side, side)).exp()
    assert density.sum() / 100 == pytest.approx(1)
    assert (density == 0).sum() == 3600 - 4 * np.count_nonzero(image)


@pytest.mark.parametrize("shape", [(28, 56), (5, 3), (1, 1)])
def test_ink_falls_into_pixels_as_often_as_they_are_dark(shape):
    image = picture(shape, 3)
    image[0, -1] = 2.0
    ink, (height, width) = Ink(image), shape
    x = ink.sample(20_000, seed=1)
    assert ink.log_prob(x).isfinite().all() and x.dtype == torch.float32
    column, row = (5 * x[:, 0] + width / 2).floor().long(), (height / 2 - 5 * x[:, 1]).floor().long()
    counts = np.zeros(shape)
    np.add.at(counts, (row.numpy(), column.numpy()), 1)
    expected = 20_000 * image / image.sum()
    assert (np.abs(counts - expected) <= 5 * np.sqrt(expected) + 1e-9).all()
    torch.testing.assert_close(x, ink.sample(20_000, seed=1))
    assert ink == ink and ink != Ink(image)  # no error of tensors that have no single truth


def test_ink_of_a_digit_stands_upright():
    image = torch.zeros(28, 28)
    image[2, 14:] = 1  # a stroke at the top, to the right
    x = Ink(image).sample(100)
    assert (x[:, 0] >= 0).all() and (x[:, 1] > 2).all()
    assert Ink(digits().x_test[0].view(28, 28)).sample(0).shape == (0, 2)


@pytest.mark.parametrize("image", [np.zeros((3, 3)), np.ones(9), -np.eye(3), np.array([[np.nan]]), "ink"])
def test_no_ink_is_refused(image):
    with pytest.raises(ValueError, match="image"):
        Ink(image)
