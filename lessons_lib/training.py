"""One training loop for all lessons, once lesson 01a has written it out in a cell."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import torch
from torch import nn
from tqdm.auto import tqdm

from lessons_lib import training_checks as checks
from lessons_lib.arrays import as_real, as_whole, shown
from lessons_lib.training_state import Best, modes_of, resting_parts, seeded, set_modes, train_mode

Loss = Callable[..., torch.Tensor | tuple[torch.Tensor, dict[str, torch.Tensor]]]


STEPS_A_REPORT = 50  # reading the loss more often would slow a GPU down
STEPS_A_CYCLE = 10  # fewer leave no room for warming up and annealing
BATCH_NORMS = nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm
LOSS = None  # stands for the loss itself among its named parts


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
        Mean of each named part of the training loss; not a number where no batch named it.
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
        Frozen parameters (``requires_grad`` is False) stay as they are. A part that is in
        evaluation mode stays in it if it, or a part around it, has parameters and all of them are
        frozen: so a pretrained encoder keeps its running statistics, and its dropout stays off.
    data : torch.Tensor or tuple of torch.Tensor
        Each of shape (n, ...). A tuple is handed to the loss piece by piece: ``(x, y)``. Only the
        model is trained: the data stay as they are, and gradients end at them.
    loss : callable
        ``loss(model, x)`` or ``loss(model, x, y)``: the batch's mean, or the mean and a dict of
        named parts (``{"reconstruction": ..., "KL": ...}``) to record. A part that some batches
        don't name is averaged over the others.
    epochs, batch_size : int
        Passes through the data, and examples a step. The last batch may be short; with a BatchNorm
        in training, which can't learn from one example, a last batch of one joins the batch before.
    learning_rate : float
        Size of a step; with the one-cycle schedule, its peak.
    schedule : {"one-cycle", "constant"}
        "one-cycle" warms up and then anneals to almost zero (Smith and Topin 2017, arXiv:1708.07120);
        fewer than ten steps in all leave no room for that, and are "constant".
    weight_decay : float
        Pull of the weights towards zero, apart from the loss (Loshchilov and Hutter 2019,
        arXiv:1711.05101). Without it AdamW is Adam.
    test_data : torch.Tensor or tuple of torch.Tensor, optional
        Held-out data, made like ``data``, evaluated after every epoch.
    augment : callable, optional
        ``augment(x)`` returns a changed copy of the first piece of each training batch.
    seed : int, optional
        Of the order of batches and of any noise in model, loss and augmentation, from -2**63 to
        2**64 - 1 (NumPy's generator gets the remainder by 2**32); by default the seed that the
        lesson started with. PyTorch's, NumPy's and Python's global generators are left as they were.
    label : str
        Stands before the progress bar.

    Returns
    -------
    History

    Raises
    ------
    ValueError
        If an argument can't be trained with; the sentence names it. Before the first step nothing
        in the model has changed.
    TrainingDiverged
        If the loss, the held-out loss or the weights become infinite or not a number. The model
        keeps the weights of the best epoch so far, in the first epoch those that it came with.

    Notes
    -----
    Stopping the cell (KeyboardInterrupt) ends the training, not the notebook: the weights of the
    best epoch so far (in the first epoch, those that there are) stay in the model, and the history
    says ``interrupted``.
    """
    checks.check_trainable(model)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    device, dtype = checks.device_of(model), checks.dtype_of(model)
    pieces = checks.check_data(data, "data", device)
    test_pieces = None if test_data is None else checks.check_data(test_data, "test_data", device)
    checks.check_loss(loss, pieces, "data")
    if augment is not None:
        checks.check_augment(augment)
    epochs, batch_size = as_whole("epochs", epochs), as_whole("batch_size", batch_size)
    learning_rate = as_real("learning_rate", learning_rate, 0, above=True)
    weight_decay = as_real("weight_decay", weight_decay, 0)
    seed = checks.seed_of(seed)
    if not isinstance(schedule, str) or schedule not in ("one-cycle", "constant"):
        raise ValueError(f"schedule is {shown(schedule)}; it must be 'one-cycle' or 'constant'.")

    modes, resting = modes_of(model), resting_parts(model)
    best = Best(model)
    train_mode(model, resting)
    sizes = _batch_sizes(model, len(pieces[0]), batch_size)
    if sizes[-1] > batch_size:
        print("One example is left over, too few for BatchNorm to learn from: it joins the last batch.")
    steps = epochs * len(sizes)
    optimizer = torch.optim.AdamW(trained, lr=learning_rate, weight_decay=weight_decay, fused=True)
    scheduler = None
    if schedule == "one-cycle" and steps >= STEPS_A_CYCLE:
        scheduler = torch.optim.lr_scheduler.OneCycleLR(optimizer, learning_rate, steps)
    done: list[tuple[dict[str | None, float], float | None]] = []  # of each epoch: mean loss and parts, held-out loss
    records: list[tuple[tuple[str, ...], torch.Tensor]] = []
    rows: list[dict[str | None, float]] = []
    step, interrupted, started = 0, False, time.perf_counter()
    with seeded(seed, device), tqdm(total=steps, desc=str(label), unit="step") as progress:
        try:
            for epoch in range(epochs):
                train_mode(model, resting)
                order = torch.randperm(len(pieces[0]), device="cpu").to(device)
                records, rows = [], []  # kept on the device: reading a number at every step would slow a GPU down
                for indices in order.split(sizes):
                    batch = [piece[indices] for piece in pieces]
                    if augment is not None:
                        batch[0] = checks.augmented(augment, batch[0], dtype, first=step == 0)
                    if step == 0 and test_pieces is not None:
                        checks.check_alike(test_pieces, pieces, batch)
                    with checks.explaining_loss(batch, dtype, "data"):
                        value, parts = checks.loss_and_parts(loss(model, *batch), training=True)
                        optimizer.zero_grad(set_to_none=True)
                        value.backward()
                    if step == 0:
                        checks.check_gradients(trained)
                    # Copied before the step: a part may be a weight.
                    values = torch.stack([value.detach(), *(part.detach().to(value.device) for part in parts.values())])
                    records.append((tuple(parts), values))
                    optimizer.step()
                    if scheduler is not None:
                        scheduler.step()
                    step += 1
                    progress.update()
                    if len(records) == STEPS_A_REPORT:  # many small tensors, kept, would scatter the free memory
                        rows += _rows(records)
                        records = []
                        progress.set_postfix_str(f"epoch {epoch + 1}, loss {rows[-1][LOSS]:.4g}")
                rows += _rows(records)
                progress.set_postfix_str(f"epoch {epoch + 1}, loss {rows[-1][LOSS]:.4g}")
                _check_finite(rows, best.sound(model), epoch, epochs, len(sizes), learning_rate)
                means, held_out = _means(rows, sizes), None
                if test_pieces is not None:
                    with seeded(seed, device):  # the training's own noise stays what it is without held-out data
                        held_out = _mean_loss(model, test_pieces, loss, 1000, "test_data")
                    if not math.isfinite(held_out):
                        where = f"after epoch {epoch + 1} of {epochs}"
                        raise _diverged(f"held-out loss became {held_out}", where, learning_rate)
                best.offer(model, means[LOSS] if held_out is None else held_out)
                done.append((means, held_out))
        except KeyboardInterrupt:
            if best.value < math.inf or not best.sound(model):  # in the first epoch there is nothing better
                best.restore(model)
            interrupted = True
            print(f"Stopped by you after {len(done)} of {epochs} epochs: the best weights so far are kept.")
        except TrainingDiverged:
            best.restore(model)
            raise
        except Exception:
            sound = best.sound(model)
            best.restore(model)
            if rows or records:  # a loss may fail by itself at the step after the first that is not a number
                _check_finite(rows + _rows(records), sound, epoch, epochs, len(sizes), learning_rate)
            raise
        finally:
            model.eval()
            if step == 0 and not interrupted:  # refused
                set_modes(modes)
            optimizer.zero_grad(set_to_none=True)  # a trained model keeps no memory for gradients
    names = dict.fromkeys(name for means, _ in done for name in means if name is not LOSS)
    return History(
        train=[means[LOSS] for means, _ in done],
        test=[held_out for _, held_out in done if held_out is not None],
        parts={name: [means.get(name, math.nan) for means, _ in done] for name in names},
        seconds=time.perf_counter() - started,
        interrupted=interrupted,
    )


