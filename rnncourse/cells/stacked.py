"""Cells on top of each other: each reads, step by step, the states of the one below.

Built by hand in lesson 08. Dropout between the layers, and never on the way from one step to the
next, is that of

    W. Zaremba, I. Sutskever and O. Vinyals (2014), Recurrent neural network regularization,
    arXiv:1409.2329 (who also drop a part of x and of the top layer's states).
"""

from itertools import pairwise

import numpy as np

from rnncourse.cells import torch_stacks
from rnncourse.cells.bidirectional import Bidirectional, start_gradient
from rnncourse.cells.dropout import Dropout
from rnncourse.cells.layer_norm import LayerNorm


class Stacked:
    """A deep recurrent network: layer 0 reads x, layer k the states of layer k - 1.

    Parameters
    ----------
    layers : the cells, from the bottom up (RNN, LSTM, GRU, ``Bidirectional``), all with the same
        ``seeds``; a ``LayerNorm`` may stand behind a cell.
    dropout : the part of what a cell hears from the layer below that is set to 0 in training; x
        itself and the top layer's states are left alone, as in torch.
    same_mask : False for a new mask at every step, True for one mask for all steps of a sequence
        (``cells.Dropout``).
    seed : of these masks.

    Attributes: those, and ``training``, True at first: set it to False to use the network, and no
    number is dropped. ``input_size``, ``hidden_size`` (of the top layer), ``seeds``, ``dtype``.
    ``parameters`` has the live arrays of all layers: "0.W_ih", ..., "1.b_hh". After ``forward``:
    ``last``, a list of each layer's, to carry on from; ``layers[k].gates`` and the like are there.

    >>> from rnncourse.cells import LSTM
    >>> deep = Stacked([LSTM(3, 5, seed=0), LSTM(5, 4, seed=1)])
    >>> deep.forward(np.ones((6, 2, 3))).shape, len(deep.parameters)
    ((6, 2, 4), 8)
    """

    def __init__(self, layers, dropout=0.0, same_mask=False, seed=0):
        self.layers = layers = list(layers)
        if not layers:
            raise ValueError("layers is empty; a stack has one layer at least.")
        if isinstance(layers[0], LayerNorm):
            raise ValueError("layers begins with a LayerNorm; the lowest layer is a cell.")
        if len({id(layer) for layer in layers}) < len(layers):
            raise ValueError("One cell is in the stack twice; each layer needs its own weights.")
        for k, (below, above) in enumerate(pairwise(layers)):
            if above.input_size != below.hidden_size:
                raise ValueError(
                    f"layer {k + 1} takes {above.input_size} features; "
                    f"layer {k} gives {below.hidden_size}."
                )
            if above.seeds != below.seeds:
                raise ValueError(
                    f"layer {k} has seeds={below.seeds}, layer {k + 1} {above.seeds}; "
                    "make them equal."
                )
        self.dropout = dropout
        self.same_mask = same_mask
        self.seed = seed
        self.training = True
        self.input_size = layers[0].input_size
        self.hidden_size = layers[-1].hidden_size
        self.seeds = layers[0].seeds
        self.dtype = layers[0].dtype
        # Every place has masks of its own, other than those of the networks seed + 1, seed + 2, ...
        self._droppers = [
            Dropout(dropout, same_mask, seed + 10_000 * k, self.seeds) for k in range(len(layers))
        ]

    @property
    def parameters(self):
        """The live arrays of all layers by name: what is changed here changes them."""
        return {
            f"{k}.{name}": values
            for k, layer in enumerate(self.layers)
            for name, values in layer.parameters.items()
        }

    def forward(self, x, start=None, mask=None):
        """Run over whole sequences, layer after layer, and return the top layer's states.

        Parameters: ``x`` (T, B, D) and ``mask`` (T, B) as for each cell; ``start``, a list of each
        layer's state before the first step, in the cell's own form (None for zeros), or None.

        Returns (T, B, H), with ``seeds`` (T, S, B, H). They can be read but not written to.
        Raises ``ValueError`` where a shape does not fit.
        """
        start = [None] * len(self.layers) if start is None else start
        if len(start) != len(self.layers):
            raise ValueError(
                f"start is for {len(start)} layers; this stack has {len(self.layers)}."
            )
        states = x
        for k, layer in enumerate(self.layers):
            if isinstance(layer, LayerNorm):
                states = layer.forward(states)
                continue
            if self._drops(k):
                self._droppers[k].training = self.training
                states = self._droppers[k].forward(states)
            states = layer.forward(states, start[k], mask)
        states.flags.writeable = False
        return states

    def _drops(self, k):
        return k > 0 and self.dropout > 0

    @property
    def last(self):
        """A list of every layer's ``last`` (None for a ``LayerNorm``, which keeps no state)."""
        return [None if isinstance(layer, LayerNorm) else layer.last for layer in self.layers]

    def backward(self, d_states):
        """Go back through the last ``forward``: from dL/dstates to the gradients of everything.

        Parameters: ``d_states`` (T, B, H), as the states of the top layer.

        Returns a dict of gradients: those of the weights by their names in ``parameters``, "x"
        (T, B, D), "start", a list as the start, and "states" (T, B, H), the top layer's states by
        every way. The same masks as in this ``forward`` are used.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        grads, starts, states = {}, [None] * len(self.layers), None
        d = d_states
        for k in reversed(range(len(self.layers))):
            layer = self.layers[k]
            found = layer.backward(d)
            grads |= {f"{k}.{name}": found[name] for name in layer.parameters}
            d = found["x"]
            if isinstance(layer, LayerNorm):
                states = d_states if states is None else states
                continue
            starts[k] = start_gradient(found)
            states = found["states"] if states is None else states
            if self._drops(k):
                d = self._droppers[k].backward(d)["x"]
        return grads | {"x": d, "start": starts, "states": states}

    def read_end(self, states):
        """From the states (T, B, H) to the top layer's state after its whole reading, (B, H)."""
        top = self._top_cell()
        return top.read_end(states) if hasattr(top, "read_end") else states[-1]

    def spread_end(self, d_end, shape):
        """From dL/d``read_end`` to dL/dstates in their shape, 0 where nothing was read."""
        top = self._top_cell()
        if hasattr(top, "spread_end"):
            return top.spread_end(d_end, shape)
        d_states = np.zeros(shape, d_end.dtype)
        d_states[-1] = d_end
        return d_states

    def _top_cell(self):
        return [layer for layer in self.layers if not isinstance(layer, LayerNorm)][-1]

    def pick(self, k):
        """Network k of the S, as a stack of its own that shares its weights."""
        layers = [layer.pick(k) for layer in self.layers]
        one = Stacked(layers, self.dropout, self.same_mask, self.seed + k)
        one.training = self.training
        return one

    def to_torch(self):
        """A ``torch.nn.RNN``, ``LSTM`` or ``GRU`` of as many layers with the same weights.

        torch's h_n is (layers · directions, B, H): the last state of layer 0 (ahead, then back),
        then of layer 1, and so on; ``last[k]`` here. The dropout goes along, with torch's masks.
        Raises ``ValueError`` where torch has no such stack: layers of several kinds or sizes, a
        ``LayerNorm``, one mask for all steps, several networks at once (``pick`` one).
        """
        if self.dropout and self.same_mask:
            raise ValueError("torch draws a new mask at every step; this stack keeps one.")
        return torch_stacks.into_torch(self.layers, self.dropout)

    @classmethod
    def from_torch(cls, module):
        """The stack with the weights (and the dropout) of a ``torch.nn.RNN``, ``LSTM`` or ``GRU``.

        Raises ``ValueError`` for layers without biases, or with a projection.
        """
        cells = torch_stacks.out_of_torch(module)
        layers = [Bidirectional(*pair) if len(pair) == 2 else pair[0] for pair in cells]
        return cls(layers, dropout=module.dropout)

    def __repr__(self):
        layers = ", ".join(map(repr, self.layers))
        return f"Stacked([{layers}]{f', dropout={self.dropout}' if self.dropout else ''})"
