"""Opening a lesson."""

import base64
import random

import matplotlib as mpl
import numpy as np
import pytest
import torch

import lessons_lib
from lessons_lib import plotting, session


@pytest.fixture(autouse=True)
def leave_as_it_was(monkeypatch):
    """start() changes the whole process: put back what other tests may lean on."""
    monkeypatch.delenv("LESSONS_SEED", raising=False)
    threads, states = torch.get_num_threads(), (random.getstate(), np.random.get_state())  # noqa: NPY002
    with torch.random.fork_rng(devices=[]), mpl.rc_context():
        yield
    random.setstate(states[0])
    np.random.set_state(states[1])  # noqa: NPY002
    torch.set_num_threads(threads)
    torch.set_flush_denormal(False)


def draws():
    return random.random(), np.random.rand(), torch.rand(1).item()  # noqa: NPY002


def test_seed_is_the_default_without_the_variable(monkeypatch):
    assert session.lesson_seed() == 0
    assert session.lesson_seed(7) == 7
    monkeypatch.setenv("LESSONS_SEED", "  ")
    assert session.lesson_seed(7) == 7


@pytest.mark.parametrize(("text", "seed"), [("3", 3), (" 12 ", 12), ("0", 0), ("4294967295", 2**32 - 1)])
def test_variable_goes_before_the_default(monkeypatch, text, seed):
    monkeypatch.setenv("LESSONS_SEED", text)
    assert session.lesson_seed(7) == seed


@pytest.mark.parametrize("text", ["-1", "1.5", "three", "4294967296", "1 2", "0x10", "nan", "1e3"])
def test_malformed_variable_is_refused_in_one_sentence(monkeypatch, text):
    monkeypatch.setenv("LESSONS_SEED", text)
    with pytest.raises(ValueError, match="^LESSONS_SEED is .*whole number"):
        session.lesson_seed()
    with pytest.raises(ValueError, match="^LESSONS_SEED is .*whole number"):
        session.start()


def test_superscript_is_refused_in_the_same_sentence(monkeypatch):
    monkeypatch.setenv("LESSONS_SEED", "²")
    with pytest.raises(ValueError, match="^LESSONS_SEED is"):
        session.lesson_seed()


def test_start_seeds_python_numpy_and_torch():
    session.start(seed=5)
    first = draws()
    again = draws()
    session.start(seed=5)
    assert draws() == first
    session.start(seed=6)
    other = draws()
    assert all(a != b for a, b in zip(first, other, strict=True))
    assert all(a != b for a, b in zip(first, again, strict=True))


def test_variable_goes_before_the_seed_of_the_cell(monkeypatch):
    session.start(seed=5)
    expected = draws()
    monkeypatch.setenv("LESSONS_SEED", "5")
    session.start(seed=0)
    assert draws() == expected


def test_start_leaves_threads_to_the_environment(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")
    monkeypatch.setattr(session, "available_cores", lambda: 4)
    torch.set_num_threads(2)
    session.start()
    assert torch.get_num_threads() == 2


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (3, 3), (64, 4)])
def test_start_takes_the_cores_there_are_up_to_four(monkeypatch, cores, threads):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    monkeypatch.setattr(session, "available_cores", lambda: cores)
    session.start()
    assert torch.get_num_threads() == threads


@pytest.mark.parametrize("seed", [np.int64(5), np.uint8(5), torch.arange(6).numpy()[5]], ids=repr)
def test_seeds_of_numpy_are_whole_numbers_too(seed):
    session.start(seed=5)
    expected = draws()
    session.start(seed=seed)
    assert draws() == expected


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "3", None, True, np.float64(2)], ids=repr)
def test_a_seed_that_is_none_is_refused_in_one_sentence(seed):
    with pytest.raises(ValueError, match="^seed is .*whole number from 0 to 4294967295"):
        session.start(seed=seed)


def test_start_prints_one_line_and_returns_the_device(capsys):
    device = lessons_lib.start(seed=11)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 1
    for word in (lessons_lib.__version__, torch.__version__.split("+")[0], device.type, "seed 11"):
        assert word in lines[0]
    assert isinstance(device, torch.device) and device == session.best_device()


def test_start_opens_the_house_style():
    mpl.rcParams["figure.facecolor"] = "none"
    session.start()
    assert mpl.rcParams["figure.facecolor"] == plotting.CARD


def test_start_flushes_denormal_numbers():
    if not torch.set_flush_denormal(True):
        pytest.skip("this processor can't")
    torch.set_flush_denormal(False)
    assert (torch.tensor([1e-39]) * 0.5).item() > 0
    session.start()
    assert (torch.tensor([1e-39]) * 0.5).item() == 0


@pytest.fixture
def shown(monkeypatch, tmp_path):
    """What a notebook displays; of all lessons 07 has an opening."""
    shown = []
    monkeypatch.setattr(session, "OPENINGS", tmp_path)
    monkeypatch.setattr(session, "get_ipython", lambda: "a notebook")
    monkeypatch.setattr(session, "display", lambda data, raw: shown.append(data))
    (tmp_path / "07.png").write_bytes(b"a picture")
    return shown


def test_opening_is_shown_with_its_words_beside_the_line(shown, capsys):
    session.start(opening="07")
    (data,) = shown
    assert base64.b64decode(data["image/png"]) == b"a picture"
    assert data["text/plain"] == "opening picture of lesson 07"
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_nothing_is_shown_without_an_opening(shown, monkeypatch, capsys):
    session.start()
    session.start(opening=None)
    session.start(opening="08b")  # not yet made
    monkeypatch.setattr(session, "get_ipython", lambda: None)  # outside a notebook
    session.start(opening="07")
    assert shown == [] and len(capsys.readouterr().out.splitlines()) == 4


@pytest.mark.parametrize(
    "opening", ["", "7", "1a", "07_name", "07.png", "../07", "07\n", "٠٧", 7, True, ["07"]], ids=repr
)
def test_an_opening_of_no_lesson_is_refused_in_one_sentence(shown, opening):
    random.seed(1)
    with pytest.raises(ValueError, match=r"^opening is .*; it must be a lesson's number, such as '01a'\.$") as refusal:
        session.start(opening=opening)
    assert "\n" not in str(refusal.value) and shown == []
    assert random.random() == random.Random(1).random()  # nothing was begun
