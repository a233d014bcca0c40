"""Texts inside a plot, each where it covers no line and meets no other text."""

import numpy as np

from rnncourse.draw.layout import wrap
from rnncourse.draw.style import BODY, palette

CLEAR = 2  # pixels around a text


class Spots:
    """Room for texts in one axes whose limits and size stand. All measures are in pixels."""

    def __init__(self, ax):
        self.ax = ax
        ax.figure.draw_without_rendering()
        self.frame = ax.get_window_extent()
        self.lines = []  # (points, price of crossing)
        self.taken = []

    def avoid(self, x, y, price):
        """A line through data points that a text had better not cover."""
        points = self.ax.transData.transform(np.column_stack([x, y]))
        along = np.linspace(0, 1, 12)[:, None, None]
        dense = points[None, :-1] + along * (points[None, 1:] - points[None, :-1])
        self.lines.append((dense.reshape(-1, 2), price))

    def beside(self, text, role, x, y):
        """Write a text right beside (or left of) a line through data points, far down it."""
        if not len(x):
            x, y = [self.ax.get_xlim()[0]], [self.ax.get_ylim()[1]]
        points = self.ax.transData.transform(np.column_stack([x, y]))
        share = np.linspace(0, 1, len(points))
        spots = [
            (px + side * away, py, side, (1 - far) + 0.02 * away + (0.3 if side < 0 else 0))
            for (px, py), far in zip(points, share, strict=True)
            for away in (9, 16, 26)
            for side in (1, -1)
        ]
        self._best([(text, spots)], role)

    def along(self, text, role, value):
        """Write a text below (or above) a horizontal line, in more lines where it has no room."""
        y = self.ax.transData.transform((self.ax.get_xlim()[0], value))[1]
        forms = []
        for cost, inches in enumerate((9, 2.6, 1.9, 1.4)):
            form = "\n".join(wrap(self.ax.figure, text, inches, size=BODY))
            if cost and form == forms[-1][0]:
                continue
            half = self._size(form)[1] / 2 + CLEAR + 3
            starts = self.frame.x0 + 6 + np.linspace(0, 1, 40) * self.frame.width
            forms.append(
                (form, [
                    (x, y + way * half, 1, cost + 0.03 * at + (0 if way < 0 else 0.5))
                    for at, x in enumerate(starts) for way in (-1, 1)
                ])
            )  # fmt: skip
        self._best(forms, role)

    def _best(self, forms, role):
        """Of all forms [(text, [(x, y, side, price), ...])] the cheapest is written."""
        found, least = None, np.inf
        for text, spots in forms:
            width, height = self._size(text)
            for x, y, side, price in spots:
                left = x if side > 0 else x - width
                across, up = (left - CLEAR, left + width + CLEAR), height / 2 + CLEAR
                box = across[0], y - up, across[1], y + up
                price += self._price(box)
                if price < least:
                    found, least = (text, left, y, box), price
        text, left, y, box = found
        self.taken.append(box)
        ground = {"facecolor": palette().fill["ground"], "edgecolor": "none", "pad": 0.5}
        place = self.ax.transAxes.inverted().transform((left, y))
        self.ax.text(
            *place, text, transform=self.ax.transAxes, color=palette().text[role], size=BODY,
            va="center", ha="left", bbox=ground, zorder=2.5,
        )  # fmt: skip

    def _price(self, box):
        x0, y0, x1, y1 = box
        price = sum(
            cost
            for points, cost in self.lines
            if ((points > (x0, y0)) & (points < (x1, y1))).all(axis=1).any()
        )
        price += 100 * sum(
            min(x1, other[2]) > max(x0, other[0]) and min(y1, other[3]) > max(y0, other[1])
            for other in self.taken
        )
        frame = self.frame
        return price + 50 * (x0 < frame.x0 or x1 > frame.x1 or y0 < frame.y0 or y1 > frame.y1)

    def _size(self, text):
        probe = self.ax.text(0, 0, text, size=BODY)
        box = probe.get_window_extent(self.ax.figure.canvas.get_renderer())
        probe.remove()
        return box.width, box.height
