"""Gradient against distance: what reaches a step from a loss many steps later."""

import numpy as np

from rnncourse.draw.frames import axes, label_end
from rnncourse.draw.labels import Spots
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import along_x, fill, log_ticks, looks, power_of_ten, seeded
from rnncourse.draw.stem_plots import _plain
from rnncourse.draw.style import BODY, house_type, number, palette

MOST, MARKS = 7, 5
HIGHEST = 1e17  # where the axis ends above; what passes it leaves the picture


def fading(
    nets,
    distances=None,
    title=None,
    subtitle=None,
    ylabel=None,
    relative=True,
    xlabel="distance in steps",
    floor=None,
    roles=None,
    lowest=1e-17,
    height=3.9,
):
    """Draw norms of gradients against the distance they have come, on a logarithmic axis.

    Parameters
    ----------
    nets : {name: norms}, up to 7; norms (K,) or (K, S), S starts: not negative.
    distances : (K,), increasing; 1, 2, ..., K if left out.
    relative : divide each start's norms by its first one.
    floor : {sentence: value}, dotted lines with what they mean, as
        {"float32 rounds it away beside 1": 1.2e-7}.
    lowest : where the axis ends at the latest. Norms that are 0 (they underflow) lie below any
        axis: a hollow mark on the bottom edge says where a line first gets there.
    roles : {name: colour role}. title, subtitle, xlabel, ylabel, height : as in ``draw.axes``.

    Line: geometric mean of the starts; band: all of them. Returns a ``Picture``.
    Raises ``ValueError`` for other shapes, and for negative norms.
    """
    if not nets or len(nets) > MOST:
        raise ValueError(f"nets has {len(nets)} entries; this picture shows 1 to {MOST}.")
    series = {name: _norms(name, norms, relative) for name, norms in nets.items()}
    longest = max(map(len, series.values()))
    distances = np.arange(1, longest + 1.0) if distances is None else np.asarray(distances, float)
    for name, norms in series.items():
        if len(norms) > len(distances):
            raise ValueError(
                f"{name!r} has {len(norms)} norms; there are {len(distances)} distances."
            )
    styles = looks(list(series), roles)
    middles = {name: _geometric_mean(norms) for name, norms in series.items()}
    if title is None:
        title = _finding(middles, distances)
    if subtitle is None:
        subtitle = _spread([norms.shape[1] for norms in series.values()])
        if any((line == 0).any() for line in middles.values()):
            subtitle += " Hollow mark: 0 from there on."
    if ylabel is None:
        ylabel = "gradient norm"
        ylabel += f", relative to distance {distances[0]:g}" if relative else ""
    figure, ax = axes(title, subtitle, xlabel, ylabel, height=height)
    floor = dict(floor or {})
    with house_type():
        ax.yaxis.label.set_color(palette().text["gradient"])
        low, high = _limits(series, floor, lowest)
        ax.set_yscale("log")
        ax.set_ylim(low, high)
        along_x(ax, distances[0], distances[-1])
        _ticks(ax, distances, low, high)
        drawn = [(distances[: len(norms)], norms, middles[name]) for name, norms in series.items()]
        leaving = []
        for (name, look), one in zip(styles.items(), drawn, strict=True):
            leaving += _line(ax, *one, look, name)
        for value in floor.values():
            ax.axhline(value, color=palette().fill["muted"], ls=(0, (1, 2)), lw=1.6, zorder=1.8)
        _name_inside(ax, leaving, floor, drawn)
    return Picture(figure, _told(title, series, middles, distances, floor))


def _norms(name, norms, relative):
    norms = seeded(name, norms)
    if (norms < 0).any():
        raise ValueError(f"{name!r} has negative norms; a norm is never below 0.")
    if relative:
        first = norms[:1]
        norms = norms / np.where(first > 0, first, 1.0)
    return norms


def _geometric_mean(norms):
    with np.errstate(all="ignore"):
        return np.exp(np.log(norms).mean(axis=1))


def _limits(series, floor, lowest):
    known = np.concatenate([norms[np.isfinite(norms)].ravel() for norms in series.values()])
    known = known[known > 0]
    least = min([known.min(), *floor.values()]) if len(known) else lowest
    most = min(max([known.max(), *floor.values()]) if len(known) else 1.0, HIGHEST)
    low = max(10 ** np.floor(np.log10(least) - 0.3), min(lowest, 1e-2 * most))
    return low, 10 ** (np.log10(most) + 0.03 * np.log10(most / low) + 0.15)


