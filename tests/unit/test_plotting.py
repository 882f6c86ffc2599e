"""The house style and the shared figures."""

import io
import itertools
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import same_color, to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

from lessons_lib import plotting
from lessons_lib.plotting import code_scatter, gan_picture, image_grid, network_diagram
from lessons_lib.widgets.browser import FOLDER, STYLE

mpl.use("Agg")


@pytest.fixture(autouse=True)
def house_style():
    """Open the house style for one test, and close its figures."""
    with mpl.rc_context({f"{part}.facecolor": "none" for part in ("figure", "axes", "savefig")}):
        plotting.use_house_style()
        yield
        plt.close("all")


def linear_rgb(colour):
    """Amounts of light, from 0 to 1, of an sRGB colour."""
    return np.array([c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in to_rgb(colour)])


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    return float(linear_rgb(colour) @ [0.2126, 0.7152, 0.0722])


def contrast(one, other):
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def figures():
    """Return one figure of each kind."""
    codes = torch.randn(50, 2)
    return {
        "grid": image_grid({"original": torch.rand(3, 784), "PCA": torch.rand(2, 784)}),
        "scatter": code_scatter(codes, torch.arange(50) % 12, title="codes").figure,
        "network": network_diagram([("image", 784), ("code", 2), ("image", 784)], arrows=["encoder", "decoder"]),
        "gan": gan_figure(),
    }


def gan_figure(judged=True, arrows=True):
    x, (figure, ax) = np.linspace(-4, 4, 9), plt.subplots()
    z = np.linspace(-1, 1, 5)
    options = {"arrows": (z, 3 * z)} if arrows else {}
    gan_picture(x, np.full(9, 0.2), np.linspace(0, 0.4, 9), np.full(9, 0.5) if judged else None, ax=ax, **options)
    ax.legend()
    return figure


def test_contrast_formula_knows_black_on_white():
    assert contrast("black", "white") == pytest.approx(21)
    assert contrast("#777777", "white") == pytest.approx(4.48, abs=0.005)


def test_ink_reads_on_the_card():
    assert contrast(plotting.INK, plotting.CARD) >= 7
    assert contrast(plotting.INK, plotting.COLOURS[1]) >= 7  # BoundExplorer writes on an orange bar


def test_widgets_draw_with_the_same_ink_on_the_same_card():
    scripts = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.js")}
    assert re.search(r'INK = "(.+?)"', scripts["shared.js"])[1] == plotting.INK
    assert re.search(r"canvas \{[^}]*background: (\S+);", STYLE)[1] == plotting.CARD
    hexadecimal = {colour for text in scripts.values() for colour in re.findall(r'"#[0-9a-fA-F]{3,8}"', text)}
    assert hexadecimal == {f'"{plotting.INK}"'}  # one place for it, and the colours come from Python
    fonts = [int(size) for text in scripts.values() for size in re.findall(r"(\d+)px sans-serif", text)]
    fonts += [int(size) for size in re.findall(r"font-size: (\d+)px", STYLE)]
    assert len(fonts) >= 6 and min(fonts) >= 14


# What eyes without one kind of cone see: Machado, Oliveira and Fernandes (2009), severity 1, on linear RGB.
EYES = {
    "all cones": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.3039]],
}
TO_XYZ = [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175], [0.0193339, 0.119192, 0.9503041]]
LOOK_ALIKE = [(3, 8), (3, 5), (5, 8), (4, 9), (7, 9), (4, 7), (1, 7), (2, 7), (8, 9), (5, 6), (0, 6)]


def lab(colour, eye):
    """CIE L*a*b* (D65) of a colour as an eye sees it."""
    xyz = TO_XYZ @ np.clip(EYES[eye] @ linear_rgb(colour), 0, 1) / np.array([0.95047, 1, 1.08883])
    x, y, z = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def nearest_look_alikes(colours):
    """Smallest distance (CIE 1976, a just noticeable one is 2.3) of two digits that look alike, for any eye."""
    pairs = itertools.product(LOOK_ALIKE, EYES)
    return min(np.linalg.norm(lab(colours[i], eye) - lab(colours[j], eye)) for (i, j), eye in pairs)


