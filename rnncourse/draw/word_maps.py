"""Words as points in a plane, each with its label beside it, in groups by colour and marker."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.layout import size_of
from rnncourse.draw.pictures import Picture
from rnncourse.draw.placing import Labels
from rnncourse.draw.series import looks
from rnncourse.draw.style import BODY, house_type, palette
from rnncourse.draw.word_choice import Chosen
from rnncourse.draw.word_places import Kept, plane

__all__ = ["plane", "words_map"]

LEFT, WIDTH = 0.16, 7.08  # inches, the frame
AXIS, LEGEND = 0.3, 0.27  # inches, a line of axis names below, a line of groups above
PAD = 0.34  # inches between the outermost points and the frame
RADIUS = 0.05  # inches, a point
LOWEST, HIGHEST, TALLEST = 3.3, 4.9, 8.0  # inches, the frame's height
FULL = 0.22  # the share of the frame that labels may cover


def words_map(
    vectors,
    words,
    show=None,
    groups=None,
    pairs=(),
    direction=None,
    along=None,
    plane=None,
    positions=None,
    unit=True,
    bold=(),
    roles=None,
    title=None,
    subtitle=None,
    height=None,
):
    """Draw words as points, so that those with similar vectors lie near each other.

    Parameters
    ----------
    vectors : (V, E), drawn by their two main directions; (V, 2) is drawn as it is.
    words : V names, or a ``words.Vocabulary``.
    show : the 3 to 80 words to draw. If left out: those of groups and pairs, or all.
    groups : {"people": ["girl", ...], ...}, up to 6: a colour and a marker each.
    pairs : [("king", "queen"), ...], joined by lines.
    direction : ("he → she", (E,)), drawn as an arrow, with how much of it lies in the picture.
    along : ("he → she", (E,)), a direction that becomes the horizontal axis.
    plane : (2, E), two directions of your own, as ``draw.plane`` gives them for other vectors.
    positions : (V, 2), places of your own, found by another method.
    unit : vectors are brought to length 1 first, so that distances follow cosines (not (V, 2)).
    bold : words written bold. roles : {group: colour role}.
    title, subtitle : the finding, and what it is of; ``{kept}`` in the subtitle stands for the
        sentence on how much of the distances the picture keeps. height : inches of the frame.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes, unknown words, and too many.
    """
    drawn = Chosen(vectors, words, show, groups, pairs, direction, along, plane, positions, unit)
    marks = looks(list(drawn.groups), roles)
    kept = Kept(drawn.vectors, drawn.places)
    told = kept.told(positions is None)
    title = title or drawn.finding()
    subtitle = told if subtitle is None else subtitle.replace("{kept}", told)
    for taller in (1.0, 1.5):
        figure, labels = _draw(drawn, marks, title, subtitle, set(bold), height, taller)
        if not labels.meetings or height is not None:
            break
    return Picture(figure, drawn.alt(title, told))


def _draw(drawn, marks, title, subtitle, bold, height, taller):
    spans = np.ptp(drawn.places, axis=0)
    probe, _ = sheet("", "", 1)
    sizes = _sizes(probe, drawn, bold)
    least = np.prod(sizes, axis=1).sum() / (FULL * WIDTH)
    tall = height or min(max(_frame_height(drawn, spans), least) * taller, TALLEST)
    legend = _legend_lines(probe, marks)
    body = AXIS + tall + LEGEND * len(legend) + (0.1 if legend else 0)
    figure, ax = sheet(title, subtitle, body)
    with house_type():
        _frame(ax, drawn, tall)
        _legend(ax, legend, marks, AXIS + tall + 0.1)
        room = np.array([WIDTH, tall]) - 2 * PAD
        scale = float((room / np.where(spans > 0, spans, 1e-300)).min())
        scale = scale if np.isfinite(scale) and spans.any() else 1.0
        middle = (drawn.places.max(axis=0) + drawn.places.min(axis=0)) / 2
        centre = np.array([LEFT + WIDTH / 2, AXIS + tall / 2])
        points = centre + (drawn.places - middle) * scale
        lines = [(points[i], points[j]) for i, j in drawn.pairs]
        if drawn.along is not None:
            x = centre[0] - middle[0] * scale
            _zero(ax, x, tall)
            lines.append(((x, AXIS), (x, AXIS + tall)))
        arrow = _arrow(drawn, centre, points.mean(axis=0), tall) if drawn.direction else None
        if arrow is not None:
            lines.append(arrow)
        labels = _labels(ax, drawn, marks, points, lines, arrow, tall, bold, sizes)
    return figure, labels


def _frame_height(drawn, spans):
    wanted = (WIDTH - 2 * PAD) * spans[1] / spans[0] + 2 * PAD if spans[0] > 0 else HIGHEST
    least = LOWEST + 0.02 * max(len(drawn.names) - 20, 0)
    return float(np.clip(wanted, least, max(HIGHEST, least)))


def _frame(ax, drawn, tall):
    colours = palette()
    ax.add_patch(
        Rectangle(
            (LEFT, AXIS), WIDTH, tall, fill=False, ec=colours.fill["hairline"], lw=1, zorder=1
        )
    )
    spread = drawn.spread()
    if drawn.along is not None:
        low, _, high = drawn.along.partition("→")
        ends = (f"← {low.strip()}", f"{high.strip()} →") if high else ("", f"{drawn.along} →")
        pieces.say(ax, LEFT, AXIS - 0.16, ends[0], ha="left")
        pieces.say(ax, LEFT + WIDTH, AXIS - 0.16, ends[1], ha="right")
        name = f"upwards: main direction of the rest, {_percent(spread[1])} of the spread"
        pieces.say(ax, LEFT + WIDTH / 2, AXIS - 0.16, name, "muted")
    elif drawn.axes is not None and drawn.vectors.shape[1] > 2:
        name = f"to the right {_percent(spread[0])} of the spread, upwards {_percent(spread[1])}"
        pieces.say(ax, LEFT, AXIS - 0.16, name, "muted", ha="left")


def _zero(ax, x, tall):
    if LEFT < x < LEFT + WIDTH:
        colour = palette().fill["muted"]
        ax.plot([x, x], [AXIS, AXIS + tall], color=colour, ls=(0, (1, 2)), lw=1.4, zorder=1.2)


def _percent(share):
    return f"{100 * share:.0f} %"


def _legend_lines(figure, marks):
    """The groups' names, broken into lines: [[(x, name), ...], ...]."""
    lines, x = [], WIDTH
    for name in marks:
        width = 0.3 + size_of(figure, name, size=BODY, weight="bold")[0]
        if x + width > WIDTH:
            lines.append([])
            x = 0.0
        lines[-1].append((x, name))
        x += width + 0.3
    return lines


