"""Input and response on fixed axes, redrawn fast: the grounds are kept, only the stems change."""

import numpy as np

from rnncourse.cells import activation_named, run_neuron
from rnncourse.draw.frames import axes, panel
from rnncourse.draw.style import house_type, number, palette
from rnncourse.play.readings import reading
from rnncourse.play.redrawn import Redrawn
from rnncourse.play.signals import STEPS, signal_named

RANGE = {
    "sigmoid": (-0.15, 1.15),
    "tanh": (-1.25, 1.25),
    "relu": (-0.5, 3.5),
    "linear": (-2.2, 3.5),
}


class Trace(Redrawn):
    """Input and response, drawn from ``w_x, w_h, activation, signal`` and the bias ``b``.

    ``response`` and ``reading`` tell of the last drawing.
    """

    def __init__(self):
        with house_type():
            figure, self.axes = axes(" ", " ", "step t", rows=2, height=4.0, width=7.2, sharex=True)
            self.title, self.subtitle = figure.texts
            steps = np.arange(STEPS)
            self.rows = [
                _Row(ax, steps, role, name)
                for ax, role, name in zip(
                    self.axes,
                    ("input", "hidden"),
                    ("input $x_t$", "output $h_t$"),
                    strict=True,
                )
            ]
            self.axes[0].set(xlim=(-0.8, STEPS - 0.2), ylim=(-1.3, 1.3), yticks=(-1, 0, 1))
            self.axes[0].tick_params(bottom=False)
            self.axes[1].set_ylim(RANGE["tanh"])  # the one with the widest numbers
            self.axes[0].get_gridspec().set_height_ratios([1, 1.8])
            figure.draw_without_rendering()
            figure.set_layout_engine("none")  # what stands, stands: nothing moves with a knob
        rows = [artist for row in self.rows for artist in row.artists]
        super().__init__(figure, [self.title, self.subtitle, *rows])

    def _set(self, w_x, w_h, activation, signal, b=0.0):
        activation_named(activation)
        x = signal_named(signal)
        with np.errstate(all="ignore"):
            self.response = run_neuron(x, w_x, w_h, b, 0.0, activation)
        self.reading = reading(x, w_x, w_h, b, activation)
        self.range = RANGE[activation]
        self.axes[1].set_ylim(self.range)
        self.title.set_text(self.reading[0].upper() + self.reading[1:])
        self.subtitle.set_text(_equation(w_x, w_h, b, activation) + f"    input: {signal}")
        self.rows[0].show(x)
        self.rows[1].show(self.response)
        bias = f", bias {number(b)}" if b else ""
        self.alt = (
            f"A {activation} recurrent neuron, input weight {number(w_x)}, feedback weight "
            f"{number(w_h)}{bias}, hears this input: {signal}. It {_verb(self.reading)}. "
            f"First outputs: {', '.join(map(number, self.response[:4]))}."
        )


class _Row:
    """Stems with dots; a triangle at the rim where a value leaves the picture."""

    def __init__(self, ax, steps, role, name):
        colours = palette()
        colour, ground = colours.fill[role], colours.fill["ground"]
        self.ax, self.steps = ax, steps
        self.stems = ax.vlines(steps, 0, 0 * steps, color=colour, lw=2.4)
        (self.dots,) = ax.plot(steps, 0 * steps, "o", color=colour, ms=6, mec=ground, mew=0.8)
        self.beyond = [
            ax.plot(steps, 0 * steps, mark, color=colour, ms=8, clip_on=False)[0]
            for mark in ("^", "v")
        ]
        self.artists = [self.stems, self.dots, *self.beyond]
        ax.axhline(0, color=colours.fill["ink"], lw=1.2, zorder=1.5)
        ax.spines["bottom"].set_visible(False)
        panel(ax, name, role=role)

    def show(self, values):
        low, high = self.ax.get_ylim()
        inside = np.clip(np.nan_to_num(values, posinf=high, neginf=low), low, high)
        self.stems.set_segments(
            [[(t, 0), (t, value)] for t, value in zip(self.steps, inside, strict=True)]
        )
        seen = (values >= low) & (values <= high)
        self.dots.set_data(self.steps[seen], values[seen])
        for mark, gone, rim in zip(
            self.beyond, (values > high, values < low), (high, low), strict=True
        ):
            mark.set_data(self.steps[gone], np.full(gone.sum(), rim))


def _equation(w_x, w_h, b, activation):
    """The equation in plain text: mathtext would take half of the time of a drawing."""
    f = {"sigmoid": "σ", "relu": "ReLU", "linear": ""}.get(activation, activation)
    inner = f"{number(w_x)}·xₜ {_sign(w_h)} {number(abs(w_h))}·hₜ₋₁"
    if b:
        inner += f" {_sign(b)} {number(abs(b))}"
    return f"hₜ = {f}({inner})" if f else f"hₜ = {inner}"


def _sign(value):
    return "−" if value < 0 else "+"


def _verb(sentence):
    """Fit the reading behind "It": readings that name their own subject are quoted."""
    own_subject = sentence.startswith(("the ", "a change", "half of")) or sentence[0].isdigit()
    return f"reads: {sentence}" if own_subject else sentence
