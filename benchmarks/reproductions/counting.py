"""Counting: trained on aⁿbⁿ with n to 10, up to which n is a network right?

F. A. Gers and J. Schmidhuber (2001), LSTM recurrent networks learn simple context-free and
context-sensitive languages, IEEE Transactions on Neural Networks 12, 1333-1340,
doi:10.1109/72.963769; G. Weiss, Y. Goldberg and E. Yahav (2018), On the practical computational
power of finite precision RNNs for language recognition, arXiv:1805.04908: an LSTM can add to its
cell without bound, a GRU and a tanh RNN hold all they know between -1 and 1.

A string is right if at every step the scores above 0 are those of the legal symbols, no others.
"""

import numpy as np

from benchmarks.reproductions import Experiment, Row, say, spread
from benchmarks.reproductions.common import network, rounds
from rnncourse import cells, train
from rnncourse.data import tasks

RECIPE = {
    "trained": 10,  # on n = 1 .. 10, all of them in every update
    "hidden": 10,
    "updates": 3000,
    "every": 50,  # updates between two changes of the learning rate, which falls to 0 on a line
    "lr": 0.05,
    "beta2": 0.99,
    "clip": 0.25,
    "kinds": {
        "LSTM": {"cell": "LSTM"},
        "LSTM, chrono start": {"cell": "LSTM", "chrono": 20},
        "LSTM, forget bias 10": {"cell": "LSTM", "forget bias": 10.0},
        "LSTM, no forget gate": {"cell": "LSTM", "forget": "none"},
        "GRU": {"cell": "GRU"},
        "tanh RNN": {"cell": "tanh RNN"},
    },
    "languages": {"anbn": {"seeds": 20}, "anbncn": {"seeds": 10}},
    "tested": [[1, 30, 1], [31, 100, 1], [110, 200, 10], [250, 1000, 50]],  # from, to, by
    "examples": {"lstm": "LSTM", "gru": "GRU"},  # one trained network of each is stored
    "counter": 1000,  # the hand-set counter is tested for every n up to this one
}


def counter_lstm(dtype=np.float64) -> train.Network:
    """An LSTM of two cells, its weights set by hand, that predicts aⁿbⁿ exactly.

    Cell 0 counts: every gate is open, so that c goes up by 1 with an a, down by 1 with a b, and
    is 0 again after the last b. Cell 1 keeps only the last letter, -1 for a and 1 for b: its
    forget gate is shut. W_hh is 0. Saturated gates are exactly 0 or 1 in floating point (σ(40) is
    rounded to 1), so the count is a whole number for every n.
    """
    open_, full = 40.0, 20.0
    lstm = cells.LSTM(4, 2, dtype=dtype)  # symbols S a b T
    lstm.W_ih[:], lstm.W_hh[:], lstm.b_hh[:] = 0.0, 0.0, 0.0
    lstm.set_bias("i", open_)
    lstm.set_bias("f", np.array([open_, -open_]))
    lstm.set_bias("g", 0.0)
    lstm.set_bias("o", open_)
    lstm.W_ih[4] = 0, full, -full, 0  # g of cell 0: +1 for a, -1 for b
    lstm.W_ih[5] = 0, -full, full, 0  # g of cell 1: which letter it was
    readout = cells.Linear(2, 4, dtype=dtype)
    readout.W = [[0, 0], [0, -1], [1, 0], [-1, 1]]  # S never; a: no b yet; b: count > 0; T: rest
    readout.b = [-1, 0.5, -0.5, -0.5]
    return train.Network(lstm, readout)


def made(kind: dict, inputs: int, hidden: int, seeds: int):
    """S cells of the kind that the recipe describes, in float32."""
    many = {"seeds": seeds, "dtype": np.float32}
    if kind["cell"] == "GRU":
        return cells.GRU(inputs, hidden, **many)
    if kind["cell"] == "tanh RNN":
        return cells.RNN(inputs, hidden, **many)
    forget, bias = kind.get("forget", "gate"), kind.get("forget bias")
    cell = cells.LSTM(inputs, hidden, forget=forget, forget_bias=bias, **many)
    if "chrono" in kind:
        cell.chrono(kind["chrono"], rng=0)
    return cell


def right_by_n(net: train.Network, language, blocks: list) -> np.ndarray:
    """For one network: which n are right, (N,) bool, tested in blocks of similar lengths."""
    found = []
    for first, last, by in blocks:
        batch = language(np.arange(first, last + 1, by), dtype=net.cell.dtype.type)
        found.append(tasks.set_right(batch, net.forward(batch.x)))
    return np.concatenate(found)


def longest(right: np.ndarray, ns: np.ndarray) -> np.ndarray:
    """The last n before the first that is wrong, 0 if already the first is: (..., N) to (...)."""
    unbroken = np.logical_and.accumulate(right, axis=-1)
    return (unbroken * ns).max(axis=-1)


