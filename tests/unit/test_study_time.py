"""Minutes of study: the formula, on small notebooks counted by hand."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from study_time import fill_in_minutes, minutes, prose, words

from lessons_lib import widgets


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("Three plain words.", 3),
        ("## 1 · A *heading*, with 2 marks", 6),
        ("[two words](https://example.org/not-read) and <b>bold</b><br><!-- hidden\nwords -->", 4),
        ("Not <img src='a.png' width=160> read, x < y and y > x is.", 8),
        ("| a | b c |\n|---|:--|\n| d | e |", 5),
        ("- a point\n- (in brackets) – another", 5),
        ("`code(of, words)` and 中文", 4),
        ("where $x$ is", 3),
        (r"$$\log p(x) = -\frac12 \left(z^2 + 1\right)$$", 11),  # log p x = - frac 12 z 2 + 1
        (r"$\mathbf{x}_i \in \mathbb{R}^{28}$ and $\text{KL}\,(q\|p)$", 9),  # x i in R 28 and KL q p
        (r"costs \$5 or \$6", 4),
    ],
)
def test_words_are_counted_as_by_hand(text, count):
    assert words(text) == count


def test_glossary_is_looked_up_and_not_read():
    cells = [new_markdown_cell(text) for text in ("one two", "three\n\n**Glossary**\n\nfour", "five")]
    assert prose(new_notebook(cells=cells)).split() == ["one", "two", "three"]


def test_minutes_are_words_lines_widgets_and_predictions():
    folded = {"tags": ["figure"]}
    text, line = new_markdown_cell("word " * 260), new_code_cell("x = 1\n\n    \n# a comment\n" * 10)
    widget = "FramePlayer(frames)\nwidgets.LatentExplorer(decoder)"
    question = 'one = Prediction("which?", ["a", "b"])'
    for cells, wanted in [
        ([], 0),
        ([text], 2),
        ([line], 2),
        ([new_code_cell(line.source, metadata=folded)], 0),
        ([new_code_cell(widget, metadata=folded)], 4),
        ([new_code_cell(question, metadata=folded)], 1),
        ([new_code_cell("one.reveal(1)\nPredictionCount(one)\nFramePlayer", metadata=folded)], 0),
        ([text, line, new_code_cell(widget), new_code_cell(question)], 9),  # and three lines of a third of a minute
    ]:
        assert minutes(new_notebook(cells=cells)) == wanted, cells


def test_every_widget_to_explore_counts():
    names = [name for name in widgets.__all__ if not name.startswith("Prediction")]
    assert len(names) >= 4
    code = new_code_cell("\n".join(f"{name}()" for name in names), metadata={"tags": ["figure"]})
    assert minutes(new_notebook(cells=[code])) == 2 * len(names)


def test_minutes_go_into_the_header_once():
    notebook = new_notebook(cells=[new_markdown_cell("word " * 1300)])
    text = "# 35 minutes to read, half a minute to run\n# not 3 minutes to study\n"
    filled = fill_in_minutes(text, notebook)
    assert filled == "# 10 minutes to study, half a minute to run\n# not 3 minutes to study\n"
    assert fill_in_minutes(filled, notebook) == filled
    assert fill_in_minutes("a page without a header", notebook) == "a page without a header"
