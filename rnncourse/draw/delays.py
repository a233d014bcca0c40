"""A delay block over several steps: what goes in, what it holds, what comes out."""

import copy

import numpy as np

from rnncourse.cells import DelayBlock
from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import house_type, number

MOST = 8
FIRST, STEP = 1.72, 0.96  # inches: the first column, and from one column to the next
RADIUS, SIDE = 0.3, 0.56


def delay(values, block=None, title=None, subtitle=None):
    """Send values through a delay block, step by step, and draw where each one goes.

    Parameters
    ----------
    values : (T,), T from 1 to 8, what goes in; any unit.
    block : the ``cells.DelayBlock`` they go into, with what it holds now; a copy is stepped, the
        block is not changed. A new one, holding 0, if left out.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for another shape.
    """
    values = np.asarray(values, dtype=float)
    if values.ndim != 1 or not 1 <= len(values) <= MOST:
        raise ValueError(
            f"values has shape {values.shape}; this picture takes (T,), T up to {MOST}."
        )
    block = copy.deepcopy(block) if block is not None else DelayBlock()
    start = float(np.asarray(block.held, dtype=float))
    given = [float(block.step(value)) for value in values]
    with house_type():
        figure, ax = sheet(
            title or "What goes in comes out one step later",
            subtitle
            or f"A delay block that held {number(start)} first. It keeps each value for one step.",
            body=3.2,
            width=max(6.4, FIRST + STEP * len(values) + 0.75),
        )
        _draw(ax, values, given, float(block.held))
    alt = (
        f"A delay block over {len(values)} steps. In: {_listed(values)}. Out: {_listed(given)}: "
        f"the same values one step later, after the start value {number(start)}. "
        f"At the end it holds {number(block.held)}."
    )
    return Picture(figure, alt)


def _draw(ax, values, given, held):
    goes_in, holds, comes_out = 2.72, 1.75, 0.78
    for y, text, role in (
        (goes_in, "goes in", "input"),
        (holds, "block holds", "hidden"),
        (comes_out, "comes out", "hidden"),
    ):
        pieces.say(ax, 1.24, y, text, role, ha="right")
    columns = FIRST + STEP * np.arange(len(values) + 1)
    blocks = []
    for x, content in zip(columns, [*given, held], strict=True):
        last = x == columns[-1]
        blocks.append(
            pieces.delay(ax, x, holds, number(content), width=SIDE + 0.1, height=SIDE, size=10)
        )
        pieces.say(ax, x, 0.2, "next" if last else f"$t={round((x - FIRST) / STEP)}$", "muted")
    for at, (x, value, out) in enumerate(zip(columns, values, given, strict=False)):
        heard = pieces.circle(ax, x, goes_in, number(value), "input", RADIUS)
        told = pieces.circle(ax, x, comes_out, number(out), "hidden", RADIUS)
        pieces.wire(ax, [blocks[at].bottom, told.top], "hidden")
        after = blocks[at + 1]
        way = np.subtract(after.top, (heard.x, heard.y))
        rim = np.array([heard.x, heard.y]) + way / np.hypot(*way) * heard.half_width
        pieces.wire(ax, [rim, after.top], "input")


def _listed(values):
    return ", ".join(number(value) for value in values)
