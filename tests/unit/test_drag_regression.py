"""DragRegression: the browser's arithmetic against Python's, and what the Python side holds and refuses."""

import json
import math
import subprocess

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from ipywidgets import FloatSlider

from lessons_lib.datasets import anscombe
from lessons_lib.widgets import DragRegression
from lessons_lib.widgets.browser import module_text

CLOUD = (np.arange(8.0), np.array([1.0, 3, 2, 5, 4, 6, 8, 6]))


def javascript(deno, folder, cases):
    """The view's figures for each (points, chosen)."""
    script = folder / "figures.mjs"
    call = (
        "const cases = JSON.parse(Deno.readTextFileSync(Deno.args[0]));\n"
        "console.log(JSON.stringify(cases.map(([points, chosen]) => ({ ...influence(points),\n"
        "  without: line(points.filter((_, i) => i !== chosen)) }))));\n"
    )
    script.write_text(module_text("shared.js", "drag_regression.js") + call, encoding="utf-8")
    (folder / "input.json").write_text(json.dumps(cases))
    command = [deno, "run", "--quiet", "--allow-read", script, folder / "input.json"]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def assert_same(shown, drag):
    """What came through JSON, where NaN is null, is what Python computes."""
    figures = drag.figures()
    wanted = [figures["slope"], figures["intercept"], figures["slope_without"], figures["intercept_without"]]
    ours = [shown["slope"], shown["intercept"], shown["without"]["slope"], shown["without"]["intercept"]]
    for values, other in [(ours, wanted), (shown["leverage"], figures["leverage"]), (shown["cooks"], figures["cooks"])]:
        np.testing.assert_allclose(np.array(values, dtype=float), other, rtol=1e-9, atol=1e-9)


def test_javascript_is_python(deno, tmp_path):
    random = np.random.default_rng(0)
    sets = {name: points for name, points in anscombe().items()}
    for n in (4, 5, 20, 60):
        sets[f"{n} points"] = random.normal(size=n).round(2), random.normal(size=n).round(2)
    sets["a perfect line"] = np.arange(5.0), 2 * np.arange(5.0)
    sets["a perfect line far from 0"] = np.arange(10) + 2000, 0.1 * np.arange(10)
    scatter = np.array([1.0, 3, 2, 5, 4])
    sets["tiny units"] = np.array([1, 2, 3, 5, 6]) * 3e-7, scatter
    sets["large units"] = np.array([1, 2, 3, 5, 6]) * 1e9, scatter * 1e-12
    sets["far from 0"] = np.array([0, 1, 2, 4, 7]) + 1e6, scatter
    cases, drags = [], []
    for name, points in sets.items():
        for chosen in (0, len(points[0]) - 1):
            drag = DragRegression({name: points})
            drag.point_slider.value = chosen + 1
            cases.append((drag.points.tolist(), chosen))
            drags.append(drag)
    cases.append(([[1.0, 2.0], [1.0, 3.0], [1.0, 5.0], [2.0, 1.0]], 3))  # without point 4 there is no line
    drags.append(DragRegression({"all but one": (np.array([1.0, 1, 1, 2]), np.array([2.0, 3, 5, 1]))}))
    assert drags[-1].point_slider.value == 4  # leverage 1 comes first
    for shown, drag in zip(javascript(deno, tmp_path, cases), drags, strict=True):
        assert_same(shown, drag)


def test_all_points_dragged_to_one_x_have_no_line(deno, tmp_path):
    drag = DragRegression({"IV": anscombe()["IV"]})
    points = drag.points
    points[7, 0] = 8
    drag.points = points
    (shown,) = javascript(deno, tmp_path, [(points.tolist(), 7)])
    assert_same(shown, drag)
    assert math.isnan(drag.figures()["slope"]) and np.isnan(drag.figures()["cooks"]).all()


@settings(deadline=None, max_examples=40)
@given(
    st.integers(4, 12).flatmap(
        lambda n: st.tuples(*[arrays(float, n, elements=st.floats(-1e5, 1e5), unique=True) for _ in "xy"])
    ),
    st.sampled_from([1e-20, 1e-6, 1, 1e12]),
)
def test_any_set_of_points_lies_on_the_sliders(points, unit):
    points = unit * np.stack(points)
    try:
        drag = DragRegression({"any": points})
    except ValueError as refused:  # steps that rounding would swallow
        assert "Shift or rescale it" in str(refused) or "at one x" in str(refused)
        return
    for axis, slider in enumerate([drag.x_slider, drag.y_slider]):
        values = drag.points[:, axis]
        assert (values >= slider.min).all() and (values <= slider.max).all()
        assert 100 <= (slider.max - slider.min) / slider.step <= 10_000
        assert np.abs(values - points[axis]).max() <= 0.51 * slider.step
        steps = (values - slider.min) / slider.step
        assert np.abs(steps - steps.round()).max() < 1e-4
    assert slider.value == drag.points[drag.point_slider.value - 1, 1]
    drag.close()


