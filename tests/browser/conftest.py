"""Browser tests: one JupyterLab for all of them, over a copy of what they open."""

from contextlib import contextmanager

import lab
import pytest


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
