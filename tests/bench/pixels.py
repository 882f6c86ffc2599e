"""make bench: seconds to draw digits with a PixelRNN, its state kept against the prefix read anew for each pixel."""

import time

import torch

from lessons_lib.models import PixelRNN, sample

SIDES = [7, 14, 28]
IMAGES = 8


@torch.no_grad()
def sample_anew(model: PixelRNN, x: torch.Tensor) -> torch.Tensor:
    """Draw all pixels, each after reading those before it from the first on."""
    x = x.clone()
    for n in range(x.shape[1]):
        states, _ = model.lstm(model.inputs(x)[:, : n + 1])
        x[:, n] = torch.bernoulli(torch.sigmoid(model.output(states[:, n])[:, 0]))
    return x


def main() -> None:
    """Print seconds and their ratio for several sizes, which show how it grows."""
    torch.set_num_threads(1)  # one pixel at a time: more would only wait for each other
    print(f"PixelRNN, {IMAGES} images, seconds: state kept, prefix anew; the second over the first")
    for side in SIDES:
        torch.manual_seed(0)
        model, paper = PixelRNN(side=side), torch.zeros(IMAGES, side**2)
        seconds, drawn = [], []
        for way in (sample, sample_anew):
            torch.manual_seed(1)  # the same draws
            started = time.perf_counter()
            drawn.append(way(model, paper))
            seconds.append(time.perf_counter() - started)
        assert torch.equal(*drawn), "the other way drew other pixels"
        kept, anew = seconds
        print(f"{side:2} × {side}: {kept:6.3f} {anew:7.3f} {anew / kept:6.1f}", flush=True)


if __name__ == "__main__":
    main()
