"""claim(): shown on every run, and raised exactly when a bound is broken."""

import json
import math
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib import claims
from lessons_lib.claims import CLAIM_MIME, ClaimFailed, claim

FIGURES = st.floats(-1e6, 1e6)


def run(*arguments, recorded=None, number="C02", sentence="Seven is more than five.", **options):
    """Return what a claim displays, and the error that it raises or None."""
    shown = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "display", lambda bundle, raw: shown.append((bundle, raw)))
        patch.setattr(claims, "_recorded", lambda: recorded or {})
        try:
            claim(number, sentence, *arguments, **options)
            error = None
        except ClaimFailed as failure:
            error = failure
    assert len(shown) == 1 and shown[0][1] is True
    return shown[0][0], error


def html_text(bundle):
    """Return the words of the HTML, which must be well formed."""
    return "".join(ElementTree.fromstring(bundle["text/html"].replace("&ensp;", " ")).itertext())


@pytest.mark.parametrize(
    ("measured", "bounds", "holds"),
    [
        (5, {"at_least": 5}, True),
        (5, {"at_most": 5}, True),
        (math.nextafter(5, 0), {"at_least": 5}, False),
        (math.nextafter(5, 9), {"at_most": 5}, False),
        (5, {"at_least": 5, "at_most": 5}, True),
        (4, {"at_least": 3, "at_most": 5}, True),
        (2, {"at_least": 3, "at_most": 5}, False),
        (6, {"at_least": 3, "at_most": 5}, False),
        (0, {"at_least": 0}, True),
        (-1, {"at_least": 0}, False),
    ],
)
def test_bound_belongs_to_what_holds(measured, bounds, holds):
    bundle, error = run(measured, **bounds)
    assert (error is None) == holds
    assert bundle[CLAIM_MIME]["holds"] == holds


def test_every_seed_must_hold():
    assert run(7, at_least=5, seeds=[6, 5, 8])[1] is None
    bundle, error = run(7, at_least=5, seeds=[6, 4.5, 8])
    assert "seeds[1] = 4.5" in str(error) and "seeds[0]" not in str(error)
    assert not bundle[CLAIM_MIME]["holds"]


def test_control_must_break_the_bound():
    assert run(7, at_least=5, control=("four", 4))[1] is None
    _, error = run(7, at_least=5, control=("five", 5))
    assert "proves nothing" in str(error) and "five" in str(error)


def test_control_outside_either_of_two_bounds_will_do():
    assert run(4, at_least=3, at_most=5, control=("two", 2))[1] is None
    assert run(4, at_least=3, at_most=5, control=("six", 6))[1] is None
    assert run(4, at_least=3, at_most=5, control=("five", 5))[1] is not None


def test_claim_that_proves_nothing_is_not_shown_as_holding():
    bundle, _ = run(7, at_least=5, control=("five", 5))
    assert not bundle[CLAIM_MIME]["holds"]
    assert "✓" not in bundle["text/plain"]


def test_failure_names_claim_figure_bound_and_sentence():
    _, error = run(3.25, number="C15a", at_least=5, unit="nats")
    for word in ("C15a", "3.25 nats", "at least 5 nats", "Seven is more than five."):
        assert word in str(error)
    assert isinstance(error, AssertionError)


