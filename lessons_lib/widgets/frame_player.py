"""FramePlayer: precomputed pictures behind a slider and a Play button, all in the browser."""

import io
import wave
from collections.abc import Iterable, Sequence, Sized

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image  # matplotlib brings it

from lessons_lib.arrays import as_finite, as_numbers, as_pictures, as_whole, shown
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.still import figure_png, on_card

SCREEN_RATIO = 1.5  # picture pixels a CSS pixel: sharp on a projector, small in the notebook
SMALLEST_WIDTH = 364  # CSS pixels, to which image arrays are enlarged
LOUDEST = 2**15 - 1  # of a sample of 16 bits
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


class FrameView(anywidget.AnyWidget):
    """The picture, its caption and its sound, if it has one."""

    _esm = module_text("shared.js", "frame_player.js")
    _css = STYLE
    frames = traitlets.List(traitlets.Bytes()).tag(sync=True)  # PNG
    captions = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sounds = traitlets.List(traitlets.Bytes()).tag(sync=True)  # WAV; empty, or one a frame
    pixel_ratio = traitlets.Float().tag(sync=True)  # picture pixels a CSS pixel
    sliders = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class FramePlayer(SlidersAndView):
    """Page through pictures, with or without sounds, with a slider, or let them play.

    Parameters
    ----------
    frames : iterable
        Each a matplotlib Figure, an image array of shape (height, width) or (height, width, 3), or the bytes of
        a PNG. Arrays go from 0 to 1, where a grey 1 is ink, or hold whole numbers from 0 to 255. A generator's
        frames are taken as they come, so it may draw one Figure anew for each. Figures end emptied and closed;
        if anything is refused they stay as they are.
    captions : sequence of str
        One a frame: shown below it, and read aloud by screen readers.
    label : str
        What the slider moves through: ``"step"``, ``"code size"``.
    start : int
        The frame shown first; it is also the still picture where widgets don't run. Negative numbers
        count from the end.
    interval : int
        Milliseconds from frame to frame while playing.
    sounds : iterable of array_like, optional
        One a frame, each of shape (n,), samples from -1 to 1. Below the picture are the browser's own controls
        for the sound of the frame that is shown; once the student has played one, a new frame plays its own.
    rate : int, optional
        Samples a second (hertz) of the sounds; given with them, and only then.

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
        If there are no frames, the captions or sounds differ in number, a frame is none of these kinds, a list
        holds one Figure several times, or a sound is not one row of samples from -1 to 1.

    Examples
    --------
    >>> import numpy as np
    >>> player = FramePlayer([np.eye(8), np.ones((8, 8))], ["a line", "all ink"])
    >>> player.frame = 1
    """

    def __init__(
        self,
        frames: Iterable[Figure | np.ndarray | bytes],
        captions: Sequence[str],
        *,
        label: str = "frame",
        start: int = 0,
        interval: int = 400,
        sounds: Iterable[np.ndarray] | None = None,
        rate: int | None = None,
    ) -> None:
        captions = list(captions) if isinstance(captions, Iterable) and not isinstance(captions, str) else captions
        if not isinstance(captions, list) or not all(isinstance(caption, str) for caption in captions):
            raise ValueError(f"captions is {shown(captions)}; it must be a list of texts, one a frame.")
        if not isinstance(label, str):
            raise ValueError(f"label is {shown(label)}; it must be text.")
        if not isinstance(frames, Iterable) or isinstance(frames, str | bytes):
            raise ValueError(f"frames is a {type(frames).__name__}; it must be a list of pictures.")
        if isinstance(frames, Sized):
            _check_number(len(frames), captions)
        interval = as_whole("interval", interval)
        sounds = _as_wavs(sounds, rate, len(captions))
        frames, pixel_ratio, figures = _take(frames)
        _check_number(len(frames), captions)
        start = as_whole("start", start, -len(frames), len(frames) - 1) % len(frames)
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
            frames=frames,
            captions=captions,
            sounds=sounds,
            pixel_ratio=pixel_ratio,
            sliders=[self.slider],
        )
        self._links = [ipywidgets.jslink((self.play, "value"), (self.slider, "value"))]
        super().__init__([ipywidgets.HBox([self.play, self.slider]), self.view])
        for figure in figures:
            plt.close(figure)
            figure.clear()

    @property
    def frame(self) -> int:
        """The number of the frame that is shown."""
        return self.slider.value

    @frame.setter
    def frame(self, number: int) -> None:
        self.play.value = self.slider.value = as_whole("frame", number, 0, self.slider.max)

    def still(self) -> bytes:
        """Return a PNG of the frame that is shown with its caption; small images are enlarged, as on the screen."""
        picture = Image.open(io.BytesIO(self.view.frames[self.frame]))
        if picture.mode not in ("L", "RGB"):
            picture = picture.convert("RGBA")
        enlarged = max(1, round(1 / self.view.pixel_ratio))
        picture = picture.resize([enlarged * side for side in picture.size], Image.Resampling.NEAREST)
        return on_card(picture, words=self.view.captions[self.frame])

    def made_from(self) -> dict:
        """Return captions, frames and sounds, the PNGs and WAVs as base64 text."""
        return as_json(self.view, "captions", "frames", "sounds")

    def __repr__(self) -> str:
        """Return the text alternative."""
        with_sound = " with sound" if self.view.sounds else ""
        return f"FramePlayer, {len(self.view.frames)} frames{with_sound}: " + self.view.captions[self.frame]


