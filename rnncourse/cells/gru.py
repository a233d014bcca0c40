"""The gated recurrent unit: two gates, and one state that is memory and output at once.

Built by hand in lesson 08. The cell is that of

    K. Cho, B. van Merriënboer, C. Gulcehre, D. Bahdanau, F. Bougares, H. Schwenk and Y. Bengio
    (2014), Learning phrase representations using RNN encoder-decoder for statistical machine
    translation, EMNLP, arXiv:1406.1078, section 2.3.

There the reset gate comes before the product with the recurrent weights (``reset="before"``). In
the paper's first version on arXiv, in cuDNN and in ``torch.nn.GRU`` it comes after the product
(``reset="after"``), so that one product serves all three blocks. In all of them, as here, z keeps
the old state; others, such as Chung et al. (2014), arXiv:1412.3555, write z for 1 - z.

What needs no recurrence is done for all steps at once: the products with x before the loop, the
weights' gradients after it.
"""

from types import MappingProxyType

import numpy as np

from rnncourse.cells.parameters import check_shape, columns
from rnncourse.cells.recurrent import Recurrent

HANDFUL = 2**19  # bytes of gradients that one product sums over


def _sigmoid(a):
    """The sigmoid, written over its argument: (1 + tanh(a / 2)) / 2."""
    a *= 0.5
    np.tanh(a, out=a)
    a += 1.0
    a *= 0.5


