"""Reading a small network's layers for the browser (network.js): what each is told, and its weights."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.nn.utils.prune import BasePruningMethod

from lessons_lib.arrays import as_numbers

ELEMENTWISE = (nn.ReLU, nn.LeakyReLU, nn.SiLU, nn.GELU, nn.Tanh, nn.Sigmoid, nn.Softplus, nn.Softsign)
BATCH_NORMS = {nn.BatchNorm1d: (1, 2), nn.BatchNorm2d: (3,)}  # with how many axes a sample may have
RESHAPING = (nn.Flatten, nn.Unflatten)
KNOWN = (nn.Linear, nn.ConvTranspose2d, *BATCH_NORMS, *ELEMENTWISE, nn.Identity, *RESHAPING)
OWN = {  # parameters and buffers
    nn.Linear: {"weight", "bias"},
    nn.ConvTranspose2d: {"weight", "bias"},
} | dict.fromkeys(BATCH_NORMS, {"weight", "bias", "running_mean", "running_var", "num_batches_tracked"})

Shape = tuple[int, ...]


@dataclass
class Layer:
    """A layer as the browser runs it."""

    settings: dict  # its type, and what network.js must know of it
    weight: np.ndarray | None = None  # float64, in PyTorch's order of axes; only of what has weights
    bias: np.ndarray | None = None


def flatten_layers(module: nn.Module) -> list[nn.Module]:
    """Return the layers of nested nn.Sequential modules in order of use."""
    if type(module) is nn.Sequential:  # a subclass may do something else in its forward
        return [layer for child in module for layer in flatten_layers(child)]
    return [module]


def read_layers(network: nn.Module, name: str) -> list[Layer]:
    """Return what the browser has to run.

    Layers that leave the values as they are in evaluation mode, or only give them another shape, are left out. Batch
    norm in evaluation mode multiplies each channel by a number and adds another one: both are folded into weight and
    bias of the Linear or ConvTranspose2d layer before it.

    Parameters
    ----------
    network : nn.Module
        An nn.Sequential (nested ones too) of the layers that are ``KNOWN``. Pruning is baked into the weights.
    name : str
        What a refusal calls the network.

    Raises
    ------
    ValueError
        For a layer that is not known, does more than its type says, does not fit the values that it would get, or
        can't be folded.
    """
    for container in network.modules():
        if type(container) is nn.Sequential:
            _check_plain(container, nn.Sequential, name)
    read: list[Layer] = []
    shape: Shape | None = None  # of a sample; None: a row of the inputs, as long as the first layer wants it
    for layer in flatten_layers(network):
        kind = type(layer)  # exactly: a subclass, or a layer with weight normalisation, computes something else
        if kind not in KNOWN:
            *most, last = (each.__name__ for each in KNOWN)
            raise ValueError(
                f"{name} holds a {kind.__name__} layer, which the browser can't run; "
                f"it must be an nn.Sequential of {', '.join(most)} and {last}."
            )
        _check_plain(layer, kind, name)
        for pruning in layer._forward_pre_hooks.values():
            pruning(layer, None)  # as a forward pass would: the weight from what it keeps
        if kind is nn.Linear:
            read.append(_read_linear(layer, shape, name))
            shape = (read[-1].settings["outputs"],)
        elif kind is nn.ConvTranspose2d:
            read.append(_read_convolution(layer, shape, name))
            shape = tuple(read[-1].settings["outputs"])
        elif kind in BATCH_NORMS:
            _fold(layer, read[-1] if read else None, shape, name)
        elif kind in ELEMENTWISE:
            read.append(Layer({"type": kind.__name__} | _settings(layer, kind)))
        elif kind in RESHAPING:
            shape = _reshaped(layer, shape, name)
    return read


def _settings(layer: nn.Module, kind: type) -> dict:
    """Return what network.js must know of an activation."""
    if kind is nn.LeakyReLU:
        return {"slope": layer.negative_slope}
    if kind is nn.GELU:
        return {"tanh": layer.approximate == "tanh"}
    if kind is nn.Softplus:
        return {"beta": layer.beta, "threshold": layer.threshold}
    return {}


def _read_linear(layer: nn.Linear, shape: Shape | None, name: str) -> Layer:
    weight, bias = _weights(layer, name)
    outputs, inputs = weight.shape
    if shape not in (None, (inputs,)):
        remedy = "; put a Flatten before it" if len(shape) > 1 else ""
        raise _misfit(f"a Linear({inputs}, {outputs}) layer", shape, name, remedy)
    return Layer({"type": "Linear", "inputs": inputs, "outputs": outputs}, weight, bias)


def _read_convolution(layer: nn.ConvTranspose2d, shape: Shape | None, name: str) -> Layer:
    weight, bias = _weights(layer, name)
    inputs, outputs, *kernel = weight.shape  # outputs: of each group
    called = f"a ConvTranspose2d({inputs}, {outputs * layer.groups}) layer"
    if shape is None or len(shape) != 3:
        remedy = "put an Unflatten(1, (channels, height, width)) before it"
        if shape is None:
            raise ValueError(f"{name} begins with {called}; {remedy}.")
        raise _misfit(called, shape, name, f"; {remedy}")
    if layer.groups != 1 or set(layer.dilation) != {1}:
        raise ValueError(
            f"{name} holds {called} of groups={layer.groups} and dilation={layer.dilation}; "
            "the browser can run it only with both at 1."
        )
    if shape[0] != inputs:
        raise _misfit(called, shape, name)
    each = {
        "kernel": kernel,
        "stride": [int(step) for step in layer.stride],
        "padding": [int(rows) for rows in layer.padding],
        "output_padding": [int(rows) for rows in layer.output_padding],
    }
    sides = []
    for side, size, stride, padding, extra in zip(shape[1:], *each.values(), strict=True):
        sides.append((side - 1) * stride - 2 * padding + size + extra)
        if padding < 0 or not 0 <= extra < stride:
            raise ValueError(
                f"{name} holds {called} of stride={stride}, padding={padding} and output_padding={extra}; "
                "none may be negative, and output_padding must be below the stride."
            )
    if min(sides) < 1:
        raise ValueError(f"{name} holds {called} whose padding leaves nothing of images of shape {shape}.")
    return Layer({"type": "ConvTranspose2d", "inputs": list(shape), "outputs": [outputs, *sides]} | each, weight, bias)


def _weights(layer: nn.Module, name: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Return weight and bias by name: pruning registers the bias first."""
    weight = as_numbers(f"{name}'s weights", layer.weight)
    return weight, None if layer.bias is None else as_numbers(f"{name}'s weights", layer.bias)


