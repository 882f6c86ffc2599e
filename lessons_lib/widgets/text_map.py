"""TextMap: a map of documents with a search box; encoder, LSA and counts find the nearest ones in the browser."""

import math
from collections import Counter
from collections.abc import Sequence

import anywidget
import ipywidgets
import numpy as np
import torch
import traitlets
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patheffects import withStroke
from torch import nn

from lessons_lib.arrays import as_finite, as_numbers, shown
from lessons_lib.plotting import CLASS_COLOURS, INK
from lessons_lib.widgets.browser import STYLE, SlidersAndView, as_json, module_text
from lessons_lib.widgets.network import check_same, pack, widths
from lessons_lib.widgets.still import figure_png
from lessons_lib.widgets.text_search import WORD, TextSearch, transform

PRECISION = "float16"  # of the encoder's weights: half the bytes
MOST_TOPICS = 20
MOST_DOCUMENTS = 20_000
MOST_WORDS = 65_535  # of the vocabulary; also of one word in a document: both travel as uint16
MARKS = "os^"  # of a still's dots, as text_map.js has them: colours come back after ten topics, marks after three
STILL_LETTERS = 34  # of a name


class MapView(anywidget.AnyWidget):
    """The map and the lists. The query lives in the search box, which this refers to, and so do the names."""

    _esm = module_text("shared.js", "network.js", "text_search.js", "text_map.js")
    _css = STYLE
    layers = traitlets.List().tag(sync=True)
    weights = traitlets.Bytes().tag(sync=True)
    precision = traitlets.Unicode(PRECISION).tag(sync=True)
    words = traitlets.List().tag(sync=True)
    codes = traitlets.Bytes().tag(sync=True)
    lsa = traitlets.Bytes().tag(sync=True)
    numbers = traitlets.Bytes().tag(sync=True)  # of the words of each document in turn
    counts = traitlets.Bytes().tag(sync=True)  # how often each of them stands there
    offsets = traitlets.Bytes().tag(sync=True)  # where each document begins among them
    labels = traitlets.List().tag(sync=True)
    topics = traitlets.List().tag(sync=True)
    colours = traitlets.List(list(CLASS_COLOURS)).tag(sync=True)
    note = traitlets.Unicode().tag(sync=True)
    controls = traitlets.List().tag(sync=True, **ipywidgets.widget_serialization)


