"""The creatures: mirror images of known parts, all different, whose parts are read back from their pixels."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chisquare

from lessons_lib.datasets import PALETTE, PARTS, creatures, endings_of, nearest_parts, read_parts
from lessons_lib.datasets.creatures import ARMS_OF_EARS, ENDINGS, FREE_ABOVE, FREE_BELOW, UPPER_HALVES, _drawn

ABOVE = [*FREE_ABOVE]
BELOW = [name for name in PARTS if name not in FREE_ABOVE]
COLOURS = ["colour", "trim", "body colour", "body trim"]
WINDOWS = [
    *[{"ears", "ear height", "head", "head width"}, {"eyes"}, {"mouth"}],
    *[{"body width", "arms", "pose"}, {"belly"}, {"legs", "body height"}, {"tail"}],
]


@pytest.fixture(scope="module")
def many():
    return creatures(20_000, seed=1)


def assert_same(parts, wanted, names=PARTS):
    for name in names:
        assert parts[name].dtype == torch.int64
        assert torch.equal(parts[name], wanted[name]), name


def test_pictures_are_mirror_images_in_the_palettes_colours(many):
    assert many.pictures.shape == (20_000, 20, 20) and many.pictures.dtype == torch.int64
    assert torch.equal(many.pictures, many.pictures.flip(2))
    assert many.pictures.unique().tolist() == list(range(len(PALETTE)))


def test_palette_is_small_and_starts_with_paper_and_ink():
    assert PALETTE.shape[0] <= 16 and PALETTE.shape[1:] == (3,) and PALETTE.min() >= 0 and PALETTE.max() <= 1
    assert len(np.unique(PALETTE, axis=0)) == len(PALETTE)
    assert PALETTE[0].tolist() == [1, 1, 1] and PALETTE[1].max() < 0.2


def test_parts_are_read_back_from_every_picture(many):
    assert list(many.parts) == list(PARTS)
    for name, kinds in PARTS.items():
        assert many.parts[name].unique().tolist() == list(range(len(kinds))), name
    assert_same(read_parts(many.pictures), many.parts)


@settings(max_examples=30, deadline=None)
@given(n=st.integers(0, 40), m=st.integers(0, 40), seed=st.integers(0, 2**64 - 1))
def test_a_seed_gives_the_same_creatures_however_many_are_drawn(n, m, seed):
    few, more = sorted([n, m])
    short, long = creatures(few, seed), creatures(more, seed)
    assert torch.equal(short.pictures, long.pictures[:few])
    assert_same(short.parts, {name: values[:few] for name, values in long.parts.items()})
    assert_same(read_parts(long.pictures), long.parts)


def test_seeds_differ_and_leave_the_students_own_alone():
    torch.manual_seed(0)
    wanted = torch.rand(3)
    torch.manual_seed(0)
    assert not torch.equal(creatures(9, seed=0).pictures, creatures(9, seed=1).pictures)
    assert torch.equal(creatures(9).pictures, creatures(9, seed=0).pictures)
    assert torch.equal(torch.rand(3), wanted)


def test_no_upper_half_comes_twice_so_that_a_split_shares_none(many):
    train, test = many.pictures[:15_000, :10].flatten(1), many.pictures[15_000:, :10].flatten(1)
    assert len(torch.cat([train, test]).unique(dim=0)) == 20_000
    assert not {row.tobytes() for row in train.numpy()} & {row.tobytes() for row in test.numpy()}


def test_counts_are_the_products_of_what_is_free():
    assert UPPER_HALVES == 6 * 2 * 4 * 3 * 6 * 6 * 6 * 4 == 124_416
    assert ENDINGS == 2 * 5 * 4 * 3 * 2 == 240


def test_the_rules_hold(many):
    parts = read_parts(many.pictures)
    for above, below in [("colour", "body colour"), ("trim", "body trim"), ("head width", "body width")]:
        assert torch.equal(parts[above], parts[below])
    arms = [PARTS["arms"][ARMS_OF_EARS[PARTS["ears"].index(ears)]] for ears in ("lop", "crest", "antennae", "horns")]
    assert arms == ["paws", "flippers", "insect wings", "bat wings"]
    assert torch.equal(parts["arms"], torch.tensor(ARMS_OF_EARS)[parts["ears"]])


@pytest.mark.parametrize("ears", range(6))
def test_every_ending_is_equally_likely_whatever_is_above(many, ears):
    chosen = many.parts["ears"] == ears
    ending = np.ravel_multi_index(
        [many.parts[name][chosen].numpy() for name in FREE_BELOW], [len(PARTS[name]) for name in FREE_BELOW]
    )
    assert chisquare(np.bincount(ending, minlength=ENDINGS)).pvalue > 1e-4
    assert math.isclose(chosen.float().mean(), 1 / 6, abs_tol=0.02)


@pytest.mark.parametrize("which", [0, 7, 4321])
def test_endings_of_a_top_are_all_that_the_rules_allow(many, which):
    pictures = endings_of(many, which)
    assert pictures.shape == (ENDINGS, 20, 20) and len(pictures.unique(dim=0)) == ENDINGS
    assert (pictures[:, :10] == many.pictures[which, :10]).all()
    assert (pictures == many.pictures[which]).all((1, 2)).sum() == 1
    found = read_parts(pictures)
    settled = [name for name in PARTS if name not in FREE_BELOW]
    assert_same(found, {name: many.parts[name][which].repeat(ENDINGS) for name in settled}, settled)


@pytest.mark.parametrize("which", [-1, 20_000, 1.5, "first"])
def test_refuses_a_creature_that_is_not_there(many, which):
    with pytest.raises(ValueError, match="^which is"):
        endings_of(many, which)


def test_halves_are_read_each_for_itself(many):
    other = torch.randperm(20_000, generator=torch.Generator().manual_seed(0))
    mixed = torch.cat([many.pictures[:, :10], many.pictures[other, 10:]], 1)
    parts = read_parts(mixed)
    assert_same(parts, many.parts, ABOVE)
    assert_same(parts, {name: values[other] for name, values in many.parts.items()}, BELOW)
    assert (parts["body width"] != parts["head width"]).any()


def test_each_pixel_at_fault_costs_the_parts_it_belongs_to_and_no_other(many):
    one = (many.parts["mouth"] == PARTS["mouth"].index("smile")).nonzero()[0, 0]
    wrong = many.pictures[one].flatten().repeat(400, 1)
    wrong[range(400), range(400)] = 3  # a tongue's colour, which is nowhere in a smile
    parts, wanted = read_parts(wrong), {name: int(values[one]) for name, values in many.parts.items()}
    seen = []
    for i in range(400):
        lost = {name for name in PARTS if name not in COLOURS and parts[name][i] != wanted[name]}
        assert lost in WINDOWS and all(parts[name][i] == -1 for name in lost), divmod(i, 20)
        seen.append(lost)
    assert all(window in seen for window in WINDOWS)


@pytest.mark.parametrize(("row", "name"), [(9, "colour"), (10, "body colour")])
def test_a_second_colour_is_no_known_colour(many, row, name):
    pictures, wanted = many.pictures[:50].clone(), dict(many.parts)
    pictures[:, row, 0] = 4 + (many.parts["colour"][:50] + 1) % 6  # bodies' colours are rows 4 to 9
    parts = read_parts(pictures)
    assert (parts[name] == -1).all()
    assert_same(parts, {other: wanted[other][:50] for other in COLOURS}, [other for other in COLOURS if other != name])


def test_an_empty_or_inked_paper_has_no_parts():
    parts = read_parts(torch.arange(14)[:, None, None].expand(14, 20, 20))
    for name in set(PARTS) - set(COLOURS) - {"tail", "belly"}:  # no tail is a known tail, and plain a known belly
        assert (parts[name] == -1).all(), name
    assert parts["tail"].tolist() == [0] + [-1] * 13
    assert parts["colour"].tolist() == parts["body colour"].tolist() == [-1] * 4 + list(range(6)) + [-1] * 4
    assert parts["trim"].tolist() == parts["body trim"].tolist() == [-1] * 10 + list(range(4))


@settings(max_examples=50, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(0, 3), st.just(20), st.just(20)), elements=st.integers(0, 13)))
def test_whatever_a_network_draws_is_read(pictures):
    for name, values in read_parts(torch.from_numpy(pictures)).items():
        assert values.shape == (len(pictures),) and values.dtype == torch.int64
        assert ((values >= -1) & (values < len(PARTS[name]))).all()


@pytest.mark.parametrize("form", [lambda x: x.flatten(1), lambda x: x.byte(), lambda x: x.float(), torch.Tensor.numpy])
def test_pictures_are_read_in_every_form(many, form):
    assert_same(read_parts(form(many.pictures[:7])), {name: values[:7] for name, values in many.parts.items()})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        *[({"n": -1}, "n is -1"), ({"n": UPPER_HALVES + 1}, f"n is {UPPER_HALVES + 1}"), ({"n": 2.5}, "n is 2.5")],
        *[({"n": None}, "n is None"), ({"n": 1, "seed": -1}, "seed is -1"), ({"n": 1, "seed": "a"}, "seed is 'a'")],
    ],
)
def test_a_wrong_number_gets_one_sentence(wrong, words):
    with pytest.raises(ValueError, match=f"^{words}; it must be a whole number") as refusal:
        creatures(**wrong)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (torch.zeros(20, 20), r"pictures has shape \(20, 20\)"),
        (torch.zeros(2, 1, 20, 20), r"pictures has shape \(2, 1, 20, 20\)"),
        (torch.tensor(3), r"pictures has shape \(\)"),
        (torch.full((1, 400), 14), "pictures holds 14; it must hold rows of PALETTE, from 0 to 13"),
        (torch.full((1, 400), -1), "pictures holds -1;"),
        (torch.full((1, 400), 0.5), "pictures holds 0.5;"),
        (torch.full((1, 400), math.nan), "pictures holds values that are infinite"),
        ("a creature", "pictures holds text"),
    ],
)
def test_wrong_pictures_get_one_sentence(wrong, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        read_parts(wrong)
    assert "\n" not in str(refusal.value)


def in_colour(pictures):
    """Red, green and blue, channels first."""
    return torch.from_numpy(PALETTE).float()[pictures].permute(0, 3, 1, 2)


@pytest.mark.parametrize("form", [lambda x: x, lambda x: x.flatten(1), lambda x: x.double(), torch.Tensor.numpy])
def test_clean_pictures_in_colour_are_read_in_every_form(many, form):
    read = nearest_parts(form(in_colour(many.pictures[:600])))
    assert list(read) == list(PARTS)
    assert_same(read, {name: values[:600] for name, values in many.parts.items()})


def test_halves_in_colour_are_read_each_for_itself(many):
    other = torch.randperm(600, generator=torch.Generator().manual_seed(0))
    mixed = torch.cat([many.pictures[:600, :10], many.pictures[other, 10:]], 1)
    assert_same(nearest_parts(in_colour(mixed)), read_parts(mixed))


def test_some_noise_changes_no_large_part(many):
    noise = 0.1 * torch.randn(600, 3, 20, 20, generator=torch.Generator().manual_seed(0))
    read = nearest_parts(in_colour(many.pictures[:600]) + noise)
    for name, least in {"ears": 1, "arms": 1, "tail": 1, "colour": 1, "belly": 0.97}.items():
        assert (read[name] == many.parts[name][:600]).double().mean() >= least, name


@settings(max_examples=100, deadline=None)
@given(which=st.integers(0, 19_999), name=st.sampled_from(list(PARTS)), other=st.integers(1, 5), way=st.floats(0, 1))
def test_a_part_is_clear_near_its_kind_and_unclear_halfway_to_another(many, which, name, other, way):
    old = {part: values[which : which + 1].numpy() for part, values in many.parts.items()}
    new = old | {name: (old[name] + other) % len(PARTS[name])}
    start, end = (in_colour(torch.from_numpy(_drawn(parts))) for parts in (old, new))
    read = {part: int(value) for part, value in nearest_parts(start + way * (end - start)).items()}
    if way <= 0.1 or way >= 0.9:
        assert read == {part: int(value[0]) for part, value in (old if way <= 0.1 else new).items()}
    elif 0.26 <= way <= 0.74 and old[name] != new[name]:
        assert read[name] == -1
    window = next((window for window in WINDOWS if name in window), set())
    if name in ("ears", "eyes", "mouth", "arms", "pose", "belly", "legs"):  # these show in no other part's pixels
        assert all(read[part] == int(old[part][0]) for part in set(PARTS) - window - set(COLOURS))


def test_no_pictures_have_no_parts():
    assert all(values.shape == (0,) for values in nearest_parts(torch.zeros(0, 3, 20, 20)).values())


@settings(max_examples=30, deadline=None)
@given(arrays(np.float32, st.tuples(st.integers(0, 3), st.just(1200)), elements=st.floats(-2, 2, width=32)))
def test_whatever_colours_a_network_draws_are_read(pictures):
    for name, values in nearest_parts(torch.from_numpy(pictures)).items():
        assert values.shape == (len(pictures),) and values.dtype == torch.int64
        assert ((values >= -1) & (values < len(PARTS[name]))).all()


def test_many_pictures_are_read_as_few_are(many):
    pictures = in_colour(many.pictures[:520])
    blends = (pictures + pictures.roll(1, 0)) / 2
    assert_same(nearest_parts(blends[255:260]), {n: v[255:260] for n, v in nearest_parts(blends).items()})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (torch.zeros(2, 20, 20), r"pictures has shape \(2, 20, 20\); nearest_parts wants"),
        (torch.zeros(2, 20, 20, 3), r"pictures has shape \(2, 20, 20, 3\)"),
        (torch.full((1, 1200), math.inf), "pictures holds values that are infinite"),
        ("a creature", "pictures holds text"),
    ],
)
def test_wrong_pictures_in_colour_get_one_sentence(wrong, words):
    with pytest.raises(ValueError, match=f"^{words}") as refusal:
        nearest_parts(wrong)
    assert "\n" not in str(refusal.value)
