"""Clipping: a gradient that is too long keeps its direction and loses its length.

Built by hand in lesson 06. The rule is that of

    R. Pascanu, T. Mikolov and Y. Bengio (2013), On the difficulty of training recurrent neural
    networks, ICML, arXiv:1211.5063, algorithm 1.
"""

import numpy as np

# what backward gives beside the weights' gradients
NOT_WEIGHTS = frozenset({"x", "h0", "c0", "start", "states", "cell_states"})


def norm(grads, seeds=False):
    """The length of all weights' gradients together, as one long vector.

    Parameters: ``grads``, a dict of arrays; the gradients of inputs and states (``NOT_WEIGHTS``)
    are passed by. ``seeds``: every array has a leading axis S.
    Returns: a number, or with ``seeds`` (S,), one for each network.

    >>> norm({"W": np.array([3.0, 0.0]), "b": np.array([4.0])})
    5.0
    """
    squares = 0.0
    for name, gradient in grads.items():
        if name not in NOT_WEIGHTS:
            square = np.square(gradient, dtype=np.float64)
            squares = squares + (square.reshape(len(square), -1).sum(1) if seeds else square.sum())
    return np.sqrt(squares) if seeds else float(np.sqrt(squares))


def clip_norm(grads, max_norm, seeds=False):
    """Shorten the gradients, in place, so that their norm is at most ``max_norm``.

    ``g = g * max_norm / norm`` for every weight's gradient, where the norm is above ``max_norm``.

    Parameters: as ``norm``; ``max_norm``, the bound. With ``seeds`` each network by itself.
    Returns: the norm before clipping, a number or with ``seeds`` (S,).

    >>> grads = {"W": np.array([3.0, 0.0]), "b": np.array([4.0])}
    >>> clip_norm(grads, max_norm=1.0), grads["b"].tolist()
    (5.0, [0.8])
    """
    before = norm(grads, seeds)
    factor = max_norm / np.maximum(before, max_norm)
    if np.any(factor < 1.0):
        for name, gradient in grads.items():
            if name not in NOT_WEIGHTS:
                gradient *= factor.reshape(-1, *(1,) * (gradient.ndim - 1)) if seeds else factor
    return before
