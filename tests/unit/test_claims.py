"""claim(): shown on every run, and raised exactly when a bound is broken."""

import decimal
import fractions
import json
import math
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import assume, given, settings
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
            claim(number, sentence, *arguments, **{"kind": "experiment"} | options)
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
    if low is not None and high is not None:
        low, high = min(low, high), max(low, high)
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
    [
        *(math.nan, math.inf, -math.inf, None, [], "many", np.array([]), torch.tensor([]), torch.ones(2), 1j),
        *("5", b"5", [5.0], (5.0,), {5.0}, {"a": 5.0}, iter([5.0]), object(), True, np.True_, torch.tensor(True)),
        *(np.array([[True]]), np.array([1j]), torch.tensor(1j), decimal.Decimal("NaN"), pd.NA, pd.NaT),
        *(np.ma.masked, np.ma.array([5.0], mask=[True]), np.datetime64("2020-01-01"), np.timedelta64(5, "s")),
        *(10**400, 10**5000, np.ones((40, 40)), torch.tensor(math.inf), torch.zeros((), device="meta")),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_what_is_not_one_finite_number_is_refused(value):
    with pytest.raises(ValueError, match="^measured is ") as refusal:
        claim("C02", "It is.", value, kind="experiment", at_least=5)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 140
    assert refusal.value.__suppress_context__ or refusal.value.__context__ is None
    with pytest.raises(ValueError, match=r"^seeds\[1\] is "):
        claim("C02", "It is.", 7, kind="experiment", at_least=5, seeds=[7, value])
    with pytest.raises(ValueError, match="^control is "):
        claim("C02", "It is.", 7, kind="experiment", at_least=5, control=("nothing", value))
    if value is not None:
        with pytest.raises(ValueError, match="^at_least is "):
            claim("C02", "It is.", 7, kind="experiment", at_least=value)
        with pytest.raises(ValueError, match="^at_most is "):
            claim("C02", "It is.", 7, kind="experiment", at_most=value)


def test_claim_without_a_bound_is_refused():
    with pytest.raises(ValueError, match="^C02 has no bound"):
        claim("C02", "It is.", 7, kind="experiment")


@pytest.mark.parametrize(
    "number", [None, 2, b"C02", ["C02"], "", "02", "C2", "C123", "c02", "C02ab", "C02A", " C02", "C02\n", "C02-a"]
)
def test_malformed_number_is_refused(number):
    with pytest.raises(ValueError, match="^number is "):
        claim(number, "It is.", 7, kind="experiment", at_least=5)


@pytest.mark.parametrize("number", ["C00", "C02", "C15a", "C99z"])
def test_well_formed_number_is_taken(number):
    assert run(7, number=number, at_least=5)[0][CLAIM_MIME]["number"] == number


def test_refused_claim_shows_nothing(monkeypatch):
    monkeypatch.setattr(claims, "display", lambda *_, **__: pytest.fail("displayed"))
    with pytest.raises(ValueError):
        claim("C02", "It is.", math.nan, kind="experiment", at_least=5)


def test_empty_list_of_seeds_is_refused():
    with pytest.raises(ValueError, match="^seeds"):
        run(7, at_least=5, seeds=[])


@pytest.mark.parametrize(
    "seeds",
    [
        *("67", b"67", "", (), 6.0, {6.0, 7.0}, {6.0: 7.0}, (value for value in [6, 7]), np.array([]), np.array(6.0)),
        *([[6.0], [7.0]], np.array([[6.0, 7.0]]), torch.ones(2, 2), np.ma.array([6, 7], mask=[0, 1]), [True, False]),
        *(np.array([True]), np.array([6j]), [6, np.ma.masked], pd.DataFrame({0: [6, 7]}), np.array(["6"])),
    ],
    ids=lambda seeds: f"{type(seeds).__name__}",
)
def test_seeds_that_are_no_list_of_figures_get_one_sentence(seeds):
    with pytest.raises(ValueError, match=r"^seeds(\[\d\])? ") as refusal:
        run(7, at_least=5, seeds=seeds)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 160


@pytest.mark.parametrize(
    "seeds",
    [
        *(
            [6, 8],
            (6, 8),
            range(6, 9, 2),
            np.array([6, 8]),
            np.array([8.0, 6.0])[::-1],
            pd.Series([6, 8], index=[3, 4]),
        ),
        *(torch.tensor([6.0, 8.0], requires_grad=True), torch.tensor([6, 8], dtype=torch.bfloat16)),
        *([torch.tensor([6.0], requires_grad=True), fractions.Fraction(8)], np.ma.array([6, 8])),
    ],
    ids=lambda seeds: f"{type(seeds).__name__}",
)
def test_seeds_of_every_kind_become_plain_numbers(seeds):
    record = run(7, at_least=5, seeds=seeds)[0][CLAIM_MIME]
    assert record["seeds"] == [6.0, 8.0] and {type(value) for value in record["seeds"]} == {float}


@pytest.mark.parametrize(
    "bad",
    [
        *({"at_least": "5"}, {"control": 4}, {"control": ()}, {"seeds": 3}, {"control": ("four", 4, 5)}),
        *({"control": (None, 4)}, {"control": ("", 4)}, {"control": (b"four", 4)}, {"control": (4, 4)}),
        *({"sentence": None}, {"sentence": 3}, {"sentence": ""}, {"sentence": " \n"}, {"sentence": b"It is."}),
        *({"unit": None}, {"unit": 5}, {"unit": b"nats"}, {"unit": ["nats"]}),
    ],
    ids=str,
)
def test_argument_of_another_type_is_named(bad):
    with pytest.raises(ValueError, match=f"^{next(iter(bad))}('s name)? ") as refusal:
        run(7, **{"at_least": 5} | bad)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(("low", "high"), [(5, 3), (-3, -5), (math.nextafter(1, 2), 1)])
def test_bounds_that_nothing_meets_are_refused(low, high):
    with pytest.raises(ValueError, match=r"^at_least is .* and at_most .*; no figure can meet both\.$"):
        run(high, at_least=low, at_most=high)


GRAPH = torch.tensor([7.0], requires_grad=True)


@pytest.mark.parametrize(
    "measured",
    [
        *(2 * GRAPH[0] - 7, GRAPH, torch.tensor([[7]]), torch.tensor(7, dtype=torch.bfloat16), np.float16(7)),
        *(np.array(7), np.array([[7]]), np.longdouble(7), np.uint8(7), decimal.Decimal(7), fractions.Fraction(7)),
        *(pd.Series([7.0]), np.ma.array([7.0]), np.array(7, dtype=">f4"), np.array([7], dtype=object)),
    ],
    ids=lambda value: f"{type(value).__name__}",
)
def test_one_number_in_any_vessel_is_taken(measured):
    record = run(measured, at_least=5)[0][CLAIM_MIME]
    assert record["measured"] == 7.0 and type(record["measured"]) is float


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
        "kind": "experiment",
        "measured": 7.12345,
        "seeds": [6.5, 7.5],
        "at_least": 5,
        "at_most": 9,
        "control": ["four", 4.25],
        "unit": "nats",
        "holds": True,
        "recorded": [],
    }


