"""The models that lessons share."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lessons_lib.models import Autoencoder, layers


def test_layers_alternate_and_end_with_a_linear_one():
    stack = layers(784, 400, 100, 10)
    assert [type(layer) for layer in stack] == [nn.Linear, nn.GELU, nn.Linear, nn.GELU, nn.Linear]
    assert [(layer.in_features, layer.out_features) for layer in stack[::2]] == [(784, 400), (400, 100), (100, 10)]


def test_two_widths_make_one_linear_layer():
    assert [type(layer) for layer in layers(5, 2)] == [nn.Linear]


def test_activation_is_made_anew_for_every_gap():
    stack = layers(4, 4, 4, 4, activation=nn.PReLU)
    assert isinstance(stack[1], nn.PReLU) and isinstance(stack[3], nn.PReLU) and stack[1] is not stack[3]


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (lambda: layers([784, 10]), r"widths is \(\[784, 10\],\)"),
        (lambda: layers([784, 10], 2), r"widths\[0\] is \[784, 10\]"),
        (lambda: layers(784), "widths is "),
        (lambda: layers(784, 28 * 28 / 4), r"widths\[1\] is 196.0"),
        (lambda: layers(784, 0), r"widths\[1\] is 0"),
        (lambda: layers(4, 3, 2, activation=nn.GELU()), "activation is GELU"),
        (lambda: layers(4, 3, 2, activation="relu"), "activation is 'relu'"),
    ],
)
def test_what_makes_no_layers_gets_one_sentence(make, word):
    with pytest.raises(ValueError, match=f"^{word}") as refusal:
        make()
    assert "\n" not in str(refusal.value)


def test_identity_activation_makes_the_stack_linear():
    torch.manual_seed(0)
    stack = layers(3, 7, 5, 2, activation=nn.Identity)
    a, b = torch.randn(2, 6, 3)
    affine = stack(0.3 * a + 0.7 * b)
    torch.testing.assert_close(affine, 0.3 * stack(a) + 0.7 * stack(b))


@settings(max_examples=20, deadline=None)
@given(n=st.integers(0, 5), d=st.integers(1, 12), k=st.integers(1, 4), width=st.integers(1, 8))
def test_forward_is_the_decoder_of_the_encoder(n, d, k, width):
    model = Autoencoder(layers(d, width, k), layers(k, width, d))
    x = torch.rand(n, d)
    assert model.encoder(x).shape == (n, k)
    assert model(x).shape == (n, d)
    assert torch.equal(model(x), model.decoder(model.encoder(x)))


@pytest.mark.parametrize("part", ["encoder", "decoder"])
def test_both_halves_are_trained(part):
    model = Autoencoder(layers(4, 2), layers(2, 4))
    model(torch.rand(8, 4)).square().mean().backward()
    assert all(weights.grad.abs().sum() > 0 for weights in getattr(model, part).parameters())
