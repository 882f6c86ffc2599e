"""Divergences and bounds against torch.distributions, scipy's integrals and closed forms."""

import math
from decimal import Decimal, localcontext

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_files import read_source, source_paths
from scipy.integrate import quad
from torch.distributions import Independent, MultivariateNormal, Normal, kl_divergence

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


def test_kl_to_the_prior_takes_nothing_from_the_host():
    mean = torch.zeros(2, 3)
    with torch.profiler.profile() as profile:
        gaussian_kl(mean, mean)
    operations = {event.key for event in profile.key_averages()}
    assert "aten::sum" in operations  # it has looked
    assert "aten::lift_fresh" not in operations  # a GPU would wait for it at every training step


def exact_kl(mean, log_var, other_mean, other_log_var):
    """Return the sum over dimensions with fifty digits."""
    with localcontext() as context:
        context.prec = 50
        total = Decimal(0)
        for m, s, n, t in zip(mean, log_var, other_mean, other_log_var, strict=True):
            m, s, n, t = map(Decimal, (m, s, n, t))
            total += ((s - t).exp() - 1 - (s - t) + (m - n) ** 2 * (-t).exp()) / 2
        return float(total)


# Far from 0 and close to it, where the terms cancel to nearly nothing.
sizes = st.builds(
    lambda sign, exponent, digits: sign * digits * 10.0**exponent,
    st.sampled_from([-1, 0, 1]),
    st.integers(-12, 0),
    st.floats(1, 10, width=32),
)


@settings(deadline=None, max_examples=300)
@given(st.lists(st.tuples(sizes, sizes, sizes, sizes), min_size=1, max_size=3))
@pytest.mark.parametrize(("dtype", "digits"), [(torch.float32, 1e-5), (torch.float64, 1e-13)], ids=str)
def test_kl_has_all_its_digits_near_the_prior_too(dtype, digits, rows):
    arguments = torch.tensor(rows, dtype=dtype).T
    for second in (arguments[2:], torch.zeros(2, len(rows), dtype=dtype)):
        ours = gaussian_kl(*arguments[:2], *second)
        assert ours.dtype == dtype and ours >= 0
        # What the arguments' own differences lose is theirs.
        exact = exact_kl(*arguments[:2].tolist(), *second.tolist())
        np.testing.assert_allclose(ours.item(), exact, rtol=digits, atol=1e-37)


@pytest.mark.parametrize("size", [*(10.0 ** np.arange(-16, 0)), 0.0999999, 0.1, 0.1000001, 0.3, 1, 5, 30, 80])
@pytest.mark.parametrize("sign", [-1, 1])
@pytest.mark.parametrize(
    ("dtype", "digits"), [(torch.float32, 1e-5), (torch.float64, 1e-13), (torch.float16, 1e-3), (torch.bfloat16, 8e-3)]
)
def test_kl_of_a_variance_alone(size, sign, dtype, digits):
    log_var = torch.tensor([sign * size], dtype=dtype)
    ours = gaussian_kl(torch.zeros_like(log_var), log_var)
    exact = exact_kl([0], log_var.tolist(), [0], [0])
    assert ours.dtype == dtype and ours >= 0
    limits = torch.finfo(dtype)
    if exact <= limits.max:
        assert ours.item() == pytest.approx(exact, rel=digits, abs=float(limits.smallest_normal) * limits.eps)


def test_kl_of_a_far_mean_does_not_overflow_on_the_way():
    ours = gaussian_kl(torch.tensor([1e25]), torch.tensor([115.0]), 0.0, 115.0)
    assert ours.item() == pytest.approx(exact_kl([np.float32(1e25).item()], [115], [0], [115]), rel=1e-5)
    assert gaussian_kl(torch.tensor([300.0]).half(), torch.tensor([0.0]).half()).item() == pytest.approx(
        45000, rel=1e-3
    )


@pytest.mark.parametrize("size", [0, 1e-8, 1e-3, 0.0999, 0.1001, 2])
def test_kl_has_the_right_gradient(size):
    torch.manual_seed(0)
    arguments = [size * torch.randn(3, 2, dtype=torch.float64) for _ in range(4)]
    for argument in arguments:
        argument.requires_grad_()
    assert torch.autograd.gradcheck(gaussian_kl, arguments)
    assert torch.autograd.gradgradcheck(gaussian_kl, arguments)


