"""Browser tests: one JupyterLab for all of them, over a copy of what they open."""

import subprocess
from contextlib import contextmanager
from pathlib import Path

import lab
import pytest
from lesson_files import ROOT
from pages import write_assets, write_axe


@pytest.fixture
def jupyterlab(chromium, tmp_path):
    """A function that serves a folder and yields an open page and the address of its notebooks."""

    @contextmanager
    def serve(folder, **page_options):
        home = tmp_path / "jupyter-home"
        home.mkdir()
        with lab.server(folder, home) as address, lab.browser_page(chromium, **page_options) as page:
            yield page, address

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