def test_anscombe_stays_exact_and_starts_at_the_most_influential_point():
    drag = DragRegression(anscombe())
    assert (drag.points == np.stack(anscombe()["I"], 1)).all()
    assert [entry["first"] for entry in drag.view.sets] == [2, 5, 2, 7]
    assert drag.figures()["cooks"][2] == pytest.approx(0.489, abs=5e-4)


def test_each_set_has_a_step_of_its_own():
    sets = {
        "large": (np.array([0, 900.0, 2100, 5000]), np.array([1.0, 3, 2, 4])),
        "small": (np.array([0.4, 1.1, 2.3, 5.0]), np.array([1e6, 3e6, 2e6, 4e6])),
        "tiny": (np.array([1e-7, 2e-7, 3e-7, 5e-7]), np.array([-0.004, 0.001, 0.002, 0.003])),
    }
    drag = DragRegression(sets)
    for entry, (name, points) in zip(drag.view.sets, sets.items(), strict=True):
        np.testing.assert_allclose(entry["points"], np.stack(points, 1), rtol=1e-12)
        alone = DragRegression({name: points})
        for axis, slider in (("x", alone.x_slider), ("y", alone.y_slider)):
            assert entry[axis] == [slider.min, slider.max, slider.step]
    assert [drag.x_slider.min, drag.x_slider.max, drag.x_slider.step] == drag.view.sets[0]["x"]


def test_points_are_set_on_the_steps_of_the_chosen_set():
    drag = DragRegression(
        {"large": (np.array([0, 900.0, 2100, 5000]), CLOUD[1][:4]), "small": (CLOUD[0] / 9, CLOUD[1])}
    )
    drag.set_menu.index = 1
    drag.view.points = drag.view.sets[1]["points"]  # as the browser does
    points = drag.points
    chosen = drag.point_slider.value - 1
    points[chosen, 0] = 0.123
    drag.points = points
    low, high, step = drag.view.sets[1]["x"]
    assert abs(drag.points[chosen, 0] - 0.123) <= 0.51 * step
    assert [drag.x_slider.min, drag.x_slider.max, drag.x_slider.step] == [low, high, step]
    assert drag.x_slider.value == drag.points[chosen, 0]
    assert drag.still().startswith(b"\x89PNG")
    points[0, 0] = 4000
    with pytest.raises(ValueError, match="points has x = 4000; the plot goes from"):
        drag.points = points