def test_kl_has_a_gradient_for_each_row_by_itself():
    mean, log_var = torch.randn(4, 3), torch.tensor([0.0, 0.05, 2]).expand(4, 3)
    rows = torch.func.vmap(torch.func.grad(gaussian_kl, argnums=(0, 1)))(mean, log_var)
    np.testing.assert_allclose(rows[0], mean, rtol=1e-6)
    np.testing.assert_allclose(rows[1], 0.5 * log_var.expm1(), rtol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_kl_has_a_finite_gradient_everywhere_and_none_at_the_prior(dtype):
    mean = torch.zeros(1, dtype=dtype, requires_grad=True)
    log_var = torch.tensor([[0.0], [1e-4], [-1e-4], [0.09], [0.11], [-0.11], [9.0], [-80.0], [-3e4]], dtype=dtype)
    log_var.requires_grad_()
    gaussian_kl(mean.expand_as(log_var), log_var).float().sum().backward()
    assert mean.grad == 0 and log_var.grad[0] == 0
    wanted = 0.5 * log_var.detach().double().expm1()
    np.testing.assert_allclose(log_var.grad.double(), wanted, rtol=4 * torch.finfo(dtype).eps + 1e-6, atol=1e-12)


VESSELS = {
    "arrays": np.asarray,
    "reversed": lambda values: np.asarray(values)[::-1][::-1],
    "other byte order": lambda values: np.asarray(values).astype(">f8"),
    "data frames": pd.DataFrame,
    "lists": lambda values: np.asarray(values).tolist(),
    "read-only": lambda values: np.broadcast_to(np.asarray(values), np.shape(values)),
    "masked nowhere": np.ma.array,
}


@pytest.mark.parametrize("vessel", VESSELS.values(), ids=VESSELS)
@pytest.mark.filterwarnings("error")
def test_numbers_that_are_no_tensors_are_taken(vessel):
    a, b = np.array([[0.5, -1.0], [2.0, 0.25]]), np.array([[0.1, 0.2], [-0.3, 0.4]])
    x, y = torch.tensor(a), torch.tensor(b)
    np.testing.assert_array_equal(gaussian_kl(vessel(a), vessel(b), vessel(b), vessel(a)), gaussian_kl(x, y, y, x))
    for bound in (lower_bound, importance_weighted_bound):
        np.testing.assert_array_equal(bound(vessel(a), vessel(b)), bound(x, y))
    ours, theirs = (LinearGaussian(weights, [0.5, 1], 0.3) for weights in (vessel(a), x))
    np.testing.assert_array_equal(ours.log_prob(vessel(b)), theirs.log_prob(y))
    np.testing.assert_array_equal(ours.posterior(vessel(b)).mean, theirs.posterior(y).mean)


def test_whole_numbers_are_taken_as_floating():
    zeros = torch.zeros(2, 3, dtype=torch.int64)
    assert gaussian_kl(zeros + 1, zeros).tolist() == [1.5, 1.5]
    assert lower_bound(zeros, zeros + 1).tolist() == [-1] * 3
    assert LinearGaussian(zeros + 1, zeros[:, 0], np.int64(1)).log_prob(zeros[:, :2]).dtype == torch.float32


def test_everything_keeps_its_graph():
    torch.manual_seed(0)
    x, weights, mean, variance, a, b = (
        torch.rand(shape, dtype=torch.float64) for shape in [(3, 2), (2, 1), (2,), (), (4, 3), (4, 3)]
    )
    for tensor in (x, weights, mean, variance, a, b):
        tensor.requires_grad_()

    def log_prob(x, weights, mean, variance):
        return LinearGaussian(weights, mean, variance + 0.1).log_prob(x)

    def posterior(x, weights, mean, variance):
        found = LinearGaussian(weights, mean, variance + 0.1).posterior(x)
        return found.mean, found.covariance_matrix

    assert torch.autograd.gradcheck(log_prob, (x, weights, mean, variance))
    assert torch.autograd.gradcheck(posterior, (x, weights, mean, variance))
    assert torch.autograd.gradcheck(lower_bound, (a, b))
    assert torch.autograd.gradcheck(importance_weighted_bound, (a, b))
    same = torch.eye(2, dtype=torch.float64, requires_grad=True)  # equal singular values
    assert torch.autograd.gradcheck(log_prob, (x, same, mean, variance))


@pytest.mark.parametrize("shape", [(3, 1), (3, 3), (2, 4)], ids=str)
@pytest.mark.parametrize("variance", [1e-12, 1e-8, 1e-4, 1, 1e8, 1e30])
def test_linear_gaussian_in_single_precision_has_its_digits(shape, variance):
    torch.manual_seed(0)
    weights, mean = torch.randn(*shape), torch.randn(shape[0])
    x = torch.randn(5, shape[1]) @ weights.T + mean + variance**0.5 * torch.randn(5, shape[0])
    single = LinearGaussian(weights, mean, variance)
    u, s, v = np.linalg.svd(weights.double().numpy())
    coordinates = (x.double() - mean.double()).numpy() @ u
    of_x, of_z = (np.pad(s, (0, count - len(s))) for count in shape)  # a direction without a weight has 0
    exact = -0.5 * (np.square(coordinates) / (of_x**2 + variance) + np.log(2 * np.pi * (of_x**2 + variance))).sum(1)
    assert single.log_prob(x).dtype == torch.float32
    np.testing.assert_allclose(single.log_prob(x), exact, rtol=1e-6)
    posterior = single.posterior(x)
    assert posterior.mean.dtype == torch.float32
    wanted = (coordinates[:, : len(s)] * s / (s**2 + variance)) @ v[: len(s)]
    np.testing.assert_allclose(posterior.mean, wanted, rtol=1e-5, atol=1e-6 * np.abs(wanted).max())
    covariance = (v.T * variance / (of_z**2 + variance)) @ v
    np.testing.assert_allclose(posterior.covariance_matrix[0], covariance, rtol=1e-5, atol=1e-6 * covariance.max())


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64])
def test_draws_that_cannot_be_have_no_weight(dtype):
    log_joint = torch.tensor([[-1.0, -torch.inf, -torch.inf], [-2.0, -3.0, -torch.inf]], dtype=dtype)
    log_q = torch.full_like(log_joint, -1.0)
    log_joint.requires_grad_()
    bound = importance_weighted_bound(log_joint, log_q)
    wanted = [math.log((1 + math.exp(-1)) / 2), -2 - math.log(2), -math.inf]
    np.testing.assert_allclose(bound.detach().double(), wanted, rtol=1e-3 if dtype == torch.float16 else 1e-6)
    assert bound.dtype == dtype
    bound.exp().sum().backward()
    assert log_joint.grad.isfinite().all() and (log_joint.grad[:, 2] == 0).all()
    assert lower_bound(log_joint, log_q).tolist() == [-0.5, -math.inf, -math.inf]
    assert importance_weighted_bound(log_joint * math.nan, log_q).isnan().all()


