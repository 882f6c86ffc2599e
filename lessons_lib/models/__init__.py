"""Models that a lesson wrote out in its cells and later lessons reuse: one module a family."""

from lessons_lib.models.autoencoder import Autoencoder, TiedAutoencoder, layers
from lessons_lib.models.classifier import label_error
from lessons_lib.models.gan import (
    draw_noise,
    draw_real,
    generate,
    generated_density,
    play_games,
    take_step,
)
from lessons_lib.models.gmm import GaussianMixture
from lessons_lib.models.many_networks import ManyNetworks
from lessons_lib.models.pixel_rnn import PixelRNN, sample
from lessons_lib.models.vae import VAE, vae_loss
from lessons_lib.models.wavenet import DilatedLayer, WaveNet, delayed, generate_sound, generate_sound_anew

__all__ = [
    "Autoencoder",
    "DilatedLayer",
    "GaussianMixture",
    "ManyNetworks",
    "PixelRNN",
    "TiedAutoencoder",
    "VAE",
    "WaveNet",
    "delayed",
    "draw_noise",
    "draw_real",
    "generate",
    "generated_density",
    "generate_sound",
    "generate_sound_anew",
    "label_error",
    "layers",
    "play_games",
    "sample",
    "take_step",
    "vae_loss",
]
