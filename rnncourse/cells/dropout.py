"""Dropout: in training, a part of the numbers is set to zero, another part each time.

Built by hand in lesson 08. For recurrent networks it stands between the layers, not on the way
from one step to the next:

    W. Zaremba, I. Sutskever and O. Vinyals (2014), Recurrent neural network regularization,
    arXiv:1409.2329;

and with one mask for all steps of a sequence:

    Y. Gal and Z. Ghahramani (2016), A theoretically grounded application of dropout in recurrent
    neural networks, NIPS, arXiv:1512.05287 (who also drop on the way from step to step, with one
    mask there too: this is not done here).
"""

import numpy as np

from rnncourse.cells.parameters import check_shape


class Dropout:
    """Set each number to 0 with probability p, and divide the others by 1 - p.

    So every number keeps its mean, and out of training, with ``dropout.training = False``, nothing
    is changed at all.

    Parameters
    ----------
    p : the part that is dropped, from 0 to below 1.
    same_mask : False for a new mask at every step; True for one mask a sequence, the same at all
        its steps: every unit is there for the whole sequence, or for none of it.
    seed : of the masks; every forward pass draws new ones.
    seeds : S, for S networks computed at once, network k with the masks of ``seed + k``.

    Attributes: those, and ``training``, True at first.

    >>> dropout = Dropout(0.5, same_mask=True)
    >>> y = dropout.forward(np.ones((4, 1, 6)))
    >>> sorted(set(y.ravel().tolist())), bool((y == y[0]).all())
    ([0.0, 2.0], True)
    """

    def __init__(self, p, same_mask=False, seed=0, seeds=None):
        if not 0 <= p < 1:
            raise ValueError(f"p is {p}; the part that is dropped goes from 0 to below 1.")
        self.p = p
        self.same_mask = same_mask
        self.seed = seed
        self.seeds = seeds
        self.training = True
        self._generators = [np.random.default_rng([seed + k, 2]) for k in range(seeds or 1)]
        self._factors = None

    def forward(self, x):
        """From x (T, B, n) to y of the same shape; with ``seeds`` (T, S, B, n).

        Keeps the mask for ``backward``, until the next call.
        Raises ``ValueError`` for another shape.
        """
        x = np.asarray(x)
        x = x if x.dtype.kind == "f" else x.astype(float)
        if self.seeds is None and x.ndim != 3:
            raise ValueError(f"x has shape {x.shape}; dropout takes (T, B, n).")
        if self.seeds is not None and (x.ndim != 4 or x.shape[1] != self.seeds):
            raise ValueError(f"x has shape {x.shape}; here dropout takes (T, {self.seeds}, B, n).")
        if not self.training or self.p == 0:
            self._factors = np.ones(x.shape, x.dtype)
            return x.copy()
        T, B, n = len(x), *x.shape[-2:]
        shape = (1 if self.same_mask else T, B, n)
        kept = np.stack([rng.random(shape, np.float32) >= self.p for rng in self._generators], 1)
        kept = kept if self.seeds is not None else kept[:, 0]
        factors = kept * np.asarray(1.0 / (1.0 - self.p), x.dtype)
        self._factors = np.broadcast_to(factors, x.shape)
        return x * factors

    def backward(self, dy):
        """From dL/dy, in the shape of the last y, to ``{"x": dL/dx}``.

        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        if self._factors is None:
            raise RuntimeError("backward needs a forward pass before it; call forward(x) first.")
        dy = np.asarray(dy, dtype=self._factors.dtype)
        check_shape("dy", dy, self._factors.shape)
        return {"x": dy * self._factors}

    def __repr__(self):
        same = ", same_mask=True" if self.same_mask else ""
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"Dropout({self.p}{same}{many})"
