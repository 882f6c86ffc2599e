"""Every widget moved as a student moves it, and what it then shows compared with Python's."""

import base64
import io
import json
import wave
from collections.abc import Callable
from typing import NamedTuple

import gan
import noise
import numpy as np
import pad
import painter
import predict
import pytest
import textmap
from drag import Drag
from explorer import Explorer
from lab import next_drawing
from PIL import Image
from playwright.sync_api import expect

from lessons_lib.widgets import BoundExplorer
from lessons_lib.widgets.network import unpack


def player(output, made_from):
    """Every frame by key, the first by mouse, then Play: caption, picture and sound are Python's."""
    page = output.page
    output.scroll_into_view_if_needed()
    view, handle = output.locator(".lessons-widget"), output.locator(".noUi-handle")
    last = len(made_from["captions"]) - 1

    def press(key):
        handle.focus()
        next_drawing(view, lambda: handle.press(key))

    output.locator(".widget-slider").scroll_into_view_if_needed()
    if shown(view) != made_from["captions"][0]:
        press("Home")
    assert_shows(view, made_from, 0)
    for frame in range(1, last + 1):
        press("ArrowRight")
        assert_shows(view, made_from, frame)
    box = handle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 600, y, steps=3)
    page.mouse.up()
    # On a busy machine the frames on the way are drawn first.
    expect(view.locator(".lessons-status").first).to_have_text(made_from["captions"][0], timeout=10_000)
    assert_shows(view, made_from, 0)
    next_drawing(view, lambda: output.locator(".widget-play button").first.click())
    assert shown(view) in made_from["captions"][1:]  # it plays
    output.locator(".widget-play button").nth(1).click()
    if made_from["sounds"]:
        expect(view.locator(".lessons-status").first).to_have_text(made_from["captions"][0], timeout=10_000)
        assert_plays(view, lambda: press("ArrowRight"))


def shown(view):
    return view.locator(".lessons-status").first.text_content()


def assert_shows(view, made_from, frame):
    """The caption is the frame's, and the canvas holds its pixels."""
    assert shown(view) == made_from["captions"][frame]
    address = view.locator("canvas").evaluate("canvas => canvas.toDataURL('image/png')")
    drawn = over_white(base64.b64decode(address.split(",")[1]))
    wanted = over_white(base64.b64decode(made_from["frames"][frame]))
    assert drawn.shape == wanted.shape and np.abs(drawn - wanted).mean() <= 2
    assert view.locator("audio").count() == bool(made_from["sounds"])
    if made_from["sounds"]:
        assert_holds(view.locator("audio"), base64.b64decode(made_from["sounds"][frame]), shown(view))


def assert_holds(audio, sound, words):
    """The browser has the sound, can play it, and says which it is."""
    audio.evaluate("audio => audio.readyState || new Promise((done) => audio.onloadedmetadata = done)")
    with wave.open(io.BytesIO(sound)) as file:
        seconds = file.getnframes() / file.getframerate()
    assert audio.evaluate("audio => audio.duration") == pytest.approx(seconds, abs=1e-3)
    held = audio.evaluate("async (audio) => Array.from(new Uint8Array(await (await fetch(audio.src)).arrayBuffer()))")
    assert bytes(held) == sound and audio.get_attribute("aria-label") == f"sound: {words}"


NOTE_WHAT_PLAYS = """audio => {
  audio.heard = {}; // seconds, by the sound's address
  audio.ontimeupdate = audio.onended = () => {
    audio.heard[audio.src] = Math.max(audio.heard[audio.src] ?? 0, audio.currentTime);
  };
}"""


def assert_plays(view, move):
    """Silent until the student plays a sound; from then on the next one plays by itself."""
    audio = view.locator("audio")
    audio.evaluate(NOTE_WHAT_PLAYS)
    assert audio.evaluate("audio => audio.paused && audio.currentTime === 0")
    audio.focus()
    for action in (lambda: audio.press("Space"), move):  # the browser's own Play
        action()
        view.page.wait_for_function("audio => audio.heard[audio.src] > 0", arg=audio.element_handle(), timeout=10_000)
    assert audio.evaluate("audio => Object.keys(audio.heard).length") == 2


