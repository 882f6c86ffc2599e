"""What LatentExplorer takes as codes, labels and sizes, and what it refuses."""

import re

import ipywidgets
import numpy as np
import pandas as pd
import pytest
import torch
from torch import nn

from lessons_lib.widgets import LatentExplorer


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()


def decoder():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return nn.Sequential(nn.Linear(2, 8), nn.GELU(), nn.Linear(8, 16), nn.Sigmoid())


CODES = np.random.default_rng(0).normal(size=(12, 2)).astype(np.float32)


def explorer(codes=CODES, labels=None, **options):
    return LatentExplorer(decoder(), codes, labels, **{"image_shape": (4, 4)} | options)


WAYS = {
    "lists": CODES.tolist(),
    "data frame": pd.DataFrame(CODES),
    "reversed view": np.ascontiguousarray(CODES[::-1, ::-1])[::-1, ::-1],
    "other byte order": CODES.astype(">f4"),
    "double": CODES.astype(float),
    "nothing masked": np.ma.array(CODES, mask=False),
    "with a graph": 1 * torch.tensor(CODES, requires_grad=True),
    "list of tensors": list(torch.tensor(CODES, requires_grad=True)),
    "read-only": np.broadcast_to(CODES, CODES.shape),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_of_holding_codes_shows_the_same(way):
    plain, other = explorer(), explorer(WAYS[way])
    assert other.view.codes == plain.view.codes and (other.code == plain.code).all()
    np.testing.assert_array_equal(other.decode(WAYS[way]), plain.decode(CODES))
    one = WAYS[way].iloc[0] if way == "data frame" else WAYS[way][0]
    other.code = one
    np.testing.assert_allclose(other.code, CODES[0])


@pytest.mark.parametrize(
    ("labels", "classes", "first"),
    [
        (["b", "a"] * 6, ["a", "b"], 1),
        (pd.Series(["b", "a"] * 6, index=range(5, 17)), ["a", "b"], 1),
        (pd.Series(["b", "a"] * 6, dtype="category"), ["a", "b"], 1),
        (np.array(["b", 3] * 6, object), ["3", "b"], 1),
        (torch.tensor([7, 3] * 6), ["3", "7"], 1),
        (np.array([7, 3] * 6, np.uint8)[::-1], ["3", "7"], 0),
        ([True, False] * 6, ["False", "True"], 1),
        (np.ma.array([7, 3] * 6, mask=False), ["3", "7"], 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_labels_of_any_kind(labels, classes, first):
    view = explorer(labels=labels).view
    assert view.classes == classes and view.labels[0] == first and all(type(label) is int for label in view.labels)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ({"codes": np.ma.array(CODES, mask=CODES > 1)}, "codes has masked"),
        ({"codes": CODES * 1j}, "codes holds complex"),
        ({"codes": [[1.0, 2.0], [3.0]]}, "codes has rows of different lengths"),
        ({"codes": CODES.astype(str)}, "codes holds text"),
        ({"codes": pd.DataFrame({"a": [1.0], "b": ["x"]})}, "codes holds values of type str"),
        ({"codes": None}, "codes is a NoneType"),
        ({"codes": CODES * np.float64(1e300)}, "codes holds values that are infinite"),
        ({"labels": np.ma.array([1] * 12, mask=[1] + [0] * 11)}, "labels has masked"),
        ({"labels": ["a", None] * 6}, "labels holds None"),
        ({"labels": [1.0, np.nan] * 6}, "labels holds labels that are infinite"),
        ({"labels": "abcdefghijkl"}, r"labels has shape \(\)"),
        ({"labels": ["a"] * 11}, r"labels has shape \(11,\)"),
        ({"image_shape": (4, "4")}, "image_shape is"),
        ({"image_shape": "44"}, "image_shape is"),
        ({"image_shape": (0, 4)}, "image_shape is"),
        ({"image_shape": np.array([4.0, 4.0])}, "image_shape is"),
        ({"image_shape": torch.zeros(4, 4)}, "image_shape is tensor"),
        ({"precision": np.array(["float32", "float16"])}, "precision is array"),
        ({"names": ["slant"]}, r"names is \['slant'\]; it must be 2 texts that differ"),
        ({"names": ["slant", "slant"]}, "names is .*; it must be 2 texts that differ"),
        ({"names": ["slant", 2]}, "names is .*; it must be a list of texts"),
        ({"names": "ab"}, "names is 'ab'; it must be a list of texts"),
    ],
    ids=str,
)
def test_what_cannot_be_shown_gets_one_sentence_and_leaves_no_widget(arguments, word):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError, match=f"^{word}") as refusal:
        explorer(**arguments)
    assert "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


@pytest.mark.parametrize(
    "shape", [np.array([4, 4]), (np.int64(4), np.uint8(4)), torch.zeros(4, 4).shape, [4, 4]], ids=str
)
def test_sizes_in_numpy_and_torch_are_sizes(shape):
    size = explorer(image_shape=shape).view.image_size
    assert size == [4, 4, 1] and all(type(side) is int for side in size)


def test_the_note_counts_what_is_seen():
    linear = nn.Sequential(nn.Linear(2, 16))
    with torch.no_grad():
        linear[0].weight.fill_(1234.567)  # nearly all values lie far outside 0 to 1
    note = LatentExplorer(linear, CODES, image_shape=(4, 4), precision="float16").view.note
    assert 0 <= float(re.search(r"more than (\S+) of 255", note)[1]) <= 255


def test_a_dimension_of_small_numbers_is_used_too():
    narrow, plain = explorer(CODES * [1e-8, 1]).sliders, explorer().sliders
    assert narrow[0].max == pytest.approx(1e-8 * plain[0].max, rel=1e-6) and "g" in narrow[0].readout_format
    assert narrow[1].max == plain[1].max


@pytest.mark.parametrize("code", [np.ma.array([0.0, 0.0], mask=[0, 1]), [0j, 1], ["0", "1"], None, [[0.0], [0.0, 1.0]]])
def test_a_code_that_is_none_is_refused_and_nothing_moves(code):
    shown = explorer()
    before = shown.code
    with pytest.raises(ValueError, match="^code "):
        shown.code = code
    assert (shown.code == before).all()


def test_names_stand_at_the_sliders():
    assert [slider.description for slider in explorer().sliders] == ["z1", "z2"]
    named = explorer(names=("slant", "width"))
    assert [slider.description for slider in named.sliders] == ["slant", "width"]
    with pytest.raises(ValueError, match="code has 99 for width"):
        named.code = [0, 99]
