"""What happens inside an LSTM or a GRU, step by step: gates, candidate and states, for pictures."""

import numpy as np

from rnncourse.cells import sigmoid
from rnncourse.draw.tiles import vector

LSTM_NAMES = {  # letter: (what it is, what it does)
    "f": ("forget gate", "keep"),
    "i": ("input gate", "write"),
    "g": ("candidate", "new"),
    "o": ("output gate", "show"),
}
GRU_NAMES = {
    "r": ("reset gate", "listen"),
    "z": ("update gate", "keep"),
    "n": ("candidate", "new"),
}


class LstmValues:
    """The weights of one LSTM, read out: ``run`` tells what every gate does at every step.

    ``lstm`` is a ``cells.LSTM``, or has ``W_ih, W_hh, b_ih, b_hh`` in the order i, f, g, o (or
    torch's names for them). Raises ``ValueError`` for several networks at once.
    """

    kind = "LSTM"

    def __init__(self, lstm):
        self.forget = getattr(lstm, "forget", "gate")
        self.order = "ifgo" if self.forget == "gate" else "igo"
        self.blocks, self.units, self.inputs = _blocks(lstm, self.order)
        self.peepholes = {}
        if getattr(lstm, "peepholes", False):
            gates = [letter for letter in self.order if letter != "g"]
            self.peepholes = dict(zip(gates, _array(lstm.W_peep), strict=True))

    def step(self, x, h, c):
        """One step: every letter's values (H,), the products and the new states."""
        a = {at: W @ x + U @ h + b for at, (W, U, b, _) in self.blocks.items()}
        for letter in "if":
            if letter in self.peepholes:
                a[letter] = a[letter] + self.peepholes[letter] * c
        i, g = sigmoid(a["i"]), np.tanh(a["g"])
        f = {"gate": lambda: sigmoid(a["f"]), "coupled": lambda: 1 - i}.get(
            self.forget, lambda: np.ones_like(i)
        )()
        c_new = f * c + i * g
        o = sigmoid(a["o"] + self.peepholes.get("o", 0.0) * c_new)
        return {"i": i, "f": f, "g": g, "o": o, "c": c_new, "h": o * np.tanh(c_new)}

    def run(self, x, start=None):
        """Over x (T, D) from ``start`` = (h, c): {"x": (T, D), "i": (T, H), ... "c", "h"}."""
        h, c = self.held(start)
        steps = []
        for x_t in x:
            steps.append(self.step(x_t, h, c))
            h, c = steps[-1]["h"], steps[-1]["c"]
        return {"x": x} | {name: np.array([step[name] for step in steps]) for name in steps[0]}

    def held(self, start):
        """What the cell holds before the first step: (h, c), each (H,). Raises ``ValueError``."""
        h, c = (None, None) if start is None else start
        return tuple(
            np.zeros(self.units) if value is None else vector(name, value, self.units)
            for name, value in (("h", h), ("c", c))
        )


class GruValues:
    """The same for a GRU with its blocks r, z, n; z keeps, as in torch."""

    kind, forget, peepholes = "GRU", None, ()
    order = "rzn"

    def __init__(self, gru):
        self.reset = getattr(gru, "reset", "after")
        self.blocks, self.units, self.inputs = _blocks(gru, self.order)

    def step(self, x, h):
        """One step: every letter's values (H,), what the candidate hears of h, the new state."""
        r, z = (sigmoid(W @ x + U @ h + b) for W, U, b, _ in (self.blocks["r"], self.blocks["z"]))
        W, U, _, (b_in, b_hn) = self.blocks["n"]
        heard = U @ (r * h) + b_hn if self.reset == "before" else r * (U @ h + b_hn)
        n = np.tanh(W @ x + b_in + heard)
        return {"r": r, "z": z, "n": n, "h": (1 - z) * n + z * h}

    def run(self, x, start=None):
        """Over x (T, D) from ``start`` = h: {"x": (T, D), "r": (T, H), "z", "n", "h"}."""
        h, steps = self.held(start), []
        for x_t in x:
            steps.append(self.step(x_t, h))
            h = steps[-1]["h"]
        return {"x": x} | {name: np.array([step[name] for step in steps]) for name in steps[0]}

    def held(self, start):
        return np.zeros(self.units) if start is None else vector("h", start, self.units)


def values_of(cell):
    """``GruValues`` or ``LstmValues``, by the number of blocks the cell's weights have."""
    W_hh = _array(_named(cell, "W_hh"))
    blocks = W_hh.shape[-2] // W_hh.shape[-1]
    is_gru = blocks == 3 and not hasattr(cell, "forget")
    return GruValues(cell) if is_gru else LstmValues(cell)


def sequence_of(x, inputs):
    """``x`` as (T, D) of floats; (T,) where there is one input. Raises ``ValueError``."""
    x = _array(x)
    x = x[:, None] if x.ndim == 1 and inputs == 1 else x
    if x.ndim != 2 or x.shape[1] != inputs or not len(x):
        raise ValueError(f"x has shape {np.shape(x)}; this network needs (T, {inputs}).")
    return x


def _blocks(cell, order):
    """{letter: (W (H, D), U (H, H), both biases together, (b_ih, b_hh))}, units, inputs."""
    W_ih, W_hh, b_ih, b_hh = (
        _array(_named(cell, name)) for name in ("W_ih", "W_hh", "b_ih", "b_hh")
    )
    if W_ih.ndim != 2:
        raise ValueError(f"W_ih has shape {W_ih.shape}; a picture shows one network.")
    units = W_hh.shape[1]
    if W_hh.shape[0] != len(order) * units:
        raise ValueError(
            f"W_hh has shape {W_hh.shape}; the blocks {', '.join(order)} of {units} units need "
            f"({len(order) * units}, {units})."
        )
    found = {}
    for at, letter in enumerate(order):
        rows = slice(at * units, (at + 1) * units)
        biases = b_ih[rows], b_hh[rows]
        found[letter] = W_ih[rows], W_hh[rows], sum(biases), biases
    return found, units, W_ih.shape[1]


_TORCH = {"W": "weight", "b": "bias"}


def _named(cell, name):
    """A weight by its name here, or by torch's (``weight_ih``, ``weight_ih_l0``)."""
    kind, _, way = name.partition("_")
    theirs = f"{_TORCH[kind]}_{way}"
    for known in (name, theirs, f"{theirs}_l0"):
        if hasattr(cell, known):
            return getattr(cell, known)
    raise ValueError(f"{type(cell).__name__} has no {name}; a cell has W_ih, W_hh, b_ih, b_hh.")


def _array(values):
    values = values.detach() if hasattr(values, "detach") else values
    return np.asarray(values, dtype=float)
