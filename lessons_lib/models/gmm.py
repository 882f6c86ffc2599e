"""Gaussian mixtures fitted by expectation maximisation (EM): lesson 05a's cells, for any covariance and dimension."""

import math
import warnings
from collections.abc import Callable

import numpy as np
import torch
from scipy.special import ndtri

from lessons_lib.arrays import as_finite, as_real, as_whole, shown

COVARIANCES = ("full", "diagonal", "spherical")
NUMBERS_A_BLOCK = 2**18  # what one pass touches fits the processor's cache
FITTED = ("weights", "means", "covariances", "log_likelihoods", "reseeded")
EMPTY = 0.5  # a component that holds less than half a point is empty
LARGEST_SEED = 2**64 - 1
ROUNDING = 64 * np.finfo(float).eps  # relative to the largest value: so little is no difference
SMALLEST, LARGEST = 1e-140, 1e140  # spread of a column: a floor, and a square of distances, are still numbers
TAILS = (0.25, 0.1, 0.05, 0.01)  # shares of a column's values that are left out on either side


class GaussianMixture:
    """A mixture of K Gaussians: draw a component m with probability P(m), then x from N(mean_m, covariance_m).

    All numbers are float64 on the CPU: EM adds up small differences of large sums.

    Parameters
    ----------
    components : int
        K.
    covariance : {"full", "diagonal", "spherical"}
        Ellipses of any direction, ellipses along the axes, or circles.
    floor : float, optional
        Least variance of a component in any direction, in squared units of the data. By default a floor for
        each column, a millionth of its squared spread (which few outliers don't change), so that the fit does
        not depend on the columns' units. With 0 the likelihood has no upper limit.
    starts : int
        From so many k-means++ starts EM runs; the end with the highest likelihood is kept. The second, fourth …
        (unless spherical) counts distances in each column's own spread: the units may be anything.
    seed : int, optional
        Of the starts; by default the seed that the lesson started with.

    Attributes
    ----------
    weights : torch.Tensor
        P(m), shape (K,).
    means : torch.Tensor
        Shape (K, d).
    covariances : torch.Tensor
        Shape (K, d, d) if full, variances of shape (K, d) if diagonal, (K,) if spherical.
    log_likelihoods : list of float
        Mean of log P(x) over the training data in nats: before the first step, then after each.
    reseeded : list of (int, int)
        Step and component, for each component that was found empty and started anew.

    Notes
    -----
    The covariance that maximises the likelihood under the floor is the usual one with its eigenvalues
    clipped from below, so no step lowers the likelihood, whatever the floor, except one that starts
    an empty component anew. EM: Dempster, Laird and Rubin (1977), Journal of the Royal Statistical
    Society B 39, 1-38. The start: Arthur and Vassilvitskii (2007), k-means++, SODA.

    Examples
    --------
    >>> x = torch.cat([torch.randn(200, 2), torch.randn(200, 2) + 8])
    >>> mixture = GaussianMixture(2).fit(x)
    >>> mixture.means.shape
    torch.Size([2, 2])
    """

    def __init__(
        self,
        components: int,
        *,
        covariance: str = "full",
        floor: float | None = None,
        starts: int = 1,
        seed: int | None = None,
    ) -> None:
        self.components = as_whole("components", components)
        if not isinstance(covariance, str) or covariance not in COVARIANCES:
            raise ValueError(f"covariance is {shown(covariance)}; it must be one of {', '.join(COVARIANCES)}.")
        floor = None if floor is None else as_real("floor", floor, 0)
        self.starts = as_whole("starts", starts)
        self.covariance = covariance
        self.floor = floor
        self.seed = torch.initial_seed() if seed is None else as_whole("seed", seed, 0, LARGEST_SEED)
        self.weights = self.means = self.covariances = None
        self.log_likelihoods: list[float] = []
        self.reseeded: list[tuple[int, int]] = []

    def fit(
        self,
        x: torch.Tensor,
        *,
        steps: int = 200,
        tolerance: float = 1e-6,
        start: tuple[torch.Tensor, torch.Tensor, torch.Tensor] | None = None,
    ) -> "GaussianMixture":
        """Run EM, and return the mixture itself.

        Parameters
        ----------
        x : torch.Tensor or array
            Shape (n, d), or (n,) for one dimension.
        steps : int
            At most so many.
        tolerance : float
            Stop when a step gains less, in nats a point. With 0, every step is made.
        start : (weights, means, covariances), optional
            Where to begin; by default at k-means++ centres with equal weights and a common covariance.

        Raises
        ------
        ValueError
            If the data are too few, not finite, or of the wrong shape, ``start`` does not fit them, or a
            component collapses where the floor is 0, or too small for float64 beside the data's variance
            (the mixture keeps the step before).
        """
        x = self._check_data(x)
        if len(x) < self.components:
            raise ValueError(f"x has {len(x)} points; {self.components} components need at least as many.")
        steps, tolerance = as_whole("steps", steps, 0), as_real("tolerance", tolerance, 0)
        self._set_scales(x)
        self._generator = torch.Generator().manual_seed(self.seed)
        best: dict[str, object] = {}
        try:
            for number in range(self.starts if start is None else 1):
                if start is None:
                    own_units = number % 2 == 1 and self.covariance != "spherical"
                    self._begin(x, self._spread if own_units else torch.ones_like(self._spread))
                else:
                    self._take(start, x.shape[1])
                self._climb(x, steps, tolerance)
                if not best or self.log_likelihoods[-1] > best["log_likelihoods"][-1]:
                    best = {name: getattr(self, name) for name in FITTED}
        finally:  # an interrupted or collapsed start costs none of those before it
            vars(self).update(best)
        return self

    def _climb(self, x: torch.Tensor, steps: int, tolerance: float) -> None:
        """Take turns between the two halves of EM until nothing is gained."""
        self.log_likelihoods, self.reseeded = [], []
        before = None
        for step in range(steps + 1):
            try:
                log_p, responsibilities = self._expect(x)
            except ValueError:
                if before:
                    self.weights, self.means, self.covariances = before
                raise
            self.log_likelihoods.append(log_p.mean().item())
            gains = self.log_likelihoods[-2:]
            restarted = bool(self.reseeded) and self.reseeded[-1][0] == step  # its gain says nothing yet
            if step == steps or (len(gains) == 2 and not restarted and abs(gains[1] - gains[0]) < tolerance):
                break
            before = self.weights, self.means, self.covariances
            self._maximise(x, responsibilities)
            for component in (responsibilities.sum(0) < EMPTY).nonzero().flatten().tolist():
                self._reseed(x, log_p, component, step + 1)

    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """Return log P(x) in nats, shape (n,)."""
        return self._expect(self._check_fitted(x))[0]

    def responsibilities(self, x: torch.Tensor) -> torch.Tensor:
        """Return P(m|x), shape (n, K): how far each component accounts for each point."""
        return self._expect(self._check_fitted(x))[1]

    def sample(self, n: int, seed: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
        """Draw n points: return x of shape (n, d), and the component that each came from, shape (n,)."""
        if self.weights is None:
            raise ValueError("the mixture is not fitted yet; call fit(x) first.")
        n = as_whole("n", n)
        generator = torch.Generator().manual_seed(as_whole("seed", seed, 0, LARGEST_SEED))
        component = torch.multinomial(self.weights, n, replacement=True, generator=generator)
        noise = torch.randn(n, self.means.shape[1], generator=generator, dtype=torch.float64, device="cpu")
        if self.covariance == "full":
            offset = torch.empty_like(noise)
            for m, factor in enumerate(torch.linalg.cholesky(self.covariances)):
                offset[component == m] = noise[component == m] @ factor.T
        else:
            offset = self._variances()[component].sqrt() * noise
        return self.means[component] + offset, component

    def parameters(self) -> int:
        """Return the number of free parameters, as the BIC counts them."""
        if self.weights is None:
            raise ValueError("the mixture is not fitted yet; call fit(x) first.")
        d = self.means.shape[1]
        each = {"full": d * (d + 1) // 2, "diagonal": d, "spherical": 1}[self.covariance]
        return self.components * (d + each) + self.components - 1

    def bic(self, x: torch.Tensor) -> float:
        """Return Schwarz's Bayesian information criterion on x (Schwarz 1978): the smaller, the better."""
        log_p = self.log_prob(x)
        return self.parameters() * math.log(len(log_p)) - 2 * log_p.sum().item()

    # The two halves of EM.

    def _expect(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return log P(x), shape (n,), and the responsibilities, shape (n, K)."""
        n, d = x.shape
        log_width, squared_distances = self._metric(d)
        log_scale = self.weights.log() - log_width - 0.5 * d * math.log(2 * math.pi)
        log_p = x.new_empty(n)
        responsibilities = x.new_empty(n, self.components)
        for rows in self._blocks(n, d):
            log_joint = log_scale - 0.5 * squared_distances(x[rows])  # log P(m) P(x|m)
            log_p[rows] = torch.logsumexp(log_joint, 1)
            torch.exp(log_joint.sub_(log_p[rows, None]), out=responsibilities[rows])
        return log_p, responsibilities

    def _metric(self, d: int) -> tuple[torch.Tensor, Callable[[torch.Tensor], torch.Tensor]]:
        """Return half the log determinants, shape (K,), and a function: points to squared distances, (rows, K).

        A distance is counted in a component's own standard deviations (Mahalanobis).
        """
        if self.covariance == "full":
            factors, flat = torch.linalg.cholesky_ex(self.covariances)
        else:
            flat = (self._variances() <= 0).any(1)
        if flat.any():
            component, floor = flat.nonzero()[0].item(), f"{self._floor.max():g}"
            raise ValueError(
                f"component {component} has collapsed: its covariance has no width left in some direction. "
                f"Give the mixture a larger floor (it is {floor}), fewer components or more data."
            )
        if self.covariance == "full":
            identity = torch.eye(d, dtype=torch.float64, device="cpu")
            whiten = torch.linalg.solve_triangular(factors, identity, upper=False)  # (K, d, d)
            # All components in one matrix product; they stand last, so that the sum over d runs along memory.
            centres = (whiten @ self.means[:, :, None]).squeeze(2).T.reshape(-1)
            directions = whiten.permute(2, 1, 0).reshape(d, -1)
            log_width = factors.diagonal(dim1=1, dim2=2).log().sum(1)
            return (
                log_width,
                lambda x: (x @ directions - centres).view(-1, d, self.components).square_().sum(1),
            )
        scale = self._variances().rsqrt()
        if self.covariance == "spherical":
            return -scale.log().sum(1), lambda x: _squared_distances(x, self.means) / self.covariances
        offsets = list(zip(self.means, scale, strict=True))
        return -scale.log().sum(1), lambda x: torch.stack(
            [torch.linalg.vector_norm((x - mean).mul_(factor), dim=1).square_() for mean, factor in offsets], 1
        )

    def _maximise(self, x: torch.Tensor, responsibilities: torch.Tensor) -> None:
        """Set weights, means and covariances to what the responsibilities ask for."""
        n, d = x.shape
        counts = responsibilities.sum(0).clamp_min(torch.finfo(torch.float64).tiny)
        means = responsibilities.T @ x / counts[:, None]
        moments = torch.zeros_like(self.covariances)
        for rows in self._blocks(n, d):
            share = responsibilities[rows]
            if self.covariance == "full":
                offsets = (x[rows, None] - means).transpose(0, 1)  # (K, rows, d)
                moments.baddbmm_((offsets * share.T[:, :, None]).transpose(1, 2), offsets)
            elif self.covariance == "diagonal":
                for m, mean in enumerate(means):
                    moments[m] += share[:, m] @ (x[rows] - mean).square_()
            else:
                moments += (share * _squared_distances(x[rows], means)).sum(0) / d
        covariances = self._clip(moments / counts.view(-1, *[1] * (moments.ndim - 1)))
        # All three at once: an interrupted step leaves the one before.
        self.weights, self.means, self.covariances = counts / n, means, covariances

    def _clip(self, covariances: torch.Tensor) -> torch.Tensor:
        """Raise every variance below the floor to it: along the eigenvectors, the axes, or all together."""
        if self.covariance != "full":
            return covariances.clamp_min(self._floor if self.covariance == "diagonal" else self._floor.min())
        # In units in which all floors are the same.
        highest = self._floor.max()
        units = (self._floor / highest).sqrt() if highest > 0 else torch.ones_like(self._floor)
        squared_units = units[:, None] * units
        variances, axes = torch.linalg.eigh(covariances / squared_units)
        low = variances[:, 0] < highest  # leave the others exactly as they are
        clipped = (axes * variances.clamp_min(highest)[:, None]) @ axes.transpose(1, 2) * squared_units
        return torch.where(low[:, None, None], clipped, covariances)

    def _variances(self) -> torch.Tensor:
        """Return the variances of diagonal and spherical components, shape (K, d)."""
        return self.covariances if self.covariance == "diagonal" else self.covariances[:, None].expand_as(self.means)

    def _blocks(self, n: int, d: int) -> list[slice]:
        rows = max(1, NUMBERS_A_BLOCK // (self.components * d))
        return [slice(begin, begin + rows) for begin in range(0, n, rows)]

    # Units and starts.

    def _set_scales(self, x: torch.Tensor) -> None:
        """Set each column's spread and floor."""
        spread = _spread(x.numpy())
        varies = spread > 0
        if not varies.any() and not self.floor:
            raise ValueError("x holds the same point over and over; a Gaussian on it has no width.")
        for column in np.flatnonzero(varies & ((spread < SMALLEST) | (spread > LARGEST))):
            raise ValueError(
                f"x has a spread of {spread[column]:.2g} in column {column}, no number to square; rescale it."
            )
        usual = spread[varies].mean() if varies.any() else 1.0  # a column that does not vary has no unit of its own
        spread = np.where(varies, spread, usual)
        floor = 1e-6 * spread**2 if self.floor is None else np.full(len(spread), self.floor)
        self._spread, self._floor = torch.from_numpy(spread), torch.from_numpy(floor)

    def _begin(self, x: torch.Tensor, unit: torch.Tensor) -> None:
        """Start at k-means++ centres, with the spread of the points around their nearest centre."""
        choice = torch.randint(len(x), (1,), generator=self._generator, device="cpu")
        means = [x[choice[0]]]
        distance = _distance(x, means[0], unit)
        for _ in range(1, self.components):
            if distance.sum() == 0:
                raise ValueError(f"x has only {len(means)} different points for {self.components} components.")
            choice = torch.multinomial(distance, 1, generator=self._generator)
            means.append(x[choice[0]])
            distance = torch.minimum(distance, _distance(x, means[-1], unit))
        self.means = torch.stack(means)
        self.weights = torch.full((self.components,), 1 / self.components, dtype=torch.float64, device="cpu")
        nearest = _squared_distances(x / unit, self.means / unit).argmin(1)
        self.covariances = self._common(x - self.means[nearest])

    def _common(self, offsets: torch.Tensor) -> torch.Tensor:
        """Return the covariance of offsets, once for each component."""
        variances = offsets.square().mean(0)
        moments = {"full": offsets.T @ offsets / len(offsets), "diagonal": variances, "spherical": variances.mean()}
        moment = moments[self.covariance]
        return self._clip(moment.expand(self.components, *moment.shape).clone())

    def _reseed(self, x: torch.Tensor, log_p: torch.Tensor, component: int, step: int) -> None:
        """Move an empty component to the point that the mixture explains worst."""
        worst = log_p.argmin()
        log_p[worst] = math.inf  # the next empty component takes another
        self.means[component] = x[worst]
        least = self._floor.clamp_min(torch.finfo(torch.float64).tiny)
        variances = (x.var(0, correction=0) / self.components).maximum(least)
        wide = {"full": variances.diag(), "diagonal": variances, "spherical": variances.mean()}
        self.covariances[component] = wide[self.covariance]
        self.weights[component] = 1 / len(x)
        self.weights /= self.weights.sum()
        self.reseeded.append((step, component))
        warnings.warn(
            f"Component {component} was empty at step {step}; it starts anew at the point that fits worst.",
            stacklevel=4,
        )

    # What comes in.

    def _check_data(self, x: torch.Tensor) -> torch.Tensor:
        x = as_finite("x", x)
        x = x[:, None] if x.ndim == 1 else x
        if x.ndim != 2 or x.size == 0:
            raise ValueError(f"x has shape {x.shape}; it must be (n, d), one point a row.")
        return torch.from_numpy(x)

    def _check_fitted(self, x: torch.Tensor) -> torch.Tensor:
        if self.weights is None:
            raise ValueError("the mixture is not fitted yet; call fit(x) first.")
        x = self._check_data(x)
        if x.shape[1] != self.means.shape[1]:
            raise ValueError(f"x has {x.shape[1]} dimensions; the mixture was fitted to {self.means.shape[1]}.")
        return x

    def _take(self, start: tuple[torch.Tensor, torch.Tensor, torch.Tensor], d: int) -> None:
        try:
            weights, means, covariances = start
        except (TypeError, ValueError):
            raise ValueError("start must be three arrays: weights, means and covariances.") from None
        parts = {"weights": weights, "means": means, "covariances": covariances}
        weights, means, covariances = (
            torch.from_numpy(as_finite(f"start's {name}", part).copy()) for name, part in parts.items()
        )
        k = self.components
        wanted = {"full": (k, d, d), "diagonal": (k, d), "spherical": (k,)}[self.covariance]
        shapes = tuple(weights.shape), tuple(means.shape), tuple(covariances.shape)
        if shapes != ((k,), (k, d), wanted):
            raise ValueError(f"start has shapes {shapes}; it must have {((k,), (k, d), wanted)}.")
        if (weights <= 0).any() or not math.isclose(weights.sum().item(), 1, abs_tol=1e-6):
            raise ValueError(f"start has weights {weights.tolist()}; they must be above 0 and sum to 1.")
        if not _is_covariance(covariances, self.covariance == "full"):
            raise ValueError("start has a covariance that is not symmetric, or has a negative variance.")
        self.weights, self.means = weights, means
        self.covariances = self._clip(covariances)


def _squared_distances(x: torch.Tensor, means: torch.Tensor) -> torch.Tensor:
    """Return squared Euclidean distances, shape (n, K), by differences: nothing cancels far from the origin."""
    return torch.cdist(x, means, compute_mode="donot_use_mm_for_euclid_dist").square_()


def _is_covariance(covariances: torch.Tensor, full: bool) -> bool:
    """Tell whether all are symmetric and nowhere negative, but for rounding, each column in its own unit."""
    variances = covariances.diagonal(dim1=1, dim2=2) if full else covariances
    if (variances < 0).any() or not full:
        return not (variances < 0).any()
    unit = variances.sqrt().where(variances > 0, 1)
    correlations = covariances / unit[:, :, None] / unit[:, None]
    rounding = ROUNDING * covariances.shape[1]
    symmetric = torch.allclose(correlations, correlations.mT, rtol=1e-5, atol=1e-8)
    return symmetric and bool((torch.linalg.eigvalsh(correlations) >= -rounding).all())


def _distance(x: torch.Tensor, point: torch.Tensor, unit: torch.Tensor) -> torch.Tensor:
    """Return squared distances to a point, shape (n,), counted in units, shape (d,); 0 where only rounding differs."""
    distance = ((x - point) / unit).square().sum(1)
    rounding = (ROUNDING * x.abs().amax(0) / unit).square().sum()
    return distance.where(distance > rounding, 0)


def _spread(x: np.ndarray) -> np.ndarray:
    """Return each column's spread, shape (d,): its standard deviation if it is Gaussian, without its tails.

    The inner half of the values tells it; where that is one value over and over, more of them. A column whose
    values differ by no more than rounding has 0.
    """
    rounding = ROUNDING * np.abs(x).max(axis=0)
    # Drawn: of data that repeat, every fourth row may be another kind of row than the rest.
    some = x[np.random.default_rng(0).integers(len(x), size=10_000)] if len(x) >= 20_000 else x
    spread = np.zeros(x.shape[1])
    for tail in TAILS:
        low, high = np.quantile(some, [tail, 1 - tail], axis=0)
        first = (spread == 0) & (high - low > rounding)
        spread[first] = (high - low)[first] / (2 * ndtri(1 - tail))
    with np.errstate(over="ignore"):
        spread = np.where(spread == 0, x.std(axis=0), spread)
    return np.where(np.ptp(x, axis=0) <= rounding, 0, spread)
