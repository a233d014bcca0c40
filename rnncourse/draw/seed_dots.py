"""Every seed a dot, a row a method, and the published figure on the same row."""

import numpy as np
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
from matplotlib.transforms import blended_transform_factory

from rnncourse.draw.frames import axes
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import looks
from rnncourse.draw.style import house_type, number, palette

MOST = 12
ROW = 0.46  # inches
DIGIT = 0.09  # inches, the width of a digit in a tick's number
SPREAD = 0.12  # how far dots of equal value move apart, in rows


def dots(
    runs,
    published=None,
    title=None,
    subtitle=None,
    xlabel="training sequences to success",
    log=False,
    marks=None,
    unsolved="not solved",
    roles=None,
    height=None,
):
    """Draw results over seeds: a row a name, a dot a seed, a bar at the median.

    Parameters
    ----------
    runs : {name: values}, 1 to 12 rows, the first on top; values (S,). nan, inf and negative
        values are runs that did not succeed: they are counted at the right.
    published : {name: value}, {name: (value, "source")} or {name: "a text"}: a hollow diamond with
        in that row, its number at the right; a text stands there where a paper has no number.
    marks : {"target 15,000": 15000}, dotted upright lines with their names.
    log : a logarithmic axis. unsolved : the word for runs that did not succeed.
    roles : {name: colour role}. title, subtitle, xlabel, height : as in ``draw.axes``.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes, and for names not in ``runs``.
    """
    if not runs or len(runs) > MOST:
        raise ValueError(f"runs has {len(runs)} entries; this picture shows 1 to {MOST}.")
    rows = [_Row(name, values) for name, values in runs.items()]
    beside = {name: _told(value) for name, value in (published or {}).items()}
    strangers = [name for name in beside if name not in runs]
    if strangers:
        raise ValueError(f"published has {strangers[0]!r}; runs has {', '.join(map(str, runs))}.")
    styles = looks(list(runs), roles)
    if title is None:
        title = usual_title(rows, beside)
    if subtitle is None:
        counts = sorted({len(row.values) for row in rows})
        count = f"{counts[0]}" if len(counts) == 1 else f"{counts[0]} to {counts[-1]}"
        subtitle = f"A dot is one of {count} seeds, the bar their median."
        if any(value is not None for value, _ in beside.values()):
            subtitle += " Diamond: published."
    height = height or 1.5 + ROW * len(rows) + 0.22 * bool(marks)
    figure, ax = axes(title, subtitle, xlabel, height=height)
    with house_type():
        every = [v for row in rows for v in row.solved]
        every += [value for value, _ in beside.values() if value is not None]
        every += list((marks or {}).values())
        _range(ax, every, log)
        for at, row in enumerate(rows):
            _draw(ax, row, len(rows) - 1 - at, styles[row.name], beside.get(row.name), log)
        _notes(ax, rows, beside, unsolved, log)
        _dress(ax, rows, styles, marks or {})
        _ticks(ax, log)
    return Picture(figure, alt(title, rows, beside, marks or {}, unsolved, xlabel))


class _Row:
    def __init__(self, name, values):
        self.name, self.values = name, np.asarray(values, dtype=float)
        if self.values.ndim != 1 or not self.values.size:
            raise ValueError(f"{name!r} has shape {self.values.shape}; a row takes (S,).")
        with np.errstate(invalid="ignore"):
            good = np.isfinite(self.values) & (self.values >= 0)
        self.solved = np.sort(self.values[good])
        self.failed = int((~good).sum())

    @property
    def median(self):
        """The median over all seeds, one that failed being later than all; None where it failed."""
        later = np.append(self.solved, np.full(self.failed, np.inf))
        middle = float(np.median(later)) if len(self.solved) else np.inf
        return middle if np.isfinite(middle) else None


