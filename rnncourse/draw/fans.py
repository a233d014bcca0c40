"""All the weights between two columns of nodes, each with its number where it can be read."""

import numpy as np

from rnncourse.draw import pieces
from rnncourse.draw.layout import size_of
from rnncourse.draw.style import number, palette

SIZE = 8.5  # points
PLACES = np.linspace(0.1, 0.9, 25)  # where on its line a number may stand


def fan(ax, sources, targets, W):
    """Draw W (targets, sources) as lines from rim to rim: width is size, dashed is negative.

    The numbers stand on their lines, off each other and off the other lines as far as that goes.
    """
    lines, values = [], []
    for i, target in enumerate(targets):
        for j, source in enumerate(sources):
            lines.append(_rim_to_rim(source, target))
            values.append(float(W[i, j]))
    for (start, stop), value in zip(lines, values, strict=True):
        role = "negative" if value < 0 else "positive"
        thick = 0.9 + 2.4 * min(abs(value), 1.5)
        ax.plot(
            *zip(start, stop, strict=True), color=palette().fill[role], lw=thick, zorder=1.8,
            ls=pieces.DASH if value < 0 else "-", solid_capstyle="butt", dash_capstyle="butt",
        )  # fmt: skip
    texts = [number(value) for value in values]
    sizes = [np.add(size_of(ax.figure, text, size=SIZE), (0.05, 0.03)) for text in texts]
    for at, text, value in zip(_places(lines, sizes), texts, values, strict=True):
        role = "negative" if value < 0 else "positive"
        pad = {"facecolor": palette().fill["ground"], "edgecolor": "none", "pad": 0.9}
        pieces.say(ax, *at, text, role, size=SIZE).set(bbox=pad)


def _rim_to_rim(source, target):
    start, stop = np.array([source.x, source.y]), np.array([target.x, target.y])
    way = (stop - start) / np.hypot(*(stop - start))
    return start + way * source.half_width, stop - way * target.half_width


def _places(lines, sizes):
    """A centre for every number: few foreign lines below it, no other number beside it."""
    centres = np.array([[a + t * (b - a) for t in PLACES] for a, b in lines])  # (E, P, 2)
    halves = np.array(sizes) / 2
    cost = np.array(
        [
            [
                sum(_hits(centre, half + 0.03, line) for k, line in enumerate(lines) if k != at)
                for centre in centres[at]
            ]
            for at, half in enumerate(halves)
        ],
        dtype=float,
    )
    cost += 0.3 * np.abs(PLACES - 0.5)  # else near the middle
    best, least = None, np.inf
    rng = np.random.default_rng(0)
    for _ in range(12):
        chosen, price = _descend(cost, centres, halves, rng)
        if price < least:
            best, least = chosen, price
        if least < 1:  # no number meets a foreign line, nor another number
            break
    return [centres[at, place] for at, place in enumerate(best)]


def _descend(cost, centres, halves, rng):
    """Let every number in turn take its cheapest place, until none moves."""
    count = len(cost)
    chosen = cost.argmin(axis=1)
    if count == 1:
        return chosen, cost.min()
    chosen = rng.integers(0, len(PLACES), count)
    for _ in range(30):
        before = chosen.copy()
        for at in rng.permutation(count):
            chosen[at] = (cost[at] + 100 * _clashes(at, chosen, centres, halves)).argmin()
        if (before == chosen).all():
            break
    total = sum(
        cost[at, place] + 100 * _clashes(at, chosen, centres, halves)[place]
        for at, place in enumerate(chosen)
    )
    return chosen, total


def _clashes(at, chosen, centres, halves):
    """How many other numbers each place of number ``at`` would meet, (P,)."""
    others = np.array([k for k in range(len(chosen)) if k != at])
    apart = np.abs(centres[at][:, None] - centres[others, chosen[others]][None])
    room = halves[at] + halves[others]
    return (apart < room).all(axis=-1).sum(axis=1)


def _hits(centre, half, line):
    """Whether a line passes through the box around ``centre``."""
    (x0, y0), (x1, y1) = line
    low, high = 0.0, 1.0
    for start, way, middle, reach in (
        (x0, x1 - x0, centre[0], half[0]),
        (y0, y1 - y0, centre[1], half[1]),
    ):
        if abs(way) < 1e-12:
            if abs(start - middle) > reach:
                return False
            continue
        near, far = sorted(((middle - reach - start) / way, (middle + reach - start) / way))
        low, high = max(low, near), min(high, far)
    return low < high
