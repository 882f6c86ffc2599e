"""Train the front page's decoder on the 4,000 digits and write lessons_lib/digit_map.npz; takes half a minute.

A variational autoencoder with a code of two numbers. A small classifier reads the code too, so that each
digit gets a region of its own.
"""

import numpy as np
import torch
from torch import nn

from lessons_lib.datasets import digits, shifted
from lessons_lib.digit_map import ARRAYS, decoder
from lessons_lib.models import layers
from lessons_lib.training import fit

WEIGHT_OF_KL, WEIGHT_OF_LABELS = 3, 40  # from a look at maps: the digits' regions fill the square evenly
EPOCHS = 100
FARTHEST = 2.5  # codes beyond it would make the rest of the map small
DOTS = 600


class LabelledMap(nn.Module):
    """Encoder (mean and log variance of the code), decoder, and a classifier of codes."""

    def __init__(self):
        super().__init__()
        self.encoder = layers(784, 400, 200, 4)
        self.decoder = decoder()
        self.classifier = layers(2, 64, 10)


def loss(model, x, y):
    """Return reconstruction, KL and the classifier's loss, weighted: the batch's mean."""
    mean, log_variance = model.encoder(x).chunk(2, dim=1)
    z = mean + torch.randn_like(mean) * (log_variance / 2).exp()
    reconstruction = nn.functional.binary_cross_entropy(model.decoder(z), x, reduction="none").sum(dim=1).mean()
    kl = (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean() / 2
    return reconstruction + WEIGHT_OF_KL * kl + WEIGHT_OF_LABELS * nn.functional.cross_entropy(model.classifier(z), y)


def main() -> None:
    """Train, and write the weights and some codes as plain float16 arrays."""
    torch.manual_seed(0)
    torch.set_num_threads(1)  # more would add up in another order
    data, model = digits(), LabelledMap()
    pieces = (data.x_train, data.y_train)
    fit(model, pieces, loss, epochs=EPOCHS, learning_rate=3e-3, weight_decay=0.01, augment=shifted)
    with torch.no_grad():
        codes = model.encoder(data.x_train)[:, :2]
    near = codes.abs().amax(dim=1) <= FARTHEST
    arrays = {name: weight.half().numpy() for name, weight in model.decoder.state_dict().items()}
    arrays["codes"] = codes[near][:DOTS].half().numpy()
    arrays["labels"] = data.y_train[near][:DOTS].numpy().astype(np.uint8)
    np.savez_compressed(ARRAYS, **arrays)
    print(f"{ARRAYS.name}: {ARRAYS.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
