"""The loss of the classifier that judges pictures since lesson 07a."""

import torch
from torch import nn
from torch.nn import functional


def label_error(judge: nn.Module, x: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return the cross-entropy of a classifier in nats, mean over images.

    Parameters
    ----------
    judge : nn.Module
        Maps (n, d) to (n, k), a logit for each kind.
    x : torch.Tensor
        Shape (n, d).
    labels : torch.Tensor
        Shape (n,), whole numbers from 0 to k - 1.
    """
    return functional.cross_entropy(judge(x), labels)
