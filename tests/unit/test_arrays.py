"""The one door for arrays: every way of holding numbers gives the same array, everything else one sentence."""

import decimal
import fractions
import math

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lessons_lib.arrays import as_finite, as_labels, as_number, as_numbers, as_pictures, as_real, as_whole


@pytest.mark.parametrize("number", [3, np.int64(3), np.uint8(3), np.arange(4)[3]], ids=repr)
def test_whole_numbers_become_pythons_own(number):
    whole = as_whole("n", number)
    assert whole == 3 and type(whole) is int


@pytest.mark.parametrize(
    "number",
    [0, -1, 2.0, np.float64(2), "3", None, True, np.True_, math.nan, [3], np.arange(500), torch.tensor(3), 3 + 0j],
    ids=lambda number: repr(number)[:20],
)
def test_what_is_no_whole_number_gets_one_sentence(number):
    with pytest.raises(ValueError, match="^n is .*; it must be a whole number above 0.$") as refusal:
        as_whole("n", number)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 150


def test_limits_of_a_whole_number():
    assert as_whole("n", 0, 0) == 0 and as_whole("n", 7, 0, 7) == 7
    with pytest.raises(ValueError, match="^n is 8; it must be a whole number from 0 to 7.$"):
        as_whole("n", 8, 0, 7)
    with pytest.raises(ValueError, match="^n is -1; it must be a whole number of 0 or more.$"):
        as_whole("n", -1, 0)


@pytest.mark.parametrize("number", [2, 2.0, np.float32(2), np.int8(2), fractions.Fraction(2)], ids=repr)
def test_real_numbers_become_pythons_own(number):
    real = as_real("rate", number, 0)
    assert real == 2 and type(real) is float


@pytest.mark.parametrize(
    "number", [-1, math.nan, math.inf, 10**400, "2", None, True, 2j, [2.0], np.ones(99)], ids=lambda n: repr(n)[:20]
)
def test_what_is_no_real_number_gets_one_sentence(number):
    with pytest.raises(ValueError, match="^rate is .*; it must be a number of 0 or more.$") as refusal:
        as_real("rate", number, 0)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 150


def test_limit_of_a_real_number():
    assert as_real("rate", 0, 0) == 0 and as_real("mean", -5, -math.inf) == -5
    with pytest.raises(ValueError, match="^rate is 0; it must be a number above 0.$"):
        as_real("rate", 0, 0, above=True)


ROWS = [[1.0, -2.0, 3.5], [4.0, 0.25, -6.0]]
GRAPH = torch.tensor(ROWS, requires_grad=True)

WAYS = {
    "lists": ROWS,
    "tuples": tuple(map(tuple, ROWS)),
    "array": np.array(ROWS),
    "float32": np.array(ROWS, np.float32),
    "long double": np.array(ROWS, np.longdouble),
    "other byte order": np.array(ROWS).astype(">f8"),
    "column order": np.asfortranarray(ROWS),
    "reversed view": np.array(ROWS)[::-1, ::-1][::-1, ::-1],
    "every second": np.repeat(ROWS, 2, axis=1)[:, ::2],
    "read-only": np.broadcast_to(np.array(ROWS), (2, 3)),
    "nothing masked": np.ma.array(ROWS, mask=False),
    "matrix": np.matrix(ROWS),
    "data frame": pd.DataFrame(ROWS),
    "data frame of several types": pd.DataFrame(ROWS).astype({0: "Int64", 1: "float32"}),
    "objects": np.array(ROWS, dtype=object),
    "fractions": [[fractions.Fraction(value) for value in row] for row in ROWS],
    "decimals": [[decimal.Decimal(str(value)) for value in row] for row in ROWS],
    "tensor": torch.tensor(ROWS),
    "tensor with a graph": 1 * GRAPH,
    "parameter": torch.nn.Parameter(torch.tensor(ROWS)),
    "transposed tensor": torch.tensor(ROWS).T.contiguous().T,
    "bfloat16": torch.tensor(ROWS, dtype=torch.bfloat16),
    "float16": torch.tensor(ROWS, dtype=torch.float16),
    "sparse tensor": torch.tensor(ROWS).to_sparse(),
    "negative view": torch.complex(torch.zeros(2, 3), -torch.tensor(ROWS)).conj().imag,
    "list of tensors": [torch.tensor(row) for row in ROWS],
    "list of tensors with a graph": list(GRAPH),
    "lists of tensors": [list(row) for row in GRAPH],
    "list of masked rows without a mask": [np.ma.array(row) for row in ROWS],
    "list of series": [pd.Series(row) for row in ROWS],
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, None])
def test_every_way_gives_the_same_numbers(way, dtype):
    array = as_numbers("x", WAYS[way], dtype)
    assert type(array) is np.ndarray
    np.testing.assert_array_equal(array, ROWS)
    if dtype:
        assert array.dtype == dtype and array.flags.c_contiguous
        assert array.flags.writeable  # or PyTorch warns


