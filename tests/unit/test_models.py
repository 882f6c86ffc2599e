"""The models that lessons share."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from lessons_lib.models import Autoencoder, PixelRNN, TiedAutoencoder, layers, sample


def test_layers_alternate_and_end_with_a_linear_one():
    stack = layers(784, 400, 100, 10)
    assert [type(layer) for layer in stack] == [nn.Linear, nn.GELU, nn.Linear, nn.GELU, nn.Linear]
    assert [(layer.in_features, layer.out_features) for layer in stack[::2]] == [(784, 400), (400, 100), (100, 10)]


def test_two_widths_make_one_linear_layer():
    assert [type(layer) for layer in layers(5, 2)] == [nn.Linear]


def test_activation_is_made_anew_for_every_gap():
    stack = layers(4, 4, 4, 4, activation=nn.PReLU)
    assert isinstance(stack[1], nn.PReLU) and isinstance(stack[3], nn.PReLU) and stack[1] is not stack[3]


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


@settings(max_examples=20, deadline=None)
@given(n=st.integers(0, 5), d=st.integers(1, 12), k=st.integers(1, 20), sigmoid=st.booleans())
def test_tied_autoencoder_is_two_layers_with_one_weight(n, d, k, sigmoid):
    model = TiedAutoencoder(d, k, nn.GELU, nn.Sigmoid if sigmoid else nn.Identity)
    up, down = nn.Linear(d, k), nn.Linear(k, d)
    nn.init.normal_(model.code_bias)
    nn.init.normal_(model.output_bias)
    up.weight.data, up.bias.data = model.weight.data, model.code_bias.data
    down.weight.data, down.bias.data = model.weight.data.T, model.output_bias.data
    x = torch.rand(n, d)
    torch.testing.assert_close(model(x), model.output(down(nn.functional.gelu(up(x)))))
    torch.testing.assert_close(model(x), model.decoder(model.encoder(x)))


def test_tied_weight_learns_from_both_layers():
    torch.manual_seed(0)
    model, x = TiedAutoencoder(4, 6), torch.rand(8, 4)
    z = model.encoder(x)
    (from_decoder,) = torch.autograd.grad(model.decoder(z.detach()).sum(), model.weight)
    (from_both,) = torch.autograd.grad(model(x).sum(), model.weight)
    assert from_decoder.abs().sum() > 0 and not torch.allclose(from_both, from_decoder)


PIXEL_RNNS = st.builds(
    PixelRNN,
    side=st.integers(1, 6),
    rows=st.integers(0, 3),
    reach=st.integers(0, 3),
    position=st.booleans(),
    units=st.integers(1, 5),
)


@settings(max_examples=40, deadline=None)
@given(model=PIXEL_RNNS, seed=st.integers(0, 2**32 - 1))
def test_no_pixel_sees_itself_or_its_future(model, seed):
    x = torch.bernoulli(torch.full((2, model.side**2), 0.5), generator=torch.Generator().manual_seed(seed))
    jacobian = torch.autograd.functional.jacobian(lambda x: model(x).sum(0), x)  # pixels × 2 × pixels
    assert jacobian.abs().amax(1).triu().eq(0).all()
    if model.side > 1:  # the past is seen
        assert jacobian.abs().amax(1).tril(-1).ne(0).any()


@settings(max_examples=40, deadline=None)
@given(model=PIXEL_RNNS, seed=st.integers(0, 2**32 - 1))
def test_pixel_rnn_gets_the_previous_pixel_those_above_and_the_position(model, seed):
    side, rows, reach = model.side, model.rows, model.reach
    x = torch.bernoulli(torch.full((1, side**2), 0.5), generator=torch.Generator().manual_seed(seed))
    image, inputs = x.view(side, side), model.inputs(x)[0]

    def at(row, column):
        return image[row, column].item() if 0 <= row < side and 0 <= column < side else 0.0

    for n in range(side**2):
        row, column = divmod(n, side)
        wanted = [x[0, n - 1].item() if n else 0.0]
        wanted += [at(row - up, column + right) for up in range(rows, 0, -1) for right in range(-reach, reach + 1)]
        if model.position:
            wanted += [float(place == at) for at in (row, column) for place in range(side)]
        assert inputs[n].tolist() == wanted


@settings(max_examples=20, deadline=None)
@given(model=PIXEL_RNNS, start=st.integers(0, 36), seed=st.integers(0, 2**32 - 1))
def test_sampling_with_the_kept_state_draws_what_running_the_prefix_anew_draws(model, start, seed):
    x = torch.bernoulli(torch.full((3, model.side**2), 0.5), generator=torch.Generator().manual_seed(seed))
    torch.manual_seed(seed)
    drawn = sample(model, x, start)
    torch.manual_seed(seed)
    again = x.clone()
    with torch.no_grad():
        for n in range(start, model.side**2):
            again[:, n] = torch.bernoulli(torch.sigmoid(model(again)[:, n]))
    assert torch.equal(drawn, again)
    assert torch.equal(drawn[:, :start], x[:, :start])


def test_sample_leaves_the_given_images_as_they_were():
    x = torch.ones(2, 16)
    sample(PixelRNN(side=4), x, 5)
    assert x.eq(1).all()


def test_samples_follow_the_temperature():
    torch.manual_seed(0)
    model, x = PixelRNN(side=6), torch.zeros(400, 36)
    model.output.bias.data.fill_(-1.0)
    model.output.weight.data.zero_()
    for temperature in (0.2, 1.0, 5.0):
        ink = sample(model, x, temperature=temperature).mean().item()
        assert abs(ink - torch.sigmoid(torch.tensor(-1 / temperature)).item()) < 0.02
