"""Prediction: the student answers before the cell that measures, then sees both side by side; all in the browser."""

import html

import anywidget
import ipywidgets
import numpy as np
import traitlets

from lessons_lib.arrays import as_real, shown
from lessons_lib.widgets.browser import STYLE, as_json, module_text

FEWEST, MOST = 2, 8  # options that can be told apart at a glance
STEPS = 200  # of the slider for a number, at most


class _Spoken(anywidget.AnyWidget):
    """A widget of words: where widgets don't run, its text stands in for it."""

    _esm = module_text("shared.js", "prediction.js")
    _css = STYLE
    part = traitlets.Unicode().tag(sync=True)  # which of the script's three views
    questions = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)  # that it looks at
    _ipython_display_ = None  # ipywidgets 7 (Colab) would use it in place of _repr_mimebundle_

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return data | {"text/plain": repr(self), "text/html": self.as_html()}, metadata

    def as_html(self) -> str:
        """Return what stands in for the widget where it can't run."""
        raise NotImplementedError

    def made_from(self) -> dict:
        """Return what the browser was given, as JSON can hold it: what it shows can be compared with this."""
        raise NotImplementedError


class Prediction(_Spoken):
    """A question to be answered before the next cell is run.

    The answer is kept in the browser, and through a second run of the cell. Nothing is shown of the
    measured figure until the student asks for it, below the cell that measures; no answer is no error.

    Parameters
    ----------
    question : str
        In plain words.
    options : sequence of str, or (low, high)
        From two to eight answers to choose from; or two numbers, between which a slider chooses one.
    unit : str
        Stands behind a number: ``"°"``, ``"nats"``.

    Attributes
    ----------
    answer : str, float or None
        What the student says now; None before that.

    Raises
    ------
    ValueError
        If the question is no text, or the options are neither texts nor two rising numbers.

    Examples
    --------
    >>> prediction = Prediction("How many units are enough?", ["2", "10", "30"])
    >>> comparison = prediction.reveal("10")
    """

    part = traitlets.Unicode("question").tag(sync=True)
    question = traitlets.Unicode().tag(sync=True)
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)  # empty for a number
    ends = traitlets.List(traitlets.Float()).tag(sync=True)  # low, high and step of a number
    unit = traitlets.Unicode().tag(sync=True)
    said = traitlets.Unicode("").tag(sync=True)  # the answer in words; empty before there is one
    outcome = traitlets.Unicode("").tag(sync=True)  # empty until revealed; then "right", "wrong" or "unanswered"

    _given: dict[tuple, str] = {}  # by question and options: an answer outlives a second run of its cell

    def __init__(self, question: str, options: list[str] | tuple[float, float], *, unit: str = "") -> None:
        if not isinstance(question, str) or not question.strip():
            raise ValueError(f"question is {shown(question)}; it must be text.")
        if not isinstance(unit, str):
            raise ValueError(f"unit is {shown(unit)}; it must be text.")
        texts, ends = _check_options(options)
        self._key = (question, *texts, *ends)
        super().__init__(question=question, options=texts, ends=ends, unit=unit, said=self._given.get(self._key, ""))
        self.observe(lambda change: self._given.update({self._key: change["new"]}), "said")

    @property
    def answer(self) -> str | float | None:
        """What the student says."""
        if not self.said:
            return None
        return self.said if self.options else float(self.said)

    def reveal(self, measured: str | float, *, within: float = 0.0) -> "Comparison":
        """Return what sets the student's answer and the measured one side by side, once the student asks.

        Parameters
        ----------
        measured : str or float
            One of the options, or a number.
        within : float
            How far from it a number still counts as right.

        Raises
        ------
        ValueError
            If it is none of the options, or no number.
        """
        if self.options:
            if measured not in self.options:
                raise ValueError(f"measured is {shown(measured)}; it must be one of {', '.join(self.options)}.")
            return Comparison(questions=[self], measured=measured)
        number = as_real("measured", measured, -np.inf)
        return Comparison(questions=[self], measured=repr(number), within=as_real("within", within, 0))

    def as_html(self) -> str:
        """Return the question and its answers."""
        answers = "".join(f"<li>{html.escape(option)}</li>" for option in self.options)
        body = f"<ul>{answers}</ul>" if answers else f"<p>a number from {html.escape(self._between())}</p>"
        return f"<p><b>Predict first:</b> {html.escape(self.question)}</p>{body}"

    def made_from(self) -> dict:
        """Return the question and what can be answered."""
        return as_json(self, "question", "options", "ends", "unit")

    def _between(self) -> str:
        """Return the two ends of a number, as the browser writes numbers: four digits, and no 6e+04."""
        space = " " if self.unit[:1].isalpha() else ""
        return " to ".join(f"{float(f'{end:.4g}'):.15g}{space}{self.unit}" for end in self.ends[:2])

    def __repr__(self) -> str:
        """Return the text alternative."""
        answers = " / ".join(self.options) or self._between()
        return f"Prediction: {self.question} ({answers}; run the cell to answer)"


