"""Cobwebs: what becomes of a held value when the neuron hears nothing but itself."""

from itertools import pairwise

import numpy as np

from rnncourse.cells import activation_named, run_neuron
from rnncourse.draw.frames import axes, label_end, name_values, panel
from rnncourse.draw.maps import all_fixed, fixed_points
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import house_type, number, palette

FILL = {"stable": "full", "unstable": "none", "neither": "left"}
RANGE = {"sigmoid": (-0.1, 1.1), "tanh": (-1.2, 1.2), "relu": (-0.3, 2.2), "linear": (-1.2, 1.2)}
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)))


def cobweb(activation, w_h=None, b=0.0, h0s=(0.5,), steps=12, title=None, subtitle=None):
    """Follow held values through ``h -> f(w_h * h + b)``, input 0: up to the curve, across, again.

    Parameters
    ----------
    activation : the name of f; or [(activation, w_h, b), ...], up to four, side by side.
    w_h, b : feedback weight and bias, numbers without unit.
    h0s : what the delay block holds at the start, up to four values.
    steps : how many steps are followed, 1 or more.

    Fixed points are filled where stable, hollow where unstable, half filled where neither. A single
    map has the same values over time beside it. Returns a ``Picture``.
    Raises ``ValueError`` for an unknown activation, or too many maps or starts.
    """
    maps = [(activation, w_h, b)] if isinstance(activation, str) else list(activation)
    if not 1 <= len(maps) <= 4:
        raise ValueError(f"There are {len(maps)} maps; this picture shows 1 to 4.")
    if not 1 <= len(h0s) <= 4 or steps < 1:
        raise ValueError("cobweb follows 1 to 4 values h0s, for 1 step or more.")
    for name, _, _ in maps:
        activation_named(name)
    title = title or "Fixed points: where the curve meets the diagonal, the held value stays"
    if subtitle is None:
        subtitle = "Input 0. Filled: it pulls neighbours in. Hollow: it drives them away."
    if len(maps) == 1:
        figure = _with_time(maps[0], h0s, steps, title, subtitle)
    else:
        figure = _side_by_side(maps, h0s, steps, title, subtitle)
    return Picture(figure, " ".join(_told(*one, h0s, steps) for one in maps))


def _with_time(one, h0s, steps, title, subtitle):
    activation, w_h, b = one
    limits = _limits([one], h0s)
    figure, (left, right) = axes(title, subtitle, cols=2, height=4.3, sharey=True)
    with house_type():
        name_values(left, "$h_t$")
        _map(left, one, h0s, steps, limits)
        bias = f", $b = {number(b)}$" if b else ""
        panel(left, f"{activation}, $w_h = {number(w_h)}${bias}", role="hidden")
        panel(right, "the same values over time", role="hidden")
        right.set_xlabel("step t (−1: the start)", loc="left", color=palette().text["ink"])
        for h0, dash in zip(h0s, DASHES, strict=False):
            path = _within(_path(activation, w_h, b, h0, steps), limits)
            style = {"color": palette().fill["hidden"], "ls": dash, "lw": 1.6, "ms": 4}
            right.plot(np.arange(len(path)) - 1, path, marker="o", **style)
        right.set(xlim=(-1.5, steps - 0.5))
        right.xaxis.get_major_locator().set_params(integer=True)
        for point in fixed_points(*one):
            if limits[0] <= point.value <= limits[1]:
                right.axhline(point.value, color=palette().fill["muted"], ls=":", lw=1.2, zorder=1)
                said = "" if point.stability == "neither" else f" {point.stability}"
                label_end(right, steps - 0.5, point.value, number(point.value) + said, "ink")
    return figure


def _side_by_side(maps, h0s, steps, title, subtitle):
    limits = _limits(maps, h0s)
    biased = any(b for _, _, b in maps)
    height = 1.95 + 6.5 / len(maps) + (0.2 if biased else 0)  # head, labels and square panels
    figure, grid = axes(title, subtitle, cols=len(maps), height=height, sharey=True)
    with house_type():
        name_values(grid[0], "$h_t$")
        for ax, (activation, w_h, b) in zip(grid, maps, strict=True):
            _map(ax, (activation, w_h, b), h0s, steps, limits)
            bias = f"\n$b = {number(b)}$" if biased else ""
            panel(ax, activation, f"$w_h = {number(w_h)}${bias}", "hidden")
    return figure


