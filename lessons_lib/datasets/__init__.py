"""Data sets that need no network: one module a family."""

from lessons_lib.datasets.bouncing import bouncing_paths, film
from lessons_lib.datasets.densities import Spiral
from lessons_lib.datasets.digits import ImageData, digits, shifted
from lessons_lib.datasets.regression import anscombe

__all__ = ["ImageData", "Spiral", "anscombe", "bouncing_paths", "digits", "film", "shifted"]
