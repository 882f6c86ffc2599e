"""What training leaves as it was, and what it puts back: generators, modes, statistics, weights, data."""

import contextlib
import math
import random
import subprocess
import sys

import numpy as np
import pytest
import torch
from test_training import STEPS, N, Recorder, data, linear, mse, noisy, regression, small_fit, weights
from torch import nn

from lessons_lib.training import TrainingDiverged, evaluate, fit
from lessons_lib.training_state import seeded


def normed(*more):
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), *more, nn.Linear(4, 3))


def state(model):
    return {name: value.clone() for name, value in model.state_dict().items()}


def same(model, before):
    return all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


def trained(**options):
    model = noisy()
    small_fit(model, mse, **options)
    return weights(model)


# Numbers


@pytest.mark.parametrize("kind", [np.int64, np.int32, np.uint8])
def test_numpys_whole_numbers_are_whole_numbers(kind):
    plain = trained(epochs=3, batch_size=5, seed=7)
    assert torch.equal(trained(epochs=kind(3), batch_size=kind(5), seed=kind(7)), plain)
    assert evaluate(linear(), data(), mse, kind(3)) == evaluate(linear(), data(), mse, 3)


@pytest.mark.parametrize("kind", [np.float64, np.float32, np.float16])
def test_numpys_real_numbers_are_real_numbers(kind):
    plain = trained(learning_rate=0.0625, weight_decay=0.5)
    assert torch.equal(trained(learning_rate=kind(0.0625), weight_decay=kind(0.5)), plain)


@pytest.mark.parametrize("seed", [-1, -(2**63), 2**32, 2**64 - 1])
def test_every_seed_that_pytorch_takes_is_taken(seed):
    def augment(x):
        return x + np.float32(np.random.normal()) * random.random()  # noqa: NPY002

    assert torch.equal(trained(seed=seed, augment=augment), trained(seed=seed, augment=augment))
    assert not torch.equal(trained(seed=seed), trained(seed=5))


def test_a_batch_larger_than_any_data_is_all_data():
    assert torch.equal(trained(batch_size=10**30), trained(batch_size=N))


# Generators

DRAWS = {
    "numpy": lambda: float(np.random.normal()),  # noqa: NPY002
    "python": random.random,
    "torch": lambda: float(torch.rand(())),
}


@pytest.mark.parametrize("name", DRAWS)
def test_the_seed_holds_for_every_global_generator(name):
    draw = DRAWS[name]

    def train(seed, before):
        random.seed(before), np.random.seed(before), torch.manual_seed(before)  # noqa: NPY002
        return trained(seed=seed, augment=lambda x: x + draw(), test_data=data(4))

    assert torch.equal(train(3, before=1), train(3, before=2))
    assert not torch.equal(train(3, before=1), train(4, before=1))


@pytest.mark.parametrize("name", DRAWS)
def test_held_out_loss_draws_the_same_numbers_after_each_epoch_and_none_of_the_trainings(name):
    draws = {True: [], False: []}

    def loss(model, x):
        draws[model.training].append(DRAWS[name]())
        return mse(model, x)

    small_fit(linear(), loss, test_data=data(4))
    assert len(draws[False]) == 3 and len(set(draws[False])) == 1
    alone = draws[True].copy()
    draws[True].clear()
    small_fit(linear(), loss)
    assert draws[True] == alone and len(set(alone)) == 3 * STEPS


@pytest.mark.parametrize("ending", [None, KeyboardInterrupt, KeyError, math.nan])
def test_every_global_generator_is_left_as_it_was(ending):
    def noise(value):
        value = value + 0 * sum(draw() for draw in DRAWS.values())
        return value * ending if isinstance(ending, float) else value

    def states():
        return [random.getstate(), repr(np.random.get_state()), torch.get_rng_state().tolist(), torch.initial_seed()]  # noqa: NPY002

    before = states()
    changes = {3: noise} | ({6: ending} if isinstance(ending, type) else {})
    try:
        small_fit(noisy(), Recorder(changes), seed=11)
    except (TrainingDiverged, KeyError):
        assert ending not in (None, KeyboardInterrupt)
    assert states() == before