@settings(max_examples=150, deadline=None)
@given(
    measured=FIGURES,
    low=st.none() | FIGURES,
    high=st.none() | FIGURES,
    seeds=st.lists(FIGURES, max_size=4),
    control=st.none() | FIGURES,
)
def test_raises_exactly_when_a_bound_is_broken(measured, low, high, seeds, control):
    if low is None and high is None:
        low = measured
    low_end, high_end = -math.inf if low is None else low, math.inf if high is None else high
    figures_hold = min([measured, *seeds]) >= low_end and max([measured, *seeds]) <= high_end
    control_breaks = control is None or control < low_end or control > high_end
    named = None if control is None else ("control", control)
    bundle, error = run(measured, at_least=low, at_most=high, seeds=seeds or None, control=named)
    assert (error is None) == (figures_hold and control_breaks)
    assert html_text(bundle)
    assert json.loads(json.dumps(bundle[CLAIM_MIME], allow_nan=False))["measured"] == measured


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, -math.inf, None, [], "many", np.array([]), torch.tensor([]), torch.ones(2), 1j],
    ids=str,
)
def test_what_is_not_one_finite_number_is_refused(value):
    with pytest.raises(ValueError, match="^measured is "):
        claim("C02", "It is.", value, at_least=5)
    with pytest.raises(ValueError, match=r"^seeds\[1\] is "):
        claim("C02", "It is.", 7, at_least=5, seeds=[7, value])
    with pytest.raises(ValueError, match="^control is "):
        claim("C02", "It is.", 7, at_least=5, control=("nothing", value))
    if value is not None:
        with pytest.raises(ValueError, match="^at_least is "):
            claim("C02", "It is.", 7, at_least=value)
        with pytest.raises(ValueError, match="^at_most is "):
            claim("C02", "It is.", 7, at_most=value)


def test_claim_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="^C02 has no bound"):
        claim("C02", "It is.", 7)


@pytest.mark.parametrize("number", ["", "02", "C2", "C123", "c02", "C02ab", "C02A", " C02", "C02\n", "C02-a"])
def test_malformed_number_is_refused(number):
    with pytest.raises(ValueError, match="^number is "):
        claim(number, "It is.", 7, at_least=5)


@pytest.mark.parametrize("number", ["C00", "C02", "C15a", "C99z"])
def test_well_formed_number_is_taken(number):
    assert run(7, number=number, at_least=5)[0][CLAIM_MIME]["number"] == number


def test_refused_claim_shows_nothing(monkeypatch):
    monkeypatch.setattr(claims, "display", lambda *_, **__: pytest.fail("displayed"))
    with pytest.raises(ValueError):
        claim("C02", "It is.", math.nan, at_least=5)


def test_empty_list_of_seeds_is_refused():
    with pytest.raises(ValueError, match="^seeds"):
        run(7, at_least=5, seeds=[])


@pytest.mark.parametrize("bad", [{"at_least": "5"}, {"control": 4}, {"control": ()}, {"seeds": 3}], ids=str)
def test_argument_of_another_type_is_named(bad):
    with pytest.raises(ValueError, match=f"^{next(iter(bad))} "):
        run(7, **{"at_least": 5} | bad)


@pytest.mark.parametrize("kind", [int, np.float32, np.int64, torch.tensor])
def test_figures_of_any_kind_become_plain_numbers(kind):
    record = run(kind(7), at_least=5, seeds=np.array([6, 8]), control=("four", kind(4)))[0][CLAIM_MIME]
    assert json.loads(json.dumps(record))["measured"] == 7.0
    assert record["seeds"] == [6.0, 8.0] and record["control"] == ["four", 4.0]


@pytest.mark.parametrize("kind", [np.float32, np.int64, torch.tensor])
def test_bounds_of_any_kind_become_plain_numbers(kind):
    record = run(kind(7), at_least=kind(5), at_most=kind(9))[0][CLAIM_MIME]
    assert json.loads(json.dumps(record))["at_least"] == 5.0


def test_display_has_text_html_and_the_record():
    bundle, _ = run(
        7.12345, number="C15a", at_least=5, at_most=9, seeds=[6.5, 7.5], control=("four", 4.25), unit="nats"
    )
    assert set(bundle) == {"text/plain", "text/html", CLAIM_MIME}
    words = ["C15a", "Seven is more than five.", "7.123 nats", "at least 5 nats", "at most 9 nats", "four", "4.25 nats"]
    for text in (bundle["text/plain"], html_text(bundle)):
        assert all(word in text for word in [*words, "6.5 to 7.5"])
        assert "✓" in text
    assert "\n" not in bundle["text/plain"]
    assert bundle[CLAIM_MIME] == {
        "number": "C15a",
        "sentence": "Seven is more than five.",
        "measured": 7.12345,
        "seeds": [6.5, 7.5],
        "at_least": 5,
        "at_most": 9,
        "control": ["four", 4.25],
        "unit": "nats",
        "holds": True,
        "recorded": [],
    }


