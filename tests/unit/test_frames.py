"""What FramePlayer takes, and what a refusal leaves behind."""

import gc
import io
import wave

import ipywidgets
import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import torch
from PIL import Image

from lessons_lib.widgets import FramePlayer

mpl.use("Agg")


@pytest.fixture(autouse=True)
def close_all():
    yield
    ipywidgets.Widget.close_all()
    plt.close("all")


def drawn(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def grey(values):
    return np.round(255 * (1 - np.asarray(values, float))).astype(np.uint8)


def bar(height):
    figure, ax = plt.subplots(figsize=(2, 2))
    ax.bar(0, height, color="black")
    ax.set(ylim=(0, 1), title="a bar")
    return figure


def ink(png):
    pixels = drawn(png)
    return int(((pixels[..., 3] > 128) & (pixels[..., 0] < 64)).sum())


VALUES = [[0, 51, 102], [153, 204, 255]]


@pytest.mark.parametrize(
    "frame",
    [
        *[np.array(VALUES, dtype) for dtype in (np.uint8, np.int16, np.int64, np.uint32, np.float32, np.float64)],
        torch.tensor(VALUES),
        torch.tensor(VALUES, dtype=torch.float32, requires_grad=True) / 255,
        torch.tensor(VALUES, dtype=torch.bfloat16),
        VALUES,
        pd.DataFrame(VALUES),
        np.array(VALUES)[::-1, ::-1][::-1, ::-1],
        np.ma.array(VALUES, mask=False),
        Image.fromarray(np.array(VALUES, np.uint8)),
    ],
    ids=lambda frame: f"{type(frame).__name__} {getattr(frame, 'dtype', '')}",
)
def test_every_way_of_holding_a_picture_draws_the_same(frame):
    np.testing.assert_array_equal(drawn(FramePlayer([frame], ["a"]).view.frames[0]), grey(np.array(VALUES) / 255))


def test_whole_numbers_share_a_scale_over_the_frames():
    frames = FramePlayer([np.array([[0, 1]]), np.array([[0, 255]])], ["faint", "dark"]).view.frames
    np.testing.assert_array_equal(drawn(frames[0]), [[255, 254]])
    frames = FramePlayer([np.array([[0, 1]]), np.array([[0, 0]])], ["a mask", "an empty one"]).view.frames
    np.testing.assert_array_equal(drawn(frames[0]), [[255, 0]])


@pytest.mark.parametrize(
    ("frame", "word"),
    [
        (np.ma.array([[0.0, 1.0]], mask=[[False, True]]), "masked"),
        (np.array([[1 + 1j]]), "complex"),
        (np.array([[0, 300]]), "from 0 to 300"),
        (np.array([[-1, 0]]), "from -1 to 0"),
        ([[0.0], [0.0, 1.0]], "rectangular"),
        (np.array([["a"]]), "text"),
        (np.full((2, 2), np.inf), "not a number"),
        (np.zeros((0, 3)), "no pixel"),
        (0.5, "shape"),
    ],
    ids=str,
)
def test_no_picture_gets_one_sentence(frame, word):
    with pytest.raises(ValueError, match=rf"^frames\[1\] .*{word}") as refusal:
        FramePlayer([np.eye(2), frame], ["a", "b"])
    assert "\n" not in str(refusal.value)


def test_one_figure_several_times_in_a_list_is_refused():
    figure, other = bar(0.5), bar(1)
    with pytest.raises(ValueError, match=r"^frames\[2\] is a Figure that stands in frames before"):
        FramePlayer([figure, other, figure], list("abc"))
    assert len(figure.axes) == len(other.axes) == 1 and ink_of(figure) > 0
    assert set(plt.get_fignums()) == {figure.number, other.number}


def ink_of(figure):
    png = io.BytesIO()
    figure.savefig(png, format="png", facecolor="none")
    return ink(png.getvalue())


def test_a_generator_may_draw_one_figure_anew_for_every_frame():
    figure = plt.figure(figsize=(2, 2))

    def draw():
        for height in (0.2, 0.6, 1.0):
            figure.clear()
            figure.add_subplot(ylim=(0, 1)).bar(0, height, color="black")
            yield figure

    frames = FramePlayer(draw(), list("abc")).view.frames
    assert [ink(frame) for frame in frames] == sorted({ink(frame) for frame in frames})
    assert figure.axes == [] and plt.get_fignums() == []


def test_a_generator_may_change_one_array_in_place():
    def count():
        picture = np.zeros((1, 3))
        for i in range(3):
            picture[0, i] = 1
            yield picture

    frames = FramePlayer(count(), list("abc")).view.frames
    assert [int((drawn(frame) == 0).sum()) for frame in frames] == [1, 2, 3]


def test_figures_that_were_taken_are_emptied_and_closed():
    figures = [bar(0.5), bar(1)]
    frames = FramePlayer(figures, ["half", "all"]).view.frames
    assert 0 < ink(frames[0]) < ink(frames[1])
    assert plt.get_fignums() == [] and all(figure.axes == [] for figure in figures)


def refused(number_of_bad):
    figures = [bar(0.5), bar(1)]
    bad = bar(0.1)
    bad.axes[0].set_title(r"$\frac{1$")  # matplotlib finds that out when it draws
    ways = [
        ([*figures, "no picture"], list("abc"), {}),
        ([*figures, np.full((2, 2), np.nan)], list("abc"), {}),
        (figures, ["one caption"], {}),
        (figures, list("ab"), {"start": 2}),
        (figures, list("ab"), {"interval": 0}),
        (figures, list("ab"), {"label": 3}),
        (figures, ["a", 2], {}),
        ([*figures, bad], list("abc"), {}),
        ((figure for figure in [*figures, None]), list("abc"), {}),
    ]
    return figures, ways[number_of_bad]


@pytest.mark.parametrize("way", range(9))
def test_a_refused_call_leaves_figures_whole_and_no_widget_behind(way):
    figures, (frames, captions, options) = refused(way)
    before = [ink_of(figure) for figure in figures]
    models = len(ipywidgets.Widget.get_manager_state()["state"])
    with pytest.raises(ValueError):
        FramePlayer(frames, captions, **options)
    assert all(plt.fignum_exists(figure.number) for figure in figures)
    assert [ink_of(figure) for figure in figures] == before
    gc.collect()
    assert len(ipywidgets.Widget.get_manager_state()["state"]) == models


def pixel_holders():
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if type(thing).__name__ == "RendererAgg"}


