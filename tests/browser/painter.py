"""A PixelPainter on a page: what it shows, and whether that is what PyTorch computes."""

import base64
import json

import numpy as np
import torch
from drawn import Drawn, assert_changed
from lab import canvas_pixels, next_drawing
from torch.nn import functional

from lessons_lib.models import PixelRNN
from lessons_lib.widgets.pixel_network import ink_probability, uniform_numbers
from lessons_lib.widgets.pixel_painter import TINT

SETTINGS = ("digit", "row", "temperature", "seed", "pixel", "strokes")


def network_of(made_from):
    """Return the network that travelled, read back from its bytes."""
    size = made_from["network"]
    network = PixelRNN(**size).requires_grad_(False)
    values = torch.from_numpy(np.frombuffer(base64.b64decode(made_from["weights"]), np.float32).copy())
    units, inputs = size["units"], network.lstm.input_size
    columns, recurrent, bias, output, output_bias = values.split(
        [inputs * 4 * units, 4 * units**2, 4 * units, units, 1]
    )
    network.lstm.weight_ih_l0.copy_(columns.view(inputs, 4 * units).T)
    network.lstm.weight_hh_l0.copy_(recurrent.view(4 * units, units))
    network.lstm.bias_ih_l0.copy_(bias)
    network.lstm.bias_hh_l0.zero_()
    network.output.weight.copy_(output[None])
    network.output.bias.copy_(output_bias)
    return network


