"""What plots of several runs share: tone, dash and marker by name, and the spread over seeds."""

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from rnncourse.draw.style import number, palette

_KNOWN = (  # a model wears its state's colour
    ("lstm", "cell_line"),
    ("gru", "gate_i"),
    ("window", "muted"),
    ("rnn", "hidden"),
)
_FREE = ("hidden", "input", "cell_line", "gate_i", "gradient", "ink", "muted")
DASHES = ("-", (0, (5, 1.6)), (0, (5, 1.4, 1.2, 1.4)), (0, (1.3, 1.3)), (0, (8, 1.5, 2, 1.5)))
MARKERS = ("o", "s", "D", "^", "v", "P", "X")


class Look:
    """How one named line is drawn: ``role, dash, marker``."""

    def __init__(self, role, dash, marker):
        self.role, self.dash, self.marker = role, dash, marker

    @property
    def colour(self):
        return palette().fill[self.role]

    @property
    def line(self):
        return {"color": self.colour, "ls": self.dash, "lw": 2.2, "zorder": 3}

    @property
    def dots(self):
        ground = palette().fill["ground"]
        return {"marker": self.marker, "ms": 6.5, "mec": ground, "mew": 0.8}


def looks(names, roles=None):
    """A ``Look`` for each name: its model's colour, else the next free one; no two dashes alike.

    Names with "RNN", "LSTM", "GRU" or "window" have their role by themselves. ``roles`` overrides.
    """
    roles = dict(roles or {})
    unknown = [role for role in roles.values() if role not in palette().fill]
    if unknown:
        raise ValueError(f"There is no role {unknown[0]!r}; there are {', '.join(palette().fill)}.")
    models = [
        next((role for mark, role in _KNOWN if mark in str(name).lower()), None) for name in names
    ]
    taken = {roles.get(name, model) for name, model in zip(names, models, strict=True)}
    free = [role for role in _FREE if role not in taken] or list(_FREE)
    found, at = {}, 0
    for count, (name, model) in enumerate(zip(names, models, strict=True)):
        role = roles.get(name, model)
        if role is None:
            role = free[at % len(free)]
            at += 1
        found[name] = Look(role, DASHES[count % len(DASHES)], MARKERS[count % len(MARKERS)])
    return found


def seeded(name, values, most=2):
    """``values`` as (K, S) of floats; one seed where there is no second axis. Raises."""
    values = np.asarray(values, dtype=float)
    if values.ndim == 1:
        values = values[:, None]
    if values.ndim != most or not values.size:
        raise ValueError(f"{name!r} has shape {values.shape}; it takes (K,) or (K, S).")
    return values


def spread_note(seeds, middle):
    """What line and band are, for the subtitle: "Line: median of 5 seeds; band: all 5."."""
    counts = sorted(set(seeds))
    if counts == [1]:
        return "One seed."
    count = f"{counts[-1]}" if len(counts) == 1 else f"up to {counts[-1]}"
    return f"Line: {middle} of {count} seeds; band: all of them."


def fill(ax, x, low, high, look):
    """The band between the seeds' least and largest value, with thin edges that read in grey."""
    colour = palette().mix(look.role, 0.22)
    ax.fill_between(x, low, high, color=colour, lw=0, zorder=2)
    edge = palette().mix(look.role, 0.5)
    for side in (low, high):
        ax.plot(x, side, color=edge, lw=0.6, zorder=2.1)


def along_x(ax, first, last, log=False):
    """Set the x axis from the first to the last point; a lone point gets room on both sides."""
    if first == last:
        first, last = (first / 2, last * 2) if log else (first - 1, last + 1)
    ax.set_xlim(first, last)


def power_of_ten(value):
    """ "1", "10⁻⁴": the numbers of a logarithmic axis, to the nearest power of ten."""
    power = round(np.log10(value)) if value > 0 else 0
    if power in (0, 1):
        return f"{10**power}"
    raised = str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"10{raised}"


def amount(value):
    """A value of any size: two decimals, or one digit and its power of ten where it is small."""
    if not np.isfinite(value) or value == 0 or abs(value) >= 5e-3:
        return number(value)
    digit, power = f"{value:.0e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digit.replace('-', '−')}·10{raised}"


def log_ticks(axis, low, high):
    """At most about six powers of ten on a logarithmic axis, or 1, 2, 5 where it is short."""
    decades = np.log10(high / low)
    powers = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    if decades < 2.5:
        ticks = np.concatenate([factor * powers for factor in (1, 2, 5)])
        form = FuncFormatter(lambda value, _: f"{value:g}")
    else:
        every = max(1, round(decades / 5))
        ticks = [power for power in powers if round(np.log10(power)) % every == 0]
        form = FuncFormatter(lambda value, _: power_of_ten(value))
    axis.set_major_locator(FixedLocator(sorted(t for t in ticks if low <= t <= high * 1.0001)))
    axis.set_major_formatter(form)
    axis.set_minor_locator(NullLocator())