def test_pixels_of_a_taken_figure_are_let_go():
    others = pixel_holders()
    held = []

    def draw():
        for height in (0.5, 1.0):
            figure = bar(height)
            figure.canvas.draw()
            held.append(len(pixel_holders() - others))
            yield figure
            held.append(len(pixel_holders() - others))

    FramePlayer(draw(), ["half", "all"])
    assert held == [1, 0, 1, 0]  # megabytes each


@pytest.mark.parametrize("number", [None, "1", [1], 1j, np.array([0, 1]), 1.0], ids=repr)
def test_no_whole_number_is_refused_as_a_frame(number):
    player = FramePlayer([np.eye(2), np.ones((2, 2))], ["a", "b"])
    with pytest.raises(ValueError, match="^frame is .*; it must be a whole number from 0 to 1"):
        player.frame = number
    assert player.frame == player.play.value == 0


@pytest.mark.parametrize("given", [{"captions": list(torch.zeros(2, 30, 30))}, {"label": np.eye(9)}], ids=list)
def test_words_that_are_no_text_are_shown_in_one_short_line(given):
    with pytest.raises(ValueError, match=f"^{next(iter(given))} is ") as refusal:
        FramePlayer([np.eye(2)] * 2, **{"captions": ["a", "b"]} | given)
    assert "\n" not in str(refusal.value) and len(str(refusal.value)) < 150


def test_a_picture_with_a_palette_is_not_taken_for_grey():
    picture = Image.fromarray(np.eye(4, dtype=np.uint8)).convert("P")
    with pytest.raises(ValueError, match=r"^frames\[0\] is a picture whose numbers stand for colours"):
        FramePlayer([picture], ["a"])
    FramePlayer([picture.convert("RGB")], ["a"])


