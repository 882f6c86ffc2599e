"""Install PyTorch's CPU build where PyPI's would bring gigabytes of CUDA that the machine can't use.

Runs before anything else is installed, so it needs the standard library only. Where it installs nothing,
`pip install -e .` takes what PyPI has. TORCH=cpu and TORCH=default go before what it finds.
"""

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

INDEX = "https://download.pytorch.org/whl/cpu"
SECONDS = 5  # to wait for the index
REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements.txt"
NVIDIA_FILES = ("proc/driver/nvidia/gpus/*", "dev/nvidia[0-9]*")  # the second in containers


def requirements() -> list[str]:
    """Return requirements.txt's lines for torch and torchvision, without their comments."""
    lines = [line.split("#")[0].strip() for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines()]
    return [line for line in lines if re.match(r"(torch|torchvision)\b", line)]


def is_installed() -> bool:
    """Tell whether torch and torchvision are there, in versions that requirements.txt allows."""
    from pip._vendor.packaging.requirements import Requirement  # pip has no public way to ask

    try:
        wanted = [Requirement(line) for line in requirements()]
        return all(one.specifier.contains(importlib.metadata.version(one.name), prereleases=True) for one in wanted)
    except importlib.metadata.PackageNotFoundError:
        return False


def has_nvidia_gpu(root: str = "/") -> bool:
    """Tell whether the driver lists a GPU, or nvidia-smi does."""
    if any(list(Path(root).glob(pattern)) for pattern in NVIDIA_FILES):
        return True
    if not shutil.which("nvidia-smi"):
        return False
    try:
        answer = subprocess.run(["nvidia-smi", "-L"], capture_output=True, text=True, timeout=SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and "GPU " in answer.stdout


def index_answers(index: str) -> bool:
    """Tell whether the index lists torch within a few seconds, whatever keeps it: names, firewall or server."""
    answers = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(f"{index}/torch/", timeout=SECONDS) as page:
                answers.append(b"torch" in page.read(100_000))
        except (OSError, ValueError):
            pass

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(SECONDS)
    return any(answers)


def install_from(index: str, python: str) -> bool:
    """Install torch and the torchvision that matches it from this index alone; tell whether that worked.

    With PyPI as a second index pip would take the higher version of the two, with CUDA or without.
    """
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--index-url", index]
    return subprocess.run([*command, *requirements()], stderr=subprocess.DEVNULL).returncode == 0


def main(index: str = INDEX, python: str = sys.executable) -> None:
    """Choose, install where that is needed, and say in one line what was chosen."""
    choice = os.environ.get("TORCH", "")
    if choice not in ("", "cpu", "default"):
        raise SystemExit(f"TORCH is {choice!r}; it must be cpu or default, or be left out.")
    if choice == "default" or sys.platform != "linux" or is_installed():
        return  # on macOS and Windows PyPI has the CPU build
    other = "make clean, then make lab TORCH="
    if not choice and has_nvidia_gpu():
        print(f"PyTorch: PyPI's build with CUDA, for the GPU found here (for the small one: {other}cpu).")
    elif index_answers(index) and install_from(index, python):
        print(f"PyTorch: the small build without CUDA (for PyPI's: {other}default).")
    elif choice:
        raise SystemExit(f"TORCH=cpu: {index} can't be had from here; try again later, or with TORCH=default.")
    else:
        print(f"PyTorch: what pip finds, maybe with gigabytes of CUDA: {index} can't be had from here.")


if __name__ == "__main__":
    main()
