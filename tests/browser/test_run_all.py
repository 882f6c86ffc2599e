"""A lesson as its student meets it: opened in JupyterLab, run, everything dragged, reloaded, dragged again."""

import json

import drive
import nbformat
from lab import open_notebook, reload, run_all, save
from lesson_files import NOTEBOOKS, read_notebook
from lesson_runs import write_widgets
from playwright.sync_api import expect

LESSON = "01a_linear_autoencoder.ipynb"  # of the short ones the one with most kinds of widgets
SECONDS = 400  # one thread, beside other tests


def test_run_all_drag_everything_reload_and_drag_again(jupyterlab, tmp_path):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = read_notebook(NOTEBOOKS / LESSON)
    notebook.cells.append(nbformat.v4.new_code_cell(write_widgets(folder)))
    nbformat.write(notebook, folder / LESSON)
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, LESSON)
        run_all(page, SECONDS)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        made_from = json.loads((folder / "made_from.json").read_text())
        assert {"LatentExplorer", "FramePlayer", "Prediction"} <= made_from.keys()
        drive.every_widget(page, made_from, "thorough")
        save(page)
        reload(page)  # the kernel still has the widgets; test_widgets.py also restarts it, and runs all cells again
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        for kind in ("LatentExplorer", "FramePlayer"):
            driver = drive.DRIVERS[kind]
            for output, made in drive.outputs(page, driver.place, made_from[kind]):
                driver.once(output, made)
        for words in page.locator(".lessons-prediction .lessons-status").all():  # a prediction is made once
            expect(words).to_have_text("Compared below.")
        assert page.complaints == []
