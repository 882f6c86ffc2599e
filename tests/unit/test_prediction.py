"""Prediction, Python's side: what it takes, what it keeps, and that nothing is given away."""

import ipywidgets
import numpy as np
import pytest

from lessons_lib.widgets import Prediction, PredictionCount

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def start_anew():
    Prediction._given.clear()
    yield
    ipywidgets.Widget.close_all()


def choice(**options):
    return Prediction("How many units are enough?", ["2", "10", "30"], **options)


def number():
    return Prediction("How large is the angle?", (0, 90), unit="°")


def test_an_answer_is_kept_and_outlives_a_second_run_of_its_cell():
    prediction = choice()
    assert prediction.answer is None
    prediction.set_state({"said": "10"})  # what the browser sends
    assert prediction.answer == "10" and choice().answer == "10"
    assert Prediction("Another question?", ["2", "10", "30"]).answer is None
    angle = number()
    angle.set_state({"said": "12.5"})
    assert angle.answer == 12.5 and number().answer == 12.5


def test_what_was_measured_is_not_in_the_question_nor_in_what_stands_in_for_it():
    prediction = number()
    comparison = prediction.reveal(41.75, within=5)
    assert "41.75" not in str(prediction.get_state()) and prediction.outcome == ""
    for widget in (prediction, comparison):
        data, _ = widget._repr_mimebundle_()
        assert data[VIEW_MIME]["model_id"] == widget.model_id
        assert "41.75" not in data["text/plain"] + data["text/html"]
    assert comparison.measured == "41.75" and comparison.within == 5


def test_words_stand_in_where_widgets_do_not_run():
    html = Prediction("Is 1 < 2?", ["yes", "<b>no</b>"])._repr_mimebundle_()[0]["text/html"]
    assert "Is 1 &lt; 2?" in html and "<li>yes</li>" in html and "&lt;b&gt;no" in html
    assert "from 0° to 90°" in number()._repr_mimebundle_()[0]["text/html"]
    assert repr(choice()).startswith("Prediction: How many units are enough? (2 / 10 / 30;")
    assert "2 predictions" in repr(PredictionCount(choice(), number()))


def test_says_what_it_was_made_from():
    asked = number().made_from()
    assert asked == {"question": "How large is the angle?", "options": [], "ends": [0, 90, 1], "unit": "°"}
    assert choice().made_from()["options"] == ["2", "10", "30"]
    assert number().reveal(41.75, within=5).made_from() == {"measured": "41.75", "within": 5, "question": asked}
    assert PredictionCount(choice(), number()).made_from() == {"questions": [choice().made_from(), asked]}


def test_large_numbers_are_written_out():
    prediction = Prediction("How many?", (0, 60_000_000), unit="images")
    assert "from 0 images to 60000000 images" in prediction.as_html()
    assert "0 images to 60000000 images" in repr(prediction)


def test_no_answer_is_no_error():
    assert choice().reveal("30").measured == "30" and PredictionCount(choice()).questions


def test_ends_and_step_of_a_number_are_round():
    low, high, step = Prediction("How many?", (np.int64(0), np.float32(30))).ends
    assert (low, high) == (0, 30) and step == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Prediction("", ["a", "b"]), "question is ''"),
        (lambda: Prediction(3, ["a", "b"]), "question is 3"),
        (lambda: Prediction("?", "ab"), "options is 'ab'"),
        (lambda: Prediction("?", ["a"]), "options is .* 2 to 8 texts"),
        (lambda: Prediction("?", list("abcdefghi")), "options is .* 2 to 8 texts"),
        (lambda: Prediction("?", ["a", "a"]), "options is .* that differ"),
        (lambda: Prediction("?", ["a", ""]), "options is "),
        (lambda: Prediction("?", [1, 2]), r"options is \[1, 2\]"),
        (lambda: Prediction("?", (2, 1)), r"options is \(2, 1\)"),
        (lambda: Prediction("?", (0, np.nan)), r"options\[1\] is nan"),
        (lambda: Prediction("?", None), "options is None"),
        (lambda: Prediction("?", ["a", "b"], unit=3), "unit is 3"),
        (lambda: choice().reveal("20"), "measured is '20'; it must be one of 2, 10, 30"),
        (lambda: choice().reveal(10), "measured is 10"),
        (lambda: number().reveal("many"), "measured is 'many'"),
        (lambda: number().reveal(np.nan), "measured is nan"),
        (lambda: number().reveal(3, within=-1), "within is -1"),
        (lambda: PredictionCount(), "predictions is "),
        (lambda: PredictionCount("a"), "predictions is "),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        call()
    assert "\n" not in str(refusal.value)
