"""Losses, each with its derivative by what the network said. Built by hand in lesson 05.

All take the mean over everything that counts, so that a loss does not grow with the batch or the
length. With ``seeds=True`` what the network said has an axis S before B, and each network has a
mean of its own: the loss is (S,).
"""

import numpy as np


def squared_error(y, target, mask=None, seeds=False):
    """Mean squared error: the mean of ``(y - target)²`` over outputs, sequences and steps.

    Parameters
    ----------
    y : (T, B, O), what the network said, or (B, O) at the last step only; with ``seeds``
        (T, S, B, O) or (S, B, O).
    target : the same shape; with ``seeds`` it may lack the S: one target for all networks.
    mask : (T, B), or (B,), of bool: True where a step counts; all count if it is left out.

    Returns the loss, a number or with ``seeds`` (S,), and dL/dy in the shape of y.
    Raises ``ValueError`` where the shapes differ: NumPy would stretch (B,) beside (B, 1) to
    (B, B) without a word. And where no step counts.

    >>> loss, dy = squared_error([[1.0], [3.0]], [[1.0], [2.0]])
    >>> loss, dy.tolist()
    (0.5, [[0.0], [1.0]])
    """
    y = np.asarray(y)
    target = _beside(y.shape, target, "target", -3 if seeds else None)
    share = _shares(mask, y.shape[:-1], seeds)
    error = y - target
    each = np.square(error).mean(axis=-1)  # (T, B)
    dy = error * (2.0 / y.shape[-1] * share[..., None]).astype(error.dtype)
    return _sum(each * share, seeds), dy


def cross_entropy(scores, targets, mask=None, ignore=-1, seeds=False):
    """Softmax cross-entropy: the mean of ``-ln p(target)``, in nats, p the softmax of the scores.

    Parameters
    ----------
    scores : (T, B, V), any numbers, or (B, V) at the last step only; with ``seeds`` (T, S, B, V)
        or (S, B, V).
    targets : (T, B), or (B,), whole numbers 0 .. V-1; with ``seeds`` they may have an S too.
    mask : in the shape of the targets, of bool: True where a step counts.
    ignore : a target of this number does not count either.

    Returns the loss, a number or with ``seeds`` (S,), and dL/dscores in the shape of the scores.
    Equal scores cost ln V, whatever the target.
    Raises ``ValueError`` where shapes do not fit, a target is no class, or no step counts.

    >>> loss, dscores = cross_entropy([[0.0, 0.0]], [1])
    >>> round(loss, 3), dscores.tolist()
    (0.693, [[0.5, -0.5]])
    """
    scores = np.asarray(scores)
    scores = scores.astype(float) if scores.dtype.kind != "f" else scores
    shape, V = scores.shape[:-1], scores.shape[-1]
    targets = _beside(shape, targets, "targets", -2 if seeds else None)
    counts = targets != ignore
    if mask is not None:
        counts = counts & _beside(shape, mask, "mask", -2 if seeds else None)
    target = np.where(counts, targets, 0)
    if target.dtype.kind not in "iu" or target.min() < 0 or target.max() >= V:
        raise ValueError(f"targets must be whole numbers from 0 to {V - 1}, or {ignore} to ignore.")
    share = _shares(counts, shape, seeds)

    shifted = scores - scores.max(axis=-1, keepdims=True)  # the same softmax, and no overflow
    p = np.exp(shifted)
    total = p.sum(axis=-1, keepdims=True)
    said = np.take_along_axis(shifted, target[..., None], axis=-1)
    each = (np.log(total) - said)[..., 0]  # (T, B): -ln p(target)

    p /= total
    hit = np.take_along_axis(p, target[..., None], axis=-1)
    np.put_along_axis(p, target[..., None], hit - 1.0, axis=-1)  # dL/dscores = p - one-hot
    p *= share[..., None].astype(p.dtype)
    return _sum(each * share, seeds), p


def set_entropy(scores, legal, mask=None, seeds=False):
    """Sigmoid cross-entropy for sets: each symbol is to be told whether it may come next.

    p = 1/(1 + e^-score) is the probability of yes; the loss is the mean of ``-ln p`` over the
    symbols in the set and of ``-ln(1 - p)`` over the others, in nats. A score above 0 says yes.

    Parameters
    ----------
    scores : (T, B, V), any numbers, or (B, V) at the last step only; with ``seeds`` (T, S, B, V)
        or (S, B, V).
    legal : the same shape, of bool or 0 and 1; with ``seeds`` it may lack the S.
    mask : (T, B), or (B,), of bool: True where a step counts; all count if it is left out.

    Returns the loss, a number or with ``seeds`` (S,), and dL/dscores in the shape of the scores.
    Scores of 0 cost ln 2, whatever the sets.
    Raises ``ValueError`` where shapes differ, ``legal`` has other numbers, or no step counts.

    >>> loss, dscores = set_entropy([[0.0, 0.0]], [[True, False]])
    >>> round(loss, 3), dscores.tolist()
    (0.693, [[-0.25, 0.25]])
    """
    scores = np.asarray(scores)
    scores = scores.astype(float) if scores.dtype.kind != "f" else scores
    legal = _beside(scores.shape, legal, "legal", -3 if seeds else None)
    if not ((legal == 0) | (legal == 1)).all():
        raise ValueError("legal must be True or False, or 1 or 0, for every symbol.")
    share = _shares(mask, scores.shape[:-1], seeds)
    small = np.exp(-np.abs(scores))  # at most 1: no overflow
    p = np.where(scores >= 0, 1.0, small) / (1.0 + small)
    each = (np.maximum(scores, 0.0) - scores * legal + np.log1p(small)).mean(axis=-1)
    dscores = (p - legal) * (share[..., None] / scores.shape[-1]).astype(scores.dtype)
    return _sum(each * share, seeds), dscores.astype(scores.dtype, copy=False)


def _beside(shape, array, name, networks):
    """The array in this shape; where it only lacks the axis of the networks, they all share it."""
    array = np.asarray(array)
    if networks is not None and array.shape == shape[:networks] + shape[networks + 1 :]:
        array = np.broadcast_to(np.expand_dims(array, networks), shape)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; here it must be {shape}.")
    return array


def _shares(counts, shape, seeds):
    """What each row weighs in its network's mean: 1 / (rows that count), 0 where it does not."""
    if counts is None:
        counts = np.ones(shape, dtype=bool)
    else:
        counts = _beside(shape, counts, "mask", -2 if seeds else None)
    n = counts.sum(axis=_all_but_networks(shape, seeds), keepdims=True)
    if not n.all():
        raise ValueError("No step counts; there is nothing to take the mean of.")
    return counts / n


def _sum(each, seeds):
    total = each.sum(axis=_all_but_networks(each.shape, seeds))
    return total if seeds else float(total)


def _all_but_networks(shape, seeds):
    return tuple(k for k in range(len(shape)) if not (seeds and k == len(shape) - 2))
