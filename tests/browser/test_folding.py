"""Code that only draws: folded in JupyterLab and in a page, where a key opens it; what it draws is in sight."""

import nbformat
import pytest
from lab import browser_page, next_drawing, open_notebook, run_all, save
from lesson_files import keep_tags, read_notebook, run
from pages import PARTS, write_page
from playwright.sync_api import expect
from reading import assert_fits
from test_widgets import METADATA

# A lesson's opening is as wide as this picture of its own pixels.
TEACH = f"""
import io
import numpy as np
from IPython.display import display
from PIL import Image
from lessons_lib.widgets import FramePlayer
png = io.BytesIO()
Image.new("RGB", (900, 300), "green").save(png, "PNG")
display({{"image/png": png.getvalue(), "text/plain": "opening picture"}}, raw=True)
frames = [np.full((20, 30), 0.25 * i) for i in range(4)]  # {60 * "long, "}"""
DRAW = "FramePlayer(frames, list('abcd'), label='ink')"


@pytest.fixture(scope="module")
def notebook():
    tagged = [(TEACH, []), (DRAW, ["figure"]), ("print('the last cell')", [])]
    cells = [nbformat.v4.new_code_cell(text, metadata={"tags": tags}) for text, tags in tagged]
    return run(keep_tags(nbformat.v4.new_notebook(metadata=METADATA, cells=cells)), keep_widgets=True).notebook


def answers(page):
    """The widget of the folded cell is there, and moves."""
    view = page.locator(".lessons-widget:has(.lessons-frame)")
    expect(view.locator(".lessons-status")).not_to_be_empty(timeout=60_000)
    view.scroll_into_view_if_needed()
    handle = page.get_by_role("slider", name="ink")
    handle.focus()
    next_drawing(view, lambda: handle.press("End"))
    assert view.locator(".lessons-status").text_content() == "d"


@pytest.mark.parametrize("width", [1400, 375])
def test_page_opens_the_drawing_code_by_key(chromium, notebook, page_parts, tmp_path, width):
    write_page(notebook, tmp_path / "page.html")
    for part in PARTS:
        (tmp_path / part).symlink_to(page_parts / part)
    with browser_page(chromium, viewport={"width": width, "height": 800}) as page:
        page.goto((tmp_path / "page.html").as_uri())
        answers(page)
        assert page.get_by_text("np.full").is_visible()
        line = page.get_by_text("show the drawing code")
        code = page.locator("details .jp-InputArea-editor")
        assert line.count() == code.count() == 1 and not code.is_visible()
        line.focus()
        page.keyboard.press("Enter")
        assert code.is_visible() and "FramePlayer(" in code.text_content()
        assert_fits(page)
        picture = page.locator("img").bounding_box()
        assert picture["width"] == (900 if width == 1400 else pytest.approx(320, abs=40))
        assert picture["height"] == pytest.approx(picture["width"] / 3, abs=1)
        page.keyboard.press("Enter")
        assert not code.is_visible()
        assert page.complaints == []


def test_jupyterlab_folds_the_drawing_code_and_shows_what_it_draws(jupyterlab, notebook, tmp_path):
    folder = tmp_path / "folded"
    folder.mkdir()
    nbformat.write(notebook, folder / "folded.ipynb")
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "folded.ipynb")
        answers(page)  # as it was kept
        run_all(page, 60)
        answers(page)
        cells = page.locator(".jp-CodeCell")
        shown = [cells.nth(number).locator(".jp-InputArea-editor").count() for number in range(3)]
        assert shown == [1, 0, 1]
        save(page)
        kept = read_notebook(folder / "folded.ipynb")
        assert [cell.metadata for cell in kept.cells] == [cell.metadata for cell in notebook.cells]
        cells.nth(1).locator(".jp-Placeholder-content").click()
        expect(cells.nth(1).locator(".jp-InputArea-editor")).to_contain_text("FramePlayer(")
        assert page.complaints == []
