"""A DigitPad on a page: what it shows, and whether that is what Python and PyTorch make of what was written."""

import base64
import json

import numpy as np
import torch
from drawn import assert_changed
from lab import next_drawing

from lessons_lib.widgets.digit_pad import STEP
from lessons_lib.widgets.digit_pad_preprocessing import SIDE, picture_of
from lessons_lib.widgets.network import unpack

SEVEN = [(0.2, 0.2), (0.7, 0.22), (0.45, 0.85)]
KINDS = [".lessons-seen canvas", "canvas.style", "canvas.mean"]
ONE = [(0.55, 0.15), (0.45, 0.85)]


def one_hot(labels):
    return torch.eye(10)[labels]


class Pad:
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output, made_from):
        output.scroll_into_view_if_needed()
        self.output, self.page = output, output.page
        self.view, self.pad = output.locator(".lessons-widget"), output.locator(".lessons-written")
        self.nib, self.handles = output.locator(".lessons-nib"), output.locator(".noUi-handle")
        names = ("undo", "clear", "another hand")
        self.undo, self.clear, self.hand = (self.view.get_by_role("button", name=name, exact=True) for name in names)
        self.encoder, self.decoder, self.classifier = (
            unpack(layers, base64.b64decode(weights), "float32")
            for layers, weights in zip(made_from["layers"], made_from["weights"], strict=True)
        )
        images = np.frombuffer(base64.b64decode(made_from["images"]), np.uint8)
        self.images, self.labels = images.reshape(-1, SIDE**2) / 255, made_from["labels"]

    def told(self):
        """Return what the page says that it shows."""
        return json.loads(self.pad.get_attribute("data-shown"))

    def shown(self):
        """Return what the page says, after comparing all that is drawn with Python's."""
        told = self.told()
        written = told["hand"] < 0
        picture = picture_of(told["strokes"]) if written else self.images[told["hand"]]
        style = torch.tensor(told["style"])
        styles = torch.cat([z.expand(10, -1) for z in (style, 0 * style)])
        ten = self.run(self.decoder, torch.cat([styles, one_hot([*range(10), *range(10)])], dim=1))
        pictures = self.pictures()
        self.assert_same(pictures[".lessons-seen canvas"], [picture])
        self.assert_same(pictures["canvas.style"], ten[:10])
        self.assert_same(pictures["canvas.mean"], ten[10:])
        if not picture.any():
            assert told["digit"] is None
        else:
            read = int(self.run(self.classifier, torch.tensor(picture)[None].float()).argmax())
            label = read if written else self.labels[told["hand"]]
            assert told["read"] == read and told["digit"] == (label if told["chosen"] < 0 else told["chosen"])
        pressed = self.view.locator("[aria-pressed=true]").all_text_contents()
        assert pressed == self.view.locator(".lessons-chosen").all_text_contents()
        assert pressed == ([] if told["digit"] is None else [str(told["digit"])])
        assert self.view.locator("[aria-pressed]:disabled").count() == (10 if told["digit"] is None else 0)
        self.assert_words(told)
        return told | {"picture": picture, "ten": ten[:10]}

    def run(self, network, inputs):
        with torch.no_grad():
            return network(inputs).numpy()

    def pictures(self):
        """Return the greys that the canvases of each kind hold, shape (canvases, 784), from 0 to 255."""
        texts = self.view.evaluate(
            """(view, kinds) => kinds.map((kind) => Array.from(view.querySelectorAll(kind), (canvas) => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              return String.fromCharCode(...data.filter((_, i) => i % 4 === 0));
            }))""",
            KINDS,
        )
        return {
            kind: np.array([list(text.encode("latin-1")) for text in of_kind])
            for kind, of_kind in zip(KINDS, texts, strict=True)
        }

    def assert_same(self, drawn, wanted):
        """Pictures are Python's, to 2 of 255."""
        assert np.abs(drawn - 255 * (1 - np.asarray(wanted))).max() <= 2

    def assert_words(self, told):
        words = self.view.locator(".lessons-status").text_content()
        if told["digit"] is None:
            assert words.startswith("The pad is empty: ")
        elif told["hand"] >= 0:
            of_it = f"Held-out digit {told['hand'] + 1} of {len(self.labels)}, {self.labels[told['hand']]} by its label"
            assert words.startswith(of_it)
        else:
            assert words.startswith(f"Read as {told['read']} (")
        otherwise = self.labels[told["hand"]] if told["hand"] >= 0 else told["read"]
        assert (f"; you say {told['chosen']}." in words) == (told["chosen"] not in (-1, otherwise))

    def assert_written_style(self, shown):
        """The sliders have the encoder's mean for the picture and its label, to half a step, or their end."""
        if shown["digit"] is None:
            return np.testing.assert_array_equal(shown["style"], 0)
        seen = torch.cat([torch.tensor(shown["picture"]).float(), one_hot(shown["digit"])])
        end = float(self.handles.first.get_attribute("aria-valuemax"))
        mean = self.run(self.encoder, seen[None])[0, : len(shown["style"])].clip(-end, end)
        np.testing.assert_allclose(shown["style"], mean, atol=STEP / 2 + 1e-4)

    def act(self, action, **changes):
        """Do something on the pad; what `changes` names becomes that (... for anything else), nothing else moves.

        The style is the picture's again. A mouse draws several times on its way: wait for the last.
        """
        before = self.told()
        next_drawing(self.view, action)
        self.page.wait_for_timeout(150)
        after = self.shown()
        self.assert_written_style(after)
        assert_changed(before, after, ("strokes", "hand", "chosen"), changes)
        return after

    def place(self, x, y):
        """Return where a place on the pad, in units of its side, lies on the screen."""
        self.pad.scroll_into_view_if_needed()
        box = self.pad.bounding_box()
        return box["x"] + x * box["width"], box["y"] + y * box["height"]

    def write(self, points):
        """Write a stroke by mouse."""
        self.page.mouse.move(*self.place(*points[0]))
        self.page.mouse.down()
        for point in points[1:]:
            self.page.mouse.move(*self.place(*point), steps=3)
        self.page.mouse.up()

    def write_by_touch(self, points):
        """Write a stroke with a finger."""
        touch = self.page.context.new_cdp_session(self.page)
        for number, (x, y) in enumerate(map(lambda point: self.place(*point), points)):
            kind = "touchMove" if number else "touchStart"
            touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    def press_button(self, button):
        button.focus()
        button.press("Enter")

    def write_by_key(self, keys):
        self.pad.focus()
        for key in keys:
            self.pad.press(key)

    def move_slider(self, number, key):
        """Move a slider by key: the ten follow at once, and nothing that was written changes.

        Return which of the ten have moved by more than 2 of 255; of a number that the decoder ignores, none has.
        """
        before = self.shown()
        pictures = self.pictures()["canvas.style"]
        self.handles.nth(number).focus()
        next_drawing(self.view, lambda: self.handles.nth(number).press(key))
        self.page.wait_for_timeout(100)
        after = self.shown()
        moved = [new != old for new, old in zip(after["style"], before["style"], strict=True)]
        assert moved == [each == number for each in range(len(moved))], "another slider moved"
        assert all(after[name] == before[name] for name in ("strokes", "hand", "chosen", "digit"))
        changed = np.abs(after["ten"] - before["ten"]).max(axis=1) > 2 / 255
        assert (self.pictures()["canvas.style"] != pictures).any(axis=1)[changed].all()
        assert "sliders" in self.view.locator(".lessons-status").text_content()
        return changed


