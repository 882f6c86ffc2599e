"""Models that a lesson wrote out in its cells and later lessons reuse: one module a family."""

from lessons_lib.models.autoencoder import Autoencoder, layers

__all__ = ["Autoencoder", "layers"]