def test_bounds_in_half_precision_are_computed_in_single():
    log_joint, log_q, *_ = draws(50)
    log_joint, log_q = log_joint.half(), log_q.half()
    for bound in (lower_bound, importance_weighted_bound):
        exact = bound(log_joint.double(), log_q.double())
        ours = bound(log_joint, log_q)
        assert ours.dtype == torch.float16
        np.testing.assert_allclose(ours.double(), exact, rtol=6e-4, atol=1e-6)
    far = torch.tensor([[60000.0]]).half()
    assert importance_weighted_bound(torch.cat([far, far]), torch.cat([far, far])).tolist() == [0]


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


def bound_and_model(d, k, variance, q=None):
    """Return the exact L_b of three x, shape (3,), and what it was made of: x, the model and q.

    The draws are 2k points of q whose mean is the expectation of every quadratic, such as a Gaussian's logarithm.
    """
    torch.manual_seed(0)
    weights, mean, x, m, root = (
        torch.randn(shape, dtype=torch.float64) for shape in [(d, k), (d,), (3, d), (3, k), (k, k)]
    )
    weights.requires_grad_()
    model = LinearGaussian(weights, mean, variance)
    scale = root.tril(-1) + root.diagonal().exp().diag()
    q = q(model, x) if q else MultivariateNormal(m, scale_tril=scale.expand(3, k, k))
    axes = k**0.5 * torch.cat([torch.eye(k), -torch.eye(k)]).double()
    z = q.loc + torch.einsum("nij,cj->cni", q.scale_tril, axes)
    log_joint = Normal(0, 1).log_prob(z).sum(2) + Normal(z @ weights.T + mean, variance**0.5).log_prob(x).sum(2)
    return lower_bound(log_joint, q.log_prob(z)), x, model, q