def evaluate(
    model: nn.Module, data: torch.Tensor | tuple[torch.Tensor, ...], loss: Loss, batch_size: int = 1000
) -> float:
    """Return the mean loss over data, the model in evaluation mode.

    Parameters
    ----------
    model : nn.Module
        Left in the mode (training or evaluation) in which it came.
    data : torch.Tensor or tuple of torch.Tensor
        Each of shape (n, ...), on any device. They stay as they are.
    loss : callable
        As for :func:`fit`.
    batch_size : int
        Examples at a time.

    Returns
    -------
    float
        In the loss's own unit; not a number if the loss is not.

    Raises
    ------
    ValueError
        If an argument can't be evaluated with; the sentence names it.
    """
    checks.check_model(model)
    pieces = checks.check_data(data, "data", checks.device_of(model))
    checks.check_loss(loss, pieces, "data")
    return _mean_loss(model, pieces, loss, as_whole("batch_size", batch_size), "data")


@torch.no_grad()
def _mean_loss(model: nn.Module, pieces: checks.Pieces, loss: Loss, batch_size: int, name: str) -> float:
    modes = modes_of(model)
    dtype, total = checks.dtype_of(model), 0.0
    try:
        model.eval()
        sizes = _batch_sizes(model, len(pieces[0]), batch_size)
        for views in zip(*(piece.split(sizes) for piece in pieces), strict=True):
            batch = [view.clone() for view in views]  # a loss or a layer may work in place
            with checks.explaining_loss(batch, dtype, name):
                value, _ = checks.loss_and_parts(loss(model, *batch), training=False)
            total += value.item() * len(batch[0])
    finally:
        set_modes(modes)
    return total / len(pieces[0])


