"""Hochreiter and Schmidhuber (1997), experiments 4 and 6: adding and temporal order over 100 steps.

Neural Computation 9, 1735-1780, doi:10.1162/neco.1997.9.8.1735. Their LSTM had no forget gate; ours
has, and it decides: a forget gate that starts with a bias of 1 keeps σ(1)^100 ≈ 2.5e-14 of a value
over 100 steps. The chrono start (C. Tallec and Y. Ollivier 2018, arXiv:1804.11188) opens it for as
long as the task is.
"""

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say, spread
from benchmarks.reproductions.common import (
    NEVER,
    Streak,
    lstm,
    network,
    rounds,
    side_by_side,
    table,
)
from rnncourse import train
from rnncourse.data import tasks

ORDER = {
    "seeds": 10,
    "batch": 16,
    "clip": 1.0,
    "every": 50,  # updates between two checks
    "checked": 512,  # fresh sequences for each network's curve
    "tested": 2560,  # fresh sequences when it has stopped, as in the paper
    "streak": 2000,
    "tasks": {
        "6a": {"symbols": 2, "hidden": 8, "lr": 0.02},
        "6b": {"symbols": 3, "hidden": 12, "lr": 0.02},
    },
    "starts": {
        "chrono": {"chrono": 100, "updates": 2000},
        "forget bias 1": {"forget bias": 1.0, "updates": 3500},
    },
}

ADDING = {
    "seeds": 10,
    "batch": 16,
    "clip": 1.0,
    "every": 50,
    "checked": 512,
    "tested": 2560,
    "streak": 2000,
    "length": 100,
    "hidden": 8,
    "lr": 0.01,
    "starts": {
        "chrono": {"chrono": 60, "updates": 3000},
        "forget bias 1": {"forget bias": 1.0, "updates": 4000},
    },
}