class GRU(Recurrent):
    """A layer of H gated units, for t = 0 .. T-1 (σ the sigmoid, ⊙ number by number)::

        r_t = σ(W_ir x_t + b_ir + W_hr h_{t-1} + b_hr)              how much n hears of h
        z_t = σ(W_iz x_t + b_iz + W_hz h_{t-1} + b_hz)              how much is kept
        n_t = tanh(W_in x_t + b_in + r_t ⊙ (W_hn h_{t-1} + b_hn))   what could be written
              tanh(W_in x_t + b_in + W_hn (r_t ⊙ h_{t-1}) + b_hn)   the same with reset="before"
        h_t = (1 - z_t) ⊙ n_t + z_t ⊙ h_{t-1}                       the state

    Parameters
    ----------
    input_size, hidden_size : D, the features of an input, and H, the units of the layer.
    reset : "after" the product with W_hn, as torch has it, or "before" it, as in Cho et al.
    seed : the seed of the start, uniform from -1/sqrt(H) to 1/sqrt(H) as in ``torch.nn.GRU``.
    seeds : S, for S networks computed at once, network k starting as with ``seed + k``.
    dtype : np.float64, or np.float32, which is faster.

    Attributes: ``W_ih`` (3H, D), ``W_hh`` (3H, H), ``b_ih`` (3H,), ``b_hh`` (3H,), each with the
    blocks r, z, n one below the other; with ``seeds`` each has a leading axis S. ``parameters``
    has the same arrays by name. After ``forward``: ``gates``, a dict of "r", "z" and "n" (the
    candidate), each (T, B, H); ``last`` (B, H), the state after the last step, to carry on from.

    >>> gru = GRU(input_size=3, hidden_size=5)
    >>> states = gru.forward(np.ones((4, 2, 3)))
    >>> states.shape, gru.gates["z"].shape, gru.backward(np.ones_like(states))["W_hh"].shape
    ((4, 2, 5), (4, 2, 5), (15, 5))
    """

    GATES = "rzn"
    KEEP = MappingProxyType({"z": 1})

    def __init__(
        self, input_size, hidden_size, reset="after", seed=0, seeds=None, dtype=np.float64
    ):
        if reset not in ("after", "before"):
            raise ValueError(f"reset is {reset!r}; choose one of after, before.")
        self.reset = reset
        self._begin(input_size, hidden_size, seed, seeds, dtype)

    def step(self, x_t, h):
        """One step: from x_t (B, D) and h_{t-1} (B, H) to h_t (B, H).

        One sequence may come without its B. With ``seeds``: x_t (B, D) or (S, B, D), h (S, B, H).
        """
        x_t, h = self._check_step(x_t, h=h)
        W_hr, W_hz, W_hn = np.split(self.W_hh, 3, axis=-2)  # each (H, H)
        b_hr, b_hz, b_hn = np.split(self._per_row(self.b_hh), 3, axis=-1)  # each (H,)
        r, z, n = np.split(x_t @ self.W_ih.mT + self._per_row(self.b_ih), 3, axis=-1)
        r = r + h @ W_hr.mT + b_hr
        z = z + h @ W_hz.mT + b_hz
        _sigmoid(r)
        _sigmoid(z)
        if self.reset == "after":
            n = np.tanh(n + r * (h @ W_hn.mT + b_hn))
        else:
            n = np.tanh(n + (r * h) @ W_hn.mT + b_hn)
        return (1.0 - z) * n + z * h

    def forward(self, x, start=None, mask=None):
        """Run over whole sequences and return every state.

        Parameters
        ----------
        x : (T, B, D), T steps of B sequences side by side. With ``seeds`` all networks see this
            x, or each its own: (T, S, B, D).
        start : (B, H), the state before the first step, zeros if left out. With ``seeds`` (B, H)
            or (S, B, H).
        mask : (T, B) of bool (``cells.length_mask``): where it is False the step is not taken
            and the state is handed on unchanged. With ``seeds`` (T, B) or (T, S, B).

        Returns the states after steps 0 .. T-1, (T, B, H); the argument ``start`` is not among
        them. With ``seeds`` (T, S, B, H). They can be read but not written to: they are what
        ``backward`` needs (with x, start, the gates and the mask), kept until the next ``forward``.
        Raises ``ValueError`` where a shape does not fit.
        """
        x, B = self._check_x(x)
        h0 = self._check_state("start", start, B)
        mask = self._check_mask(mask, len(x), B)
        T, H, after = len(x), self.hidden_size, self.reset == "after"
        W_hh, b_ih, b_hh = self.W_hh, self.b_ih[..., None], self.b_hh[..., None]  # b: (3H, 1)
        W_hrz, W_hn = W_hh[..., : 2 * H, :], W_hh[..., 2 * H :, :]
        b_hrz, b_hn = b_hh[..., : 2 * H, :], b_hh[..., 2 * H :, :]

        # Inside, features run down and sequences across, so that each gate is one block of memory.
        h = np.empty((T + 1, *h0.mT.shape), self.dtype)  # (T + 1, H, B): h0 and every state
        h[0] = h0.mT
        # Of each block's argument, what does not wait for h_{t-1}: for all t.
        a = np.empty((T, *h0.shape[:-2], 3 * H, B), self.dtype)  # (T, 3H, B)
        np.matmul(self.W_ih, x.mT, out=a)
        a += b_ih
        a[..., : 2 * H, :] += b_hrz
        if not after:
            a[..., 2 * H :, :] += b_hn
        rz = a[..., : 2 * H, :]
        r, z, n = a[..., :H, :], a[..., H : 2 * H, :], a[..., 2 * H :, :]
        heard = np.empty_like(h[1:])  # what r multiplies, W_hn h + b_hn; or "before", r * h

        from_before, product = np.empty(a.shape[1:], self.dtype), np.empty_like(h[0])
        from_before_rz, from_before_n = from_before[..., : 2 * H, :], from_before[..., 2 * H :, :]
        for t in range(T):
            h_before, h_t, n_t = h[t], h[t + 1], n[t]
            if after:
                np.matmul(W_hh, h_before, out=from_before)
            else:
                np.matmul(W_hrz, h_before, out=from_before_rz)
            rz[t] += from_before_rz
            _sigmoid(rz[t])
            if after:
                np.add(from_before_n, b_hn, out=heard[t])
                np.multiply(r[t], heard[t], out=product)
            else:
                np.multiply(r[t], h_before, out=heard[t])
                np.matmul(W_hn, heard[t], out=product)
            n_t += product
            np.tanh(n_t, out=n_t)
            np.subtract(h_before, n_t, out=h_t)
            h_t *= z[t]
            h_t += n_t  # n + z (h - n) is (1 - z) n + z h
            if mask is not None:
                np.copyto(h_t, h_before, where=~mask[t].mT)

        self._kept = x, h, (r, z, n), heard, mask
        return _shown(h[1:])

    @property
    def gates(self):
        """The gates of the last ``forward``, and the candidate: "r", "z", "n", each (T, B, H)."""
        _, _, gates, *_ = self._recall("gates")
        return dict(zip(self.GATES, map(_shown, gates), strict=True))

    @property
    def last(self):
        """The state after the last step of the last ``forward``, (B, H)."""
        _, h, *_ = self._recall("last")
        return h[-1].mT.copy()

    def backward(self, d_states):
        """Go back through the last ``forward``: from dL/dh_t to the gradients of everything.

        Parameters: ``d_states`` (T, B, H), as the states: the derivative of the loss by each
        state, as far as the loss sees this state directly (zero where it does not).

        Returns a dict of gradients: "W_ih", "W_hh", "b_ih", "b_hh", "x" (T, B, D), "h0" (B, H),
        and "states" (T, B, H): dL/dh_t by every way, through the later states too. With ``seeds``
        each of them has its axis S: network k's gradients are those of its own loss.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        x, h, (r, z, n), heard, mask = self._recall()
        d_states = np.asarray(d_states, dtype=self.dtype)
        check_shape("d_states", d_states, h[1:].mT.shape)
        T, H, after = len(r), self.hidden_size, self.reset == "after"
        back = np.ascontiguousarray(self.W_hh.mT)  # (H, 3H)
        back_rz, back_n = back[..., : 2 * H], back[..., 2 * H :]

        # dL/d(each block's argument), (T, 3H, B); where r comes after the product, n's block holds
        # what reaches W_hn h + b_hn in the loop, and what reaches n itself stands in d_n.
        d_a = np.empty((T, *h.shape[1:-2], 3 * H, h.shape[-1]), self.dtype)
        d_ar, d_az, d_an = d_a[..., :H, :], d_a[..., H : 2 * H, :], d_a[..., 2 * H :, :]
        d_n = np.empty_like(heard) if after else d_an
        d_h = np.zeros_like(h)  # (T + 1, H, B), as h
        d_h[1:] = d_states.mT
        for t in reversed(range(T)):
            r_t, z_t, n_t, d_n_t = r[t], z[t], n[t], d_n[t]
            d_h_t, d_h_before = d_h[t + 1], d_h[t]  # dL/dh_t is whole: every later step is done
            if mask is not None:
                d_h_before += d_h_t * ~mask[t].mT
                d_h_t = d_h_t * mask[t].mT
            d_kept = d_h_t * z_t
            d_h_before += d_kept
            np.multiply(d_kept * (1.0 - z_t), h[t] - n_t, out=d_az[t])
            np.multiply(d_h_t - d_kept, 1.0 - n_t * n_t, out=d_n_t)
            if after:
                d_heard = np.multiply(d_n_t, r_t, out=d_an[t])
                np.multiply(d_heard * (1.0 - r_t), heard[t], out=d_ar[t])
                d_h_before += back @ d_a[t]
            else:
                d_heard = back_n @ d_n_t
                np.multiply(d_heard * (1.0 - r_t), heard[t], out=d_ar[t])
                d_h_before += d_heard * r_t
                d_h_before += back_rz @ d_a[t][..., : 2 * H, :]

        # A shared weight's gradient is the sum over steps and sequences.
        if after:
            d_W_hh = _summed(d_a, h[:-1])
        else:
            d_rz = _summed(d_a[..., : 2 * H, :], h[:-1])
            d_W_hh = np.concatenate([d_rz, _summed(d_an, heard)], axis=-2)
        d_b_hh = d_a.sum(axis=0).sum(axis=-1)
        d_an[...] = d_n
        x = np.broadcast_to(x, (*d_states.shape[:-1], self.input_size))
        return {
            "W_ih": _summed(d_a, x.mT),
            "W_hh": d_W_hh,
            "b_ih": d_a.sum(axis=0).sum(axis=-1),
            "b_hh": d_b_hh,
            "x": (self.W_ih.mT @ d_a).mT,
            "h0": d_h[0].mT,
            "states": d_h[1:].mT,
        }

    def to_torch(self):
        """A ``torch.nn.GRU`` with the same weights (time first), of the same dtype.

        Raises ``ValueError`` for reset="before", which torch does not have, and for several
        networks at once (``pick`` one).
        """
        import torch

        if self.reset != "after":
            raise ValueError("torch.nn.GRU resets after the product; this cell resets before it.")
        return self._fill_torch(torch.nn.GRU(self.input_size, self.hidden_size))

    @classmethod
    def from_torch(cls, module):
        """The cell with the weights of a ``torch.nn.GRU`` of one layer, one direction, with biases.

        Raises ``ValueError`` for another form.
        """
        weights = cls._weights_of(module)
        gru = cls(module.input_size, module.hidden_size, dtype=weights["W_hh"].dtype)
        for name, values in weights.items():
            setattr(gru, name, values)
        return gru

    def __repr__(self):
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"GRU({self.input_size}, {self.hidden_size}, reset={self.reset!r}{many})"


def _summed(d_a, heard):
    """The sum over all steps of ``d_a[t] @ heard[t].T``: (T, n, B) and (T, m, B) give (n, m).

    One product takes a handful of steps, few enough to stay in the processor's own memory.
    """
    total = np.zeros((*d_a.shape[1:-1], heard.shape[-2]), d_a.dtype)
    handful = 1 + HANDFUL // max(d_a[:1].nbytes, 1)
    for t in range(0, len(d_a), handful):
        some = slice(t, t + handful)
        total += columns(d_a[some]) @ columns(heard[some]).mT
    return total


def _shown(array):
    """An array (.., H, B) as its reader expects it, (.., B, H), and not to be written to."""
    array = array.mT
    array.flags.writeable = False
    return array
