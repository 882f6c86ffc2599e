"""The committed notebooks: paired with their sources, run from top to bottom, complete, and free of this machine."""

import ast
import json
import re
import shlex
from pathlib import Path

import pytest
from front_page import header
from lesson_files import (
    FRONT_PAGE,
    all_source_paths,
    claims_of,
    code_cells,
    lecture_claims,
    lesson_number,
    notebook_path,
    read_notebook,
    read_source,
    repository_address,
    same_cells,
    source_paths,
)
from make_notebooks import METADATA, WIDGET_MIME, fill_in, fill_in_readme, was_run
from pictures import is_fresh

import lessons_lib.models

ROOT = Path(__file__).resolve().parents[2]
SOURCES = source_paths()
lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
any_notebook = pytest.mark.parametrize("source", all_source_paths(), ids=lambda source: source.stem)
SECTIONS = ["You will be able to", "Builds on", "Predict first", "Where it breaks", "Try it", "Summary"]
SECTIONS += ["Glossary", "References", "Open in Colab", "Open on Binder"]
MACHINE = re.compile(r"/(home|root|Users|tmp|work|private)/|[A-Z]:\\\\Users|0x[0-9a-f]{8}")


def test_every_notebook_has_a_source():
    notebooks = {path.stem for path in (ROOT / "notebooks").glob("*.ipynb")}
    assert SOURCES and notebooks == {source.stem for source in all_source_paths()}


def test_front_page_is_no_lesson_and_comes_first():
    assert all_source_paths() == [FRONT_PAGE, *SOURCES] and FRONT_PAGE not in SOURCES


def test_front_page_was_run_where_all_was_well():
    outputs = [output for cell in code_cells(read_notebook(notebook_path(FRONT_PAGE))) for output in cell.outputs]
    text = "".join(output.get("text", "") for output in outputs)
    assert "✓ All is well" in text and "✗" not in text


@any_notebook
def test_pair_is_in_sync(source):
    assert same_cells(read_source(source), read_notebook(notebook_path(source))), "run: make notebooks"


@any_notebook
def test_was_run_from_top_to_bottom_without_error(source):
    assert was_run(read_notebook(notebook_path(source))), "run: make notebooks"


@any_notebook
def test_nothing_of_a_machine_or_a_session_is_stored(source):
    notebook = read_notebook(notebook_path(source))
    assert notebook.metadata == METADATA
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in read_source(source).cells]
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = json.dumps({**output, "data": {**output.get("data", {}), "image/png": ""}})
            assert not MACHINE.search(text), text[:500]
            assert WIDGET_MIME not in text
            assert "it/s]" not in text and "epoch/s]" not in text


@any_notebook
def test_addresses_and_tables_are_up_to_date(source):
    text = source.read_text(encoding="utf-8")
    assert fill_in(text, notebook_path(source).name) == text, "run: make notebooks"


@any_notebook
def test_colab_cell_is_a_command_that_a_shell_understands(source):
    (command,) = re.findall(r'system\(\s*"(.*?)"\s*\)', source.read_text(encoding="utf-8"))
    assert shlex.split(command)[-1] == f"git+{repository_address()}"


LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)|src=\"(?!https?:)([^\"]+)\"")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "notebooks/source/00_start_here.py"])
def test_links_and_pictures_lead_somewhere(name):
    page = ROOT / name
    folder = ROOT / "notebooks" if page == FRONT_PAGE else page.parent
    targets = [link or picture for link, picture in LINK.findall(page.read_text(encoding="utf-8"))]
    assert targets
    assert [target for target in targets if not (folder / target).exists()] == []


def test_readme_is_up_to_date():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert fill_in_readme(text) == text, "run: make notebooks"


@pytest.mark.parametrize("name", ["README.md", "notebooks/source/00_start_here.py"])
def test_tables_show_every_lesson(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    for source in SOURCES:
        facts = header(source)
        assert f"[**{facts.title}**](" in text and facts.question in text
        assert f"pictures/{source.stem}.png" in text


@lesson
def test_small_picture_is_the_lessons_own(source):
    assert is_fresh(source), "run: make notebooks"


def test_no_picture_of_a_lesson_that_is_gone():
    kept = {path.stem for path in (ROOT / "notebooks" / "pictures").glob("[0-9]*.png")}
    assert kept == {source.stem for source in SOURCES}


def test_students_see_lessons_and_no_tools_files():
    shown = {path.name for path in (ROOT / "notebooks").glob("[!.]*")}
    notebooks = {notebook_path(source).name for source in all_source_paths()}
    assert shown - notebooks - {"homework"} == {"source", "pictures"}


@lesson
def test_has_every_part_of_a_lesson(source):
    text = source.read_text(encoding="utf-8")
    assert [part for part in SECTIONS if part not in text] == []


@any_notebook
def test_cells_fit_on_a_projector(source):
    for cell in code_cells(read_source(source)):
        lines = cell.source.splitlines()
        assert len(lines) <= 25 and max(map(len, lines)) <= 90, cell.source


@lesson
def test_measures_every_claim_of_the_lecture(source):
    number = lesson_number(source)
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
        if record["kind"] == "experiment" and not record["seeds"]:
            assert record["recorded"] == figures, "run make notebooks ALL=1"
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
GENERALISED = {"GaussianMixture": "tests/unit/test_gmm.py", "ManyNetworks": "tests/unit/test_gan_games.py"}


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
