"""GanTrainer: a generator and a discriminator of one number, trained in the browser, step by step."""

import anywidget
import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import traitlets

from lessons_lib.arrays import as_number, as_whole, shown
from lessons_lib.datasets import DENSITIES, quantiles
from lessons_lib.plotting import COLOURS, GREEN, gan_picture
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.gan_training import LOSSES, Settings, Training, density, distance
from lessons_lib.widgets.still import figure_png

MOMENTS = 2000  # that can be kept of a run
MOST_STEPS, MOST_SEED = 10, 99
SLOWEST, FASTEST = 1e-4, 1e-1  # learning rates
LEFT, RIGHT, BINS = -4, 4, 160  # of x
STILL_PIECES, STILL_ARROWS = 400, 24  # of z


class GanView(anywidget.AnyWidget):
    """The picture, the buttons and the curves. All settings live in the controls, which this refers to."""

    _esm = module_text("shared.js", "random.js", "gan_training.js", "gan_trainer.js")
    _css = STYLE
    tables = traitlets.List(traitlets.Bytes()).tag(sync=True)  # quantiles of each real distribution
    densities = traitlets.List(traitlets.Bytes()).tag(sync=True)  # and its density at the middle of each bin
    colours = traitlets.List(traitlets.Unicode(), [COLOURS[0], GREEN, COLOURS[2]]).tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class GanTrainer(SlidersAndView):
    """Train a one-dimensional GAN in the browser, and see all of it.

    Generator and discriminator have two hidden layers of 16 tanh units; z is uniform from -1 to 1. Each step draws 64
    real and 64 generated numbers. Buttons take one step of the discriminator, one of the generator or one round, or
    run; every moment is kept, and the run can go on in another way from any of them. No kernel is needed.

    Parameters
    ----------
    real : str
        "one bump", "two bumps", "uniform" or "skewed".
    loss : str
        "non-saturating", "saturating" (Goodfellow and others 2014, arXiv:1406.2661) or "Wasserstein" with a penalty
        where the discriminator's slope is steeper than 1 (Petzka and others 2018, arXiv:1709.08894).
    steps : int
        Of the discriminator in a round, from 1 to 10.
    rate_d, rate_g : float
        Learning rates of discriminator and generator, from 0.0001 to 0.1.
    beta1 : float
        Adam's memory of past gradients, from 0 to 0.99.
    seed : int
        Of the start and of all draws, from 0 to 99.
    still_rounds : int
        After how many rounds the still picture shows the two, from 0 to 2000.

    Attributes
    ----------
    real_menu, loss_menu : ipywidgets.Dropdown
    steps_slider, seed_slider, moment_slider : ipywidgets.IntSlider
    rate_d_slider, rate_g_slider : ipywidgets.FloatLogSlider
    beta1_slider : ipywidgets.FloatSlider
    view : GanView
        The browser-side part.

    Raises
    ------
    ValueError
        For a setting that is out of range; the sentence says which.

    Examples
    --------
    >>> trainer = GanTrainer(real="two bumps", steps=5)
    >>> trainer.settings().steps
    5
    """

    def __init__(
        self,
        *,
        real: str = "one bump",
        loss: str = "non-saturating",
        steps: int = 1,
        rate_d: float = 5e-3,
        rate_g: float = 5e-3,
        beta1: float = 0.5,
        seed: int = 0,
        still_rounds: int = 0,
    ) -> None:
        _check_choice("real", real, DENSITIES)
        _check_choice("loss", loss, LOSSES)
        steps, seed = as_whole("steps", steps, 1, MOST_STEPS), as_whole("seed", seed, 0, MOST_SEED)
        rate_d, rate_g = (
            _within(name, rate, SLOWEST, FASTEST) for name, rate in [("rate_d", rate_d), ("rate_g", rate_g)]
        )
        beta1 = _within("beta1", beta1, 0, 0.99)
        self._still_rounds = as_whole("still_rounds", still_rounds, 0, MOMENTS)

        def options(description: str, width: str) -> dict:
            return {
                "description": description,
                "layout": ipywidgets.Layout(width=width),
                "style": {"description_width": "initial"},
            }

        def rate(value: float, description: str) -> ipywidgets.FloatLogSlider:
            exponents = {"min": np.log10(SLOWEST), "max": np.log10(FASTEST), "step": 0.1}
            return ipywidgets.FloatLogSlider(value=value, **exponents, **options(description, "330px"))

        self.real_menu = ipywidgets.Dropdown(options=list(DENSITIES), value=real, **options("real numbers", "230px"))
        self.loss_menu = ipywidgets.Dropdown(options=list(LOSSES), value=loss, **options("loss", "230px"))
        self.steps_slider = ipywidgets.IntSlider(
            value=steps, min=1, max=MOST_STEPS, **options("steps of D a round", "330px")
        )
        self.rate_d_slider, self.rate_g_slider = rate(rate_d, "learning rate of D"), rate(rate_g, "learning rate of G")
        self.beta1_slider = ipywidgets.FloatSlider(value=beta1, min=0, max=0.99, step=0.01, **options("β₁", "260px"))
        self.seed_slider = ipywidgets.IntSlider(value=seed, min=0, max=MOST_SEED, **options("seed", "260px"))
        self.moment_slider = ipywidgets.IntSlider(value=0, min=0, max=MOMENTS, **options("moment", "420px"))
        settings = [self.real_menu, self.loss_menu, self.steps_slider, self.rate_d_slider, self.rate_g_slider]
        settings += [self.beta1_slider, self.seed_slider]
        middles = LEFT + (np.arange(BINS) + 0.5) * (RIGHT - LEFT) / BINS
        self.view = GanView(
            tables=[quantiles(name).tobytes() for name in DENSITIES],
            densities=[DENSITIES[name].pdf(middles).tobytes() for name in DENSITIES],
            controls=[*settings, self.moment_slider],
        )
        box = ipywidgets.Box(settings, layout=ipywidgets.Layout(flex_flow="row wrap"))
        super().__init__([box, self.view, self.moment_slider])

    def settings(self) -> Settings:
        """Return what the next round is trained with."""
        return Settings(
            self.real_menu.value,
            self.loss_menu.value,
            self.steps_slider.value,
            self.rate_d_slider.value,
            self.rate_g_slider.value,
            self.beta1_slider.value,
        )

    def still(self) -> bytes:
        """Return a PNG of the two networks after ``still_rounds`` rounds of these settings."""
        settings, training = self.settings(), Training(self.seed_slider.value)
        for _ in range(self._still_rounds):
            training.round(settings)
        edges = np.linspace(LEFT, RIGHT, BINS + 1)
        middles = (edges[1:] + edges[:-1]) / 2
        p = DENSITIES[settings.real].pdf(middles)
        q = density(training.generated(np.linspace(-1, 1, STILL_PIECES + 1)), edges)
        said = training.judged(middles)
        critic = settings.loss == "Wasserstein"  # its values are scaled, as in the browser
        judged = (said - said.min()) / max(1e-9, np.ptp(said)) if critic else 1 / (1 + np.exp(-said))
        z = (2 * np.arange(STILL_ARROWS) + 1) / STILL_ARROWS - 1
        arrows, judge = (z, training.generated(z)), "D, scaled" if critic else "D"
        figure, ax = plt.subplots(figsize=(9, 5))
        gan_picture(middles, p, q, judged, ax=ax, arrows=arrows, judge=judge, best=not critic)
        apart = distance(training.generated((2 * np.arange(200) + 1) / 200 - 1), settings.real)
        ax.set(ylabel="density; what D says")
        ax.set_title(f"{settings.loss} loss, after {self._still_rounds} rounds: distance {apart:.2f}")
        ax.legend(loc="upper left")
        png = figure_png(figure)
        plt.close(figure)
        return png

    def made_from(self) -> dict:
        """Return the tables of the real distributions, bytes as base64 text."""
        return as_json(self.view, "tables", "densities")

    def __repr__(self) -> str:
        """Return the text alternative."""
        settings = self.settings()
        return (
            f"GanTrainer: {settings.real}, {settings.loss} loss, seed {self.seed_slider.value} (run the cell to train)"
        )


def _check_choice(name: str, value: str, choices: object) -> None:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is {shown(value)}; it must be one of {', '.join(map(repr, choices))}.")


def _within(name: str, value: float, low: float, high: float) -> float:
    number = as_number(name, value)
    if not low <= number <= high:
        raise ValueError(f"{name} is {shown(value)}; it must be a number from {low:g} to {high:g}.")
    return number
