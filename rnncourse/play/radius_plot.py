"""State and gradient against steps on fixed logarithmic axes, redrawn fast."""

import numpy as np

from rnncourse.draw.fadings import size
from rnncourse.draw.frames import axes, panel
from rnncourse.draw.series import log_ticks, power_of_ten
from rnncourse.draw.style import house_type, number, palette
from rnncourse.play.memory import STEPS, Memory
from rnncourse.play.redrawn import Redrawn

LOW, HIGH = 1e-8, 1e8
LEAST = 1e-12  # below it, rounding decides what is left of a change


class RadiusPlot(Redrawn):
    """State and gradient, drawn from ``radius, nonlinearity, start, strength``.

    ``state, gradient, reading`` and ``norm`` tell of the last drawing.
    """

    def __init__(self, units=32, seed=0):
        self.memory, self.units = Memory(units, seed), units
        colours = palette().fill
        with house_type():
            figure, self.axes = axes(
                " ", " ", "k steps", rows=1, cols=2, height=3.9, width=7.4, sharex=True, sharey=True
            )
            self.title, self.subtitle = figure.texts
            steps = np.arange(STEPS + 1)
            names = ("in the state, k steps later", "in the gradient, k steps back")
            self.lines = []
            for ax, name, role, dash in zip(
                self.axes, names, ("hidden", "gradient"), ("-", (0, (5, 1.5))), strict=True
            ):
                panel(ax, name, role=role)
                ax.set_yscale("log")
                ax.set(xlim=(0, STEPS), ylim=(LOW, HIGH))
                ax.axhline(1, color=colours["ink"], lw=1, zorder=1.5)
                (rule,) = ax.plot(steps, steps + 1.0, color=colours["muted"], ls=":", lw=1.8)
                (line,) = ax.plot(steps, steps + 1.0, color=colours[role], ls=dash, lw=2.6)
                self.lines.append((rule, line))
            for ax in self.axes:
                ax.set_xlabel("k steps", loc="left", color=palette().text["ink"])
            log_ticks(self.axes[0].yaxis, LOW, HIGH)
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # what stands, stands: nothing moves with a knob
        lines = [line for pair in self.lines for line in pair]
        super().__init__(figure, [self.title, self.subtitle, *lines])

    def _set(self, radius, nonlinearity, start, strength):
        self.state, self.gradient = self.memory.measure(radius, nonlinearity, start, strength)
        self.norm = float(np.linalg.norm(self.memory.matrix(radius, start), 2))
        self.reading = (
            f"{STEPS} steps later {_left(self.state[-1], 'a change')}; "
            f"{STEPS} steps back {_left(self.gradient[-1], 'the gradient')}."
        )
        self.alt = (
            f"What a net of {self.units} {nonlinearity} units ({start} feedback matrix, spectral "
            f"radius {number(radius)}, largest singular value {number(self.norm)}, input noise "
            f"{number(strength)}) keeps. {self.reading}"
        )
        with np.errstate(all="ignore"):
            powers = float(radius) ** np.arange(STEPS + 1.0)
        for (rule, line), values in zip(self.lines, (self.state, self.gradient), strict=True):
            rule.set_ydata(_within(powers))
            line.set_ydata(_within(values))
        self.title.set_text(
            f"After {STEPS} steps: {_short(self.state[-1])} of a change, "
            f"{_short(self.gradient[-1])} of the gradient"
        )
        self.subtitle.set_text(
            f"{self.units} {nonlinearity} units, W: radius {number(radius)}, singular value "
            f"{number(self.norm)}; noise {number(strength)}. Dotted: radiusᵏ."
        )


def _within(values):
    return np.clip(np.nan_to_num(values, posinf=HIGH**2), LOW**2, HIGH**2)


def _short(value):
    if not np.isfinite(value):
        return "more than all"
    return "almost none" if value < LEAST else size(value).replace(" times", "-fold")


def _left(value, what):
    """What became of a change or gradient, by its size relative to where it began."""
    if not np.isfinite(value):
        return f"{what} is past all bounds"
    if value > 1.005:
        return f"{what} is {size(value)} as large"
    share = f"less than {power_of_ten(LEAST)}" if value < LEAST else size(value)
    return f"{share} of {what} is left"
