"""The sentences: found without importing anything, stable, cached, and fewer where packages are missing."""

import subprocess
import sys

import numpy as np
import pytest
import torch

import lessons_lib.datasets.sentences  # noqa: F401  the package's attribute of this name is the function
from lessons_lib.datasets import Sentences, docstrings, sentences
from lessons_lib.datasets.docstrings import Docstring

module = sys.modules["lessons_lib.datasets.sentences"]

SOURCE = '''"""Return the text of the file. A module's docstring is not read."""

class Thing:
    r"""Returns the `value` of the model."""

    def copy(self, of: str = "none",
             to=None) -> dict[str, int]:  # a remark
        """
        Copies the model, from a file. And more.

        Return the value of the file.
        """

    def __repr__(self):
        """The model of the value."""

def compute():
    """Compute 3 values of the model."""

def get():
    """Get it."""
'''


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The sentences, read into a fresh cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return sentences()


@pytest.fixture
def cache_file(tmp_path, monkeypatch):
    """Where the cache file of an empty home will be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "lessons_lib" / module.CACHE_FILE


@pytest.fixture
def only(monkeypatch, cache_file):
    """Have only these docstrings; counts how often they were read."""
    reads = []

    def use(*texts):
        def read():
            reads.append(1)
            return (Docstring("one", "one.py", "", text) for text in texts)

        monkeypatch.setattr(module, "docstrings", read)
        return reads

    return use


def small():
    return Sentences(("", "the", "return", "value"), torch.tensor([[2, 1, 3, 0]]), torch.zeros(0, 4, dtype=torch.int64))


def test_there_are_enough_of_them_and_each_is_what_is_promised(data):
    assert len(data.x_train) > 1000 and 100 < len(data.x_test) < len(data.x_train) / 5
    assert 400 < len(data.words) <= module.VOCABULARY + 1 and data.words[0] == ""
    texts = data.text(torch.cat([data.x_train, data.x_test]))
    assert len(set(texts)) == len(texts)
    for text in texts:
        words = text.split()
        assert 3 <= len(words) <= 8 and words[0] in module.VERBS and set(words) <= set(data.words)
    assert torch.equal(data.encode(data.text(data.x_test)), data.x_test)


def test_commonest_words_come_first(data):
    counts = torch.bincount(torch.cat([data.x_train, data.x_test]).flatten(), minlength=len(data.words))[1:]
    assert (counts.diff() <= 0).all() and counts.min() >= 1


def test_nothing_is_imported_and_nothing_printed(tmp_path):
    code = (
        "import sys; from lessons_lib.datasets import sentences; before = set(sys.modules); sentences(); "
        "new = {name.split('.')[0] for name in set(sys.modules) - before}; "
        "assert not new & {'sympy', 'networkx', 'sklearn', 'statsmodels', 'pandas', 'mlxtend', 'patsy'}, new"
    )
    home = {"XDG_CACHE_HOME": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=home, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0 and done.stdout == done.stderr == "", done.stderr


def test_docstrings_of_functions_and_classes_are_found(tmp_path, monkeypatch):
    folder = tmp_path / "somebody"
    (folder / "tests").mkdir(parents=True)
    (folder / "__init__.py").write_text(SOURCE)
    (folder / "tests" / "more.py").write_text(SOURCE)
    (folder / "bytes.py").write_bytes(b'def f():\n    """Return \xff."""\n')
    monkeypatch.syspath_prepend(tmp_path)
    found = list(docstrings.docstrings(["somebody", "nobody_of_this_name"]))
    assert [(docstring.file, docstring.owner, docstring.name) for docstring in found] == [
        ("__init__.py", "Thing", "somebody.Thing"),
        ("__init__.py", "Thing.copy", "somebody.Thing.copy"),
        ("__init__.py", "Thing.__repr__", "somebody.Thing.__repr__"),
        ("__init__.py", "compute", "somebody.compute"),
        ("__init__.py", "get", "somebody.get"),
        ("bytes.py", "f", "somebody.bytes.f"),
    ]
    assert module._summaries(docstring.text for docstring in found) == sorted(
        ["return the value of the model", "copy the model from a file"],
        key=lambda text: docstrings.hash_of(text[::-1]),
    )
    assert "somebody" not in sys.modules


def test_a_package_without_a_specification_is_passed_over(monkeypatch):
    monkeypatch.setitem(sys.modules, "sympy", type(sys)("sympy"))
    sys.modules["sympy"].__spec__ = None
    assert docstrings.folders("sympy") == []


def test_no_packages_give_no_sentences(only):
    only()
    data = sentences()
    assert data.words == ("",) and data.x_train.shape == data.x_test.shape == (0, 9)
    assert data.x_train.dtype == data.x_test.dtype == torch.int64


def test_fewer_packages_give_fewer_sentences(data, cache_file, monkeypatch):
    find, gone = docstrings.find_spec, ("networkx", "pandas", "sympy")
    monkeypatch.setattr(docstrings, "find_spec", lambda name: None if name in gone else find(name))
    fewer = sentences()
    assert 300 < len(fewer.x_train) < len(data.x_train) and 30 < len(fewer.x_test) < len(data.x_test)
    assert torch.equal(fewer.encode(fewer.text(fewer.x_test)), fewer.x_test)


def test_order_and_split_hang_on_each_sentence_alone(only, cache_file):
    texts = [f"return the {a} of the {b}" for a in "abcdefgh" for b in "ijklmnop"]
    only(*texts)
    before = sentences()
    cache_file.unlink()
    only(*reversed(texts[::2]))
    after = sentences()
    for old, new in (
        (before.text(before.x_train), after.text(after.x_train)),
        (before.text(before.x_test), after.text(after.x_test)),
    ):
        assert new == [text for text in old if text in new] and new
    assert len(after.x_train) + len(after.x_test) == 32


def test_rare_words_are_left_out(only, monkeypatch):
    monkeypatch.setattr(module, "VOCABULARY", 4)
    only("Return the value.", "Returns the value of", "return the strange value")
    assert sorted(sentences().encode(["return the value of"])[0].tolist()[:4]) == [1, 2, 3, 4]
    with pytest.raises(ValueError, match="strange"):
        sentences().encode(["return the strange value"])


def test_second_time_they_come_from_the_cache_until_a_version_changes(only, cache_file, monkeypatch, capsys):
    reads = only("Return the value of the model.")
    first, second = sentences(), sentences()
    assert len(reads) == 1 and cache_file.exists() and first.words == second.words
    monkeypatch.setattr(docstrings.metadata, "version", lambda name: "another")
    sentences()
    assert len(reads) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("damage", [b"", b"nonsense", "other"])
def test_a_damaged_cache_costs_a_line_and_is_mended(only, cache_file, damage, capsys):
    reads = only("Return the value of the model.")
    cache_file.parent.mkdir()
    if damage == "other":
        np.savez(cache_file, pixels=np.zeros(3))
    else:
        cache_file.write_bytes(damage)
    assert len(sentences().words) == 6
    assert "damaged" in capsys.readouterr().out
    sentences()
    assert len(reads) == 1 and capsys.readouterr().out == ""


def test_a_home_that_cannot_be_written_costs_only_time(only, tmp_path, monkeypatch):
    reads = only("Return the value of the model.")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert len(sentences().words) == len(sentences().words) == 6 and len(reads) == 2


def test_texts_and_numbers():
    data = small()
    assert data.text(torch.tensor([[2, 1, 3, 0, 1], [0, 1, 1, 1, 1], [1, 1, 1, 1, 1]])) == [
        "return the value",
        "",
        "the the the the the",
    ]
    assert data.encode(["Return the value."]).tolist() == [[2, 1, 3] + 6 * [0]]
    assert data.to("cpu").words == data.words


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ("return the value", "list of sentences"),
        ([], "list of sentences"),
        ([3], "must be text"),
        ([" . "], "0 words"),
        (["the " * 9], "9 words"),
        (["return the cat and the dog"], "“cat”, “and”, “dog”: not among the 3 words"),
    ],
)
def test_what_cannot_be_encoded_gets_one_sentence(texts, words):
    with pytest.raises(ValueError, match=words) as error:
        small().encode(texts)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("rows", [[[1]], torch.ones(3, dtype=torch.int64), torch.ones(1, 3), torch.tensor([[4]])])
def test_what_is_no_rows_gets_one_sentence(rows):
    with pytest.raises(ValueError, match="rows"):
        small().text(rows)
