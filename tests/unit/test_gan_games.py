"""Many games of two small networks at once: each is its own, and what is drawn of them is what they make."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_files import read_source, source_paths
from scipy.integrate import trapezoid
from torch import nn

from lessons_lib.datasets import DENSITIES, quantiles
from lessons_lib.models import (
    ManyNetworks,
    draw_noise,
    draw_real,
    generate,
    generated_density,
    play_games,
    take_step,
)


def by_hand(networks, run):
    """The same network 1-16-16-1 as PyTorch's own layers."""
    network = nn.Sequential(nn.Linear(1, 16), nn.Tanh(), nn.Linear(16, 16), nn.Tanh(), nn.Linear(16, 1))
    for layer, weight, bias in zip(network[::2], networks.weights, networks.biases, strict=True):
        layer.weight.data, layer.bias.data = weight[run].T.detach().clone(), bias[run, 0].detach().clone()
    return network


def test_each_of_many_networks_is_an_ordinary_one():
    networks, x = ManyNetworks(3), torch.randn(3, 7, 1)
    for run in range(3):
        torch.testing.assert_close(networks(x)[run], by_hand(networks, run)(x[run]))


def test_are_those_of_lesson_09a():
    (source,) = [path for path in source_paths() if path.stem.startswith("09a")]
    (cell,) = [cell.source for cell in read_source(source).cells if "class ManyNetworks" in cell.source]
    lesson = {"nn": nn, "torch": torch}
    exec(cell, lesson)
    made = []
    for kind in (lesson["ManyNetworks"], ManyNetworks):
        torch.manual_seed(0)
        networks = kind(3)
        made.append(networks(torch.randn(3, 7, 1)))
        assert [name for name, _ in networks.named_parameters()][0] == "weights.0"
    torch.testing.assert_close(*made)


@pytest.mark.parametrize("widths", [(2, 3), (1, 16, 16, 1), (3, 5, 4, 7, 2)])
def test_each_can_be_taken_out(widths):
    networks, x = ManyNetworks(3, widths), torch.randn(3, 7, widths[0])
    one = networks.alone(1)
    torch.testing.assert_close(networks(x)[1], one(x[1]))
    with torch.no_grad():
        one[0].weight += 1  # a copy
    torch.testing.assert_close(networks(x)[1], networks.alone(1)(x[1]))


@pytest.mark.parametrize(("runs", "widths", "words"), [(0, (1, 1), "runs"), (2, (1,), "widths"), (2, (1, 0), "widths")])
def test_many_of_nothing_are_refused(runs, widths, words):
    with pytest.raises(ValueError, match=words):
        ManyNetworks(runs, widths)


def test_a_step_is_each_networks_own():
    networks, x = ManyNetworks(2), torch.randn(2, 50, 1)
    single = by_hand(networks, 1)
    take_step(torch.optim.SGD(networks.parameters(), 0.1), networks(x) ** 2)
    loss = (single(x[1]) ** 2).mean()
    loss.backward()
    with torch.no_grad():
        for parameter in single.parameters():
            parameter -= 0.1 * parameter.grad
    torch.testing.assert_close(networks(x)[1], single(x[1]))


@pytest.mark.parametrize("changes", [{}, {"penalty": 1.0}, {"steps": 2, "batch": 8}])
def test_games_do_not_know_of_each_other(changes, monkeypatch):
    monkeypatch.setattr("lessons_lib.models.gan.tqdm", lambda rounds, **_: range(30))
    one, two = (torch.from_numpy(quantiles(name, 64)).float() for name in ("one bump", "two bumps"))
    made = []
    for other in (one, two):
        torch.manual_seed(0)
        history, (_, G) = play_games(torch.stack([one, other]), **changes)
        assert history.shape == (30, 2, 128)
        torch.testing.assert_close(history[-1], generate(G))
        made.append(history)
    torch.testing.assert_close(made[0][:, 0], made[1][:, 0])
    assert (made[0][:, 1] - made[1][:, 1]).abs().max() > 0.01


