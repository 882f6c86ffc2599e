"""TextMap in a notebook and a page of its own: typed, picked, hovered and reached by key."""

import json

import drive
import nbformat
from lab import browser_page, open_notebook, run_all
from reading import BOXES, ask_axe, assert_fits
from test_page import write
from test_widgets import METADATA, assert_light_on_dark, choose_theme, run_last_cell
from textmap import TextMapOnPage

from lessons_lib.widgets import LatentExplorer, TextMap

SETUP = """
import json, numpy as np, torch
from torch import nn
from lessons_lib.widgets import LatentExplorer, TextMap
def map_of(seed, documents):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    words = [a + b + c for a in "pqrst" for b in "aeiou" for c in "lmn"]
    labels = np.arange(documents) % 12
    rates = np.where(np.arange(75) // 6 == labels[:, None], 1.2, 0.15)
    encoder = nn.Sequential(nn.Linear(75, 40), nn.ReLU(), nn.Linear(40, 2))
    return TextMap(encoder, rng.normal(size=(75, 2)), counts=rng.poisson(rates), words=words, labels=labels,
                   names=[f"package.some_long_module.<b>part</b>.a_function_{i}" for i in range(documents)],
                   topics=[f"topic {'of many words ' * (i % 3 == 0)}{i}" for i in range(12)])
text_map, other = map_of(0, 200), map_of(1, 30)
explorer = LatentExplorer(nn.Linear(2, 16), torch.randn(9, 2), image_shape=(4, 4))"""
READ = """
print("kernel has", json.dumps([text_map.query, text_map.neighbours]))
text_map.query = "pal rum\\u00e9 xyz\""""
OUTPUT = ".jp-OutputArea-output:has(.lessons-map)"


def notebook():
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, "text_map", "other", "explorer", READ)]
    return nbformat.v4.new_notebook(metadata=METADATA, cells=cells)


def made():
    """The two maps, made anew."""
    names = {"TextMap": TextMap, "LatentExplorer": LatentExplorer}
    exec(SETUP, names)
    return names["text_map"].made_from(), names["other"].made_from()


def maps_in(page):
    """The two maps on the page."""
    page.locator(".lessons-image[data-code]").wait_for(timeout=60_000)
    for number in (0, 1):
        page.locator(".lessons-map[data-shown]").nth(number).wait_for(timeout=60_000)
    return [TextMapOnPage(page.locator(OUTPUT).nth(i), each) for i, each in enumerate(made())]


def test_searches_in_jupyterlab_and_the_kernel_can_read_it(jupyterlab, tmp_path, axe):
    (tmp_path / "folder").mkdir()
    nbformat.write(notebook(), tmp_path / "folder" / "map.ipynb")
    tall = {"width": 1400, "height": 2600}  # axe-core gives up on words that a scrolled panel's edge cuts
    with jupyterlab(tmp_path / "folder", viewport=tall) as (page, address):
        open_notebook(page, address, "map.ipynb")
        run_all(page, 60)
        text_map, other = maps_in(page)
        assert text_map.shown()["query"] == "pal rumé xyz" and text_map.shown()["unknown"] == ["xyz"]
        untouched = other.shown()
        drive.DRIVERS["TextMap"].thorough(text_map.output, made()[0])
        text_map.map.focus()
        cells = page.locator(".jp-Cell").count()
        for key in ("d", "d", "x"):  # in JupyterLab these delete and cut cells
            page.keyboard.press(key)
        assert page.locator(".jp-Cell").count() == cells
        shown = text_map.search_for(text_map.names[7])
        assert other.shown() == untouched  # each map is its own
        run_last_cell(page)
        text_map.after(lambda: None, query="pal rumé xyz")
        printed = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").text_content()
        query, neighbours = json.loads(printed.removeprefix("kernel has "))
        assert query == text_map.names[7]
        assert neighbours == {kind: [text_map.names[i] for i in found] for kind, found in shown["neighbours"].items()}
        choose_theme(page, "JupyterLab Dark")
        for part in (".lessons-status", ".lessons-list-name", ".lessons-lists button"):
            assert_light_on_dark(text_map.view.locator(part).first)
        assert ask_axe(page.locator(BOXES), axe) == []
        assert page.complaints == []


def test_searches_in_a_page_on_a_telephone_and_can_be_used_by_ear(chromium, page_parts, tmp_path, axe):
    with browser_page(chromium, viewport={"width": 375, "height": 800}, has_touch=True) as page:
        page.goto(write(notebook(), tmp_path, page_parts).as_uri())
        text_map, other = maps_in(page)
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        drive.DRIVERS["TextMap"].once(text_map.output, made()[0])
        drive.DRIVERS["TextMap"].thorough(other.output, made()[1])
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        dot = text_map.lonely_dot()
        text_map.after(lambda: page.touchscreen.tap(*text_map.place(dot)), document=dot)
        small = page.locator(".lessons-widget *").evaluate_all(
            """all => all.filter((node) => node.textContent)
              .map((node) => parseFloat(getComputedStyle(node).fontSize))"""
        )
        assert min(small) >= 14
        assert page.complaints == []


def test_the_map_is_drawn_anew_for_another_width(chromium, page_parts, tmp_path):
    with browser_page(chromium) as page:
        page.goto(write(notebook(), tmp_path, page_parts).as_uri())
        text_map, _ = maps_in(page)
        wide = text_map.map.evaluate("map => [map.width, map.clientWidth]")
        assert wide == [418, 418]
        page.set_viewport_size({"width": 375, "height": 800})
        drawn_anew = "map => map.width < 400 && map.width === map.clientWidth"
        page.wait_for_function(drawn_anew, arg=text_map.map.element_handle())
        dot = text_map.lonely_dot()
        text_map.after(lambda: page.mouse.move(*text_map.place(dot)), pointed=dot)
        assert page.complaints == []
