"""A recurrent layer at one step: every unit hears all inputs, and all units of one step ago."""

import numpy as np
from matplotlib.patches import FancyBboxPatch

from rnncourse.draw import pieces, tiles
from rnncourse.draw.fans import fan
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import SYMBOL, house_type, number, palette

IN, HIDDEN, OUT = 0.72, 3.78, 6.86  # inches, the columns
RADIUS = 0.29
FOOT = 0.78  # inches below the lowest node, for the captions
ACTIVATIONS = {"relu": "ReLU"}
MOST_INPUTS, MOST_UNITS, MOST_OUTPUTS = 4, 5, 3


def layer(
    rnn, x, h=None, readout=None, output="linear", names=None, title=None, subtitle=None
):  # fmt: skip
    """Draw a recurrent layer that is about to hear ``x``, with every value of this step.

    Parameters
    ----------
    rnn : a ``cells.RNN`` (or an object with ``W_ih, W_hh, b_ih, b_hh, nonlinearity``) with 1 to 4
        inputs and 1 to 5 units; drawing does not change it.
    x : (D,), the input of this step.
    h : (H,), what the delay block holds; zeros if left out.
    readout : a ``cells.Linear`` (``W`` (O, H), ``b`` (O,)) with up to 3 outputs, or None.
    output : what the outputs pass through: "linear", "sigmoid", "tanh", "relu" or "softmax".
    names : D words, the inputs' names.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other sizes and shapes.
    """
    step = _Step(rnn, x, h, readout, output)
    if names is not None and len(names) != step.layer.inputs:
        raise ValueError(f"names has {len(names)} entries; there are {step.layer.inputs} inputs.")
    page = _Page(step)
    with house_type():
        figure, ax = sheet(
            title or "Every hidden unit hears all inputs, and all units of one step ago",
            step.sentence() if subtitle is None else subtitle,
            body=page.body,
            width=7.6 if step.readout else 6.6,
        )
        _forward(ax, step, page, names)
        _feedback(ax, step, page)
    return Picture(figure, step.alt())


class _Step:
    """The numbers of one step of the layer."""

    def __init__(self, rnn, x, h, readout, output):
        self.layer = tiles.Layer(rnn)
        units, inputs = self.layer.units, self.layer.inputs
        if inputs > MOST_INPUTS or units > MOST_UNITS:
            raise ValueError(
                f"The layer has {inputs} inputs and {units} units; this picture shows up to "
                f"{MOST_INPUTS} and {MOST_UNITS}. draw.states shows larger ones."
            )
        self.x = tiles.vector("x", x, inputs)
        self.held = self.layer.held(h)
        self.h = self.layer.states(self.x[None], self.held)[0]
        self.readout = tiles.Readout(readout, units, output) if readout is not None else None
        self.y = self.readout(self.h) if self.readout else np.zeros(0)
        if len(self.y) > MOST_OUTPUTS:
            raise ValueError(
                f"The readout has {len(self.y)} outputs; this picture shows up to {MOST_OUTPUTS}."
            )

    def sentence(self):
        held = "zeros" if not self.held.any() else "the last step's outputs"
        values = f"{len(self.h)} held values travel" if len(self.h) > 1 else "the value travels"
        return f"The delay block holds {held}; {values} as one lane, through $W_{{hh}}$."

    def alt(self):
        layer = self.layer
        W = layer.W_ih
        i, j = np.unravel_index(np.abs(W).argmax(), W.shape)
        inputs = tiles.counted(layer.inputs, "input")
        units = tiles.counted(layer.units, f"{layer.activation} unit")
        told = (
            f"A recurrent layer with {inputs} ({_listed(self.x)}) and {units}. "
            f"Its delay block holds {_listed(self.held)}; with the "
            f"feedback matrix the new hidden values are {_listed(self.h)}. The largest input "
            f"weight, {number(W[i, j])}, leads from input {j} to unit {i}"
        )
        if self.readout:
            told += f"; the output is {_listed(self.y)}"
        return told + "."


class _Page:
    """Where everything stands, in inches."""

    def __init__(self, step):
        counts = step.layer.inputs, step.layer.units, len(step.y)
        pitches = [1.0, 0.9 if counts[1] < 5 else 0.8, 1.1]
        tall = max((count - 1) * pitch for count, pitch in zip(counts, pitches, strict=True))
        tall = max(tall, 0.9)
        self.middle = FOOT + RADIUS + tall / 2
        self.inputs, self.hidden, self.outputs = (
            self.middle + pitch * ((count - 1) / 2 - np.arange(count))
            for count, pitch in zip(counts, pitches, strict=True)
        )
        self.lane = self.middle + tall / 2 + RADIUS + 0.2  # where the feedback enters
        self.floor = self.middle - tall / 2 - RADIUS - 0.1
        self.tile = 0.23 if counts[1] > 1 else 0.34
        self.block = max(0.62, self.tile * counts[1] + 0.12)
        self.loop = self.lane + 0.34 + self.block / 2
        self.body = self.loop + self.block / 2 + 0.28


