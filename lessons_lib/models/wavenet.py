"""The small WaveNet of lesson 04d, and three ways to let it speak."""

from collections.abc import Sequence

import torch
from torch import nn
from torch.nn import functional


def delayed(x: torch.Tensor, steps: int) -> torch.Tensor:
    """Return what stood ``steps`` earlier, shape (notes, time, channels), with zeros before the start."""
    return functional.pad(x, (0, 0, steps, 0))[:, : x.shape[1]]


class DilatedLayer(nn.Module):
    """One layer: looks at now and at ``dilation`` samples ago, and lets a gate decide what to hand on."""

    def __init__(self, channels: int, dilation: int, conditions: int) -> None:
        super().__init__()
        self.dilation = dilation
        self.look = nn.Linear(2 * channels + conditions, 2 * channels)
        self.hand_on = nn.Linear(channels, 2 * channels)

    def forward(self, x: torch.Tensor, past: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the next layer's input and what skips to the end; x, past (…, channels), c (…, conditions)."""
        signal, gate = self.look(torch.cat([x, past, c], dim=-1)).chunk(2, dim=-1)
        residual, skip = self.hand_on(signal.tanh() * gate.sigmoid()).chunk(2, dim=-1)
        return x + residual, skip


class WaveNet(nn.Module):
    """Tells how likely each level of the next sample is, given the samples before it.

    Parameters
    ----------
    dilations : sequence of int
        One a layer; the next sample is told from the sum + 1 samples before it.
    conditions : int
        Numbers that are given with each sample: pitch, time, ….
    levels : int
        Values that a sample can take.
    channels : int
        Numbers that a layer hands on for each sample.
    """

    def __init__(self, dilations: Sequence[int], conditions: int, levels: int = 64, channels: int = 24) -> None:
        super().__init__()
        self.shift = 1  # a sample must not see itself
        self.start = nn.Embedding(levels, channels)
        self.condition = nn.Sequential(nn.Linear(conditions, 32), nn.GELU(), nn.Linear(32, 16))
        self.layers = nn.ModuleList(DilatedLayer(channels, d, 16) for d in dilations)
        self.end = nn.Linear(channels, levels)

    def forward(self, codes: torch.Tensor, conditions: torch.Tensor) -> torch.Tensor:
        """Return logits (notes, time, levels) for codes (notes, time), conditions (notes, time, conditions)."""
        x, c = delayed(self.start(codes), self.shift), self.condition(conditions)
        skips = 0
        for layer in self.layers:
            x, skip = layer(x, delayed(x, layer.dilation), c)
            skips = skips + skip
        return self.end(skips.relu())


def draw_level(logits: torch.Tensor, temperature: float) -> torch.Tensor:
    """Draw a code for each row of logits, shape (notes, levels) to (notes,)."""
    return torch.multinomial((logits / temperature).softmax(dim=-1), 1)[:, 0]


@torch.no_grad()
def generate_sound(model: WaveNet, given: torch.Tensor, temperature: float = 1.0) -> torch.Tensor:
    """Return codes (notes, time), drawn sample by sample for conditions given; each layer keeps what it will need."""
    batch, length, _ = given.shape
    c = model.condition(given)
    x = model.start.weight.new_zeros(batch, model.start.embedding_dim)
    kept = [x.repeat(layer.dilation, 1, 1) for layer in model.layers]
    codes = torch.zeros(batch, length, dtype=torch.long, device=x.device)
    for n in range(length):
        skips = 0
        for layer, past in zip(model.layers, kept, strict=True):
            place = n % layer.dilation  # what was kept here is `dilation` samples old
            before, past[place] = past[place].clone(), x
            x, skip = layer(x, before, c[:, n])
            skips = skips + skip
        codes[:, n] = draw_level(model.end(skips.relu()), temperature)
        x = model.start(codes[:, n])
    return codes


@torch.no_grad()
def generate_sound_anew(
    model: WaveNet, given: torch.Tensor, window: int | None = None, temperature: float = 1.0
) -> torch.Tensor:
    """Return codes (notes, time) for conditions given; each is computed anew from a window, or from the start."""
    batch, length, _ = given.shape
    codes = torch.zeros(batch, length, dtype=torch.long, device=given.device)
    for n in range(length):
        first = 0 if window is None else max(0, n - window)
        logits = model(codes[:, first : n + 1], given[:, first : n + 1])
        codes[:, n] = draw_level(logits[:, -1], temperature)
    return codes
