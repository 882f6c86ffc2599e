"""The Python side of LatentExplorer and FramePlayer."""

import base64
import contextlib
import gc
import io
import json
import re
import sys

import ipywidgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.colors import to_rgb
from PIL import Image, ImageDraw
from torch import nn

from lessons_lib import plotting
from lessons_lib.widgets import DragRegression, FramePlayer, LatentExplorer
from lessons_lib.widgets.network import unpack
from lessons_lib.widgets.still import LETTERS, MARGIN, PAGE, on_card

mpl.use("Agg")

VIEW_MIME = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()
    plt.close("all")


def make_decoder(k=2, pixels=16, last=nn.Sigmoid, seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(k, 8), nn.GELU(), nn.Linear(8, pixels), last())


def make_codes(n=20, k=2, seed=0):
    return torch.randn(n, k, generator=torch.Generator().manual_seed(seed))


def make_explorer(decoder=None, codes=None, labels=None, **options):
    decoder = make_decoder() if decoder is None else decoder
    codes = make_codes() if codes is None else codes
    return LatentExplorer(decoder, codes, labels, **{"image_shape": (4, 4)} | options)


def make_drag():
    return DragRegression({"four": ([0, 1, 2, 5], [0, 1, 1, 4])})


def make_player(frames=3, captions=None, **options):
    pictures = [np.full((4, 6), i / frames) for i in range(frames)]
    return FramePlayer(pictures, captions or [f"picture {i}" for i in range(frames)], **options)


def refusal(make, *arguments, **options):
    """Return the sentence with which arguments are refused; keep no exception, which would keep the widget."""
    try:
        make(*arguments, **options)
    except Exception as error:
        kind, sentence = type(error), str(error)
    else:
        pytest.fail("taken, not refused")
    assert kind is ValueError, sentence
    assert "\n" not in sentence
    return sentence


@contextlib.contextmanager
def taken():
    """Fail plainly if arguments are refused; keep no exception, which would keep the widget."""
    try:
        yield
    except Exception as error:
        sentence = repr(error)
    else:
        return
    pytest.fail(sentence)


def open_models():
    """Return what lives in ipywidgets' registry: model id to the name of its class."""
    state = ipywidgets.Widget.get_manager_state(drop_defaults=True)["state"]
    return {model_id: entry["model_name"] for model_id, entry in state.items()}


def bytes_in(widget):
    return sum(len(bytes(value)) for value in widget.get_state().values() if isinstance(value, (bytes, memoryview)))


