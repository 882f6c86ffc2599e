"""make bench: seconds to generate a sound, keeping what each layer said against computing it anew."""

import time

import torch

from lessons_lib.models import WaveNet, generate_sound, generate_sound_anew

SIZES = [(1, 600), (1, 1200), (32, 600)]  # notes, samples of each
DILATIONS = [1, 2, 4, 8, 16, 32]
WINDOW = sum(DILATIONS) + 1


def main() -> None:
    """Print seconds and ratios for several sizes, which show how each way grows."""
    torch.set_num_threads(1)  # one sample at a time: more would only wait for each other
    torch.manual_seed(0)
    model = WaveNet(DILATIONS, conditions=11)
    print(f"WaveNet, window {WINDOW}, seconds: kept, window anew, all anew; the last two over the first")
    for notes, samples in SIZES:
        conditions = torch.randn(notes, samples, 11)
        ways = [
            lambda c=conditions: generate_sound(model, c),
            lambda c=conditions: generate_sound_anew(model, c, WINDOW),
            lambda c=conditions: generate_sound_anew(model, c),
        ]
        seconds, codes = [], []
        for way in ways:
            torch.manual_seed(1)  # the same draws
            started = time.perf_counter()
            codes.append(way())
            seconds.append(time.perf_counter() - started)
        assert all(torch.equal(codes[0], other) for other in codes[1:]), "another way gave other samples"
        kept, *anew = seconds
        words = " ".join(f"{value:7.3f}" for value in seconds)
        print(
            f"{notes:2} notes, {samples:5} samples: {words} " + " ".join(f"{value / kept:6.1f}" for value in anew),
            flush=True,
        )


if __name__ == "__main__":
    main()
