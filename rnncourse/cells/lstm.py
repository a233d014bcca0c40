"""The LSTM: a cell that keeps its state, and gates that decide what goes in, stays and comes out.

Built by hand in lesson 07, gate by gate. The cell and its input and output gates are those of

    S. Hochreiter and J. Schmidhuber (1997), Long short-term memory, Neural Computation 9,
    1735-1780, doi:10.1162/neco.1997.9.8.1735;

the forget gate, and the peepholes:

    F. A. Gers, J. Schmidhuber and F. Cummins (2000), Learning to forget: continual prediction with
    LSTM, Neural Computation 12, 2451-2471, doi:10.1162/089976600300015015;
    F. A. Gers, N. N. Schraudolph and J. Schmidhuber (2002), Learning precise timing with LSTM
    recurrent networks, Journal of Machine Learning Research 3, 115-143;

input and forget gate coupled, as in

    K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink and J. Schmidhuber (2017), LSTM: a
    search space odyssey, IEEE Transactions on Neural Networks and Learning Systems 28, 2222-2232,
    arXiv:1503.04069.

Names, biases and the order of the gates are those of ``torch.nn.LSTM``.
"""

import numpy as np

from rnncourse.cells.activations import sigmoid
from rnncourse.cells.parameters import check_shape
from rnncourse.cells.recurrent import Recurrent

# forget -> the weights' blocks, in order; the gates whose bias makes the cell keep, with its sign;
# the order in which the loops have the blocks
_FORMS = {
    "gate": ("ifgo", {"f": 1, "i": -1}, "oifg"),
    "coupled": ("igo", {"i": -1}, "oig"),
    "none": ("igo", {}, "oig"),
}


