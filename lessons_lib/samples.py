"""How near two clouds of samples are, and how far one covers the other; lessons 07a and 10b write them out."""

import torch

from lessons_lib.arrays import as_whole, shown


def frechet(made: torch.Tensor, real: torch.Tensor) -> float:
    """Return the squared Fréchet distance between two clouds, each taken for a Gaussian.

    With means m and n and covariances S and T it is |m − n|² + tr(S + T − 2 (S T)^½): Dowson and Landau (1982),
    doi:10.1016/0047-259X(82)90077-X. Of features of pictures: Heusel and others (2017), arXiv:1706.08500. It is
    biased upwards, the more the fewer the rows.

    Parameters
    ----------
    made, real : torch.Tensor
        Shapes (n, d) and (m, d), at least two rows each.

    Returns
    -------
    float
        In squared units of the features, computed in double precision.

    Raises
    ------
    ValueError
        For other shapes, or values that are not finite.

    Examples
    --------
    >>> import torch
    >>> cloud = torch.tensor([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    >>> round(frechet(cloud + 3, cloud), 6)
    18.0
    """
    _check(made=made, real=real)
    a, b = made.double(), real.double()
    means = (a.mean(dim=0) - b.mean(dim=0)).square().sum()
    spread = a.var(dim=0).sum() + b.var(dim=0).sum()
    eigenvalues = torch.linalg.eigvals(_covariance(a) @ _covariance(b)).real
    squared = means + spread - 2 * eigenvalues.clamp(min=0).sqrt().sum()
    return squared.clamp(min=0).item()  # rounding: of equal clouds a hair below 0


def inside(points: torch.Tensor, centres: torch.Tensor, k: int = 3) -> float:
    """Return the share of points that lie in a ball around some centre, out to the centre's k-th nearest other centre.

    Generated points among real centres: precision; real points among generated centres: recall. Kynkäänniemi and
    others (2019), arXiv:1904.06991, equations 1 and 2.

    Parameters
    ----------
    points, centres : torch.Tensor
        Shapes (n, d) and (m, d), m more than k.
    k : int

    Returns
    -------
    float
        From 0 to 1.

    Raises
    ------
    ValueError
        For other shapes, values that are not finite, or a k that the centres are too few for.

    Examples
    --------
    >>> import torch
    >>> inside(torch.tensor([[0.5], [9.0]]), torch.tensor([[0.0], [1.0], [2.0]]), k=1)
    0.5
    """
    _check(points=points, centres=centres)
    k = as_whole("k", k, most=len(centres) - 1)
    radii = torch.cdist(centres, centres).kthvalue(k + 1, dim=1).values  # first: itself
    return (torch.cdist(points, centres) <= radii).any(dim=1).float().mean().item()


def _covariance(cloud: torch.Tensor) -> torch.Tensor:
    return cloud.T.cov().reshape(cloud.shape[1], cloud.shape[1])  # of one column, too


def _check(**clouds: torch.Tensor) -> None:
    for name, cloud in clouds.items():
        if not isinstance(cloud, torch.Tensor) or cloud.ndim != 2 or len(cloud) < 2 or not cloud.shape[1]:
            got = f"has shape {tuple(cloud.shape)}" if isinstance(cloud, torch.Tensor) else f"is {shown(cloud)}"
            raise ValueError(f"{name} {got}; it must be a tensor of two rows or more, one for each sample.")
        if not cloud.isfinite().all():
            raise ValueError(f"{name} holds values that are infinite or not a number.")
    (one, first), (other, second) = clouds.items()
    if first.shape[1] != second.shape[1]:
        raise ValueError(
            f"{one} has {first.shape[1]} columns and {other} {second.shape[1]}; both must have as many features."
        )
