"""What a neuron left to itself does: fixed points of ``h -> f(w_h * h + b)``, and where it ends."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from rnncourse.cells import activation_named

_SAME = 1e-6  # two values, or a slope and 1, are taken as equal within this


@dataclass(frozen=True)
class FixedPoint:
    """A value that comes back as itself. ``slope`` is the map's there: it decides stability."""

    value: float
    slope: float

    @property
    def stability(self):
        """ "stable" (below 1 in size), "unstable" (above 1) or "neither" (1)."""
        if abs(abs(self.slope) - 1) < _SAME:
            return "neither"
        return "stable" if abs(self.slope) < 1 else "unstable"


def slope(activation, w_h, b, h):
    """Slope of the map at ``h``; in ReLU's corner, the slope towards larger ``h``."""
    a = w_h * h + b
    f = activation_named(activation)(a)
    by_sum = {
        "sigmoid": lambda: f * (1 - f),
        "tanh": lambda: 1 - f**2,
        "relu": lambda: float(a > 0 or (a == 0 and w_h > 0)),
        "linear": lambda: 1.0,
    }
    return float(w_h * by_sum[activation]())


def fixed_points(activation, w_h, b=0.0):
    """Every fixed point, from below; none where all values of a range are fixed (w_h = 1, b = 0).

    Parameters: the activation's name; ``w_h``, ``b`` numbers without unit.
    Returns a list of ``FixedPoint``. Raises ``ValueError`` for an unknown activation.
    """
    if activation in ("linear", "relu"):
        values = _of_straight_pieces(activation, w_h, b)
    else:
        values = _of_bounded(activation_named(activation), w_h, b)
    return [FixedPoint(value, slope(activation, w_h, b, value)) for value in values]


def all_fixed(activation, w_h, b=0.0):
    """Whether a whole range of values is fixed: straight pieces with w_h = 1 and b = 0."""
    return activation in ("linear", "relu") and abs(w_h - 1) < 1e-12 and abs(b) < 1e-12


def _of_straight_pieces(activation, w_h, b):
    values = []
    if abs(w_h - 1) > 1e-12:
        crossing = b / (1 - w_h) + 0.0
        if activation == "linear" or crossing > 0 or b == 0:
            values.append(crossing)
    if activation == "relu" and b <= 0 and 0.0 not in values and not all_fixed(activation, w_h, b):
        values.append(0.0)  # ReLU gives 0 for every sum that is not positive
    return sorted(values)


def _of_bounded(f, w_h, b):
    def departure(h):
        return float(f(w_h * h + b)) - h

    grid = np.linspace(-1.0, 1.0, 2001) + 1e-5  # off the round values, so that no root is a node
    values = []
    signs = np.sign(f(w_h * grid + b) - grid)
    for at in np.flatnonzero(signs[:-1] * signs[1:] < 0):
        values.append(brentq(departure, grid[at], grid[at + 1], xtol=1e-13))
    if not values:  # the root lies beyond the last node: a saturated output
        values.append(brentq(departure, -1.1, 1.1, xtol=1e-13))
    return [0.0 if abs(value) < 1e-9 else value for value in values]
