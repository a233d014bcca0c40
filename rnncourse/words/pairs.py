"""What skip-gram is shown: pairs of near words, drawn negatives, fewer frequent words.

Built by hand in lesson 09. T. Mikolov, I. Sutskever, K. Chen, G. Corrado and J. Dean (2013),
Distributed representations of words and phrases and their compositionality, NIPS 26,
arXiv:1310.4546.
"""

import numpy as np


def pairs(sentences, window, rng=None):
    """Every word with every word at most ``window`` places from it, within one sentence.

    Parameters: ``sentences``, a list of (n,) arrays of words' numbers. ``window``, places to each
    side: up to 2 * window neighbours. ``rng``, a NumPy generator: then each centre draws a window
    of its own, 1 .. window, so that near neighbours are met more often, as word2vec does.
    Returns: centres (N,), contexts (N,), whole numbers.

    >>> centres, contexts = pairs([np.array([7, 8, 9])], window=1)
    >>> sorted(zip(centres.tolist(), contexts.tolist()))
    [(7, 8), (8, 7), (8, 9), (9, 8)]
    """
    if window < 1:
        raise ValueError(f"window is 1 or more words to each side, not {window}.")
    sentences = [np.asarray(sentence, dtype=np.int64) for sentence in sentences]
    if not sentences:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    words = np.concatenate(sentences)
    home = np.repeat(np.arange(len(sentences)), [len(sentence) for sentence in sentences])
    reach = np.full(len(words), window) if rng is None else rng.integers(1, window + 1, len(words))
    centres, contexts = [], []
    for k in range(1, min(window, len(words) - 1) + 1):
        near = home[k:] == home[:-k]  # no pair from one sentence to the next
        ahead, behind = near & (reach[:-k] >= k), near & (reach[k:] >= k)
        centres += [words[:-k][ahead], words[k:][behind]]
        contexts += [words[k:][ahead], words[:-k][behind]]
    if not centres:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(centres), np.concatenate(contexts)


def noise(counts, power=0.75):
    """The distribution that negatives are drawn from: counts to this power, summing to 1.

    Parameters: ``counts`` (V,), how often each word occurs; ``power``, 1 for the words' own
    frequencies, 0 for all alike, 0.75 as in word2vec, which lifts the rare ones a little.
    Returns: (V,); 0 where a word does not occur.

    >>> noise([16, 1, 0]).round(3)
    array([0.889, 0.111, 0.   ])
    """
    counts = np.asarray(counts, dtype=float)
    weights = np.where(counts > 0, counts, 0.0) ** power * (counts > 0)
    return weights / weights.sum()


def keep_probability(counts, threshold=1e-3):
    """With which probability a word stays, where frequent words are thinned out.

    ``min(1, sqrt(t / f))``, f the word's share of the text: the paper's 1 - sqrt(t / f) is the
    probability of leaving it out. (The word2vec program and gensim keep more:
    ``min(1, sqrt(t / f) + t / f)``.) Parameters: ``counts`` (V,); ``threshold``, t, or 0 to keep
    all. Returns: (V,), 1 for every word rarer than t.

    >>> keep_probability([990, 10], threshold=0.01).round(2)
    array([0.1, 1. ])
    """
    counts = np.asarray(counts, dtype=float)
    if not threshold:
        return np.ones(len(counts))
    share = counts / counts.sum()
    with np.errstate(divide="ignore"):
        return np.minimum(1.0, np.sqrt(threshold / share))
