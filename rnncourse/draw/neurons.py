"""The recurrent neuron with its delay block, drawn from a live neuron about to hear x."""

import numpy as np

from rnncourse.cells import activation_named
from rnncourse.draw import pieces
from rnncourse.draw.equations import Equation, product
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import SYMBOL, VALUE, house_type, number, palette

STAGES = ("inputs", "weighted", "sum", "output")
SYMBOLS = {"sigmoid": r"\sigma", "tanh": r"\tanh", "relu": r"\mathrm{ReLU}", "linear": ""}
NAMES = {"sigmoid": r"sigmoid $\sigma$", "tanh": "tanh", "relu": "ReLU", "linear": "linear"}
PAGE = 7.6  # inches
IN, WEIGHT, SUM, FUNCTION, FORK, OUT = 0.56, 1.62, 2.98, 4.4, 5.72, 6.9  # columns, inches


def neuron(neuron, x, stage=None, title=None, subtitle=None):
    """Draw a recurrent neuron that is about to hear ``x``, with every value of this step.

    Parameters
    ----------
    neuron : a ``cells.RecurrentNeuron`` (or an object with ``w_x, w_h, b, activation, delay``);
        drawing does not change it.
    x : the input of this step, one number, without unit.
    stage : how far the step is computed: "inputs", "weighted", "sum" or "output"; what comes later
        is pale and without its value. None is "output", all of it.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for an unknown stage, and where x or the held value
    is not one number.
    """
    if stage not in (None, *STAGES):
        raise ValueError(f"stage is {stage!r}; choose one of {', '.join(STAGES)}.")
    step = _Step(neuron, x)
    reached = STAGES.index(stage or "output")
    lines = step.equation(reached)
    with house_type():
        equation_room = 0.3 * len(lines) + 0.16
        floor = equation_room + (1.16 if step.b else 0.8)  # height of the main wire
        figure, ax = sheet(
            title or "One neuron, one moment: what it hears plus what it held",
            subtitle or step.sentence(reached),
            body=floor + 1.8,
            width=PAGE,
        )
        _draw(ax, step, floor, reached)
        for at, line in enumerate(reversed(lines)):
            line.write(ax, PAGE / 2, 0.27 + 0.3 * at, PAGE - 0.3)
    return Picture(figure, step.alt(reached))


