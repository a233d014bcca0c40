"""House-styled axes for plots, and a sheet measured in inches for diagrams."""

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from rnncourse.draw.layout import LINE_END, wrap
from rnncourse.draw.style import BODY, DPI, TITLE, house_type, palette

MARGIN = 0.16  # inches, all round
TITLE_LINE, SUB_LINE = 0.21, 0.2


def axes(
    title,
    subtitle="",
    xlabel="",
    ylabel="",
    rows=1,
    cols=1,
    height=3.6,
    width=7.4,
    sharex=False,
    sharey=False,
):
    """Axes in the house's style, for a plot of your own.

    Parameters
    ----------
    title : a sentence with the finding; bold, wraps by itself. The figure grows with its lines.
    subtitle : what net, what data, what spread.
    xlabel, ylabel : name and unit; ylabel stands flat at the axis's upper left end.
    rows, cols, sharex, sharey : as in ``Figure.subplots``.
    height, width : inches; height is that of a figure with a title of one line.

    Returns the figure and the axes (an array of them where there are several). End the cell with
    ``draw.picture(figure, alt)``.
    """
    figure = _figure(width, height)
    extra = _extra_height(figure, title, subtitle)
    figure.set_size_inches(width, height + extra)
    height += extra
    top = head(figure, title, subtitle)

    room = (MARGIN / width, MARGIN / height, 1 - 2 * MARGIN / width, (top - MARGIN) / height)
    figure.set_layout_engine("constrained", rect=room, w_pad=0.03, h_pad=0.03, wspace=0.04)
    with house_type():
        grid = figure.subplots(rows, cols, sharex=sharex, sharey=sharey, squeeze=False)
        for ax in grid.flat:
            dress(ax)
        for ax in grid[-1, :1] if sharex else grid[-1]:  # a shared axis is named once
            ax.set_xlabel(xlabel, color=palette().text["ink"], loc="left")
        for ax in grid[:, 0]:
            name_values(ax, ylabel)
    return figure, grid[0, 0] if rows * cols == 1 else grid.squeeze()


def sheet(title, subtitle, body, width=7.4):
    """An empty page for a diagram: axes over the whole figure, one data unit an inch.

    ``body`` is the room below title and subtitle, in inches; it runs from y = 0 upwards.
    Returns the figure and the axes.
    """
    figure = _figure(width, body + 1)
    figure.set_size_inches(width, body + _head_height(figure, title, subtitle))
    head(figure, title, subtitle)
    ax = figure.add_axes((0, 0, 1, 1))
    ax.set_axis_off()
    ax.set(xlim=(0, width), ylim=(0, figure.get_figheight()))
    return figure, ax


def head(figure, title, subtitle):
    """Write title and subtitle; return the height in inches at which free room begins."""
    colours = palette().text
    width, height = figure.get_size_inches()
    y = height - MARGIN
    for lines, step, style in _head_lines(figure, title, subtitle):
        colour = colours["ink"] if style["size"] == TITLE else colours["muted"]
        for line in lines:
            y -= step
            with house_type():
                figure.text(
                    MARGIN / width, (y + 0.05) / height, line, color=colour, va="baseline", **style
                )
    return y - 0.12


def dress(ax):
    """House style for one axes: no box, a hairline grid, quiet ticks."""
    colours = palette()
    quiet = colours.fill["hairline"]
    ax.set_facecolor("none")
    ax.spines[["top", "right"]].set_visible(False)
    ax.spines[["left", "bottom"]].set_color(quiet)
    ax.grid(axis="y", color=quiet, linewidth=0.8)
    ax.set_axisbelow(True)
    ax.tick_params(color=quiet, labelcolor=colours.text["ink"], labelsize=BODY, length=4)
    cycle = ["hidden", "input", "cell_line", "gate_i", "muted", "gradient"]
    ax.set_prop_cycle(color=[colours.fill[role] for role in cycle])


def name_values(ax, text):
    """Write the y axis's name and unit flat above its upper end."""
    ax.set_ylabel(text, rotation=0, ha="left", va="bottom", color=palette().text["ink"])
    ax.yaxis.set_label_coords(0, 1.03)


def panel(ax, name, note="", role="ink"):
    """Name one of several small plots: a bold name in its role's colour, a note below it.

    ``note`` may have several lines. Name and note stand above an axis name set by ``draw.axes``.
    """
    colours = palette().text
    unit = any(other.get_ylabel() for other in ax.figure.axes)  # neighbours rise alike
    note_lines = note.split("\n") if note else []
    with house_type():
        rise = 6 + (14 if unit else 0)
        for line in reversed(note_lines):
            _above(ax, line, rise, colours["ink"])
            rise += 14
        _above(ax, name, rise, colours[role], weight="bold")


def label_end(ax, x, y, text, role):
    """Write a line's name at its right end, in its role's colour.

    ``x, y`` is the line's last point, in the axes' units. Labels of one axes move apart by
    themselves where their lines end close together.
    """
    return ax.annotate(
        text,
        (x, y),
        xytext=(8, 0),
        textcoords="offset points",
        color=palette().text[role],
        va="center",
        annotation_clip=False,
        gid=LINE_END,
        bbox={"facecolor": palette().fill["ground"], "edgecolor": "none", "pad": 1},
    )


def _figure(width, height):
    figure = Figure(figsize=(width, height), dpi=DPI, facecolor=palette().fill["ground"])
    FigureCanvasAgg(figure)
    return figure


def _head_lines(figure, title, subtitle):
    room = figure.get_figwidth() - 2 * MARGIN
    parts = [
        (title, TITLE_LINE, {"size": TITLE, "weight": "bold"}),
        (subtitle, SUB_LINE, {"size": BODY}),
    ]
    return [(wrap(figure, text, room, **style), step, style) for text, step, style in parts if text]


def _head_height(figure, title, subtitle):
    lines = _head_lines(figure, title, subtitle)
    return MARGIN + 0.12 + sum(len(texts) * step for texts, step, _ in lines)


def _extra_height(figure, title, subtitle):
    lines = _head_lines(figure, title, subtitle)
    return sum((len(texts) - 1) * step for texts, step, _ in lines)


def _above(ax, text, rise, colour, **font):
    ax.annotate(
        text,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, rise),
        textcoords="offset points",
        color=colour,
        annotation_clip=False,
        **font,
    )
