"""A lesson as its student meets it: opened in JupyterLab, run, everything dragged, reloaded, dragged again."""

import json

import drive
import nbformat
import numpy as np
import torch
from explorer import Explorer
from lab import next_drawing, open_notebook, reload, run_all, save
from lesson_files import NOTEBOOKS, read_notebook
from lesson_runs import widget_writer
from playwright.sync_api import expect

LESSON = "01a_linear_autoencoder.ipynb"  # of the short ones the one with most kinds of widgets
SECONDS = 400  # one thread, beside other tests
TAKE_OUT = """import torch
torch.save({"decoder": network_decoder.state_dict(), "codes": torch.as_tensor(z[:500])}, "taken_out.pt")"""


def test_run_all_drag_everything_reload_and_drag_again(jupyterlab, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = read_notebook(NOTEBOOKS / LESSON)
    notebook.cells += [nbformat.v4.new_code_cell(code) for code in (TAKE_OUT, widget_writer(folder))]
    nbformat.write(notebook, folder / LESSON)
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, LESSON)
        run_all(page, SECONDS)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        made_from = json.loads((folder / "made_from.json").read_text())
        assert {"LatentExplorer", "FramePlayer", "Prediction"} <= made_from.keys()
        drive.every_widget(page, made_from, "thorough")
        drive_pad(page, folder)
        save(page)
        reload(page)  # the kernel still has the widgets; test_widgets.py also restarts it, and runs all cells again
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        for kind in ("LatentExplorer", "FramePlayer"):
            driver = drive.DRIVERS[kind]
            for output, made in drive.outputs(page, driver.place, made_from[kind]):
                driver.thorough(output, made)
        drive_pad(page, folder)
        made = page.locator(".lessons-widget:has(> .lessons-prediction) .lessons-status")
        assert made.count() == len(made_from["Prediction"])
        for words in made.all():  # a prediction is made once
            expect(words).to_have_text("Compared below.")
        assert page.complaints == []


def drive_pad(page, folder):
    """Move the network's explorer by its pad and its buttons; the picture is that of the kernel's own decoder."""
    taken_out = torch.load(folder / "taken_out.pt", weights_only=True)
    decoder, codes = torch.nn.Linear(10, 784), taken_out["codes"]
    decoder.load_state_dict(taken_out["decoder"])
    explorer = Explorer(page.locator(".jp-OutputArea-output:has(.lessons-pad)").nth(1), decoder, codes)
    explorer.output.scroll_into_view_if_needed()
    assert explorer.sliders.count() == 10 and explorer.error() <= 2
    half_a_step = (explorer.high - explorer.low) / 400 * 1.001
    dot = explorer.lonely_dot()
    next_drawing(explorer.view, lambda: page.mouse.click(*explorer.pad_position(dot)))
    assert (np.abs(explorer.code() - dot) <= half_a_step).all() and explorer.error() <= 2
    middle = explorer.pad_position((explorer.low + explorer.high) / 2)
    explorer.check(lambda: explorer.drag_pad(explorer.pad_position(dot), middle), moved=[0, 1])
    explorer.pad.focus()
    explorer.check(lambda: page.keyboard.press("ArrowLeft"), moved=[0])
    explorer.check(lambda: page.keyboard.press("ArrowUp"), moved=[1])
    explorer.check_random_code()
    next_drawing(explorer.view, lambda: explorer.view.get_by_role("button", name="reset").click())
    assert (np.abs(explorer.code() - codes.numpy().mean(0)) <= half_a_step).all() and explorer.error() <= 2
