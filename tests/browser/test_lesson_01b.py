"""Lesson 01b as its student meets it: opened in JupyterLab, run, dragged, reloaded, dragged again."""

import os
import shutil
from pathlib import Path

import nbformat
import numpy as np
import torch
from explorer import Explorer
from lab import next_drawing, open_notebook, reload, run_all, save

from lessons_lib.models import layers

ROOT = Path(__file__).resolve().parents[2]
LESSON = "01b_deep_autoencoder.ipynb"
SECONDS = 400  # one thread, beside another test
TAKE_OUT = """import torch
torch.save({"decoder": deep[2].decoder.state_dict(), "codes": z_test}, "taken_out.pt")"""


def test_run_all_drag_everything_reload_and_drag_again(jupyterlab, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = nbformat.read(ROOT / "notebooks" / LESSON, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(TAKE_OUT))
    nbformat.write(notebook, folder / LESSON)
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, LESSON)
        run_all(page, SECONDS)
        drive(page, folder)
        screenshot(page, tmp_path / "explorer.png")
        save(page)
        reload(page)  # the kernel still has the widgets; test_widgets.py also restarts it, and runs all cells again
        drive(page, folder)
        assert page.complaints == []


def drive(page, folder):
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    taken_out = torch.load(folder / "taken_out.pt", weights_only=True)
    decoder = layers(2, 200, 400, 784)
    decoder.load_state_dict(taken_out["decoder"])
    drive_explorer(page, decoder, taken_out["codes"][:1000])
    drive_player(page)


def drive_explorer(page, decoder, codes):
    output = page.locator(".jp-OutputArea-output:has(.lessons-pad)").first
    output.scroll_into_view_if_needed()
    output.locator(".widget-slider").last.scroll_into_view_if_needed()
    explorer = Explorer(output, decoder, codes)
    assert explorer.sliders.count() == 2 and explorer.error() <= 2
    for number in (0, 1):
        explorer.check(lambda n=number: explorer.press_slider(n), moved=[number])
        explorer.check(lambda n=number: explorer.drag_slider(n, by=40), moved=[number])
    dot = explorer.lonely_dot()
    explorer.check(lambda: page.mouse.click(*explorer.pad_position(dot)), moved=[0, 1])
    half_a_step = (explorer.high - explorer.low) / 400 * 1.001
    assert (np.abs(explorer.code() - dot) <= half_a_step).all()
    middle = explorer.pad_position((explorer.low + explorer.high) / 2)
    explorer.check(lambda: explorer.drag_pad(explorer.pad_position(dot), middle), moved=[0, 1])
    explorer.pad.focus()
    explorer.check(lambda: page.keyboard.press("ArrowLeft"), moved=[0])
    explorer.check(lambda: page.keyboard.press("ArrowUp"), moved=[1])
    explorer.check(lambda: explorer.view.get_by_role("button", name="random code").click(), moved=[0, 1])
    explorer.check(lambda: explorer.view.get_by_role("button", name="reset").click(), moved=[0, 1])
    assert (np.abs(explorer.code() - codes.numpy().mean(0)) <= half_a_step).all()


def drive_player(page):
    output = page.locator(".jp-OutputArea-output:has(.lessons-frame)").first
    output.scroll_into_view_if_needed()
    view = output.locator(".lessons-widget")
    handle = output.locator(".noUi-handle")
    caption = view.locator(".lessons-status").first
    seen = set()
    for key in ("End", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        handle.focus()
        next_drawing(view, lambda k=key: handle.press(k))
        seen.add((caption.text_content(), view.locator("canvas").evaluate("el => el.toDataURL()")))
    assert len(seen) == 4, "each code size has a picture and a caption of its own"
    next_drawing(view, lambda: output.locator(".widget-play button").first.click())
    assert caption.text_content().startswith("5 units")
    output.locator(".widget-play button").nth(1).click()


def screenshot(page, path):
    """Take the README's picture, the explorer as the student sees it; `make pictures` keeps it."""
    output = page.locator(".jp-OutputArea-output:has(.lessons-pad)").first
    output.scroll_into_view_if_needed()
    output.screenshot(path=path)
    assert path.stat().st_size > 10_000
    if os.environ.get("UPDATE_PICTURES"):
        shutil.copy(path, ROOT / "notebooks" / "pictures" / "explorer.png")
