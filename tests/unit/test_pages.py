"""Exported pages: whatever a lesson's texts hold, the widgets' state stays whole."""

import json
import re

import nbformat
from pages import write_page

STATE = "application/vnd.jupyter.widget-state+json"
HOSTILE = ["<!--<script>", "</script>", "<script>", "</SCRIPT >", "a < b & c > d", "\\u003c", "]]>", "\u2028"]


def test_no_text_ends_the_script_that_holds_the_state(tmp_path):
    state = {"version_major": 2, "version_minor": 0, "state": {"one": {"state": {"captions": HOSTILE, "<b>": 1}}}}
    notebook = nbformat.v4.new_notebook(metadata={"widgets": {STATE: state}})
    write_page(notebook, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    (held,) = re.findall(f'<script type="{re.escape(STATE)}">(.*?)</script>', page, re.DOTALL)
    assert "<" not in held and json.loads(held) == state


def test_links_lead_from_page_to_page(tmp_path):
    text = "[a lesson](01a_linear_autoencoder.ipynb), [elsewhere](https://example.org/01a_linear_autoencoder.ipynb)"
    write_page(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)]), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'href="01a_linear_autoencoder.html"' in page
    assert 'href="https://example.org/01a_linear_autoencoder.ipynb"' in page


def test_drawing_code_waits_behind_a_line(tmp_path):
    texts = {"teach()": [], "draw()": ["figure"], "draw_more()": ["opening", "figure"]}
    cells = [nbformat.v4.new_code_cell(text, metadata={"tags": tags}) for text, tags in texts.items()]
    write_page(nbformat.v4.new_notebook(cells=cells), tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    folded = re.findall(r"<details.*?>\s*<summary>show the drawing code</summary>(.*?)</details>", page, re.DOTALL)
    assert [[f">{word}<" in part for word in ("teach", "draw", "draw_more")] for part in folded] == [
        [False, True, False],
        [False, False, True],
    ]
    assert page.count(">teach<") == 1
