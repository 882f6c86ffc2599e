"""What `fit` and `evaluate` ask of their arguments: one clear sentence for each thing that can't work."""

import contextlib
import dis
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator
from numbers import Integral
from pathlib import Path

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from lessons_lib.arrays import shown

Pieces = tuple[torch.Tensor, ...]

TORCH = Path(torch.__file__).parent
HINTS = {  # a word in PyTorch's message, and what helps
    "a second time": " Call .detach() on what was computed before this batch, or compute it under torch.no_grad().",
    "more than 1 value per channel": " A layer such as BatchNorm needs at least two examples in a batch.",
    "'indices'": " Call .long() on what an nn.Embedding looks up.",
    "dtype to be Long": " Call .long() on the labels.",
    "scalar type Long": " Call .long() on the labels.",
}


def seed_of(seed: int | None) -> int:
    """Return the seed, by default PyTorch's own."""
    if seed is None:
        return torch.initial_seed()
    if isinstance(seed, bool) or not isinstance(seed, Integral) or not -(2**63) <= seed < 2**64:
        raise ValueError(f"seed is {shown(seed)}; it must be a whole number from -2**63 to 2**64 - 1.")
    return int(seed)


def check_model(model: nn.Module) -> None:
    """Refuse what can't be evaluated."""
    if not isinstance(model, nn.Module):
        kind = f"the class {model.__name__}" if isinstance(model, type) else f"a {type(model).__name__}"
        raise ValueError(f"model is {kind}; it must be a torch.nn.Module that has been built.")
    if any(tensor.is_meta for tensor in _tensors(model)):
        raise ValueError("model is on the device 'meta', without numbers; build it on a real device.")


def check_trainable(model: nn.Module) -> None:
    """Refuse a model in which nothing can be trained, before anything changes."""
    check_model(model)
    if any(is_lazy(tensor) for tensor in _tensors(model)):
        raise ValueError("model has lazy layers whose sizes are not known yet; call it once on a few examples first.")
    parameters = dict(model.named_parameters())
    if not parameters:
        raise ValueError("model has no parameters: there is nothing to train.")
    trained = {name: parameter for name, parameter in parameters.items() if parameter.requires_grad}
    if not trained:
        raise ValueError("model has only frozen parameters (requires_grad is False): there is nothing to train.")
    for name, parameter in trained.items():
        if parameter.is_inference():
            raise ValueError(f"model was built under torch.inference_mode() ({name}); build it outside.")
        if parameter.is_complex():
            raise ValueError(f"model has complex weights ({name}); they must be real.")
        if not torch.isfinite(parameter).all():
            raise ValueError(f"model has weights that are infinite or not a number ({name}); build it anew.")
    if not torch.is_grad_enabled():
        raise ValueError("fit was called where gradients are switched off; call it outside torch.no_grad().")


def device_of(model: nn.Module) -> torch.device | None:
    """Return where the model is; None if it has neither parameters nor buffers."""
    tensor = next(_tensors(model), None)
    return None if tensor is None else tensor.device


def dtype_of(model: nn.Module) -> torch.dtype | None:
    """Return the type of the weights; None if there are none."""
    return next((parameter.dtype for parameter in model.parameters()), None)


def check_data(data: torch.Tensor | Pieces, name: str, device: torch.device | None) -> Pieces:
    """Return the pieces of data on the device, cut off from what computed them."""
    pieces = data if isinstance(data, tuple | list) else (data,)
    if not pieces:
        raise ValueError(f"{name} is an empty tuple; it must hold at least one torch.Tensor.")
    for piece in pieces:
        if not isinstance(piece, torch.Tensor) or piece.ndim == 0:
            kind = "single number" if isinstance(piece, torch.Tensor) else type(piece).__name__
            raise ValueError(f"{name} holds a {kind}; it must be a torch.Tensor of examples, or a tuple of them.")
        if piece.layout != torch.strided or piece.is_meta:
            kind = "on the device 'meta'" if piece.is_meta else str(piece.layout).removeprefix("torch.")
            raise ValueError(f"{name} holds a tensor that is {kind}; it must be an ordinary one.")
        if len(piece) == 0 or len(piece) != len(pieces[0]):
            lengths = ", ".join(str(len(piece)) for piece in pieces)
            raise ValueError(f"{name} has pieces of length {lengths}; they must be equal and not empty.")
        if not _finite(piece):
            raise ValueError(f"{name} holds values that are infinite or not a number; clean them first.")
        if device is not None and device.type == "mps" and piece.dtype == torch.float64:
            raise ValueError(f"{name} holds float64, which Apple's MPS does not have; call .float() on it.")
    return tuple(piece.detach().to(device) if device is not None else piece.detach() for piece in pieces)


