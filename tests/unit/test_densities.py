"""The known densities: normalised, and what their samples follow."""

import math

import numpy as np
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
    [({"noise": 0.001}, "noise is 0.001"), ({"turns": 30}, "noise is 0.15"), ({"turns": 0}, "turns is 0")],
)
def test_bad_input_gets_one_sentence(wrong, words):
    with pytest.raises(ValueError, match=words):
        Spiral(**wrong)