def gradient(value, model):
    return torch.autograd.grad(value.sum(), model.weights)[0]


@pytest.mark.parametrize(("d", "k"), [(1, 1), (5, 2), (2, 3)])
@pytest.mark.parametrize("variance", [0.05, 1, 4])
def test_likelihood_is_the_bound_plus_the_divergence_from_the_posterior(d, k, variance):
    bound, x, model, q = bound_and_model(d, k, variance)
    gap = (model.log_prob(x) - bound).detach()
    posterior = model.posterior(x)
    np.testing.assert_allclose(gap, kl_divergence(q, posterior).detach(), rtol=1e-7, atol=1e-8)
    assert (gap > 0).all() and not np.allclose(gap, kl_divergence(posterior, q).detach(), rtol=1e-3)


@pytest.mark.parametrize(("d", "k"), [(1, 1), (5, 2), (2, 3)])
@pytest.mark.parametrize("variance", [0.05, 1, 4])
def test_bound_has_the_slope_of_the_likelihood_where_q_is_the_posterior(d, k, variance):
    def exact(model, x):
        found = model.posterior(x)
        return MultivariateNormal(found.loc.detach(), scale_tril=found.scale_tril.detach())  # q stands still

    bound, x, model, _ = bound_and_model(d, k, variance, exact)
    slope = gradient(model.log_prob(x), model)
    np.testing.assert_allclose(gradient(bound, model), slope, rtol=1e-6, atol=1e-7)
    bound, x, model, _ = bound_and_model(d, k, variance)
    assert not np.allclose(gradient(bound, model), slope, rtol=1e-3, atol=1e-3)


def test_lecture_loss_finds_the_posterior_in_the_right_reading_only():
    sources = [path for path in source_paths() if path.stem.startswith("06")]
    cells = [cell.source for source in sources for cell in read_source(source).cells]
    lesson = {"torch": torch}
    for wanted in ("def minimise", "readings = {"):
        (cell,) = [cell for cell in cells if cell.startswith(wanted)]
        exec(cell, lesson)
    right, in_nats, deviation, repaired = (lesson["minimise"](loss, (0.0, 0.0)) for loss in lesson["readings"].values())

    def posterior(variance):  # of x = 1: a KL of weight β beside nats is the same as a variance of β
        return LinearGaussian(torch.tensor([[2.0]]).double(), [0.0], variance).posterior([[1.0]])

    for (mean, log_var), beta in [(right, 1), (in_nats, 2), (repaired * torch.tensor([1, 2]), 1)]:
        assert mean.item() == pytest.approx(posterior(beta).mean.item(), abs=1e-4)
        assert log_var.exp().item() == pytest.approx(posterior(beta).variance.item(), abs=1e-4)
    assert deviation[1].exp().item() == pytest.approx((33**0.5 - 1) / 16, abs=1e-4)  # of 8 s² + s = 1: s² is not 0.2


ZEROS, META = torch.zeros(2, 3), torch.zeros(2, 3, device="meta")
GRAPH = torch.zeros(2, 3, requires_grad=True)
BAD_VARIANCES = [math.nan, math.inf, -1, 0, True, "1", None, 1j, [1.0], torch.ones(2), torch.tensor(-1.0), 10**400]


