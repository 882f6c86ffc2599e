"""claim(): a sentence of the lecture, measured, shown, and checked on every run."""

import html
import json
import re
from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path

from IPython.display import display

from lessons_lib.arrays import as_number, as_numbers, shown

CLAIM_MIME = "application/vnd.latent-lessons.claim+json"  # what `make claims` reads in executed notebooks
RECORDED = Path(__file__).with_name("recorded_claims.json")  # written by `make seeds`
KINDS = ("identity", "theorem", "experiment")


class ClaimFailed(AssertionError):
    """The measured figure, a seed's figure or the control is on the wrong side of the bound."""


def claim(
    number: str,
    sentence: str,
    measured: float,
    *,
    kind: str,
    at_least: float | None = None,
    at_most: float | None = None,
    seeds: Sequence[float] | None = None,
    control: tuple[str, float] | None = None,
    unit: str = "",
) -> None:
    """Show a claim with its figure, spread and bound; stop the notebook if the bound does not hold.

    Parameters
    ----------
    number : str
        The lecture's claim, with a letter for each thing measured: ``"C02"``, ``"C15a"``.
    sentence : str
        What is claimed, in words that can be true or false.
    measured : float
        The figure of this run: a number, or an array or tensor of one number.
    kind : {"identity", "theorem", "experiment"}
        What could have gone wrong. An identity checks that algebra and code agree; a theorem is a known truth
        that this run meets; an experiment could have come out otherwise, and alone is shown with other seeds.
    at_least, at_most : float, optional
        The bound, one or both, in the unit of ``measured``.
    seeds : sequence of float, optional
        Shape (n,): an experiment's figure from other seeds, trained in this notebook; the bound holds for each.
        Without them the spread recorded by ``make seeds`` is shown.
    control : (str, float), optional
        Name and figure of a case in which the sentence is false: it must break the bound, or the
        bound would prove nothing.
    unit : str
        Stands behind each figure: ``"°"``, ``"nats"``.

    Raises
    ------
    ClaimFailed
        If a figure breaks the bound, or the control does not.
    ValueError
        If there is no bound or one that nothing meets, a figure that is not one finite number, a malformed
        number, an unknown kind, seeds of what is no experiment, or words that are no text.

    Examples
    --------
    >>> from lessons_lib import claim
    >>> control = ("four", 4)
    >>> claim("C02a", "Seven is more than five.", 7, kind="theorem", at_least=5, control=control)  # doctest: +SKIP
    """
    if not isinstance(number, str) or not re.fullmatch(r"C\d\d[a-z]?", number):
        raise ValueError(f"number is {shown(number)}; it must look like 'C02' or 'C15a'.")
    _check_text("sentence", sentence)
    if not isinstance(unit, str):
        raise ValueError(f"unit is {shown(unit)}; it must be text.")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"kind is {shown(kind)}; it must be one of {', '.join(KINDS)}.")
    if seeds is not None and kind != "experiment":
        raise ValueError(f"seeds is given with the kind {kind!r}; it must be left out but for an experiment.")
    if at_least is None and at_most is None:
        raise ValueError(f"{number} has no bound; give at_least or at_most.")
    figures = {"measured": as_number("measured", measured)}
    figures |= {f"seeds[{i}]": value for i, value in enumerate([] if seeds is None else _listed(seeds))}
    at_least = None if at_least is None else as_number("at_least", at_least)
    at_most = None if at_most is None else as_number("at_most", at_most)
    if at_least is not None and at_most is not None and at_least > at_most:
        raise ValueError(f"at_least is {at_least!r} and at_most {at_most!r}; no figure can meet both.")
    if control is not None:
        if not isinstance(control, tuple) or len(control) != 2:
            raise ValueError(f"control is {shown(control)}; it must be a name and a figure.")
        _check_text("control's name", control[0])
        control = (control[0], as_number("control", control[1]))

    def holds(value: float) -> bool:
        return all(_sides(value, at_least, at_most))

    failures = [name for name, value in figures.items() if not holds(value)]
    record = {
        "number": number,
        "sentence": sentence,
        "kind": kind,
        "measured": figures["measured"],
        "seeds": list(figures.values())[1:],
        "at_least": at_least,
        "at_most": at_most,
        "control": list(control) if control else None,
        "unit": unit,
        "holds": not failures and not (control and holds(control[1])),
    }
    other_runs = kind == "experiment" and not record["seeds"]
    record["recorded"] = _recorded().get(number, {}).get("measured", []) if other_runs else []
    text = describe(record)
    display({"text/plain": text, "text/html": _as_html(record), CLAIM_MIME: record}, raw=True)
    if failures:
        broken = ", ".join(f"{name} = {_figure(figures[name], record)}" for name in failures)
        raise ClaimFailed(f"{number} does not hold ({bound(record)}): {broken}. {sentence}")
    if control and holds(control[1]):
        raise ClaimFailed(
            f"{number} proves nothing: its control, {control[0]}, is {_figure(control[1], record)} "
            f"and meets the bound ({bound(record)}) too."
        )


def describe(record: dict) -> str:
    """Return a claim's record as one line of text."""
    mark = "✓" if record["holds"] else "✗"
    parts = [f"{mark} {record['number']} ({record['kind']})  {record['sentence']}", _figure(record["measured"], record)]
    if others := spread(record):
        parts.append(f"{_which_seeds(record)}: {others}")
    parts.append(f"wanted: {bound(record)}")
    if record["control"]:
        parts.append(f"control ({record['control'][0]}): {_figure(record['control'][1], record)}")
    return " · ".join(parts)


def spread(record: dict) -> str:
    """Return the range over seeds, ``"1.79 to 1.92"``, or nothing where no other seed is known."""
    others = record["seeds"] or record["recorded"]
    return f"{_figure(min(others), record, '')} to {_figure(max(others), record)}" if others else ""


