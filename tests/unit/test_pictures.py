"""A lesson's opening and its small picture."""

import base64
import io
import shutil
from pathlib import Path

import make_notebooks
import nbformat
import numpy as np
import pictures
import pytest
from lesson_files import ROOT, Run, read_notebook, source_paths
from PIL import Image

from lessons_lib import session


def notebook_that_shows(*shown):
    cells = []
    for picture in shown:
        png = io.BytesIO()
        picture.save(png, "PNG")
        output = nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(png.getvalue()).decode()})
        cells.append(nbformat.v4.new_code_cell("draw()", outputs=[output]))
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 07"), *cells])


def test_another_small_picture_is_not_fresh(monkeypatch, tmp_path):
    source = source_paths()[0]
    assert pictures.is_fresh(source)
    monkeypatch.setattr(pictures, "PICTURES", tmp_path)
    assert not pictures.is_fresh(source)
    shutil.copy(ROOT / "notebooks" / "pictures" / f"{source_paths()[1].stem}.png", tmp_path / f"{source.stem}.png")
    assert not pictures.is_fresh(source)
    pictures.write_pictures()
    assert all(pictures.is_fresh(one) for one in source_paths())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000 * len(source_paths())


def ink(colour, size=(400, 300)):
    picture = Image.new("RGBA", size)  # transparent, as on a dark theme
    picture.paste(colour, (10, 10, size[0] - 10, size[1] - 10))
    return picture


def lesson_with_opening(*shown, tagged):
    notebook = notebook_that_shows(*shown)
    notebook.cells[tagged + 1].metadata["tags"] = ["figure", "opening"]
    notebook.cells.insert(1, nbformat.v4.new_code_cell('device = lessons_lib.start(seed=0, opening="07")'))
    return notebook


@pytest.mark.parametrize("width", [400, 1200])
def test_small_picture_is_the_opening_on_a_white_card(monkeypatch, width):
    drawn = Image.new("RGBA", (width, 300))  # transparent, as on a dark theme
    drawn.paste("blue", (100, 100, width - 100, 200))  # its empty edges go
    notebook = lesson_with_opening(ink("red"), drawn, tagged=1)
    monkeypatch.setattr(pictures, "read_notebook", lambda path: notebook)
    card = pictures.small_picture(Path("07_name.py"))
    assert card.mode == "RGB" and card.size == (320, 180)
    assert card.getpixel((0, 0)) == card.getpixel((319, 179)) == (255, 255, 255)
    assert card.getpixel((160, 90)) == card.getpixel((12, 90)) == card.getpixel((307, 90)) == (0, 0, 255)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((2020, 1020), (900, 458)), ((620, 1020), (8 + 290 + 8, 500)), ((120, 70), (116, 66))],  # never enlarged
)
def test_opening_stands_on_white_and_fits_above_a_lesson(size, wanted):
    picture = pictures.opening(lesson_with_opening(ink("red"), ink("blue", size), tagged=1))
    assert picture.mode == "RGB" and np.abs(np.subtract(picture.size, wanted)).max() <= 1
    assert picture.getpixel((0, 0)) == picture.getpixel((picture.width - 1, picture.height - 1)) == (255, 255, 255)
    assert picture.getpixel((9, 9)) == (0, 0, 255)


def test_opening_without_a_picture_is_refused():
    notebook = lesson_with_opening(ink("red"), tagged=0)
    notebook.cells[-1].outputs = []
    with pytest.raises(ValueError, match="^no cell tagged opening shows a picture; "):
        pictures.opening(notebook)


def shown_in_setup(notebook):
    """Return the picture and the text that a lesson's setup cell shows."""
    picture, line = notebook.cells[1].outputs
    return Image.open(io.BytesIO(base64.b64decode(picture.data["image/png"]))).convert("RGB"), line.text


@pytest.fixture
def folder(monkeypatch, tmp_path):
    """A place of the test's own for openings."""
    monkeypatch.setattr(session, "OPENINGS", tmp_path / "openings")
    return tmp_path / "openings"


def test_run_keeps_the_opening_and_shows_it_at_the_top(monkeypatch, folder, tmp_path):
    """The run itself has shown what was kept before: nothing at first, then the old one."""
    source, target = tmp_path / "07_name.py", tmp_path / "07_name.ipynb"
    source.write_text(
        '# %%\ndevice = lessons_lib.start(opening="07")\n# %% tags=["opening"]\ndraw()\n', encoding="utf-8"
    )
    monkeypatch.setattr(make_notebooks, "notebook_path", lambda source: target)
    monkeypatch.setattr("sys.argv", ["make_notebooks.py", "--all"])
    for colour in ((255, 0, 0), (0, 0, 255), (0, 0, 253)):  # however little it changes

        def run(notebook, colour=colour):
            before = session.opening_picture("07")
            setup, opening = notebook.cells
            setup.outputs = [nbformat.v4.new_output("display_data", before)] if before else []
            setup.outputs.append(nbformat.v4.new_output("stream", text="lessons_lib 0.1.0"))
            opening.outputs = notebook_that_shows(ink(colour)).cells[1].outputs
            setup.execution_count, opening.execution_count = 1, 2
            return Run(notebook, 1.0, 1.0)

        monkeypatch.setattr(make_notebooks, "run", run)
        make_notebooks.bring_up_to_date(source)
        notebook = read_notebook(target)
        notebook.cells.insert(0, nbformat.v4.new_markdown_cell())
        shown, line = shown_in_setup(notebook)
        assert shown.getpixel((100, 100)) == colour
        assert line == "lessons_lib 0.1.0" and pictures.opening_is_fresh(source, notebook)

    monkeypatch.setattr("sys.argv", ["make_notebooks.py"])
    monkeypatch.setattr(make_notebooks, "run", lambda notebook: pytest.fail("nothing changed"))
    written = target.stat().st_mtime_ns
    make_notebooks.bring_up_to_date(source)
    assert target.stat().st_mtime_ns == written
    Image.new("RGB", (50, 50), "green").save(folder / "07.png")
    assert not pictures.opening_is_fresh(source, notebook)
    make_notebooks.bring_up_to_date(source)
    assert pictures.opening_is_fresh(source, notebook)
    (folder / "07.png").unlink()
    assert not pictures.opening_is_fresh(source, notebook)


def test_opening_is_small_on_disk_and_keeps_its_colours(folder):
    """Smooth colours, and a little grey print that a palette of the commonest would turn blue."""
    x, y = np.meshgrid(np.linspace(0, 1, 884), np.linspace(0, 1, 484))
    drawn = np.stack([255 * x, 255 * y, 255 - 255 * x * y], axis=-1).astype(np.uint8)
    drawn[100:110, ::40] = 110
    notebook = lesson_with_opening(Image.fromarray(drawn), tagged=0)
    pictures.write_opening(Path("07_name.py"), notebook)
    assert (folder / "07.png").stat().st_size < 100_000
    kept = np.asarray(Image.open(folder / "07.png").convert("RGB"), dtype=int)
    assert (kept[:8] == 255).all() and (kept[:, -8:] == 255).all()
    assert np.abs(kept[108:118, 8:-8:40] - 110).max() <= 16
    assert np.abs(kept - np.asarray(pictures.opening(notebook), dtype=int)).max() <= 48
