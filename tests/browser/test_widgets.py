"""The widgets in a small notebook that trains nothing: every size, image kind, control and theme."""

import json
import re

import drive
import nbformat
import numpy as np
import pytest
import torch
from drag import Drag
from explorer import Explorer
from lab import canvas_pixels, next_drawing, open_notebook, reload, restart_and_run_all, run_all, save
from matplotlib.colors import to_rgb
from noise import Noise
from painter import Painter
from playwright.sync_api import expect
from reading import BOXES, ask_axe
from torch import nn

from lessons_lib.models import PixelRNN
from lessons_lib.plotting import INK
from lessons_lib.widgets import BoundExplorer, DragRegression, FramePlayer, NoiseExplorer, PixelPainter

METADATA = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
SETUP = """
import json, numpy as np, torch
from torch import nn
from lessons_lib.models import PixelRNN
from lessons_lib.widgets import BoundExplorer, DragRegression, FramePlayer, LatentExplorer, NoiseExplorer, PixelPainter
def network(inputs, outputs):
    torch.manual_seed(inputs)
    net = nn.Sequential(nn.Linear(inputs, 40), nn.GELU(), nn.Sequential(nn.Linear(40, outputs), nn.Sigmoid()))
    net[2][0].weight.data *= 12
    return net, torch.randn(60, inputs)
def generator(inputs, outputs):
    torch.manual_seed(inputs)
    net = nn.Sequential(
        nn.Linear(inputs, 96, bias=False), nn.BatchNorm1d(96), nn.ReLU(),
        nn.Linear(96, 4 * 16 * 16), nn.Unflatten(1, (4, 16, 16)), nn.BatchNorm2d(4), nn.ReLU(),
        nn.ConvTranspose2d(4, 4, 4, 2, 1, bias=False), nn.BatchNorm2d(4), nn.LeakyReLU(0.2),
        nn.ConvTranspose2d(4, outputs // 64**2, 4, 2, 1), nn.Flatten(), nn.Sigmoid())
    net[-3].weight.data *= 12
    codes = torch.randn(60, inputs)
    for _ in range(20):
        net(3 * codes + 1)  # running statistics, which are not these codes' own
    return net, codes"""
MADE = {}
exec(SETUP, MADE)  # as the notebook does
EXPLORERS = {  # what makes the decoder, dimensions, image shape, precision
    "one": ("network", 1, (28, 28), "float32"),
    "colour": ("network", 5, (3, 16, 12), "float16"),
    "many": ("generator", 32, (64, 64), "float32"),
}
SETS = {"bent": ([0, 1, 2, 5], [0, 1, 1, 4]), "five": ([0, 1200, 2100, 2500, 5000], [0, 1, 0, 1, 3])}
REGRESSION = f"""
drag = DragRegression({SETS})
drag"""
BOUND = """
z = np.linspace(-12, 12, 801)
bound = BoundExplorer(z, -(z**2) / 2 - (1 - 2 * z) ** 2 / 2)
bound"""
NOISE_SHAPE = (10, 14)
NOISE = f"""
def copying(seed):
    torch.manual_seed(seed)
    net = nn.Sequential(nn.Linear(140, 200), nn.ReLU(), nn.Linear(200, 140))
    net[2].weight.data = net[0].weight.data.T.clone()
    return net
blobs = [[[np.exp(-((i - y) ** 2 + (j - x) ** 2) / 6) for j in range(14)] for i in range(10)] for y, x in
         [(3, 3), (6, 4), (4, 9), (7, 11)]]
noise = NoiseExplorer({{"plain": copying(0), "other": copying(1)}}, np.reshape(blobs, (4, 140)),
                      image_shape={NOISE_SHAPE})
noise"""
PAINTER = """
def pixel_network():
    torch.manual_seed(3)
    net = PixelRNN(side=8, rows=2, reach=2, units=16)
    for parameter in net.parameters():
        parameter.data *= 4
    return net
rings = [[[3 <= (y - 3.5) ** 2 + (x - 3.5) ** 2 <= most for x in range(8)] for y in range(8)] for most in (9, 12, 16)]
painter = PixelPainter(pixel_network(), np.reshape(rings, (3, 64)), endings=3)
painter"""
FROM_PYTHON = """
of_noise = [noise.kind, noise.amount, noise.view.seed, noise.digit, noise.view.strokes]
of_painter = [painter.digit, painter.row, painter.temperature, painter.view.seed, painter.pixel, painter.view.strokes,
              painter.endings().astype(int).tolist()]
print("kernel has", json.dumps([colour.code.tolist(), drag.points.tolist(), of_noise, of_painter]))
noise.kind, noise.amount, noise.digit = "block", 0.5, 3
painter.digit, painter.row, painter.temperature, painter.pixel = 2, 3, 0.5, 30
colour.code = [slider.max for slider in colour.sliders]
runs = globals().get("runs", 0) + 1
if runs == 2:
    drag.points = drag.points[::-1]
if runs == 3:
    for widget in (one, colour, many, player, drag, bound, noise, painter):
        widget.close()"""
