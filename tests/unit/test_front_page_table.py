"""The table of lessons on the front page and in the README, and its small pictures."""

import base64
import io
import shutil
from pathlib import Path

import front_page
import nbformat
import pytest
from front_page import fill_in_table, header
from lesson_files import ROOT, source_paths
from PIL import Image


def test_a_lessons_header_is_read(tmp_path):
    source = tmp_path / "07_name.py"
    source.write_text(
        "# %% [markdown]\n# # 07 · A name\n#\n# **A question\n# on two lines?**\n#\n"
        "# [Open in Colab](x) · [Open on Binder](y) ·\n# 12 minutes to read, half a\n# minute to run, offline\n"
    )
    facts = header(source)
    assert (facts.title, facts.question) == ("07 · A name", "A question on two lines?")
    assert (facts.read, facts.run) == ("12 minutes", "half a minute")
    source.write_text("# %% [markdown]\n# # 07 · A name\n#\n# **A question?**\n")
    with pytest.raises(ValueError, match=r"07_name\.py must begin with a title"):
        header(source)


def notebook_that_shows(*pictures):
    cells = []
    for picture in pictures:
        png = io.BytesIO()
        picture.save(png, "PNG")
        output = nbformat.v4.new_output("display_data", {"image/png": base64.b64encode(png.getvalue()).decode()})
        cells.append(nbformat.v4.new_code_cell("draw()", outputs=[output]))
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# 07"), *cells])


def test_small_picture_is_the_first_that_can_be_recognised(monkeypatch):
    strip = Image.new("RGB", (1200, 100), "blue")
    ink = Image.new("RGBA", (400, 300))  # transparent, as on a dark theme
    ink.paste("red", (100, 100, 300, 200))  # its empty edges go
    for shown, colour in [((strip, ink), (255, 0, 0)), ((ink, strip), (255, 0, 0)), ((strip,), (0, 0, 255))]:
        monkeypatch.setattr(front_page, "read_notebook", lambda path, shown=shown: notebook_that_shows(*shown))
        card = front_page.small_picture(Path("07_name.py"))
        assert card.mode == "RGB" and card.size == (320, 180)
        assert card.getpixel((0, 0)) == card.getpixel((319, 179)) == (255, 255, 255)
        assert card.getpixel((160, 90)) == card.getpixel((12, 90)) == card.getpixel((307, 90)) == colour
    monkeypatch.setattr(front_page, "read_notebook", lambda path: notebook_that_shows())
    with pytest.raises(ValueError, match="07_name shows no picture"):
        front_page.small_picture(Path("07_name.py"))


def test_another_picture_is_not_fresh(monkeypatch, tmp_path):
    source = source_paths()[0]
    assert front_page.is_fresh(source)
    monkeypatch.setattr(front_page, "PICTURES", tmp_path)
    assert not front_page.is_fresh(source)
    shutil.copy(ROOT / "notebooks" / "pictures" / f"{source_paths()[1].stem}.png", tmp_path / f"{source.stem}.png")
    assert not front_page.is_fresh(source)
    front_page.write_pictures()
    assert all(front_page.is_fresh(one) for one in source_paths())
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 20_000 * len(source_paths())


def test_only_a_text_with_both_marks_gets_the_table():
    for text in ("nothing", "<!-- lessons, made by make notebooks -->\n", "<!-- end of lessons -->\n"):
        assert fill_in_table(text) == text
    text = "a\n# <!-- lessons, made by make notebooks -->\n# was here\n# <!-- end of lessons -->\nz\n"
    filled = fill_in_table(text, comment="# ")
    assert "was here" not in filled and filled.startswith("a\n") and filled.endswith("\nz\n")
    assert all(line.startswith("#") for line in filled.splitlines()[1:-1])
    assert fill_in_table(filled, comment="# ") == filled
