"""A GAN's generator in the browser: batch norm folded into the layer before, transposed convolutions, refusals."""

import copy
import json

import ipywidgets
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from lessons_lib.widgets import DigitPad, LatentExplorer, NoiseExplorer
from lessons_lib.widgets.network import pack, unpack, widths


@pytest.fixture(autouse=True)
def same_numbers_and_no_widget_left():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield
    ipywidgets.Widget.close_all()


def used(norm):
    """Batch norm whose statistics and weights, if it has them, are as after training."""
    with torch.no_grad():
        for values in (norm.running_mean, norm.bias):
            if values is not None:
                values.normal_()
        for values in (norm.running_var, norm.weight):
            if values is not None:
                values.uniform_(0.1, 3)
    return norm


def generator(first=(), activation=nn.ReLU, last=None):
    """As lessons write it, smaller."""
    return nn.Sequential(
        *first,
        nn.Linear(3, 24, bias=False),
        used(nn.BatchNorm1d(24)),
        activation(),
        nn.Linear(24, 24),
        used(nn.BatchNorm1d(24, eps=0.1)),
        activation(),
        nn.Linear(24, 4 * 5 * 6),
        used(nn.BatchNorm1d(4 * 5 * 6)),
        activation(),
        nn.Unflatten(1, (4, 5, 6)),
        nn.ConvTranspose2d(4, 1, 4, 2, 1),
        *(last or [nn.Flatten(), nn.Sigmoid()]),
    )


def deep():
    """Two convolutions, batch norm on both sides of Unflatten and behind them, without weights of its own too."""
    return nn.Sequential(
        nn.Linear(3, 4 * 3 * 2),
        used(nn.BatchNorm1d(4 * 3 * 2)),
        nn.Identity(),
        nn.Unflatten(1, (4, 3, 2)),
        used(nn.BatchNorm2d(4, eps=0.5)),
        nn.LeakyReLU(0.2),
        nn.Sequential(nn.ConvTranspose2d(4, 3, (2, 3), (3, 2), (0, 1), (2, 1), bias=False), nn.Identity()),
        used(nn.BatchNorm2d(3, affine=False)),
        nn.Tanh(),
        nn.ConvTranspose2d(3, 2, 3, padding=1),
        used(nn.BatchNorm2d(2)),
    )


GENERATORS = {
    "plain": generator,
    "leaky": lambda: generator(activation=lambda: nn.LeakyReLU(0.2)),
    "rotated code": lambda: generator(first=[nn.Linear(3, 3, bias=False)]),
    "images without Flatten": lambda: generator(last=[nn.Sigmoid()]),
    "convolution, Flatten, Linear": lambda: generator(last=[nn.ReLU(), nn.Flatten(), nn.Linear(120, 16)]),
    "deep": deep,
    "code as an image": lambda: nn.Sequential(
        nn.Unflatten(1, (3, 1, 1)), nn.ConvTranspose2d(3, 4, 4), used(nn.BatchNorm2d(4)), nn.ConvTranspose2d(4, 1, 3)
    ),
    "one channel a row": lambda: nn.Sequential(
        nn.Linear(3, 8), nn.Unflatten(1, (2, 4)), used(nn.BatchNorm1d(2)), nn.Flatten(), nn.Linear(8, 4)
    ),
    "Flatten at first": lambda: nn.Sequential(nn.Flatten(), nn.Linear(3, 4), nn.Flatten(), used(nn.BatchNorm1d(4))),
    "two norms": lambda: nn.Sequential(nn.Linear(3, 4), used(nn.BatchNorm1d(4)), used(nn.BatchNorm1d(4))),
    "norm without weights": lambda: nn.Sequential(nn.Linear(3, 4), used(nn.BatchNorm1d(4, affine=False))),
    "double": lambda: generator().double(),
}
CODES = torch.randn(20, 3, generator=torch.Generator().manual_seed(1))