def picture(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def sheet(explorer):
    """Return the images of an explorer's still, a pixel a pixel; the names stand at the left and below."""
    still, (height, width, _) = picture(explorer.still()), explorer.view.image_size
    rows = 12 if len(explorer.sliders) == 2 else min(8, len(explorer.sliders))
    enlarged = max(2, -(-24 // height))
    size = enlarged * np.array([rows * height, 12 * width])
    images = still[MARGIN:][: size[0], -MARGIN - size[1] : -MARGIN]
    assert (still[:MARGIN, -MARGIN - size[1] :] == 255).all() and (still[:, -MARGIN:] == 255).all()
    assert images.shape[:2] == tuple(size) and (images[::enlarged] == images[enlarged - 1 :: enlarged]).all()
    return images[::enlarged, ::enlarged]


# LatentExplorer


@pytest.mark.parametrize("k", [1, 2, 3, 8, 9, 32])
@pytest.mark.parametrize("image_shape", [(4, 4), (1, 7), (3, 2, 5), (3, 4)])
def test_explorer_takes_every_size(k, image_shape):
    pixels = int(np.prod(image_shape))
    decoder, codes = make_decoder(k, pixels), make_codes(12, k)
    explorer = make_explorer(decoder, codes, image_shape=image_shape)
    assert len(explorer.sliders) == k and explorer.code.shape == (k,)
    assert explorer.decode(codes).shape == (12, *image_shape)
    channels = 3 if len(image_shape) == 3 else 1
    assert explorer.view.image_size == [*image_shape[-2:], channels]
    assert {explorer.view.axis_x, explorer.view.axis_y} == ({0} if k == 1 else {0, 1})
    height, width = image_shape[-2:]
    rows = 12 if k == 2 else min(k, 8)
    assert sheet(explorer).shape == (rows * height, 12 * width, 3)[: 2 + (channels == 3)]


def test_largest_image_is_64_by_64_and_rgb():
    explorer = make_explorer(make_decoder(2, 3 * 64 * 64), image_shape=(3, 64, 64))
    assert explorer.decode(np.zeros((1, 2))).shape == (1, 3, 64, 64)


@settings(max_examples=25, deadline=None)
@given(codes=arrays(np.float32, st.tuples(st.integers(2, 8), st.integers(1, 4)), elements=st.integers(-100, 100)))
def test_slider_range_is_the_datas_and_every_code_of_the_data_can_be_set(codes):
    explorer = make_explorer(make_decoder(codes.shape[1]), codes)
    for slider, column in zip(explorer.sliders, codes.T, strict=True):
        if column.min() < column.max():
            assert (slider.min, slider.max) == (column.min(), column.max())
        else:
            assert slider.min < column[0] < slider.max
        assert 0 < slider.step <= (slider.max - slider.min) / 50
    np.testing.assert_allclose(explorer.code, codes.mean(0), rtol=1e-4, atol=1e-4)
    for code in codes:
        explorer.code = code
        np.testing.assert_array_equal(explorer.code, code)
    explorer.close()


def test_first_code_is_the_same_in_sliders_and_view():
    explorer = make_explorer(make_decoder(5), make_codes(20, 5))
    assert explorer.code.tolist() == explorer.view.start_code


@pytest.mark.parametrize("value", [0.0, 5.0, -1000.0])
def test_constant_dimension_still_gets_a_slider(value):
    codes = make_codes()
    codes[:, 1] = value
    slider = make_explorer(codes=codes).sliders[1]
    assert slider.min < slider.value == value < slider.max and slider.step > 0


def test_single_code_is_enough():
    explorer = make_explorer(codes=make_codes(1))
    assert all(slider.min < slider.value < slider.max for slider in explorer.sliders)


def test_large_constant_dimension_still_gets_a_slider():
    codes = make_codes()
    codes[:, 1] = 1e9
    slider = make_explorer(codes=codes).sliders[1]
    assert slider.min < slider.max


@pytest.mark.parametrize("kind", [list, tuple, np.array, torch.tensor])
def test_code_can_be_set_and_read(kind):
    explorer = make_explorer()
    explorer.code = kind([0.25, -0.5])
    assert explorer.code.tolist() == [0.25, -0.5]
    assert [slider.value for slider in explorer.sliders] == [0.25, -0.5]


def test_code_outside_the_sliders_is_refused_and_nothing_moves():
    explorer = make_explorer()
    before = explorer.code
    with pytest.raises(ValueError, match="^code has 99 for z2; its slider goes from"):
        explorer.code = [0.0, 99]
    with pytest.raises(ValueError, match="^code has nan for z1"):
        explorer.code = [float("nan"), 0]
    assert (explorer.code == before).all()


@pytest.mark.parametrize("code", [[0.0], [0.0] * 3, [[0.0, 0.0]], 0.0, []])
def test_code_of_another_shape_is_refused(code):
    explorer = make_explorer()
    with pytest.raises(ValueError, match=r"^code has shape .* must be \(2,\)"):
        explorer.code = code


def test_code_can_be_set_straight_from_an_encoder():
    explorer = make_explorer()
    explorer.code = nn.Parameter(torch.tensor([0.25, -0.5]))
    assert explorer.code.tolist() == [0.25, -0.5]


@pytest.mark.parametrize(
    ("labels", "classes"),
    [
        (torch.tensor([7, 0, 7, 3]), ["0", "3", "7"]),
        (np.array([-5, 10, 2, 10]), ["-5", "2", "10"]),
        (np.array(["shoe", "bag", "shoe", "hat"]), ["bag", "hat", "shoe"]),
        (np.array(["a", "b", "a", "c"], dtype=object), ["a", "b", "c"]),
        (torch.tensor([True, False, True, True]), ["False", "True"]),
        ([7, 0, 7, 3], ["0", "3", "7"]),
        (None, []),
    ],
    ids=str,
)
def test_labels_of_any_kind_name_the_classes(labels, classes):
    view = make_explorer(codes=make_codes(4), labels=labels).view
    assert view.classes == classes
    names = [] if labels is None else [str(getattr(label, "item", lambda label=label: label)()) for label in labels]
    assert [view.classes[position] for position in view.labels] == names
    assert all(type(position) is int for position in view.labels)


def test_labels_can_be_a_list_of_strings():
    with taken():
        view = make_explorer(codes=make_codes(2), labels=["shoe", "bag"]).view
    assert view.classes == ["bag", "shoe"] and view.labels == [1, 0]


def test_dots_are_the_first_thousand_codes():
    codes = make_codes(1200)
    explorer = make_explorer(codes=codes, labels=torch.arange(1200) % 7)
    np.testing.assert_array_equal(np.frombuffer(explorer.view.codes, np.float32).reshape(-1, 2), codes[:1000])
    assert len(explorer.view.labels) == 1000
    assert explorer.sliders[0].max == codes[:, 0].max()  # the range is that of all codes


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"codes": torch.zeros(5)}, "codes has shape"),
        ({"codes": torch.zeros(0, 2)}, "codes has shape"),
        ({"codes": torch.zeros(5, 0)}, "codes has shape"),
        ({"codes": torch.zeros(5, 33)}, "codes has shape .* 1 to 32"),
        ({"codes": torch.zeros(5, 2, 2)}, "codes has shape"),
        ({"codes": torch.zeros(5, 3)}, "codes have 3 columns; decoder wants 2"),
        ({"codes": torch.full((5, 2), torch.nan)}, "codes holds values"),
        ({"codes": np.full((5, 2), 1e300)}, "codes holds values"),
        ({"labels": torch.zeros(19)}, r"labels has shape \(19,\)"),
        ({"labels": torch.zeros(20, 1)}, "labels has shape"),
        ({"image_shape": (4, 5)}, "decoder returns 16 values; image_shape 4×5 .* wants 20"),
        ({"image_shape": (3, 4, 4)}, "decoder returns 16 values; image_shape 4×4 with 3 channels wants 48"),
        ({"image_shape": (1, 4, 4)}, "image_shape is"),
        ({"image_shape": (16,)}, "image_shape is"),
        ({"image_shape": ()}, "image_shape is"),
        ({"image_shape": (0, 4)}, "image_shape is"),
        ({"image_shape": (65, 4)}, "image_shape is .* 64"),
        ({"precision": "float64"}, "precision is 'float64'; it must be one of float32, float16"),
        ({"precision": 16}, "precision is 16"),
        ({"precision": np.array(["float16", "float32"])}, r"precision is array\("),
        ({"decoder": nn.Sequential(nn.ReLU(), nn.Sigmoid())}, "decoder has no Linear layer"),
        ({"decoder": nn.Sequential()}, "decoder has no Linear layer"),
    ],
    ids=str,
)
def test_bad_argument_is_named(arguments, sentence):
    assert re.match(sentence, refusal(make_explorer, **arguments))


