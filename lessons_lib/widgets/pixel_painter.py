"""PixelPainter: a recurrent network finishes the picture that a student began, pixel by pixel, in the browser."""

import math

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from PIL import Image  # matplotlib brings it
from torch import nn

from lessons_lib.arrays import as_finite, as_real, as_whole, shown
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.pixel_network import check_same, copy_of, finish, ink_probability, pack, uniform_numbers
from lessons_lib.widgets.still import on_card

MOST_ENDINGS = 8
MOST_IMAGES = 200
HOTTEST = 2  # temperature
INTERVAL = 80  # milliseconds from pixel to pixel while it plays
STILL_IMAGES = 6
STILL_TILE = 96  # pixels of a still's picture, at least
STILL_GAP = 4  # pixels between two of them
TINT = (186, 217, 247)  # of pixels that are not there, as pixel_painter.js has it


class PainterView(anywidget.AnyWidget):
    """The pictures. Digit, row, temperature and pixel live in the controls, which this refers to."""

    _esm = module_text("shared.js", "network.js", "random.js", "drawing.js", "pixel_network.js", "pixel_painter.js")
    _css = STYLE
    network = traitlets.Dict().tag(sync=True)  # its sizes
    weights = traitlets.Bytes().tag(sync=True)
    images = traitlets.Bytes().tag(sync=True)  # a byte a pixel
    endings = traitlets.Int().tag(sync=True)  # how many
    seed = traitlets.Int(0).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)  # [[digit, pixel, value], …]: what was painted, on which digit
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class PixelPainter(SlidersAndView):
    """Paint the top of a binary picture, and see how a recurrent network finishes it, pixel by pixel.

    The student's part is painted with mouse, pen, finger or keys, on blank paper or on a given image. The network
    draws the rest, several endings at once, each pixel ink with the probability that it gives it. Below each ending
    stand the next pixel's P(ink), and how surprised the network is by what it drew. The weights travel to the browser
    once; from then on no kernel is needed.

    Each pixel's random number comes from the seed alone: another temperature changes an ending bit by bit.

    Parameters
    ----------
    model : nn.Module
        A :class:`lessons_lib.models.PixelRNN`, or a class of your own with the same parts: ``side`` (4 to 32),
        ``rows``, ``reach``, ``position``, ``lstm`` and ``output``. A snapshot is taken: training on does not change
        what is shown. Before anything is shown, it is compared with the model on a few of the images.
    images : array
        Shape (n, side * side), n from 1 to 200, of 0 (paper) and 1 (ink).
    endings : int
        How many are drawn, from 1 to 8.

    Attributes
    ----------
    digit : int
        The image's number, counted from 1, or 0 for blank paper; settable, which wipes off what was painted.
    row : int
        How many rows, from the top, are the student's part; settable.
    temperature : float
        From 0 to 2; settable. P(ink) is the sigmoid of logit / temperature; at 0 the likelier colour is certain.
    pixel : int
        How many pixels are shown, the student's included; settable.
    digit_slider, row_slider, pixel_slider : ipywidgets.IntSlider
    temperature_slider : ipywidgets.FloatSlider
    play : ipywidgets.Play
    view : PainterView
        The browser-side part, which also holds the endings' ``seed`` and the ``strokes`` painted by hand.

    Raises
    ------
    ValueError
        For a model, images or a number of endings that don't fit; the sentence says what.

    Examples
    --------
    >>> from lessons_lib.models import PixelRNN
    >>> painter = PixelPainter(PixelRNN(side=8, units=4), torch.rand(5, 64) < 0.5, endings=3)
    >>> painter.digit, painter.row = 2, 5
    >>> painter.endings().shape
    (3, 64)
    """

    def __init__(self, model: nn.Module, images: torch.Tensor | np.ndarray, *, endings: int = 4) -> None:
        self._network = copy_of(model)
        self._side = self._network.side
        size = self._side**2
        self._images = _check_images(images, size)
        endings = as_whole("endings", endings, 1, MOST_ENDINGS)
        check_same(model, self._network, self._images)
        network, weights = pack(self._network)

        def slider(value: int, most: int, description: str, width: str) -> ipywidgets.IntSlider:
            options = {"layout": ipywidgets.Layout(width=width), "style": {"description_width": "initial"}}
            return ipywidgets.IntSlider(value=value, min=0, max=most, description=description, **options)

        self.digit_slider = slider(1, len(self._images), "digit (0: blank)", "310px")
        self.row_slider = slider(self._side // 2, self._side, "your part ends after row", "390px")
        self.temperature_slider = ipywidgets.FloatSlider(
            value=1,
            min=0,
            max=HOTTEST,
            step=0.05,
            description="temperature",
            layout=ipywidgets.Layout(width="290px"),
            style={"description_width": "initial"},
        )
        self.pixel_slider = slider(size, size, "drawn up to pixel", "370px")
        self.play = ipywidgets.Play(value=size, min=0, max=size, interval=INTERVAL)
        settings = [self.digit_slider, self.row_slider, self.temperature_slider]
        self.view = PainterView(
            network=network,
            weights=weights,
            images=self._images.astype(np.uint8).tobytes(),
            endings=endings,
            controls=[*settings, self.pixel_slider],
        )
        self._links = [ipywidgets.jslink((self.play, "value"), (self.pixel_slider, "value"))]
        rows = [*settings, ipywidgets.HBox([self.play, self.pixel_slider])]
        super().__init__([ipywidgets.Box(rows, layout=ipywidgets.Layout(flex_flow="row wrap")), self.view])

    @property
    def digit(self) -> int:
        """The number of the image that is shown, counted from 1; 0 is blank paper."""
        return self.digit_slider.value

    @digit.setter
    def digit(self, digit: int) -> None:
        self.digit_slider.value = as_whole("digit", digit, 0, len(self._images))
        self.view.strokes = []

    @property
    def row(self) -> int:
        """The number of rows, from the top, that are the student's part."""
        return self.row_slider.value

    @row.setter
    def row(self, row: int) -> None:
        self.row_slider.value = as_whole("row", row, 0, self._side)

    @property
    def temperature(self) -> float:
        """The temperature, from 0 to 2."""
        return self.temperature_slider.value

    @temperature.setter
    def temperature(self, temperature: float) -> None:
        try:
            number = as_real("temperature", temperature, 0)
        except ValueError:
            number = math.inf
        if number > HOTTEST:
            raise ValueError(f"temperature is {shown(temperature)}; it must be a number from 0 to {HOTTEST}.")
        self.temperature_slider.value = number

    @property
    def pixel(self) -> int:
        """The number of pixels that are shown, the student's included."""
        return self.pixel_slider.value

    @pixel.setter
    def pixel(self, pixel: int) -> None:
        self.play.value = self.pixel_slider.value = as_whole("pixel", pixel, 0, self._side**2)

    def endings(self) -> np.ndarray:
        """Return the whole pictures: the student's part, as it is painted now, and each ending of it.

        Returns
        -------
        numpy.ndarray
            Shape (endings, side * side), of 0 and 1. The browser's exponentials may differ in the last digits:
            hardly ever does a pixel become another.
        """
        given = np.zeros(self._side**2, np.float32) if self.digit == 0 else self._images[self.digit - 1].copy()
        for digit, pixel, value in self.view.strokes:
            if digit == self.digit:
                given[pixel] = value
        return self._finish(given[None])[0]

    def probabilities(self) -> np.ndarray:
        """Return P(ink) of each pixel of :meth:`endings` given those before it, at the temperature.

        Returns
        -------
        numpy.ndarray
            Shape (endings, side * side). In the student's part: what the network expected there.
        """
        with torch.no_grad():
            return ink_probability(self._network(torch.from_numpy(self.endings())), self.temperature)

    def _finish(self, given: np.ndarray) -> np.ndarray:
        """Return the endings of each image, shape (n, endings, size), all of the same random numbers."""
        n, size = given.shape
        endings = self.view.endings
        uniform = np.tile(uniform_numbers(self.view.seed, endings, size), (n, 1))
        given = given.repeat(endings, axis=0)
        finished = finish(self._network, given, self.row * self._side, uniform, self.temperature)
        return finished.reshape(n, endings, size)

    def still(self) -> bytes:
        """Return a PNG: the tops of the first images, the endings that the network draws, and the images themselves."""
        images = self._images[:STILL_IMAGES]
        side, start = self._side, self.row * self._side
        endings = self._finish(images).transpose(1, 0, 2)
        rows = [_in_colour(images, start), *(_in_colour(row, side**2) for row in [*endings, images])]
        enlarged = math.ceil(STILL_TILE / side)
        step = enlarged * side + STILL_GAP
        sheet = Image.new("RGB", (step * len(images), step * len(rows)), (204, 204, 204))
        for i, row in enumerate(rows):
            for j, colours in enumerate(row):
                tile = Image.fromarray(colours.reshape(side, side, 3))
                tile = tile.resize((enlarged * side, enlarged * side), Image.Resampling.NEAREST)
                sheet.paste(tile, (j * step + STILL_GAP // 2, i * step + STILL_GAP // 2))
        names = ["given", *(f"ending {number}" for number in range(1, len(endings) + 1)), "the digit"]
        words = (
            f"given: the first {self.row} of {side} rows; light blue is unknown to the network, which draws it, "
            f"at temperature {self.temperature:.2f}; last the digit itself"
        )
        return on_card(sheet, left=names, words=words)

    def made_from(self) -> dict:
        """Return the network as it travels, the images and the number of endings, bytes as base64 text."""
        return as_json(self.view, "network", "weights", "images", "endings")

    def __repr__(self) -> str:
        """Return the text alternative."""
        what = f"digit {self.digit} of {len(self._images)}" if self.digit else "blank paper"
        return (
            f"PixelPainter: {what}, finished below row {self.row} by a recurrent network, "
            f"{self.view.endings} times (run the cell to paint)"
        )


def _in_colour(images: np.ndarray, known: int) -> np.ndarray:
    """Return black on white, tinted where pixels are not known: shape (n, size, 3), uint8."""
    colours = (255 * (1 - images[..., None])).astype(np.uint8).repeat(3, axis=2)
    colours[:, known:] = TINT
    return colours


def _check_images(images: torch.Tensor | np.ndarray, pixels: int) -> np.ndarray:
    """Return images as float32, shape (n, pixels)."""
    images = as_finite("images", images, np.float32)
    if images.ndim != 2 or images.shape[1] != pixels or not 1 <= len(images) <= MOST_IMAGES:
        raise ValueError(
            f"images has shape {images.shape}; it must be (n, {pixels}), n from 1 to {MOST_IMAGES}, "
            "one row of pixels an image."
        )
    if not np.isin(images, (0, 1)).all():
        raise ValueError("images has values besides 0 (paper) and 1 (ink); make it binary, as x > 0.5 does.")
    return images.copy()
