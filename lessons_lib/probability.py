"""The quantities of the variational bound, in nats: divergences, bounds, and a model in which all are known exactly."""

import math

import torch
from torch.distributions import MultivariateNormal

from lessons_lib.arrays import as_number, as_numbers, shown

SMALL = 0.1  # below it exp(d) − 1 − d is a series: the difference would lose its digits
TERMS = 10  # of the series: the next one is under 1e-16 of the sum


def gaussian_kl(
    mean: torch.Tensor,
    log_var: torch.Tensor,
    other_mean: torch.Tensor | float = 0.0,
    other_log_var: torch.Tensor | float = 0.0,
) -> torch.Tensor:
    """Return KL(N(mean, exp(log_var)) ‖ N(other_mean, exp(other_log_var))), summed over the last dimension.

    Parameters
    ----------
    mean, log_var : torch.Tensor
        Shape (..., k): mean and log-variance of k independent dimensions.
    other_mean, other_log_var : torch.Tensor or float
        The second Gaussian, of a shape that fits; by default N(0, 1).

    Returns
    -------
    torch.Tensor
        Shape (...), in nats, never below 0.

    Raises
    ------
    ValueError
        If ``mean`` and ``log_var`` differ in shape, or are single numbers; if the second Gaussian's shapes don't
        fit; if something holds no real numbers, or lies on another device.

    Notes
    -----
    With N(0, 1) it is ½ Σ (v + m² − 1 − log v): Kingma and Welling (2014), arXiv:1312.6114, appendix B.
    """
    mean, log_var = _tensor("mean", mean), _tensor("log_var", log_var)
    other_mean, other_log_var = _tensor("other_mean", other_mean, mean), _tensor("other_log_var", other_log_var, mean)
    if mean.shape != log_var.shape or mean.ndim == 0:
        raise ValueError(f"mean has shape {tuple(mean.shape)} and log_var {tuple(log_var.shape)}; give both (..., k).")
    if not _fit(mean, other_mean, other_log_var):
        shapes = f"{tuple(other_mean.shape)} and other_log_var {tuple(other_log_var.shape)}"
        raise ValueError(f"other_mean has shape {shapes}; both must fit mean's {tuple(mean.shape)}.")
    _check_devices(mean=mean, log_var=log_var, other_mean=other_mean, other_log_var=other_log_var)
    wanted = torch.promote_types(mean.dtype, log_var.dtype)
    mean, log_var, other_mean, other_log_var = _at_least_single(mean, log_var, other_mean, other_log_var)
    distance = (mean - other_mean) * (-0.5 * other_log_var).exp()  # in standard deviations: its square can't overflow
    kl = 0.5 * (_ExpAboveItsTangent.apply(log_var - other_log_var) + distance.square()).sum(-1)
    return kl.to(wanted) if wanted.itemsize < 4 else kl