def test_distance_of_colours_knows_red_and_green():
    np.testing.assert_allclose(lab("white", "all cones"), [100, 0, 0], atol=0.02)
    np.testing.assert_allclose(lab("red", "all cones"), [53.24, 80.09, 67.20], atol=0.05)
    red, green = (np.array([lab(colour, eye) for eye in EYES]) for colour in ("#c00000", "#00a000"))
    all_cones, protan, deutan, tritan = np.linalg.norm(red[:, 1:] - green[:, 1:], axis=1)
    assert protan < 0.3 * all_cones and deutan < 0.3 * all_cones < tritan


def test_digits_that_look_alike_have_colours_far_apart():
    assert sorted(plotting.CLASS_COLOURS) == sorted(plotting.COLOURS)
    assert nearest_look_alikes(plotting.CLASS_COLOURS) >= 35
    assert nearest_look_alikes(plotting.COLOURS) < 20  # in this order 3 and 8 are two greys


def test_colours_of_lines_are_ten_and_all_differ():
    assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(plotting.COLOURS)
    assert len({to_rgb(colour) for colour in plotting.COLOURS}) == 10


@pytest.mark.parametrize("kind", ["grid", "scatter", "network", "gan"])
def test_texts_are_large_enough_for_the_back_row(kind):
    figure = figures()[kind]
    figure.canvas.draw()
    texts = [text for text in figure.findobj(Text) if text.get_text().strip() and text.get_visible()]
    assert texts
    assert min(text.get_fontsize() for text in texts) >= 11


@pytest.mark.parametrize("kind", ["grid", "scatter", "network", "gan"])
def test_pictures_stand_on_a_white_card(kind):
    png, figure = io.BytesIO(), figures()[kind]
    figure.savefig(png, format="png")
    picture = plt.imread(io.BytesIO(png.getvalue()))
    assert (picture[..., 3:] == 1).all()  # nothing shines through
    assert (picture[0, 0] == 1).all() and (picture[-1, -1] == 1).all()
    assert (picture == 1).all(axis=2).mean() > 0.2


def test_classes_have_the_colours_of_classes():
    axes = figures()["scatter"].axes[0]
    drawn = [dots.get_facecolor()[0] for dots in axes.collections]
    assert all(same_color(one[:3], other) for one, other in zip(drawn, plotting.CLASS_COLOURS, strict=False))


@pytest.mark.parametrize("kind", ["scatter", "gan"])
def test_words_outside_the_data_are_in_ink(kind):
    axes = figures()[kind].axes[0]
    words = [axes.xaxis.label, axes.yaxis.label, *axes.get_xticklabels(), *axes.get_yticklabels()]
    words += axes.get_legend().get_texts() if axes.get_legend() else [axes.title]
    assert all(same_color(text.get_color(), plotting.INK) for text in words)


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 4), min_size=1, max_size=3),
    side=st.integers(2, 6),
    flat=st.booleans(),
    tensor=st.booleans(),
    seed=st.integers(0, 100),
)
def test_image_grid_shows_every_image_clipped(lengths, side, flat, tensor, seed):
    generator = np.random.default_rng(seed)
    rows = {f"row {i}": generator.uniform(-1, 2, (n, side, side)) for i, n in enumerate(lengths)}
    given_rows = {name: images.reshape(len(images), -1) if flat else images for name, images in rows.items()}
    if tensor:
        given_rows = {name: torch.tensor(images, requires_grad=True) for name, images in given_rows.items()}
    figure = image_grid(given_rows, side=side)
    assert isinstance(figure, Figure)
    assert [axes.get_ylabel() for axes in figure.axes] == list(rows)
    for axes, images in zip(figure.axes, rows.values(), strict=True):
        strip = axes.images[0].get_array()
        drawn = [strip[1:-1, i * (side + 2) + 1 : (i + 1) * (side + 2) - 1] for i in range(len(images))]
        np.testing.assert_allclose(np.stack(drawn), np.clip(images, 0, 1))
        assert axes.images[0].get_clim() == (0, 1)
    assert len({axes.get_xlim() for axes in figure.axes}) == 1  # a short row's images are no wider
    plt.close(figure)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("images", [1, 3, 12])