PLAYER = """
frames = [np.full((20, 30), value) for value in (0.0, 0.25, 0.5, 1.0)]
sounds = [np.sin(np.arange(samples) / 3) / 2 for samples in (1600, 2400, 3200, 4000)]
player = FramePlayer(frames, ["none", "a quarter", "half", "all"], label="ink", interval=200,
                     sounds=sounds, rate=8000)
player"""


def small_notebook():
    cells = [SETUP]
    for name, (make, k, shape, precision) in EXPLORERS.items():
        cells.append(
            f"net, codes = {make}({k}, {np.prod(shape)})\n{name} = LatentExplorer(net, codes, "
            f"torch.arange(60) % 3, image_shape={shape}, precision={precision!r})\n{name}"
        )
    cells += [PLAYER, "one  # the same explorer, shown a second time", REGRESSION, BOUND, NOISE, PAINTER, FROM_PYTHON]
    return nbformat.v4.new_notebook(metadata=METADATA, cells=[nbformat.v4.new_code_cell(cell) for cell in cells])


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "笔记 with a space"
    folder.mkdir()
    nbformat.write(small_notebook(), folder / "widgets.ipynb")
    return folder


def explorer_in(page, name, number):
    make, k, shape, precision = EXPLORERS[name]
    net, codes = MADE[make](k, int(np.prod(shape)))
    output = page.locator(".jp-OutputArea-output:has(.lessons-pad)").nth(number)
    output.scroll_into_view_if_needed()
    return Explorer(output, net.eval(), codes, shape)


def regression_in(page):
    output = page.locator(".jp-OutputArea-output:has(.lessons-plot)")
    output.scroll_into_view_if_needed()
    return Drag(output)


def noise_in(page, number=0):
    """The NoiseExplorer on the page; what it was made from, made anew."""
    made = {"np": np, "torch": torch, "nn": nn, "NoiseExplorer": NoiseExplorer}
    exec(NOISE, made)
    return Noise(page.locator(".jp-OutputArea-output:has(.lessons-noisy)").nth(number), made["noise"].made_from())


def painter_in(page, number=0):
    """The PixelPainter on the page; what it was made from, made anew."""
    made = {"np": np, "torch": torch, "PixelRNN": PixelRNN, "PixelPainter": PixelPainter}
    exec(PAINTER, made)
    output = page.locator(".jp-OutputArea-output:has(.lessons-painted)").nth(number)
    return Painter(output, made["painter"].made_from())


def test_every_size_and_control_before_and_after_a_reload(jupyterlab, folder):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        drive_all(page, "thorough")
        save(page)
        reload(page)
        restart_and_run_all(page, 60)
        drive_all(page, "once")
        run_last_cell(page)
        page.locator(".lessons-widget").first.wait_for(state="detached", timeout=10_000)
        assert page.locator(".lessons-widget").count() == 0
        assert page.complaints == []