@pytest.mark.parametrize(
    "layer",
    [nn.Dropout(), nn.LayerNorm(8), nn.ConvTranspose1d(1, 1, 2), nn.Softmax(1), nn.Bilinear(2, 2, 2)],
    ids=lambda layer: type(layer).__name__,
)
def test_unsupported_layer_is_named(layer):
    decoder = nn.Sequential(nn.Linear(2, 8), nn.Sequential(layer), nn.Linear(8, 16))
    assert refusal(make_explorer, decoder).startswith(f"decoder holds a {type(layer).__name__} layer")


class Doubled(nn.Linear):
    """A Linear layer that does something else."""

    def forward(self, x):
        return 2 * super().forward(x)


class Residual(nn.Sequential):
    """A Sequential that does something else."""

    def forward(self, x):
        return x.sum(1, keepdim=True) + super().forward(x)


MISTAKEN = {
    "subclass of Linear": nn.Sequential(nn.Linear(2, 16), Doubled(16, 16)),
    "subclass of Sequential": Residual(nn.Linear(2, 16)),
    "weight norm": nn.Sequential(nn.Linear(2, 16), nn.utils.parametrizations.weight_norm(nn.Linear(16, 16))),
    "Unflatten inside": nn.Sequential(nn.Linear(2, 16), nn.Unflatten(1, (4, 4)), nn.Linear(4, 16)),
    "sizes that do not meet": nn.Sequential(nn.Linear(2, 8), nn.Linear(9, 16)),
}


