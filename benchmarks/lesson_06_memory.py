"""The long trainings of lesson 06: how far back do recurrent networks learn?

    python benchmarks/lesson_06_memory.py            all three, some 25 minutes on one core
    python benchmarks/lesson_06_memory.py copying    one of them: order, adding or copying

Each stores its figures in `rnncourse/data/files/results/06_*.npz`; the lesson reads them with
`data.results` and says so. All seeds of an experiment are trained at once, along a leading axis,
each on data of its own. On another machine the last digits differ, and with them the update at
which a network succeeds: the lesson's text holds for the stored runs.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import sys
import time

import numpy as np

from rnncourse import cells, train
from rnncourse.cells import starts
from rnncourse.data import tasks
from rnncourse.data._results import FOLDER

ORDER = {
    "lengths": (10, 15, 20, 25, 30, 40, 50),
    "seeds": 10,
    "hidden": 50,
    "batch": 20,
    "lr": 0.1,
    "clip": 1.0,
    "updates": 3000,
}
ADDING = {"length": 150, "seeds": 5, "hidden": 100, "batch": 16, "lr": 1e-3, "updates": 2000}
COPYING = {"length": 100, "seeds": 5, "hidden": 128, "batch": 64, "lr": 1e-3, "updates": 800}


def side_by_side(task, seeds, batch, **facts):
    """Batches in which each of S networks has sequences of its own: x (T, S, B, D).

    Returns a function of the update's number, as `train.fit` asks for.
    """

    def at(step):
        drawn = task(seeds * batch, dtype=np.float32, **facts, seed=(6, step))
        T, _, D = drawn.x.shape
        target = np.asarray(drawn.target)
        if target.ndim > 1 and len(target) == T:  # a target at every step: (T, S, B, ...)
            target = target.reshape(T, seeds, batch, *target.shape[2:])
        else:
            target = target.reshape(seeds, batch, *target.shape[1:])
        return drawn.x.reshape(T, seeds, batch, D), target

    return at


def network(inputs, hidden, outputs, nonlinearity, seeds, last):
    """S networks in float32, with torch's start."""
    cell = cells.RNN(inputs, hidden, nonlinearity, seed=0, seeds=seeds, dtype=np.float32)
    readout = cells.Linear(hidden, outputs, seed=100, seeds=seeds, dtype=np.float32)
    return train.Network(cell, readout, last=last)


def rotations(seeds, n):
    """An orthogonal start for every seed, (S, n, n)."""
    return np.stack([starts.orthogonal(n, seed) for seed in range(seeds)])


def say(*words):
    print(*words, flush=True)


def order():
    """Temporal order (Pascanu 2013): success against length, three ways of training."""
    f = ORDER
    ways = {"as it is": False, "clipped": False, "clipped, orthogonal start": True}
    accuracy = np.zeros((len(ways), len(f["lengths"]), f["seeds"]))
    largest = np.zeros_like(accuracy)  # norm before clipping, over the whole training
    for i, (name, orthogonal) in enumerate(ways.items()):
        for j, length in enumerate(f["lengths"]):
            net = network(6, f["hidden"], 4, "tanh", f["seeds"], last=True)
            rng = np.random.default_rng(length)
            for values in net.parameters.values():  # the paper's "basic tanh" start
                weights = values.ndim == 3
                values[:] = rng.normal(0, 0.1, values.shape) if weights else 0.0
            if orthogonal:
                net.cell.W_hh = rotations(f["seeds"], f["hidden"])
            batches = side_by_side(tasks.temporal_order, f["seeds"], f["batch"], length=length)
            optimiser = train.SGD(net.parameters, lr=f["lr"])
            clip = f["clip"] if name != "as it is" else None
            start = time.perf_counter()
            history = train.fit(
                net, batches, train.cross_entropy, optimiser, f["updates"], clip, progress=False
            )
            x, target = side_by_side(tasks.temporal_order, f["seeds"], 1000, length=length)(10**6)
            accuracy[i, j] = (net.forward(x).argmax(-1) == target).mean(-1)
            largest[i, j] = history.norm.max(axis=0)
            solved = int((accuracy[i, j] >= 0.99).sum())
            took = time.perf_counter() - start
            say(f"order T={length} {name}: {solved}/{f['seeds']} solved, {took:.0f} s")
    store("06_order", f, ways=list(ways), accuracy=accuracy, largest_norm=largest)


