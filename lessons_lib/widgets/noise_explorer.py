"""NoiseExplorer: noise on an image, and what networks make of it, computed in the browser."""

import math
from collections.abc import Mapping

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from PIL import Image  # matplotlib brings it
from torch import nn

from lessons_lib.arrays import as_finite, as_real, as_whole, shown
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.network import check_fits, check_image_shape, check_same, pack, rounding_note
from lessons_lib.widgets.noise import KINDS, corrupt
from lessons_lib.widgets.still import on_card

MOST_NETWORKS = 3  # in one row, with the clean and the corrupted picture
MOST_IMAGES = 200  # half a megabyte
START = 0.3  # amount of noise
STILL_AMOUNTS = (0.0, 0.25, 0.5, 0.75, 1.0)
STILL_TILE = 96  # pixels of a still's picture, at least
STILL_GAP = 4  # pixels between two of them


class NoiseView(anywidget.AnyWidget):
    """The pictures. Kind and amount of noise and the digit live in the controls, which this refers to."""

    _esm = module_text("shared.js", "network.js", "random.js", "drawing.js", "noise_explorer.js")
    _css = STYLE
    names = traitlets.List().tag(sync=True)  # of the networks; and for each of them:
    layers = traitlets.List().tag(sync=True)
    weights = traitlets.List().tag(sync=True)
    precision = traitlets.Unicode().tag(sync=True)
    image_size = traitlets.List().tag(sync=True)  # height, width
    images = traitlets.Bytes().tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    strokes = traitlets.List().tag(sync=True)  # [[digit, pixel, value], …]: what was drawn, on which digit
    note = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class NoiseExplorer(SlidersAndView):
    """Put noise on an image with a slider, or draw on it, and see what networks make of it at once.

    In one row: the clean image, the corrupted one, and what each network makes of that, with squared errors to the
    clean image (summed over pixels). The networks' weights travel to the browser once; from then on no kernel is
    needed. Draw on the corrupted picture with mouse, pen or finger, or focus it and use arrow keys and Space.

    The noise is that of :mod:`lessons_lib.widgets.noise`: of one seed, a larger amount is more of the same noise.

    Parameters
    ----------
    networks : mapping of str to nn.Module
        One to three, by the names that stand below their pictures; each leads from an image's pixels to an image's
        pixels. nn.Sequential of the layers that :class:`LatentExplorer` takes. A snapshot is taken: training on does
        not change what is shown. Before anything is shown, it is compared with the network on a few of the images. A
        weight that is exactly an earlier one's transpose travels once.
    images : array
        Shape (n, height * width), n from 1 to 200, from 0 (paper) to 1 (ink).
    image_shape : tuple of int
        (height, width), up to 64 by 64.
    precision : {"float32", "float16"}
        In which the weights travel. float16 halves the bytes; what it costs is said below the pictures.

    Attributes
    ----------
    kind : str
        "Gaussian", "masking", "salt and pepper" or "block"; settable.
    amount : float
        From 0 to 1; settable. Gaussian: the standard deviation of what is added to each pixel; the networks get the
        sum unclipped, though a picture can only show 0 to 1. masking: the share of pixels set to 0. salt and pepper:
        the share set to 0 or 1, half each. block: the side of a square set to 0, as a share of the image's longer
        side. A slider that is on the screen rounds it to hundredths.
    digit : int
        The image's number, counted from 1; settable, which wipes off what was drawn.
    kind_menu : ipywidgets.Dropdown
    amount_slider : ipywidgets.FloatSlider
    digit_slider : ipywidgets.IntSlider
    view : NoiseView
        The browser-side part, which also holds the noise's ``seed`` and the ``strokes`` drawn by hand.

    Raises
    ------
    ValueError
        For networks, images, image shape or precision that don't fit; the sentence names which.

    Examples
    --------
    >>> from torch import nn
    >>> explorer = NoiseExplorer({"copying": nn.Linear(64, 64)}, torch.rand(5, 64), image_shape=(8, 8))
    >>> explorer.kind, explorer.amount = "masking", 0.5
    >>> explorer.corrupted().shape
    (8, 8)
    """

    def __init__(
        self,
        networks: Mapping[str, nn.Module],
        images: torch.Tensor | np.ndarray,
        *,
        image_shape: tuple[int, int] = (28, 28),
        precision: str = "float32",
    ) -> None:
        _check_names(networks)
        height, width, _ = check_image_shape(image_shape, colour=False)
        images = _check_images(images, height * width)
        self._images = images.reshape(-1, height, width)
        self._snapshots, pairs, layers, weights = {}, [], [], []
        for name, network in networks.items():
            called = f"networks[{name!r}]"
            its_layers, its_weights, snapshot = pack(network, precision, called)
            check_fits(network, its_layers, images, (height, width, 1), called, "images")
            exact = precision == "float32"
            check_same(network, snapshot if exact else pack(network, name=called)[2], images, called)
            self._snapshots[name] = snapshot
            pairs.append((network, snapshot))
            layers.append(its_layers)
            weights.append(its_weights)
        options = {"layout": ipywidgets.Layout(width="310px"), "style": {"description_width": "60px"}}
        self.kind_menu = ipywidgets.Dropdown(options=KINDS, value=KINDS[0], description="noise", **options)
        self.amount_slider = ipywidgets.FloatSlider(
            value=START, min=0, max=1, step=0.01, description="amount", **options
        )
        self.digit_slider = ipywidgets.IntSlider(value=1, min=1, max=len(images), description="digit", **options)
        rows = [self.kind_menu, self.amount_slider, self.digit_slider]
        self.view = NoiseView(
            names=list(networks),
            layers=layers,
            weights=weights,
            precision=precision,
            image_size=[height, width],
            images=images.tobytes(),
            note="" if exact else rounding_note(pairs, images, "what is made of the clean images"),
            controls=rows,
        )
        box = ipywidgets.Box(rows, layout=ipywidgets.Layout(flex_flow="row wrap"))
        super().__init__([box, self.view])

    @property
    def kind(self) -> str:
        """The kind of noise."""
        return self.kind_menu.value

    @kind.setter
    def kind(self, kind: str) -> None:
        if not isinstance(kind, str) or kind not in KINDS:
            raise ValueError(f"kind is {shown(kind)}; it must be one of {', '.join(KINDS)}.")
        self.kind_menu.value = kind

    @property
    def amount(self) -> float:
        """The amount of noise, from 0 to 1."""
        return self.amount_slider.value

    @amount.setter
    def amount(self, amount: float) -> None:
        try:
            number = as_real("amount", amount, 0)
        except ValueError:
            number = math.inf
        if number > 1:
            raise ValueError(f"amount is {shown(amount)}; it must be a number from 0 to 1.")
        self.amount_slider.value = number

    @property
    def digit(self) -> int:
        """The number of the image that is shown, counted from 1."""
        return self.digit_slider.value

    @digit.setter
    def digit(self, digit: int) -> None:
        self.digit_slider.value = as_whole("digit", digit, 1, len(self._images))
        self.view.strokes = []

    def corrupted(self) -> np.ndarray:
        """Return the image that the networks get now, with noise and what was drawn: shape (height, width), unclipped.

        A browser computes sines, cosines and logarithms in its own way: its numbers may differ in the last digits.
        """
        image = corrupt(self._images[self.digit - 1], self.kind, self.amount, self.view.seed)
        for digit, pixel, value in self.view.strokes:
            if digit == self.digit:
                image.flat[pixel] = value
        return image

    def rebuilt(self) -> dict[str, np.ndarray]:
        """Return what each network makes of it, by its name: arrays of shape (height, width), unclipped."""
        return self._rebuild(self.corrupted())

    def _rebuild(self, image: np.ndarray) -> dict[str, np.ndarray]:
        given = torch.from_numpy(image.astype(np.float32).reshape(1, -1))
        with torch.no_grad():
            return {name: network(given).numpy().reshape(image.shape) for name, network in self._snapshots.items()}

    def still(self) -> bytes:
        """Return a PNG: the first image under more and more Gaussian noise, and what each network makes of it."""
        noisy = [corrupt(self._images[0], "Gaussian", amount, self.view.seed) for amount in STILL_AMOUNTS]
        rebuilt = [self._rebuild(image) for image in noisy]
        rows = [noisy, *([images[name] for images in rebuilt] for name in self._snapshots)]
        height, width = noisy[0].shape
        enlarged = math.ceil(STILL_TILE / max(height, width))
        high, wide = enlarged * height + STILL_GAP, enlarged * width + STILL_GAP
        sheet = Image.new("L", (wide * len(noisy), high * len(rows)), 255)
        for i, row in enumerate(rows):
            for j, image in enumerate(row):
                tile = Image.fromarray(np.round(255 * (1 - image.clip(0, 1))).astype(np.uint8))
                tile = tile.resize((enlarged * width, enlarged * height), Image.Resampling.NEAREST)
                sheet.paste(tile, (j * wide + STILL_GAP // 2, i * high + STILL_GAP // 2))
        below = [f"{amount:.2f}" for amount in STILL_AMOUNTS]
        words = "below each column: the standard deviation of the Gaussian noise"
        return on_card(sheet, left=["corrupted", *self._snapshots], below=below, words=words)

    def made_from(self) -> dict:
        """Return the networks as they travel and the images (float32), bytes as base64 text."""
        return as_json(self.view, "names", "layers", "weights", "precision", "image_size", "images")

    def __repr__(self) -> str:
        """Return the text alternative."""
        names = ", ".join(self._snapshots)
        return (
            f"NoiseExplorer: digit {self.digit} of {len(self._images)} under {self.kind} noise of amount "
            f"{self.amount:.2f}, and what {names} make{'s' * (len(self._snapshots) == 1)} of it "
            "(run the cell to move the noise)"
        )


def _check_names(networks: Mapping[str, nn.Module]) -> None:
    """Raise ValueError unless there are one to three networks by names."""
    if not isinstance(networks, Mapping):
        raise ValueError(f"networks is a {type(networks).__name__}; it must map names to networks.")
    if not 1 <= len(networks) <= MOST_NETWORKS:
        raise ValueError(f"networks holds {len(networks)}; there must be from 1 to {MOST_NETWORKS} of them.")
    for name in networks:
        if not isinstance(name, str):
            raise ValueError(f"networks holds a network by the name {shown(name)}; a name must be text.")


def _check_images(images: torch.Tensor | np.ndarray, pixels: int) -> np.ndarray:
    """Return images as float32, shape (n, pixels)."""
    images = as_finite("images", images, np.float32)
    if images.ndim != 2 or images.shape[1] != pixels or not 1 <= len(images) <= MOST_IMAGES:
        raise ValueError(
            f"images has shape {images.shape}; it must be (n, {pixels}), n from 1 to {MOST_IMAGES}, "
            "one row of pixels an image."
        )
    if images.min() < 0 or images.max() > 1:
        raise ValueError(
            f"images has values from {images.min():g} to {images.max():g}; they must go from 0 (paper) to 1 (ink)."
        )
    return images