@pytest.mark.parametrize("precision", ["float32", "float16"])
@pytest.mark.parametrize("make", GENERATORS.values(), ids=GENERATORS)
def test_what_travels_is_the_generator_in_evaluation_mode(make, precision):
    net = make().train()
    layers, weights, snapshot = pack(net, precision)
    with torch.no_grad():
        expected = net.eval()(CODES.to(next(net.parameters()).dtype)).flatten(1)
        atol = 2e-5 if precision == "float32" else 2e-2
        np.testing.assert_allclose(snapshot(CODES), expected, atol=atol)
    again = unpack(json.loads(json.dumps(layers)), weights, precision)
    np.testing.assert_array_equal(again(CODES), snapshot(CODES))
    assert widths(layers) == (3, expected.shape[1])
    numbers = sum(parameter.numel() for parameter in again.parameters())
    assert len(weights) == numbers * np.dtype(precision).itemsize


def test_the_browser_never_hears_of_batch_norm_or_shapes_without_values():
    known = {"Linear", "ReLU", "LeakyReLU", "Tanh", "Sigmoid", "ConvTranspose2d"}
    for make in (generator, deep):
        assert {layer["type"] for layer in pack(make())[0]} <= known


def test_pruned_layers_are_folded_as_they_compute():
    net = generator()
    for number, name in ((0, "weight"), (1, "weight"), (4, "bias"), (10, "weight")):
        prune.l1_unstructured(net[number], name, amount=0.5)
    with torch.no_grad():
        net[1].weight_orig.add_(1)  # trained on: the weight of the last forward pass is stale
        expected = net.eval()(CODES)
        np.testing.assert_allclose(pack(net)[2](CODES), expected, atol=1e-5)


@pytest.mark.parametrize("training", [True, False])
def test_the_students_generator_is_left_as_it_was(training):
    net = generator(last=[nn.Sigmoid()]).train(training)
    net[4].train(not training)
    before, state = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    LatentExplorer(net, CODES, image_shape=(10, 12), precision="float16")
    assert net.training is training and net[4].training is not training and net[1].training is training
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(parameter.requires_grad for parameter in net.parameters())
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_an_explorer_shows_a_generator_that_is_in_training_mode(precision):
    net = generator(last=[nn.Sigmoid()])
    explorer = LatentExplorer(net, CODES, image_shape=(10, 12), precision=precision)
    shown = explorer.decode(CODES)
    with torch.no_grad():
        expected = net.eval()(CODES)[:, 0].numpy()
        for buffer in net.buffers():
            buffer.zero_()  # training on changes nothing
    error = np.abs(shown - expected).max()
    if precision == "float32":
        assert error < 1e-5 and not explorer.view.note
    else:
        said = float(explorer.view.note.split()[-3])
        assert 0 < 255 * error <= said < 5
    np.testing.assert_array_equal(explorer.decode(CODES), shown)
    assert explorer.still()


def test_a_generator_of_colours_is_shown():
    net = nn.Sequential(nn.Linear(3, 8), nn.Unflatten(1, (2, 2, 2)), nn.ConvTranspose2d(2, 3, (2, 3), (2, 3)))
    explorer = LatentExplorer(net, CODES, image_shape=(3, 4, 6))
    with torch.no_grad():
        np.testing.assert_allclose(explorer.decode(CODES), net(CODES).clamp(0, 1), atol=1e-6)
    with pytest.raises(ValueError, match=r"^decoder returns images of shape \(3, 4, 6\); image_shape is \(3, 6, 4\)"):
        LatentExplorer(net, CODES, image_shape=(3, 6, 4))


