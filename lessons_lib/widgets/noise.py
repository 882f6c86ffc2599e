"""The noise that NoiseExplorer puts on an image, number for number what noise_explorer.js and random.js compute."""

import math

import numpy as np

KINDS = ("Gaussian", "masking", "salt and pepper", "block")
# The counter of SplitMix (Steele, Lea and Flood, 2014, doi:10.1145/2660193.2660195), here of 32 bits, goes through
# the last step of MurmurHash3 (Appleby, 2011), which mixes them.
GOLDEN = 0x9E3779B9


def random_bits(seed: int, count: int, skip: int = 0) -> np.ndarray:
    """Return whole numbers that look random, shape (count,), uint32; those of a seed after its first ``skip``."""
    steps = np.arange(skip + 1, skip + count + 1, dtype=np.uint32) * np.uint32(GOLDEN)
    return mix(steps + np.uint32(seed % 2**32))  # modulo 2³², as NumPy's arrays count


def mix(bits: np.ndarray) -> np.ndarray:
    """Return the last step of MurmurHash3 of each uint32: every bit that comes in moves every bit that goes out."""
    bits = bits ^ (bits >> np.uint32(16))
    bits = bits * np.uint32(0x85EBCA6B)
    bits = bits ^ (bits >> np.uint32(13))
    bits = bits * np.uint32(0xC2B2AE35)
    return bits ^ (bits >> np.uint32(16))


def random_numbers(seed: int, pixels: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the numbers that all noise of a seed is made of.

    Parameters
    ----------
    seed : int
    pixels : int
        How many the image has.

    Returns
    -------
    uniform, normal : numpy.ndarray
        One a pixel, from 0 to 1 and standard normal (Box and Muller, 1958, doi:10.1214/aoms/1177706645).
    centre : numpy.ndarray
        Two from 0 to 1: where a block lies, down and across.
    """
    numbers = (random_bits(seed, 3 * pixels + 2) + 0.5) / 2**32
    uniform, radius, angle, centre = np.split(numbers, [pixels, 2 * pixels, 3 * pixels])
    return uniform, np.sqrt(-2 * np.log(radius)) * np.cos(2 * math.pi * angle), centre


def corrupt(image: np.ndarray, kind: str, amount: float, seed: int) -> np.ndarray:
    """Return an image with noise on it; of one seed, more of the same noise for a larger amount.

    Parameters
    ----------
    image : numpy.ndarray
        Shape (height, width), from 0 to 1.
    kind : str
        One of ``KINDS``.
    amount : float
        From 0 to 1. Gaussian: the standard deviation of what is added to each pixel; the sum is not clipped.
        masking: the share of pixels that become 0. salt and pepper: the share that become 0 or 1, half each.
        block: the side of a square of zeros, as a share of the image's longer side.
    seed : int

    Returns
    -------
    numpy.ndarray
        Shape (height, width), float64.
    """
    uniform, normal, centre = random_numbers(seed, image.size)
    uniform, normal = uniform.reshape(image.shape), normal.reshape(image.shape)
    if kind == "Gaussian":
        return image + amount * normal
    if kind == "masking":
        return np.where(uniform < amount, 0.0, image)
    if kind == "salt and pepper":
        return np.where(uniform < amount, (normal > 0).astype(float), image)
    side = math.floor(amount * max(image.shape) + 0.5)
    corrupted = image.astype(float)
    corrupted[_block(image.shape[0], centre[0], side), _block(image.shape[1], centre[1], side)] = 0
    return corrupted


def _block(length: int, centre: float, side: int) -> slice:
    """Return where a block lies along an axis: its centre in the middle half, all of it inside if it can be."""
    start = math.floor(length * (0.25 + 0.5 * centre) - side / 2 + 0.5)
    start = max(0, min(start, length - side))
    return slice(start, start + side)