@pytest.mark.parametrize("kind", ["identity", "theorem", "experiment"])
def test_kind_is_shown_and_seeds_only_for_an_experiment(kind):
    recorded = {"C02": {"measured": [6.25, 9.75, 8]}}
    bundle, error = run(7, kind=kind, at_least=5, control=("four", 4), recorded=recorded)
    assert error is None and bundle[CLAIM_MIME]["kind"] == kind
    for text in (bundle["text/plain"], html_text(bundle)):
        assert kind in text and ("6.25" in text) == (kind == "experiment")
    _, dots, crosses = strip_shapes(bundle)
    assert len(dots) == (4 if kind == "experiment" else 1) and crosses == 1


@pytest.mark.parametrize("kind", ["Experiment", "law", "", None, 3, ["identity"]])
def test_unknown_kind_gets_one_sentence(kind):
    with pytest.raises(ValueError, match=r"^kind is .*; it must be one of identity, theorem, experiment\.$"):
        run(7, kind=kind, at_least=5)


@pytest.mark.parametrize("kind", ["identity", "theorem"])
def test_seeds_are_for_experiments(kind):
    with pytest.raises(ValueError, match=f"^seeds is given with the kind '{kind}'; "):
        run(7, kind=kind, at_least=5, seeds=[6, 8])


