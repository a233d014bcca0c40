"""Gates, candidate and states over a sequence: a strip each, on one time axis."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.gate_runs import GATES, ROWS, GateRun
from rnncourse.draw.gate_words import told, usual_title
from rnncourse.draw.layout import size_of
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import DPI, VALUE, house_type, number, palette
from rnncourse.draw.tiles import counted

MOST_WORDS, SLANT = 50, 60
PAGE, LEFT, RIGHT, EDGE = 7.6, 1.62, 6.95, 0.16  # inches
GATE_HEIGHT, STATE_HEIGHT, GAP = 0.33, 0.56, 0.17


def gates(
    lstm,
    x=None,
    words=None,
    unit=None,
    rows=None,
    start=None,
    events=None,
    notes=None,
    names=None,
    title=None,
    subtitle=None,
    xlabel="step t",
):
    """Draw what the gates of an LSTM or GRU do over a sequence, a strip each, colour by role.

    Parameters
    ----------
    lstm : a ``cells.LSTM`` or ``cells.GRU`` (or an object with their weights), run over x and not
        changed; or a dict of values (T,) or (T, H), keys from x, i, f, g, o, c, h, r, z, n.
    x : (T, D), or (T,) where there is one input; up to 120 steps. Not for a dict.
    words : T labels below the columns, up to 50.
    unit : the unit that is drawn, as bars. None with several units (up to 64): every strip is a
        map, a row a unit, the first on top.
    rows : the strips from above, as "ifcoh". None: the usual ones that there are (x for one input).
    start : what is held before the first step: (h, c), or h for a GRU; zeros if left out.
    events : {step: "write"}, a bold word on top and a dotted line through all strips.
    notes : {("h", step): "0.73"}, a short text beside a bar; a number is written as such.
    names : {"x": "value"}, names of strips in place of the usual ones.
    title, subtitle, xlabel : texts in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes, rows and steps.
    """
    run = GateRun(lstm, x, start, unit, rows)
    if words is not None and (len(words) != run.steps or run.steps > MOST_WORDS):
        raise ValueError(f"words has {len(words)} entries; there are {run.steps} steps, and room "
                         f"for {MOST_WORDS} words.")  # fmt: skip
    for step in [*(events or {}), *(at for _, at in notes or {})]:
        if not 0 <= step < run.steps:
            raise ValueError(f"step {step} is named; there are the steps 0 to {run.steps - 1}.")
    title = title or usual_title(run)
    with house_type():
        if subtitle is None:
            subtitle = usual_subtitle(run)
        page = _Page(run, title, subtitle, words, events or {}, names or {}, xlabel)
        page.draw(notes or {})
    return Picture(page.figure, told(run, title, words, events or {}))


def usual_subtitle(run):
    if run.maps:
        large = "an open gate" if set(run.rows) & set(GATES) else "a large value"
        barred = "; ochre with a bar is negative" if run.negative else ""
        return f"{counted(run.units, 'unit')}, a row each. A strong tone is {large}{barred}."
    which = f"Unit {run.unit} of {run.units}. " if run.units > 1 else ""
    return f"{which}Full height is an open gate." + (" Hatched: negative." if run.negative else "")


class _Page:
    """Where everything stands, in inches, and the drawing of it."""

    def __init__(self, run, title, subtitle, words, events, names, xlabel):
        self.run, self.events, self.names, self.words = run, events, names, words
        self.xlabel = xlabel
        self.pitch = (RIGHT - LEFT) / run.steps
        self.heights = {row: self._height(row) for row in run.rows}
        strips = sum(self.heights.values()) + GAP * (len(run.rows) - 1)
        self.word_size = 10 if self.pitch > 0.2 else 8 if self.pitch > 0.14 else 7
        self.slanted, self.foot = self._below()
        head = 0.3 if events else 0.02
        self.figure, self.ax = sheet(title, subtitle, strips + self.foot + head, PAGE)
        self.top = strips + self.foot

    def _below(self):
        """Whether the words need their slant, and the height of words and steps."""
        if self.words is None:
            return False, 0.36
        ruler = Figure(dpi=DPI)
        FigureCanvasAgg(ruler)
        sizes = [size_of(ruler, str(word), size=self.word_size) for word in self.words]
        wide, high = (max(size) for size in zip(*sizes, strict=True))
        if wide < self.pitch - 0.06:
            return False, 0.62
        slant = np.radians(SLANT)
        return True, 0.42 + wide * np.sin(slant) + high * np.cos(slant)

    def _height(self, row):
        run = self.run
        if run.is_map(row):
            return float(np.clip(0.1 * run.values[row].shape[1], 0.36, 0.9))
        if row in GATES:
            return GATE_HEIGHT
        return STATE_HEIGHT if (run.values[row] < -5e-3).any() else 0.42

    def across(self, step):
        return LEFT + (step + 0.5) * self.pitch

    def draw(self, notes):
        top = self.top
        for step, word in self.events.items():
            self._event(step, word)
        for row in self.run.rows:
            bottom = top - self.heights[row]
            if self.run.is_map(row):
                self._map(row, bottom, top)
            else:
                self._bars(row, bottom, top, {at: t for (r, at), t in notes.items() if r == row})
            name, role = ROWS[row]
            name = self.names.get(row, name)
            written = pieces.say(
                self.ax, LEFT - 0.12, (bottom + top) / 2, name, role, size=10.5, ha="right"
            )
            pieces.fit(self.ax, written, LEFT - 0.12 - EDGE)
            top = bottom - GAP
        self._time(top + GAP)

    def _event(self, step, word):
        ax, x = self.ax, self.across(step)
        colour = palette().fill["muted"]
        ax.plot([x, x], [self.foot - 0.06, self.top + 0.08], ls=(0, (1, 2)), color=colour, lw=1.4,
                zorder=3.5)  # fmt: skip
        pieces.say(ax, x, self.top + 0.19, word, bold=True)

    def _bars(self, row, bottom, top, notes):
        ax, values, reach = self.ax, self.run.values[row][:, 0], self.run.reach(row)
        signed = (values < -5e-3).any()
        role = ROWS[row][1]
        zero = (bottom + top) / 2 if signed else bottom
        scale = (top - zero) / reach
        if row in GATES:
            ground = {"facecolor": palette().fill["panel"], "edgecolor": "none"}
            ax.add_patch(
                Rectangle((LEFT, bottom), RIGHT - LEFT, top - bottom, zorder=0.5, **ground)
            )
        wide = self.pitch * (0.84 if self.run.steps <= 60 else 1.0)
        for kind in (True, False):
            chosen = (values < 0) == kind
            bars = [self._bar(at, values[at], zero, scale, wide) for at in np.flatnonzero(chosen)]
            self._add(bars, role, hatched=kind)
        base = palette().fill["muted" if row in GATES else "ink"]
        ax.plot([LEFT, RIGHT], [zero, zero], color=base, lw=1.2, zorder=3)
        low = -reach if signed else 0
        for value, y, va in ((reach, top, "top"), (low, bottom, "bottom")):
            written = f"{value:g}".replace("-", "−")
            pieces.say(ax, RIGHT + 0.07, y, written, "muted", size=9.5, ha="left", va=va)
        for step, text in notes.items():
            self._note(step, text, values[step], zero, scale, role)

    def _bar(self, at, value, zero, scale, wide):
        left, end = self.across(at) - wide / 2, zero + value * scale
        return [(left, zero), (left + wide, zero), (left + wide, end), (left, end)]

    def _add(self, bars, role, hatched):
        if not bars:
            return
        tone = pieces.tone(role)
        made = PolyCollection(bars, zorder=2)
        if hatched:
            made.set(facecolor=palette().fill["ground"], edgecolor=tone, linewidth=1.2)
            made.set_hatch("/////")
        else:
            edge = palette().fill["ink"] if role == "gate_f" else tone
            thin = 0.6 if role == "gate_f" and self.run.steps <= 60 else 0.0
            made.set(facecolor=tone, edgecolor=edge if thin else "none", linewidth=thin)
        self.ax.add_collection(made, autolim=False)

    def _note(self, step, text, value, zero, scale, role):
        """A short text to the right of a bar, or left of it near the edge."""
        text = text if isinstance(text, str) else number(text)
        x = self.across(step)
        right = x + 0.09 * len(text) + self.pitch / 2 < RIGHT
        side = (self.pitch / 2 + 0.05) * (1 if right else -1)
        y = zero + value * scale / 2
        y = y if abs(value * scale) > 0.16 else zero + (0.12 if value >= 0 else -0.12)
        pad = {"facecolor": palette().fill["ground"], "edgecolor": "none", "pad": 0.6}
        ha = "left" if right else "right"
        written = pieces.say(self.ax, x + side, y, text, role, bold=True, size=VALUE - 1, ha=ha)
        written.set_bbox(pad)

    def _map(self, row, bottom, top):
        ax, values = self.ax, self.run.values[row]
        role, units, reach = ROWS[row][1], values.shape[1], self.run.reach(row)
        signed = row not in GATES and bool((values < -5e-3).any())
        height = (top - bottom) / units
        shapes, faces, bars = [], [], []
        for step in range(self.run.steps):
            left = LEFT + step * self.pitch
            for unit, value in enumerate(values[step] / reach):
                y = top - (unit + 1) * height
                shapes.append([(left, y), (left + self.pitch, y), (left + self.pitch, y + height),
                               (left, y + height)])  # fmt: skip
                faces.append(palette().signed(value) if signed else tint(role, value))
                if signed and value < -0.1:
                    bars.append((left + self.pitch / 2, y + height / 2, value < -0.35))
        edge = "none" if self.run.steps > 60 or height < 0.06 else palette().fill["hairline"]
        made = PolyCollection(shapes, facecolors=faces, edgecolors=edge, linewidths=0.5, zorder=2)
        ax.add_collection(made, autolim=False)
        if height >= 0.055:
            arm = min(0.26 * self.pitch, 0.05)
            for strong, shade in ((True, "ground"), (False, "ink")):
                at = [(x, y) for x, y, dark in bars if dark == strong]
                if at:
                    x, y = np.array(at).T
                    ax.hlines(y, x - arm, x + arm, color=palette().fill[shade], lw=1.1, zorder=3)
        frame = {
            "facecolor": "none",
            "edgecolor": palette().fill["muted"],
            "lw": 0.8,
            "zorder": 3.2,
        }
        ax.add_patch(Rectangle((LEFT, bottom), RIGHT - LEFT, top - bottom, **frame))
        self._scale(row, bottom, top, signed, reach)

    def _scale(self, row, bottom, top, signed, reach):
        """A small key right of a map: the strongest tone, and the weakest."""
        ends = [reach, -reach if signed else 0.0]
        for value, y in zip(ends, (top - 0.08, bottom + 0.08), strict=True):
            tone = palette().signed(value / reach) if signed else tint(ROWS[row][1], value / reach)
            frame = {
                "facecolor": tone,
                "edgecolor": palette().fill["muted"],
                "lw": 0.8,
                "zorder": 3,
            }
            self.ax.add_patch(Rectangle((RIGHT + 0.08, y - 0.06), 0.12, 0.12, **frame))
            if value < 0:
                line = palette().fill["ground"]
                self.ax.plot([RIGHT + 0.11, RIGHT + 0.17], [y, y], color=line, lw=1.3, zorder=4)
            written = f"{value:g}".replace("-", "−")
            pieces.say(self.ax, RIGHT + 0.25, y, written, "muted", size=9, ha="left")

    def _time(self, bottom):
        ax, steps = self.ax, self.run.steps
        if self.words is not None:
            for step, word in enumerate(self.words):
                turn = {"ha": "center", "va": "top"}
                if self.slanted:
                    turn = {
                        "rotation": SLANT,
                        "ha": "right",
                        "va": "top",
                        "rotation_mode": "anchor",
                    }
                x = self.across(step) + (0.05 if self.slanted else 0)
                written = pieces.say(ax, x, bottom - 0.09, str(word), "input", size=self.word_size)
                written.set(parse_math=False, **turn)
        y = 0.16
        pieces.say(ax, LEFT - 0.12, y, self.xlabel, size=10, ha="right")
        every = next(e for e in (1, 2, 5, 10, 20, 50) if steps / e <= 16)
        marked = [t for t in range(0, steps, every) if steps - 1 - t >= 0.6 * every]
        for step in [*marked, steps - 1]:
            pieces.say(ax, self.across(step), y, f"{step}", size=10)


def tint(role, share):
    """The role's tone for a share from 0 to 1: from the ground by its fill to its text tone.

    The way is divided so that a pale fill, as yellow is, comes early: grey shows the steps too.
    """
    fill, text = palette().fill[role], palette().text[role]
    share = float(np.clip(share, 0, 1))
    if fill == text:  # on a dark ground the fill is the strongest tone
        return palette().mix(role, share)
    ground = palette().fill["ground"]
    bend = max((_grey(ground) - _grey(fill)) / (_grey(ground) - _grey(text)), 0.35)
    if share <= bend:
        return palette().mix(role, share / bend)
    part = (share - bend) / (1 - bend)
    mixed = [round(a + part * (b - a)) for a, b in zip(_rgb(fill), _rgb(text), strict=True)]
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def _grey(colour):
    return float(np.dot((0.3, 0.59, 0.11), _rgb(colour)))


def _rgb(colour):
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
