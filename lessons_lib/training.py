"""One training loop for all lessons, once lesson 01a has written it out in a cell."""

import contextlib
import copy
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from numbers import Integral, Real

import torch
from torch import nn
from tqdm.auto import tqdm

Loss = Callable[..., torch.Tensor | tuple[torch.Tensor, dict[str, torch.Tensor]]]


STEPS_A_REPORT = 50  # reading the loss more often would slow a GPU down


class TrainingDiverged(RuntimeError):
    """The loss became infinite or not a number; the message says at which step and what to try."""


@dataclass
class History:
    """What happened in training: one entry an epoch.

    Attributes
    ----------
    train : list of float
        Mean training loss over the epoch, in the loss's own unit.
    test : list of float
        Held-out loss after the epoch; empty without held-out data.
    parts : dict of str to list of float
        Mean of each named part of the training loss.
    seconds : float
        Wall-clock time of the training.
    interrupted : bool
        True if the student stopped it (the best weights so far are kept).
    """

    train: list[float] = field(default_factory=list)
    test: list[float] = field(default_factory=list)
    parts: dict[str, list[float]] = field(default_factory=dict)
    seconds: float = 0.0
    interrupted: bool = False

    def __repr__(self) -> str:
        """Return one line for the end of a cell."""
        if not self.train:
            return "History: stopped before the first epoch was over"
        held_out = f" · held-out {self.test[-1]:.4g}" if self.test else ""
        return f"{len(self.train)} epochs · training loss {self.train[-1]:.4g}{held_out}"


