"""DigitPad: write one digit, and a conditional VAE writes all ten in that hand, in the browser."""

import math

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from PIL import Image  # matplotlib brings it
from torch import nn

from lessons_lib.arrays import as_finite
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.digit_pad_preprocessing import SIDE, picture_of
from lessons_lib.widgets.network import check_same, pack, widths
from lessons_lib.widgets.still import on_card

PIXELS, DIGITS = SIDE * SIDE, 10
MOST_STYLES = 16  # sliders
MOST_HANDS = 200  # 157 kB
STEP = 0.05  # of a slider, as digit_pad.js has it
LEAST_END = 3  # of a slider: N(0, 1) hardly ever goes further
STILL_HANDS = 3
STILL_TILE = 3 * SIDE  # pixels of a still's picture
STILL_GAP = 4  # pixels between two of them


class PadView(anywidget.AnyWidget):
    """The pad and the pictures. The style lives in the sliders, which this refers to."""

    _esm = module_text("shared.js", "network.js", "digit_pad_preprocessing.js", "digit_pad.js")
    _css = STYLE
    layers = traitlets.List().tag(sync=True)  # of encoder, decoder and classifier
    weights = traitlets.List().tag(sync=True)  # of each of them
    images = traitlets.Bytes().tag(sync=True)  # a byte a pixel
    labels = traitlets.List().tag(sync=True)
    hand = traitlets.Int(-1).tag(sync=True)  # position of the image that is shown; -1: what is written by hand
    strokes = traitlets.List().tag(sync=True)  # [[[x, y], …], …] in units of the pad's side
    chosen = traitlets.Int(-1).tag(sync=True)  # the digit that the student says it is; -1: as it was read
    sliders = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class DigitPad(SlidersAndView):
    """Write a digit, and see all ten in the same hand at once.

    What is written is made 28 by 28 pixels, as MNIST's digits were. A classifier reads which digit it is; the student
    can correct it. The encoder turns picture and label into a style, which is put into the sliders; the decoder draws
    the ten digits in the sliders' style and, as a control, in the mean style, z = 0. All three networks run in the
    browser; from then on no kernel is needed. Write with mouse, pen or finger, or focus the pad: arrow keys move the
    pen, Space puts it down and lifts it.

    Parameters
    ----------
    encoder : nn.Module
        Maps (n, 784 + 10), picture and one-hot label side by side, to (n, 2k), k from 1 to 16: mean and log-variance
        of the style, side by side. nn.Sequential of the layers that :class:`LatentExplorer` takes, as the others are.
    decoder : nn.Module
        Maps (n, k + 10), style and one-hot label side by side, to (n, 784), from 0 (paper) to 1 (ink).
    classifier : nn.Module
        Maps (n, 784) to (n, 10), a logit for each digit.
    images : array
        Shape (n, 784), from 0 to 1: held-out digits. At most 200 of them, in a mixed order, are the hands that can be
        taken.
    labels : array
        Shape (n,), whole numbers from 0 to 9.

    Snapshots of the networks are taken: training on does not change what is shown. Before anything is shown, they are
    compared with the networks on a few of the images.

    Attributes
    ----------
    picture : numpy.ndarray
        Shape (784,): what the networks see.
    digit : int or None
        Which digit it is: as the student says, as the held-out image's label says, or as it was read.
    z : numpy.ndarray
        Shape (k,), the style, as the sliders have it.
    sliders : tuple of ipywidgets.FloatSlider
        One for each number of the style, as far as the styles of the images go, and from -3 to 3 at least.
    view : PadView
        The browser-side part, which also holds the ``strokes``.

    Raises
    ------
    ValueError
        For networks, images or labels that don't fit; the sentence says what.

    Examples
    --------
    >>> from torch import nn
    >>> encoder, classifier = nn.Linear(784 + 10, 2 * 3), nn.Linear(784, 10)
    >>> decoder = nn.Sequential(nn.Linear(3 + 10, 784), nn.Sigmoid())
    >>> pad = DigitPad(encoder, decoder, classifier, torch.rand(5, 784), torch.arange(5))
    >>> pad.ten_digits().shape
    (10, 784)
    """

    def __init__(
        self,
        encoder: nn.Module,
        decoder: nn.Module,
        classifier: nn.Module,
        images: torch.Tensor | np.ndarray,
        labels: torch.Tensor | np.ndarray,
    ) -> None:
        images, labels = _check_images(images, labels)
        mixed = np.random.default_rng(0).permutation(len(images))  # for digits often come class by class
        self._images, self._labels = images[mixed], labels[mixed]
        networks = {"encoder": encoder, "decoder": decoder, "classifier": classifier}
        packed = {name: pack(network, name=name) for name, network in networks.items()}
        styles = _check_widths({name: widths(layers) for name, (layers, _, _) in packed.items()})
        self._encoder, self._decoder, self._classifier = (snapshot for _, _, snapshot in packed.values())
        seen = np.concatenate([self._images, _one_hot(self._labels)], axis=1)
        check_same(encoder, self._encoder, seen, "encoder")
        check_same(classifier, self._classifier, self._images, "classifier")
        means = _run(self._encoder, seen)[:, :styles]
        wanted = np.concatenate([means, _one_hot(self._labels)], axis=1)
        check_same(decoder, self._decoder, wanted, "decoder")
        drawn = _run(self._decoder, wanted)
        if drawn.min() < 0 or drawn.max() > 1:
            raise ValueError("decoder returns values outside 0 to 1; it must end in a Sigmoid.")
        end = math.ceil(max(LEAST_END, np.abs(means).max()))
        self.sliders = tuple(
            ipywidgets.FloatSlider(
                value=0,
                min=-end,
                max=end,
                step=STEP,
                description=f"z{number}",
                layout=ipywidgets.Layout(width="260px"),
                style={"description_width": "30px"},
            )
            for number in range(1, styles + 1)
        )
        self.view = PadView(
            layers=[layers for layers, _, _ in packed.values()],
            weights=[weights for _, weights, _ in packed.values()],
            images=np.round(255 * self._images[:MOST_HANDS]).astype(np.uint8).tobytes(),
            labels=self._labels[:MOST_HANDS].tolist(),
            sliders=list(self.sliders),
        )
        super().__init__([self.view, ipywidgets.Box(self.sliders, layout=ipywidgets.Layout(flex_flow="row wrap"))])

    @property
    def picture(self) -> np.ndarray:
        """What the networks see, shape (784,): the held-out image, or what is written, all paper if nothing is."""
        if self.view.hand >= 0:
            return np.round(255 * self._images[self.view.hand]) / 255
        return picture_of(self.view.strokes).astype(np.float32)

    @property
    def digit(self) -> int | None:
        """Which digit the picture is taken for; None if there is none."""
        picture = self.picture
        if not picture.any():
            return None
        if self.view.chosen >= 0:
            return self.view.chosen
        if self.view.hand >= 0:
            return int(self._labels[self.view.hand])
        return int(_run(self._classifier, picture[None]).argmax())

    @property
    def z(self) -> np.ndarray:
        """The style in which the ten are drawn, shape (k,)."""
        return np.array([slider.value for slider in self.sliders])

    def ten_digits(self) -> np.ndarray:
        """Return the ten digits in the sliders' style, shape (10, 784), from 0 (paper) to 1 (ink)."""
        return self._ten(self.z)

    def _ten(self, style: np.ndarray) -> np.ndarray:
        """Return the ten digits in a style."""
        styles = np.tile(style.astype(np.float32), (DIGITS, 1))
        return _run(self._decoder, np.concatenate([styles, _one_hot(np.arange(DIGITS))], axis=1))

    def still(self) -> bytes:
        """Return a PNG: some of the images, beside each the ten digits in its style, and at last the mean style's."""
        images, labels = self._images[:STILL_HANDS], self._labels[:STILL_HANDS]
        seen = np.concatenate([images, _one_hot(labels)], axis=1)
        styles = _run(self._encoder, seen)[:, : len(self.sliders)]
        step = STILL_TILE + STILL_GAP
        sheet = Image.new("L", (step * (DIGITS + 2), step * (len(images) + 1)), 255)

        def put(picture: np.ndarray, row: int, column: int) -> None:
            grey = np.round(255 * (1 - picture.reshape(SIDE, SIDE))).astype(np.uint8)
            grey = np.pad(grey.repeat(3, 0).repeat(3, 1)[1:-1, 1:-1], 1, constant_values=117)  # with a frame
            sheet.paste(Image.fromarray(grey), (column * step + STILL_GAP // 2, row * step + STILL_GAP // 2))

        for row, style in enumerate([*styles, np.zeros(len(self.sliders))]):
            if row < len(images):
                put(images[row], row, 0)
            for digit, picture in enumerate(self._ten(style)):
                put(picture, row, digit + 2)
        return on_card(
            sheet,
            left=[*(f"hand {number}" for number in range(1, len(images) + 1)), "mean, z = 0"],
            below=["written", "", *map(str, range(DIGITS))],
            words="each row: a held-out digit, and all ten digits in its style; last row: the control, the mean style",
        )

    def made_from(self) -> dict:
        """Return the networks as they travel, the held-out images and their labels, bytes as base64 text."""
        return as_json(self.view, "layers", "weights", "images", "labels")

    def __repr__(self) -> str:
        """Return the text alternative."""
        digit = self.digit
        written = "an empty pad" if digit is None else f"a {digit}"
        return (
            f"DigitPad: {written}, and all ten digits in its style, {len(self.sliders)} sliders (run the cell to write)"
        )


def _one_hot(labels: np.ndarray) -> np.ndarray:
    return np.eye(DIGITS, dtype=np.float32)[labels]


def _run(network: nn.Module, inputs: np.ndarray) -> np.ndarray:
    with torch.no_grad():
        return network(torch.from_numpy(inputs.astype(np.float32))).numpy()


def _check_images(
    images: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return images as float32, shape (n, 784), and their labels as whole numbers."""
    images = as_finite("images", images, np.float32)
    if images.ndim != 2 or images.shape[1] != PIXELS or not len(images):
        raise ValueError(f"images has shape {images.shape}; it must be (n, {PIXELS}), one row of pixels an image.")
    if images.min() < 0 or images.max() > 1:
        raise ValueError("images has values outside 0 (paper) to 1 (ink); divide pixels of 0 to 255 by 255.")
    if not images.any(axis=1).all():
        raise ValueError("images has an image without ink; each must show a digit.")
    labels = as_finite("labels", labels)
    if labels.shape != (len(images),):
        raise ValueError(f"labels has shape {labels.shape}; it must be ({len(images)},), one for each image.")
    if not np.isin(labels, range(DIGITS)).all():
        raise ValueError("labels has values besides the whole numbers from 0 to 9.")
    return images, labels.astype(int)


def _check_widths(of: dict[str, tuple[int, int]]) -> int:
    """Return how many numbers a style has; `of` holds what each network takes and returns."""
    (seen, statistics), (wanted, pixels), (read, logits) = of["encoder"], of["decoder"], of["classifier"]
    label = f"a label's {DIGITS}"
    if seen != PIXELS + DIGITS:
        raise ValueError(
            f"encoder takes {seen} values; it must take {PIXELS + DIGITS}, a picture's {PIXELS} and {label}."
        )
    styles = statistics // 2
    if statistics % 2 or not 1 <= styles <= MOST_STYLES:
        raise ValueError(
            f"encoder returns {statistics} values; it must return 2k, mean and log-variance of a style of k numbers, "
            f"k from 1 to {MOST_STYLES}."
        )
    if wanted != styles + DIGITS:
        raise ValueError(
            f"decoder takes {wanted} values; it must take {styles + DIGITS}, the style's {styles} and {label}."
        )
    for name, returned, due in (("decoder", pixels, PIXELS), ("classifier", logits, DIGITS)):
        if returned != due:
            raise ValueError(f"{name} returns {returned} values; it must return {due}.")
    if read != PIXELS:
        raise ValueError(f"classifier takes {read} values; it must take {PIXELS}, a picture's.")
    return styles