def check_alike(test_pieces: Pieces, pieces: Pieces, batch: Pieces) -> None:
    """Refuse held-out data that are made neither like the data nor like a batch of them, augmented."""
    if len(test_pieces) != len(pieces):
        counts = f"{len(test_pieces)} to data's {len(pieces)}"
        raise ValueError(f"test_data has another number of pieces than data ({counts}); they must be made alike.")
    for test_piece, piece, changed in zip(test_pieces, pieces, batch, strict=True):
        kinds = [(tensor.dtype, tensor.shape[1:]) for tensor in (test_piece, piece, changed)]
        if kinds[0] not in kinds[1:]:
            kinds = f"{_described(test_piece)} to data's {_described(piece)}"
            raise ValueError(f"test_data has examples of another kind than data ({kinds}); they must be made alike.")


def check_loss(loss: Callable, pieces: Pieces, name: str) -> None:
    """Refuse a loss that can't be called with the model and every piece of the data."""
    wanted = _call(len(pieces))
    if (getattr(loss, "__module__", None) or "").startswith("torch.nn."):
        raise ValueError(f"loss is PyTorch's own {shown(loss)}; it must be a function to be called as {wanted}.")
    if misfit := _misfit(loss, len(pieces) + 1):
        raise ValueError(f"loss {misfit}; it must be a function to be called as {wanted}, with each piece of {name}.")


def augmented(augment: Callable, x: torch.Tensor, dtype: torch.dtype, first: bool) -> torch.Tensor:
    """Return ``augment(x)``, checked; whether it is finite only in the first batch, which is slow on a GPU."""
    kind, device, examples = x.dtype, x.device, len(x)
    with explaining("augment(x)", (x,), dtype):
        changed = augment(x)
    if not isinstance(changed, torch.Tensor):
        fault = f"a {type(changed).__name__}"
    elif changed.ndim == 0 or len(changed) != examples:
        fault = f"the shape {tuple(changed.shape)} for {examples} examples"
    elif changed.dtype not in (kind, dtype):
        fault = f"{_named(changed.dtype)} for {_named(kind)}"
    elif changed.device != device:
        fault = f"a tensor on {changed.device} for one on {device}"
    elif first and not _finite(changed):
        fault = "values that are infinite or not a number"
    else:
        return changed
    raise ValueError(f"augment returned {fault}; it must return a changed copy of its batch x.")


def check_augment(augment: Callable) -> None:
    """Refuse what can't be called with one batch."""
    if misfit := _misfit(augment, 1):
        raise ValueError(f"augment {misfit}; it must be a function to be called as augment(x).")


def loss_and_parts(returned: object, training: bool) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    """Return the mean loss and its named parts, checked without a look at the numbers (slow on a GPU)."""
    if isinstance(returned, tuple) and len(returned) != 2:
        raise ValueError(f"loss returned {len(returned)} things; it must return the mean, or the mean and its parts.")
    value, parts = returned if isinstance(returned, tuple) else (returned, {})
    if not isinstance(value, torch.Tensor) or value.ndim:
        shape = tuple(value.shape) if isinstance(value, torch.Tensor) else type(value).__name__
        raise ValueError(f"loss returned {shape}; it must return one number, the mean over the batch.")
    if value.is_complex() or (training and not value.is_floating_point()):
        raise ValueError(f"loss returned a number of type {_named(value.dtype)}; it must be a real one, float32 say.")
    if training and not value.requires_grad:
        raise ValueError("loss does not depend on any weight that is trained; was it detached, or are those frozen?")
    if not isinstance(parts, dict):
        raise ValueError(f"loss returned parts in a {type(parts).__name__}; they must be in a dict by name.")
    for name, part in parts.items():
        if not isinstance(name, str):
            raise ValueError(f"loss returned a part named {shown(name)}; its name must be a string.")
        if not isinstance(part, torch.Tensor) or part.ndim or part.is_complex():
            raise ValueError(f"loss returned a part {name!r} that is not a tensor of one number.")
    return value, parts


