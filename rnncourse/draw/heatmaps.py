"""Many values a step: spectrograms, one-hot rows, strips of states. Time runs to the right."""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from rnncourse.draw.frames import axes
from rnncourse.draw.pictures import Picture
from rnncourse.draw.stem_plots import _plain
from rnncourse.draw.style import BODY, house_type, number, palette

TILES = 600  # up to this many values, tiles get edges, and negative ones a bar


def heatmap(
    values,
    title="Many values a step, time to the right",
    subtitle="",
    time=None,
    rows=None,
    y=None,
    unit="",
    xlabel="step t",
    ylabel="",
    role="input",
    signed=None,
    height=None,
    alt=None,
):
    """Values of shape (T, F) as a map: a column a step, a row a feature.

    Parameters
    ----------
    values : (T, F).
    time : (T,) evenly spaced numbers, or T words (written below the columns); steps if left out.
    rows : F names, the first on top, as in a vector. Or
    y : (F,) evenly spaced numbers, the lowest at the bottom, as the frequencies of a spectrogram.
    unit : what the colour bar measures. title, subtitle, xlabel, ylabel : texts.
    role : the colour of large values where none is negative. Values that are all 0 or 1 are
        drawn filled or empty, without a colour bar.
    signed : violet and ochre around 0 (True) or pale to dark (False); None looks at the values.

    Returns a ``Picture``. Raises ``ValueError`` for another shape, or labels of another number.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 2 or not values.size:
        raise ValueError(f"values has shape {values.shape}; draw.heatmap takes (T, F).")
    steps, features = values.shape
    for name, labels, wanted in (
        ("time", time, steps),
        ("rows", rows, features),
        ("y", y, features),
    ):
        if labels is not None and len(labels) != wanted:
            raise ValueError(
                f"{name} has {len(labels)} entries; values {values.shape} need {wanted}."
            )
    signed = bool((values < 0).any()) if signed is None else signed
    binary = bool(np.isin(values, (0, 1)).all())
    height = height or (min(1.6 + 0.2 * features, 4.6) if features <= 24 else 3.6)
    figure, ax = axes(title, subtitle, xlabel, ylabel, height=height)
    with house_type():
        across, words = _edges(time, steps)
        upward, _ = _edges(y, features) if y is not None else (np.arange(features + 1) - 0.5, None)
        top = float(np.nanmax(np.abs(values))) or 1.0
        low, high = (-top, top) if signed else (float(np.nanmin(values)), float(np.nanmax(values)))
        if low == high:
            high = low + 1.0
        mesh = ax.pcolormesh(
            across, upward, values.T, cmap=_colours(role, signed, binary), vmin=low, vmax=high
        )
        if values.size <= TILES:
            mesh.set(edgecolor=palette().fill["hairline"], linewidth=0.6)
            if signed:
                _bars(ax, values, across, upward, top)
        _label(ax, words, rows, y, steps, features)
        if not binary:
            _colour_bar(figure, ax, mesh, unit, height)
    told = (
        f"{_plain(title)}. A map of {steps} steps to the right by {features} features; "
        f"{_plain(unit) or 'values'} from {number(values.min())} to {number(values.max())}."
    )
    return Picture(figure, alt or told)


def _edges(labels, count):
    """Borders between cells, and the words to write below them where labels are words."""
    if labels is None or isinstance(labels[0], str):
        return np.arange(count + 1) - 0.5, labels
    labels = np.asarray(labels, dtype=float)
    half = (labels[1] - labels[0]) / 2 if count > 1 else 0.5
    return np.append(labels - half, labels[-1] + half), None


def _label(ax, words, rows, y, steps, features):
    ax.grid(visible=False)
    ax.spines[["left", "bottom"]].set_visible(False)
    if words is not None:
        long = steps > 14 or sum(map(len, words)) > 60
        turn = {"rotation": 45, "ha": "right", "rotation_mode": "anchor"} if long else {}
        ax.set_xticks(np.arange(steps), words, **turn)
    else:
        ax.xaxis.get_major_locator().set_params(integer=True)
    if y is None:
        ax.invert_yaxis()
        ax.yaxis.get_major_locator().set_params(integer=True)
    if rows is not None:
        ax.set_yticks(np.arange(features), rows)
    ax.tick_params(length=0, pad=7)


def _bars(ax, values, across, upward, top):
    """A bar in every negative tile, so that the sign reads in grey."""
    colours = palette()
    for strong, role in ((True, "ground"), (False, "ink")):
        chosen = (values < -0.02 * top) & ((values < -0.35 * top) == strong)
        step, feature = np.nonzero(chosen)
        x = (across[step] + across[step + 1]) / 2
        half = 0.18 * (across[1] - across[0])
        height = (upward[feature] + upward[feature + 1]) / 2
        ax.hlines(height, x - half, x + half, color=colours.fill[role], lw=1.3)


def _colour_bar(figure, ax, mesh, unit, height):
    ink = palette().text["ink"]
    bar = figure.colorbar(mesh, ax=ax, pad=0.015, aspect=max(8, 5.5 * height), fraction=0.04)
    bar.outline.set_visible(False)
    bar.ax.tick_params(length=0, labelcolor=ink)
    bar.locator = MaxNLocator(nbins=4)
    bar.ax.set_title(unit, loc="right", size=BODY, color=ink, pad=7)


def _colours(role, signed, binary):
    colours = palette()
    if signed:
        stops = [colours.signed(value) for value in np.linspace(-1, 1, 21)]
    elif binary:
        stops = [colours.fill["ground"], colours.fill[role]]
    else:
        stops = [colours.mix(role, share) for share in (0, 0.5, 1)] + [colours.text["ink"]]
    return LinearSegmentedColormap.from_list("house", stops)
