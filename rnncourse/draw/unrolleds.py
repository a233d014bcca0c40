"""The unrolled network: one F again and again, drawn from a live model over its sequence."""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import FancyBboxPatch

from rnncourse.draw import pieces, tiles
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.runs import WRITTEN, Run, indexed
from rnncourse.draw.style import SYMBOL, house_type, number, palette

MOST = 7  # columns
PAGE, START, FIRST, LAST = 7.6, 0.42, 1.32, 6.98  # inches
F_WIDTH, F_HEIGHT, ARROW = 0.52, 0.5, 0.36
SHARED = 0.16  # how much of the hidden blue the shared weights wear


def unrolled(
    rnn, x, h0=None, words=None, now=None, readout=None, output="linear", title=None, subtitle=None
):  # fmt: skip
    """Draw a recurrent layer unrolled over a sequence, with its values at every step.

    Parameters
    ----------
    rnn : a ``cells.RNN`` (or an object with ``W_ih, W_hh, b_ih, b_hh, nonlinearity``), up to 12
        inputs and units; up to 4 their numbers are written. Drawing does not change it.
    x : (T, D), or (T,) for one input. Of more than 7 steps, 7 around ``now`` are shown.
    h0 : (H,), what the delay block holds before the first step; zeros if left out.
    words : T labels below the inputs.
    now : the step that is lit; later ones are pale, without values. None computes and shows all.
    readout : a ``cells.Linear`` that reads every state (up to 4 outputs), or None.
    output : what its outputs pass through: "linear", "sigmoid", "tanh", "relu" or "softmax".
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other sizes and shapes.
    """
    run = Run(rnn, x, h0, words, readout, output)
    now = run.step("now", now)
    view = _View(run, now)
    with house_type():
        figure, ax = sheet(
            title or run.title(),
            run.sentence(now) if subtitle is None else subtitle,
            body=view.body,
            width=PAGE,
        )
        _draw(ax, run, view, now)
        _weights(ax, run, view)
    return Picture(figure, run.alt(now))


@dataclass
class _Row:
    """How the vectors of one row are drawn: their height in inches and their kind."""

    entries: int
    written: bool
    ring: bool = False

    @property
    def height(self):
        if self.entries == 1:
            return 0.64 if self.ring else 0.54
        return self.entries * (0.22 if self.written else 0.15)

    def draw(self, ax, x, y, values, role, pale=False):
        if self.entries == 1:
            text = "" if values is None else number(values[0])
            return pieces.circle(ax, x, y, text, role, self.height / 2 - 0.01, pale, self.ring)
        values = [None] * self.entries if values is None else values
        if self.written:
            return tiles.numbered(ax, x, y, values, 0.46, 0.22, role, pale)
        return tiles.plain(ax, x, y, values, 0.15, role, pale, width=0.3)


