"""FramePlayer: precomputed pictures behind a slider and a Play button, all in the browser."""

import io
from collections.abc import Sequence

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.figure import Figure

from lessons_lib.widgets.browser import STYLE, SlidersAndView, module_text

SCREEN_RATIO = 1.5  # picture pixels a CSS pixel: sharp on a projector, small in the notebook
SMALLEST_WIDTH = 364  # CSS pixels, to which image arrays are enlarged
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class FrameView(anywidget.AnyWidget):
    """The picture and its caption."""

    _esm = module_text("shared.js", "frame_player.js")
    _css = STYLE
    frames = traitlets.List(traitlets.Bytes()).tag(sync=True)  # PNG
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    pixel_ratio = traitlets.Float().tag(sync=True)  # picture pixels a CSS pixel
    sliders = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class FramePlayer(SlidersAndView):
    """Page through pictures with a slider, or let them play.

    Parameters
    ----------
    frames : sequence
        Each a matplotlib Figure (emptied and closed when taken), an image array of shape (height, width) or
        (height, width, 3) with values from 0 to 1 (a grey 1 is ink; whole numbers of type uint8 go to
        255), or the bytes of a PNG.
    captions : sequence of str
        One a frame: shown below it, and read aloud by screen readers.
    label : str
        What the slider moves through: ``"step"``, ``"code size"``.
    start : int
        The frame shown first; it is also the still picture where widgets don't run. Negative numbers
        count from the end.
    interval : int
        Milliseconds from frame to frame while playing.

    Attributes
    ----------
    frame : int
        Number of the frame shown, readable and settable.
    slider : ipywidgets.IntSlider
    play : ipywidgets.Play
    view : FrameView
        The browser-side part.

    Raises
    ------
    ValueError
        If there are no frames, the captions differ in number, or a frame is none of these kinds.

    Examples
    --------
    >>> import numpy as np
    >>> player = FramePlayer([np.eye(8), np.ones((8, 8))], ["a line", "all ink"])
    >>> player.frame = 1
    """

    def __init__(
        self,
        frames: Sequence[Figure | np.ndarray | bytes],
        captions: Sequence[str],
        *,
        label: str = "frame",
        start: int = 0,
        interval: int = 400,
    ) -> None:
        if len(frames) == 0 or len(frames) != len(captions):
            raise ValueError(f"there are {len(frames)} frames and {len(captions)} captions; give one caption a frame.")
        if not -len(frames) <= start < len(frames):
            raise ValueError(f"start is {start}; it must be the number of one of the {len(frames)} frames.")
        if interval <= 0:
            raise ValueError(f"interval is {interval}; it must be a number of milliseconds above 0.")
        start %= len(frames)
        last = len(frames) - 1
        self.play = ipywidgets.Play(value=start, min=0, max=last, interval=interval)
        self.slider = ipywidgets.IntSlider(
            value=start,
            min=0,
            max=last,
            description=label,
            readout=False,  # the caption says more than a frame's number
            layout=ipywidgets.Layout(width="480px"),
            style={"description_width": "initial"},  # as wide as the label
        )
        self.view = FrameView(
            frames=[_as_png(frame, i) for i, frame in enumerate(frames)],
            captions=list(captions),
            pixel_ratio=_pixel_ratio(frames[0]),
            sliders=[self.slider],
        )
        self._links = [ipywidgets.jslink((self.play, "value"), (self.slider, "value"))]
        super().__init__([ipywidgets.HBox([self.play, self.slider]), self.view])

    @property
    def frame(self) -> int:
        """The number of the frame that is shown."""
        return self.slider.value

    @frame.setter
    def frame(self, number: int) -> None:
        if not 0 <= number <= self.slider.max:
            raise ValueError(f"frame is {number}; it must be from 0 to {self.slider.max}.")
        self.play.value = self.slider.value = number

    def still(self) -> bytes:
        """Return the PNG of the frame that is shown."""
        return self.view.frames[self.frame]

    def __repr__(self) -> str:
        """Return the text alternative."""
        return f"FramePlayer, {len(self.view.frames)} frames: " + self.view.captions[self.frame]


def _pixel_ratio(frame: Figure | np.ndarray | bytes) -> float:
    """Return picture pixels a CSS pixel: small images are shown enlarged."""
    if isinstance(frame, np.ndarray) and frame.ndim >= 2:
        return 1 / max(1, SMALLEST_WIDTH // max(1, frame.shape[1]))
    return SCREEN_RATIO


def _as_png(frame: Figure | np.ndarray | bytes, number: int) -> bytes:
    if isinstance(frame, bytes) and frame.startswith(PNG_SIGNATURE):
        return frame
    png = io.BytesIO()
    if isinstance(frame, Figure):
        # The whole canvas, not the tight box: every frame keeps the same size and place.
        frame.savefig(png, format="png", dpi=100 * SCREEN_RATIO, facecolor="none")
        plt.close(frame)
        frame.clear()  # its texts hold on to the canvas's pixels: megabytes while the caller's list lives on
        vars(frame.canvas).pop("renderer", None)
    elif isinstance(frame, np.ndarray) and (frame.ndim == 2 or (frame.ndim == 3 and frame.shape[2] == 3)):
        from PIL import Image  # matplotlib brings it

        frame = frame / 255 if frame.dtype == np.uint8 else frame
        if frame.size == 0 or not np.isfinite(frame).all():
            raise ValueError(f"frames[{number}] is empty or holds values that are infinite or not a number.")
        pixels = np.clip(1 - frame if frame.ndim == 2 else frame, 0, 1)
        Image.fromarray(np.round(255 * pixels).astype(np.uint8)).save(png, "PNG")
    else:
        kind = f"an array of shape {frame.shape}" if isinstance(frame, np.ndarray) else f"a {type(frame).__name__}"
        raise ValueError(f"frames[{number}] is {kind}; it must be a Figure, an image array or the bytes of a PNG.")
    return png.getvalue()
