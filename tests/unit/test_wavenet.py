"""The small WaveNet: what it sees, and three ways to generate that agree."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib.models import WaveNet, delayed, generate_sound, generate_sound_anew

DILATIONS = st.lists(st.integers(1, 6), min_size=1, max_size=4)


def make(dilations, seed=0):
    torch.manual_seed(seed)
    return WaveNet(dilations, conditions=3, levels=5, channels=6).double()


def gradients(model, time=40):
    """Return for each output (row) whether it depends on each sample's vector (column)."""
    codes = torch.randint(5, (1, time))
    vectors = []
    hook = model.start.register_forward_hook(lambda part, given, out: vectors.append(out))
    logits = model(codes, torch.randn(1, time, 3, dtype=torch.double))
    hook.remove()
    rows = [torch.autograd.grad(row.square().sum(), vectors[0], retain_graph=True)[0] for row in logits[0]]
    return torch.stack([row[0].abs().sum(dim=1) for row in rows])


@settings(max_examples=20, deadline=None)
@given(dilations=DILATIONS)
def test_no_sample_sees_itself_or_its_future_nor_beyond_its_window(dilations):
    seen = gradients(make(dilations))
    distance = torch.arange(40)[:, None] - torch.arange(40)
    assert (seen[distance <= 0] == 0).all()
    assert (seen[distance > 1 + sum(dilations)] == 0).all()
    assert (seen[(distance == 1) | (distance == 1 + sum(dilations))] > 0).all()


def test_every_sample_of_a_doubling_window_is_seen_and_a_forgotten_shift_shows():
    model = make([1, 2, 4, 8])
    assert (gradients(model)[-1] > 0).sum() == 16
    model.shift = 0
    assert gradients(model)[-1, -1] > 0


@pytest.mark.parametrize("steps", [0, 1, 3, 5, 9])
def test_delayed_is_what_stood_earlier(steps):
    x = torch.randn(2, 5, 4)
    late = delayed(x, steps)
    assert late.shape == x.shape
    for n in range(5):
        assert torch.equal(late[:, n], x[:, n - steps] if n >= steps else torch.zeros(2, 4))


@settings(max_examples=15, deadline=None)
@given(dilations=DILATIONS, seed=st.integers(0, 99), temperature=st.sampled_from([0.5, 1.0]))
def test_generating_with_what_was_kept_gives_the_same_samples(dilations, seed, temperature):
    model, found = make(dilations, seed), []
    conditions = torch.randn(3, 25, 3, dtype=torch.double)
    for way in (
        lambda: generate_sound(model, conditions, temperature),
        lambda: generate_sound_anew(model, conditions, temperature=temperature),
        lambda: generate_sound_anew(model, conditions, window=1 + sum(dilations), temperature=temperature),
    ):
        torch.manual_seed(seed)
        found.append(way())
    assert found[0].shape == (3, 25) and 0 <= found[0].min() and found[0].max() < 5
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])


def test_a_window_that_is_one_sample_too_short_gives_other_samples():
    model, conditions = make([1, 2, 4, 8]), torch.randn(40, 60, 3, dtype=torch.double)
    with torch.no_grad():  # so that every sample matters
        for weights in model.parameters():
            weights.mul_(3)
    found = []
    for window in (None, 16, 15):
        torch.manual_seed(0)
        found.append(generate_sound_anew(model, conditions, window))
    assert torch.equal(found[0], found[1]) and not torch.equal(found[0], found[2])


def test_at_a_temperature_near_zero_the_likeliest_level_is_drawn():
    model, conditions = make([1, 2]), torch.randn(4, 20, 3, dtype=torch.double)
    codes = generate_sound(model, conditions, temperature=1e-6)
    assert torch.equal(codes, model(codes, conditions).argmax(dim=2))
    assert not torch.equal(codes, generate_sound(model, conditions))
    assert torch.equal(codes, generate_sound_anew(model, conditions, temperature=1e-6))


def test_samples_follow_the_models_probabilities():
    model = make([1, 2])
    conditions = torch.zeros(20_000, 1, 3, dtype=torch.double)
    counts = torch.bincount(generate_sound(model, conditions)[:, 0], minlength=5) / 20_000
    wanted = model(torch.zeros(1, 1, dtype=torch.long), conditions[:1])[0, 0].softmax(0)
    torch.testing.assert_close(counts.double(), wanted.detach(), atol=0.015, rtol=0)


def test_conditions_matter_and_every_weight_learns():
    model, codes = make([1, 2]), torch.randint(5, (4, 30))
    one, other = (model(codes, torch.full((4, 30, 3), value, dtype=torch.double)) for value in (0.0, 1.0))
    assert (one - other).abs().max() > 1e-3
    other.square().mean().backward()
    assert all(weights.grad.abs().sum() > 0 for weights in model.parameters())
