"""A real JupyterLab in a real Chromium, driven as a student does."""

import base64
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import nbformat
import numpy as np
from nbformat.sign import NotebookNotary
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# JupyterLab says this of itself when a kernel restarts while its debugger asks for its state.
NOT_OURS = "Could not restore the debugger state"
NOT_FOUND = "widget model not found"
# JupyterLab would ask whether it may fetch news.
QUIET = {"fetchNews": "false", "checkForUpdates": False}


@contextmanager
def server(folder: Path, home: Path):
    """Serve a folder with JupyterLab, settings kept apart in `home`; yield the address with its token."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    as_new(home)
    trust(folder, home)
    environment = os.environ | {
        "JUPYTER_CONFIG_DIR": str(home / "config"),
        "JUPYTER_DATA_DIR": str(home / "data"),
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
    }
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--notebook-dir={folder}"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"]
    with open(home / "server.log", "w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            for _ in range(600):
                time.sleep(0.1)
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}/api?token={token}", timeout=5)
                    break
                except OSError:
                    assert process.poll() is None, (home / "server.log").read_text()
            else:
                raise TimeoutError((home / "server.log").read_text())
            yield f"http://127.0.0.1:{port}/lab/tree/{{}}?token={token}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def as_new(home: Path) -> None:
    """Forget what pages have set and left open, as if JupyterLab were opened for the first time."""
    for part in ("settings", "workspaces"):
        shutil.rmtree(home / part, ignore_errors=True)
    settings = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(QUIET), encoding="utf-8")


def trust(folder: Path, home: Path) -> None:
    """Trust a folder's notebooks, as what a student ran is: JupyterLab then restores their widgets."""
    (home / "data").mkdir(exist_ok=True)
    notary = NotebookNotary(data_dir=str(home / "data"))
    for path in folder.glob("*.ipynb"):
        notary.sign(nbformat.read(path, as_version=4))
    notary.store.close()


def end_kernels(address: str) -> None:
    """End all kernels of a server."""
    sessions = address.replace("/lab/tree/{}", "/api/sessions{}")
    with urllib.request.urlopen(sessions.format(""), timeout=30) as answer:
        running = json.load(answer)
    for one in running:
        request = urllib.request.Request(sessions.format(f"/{one['id']}"), method="DELETE")
        urllib.request.urlopen(request, timeout=30).close()


@contextmanager
def browser_page(executable: str, **options):
    """Open a page; it collects console errors and requests to other hosts in `page.complaints`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=BROWSER_FLAGS)
        options = {"viewport": {"width": 1400, "height": 1000}} | options
        page = browser.new_page(**options)
        page.complaints = []
        page.on("console", lambda message: _note_error(page, message))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("request", lambda request: _note_foreign(page, request.url))
        yield page
        browser.close()


def _note_error(page: Page, message: ConsoleMessage) -> None:
    if message.type == "error" and not message.text.startswith(NOT_OURS):
        page.complaints.append(message.text)


def _note_foreign(page: Page, url: str) -> None:
    if not re.match(r"(http|ws)://127\.0\.0\.1[:/]|data:|blob:|file:", url):
        page.complaints.append(f"request to {url}")


def open_notebook(page: Page, address: str, name: str) -> None:
    """Open a notebook and wait until its kernel is ready."""
    page.goto(address.format(name))
    wait_for_kernel(page)


def open_with_widgets(page: Page, address: str, name: str, views: int) -> None:
    """Open a notebook that holds its widgets' states, and wait until all `views` of the lessons' widgets are there.

    While a machine is busy, JupyterLab can draw an output before it has read those states, and then says for good that
    it found no model (ipywidgets 8.1: a second restoreWidgets, from the kernel alone, ends before the first). A reload
    mends it. Students never meet it: no notebook of theirs holds states.
    """
    open_notebook(page, address, name)
    for _ in range(3):
        page.wait_for_function(
            """views => document.querySelectorAll(".lessons-widget").length >= views ||
              [...document.querySelectorAll(".jp-OutputArea-output")].some(
                output => output.textContent.startsWith("Error displaying widget"))""",
            arg=views,
            timeout=60_000,
            polling=200,  # milliseconds
        )
        if not any(NOT_FOUND in complaint for complaint in page.complaints):
            return
        page.complaints[:] = [complaint for complaint in page.complaints if NOT_FOUND not in complaint]
        reload(page)


def reload(page: Page) -> None:
    """Reload the page, as after a lost connection, and wait until it has found the kernel again."""
    page.reload()
    wait_for_kernel(page)


def wait_for_kernel(page: Page) -> None:
    """Wait until the status bar says that the kernel is idle; until then JupyterLab would ask which kernel to use."""
    page.locator(".jp-StatusBar-TextItem", has_text="| Idle").wait_for(timeout=60_000)


def save(page: Page) -> None:
    """Save the notebook, and wait until it is saved."""
    menu(page, "File", "Save Notebook")
    page.locator(".jp-mod-dirty").first.wait_for(state="detached", timeout=10_000)


def menu(page: Page, *path: str) -> None:
    """Choose from the main menu, by the words that a student reads."""
    page.locator(f".lm-MenuBar-itemLabel:text-is('{path[0]}')").click()
    page.locator(f".lm-Menu-itemLabel:text-is('{path[1]}')").click()


def run_all(page: Page, seconds: int) -> None:
    """Run All Cells, and wait until the kernel has done the last one."""
    menu(page, "Run", "Run All Cells")
    _wait_for_last_prompt(page, r"\[\d+\]", seconds)


def restart_and_run_all(page: Page, seconds: int) -> None:
    """Restart the kernel, clear what the notebook shows, and run all cells, as after a reload."""
    menu(page, "Kernel", "Restart Kernel and Clear Outputs of All Cells…")
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    _wait_for_last_prompt(page, r"\[ \]", 60)
    run_all(page, seconds)


def _wait_for_last_prompt(page: Page, pattern: str, seconds: int) -> None:
    """Wait until the last code cell's prompt looks so, and nothing runs."""
    page.wait_for_function(
        """pattern => {
          const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputArea-prompt")].map(p => p.textContent);
          const idle = document.querySelector(".jp-Notebook-ExecutionIndicator[data-status=idle]");
          return idle && prompts.length && !prompts.includes("[*]:") && RegExp(pattern).test(prompts.at(-1));
        }""",
        arg=pattern,
        timeout=seconds * 1000,
        polling=500,  # milliseconds; at every frame it would take a core from the training
    )


def canvas_pixels(canvas) -> np.ndarray:
    """Return the red, green and blue values that a canvas holds, shape (height, width, 3), from 0 to 255."""
    height, width, text = canvas.evaluate(
        """canvas => {
          const {width, height} = canvas;
          const bytes = canvas.getContext("2d").getImageData(0, 0, width, height).data;
          let text = "";
          for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
          return [height, width, btoa(text)];
        }"""
    )  # as text: Playwright takes millions of numbers one by one
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(height, width, 4)[..., :3].astype(float)


def next_drawing(widget, action) -> None:
    """Do something, and wait until the widget's view has drawn again."""
    widget.evaluate(
        "el => { el.drawn = false; el.addEventListener('drawn', () => { el.drawn = true; }, {once: true}); }"
    )
    action()
    handle = widget.element_handle()
    widget.page.wait_for_function("el => el.drawn", arg=handle, timeout=10_000)
