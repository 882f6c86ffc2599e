"""Colab's versions of ipywidgets and anywidget: the widgets construct, link and answer with them too."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COLAB = ROOT / ".venv" / "colab"  # `make test` installs them there, apart from the environment's own
SCRIPT = """
import anywidget, ipywidgets, numpy as np, torch
from torch import nn
from lessons_lib.models import PixelRNN
from lessons_lib.widgets import DigitPad, DragRegression, FramePlayer, LatentExplorer
from lessons_lib.widgets import NoiseExplorer, PixelPainter, TextMap

assert (ipywidgets.__version__, anywidget.__version__) == ("7.7.1", "0.9.21")
decoder = nn.Sequential(nn.Linear(3, 64), nn.Sigmoid())
explorer = LatentExplorer(decoder, torch.randn(20, 3), torch.arange(20) % 2, image_shape=(8, 8))
references = explorer.view.get_state(["sliders"])["sliders"]
assert references == [f"IPY_MODEL_{slider.model_id}" for slider in explorer.sliders]

moved = float(explorer.sliders[2].max)
explorer.sliders[2].set_state({"value": moved})  # what the browser sends when the student drags
assert explorer.code[2] == moved
explorer.view.set_state({"axis_x": 2})
assert explorer.view.axis_x == 2

player = FramePlayer([np.eye(4), np.ones((4, 4))], ["a", "b"])
player.slider.set_state({"value": 1})
assert player.frame == 1

drag = DragRegression({"four": ([0, 1, 2, 5], [0, 1, 1, 4])})
drag.view.set_state({"points": [[0, 0], [1, 1], [2, 1], [5, 3]]})
assert drag.points[3, 1] == 3

noise = NoiseExplorer({"copying": nn.Linear(64, 64)}, torch.rand(5, 64), image_shape=(8, 8))
noise.amount_slider.set_state({"value": 0.8})
noise.digit_slider.set_state({"value": 2})
assert (noise.amount, noise.digit) == (0.8, 2)

painter = PixelPainter(PixelRNN(side=8, units=4), torch.rand(5, 64) < 0.5)
painter.row_slider.set_state({"value": 3})
painter.temperature_slider.set_state({"value": 0.5})
assert (painter.row, painter.temperature) == (3, 0.5)

ten = nn.Sequential(nn.Linear(3 + 10, 784), nn.Sigmoid())
pad = DigitPad(nn.Linear(794, 6), ten, nn.Linear(784, 10), torch.rand(5, 784), torch.arange(5))
pad.view.set_state({"strokes": [[[0.2, 0.2], [0.7, 0.2], [0.4, 0.9]]], "chosen": 7})
assert pad.digit == 7 and 40 < pad.picture.sum() < 150

about = {"words": ["filter", "graph"], "names": ["butter", "clique"], "labels": [0, 1], "topics": ["signals", "graphs"]}
text_map = TextMap(nn.Linear(2, 2), np.eye(2), counts=np.eye(2), **about)
text_map.search.set_state({"value": "filter"})
assert text_map.neighbours["counts"] == ["butter"]

for widget in (explorer, player, drag, noise, painter, pad, text_map):
    data, metadata = widget._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == widget.model_id
    assert data["image/png"].startswith(b"\\x89PNG")

from IPython.core.formatters import DisplayFormatter
formatted, _ = DisplayFormatter().format(explorer)  # ipywidgets 7 would show itself, without the still picture
assert {"image/png", "text/plain", "application/vnd.jupyter.widget-view+json"} <= set(formatted)
explorer.close(), player.close(), drag.close(), noise.close(), painter.close(), pad.close(), text_map.close()
print("answered")
"""


def test_widgets_answer_with_colabs_versions():
    if not COLAB.exists():
        pytest.skip("Colab's versions are not installed: run the tests with `make test`")
    environment = os.environ | {"PYTHONPATH": f"{COLAB}{os.pathsep}{ROOT}"}
    result = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, text=True)
    assert result.returncode == 0 and "answered" in result.stdout, result.stderr