@pytest.mark.parametrize("number", [np.int64(1), np.uint8(1), True], ids=repr)
def test_numpy_whole_numbers_are_whole_numbers(number):
    player = FramePlayer([np.eye(2), np.ones((2, 2))], ["a", "b"], start=np.int64(1), interval=np.int32(50))
    assert player.frame == 1 and player.play.interval == 50
    if number is True:
        with pytest.raises(ValueError, match="^frame is True"):
            player.frame = number
    else:
        player.frame = 0
        player.frame = number
        assert player.frame == 1 and type(player.frame) is int


# Sounds


TONE = np.sin(np.arange(100) / 3)


def read_wav(data):
    with wave.open(io.BytesIO(data)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2"), file.getframerate()


def with_sounds(*sounds, rate=8000):
    return FramePlayer([np.eye(2)] * len(sounds), ["a"] * len(sounds), sounds=sounds, rate=rate)


@pytest.mark.parametrize(
    "sound",
    [
        TONE,
        TONE.tolist(),
        torch.tensor(TONE, requires_grad=True),
        pd.Series(TONE),
        np.repeat(TONE, 2)[::2],
        TONE.astype(">f8"),
    ],
    ids=lambda sound: type(sound).__name__,
)
def test_every_way_of_holding_a_sound_plays_the_same(sound):
    samples, rate = read_wav(with_sounds(sound).view.sounds[0])
    assert rate == 8000
    np.testing.assert_allclose(samples / 32767, TONE, atol=0.5 / 32767 + 1e-12)


def test_each_frame_has_its_own_sound_and_they_may_differ_in_length():
    player = FramePlayer([np.eye(2)] * 2, list("ab"), sounds=(np.full(n, 1 / n) for n in (4, 10)), rate=4000)
    (one, rate), (other, _) = map(read_wav, player.view.sounds)
    assert rate == 4000 and one.tolist() == [8192] * 4 and other.tolist() == [3277] * 10
    assert repr(player) == "FramePlayer, 2 frames with sound: a"


def test_loudest_and_softest_samples_do_not_overflow():
    assert read_wav(with_sounds([-1, 0, 1]).view.sounds[0])[0].tolist() == [-32767, 0, 32767]


def test_sounds_travel_once_and_a_silent_player_sends_none():
    player = with_sounds(TONE, -TONE)
    assert player.view.get_state()["sounds"] == player.view.sounds
    assert FramePlayer([np.eye(2)], ["a"]).view.sounds == []


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"sounds": [TONE]}, "rate is None; it must be a whole number from 3000 to 96000"),
        ({"rate": 8000}, "rate is 8000 and there are no sounds; give both or neither"),
        ({"sounds": [TONE], "rate": 100}, "rate is 100; it must be a whole number"),
        ({"sounds": [TONE], "rate": 8000.5}, "rate is 8000.5"),
        ({"sounds": [TONE, TONE], "rate": 8000}, "there are 2 sounds and 1 captions; give one sound a frame"),
        ({"sounds": [], "rate": 8000}, "there are 0 sounds and 1 captions"),
        ({"sounds": 3, "rate": 8000}, "sounds is a int; it must be a list of arrays, one a frame"),
        ({"sounds": "a", "rate": 8000}, "sounds is a str"),
        ({"sounds": [np.eye(2)], "rate": 8000}, r"sounds\[0\] has shape \(2, 2\); it must be \(n,\)"),
        ({"sounds": [[]], "rate": 8000}, r"sounds\[0\] has shape \(0,\)"),
        ({"sounds": [2 * TONE], "rate": 8000}, r"sounds\[0\] goes out to 1.99\d*; its samples must lie from -1 to 1"),
        ({"sounds": [[np.nan]], "rate": 8000}, r"sounds\[0\] holds values that are infinite or not a number"),
        ({"sounds": ["a"], "rate": 8000}, r"sounds\[0\] holds text"),
        ({"sounds": [None], "rate": 8000}, r"sounds\[0\] "),
    ],
    ids=str,
)
def test_bad_sounds_are_named_and_leave_the_figure_whole(options, sentence):
    figure = bar(0.5)
    with pytest.raises(ValueError, match=f"^{sentence}") as refusal:
        FramePlayer([figure], ["a"], **options)
    assert "\n" not in str(refusal.value)
    assert ink_of(figure) > 0 and plt.fignum_exists(figure.number)
