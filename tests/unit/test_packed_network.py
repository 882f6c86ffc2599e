"""What travels to the browser is what the decoder computes, or it is refused."""

import copy
import itertools
import json
import math

import ipywidgets
import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import prune

from lessons_lib.widgets import LatentExplorer
from lessons_lib.widgets.network import check_same, pack, unpack


def decoder(seed=0):
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return nn.Sequential(nn.Linear(2, 8), nn.GELU(), nn.Sequential(nn.Linear(8, 16), nn.Sigmoid()))


CODES = torch.randn(20, 2, generator=torch.Generator().manual_seed(1))


def read_as_the_browser(layers, weights, precision, codes):
    """Run the network from its bytes, weight rows and then bias, as network.js reads them."""
    numbers = np.frombuffer(weights, precision).astype(np.float64)
    values, position, sent = codes.numpy().astype(np.float64), 0, {}
    for number, layer in enumerate(layers):
        if layer["type"] == "Linear":
            if "transposed" in layer:
                weight = sent[layer["transposed"]].T
            else:
                size = layer["inputs"] * layer["outputs"]
                weight = sent[number] = numbers[position : position + size].reshape(layer["outputs"], layer["inputs"])
                position += size
            bias = numbers[position : position + layer["outputs"]] if layer["bias"] else 0
            position += layer["outputs"] if layer["bias"] else 0
            values = values @ weight.T + bias
        else:
            values = getattr(nn, layer["type"])()(torch.from_numpy(values)).numpy()
    assert position == len(numbers)
    return values


def pruned(module, name="weight", remove=False):
    prune.l1_unstructured(module, name, amount=0.5)
    if remove:
        prune.remove(module, name)


def prune_weight(net):
    pruned(net[0])


def prune_and_remove(net):
    pruned(net[0], remove=True)


def prune_bias(net):
    pruned(net[2][0], "bias")


def prune_twice(net):
    pruned(net[2][0])
    prune.random_unstructured(net[2][0], "weight", amount=3)


def prune_rows(net):
    prune.ln_structured(net[0], "weight", amount=0.25, n=2, dim=0)


def prune_and_train_on(net):
    pruned(net[0])
    optimizer = torch.optim.SGD(net.parameters(), lr=1.0)
    net(CODES).square().sum().backward()
    optimizer.step()  # the weight of the last forward pass is stale now


def bias_first(net):
    weight = net[0].weight
    del net[0].weight
    net[0].weight = weight


def shared_weight(net):
    net[0].weight = nn.Parameter(net[0].weight.detach().clone())
    net.insert(1, nn.Linear(8, 8))
    net.insert(2, net[1])


def another_width(net):
    net[0].weight, net[0].bias = nn.Parameter(torch.randn(5, 2)), nn.Parameter(torch.randn(5))
    net[2][0].weight = nn.Parameter(torch.randn(16, 5))


def no_bias(net):
    net[0].bias = None


def column_order(net):
    net[0].weight.data = net[0].weight.data.T.contiguous().T


def double(net):
    net.double()


def backward_hook(net):
    net[0].register_full_backward_hook(lambda *arguments: None)  # changes no picture


CHANGES = [prune_weight, prune_and_remove, prune_bias, prune_twice, prune_rows, prune_and_train_on, bias_first]
CHANGES += [shared_weight, another_width, no_bias, column_order, double, backward_hook]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_bytes_compute_what_the_decoder_computes(change, precision):
    net = decoder()
    change(net)
    layers, weights, snapshot = pack(net, precision)
    with torch.no_grad():
        expected = net(CODES.to(next(net.parameters()).dtype)).numpy()
        atol = 1e-5 if precision == "float32" else 5e-3
        np.testing.assert_allclose(read_as_the_browser(layers, weights, precision, CODES), expected, atol=atol)
        np.testing.assert_allclose(snapshot(CODES), expected, atol=atol)
    explorer = LatentExplorer(net, CODES, image_shape=(4, 4), precision=precision)
    np.testing.assert_allclose(explorer.decode(CODES).reshape(-1, 16), expected, atol=atol)
    explorer.close()


def hook_that_looks(net):
    net[1].register_forward_hook(lambda *arguments: None)


def hook_that_changes(net):
    net[2][0].register_forward_hook(lambda module, inputs, output: 2 * output)


