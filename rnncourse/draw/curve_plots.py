"""Runs over several seeds: loss curves, and success against a task's length."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from rnncourse.draw.frames import axes, label_end
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import along_x, amount, fill, log_ticks, looks, seeded, spread_note
from rnncourse.draw.stem_plots import _plain
from rnncourse.draw.style import house_type, number, palette

MOST = 7


def curves(
    runs,
    baselines=None,
    x=None,
    title=None,
    subtitle=None,
    xlabel="training step",
    ylabel="loss",
    log=False,
    smooth=1,
    roles=None,
    height=3.6,
):
    """Loss curves: the median over seeds as a line, all seeds as a band.

    Parameters
    ----------
    runs : {name: values}, up to 7; values (steps,) or (steps, S), of equal or unequal length.
    baselines : {name: value}, dotted lines with their names, as {"chance: ln 2": 0.693}.
    x : (steps,), where the values stand on the x axis; 1, 2, ... if left out.
    smooth : a running mean over so many steps, for each seed by itself.
    log : a logarithmic y axis. roles : {name: colour role}, in place of the usual ones.
    title, subtitle, xlabel, ylabel, height : as in ``draw.axes``.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    series = _named(runs, "runs")
    series = {name: _smoothed(values, smooth) for name, values in series.items()}
    styles = looks(list(series), roles)
    baselines = dict(baselines or {})
    if title is None:
        title = _ranking({name: _last(values) for name, values in series.items()}, ylabel)
    if subtitle is None:
        subtitle = spread_note([values.shape[1] for values in series.values()], "median")
        if smooth > 1:
            subtitle += f" Running mean over {smooth} steps."
    figure, ax = axes(title, subtitle, xlabel, ylabel, height=height)
    with house_type():
        if log:
            ax.set_yscale("log")
        ends = []
        for name, values in series.items():
            along = _positions(x, name, values, smooth)
            shown = _drawable(values, log)
            middle = np.median(shown, axis=1)
            if values.shape[1] > 1:
                fill(ax, along, shown.min(axis=1), shown.max(axis=1), styles[name])
            ax.plot(along, middle, **styles[name].line)
            ends.append((name, along, middle))
        reach = max(along[-1] for _, along, _ in ends)
        along_x(ax, min(along[0] for _, along, _ in ends), reach)
        _base(ax, baselines, reach)
        for name, along, middle in ends:
            _name_end(ax, along, middle, name, styles[name].role)
        if log:
            log_ticks(ax.yaxis, *ax.get_ylim())
        elif 0 <= ax.get_ylim()[0] < 0.5 * ax.get_ylim()[1]:
            ax.set_ylim(bottom=0)
    return Picture(figure, _told_curves(title, series, baselines, ylabel))


