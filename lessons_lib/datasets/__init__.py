"""Data sets that need no network: one module a family."""

from lessons_lib.datasets.densities import Spiral
from lessons_lib.datasets.digits import ImageData, digits, shifted
from lessons_lib.datasets.regression import anscombe
from lessons_lib.datasets.sounds import growl, measured_pitch, plucked_string

__all__ = ["ImageData", "Spiral", "anscombe", "digits", "growl", "measured_pitch", "plucked_string", "shifted"]
