"""Packing a small network for the browser's forward pass (network.js)."""

import contextlib
import math
import textwrap
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn
from torch.nn.utils.prune import BasePruningMethod

from lessons_lib.arrays import as_numbers, shown
from lessons_lib.training_state import modes_of, set_modes

PRECISIONS = ("float32", "float16")


def flatten_layers(module: nn.Module) -> list[nn.Module]:
    """Return the layers of nested nn.Sequential modules in order of use."""
    if type(module) is nn.Sequential:  # a subclass may do something else in its forward
        return [layer for child in module for layer in flatten_layers(child)]
    return [module]


def _describe(layer: nn.Module, kind: type) -> dict | None:
    """Return what network.js must know of a layer; None for one that leaves the values as they are."""
    if kind is nn.Linear:
        return {"inputs": layer.weight.shape[1], "outputs": layer.weight.shape[0], "bias": layer.bias is not None}
    if kind is nn.LeakyReLU:
        return {"slope": layer.negative_slope}
    if kind is nn.GELU:
        return {"tanh": layer.approximate == "tanh"}
    if kind is nn.Softplus:
        return {"beta": layer.beta, "threshold": layer.threshold}
    if kind in (nn.ReLU, nn.SiLU, nn.Tanh, nn.Sigmoid):
        return {}
    if kind in (nn.Identity, nn.Unflatten):
        return None
    raise ValueError(
        f"decoder holds a {kind.__name__} layer, which the browser can't run; it must be an nn.Sequential of "
        "Linear, ReLU, LeakyReLU, SiLU, GELU, Tanh, Sigmoid, Softplus, Identity and Unflatten."
    )


def pack(decoder: nn.Module, precision: str = "float32") -> tuple[list[dict], bytes, nn.Sequential]:
    """Describe a decoder for the browser.

    Parameters
    ----------
    decoder : nn.Module
        An nn.Sequential (nested ones too) of the layers that :func:`_describe` knows. Pruning is
        baked into the weights that travel.
    precision : {"float32", "float16"}
        In which the weights travel.

    Returns
    -------
    layers : list of dict
        Type and settings of each layer.
    weights : bytes
        Weight rows and bias of each Linear layer in turn.
    snapshot : nn.Sequential
        The same network on the CPU, its weights read back from these bytes: what the browser must compute.

    Raises
    ------
    ValueError
        For an unsupported layer, a layer that does more than its type says, an unknown precision, or weights
        that are not finite in it.
    """
    if not isinstance(precision, str) or precision not in PRECISIONS:
        raise ValueError(f"precision is {shown(precision)}; it must be one of {', '.join(PRECISIONS)}.")
    if not isinstance(decoder, nn.Module):
        raise ValueError(f"decoder is a {type(decoder).__name__}; it must be an nn.Sequential of layers.")
    layers, chunks = [], []
    flat = True
    with evaluating(decoder):
        for container in decoder.modules():
            if type(container) is nn.Sequential:
                _check_plain(container, nn.Sequential)
        for layer in flatten_layers(decoder):
            kind = type(layer)  # exactly: a subclass, or a layer with weight normalisation, computes something else
            settings = _describe(layer, kind)
            _check_plain(layer, kind)
            if kind is nn.Linear and not flat:
                raise ValueError("decoder has a Linear layer behind Unflatten; Unflatten must come last.")
            flat = flat and kind is not nn.Unflatten
            if settings is None:
                continue
            layers.append({"type": kind.__name__} | settings)
            if kind is nn.Linear:  # by name: pruning registers the bias first
                chunks += [_bytes(tensor, precision) for tensor in (_weight(layer), layer.bias)]
        if not any(chunks):
            raise ValueError("decoder has no Linear layer; there is nothing to run.")
        weights = b"".join(chunks)
        return layers, weights, unpack(layers, weights, precision)


def unpack(layers: list[dict], weights: bytes, precision: str) -> nn.Sequential:
    """Return the network that :func:`pack` described, on the CPU, read back from what travels."""
    values = torch.from_numpy(np.frombuffer(weights, precision).astype(np.float32))
    network, position = [], 0
    for layer in layers:
        settings = [value for name, value in layer.items() if name != "type"]
        if layer["type"] == "Linear":
            network.append(_linear(*settings, values[position:]))
            position += sum(parameter.numel() for parameter in network[-1].parameters())
        elif layer["type"] == "GELU":
            network.append(nn.GELU("tanh" if layer["tanh"] else "none"))
        else:
            network.append(getattr(nn, layer["type"])(*settings))
    return nn.Sequential(*network).eval()


