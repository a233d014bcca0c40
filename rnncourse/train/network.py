"""A recurrent cell with a layer that reads its state: the networks of lessons 03 to 06."""

import numpy as np


class Network:
    """A recurrent cell and a readout on its states: on every one, or on the last one only.

    Parameters
    ----------
    cell : a ``cells.RNN``, or any cell with ``forward(x, h0, mask)`` and ``backward(d_states)``.
    readout : a ``cells.Linear`` from the cell's states to the scores, with the same ``seeds``.
    last : False for a score at every step (many to many), True for one at the end (many to one).

    Attributes: those, and ``seeds``, the S of the cell or None. After ``forward``: ``states``
    (T, B, H). After ``backward``: ``d_x`` (T, B, D), ``d_h0`` (B, H) and ``d_states`` (T, B, H),
    the derivatives of the loss by the inputs, the first state and every state.

    >>> from rnncourse import cells
    >>> network = Network(cells.RNN(3, 5), cells.Linear(5, 2), last=True)
    >>> network.forward(np.ones((4, 6, 3))).shape, sorted(network.parameters)[:2]
    ((6, 2), ['cell.W_hh', 'cell.W_ih'])
    """

    def __init__(self, cell, readout, last=False):
        if cell.seeds != readout.seeds:
            raise ValueError(
                f"cell has seeds={cell.seeds}, readout {readout.seeds}; make them equal."
            )
        self.cell = cell
        self.readout = readout
        self.last = last
        self.seeds = cell.seeds

    @property
    def parameters(self):
        """The live arrays of both parts: "cell.W_hh", ..., "readout.b"."""
        return {
            f"{part}.{name}": values
            for part in ("cell", "readout")
            for name, values in getattr(self, part).parameters.items()
        }

    def forward(self, x, h0=None, mask=None):
        """From x (T, B, D) to scores (T, B, O), or (B, O) with ``last``. See ``cells.RNN.forward``.

        With a mask the last state is that of each sequence's last real step.
        """
        self.states = self.cell.forward(x, h0, mask)
        return self.readout.forward(self.states[-1] if self.last else self.states)

    def backward(self, dy):
        """From dL/dscores to the gradient of every parameter, under its name in ``parameters``."""
        readout = self.readout.backward(dy)
        d_states = readout["x"]
        if self.last:
            d_states = np.zeros_like(self.states)
            d_states[-1] = readout["x"]
        cell = self.cell.backward(d_states)
        self.d_x, self.d_h0, self.d_states = cell["x"], cell["h0"], cell["states"]
        grads = {f"cell.{name}": cell[name] for name in self.cell.parameters}
        return grads | {f"readout.{name}": readout[name] for name in self.readout.parameters}

    def pick(self, k):
        """Network k of the S, as a network of its own that shares its weights."""
        return Network(self.cell.pick(k), self.readout.pick(k), self.last)

    def __repr__(self):
        return f"Network({self.cell}, {self.readout}, last={self.last})"