class Painter(Drawn):
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output, made_from):
        self.side = made_from["network"]["side"]
        super().__init__(output, made_from, (self.side, self.side))
        self.painted = output.locator(".lessons-painted")
        handles = output.locator(".noUi-handle")
        self.digit, self.row, self.temperature, self.pixel = (handles.nth(number) for number in range(4))
        self.play = output.locator(".widget-play button").first
        self.other, self.wipe = (self.view.get_by_role("button", name=name) for name in ("other endings", "wipe off"))
        self.images = np.frombuffer(base64.b64decode(made_from["images"]), np.uint8).reshape(-1, self.side**2)
        self.network = network_of(made_from)

    def settings(self):
        """Return what the page says that it shows."""
        return json.loads(self.painted.get_attribute("data-shown"))

    def shown(self):
        """Return what the pictures were drawn from, after comparing them, and all that is said, with PyTorch's."""
        shown, endings = self.painted.evaluate(
            """canvas => [JSON.parse(canvas.dataset.shown), canvas.finished.map(
              ({ image, logits }) => ({ image: Array.from(image), logits: Array.from(logits) }))]"""
        )
        size, start, pixel = self.side**2, self.side * shown["row"], shown["pixel"]
        given = self.images[shown["digit"] - 1].copy() if shown["digit"] else np.zeros(size, np.uint8)
        for stroke, value in shown["strokes"]:
            assert stroke < start, "a stroke in the network's part"
            given[stroke] = value
        assert len(endings) == self.made_from["endings"]
        images = np.array([ending["image"] for ending in endings])
        logits = torch.tensor([ending["logits"] for ending in endings], dtype=torch.float64)
        np.testing.assert_array_equal(images[:, :start], np.tile(given[:start], (len(images), 1)))
        theirs = self.network(torch.from_numpy(images.astype(np.float32))).double()
        np.testing.assert_allclose(torch.sigmoid(logits), torch.sigmoid(theirs), rtol=0, atol=1e-4)
        ink = ink_probability(logits, shown["temperature"])
        uniform = uniform_numbers(shown["seed"], len(images), size)
        unlike = (images == 1) != (uniform < ink_probability(theirs, shown["temperature"]))
        unlike &= np.abs(uniform - ink_probability(theirs, shown["temperature"])) > 1e-4
        assert not unlike[:, start:].any(), "a pixel is not what its number and PyTorch's probability make of it"
        surprise = functional.binary_cross_entropy_with_logits(theirs, torch.from_numpy(images * 1.0), reduction="none")
        np.testing.assert_allclose(shown["nats"], surprise[:, start:pixel].sum(1), rtol=1e-3, atol=1e-3)
        of_endings = [(row, pixel) for pair in zip(images, ink, strict=True) for row in pair]
        self.assert_pictures([(given, start), *of_endings])
        self.assert_marks(start, pixel)
        self.assert_words(shown, ink)
        return shown

    def assert_pictures(self, wanted):
        """Each canvas holds its values, in grey, and the tint where there are none yet."""
        assert self.canvases.count() == len(wanted)
        for number, (values, known) in enumerate(wanted):
            colours = np.tile(255 * (1 - values[:, None]), (1, 3)).astype(float)
            colours[known:] = TINT
            drawn = canvas_pixels(self.canvases.nth(number)).reshape(-1, 3)
            assert np.abs(drawn - colours).max() <= 1, f"picture {number}"

    def assert_marks(self, start, pixel):
        """Lines show where the student's part ends, boxes which pixel comes next."""
        lines = self.view.locator(".lessons-line").evaluate_all("all => all.map((line) => parseFloat(line.style.top))")
        np.testing.assert_allclose(lines, [100 * start / self.side**2] * self.canvases.count(), atol=1e-3)
        boxes = self.view.locator(".lessons-next:not([hidden])")
        complete = pixel == self.side**2
        assert boxes.count() == (0 if complete else self.canvases.count() - 1)
        if not complete:
            assert boxes.first.is_visible()
            for number in (0, boxes.count() - 1):
                place = self.pixel_under(boxes.nth(number), self.canvases.nth(number + 1))
                assert place == divmod(pixel, self.side)
        else:
            assert not self.view.locator(".lessons-next").nth(1).is_visible()

    def assert_words(self, shown, ink):
        side, start, pixel = self.side, self.side * shown["row"], shown["pixel"]
        complete = pixel == side**2
        captions = [
            f"ending {number + 1}{nats:.2f} natsP(ink){'' if complete else f' {ink[number, pixel]:.2f}'}"
            for number, nats in enumerate(shown["nats"])
        ]
        assert self.view.locator("figcaption").all_text_contents()[1:] == captions
        status = self.view.locator(".lessons-status").first.text_content()
        what = f"digit {shown['digit']} of {len(self.images)}, " if shown["digit"] else "blank paper, "
        row = shown["row"]
        part = "no row" if row == 0 else "every row" if row == side else "the first row" if row == 1 else None
        assert status.startswith(what + (f"{part} is yours" if part else f"the first {row} rows are yours"))
        assert ("painted by hand" in status) == bool(shown["strokes"])
        warm = f"temperature {shown['temperature']:.2f}" if shown["temperature"] else "always the likelier colour"
        assert warm in status
        if complete:
            progress = f"the network has drawn {side**2 - start} pixels" if row < side else "nothing is left to draw"
        else:
            where = f"next is pixel {pixel + 1} of {side**2} (row {pixel // side + 1}, column {pixel % side + 1})"
            progress = where + (": yours, the network only reads it" if pixel < start else ", which the network draws")
        assert progress in status

    def act(self, action, **changes):
        """Do something; what `changes` names becomes that (... for anything else than before), and nothing else moves.

        A mouse draws several times on its way: wait for the last.
        """
        before, drawn = self.shown(), self.pictures()
        next_drawing(self.view, action)
        self.page.wait_for_timeout(100)
        after = self.shown()
        assert_changed(before, after, SETTINGS, changes)
        if changes.keys() & {"temperature", "seed", "pixel"}:
            assert self.pictures()[0] == drawn[0], "the student's part has moved"
        return before, after


def thorough(output, made_from):
    """Every control by key and by mouse; painting by mouse and by key; the endings as they are drawn."""
    painter = Painter(output, made_from)
    start_anew(painter)
    before = painter.pictures()
    painter.act(painter.other.click, seed=...)
    assert painter.pictures() != before
    painter.act(lambda: painter.press(painter.other, "Enter"), seed=...)
    choose_digits(painter)
    choose_rows(painter)
    choose_temperatures(painter)
    step_through_pixels(painter)
    paint_by_mouse(painter)
    paint_by_key(painter)


