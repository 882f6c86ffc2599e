"""Models that a lesson wrote out in its cells and later lessons reuse: one module a family."""

from lessons_lib.models.autoencoder import Autoencoder, TiedAutoencoder, layers
from lessons_lib.models.gmm import GaussianMixture
from lessons_lib.models.pixel_rnn import PixelRNN, sample

__all__ = ["Autoencoder", "GaussianMixture", "PixelRNN", "TiedAutoencoder", "layers", "sample"]
