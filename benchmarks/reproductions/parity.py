"""Parity of bits: trained on strings of 1 to 20 bits, tested on 500.

G. Delétang et al. (2022), Neural networks and the Chomsky hierarchy, arXiv:2207.02098: parity is
one of the regular tasks there, which LSTMs solve for longer strings than they were trained on. They
trained on lengths to 40 (the default of the code published with the paper).
"""

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say, spread
from benchmarks.reproductions.common import NEVER, network, rounds
from rnncourse import cells, train
from rnncourse.data import tasks

RECIPE = {
    "seeds": 10,
    "hidden": 16,
    "trained": 20,  # every update has strings of one length, from 1 to this one
    "batch": 32,
    "lr": {
        "LSTM": 0.01,
        "GRU": 0.01,
        "tanh RNN": 0.003,
    },  # a tanh RNN with an answer at the end needs it small
    "clip": 1.0,
    "every": 50,  # updates between two checks
    "updates": 4000,  # at most: a kind stops when all its networks have succeeded
    "lengths": [20, 40, 100, 200, 500],
    "tested": 200,  # strings of each length
    "cells": ["LSTM", "GRU", "tanh RNN"],
    "targets": ["every step", "end only"],
}
CELLS = {"LSTM": cells.LSTM, "GRU": cells.GRU, "tanh RNN": cells.RNN}


def batches(recipe: dict, every_step: bool, key: int):
    """Strings of one random length an update, different ones for each network."""

    def at(step):
        length = int(np.random.default_rng((key, step)).integers(1, recipe["trained"] + 1))
        rows = recipe["seeds"] * recipe["batch"]
        drawn = tasks.parity(rows, length, (key, step, 1), every_step, dtype=np.float32)
        return tuple(drawn.split(recipe["seeds"]))

    return at


def final_right(net: train.Network, recipe: dict) -> np.ndarray:
    """The share of fresh strings whose final parity is right, for every length: (L, S)."""
    shares = []
    for length in recipe["lengths"]:
        drawn = tasks.parity(recipe["tested"], length, (9, length), False, dtype=np.float32)
        states = net.cell.forward(drawn.x)[-1]
        said = net.readout.forward(states).argmax(axis=-1)  # (S, B)
        shares.append((said == drawn.target).mean(axis=-1))
    return np.array(shares)


def parity(recipe: dict) -> dict[str, np.ndarray]:
    """Every cell, with a target at every step and with one at the end only."""
    S = recipe["seeds"]
    shape = (len(recipe["targets"]), len(recipe["cells"]))
    accuracy = np.zeros((*shape, len(recipe["lengths"]), S))
    sequences = np.full((*shape, S), NEVER)
    for i, target in enumerate(recipe["targets"]):
        for j, name in enumerate(recipe["cells"]):
            cell = CELLS[name](1, recipe["hidden"], seeds=S, dtype=np.float32)
            net = network(cell, 2, last=target == "end only")
            optimiser = train.Adam(net.parameters, lr=recipe["lr"][name])
            drawn = batches(recipe, target == "every step", key=8)
            for done in rounds(
                net,
                drawn,
                train.cross_entropy,
                optimiser,
                recipe["updates"],
                recipe["every"],
                recipe["clip"],
            ):
                now = final_right(net, recipe)
                better = now[-1] > accuracy[i, j, -1]  # the best check of each network is kept
                accuracy[i, j][:, better] = now[:, better]
                first = (now == 1).all(axis=0) & (sequences[i, j] == NEVER)
                sequences[i, j, first] = done * recipe["batch"]
                if (sequences[i, j] != NEVER).all():
                    break
            say(f"  {name}, {target}: after {done} updates, sequences {sequences[i, j]}")
    return {
        "cells": recipe["cells"],
        "targets": recipe["targets"],
        "lengths": recipe["lengths"],
        "trained": recipe["trained"],
        "accuracy": accuracy,
        "sequences": sequences,
        "solved": sequences != NEVER,
    }


UNEQUAL = (
    "ours: trained to length 20, not 40; 16 units; Adam; success at the first check with all fresh "
    "strings right, and the best check of every network counts"
)
SOURCE = "Delétang et al. 2022 (abstract)"
PUBLISHED = {
    "LSTM": "LSTMs solve regular tasks",
    "GRU": "none",
    "tanh RNN": "RNNs fail only beyond regular tasks",
}


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """A line for each cell and target; the LSTM is held to all of its runs."""
    found = []
    for i, target in enumerate(stored["targets"]):
        for j, name in enumerate(stored["cells"]):
            solved, needed = stored["solved"][i, j], stored["sequences"][i, j]
            ours = count(solved)
            if solved.any():
                ours += f"; {spread(needed[solved])} sequences"
            what = f"parity to length {int(stored['lengths'][-1])}, target: {target} · {name}"
            asked, ok = "", None
            if name == "LSTM":
                asked, ok = f"{solved.size} of {solved.size}", bool(solved.all())
            found.append(Row(what, ours, PUBLISHED[str(name)], SOURCE, UNEQUAL, asked, ok))
    return found


EXPERIMENTS = [
    Experiment(
        "08_parity",
        RECIPE,
        parity,
        rows,
        tiny={"seeds": 2, "updates": 4, "every": 2, "lengths": [5, 20], "tested": 5},
    )
]
