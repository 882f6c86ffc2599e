"""Widgets whose sliders answer in the browser: no kernel is asked while they move."""

from lessons_lib.widgets.bound_explorer import BoundExplorer
from lessons_lib.widgets.digit_pad import DigitPad
from lessons_lib.widgets.drag_regression import DragRegression
from lessons_lib.widgets.frame_player import FramePlayer
from lessons_lib.widgets.gan_trainer import GanTrainer
from lessons_lib.widgets.latent_explorer import LatentExplorer
from lessons_lib.widgets.noise_explorer import NoiseExplorer
from lessons_lib.widgets.pixel_painter import PixelPainter
from lessons_lib.widgets.prediction import Prediction, PredictionCount
from lessons_lib.widgets.text_map import TextMap

__all__ = [
    "BoundExplorer",
    "DigitPad",
    "DragRegression",
    "FramePlayer",
    "GanTrainer",
    "LatentExplorer",
    "NoiseExplorer",
    "PixelPainter",
    "Prediction",
    "PredictionCount",
    "TextMap",
]
