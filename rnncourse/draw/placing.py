"""Where labels go among many points: near their own, on no other, and clear of each other.

All lengths are in one unit, such as inches. A label starts at its best place; then all of them
choose again in turn, given where the others stand, until none moves.
"""

import numpy as np

RINGS = (0.05, 0.09, 0.15, 0.24, 0.36, 0.5, 0.68, 0.9, 1.15, 1.45, 1.8, 2.2)
LEADER = 0.125  # a label farther from its point than this gets a line to it
SWEEPS = 12
_SIDES = (  # around a box, in halves of its size: right first, then the corners, above, below
    *((1, 0), (1, 1), (1, -1), (0, 1), (0, -1), (-1, 0), (-1, 1), (-1, -1), (0.5, 1), (-0.5, 1)),
    *((0.5, -1), (-0.5, -1), (1, 0.5), (1, -0.5), (-1, 0.5), (-1, -0.5)),
)
_AROUND = [(side, at) for side in (1, -1) for at in np.linspace(-0.8, 0.8, 7)]
_AROUND += [(at, side) for side in (1, -1) for at in np.linspace(-1, 1, 9)]
FAR = 0.3  # from here on there are more places around the point
ON_LABEL, ON_POINT, ON_LINE = 80.0, 15.0, 1.2  # what it costs to cover something
LEADER_ON_LABEL, LEADER_ON_POINT, LEADERS_CROSS = 8.0, 3.0, 5.0


