"""The memory probe: which of the earlier inputs can still be read from a state?

A linear decoder is fitted from the state h_t to the input x_{t-k}, for each distance k by itself,
on the first half of the sequences; the second half, never seen, says how well it reads. It shows
what a linear readout could find in the state, not what the network itself makes use of, and what
only a curved decoder could find it does not see.

Lesson 03 builds it; the lessons after use it for every kind of cell.
"""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Memory:
    """How well the input k steps back can be read from the state.

    lags : (K,), the distances k, in steps.
    score : (K,), or (S, K) for S networks: the accuracy of classes (1 is perfect, `chance` is
        none), or R² of numbers: 1 is perfect, 0 or a little below is none.
    measure : "accuracy" or "R²".
    chance : the score of a decoder that cannot see the state.
    """

    lags: np.ndarray
    score: np.ndarray
    measure: str
    chance: float

    def span(self, level: float | None = None) -> np.ndarray | int:
        """How many inputs in a row are readable, from the first of `lags` on; with seeds (S,).

        An input is readable with a score of at least `level`, by default half way from chance
        to 1.
        """
        level = (1 + self.chance) / 2 if level is None else level
        readable = np.logical_and.accumulate(self.score >= level, axis=-1).sum(axis=-1)
        return readable if self.score.ndim == 2 else int(readable)

    def __repr__(self):
        best = self.score if self.score.ndim == 1 else np.median(self.score, axis=0)
        ends = f"{best[0]:.2f} at {self.lags[0]} to {best[-1]:.2f} at {self.lags[-1]} steps back"
        return f"Memory({self.measure} {ends}, chance {self.chance:.2f})"


def memory_probe(states, inputs, lags, ridge=1e-6):
    """Read the input k steps back from the state, for every k of `lags`.

    Parameters
    ----------
    states : (T, B, H), every state of B sequences; (T, S, B, H) for S networks that saw the same.
    inputs : what went in. (T, B) of whole numbers or bool: classes, scored by accuracy. Floats,
        (T, B) or (T, B, D): scored by R². (Of one-hot inputs give `x.argmax(-1)`.)
    lags : the distances k, whole numbers from 0; 0 is the input that has just come in. Steps
        before the largest of them are left out, so that all are measured on the same states.
    ridge : the weights are held small by a ridge of this share of the states' mean variance:
        what varies far less than that in the states counts as unreadable.

    Returns a ``Memory``.
    Raises ``ValueError`` where shapes do not fit, or where half of the states are no more than
    the weights of a decoder: it could learn them by heart.

    >>> x = np.random.default_rng(0).uniform(-1, 1, (30, 20, 1))
    >>> shifted = np.concatenate([x, np.concatenate([np.zeros((1, 20, 1)), x[:-1]])], axis=-1)
    >>> memory_probe(shifted, x, [0, 1, 2]).score.round(1).tolist()[:2]
    [1.0, 1.0]
    """
    states = np.asarray(states, dtype=np.float64)
    inputs, lags = np.asarray(inputs), np.asarray(lags)
    states = _checked(states, inputs, lags)
    several = states.ndim == 4
    states = states if several else states[:, None]  # (T, S, B, H)
    first, middle = int(lags.max()), inputs.shape[1] // 2

    wanted = np.stack([inputs[first - k : len(inputs) - k] for k in lags])  # (K, n, B, ...)
    discrete = inputs.dtype.kind in "iub"
    if discrete:
        names, wanted = np.unique(wanted, return_inverse=True)
        wanted = wanted.reshape(len(lags), -1, inputs.shape[1])
        wanted = np.eye(len(names))[wanted]
    wanted = wanted.reshape(*wanted.shape[:3], -1)  # (K, n, B, V)
    seen = np.moveaxis(states[first:], 1, 0)  # (S, n, B, H)

    said = _decode(seen[:, :, :middle], wanted[:, :, :middle], seen[:, :, middle:], ridge)
    mean = wanted[:, :, :middle].mean(axis=(1, 2))[:, None]  # (K, 1, V), what no state tells
    true = wanted[:, :, middle:].reshape(len(lags), -1, wanted.shape[-1])  # (K, N, V)
    if discrete:
        answer = true.argmax(-1)
        score = (said.argmax(-1) == answer).mean(axis=-1)
        chance = float((mean.argmax(-1) == answer).mean())
    else:
        left, spread = np.square(said - true), np.square(true - mean)
        score = 1 - left.sum(axis=(-2, -1)) / spread.sum(axis=(-2, -1))
        chance = 0.0
    return Memory(lags, score if several else score[0], "accuracy" if discrete else "R²", chance)


def _decode(seen, wanted, unseen, ridge):
    """Fit on (S, n, B, H) -> (K, n, B, V), and say what (S, n, B', H) tells: (S, K, N, V)."""
    S, H = len(seen), seen.shape[-1]
    K, V = len(wanted), wanted.shape[-1]
    X = seen.reshape(S, -1, H)
    Y = np.moveaxis(wanted.reshape(K, -1, V), 0, 1).reshape(-1, K * V)  # all lags side by side
    centre, mean = X.mean(axis=1, keepdims=True), Y.mean(axis=0)
    X = X - centre
    gram = X.mT @ X  # (S, H, H), the same for every lag
    size = np.trace(gram, axis1=1, axis2=2) / H
    held = np.where(size > 0, ridge * size, 1.0)  # a state that never moves tells nothing
    gram += held[:, None, None] * np.eye(H)
    weights = np.linalg.solve(gram, X.mT @ (Y - mean))  # (S, H, K V)
    said = (unseen.reshape(S, -1, H) - centre) @ weights + mean
    return np.moveaxis(said.reshape(S, -1, K, V), 2, 1)


def _checked(states, inputs, lags):
    if states.ndim not in (3, 4):
        raise ValueError(f"states have shape {states.shape}; it is (T, B, H) or (T, S, B, H).")
    T, B, H = states.shape[0], states.shape[-2], states.shape[-1]
    if inputs.shape[:2] != (T, B) or inputs.ndim > 3:
        raise ValueError(f"inputs have shape {inputs.shape}; beside the states it is ({T}, {B}).")
    if inputs.ndim == 3 and inputs.dtype.kind in "iub":
        raise ValueError("Classes are one whole number a step, (T, B); give x.argmax(-1).")
    if lags.ndim != 1 or not lags.size or lags.dtype.kind not in "iu" or lags.min() < 0:
        raise ValueError("lags are whole numbers from 0, as range(10).")
    if lags.max() >= T:
        raise ValueError(f"A lag of {lags.max()} is longer than the {T} steps of a sequence.")
    if B < 2:
        raise ValueError("The probe needs 2 sequences at least, one to fit and one to test.")
    examples = (T - lags.max()) * (B // 2)
    if examples <= H + 1:
        raise ValueError(
            f"{examples} states to fit {H + 1} weights: give more sequences, or longer ones."
        )
    if not np.isfinite(states).all():
        raise ValueError("There are states that are not finite: nothing can be read from them.")
    return states
