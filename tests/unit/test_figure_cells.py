"""Cells tagged `figure`: their code only draws, so the tools fold it, in the notebook and not in its source."""

import dis
from types import CodeType

import pytest
from lesson_files import FOLDED, is_folded, keep_tags, read_source, run, same_cells, source_paths, write_source
from make_notebooks import normalise
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SOURCE = """\
# %% [markdown] tags=["figure"]
# Words are never folded.

# %%
x = 1

# %% tags=["figure", "opening"]
print(x)
"""


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "07_name.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def test_drawing_code_is_folded_in_the_notebook(source):
    words, teaching, drawing = read_source(source).cells
    assert words.metadata == {"tags": ["figure"]} and teaching.metadata == {}
    assert drawing.metadata == {"tags": ["figure", "opening"], "jupyter": {"source_hidden": True}, "cellView": "form"}


def test_normalised_notebook_is_folded_again(source):
    notebook = read_source(source)
    notebook.cells[1].metadata = {"collapsed": True, "jupyter": {"source_hidden": True}}  # a student's clicks
    notebook.cells[2].metadata = {"tags": ["figure", "opening"], "jupyter": {"source_hidden": False}}
    assert same_cells(notebook, read_source(source))
    normalise(notebook)
    assert [cell.metadata for cell in notebook.cells] == [cell.metadata for cell in read_source(source).cells]


def test_run_keeps_the_folds(source):
    finished = run(read_source(source)).notebook
    assert [cell.metadata for cell in finished.cells] == [cell.metadata for cell in read_source(source).cells]


def test_only_tags_go_into_the_source(source):
    notebook = normalise(read_source(source))
    write_source(notebook, source)
    text = source.read_text(encoding="utf-8")
    assert 'tags=["figure", "opening"]' in text and same_cells(notebook, read_source(source))
    assert [word for word in ("source_hidden", *FOLDED) if word in text.split("# %%", 1)[1]] == []
    assert notebook.cells[2].metadata["cellView"] == "form"  # the notebook itself stays folded


# What a figure cell assigns


USES = {"LOAD_NAME", "LOAD_GLOBAL"}
BINDS = {"STORE_NAME", "STORE_GLOBAL"}


def names(code: CodeType):
    """Yield (instruction, name) for a cell's names, as they are met when it runs from top to bottom.

    Python's own compiler tells them from the names inside functions, classes and comprehensions.
    """
    for instruction in dis.get_instructions(code):
        if instruction.opname in USES | BINDS:
            yield instruction.opname, instruction.argval
        elif isinstance(instruction.argval, CodeType):
            inner = list(names(instruction.argval))
            of_a_class = {name for operation, name in inner if operation == "STORE_NAME"}
            yield from ((operation, name) for operation, name in inner if name not in of_a_class)


def taken_from_figures(notebook: NotebookNode) -> list[str]:
    """Return the names that a figure cell assigns last before a cell that isn't folded uses them."""
    drawn, taken = set(), []
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        for operation, name in names(compile(cell.source, "cell", "exec")):
            if operation in USES and name in drawn and not is_folded(cell):
                taken.append(name)
            elif operation in BINDS:
                (drawn.add if is_folded(cell) else drawn.discard)(name)
    return taken


def notebook_of(*cells):
    """Cells of code; those that begin with "figure:" are tagged so."""
    tagged = [(text.removeprefix("figure:"), ["figure"] if text.startswith("figure:") else []) for text in cells]
    cells = [new_code_cell(text, metadata={"tags": tags}) for text, tags in tagged]
    return keep_tags(new_notebook(cells=[new_markdown_cell("# 07"), *cells]))


@pytest.mark.parametrize(
    "drawing",
    [
        "a = 1",
        "a: int = 1",
        "(b, [*a]) = 1, 2",
        "for a in range(3):\n    pass",
        "with open('x') as a:\n    pass",
        "import a",
        "import numpy as a",
        "from numpy import pi as a",
        "def a():\n    pass",
        "class a:\n    pass",
        "print(a := 1)",
        "[a := i for i in range(3)]",
        "if True:\n    a = 1",
        "a = 0\na += 1",
    ],
)
def test_whatever_a_figure_cell_binds_is_seen(drawing):
    assert taken_from_figures(notebook_of(f"figure:{drawing}", "x = 1", "print(a)")) == ["a"]
    assert taken_from_figures(notebook_of(f"figure:{drawing}", "figure:print(a)", "x = 1")) == []
    assert taken_from_figures(notebook_of(drawing, "figure:print(a)", "print(a)")) == []


@pytest.mark.parametrize(
    "teaching",
    [
        "a.x = 1",
        "a[0] = 1",
        "a += 1",
        "b = a",
        "a = a + 1",
        "def f(b=a):\n    pass",
        "def f():\n    def g():\n        return a\n    return g",
        "class C:\n    b = a",
        "class C:\n    a = 1\nprint(a)",
        "class C:\n    def f(self):\n        return a",
        "[a for i in x]",
        "[[a for j in i] for i in x]",
        "lambda: a",
        "f'{a}'",
        "for i in a:\n    pass",
        "with a:\n    pass",
        "@a\ndef f():\n    pass",
    ],
)
def test_whatever_uses_a_name_is_seen(teaching):
    assert taken_from_figures(notebook_of("figure:a = 1", teaching)) == ["a"]
    assert taken_from_figures(notebook_of("figure:a = 1", "a = 2", teaching)) == []
    assert taken_from_figures(notebook_of("a = 2", "figure:a = 1", teaching)) == ["a"]


@pytest.mark.parametrize(
    "teaching",
    [
        "a = 1\nprint(a)",
        "for a in range(3):\n    print(a)",
        "with x as a:\n    print(a)",
        "def f(a):\n    return a",
        "def f(a):\n    return [a for i in range(3)]",
        "def f():\n    a = 1\n    return a",
        "lambda a: a",
        "[a for a in range(3)]",
        "{a: b for a, b in x}",
        "class C:\n    a = 1\n    b = a",
        "b.a = 1",
        "f(a=1)",
        "'a'",
        "import a\na.b()",
    ],
)
def test_another_thing_of_the_same_name_is_no_use(teaching):
    assert taken_from_figures(notebook_of("figure:a = 1", teaching)) == []


@pytest.mark.parametrize("source", source_paths(), ids=lambda source: source.stem)
def test_no_cell_of_a_lesson_needs_what_a_figure_assigned(source):
    assert taken_from_figures(read_source(source)) == []
