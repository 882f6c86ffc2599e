"""TextMap: its search in both languages, and what the Python side holds and refuses."""

import base64
import io
import json
import subprocess

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image
from torch import nn

from lessons_lib.datasets.documents import Documents
from lessons_lib.widgets import TextMap
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.text_map import PRECISION
from lessons_lib.widgets.text_search import KINDS, NEAREST, TextSearch, transform, words_of

WORDS = ["signal", "filter", "frequency", "graph", "node", "edge", "array", "matrix", "test", "sample", "plot", "line"]
TOPICS = ["signals", "graphs", "plots"]
QUERIES = [
    "",
    "  \t",
    "filter",
    "Filter the SIGNAL, filter_it: 3 samples of a signal",
    "of the and",
    "naïve Σignal ÉDGE kelvin-K node",
    "graph " * 400,
    " ".join(WORDS),
    "made.document_7",
    "made.document_7 ",
    "empty",
    "<b>node</b>",
]


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()


def encoder(seed=0):
    """A network that was not trained, but heeds what it gets."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = nn.Sequential(nn.Linear(len(WORDS), 20), nn.ReLU(), nn.Linear(20, 7), nn.Tanh(), nn.Linear(7, 2))
    for layer in (network[0], network[2]):
        layer.weight.data *= 4
    return network


def made(documents=60):
    """Arguments: documents of three topics with words of their own; two of them are twins, the last is empty."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, documents)
    rates = np.where(np.arange(len(WORDS)) // 4 == labels[:, None], 1.5, 0.3)
    counts = rng.poisson(rates)
    counts[3], labels[3], counts[-1] = counts[4], labels[4], 0
    names = [*(f"made.document_{i}" for i in range(documents - 1)), "empty"]
    projection = rng.normal(size=(len(WORDS), 2))
    about = {"counts": counts, "words": WORDS, "names": names, "labels": labels, "topics": TOPICS}
    return {"encoder": encoder(), "lsa": projection} | about


def text_map(**changes):
    return TextMap(**(made() | changes))


# The search


def test_a_text_is_cut_as_the_documents_are():
    empty = torch.zeros(0, len(WORDS)), torch.zeros(0, dtype=torch.int64)
    documents = Documents(tuple(WORDS), tuple(TOPICS), *empty, *empty, (), (), (), ())
    search = text_map()._search
    for query in ("Filter the SIGNAL, filter_it: 3 samples of a signal", "naïve ÉDGE kelvin-K node", "graph " * 400):
        np.testing.assert_array_equal(search.read(query).counts, documents.encode([query])[0])
    assert words_of("The 2 n_samples: x-Ray") == ["the", "n", "samples", "x", "ray"]


def test_counts_are_transformed_row_by_row():
    counts = np.array([[0, 1, 3], [0, 0, 0], [7, 0, 0]])
    logs = np.log([1, 2, 4])
    np.testing.assert_allclose(transform(counts), [logs / np.linalg.norm(logs), [0, 0, 0], [1, 0, 0]], rtol=1e-6)


def test_the_nearest_are_found_by_three_distances():
    given = made()
    widget = TextMap(**given)
    counts, lsa = given["counts"].astype(float), given["lsa"]
    transformed = transform(counts).astype(float)
    own = 7
    widget.query = f"made.document_{own}"
    with torch.no_grad():
        codes = given["encoder"](torch.tensor(transformed).float()).numpy()
    cosine = counts @ counts[own] / np.maximum(np.linalg.norm(counts, axis=1), 1) / np.linalg.norm(counts[own])
    distances = {
        "code": np.linalg.norm(codes - codes[own], axis=1),
        "LSA": np.linalg.norm(transformed @ lsa - transformed[own] @ lsa, axis=1),
        "counts": 1 - cosine,
    }
    assert tuple(widget.neighbours) == KINDS
    for kind, far in distances.items():
        far[own] = np.inf
        found = [given["names"].index(name) for name in widget.neighbours[kind]]
        np.testing.assert_allclose(far[found], np.sort(far)[:NEAREST], atol=1e-2 if kind == "code" else 1e-6)


def test_words_mean_what_a_document_of_these_words_means():
    widget = text_map()
    counts = made()["counts"][7]
    as_words = widget._search.read(" ".join(" ".join([word] * n) for word, n in zip(WORDS, counts, strict=True)))
    as_document = widget._search.read("made.document_7")
    assert (as_words.document, as_document.document) == (None, 7) and as_words.unknown == []
    for kind in ("code", "LSA"):
        np.testing.assert_allclose(as_words.codes[kind], as_document.codes[kind], atol=1e-5)


def test_a_twin_is_nearest_and_no_document_is_its_own_neighbour():
    widget = text_map()
    for document, twin in ((3, 4), (4, 3)):
        widget.query = f"made.document_{document}"
        assert {found[0] for found in widget.neighbours.values()} == {f"made.document_{twin}"}
        assert all(widget.query not in found for found in widget.neighbours.values())


def test_without_a_word_nothing_is_near():
    widget = text_map()
    for query in ("", "  ", "of the and", "empty"):
        widget.query = query
        assert widget.neighbours == {kind: [] for kind in KINDS}
    assert widget._search.read("of the Filter of").unknown == ["of", "the"]
    counts = np.zeros((60, len(WORDS)), dtype=int)
    counts[:, 0] = counts[8, 1] = 1
    widget = text_map(counts=counts)
    widget.query = "filter"
    assert widget.neighbours["counts"] == ["made.document_8"]  # no other has the word
    assert len(widget.neighbours["code"]) == NEAREST


def test_javascript_finds_what_python_finds(deno, tmp_path):
    widget = text_map()
    given = widget.made_from()
    script = tmp_path / "search.mjs"
    script.write_text(
        module_text("shared.js", "network.js", "text_search.js")
        + """
const { given, queries } = JSON.parse(await new Response(Deno.stdin.readable).text());
const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;
const ask = textSearch({
  ...given,
  encoder: readNetwork(given.layers, bytes(given.weights), given.precision),
  codes: new Float32Array(bytes(given.codes)),
  lsa: new Float32Array(bytes(given.lsa)),
  numbers: new Uint16Array(bytes(given.numbers)),
  counts: new Uint16Array(bytes(given.counts)),
  offsets: new Uint32Array(bytes(given.offsets)),
});
console.log(JSON.stringify(queries.map(ask)));""",
        encoding="utf-8",
    )
    queries = [*QUERIES, *made()["names"]]
    result = subprocess.run(
        [deno, "run", "--quiet", script],
        input=json.dumps({"given": given, "queries": queries}),
        capture_output=True,
        text=True,
        check=True,
    )
    for query, answer in zip(queries, json.loads(result.stdout), strict=True):
        meaning = widget._search.read(query)
        assert answer["document"] == (-1 if meaning.document is None else meaning.document)
        assert answer["unknown"] == meaning.unknown
        if meaning.document is None:
            assert {WORDS.index(word) for word in answer["known"]} == set(np.flatnonzero(meaning.counts))
        if meaning.counts.any():
            np.testing.assert_allclose(answer["code"], meaning.codes["code"], rtol=1e-4, atol=1e-4)
        else:
            assert answer["code"] is None
        assert_nearest(widget._search, query, answer["neighbours"])


def assert_nearest(search, query, neighbours):
    """These documents are as near as Python's, which may name a tie in another order."""
    for kind, far in search.distances(query).items():
        wanted = np.sort(far)[:NEAREST]
        assert len(set(neighbours[kind])) == len(neighbours[kind])
        np.testing.assert_allclose(far[neighbours[kind]], wanted[wanted < np.inf], atol=1e-4)


# The widget


def test_snapshots_are_shown_whatever_is_trained_on():
    given = made()
    widget = TextMap(**given)
    widget.query = "filter signal"
    before = widget.neighbours, widget.view.weights
    for parameter in given["encoder"].parameters():
        parameter.data += 1
    given["counts"] += 1
    assert (widget.neighbours, widget.view.weights) == before


def test_half_of_the_weights_bytes_travel_and_the_note_is_true():
    given = made()
    widget = TextMap(**given)
    weights = sum(parameter.numel() for parameter in given["encoder"].parameters())
    assert PRECISION == "float16" and len(widget.view.weights) == 2 * weights
    with torch.no_grad():
        exact = given["encoder"](torch.tensor(transform(given["counts"]))).numpy()
    codes = np.frombuffer(widget.view.codes, np.float32).reshape(-1, 2)
    off = 100 * np.abs(codes - exact).max() / np.ptp(codes, axis=0).max()
    share = float(widget.view.note.split("more than ")[1].split(" %")[0])
    assert off <= share <= off + 0.02


def test_what_it_was_made_from_survives_json():
    widget = text_map()
    sent = json.loads(json.dumps(widget.made_from()))
    offsets = np.frombuffer(base64.b64decode(sent["offsets"]), np.uint32)
    numbers, counts = (np.frombuffer(base64.b64decode(sent[name]), np.uint16) for name in ("numbers", "counts"))
    dense = np.zeros((len(sent["names"]), len(sent["words"])), dtype=int)
    for row, first, end in zip(dense, offsets[:-1], offsets[1:], strict=True):
        row[numbers[first:end]] = counts[first:end]
    np.testing.assert_array_equal(dense, made()["counts"])
    assert sent["labels"] == made()["labels"].tolist() and sent["topics"] == TOPICS
    lsa = np.frombuffer(base64.b64decode(sent["lsa"]), np.float32).reshape(-1, 2)
    np.testing.assert_allclose(lsa, made()["lsa"], rtol=1e-6)
    assert isinstance(widget._search, TextSearch) and list(widget.search.options) == sent["names"]


@pytest.mark.parametrize("query", ["", "filter", "made.document_7", "of the", "$x^2$ \\frac{filter}"])
def test_still_and_text_show_the_query(query):
    widget = text_map(topics=["a $ign", "an_edge{", "plots"])
    widget.query = query
    data, _ = widget._repr_mimebundle_()
    picture = Image.open(io.BytesIO(data["image/png"]))
    assert picture.size == ((880, 448) if query else (440, 448))
    assert np.asarray(picture.convert("RGB")).std(axis=2).max() > 50  # coloured dots
    where = f"the documents nearest to {query!r}" if query else "a search box"
    assert data["text/plain"] == f"TextMap: 60 documents of 3 topics, and {where} (run the cell to search)"


def test_takes_tensors_tuples_and_twenty_topics():
    given = made()
    for name in ("counts", "labels", "lsa"):
        given[name] = torch.tensor(given[name]).float()
    widget = TextMap(**given | {"words": tuple(WORDS), "topics": tuple(f"topic {i}" for i in range(20))})
    widget.query = "node"
    assert len(widget.neighbours["counts"]) == NEAREST and widget.still()


def test_one_document_is_enough():
    widget = text_map(counts=np.eye(1, len(WORDS)), names=["one"], labels=[0])
    widget.query = "signal"
    assert widget.neighbours == {kind: ["one"] for kind in KINDS} and widget.still()


def test_closing_leaves_nothing():
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    text_map().close()
    assert set(ipywidgets.Widget.get_manager_state()["state"]) == before


COUNTS = made()["counts"]
REFUSED = [
    ({"encoder": "an encoder"}, "encoder is a str; it must be an nn.Sequential of layers."),
    ({"encoder": nn.Conv1d(1, 2, 3)}, "encoder holds a Conv1d layer, which the browser can't run; "),
    ({"encoder": nn.Linear(11, 2)}, "encoder takes 11 values; it must take 12, one for each word."),
    ({"encoder": nn.Linear(12, 3)}, "encoder returns 3 values; it must return 2, a place on the map."),
    ({"lsa": np.eye(2)}, "lsa has shape (2, 2); it must be (12, 2), two numbers for each word."),
    ({"lsa": np.full((12, 2), np.nan)}, "lsa holds values that are infinite or not a number"),
    ({"counts": COUNTS[:5]}, "counts has shape (5, 12); it must be (60, 12), a row for each name and a column for "),
    ({"counts": COUNTS / 2}, "counts has values besides the whole numbers from 0 to 65535; hand over raw counts."),
    ({"counts": -COUNTS}, "counts has values besides the whole numbers from 0 to 65535; hand over raw counts."),
    ({"counts": COUNTS * 70000}, "counts has values besides the whole numbers from 0 to 65535; hand over raw counts."),
    ({"counts": np.where(COUNTS > 1, np.nan, 0)}, "counts has values besides the whole numbers from 0 to 65535"),
    ({"counts": "many"}, "counts holds text; it must hold real numbers."),
    ({"words": "signal filter"}, "words is 'signal filter'; it must be a list of texts."),
    ({"words": [*WORDS[:11], "Line"]}, "words holds 'Line'; a word must be of small letters from a to z."),
    ({"words": [*WORDS[:11], 3]}, "words holds 3; each must be text."),
    ({"words": [*WORDS[:11], "graph"]}, "words holds 'graph' more than once; they must differ."),
    ({"names": []}, "names is []; it must be a list of texts."),
    ({"names": ["a"] * 60}, "names holds 'a' more than once; they must differ."),
    ({"names": [str(i) for i in range(20001)]}, "names holds 20001 texts; there must be at most 20000."),
    ({"topics": ["a", " ", "b"]}, "topics holds ' '; each must be text."),
    ({"topics": list("abcdefghijklmnopqrstu")}, "topics holds 21 texts; there must be at most 20."),
    ({"labels": np.zeros(59)}, "labels has shape (59,); it must be (60,), one for each document."),
    ({"labels": np.full(60, 3)}, "labels has values besides the whole numbers from 0 to 2; there are 3 topics."),
    ({"labels": np.full(60, 0.5)}, "labels has values besides the whole numbers from 0 to 2; there are 3 topics."),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_misuse_gets_one_sentence_and_leaves_no_widget(arguments, sentence):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError) as refusal:
        text_map(**arguments)
    assert str(refusal.value).startswith(sentence) and "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


def test_an_encoder_that_diverged_is_refused():
    broken = encoder()
    broken[0].weight.data *= 1e6
    with pytest.raises(ValueError, match="encoder has weights that are not finite in float16; train it again."):
        text_map(encoder=broken)


def test_a_query_must_be_text():
    with pytest.raises(ValueError, match="query is 3; it must be text: words, or a document's name."):
        text_map().query = 3