def start_anew(painter):
    """Digit 1, half the rows, temperature 1, all drawn: wherever it was."""
    half = painter.side // 2
    painter.wipe.click()
    for handle in (painter.digit, painter.row):
        painter.press(handle, "Home")
    for _ in range(half):
        painter.row.press("ArrowRight")
    painter.digit.press("ArrowRight")
    painter.press(painter.temperature, "Home")
    for _ in range(20):
        painter.temperature.press("ArrowRight")
    painter.press(painter.pixel, "End")
    painter.page.wait_for_timeout(300)
    wanted = {"digit": 1, "row": half, "temperature": 1, "pixel": painter.side**2, "strokes": []}
    assert painter.shown().items() >= wanted.items()


def choose_digits(painter):
    first = painter.pictures()[0]
    painter.act(lambda: painter.press(painter.digit, "ArrowLeft"), digit=0)
    assert painter.pictures()[0] != first
    painter.act(lambda: painter.press(painter.digit, "End"), digit=len(painter.images))
    painter.act(lambda: painter.pull(painter.digit, by=-400), digit=0)
    painter.act(lambda: painter.press(painter.digit, "ArrowRight"), digit=1)


def choose_rows(painter):
    half = painter.side // 2
    painter.act(lambda: painter.press(painter.row, "End"), row=painter.side)
    painter.act(lambda: painter.pull(painter.row, by=-400), row=0)
    painter.act(lambda: painter.press(painter.row, "ArrowRight"), row=1)
    for row in range(2, half + 1):
        painter.act(lambda: painter.press(painter.row, "ArrowRight"), row=row)


def choose_temperatures(painter):
    painter.act(lambda: painter.press(painter.temperature, "Home"), temperature=0)
    pictures = painter.pictures()
    assert len(set(pictures[1::2])) == 1, "at temperature 0 all endings are the same"
    painter.act(lambda: painter.press(painter.temperature, "End"), temperature=2)
    assert painter.pictures()[1:] != pictures[1:]
    painter.act(lambda: painter.pull(painter.temperature, by=-20), temperature=...)
    painter.act(lambda: painter.press(painter.temperature, "Home"), temperature=0)
    for step in range(1, 21):
        painter.temperature.press("ArrowRight")
        painter.page.wait_for_timeout(50)
        assert abs(painter.settings()["temperature"] - step / 20) < 1e-9


