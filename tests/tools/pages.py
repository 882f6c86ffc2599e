"""make pages: the lessons as web pages, whose sliders need no kernel, and which need no network.

Each page stands in pages/, beside the folders with the JavaScript and the icons that it needs.
"""

import json
import shutil
import subprocess
from pathlib import Path

import anywidget
from deno import find_deno_bin
from lesson_files import ROOT, read_source, run, source_paths
from nbconvert import HTMLExporter
from nbformat import NotebookNode

PAGES = ROOT / "pages"
# Jupyter's widget manager for pages, the module loader that it wants, and the formulas, from the npm registry.
PACKAGES = {"requirejs": "2.3.7", "@jupyter-widgets/html-manager": "1.0.14", "mathjax": "2.7.9"}
MATHJAX = ["MathJax.js", "config/TeX-AMS_CHTML-full.js", "config/Safe.js", "extensions", "fonts/HTML-CSS/TeX/woff"]
MATHJAX += ["jax/element", "jax/input/TeX", "jax/output/CommonHTML"]
# Where the widget manager looks for the icons of the Play button, seen from the page.
ICON_PLACES = ["@jupyter-widgets", "@jupyter-widgets/html-manager/dist"]
# Modules that are not the widget manager's own would otherwise be looked for on the network.
FIND_ANYWIDGET = '<script>requirejs.config({paths: {anywidget: "assets/anywidget"}});</script>'


def write_assets(pages: Path) -> None:
    """Put what pages need beside them, unless it is there; needs a network."""
    folder = pages / "assets"
    if (folder / "anywidget.js").exists():
        return
    work = folder / "npm"
    work.mkdir(parents=True, exist_ok=True)
    imports = {name: f"npm:{name}@{version}" for name, version in PACKAGES.items()}
    (work / "deno.json").write_text(json.dumps({"nodeModulesDir": "auto", "imports": imports}))
    subprocess.run([find_deno_bin(), "install", "--quiet"], cwd=work, check=True, stderr=subprocess.DEVNULL)
    modules = work / "node_modules"
    shutil.copy(modules / "requirejs" / "require.js", folder)
    manager = modules / "@jupyter-widgets" / "html-manager" / "dist"
    shutil.copy(manager / "embed-amd.js", folder)
    for place in ICON_PLACES:
        (pages / place).mkdir(parents=True, exist_ok=True)
        for icons in manager.glob("*.woff*"):
            shutil.copy(icons, pages / place)
    for part in MATHJAX:
        target = folder / "mathjax" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (modules / "mathjax" / part).is_dir() else shutil.copy
        copy(modules / "mathjax" / part, target)
    shutil.copy(Path(anywidget.__file__).parent / "nbextension" / "index.js", folder / "anywidget.js")
    shutil.rmtree(work)


def write_page(notebook: NotebookNode, page: Path) -> None:
    """Write a notebook that was run with its widgets kept as a page; its assets stand beside it."""
    exporter = HTMLExporter(
        require_js_url="assets/require.js",
        widget_renderer_url="assets/embed-amd.js",
        mathjax_url="assets/mathjax/MathJax.js?config=TeX-AMS_CHTML-full,Safe",
    )
    html, _ = exporter.from_notebook_node(notebook)
    page.write_text(html.replace("</head>", f"{FIND_ANYWIDGET}\n</head>", 1), encoding="utf-8")


def main() -> None:
    """Write a page a lesson."""
    write_assets(PAGES)
    for source in source_paths():
        page = PAGES / source.with_suffix(".html").name
        write_page(run(read_source(source), keep_widgets=True).notebook, page)
        print(f"{page.relative_to(ROOT)}: {page.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