def _legend(ax, lines, marks, y):
    for row, line in enumerate(lines):
        up = y + LEGEND * (len(lines) - row - 0.5)
        for x, name in line:
            _dots(ax, [(LEFT + x + 0.08, up)], marks[name], 8)
            pieces.say(ax, LEFT + x + 0.22, up - 0.01, name, marks[name].role, bold=True, ha="left")


def _dots(ax, points, look, size=6.5):
    x, y = np.array(points).T
    ground = palette().fill["ground"]
    plain = {"color": look.colour, "marker": look.marker, "ms": size, "mec": ground, "mew": 0.8}
    ax.plot(x, y, ls="none", zorder=4, **plain)


def _type_size(drawn):
    return BODY if len(drawn.names) <= 45 else BODY - 1


def _sizes(figure, drawn, bold):
    """Width and height of every label, in inches."""
    size = _type_size(drawn)
    weights = ["bold" if word in bold else "normal" for word in drawn.names]
    return [
        size_of(figure, w, size=size, weight=b) for w, b in zip(drawn.names, weights, strict=True)
    ]


def _labels(ax, drawn, marks, points, lines, arrow, tall, bold, sizes):
    colours = palette()
    names, roots, texts = list(marks), list(points), []
    for at, word in enumerate(drawn.names):
        group = drawn.members[at]
        role = marks[names[group]].role if group >= 0 else "muted" if names else "ink"
        texts.append((word, role, word in bold))
    if arrow is not None:
        name = f"{drawn.direction[0]} ({_percent(drawn.share())} of it)"
        texts.append((name, "ink", True))
        roots.append(arrow[1])
        sizes = [*sizes, size_of(ax.figure, name, size=_type_size(drawn), weight="bold")]
        ax.annotate(
            "", arrow[1], arrow[0], zorder=3.5,
            arrowprops={"arrowstyle": "-|>", "lw": 2, "color": colours.fill["ink"],
                        "shrinkA": 0, "shrinkB": 0, "mutation_scale": 14},
        )  # fmt: skip
    frame = LEFT + 0.03, AXIS + 0.03, LEFT + WIDTH - 0.03, AXIS + tall - 0.03
    labels = Labels(roots, sizes, frame, points, RADIUS, lines)
    for i, j in drawn.pairs:
        (x0, y0), (x1, y1) = points[i], points[j]
        ax.plot([x0, x1], [y0, y1], color=colours.fill["muted"], lw=1.2, zorder=2)
    _points(ax, drawn, marks, points)
    ground = {"facecolor": colours.fill["ground"], "edgecolor": "none", "pad": 0.4}
    for (word, role, strong), centre, leader in zip(
        texts, labels.centres, labels.leaders, strict=True
    ):
        if leader is not None:
            (x0, y0), (x1, y1) = leader
            ax.plot([x0, x1], [y0, y1], color=colours.mix("muted", 0.65), lw=0.8, zorder=2.6)
        text = pieces.say(ax, *centre, word, role, bold=strong, size=_type_size(drawn))
        text.set(bbox=ground, zorder=3)
    return labels


def _points(ax, drawn, marks, points):
    for group, name in enumerate(marks):
        if (drawn.members == group).any():
            _dots(ax, points[drawn.members == group], marks[name])
    loose = points[drawn.members < 0]
    if len(loose):
        colour = palette().fill["muted" if marks else "hidden"]
        ax.plot(*loose.T, "o", ls="none", color=colour, ms=4.5, zorder=3.8)


def _arrow(drawn, centre, root, tall):
    """Where the arrow of a direction begins and ends, in inches."""
    if drawn.axes is None:
        raise ValueError("A direction needs the vectors' own plane; leave positions out.")
    way = drawn.axes @ np.asarray(drawn.direction[1], dtype=float)
    length = np.linalg.norm(way)
    if not length > 0:
        raise ValueError("The direction has no part in this plane; there is no arrow to draw.")
    long = 0.36 * min(WIDTH, tall)
    tip = root + way / length * long * drawn.share()
    low, high = np.array([LEFT, AXIS]) + 0.2, np.array([LEFT + WIDTH, AXIS + tall]) - 0.2
    return root, np.clip(tip, low, high)