class _ExpAboveItsTangent(torch.autograd.Function):
    """exp(d) − 1 − d to nearly all digits, never below 0; its derivative is exp(d) − 1."""

    generate_vmap_rule = True

    @staticmethod
    def forward(d: torch.Tensor) -> torch.Tensor:
        one = series = torch.ones_like(d)
        for k in range(TERMS, 2, -1):
            series = torch.addcmul(one, d, series, value=1 / k)  # 1 + d/k · series
        return torch.where(d.abs() < SMALL, 0.5 * d.square() * series, d.expm1() - d)

    @staticmethod
    def setup_context(ctx: object, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        ctx.save_for_backward(*inputs)

    @staticmethod
    def backward(ctx: object, gradient: torch.Tensor) -> torch.Tensor:
        return gradient * ctx.saved_tensors[0].expm1()


def lower_bound(log_joint: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """Return the Monte Carlo estimate of L_b = E_q[log P(x, z) − log q(z|x)], in nats.

    Parameters
    ----------
    log_joint, log_q : torch.Tensor
        Shape (K, n): log P(x, z) and log q(z|x) for K draws of z from q for each of n points. A draw that P
        calls impossible has a log_joint of -inf.

    Returns
    -------
    torch.Tensor
        Shape (n,).

    Raises
    ------
    ValueError
        If the two differ in shape or device, are not (K, n), or hold no real numbers.
    """
    weights, wanted = _log_weights(log_joint, log_q)
    return weights.mean(0).to(wanted)


def importance_weighted_bound(log_joint: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """Return log of the mean of P(x, z) / q(z|x) over K draws: a bound that closes in on log P(x) as K grows.

    Burda, Grosse and Salakhutdinov (2016), arXiv:1509.00519. Parameters, shape and errors as
    for :func:`lower_bound`, which it equals for K = 1.
    """
    weights, wanted = _log_weights(log_joint, log_q)
    possible = weights.detach().amax(0) != -torch.inf
    # Where no draw is possible the mean is 0; logsumexp would hand back a gradient that is not a number.
    bound = torch.logsumexp(torch.where(possible, weights, 0), 0) - math.log(len(weights))
    return torch.where(possible, bound, -torch.inf).to(wanted)


def _log_weights(log_joint: torch.Tensor, log_q: torch.Tensor) -> tuple[torch.Tensor, torch.dtype]:
    """Return log P(x, z) − log q(z|x), and the type that the result shall have."""
    log_joint, log_q = _tensor("log_joint", log_joint), _tensor("log_q", log_q)
    if log_joint.shape != log_q.shape or log_joint.ndim != 2 or len(log_joint) == 0:
        shapes = f"{tuple(log_joint.shape)} and {tuple(log_q.shape)}"
        raise ValueError(f"log_joint and log_q have shapes {shapes}; both must be (K, n), K draws for n points.")
    _check_devices(log_joint=log_joint, log_q=log_q)
    wanted = torch.promote_types(log_joint.dtype, log_q.dtype)
    log_joint, log_q = _at_least_single(log_joint, log_q)
    return log_joint - log_q, wanted


class LinearGaussian:
    """A linear decoder in which every quantity is known: z ~ N(0, I), x|z ~ N(weights z + mean, variance I).

    Probabilistic PCA: Tipping and Bishop (1999), Journal of the Royal Statistical Society B 61, 611-622.

    Parameters
    ----------
    weights : torch.Tensor
        Shape (d, k).
    mean : torch.Tensor
        Shape (d,).
    variance : float or torch.Tensor
        Of x around its decoded mean, in every direction, in squared units of x. A tensor of one number keeps
        its graph.

    Raises
    ------
    ValueError
        If the shapes or devices don't fit, something holds no real numbers, or ``variance`` is not one number
        above 0.
    """

    def __init__(self, weights: torch.Tensor, mean: torch.Tensor, variance: float | torch.Tensor) -> None:
        weights = _tensor("weights", weights)
        mean = _tensor("mean", mean, weights)
        if weights.ndim != 2 or mean.shape != weights.shape[:1]:
            raise ValueError(
                f"weights has shape {tuple(weights.shape)} and mean {tuple(mean.shape)}; give (d, k) and (d,)."
            )
        _check_devices(weights=weights, mean=mean)
        weights, mean = _at_least_single(weights, mean)
        wanted = torch.promote_types(weights.dtype, mean.dtype)
        self.weights, self.mean = weights.to(wanted), mean.to(wanted)
        self.variance = as_number("variance", variance)
        if not self.variance > 0:
            raise ValueError(f"variance is {shown(variance)}; it must be above 0.")
        if isinstance(variance, torch.Tensor) and variance.requires_grad:
            self.variance = variance.reshape(())

    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """Return log P(x), shape (n, d) to (n,): x ~ N(mean, weights weightsᵀ + variance I)."""
        centred, weights, sd, precision_root, z = self._solve(x)
        d, k = weights.shape
        # log P(x, z) − log P(z|x), whatever z is: at the posterior's mean nothing large cancels.
        squared = ((centred - z @ weights.T) / sd).square().sum(1) + z.square().sum(1)
        log_determinant = 2 * precision_root.diagonal().log().sum() + 2 * (d - k) * sd.log()
        return (-0.5 * (squared + log_determinant + d * math.log(2 * math.pi))).to(self.mean.dtype)

    def posterior(self, x: torch.Tensor) -> MultivariateNormal:
        """Return P(z|x) for each of n points of shape (n, d): n Gaussians in k dimensions."""
        _, _, sd, precision_root, z = self._solve(x)
        if not torch.isfinite(z).all():
            raise ValueError("x (or weights, or mean) holds values that are infinite, not a number or too large.")
        identity = torch.eye(len(precision_root)).to(precision_root)
        scale = sd * torch.linalg.solve_triangular(precision_root, identity, upper=False).tril()
        return MultivariateNormal(z.to(self.mean.dtype), scale_tril=scale.to(self.mean.dtype).expand(len(z), -1, -1))

    def _solve(self, x: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return x − mean, the weights, √variance, a lower root of weightsᵀ weights + variance I, posterior means.

        In double precision: a small variance would be lost in single.
        """
        x = _tensor("x", x, self.mean)
        if x.ndim != 2 or x.shape[1] != len(self.mean):
            raise ValueError(f"x has shape {tuple(x.shape)}; it must be (n, {len(self.mean)}).")
        _check_devices(x=x, mean=self.mean)
        double = torch.float32 if x.device.type == "mps" else torch.float64  # Apple's GPUs have no double precision
        centred, weights = x.to(double) - self.mean.to(double), self.weights.to(double)
        sd = torch.as_tensor(self.variance, dtype=double, device=x.device).sqrt()
        # [weights; √variance I] = Q R with its columns in reverse, so that R, turned back, is a lower triangle.
        identity = torch.eye(weights.shape[1]).to(weights)
        root = torch.linalg.qr(torch.cat([weights, sd * identity]).flip(1)).R.flip(0, 1)
        root = torch.where(root.diagonal() < 0, -1.0, 1.0).to(root)[:, None] * root
        z = torch.zeros_like(weights[:1].expand(len(x), -1))
        for _ in range(2):  # the second time gives back the digits that a small variance cost
            gradient = (centred - z @ weights.T) @ weights - sd.square() * z
            half = torch.linalg.solve_triangular(root, gradient, upper=False, left=False)
            z = z + torch.linalg.solve_triangular(root.T, half, upper=True, left=False)
        return centred, weights, sd, root, z


def _tensor(name: str, values: object, like: torch.Tensor | None = None) -> torch.Tensor:
    """Return real numbers as a tensor of a floating type: a tensor with its graph, everything else as `like` is."""
    if isinstance(values, torch.Tensor):
        if values.is_complex():
            raise ValueError(f"{name} holds complex numbers; it must hold real numbers.")
        values = values if values.layout == torch.strided else values.to_dense()
        return values if values.is_floating_point() else values.to(torch.get_default_dtype())
    if _holds_graph(values):
        raise ValueError(f"{name} is a list of tensors with a graph; make one tensor of it with torch.stack.")
    dtype, device = (torch.float64, None) if like is None else (like.dtype, like.device)
    if isinstance(values, float):  # the defaults: made where they are wanted, a GPU waits for no copy
        return torch.full((), values, dtype=dtype, device=device)
    return torch.tensor(as_numbers(name, values), dtype=dtype, device=device)


def _holds_graph(values: object) -> bool:
    if isinstance(values, list | tuple):
        return any(map(_holds_graph, values))
    return isinstance(values, torch.Tensor) and values.requires_grad


def _fit(tensor: torch.Tensor, *others: torch.Tensor) -> bool:
    """Return whether all go together without a change of the last dimension."""
    try:
        shape = torch.broadcast_shapes(tensor.shape, *(other.shape for other in others))
    except RuntimeError:
        return False
    return shape[-1] == tensor.shape[-1]


def _check_devices(**tensors: torch.Tensor) -> None:
    devices = {name: tensor.device for name, tensor in tensors.items() if tensor.ndim > 0}
    if len(set(devices.values())) > 1:
        where = ", ".join(f"{name} on {device}" for name, device in devices.items())
        raise ValueError(f"the tensors lie on different devices ({where}); move them to one.")


def _at_least_single(*tensors: torch.Tensor) -> tuple[torch.Tensor, ...]:
    """Return half-precision tensors in single precision, to be computed with."""
    return tuple(tensor.float() if tensor.dtype.itemsize < 4 else tensor for tensor in tensors)