def _check_number(frames: int, captions: list[str]) -> None:
    if frames == 0 or frames != len(captions):
        raise ValueError(f"there are {frames} frames and {len(captions)} captions; give one caption a frame.")


def _take(frames: Iterable) -> tuple[list[bytes], float, list[Figure]]:
    """Return the frames as PNGs, picture pixels a CSS pixel, and the figures among them, which stay as they are."""
    pictures: list = []  # PNGs; of arrays, the numbers until all are there: they may share a scale
    arrays, figures = {}, []
    for number, frame in enumerate(frames):
        name = f"frames[{number}]"
        if isinstance(frame, Figure):
            if any(frame is figure for figure in figures):
                if isinstance(frames, Sequence):
                    raise ValueError(
                        f"{name} is a Figure that stands in frames before; draw each frame on a Figure of its own, "
                        "or hand over a generator that draws this one anew."
                    )
            else:
                figures.append(frame)
            pictures.append(_figure_png(frame))
        elif isinstance(frame, bytes) and frame.startswith(PNG_SIGNATURE):
            pictures.append(frame)
        elif frame is None or isinstance(frame, str | bytes):
            kind = type(frame).__name__
            raise ValueError(f"{name} is a {kind}; it must be a Figure, an image array or the bytes of a PNG.")
        else:
            arrays[name] = np.array(as_numbers(name, frame, None))  # a copy: a generator may reuse its own
            pictures.append(name)
    pngs = {}
    for name, picture in zip(arrays, as_pictures(arrays), strict=True):
        if picture.ndim != 2 and (picture.ndim != 3 or picture.shape[2] != 3):
            shape = picture.shape
            raise ValueError(
                f"{name} is an array of shape {shape}; it must be (height, width), or (height, width, 3) for colour."
            )
        pngs[name] = _array_png(picture)
    ratio = SCREEN_RATIO
    if pictures and pictures[0] in arrays:
        ratio = 1 / max(1, SMALLEST_WIDTH // arrays[pictures[0]].shape[1])  # small images are shown enlarged
    return [pngs.get(picture, picture) for picture in pictures], ratio, figures


def _figure_png(figure: Figure) -> bytes:
    # The whole canvas, not the tight box: every frame keeps the same size and place.
    png = figure_png(figure, dpi=100 * SCREEN_RATIO)
    # Canvas and texts hold on to the pixels, megabytes a frame; they draw anew when asked to.
    for name in ("renderer", "_lastKey"):
        vars(figure.canvas).pop(name, None)
    for text in figure.findobj(Text):
        text._renderer = None
    return png


def _array_png(picture: np.ndarray) -> bytes:
    png = io.BytesIO()
    pixels = 1 - picture if picture.ndim == 2 else picture
    Image.fromarray(np.round(255 * pixels).astype(np.uint8)).save(png, "PNG")
    return png.getvalue()


def _as_wavs(sounds: Iterable | None, rate: int | None, frames: int) -> list[bytes]:
    """Return sounds as files of the kind WAV, which every browser plays: one channel, 16 bits a sample."""
    if sounds is None:
        if rate is not None:
            raise ValueError(f"rate is {shown(rate)} and there are no sounds; give both or neither.")
        return []
    rate = as_whole("rate", rate, 3000, 96_000)  # what browsers play
    if not isinstance(sounds, Iterable) or isinstance(sounds, str | bytes):
        raise ValueError(f"sounds is a {type(sounds).__name__}; it must be a list of arrays, one a frame.")
    sounds = list(sounds)
    if len(sounds) != frames:
        raise ValueError(f"there are {len(sounds)} sounds and {frames} captions; give one sound a frame.")
    return [_wav(f"sounds[{number}]", samples, rate) for number, samples in enumerate(sounds)]


def _wav(name: str, samples: object, rate: int) -> bytes:
    samples = as_finite(name, samples)
    if samples.ndim != 1 or samples.size == 0:
        raise ValueError(f"{name} has shape {samples.shape}; it must be (n,), with at least one sample.")
    loudest = float(np.abs(samples).max())
    if loudest > 1:
        raise ValueError(f"{name} goes out to {loudest:g}; its samples must lie from -1 to 1.")
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)  # bytes
        wav.setframerate(rate)
        wav.writeframes(np.round(LOUDEST * samples).astype("<i2").tobytes())
    return file.getvalue()
