"""make pages: the lessons as web pages, whose sliders need no kernel, and which need no network.

Each page stands in pages/, beside the folders with the JavaScript and the icons that it needs.
"""

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

import anywidget
from deno import find_deno_bin
from lesson_files import NOTEBOOKS, ROOT, all_source_paths, read_source, run
from nbconvert import HTMLExporter
from nbformat import NotebookNode

PAGES = ROOT / "pages"
# Jupyter's widget manager for pages, the module loader that it wants, and the formulas, from the npm registry.
PACKAGES = {"requirejs": "2.3.7", "@jupyter-widgets/html-manager": "1.0.14", "mathjax": "2.7.9"}
MATHJAX = ["MathJax.js", "config/TeX-AMS_CHTML-full.js", "config/Safe.js", "extensions", "fonts/HTML-CSS/TeX/woff"]
MATHJAX += ["jax/element", "jax/input/TeX", "jax/output/CommonHTML"]
# Finds what screen readers and weak eyes stumble over; the browser tests ask it.
AXE = {"axe-core": "4.11.0"}
# Where the widget manager looks for the icons of the Play button, seen from the page.
ICON_PLACES = ["@jupyter-widgets", "@jupyter-widgets/html-manager/dist"]
PARTS = ["@jupyter-widgets", "assets"]  # of what stands beside pages; the last tells that all is there
# Modules that are not the widget manager's own would otherwise be looked for on the network.
FIND_ANYWIDGET = '<script>requirejs.config({paths: {anywidget: "assets/anywidget"}});</script>'
# Code that only draws waits behind a line that opens it, by key too.
TEMPLATE = """{% extends 'lab/index.html.j2' %}
{% block input_group %}
{% if 'figure' in cell.metadata.get('tags', []) %}
<details class="lessons-folded"><summary>show the drawing code</summary>{{ super() }}</details>
{% else %}{{ super() }}{% endif %}
{% endblock input_group %}"""
# On a telephone: long lines of code, tables and formulas scroll inside themselves, and leave the text its place.
STYLE = """<style>
.jp-InputArea-editor, .MJXc-display { overflow-x: auto; }
.MJXc-display { overflow-y: hidden; }
.lessons-folded > summary { cursor: pointer; padding: 0.3em 0 0.3em var(--jp-cell-prompt-width); }
.jp-RenderedHTMLCommon table { display: block; max-width: 100%; overflow-x: auto; }
@media (max-width: 600px) {
  .jp-InputPrompt, .jp-OutputPrompt { display: none; }
  .lessons-folded > summary { padding-left: 0; }
  .jp-OutputArea-output pre { white-space: pre; }
}
</style>"""


def write_assets(pages: Path) -> None:
    """Put what pages need beside them, unless it is there; needs a network."""
    if (pages / "assets").exists():
        return
    pages.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=pages) as work:
        modules = _npm_packages(PACKAGES, Path(work))
        made = Path(work) / "made"
        manager = modules / "@jupyter-widgets" / "html-manager" / "dist"
        for place in ICON_PLACES:
            (made / place).mkdir(parents=True, exist_ok=True)
            for icons in manager.glob("*.woff*"):
                shutil.copy(icons, made / place)
        for part in MATHJAX:
            target = made / "assets" / "mathjax" / part
            target.parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if (modules / "mathjax" / part).is_dir() else shutil.copy
            copy(modules / "mathjax" / part, target)
        shutil.copy(modules / "requirejs" / "require.js", made / "assets")
        shutil.copy(manager / "embed-amd.js", made / "assets")
        shutil.copy(Path(anywidget.__file__).parent / "nbextension" / "index.js", made / "assets" / "anywidget.js")
        for part in PARTS:
            try:
                (made / part).rename(pages / part)
            except OSError:  # another process was faster
                if not (pages / part).exists():
                    raise


def write_axe(folder: Path) -> Path:
    """Put axe-core into a folder, unless it is there, and return its script; needs a network."""
    script = folder / f"axe-{AXE['axe-core']}.js"
    if not script.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as work:
            (_npm_packages(AXE, Path(work)) / "axe-core" / "axe.min.js").resolve().replace(script)
    return script


def _npm_packages(packages: dict[str, str], folder: Path) -> Path:
    """Fetch packages from the npm registry into a folder; return the folder that holds one for each."""
    imports = {name: f"npm:{name}@{version}" for name, version in packages.items()}
    (folder / "deno.json").write_text(json.dumps({"nodeModulesDir": "auto", "imports": imports}))
    subprocess.run([find_deno_bin(), "install", "--quiet"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
    return folder / "node_modules"


def write_page(notebook: NotebookNode, page: Path) -> None:
    """Write a notebook that was run with its widgets kept as a page; its assets stand beside it."""
    exporter = HTMLExporter(
        raw_template=TEMPLATE,
        require_js_url="assets/require.js",
        widget_renderer_url="assets/embed-amd.js",
        mathjax_url="assets/mathjax/MathJax.js?config=TeX-AMS_CHTML-full,Safe",
    )
    # nbconvert's own escapes "/" alone: a caption with "<!--<script>" would swallow the page.
    exporter.register_filter("escape_html_script", lambda text: text.replace("<", r"\u003c"))
    html, _ = exporter.from_notebook_node(notebook)
    html = re.sub(r'href="(\w+)\.ipynb"', r'href="\1.html"', html)  # from lesson to lesson
    page.write_text(html.replace("</head>", f"{FIND_ANYWIDGET}\n{STYLE}\n</head>", 1), encoding="utf-8")


def main() -> None:
    """Write a page a notebook: the front page leads to the others."""
    write_assets(PAGES)
    shutil.copytree(NOTEBOOKS / "pictures", PAGES / "pictures", dirs_exist_ok=True)
    for source in all_source_paths():
        page = PAGES / source.with_suffix(".html").name
        write_page(run(read_source(source), keep_widgets=True).notebook, page)
        print(f"{page.relative_to(ROOT)}: {page.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