def test_small_print_has_14_pixels():
    sizes = re.findall(r"font-size:([^;\"]+)", run(7, at_least=5, control=("four", 4))[0]["text/html"])
    assert sizes and all(float(size.removesuffix("px")) >= 14 for size in sizes if size.endswith("px"))
    assert all(float(size.removesuffix("em")) >= 1 for size in sizes if not size.endswith("px"))
    assert "opacity:" not in run(7, at_least=5)[0]["text/html"].replace("fill-opacity:", "")


def test_failed_claim_is_shown_before_it_raises():
    bundle, error = run(3, at_least=5)
    assert error is not None
    for text in (bundle["text/plain"], html_text(bundle)):
        assert "✗" in text and "✓" not in text and "3" in text


def test_units_stand_as_one_writes_them():
    assert "7°" in run(7, at_least=5, unit="°")[0]["text/plain"]
    assert "7 nats" in run(7, at_least=5, unit="nats")[0]["text/plain"]
    assert "7 " in run(7, at_least=5)[0]["text/plain"]


def test_no_figure_runs_into_a_unit_that_begins_with_a_digit():
    assert "7 10⁻³ nats" in run(7, at_least=5, unit="10⁻³ nats")[0]["text/plain"]


def figures_of(text):
    """Return every number of a displayed line or message, as a reader takes it."""
    return [float(word) for word in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]\d+)?", text)]


@pytest.mark.parametrize(
    ("measured", "bounds", "shown", "wanted"),
    [
        (1.69999, {"at_least": 1.7}, "1.69999", "at least 1.7"),
        (1.6999999999999997, {"at_least": 1.7}, "1.6999999999999997", "at least 1.7"),
        (0.750004, {"at_most": 0.75}, "0.750004", "at most 0.75"),
        (-1.00001e-9, {"at_least": -1e-9}, "-1.00001e-09", "at least -1e-09"),
        (123500.4, {"at_most": 123500}, "123500.4", "at most 1.235e+05"),
        (0.9999499, {"at_least": 0.99995}, "0.9999", "at least 0.99995"),
        (5.00001, {"at_least": 5, "at_most": 5}, "5.00001", "at least 5 and at most 5"),
        (1.5, {"at_least": 0.123456, "at_most": 1e-8 + 1}, "1.5", "at least 0.123456 and at most 1.00000001"),
    ],
)
def test_a_figure_that_fails_is_not_rounded_until_it_seems_to_hold(measured, bounds, shown, wanted):
    bundle, error = run(measured, unit="nats", **bounds)
    for text in (bundle["text/plain"], html_text(bundle), str(error)):
        assert f"{shown} nats" in text
        assert wanted in text.replace(" nats", "")
    _, error = run(sum(bounds.values()) / len(bounds), seeds=[measured], unit="nats", **bounds)
    assert f"seeds[0] = {shown} nats" in str(error)
    bundle, _ = run(sum(bounds.values()) / len(bounds), recorded={"C02": {"measured": [measured]}}, **bounds)
    assert f"seeds 0 to 4: {shown} to {shown}" in bundle["text/plain"]
    assert f"seeds 0 to 4: {shown} to {shown}" in html_text(bundle)
    bundle, error = run(sum(bounds.values()) / len(bounds), control=("beside it", measured), **bounds)
    assert error is None
    assert f"control (beside it): {shown}" in bundle["text/plain"] and f"beside it: {shown}" in html_text(bundle)


def test_a_figure_that_just_holds_is_not_rounded_until_it_seems_to_fail():
    bundle, error = run(0.123443, at_least=0.12344, control=("it holds too", 0.123441))
    assert " 0.12344 " in bundle["text/plain"]
    assert "it holds too, is 0.12344 and meets" in str(error)