def test_other_widgets_take_such_networks_too():
    images = torch.rand(6, 16)
    net = nn.Sequential(nn.Unflatten(1, (1, 4, 4)), nn.ConvTranspose2d(1, 1, 3, padding=1), used(nn.BatchNorm2d(1)))
    widget = NoiseExplorer({"net": net}, images, image_shape=(4, 4))
    with torch.no_grad():
        given = torch.tensor(widget.corrupted()).float().reshape(1, 16)
        np.testing.assert_allclose(widget.rebuilt()["net"], net.eval()(given)[0, 0], atol=1e-5)
    decoder = nn.Sequential(
        nn.Linear(2 + 10, 2 * 7 * 7),
        used(nn.BatchNorm1d(2 * 7 * 7)),
        nn.Unflatten(1, (2, 7, 7)),
        nn.ConvTranspose2d(2, 1, 4, 4),
        nn.Flatten(),
        nn.Sigmoid(),
    )
    pad = DigitPad(nn.Linear(794, 4), decoder, nn.Linear(784, 10), torch.rand(5, 784), torch.arange(5))
    with torch.no_grad():
        styles = torch.cat([torch.zeros(10, 2), torch.eye(10)], dim=1)
        np.testing.assert_allclose(pad.ten_digits(), decoder.eval()(styles), atol=1e-5)


def test_the_browser_computes_in_single_precision_whatever_the_default_is():
    net = generator()
    expected = pack(net)[2](CODES)
    torch.set_default_dtype(torch.float64)
    try:
        assert torch.equal(pack(net)[2](CODES), expected)
    finally:
        torch.set_default_dtype(torch.float32)


def without_statistics():
    return nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16, track_running_stats=False))


def negative_variance():
    net = nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16))
    net[1].running_var.fill_(-1)
    return net


def convolution(*arguments, shape=(4, 2, 2), **options):
    return nn.Sequential(nn.Linear(3, 16), nn.Unflatten(1, shape), nn.ConvTranspose2d(*arguments, **options))


