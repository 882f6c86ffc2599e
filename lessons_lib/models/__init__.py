"""Models that a lesson wrote out in its cells and later lessons reuse: one module a family."""

from lessons_lib.models.autoencoder import Autoencoder, TiedAutoencoder, layers
from lessons_lib.models.gmm import GaussianMixture
from lessons_lib.models.pixel_rnn import PixelRNN, sample
from lessons_lib.models.wavenet import DilatedLayer, WaveNet, delayed, generate_sound, generate_sound_anew

__all__ = [
    "Autoencoder",
    "DilatedLayer",
    "GaussianMixture",
    "PixelRNN",
    "TiedAutoencoder",
    "WaveNet",
    "delayed",
    "generate_sound",
    "generate_sound_anew",
    "layers",
    "sample",
]