@pytest.mark.parametrize(
    "name", ["reconstruction by ten units", "many letters " * 8, "l" * 80, "two\nlines", "", None, 3], ids=repr
)
def test_a_long_name_is_whole_and_leaves_room_for_the_images(name, images):
    heights = []
    for written in ("short", name):
        figure = image_grid({written: torch.rand(images, 784), "other": torch.rand(images, 784)})
        figure.savefig(io.BytesIO())  # which lays it out
        heights.append(figure.axes[0].get_window_extent().height)
    label = figure.axes[0].yaxis.label
    assert heights[1] > 0.8 * heights[0] and label.get_window_extent().x0 >= 0
    assert "".join(label.get_text().split()) == "".join(str(name).split())


def test_image_grid_draws_ink_dark():
    axes = image_grid({"": np.ones((1, 4))}, side=2).axes[0]
    assert axes.images[0].cmap(1.0)[:3] == (0, 0, 0)


def test_image_grid_wants_a_row():
    with pytest.raises(ValueError, match="^rows is empty"):
        image_grid({})


@pytest.mark.parametrize("shape", [(3, 783), (784,), (3, 27, 28), (0, 784), (0,)])
def test_image_grid_names_the_row_of_another_shape(shape):
    with pytest.raises(ValueError, match=r"^row 'PCA' has shape .*784"):
        image_grid({"original": torch.rand(3, 784), "PCA": torch.rand(shape)})


@pytest.mark.parametrize("shape", [(), (3, 14, 56), (3, 2, 392)])
def test_image_grid_names_a_row_that_is_not_square(shape):
    with pytest.raises(ValueError, match="^row 'PCA' has shape"):
        image_grid({"PCA": torch.rand(shape)})


@settings(max_examples=15, deadline=None)
@given(n=st.integers(1, 30), classes=st.integers(1, 12), gap=st.integers(1, 5), seed=st.integers(0, 100))
def test_code_scatter_draws_every_code_once_and_writes_the_classes(n, classes, gap, seed):
    generator = np.random.default_rng(seed)
    codes, labels = generator.normal(size=(n, 2)), gap * generator.integers(0, classes, n)
    axes = code_scatter(codes, labels, title="the map")
    drawn = np.concatenate([dots.get_offsets() for dots in axes.collections])
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, codes))
    assert len(axes.collections) == len(axes.texts) == len(set(labels.tolist()))
    apart, taken = 0.07 * (np.ptp(codes, axis=0).max() or 1), []
    for text in axes.texts:
        members, place = codes[labels == int(text.get_text())], np.array(text.get_position())
        assert (members == place).all(axis=1).any()
        free = [all(np.linalg.norm(member - other) >= apart for other in taken) for member in members]
        to_median = np.linalg.norm(members - np.median(members, axis=0), axis=1)
        nearest = to_median[free].min() if any(free) else to_median.min()
        assert np.linalg.norm(place - np.median(members, axis=0)) == pytest.approx(nearest)
        assert not any(free) or all(np.linalg.norm(place - other) >= apart for other in taken)
        taken.append(place)
    assert axes.get_title() == "the map" and axes.get_xlabel() and axes.get_ylabel()
    plt.close(axes.figure)


def test_code_scatter_draws_where_it_is_told():
    _, (left, right) = plt.subplots(1, 2)
    assert code_scatter(torch.randn(9, 2, requires_grad=True), torch.zeros(9), ax=right) is right
    assert len(right.collections) == 1 and not left.collections
    assert code_scatter(torch.randn(9, 2), torch.zeros(9)).figure is not right.figure


