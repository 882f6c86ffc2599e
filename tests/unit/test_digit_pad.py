"""DigitPad: MNIST's preprocessing in both languages, and what the Python side holds and refuses."""

import base64
import io
import json
import subprocess

import ipywidgets
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from torch import nn

from lessons_lib.datasets import digits
from lessons_lib.widgets import DigitPad
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.digit_pad import LEAST_END, MOST_HANDS
from lessons_lib.widgets.digit_pad_preprocessing import BOX, PEN, SIDE, as_mnist, picture_of

TURN = np.linspace(0, 1, 30)
ROUND = np.stack([0.5 + 0.2 * np.cos(2 * np.pi * TURN), 0.5 + 0.3 * np.sin(2 * np.pi * TURN)], axis=1)
SEVEN = np.array([[0.2, 0.2], [0.7, 0.22], [0.45, 0.85]])
WRITTEN = {
    "0": [ROUND],
    "1": [np.array([[0.5, 0.1], [0.5, 0.9]])],
    "4": [np.array([[0.4, 0.1], [0.25, 0.5], [0.75, 0.5]]), np.array([[0.65, 0.2], [0.6, 0.9]])],
    "7": [SEVEN],
    "7 with a dot": [SEVEN, np.array([[0.8, 0.5]])],
    "a bar": [np.array([[0.1, 0.6], [0.9, 0.6]])],
    "small": [0.1 * SEVEN],
}


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()


def layers(*widths, seed=0):
    """A network that was not trained, but heeds what it gets."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        made = [nn.Linear(*pair) for pair in zip(widths, widths[1:], strict=False)]
    for layer in made:
        layer.weight.data *= 3
    return nn.Sequential(*(part for layer in made[:-1] for part in (layer, nn.ReLU())), made[-1])


def networks(k=4):
    encoder, decoder, classifier = layers(794, 32, 2 * k), layers(k + 10, 32, 784), layers(784, 10)
    return {"encoder": encoder, "decoder": nn.Sequential(decoder, nn.Sigmoid()), "classifier": classifier}


DATA = digits()
IMAGES, LABELS = DATA.x_test[::100].numpy(), DATA.y_test[::100].numpy()


def pad(**changes):
    return DigitPad(**(networks() | {"images": IMAGES, "labels": LABELS} | changes))


def plain(strokes):
    return [np.asarray(stroke).tolist() for stroke in strokes]


# MNIST's preprocessing


def test_a_digit_of_mnist_is_left_as_it_is():
    """It is 20 pixels long and stands by its centre of mass already: nothing moves, in any of a thousand."""
    for image in DATA.x_test.numpy().astype(float):
        np.testing.assert_allclose(as_mnist(image.reshape(SIDE, SIDE)), image, atol=1e-12)


@pytest.mark.parametrize("times", [2, 7])
def test_a_digit_of_mnist_that_was_enlarged_and_moved_comes_back(times):
    for image in DATA.x_test[::50].numpy().astype(float):
        large = np.kron(image.reshape(SIDE, SIDE), np.ones((times, times)))
        np.testing.assert_allclose(as_mnist(np.pad(large, ((5, 0), (2, 9)))), image, atol=1e-12)


def thickness(pictures):
    """Ink over half its outline: a line's width, in pixels."""
    pictures = np.pad(np.asarray(pictures).reshape(-1, SIDE, SIDE), ((0, 0), (1, 1), (1, 1)))
    slopes = np.hypot(np.diff(pictures, axis=1)[:, :, :-1], np.diff(pictures, axis=2)[:, :-1])
    return 2 * pictures.sum((1, 2)) / slopes.sum((1, 2))


def test_lines_are_as_thick_as_mnists():
    """Seen: 2.33 pixels in the middle of the held-out digits, 2.0 to 2.7 in half of them."""
    low, high = np.quantile(thickness(DATA.x_test), [0.25, 0.75])
    written = [picture_of(WRITTEN[name]) for name in ("0", "1", "4", "7")]
    assert (thickness(written) > low).all() and (thickness(written) < high).all()


