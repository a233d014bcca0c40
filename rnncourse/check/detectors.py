"""Detectors that know nothing of the exercise: what relates a wrong answer to the right one.

`detect` gets the expected and the given value of every probe. A detector speaks only where
what it says holds on all probes, and where it says something on at least one of them: a
symmetric matrix tells nothing about a transpose, and one number alone nothing about a factor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

import numpy as np

from .compare import Group, Leaf, Mapping, close, equal
from .detect_parts import PARTS
from .detect_values import VALUES
from .show import ORDINALS

Pairs = list[tuple[np.ndarray, np.ndarray]]  # (expected, got) of each probe


class Compare:
    """Equality of arrays with the exercise's tolerance, and the axis' name in words."""

    def __init__(self, axis: str, tolerance: tuple[float, float] | None):
        self.axis = axis
        self.tolerance = tolerance

    def same(self, got: np.ndarray, expected: np.ndarray) -> bool:
        """Equal shapes and values."""
        got, expected = np.asarray(got), np.asarray(expected)
        if got.shape != expected.shape:
            return False
        return bool(np.all(close(Leaf(got), Leaf(expected), self.tolerance)))

    def holds(self, pairs: Pairs, change: Callable[[np.ndarray], np.ndarray]) -> bool:
        """Whether every got is the changed expected, and the change is seen somewhere."""
        changed = [change(e) for e, _ in pairs]
        return all(self.same(g, c) for c, (_, g) in zip(changed, pairs, strict=True)) and any(
            not self.same(c, e) for c, (e, _) in zip(changed, pairs, strict=True)
        )


def detect(values: list, axis: str = "entry", tolerance=None) -> str:
    """One sentence on how the given values come from the expected ones; "" where none is known.

    `values` holds (expected, got) trees of `compare`, one pair a probe.
    """
    compare = Compare(axis, tolerance)
    if values and all(isinstance(e, Group) and isinstance(g, Group) for e, g in values):
        return _in_groups(values, axis, tolerance)
    if values and all(isinstance(e, Mapping) and isinstance(g, Mapping) for e, g in values):
        return _in_mappings(values, axis, tolerance)
    if not all(isinstance(e, Leaf) and isinstance(g, Leaf) for e, g in values):
        return ""
    if not all(e.kind == g.kind == "number" for e, g in values):
        return ""
    pairs = [(_wide(e.array), _wide(g.array)) for e, g in values]
    with np.errstate(all="ignore"):
        for detector in (*ARRANGEMENTS, *VALUES, blocks, *PARTS):
            sentence = detector(pairs, compare)
            if sentence:
                return sentence
    return ""


def _wide(array: np.ndarray) -> np.ndarray:
    """Whole numbers as they are; half precision widened, since its own rounding is no finding."""
    return array.astype(np.float32) if array.dtype == np.float16 else array


def _in_groups(values: list, axis: str, tolerance) -> str:
    sizes = {len(e.items) for e, _ in values} | {len(g.items) for _, g in values}
    if len(sizes) != 1:
        return ""
    count = sizes.pop()
    turned = [(Group(tuple(reversed(e.items))), g) for e, g in values]
    if count > 1 and all(equal(g, e, tolerance) for e, g in turned):
        return (
            "These are the expected values in the opposite order. "
            "In which order are they asked for?"
        )
    for i in range(count):
        items = [(e.items[i], g.items[i]) for e, g in values]
        if not all(equal(g, e, tolerance) for e, g in items):
            sentence = detect(items, axis, tolerance)
            name = ORDINALS[i] if i < len(ORDINALS) else f"{i + 1}th"
            return f"In the {name} of the {count} values: {_lower(sentence)}" if sentence else ""
    return ""


def _in_mappings(values: list, axis: str, tolerance) -> str:
    keys = list(values[0][0].items)
    if any(set(e.items) != set(keys) or set(g.items) != set(keys) for e, g in values):
        return ""
    for key in keys:
        items = [(e.items[key], g.items[key]) for e, g in values]
        if not all(equal(g, e, tolerance) for e, g in items):
            sentence = detect(items, axis, tolerance)
            return f"At {key!r}: {_lower(sentence)}" if sentence else ""
    return ""


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def same_for_every_input(pairs: Pairs, c: Compare) -> str:
    """The result does not depend on the input."""
    results = [g for _, g in pairs]
    if len(pairs) < 2 or not all(c.same(g, results[0]) for g in results[1:]):
        return ""
    if all(c.same(e, pairs[0][0]) for e, _ in pairs[1:]):
        return ""
    if c.same(results[0], pairs[0][0]):
        return (
            "It gives the example's result for every input. "
            "Does a number from the example stand in the code?"
        )
    return "It gives the same result for every input. Which line makes use of the arguments?"


def shape_only(pairs: Pairs, c: Compare) -> str:
    """The right numbers in another shape."""
    if all(g.shape == e.shape for e, g in pairs) or not all(g.size == e.size for e, g in pairs):
        return ""
    for perm in _axis_orders(pairs):
        if c.holds(pairs, lambda e, perm=perm: e.transpose(perm)):
            return _transposed(perm)
    if all(c.same(g.reshape(e.shape), e) for e, g in pairs):
        e, g = next((e, g) for e, g in pairs if g.shape != e.shape)
        return (
            f"The numbers are right, their arrangement is not: shape {g.shape}, expected {e.shape}."
        )
    return ""


def _axis_orders(pairs: Pairs) -> Iterator[tuple[int, ...]]:
    dims = {e.ndim for e, _ in pairs}
    if len(dims) == 1 and 2 <= (n := dims.pop()) <= 4:
        yield from (p for p in permutations(range(n)) if p != tuple(range(n)))


def _transposed(perm: tuple[int, ...]) -> str:
    if len(perm) == 2:
        return "This is the expected array transposed: rows and columns are exchanged."
    order = ", ".join(map(str, perm))
    return (
        "These are the expected numbers with the axes in another order: "
        f"yours are its axes {order}."
    )


def transposed(pairs: Pairs, c: Compare) -> str:
    """Equal after a transpose, or reshaped where a transpose is meant."""
    for perm in _axis_orders(pairs):
        if c.holds(pairs, lambda e, perm=perm: e.transpose(perm)):
            return _transposed(perm)
        if all(g.shape == e.shape for e, g in pairs) and c.holds(
            pairs, lambda e, perm=perm: e.transpose(perm).reshape(e.shape)
        ):
            return (
                "It was reshaped where a transpose is meant: reshaping keeps the order in memory, "
                "and mixes the axes."
            )
    return ""


def rows_missing_or_added(pairs: Pairs, c: Compare) -> str:
    """T + 1 or T - 1 rows, or one row of all."""
    if not all(e.ndim for e, _ in pairs):
        return ""
    rules = [
        (
            lambda e, g: g.ndim == e.ndim and len(g) == len(e) + 1 and c.same(g[1:], e),
            f"There is one {c.axis} too many, the first: the rest is right. "
            "Is the initial value among the results?",
        ),
        (
            lambda e, g: g.ndim == e.ndim and len(g) == len(e) + 1 and c.same(g[:-1], e),
            f"There is one {c.axis} too many, the last: the rest is right.",
        ),
        (
            lambda e, g: g.ndim == e.ndim and len(g) == len(e) - 1 and c.same(g, e[1:]),
            f"The first {c.axis} is missing; the rest is right.",
        ),
        (
            lambda e, g: g.ndim == e.ndim and len(g) == len(e) - 1 and c.same(g, e[:-1]),
            f"The last {c.axis} is missing; the rest is right. "
            f"Does the loop end one {c.axis} early?",
        ),
        (
            lambda e, g: len(e) > 0 and g.shape == (1, *e.shape[1:]) and c.same(g, e[:1]),
            f"Only the first {c.axis} came back. Does `return` stand inside the loop?",
        ),
        (
            lambda e, g: len(e) > 0 and g.shape == (1, *e.shape[1:]) and c.same(g, e[-1:]),
            f"Only the last {c.axis} came back. Does the line that collects stand in the loop?",
        ),
        (
            lambda e, g: len(e) > 0 and c.same(g, e[-1]),
            f"Only the last {c.axis} came back; all of them are asked for.",
        ),
        (
            lambda e, g: len(e) > 0 and c.same(g, e[0]),
            f"Only the first {c.axis} came back; all of them are asked for. "
            "Does `return` stand inside the loop?",
        ),
        (
            lambda e, g: e.ndim == g.ndim == 1 and len(e) == 1 < len(g) and c.same(g[-1:], e),
            f"All {c.axis}s came back; only the last is asked for.",
        ),
    ]
    for rule, sentence in rules:
        if all(rule(e, g) for e, g in pairs):
            return sentence
    return ""


def turned_round(pairs: Pairs, c: Compare) -> str:
    """Reversed along an axis."""
    for axis in range(min(e.ndim for e, _ in pairs)):
        if c.holds(pairs, lambda e, axis=axis: np.flip(e, axis)):
            along = "" if axis == 0 else f" along axis {axis}"
            return f"The order is reversed{along}: the first came last."
    return ""


def shifted(pairs: Pairs, c: Compare) -> str:
    """One step late or early along an axis."""
    if not all(g.shape == e.shape and e.ndim for e, g in pairs):
        return ""
    for axis in range(min(e.ndim for e, _ in pairs)):
        moved = [(np.moveaxis(e, axis, 0), np.moveaxis(g, axis, 0)) for e, g in pairs]
        if sum(max(0, len(e) - 1) for e, _ in moved) < 2:
            continue
        if all(c.same(e[1:], e[:-1]) for e, _ in moved):
            continue
        along = f"{c.axis}" if axis == 0 else f"place along axis {axis}"
        if all(c.same(g[1:], e[:-1]) for e, g in moved):
            return f"Your values are the expected ones, one {along} late."
        if all(c.same(g[:-1], e[1:]) for e, g in moved):
            return f"Your values are the expected ones, one {along} early."
    return ""


def blocks(pairs: Pairs, c: Compare) -> str:
    """Blocks (the gates of a weight matrix) or whole rows in another order."""
    if not all(g.shape == e.shape for e, g in pairs):
        return ""
    for axis in range(min(e.ndim for e, _ in pairs)):
        for count in (4, 3, 2):
            if any(e.shape[axis] % count or not e.size for e, _ in pairs):
                continue
            for perm in permutations(range(count)):
                if c.holds(pairs, lambda e, p=perm, a=axis, n=count: _reordered(e, p, a, n)):
                    return _block_sentence(perm, axis)
    if all(c.same(np.sort(g, axis=None), np.sort(e, axis=None)) and e.size > 2 for e, g in pairs):
        return "These are the right values in another order."
    return ""


def _reordered(array: np.ndarray, order: tuple[int, ...], axis: int, count: int) -> np.ndarray:
    parts = np.split(array, count, axis=axis)
    return np.concatenate([parts[i] for i in order], axis=axis)


def _block_sentence(perm: tuple[int, ...], axis: int) -> str:
    if len(perm) == 2:
        return f"The two halves of axis {axis} are exchanged."
    order = ", ".join(str(i + 1) for i in perm)
    return (
        f"Axis {axis} holds the right {len(perm)} blocks in another order: "
        f"yours are the expected blocks {order}."
    )


ARRANGEMENTS = (
    same_for_every_input,
    shape_only,
    transposed,
    rows_missing_or_added,
    turned_round,
    shifted,
)
