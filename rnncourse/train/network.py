"""A recurrent cell with a layer that reads its state: the networks from lesson 03 on."""

import numpy as np


class Network:
    """A recurrent cell and a readout on its states: on every one, or on the last one only.

    Parameters
    ----------
    cell : a ``cells.RNN``, ``cells.LSTM``, or any cell with ``forward(x, start, mask)`` and
        ``backward(d_states)``.
    readout : a ``cells.Linear`` from the cell's states to the scores, with the same ``seeds``.
    embedding : a ``words.Embedding`` that turns words' numbers into the cell's inputs: then x is
        (T, B) of whole numbers. None if the inputs come as they are.
    last : False for a score at every step (many to many), True for one at the end (many to one).
        A cell that reads in two directions says itself what the end is: ``cell.read_end(states)``.

    Attributes: those, and ``seeds``, the S of the cell or None. After ``forward``: ``states``
    (T, B, H); what to carry on from is ``cell.last``. After ``backward``: ``d_x`` (T, B, D),
    ``d_start``, as the start ((B, H), or (dL/dh0, dL/dc0) of an LSTM), and ``d_states`` (T, B, H):
    the derivatives of the loss by the inputs, the start and every state.

    >>> from rnncourse import cells
    >>> network = Network(cells.RNN(3, 5), cells.Linear(5, 2), last=True)
    >>> network.forward(np.ones((4, 6, 3))).shape, sorted(network.parameters)[:2]
    ((6, 2), ['cell.W_hh', 'cell.W_ih'])
    """

    def __init__(self, cell, readout, last=False, embedding=None):
        if cell.seeds != readout.seeds:
            raise ValueError(
                f"cell has seeds={cell.seeds}, readout {readout.seeds}; make them equal."
            )
        if embedding is not None and embedding.seeds != cell.seeds:
            raise ValueError(
                f"cell has seeds={cell.seeds}, embedding {embedding.seeds}; make them equal."
            )
        self.embedding = embedding
        self.cell = cell
        self.readout = readout
        self.last = last
        self.seeds = cell.seeds

    @property
    def parameters(self):
        """The live arrays of all parts: "embedding.W", "cell.W_hh", ..., "readout.b"."""
        parts = {"embedding": self.embedding, "cell": self.cell, "readout": self.readout}
        return {
            f"{name}.{parameter}": values
            for name, part in parts.items()
            if part is not None
            for parameter, values in part.parameters.items()
        }

    def forward(self, x, start=None, mask=None):
        """From x (T, B, D), or (T, B) of words, to scores (T, B, O), or (B, O) with ``last``.

        ``start`` and ``mask`` are handed to the cell, whose ``forward`` describes them. With a
        mask the last state is that of each sequence's last real step.
        """
        if self.embedding is not None:
            x = self.embedding.forward(x)
        self.states = self.cell.forward(x, start, mask)
        return self.readout.forward(self._end() if self.last else self.states)

    def backward(self, dy):
        """From dL/dscores to the gradient of every parameter, under its name in ``parameters``."""
        readout = self.readout.backward(dy)
        cell = self.cell.backward(self._spread(readout["x"]) if self.last else readout["x"])
        self.d_x, self.d_states = cell["x"], cell["states"]
        if "start" in cell:
            self.d_start = cell["start"]
        else:
            self.d_start = (cell["h0"], cell["c0"]) if "c0" in cell else cell["h0"]
        grads = {f"cell.{name}": cell[name] for name in self.cell.parameters}
        if self.embedding is not None:
            table = self.embedding.backward(self.d_x)
            grads |= {f"embedding.{name}": table[name] for name in self.embedding.parameters}
        return grads | {f"readout.{name}": readout[name] for name in self.readout.parameters}

    def _end(self):
        if hasattr(self.cell, "read_end"):
            return self.cell.read_end(self.states)
        return self.states[-1]

    def _spread(self, d_end):
        """From dL/d(what the end is) to dL/dstates, zero where nothing is read."""
        if hasattr(self.cell, "spread_end"):
            return self.cell.spread_end(d_end, self.states.shape)
        d_states = np.zeros(self.states.shape, self.states.dtype)
        d_states[-1] = d_end
        return d_states

    def pick(self, k):
        """Network k of the S, as a network of its own that shares its weights."""
        table = None if self.embedding is None else self.embedding.pick(k)
        return Network(self.cell.pick(k), self.readout.pick(k), self.last, table)

    def __repr__(self):
        table = "" if self.embedding is None else f", embedding={self.embedding}"
        return f"Network({self.cell}, {self.readout}, last={self.last}{table})"
