"""What every task of `data.tasks` returns: one batch of sequences with its answers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

SQUARED = "squared error"
ENTROPY = "cross-entropy"
SETS = "set entropy"

Seed = int | tuple[int, ...] | np.random.Generator


@dataclass(frozen=True, eq=False)
class Batch:
    """B sequences of T steps and D features, time first, with what a network should answer.

    x : (T, B, D) float.
    target : with squared error floats, (T, B, 1) for an answer at every step or (B, 1) for one
        answer at the end; else the classes as int64, (T, B) or (B,), and -1 at a step whose
        answer does not count.
    mask : (T, B) bool, False at the padding after a sequence's end; None if all have T steps.
    loss : "squared error" (mean over every number of the target), "cross-entropy" (nats, mean
        over the answers that count) or "set entropy", the cross-entropy of each symbol's yes or
        no in `legal` (nats, mean over symbols and steps): what `chance` and `solved` are in.
    chance : the loss of the best constant or memoryless answer. No memory scores better.
    solved : the loss of a perfect memory, 0 unless some targets are unknowable.
    classes : V, the scores a network must give for a step; None with squared error.
    asked : (T, B) bool, True where the answer needs memory; None if there is one at the end, or
        if every step needs some.
    marks : (M, B) int64, the steps that carry what must be remembered, or None.
    legal : (T, B, V) bool, the oracle of a grammar: which symbols may come next; None elsewhere.
    symbols : the V symbols of a grammar in order, as "BTPSXVE"; None elsewhere.
    networks : S after `split(S)`: every (T, B) above is then (T, S, B).

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
    legal: np.ndarray | None = None
    symbols: str | None = None
    networks: int | None = None

    def __iter__(self) -> Iterator[np.ndarray]:
        yield from (self.x, self.target) if self.mask is None else (self.x, self.target, self.mask)

    def __repr__(self) -> str:
        steps, *rows, features = self.x.shape
        rows = f"{self.networks} × {rows[1]}" if self.networks else rows[0]
        return (
            f"Batch({self.name}: x {steps} steps × {rows} sequences × {features} features, "
            f"target {self.target.shape}, {self.loss}, chance {self.chance:.4g})"
        )

    @property
    def lengths(self) -> np.ndarray:
        """The number of steps of each sequence, (B,) int64."""
        steps, *rows, _ = self.x.shape
        return np.full(rows, steps) if self.mask is None else self.mask.sum(axis=0)

    @property
    def sets(self) -> tuple[np.ndarray, ...]:
        """`(x, legal)` or `(x, legal, mask)`: the same batch for `train.set_entropy`."""
        if self.legal is None:
            raise ValueError(f"{self.name} has no grammar, and so no sets of legal symbols.")
        return (self.x, self.legal) if self.mask is None else (self.x, self.legal, self.mask)

    def pick(self, rows: np.ndarray) -> "Batch":
        """Only these rows, in this order, again if they come twice, without needless padding.

        rows : (B',) numbers of rows. `chance` stays that of the whole batch.
        """
        self._undealt()
        end = None if self.mask is None else self.mask[:, rows].sum(axis=0).max()
        return self._each(lambda array, axis: array.take(rows, axis)[: end if axis else None])

    def split(self, networks: int) -> "Batch":
        """The same sequences dealt out to S networks: x (T, S, B/S, D), target (T, S, B/S), ...

        Networks that are trained side by side (`seeds=S`) then see sequences of their own.
        """
        self._undealt()
        rows = self.x.shape[1]
        if networks < 1 or rows % networks:
            raise ValueError(f"{rows} sequences cannot be dealt out evenly to {networks} networks.")

        def dealt(array: np.ndarray, axis: int) -> np.ndarray:
            before, after = array.shape[:axis], array.shape[axis + 1 :]
            return array.reshape(*before, networks, rows // networks, *after)

        return replace(self._each(dealt), networks=networks)

    def _each(self, change: Callable[[np.ndarray, int], np.ndarray]) -> "Batch":
        """A batch whose arrays are changed; the change is told which axis of each is B."""
        at_end = self.target.ndim == (1 if self.classes else 2)
        arrays = {"target": change(self.target, 0 if at_end else 1)}
        for name in ("x", "mask", "asked", "marks", "legal"):
            array = getattr(self, name)
            arrays[name] = None if array is None else change(array, 1)
        return replace(self, **arrays)

    def _undealt(self) -> None:
        if self.networks:
            raise ValueError("This batch has been split already: take it as it was before.")

    def accuracy(self, scores: np.ndarray, seeds: bool = False) -> np.ndarray:
        """Share of right answers where memory is asked for; with `seeds` one for each network.

        scores : (T, B, V) or (B, V), as the target asks, with `seeds` (T, S, B, V) or (S, B, V):
        the answer is the class with the largest score. With a grammar every legal symbol is
        right. Only for tasks with classes. After `split` it is always one for each network.
        """
        if self.classes is None:
            raise ValueError(f"{self.name} has no classes: measure its squared error instead.")
        best = with_networks(self, scores, seeds).argmax(axis=-1)  # ([T,] S, B)
        counted = beside(self, self.target >= 0 if self.asked is None else self.asked)
        if self.legal is None:
            right = best == beside(self, self.target)
        else:
            legal = np.broadcast_to(beside(self, self.legal, 1), (*best.shape, self.classes))
            right = np.take_along_axis(legal, best[..., None], axis=-1)[..., 0]
        counted = np.broadcast_to(counted, right.shape)
        axes = tuple(k for k in range(right.ndim) if k != right.ndim - 2)
        shares = (right & counted).sum(axis=axes) / counted.sum(axis=axes)  # (S,)
        return shares if seeds or self.networks else shares[0]


def with_networks(batch: Batch, scores: np.ndarray, seeds: bool) -> np.ndarray:
    """Scores as the target asks, ([T,] S, B, V), S = 1 where there is no such axis.

    Raises ``ValueError`` where they have another shape.
    """
    scores = np.asarray(scores)
    form = [*batch.target.shape, batch.classes]
    if seeds and not batch.networks:
        form.insert(-2, "S")
    fits = scores.ndim == len(form) and all(
        needed in (size, "S") for needed, size in zip(form, scores.shape, strict=True)
    )
    if not fits:
        needs = ", ".join(map(str, form))
        raise ValueError(f"scores have shape {scores.shape}; this task needs ({needs}).")
    return scores if seeds or batch.networks else np.expand_dims(scores, -3)


def beside(batch: Batch, array: np.ndarray, features: int = 0) -> np.ndarray:
    """A batch's array (..., B) or, with features, (..., B, V) beside those scores: (..., S, B)."""
    return array if batch.networks else np.expand_dims(array, -2 - features)


def one_hot(ids: np.ndarray, size: int, dtype) -> np.ndarray:
    """(T, B) whole numbers as (T, B, size) with a single 1."""
    return np.eye(size, dtype=dtype)[ids]


def whole(**numbers: int) -> None:
    """Refuse sizes below 1 by their name."""
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} is 1 or more, not {number}.")
