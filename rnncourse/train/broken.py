"""Trainings that do not learn, to practise on: each makes one mistake that people really make.

Lesson 05 hands over the first five for diagnosis; the sixth is worked through there.
"""

from dataclasses import dataclass

import numpy as np

from rnncourse.cells import RNN, Linear
from rnncourse.train.fitting import History, fit
from rnncourse.train.losses import cross_entropy, squared_error
from rnncourse.train.network import Network
from rnncourse.train.optimisers import SGD, Adam

_SYMBOLS, _STEPS, _ROWS = 4, 20, 32  # of an echo: V, T, B


@dataclass(eq=False)
class Training:
    """Everything of a training, ready to be looked at and to be run.

    task : what it should learn, in words. network, loss, optimiser : as for `train.fit`.
    batches : `batches(step)` -> (x, target), another at every step. steps : how long it trains.
    lag : how many steps back the task asks for. chance : the loss of an answer without memory.
    """

    number: int
    task: str
    network: Network
    batches: object
    loss: object
    optimiser: object
    lag: int
    chance: float
    steps: int = 300

    def fit(self, steps=None) -> History:
        """Train on, `steps` batches: one or two seconds at most."""
        with np.errstate(all="ignore"):
            steps = self.steps if steps is None else steps
            return fit(self.network, self.batches, self.loss, self.optimiser, steps, progress=False)

    def __repr__(self):
        return f"Training {self.number}: {self.task} (chance {self.chance:.3g})"


def broken(k, mended=False, seed=0):
    """Training k, 1 to 6: one that does not learn; `mended` gives it without its mistake.

    Every call begins anew, with untrained weights from `seed`.
    """
    makers = (_first, _second, _third, _fourth, _fifth, _sixth)
    if k not in range(1, len(makers) + 1):
        raise ValueError(f"There are trainings 1 to {len(makers)}, not {k!r}.")
    return makers[k - 1](mended, seed)


def _first(mended, seed):
    """The targets are shifted the wrong way: they are inputs that are still to come."""

    def batches(step):
        ids, target = _echo(step, seed, lag=3)
        if not mended:
            target = np.full_like(ids, -1)
            target[:-3] = ids[3:]
        return _one_hot(ids), target

    return _echo_training(1, batches, 3, seed)


def _second(mended, seed):
    """The learning rate is too large: the loss grows until it is no number."""

    def batches(step):
        x = np.random.default_rng((seed, step)).uniform(-1, 1, (_STEPS, _ROWS, 1))
        target = np.zeros_like(x)
        target[2:] = x[:-2]
        return x, target

    network = Network(RNN(1, 24, seed=seed), Linear(24, 1, seed=seed))
    optimiser = SGD(network.parameters, lr=0.1 if mended else 1.0, momentum=0.9)
    task = "say at every step which number came in 2 steps ago"
    chance = (_STEPS - 2) / _STEPS / 3
    return Training(2, task, network, batches, squared_error, optimiser, 2, chance)


class _BatchFirst(Network):
    """A network for sequences of the shape (B, T, D)."""

    def forward(self, x, h0=None, mask=None):
        return super().forward(x.swapaxes(0, 1), h0, mask).swapaxes(0, 1)

    def backward(self, dy):
        return super().backward(dy.swapaxes(0, 1))


def _third(mended, seed):
    """Time-first sequences in a batch-first network: its state runs from sequence to sequence."""

    def batches(step):
        ids, target = _echo(step, seed, lag=2)
        return _one_hot(ids), target

    return _echo_training(3, batches, 2, seed, kind=Network if mended else _BatchFirst)


def _fourth(mended, seed):
    """Answers (B, 1) and targets (B,): their difference is a table of B × B."""

    def batches(step):
        x = np.random.default_rng((seed, step)).uniform(-1, 1, (8, _ROWS, 1))
        target = x.sum(axis=0)[:, 0]
        return x, target[:, None] if mended else target

    def loss(y, target):
        error = y - target
        dy = 2 * error / error.size
        return np.square(error).mean(), dy.sum(axis=1, keepdims=True)

    network = Network(RNN(1, 24, seed=seed), Linear(24, 1, seed=seed), last=True)
    optimiser = Adam(network.parameters, lr=0.01)
    task = "say at the end the sum of 8 numbers"
    return Training(4, task, network, batches, loss, optimiser, 7, 8 / 3)


class _Cut(RNN):
    """A layer whose state is detached at every step: no gradient goes back to the step before."""

    def backward(self, d_states):
        kept = self.W_hh.copy()
        self.W_hh[...] = 0
        try:
            return super().backward(d_states)
        finally:
            self.W_hh[...] = kept


def _fifth(mended, seed):
    """The state is detached at every step: nothing is learned about what to remember."""

    def batches(step):
        ids, target = _echo(step, seed, lag=5)
        return _one_hot(ids), target

    return _echo_training(5, batches, 5, seed, cell=RNN if mended else _Cut, steps=500)


def _sixth(mended, seed):
    """Softmax, and then a cross-entropy that takes the softmax again."""

    def batches(step):
        ids, target = _echo(step, seed, lag=1)
        return _one_hot(ids), target

    def loss(scores, target):
        e = np.exp(scores - scores.max(axis=-1, keepdims=True))
        p = e / e.sum(axis=-1, keepdims=True)
        value, dp = cross_entropy(p, target)
        return value, p * (dp - (dp * p).sum(axis=-1, keepdims=True))

    return _echo_training(6, batches, 1, seed, loss=cross_entropy if mended else loss)


def _echo(step, seed, lag):
    ids = np.random.default_rng((seed, step)).integers(0, _SYMBOLS, (_STEPS, _ROWS))
    target = np.full_like(ids, -1)
    target[lag:] = ids[:-lag]
    return ids, target


def _one_hot(ids):
    return np.eye(_SYMBOLS)[ids]


def _echo_training(
    number, batches, lag, seed, kind=Network, cell=RNN, loss=cross_entropy, steps=300
):
    network = kind(cell(_SYMBOLS, 32, seed=seed), Linear(32, _SYMBOLS, seed=seed))
    optimiser = Adam(network.parameters, lr=0.01)
    task = f"say at every step which of {_SYMBOLS} symbols came in {lag} step{'s' * (lag > 1)} ago"
    chance = float(np.log(_SYMBOLS))
    return Training(number, task, network, batches, loss, optimiser, lag, chance, steps)