class LSTM(Recurrent):
    """A layer of H memory cells, for t = 0 .. T-1 (σ the sigmoid, ⊙ number by number)::

        i_t = σ(W_i x_t + U_i h_{t-1} + b_i)        how much is written
        f_t = σ(W_f x_t + U_f h_{t-1} + b_f)        how much is kept
        g_t = tanh(W_g x_t + U_g h_{t-1} + b_g)     what could be written
        o_t = σ(W_o x_t + U_o h_{t-1} + b_o)        how much is shown
        c_t = f_t ⊙ c_{t-1} + i_t ⊙ g_t             the cell
        h_t = o_t ⊙ tanh(c_t)                       the state that others see

    ``W_ih`` stands for W_i, W_f, W_g and W_o one below the other, ``W_hh`` for the four U, and each
    b is the sum of its block of ``b_ih`` and of ``b_hh``, as in torch.

    Parameters
    ----------
    input_size, hidden_size : D, the features of an input, and H, the cells of the layer.
    forget : "gate" for the equations above; "coupled" for f = 1 - i; "none" for f = 1, the cell of
        1997. Only "gate" has a block f.
    peepholes : True lets the gates see the cell: i and f see c_{t-1}, o sees c_t, each through a
        weight of its own, ``W_peep``.
    forget_bias : the number at which b_f starts, for "gate" only; drawn like the others if None.
    seed : the seed of the start, uniform from -1/sqrt(H) to 1/sqrt(H) as in ``torch.nn.LSTM``.
    seeds : S, for S networks computed at once, network k starting as with ``seed + k``.
    dtype : np.float64, or np.float32, which is faster.

    Attributes: ``W_ih`` (4H, D), ``W_hh`` (4H, H), ``b_ih`` (4H,), ``b_hh`` (4H,), in blocks of H
    rows in the order i, f, g, o (3H, in the order i, g, o, without a forget gate of its own), and
    with peepholes ``W_peep`` (3, H) for i, f, o, or (2, H) for i, o; with ``seeds`` each has a
    leading axis S. ``parameters`` has the same arrays by name.

    >>> lstm = LSTM(input_size=3, hidden_size=5, forget_bias=1.0)
    >>> states = lstm.forward(np.ones((4, 2, 3)))
    >>> states.shape, lstm.cell_states.shape, lstm.backward(np.ones_like(states))["W_hh"].shape
    ((4, 2, 5), (4, 2, 5), (20, 5))
    """

    def __init__(
        self,
        input_size,
        hidden_size,
        forget="gate",
        peepholes=False,
        forget_bias=None,
        seed=0,
        seeds=None,
        dtype=np.float64,
    ):
        if forget not in _FORMS:
            raise ValueError(f"forget is {forget!r}; choose one of {', '.join(_FORMS)}.")
        if forget_bias is not None and forget != "gate":
            raise ValueError(f'forget_bias needs forget="gate"; this cell has {forget!r}.')
        self.forget = forget
        self.peepholes = peepholes
        self.GATES, self.KEEP, self._inner = _FORMS[forget]
        self._peeping = self.GATES.replace("g", "")  # the candidate does not see the cell
        more = {"W_peep": (len(self._peeping), hidden_size)} if peepholes else {}
        self._begin(input_size, hidden_size, seed, seeds, dtype, **more)
        rows = np.arange(self.W_hh.shape[-2]).reshape(-1, hidden_size)
        self._order = rows[[self.GATES.index(gate) for gate in self._inner]].ravel()
        if forget_bias is not None:
            self.set_bias("f", forget_bias)

    def step(self, x_t, state):
        """One step: from x_t (B, D) and (h_{t-1}, c_{t-1}), each (B, H), to (h_t, c_t).

        One sequence may come without its B. With ``seeds``: x_t (B, D) or (S, B, D), the states
        (S, B, H).
        """
        h, c = _pair("state", "(h, c)", state)
        x_t, h, c = self._check_step(x_t, h=h, c=c)
        a = x_t @ self.W_ih.mT + h @ self.W_hh.mT + self._per_row(self.b_ih + self.b_hh)
        a = dict(zip(self.GATES, np.split(a, len(self.GATES), axis=-1), strict=True))
        p = dict.fromkeys(self._peeping, 0.0)
        if self.peepholes:
            p = {gate: self._per_row(self.W_peep[..., k, :]) for k, gate in enumerate(p)}

        i = sigmoid(a["i"] + p["i"] * c)
        if self.forget == "gate":
            f = sigmoid(a["f"] + p["f"] * c)
        else:
            f = 1.0 - i if self.forget == "coupled" else 1.0
        c = f * c + i * np.tanh(a["g"])
        o = sigmoid(a["o"] + p["o"] * c)
        return o * np.tanh(c), c

    def forward(self, x, start=None, mask=None):
        """Run over whole sequences and return every state.

        Parameters
        ----------
        x : (T, B, D), T steps of B sequences side by side. With ``seeds`` all networks see this
            x, or each its own: (T, S, B, D).
        start : (h0, c0), each (B, H), before the first step; zeros if left out. With ``seeds``
            (B, H) or (S, B, H). To go on where the last call ended: ``start=lstm.last``.
        mask : (T, B) of bool (``cells.length_mask``): where it is False the step is not taken,
            and both h and c are handed on unchanged. With ``seeds`` (T, B) or (T, S, B).

        Returns the states h after steps 0 .. T-1, (T, B, H), with ``seeds`` (T, S, B, H); h0 is
        not among them. They can be read but not written to: they are what ``backward`` needs,
        kept, like ``cell_states``, ``gates`` and ``last``, until the next ``forward``.
        Raises ``ValueError`` where a shape does not fit.
        """
        h0, c0 = (None, None) if start is None else _pair("start", "(h0, c0)", start)
        x, B = self._check_x(x)
        h0, c0 = self._check_state("h0", h0, B), self._check_state("c0", c0, B)
        mask = self._check_mask(mask, len(x), B)
        T, (*S, B, H), D, G = len(x), h0.shape, self.input_size, len(self.GATES)

        # Inside, features run down and sequences across, and the blocks are o, i, f, g: so each
        # gate is one piece of memory, and so are those with a σ, and those that c_t comes from.
        z = np.empty((T + 1, *S, H + D + 1, B), self.dtype)  # h_{t-1}, x_t and a 1 in one column
        z[:-1, ..., H:-1, :] = x.mT
        z[..., -1, :] = 1.0
        h = z[..., :H, :]  # (T + 1, H, B): h0 and every state
        c = self._room("c", T + 1, *S, H, B)
        h[0], c[0] = h0.mT, c0.mT
        gates = self._room("gates", T, *S, G, H, B)
        a = gates.reshape(T, *S, G * H, B)  # the same memory: every gate is computed in place
        o, i, *own_f, g = _blocks(gates)
        f = own_f[0] if own_f else self._room("f", T, *S, H, B)
        if self.forget == "none":
            f[...] = 1.0
        product, tanh_c = self._room("product", *S, H, B), self._room("tanh_c", T, *S, H, B)

        # σ(a) = (1 + tanh(a / 2)) / 2: with the halves in W, one tanh serves all blocks.
        W, p = self._inside()
        W[..., :-H, :] *= 0.5
        W = np.ascontiguousarray(W.mT).mT  # the same numbers; read down the columns, it is faster
        first = 0 if p is None else 1  # with a peephole o has to wait for c_t
        bent, shut = gates[..., first:, :, :], gates[..., first:-1, :, :]  # with tanh; those with σ
        steps = zip(z, a, bent, shut, o, i, f, g, c, c[1:], tanh_c, h[1:], strict=False)
        for t, now in enumerate(steps):
            z_t, a_t, bent_t, shut_t, o_t, i_t, f_t, g_t, c_before, c_t, tanh_t, h_t = now
            np.matmul(W, z_t, out=a_t)
            if p is not None:
                shut_t += 0.5 * p[..., 1:, :, :] * c_before[..., None, :, :]
            np.tanh(bent_t, out=bent_t)
            _to_sigmoid(shut_t)
            if self.forget == "coupled":
                np.subtract(1.0, i_t, out=f_t)
            np.multiply(f_t, c_before, out=c_t)
            np.multiply(i_t, g_t, out=product)
            c_t += product
            if p is not None:
                np.tanh(o_t + 0.5 * p[..., 0, :, :] * c_t, out=o_t)
                _to_sigmoid(o_t)
            np.tanh(c_t, out=tanh_t)
            np.multiply(o_t, tanh_t, out=h_t)
            if mask is not None:
                skipped = ~mask[t].mT
                np.copyto(c_t, c_before, where=skipped)
                np.copyto(h_t, z_t[..., :H, :], where=skipped)

        self._kept = z, c, gates, f, mask
        states = h[1:].mT
        states.flags.writeable = False
        return states

    def _inside(self):
        """The weights as the loops need them.

        W (4H, H + D + 1), its blocks o, i, f, g, stands beside z as W_hh, W_ih and the biases' sum;
        p (3, H, 1) are the peepholes of o, i and f, None without.
        """
        W = np.concatenate([self.W_hh, self.W_ih, (self.b_ih + self.b_hh)[..., None]], axis=-1)
        if not self.peepholes:
            return W[..., self._order, :], None
        p = np.roll(self.W_peep, 1, axis=-2)  # from i, f, o to o, i, f
        return W[..., self._order, :], p[..., None]

    @property
    def cell_states(self):
        """Every c_t of the last ``forward``, (T, B, H); c0 is not among them."""
        return self._recall("cell_states")[1][1:].mT.copy()

    @property
    def gates(self):
        """The gates of the last ``forward``: "i", "f", "g", "o", each (T, B, H).

        "f" is there in every form: 1 - i where it is coupled, ones without a forget gate.
        """
        _, _, gates, f, _ = self._recall("gates")
        found = dict(zip(self._inner, _blocks(gates), strict=True)) | {"f": f}
        return {gate: found[gate].mT.copy() for gate in "ifgo"}

    @property
    def last(self):
        """(h, c) after the last step of the last ``forward``, each (B, H), to carry on from."""
        z, c, *_ = self._recall("last")
        return z[-1][..., : self.hidden_size, :].mT.copy(), c[-1].mT.copy()

    def backward(self, d_states, d_cell_states=None):
        """Go back through the last ``forward``: from dL/dh_t to the gradients of everything.

        Parameters: ``d_states`` (T, B, H), as the states: the derivative of the loss by each
        state, as far as the loss sees this state directly (zero where it does not);
        ``d_cell_states`` (T, B, H), the same for each c_t, where the loss sees the cell.

        Returns a dict of gradients: those of the weights by their names, "x" (T, B, D), "h0" and
        "c0" (B, H), and "states" and "cell_states" (T, B, H): dL/dh_t and dL/dc_t by every way,
        through the later steps too. With ``seeds`` each of them has its axis S: network k's
        gradients are those of its own loss.
        Raises ``RuntimeError`` before the first ``forward``, ``ValueError`` for another shape.
        """
        z, c, gates, f, mask = self._recall()
        T, *S, G, H, B = gates.shape
        d_states = self._check_d("d_states", d_states, (T, *S, B, H))
        if d_cell_states is not None:
            d_cell_states = self._check_d("d_cell_states", d_cell_states, (T, *S, B, H))
        W, p = self._inside()
        W_T = W[..., :-1].mT
        d_W, d_W_some = np.zeros_like(W), np.empty_like(W)
        d_p = None if p is None else np.zeros_like(p[..., 0])
        d_z = np.empty((T + 1, *S, H + self.input_size, B), self.dtype)  # of h_{t-1} and x_t
        d_h, d_c = d_z[..., :H, :], np.empty(c.shape, self.dtype)  # (T + 1, H, B), dL/dh0 first
        d_h[-1] = d_c[-1] = 0.0
        from_h, all_tanh_c = self._room("product", *S, H, B), self._room("tanh_c", T, *S, H, B)
        for some in _handfuls(T, from_h.nbytes):  # the last ones first
            # What needs no recurrence: how c_t (and h_t, for o) moves with each a_t, with c_{t-1}.
            after = slice(some.start + 1, some.stop + 1)
            c_before, f_t, all_t = c[some], f[some], gates[some]
            o_t, i_t, *_, g_t = _blocks(all_t)
            d_all = self._room("d_all", *all_t.shape)
            d_o, d_i, *d_f, d_g = _blocks(d_all)
            tanh_c, h_by_c = all_tanh_c[some], self._room("h_by_c", *c_before.shape)
            _slope_of_sigmoid(all_t[..., :-1, :, :], out=d_all[..., :-1, :, :])
            d_o *= tanh_c
            # With f = 1 - i, what i writes it writes over c_{t-1}.
            d_i *= g_t - c_before if self.forget == "coupled" else g_t
            if d_f:
                d_f[0] *= c_before
            _slope_of_tanh(g_t, out=d_g)
            d_g *= i_t
            _slope_of_tanh(tanh_c, out=h_by_c)
            h_by_c *= o_t
            c_by_c = f_t
            if p is not None:
                h_by_c += p[..., 0, :, :] * d_o
                c_by_c = f_t + (p[..., 1:, :, :] * d_all[..., 1:-1, :, :]).sum(axis=-3)
            if mask is not None:
                real = mask[some].mT
                d_all *= real[..., None, :, :]
                h_by_c *= real
                c_by_c = np.where(real, c_by_c, 1.0)
            d_by_c = d_all[..., 1:, :, :]  # of i, f and g
            d_a = d_all.reshape(-1, *S, G * H, B)
            d_seen = self._room("d_seen", *o_t.shape)
            d_seen[...] = d_states[some].mT

            for k in reversed(range(len(d_a))):
                t = some.start + k
                d_h_t, d_c_t = d_h[t + 1], d_c[t + 1]  # from the later steps so far
                d_h_t += d_seen[k]
                np.multiply(d_h_t, h_by_c[k], out=from_h)
                d_c_t += from_h
                if d_cell_states is not None:
                    d_c_t += d_cell_states[t].mT
                d_o[k] *= d_h_t
                d_by_c[k] *= d_c_t[..., None, :, :]
                np.matmul(W_T, d_a[k], out=d_z[t])
                np.multiply(d_c_t, c_by_c[k], out=d_c[t])
                if mask is not None:
                    d_h[t] += d_h_t * ~real[k]

            # A shared weight's gradient is the sum over steps and sequences: one product does it.
            np.matmul(self._columns("d_a", d_a), self._columns("z_t", z[some]).mT, out=d_W_some)
            d_W += d_W_some
            if p is not None:
                d_p[..., 0, :] += (d_o * c[after]).sum(axis=(0, -1))
                d_p[..., 1:, :] += (d_by_c[..., :-1, :, :] * c_before[..., None, :, :]).sum((0, -1))

        back = np.argsort(self._order)
        d_W = d_W[..., back, :]
        d_b = d_W[..., -1].copy()
        grads = {"W_ih": d_W[..., H:-1].copy(), "W_hh": d_W[..., :H].copy(), "b_ih": d_b}
        if p is not None:
            grads["W_peep"] = np.roll(d_p, -1, axis=-2)
        return grads | {
            "b_hh": d_b.copy(),
            "x": d_z[:-1, ..., H:, :].mT,
            "h0": d_h[0].mT,
            "c0": d_c[0].mT,
            "states": d_h[1:].mT,
            "cell_states": d_c[1:].mT,
        }

    def _columns(self, name, array):
        """Every step of every sequence as one column: (T, n, B) becomes (n, T·B)."""
        T, *S, n, B = array.shape
        columns = self._room(name, *S, n, T, B)
        columns[...] = np.moveaxis(array, 0, -2)
        return columns.reshape(*S, n, T * B)

    def _check_d(self, name, d, shape):
        d = np.asarray(d, dtype=self.dtype)
        check_shape(name, d, shape)
        return d

    def to_torch(self):
        """A ``torch.nn.LSTM`` with the same weights (time first), of the same dtype.

        Raises ``ValueError`` for the forms that torch does not have, and for several networks at
        once (``pick`` one).
        """
        import torch

        if self.forget != "gate" or self.peepholes:
            raise ValueError(
                "torch.nn.LSTM has a forget gate and no peepholes; this cell is another."
            )
        return self._fill_torch(torch.nn.LSTM(self.input_size, self.hidden_size))

    @classmethod
    def from_torch(cls, module):
        """The cell with the weights of a ``torch.nn.LSTM``: one layer, one direction, with biases.

        Raises ``ValueError`` for another form.
        """
        weights = cls._weights_of(module)
        lstm = cls(module.input_size, module.hidden_size, dtype=weights["W_hh"].dtype)
        for name, values in weights.items():
            setattr(lstm, name, values)
        return lstm

    def __repr__(self):
        form = "" if self.forget == "gate" else f", forget={self.forget!r}"
        peep = ", peepholes=True" if self.peepholes else ""
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"LSTM({self.input_size}, {self.hidden_size}{form}{peep}{many})"