def over_white(png):
    picture = np.asarray(Image.open(io.BytesIO(png)).convert("RGBA"), dtype=float)
    opacity = picture[..., 3:] / 255
    return picture[..., :3] * opacity + 255 * (1 - opacity)


def bound_explorer(output, made_from):
    """Both sliders by key and by mouse: the figures are Python's, log P(x) stands still, the bars change."""
    page, view = output.page, output.locator(".lessons-widget")

    def pictures():
        return [output.locator(kind).evaluate("el => el.toDataURL()") for kind in (".lessons-curves", ".lessons-bars")]

    def assert_redrawn(picture, before, after):
        curves, bars_now = pictures()
        assert curves != picture[0]
        if abs(after["kl"] - before["kl"]) > 0.01:  # mirrored, q has the same bars under a symmetric posterior
            assert bars_now != picture[1]

    output.locator(".widget-slider").last.scroll_into_view_if_needed()

    def check():
        return bound_figures(output, made_from)

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
        page.wait_for_timeout(100)  # the places on the way are drawn first
        after = check()
        assert after[name] < before[name]
        assert_redrawn(picture, before, after)
        before = after


def bound_figures(output, made_from):
    """Return what a BoundExplorer shows, after comparing it with Python's."""
    z, log_joint = (np.frombuffer(base64.b64decode(made_from[name])).copy() for name in ("z", "log_joint"))
    shown = json.loads(output.locator(".lessons-bars").get_attribute("data-figures"))
    wanted = BoundExplorer(z, log_joint, mean=shown["mean"], sd=shown["sd"]).figures()
    for ours, theirs in [("log_p", "logP"), ("bound", "bound"), ("kl", "kl")]:
        assert shown[theirs] == pytest.approx(wanted[ours], abs=1e-6)
    assert shown["bound"] + shown["kl"] == pytest.approx(shown["logP"], abs=1e-5)
    return shown


def explorer_of(output, made_from):
    """Return a LatentExplorer on the page, ready to be driven, after comparing its picture with PyTorch's."""
    output.scroll_into_view_if_needed()
    output.locator(".widget-slider").last.scroll_into_view_if_needed()
    decoder = unpack(made_from["layers"], base64.b64decode(made_from["weights"]), made_from["precision"])
    dimensions = output.locator(".widget-slider").count()
    codes = np.frombuffer(base64.b64decode(made_from["codes"]), dtype=np.float32).reshape(-1, dimensions)
    height, width, channels = made_from["image_size"]
    driven = Explorer(output, decoder, codes, (height, width) if channels == 1 else (channels, height, width))
    assert driven.error() <= 2
    return driven


def latent_explorer(output, made_from):
    """Every slider by key, the first by mouse too, a random code: the picture is PyTorch's for the code shown."""
    driven = explorer_of(output, made_from)
    for number in range(driven.sliders.count()):
        driven.check(lambda n=number: driven.press_slider(n, "PageUp"), moved=[number])
    driven.check(lambda: driven.drag_slider(0, by=40), moved=[0])
    for _ in range(3):
        driven.check_random_code()


def drag_regression(output, made_from):
    """Each set from the menu; points by slider, by key and by mouse: the figures are Python's to 1e-6."""
    output.scroll_into_view_if_needed()
    drag, sets = Drag(output), made_from["sets"]
    for number, entry in enumerate(sets):
        if number:
            drag.after(lambda n=number: output.locator("select").first.select_option(index=n))
        shown = drag.shown()
        np.testing.assert_allclose(shown["points"], entry["points"])
        assert shown["chosen"] == entry["first"]
        drag.assert_sliders_are_of(entry)
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
    if len(sets) > 1:  # back, too: from wide ends to narrow ones
        drag.after(lambda: output.locator("select").first.select_option(index=0))
        np.testing.assert_allclose(drag.shown()["points"], sets[0]["points"])
        drag.assert_sliders_are_of(sets[0])
    before, after = drag.swipe(2, right=40, up=50)
    assert after["points"][2][0] > before["points"][2][0] and after["points"][2][1] > before["points"][2][1]
    x, y = drag.place(2)
    before = drag.shown()
    output.page.mouse.move(x, y)
    output.page.mouse.down(button="right")  # asks for a menu, and drags nothing
    output.page.mouse.move(x - 30, y, steps=3)
    output.page.mouse.up(button="right")
    output.page.keyboard.press("Escape")
    assert drag.shown() == before


