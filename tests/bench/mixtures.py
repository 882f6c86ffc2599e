"""make bench: seconds for one step of EM, lessons_lib's GaussianMixture against scikit-learn's, from the same start."""

import time
import warnings

import numpy as np
from sklearn.mixture import GaussianMixture as Reference

from lessons_lib.models import GaussianMixture

COMPONENTS, REPEATS = 10, 3
NAMES = {"full": "full", "diagonal": "diag", "spherical": "spherical"}


def seconds_a_step(fit) -> float:
    """Return a long fit's least time minus a short one's, a step, so that the start costs nothing."""

    def seconds(steps: int) -> float:
        started = time.perf_counter()
        fit(steps)
        return time.perf_counter() - started

    least = {steps: min(seconds(steps) for _ in range(REPEATS)) for steps in (2, 7)}
    return (least[7] - least[2]) / 5


def main() -> None:
    """Print seconds and ratios; the rows for two n show how both grow."""
    warnings.simplefilter("ignore")  # scikit-learn says that it has not converged
    print(f"EM, K = {COMPONENTS}, seconds a step: ours, scikit-learn's, ours over scikit-learn's")
    for covariance in NAMES:
        for d, sizes in [(2, (10_000, 100_000)), (50, (10_000, 100_000))]:
            for n in sizes:
                rng = np.random.default_rng(0)
                x = rng.normal(size=(n, d)) + rng.integers(5, size=(n, 1)) * 2.0
                weights, means = np.full(COMPONENTS, 1 / COMPONENTS), x[:COMPONENTS]
                shape = {"full": np.eye(d), "diagonal": np.ones(d), "spherical": 1.0}[covariance]
                start = weights, means, np.stack([shape] * COMPONENTS)

                def ours(steps, x=x, covariance=covariance, start=start):
                    GaussianMixture(COMPONENTS, covariance=covariance, floor=1e-6).fit(
                        x, steps=steps, tolerance=0, start=start
                    )

                def theirs(steps, x=x, covariance=covariance, start=start):
                    Reference(
                        COMPONENTS,
                        covariance_type=NAMES[covariance],
                        weights_init=start[0],
                        means_init=start[1],
                        precisions_init=start[2],  # unit matrices: their own inverse
                        max_iter=steps,
                        tol=0,
                        init_params="random",
                    ).fit(x)

                mine, reference = seconds_a_step(ours), seconds_a_step(theirs)
                print(
                    f"{covariance:10} d = {d:2}, n = {n:7,}: {mine:8.4f} {reference:8.4f} {mine / reference:6.2f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
