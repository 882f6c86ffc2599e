"""The synthesised sounds: their recipes, their pitch, and the instrument that measures it."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib.datasets import growl, measured_pitch, plucked_string
from lessons_lib.datasets.sounds import RATE


@pytest.mark.parametrize("make", [lambda **o: plucked_string(30, 3, **o), lambda **o: growl(3, **o)])
def test_sounds_are_loud_enough_lie_within_one_and_come_back_the_same(make):
    sounds = make(samples=1000, seed=5)
    assert sounds.shape == (3, 1000) and sounds.dtype == torch.float32
    assert 0.5 < sounds.abs().max() <= 1
    assert (sounds[:, -400:].std(dim=1) > 0.05).all()  # none is silent
    assert torch.equal(sounds, make(samples=1000, seed=5))
    other = make(samples=1000, seed=6)
    assert not any(torch.equal(one, two) for one in sounds for two in other)
    assert not torch.equal(sounds[0], sounds[1])


@settings(max_examples=20, deadline=None)
@given(period=st.integers(10, 60), seed=st.integers(0, 99))
def test_string_is_the_mean_of_two_samples_one_period_ago(period, seed):
    x = plucked_string(period, 2, 500, seed).double()
    n = np.arange(period + 1, 500)
    torch.testing.assert_close(x[:, n], 0.5 * (x[:, n - period] + x[:, n - period - 1]), atol=1e-6, rtol=0)
    assert x[:, : period + 1].mean(dim=1).abs().max() < 1e-6


@settings(max_examples=20, deadline=None)
@given(period=st.integers(10, 60), bend=st.floats(1.5, 1.99))
def test_growl_is_the_bent_mean(period, bend):
    x = growl(2, 500, period, bend).double()
    n = np.arange(period + 1, 500)
    u = 0.5 * (x[:, n - period] + x[:, n - period - 1])
    torch.testing.assert_close(x[:, n], 1 - bend * u**2, atol=1e-6, rtol=0)


@pytest.mark.parametrize("period", [16, 18, 24, 33, 40, 48, 54, 80])
def test_string_has_the_pitch_that_is_stated_and_dies_away(period):
    for sound in plucked_string(period, 4, seed=period):
        for part in sound.split(800):
            assert measured_pitch(part) == pytest.approx(RATE / (period + 0.5), rel=0.005)
        # A round takes this much of the pitch itself, and more of what lies above it.
        rounds = 4000 / (period + 0.5)
        assert 0 < sound[-800:].std() / sound[:800].std() <= 1.01 * np.cos(np.pi / (period + 0.5)) ** rounds


@pytest.mark.parametrize("period", [20, 30])
def test_growl_has_the_pitch_that_is_stated_or_an_octave_below_and_goes_on(period):
    sounds = growl(20, 8000, period, seed=1)
    found = np.array([measured_pitch(sound[-1600:], lowest=40) for sound in sounds])
    stated = RATE / (2 * period + 1)
    assert np.mean(np.abs(found / stated - 1) < 0.01) >= 0.6
    assert (sounds[:, -800:].std(dim=1) > 0.3).all()
    assert (sounds[:, -800:] - sounds[:, -1600:-800]).abs().max() > 0.1  # it never repeats


@settings(max_examples=50, deadline=None)
@given(pitch=st.floats(85, 480), loudness=st.floats(1e-3, 1), phase=st.floats(0, 6), constant=st.floats(-1, 1))
def test_pitch_of_a_tone_is_measured(pitch, loudness, phase, constant):
    t = np.arange(800) / RATE
    tone = loudness * (np.sin(2 * np.pi * pitch * t + phase) + 0.5 * np.sin(4 * np.pi * pitch * t)) + constant
    assert measured_pitch(tone) == pytest.approx(pitch, rel=0.005)


def test_pitch_is_no_octave_below_and_survives_noise():
    t = np.arange(800) / RATE
    tone = np.sin(2 * np.pi * 400 * t)
    noisy = tone + 0.1 * np.random.default_rng(0).normal(size=800)
    assert measured_pitch(tone) == pytest.approx(400, rel=0.001)
    assert measured_pitch(noisy) == pytest.approx(400, rel=0.01)
    assert measured_pitch(tone, rate=4000) == pytest.approx(200, rel=0.001)


def test_noise_and_silence_have_no_pitch_that_stays():
    assert np.isnan(measured_pitch(np.zeros(800))) and np.isnan(measured_pitch(np.ones(800)))
    noise = np.random.default_rng(0).normal(size=(20, 800))
    found = [measured_pitch(part) for part in noise]
    assert np.std(found) > 50


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: plucked_string(9, 1), "period is 9; it must be a whole number from 10 to 400"),
        (lambda: plucked_string(20.5, 1), "period is 20.5"),
        (lambda: plucked_string(20, 0), "notes is 0"),
        (lambda: plucked_string(20, 1, 0), "samples is 0"),
        (lambda: plucked_string(20, 1, seed=-1), "seed is -1"),
        (lambda: growl(0), "notes is 0"),
        (lambda: growl(1, period=401), "period is 401"),
        (lambda: growl(1, bend=2.1), "bend is 2.1; it must lie from 1.5 to 1.99"),
        (lambda: growl(1, bend="a"), "bend is 'a'"),
        (lambda: growl(1, seed=None), "seed is None"),
        (lambda: measured_pitch(np.zeros((2, 800))), r"sound has shape \(2, 800\); it must be \(n,\)"),
        (lambda: measured_pitch(np.zeros(100)), "sound has shape .* at least 200 samples"),
        (lambda: measured_pitch([np.nan] * 800), "sound holds values that are infinite or not a number"),
        (lambda: measured_pitch(np.zeros(800), lowest=500, highest=80), "lowest is 500 and highest 80"),
        (lambda: measured_pitch(np.zeros(800), highest=5000), "lowest is 80 and highest 5000"),
        (lambda: measured_pitch(np.zeros(800), rate=0), "rate is 0"),
    ],
)
def test_bad_arguments_are_named(call, sentence):
    with pytest.raises(ValueError, match=sentence) as refusal:
        call()
    assert "\n" not in str(refusal.value) and re.match(r"\w+ ", str(refusal.value))
