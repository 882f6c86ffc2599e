"""What training reports and how it ends: named parts, divergence, interrupts."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_training import STEPS, N, Recorder, bump, data, linear, mse, small_fit, weights
from test_training_state import normed, same, state
from torch import nn

from lessons_lib.training import TrainingDiverged, fit

# Parts


def test_parts_are_averaged_by_name():
    x = torch.tensor([1.0, 2, 3, 4, 5])[:, None].expand(5, 3)
    order = []

    def loss(model, x):
        parts = {"first": x.mean(), "second": 10 * x.mean()}
        if order:
            parts = dict(reversed(parts.items()))
        order.append(len(x))
        return mse(model, x), parts

    history = fit(linear(), x, loss, epochs=2, batch_size=2)
    assert order == [2, 2, 1] * 2
    assert history.parts["first"] == pytest.approx([3, 3])
    assert history.parts["second"] == pytest.approx([30, 30])


def test_part_that_some_batches_do_not_name_is_averaged_over_the_others():
    seen = []

    def loss(model, x):
        seen.append(x.mean().item())
        step = len(seen)
        parts = {"all": x.mean()}
        if step in (2, 3):
            parts = {"rare": x.mean(), **parts}
        if step == 5:
            parts["late"] = x.mean()
        return mse(model, x), parts

    history = fit(linear(), torch.arange(15.0).view(5, 3), loss, epochs=3, batch_size=2)
    assert history.parts["all"] == pytest.approx([7, 7, 7])
    assert history.parts["rare"] == pytest.approx([(2 * seen[1] + seen[2]) / 3, math.nan, math.nan], nan_ok=True)
    assert history.parts["late"] == pytest.approx([math.nan, seen[4], math.nan], nan_ok=True)


def test_part_that_is_a_weight_is_recorded_as_it_was_at_its_step():
    class Scale(nn.Module):
        def __init__(self):
            super().__init__()
            self.scale = nn.Parameter(torch.tensor(2.0))

        def forward(self, x):
            return self.scale * x

    def loss(model, x):
        return mse(model, x), {"scale": model.scale}

    history = fit(Scale(), data(), loss, epochs=1, batch_size=N, schedule="constant")
    assert history.parts == {"scale": [2.0]}


@pytest.mark.parametrize("dtype", [torch.float16, torch.float64, torch.int64], ids=str)
def test_part_of_another_type_is_recorded(dtype):
    history = small_fit(linear(), lambda model, x: (mse(model, x), {"rows": torch.tensor(len(x), dtype=dtype)}))
    assert history.parts == {"rows": [4.0] * 3}


def test_half_precision_does_not_overflow_in_the_history():
    model = linear().to(torch.float16)
    x = 100 * torch.ones(256, 3, dtype=torch.float16)
    history = fit(model, x, mse, epochs=1, batch_size=128, learning_rate=1e-4)
    assert 256 * history.train[0] > torch.finfo(torch.float16).max


# Endings


def held_out(values):
    """Return a loss whose held-out values are these, one an epoch."""
    values = iter(values)

    def loss(model, x):
        if model.training:
            return mse(model, x)
        value = next(values)
        if isinstance(value, type):
            raise value
        return torch.tensor(value)

    return loss


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(("before", "best"), [((), 0), ((3.0,), 1), ((1.0, 3.0), 1), ((3.0, 1.0), 2)])
def test_held_out_loss_that_is_not_finite_ends_as_a_training_loss_does(bad, before, best):
    model = linear()
    recorder = Recorder(loss=held_out([*before, bad]))
    epoch = len(before) + 1
    with pytest.raises(TrainingDiverged, match=rf"held-out loss became {bad} after epoch {epoch} of 5.*learning_rate"):
        small_fit(model, recorder, epochs=5, test_data=data(4))
    assert torch.equal(weights(model), recorder.after_epoch(best))
    assert not model.training


@pytest.mark.parametrize(("before", "best"), [((3.0,), 1), ((1.0, 3.0), 1), ((3.0, 1.0, 2.0), 2)])
def test_interrupt_while_held_out_data_are_evaluated_keeps_the_best_epoch(before, best):
    model = linear()
    recorder = Recorder(loss=held_out([*before, KeyboardInterrupt]))
    history = small_fit(model, recorder, epochs=9, test_data=data(4))
    assert history.test == list(before) and len(history.train) == len(before)
    assert torch.equal(weights(model), recorder.after_epoch(best))


def test_interrupt_in_the_first_epoch_does_not_keep_weights_that_are_no_numbers():
    def loss(model, x):
        loss.steps += 1
        if loss.steps == 3:
            raise KeyboardInterrupt
        return mse(model, x) * (math.nan if loss.steps == 1 else 1)

    loss.steps = 0
    model = linear()
    start = weights(model)
    assert small_fit(model, loss).interrupted
    assert torch.equal(weights(model), start)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from([0.0, 3.0, 9.0]), min_size=1, max_size=4), st.integers(1, STEPS), st.booleans())
def test_interrupt_never_goes_behind_the_best_epoch(bumps, step, diverges):
    change = (lambda value: value * math.nan) if diverges else KeyboardInterrupt
    model = linear()
    recorder = Recorder(bump(dict(enumerate(bumps))) | {len(bumps) * STEPS + step: change})
    try:
        history = small_fit(model, recorder, epochs=9, learning_rate=1e-3)
        assert history.interrupted and len(history.train) == len(bumps)
    except TrainingDiverged:
        assert diverges
    candidates = [epoch + 1 for epoch, by in enumerate(bumps) if by == min(bumps)]
    assert any(torch.equal(weights(model), recorder.after_epoch(epoch)) for epoch in candidates)


@pytest.mark.parametrize("ending", [KeyboardInterrupt, lambda value: value * math.nan], ids=["stop", "diverged"])
def test_second_interrupt_while_the_weights_are_put_back_is_not_lost_halfway(ending):
    class Impatient(nn.Linear):
        presses = 2

        def load_state_dict(self, weights, *arguments):
            if self.presses:
                self.presses -= 1
                with torch.no_grad():
                    self.weight.copy_(weights["weight"])  # half of it
                raise KeyboardInterrupt
            return super().load_state_dict(weights, *arguments)

    model = Impatient(3, 3)
    recorder = Recorder({2 * STEPS + 2: ending})
    try:
        small_fit(model, recorder)
    except TrainingDiverged:
        assert ending is not KeyboardInterrupt
    except KeyboardInterrupt:
        pytest.fail("the second interrupt came through")
    assert torch.equal(weights(model), recorder.after_epoch(2))


def test_statistics_that_overflow_end_the_training():
    model = normed()
    before = state(model)

    def loss(model, x):
        return mse(model, x) + 0 * model[1](1e30 * model[0](x)).sum().detach()

    with pytest.raises(TrainingDiverged, match="running statistics.* became infinite or not a number at step 4 "):
        small_fit(model, loss)
    assert same(model, before)


def test_a_mask_with_infinities_is_no_divergence():
    class Masked(nn.Linear):
        def __init__(self):
            super().__init__(3, 3)
            self.register_buffer("mask", torch.tensor([0.0, 0.0, -math.inf]))
            self.fixed = nn.Parameter(torch.tensor(-math.inf), requires_grad=False)

        def forward(self, x):
            return (super().forward(x) + self.mask).softmax(1)

    assert len(small_fit(Masked(), mse).train) == 3


def test_divergence_in_the_first_epoch_goes_back_to_the_start_statistics_and_all():
    model = normed()
    before = state(model)
    with pytest.raises(TrainingDiverged, match="step 3 "):
        small_fit(model, Recorder({3: lambda value: value * math.nan}))
    assert same(model, before)


def test_a_loss_that_fails_on_broken_weights_is_a_divergence():
    def loss(model, x):
        loss.steps += 1
        mean = model(x)
        if loss.steps == 3:  # a gradient that is not a number, of a loss that is one
            return mse(model, x) + (0 * model.weight.sum()).sqrt()
        return -torch.distributions.Normal(mean, 1.0).log_prob(x).mean()

    loss.steps = 0
    model = linear()
    with pytest.raises(TrainingDiverged, match="weights"):
        small_fit(model, loss)
    assert weights(model).isfinite().all()