def check_gradients(parameters: list[nn.Parameter]) -> None:
    """Refuse, before the first step, gradients that AdamW can't use."""
    gradients = [parameter.grad for parameter in parameters if parameter.grad is not None]
    if not gradients:
        raise ValueError("loss does not depend on any weight that is trained; does it call this model?")
    if any(gradient.layout != torch.strided for gradient in gradients):
        raise ValueError("model has sparse gradients, which AdamW can't use; build nn.Embedding without sparse=True.")


@contextlib.contextmanager
def explaining(call: str, batch: Pieces, dtype: torch.dtype | None) -> Iterator[None]:
    """Turn what PyTorch says inside into one sentence with shapes and types; the student's own errors stay."""
    try:
        yield
    except Exception as error:
        if not _is_torchs(error):
            raise
        message = str(error).strip().split("\n")[0].rstrip(".")
        hint = next((hint for words, hint in HINTS.items() if words in message), "")
        if not hint and ("type" in message or "not implemented for" in message):
            numbers = [piece for i, piece in enumerate(batch) if i == 0 or piece.is_floating_point()]  # no labels
            others = [piece.dtype for piece in numbers if piece.dtype != dtype]
            if dtype is not None and others:
                hint = f" The weights are {_named(dtype)}: try .to({dtype}) on what is {_named(others[0])}."
        pieces = ", ".join(_described(piece) for piece in batch)
        raise ValueError(f"{call} failed on a batch of {pieces}: {textwrap.shorten(message, 250)}.{hint}") from error


def explaining_loss(batch: Pieces, dtype: torch.dtype | None, name: str) -> contextlib.AbstractContextManager:
    """Return :func:`explaining` for a call of the loss on a batch of the named data."""
    return explaining(f"{_call(len(batch))} on {name}", batch, dtype)


def _is_torchs(error: Exception) -> bool:
    if type(error) not in (RuntimeError, NotImplementedError, ValueError, IndexError):
        return False
    trace = error.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    code = trace.tb_frame.f_code
    if Path(code.co_filename).is_relative_to(TORCH):
        return True
    if dis.opname[code.co_code[trace.tb_lasti]] == "RAISE_VARARGS":  # raised by a line of the student's
        return False
    return isinstance(error, RuntimeError) or "dimension" in str(error).lower()  # raised by an operation on tensors


def _misfit(function: Callable, arguments: int) -> str:
    """Return what is wrong with a function that should take so many arguments; nothing is an empty string."""
    if not callable(function):
        return f"is {shown(function)}"
    try:
        signature = inspect.signature(function.forward if isinstance(function, nn.Module) else function)
    except (TypeError, ValueError):  # written in C: nobody knows
        return ""
    try:
        signature.bind(*range(arguments))
    except TypeError:
        return f"takes {signature}"
    return ""


def _tensors(model: nn.Module) -> Iterator[torch.Tensor]:
    return itertools.chain(model.parameters(), model.buffers())


def _finite(tensor: torch.Tensor) -> bool:
    return not (tensor.is_floating_point() or tensor.is_complex()) or bool(torch.isfinite(tensor).all())


def _call(pieces: int) -> str:
    return f"loss({', '.join(('model', 'x', 'y', 'z')[: pieces + 1])}{', …' if pieces > 3 else ''})"


def _described(piece: torch.Tensor) -> str:
    return f"{tuple(piece.shape)} {_named(piece.dtype)}"


def _named(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")
