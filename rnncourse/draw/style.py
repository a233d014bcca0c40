"""The palette: one colour a role, light and dark, in one table.

Fills follow Okabe and Ito's colour-blind safe set. ``TEXT`` holds the darker tone in which a role's
words are written: at least 4.5 : 1 against the ground. In the dark palette the fill serves as text.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_TABLE = {  # role: (fill, text on white, fill and text on dark)
    "input": ("#009E73", "#00714F", "#2BBF93"),
    "hidden": ("#0072B2", "#005E94", "#4FA8E0"),
    "cell": ("#E69F00", "#8F5F00", "#F0B02E"),
    "cell_line": ("#BF7A00", "#8F5F00", "#F0B02E"),
    "output": ("#1F2328", "#1F2328", "#E8EAED"),
    "gradient": ("#D55E00", "#A84800", "#F07A2B"),
    "gate_i": ("#CC79A7", "#98406F", "#DE95BC"),
    "gate_f": ("#F0E442", "#6F6600", "#EDE25A"),
    "gate_o": ("#56B4E9", "#1F74A8", "#86CCF2"),
    "candidate": ("#7CCDB0", "#2B7A5C", "#9BDCC4"),
    "positive": ("#5E3C99", "#5E3C99", "#A48BE0"),
    "negative": ("#B35806", "#B35806", "#E08A3C"),
    "ink": ("#1F2328", "#1F2328", "#E8EAED"),
    "muted": ("#5F6770", "#5F6770", "#A2A9B2"),
    "hairline": ("#C9CED4", "#5F6770", "#454C55"),
    "panel": ("#F4F5F7", "#1F2328", "#20252C"),
    "now": ("#FFF6CC", "#1F2328", "#3A3518"),
    "ground": ("#FFFFFF", "#FFFFFF", "#14171C"),
}
_AREAS = {"hairline": "muted", "panel": "ink", "now": "ink"}  # never written in: their words' role

COLOURS = {role: fill for role, (fill, _, _) in _TABLE.items()}
TEXT = {role: text for role, (_, text, _) in _TABLE.items()}

DPI = 110
TITLE, BODY, VALUE, SYMBOL = 12, 10, 11, 12  # type sizes in points


@dataclass(frozen=True)
class Palette:
    """The colours in force: ``fill[role]`` for lines and areas, ``text[role]`` for words."""

    fill: dict
    text: dict

    def mix(self, role, share):
        """The role's fill mixed with the ground; ``share`` runs from 0 (ground) to 1 (fill)."""
        ends = [_channels(self.fill["ground"]), _channels(self.fill[role])]
        mixed = [round(a + (b - a) * share) for a, b in zip(*ends, strict=True)]
        return "#" + "".join(f"{channel:02X}" for channel in mixed)

    def signed(self, value):
        """Violet for a positive value, ochre for a negative one (-1 to 1), pale near 0."""
        share = min(abs(value), 1.0) ** 0.9
        return self.mix("positive" if value >= 0 else "negative", share)


_DARK = {role: dark for role, (_, _, dark) in _TABLE.items()}
LIGHT = Palette(COLOURS, TEXT)
DARK = Palette(_DARK, {role: _DARK[_AREAS.get(role, role)] for role in _DARK})
_current = ContextVar("palette", default=LIGHT)


def palette():
    """The palette in force: ``LIGHT``, or ``DARK`` inside ``with dark():``."""
    return _current.get()


@contextmanager
def dark():
    """Draw on a dark ground: ``with draw.dark(): draw.legend()``."""
    token = _current.set(DARK)
    try:
        yield DARK
    finally:
        _current.reset(token)


@contextmanager
def house_type():
    """Type and number form of the house, whatever the learner's own matplotlib settings are."""
    from matplotlib import rc_context

    settings = {
        "font.family": "DejaVu Sans",
        "font.size": BODY,
        "mathtext.fontset": "dejavusans",
        "axes.unicode_minus": True,
        "text.usetex": False,
        "text.hinting": "no_hinting",  # hinted bold digits look like another typeface
        "hatch.linewidth": 1.2,
    }
    with rc_context(settings):
        yield


def number(value):
    """Write a value as figures do: two decimals, leading zero, true minus; fewer where it is large.

    >>> number(0.8176), number(-0.7), number(1234.5), number(-2.5e8), number(float("inf"))
    ('0.82', '−0.70', '1234', '−2.5·10⁸', '∞')
    """
    value = float(value)
    if value != value:
        return "not a number"
    sign = "−" if value < 0 else ""
    size = abs(value)
    if size == float("inf"):
        return sign + "∞"
    if size >= 9999.5:
        mantissa, power = f"{size:.1e}".split("e")
        raised = str(int(power)).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
        return f"{sign}{mantissa}·10{raised}"
    written = f"{size:.0f}" if size >= 99.995 else f"{size:.2f}"
    return written if float(written) == 0 else sign + written


def _channels(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
