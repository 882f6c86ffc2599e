"""make budget: seconds and memory of each lesson, in the form that students get.

On two threads, or (ONE_CORE=1) on one core, with as many threads as start() chooses there. LESSON=05 runs one lesson.
"""

import argparse
import os
import sys

import torch
from lesson_files import choose_lessons, read_source, run

SECONDS, SECONDS_ON_ONE_CORE = 60, 90
MEGABYTES, MEGABYTES_WITH_CUDA = 1024, 1280  # CUDA's libraries alone take the difference, used or not


def keep_to_one_core() -> None:
    """Let this process and the kernels that it starts use one core only."""
    if not hasattr(os, "sched_setaffinity"):
        raise SystemExit(f"ONE_CORE=1 needs Linux, which can hold a process to one core; this is {sys.platform}.")
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    os.environ.pop("OMP_NUM_THREADS", None)  # a student has set none


def main() -> None:
    """Print a line a lesson; exit with 1 if one is over the budget."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--one-core", action="store_true")
    parser.add_argument("lesson", nargs="*")
    arguments = parser.parse_args()
    chosen = choose_lessons(arguments.lesson)
    if arguments.one_core:
        keep_to_one_core()
    seconds = SECONDS_ON_ONE_CORE if arguments.one_core else SECONDS
    megabytes = MEGABYTES_WITH_CUDA if torch.version.cuda else MEGABYTES
    over = False
    where = "one core" if arguments.one_core else "two threads"
    print(f"{'lesson, on ' + where:<32}{'seconds':>9}{'peak MB':>9}   (at most {seconds} s and {megabytes} MB)")
    for source in chosen:
        finished = run(read_source(source), threads=None if arguments.one_core else 2)
        too_much = finished.seconds > seconds or finished.peak_megabytes > megabytes
        over |= too_much
        mark = "  OVER" if too_much else ""
        print(f"{source.stem:<32}{finished.seconds:>9.1f}{finished.peak_megabytes:>9.0f}{mark}", flush=True)
    raise SystemExit(int(over))


if __name__ == "__main__":
    main()
