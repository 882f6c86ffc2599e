"""Packing a small network for the browser's forward pass (network.js)."""

import copy
import math

import numpy as np
import torch
from torch import nn

PRECISIONS = ("float32", "float16")


def flatten_layers(module: nn.Module) -> list[nn.Module]:
    """Return the layers of nested nn.Sequential modules in order of use."""
    if type(module) is nn.Sequential:  # a subclass may do something else in its forward
        return [layer for child in module for layer in flatten_layers(child)]
    return [module]


def _describe(layer: nn.Module) -> dict | None:
    """Return what network.js must know of a layer; None for one that leaves the values as they are."""
    kind = type(layer)  # exactly: a subclass, or a layer with weight normalisation, computes something else
    if kind is nn.Linear:
        return {"inputs": layer.in_features, "outputs": layer.out_features, "bias": layer.bias is not None}
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


def pack(decoder: nn.Module, precision: str = "float32") -> tuple[list[dict], bytes, nn.Module]:
    """Describe a decoder for the browser.

    Parameters
    ----------
    decoder : nn.Module
        An nn.Sequential (nested ones too) of the layers that :func:`_describe` knows.
    precision : {"float32", "float16"}
        In which the weights travel.

    Returns
    -------
    layers : list of dict
        Type and settings of each layer.
    weights : bytes
        Weight rows and bias of each Linear layer in turn.
    snapshot : nn.Module
        A copy on the CPU with the very weights that travel: what the browser must compute.

    Raises
    ------
    ValueError
        For an unsupported layer, an unknown precision, or weights that are not finite in it.
    """
    if precision not in PRECISIONS:
        raise ValueError(f"precision is {precision!r}; it must be one of {', '.join(PRECISIONS)}.")
    layers, chunks = [], []
    snapshot = on_cpu(decoder)
    flat = True
    for layer in flatten_layers(snapshot):
        settings = _describe(layer)
        if type(layer) is nn.Linear and not flat:
            raise ValueError("decoder has a Linear layer behind Unflatten; Unflatten must come last.")
        flat = flat and type(layer) is not nn.Unflatten
        if settings is None:
            continue
        layers.append({"type": type(layer).__name__} | settings)
        for parameter in layer.parameters():  # weight, then bias
            with np.errstate(over="ignore"):
                values = parameter.numpy().astype(precision)
            if not np.isfinite(values).all():
                raise ValueError(f"decoder has weights that are not finite in {precision}; train it again.")
            parameter.copy_(torch.from_numpy(values.astype(np.float32)))
            chunks.append(values.tobytes())
    if not chunks:
        raise ValueError("decoder has no Linear layer; there is nothing to run.")
    return layers, b"".join(chunks), snapshot


def on_cpu(decoder: nn.Module) -> nn.Module:
    """Return a frozen copy on the CPU, in float32 and evaluation mode."""
    return copy.deepcopy(decoder).cpu().float().eval().requires_grad_(False)


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
