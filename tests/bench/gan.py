"""make bench: rounds of a one-dimensional GAN a second, in the browser against PyTorch's eager loop, one thread."""

import json
import tempfile
import time
from pathlib import Path

import nbformat
import torch
from lab import CHROMIUM, browser_page, open_notebook, run_all, server

from lessons_lib.widgets.gan_training import Settings, Training

SECONDS = 3
ROUNDS = 500
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CELL = "from lessons_lib.widgets import GanTrainer\nGanTrainer()"


def in_browser(chromium: str) -> float:
    """Return the rounds a second that a running GanTrainer takes, its drawing included."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "home").mkdir()
        notebook = nbformat.v4.new_notebook(metadata=METADATA, cells=[nbformat.v4.new_code_cell(CELL)])
        nbformat.write(notebook, folder / "bench.ipynb")
        with server(folder, folder / "home") as address, browser_page(chromium) as page:
            open_notebook(page, address, "bench.ipynb")
            run_all(page, 60)
            plot = page.locator(".lessons-gan")
            plot.wait_for()
            page.get_by_role("button", name="run", exact=True).click()
            started = time.perf_counter()
            page.wait_for_timeout(1000 * SECONDS)
            rounds = json.loads(plot.get_attribute("data-shown"))["round"]
            return rounds / (time.perf_counter() - started)


def in_pytorch() -> float:
    """Return the rounds a second of the same training, nothing drawn."""
    torch.set_num_threads(1)
    training, settings = Training(), Settings()
    training.round(settings)
    started = time.perf_counter()
    for _ in range(ROUNDS):
        training.round(settings)
    return ROUNDS / (time.perf_counter() - started)


def main() -> None:
    """Print both and their ratio."""
    browser, pytorch = in_browser(CHROMIUM), in_pytorch()
    print(f"GAN, rounds a second: browser, drawn at every frame {browser:.0f}; PyTorch, nothing drawn {pytorch:.0f}")
    print(f"ratio: {browser / pytorch:.2f}")


if __name__ == "__main__":
    main()
