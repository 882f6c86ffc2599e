"""What the writers' commands share: where the lessons are, how to run one, how to read its claims."""

import copy
import os
import re
import sys
import time
import tomllib
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from lessons_lib.claims import CLAIM_MIME

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"
SOURCES = NOTEBOOKS / "source"
FRONT_PAGE = SOURCES / "00_start_here.py"
FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}  # to JupyterLab, and to Colab
PEAK_MEMORY = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
LECTURE_CLAIMS = ROOT / "tests" / "lecture_claims.toml"


def source_paths() -> list[Path]:
    """Return notebooks/source/NN_name.py of all lessons, in order; the front page is no lesson."""
    return [source for source in all_source_paths() if source != FRONT_PAGE]


def all_source_paths() -> list[Path]:
    """Return the sources of all notebooks: the front page, then the lessons."""
    return sorted(SOURCES.glob("[0-9]*.py"))


def choose_lessons(numbers: Sequence[str]) -> list[Path]:
    """Return the lessons whose names begin with one of these numbers (``["05"]``), all if there are none.

    Raises
    ------
    SystemExit
        If there is no such lesson.
    """
    chosen = [source for source in source_paths() if source.stem.startswith(tuple(numbers or [""]))]
    if not chosen:
        raise SystemExit(f"no lesson begins with {' or '.join(numbers)}")
    return chosen


def lesson_number(source: Path) -> str:
    """Return a lesson's number as its name begins with it: ``"01a"``."""
    return source.stem.split("_")[0]


def notebook_path(source: Path) -> Path:
    """Return the notebook that a source makes."""
    return NOTEBOOKS / source.with_suffix(".ipynb").name


def read_source(source: Path) -> NotebookNode:
    """Return the source as a notebook without outputs, its drawing code folded."""
    return keep_tags(jupytext.read(source, fmt="py:percent"))


def write_source(notebook: NotebookNode, source: Path) -> None:
    """Write a notebook's cells as a source, where tags say it all."""
    text = jupytext.writes(keep_tags(copy.deepcopy(notebook), folded={}), fmt="py:percent")
    source.write_text(text, encoding="utf-8")


def keep_tags(notebook: NotebookNode, folded: dict = FOLDED) -> NotebookNode:
    """Leave of the cells' metadata the tags, and what folds the code of a cell tagged ``figure``."""
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        kept = {"tags": tags} if tags else {}
        cell.metadata = nbformat.from_dict(kept | folded if is_folded(cell) else kept)
    return notebook


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells of code."""
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def is_folded(cell: NotebookNode) -> bool:
    """Tell whether a cell's code only draws."""
    return cell.cell_type == "code" and "figure" in cell.metadata.get("tags", [])


def read_notebook(path: Path) -> NotebookNode:
    """Return a notebook from disk."""
    return nbformat.read(path, as_version=4)


def same_cells(one: NotebookNode, other: NotebookNode) -> bool:
    """Tell whether two notebooks have the same cells, outputs aside."""

    def cells(notebook: NotebookNode) -> list:
        return [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in notebook.cells]

    return cells(one) == cells(other)


@dataclass
class Run:
    """A lesson that has been run."""

    notebook: NotebookNode
    seconds: float  # from kernel start to the end of the last cell
    peak_megabytes: float  # resident memory of the kernel


def run(
    notebook: NotebookNode,
    *,
    seed: int | None = None,
    threads: int | None = None,
    keep_widgets: bool = False,
    go_on: bool = False,
) -> Run:
    """Run a notebook from top to bottom in a kernel of its own.

    `go_on` runs the cells behind a failed one too; `keep_widgets` stores what an exported page needs.
    """
    environment = dict(os.environ)
    environment.pop("LESSONS_SEED", None)
    if seed is not None:
        environment["LESSONS_SEED"] = str(seed)
    if threads is not None:
        environment["OMP_NUM_THREADS"] = str(threads)
    with ExitStack() as running:
        started = time.perf_counter()
        client = _start(notebook, environment, running, store_widget_state=keep_widgets, allow_errors=go_on)
        for index, cell in enumerate(notebook.cells):
            client.execute_cell(cell, index)
        seconds = time.perf_counter() - started
        if keep_widgets:
            client.set_widgets_metadata()
        notebook.cells.append(nbformat.v4.new_code_cell(PEAK_MEMORY))
        client.execute_cell(notebook.cells[-1], len(notebook.cells) - 1)
    peak = int(notebook.cells.pop().outputs[0].text)
    return Run(notebook, seconds, peak / (2**20 if sys.platform == "darwin" else 2**10))


def _start(notebook: NotebookNode, environment: dict[str, str], running: ExitStack, **options: bool) -> NotebookClient:
    """Start a kernel for a notebook, once more if another process took a port that was meant for it."""
    for last in (False, False, True):
        client = NotebookClient(
            notebook,
            timeout=600,
            coalesce_streams=True,  # how a print is cut into messages differs from run to run
            kernel_name="python3",
            extra_arguments=["--log-level=ERROR"],  # not how the kernel is reached
            record_timing=False,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
            **options,
        )
        try:
            running.enter_context(client.setup_kernel(env=environment))
            return client
        except RuntimeError:
            if last:
                raise


def claims_of(notebook: NotebookNode) -> list[dict]:
    """Return the records that claim() left in a notebook's outputs."""
    return [
        output.data[CLAIM_MIME]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if CLAIM_MIME in output.get("data", {})
    ]


def lecture_claims() -> dict[str, dict[str, str]]:
    """Return, for each lesson (``"01"``), the lecture's claims that it must measure."""
    return tomllib.loads(LECTURE_CLAIMS.read_text(encoding="utf-8"))


def repository_address() -> str:
    """Return the public address, which stands in pyproject.toml and nowhere else."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return project["urls"]["Repository"]


def colab_link(notebook: str) -> str:
    """Return the address that opens a notebook on Colab."""
    return f"https://colab.research.google.com/github/{_owner_and_name()}/blob/main/notebooks/{notebook}"


def binder_link(notebook: str) -> str:
    """Return the address that opens a notebook on Binder."""
    return f"https://mybinder.org/v2/gh/{_owner_and_name()}/main?urlpath=lab/tree/notebooks/{notebook}"


def _owner_and_name() -> str:
    return repository_address().removeprefix("https://github.com/")


def fill_in_addresses(text: str, notebook: str) -> str:
    """Write the public address into the lines that carry it: the links to Colab and Binder, and the Colab cell."""
    text = re.sub(r"\[Open in Colab\]\(.*?\)", f"[Open in Colab]({colab_link(notebook)})", text)
    text = re.sub(r"\[Open on Binder\]\(.*?\)", f"[Open on Binder]({binder_link(notebook)})", text)
    return re.sub(r"git\+[^\s\"')]*", f"git+{repository_address()}", text)
