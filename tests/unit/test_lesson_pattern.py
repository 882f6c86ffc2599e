"""What makes a lesson one: its length, its claims, its predictions and its opening."""

import ast
import re

import pytest
from front_page import header
from lesson_files import (
    claims_of,
    code_cells,
    is_folded,
    lesson_number,
    notebook_path,
    read_notebook,
    read_source,
    source_paths,
)
from nbformat.v4 import new_code_cell, new_notebook
from pictures import opening_cells, opening_is_fresh
from study_time import LONGEST, calls, minutes

from lessons_lib import session

SOURCES = source_paths()
lesson = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)


@lesson
def test_header_says_how_long_it_takes(source):
    assert header(source).study == f"{minutes(read_source(source))} minutes", "run: make notebooks"


@lesson
def test_is_studied_in_one_sitting(source):
    assert minutes(read_source(source)) <= LONGEST


@lesson
def test_claims_are_few_and_three_could_have_come_out_otherwise(source):
    kinds = [record["kind"] for record in claims_of(read_notebook(notebook_path(source)))]
    assert len(kinds) <= 12 and kinds.count("experiment") >= 3


@lesson
def test_shows_its_opening_at_the_top(source):
    notebook, number = read_notebook(notebook_path(source)), lesson_number(source)
    assert len(opening_cells(notebook)) == 1
    assert opening_is_fresh(source, notebook), "run: make notebooks ALL=1"
    setup = code_cells(notebook)[0]
    assert f'opening="{number}"' in setup.source
    assert setup.outputs[0].data == session.opening_picture(number), "run: make notebooks ALL=1"


def test_no_opening_of_a_lesson_that_is_gone():
    kept = {path.name for path in session.OPENINGS.glob("*")}
    assert kept <= {f"{lesson_number(source)}.png" for source in SOURCES}


# Predictions


def faults(notebook):
    """Return what is wrong with a lesson's predictions: each is asked, revealed and counted, once, and shown."""
    found, asked, revealed, counted = [], [], [], []
    for cell in code_cells(notebook):
        statements = [ast.unparse(statement) for statement in ast.parse(cell.source).body]
        called, last = calls(cell.source), statements[-1] if statements else ""
        questions = [match[1] for line in statements if (match := re.match(r"(\w+) = Prediction\(", line))]
        if called.count("Prediction") and questions != [last]:
            found.append(f"one question a cell, with a name, which ends the cell: {cell.source}")
        asked += questions
        if called.count("reveal"):
            match = re.match(r"(\w+)\.reveal\(", last)
            if called.count("reveal") > 1 or not match or match[1] not in set(asked) - set(questions):
                found.append(f"one answer a cell, which ends it, below its question's cell: {cell.source}")
            else:
                revealed.append(match[1])
        if called.count("PredictionCount"):
            match = re.fullmatch(r"PredictionCount\(([\w, ]*)\)", last)
            counted.append(match[1].split(", ") if match else [])
            if sorted(revealed) != sorted(asked):
                found.append(f"the count comes behind all answers: {cell.source}")
    if not 3 <= len(asked) <= 6 or len(set(asked)) != len(asked):
        found.append(f"three to six questions, each with a name of its own: {asked}")
    if sorted(revealed) != sorted(asked):
        found.append(f"asked: {asked}; revealed: {revealed}")
    if counted != [asked]:
        found.append(f"one count of all, in their order: {counted}, asked: {asked}")
    return found


def notebook_of(*cells):
    return new_notebook(cells=[new_code_cell(text) for text in cells])


ASK = ['{0} = Prediction("which?", ["a", "b"])\n{0}', "measure()", "best = 1\n{0}.reveal(best, within=2)"]
GOOD = [text.format(name) for name in ("one", "two", "three") for text in ASK]
GOOD.append("from lessons_lib.widgets import PredictionCount\n\nPredictionCount(one, two, three)")


def test_good_predictions_have_no_fault():
    assert faults(notebook_of(*GOOD)) == []
    assert faults(notebook_of(GOOD[0], GOOD[3], *GOOD[1:3], *GOOD[4:])) == []  # asked together, answered later


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (0, "measure()"),  # never asked
        (0, 'one = Prediction("which?", ["a", "b"])'),  # not shown
        (0, 'Prediction("which?", ["a", "b"])'),  # no name
        (0, GOOD[0] + "\n" + GOOD[3]),  # two at once
        (0, 'one = Prediction("which?", ["a", "b"])\none\nprint()'),
        (2, "measure()"),  # never revealed
        (2, "one.reveal(1)\nprint()"),  # not shown
        (2, "two.reveal(1)"),  # before it is asked, and twice
        (5, "one.reveal(1)"),  # twice
        (5, "one.reveal(1)\ntwo.reveal(1)"),
        (2, "answer = one.reveal(1)"),
        (3, GOOD[3] + "\ntwo.reveal(1)"),  # in the cell that asks
        (9, "measure()"),  # never counted
        (9, "PredictionCount(one, two)"),
        (9, "PredictionCount(one, two, three, three)"),
        (9, "PredictionCount(one, two, three)\nprint()"),  # not shown
        (8, "PredictionCount(one, two, three)"),  # twice, and before the last answer
    ],
)
def test_each_fault_of_predictions_is_found(place, text):
    assert faults(notebook_of(*GOOD[:place], text, *GOOD[place + 1 :]))


@pytest.mark.parametrize("number", [0, 2, 7])
def test_number_of_predictions_has_limits(number):
    names = [f"question{i}" for i in range(number)]
    cells = [text.format(name) for name in names for text in ASK]
    assert any(fault.startswith("three to six") for fault in faults(notebook_of(*cells)))


@lesson
def test_predictions_are_asked_revealed_and_counted(source):
    assert faults(read_source(source)) == []


@lesson
def test_questions_and_comparisons_are_folded(source):
    asking = {"Prediction", "reveal", "PredictionCount"}
    cells = [cell for cell in code_cells(read_source(source)) if asking & set(calls(cell.source))]
    assert cells and [cell.source for cell in cells if not is_folded(cell)] == []
