"""Stills: what stands in for a widget where it can't run, with its words, on a white card."""

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure
from PIL import Image, ImageDraw, ImageFont  # matplotlib brings it

from lessons_lib.plotting import CARD, INK

LETTERS = 16  # pixels
PAGE = 880  # pixels of a page's column: a wider picture is shown smaller, so its letters are larger
MARGIN = 8  # pixels


def on_card(picture: Image.Image, *, left: Sequence[str] = (), below: Sequence[str] = (), words: str = "") -> bytes:
    """Return a PNG of a picture with names of its rows, names of its columns, and words below.

    Parameters
    ----------
    picture : PIL.Image.Image
        Stands at the upper right, ``MARGIN`` pixels from the edges.
    left, below : sequence of str
        One a row from the top, and one a column from the left; rows are equally high, columns equally wide.
    words : str
        A line or several; too long ones are broken.
    """
    file = str(Path(mpl.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf")
    font = ImageFont.truetype(file, round(LETTERS * max(1, picture.width / PAGE)))
    line = round(1.4 * font.size)
    gutter = max([0, *(round(font.getlength(name)) + MARGIN for name in left)])
    x, y = MARGIN + gutter, MARGIN
    lines = _broken(words, font, gutter + picture.width)
    bottom = y + picture.height + bool(below) * line
    size = (x + picture.width + MARGIN, bottom + len(lines) * line + MARGIN)
    grey = picture.mode == "L"  # half the bytes of colours
    card = Image.new("L" if grey else "RGB", size, CARD)
    card.paste(picture, (x, y), picture if picture.mode == "RGBA" else None)
    draw = ImageDraw.Draw(card)
    for i, name in enumerate(left):
        draw.text((x - MARGIN, y + (i + 0.5) * picture.height / len(left)), name, INK, font, anchor="rm")
    for i, name in enumerate(below):
        half = font.getlength(name) / 2 + MARGIN
        middle = min(x + (i + 0.5) * picture.width / len(below), size[0] - half)
        draw.text((max(middle, half), bottom - line / 2), name, INK, font, anchor="mm")
    for i, text in enumerate(lines):
        draw.text((MARGIN, bottom + (i + 0.5) * line), text, INK, font, anchor="lm")
    png = io.BytesIO()
    card.save(png, "PNG")
    return png.getvalue()


def _broken(words: str, font: ImageFont.FreeTypeFont, width: float) -> list[str]:
    """Return lines that are no wider, unless a single word is."""
    lines = []
    for paragraph in words.splitlines():
        lines.append("")
        for word in paragraph.split():
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and font.getlength(longer) > width:
                lines.append(word)
            else:
                lines[-1] = longer
    return lines


def figure_png(figure: Figure, **options: float) -> bytes:
    """Return a PNG of a whole figure, on the card."""
    png = io.BytesIO()
    figure.savefig(png, format="png", facecolor=CARD, **options)
    return png.getvalue()