def step_through_pixels(painter):
    size, start = painter.side**2, painter.side * (painter.side // 2)
    whole = painter.pictures()
    painter.act(lambda: painter.press(painter.pixel, "ArrowLeft"), pixel=size - 1)
    painter.act(lambda: painter.press(painter.pixel, "Home"), pixel=0)
    painter.act(lambda: painter.pull(painter.pixel, by=60), pixel=...)
    while painter.settings()["pixel"] > start:
        painter.press(painter.pixel, "ArrowLeft")
        painter.page.wait_for_timeout(50)
    while painter.settings()["pixel"] < start - 1:
        painter.press(painter.pixel, "ArrowRight")
        painter.page.wait_for_timeout(50)
    painter.page.wait_for_timeout(100)
    for pixel in (start, start + 1, start + 2):  # the end of the student's part, and the network's first pixels
        if painter.settings()["pixel"] < pixel:
            painter.act(lambda: painter.press(painter.pixel, "ArrowRight"), pixel=pixel)
    painter.act(lambda: painter.press(painter.pixel, "End"), pixel=size)
    assert painter.pictures() == whole
    next_drawing(painter.view, painter.play.click)  # from the end it begins anew
    painter.page.wait_for_timeout(400)
    early = painter.settings()["pixel"]
    assert early < size
    painter.page.wait_for_timeout(400)
    painter.play.click()  # pause, or play again if it has come to its end
    assert painter.settings()["pixel"] > early
    painter.page.wait_for_timeout(200)
    painter.press(painter.pixel, "End")
    painter.page.wait_for_timeout(200)
    shown = painter.shown()
    assert shown["pixel"] == size
    painter.page.wait_for_timeout(500)
    said = painter.view.locator(".lessons-announcer").text_content()
    status = painter.view.locator(".lessons-status").first.text_content()
    assert said == f"{status} · nats: " + ", ".join(f"{nats:.2f}" for nats in shown["nats"])


def paint_by_mouse(painter):
    side, half = painter.side, painter.side // 2
    painter.act(lambda: painter.press(painter.digit, "ArrowLeft"), digit=0)
    painter.pen.select_option("ink")
    _, after = painter.act(lambda: painter.draw((1, 1), (1, side - 2)), strokes=...)
    drawn = dict(after["strokes"])
    assert set(drawn.values()) == {1} and {side + column for column in range(1, side - 1)} <= drawn.keys()
    painter.pen.select_option("paper")
    _, after = painter.act(lambda: painter.draw((0, half), (side - 1, half), steps=4), strokes=...)
    now = dict(after["strokes"])
    assert now[side + half] == 0 and set(now.values()) == {0, 1}
    assert max(now) // side == half - 1, "painted down to the line, and no further"
    painter.draw((half + 2, 1), (side - 1, side - 2), steps=4)
    painter.page.wait_for_timeout(200)
    assert painter.shown()["strokes"] == after["strokes"], "below the line nothing is painted"
    painter.act(lambda: painter.press(painter.row, "ArrowRight"), row=half + 1)  # nor hidden
    painter.act(lambda: painter.press(painter.row, "ArrowLeft"), row=half)
    _, after = painter.act(lambda: painter.press(painter.row, "ArrowLeft"), row=half - 1, strokes=...)
    assert max(pixel for pixel, _ in after["strokes"]) // side == half - 2
    _, after = painter.act(lambda: painter.press(painter.row, "ArrowRight"), row=half, strokes=...)
    assert dict(after["strokes"]) == now
    painter.act(painter.wipe.click, strokes=[])
    painter.act(lambda: painter.draw((1, 1), (1, side - 2)), strokes=...)
    painter.act(lambda: painter.press(painter.digit, "ArrowRight"), digit=1, strokes=[])
    painter.act(lambda: painter.press(painter.digit, "ArrowLeft"), digit=0)


def paint_by_key(painter):
    side, half = painter.side, painter.side // 2
    painter.drawable.focus()
    for _ in range(side):  # to the upper left corner
        painter.drawable.press("ArrowLeft")
        painter.drawable.press("ArrowUp")
    assert painter.cursor() == (0, 0)
    for key in ("ArrowRight", "ArrowDown"):
        painter.drawable.press(key)
    assert painter.cursor() == (1, 1)
    for pen, key, value in [("ink", "Space", 1), ("paper", "Enter", 0)]:
        painter.pen.select_option(pen)
        painter.drawable.focus()
        _, after = painter.act(lambda k=key: painter.drawable.press(k), strokes=...)
        assert dict(after["strokes"]) == {side + 1: value}
    painter.act(lambda: painter.press(painter.wipe, "Enter"), strokes=[])
    for row in range(1, half + 1):
        painter.press(painter.drawable, "ArrowDown")
        said = f"row {row + 2}, column 2" + (", which can't be painted" if row + 1 >= half else "")
    painter.page.wait_for_timeout(700)
    assert painter.view.locator(".lessons-announcer").text_content() == said
    painter.drawable.press("Space")
    painter.page.wait_for_timeout(200)
    assert painter.shown()["strokes"] == []


def once(output, made_from):
    """The temperature and the pixel by key, and a pixel painted."""
    painter = Painter(output, made_from)
    painter.act(lambda: painter.press(painter.temperature, "ArrowRight"), temperature=...)
    painter.act(lambda: painter.press(painter.pixel, "PageDown"), pixel=...)
    painter.drawable.focus()
    for _ in range(painter.side):
        painter.drawable.press("ArrowUp")
    painter.pen.select_option("ink")
    painter.drawable.focus()
    painter.act(lambda: painter.drawable.press("Space"), strokes=...)