class _Step:
    """The numbers of one step."""

    def __init__(self, neuron, x):
        self.x = _one_number("x", x)
        self.held = _one_number("the delay block's value", neuron.delay.held)
        self.fed = not np.array_equal(neuron.delay.held, getattr(neuron.delay, "initial", None))
        self.w_x, self.w_h, self.b = (float(w) for w in (neuron.w_x, neuron.w_h, neuron.b))
        self.activation = neuron.activation
        self.f = activation_named(neuron.activation)
        with np.errstate(all="ignore"):
            self.from_x = self.w_x * self.x
            self.from_h = self.w_h * self.held
            self.sum = self.from_x + self.from_h + self.b
            self.h = float(self.f(self.sum))

    def sentence(self, reached):
        if reached < STAGES.index("output"):
            return (
                f"The delay block gives back {number(self.held)}; the new output is not there yet."
            )
        last = ", the last output," if self.fed else ""
        return (
            f"The delay block gives back {number(self.held)}{last} "
            f"and keeps {number(self.h)} for the next step."
        )

    def alt(self, reached):
        parts = [
            f"A recurrent neuron hears {number(self.x)} (weight {number(self.w_x)}) and its delay "
            f"block gives back {number(self.held)} (weight {number(self.w_h)})"
        ]
        bias = f" with the bias {number(self.b)}" if self.b else ""
        if reached >= STAGES.index("weighted"):
            parts.append(f"the two arrive as {number(self.from_x)} and {number(self.from_h)}")
        if reached >= STAGES.index("sum"):
            parts.append(f"their sum{bias} is {number(self.sum)}")
        if reached >= STAGES.index("output"):
            parts.append(
                f"the {self.activation} function makes it {number(self.h)}, "
                "which is the output and what the delay block keeps"
            )
        return "; ".join(parts) + "."

    def equation(self, reached):
        """One line where it is short, two where it is not."""
        f = SYMBOLS[self.activation]
        opening = f"${f}($" if f else ""
        closing = "$)$" if f else ""
        bias = number(abs(self.b))
        plus_b = (f" {'−' if self.b < 0 else '+'} {bias}", "ink")

        general = Equation().add("$h_t=$").add(opening).add("$w_x\\,x_t$", "input").add(" + ")
        general.add("$w_h\\,h_{t-1}$", "hidden")
        if self.b:
            general.add(" + ").add("$b$")
        general.add(closing)

        numbers = Equation()
        if reached >= STAGES.index("weighted"):
            numbers.add("$=$").add(opening)
            numbers.add(product(self.w_x, self.x, first=True), "input").add(" + ")
            numbers.add(product(self.w_h, self.held), "hidden")
            if self.b:
                numbers.add(*plus_b)
            numbers.add(closing)
        if reached >= STAGES.index("sum"):
            exact = _shown(self.w_x) * _shown(self.x) + _shown(self.w_h) * _shown(self.held)
            numbers.add(_equals(exact + _shown(self.b), self.sum))
            if f:
                numbers.add(opening).add(number(self.sum)).add(closing)
        if reached >= STAGES.index("output"):
            if f:
                with np.errstate(all="ignore"):
                    numbers.add(_equals(float(self.f(_shown(self.sum))), self.h))
            numbers.add(number(self.h), "hidden", bold=True)
        elif reached == STAGES.index("sum") and not f:
            numbers.add(number(self.sum))
        whole = general.joined(numbers)
        return [whole] if whole.width() <= PAGE - 0.5 else [general, numbers]


def _draw(ax, step, y, reached):
    """Arrange the pieces; ``y`` is the height of the main wire, in inches."""
    weighted, summed, done = (reached >= STAGES.index(s) for s in ("weighted", "sum", "output"))
    loop = y + 1.25
    write = pieces.say

    heard = pieces.circle(ax, IN, y, number(step.x), "input")
    write(ax, IN, heard.bottom[1] - 0.15, "input $x_t$", "input")
    weight = pieces.pill(ax, WEIGHT, y, f"× {number(step.w_x)}", step.w_x)
    write(ax, WEIGHT, weight.top[1] + 0.15, "$w_x$", size=SYMBOL)
    plus = pieces.total(ax, SUM, y, pale=not summed)
    pieces.wire(ax, [heard.right, weight.left], "input", arrow=False)
    pieces.wire(ax, [weight.right, plus.left], "input", dashed=step.w_x < 0, pale=not weighted)

    function = _function(ax, FUNCTION, y, step, pale=not done, show=done)
    write(ax, FUNCTION, function.bottom[1] - 0.15, NAMES[step.activation], "muted")
    pieces.wire(ax, [plus.right, function.left], "ink", pale=not summed)
    shown = pieces.circle(ax, OUT, y, number(step.h) if done else "", "hidden", pale=not done)
    write(ax, OUT, shown.bottom[1] - 0.15, "output $h_t$", "hidden", pale=not done)
    pieces.wire(ax, [function.right, shown.left], "hidden", pale=not done)
    pieces.dot(ax, FORK, y, "hidden", pale=not done)

    block = pieces.delay(ax, FUNCTION, loop, number(step.held))
    write(ax, FUNCTION, block.top[1] + 0.14, "delay block holds", "muted")
    feedback = pieces.pill(ax, SUM, y + 0.73, f"× {number(step.w_h)}", step.w_h)
    write(ax, feedback.left[0] - 0.08, feedback.y, "$w_h$", size=SYMBOL, ha="right")
    pieces.wire(ax, [(FORK, y), (FORK, loop), block.right], "hidden", pale=not done)
    pieces.wire(ax, [block.left, (SUM, loop), feedback.top], "hidden", arrow=False)
    down = [feedback.bottom, plus.top]
    pieces.wire(ax, down, "hidden", dashed=step.w_h < 0, pale=not weighted)

    if step.b:
        bias = pieces.pill(
            ax, SUM, y - 0.62, f"{'−' if step.b < 0 else '+'} {number(abs(step.b))}", step.b
        )
        write(ax, bias.left[0] - 0.08, bias.y, "bias $b$", ha="right")
        pieces.wire(ax, [bias.top, plus.bottom], "ink", dashed=step.b < 0, pale=not weighted)
        write(ax, plus.right[0] + 0.02, plus.bottom[1] + 0.02, "sum", "muted", ha="left", va="top")
    else:
        write(ax, SUM, plus.bottom[1] - 0.15, "sum", "muted")

    middle = (block.left[0] + SUM) / 2 + 0.03
    write(ax, middle, loop - 0.15, "$h_{t-1}$", "hidden", size=SYMBOL)
    _value(ax, middle, loop + 0.15, step.held, "hidden")
    right = (block.right[0] + 0.1 + FORK) / 2
    write(ax, right, loop - 0.15, "$h_t$", "hidden", size=SYMBOL, pale=not done)
    if weighted:
        _value(ax, (weight.right[0] + plus.left[0]) / 2 - 0.04, y + 0.15, step.from_x, "input")
        _value(
            ax,
            SUM + 0.1,
            (feedback.bottom[1] + plus.top[1]) / 2 + 0.03,
            step.from_h,
            "hidden",
            "left",
        )
    if summed:
        _value(ax, (plus.right[0] + function.left[0]) / 2 - 0.04, y + 0.15, step.sum, "ink")
    if done:
        _value(ax, (function.right[0] + FORK) / 2, y + 0.15, step.h, "hidden")
        _value(ax, right, loop + 0.15, step.h, "hidden")