def _reshaped(layer: nn.Flatten | nn.Unflatten, shape: Shape | None, name: str) -> Shape | None:
    """Return the shape that a sample gets."""
    if shape is None and type(layer) is nn.Flatten:
        return None  # the inputs are rows
    try:
        before = (math.prod(layer.unflattened_size),) if shape is None else shape
        after = layer(torch.empty(2, *before, device="meta")).shape  # without values
    except (RuntimeError, IndexError, TypeError, ValueError):
        after = ()
    if after[:1] != (2,):  # of two samples
        raise _misfit(f"{layer}", shape, name)
    return tuple(after[1:])


def _fold(layer: nn.BatchNorm1d | nn.BatchNorm2d, into: Layer | None, shape: Shape | None, name: str) -> None:
    """Change a layer's weight and bias so that its outputs are what batch norm makes of them in evaluation mode.

    Batch norm computes γ (x − μ) / √(σ² + ε) + β with the running mean μ and variance σ² of each channel.
    """
    kind = type(layer).__name__
    if layer.running_mean is None or layer.running_var is None:
        raise ValueError(
            f"{name} holds a {kind} layer without running statistics, which the browser can't run; "
            "make it with track_running_stats=True, and train it again."
        )
    mean, variance = (as_numbers(f"{name}'s statistics", each) for each in (layer.running_mean, layer.running_var))
    convolved = into is not None and into.settings["type"] == "ConvTranspose2d"
    if into is None or into.weight is None or (convolved and shape != tuple(into.settings["outputs"])):
        raise ValueError(
            f"{name} holds a {kind} layer that does not stand directly behind a Linear or ConvTranspose2d layer; "
            "the browser can run it only there."
        )
    if len(shape) not in BATCH_NORMS[type(layer)] or shape[0] != len(mean):
        raise _misfit(f"a {kind}({len(mean)}) layer", shape, name)
    scale, shift = np.ones(len(mean)), np.zeros(len(mean))
    if layer.weight is not None:
        scale = as_numbers(f"{name}'s weights", layer.weight)
    if layer.bias is not None:
        shift = as_numbers(f"{name}'s weights", layer.bias)
    with np.errstate(divide="ignore", invalid="ignore"):  # what is not finite is refused when it is to travel
        scale = scale / np.sqrt(variance + layer.eps)
        shift = shift - scale * mean
        if convolved:  # weight: (inputs, outputs, rows, columns)
            into.weight = into.weight * scale[:, None, None]
        else:  # a row for each value of each channel
            scale, shift = (each.repeat(math.prod(shape[1:])) for each in (scale, shift))
            into.weight = into.weight * scale[:, None]
        into.bias = shift if into.bias is None else scale * into.bias + shift


def _misfit(called: str, shape: Shape | None, name: str, remedy: str = "") -> ValueError:
    values = "the inputs" if shape is None else f"values of shape {shape}"
    return ValueError(f"{name} holds {called}, which does not fit {values}{remedy}.")


def _check_plain(module: nn.Module, kind: type, called: str) -> None:
    """Raise ValueError if a layer, or a container of layers, does something besides what its type says."""
    name = f"{kind.__name__} layer" if kind is not nn.Sequential else "Sequential"
    hooks = [*module._forward_pre_hooks.values(), *module._forward_hooks.values()]
    foreign = [hook for hook in hooks if not isinstance(hook, BasePruningMethod)]
    if foreign:
        hook = getattr(foreign[0], "__name__", type(foreign[0]).__name__)
        raise ValueError(
            f"{called} holds a {name} with a forward hook ({hook}), which the browser can't run; remove it."
        )
    if "forward" in vars(module):
        raise ValueError(f"{called} holds a {name} whose forward was replaced; the browser would run the original.")
    if kind is nn.Sequential or hooks:
        return  # what else it holds makes its weight
    own = OWN.get(kind, set())
    for key, _ in (*module.named_parameters(), *module.named_buffers()):
        if key not in own:
            raise ValueError(
                f"{called} holds a {name} with {key!r}, which is not its own and would not reach the browser."
            )
