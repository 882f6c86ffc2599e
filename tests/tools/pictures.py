"""A lesson's pictures: the opening, at its very top, and the small one, in the tables of lessons.

Both are kept as files, made from what the lesson's cells show.
"""

import base64
import io
from pathlib import Path

import nbformat
import numpy as np
from lesson_files import NOTEBOOKS, code_cells, lesson_number, notebook_path, read_notebook, source_paths
from nbformat import NotebookNode
from PIL import Image, ImageChops, ImageOps

from lessons_lib import session

PICTURES = NOTEBOOKS / "pictures"
CARD = (320, 180)  # pixels; shown at half of it, so that it is sharp on dense screens
MARGIN = 8
OPENING = (900, 500)  # pixels at most, with its margin: on a projector it fits beside the side bar and below the title


def picture_path(source: Path) -> Path:
    """Return where a lesson's small picture is kept."""
    return PICTURES / f"{source.stem}.png"


def small_picture(source: Path) -> Image.Image:
    """Return the opening of an executed lesson, small, on a white card."""
    picture = _opening(read_notebook(notebook_path(source)))
    picture = ImageOps.contain(picture, (CARD[0] - 2 * MARGIN, CARD[1] - 2 * MARGIN), Image.Resampling.LANCZOS)
    card = Image.new("RGB", CARD, "white")
    card.paste(picture, tuple((outer - inner) // 2 for outer, inner in zip(CARD, picture.size, strict=True)))
    return card


def is_fresh(source: Path) -> bool:
    """Tell whether the small picture that is kept is still the lesson's."""
    return _is_kept(picture_path(source), small_picture(source))


def write_pictures() -> None:
    """Keep a small picture of each lesson."""
    for source in source_paths():
        if not is_fresh(source):
            small_picture(source).quantize(64).save(picture_path(source), "PNG", optimize=True)
            print(f"{picture_path(source).name}: drawn anew")


def opening_cells(notebook: NotebookNode) -> list[NotebookNode]:
    """Return the cells tagged ``opening``: one, or none as yet."""
    return [cell for cell in notebook.cells if "opening" in cell.metadata.get("tags", [])]


def opening_path(source: Path) -> Path:
    """Return where a lesson's opening is kept."""
    return session.OPENINGS / f"{lesson_number(source)}.png"


def opening(notebook: NotebookNode) -> Image.Image:
    """Return the picture that the cell tagged ``opening`` made, on white, as large as a page has room for."""
    picture = _opening(notebook)
    picture.thumbnail((OPENING[0] - 2 * MARGIN, OPENING[1] - 2 * MARGIN), Image.Resampling.LANCZOS)
    return ImageOps.expand(picture, MARGIN, "white")


def opening_is_fresh(source: Path, notebook: NotebookNode) -> bool:
    """Tell whether the opening that is kept is still what the lesson's cell made."""
    return _is_kept(opening_path(source), opening(notebook))


def write_opening(source: Path, notebook: NotebookNode) -> None:
    """Keep the opening of a lesson that was run, and show it in the setup cell, whose run showed the old one."""
    opening_path(source).parent.mkdir(exist_ok=True)
    # Of the ways to choose few colours this one keeps rare ones, as small print has; each is then its pixels' mean.
    picture = opening(notebook).quantize(256, Image.Quantize.MAXCOVERAGE, kmeans=1)
    picture.save(opening_path(source), "PNG", optimize=True)
    setup = code_cells(notebook)[0]
    shown = nbformat.v4.new_output("display_data", session.opening_picture(lesson_number(source)))
    setup.outputs = [shown, *(output for output in setup.outputs if "image/png" not in output.get("data", {}))]


def _opening(notebook: NotebookNode) -> Image.Image:
    """Return the first picture of the cell tagged ``opening``, on white, cut to what is drawn."""
    outputs = [output for cell in opening_cells(notebook) for output in cell.get("outputs", [])]
    pictures = [output.data["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    if not pictures:
        raise ValueError("no cell tagged opening shows a picture; run make notebooks, or tag one that does")
    return _without_edges(Image.open(io.BytesIO(base64.b64decode(pictures[0]))))


def _without_edges(picture: Image.Image) -> Image.Image:
    picture = picture.convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    picture = Image.alpha_composite(white, picture).convert("RGB")
    return picture.crop(ImageChops.difference(picture, white.convert("RGB")).getbbox())


def _is_kept(path: Path, wanted: Image.Image) -> bool:
    """Tell whether a file holds this picture; another Pillow may scale a little otherwise."""
    if not path.exists():
        return False
    kept = np.asarray(Image.open(path).convert("RGB"), dtype=float)
    drawn = np.asarray(wanted, dtype=float)
    return kept.shape == drawn.shape and np.abs(kept - drawn).mean() < 3
