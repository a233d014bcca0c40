"""Eigenvalues of a feedback matrix beside the unit circle."""

import numpy as np
from matplotlib.patches import Circle

from rnncourse.draw.frames import axes, name_values, panel
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import house_type, number, palette

MOST = 4


def eigenvalues(W, title=None, subtitle=None):
    """Draw the eigenvalues of W in the complex plane; those outside the unit circle are hollow.

    Parameters
    ----------
    W : (H, H), a feedback matrix W_hh; or {name: W}, up to 4, side by side on one axis range.
    title, subtitle : sentences in place of the usual ones.

    Below each name stand the spectral radius (largest eigenvalue in size) and the largest singular
    value. Returns a ``Picture``. Raises ``ValueError`` for a matrix that is not square or finite.
    """
    named = W if isinstance(W, dict) else {"": W}
    if not 1 <= len(named) <= MOST:
        raise ValueError(f"There are {len(named)} matrices; this picture shows 1 to {MOST}.")
    spectra = {name: _Spectrum(name, matrix) for name, matrix in named.items()}
    first = next(iter(spectra.values()))
    count = len(spectra)
    reach = 1.12 * max(1.0, *(spectrum.radius for spectrum in spectra.values()))
    if title is None:
        title = _finding(spectra)
    if subtitle is None:
        subtitle = "Dots: eigenvalues, hollow outside the unit circle."
        subtitle += f" {first.size} units." if len({s.size for s in spectra.values()}) == 1 else ""
    height = 4.6 if count == 1 else 2.35 + 6.0 / count
    width = 5.6 if count == 1 else 7.4
    figure, grid = axes(title, subtitle, cols=count, height=height, width=width, sharey=True)
    with house_type():
        grid = np.atleast_1d(grid)
        name_values(grid[0], "imaginary part")
        for ax, (name, spectrum) in zip(grid, spectra.items(), strict=True):
            _plane(ax, spectrum, reach)
            note = f"radius {number(spectrum.radius)}"
            between = "\n" if count > 2 else ",  "
            note += f"{between}largest singular value {number(spectrum.norm)}" if count < 4 else (
                f"\nsingular value {number(spectrum.norm)}"
            )  # fmt: skip
            panel(ax, name or "$W_{hh}$", note, "hidden")
    told = "; ".join(spectrum.told(name) for name, spectrum in spectra.items())
    return Picture(figure, f"Eigenvalues beside the unit circle: {told}.")


class _Spectrum:
    """Eigenvalues (H,), their largest size, and the largest singular value."""

    def __init__(self, name, W):
        W = np.asarray(W.detach() if hasattr(W, "detach") else W, dtype=float)
        if W.ndim != 2 or W.shape[0] != W.shape[1] or not W.size or not np.isfinite(W).all():
            label = f"{name!r}" if name else "W"
            raise ValueError(f"{label} has shape {W.shape}; it needs to be (H, H), and finite.")
        self.values = np.linalg.eigvals(W)
        self.size = len(W)
        self.radius = float(np.abs(self.values).max())
        self.norm = float(np.linalg.norm(W, 2))
        self.outside = int((np.abs(self.values) > 1 + 1e-9).sum())

    def told(self, name):
        opening = f"{name}, " if name else ""
        return (
            f"{opening}{self.size} units, spectral radius {number(self.radius)}, largest singular "
            f"value {number(self.norm)}, {self.outside} of {self.size} outside"
        )


def _plane(ax, spectrum, reach):
    colours = palette()
    circle = Circle((0, 0), 1, fill=False, edgecolor=colours.fill["ink"], lw=1.4, zorder=2)
    ax.add_patch(circle)
    for line in (ax.axhline, ax.axvline):
        line(0, color=colours.fill["hairline"], lw=1, zorder=1)
    outside = np.abs(spectrum.values) > 1 + 1e-9
    style = {"ls": "none", "marker": "o", "ms": 6.5, "zorder": 3, "color": colours.fill["hidden"]}
    for chosen, face in ((~outside, colours.fill["hidden"]), (outside, colours.fill["ground"])):
        dots = spectrum.values[chosen]
        ax.plot(dots.real, dots.imag, mfc=face, mew=1.5 if face != style["color"] else 0, **style)
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), box_aspect=1)
    ax.set_xlabel("real part", loc="left", color=colours.text["ink"])
    ax.grid(visible=False)
    if reach < 2.2:
        ax.set(xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    else:
        ax.xaxis.get_major_locator().set_params(nbins=4)
        ax.yaxis.get_major_locator().set_params(nbins=5)


def _finding(spectra):
    if len(spectra) > 1:
        radii = ", ".join(f"{name} {number(one.radius)}" for name, one in spectra.items())
        return f"Spectral radius: {radii}"
    one = next(iter(spectra.values()))
    where = f"{one.outside} of {one.size} eigenvalues lie outside the unit circle"
    if not one.outside:
        where = f"All {one.size} eigenvalues lie within the unit circle"
    return f"{where}: radius {number(one.radius)}"
