"""A TextMap on a page: what it shows, and whether that is what Python finds for the query."""

import base64
import json

import numpy as np
from lab import next_drawing

from lessons_lib.widgets.network import unpack
from lessons_lib.widgets.text_search import KINDS, NEAREST, TextSearch

EDGE = 16  # CSS pixels, as in text_map.js


def search_of(made_from):
    """Return Python's search over what travels."""
    lsa, offsets, numbers, counts = (
        np.frombuffer(base64.b64decode(made_from[name]), kind)
        for name, kind in (("lsa", np.float32), ("offsets", np.uint32), ("numbers", np.uint16), ("counts", np.uint16))
    )
    dense = np.zeros((len(made_from["names"]), len(made_from["words"])), dtype=np.uint16)
    for row, first, end in zip(dense, offsets[:-1], offsets[1:], strict=True):
        row[numbers[first:end]] = counts[first:end]
    network = unpack(made_from["layers"], base64.b64decode(made_from["weights"]), made_from["precision"])
    return TextSearch(network, lsa.reshape(-1, 2), dense, made_from["words"], made_from["names"])


class TextMapOnPage:
    """The widget in one output of a notebook or an exported page."""

    def __init__(self, output, made_from):
        output.scroll_into_view_if_needed()
        self.output, self.page = output, output.page
        self.view, self.map = output.locator(".lessons-widget"), output.locator(".lessons-map")
        self.box = output.get_by_role("combobox", name="search")
        self.search, self.words = search_of(made_from), made_from["words"]
        self.names, self.labels, self.topics = (made_from[name] for name in ("names", "labels", "topics"))
        codes = np.frombuffer(base64.b64decode(made_from["codes"]), np.float32).reshape(-1, 2).astype(float)
        np.testing.assert_allclose(codes, self.search.codes["code"], rtol=1e-4, atol=1e-4)
        self.codes, self.low, self.high = codes, codes.min(0), codes.max(0)
        assert output.locator("datalist option").count() == len(self.names)

    def told(self):
        """Return what the page says that it shows."""
        return json.loads(self.map.get_attribute("data-shown"))

    def shown(self):
        """Return what the page says, after comparing it with Python's and with what can be read."""
        told = self.told()
        query, document = told["query"], told["document"]
        assert self.box.input_value() == query
        meaning = self.search.read(query)
        assert (document, told["unknown"]) == (-1 if meaning.document is None else meaning.document, meaning.unknown)
        if meaning.counts.any():
            np.testing.assert_allclose(told["code"], meaning.codes["code"], rtol=1e-3, atol=1e-3)
        else:
            assert told["code"] is None
        lists = self.view.locator(".lessons-lists ol")
        for number, (kind, far) in enumerate(self.search.distances(query).items()):
            found, wanted = told["neighbours"][kind], np.sort(far)[:NEAREST]
            assert len(set(found)) == len(found) == (wanted < np.inf).sum()
            np.testing.assert_allclose(far[found], wanted[wanted < np.inf], rtol=1e-3, atol=1e-3)
            entries = lists.nth(number).locator("li:not([hidden])")
            assert entries.all_text_contents() == [self.entry(each, document) for each in found]
        self.assert_words(told)
        return told

    def entry(self, neighbour, document):
        """Return what the list says of a neighbour."""
        same = document >= 0 and self.labels[neighbour] == self.labels[document]
        return f"{self.names[neighbour]}{'✓ ' if same else ''}{self.topic(neighbour)}"

    def topic(self, document):
        return self.topics[self.labels[document]]

    def assert_words(self, told):
        words = self.view.locator(".lessons-status").first.text_content()
        pointed, document = told["pointed"], told["document"]
        if pointed >= 0:
            assert words == f"{self.names[pointed]}, {self.topic(pointed)}"
        elif document >= 0:
            assert words.startswith(f"The query is {self.names[document]}, {self.topic(document)}.")
        elif not told["known"] and not told["unknown"]:
            assert words.startswith("Type words")
        else:
            assert words.startswith("Words that count: ") == bool(told["known"])
            assert ("Not in the vocabulary: " in words) == bool(told["unknown"])
            assert all(word in words for word in [*told["known"][:6], *told["unknown"][:6]])

    def after(self, action, **wanted):
        """Do something, wait until the page tells what is wanted, and compare all with Python's."""
        action()
        self.page.wait_for_function(
            """([map, wanted]) => {
              const told = JSON.parse(map.dataset.shown);
              return Object.entries(wanted).every(([name, value]) => told[name] === value);
            }""",
            arg=[self.map.element_handle(), wanted],
            timeout=10_000,
        )
        return self.shown()

    def search_for(self, query):
        return self.after(lambda: self.box.fill(query), query=query)

    def picture(self):
        return self.map.evaluate("map => map.toDataURL()")

    def place(self, document):
        """Return where a document's dot lies on the screen."""
        self.map.scroll_into_view_if_needed()
        box = self.map.bounding_box()
        sides = np.array([box["width"], box["height"]]) - 2  # its border
        ranges = self.high - self.low
        scale = ((sides - 2 * EDGE) / np.where(ranges > 0, ranges, 1)).min()
        x, y = sides / 2 + scale * (self.codes[document] - (self.low + self.high) / 2) * [1, -1]
        return box["x"] + 1 + x, box["y"] + 1 + y

    def lonely_dot(self):
        """Return a document whose dot has no other near it."""
        gaps = np.linalg.norm(self.codes[:, None] - self.codes[None], axis=2)
        np.fill_diagonal(gaps, np.inf)
        return int(gaps.min(1).argmax())

    def spoken(self):
        self.page.wait_for_timeout(600)
        return self.view.locator(".lessons-announcer").text_content()

    def press(self, key):
        """Press a key on the map; return the document that it then points at."""
        next_drawing(self.view, lambda: self.map.press(key))
        return self.shown()["pointed"]


