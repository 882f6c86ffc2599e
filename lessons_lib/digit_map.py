"""The front page's map of handwritten digits: a small decoder, trained beforehand, so that the page opens at once."""

from pathlib import Path

import numpy as np
import torch
from torch import nn

from lessons_lib.widgets import LatentExplorer

ARRAYS = Path(__file__).with_name("digit_map.npz")  # written by tests/tools/train_digit_map.py
WIDTHS = (2, 64, 128, 784)


def decoder() -> nn.Sequential:
    """Return the decoder with random weights: it maps codes (n, 2) to images (n, 784) in [0, 1]."""
    first, second, third = (nn.Linear(*widths) for widths in zip(WIDTHS, WIDTHS[1:], strict=False))
    return nn.Sequential(first, nn.GELU(), second, nn.GELU(), third, nn.Sigmoid())


def digit_map() -> LatentExplorer:
    """Return the explorer of a map on which each of the ten digits has a region of its own.

    Returns
    -------
    LatentExplorer
        Of a decoder trained on the 4,000 digits, and the codes of some of them as dots.

    Examples
    --------
    >>> from lessons_lib.digit_map import digit_map
    >>> digit_map().code.shape
    (2,)
    """
    network = decoder()
    with np.load(ARRAYS, allow_pickle=False) as stored:
        weights = {name: torch.from_numpy(stored[name]).float() for name in network.state_dict()}
        codes, labels = stored["codes"].astype(np.float32), stored["labels"]
    network.load_state_dict(weights)
    return LatentExplorer(network, codes, labels)
