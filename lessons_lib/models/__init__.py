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
from lessons_lib.models.image_gan import (
    Game,
    batch_of,
    discriminator,
    draw_z,
    follow,
    generator,
    noise_size,
    optimiser,
    step_of_D,
    step_of_G,
    still,
)
from lessons_lib.models.many_networks import ManyNetworks
from lessons_lib.models.pixel_rnn import PixelRNN, sample
from lessons_lib.models.vae import VAE, vae_loss
from lessons_lib.models.wavenet import DilatedLayer, WaveNet, delayed, generate_sound, generate_sound_anew

__all__ = [
    "Autoencoder",
    "DilatedLayer",
    "Game",
    "GaussianMixture",
    "ManyNetworks",
    "PixelRNN",
    "TiedAutoencoder",
    "VAE",
    "WaveNet",
    "batch_of",
    "delayed",
    "discriminator",
    "draw_noise",
    "draw_real",
    "draw_z",
    "follow",
    "generate",
    "generated_density",
    "generate_sound",
    "generate_sound_anew",
    "generator",
    "label_error",
    "layers",
    "noise_size",
    "optimiser",
    "play_games",
    "sample",
    "step_of_D",
    "step_of_G",
    "still",
    "take_step",
    "vae_loss",
]