def thorough(output, made_from):
    """Words typed, names picked, dots hovered, clicked and reached by key, neighbours followed."""
    driven = TextMapOnPage(output, made_from)
    driven.search_for("")
    blank = driven.picture()
    driven.box.focus()
    driven.page.keyboard.type(f"{driven.words[0]} Zzz of")
    shown = driven.after(lambda: driven.page.keyboard.type(" zzz"), query=f"{driven.words[0]} Zzz of zzz")
    assert shown["unknown"] == ["zzz", "of"] and shown["known"] == driven.words[:1]
    assert driven.picture() != blank
    assert "Not in the vocabulary: zzz, of." in driven.spoken() and "nearest by LSA: " in driven.spoken()
    driven.search_for("zzz")
    assert driven.picture() == blank
    driven.search_for(" ".join(driven.words[:40]))
    for document in (0, len(driven.names) - 1):
        assert driven.search_for(driven.names[document])["document"] == document
        driven.search_for(driven.names[document] + " ")  # its words
    lonely = driven.lonely_dot()
    mouse = driven.page.mouse
    driven.after(lambda: mouse.move(*driven.place(lonely)), pointed=lonely)
    assert driven.spoken() == f"{driven.names[lonely]}, {driven.topic(lonely)}"
    mouse.down()
    driven.after(mouse.up, document=lonely)
    driven.after(lambda: driven.box.hover(), pointed=-1)
    by_key(driven, lonely)
    follow_neighbours(driven)
    driven.search_for(driven.words[1])


def by_key(driven, start):
    """From the query's dot along the map; Enter searches for the dot that was reached."""
    driven.map.focus()
    seen = {start}
    directions = [("ArrowLeft", 0, -1), ("ArrowUp", 1, 1), ("Shift+ArrowRight", 0, 1), ("ArrowDown", 1, -1)]
    for _ in range(2):
        for key, axis, sign in directions:
            before = driven.told()["pointed"]
            before = start if before < 0 else before
            ahead = sign * (driven.codes - driven.codes[before])
            if (ahead[:, axis] > np.abs(ahead[:, 1 - axis]) + 0.15 * np.ptp(driven.codes)).any():
                after = driven.press(key)
                assert sign * (driven.codes[after] - driven.codes[before])[axis] > 0
                seen.add(after)
    assert len(seen) > 2
    reached = driven.told()["pointed"]
    changed = {"pointed": -1} if reached != start else {}
    driven.after(lambda: driven.map.press("Enter"), document=reached, **changed)
    driven.after(driven.box.focus, pointed=-1)


def follow_neighbours(driven):
    """Each list's last entry by mouse, its first by key."""
    for number, kind in enumerate(KINDS):
        entries = driven.view.locator(".lessons-lists ol").nth(number).locator("button")
        wanted = driven.told()["neighbours"][kind][-1]
        entry = entries.nth(len(driven.told()["neighbours"][kind]) - 1)
        driven.after(entry.hover, pointed=wanted)
        driven.after(entry.click, document=wanted)
        driven.after(driven.box.hover, pointed=-1)
        wanted = driven.told()["neighbours"][kind][0]
        driven.after(entries.first.focus, pointed=wanted)
        driven.after(lambda e=entries: e.first.press("Enter"), document=wanted)
        driven.after(driven.box.focus, pointed=-1)


def once(output, made_from):
    """Words typed, a name picked."""
    driven = TextMapOnPage(output, made_from)
    query = f"{driven.words[0]} {driven.words[-1]} zzz"
    before = driven.picture()
    assert driven.search_for(query)["unknown"] == ["zzz"]
    assert driven.picture() != before
    driven.search_for(driven.names[len(driven.names) // 2])