class Comparison(_Spoken):
    """The student's answer beside the measured one, behind a button."""

    part = traitlets.Unicode("comparison").tag(sync=True)
    measured = traitlets.Unicode().tag(sync=True)
    within = traitlets.Float(0.0).tag(sync=True)

    def as_html(self) -> str:
        """Return nothing that gives the figure away: the cells above print it."""
        return "<p><i>(Here your prediction is compared with what was measured; run the notebook to see it.)</i></p>"

    def made_from(self) -> dict:
        """Return what was measured, and the question."""
        return as_json(self, "measured", "within") | {"question": self.questions[0].made_from()}

    def __repr__(self) -> str:
        """Return the text alternative."""
        return "Comparison of your prediction with what was measured (run the cell, then ask for it)"


class PredictionCount(_Spoken):
    """How many predictions were made, and how many came out as measured: the last line of a lesson.

    Parameters
    ----------
    *predictions : Prediction
        In the order of the lesson.
    """

    part = traitlets.Unicode("count").tag(sync=True)

    def __init__(self, *predictions: Prediction) -> None:
        if not predictions or not all(isinstance(prediction, Prediction) for prediction in predictions):
            raise ValueError(f"predictions is {shown(predictions)}; it must be one Prediction or more.")
        super().__init__(questions=list(predictions))

    def as_html(self) -> str:
        """Return the number of questions."""
        return f"<p>This lesson asked for {len(self.questions)} predictions.</p>"

    def made_from(self) -> dict:
        """Return the questions that are counted."""
        return {"questions": [question.made_from() for question in self.questions]}

    def __repr__(self) -> str:
        """Return the text alternative."""
        return f"PredictionCount: {len(self.questions)} predictions (run the cell to see how many came out as you said)"


def _check_options(options: object) -> tuple[list[str], list[float]]:
    """Return the texts, or low, high and step of a number's slider; the other is empty."""
    if isinstance(options, tuple) and len(options) == 2 and not any(isinstance(end, str) for end in options):
        low, high = (as_real(f"options[{i}]", end, -np.inf) for i, end in enumerate(options))
        if not low < high:
            raise ValueError(f"options is {shown(options)}; a number's two ends must rise.")
        step = 10.0 ** np.ceil(np.log10((high - low) / STEPS))
        return [], [low, high, float(step)]
    if not isinstance(options, list | tuple) or not all(
        isinstance(option, str) and option.strip() for option in options
    ):
        raise ValueError(f"options is {shown(options)}; it must be a list of texts, or two numbers (low, high).")
    if not FEWEST <= len(options) <= MOST or len(set(options)) != len(options):
        raise ValueError(f"options is {shown(options)}; it must be {FEWEST} to {MOST} texts that differ.")
    return list(options), []
