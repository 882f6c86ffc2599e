"""The table of lessons, for the front page and the README: made from the lessons themselves."""

import base64
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lesson_files import NOTEBOOKS, colab_link, notebook_path, read_notebook, read_source, source_paths
from PIL import Image, ImageChops, ImageOps

PICTURES = NOTEBOOKS / "pictures"
CARD = (320, 180)  # pixels; shown at half of it, so that it is sharp on dense screens
MARGIN = 8
WIDEST = 4  # times its height
BEGIN, END = "<!-- lessons, made by make notebooks -->", "<!-- end of lessons -->"
HEADER = re.compile(
    r"# (?P<title>[^\n]+)\n+\*\*(?P<question>.+?)\*\*"
    r".*?(?P<read>[^·()]+?) to (?:read|study), (?P<run>.+?) to run",
    re.DOTALL,
)


@dataclass
class Header:
    """What a lesson says of itself at its top."""

    title: str  # with its number
    question: str
    read: str  # in words: "20 minutes"
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
            f"{source.name} must begin with a title, a question in bold, and 'N minutes to read, … to run'"
        )
    return Header(**{name: " ".join(value.split()) for name, value in found.groupdict().items()})


def table(folder: str) -> list[str]:
    """Return the lines of the table; `folder` leads from the page to the notebooks: "" or "notebooks/"."""
    # Unbreakable spaces: the first column stays as wide as its pictures, and a number with its unit.
    lines = [f"| {'&nbsp;' * 36} | lesson | to read | to run | elsewhere |", "|---|:---|:---|:---|:---|"]
    for source in source_paths():
        facts, name = header(source), notebook_path(source).name
        picture = f'<img src="{folder}pictures/{source.stem}.png" width="160" alt="">'
        lesson = f"[**{facts.title}**]({folder}{name})<br>{facts.question}"
        read, run = (words.replace(" ", "&nbsp;") for words in (facts.read, facts.run))
        lines.append(f"| {picture} | {lesson} | {read} | {run} | [Colab]({colab_link(name)}) |")
    return lines


def fill_in_table(text: str, folder: str = "", comment: str = "") -> str:
    """Write the table between its two marks, if the text has them; each line begins with `comment`."""
    before, begin, rest = text.partition(f"{comment}{BEGIN}\n")
    old, end, after = rest.partition(f"{comment}{END}\n")
    if not end:
        return text
    lines = "".join(f"{comment}{line}".rstrip() + "\n" for line in ["", *table(folder), ""])
    return before + begin + lines + end + after


def picture_path(source: Path) -> Path:
    """Return where a lesson's small picture is kept."""
    return PICTURES / f"{source.stem}.png"


def small_picture(source: Path) -> Image.Image:
    """Return the first picture of an executed lesson, small, on a white card that reads on any theme.

    A thin row of images would be too small to recognise: the next picture stands in for it.
    """
    pictures = [
        _without_edges(Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))))
        for cell in read_notebook(notebook_path(source)).cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]
    if not pictures:
        raise ValueError(f"{source.stem} shows no picture; run make notebooks, or let a cell draw one")
    picture = next((one for one in pictures if one.width <= WIDEST * one.height), pictures[0])
    picture = ImageOps.contain(picture, (CARD[0] - 2 * MARGIN, CARD[1] - 2 * MARGIN), Image.Resampling.LANCZOS)
    card = Image.new("RGB", CARD, "white")
    card.paste(picture, tuple((outer - inner) // 2 for outer, inner in zip(CARD, picture.size, strict=True)))
    return card


def _without_edges(picture: Image.Image) -> Image.Image:
    """Return a picture on white, cut to what is drawn."""
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(white, picture).convert("RGB")
    return picture.crop(ImageChops.difference(picture, white.convert("RGB")).getbbox())


def is_fresh(source: Path) -> bool:
    """Tell whether the picture that is kept is still the lesson's; another Pillow may scale a little otherwise."""
    path = picture_path(source)
    if not path.exists():
        return False
    kept = np.asarray(Image.open(path).convert("RGB"), dtype=float)
    wanted = np.asarray(small_picture(source), dtype=float)
    return kept.shape == wanted.shape and np.abs(kept - wanted).mean() < 3


def write_pictures() -> None:
    """Keep a small picture of each lesson."""
    for source in source_paths():
        if not is_fresh(source):
            small_picture(source).quantize(64).save(picture_path(source), "PNG", optimize=True)
            print(f"{picture_path(source).name}: drawn anew")
