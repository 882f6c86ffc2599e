"""The Fréchet distances that lessons 10b and 10c write out, against scipy and against what is known."""

import ast

import numpy as np
import pytest
import scipy.linalg
import torch
from lesson_files import code_cells, read_source, source_paths


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
    root = scipy.linalg.sqrtm(np.cov(a.T) @ np.cov(b.T)).real
    return ((a.mean(0) - b.mean(0)) ** 2).sum() + np.trace(np.cov(a.T) + np.cov(b.T) - 2 * root)


def test_10b_equals_scipy_and_is_symmetric():
    root_trace, frechet = functions_of("10b", "root_trace", "frechet")
    one, other = clouds()
    assert frechet(one, other) == pytest.approx(by_scipy(one, other), rel=1e-9)
    assert frechet(one, other) == pytest.approx(frechet(other, one), rel=1e-9)
    S = torch.diag(torch.tensor([1.0, 4.0, 9.0]))
    assert root_trace(S, S).item() == pytest.approx(14, rel=1e-6)


def test_10b_of_equal_and_of_moved_clouds():
    _, frechet = functions_of("10b", "root_trace", "frechet")
    one, _ = clouds()
    assert 0 <= frechet(one, one) < 1e-9
    move = torch.arange(7.0)
    assert frechet(one + move, one) == pytest.approx(move.square().sum().item(), rel=1e-4)


def test_10b_with_features_that_never_vary():
    _, frechet = functions_of("10b", "root_trace", "frechet")
    one, other = clouds()
    one[:, 2] = other[:, 2] = other[:, 4] = 0  # as a dead ReLU's
    assert np.isfinite(frechet(one, other)) and frechet(one, one) < 1e-9


def test_10c_equals_10b():
    _, wanted = functions_of("10b", "root_trace", "frechet")
    moments, frechet = functions_of("10c", "moments", "frechet")
    one, other = clouds()
    lesson = frechet.__globals__  # that of both
    lesson["judge"] = torch.nn.Sequential(torch.nn.Identity(), torch.nn.Identity())  # all but its last layer: features
    mean, cov = moments(other)
    root = torch.linalg.cholesky(cov + 1e-9 * torch.eye(7))
    lesson |= {"mean": mean, "cov": cov, "root": root}
    assert frechet(one) == pytest.approx(wanted(one, other), rel=1e-6)