def _which_seeds(record: dict) -> str:
    return "other seeds" if record["seeds"] else "seeds 0 to 4"


def _check_text(name: str, text: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} is {shown(text)}; it must be text that says something.")


def _listed(seeds: Sequence[float]) -> list[float]:
    """Return the seeds' figures: of a list one by one, so that a refusal names the one, or of an array."""
    values = seeds if isinstance(seeds, list | tuple) else as_numbers("seeds", seeds, None)
    dimensions = 1 if isinstance(values, list | tuple) else values.ndim
    if dimensions != 1 or len(values) == 0:
        raise ValueError(f"seeds is {shown(seeds)}; it must list at least one figure, or be left out.")
    return [as_number(f"seeds[{i}]", value) for i, value in enumerate(values)]


def _sides(value: float, at_least: float | None, at_most: float | None) -> tuple[bool, bool]:
    """Return whether a figure is on the right side of each bound."""
    return at_least is None or value >= at_least, at_most is None or value <= at_most


def with_unit(value: float, unit: str, at_least: float | None = None, at_most: float | None = None) -> str:
    """Return a figure with its unit, ``"1.238°"``, ``"0.25 nats"``.

    Four digits, or as many as it takes to see on which side of the bounds it lies.
    """
    space = " " if unit[:1].isalnum() else ""
    wanted = _sides(value, at_least, at_most)
    texts = (f"{value:.{digits}g}" for digits in range(4, 18))  # with 17 it is the figure itself
    text = next(text for text in texts if _sides(float(text), at_least, at_most) == wanted)
    return f"{text}{space}{unit}"


def _figure(value: float, record: dict, unit: str | None = None) -> str:
    unit = record["unit"] if unit is None else unit
    return with_unit(value, unit, record["at_least"], record["at_most"])


def bound(record: dict) -> str:
    """Return the bound in words and with all its digits, ``"at least 5°"``."""
    limits = {"at least": record["at_least"], "at most": record["at_most"]}
    return " and ".join(
        f"{words} {with_unit(limit, record['unit'], limit, limit)}"
        for words, limit in limits.items()
        if limit is not None
    )


@cache
def _recorded() -> dict:
    """Return the figures of seeds 0 to 4 that `make seeds` recorded, by claim.

    A damaged file stops no lesson: the claims are measured all the same.
    """
    try:
        entries = json.loads(RECORDED.read_text(encoding="utf-8"))
        return {
            number: {"measured": [as_number(number, value) for value in entry["measured"]]}
            for number, entry in entries.items()
        }
    except FileNotFoundError:
        return {}
    except Exception as error:  # whatever is wrong with it
        reason = getattr(error, "strerror", None) or f"{type(error).__name__}: {error}"
        print(
            f"{RECORDED.name} can't be read ({' '.join(reason.split())[:120]}); "
            "claims are shown without their spread until `make seeds` writes it anew."
        )
        return {}


def _as_html(record: dict) -> str:
    """Return the compact line: a mark, the sentence, the figure, and a strip with seeds, bound and control."""
    mark, colour = ("✓", "#1a7f5a") if record["holds"] else ("✗", "#bd1f01")
    small = "font-size:14px"  # read from the back row, too
    pill = f"{small};border:1px solid currentColor;border-radius:9px;padding:0 7px"
    notes = [f"wanted: {bound(record)}"]
    if others := spread(record):
        notes.insert(0, f"{_which_seeds(record)}: {others}")
    if record["control"]:
        notes.append(f"control, {record['control'][0]}: {_figure(record['control'][1], record)}")
    return (
        f'<div style="border-left:5px solid {colour};padding:2px 12px;margin:6px 0;line-height:1.5;font-size:16px">'
        f'<div><b style="color:{colour}">{mark} {record["number"]}</b>&ensp;'
        f'<span style="{pill}">{record["kind"]}</span>&ensp;{html.escape(record["sentence"])}'
        f'&ensp;<b style="font-size:1.15em">{html.escape(_figure(record["measured"], record))}</b></div>'
        f'<div style="{small}">{_strip(record)}{html.escape(" · ".join(notes))}</div></div>'
    )


def _strip(record: dict) -> str:
    """Draw dots for seeds, a large dot for this run, a line for the bound and a cross for the control."""
    others = record["seeds"] or record["recorded"]
    bounds = [limit for limit in (record["at_least"], record["at_most"]) if limit is not None]
    values = [record["measured"], *others, *bounds] + ([record["control"][1]] if record["control"] else [])
    low, high = min(values), max(values)
    if low == high:
        return ""

    def x(value: float) -> float:  # in fractions, which neither overflow nor vanish
        return round(8 + 144 * float((Fraction(value) - Fraction(low)) / (Fraction(high) - Fraction(low))), 1)

    shapes = [f'<line x1="{x(b)}" x2="{x(b)}" y1="2" y2="16" stroke="currentColor" stroke-width="2"/>' for b in bounds]
    shapes += [f'<circle cx="{x(v)}" cy="9" r="3" fill="#3f90da" fill-opacity="0.6"/>' for v in others]
    shapes.append(f'<circle cx="{x(record["measured"])}" cy="9" r="5" fill="#1a7f5a"/>')
    if record["control"]:
        c = x(record["control"][1])
        shapes.append(f'<path d="M{c - 4} 5l8 8m0-8l-8 8" stroke="#e76300" stroke-width="2.5"/>')
    return (
        '<svg width="160" height="18" style="vertical-align:middle;margin-right:12px" role="img" '
        f'aria-label="this run, other seeds, bound and control on one line">{"".join(shapes)}</svg>'
    )
