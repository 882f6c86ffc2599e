"""A NoiseExplorer on a page: what it shows, and whether that is what Python computes."""

import base64
import json

import numpy as np
import torch
from drawn import Drawn, assert_changed
from lab import canvas_pixels, next_drawing

from lessons_lib.widgets.network import unpack
from lessons_lib.widgets.noise import KINDS, corrupt


class Noise(Drawn):
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output, made_from):
        super().__init__(output, made_from, tuple(made_from["image_size"]))  # pictures: clean, corrupted, one a network
        self.noisy, self.kinds = output.locator(".lessons-noisy"), output.locator("select").first
        self.amount, self.digit = output.locator(".noUi-handle").first, output.locator(".noUi-handle").last
        self.names = made_from["names"]
        self.images = np.frombuffer(base64.b64decode(made_from["images"]), np.float32).reshape(-1, *self.shape)
        self.networks = [
            unpack(layers, base64.b64decode(weights), made_from["precision"])
            for layers, weights in zip(made_from["layers"], made_from["weights"], strict=True)
        ]

    def shown(self):
        """Return what the pictures were drawn from, after comparing them and their errors with Python's."""
        shown = json.loads(self.noisy.get_attribute("data-shown"))
        clean = self.images[shown["digit"] - 1]
        given = corrupt(clean, shown["kind"], shown["amount"], shown["seed"])
        for pixel, value in shown["strokes"]:
            given.flat[pixel] = value
        inputs = torch.from_numpy(given.astype(np.float32).reshape(1, -1))
        with torch.no_grad():
            pictures = [clean, given, *(network(inputs).numpy().reshape(self.shape) for network in self.networks)]
        assert self.canvases.count() == len(pictures)
        for number, picture in enumerate(pictures):
            wanted = 255 * (1 - picture.clip(0, 1))[..., None]
            assert np.abs(canvas_pixels(self.canvases.nth(number)) - wanted).max() <= 1, f"picture {number}"
        errors = [float(((picture - clean) ** 2).sum()) for picture in pictures[1:]]
        np.testing.assert_allclose(shown["errors"], errors, rtol=1e-3, atol=1e-3)
        captions = self.view.locator("figcaption").all_text_contents()
        said = ["corrupted", *self.names]
        in_words = [f"{name}squared error {error:.2f}" for name, error in zip(said, shown["errors"], strict=True)]
        assert captions == ["clean", *in_words]
        status = self.view.locator(".lessons-status").first.text_content()
        assert status.startswith(f"digit {shown['digit']} of {len(self.images)}: ")
        assert status.endswith(", ".join(f"{name} {e:.2f}" for name, e in zip(said, shown["errors"], strict=True)))
        assert bool(shown["strokes"]) == ("drawn by hand" in status)
        return shown

    def act(self, action, **changes):
        """Do something; what `changes` names becomes that (... for anything else than before), and nothing else moves.

        A mouse draws several times on its way: wait for the last.
        """
        before, drawn = self.shown(), self.pictures()
        next_drawing(self.view, action)
        self.page.wait_for_timeout(100)
        after = self.shown()
        assert_changed(before, after, ("kind", "amount", "seed", "digit", "strokes"), changes)
        redrawn = [one != other for one, other in zip(drawn, self.pictures(), strict=True)]
        assert redrawn[0] == ("digit" in changes)
        assert all(redrawn[1:]), "a picture stayed as it was"
        return before, after


def thorough(output, made_from):
    """Every kind and control, by key and by mouse; drawing by mouse and by key."""
    noise = Noise(output, made_from)
    seed = noise.shown()["seed"]
    noise.act(lambda: noise.view.get_by_role("button", name="other noise").click(), seed=seed + 1)
    noise.act(lambda: noise.press(noise.view.get_by_role("button", name="other noise"), "Enter"), seed=seed + 2)
    choose_every_kind(noise)
    choose_digits(noise)
    draw_by_mouse(noise)
    draw_by_key(noise)


