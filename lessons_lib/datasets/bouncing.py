"""Moving MNIST with a single digit that bounces off the walls of its box; speeds per axis and mirror walls are ours.

Source: Srivastava, Mansimov and Salakhutdinov (2015), Unsupervised learning of video representations using LSTMs,
arXiv:1502.04681. The scene has 64 × 64 points, the digit 28 × 28 of them; a camera's pixel is the mean of 2 × 2 points.
"""

import torch
from torch.nn.functional import avg_pool2d

from lessons_lib.arrays import as_numbers, as_whole

SCENE, DIGIT = 64, 28  # points, along each side
ROOM = SCENE - DIGIT  # the corner's places along an axis go from 0 to 36
SLOWEST, FASTEST = 2, 6  # points a frame along each axis: 1 to 3 pixels


def bouncing_paths(n: int, frames: int) -> torch.Tensor:
    """Draw paths: random start, random velocity that keeps its size, and a wall turns it round.

    Parameters
    ----------
    n, frames : int
        How many paths, and of how many frames.

    Returns
    -------
    torch.Tensor
        Shape (n, frames, 2), int64: how far the digit's upper left corner is from the box's, down and right, in
        half pixels, from 0 to 36. Along each axis it moves by 2 to 6 a frame, less where it meets a wall.

    Raises
    ------
    ValueError
        If ``n`` is no whole number of 0 or more, or ``frames`` none of 1 or more.
    """
    n, frames = as_whole("n", n, 0), as_whole("frames", frames)
    one_each = {"size": (n, 1, 2), "device": "cpu"}
    start = torch.randint(0, ROOM + 1, **one_each)
    speed = torch.randint(SLOWEST, FASTEST + 1, **one_each)
    velocity = torch.where(torch.randint(0, 2, **one_each) == 1, speed, -speed)
    without_walls = start + velocity * torch.arange(frames, device="cpu")[:, None]
    # Each wall is a mirror: what would have gone on behind it is folded back.
    return ROOM - (ROOM - without_walls % (2 * ROOM)).abs()


def film(images: torch.Tensor, paths: torch.Tensor) -> torch.Tensor:
    """Film each digit along its path, with a camera of 32 × 32 pixels.

    Parameters
    ----------
    images : torch.Tensor
        Shape (n, 784), digits of 28 × 28 points, 0 is paper.
    paths : array_like
        Shape (n, frames, 2), whole numbers from 0 to 36, as :func:`bouncing_paths` draws them.

    Returns
    -------
    torch.Tensor
        Shape (n, frames, 32, 32), of the images' type and on their device.

    Raises
    ------
    ValueError
        If a shape doesn't fit, or a path leaves the box or the half pixels.
    """
    if not isinstance(images, torch.Tensor) or images.ndim != 2 or images.shape[1] != DIGIT**2:
        given = (
            f"has shape {tuple(images.shape)}" if isinstance(images, torch.Tensor) else f"is a {type(images).__name__}"
        )
        raise ValueError(f"images {given}; film() wants a tensor of shape (n, {DIGIT**2}).")
    corners = as_numbers("paths", paths)
    if corners.ndim != 3 or corners.shape[::2] != (len(images), 2):
        raise ValueError(f"paths has shape {corners.shape}; film() wants ({len(images)}, frames, 2), one path a digit.")
    if not ((corners >= 0) & (corners <= ROOM) & (corners % 1 == 0)).all():
        raise ValueError(f"paths leaves the box, or the half pixels; it must hold whole numbers from 0 to {ROOM}.")
    corners = torch.from_numpy(corners).long().to(images.device)
    frames, side = corners.shape[1], torch.arange(DIGIT, device=images.device)
    field = (side[:, None] * SCENE + side).flatten()  # of a digit in the upper left corner, flat positions
    positions = (corners[..., :1] * SCENE + corners[..., 1:]) + field
    scene = images.new_zeros(len(images), frames, SCENE**2)
    scene = scene.scatter(2, positions, images[:, None].expand(-1, frames, -1))
    return avg_pool2d(scene.view(-1, frames, SCENE, SCENE), 2)