def drive_all(page, how):
    """Move all that can be moved in every widget ("thorough"), or something of each ("once")."""
    thorough = how == "thorough"
    assert page.locator(".noUi-handle").count() == page.locator(".noUi-handle[aria-label]").count() > 40
    one = explorer_in(page, "one", 0)
    assert one.sliders.count() == 1 and one.error() <= 2
    one.check(lambda: one.press_slider(0), moved=[0])
    one.pad.focus()
    one.check(lambda: page.keyboard.press("ArrowRight"), moved=[0])

    again = explorer_in(page, "one", 3)
    np.testing.assert_allclose(again.code(), one.code())  # two views of one explorer move together
    again.check(lambda: again.press_slider(0, "End"), moved=[0])
    np.testing.assert_allclose(one.code(), again.code())

    colour = explorer_in(page, "colour", 1)
    assert "float16" in colour.view.text_content() and colour.error() <= 2
    for number in range(5 if thorough else 1):
        colour.check(lambda n=number: colour.press_slider(n), moved=[number])
        colour.check(lambda n=number: colour.drag_slider(n, by=40), moved=[number])
    regression = regression_in(page)
    getattr(drive.DRIVERS["DragRegression"], how)(regression.output, DragRegression(SETS).made_from())
    drive_bound(page, how)
    noise = noise_in(page)
    getattr(drive.DRIVERS["NoiseExplorer"], how)(noise.output, noise.made_from)
    noise.act(lambda: noise.draw((2, 2), (6, 9)), strokes=...)  # the kernel will know
    painter = painter_in(page)
    getattr(drive.DRIVERS["PixelPainter"], how)(painter.output, painter.made_from)
    painter.act(lambda: painter.draw((1, 1), (1, 6)), strokes=...)
    read_and_set_from_python(page, colour, regression, noise, painter)
    colour.view.get_by_role("combobox").first.select_option("z4")
    colour.view.get_by_role("combobox").last.select_option("z3")
    colour.pad.focus()
    colour.check(lambda: page.keyboard.press("Shift+ArrowLeft"), moved=[3])
    colour.check(lambda: page.keyboard.press("ArrowDown"), moved=[2])

    many = explorer_in(page, "many", 2)
    assert many.sliders.count() == 32
    for number in range(32 if thorough else 1):
        many.check(lambda n=number: many.press_slider(n), moved=[number])

    player = page.locator(".jp-OutputArea-output:has(.lessons-frame)").first
    player.scroll_into_view_if_needed()
    view, handle = player.locator(".lessons-widget"), player.locator(".noUi-handle")
    for key, words, ink in [("End", "all", 1.0), ("ArrowLeft", "half", 0.5), ("Home", "none", 0.0)]:
        handle.focus()
        next_drawing(view, lambda k=key: handle.press(k))
        assert view.locator(".lessons-status").text_content() == words
        drawn = canvas_pixels(view.locator("canvas"))
        assert drawn.shape == (20, 30, 3) and np.abs(drawn - 255 * (1 - ink)).max() <= 1
    assert view.locator("canvas").bounding_box()["width"] >= 300  # enlarged
    box = handle.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    next_drawing(view, lambda: page.mouse.move(box["x"] + 600, box["y"], steps=3))
    page.mouse.up()
    assert view.locator(".lessons-status").text_content() == "all"
    handle.focus()
    next_drawing(view, lambda: handle.press("Home"))
    next_drawing(view, lambda: player.locator(".widget-play button").first.click())
    page.wait_for_function(
        "el => el.querySelector('.lessons-status').textContent === 'all'", arg=view.element_handle(), timeout=5_000
    )  # it plays on


def drive_bound(page, how):
    z = np.linspace(-12, 12, 801)
    explorer = BoundExplorer(z, -(z**2) / 2 - (1 - 2 * z) ** 2 / 2)
    output = page.locator(".jp-OutputArea-output:has(.lessons-bars)")
    getattr(drive.DRIVERS["BoundExplorer"], how)(output, explorer.made_from())


def run_last_cell(page):
    cell = page.locator(".jp-CodeCell").last
    cell.scroll_into_view_if_needed()
    cell.locator(".cm-content").click()
    page.keyboard.press("Control+Enter")


