"""Sequences of several lengths in one batch. Built by hand in lesson 04."""

import numpy as np


def length_mask(lengths, T=None):
    """Say which steps of a padded batch are real: ``mask[t, k] = t < lengths[k]``.

    Parameters: ``lengths``, (B,) whole numbers; ``T``, the number of steps, the longest length
    if left out.
    Returns: (T, B) of bool, True where sequence k still has a step t.
    Raises ``ValueError`` where a length is longer than T or below 0.

    >>> length_mask([1, 3])
    array([[ True,  True],
           [False,  True],
           [False,  True]])
    """
    lengths = np.asarray(lengths)
    T = int(lengths.max()) if T is None else T
    if lengths.min() < 0 or lengths.max() > T:
        raise ValueError(
            f"lengths go from {lengths.min()} to {lengths.max()}; there are {T} steps."
        )
    return np.arange(T)[:, None] < lengths