def _check_plain(module: nn.Module, kind: type) -> None:
    """Raise ValueError if a layer, or a container of layers, does something besides what its type says."""
    name = f"{kind.__name__} layer" if kind is not nn.Sequential else "Sequential"
    hooks = [*module._forward_pre_hooks.values(), *module._forward_hooks.values()]
    foreign = [hook for hook in hooks if not isinstance(hook, BasePruningMethod)]
    if foreign:
        called = getattr(foreign[0], "__name__", type(foreign[0]).__name__)
        raise ValueError(
            f"decoder holds a {name} with a forward hook ({called}), which the browser can't run; remove it."
        )
    if "forward" in vars(module):
        raise ValueError(f"decoder holds a {name} whose forward was replaced; the browser would run the original.")
    if kind is nn.Sequential or hooks:
        return  # what else it holds makes its weight
    own = {"weight", "bias"} if kind is nn.Linear else set()
    for key, _ in (*module.named_parameters(), *module.named_buffers()):
        if key not in own:
            raise ValueError(
                f"decoder holds a {name} with {key!r}, which is not its own and would not reach the browser."
            )


def _weight(layer: nn.Linear) -> torch.Tensor:
    """Return the weight that a Linear layer would use now."""
    for pruning in layer._forward_pre_hooks.values():
        pruning(layer, None)  # as a forward pass would: the weight from what it keeps
    return layer.weight


def _bytes(tensor: torch.Tensor | None, precision: str) -> bytes:
    if tensor is None:
        return b""
    with np.errstate(over="ignore"):
        values = as_numbers("decoder's weights", tensor).astype(precision)
    if not np.isfinite(values).all():
        raise ValueError(f"decoder has weights that are not finite in {precision}; train it again.")
    return values.tobytes()


def _linear(inputs: int, outputs: int, bias: bool, values: torch.Tensor) -> nn.Linear:
    """Return the Linear layer whose weight rows and bias stand first among the values."""
    layer = nn.Linear(inputs, outputs, bias=bias, dtype=torch.float32, device="cpu").requires_grad_(False)
    layer.weight.copy_(values[: inputs * outputs].view(outputs, inputs))
    if bias:
        layer.bias.copy_(values[inputs * outputs :][:outputs])
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


def largest_difference(decoder: nn.Module, snapshot: nn.Module, codes: np.ndarray, pixels: bool = False) -> float:
    """Return how far the snapshot's values, as they are or as pixels of 0 to 1, are from the decoder's, at most."""
    with torch.no_grad():
        theirs, ours = _run(decoder, codes).flatten(1), snapshot(torch.from_numpy(codes))
    if pixels:
        theirs, ours = theirs.clamp(0, 1), ours.clamp(0, 1)
    return (theirs - ours).abs().max().item()


def _run(decoder: nn.Module, codes: np.ndarray) -> torch.Tensor:
    """Return what the decoder makes of codes of shape (n, k), float32 on the CPU."""
    own = next(decoder.parameters())
    try:
        with evaluating(decoder):
            return decoder(torch.from_numpy(codes).to(own.device, own.dtype)).cpu().float()
    except RuntimeError as error:
        reason = textwrap.shorten(str(error), 150, placeholder=" …")
        raise ValueError(f"decoder can't be run on codes of shape {codes.shape}: {reason}") from None


def check_same(decoder: nn.Module, snapshot: nn.Module, codes: np.ndarray) -> None:
    """Raise ValueError if the decoder computes something else than what its layers, read one by one, do."""
    some = codes[:8]
    rounding = torch.finfo(next(decoder.parameters()).dtype).eps
    with torch.no_grad():
        size = max(1.0, snapshot(torch.from_numpy(some)).abs().max().item())
    if not largest_difference(decoder, snapshot, some) <= max(1e-3, 50 * rounding) * size:
        raise ValueError("decoder returns something else than its layers, run one by one; the browser would show that.")


def check_shape(decoder: nn.Module, codes: np.ndarray, image_size: tuple[int, int, int]) -> None:
    """Raise ValueError if the decoder returns images of another shape than they are shown in (axes of one aside)."""
    height, width, channels = image_size
    shape = tuple(_run(decoder, codes[:1]).shape[1:])
    if len(shape) > 1 and [side for side in shape if side > 1] != [s for s in (channels, height, width) if s > 1]:
        wanted = (height, width) if channels == 1 else (channels, height, width)
        raise ValueError(f"decoder returns images of shape {shape}; image_shape is {wanted}.")


def check_sizes(layers: list[dict], dimensions: int, image_size: tuple[int, int, int]) -> None:
    """Raise ValueError if the network does not lead from the codes to the image."""
    linear = [layer for layer in layers if layer["type"] == "Linear"]
    for layer, following in zip(linear, linear[1:], strict=False):
        if layer["outputs"] != following["inputs"]:
            raise ValueError(
                f"decoder has a Linear layer of {layer['outputs']} outputs before one of {following['inputs']} inputs."
            )
    if linear[0]["inputs"] != dimensions:
        raise ValueError(f"codes have {dimensions} columns; decoder wants {linear[0]['inputs']}.")
    if linear[-1]["outputs"] != math.prod(image_size):
        height, width, channels = image_size
        raise ValueError(
            f"decoder returns {linear[-1]['outputs']} values; image_shape {height}×{width} with "
            f"{channels} channel{'s' * (channels > 1)} wants {math.prod(image_size)}."
        )
