"""make notebooks: sync notebooks/source/*.py with notebooks/*.ipynb, run what changed, and normalise.

Edit either side of a pair: the newer one wins. With --all every lesson is run again. A lesson's minutes and its opening
picture, and the front page's and the README's table of lessons, with its small pictures, are made from the lessons.
"""

import hashlib
import sys
from collections import Counter
from pathlib import Path

import jupytext
import nbformat
from front_page import fill_in_table
from lesson_files import (
    FRONT_PAGE,
    ROOT,
    code_cells,
    fill_in_addresses,
    keep_tags,
    notebook_path,
    read_notebook,
    read_source,
    run,
    same_cells,
    source_paths,
    write_source,
)
from nbformat import NotebookNode
from pictures import opening_cells, opening_is_fresh, write_opening, write_pictures
from study_time import fill_in_minutes

WIDGET_MIME = "application/vnd.jupyter.widget-view+json"
METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def normalise(notebook: NotebookNode) -> NotebookNode:
    """Drop what changes from run to run, so that a diff shows what a lesson's change did."""
    notebook.metadata = nbformat.from_dict(METADATA)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    seen = Counter()
    for cell in keep_tags(notebook).cells:
        digest = hashlib.sha256(cell.source.encode()).hexdigest()[:8]
        seen[digest] += 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if _keep(output)]
    return notebook


def _keep(output: NotebookNode) -> bool:
    """Take the widget out of an output, which leaves its still picture; drop progress bars, which have none."""
    data = output.get("data", {})
    if WIDGET_MIME not in data:
        return True
    del data[WIDGET_MIME]
    output.metadata = {}
    return set(data) != {"text/plain"}


def was_run(notebook: NotebookNode) -> bool:
    """Tell whether all code cells were run, once, from top to bottom, without an error."""
    code = code_cells(notebook)
    errors = any(output.output_type == "error" for cell in code for output in cell.outputs)
    return [cell.execution_count for cell in code] == list(range(1, len(code) + 1)) and not errors


def sync(source: Path) -> NotebookNode:
    """Bring source and notebook together, the newer side first; return the notebook, run only if nothing changed."""
    target = notebook_path(source)
    stored = read_notebook(target) if target.exists() else None
    if stored and target.stat().st_mtime > source.stat().st_mtime and not same_cells(stored, read_source(source)):
        print(f"{target.name} is newer than {source.name}: its cells are taken")
        write_source(stored, source)
    text = source.read_text(encoding="utf-8")
    filled = fill_in(text, target.name)
    if filled != text:
        source.write_text(filled, encoding="utf-8")
    fresh = read_source(source)
    return stored if stored and same_cells(stored, fresh) else fresh


def fill_in(text: str, notebook: str) -> str:
    """Write into a source what is made: addresses, a lesson's minutes, and the front page's table."""
    text = fill_in_minutes(text, jupytext.reads(text, fmt="py:percent"))
    return fill_in_table(fill_in_addresses(text, notebook), comment="# ")


def fill_in_readme(text: str) -> str:
    """Write into the README what is made from elsewhere: addresses, and its table."""
    return fill_in_table(fill_in_addresses(text, notebook_path(FRONT_PAGE).name), folder="notebooks/")


def bring_up_to_date(source: Path) -> None:
    """Sync a pair, run it if it changed, and keep its opening."""
    target = notebook_path(source)
    notebook = sync(source)
    to_run = "--all" in sys.argv or not was_run(notebook)
    if to_run:
        finished = run(notebook)
        print(f"{target.name}: run in {finished.seconds:.0f} s, {finished.peak_megabytes:.0f} MB", flush=True)
    else:
        print(f"{target.name}: up to date")
    normalise(notebook)
    if opening_cells(notebook) and (to_run or not opening_is_fresh(source, notebook)):
        write_opening(source, notebook)
    if to_run or notebook != read_notebook(target):
        nbformat.write(notebook, target)


def main() -> None:
    """Bring every pair up to date, the front page last: it shows the lessons."""
    for source in source_paths():
        bring_up_to_date(source)
    write_pictures()
    bring_up_to_date(FRONT_PAGE)
    readme = ROOT / "README.md"
    readme.write_text(fill_in_readme(readme.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