WAYS = {
    "lists": list,
    "series": lambda values: pd.Series(values, index=range(7, 7 + len(values))),
    "reversed view": lambda values: values[::-1].copy()[::-1],
    "tensor with a graph": lambda values: torch.tensor(values, requires_grad=True),
    "nothing masked": lambda values: np.ma.array(values, mask=False),
    "other byte order": lambda values: values.astype(">f8"),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_every_way_of_holding_points_gives_the_same_set(way):
    x, y = (np.array(values, float) for values in CLOUD)
    plain, other = DragRegression({"cloud": (x, y)}), DragRegression({"cloud": (way(x), way(y))})
    assert other.view.sets == plain.view.sets
    other.points = np.ma.array(plain.points, mask=False)
    assert (other.points == plain.points).all()


def test_points_can_be_set_from_python():
    drag = DragRegression({"cloud": CLOUD})
    points = drag.points
    chosen = drag.point_slider.value - 1
    points[chosen] = [5.0, 0.0]
    drag.points = points
    assert drag.x_slider.value == 5 and drag.y_slider.value == 0
    assert (drag.points == points).all()
    points[chosen] = [10 / 3, 1.2345]
    drag.points = points  # onto the sliders' steps, or choosing the point would move it
    assert drag.points[chosen].tolist() == [3.33, 1.23]


def test_shows_itself_with_a_still_and_in_words():
    drag = DragRegression({"IV": anscombe()["IV"]})
    data, _ = drag._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert "point 8: leverage 1.00, Cook's distance undefined (leverage 1)" in data["text/plain"]
    drag.close()
    assert drag.view.comm is None
    assert "Cook's distance undefined (no residual is left)" in repr(DragRegression({"line": (range(4), range(4))}))
    wall = DragRegression({"IV": anscombe()["IV"]})
    points = wall.points
    points[7, 0] = 8
    wall.points = points
    assert "no line, all points stand at one x" in repr(wall)


def refusal(sets):
    with pytest.raises(ValueError) as refused:
        DragRegression(sets)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_refuses_what_it_cannot_draw():
    assert refusal({}).startswith("sets is empty")
    assert refusal([CLOUD]).startswith("sets is list")
    assert refusal(pd.DataFrame({"x": [0, 1], "y": [1, 2]})).startswith("sets is DataFrame")
    assert refusal(anscombe()["I"]).startswith("sets is tuple")
    assert refusal({"few": ([1, 2, 3], [1, 2, 4])}).startswith("set 'few' has x (3,)")
    assert refusal({"many": (np.arange(61), np.arange(61))}).startswith("set 'many' has x (61,)")
    assert refusal({"uneven": ([1, 2, 3, 4], [1, 2, 3])}).startswith("set 'uneven' has x (4,) and y (3,)")
    assert "not a number" in refusal({"gap": ([1, 2, 3, np.nan], [1, 2, 3, 4])})
    assert refusal({"words": (["a"] * 4, [1, 2, 3, 4])}).startswith("set 'words' must be two arrays")
    assert refusal({"one": [1, 2, 3]}).startswith("set 'one' must be two arrays")
    assert refusal({"masked": (np.ma.masked_equal([1, 2, 3, 4], 3), [1, 2, 4, 3])}).endswith(
        "set 'masked' must be two arrays of numbers, x and y: x has masked values; drop or fill them first."
    )
    assert "y holds complex numbers" in refusal({"complex": ([1, 2, 3, 4], [1j, 2, 3, 4])})
    assert "rows of different lengths" in refusal({"ragged": ([[1], [2, 3], [4], [5]], [1, 2, 4, 3])})
    assert "set 'huge' has y from 1 to 2e+307" in refusal({"huge": ([1, 2, 3, 4], [1, 2, 3, 2e307])})
    assert "set 'narrow' has x from 1.7e+09" in refusal({"narrow": (1.7e9 + np.arange(4) / 1e6, [1, 2, 4, 3])})
    assert "set 'narrow' has x" in refusal({"cloud": CLOUD, "narrow": (1.7e9 + np.arange(4) / 1e6, [1, 2, 4, 3])})
    assert "at one x" in refusal({"wall": ([2, 2, 2, 2], [1, 2, 3, 4])})


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e9])
def test_points_refuses_what_the_plot_does_not_hold(value):
    drag = DragRegression({"cloud": CLOUD})
    points = drag.points
    points[0, 0] = value
    with pytest.raises(ValueError, match="points has x|points holds values that are infinite"):
        drag.points = points
    with pytest.raises(ValueError, match=r"points has shape \(3, 2\); it must be \(8, 2\)"):
        drag.points = points[:3]
    for words in ("abc", [[1, 2], [3]]):
        with pytest.raises(ValueError, match=r"points must be numbers, shape \(8, 2\)"):
            drag.points = words


@pytest.mark.parametrize(
    ("width", "number"), [(1e5, ".0f"), (1e3, ".0f"), (100, ".1f"), (1, ".3f"), (1e-3, ".6f"), (1e-4, ".6g")]
)
def test_a_sliders_number_has_the_decimals_of_its_step(width, number):
    drag = DragRegression({"other": CLOUD, "set": ([0, width / 3, width / 2, width], [0, 1, 1, 4])})
    assert drag.view.sets[1]["formats"][0] == number
    assert FloatSlider(readout_format=number).readout_format == number  # ipywidgets takes it
    first = DragRegression({"set": ([0, width / 3, width / 2, width], [0, 1, 1, 4])})
    assert first.x_slider.readout_format == number and "." in first.y_slider.readout_format
    drag.set_menu.value = "set"
    drag.view.points = drag.view.sets[1]["points"]
    drag.point_slider.max = 4
    drag.points = drag.points[::-1]
    assert drag.x_slider.readout_format == number


def test_ticks_are_round_and_few(deno, tmp_path):
    ranges = [[0, 1], [-3, 22], [1.2, 1.8], [0, 1e7], [-5e-8, 5e-8], [1.7e9, 1.7e9 + 125], [1e89, 3e89]]
    script = tmp_path / "ticks.mjs"
    call = f"console.log(JSON.stringify({json.dumps(ranges)}.map(([low, high]) => ticks(low, high))));\n"
    script.write_text(module_text("shared.js", "drag_regression.js") + call, encoding="utf-8")
    run = subprocess.run([deno, "run", "--quiet", script], capture_output=True, text=True, check=True)
    for (low, high), places in zip(ranges, json.loads(run.stdout), strict=True):
        assert 3 <= len(places) <= 9 and low <= min(places) and max(places) <= high
        gap = places[1] - places[0]
        np.testing.assert_allclose(np.diff(places), gap, rtol=1e-6)
        assert f"{gap:.0e}"[0] in "125"
