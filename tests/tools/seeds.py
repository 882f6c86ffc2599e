"""make seeds: re-run every lesson under seeds 0 to 4 and record each claim's figures in one file.

make seeds LESSON=05 re-runs one lesson and leaves what is recorded of the others.
"""

import json
import sys

from lesson_files import choose_lessons, claims_of, read_source, run, source_paths

from lessons_lib.claims import RECORDED

SEEDS = range(5)


def main() -> None:
    """Write lessons_lib/recorded_claims.json; exit with 1 if a claim failed under some seed."""
    chosen = choose_lessons(sys.argv[1:])
    kept = {source.stem for source in source_paths()} - {source.stem for source in chosen}
    recorded = _recorded_of(kept) if kept else {}
    failures = []
    for source in chosen:
        for seed in SEEDS:
            finished = run(read_source(source), seed=seed, go_on=True)
            print(f"{source.stem}, seed {seed}: {finished.seconds:.0f} s", flush=True)
            errors = [output for cell in finished.notebook.cells for output in cell.get("outputs", [])]
            errors = [output for output in errors if output.output_type == "error"]
            failures += [f"{source.stem}, seed {seed}: {error.evalue}" for error in errors]
            for record in claims_of(finished.notebook):
                entry = recorded.setdefault(record["number"], {"lesson": source.stem, "measured": []})
                entry["measured"].append(float(f"{record['measured']:.9g}"))
        _write(recorded)  # after each lesson: what was measured outlives whatever comes
    failures += [
        f"{number}: measured under {len(entry['measured'])} of {len(SEEDS)} seeds"
        for number, entry in recorded.items()
        if len(entry["measured"]) != len(SEEDS)
    ]
    print("\n".join(failures) or "every claim held under every seed")
    raise SystemExit(int(bool(failures)))


def _write(recorded: dict) -> None:
    lines = ",\n".join(f"{json.dumps(number)}: {json.dumps(entry)}" for number, entry in sorted(recorded.items()))
    RECORDED.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def _recorded_of(lessons: set[str]) -> dict:
    """Return what is recorded of some lessons."""
    try:
        recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
        return {number: entry for number, entry in recorded.items() if entry["lesson"] in lessons}
    except (OSError, ValueError, AttributeError, KeyError, TypeError) as error:
        raise SystemExit(f"{RECORDED.name} can't be read ({error}); run make seeds for all lessons.") from None


if __name__ == "__main__":
    main()
