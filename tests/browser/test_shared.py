"""What the widgets share, on an empty page: names that stay, observers that go, a pointer that got lost."""

import pytest
from lab import browser_page

from lessons_lib.widgets.browser import module_text

MODULE = module_text("shared.js")
MARKUP = """<div class="widget-vbox" id="one"></div><div class="widget-vbox" id="other"></div>
<template><div class="widget-slider"><label class="widget-label" title="null">mean</label>
<div class="noUi-handle"></div><div class="widget-readout" contenteditable="true"></div></div></template>
<div class="widget-play">
  <button><i class="fa fa-play"></i></button><button><i class="fa fa-pause"></i></button>
  <button><i class="fa fa-stop"></i></button><button class="mod-active"><i class="fa fa-retweet"></i></button>
</div>"""
FRAMES = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def page(chromium):
    with browser_page(chromium) as page:
        page.set_content(MARKUP)
        page.evaluate(
            """async (text) => {
              const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              window.shared = await import(address);
              window.el = document.createElement("div");
              window.addSlider = (place) => document.getElementById(place).append(
                document.querySelector("template").content.firstChild.cloneNode(true));
            }""",
            MODULE,
        )
        yield page
        assert page.complaints == []


def names(page, box):
    page.evaluate(FRAMES)
    return page.locator(f"#{box} .noUi-handle").evaluate_all("all => all.map((node) => node.ariaLabel)")


def test_controls_are_named_whenever_and_wherever_they_come(page):
    page.evaluate("() => { window.leave = shared.watchControls(el); }")
    page.evaluate(FRAMES)
    page.evaluate("addSlider('one'); document.getElementById('one').append(el)")  # the box comes after the view
    assert names(page, "one") == ["mean"]
    assert page.locator("#one .widget-label").get_attribute("title") == ""
    page.evaluate("addSlider('one')")  # a slider comes after the box
    assert names(page, "one") == ["mean", "mean"]
    page.locator("#one .widget-label").first.evaluate("(label) => { label.textContent = 'sd'; }")
    assert names(page, "one") == ["sd", "mean"]
    page.locator("#one .noUi-handle").first.evaluate(
        """(handle) => {
          handle.closest(".widget-slider").querySelector(".widget-readout").textContent = "0.13";
          handle.setAttribute("aria-valuetext", "0.12834523");  // as noUiSlider does
        }"""
    )
    page.evaluate(FRAMES)
    assert page.locator("#one .noUi-handle").first.get_attribute("aria-valuetext") == "0.13"
    assert page.locator("#one [role=textbox]").first.get_attribute("aria-label") == "sd as a number"
    page.evaluate("addSlider('other'); document.getElementById('other').append(el)")
    page.evaluate("el.textContent = 'taller'")  # a view has a height
    assert names(page, "other") == ["mean"]
    page.evaluate("addSlider('one')")  # what the view has left is not its own
    assert names(page, "one") == ["sd", "mean", None]
    page.evaluate("() => { leave(); addSlider('other'); }")
    assert names(page, "other") == ["mean", None]


def test_the_buttons_of_play_say_what_they_do_now(page):
    # Four buttons, as ipywidgets 7 has; ipywidgets 8 has three, and the first one's icon changes.
    page.add_style_tag(content=".fa::before { content: '\\e001'; }")  # the icon is a letter of its font
    page.evaluate("document.getElementById('one').append(document.querySelector('.widget-play'), el)")
    page.evaluate("() => { shared.watchControls(el); }")
    page.evaluate(FRAMES)
    assert page.get_by_role("button").evaluate_all("all => all.map((node) => node.title)") == [
        "play",
        "pause",
        "back to the start",
        "repeat",
    ]
    assert page.get_by_role("button", name="repeat", pressed=True).count() == 1
    page.locator(".fa-play").evaluate("(icon) => { icon.className = 'fa fa-pause'; }")
    page.locator(".mod-active").evaluate("(button) => { button.className = ''; }")
    page.evaluate(FRAMES)
    assert page.get_by_role("button", name="pause").count() == 2
    assert page.get_by_role("button", name="repeat", pressed=False).count() == 1


def test_a_slider_of_ipywidgets_7_says_what_it_is(page):
    page.evaluate(
        """() => {
          addSlider("one");
          document.querySelector("#one .noUi-handle").className = "ui-slider-handle";
          document.querySelector("#one .widget-readout").textContent = "2";
          document.getElementById("one").append(el);
          shared.watchControls(el);
        }"""
    )
    page.evaluate(FRAMES)
    slider = page.get_by_role("slider", name="mean")
    assert slider.get_attribute("aria-valuenow") == "2"
    page.locator("#one .widget-readout").evaluate("(number) => { number.textContent = '3'; }")
    page.evaluate(FRAMES)
    assert slider.get_attribute("aria-valuenow") == "3"


def test_a_pointer_that_got_lost_does_not_stop_the_next(page):
    page.evaluate(
        """() => {
          el.style.cssText = "width: 100px; height: 100px; position: fixed; top: 0; left: 0";
          window.presses = 0;
          shared.followPointer(el, { start: () => ++window.presses, move: () => {} });
          document.body.append(el);
        }"""
    )
    page.mouse.move(20, 20)
    page.mouse.down()
    page.evaluate("el.remove()")  # as JupyterLab does with a cell out of sight
    page.mouse.up()
    page.evaluate("document.body.append(el)")
    page.mouse.move(20, 20)
    page.mouse.down()
    page.mouse.move(40, 40)
    page.mouse.up()
    assert page.evaluate("presses") == 2
