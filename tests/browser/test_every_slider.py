"""Every lesson as nbval ran it, opened in JupyterLab: each slider is moved, each picture compared with Python's."""

import json

import drive
import pytest
import torch
from lab import open_notebook
from lesson_files import source_paths


@pytest.mark.parametrize("source", source_paths(), ids=lambda source: source.stem)
def test_every_slider_moves_what_it_should(jupyterlab, lesson_runs, source):
    folder = lesson_runs.folder_of(source)
    made_from = json.loads((folder / "made_from.json").read_text())
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, f"{source.stem}.ipynb")
        page.locator(".jp-OutputArea-output").first.wait_for(timeout=60_000)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0

        def outputs(kind, number):
            found = page.locator(f".jp-OutputArea-output:has({kind})")
            if number:
                found.nth(number - 1).wait_for(timeout=60_000)
            assert found.count() == number
            return [found.nth(i) for i in range(number)]

        players, bounds, explorers, drags = (made_from[kind] for kind in ("players", "bounds", "explorers", "drags"))
        for output, player in zip(outputs(".lessons-frame", len(players)), players, strict=True):
            drive.player(output, player)
        for output, bound in zip(outputs(".lessons-bars", len(bounds)), bounds, strict=True):
            drive.bound_explorer(output, bound)
        for number, output in enumerate(outputs(".lessons-image", len(explorers))):
            # Written by this very test run: no stranger's pickle.
            decoder = torch.load(folder / f"decoder_{number}.pt", weights_only=False)
            drive.latent_explorer(output, decoder, explorers[number])
        for output, drag in zip(outputs(".lessons-plot", len(drags)), drags, strict=True):
            drive.drag_regression(output, drag)
        assert page.complaints == []
