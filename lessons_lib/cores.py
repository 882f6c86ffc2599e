"""How many cores this process may use, and how its threads wait. Imported before PyTorch, which it does not import."""

import math
import os
from pathlib import Path, PurePosixPath

# Threads that spin while they wait ruin one another where cores are shared: a training beside another one took forty
# times as long. So they spin for some microseconds and then sleep; fewer spins cost a quiet machine, more a shared one
# (make bench). GNU's OpenMP (PyTorch on Linux) counts spins, LLVM's and Intel's (macOS, Windows, conda) milliseconds.
PATIENCE = {"GOMP_SPINCOUNT": "3000", "KMP_BLOCKTIME": "1"}


def wait_patiently() -> None:
    """Tell OpenMP's threads to sleep soon while they wait, unless the environment says how; before PyTorch's import."""
    if "OMP_WAIT_POLICY" not in os.environ:
        for name, value in PATIENCE.items():
            os.environ.setdefault(name, value)


def available_cores() -> int:
    """Return the number of whole cores that this process may use: a hub lends fewer than the host has."""
    affinity = getattr(os, "sched_getaffinity", None)  # Linux only
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    return max(1, math.floor(min(cores, quota())))  # a thread too many costs more than one too few


def quota(root: Path = Path("/")) -> float:
    """Return the share of processor time, in cores, that Linux's control groups allow; infinite without a limit.

    Parameters
    ----------
    root : pathlib.Path
        Where ``proc`` and ``sys`` lie.
    """
    shares = [math.inf]
    for folder in _control_groups(root):
        try:  # version 2: "200000 100000" for two cores, "max 100000" for no limit
            allowed, period = (folder / "cpu.max").read_text().split()
        except (OSError, ValueError):
            try:  # version 1: -1 for no limit
                allowed, period = ((folder / f"cpu.cfs_{part}_us").read_text() for part in ("quota", "period"))
            except OSError:
                continue
        try:
            if int(allowed) > 0:
                shares.append(int(allowed) / int(period))
        except (ValueError, ZeroDivisionError):
            continue  # no limit
    return min(shares)


def _control_groups(root: Path) -> list[Path]:
    """Return the folders that may hold a limit: this process's group and those above it, in both versions."""
    mounts = {"": root / "sys/fs/cgroup", "cpu": root / "sys/fs/cgroup/cpu"}
    folders = list(mounts.values())  # in a container the process's own group often is mounted here
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        return folders
    for line in lines:  # "0::/user.slice" in version 2, "4:cpu,cpuacct:/docker/5f1" in version 1
        _, controllers, path = line.split(":", 2)
        mount = mounts[""] if controllers == "" else mounts["cpu"] if "cpu" in controllers.split(",") else None
        if mount:
            inside = PurePosixPath(path.lstrip("/"))
            folders += [mount / part for part in (inside, *inside.parents)]
    return folders
