"""The house style, and the few figures that several lessons share."""

import math
import textwrap
from collections.abc import Callable, Mapping, Sequence

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import torch
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.colors import is_color_like
from matplotlib.figure import Figure

from lessons_lib.arrays import as_finite, as_labels, as_numbers, as_pictures, as_real, as_whole, shown

# Ten colours that colour-blind readers can tell apart: Petroff (2021), arXiv:2107.02270.
COLOURS = (
    "#3f90da",
    "#ffa90e",
    "#bd1f01",
    "#94a4a2",
    "#832db6",
    "#a96b59",
    "#e76300",
    "#b9ac70",
    "#717581",
    "#92dadd",
)
# The same ten for classes in their order: digits that look alike (3, 5, 8; 4, 7, 9) are far apart for every eye.
CLASS_COLOURS = tuple(COLOURS[i] for i in (0, 1, 8, 5, 4, 9, 7, 2, 6, 3))
CARD, INK = "#ffffff", "#222222"  # every picture stands on a white card, on dark themes too
GREEN = "#2c806a"  # what a generator makes
LETTERS_A_LINE = 28  # of a row's name: longer lines would leave no room for the images

Array = torch.Tensor | np.ndarray


def use_house_style() -> None:
    """Set fonts for a projector, safe colours, and dark ink on a white card, which reads on dark themes too."""
    mpl.rcParams.update(
        {
            **{name: CARD for name in ("figure.facecolor", "axes.facecolor", "savefig.facecolor")},
            "figure.dpi": 100,
            "figure.figsize": (8, 4.5),
            "figure.constrained_layout.use": True,
            "figure.max_open_warning": 100,  # a FramePlayer takes dozens, and closes them
            "font.size": 14,
            "axes.titlesize": 15,
            "axes.labelsize": 14,
            "legend.fontsize": 13,
            "legend.frameon": False,
            "lines.linewidth": 2.5,
            "axes.prop_cycle": cycler(color=COLOURS),
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,  # bars hide the grid
            "grid.alpha": 0.15,
            "grid.color": INK,
            "image.cmap": "gray_r",
            **{name: INK for name in ("text.color", "axes.labelcolor", "axes.edgecolor", "axes.titlecolor")},
            **{name: INK for name in ("xtick.color", "ytick.color", "legend.labelcolor")},
        }
    )


