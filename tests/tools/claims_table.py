"""make claims: the table of all measured claims, read from the executed notebooks."""

from lessons import claims_of, notebook_path, read_notebook, source_paths

from lessons_lib.claims import describe


def main() -> None:
    """Print the claims of each lesson, a line each."""
    total = 0
    for source in source_paths():
        print(source.stem)
        for record in claims_of(read_notebook(notebook_path(source))):
            total += 1
            print(f"  {describe(record)}")
    print(f"{total} claims")


if __name__ == "__main__":
    main()
