"""The quantities of the variational bound, in nats: divergences, bounds, and a model in which all are known exactly."""

import math

import torch


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
        Shape (...), in nats.

    Raises
    ------
    ValueError
        If ``mean`` and ``log_var`` differ in shape, or are single numbers.

    Notes
    -----
    With N(0, 1) it is ½ Σ (v + m² − 1 − log v): Kingma and Welling (2014), arXiv:1312.6114, appendix B.
    """
    if mean.shape != log_var.shape or mean.ndim == 0:
        raise ValueError(f"mean has shape {tuple(mean.shape)} and log_var {tuple(log_var.shape)}; give both (..., k).")
    other_log_var = torch.as_tensor(other_log_var, dtype=mean.dtype, device=mean.device)
    squared = (mean - other_mean).square() * (-other_log_var).exp()
    return 0.5 * ((log_var - other_log_var).exp() + squared - 1 - log_var + other_log_var).sum(-1)


def lower_bound(log_joint: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """Return the Monte Carlo estimate of L_b = E_q[log P(x, z) − log q(z|x)], in nats.

    Parameters
    ----------
    log_joint, log_q : torch.Tensor
        Shape (K, n): log P(x, z) and log q(z|x) for K draws of z from q for each of n points.

    Returns
    -------
    torch.Tensor
        Shape (n,).

    Raises
    ------
    ValueError
        If the two differ in shape, or are not (K, n).
    """
    return _log_weights(log_joint, log_q).mean(0)


def importance_weighted_bound(log_joint: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    """Return log of the mean of P(x, z) / q(z|x) over K draws: a bound that closes in on log P(x) as K grows.

    Burda, Grosse and Salakhutdinov (2016), arXiv:1509.00519. Parameters, shape and errors as
    for :func:`lower_bound`, which it equals for K = 1.
    """
    weights = _log_weights(log_joint, log_q)
    return torch.logsumexp(weights, 0) - math.log(len(weights))


def _log_weights(log_joint: torch.Tensor, log_q: torch.Tensor) -> torch.Tensor:
    if log_joint.shape != log_q.shape or log_joint.ndim != 2 or len(log_joint) == 0:
        shapes = f"{tuple(log_joint.shape)} and {tuple(log_q.shape)}"
        raise ValueError(f"log_joint and log_q have shapes {shapes}; both must be (K, n), K draws for n points.")
    return log_joint - log_q


class LinearGaussian:
    """A linear decoder in which every quantity is known: z ~ N(0, I), x|z ~ N(weights z + mean, variance I).

    Probabilistic PCA: Tipping and Bishop (1999), Journal of the Royal Statistical Society B 61, 611-622.

    Parameters
    ----------
    weights : torch.Tensor
        Shape (d, k).
    mean : torch.Tensor
        Shape (d,).
    variance : float
        Of x around its decoded mean, in every direction, in squared units of x.

    Raises
    ------
    ValueError
        If the shapes don't fit, or ``variance`` is not above 0.
    """

    def __init__(self, weights: torch.Tensor, mean: torch.Tensor, variance: float) -> None:
        if weights.ndim != 2 or mean.shape != weights.shape[:1]:
            raise ValueError(
                f"weights has shape {tuple(weights.shape)} and mean {tuple(mean.shape)}; give (d, k) and (d,)."
            )
        if not variance > 0:
            raise ValueError(f"variance is {variance!r}; it must be above 0.")
        self.weights, self.mean, self.variance = weights, mean, float(variance)

    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """Return log P(x), shape (n, d) to (n,): x ~ N(mean, weights weightsᵀ + variance I)."""
        self._check(x)
        covariance = self.weights @ self.weights.T + self.variance * torch.eye(len(self.mean)).to(self.mean)
        return torch.distributions.MultivariateNormal(self.mean, covariance).log_prob(x)

    def posterior(self, x: torch.Tensor) -> torch.distributions.MultivariateNormal:
        """Return P(z|x) for each of n points of shape (n, d): n Gaussians in k dimensions."""
        self._check(x)
        precision = self.weights.T @ self.weights / self.variance + torch.eye(self.weights.shape[1]).to(self.mean)
        centre = torch.linalg.solve(precision, (x - self.mean) @ self.weights / self.variance, left=False)
        return torch.distributions.MultivariateNormal(centre, precision_matrix=precision.expand(len(x), -1, -1))

    def _check(self, x: torch.Tensor) -> None:
        if x.ndim != 2 or x.shape[1] != len(self.mean):
            raise ValueError(f"x has shape {tuple(x.shape)}; it must be (n, {len(self.mean)}).")
