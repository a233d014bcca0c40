"""A figure together with the sentence that says what it shows."""

from io import BytesIO
from pathlib import Path

from rnncourse.draw.layout import settle
from rnncourse.draw.style import DPI, house_type


class Picture:
    """A figure that a notebook shows once, as a PNG with alt text.

    Parameters: ``figure``, a ``matplotlib.figure.Figure``; ``alt``, what a reader who cannot see it
    has to know: the finding, with computed, rounded numbers.
    Raises ``ValueError`` where ``alt`` is empty.
    """

    def __init__(self, figure, alt):
        alt = " ".join(str(alt).split())
        if not alt:
            raise ValueError("alt is empty; say in a sentence what the figure shows.")
        self.figure = figure
        self.alt = alt

    def save(self, path):
        """Write the figure to a file; its ending chooses the format (.png, .svg, .pdf)."""
        path = Path(path)
        path.write_bytes(self._render(path.suffix.lstrip(".") or "png"))
        return path

    def _render(self, form):
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}
        target = BytesIO()
        with house_type():
            settle(self.figure)
            self.figure.savefig(target, format=form, dpi=DPI, metadata=undated.get(form))
        return target.getvalue()

    def __repr__(self):
        return f"Figure: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        data = {"image/png": self._render("png"), "text/plain": repr(self)}
        return data, {"image/png": {"alt": self.alt}}


def picture(figure, alt):
    """Wrap a figure of your own, so that the cell shows it once and with alt text.

    Parameters: ``figure``, from ``draw.axes`` or any ``matplotlib.figure.Figure``; ``alt``, the
    finding in words. Returns a ``Picture``. Raises ``ValueError`` where ``alt`` is empty.
    """
    return Picture(figure, alt)