def test_training_on_the_cpu_leaves_the_generators_of_gpus_alone(monkeypatch):
    model = noisy()
    monkeypatch.setattr(torch.cuda, "manual_seed_all", lambda seed: pytest.fail("a GPU was seeded"))
    small_fit(model, mse, test_data=data(4))


@pytest.mark.parametrize("error", [None, KeyError, KeyboardInterrupt])
@pytest.mark.parametrize("kind", ["cuda", "mps"])
def test_generators_of_gpus_are_put_back_whatever_the_ending(kind, error, monkeypatch):
    """There need be no GPU: only the calls are seen, for each of two CUDA devices or for the one of MPS."""
    generators = {0: "first", 1: "second"} if kind == "cuda" else {"mps": "only"}
    before, module = generators.copy(), getattr(torch, kind)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    monkeypatch.setattr(module, "get_rng_state", lambda device="mps": generators[device])
    monkeypatch.setattr(module, "set_rng_state", lambda state, device="mps": generators.update({device: state}))
    monkeypatch.setattr(torch, "manual_seed", lambda seed: generators.update(dict.fromkeys(generators, seed)))
    with contextlib.suppress(KeyError, KeyboardInterrupt), seeded(7, torch.device(kind)):
        assert set(generators.values()) == {7}
        if error:
            raise error
    assert generators == before


# Modes


def encoder():
    """Return a frozen encoder in evaluation mode, with all that moves in training mode."""
    torch.manual_seed(1)
    inner = nn.Sequential(nn.Dropout(0.5), nn.BatchNorm1d(3, affine=False))
    return nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3), inner).eval().requires_grad_(False)


def with_head(part):
    torch.manual_seed(2)
    return nn.Sequential(part, nn.Dropout(0.5), nn.Linear(3, 3))


@pytest.mark.parametrize("nested", [False, True])
@pytest.mark.parametrize("fits", [1, 2])
def test_frozen_encoder_in_evaluation_mode_is_not_moved(nested, fits):
    part = encoder()
    before, modes = state(part), []
    model = with_head(nn.Sequential(part, nn.Linear(3, 3)) if nested else part)

    def loss(model, x):
        modes.append((any(module.training for module in part.modules()), model[1].training))
        return mse(model, x)

    for _ in range(fits):
        modes.clear()
        small_fit(model, loss, weight_decay=0.5, test_data=data(4))
        assert set(modes) == {(False, True), (False, False)}
    assert same(part, before)
    assert not any(module.training for module in model.modules())


def test_a_layer_of_a_frozen_part_may_rest_alone():
    part = encoder().train()
    part[2][1].eval()  # without parameters of its own
    before = state(part)
    small_fit(with_head(part), mse)
    after = part.state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert moved == {"1.running_mean", "1.running_var", "1.num_batches_tracked"}


def test_what_is_not_frozen_trains_though_it_was_in_evaluation_mode():
    model = normed(nn.Dropout(0.5))
    small_fit(model, mse)
    modes = []
    model[0].requires_grad_(False)  # a part that is frozen, but has nothing to keep
    before = state(model)
    small_fit(model, lambda model, x: (modes.append([m.training for m in model[1:]]), mse(model, x))[1])
    assert all(all(mode) for mode in modes)
    assert not torch.equal(model[1].running_mean, before["1.running_mean"])
    assert torch.equal(model[0].weight, before["0.weight"])


def test_a_part_that_is_frozen_only_in_part_trains():
    part = encoder()
    part[1].requires_grad_(True)
    before, dropout = state(part), []
    small_fit(with_head(part), lambda model, x: (dropout.append(part[2][0].training), mse(model, x))[1])
    assert set(dropout) == {True}
    moved = {name for name, value in part.state_dict().items() if not torch.equal(value, before[name])}
    names = ("weight", "bias", "running_mean", "running_var", "num_batches_tracked")
    assert moved == {f"1.{name}" for name in names} | {f"2.1.{name}" for name in names[2:]}