class _View:
    """Which steps are shown, and where everything stands, in inches."""

    def __init__(self, run, now):
        count = len(run.x)
        written_out = run.layer.units == 1  # numbers on the arrows need room
        shown = min(count, MOST - written_out)
        middle = count - 1 if now is None else now
        self.first = int(np.clip(middle - shown // 2, 0, count - shown))
        self.steps = range(self.first, self.first + shown)
        self.pitch = min(1.75, (LAST - FIRST) / max(shown - 1, 1))
        self.more = self.steps[-1] < count - 1
        layer = run.layer
        written = max(layer.inputs, layer.units) <= WRITTEN
        self.input = _Row(layer.inputs, written)
        self.state = _Row(layer.units, written)
        self.output = _Row(run.y.shape[1], True, ring=True) if run.readout else None
        self.written = written
        self.tile = (0.46, 0.22) if written else (0.13, 0.13)
        rows = max(layer.units, 2 if written else 5)
        self.key = rows * self.tile[1] + 0.46  # height of the panel with the weights
        self.time = self.key + 0.42
        self.word = self.time + 0.25
        foot = self.word + 0.2 if run.words else self.time + 0.2
        self.x = foot + self.input.height / 2
        self.F = foot + self.input.height + ARROW + F_HEIGHT / 2
        self.h = self.F + F_HEIGHT / 2 + ARROW + self.state.height / 2
        self.body = self.h + self.state.height / 2 + 0.2
        if self.output:
            self.y = self.body - 0.2 + ARROW + self.output.height / 2
            self.body = self.y + self.output.height / 2 + 0.2

    def column(self, step):
        return FIRST + (step - self.first) * self.pitch


def _draw(ax, run, view, now):
    say = pieces.say
    start = view.state.draw(ax, START, view.F, run.before(view.first), "hidden")
    label = indexed("h", view.first - 1) if view.first else "held at\nthe start"
    say(ax, START, start.bottom[1] - 0.08, label, "hidden", size=9, va="top")
    previous = start
    if now is not None:
        low, high = view.time - 0.17, view.body - 0.06
        reach = 0.77 if run.layer.units == 1 else 0.62
        reach = min(view.pitch - 0.3, reach) if now > view.first else 0.6
        x = view.column(now)  # the light takes in the wire that comes in, and its weight
        left, right = x - reach, x + 0.4
        pieces.spotlight(ax, (left + right) / 2, (low + high) / 2, right - left, high - low)
    for step in view.steps:
        x, pale, lit = view.column(step), now is not None and step > now, step == now
        known = {"pale": pale}
        heard = view.input.draw(ax, x, view.x, None if pale else run.x[step], "input", **known)
        F = _copy_of_F(ax, x, view.F, pale, lit)
        state = None if pale else run.states[step]
        made = view.state.draw(ax, x, view.h, state, "hidden", **known)
        thick = 3.0 if lit else 2.0
        pieces.wire(ax, [heard.top, F.bottom], "input", pale=pale, width=thick)
        pieces.wire(ax, [previous.right, F.left], "hidden", pale=pale, width=thick)
        pieces.wire(ax, [F.top, made.bottom], "hidden", pale=pale, width=thick)
        _name_wires(ax, run, view, step, previous, heard, F, pale)
        _symbol(ax, "h", step, F.top, made.bottom, "hidden", pale)
        if view.output:
            values = None if pale else run.y[step]
            shown = view.output.draw(ax, x, view.y, values, "output", pale)
            pieces.wire(ax, [made.top, shown.bottom], "hidden", pale=pale, width=thick)
            _symbol(ax, "y", step, made.top, shown.bottom, "output", pale)
        if run.words:
            word = say(ax, x, view.word, str(run.words[step]), "input", lit, pale=pale)
            word.set_parse_math(False)
            pieces.fit(ax, word, view.pitch - 0.1, smallest=6)
        say(ax, x, view.time, f"t = {step}", "muted", size=9.5, pale=pale)
        previous = F
    if view.more:
        end = (previous.right[0] + 0.28, view.F)
        pieces.wire(ax, [previous.right, end], "hidden", pale=now is not None)


def _symbol(ax, letter, step, start, end, role, pale):
    """A symbol to the right of an upright wire."""
    x, y = start[0] + 0.09, (start[1] + end[1]) / 2
    pieces.say(ax, x, y, indexed(letter, step), role, ha="left", pale=pale).set_style("italic")


def _copy_of_F(ax, x, y, pale, lit):
    made = pieces.box(ax, x, y, "$F$", F_WIDTH, F_HEIGHT, size=SYMBOL, pale=pale)
    patch = ax.patches[-1]
    patch.set_facecolor(_shared(pale))
    if lit:
        patch.set_linewidth(3.4)
    return made


def _name_wires(ax, run, view, step, previous, heard, F, pale):
    """The shared weight at each arrow: its number where it is one number, else its name."""
    layer = run.layer
    room = F.left[0] - previous.right[0] - 0.06
    for single, W, name, x, y, space in (
        (layer.units == 1, layer.W_hh, "$W_{hh}$", F.left[0] - 0.04, view.F + 0.15, room),
        (
            layer.units == layer.inputs == 1,
            layer.W_ih,
            "$W_{ih}$",
            F.x - 0.08,
            (heard.top[1] + F.bottom[1]) / 2 - 0.02,
            0.48,
        ),
    ):
        text, role = name, "muted"
        if single:
            text = f"×{number(W[0, 0])}"
            role = "negative" if W[0, 0] < 0 else "positive"
        written = pieces.say(ax, x, y, text, role, size=9, ha="right", pale=pale)
        pieces.fit(ax, written, space, smallest=6.5)


def _weights(ax, run, view):
    """The panel below: F written out once, for all its copies."""
    layer, say, y = run.layer, pieces.say, view.key / 2 + 0.08
    panel = FancyBboxPatch(
        (0.16, 0.08),
        PAGE - 0.32,
        view.key,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor=_shared(False),
        edgecolor="none",
        zorder=0.5,
    )
    ax.add_patch(panel)
    f = {"tanh": r"\tanh", "sigmoid": r"\sigma", "relu": r"\mathrm{ReLU}", "linear": ""}
    inner = "W_{ih}\\,x_t + W_{hh}\\,h_{t-1} + b"
    f = f[layer.activation]
    equation = f"$h_t = {f}({inner})$" if f else f"$h_t = {inner}$"
    row = y - 0.11
    blocks = [("$b$", layer.b[:, None]), ("$W_{hh}$", layer.W_hh), ("$W_{ih}$", layer.W_ih)]
    right = PAGE - 0.34
    draw = tiles.numbered if view.written else _unnumbered
    for name, values in blocks:
        wide = values.shape[1] * view.tile[0]
        block = draw(ax, right - wide / 2, row, values, *view.tile)
        say(ax, block.x, block.top[1] + 0.12, name, size=9.5)
        right = block.left[0] - 0.2
    lines = [f"$F$:  {equation}", "the same in every copy"]
    if not view.written:
        lines.append("a stronger tone is larger, full at 1; a bar says negative")
    top = y + 0.125 * (len(lines) - 1)
    for at, line in enumerate(lines):
        written = say(ax, 0.3, top - 0.25 * at, line, ha="left")
        pieces.fit(ax, written, right - 0.3, smallest=7)


def _unnumbered(ax, x, y, values, width, _height):
    return tiles.plain(ax, x, y, values, width)


def _shared(pale):
    return palette().mix("hidden", SHARED * (0.5 if pale else 1))