def classes_right(scores, target):
    """Right if every output is within 0.3 of its target, as in the paper; and the mean error."""
    p = np.exp(scores - scores.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    off = np.abs(p - np.eye(p.shape[-1])[target])
    return (off <= 0.3).all(axis=-1), off.mean(axis=-1)


def number_right(y, target):
    """Right if within 0.04, as in the paper; and the error."""
    off = np.abs(y - target)[..., 0]
    return off < 0.04, off


def trained(recipe, net, task, facts, judge, loss, error, lr, updates, key):
    """Train until all have stopped, or for so many updates; the measurements of every check."""
    S, batch = recipe["seeds"], recipe["batch"]
    batches = side_by_side(task, S, batch, key, **facts)
    check = side_by_side(task, S, recipe["checked"], key + 1, **facts)(0)
    test = side_by_side(task, 1, recipe["tested"], key + 2, **facts)
    wrong, right, off = np.full(S, NEVER), [], []

    def test_now(k):
        x, target, mask = test(0)
        scores = net.pick(k).forward(x[:, 0], mask=mask[:, 0])
        wrong[k] = (~judge(scores, target[0])[0]).sum()

    watch = Streak(loss, judge, S, recipe["streak"], error, test_now)
    optimiser = train.Adam(net.parameters, lr=lr)
    for done in rounds(net, batches, watch, optimiser, updates, recipe["every"], recipe["clip"]):
        x, target, mask = check
        y = net.forward(x, mask=mask)
        right.append(judge(y, target)[0].mean(axis=-1))
        off.append(loss(y, target, seeds=True)[0])
        if done % (10 * recipe["every"]) == 0:
            say(f"  {done * batch} sequences: {right[-1].round(3)}, stopped {watch.stopped}")
        if (watch.stopped != NEVER).all():
            break
    return watch.stopped, wrong, right, off


def order(recipe):
    """Temporal order: both tasks, both starts."""
    S = recipe["seeds"]
    checks = max(start["updates"] for start in recipe["starts"].values()) // recipe["every"]
    shape = (len(recipe["tasks"]), len(recipe["starts"]))
    right = np.full((*shape, checks, S), np.nan)
    loss = np.full_like(right, np.nan)
    sequences, wrong = np.full((*shape, S), NEVER), np.full((*shape, S), NEVER)
    for i, (name, facts) in enumerate(recipe["tasks"].items()):
        for j, (start, how) in enumerate(recipe["starts"].items()):
            say(f" {name}, {start}")
            cell = lstm(8, facts["hidden"], S, how)
            net = network(cell, 2 ** facts["symbols"], last=True)
            sequences[i, j], wrong[i, j], curve, off = trained(
                recipe,
                net,
                tasks.temporal_order,
                {"form": "1997", "symbols": facts["symbols"]},
                classes_right,
                train.cross_entropy,
                0.1,
                facts["lr"],
                how["updates"],
                key=60 + 6 * i + 3 * j,
            )
            right[i, j], loss[i, j] = table(curve, checks), table(off, checks)
    return {
        "tasks": list(recipe["tasks"]),
        "starts": list(recipe["starts"]),
        "at": recipe["batch"] * recipe["every"] * np.arange(1, checks + 1),
        "right": right,
        "loss": loss,
        "sequences": sequences,
        "wrong": wrong,
    }


def adding(recipe):
    """The adding problem: both starts."""
    S = recipe["seeds"]
    checks = max(start["updates"] for start in recipe["starts"].values()) // recipe["every"]
    error = np.full((len(recipe["starts"]), checks, S), np.nan)
    within = np.full_like(error, np.nan)
    sequences = np.full((len(recipe["starts"]), S), NEVER)
    wrong = np.full_like(sequences, NEVER)
    facts = {"length": recipe["length"], "values": "1997"}
    for j, (start, how) in enumerate(recipe["starts"].items()):
        say(f" {start}")
        net = network(lstm(2, recipe["hidden"], S, how), 1, last=True)
        sequences[j], wrong[j], right, off = trained(
            recipe,
            net,
            tasks.adding,
            facts,
            number_right,
            train.squared_error,
            0.01,
            recipe["lr"],
            how["updates"],
            key=40 + 3 * j,
        )
        error[j], within[j] = table(off, checks), table(right, checks)
    return {
        "starts": list(recipe["starts"]),
        "at": recipe["batch"] * recipe["every"] * np.arange(1, checks + 1),
        "error": error,
        "within": within,
        "sequences": sequences,
        "wrong": wrong,
        "variance": tasks.adding(4, seed=0, **facts).chance,
    }


PAPER = "Hochreiter & Schmidhuber 1997, table"
UNEQUAL = (
    "the stopping rule and the 2,560 test sequences are those of the paper. Ours: Adam, {batch} "
    "sequences at a time, all of the gradient, a forget gate, {cells}. Theirs: plain gradient "
    "descent, one sequence at a time, a truncated gradient, no forget gate, {weights}. Their "
    "figures are means."
)
BIAS = "forget bias 1"


def counted(sequences, wrong, longest):
    """How many stopped, after how many sequences, and how many of the test they got wrong."""
    good = sequences != NEVER
    if not good.any():
        return f"{count(good)} in {longest:,} sequences"
    return (
        f"{count(good)}; {spread(sequences[good])}, mean {sequences[good].mean():,.0f}; "
        f"wrong {spread(wrong[good])} of {ORDER['tested']:,}"
    )


def order_rows(stored):
    """The rows of the temporal order problem."""
    against = {
        "6a": ("31,390 (mean of 20); 1 of 2,560 wrong", "156 weights"),
        "6b": ("571,100 (mean of 10); 2 of 2,560 wrong", "308 weights"),
    }
    rows = []
    for i, task in enumerate(map(str, stored["tasks"])):
        published, weights = against[task]
        cells = f"{ORDER['tasks'][task]['hidden']} cells, softmax"
        unequal = UNEQUAL.format(batch=ORDER["batch"], cells=cells, weights=weights)
        for j, start in enumerate(map(str, stored["starts"])):
            sequences, wrong = stored["sequences"][i, j], stored["wrong"][i, j]
            longest = ORDER["starts"][start]["updates"] * ORDER["batch"]
            good = sequences != NEVER
            if start == BIAS:
                target, reached = "0 of 10", not good.any()
            else:
                target = "10 of 10, each ≤ 15,000"
                reached = bool(good.all() and sequences.max() <= 15_000)
            rows.append(
                Row(
                    f"temporal order {task} · LSTM, {start}",
                    counted(sequences, wrong, longest),
                    published if start != BIAS else "no figure for this",
                    f"{PAPER} 9" if start != BIAS else "",
                    f"{task}: {unequal}",
                    target,
                    reached,
                )
            )
    return rows


def adding_rows(stored):
    """The rows of the adding problem."""
    unequal = UNEQUAL.format(
        batch=ADDING["batch"], cells=f"{ADDING['hidden']} cells", weights="93 weights"
    )
    rows = []
    for j, start in enumerate(map(str, stored["starts"])):
        sequences, wrong = stored["sequences"][j], stored["wrong"][j]
        longest = ADDING["starts"][start]["updates"] * ADDING["batch"]
        good = sequences != NEVER
        ours = counted(sequences, wrong, longest)
        if start == BIAS:
            flat = stored["error"][j, -1]
            ours += f"; error {spread(flat, '{:.4f}')}, variance {stored['variance']:.4f}"
            target, reached = "0 of 10", not good.any()
        else:
            target = "10 of 10, mean ≤ 40,000, ≥ 99.6 % within 0.04"
            close = wrong <= 0.004 * ADDING["tested"]
            reached = bool(good.all() and sequences.mean() <= 40_000 and close.all())
        rows.append(
            Row(
                f"adding, T = 100 · LSTM, {start}",
                ours,
                "74,000 (mean of 10); 1 of 2,560 wrong" if start != BIAS else "no figure for this",
                f"{PAPER} 7" if start != BIAS else "",
                unequal,
                target,
                reached,
            )
        )
    return rows


_TINY = {
    "seeds": 2,
    "batch": 2,
    "every": 1,
    "checked": 2,
    "tested": 4,
    "starts": {"chrono": {"updates": 2}, BIAS: {"updates": 2}},
}
EXPERIMENTS = [
    Experiment("07_temporal_order", ORDER, order, order_rows, tiny=_TINY),
    Experiment("07_adding", ADDING, adding, adding_rows, tiny=_TINY),
]
