"""DragRegression: drag a point; the line, leverage and Cook's distances follow in the browser."""

import math
import warnings
from collections.abc import Mapping

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets

from lessons_lib.arrays import as_finite, as_numbers
from lessons_lib.plotting import COLOURS
from lessons_lib.regression import influence
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.still import figure_png

FEWEST, MOST = 4, 60  # points: a line's s² without one of them; dots and bars that can be told apart
STEPS = 500  # of a slider, at least
LARGEST = 1e90  # a coordinate: its square is still a number
FINEST = 1e-10  # the step of a slider over the largest coordinate: finer ones drown in rounding


class RegressionView(anywidget.AnyWidget):
    """The plot and the bars. Set, point and coordinates live in the controls, which this refers to."""

    _esm = module_text("shared.js", "drag_regression.js")
    _css = STYLE
    # Of {"points": [[x, y], …], "first": index, "x": [lower end, upper end, step], "y": the same,
    # "formats": of x's and y's number}.
    sets = traitlets.List().tag(sync=True)
    points = traitlets.List().tag(sync=True)  # [[x, y], …] as they stand now
    colours = traitlets.List(list(COLOURS[:3])).tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class DragRegression(SlidersAndView):
    """Drag one point of a regression, and see which point holds the line.

    Drag with mouse or finger; or click the plot and use the arrow keys (Page Up and Page Down choose another
    point); or use the sliders. Everything is computed in the browser. The dashed line is the fit without the
    chosen point; a dot's area is its Cook's distance, hollow where that is undefined.

    Parameters
    ----------
    sets : mapping of str to (x, y)
        Data sets to choose from, each two arrays of shape (n,), n from 4 to 60. Each has sliders' ends and steps
        of its own; coordinates are rounded to the step.

    Attributes
    ----------
    points : numpy.ndarray
        Shape (n, 2), the points as they stand now, readable and settable; what is set is rounded to the sliders'
        step. To move a point from Python set this, not its sliders: these act in the browser only.
    set_menu : ipywidgets.Dropdown
    point_slider : ipywidgets.IntSlider
        The chosen point, counted from 1.
    x_slider, y_slider : ipywidgets.FloatSlider
        Where the chosen point stands.
    view : RegressionView
        The browser-side part; while it is shown it keeps controls and points in step.

    Raises
    ------
    ValueError
        If there is no set, or one does not hold points that a line can be fitted to; the sentence names it.

    Examples
    --------
    >>> drag = DragRegression({"four points": ([0, 1, 2, 5], [0, 1, 1, 4])})
    >>> drag.figures()["cooks"].round(2)
    array([0.13, 0.33, 0.44, 5.52])
    """

    def __init__(self, sets: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> None:
        if not isinstance(sets, Mapping) or not sets:
            given = "empty" if sets is None or isinstance(sets, Mapping) else type(sets).__name__
            raise ValueError(f"sets is {given}; it must map names to (x, y), with at least one set.")
        arrays = {str(name): _check(name, points) for name, points in sets.items()}
        start = {}
        for name, points in arrays.items():
            ends = [_slider_ends(f"set {name!r}", axis, values) for axis, values in zip("xy", points.T, strict=True)]
            points = _on_steps(points, ends)
            if np.ptp(points[:, 0]) == 0:
                raise ValueError(f"set {name!r} has all its points at one x; no line can be fitted.")
            cooks = _figures(points)["cooks"]
            first = int(np.argmax(np.nan_to_num(cooks, nan=np.inf)))
            start[name] = {
                "points": points.tolist(),
                "first": first,
                "x": list(ends[0]),
                "y": list(ends[1]),
                "formats": [_readout_format(step) for _, _, step in ends],
            }
        first = next(iter(start.values()))
        layout, style = ipywidgets.Layout(width="420px"), {"description_width": "90px"}
        self.set_menu = ipywidgets.Dropdown(options=list(start), description="data", layout=layout, style=style)
        self.point_slider = ipywidgets.IntSlider(
            value=first["first"] + 1, min=1, max=len(first["points"]), description="point", layout=layout, style=style
        )
        self.x_slider, self.y_slider = (
            ipywidgets.FloatSlider(
                value=value,
                min=low,
                max=high,
                step=step,
                readout_format=number,
                description=f"its {name}",
                layout=layout,
                style=style,
            )
            for name, value, number in zip("xy", first["points"][first["first"]], first["formats"], strict=True)
            for low, high, step in [first[name]]
        )
        rows = [self.set_menu, self.point_slider, self.x_slider, self.y_slider]
        self.view = RegressionView(sets=list(start.values()), points=first["points"], controls=rows)
        super().__init__([rows[0], self.view, *rows[1:]])

    @property
    def points(self) -> np.ndarray:
        """The points as they stand now, shape (n, 2)."""
        return np.array(self.view.points)

    @points.setter
    def points(self, values: np.ndarray | list) -> None:
        try:
            values = as_numbers("it", values)
        except ValueError as fault:
            raise ValueError(f"points must be numbers, shape {self.points.shape}: {fault}") from None
        if values.shape != self.points.shape:
            raise ValueError(f"points has shape {values.shape}; it must be {self.points.shape}.")
        values = as_finite("points", values)
        for name, column, (low, high, _) in zip("xy", values.T, self._ends(), strict=True):
            if (outside := column[(column < low) | (column > high)]).size:
                raise ValueError(f"points has {name} = {outside[0]:g}; the plot goes from {low:g} to {high:g}.")
        values = _on_steps(values, self._ends())
        self.view.points = values.tolist()
        chosen = values[self.point_slider.value - 1]
        sliders, formats = [self.x_slider, self.y_slider], self.view.sets[self.set_menu.index]["formats"]
        for slider, value, ends, number in zip(sliders, chosen.tolist(), self._ends(), formats, strict=True):
            with slider.hold_sync(), slider.hold_trait_notifications():  # at once, or the value would be clamped
                slider.min, slider.max, slider.step = ends
                slider.readout_format = number
                slider.value = value

    def _ends(self) -> list[tuple[float, float, float]]:
        """Return the chosen set's lower end, upper end and step, of x and of y."""
        chosen = self.view.sets[self.set_menu.index]
        return [tuple(chosen["x"]), tuple(chosen["y"])]

    def figures(self) -> dict[str, float | np.ndarray]:
        """Return what the browser shows, by the library's own arithmetic.

        Returns
        -------
        dict
            ``leverage`` and ``cooks``, shape (n,), NaN where undefined; ``slope`` and ``intercept`` of the line,
            ``slope_without`` and ``intercept_without`` the chosen point, NaN where the other points stand at one x.
        """
        return _figures(self.points, self.point_slider.value - 1)

    def still(self) -> bytes:
        """Return a PNG of the plot and the bars as they are."""
        points, chosen, figures = self.points, self.point_slider.value - 1, self.figures()
        cooks = figures["cooks"]
        panels = [["plot", "cooks"], ["plot", "leverage"]]
        figure, axes = plt.subplot_mosaic(panels, figsize=(11, 5), width_ratios=[3, 2])
        ax = axes["plot"]
        (low, high, _), (bottom, top, _) = self._ends()
        ends = np.array([low, high])
        ax.plot(ends, figures["intercept"] + figures["slope"] * ends, color=COLOURS[0], label="line")
        without = figures["intercept_without"] + figures["slope_without"] * ends
        ax.plot(ends, without, "--", color=COLOURS[2], label=f"without point {chosen + 1}")
        colours = [COLOURS[2] if i == chosen else COLOURS[0] for i in range(len(points))]
        area = 40 + 700 * np.minimum(np.nan_to_num(cooks), 2)
        ax.scatter(*points.T, s=area, color=colours, alpha=0.6, zorder=3)
        ax.set(xlabel="x", ylabel="y", xlim=ends, ylim=(bottom, top))
        ax.legend()
        for name, title in (("cooks", "Cook's distance"), ("leverage", "leverage")):
            axes[name].bar(range(1, len(points) + 1), np.nan_to_num(figures[name]), color=colours)
            axes[name].set(title=title)
        for i in np.flatnonzero(np.isnan(cooks)):
            axes["cooks"].text(i + 1, 0, "?", ha="center", va="bottom")
        axes["leverage"].set(xlabel="point", ylim=(0, 1))
        png = figure_png(figure)
        plt.close(figure)
        return png

    def made_from(self) -> dict:
        """Return the data sets with their sliders' ends."""
        return as_json(self.view, "sets")

    def __repr__(self) -> str:
        """Return the text alternative."""
        chosen, figures = self.point_slider.value, self.figures()
        leverage, cooks = (figures[name][chosen - 1] for name in ("leverage", "cooks"))
        distance = f"{cooks:.2f}"
        if math.isnan(cooks):
            distance = "undefined " + ("(leverage 1)" if leverage > 1 - 1e-9 else "(no residual is left)")
        says = f"leverage {leverage:.2f}, Cook's distance {distance}"
        if math.isnan(figures["slope"]):
            says = "no line, all points stand at one x"
        return f"DragRegression: {self.set_menu.value}, point {chosen}: {says} (run the cell to drag points)"


def _check(name: str, points: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Return a set's points, shape (n, 2)."""
    try:
        x, y = points
    except (TypeError, ValueError):
        raise ValueError(f"set {name!r} must be two arrays of numbers, x and y.") from None
    try:
        x, y = as_finite("x", x), as_finite("y", y)
    except ValueError as fault:
        raise ValueError(f"set {name!r} must be two arrays of numbers, x and y: {fault}") from None
    if x.ndim != 1 or x.shape != y.shape or not FEWEST <= len(x) <= MOST:
        raise ValueError(f"set {name!r} has x {x.shape} and y {y.shape}; both must be (n,), n from {FEWEST} to {MOST}.")
    return np.stack([x, y], axis=1)


def _slider_ends(where: str, name: str, values: np.ndarray) -> tuple[float, float, float]:
    """Return lower and upper end, with room around the values to drag into, and a round step."""
    low, high = float(values.min()), float(values.max())
    size = max(-low, high)
    room = 0.25 * (high - low) or 0.25 * size or 1
    step = 10.0 ** math.floor(math.log10((high - low + 2 * room) / STEPS))
    if size > LARGEST or step < max(1 / LARGEST, FINEST * size):
        raise ValueError(
            f"{where} has {name} from {low:g} to {high:g}: too large, or too narrow for a slider's steps. "
            "Shift or rescale it."
        )
    decimals = _decimals(step)
    return (
        round(math.floor((low - room) / (10 * step)) * 10 * step, decimals),
        round(math.ceil((high + room) / (10 * step)) * 10 * step, decimals),
        step,
    )


def _readout_format(step: float) -> str:
    """Return the format of a slider's number: as many decimals as its step has."""
    decimals = max(0, -math.floor(math.log10(step)))
    return f".{decimals}f" if decimals <= 6 else ".6g"


def _decimals(step: float) -> int:
    """Return how many decimals a value on a slider can have; the browser counts the same."""
    return max(0, 2 - math.floor(math.log10(step)))


def _on_steps(points: np.ndarray, ends: list[tuple[float, float, float]]) -> np.ndarray:
    """Return points rounded to the sliders' steps."""
    columns = [
        np.round(low + np.round((values - low) / step) * step, _decimals(step))
        for values, (low, _, step) in zip(points.T, ends, strict=True)
    ]
    return np.stack(columns, axis=1)


def _figures(points: np.ndarray, chosen: int = 0) -> dict[str, float | np.ndarray]:
    """Return leverages, Cook's distances, the line, and the line without the chosen point."""
    rest = np.delete(points, chosen, axis=0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # leverage 1 is shown as a question mark
        try:
            fit = influence(*points.T)
        except ValueError:  # every point on the line: Cook's distance would be 0/0
            fit = None
    slope, intercept = _line(points)
    slope_without, intercept_without = _line(rest)
    undefined = np.full(len(points), np.nan)
    return {
        "leverage": _leverage(points) if math.isfinite(slope) else undefined,
        "cooks": fit.cooks_distance if fit is not None and math.isfinite(slope) else undefined,
        "slope": slope,
        "intercept": intercept,
        "slope_without": slope_without,
        "intercept_without": intercept_without,
    }


def _leverage(points: np.ndarray) -> np.ndarray:
    design = np.column_stack([np.ones(len(points)), points[:, 0]])
    return np.square(np.linalg.qr(design).Q).sum(axis=1)


def _line(points: np.ndarray) -> tuple[float, float]:
    """Return slope and intercept, NaN if all points stand at one x."""
    if np.ptp(points[:, 0]) == 0:
        return math.nan, math.nan
    slope, intercept = np.polyfit(*points.T, 1)
    return float(slope), float(intercept)