def read_and_set_from_python(page, colour, regression, noise, painter):
    """Run the last cell again: the kernel has what the page has, and what it sets is drawn."""
    code, points, noisy, painted = colour.code(), regression.shown()["points"], noise.shown(), painter.shown()
    endings = painter.painted.evaluate("canvas => canvas.finished.map(({ image }) => Array.from(image))")
    next_drawing(colour.view, lambda: run_last_cell(page))
    printed = page.locator(".jp-CodeCell").last.locator(".jp-OutputArea-output").text_content()
    of_kernel = json.loads(printed.removeprefix("kernel has "))
    np.testing.assert_allclose(of_kernel[0], code)
    np.testing.assert_allclose(of_kernel[1], points)
    assert of_kernel[2][:4] == [noisy[name] for name in ("kind", "amount", "seed", "digit")]
    assert noisy["strokes"] and of_kernel[2][4] == [[noisy["digit"], *stroke] for stroke in noisy["strokes"]]
    *settings, strokes, drawn = of_kernel[3]
    assert settings == [painted[name] for name in ("digit", "row", "temperature", "seed", "pixel")]
    assert painted["strokes"] and strokes == [[painted["digit"], *stroke] for stroke in painted["strokes"]]
    assert drawn == endings
    page.wait_for_timeout(300)  # five messages, one a dimension
    np.testing.assert_allclose(colour.code(), colour.high)
    assert colour.error() <= 2
    np.testing.assert_allclose(regression.shown()["points"], points[::-1])
    set_now = noise.shown()
    assert [set_now[name] for name in ("kind", "amount", "digit", "strokes")] == ["block", 0.5, 3, []]
    painted_now = painter.shown()
    names = ("digit", "row", "temperature", "pixel", "strokes")
    assert [painted_now[name] for name in names] == [2, 3, 0.5, 30, []]
    colour.output.scroll_into_view_if_needed()


COUNT_BLOBS = """
window.blobs = new Set();
const { createObjectURL, revokeObjectURL } = URL;
URL.createObjectURL = (blob) => {
  const address = createObjectURL.call(URL, blob);
  if (blob.type === "audio/wav") blobs.add(address);
  return address;
};
URL.revokeObjectURL = (address) => { blobs.delete(address); revokeObjectURL.call(URL, address); };
"""


def test_each_frame_plays_its_own_sound_and_holds_no_other(jupyterlab, folder):
    made = {"np": np, "FramePlayer": FramePlayer}
    exec(PLAYER, made)
    with jupyterlab(folder) as (page, address):
        page.add_init_script(COUNT_BLOBS)
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        output = page.locator(".jp-OutputArea-output:has(.lessons-frame)").first
        drive.player(output, made["player"].made_from())
        assert page.evaluate("() => blobs.size") == 1
        cells = page.locator(".jp-Cell").count()
        for key in ("d", "d"):  # on the sound's controls: in JupyterLab these would delete the cell
            output.locator("audio").press(key)
        assert page.locator(".jp-Cell").count() == cells
        for _ in range(3):  # the third time it closes the widgets
            run_last_cell(page)
            page.wait_for_timeout(300)
        page.locator(".lessons-widget").first.wait_for(state="detached", timeout=10_000)
        assert page.evaluate("() => blobs.size") == 0
        assert page.complaints == []


def test_reads_on_a_dark_theme(jupyterlab, folder):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        choose_theme(page, "JupyterLab Dark")
        run_all(page, 60)
        colour = explorer_in(page, "colour", 1)
        assert_light_on_dark(colour.view.locator(".lessons-status").first)
        assert_light_on_dark(colour.view.get_by_role("button").first)
        canvases = page.locator(".lessons-widget canvas")
        cards = canvases.evaluate_all("all => all.map((canvas) => getComputedStyle(canvas).backgroundColor)")
        assert len(cards) == 24 and set(cards) == {"rgb(255, 255, 255)"}
        drag, bound = regression_in(page).plot, page.locator(".lessons-bars")
        for canvas in (colour.pad, drag, bound):  # dark ink, as on the light theme
            pixels = canvas.evaluate(
                """(canvas) => Array.from(
                  canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data)"""
            )
            ink = (np.array(pixels).reshape(-1, 4) == [*(255 * np.array(to_rgb(INK))).round(), 255]).all(axis=1)
            assert ink.sum() > 50


