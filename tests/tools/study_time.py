"""How long it takes to study a lesson, by one formula: make notebooks writes it into the lesson's header."""

import ast
import re

from lesson_files import code_cells, is_folded
from nbformat import NotebookNode

from lessons_lib import widgets

WORDS = 130  # read in a minute
LINES = 10  # of code, in a minute
MINUTES_A_WIDGET = 2
MINUTES_A_PREDICTION = 1
LONGEST = 45  # minutes; a longer lesson is split
LOOKED_UP = "**Glossary**"  # from here on a lesson is looked up, not read
EXPLORED = set(widgets.__all__) - {"Prediction", "PredictionCount"}
HEADER = re.compile(r"\d+ minutes to (?:read|study)")

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
LAYOUT = re.compile(r"\\(?:begin|end)\{.*?\}|\\(?:left|right|q?quad|text\w*|math\w*)(?![A-Za-z])|\\[^A-Za-z]")
SYMBOL = re.compile(r"\\[A-Za-z]+|[A-Za-z]+|\d+(?:\.\d+)?|[-+=/<>|*!]")  # what one says aloud, so no brackets
NOT_READ = re.compile(r"<!--.*?-->|<[A-Za-z/][^<>]*>|(?<=\])\([^)\s]*\)|^[|:\s-]+$", re.DOTALL | re.MULTILINE)
WORD = re.compile(r"\S*\w\S*")


def minutes(notebook: NotebookNode) -> int:
    """Return the whole minutes that a lesson takes to study: prose, code that is not folded, widgets, predictions."""
    called = [name for cell in code_cells(notebook) for name in calls(cell.source)]
    shown = [line for cell in code_cells(notebook) if not is_folded(cell) for line in cell.source.splitlines()]
    lines = sum(bool(line.strip()) for line in shown)
    return round(
        words(prose(notebook)) / WORDS
        + lines / LINES
        + MINUTES_A_WIDGET * sum(name in EXPLORED for name in called)
        + MINUTES_A_PREDICTION * called.count("Prediction")
    )


def prose(notebook: NotebookNode) -> str:
    """Return what a student reads from the top to the glossary."""
    text = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    return text.split(LOOKED_UP)[0]


def words(text: str) -> int:
    """Return how many words a text in Markdown has; in a formula each symbol is one."""
    formulas = [one or other for one, other in FORMULA.findall(text)]
    text = NOT_READ.sub(" ", FORMULA.sub(" ", text))
    symbols = sum(len(SYMBOL.findall(LAYOUT.sub(" ", formula))) for formula in formulas)
    return len(WORD.findall(text)) + symbols


def fill_in_minutes(text: str, notebook: NotebookNode) -> str:
    """Write the minutes into a lesson's header, if the text has one."""
    return HEADER.sub(f"{minutes(notebook)} minutes to study", text, count=1)


def calls(source: str) -> list[str]:
    """Return the names of all that a cell's code calls: of ``FramePlayer(…)``, and of ``widgets.FramePlayer(…)``."""
    functions = [node.func for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    return [getattr(function, "id", getattr(function, "attr", "")) for function in functions]
