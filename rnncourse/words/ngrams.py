"""Counting language models: the next symbol from the last few. Built by hand in lesson 11.

A long context says more and has been seen less often; interpolation mixes all lengths. The
weights are those of Witten and Bell (method C in I. H. Witten and T. C. Bell 1991, The
zero-frequency problem, IEEE Transactions on Information Theory 37, 1085-1094): a context that was
followed by many different symbols is trusted less.
"""

import numpy as np

from rnncourse.words.vocabulary import check_ids


class NGram:
    """P(symbol | the ``order - 1`` before it), interpolated down to the uniform distribution.

    ``P_n(w | h) = (c(h w) + T(h) P_(n-1)(w | h')) / (c(h) + T(h))``: c counts, T(h) is the number
    of different symbols seen after h, h' is h without its first symbol; ``P_0 = 1 / V``.

    Parameters: ``ids`` (T,), the training text as numbers; ``V``, the size of the alphabet or
    vocabulary; ``order``, n: 1 counts symbols (unigram), 2 pairs (bigram), and so on.

    >>> model = NGram([0, 1, 0, 1, 0], V=2, order=2)
    >>> model.next_after([0]).round(3)
    array([0.19, 0.81])
    """

    def __init__(self, ids, V, order):
        ids = np.asarray(ids)
        check_ids(ids, V)
        if order < 1 or V**order >= 2**62:
            raise ValueError(f"order is 1 or more, and {V} to its power below 2^62, not {order}.")
        if len(ids) < order:
            raise ValueError(f"A text of {len(ids)} symbols has no {order} in a row.")
        self.V, self.order = V, order
        self._tables = [_table(ids.astype(np.int64), V, n) for n in range(1, order + 1)]

    def next_after(self, context):
        """The distribution of the next symbol after a context of any length, (V,)."""
        context = np.asarray(context, dtype=np.int64)
        text = np.concatenate([np.tile(context, (self.V, 1)), np.arange(self.V)[:, None]], axis=1)
        return self.chances_of_last(text)

    def chances(self, ids):
        """The probability of every symbol of a text, given those before it, (T,)."""
        ids = np.asarray(ids, dtype=np.int64)
        check_ids(ids, self.V)
        n = min(self.order, len(ids))
        start = [self.chances_of_last(ids[None, : t + 1])[0] for t in range(n - 1)]
        windows = np.lib.stride_tricks.sliding_window_view(ids, n)
        return np.concatenate([start, self.chances_of_last(windows)])

    def chances_of_last(self, texts):
        """The probability of the last symbol of each row, (N, n) -> (N,)."""
        p = np.full(len(texts), 1 / self.V)
        for n, (pairs, pair_counts, contexts, totals, kinds) in enumerate(self._tables, start=1):
            if n > texts.shape[1]:
                break
            key = np.zeros(len(texts), dtype=np.int64)
            for column in texts.T[-n:-1]:
                key = key * self.V + column
            seen, total = _found(contexts, totals, key)
            _, kind = _found(contexts, kinds, key)
            _, count = _found(pairs, pair_counts, key * self.V + texts[:, -1])
            mixed = (count + kind * p) / np.maximum(total + kind, 1)
            p = np.where(seen, mixed, p)  # after a context never seen the shorter one decides
        return p

    def __repr__(self):
        return f"NGram(order {self.order}, {self.V} symbols)"


def _table(ids, V, n):
    """What was counted of n symbols in a row: keys and counts of all, and of their contexts."""
    key = np.zeros(len(ids) - n + 1, dtype=np.int64)
    for k in range(n):
        key = key * V + ids[k : len(ids) - n + 1 + k]
    pairs, pair_counts = np.unique(key, return_counts=True)
    contexts, kinds = np.unique(pairs // V, return_counts=True)
    totals = np.add.reduceat(pair_counts, np.searchsorted(pairs // V, contexts))
    return pairs, pair_counts, contexts, totals, kinds


def _found(keys, values, wanted):
    """Where a key is known, and its value or 0."""
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    known = keys[place] == wanted
    return known, np.where(known, values[place], 0)


def perplexity(chances):
    """``exp(mean(-ln p))``: among how many equally likely symbols a model seems to choose.

    Parameters: ``chances``, (...), the probability that a model gave to each symbol that came.
    Returns: a number from 1 (always sure and right) to infinity (a symbol that it held for
    impossible); V for one who guesses evenly among V.

    >>> perplexity([0.25, 0.25, 0.25])
    4.0
    """
    chances = np.asarray(chances, dtype=float)
    if chances.size == 0:
        raise ValueError("There is no symbol to take the mean over.")
    with np.errstate(divide="ignore"):
        return float(np.exp(-np.log(chances).mean()))