def assert_light_on_dark(part):
    """A part of a widget has light letters, and the notebook a dark ground."""
    colours = part.evaluate(
        """el => [el, document.querySelector(".jp-NotebookPanel-notebook")].map(getComputedStyle)
          .map((style, i) => i ? style.backgroundColor : style.color)"""
    )
    light, dark = (np.mean([int(n) for n in re.findall(r"\d+", text)[:3]]) for text in colours)
    assert light > 150 and dark < 60


def choose_theme(page, name):
    page.locator(".lm-MenuBar-itemLabel:text-is('Settings')").click()
    page.locator(".lm-Menu-itemLabel:text-is('Theme')").hover()
    page.locator(f".lm-Menu-itemLabel:text-is('{name}')").click()
    page.locator(f"body[data-jp-theme-name='{name}']").wait_for(state="attached")
    page.locator("#jupyterlab-splash").wait_for(state="detached")  # it covers the page meanwhile


def test_can_be_used_by_ear_and_by_keyboard_on_both_themes(jupyterlab, folder, axe):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        boxes = page.locator(BOXES)
        boxes.nth(8).wait_for(timeout=60_000)
        assert boxes.count() == 9  # one explorer is shown twice
        for theme in ("JupyterLab Light", "JupyterLab Dark"):
            choose_theme(page, theme)
            assert ask_axe(boxes, axe) == []
        boxes.first.locator(".noUi-handle").evaluate("(handle) => handle.removeAttribute('aria-label')")
        (found,) = ask_axe(boxes, axe)
        assert found.startswith("aria-input-field-name")

        player = boxes.filter(has=page.locator(".lessons-frame"))
        player.get_by_role("button", name="play").click()
        player.get_by_role("button", name="pause").wait_for(timeout=2_000)
        assert player.get_by_role("slider", name="ink").count() == 1
        player.get_by_role("button", name="play").wait_for(timeout=5_000)  # it has come to its end
        assert player.get_by_role("button", name="repeat", pressed=False).count() == 1
        cells = page.locator(".jp-Cell").count()
        for control in (
            player.get_by_role("button", name="back to the start"),
            page.get_by_role("slider", name="mean of q"),
            page.locator(".lessons-plot"),
            page.locator(".lessons-noisy"),
            page.locator(".lessons-painted"),
            page.get_by_role("button", name="random code").first,
        ):
            control.focus()
            for key in ("d", "d", "x", "a"):  # in JupyterLab these delete, cut and insert cells
                page.keyboard.press(key)
        page.wait_for_timeout(300)
        assert page.locator(".jp-Cell").count() == cells
        # But whoever has moved a slider can go on with Shift and Enter.
        cell = page.locator(".jp-CodeCell:has(.lessons-frame)")
        prompts = [cell.locator(".jp-InputPrompt").text_content()]
        for keys in ("Control+Enter", "Shift+Enter"):
            cell.locator(".noUi-handle").click()
            page.keyboard.press(keys)
            expect(cell.locator(".jp-InputPrompt")).not_to_have_text(prompts[-1], timeout=10_000)
            expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\d"), timeout=10_000)
            prompts.append(cell.locator(".jp-InputPrompt").text_content())
        assert len(set(prompts)) == 3
        assert page.complaints == []


