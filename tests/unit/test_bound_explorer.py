"""BoundExplorer: its figures against closed forms, and the browser's arithmetic against Python's."""

import base64
import json
import math
import subprocess

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from lessons_lib.widgets import BoundExplorer
from lessons_lib.widgets.browser import module_text

Z = torch.linspace(-12, 12, 801).double()


def linear_log_joint(x):
    """z ~ N(0, 1), x|z ~ N(2z, 1): the posterior is N(0.4 x, 0.2)."""
    return Normal(0, 1).log_prob(Z) + Normal(2 * Z, 1).log_prob(torch.tensor(x).double())


@settings(deadline=None, max_examples=25)
@given(st.floats(-3, 3), st.floats(-4, 4), st.floats(0.05, 1.6))
def test_figures_are_those_of_the_closed_forms(x, mean, sd):
    explorer = BoundExplorer(Z, linear_log_joint(x), mean=mean, sd=sd)
    figures = explorer.figures()
    zero = torch.tensor(0.0).double()
    log_p = Normal(zero, 5**0.5).log_prob(torch.tensor(x).double()).item()
    kl = kl_divergence(Normal(zero + mean, sd), Normal(zero + 0.4 * x, 0.2**0.5)).item()
    assert figures["log_p"] == pytest.approx(log_p, abs=1e-9)
    assert figures["kl"] == pytest.approx(kl, abs=1e-4)
    assert figures["bound"] == pytest.approx(log_p - kl, abs=1e-4)
    explorer.close()


@pytest.fixture
def in_javascript(deno, tmp_path):
    """Run a script after the widget's own text; `input` is what it is handed; return what it prints, read as JSON."""

    def run(call, handed):
        script = tmp_path / "script.mjs"
        read = "const input = JSON.parse(Deno.readTextFileSync(Deno.args[0]));\n"
        script.write_text(module_text("shared.js", "bound_explorer.js") + read + call, encoding="utf-8")
        (tmp_path / "input.json").write_text(json.dumps(handed))
        command = [deno, "run", "--quiet", "--allow-read", script, tmp_path / "input.json"]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)

    return run


def test_javascript_is_python(in_javascript):
    cases = [(0.0, 1.0), (-3.7, 0.05), (4.0, 1.6), (0.4, 0.45)]
    log_joint = linear_log_joint(1.0).numpy()
    call = (
        "const [z, logJoint, cases] = input;\n"
        "const figures = cases.map(([mean, sd]) => boundFigures(z, logJoint, mean, sd));\n"
        "console.log(JSON.stringify(figures.map(({ logP, bound, kl }) => [logP, bound, kl])));\n"
    )
    output = in_javascript(call, [Z.tolist(), log_joint.tolist(), cases])
    for (mean, sd), shown in zip(cases, output, strict=True):
        figures = BoundExplorer(Z, log_joint, mean=mean, sd=sd).figures()
        np.testing.assert_allclose(shown, [figures["log_p"], figures["bound"], figures["kl"]], rtol=1e-9)


# Draws on a context that notes rectangles and words, and forgets the rest.
DRAW = """
const [figures, depth] = input;
const drawn = { rectangles: [], words: [] };
const context = new Proxy({}, {
  get: (own, name) => ({
    fillRect: (x, y, width, height) => drawn.rectangles.push([own.fillStyle, x, y, width, height]),
    fillText: (text, x, y) => drawn.words.push([text, x, y]),
  })[name] ?? (() => {}),
});
drawBars(context, figures, depth, ["blue", "orange", "grey"]);
console.log(JSON.stringify(drawn));
"""


@pytest.mark.parametrize("kl", [0.0, 0.3, 1.4, 7.9])
def test_a_nat_is_equally_high_in_every_bar(in_javascript, kl):
    drawn = in_javascript(DRAW, [{"logP": -1.8, "bound": -1.8 - kl, "kl": kl}, 8])
    bars = {(colour, x): (y, height) for colour, x, y, width, height in drawn["rectangles"] if width == 54}
    (log_p,), (bound,) = ([bar for (colour, _), bar in bars.items() if colour == name] for name in ("grey", "blue"))
    part, alone = (bar for (colour, _), bar in sorted(bars.items()) if colour == "orange")
    assert log_p[0] == part[0] and part[0] + part[1] == pytest.approx(bound[0])  # KL stands on the bound, up to log P
    assert sum(log_p) == pytest.approx(sum(bound))
    assert alone[1] == pytest.approx(part[1])
    places = {text: y for text, x, y in drawn["words"] if x > 300 and text in ("0", "2", "4", "6", "8")}  # KL's ticks
    assert len(places) == 5
    assert alone[1] == pytest.approx(kl / 8 * (places["0"] - places["8"]))
    assert sum(alone) == pytest.approx(places["0"] - 5)  # its zero
    places = {text: y for text, x, y in drawn["words"] if x < 100 and text in ("−2", "−4", "−6", "−8")}
    assert len(places) == 4
    for text, y in places.items():
        height = -1.8 - float(text.replace("−", "-"))  # below log P(x)
        assert y - 5 - log_p[0] == pytest.approx(height * (places["−8"] - places["−2"]) / 6)


