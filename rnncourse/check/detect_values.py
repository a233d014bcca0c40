"""Detectors for values that are off by one operation: a sign, an activation, a factor, rounding."""

from __future__ import annotations

import numpy as np

from .show import number


def whole_numbers(pairs, c) -> str:
    """Truncated by an array of integers, or rounded."""
    if all(g.dtype.kind in "iu" for _, g in pairs) and c.holds(pairs, np.trunc):
        if all(g.ndim == 0 for _, g in pairs):
            return "The part after the decimal point is cut off, as `int()` or `//` does it."
        return (
            "The part after the decimal point is cut off: your array holds whole numbers only "
            f"({pairs[0][1].dtype}). Make it with `dtype=float`."
        )
    for digits in range(5):
        if c.holds(pairs, lambda e, digits=digits: np.round(e, digits)):
            return f"The values are rounded to {digits} decimals. Return them as they are."
    return ""


def sign(pairs, c) -> str:
    """The sign turned or lost; one minus the value."""
    if c.holds(pairs, np.negative):
        return "Every value has the opposite sign."
    if c.holds(pairs, np.abs):
        return "The size is right and the sign is lost: negative values came out positive."
    if c.holds(pairs, lambda e: 1 - e):
        return "Each value is one minus the expected one."
    return ""


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-a))


def _softmax(a: np.ndarray) -> np.ndarray:
    if not a.ndim:
        return a
    e = np.exp(a - a.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


ACTIVATIONS = {
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "ReLU": lambda a: np.maximum(a, 0),
    "softmax": _softmax,
    "exponential": np.exp,
}


def activation(pairs, c) -> str:
    """Before the activation, an activation too many, or another one."""
    floats = [(e.astype(float), g) for e, g in pairs]
    for name, f in ACTIVATIONS.items():
        if all(c.same(f(g.astype(float)), e) for e, g in floats):
            return (
                f"These are the values before the {name}: apply it, and they are the expected ones."
            )
        if c.holds(floats, f):
            return f"This is the {name} of the expected values: it is applied once too often."
    if c.holds(floats, lambda e: _sigmoid(np.arctanh(e))):
        return "The sum is right, and went through a sigmoid where tanh is expected."
    if c.holds(floats, lambda e: np.tanh(np.log(e / (1 - e)))):
        return "The sum is right, and went through tanh where a sigmoid is expected."
    return ""


def _flat(pairs) -> tuple[np.ndarray, np.ndarray] | None:
    """All entries of all probes in a row, where shapes agree and at least two values differ."""
    if not all(g.shape == e.shape for e, g in pairs):
        return None
    expected = np.concatenate([e.ravel() for e, _ in pairs]).astype(float)
    got = np.concatenate([g.ravel() for _, g in pairs]).astype(float)
    if not (np.isfinite(expected).all() and np.isfinite(got).all()):
        return None
    different = np.unique(np.round(expected[expected != 0], 9))
    return (expected, got) if len(different) > 1 else None


def factor(pairs, c) -> str:
    """Every value times one number."""
    flat = _flat(pairs)
    if flat is None:
        return ""
    expected, got = flat
    largest = int(np.argmax(np.abs(expected)))
    times = got[largest] / expected[largest]
    if abs(times) > 1e-9 and c.holds(pairs, lambda e: times * e):
        return f"Every value is {number(times)} times the expected one."
    return ""


def offset(pairs, c) -> str:
    """Every value plus one number."""
    flat = _flat(pairs)
    if flat is None:
        return ""
    expected, got = flat
    by = float(np.median(got - expected))
    if c.holds(pairs, lambda e: e + by):
        return f"Every value is {number(abs(by))} too {'large' if by > 0 else 'small'}."
    return ""


VALUES = (whole_numbers, sign, activation, factor, offset)
