"""Data sets that need no network: one module a family."""

from lessons_lib.datasets.densities import Spiral
from lessons_lib.datasets.digits import ImageData, digits, shifted
from lessons_lib.datasets.regression import anscombe

__all__ = ["ImageData", "Spiral", "anscombe", "digits", "shifted"]
