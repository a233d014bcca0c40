"""Words with a number each, as bars: one distribution, or a few side by side on one range."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import amount, looks
from rnncourse.draw.style import BODY, house_type, palette
from rnncourse.draw.word_rows import width_of

LEFT, WIDTH, ROW, HEAD = 0.16, 7.08, 0.27, 0.26  # inches
MOST, PANELS = 30, 4
NUMBER = 0.5  # inches that a number takes at a bar's end


def word_bars(
    chances,
    title,
    subtitle="",
    top=None,
    bold=(),
    unit="probability",
    height=None,
    role="output",
    most=None,
):
    """Draw words with their numbers as bars, in the order given.

    Parameters
    ----------
    chances : {"miss": 0.4, ...}; or {"RNN": {"miss": 0.4, ...}, "LSTM": {...}}, up to 4 panels
        with the same rows on one range. Negative numbers (cosines) run to the left, hatched.
    title, subtitle : the finding, and what it is of. unit : what the bars measure.
    top : only so many words, those with the largest numbers (of the first panel), the largest on
        top. bold : words written bold. height : inches of a row. role : the bars' colour.
    most : the number of a bar of full length; the largest one if left out.

    Returns a ``Picture``. Raises ``ValueError`` for nothing to draw, more than 30 words (or 4
    panels), and numbers that are not finite.
    """
    panels = chances if _nested(chances) else {"": chances}
    panels = {str(name): dict(values) for name, values in panels.items()}
    if not panels or len(panels) > PANELS:
        raise ValueError(f"There are {len(panels)} panels; this picture shows 1 to {PANELS}.")
    rows = list(dict.fromkeys(word for values in panels.values() for word in values))
    if top is not None:
        first = next(iter(panels.values()))
        rows = sorted(rows, key=lambda word: -first.get(word, -np.inf))[:top]
    if not 1 <= len(rows) <= MOST:
        raise ValueError(f"There are {len(rows)} words; bars show 1 to {MOST}. Give top=10.")
    every = np.array([[values.get(word, 0.0) for word in rows] for values in panels.values()])
    if not np.isfinite(every).all():
        raise ValueError("Some numbers are not finite; a bar needs a length.")
    row = height or ROW
    head = HEAD if len(panels) == 1 else HEAD + 0.26
    figure, ax = sheet(title, subtitle, head + row * len(rows) + 0.14)
    with house_type():
        _draw(ax, panels, rows, every, row, set(bold), unit, role, most or 0.0)
    return Picture(figure, _alt(title, panels, rows, every, unit))


def _nested(chances):
    return bool(chances) and all(hasattr(values, "items") for values in chances.values())


def _draw(ax, panels, rows, every, row, bold, unit, role, most):
    names = max(width_of(word, BODY, word in bold) for word in rows) + 0.1
    low, high = min(every.min(), 0.0), max(every.max(), most)
    left = LEFT + names
    wide = (LEFT + WIDTH - left) / len(panels)
    room = wide - NUMBER * (1 + (low < 0)) - 0.1
    room = min(room, 4.2)
    scale = room / ((high - low) or 1.0)
    y0 = 0.1 + row * len(rows)
    models = looks(list(panels))
    for at, (word, y) in enumerate(zip(rows, _heights(y0, row, rows), strict=True)):
        pieces.say(ax, left - 0.08, y, word, bold=word in bold, ha="right")
        for panel, values in enumerate(every):
            zero = _zero(left, wide, panel, low, scale)
            _bar(ax, zero, y, values[at], scale, role, row)
    for panel, name in enumerate(panels):
        zero = _zero(left, wide, panel, low, scale)
        ax.plot([zero, zero], [0.1, y0], color=palette().fill["ink"], lw=1, zorder=3)
        begin = zero + low * scale - (NUMBER if low < 0 else 0)
        if name:
            pieces.say(ax, begin, y0 + 0.4, name, models[name].role, bold=True, ha="left")
        if panel == 0 or len(panels) < 3:
            pieces.say(ax, begin, y0 + 0.15, unit, "muted", ha="left")


def _heights(y0, row, rows):
    return [y0 - (at + 0.5) * row for at in range(len(rows))]


def _zero(left, wide, panel, low, scale):
    return left + panel * wide - low * scale + (NUMBER if low < 0 else 0)


def _bar(ax, zero, y, value, scale, role, row):
    half = 0.31 * row
    x = zero + min(value, 0) * scale
    colour, ground = palette().fill[role], palette().fill["ground"]
    style = {"fc": colour, "lw": 0} if value >= 0 else {"fc": ground, "ec": colour, "hatch": "////"}
    ax.add_patch(Rectangle((x, y - half), abs(value) * scale, 2 * half, zorder=2, **style))
    beside = zero + value * scale + (0.06 if value >= 0 else -0.06)
    side = "left" if value >= 0 else "right"
    pieces.say(ax, beside, y, chance_text(value), "ink", ha=side)


def chance_text(value):
    """A probability or cosine beside its bar: two decimals, more where it is small."""
    if 0 < value < 0.005:
        return f"{value:.3f}" if value >= 0.0005 else amount(value)
    return f"{value:.2f}".replace("-", "−")


def _alt(title, panels, rows, every, unit):
    parts = []
    for name, values in zip(panels, every, strict=True):
        shown = ", ".join(f"{w} {chance_text(v)}" for w, v in zip(rows[:12], values, strict=False))
        more = f" and {len(rows) - 12} more" if len(rows) > 12 else ""
        parts.append(f"{name}: {shown}{more}" if name else f"{shown}{more}")
    return f"{title}. Bars ({unit}): {'; '.join(parts)}."