def _value(ax, x, y, value, role, ha="center"):
    artist = pieces.say(ax, x, y, number(value), role, bold=True, size=VALUE, ha=ha)
    return pieces.fit(ax, artist, 0.62)


def _function(ax, x, y, step, pale, show):
    """The function's box holds its curve, with a point at where this step stands on it."""
    width, height, reach = 0.8, 0.7, 4.0
    made = pieces.box(ax, x, y, "", width, height, pale=pale)
    a = np.linspace(-reach, reach, 81)
    top = reach if step.activation in ("relu", "linear") else 1.0
    bottom = 0.0 if step.activation == "sigmoid" else -top

    def place(a, value):
        across = x + a / reach * (width / 2 - 0.1)
        share = (value - bottom) / (top - bottom)
        return across, y - height / 2 + 0.11 + share * (height - 0.22)

    quiet = palette().fill["hairline"]
    zero = [place(-reach, 0.0), place(reach, 0.0)]
    ax.plot(*zip(*zero, strict=True), color=quiet, lw=1, zorder=3.5)
    ax.plot([x, x], [y - height / 2 + 0.09, y + height / 2 - 0.09], color=quiet, lw=1, zorder=3.5)
    ax.plot(*place(a, step.f(a)), color=pieces.tone("ink", pale), lw=2, zorder=4)
    if show and np.isfinite(step.sum):
        here = float(np.clip(step.sum, -reach, reach))
        ax.plot(*place(here, float(step.f(here))), "o", color=pieces.tone("hidden"), ms=7, zorder=5)
    return made


def _one_number(name, value):
    value = np.asarray(value, dtype=float)
    if value.size != 1:
        raise ValueError(f"{name} has shape {value.shape}; this picture shows one number.")
    return float(value.reshape(()))


def _shown(value):
    return round(value, 2)


def _equals(from_shown, value):
    """An equals sign where the printed numbers give the printed result, else "about"."""
    return "$=$" if number(from_shown) == number(value) else "$\\approx$"
