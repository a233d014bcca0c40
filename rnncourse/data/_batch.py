"""What every task of `data.tasks` returns: one batch of sequences with its answers."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

SQUARED = "squared error"
ENTROPY = "cross-entropy"


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences of T steps and D features, time first, with what a network should answer.

    x : (T, B, D) float.
    target : with squared error floats, (T, B, 1) for an answer at every step or (B, 1) for one
        answer at the end; with cross-entropy the classes as int64, (T, B) or (B,), and -1 at a
        step whose answer does not count.
    mask : (T, B) bool, False at the padding after a sequence's end; None if all have T steps.
    loss : "squared error" (mean over every number of the target) or "cross-entropy" (nats, mean
        over the answers that count).
    chance : the loss of the best constant or memoryless answer. No memory scores better.
    solved : the loss of a perfect memory, 0 unless some targets are unknowable.
    classes : V, the scores a network must give for a step; None with squared error.
    asked : (T, B) bool, True where the answer needs memory; None if there is one at the end.
    marks : (M, B) int64, the steps that carry what must be remembered, or None.

    `x, target = batch`, or `x, target, mask = batch` where lengths differ: what `train.fit` reads.
    """

    name: str
    x: np.ndarray
    target: np.ndarray
    loss: str
    chance: float
    solved: float = 0.0
    mask: np.ndarray | None = None
    classes: int | None = None
    asked: np.ndarray | None = None
    marks: np.ndarray | None = None

    def __iter__(self) -> Iterator[np.ndarray]:
        yield from (self.x, self.target) if self.mask is None else (self.x, self.target, self.mask)

    def __repr__(self) -> str:
        steps, rows, features = self.x.shape
        return (
            f"Batch({self.name}: x {steps} steps × {rows} sequences × {features} features, "
            f"target {self.target.shape}, {self.loss}, chance {self.chance:.4g})"
        )

    @property
    def lengths(self) -> np.ndarray:
        """The number of steps of each sequence, (B,) int64."""
        steps, rows, _ = self.x.shape
        return np.full(rows, steps) if self.mask is None else self.mask.sum(axis=0)

    def accuracy(self, scores: np.ndarray, seeds: bool = False) -> np.ndarray:
        """Share of right answers where memory is asked for; with `seeds` one for each network.

        scores : (T, B, V) or (B, V), as the target asks, with `seeds` (T, S, B, V) or (S, B, V):
        the answer is the class with the largest score. Only for tasks with classes.
        """
        if self.classes is None:
            raise ValueError(f"{self.name} has no classes: measure its squared error instead.")
        scores = np.asarray(scores)
        expected = (*self.target.shape, self.classes)
        place = len(expected) - 2  # of the seed axis: just before the batch
        shape = scores.shape[:place] + scores.shape[place + 1 :] if seeds else scores.shape
        if shape != expected or scores.ndim != len(expected) + seeds:
            form = (*expected[:place], "S", *expected[place:]) if seeds else expected
            needs = ", ".join(map(str, form))
            raise ValueError(f"scores have shape {scores.shape}; this task needs ({needs}).")
        counted = self.asked if self.asked is not None else self.target >= 0
        best = scores.argmax(axis=-1)
        best = np.moveaxis(best, place, 0) if seeds else best[None]
        shares = (best == self.target)[:, counted].mean(axis=1)  # (S,)
        return shares if seeds else shares[0]
