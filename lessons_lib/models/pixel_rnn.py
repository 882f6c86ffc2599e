"""The recurrent network of lesson 04a, which predicts each pixel from all before it."""

import torch
from torch import nn
from torch.nn import functional


class PixelRNN(nn.Module):
    """An LSTM that reads a square binary image pixel by pixel, row by row, and predicts the next pixel.

    P(x) is the product over n of P(x_n | x_1 … x_{n-1}) (van den Oord, Kalchbrenner and Kavukcuoglu 2016,
    arXiv:1601.06759; there with other layers).

    Parameters
    ----------
    side : int
        Height and width of an image, in pixels.
    rows, reach : int
        Besides the previous pixel, the LSTM gets the ``rows`` rows above, from ``reach`` pixels left of the
        pixel to ``reach`` right of it. Outside the image is paper (0).
    position : bool
        Whether it also gets the pixel's row and column, each as ``side`` numbers, one of them 1.
    units : int
        Of the LSTM.

    Attributes
    ----------
    lstm : nn.LSTM
    output : nn.Linear
        From the LSTM's units to the logit of P(ink).
    """

    def __init__(self, side: int = 14, rows: int = 2, reach: int = 3, position: bool = True, units: int = 64) -> None:
        super().__init__()
        self.side, self.rows, self.reach, self.position = side, rows, reach, position
        inputs = 1 + rows * (2 * reach + 1) + 2 * side * position
        self.lstm = nn.LSTM(inputs, units, batch_first=True)
        self.lstm.bias_ih_l0.data[units : 2 * units] = 1  # forget less at first
        self.output = nn.Linear(units, 1)

    def inputs(self, x: torch.Tensor) -> torch.Tensor:
        """Return what the LSTM gets at each pixel: images of shape (n, pixels) to (n, pixels, inputs)."""
        side, rows, reach = self.side, self.rows, self.reach
        seen = [functional.pad(x, (1, 0))[:, :-1, None]]  # the previous pixel
        if rows:
            paper = functional.pad(x.view(-1, 1, side, side), (reach, reach, rows, 0))
            seen.append(functional.unfold(paper[:, :, :-1], (rows, 2 * reach + 1)).mT)
        if self.position:
            eye = torch.eye(side, device=x.device)
            place = torch.cat([eye.repeat_interleave(side, 0), eye.repeat(side, 1)], 1)
            seen.append(place.expand(len(x), -1, -1))
        return torch.cat(seen, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return the logit of P(x_n is ink | the pixels before it) at every pixel, shape (n, pixels)."""
        return self.output(self.lstm(self.inputs(x))[0])[..., 0]


@torch.no_grad()
def sample(model: PixelRNN, x: torch.Tensor, start: int = 0, temperature: float = 1.0) -> torch.Tensor:
    """Return images of shape (n, pixels) with pixel ``start`` (counted from 0) and all after it drawn anew.

    The LSTM's state is kept: each pixel costs one step. The logit is divided by the temperature, above 0: below 1 the
    likelier colour is drawn more often than the model asks for, above 1 less often.
    """
    x, state = x.clone(), None
    for n in range(x.shape[1]):
        states, state = model.lstm(model.inputs(x)[:, n : n + 1], state)  # one step
        if n >= start:
            logit = model.output(states)[:, 0, 0]
            x[:, n] = torch.bernoulli(torch.sigmoid(logit / temperature))
    return x
