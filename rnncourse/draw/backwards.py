"""Blame on its way back: an unrolled neuron with its values, and the gradient of each of them."""

import numpy as np

from rnncourse.cells import activation_named
from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import BODY, VALUE, house_type, number

SLOPES = {
    "sigmoid": lambda h: h * (1 - h),
    "tanh": lambda h: 1 - h * h,
    "linear": lambda h: np.ones_like(h),
}
SYMBOLS = {"sigmoid": r"$\sigma$", "tanh": "tanh", "linear": "lin"}
FIRST, STEP = 0.46, 2.86  # inches: the centre of h before the first step, and the width of a step
WEIGHT, SUM, BEND = 0.74, 1.34, 2.1  # within a step, from the state before it
INPUT, FORWARD, BACK, SHARE = 0.46, 1.78, 2.86, 3.3  # heights, in inches


def backward(neuron, x, target, title=None, subtitle=None):
    """Draw two steps of a neuron, with ½ (h − target)² at the end, and the way of the gradient.

    Parameters
    ----------
    neuron : a ``cells.RecurrentNeuron`` (sigmoid, tanh or linear), which starts from its ``h0``;
        drawing does not change it.
    x : two inputs, without unit.
    target : what the last output should have been.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` where x is not two numbers, or the neuron is ReLU.
    """
    x = np.asarray(x, dtype=float)
    if x.shape != (2,):
        raise ValueError(f"x has shape {x.shape}; this picture has two steps.")
    if neuron.activation not in SLOPES:
        raise ValueError(f"This picture has no slope for {neuron.activation}.")
    way = _Way(neuron, x, float(target))
    total = number3(way.shares.sum())
    with house_type():
        figure, ax = sheet(
            title or f"Both steps share $w_h$, so its gradient is a sum: {total}",
            subtitle or "Below: values, on their way forward. Above: what the loss says of each.",
            body=SHARE + 0.3,
            width=7.6,
        )
        _draw(ax, way)
    steps = ", ".join(number3(share) for share in way.shares)
    alt = (
        f"Two steps of a {neuron.activation} neuron: outputs {number3(way.h[0])} and "
        f"{number3(way.h[1])}, target {number(target)}. Backwards, the gradient is "
        f"{number3(way.d_h[1])} at the last output, {number3(way.d_h[0])} at the first and "
        f"{number3(way.d_before)} at the value held before; the shares of w_h are {steps}, "
        f"together {total}."
    )
    return Picture(figure, alt)


def number3(value):
    """Three decimals with a true minus: gradients of two steps are small."""
    return f"{value:.3f}".replace("-", "−")


class _Way:
    """Every value and every gradient of the two steps."""

    def __init__(self, neuron, x, target):
        f, slope = activation_named(neuron.activation), SLOPES[neuron.activation]
        self.neuron, self.x, self.target = neuron, x, target
        self.before = float(neuron.h0)
        held, self.a, self.h = self.before, [], []
        for x_t in x:
            self.a.append(neuron.w_x * x_t + neuron.w_h * held + neuron.b)
            held = float(f(self.a[-1]))
            self.h.append(held)
        self.d_h, self.d_a = np.zeros(2), np.zeros(2)
        back = self.h[1] - target
        for t in (1, 0):
            self.d_h[t] = back
            self.d_a[t] = back * slope(self.h[t])
            back = self.d_a[t] * neuron.w_h
        self.d_before = back
        self.shares = self.d_a * np.array([self.before, self.h[0]])


def _draw(ax, way):
    neuron = way.neuron
    held = pieces.circle(ax, FIRST, FORWARD, number3(way.before), "hidden")
    blame = _gradient(ax, FIRST, number3(way.d_before))
    for t in (0, 1):
        start = FIRST + t * STEP
        weight = pieces.pill(ax, start + WEIGHT, FORWARD, number(neuron.w_h), neuron.w_h)
        plus = pieces.total(ax, start + SUM, FORWARD)
        bend = pieces.box(ax, start + BEND, FORWARD, SYMBOLS[neuron.activation], width=0.56)
        state = pieces.circle(ax, start + STEP, FORWARD, number3(way.h[t]), "hidden")
        heard = pieces.circle(ax, start + SUM, INPUT, number(way.x[t]), "input", radius=0.3)
        w_x = pieces.pill(ax, start + SUM, INPUT + 0.66, number(neuron.w_x), neuron.w_x)
        wires = [(held, weight), (weight, plus), (plus, bend), (bend, state)]
        for k, (left, right) in enumerate(wires):
            dashed = k == 1 and neuron.w_h < 0
            pieces.wire(ax, [left.right, right.left], "hidden", arrow=k > 0, dashed=dashed)
        pieces.wire(ax, [heard.top, w_x.bottom], "input", arrow=False)
        pieces.wire(ax, [w_x.top, plus.bottom], "input")
        pieces.say(ax, start + SUM - 0.14, FORWARD - 0.4, number3(way.a[t]), size=BODY, ha="right")
        at_sum = _gradient(ax, start + SUM, number3(way.d_a[t]))
        at_state = _gradient(ax, start + STEP, number3(way.d_h[t]))
        for right, left in [(at_state, at_sum), (at_sum, blame)]:
            pieces.wire(ax, [right.left, left.right], "gradient", dashed=True)
        share = f"share of $w_h$: {number3(way.shares[t])}"
        pieces.say(ax, start + WEIGHT, SHARE, share, "gradient", bold=True)
        held, blame = state, at_state
    names = [(0, "h_{-1}"), (SUM, "a_0"), (STEP, "h_0"), (STEP + SUM, "a_1"), (2 * STEP, "h_1")]
    for x, name in names:
        pieces.say(ax, FIRST + x, BACK - 0.36, rf"$\partial L/\partial {name}$", "gradient")
        if name.startswith("h"):
            pieces.say(ax, FIRST + x, FORWARD - 0.54, f"${name}$", "hidden")
    last = FIRST + 2 * STEP
    goal = pieces.circle(ax, last + 1.02, FORWARD, "", "output", ring=True)
    loss = 0.5 * (way.h[1] - way.target) ** 2
    pieces.say(ax, goal.x, goal.y, number3(loss), size=BODY - 1)
    pieces.wire(ax, [held.right, goal.left], "output")
    pieces.say(ax, goal.x, FORWARD - 0.54, "loss $L$", "output")


def _gradient(ax, x, text):
    """A gradient's value; arrows join it left and right."""
    pieces.say(ax, x, BACK, text, "gradient", bold=True, size=VALUE)
    return pieces.Piece(x, BACK, 0.36, 0.14)
