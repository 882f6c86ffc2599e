"""Training two networks in the browser's JavaScript, against PyTorch from equal weights and equal draws."""

import json
import subprocess

import numpy as np
import pytest
import torch

from lessons_lib.datasets import DENSITIES
from lessons_lib.datasets.one_dimension import quantile, quantiles
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.gan_training import LOSSES, Settings, Training, density, distance

ROUNDS = 100
EDGES = np.linspace(-4, 4, 161)
SCRIPT = """
const { seed, table, settings, rounds } = JSON.parse(await new Response(Deno.stdin.readable).text());
const training = startTraining(seed);
const told = [];
for (let round = 0; round < rounds; round++) {
  let step;
  for (let i = 0; i < settings.steps; i++) step = discriminatorStep(training, { ...settings, table });
  told.push([-step.loss, generatorStep(training, settings)]);
}
const { D, G } = training;
console.log(JSON.stringify({
  D: Array.from(D.weights),
  G: Array.from(G.weights),
  told,
  distance: distance(G, table),
  density: Array.from(densityOf(G, -4, 4, 160)),
}));
"""


@pytest.fixture(scope="module")
def trained_in_javascript(deno, tmp_path_factory):
    script = tmp_path_factory.mktemp("gan") / "train.mjs"
    script.write_text(module_text("shared.js", "random.js", "gan_training.js") + SCRIPT, encoding="utf-8")

    def train(seed, settings, rounds=ROUNDS):
        names = {"loss": settings.loss, "steps": settings.steps, "beta1": settings.beta1}
        names |= {"rateD": settings.rate_d, "rateG": settings.rate_g}
        request = {"seed": seed, "table": quantiles(settings.real).tolist(), "settings": names, "rounds": rounds}
        command = [deno, "run", "--quiet", script]
        return json.loads(
            subprocess.run(command, input=json.dumps(request), capture_output=True, text=True, check=True).stdout
        )

    return train


def flat(network):
    return torch.cat([parameter.detach().flatten() for parameter in network.parameters()]).numpy()


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize(
    ("seed", "real", "steps", "rate_d", "rate_g", "beta1"),
    [(0, "one bump", 1, 5e-3, 2e-3, 0.5), (7, "two bumps", 3, 1e-3, 1e-2, 0.9), (2**31, "skewed", 1, 1e-2, 1e-2, 0.0)],
)
def test_a_hundred_rounds_are_those_of_pytorch(trained_in_javascript, loss, seed, real, steps, rate_d, rate_g, beta1):
    settings = Settings(real, loss, steps, rate_d, rate_g, beta1)
    training = Training(seed)
    start = {"D": flat(training.D), "G": flat(training.G)}
    told = [training.round(settings) for _ in range(ROUNDS)]
    result = trained_in_javascript(seed, settings)
    np.testing.assert_allclose(result["told"], [[each["value"], each["pull"]] for each in told], atol=1e-6)
    for name, before in start.items():
        after = flat(getattr(training, name))
        assert np.abs(after - before).max() > 0.02
        np.testing.assert_allclose(result[name], after, atol=1e-6)
    middles = 2 * (np.arange(200) + 0.5) / 200 - 1
    assert abs(result["distance"] - distance(training.generated(middles), real)) < 1e-6
    made = density(training.generated(np.linspace(-1, 1, 401)), EDGES)
    np.testing.assert_allclose(result["density"], made, atol=1e-5)


def test_starts_as_pytorch_does_and_leaves_its_random_numbers_alone():
    torch.manual_seed(3)
    first = torch.rand(1)
    torch.manual_seed(3)
    training = Training(1)
    assert torch.rand(1) == first
    for network in (training.D, training.G):
        for layer in network[::2]:
            for values in (layer.weight, layer.bias):
                limit = layer.in_features**-0.5
                assert values.abs().max() <= limit
                assert values.numel() < 16 or values.abs().max() > 0.8 * limit
    assert (flat(training.D) != flat(training.G)).all()


@pytest.mark.parametrize("real", DENSITIES)
def test_real_numbers_have_their_density(real):
    drawn = quantile(quantiles(real), (np.arange(200_000) + 0.5) / 200_000)
    counted = np.histogram(drawn, EDGES)[0] / 200_000 / 0.05
    middles = (EDGES[1:] + EDGES[:-1]) / 2
    assert (np.diff(drawn) >= 0).all() and np.abs(drawn).max() < 4
    assert np.abs(counted - DENSITIES[real].pdf(middles)).mean() < 0.01


def test_density_of_a_map_that_folds():
    z = np.linspace(-1, 1, 401)
    edges = np.linspace(-0.5, 1.5, 41)
    made = density(z**2, edges)  # P(x < a) = √a
    exact = np.diff(np.sqrt(np.clip(edges, 0, 1))) / np.diff(edges)
    np.testing.assert_allclose(made, exact, atol=0.02)
    assert (made * np.diff(edges)).sum() == pytest.approx(1)


def test_distance_is_how_far_a_distribution_was_moved():
    middles = (np.arange(200) + 0.5) / 200
    x = quantile(quantiles("skewed"), middles)
    assert distance(x, "skewed") == 0
    assert distance(x[::-1] + 0.3, "skewed") == pytest.approx(0.3)
