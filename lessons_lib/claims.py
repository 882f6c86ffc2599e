"""claim(): a sentence of the lecture, measured, shown, and checked on every run."""

import html
import json
import math
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
from IPython.display import display

CLAIM_MIME = "application/vnd.latent-lessons.claim+json"  # what `make claims` reads in executed notebooks
RECORDED = Path(__file__).with_name("recorded_claims.json")  # written by `make seeds`


class ClaimFailed(AssertionError):
    """The measured figure, a seed's figure or the control is on the wrong side of the bound."""


def claim(
    number: str,
    sentence: str,
    measured: float,
    *,
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
        The figure of this run.
    at_least, at_most : float, optional
        The bound, one or both, in the unit of ``measured``.
    seeds : sequence of float, optional
        The same figure from other seeds, trained in this notebook; the bound holds for each. Without
        them the spread recorded by ``make seeds`` is shown.
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
        If there is no bound, no figure, a figure that is not finite, or a malformed number.

    Examples
    --------
    >>> from lessons_lib import claim
    >>> claim("C02a", "Seven is more than five.", 7, at_least=5, control=("four", 4))  # doctest: +SKIP
    """
    if not re.fullmatch(r"C\d\d[a-z]?", number):
        raise ValueError(f"number is {number!r}; it must look like 'C02' or 'C15a'.")
    if at_least is None and at_most is None:
        raise ValueError(f"{number} has no bound; give at_least or at_most.")
    figures = {"measured": _figure(measured, "measured")}
    if seeds is not None and (not isinstance(seeds, Sequence | np.ndarray) or len(seeds) == 0):
        raise ValueError(f"seeds is {seeds!r}; it must list at least one figure, or be left out.")
    figures |= {f"seeds[{i}]": _figure(value, f"seeds[{i}]") for i, value in enumerate([] if seeds is None else seeds)}
    at_least = None if at_least is None else _figure(at_least, "at_least")
    at_most = None if at_most is None else _figure(at_most, "at_most")
    if control is not None:
        if not isinstance(control, tuple) or len(control) != 2:
            raise ValueError(f"control is {control!r}; it must be a name and a figure.")
        control = (str(control[0]), _figure(control[1], "control"))

    def holds(value: float) -> bool:
        return (at_least is None or value >= at_least) and (at_most is None or value <= at_most)

    failures = [f"{name} = {with_unit(value, unit)}" for name, value in figures.items() if not holds(value)]
    record = {
        "number": number,
        "sentence": sentence,
        "measured": figures["measured"],
        "seeds": list(figures.values())[1:],
        "at_least": at_least,
        "at_most": at_most,
        "control": list(control) if control else None,
        "unit": unit,
        "holds": not failures and not (control and holds(control[1])),
    }
    record["recorded"] = _recorded().get(number, {}).get("measured", []) if not record["seeds"] else []
    text = describe(record)
    display({"text/plain": text, "text/html": _as_html(record), CLAIM_MIME: record}, raw=True)
    if failures:
        raise ClaimFailed(f"{number} does not hold ({bound(record)}): {', '.join(failures)}. {sentence}")
    if control and holds(control[1]):
        raise ClaimFailed(
            f"{number} proves nothing: its control, {control[0]}, is {with_unit(control[1], unit)} "
            f"and meets the bound ({bound(record)}) too."
        )


def describe(record: dict) -> str:
    """Return a claim's record as one line of text."""
    mark = "✓" if record["holds"] else "✗"
    parts = [f"{mark} {record['number']}  {record['sentence']}", with_unit(record["measured"], record["unit"])]
    if others := spread(record):
        parts.append(f"{_which_seeds(record)}: {others}")
    parts.append(f"wanted: {bound(record)}")
    if record["control"]:
        parts.append(f"control ({record['control'][0]}): {with_unit(record['control'][1], record['unit'])}")
    return " · ".join(parts)


def spread(record: dict) -> str:
    """Return the range over seeds, ``"1.79 to 1.92"``, or nothing where no other seed is known."""
    others = record["seeds"] or record["recorded"]
    return f"{min(others):.4g} to {with_unit(max(others), record['unit'])}" if others else ""


def _which_seeds(record: dict) -> str:
    return "other seeds" if record["seeds"] else "seeds 0 to 4"


def _figure(value: float, name: str) -> float:
    try:
        number = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; a claim wants one number.") from None
    if not math.isfinite(number):
        raise ValueError(f"{name} is {value!r}; a claim wants a finite number.")
    return number


def with_unit(value: float, unit: str) -> str:
    """Return a figure with four digits and its unit, ``"1.238°"``, ``"0.25 nats"``."""
    space = " " if unit and unit[0].isalpha() else ""
    return f"{value:.4g}{space}{unit}"


def bound(record: dict) -> str:
    """Return the bound in words, ``"at least 5°"``."""
    unit = record["unit"]
    words = []
    if record["at_least"] is not None:
        words.append(f"at least {with_unit(record['at_least'], unit)}")
    if record["at_most"] is not None:
        words.append(f"at most {with_unit(record['at_most'], unit)}")
    return " and ".join(words)


@cache
def _recorded() -> dict:
    """Return the figures of seeds 0 to 4 that `make seeds` recorded, by claim."""
    try:
        return json.loads(RECORDED.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


def _as_html(record: dict) -> str:
    """Return the compact line: a mark, the sentence, the figure, and a strip with seeds, bound and control."""
    mark, colour = ("✓", "#1a7f5a") if record["holds"] else ("✗", "#bd1f01")
    small = "font-size:0.85em;opacity:0.8"
    notes = [f"wanted: {bound(record)}"]
    if others := spread(record):
        notes.insert(0, f"{_which_seeds(record)}: {others}")
    if record["control"]:
        notes.append(f"control, {record['control'][0]}: {with_unit(record['control'][1], record['unit'])}")
    return (
        f'<div style="border-left:5px solid {colour};padding:2px 12px;margin:6px 0;line-height:1.5">'
        f'<div><b style="color:{colour}">{mark} {record["number"]}</b>&ensp;{html.escape(record["sentence"])}'
        f'&ensp;<b style="font-size:1.15em">{html.escape(with_unit(record["measured"], record["unit"]))}</b></div>'
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

    def x(value: float) -> float:
        return round(8 + 144 * (value - low) / (high - low), 1)

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
