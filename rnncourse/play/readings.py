"""One sentence on what a neuron does with what it hears, computed from its own dynamics."""

import numpy as np

from rnncourse.cells import neuron_step, run_neuron
from rnncourse.draw.maps import fixed_points, slope
from rnncourse.draw.style import number

LONG = 1000  # steps a neuron is given to settle; close to |slope| 1 it needs more
NEAR = 1e-6


def reading(x, w_x, w_h, b=0.0, activation="linear"):
    """Say what becomes of the input x (T,), which is taken to go on as it ends.

    Noise (an input that does not rest at its end) is read by the trace its first value leaves.
    All numbers are without unit. Returns a sentence without a full stop.
    """
    with np.errstate(all="ignore"):
        heard = run_neuron(x, w_x, w_h, b, 0.0, activation)
        unheard = run_neuron(np.zeros_like(x), w_x, w_h, b, 0.0, activation)
        if np.array_equal(heard, unheard):
            return "the input leaves no trace"
        if not np.array_equal(x[-3:], np.full(3, x[-1])):
            return _trace(x, heard, w_x, w_h, b, activation)
        push = w_x * x[-1] + b  # all that arrives from outside, from now on
        ends = _left_alone(heard[-1], w_h, push, activation)
        rest = _left_alone(unheard[-1], w_h, b, activation)[-1]
    growing_or_flipping = _growing(ends, w_h, push, activation) or _flipping(ends)
    if growing_or_flipping:
        return growing_or_flipping
    end, steepness = _destination(ends[-1], w_h, push, activation)
    return _settled(end, rest, x[-1] != 0, steepness)


def _left_alone(held, w_h, push, activation):
    """The last three values of a neuron whose input stays as it is."""
    ends = [held] * 3
    for _ in range(LONG):
        held = neuron_step(push, held, 1.0, w_h, 0.0, activation)
        ends = [*ends[1:], held]
        if not abs(ends[2] - ends[0]) > 1e-10:  # it stands, flips, or is past all bounds
            break
    return [float(value) for value in ends]


def _destination(end, w_h, push, activation):
    """The fixed point that it is drawn to, and the slope there: exact also where it is slow."""
    points = fixed_points(activation, w_h, push)
    near = min(points, key=lambda point: abs(point.value - end), default=None)
    if near is not None and abs(near.value - end) < 0.06:
        return near.value, near.slope
    return end, slope(activation, w_h, push, end)


def _growing(ends, w_h, push, activation):
    if activation not in ("linear", "relu"):
        return ""
    if abs(w_h) > 1 and not abs(ends[-1]) < 1e6:
        size = abs(w_h)
        pace = f"doubles every {np.log(2) / np.log(size):.1f} steps"
        flips = ", its sign flips" if w_h < 0 else ""
        return f"blows up{flips}: {pace if size < 2 else f'{number(size)}-fold at every step'}"
    if w_h == 1 and abs(ends[-1] - ends[-2]) > NEAR:
        return f"adds up everything: {number(push)} more at every step"
    return ""


def _flipping(ends):
    if abs(ends[-1] - ends[-2]) < NEAR or abs(ends[-1] - ends[-3]) > NEAR:
        return ""
    low, high = sorted(ends[-2:])
    return f"never settles: flips between {number(low)} and {number(high)}"


def _settled(end, rest, kept_on, steepness):
    if not kept_on and abs(end - rest) > 0.05:
        verb = "holds" if abs(abs(steepness) - 1) < NEAR else "latches"  # a latch also cleans up
        return f"{verb}: stays at {number(end)}, though it would rest at {number(rest)}"
    where = f"settles at {number(end)}" if kept_on or abs(end) > 5e-3 else "fades"
    size = abs(steepness)
    if size < 0.05:
        return f"{where} within a step" if size > 1e-12 else f"{where} at once"
    if steepness < 0:
        where = "rings, its sign flips" if where == "fades" else f"rings, then {where}"
    if size > 1 - NEAR:
        return f"{where}, ever more slowly, without a half-life"
    if size < 0.5:
        return f"{where}: each step leaves {size:.0%} of the distance"
    return f"{where}: halves every {np.log(0.5) / np.log(size):.1f} steps"


def _trace(x, heard, w_x, w_h, b, activation):
    nudged = x.copy()
    nudged[0] += 1.0
    change = np.abs(run_neuron(nudged, w_x, w_h, b, 0.0, activation) - heard)
    last = len(x) - 1
    if not change[0] > 0:
        return "a change of the first input leaves no trace"
    if not change[-1] <= 1.005 * change[0]:
        growth = number(change[-1] / change[0])
        return f"a change of the first input has grown {growth}-fold at the end"
    half = np.flatnonzero(change < change[0] / 2)
    if len(half):
        steps = int(half[0])
        return f"half of the first input's trace is gone after {steps} step{'s' * (steps > 1)}"
    share = change[-1] / change[0]
    return f"{share:.0%} of the first input's trace is left after {last} steps"
