"""A digit in a box: how it flies, how it bounces, and what the camera sees."""

import numpy as np
import pytest
import torch

from lessons_lib.datasets import bouncing_paths, film
from lessons_lib.datasets.bouncing import ROOM


def walked(start, step, frames):
    """Go point by point, and turn round at a wall."""
    place, direction, places = start, int(np.sign(step)), [start]
    for _ in range(frames - 1):
        for _ in range(abs(step)):
            if not 0 <= place + direction <= ROOM:
                direction = -direction
            place += direction
        places.append(place)
    return places


def test_every_path_is_one_that_walks_point_by_point_and_turns_at_the_walls():
    torch.manual_seed(0)
    paths, steps = bouncing_paths(200, 30), [*range(-6, -1), *range(2, 7)]
    assert paths.shape == (200, 30, 2) and paths.dtype == torch.int64
    for axis in paths.movedim(2, 1).flatten(0, 1).tolist():
        assert axis in [walked(axis[0], step, 30) for step in steps]


def test_every_start_and_velocity_occurs_and_paths_follow_the_seed():
    torch.manual_seed(3)
    paths = bouncing_paths(5000, 2)
    assert set(paths[:, 0].flatten().tolist()) == set(range(ROOM + 1))
    free = paths[((paths[:, 0] >= 6) & (paths[:, 0] <= 30)).all(1)]
    velocities = {tuple(step) for step in free.diff(dim=1)[:, 0].tolist()}
    speeds = {*range(-6, -1), *range(2, 7)}
    assert velocities == {(down, right) for down in speeds for right in speeds}
    assert not torch.equal(bouncing_paths(5000, 2), paths)
    torch.manual_seed(3)
    assert torch.equal(bouncing_paths(5000, 2), paths)


def test_a_pixel_is_the_mean_of_four_points_of_the_scene():
    torch.manual_seed(0)
    images, paths = torch.rand(3, 784), bouncing_paths(3, 4)
    paths[0, 0], paths[1, 2] = torch.tensor([0, 36]), torch.tensor([36, 0])
    clips = film(images, paths)
    assert clips.shape == (3, 4, 32, 32) and clips.dtype == torch.float32
    for image, path, clip in zip(images.view(-1, 28, 28), paths.tolist(), clips, strict=True):
        for (down, right), frame in zip(path, clip, strict=True):
            scene = torch.zeros(64, 64)
            scene[down : down + 28, right : right + 28] = image
            torch.testing.assert_close(frame, scene.view(32, 2, 32, 2).mean((1, 3)))


@pytest.mark.parametrize("vessel", [torch.Tensor.numpy, torch.Tensor.tolist, torch.Tensor.double])
def test_paths_in_any_vessel_and_images_of_their_own_type(vessel):
    paths = bouncing_paths(2, 3)
    images = torch.rand(2, 784, dtype=torch.float64, requires_grad=True)
    clips = film(images, vessel(paths))
    assert clips.dtype == torch.float64 and torch.equal(clips, film(images, paths))
    clips.sum().backward()
    torch.testing.assert_close(
        images.grad, torch.full_like(images, 3 / 4)
    )  # each point is in 3 frames, a quarter pixel


def test_no_digit_and_one_frame():
    assert bouncing_paths(0, 3).shape == (0, 3, 2) and film(torch.zeros(0, 784), bouncing_paths(0, 3)).numel() == 0
    assert film(torch.ones(1, 784), bouncing_paths(1, 1)).sum() == 784 / 4


@pytest.mark.parametrize("wrong", [1.5, "2", None, True, -1], ids=repr)
def test_numbers_of_paths_and_frames_that_are_none_are_refused(wrong):
    with pytest.raises(ValueError, match="^n is .*; it must be a whole number of 0 or more"):
        bouncing_paths(wrong, 3)
    with pytest.raises(ValueError, match="^frames is .*; it must be a whole number above 0"):
        bouncing_paths(3, wrong)
    with pytest.raises(ValueError, match="^frames is 0"):
        bouncing_paths(3, 0)


IMAGES, PATHS = torch.zeros(2, 784), torch.zeros(2, 3, 2)


@pytest.mark.parametrize(
    ("images", "paths", "words"),
    [
        (torch.zeros(2, 783), PATHS, r"images has shape \(2, 783\)"),
        (torch.zeros(2, 28, 28), PATHS, "images has shape"),
        (np.zeros((2, 784)), PATHS, "images is a ndarray"),
        (IMAGES, torch.zeros(3, 3, 2), r"paths has shape \(3, 3, 2\); film\(\) wants \(2, frames, 2\)"),
        (IMAGES, torch.zeros(2, 2), "paths has shape"),
        (IMAGES, torch.zeros(2, 3, 3), "paths has shape"),
        (IMAGES, PATHS - 1, "paths leaves the box"),
        (IMAGES, PATHS + 37, "paths leaves the box"),
        (IMAGES, PATHS + 0.5, "paths leaves the box, or the half pixels"),
        (IMAGES, PATHS * np.nan, "paths leaves the box"),
        (IMAGES, [["a"]], "paths holds text"),
    ],
)
def test_what_cannot_be_filmed_gets_one_sentence(images, paths, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        film(images, paths)
    assert "\n" not in str(refusal.value)


def test_the_students_default_device_and_type_change_nothing():
    images, paths = torch.rand(2, 784), bouncing_paths(2, 3)
    expected = film(images, paths)
    torch.set_default_dtype(torch.float64)
    try:
        with torch.device("meta"):  # stands for a GPU: nothing may be made there
            assert bouncing_paths(2, 3).device.type == "cpu" and torch.equal(film(images, paths), expected)
    finally:
        torch.set_default_dtype(torch.float32)