@pytest.mark.parametrize(
    ("values", "expected"),
    [(range(3), [0, 1, 2]), ([True, False], [1, 0]), (np.uint8([3, 250]), [3, 250]), (2**70, 2.0**70), (-1.5, -1.5)],
    ids=str,
)
def test_whole_and_single_numbers(values, expected):
    np.testing.assert_array_equal(as_numbers("x", values), expected)


def test_without_a_type_nothing_is_copied(tmp_path):
    np.save(tmp_path / "x.npy", np.arange(6.0))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    for values in (mapped, mapped[::-1], mapped.astype(">f4")):
        assert np.shares_memory(as_numbers("x", values, None), values)


REFUSED = {
    "masked": (np.ma.array([1.0, 2.0], mask=[False, True]), "masked"),
    "masked row in a list": ([[1.0, 2.0], np.ma.array([1.0, 2.0], mask=[True, False])], "masked"),
    "masked value in a list": ([1.0, np.ma.masked], "masked"),
    "the masked constant": (np.ma.masked, "masked"),
    "masked deep in a list": ([[[1.0], [np.ma.masked]]], "masked"),
    "complex": ([1 + 2j, 3], "complex"),
    "complex tensor": (torch.zeros(2, dtype=torch.complex64), "complex"),
    "complex objects": (np.array([1 + 2j, None], dtype=object), "complex"),
    "text": (["1", "2"], "text"),
    "one word": ("12", "text"),
    "text among objects": (np.array([1.0, "2"], dtype=object), "str"),
    "text column": (pd.DataFrame({"a": [1, 2], "b": ["x", "y"]}), "str"),
    "bytes": ([b"a"], "bytes"),
    "dates": (np.array(["2020-01-01"], dtype="datetime64[D]"), "dates"),
    "dates in a frame": (pd.DataFrame({"a": pd.to_datetime(["2020-01-01"]), "b": [1]}), "Timestamp"),
    "time spans": (np.array([3], dtype="timedelta64[s]"), "time spans"),
    "records": (np.zeros(2, dtype=[("a", float)]), "records"),
    "ragged": ([[1.0, 2.0], [3.0]], "rectangular"),
    "ragged tensors": ([torch.zeros(2), torch.zeros(3)], "rectangular"),
    "ragged objects": (np.array([[1.0], [2.0, 3.0]], dtype=object), "list"),
    "None": (None, "NoneType"),
    "a missing value": (np.array([1, pd.NA], dtype=object), "NAType"),
    "a dict": ({"a": 1}, "dict"),
    "a set": ({1.0, 2.0}, "set"),
    "a generator": ((value for value in ROWS), "generator"),
    "sparse": (scipy.sparse.eye(3), "dia_"),
    "meta": (torch.zeros(2, device="meta"), "without values"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_everything_else_gets_one_sentence(what):
    values, word = REFUSED[what]
    with pytest.raises(ValueError, match=f"^x (is|has|holds) .*{word}") as refusal:
        as_numbers("x", values)
    assert "\n" not in str(refusal.value)
    assert refusal.value.__context__ is None or refusal.value.__suppress_context__  # no other library's traceback


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf, None, 1e300], ids=str)
def test_as_finite_refuses_what_is_not_finite(bad):
    with pytest.raises(ValueError, match="^codes holds values that are infinite or not a number"):
        as_finite("codes", np.array([1.0, bad], dtype=object), np.float32)


def test_a_missing_whole_number_of_a_data_frame_is_refused():
    with pytest.raises(ValueError, match="^codes holds values "):
        as_finite("codes", pd.Series([1, None], dtype="Int64"))


LABELS = {
    "text": ["b", "a", "b"],
    "text as objects": np.array(["b", "a", "b"], dtype=object),
    "series of text": pd.Series(["b", "a", "b"], index=[7, 8, 9]),
    "categories": pd.Series(["b", "a", "b"], dtype="category"),
    "tuple": ("b", "a", "b"),
}
if hasattr(np.dtypes, "StringDType"):  # NumPy 2
    LABELS["text of any length"] = np.array(["b", "a", "b"], dtype=np.dtypes.StringDType())


@pytest.mark.parametrize("way", LABELS)
def test_text_labels(way):
    labels = as_labels("labels", LABELS[way])
    assert labels.tolist() == ["b", "a", "b"] and labels.dtype.kind == "U"


