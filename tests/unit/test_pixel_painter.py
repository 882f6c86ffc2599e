"""PixelPainter: the browser's network against PyTorch, and what the Python side holds and refuses."""

import base64
import io
import json
import subprocess

import ipywidgets
import numpy as np
import pytest
import torch
from PIL import Image, ImageDraw
from torch import nn

from lessons_lib.models import PixelRNN
from lessons_lib.widgets import PixelPainter
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.noise import random_bits
from lessons_lib.widgets.pixel_network import copy_of, pack, uniform_numbers
from lessons_lib.widgets.pixel_painter import TINT

# side, rows, reach, position, units
SIZES = [(14, 2, 3, True, 64), (4, 0, 0, True, 3), (5, 4, 1, False, 7), (6, 6, 6, True, 4), (7, 1, 0, False, 5)]
SEEDS = [0, 1, 12345, 2**31 - 1, -1]


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()


def network(side=6, rows=2, reach=2, position=True, units=8, seed=0):
    """A network that was not trained, but heeds what it gets."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = PixelRNN(side, rows, reach, position, units)
    with torch.no_grad():
        net.lstm.weight_ih_l0.mul_(2 * units**0.5)
        net.lstm.weight_hh_l0.mul_(1.5)  # much larger ones would be chaotic: rounding would grow from pixel to pixel
        net.output.weight.mul_(5)
    return net


def images(n=5, size=36, seed=0):
    return (np.random.default_rng(seed).random((n, size)) < 0.4).astype(np.float32)


IMAGES = images()


def painter(model=None, given=IMAGES, **options):
    return PixelPainter(network() if model is None else model, given, **options)


def run_javascript(deno, folder, call, cases):
    script = folder / "pixels.mjs"
    text = (
        "const cases = JSON.parse(Deno.readTextFileSync(Deno.args[0]));\n"
        "const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)).buffer;\n"
        f"console.log(JSON.stringify(cases.map({call})));\n"
    )
    files = ("shared.js", "network.js", "random.js", "pixel_network.js")
    script.write_text(module_text(*files) + text, encoding="utf-8")
    (folder / "input.json").write_text(json.dumps(cases))
    command = [deno, "run", "--quiet", "--allow-read", script, folder / "input.json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def sigmoid(logits):
    return torch.sigmoid(torch.as_tensor(logits).double()).numpy()


# What the browser computes


def test_javascript_draws_the_uniform_numbers_of_python(deno, tmp_path):
    call = "([seed, count]) => Array.from({ length: count }, (_, i) => uniformNumber(seed, i))"
    shown = run_javascript(deno, tmp_path, call, [(seed, 3 * 196) for seed in SEEDS])
    for seed, numbers in zip(SEEDS, shown, strict=True):
        assert uniform_numbers(seed, 3, 196).ravel().tolist() == numbers
        assert numbers[0] == (int(random_bits(seed, 1)[0]) + 0.5) / 2**32


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_javascript_draws_with_pytorchs_probabilities(deno, tmp_path, size):
    """Each logit, of given and of drawn pixels, is PyTorch's for the very picture that came out."""
    net, side = network(*size), size[0]
    layout, weights = pack(copy_of(net))
    cases, uniforms = [], []
    for start in (0, 1, side * (side // 2), side**2 - 1, side**2):
        for temperature in (0, 0.4, 1, 2):
            given = images(1, side**2, seed=start)[0]
            given[start:] = 0
            uniform = uniform_numbers(start, 2, side**2)
            uniforms.append(uniform)
            packed = [layout, base64.b64encode(weights).decode()]
            cases.append([*packed, given.astype(int).tolist(), start, uniform.tolist(), temperature])
    call = (
        "([size, weights, given, start, uniform, temperature]) =>\n"
        "  finish(readPixelNetwork(size, bytes(weights)), given, start, uniform, temperature)\n"
        "    .map(({ image, logits }) => [Array.from(image), Array.from(logits)])"
    )
    drawn_in_all = 0
    for case, uniform, shown in zip(cases, uniforms, run_javascript(deno, tmp_path, call, cases), strict=True):
        _, _, given, start, _, temperature = case
        drawn, logits = (np.array([ending[part] for ending in shown]) for part in (0, 1))
        assert drawn.shape == logits.shape == (2, side**2)
        np.testing.assert_array_equal(drawn[:, :start], [given[:start]] * 2)
        with torch.no_grad():
            theirs = net(torch.tensor(drawn, dtype=torch.float32)).double().numpy()
        np.testing.assert_allclose(logits, theirs, rtol=1e-4, atol=1e-4)
        ink = (theirs > 0).astype(float) if temperature == 0 else sigmoid(theirs / temperature)
        clear = np.abs(uniform - ink) > 1e-4
        if temperature == 0:
            clear = np.abs(theirs) > 1e-4
        clear[:, :start] = False
        np.testing.assert_array_equal(drawn[clear], (uniform < ink)[clear])
        drawn_in_all += clear.sum()
    assert drawn_in_all > 3 * 4 * side**2


def test_the_networks_in_these_tests_heed_what_they_get():
    """Or a wrong weight would not show."""
    for size in SIZES:
        with torch.no_grad():
            ink = torch.sigmoid(network(*size)(torch.tensor(images(8, size[0] ** 2))))
        assert ink.std() > 0.01  # a hundred times what they may be off


# What Python computes


def test_endings_keep_the_students_part_and_follow_the_probabilities():
    widget = painter(endings=3)
    endings, ink = widget.endings(), widget.probabilities()
    assert endings.shape == ink.shape == (3, 36) and set(np.unique(endings)) == {0, 1}
    np.testing.assert_array_equal(endings[:, :18], np.tile(IMAGES[0, :18], (3, 1)))
    with torch.no_grad():
        np.testing.assert_allclose(ink, sigmoid(network()(torch.tensor(endings))), atol=1e-6)
    np.testing.assert_array_equal(endings[:, 18:], (uniform_numbers(0, 3, 36) < ink)[:, 18:])
    assert len({ending.tobytes() for ending in endings}) > 1


def test_another_seed_draws_other_endings_and_the_same_one_the_same():
    widget = painter()
    before = widget.endings()
    widget.view.seed = 1
    assert (widget.endings() != before).any()
    widget.view.seed = 0
    np.testing.assert_array_equal(widget.endings(), before)


def test_temperature_divides_the_logits_and_at_none_the_likelier_colour_is_certain():
    widget = painter()
    for temperature in (0.25, 2):
        widget.temperature = temperature
        with torch.no_grad():
            logits = network()(torch.tensor(widget.endings())).double()
        np.testing.assert_allclose(widget.probabilities(), sigmoid(logits / temperature), atol=1e-6)
    widget.temperature = 0
    endings = widget.endings()
    assert len({ending.tobytes() for ending in endings}) == 1
    with torch.no_grad():
        likelier = network()(torch.tensor(endings)) > 0
    np.testing.assert_array_equal(endings[:, 18:], likelier[:, 18:])
    np.testing.assert_array_equal(widget.probabilities(), likelier)


def test_a_warmer_network_differs_from_a_cooler_one_where_the_numbers_say_so():
    """The first pixel that is drawn is ink where its number is below P(ink), at every temperature."""
    widget = painter(endings=8)
    numbers = uniform_numbers(0, 8, 36)[:, 18]
    seen = set()
    for temperature in (0.1, 0.5, 1, 1.5, 2):
        widget.temperature = temperature
        ink = widget.probabilities()[:, 18]
        np.testing.assert_array_equal(widget.endings()[:, 18], numbers < ink)
        seen.add(round(ink[0], 6))
    assert len(seen) == 5


@pytest.mark.parametrize("row", range(7))
def test_rows_from_none_to_all(row):
    widget = painter()
    widget.row = row
    endings = widget.endings()
    np.testing.assert_array_equal(endings[:, : 6 * row], np.tile(IMAGES[0, : 6 * row], (4, 1)))
    same = (endings == endings[0]).all()
    assert same if row == 6 else not same


def test_nothing_of_the_images_lower_part_reaches_the_network():
    other = IMAGES.copy()
    other[:, 18:] = 1 - other[:, 18:]
    np.testing.assert_array_equal(painter().endings(), painter(given=other).endings())


def test_what_was_painted_stands_on_its_digit_until_another_is_chosen():
    widget = painter()
    widget.view.strokes = [[1, 0, 1], [1, 5, 0], [0, 7, 1], [1, 20, 1]]
    wanted = IMAGES[0, :18].copy()
    wanted[[0, 5]] = 1, 0
    np.testing.assert_array_equal(widget.endings()[:, :18], np.tile(wanted, (4, 1)))
    unpainted = widget.endings()
    widget.view.strokes = widget.view.strokes[:3]  # what was painted below the line counts for nothing
    np.testing.assert_array_equal(widget.endings(), unpainted)
    widget.view.strokes = [[0, 7, 1]]
    widget.digit_slider.value = 0  # another browser's word of the digit, after its drawing
    wanted = np.zeros(18)
    wanted[7] = 1
    np.testing.assert_array_equal(widget.endings()[:, :18], np.tile(wanted, (4, 1)))
    widget.digit = 2
    assert widget.view.strokes == []
    np.testing.assert_array_equal(widget.endings()[0, :18], IMAGES[1, :18])


# The Python side


def test_what_is_shown_can_be_read_and_set():
    widget = painter()
    assert (widget.digit, widget.row, widget.temperature, widget.pixel) == (1, 3, 1, 36)
    widget.digit, widget.row, widget.temperature, widget.pixel = np.int64(5), 6, np.float32(0.5), 0
    assert (widget.digit, widget.row, widget.temperature, widget.pixel) == (5, 6, 0.5, 0)
    assert (widget.digit_slider.value, widget.row_slider.value, widget.temperature_slider.value) == (5, 6, 0.5)
    assert widget.pixel_slider.value == widget.play.value == 0


def test_the_controls_are_the_views():
    widget = painter()
    sliders = [widget.digit_slider, widget.row_slider, widget.temperature_slider, widget.pixel_slider]
    assert widget.view.controls == sliders
    assert [(slider.min, slider.max) for slider in sliders] == [(0, 5), (0, 6), (0, 2), (0, 36)]
    assert widget.temperature_slider.step == 0.05
    assert (widget.play.min, widget.play.max) == (0, 36)


def test_a_snapshot_is_shown_whatever_is_trained_on():
    net, given = network(), IMAGES.copy()
    widget = painter(net, given)
    before, travelling = widget.endings(), widget.view.weights
    with torch.no_grad():
        net.output.bias.add_(5)
    given[:] = 1 - given
    np.testing.assert_array_equal(widget.endings(), before)
    assert widget.view.weights == travelling != painter(net).view.weights


def test_the_model_and_the_generator_are_left_as_they_were():
    net = network().train()
    state = torch.get_rng_state()
    painter(net)
    assert net.training and all(parameter.requires_grad for parameter in net.parameters())
    assert torch.equal(torch.get_rng_state(), state)


class OwnRNN(nn.Module):
    """A lesson's own class of the same parts; what it returns can be bent."""

    def __init__(self, bend=lambda logits: logits, **changes):
        super().__init__()
        made = network()
        for name in ("side", "rows", "reach", "position", "lstm", "output"):
            setattr(self, name, getattr(made, name))
        self.bend, self.inputs_of = bend, made.inputs
        for name, value in changes.items():
            delattr(self, name) if value is None else setattr(self, name, value)

    def forward(self, x):
        return self.bend(self.output(self.lstm(self.inputs_of(x))[0])[..., 0])


def test_a_class_of_the_same_parts_is_as_good():
    np.testing.assert_array_equal(painter(OwnRNN()).endings(), painter().endings())
    double = painter(network().double())
    np.testing.assert_array_equal(double.endings(), painter().endings())


@pytest.mark.parametrize("given", [torch.tensor(IMAGES), IMAGES.tolist(), IMAGES > 0.5, IMAGES.astype(int)], ids=type)
def test_images_of_any_kind(given):
    assert painter(given=given).view.images == IMAGES.astype(np.uint8).tobytes()


def test_what_it_was_made_from_survives_json():
    made_from = json.loads(json.dumps(painter(endings=2).made_from()))
    assert made_from["network"] == {"side": 6, "rows": 2, "reach": 2, "position": True, "units": 8}
    assert base64.b64decode(made_from["images"]) == IMAGES.astype(np.uint8).tobytes() and made_from["endings"] == 2
    weights = sum(parameter.numel() for parameter in network().parameters()) - 4 * 8  # the two biases travel as one
    assert len(base64.b64decode(made_from["weights"])) == 4 * weights


def test_still_shows_what_was_given_the_endings_and_the_digits():
    widget = painter(endings=2)
    drawn = np.asarray(Image.open(io.BytesIO(widget.still())).convert("RGB"))
    tile, gap, columns, rows = 16 * 6, 4, 5, 4
    sheet = drawn[8 : 8 + rows * (tile + gap), -8 - columns * (tile + gap) : -8]

    def tile_at(row, column):
        corner = sheet[row * (tile + gap) + 2 :, column * (tile + gap) + 2 :]
        return corner[:tile:16, :tile:16].reshape(36, 3)

    for column in range(columns):
        widget.digit = column + 1
        np.testing.assert_array_equal(tile_at(0, column)[:18, 0], 255 * (1 - IMAGES[column, :18]))
        assert (tile_at(0, column)[18:] == TINT).all()
        for row, wanted in enumerate([*widget.endings(), IMAGES[column]], 1):
            np.testing.assert_array_equal(tile_at(row, column), np.tile(255 * (1 - wanted[:, None]), (1, 3)))


def test_still_names_its_rows(monkeypatch):
    texts, widget = [], painter(endings=2)
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", lambda self, place, text, *_, **__: texts.append(text))
    widget.still()
    assert texts[:4] == ["given", "ending 1", "ending 2", "the digit"]
    assert " ".join(texts[4:]).startswith("given: the first 3 of 6 rows; ")


def test_display_has_a_view_a_picture_and_words():
    widget = painter()
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"] == widget.still()
    assert data["text/plain"] == repr(widget)
    assert repr(widget).startswith("PixelPainter: digit 1 of 5, finished below row 3 by a recurrent network, 4 times")
    widget.digit = 0
    assert repr(widget).startswith("PixelPainter: blank paper, ")


def test_closing_leaves_nothing():
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    widget = painter()
    widget.close()
    assert set(ipywidgets.Widget.get_manager_state()["state"]) == before


def lstm(**options):
    return nn.LSTM(23, 8, **{"batch_first": True} | options)


def broken():
    net = network()
    net.output.bias.data.fill_(torch.nan)
    return net


def unrunnable(x):
    raise RuntimeError("no\nway")


PARTS = "it must have side, rows, reach, position, lstm, output, as a PixelRNN has."
REFUSED = [
    ({"model": "a model"}, "model is a str; it must be a PixelRNN."),
    ({"model": nn.Linear(36, 36)}, f"model has no side; {PARTS}"),
    *[({"model": OwnRNN(**{part: None})}, f"model has no {part}; {PARTS}") for part in ("reach", "lstm", "output")],
    ({"model": OwnRNN(side=3)}, "model.side is 3; it must be a whole number from 4 to 32."),
    ({"model": OwnRNN(side=33)}, "model.side is 33; it must be a whole number from 4 to 32."),
    ({"model": OwnRNN(rows=-1)}, "model.rows is -1; it must be a whole number from 0 to 6."),
    ({"model": OwnRNN(reach=7)}, "model.reach is 7; it must be a whole number from 0 to 6."),
    ({"model": OwnRNN(position=1)}, "model.position is 1; it must be True or False."),
    ({"model": OwnRNN(lstm=nn.GRU(23, 8))}, "model.lstm is a GRU; it must be an nn.LSTM."),
    ({"model": OwnRNN(lstm=lstm(num_layers=2))}, "model.lstm has num_layers=2; it must have num_layers=1."),
    ({"model": OwnRNN(lstm=lstm(bidirectional=True))}, "model.lstm has bidirectional=True; it must have "),
    ({"model": OwnRNN(lstm=lstm(bias=False))}, "model.lstm has bias=False; it must have bias=True."),
    ({"model": OwnRNN(lstm=lstm(batch_first=False))}, "model.lstm has batch_first=False; it must have "),
    ({"model": OwnRNN(lstm=lstm(proj_size=2))}, "model.lstm has proj_size=2; it must have proj_size=0."),
    (
        {"model": OwnRNN(lstm=nn.LSTM(22, 8, batch_first=True))},
        "model.lstm gets 22 inputs; side, rows, reach and position make 23.",
    ),
    ({"model": OwnRNN(output=nn.Linear(8, 2))}, "model.output is Linear(in_features=8, out_features=2, bias=True); it"),
    ({"model": OwnRNN(output=nn.Linear(9, 1))}, "model.output is Linear(in_features=9"),
    ({"model": OwnRNN(output=nn.Linear(8, 1, bias=False))}, "model.output is Linear(in_features=8"),
    ({"model": OwnRNN(output=nn.Bilinear(8, 8, 1))}, "model.output is Bilinear("),
    ({"model": broken()}, "model has weights that are not finite in float32; train it again."),
    ({"model": OwnRNN(lambda logits: logits + 0.01)}, "model returns something else than a PixelRNN of its weights"),
    ({"model": OwnRNN(torch.sigmoid)}, "model returns something else than a PixelRNN of its weights"),
    (
        {"model": OwnRNN(lambda logits: logits[..., None])},
        "model returns values of shape (5, 36, 1); it must return (5, 36).",
    ),
    ({"model": OwnRNN(unrunnable)}, "model can't be run on images of shape (5, 36): RuntimeError: no way"),
    ({"given": IMAGES[0]}, "images has shape (36,); it must be (n, 36), n from 1 to 200, one row of pixels an image."),
    ({"given": IMAGES[:0]}, "images has shape (0, 36); it must be (n, 36)"),
    ({"given": images(201)}, "images has shape (201, 36); it must be (n, 36), n from 1 to 200"),
    ({"given": images(3, 196)}, "images has shape (3, 196); it must be (n, 36)"),
    ({"given": IMAGES / 2}, "images has values besides 0 (paper) and 1 (ink); make it binary, as x > 0.5 does."),
    ({"given": np.where(IMAGES > 0.5, np.nan, IMAGES)}, "images holds values that are infinite or not a number"),
    ({"given": None}, "images is a NoneType; it must be an array."),
    ({"endings": 0}, "endings is 0; it must be a whole number from 1 to 8."),
    ({"endings": 9}, "endings is 9; it must be a whole number from 1 to 8."),
    ({"endings": 2.0}, "endings is 2.0; it must be a whole number from 1 to 8."),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_misuse_gets_one_sentence_and_leaves_no_widget(arguments, sentence):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError) as refusal:
        painter(**arguments)
    assert str(refusal.value).startswith(sentence) and "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("digit", -1, "digit is -1; it must be a whole number from 0 to 5."),
        ("digit", 6, "digit is 6; it must be a whole number from 0 to 5."),
        ("row", 7, "row is 7; it must be a whole number from 0 to 6."),
        ("row", True, "row is True; it must be a whole number from 0 to 6."),
        ("temperature", 2.1, "temperature is 2.1; it must be a number from 0 to 2."),
        ("temperature", -0.1, "temperature is -0.1; it must be a number from 0 to 2."),
        ("temperature", "1", "temperature is '1'; it must be a number from 0 to 2."),
        ("pixel", 37, "pixel is 37; it must be a whole number from 0 to 36."),
    ],
)
def test_a_setting_that_is_none_is_refused_and_nothing_moves(name, value, sentence):
    widget = painter()
    widget.view.strokes = [[1, 0, 1]]
    before = (widget.digit, widget.row, widget.temperature, widget.pixel)
    with pytest.raises(ValueError) as refusal:
        setattr(widget, name, value)
    assert str(refusal.value) == sentence
    assert (widget.digit, widget.row, widget.temperature, widget.pixel) == before
    assert widget.view.strokes == [[1, 0, 1]]