def test_failed_claim_is_shown_before_it_raises():
    bundle, error = run(3, at_least=5)
    assert error is not None
    for text in (bundle["text/plain"], html_text(bundle)):
        assert "✗" in text and "✓" not in text and "3" in text


def test_units_stand_as_one_writes_them():
    assert "7°" in run(7, at_least=5, unit="°")[0]["text/plain"]
    assert "7 nats" in run(7, at_least=5, unit="nats")[0]["text/plain"]
    assert "7 " in run(7, at_least=5)[0]["text/plain"]


@settings(max_examples=30, deadline=None)
@given(text=st.text(st.sampled_from("ab <>&\"'/"), min_size=1, max_size=20))
def test_markup_in_words_is_shown_as_written(text):
    bundle, _ = run(7, sentence=f"x{text}x", at_least=5, control=(f"y{text}y", 4))
    assert f"x{text}x" in html_text(bundle) and f"y{text}y" in html_text(bundle)
    assert f"x{text}x" in bundle["text/plain"]


def test_markup_in_the_unit_is_shown_as_written():
    assert "7<&" in html_text(run(7, at_least=5, unit="<&")[0])


def test_recorded_spread_is_shown_where_no_seeds_are_given():
    recorded = {"C02": {"measured": [6.25, 9.75, 8]}, "C03": {"measured": [1, 2]}}
    bundle, error = run(7, at_least=5, recorded=recorded)
    assert error is None
    assert "6.25 to 9.75" in bundle["text/plain"] and "6.25 to 9.75" in html_text(bundle)
    assert bundle[CLAIM_MIME]["recorded"] == [6.25, 9.75, 8]
    bundle, _ = run(7, at_least=5, seeds=[6, 8], recorded=recorded)
    assert "6 to 8" in bundle["text/plain"] and bundle[CLAIM_MIME]["recorded"] == []
    bundle, _ = run(7, number="C04", at_least=5, recorded=recorded)
    assert "other seeds" not in bundle["text/plain"] + html_text(bundle)


@pytest.fixture
def records_file(tmp_path, monkeypatch):
    """A place of its own for the recorded figures."""
    monkeypatch.setattr(claims, "RECORDED", tmp_path / "recorded.json")
    claims._recorded.cache_clear()
    yield tmp_path / "recorded.json"
    claims._recorded.cache_clear()


def test_recorded_figures_come_from_the_committed_file(records_file, monkeypatch):
    records_file.write_text('{"C02": {"measured": [6, 8]}}', encoding="utf-8")
    shown = []
    monkeypatch.setattr(claims, "display", lambda bundle, raw: shown.append(bundle[CLAIM_MIME]["recorded"]))
    claim("C02", "It is.", 7, at_least=5)
    claim("C03", "It is.", 7, at_least=5)
    assert shown == [[6, 8], []]


def test_claim_does_without_the_file(records_file, monkeypatch):
    shown = []
    monkeypatch.setattr(claims, "display", lambda bundle, raw: shown.append(bundle[CLAIM_MIME]["recorded"]))
    claim("C02", "It is.", 7, at_least=5)
    assert shown == [[]]


def strip_shapes(bundle):
    """Return the kinds of marks in the small drawing, and their positions."""
    drawing = ElementTree.fromstring(bundle["text/html"].replace("&ensp;", " ")).find(".//svg")
    if drawing is None:
        return None
    bounds = [float(line.get("x1")) for line in drawing.iter("line")]
    dots = [float(dot.get("cx")) for dot in drawing.iter("circle")]
    return bounds, dots, len(list(drawing.iter("path")))


def test_drawing_has_bounds_seeds_this_run_and_control_in_order():
    bundle, _ = run(7, at_least=5, seeds=[6, 9], control=("four", 4))
    bounds, dots, crosses = strip_shapes(bundle)
    assert len(bounds) == 1 and len(dots) == 3 and crosses == 1
    assert bounds[0] < dots[0] < dots[2] < dots[1]
    assert all(0 <= x <= 160 for x in bounds + dots)


def test_nothing_is_drawn_where_all_figures_are_one():
    assert strip_shapes(run(5, at_least=5)[0]) is None
