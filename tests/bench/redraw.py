"""make bench: from key press to new picture, widgets against ipywidgets.interact with matplotlib.

Both show the same network in the same notebook, in JupyterLab under Chromium; the ratio is what counts.
"""

import statistics
import tempfile
from pathlib import Path

import nbformat
from lab import CHROMIUM, browser_page, open_notebook, run_all, server

KEYS = 40
METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
CELLS = [
    """
import ipywidgets, matplotlib.pyplot as plt, torch
import lessons_lib
from lessons_lib.models import PixelRNN, layers
from lessons_lib.widgets import LatentExplorer, PixelPainter
lessons_lib.start()
decoder = layers(2, 200, 400, 784)
LatentExplorer(decoder, torch.randn(1000, 2), torch.arange(1000) % 10)""",
    """
@ipywidgets.interact(z1=(-3.0, 3.0, 0.05), z2=(-3.0, 3.0, 0.05))
def show(z1=0.0, z2=0.0):
    with torch.no_grad():
        image = decoder(torch.tensor([[z1, z2]]))
    plt.figure(figsize=(3, 3))
    plt.imshow(image.view(28, 28))
    plt.show()""",
    """
model, images = PixelRNN(), torch.rand(50, 196) < 0.5
painter = PixelPainter(model, images)
PixelPainter(model, images)""",
    """
@ipywidgets.interact(digit=(1, 50))
def finish(digit=1):
    painter.digit = digit
    plt.figure(figsize=(12, 3))
    plt.imshow(painter.endings().reshape(4, 14, 14).transpose(1, 0, 2).reshape(14, 56))
    plt.show()""",
]
WIDGETS = {"LatentExplorer": "data-code", "PixelPainter": "data-shown"}  # the attribute that tells a new picture
NEW_IMAGE = "[...record.addedNodes].some((node) => node.querySelector?.('img') || node.tagName === 'IMG')"
# From the key's event to the new picture in the page.
TIME_KEYS = """
async ([handle, root, keys, isDone]) => {
  const done = new Function("record", `return ${isDone}`);
  const times = [];
  for (let i = 0; i < keys; i++) {
    handle.focus();
    const started = performance.now();
    const drawn = new Promise((resolve) => {
      const finish = () => { observer.disconnect(); resolve(performance.now()); };
      const observer = new MutationObserver((records) => records.some(done) && finish());
      const attributeFilter = ["src", "data-code", "data-shown"];
      observer.observe(root, { childList: true, subtree: true, attributes: true, attributeFilter });
    });
    const key = i < keys / 2 ? "ArrowRight" : "ArrowLeft";
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    times.push(await drawn - started);
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return times;
}
"""


def time_keys(output, is_done: str) -> float:
    """Return the median milliseconds from a key press on the first slider to the new picture."""
    output.scroll_into_view_if_needed()
    handle = output.locator(".noUi-handle").first.element_handle()
    arguments = [handle, output.element_handle(), KEYS, is_done]
    return statistics.median(output.page.evaluate(TIME_KEYS, arguments))


def main(chromium: str) -> None:
    """Print, for each widget, both medians and their ratio."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in CELLS]
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / "home").mkdir()
        nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), folder / "bench.ipynb")
        with server(folder, folder / "home") as address, browser_page(chromium) as page:
            open_notebook(page, address, "bench.ipynb")
            run_all(page, 120)
            outputs = page.locator(".jp-OutputArea-output:has(.widget-slider)")
            for number, (name, attribute) in enumerate(WIDGETS.items()):
                ours = time_keys(outputs.nth(2 * number), f"record.attributeName === '{attribute}'")
                theirs = time_keys(outputs.nth(2 * number + 1), NEW_IMAGE)
                print(f"key press to new picture: {name} {ours:.1f} ms, interact with matplotlib {theirs:.1f} ms")
                print(f"ratio: {theirs / ours:.0f} times faster")


if __name__ == "__main__":
    main(CHROMIUM)
