"""The deep autoencoder of lesson 01a."""

from collections.abc import Callable

import torch
from torch import nn

from lessons_lib.arrays import as_whole, shown


def layers(*widths: int, activation: Callable[[], nn.Module] = nn.GELU) -> nn.Sequential:
    """Stack Linear layers with an activation between them, none behind the last.

    Parameters
    ----------
    *widths : int
        Number of units from the input to the output: ``layers(784, 400, 10)`` has two Linear layers.
    activation : callable
        Makes the layer between two Linear layers; ``nn.Identity`` makes the whole stack linear.

    Returns
    -------
    nn.Sequential

    Raises
    ------
    ValueError
        If there are fewer than two widths, one is no whole number above 0, or ``activation`` makes no layer.
    """
    if len(widths) < 2:
        raise ValueError(f"widths is {shown(widths)}; give at least two whole numbers: layers(784, 10).")
    widths = [as_whole(f"widths[{i}]", width) for i, width in enumerate(widths)]
    if isinstance(activation, nn.Module) or not callable(activation):
        raise ValueError(
            f"activation is {shown(activation)}; it must be a class of layers, such as nn.GELU (no brackets)."
        )
    stack = []
    for inputs, outputs in zip(widths, widths[1:]):  # noqa: B905
        stack += [nn.Linear(inputs, outputs), activation()]
    return nn.Sequential(*stack[:-1])  # no activation behind the last layer


class Autoencoder(nn.Module):
    """An encoder, which makes a code z of an image x, and a decoder, which makes an image of a code.

    Parameters
    ----------
    encoder : nn.Module
        Maps (n, d) to (n, k).
    decoder : nn.Module
        Maps (n, k) to (n, d).
    """

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the reconstruction of x, shape (n, d)."""
        z = self.encoder(x)
        return self.decoder(z)
