"""BoundExplorer: log P(x) as the bound plus the KL divergence, under sliders for q; all in the browser."""

import math

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import torch
import traitlets
from matplotlib.axes import Axes
from scipy.integrate import trapezoid

from lessons_lib.arrays import as_finite, as_real
from lessons_lib.plotting import CARD, COLOURS, INK
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.still import figure_png

SMALLEST_SD = 0.05  # of q, in the unit of z
MOST_BEYOND = 1e-3  # of the posterior, beyond the grid: no figure shown changes
STEEPEST = 2.0  # nats that log P(x, z) may bend by from step to step at its top: 0.7 steps a standard deviation


class BoundView(anywidget.AnyWidget):
    """The curves and the bars. q's mean and standard deviation live in the sliders, which this refers to."""

    _esm = module_text("shared.js", "bound_explorer.js")
    _css = STYLE
    z = traitlets.Bytes().tag(sync=True)  # float64
    log_joint = traitlets.Bytes().tag(sync=True)  # float64
    depth = traitlets.Float().tag(sync=True)  # nats that the bars show: they are four ticks deep
    colours = traitlets.List([*COLOURS[:3], COLOURS[8]]).tag(sync=True)
    sliders = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class BoundExplorer(SlidersAndView):
    """Move a Gaussian q(z|x), and see how log P(x) splits into L_b and KL(q ‖ posterior).

    Beside the curves stand log P(x) and bound + KL, on an axis that is cut below, and KL on an axis from 0. A nat
    is equally high in all three, and the axes stay as they are: they are long enough for KL at the start and for
    half as much again, and for 8 nats at least. What goes beyond is marked as cut.

    Parameters
    ----------
    z : array
        Shape (n,): an even grid with steps of at most 0.05. q's mean moves in its middle third and q's
        standard deviation goes up to a fifteenth of it, so that the grid holds all of q; it must hold
        all of the posterior too, and be fine enough for it.
    log_joint : array
        Shape (n,): log P(x, z) in nats at each z, for one fixed x.
    mean, sd : float
        Where q starts.

    Attributes
    ----------
    mean_slider, sd_slider : ipywidgets.FloatSlider
    view : BoundView
        The browser-side part.

    Raises
    ------
    ValueError
        If the grid is not even, misses a part of the posterior or is too coarse for it, or an argument does not
        fit it; the sentence names it.

    Examples
    --------
    >>> z = torch.linspace(-12, 12, 801)
    >>> explorer = BoundExplorer(z, -0.5 * (z - 1) ** 2)
    >>> round(explorer.figures()["kl"], 3)
    0.5
    """

    def __init__(
        self,
        z: torch.Tensor | np.ndarray,
        log_joint: torch.Tensor | np.ndarray,
        *,
        mean: float = 0.0,
        sd: float = 1.0,
    ) -> None:
        self._z, self._log_joint = as_finite("z", z), as_finite("log_joint", log_joint)
        if self._z.ndim != 1 or len(self._z) < 3 or self._log_joint.shape != self._z.shape:
            raise ValueError(
                f"z has shape {self._z.shape} and log_joint {self._log_joint.shape}; both must be (n,), n at least 3."
            )
        steps = np.diff(self._z)
        if not (steps > 0).all() or not np.allclose(steps, steps.mean(), rtol=1e-3):
            raise ValueError("z is not an even, rising grid; make it with torch.linspace.")
        if steps.mean() > SMALLEST_SD:
            raise ValueError(f"z has steps of {steps.mean():.2g}; they must be at most {SMALLEST_SD:g}.")
        third = float(self._z[-1] - self._z[0]) / 3
        if third < 1:
            raise ValueError(f"z goes from {self._z[0]:g} to {self._z[-1]:g}; a grid must be at least 3 wide.")
        low, high = float(self._z[0]) + third, float(self._z[-1]) - third
        largest_sd = third / 5
        mean, sd = as_real("mean", mean, -math.inf), as_real("sd", sd, 0, above=True)
        if not low <= mean <= high:
            raise ValueError(f"mean is {mean!r}; it must lie in the grid's middle third, from {low:g} to {high:g}.")
        if not SMALLEST_SD <= sd <= largest_sd:
            raise ValueError(f"sd is {sd!r}; it must be from {SMALLEST_SD:g} to {largest_sd:g}.")
        _check_posterior(self._z, self._log_joint)
        layout = ipywidgets.Layout(width="420px")
        wide = {"description_width": "150px"}
        self.mean_slider = ipywidgets.FloatSlider(
            value=mean, min=low, max=high, step=0.01, description="mean of q", layout=layout, style=wide
        )
        self.sd_slider = ipywidgets.FloatSlider(
            value=sd,
            min=SMALLEST_SD,
            max=largest_sd,
            step=0.01,
            description="standard deviation",
            layout=layout,
            style=wide,
        )
        self.view = BoundView(
            z=self._z.tobytes(),
            log_joint=self._log_joint.tobytes(),
            depth=_depth(self.figures()["kl"]),
            sliders=[self.mean_slider, self.sd_slider],
        )
        super().__init__([self.view, self.mean_slider, self.sd_slider])

    def figures(self) -> dict[str, float]:
        """Return what the browser shows: log P(x), bound and KL in nats, each by an integral of its own."""
        z, log_joint = self._z, self._log_joint
        mean, sd = self.mean_slider.value, self.sd_slider.value
        highest = log_joint.max()
        log_p = highest + math.log(trapezoid(np.exp(log_joint - highest), z))
        log_q = -0.5 * ((z - mean) / sd) ** 2 - math.log(sd) - 0.5 * math.log(2 * math.pi)
        q = np.exp(log_q)
        bound = trapezoid(q * (log_joint - log_q), z)
        kl = trapezoid(q * (log_q - (log_joint - log_p)), z)
        return {"log_p": float(log_p), "bound": float(bound), "kl": float(kl)}

    def still(self) -> bytes:
        """Return a PNG of the curves and the bars as they are."""
        figures = self.figures()
        figure, axes = plt.subplots(1, 3, figsize=(11.5, 4), width_ratios=[2.2, 1.5, 0.6])
        left, middle, right = axes
        mean, sd = self.mean_slider.value, self.sd_slider.value
        posterior = np.exp(self._log_joint - figures["log_p"])
        left.fill_between(self._z, posterior, alpha=0.45, label="posterior P(z|x)")
        q = np.exp(-0.5 * ((self._z - mean) / sd) ** 2) / (sd * math.sqrt(2 * math.pi))
        left.plot(self._z, q, color=COLOURS[2], label="q(z|x)")
        third = (self._z[-1] - self._z[0]) / 3
        left.set(xlabel="z", ylabel="density", xlim=(self._z[0] + 0.75 * third, self._z[-1] - 0.75 * third))
        left.set_ylim(0, 1.7 * posterior.max())
        left.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)  # above the curves
        _draw_bars(middle, right, figures, self.view.depth)
        png = figure_png(figure)
        plt.close(figure)
        return png

    def made_from(self) -> dict:
        """Return the grid and log P(x, z) on it, both float64 as base64 text."""
        return as_json(self.view, "z", "log_joint")

    def __repr__(self) -> str:
        """Return the text alternative."""
        figures = self.figures()
        words = f"log P(x) {figures['log_p']:.2f} = bound {figures['bound']:.2f} + KL {figures['kl']:.2f} nats"
        return f"BoundExplorer: {words} (run the cell to move q)"


