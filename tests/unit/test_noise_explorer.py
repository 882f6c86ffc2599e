"""NoiseExplorer: the browser's noise and networks against Python's, and what the Python side holds and refuses."""

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
from PIL import Image, ImageDraw
from torch import nn

from lessons_lib.widgets import NoiseExplorer
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.network import pack, unpack
from lessons_lib.widgets.noise import KINDS, corrupt, mix, random_numbers

SHAPES = [(28, 28), (3, 5), (7, 2), (1, 1), (1, 9)]
AMOUNTS = [0, 0.01, 0.37, 0.5, 0.625, 1]
SEEDS = [0, 1, 2, 12345, 2**31 - 1, -1]


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()


def image(shape, seed=0):
    return np.random.default_rng(seed).random(shape, np.float32)


def network(pixels=16, hidden=8, seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, pixels))


def tied(pixels=784, hidden=1024):
    net = network(pixels, hidden)
    net[2].weight.data = net[0].weight.data.T.clone()
    return net


IMAGES = image((6, 16))
NETWORKS = {"plain": network(), "other": network(seed=1)}


def explorer(networks=NETWORKS, images=IMAGES, **options):
    return NoiseExplorer(networks, images, **{"image_shape": (4, 4)} | options)


def run_javascript(deno, folder, call, cases):
    script = folder / "noise.mjs"
    text = (
        "const cases = JSON.parse(Deno.readTextFileSync(Deno.args[0]));\n"
        f"console.log(JSON.stringify(cases.map({call})));\n"
    )
    script.write_text(module_text("shared.js", "network.js", "random.js", "noise_explorer.js") + text, encoding="utf-8")
    (folder / "input.json").write_text(json.dumps(cases))
    command = [deno, "run", "--quiet", "--allow-read", script, folder / "input.json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


# The noise


def test_bits_are_mixed_as_murmurhash3_does():
    """The hash of no bytes is this last step alone, of its seed: the values that its authors' own tests have."""
    assert mix(np.array([0, 1, 0xFFFFFFFF], np.uint32)).tolist() == [0, 0x514E28B7, 0x81F16F39]


def test_javascript_mixes_and_counts_as_python(deno, tmp_path):
    numbers = [0, 1, 0xFFFFFFFF, 0x9E3779B9, 123456789]
    assert run_javascript(deno, tmp_path, "mix", numbers) == mix(np.array(numbers, np.uint32)).tolist()
    call = (
        "([seed, pixels]) => { const r = randomNumbers(seed, pixels); return [...r.uniform, ...r.centre, ...r.normal] }"
    )
    cases = [(seed, pixels) for seed in SEEDS for pixels in (1, 15, 784)]
    for (seed, pixels), shown in zip(cases, run_javascript(deno, tmp_path, call, cases), strict=True):
        uniform, normal, centre = random_numbers(seed, pixels)
        assert shown[: pixels + 2] == [*uniform, *centre]
        np.testing.assert_allclose(shown[pixels + 2 :], normal, rtol=0, atol=1e-12)


def test_javascript_corrupts_as_python(deno, tmp_path):
    cases, wanted = [], []
    for shape in SHAPES:
        for kind in KINDS:
            for amount in AMOUNTS:
                for seed in SEEDS:
                    pixels = image(shape, 3)
                    cases.append([pixels.ravel().tolist(), *shape, kind, amount, seed])
                    wanted.append(corrupt(pixels, kind, amount, seed).ravel())
    call = (
        "([image, height, width, kind, amount, seed]) =>\n"
        "Array.from(corrupt(image, height, width, kind, amount, randomNumbers(seed, height * width)))"
    )
    shown = run_javascript(deno, tmp_path, call, cases)
    for ours, theirs in zip(wanted, shown, strict=True):
        np.testing.assert_allclose(theirs, ours, rtol=0, atol=1e-12)


@settings(max_examples=100, deadline=None)
@given(seed=st.integers(-(2**31), 2**31 - 1))
def test_numbers_of_any_seed_are_uniform_and_normal(seed):
    """Each within six standard errors of what it should be: hardly a seed in a million would fail."""
    n = 784
    uniform, normal, centre = random_numbers(seed, n)
    assert uniform.shape == normal.shape == (n,) and centre.shape == (2,)
    assert all(0 < numbers.min() and numbers.max() < 1 for numbers in (uniform, centre))
    error = 6 / n**0.5
    assert abs(normal.mean()) < error and abs(normal.var() - 1) < 2**0.5 * error
    assert abs(uniform.mean() - 0.5) < error * 12**-0.5
    for share in (0.1, 0.5, 0.9):
        assert abs((uniform < share).mean() - share) < error * (share * (1 - share)) ** 0.5
    for lag in (1, 28):  # neighbours, across and down
        assert abs((normal[lag:] * normal[:-lag]).mean()) < 1.1 * error
    assert abs((normal * (uniform - 0.5)).mean()) < error * 12**-0.5


def test_seeds_one_after_another_have_nothing_in_common():
    numbers = [random_numbers(seed, 784) for seed in range(200)]
    normal = np.stack([normal for _, normal, _ in numbers])
    together = normal @ normal.T / 784
    assert np.abs(together - np.diag(np.diag(together))).max() < 6 / 28
    n = normal.size
    assert abs(normal.mean()) < 5 / n**0.5 and abs(normal.var() - 1) < 5 * (2 / n) ** 0.5
    assert abs((normal**4).mean() - 3) < 5 * (96 / n) ** 0.5
    edges = [-np.inf, -1.6448536, -0.6744898, 0, 0.6744898, 1.6448536, np.inf]
    shares = np.histogram(normal, edges)[0] / n
    np.testing.assert_allclose(shares, [0.05, 0.2, 0.25, 0.25, 0.2, 0.05], atol=5 * (0.25 / n) ** 0.5)
    centres = np.stack([centre for *_, centre in numbers])
    np.testing.assert_allclose(centres.mean(0), 0.5, atol=5 * (12 * 200) ** -0.5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_no_noise_is_the_image_and_the_image_is_left_alone(kind, shape):
    pixels = image(shape)
    before = pixels.copy()
    np.testing.assert_array_equal(corrupt(pixels, kind, 0, 5), pixels)
    corrupt(pixels, kind, 1, 5)
    np.testing.assert_array_equal(pixels, before)


def test_gaussian_noise_is_scaled_by_its_amount():
    pixels = image((28, 28))
    one = corrupt(pixels, "Gaussian", 1, 7) - pixels
    assert one.min() < -2 and one.max() > 2  # not clipped
    np.testing.assert_allclose(corrupt(pixels, "Gaussian", 0.25, 7) - pixels, one / 4, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("kind", KINDS[1:])
def test_more_noise_keeps_what_less_noise_did(kind, seed):
    grey = np.full((28, 28), 0.5)
    less, more = corrupt(grey, kind, 0.4, seed), corrupt(grey, kind, 0.6, seed)
    hit = less != 0.5
    assert hit.any() and (more != 0.5).sum() > hit.sum()
    np.testing.assert_array_equal(more[hit], less[hit])


def test_shares_of_pixels_are_as_told():
    grey = np.full((28, 28), 0.5)
    for amount in (0.1, 0.4, 0.9):
        masked = np.stack([corrupt(grey, "masking", amount, seed) for seed in range(50)])
        assert set(np.unique(masked)) == {0.0, 0.5}
        speckled = np.stack([corrupt(grey, "salt and pepper", amount, seed) for seed in range(50)])
        assert set(np.unique(speckled)) == {0.0, 0.5, 1.0}
        bound = 5 * (0.25 / masked.size) ** 0.5
        assert abs((masked == 0).mean() - amount) < bound
        for value in (0, 1):
            assert abs((speckled == value).mean() - amount / 2) < bound
    assert (corrupt(grey, "masking", 1, 0) == 0).all() and (corrupt(grey, "salt and pepper", 1, 0) != 0.5).all()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_block_is_a_square_about_a_centre_in_the_middle_half(shape):
    places = set()
    for seed in range(40):
        for amount in AMOUNTS:
            wiped = corrupt(np.ones(shape), "block", amount, seed) == 0
            side = int(amount * max(shape) + 0.5)
            assert wiped.sum() == min(side, shape[0]) * min(side, shape[1])
            if wiped.any():
                for axis, length in enumerate(shape):
                    along = np.flatnonzero(wiped.any(axis=1 - axis))
                    assert len(along) == along[-1] - along[0] + 1 == min(side, length)
                    if side <= length / 2:
                        middle = (along[0] + along[-1] + 1) / 2
                        assert 0.25 * length - 0.5 <= middle <= 0.75 * length + 0.5
            if shape == (28, 28) and amount == 0.37:
                places.add(wiped.tobytes())
    assert len(places) > 20 or shape != (28, 28)


# The networks


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_javascript_rebuilds_as_pytorch(deno, tmp_path, precision):
    net = tied()
    layers, weights, snapshot = pack(net, precision)
    assert layers[2]["transposed"] == 0
    inputs = [corrupt(image((28, 28)), kind, 0.6, 1).astype(np.float32) for kind in KINDS]
    cases = [[layers, base64.b64encode(weights).decode(), precision, [x.ravel().tolist() for x in inputs]]]
    call = (
        "([layers, weights, precision, images]) => {\n"
        "  const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));\n"
        "  const network = readNetwork(layers, bytes.buffer, precision);\n"
        "  return images.map((image) => Array.from(decode(network, image))); }"
    )
    (shown,) = run_javascript(deno, tmp_path, call, cases)
    given = torch.from_numpy(np.stack(inputs).reshape(4, -1))
    np.testing.assert_allclose(shown, snapshot(given), atol=1e-4)
    if precision == "float32":
        np.testing.assert_allclose(shown, net(given).detach(), atol=1e-4)


def test_tied_networks_travel_with_half_the_bytes():
    widget = NoiseExplorer({"plain": tied(), "denoising": tied()}, image((2, 784)))
    assert [len(weights) for weights in widget.view.weights] == 2 * [4 * (784 * 1024 + 1024 + 784)]


# The Python side


def test_what_is_shown_can_be_read_and_set():
    widget = explorer()
    assert (widget.kind, widget.amount, widget.digit) == ("Gaussian", 0.3, 1)
    widget.kind, widget.amount, widget.digit = "masking", np.float32(0.5), np.int64(6)
    assert (widget.kind, widget.amount, widget.digit) == ("masking", 0.5, 6)
    assert (widget.kind_menu.value, widget.amount_slider.value, widget.digit_slider.value) == ("masking", 0.5, 6)
    widget.view.seed = 3
    corrupted = widget.corrupted()
    np.testing.assert_array_equal(corrupted, corrupt(IMAGES[5].reshape(4, 4), "masking", 0.5, 3))
    for name, rebuilt in widget.rebuilt().items():
        with torch.no_grad():
            wanted = {"plain": network(), "other": network(seed=1)}[name](
                torch.tensor(corrupted.reshape(1, 16)).float()
            )
        np.testing.assert_allclose(rebuilt, wanted.reshape(4, 4), atol=1e-6)
    assert list(widget.rebuilt()) == widget.view.names == ["plain", "other"]


def test_what_was_drawn_stands_on_its_digit_until_another_is_chosen():
    widget = explorer()
    before = widget.corrupted()
    widget.view.strokes = [[1, 0, 1], [1, 5, 0], [2, 7, 1]]
    wanted = before.copy()
    wanted[0, 0], wanted[1, 1] = 1, 0
    np.testing.assert_array_equal(widget.corrupted(), wanted)
    widget.amount = 0
    wanted = IMAGES[0].reshape(4, 4).astype(float)
    wanted[0, 0], wanted[1, 1] = 1, 0
    np.testing.assert_array_equal(widget.corrupted(), wanted)
    widget.digit = 2
    assert widget.view.strokes == []
    np.testing.assert_array_equal(widget.corrupted(), IMAGES[1].reshape(4, 4))


def test_the_controls_are_the_views():
    widget = explorer()
    assert widget.view.controls == [widget.kind_menu, widget.amount_slider, widget.digit_slider]
    slider = widget.amount_slider
    assert (slider.min, slider.max, slider.step) == (0, 1, 0.01)
    assert (widget.digit_slider.min, widget.digit_slider.max) == (1, 6)
    assert widget.kind_menu.options == KINDS


def test_a_snapshot_is_shown_whatever_is_trained_on():
    net = network()
    widget = explorer({"net": net})
    before = widget.rebuilt()["net"]
    with torch.no_grad():
        net[0].weight.add_(1)
    np.testing.assert_array_equal(widget.rebuilt()["net"], before)


@pytest.mark.parametrize(
    "images", [torch.tensor(IMAGES), IMAGES.tolist(), IMAGES.astype(float), IMAGES > 0.5], ids=type
)
def test_images_of_any_kind(images):
    assert explorer(images=images).view.images == np.asarray(images, np.float32).tobytes()


def test_one_image_one_network_and_an_image_that_is_not_square():
    widget = NoiseExplorer({"net": network(6)}, image((1, 6)), image_shape=(2, 3))
    assert widget.corrupted().shape == widget.rebuilt()["net"].shape == (2, 3)
    assert widget.digit_slider.max == 1


def test_what_it_was_made_from_survives_json_and_rebuilds_it():
    for precision in ("float32", "float16"):
        widget = explorer(precision=precision)
        made_from = json.loads(json.dumps(widget.made_from()))
        given = torch.from_numpy(widget.corrupted().astype(np.float32).reshape(1, -1))
        for name, layers, weights in zip(made_from["names"], made_from["layers"], made_from["weights"], strict=True):
            rebuilt = unpack(layers, base64.b64decode(weights), precision)(given).reshape(4, 4)
            np.testing.assert_array_equal(rebuilt, widget.rebuilt()[name])
        assert base64.b64decode(made_from["images"]) == IMAGES.tobytes() and made_from["image_size"] == [4, 4]


def test_float16_is_half_the_bytes_and_says_what_it_costs():
    full, half = explorer(), explorer(precision="float16")
    assert full.view.note == "" and "no pixel of what is made of the clean images" in half.view.note
    assert [2 * len(weights) for weights in half.view.weights] == [len(weights) for weights in full.view.weights]
    told = float(half.view.note.split("more than ")[1].split()[0])
    with torch.no_grad():
        given = torch.from_numpy(IMAGES)
        errors = [
            (net(given).clamp(0, 1) - half._snapshots[name](given).clamp(0, 1)).abs().max().item()
            for name, net in NETWORKS.items()
        ]
    assert 255 * max(errors) <= told <= 255 * max(errors) + 0.0011 and told > 0


def test_what_float16_costs_is_told_however_much_it_is():
    net = nn.Sequential(nn.Linear(16, 2, bias=False), nn.Linear(2, 16, bias=False))
    with torch.no_grad():
        net[0].weight.copy_(torch.tensor([[1000.1], [1000.0]]).expand(2, 16))  # in float16 both are 1000
        net[1].weight.copy_(torch.tensor([1.0, -1.0]).expand(16, 2))
    assert explorer({"net": net}).view.note == ""
    assert float(explorer({"net": net}, precision="float16").view.note.split("more than ")[1].split()[0]) > 1


def test_still_shows_more_and_more_noise_and_what_is_made_of_it():
    widget = explorer()
    drawn = np.asarray(Image.open(io.BytesIO(widget.still())))
    tile, gap, columns = 24 * 4, 4, 5
    sheet = drawn[8 : 8 + 3 * (tile + gap), -8 - columns * (tile + gap) : -8]
    for column, amount in enumerate([0, 0.25, 0.5, 0.75, 1]):
        widget.amount = amount
        for row, wanted in enumerate([widget.corrupted(), *widget.rebuilt().values()]):
            corner = sheet[row * (tile + gap) + 2 :, column * (tile + gap) + 2 :]
            np.testing.assert_allclose(corner[:tile:24, :tile:24], 255 * (1 - wanted.clip(0, 1)), atol=0.51)


def test_still_names_its_rows_and_amounts(monkeypatch):
    texts, widget = [], explorer()
    monkeypatch.setattr(ImageDraw.ImageDraw, "text", lambda self, place, text, *_, **__: texts.append(text))
    widget.still()
    assert texts[:8] == ["corrupted", "plain", "other", "0.00", "0.25", "0.50", "0.75", "1.00"]
    assert " ".join(texts[8:]) == "below each column: the standard deviation of the Gaussian noise"


def test_display_has_a_view_a_picture_and_words():
    widget = explorer()
    data, _ = widget._repr_mimebundle_()
    assert data["image/png"] == widget.still() and data["text/plain"] == repr(widget)
    assert repr(widget).startswith("NoiseExplorer: digit 1 of 6 under Gaussian noise of amount 0.30, and what plain")


def test_closing_leaves_nothing():
    before = set(ipywidgets.Widget.get_manager_state()["state"])
    widget = explorer()
    widget.close()
    assert set(ipywidgets.Widget.get_manager_state()["state"]) == before


REFUSED = [
    ({"networks": {}}, "networks holds 0; there must be from 1 to 3 of them."),
    ({"networks": {str(i): network() for i in range(4)}}, "networks holds 4; there must be from 1 to 3 of them."),
    ({"networks": network()}, "networks is a Sequential; it must map names to networks."),
    ({"networks": None}, "networks is a NoneType; it must map names to networks."),
    ({"networks": {3: network()}}, "networks holds a network by the name 3; a name must be text."),
    ({"networks": {"a": None}}, "networks['a'] is a NoneType; it must be an nn.Sequential of layers."),
    (
        {"networks": NETWORKS | {"b": nn.Sequential(nn.Dropout())}},
        "networks['b'] holds a Dropout layer, which the browser",
    ),
    ({"networks": {"a": nn.Sequential(nn.ReLU())}}, "networks['a'] has no Linear layer"),
    ({"networks": NETWORKS | {"b": network(9)}}, "images have 16 columns; networks['b'] wants 9."),
    (
        {"networks": {"a": nn.Sequential(nn.Linear(16, 9))}},
        "networks['a'] returns 9 values; image_shape 4×4 with 1 channel wants 16.",
    ),
    (
        {"networks": {"a": nn.Sequential(nn.Linear(16, 3), nn.Linear(4, 16))}},
        "networks['a'] holds a Linear(4, 16) layer, which does not fit values of shape (3,).",
    ),
    (
        {"networks": {"a": nn.Sequential(nn.Linear(16, 16), nn.Unflatten(1, (2, 8)))}},
        "networks['a'] returns images of shape (2, 8); image_shape is (4, 4).",
    ),
    ({"images": IMAGES[0]}, "images has shape (16,); it must be (n, 16), n from 1 to 200, one row of pixels an image."),
    ({"images": IMAGES[:0]}, "images has shape (0, 16); it must be (n, 16)"),
    ({"images": image((201, 16))}, "images has shape (201, 16); it must be (n, 16), n from 1 to 200"),
    ({"images": IMAGES.reshape(6, 4, 4)}, "images has shape (6, 4, 4); it must be (n, 16)"),
    ({"images": 2 * IMAGES.round()}, "images has values from 0 to 2; they must go from 0 (paper) to 1 (ink)."),
    ({"images": IMAGES - 0.5}, "images has values from -0.49"),
    ({"images": np.where(IMAGES > 0.5, np.nan, IMAGES)}, "images holds values that are infinite or not a number"),
    ({"images": None}, "images is a NoneType; it must be an array."),
    ({"image_shape": (3, 4, 4)}, "image_shape is (3, 4, 4); it must be (height, width), up to 64 pixels a side."),
    ({"image_shape": (65, 4)}, "image_shape is (65, 4); it must be (height, width), up to 64 pixels a side."),
    ({"image_shape": 16}, "image_shape is 16; it must be (height, width), up to 64 pixels a side."),
    ({"precision": "float8"}, "precision is 'float8'; it must be one of float32, float16."),
]


@pytest.mark.parametrize(("arguments", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_misuse_gets_one_sentence_and_leaves_no_widget(arguments, sentence):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError) as refusal:
        explorer(**arguments)
    assert str(refusal.value).startswith(sentence) and "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("kind", "gaussian", "kind is 'gaussian'; it must be one of Gaussian, masking, salt and pepper, block."),
        ("kind", 0, "kind is 0; it must be one of Gaussian, masking, salt and pepper, block."),
        ("amount", 1.01, "amount is 1.01; it must be a number from 0 to 1."),
        ("amount", -0.1, "amount is -0.1; it must be a number from 0 to 1."),
        ("amount", float("nan"), "amount is nan; it must be a number from 0 to 1."),
        ("amount", "0.5", "amount is '0.5'; it must be a number from 0 to 1."),
        ("digit", 0, "digit is 0; it must be a whole number from 1 to 6."),
        ("digit", 7, "digit is 7; it must be a whole number from 1 to 6."),
        ("digit", 1.0, "digit is 1.0; it must be a whole number from 1 to 6."),
    ],
)
def test_a_setting_that_is_none_is_refused_and_nothing_moves(name, value, sentence):
    widget = explorer()
    widget.view.strokes = [[1, 0, 1]]
    before = (widget.kind, widget.amount, widget.digit)
    with pytest.raises(ValueError) as refusal:
        setattr(widget, name, value)
    assert str(refusal.value) == sentence
    assert (widget.kind, widget.amount, widget.digit) == before and widget.view.strokes == [[1, 0, 1]]
