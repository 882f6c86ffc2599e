"""DigitPad in a notebook and a page of its own: what is written by mouse, finger and key is what Python reads."""

import json

import drive
import nbformat
import numpy as np
from lab import browser_page, open_notebook, run_all
from pad import ONE, SEVEN, Pad
from reading import BOXES, ask_axe, assert_fits
from test_page import write
from test_widgets import METADATA, assert_light_on_dark, choose_theme, run_last_cell

from lessons_lib.widgets import DigitPad

SETUP = """
import json, torch
from torch import nn
from lessons_lib.datasets import digits
from lessons_lib.widgets import DigitPad
def layers(*widths):
    torch.manual_seed(0)
    made = [nn.Linear(*pair) for pair in zip(widths, widths[1:])]
    for layer in made:
        layer.weight.data *= 3
    return nn.Sequential(*(part for layer in made for part in (layer, nn.Tanh())))[:-1]
data = digits()
def pad_of(k):
    decoder = nn.Sequential(layers(k + 10, 32, 784), nn.Sigmoid())
    return DigitPad(layers(794, 32, 2 * k), decoder, layers(784, 10), data.x_test[::50], data.y_test[::50])
pad, other = pad_of(4), pad_of(2)"""
READ = 'print("kernel has", json.dumps([pad.digit, pad.z.tolist(), pad.picture.tolist(), pad.ten_digits().tolist()]))'
OUTPUT = ".jp-OutputArea-output:has(.lessons-written)"


def notebook():
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, "pad", "other", READ)]
    return nbformat.v4.new_notebook(metadata=METADATA, cells=cells)


def pads_in(page):
    """The two pads on the page; what they were made from, made anew."""
    made = {"DigitPad": DigitPad}
    exec(SETUP, made)
    for number in (0, 1):
        page.locator(".lessons-written[data-shown]").nth(number).wait_for(timeout=60_000)
    return [Pad(page.locator(OUTPUT).nth(i), made[name].made_from()) for i, name in enumerate(("pad", "other"))]


def test_writes_in_jupyterlab_and_the_kernel_can_read_it(jupyterlab, tmp_path, axe):
    (tmp_path / "folder").mkdir()
    nbformat.write(notebook(), tmp_path / "folder" / "pad.ipynb")
    with jupyterlab(tmp_path / "folder", has_touch=True) as (page, address):
        open_notebook(page, address, "pad.ipynb")
        run_all(page, 60)
        pad, other = pads_in(page)
        untouched = other.shown()
        made = {"DigitPad": DigitPad}
        exec(SETUP, made)
        drive.DRIVERS["DigitPad"].thorough(pad.output, made["pad"].made_from())
        pad.act(lambda: pad.write_by_touch([(0.2, 0.5), (0.4, 0.5), (0.8, 0.5)]), strokes=...)
        pad.pad.focus()
        cells = page.locator(".jp-Cell").count()
        for key in ("d", "d", "x"):  # in JupyterLab these delete and cut cells
            page.keyboard.press(key)
        assert page.locator(".jp-Cell").count() == cells
        shown = pad.shown()
        assert other.told() == {name: untouched[name] for name in other.told()}  # each pad is its own
        run_last_cell(page)
        page.wait_for_timeout(500)
        printed = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").text_content()
        digit, z, picture, ten = json.loads(printed.removeprefix("kernel has "))
        assert digit == shown["digit"] and z == shown["style"]
        np.testing.assert_allclose(picture, shown["picture"], atol=1e-6)
        for number, wanted in enumerate(ten):
            pad.assert_picture("canvas.style", number, np.array(wanted))
        choose_theme(page, "JupyterLab Dark")
        assert_light_on_dark(pad.view.locator(".lessons-status"))
        assert_light_on_dark(pad.clear)
        assert ask_axe(page.locator(BOXES), axe) == []
        assert page.complaints == []


def test_writes_in_a_page_and_can_be_used_by_ear(chromium, page_parts, tmp_path, axe):
    with browser_page(chromium, viewport={"width": 375, "height": 800}, has_touch=True) as page:
        page.goto(write(notebook(), tmp_path, page_parts).as_uri())
        pad, other = pads_in(page)
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        pad.act(lambda: pad.write(SEVEN), strokes=...)
        pad.move_slider(1, "PageUp" if pad.told()["style"][1] < 1 else "PageDown")
        pad.act(pad.clear.click, strokes=[])
        pad.act(lambda: pad.write_by_touch(ONE), strokes=...)
        other.act(other.hand.click, hand=0)
        other.act(
            lambda: other.write_by_key(["Space", "Shift+ArrowUp", "Shift+ArrowUp", "Space"]), hand=-1, strokes=...
        )
        assert len(pad.shown()["strokes"]) == 1
        small = page.locator(".lessons-widget *").evaluate_all(
            """all => Math.min(
              ...all.filter((el) => el.textContent).map((el) => parseFloat(getComputedStyle(el).fontSize))
            )"""
        )
        assert small >= 14
        assert page.complaints == []
