"""A GanTrainer on a page: what it trains and draws, compared with PyTorch."""

import json

import numpy as np
import torch
from lab import next_drawing

from lessons_lib.datasets import DENSITIES
from lessons_lib.widgets.gan_trainer import BINS, LEFT, RIGHT
from lessons_lib.widgets.gan_training import LOSSES, Settings, Training, density, distance

EDGES = np.linspace(LEFT, RIGHT, BINS + 1)
MIDDLES = (EDGES[1:] + EDGES[:-1]) / 2


class Gan:
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output):
        output.scroll_into_view_if_needed()
        self.output, self.page, self.view = output, output.page, output.locator(".lessons-widget")
        self.plot, handles = output.locator(".lessons-gan"), output.locator(".noUi-handle")
        names = ("steps", "rate_d", "rate_g", "beta1", "seed", "moment")
        self.sliders = {name: handles.nth(number) for number, name in enumerate(names)}
        self.real, self.loss = (output.locator("select").nth(number) for number in range(2))
        names = ("one D step", "one G step", "one round", "run", "back to the start")
        self.step_d, self.step_g, self.round, self.run, self.again = (
            self.view.get_by_role("button", name=name, exact=True) for name in names
        )

    def told(self):
        """Return what the page says that it shows."""
        return json.loads(self.plot.get_attribute("data-shown"))

    def shown(self):
        """Return what the page says, after comparing what is drawn with what Python makes of its weights."""
        shown, drawn = self.plot.evaluate(
            """canvas => [JSON.parse(canvas.dataset.shown),
              Object.fromEntries(Object.entries(canvas.drawn).map(([name, values]) => [name, Array.from(values)]))]"""
        )
        training = Training(0)
        for name in ("D", "G"):
            put_weights(getattr(training, name), drawn[name])
        made = density(training.generated(np.linspace(-1, 1, 401)), EDGES)
        np.testing.assert_allclose(drawn["q"], made, rtol=1e-4, atol=1e-4)
        said = training.judged(MIDDLES)
        if shown["loss"] == "Wasserstein":
            judged = (said - said.min()) / max(1e-9, np.ptp(said))
        else:
            judged = 1 / (1 + np.exp(-said))
        np.testing.assert_allclose(drawn["judged"], judged, atol=1e-6)
        apart = distance(training.generated((2 * np.arange(200) + 1) / 200 - 1), shown["real"])
        assert abs(shown["distance"] - apart) < 1e-6
        words = self.view.locator(".lessons-status").first.text_content()
        assert words.startswith(f"round {shown['round']} · distance {shown['distance']:.2f} · ")
        return shown | {"weights": drawn["D"] + drawn["G"]}

    def act(self, action):
        """Do something, and return what is shown then."""
        next_drawing(self.view, action)
        self.page.wait_for_timeout(50)
        return self.shown()

    def press(self, name, key):
        handle = self.sliders[name]
        handle.scroll_into_view_if_needed()
        handle.focus()
        handle.press(key)

    def start(self):
        """Back to the start; return its training in PyTorch."""
        shown = self.act(self.again.click)
        assert (shown["moment"], shown["last"], shown["round"]) == (0, 0, 0)
        training = Training(shown["seed"])
        assert_weights(shown, training)
        return training


def put_weights(network, numbers):
    torch.nn.utils.vector_to_parameters(torch.tensor(numbers, dtype=torch.float64), network.parameters())


def assert_weights(shown, training):
    wanted = [torch.nn.utils.parameters_to_vector(network.parameters()) for network in (training.D, training.G)]
    np.testing.assert_allclose(shown["weights"], torch.cat(wanted).detach().numpy(), atol=1e-6)


def settings_of(shown):
    names = {"real": "real", "loss": "loss", "steps": "steps", "rate_d": "rateD", "rate_g": "rateG", "beta1": "beta1"}
    return Settings(**{ours: shown[theirs] for ours, theirs in names.items()})


def thorough(output, made_from):
    """Every button and control; each step is PyTorch's; a run goes on from an earlier moment."""
    gan = Gan(output)
    take_steps(gan)
    for menu, kind, names in [(gan.real, "real", DENSITIES), (gan.loss, "loss", LOSSES)]:
        for name in names:
            if name != gan.told()[kind]:
                gan.act(lambda menu=menu, name=name: menu.select_option(name))
            assert gan.told()[kind] == name
            take_round(gan, gan.start())
    move_sliders(gan)
    run_and_go_back(gan)


def take_round(gan, training):
    shown = gan.act(gan.round.click)
    told = training.round(settings_of(shown))
    assert_weights(shown, training)
    assert abs(shown["value"] - told["value"]) < 1e-6 and abs(shown["pull"] - told["pull"]) < 1e-6
    return shown


def take_steps(gan):
    training = gan.start()
    settings = settings_of(gan.told())
    for button, step in [(gan.step_d, training.discriminator_step), (gan.step_g, training.generator_step)]:
        shown = gan.act(button.click)
        step(settings)
        assert_weights(shown, training)
        assert shown["round"] == 0
    gan.round.focus()
    shown = gan.act(lambda: gan.round.press("Enter"))
    training.round(settings)
    assert_weights(shown, training)
    assert (shown["moment"], shown["round"]) == (3, 1)


def move_sliders(gan):
    for name, key, told in [
        ("steps", "ArrowRight", "steps"),
        ("rate_d", "ArrowRight", "rateD"),
        ("rate_g", "ArrowLeft", "rateG"),
        ("beta1", "ArrowRight", "beta1"),
    ]:
        training, before = gan.start(), gan.told()[told]
        gan.press(name, key)
        gan.page.wait_for_timeout(100)
        shown = take_round(gan, training)
        assert (shown[told] > before) == (key == "ArrowRight"), name
    first = gan.shown()
    second = gan.act(lambda: gan.press("seed", "ArrowRight"))
    assert second["seed"] == first["seed"] + 1 and second["last"] == 0
    assert_weights(second, Training(second["seed"]))


def run_and_go_back(gan):
    gan.start()
    gan.run.click()
    pause = gan.view.get_by_role("button", name="pause")
    gan.page.wait_for_timeout(600)
    pause.click()
    gan.page.wait_for_timeout(200)
    after = gan.shown()
    assert after["moment"] == after["last"] == after["round"] > 5
    start = gan.act(lambda: gan.press("moment", "Home"))
    assert start["moment"] == 0 and start["last"] == after["last"]
    assert gan.act(lambda: gan.press("moment", "End"))["weights"] == after["weights"]  # no further than it has come
    gan.act(lambda: gan.press("moment", "Home"))
    gan.act(lambda: gan.press("moment", "ArrowRight"))
    assert gan.act(gan.round.click)["last"] == 2  # what came later is forgotten
    gan.sliders["moment"].scroll_into_view_if_needed()
    box = gan.sliders["moment"].bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    gan.page.mouse.move(x, y)
    gan.page.mouse.down()
    gan.page.mouse.move(x - 100, y, steps=3)
    gan.page.mouse.up()
    gan.page.wait_for_timeout(200)
    assert gan.shown()["moment"] == 0


def once(output, made_from):
    """One round by key."""
    gan = Gan(output)
    training = gan.start()
    gan.round.focus()
    shown = gan.act(lambda: gan.round.press("Enter"))
    training.round(settings_of(shown))
    assert_weights(shown, training)