def _map(ax, one, h0s, steps, limits):
    """Curve, diagonal, the paths of all starts, and the fixed points."""
    activation, w_h, b = one
    colours = palette().fill
    held = np.linspace(*limits, 241)
    ax.plot(held, activation_named(activation)(w_h * held + b), color=colours["ink"], lw=2.2)
    ax.plot(limits, limits, color=colours["muted"], lw=1.2, ls=":")
    for h0, dash in zip(h0s, DASHES, strict=False):
        path = _within(_path(activation, w_h, b, h0, steps), limits)
        _staircase(ax, path, colours["hidden"], dash)
        ax.plot(path[0], path[0], "s", color=colours["hidden"], ms=6, clip_on=False, zorder=4)
    for point in fixed_points(*one):
        if limits[0] <= point.value <= limits[1]:
            ax.plot(
                point.value,
                point.value,
                "o",
                ms=10,
                mew=1.8,
                fillstyle=FILL[point.stability],
                color=colours["ink"],
                markerfacecoloralt=colours["ground"],
                mfc=colours["ground"] if point.stability == "unstable" else colours["ink"],
                zorder=5,
            )
    ax.set(xlim=limits, ylim=limits, box_aspect=1)
    ax.set_xlabel("held value $h_{t-1}$", loc="left", color=palette().text["ink"])
    ax.grid(visible=False)


def _staircase(ax, path, colour, dash):
    corners = [(path[0], path[0])]
    for before, after in pairwise(path):
        corners += [(before, after), (after, after)]
    ax.plot(*zip(*corners, strict=True), color=colour, lw=1.5, ls=dash, zorder=3)
    if len(path) > 1 and abs(path[1] - path[0]) > 1e-9:
        (x, y), (_, top) = corners[0], corners[1]
        ax.annotate(
            "",
            (x, y + 0.62 * (top - y)),
            (x, y + 0.5 * (top - y)),
            arrowprops={"arrowstyle": "-|>", "color": colour, "mutation_scale": 13, "lw": 0},
            annotation_clip=False,
        )


def _path(activation, w_h, b, h0, steps):
    with np.errstate(all="ignore"):
        run = run_neuron(np.zeros(steps), 1.0, w_h, b, h0, activation)
    return np.append(h0, run)


def _within(path, limits):
    """The path up to where it leaves the picture: one value beyond, cut at a whole width away."""
    span = limits[1] - limits[0]
    gone = np.flatnonzero(~((path >= limits[0]) & (path <= limits[1])))
    kept = path[: gone[0] + 1] if len(gone) else path
    return np.clip(np.nan_to_num(kept), limits[0] - span, limits[1] + span)


def _limits(maps, h0s):
    """One square range for all maps: what the functions give, and the starts."""
    low = min([RANGE[name][0] for name, _, _ in maps] + [min(h0s) - 0.1])
    high = max([RANGE[name][1] for name, _, _ in maps] + [max(h0s) + 0.1])
    return low, high


def _told(activation, w_h, b, h0s, steps):
    points = fixed_points(activation, w_h, b)
    bias = f" and bias {number(b)}" if b else ""
    told = f"Cobweb of a {activation} neuron with feedback weight {number(w_h)}{bias}: "
    if all_fixed(activation, w_h, b):
        told += "every value on the line stays; "
    elif not points:
        told += "no fixed point; "
    else:
        kinds = {"neither": "neither stable nor unstable"}
        told += ", ".join(
            f"{kinds.get(p.stability, p.stability)} at {number(p.value)}" for p in points
        )
        told = told.replace(
            ": ", f": {len(points)} fixed point{'s' if len(points) > 1 else ''}, ", 1
        )
        told += "; "
    ends = [f"{number(h0)} to {number(_path(activation, w_h, b, h0, steps)[-1])}" for h0 in h0s]
    return told + f"in {steps} steps the held value goes from " + ", ".join(ends) + "."