def _pair(name, form, given):
    """Both states: one array alone would be taken apart along its first axis without a word."""
    if isinstance(given, np.ndarray):
        raise ValueError(f"{name} is {form}, both; here it is an array of shape {given.shape}.")
    if len(given) != 2:
        parts = f"{len(given)} part{'s' * (len(given) != 1)}"
        raise ValueError(f"{name} is {form}, both; here it has {parts}.")
    return given


def _blocks(array):
    """The blocks o, i, f and g of (T, 4, H, B), each (T, H, B)."""
    return np.moveaxis(array, -3, 0)


def _to_sigmoid(tanh_of_half):
    """From tanh(a / 2) to σ(a), in place."""
    tanh_of_half *= 0.5
    tanh_of_half += 0.5


def _slope_of_sigmoid(s, out):
    """σ'(a) = s (1 - s), from s = σ(a)."""
    np.subtract(1.0, s, out=out)
    out *= s


def _slope_of_tanh(g, out):
    """tanh'(a) = 1 - g², from g = tanh(a)."""
    np.multiply(g, g, out=out)
    np.subtract(1.0, out, out=out)


def _handfuls(T, size):
    """Slices of 0 .. T-1, the last first: so few steps of this size, in bytes, that a cache holds
    what is computed for them.
    """
    many = max(1, 2**17 // max(1, size))
    return [slice(max(0, end - many), end) for end in range(T, 0, -many)]
