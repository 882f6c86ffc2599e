"""Many small networks side by side: one batched product does the work of all; lesson 09a writes it out."""

import itertools
from collections.abc import Sequence

import torch
from torch import nn

from lessons_lib.arrays import as_whole


class ManyNetworks(nn.Module):
    """Many networks of the same widths, tanh between their layers, none of which knows of the others.

    Train them on the *sum* of their losses: each weight stands in one of them only.

    Parameters
    ----------
    runs : int
        How many.
    widths : sequence of int
        Numbers in, units of each hidden layer, numbers out.

    Raises
    ------
    ValueError
        If runs, or a width, is no whole number of at least 1, or there are fewer than two widths.
    """

    def __init__(self, runs: int, widths: Sequence[int] = (1, 16, 16, 1)) -> None:
        super().__init__()
        runs, widths = as_whole("runs", runs), [as_whole("widths", width) for width in widths]
        if len(widths) < 2:
            raise ValueError(f"widths is {widths}; it must name at least the numbers in and out.")
        self.weights, self.biases = nn.ParameterList(), nn.ParameterList()
        for inputs, outputs in itertools.pairwise(widths):
            bound = inputs**-0.5  # as PyTorch starts a linear layer
            weight = torch.empty(runs, inputs, outputs).uniform_(-bound, bound)
            bias = torch.empty(runs, 1, outputs).uniform_(-bound, bound)
            self.weights.append(weight)
            self.biases.append(bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what each network makes of its own numbers: (runs, n, inputs) to (runs, n, outputs)."""
        last = len(self.weights) - 1
        for layer, (weight, bias) in enumerate(zip(self.weights, self.biases, strict=True)):
            x = torch.baddbmm(bias, x, weight)  # x @ weight + bias, for each run
            x = x.tanh() if layer < last else x
        return x

    def alone(self, run: int) -> nn.Sequential:
        """Return one of the networks as PyTorch's own layers, a copy: (n, inputs) to (n, outputs)."""
        parts: list[nn.Module] = []
        for weights, biases in zip(self.weights, self.biases, strict=True):
            weight, bias = weights[run].detach(), biases[run, 0].detach()
            linear = nn.Linear(*weight.shape)
            linear.weight.data, linear.bias.data = weight.T.clone(), bias.clone()
            parts += [linear, nn.Tanh()]
        return nn.Sequential(*parts[:-1])
