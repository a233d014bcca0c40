"""The shapes that diagrams are made of: each takes an ``ax`` whose data unit is an inch.

A shape returns a ``Piece``, whose ports lie on the outer edge of its outline: there wires end.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.patches import Circle, FancyBboxPatch, PathPatch, Polygon, Rectangle
from matplotlib.path import Path

from rnncourse.draw.style import BODY, SYMBOL, VALUE, number, palette

CORNER = 0.12  # inches, corner radius of boxes and wires
HEAD_LENGTH, HEAD_HALF = 0.125, 0.068  # inches, an arrowhead
PALE = 0.3  # how much of its colour something keeps that is not computed yet
DASH = (0, (2.6, 1.2))


@dataclass(frozen=True)
class Piece:
    """Where a shape stands: its centre, and half its outer width and height, in inches."""

    x: float
    y: float
    half_width: float
    half_height: float

    @property
    def left(self):
        return self.x - self.half_width, self.y

    @property
    def right(self):
        return self.x + self.half_width, self.y

    @property
    def top(self):
        return self.x, self.y + self.half_height

    @property
    def bottom(self):
        return self.x, self.y - self.half_height


def tone(role, pale=False):
    """The role's line colour, or its pale form for what is not computed yet."""
    return palette().mix(role, PALE) if pale else palette().fill[role]


def say(ax, x, y, text, role="ink", bold=False, size=BODY, ha="center", va="center", pale=False):
    """Write a text in its role's text colour."""
    colour = palette().mix(role, 0.6) if pale else palette().text[role]
    weight = "bold" if bold else "normal"
    return ax.text(x, y, text, color=colour, weight=weight, size=size, ha=ha, va=va, zorder=5)


def fit(ax, artist, width, smallest=7.5):
    """Make a text's type smaller until it is at most ``width`` inches wide."""
    figure = ax.figure
    while artist.get_size() > smallest:
        if artist.get_window_extent(figure.canvas.get_renderer()).width / figure.dpi <= width:
            break
        artist.set_size(artist.get_size() - 0.5)
    return artist


def circle(ax, x, y, text, role, radius=0.34, pale=False, ring=False):
    """One number. ``ring`` adds the second ring of a network's output."""
    width = 2.2
    ax.add_patch(
        Circle((x, y), radius, facecolor=_ground(), edgecolor=tone(role, pale), lw=width, zorder=3)
    )
    if ring:
        inner = radius - 0.05
        ax.add_patch(Circle((x, y), inner, fill=False, edgecolor=tone(role, pale), lw=1, zorder=3))
    if text:
        fit(ax, say(ax, x, y, text, role), 2 * radius - 0.1)
    return _piece(x, y, radius, radius, width)


def total(ax, x, y, radius=0.25, pale=False):
    """A circle with a plus: adds what arrives. The plus is two lines, so that it is centred."""
    width, arm = 2.0, 0.48 * radius
    colour = tone("ink", pale)
    ax.add_patch(Circle((x, y), radius, facecolor=_ground(), edgecolor=colour, lw=width, zorder=3))
    ax.plot([x - arm, x + arm], [y, y], color=colour, lw=width, zorder=4)
    ax.plot([x, x], [y - arm, y + arm], color=colour, lw=width, zorder=4)
    return _piece(x, y, radius, radius, width)


def box(ax, x, y, text, width=0.64, height=0.56, role=None, size=SYMBOL, pale=False):
    """A function. ``role`` fills it (a gate's sigmoid, the candidate's tanh)."""
    face = palette().fill[role] if role else _ground()
    _rounded(ax, x, y, width, height, face, tone("ink", pale), 2.0)
    if text:
        colour = TEXT_ON_FILL if role else None
        written = say(ax, x, y, text, size=size, pale=pale)
        if colour:
            written.set_color(colour)
        fit(ax, written, width - 0.1)
    return _piece(x, y, width / 2, height / 2, 2.0)


TEXT_ON_FILL = "#1F2328"  # words inside a role's fill, on either ground


def delay(ax, x, y, held, width=0.9, height=0.66, pale=False, size=VALUE):
    """A square with z⁻¹: gives back what came one step ago, and shows what it holds now."""
    _square(ax, x, y, width, height, _ground(), tone("hidden", pale), 2.2)
    say(ax, x, y + 0.2 * height, "$z^{-1}$", size=size + 1, pale=pale)
    if held:
        written = say(ax, x, y - 0.22 * height, held, "hidden", bold=True, size=size)
        fit(ax, written, width - 0.1)
    return _piece(x, y, width / 2, height / 2, 2.2)


def pill(ax, x, y, text, value, height=0.34, pale=False):
    """A weight on a wire: violet and solid where positive, ochre and dashed where negative."""
    role = "negative" if value < 0 else "positive"
    written = say(ax, x, y, text, pale=pale)
    extent = written.get_window_extent(ax.figure.canvas.get_renderer())
    width = extent.width / ax.figure.dpi + 0.17
    face = palette().fill["panel"]
    patch = _rounded(ax, x, y, width, height, face, tone(role, pale), 1.6, corner=height * 0.42)
    if value < 0:
        patch.set_linestyle(DASH)
    return _piece(x, y, width / 2, height / 2, 1.6)


