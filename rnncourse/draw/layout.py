"""Measuring text: wrapping it, keeping labels apart, and finding collisions."""

import re

from rnncourse.draw.style import house_type

LINE_END = "line end"  # the mark by which labels at line ends are found again


def size_of(figure, text, **font):
    """Width and height in inches that a text takes in this figure."""
    with house_type():
        probe = figure.text(0, 0, text, **font)
        box = probe.get_window_extent(figure.canvas.get_renderer())
        probe.remove()
    return box.width / figure.dpi, box.height / figure.dpi


def wrap(figure, text, width, **font):
    """Break a text into lines of at most ``width`` inches; mathtext (``$...$``) stays whole."""
    lines = []
    for paragraph in text.split("\n"):
        words = re.findall(r"(?:\$[^$]*\$|[^\s$])+", paragraph) or [""]
        if len(words) > 2 and size_of(figure, " ".join(words), **font)[0] <= width:
            lines.append(" ".join(words))  # most texts fit, and measuring takes time
            continue
        line = words[0]
        for word in words[1:]:
            longer = f"{line} {word}"
            if size_of(figure, longer, **font)[0] <= width:
                line = longer
            else:
                lines.append(line)
                line = word
        lines.append(line)
    return lines


def settle(figure):
    """Lay the figure out and move labels at line ends apart where they would overlap."""
    labels = [[t for t in ax.texts if t.get_gid() == LINE_END] for ax in figure.axes]
    if not any(labels):
        return
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    for group in labels:
        spread(group, renderer, figure.dpi)


def spread(labels, renderer, dpi, gap=2):
    """Give labels vertical offsets, so that those above each other stand clear, near their lines.

    ``gap`` is the room between two labels in pixels.
    """
    for label in labels:
        label.set_position((label.get_position()[0], 0))
    boxes = [(label.get_window_extent(renderer), label) for label in labels]
    for column in _columns(boxes):
        # Stack the labels from below; a stack stands where its members need to move least.
        stacks = []  # [(bottom, members)]
        for box, label in sorted(column, key=lambda pair: pair[0].y0):
            bottom, members = box.y0, [(box, label)]
            while stacks and stacks[-1][0] + _height(stacks[-1][1], gap) > bottom:
                members = stacks.pop()[1] + members
                heights = [_height(members[:at], gap) for at in range(len(members))]
                wishes = [b.y0 - h for (b, _), h in zip(members, heights, strict=True)]
                bottom = sum(wishes) / len(wishes)
            stacks.append((bottom, members))
        for bottom, members in stacks:
            for box, label in members:
                rise = (bottom - box.y0) * 72 / dpi
                label.set_position((label.get_position()[0], rise))
                bottom += box.height + gap


def _height(members, gap):
    return sum(box.height + gap for box, _ in members)


def _columns(boxes):
    """Groups of labels that share some of their horizontal room."""
    columns, reach = [], None
    for box, label in sorted(boxes, key=lambda pair: pair[0].x0):
        if reach is None or box.x0 > reach:
            columns.append([])
            reach = box.x1
        columns[-1].append((box, label))
        reach = max(reach, box.x1)
    return columns


def collisions(figure, slack=1.5):
    """Say which texts of a figure overlap, and which leave it; an empty list is a clean figure.

    ``slack``, in pixels, is how far two boxes may reach into each other: a text's box includes the
    empty room above and below its letters.
    """
    with house_type():
        settle(figure)
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
        texts = [t for t in _texts(figure) if t.get_visible() and t.get_text().strip()]
        boxes = [(t.get_text(), t.get_window_extent(renderer)) for t in texts]
    found = []
    for at, (text, box) in enumerate(boxes):
        if not _inside(box, figure.bbox, slack):
            found.append(f"{text!r} leaves the figure")
        found += [
            f"{text!r} overlaps {other!r}"
            for other, second in boxes[at + 1 :]
            if _overlap(box, second, slack)
        ]
    return found


def _texts(artist):
    """Every text that would be drawn below an artist; hidden branches are left out."""
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.text import Text

    if not artist.get_visible():
        return
    if isinstance(artist, Text):
        yield artist
    if isinstance(artist, Axis):
        low, high = sorted(artist.get_view_interval())
        for tick in artist._update_ticks():
            if low <= tick.get_loc() <= high:
                yield from (t for t in (tick.label1, tick.label2) if t.get_visible())
        yield from (artist.label, artist.offsetText)
        return
    axis_off = isinstance(artist, Axes) and not artist.axison
    for child in artist.get_children():
        if not (axis_off and isinstance(child, Axis)):
            yield from _texts(child)


def _inside(box, page, slack):
    return (
        box.x0 >= page.x0 - slack
        and box.y0 >= page.y0 - slack
        and box.x1 <= page.x1 + slack
        and box.y1 <= page.y1 + slack
    )


def _overlap(a, b, slack):
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    along = min(a.y1, b.y1) - max(a.y0, b.y0)
    return across > slack and along > slack