def _batch_sizes(model: nn.Module, examples: int, batch_size: int) -> list[int]:
    whole, rest = divmod(examples, batch_size)
    sizes = [batch_size] * whole + [rest] * (rest > 0)
    if whole and rest == 1:
        norms = [module for module in model.modules() if isinstance(module, BATCH_NORMS)]
        if any(norm.training or norm.running_mean is None for norm in norms):  # from the batch, not from the past
            sizes[-2:] = [batch_size + 1]
    return sizes


def _rows(records: list[tuple[tuple[str, ...], torch.Tensor]]) -> list[dict[str | None, float]]:
    """Return the loss and its named parts at each step, read from the device at once."""
    numbers = iter(torch.cat([values for _, values in records]).tolist() if records else [])
    return [{name: next(numbers) for name in (LOSS, *names)} for names, _ in records]


def _means(rows: list[dict[str | None, float]], sizes: list[int]) -> dict[str | None, float]:
    """Return means over the examples of the batches that name the part."""
    totals: dict[str | None, float] = {}
    examples: dict[str | None, int] = {}
    for row, size in zip(rows, sizes, strict=True):
        for name, value in row.items():
            totals[name] = totals.get(name, 0.0) + value * size
            examples[name] = examples.get(name, 0) + size
    return {name: total / examples[name] for name, total in totals.items()}


def _check_finite(
    rows: list[dict[str | None, float]],
    sound: bool,
    epoch: int,
    epochs: int,
    steps_per_epoch: int,
    learning_rate: float,
) -> None:
    bad = next((step for step, row in enumerate(rows) if not math.isfinite(row[LOSS])), None)
    if bad is not None:
        step, what = bad, f"loss became {rows[bad][LOSS]}"
    elif not sound:
        step, what = len(rows) - 1, "weights (or running statistics) became infinite or not a number"
    else:
        return
    where = f"at step {epoch * steps_per_epoch + step + 1} (epoch {epoch + 1} of {epochs})"
    raise _diverged(what, where, learning_rate)


def _diverged(what: str, where: str, learning_rate: float) -> TrainingDiverged:
    return TrainingDiverged(
        f"The {what} {where}. Try a smaller learning_rate than {learning_rate:g}, or look for a logarithm, a root or a "
        "division that can meet zero."
    )