def hook_before(net):
    net[0].register_forward_pre_hook(lambda module, inputs: (inputs[0] + 1,))


def hook_on_a_container(net):
    net[2].register_forward_hook(lambda module, inputs, output: output.flip(1))


def hook_on_the_whole(net):
    net.register_forward_hook(lambda module, inputs, output: 1 - output)


def old_weight_norm(net):
    with pytest.warns(FutureWarning):
        nn.utils.weight_norm(net[0])


def old_spectral_norm(net):
    nn.utils.spectral_norm(net[0])


def new_spectral_norm(net):
    nn.utils.parametrizations.spectral_norm(net[0])


def orthogonal(net):
    nn.utils.parametrizations.orthogonal(net[2][0])


def extra_parameter(net):
    net[0].gain = nn.Parameter(torch.ones(8))


def extra_buffer(net):
    net[1].register_buffer("seen", torch.zeros(1))


def layer_inside_a_layer(net):
    net[0].adapter = nn.Linear(2, 8)


def replaced_forward(net):
    net[0].forward = lambda x: torch.zeros(len(x), 8)


def replaced_forward_of_all(net):
    net.forward = lambda x: torch.zeros(len(x), 16)


def complex_weights(net):
    net[0].weight = nn.Parameter(torch.zeros(8, 2, dtype=torch.complex64))


def without_values(net):
    net.to("meta")


REFUSED = [hook_that_looks, hook_that_changes, hook_before, hook_on_a_container, hook_on_the_whole, old_weight_norm]
REFUSED += [old_spectral_norm, new_spectral_norm, orthogonal, extra_parameter, extra_buffer, layer_inside_a_layer]
REFUSED += [replaced_forward, replaced_forward_of_all, complex_weights, without_values]


@pytest.mark.parametrize("change", REFUSED, ids=lambda change: change.__name__)
def test_what_would_not_reach_the_browser_is_refused_by_name(change):
    net = decoder()
    change(net)
    with pytest.raises(ValueError, match=r"^decoder(?! has no)") as refusal:
        LatentExplorer(net, CODES, image_shape=(4, 4))
    assert "\n" not in str(refusal.value)


def test_the_browser_computes_in_single_precision_whatever_the_default_is():
    net = decoder()
    expected = LatentExplorer(net, CODES, image_shape=(4, 4)).decode(CODES)
    torch.set_default_dtype(torch.float64)
    try:
        assert (LatentExplorer(net, CODES, image_shape=(4, 4)).decode(CODES) == expected).all()
    finally:
        torch.set_default_dtype(torch.float32)


def other_type_behind(net):
    net[2].double()


def flatten_axes_that_are_not_there(net):
    net.insert(0, nn.Flatten(2))


@pytest.mark.parametrize(
    "change", [other_type_behind, flatten_axes_that_are_not_there], ids=lambda change: change.__name__
)
def test_a_decoder_that_cannot_be_run_gets_one_sentence(change):
    net = decoder()
    change(net)
    before = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError, match="^decoder can't be run on codes of shape ") as refusal:
        LatentExplorer(net, CODES, image_shape=(4, 4))
    assert "\n" not in str(refusal.value)
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == before


@pytest.mark.parametrize(
    ("returned", "image_shape", "fits"),
    [
        ((16,), (4, 4), True),
        ((4, 4), (4, 4), True),
        ((1, 4, 4), (4, 4), True),
        ((1, 16, 1), (16, 1), True),
        ((1, 2, 8), (4, 4), False),
        ((2, 8), (8, 2), False),
        ((3, 2, 4), (3, 2, 4), True),
        ((2, 4, 3), (3, 2, 4), False),
    ],
    ids=str,
)
def test_images_are_shown_in_the_shape_that_the_decoder_gives_them(returned, image_shape, fits):
    net = nn.Sequential(nn.Linear(2, math.prod(returned)), nn.Unflatten(1, returned))
    if fits:
        assert LatentExplorer(net, CODES, image_shape=image_shape).decode(CODES).shape[1:] == image_shape
    else:
        with pytest.raises(ValueError, match="^decoder returns images of shape "):
            LatentExplorer(net, CODES, image_shape=image_shape)


@pytest.mark.parametrize(
    "thing", [None, "decoder", lambda codes: codes, decoder], ids=["None", "text", "lambda", "def"]
)
def test_no_module_is_refused(thing):
    with pytest.raises(ValueError, match="^decoder is a "):
        LatentExplorer(thing, CODES)


