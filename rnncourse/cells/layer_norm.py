"""Layer normalisation: every layer's numbers, brought to mean 0 and variance 1, then rescaled.

Built by hand in lesson 08:

    J. L. Ba, J. R. Kiros and G. E. Hinton (2016), Layer normalization, arXiv:1607.06450.

Their recurrent network normalises inside the cell, before the nonlinearity; this layer stands
behind a cell, between it and what reads its states.
"""

import numpy as np

from rnncourse.cells.parameters import Trained, check_shape, rows


class LayerNorm(Trained):
    """``y = g ⊙ (x - mean) / sqrt(variance + eps) + b``, mean and variance over the n features.

    Each step of each sequence is normalised by itself: nothing is shared over the batch or time,
    so a sequence gets the same alone, in training and out of it.

    Parameters
    ----------
    size : n, the features, 2 or more to be of use (one feature alone always becomes b).
    eps : added to the variance, so that equal features do not divide by 0; 1e-5 as in
        ``torch.nn.LayerNorm``. The variance is the mean of the squares (divided by n, not n - 1).
    seeds : S, for S layers computed at once. dtype : np.float64 or np.float32.

    Attributes: ``g`` (n,), the gains, 1 at first; ``b`` (n,), 0 at first (torch calls them weight
    and bias); with ``seeds`` each has a leading axis S. ``parameters`` has the same arrays by name.

    >>> LayerNorm(2).forward([[1.0, 5.0]]).round(3).tolist()
    [[-1.0, 1.0]]
    """

    NAMES = ("g", "b")

    def __init__(self, size, eps=1e-5, seeds=None, dtype=np.float64):
        self.input_size = self.hidden_size = size
        self.eps = eps
        self._kept = None
        self._start(lambda seed: {"g": np.ones(size), "b": np.zeros(size)}, 0, seeds, dtype)

    def forward(self, x):
        """From x (..., n) to y (..., n); with ``seeds`` (..., S, B, n).

        Keeps what ``backward`` needs, until the next call.
        Raises ``ValueError`` where a shape does not fit.
        """
        x = np.asarray(x, dtype=self.dtype)
        n = self.input_size
        if x.shape[-1:] != (n,):
            came = x.shape[-1] if x.ndim else 0
            raise ValueError(f"x has {came} features; this layer was made for {n}.")
        if self.seeds is not None and (x.ndim < 3 or x.shape[-3] != self.seeds):
            raise ValueError(f"x has shape {x.shape}; {self.seeds} layers take (..., S, B, n).")
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self.eps)
        normal = centred / spread
        self._kept = normal, spread
        return self._per_row(self.g) * normal + self._per_row(self.b)

    def backward(self, dy):
        """From dL/dy, in the shape of the last y, to the gradients "g", "b" and "x".

        A feature also moves the mean and the spread of the others: two terms are taken off.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        normal, spread = self._recall()
        dy = np.asarray(dy, dtype=self.dtype)
        check_shape("dy", dy, normal.shape)
        d_normal = dy * self._per_row(self.g)
        through_mean = d_normal.mean(axis=-1, keepdims=True)
        through_spread = normal * (d_normal * normal).mean(axis=-1, keepdims=True)
        return {
            "g": rows(dy * normal, self.seeds).sum(axis=-2),
            "b": rows(dy, self.seeds).sum(axis=-2),
            "x": (d_normal - through_mean - through_spread) / spread,
        }

    def to_torch(self):
        """A ``torch.nn.LayerNorm`` with the same gains and biases, of the same dtype.

        Raises ``ValueError`` for several layers at once (``pick`` one).
        """
        import torch

        if self.seeds is not None:
            raise ValueError(f"This layer is {self.seeds} layers; pick(k) gives one of them.")
        dtype = getattr(torch, self.dtype.name)
        module = torch.nn.LayerNorm(self.input_size, eps=self.eps, dtype=dtype)
        with torch.no_grad():
            module.weight.copy_(torch.from_numpy(self.g))
            module.bias.copy_(torch.from_numpy(self.b))
        return module

    @classmethod
    def from_torch(cls, module):
        """The layer with the numbers of a ``torch.nn.LayerNorm`` over one axis, with bias.

        Raises ``ValueError`` for another form.
        """
        if len(module.normalized_shape) != 1 or module.weight is None or module.bias is None:
            raise ValueError("from_torch takes a norm over one axis, with weight and bias.")
        g, b = (values.detach().cpu().numpy() for values in (module.weight, module.bias))
        layer = cls(module.normalized_shape[0], eps=module.eps, dtype=g.dtype)
        layer.g, layer.b = g, b
        return layer

    def __repr__(self):
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"LayerNorm({self.input_size}{many})"

    def _per_row(self, values):
        return values if self.seeds is None else values[:, None]  # (n,) or (S, 1, n)