def amount(value):
    """ "8,440", "0.82": thousands parted, small numbers with two decimals.

    >>> amount(8440), amount(0.823), amount(96.64)
    ('8,440', '0.82', '96.6')
    """
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace("-", "−")
    if float(value).is_integer():
        return f"{value:.0f}".replace("-", "−")
    return f"{value:.1f}".replace("-", "−") if abs(value) >= 10 else number(value)


def usual_title(rows, beside):
    for row in rows:
        value = beside.get(row.name, (None, ""))[0]
        if value is not None and row.median is not None:
            return f"{row.name}: median {amount(row.median)}, published {amount(value)}"
    row = rows[0]
    if row.median is None:
        return f"{row.name}: {len(row.solved)} of {len(row.values)} seeds succeed"
    return f"{row.name}: median {amount(row.median)} over {len(row.values)} seeds"


def alt(title, rows, beside, marks, unsolved, xlabel):
    parts = []
    for row in rows:
        told = f"{row.name}, {len(row.values)} seeds: "
        if len(row.solved):
            low, high = amount(row.solved[0]), amount(row.solved[-1])
            told += f"{low} to {high}" if low != high else f"{low} throughout"
            if row.median is not None:
                told += f", median {amount(row.median)}"
        if row.failed:
            told += f"{', ' if len(row.solved) else ''}{row.failed} {unsolved}"
        value, words = beside.get(row.name, (None, ""))
        if value is not None:
            told += f", published {amount(value)}" + (f" ({words})" if words else "")
        elif words:
            told += f", {words}"
        parts.append(told)
    lines = "".join(f"; dotted: {name}" for name in marks)
    return f"{title.rstrip('.').replace('$', '')}. {xlabel}: {'; '.join(parts)}{lines}."


def _told(value):
    """(number or None, words) of a published entry."""
    if isinstance(value, str) or value is None:
        return None, value or ""
    if isinstance(value, tuple):
        return float(value[0]), str(value[1])
    return float(value), ""


def _range(ax, every, log):
    every = [value for value in every if value > 0 or not log] or [1.0, 10.0]
    low, high = min(every), max(every)
    if log:
        ax.set_xscale("log")
        room = max(high / low, 1.5) ** 0.08
        ax.set_xlim(low / room, high * room)
        return
    low = 0.0 if low < 0.6 * high else low
    room = (high - low or abs(high) or 1.0) * 0.06
    ax.set_xlim(low - (room if low else 0.4 * room), high + room)


def _ticks(ax, log):
    """As many ticks as their numbers have room for; the axes' width is known by now."""
    ax.figure.draw_without_rendering()
    wide = ax.get_window_extent().width / ax.figure.dpi
    low, high = ax.get_xlim()
    for ticks in _choices(low, high, log):
        at = np.log(ticks / low) / np.log(high / low) if log else (ticks - low) / (high - low)
        half = np.array([DIGIT * (len(t) - t.count(",") / 2) / 2 for t in map(amount, ticks)])
        gaps = np.diff(at) * wide - half[1:] - half[:-1]
        if len(ticks) < 2 or gaps.min() > 0.1:
            break
    ax.xaxis.set_major_locator(FixedLocator(ticks))
    ax.xaxis.set_major_formatter(lambda value, _: amount(value) if value else "0")
    ax.xaxis.set_minor_locator(NullLocator())


def _choices(low, high, log):
    """Ticks to try, from many to few."""
    if not log:
        for most in (7, 5, 4, 3, 2, 1):
            ticks = MaxNLocator(most).tick_values(low, high)
            yield ticks[(ticks >= low) & (ticks <= high)]
        return
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for factors, every in (((1, 2, 5), 1), ((1, 3), 1), ((1,), 1), ((1,), 2), ((1,), 3), ((1,), 6)):
        ticks = np.sort(np.concatenate([factor * powers[::every] for factor in factors]))
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        if len(ticks):
            yield ticks
    yield np.array([np.sqrt(low * high)])


