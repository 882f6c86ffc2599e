"""The committed notebooks: paired with their sources, run from top to bottom, complete, and free of this machine."""

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from lesson_files import (
    claims_of,
    fill_in_addresses,
    lecture_claims,
    notebook_path,
    read_notebook,
    read_source,
    repository_address,
    same_cells,
    source_paths,
)
from make_notebooks import METADATA, WIDGET_MIME, was_run

import lessons_lib.models

ROOT = Path(__file__).resolve().parents[2]
SOURCES = source_paths()
lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
SECTIONS = ["You will be able to", "Builds on", "Predict first", "Where it breaks", "Try it", "Summary"]
SECTIONS += ["Glossary", "References", "Open in Colab", "Open on Binder"]
MACHINE = re.compile(r"/(home|root|Users|tmp|work|private)/|[A-Z]:\\\\Users|0x[0-9a-f]{8}")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_every_notebook_has_a_source():
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert SOURCES and notebooks == {source.stem for source in SOURCES}


@lesson
def test_pair_is_in_sync(source):
    assert same_cells(read_source(source), read_notebook(notebook_path(source))), "run: make notebooks"


@lesson
def test_was_run_from_top_to_bottom_without_error(source):
    assert was_run(read_notebook(notebook_path(source))), "run: make notebooks"


@lesson
def test_nothing_of_a_machine_or_a_session_is_stored(source):
    notebook = read_notebook(notebook_path(source))
    assert notebook.metadata == METADATA
    assert all(set(cell.metadata) <= {"tags"} for cell in notebook.cells)
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = json.dumps({**output, "data": {**output.get("data", {}), "image/png": ""}})
            assert not MACHINE.search(text), text[:500]
            assert WIDGET_MIME not in text
            assert "it/s]" not in text and "epoch/s]" not in text


@lesson
def test_addresses_come_from_pyproject(source):
    text = source.read_text(encoding="utf-8")
    assert fill_in_addresses(text, notebook_path(source).name) == text, "run: make notebooks"


@lesson
def test_colab_cell_is_a_command_that_a_shell_understands(source):
    (command,) = re.findall(r'system\(\s*"(.*?)"\s*\)', source.read_text(encoding="utf-8"))
    assert shlex.split(command)[-1] == f"git+{repository_address()}"


def test_readme_links_lead_somewhere():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert fill_in_addresses(text, notebook_path(SOURCES[0]).name) == text, "run: make notebooks"
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text):
        assert (ROOT / target).exists(), target


@lesson
def test_has_every_part_of_a_lesson(source):
    text = source.read_text(encoding="utf-8")
    assert [part for part in SECTIONS if part not in text] == []


@lesson
def test_cells_fit_on_a_projector(source):
    for cell in code_cells(read_source(source)):
        lines = cell.source.splitlines()
        assert len(lines) <= 25 and max(map(len, lines)) <= 90, cell.source


@lesson
def test_measures_every_claim_of_the_lecture(source):
    number = source.stem.split("_")[0]
    records = claims_of(read_notebook(notebook_path(source)))
    numbers = [record["number"] for record in records]
    missing = [claim for claim in lecture_claims()[number] if not any(n.startswith(claim) for n in numbers)]
    assert missing == [] and len(set(numbers)) == len(numbers)
    assert all(record["control"] for record in records), "a bound that nothing can break proves nothing"


@lesson
def test_spread_over_seeds_is_recorded(source):
    recorded = json.loads((ROOT / "lessons_lib" / "recorded_claims.json").read_text(encoding="utf-8"))
    for record in claims_of(read_notebook(notebook_path(source))):
        figures = recorded.get(record["number"], {}).get("measured", [])
        assert len(figures) == 5, f"{record['number']}: run make seeds"
        assert record["seeds"] or record["recorded"] == figures, "run make notebooks ALL=1"
        assert all(_within(figure, record) for figure in figures)


def _within(figure, record):
    above = record["at_least"] is None or figure >= record["at_least"]
    return above and (record["at_most"] is None or figure <= record["at_most"])


class _Bare(ast.NodeTransformer):
    """Takes docstrings and annotations away: a lesson's cell does without."""

    def _strip(self, node):
        self.generic_visit(node)
        if ast.get_docstring(node):
            node.body = node.body[1:]
        return node

    visit_ClassDef = _strip

    def visit_FunctionDef(self, node):
        node.returns = None
        for argument in (*node.args.args, *node.args.kwonlyargs, node.args.vararg):
            if argument:
                argument.annotation = None
        return self._strip(node)


def definitions(text):
    tree = _Bare().visit(ast.parse(text))
    return {node.name: ast.dump(node) for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}


# Models that the library has in a more general form; a test of theirs holds them equal to the lesson's cells.
GENERALISED = {"GaussianMixture": "tests/unit/test_gmm.py"}


def test_models_of_the_library_are_those_that_lessons_wrote_out():
    taught = {}
    for source in SOURCES:
        for cell in code_cells(read_source(source)):
            taught |= definitions(cell.source)
    library = {}
    for path in Path(lessons_lib.models.__file__).parent.glob("[!_]*.py"):
        library |= definitions(path.read_text(encoding="utf-8"))
    assert library
    for name, definition in library.items():
        if name in GENERALISED or name.startswith("_"):
            continue
        assert taught.get(name) == definition, f"{name} differs between the lesson and lessons_lib.models"
