"""The headline of a failed comparison: where it is right, where it departs, in one line."""

from __future__ import annotations

import numpy as np

from .compare import Group, Leaf, Mapping, equal
from .show import ORDINALS, differing, kind_of


def axis_word(args: tuple, expected) -> str:
    """What the result's first axis counts: steps where an argument is as long, else entries."""
    if isinstance(expected, Leaf) and expected.array.ndim:
        length = len(expected.array)
        for value in args:
            if isinstance(value, (list, tuple, str)) and len(value) == length > 1:
                return "step"
            if isinstance(value, np.ndarray) and value.ndim and len(value) == length > 1:
                return "step"
        return "entry" if expected.array.ndim == 1 else "row"
    return "entry"


def headline_for(got, expected, axis: str, tolerance) -> str:
    """ "Not yet: right at step 0, different from step 1 on." and its like."""
    if isinstance(got, Group) and isinstance(expected, Group):
        if len(got.items) != len(expected.items):
            return f"Not yet: {len(expected.items)} values are expected, and {len(got.items)} came."
        pairs = zip(got.items, expected.items, strict=True)
        bad = [i for i, (g, e) in enumerate(pairs) if not equal(g, e, tolerance)]
        if len(bad) == len(got.items):
            every = "both" if len(bad) == 2 else f"all {len(bad)}"
            return f"Not yet: {every} values differ; the first is shown."
        names = " and ".join(ORDINALS[i] if i < len(ORDINALS) else f"{i + 1}th" for i in bad)
        verb = "differs" if len(bad) == 1 else "differ"
        return f"Not yet: of {len(got.items)} values, the {names} {verb}."
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        missing = [k for k in expected.items if k not in got.items]
        if missing:
            return f"Not yet: the dict has no {missing[0]!r}."
        extra = [k for k in got.items if k not in expected.items]
        if extra:
            return f"Not yet: the dict has {extra[0]!r}, which is not expected."
        bad = [k for k in expected.items if not equal(got.items[k], expected.items[k], tolerance)]
        return f"Not yet: the value at {bad[0]!r} differs."
    if not (isinstance(got, Leaf) and isinstance(expected, Leaf)) or got.kind != expected.kind:
        return f"Not yet: it gave {_kind(got)}, expected {_kind(expected)}."
    if got.array.shape != expected.array.shape:
        return f"Not yet: it gave {kind_of(got)}, expected {kind_of(expected)}."
    return _arrays(got, expected, axis, tolerance)


def _kind(value) -> str:
    if isinstance(value, Leaf):
        words = {
            "number": "numbers",
            "bool": "truth values",
            "complex": "complex numbers",
            "text": "text",
        }
        return (
            kind_of(value) if not value.array.ndim else f"{words[value.kind]} of {kind_of(value)}"
        )
    return kind_of(value)


def _arrays(got: Leaf, expected: Leaf, axis: str, tolerance) -> str:
    wrong = differing(got, expected, tolerance)
    if got.kind in ("number", "complex"):
        bad = ~np.isfinite(got.array) & np.isfinite(expected.array)
        if bad.any():
            return f"Not yet: there is {_not_finite(got.array[bad])}{_at(bad, axis)}."
    if not wrong.ndim:
        return "Not yet: the value is different."
    steps = wrong.reshape(len(wrong), -1).any(axis=1)
    first, length = int(np.argmax(steps)), len(steps)
    if length == 1:
        share = "" if wrong.all() else f" in {int(wrong.sum())} of {wrong.size} values"
        return f"Not yet: different{share}."
    if steps.all():
        if wrong.all() or wrong.ndim == 1:
            return f"Not yet: different at every {axis}."
        return f"Not yet: {int(wrong.sum())} of {wrong.size} values are different."
    if steps[first:].all():
        if first == 1 and length == 2:
            return f"Not yet: right at {axis} 0, different at {axis} 1."
        if first == 1:
            return f"Not yet: right at {axis} 0, different from {axis} 1 on."
        if first == length - 1:
            return f"Not yet: right up to {axis} {first - 1}, different at the last."
        if first > 1:
            return f"Not yet: right up to {axis} {first - 1}, different from {axis} {first} on."
    if steps.sum() == 1:
        return f"Not yet: different at {axis} {first}, right elsewhere."
    plural = f"{axis[:-1]}ies" if axis.endswith("y") else f"{axis}s"
    return (
        f"Not yet: different at {int(steps.sum())} of {length} {plural}, first at {axis} {first}."
    )


def _not_finite(values: np.ndarray) -> str:
    return "nan (not a number)" if np.isnan(values).any() else "inf (infinity)"


def _at(bad: np.ndarray, axis: str) -> str:
    if not bad.ndim:
        return " where a number is expected"
    if bad.ndim == 1:
        return f" at {axis} {int(np.argmax(bad))}"
    return f" at index {tuple(int(i) for i in np.argwhere(bad)[0])}"


def first_difference(got, expected, tolerance):
    """The first pair of values inside two groups or dicts that differ; others as they are."""
    while True:
        if isinstance(got, Group) and isinstance(expected, Group):
            if len(got.items) != len(expected.items):
                return got, expected
            pairs = list(zip(got.items, expected.items, strict=True))
        elif isinstance(got, Mapping) and isinstance(expected, Mapping):
            if got.items.keys() != expected.items.keys():
                return got, expected
            pairs = [(got.items[key], expected.items[key]) for key in expected.items]
        else:
            return got, expected
        differing_pairs = [(g, e) for g, e in pairs if not equal(g, e, tolerance)]
        if not differing_pairs:
            return got, expected
        got, expected = differing_pairs[0]
