"""Documents with a topic: what functions of the installed Python packages say of themselves, as counts of words.

The packages are read as text, where they lie; none is imported. Their docstrings stay under their own licences
(BSD, MIT, PSF and the like); nothing of them is in this repository. 20 newsgroups is one argument away: Lang (1995),
NewsWeeder: learning to filter netnews, doi:10.1016/B978-1-55860-377-6.50048-7.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import torch

from lessons_lib.arrays import shown
from lessons_lib.datasets.cache import cache_folder, write_atomically
from lessons_lib.datasets.docstrings import Docstring, docstrings, hash_of, key

CACHE_FILE = "documents.npz"
# Each topic, and where it is spoken of: a package, a folder of it or a file. The longest that fits counts.
PLACES = {
    "algebra": "sympy/core sympy/functions sympy/integrals sympy/polys sympy/series sympy/simplify sympy/solvers",
    "graphs": "networkx",
    "images": "PIL matplotlib/image.py scipy/ndimage torchvision/io torchvision/transforms",
    "machine learning": "mlxtend/classifier mlxtend/cluster mlxtend/regressor sklearn",
    "matrices": "numpy/linalg numpy/matrixlib scipy/linalg scipy/sparse sympy/matrices torch/sparse",
    "neural networks": "torch/nn torchvision/models torchvision/ops",
    "physics": "sympy/physics",
    "plots": "matplotlib",
    "signals": "numpy/fft scipy/fft scipy/fftpack scipy/signal",
    "statistics": "scipy/stats statsmodels/nonparametric statsmodels/robust statsmodels/stats",
    "tables": "pandas",
    "time series": "statsmodels/tsa",
}
TOPICS = tuple(PLACES)
TOPIC_OF = {place: topic for topic, places in PLACES.items() for place in places.split()}
FEWEST = 60  # words of a document
MOST = 300  # documents of a topic
VOCABULARY = 2000  # words
HELD_OUT = 5  # one document in so many
WORD = re.compile("[a-z]{3,}")
# Words that say nothing of a topic.
LEFT_OUT = frozenset(
    "about above after all also and any are because been before being below between both but can cannot could did "
    "does doing done each either else for from had has have having here how into its itself just made make makes may "
    "more most must neither nor not off once one only onto other otherwise our over own same see shall should since "
    "some such than that the their them then there therefore these they this those though three through thus too two "
    "under until upon very was were what when where whether which while who whose why will with within without would "
    "yet you your".split()
)
# What begins so (sympy, networkxerror) gives away the package that a document is from.
PACKAGES = tuple(
    "ipython matplotlib mlxtend mpl mpmath networkx numpy pandas patsy pil pillow plt pyplot python pytorch scikit "
    "scipy sklearn statsmodels sympy torch".split()
)


class Document(NamedTuple):
    """A name, a topic, and the words without the examples' code."""

    name: str
    topic: str
    text: str


