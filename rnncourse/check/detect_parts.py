"""Detectors for answers that are right in part: first of a batch, first step, the example."""

from __future__ import annotations

import numpy as np


def constant(pairs, c) -> str:
    """The right shape, filled with one number."""
    if not all(g.shape == e.shape for e, g in pairs):
        return ""
    if any(g.dtype.kind == "f" and not np.isfinite(g).all() for _, g in pairs):
        return ""
    filled = [(e, g) for e, g in pairs if g.size > 1 and e.size and np.ptp(e) > 0]
    if not filled or any(g.size and np.ptp(g) > 0 for _, g in pairs):
        return ""
    if all(not g.any() for _, g in filled):
        return (
            "The shape is right and every value is 0. "
            "Is the result written into the array that you made?"
        )
    return "The shape is right, and all entries hold the same number. Does every place get its own?"


def _wrong_along(pairs, c, axis: int) -> list[np.ndarray]:
    """For each probe, which indices along `axis` hold something wrong."""
    found = []
    for e, g in pairs:
        rows = [
            c.same(a, b)
            for a, b in zip(np.moveaxis(g, axis, 0), np.moveaxis(e, axis, 0), strict=True)
        ]
        found.append(~np.array(rows, dtype=bool))
    return found


def first_of_batch(pairs, c) -> str:
    """Right for the first column (sequence) only, or only where the axis has length one."""
    if not all(g.shape == e.shape and e.ndim > 1 for e, g in pairs):
        return ""
    for axis in (1, 0):
        wrong = _wrong_along(pairs, c, axis)
        longer = [w for w in wrong if len(w) > 1]
        if longer and all(not w[0] and w[1:].all() for w in wrong if len(w)):
            if axis:
                return "Only the first column is right (the first sequence of a batch)."
            if not any(np.nan_to_num(g[1:]).any() for _, g in pairs if g.dtype.kind in "fiu"):
                return "Only row 0 is right, the others are 0. Does `return` stand in the loop?"
            return ""  # every row was filled: `first_step_only` has the better question
        single = [w for w in wrong if len(w) == 1]
        if single and longer and not any(w.any() for w in single) and all(w.any() for w in longer):
            return (
                f"Right as long as axis {axis} has length 1 (a batch of one), "
                "and different where it is longer. "
                "Which line treats the batch as one?"
            )
    return ""


def first_step_only(pairs, c) -> str:
    """Right at the first step, wrong at every later one."""
    if not all(g.shape == e.shape and e.ndim for e, g in pairs):
        return ""
    wrong = [w for w in _wrong_along(pairs, c, 0) if len(w)]
    longer = [w for w in wrong if len(w) > 1]
    if longer and all(not w[0] and w[1:].all() for w in wrong):
        return (
            f"The first {c.axis} is right and no later one. "
            f"What does one {c.axis} hand on to the next?"
        )
    return ""


def all_but_last(pairs, c) -> str:
    """Only the last step is wrong."""
    if not all(g.shape == e.shape and e.ndim for e, g in pairs):
        return ""
    wrong = [w for w in _wrong_along(pairs, c, 0) if len(w) > 1]
    if wrong and all(w[-1] and not w[:-1].any() for w in wrong):
        return f"Only the last {c.axis} is different. Does the loop reach it?"
    return ""


def up_to_a_step(pairs, c) -> str:
    """Right up to the same step and wrong from there on, on every probe that is long enough."""
    if not all(g.shape == e.shape and e.ndim for e, g in pairs):
        return ""
    wrong = _wrong_along(pairs, c, 0)
    firsts = {int(np.argmax(w)) for w in wrong if w.any()}
    if len(firsts) != 1 or (k := firsts.pop()) < 2:
        return ""
    beyond = [w for w in wrong if len(w) > k]
    if len(beyond) < 2 or not all(w[k:].all() for w in beyond):
        return ""
    return (
        f"Right up to {c.axis} {k - 1} on every input, and different from {c.axis} {k} on. "
        "What is new there?"
    )


def example_only(pairs, c) -> str:
    """Right for the first input, which the learner sees, and for nothing else."""
    right = [c.same(g, e) for e, g in pairs]
    if len(pairs) > 1 and right[0] and not any(right[1:]):
        return (
            "Right for the first input that the check tries, and for no other. Is that input "
            "special (a weight of 1, a bias of 0)? Or does a number from it stand in the code?"
        )
    return ""


PARTS = (constant, first_of_batch, first_step_only, all_but_last, up_to_a_step, example_only)
