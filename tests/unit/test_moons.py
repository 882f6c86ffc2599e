"""Moons of true phase: how much is lit, where, and what is refused."""

import math

import numpy as np
import pytest
import torch

from lessons_lib.datasets import moons


@pytest.mark.parametrize("side", [8, 16, 33])
@pytest.mark.parametrize(("place", "radius"), [((0.5, 0.5), 0.3), ((0.41, 0.57), 0.37), ((0.5, 0.5), 0.5)])
def test_the_lit_share_of_the_disc_is_half_of_one_less_the_cosine(side, place, radius):
    phases = torch.linspace(0, 360, 73)
    lit = moons(phases, place, radius=radius, side=side).sum(1) / side**2 / (math.pi * radius**2)
    torch.testing.assert_close(lit, (1 - phases.deg2rad().cos()) / 2, atol=2e-3, rtol=0)


def test_a_pixel_is_the_share_of_its_points_that_are_lit():
    # By its definition, point by point: on the disc, and on the lit side of the half ellipse.
    side, radius, fine = 6, 0.35, 200
    points = (np.arange(side * fine) + 0.5) / (side * fine)
    for phase, place in ((0, (0.5, 0.5)), (70, (0.4, 0.6)), (90, (0.5, 0.5)), (130, (0.6, 0.4)), (250, (0.5, 0.45))):
        x, y = np.meshgrid(points - place[0], points - place[1])
        chord = np.sqrt((radius**2 - y**2).clip(0))
        x = x if phase <= 180 else -x
        lit = (np.abs(x) <= chord) & (x >= math.cos(math.radians(phase)) * chord) & (y**2 < radius**2)
        wanted = lit.reshape(side, fine, side, fine).mean((1, 3))
        picture = moons([phase], place, radius=radius, side=side).view(side, side)
        np.testing.assert_allclose(picture, wanted, atol=0.01)


def test_waning_is_waxing_in_the_mirror_and_up_is_like_down():
    phases = torch.linspace(0, 180, 19)
    waxing, waning = moons(phases, side=14).view(-1, 14, 14), moons(360 - phases, side=14).view(-1, 14, 14)
    torch.testing.assert_close(waning, waxing.flip(2))
    torch.testing.assert_close(waxing.flip(1), waxing)


def test_the_lit_part_grows_from_new_to_full_in_every_pixel():
    pictures = moons(torch.linspace(0, 180, 37), (0.44, 0.53), side=16)
    assert pictures[0].sum() == 0
    assert (pictures.diff(dim=0) >= -1e-6).all()


def test_half_and_its_mirror_image_make_the_full_moon():
    torch.testing.assert_close(moons([90]) + moons([270]), moons([180]))


def test_a_whole_pixel_further_is_the_same_picture_further():
    side = 20
    here = moons([125], (0.4, 0.45), side=side).view(side, side)
    there = moons([125], (0.4 + 3 / side, 0.45 + 2 / side), side=side).view(side, side)
    torch.testing.assert_close(there, here.roll((2, 3), (0, 1)))


def test_one_place_for_all_or_one_each():
    phases, places = [90, 180, 300], torch.tensor([[0.4, 0.5], [0.5, 0.6], [0.35, 0.35]])
    together = moons(phases, places)
    assert together.shape == (3, 400) and together.dtype == torch.float32
    for phase, place, picture in zip(phases, places, together, strict=True):
        torch.testing.assert_close(moons(phase, place)[0], picture)
    assert torch.equal(moons(phases, (0.4, 0.5)), moons(phases, [[0.4, 0.5]] * 3))
    assert moons([], (0.5, 0.5)).shape == (0, 400)


@pytest.mark.parametrize("vessel", [list, tuple, np.array, torch.tensor])
def test_phases_and_places_in_any_vessel(vessel):
    assert torch.equal(moons(vessel([90.0, 120.0]), vessel([0.375, 0.5])), moons([90, 120], (0.375, 0.5)))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"phases": [400]}, "phases holds 400; it must hold angles in degrees, from 0 to 360"),
        ({"phases": [-1.5]}, "phases holds -1.5"),
        ({"phases": [[90]]}, r"phases has shape \(1, 1\)"),
        ({"phases": ["half"]}, "phases holds text"),
        ({"phases": [float("nan")]}, "phases"),
        ({"places": (0.5, 0.5, 0.5)}, r"places has shape \(3,\); moons wants \(2, 2\), or \(2,\) for all"),
        ({"places": [[0.5, 0.5]] * 3}, "places has shape"),
        ({"places": (0.2, 0.5)}, "places has a disc that leaves the picture; with radius 0.3 .* from 0.3 to 0.7"),
        ({"places": (0.5, 0.75)}, "places has a disc that leaves the picture"),
        ({"radius": 0}, "radius is 0"),
        ({"radius": 0.6}, "radius is 0.6; it must be at most 0.5"),
        ({"side": 3}, "side is 3"),
        ({"side": 16.5}, "side is 16.5"),
    ],
)
def test_what_cannot_be_drawn_gets_one_sentence(arguments, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        moons(**({"phases": [90, 180]} | arguments))
    assert "\n" not in str(refusal.value)


def test_the_students_default_device_and_type_change_nothing():
    expected = moons([90, 135])
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):  # stands for a GPU: nothing may be made there
            assert torch.equal(moons([90, 135]), expected)
    finally:
        torch.set_default_dtype(torch.float32)
