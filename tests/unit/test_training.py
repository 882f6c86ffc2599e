"""The training loop: against naive loops, against PCA, and when it is stopped or fails."""

import copy
import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import subspace_angles
from sklearn.decomposition import PCA
from torch import nn

from lessons_lib import training
from lessons_lib.training import History, TrainingDiverged, evaluate, fit

N = 16
BATCH = 4
STEPS = N // BATCH  # an epoch


def mse(model, x):
    return (model(x) - x).square().mean()


def regression(model, x, y):
    return (model(x) - y).square().mean()


def data(n=N, seed=0):
    return torch.randn(n, 3, generator=torch.Generator().manual_seed(seed))


def linear(seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Linear(3, 3)


def noisy():
    """A model that draws random numbers while it is trained."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 3))


def weights(model):
    return torch.cat([parameter.detach().flatten() for parameter in model.parameters()]).clone()


class Recorder:
    """A loss that remembers the weights at each training step, and may answer otherwise at one of them.

    ``at`` maps the number of a step, from 1, to what changes the loss there: a function or an exception.
    """

    def __init__(self, at=None, loss=mse):
        self.at, self.loss = at or {}, loss
        self.before, self.batches = [], []

    def __call__(self, model, *batch):
        value = self.loss(model, *batch)
        if not model.training:
            return value
        self.before.append(weights(model))
        self.batches.append([piece.clone() for piece in batch])
        change = self.at.get(len(self.before))
        if isinstance(change, type):
            raise change
        return change(value) if change else value

    def after_epoch(self, epoch, steps=STEPS):
        """Return the weights with which the next epoch began."""
        return self.before[epoch * steps]


def small_fit(model, loss, **options):
    return fit(model, data(), loss, **{"epochs": 3, "batch_size": BATCH, "learning_rate": 0.01} | options)


def test_loss_falls():
    model = linear()
    start = evaluate(model, data(), mse)
    history = small_fit(model, mse, epochs=20)
    assert len(history.train) == 20
    assert evaluate(model, data(), mse) < 0.5 * start
    assert history.train[-1] < history.train[0]
    assert not history.interrupted and history.test == [] and history.parts == {}


def test_same_seed_gives_the_same_weights_whatever_was_drawn_before():
    def train(seed, draws):
        torch.manual_seed(draws)
        model = noisy()
        small_fit(model, mse, seed=seed, augment=lambda x: x + 0.1 * torch.randn_like(x))
        return weights(model)

    assert torch.equal(train(3, draws=1), train(3, draws=2))
    assert not torch.equal(train(3, draws=1), train(4, draws=1))


@pytest.mark.parametrize("ending", [None, KeyboardInterrupt, math.nan])
def test_global_generators_are_left_as_they_were(ending):
    change = (lambda value: value * ending) if isinstance(ending, float) else ending
    before = torch.get_rng_state(), np.random.get_state()[1].copy()  # noqa: NPY002
    try:
        small_fit(noisy(), Recorder({6: change}))
    except TrainingDiverged:
        assert isinstance(ending, float)
    assert torch.equal(torch.get_rng_state(), before[0])
    np.testing.assert_array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


def test_batches_are_in_the_same_order_whatever_the_default_device_is():
    data, orders = torch.arange(20.0)[:, None], []

    def loss(model, x):
        orders[-1].append(x.clone())
        return model(x).square().mean()

    for device in ("cpu", "meta"):  # which stands for a GPU
        model = nn.Linear(1, 1)
        orders.append([])
        with torch.device(device):
            fit(model, data, loss, epochs=1, batch_size=5, seed=0)
    assert torch.equal(*(torch.cat(order) for order in orders))


def test_every_epoch_visits_every_example_once_in_another_order():
    recorder = Recorder()
    fit(linear(), torch.arange(30.0).view(10, 3), recorder, epochs=3, batch_size=BATCH, learning_rate=1e-4)
    firsts = [batch[0][:, 0].tolist() for batch in recorder.batches]
    assert [len(first) for first in firsts] == [4, 4, 2] * 3
    orders = [sum(firsts[i : i + 3], []) for i in (0, 3, 6)]
    assert all(sorted(order) == list(range(0, 30, 3)) for order in orders)
    assert orders[0] != orders[1] != orders[2]


def test_pieces_of_a_tuple_stay_together():
    x = data()
    recorder = Recorder(loss=regression)
    fit(linear(), (x, 2 * x), recorder, epochs=2, batch_size=5, learning_rate=1e-4)
    assert len(recorder.batches) == 2 * 4
    assert all(torch.equal(2 * piece, target) for piece, target in recorder.batches)


def test_augmentation_changes_the_first_piece_of_training_batches_only():
    seen = {True: [], False: []}

    def loss(model, x, y):
        seen[model.training].append((x.min().item() > 50, y.abs().max().item() < 50))
        return regression(model, x, y)

    fit(linear(), (data(), data()), loss, epochs=2, test_data=(data(), data()), augment=lambda x: x + 100)
    assert set(seen[True]) == {(True, True)}
    assert set(seen[False]) == {(False, True)}


def test_named_parts_are_recorded_and_add_up():
    def loss(model, x):
        reconstruction, size = mse(model, x), 0.1 * model.weight.square().sum()
        return reconstruction + size, {"reconstruction": reconstruction, "size": size}

    history = small_fit(linear(), loss)
    assert list(history.parts) == ["reconstruction", "size"]
    assert all(len(values) == 3 for values in history.parts.values())
    np.testing.assert_allclose(np.sum(list(history.parts.values()), 0), history.train, rtol=1e-6)
    assert all(value > 0 for values in history.parts.values() for value in values)


def test_evaluate_understands_named_parts():
    model = linear()
    assert evaluate(model, data(), lambda model, x: (mse(model, x), {"all": mse(model, x)})) == evaluate(
        model, data(), mse
    )


def test_training_loss_weighs_every_example_alike():
    model = linear()
    x = torch.zeros(5, 3)
    x[0] = 10.0
    history = fit(model, x, mse, epochs=1, batch_size=4, learning_rate=1e-12, schedule="constant")
    assert history.train[0] == pytest.approx(evaluate(model, x, mse), rel=1e-4)


def test_held_out_history_is_what_evaluate_says_after_each_epoch():
    held_out = data(7, seed=1)
    for epochs in (1, 2, 3):
        model = noisy()
        history = small_fit(model, mse, epochs=epochs, test_data=held_out, schedule="constant")
        assert len(history.test) == epochs
        assert history.test[-1] == pytest.approx(evaluate(model, held_out, mse), rel=1e-6)
    assert len(set(history.test)) == 3


def test_held_out_data_do_not_change_the_training():
    models = noisy(), noisy()
    small_fit(models[0], mse)
    small_fit(models[1], mse, test_data=data(7, seed=1))
    assert torch.equal(weights(models[0]), weights(models[1]))


def test_model_is_left_in_evaluation_mode():
    model = noisy()
    small_fit(model, mse)
    assert not any(module.training for module in model.modules())


def step_sizes(schedule):
    """Return how far one weight with a constant gradient moves at each of 40 steps: Adam's learning rate."""
    recorder = Recorder(loss=lambda model, x: model.weight.sum())
    model = nn.Linear(1, 1, bias=False)
    fit(model, torch.zeros(40, 1), recorder, epochs=10, batch_size=10, learning_rate=0.1, schedule=schedule)
    return -torch.cat([*recorder.before, weights(model)]).diff()


def test_constant_schedule_keeps_the_learning_rate():
    torch.testing.assert_close(step_sizes("constant"), torch.full((40,), 0.1), rtol=1e-3, atol=1e-6)


def test_one_cycle_schedule_warms_up_and_anneals_to_almost_zero():
    steps = step_sizes("one-cycle")
    peak = int(steps.argmax())
    assert 8 <= peak <= 16
    assert (steps[: peak + 1].diff() > 0).all() and (steps[peak:].diff() < 0).all()
    assert steps[0] < 0.02 and steps[-1] < 1e-4
    assert 0.08 < steps.max() < 0.101  # Adam's momentum moves with the cycle and takes a little


def test_default_schedule_is_one_cycle():
    models = linear(), linear(), linear()
    small_fit(models[0], mse)
    small_fit(models[1], mse, schedule="one-cycle")
    small_fit(models[2], mse, schedule="constant")
    assert torch.equal(weights(models[0]), weights(models[1]))
    assert not torch.equal(weights(models[0]), weights(models[2]))


def test_one_step_of_training_is_possible():
    history = fit(linear(), data(3), mse, epochs=1, batch_size=100)
    assert len(history.train) == 1 and math.isfinite(history.train[0])


@pytest.mark.parametrize("batch_size", [5, 16])
def test_constant_schedule_without_decay_is_plain_adam(batch_size):
    x, epochs = data(), 6
    model, naive = linear(), linear()
    history = fit(model, x, mse, epochs=epochs, batch_size=batch_size, learning_rate=0.03, schedule="constant", seed=9)
    optimizer = torch.optim.Adam(naive.parameters(), lr=0.03)
    means = []
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(9)
        for _ in range(epochs):
            order = torch.randperm(len(x))
            means.append(0.0)
            for start in range(0, len(x), batch_size):
                optimizer.zero_grad()
                loss = mse(naive, x[order[start : start + batch_size]])
                loss.backward()
                optimizer.step()
                means[-1] += loss.item() * len(order[start : start + batch_size]) / len(x)
    torch.testing.assert_close(weights(model), weights(naive), rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(history.train, means, rtol=1e-5)


def test_weight_decay_shrinks_apart_from_the_loss():
    model = linear()
    start = weights(model)
    small_fit(model, lambda model, x: 0 * mse(model, x), schedule="constant", learning_rate=0.1, weight_decay=0.5)
    torch.testing.assert_close(weights(model), start * (1 - 0.1 * 0.5) ** (3 * STEPS))


def test_linear_autoencoder_converges_to_pca():
    torch.manual_seed(0)
    x = torch.randn(300, 3) * torch.tensor([3.0, 2.0, 1.5]) @ torch.randn(3, 10) / 3 + 0.2 * torch.randn(300, 10)
    x -= x.mean(0)
    model = nn.Sequential(nn.Linear(10, 3, bias=False), nn.Linear(3, 10, bias=False))
    fit(model, x, mse, epochs=300, batch_size=50, learning_rate=0.02)
    pca = PCA(3).fit(x.numpy())
    rest = np.square(x.numpy() - pca.inverse_transform(pca.transform(x.numpy()))).mean()
    assert rest * (1 - 1e-6) <= evaluate(model, x, mse) <= 1.01 * rest
    angles = subspace_angles(model[1].weight.detach().numpy(), pca.components_.T)
    assert np.degrees(angles.max()) < 1
    shuffled = subspace_angles(np.random.default_rng(0).normal(size=(10, 3)), pca.components_.T)
    assert np.degrees(shuffled.max()) > 30  # control: another plane would be noticed


def bump(at_epochs):
    """Return changes that add to the training loss of whole epochs, so that another epoch is the best."""
    return {
        epoch * STEPS + step + 1: (lambda value, by=by: value + by)
        for epoch, by in at_epochs.items()
        for step in range(STEPS)
    }


@pytest.mark.parametrize("stop", [3 * STEPS + 1, 3 * STEPS + 2, 4 * STEPS])
def test_interrupt_keeps_the_weights_of_the_best_epoch(stop, capsys):
    model = linear()
    recorder = Recorder(bump({0: 9, 2: 9}) | {stop: KeyboardInterrupt})
    history = small_fit(model, recorder, epochs=10)
    assert history.interrupted
    assert len(history.train) == 3
    assert torch.equal(weights(model), recorder.after_epoch(2))
    assert not torch.equal(weights(model), recorder.after_epoch(3))
    assert not model.training
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 and "3 of 10 epochs" in lines[0]


def test_with_held_out_data_the_best_epoch_is_the_best_held_out():
    held_out = iter([3.0, 1.0, 2.0])

    def loss(model, x):
        return mse(model, x) if model.training else torch.tensor(next(held_out))

    model = linear()
    recorder = Recorder({3 * STEPS + 2: KeyboardInterrupt}, loss)
    history = small_fit(model, recorder, epochs=10, test_data=data(4))
    assert history.test == [3.0, 1.0, 2.0]
    assert torch.equal(weights(model), recorder.after_epoch(2))


def test_interrupt_in_the_first_epoch_keeps_what_there_is():
    model = linear()
    recorder = Recorder({3: KeyboardInterrupt})
    history = small_fit(model, recorder)
    assert history.interrupted and history.train == []
    assert torch.equal(weights(model), recorder.before[2])
    assert not torch.equal(weights(model), recorder.before[0])
    assert "before the first epoch" in repr(history)


def test_interrupt_while_the_first_epoch_is_evaluated_keeps_what_there_is():
    def loss(model, x):
        if not model.training:
            raise KeyboardInterrupt
        return mse(model, x)

    model = linear()
    start = weights(model)
    history = small_fit(model, loss, test_data=data(4))
    assert history.interrupted
    assert not torch.equal(weights(model), start)


def test_uninterrupted_training_ends_with_the_last_weights():
    model = linear()
    recorder = Recorder(bump({2: 9}))
    small_fit(model, recorder)
    assert not any(torch.equal(weights(model), before) for before in recorder.before)


@settings(max_examples=15, deadline=None)
@given(step=st.integers(1, 3 * STEPS), value=st.sampled_from([math.nan, math.inf, -math.inf]))
def test_divergence_names_the_step_and_keeps_the_best_epoch(step, value):
    model = linear()
    recorder = Recorder({step: lambda loss: loss * 0 + value})
    with pytest.raises(TrainingDiverged, match=rf"became {value} at step {step} \(epoch {(step - 1) // STEPS + 1} of"):
        small_fit(model, recorder)
    assert weights(model).isfinite().all()
    assert torch.equal(weights(model), recorder.after_epoch((step - 1) // STEPS))
    assert not model.training


def test_divergence_goes_back_to_the_best_epoch_not_the_last():
    model = linear()
    recorder = Recorder(bump({1: 9}) | {2 * STEPS + 2: lambda loss: loss * math.nan})
    with pytest.raises(TrainingDiverged, match=f"step {2 * STEPS + 2} .*smaller learning_rate than 0.01"):
        small_fit(model, recorder)
    assert torch.equal(weights(model), recorder.after_epoch(1))


def nan_gradient(model):
    """Return zero, with a gradient that is not a number."""
    return (0 * model.weight.sum()).sqrt()


def test_best_weights_are_finite_though_the_last_gradient_of_an_epoch_was_not():
    steps = []

    def loss(model, x):
        steps.append(len(steps) + 1)
        return mse(model, x) + (nan_gradient(model) if steps[-1] == STEPS else 0)

    model = linear()
    with pytest.raises(TrainingDiverged):
        small_fit(model, loss)
    assert weights(model).isfinite().all()


def test_training_does_not_end_well_with_weights_that_are_not_numbers():
    with pytest.raises(TrainingDiverged):
        small_fit(linear(), lambda model, x: mse(model, x) + nan_gradient(model), epochs=1, batch_size=N)


BAD_NUMBERS = [
    *[("epochs", value) for value in (0, -1, 1.5, math.nan, True)],
    *[("batch_size", value) for value in (0, -4, 2.5, math.nan, True)],
    *[("learning_rate", value) for value in (0, -0.1, math.nan, True)],
    *[("weight_decay", value) for value in (-0.1, math.nan)],
    *[("schedule", value) for value in ("cosine", None, 3)],
]
MISSED = [
    *[("epochs", value) for value in (math.inf, 2.0, "3", None)],
    *[("batch_size", value) for value in (math.inf, 2.0, "3", None)],
    *[("learning_rate", value) for value in (math.inf, "0.1", None)],
    *[("weight_decay", value) for value in (math.inf, "0.1", None)],
    *[("seed", value) for value in ("a", 1.5)],
]


@pytest.mark.parametrize(("name", "value"), BAD_NUMBERS)
def test_bad_setting_is_named(name, value):
    model = linear()
    start = weights(model)
    with pytest.raises(ValueError, match=f"^{name} is {value!r}; it must be"):
        small_fit(model, mse, **{name: value})
    assert torch.equal(weights(model), start)


@pytest.mark.parametrize(("name", "value"), MISSED)
def test_setting_of_another_type_is_named(name, value):
    with pytest.raises(ValueError, match=f"^{name} is "):
        small_fit(linear(), mse, **{name: value})


BAD_DATA = [
    np.zeros((4, 3)),
    "digits",
    torch.zeros(0, 3),
    (torch.zeros(4, 3), torch.zeros(3, 3)),
    (torch.zeros(4, 3), [0, 1, 2, 3]),
    torch.full((4, 3), math.nan),
    (torch.zeros(4, 3), torch.tensor([1, 2, 3, math.inf])),
]


@pytest.mark.parametrize("bad", BAD_DATA, ids=range(len(BAD_DATA)))
def test_bad_data_are_named(bad):
    with pytest.raises(ValueError, match="^data (holds|has) "):
        fit(linear(), bad, mse, epochs=1)
    with pytest.raises(ValueError, match="^test_data (holds|has) "):
        fit(linear(), data(), mse, epochs=1, test_data=bad)
    with pytest.raises(ValueError, match="^data (holds|has) "):
        evaluate(linear(), bad, mse)


@pytest.mark.parametrize("bad", [(), None, 3, torch.tensor(1.0)], ids=str)
def test_data_without_length_are_named(bad):
    with pytest.raises(ValueError, match="^data "):
        fit(linear(), bad, mse, epochs=1)


def test_model_without_parameters_is_named():
    with pytest.raises(ValueError, match="^model has no parameters"):
        fit(nn.Identity(), data(), mse, epochs=1)


@pytest.mark.parametrize(
    "bad", [lambda model, x: 1.0, lambda model, x: (model(x) - x).square()], ids=["number", "each"]
)
def test_loss_that_is_no_mean_is_named(bad):
    with pytest.raises(ValueError, match="^loss returned "):
        fit(linear(), data(), bad, epochs=1)
    with pytest.raises(ValueError, match="^loss returned "):
        evaluate(linear(), data(), bad)


@pytest.mark.parametrize("part", [1.0, torch.zeros(2)], ids=str)
def test_named_part_that_is_no_mean_is_named(part):
    with pytest.raises(ValueError, match="loss .*size"):
        small_fit(linear(), lambda model, x: (mse(model, x), {"size": part}))


@settings(max_examples=25, deadline=None)
@given(n=st.integers(1, 20), batch_size=st.integers(1, 25), seed=st.integers(0, 100))
def test_evaluate_does_not_depend_on_the_batch_size(n, batch_size, seed):
    model, x = noisy(), data(n, seed)
    y = data(n, seed + 1)
    expected = regression(model.eval(), x, y).item()
    assert evaluate(model, (x, y), regression, batch_size) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_evaluate_leaves_mode_weights_and_generator_as_they_were(training):
    model = noisy().train(training)
    start, state = copy.deepcopy(model.state_dict()), torch.get_rng_state()
    evaluate(model, data(), mse)
    assert all(module.training is training for module in model.modules())
    assert all(torch.equal(start[name], value) for name, value in model.state_dict().items())
    assert torch.equal(torch.get_rng_state(), state)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_evaluate_leaves_the_mode_though_the_loss_fails():
    model = noisy().train()
    with pytest.raises(KeyError):
        evaluate(model, data(), lambda model, x: {}["loss"])
    assert model.training


def test_evaluate_leaves_the_mode_of_every_part():
    model = noisy().train()
    model[1].eval()
    evaluate(model, data(), mse)
    assert model[0].training and not model[1].training


@pytest.mark.parametrize("batch_size", [0, -1, 2.5])
def test_evaluate_names_a_bad_batch_size(batch_size):
    with pytest.raises(ValueError, match="^batch_size is "):
        evaluate(linear(), data(), mse, batch_size)


def test_history_shows_itself_in_one_line():
    assert repr(History([3.0, 2.0])) == "2 epochs · training loss 2"
    assert repr(History([3.0, 2.0], [4.0, 2.5])) == "2 epochs · training loss 2 · held-out 2.5"


@pytest.mark.parametrize("batch_size", [BATCH, 1])  # 4 steps an epoch, or 16
def test_the_progress_bar_tells_the_loss_of_every_epoch_however_short(monkeypatch, batch_size):
    said = []
    monkeypatch.setattr(training.tqdm, "set_postfix_str", lambda bar, words: said.append(words))
    history = small_fit(linear(), mse, batch_size=batch_size)
    assert len(history.train) == 3 and [words.split(",")[0] for words in said] == ["epoch 1", "epoch 2", "epoch 3"]
    assert all(float(words.split()[-1]) > 0 for words in said)