def swipe(page, x, y, right, up):
    """Drag a finger over the screen, in CSS pixels."""
    touch = page.context.new_cdp_session(page)
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in (0.25, 0.5, 0.75, 1):
        point = {"x": x + right * step, "y": y - up * step}
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_can_drag(jupyterlab, folder):
    with jupyterlab(folder, has_touch=True) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        colour = explorer_in(page, "colour", 1)
        box = colour.pad.bounding_box()
        colour.check(lambda: swipe(page, box["x"] + 100, box["y"] + 250, right=80, up=80), moved=[0, 1])
        drag = regression_in(page)
        x, y = drag.place(1)
        before, after = drag.act(lambda: swipe(page, x, y, right=60, up=40), changed=True)
        assert after["chosen"] == 1
        assert all(new > old for new, old in zip(after["points"][1], before["points"][1], strict=True))
        noise = noise_in(page)
        x, y = noise.place(7, 2)
        _, after = noise.act(lambda: swipe(page, x, y, right=120, up=60), strokes=...)
        pixels = {(pixel // 14, pixel % 14) for pixel, _ in after["strokes"]}
        assert (7, 2) in pixels and len({column for _, column in pixels}) > len({row for row, _ in pixels}) > 2
        painter = painter_in(page)
        x, y = painter.place(3, 1)
        _, after = painter.act(lambda: swipe(page, x, y, right=120, up=90), strokes=...)
        assert {pixel // 8 for pixel, _ in after["strokes"]} == {0, 1, 2}  # above the line, which the kernel has moved
        assert page.complaints == []


def test_two_browsers_on_one_kernel_show_the_same_drawing(jupyterlab, folder):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        save(page)
        other_page = page.context.browser.new_page()
        open_notebook(other_page, address, "widgets.ipynb")
        other_page.locator(".lessons-noisy[data-shown]").wait_for(timeout=60_000)
        one, other = noise_in(page), noise_in(other_page)
        assert one.shown() == other.shown()
        for here, there in ((one, other), (other, one)):
            here.act(lambda n=here: n.draw((2, 2), (6, 9)), strokes=...)
            here.act(lambda n=here: n.view.get_by_role("button", name="other noise").click(), seed=...)
            here.page.wait_for_timeout(1_000)
            assert here.shown() == there.shown() and here.shown()["strokes"]
            here.act(lambda n=here: n.press(n.digit, "ArrowLeft"), digit=..., strokes=[])
            here.act(lambda n=here: n.draw((2, 9), (6, 2)), strokes=...)
            here.page.wait_for_timeout(1_000)
            assert here.shown() == there.shown() and here.shown()["strokes"]
        assert page.complaints == []


def test_two_browsers_on_one_kernel_show_the_same_points(jupyterlab, folder):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "widgets.ipynb")
        run_all(page, 60)
        save(page)
        other_page = page.context.browser.new_page()
        open_notebook(other_page, address, "widgets.ipynb")
        other_page.locator(".lessons-plot").wait_for(timeout=60_000)
        drag, other = regression_in(page), regression_in(other_page)
        before = np.array(drag.shown()["points"])
        drag.plot.focus()
        for key in ("PageUp", "PageUp", "PageDown", "ArrowUp"):
            drag.plot.press(key)
        page.wait_for_timeout(1_000)  # the kernel has told the other browser, and that one might answer
        points = np.array(drag.shown()["points"])
        chosen = drag.shown()["chosen"]
        assert (points != before).sum() == 1 and points[chosen, 1] > before[chosen, 1]
        assert other.shown()["points"] == points.tolist() and other.shown()["chosen"] == chosen
        other.swipe(0, right=60, up=40)
        page.wait_for_timeout(1_000)
        assert drag.shown()["points"] == other.shown()["points"]
        assert drag.shown()["chosen"] == 0

        drag.after(lambda: drag.output.locator("select").select_option("five"))  # of another scale
        page.wait_for_timeout(1_000)
        of_five = DragRegression(SETS).view.sets[1]
        for one in (drag, other):
            assert one.shown()["points"] == of_five["points"] and one.shown()["chosen"] == of_five["first"]
            one.assert_sliders_are_of(of_five)
        other.swipe(1, right=60, up=40)
        page.wait_for_timeout(1_000)
        assert drag.shown()["points"] == other.shown()["points"] != of_five["points"]
        assert drag.shown()["chosen"] == 1


def test_ends_of_another_set_move_no_point(jupyterlab, tmp_path):
    """A late message about another set's ends makes ipywidgets clamp the slider, as if a hand had moved it."""
    late = "drag.x_slider._trait_values['max'] = 1.5\ndrag.x_slider.send_state('max')"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, REGRESSION, late)]
    nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path / "late.ipynb")
    with jupyterlab(tmp_path) as (page, address):
        open_notebook(page, address, "late.ipynb")
        run_all(page, 60)
        drag, bent = regression_in(page), DragRegression(SETS).view.sets[0]
        assert bent["points"][bent["first"]][0] > 1.5
        page.wait_for_timeout(1_000)  # the kernel might answer
        assert drag.shown()["points"] == bent["points"]
        drag.assert_sliders_are_of(bent)
        assert page.complaints == []