def choose_every_kind(noise):
    if noise.shown()["amount"] == 0:
        noise.act(lambda: noise.press(noise.amount, "End"), amount=1)
    before = noise.shown()["kind"]
    for kind in [*(kind for kind in KINDS if kind != before), before]:
        noise.act(lambda k=kind: noise.kinds.select_option(k), kind=kind)
        noise.act(lambda: noise.press(noise.amount, "Home"), amount=0)
        clean, corrupted, *_ = noise.pictures()
        assert clean == corrupted
        noise.act(lambda: noise.pull(noise.amount, by=80), amount=...)
        larger = noise.shown()["amount"]
        for key in ("PageUp", "PageUp", "PageDown"):
            noise.act(lambda k=key: noise.press(noise.amount, k), amount=...)
        assert noise.shown()["amount"] > larger > 0
        noise.act(lambda: noise.press(noise.amount, "End"), amount=1)
    for _ in KINDS:  # to the first
        noise.press(noise.kinds, "ArrowUp")
    noise.page.wait_for_timeout(200)
    assert noise.shown()["kind"] == KINDS[0]
    for kind in KINDS[1:]:
        noise.act(lambda: noise.press(noise.kinds, "ArrowDown"), kind=kind)
    noise.act(lambda: noise.kinds.select_option(KINDS[0]), kind=KINDS[0])


def choose_digits(noise):
    if len(noise.images) == 1:
        return
    if noise.shown()["digit"] > 1:
        noise.act(lambda: noise.press(noise.digit, "Home"), digit=1)
    noise.act(lambda: noise.press(noise.digit, "ArrowRight"), digit=2)
    noise.act(lambda: noise.pull(noise.digit, by=400), digit=...)
    noise.act(lambda: noise.press(noise.digit, "Home"), digit=1)


def draw_by_mouse(noise):
    height, width = noise.shape
    wipe = noise.view.get_by_role("button", name="wipe off")
    if noise.shown()["strokes"]:
        noise.act(wipe.click, strokes=[])
    noise.pen.select_option("ink")
    start, end = (height // 4, width // 4), (3 * height // 4, 3 * width // 4)
    _, after = noise.act(lambda: noise.draw(start, end), strokes=...)
    drawn = dict(after["strokes"])
    assert set(drawn.values()) == {1}
    for step in np.linspace(0, 1, 200):  # one long leap of the pointer leaves no gap
        row, column = (int(a + 0.5 + (b - a) * step) for a, b in zip(start, end, strict=True))
        assert row * width + column in drawn
    line = np.hypot(end[0] - start[0], end[1] - start[1])
    assert line < len(drawn) < 4 * line + 8  # about two pixels wide
    noise.act(lambda: noise.press(noise.amount, "PageDown"), amount=...)
    noise.act(lambda: noise.view.get_by_role("button", name="other noise").click(), seed=...)
    noise.pen.select_option("paper")
    _, after = noise.act(lambda: noise.draw((start[0], end[1]), (end[0], start[1]), steps=4), strokes=...)
    now = dict(after["strokes"])
    assert drawn.keys() < now.keys() and set(now.values()) == {0, 1}
    assert now[start[0] * width + end[1]] == now[end[0] * width + start[1]] == 0
    noise.act(wipe.click, strokes=[])
    if len(noise.images) > 1:  # another digit's drawing goes
        noise.act(lambda: noise.draw(start, end), strokes=...)
        noise.act(lambda: noise.press(noise.digit, "ArrowRight"), digit=2, strokes=[])
        noise.act(lambda: noise.press(noise.digit, "ArrowLeft"), digit=1)


def draw_by_key(noise):
    height, width = noise.shape
    noise.noisy.focus()
    for _ in range(max(noise.shape)):  # to the upper left corner
        noise.noisy.press("ArrowLeft")
        noise.noisy.press("ArrowUp")
    assert noise.cursor() == (0, 0)
    noise.noisy.press("ArrowRight")
    for _ in range(2):
        noise.noisy.press("ArrowDown")
    assert noise.cursor() == (2, 1)
    cross = {row * width + column for row, column in [(2, 1), (1, 1), (3, 1), (2, 0), (2, 2)]}
    for pen, key, value in [("ink", "Space", 1), ("paper", "Enter", 0)]:
        noise.pen.select_option(pen)
        noise.noisy.focus()
        _, after = noise.act(lambda k=key: noise.noisy.press(k), strokes=...)
        assert dict(after["strokes"]) == dict.fromkeys(cross, value)
    noise.noisy.press("Shift+ArrowRight")
    assert noise.cursor() == (2, min(6, width - 1))
    noise.act(lambda: noise.press(noise.view.get_by_role("button", name="wipe off"), "Enter"), strokes=[])


def once(output, made_from):
    """The amount of noise by key, and a pixel drawn."""
    noise = Noise(output, made_from)
    noise.act(lambda: noise.press(noise.amount, "PageUp"), amount=...)
    noise.noisy.focus()
    noise.act(lambda: noise.noisy.press("Space"), strokes=...)
