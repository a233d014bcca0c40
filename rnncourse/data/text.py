"""Real English text as sequences of words or characters, and as one-hot rows.

Two collections that come with gensim: short news reports, and a sample of Wikipedia. Their files
are read directly where that is enough, because importing gensim takes seconds.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate, chain
from typing import Literal

import numpy as np

from rnncourse.data._packages import package_file
from rnncourse.words.tokens import tokens

Unit = Literal["word", "character"]

_LARGEST_ONE_HOT = 20_000_000
_WIKIPEDIA = "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2"
_MIN_ARTICLE = 50  # gensim's own bound: shorter pages are redirections


@dataclass(frozen=True, eq=False)
class Text:
    """A text as a sequence of T units (words or characters), each with a number.

    words : the T units in reading order, as a tuple of strings.
    vocabulary : the V different units, the most frequent first; ties in alphabetical order.
    ids : (T,) int64, the place of each unit in the vocabulary.
    documents : (D + 1,) int64; document i is `words[documents[i] : documents[i + 1]]`.
    unit : "word" or "character". name, source, licence : for captions.
    """

    words: tuple[str, ...]
    vocabulary: tuple[str, ...]
    ids: np.ndarray
    documents: np.ndarray
    unit: Unit
    name: str
    source: str
    licence: str

    def __len__(self) -> int:
        return len(self.words)

    def __repr__(self) -> str:
        return (
            f"Text({self.name}: {len(self):,} {self.unit}s, {len(self.vocabulary):,} different, "
            f"{len(self.documents) - 1} document{'s' if len(self.documents) > 2 else ''})"
        )

    def document(self, i: int) -> tuple[str, ...]:
        """The units of document i, counted from 0."""
        if not 0 <= i < len(self.documents) - 1:
            raise IndexError(f"There are documents 0 to {len(self.documents) - 2}, not {i}.")
        return self.words[self.documents[i] : self.documents[i + 1]]

    def counts(self) -> np.ndarray:
        """How often each unit of the vocabulary occurs: (V,) int64, never rising."""
        return np.bincount(self.ids, minlength=len(self.vocabulary))

    def encode(self, words: Iterable[str]) -> np.ndarray:
        """The numbers of some units, (n,) int64; ValueError names those not in the vocabulary."""
        place = {word: i for i, word in enumerate(self.vocabulary)}
        words = list(words)
        unknown = sorted({word for word in words if word not in place})
        if unknown:
            raise ValueError(f"Not in this vocabulary: {', '.join(map(repr, unknown))}.")
        return np.array([place[word] for word in words], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The units with these numbers."""
        return [self.vocabulary[i] for i in ids]

    def one_hot(self, start: int = 0, stop: int | None = None) -> np.ndarray:
        """Units start to stop (not included) as rows: (T, V) float64, one 1 in each row.

        The column of the 1 is the unit's number. ValueError where the result would have more than
        20 million numbers: then ask for fewer rows.
        """
        ids = self.ids[start:stop]
        size = len(self.vocabulary)
        if len(ids) * size > _LARGEST_ONE_HOT:
            raise ValueError(
                f"{len(ids):,} rows of {size:,} numbers do not fit comfortably into memory. "
                f"Choose start and stop at most {_LARGEST_ONE_HOT // size:,} apart."
            )
        rows = np.zeros((len(ids), size))
        rows[np.arange(len(ids)), ids] = 1.0
        return rows


def from_string(string: str, unit: Unit = "word") -> Text:
    """Any string as a Text with one document. As characters, every character counts as it is."""
    return _make([string], unit, "A text of your own", "written by hand", "yours")


def lee(unit: Unit = "word") -> Text:
    """300 short news reports of the Australian Broadcasting Corporation.

    About 60,000 words, 7,000 different. The reports were collected by M. D. Lee, B. Pincombe and
    M. Welsh for a study of how alike people find documents (2005).
    """
    path = package_file("gensim", "test", "test_data", "lee_background.cor")
    return _make(
        path.read_text(encoding="utf-8").splitlines(),
        unit,
        "Lee background corpus",
        "M. D. Lee, B. Pincombe and M. Welsh (2005); the file lee_background.cor of gensim",
        "the broadcaster's, distributed with gensim (LGPL-2.1); no copy is part of this course",
    )


def wikipedia(unit: Unit = "word") -> Text:
    """106 articles of the English Wikipedia, as of 2016, without tables and mark-up.

    About half a million words. gensim's own functions remove the mark-up, which takes some
    seconds the first time; what is left of tables and formulas is not always clean prose.
    """
    return _make(
        list(_wikipedia_articles()),
        unit,
        "Wikipedia sample",
        "contributors of the English Wikipedia; a sample that comes with gensim",
        "CC BY-SA 3.0, distributed with gensim; no copy is part of this course",
    )


@cache
def _wikipedia_articles() -> tuple[str, ...]:
    """The articles' texts; a page with fewer than 50 words is a redirection and left out."""
    import bz2

    from gensim.corpora import wikicorpus

    path = package_file("gensim", "test", "test_data", _WIKIPEDIA)
    with bz2.open(path) as file:
        pages = [page for _, page, _ in wikicorpus.extract_pages(file, filter_namespaces=("0",))]
    texts = (wikicorpus.filter_wiki(page).replace("'''", "").replace("''", "") for page in pages)
    return tuple(text.strip() for text in texts if len(tokens(text)) >= _MIN_ARTICLE)


def wordsim() -> list[tuple[str, str, float]]:
    """353 pairs of words with what people thought of their relatedness, 0 to 10; lower case.

    L. Finkelstein, E. Gabrilovich, Y. Matias, E. Rivlin, Z. Solan, G. Wolfman and E. Ruppin
    (2002), Placing search in context: the concept revisited, ACM Transactions on Information
    Systems 20, 116-131. The file comes with gensim.
    """
    path = package_file("gensim", "test", "test_data", "wordsim353.tsv")
    rows = [row.split("\t") for row in path.read_text("utf-8").splitlines() if row[:1] != "#"]
    return [(a.lower(), b.lower(), float(score)) for a, b, score in rows]


def analogies() -> dict[str, list[tuple[str, str, str, str]]]:
    """The analogy questions of word2vec by section: "a is to b as c is to d"; lower case.

    19,544 questions in 14 sections: T. Mikolov, K. Chen, G. Corrado and J. Dean (2013), Efficient
    estimation of word representations in vector space, arXiv:1301.3781. The file comes with gensim.
    """
    path = package_file("gensim", "test", "test_data", "questions-words.txt")
    sections: dict[str, list[tuple[str, str, str, str]]] = {}
    for line in path.read_text("utf-8").splitlines():
        if line.startswith(":"):
            questions = sections.setdefault(line[1:].strip(), [])
        elif line.strip():
            questions.append(tuple(line.lower().split()))
    return sections


def _make(texts: Sequence[str], unit: Unit, name: str, source: str, licence: str) -> Text:
    if unit not in ("word", "character"):
        raise ValueError(f"unit is 'word' or 'character', not {unit!r}.")
    parts = [tokens(text) if unit == "word" else list(text) for text in texts]
    words = tuple(chain.from_iterable(parts))
    counts = Counter(words)
    vocabulary = tuple(sorted(counts, key=lambda word: (-counts[word], word)))
    empty = Text(words, vocabulary, _NONE, _NONE, unit, name, source, licence)
    documents = np.array([0, *accumulate(map(len, parts))], dtype=np.int64)
    return replace(empty, ids=empty.encode(words), documents=documents)


_NONE = np.zeros(0, dtype=np.int64)