@pytest.mark.parametrize("name", WRITTEN)
def test_what_is_written_stands_as_mnists_digits_do(name):
    picture = picture_of(WRITTEN[name]).reshape(SIDE, SIDE)
    assert picture.min() == 0 and 0.9 < picture.max() <= 1 + 1e-12
    rows, columns = (np.flatnonzero(picture.any(axis)) for axis in (1, 0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == BOX
    centre = [(picture.sum(axis) * np.arange(SIDE)).sum() / picture.sum() for axis in (1, 0)]
    assert np.abs(np.array(centre) - SIDE / 2).max() <= 0.5 + 1e-5


def test_a_bar_is_as_wide_as_the_pen_in_grey():
    picture = picture_of(WRITTEN["1"]).reshape(SIDE, SIDE)
    assert picture[SIDE // 2].sum() == pytest.approx(PEN, abs=0.6)  # the width is whole pixels after scaling


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from([name for name in WRITTEN if name != "small"]),
    scale=st.floats(0.1, 1.0),
    x=st.floats(-0.5, 0.5),
    y=st.floats(-0.5, 0.5),
)
def test_size_and_place_on_the_pad_change_nothing(name, scale, x, y):
    moved = [stroke * scale + [x, y] for stroke in WRITTEN[name]]
    np.testing.assert_allclose(picture_of(moved), picture_of(WRITTEN[name]), atol=1e-6)


@pytest.mark.parametrize("strokes", [[], [[[0.5, 0.5]]], [[[0.5, 0.5], [0.54, 0.52]]]], ids=["none", "dot", "slip"])
def test_an_empty_pad_is_all_paper(strokes):
    np.testing.assert_array_equal(picture_of(strokes), np.zeros(784))


def test_paper_without_ink_stays_so():
    np.testing.assert_array_equal(as_mnist(np.zeros((50, 40))), np.zeros(784))


@pytest.mark.parametrize(
    ("strokes", "sentence"),
    [
        ([[0.1, 0.2]], "strokes[0] has shape (2,); it must be (points, 2), x and y of each point."),
        ([ROUND, []], "strokes[1] has shape (0,); it must be (points, 2), x and y of each point."),
        ([[[0.1, np.nan]]], "strokes[0] holds values that are infinite or not a number; drop or mend them first."),
    ],
    ids=str,
)
def test_what_is_no_stroke_gets_one_sentence(strokes, sentence):
    with pytest.raises(ValueError) as refusal:
        picture_of(strokes)
    assert str(refusal.value) == sentence


def run_javascript(deno, folder, call, cases):
    script = folder / "pad.mjs"
    text = f"console.log(JSON.stringify(JSON.parse(Deno.readTextFileSync(Deno.args[0])).map({call})));\n"
    script.write_text(module_text("shared.js", "network.js", "digit_pad_preprocessing.js") + text, encoding="utf-8")
    (folder / "input.json").write_text(json.dumps(cases))
    command = [deno, "run", "--quiet", "--allow-read", script, folder / "input.json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def test_javascript_makes_the_pictures_of_python(deno, tmp_path):
    generator = np.random.default_rng(0)
    scribbles = [[generator.random((points, 2)).round(3) for points in (1, 2, 9)] for _ in range(20)]
    cases = [*WRITTEN.values(), *scribbles]
    call = "(strokes) => Array.from(pictureOf(strokes))"
    shown = run_javascript(deno, tmp_path, call, [plain(strokes) for strokes in cases])
    np.testing.assert_allclose(shown, [picture_of(strokes) for strokes in cases], atol=1e-12)
    empty = [[], [[[0.5, 0.5]]]]
    assert run_javascript(deno, tmp_path, "(strokes) => pictureOf(strokes)", empty) == [None, None]


def test_javascript_makes_mnists_digits_of_large_ones(deno, tmp_path):
    large = [np.kron(image.reshape(SIDE, SIDE), np.ones((3, 3))) for image in IMAGES.astype(float)]
    large.append(np.zeros((84, 84)))
    call = "(ink) => Array.from(asMnist(ink, 84, 84))"
    shown = run_javascript(deno, tmp_path, call, [each.ravel().tolist() for each in large])
    np.testing.assert_allclose(shown, [as_mnist(each) for each in large], atol=1e-12)


def test_javascript_runs_the_three_networks_as_pytorch(deno, tmp_path):
    """On a written digit and its label, a style and a label, and the digit alone."""
    made = pad().view
    picture = picture_of(WRITTEN["7"]).astype(np.float32).tolist()
    label = np.eye(10)[7].tolist()
    inputs = [picture + label, [0.5, -1.0, 2.0, 0.0] + label, picture]
    cases = [
        [of_network, base64.b64encode(weights).decode(), values]
        for of_network, weights, values in zip(made.layers, made.weights, inputs, strict=True)
    ]
    call = (
        "([layers, weights, values]) => Array.from(decode(readNetwork(layers, "
        'Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0)).buffer, "float32"), values))'
    )
    for shown, network, values in zip(
        run_javascript(deno, tmp_path, call, cases), networks().values(), inputs, strict=True
    ):
        with torch.no_grad():
            np.testing.assert_allclose(shown, network(torch.tensor(values)), rtol=2e-5, atol=2e-5)


# The Python side


def test_an_empty_pad_has_the_mean_style():
    widget = pad()
    assert widget.digit is None and not widget.picture.any() and not widget.z.any()
    wanted = torch.cat([torch.zeros(10, 4), torch.eye(10)], dim=1)
    with torch.no_grad():
        np.testing.assert_allclose(widget.ten_digits(), networks()["decoder"](wanted), atol=1e-6)


def test_what_was_written_can_be_read():
    widget = pad()
    widget.view.strokes = plain(WRITTEN["4"])
    np.testing.assert_allclose(widget.picture, picture_of(WRITTEN["4"]), atol=1e-6)
    with torch.no_grad():
        read = networks()["classifier"](torch.tensor(widget.picture)[None]).argmax().item()
    assert widget.digit == read
    widget.view.chosen = (read + 1) % 10
    assert widget.digit == (read + 1) % 10
    assert repr(widget).startswith(f"DigitPad: a {widget.digit}, and all ten digits in its style, 4 sliders")


def test_hands_are_the_held_out_digits_with_their_own_labels():
    widget, seen = pad(), set()
    for hand in range(len(IMAGES)):
        widget.view.hand = hand
        number = np.abs(IMAGES - widget.picture).sum(1).argmin()
        np.testing.assert_allclose(widget.picture, IMAGES[number], atol=1e-7)  # of 255 greys nothing is lost
        assert widget.digit == LABELS[number] == widget.view.labels[hand]
        seen.add(number)
    assert len(seen) == len(IMAGES)


def test_of_many_images_two_hundred_of_all_classes_travel():
    view = pad(images=DATA.x_test, labels=DATA.y_test).view
    assert len(view.labels) == MOST_HANDS and len(view.images) == 784 * MOST_HANDS
    assert set(view.labels) == set(range(10)) and len(set(view.labels[:10])) > 3


def test_sliders_reach_the_styles_of_the_images():
    widget = pad()
    with torch.no_grad():
        seen = torch.tensor(np.concatenate([IMAGES, np.eye(10, dtype=np.float32)[LABELS]], axis=1))
        furthest = networks()["encoder"](seen)[:, :4].abs().max().item()
    (ends,) = {(slider.min, slider.max) for slider in widget.sliders}
    assert ends[1] == -ends[0] >= max(LEAST_END, furthest) and ends[1] < max(LEAST_END, furthest + 1)
    assert [slider.description for slider in widget.sliders] == ["z1", "z2", "z3", "z4"]
    widget.sliders[2].value = 1.5
    np.testing.assert_array_equal(widget.z, [0, 0, 1.5, 0])
    assert (widget.ten_digits() != pad().ten_digits()).any()
    still = networks()["encoder"]
    still[-1].weight.data.zero_()
    still[-1].bias.data.zero_()
    assert pad(encoder=still).sliders[0].max == LEAST_END


def test_snapshots_are_shown_whatever_is_trained_on():
    made = networks()
    widget = pad(**made)
    before = widget.ten_digits(), list(widget.view.weights)
    for network in made.values():
        for parameter in network.parameters():
            parameter.data += 1
    np.testing.assert_array_equal(widget.ten_digits(), before[0])
    assert widget.view.weights == before[1]


def test_what_it_was_made_from_survives_json():
    made = json.loads(json.dumps(pad().made_from()))
    assert len(made["layers"]) == len(made["weights"]) == 3
    assert base64.b64decode(made["images"]) == pad().view.images and len(made["labels"]) == len(LABELS)


def test_still_shows_hands_their_ten_digits_and_the_mean_style():
    widget = pad()
    drawn = np.asarray(Image.open(io.BytesIO(widget.still())).convert("L"), dtype=float)
    step, columns, rows = 88, 12, 4
    sheet = drawn[8 : 8 + rows * step, -8 - columns * step : -8]

    def tile(row, column):
        return sheet[row * step + 3 :, column * step + 3 :][:84:3, :84:3].ravel()

    for row in range(3):
        widget.view.hand = row
        np.testing.assert_allclose(tile(row, 0), 255 * (1 - widget.picture), atol=1)
        label = np.eye(10, dtype=np.float32)[widget.digit]
        with torch.no_grad():
            style = networks()["encoder"](torch.tensor(np.concatenate([widget.picture, label])))[:4]
            ten = networks()["decoder"](torch.cat([style.expand(10, -1), torch.eye(10)], dim=1)).numpy()
        for digit in range(10):
            np.testing.assert_allclose(tile(row, digit + 2), 255 * (1 - ten[digit]), atol=1.01)
    for digit, picture in enumerate(pad().ten_digits()):
        np.testing.assert_allclose(tile(3, digit + 2), 255 * (1 - picture), atol=1.01)


def test_one_image_is_enough():
    widget = pad(images=IMAGES[3:4], labels=LABELS[3:4])
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"] == widget.still() and data["text/plain"] == repr(widget)
    assert repr(widget).startswith("DigitPad: an empty pad, ")


def test_closing_leaves_nothing():
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    pad().close()
    assert set(ipywidgets.Widget.get_manager_state()["state"]) == before


REFUSED = [
    ({"encoder": "an encoder"}, "encoder is a str; it must be an nn.Sequential of layers."),
    ({"classifier": nn.Conv2d(1, 10, 28)}, "classifier holds a Conv2d layer, which the browser can't run; "),
    ({"encoder": layers(784, 8)}, "encoder takes 784 values; it must take 794, a picture's 784 and a label's 10."),
    ({"encoder": layers(794, 7)}, "encoder returns 7 values; it must return 2k, mean and log-variance of a style of "),
    ({"encoder": layers(794, 34)}, "encoder returns 34 values; it must return 2k, "),
    (
        {"encoder": nn.Sequential(layers(794, 9), nn.Linear(8, 8))},
        "encoder holds a Linear(8, 8) layer, which does not fit values of shape (9,).",
    ),
    ({"encoder": layers(794, 6)}, "decoder takes 14 values; it must take 13, the style's 3 and a label's 10."),
    ({"decoder": layers(14, 100)}, "decoder returns 100 values; it must return 784."),
    ({"decoder": layers(14, 784)}, "decoder returns values outside 0 to 1; it must end in a Sigmoid."),
    ({"classifier": layers(784, 9)}, "classifier returns 9 values; it must return 10."),
    ({"classifier": layers(794, 10)}, "classifier takes 794 values; it must take 784, a picture's."),
    ({"images": IMAGES[0]}, "images has shape (784,); it must be (n, 784), one row of pixels an image."),
    ({"images": IMAGES[:0]}, "images has shape (0, 784); it must be (n, 784)"),
    ({"images": 255 * IMAGES}, "images has values outside 0 (paper) to 1 (ink); divide pixels of 0 to 255 by 255."),
    ({"images": 0 * IMAGES}, "images has an image without ink; each must show a digit."),
    ({"images": np.where(IMAGES > 0.5, np.nan, IMAGES)}, "images holds values that are infinite or not a number"),
    ({"labels": LABELS[1:]}, "labels has shape (9,); it must be (10,), one for each image."),
    ({"labels": LABELS + 1}, "labels has values besides the whole numbers from 0 to 9."),
    ({"labels": LABELS / 2}, "labels has values besides the whole numbers from 0 to 9."),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_misuse_gets_one_sentence_and_leaves_no_widget(arguments, sentence):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError) as refusal:
        pad(**arguments)
    assert str(refusal.value).startswith(sentence) and "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before