def dot(ax, x, y, role, pale=False):
    """The same value goes both ways."""
    ax.add_patch(Circle((x, y), 0.06, facecolor=tone(role, pale), edgecolor="none", zorder=4))
    return Piece(x, y, 0, 0)


def wire(ax, points, role, arrow=True, dashed=False, pale=False, width=2.0):
    """A line through ``points`` with rounded corners; its arrowhead's tip is the last point."""
    colour = tone(role, pale)
    points = [np.asarray(point, dtype=float) for point in points]
    if arrow:
        tip, before = points[-1], points[-2]
        along = (tip - before) / np.hypot(*(tip - before))
        across = np.array([-along[1], along[0]])
        half = HEAD_HALF + (width - 2.0) * 0.02
        foot = tip - HEAD_LENGTH * along
        corners = [tip, foot + half * across, foot - half * across]
        ax.add_patch(Polygon(corners, closed=True, facecolor=colour, edgecolor="none", zorder=2.6))
        points[-1] = tip - 0.8 * HEAD_LENGTH * along
    path = _rounded_path(points)
    line = PathPatch(path, fill=False, edgecolor=colour, lw=width, capstyle="butt", zorder=2)
    if dashed:
        line.set_linestyle(DASH)
    ax.add_patch(line)


def band(ax, start, stop, height, role, arrow=True):
    """A broad lane from left to right: the cell state, or a flow whose width is its amount."""
    (x0, y), (x1, _) = start, stop
    head = 0.17 if arrow else 0
    half = height / 2
    outline = [(x0, y - half), (x1 - head, y - half)]
    if arrow:
        outline += [(x1 - head, y - 1.6 * half), (x1, y), (x1 - head, y + 1.6 * half)]
    outline += [(x1 - head, y + half), (x0, y + half)]
    ax.add_patch(Polygon(outline, closed=True, facecolor=tone(role), edgecolor="none", zorder=2))


def valve(ax, x, y, level, role, width=0.27, height=0.32):
    """A gauge across a flow, filled from below up to the gate's value (0 to 1)."""
    left, bottom = x - width / 2, y - height / 2
    ax.add_patch(Rectangle((left, bottom), width, height, facecolor=_ground(), zorder=3))
    ax.add_patch(
        Rectangle((left, bottom), width, height * level, facecolor=tone(role), lw=0, zorder=3)
    )
    _square(ax, x, y, width, height, "none", tone("ink"), 2.0)
    return _piece(x, y, width / 2, height / 2, 2.0)


def strip(ax, x, y, values, tile=0.15, upright=True):
    """A vector: a tile an entry, the first on top (or left); negative ones carry a bar."""
    count = len(values)
    for at, value in enumerate(values):
        offset = ((count - 1) / 2 - at) * tile
        centre = (x, y + offset) if upright else (x - offset, y)
        tile_of(ax, *centre, value, tile)
    long, short = count * tile / 2, tile / 2
    return Piece(x, y, short if upright else long, long if upright else short)


def tile_of(ax, x, y, value, size=0.17, edge="muted"):
    """One signed value as a tile: darkness is size, a bar says negative."""
    _square(ax, x, y, size, size, palette().signed(value), tone(edge), 0.8)
    if value < 0:
        strong = abs(value) > 0.35
        colour = palette().fill["ground"] if strong else palette().fill["ink"]
        arm = 0.26 * size
        ax.plot([x - arm, x + arm], [y, y], color=colour, lw=1.6, zorder=4, solid_capstyle="butt")


def spotlight(ax, x, y, width, height):
    """Where the story is now."""
    _rounded(ax, x, y, width, height, palette().fill["now"], tone("ink"), 1.4, zorder=1)
    return _piece(x, y, width / 2, height / 2, 1.4)


def value_text(value):
    """A value for a circle or a wire, or nothing where it is not known yet."""
    return "" if value is None else number(value)


def _ground():
    return palette().fill["ground"]


def _piece(x, y, half_width, half_height, line_width):
    rim = line_width / 2 / 72  # half the outline lies outside the shape
    return Piece(x, y, half_width + rim, half_height + rim)


def _rounded(ax, x, y, width, height, face, edge, line_width, corner=CORNER * 0.6, zorder=3):
    patch = FancyBboxPatch(
        (x - width / 2, y - height / 2),
        width,
        height,
        boxstyle=f"round,pad=0,rounding_size={corner}",
        facecolor=face,
        edgecolor=edge,
        lw=line_width,
        zorder=zorder,
    )
    return ax.add_patch(patch)


def _square(ax, x, y, width, height, face, edge, line_width):
    patch = Rectangle(
        (x - width / 2, y - height / 2),
        width,
        height,
        facecolor=face,
        edgecolor=edge,
        lw=line_width,
        joinstyle="miter",
        zorder=3,
    )
    return ax.add_patch(patch)


def _rounded_path(points):
    """The path through the points, with a quarter turn of radius CORNER at every inner one."""
    vertices, codes = [points[0]], [Path.MOVETO]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        ways = [before - corner, after - corner]
        lengths = [np.hypot(*way) for way in ways]
        radius = min(CORNER, *(length / 2 for length in lengths))
        into, out = (
            corner + radius * way / length for way, length in zip(ways, lengths, strict=True)
        )
        vertices += [into, corner, out]
        codes += [Path.LINETO, Path.CURVE3, Path.CURVE3]
    return Path([*vertices, points[-1]], [*codes, Path.LINETO])