@pytest.mark.parametrize(
    ("codes", "labels"), [((9, 3), (9,)), ((9,), (9,)), ((9, 2), (8,)), ((9, 2, 1), (9,)), ((0, 2), (9,))]
)
def test_code_scatter_names_both_shapes(codes, labels):
    with pytest.raises(ValueError, match="^codes has shape .* and labels "):
        code_scatter(torch.zeros(codes), torch.zeros(labels))


@pytest.mark.parametrize("labels", [(9, 1), (9, 2), ()])
def test_code_scatter_names_labels_that_are_no_list(labels):
    with pytest.raises(ValueError, match="labels "):
        code_scatter(torch.zeros(9, 2), torch.zeros(labels))


def test_network_diagram_writes_every_stage_and_marks_the_narrowest():
    figure = network_diagram([("image", 784), ("code", 2), ("copy", 784)], arrows=["encoder", "decoder"])
    axes = figure.axes[0]
    words = {text.get_text() for text in axes.texts}
    assert {"image", "code", "copy", "784", "2", "encoder", "decoder"} <= words
    assert all(same_color(text.get_color(), plotting.INK) for text in axes.texts)
    heights = [bar.get_height() for bar in axes.patches]
    colours = [bar.get_facecolor() for bar in axes.patches]
    assert heights[1] < heights[0] == heights[2]
    assert colours[1] != colours[0] == colours[2]


def test_network_diagram_counts_the_arrows():
    with pytest.raises(ValueError, match="^there are 1 arrows"):
        network_diagram([("a", 3), ("b", 2), ("c", 3)], arrows=["only one"])


def test_gaussian_ellipses_lie_at_one_and_two_standard_deviations():
    means = torch.tensor([[1.0, 2.0], [-3.0, 0.0]])
    covariances = torch.tensor([[[2.0, 0.8], [0.8, 0.5]], [[0.1, 0.0], [0.0, 4.0]]])
    _, ax = plt.subplots()
    plotting.gaussian_ellipses(means, covariances, ax=ax)
    for m in range(2):
        one, two, centre = ax.lines[3 * m : 3 * m + 3]
        for line, distance in [(one, 1), (two, 2)]:
            offsets = torch.tensor(line.get_xydata()) - means[m]
            squared = (offsets @ torch.linalg.inv(covariances[m].double()) * offsets).sum(1)
            np.testing.assert_allclose(squared, distance**2, rtol=1e-5)
        np.testing.assert_allclose(centre.get_xydata()[0], means[m])
    plt.close()


def test_gaussian_ellipses_name_both_shapes():
    with pytest.raises(ValueError, match=r"means has shape \(2, 2\) and covariances \(2, 2\)"):
        plotting.gaussian_ellipses(torch.zeros(2, 2), torch.eye(2), ax=None)


def test_density_map_is_most_opaque_where_the_density_is_highest():
    gaussian = torch.distributions.MultivariateNormal(torch.tensor([1.0, -0.5]), torch.eye(2))
    _, ax = plt.subplots()
    plotting.density_map(gaussian.log_prob, ax=ax, low=(-2, -3), high=(4, 3))
    (picture,) = ax.images
    opacity = np.asarray(picture.get_array())[..., 3]
    row, column = np.unravel_index(opacity.argmax(), opacity.shape)
    side = opacity.shape[0] - 1
    assert (-2 + 6 * column / side, -3 + 6 * row / side) == pytest.approx((1, -0.5), abs=0.05)
    assert opacity.max() == 1 and opacity[0, 0] < 0.1
    plt.close()


@pytest.mark.parametrize("labels", [["b", "a"] * 5, np.array(["b", "a"] * 5, object), [True, False] * 5], ids=str)
def test_code_scatter_takes_labels_of_any_kind(labels):
    axes = code_scatter(torch.randn(10, 2), labels)
    assert {text.get_text() for text in axes.texts} == {str(label) for label in set(labels)}