@pytest.mark.parametrize("decoder", MISTAKEN.values(), ids=MISTAKEN)
def test_decoder_that_the_browser_would_get_wrong_is_refused(decoder):
    assert refusal(make_explorer, decoder).startswith("decoder ")


@pytest.mark.parametrize("shape", [16, None, (4.0, 4.0)], ids=str)
def test_image_shape_of_another_type_is_named(shape):
    assert refusal(make_explorer, image_shape=shape).startswith("image_shape is")


@pytest.mark.parametrize("make", [lambda: make_explorer(precision="x"), lambda: FramePlayer([], [])], ids=["E", "P"])
def test_refused_arguments_leave_no_second_error(make, monkeypatch):
    errors = []
    monkeypatch.setattr(sys, "unraisablehook", errors.append)
    try:
        make()
    except ValueError:
        pass
    gc.collect()
    assert errors == []


def test_decode_is_the_modules_clamped_output():
    decoder, codes = make_decoder(last=nn.Softplus), 3 * make_codes(30)
    expected = decoder(codes).detach()
    assert expected.max() > 1  # or clamping would show nothing
    shown = make_explorer(decoder).decode(codes)
    np.testing.assert_allclose(shown, expected.clamp(0, 1).reshape(-1, 4, 4), atol=1e-6)
    assert shown.max() == 1
    np.testing.assert_array_equal(make_explorer(decoder).decode(codes.numpy()), shown)


def test_decode_uses_layers_as_in_evaluation():
    decoder = make_decoder().train()
    explorer = make_explorer(decoder)
    assert decoder.training
    np.testing.assert_array_equal(explorer.decode(make_codes()), explorer.decode(make_codes()))


def test_unflatten_at_the_end_changes_nothing():
    decoder = make_decoder()
    unflattened = nn.Sequential(decoder, nn.Unflatten(1, (1, 4, 4)))
    first, second = make_explorer(decoder), make_explorer(unflattened)
    np.testing.assert_array_equal(first.decode(make_codes()), second.decode(make_codes()))
    assert first.view.layers == second.view.layers and first.view.weights == second.view.weights


@pytest.mark.parametrize(
    "codes", [nn.Parameter(make_codes()), torch.zeros(5, 3)], ids=["with a gradient", "of another width"]
)
def test_decode_takes_an_encoders_output_or_names_the_shape(codes):
    explorer = make_explorer()
    if codes.shape[1] == 2:
        assert explorer.decode(codes).shape == (20, 4, 4)
    else:
        with pytest.raises(ValueError, match="^codes has shape"):
            explorer.decode(codes)


def test_training_on_does_not_change_what_is_shown():
    decoder = make_decoder()
    explorer = make_explorer(decoder)
    shown, sent, still = explorer.decode(make_codes()), explorer.view.weights, explorer.still()
    with torch.no_grad():
        for parameter in decoder.parameters():
            parameter.add_(1)
    assert not np.allclose(decoder(make_codes()).detach().reshape(-1, 4, 4), shown)
    np.testing.assert_array_equal(explorer.decode(make_codes()), shown)
    assert explorer.view.weights == sent and explorer.still() == still


def test_explorer_leaves_the_decoder_as_it_was():
    decoder = make_decoder().train()
    before = {name: value.clone() for name, value in decoder.state_dict().items()}
    make_explorer(decoder, precision="float16")
    assert decoder.training and all(parameter.requires_grad for parameter in decoder.parameters())
    assert all(torch.equal(before[name], value) for name, value in decoder.state_dict().items())


@pytest.mark.parametrize(("precision", "size"), [("float32", 4), ("float16", 2)])
@pytest.mark.parametrize("n", [20, 1500])
def test_state_holds_the_weights_and_the_dots_once(precision, size, n):
    decoder = make_decoder()
    parameters = sum(parameter.numel() for parameter in decoder.parameters())
    before = set(open_models())
    explorer = make_explorer(decoder, make_codes(n), precision=precision)
    assert len(explorer.view.weights) == size * parameters
    assert len(explorer.view.codes) == 4 * 2 * min(n, 1000)
    new = [widget for widget in [explorer, explorer.view, *explorer.sliders] if widget.model_id not in before]
    assert sum(map(bytes_in, new)) == size * parameters + 8 * min(n, 1000)


