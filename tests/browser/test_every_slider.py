"""Every lesson but 01b, run once in JupyterLab: each slider is moved, each picture compared with Python's."""

import base64
import io
import json

import nbformat
import numpy as np
import pytest
import torch
from drag import Drag
from explorer import Explorer
from lab import next_drawing, open_notebook, run_all
from lesson_files import notebook_path, read_notebook, source_paths
from PIL import Image

from lessons_lib.widgets import BoundExplorer

SECONDS = 400  # one thread, beside another test
LESSONS = [source for source in source_paths() if not source.stem.startswith("01b")]  # it has a test of its own
# Behind the lesson's last cell: what its widgets hold, in the order in which they were made.
TAKE_OUT = """
import base64, json, torch
from ipywidgets.widgets.widget import _instances
from lessons_lib.widgets.bound_explorer import BoundView
from lessons_lib.widgets.drag_regression import RegressionView
from lessons_lib.widgets.frame_player import FrameView
from lessons_lib.widgets.latent_explorer import LatentExplorer
_text = lambda data: base64.b64encode(data).decode()
_players = [
    {"captions": view.captions, "frames": [_text(frame) for frame in view.frames]}
    for view in _instances.values()
    if isinstance(view, FrameView)
]
_bounds = [
    {"z": _text(view.z), "log_joint": _text(view.log_joint)}
    for view in _instances.values()
    if isinstance(view, BoundView)
]
_drags = [view.sets for view in _instances.values() if isinstance(view, RegressionView)]
_explorers = [
    {"codes": _text(explorer.view.codes), "decoder": explorer._snapshot}
    for explorer in _instances.values()
    if isinstance(explorer, LatentExplorer)
]
for _number, _explorer in enumerate(_explorers):
    torch.save(_explorer.pop("decoder"), f"decoder_{_number}.pt")
with open("taken_out.json", "w") as file:
    json.dump({"players": _players, "bounds": _bounds, "drags": _drags, "explorers": _explorers}, file)
"""


@pytest.mark.parametrize("source", LESSONS, ids=lambda source: source.stem)
def test_run_all_and_move_every_slider(jupyterlab, tmp_path, source):
    folder = tmp_path / "notebooks"
    folder.mkdir()
    notebook = read_notebook(notebook_path(source))
    notebook.cells.append(nbformat.v4.new_code_cell(TAKE_OUT))
    nbformat.write(notebook, folder / notebook_path(source).name)
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, notebook_path(source).name)
        run_all(page, SECONDS)
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        taken_out = json.loads((folder / "taken_out.json").read_text())
        players, bounds = taken_out["players"], taken_out["bounds"]
        outputs = page.locator(".jp-OutputArea-output:has(.lessons-frame)")
        assert outputs.count() == len(players)
        for number, player in enumerate(players):
            drive_player(page, outputs.nth(number), player)
        outputs = page.locator(".jp-OutputArea-output:has(.lessons-bars)")
        assert outputs.count() == len(bounds)
        for number, explorer in enumerate(bounds):
            drive_bound_explorer(page, outputs.nth(number), explorer)
        outputs = page.locator(".jp-OutputArea-output:has(.lessons-image)")
        assert outputs.count() == len(taken_out["explorers"])
        for number, explorer in enumerate(taken_out["explorers"]):
            # Written by this very test: no stranger's pickle.
            decoder = torch.load(folder / f"decoder_{number}.pt", weights_only=False)
            drive_latent_explorer(outputs.nth(number), decoder, explorer)
        outputs = page.locator(".jp-OutputArea-output:has(.lessons-plot)")
        assert outputs.count() == len(taken_out["drags"])
        for number, drag in enumerate(taken_out["drags"]):
            drive_drag_regression(outputs.nth(number), drag)
        assert page.complaints == []


def drive_player(page, output, player):
    output.scroll_into_view_if_needed()
    view, handle = output.locator(".lessons-widget"), output.locator(".noUi-handle")
    last = len(player["captions"]) - 1

    def press(key):
        handle.focus()
        next_drawing(view, lambda: handle.press(key))

    output.locator(".widget-slider").scroll_into_view_if_needed()
    if shown(view) != player["captions"][0]:
        press("Home")
    assert_shows(view, player, 0)
    for frame in range(1, last + 1):
        press("ArrowRight")
        assert_shows(view, player, frame)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    next_drawing(view, lambda: page.mouse.move(x - 600, y, steps=3))
    page.mouse.up()
    assert_shows(view, player, 0)
    next_drawing(view, lambda: output.locator(".widget-play button").first.click())
    assert shown(view) in player["captions"][1:]  # it plays
    output.locator(".widget-play button").nth(1).click()


def shown(view):
    return view.locator(".lessons-status").first.text_content()


def assert_shows(view, player, frame):
    """The caption is the frame's, and the canvas holds its pixels."""
    assert shown(view) == player["captions"][frame]
    address = view.locator("canvas").evaluate("canvas => canvas.toDataURL('image/png')")
    drawn = over_white(base64.b64decode(address.split(",")[1]))
    wanted = over_white(base64.b64decode(player["frames"][frame]))
    assert drawn.shape == wanted.shape and np.abs(drawn - wanted).mean() <= 2