@settings(max_examples=200, deadline=None)
@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(-3, 3), st.sampled_from(["at_least", "at_most"]))
def test_whoever_reads_the_line_decides_as_the_claim_did(limit, steps, side):
    measured = limit
    for _ in range(abs(steps)):
        measured = math.nextafter(measured, math.copysign(math.inf, steps))
    assume(math.isfinite(measured))
    bundle, error = run(measured, sentence="It is.", number="C02", **{side: limit})
    for text in (bundle["text/plain"], html_text(bundle)):
        _, figure, bound = figures_of(text)
        assert bound == limit
        assert (figure >= bound if side == "at_least" else figure <= bound) == (error is None)


def test_clear_figures_keep_four_digits():
    text = run(1.23789, at_least=1, seeds=[1.11111, 2.22222], control=("half", 0.555555), unit="°")[0]["text/plain"]
    for words in (" 1.238° ", "1.111 to 2.222°", "at least 1°", "0.5556°"):
        assert words in text + " "


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
    claim("C02", "It is.", 7, kind="experiment", at_least=5)
    claim("C03", "It is.", 7, kind="experiment", at_least=5)
    assert shown == [[6, 8], []]


def test_claim_does_without_the_file(records_file, monkeypatch):
    shown = []
    monkeypatch.setattr(claims, "display", lambda bundle, raw: shown.append(bundle[CLAIM_MIME]["recorded"]))
    claim("C02", "It is.", 7, kind="experiment", at_least=5)
    assert shown == [[]]


DAMAGED = {
    "not JSON": b"{C02",
    "empty": b"",
    "cut off": b'{"C02": {"measured": [6, 8]}',
    "a list": b'[{"measured": [6, 8]}]',
    "a number": b"3",
    "null": b"null",
    "a list of figures": b'{"C02": [6, 8]}',
    "nothing measured": b'{"C02": {"lesson": "01a"}}',
    "one figure": b'{"C02": {"measured": 6}}',
    "text": b'{"C02": {"measured": ["6", "8"]}}',
    "a word": b'{"C02": {"measured": "68"}}',
    "missing": b'{"C02": {"measured": [6, null]}}',
    "true": b'{"C02": {"measured": [true]}}',
    "not a number": b'{"C02": {"measured": [6, NaN]}}',
    "infinite": b'{"C02": {"measured": [Infinity]}}',
    "beyond a float": b'{"C02": {"measured": [1' + b"0" * 400 + b"]}}",
    "too many digits": b'{"C02": {"measured": [' + b"1" * 9000 + b"]}}",
    "nested without end": b"[" * 100_000,
    "damage in another claim": b'{"C02": {"measured": [6, 8]}, "C03": {"measured": [{}]}}',
    "latin-1": '{"C02": {"lesson": "\xe9", "measured": [6]}}'.encode("latin-1"),
    "UTF-16": '{"C02": {"measured": [6]}}'.encode("utf-16"),
    "zeros": bytes(500),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_record_costs_the_spread_and_nothing_else(content, records_file, monkeypatch, capsys):
    records_file.write_bytes(content)
    check_goes_on_without(monkeypatch, capsys)


def check_goes_on_without(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr(claims, "display", lambda bundle, raw: shown.append(bundle[CLAIM_MIME]["recorded"]))
    claim("C02", "It is.", 7, kind="experiment", at_least=5)
    with pytest.raises(ClaimFailed):
        claim("C02", "It is.", 4, kind="experiment", at_least=5)
    assert shown == [[], []]
    (line,) = capsys.readouterr().out.splitlines()  # once, not with every claim
    assert line.startswith("recorded.json can't be read (") and "make seeds" in line and len(line) < 300


def test_a_record_that_cannot_be_opened_costs_the_spread_and_nothing_else(records_file, monkeypatch, capsys):
    records_file.mkdir()
    check_goes_on_without(monkeypatch, capsys)


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


@pytest.mark.parametrize(
    ("low", "high"), [(-1.7e308, 1.7e308), (0, 5e-324), (1e308, 1.5e308), (1, 1 + 2**-52), (-1e-310, 1e-310)]
)
def test_drawing_stands_for_figures_of_any_size(low, high):
    bounds, dots, _ = strip_shapes(run(high, at_least=low, seeds=[low])[0])
    assert bounds == [8] and dots == [8, 152]


def test_nothing_is_drawn_where_all_figures_are_one():
    assert strip_shapes(run(5, at_least=5)[0]) is None