def _ticks(ax, distances, low, high):
    log_ticks(ax.yaxis, low, high)
    span = distances[-1] - distances[0]
    if span >= 10:
        step = next(s for s in (5, 10, 20, 25, 50, 100, 250, 500, 1e9) if span / s <= 6)
        inner = np.arange(step, distances[-1] + 1e-9, step)
        inner = inner[inner > distances[0] + 0.4 * step]
        ax.set_xticks([distances[0], *inner])
    ax.tick_params(axis="x", labelsize=BODY)


def _line(ax, distances, norms, middle, look, name):
    """Draw one net. Returns [(name, role, distances, line)] where it leaves the picture."""
    low, high = ax.get_ylim()
    below, above = low * 1e-30, high * 1e30  # what no axis holds is drawn far outside

    def shown(values):
        return np.clip(np.nan_to_num(values, nan=0.0, posinf=above), below, above)

    if norms.shape[1] > 1:
        fill(ax, distances, shown(norms.min(axis=1)), shown(norms.max(axis=1)), look)
    line = shown(middle)
    ax.plot(distances, line, **look.line)
    marked = np.unique(np.linspace(0, len(line) - 1, MARKS).round().astype(int))
    marked = marked[(line[marked] >= low) & (line[marked] <= high)]
    spots = {"color": look.colour, "ls": "none", "zorder": 3.2, "clip_on": False}
    ax.plot(distances[marked], line[marked], **spots, **look.dots)
    gone = np.flatnonzero(line < low)
    if not len(gone) and not (line > high).any():
        label_end(ax, distances[-1], line[-1], name, look.role)
        return []
    if len(gone) and line[gone[0]] == below:  # underflow: the computer has no smaller number
        ax.plot(
            distances[gone[0]], low, look.marker, color=look.colour, ms=8, zorder=4, clip_on=False,
            mfc=palette().fill["ground"], mew=1.6,
        )  # fmt: skip
    return [(name, look.role, distances, line)]


def _name_inside(ax, leaving, floor, series):
    """Names of lines that leave through the bottom, and of dotted lines: where there is room."""
    if not leaving and not floor:
        return
    spots = Spots(ax)
    low, high = ax.get_ylim()
    for distances, norms, middle in series:
        spots.avoid(distances, np.clip(np.nan_to_num(middle, posinf=high), low * 1e-3, high), 10)
        if norms.shape[1] > 1:
            for edge in (norms.min(axis=1), norms.max(axis=1)):
                spots.avoid(distances, np.clip(np.nan_to_num(edge), low * 1e-3, high), 2)
    for value in floor.values():
        spots.avoid(ax.get_xlim(), [value, value], 10)
    for name, role, distances, line in leaving:
        inside = (line >= low) & (line <= high)
        spots.beside(name, role, distances[inside], line[inside])
    for sentence, value in floor.items():
        spots.along(sentence, "muted", value)


def size(value):
    """A share in a sentence: "8 %", "0.3 %", "10⁻¹⁵"; from 10 on "24.00 times"."""
    if not np.isfinite(value):
        return "past all bounds"
    if value == 0:
        return "0"
    if value > 9.99:
        return f"{number(value)} times" if value < 1e4 else f"{power_of_ten(value)} times"
    if value >= 0.0095:
        return f"{100 * value:.0f} %"
    return f"{100 * value:.1f} %" if value >= 0.001 else power_of_ten(value)


def _finding(middles, distances):
    ends = {name: float(line[-1]) for name, line in middles.items()}
    at = f"{distances[len(next(iter(middles.values()))) - 1]:g}"
    best, worst = max(ends, key=ends.get), min(ends, key=ends.get)
    told = f"At distance {at}: {size(ends[best])} ({best})"
    return told if best == worst else f"{told}, {size(ends[worst])} ({worst})"


def _spread(counts):
    if max(counts) == 1:
        return "One start of each."
    count = counts[0] if len(set(counts)) == 1 else f"up to {max(counts)}"
    return f"Line: geometric mean of {count} starts; band: all of them."


def _told(title, series, middles, distances, floor):
    parts = []
    for name, line in middles.items():
        last = distances[len(line) - 1]
        told = f"{name} {size(line[-1])} at distance {last:g}"
        zero = np.flatnonzero(line == 0)
        if len(zero):
            told = f"{name} is 0 from distance {distances[zero[0]]:g} on"
        if series[name].shape[1] > 1 and not len(zero):
            ends = series[name][-1]
            told += f" ({size(ends.min())} to {size(ends.max())} over {len(ends)} starts)"
        parts.append(told)
    lines = "".join(f"; dotted at {value:.1e}: {text}" for text, value in floor.items())
    first = f"{distances[0]:g}"
    return f"{_plain(title)}. Gradient norm from distance {first} on: {'; '.join(parts)}{lines}."
