"""The game on pictures: who moves in which step, what the penalty is, and that a stopped game goes on."""

import copy

import pytest
import torch
from torch import nn
from torch.nn import functional

from lessons_lib.models import (
    Game,
    batch_of,
    discriminator,
    draw_z,
    follow,
    generator,
    noise_size,
    optimiser,
    step_of_D,
    step_of_G,
    still,
)


@pytest.fixture(autouse=True)
def seed():
    torch.manual_seed(0)


def weights(network):
    return nn.utils.parameters_to_vector(network.parameters()).detach().clone()


def real(n=200):
    return torch.rand(n, 784)


def test_shapes_and_range():
    z = draw_z(5)
    pictures = generator()(z)
    assert z.shape == (5, noise_size) and pictures.shape == (5, 784)
    assert 0 <= pictures.min() and pictures.max() <= 1
    assert discriminator()(pictures).shape == (5, 1)
    assert generator(noise_size + 10)(torch.randn(3, noise_size + 10)).shape == (3, 784)


def test_rows_are_drawn_with_replacement():
    x = torch.arange(10.0)[:, None]
    drawn = batch_of(x, 1000)
    assert drawn.shape == (1000, 1) and set(drawn[:, 0].tolist()) == set(range(10))


def test_step_of_D_moves_D_alone():
    G, D = generator(), discriminator()
    before = weights(G), weights(D)
    step_of_D(D, optimiser(D), real(64), G(draw_z(64)), penalty=0.4)
    assert torch.equal(weights(G), before[0]) and not torch.equal(weights(D), before[1])
    assert all(p.grad is None for p in G.parameters())


def test_step_of_G_moves_G_alone_though_the_optimiser_holds_both():
    G, D = generator(), discriminator()
    before = weights(G), weights(D)
    step_of_G(D, optimiser(nn.ModuleList([G, D])), G(draw_z(64)))
    assert not torch.equal(weights(G), before[0]) and torch.equal(weights(D), before[1])
    assert all(p.grad is None for p in D.parameters())


def test_not_frozen_both_move():
    G, D = generator(), discriminator()
    before = weights(D)
    step_of_G(D, optimiser(nn.ModuleList([G, D])), G(draw_z(64)), frozen=False)
    assert not torch.equal(weights(D), before)


def test_losses_are_cross_entropies():
    G, D = generator(), discriminator()
    x, made = real(64), G(draw_z(64))
    logits, labels = D(torch.cat([x, made])), torch.tensor([1.0, 0.0]).repeat_interleave(64)[:, None]
    wanted = 2 * functional.binary_cross_entropy_with_logits(logits, labels)
    torch.testing.assert_close(step_of_D(copy.deepcopy(D), optimiser(D), x, made), wanted.detach())
    wanted = functional.binary_cross_entropy_with_logits(D(made), torch.ones(64, 1))
    torch.testing.assert_close(step_of_G(D, optimiser(G), made), wanted.detach())


def test_penalty_of_a_linear_discriminator_is_its_squared_weight():
    D = nn.Linear(784, 1)
    D.weight.data *= 10
    pull = []
    for penalty in (0.0, 0.5):
        moved = copy.deepcopy(D)
        plain = torch.optim.SGD(moved.parameters(), 1.0)
        torch.manual_seed(1)
        step_of_D(moved, plain, real(64), real(64), penalty)
        pull.append(moved.weight.data)
    torch.testing.assert_close(pull[0] - pull[1], 0.5 * D.weight.data)  # the gradient of γ/2 |w|²


def test_follow_goes_a_share_of_the_way_statistics_too():
    old, new = generator(), generator()
    new(draw_z(64))  # moves the running statistics
    kept = copy.deepcopy(old)
    follow(kept, new, by=0.25)
    for name, value in kept.state_dict().items():
        if value.is_floating_point():
            torch.testing.assert_close(value, torch.lerp(old.state_dict()[name], new.state_dict()[name], 0.25))


def test_game_is_seeded_and_keeps_its_losses():
    x, ends = real(), []
    for _ in range(2):
        torch.manual_seed(3)
        game = Game()
        game.play(x, 6)
        ends.append(weights(game.mean_G))
        assert torch.stack(game.losses).shape == (6, 2)
    assert torch.equal(*ends)
    assert not game.mean_G.training and game.G.training


def test_still_is_a_copy_that_no_round_changes():
    game = Game()
    before = still(game.G)
    kept = weights(before)
    game.play(real(), 3)
    assert not before.training and torch.equal(weights(before), kept) and not torch.equal(weights(game.G), kept)


@pytest.mark.parametrize("stopped", ["step_of_D", "step_of_G"])
def test_a_stopped_game_goes_on(stopped, monkeypatch):
    game = Game()
    game.play(real(), 2)

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if stopped == "step_of_D":
            patch.setattr(game.adam_D, "step", stop)
        else:
            patch.setattr(game.adam_G, "step", stop)
        with pytest.raises(KeyboardInterrupt):
            game.play(real(), 2)
    kept = weights(game.mean_G)
    game.play(real(), 2)
    assert len(game.losses) == 4 and not torch.equal(weights(game.mean_G), kept)
    assert torch.isfinite(torch.stack(game.losses)).all()


def test_it_learns_something_simple():
    x = torch.zeros(200, 784)
    x[:, :392] = 1  # ink above, paper below
    game = Game()
    game.play(x, 150)
    with torch.no_grad():
        made = game.G.eval()(draw_z(100))
    assert made[:, :392].mean() > made[:, 392:].mean() + 0.3