@dataclass(frozen=True)
class Documents:
    """Documents as counts of words, split once and for all into training and held-out ones.

    Attributes
    ----------
    words : tuple of str
        The vocabulary: the training documents' commonest words, the commonest first.
    topics : tuple of str
        Names of the topics, in the order of the alphabet.
    x_train, x_test : torch.Tensor
        Shape (n, number of words), float32: how often each word stands in each document.
    y_train, y_test : torch.Tensor
        Shape (n,), int64: ``topics[y]`` is a document's topic.
    names_train, names_test : tuple of str
        What each document is about, ``"scipy.signal.iir_filter_design.butter"``.
    texts_train, texts_test : tuple of str
        The documents themselves.
    """

    words: tuple[str, ...]
    topics: tuple[str, ...]
    x_train: torch.Tensor
    y_train: torch.Tensor
    x_test: torch.Tensor
    y_test: torch.Tensor
    names_train: tuple[str, ...]
    names_test: tuple[str, ...]
    texts_train: tuple[str, ...]
    texts_test: tuple[str, ...]

    def encode(self, texts: Sequence[str]) -> torch.Tensor:
        """Count the words of texts; words that aren't in the vocabulary don't count.

        Parameters
        ----------
        texts : sequence of str
            Each with at least one word of the vocabulary; capitals make no difference.

        Returns
        -------
        torch.Tensor
            Shape (n, number of words), float32.

        Raises
        ------
        ValueError
            If there is no text, or one has no word of the vocabulary.
        """
        if isinstance(texts, str) or not isinstance(texts, Sequence) or not texts:
            raise ValueError(f"texts is {shown(texts)}; it must be a list of texts.")
        for text in texts:
            if not isinstance(text, str):
                raise ValueError(f"texts holds {shown(text)}; each must be text.")
            if not set(self.words).intersection(_words(text)):
                raise ValueError(
                    f"{shown(text)} has none of the {len(self.words)} words that these documents are counted by; "
                    "try other words."
                )
        return _counts(texts, self.words)

    def to(self, device: torch.device | str) -> "Documents":
        """Return the same data on another device."""
        tensors = {name: value.to(device) for name, value in vars(self).items() if isinstance(value, torch.Tensor)}
        return replace(self, **tensors)


def documents(newsgroups: bool = False) -> Documents:
    """Read documents of twelve topics from the docstrings of the installed packages; no network.

    A document is what one public function or class says of itself, without the examples' code, if that is at least
    60 words; the topic hangs on where in which package it stands. Of documents that begin with the same sentence
    one counts, and of each topic at most 300, those whose names have the smallest hash. Where packages are missing
    there are fewer documents. Order and split hang on each name alone, so another version of a package changes little.

    The vocabulary is the 2,000 commonest words, of three letters or more, of the training documents, without words
    that say nothing ("the", "which") and without words that begin with a package's name ("numpy", "networkxerror"),
    which would give the topic away. Words of a trade ("tensor", "axes") stay, and so do a package's habits of
    writing: to some degree a topic is a package here.

    Parameters
    ----------
    newsgroups : bool
        True: 20 newsgroups, 18,846 posts without headers, footers and quotes, with their own split by date, which
        scikit-learn downloads once (14 MB); where that fails, one line says so and the docstrings are returned.

    Returns
    -------
    Documents

    Raises
    ------
    ValueError
        If ``newsgroups`` is neither True nor False.

    Examples
    --------
    >>> from lessons_lib.datasets import documents
    >>> len(documents().topics)
    12
    """
    if not isinstance(newsgroups, bool | np.bool_):
        raise ValueError(f"newsgroups is {shown(newsgroups)}; it must be True or False.")
    if newsgroups:
        try:
            return _newsgroups()
        except (OSError, RuntimeError, ValueError) as error:  # no network, or a download that broke off
            reason = (str(error) or type(error).__name__).splitlines()[0].rstrip(": ")
            print(f"20 newsgroups can't be had here ({reason}); going on with the docstrings on this disk.")
    both = _cached()
    held_out = [hash_of(document.name) % HELD_OUT == 0 for document in both]
    train, test = ([document for document, out in zip(both, held_out, strict=True) if out == part] for part in (0, 1))
    return _documents(train, test, TOPICS)


def _documents(train: list[Document], test: list[Document], topics: tuple[str, ...]) -> Documents:
    counts = Counter(word for document in train for word in _words(document.text))
    words = tuple(sorted(counts, key=lambda word: (-counts[word], word))[:VOCABULARY])
    parts: dict[str, object] = {}
    for part, chosen in (("train", train), ("test", test)):
        texts = tuple(document.text for document in chosen)
        parts[f"x_{part}"] = _counts(texts, words)
        parts[f"y_{part}"] = torch.tensor([topics.index(document.topic) for document in chosen], dtype=torch.int64)
        parts[f"names_{part}"], parts[f"texts_{part}"] = tuple(document.name for document in chosen), texts
    return Documents(words, topics, **parts)


