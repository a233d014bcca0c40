"""Tiles with their numbers written in, live models read out, and the tones of series by name."""

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Rectangle

from rnncourse.cells import activation_named
from rnncourse.draw import pieces
from rnncourse.draw.style import number, palette

TINT = 0.55  # the strongest tint on which ink is still read easily
WIDTH, HEIGHT = 0.44, 0.22  # inches, a tile with a number of two decimals
SHORT = 5  # characters that fit without being measured: measuring takes most of a drawing's time


def numbered(ax, x, y, values, width=WIDTH, height=HEIGHT, edge="muted", pale=False, size=8.5):
    """A matrix (R, C) or a column (R,) of tiles with numbers, the first row on top, around x, y.

    ``values`` is ``[None] * R`` for a column that is not known yet. Returns the ``Piece``.
    """
    places = list(_grid(x, y, values, width, height))
    faces = [_face(value, tint) for _, _, value in places]
    _squares(ax, places, faces, width, height, edge, pale)
    for across, up, value in places:
        if value is None:
            continue
        written = pieces.say(ax, across, up, number(value), size=size)
        if len(written.get_text()) > SHORT or width < WIDTH:
            pieces.fit(ax, written, width - 0.05, smallest=5.5)
    return _around(x, y, values, width, height)


def plain(ax, x, y, values, tile, edge="muted", pale=False, width=None):
    """The same without numbers: darkness is size, a bar says negative. Returns the ``Piece``."""
    width = width or tile
    places = list(_grid(x, y, values, width, tile))
    faces = [_face(value, palette().signed) for _, _, value in places]
    _squares(ax, places, faces, width, tile, edge, pale)
    for strong, role in ((True, "ground"), (False, "ink")):
        bars = [
            (across, up)
            for across, up, value in places
            if value is not None and value < -0.02 and (value < -0.35) == strong
        ]
        if bars:
            across, up = np.array(bars).T
            arm = 0.26 * tile
            colour = palette().fill[role]
            ax.hlines(up, across - arm, across + arm, color=colour, lw=1.4, zorder=4)
    return _around(x, y, values, width, tile)


def _grid(x, y, values, width, height):
    """Every tile's centre and value: (across, up, value)."""
    rows = [np.atleast_1d(row) if row is not None else [None] for row in values]
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            across = x + (j - (len(row) - 1) / 2) * width
            yield across, y - (i - (len(rows) - 1) / 2) * height, value


def _around(x, y, values, width, height):
    count = len(np.atleast_1d(values[0])) if values[0] is not None else 1
    return pieces.Piece(x, y, count * width / 2 + 0.007, len(values) * height / 2 + 0.007)


def _face(value, tone):
    if value is None:
        return palette().fill["ground"]
    return tone(float(np.nan_to_num(value, posinf=1, neginf=-1)))


def _squares(ax, places, faces, width, height, edge, pale):
    half, up = width / 2, height / 2
    corners = np.array([(-half, -up), (half, -up), (half, up), (-half, up)])
    shapes = [corners + (x, y) for x, y, _ in places]  # noqa: RUF005 (an array)
    tiles = PolyCollection(shapes, facecolors=faces, edgecolors=pieces.tone(edge, pale), zorder=3)
    tiles.set_linewidth(1)
    ax.add_collection(tiles, autolim=False)


def framed(ax, x, y, width, height, role, line_width):
    """A square outline, nothing in it. Returns the ``Piece``."""
    corner = x - width / 2, y - height / 2
    edge = {"edgecolor": pieces.tone(role), "lw": line_width, "joinstyle": "miter"}
    ax.add_patch(Rectangle(corner, width, height, facecolor="none", zorder=3.5, **edge))
    rim = line_width / 2 / 72
    return pieces.Piece(x, y, width / 2 + rim, height / 2 + rim)


def tint(value):
    """The ground of a tile that carries its number: pale enough for ink."""
    role = "positive" if value >= 0 else "negative"
    return palette().mix(role, TINT * min(abs(float(value)), 1.0) ** 0.9)


class Layer:
    """The numbers of a live recurrent layer: ``W_ih, W_hh, b``, its activation, its states.

    ``rnn`` is a ``cells.RNN`` or has its attributes; where it has ``forward`` that computes the
    states, so a picture shows what the model does. Raises ``ValueError`` for other shapes.
    """

    def __init__(self, rnn):
        self.rnn = rnn
        self.W_ih, self.W_hh = _array(rnn, "W_ih"), _array(rnn, "W_hh")
        if self.W_ih.ndim != 2:
            raise ValueError(
                f"W_ih has shape {self.W_ih.shape}; a picture shows one network, (H, D)."
            )
        self.units, self.inputs = self.W_ih.shape
        if self.W_hh.shape != (self.units, self.units):
            raise ValueError(f"W_hh has shape {self.W_hh.shape}; W_ih {self.W_ih.shape} needs "
                             f"({self.units}, {self.units}).")  # fmt: skip
        biases = [_array(rnn, name) for name in ("b_ih", "b_hh") if hasattr(rnn, name)]
        self.b = sum(biases, np.zeros(self.units))
        self.activation = getattr(rnn, "nonlinearity", "tanh")
        self.f = activation_named(self.activation)

    def states(self, x, h0):
        """States (T, H) for inputs x (T, D), from the held values h0 (H,)."""
        if hasattr(self.rnn, "forward"):
            return np.asarray(self.rnn.forward(x[:, None], h0[None]), dtype=float)[:, 0]
        states, h = [], h0
        for x_t in x:
            h = self.f(self.W_ih @ x_t + self.W_hh @ h + self.b)
            states.append(h)
        return np.array(states)

    def held(self, h0):
        """What the delay block holds, (H,); zeros for None. Raises ``ValueError``."""
        return vector("h", h0, self.units) if h0 is not None else np.zeros(self.units)


class Readout:
    """The numbers of an output layer ``W (O, H), b (O,)``, and its activation."""

    def __init__(self, readout, units, output="linear"):
        if output != "softmax":
            activation_named(output)
        self.W = _array(readout, "W")
        if self.W.ndim != 2 or self.W.shape[1] != units:
            raise ValueError(f"The readout's W has shape {self.W.shape}; it needs (O, {units}).")
        self.b = _array(readout, "b") if hasattr(readout, "b") else np.zeros(len(self.W))
        self.output = output

    def __call__(self, h):
        """Outputs (..., O) for states (..., H)."""
        scores = h @ self.W.T + self.b
        if self.output == "softmax":
            powers = np.exp(scores - scores.max(-1, keepdims=True))
            return powers / powers.sum(-1, keepdims=True)
        return activation_named(self.output)(scores)


def vector(name, values, length):
    """``values`` as (length,) of floats. Raises ``ValueError`` for another shape."""
    values = np.asarray(values, dtype=float)
    values = values.reshape(1) if values.ndim == 0 else values
    if values.shape != (length,):
        raise ValueError(f"{name} has shape {values.shape}; this network needs ({length},).")
    return values


def counted(count, what):
    """ "1 step", "6 steps"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def _array(owner, name):
    values = getattr(owner, name)
    values = values.detach() if hasattr(values, "detach") else values
    return np.asarray(values, dtype=float)
