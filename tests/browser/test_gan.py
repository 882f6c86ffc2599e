"""GanTrainer in a notebook and a page of its own: every step is PyTorch's."""

import drive
import nbformat
from lab import browser_page, open_notebook, run_all
from reading import BOXES, ask_axe, assert_fits
from test_page import write
from test_widgets import METADATA

CELL = 'from lessons_lib.widgets import GanTrainer\nGanTrainer(loss="saturating", still_rounds=20)'
OUTPUT = ".jp-OutputArea-output:has(.lessons-gan)"


def notebook():
    return nbformat.v4.new_notebook(metadata=METADATA, cells=[nbformat.v4.new_code_cell(CELL)])


def test_trains_in_jupyterlab_as_pytorch_does(jupyterlab, tmp_path):
    (tmp_path / "folder").mkdir()
    nbformat.write(notebook(), tmp_path / "folder" / "gan.ipynb")
    with jupyterlab(tmp_path / "folder") as (page, address):
        open_notebook(page, address, "gan.ipynb")
        run_all(page, 60)
        drive.DRIVERS["GanTrainer"].thorough(page.locator(OUTPUT), {})
        assert page.complaints == []


def test_trains_in_a_page_and_can_be_used_by_ear(chromium, page_parts, tmp_path, axe):
    with browser_page(chromium, viewport={"width": 375, "height": 800}) as page:
        page.goto(write(notebook(), tmp_path, page_parts).as_uri())
        page.locator(BOXES).first.wait_for(timeout=60_000)
        page.locator(".lessons-gan[data-shown]").wait_for(timeout=60_000)
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        drive.DRIVERS["GanTrainer"].once(page.locator(OUTPUT), {})
        assert page.complaints == []
