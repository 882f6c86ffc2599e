"""Packing a PixelRNN for the browser (pixel_network.js), and drawing with it as the browser does."""

import numpy as np
import torch
from torch import nn

from lessons_lib.arrays import as_numbers, as_whole, shown
from lessons_lib.models import PixelRNN
from lessons_lib.widgets.network import evaluating
from lessons_lib.widgets.noise import random_bits

LEAST_SIDE, MOST_SIDE = 4, 32  # pixels
ATTRIBUTES = ("side", "rows", "reach", "position", "lstm", "output")
LSTM = {"num_layers": 1, "bidirectional": False, "bias": True, "batch_first": True, "proj_size": 0}


def copy_of(model: nn.Module) -> PixelRNN:
    """Return a PixelRNN on the CPU with the weights that a model of the same parts has now.

    Raises
    ------
    ValueError
        If a part is missing, or is another than the browser runs; the sentence names which.
    """
    if not isinstance(model, nn.Module):
        raise ValueError(f"model is a {type(model).__name__}; it must be a PixelRNN.")
    for name in ATTRIBUTES:
        if not hasattr(model, name):
            raise ValueError(f"model has no {name}; it must have {', '.join(ATTRIBUTES)}, as a PixelRNN has.")
    lstm, output = model.lstm, model.output
    side = as_whole("model.side", model.side, LEAST_SIDE, MOST_SIDE)
    rows = as_whole("model.rows", model.rows, 0, side)
    reach = as_whole("model.reach", model.reach, 0, side)
    if not isinstance(model.position, bool):
        raise ValueError(f"model.position is {shown(model.position)}; it must be True or False.")
    if not isinstance(lstm, nn.LSTM):
        raise ValueError(f"model.lstm is a {type(lstm).__name__}; it must be an nn.LSTM.")
    for setting, wanted in LSTM.items():
        if getattr(lstm, setting) != wanted:
            raise ValueError(f"model.lstm has {setting}={getattr(lstm, setting)}; it must have {setting}={wanted}.")
    with torch.random.fork_rng(devices=[]):
        copy = PixelRNN(side, rows, reach, model.position, lstm.hidden_size)
    if lstm.input_size != copy.lstm.input_size:
        raise ValueError(
            f"model.lstm gets {lstm.input_size} inputs; side, rows, reach and position make {copy.lstm.input_size}."
        )
    if not isinstance(output, nn.Linear) or output.weight.shape != (1, lstm.hidden_size) or output.bias is None:
        raise ValueError(f"model.output is {shown(output)}; it must be nn.Linear({lstm.hidden_size}, 1) with a bias.")
    for name, parameter in copy.named_parameters():
        part, own = name.split(".")
        values = as_numbers("model's weights", getattr(getattr(model, part), own), np.float32)
        if not np.isfinite(values).all():
            raise ValueError("model has weights that are not finite in float32; train it again.")
        parameter.data = torch.tensor(values)
    return copy.requires_grad_(False).eval()


def check_same(model: nn.Module, copy: PixelRNN, images: np.ndarray) -> None:
    """Raise ValueError if a model computes something else than a PixelRNN of its weights does."""
    some = torch.from_numpy(images[:8])
    own = model.output.weight
    try:
        with evaluating(model):
            theirs = model(some.to(own.device, own.dtype)).cpu().float()
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())
        raise ValueError(f"model can't be run on images of shape {tuple(some.shape)}: {reason[:150]}") from None
    ours = copy(some)
    if theirs.shape != ours.shape:
        raise ValueError(f"model returns values of shape {tuple(theirs.shape)}; it must return {tuple(ours.shape)}.")
    rounding = torch.finfo(own.dtype).eps
    if not (theirs - ours).abs().max() <= max(1e-3, 50 * rounding) * max(1, ours.abs().max()):
        raise ValueError("model returns something else than a PixelRNN of its weights; the browser would show that.")


def pack(network: PixelRNN) -> tuple[dict, bytes]:
    """Return a network's sizes and weights as pixel_network.js reads them."""
    lstm, output = network.lstm, network.output
    size = {name: getattr(network, name) for name in ("side", "rows", "reach", "position")}
    parts = (
        lstm.weight_ih_l0.T,  # what each input adds to the gates
        lstm.weight_hh_l0,
        lstm.bias_ih_l0 + lstm.bias_hh_l0,
        output.weight,
        output.bias,
    )
    return size | {"units": lstm.hidden_size}, b"".join(part.contiguous().numpy().tobytes() for part in parts)


def uniform_numbers(seed: int, endings: int, size: int) -> np.ndarray:
    """Return the numbers that a seed's endings are drawn with: from 0 to 1, shape (endings, size)."""
    return ((random_bits(seed, endings * size) + 0.5) / 2**32).reshape(endings, size)


def ink_probability(logits: torch.Tensor, temperature: float) -> np.ndarray:
    """Return P(ink) of logits at a temperature, float64; at 0 the likelier colour is certain."""
    logits = logits.double()
    return ((logits > 0).double() if temperature == 0 else torch.sigmoid(logits / temperature)).numpy()


def finish(network: PixelRNN, given: np.ndarray, start: int, uniform: np.ndarray, temperature: float) -> np.ndarray:
    """Return images, shape (n, size), whose pixels from number ``start`` on are drawn anew.

    Parameters
    ----------
    network : PixelRNN
    given : numpy.ndarray
        Shape (n, size).
    start : int
    uniform : numpy.ndarray
        Shape (n, size), from 0 to 1: a pixel becomes ink where its number is below P(ink).
    temperature : float
    """
    images = torch.tensor(given, dtype=torch.float32)
    state = None
    with torch.no_grad():
        if start:
            _, state = network.lstm(network.inputs(images)[:, :start])
        for pixel in range(start, images.shape[1]):
            hidden, state = network.lstm(network.inputs(images)[:, pixel : pixel + 1], state)
            ink = ink_probability(network.output(hidden)[:, 0, 0], temperature)
            images[:, pixel] = torch.from_numpy(uniform[:, pixel] < ink)
    return images.numpy()
