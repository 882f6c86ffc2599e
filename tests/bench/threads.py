"""make bench: a training beside others of its kind, in time over its fair share of the cores.

Two epochs of a 784-400-200-10 autoencoder, batches of 100: alone, and in four processes at once. With PyTorch's own
spinning, and as lessons_lib sets it.
"""

import os
import statistics
import subprocess
import sys

from lessons_lib.cores import PATIENCE, available_cores

ROUNDS, TOGETHER = 7, 4
WAYS = {
    "as PyTorch comes": dict.fromkeys(PATIENCE, "300000"),  # GNU OpenMP's default; for LLVM's, as good as for ever
    "as lessons_lib sets it": {},
    "one thread each": {"OMP_NUM_THREADS": "1"},
}
# Waits for a line before each round, so that all begin at once; ends with a sum of the weights.
WORKER = """
import sys, time
import lessons_lib, torch
from lessons_lib.datasets import digits
from lessons_lib.models import Autoencoder, layers
from lessons_lib.training import fit
lessons_lib.start(seed=0)
x = digits().x_train
def train():
    model = Autoencoder(layers(784, 400, 200, 10), layers(10, 200, 400, 784))
    fit(model, x, lambda model, x: (model(x) - x).square().sum(1).mean(), epochs=2, batch_size=100, seed=0)
    return model
torch.manual_seed(0)
train()
print("ready", flush=True)
for line in sys.stdin:
    torch.manual_seed(0)
    started = time.perf_counter()
    model = train()
    print(time.perf_counter() - started, flush=True)
print(sum(parameter.double().sum().item() for parameter in model.parameters()).hex(), flush=True)
"""


def slowest(processes: list[subprocess.Popen]) -> float:
    """Let all train once, at the same moment; return the seconds of the slowest."""
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    return max(float(process.stdout.readline()) for process in processes)


def measure(environment: dict[str, str]) -> tuple[float, float, set[str]]:
    """Return median seconds alone and of the slowest of four, and the different sums of the weights."""
    clean = {name: value for name, value in os.environ.items() if name not in (*PATIENCE, "OMP_NUM_THREADS")}
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER],
            env=clean | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        for _ in range(TOGETHER)
    ]
    for process in processes:
        while process.stdout.readline() != "ready\n":
            assert process.poll() is None, "a training did not start"
    alone = statistics.median(slowest(processes[:1]) for _ in range(ROUNDS))
    beside = statistics.median(slowest(processes) for _ in range(ROUNDS))
    sums = set()
    for process in processes:
        process.stdin.close()
        sums.add(process.stdout.readline())
        process.wait()
    return alone, beside, sums


def main() -> None:
    """Print a row a way of waiting."""
    cores = available_cores()
    print(f"{TOGETHER} trainings at once on {cores} cores: seconds alone, of the slowest, over its fair share")
    first = None
    for name, environment in WAYS.items():
        alone, beside, sums = measure(environment)
        first = first or sums
        weights = "same weights" if sums == first and len(sums) == 1 else "other weights"
        print(
            f"{name:24} {alone:6.2f} {beside:6.2f} {beside / (alone * TOGETHER / cores):6.1f}   {weights}", flush=True
        )


if __name__ == "__main__":
    main()
