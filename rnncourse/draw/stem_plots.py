"""Short sequences as stems: impulse and step responses, and rows that share one time axis."""

import numpy as np

from rnncourse.draw.frames import axes, panel
from rnncourse.draw.layout import wrap
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import BODY, house_type, number, palette

MANY = 60  # from here on the stems are too close for dots


def responses(
    panels, title=None, subtitle=None, ylabel="$h_t$", xlabel="steps after the impulse", notes=None
):
    """Small multiples of responses on one axis range.

    Parameters
    ----------
    panels : [(name, w_h, values), ...], 1 to 8 of them; values (T,), the output at every step.
    notes : a short text for each panel; None computes one from the values, as does None in a list.
    title, subtitle, ylabel, xlabel : texts in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for no or more than 8 panels, or values not (T,).
    """
    if not 1 <= len(panels) <= 8:
        raise ValueError(f"panels has {len(panels)} entries; this picture shows 1 to 8.")
    series = [_sequence(values, "values") for _, _, values in panels]
    notes = list(notes) if notes is not None else [None] * len(panels)
    notes = [response_note(v) if n is None else n for n, v in zip(notes, series, strict=True)]
    cols = len(panels) if len(panels) <= 4 else -(-len(panels) // 2)
    rows = -(-len(panels) // cols)
    figure, grid = axes(
        title or "The feedback weight alone decides what becomes of one impulse",
        "Linear neuron, input 1 at step 0 and 0 after it; held value at the start 0."
        if subtitle is None
        else subtitle,
        xlabel,
        ylabel,
        rows,
        cols,
        height=3.5 if rows == 1 else 6.0,
        sharex=True,
        sharey=True,
    )
    grid = np.atleast_1d(grid).ravel()
    room = 6.6 / cols - 0.15
    with house_type():
        wrapped = [wrap(figure, note, room, size=BODY) for note in notes]
        most = max(map(len, wrapped))  # names of one row stand at one height
        for ax, (name, w_h, _), values, lines in zip(grid, panels, series, wrapped, strict=False):
            stem_lines(ax, values, "hidden")
            lines = [f"$w_h = {number(w_h)}$", *lines, *[""] * (most - len(lines))]
            panel(ax, name, "\n".join(lines), "hidden")
        for ax in grid[len(panels) :]:
            ax.set_visible(False)
    told = "; ".join(
        f"{name} (weight {number(w_h)}): {note}"
        for (name, w_h, _), note in zip(panels, notes, strict=True)
    )
    return Picture(figure, f"Responses of a recurrent neuron. {told}.")


def stems(rows, title, subtitle="", roles=None, xlabel="step t"):
    """Rows of stems over one time axis, as input above output.

    Parameters
    ----------
    rows : {name: values}, values (T,), all of one length; names may hold mathtext.
    title, subtitle, xlabel : texts. The title is the finding.
    roles : a colour role for each row; by itself the first row is "input", the others "hidden".

    Returns a ``Picture``. Raises ``ValueError`` for no rows, unequal lengths, or values not (T,).
    """
    if not rows:
        raise ValueError("rows is empty; give at least one name with its values.")
    series = {name: _sequence(values, name) for name, values in rows.items()}
    lengths = {len(values) for values in series.values()}
    if len(lengths) > 1:
        raise ValueError(f"rows have {sorted(lengths)} steps; they share one time axis.")
    roles = roles or ["input", *["hidden"] * (len(rows) - 1)]
    figure, grid = axes(
        title, subtitle, xlabel, rows=len(rows), height=1.25 + 1.1 * len(rows), sharex=True
    )
    with house_type():
        grid = np.atleast_1d(grid)
        for ax, (name, values), role in zip(grid, series.items(), roles, strict=True):
            stem_lines(ax, values, role)
            panel(ax, name, role=role)
            ax.tick_params(bottom=ax is grid[-1])
    told = "; ".join(f"{_plain(name)}: {_extremes(values)}" for name, values in series.items())
    return Picture(figure, f"{_plain(title)}. Over {lengths.pop()} steps, {told}.")


def stem_lines(ax, values, role):
    """Draw values (T,) as stems with dots; a zero line in ink. Returns the artists."""
    colours = palette()
    steps = np.arange(len(values))
    drawn = np.where(np.isfinite(values), values, np.nan)
    lines = ax.vlines(steps, 0, drawn, color=colours.fill[role], lw=2.4 if len(steps) < MANY else 1)
    dots = None
    if len(steps) < MANY:
        (dots,) = ax.plot(
            steps, drawn, "o", color=colours.fill[role], ms=6, mec=colours.fill["ground"], mew=0.8
        )
        dots.set_clip_on(False)
    ax.axhline(0, color=colours.fill["ink"], lw=1.2, zorder=1.5)
    ax.margins(x=0.05, y=0.08)
    ax.spines["bottom"].set_visible(False)
    if len(steps) < MANY:
        nbins = 4 if ax.get_subplotspec().get_gridspec().ncols > 1 else 12
        ax.xaxis.get_major_locator().set_params(integer=True, nbins=nbins, steps=[1, 2, 3, 5, 10])
    return lines, dots


def response_note(values):
    """What becomes of an impulse, in a few words, read from the response itself."""
    values = np.asarray(values, dtype=float)
    if not np.isfinite(values).all():
        return "passes every bound"
    first, last, steps = values[0], values[-1], len(values) - 1
    if abs(first) < 5e-3 or steps == 0:
        return f"{number(last)} after {steps} steps"
    if abs(last) > 1.02 * abs(first):
        return f"{number(last)} after {steps} steps"
    if np.allclose(values, first, rtol=0.005):
        return f"stays {number(first)}"
    moving = values[np.abs(values) > 1e-12]
    if len(moving) > 2 and (np.sign(moving[1:]) == -np.sign(moving[:-1])).all():
        return "sign flips at every step"
    if abs(values[1]) < 5e-3 * abs(first):
        return "gone after one step"
    half = np.flatnonzero(np.abs(values) < 0.5 * abs(first))
    if len(half):
        steps = int(half[0])
        return f"{number(values[steps])} left after {steps} step{'s' if steps > 1 else ''}"
    return f"{number(last)} left after {steps} steps"


def _sequence(values, name):
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or not len(values):
        raise ValueError(f"{name} has shape {values.shape}; this picture takes (T,), T at least 1.")
    return values


def _extremes(values):
    low, high = np.nanmin(values), np.nanmax(values)
    return f"{number(low)} to {number(high)}" if low != high else f"{number(low)} throughout"


def _plain(text):
    """A text without mathtext marks, for alt texts."""
    return text.replace("$", "").replace("\\", "").replace("{", "").replace("}", "")
