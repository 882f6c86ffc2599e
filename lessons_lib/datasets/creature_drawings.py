"""The drawings that creatures are put together from: parts side by side as text, in the order of their names."""

import itertools

import numpy as np

SIDE, HALF = 20, 10
BODY_COLOURS = {
    "blue": "#418efa",
    "orange": "#e08a14",
    "green": "#2c806a",
    "yellow": "#dcd845",
    "pink": "#ffa8e7",
    "violet": "#7e43be",
}
TRIM_COLOURS = {"cream": "#ffecc5", "red": "#a81d0c", "navy": "#22397b", "mint": "#7dcc9e"}
# Chosen for readers of every colour vision: under each, the colours of bodies and trims stay apart.
_HEX = ["#ffffff", "#222222", "#f3f6ff", "#f5589f", *BODY_COLOURS.values(), *TRIM_COLOURS.values()]
PALETTE = np.array([[int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)] for text in _HEX])

_WIDTHS = ("narrow", "middle", "wide")
PARTS = {
    "ears": ("round", "pointed", "lop", "crest", "antennae", "horns"),
    "ear height": ("low", "high"),
    "head": ("round", "box", "pear", "cheeks"),
    "head width": _WIDTHS,
    "eyes": ("dots", "open", "shiny", "sleepy", "cross", "single"),
    "mouth": ("smile", "laugh", "fangs", "beak", "snout", "blush"),
    "colour": tuple(BODY_COLOURS),
    "trim": tuple(TRIM_COLOURS),
    "body colour": tuple(BODY_COLOURS),
    "body trim": tuple(TRIM_COLOURS),
    "body width": _WIDTHS,
    "arms": ("paws", "flippers", "insect wings", "bat wings"),
    "pose": ("down", "up"),
    "belly": ("plain", "patch", "stripes", "buttons", "heart"),
    "legs": ("boots", "bird legs", "toes", "ghost"),
    "tail": ("none", "curled", "bushy"),
    "body height": ("short", "tall"),
}

# The drawings are left halves; the right one is their mirror. Role 0 is the paper, then come # ink, w white of the
# eye, r tongue and cheeks, b the body's colour and a that of its trim.
_ROLES = {".": -1, "#": 1, "w": 2, "r": 3, "b": 4, "a": 5}


def _sheet(top: int, text: str) -> np.ndarray:
    """Return the drawings that stand side by side in a text, as roles (-1: nothing), shape (drawings, 20, 10)."""
    rows = [line.split("|") for line in text.split()]
    stamps = np.full((len(rows[0]), SIDE, HALF), -1, dtype=np.int8)
    for i, j in itertools.product(range(len(rows)), range(len(rows[0]))):
        stamps[j, top + i] = [_ROLES[character] for character in rows[i][j]]
    return stamps


def _moved(stamps: np.ndarray, right: int = 0, down: int = 0) -> np.ndarray:
    """Return drawings moved towards the middle, where columns are lost, and down."""
    padded = np.pad(stamps, [(0, 0)] * (stamps.ndim - 2) + [(down, 0), (right, 0)], constant_values=-1)
    return padded[..., :SIDE, :HALF]


def _by_width(stamps: np.ndarray, moves: tuple[int, int, int] = (2, 1, 0)) -> np.ndarray:
    """Return a wide creature's drawings for each width, narrow first: one more axis, the third last."""
    return np.stack([_moved(stamps, right) for right in moves], axis=-3)


def _two_heights(stamps: np.ndarray, moves: tuple[int, int]) -> np.ndarray:
    return np.stack([_moved(stamps, down=down) for down in moves], axis=1)


