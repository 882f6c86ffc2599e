"""Packing a small network for the browser's forward pass (network.js)."""

import contextlib
import math
import operator
import textwrap
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn

from lessons_lib.arrays import shown
from lessons_lib.training_state import modes_of, set_modes
from lessons_lib.widgets.network_layers import read_layers

PRECISIONS = ("float32", "float16")
MAX_SIDE = 64  # pixels of an image
ALWAYS = {"dtype": torch.float32, "device": "cpu"}  # whatever the defaults are


def pack(
    decoder: nn.Module, precision: str = "float32", name: str = "decoder"
) -> tuple[list[dict], bytes, nn.Sequential]:
    """Describe a decoder, or another network, for the browser.

    Parameters
    ----------
    decoder : nn.Module
        An nn.Sequential (nested ones too) of the layers that :mod:`lessons_lib.widgets.network_layers` knows. Pruning
        and batch norm are baked into the weights that travel.
    precision : {"float32", "float16"}
        In which the weights travel.
    name : str
        What a refusal calls the network.

    Returns
    -------
    layers : list of dict
        Type and settings of each layer that changes values. A Linear layer whose weight is exactly the transpose of
        an earlier one's has that layer's position as ``transposed``.
    weights : bytes
        Weight, in PyTorch's order of axes, and bias of each Linear and ConvTranspose2d layer in turn; of a transposed
        one only the bias.
    snapshot : nn.Sequential
        The same network on the CPU, its weights read back from these bytes: what the browser must compute. It returns
        a row of values for each sample, whatever shape the network gives them.

    Raises
    ------
    ValueError
        For an unsupported layer, a layer that does more than its type says or does not fit the one before, an unknown
        precision, or weights that are not finite in it.
    """
    if not isinstance(precision, str) or precision not in PRECISIONS:
        raise ValueError(f"precision is {shown(precision)}; it must be one of {', '.join(PRECISIONS)}.")
    if not isinstance(decoder, nn.Module):
        raise ValueError(f"{name} is a {type(decoder).__name__}; it must be an nn.Sequential of layers.")
    layers, chunks = [], []
    sent: dict[int, np.ndarray] = {}  # the Linear layers' weights among the chunks, by their positions
    with evaluating(decoder):
        for number, layer in enumerate(read_layers(decoder, name)):
            layers.append(layer.settings)
            if layer.weight is None:
                continue
            weight = _travelling(layer.weight, precision, name)
            twin = next((place for place, other in sent.items() if np.array_equal(weight, other.T)), None)
            if twin is not None:
                layers[-1]["transposed"] = twin
            else:
                chunks.append(weight.tobytes())
                if layer.settings["type"] == "Linear":
                    sent[number] = weight
            layers[-1]["bias"] = layer.bias is not None
            if layer.bias is not None:
                chunks.append(_travelling(layer.bias, precision, name).tobytes())
        if not any(chunks):
            raise ValueError(f"{name} has no Linear layer and no ConvTranspose2d layer; there is nothing to run.")
        weights = b"".join(chunks)
        return layers, weights, unpack(layers, weights, precision)


def unpack(layers: list[dict], weights: bytes, precision: str) -> nn.Sequential:
    """Return the network that :func:`pack` described, on the CPU, read back from what travels."""
    values = torch.from_numpy(np.frombuffer(weights, precision).astype(np.float32))
    network, position = [], 0

    def take(*shape: int) -> torch.Tensor:
        nonlocal position
        position += math.prod(shape)
        return values[position - math.prod(shape) : position].view(shape)

    for layer in layers:
        settings = [value for key, value in layer.items() if key != "type"]
        if layer["type"] == "Linear":
            inputs, outputs, twin = layer["inputs"], layer["outputs"], layer.get("transposed")
            weight = take(outputs, inputs) if twin is None else network[twin].weight.T
            linear = nn.Linear(inputs, outputs, bias=layer["bias"], **ALWAYS)
            network.append(_with_weights(linear, weight, take(outputs) if layer["bias"] else None))
        elif layer["type"] == "ConvTranspose2d":
            inputs, outputs, kernel = layer["inputs"][0], layer["outputs"][0], layer["kernel"]
            options = {key: layer[key] for key in ("stride", "padding", "output_padding", "bias")}
            convolution = nn.ConvTranspose2d(inputs, outputs, kernel, **options, **ALWAYS)
            weight = take(inputs, outputs, *kernel)
            _with_weights(convolution, weight, take(outputs) if layer["bias"] else None)
            network.append(nn.Sequential(nn.Unflatten(1, layer["inputs"]), convolution, nn.Flatten()))
        elif layer["type"] == "GELU":
            network.append(nn.GELU("tanh" if layer["tanh"] else "none"))
        else:
            network.append(getattr(nn, layer["type"])(*settings))
    return nn.Sequential(*network).eval()


def _travelling(numbers: np.ndarray, precision: str, name: str) -> np.ndarray:
    """Return weights or a bias as they travel."""
    with np.errstate(over="ignore"):
        values = numbers.astype(precision)
    if not np.isfinite(values).all():
        raise ValueError(f"{name} has weights that are not finite in {precision}; train it again.")
    return values