def fit(
    model: nn.Module,
    data: torch.Tensor | tuple[torch.Tensor, ...],
    loss: Loss,
    *,
    epochs: int,
    batch_size: int = 128,
    learning_rate: float = 1e-3,
    schedule: str = "one-cycle",
    weight_decay: float = 0.0,
    test_data: torch.Tensor | tuple[torch.Tensor, ...] | None = None,
    augment: Callable[[torch.Tensor], torch.Tensor] | None = None,
    seed: int | None = None,
    label: str = "training",
) -> History:
    """Train a model with AdamW on data that stays on the model's device.

    Parameters
    ----------
    model : nn.Module
        Trained in place, on the device that its parameters are on, and left in evaluation mode.
    data : torch.Tensor or tuple of torch.Tensor
        Each of shape (n, ...). A tuple is handed to the loss piece by piece: ``(x, y)``.
    loss : callable
        ``loss(model, x)`` or ``loss(model, x, y)``: the batch's mean, or the mean and a dict of
        named parts (``{"reconstruction": ..., "KL": ...}``) to record.
    epochs, batch_size : int
        Passes through the data, and examples a step.
    learning_rate : float
        Size of a step; with the one-cycle schedule, its peak.
    schedule : {"one-cycle", "constant"}
        "one-cycle" warms up and then anneals to almost zero (Smith and Topin 2017, arXiv:1708.07120).
    weight_decay : float
        Pull of the weights towards zero, apart from the loss (Loshchilov and Hutter 2019,
        arXiv:1711.05101). Without it AdamW is Adam.
    test_data : torch.Tensor or tuple of torch.Tensor, optional
        Held-out data, evaluated after every epoch.
    augment : callable, optional
        ``augment(x)`` changes the first piece of each training batch.
    seed : int, optional
        Of the order of batches and of any noise in model, loss and augmentation; by default the
        seed that the lesson started with. The global generator is left as it was.
    label : str
        Stands before the progress bar.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument can't be trained with; the sentence names it.
    TrainingDiverged
        If the loss becomes infinite or not a number. The model keeps the best weights so far.

    Notes
    -----
    Stopping the cell (KeyboardInterrupt) ends the training, not the notebook: the weights of the
    best epoch so far stay in the model, and the history says ``interrupted``.
    """
    device = _device_of(model)
    pieces = _check_data(data, "data", device)
    test_pieces = None if test_data is None else _check_data(test_data, "test_data", device)
    _check_whole(epochs=epochs, batch_size=batch_size)
    _check_real("learning_rate", learning_rate, above_zero=True)
    _check_real("weight_decay", weight_decay, above_zero=False)
    if seed is not None and (isinstance(seed, bool) or not isinstance(seed, Integral)):
        raise ValueError(f"seed is {seed!r}; it must be a whole number.")
    if schedule not in ("one-cycle", "constant"):
        raise ValueError(f"schedule is {schedule!r}; it must be 'one-cycle' or 'constant'.")

    examples = len(pieces[0])
    steps_per_epoch = math.ceil(examples / batch_size)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=weight_decay, fused=True)
    scheduler = None
    if schedule == "one-cycle":
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, epochs * steps_per_epoch)
    history = History()
    best = _Best(model)
    records: list[torch.Tensor] = []
    started = time.perf_counter()
    seed = torch.initial_seed() if seed is None else seed
    with _seeded(seed, device), tqdm(total=epochs * steps_per_epoch, desc=label, unit="step", leave=False) as progress:
        try:
            for epoch in range(epochs):
                model.train()
                order = torch.randperm(examples).to(device)
                records = []  # kept on the device: reading a number at every step would slow a GPU down
                for indices in order.split(batch_size):
                    batch = [piece[indices] for piece in pieces]
                    if augment is not None:
                        batch[0] = augment(batch[0])
                    value, parts = _loss_and_parts(loss(model, *batch))
                    optimizer.zero_grad(set_to_none=True)
                    value.backward()
                    optimizer.step()
                    if scheduler is not None:
                        scheduler.step()
                    values = torch.stack([value.detach(), *(part.detach() for part in parts.values())])
                    records.append(values * len(indices))  # the last batch may be short
                    progress.update()
                    if len(records) % STEPS_A_REPORT == 1:
                        progress.set_postfix_str(f"epoch {epoch + 1}, loss {value.item():.4g}")
                table = torch.stack(records).cpu()
                _check_finite(table[:, 0], model, epoch, epochs, steps_per_epoch, learning_rate)
                means = (table.sum(0) / examples).tolist()
                if test_pieces is not None:
                    with _seeded(seed, device):  # the training's own noise stays what it is without held-out data
                        history.test.append(evaluate(model, test_pieces, loss))
                history.train.append(means[0])
                for name, mean in zip(parts, means[1:], strict=True):
                    history.parts.setdefault(name, []).append(mean)
                best.offer(model, (history.test or history.train)[-1])
        except KeyboardInterrupt:
            history.interrupted = True
            if history.train:  # in the first epoch there is nothing better than what there is
                best.restore(model)
            print(f"Stopped by you after {len(history.train)} of {epochs} epochs: the best weights so far are kept.")
        except Exception:
            best.restore(model)
            if records:  # a loss may fail by itself at the step after the first that is not a number
                _check_finite(torch.stack(records)[:, 0], model, epoch, epochs, steps_per_epoch, learning_rate)
            raise
        finally:
            model.eval()
            optimizer.zero_grad(set_to_none=True)  # a trained model keeps no memory for gradients
            history.seconds = time.perf_counter() - started
    return history


@torch.no_grad()
def evaluate(
    model: nn.Module, data: torch.Tensor | tuple[torch.Tensor, ...], loss: Loss, batch_size: int = 1000
) -> float:
    """Return the mean loss over data, the model in evaluation mode.

    Parameters
    ----------
    model : nn.Module
        Left in the mode (training or evaluation) in which it came.
    data : torch.Tensor or tuple of torch.Tensor
        Each of shape (n, ...), on the model's device or on the CPU.
    loss : callable
        As for :func:`fit`.
    batch_size : int
        Examples at a time.

    Returns
    -------
    float
        In the loss's own unit.

    Raises
    ------
    ValueError
        If ``data`` is empty or its pieces differ in length.
    """
    pieces = _check_data(data, "data", _device_of(model))
    _check_whole(batch_size=batch_size)
    modes = {module: module.training for module in model.modules()}
    model.eval()
    total = 0.0
    try:
        for batch in zip(*(piece.split(batch_size) for piece in pieces), strict=True):
            value, _ = _loss_and_parts(loss(model, *batch))
            total += value.item() * len(batch[0])
    finally:
        for module, training in modes.items():
            module.training = training
    return total / len(pieces[0])