def adding():
    """Adding, T = 150 (Le 2015): ReLU from the identity, tanh from torch's start."""
    f = ADDING
    kinds = {"ReLU, identity start": "relu", "tanh, torch's start": "tanh"}
    every = 50
    error = np.zeros((len(kinds), f["updates"] // every, f["seeds"]))
    test = side_by_side(tasks.adding, f["seeds"], 200, length=f["length"])(10**6)
    for i, (name, nonlinearity) in enumerate(kinds.items()):
        net = network(2, f["hidden"], 1, nonlinearity, f["seeds"], last=True)
        if name == "ReLU, identity start":
            net.cell.W_hh = np.stack([starts.identity(f["hidden"])] * f["seeds"])
            net.cell.b_ih, net.cell.b_hh = 0.0 * net.cell.b_ih, 0.0 * net.cell.b_hh
        batches = side_by_side(tasks.adding, f["seeds"], f["batch"], length=f["length"])
        optimiser = train.Adam(net.parameters, lr=f["lr"])
        start = time.perf_counter()
        for j in range(error.shape[1]):
            train.fit(
                net,
                lambda step, j=j, batches=batches: batches(j * every + step),
                train.squared_error,
                optimiser,
                every,
                clip=1.0,
                progress=False,
            )
            error[i, j] = train.squared_error(net.forward(test[0]), test[1], seeds=True)[0]
            if j % 10 == 9:
                took = time.perf_counter() - start
                say(
                    f"adding {name}, update {(j + 1) * every}: {error[i, j].round(4)}, {took:.0f} s"
                )
    updates = every * np.arange(1, error.shape[1] + 1)
    store("06_adding", f, kinds=list(kinds), error=error, at=updates)


def copying():
    """Copying, T = 100 (Henaff 2016): one orthogonal start, without and with a tanh."""
    f = COPYING
    kinds = {"linear, orthogonal start": "linear", "tanh, orthogonal start": "tanh"}
    every = 25
    loss = np.zeros((len(kinds), f["updates"] // every, f["seeds"]))
    right = np.zeros_like(loss)
    test = tasks.copying(200, f["length"], seed=(6, 10**6), dtype=np.float32)
    for i, (name, nonlinearity) in enumerate(kinds.items()):
        net = network(10, f["hidden"], 9, nonlinearity, f["seeds"], last=False)
        net.cell.W_hh = rotations(f["seeds"], f["hidden"])
        batches = side_by_side(tasks.copying, f["seeds"], f["batch"], length=f["length"])
        optimiser = train.Adam(net.parameters, lr=f["lr"])
        start = time.perf_counter()
        for j in range(loss.shape[1]):
            train.fit(
                net,
                lambda step, j=j, batches=batches: batches(j * every + step),
                train.cross_entropy,
                optimiser,
                every,
                clip=1.0,
                progress=False,
            )
            scores = net.forward(test.x)
            loss[i, j] = train.cross_entropy(scores, test.target, seeds=True)[0]
            said, asked = scores[-10:].argmax(-1), test.target[-10:, None]  # the ten to be repeated
            right[i, j] = (said == asked).mean(axis=(0, 2))
            if j % 4 == 3:
                took = time.perf_counter() - start
                say(f"copying {name}, {(j + 1) * every}: {right[i, j].round(3)}, {took:.0f} s")
    updates = every * np.arange(1, loss.shape[1] + 1)
    store("06_copying", f, kinds=list(kinds), loss=loss, right=right, at=updates)


def store(name, facts, **arrays):
    """Write the figures, small, with the facts of the experiment."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    small = {
        key: np.asarray(value, dtype=np.float32) if np.asarray(value).dtype.kind == "f" else value
        for key, value in {**facts, **arrays}.items()
    }
    np.savez_compressed(FOLDER / f"{name}.npz", **small)
    say("stored", name)


if __name__ == "__main__":
    known = {"order": order, "adding": adding, "copying": copying}
    for wanted in sys.argv[1:] or known:
        known[wanted]()
