"""The autoencoders of lessons 01a and 03a."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional


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
    """
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


class TiedAutoencoder(nn.Module):
    """An autoencoder of one layer up and one down, the decoder's weight the encoder's, transposed.

    z = activation(W x + code_bias), and the reconstruction is output(W^T z + output_bias).

    Parameters
    ----------
    inputs, units : int
        Numbers in an image, and in its code.
    activation, output : callable
        Make the layer behind the code and the one behind the decoder: ``nn.ReLU``, ``nn.Sigmoid``.

    Attributes
    ----------
    weight : torch.nn.Parameter
        W, shape (units, inputs).
    code_bias, output_bias : torch.nn.Parameter
        Shapes (units,) and (inputs,).
    """

    def __init__(
        self,
        inputs: int,
        units: int,
        activation: Callable[[], nn.Module] = nn.ReLU,
        output: Callable[[], nn.Module] = nn.Identity,
    ) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(units, inputs) / inputs**0.5)
        self.code_bias = nn.Parameter(torch.zeros(units))
        self.output_bias = nn.Parameter(torch.zeros(inputs))
        self.activation, self.output = activation(), output()

    def encoder(self, x: torch.Tensor) -> torch.Tensor:
        """Return the codes of x, shape (n, units)."""
        return self.activation(functional.linear(x, self.weight, self.code_bias))

    def decoder(self, z: torch.Tensor) -> torch.Tensor:
        """Return what is made of codes of shape (n, units), shape (n, inputs)."""
        return self.output(functional.linear(z, self.weight.T, self.output_bias))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the reconstruction of x, shape (n, inputs)."""
        return self.decoder(self.encoder(x))