@pytest.mark.parametrize(
    "labels",
    [[2, 0, 2], torch.tensor([2, 0, 2]), np.int8([2, 0, 2]), pd.Series([2, 0, 2], dtype="Int64"), [True, False, True]],
    ids=lambda labels: type(labels).__name__,
)
def test_number_labels(labels):
    found = as_labels("labels", labels)
    assert found.shape == (3,) and found[0] == found[2] != found[1]


def test_numbers_among_text_are_text():
    assert as_labels("labels", np.array(["a", 1, 2.5], dtype=object)).tolist() == ["a", "1", "2.5"]


@pytest.mark.parametrize(
    "labels",
    [
        ["a", None, "b"],
        pd.Series(["a", None, "b"]),
        [0.0, np.nan, 1.0],
        pd.Series([1, None, 2], dtype="Int64"),
        np.ma.array([1, 2, 3], mask=[0, 1, 0]),
        [1j, 2, 3],
        None,
        [b"a"],
        [["a"], ["b", "c"]],
        [{}, {}, {}],
    ],
    ids=str,
)
def test_labels_that_are_none_get_one_sentence(labels):
    with pytest.raises(ValueError, match="^labels (is|has|holds) ") as refusal:
        as_labels("labels", labels)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.int64, np.uint32, np.float32, np.float64])
def test_whole_numbers_go_to_255_in_every_type(dtype):
    (picture,) = as_pictures({"picture": np.array([[0, 51], [102, 255]], dtype)})
    np.testing.assert_allclose(picture, [[0, 0.2], [0.4, 1]])


def test_a_float_that_overshoots_is_clipped_though_it_is_whole():
    np.testing.assert_array_equal(next(as_pictures({"picture": np.array([[2.0, 0.0, 1.0]])})), [[1, 0, 1]])


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.int64, np.float32])
def test_masks_of_zeros_and_ones_are_ink_and_paper(dtype):
    (picture,) = as_pictures({"picture": np.eye(3, dtype=dtype)})
    np.testing.assert_array_equal(picture, np.eye(3))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32, np.float64])
def test_pictures_of_whole_numbers_of_one_type_share_a_scale(dtype):
    faint, dark = np.array([[0, 1]], dtype), np.array([[0, 255]], dtype)
    np.testing.assert_allclose(next(as_pictures({"faint": faint, "dark": dark})), [[0, 1 / 255]])
    mask = faint.astype(np.float16)  # of another type: has a scale of its own
    np.testing.assert_array_equal(next(as_pictures({"mask": mask, "dark": dark})), [[0, 1]])


@settings(deadline=None, max_examples=50)
@given(arrays(np.float64, (2, 3), elements=st.floats(-3, 3)))
def test_greys_are_clipped_and_otherwise_left_alone(values):
    values[0, 0] = 0.5  # a grey
    np.testing.assert_array_equal(next(as_pictures({"picture": values})), values.clip(0, 1))


@pytest.mark.parametrize(
    ("values", "word"),
    [([[-1, 3]], "from -1 to 3"), ([[0, 256]], "0 to 255"), ([[]], "no pixel"), ([[0.5, np.nan]], "not a number")],
    ids=str,
)
def test_pictures_that_cannot_be_drawn_get_one_sentence(values, word):
    with pytest.raises(ValueError, match=f"^frame has .*{word}|^frame holds .*{word}"):
        as_pictures({"frame": values})


@pytest.mark.parametrize(
    "value", [3, 3.0, np.float16(3), np.int64(3), GRAPH.sum() * 0 + 3, np.array([[3]]), decimal.Decimal(3)], ids=repr
)
def test_one_number_comes_in_any_vessel(value):
    number = as_number("variance", value)
    assert number == 3 and type(number) is float


@pytest.mark.parametrize("value", ["x" * 100, 10**100, ["x" * 100], "x " * 100], ids=lambda value: repr(value)[:5])
def test_what_came_is_seen_from_its_beginning(value):
    with pytest.raises(ValueError, match="^count is ") as refusal:
        as_whole("count", value, most=9)
    words = str(refusal.value)
    assert words.startswith(f"count is {repr(value)[:40]}") and len(words) < 130


class Unspeakable:
    def __repr__(self):
        raise RuntimeError("no words")


@pytest.mark.parametrize(
    "value",
    [None, "3", b"3", [3], True, np.True_, 3j, np.nan, np.inf, 10**400, 10**5000, np.ones((9, 99)), Unspeakable()],
    ids=lambda value: type(value).__name__,
)
def test_what_is_not_one_finite_number_gets_one_short_sentence(value):
    with pytest.raises(ValueError, match=r"^variance is .*; it must be one finite number\.$") as refusal:
        as_number("variance", value)
    assert len(str(refusal.value)) < 140