def test_float32_needs_no_note():
    assert make_explorer().view.note == ""


def told_and_true_error(seed, n=20, spread=1.0):
    """Return the error that the note tells and the one that the encoded data have, both of 255."""
    decoder, codes = make_decoder(seed=seed), make_codes(n, seed=seed)
    codes[n // 2 :] *= spread
    explorer = make_explorer(decoder, codes, precision="float16")
    exact = decoder(codes).detach().clamp(0, 1).reshape(-1, 4, 4).numpy()
    told = float(re.search(r"more than (\S+) of 255", explorer.view.note)[1])
    return told, 255 * float(np.abs(exact - explorer.decode(codes)).max())


def test_note_tells_about_the_error_of_float16():
    for seed in range(5):
        told, true = told_and_true_error(seed)
        assert 0 < told == pytest.approx(true, rel=0.06)


def test_note_tells_an_error_that_no_pixel_of_the_data_exceeds():
    for seed in range(10):
        told, true = told_and_true_error(seed)
        assert told >= true


def test_note_tells_the_error_of_all_the_data():
    told, true = told_and_true_error(0, n=2000, spread=5.0)
    assert told >= 0.95 * true


def test_weights_that_float16_cannot_hold_are_refused():
    decoder = make_decoder()
    with torch.no_grad():
        decoder[0].weight[0, 0] = 1e6
    make_explorer(decoder)
    assert "weights that are not finite in float16" in refusal(make_explorer, decoder, precision="float16")


def test_decoder_in_double_precision_can_travel_as_float16():
    with taken():
        assert make_explorer(make_decoder().double(), precision="float16").view.note


def test_two_explorers_from_one_decoder_are_independent():
    decoder = make_decoder()
    first, second = make_explorer(decoder), make_explorer(decoder, 2 * make_codes())
    before = second.code
    first.code = [0.5, 0.5]
    assert (second.code == before).all()
    shown = second.decode(make_codes())
    first.close()
    assert all(slider.comm is not None for slider in second.sliders)
    np.testing.assert_array_equal(second.decode(make_codes()), shown)


def test_each_view_refers_to_its_own_sliders():
    large, small = make_explorer(make_decoder(5), make_codes(20, 5)), make_explorer()
    assert large.view.sliders == list(large.sliders) and small.view.sliders == list(small.sliders)
    references = small.view.get_state(["sliders"])["sliders"]
    assert references == [f"IPY_MODEL_{slider.model_id}" for slider in small.sliders]


# FramePlayer


def test_player_takes_figures_arrays_and_png_bytes():
    figure = plt.figure(figsize=(2, 1))
    other = plt.figure()
    grey = np.array([[0.0, 0.5, 1.0], [2.0, -1.0, 0.25]])
    colour = np.random.default_rng(0).uniform(size=(2, 3, 3))
    png = make_player(1).view.frames[0]
    player = FramePlayer([figure, grey, colour, png], ["a", "b", "c", "d"])
    frames = player.view.frames
    assert all(frame.startswith(b"\x89PNG") for frame in frames)
    assert picture(frames[0]).shape == (150, 300, 4) and (picture(frames[0]) == 255).all()
    np.testing.assert_array_equal(picture(frames[1]), np.round(255 * (1 - np.clip(grey, 0, 1))))
    np.testing.assert_array_equal(picture(frames[2]), np.round(255 * colour))
    assert frames[3] is png or frames[3] == png
    assert plt.get_fignums() == [other.number]


@settings(max_examples=25, deadline=None)
@given(frame=arrays(np.float64, st.tuples(st.integers(1, 6), st.integers(1, 6)), elements=st.floats(-1, 2)))
def test_grey_frame_is_drawn_with_ink_dark(frame):
    player = FramePlayer([frame], ["one"])
    drawn = picture(player.view.frames[0]) / 255
    np.testing.assert_allclose(drawn, 1 - frame.clip(0, 1), atol=0.5 / 255 + 1e-9)
    player.close()


def test_mask_is_a_picture_too():
    np.testing.assert_array_equal(picture(FramePlayer([np.eye(2) > 0], ["a"]).view.frames[0]), [[0, 255], [255, 0]])


def test_player_takes_a_stack_of_images():
    player = FramePlayer(np.random.default_rng(0).uniform(size=(5, 4, 4)), list("abcde"))
    assert len(player.view.frames) == 5 and player.slider.max == player.play.max == 4


def assert_is_still_of(player, frame):
    """The still is the frame, enlarged as on the screen, on a card with its caption and nothing else."""
    enlarged = round(1 / player.view.pixel_ratio)
    pixels = Image.fromarray(picture(player.view.frames[frame])).resize((6 * enlarged, 4 * enlarged), 0)
    assert player.still() == on_card(pixels, words=player.view.captions[frame])
    np.testing.assert_array_equal(picture(player.still())[MARGIN:][: 4 * enlarged, MARGIN:-MARGIN], pixels)


def test_frame_can_be_set_and_read():
    player = make_player(3)
    assert player.frame == 0
    player.frame = 2
    assert player.frame == player.slider.value == 2
    assert_is_still_of(player, 2)
    assert "picture 2" in repr(player)


@pytest.mark.parametrize("number", [-1, 3, 100, "1", None, 1.5, [1]])
def test_frame_that_is_not_there_is_refused(number):
    player = make_player(3)
    with pytest.raises(ValueError, match=f"^frame is {re.escape(repr(number))}; it must be a whole number from 0 to 2"):
        player.frame = number
    assert player.frame == 0
    assert player.frame == 0


@pytest.mark.parametrize(("start", "frame"), [(0, 0), (2, 2), (-1, 2), (-3, 0)])
def test_start_is_the_same_everywhere(start, frame):
    player = make_player(3, start=start)
    assert player.frame == player.play.value == player.slider.value == frame
    assert_is_still_of(player, frame)


def test_label_and_interval_reach_the_controls():
    player = make_player(3, label="code size", interval=250)
    assert player.slider.description == "code size" and player.play.interval == 250
    assert player.view.captions == ["picture 0", "picture 1", "picture 2"]


def test_player_holds_its_frames_once():
    player = make_player(4)
    listed = [value for widget in (player, player.slider, player.play) for value in widget.get_state().values()]
    assert not any(isinstance(value, bytes) for value in listed)
    assert player.view.get_state()["frames"] == player.view.frames and bytes_in(player.view) == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (([], []), "there are 0 frames"),
        (([np.eye(2)], []), "there are 1 frames and 0 captions"),
        (([np.eye(2)], ["a", "b"]), "there are 1 frames and 2 captions"),
        (([np.eye(2), np.zeros(3)], ["a", "b"]), r"frames\[1\] is an array of shape \(3,\)"),
        (([np.zeros((2, 2, 4))], ["a"]), r"frames\[0\] is an array of shape \(2, 2, 4\)"),
        (([b"GIF89a"], ["a"]), r"frames\[0\] is a bytes"),
        (([None], ["a"]), r"frames\[0\] is a NoneType"),
        ((["picture.png"], ["a"]), r"frames\[0\] is a str"),
        (([{"a": 1}], ["a"]), r"frames\[0\] is a dict"),
        (([torch.zeros(2, 2) * 1j], ["a"]), r"frames\[0\] holds complex numbers"),
        ((np.eye(2), ["a", "b"]), r"frames\[0\] is an array of shape \(2,\)"),
        (("abc", list("abc")), "frames is a str"),
        ((None, ["a"]), "frames is a NoneType"),
        ((5, ["a"]), "frames is a int"),
        (([np.eye(2)] * 2, "ab"), "captions is 'ab'"),
        (([np.eye(2)], [1]), r"captions is \[1\]"),
        (([np.eye(2)], None), "captions is None"),
        (((frame for frame in [np.eye(2)]), ["a", "b"]), "there are 1 frames and 2 captions"),
    ],
)
def test_bad_frames_are_named(arguments, sentence):
    assert re.match(sentence, refusal(FramePlayer, *arguments))


