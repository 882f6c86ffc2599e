"""The folder in which parsed and downloaded data are kept between lessons."""

import os
import tempfile
from pathlib import Path

import numpy as np


def cache_folder() -> Path:
    """Return the folder for parsed and downloaded data (``$XDG_CACHE_HOME`` or ``~/.cache``)."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return Path(base) / "lessons_lib"


def write_atomically(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays so that another kernel sees the old file or the whole new one, never half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".npz")
    except OSError:
        return  # a read-only home: parse again next time
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
        os.replace(temporary, path)
    except BaseException as error:  # an interrupted write must not leave its half behind either
        Path(temporary).unlink(missing_ok=True)
        if not isinstance(error, OSError):
            raise