def image_grid(rows: Mapping[str, Array], *, side: int = 28, scale: float = 0.95) -> Figure:
    """Draw rows of images, each row with its name at the left.

    Parameters
    ----------
    rows : mapping of str to array
        Each of shape (n, side * side) or (n, side, side), values from 0 (paper) to 1 (ink), or whole numbers
        from 0 to 255; what lies outside is clipped.
    side : int
        Height and width of an image, in pixels.
    scale : float
        Height of a row, in inches.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there is no row, a row does not hold images of that size, or ``scale`` is no number above 0.
    """
    if not isinstance(rows, Mapping) or not rows:
        given = "empty" if isinstance(rows, Mapping) else f"a {type(rows).__name__}"
        raise ValueError(f"rows is {given}; image_grid wants at least one row of images, by its name.")
    side, scale = as_whole("side", side), as_real("scale", scale, 0, above=True)
    arrays = {f"row {name!r}": as_numbers(f"row {name!r}", images, None) for name, images in rows.items()}
    for name, array in arrays.items():
        if array.size == 0 or array.shape[1:] not in ((side * side,), (side, side)):
            raise ValueError(f"{name} has shape {array.shape}; image_grid wants (n, {side * side}).")
    strips = {}
    for name, images in zip(rows, as_pictures(arrays), strict=True):
        padded = np.zeros((len(images), side + 2, side + 2))
        padded[:, 1:-1, 1:-1] = images.reshape(-1, side, side)
        strips[name] = np.hstack(padded)
    titles = ["\n".join(textwrap.fill(line, LETTERS_A_LINE) for line in str(name).splitlines()) for name in rows]
    letters = max(len(line) for title in titles for line in title.split("\n"))
    columns = max(strip.shape[1] // (side + 2) for strip in strips.values())
    figure, axes = plt.subplots(
        len(rows),
        1,
        squeeze=False,
        figsize=(columns * scale + max(2.2, 0.2 + 0.1 * letters), len(rows) * scale),
        layout="constrained",
    )
    for ax, title, strip in zip(axes[:, 0], titles, strips.values(), strict=True):
        ax.imshow(strip, vmin=0, vmax=1, extent=(0, strip.shape[1], 0, strip.shape[0]))
        ax.set_xlim(0, columns * (side + 2))
        ax.set_ylabel(title, rotation=0, ha="right", va="center", labelpad=10)
        ax.set_anchor("E")  # what is left over is the name's
        ax.set(xticks=[], yticks=[])
        ax.grid(False)
        ax.spines[:].set_visible(False)
    plt.close(figure)  # the cell shows what is returned; an open figure would be shown twice
    return figure


def code_scatter(codes: Array, labels: Array, *, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw two-dimensional codes as dots, coloured by class, with the class written near its median.

    Parameters
    ----------
    codes : array
        Shape (n, 2).
    labels : array
        Shape (n,), numbers or text; the class is also written on the picture, so that colour is not needed.
    title : str
        Stands above the axes.
    ax : matplotlib.axes.Axes, optional
        Where to draw; by default a new figure.

    Returns
    -------
    matplotlib.axes.Axes

    Raises
    ------
    ValueError
        If ``codes`` is not of shape (n, 2), there is none, ``labels`` is not of length n, or ``ax`` no Axes.
    """
    codes, labels = as_finite("codes", codes), as_labels("labels", labels)
    if codes.ndim != 2 or codes.shape[1] != 2 or labels.shape != codes.shape[:1] or len(codes) == 0:
        raise ValueError(
            f"codes has shape {codes.shape} and labels {labels.shape}; "
            "code_scatter wants (n, 2) and (n,), n at least 1."
        )
    ax = plt.subplots(figsize=(6, 6))[1] if ax is None else _check_axes(ax)
    size = np.ptp(codes, axis=0).max() or 1
    places: list[np.ndarray] = []
    for position, label in enumerate(np.unique(labels)):
        members = codes[labels == label]
        colour = CLASS_COLOURS[position % len(CLASS_COLOURS)]
        ax.scatter(*members.T, s=16, color=colour, alpha=0.85, linewidths=0)
        places.append(_free_place(members, places, apart=0.07 * size))
        ax.text(
            *places[-1],
            str(label),
            parse_math=False,  # "$10 to $20" is a class, too
            color=INK,
            fontweight="bold",
            ha="center",
            va="center",
            bbox={"boxstyle": "circle,pad=0.2", "facecolor": CARD, "edgecolor": colour, "linewidth": 2.5},
        )
    ax.set(xlabel="code $z_1$", ylabel="code $z_2$", title=title)
    return ax


def _check_axes(ax: object) -> Axes:
    if not isinstance(ax, Axes):
        raise ValueError(
            f"ax is a {type(ax).__name__}; it must be one matplotlib Axes, say of figure, ax = plt.subplots()."
        )
    return ax


def _free_place(members: np.ndarray, taken: Sequence[np.ndarray], apart: float) -> np.ndarray:
    """Return the member nearest to the median that keeps away from the places taken, or the nearest of all."""
    nearest = members[np.linalg.norm(members - np.median(members, axis=0), axis=1).argsort(kind="stable")]
    free = (member for member in nearest if all(np.linalg.norm(member - place) >= apart for place in taken))
    return next(free, nearest[0])


def gaussian_ellipses(means: Array, covariances: Array, *, ax: Axes, colours: str | Sequence[str] = COLOURS) -> None:
    """Draw two-dimensional Gaussians as ellipses at one and two standard deviations.

    Parameters
    ----------
    means, covariances : array
        Shapes (K, 2) and (K, 2, 2).
    ax : matplotlib.axes.Axes
        Where to draw.
    colours : str or sequence of str
        One a Gaussian, again from the first when they run out.

    Raises
    ------
    ValueError
        If the shapes don't fit, ``ax`` is no Axes, or ``colours`` holds no colour.
    """
    means, covariances = as_finite("means", means), as_finite("covariances", covariances)
    if means.ndim != 2 or covariances.shape != (len(means), 2, 2) or means.shape[1] != 2:
        raise ValueError(
            f"means has shape {means.shape} and covariances {covariances.shape}; "
            "gaussian_ellipses wants (K, 2) and (K, 2, 2)."
        )
    ax = _check_axes(ax)
    colours = [colours] if isinstance(colours, str) else colours
    if not isinstance(colours, Sequence | np.ndarray) or not len(colours) or not all(map(is_color_like, colours)):
        raise ValueError(f"colours is {shown(colours)}; it must be colours that matplotlib knows, at least one.")
    angle = np.linspace(0, 2 * np.pi, 100)
    circle = np.stack([np.cos(angle), np.sin(angle)])
    for m, (mean, covariance) in enumerate(zip(means, covariances, strict=True)):
        variances, axes = np.linalg.eigh(covariance)
        rim = (axes * np.sqrt(variances.clip(0))) @ circle
        colour = colours[m % len(colours)]
        ax.plot(*(mean[:, None] + rim), color=colour)
        ax.plot(*(mean[:, None] + 2 * rim), color=colour, alpha=0.5)
        ax.plot(*mean, "+", color=colour, markersize=12, markeredgewidth=3)


def density_map(
    log_prob: Callable[[torch.Tensor], Array], *, ax: Axes, low: tuple[float, float], high: tuple[float, float]
) -> None:
    """Draw a two-dimensional density as a cloud: the deeper its colour, the higher P(x).

    Parameters
    ----------
    log_prob : callable
        Maps points of shape (n, 2) to log P(x) of shape (n,).
    ax : matplotlib.axes.Axes
        Where to draw.
    low, high : (float, float)
        Lower left and upper right corner, in the data's unit.

    Raises
    ------
    ValueError
        If ``log_prob`` returns another shape, or nothing that can be drawn; if ``low`` is not below ``high`` in
        both directions, or ``ax`` is no Axes.
    """
    if not callable(log_prob):
        raise ValueError(f"log_prob is a {type(log_prob).__name__}; it must be a function of points, shape (n, 2).")
    low, high = as_finite("low", low), as_finite("high", high)
    if low.shape != (2,) or high.shape != (2,) or not (low < high).all():
        raise ValueError(
            f"low is {shown(low.tolist())} and high {shown(high.tolist())}; "
            "density_map wants two corners (x, y), low below high in both."
        )
    low, high = low.tolist(), high.tolist()
    side = 128
    middles = (torch.arange(side) + 0.5) / side
    across, up = (low[i] + middles * (high[i] - low[i]) for i in range(2))
    with torch.no_grad():  # a row at a time: a model may need much memory for each point
        rows = [as_numbers("log_prob", log_prob(torch.stack([across, y.expand(side)], 1))) for y in up]
    log_p = np.stack(rows)
    if log_p.shape != (side, side) or not log_p.max() < np.inf or log_p.max() == -np.inf:
        raise ValueError(
            f"log_prob returns shape {rows[0].shape} for {side} points, or no finite number; "
            "density_map wants log P(x) of shape (n,)."
        )
    ax = _check_axes(ax)
    height = np.exp(0.5 * (log_p - log_p.max()))  # the square root: tails are seen too
    picture = np.empty((side, side, 4))
    picture[..., :3] = mpl.colors.to_rgb(COLOURS[0])
    picture[..., 3] = height
    ax.imshow(picture, extent=(low[0], high[0], low[1], high[1]), origin="lower", aspect="equal")
    ax.grid(False)


def gan_picture(
    x: Array,
    real: Array,
    generated: Array,
    judged: Array | None = None,
    *,
    ax: Axes,
    arrows: tuple[Array, Array] | None = None,
    judge: str = "D",
    best: bool = True,
) -> None:
    """Draw a generative adversarial network of one number: two densities, what the discriminator says, and z below.

    Parameters
    ----------
    x : array
        Shape (n,), places in rising order.
    real, generated : array
        Shape (n,), the densities p and q there.
    judged : array, optional
        Shape (n,), what the discriminator says, from 0 to 1; left out, it is not drawn.
    ax : matplotlib.axes.Axes
    arrows : (array, array), optional
        Some z from -1 to 1, shape (m,), and the numbers that the generator makes of them, shape (m,).
    judge : str
        The discriminator's name in the legend.
    best : bool
        Whether to draw p / (p + q), too, dashed, where a number is likely enough.

    Raises
    ------
    ValueError
        If an array is not of that shape, or holds what is no finite number.
    """
    ax, x = _check_axes(ax), as_finite("x", x)
    lines = {"real": as_finite("real", real), "generated": as_finite("generated", generated)}
    if judged is not None:
        lines["judged"] = as_finite("judged", judged)
    for name, line in lines.items():
        if x.ndim != 1 or line.shape != x.shape:
            raise ValueError(f"{name} has shape {line.shape} and x {x.shape}; both must be (n,).")
    p, q = lines["real"], lines["generated"]
    ax.plot(x, p, ":", color=INK, lw=3, label="real")
    ax.fill_between(x, q, color=GREEN, alpha=0.4, lw=0, label="generated")
    if judged is not None:
        ax.plot(x, lines["judged"], color=COLOURS[0], lw=3, label=judge)
        if best:
            likely = np.where(p + q > 0.01, p / np.maximum(p + q, 0.01), np.nan)
            ax.plot(x, likely, "--", color=COLOURS[2], lw=2.5, label="best D")
    low = 0.0
    if arrows is not None:
        z, made = (as_finite(name, values) for name, values in zip(("z", "made"), arrows, strict=True))
        if z.ndim != 1 or z.shape != made.shape:
            raise ValueError(f"arrows have shapes {z.shape} and {made.shape}; both must be (m,).")
        low, middle, reach = -0.75, (x[0] + x[-1]) / 2, 0.47 * (x[-1] - x[0])
        for start, end in zip(middle + reach * z, np.clip(made, x[0], x[-1]), strict=True):
            ax.annotate("", (end, -0.05), (start, low), arrowprops={"arrowstyle": "->", "color": INK, "alpha": 0.5})
        for end in (-1, 0, 1):
            name = "z = 0" if end == 0 else f"{end}".replace("-", "−")
            ax.text(middle + reach * end, low - 0.03, name, ha="center", va="top")
    ax.axhline(0, color=INK, lw=1)
    ax.set(xlabel="x", xlim=(x[0], x[-1]), ylim=(low - 0.2 if low else 0, 1.6), yticks=(0, 0.5, 1, 1.5))


def network_diagram(stages: Sequence[tuple[str, int]], *, arrows: Sequence[str] = ()) -> Figure:
    """Draw a network as a row of bars, each as tall as its layer is wide (on a logarithmic scale).

    Parameters
    ----------
    stages : sequence of (str, int)
        Name and number of units of each layer, from input to output; the narrowest is drawn in colour.
    arrows : sequence of str, optional
        What happens between one layer and the next, one fewer than ``stages``.

    Returns
    -------
    matplotlib.figure.Figure

    Raises
    ------
    ValueError
        If there are fewer than two stages, one is no name with a whole number of units, or ``arrows`` does not fit.
    """
    try:
        pairs = [(name, units) for name, units in stages]
        arrows = list(() if arrows is None else arrows)
    except (TypeError, ValueError):
        raise ValueError(
            f"stages is {shown(stages)} and arrows {shown(arrows)}; they must be lists, of (name, units) and of texts."
        ) from None
    stages = [(name, as_whole(f"stage {name!r}", units)) for name, units in pairs]
    if len(stages) < 2:
        raise ValueError(f"there are {len(stages)} stages; a network has at least two.")
    if arrows and len(arrows) != len(stages) - 1:
        raise ValueError(f"there are {len(arrows)} arrows; {len(stages)} stages want {len(stages) - 1}.")
    figure, ax = plt.subplots(figsize=(11, 3.8))
    heights = [0.25 + 0.3 * math.log(units) for _, units in stages]
    narrowest = min(range(len(stages)), key=lambda i: stages[i][1])
    for i, (name, units) in enumerate(stages):
        height = heights[i]
        colour = COLOURS[6] if i == narrowest else COLOURS[0]
        ax.bar(i, height, 0.22, bottom=-height / 2, color=colour)
        ax.text(i, height / 2 + 0.08, name, ha="center", va="bottom")
        ax.text(i, -height / 2 - 0.08, f"{units}", ha="center", va="top", fontweight="bold")
        if i:
            ax.annotate("", (i - 0.16, 0), (i - 0.84, 0), arrowprops={"arrowstyle": "-|>", "color": INK, "lw": 2})
            ax.text(i - 0.5, 0.06, arrows[i - 1] if arrows else "", ha="center", va="bottom", fontsize=12)
    top = max(1.6, max(heights) / 2 + 0.4)
    ax.set(xlim=(-0.4, len(stages) - 0.6), ylim=(-top, top))
    ax.axis("off")
    plt.close(figure)  # as above
    return figure
