"""What training changes in model and generators, kept so that it can be put back."""

import contextlib
import copy
import math
import random
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn


class Best:
    """The weights of the best epoch so far, at first those that the model came with."""

    def __init__(self, model: nn.Module) -> None:
        self.value = math.inf
        self.weights = copy.deepcopy(model.state_dict())
        self.finite = [name for name, tensor in self.weights.items() if _is_finite(tensor)]

    def offer(self, model: nn.Module, value: float) -> None:
        """Take the model's weights if the value is the smallest so far."""
        if value < self.value:
            weights = copy.deepcopy(model.state_dict())  # an interrupt here changes nothing
            self.value, self.weights = value, weights

    def restore(self, model: nn.Module) -> None:
        """Give the model the best weights so far."""
        while True:
            try:
                model.load_state_dict(self.weights)
                return
            except KeyboardInterrupt:  # a second one must not leave half of the weights
                continue

    def sound(self, model: nn.Module) -> bool:
        """Say whether all that was finite still is (a mask with infinities may stay as it is)."""
        weights = model.state_dict()
        return all(_is_finite(weights[name]) for name in self.finite if name in weights)


def _is_finite(tensor: object) -> bool:
    return isinstance(tensor, torch.Tensor) and bool(torch.isfinite(tensor).all())


def modes_of(model: nn.Module) -> dict[nn.Module, bool]:
    """Return of each module whether it is in training mode."""
    return {module: module.training for module in model.modules()}


def set_modes(modes: dict[nn.Module, bool]) -> None:
    """Put each module back into its mode."""
    for module, training in modes.items():
        module.training = training


def resting_parts(model: nn.Module) -> dict[nn.Module, bool]:
    """Return the modes of the parts that stay in evaluation mode: those in it that are, or are in, a frozen part."""
    frozen = [
        module
        for module in model.modules()
        if any(True for _ in module.parameters())
        and not any(parameter.requires_grad for parameter in module.parameters())
    ]
    return {part: False for module in frozen for part in module.modules() if not part.training}


def train_mode(model: nn.Module, resting: dict[nn.Module, bool]) -> None:
    """Put the model into training mode, apart from the parts that rest."""
    model.train()
    set_modes(resting)


@contextlib.contextmanager
def seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Seed PyTorch, NumPy and Python inside, and leave their generators outside as they were."""
    numpy, python = np.random.get_state(), random.getstate()  # noqa: NPY002
    apple = torch.mps.get_rng_state() if device.type == "mps" else None
    try:
        # Seeding PyTorch seeds every GPU; where the model is on none, none is touched.
        with torch.random.fork_rng(devices=range(torch.cuda.device_count()) if device.type == "cuda" else []):
            (torch.default_generator if device.type == "cpu" else torch).manual_seed(seed)
            np.random.seed(seed % 2**32)  # noqa: NPY002
            random.seed(seed)
            yield
    finally:
        if apple is not None:
            torch.mps.set_rng_state(apple)
        np.random.set_state(numpy)  # noqa: NPY002
        random.setstate(python)