NOT_BEHIND = "layer that does not stand directly behind a Linear or ConvTranspose2d layer; the browser can run it only"
REFUSED = {
    "norm first": (nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 16)), f"holds a BatchNorm1d {NOT_BEHIND} there."),
    "norm behind an activation": (
        nn.Sequential(nn.Linear(3, 16), nn.ReLU(), nn.BatchNorm1d(16)),
        f"holds a BatchNorm1d {NOT_BEHIND} there.",
    ),
    "norm of pixels": (
        nn.Sequential(*convolution(4, 1, 4, 2, 1), nn.Flatten(), nn.BatchNorm1d(16)),
        f"holds a BatchNorm1d {NOT_BEHIND} there.",
    ),
    "no statistics": (
        without_statistics(),
        "holds a BatchNorm1d layer without running statistics, which the browser can't run; "
        "make it with track_running_stats=True, and train it again.",
    ),
    "statistics of nothing": (negative_variance(), "has weights that are not finite in float32; train it again."),
    "norm of another size": (
        nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(8)),
        "holds a BatchNorm1d(8) layer, which does not fit values of shape (16,).",
    ),
    "norm of images on rows": (
        nn.Sequential(nn.Linear(3, 16), nn.BatchNorm2d(16)),
        "holds a BatchNorm2d(16) layer, which does not fit values of shape (16,).",
    ),
    "norm of rows on images": (
        nn.Sequential(*convolution(4, 1, 2), nn.BatchNorm1d(1)),
        "holds a BatchNorm1d(1) layer, which does not fit values of shape (1, 3, 3).",
    ),
    "convolution first": (
        nn.Sequential(nn.ConvTranspose2d(3, 1, 4)),
        "begins with a ConvTranspose2d(3, 1) layer; put an Unflatten(1, (channels, height, width)) before it.",
    ),
    "convolution of rows": (
        nn.Sequential(nn.Linear(3, 16), nn.ConvTranspose2d(16, 1, 4)),
        "holds a ConvTranspose2d(16, 1) layer, which does not fit values of shape (16,); "
        "put an Unflatten(1, (channels, height, width)) before it.",
    ),
    "convolution of one image without channel": (
        convolution(4, 1, 4, shape=(4, 4)),
        "holds a ConvTranspose2d(4, 1) layer, which does not fit values of shape (4, 4); put an Unflatten",
    ),
    "channels": (
        convolution(3, 1, 4),
        "holds a ConvTranspose2d(3, 1) layer, which does not fit values of shape (4, 2, 2).",
    ),
    "groups": (
        convolution(4, 2, 4, groups=2),
        "holds a ConvTranspose2d(4, 2) layer of groups=2 and dilation=(1, 1); the browser can run it only with both",
    ),
    "dilation": (
        convolution(4, 2, 4, dilation=(1, 2)),
        "holds a ConvTranspose2d(4, 2) layer of groups=1 and dilation=(1, 2); the browser can run it only with both",
    ),
    "output padding": (
        convolution(4, 2, 4, 2, output_padding=2),
        "holds a ConvTranspose2d(4, 2) layer of stride=2, padding=0 and output_padding=2; none may be negative, and "
        "output_padding must be below the stride.",
    ),
    "negative padding": (
        convolution(4, 2, 4, padding=-1),
        "holds a ConvTranspose2d(4, 2) layer of stride=1, padding=-1 and output_padding=0; none may be negative",
    ),
    "nothing left": (
        convolution(4, 2, 2, padding=2),
        "holds a ConvTranspose2d(4, 2) layer whose padding leaves nothing of images of shape (4, 2, 2).",
    ),
    "unflatten to more": (
        nn.Sequential(nn.Linear(3, 16), nn.Unflatten(1, (1, 5, 4))),
        "holds Unflatten(dim=1, unflattened_size=(1, 5, 4)), which does not fit values of shape (16,).",
    ),
    "unflatten the batch": (
        nn.Sequential(nn.Linear(3, 16), nn.Unflatten(0, (1, -1))),
        "holds Unflatten(dim=0, unflattened_size=(1, -1)), which does not fit values of shape (16,).",
    ),
    "unflatten inputs of unknown number": (
        nn.Sequential(nn.Unflatten(1, (3, -1)), nn.Flatten(), nn.Linear(3, 16)),
        "holds Unflatten(dim=1, unflattened_size=(3, -1)), which does not fit the inputs.",
    ),
    "flatten the batch": (
        nn.Sequential(nn.Linear(3, 16), nn.Flatten(0)),
        "holds Flatten(start_dim=0, end_dim=-1), which does not fit values of shape (16,).",
    ),
    "Linear of images": (
        nn.Sequential(*convolution(4, 1, 2), nn.Linear(3, 16)),
        "holds a Linear(3, 16) layer, which does not fit values of shape (1, 3, 3); put a Flatten before it.",
    ),
    "Linear of another size": (
        nn.Sequential(*convolution(4, 1, 2), nn.Flatten(), nn.Linear(8, 16)),
        "holds a Linear(8, 16) layer, which does not fit values of shape (9,).",
    ),
    "hook": (nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16)), "holds a BatchNorm1d layer with a forward hook"),
    "buffer": (nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16)), "holds a BatchNorm1d layer with 'seen', which is"),
    "group norm": (nn.Sequential(nn.Linear(3, 16), nn.GroupNorm(2, 16)), "holds a GroupNorm layer, which the browser"),
    "nothing": (nn.Sequential(nn.Flatten(), nn.Sigmoid()), "has no Linear layer and no ConvTranspose2d layer; there"),
}
REFUSED["hook"][0][1].register_forward_hook(lambda *arguments: None)
REFUSED["buffer"][0][1].register_buffer("seen", torch.zeros(1))


@pytest.mark.parametrize(("net", "sentence"), REFUSED.values(), ids=REFUSED)
def test_what_the_browser_cannot_run_gets_one_sentence(net, sentence):
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError) as refusal:
        LatentExplorer(net, CODES, image_shape=(4, 4))
    assert str(refusal.value).startswith(f"decoder {sentence}") and "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


def test_weights_that_folding_makes_too_large_for_float16_are_refused():
    net = nn.Sequential(nn.Linear(3, 16), nn.BatchNorm1d(16, eps=1e-12))
    net[1].running_var.fill_(1e-12)
    pack(net)
    with pytest.raises(ValueError, match="^decoder has weights that are not finite in float16"):
        pack(net, "float16")
