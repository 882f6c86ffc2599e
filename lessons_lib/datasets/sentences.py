"""Short English sentences: what the docstrings of the installed Python packages say first.

The packages are read as text, where they lie; none is imported. Their docstrings stay under their own licences
(BSD, MIT, PSF and the like); nothing of them is in this repository.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from lessons_lib.arrays import shown
from lessons_lib.datasets.cache import cache_folder, write_atomically
from lessons_lib.datasets.docstrings import docstrings, hash_of, key

CACHE_FILE = "sentences.npz"
VERBS = (
    "add apply build calculate call change check clear close compute construct convert copy create define delete "
    "determine display draw estimate evaluate extract fill find fit format generate get handle initialize insert "
    "list load make perform plot predict print raise read register remove replace reset return run save select set "
    "sort split store test transform update validate write"
).split()
FEWEST, MOST = 3, 8  # words of a sentence
VOCABULARY = 500  # words
HELD_OUT = 10  # one sentence in so many


@dataclass(frozen=True)
class Sentences:
    """Sentences as rows of whole numbers, split once and for all into training and held-out data.

    Attributes
    ----------
    words : tuple of str
        The vocabulary, the commonest first behind ``words[0]``, which is ``""`` and stands for the end.
    x_train, x_test : torch.Tensor
        Shape (n, 9), int64: the numbers of up to eight words, then zeros.
    """

    words: tuple[str, ...]
    x_train: torch.Tensor
    x_test: torch.Tensor

    def text(self, rows: torch.Tensor) -> list[str]:
        """Return rows of numbers as sentences, each up to its first zero.

        Parameters
        ----------
        rows : torch.Tensor
            Shape (n, length), whole numbers from 0 to ``len(words) - 1``.

        Returns
        -------
        list of str

        Raises
        ------
        ValueError
            If ``rows`` is no such tensor.
        """
        if not isinstance(rows, torch.Tensor) or rows.ndim != 2 or rows.is_floating_point() or rows.is_complex():
            raise ValueError(f"rows is {shown(rows)}; it must be a tensor of whole numbers, of shape (n, length).")
        numbers = rows.tolist()
        beyond = [number for row in numbers for number in row if not 0 <= number < len(self.words)]
        if beyond:
            raise ValueError(f"rows holds {beyond[0]}; the words have numbers from 0 to {len(self.words) - 1}.")
        return [" ".join(self.words[number] for number in row[: _length(row)]) for row in numbers]

    def encode(self, texts: Sequence[str]) -> torch.Tensor:
        """Return sentences as rows of numbers.

        Parameters
        ----------
        texts : sequence of str
            Each of one to eight words that are in the vocabulary; capitals, full stops and commas don't count.

        Returns
        -------
        torch.Tensor
            Shape (n, 9), int64.

        Raises
        ------
        ValueError
            If there is no sentence, or one is too long, empty, or has words that aren't in the vocabulary; these
            are named.
        """
        if isinstance(texts, str) or not isinstance(texts, Sequence) or not texts:
            raise ValueError(f"texts is {shown(texts)}; it must be a list of sentences.")
        numbers = {word: number for number, word in enumerate(self.words) if number}
        rows = torch.zeros(len(texts), MOST + 1, dtype=torch.int64)
        for row, text in zip(rows, texts, strict=True):
            if not isinstance(text, str):
                raise ValueError(f"texts holds {shown(text)}; each sentence must be text.")
            words = re.sub(r"[.,;:!?]", " ", text.lower()).split()
            if not 1 <= len(words) <= MOST:
                raise ValueError(f"“{text}” has {len(words)} words; a sentence here has from 1 to {MOST}.")
            if strangers := [word for word in words if word not in numbers]:
                names = ", ".join(f"“{word}”" for word in dict.fromkeys(strangers))
                raise ValueError(
                    f"{names}: not among the {len(numbers)} words that these sentences are made of; try another word."
                )
            row[: len(words)] = torch.tensor([numbers[word] for word in words])
        return rows

    def to(self, device: torch.device | str) -> "Sentences":
        """Return the same data on another device."""
        return Sentences(self.words, self.x_train.to(device), self.x_test.to(device))


def sentences() -> Sentences:
    """Read short sentences from the docstrings of the installed packages; no network.

    A sentence is the first of a docstring, in small letters, if it has three to eight words and begins with one of
    57 verbs (``returns`` counts as ``return``), and all its words are among the 500 commonest of such sentences.
    Where packages are missing there are fewer sentences. The split and the order hang on each sentence alone, so
    another version of a package changes little.

    Returns
    -------
    Sentences

    Examples
    --------
    >>> from lessons_lib.datasets import sentences
    >>> sentences().x_train.shape[1]
    9
    """
    texts = _cached()
    counts = Counter(word for text in texts for word in text.split())
    words = ("", *sorted(counts, key=lambda word: (-counts[word], word)))
    none = torch.zeros(0, MOST + 1, dtype=torch.int64)
    rows = Sentences(words, none, none).encode(texts) if texts else none
    held_out = torch.tensor([hash_of(text) % HELD_OUT == 0 for text in texts], dtype=torch.bool)
    return Sentences(words, rows[~held_out], rows[held_out])


def _length(row: list[int]) -> int:
    """Return how many words stand before the first zero."""
    return row.index(0) if 0 in row else len(row)


def _cached() -> list[str]:
    """Return the sentences in their order, from the cache where it is of these very packages."""
    path, now = cache_folder() / CACHE_FILE, key(__file__)
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["key"]) == now:
                return stored["sentences"].tolist()
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except Exception as error:  # whatever is wrong with the cache, the packages are there
        print(f"The cached sentences in {path.name} are damaged ({error}); reading them again.")
    texts = _common(_summaries(docstring.text for docstring in docstrings()))
    write_atomically(path, key=np.array(now), sentences=np.array(texts, dtype=np.str_))
    return texts


def _summaries(docstrings: Iterable[str]) -> list[str]:
    """Return first sentences that begin with one of the verbs, each once, in an order that hangs on each alone."""
    verbs = {form: verb for verb in VERBS for form in (verb, f"{verb}s", f"{verb}es", f"{verb[:-1]}ies")}
    found = set()
    for docstring in docstrings:
        paragraph = docstring.strip().split("\n\n")[0].replace("`", "").replace(",", " ")
        words = re.split(r"\.(?:\s|$)", paragraph)[0].lower().split()
        if FEWEST <= len(words) <= MOST and words[0] in verbs and all(re.fullmatch("[a-z'-]+", word) for word in words):
            found.add(" ".join([verbs[words[0]], *words[1:]]))
    return sorted(found, key=lambda text: (hash_of(text[::-1]), text))


def _common(texts: list[str]) -> list[str]:
    """Return the sentences all of whose words are among the commonest."""
    counts = Counter(word for text in texts for word in text.split())
    known = set(sorted(counts, key=lambda word: (-counts[word], word))[:VOCABULARY])
    return [text for text in texts if known.issuperset(text.split())]