@pytest.mark.parametrize(
    "options", [{"start": 3}, {"start": -4}, {"interval": 0}, {"interval": -5}], ids=lambda options: str(options)
)
def test_bad_option_of_the_player_is_named(options):
    assert refusal(make_player, 3, **options).startswith(f"{next(iter(options))} is ")


@pytest.mark.parametrize(
    "frame",
    [np.full((2, 2), np.nan), np.zeros((0, 2)), np.full((2, 2, 3), 200, np.uint8)],
    ids=["nan", "empty", "bytes"],
)
@pytest.mark.filterwarnings("ignore:invalid value")
def test_frame_of_other_values_is_drawn_or_named(frame):
    try:
        drawn, sentence = picture(FramePlayer([frame], ["a"]).view.frames[0]), ""
    except ValueError as error:
        drawn, sentence = None, str(error)
    assert sentence.startswith("frames[0] ") or np.array_equal(drawn, frame)


# Both


def test_what_a_widget_was_made_from_survives_json_and_rebuilds_it():
    decoder = nn.Sequential(nn.Linear(2, 8), nn.GELU("tanh"), nn.Linear(8, 9, bias=False), nn.Softplus(3, 2))
    decoder.extend([nn.Linear(9, 16), nn.LeakyReLU(0.3)])
    for precision in ("float32", "float16"):
        explorer = make_explorer(decoder, precision=precision)
        made_from = json.loads(json.dumps(explorer.made_from()))
        network = unpack(made_from["layers"], base64.b64decode(made_from["weights"]), precision)
        images = network(make_codes()).reshape(-1, 4, 4).clamp(0, 1)
        np.testing.assert_array_equal(images, explorer.decode(make_codes()))
        if precision == "float32":
            np.testing.assert_allclose(network(make_codes()), decoder(make_codes()).detach(), rtol=0, atol=1e-6)
        assert base64.b64decode(made_from["codes"]) == explorer.view.codes and made_from["image_size"] == [4, 4, 1]
    player = make_player(2)
    made_from = json.loads(json.dumps(player.made_from()))
    assert [base64.b64decode(frame) for frame in made_from["frames"]] == player.view.frames
    assert made_from["captions"] == player.view.captions and made_from["sounds"] == []
    player = make_player(2, sounds=[[0.5, 0], [1, -1, 1]], rate=8000)
    made_from = json.loads(json.dumps(player.made_from()))
    assert [base64.b64decode(sound) for sound in made_from["sounds"]] == player.view.sounds
    assert json.loads(json.dumps(make_drag().made_from())) == {"sets": make_drag().view.sets}


