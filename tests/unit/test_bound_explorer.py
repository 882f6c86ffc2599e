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


def test_javascript_is_python(deno, tmp_path):
    cases = [(0.0, 1.0), (-3.7, 0.05), (4.0, 1.6), (0.4, 0.45)]
    log_joint = linear_log_joint(1.0).numpy()
    script = tmp_path / "figures.mjs"
    call = (
        "const [z, logJoint, cases] = JSON.parse(Deno.readTextFileSync(Deno.args[0]));\n"
        "const figures = cases.map(([mean, sd]) => boundFigures(z, logJoint, mean, sd));\n"
        "console.log(JSON.stringify(figures.map(({ logP, bound, kl }) => [logP, bound, kl])));\n"
    )
    script.write_text(module_text("shared.js", "bound_explorer.js") + call, encoding="utf-8")
    (tmp_path / "input.json").write_text(json.dumps([Z.tolist(), log_joint.tolist(), cases]))
    output = subprocess.run(
        [deno, "run", "--quiet", "--allow-read", script, tmp_path / "input.json"],
        capture_output=True,
        text=True,
        check=True,
    )
    for (mean, sd), shown in zip(cases, json.loads(output.stdout), strict=True):
        figures = BoundExplorer(Z, log_joint, mean=mean, sd=sd).figures()
        np.testing.assert_allclose(shown, [figures["log_p"], figures["bound"], figures["kl"]], rtol=1e-9)


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