@pytest.mark.parametrize(("kl", "beyond"), [(1.4, False), (8.1, True), (500.0, True)])
def test_what_goes_beyond_the_axes_says_so(in_javascript, kl, beyond):
    drawn = in_javascript(DRAW, [{"logP": -1.8, "bound": -1.8 - kl, "kl": kl}, 8])
    words = [text for text, *_ in drawn["words"]]
    assert {"log P(x)", "bound + KL", "KL", f"bound {-1.8 - kl:.2f}".replace("-", "−"), f"KL {kl:.2f}"} <= set(words)
    assert ("▼ below the cut" in words) == (f"▲ {kl:.2f}" in words) == beyond
    assert all(
        0 <= y <= y + height <= 310 and 0 <= x <= x + width <= 430 for _, x, y, width, height in drawn["rectangles"]
    )


@pytest.mark.parametrize(
    ("mean", "sd", "depth"), [(0.4, 0.45, 8), (1.0, 0.8, 8), (-1.0, 0.8, 12), (-2.5, 0.8, 40), (4.0, 0.05, 80)]
)
def test_axes_are_long_enough_for_the_start_and_stay(mean, sd, depth):
    explorer = BoundExplorer(Z, linear_log_joint(1.0), mean=mean, sd=sd)
    assert explorer.view.depth == pytest.approx(depth)
    assert 1.5 * explorer.figures()["kl"] <= depth
    explorer.mean_slider.value = -4
    assert explorer.view.depth == pytest.approx(depth)
    assert explorer.still().startswith(b"\x89PNG")  # beyond the axes, too


def test_shows_itself_with_a_still_and_in_words():
    explorer = BoundExplorer(Z, linear_log_joint(1.0))
    data, _ = explorer._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG") and "log P(x) -1.82 = bound" in data["text/plain"]
    explorer.mean_slider.value, explorer.sd_slider.value = 0.4, 0.45
    assert explorer.figures()["kl"] < 0.001
    for name, values in {"z": Z, "log_joint": linear_log_joint(1.0)}.items():
        assert base64.b64decode(explorer.made_from()[name]) == values.numpy().tobytes()
    explorer.close()
    assert explorer.view.comm is None


def gaussian(mean, sd):
    return -0.5 * ((Z - mean) / sd) ** 2


@pytest.mark.parametrize(("mean", "sd"), [(0, 0.04), (0, 3), (8, 1), (-11.5, 0.1)])
def test_a_posterior_inside_the_grid_is_taken(mean, sd):
    figures = BoundExplorer(Z, gaussian(mean, sd)).figures()
    assert figures["log_p"] == pytest.approx(math.log(sd * math.sqrt(2 * math.pi)), abs=2e-3)


@pytest.mark.parametrize(
    "way",
    [np.array, torch.tensor, list, lambda z: torch.tensor(z, requires_grad=True)],
    ids=["array", "tensor", "list", "tensor with a graph"],
)
def test_every_way_of_holding_a_grid_gives_the_same_figures(way):
    expected = BoundExplorer(Z, linear_log_joint(1.0)).figures()
    explorer = BoundExplorer(way(Z.numpy()), way(linear_log_joint(1.0).numpy()), mean=np.float64(0), sd=np.int64(1))
    assert explorer.figures() == expected


def holed():
    values = linear_log_joint(1.0)
    values[3] = -math.inf
    return values


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: BoundExplorer(Z, Z[:-1]), "z has shape"),
        (lambda: BoundExplorer(Z**3, Z), "even, rising grid"),
        (lambda: BoundExplorer(Z.flip(0), Z), "even, rising grid"),
        (lambda: BoundExplorer(Z[::10], Z[::10]), "z has steps of 0.3"),
        (lambda: BoundExplorer(Z, holed()), "infinite or not a number"),
        (lambda: BoundExplorer(Z / 20, Z), "at least 3 wide"),
        (lambda: BoundExplorer(Z, Z, mean=5), "mean is 5"),
        (lambda: BoundExplorer(Z, Z, sd=3), "sd is 3"),
        (lambda: BoundExplorer(Z, Z, sd="1"), "sd is '1'"),
        (lambda: BoundExplorer(Z, Z, mean=math.nan), "mean is nan"),
        (lambda: BoundExplorer(Z, Z, mean=None), "mean is None"),
        (lambda: BoundExplorer(Z, np.ma.masked_greater(Z.numpy(), 3)), "log_joint has masked values"),
        (lambda: BoundExplorer(Z, Z * 1j), "log_joint holds complex"),
        (lambda: BoundExplorer(Z, Z), "log_joint has not come down at z = 12"),
        (lambda: BoundExplorer(Z, -Z), "log_joint has not come down at z = -12"),
        (lambda: BoundExplorer(Z, 0 * Z), "has not come down"),
        (lambda: BoundExplorer(Z, gaussian(14, 1)), "has not come down at z = 12"),
        (lambda: BoundExplorer(Z, gaussian(-11, 1)), "has not come down at z = -12"),
        (lambda: BoundExplorer(Z, gaussian(0, 8)), "has not come down"),
        (lambda: BoundExplorer(Z, -(1 + Z**2).log()), "has not come down"),  # Cauchy: tails without an end
        (lambda: BoundExplorer(Z, gaussian(0.01, 0.005)), "peak at z = .* falls between two points"),
    ],
)
def test_bad_input_gets_one_sentence(call, words):
    with pytest.raises(ValueError, match=words):
        call()
