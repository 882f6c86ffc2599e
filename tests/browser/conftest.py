"""Browser tests: one JupyterLab for all of a process, which every test finds as new."""

import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import lab
import pytest
from lesson_files import ROOT
from pages import write_assets, write_axe


@pytest.fixture(scope="session")
def lab_server(tmp_path_factory):
    """A running JupyterLab: the folder that it serves, its home, and its address."""
    root, home = tmp_path_factory.mktemp("served"), tmp_path_factory.mktemp("jupyter-home")
    with lab.server(root, home) as address:
        yield root, home, address


@pytest.fixture
def jupyterlab(chromium, lab_server):
    """A function that serves a folder and yields an open page and the address of its notebooks."""
    root, home, address = lab_server

    @contextmanager
    def serve(folder, **page_options):
        place = Path(tempfile.mkdtemp(dir=root)) / folder.name
        place.symlink_to(folder)
        lab.as_new(home)
        lab.trust(folder, home)
        try:
            with lab.browser_page(chromium, **page_options) as page:
                yield page, address.format(f"{place.relative_to(root)}/{{}}")
        finally:
            lab.end_kernels(address)

    return serve


@pytest.fixture(scope="session")
def page_parts() -> Path:
    """Folder of what stands beside exported pages."""
    folder = ROOT / ".venv" / "pages"
    try:
        write_assets(folder)
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"the JavaScript of exported pages can't be had without a network ({error})")
    return folder


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core."""
    try:
        return write_axe(ROOT / ".venv" / "axe").read_text(encoding="utf-8")
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"axe-core can't be had without a network ({error})")
