"""Real sequences over time: a series, several at once, a sound wave."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw.frames import axes, label_end
from rnncourse.draw.layout import size_of
from rnncourse.draw.pictures import Picture
from rnncourse.draw.stem_plots import _plain
from rnncourse.draw.style import house_type, number, palette

COLUMN_ROLES = ("input", "hidden", "cell_line", "gate_i", "muted", "gradient")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), "-", (0, (3, 1)))


def sequence(
    values,
    time=None,
    title="A sequence: one value a step",
    subtitle="",
    unit="",
    xlabel="step t",
    names=None,
    role="input",
    windows=(),
    window_names=(),
    height=3.4,
    alt=None,
):
    """A series over time, or up to six of them.

    Parameters
    ----------
    values : (T,) or (T, F), F at most 6; NaN leaves a gap.
    time : (T,), when each value was taken; the steps 0, 1, ... if left out.
    title, subtitle, xlabel : texts; ``unit`` names the values and their unit.
    names : F names, written at the lines' ends. ``role`` is the colour of a single line.
    windows : [(from, to), ...] in units of time, framed; ``window_names`` names them, in order.

    Returns a ``Picture``. Raises ``ValueError`` for another shape, or a time of another length.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim not in (1, 2) or (values.ndim == 2 and not 1 <= values.shape[1] <= 6):
        raise ValueError(
            f"values has shape {values.shape}; draw.sequence takes (T,) or (T, F), F up to 6."
        )
    time = np.arange(len(values)) if time is None else np.asarray(time)
    if time.shape != (len(values),):
        raise ValueError(
            f"time has shape {time.shape}; with {len(values)} values it is ({len(values)},)."
        )
    columns = values[:, None] if values.ndim == 1 else values
    roles = [role] if columns.shape[1] == 1 else COLUMN_ROLES
    figure, ax = axes(title, subtitle, xlabel, unit, height=height)
    with house_type():
        for at, column in enumerate(columns.T):
            ax.plot(time, column, color=palette().fill[roles[at]], lw=1.8, ls=DASHES[at])
            known = np.flatnonzero(np.isfinite(column))
            if names is not None and len(known):
                label_end(ax, time[known[-1]], column[known[-1]], names[at], roles[at])
        ax.margins(x=0.01)
        frame_windows(ax, windows, window_names)
    return Picture(figure, alt or _told(columns, time, title, xlabel, windows))


def waveform(
    samples,
    rate,
    title="Sound as it is sampled: air pressure, thousands of times a second",
    subtitle="",
    windows=(),
    window_names=(),
    role="input",
    height=3.0,
    alt=None,
):
    """A sound wave over seconds.

    Parameters
    ----------
    samples : (N,), air pressure in any unit (a WAV file's is relative to its largest value).
    rate : samples a second (Hz).
    windows : [(from, to), ...] in seconds, framed, as the frames of a spectrogram are.

    Returns a ``Picture``. Raises ``ValueError`` for samples that are not (N,) or a rate of 0.
    """
    samples = np.asarray(samples, dtype=float)
    if samples.ndim != 1 or not len(samples):
        raise ValueError(f"samples has shape {samples.shape}; a sound wave is (N,).")
    if rate <= 0:
        raise ValueError(f"rate is {rate}; it is the number of samples a second, above 0.")
    figure, ax = axes(title, subtitle, "seconds", "pressure, relative", height=height)
    seconds = np.arange(len(samples)) / rate
    with house_type():
        ax.plot(seconds, samples, color=palette().fill[role], lw=0.8)
        ax.axhline(0, color=palette().fill["ink"], lw=1, zorder=1.5)
        ax.margins(x=0.01)
        frame_windows(ax, windows, window_names)
    told = (
        f"{_plain(title)}. {len(samples)} samples at {rate:g} a second, {len(samples) / rate:.2f} "
        f"seconds; pressure from {number(samples.min())} to {number(samples.max())}."
    )
    return Picture(figure, alt or told)


def frame_windows(ax, windows, names=()):
    """Frame spans of time over the whole height of the axes; names stand above the frames."""
    colours = palette()
    for start, stop in windows:
        frame = Rectangle(
            (start, 0.01),
            stop - start,
            0.98,
            transform=ax.get_xaxis_transform(),
            facecolor=colours.fill["now"],
            edgecolor=colours.fill["ink"],
            lw=1.2,
            zorder=0.6,
        )
        ax.add_patch(frame)
    low, high = ax.get_xlim()
    inches = (ax.figure.get_figwidth() - 1.0) / (high - low)  # of one unit of time, nearly
    taken = {0: size_of(ax.figure, ax.get_ylabel() or "|")[0] + 0.15}  # line: used so far, inches
    for (start, stop), name in zip(windows, names, strict=False):
        width = size_of(ax.figure, name)[0]
        begin = (start - low) * inches
        at_right = begin + width > (high - low) * inches
        if at_right:
            begin = (stop - low) * inches - width
        line = next((n for n, used in sorted(taken.items()) if used <= begin), len(taken))
        taken[line] = begin + width + 0.15
        ax.annotate(
            name,
            (stop if at_right else start, 1),
            xycoords=ax.get_xaxis_transform(),
            xytext=(0, 5 + 14 * line),
            textcoords="offset points",
            ha="right" if at_right else "left",
            color=colours.text["ink"],
            annotation_clip=False,
        )


def _told(columns, time, title, xlabel, windows):
    low, high = np.nanmin(columns), np.nanmax(columns)
    count = columns.shape[1]
    what = "one series" if count == 1 else f"{count} series"
    told = (
        f"{_plain(title)}. {what.capitalize()} of {len(columns)} values, {_plain(xlabel)} "
        f"{time[0]} to {time[-1]}, between {number(low)} and {number(high)}"
    )
    if len(windows):
        spans = ", ".join(f"{start} to {stop}" for start, stop in windows)
        told += f"; framed: {spans}"
    return told + "."
