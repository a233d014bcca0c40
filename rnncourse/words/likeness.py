"""How alike two word vectors are, and what can be asked of that. Built by hand in lesson 09."""

from dataclasses import dataclass

import numpy as np


def cosine(a, b):
    """The cosine of the angle between vectors: their product with the lengths divided out.

    Parameters: ``a`` (..., E), ``b`` (..., E). Returns: (...), from -1 to 1; 0 where one of the
    two is all zeros, for it points nowhere.

    >>> round(float(cosine([1.0, 0.0], [3.0, 3.0])), 3)
    0.707
    """
    a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    products = (a * b).sum(axis=-1)
    return np.divide(products, lengths, out=np.zeros_like(products), where=lengths > 0)


def neighbours(vectors, vocabulary, word, n=10, leave_out=()):
    """The n words whose vectors point most nearly the same way; never the word itself.

    Parameters: ``vectors`` (V, E); ``vocabulary``, with the words at the same places; ``word``, a
    word of it, or a vector (E,). ``leave_out``: further words that shall not be named.
    The special entries ("<pad>" and so on) are never named.
    Returns: [(word, cosine), ...], the nearest first.
    Raises ``KeyError`` with a sentence where the word is not in the vocabulary.
    """
    vectors = np.asarray(vectors, dtype=float)
    if isinstance(word, str):
        query, leave_out = vectors[vocabulary[word]], (word, *leave_out)
    else:
        query = np.asarray(word, dtype=float)
    alike = cosine(vectors, query)
    hidden = [vocabulary[name] for name in (*vocabulary.special, *leave_out)]
    alike[hidden] = -np.inf
    best = np.argsort(-alike, kind="stable")[: min(n, len(alike) - len(set(hidden)))]
    return [(vocabulary.words[i], float(alike[i])) for i in best]


def analogy(vectors, vocabulary, a, b, c, n=1, inputs_too=False):
    """ "a is to b as c is to ...": the words nearest to ``b - a + c``, all of length 1 before.

    The three inputs are left out, as in nearly all published figures: without that rule the answer
    is most often one of them. ``inputs_too`` shows that.
    Returns: [(word, cosine), ...].
    """
    vectors = unit_length(vectors)
    at_a, at_b, at_c = (vectors[vocabulary[word]] for word in (a, b, c))
    left_out = () if inputs_too else (a, b, c)
    return neighbours(vectors, vocabulary, at_b - at_a + at_c, n, left_out)


def unit_length(vectors):
    """Every row divided by its length; a row of zeros stays."""
    vectors = np.asarray(vectors, dtype=float)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


@dataclass(frozen=True)
class Agreement:
    """How well cosines follow what people say of pairs of words.

    rho : Spearman's rank correlation, -1 to 1. low, high : its 95 % interval, by drawing the pairs
    anew (bootstrap). covered : the pairs of which both words have a vector; pairs : all of them.
    The others are left out of rho: a small vocabulary is asked easier questions.
    """

    rho: float
    low: float
    high: float
    covered: int
    pairs: int

    def __repr__(self):
        return (
            f"Agreement(rho {self.rho:.2f} [{self.low:.2f}, {self.high:.2f}], "
            f"{self.covered} of {self.pairs} pairs)"
        )


def agreement(vectors, vocabulary, judged, draws=1000, seed=0):
    """Compare cosines with people's judgements, as of WordSim-353 (``data.text.wordsim``).

    Parameters: ``judged``, [(word, word, score), ...]; ``draws``, of the bootstrap.
    Returns an ``Agreement``. Raises ``ValueError`` where fewer than 3 pairs are covered.
    """
    from scipy.stats import rankdata

    known = [
        (vocabulary[a], vocabulary[b], score)
        for a, b, score in judged
        if a in vocabulary and b in vocabulary
    ]
    if len(known) < 3:
        raise ValueError(f"Only {len(known)} of {len(judged)} pairs have vectors; 3 are needed.")
    left, right, scores = (np.array(column) for column in zip(*known, strict=True))
    vectors = np.asarray(vectors, dtype=float)
    said = cosine(vectors[left], vectors[right])

    def rho(places):
        a, b = rankdata(said[places]), rankdata(scores[places])
        return np.corrcoef(a, b)[0, 1]

    rng = np.random.default_rng(seed)
    n = len(scores)
    drawn = [rho(rng.integers(0, n, n)) for _ in range(draws)]
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Agreement(float(rho(np.arange(n))), float(low), float(high), n, len(judged))


def direction(vectors, vocabulary, pairs):
    """The direction in which the second words of some pairs differ from the first ones.

    The first principal axis of the differences, of length 1, pointing from first to second.
    T. Bolukbasi, K.-W. Chang, J. Zou, V. Saligrama and A. Kalai (2016), Man is to computer
    programmer as woman is to homemaker?, arXiv:1607.06520, find the gender direction so.
    Parameters: ``pairs``, [("he", "she"), ...]. Returns: (E,).
    """
    vectors = unit_length(vectors)
    differences = np.array([vectors[vocabulary[b]] - vectors[vocabulary[a]] for a, b in pairs])
    axis = np.linalg.svd(differences)[2][0]
    return axis * np.sign((differences @ axis).sum() or 1.0)


def without_direction(vectors, axis):
    """The vectors with their part along an axis taken out: ``v - (v · axis) axis``.

    Parameters: ``vectors`` (..., E); ``axis`` (E,), of any length but 0. Returns: (..., E).

    >>> without_direction([[3.0, 4.0]], [2.0, 0.0])
    array([[0., 4.]])
    """
    vectors, axis = np.asarray(vectors, dtype=float), np.asarray(axis, dtype=float)
    axis = axis / np.linalg.norm(axis)
    return vectors - (vectors @ axis)[..., None] * axis
