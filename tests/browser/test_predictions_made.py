"""Predictions: made, changed, kept through a second run, and met by what was measured; in JupyterLab and in a page."""

import nbformat
import pytest
from lab import browser_page, open_notebook, restart_and_run_all, run_all
from lesson_files import run
from pages import PARTS, write_page
from playwright.sync_api import expect
from test_widgets import METADATA, assert_light_on_dark, choose_theme

CELLS = [
    """
from lessons_lib.widgets import Prediction, PredictionCount
units = Prediction("How many units are enough?", ["2", "10", "30"])
units""",
    """
angle = Prediction("How large is the angle?", (0, 90), unit="°")
angle""",
    'units.reveal("10")',
    "angle.reveal(34.567, within=3)",
    "units  # the same question, shown a second time",
    "PredictionCount(units, angle)",
    'print("kernel has", [units.answer, angle.answer, units.outcome, angle.outcome])',
]


def small_notebook():
    return nbformat.v4.new_notebook(metadata=METADATA, cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    nbformat.write(small_notebook(), folder / "predictions.ipynb")
    return folder


def outputs(page):
    found = page.locator(".jp-OutputArea-output:has(.lessons-widget)")
    found.nth(5).wait_for(timeout=60_000)
    return [found.nth(i) for i in range(6)]


def assert_nothing_is_given_away(page):
    text = page.locator(".jp-Notebook, main").first.inner_text()
    assert "34.57" not in text and "measured: " not in text


def make_and_change(page):
    """Answer both, change both, by mouse and by key; both views of a question agree."""
    units, angle, _, _, again, count = outputs(page)
    assert_nothing_is_given_away(page)
    expect(count).to_contain_text("0 of 2 predictions")
    units.get_by_label("2", exact=True).check()
    expect(again.get_by_label("2", exact=True)).to_be_checked()
    again.get_by_label("2", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect(units.get_by_label("10", exact=True)).to_be_checked()
    assert units.locator("input:checked").count() == again.locator("input:checked").count() == 1
    expect(count).to_contain_text("1 of 2 predictions. Of the 0 that you compared, 0")
    slider = angle.get_by_role("slider", name="How large is the angle?")
    slider.focus()
    slider.press("ArrowRight")
    before = angle.locator("output").text_content()
    for _ in range(11):
        slider.press("ArrowLeft")
    assert before == "46°" and angle.locator("output").text_content() == "35°"
    assert_nothing_is_given_away(page)


def compare(page):
    units, angle, first, second, _, count = outputs(page)
    first.get_by_role("button", name="Compare").click()
    expect(first.locator(".lessons-comparison")).to_have_text("You said 10; measured: 10 ✓")
    expect(count).to_contain_text("2 of 2 predictions. Of the 1 that you compared, 1 came out")
    second.get_by_role("button", name="Compare").press("Enter")
    expect(second.locator(".lessons-comparison")).to_have_text("You said 35°; measured: 34.57° ✓")
    assert units.locator("input:disabled").count() == 3 and angle.locator("input:disabled").count() == 1


def test_in_jupyterlab(jupyterlab, folder):
    with jupyterlab(folder) as (page, address):
        open_notebook(page, address, "predictions.ipynb")
        run_all(page, 60)
        make_and_change(page)
        units = outputs(page)[0]
        units.get_by_label("30", exact=True).click()
        page.keyboard.press("d")
        page.keyboard.press("d")  # would delete the cell
        units.get_by_label("10", exact=True).click()
        page.wait_for_timeout(500)  # the kernel has heard it
        page.keyboard.press("Control+Enter")  # runs the cell again
        expect(page.locator(".jp-CodeCell .jp-InputPrompt").first).to_have_text(f"[{len(CELLS) + 1}]:", timeout=10_000)
        assert page.locator(".jp-CodeCell").count() == len(CELLS)
        run_all(page, 60)  # a second run keeps the answers
        units, angle, *_ = outputs(page)
        expect(units.get_by_label("10", exact=True)).to_be_checked()
        expect(angle.locator("output")).to_have_text("35°")
        assert_nothing_is_given_away(page)
        compare(page)
        choose_theme(page, "JupyterLab Dark")
        for part in ("legend", "label", "output", ".lessons-status", ".lessons-comparison", ".lessons-count"):
            assert_light_on_dark(page.locator(f".lessons-widget {part}").first)
        cell = page.locator(".jp-CodeCell").last
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        expect(cell.locator(".jp-OutputArea-output")).to_have_text(
            "kernel has ['10', 35.0, 'right', 'right']", timeout=10_000
        )
        restart_and_run_all(page, 60)
        units, _, first, *_ = outputs(page)
        assert units.locator("input:checked").count() == 0
        first.get_by_role("button", name="Compare").click()  # without an answer
        expect(first.locator(".lessons-comparison")).to_have_text("You gave no answer; measured: 10")
        assert page.complaints == []


def test_in_a_page_without_a_kernel(chromium, page_parts, tmp_path):
    write_page(run(small_notebook(), keep_widgets=True).notebook, tmp_path / "page.html")
    for part in PARTS:
        (tmp_path / part).symlink_to(page_parts / part)
    with browser_page(chromium) as page:
        page.goto((tmp_path / "page.html").as_uri())
        make_and_change(page)
        compare(page)
        assert page.complaints == []