def player_once(output, made_from):
    """The other end by key."""
    view, handle = output.locator(".lessons-widget"), output.locator(".noUi-handle")
    before, last = shown(view), len(made_from["captions"]) - 1
    key, frame = ("Home", 0) if before == made_from["captions"][last] else ("End", last)
    handle.focus()
    next_drawing(view, lambda: handle.press(key))
    assert shown(view) != before
    assert_shows(view, made_from, frame)


def bound_explorer_once(output, made_from):
    """q's mean by key."""
    before = bound_figures(output, made_from)
    handle = output.locator(".noUi-handle").first
    handle.focus()
    next_drawing(output.locator(".lessons-widget"), lambda: handle.press("PageUp"))
    assert bound_figures(output, made_from)["mean"] != before["mean"]


def latent_explorer_once(output, made_from):
    """The first slider by key."""
    driven = explorer_of(output, made_from)
    driven.check(lambda: driven.press_slider(0, "PageUp"), moved=[0])


def drag_regression_once(output, made_from):
    """The chosen point by key."""
    drag = Drag(output)
    drag.assert_sliders_are_of(made_from["sets"][0])
    drag.plot.focus()
    drag.act(lambda: drag.plot.press("ArrowUp"), changed=True)


class Driver(NamedTuple):
    """How to drive a kind of widget."""

    place: str  # selector of what only its view has
    thorough: Callable  # for JupyterLab: all that can be moved, in every way
    once: Callable  # for a page: one thing


# By the name of the widget's class; in this order: all predictions are made before one is compared.
DRIVERS = {
    "FramePlayer": Driver(".lessons-frame", player, player_once),
    "BoundExplorer": Driver(".lessons-bars", bound_explorer, bound_explorer_once),
    "LatentExplorer": Driver(".lessons-image", latent_explorer, latent_explorer_once),
    "DragRegression": Driver(".lessons-plot", drag_regression, drag_regression_once),
    "NoiseExplorer": Driver(".lessons-noisy", noise.thorough, noise.once),
    "PixelPainter": Driver(".lessons-painted", painter.thorough, painter.once),
    "GanTrainer": Driver(".lessons-gan", gan.thorough, gan.once),
    "DigitPad": Driver(".lessons-written", pad.thorough, pad.once),
    "TextMap": Driver(".lessons-map", textmap.thorough, textmap.once),
    "Prediction": Driver(".lessons-prediction", predict.question, predict.question),
    "Comparison": Driver(".lessons-comparison", predict.comparison, predict.comparison),
    "PredictionCount": Driver(".lessons-count", predict.count, predict.count),
}


def every_widget(page, made_from, how):
    """Drive all widgets of a page, "thorough" or "once"; `made_from` holds, for each class, what each was made from."""
    assert made_from.keys() <= DRIVERS.keys(), "a widget without a driver"
    found = [
        (driver, outputs(page, driver.place, made_from[name])) for name, driver in DRIVERS.items() if name in made_from
    ]
    views = sum(len(of_a_kind) for _, of_a_kind in found)
    assert page.locator(".lessons-widget").count() == views, "a widget that does not say what it was made from"
    for driver, of_a_kind in found:
        for output, made in of_a_kind:
            getattr(driver, how)(output, made)


def outputs(page, place, made_from):
    """Return each widget of a kind, drawn, with what it was made from."""
    found = page.locator(f".jp-OutputArea-output:has({place})")
    drawn = ".lessons-status, .lessons-count, .lessons-compare"
    for number in range(len(made_from)):
        expect(found.nth(number).locator(drawn).first).not_to_be_empty(timeout=60_000)
    assert found.count() == len(made_from)
    return [(found.nth(number), each) for number, each in enumerate(made_from)]