def _draw(ax, row, y, look, published, log):
    colours = palette()
    ground = colours.fill["ground"]
    ax.axhline(y, color=colours.fill["hairline"], lw=0.8, zorder=1)
    low = ax.get_xlim()[0]
    off = row.solved <= low if log else np.zeros(len(row.solved), dtype=bool)
    if len(row.solved):
        shown = np.where(off, low, row.solved)
        rise = _apart(ax, shown, log)
        mark = {"marker": look.marker, "ms": 6.5, "ls": "none", "zorder": 3, "clip_on": False}
        ax.plot(shown[~off], y + rise[~off], color=look.colour, mec=ground, mew=0.7, **mark)
        if off.any():  # a logarithm has no place for 0
            ax.plot(low + 0 * shown[off], y + rise[off], mfc=ground, mec=look.colour, **mark)
    if row.median is not None and (row.median > 0 or not log):
        bar = {"color": colours.fill["ink"], "lw": 2.4, "solid_capstyle": "butt", "zorder": 2.5}
        ax.plot([row.median] * 2, [y - 0.4, y + 0.4], **bar)
    if published and published[0] is not None:
        value = published[0]
        ax.plot(value, y, "D", mfc="none", mec=colours.fill["ink"], mew=2, ms=11, zorder=4,
                clip_on=False)  # fmt: skip


def _apart(ax, values, log):
    """How far each dot moves up or down, so that dots of one value stand apart."""
    low, high = ax.get_xlim()
    at = np.log(values / low) / np.log(high / low) if log else (values - low) / (high - low)
    rise, placed = np.zeros(len(values)), []
    for k, here in enumerate(at):
        lanes = {lane for where, lane in placed if here - where < 0.014}
        lane = next(n for n in _lanes() if n not in lanes)
        placed.append((here, lane))
        rise[k] = lane
    widest = max(np.abs(rise).max(), 1)
    return rise * min(SPREAD, 0.34 / widest)


def _lanes():
    """0, 1, -1, 2, -2, ..."""
    yield 0
    step = 0
    while True:
        step += 1
        yield from (step, -step)


def _notes(ax, rows, beside, unsolved, log):
    """What stands at the right: runs without success, and published words."""
    place = blended_transform_factory(ax.transAxes, ax.transData)
    for at, row in enumerate(rows):
        words = [f"{row.failed} of {len(row.values)} {unsolved}"] if row.failed else []
        zeros = int((row.solved == 0).sum()) if log else 0
        words += [f"{zeros} of {len(row.values)} at 0"] * bool(zeros)
        value, told = beside.get(row.name, (None, ""))
        if value is not None:
            told = f"◇ {amount(value)}" + (f" ({told})" if told else "")
        words += [told] * bool(told)
        if words:
            text = "\n".join(words)
            ax.text(1.02, len(rows) - 1 - at, text, transform=place, va="center", ha="left",
                    color=palette().text["ink"], size=9.5, linespacing=1.25)  # fmt: skip


def _dress(ax, rows, styles, marks):
    count = len(rows)
    ax.grid(visible=False)
    ax.set_ylim(-0.55, count - 0.45)
    ax.set_yticks(range(count - 1, -1, -1), [str(row.name) for row in rows])
    ax.tick_params(axis="y", length=0, pad=8)
    for label, row in zip(ax.get_yticklabels(), rows, strict=True):
        label.set_color(palette().text[styles[row.name].role])
        label.set_fontweight("bold")
    ax.spines["left"].set_visible(False)
    for name, value in marks.items():
        ax.axvline(value, color=palette().fill["muted"], ls=(0, (1, 2)), lw=1.6, zorder=1.8)
        ax.annotate(name, (value, 1), xycoords=("data", "axes fraction"), xytext=(0, 4),
                    textcoords="offset points", ha="center", va="bottom",
                    color=palette().text["muted"], annotation_clip=False)  # fmt: skip
