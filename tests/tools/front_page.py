"""The table of lessons, for the front page and the README: made from the lessons themselves."""

import re
from dataclasses import dataclass
from pathlib import Path

from lesson_files import colab_link, notebook_path, read_source, source_paths

BEGIN, END = "<!-- lessons, made by make notebooks -->", "<!-- end of lessons -->"
HEADER = re.compile(
    r"# (?P<title>[^\n]+)\n+\*\*(?P<question>.+?)\*\*"
    r".*?(?P<study>[^·()]+?) to study, (?P<run>.+?) to run",
    re.DOTALL,
)


@dataclass
class Header:
    """What a lesson says of itself at its top."""

    title: str  # with its number
    question: str
    study: str  # in words: "20 minutes"
    run: str


def header(source: Path) -> Header:
    """Read title, question and times from a lesson's first cell.

    Raises
    ------
    ValueError
        If one of them is not there.
    """
    text = read_source(source).cells[0].source
    found = HEADER.match(text)
    if not found:
        raise ValueError(
            f"{source.name} must begin with a title, a question in bold, and 'N minutes to study, … to run'"
        )
    return Header(**{name: " ".join(value.split()) for name, value in found.groupdict().items()})


def table(folder: str) -> list[str]:
    """Return the lines of the table; `folder` leads from the page to the notebooks: "" or "notebooks/"."""
    # Unbreakable spaces: the first column stays as wide as its pictures, and a number with its unit.
    lines = [f"| {'&nbsp;' * 36} | lesson | to study | to run | elsewhere |", "|---|:---|:---|:---|:---|"]
    for source in source_paths():
        facts, name = header(source), notebook_path(source).name
        picture = f'<img src="{folder}pictures/{source.stem}.png" width="160" alt="">'
        lesson = f"[**{facts.title}**]({folder}{name})<br>{facts.question}"
        study, run = (words.replace(" ", "&nbsp;") for words in (facts.study, facts.run))
        lines.append(f"| {picture} | {lesson} | {study} | {run} | [Colab]({colab_link(name)}) |")
    return lines


def fill_in_table(text: str, folder: str = "", comment: str = "") -> str:
    """Write the table between its two marks, if the text has them; each line begins with `comment`."""
    before, begin, rest = text.partition(f"{comment}{BEGIN}\n")
    old, end, after = rest.partition(f"{comment}{END}\n")
    if not end:
        return text
    lines = "".join(f"{comment}{line}".rstrip() + "\n" for line in ["", *table(folder), ""])
    return before + begin + lines + end + after
