"""Which cell to choose: five cells with the same number of parameters, on four tasks.

J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), Empirical evaluation of gated recurrent neural
networks on sequence modeling, arXiv:1412.3555; K. Greff et al. (2017), LSTM: a search space
odyssey, arXiv:1503.04069. Their tasks are large ones, ours are four small ones that each ask for
another kind of memory; so the papers stand beside our figures as context, not as equals.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say, spread
from benchmarks.reproductions.common import NEVER, network, rounds
from rnncourse import cells, train
from rnncourse.cells import starts
from rnncourse.data import tasks

RECIPE = {
    "seeds": 10,
    "hidden": 12,  # of the LSTM; the other cells are as large as its parameters allow
    "clip": 1.0,
    "cells": ["tanh RNN", "LSTM", "GRU", "LSTM, peepholes", "LSTM, coupled"],
    "lr": 0.01,
    "lr of the tanh RNN": 0.003,  # as in 08_parity
    "tasks": {
        "embedded Reber": {"batch": 8, "every": 50, "updates": 2500, "tested": 256},
        "adding": {"batch": 16, "every": 50, "updates": 1200, "length": 40, "tested": 256},
        "echo": {"batch": 16, "every": 50, "updates": 1500, "lag": 5, "tested": 64},
        "counting": {"batch": 10, "every": 100, "updates": 2000, "right to": 20},
    },
}


@dataclass
class Task:
    """What to train on, S networks at once, and when a network has succeeded."""

    inputs: int
    outputs: int
    last: bool
    loss: object
    batches: object  # from the update's number to what `train.fit` asks for
    succeeded: object  # from the network to (S,) bool


def embedded_reber(facts: dict, S: int) -> Task:
    """Success: at every step of fresh strings the legal symbols score highest, the 1997 rule."""
    test = tasks.encode(tasks.reber_strings(facts["tested"], seed=1), dtype=np.float32)

    def batches(step):
        drawn = tasks.embedded_reber(S * facts["batch"], seed=(81, step), dtype=np.float32)
        return tuple(drawn.split(S))

    def succeeded(net):
        return tasks.reber_right(test, net.forward(test.x), seeds=True).all(axis=-1)

    return Task(7, 7, False, train.cross_entropy, batches, succeeded)


def adding(facts: dict, S: int) -> Task:
    """Success: a mean squared error below 0.01 on fresh sequences (1/6 without memory)."""
    length = facts["length"]
    test = tasks.adding(facts["tested"], length, seed=(82, 10**6), dtype=np.float32)

    def batches(step):
        drawn = tasks.adding(S * facts["batch"], length, seed=(82, step), dtype=np.float32)
        return tuple(drawn.split(S))

    def succeeded(net):
        return train.squared_error(net.forward(test.x), test.target, seeds=True)[0] < 0.01

    return Task(2, 1, True, train.squared_error, batches, succeeded)


def echo(facts: dict, S: int) -> Task:
    """Say the symbol of five steps ago, all the time. Success: 99 % right on fresh sequences."""
    lag, length = facts["lag"], 3 * facts["lag"]
    test = tasks.delayed_echo(facts["tested"], length, lag, (83, 10**6), 4, dtype=np.float32)

    def batches(step):
        rows = S * facts["batch"]
        drawn = tasks.delayed_echo(rows, length, lag, (83, step), 4, dtype=np.float32)
        return tuple(drawn.split(S))

    def succeeded(net):
        return test.accuracy(net.forward(test.x), seeds=True) >= 0.99

    return Task(4, 4, False, train.cross_entropy, batches, succeeded)


def counting(facts: dict, S: int) -> Task:
    """Trained on aⁿbⁿ to n = 10. Success: right for every n to 20."""
    learn = tasks.anbn(np.arange(1, facts["batch"] + 1), dtype=np.float32)
    test = tasks.anbn(np.arange(1, facts["right to"] + 1), dtype=np.float32)

    def succeeded(net):
        return tasks.set_right(test, net.forward(test.x), seeds=True).all(axis=-1)

    return Task(4, 4, False, train.set_entropy, lambda step: learn.sets, succeeded)


TASKS = {
    "embedded Reber": embedded_reber,
    "adding": adding,
    "echo": echo,
    "counting": counting,
}


def made(name: str, inputs: int, hidden: int, seeds: int | None):
    """A cell with the start that keeps its state from the beginning: keep gates near σ(1)."""
    many = {"seeds": seeds, "dtype": np.float32}
    if name == "tanh RNN":
        cell = cells.RNN(inputs, hidden, **many)
        turns = [starts.orthogonal(hidden, k) for k in range(seeds or 1)]
        cell.W_hh = np.stack(turns) if seeds else turns[0]
    elif name == "GRU":
        cell = cells.GRU(inputs, hidden, **many)
        cell.set_bias("z", 1.0)
    elif name == "LSTM, coupled":
        cell = cells.LSTM(inputs, hidden, forget="coupled", **many)
        cell.set_bias("i", -1.0)
    else:
        peepholes = name == "LSTM, peepholes"
        cell = cells.LSTM(inputs, hidden, peepholes=peepholes, forget_bias=1.0, **many)
    return cell


def size(name: str, task: Task, hidden: int) -> int:
    """The parameters of one network, cell and readout together."""
    net = network(made(name, task.inputs, hidden, None), task.outputs)
    return sum(values.size for values in net.parameters.values())


def as_large(name: str, task: Task, hidden: int) -> int:
    """The H with which this cell has nearest to the LSTM's parameters."""
    wanted = size("LSTM", task, hidden)
    return min(range(2, 4 * hidden), key=lambda H: abs(size(name, task, H) - wanted))