def test_a_decoder_that_its_layers_do_not_describe_is_noticed():
    net, other = decoder(), decoder(seed=1)
    check_same(net, pack(net)[2], CODES.numpy())
    with pytest.raises(ValueError, match="^decoder returns something else"):
        check_same(net, pack(other)[2], CODES.numpy())


@pytest.mark.parametrize("training", [True, False])
def test_the_students_decoder_is_left_as_it_was(training):
    net = decoder().train(training)
    net[2].train(not training)
    before, state = copy.deepcopy(net.state_dict()), torch.get_rng_state()
    LatentExplorer(net, CODES, image_shape=(4, 4)).close()
    assert net.training is training and net[2].training is not training
    assert all(torch.equal(before[name], value) for name, value in net.state_dict().items())
    assert all(parameter.requires_grad for parameter in net.parameters())
    assert torch.equal(torch.get_rng_state(), state)


def test_training_on_does_not_change_what_is_shown():
    net = decoder()
    explorer = LatentExplorer(net, CODES, image_shape=(4, 4))
    shown = explorer.decode(CODES)
    with torch.no_grad():
        net[0].weight.add_(1)
    np.testing.assert_array_equal(explorer.decode(CODES), shown)
    explorer.close()


def tied(widths=(2, 5, 8), seed=0, bias=True):
    """A network to 16 pixels by way of the widths and back, the way back with the same weights, transposed."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        there = [nn.Linear(one, other, bias=bias) for one, other in itertools.pairwise(widths)]
        back = [nn.Linear(layer.out_features, layer.in_features, bias=bias) for layer in reversed(there)]
    for layer, twin in zip(reversed(there), back, strict=True):
        twin.weight.data = layer.weight.data.T.clone()
    return nn.Sequential(*(part for layer in there + back for part in (layer, nn.Tanh())))


@pytest.mark.parametrize("precision", ["float32", "float16"])
@pytest.mark.parametrize("bias", [True, False])
def test_a_transposed_weight_travels_once(precision, bias):
    net = tied(bias=bias)
    layers, weights, snapshot = pack(net, precision)
    assert [layer.get("transposed") for layer in layers[::2]] == [None, None, 2, 0]
    numbers = 2 * 5 + 5 * 8 + bias * (5 + 8 + 5 + 2)
    assert len(weights) == numbers * np.dtype(precision).itemsize
    with torch.no_grad():
        expected, atol = net(CODES), 1e-6 if precision == "float32" else 5e-3
    np.testing.assert_allclose(snapshot(CODES), expected, atol=atol)
    np.testing.assert_allclose(read_as_the_browser(layers, weights, precision, CODES), expected, atol=atol)
    again = unpack(json.loads(json.dumps(layers)), weights, precision)
    np.testing.assert_array_equal(again(CODES), snapshot(CODES))


def test_a_nearly_transposed_weight_travels_in_full():
    net, exact = tied(), len(pack(tied())[1])
    with torch.no_grad():
        net[4].weight[3, 1] = torch.nextafter(net[4].weight[3, 1], torch.tensor(9.0))
    layers, weights, snapshot = pack(net)
    assert [layer.get("transposed") for layer in layers[::2]] == [None, None, None, 0]
    assert len(weights) == exact + 4 * 5 * 8
    assert torch.equal(snapshot[4].weight, net[4].weight)


def test_an_equal_weight_that_is_not_transposed_travels_in_full():
    net = tied((4, 4))
    net[2].weight.data = net[0].weight.data.clone()
    assert "transposed" not in pack(net)[0][2]


def test_a_third_layer_is_the_transpose_of_what_has_travelled():
    net = tied((2, 5))
    net.append(nn.Linear(2, 5))
    net.append(nn.Linear(5, 2))
    net[4].weight.data, net[5].weight.data = net[0].weight.data.clone(), net[2].weight.data.clone()
    layers, weights, snapshot = pack(net)
    assert [layer.get("transposed") for layer in layers] == [None, None, 0, None, None, 0]
    np.testing.assert_allclose(snapshot(CODES), net(CODES).detach(), atol=1e-6)
    np.testing.assert_allclose(read_as_the_browser(layers, weights, "float32", CODES), net(CODES).detach(), atol=1e-6)
