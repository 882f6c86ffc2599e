"""LatentExplorer: sliders and a pad over a latent code; the decoder runs in the browser."""

import math

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from PIL import Image  # matplotlib brings it
from torch import nn

from lessons_lib.arrays import as_finite, as_labels, as_numbers, shown
from lessons_lib.plotting import CLASS_COLOURS
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.network import check_fits, check_image_shape, check_same, pack, rounding_note
from lessons_lib.widgets.still import on_card

MAX_DIMENSIONS = 32
MAX_DOTS = 1000  # more would hide one another
STILL_COLUMNS, STILL_ROWS = 12, 8
LOWEST_ROW = 24  # pixels of a still's row, which has a name


class LatentView(anywidget.AnyWidget):
    """The pad and the image. The code itself lives in the sliders, which this refers to."""

    _esm = module_text("shared.js", "network.js", "latent_explorer.js")
    _css = STYLE
    layers = traitlets.List().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    precision = traitlets.Unicode().tag(sync=True)
    image_size = traitlets.List().tag(sync=True)  # height, width, channels
    codes = traitlets.Bytes().tag(sync=True)
    labels = traitlets.List().tag(sync=True)
    classes = traitlets.List().tag(sync=True)
    colours = traitlets.List(list(CLASS_COLOURS)).tag(sync=True)
    start_code = traitlets.List().tag(sync=True)
    axis_x = traitlets.Int(0).tag(sync=True)
    axis_y = traitlets.Int(1).tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    sliders = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class LatentExplorer(SlidersAndView):
    """Move a code with sliders or on a pad, and see the decoded image at once.

    The decoder's weights travel to the browser once; from then on no kernel is needed. Click a dot to
    load its code, drag on the pad, or focus the pad and use the arrow keys. A random code has each number drawn by
    itself from those of the codes that are drawn as dots.

    Parameters
    ----------
    decoder : nn.Module
        nn.Sequential of Linear, ReLU, LeakyReLU, SiLU, GELU, Tanh, Sigmoid, Softplus, Softsign, Identity, Flatten
        and Unflatten. So that it can be a GAN's generator, also of ConvTranspose2d (behind an Unflatten; groups and
        dilation 1), and of BatchNorm1d and BatchNorm2d directly behind a Linear or ConvTranspose2d, which are shown
        as in evaluation mode. A snapshot is taken: training on does not change what is shown. Before anything is
        shown, it is compared with the decoder on a few of the codes.
    codes : array
        Shape (n, k), k from 1 to 32: the encoded data. They set the sliders' range; the first 1,000
        are drawn as dots.
    labels : array, optional
        Shape (n,), the class of each code: colours the dots and names them.
    image_shape : tuple of int
        (height, width) for grey images, or (3, height, width) for RGB, up to 64 by 64.
    precision : {"float32", "float16"}
        In which the weights travel. float16 halves the bytes; what it costs is said below the pad.
    names : list of str, optional
        k names, which stand at the sliders and on the pad's axes; without them z1, z2, ...

    Attributes
    ----------
    code : numpy.ndarray
        Shape (k,), readable and settable; a slider that is on the screen rounds it to its step, a
        two-hundredth of the range.
    sliders : tuple of ipywidgets.FloatSlider
        One a dimension.
    view : LatentView
        The browser-side part.

    Raises
    ------
    ValueError
        For codes, labels, image shape, layers, precision or names that don't fit; the sentence names which.

    Examples
    --------
    >>> from torch import nn
    >>> decoder = nn.Sequential(nn.Linear(2, 64), nn.Sigmoid())
    >>> explorer = LatentExplorer(decoder, torch.randn(50, 2), image_shape=(8, 8))
    >>> explorer.code = [0.0, 0.0]
    """

    def __init__(
        self,
        decoder: nn.Module,
        codes: torch.Tensor | np.ndarray,
        labels: torch.Tensor | np.ndarray | None = None,
        *,
        image_shape: tuple[int, ...] = (28, 28),
        precision: str = "float32",
        names: list[str] | None = None,
    ) -> None:
        codes, classes, labels = _check_codes(codes, labels)
        names = _check_names(names, codes.shape[1])
        image_size = check_image_shape(image_shape)
        layers, weights, self._snapshot = pack(decoder, precision)
        check_fits(decoder, layers, codes, image_size)
        exact = precision == "float32"
        check_same(decoder, self._snapshot if exact else pack(decoder)[2], codes)
        note = "" if exact else rounding_note([(decoder, self._snapshot)], codes, "the encoded data")
        height, width, channels = image_size
        self._image_shape = (height, width) if channels == 1 else (channels, height, width)

        low, high = codes.min(0).astype(float), codes.max(0).astype(float)
        # A dimension that the data do not use, rounding aside, still gets a slider.
        size = np.maximum(np.abs(low), np.abs(high))
        room = np.where(high - low <= 1e-6 * size, np.maximum(1, size), 0)
        low, high = low - room, high + room
        start_code = np.clip(codes.mean(0, dtype=float), low, high)
        self.sliders = tuple(
            ipywidgets.FloatSlider(
                value=value,
                min=float(low[i]),
                max=float(high[i]),
                step=float(high[i] - low[i]) / 200,
                description=names[i],
                readout_format=".2f" if high[i] - low[i] >= 0.1 else ".3g",
                layout=ipywidgets.Layout(width="360px"),
            )
            for i, value in enumerate(start_code)
        )
        self.view = LatentView(
            layers=layers,
            weights=weights,
            precision=precision,
            image_size=list(image_size),
            codes=codes[:MAX_DOTS].tobytes(),
            labels=labels[:MAX_DOTS],
            classes=classes,
            start_code=start_code.tolist(),
            axis_y=min(1, codes.shape[1] - 1),
            sliders=list(self.sliders),
            note=note,
        )
        rows = ipywidgets.Box(self.sliders, layout=ipywidgets.Layout(flex_flow="row wrap"))
        super().__init__([self.view, rows])

    @property
    def code(self) -> np.ndarray:
        """The code that is shown, shape (k,)."""
        return np.array([slider.value for slider in self.sliders])

    @code.setter
    def code(self, values: torch.Tensor | np.ndarray | list) -> None:
        values = as_numbers("code", values)
        if values.shape != (len(self.sliders),):
            raise ValueError(f"code has shape {values.shape}; it must be ({len(self.sliders)},).")
        for slider, value in zip(self.sliders, values, strict=True):
            if not slider.min <= value <= slider.max:
                raise ValueError(
                    f"code has {value:g} for {slider.description}; "
                    f"its slider goes from {slider.min:.3g} to {slider.max:.3g}."
                )
        for slider, value in zip(self.sliders, values, strict=True):
            slider.value = value

    def decode(self, codes: torch.Tensor | np.ndarray) -> np.ndarray:
        """Return what the browser shows for codes of shape (n, k): images of shape (n, *image_shape), in [0, 1]."""
        codes = as_numbers("codes", codes, np.float32)
        if codes.ndim != 2 or codes.shape[1] != len(self.sliders):
            raise ValueError(f"codes has shape {codes.shape}; it must be (n, {len(self.sliders)}).")
        with torch.no_grad():
            output = self._snapshot(torch.from_numpy(codes))
        return output.reshape(-1, *self._image_shape).clamp(0, 1).numpy()

    def still(self) -> bytes:
        """Return a PNG: a map of decoded images (two dimensions), or a row for each of the first eight dimensions."""
        low, high = (np.array([getattr(slider, end) for slider in self.sliders]) for end in ("min", "max"))
        start = np.array(self.view.start_code)
        columns = STILL_COLUMNS
        steps = np.linspace(0, 1, columns)
        if len(low) == 2:
            across, up = np.meshgrid(low[0] + steps * (high - low)[0], high[1] - steps * (high - low)[1])
            codes = np.stack([across.ravel(), up.ravel()], 1)
            below, upward = (_axis(slider, arrow) for slider, arrow in zip(self.sliders, "→↑", strict=True))
            texts = {"below": below, "left": upward[::-1]}
        else:
            names = [slider.description for slider in self.sliders[:STILL_ROWS]]
            others = "; the others stay at their mean" if len(low) > 1 else ""
            texts = {"left": names, "words": f"each row: one unit from its lowest to its highest code{others}"}
            codes = np.repeat(start[None], len(names) * columns, 0)
            for i in range(len(names)):
                codes[i * columns : (i + 1) * columns, i] = low[i] + steps * (high - low)[i]
        images = self.decode(codes)
        images = images.transpose(0, 2, 3, 1) if images.ndim == 4 else 1 - images
        rows = [np.concatenate(list(row), axis=1) for row in np.split(images, len(images) // columns)]
        sheet = Image.fromarray(np.round(255 * np.concatenate(rows)).astype(np.uint8))
        enlarged = max(2, math.ceil(LOWEST_ROW / self.view.image_size[0]))
        return on_card(sheet.resize([enlarged * side for side in sheet.size], Image.Resampling.NEAREST), **texts)

    def made_from(self) -> dict:
        """Return the network as it travels, the size of its images, and the codes (float32), bytes as base64 text."""
        return as_json(self.view, "layers", "weights", "precision", "image_size", "codes")

    def __repr__(self) -> str:
        """Return the text alternative."""
        sliders = len(self.sliders)
        return f"LatentExplorer: {sliders} sliders move a code, the decoded image follows (run the cell to use it)"


def _axis(slider: ipywidgets.FloatSlider, arrow: str) -> list[str]:
    """Return what stands beside a still's columns: the slider's ends and, in the middle, its name."""
    low, high = (format(end, slider.readout_format).replace("-", "−") for end in (slider.min, slider.max))
    words = [low] + [""] * (STILL_COLUMNS - 2) + [high]
    words[STILL_COLUMNS // 2] = f"{slider.description} {arrow}"
    return words


def _check_codes(
    codes: torch.Tensor | np.ndarray, labels: torch.Tensor | np.ndarray | None
) -> tuple[np.ndarray, list[str], list[int]]:
    """Return codes as float32, the names of the classes, and each code's position among them."""
    codes = as_finite("codes", codes, np.float32)
    if codes.ndim != 2 or len(codes) == 0 or not 1 <= codes.shape[1] <= MAX_DIMENSIONS:
        raise ValueError(f"codes has shape {codes.shape}; it must be (n, k) with k from 1 to {MAX_DIMENSIONS}.")
    if labels is None:
        return codes, [], []
    labels = as_labels("labels", labels)
    if labels.shape != (len(codes),):
        raise ValueError(f"labels has shape {labels.shape}; it must be ({len(codes)},), one for each code.")
    names, positions = np.unique(labels, return_inverse=True)
    return codes, [str(name) for name in names], positions.tolist()


def _check_names(names: list[str] | None, dimensions: int) -> list[str]:
    """Return a name for each dimension."""
    if names is None:
        return [f"z{i + 1}" for i in range(dimensions)]
    if not isinstance(names, list | tuple) or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f"names is {shown(names)}; it must be a list of texts.")
    if len(names) != dimensions or len(set(names)) != dimensions:
        raise ValueError(f"names is {shown(names)}; it must be {dimensions} texts that differ, one for each number.")
    return list(names)
