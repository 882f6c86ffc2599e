"""make claims: the table of all measured claims, from the executed notebooks and the recorded seeds."""

from lesson_files import claims_of, lesson_number, notebook_path, read_notebook, source_paths

from lessons_lib.claims import bound, spread, with_unit

HEADINGS = ("claim", "lesson", "kind", "measured", "seeds 0 to 4", "wanted", "control", "sentence (its control)")


def main() -> None:
    """Print a table with a row a claim."""
    rows = [HEADINGS]
    for source in source_paths():
        for record in claims_of(read_notebook(notebook_path(source))):
            limits = record["unit"], record["at_least"], record["at_most"]
            measured, control = (with_unit(value, *limits) for value in (record["measured"], record["control"][1]))
            sentence = f"{record['sentence']} ({record['control'][0]})"
            number = lesson_number(source)
            rows.append(
                (record["number"], number, record["kind"], measured, spread(record), bound(record), control, sentence)
            )
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


if __name__ == "__main__":
    main()
