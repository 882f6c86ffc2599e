"""make bench: Cook's distances from lessons_lib's one QR, against statsmodels and against n refits, p = 20."""

import time

import numpy as np
from statsmodels.regression.linear_model import OLS
from statsmodels.stats.outliers_influence import OLSInfluence

from lessons_lib.regression import influence

PREDICTORS, REPEATS = 19, 3  # and an intercept: p = 20
MOST_REFITS = 3_000


def by_statsmodels(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Leverage, internally studentised residuals and Cook's distance; its other measures refit n times."""
    measures = OLSInfluence(OLS(y, np.column_stack([np.ones(len(y)), x])).fit())
    return measures.cooks_distance[0]


def by_refits(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The definition."""
    design = np.column_stack([np.ones(len(y)), x])
    n, p = design.shape
    fitted = design @ np.linalg.lstsq(design, y, rcond=None)[0]
    variance = np.square(y - fitted).sum() / (n - p)
    distances = np.empty(n)
    for i in range(n):
        rest = np.linalg.lstsq(np.delete(design, i, axis=0), np.delete(y, i), rcond=None)[0]
        distances[i] = np.square(fitted - design @ rest).sum() / (p * variance)
    return distances


def least_seconds(call, x: np.ndarray, y: np.ndarray, repeats: int) -> tuple[float, np.ndarray]:
    """Return the least time of some calls, and the last result."""
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        result = call(x, y)
        times.append(time.perf_counter() - started)
    return min(times), result


def main() -> None:
    """Print seconds and ratios; growth is this row's seconds over the last row's, beside that of n."""
    print("Cook's distance, p = 20: seconds ours, statsmodels', refits'; ours over each; growth of n and of ours")
    last = None
    for n in (1_000, 3_000, 10_000, 100_000, 1_000_000):
        random = np.random.default_rng(0)
        x = random.normal(size=(n, PREDICTORS))
        y = x.sum(axis=1) + random.normal(size=n)
        ours, distances = least_seconds(lambda x, y: influence(x, y).cooks_distance, x, y, REPEATS)
        theirs, reference = least_seconds(by_statsmodels, x, y, REPEATS)
        np.testing.assert_allclose(distances, reference, rtol=1e-6, atol=1e-15)
        line = f"n = {n:9,}: {ours:8.4f} {theirs:8.4f}"
        ratios = f"{ours / theirs:6.2f}"
        if n <= MOST_REFITS:
            refits, reference = least_seconds(by_refits, x, y, 1)
            np.testing.assert_allclose(distances, reference, rtol=1e-6, atol=1e-15)
            line, ratios = f"{line} {refits:8.2f}", f"{ratios} {ours / refits:9.6f}"
        growth = f"   n × {n / last[0]:.1f}, ours × {ours / last[1]:.1f}" if last else ""
        print(f"{line:42}   {ratios:16}{growth}", flush=True)
        last = n, ours


if __name__ == "__main__":
    main()