class TextMap(SlidersAndView):
    """Type words or pick a document, and see where it lies on the map and which documents are nearest.

    Three lists name the nearest documents: by the encoder's code and by the LSA code, both by Euclidean distance in two
    dimensions, and by the cosine between the raw counts. All of it is computed in the browser; no kernel is needed.
    Point at a dot, or focus the map and use the arrow keys (with Shift in longer steps), to learn which document it is;
    a click or Enter searches for it.

    Encoder and LSA get the counts as :func:`lessons_lib.widgets.text_search.transform` gives them: log(1 + count),
    each row divided by its Euclidean length.

    Parameters
    ----------
    encoder : nn.Module
        Maps transformed counts (n, v) to codes (n, 2): nn.Sequential of the layers that :class:`LatentExplorer` takes.
        A snapshot is taken: training on does not change what is shown. Before anything is shown, it is compared with
        the encoder on a few of the documents. Its weights travel in float16; what that costs is said below the map.
    lsa : array
        Shape (v, 2): transformed counts times it are the LSA codes.
    counts : array
        Shape (n, v), n up to 20,000: how often each word stands in each document.
    words : sequence of str
        The vocabulary, v words of the letters a to z.
    names : sequence of str
        What each document is called; the search box offers them.
    labels : array
        Shape (n,), whole numbers: ``topics[label]`` is a document's topic.
    topics : sequence of str
        At most 20.

    Attributes
    ----------
    query : str
        Words or a document's name, readable and settable.
    neighbours : dict of str to list of str
        Names of the documents nearest to the query, five at most, by "code", by "LSA" and by "counts".
    search : ipywidgets.Combobox
    view : MapView
        The browser-side part.

    Raises
    ------
    ValueError
        For an argument that does not fit; the sentence names it.

    Examples
    --------
    >>> from torch import nn
    >>> counts = np.array([[2, 1, 0], [0, 1, 3]])
    >>> about = {"words": ["filter", "signal", "graph"], "names": ["butter", "clique"]}
    >>> of_topics = {"labels": [0, 1], "topics": ["signals", "graphs"]}
    >>> text_map = TextMap(nn.Linear(3, 2), np.eye(3)[:, :2], counts=counts, **about, **of_topics)
    >>> text_map.query = "filter"
    >>> text_map.neighbours["counts"]
    ['butter']
    """

    def __init__(
        self,
        encoder: nn.Module,
        lsa: torch.Tensor | np.ndarray,
        *,
        counts: torch.Tensor | np.ndarray,
        words: Sequence[str],
        names: Sequence[str],
        labels: torch.Tensor | np.ndarray,
        topics: Sequence[str],
    ) -> None:
        words, names, topics = (
            _check_texts(name, texts) for name, texts in (("words", words), ("names", names), ("topics", topics))
        )
        counts = _check_counts(counts, words, names)
        labels = _check_labels(labels, counts, topics)
        lsa = as_finite("lsa", lsa, np.float32)
        if lsa.shape != (len(words), 2):
            raise ValueError(f"lsa has shape {lsa.shape}; it must be ({len(words)}, 2), two numbers for each word.")
        layers, weights, snapshot = pack(encoder, PRECISION, "encoder")
        takes, returns = widths(layers)
        if takes != len(words):
            raise ValueError(f"encoder takes {takes} values; it must take {len(words)}, one for each word.")
        if returns != 2:
            raise ValueError(f"encoder returns {returns} values; it must return 2, a place on the map.")
        exact = pack(encoder)[2]
        check_same(encoder, exact, transform(counts[:8]), "encoder")
        self._search = TextSearch(snapshot, lsa, counts, words, names)
        codes = self._search.codes["code"]
        if not np.isfinite(codes).all():
            raise ValueError("encoder returns codes that are infinite or not a number; train it again.")
        self._names, self._labels, self._topics = names, labels, topics
        documents, numbers = np.nonzero(counts)
        self.search = ipywidgets.Combobox(
            placeholder="words, or a document's name",
            options=names,
            description="search",
            continuous_update=True,
            layout=ipywidgets.Layout(width="560px"),
            style={"description_width": "52px"},
        )
        self.view = MapView(
            layers=layers,
            weights=weights,
            words=words,
            codes=codes.tobytes(),
            lsa=lsa.tobytes(),
            numbers=numbers.astype(np.uint16).tobytes(),
            counts=counts[documents, numbers].astype(np.uint16).tobytes(),
            offsets=np.searchsorted(documents, np.arange(len(names) + 1)).astype(np.uint32).tobytes(),
            labels=labels.tolist(),
            topics=topics,
            note=_rounding_note(exact, codes, counts),
            controls=[self.search],
        )
        super().__init__([self.search, self.view])

    @property
    def query(self) -> str:
        """What is searched for: words, or a document's name."""
        return self.search.value

    @query.setter
    def query(self, text: str) -> None:
        if not isinstance(text, str):
            raise ValueError(f"query is {shown(text)}; it must be text: words, or a document's name.")
        self.search.value = text

    @property
    def neighbours(self) -> dict[str, list[str]]:
        """Names of the documents nearest to the query, the nearest first, by "code", "LSA" and "counts"."""
        return {kind: [self._names[i] for i in found] for kind, found in self._search.nearest(self.query).items()}

    def still(self) -> bytes:
        """Return a PNG: the map, and beside it the documents nearest to the query, if there is one."""
        columns = 2 if self.query.strip() else 1
        figure = Figure(figsize=(5.5 * columns, 5.6), layout="constrained")
        sides = figure.subplots(1, columns, squeeze=False)[0]
        self._draw_map(sides[0])
        if columns == 2:
            self._write_lists(sides[1])
        self._name_topics(sides[0])
        return figure_png(figure, dpi=80)

    def _draw_map(self, axes: Axes) -> None:
        codes = self._search.codes["code"]
        for topic in range(len(self._topics)):
            own = codes[self._labels == topic]
            colour = CLASS_COLOURS[topic % len(CLASS_COLOURS)]
            axes.scatter(*own.T, s=7, marker=MARKS[topic % len(MARKS)], color=colour, linewidths=0)
        meaning = self._search.read(self.query)
        if meaning.counts.any():
            axes.plot(*meaning.codes["code"], "o", ms=15, mfc="none", mec=INK, mew=2, zorder=5)
            axes.plot(*meaning.codes["code"], "+", ms=15, color=INK, mew=2, zorder=5)
        axes.set_aspect("equal", adjustable="datalim")
        axes.set(xlabel="z1", ylabel="z2", xticks=[], yticks=[])

    def _name_topics(self, axes: Axes) -> None:
        """Write each topic's name as near to its dots' median as it covers no other name."""
        axes.figure.draw_without_rendering()  # places are final now
        to_pixels, taken = axes.transData, []
        steps = np.linspace(0.1, 0.9, 30)
        grid = axes.transAxes.transform(np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2))
        for topic, name in enumerate(self._topics):
            own = self._search.codes["code"][self._labels == topic]
            if not len(own):
                continue
            median = np.median(own, axis=0)
            text = axes.text(*median, name, color=INK, weight="bold", size=12.6, ha="center", va="center")
            text.set(path_effects=[withStroke(linewidth=3, foreground="white")], in_layout=False)
            box = text.get_window_extent()
            middle = to_pixels.transform(median)
            places = [*_by_distance(to_pixels.transform(own), middle), *_by_distance(grid, middle)]
            for place in places:
                moved = box.translated(*(place - middle))
                if not any(moved.overlaps(other) for other in taken):
                    break
            taken.append(moved)
            text.set_position(to_pixels.inverted().transform(place))

    def _write_lists(self, axes: Axes) -> None:
        axes.axis("off")
        lines = [f"nearest to “{_short(self.query)}”"]
        for kind, found in self._search.nearest(self.query).items():
            lines += ["", f"by {kind}:"]
            lines += [f"  {_short(self._names[i])} · {self._topics[self._labels[i]]}" for i in found] or ["  none"]
        axes.text(0, 1, "\n".join(lines), va="top", size=12.6, color=INK, linespacing=1.3, parse_math=False)

    def made_from(self) -> dict:
        """Return what the view was given, and the names, bytes as base64 text."""
        traits = ("layers", "weights", "precision", "words", "codes", "lsa", "numbers", "counts", "offsets")
        return as_json(self.view, *traits, "labels", "topics") | {"names": self._names}

    def __repr__(self) -> str:
        """Return the text alternative."""
        where = f"the documents nearest to {shown(self.query)}" if self.query.strip() else "a search box"
        return (
            f"TextMap: {len(self._names)} documents of {len(self._topics)} topics, and {where} (run the cell to search)"
        )