def test_frozen_parameters_stay_bit_for_bit():
    model = normed()
    model[0].weight.requires_grad_(False)
    model[3 - 1].bias.requires_grad_(False)
    model[0].weight.grad = torch.ones(4, 3)  # left over from before it was frozen
    before = state(model)
    small_fit(model, mse, weight_decay=0.5)
    kept = {name for name, value in model.state_dict().items() if torch.equal(value, before[name])}
    assert kept == {"0.weight", "2.bias"}


# Batches


@pytest.mark.parametrize(
    ("rows", "batch_size", "sizes"),
    [(9, 4, [4, 5]), (5, 4, [5]), (3, 2, [3]), (10, 4, [4, 4, 2]), (8, 4, [4, 4]), (2, 4, [2]), (129, 64, [64, 65])],
)
def test_last_batch_of_one_joins_the_batch_before_where_a_batchnorm_trains(rows, batch_size, sizes, capsys):
    recorder = Recorder()
    history = fit(normed(), data(rows), recorder, epochs=3, batch_size=batch_size)
    assert [len(batch[0]) for batch in recorder.batches] == sizes * 3
    size = len(sizes)
    for epoch in range(3):
        rows_seen = torch.cat([batch[0] for batch in recorder.batches[epoch * size : (epoch + 1) * size]])
        assert torch.equal(rows_seen[:, 0].sort().values, data(rows)[:, 0].sort().values)
    assert len(history.train) == 3
    told = "joins the last batch" in capsys.readouterr().out
    assert told == (max(sizes) > batch_size)


def resting_norm():
    model = normed()
    model[1].eval().requires_grad_(False)
    return model


@pytest.mark.parametrize("make", [linear, resting_norm, lambda: nn.Sequential(nn.Linear(3, 3), nn.LayerNorm(3))])
def test_without_a_batchnorm_in_training_the_last_batch_may_be_of_one(make):
    recorder = Recorder()
    fit(make(), data(9), recorder, epochs=1, batch_size=4)
    assert [len(batch[0]) for batch in recorder.batches] == [4, 4, 1]


@pytest.mark.parametrize(("rows", "batch_size"), [(1, 128), (5, 1), (1, 1)])
def test_batchnorm_on_single_examples_is_named(rows, batch_size):
    model = normed()
    before = state(model)
    with pytest.raises(
        ValueError, match="more than 1 value per channel .*such as BatchNorm needs at least two examples"
    ):
        fit(model, data(rows), mse, epochs=1, batch_size=batch_size)
    assert same(model, before)
    assert all(module.training for module in model.modules())


def test_batchnorm_over_pixels_learns_from_one_image():
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    x = torch.rand(3, 1, 6, 6)
    assert len(fit(model, x, lambda model, x: model(x).square().mean(), epochs=2, batch_size=1).train) == 2


def test_evaluate_shares_out_too_where_a_batchnorm_keeps_no_statistics():
    model = nn.Sequential(nn.BatchNorm1d(3, track_running_stats=False))
    lengths = []
    evaluate(model, data(9), lambda model, x: (lengths.append(len(x)), mse(model, x))[1], batch_size=4)
    assert lengths == [4, 5]


# The schedule


@pytest.mark.parametrize("steps", [1, 2, 3, 5, 9])
def test_few_steps_go_at_full_speed(steps):
    models = linear(), linear()
    for model, schedule in zip(models, ("one-cycle", "constant"), strict=True):
        fit(model, data(), mse, epochs=steps, batch_size=N, learning_rate=0.01, schedule=schedule)
    assert torch.equal(weights(models[0]), weights(models[1]))
    start = evaluate(linear(), data(), mse)
    assert evaluate(models[0], data(), mse) < start * (1 - 0.005 * steps)


