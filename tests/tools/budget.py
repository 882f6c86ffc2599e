"""make budget: seconds and memory of each lesson, on two threads, in the form that students get."""

from lesson_files import read_source, run, source_paths

SECONDS, MEGABYTES = 60, 1024


def main() -> None:
    """Print a line a lesson; exit with 1 if one is over the budget."""
    over = False
    print(f"{'lesson':<32}{'seconds':>9}{'peak MB':>9}   (at most {SECONDS} s and {MEGABYTES} MB)")
    for source in source_paths():
        finished = run(read_source(source), threads=2)
        too_much = finished.seconds > SECONDS or finished.peak_megabytes > MEGABYTES
        over |= too_much
        mark = "  OVER" if too_much else ""
        print(f"{source.stem:<32}{finished.seconds:>9.1f}{finished.peak_megabytes:>9.0f}{mark}", flush=True)
    raise SystemExit(int(over))


if __name__ == "__main__":
    main()
