"""Two cells read the same sequence, one from its start and one from its end.

Built by hand in lesson 08. The network is that of

    M. Schuster and K. K. Paliwal (1997), Bidirectional recurrent neural networks, IEEE
    Transactions on Signal Processing 45, 2673-2681, doi:10.1109/78.650093.
"""

import numpy as np

from rnncourse.cells import torch_stacks
from rnncourse.cells.parameters import check_shape


class Bidirectional:
    """A layer of two cells: ``ahead`` reads x_0 .. x_{T-1}, ``back`` reads x_{T-1} .. x_0.

    At step t the layer gives both states side by side: what ahead knows after x_0 .. x_t, and what
    back knows after x_{T-1} .. x_t. So it needs the whole sequence before its first answer.

    Parameters: ``ahead`` and ``back``, two cells (RNN, LSTM, GRU, or of your own) for the same
    inputs, each with its own weights, and with the same ``seeds``. H below is ahead's hidden_size,
    and back's where it is the same.

    Attributes: those, ``input_size``, ``hidden_size`` (2H, what it gives), ``seeds`` and ``dtype``.
    ``parameters`` has the live arrays of both: "ahead.W_ih", ..., "back.b_hh". After ``forward``:
    ``last``, the pair (ahead's, back's) of states after the whole reading, to carry on from. What
    ``back.gates`` shows stands in the order in which it reads: the last step first.

    >>> from rnncourse.cells import GRU
    >>> both = Bidirectional(GRU(3, 5, seed=0), GRU(3, 5, seed=1))
    >>> both.forward(np.ones((4, 2, 3))).shape, len(both.parameters)
    ((4, 2, 10), 8)
    """

    def __init__(self, ahead, back):
        if ahead is back:
            raise ValueError("ahead and back are the same cell; each needs weights of its own.")
        for name in ("seeds", "input_size"):
            ours, other = getattr(ahead, name), getattr(back, name)
            if ours != other:
                raise ValueError(f"ahead has {name}={ours}, back {other}; make them equal.")
        self.ahead = ahead
        self.back = back
        self.seeds = ahead.seeds
        self.dtype = ahead.dtype
        self.input_size = ahead.input_size
        self.hidden_size = ahead.hidden_size + back.hidden_size
        self._shape = None

    @property
    def parameters(self):
        """The live arrays of both cells by name: what is changed here changes them."""
        return {
            f"{part}.{name}": values
            for part in ("ahead", "back")
            for name, values in getattr(self, part).parameters.items()
        }

    def forward(self, x, start=None, mask=None):
        """Run over whole sequences, in both directions, and return every state.

        Parameters: ``x`` (T, B, D) and ``mask`` (T, B) as for each cell; ``start``, the pair
        (ahead's, back's) of states before their first step, or None for zeros.

        Returns (T, B, 2H): ahead's states, then back's, both in the order of time; with ``seeds``
        (T, S, B, 2H). Masked steps are taken by neither cell, so that back begins each sequence at
        its own last step; before it, in the padding, its state is still its start.
        They can be read but not written to. Raises ``ValueError`` where a shape does not fit.
        """
        first, other = (None, None) if start is None else start
        x = np.asarray(x)
        reversed_mask = None if mask is None else np.asarray(mask)[::-1]
        states_ahead = self.ahead.forward(x, first, mask)
        states_back = self.back.forward(x[::-1], other, reversed_mask)[::-1]
        states = np.concatenate([states_ahead, states_back], axis=-1)
        states.flags.writeable = False
        self._shape = states.shape
        return states

    @property
    def last(self):
        """(ahead's, back's) states after the last forward pass, each as the cell's own ``last``."""
        return self.ahead.last, self.back.last

    def backward(self, d_states):
        """Go back through the last ``forward``: from dL/dstates to the gradients of everything.

        Parameters: ``d_states`` (T, B, 2H), as the states.

        Returns a dict of gradients: those of the weights by their names in ``parameters``, "x"
        (T, B, D), "start", a pair as the start, and "states" (T, B, 2H), by every way.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        if self._shape is None:
            raise RuntimeError("backward needs a forward pass before it; call forward(x) first.")
        d_states = np.asarray(d_states)
        check_shape("d_states", d_states, self._shape)
        H = self.ahead.hidden_size
        ahead = self.ahead.backward(d_states[..., :H])
        back = self.back.backward(d_states[::-1, ..., H:])
        return {
            **{f"ahead.{name}": ahead[name] for name in self.ahead.parameters},
            **{f"back.{name}": back[name] for name in self.back.parameters},
            "x": ahead["x"] + back["x"][::-1],
            "start": (start_gradient(ahead), start_gradient(back)),
            "states": np.concatenate([ahead["states"], back["states"][::-1]], axis=-1),
        }

    def read_end(self, states):
        """From the states (T, B, 2H) to each direction's own state after its whole reading (B, 2H).

        For ahead this is the state at the last step, for back the one at the first.
        """
        H = self.ahead.hidden_size
        return np.concatenate([states[-1][..., :H], states[0][..., H:]], axis=-1)

    def spread_end(self, d_end, shape):
        """From dL/d``read_end`` (B, 2H) to dL/dstates in their shape, 0 where nothing was read."""
        H = self.ahead.hidden_size
        d_states = np.zeros(shape, d_end.dtype)
        d_states[-1][..., :H] = d_end[..., :H]
        d_states[0][..., H:] = d_end[..., H:]
        return d_states

    def pick(self, k):
        """Network k of the S, as a layer of its own that shares its weights."""
        return Bidirectional(self.ahead.pick(k), self.back.pick(k))

    def to_torch(self):
        """A bidirectional ``torch.nn.RNN``, ``LSTM`` or ``GRU`` with the same weights.

        ahead becomes direction 0, back direction 1 ("_reverse"): torch's h_n has ahead's last state
        in h_n[0] and back's in h_n[1]. Raises ``ValueError`` where torch has no such layer.
        """
        return torch_stacks.into_torch([self])

    @classmethod
    def from_torch(cls, module):
        """The layer with the weights of a bidirectional torch module of one layer.

        Raises ``ValueError`` for another form.
        """
        if module.num_layers != 1 or not module.bidirectional:
            raise ValueError("from_torch takes one layer here, with both directions.")
        return cls(*torch_stacks.out_of_torch(module)[0])

    def __repr__(self):
        return f"Bidirectional({self.ahead}, {self.back})"


def start_gradient(grads):
    """Of what a cell's ``backward`` gives, the gradient of the start, in the start's own form."""
    if "start" in grads:
        return grads["start"]
    return (grads["h0"], grads["c0"]) if "c0" in grads else grads["h0"]
