"""Divergences and bounds against torch.distributions, scipy's integrals and closed forms."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from torch.distributions import Independent, Normal, kl_divergence

from lessons_lib.probability import LinearGaussian, gaussian_kl, importance_weighted_bound, lower_bound

numbers = st.floats(-3, 3)


@settings(deadline=None)
@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1, max_size=6))
def test_kl_is_that_of_torch_distributions(rows):
    mean, log_var, other_mean, other_log_var = torch.tensor(rows, dtype=torch.float64).T
    q = Independent(Normal(mean, (0.5 * log_var).exp()), 1)
    for other in [(other_mean, other_log_var), (torch.zeros_like(mean), torch.zeros_like(mean))]:
        p = Independent(Normal(other[0], (0.5 * other[1]).exp()), 1)
        ours = gaussian_kl(mean, log_var, *other)
        np.testing.assert_allclose(ours, kl_divergence(q, p), rtol=1e-9, atol=1e-9)
        assert ours >= -1e-12
    np.testing.assert_allclose(gaussian_kl(mean, log_var), gaussian_kl(mean, log_var, 0.0, 0.0))


def test_kl_is_the_integral():
    q, p = Normal(0.7, 0.4), Normal(-0.2, 1.3)

    def integrand(z):
        z = torch.tensor(z, dtype=torch.float64)
        return (q.log_prob(z).exp() * (q.log_prob(z) - p.log_prob(z))).item()

    exact, _ = quad(integrand, -6, 6, epsabs=1e-12)
    ours = gaussian_kl(*(torch.tensor([v]) for v in (0.7, 2 * math.log(0.4), -0.2, 2 * math.log(1.3))))
    assert ours.item() == pytest.approx(exact, abs=1e-6)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(1, 3), st.floats(0.05, 4), st.integers(0, 1000))
def test_linear_gaussian_obeys_bayes(d, k, variance, seed):
    generator = torch.Generator().manual_seed(seed)
    weights, mean, z = (
        torch.randn(*shape, generator=generator, dtype=torch.float64) for shape in [(d, k), (d,), (4, k)]
    )
    model = LinearGaussian(weights, mean, variance)
    x = torch.randn(4, d, generator=generator, dtype=torch.float64)
    log_joint = Normal(0, 1).log_prob(z).sum(1)
    log_joint = log_joint + Normal(z @ weights.T + mean, variance**0.5).log_prob(x).sum(1)
    # P(x) P(z|x) = P(x, z), whatever z is.
    np.testing.assert_allclose(model.log_prob(x) + model.posterior(x).log_prob(z), log_joint, rtol=1e-7, atol=1e-8)


def draws(K, n=2000, seed=0):
    """K draws from a q that is too narrow, in the model z ~ N(0, 1), x|z ~ N(2z, 1)."""
    torch.manual_seed(seed)
    x = torch.randn(n, dtype=torch.float64) * 5**0.5
    q = Normal(0.4 * x + 0.1, 0.3)
    z = q.sample((K,))
    log_joint = Normal(0, 1).log_prob(z) + Normal(2 * z, 1).log_prob(x)
    exact_bound = Normal(0, 5**0.5).log_prob(x) - kl_divergence(q, Normal(0.4 * x, 0.2**0.5))
    return log_joint, q.log_prob(z), Normal(0, 5**0.5).log_prob(x), exact_bound


def test_bounds_lie_below_and_close_in():
    log_joint, log_q, log_p, exact_bound = draws(50)
    assert lower_bound(log_joint, log_q).mean() == pytest.approx(exact_bound.mean().item(), abs=0.01)
    means = [importance_weighted_bound(log_joint[:K], log_q[:K]).mean() for K in (1, 5, 50)]
    assert means[0] < means[1] < means[2] < log_p.mean() + 0.01
    assert log_p.mean() - means[2] < 0.25 * (log_p.mean() - means[0])
    np.testing.assert_allclose(
        importance_weighted_bound(log_joint[:1], log_q[:1]), lower_bound(log_joint[:1], log_q[:1])
    )


def test_bound_of_the_exact_posterior_is_the_likelihood_for_every_draw():
    model = LinearGaussian(torch.tensor([[2.0]]).double(), torch.zeros(1).double(), 1.0)
    x = torch.tensor([[1.0], [-2.0]]).double()
    posterior = model.posterior(x)
    np.testing.assert_allclose(posterior.mean[0], 0.4)
    np.testing.assert_allclose(posterior.variance[0], 0.2)
    z = posterior.sample((3,))
    log_joint = (Normal(0, 1).log_prob(z) + Normal(2 * z, 1).log_prob(x)).sum(2)
    for bound in (lower_bound, importance_weighted_bound):
        np.testing.assert_allclose(bound(log_joint, posterior.log_prob(z)), model.log_prob(x), rtol=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gaussian_kl(torch.zeros(2), torch.zeros(3)), "mean has shape"),
        (lambda: lower_bound(torch.zeros(2), torch.zeros(2)), r"both must be \(K, n\)"),
        (lambda: importance_weighted_bound(torch.zeros(0, 2), torch.zeros(0, 2)), "K draws"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(3), 1.0), "weights has shape"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(2), 0.0), "variance is 0.0"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(2), 1.0).posterior(torch.zeros(2)), "x has shape"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
