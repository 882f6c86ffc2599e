"""Every lesson as nbval ran it, in JupyterLab and as a page: each widget is moved and compared with Python's."""

import json
import os
import shutil

import drive
import pytest
from lab import browser_page, open_with_widgets
from lesson_files import NOTEBOOKS, all_source_paths, read_notebook, source_paths
from pages import PARTS, write_page
from reading import BOXES, ask_axe, assert_fits

from lessons_lib import widgets
from lessons_lib.widgets.browser import SlidersAndView
from lessons_lib.widgets.prediction import _Spoken

IN_README = "01b_deep_autoencoder"
lesson = pytest.mark.parametrize("source", source_paths(), ids=lambda source: source.stem)


def test_every_kind_of_widget_has_a_driver():
    kinds = {kind.__name__ for base in (SlidersAndView, _Spoken) for kind in base.__subclasses__()}
    assert kinds == drive.DRIVERS.keys() and kinds >= set(widgets.__all__)
    with pytest.raises(AssertionError, match="without a driver"):
        drive.every_widget(None, {"Another": [{}]}, "once")


@pytest.mark.parametrize("source", all_source_paths(), ids=lambda source: source.stem)  # the front page too
def test_lives_as_a_page_on_a_telephone(chromium, lesson_runs, page_parts, axe, source, tmp_path):
    """Without kernel and network every widget answers, has names, and nothing leaves the narrow window."""
    folder = lesson_runs.folder_of(source)
    made_from = json.loads((folder / "made_from.json").read_text())
    write_page(read_notebook(folder / f"{source.stem}.ipynb"), tmp_path / "page.html")
    for part in PARTS:
        (tmp_path / part).symlink_to(page_parts / part)
    (tmp_path / "pictures").symlink_to(NOTEBOOKS / "pictures")
    with browser_page(chromium, viewport={"width": 375, "height": 800}) as page:
        page.goto((tmp_path / "page.html").as_uri())
        drive.every_widget(page, made_from, "once")
        page.wait_for_function("() => !window.MathJax?.Hub.queue.pending")  # formulas have their width now
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        assert page.complaints == []


@lesson
def test_every_slider_moves_what_it_should(jupyterlab, lesson_runs, source, tmp_path):
    folder = lesson_runs.folder_of(source)
    made_from = json.loads((folder / "made_from.json").read_text())
    with jupyterlab(folder) as (page, address):
        open_with_widgets(page, address, f"{source.stem}.ipynb", sum(map(len, made_from.values())))
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        drive.every_widget(page, made_from, "thorough")
        if source.stem == IN_README:
            take_picture(page, tmp_path / "explorer.png")
        assert page.complaints == []


def take_picture(page, path):
    """Take the README's picture, the explorer as the student sees it; `make pictures` keeps it."""
    output = page.locator(".jp-OutputArea-output:has(.lessons-pad)").first
    output.scroll_into_view_if_needed()
    output.screenshot(path=path)
    assert path.stat().st_size > 10_000
    if os.environ.get("UPDATE_PICTURES"):
        shutil.copy(path, NOTEBOOKS / "pictures" / "explorer.png")
