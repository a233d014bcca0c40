"""The embedded Reber grammar of 1997, string by string.

S. Hochreiter and J. Schmidhuber (1997), Long short-term memory, Neural Computation 9, 1735-1780,
doi:10.1162/neco.1997.9.8.1735, experiment 1.
"""

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say, spread
from benchmarks.reproductions.common import NEVER, lstm, network, rounds
from rnncourse import cells, train
from rnncourse.data import tasks

RECIPE = {
    "sets": 3,
    "starts": 10,  # of the weights, with each data set
    "strings": 256,  # to train on, and as many others to test
    "batch": 4,
    "every": 64,  # updates between two checks: 256 sequences
    "clip": 5.0,
    "hidden": 15,
    "methods": {
        "LSTM": {"lr": 0.02, "updates": 4800, "forget bias": 1.0},
        "LSTM, chrono start": {"lr": 0.02, "updates": 4800, "chrono": 20},
        "RNN": {"lr": 0.01, "updates": 9600},
        "RNN, one-step truncation": {"lr": 0.01, "updates": 9600},
    },
}


class Elman(cells.RNN):
    """An RNN trained as by Elman (1990): the state before is one more input, no gradient passes."""

    def backward(self, d_states):
        """The gradients of `cells.RNN.backward`, each step's own share alone."""
        W_hh = self.W_hh.copy()
        self.W_hh = np.zeros_like(W_hh)  # backward multiplies by it only to reach the step before
        try:
            return super().backward(d_states)
        finally:
            self.W_hh = W_hh


def seven_to_seven(method, how, hidden, seeds):
    """S networks from a Reber symbol to scores for the next one."""
    if method.startswith("LSTM"):
        cell = lstm(7, hidden, seeds, how)
    else:
        kind = Elman if "truncation" in method else cells.RNN
        cell = kind(7, hidden, seed=0, seeds=seeds, dtype=np.float32)
    return network(cell, 7)


class Strings:
    """Data sets of embedded Reber strings, as in 1997: half to train on, half to test.

    The training strings are drawn as the grammar says them, short ones again and again; of the
    test strings no two are alike, and none is among the training strings.

    Network k of the S has data set k // starts, and a start of its own.
    """

    def __init__(self, recipe, parts=8):
        self.size, self.batch, sets = recipe["strings"], recipe["batch"], recipe["sets"]
        self.set_of = np.repeat(np.arange(sets), recipe["starts"])  # (S,)
        own = [tasks.reber_strings(self.size, unique=False, seed=(k, 0)) for k in range(sets)]
        others = [tasks.reber_strings(self.size, seed=(k, 1), without=own[k]) for k in range(sets)]
        every = [string for strings in own for string in strings]
        self.train = tasks.encode(every, dtype=np.float32).split(sets)  # x (T, sets, size, 7)
        # All strings of each set, in parts of like length: fewer steps to compute.
        both = [sorted(one + other, key=len) for one, other in zip(own, others, strict=True)]
        parts = np.array_split(np.arange(2 * self.size), parts)
        chosen = ([both[k][row] for k in self.set_of for row in part] for part in parts)
        self.all = [tasks.encode(c, dtype=np.float32).split(len(self.set_of)) for c in chosen]

    def batches(self, step):
        """(x, target) of `batch` training strings for each network, drawn by chance."""
        rng = np.random.default_rng((1, step))
        rows = rng.integers(0, self.size, (len(self.set_of), self.batch))
        sets = self.set_of[:, None]
        T = self.train.lengths[sets, rows].max()
        return self.train.x[:T, sets, rows], self.train.target[:T, sets, rows]

    def share_right(self, net):
        """The share of all strings that each network gets right at every step, (S,)."""
        right = [tasks.reber_right(part, net.forward(part.x)) for part in self.all]
        return np.concatenate(right, axis=1).mean(axis=1)


def run(recipe):
    """Train every method with every data set and start; look at the strings again and again."""
    data = Strings(recipe)
    S = len(data.set_of)
    checks = max(how["updates"] for how in recipe["methods"].values()) // recipe["every"]
    at = recipe["batch"] * recipe["every"] * np.arange(1, checks + 1)
    share = np.full((len(recipe["methods"]), checks, S), np.nan)
    sequences = np.full((len(share), S), NEVER)
    for m, (method, how) in enumerate(recipe["methods"].items()):
        net = seven_to_seven(method, how, recipe["hidden"], S)
        optimiser = train.Adam(net.parameters, lr=how["lr"])
        updates, every = how["updates"], recipe["every"]
        training = rounds(
            net, data.batches, train.cross_entropy, optimiser, updates, every, recipe["clip"]
        )
        for done in training:
            k = done // every - 1
            share[m, k] = data.share_right(net)
            sequences[m, (share[m, k] == 1) & (sequences[m] == NEVER)] = at[k]
            if (sequences[m] != NEVER).all():
                break
            if done % (10 * every) == 0:
                say(f"  {method}, {at[k]} sequences: {count(sequences[m] != NEVER)}")
    return {
        "methods": list(recipe["methods"]),
        "at": at,
        "share": share,
        "sequences": sequences,
        "longest": [how["updates"] * recipe["batch"] for how in recipe["methods"].values()],
    }


PAPER = "Hochreiter & Schmidhuber 1997, table 1"
UNEQUAL = (
    "ours: Adam, {batch} strings at a time, softmax with cross-entropy, all of the gradient, a "
    "check every {check} strings, and test strings that are all different. 15 LSTM cells with a "
    "forget gate are 1,552 weights; theirs, without one, 276, trained by plain gradient descent, "
    "one string at a time, with a truncated gradient. The simple RNN of 1997 is quoted there from "
    "Cleeremans et al. 1989; its procedure (no gradient to the step before) is kept here, its "
    "optimiser is not."
)


def rows(stored):
    """The rows of the embedded Reber table."""
    every = RECIPE["every"] * RECIPE["batch"]
    unequal = UNEQUAL.format(batch=RECIPE["batch"], check=every)
    published = {
        "LSTM": ("100 %; 8,440 (mean; 3,800–24,100)", PAPER),
        "RNN, one-step truncation": ("0 %; > 200,000", f"Cleeremans 1989, quoted in {PAPER}"),
    }
    table = []
    for method, sequences, share, longest in zip(
        *(stored[name] for name in ("methods", "sequences", "share", "longest")), strict=True
    ):
        good = sequences[sequences != NEVER]
        ours = f"{count(sequences != NEVER)} in up to {longest:,} strings"
        if good.size:
            ours += f"; {spread(good)}, mean {good.mean():,.0f}"
        else:
            ours += f"; at best {np.nanmax(share):.0%} of the strings right"
        target, reached = "", None
        if method == "LSTM":
            target, within = "≥ 29 of 30 within 8,440", (good <= 8440).sum()
            ours += f"; {within} of {len(sequences)} within 8,440"
            reached = bool(within >= 29)
        elif method == "RNN, one-step truncation":
            target, reached = "0 of 30", good.size == 0
        theirs, source = published.get(str(method), ("no figure for this", ""))
        what = f"embedded Reber · {method} ({RECIPE['hidden']})"
        table.append(Row(what, ours, theirs, source, unequal, target, reached))
    return table


EXPERIMENTS = [
    Experiment(
        "07_embedded_reber",
        RECIPE,
        run,
        rows,
        tiny={
            "sets": 2,
            "starts": 1,
            "strings": 8,
            "every": 1,
            "hidden": 3,
            "methods": {method: {"updates": 2} for method in RECIPE["methods"]},
        },
    ),
]