MAKERS = pytest.mark.parametrize("make", [make_explorer, make_player, make_drag], ids=["explorer", "player", "drag"])


@MAKERS
def test_display_has_a_view_a_picture_and_words(make):
    widget = make()
    data, _ = widget._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png", VIEW_MIME}
    assert data[VIEW_MIME]["model_id"] == widget.model_id
    assert data["image/png"] == widget.still() and picture(data["image/png"]).size > 0
    assert data["text/plain"] == repr(widget) and type(widget).__name__ in repr(widget)
    assert "\n" not in repr(widget)


def test_explorers_still_picture_shows_decoded_images():
    codes = torch.tensor([[0.0, -1.0], [2.0, 3.0], [1.0, 0.5]])
    explorer = make_explorer(codes=codes)
    still = sheet(explorer)
    for row, column, code in [(0, 0, [0.0, 3.0]), (0, 11, [2.0, 3.0]), (11, 0, [0.0, -1.0]), (11, 11, [2.0, -1.0])]:
        tile = still[4 * row : 4 * row + 4, 4 * column : 4 * column + 4]
        np.testing.assert_allclose(tile, 255 * (1 - explorer.decode([code])[0]), atol=0.51)


def test_explorers_still_picture_moves_one_unit_a_row():
    explorer = make_explorer(make_decoder(3, 48), make_codes(9, 3), image_shape=(3, 4, 4))
    still = sheet(explorer)
    for i, slider in enumerate(explorer.sliders):
        for column, end in [(0, slider.min), (11, slider.max)]:
            code = np.array(explorer.view.start_code)
            code[i] = end
            tile = still[4 * i : 4 * i + 4, 4 * column : 4 * column + 4]
            np.testing.assert_allclose(tile, 255 * explorer.decode([code])[0].transpose(1, 2, 0), atol=0.51)