def test_a_penalty_makes_discriminators_flatter(monkeypatch):
    monkeypatch.setattr("lessons_lib.models.gan.tqdm", lambda rounds, **_: range(30))
    real = torch.from_numpy(quantiles("one bump", 64)).float().expand(8, -1)
    slopes = []
    for penalty in (0.0, 10.0):
        torch.manual_seed(1)
        x = real[..., None].clone().requires_grad_()
        D = play_games(real, penalty=penalty)[1][0]
        slopes.append(torch.autograd.grad(D(x).sum(), x)[0].abs().mean())
    assert slopes[1] < 0.5 * slopes[0]


def test_games_go_on_from_networks_that_stay_as_they_are(monkeypatch):
    monkeypatch.setattr("lessons_lib.models.gan.tqdm", lambda rounds, **_: range(2))
    real = torch.from_numpy(quantiles("one bump", 64)).float().expand(2, -1)
    start = ManyNetworks(2), ManyNetworks(2)
    before = generate(start[1])
    made, (_, G) = play_games(real, start=start, rate_g=1e-4)
    torch.testing.assert_close(generate(start[1]), before)
    torch.testing.assert_close(made[0], before, atol=0.01, rtol=0)  # a small step away
    assert not torch.equal(generate(G), before)


def test_draws_are_from_each_games_own_numbers():
    real = torch.tensor([[1.0, 2, 3], [10, 20, 30]])
    drawn = draw_real(real, 200)
    assert drawn.shape == (2, 200, 1)
    assert set(drawn[0].flatten().tolist()) == {1, 2, 3} and set(drawn[1].flatten().tolist()) == {10, 20, 30}
    z = draw_noise(4, 1000)
    assert z.shape == (4, 1000, 1) and -1 <= z.min() < -0.9 and 0.9 < z.max() <= 1


def test_generate_goes_through_z_in_order():
    G = ManyNetworks(2)
    z = torch.linspace(-1, 1, 128)
    torch.testing.assert_close(generate(G)[1], by_hand(G, 1)(z[:, None])[:, 0].detach())


def test_density_of_a_fold_is_the_sum_of_both_branches():
    z = torch.linspace(-1, 1, 20001, dtype=torch.float64)
    edges = torch.linspace(0.04, 0.96, 24, dtype=torch.float64)
    q = generated_density(z**2, edges)
    mean = (edges[1:].sqrt() - edges[:-1].sqrt()) / edges.diff()  # of 1 / (2 √x) over a bin
    torch.testing.assert_close(q, mean, rtol=1e-3, atol=0)


@settings(max_examples=30, deadline=None)
@given(x=st.lists(st.floats(-3, 3, width=32), min_size=3, max_size=40))
def test_density_has_all_the_mass_and_is_what_counting_finds(x):
    """Each piece, cut into 2,000 equal ones, is counted into the bins."""
    x, edges = torch.tensor(x, dtype=torch.float64), torch.linspace(-4, 4, 41, dtype=torch.float64)
    x = x + 1e-3 * torch.arange(len(x))  # a piece of no width, on an edge, could be counted on either side
    q = generated_density(x, edges)
    assert abs((q * edges.diff()).sum() - 1) < 1e-9
    cuts = (np.arange(2000) + 0.5) / 2000
    counted = np.histogram(x[:-1].numpy()[:, None] + cuts * x.diff().numpy()[:, None], edges.numpy())[0]
    np.testing.assert_allclose(q.numpy(), counted / counted.sum() / 0.2, atol=5e-3)


@pytest.mark.parametrize("name", DENSITIES)
def test_quantiles_are_numbers_of_equal_share(name):
    numbers = quantiles(name, 4000)
    assert (np.diff(numbers) > 0).all()
    x = np.linspace(-6, 8, 40001)
    p = DENSITIES[name].pdf(x)
    assert abs(trapezoid(p, x) - 1) < 1e-3
    assert abs(numbers.mean() - trapezoid(x * p, x)) < 2e-3
    assert abs((numbers**2).mean() - trapezoid(x**2 * p, x)) < 1e-2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("three bumps",), "name is 'three bumps'; it must be one of 'one bump'"), (("skewed", 0), "count is 0")],
)
def test_quantiles_say_what_is_wrong(arguments, words):
    with pytest.raises(ValueError, match=words):
        quantiles(*arguments)
