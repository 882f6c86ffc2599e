"""Data sets that need no network: one module a family."""

from lessons_lib.datasets.bouncing import bouncing_paths, film
from lessons_lib.datasets.creature_drawings import PALETTE, PARTS
from lessons_lib.datasets.creature_reading import nearest_parts, read_parts
from lessons_lib.datasets.creatures import Creatures, creatures, endings_of
from lessons_lib.datasets.densities import Ink, Spiral
from lessons_lib.datasets.digits import ImageData, binarised, digits, shifted
from lessons_lib.datasets.documents import Documents, documents
from lessons_lib.datasets.moons import moons
from lessons_lib.datasets.one_dimension import DENSITIES, quantiles
from lessons_lib.datasets.regression import anscombe
from lessons_lib.datasets.sentences import Sentences, sentences
from lessons_lib.datasets.sounds import growl, measured_pitch, plucked_string

__all__ = [
    "Creatures",
    "DENSITIES",
    "Documents",
    "ImageData",
    "Ink",
    "PALETTE",
    "PARTS",
    "Sentences",
    "Spiral",
    "anscombe",
    "binarised",
    "bouncing_paths",
    "creatures",
    "digits",
    "documents",
    "endings_of",
    "film",
    "growl",
    "measured_pitch",
    "moons",
    "nearest_parts",
    "plucked_string",
    "quantiles",
    "read_parts",
    "sentences",
    "shifted",
]
