"""make claims: the table of all measured claims, from the executed notebooks and the recorded seeds."""

from lesson_files import claims_of, notebook_path, read_notebook, source_paths

from lessons_lib.claims import bound, spread


def main() -> None:
    """Print a table with a row a claim."""
    row = "{:<8}{:>10}  {:<20}{:<16}{:<8}{}"
    print(row.format("claim", "measured", "seeds 0 to 4", "wanted", "lesson", "sentence (its control)"))
    for source in source_paths():
        for record in claims_of(read_notebook(notebook_path(source))):
            measured = f"{record['measured']:.4g}{record['unit']}"
            sentence = f"{record['sentence']} ({record['control'][0]}: {record['control'][1]:.4g}{record['unit']})"
            number = source.stem.split("_")[0]
            print(row.format(record["number"], measured, spread(record), bound(record), number, sentence))


if __name__ == "__main__":
    main()