def _forward(ax, step, page, names):
    layer, write = step.layer, pieces.say
    panel = FancyBboxPatch(
        (HIDDEN - 0.42, page.floor),
        0.84,
        page.lane + 0.16 - page.floor,
        boxstyle="round,pad=0,rounding_size=0.1",
        facecolor=palette().fill["panel"],
        edgecolor=palette().fill["hairline"],
        lw=1.2,
        zorder=1,
    )
    ax.add_patch(panel)
    heard = [
        pieces.circle(ax, IN, y, number(value), "input", RADIUS)
        for y, value in zip(page.inputs, step.x, strict=True)
    ]
    units = [
        pieces.circle(ax, HIDDEN, y, number(value), "hidden", RADIUS)
        for y, value in zip(page.hidden, step.h, strict=True)
    ]
    fan(ax, heard, units, layer.W_ih)
    for at, name in enumerate(names or ()):
        y = heard[at].bottom[1] - 0.12
        pieces.fit(ax, write(ax, IN, y, name, "input", size=9.5), 1.3)

    low = page.floor - 0.18
    write(ax, IN, low - (0.1 if names else 0), "input $x_t$", "input")
    between = (IN + HIDDEN) / 2
    write(ax, between, low, f"$W_{{ih}}$  {layer.units} × {layer.inputs}")
    activation = ACTIVATIONS.get(layer.activation, layer.activation)
    write(ax, HIDDEN, low, f"hidden $h_t$, {activation}", "hidden")
    biases = ",  ".join(map(number, layer.b)) if layer.b.any() else "0"
    said = f"biases $b_{{ih}} + b_{{hh}}$:  {biases}"
    write(ax, HIDDEN, low - 0.24, said, "muted", size=9.5)
    if not step.readout:
        for unit in units:
            pieces.wire(ax, [unit.right, (HIDDEN + 0.98, unit.y)], "hidden")
        write(ax, HIDDEN + 1.1, page.middle, "$h_t$ goes on", "hidden", ha="left")
        return
    shown = [
        pieces.circle(ax, OUT, y, number(value), "output", RADIUS + 0.04, ring=True)
        for y, value in zip(page.outputs, step.y, strict=True)
    ]
    fan(ax, units, shown, step.readout.W)
    low = shown[-1].bottom[1] - 0.17
    write(ax, OUT, low, "output $y_t$", "output")
    if step.readout.output != "linear":
        write(ax, OUT, low - 0.2, step.readout.output, "muted", size=9.5)
        low -= 0.2
    biases = ",  ".join(map(number, step.readout.b)) if step.readout.b.any() else "0"
    pieces.fit(ax, write(ax, OUT, low - 0.23, f"bias:  {biases}", "muted", size=9.5), 1.4)
    shape = f"$W_{{ho}}$  {len(step.y)} × {layer.units}"
    write(ax, (HIDDEN + OUT) / 2 + 0.2, page.floor - 0.18, shape)


def _feedback(ax, step, page):
    layer, y = step.layer, page.loop
    count, write = layer.units, pieces.say
    tile_width = 0.44 if count < 5 else 0.4
    start = HIDDEN + 0.42
    turn = HIDDEN + 1.25
    block = tiles.framed(ax, HIDDEN + 0.3, y, 1.16, page.block, "hidden", 2.2)
    write(ax, block.x - 0.3, y, "$z^{-1}$", size=SYMBOL)
    tiles.numbered(ax, block.x + 0.27, y, step.held, tile_width + 0.02, page.tile, "hidden")
    wide = count * tile_width
    middle = HIDDEN - 0.78 - wide / 2
    matrix = tiles.numbered(ax, middle, y, layer.W_hh, tile_width, page.tile, "muted")
    tiles.framed(ax, matrix.x, matrix.y, wide, count * page.tile, "ink", 1.8)
    size = f"$W_{{hh}}$  {count} × {count}"
    write(ax, middle, matrix.top[1] + 0.14, size)
    write(ax, block.x, block.top[1] + 0.14, "delay block holds $h_{t-1}$", "muted")
    lane = {"role": "hidden", "width": 4.0}
    pieces.wire(ax, [(start, page.lane), (turn, page.lane), (turn, y), block.right], **lane)
    pieces.wire(ax, [block.left, matrix.right], **lane)
    left = min(matrix.left[0] - 0.3, HIDDEN - 1.5)
    enter = (HIDDEN - 0.42, page.lane)
    pieces.wire(ax, [matrix.left, (left, y), (left, page.lane), enter], **lane)


def _listed(values):
    return ", ".join(map(number, values))
