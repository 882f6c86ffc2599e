"""The documents: found without importing anything, named, of one topic each, stable, cached, and counted."""

import json
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import lessons_lib.datasets.documents  # noqa: F401  the package's attribute of this name is the function
from lessons_lib.datasets import Documents, docstrings, documents
from lessons_lib.datasets.docstrings import Docstring

module = sys.modules["lessons_lib.datasets.documents"]

SOURCE = '''
class Filter:
    """Filter a signal."""

    def pass_through(self, signal, order=3,
                     window=None):
        """Let a signal pass. More of it."""

        def inner():
            """Inside of a method."""

    async def wait(self):
        """Wait for the signal."""


def _hidden():
    """Nobody should see this."""


def butter():
    """Design a filter.

    >>> butter(3)
    [1, 2, 3]

    More words.
    """
'''


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The documents, read into a fresh cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return documents()


@pytest.fixture
def cache_file(tmp_path, monkeypatch):
    """Where the cache file of an empty home will be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "lessons_lib" / module.CACHE_FILE


@pytest.fixture
def only(monkeypatch, cache_file):
    """Have only these docstrings; counts how often they were read."""
    reads = []

    def use(*found):
        def read(packages):
            reads.append(1)
            return iter(found)

        monkeypatch.setattr(module, "docstrings", read)
        return reads

    return use


def text_of(number, words=70):
    """Text of so many words, whose first sentence names its number."""
    return f"About {'abcdefghij'[number % 10] * (3 + number // 10)}.\n\n" + "signal filter design " * (words // 3)


def some(numbers, file="signal/_filters.py", package="scipy"):
    return [Docstring(package, file, f"function{number}", text_of(number)) for number in numbers]


def small():
    none, no_rows = torch.zeros(0, dtype=torch.int64), torch.zeros(0, 3)
    x = torch.tensor([[1.0, 0.0, 2.0]])
    return Documents(
        ("signal", "graph", "matrix"), ("one",), x, torch.zeros(1, dtype=torch.int64), no_rows, none, ("a",), (),
        ("signal matrix matrix",), (),
    )  # fmt: skip


def test_there_are_enough_of_them_and_each_is_what_is_promised(data):
    train, test = len(data.x_train), len(data.x_test)
    assert 2500 < train + test <= 12 * module.MOST and 0.15 < test / (train + test) < 0.25
    assert len(data.words) == module.VOCABULARY and len(data.topics) == 12 and list(data.topics) == sorted(data.topics)
    for part in ("train", "test"):
        x, y, names, texts = (getattr(data, f"{piece}_{part}") for piece in ("x", "y", "names", "texts"))
        assert x.shape == (len(y), len(data.words)) and x.dtype == torch.float32 and y.dtype == torch.int64
        assert len(names) == len(texts) == len(y) and torch.equal(x, x.round()) and x.min() == 0
        assert (x.sum(1) > 0).all() and set(y.tolist()) == set(range(12))
        assert torch.equal(data.encode(texts), x)
    names = data.names_train + data.names_test
    assert len(set(names)) == len(names)
    assert torch.bincount(torch.cat([data.y_train, data.y_test])).min() > 200
    assert torch.equal(data.to("cpu").x_test, data.x_test)


def test_names_are_dotted_and_public(data):
    names = data.names_train + data.names_test
    assert "scipy.signal.butter" in names or any(name.startswith("scipy.signal.") for name in names)
    assert not [name for name in names if any(part.startswith("_") for part in name.split("."))]


def test_vocabulary_gives_no_package_away(data):
    assert not {"the", "which"} & set(data.words)
    assert not [
        word for word in data.words if word.startswith(("numpy", "networkx", "mpl", "pandas", "sympy", "torch"))
    ]
    totals = data.x_train.sum(0)
    assert (totals.diff() <= 0).all() and totals.min() >= 1


def test_text_names_the_topic_far_better_than_chance(data):
    """What a student will see: the nearest document by counts is mostly of the same topic."""
    unit_train, unit_test = (torch.nn.functional.normalize(x.log1p()) for x in (data.x_train, data.x_test))
    nearest = (unit_test @ unit_train.T).argmax(1)
    assert (data.y_train[nearest] == data.y_test).float().mean() > 0.75


def test_nothing_is_imported_and_nothing_printed(tmp_path):
    code = (
        "import sys; from lessons_lib.datasets import documents; before = set(sys.modules); documents(); "
        "new = {name.split('.')[0] for name in set(sys.modules) - before}; "
        "assert not new & {'sympy', 'networkx', 'sklearn', 'statsmodels', 'pandas', 'mlxtend', 'torchvision'}, new"
    )
    home = {"XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stdout == done.stderr == "", done.stderr


def test_owners_and_topics_of_a_fake_package(tmp_path, monkeypatch):
    folder = tmp_path / "somebody" / "signal"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("")
    (folder / "_filters.py").write_text(SOURCE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(module, "TOPIC_OF", {"somebody": "graphs", "somebody/signal": "signals"})
    monkeypatch.setattr(module, "FEWEST", 2)
    found = list(docstrings.docstrings(["somebody"]))
    assert [docstring.name for docstring in found] == [
        "somebody.signal.Filter",
        "somebody.signal.Filter.pass_through",
        "somebody.signal.Filter.pass_through.inner",
        "somebody.signal.Filter.wait",
        "somebody.signal._hidden",
        "somebody.signal.butter",
    ]
    chosen = {document.name: document for document in module._chosen(found)}
    assert "somebody.signal._hidden" not in chosen and len(chosen) == 5
    assert chosen["somebody.signal.butter"] == (
        "somebody.signal.butter", "signals", "Design a filter.\n\n\n    More words.",
    )  # fmt: skip
    assert "somebody" not in sys.modules


@pytest.mark.parametrize(
    ("package", "file", "topic"),
    [
        ("scipy", "signal/_filters.py", "signals"),
        ("scipy", "signal.py", None),
        ("scipy", "signalling/_filters.py", None),
        ("matplotlib", "image.py", "images"),
        ("matplotlib", "axes/_axes.py", "plots"),
        ("pandas", "core/frame.py", "tables"),
        ("jinja2", "filters.py", None),
    ],
)
def test_longest_place_says_the_topic(package, file, topic):
    assert module._topic(Docstring(package, file, "f", "")) == topic


def test_short_private_and_repeated_ones_are_left_out():
    long, short = some([1])[0], Docstring("scipy", "signal/x.py", "short", "Too short.")
    hidden = Docstring("scipy", "signal/x.py", "_f", text_of(2))
    nobody = Docstring("scipy", "signal/x.py", "", text_of(3))
    again = Docstring("scipy", "signal/x.py", "again", text_of(1) + " and more of it")
    elsewhere = Docstring("networkx", "x.py", "again", text_of(1))
    for found in ([long, short, hidden, nobody, again, elsewhere], [again, elsewhere, long]):
        chosen = module._chosen(found)
        least = min([long, again], key=lambda docstring: docstrings.hash_of(docstring.name))
        assert {document.name for document in chosen} == {least.name, "networkx.x.again"}


def test_a_topic_has_no_more_than_its_share(monkeypatch):
    monkeypatch.setattr(module, "MOST", 5)
    chosen = module._chosen([*some(range(20)), *some(range(3), "x.py", "networkx")])
    assert [document.topic for document in chosen].count("signals") == 5 and len(chosen) == 8
    hashes = [docstrings.hash_of(document.name) for document in chosen]
    assert hashes == sorted(hashes)


def test_no_packages_give_no_documents(only):
    only()
    data = documents()
    assert data.words == () and data.x_train.shape == data.x_test.shape == (0, 0) and len(data.topics) == 12
    assert data.y_train.dtype == torch.int64 and data.names_test == data.texts_train == ()
    with pytest.raises(ValueError, match="none of the 0 words"):
        data.encode(["signal"])


def test_fewer_packages_give_fewer_documents(data, cache_file, monkeypatch):
    find, gone = docstrings.find_spec, ("networkx", "pandas", "sympy")
    monkeypatch.setattr(docstrings, "find_spec", lambda name: None if name in gone else find(name))
    fewer = documents()
    assert 500 < len(fewer.x_train) < len(data.x_train) and fewer.topics == data.topics
    kept = set(fewer.names_test)
    assert kept and kept <= set(data.names_test)  # nothing else of these topics comes in, nothing changes sides
    assert fewer.names_test == tuple(name for name in data.names_test if name in kept)


def test_order_and_split_hang_on_each_name_alone(only, cache_file):
    found = some(range(64))
    only(*found)
    before = documents()
    cache_file.unlink()
    only(*reversed(found[::2]))
    after = documents()
    for part in ("names_train", "names_test", "texts_train", "texts_test"):
        old, new = getattr(before, part), getattr(after, part)
        assert new and new == tuple(each for each in old if each in new)
    assert len(after.names_train) + len(after.names_test) == 32


def test_second_time_they_come_from_the_cache_until_a_version_changes(only, cache_file, monkeypatch, capsys):
    reads = only(*some(range(30)))
    first, second = documents(), documents()
    assert len(reads) == 1 and cache_file.exists()
    assert first.names_train == second.names_train and torch.equal(first.x_train, second.x_train)
    assert first.texts_test == second.texts_test
    monkeypatch.setattr(docstrings.metadata, "version", lambda name: "another")
    documents()
    assert len(reads) == 2 and capsys.readouterr().out == ""


def test_cache_depends_on_both_files():
    assert docstrings.key(module.__file__) != docstrings.key() == docstrings.key()


@pytest.mark.parametrize("damage", [b"", b"nonsense", "other", "not json", "other rows"])
def test_a_damaged_cache_costs_a_line_and_is_mended(only, cache_file, damage, capsys):
    reads = only(*some(range(30)))
    cache_file.parent.mkdir()
    now = np.array(docstrings.key(module.__file__))
    if damage == "other":
        np.savez(cache_file, pixels=np.zeros(3))
    elif damage == "not json":
        np.savez(cache_file, key=now, documents=np.zeros(9, np.uint8))
    elif damage == "other rows":
        np.savez(cache_file, key=now, documents=np.frombuffer(json.dumps([["a", "b"]]).encode(), np.uint8))
    else:
        cache_file.write_bytes(damage)
    assert len(documents().words) > 3
    assert "damaged" in capsys.readouterr().out
    documents()
    assert len(reads) == 1 and capsys.readouterr().out == ""


def test_a_home_that_cannot_be_written_costs_only_time(only, tmp_path, monkeypatch):
    reads = only(*some(range(30)))
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert documents().words == documents().words and len(reads) == 2


def test_counts_of_typed_words():
    x = small().encode(["A Signal, a signal; the MATRIX. And strangers", "graph_signal"])
    assert x.tolist() == [[2, 0, 1], [1, 1, 0]] and x.dtype == torch.float32


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ("signal", "list of texts"),
        ([], "list of texts"),
        (None, "list of texts"),
        ([3], "must be text"),
        ([""], "none of the 3 words"),
        (["signal", "cat and dog"], "'cat and dog' has none of the 3 words"),
        (["cat " * 500], "none of the 3 words"),
    ],
)
def test_what_cannot_be_counted_gets_one_sentence(texts, words):
    with pytest.raises(ValueError, match=words) as error:
        small().encode(texts)
    assert "\n" not in str(error.value) and len(str(error.value)) < 250


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40).map(lambda text: text + " matrix "), min_size=1, max_size=5))
def test_whatever_is_typed_is_counted_or_refused(texts):
    x = small().encode(texts)
    assert x.shape == (len(texts), 3) and (x[:, 2] >= 1).all() and torch.equal(x, x.round())
    assert torch.equal(small().encode([" ".join(texts)])[0], x.sum(0))


# 20 newsgroups


def posts(data_home, subset, remove, n_retries):
    assert remove == ("headers", "footers", "quotes")
    texts = {"train": ["Space shuttle orbit", "Hockey game tonight", "  "], "test": ["orbit of the shuttle"]}[subset]
    return SimpleNamespace(
        data=texts, target=np.array([1, 0, 1][: len(texts)]), target_names=["rec.hockey", "sci.space"]
    )


def test_newsgroups_are_one_argument_away(monkeypatch, cache_file):
    monkeypatch.setattr("sklearn.datasets.fetch_20newsgroups", posts)
    data = documents(newsgroups=True)
    assert data.topics == ("rec.hockey", "sci.space") and data.names_train == ("sci.space 0", "rec.hockey 1")
    assert data.y_train.tolist() == [1, 0] and data.x_test.sum() == 2
    assert {"space", "shuttle", "orbit", "hockey", "game", "tonight"} == set(data.words)


def test_without_network_one_line_says_so(only, monkeypatch, capsys):
    def refused(**options):
        raise OSError("no network:\nmany lines")

    monkeypatch.setattr("sklearn.datasets.fetch_20newsgroups", refused)
    only(*some(range(30)))
    assert documents(newsgroups=True).topics == module.TOPICS
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "20 newsgroups can't be had here (no network); going on with the docstrings on this disk."


def test_newsgroups_is_yes_or_no():
    with pytest.raises(ValueError, match="newsgroups is 'all'; it must be True or False"):
        documents(newsgroups="all")
