"""What the widgets share on Python's side: their JavaScript, and how they show themselves."""

import base64
from pathlib import Path

import ipywidgets

FOLDER = Path(__file__).parent
STYLE = (FOLDER / "widgets.css").read_text(encoding="utf-8")


def module_text(*names: str) -> str:
    """Return JavaScript files joined into one module: none imports another, so none needs a bundler."""
    return "\n".join((FOLDER / name).read_text(encoding="utf-8") for name in names)


def as_json(widget: ipywidgets.Widget, *names: str) -> dict:
    """Return traits of a widget as JSON can hold them: bytes as base64 text."""

    def plain(value: object) -> object:
        if isinstance(value, list):
            return [plain(each) for each in value]
        return base64.b64encode(value).decode() if isinstance(value, bytes) else value

    return {name: plain(getattr(widget, name)) for name in names}


class SlidersAndView(ipywidgets.VBox):
    """A box of ipywidgets controls and one browser-side view that listens to them in the browser.

    A subclass sets ``view`` (an anywidget that refers to its sliders) before it calls
    ``super().__init__``, and ``_links`` where controls are linked to one another; it defines ``still()`` and
    ``made_from()``.
    """

    _links = ()  # a widget that was refused half-made is closed too

    # ipywidgets 7 (Colab) would use this in place of _repr_mimebundle_, and show no still picture.
    _ipython_display_ = None

    def still(self) -> bytes:
        """Return a PNG for places where widgets don't run: code-hosting pages, PDF, saved notebooks."""
        raise NotImplementedError

    def made_from(self) -> dict:
        """Return what the view was given, as JSON can hold it: what it draws can be compared with Python's."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict, dict]:
        # On Colab, anywidget's metadata says which widget manager to use.
        data, metadata = self.view._repr_mimebundle_()
        view = data["application/vnd.jupyter.widget-view+json"] | {"model_id": self.model_id}
        bundle = {
            "text/plain": repr(self),
            "application/vnd.jupyter.widget-view+json": view,
            "image/png": self.still(),
        }
        return bundle, metadata

    def close(self) -> None:
        """Close the box, its controls, its view and the links between them."""
        for link in self._links:
            link.close()
        for widget in [*_descendants(self), self]:
            for part in (getattr(widget, "style", None), widget.layout):
                if part is not None:
                    part.close()
        for widget in _descendants(self):
            widget.close()
        super().close()


def _descendants(box: ipywidgets.Box) -> list[ipywidgets.Widget]:
    """Return all widgets inside a box, at any depth."""
    found = []
    for child in box.children:
        found.append(child)
        found += _descendants(child) if isinstance(child, ipywidgets.Box) else []
    return found