@pytest.mark.parametrize(
    ("draw", "word"),
    [
        (lambda: code_scatter(np.ma.array(np.ones((2, 2)), mask=np.eye(2)), [0, 1]), "codes has masked"),
        (lambda: code_scatter(np.full((2, 2), np.nan), [0, 1]), "codes holds values that are infinite"),
        (lambda: code_scatter(np.ones((2, 2)), ["a", None]), "labels holds None"),
        (lambda: image_grid({"a": np.ones((1, 4)) * 1j}, side=2), "row 'a' holds complex"),
        (lambda: image_grid({"a": np.ones((1, 4)), "b": [[0, 1, 2, 300]]}, side=2), "row 'b' holds whole numbers"),
        (lambda: image_grid(torch.rand(3, 784)), "rows is a Tensor"),
        (lambda: image_grid({"a": np.ones((1, 4))}, side=2.0), "side is 2.0"),
        (lambda: plotting.gaussian_ellipses([[0, np.nan]], [np.eye(2)], ax=None), "means holds values"),
        (lambda: network_diagram([("a", 0), ("b", 2)]), "stage 'a' is 0"),
        (lambda: network_diagram([("a", 3)]), "there are 1 stages"),
        (
            lambda: plotting.density_map(lambda x: x, ax=None, low=(0, 0), high=(1, 1)),
            r"log_prob returns shape \(128, 2\)",
        ),
        (
            lambda: plotting.density_map(lambda x: x[:, 0] - np.inf, ax=None, low=(0, 0), high=(1, 1)),
            "log_prob returns .* no finite number",
        ),
        (lambda: image_grid({"a": np.ones((1, 4))}, side=2, scale=-1), "scale is -1"),
        (lambda: image_grid({"a": np.ones((1, 4))}, side=2, scale="big"), "scale is 'big'"),
        (lambda: code_scatter(np.ones((0, 2)), []), r"codes has shape \(0, 2\)"),
        (lambda: code_scatter(np.ones((2, 2)), [0, 1], ax=Figure()), "ax is a Figure"),
        (lambda: code_scatter(np.ones((2, 2)), [0, 1], ax=np.array([None])), "ax is a ndarray"),
        (lambda: code_scatter(np.ones((2, 2)), [0, 1], ax=(Figure(), None)), "ax is a tuple"),
        (lambda: plotting.gaussian_ellipses([[0, 0]], [np.eye(2)], ax=None), "ax is a NoneType"),
        (lambda: network_diagram({"image": 784, "code": 2}), "stages is {"),
        (lambda: network_diagram([784, 2]), "stages is "),
        (lambda: network_diagram(None), "stages is None"),
        (lambda: network_diagram([("a", 3), ("b", 2)], arrows=5), "stages is .* and arrows 5"),
        (lambda: plotting.density_map(None, ax=None, low=(0, 0), high=(1, 1)), "log_prob is a NoneType"),
        (lambda: plotting.density_map(torch.sum, ax=None, low=0, high=1), "low is 0.0 and high 1.0"),
        (lambda: plotting.density_map(torch.sum, ax=None, low=(0, 0), high=(1, 0)), "low is "),
        (lambda: plotting.density_map(torch.sum, ax=None, low=(0, np.nan), high=(1, 1)), "low holds values"),
        (lambda: plotting.density_map(lambda x: x[:, 0], ax=None, low=(0, 0), high=(1, 1)), "ax is a NoneType"),
    ],
)
def test_what_cannot_be_drawn_gets_one_sentence_and_opens_no_figure(draw, word):
    with pytest.raises(ValueError, match=f"^{word}") as refusal:
        draw()
    assert "\n" not in str(refusal.value) and plt.get_fignums() == []


@pytest.mark.parametrize("colours", [[], None, ["no colour"], 5, "no colour"], ids=str)
def test_no_colours_are_refused_and_nothing_is_drawn(colours):
    axes = Figure().subplots()
    with pytest.raises(ValueError, match="^colours is ") as refusal:
        plotting.gaussian_ellipses([[0, 0]], [np.eye(2)], ax=axes, colours=colours)
    assert "\n" not in str(refusal.value) and len(axes.lines) == 0