@pytest.mark.parametrize("epochs", [10, 11, 25])
def test_from_ten_steps_on_the_cycle_is_pytorchs(epochs):
    model, naive = linear(), linear()
    fit(model, data(), mse, epochs=epochs, batch_size=N, learning_rate=0.03, seed=9)
    optimizer = torch.optim.AdamW(naive.parameters(), lr=0.03, weight_decay=0, fused=True)
    cycle = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.03, epochs)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        for _ in range(epochs):
            optimizer.zero_grad()
            mse(naive, data()[torch.randperm(N)]).backward()
            optimizer.step()
            cycle.step()
    assert torch.equal(weights(model), weights(naive))


# Data


def test_data_that_carry_a_graph_are_cut_off():
    before = linear(seed=3)
    codes = before(data())
    leaf = data().requires_grad_()
    for x in (codes, leaf, (codes, codes * 2)):
        loss = regression if isinstance(x, tuple) else mse
        history = fit(linear(), x, loss, epochs=3, batch_size=4, test_data=x)
        assert len(history.train) == len(history.test) == 3
        evaluate(linear(), x, loss)
    assert leaf.grad is None and before.weight.grad is None
    codes.sum().backward()  # and the graph is still whole


def test_a_graph_from_outside_that_the_loss_uses_is_named():
    codes = linear(seed=3)(data()).mean()
    model = linear()
    start = weights(model)
    with pytest.raises(ValueError, match=r"^loss.*a second time .*\.detach\(\)"):
        small_fit(model, lambda model, x: mse(model, x) * codes.exp())
    assert torch.equal(weights(model), start)


@pytest.mark.parametrize(
    "make",
    [
        lambda x: x[:1].expand(8, 3),
        lambda x: x.T.contiguous().T,
        lambda x: x.flip(0)[::2],
        lambda x: nn.Parameter(x),
        lambda x: x[:, :1].expand(-1, 3),
    ],
    ids=range(5),
)
def test_data_of_any_layout_are_trained_with_and_stay_as_they_are(make):
    def in_place(model, x):
        x.mul_(0.5).add_(1)
        return mse(model, x)

    x = make(data())
    before = x.detach().clone()
    models = linear(), linear()
    small = {"epochs": 2, "batch_size": 3, "augment": lambda x: x.sub_(1)}
    for model, version in zip(models, (x, before.clone()), strict=True):
        fit(model, version, in_place, test_data=version, **small)
    assert torch.equal(weights(models[0]), weights(models[1]))
    assert evaluate(models[0], x, in_place, 3) == evaluate(models[1], before.clone(), in_place, 3)
    assert torch.equal(x, before)


def test_data_made_in_inference_mode_are_trained_with():
    with torch.inference_mode():
        x = data() + 0
    assert len(fit(linear(), x, mse, epochs=2, test_data=x).train) == 2


@pytest.mark.parametrize("model", [nn.Identity(), nn.BatchNorm1d(3, affine=False)], ids=["nothing", "buffers"])
def test_evaluate_works_without_parameters(model):
    expected = mse(model.eval(), data()).item()
    assert evaluate(model, data(), mse, 5) == pytest.approx(expected, abs=1e-6)


TRAIN_LONG = """
import resource, torch
from torch import nn
from lessons_lib.training import fit
torch.set_num_threads(1)
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
x = torch.randint(14, (14_400, 300))
model = nn.Sequential(nn.Embedding(14, 16), nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 14))
def loss(model, x):
    return nn.functional.cross_entropy(model(x).transpose(1, 2), x, reduction="none").sum(1).mean()
fit(model, x[:240], loss, epochs=1, batch_size=24)
before = peak()
fit(model, x, loss, epochs=1, batch_size=24)
print(peak() - before)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="counts memory as Linux does")
def test_a_long_epoch_takes_no_more_memory_than_a_short_one():
    """What a step leaves behind must not scatter the free memory: it did, 0.25 MB a step here."""
    run = subprocess.run([sys.executable, "-c", TRAIN_LONG], capture_output=True, text=True, check=True)
    assert float(run.stdout.splitlines()[-1]) < 60  # MB, in 600 steps
