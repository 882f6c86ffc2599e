"""The known densities: normalised, and what their samples follow."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from scipy.integrate import quad_vec

from lessons_lib.datasets import Spiral


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
    assert Spiral().log_prob(x).shape == (n,)


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
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        Spiral().log_prob(x)
    assert "\n" not in str(refusal.value)


def test_the_curve_takes_shares_in_any_vessel():
    shares = [0.0, 0.25, 1.0]
    for vessel in (np.array(shares), shares, np.array(shares)[::-1][::-1]):
        assert torch.equal(Spiral().curve(vessel), Spiral().curve(torch.tensor(shares, dtype=torch.float64)))
    with pytest.raises(ValueError, match="^share holds text"):
        Spiral().curve(["a"])


def test_the_students_default_device_and_type_change_nothing():
    def numbers():
        return [Spiral().sample(5), Spiral().curve([0.5]), Spiral().log_prob([[1, 2]])]

    expected = numbers()
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):  # stands for a GPU: nothing may be made there
            found = numbers()
    finally:
        torch.set_default_dtype(torch.float32)
    assert all(torch.equal(*pair) and pair[0].dtype == pair[1].dtype for pair in zip(found, expected, strict=True))