def success(
    runs,
    lengths,
    chance=None,
    title=None,
    subtitle=None,
    xlabel="length of the task in steps",
    ylabel="success, %",
    scale=100,
    log=False,
    band="range",
    roles=None,
    height=3.6,
):
    """Success (or accuracy, or R²) against a task's length or a lag: mean of the seeds, and spread.

    Parameters
    ----------
    runs : {name: values}, up to 7; values (L,) or (L, S), shares from 0 to 1.
    lengths : (L,), increasing: lengths, or lags of a memory probe.
    chance : a share, or {name: share}: dotted, with its name.
    scale : what a share is multiplied with: 100 for %, 1 to show it as it is.
    log : a logarithmic x axis. band : "range" (least to largest), or None for a dot a seed.
    roles : {name: colour role}. title, subtitle, xlabel, ylabel, height : as in ``draw.axes``.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    if band not in ("range", None):
        raise ValueError(f"band is {band!r}; choose 'range' or None.")
    lengths = np.asarray(lengths, dtype=float)
    series = _named(runs, "runs")
    for name, values in series.items():
        if len(values) != len(lengths):
            raise ValueError(
                f"{name!r} has {len(values)} values; there are {len(lengths)} lengths."
            )
    styles = looks(list(series), roles)
    if chance is not None and not isinstance(chance, dict):
        chance = {"chance": chance}
    chance = {name: scale * value for name, value in (chance or {}).items()}
    if title is None:
        title = _reach(series, lengths, xlabel, scale)
    if subtitle is None:
        counts = [values.shape[1] for values in series.values()]
        subtitle = spread_note(counts, "mean")
        if band is None and max(counts) > 1:
            subtitle = subtitle.replace("band: all of them", "dots: every seed")
    figure, ax = axes(title, subtitle, xlabel, ylabel, height=height)
    with house_type():
        if log:
            ax.set_xscale("log")
        for name, values in series.items():
            values, look = scale * values, styles[name]
            middle = values.mean(axis=1)
            if values.shape[1] > 1 and band:
                fill(ax, lengths, values.min(axis=1), values.max(axis=1), look)
            elif values.shape[1] > 1:
                dots = {"marker": look.marker, "mfc": "none", "mec": look.colour, "ls": "none"}
                for seed in values.T:
                    ax.plot(lengths, seed, ms=4, zorder=2.2, clip_on=False, **dots)
            marks = look.dots if len(lengths) <= 40 else {}
            ax.plot(lengths, middle, clip_on=False, **look.line, **marks)
        _base(ax, chance, lengths[-1])
        for name, values in series.items():
            _name_end(ax, lengths, scale * values.mean(axis=1), name, styles[name].role)
        along_x(ax, lengths[0], lengths[-1], log)
        _mark_lengths(ax, lengths, log)
        if scale == 100:
            ax.set_ylim(min(0, ax.get_ylim()[0]), 105)
            ax.set_yticks(range(0, 101, 25))
            ax.spines["left"].set_bounds(0, 100)
    return Picture(figure, _told_success(title, series, lengths, _plain(xlabel), chance, scale))


def _named(runs, name):
    if not runs or len(runs) > MOST:
        raise ValueError(f"{name} has {len(runs)} entries; this picture shows 1 to {MOST}.")
    return {key: seeded(key, values) for key, values in runs.items()}


def _smoothed(values, smooth):
    """A running mean down the first axis; as many values fewer as the window reaches back."""
    if smooth <= 1:
        return values
    if smooth > len(values):
        raise ValueError(f"smooth is {smooth}; there are only {len(values)} steps.")
    sums = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    return (sums[smooth:] - sums[:-smooth]) / smooth


def _positions(x, name, values, smooth):
    if x is None:
        return np.arange(len(values)) + smooth
    along = np.asarray(x, dtype=float)[smooth - 1 :]
    if len(along) != len(values):
        wanted = len(values) + smooth - 1
        raise ValueError(f"x has {len(x)} entries; {name!r} has {wanted} steps.")
    return along


def _drawable(values, log):
    """Values that are not finite leave a gap, as do those a logarithm does not have."""
    shown = np.where(np.isfinite(values), values, np.nan)
    return np.where(shown > 0, shown, np.nan) if log else shown


def _base(ax, baselines, right):
    colour = palette().fill["muted"]
    for name, value in baselines.items():
        ax.axhline(value, color=colour, ls=(0, (1, 2)), lw=1.6, zorder=1.8)
        label_end(ax, right, value, name, "muted")


def _name_end(ax, along, middle, name, role):
    seen = np.flatnonzero(np.isfinite(middle))
    if len(seen):
        label_end(ax, along[seen[-1]], middle[seen[-1]], name, role)


def _mark_lengths(ax, lengths, log):
    """Ticks at the lengths themselves where they are few: all that have room beside each other."""
    if len(lengths) <= 8:
        low, high = ax.get_xlim()
        place = (lambda x: np.log(x / low) / np.log(high / low)) if log else (
            lambda x: (x - low) / (high - low)
        )  # fmt: skip
        marked = []
        for length in [lengths[-1], lengths[0], *lengths[1:-1]][: len(lengths)]:
            room = 0.02 + 0.022 * len(f"{length:g}")
            if all(abs(place(length) - place(other)) > room for other in marked):
                marked.append(length)
        ax.xaxis.set_major_locator(FixedLocator(sorted(marked)))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    elif log:
        log_ticks(ax.xaxis, *ax.get_xlim())
    else:
        ax.xaxis.get_major_locator().set_params(integer=True)
    ax.xaxis.set_minor_locator(NullLocator())


def _last(values):
    return float(np.median(values[-1]))


def _ranking(ends, ylabel):
    what = _plain(ylabel).partition(",")[0]
    best, worst = min(ends, key=ends.get), max(ends, key=ends.get)
    told = f"{what[:1].upper()}{what[1:]} at the end: {amount(ends[best])} ({best})"
    return told if best == worst else f"{told}, {amount(ends[worst])} ({worst})"


def _reach(series, lengths, xlabel, scale):
    """How far each gets, by its mean: the title where none is given."""
    shares = {name: values[-1].mean() for name, values in series.items()}
    best, worst = max(shares, key=shares.get), min(shares, key=shares.get)
    what = (_plain(xlabel).split() or ["length"])[0]
    told = f"At {what} {lengths[-1]:g}: {_share(scale * shares[best], scale)} ({best})"
    return told if best == worst else f"{told}, {_share(scale * shares[worst], scale)} ({worst})"


def _share(value, scale):
    return f"{value:.0f} %" if scale == 100 else number(value)


def _told_curves(title, series, baselines, ylabel):
    parts = []
    for name, values in series.items():
        start, end = np.median(values[0]), np.median(values[-1])
        told = f"{name} from {amount(start)} to {amount(end)}"
        if values.shape[1] > 1:
            low, high = amount(values[-1].min()), amount(values[-1].max())
            told += f" (median of {values.shape[1]} seeds; at the end {low} to {high})"
        parts.append(told)
    lines = "".join(f"; {name}: dotted at {amount(at)}" for name, at in baselines.items())
    return f"{_plain(title)}. {_plain(ylabel)} over the steps: {'; '.join(parts)}{lines}."


def _told_success(title, series, lengths, what, chance, scale):
    def share(value):
        return _share(value, scale)

    parts = []
    for name, values in series.items():
        values = scale * values
        ends = [f"{share(values[at].mean())} at {lengths[at]:g}" for at in (0, -1)]
        told = f"{name} from {ends[0]} to {ends[1]}"
        if values.shape[1] > 1:
            low, high = share(values[-1].min()), share(values[-1].max())
            told += f" (mean of {values.shape[1]} seeds, there {low} to {high})"
        parts.append(told)
    lines = "".join(f"; {name}: dotted at {share(at)}" for name, at in chance.items())
    return f"{_plain(title)}. Against {what}: {'; '.join(parts)}{lines}."
