"""An exported page: no kernel, no network, and the sliders still answer."""

import nbformat
import pytest
from lab import browser_page, canvas_pixels, next_drawing
from lesson_files import ROOT, run
from pages import write_assets, write_page
from test_widgets import explorer_in, regression_in, small_notebook

ASSETS = ROOT / ".venv" / "pages"


@pytest.fixture
def page_path(tmp_path):
    try:
        write_assets(ASSETS)
    except Exception as error:
        pytest.skip(f"the JavaScript of exported pages can't be had without a network ({error})")
    notebook = small_notebook()
    notebook.cells.append(nbformat.v4.new_markdown_cell("A formula: $x^2$"))
    write_page(run(notebook, keep_widgets=True).notebook, tmp_path / "page.html")
    for part in ("assets", "@jupyter-widgets"):
        (tmp_path / part).symlink_to(ASSETS / part)
    return tmp_path / "page.html"


def test_sliders_answer_without_kernel_and_network(chromium, page_path):
    with browser_page(chromium) as page:
        page.goto(page_path.as_uri())
        page.locator(".lessons-image").nth(3).wait_for(timeout=60_000)
        page.locator(".lessons-image[data-code]").nth(3).wait_for(timeout=60_000)

        colour = explorer_in(page, "colour", 1)
        assert colour.error() <= 2
        for number in range(5):
            colour.check(lambda n=number: colour.press_slider(n, "ArrowLeft"), moved=[number])
        colour.check(lambda: colour.drag_slider(0, by=-40), moved=[0])
        colour.check(lambda: colour.drag_pad(*pad_corners(colour)), moved=[0, 1])

        player = page.locator(".jp-OutputArea-output:has(.lessons-frame)").first
        view, handle = player.locator(".lessons-widget"), player.locator(".noUi-handle")
        handle.focus()
        next_drawing(view, lambda: handle.press("End"))
        assert (
            view.locator(".lessons-status").text_content() == "all" and canvas_pixels(view.locator("canvas")).max() <= 1
        )
        drag = regression_in(page)
        drag.swipe(0, right=50, up=30)
        drag.after(lambda: drag.output.locator("select").select_option("five"))
        assert len(drag.shown()["points"]) == 5
        drag.plot.focus()
        drag.act(lambda: drag.plot.press("PageUp"), changed=False)
        drag.act(lambda: drag.plot.press("ArrowDown"), changed=True)
        assert page.locator(".MathJax_CHTML").count() == 1
        assert page.complaints == []


def pad_corners(explorer):
    explorer.pad.scroll_into_view_if_needed()
    box = explorer.pad.bounding_box()
    return (box["x"] + 60, box["y"] + 60), (box["x"] + 250, box["y"] + 200)
