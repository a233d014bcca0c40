"""The linear layer: every output is a weighted sum of the inputs. It reads a network's state.

Built by hand in lesson 03; its backward pass in lesson 05.
"""

import numpy as np

from rnncourse.cells.parameters import Trained, check_shape, rows
from rnncourse.cells.starts import uniform


class Linear(Trained):
    """A linear layer: ``y = W x + b``, for every row of a batch.

    Parameters
    ----------
    input_size, output_size : I, the features of an input, and O, those of an output.
    seed : the seed of the start, uniform from -1/sqrt(I) to 1/sqrt(I) as in ``torch.nn.Linear``;
        other numbers than a cell of the same seed starts with.
    seeds : S, for S layers computed at once, layer k starting as with ``seed + k``.
    dtype : np.float64 or np.float32.

    Attributes: ``W`` (O, I), ``b`` (O,); with ``seeds`` each has a leading axis S. ``parameters``
    has the same arrays by name.

    >>> Linear(input_size=5, output_size=2).forward(np.ones((4, 3, 5))).shape
    (4, 3, 2)
    """

    NAMES = ("W", "b")

    def __init__(self, input_size, output_size, seed=0, seeds=None, dtype=np.float64):
        self.input_size = input_size
        self.output_size = output_size
        self._kept = None
        shapes = {"W": (output_size, input_size), "b": (output_size,)}

        def draw(seed):
            rng = np.random.default_rng([seed, 1])
            return {name: uniform(shape, input_size**-0.5, rng) for name, shape in shapes.items()}

        self._start(draw, seed, seeds, dtype)

    def forward(self, x):
        """From x (..., I) to y (..., O).

        With ``seeds``: from (..., S, B, I) to (..., S, B, O); one network's x for all of them has
        the length 1 there. Keeps x for ``backward``, until the next call.
        Raises ``ValueError`` where a shape does not fit.
        """
        x = np.asarray(x, dtype=self.dtype)
        if x.shape[-1:] != (self.input_size,):
            came = x.shape[-1] if x.ndim else 0
            raise ValueError(f"x has {came} features; this layer was made for {self.input_size}.")
        if self.seeds is None:
            y = (rows(x) @ self.W.T).reshape(*x.shape[:-1], self.output_size)
            y += self.b
        else:
            if x.ndim < 3 or x.shape[-3] not in (1, self.seeds):
                raise ValueError(
                    f"x has shape {x.shape}; {self.seeds} layers at once take (..., S, B, I)."
                )
            y = x @ self.W.mT + self.b[:, None]
        self._kept = x, y.shape
        return y

    def backward(self, dy):
        """From dL/dy (..., O), in the shape of the last y, to the gradients "W", "b" and "x".

        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        x, shape = self._recall()
        dy = np.asarray(dy, dtype=self.dtype)
        check_shape("dy", dy, shape)
        dy_rows = rows(dy, self.seeds)
        x_rows = rows(np.broadcast_to(x, (*shape[:-1], self.input_size)), self.seeds)
        dx = (dy_rows @ self.W).reshape(x.shape) if self.seeds is None else dy @ self.W
        return {"W": dy_rows.mT @ x_rows, "b": dy_rows.sum(axis=-2), "x": dx}

    def __repr__(self):
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"Linear({self.input_size}, {self.output_size}{many})"
