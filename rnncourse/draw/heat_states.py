"""States over time as a map, a row a unit, with the words below and a frame round one step."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw.heatmaps import heatmap
from rnncourse.draw.style import house_type, number, palette
from rnncourse.draw.tiles import counted


def states(
    states,
    words=None,
    names=None,
    now=None,
    title=None,
    subtitle="",
    unit="",
    range=None,
    height=None,
):
    """Draw states (T, H), time to the right, a row a unit; violet above 0, ochre (barred) below.

    Parameters
    ----------
    states : (T, H), as ``rnn.forward`` returns them for one sequence.
    words : T labels below the columns; steps if left out.
    names : H names of the units, the first on top; their numbers if left out.
    now : the step that gets a frame.
    range : the value of the full colour, as 1.0 for tanh; the largest value if left out.
    title, subtitle, unit, height : as in ``draw.heatmap``.

    Returns a ``Picture``. Raises ``ValueError`` for another shape, or labels of another number.
    """
    values = np.asarray(states, dtype=float)
    if values.ndim != 2 or not values.size:
        raise ValueError(f"states has shape {values.shape}; draw.states takes (T, H).")
    steps, units = values.shape
    if now is not None and not -steps <= now < steps:
        raise ValueError(f"now is {now}; there are the steps 0 to {steps - 1}.")
    loud = int(np.abs(values).mean(axis=0).argmax())
    if title is None:
        title = f"The state of {counted(units, 'unit')} over {counted(steps, 'step')}"
    if names is None and units <= 24:
        names = [str(unit) for unit in np.arange(units)]
    picture = heatmap(
        values,
        title,
        subtitle,
        time=list(map(str, words)) if words is not None else None,
        rows=names,
        unit=unit,
        ylabel="unit",
        xlabel="" if words is not None else "step t",
        role="hidden",
        signed=bool((values < 0).any()),
        height=height,
    )
    ax = picture.figure.axes[0]
    low = -1 if (values < 0).any() else 0
    if range is not None and not np.isin(values, (0, 1)).all():
        ax.collections[0].set_clim(low * range, range)
    if now is not None:
        with house_type():
            corner = (now % steps - 0.5, -0.5)
            frame = Rectangle(corner, 1, units, fill=False, lw=2.4, zorder=4, clip_on=False)
            frame.set_edgecolor(palette().fill["ink"])
            ax.add_patch(frame)
    size = f"{counted(units, 'unit')} over {counted(steps, 'step')}"
    told = title if size in title else f"{title}: {size}"
    if words is not None:
        shown = " ".join(map(str, words[:24]))
        told += f" (“{shown}{' …' if len(words) > 24 else ''}”)"
    moved = np.abs(np.diff(values, axis=0)).mean(axis=1) if steps > 1 else np.zeros(0)
    told += (
        f", values from {number(values.min())} to {number(values.max())}; unit "
        f"{names[loud] if names is not None else loud} is largest on average "
        f"({number(np.abs(values[:, loud]).mean())} in size)"
    )
    if len(moved) and moved.max() > 5e-3:
        at = int(moved.argmax()) + 1
        word = f" (“{words[at]}”)" if words is not None else ""
        told += f"; the state moves most at step {at}{word}"
    picture.alt = told.replace("$", "") + "."
    return picture
