"""make address URL=…: write a fork's public address wherever it stands, in the executed notebooks too.

No notebook is run again: what it shows does not depend on where it is kept.
"""

import re
import sys
from urllib.parse import urlsplit

import nbformat
from lesson_files import FRONT_PAGE, ROOT, all_source_paths, notebook_path, read_notebook, read_source, same_cells
from make_notebooks import fill_in, fill_in_readme, normalise

WANTED = "https://github.com/you/latent-lessons"


def checked(url: str) -> str:
    """Return an address without a slash or .git at its end.

    Raises
    ------
    ValueError
        If it is not the address of a repository on GitHub.
    """
    parts = urlsplit(url.strip())
    if not url.strip():
        raise ValueError(f"URL is missing: make address URL={WANTED}")
    if parts.scheme != "https":
        raise ValueError(f"URL is {url!r}; it must begin with https://, as {WANTED} does.")
    if parts.netloc.lower() != "github.com":
        raise ValueError(f"URL is {url!r}; it must lead to github.com: the links to Binder and Colab know only that.")
    path = parts.path.rstrip("/").removesuffix(".git")
    if parts.query or parts.fragment or not re.fullmatch(r"/[A-Za-z0-9-]+/[A-Za-z0-9._-]+", path):
        raise ValueError(f"URL is {url!r}; it must end with an owner and a name, as {WANTED} does.")
    return f"https://github.com{path}"


def replace_line(name: str, pattern: str, line: str) -> None:
    """Write one line of a file anew."""
    path = ROOT / name
    text, found = re.subn(pattern, line, path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert found == 1, name
    path.write_text(text, encoding="utf-8")


def main() -> None:
    """Write the address into every file that carries it."""
    try:
        address = checked(" ".join(sys.argv[1:]))
    except ValueError as error:
        raise SystemExit(str(error)) from None
    # The front page's table shows all lessons, so it comes last.
    sources = sorted(all_source_paths(), key=lambda source: source == FRONT_PAGE)
    for source in sources:
        if not same_cells(read_source(source), read_notebook(notebook_path(source))):
            raise SystemExit(f"{source.name} and its notebook differ; run make notebooks first.")
    replace_line("pyproject.toml", r'^Repository = ".*"$', f'Repository = "{address}"')
    replace_line("CITATION.cff", r"^repository-code: .*$", f"repository-code: {address}")
    for source in sources:
        target = notebook_path(source)
        source.write_text(fill_in(source.read_text(encoding="utf-8"), target.name), encoding="utf-8")
        notebook = read_notebook(target)
        for cell, fresh in zip(notebook.cells, read_source(source).cells, strict=True):
            cell.source = fresh.source
        nbformat.write(normalise(notebook), target)
    readme = ROOT / "README.md"
    readme.write_text(fill_in_readme(readme.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"every link now leads to {address}; commit what changed")


if __name__ == "__main__":
    main()