def words_of(make, *arguments):
    """Return what a still says: the texts that were drawn, in their order, and the smallest size on a page."""
    texts, smallest = [], []

    def note(self, position, text, fill, font, **options):
        texts.append(text)
        smallest.append(font.size * min(1, PAGE / self.im.size[0]))
        assert (fill, self.im.size[0] >= font.getlength(text)) == (plotting.INK, True)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ImageDraw.ImageDraw, "text", note)
        make(*arguments)
    return [text for text in texts if text], min(smallest)


def test_an_explorers_still_names_its_rows_or_axes():
    codes = torch.tensor([[0.0, -1.0], [2.0, 3.0]])
    texts, size = words_of(make_explorer(codes=codes).still)
    assert texts == ["3.00", "z2 ↑", "−1.00", "0.00", "z1 →", "2.00"] and size >= 14
    texts, size = words_of(make_explorer(make_decoder(9, 3 * 64 * 64), make_codes(5, 9), image_shape=(3, 64, 64)).still)
    assert texts[:8] == [f"z{i + 1}" for i in range(8)] and size >= 14
    assert " ".join(texts[8:]).endswith("from its lowest to its highest code; the others stay at their mean")


def test_a_players_still_says_its_caption():
    words = "a caption that goes over the end of a line, " * 3
    texts, size = words_of(make_player(2, [words, "b"]).still)
    assert len(texts) > 1 and " ".join(texts) == words.strip() and size >= 14
    wide = plt.figure(figsize=(20, 2))
    assert words_of(FramePlayer([wide], ["one\ntwo"]).still) == (["one", "two"], pytest.approx(LETTERS, rel=0.05))


def test_letters_of_a_still_are_drawn_in_ink_outside_the_picture():
    black = Image.fromarray(np.zeros((60, 90), np.uint8))
    drawn = picture(on_card(black, left=["z1", "z2"], below=["low", "", "high"], words="words"))
    assert (drawn[MARGIN : MARGIN + 60, -MARGIN - 90 : -MARGIN] == 0).all()
    left, below = drawn[MARGIN : MARGIN + 60, : -MARGIN - 90], drawn[MARGIN + 60 :]
    darkest = round(255 * to_rgb(plotting.INK)[0])
    for part in (left[:30], left[30:], below[: len(below) // 2], below[len(below) // 2 :]):
        assert part.min() == darkest and part.max() == 255 and part[:, 0].min() == 255
    middle = below[: len(below) // 2, -MARGIN - 60 : -MARGIN - 40]
    assert middle.min() == 255  # between low and high


def test_a_transparent_frames_still_stands_on_white():
    png = io.BytesIO()
    Image.new("RGBA", (500, 50)).save(png, "PNG")
    assert (picture(FramePlayer([png.getvalue()], [""]).still()) == 255).all()


def test_play_button_and_view_share_the_slider():
    player = make_player()
    (link,) = player._links
    assert (link.source, link.target) == ((player.play, "value"), (player.slider, "value"))
    assert player.view.sliders == [player.slider]


def test_small_images_are_shown_enlarged():
    assert FramePlayer([np.eye(28)], ["a"]).view.pixel_ratio == 1 / 13
    assert FramePlayer([np.eye(500)], ["a"]).view.pixel_ratio == 1
    assert FramePlayer([plt.figure()], ["a"]).view.pixel_ratio > 1


@MAKERS
def test_close_closes_every_control_view_and_link(make):
    before = open_models()
    widget = make()
    controls = [widget, widget.view, *widget._links, *getattr(widget, "sliders", [])]
    assert all(control.comm is not None for control in controls)
    widget.close()
    assert all(control.comm is None for control in controls)
    left = {name for model_id, name in open_models().items() if model_id not in before}
    assert all(re.search("Layout|Style", name) for name in left)


@MAKERS
def test_close_leaves_nothing_in_the_registry(make):
    before = open_models()
    make().close()
    assert open_models() == before


@MAKERS
def test_closing_twice_does_no_harm(make):
    widget = make()
    widget.close()
    widget.close()