def _counts(texts: Sequence[str], words: tuple[str, ...]) -> torch.Tensor:
    numbers = {word: number for number, word in enumerate(words)}
    x = torch.zeros(len(texts), len(words))
    for row, text in zip(x, texts, strict=True):
        known = Counter(numbers[word] for word in _words(text) if word in numbers)
        row[list(known)] = torch.tensor(list(known.values()), dtype=torch.float32)
    return x


def _words(text: str) -> list[str]:
    """Return the words that may count, in small letters; ``n_samples`` is ``samples``."""
    return [word for word in WORD.findall(text.lower()) if word not in LEFT_OUT and not word.startswith(PACKAGES)]


def _cached() -> list[Document]:
    """Return the documents in their order, from the cache where it is of these very packages."""
    path, now = cache_folder() / CACHE_FILE, key(__file__)
    try:
        with np.load(path, allow_pickle=False) as stored:
            if str(stored["key"]) == now:
                return [Document(*row) for row in json.loads(stored["documents"].tobytes())]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        pass
    except Exception as error:  # whatever is wrong with the cache, the packages are there
        print(f"The cached documents in {path.name} are damaged ({error}); reading them again.")
    found = _chosen(docstrings(dict.fromkeys(place.split("/")[0] for place in TOPIC_OF)))
    write_atomically(path, key=np.array(now), documents=np.frombuffer(json.dumps(found).encode(), dtype=np.uint8))
    return found


def _chosen(found: Iterable[Docstring]) -> list[Document]:
    """Return the documents: public, long enough, each first sentence once, at most so many of a topic."""
    first_of: dict[tuple[str, str], Document] = {}
    for docstring in found:
        topic, name = _topic(docstring), docstring.name
        if topic is None or not docstring.owner or any(part.startswith("_") for part in docstring.owner.split(".")):
            continue
        text = _without_code(docstring.text)
        if len(WORD.findall(text.lower())) < FEWEST:
            continue
        sentence = re.split(r"\.\s|\n\s*\n", text)[0]
        same = topic, " ".join(WORD.findall(sentence.lower()))
        document = Document(name, topic, text)
        first_of[same] = min(first_of.get(same, document), document, key=_place)
    of_topic: dict[str, dict[str, Document]] = {topic: {} for topic in TOPICS}
    for document in sorted(first_of.values(), key=_place):
        same_topic = of_topic[document.topic]
        if len(same_topic) < MOST:
            same_topic.setdefault(document.name, document)
    return sorted((document for group in of_topic.values() for document in group.values()), key=_place)


def _place(document: Document) -> tuple[int, str, str]:
    """Return what the order goes by; the text decides between two of one name."""
    return hash_of(document.name), document.name, document.text


def _topic(docstring: Docstring) -> str | None:
    parts = [docstring.package, *docstring.file.split("/")]
    places = ("/".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((TOPIC_OF[place] for place in places if place in TOPIC_OF), None)


def _without_code(text: str) -> str:
    """Leave out the examples' code and what it prints: from ``>>>`` to the next empty line."""
    kept, inside = [], False
    for line in text.strip().splitlines():
        inside = line.lstrip().startswith(">>>") or (inside and bool(line.strip()))
        if not inside:
            kept.append(line)
    return "\n".join(kept).strip()


def _newsgroups() -> Documents:
    """Return 20 newsgroups."""
    from sklearn.datasets import fetch_20newsgroups  # here: it takes a second

    print("20 newsgroups: downloading 14 MB if they aren't on this disk yet …")
    parts = []
    for subset in ("train", "test"):
        posts = fetch_20newsgroups(
            data_home=cache_folder(), subset=subset, remove=("headers", "footers", "quotes"), n_retries=1
        )
        groups = [posts.target_names[number] for number in posts.target]
        parts.append(
            [
                Document(f"{group} {number}", group, text)
                for number, (group, text) in enumerate(zip(groups, posts.data, strict=True))
                if _words(text)
            ]
        )
    return _documents(*parts, tuple(sorted(posts.target_names)))
