"""A DragRegression on a page: what it shows, and whether that is what Python computes."""

import json
import math

import numpy as np
from lab import next_drawing

from lessons_lib.widgets import DragRegression

FIGURES = {  # the browser's name: Python's
    "slope": "slope",
    "intercept": "intercept",
    "slopeWithout": "slope_without",
    "interceptWithout": "intercept_without",
    "leverage": "leverage",
    "cooks": "cooks",
}
WIDTH, HEIGHT, MARGIN, EDGE = 520, 400, 46, 12  # CSS pixels, as in drag_regression.js


class Drag:
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output):
        self.output, self.page = output, output.page
        self.view, self.plot = output.locator(".lessons-widget"), output.locator(".lessons-plot")
        self.handles = output.locator(".noUi-handle")  # of the sliders: point, x, y

    def shown(self):
        """Return the figures that the picture was drawn from, after comparing them with Python's to 1e-6."""
        shown = json.loads(self.plot.get_attribute("data-figures"))
        points = np.array(shown["points"])
        python = DragRegression({"now": points.T})
        # On the sliders of its own range the points would be rounded: give them back as they are.
        python.view.points, python.point_slider.value = points.tolist(), shown["chosen"] + 1
        for ours, theirs in FIGURES.items():
            np.testing.assert_allclose(
                np.array(shown[ours], float), python.figures()[theirs], rtol=1e-6, atol=1e-6, err_msg=ours
            )
        return shown

    def act(self, action, changed):
        """Do something; only the chosen point may move, and the picture changes. Return figures before and after."""
        before, picture = self.shown(), self.picture()
        self.after(action)
        after = self.shown()
        assert self.picture() != picture
        moved = [i for i, (old, new) in enumerate(zip(before["points"], after["points"], strict=True)) if old != new]
        assert moved == ([after["chosen"]] if changed else [])
        return before, after

    def after(self, action):
        """Do something that draws; a drag and the kernel's answer draw several times: wait for the last."""
        next_drawing(self.view, action)
        self.page.wait_for_timeout(100)

    def assert_sliders_are_of(self, entry):
        """The sliders go from end to end of one of the widget's sets, and say where the chosen point stands."""
        place = self.shown()["points"][self.shown()["chosen"]]
        for axis, value in enumerate(place):
            low, high, step = entry["xy"[axis]]
            handle = self.handles.nth(1 + axis)
            ends = [float(handle.get_attribute(name)) for name in ("aria-valuemin", "aria-valuemax")]
            np.testing.assert_allclose(ends, [low, high], atol=0.051)  # noUiSlider writes one decimal
            assert abs(float(handle.get_attribute("aria-valuetext")) - value) < 0.01 * step
            number = self.output.locator(".widget-readout").nth(1 + axis).text_content()
            assert abs(float(number.replace("−", "-")) - value) < 0.01 * step
            assert len(number.partition(".")[2]) == max(0, -math.floor(math.log10(step)))

    def picture(self):
        """Return the plot as it is drawn, as text."""
        return self.plot.evaluate("el => el.toDataURL()")

    def place(self, point):
        """Return where a point stands on the screen, CSS pixels of the page."""
        self.plot.scroll_into_view_if_needed()
        box = self.plot.bounding_box()
        fractions = []
        for handle, value in zip(
            (self.handles.nth(1), self.handles.nth(2)), self.shown()["points"][point], strict=True
        ):
            low, high = (float(handle.get_attribute(name)) for name in ("aria-valuemin", "aria-valuemax"))
            fractions.append((value - low) / (high - low))
        scale = box["width"] / (WIDTH + 2)  # the border
        return (
            box["x"] + (1 + MARGIN + (WIDTH - MARGIN - EDGE) * fractions[0]) * scale,
            box["y"] + (1 + HEIGHT - MARGIN - (HEIGHT - MARGIN - EDGE) * fractions[1]) * scale,
        )

    def swipe(self, point, right, up):
        """Drag a point by mouse, in CSS pixels of the screen; return the figures before and after."""
        x, y = self.place(point)

        def by_mouse():
            self.page.mouse.move(x, y)
            self.page.mouse.down()
            self.page.mouse.move(x + right, y - up, steps=6)
            self.page.mouse.up()

        before, after = self.act(by_mouse, changed=True)
        assert after["chosen"] == point
        return before, after
