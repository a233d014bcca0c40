"""What the experiments share: S networks at once, each on data of its own, trained in rounds."""

import numpy as np

from rnncourse import cells, train

NEVER = -1  # the number of sequences of a network that did not succeed


def network(cell, outputs, last=False):
    """The cell with a linear readout, with as many seeds and of the same kind of numbers."""
    readout = cells.Linear(
        cell.hidden_size, outputs, seed=100, seeds=cell.seeds, dtype=cell.dtype.type
    )
    return train.Network(cell, readout, last=last)


def lstm(inputs, hidden, seeds, start, forget="gate"):
    """S LSTMs in float32 with the start that the recipe names.

    start : {"forget bias": 1.0}, or {"chrono": 100}: the start of Tallec and Ollivier (2018),
    arXiv:1804.11188, for memories of up to so many steps; {} for torch's start alone.
    """
    bias = start.get("forget bias")
    cell = cells.LSTM(
        inputs, hidden, forget=forget, forget_bias=bias, seed=0, seeds=seeds, dtype=np.float32
    )
    if "chrono" in start:
        cell.chrono(start["chrono"], rng=0)
    return cell


def side_by_side(task, seeds, batch, key, **facts):
    """Batches in which each of S networks has sequences of its own: x (T, S, B, D).

    task : of `data.tasks`, with its `facts`. key : a number, so that two trainings never share
    sequences. Returns a function of the update's number, as `train.fit` asks for.
    """

    def at(step):
        return task(seeds * batch, dtype=np.float32, seed=(key, step), **facts).split(seeds)

    return at


def rounds(network, batches, loss, optimiser, updates, every, clip):
    """Train for so many updates; after each `every` of them hand over, with the number done."""
    for done in range(0, updates, every):
        train.fit(
            network,
            lambda step, done=done: batches(done + step),
            loss,
            optimiser,
            every,
            clip=clip,
            progress=False,
        )
        yield done + every


class Streak:
    """A loss that also watches the stopping rule of Hochreiter and Schmidhuber (1997).

    A network stops when its last 2,000 training sequences were all right, and their mean error is
    below a bound. It is only noted, as the number of sequences seen until then: the other
    networks train on, and this one with them.

    loss : a loss of `train`. judge : from (y, target) to (right (S, B) bool, error (S, B)).
    at_stop : called with k at the moment when network k stops, before its next update.
    """

    def __init__(self, loss, judge, seeds, length=2000, error=0.1, at_stop=lambda k: None):
        self.loss, self.judge, self.length, self.error = loss, judge, length, error
        self.at_stop = at_stop
        self.seen = 0
        self.streak = np.zeros(seeds, dtype=int)
        self.total = np.zeros(seeds)  # the errors of the streak
        self.stopped = np.full(seeds, NEVER)

    def __call__(self, y, target, **kwargs):
        right, error = self.judge(y, target)
        batch = right.shape[1]
        self.seen += batch
        after = np.logical_and.accumulate(right[:, ::-1], axis=1)[:, ::-1]  # since the last wrong
        whole = right.all(axis=1)
        self.streak = np.where(whole, self.streak, 0) + after.sum(axis=1)
        self.total = np.where(whole, self.total, 0) + (error * after).sum(axis=1)
        low = self.total < self.error * self.streak
        now = (self.streak >= self.length) & low & (self.stopped == NEVER)
        self.stopped[now] = self.seen
        for k in np.flatnonzero(now):
            self.at_stop(k)
        return self.loss(y, target, **kwargs)


def table(rows, width):
    """Measurements (K', ...) as an array of `width` rows, NaN where none was made any more."""
    rows = np.asarray(rows, dtype=float)
    padded = np.full((width, *rows.shape[1:]), np.nan)
    padded[: len(rows)] = rows
    return padded
