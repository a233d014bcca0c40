"""A line of mathematics whose terms wear the colours of their roles."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rnncourse.draw.layout import size_of
from rnncourse.draw.style import DPI, SYMBOL, number, palette

GAP = 0.045  # inches around a sign that stands between two terms
_RELATIONS = ("$=$", "$\\approx$")


class Equation:
    """Terms side by side, placed by their measured widths."""

    def __init__(self, terms=()):
        self.terms = list(terms)  # (text, role, bold)

    def add(self, text, role="ink", bold=False):
        """Add a term; an empty text adds nothing. Returns the equation, so that calls chain."""
        if text:
            self.terms.append((text, role, bold))
        return self

    def joined(self, other):
        """Both equations in one line."""
        return Equation([*self.terms, *other.terms])

    def width(self, size=SYMBOL):
        """Inches that the line takes at this type size."""
        return sum(self._widths(_scratch(), size))

    def write(self, ax, x, y, room, size=SYMBOL, ha="center"):
        """Write the line at ``x``, in smaller type where it would pass ``room`` inches.

        ``ha`` is "center" or "left".
        """
        while size > 8 and sum(self._widths(ax.figure, size)) > room:
            size -= 0.5
        widths = self._widths(ax.figure, size)
        x -= sum(widths) / 2 if ha == "center" else 0
        for (text, role, bold), width in zip(self.terms, widths, strict=True):
            shown = text.strip()
            lead = GAP if text.startswith(" ") or shown in _RELATIONS else 0
            ax.text(
                x + lead,
                y,
                shown,
                color=palette().text[role],
                weight="bold" if bold else "normal",
                size=size,
                va="baseline",
            )
            x += width

    def _widths(self, figure, size):
        widths = []
        for text, _, bold in self.terms:
            shown = text.strip()
            pads = 2 if shown in _RELATIONS else (text != text.lstrip()) + (text != text.rstrip())
            weight = "bold" if bold else "normal"
            widths.append(size_of(figure, shown, size=size, weight=weight)[0] + GAP * pads)
        return widths


def product(weight, value, first=False):
    """Write ``weight·value`` with brackets around negative factors that do not open the line."""
    left = number(weight)
    right = number(value)
    if left.startswith("−") and not first:
        left = f"({left})"
    return f"{left}·({right})" if right.startswith("−") else f"{left}·{right}"


def _scratch():
    figure = Figure(dpi=DPI)
    FigureCanvasAgg(figure)
    return figure
