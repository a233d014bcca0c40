"""The simple recurrent layer: H neurons that all hear the input and each other's last output.

Built by hand: the step and the layer in lesson 03, the loop and its masks in lesson 04, the
backward pass in lesson 05. The network is that of

    J. L. Elman (1990), Finding structure in time, Cognitive Science 14, 179-211,
    doi:10.1207/s15516709cog1402_1;

the names and the two biases are those of ``torch.nn.RNN``; the backward pass is

    P. J. Werbos (1990), Backpropagation through time: what it does and how to do it,
    Proceedings of the IEEE 78, 1550-1560, doi:10.1109/5.58337.

The equations are computed in another order than they are written: what needs no recurrence is
done for all steps at once, before the loop or after it.
"""

import numpy as np

from rnncourse.cells.parameters import check_shape, rows
from rnncourse.cells.recurrent import Recurrent


def _sigmoid(a, out):
    np.multiply(a, 0.5, out=out)
    np.tanh(out, out=out)
    out += 1.0
    out *= 0.5  # (1 + tanh(a / 2)) / 2 is the sigmoid of a


# f(a, out): the activation, written into `out`; slope(h): its derivative, from the output h = f(a).
_ACTIVATIONS = {
    "tanh": (lambda a, out: np.tanh(a, out=out), lambda h: 1.0 - h * h),
    "sigmoid": (_sigmoid, lambda h: h * (1.0 - h)),
    "relu": (lambda a, out: np.maximum(a, 0.0, out=out), lambda h: (h > 0.0).astype(h.dtype)),
    "linear": (lambda a, out: None, lambda h: np.ones_like(h)),
}


