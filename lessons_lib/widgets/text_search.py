"""TextMap's arithmetic: what a query means, and which documents are nearest to it, exactly as text_search.js has it."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch import nn

NEAREST = 5  # documents of a list
KINDS = ("code", "LSA", "counts")
WORD = re.compile("[a-z]+")


class Meaning(NamedTuple):
    """What a query means."""

    document: int | None  # position of the document whose name it is
    unknown: list[str]  # words that the vocabulary lacks, in their order
    counts: np.ndarray  # shape (words,)
    codes: dict[str, np.ndarray]  # "code" and "LSA", each of shape (2,)


def words_of(text: str) -> list[str]:
    """Return a text's words: runs of letters from a to z, in small letters."""
    return WORD.findall(text.lower())


def transform(counts: np.ndarray) -> np.ndarray:
    """Return what encoder and LSA get of counts, both of shape (n, words): log(1 + count), rows of length 1."""
    logs = np.log1p(counts, dtype=np.float32)
    length = np.linalg.norm(logs, axis=1, keepdims=True)
    return logs / np.where(length > 0, length, 1)


class TextSearch:
    """Documents by code, by LSA and by counts.

    Parameters
    ----------
    network : nn.Module
        Maps transformed counts (n, words) to codes (n, 2), on the CPU.
    lsa : numpy.ndarray
        Shape (words, 2), float32: transformed counts times it are the LSA codes.
    counts : numpy.ndarray
        Shape (n, words), whole numbers.
    words, names : sequence of str
        The vocabulary; what each document is called.

    Attributes
    ----------
    codes : dict of str to numpy.ndarray
        The documents' "code" and "LSA", each of shape (n, 2), float32.
    """

    def __init__(
        self, network: nn.Module, lsa: np.ndarray, counts: np.ndarray, words: Sequence[str], names: Sequence[str]
    ) -> None:
        self._network, self._lsa, self._counts = network, lsa, counts
        self._word_numbers = {word: number for number, word in enumerate(words)}
        self._documents = {name: document for document, name in enumerate(names)}
        self._lengths = np.array([np.linalg.norm(row.astype(float)) for row in counts])
        self.codes = self._encode(counts)

    def _encode(self, counts: np.ndarray) -> dict[str, np.ndarray]:
        transformed = transform(counts)
        with torch.no_grad():
            return {"code": self._network(torch.from_numpy(transformed)).numpy(), "LSA": transformed @ self._lsa}

    def read(self, query: str) -> Meaning:
        """Return what a query means: the document whose name it is, or its words."""
        document = self._documents.get(query)
        if document is not None:
            return Meaning(
                document, [], self._counts[document], {kind: of[document] for kind, of in self.codes.items()}
            )
        found = Counter(words_of(query))
        counts = np.zeros(len(self._word_numbers), dtype=self._counts.dtype)
        for word in found.keys() & self._word_numbers.keys():
            counts[self._word_numbers[word]] = found[word]
        unknown = [word for word in found if word not in self._word_numbers]
        return Meaning(None, unknown, counts, {kind: of[0] for kind, of in self._encode(counts[None]).items()})

    def distances(self, query: str) -> dict[str, np.ndarray]:
        """Return each document's distance from a query, of each of the ``KINDS``, each of shape (n,).

        By code and by LSA it is Euclidean, for that is what the eye sees on a map; by counts it is one minus the cosine
        of the angle between the two rows of counts. Infinitely far away are the query's own document, documents that
        share no word with it (by counts), and all of them if it has no word.
        """
        meaning = self.read(query)
        known = np.flatnonzero(meaning.counts)
        if not len(known):
            return {kind: np.full(len(self._counts), np.inf) for kind in KINDS}
        far = {kind: np.linalg.norm(self.codes[kind] - code, axis=1) for kind, code in meaning.codes.items()}
        shared = self._counts[:, known].astype(float) @ meaning.counts[known].astype(float)
        cosine = shared / np.maximum(self._lengths, 1) / np.linalg.norm(meaning.counts[known].astype(float))
        far["counts"] = np.where(shared > 0, 1 - cosine, np.inf)
        if meaning.document is not None:
            for distances in far.values():
                distances[meaning.document] = np.inf
        return far

    def nearest(self, query: str) -> dict[str, list[int]]:
        """Return the positions of the documents nearest to a query, the nearest first, of each of the ``KINDS``."""
        return {
            kind: [int(i) for i in np.argsort(far, kind="stable")[:NEAREST] if far[i] < np.inf]
            for kind, far in self.distances(query).items()
        }