def _depth(kl: float) -> float:
    """Return how many nats the bars show: four ticks, of 2, 3, 5, 10, 20, 30 … nats, for half as much again as KL."""
    wanted = max(2.0, 1.5 * kl / 4)
    power = 10.0 ** math.floor(math.log10(wanted))
    return 4 * next(power * ticks for ticks in (1, 2, 3, 5, 10) if power * ticks >= wanted)


def _draw_bars(ax: Axes, kl_ax: Axes, figures: dict[str, float], depth: float) -> None:
    """Draw what the browser draws: log P(x) beside bound + KL on an axis cut below, and KL from 0."""
    log_p, bound, kl = (figures[name] for name in ("log_p", "bound", "kl"))
    beyond = kl > depth
    low, stub = log_p - depth, 0.08 * depth  # where the cut is, and what is drawn of the rest
    split = log_p - min(kl, depth)
    ax.bar([0, 1], [depth + stub, split - low + stub], 0.7, bottom=low - stub, color=[COLOURS[8], COLOURS[0]])
    ax.bar(1, log_p - split, 0.7, bottom=split, color=COLOURS[1])
    kl_ax.bar(0, log_p - split, 0.7, color=COLOURS[1])
    ax.hlines(log_p, -0.6, 1.35, color=INK, lw=1)
    kl_ax.axhline(0, color=INK, lw=1.5)
    for each, zigzag in ((ax, low - stub / 2), *([(kl_ax, 0.95 * depth)] if beyond else [])):
        heights = zigzag + 0.012 * depth * np.resize([-1, 1], 25)
        each.plot(np.linspace(-0.63, 1.38, 25), heights, color=CARD, lw=4, clip_on=False, zorder=3)

    def words(value: float) -> str:
        return f"{value:.2f}".replace("-", "−")

    ax.text(1.42, (log_p + split) / 2, f"KL {words(kl)}", va="center")
    ax.text(1.42, low + 0.09 * depth if beyond else (split + low) / 2, f"bound {words(bound)}", va="center")
    if beyond:
        ax.text(1.42, low - 0.01 * depth, "▼ below the cut", va="center")
    ax.text(0, log_p + 0.03 * depth, words(log_p), ha="center")
    kl_ax.text(0, log_p - split + 0.03 * depth, ("▲ " if beyond else "") + words(kl), ha="center")
    step = depth / 4
    ax.set(xlim=(-0.6, 3.2), ylim=(low - stub, log_p + 0.15 * depth), ylabel="nats, cut below")
    ax.set_xticks([0, 1], ["log P(x)", "bound\n+ KL"])
    ax.set_yticks(step * np.arange(math.ceil(low / step), math.floor(log_p / step) + 1))
    kl_ax.set(xlim=(-0.6, 0.6), ylim=(-stub, 1.15 * depth), ylabel="nats")
    kl_ax.set_xticks([0], ["KL"])
    kl_ax.set_yticks(step * np.arange(5))
    for each in (ax, kl_ax):
        each.grid(False)  # its lines would strike the words through
        each.spines["bottom"].set_visible(False)


def _check_posterior(z: np.ndarray, log_joint: np.ndarray) -> None:
    """Raise ValueError if a part of the posterior lies beyond the grid, or between its points."""
    heights = np.exp(log_joint - log_joint.max())
    for end, (last, before) in ((z[0], heights[:2]), (z[-1], heights[:-3:-1])):
        # From the end on it goes down as over the last step, or not at all.
        beyond = last * last / (before - last) if last < before else math.inf
        if last > 0 and beyond > MOST_BEYOND * heights.sum():
            raise ValueError(
                f"log_joint has not come down at z = {end:g}: the grid misses a part of the posterior; make it wider."
            )
    top = int(log_joint.argmax())
    bend = 2 * log_joint[top] - log_joint[top - 1] - log_joint[top + 1]
    if bend > STEEPEST:
        raise ValueError(
            f"log_joint has a peak at z = {z[top]:g} that falls between two points; give z steps smaller than "
            f"{z[1] - z[0]:.2g}."
        )