def over_white(png):
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=float)
    opacity = picture[..., 3:] / 255
    return picture[..., :3] * opacity + 255 * (1 - opacity)


def drive_bound_explorer(page, output, explorer):
    """Both sliders by key and by mouse: the figures are Python's, log P(x) stands still, the bars change."""
    z, log_joint = (np.frombuffer(base64.b64decode(explorer[name])).copy() for name in ("z", "log_joint"))
    view, bars = output.locator(".lessons-widget"), output.locator(".lessons-bars")

    def pictures():
        return [output.locator(kind).evaluate("el => el.toDataURL()") for kind in (".lessons-curves", ".lessons-bars")]

    def assert_redrawn(picture, before, after):
        curves, bars_now = pictures()
        assert curves != picture[0]
        if abs(after["kl"] - before["kl"]) > 0.01:  # mirrored, q has the same bars under a symmetric posterior
            assert bars_now != picture[1]

    output.locator(".widget-slider").last.scroll_into_view_if_needed()

    def check():
        shown = json.loads(bars.get_attribute("data-figures"))
        wanted = BoundExplorer(z, log_joint, mean=shown["mean"], sd=shown["sd"]).figures()
        for ours, theirs in [("log_p", "logP"), ("bound", "bound"), ("kl", "kl")]:
            assert shown[theirs] == pytest.approx(wanted[ours], abs=1e-6)
        assert shown["bound"] + shown["kl"] == pytest.approx(shown["logP"], abs=1e-5)
        return shown

    first = before = check()
    for number, name in enumerate(["mean", "sd"]):
        handle = output.locator(".noUi-handle").nth(number)
        for key in ("ArrowRight", "PageDown", "Home", "End", "ArrowLeft"):
            handle.focus()
            picture = pictures()
            next_drawing(view, lambda h=handle, k=key: h.press(k))
            after = check()
            assert after[name] != before[name] and after["logP"] == first["logP"]
            assert after["kl"] != before["kl"]
            if key in ("Home", "End"):  # a small step may move no pixel
                assert_redrawn(picture, before, after)
            before = after
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        picture = pictures()
        page.mouse.move(x, y)
        page.mouse.down()
        next_drawing(view, lambda x=x, y=y: page.mouse.move(x - 120, y, steps=3))
        page.mouse.up()
        after = check()
        assert after[name] < before[name]
        assert_redrawn(picture, before, after)
        before = after


def drive_latent_explorer(output, decoder, explorer):
    """Every slider by key, the first by mouse too: the picture is PyTorch's for the code shown."""
    output.scroll_into_view_if_needed()
    output.locator(".widget-slider").last.scroll_into_view_if_needed()
    dimensions = output.locator(".widget-slider").count()
    codes = np.frombuffer(base64.b64decode(explorer["codes"]), dtype=np.float32).reshape(-1, dimensions)
    driven = Explorer(output, decoder, codes)
    assert driven.error() <= 2
    for number in range(dimensions):
        driven.check(lambda n=number: driven.press_slider(n, "PageUp"), moved=[number])
    driven.check(lambda: driven.drag_slider(0, by=40), moved=[0])


def drive_drag_regression(output, sets):
    """Each set from the menu; points by slider, by key and by mouse: the figures are Python's to 1e-6."""
    output.scroll_into_view_if_needed()
    drag = Drag(output)
    for number, entry in enumerate(sets):
        if number:
            drag.after(lambda n=number: output.locator("select").first.select_option(index=n))
        shown = drag.shown()
        np.testing.assert_allclose(shown["points"], entry["points"])
        assert shown["chosen"] == entry["first"]
        drag.plot.focus()
        for key in ("ArrowUp", "ArrowDown", "ArrowLeft"):
            drag.act(lambda k=key: drag.plot.press(k), changed=True)
        neighbour = "PageUp" if entry["first"] else "PageDown"
        before, after = drag.act(lambda key=neighbour: drag.plot.press(key), changed=False)
        assert after["chosen"] != before["chosen"]
        for slider, axis in ((1, 0), (2, 1)):  # slider 0 chooses the point
            handle = drag.handles.nth(slider)
            handle.focus()
            before, after = drag.act(lambda h=handle: h.press("PageUp"), changed=True)
            chosen = after["chosen"]
            assert after["points"][chosen][axis] > before["points"][chosen][axis]
            assert after["points"][chosen][1 - axis] == before["points"][chosen][1 - axis]
        point = drag.handles.first
        point.focus()
        before, after = drag.act(lambda p=point: p.press("ArrowRight"), changed=False)
        assert after["chosen"] == before["chosen"] + 1
        drag.after(lambda: output.get_by_role("button", name="reset").click())
        np.testing.assert_allclose(drag.shown()["points"], entry["points"])
    before, after = drag.swipe(2, right=40, up=50)
    assert after["points"][2][0] > before["points"][2][0] and after["points"][2][1] > before["points"][2][1]
