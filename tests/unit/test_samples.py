"""Distances between clouds: the library's and those that lessons write out, against scipy and what is known."""

import ast

import numpy as np
import pytest
import scipy.linalg
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from lesson_files import code_cells, read_source, source_paths
from sklearn.neighbors import NearestNeighbors

from lessons_lib.samples import frechet, inside


def functions_of(lesson, *names):
    """Return functions of a lesson, with nothing else of it run."""
    (source,) = [path for path in source_paths() if path.stem.startswith(lesson)]
    found = {"torch": torch}
    for cell in code_cells(read_source(source)):
        nodes = [node for node in ast.parse(cell.source).body if getattr(node, "name", None) in names]
        exec(compile(ast.Module(nodes, []), lesson, "exec"), found)
    return [found[name] for name in names]


def clouds(n=500, d=7):
    generator = torch.Generator().manual_seed(0)
    one = torch.randn(n, d, generator=generator) @ torch.randn(d, d, generator=generator)
    return one, 2 * torch.rand(n, d, generator=generator) + 1


def by_scipy(made, real):
    a, b = made.double().numpy(), real.double().numpy()
    S, T = np.atleast_2d(np.cov(a.T)), np.atleast_2d(np.cov(b.T))
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(S + T - 2 * scipy.linalg.sqrtm(S @ T).real)


ROOT_TRACE, OF_LESSON = functions_of("10b", "root_trace", "frechet")
both = pytest.mark.parametrize("function", [frechet, OF_LESSON], ids=["library", "lesson 10b"])


def test_root_trace_of_lesson_10b():
    S = torch.diag(torch.tensor([1.0, 4.0, 9.0]))
    assert ROOT_TRACE(S, S).item() == pytest.approx(14, rel=1e-6)


@both
def test_frechet_equals_scipy_and_is_symmetric(function):
    for one, other in (clouds(), clouds(20, 3)):
        assert function(one, other) == pytest.approx(by_scipy(one, other), rel=1e-9)
        assert function(one, other) == pytest.approx(function(other, one), rel=1e-9)


def test_lesson_07a_writes_out_the_library():
    (lesson,) = functions_of("07a", "inside")
    points, centres = clouds()[0].chunk(2)
    assert 0 < lesson(points, centres) == inside(points, centres) < 1


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 40), st.integers(2, 40), st.integers(1, 6), st.integers(0, 2**31))
def test_frechet_of_any_clouds_is_scipys(n, m, d, seed):
    draws = torch.Generator().manual_seed(seed)
    one = torch.randn(n + d, d, generator=draws) @ torch.randn(d, d, generator=draws)
    other = 3 * torch.rand(m + d, d, generator=draws) - 1
    scale = 1e-6 * (one.var(dim=0).sum() + other.var(dim=0).sum()).item()
    assert frechet(one, other) == pytest.approx(by_scipy(one, other), rel=1e-6, abs=scale)
    assert frechet(one, other) == pytest.approx(frechet(other, one), rel=1e-6, abs=scale)


@both
def test_frechet_of_equal_and_of_moved_clouds(function):
    one, _ = clouds()
    assert 0 <= function(one, one) < 1e-9
    move = torch.arange(7.0)
    assert function(one + move, one) == pytest.approx(move.square().sum().item(), rel=1e-4)


def test_frechet_of_one_feature():
    one, _ = clouds()
    assert frechet(one[:, :1] + 2, one[:, :1]) == pytest.approx(4, rel=1e-4)


@both
def test_frechet_with_features_that_never_vary(function):
    one, other = clouds()
    one[:, 2] = other[:, 2] = other[:, 4] = 0  # as a dead ReLU's
    assert np.isfinite(function(one, other)) and function(one, one) < 1e-9


@settings(deadline=None, max_examples=30)
@given(st.integers(2, 30), st.integers(5, 30), st.integers(1, 4), st.integers(0, 2**31))
def test_inside_is_what_scikit_learns_neighbours_say(n, m, k, seed):
    draws = torch.Generator().manual_seed(seed)
    points, centres = torch.randn(n, 3, generator=draws), torch.randn(m, 3, generator=draws)
    radii = NearestNeighbors(n_neighbors=k).fit(centres).kneighbors()[0][:, -1]  # itself is left out
    apart = np.linalg.norm(points.numpy()[:, None] - centres.numpy(), axis=2)
    sure = (np.abs(apart - radii) > 1e-4).all(1)
    wanted = (apart <= radii).any(1)
    got = np.array([inside(point.expand(2, -1), centres, k) for point in points])
    assert (got == wanted)[sure].all()
    assert inside(centres, centres, k) == 1


@pytest.mark.parametrize("function", [frechet, inside])
def test_misuse_gets_one_sentence(function):
    one, other = clouds(20, 3)
    for bad, words in [
        (one[0], r"has shape \(3,\)"),
        (one[:1], r"has shape \(1, 3\)"),
        ([1, 2], r"is \[1, 2\]"),
        (one / 0, "infinite"),
        (one[:, :2], "2 columns"),
    ]:
        with pytest.raises(ValueError, match=words):
            function(bad, other)
    for k in (0, 20, 1.5, True):
        with pytest.raises(ValueError, match="k is .*; it must be a whole number from 1 to 19"):
            inside(one, other, k)


def test_lesson_10c_writes_out_the_library():
    moments, lesson_frechet = functions_of("10c", "moments", "frechet")
    one, other = clouds()
    lesson = lesson_frechet.__globals__  # that of both
    lesson["judge"] = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Identity())  # all but its last layer: features
    mean, cov = moments(other)
    root = torch.linalg.cholesky(cov + 1e-9 * torch.eye(7))
    lesson |= {"mean": mean, "cov": cov, "root": root}
    assert lesson_frechet(one) == pytest.approx(frechet(one, other), rel=1e-6)