def _by_distance(places: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Return places, shape (n, 2), in the order of their distances from the middle."""
    return places[np.argsort(np.linalg.norm(places - middle, axis=1), kind="stable")]


def _short(name: str) -> str:
    """Return a name that fits into a still's line; its end tells most."""
    if len(name) <= STILL_LETTERS:
        return name
    return f"{name[: STILL_LETTERS // 2 - 6]}…{name[-STILL_LETTERS // 2 - 5 :]}"


def _rounding_note(exact: nn.Module, codes: np.ndarray, counts: np.ndarray) -> str:
    """Return a sentence with the largest distance by which rounded weights move a dot."""
    with torch.no_grad():
        off = np.abs(exact(torch.from_numpy(transform(counts))).numpy() - codes).max()
    share = math.ceil(1e4 * off / max(np.ptp(codes, axis=0).max(), 1e-12)) / 100  # rounded up: it must be true
    return f"Weights rounded to {PRECISION}: no dot is moved by more than {share:.2f} % of the map's width."


def _check_texts(name: str, texts: Sequence[str]) -> list[str]:
    """Return texts that differ as a list."""
    if isinstance(texts, str) or not isinstance(texts, Sequence) or not texts:
        raise ValueError(f"{name} is {shown(texts)}; it must be a list of texts.")
    for text in texts:
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{name} holds {shown(text)}; each must be text.")
        if name == "words" and not WORD.fullmatch(text):
            raise ValueError(f"words holds {shown(text)}; a word must be of small letters from a to z.")
    most = {"words": MOST_WORDS, "names": MOST_DOCUMENTS, "topics": MOST_TOPICS}[name]
    if len(texts) > most:
        raise ValueError(f"{name} holds {len(texts)} texts; there must be at most {most}.")
    if len(set(texts)) < len(texts):
        twice = Counter(texts).most_common(1)[0][0]
        raise ValueError(f"{name} holds {shown(twice)} more than once; they must differ.")
    return list(texts)


def _check_counts(counts: torch.Tensor | np.ndarray, words: list[str], names: list[str]) -> np.ndarray:
    """Return counts as uint16, shape (n, words)."""
    counts = as_numbers("counts", counts, None)
    if counts.shape != (len(names), len(words)):
        raise ValueError(
            f"counts has shape {counts.shape}; it must be ({len(names)}, {len(words)}), a row for each name and a "
            "column for each word."
        )
    with np.errstate(invalid="ignore"):
        whole = counts.astype(np.uint16)
    if not np.array_equal(whole, counts):
        raise ValueError(f"counts has values besides the whole numbers from 0 to {MOST_WORDS}; hand over raw counts.")
    return whole


def _check_labels(labels: torch.Tensor | np.ndarray, counts: np.ndarray, topics: list[str]) -> np.ndarray:
    """Return each document's topic as a position among the topics."""
    labels = as_finite("labels", labels)
    if labels.shape != (len(counts),):
        raise ValueError(f"labels has shape {labels.shape}; it must be ({len(counts)},), one for each document.")
    if not np.isin(labels, range(len(topics))).all():
        raise ValueError(
            f"labels has values besides the whole numbers from 0 to {len(topics) - 1}; there are {len(topics)} topics."
        )
    return labels.astype(int)
