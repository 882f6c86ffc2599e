"""The docstrings of the installed Python packages, read as text where they lie; no package is imported.

They stay under their own licences (BSD, MIT, PSF and the like); nothing of them is in this repository.
"""

import hashlib
import platform
import re
import sysconfig
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

# What the lessons need, and what that brings along: by the name to import, the name to install.
PACKAGES = {
    "IPython": "ipython",
    "PIL": "pillow",
    "fsspec": "fsspec",
    "jinja2": "jinja2",
    "joblib": "joblib",
    "matplotlib": "matplotlib",
    "mlxtend": "mlxtend",
    "mpmath": "mpmath",
    "networkx": "networkx",
    "numpy": "numpy",
    "pandas": "pandas",
    "patsy": "patsy",
    "scipy": "scipy",
    "sklearn": "scikit-learn",
    "statsmodels": "statsmodels",
    "sympy": "sympy",
    "torch": "torch",
    "torchvision": "torchvision",
    "tqdm": "tqdm",
    "traitlets": "traitlets",
}
STANDARD_LIBRARY = "python"
# Folders that hold tests, other projects' code or parts of torch for its own use, which change from month to month.
SKIPPED = {
    "test",
    "tests",
    "testing",
    "site-packages",
    "dist-packages",
    "idlelib",
    "lib2to3",
    "turtledemo",
    "ensurepip",
}
SKIPPED |= {"_vendor", "_vendored", "_inductor", "_dynamo", "_refs", "_functorch", "_export"}
# A text in three double quotes on the line below a line that ends with a colon. A parser finds 5 % more (texts in
# other quotes), takes fifty times as long, and warns of what newer versions of Python no longer like.
DOCSTRING = re.compile(r':[ \t]*(?:#[^\n]*)?\n\s*[rRuU]?"""(.*?)"""', re.DOTALL)
HEAD = re.compile(r"^([ \t]*)(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Docstring:
    """What a function or class says of itself.

    Attributes
    ----------
    package, file : str
        The package, and the file's place in it: ``"scipy"``, ``"signal/_filter_design.py"``.
    owner : str
        The function or class, behind the classes and functions that it stands in: ``"Line2D.set_color"``.
    text : str
    """

    package: str
    file: str
    owner: str
    text: str

    @property
    def name(self) -> str:
        """The dotted name, ``"scipy.signal.butter"``: modules whose names begin with ``_`` are for no one to see."""
        modules = self.file.removesuffix(".py").split("/")
        seen = [module for module in modules if not module.startswith("_")]
        return ".".join([self.package, *seen, self.owner])


def docstrings(packages: Iterable[str] = (*PACKAGES, STANDARD_LIBRARY)) -> Iterator[Docstring]:
    """Yield the docstrings of functions and classes, in a stable order.

    Packages that aren't installed, and files that can't be read, are passed over.
    """
    for package in packages:
        for folder in folders(package):
            for path in sorted(folder.rglob("*.py")):
                inside = path.relative_to(folder)
                if SKIPPED.isdisjoint(inside.parts):
                    try:
                        source = path.read_text(encoding="utf-8", errors="ignore")
                    except OSError:
                        continue
                    for owner, text in _in_source(source):
                        yield Docstring(package, inside.as_posix(), owner, text)


def folders(package: str) -> list[Path]:
    """Return where a package lies, without importing it."""
    if package == STANDARD_LIBRARY:
        return [Path(sysconfig.get_path("stdlib"))]
    try:
        spec = find_spec(package)
    except (ImportError, ValueError, AttributeError):  # half removed, or a stand-in of somebody's test
        return []
    return [Path(folder) for folder in (spec and spec.submodule_search_locations) or []]


def key(*recipes: str) -> str:
    """Return what is made of the docstrings by these files, as one text: the files, Python, the packages' versions."""
    versions = [platform.python_version()]
    for name in PACKAGES.values():
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} none")
    recipe = b"".join(Path(file).read_bytes() for file in (__file__, *recipes))
    return hashlib.sha256(recipe + "\n".join(versions).encode()).hexdigest()


def hash_of(text: str) -> int:
    """Return a number that hangs on a text alone, the same in every run and on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def _in_source(source: str) -> Iterator[tuple[str, str]]:
    """Yield the owner and the text of each docstring; one that nobody owns has the owner ``""``."""
    heads = [(match.start(), len(match[1].expandtabs()), match[2]) for match in HEAD.finditer(source)]
    starts = [start for start, _, _ in heads]
    for match in DOCSTRING.finditer(source):
        around: list[str] = []
        outside = float("inf")
        for _, indent, name in reversed(heads[: bisect(starts, match.start())]):
            if indent < outside:
                around.append(name)
                outside = indent
            if outside == 0:
                break
        yield ".".join(reversed(around)), match[1]