@pytest.mark.parametrize("colours", ["red", ["red"], np.array(["red"]), [(1, 0, 0)]], ids=repr)
def test_one_colour_is_enough_for_every_gaussian(colours):
    axes = Figure().subplots()
    plotting.gaussian_ellipses([[0, 0], [1, 1]], [np.eye(2)] * 2, ax=axes, colours=colours)
    assert len(axes.lines) == 6 and all(same_color(line.get_color(), "red") for line in axes.lines)


def test_a_class_with_dollar_signs_is_written_as_it_is():
    axes = code_scatter([[0, 0], [1, 1]], ["$5 to $10", r"$\frac$"])
    axes.figure.canvas.draw()
    assert not any(text.get_parse_math() for text in axes.texts)


@pytest.mark.parametrize("corners", [((0, 0), (1, 2)), torch.tensor([[0.0, 0], [1, 2]])], ids=["tuples", "tensors"])
@pytest.mark.filterwarnings("error")
def test_density_map_takes_corners_in_any_vessel(corners):
    axes = Figure().subplots()
    plotting.density_map(lambda x: -x.square().sum(1), ax=axes, low=corners[0], high=corners[1])
    assert list(axes.images[0].get_extent()) == [0, 1, 0, 2]


@pytest.mark.parametrize("units", [784, 3 * 256 * 256, 10**9, 10**30])
def test_bars_of_a_wide_network_stand_whole_on_the_picture(units):
    axes = network_diagram([("in", units), ("code", 2), ("out", units)]).axes[0]
    low, high = axes.get_ylim()
    assert all(low < bar.get_y() and bar.get_y() + bar.get_height() < high for bar in axes.patches)
    assert all(low < text.get_position()[1] < high for text in axes.texts)


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
def test_image_grid_shows_whole_number_pictures_on_their_own_scale(dtype):
    pixels = np.array([[0, 51, 102, 255]], dtype)
    axes = image_grid({"whole": pixels, "grey": pixels / 255}, side=2).axes
    np.testing.assert_allclose(*(ax.images[0].get_array() for ax in axes))


def test_gan_picture_draws_both_densities_and_both_discriminators():
    ax = gan_figure().axes[0]
    lines = {line.get_label(): line.get_ydata() for line in ax.lines}
    np.testing.assert_allclose(lines["real"], 0.2)
    np.testing.assert_allclose(lines["D"], 0.5)
    np.testing.assert_allclose(lines["best D"], 0.2 / (0.2 + np.linspace(0, 0.4, 9)))
    (green,) = [each for each in ax.collections if each.get_label() == "generated"]
    assert green.get_paths()[0].vertices[:, 1].max() == pytest.approx(0.4)
    ends = [text.xy for text in ax.texts if hasattr(text, "xy")]
    np.testing.assert_allclose([x for x, _ in ends], np.linspace(-3, 3, 5))
    plain = gan_figure(judged=False, arrows=False).axes[0]
    assert "D" not in {line.get_label() for line in plain.lines} and plain.get_ylim()[0] == 0


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        ((np.zeros(3), np.zeros(4), np.zeros(3)), {}, r"real has shape \(4,\) and x \(3,\)"),
        ((np.zeros(3), np.zeros(3), np.zeros(3), np.zeros(2)), {}, r"judged has shape \(2,\)"),
        ((np.zeros(3), np.full(3, np.nan), np.zeros(3)), {}, "real holds values that are infinite"),
        ((np.zeros(3), np.zeros(3), np.zeros(3)), {"arrows": (np.zeros(2), np.zeros(3))}, "arrows have shapes"),
    ],
)
def test_gan_picture_says_what_does_not_fit(arguments, options, words):
    with pytest.raises(ValueError, match=words):
        gan_picture(*arguments, ax=plt.subplots()[1], **options)
