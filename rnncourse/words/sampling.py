"""From scores to a drawn symbol: temperature and top-k. Built by hand in lesson 11."""

import numpy as np


def softmax(scores, temperature=1.0):
    """Probabilities from scores: ``exp(score / temperature)``, divided by their sum.

    Parameters: ``scores`` (..., V); ``temperature``, above 0: below 1 the likely symbols gain,
    above 1 all come nearer to each other; towards 0 the largest score takes all.
    Returns: (..., V), each row summing to 1.

    >>> softmax([0.0, 1.0], temperature=0.5).round(3)
    array([0.119, 0.881])
    """
    if not temperature > 0:
        raise ValueError(f"temperature is above 0, not {temperature}; argmax is its limit at 0.")
    scores = np.asarray(scores, dtype=float) / temperature
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def top_k(probabilities, k):
    """The k likeliest symbols alone, their probabilities scaled up to a sum of 1.

    Parameters: ``probabilities`` (..., V); ``k``, 1 to V. Returns: (..., V), 0 outside the k.

    >>> top_k([0.5, 0.3, 0.2], 2)
    array([0.625, 0.375, 0.   ])
    """
    p = np.asarray(probabilities, dtype=float)
    V = p.shape[-1]
    if not 1 <= k <= V:
        raise ValueError(f"k is 1 to {V}, the number of symbols, not {k}.")
    best = np.argsort(-p, axis=-1, kind="stable")[..., :k]
    kept = np.zeros_like(p)
    np.put_along_axis(kept, best, np.take_along_axis(p, best, axis=-1), axis=-1)
    return kept / kept.sum(axis=-1, keepdims=True)


def draw(probabilities, rng):
    """One symbol for each row, drawn by its probability: (..., V) becomes (...) whole numbers.

    ``rng``, a NumPy generator or a seed.
    """
    p = np.asarray(probabilities, dtype=float)
    if np.any(p < 0) or not np.allclose(p.sum(axis=-1), 1, atol=1e-6):
        raise ValueError("Probabilities are 0 or more and sum to 1 in every row.")
    u = np.random.default_rng(rng).random((*p.shape[:-1], 1))
    edges = p.cumsum(axis=-1)
    return np.minimum((edges <= u * edges[..., -1:]).sum(axis=-1), p.shape[-1] - 1)
