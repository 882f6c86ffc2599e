"""A widget with a picture that can be drawn on: how a student moves and draws."""


class Drawn:
    """The widget in one output of a notebook or an exported page; its drawable picture is of `shape`."""

    def __init__(self, output, made_from, shape):
        output.scroll_into_view_if_needed()
        self.output, self.page, self.made_from, self.shape = output, output.page, made_from, shape
        self.view, self.drawable = output.locator(".lessons-widget"), output.locator(".lessons-drawable")
        self.canvases, self.pen = self.view.locator("canvas"), self.view.get_by_label("pen")

    def pictures(self):
        """Return each picture as it is drawn, as text."""
        return self.canvases.evaluate_all("all => all.map((canvas) => canvas.toDataURL())")

    def press(self, control, key):
        control.focus()
        control.press(key)

    def pull(self, handle, by):
        """Drag a slider's handle by mouse, in CSS pixels."""
        handle.scroll_into_view_if_needed()
        box = handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        self.page.mouse.move(x + by, y, steps=4)
        self.page.mouse.up()

    def place(self, row, column):
        """Return where a pixel's middle lies on the screen."""
        self.drawable.scroll_into_view_if_needed()
        box = self.drawable.bounding_box()
        height, width = self.shape
        return box["x"] + box["width"] * (column + 0.5) / width, box["y"] + box["height"] * (row + 0.5) / height

    def draw(self, start, end, steps=1):
        """Draw by mouse from pixel to pixel, (row, column)."""
        self.page.mouse.move(*self.place(*start))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(*end), steps=steps)
        self.page.mouse.up()

    def cursor(self):
        """Return the pixel, (row, column), on which the keyboard's cursor stands."""
        return self.pixel_under(self.view.locator(".lessons-cursor"), self.drawable)

    def pixel_under(self, box, canvas):
        """Return the pixel, (row, column), of a picture on which a box stands."""
        box, canvas = box.bounding_box(), canvas.bounding_box()
        middle = [box["y"] + box["height"] / 2 - canvas["y"], box["x"] + box["width"] / 2 - canvas["x"]]
        sizes = [canvas["height"], canvas["width"]]
        return tuple(int(at / size * n) for at, size, n in zip(middle, sizes, self.shape, strict=True))


def assert_changed(before, after, names, changes):
    """Of what is shown, each name in `changes` has become that (... for anything else); no other has moved."""
    for name in names:
        if name not in changes:
            assert after[name] == before[name], name
        elif changes[name] is ...:
            assert after[name] != before[name], name
        else:
            assert after[name] == changes[name], name