class RNN(Recurrent):
    """A recurrent layer: ``h_t = f(W_ih x_t + b_ih + W_hh h_{t-1} + b_hh)``, for t = 0 .. T-1.

    Parameters
    ----------
    input_size, hidden_size : D, the features of an input, and H, the neurons of the layer.
    nonlinearity : "tanh", "sigmoid", "relu" or "linear", the function f.
    seed : the seed of the start, uniform from -1/sqrt(H) to 1/sqrt(H) as in ``torch.nn.RNN``.
    seeds : S, for S networks computed at once, network k starting as with ``seed + k``.
    dtype : np.float64, or np.float32, which is faster.

    Attributes: ``W_ih`` (H, D), ``W_hh`` (H, H), ``b_ih`` (H,), ``b_hh`` (H,); with ``seeds`` each
    has a leading axis S. ``parameters`` has the same arrays by name.

    >>> rnn = RNN(input_size=3, hidden_size=5)
    >>> states = rnn.forward(np.ones((4, 2, 3)))
    >>> states.shape, rnn.backward(np.ones_like(states))["W_hh"].shape
    ((4, 2, 5), (5, 5))
    """

    GATES = "h"  # one block of weights, and nothing that opens or shuts

    def __init__(
        self, input_size, hidden_size, nonlinearity="tanh", seed=0, seeds=None, dtype=np.float64
    ):
        if nonlinearity not in _ACTIVATIONS:
            known = ", ".join(_ACTIVATIONS)
            raise ValueError(f"nonlinearity is {nonlinearity!r}; choose one of {known}.")
        self.nonlinearity = nonlinearity
        self._begin(input_size, hidden_size, seed, seeds, dtype)

    def step(self, x_t, h):
        """One step: from x_t (B, D) and h_{t-1} (B, H) to h_t (B, H).

        One sequence may come without its B. With ``seeds``: x_t (B, D) or (S, B, D), h (S, B, H).
        """
        x_t, h = self._check_step(x_t, h=h)
        f, _ = _ACTIVATIONS[self.nonlinearity]
        a = x_t @ self.W_ih.mT + h @ self.W_hh.mT + self._bias()
        f(a, out=a)
        return a

    def forward(self, x, h0=None, mask=None):
        """Run over whole sequences and return every state.

        Parameters
        ----------
        x : (T, B, D), T steps of B sequences side by side. With ``seeds`` all networks see this
            x, or each its own: (T, S, B, D).
        h0 : (B, H), the state before the first step, zeros if left out. With ``seeds`` (B, H) or
            (S, B, H).
        mask : (T, B) of bool (``cells.length_mask``): where it is False the step is not taken
            and the state is handed on unchanged. With ``seeds`` (T, B) or (T, S, B).

        Returns the states after steps 0 .. T-1, (T, B, H); the argument ``h0`` is not among them.
        With ``seeds`` (T, S, B, H). They can be read but not written to: they are what
        ``backward`` needs (with x, h0 and the mask), kept until the next ``forward``.
        Raises ``ValueError`` where a shape does not fit.
        """
        x, B = self._check_x(x)
        h0 = self._check_state("h0", h0, B)
        mask = self._check_mask(mask, len(x), B)
        f, _ = _ACTIVATIONS[self.nonlinearity]
        W_hh_T = np.ascontiguousarray(self.W_hh.mT)

        h = np.empty((len(x) + 1, *h0.shape), self.dtype)  # (T + 1, B, H): h0 and every state
        h[0] = h0
        # Of h_t = f(W_ih x_t + W_hh h_{t-1} + biases), what does not wait for h_{t-1}: for all t.
        np.matmul(x, self.W_ih.mT, out=h[1:])
        h[1:] += self._bias()
        from_before = np.empty_like(h[0])
        h_before = h[0]
        for t, h_t in enumerate(h[1:]):
            np.matmul(h_before, W_hh_T, out=from_before)
            h_t += from_before
            f(h_t, out=h_t)
            if mask is not None:
                np.copyto(h_t, h_before, where=~mask[t])
            h_before = h_t

        self._kept = x, h, mask
        states = h[1:]
        states.flags.writeable = False
        return states

    @property
    def last(self):
        """The state after the last step of the last ``forward``, (B, H), to carry on from."""
        return self._recall("last")[1][-1].copy()

    def backward(self, d_states):
        """Go back through the last ``forward``: from dL/dh_t to the gradients of everything.

        Parameters: ``d_states`` (T, B, H), as the states: the derivative of the loss by each
        state, as far as the loss sees this state directly (zero where it does not).

        Returns a dict of gradients: "W_ih", "W_hh", "b_ih", "b_hh", "x" (T, B, D), "h0" (B, H),
        and "states" (T, B, H): dL/dh_t by every way, through the later states too. With ``seeds``
        each of them has its axis S: network k's gradients are those of its own loss.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        x, h, mask = self._recall()
        d_states = np.asarray(d_states, dtype=self.dtype)
        check_shape("d_states", d_states, h[1:].shape)
        _, slope = _ACTIVATIONS[self.nonlinearity]
        W_hh = self.W_hh

        d_a = slope(h[1:])  # f'(a_t) for all t; dL/dh_t is multiplied to it in the loop
        if mask is not None:
            d_a *= mask
        d_h = np.zeros_like(h)  # (T + 1, B, H), as h
        d_h[1:] = d_states
        from_after = np.empty_like(h[0])
        for t in reversed(range(len(d_a))):
            d_h_t, d_a_t = d_h[t + 1], d_a[t]  # dL/dh_t is whole by now: every later step is done
            d_a_t *= d_h_t
            np.matmul(d_a_t, W_hh, out=from_after)
            d_h[t] += from_after
            if mask is not None:
                d_h[t] += d_h_t * ~mask[t]

        # A shared weight's gradient is the sum over steps and sequences: one product does it.
        own_rows = rows(d_a, self.seeds)  # (T·B, H)
        x_rows = rows(np.broadcast_to(x, (*d_a.shape[:-1], self.input_size)), self.seeds)
        d_b = own_rows.sum(axis=-2)
        return {
            "W_ih": own_rows.mT @ x_rows,
            "W_hh": own_rows.mT @ rows(h[:-1], self.seeds),
            "b_ih": d_b,
            "b_hh": d_b.copy(),
            "x": d_a @ self.W_ih,
            "h0": d_h[0],
            "states": d_h[1:],
        }

    def to_torch(self):
        """A ``torch.nn.RNN`` with the same weights (time first), of the same dtype.

        Raises ``ValueError`` for "sigmoid" and "linear", which torch's RNN does not have, and for
        several networks at once (``pick`` one).
        """
        import torch

        if self.nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"torch.nn.RNN knows tanh and relu; this cell is {self.nonlinearity}.")
        sizes = self.input_size, self.hidden_size
        return self._fill_torch(torch.nn.RNN(*sizes, nonlinearity=self.nonlinearity))

    @classmethod
    def from_torch(cls, module):
        """The cell with the weights of a ``torch.nn.RNN`` of one layer, one direction, with biases.

        Raises ``ValueError`` for another form.
        """
        weights = cls._weights_of(module)
        dtype = weights["W_hh"].dtype
        rnn = cls(module.input_size, module.hidden_size, module.nonlinearity, dtype=dtype)
        for name, values in weights.items():
            setattr(rnn, name, values)
        return rnn

    def __repr__(self):
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"RNN({self.input_size}, {self.hidden_size}, {self.nonlinearity!r}{many})"

    def _bias(self):
        b = self.b_ih + self.b_hh
        return self._per_row(b)  # (H,) or (S, 1, H)
