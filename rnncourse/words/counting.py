"""Word vectors by counting: which words stand near which, and how surprisingly often.

Built by hand in lesson 09: the baseline that word2vec has to beat. The measure is

    K. W. Church and P. Hanks (1990), Word association norms, mutual information, and
    lexicography, Computational Linguistics 16, 22-29 (there in bits, and of words in their order);

its positive part, shifted, and its factors as vectors: O. Levy and Y. Goldberg (2014), Neural word
embedding as implicit matrix factorization, NIPS 27.
"""

import numpy as np

from rnncourse.words.pairs import pairs


def cooccurrence(sentences, window, V):
    """How often each word stands at most ``window`` words from each other one.

    Parameters: ``sentences``, a list of (n,) arrays of words' numbers; no pair crosses from one
    to the next. ``window``, words to each side. ``V``, the size of the vocabulary.
    Returns: (V, V) float64, symmetric; row i counts the neighbours of word i.

    >>> cooccurrence([np.array([0, 1, 2])], window=1, V=3)
    array([[0., 1., 0.],
           [1., 0., 1.],
           [0., 1., 0.]])
    """
    centres, contexts = pairs(sentences, window)
    return np.bincount(centres * V + contexts, minlength=V * V).reshape(V, V).astype(float)


def pmi(counts):
    """Pointwise mutual information, ``ln P(i, j) / (P(i) P(j))``, in nats.

    How much more often two words meet than if they did not care for each other: 0 is as often as
    by chance. Parameters: ``counts`` (V, V), as from ``cooccurrence``. Returns: (V, V), minus
    infinity where two words never meet.
    """
    counts = np.asarray(counts, dtype=float)
    total = counts.sum()
    if total == 0:
        raise ValueError("There is no pair to count: a window of 1 or more, and longer sentences.")
    rows, columns = counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.log(counts * total) - np.log(rows * columns)
    return np.where(counts > 0, values, -np.inf)


def ppmi(counts, shift=0.0):
    """Positive PMI: ``max(PMI - shift, 0)``, 0 where two words never meet.

    ``shift`` is ln k for word2vec's k negatives. Returns: (V, V), without infinities.

    >>> ppmi([[0.0, 2.0], [2.0, 4.0]]).round(2)
    array([[0.  , 0.29],
           [0.29, 0.  ]])
    """
    return np.maximum(pmi(counts) - shift, 0.0)


def svd_vectors(M, E, power=0.5):
    """The E strongest directions of a matrix as word vectors: ``U S^power``.

    Parameters: ``M`` (V, V), as from ``ppmi``; ``E``, numbers for each word; ``power``, how much
    of the singular values goes into the words (0.5 shares them evenly between the two sides).
    Returns: (V, E). The sign of each column is chosen so that its largest entry is positive.
    """
    U, S, _ = np.linalg.svd(np.asarray(M, dtype=float))
    if not 1 <= E <= len(S):
        raise ValueError(f"E is 1 to {len(S)}, not {E}.")
    U = U[:, :E]
    largest = U[np.abs(U).argmax(axis=0), np.arange(E)]
    return U * np.sign(largest) * S[:E] ** power