def counting(recipe: dict) -> dict[str, np.ndarray]:
    """Train every kind on both languages, and test far beyond the trained lengths."""
    blocks = recipe["tested"]
    ns = np.concatenate([np.arange(first, last + 1, by) for first, last, by in blocks])
    found = {"kinds": list(recipe["kinds"]), "trained": recipe["trained"], "n": ns}
    for name, facts in recipe["languages"].items():
        language, S = getattr(tasks, name), facts["seeds"]
        batch = language(np.arange(1, recipe["trained"] + 1), dtype=np.float32)
        right = np.zeros((len(recipe["kinds"]), S, len(ns)), dtype=bool)
        for j, (label, kind) in enumerate(recipe["kinds"].items()):
            net = network(made(kind, batch.classes, recipe["hidden"], S), batch.classes)
            train_on(net, batch, recipe)
            right[j] = [right_by_n(net.pick(k), language, blocks) for k in range(S)]
            reached = longest(right[j], ns)
            say(f"  {name}, {label}: right to n = {np.sort(reached)}")
            for short, example in recipe["examples"].items():
                if (name, label) == ("anbn", example):
                    middle = int(np.argsort(reached)[S // 2])
                    found |= weights(net.pick(middle), f"example_{short}")
        found |= {f"{name}_right": right, f"{name}_longest": longest(right, ns)}
    return found | {"counter_right": hand_set(recipe["counter"])}


def train_on(net: train.Network, batch, recipe: dict) -> None:
    """Full batches, and a learning rate that falls to 0 on a line: it sharpens the counters."""
    optimiser = train.Adam(net.parameters, lr=recipe["lr"], betas=(0.9, recipe["beta2"]))
    updates, every = recipe["updates"], recipe["every"]
    sets = batch.sets
    for done in rounds(
        net, lambda step: sets, train.set_entropy, optimiser, updates, every, recipe["clip"]
    ):
        optimiser.lr = recipe["lr"] * (1 - done / updates)


def weights(net: train.Network, prefix: str) -> dict[str, np.ndarray]:
    """Every weight of a network as an array to store: prefix_W_ih, ..., prefix_W, prefix_b."""
    return {f"{prefix}_{name.split('.')[1]}": values for name, values in net.parameters.items()}


def hand_set(furthest: int) -> np.ndarray:
    """Is the hand-set counter right, for every n from 1 to the furthest?"""
    blocks = [[n, min(n + 99, furthest), 1] for n in range(1, furthest + 1, 100)]
    return right_by_n(counter_lstm(), tasks.anbn, blocks)


UNEQUAL = (
    "ours: all ten strings in every update, Adam, sets predicted at every step, forget gate, 10 "
    "units; n to 100 tested one by one, then every 10th and 50th n"
)
GERS_2001 = "Gers & Schmidhuber 2001 (abstract)"
GERS_2002 = "Gers, Pérez-Ortiz & Schmidhuber 2002 (abstract)"
WEISS = "Weiss, Goldberg & Yahav 2018 (abstract)"
PUBLISHED = {
    ("anbn", "LSTM"): ("LSTM learns it, better than RNNs before", GERS_2001),
    ("anbncn", "LSTM"): ("LSTM with Kalman filter, n ≤ 10: right to 1,000 and more", GERS_2002),
    ("anbn", "GRU"): ("strictly weaker than an LSTM, which can count", WEISS),
    ("anbn", "tanh RNN"): ("strictly weaker than an LSTM, which can count", WEISS),
}


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Every kind on both languages; the LSTM's and the GRU's reach on aⁿbⁿ are held to a bound."""
    n = int(stored["trained"])
    found = []
    for name, spoken in (("anbn", "aⁿbⁿ"), ("anbncn", "aⁿbⁿcⁿ")):
        for kind, reached in zip(stored["kinds"], stored[f"{name}_longest"], strict=True):
            published, source = PUBLISHED.get((name, str(kind)), ("none", "not published"))
            target, ok = "", None
            if name == "anbn" and kind == "LSTM":
                target, ok = f"median ≥ {3 * n}", bool(np.median(reached) >= 3 * n)
            elif name == "anbn" and kind == "GRU":
                target, ok = f"median ≤ {n + 2}", bool(np.median(reached) <= n + 2)
            ours = f"right to n = {spread(reached)}"
            what = f"{spoken}, trained to n = {n} · {kind}"
            found.append(Row(what, ours, published, source, UNEQUAL, target, ok))
    right = stored["counter_right"]
    ours = f"right for {int(right.sum()):,} of {right.size:,} n"
    hand = "aⁿbⁿ · LSTM of 2 cells, set by hand"
    target = f"every n to {right.size:,}"
    untrained = "no training: every weight is set by hand"
    found.append(Row(hand, ours, "an LSTM can count", WEISS, untrained, target, bool(right.all())))
    return found


EXPERIMENTS = [
    Experiment(
        "08_counting",
        RECIPE,
        counting,
        rows,
        tiny={
            "updates": 20,
            "every": 10,
            "languages": {"anbn": {"seeds": 2}, "anbncn": {"seeds": 1}},
            "tested": [[1, 3, 1], [4, 12, 4]],
            "counter": 130,
        },
    )
]
