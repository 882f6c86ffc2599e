"""Browser tests: one JupyterLab for all of them, over a copy of what they open."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import lab  # noqa: E402


@pytest.fixture
def jupyterlab(chromium, tmp_path):
    """A function that serves a folder and yields an open page and the address of its notebooks."""
    from contextlib import contextmanager

    @contextmanager
    def serve(folder, **page_options):
        home = tmp_path / "jupyter-home"
        home.mkdir()
        with lab.server(folder, home) as address, lab.browser_page(chromium, **page_options) as page:
            yield page, address

    return serve
