"""Data sets for regression."""

import numpy as np


def anscombe() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Return Anscombe's four sets, which share means, variances, correlation and line, and nothing else.

    Returns
    -------
    dict of str to (numpy.ndarray, numpy.ndarray)
        x and y, each of shape (11,), of the sets "I" to "IV".

    Notes
    -----
    F. J. Anscombe (1973), Graphs in statistical analysis, The American Statistician 27, 17-21, table 1;
    doi:10.1080/00031305.1973.10478966.
    """
    x = np.array([10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5], dtype=float)
    eights = np.full(11, 8.0)
    eights[7] = 19
    return {
        "I": (x, np.array([8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68])),
        "II": (x, np.array([9.14, 8.14, 8.74, 8.77, 9.26, 8.10, 6.13, 3.10, 9.13, 7.26, 4.74])),
        "III": (x, np.array([7.46, 6.77, 12.74, 7.11, 7.81, 8.84, 6.08, 5.39, 8.15, 6.42, 5.73])),
        "IV": (eights, np.array([6.58, 5.76, 7.71, 8.84, 8.47, 7.04, 5.25, 12.50, 5.56, 7.91, 6.89])),
    }