def _with_weights(layer: nn.Module, weight: torch.Tensor, bias: torch.Tensor | None) -> nn.Module:
    """Return a layer with this weight and bias, which want no gradient."""
    layer.requires_grad_(False).weight.copy_(weight)
    if bias is not None:
        layer.bias.copy_(bias)
    return layer


@contextlib.contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Put a module into evaluation mode, without gradients; leave its parts' modes and the generator as they were."""
    modes = modes_of(module)
    try:
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            module.eval()
            yield
    finally:
        set_modes(modes)


def rounding_note(pairs: list[tuple[nn.Module, nn.Module]], inputs: np.ndarray, pictures: str) -> str:
    """Return a sentence with the largest error over the data that rounded weights cost.

    Parameters
    ----------
    pairs : list of (nn.Module, nn.Module)
        Each network with its snapshot.
    inputs : numpy.ndarray
        Shape (n, k), float32: what the networks are given.
    pictures : str
        What the sentence calls the pictures that they make of it.
    """
    error = 255 * max(_largest_difference(*pair, inputs, pixels=True) for pair in pairs)
    error = math.ceil(1000 * error) / 1000  # rounded up: "no more than" must be true
    return f"Weights rounded to float16: no pixel of {pictures} is off by more than {error:.3f} of 255."


def _largest_difference(network: nn.Module, snapshot: nn.Module, inputs: np.ndarray, pixels: bool = False) -> float:
    """Return how far the snapshot's values, as they are or as pixels of 0 to 1, are from the network's, at most."""
    with torch.no_grad():
        theirs, ours = _run(network, inputs).flatten(1), snapshot(torch.from_numpy(inputs))
    if pixels:
        theirs, ours = theirs.clamp(0, 1), ours.clamp(0, 1)
    return (theirs - ours).abs().max().item()


def _run(network: nn.Module, inputs: np.ndarray, name: str = "decoder", given: str = "codes") -> torch.Tensor:
    """Return what the network makes of inputs of shape (n, k), float32 on the CPU."""
    own = next(network.parameters())
    try:
        with evaluating(network):
            return network(torch.from_numpy(inputs).to(own.device, own.dtype)).cpu().float()
    except (RuntimeError, IndexError) as error:
        reason = textwrap.shorten(str(error), 150, placeholder=" …")
        raise ValueError(f"{name} can't be run on {given} of shape {inputs.shape}: {reason}") from None


def widths(layers: list[dict]) -> tuple[int, int]:
    """Return how many values a network takes and returns."""
    weighted = [layer for layer in layers if "inputs" in layer]
    return tuple(int(np.prod(size)) for size in (weighted[0]["inputs"], weighted[-1]["outputs"]))


def check_fits(
    network: nn.Module,
    layers: list[dict],
    inputs: np.ndarray,
    image_size: tuple[int, int, int],
    name: str = "decoder",
    given: str = "codes",
) -> None:
    """Raise ValueError if the network does not lead from its inputs to an image, in its layers or when it is run.

    Parameters
    ----------
    network : nn.Module
    layers : list of dict
        As :func:`pack` describes it.
    inputs : numpy.ndarray
        Shape (n, k), float32.
    image_size : tuple of int
        Height, width and channels.
    name, given : str
        What a refusal calls the network and its inputs.
    """
    columns, values = widths(layers)
    if columns != inputs.shape[1]:
        raise ValueError(f"{given} have {inputs.shape[1]} columns; {name} wants {columns}.")
    height, width, channels = image_size
    if values != math.prod(image_size):
        raise ValueError(
            f"{name} returns {values} values; image_shape {height}×{width} with "
            f"{channels} channel{'s' * (channels > 1)} wants {math.prod(image_size)}."
        )
    shape = tuple(_run(network, inputs[:1], name, given).shape[1:])
    if len(shape) > 1 and [side for side in shape if side > 1] != [s for s in (channels, height, width) if s > 1]:
        wanted = (height, width) if channels == 1 else (channels, height, width)
        raise ValueError(f"{name} returns images of shape {shape}; image_shape is {wanted}.")  # axes of one aside


def check_same(network: nn.Module, snapshot: nn.Module, inputs: np.ndarray, name: str = "decoder") -> None:
    """Raise ValueError if the network computes something else than what its layers, read one by one, do."""
    some = inputs[:8]
    rounding = torch.finfo(next(network.parameters()).dtype).eps
    with torch.no_grad():
        size = max(1.0, snapshot(torch.from_numpy(some)).abs().max().item())
    if not _largest_difference(network, snapshot, some) <= max(1e-3, 50 * rounding) * size:
        raise ValueError(f"{name} returns something else than its layers, run one by one; the browser would show that.")


def check_image_shape(image_shape: tuple[int, ...], colour: bool = True) -> tuple[int, int, int]:
    """Return height, width and channels, one or, for (3, height, width), three; ValueError for another shape."""
    try:
        shape = tuple(operator.index(side) for side in image_shape)
    except TypeError:
        shape = image_shape
    else:
        channels = 3 if colour and len(shape) == 3 and shape[0] == 3 else 1
        if len(shape) == (3 if channels == 3 else 2) and all(1 <= side <= MAX_SIDE for side in shape[-2:]):
            return shape[-2], shape[-1], channels
    wanted = "(height, width) or (3, height, width)" if colour else "(height, width)"
    raise ValueError(f"image_shape is {shown(shape)}; it must be {wanted}, up to {MAX_SIDE} pixels a side.")
