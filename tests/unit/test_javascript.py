"""The widgets' JavaScript: the forward pass against PyTorch, and the joined modules under the linter."""

import base64
import itertools
import json
import subprocess

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_packed_generator import used
from torch import nn

from lessons_lib.widgets.bound_explorer import BoundView
from lessons_lib.widgets.browser import module_text
from lessons_lib.widgets.digit_pad import PadView
from lessons_lib.widgets.drag_regression import RegressionView
from lessons_lib.widgets.frame_player import FrameView
from lessons_lib.widgets.gan_trainer import GanView
from lessons_lib.widgets.latent_explorer import LatentView
from lessons_lib.widgets.network import pack
from lessons_lib.widgets.noise_explorer import NoiseView
from lessons_lib.widgets.pixel_painter import PainterView
from lessons_lib.widgets.prediction import _Spoken
from lessons_lib.widgets.text_map import MapView

ACTIVATIONS = [
    nn.ReLU(),
    nn.LeakyReLU(0.2),
    nn.SiLU(),
    nn.GELU(),
    nn.GELU(approximate="tanh"),
    nn.Tanh(),
    nn.Sigmoid(),
    nn.Softplus(),
    nn.Softplus(beta=3, threshold=2),
    nn.Softsign(),
]
SERVER = """
const lines = Deno.stdin.readable.pipeThrough(new TextDecoderStream());
let waiting = "";
for await (const chunk of lines) {
  waiting += chunk;
  const requests = waiting.split("\\n");
  waiting = requests.pop();
  for (const request of requests) {
    const { layers, weights, precision, codes } = JSON.parse(request);
    const bytes = Uint8Array.from(atob(weights), (letter) => letter.charCodeAt(0));
    const network = readNetwork(layers, ownBytes(new DataView(bytes.buffer)), precision);
    console.log(JSON.stringify(codes.map((code) => Array.from(decode(network, code)))));
  }
}
"""


@pytest.fixture(scope="module")
def javascript(deno, tmp_path_factory):
    """A function that runs codes through the browser's forward pass."""
    script = tmp_path_factory.mktemp("javascript") / "server.mjs"
    script.write_text(module_text("shared.js", "network.js") + SERVER, encoding="utf-8")
    process = subprocess.Popen([deno, "run", "--quiet", script], stdin=-1, stdout=-1, text=True)

    def run(decoder, codes, precision):
        layers, weights, snapshot = pack(decoder, precision)
        request = {"layers": layers, "weights": base64.b64encode(weights).decode(), "precision": precision}
        process.stdin.write(json.dumps(request | {"codes": codes.tolist()}) + "\n")
        process.stdin.flush()
        return np.array(json.loads(process.stdout.readline())), snapshot(codes).numpy()

    yield run
    process.stdin.close()
    process.wait(timeout=10)


