"""What a newcomer meets: `make lab`'s JupyterLab, in a home where it was never started, at a small laptop's size."""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

import lab
import numpy as np
from explorer import Explorer
from lesson_files import FRONT_PAGE, ROOT, notebook_path, source_paths
from playwright.sync_api import expect

from lessons_lib.datasets.cache import cache_folder
from lessons_lib.digit_map import digit_map

LONGEST = 26  # letters of a file name that the side bar has room for


@contextmanager
def made_lab(folder):
    """Start JupyterLab as the Makefile does, over a copy of the notebooks; yield the address that it opens."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "binder/settings", folder / "binder/settings")
    home = folder / "home"
    home.mkdir()
    outside = {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}
    dry_run = ["make", "--no-print-directory", "--dry-run", "lab"]  # `make test` would speak of folders in between
    printed = subprocess.run(dry_run, cwd=ROOT, env=outside, capture_output=True, text=True, check=True).stdout
    command = shlex.split(printed[printed.index("-m jupyterlab") :].replace("\\\n", " "))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command += ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    command += ["--IdentityProvider.token=newcomer"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    environment |= {"HOME": str(home), "XDG_CACHE_HOME": str(cache_folder().parent), "PYTHONPATH": str(ROOT)}
    with open(folder / "server.log", "w") as log:
        process = subprocess.Popen([sys.executable, *command], cwd=folder, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(120):
                time.sleep(0.5)
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token=newcomer", timeout=5)
                    break
                except OSError:
                    assert process.poll() is None, (folder / "server.log").read_text()
            else:
                raise TimeoutError((folder / "server.log").read_text())
            yield f"http://127.0.0.1:{port}/?token=newcomer"
        finally:
            process.terminate()
            process.wait(timeout=30)


def test_a_newcomer_finds_the_way(chromium, tmp_path):
    size = {"width": 1280, "height": 720}
    with made_lab(tmp_path) as address, lab.browser_page(chromium, viewport=size) as page:
        page.goto(address)
        lab.wait_for_kernel(page)
        assert page.locator(".lm-TabBar-tab.jp-mod-current .lm-TabBar-tabLabel").last.text_content() == (
            notebook_path(FRONT_PAGE).name
        )
        names = page.locator(".jp-DirListing-itemText")
        whole = names.evaluate_all("items => items.map(i => [i.textContent, i.scrollWidth <= i.clientWidth])")
        assert {notebook_path(source).name for source in source_paths()} <= {name for name, _ in whole}
        assert [name for name, fits in whole if not fits and len(name) <= LONGEST] == []

        lab.run_all(page, 120)
        text = page.locator(".jp-OutputArea-output pre").all_text_contents()
        assert sum("✓ All is well" in line for line in text) == 1
        assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
        expect(page.locator(".lessons-pad")).to_be_in_viewport()  # Run All ends there
        explorer_is_alive(page)
        pictures = page.locator(".jp-RenderedMarkdown table img")
        widths = pictures.evaluate_all("images => images.map(image => [image.naturalWidth, image.clientWidth])")
        assert widths == [[320, 160]] * len(source_paths())

        lesson = source_paths()[-1]
        page.locator(f".jp-RenderedMarkdown a[href*='{notebook_path(lesson).name}']").first.click()
        tab = page.locator(".lm-TabBar-tab.jp-mod-current .lm-TabBar-tabLabel", has_text=lesson.stem)
        tab.wait_for(timeout=30_000)
        assert len(page.context.pages) == 1
        page.wait_for_timeout(5_000)  # JupyterLab would ask about news some seconds after its start
        assert page.locator(".Toastify__toast, .jp-Dialog").count() == 0
        assert page.complaints == []


def explorer_is_alive(page):
    """Every slider by key, and the map by mouse: the picture is PyTorch's for the code shown."""
    made = digit_map()
    codes = np.frombuffer(made.view.codes, dtype=np.float32).reshape(-1, 2)
    output = page.locator(".jp-OutputArea-output:has(.lessons-pad)")
    output.scroll_into_view_if_needed()
    output.locator(".lessons-image[data-code]").wait_for(timeout=30_000)
    shown = Explorer(output, made._snapshot, codes)
    assert shown.error() <= 2
    for number in range(2):
        shown.check(lambda n=number: shown.press_slider(n, "PageUp"), moved=[number])
    shown.check(lambda: shown.drag_pad(shown.pad_position(codes[0]), shown.pad_position(codes[1])), moved=[0, 1])
    made.close()
