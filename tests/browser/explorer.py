"""Driving a LatentExplorer in the page, and comparing what it draws with PyTorch."""

import json

import numpy as np
import torch
from lab import canvas_pixels, next_drawing

PAD_MARGIN, PAD_SIDE = 12, 364  # CSS pixels, as in latent_explorer.js


class Explorer:
    """A LatentExplorer in a page: its view, its sliders, and the decoder that it should show."""

    def __init__(self, output, decoder, codes, image_shape=(28, 28)):
        self.output = output  # locator of the output area that holds the box
        self.view = output.locator(".lessons-widget")
        self.pad = self.view.locator(".lessons-pad")
        self.image = self.view.locator(".lessons-image")
        self.sliders = output.locator(".widget-slider")
        self.decoder = decoder
        self.codes = np.asarray(codes, dtype=np.float64)
        self.low, self.high = self.codes.min(0), self.codes.max(0)
        self.image_shape = image_shape

    def code(self):
        return np.array(json.loads(self.image.get_attribute("data-code")))

    def error(self):
        """Largest mean absolute difference, in 1/255, between the canvas and PyTorch for the code shown."""
        drawn = canvas_pixels(self.image)
        with torch.no_grad():
            values = self.decoder(torch.tensor(self.code(), dtype=torch.float32)[None]).clamp(0, 1).numpy()[0]
        if len(self.image_shape) == 3:
            expected = 255 * values.reshape(self.image_shape).transpose(1, 2, 0)
        else:
            expected = np.repeat(255 * (1 - values.reshape(*self.image_shape, 1)), 3, axis=2)
        return np.abs(drawn - expected).mean()

    def check(self, action, moved):
        """Do something; the picture must change to PyTorch's, and the dimensions in `moved` must move."""
        before, picture = self.code(), canvas_pixels(self.image)
        next_drawing(self.view, action)
        changed = np.abs(self.code() - before) > 1e-9
        assert changed[list(moved)].all(), f"the code did not move in {moved}"
        assert not np.delete(changed, list(moved)).any(), "another dimension moved"
        assert (canvas_pixels(self.image) != picture).any(), "the picture did not change"
        assert self.error() <= 2

    def check_random_code(self):
        """Press the button: each number must come from the encoded data's, to a slider's step."""
        next_drawing(self.view, self.view.get_by_role("button", name="random code").click)
        off = np.abs(self.codes - self.code()).min(0)
        assert (off <= (self.high - self.low) / 400 * 1.001).all(), "a number that no encoded image has"
        assert self.error() <= 2

    def pad_position(self, code, axes=(0, 1)):
        """Where a code lies on the pad, in CSS pixels of the page."""
        self.pad.scroll_into_view_if_needed()
        box = self.pad.bounding_box()
        x, y = (
            PAD_MARGIN + (PAD_SIDE - 2 * PAD_MARGIN) * (code[a] - self.low[a]) / (self.high[a] - self.low[a])
            for a in axes
        )
        scale = box["width"] / (PAD_SIDE + 2)  # with its border
        return box["x"] + (x + 1) * scale, box["y"] + (PAD_SIDE - y + 1) * scale

    def press_slider(self, number, key="ArrowRight"):
        handle = self.sliders.nth(number).locator(".noUi-handle")
        handle.focus()
        handle.press(key)

    def drag_slider(self, number, by):
        mouse = self.output.page.mouse
        handle = self.sliders.nth(number).locator(".noUi-handle")
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + by, y, steps=4)
        mouse.up()
        self.output.page.wait_for_timeout(100)  # the places on the way are drawn first

    def drag_pad(self, start, end):
        mouse = self.output.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=5)
        mouse.up()
        self.output.page.wait_for_timeout(100)  # the places on the way are drawn first

    def lonely_dot(self):
        """A dot with no other near it on the pad, so that a click can mean only this one."""
        scaled = PAD_SIDE * (self.codes[:, :2] - self.low[:2]) / (self.high - self.low)[:2]
        gaps = np.linalg.norm(scaled[:, None] - scaled[None], axis=2)
        np.fill_diagonal(gaps, np.inf)
        return self.codes[gaps.min(1).argmax()]
