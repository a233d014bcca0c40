"""Words as numbers, and numbers as one-hot rows. Built by hand in lesson 09."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np

PAD, UNKNOWN, BEGIN, END = "<pad>", "<unk>", "<s>", "</s>"
SPECIAL = (PAD, UNKNOWN, BEGIN, END)
_LARGEST_ONE_HOT = 20_000_000


class Vocabulary:
    """The words that a model knows, each with a number from 0 to V - 1.

    Parameters
    ----------
    words : the running words of a text (its *training* part: words that occur in the test part only
        are unknown, and shall be), an iterable of strings.
    min_count : words that occur less often are left out.
    size : at most so many entries, the special ones among them; the rarest words are left out.
    special : entries that come first: padding, unknown, begin and end, or some of them, or none.

    Attributes: ``words`` (V,), a tuple: the special entries, then the words, the most frequent
    first, ties in alphabetical order. ``counts`` (V,) int64: how often each occurred in ``words``,
    at "<unk>" all that were left out.

    >>> vocabulary = Vocabulary("a girl and a boy and a bar".split(), min_count=2)
    >>> vocabulary.words
    ('<pad>', '<unk>', '<s>', '</s>', 'a', 'and')
    >>> vocabulary.encode(["a", "queen"]).tolist(), vocabulary.decode([5, 1])
    ([4, 1], ['and', '<unk>'])
    """

    def __init__(
        self,
        words: Iterable[str],
        min_count: int = 1,
        size: int | None = None,
        special: Sequence[str] = SPECIAL,
    ):
        if isinstance(words, str):
            raise ValueError("words is a list of words; a string would be a list of letters.")
        if size is not None and size <= len(special):
            raise ValueError(f"size is {size}; the {len(special)} special entries need more.")
        counted = Counter(words)
        for entry in special:
            counted.pop(entry, None)
        ranked = sorted(counted, key=lambda word: (-counted[word], word))
        known = [word for word in ranked if counted[word] >= min_count]
        known = known[: None if size is None else size - len(special)]
        self.special = tuple(special)
        self.words = (*self.special, *known)
        self._place = {word: i for i, word in enumerate(self.words)}
        self.counts = np.array([counted.get(word, 0) for word in self.words], dtype=np.int64)
        if UNKNOWN in self._place:
            left_out = sum(counted.values()) - int(self.counts.sum())
            self.counts[self._place[UNKNOWN]] = left_out

    @classmethod
    def in_order(cls, words: Sequence[str], counts=None) -> "Vocabulary":
        """A vocabulary of these words as they come, without special entries.

        counts : (V,), how often each occurs, if that is known. Raises ``ValueError`` where a word
        comes twice.
        """
        vocabulary = cls([], special=())
        vocabulary.words = tuple(words)
        vocabulary._place = {word: i for i, word in enumerate(vocabulary.words)}
        if len(vocabulary._place) < len(vocabulary.words):
            raise ValueError("A word comes twice; every word has one number.")
        counts = np.zeros(len(vocabulary.words)) if counts is None else counts
        vocabulary.counts = np.asarray(counts, dtype=np.int64)
        return vocabulary

    def __len__(self) -> int:
        return len(self.words)

    def __contains__(self, word: str) -> bool:
        return word in self._place

    def __getitem__(self, word: str) -> int:
        """The number of one word. ``KeyError`` with a sentence where it is not here."""
        if word not in self._place:
            raise KeyError(f"{word!r} is not among the {len(self)} words of this vocabulary.")
        return self._place[word]

    def encode(self, words: Iterable[str]) -> np.ndarray:
        """The numbers of some words, (n,) int64; a word that is not here becomes "<unk>".

        Raises ``ValueError`` for an unknown word where the vocabulary has no "<unk>".
        """
        if isinstance(words, str):
            raise ValueError("encode takes a list of words; words.tokens makes one of a string.")
        words = list(words)
        unknown = self._place.get(UNKNOWN)
        if unknown is None:
            missing = sorted({word for word in words if word not in self._place})
            if missing:
                names = ", ".join(map(repr, missing[:5]))
                raise ValueError(f"Not in this vocabulary, which has no '{UNKNOWN}': {names}.")
        return np.array([self._place.get(word, unknown) for word in words], dtype=np.int64)

    def decode(self, ids: Iterable[int]) -> list[str]:
        """The words with these numbers. ``ValueError`` where a number is not 0 .. V - 1."""
        ids = np.asarray(list(ids), dtype=np.int64)
        if ids.size and (ids.min() < 0 or ids.max() >= len(self)):
            raise ValueError(f"Words have the numbers 0 to {len(self) - 1}.")
        return [self.words[i] for i in ids]

    def pad(self, sequences: Sequence[Sequence[int]]) -> tuple[np.ndarray, np.ndarray]:
        """Sequences of numbers as one array (T, B), padded at their ends, and its mask (T, B).

        Raises ``ValueError`` where the vocabulary has no "<pad>".
        """
        if PAD not in self._place:
            raise ValueError(f"This vocabulary has no '{PAD}' to fill up the shorter sequences.")
        T = max((len(sequence) for sequence in sequences), default=0)
        ids = np.full((T, len(sequences)), self._place[PAD], dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=bool)
        for k, sequence in enumerate(sequences):
            ids[: len(sequence), k] = sequence
            mask[: len(sequence), k] = True
        return ids, mask

    def __repr__(self) -> str:
        return f"Vocabulary({len(self)} words, {len(self.special)} of them special)"


def one_hot(ids, V: int) -> np.ndarray:
    """Numbers as rows with a single 1: (...) whole numbers become (..., V) float64.

    Raises ``ValueError`` where a number is not 0 .. V - 1, and where the result would have more
    than 20 million numbers.

    >>> one_hot([2, 0], 3)
    array([[0., 0., 1.],
           [1., 0., 0.]])
    """
    ids = np.asarray(ids)
    check_ids(ids, V)
    if ids.size * V > _LARGEST_ONE_HOT:
        raise ValueError(f"{ids.size:,} rows of {V:,} numbers do not fit comfortably into memory.")
    rows = np.zeros((*ids.shape, V))
    np.put_along_axis(rows, ids[..., None], 1.0, axis=-1)
    return rows


def check_ids(ids: np.ndarray, V: int) -> None:
    """Raise ``ValueError``, in one sentence, where these are not numbers of words."""
    if ids.size == 0:
        return
    if ids.dtype.kind not in "iu":
        raise ValueError(f"Words are whole numbers from 0 to {V - 1}; these are {ids.dtype}.")
    if ids.min() < 0 or ids.max() >= V:
        raise ValueError(
            f"There are {V} words, numbered 0 to {V - 1}; among these are "
            f"{ids.min()} and {ids.max()}."
        )