def thorough(output, made_from):
    """Written by mouse and by key; every slider and button; the digit corrected; another hand."""
    pad = Pad(output, made_from)
    pad.clear.click()
    pad.page.wait_for_timeout(200)
    assert pad.shown()["digit"] is None
    pad.move_slider(0, "PageUp")
    after = pad.act(lambda: pad.write(SEVEN), strokes=...)
    (stroke,) = after["strokes"]
    np.testing.assert_allclose([stroke[0], stroke[-1]], [SEVEN[0], SEVEN[-1]], atol=0.01)
    assert pad.nib.is_hidden()
    for number in range(pad.handles.count()):
        pad.move_slider(number, "PageUp" if after["style"][number] < 1 else "PageDown")
    pad.act(lambda: pad.write([(0.3, 0.5), (0.65, 0.5)]), strokes=...)  # the style is what is written again
    other = (after["read"] + 3) % 10
    pad.act(lambda: pad.view.get_by_role("button", name=f"it is {other}").click(), chosen=other)
    corrected = pad.act(pad.undo.click, strokes=after["strokes"])
    assert corrected["style"] != after["style"] and corrected["digit"] == other
    pad.act(lambda: pad.press_button(pad.undo), strokes=[], chosen=-1)
    write_by_key(pad)
    shown = pad.act(pad.hand.click, hand=..., strokes=[])
    pad.act(lambda: pad.press_button(pad.hand), hand=(shown["hand"] + 1) % len(pad.labels))
    label = pad.told()["digit"]
    pad.act(lambda: pad.view.get_by_role("button", name=f"it is {9 - label}").click(), chosen=9 - label)
    pad.move_slider(0, "PageDown")
    pad.act(lambda: pad.write(ONE), hand=-1, strokes=..., chosen=-1)
    pad.act(pad.clear.click, strokes=[])
    assert pad.view.locator(".lessons-status").text_content().endswith("Both rows show the mean style.")
    pad.page.wait_for_timeout(600)
    assert pad.view.locator(".lessons-announcer").text_content().startswith("The pad is empty")
    pad.act(lambda: pad.write(SEVEN), strokes=...)
    pad.page.wait_for_timeout(600)
    assert pad.view.locator(".lessons-announcer").text_content().endswith("All ten digits are drawn in this hand.")


def write_by_key(pad):
    """A seven: from the middle to the upper left, pen down, right, down, pen up; and moved without ink."""
    pad.write_by_key(["ArrowUp", "ArrowLeft"])
    assert pad.nib.is_visible()
    pad.page.wait_for_timeout(100)
    assert pad.told()["strokes"] == []
    keys = ["Shift+ArrowUp", "Shift+ArrowLeft", "Space", *["Shift+ArrowRight"] * 2, *["Shift+ArrowDown"] * 3]
    after = pad.act(lambda: pad.write_by_key(keys), strokes=...)
    (stroke,) = after["strokes"]
    assert len(stroke) == 6 and stroke[0][1] == stroke[2][1] < stroke[-1][1] and stroke[0][0] < stroke[2][0]
    pad.write_by_key(["Enter", "ArrowLeft", "ArrowLeft"])
    pad.page.wait_for_timeout(100)
    assert pad.told()["strokes"] == [stroke]
    pad.act(lambda: pad.write_by_key(["Space", "ArrowUp", "ArrowUp", "Space"]), strokes=...)
    assert len(pad.told()["strokes"]) == 2


def once(output, made_from):
    """A digit by mouse, a slider by key."""
    pad = Pad(output, made_from)
    pad.act(lambda: pad.write(SEVEN), strokes=..., hand=-1, chosen=-1)
    pad.move_slider(0, "PageUp" if pad.told()["style"][0] < 1 else "PageDown")