class _Best:
    """The weights of the best epoch so far."""

    def __init__(self, model: nn.Module) -> None:
        self.value = math.inf
        self.weights = copy.deepcopy(model.state_dict())

    def offer(self, model: nn.Module, value: float) -> None:
        if value < self.value:
            self.value = value
            self.weights = copy.deepcopy(model.state_dict())

    def restore(self, model: nn.Module) -> None:
        model.load_state_dict(self.weights)


@contextlib.contextmanager
def _seeded(seed: int, device: torch.device) -> Iterator[None]:
    """Seed PyTorch inside, and leave its generators outside as they were."""
    apple = torch.mps.get_rng_state() if device.type == "mps" else None
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield
    if apple is not None:
        torch.mps.set_rng_state(apple)


def _device_of(model: nn.Module) -> torch.device:
    parameter = next(model.parameters(), None)
    if parameter is None:
        raise ValueError("model has no parameters: there is nothing to train.")
    return parameter.device


def _check_data(
    data: torch.Tensor | tuple[torch.Tensor, ...], name: str, device: torch.device
) -> tuple[torch.Tensor, ...]:
    pieces = data if isinstance(data, tuple | list) else (data,)
    if not pieces:
        raise ValueError(f"{name} is an empty tuple; it must hold at least one torch.Tensor.")
    for piece in pieces:
        if not isinstance(piece, torch.Tensor) or piece.ndim == 0:
            kind = "single number" if isinstance(piece, torch.Tensor) else type(piece).__name__
            raise ValueError(f"{name} holds a {kind}; it must be a torch.Tensor of examples, or a tuple of them.")
        if len(piece) == 0 or len(piece) != len(pieces[0]):
            lengths = ", ".join(str(len(piece)) for piece in pieces)
            raise ValueError(f"{name} has pieces of length {lengths}; they must be equal and not empty.")
        if piece.is_floating_point() and not torch.isfinite(piece).all():
            raise ValueError(f"{name} holds values that are infinite or not a number; clean them first.")
    return tuple(piece.to(device) for piece in pieces)


def _check_whole(**numbers: int) -> None:
    for name, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, Integral) or number < 1:
            raise ValueError(f"{name} is {number!r}; it must be a whole number above 0.")


def _check_real(name: str, number: float, above_zero: bool) -> None:
    is_number = isinstance(number, Real) and not isinstance(number, bool) and math.isfinite(number)
    if not is_number or number < 0 or (above_zero and number == 0):
        raise ValueError(f"{name} is {number!r}; it must be a number {'above 0' if above_zero else 'of 0 or more'}.")


def _loss_and_parts(
    returned: torch.Tensor | tuple[torch.Tensor, dict[str, torch.Tensor]],
) -> tuple[torch.Tensor, dict[str, torch.Tensor]]:
    value, parts = returned if isinstance(returned, tuple) else (returned, {})
    if not isinstance(value, torch.Tensor) or value.ndim:
        shape = tuple(value.shape) if isinstance(value, torch.Tensor) else type(value).__name__
        raise ValueError(f"loss returned {shape}; it must return one number, the mean over the batch.")
    for name, part in parts.items():
        if not isinstance(part, torch.Tensor) or part.ndim:
            raise ValueError(f"loss returned a part {name!r} that is not a tensor of one number.")
    return value, parts


def _check_finite(
    losses: torch.Tensor, model: nn.Module, epoch: int, epochs: int, steps_per_epoch: int, learning_rate: float
) -> None:
    bad = (~torch.isfinite(losses)).nonzero()
    if len(bad):
        step, what = int(bad[0]), f"loss became {losses[int(bad[0])].item()}"
    elif not all(torch.isfinite(parameter).all() for parameter in model.parameters()):
        step, what = len(losses) - 1, "weights became infinite or not a number"
    else:
        return
    raise TrainingDiverged(
        f"The {what} at step {epoch * steps_per_epoch + step + 1} (epoch {epoch + 1} of {epochs}). "
        f"Try a smaller learning_rate than {learning_rate:g}, or look for a logarithm, a root or a "
        "division that can meet zero."
    )
