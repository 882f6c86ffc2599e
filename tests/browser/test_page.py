"""An exported page: no kernel, no network, and the sliders still answer."""

import drive
import nbformat
import pytest
from lab import browser_page, canvas_pixels, next_drawing
from lesson_files import run
from pages import PARTS, write_page
from reading import BOXES, ask_axe, assert_fits
from test_widgets import METADATA, SETUP, explorer_in, noise_in, painter_in, regression_in, small_notebook

WIDE = (
    """Wide things:

$$ x = """
    + " + ".join(f"a_{{{i}}} b_{{{i}}}" for i in range(40))
    + """ $$

| """
    + " | ".join(f"column{i}" for i in range(30))
    + " |\n|"
    + 30 * "---|"
    + """
| """
    + " | ".join(f"{i}" for i in range(30))
    + " |"
)
HOSTILE = ["<!--<script>", "</script><b>bold</b>", "<script>document.title = 'taken'</script>", "<img src=x onerror=a>"]
SHOW_HOSTILE = f"""
words = {HOSTILE}
net, codes = network(2, 784)
display(FramePlayer([np.full((20, 30), 0.25 * i) for i in range(4)], words, label=words[0]))
display(LatentExplorer(net, codes[:, :2], [words[i % 4] for i in range(60)]))
display(DragRegression({{name: ([0, 1, 2, 5], [0, 1, 1, 4]) for name in words}}))"""


def write(notebook, folder, page_parts):
    write_page(run(notebook, keep_widgets=True).notebook, folder / "page.html")
    for part in PARTS:
        (folder / part).symlink_to(page_parts / part)
    return folder / "page.html"


@pytest.fixture(scope="module")
def page_path(page_parts, tmp_path_factory):
    notebook = small_notebook()
    notebook.cells += [nbformat.v4.new_markdown_cell(text) for text in ("A formula: $x^2$", WIDE)]
    return write(notebook, tmp_path_factory.mktemp("page"), page_parts)


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

        noise = noise_in(page)
        drive.DRIVERS["NoiseExplorer"].once(noise.output, noise.made_from)
        painter = painter_in(page)
        drive.DRIVERS["PixelPainter"].once(painter.output, painter.made_from)
        colour.check(lambda: colour.drag_pad(*pad_corners(colour)), moved=[0, 1])

        player = page.locator(".jp-OutputArea-output:has(.lessons-frame)").first
        view, handle = player.locator(".lessons-widget"), player.locator(".noUi-handle")
        handle.focus()
        next_drawing(view, lambda: handle.press("End"))
        assert (
            view.locator(".lessons-status").text_content() == "all" and canvas_pixels(view.locator("canvas")).max() <= 1
        )
        next_drawing(view, lambda: handle.press("Home"))
        drive.assert_plays(view, lambda: next_drawing(view, lambda: (handle.focus(), handle.press("End"))))
        assert view.locator("audio").evaluate("(audio) => audio.duration") == pytest.approx(0.5, abs=1e-3)
        drag = regression_in(page)
        drag.swipe(0, right=50, up=30)
        drag.after(lambda: drag.output.locator("select").select_option("five"))
        assert len(drag.shown()["points"]) == 5
        drag.plot.focus()
        drag.act(lambda: drag.plot.press("PageUp"), changed=False)
        drag.act(lambda: drag.plot.press("ArrowDown"), changed=True)
        assert page.locator(".MathJax_CHTML").count() == 2
        assert page.complaints == []


def test_serves_ears_keyboards_and_telephones(chromium, page_path, axe):
    with browser_page(chromium, viewport={"width": 375, "height": 800}) as page:
        page.goto(page_path.as_uri())
        page.locator(BOXES).nth(8).wait_for(timeout=60_000)
        page.locator(".lessons-image[data-code]").nth(3).wait_for(timeout=60_000)
        page.locator(".MathJax_CHTML").nth(1).wait_for()
        assert_fits(page)
        assert ask_axe(page.locator(BOXES), axe) == []
        assert page.get_by_role("slider", name="z1", exact=True).count() == 4
        assert page.get_by_role("button", name="play").count() == 2
        page.locator(".noUi-handle").last.evaluate("(handle) => handle.removeAttribute('aria-label')")
        (found,) = ask_axe(page.locator(BOXES), axe)
        assert found.startswith("aria-input-field-name")
        page.locator(".lessons-status").last.evaluate("(words) => { words.style.color = '#aaa'; }")
        assert [words.split(":")[0] for words in ask_axe(page.locator(BOXES), axe)].count("color-contrast") == 1
        page.locator(".jp-InputArea-editor").first.evaluate("(code) => { code.style.overflow = 'hidden'; }")
        with pytest.raises(AssertionError):
            assert_fits(page)


def test_shows_any_text_as_that_text(chromium, page_parts, tmp_path):
    cells = [nbformat.v4.new_code_cell(text) for text in (SETUP, SHOW_HOSTILE)]
    path = write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path, page_parts)
    with browser_page(chromium) as page:
        page.goto(path.as_uri())
        view = page.locator(".lessons-widget:has(.lessons-frame)")
        handle = page.get_by_role("slider", name=HOSTILE[0])
        view.locator(".lessons-status", has_text=HOSTILE[0]).wait_for(timeout=60_000)
        for words in HOSTILE[1:]:
            handle.focus()
            next_drawing(view, lambda: handle.press("ArrowRight"))
            assert view.locator(".lessons-status").text_content() == words
        assert page.locator(".lessons-legend > span").all_text_contents() == sorted(HOSTILE)
        assert page.locator(".widget-dropdown option").all_text_contents() == [
            words.replace(" ", "\xa0") for words in HOSTILE
        ]
        assert page.title() != "taken"
        assert page.complaints == []


def pad_corners(explorer):
    explorer.pad.scroll_into_view_if_needed()
    box = explorer.pad.bounding_box()
    return (box["x"] + 60, box["y"] + 60), (box["x"] + 250, box["y"] + 200)
