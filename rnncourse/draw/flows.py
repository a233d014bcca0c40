"""Amounts that flow: bands as broad as the value they carry, and valves that let a share through.

A positive amount is filled, a negative one hatched, one near 0 a dotted line.
"""

from itertools import pairwise

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.patches import Polygon

from rnncourse.draw import pieces
from rnncourse.draw.style import VALUE, number, palette

SCALE = 0.30  # inches of width for an amount of 1
BROADEST = 0.46  # inches, the broadest band; larger amounts make every band of a picture narrower
ROOM = 0.2  # inches of width that a number inside a band needs
VALVE = 0.36, 0.5  # inches, width and height of a valve
FAINT = 0.012  # amounts below it are a dotted line
HEAD, BRIM = 0.16, 0.05  # inches: length of an arrowhead, and how far it is broader than its band


def scale_for(amounts):
    """Inches for an amount of 1, so that the largest of ``amounts`` is not too broad."""
    largest = max((abs(a) for a in amounts if np.isfinite(a)), default=1.0)
    return min(SCALE, BROADEST / largest) if largest else SCALE


def flow(ax, points, amount, role, scale, arrow=False):
    """A band along ``points``, upright or level from each to the next; returns its half width.

    ``amount`` None is a band of usual width in a scheme without values.
    """
    width = 0.15 if amount is None else abs(amount) * scale
    points = [np.asarray(point, dtype=float) for point in points]
    if amount is not None and abs(amount) < FAINT:
        _dotted(ax, points, role, arrow)
        return 0.0
    half = max(width, 0.02) / 2
    outline = _outline(points, half, arrow)
    negative = amount is not None and amount < 0
    band = Polygon(outline, closed=True, zorder=2, joinstyle="miter")
    band.set_edgecolor(pieces.tone(role) if negative else "none")
    band.set_facecolor(palette().fill["ground"] if negative else pieces.tone(role))
    if negative:
        band.set(hatch="/////", linewidth=1.2)
    ax.add_artist(band)  # not add_patch, which also reckons the axes' limits: these stand
    return half


def _dotted(ax, points, role, arrow):
    colour = pieces.tone(role)
    ax.plot(*np.transpose(points), color=colour, lw=1.6, ls=(0, (1, 1.6)), zorder=2)
    if arrow:
        tip, along = points[-1], _way(points[-2], points[-1])
        across = np.array([-along[1], along[0]])
        foot = tip - HEAD * along
        corners = [tip, foot + (BRIM + 0.02) * across, foot - (BRIM + 0.02) * across]
        ax.add_artist(Polygon(corners, closed=True, fc=colour, ec="none", zorder=2))


def _outline(points, half, arrow):
    """Both sides of the band, its corners square; the tip of an arrow is the last point."""
    ways = [_way(a, b) for a, b in pairwise(points)]
    tip = points[-1]
    if arrow:
        points = [*points[:-1], tip - HEAD * ways[-1]]
    left, right = [], []
    for at, point in enumerate(points):
        into, out = ways[max(at - 1, 0)], ways[min(at, len(ways) - 1)]
        side = _left(into) if np.allclose(into, out) else _left(into) + _left(out)
        left.append(point + half * side)
        right.append(point - half * side)
    head = []
    if arrow:
        brim = (half + BRIM) * _left(ways[-1])
        head = [points[-1] + brim, tip, points[-1] - brim]
    return [*left, *head, *reversed(right)]


def _way(start, stop):
    return (stop - start) / np.hypot(*(stop - start))


def _left(way):
    return np.array([-way[1], way[0]])


def blend(ax, x0, x1, y, kept, added, scale, roles, slices=24):
    """After a sum: the added amount, below the kept one, turns into the lane's own colour."""
    top = y + (kept + added) / 2 * scale - kept * scale
    bottom = y - (kept + added) / 2 * scale
    new, lane = (np.array(_rgb(palette().fill[role])) for role in roles)
    edges = np.linspace(x0, x1, slices + 1)
    shapes, tones = [], []
    for at in range(slices):
        left, right = edges[at], edges[at + 1] + 0.004
        shapes.append([(left, bottom), (right, bottom), (right, top), (left, top)])
        tones.append(new + (lane - new) * (at / (slices - 1)) ** 0.8)
    ax.add_collection(PolyCollection(shapes, facecolors=tones, lw=0, zorder=2.1), autolim=False)


def _rgb(colour):
    return [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]


def inside(ax, x, y, value, role, half, room=0.6):
    """A number in a level band, or right below it where the band is too narrow for it."""
    if 2 * half >= ROOM:
        written = pieces.say(ax, x, y, number(value), role, bold=True, size=VALUE)
        if value < 0:
            written.set_bbox({"facecolor": palette().fill["ground"], "edgecolor": "none", "pad": 1})
        else:
            written.set_color(pieces.TEXT_ON_FILL)
    else:
        below = y - half - 0.13
        written = pieces.say(ax, x, below, number(value), role, bold=True, size=VALUE)
    return pieces.fit(ax, written, room)


def beside(ax, x, y, value, role, half, room=0.55):
    """A number to the right of an upright band."""
    written = pieces.say(
        ax, x + half + 0.07, y, number(value), role, bold=True, size=VALUE, ha="left"
    )
    return pieces.fit(ax, written, room)


def gauge(ax, x, y, level, role):
    """The valve of this picture's size; ``level`` None is an open question, half filled."""
    level = 0.5 if level is None else float(np.clip(np.nan_to_num(level), 0, 1))
    return pieces.valve(ax, x, y, level, role, *VALVE)
