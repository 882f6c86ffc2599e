"""The lessons as nbval ran them, kept for the browser tests, so that nothing is trained twice."""

import json
import re
import tempfile
from pathlib import Path

import nbformat
import pytest
from lesson_files import read_source, run
from make_notebooks import WIDGET_MIME
from nbformat import NotebookNode
from nbval.plugin import IPyNbCell

WIDGET_STATE_MIME = "application/vnd.jupyter.widget-state+json"
SECONDS = 60  # to write the widgets down
LONG = ("test_run_all.py", "test_widgets.py")  # a test file for minutes; begun last, it would keep one process alone
# Behind a lesson's last cell: all widgets for JupyterLab to restore, and what the lesson's own were made from.
WRITE_WIDGETS = """
import json
from ipywidgets import Widget
from ipywidgets.widgets.widget import _instances
_made_from = {}
for _widget in _instances.values():
    if hasattr(_widget, "made_from"):
        _made_from.setdefault(type(_widget).__name__, []).append(_widget.made_from())
with open(f"{_folder}/made_from.json", "w") as _file:
    json.dump(_made_from, _file)
with open(f"{_folder}/widgets.json", "w") as _file:
    json.dump(Widget.get_manager_state(), _file)
"""


class LessonRuns:
    """A pytest plugin: puts each lesson's browser test behind nbval's run of it, in one process, and keeps that run."""

    def __init__(self):
        self.home = tempfile.TemporaryDirectory()
        self.folders: dict[str, Path] = {}  # of each lesson that was run, by the name of its source

    def pytest_collection_modifyitems(self, items):
        """Run what takes long first, in the order in which processes take it: long tests, notebooks, all else."""
        items.sort(key=lambda item: (item.path.name not in LONG, not isinstance(item, IPyNbCell)))  # a stable sort

    @pytest.hookimpl(optionalhook=True)  # without pytest-xdist all is one process anyway
    def pytest_xdist_make_scheduler(self, config, log):
        """Give each file to one process, and each lesson with its browser test."""
        from xdist.scheduler import LoadFileScheduling

        class LoadLessonScheduling(LoadFileScheduling):
            def _split_scope(self, nodeid):
                of_a_lesson = re.search(r"(\w+)\.ipynb::|test_every_slider\.py::\w+\[(\w+)\]", nodeid)
                return of_a_lesson[1] or of_a_lesson[2] if of_a_lesson else super()._split_scope(nodeid)

        return LoadLessonScheduling(config, log)

    def pytest_runtest_teardown(self, item, nextitem):
        """Keep a cell's outputs, and after the last cell what its widgets hold."""
        if not isinstance(item, IPyNbCell):
            return
        item.cell.outputs = item.test_outputs or []
        kernel = item.parent.kernel
        if (nextitem is None or nextitem.parent is not item.parent) and kernel.is_alive():
            folder = self._new_folder()
            kernel.await_reply(kernel.execute_cell_input(widget_writer(folder)), timeout=SECONDS)
            if (folder / "widgets.json").exists():  # a failed lesson has none
                self._keep(item.path.stem, item.parent.nb, folder)

    def pytest_unconfigure(self):
        """Throw the runs away."""
        self.home.cleanup()

    def folder_of(self, source: Path) -> Path:
        """Return the folder with a lesson's run; run it, if nbval was not asked to or did not come to its end."""
        if source.stem not in self.folders:
            folder = self._new_folder()
            notebook = read_source(source)
            notebook.cells.append(nbformat.v4.new_code_cell(widget_writer(folder)))
            self._keep(source.stem, run(notebook).notebook, folder)
        return self.folders[source.stem]

    def _new_folder(self) -> Path:
        return Path(tempfile.mkdtemp(dir=self.home.name))

    def _keep(self, stem: str, notebook: NotebookNode, folder: Path) -> None:
        state = json.loads((folder / "widgets.json").read_text(encoding="utf-8"))
        notebook.metadata["widgets"] = {WIDGET_STATE_MIME: state}
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [output for output in cell.outputs if not _is_gone(output, state["state"])]
        nbformat.write(notebook, folder / f"{stem}.ipynb")
        self.folders[stem] = folder


def _is_gone(output: NotebookNode, widgets: dict) -> bool:
    """Tell whether an output is a progress bar that came to its end: a closed widget, and without a still picture."""
    data = output.get("data", {})
    return WIDGET_MIME in data and "image/png" not in data and data[WIDGET_MIME]["model_id"] not in widgets


def widget_writer(folder: Path) -> str:
    """Return the code that writes down, in a folder, a lesson's widgets and what they were made from."""
    return f"_folder = {str(folder)!r}\n{WRITE_WIDGETS}"