# round, pointed, lop, crest, antennae, horns
_EARS = _sheet(
    0,
    """
    ..........|..##......|..........|......#..#|.###......|..##......
    ...###....|..#a##....|..........|......#aa#|.#a#......|.#aa#.....
    ..#aaa#...|..#aaa#...|...###....|.....#aaaa|.###......|.#aa#.....
    ..#aaaa#..|...#aaa#..|.##aaa##..|.....#aaaa|...#......|..#aa#....
    ..#baaa#..|...#bbb#..|#aaaabbb#.|....#aaaaa|....#.....|..#aaa#...
    ...#bb#...|...#bbbb#.|#aaa#.....|....#aaaaa|.....#....|...#aa#...
    ....##....|....#bbb#.|#aa#......|.....#####|......#...|....##....
    ..........|..........|#aa#......|..........|..........|..........
    ..........|..........|.##.......|..........|..........|..........
    """,
)
# round, box, pear, cheeks
_HEADS = _sheet(
    3,
    """
    ......####|....######|......####|......####
    ....##bbbb|...#bbbbbb|.....#bbbb|....##bbbb
    ...#bbbbbb|...#bbbbbb|....#bbbbb|....#bbbbb
    ...#bbbbbb|...#bbbbbb|....#bbbbb|...#bbbbbb
    ...#bbbbbb|...#bbbbbb|...#bbbbbb|..#bbbbbbb
    ...#bbbbbb|...#bbbbbb|..#bbbbbbb|.#bbbbbbbb
    ...#bbbbbb|...#bbbbbb|..#bbbbbbb|..##bbbbbb
    ....##bbbb|...#bbbbbb|..#bbbbbbb|....##bbbb
    ......####|....######|...#######|......####
    """,
)
# dots, open, shiny, sleepy, cross, single
_EYES = _sheet(
    4,
    """
    ..........|..........|..........|..........|..........|........##
    .......#..|......ww..|......#w..|..........|......#...|.......#ww
    .......#..|......w#..|......##..|......##..|......w#..|.......#w#
    """,
)
# smile, laugh, fangs, beak, snout, blush
_MOUTHS = _sheet(
    8,
    """
    .......#..|.......###|.......###|........aa|.......aa#|......r...
    ........##|........#r|........w.|.........a|.......aaa|.........#
    """,
)
_BODY = _sheet(
    12,
    """
    .....#bbbb
    ....#bbbbb
    ....#bbbbb
    ....#bbbbb
    ....#bbbbb
    """,
)
# plain, patch, stripes, buttons, heart
_BELLIES = _sheet(
    12,
    """
    ..........|.........a|..........|..........|..........
    ..........|........aa|.......aaa|.........a|........a.
    ..........|........aa|..........|..........|........aa
    ..........|........aa|.......aaa|.........a|.........a
    """,
)
# boots, bird legs, toes, ghost
_LEGS = _sheet(
    16,
    """
    .....#####|.....#####|.....#####|....#bbbbb
    ....#aa#..|.....#....|....#a#a#a|....#ab#ab
    ....####..|....#a#...|....######|.....##.##
    """,
)
# none, curled, bushy
_TAILS = _sheet(
    15,
    """
    ..........|#a#.......|.##.......
    ..........|#b#..#....|#aa##.....
    ..........|#bb##.....|#aabb#....
    ..........|.###......|.####.....
    """,
)
# paws, flippers, insect wings, bat wings: hanging, then raised
_ARMS = np.stack(
    [
        _sheet(
            10,
            """
            ..........|..........|..........|..........
            ..........|..........|.###......|..........
            ...##.....|..####....|#aaa##....|.#####....
            ..#bb.....|.#aaaa....|#aaaaa....|#aaaaa....
            ..###.....|######....|.#####....|#a#a##....
            """,
        ),
        _sheet(
            10,
            """
            .##.......|#.........|###.......|#.#.......
            #bb#......|##........|#aa#......|##a##.....
            .#bb#.....|#a##......|#aaa#.....|#aaaa#....
            ..#bb.....|.#aa#.....|.#aaa#....|.##aaa....
            ...##.....|..####....|..####....|...###....
            """,
        ),
    ],
    axis=1,
)

_EYES_BY_WIDTH = _by_width(_EYES, (1, 0, 0))
_EYES_BY_WIDTH[-1] = _EYES[-1]  # a single eye stays in the middle

# From back to front: the parts that a drawing depends on, and the drawings, one axis a part.
_LAYERS = [
    (("tail",), _TAILS),
    (("arms", "pose", "body width"), _by_width(_ARMS)),
    (("body width",), _by_width(_BODY[0])),
    (("belly",), _BELLIES),
    (("legs", "body height", "body width"), _by_width(_two_heights(_LEGS, (0, 1)))),
    (("ears", "ear height", "head width"), _by_width(_two_heights(_EARS, (1, 0)))),
    (("head", "head width"), _by_width(_HEADS)),
    (("eyes", "head width"), _EYES_BY_WIDTH),
    (("mouth",), _MOUTHS),
]


def roles_of(parts: dict[str, np.ndarray]) -> np.ndarray:
    """Return the left halves as roles, shape (n, 20, 10)."""
    roles = np.zeros((len(parts["ears"]), SIDE, HALF), dtype=np.int8)
    for names, stamps in _LAYERS:
        stamp = stamps[tuple(parts[name] for name in names)]
        np.copyto(roles, stamp, where=stamp >= 0)
    return roles