class Labels:
    """Boxes to be placed beside points.

    Parameters: ``points`` (N, 2); ``sizes`` (N, 2), widths and heights; ``frame``, (x0, y0, x1,
    y1); ``marks`` (M, 2), every point that no label may cover, each ``radius`` large; ``lines``
    (L, 2, 2), from and to, that labels had better not cross.

    Attributes: ``centres`` (N, 2) of the boxes; ``leaders``, [(from, to) or None]; ``meetings``,
    how many pairs of labels still overlap.
    """

    def __init__(self, points, sizes, frame, marks, radius=0.05, lines=(), gap=0.025):
        self.points = np.asarray(points, dtype=float)
        self.half = np.asarray(sizes, dtype=float) / 2
        self.gap, self.radius = gap, radius
        self.marks = np.asarray(marks, dtype=float)
        self.lines = np.asarray(lines, dtype=float).reshape(-1, 2, 2)
        spots = [self._spots(i, frame) for i in range(len(self.points))]
        self.spots = [places for places, _ in spots]
        self.prices = [price for _, price in spots]
        first = [int(price.argmin()) for price in self.prices]
        self.centres = np.array([s[at] for s, at in zip(self.spots, first, strict=True)])
        self._settle()
        self._rescue(np.array(frame).reshape(2, 2))

    @property
    def leaders(self):
        found = []
        for i, centre in enumerate(self.centres):
            end = _nearest(self.points[i], centre, self.half[i])
            far = np.hypot(*(end - self.points[i])) > LEADER
            found.append((self.points[i], end) if far else None)
        return found

    @property
    def meetings(self):
        both = _covers(self.centres[:, None], self.half[:, None], self.centres, self.half)
        return int(np.triu(both, 1).sum())

    def _spots(self, i, frame):
        """Every place that label i may take, (K, 2), and what each costs without other labels."""
        half = self.half[i]
        places, prices = [], []
        for ring in RINGS:
            sides = np.array(_SIDES if ring < FAR else _AROUND)
            away = ring + self.radius
            corner = (np.abs(sides) == 1).all(axis=1, keepdims=True)
            places.append(self.points[i] + sides * (half + away * np.where(corner, 0.7, 1)))
            prices.append(8 * ring + 0.06 * np.arange(len(sides)) * (ring < FAR))
        places, prices = np.concatenate(places), np.concatenate(prices)
        edge = np.array(frame).reshape(2, 2)
        inside = (places - half >= edge[0]).all(axis=1) & (places + half <= edge[1]).all(axis=1)
        if inside.any():
            places, prices = places[inside], prices[inside]
        room = self.radius + self.gap
        prices = prices + ON_POINT * _covers(places[:, None], half, self.marks, room).sum(axis=1)
        if len(self.lines):
            low, high = (places - half - self.gap)[:, None], (places + half + self.gap)[:, None]
            crossed = _passes(self.lines[:, 0], self.lines[:, 1], low, high)
            prices = prices + ON_LINE * crossed.sum(axis=1)
        ends = _nearest(self.points[i], places, half)
        away = np.hypot(*(ends - self.points[i]).T)
        others = self.marks[(self.marks != self.points[i]).any(axis=1)]
        met = _passes(
            self.points[i], ends[:, None], others - self.radius, others + self.radius
        ).sum(axis=1)
        prices = prices + LEADER_ON_POINT * met * (away > LEADER)
        return places, prices

    def _settle(self):
        count = len(self.points)
        away = np.hypot(*(self.points[:, None] - self.points).transpose(2, 0, 1))
        crowded = np.argsort(-np.exp(-((away / 0.6) ** 2)).sum(axis=1), kind="stable")
        waiting = list(crowded)
        for sweep in range(SWEEPS):
            moved = []
            for i in waiting if sweep % 2 == 0 else waiting[::-1]:
                others = np.arange(count) != i
                best = self.spots[i][int((self.prices[i] + self._among(i, others)).argmin())]
                if (best != self.centres[i]).any():
                    moved.append(i)
                self.centres[i] = best
            if not moved:
                return
            if sweep > 1:  # most stand; those look again whose neighbours moved
                near = away[moved].min(axis=0) < 2 * self.half.max()
                waiting = [i for i in crowded if near[i]]

    def _rescue(self, edge):
        """Put labels that still meet others to the nearest free place, wherever that is."""
        across, up = (np.arange(*edge[:, axis], 0.07) for axis in (0, 1))
        grid = np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)
        for i, half in enumerate(self.half):
            others = np.arange(len(self.points)) != i
            labels = self.centres[others], self.half[others]
            if not _covers(self.centres[i], half, *labels).any():
                continue
            half = half + self.gap
            free = grid[(grid - half >= edge[0]).all(axis=1) & (grid + half <= edge[1]).all(axis=1)]
            price = np.hypot(*(free - self.points[i]).T)
            price += _covers(free[:, None], half, self.marks, self.radius).sum(axis=1)
            price += ON_LABEL * _covers(free[:, None], half, *labels).any(axis=1)
            self.centres[i] = free[price.argmin()]

    def _among(self, i, others):
        """What every place of label i costs, (K,), as the other labels stand."""
        places, half = self.spots[i], self.half[i]
        centres, halves = self.centres[others], self.half[others]
        low, high = (places - half - self.gap)[:, None], (places + half + self.gap)[:, None]
        price = ON_LABEL * _covers(places[:, None], half + self.gap, centres, halves).sum(axis=1)
        ends = _nearest(self.points[i], places, half)  # (K, 2), where my line would end
        mine = np.hypot(*(ends - self.points[i]).T) > LEADER
        start = np.broadcast_to(self.points[i], ends.shape)
        price += (
            LEADER_ON_LABEL
            * mine
            * _passes(start[:, None], ends[:, None], centres - halves, centres + halves).sum(axis=1)
        )
        tips = _nearest(self.points[others], centres, halves)
        theirs = np.hypot(*(tips - self.points[others]).T) > LEADER
        if theirs.any():
            roots, tips = self.points[others][theirs], tips[theirs]
            price += LEADER_ON_LABEL * _passes(roots, tips, low, high).sum(axis=1)
            crossing = _cross(start[:, None], ends[:, None], roots, tips)
            price += LEADERS_CROSS * mine * crossing.sum(axis=1)
        return price


def _nearest(points, centres, halves):
    """The place on (or in) a box that is nearest to a point."""
    return np.clip(points, centres - halves, centres + halves)


def _covers(centre, half, other, other_half):
    """Do two boxes, by their middles and half sizes, overlap? Broadcasts."""
    return (np.abs(centre - other) < half + other_half).all(axis=-1)


def _passes(start, stop, low, high):
    """Does a line from start to stop pass through a box? All (..., 2), broadcast."""
    way = stop - start
    with np.errstate(divide="ignore", invalid="ignore"):
        a, b = (low - start) / way, (high - start) / way
    flat = way == 0
    within = (start > low) & (start < high)
    enter = np.where(flat, np.where(within, -np.inf, np.inf), np.fmin(a, b)).max(axis=-1)
    leave = np.where(flat, np.where(within, np.inf, -np.inf), np.fmax(a, b)).min(axis=-1)
    return (enter < leave) & (leave > 0) & (enter < 1)


def _cross(a, b, c, d):
    """Does the line from a to b cross the line from c to d?"""

    def side(p, q, r):
        return np.sign(
            (q[..., 0] - p[..., 0]) * (r[..., 1] - p[..., 1])
            - (q[..., 1] - p[..., 1]) * (r[..., 0] - p[..., 0])
        )

    return (side(a, b, c) * side(a, b, d) < 0) & (side(c, d, a) * side(c, d, b) < 0)
