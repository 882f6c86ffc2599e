"""Whether a page can be used without a mouse, by ear and on a telephone."""

from playwright.sync_api import Locator, Page

# All that a widget draws, with its sliders if it has some.
BOXES = ".widget-vbox:has(> .lessons-widget), .lessons-widget:not(.widget-vbox > *)"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
ASK_AXE = """async ([boxes, levels]) => {
  const { violations, passes } = await axe.run(boxes, { runOnly: levels });
  const words = (rule) => rule.nodes.map((node) => `${rule.id}: ${node.failureSummary} in ${node.html}`);
  return [violations.flatMap(words), Object.fromEntries(passes.map((rule) => [rule.id, rule.nodes.length]))];
}"""
# What stands out of the window to the right: where it can be scrolled to, and where it is cut off.
LOOK_RIGHT = """() => {
  const scrolled = [], cut = [];
  const width = document.scrollingElement.clientWidth;
  for (const node of document.body.querySelectorAll("*:not(.MJX_Assistive_MathML, .MJX_Assistive_MathML *)")) {
    const box = node.getBoundingClientRect();
    if (box.width === 0 || box.right <= width + 1) continue;
    let around = node.parentElement;
    while (around !== document.body && getComputedStyle(around).overflowX === "visible") around = around.parentElement;
    const scrolls = around !== document.body && ["auto", "scroll"].includes(getComputedStyle(around).overflowX);
    const ofWidget = node.closest(".widget-vbox, .lessons-widget"); // it must be in sight
    (scrolls && !ofWidget ? scrolled : cut).push(node.outerHTML.slice(0, 200));
  }
  return [document.scrollingElement.scrollWidth - width, scrolled, cut];
}"""


def ask_axe(boxes: Locator, script: str) -> list[str]:
    """Return what axe-core finds in widgets against WCAG's levels A and AA, after making sure that it has looked."""
    page = boxes.page
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(script)
        # In JupyterLab the body has no height, and axe-core takes what stands outside it for hidden; and cells out of
        # sight are not laid out.
        page.add_style_tag(content="body { min-height: 100vh; } .jp-Cell { content-visibility: visible !important; }")
    violations, passes = page.evaluate(ASK_AXE, [boxes.element_handles(), LEVELS])
    looked_at = {
        "aria-input-field-name": boxes.locator(".noUi-handle").count(),
        "role-img-alt": boxes.locator("canvas[role=img]").count(),
        "color-contrast": boxes.locator(".lessons-status").count(),
    }
    for rule, nodes in looked_at.items():
        found = sum(words.startswith(f"{rule}:") for words in violations)
        assert nodes and passes.get(rule, 0) + found >= nodes, f"axe-core has not looked at all: {rule}"
    return violations


def assert_fits(page: Page) -> None:
    """Nothing goes beyond the window's right edge, but for what can be scrolled within itself, such as code."""
    beyond, scrolled, cut = page.evaluate(LOOK_RIGHT)
    assert beyond <= 0 and cut == []
    assert scrolled, "there is a long line of code"