@settings(max_examples=40, deadline=None)
@given(
    widths=st.lists(st.integers(1, 24), min_size=2, max_size=5),
    activations=st.lists(st.sampled_from(ACTIVATIONS), min_size=5, max_size=5),
    bias=st.booleans(),
    scale=st.sampled_from([0.3, 1.0, 8.0]),
    precision=st.sampled_from(["float32", "float16"]),
    seed=st.integers(0, 1000),
)
def test_forward_pass_is_pytorchs(javascript, widths, activations, bias, scale, precision, seed):
    torch.manual_seed(seed)
    layers = []
    for inputs, outputs, activation in zip(widths, widths[1:], activations, strict=False):
        layers += [nn.Sequential(nn.Linear(inputs, outputs, bias=bias), activation)]
    codes = scale * torch.randn(4, widths[0])
    drawn, expected = javascript(nn.Sequential(*layers), codes, precision)
    np.testing.assert_allclose(drawn, expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("activation", [nn.ReLU(), nn.Tanh()], ids=str)
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("precision", ["float32", "float16"])
def test_forward_pass_through_a_transposed_weight_is_pytorchs(javascript, bias, precision, activation):
    torch.manual_seed(0)
    there, back = nn.Linear(30, 50, bias=bias), nn.Linear(50, 30, bias=bias)
    back.weight.data = there.weight.data.T.clone()
    network = nn.Sequential(nn.Sigmoid(), there, activation, back)
    assert pack(network)[0][3]["transposed"] == 1
    drawn, expected = javascript(network, torch.randn(6, 30), precision)
    np.testing.assert_allclose(drawn, expected, rtol=2e-5, atol=2e-5)


sides = st.tuples(st.integers(1, 4), st.integers(1, 4))


@settings(max_examples=60, deadline=None)
@given(
    channels=st.lists(st.integers(1, 4), min_size=2, max_size=3),
    size=sides,
    kernel=sides,
    stride=sides,
    less=st.tuples(st.integers(0, 5), st.integers(0, 5)),
    more=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    bias=st.booleans(),
    norm=st.booleans(),
    precision=st.sampled_from(["float32", "float16"]),
    seed=st.integers(0, 1000),
)
def test_transposed_convolutions_are_pytorchs(
    javascript, channels, size, kernel, stride, less, more, bias, norm, precision, seed
):
    """Of any kernel, stride, padding and output_padding, one behind another, with batch norm or without."""
    torch.manual_seed(seed)
    output_padding = [min(rows, step - 1) for rows, step in zip(more, stride, strict=True)]
    layers = [nn.Linear(3, channels[0] * size[0] * size[1]), nn.Unflatten(1, (channels[0], *size))]
    layers += [used(nn.BatchNorm2d(channels[0]))] * norm + [nn.LeakyReLU(0.2)]
    for inputs, outputs in itertools.pairwise(channels):
        whole = [
            (n - 1) * step + k + extra for n, step, k, extra in zip(size, stride, kernel, output_padding, strict=True)
        ]
        padding = [min(rows, (side - 1) // 2) for rows, side in zip(less, whole, strict=True)]  # a pixel is left
        size = [side - 2 * rows for side, rows in zip(whole, padding, strict=True)]
        layers += [nn.ConvTranspose2d(inputs, outputs, kernel, stride, padding, output_padding, bias=bias)]
        layers += [used(nn.BatchNorm2d(outputs))] * norm + [nn.ReLU()]
    decoder = nn.Sequential(*layers[:-1], nn.Flatten(), nn.Sigmoid()).eval()
    codes = torch.randn(3, 3)
    drawn, expected = javascript(decoder, codes, precision)
    np.testing.assert_allclose(drawn, expected, rtol=2e-5, atol=2e-5)
    if precision == "float32":
        np.testing.assert_allclose(drawn, decoder(codes).detach(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("activation", ACTIVATIONS, ids=str)
def test_every_activation_far_from_zero(javascript, activation):
    decoder = nn.Sequential(nn.Linear(1, 1), activation)
    nn.init.ones_(decoder[0].weight)
    nn.init.zeros_(decoder[0].bias)
    drawn, expected = javascript(decoder, torch.linspace(-100, 100, 401)[:, None], "float32")
    np.testing.assert_allclose(drawn, expected, rtol=1e-5, atol=1e-5)


def test_half_precision_reads_every_kind_of_number(javascript):
    decoder = nn.Sequential(nn.Linear(1, 6, bias=False))
    with torch.no_grad():
        decoder[0].weight[:] = torch.tensor([[0.0], [1e-7], [6e-5], [-1 / 3], [65504.0], [-2.0]])
    drawn, expected = javascript(decoder, torch.ones(1, 1), "float16")
    np.testing.assert_array_equal(drawn, expected.astype(np.float64))


@pytest.mark.parametrize(
    "view",
    [LatentView, FrameView, BoundView, RegressionView, NoiseView, PainterView, GanView, PadView, MapView, _Spoken],
)
def test_joined_module_uses_no_undefined_name(view, deno, tmp_path):
    module = tmp_path / "module.mjs"
    module.write_text(str(view._esm), encoding="utf-8")
    rules = "--rules-include=no-undef,no-unused-vars,no-redeclare"
    result = subprocess.run([deno, "lint", "--json", rules, module], capture_output=True, text=True)
    complaints = {entry["message"] for entry in json.loads(result.stdout)["diagnostics"]}
    browser = {"document", "requestAnimationFrame", "cancelAnimationFrame", "MutationObserver", "ResizeObserver"}
    assert complaints == {f"{name} is not defined" for name in browser}