def test_a_value_off_the_steps_moves_no_point(jupyterlab, tmp_path):
    """Another browser's late word of a value makes ipywidgets round it to this set's step, as if a hand had."""
    five = f"drag = DragRegression({{'five': {SETS['five']}}})\ndrag"
    late = "drag.x_slider._trait_values['value'] = 5.0\ndrag.x_slider.send_state('value')"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, five, late)]
    nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path / "late.ipynb")
    with jupyterlab(tmp_path) as (page, address):
        open_notebook(page, address, "late.ipynb")
        run_all(page, 60)
        drag, entry = regression_in(page), DragRegression(SETS).view.sets[1]
        page.wait_for_timeout(1_000)  # the kernel might answer
        assert drag.shown()["points"] == entry["points"]
        drag.assert_sliders_are_of(entry)
        assert page.complaints == []


def test_a_number_that_is_typed_moves_the_point(jupyterlab, tmp_path):
    """However long its reader thinks before Enter."""
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, REGRESSION)]
    nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path / "typed.ipynb")
    with jupyterlab(tmp_path) as (page, address):
        open_notebook(page, address, "typed.ipynb")
        run_all(page, 60)
        drag = regression_in(page)
        number = drag.output.get_by_role("textbox", name="its x as a number")
        number.fill("2.5")
        page.wait_for_timeout(1_500)
        drag.after(lambda: number.press("Enter"))
        shown = drag.shown()
        assert shown["points"][shown["chosen"]][0] == 2.5
        assert page.complaints == []


def test_points_that_come_before_word_of_their_set_stay_where_they_are(jupyterlab, tmp_path):
    """Another browser's messages are throttled one widget at a time, so the menu's may come last."""
    five = DragRegression(SETS).view.sets[1]
    early = f"drag.view.points = {five['points']}\ndrag.point_slider.max = 5\ndrag.point_slider.value = 5"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, REGRESSION, early)]
    nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path / "early.ipynb")
    with jupyterlab(tmp_path) as (page, address):
        open_notebook(page, address, "early.ipynb")
        run_all(page, 60)
        drag = regression_in(page)
        page.wait_for_timeout(1_000)  # the kernel might answer
        assert drag.shown()["points"] == five["points"] and drag.shown()["chosen"] == 4
        assert page.complaints == []


def test_a_drawing_that_comes_before_word_of_its_digit_stays(jupyterlab, tmp_path):
    """Another browser's messages are throttled one widget at a time, so the slider's may come last."""
    early = "noise.view.strokes = [[1, 2, 0], [2, 5, 1]]\nnoise.digit_slider.value = 2"
    cells = [nbformat.v4.new_code_cell(cell) for cell in (SETUP, NOISE, early)]
    nbformat.write(nbformat.v4.new_notebook(metadata=METADATA, cells=cells), tmp_path / "early.ipynb")
    with jupyterlab(tmp_path) as (page, address):
        open_notebook(page, address, "early.ipynb")
        run_all(page, 60)
        page.wait_for_timeout(1_000)  # the kernel might answer
        shown = noise_in(page).shown()
        assert shown["digit"] == 2 and shown["strokes"] == [[5, 1]]
        assert page.complaints == []