@pytest.mark.parametrize(
    "variance", [2, np.float32(2), torch.tensor(2.0), torch.tensor([2.0]), np.array([[2]])], ids=repr
)
def test_variance_of_every_kind(variance):
    x = torch.tensor([[0.5, -1.0]])
    wanted = Normal(0, 2**0.5).log_prob(x).sum(1)
    np.testing.assert_allclose(
        LinearGaussian(torch.zeros(2, 1), torch.zeros(2), variance).log_prob(x), wanted, rtol=1e-6
    )


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gaussian_kl(torch.zeros(2), torch.zeros(3)), "mean has shape"),
        (lambda: lower_bound(torch.zeros(2), torch.zeros(2)), r"both must be \(K, n\)"),
        (lambda: importance_weighted_bound(torch.zeros(0, 2), torch.zeros(0, 2)), "K draws"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(3), 1.0), "weights has shape"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(2), 0.0), "variance is 0.0"),
        (lambda: LinearGaussian(torch.zeros(2, 1), torch.zeros(2), 1.0).posterior(torch.zeros(2)), "x has shape"),
        (lambda: gaussian_kl(torch.tensor(1.0), torch.tensor(1.0)), "^mean has shape"),
        (lambda: gaussian_kl(ZEROS, ZEROS, torch.zeros(4)), r"^other_mean has shape \(4,\) .*must fit mean's \(2, 3\)"),
        (lambda: gaussian_kl(ZEROS, ZEROS, 0.0, np.zeros((3, 3))), r"and other_log_var \(3, 3\); both must fit"),
        (lambda: gaussian_kl(ZEROS[:, :1], ZEROS[:, :1], torch.zeros(5)), "must fit mean's"),
        (lambda: gaussian_kl(1j * ZEROS, ZEROS), "^mean holds complex numbers"),
        (lambda: gaussian_kl(ZEROS, np.zeros((2, 3)) * 1j), "^log_var holds complex numbers"),
        (lambda: gaussian_kl(ZEROS, np.ma.array(np.zeros((2, 3)), mask=np.eye(2, 3))), "^log_var has masked values"),
        (lambda: gaussian_kl(ZEROS, ZEROS, "a"), "^other_mean holds text"),
        (lambda: gaussian_kl(ZEROS, None), "^log_var is a NoneType"),
        (lambda: gaussian_kl([GRAPH[0], GRAPH[1]], ZEROS), "^mean is a list of tensors with a graph.*torch.stack"),
        (lambda: lower_bound([[GRAPH[0, 0]]], ZEROS), "^log_joint is a list of tensors with a graph"),
        (lambda: gaussian_kl(ZEROS, META), "different devices .mean on cpu, log_var on meta.*; move them to one"),
        (lambda: gaussian_kl(ZEROS, ZEROS, META), "other_mean on meta"),
        (lambda: lower_bound(ZEROS, META), "log_q on meta"),
        (lambda: importance_weighted_bound(META, ZEROS), "log_joint on meta"),
        (lambda: lower_bound(np.zeros((2, 3)), [[1, 2], [3]]), "^log_q has rows of different lengths"),
        (lambda: importance_weighted_bound(1j * ZEROS, ZEROS), "^log_joint holds complex"),
        (lambda: LinearGaussian(META, ZEROS[:, 0], 1.0), "weights on meta, mean on cpu"),
        (lambda: LinearGaussian(ZEROS, torch.zeros(2), 1.0).log_prob(META[:, :2]), "x on meta"),
        (lambda: LinearGaussian(ZEROS, torch.zeros(2), 1.0).log_prob(ZEROS), r"^x has shape \(2, 3\); .* \(n, 2\)"),
        (lambda: LinearGaussian(ZEROS, torch.zeros(2), 1.0).posterior(1j * ZEROS), "^x holds complex"),
        (
            lambda: LinearGaussian(ZEROS, torch.zeros(2), 1.0).posterior([[0.0, np.nan]]),
            r"^x \(or weights, or mean\) holds",
        ),
        (
            lambda: LinearGaussian(ZEROS * np.nan, torch.zeros(2), 1.0).posterior([[0.0, 0.0]]),
            "weights, or mean.* holds",
        ),
        *((lambda bad=bad: LinearGaussian(ZEROS, torch.zeros(2), bad), "^variance is ") for bad in BAD_VARIANCES),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words) as refusal:
        call()
    assert "\n" not in str(refusal.value)