def milliseconds(net: train.Network, task: Task) -> float:
    """The time of one update of one network, in the shortest of ten."""
    drawn = task.batches(0)
    optimiser = train.Adam(net.parameters)
    histories = [
        train.fit(net, lambda _: drawn, task.loss, optimiser, 1, clip=1.0, progress=False)
        for _ in range(10)
    ]
    return 1000 * min(history.seconds for history in histories)


def until_success(net: train.Network, task: Task, facts: dict, lr: float, clip: float):
    """The sequences seen until each network's first successful check, (S,), or -1."""
    sequences = np.full(net.seeds, NEVER)
    optimiser = train.Adam(net.parameters, lr=lr)
    for done in rounds(
        net, task.batches, task.loss, optimiser, facts["updates"], facts["every"], clip
    ):
        first = task.succeeded(net) & (sequences == NEVER)
        sequences[first] = done * facts["batch"]
        if (sequences != NEVER).all():
            break
    return sequences


def choice(recipe: dict) -> dict[str, np.ndarray]:
    """Every cell on every task."""
    S, names = recipe["seeds"], recipe["cells"]
    shape = (len(recipe["tasks"]), len(names))
    sequences = np.full((*shape, S), NEVER)
    hidden, parameters = np.zeros(shape, dtype=int), np.zeros(shape, dtype=int)
    spent = np.zeros(shape)
    for i, (kind, facts) in enumerate(recipe["tasks"].items()):
        task, alone = TASKS[kind](facts, S), TASKS[kind](facts, 1)
        for j, name in enumerate(names):
            H = hidden[i, j] = as_large(name, task, recipe["hidden"])
            parameters[i, j] = size(name, task, H)
            one = network(made(name, task.inputs, H, 1), task.outputs, task.last)
            spent[i, j] = milliseconds(one, alone)
            net = network(made(name, task.inputs, H, S), task.outputs, task.last)
            lr = recipe["lr of the tanh RNN" if name == "tanh RNN" else "lr"]
            sequences[i, j] = until_success(net, task, facts, lr, recipe["clip"])
            say(f"  {kind}, {name} ({H}): {sequences[i, j]}, {spent[i, j]:.1f} ms")
    return {
        "tasks": list(recipe["tasks"]),
        "cells": names,
        "hidden": hidden,
        "parameters": parameters,
        "sequences": sequences,
        "budget": [facts["updates"] * facts["batch"] for facts in recipe["tasks"].values()],
        "milliseconds": spent,
    }


CONTEXT = {
    "GRU": ("GRU comparable to LSTM, on music and speech", "Chung et al. 2014 (abstract)"),
    "tanh RNN": ("gated cells better, on music and speech", "Chung et al. 2014 (abstract)"),
}
VARIANT = ("no variant improves on the LSTM significantly", "Greff et al. 2017 (abstract)")
UNEQUAL = (
    "ours: four small tasks, 770 to 1,140 parameters, one learning rate (a smaller one for the "
    "tanh RNN), starts that keep the state; the time is that of our NumPy cells"
)


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """A line for each task and cell. Nothing is held to a target: it is a comparison."""
    found = []
    for i, task in enumerate(stored["tasks"]):
        for j, name in enumerate(stored["cells"]):
            needed = stored["sequences"][i, j]
            solved = needed != NEVER
            ours = count(solved)
            if solved.any():
                ours += f"; {spread(needed[solved])} sequences"
            ours += f"; {float(stored['milliseconds'][i, j]):.1f} ms"
            size = f"{int(stored['parameters'][i, j])} parameters"
            published = CONTEXT.get(str(name), VARIANT if "," in str(name) else ("none", "none"))
            found.append(Row(f"{task} · {name}, {size}", ours, *published, UNEQUAL))
    return found


EXPERIMENTS = [
    Experiment(
        "08_choice",
        RECIPE,
        choice,
        rows,
        tiny={
            "seeds": 2,
            "hidden": 4,
            "tasks": {
                "embedded Reber": {"every": 1, "updates": 1, "tested": 4},
                "adding": {"every": 1, "updates": 1, "length": 5, "tested": 4},
                "echo": {"every": 1, "updates": 1, "lag": 2, "tested": 4},
                "counting": {"every": 1, "updates": 1, "right to": 3},
            },
        },
    )
]
