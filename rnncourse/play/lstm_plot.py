"""The cell with its hand-set gates above, its track below, drawn anew at every turn of a knob."""

from math import ceil

import numpy as np
from matplotlib.collections import PolyCollection

from rnncourse.draw import flows, pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.style import BODY, SYMBOL, house_type, number, palette
from rnncourse.draw.tiles import counted
from rnncourse.play.cell_track import CellStep, Mission, sentence, track
from rnncourse.play.redrawn import Redrawn

PAGE, ROOM = 7.4, 4.75  # inches
LANE, BASE = 4.17, 2.52  # heights: the memory lane, the end of h's arrow
START, F, SUM, OUT, END, LIST = 0.58, 1.4, 2.68, 3.95, 4.66, 5.2  # columns
I_VALVE, TANH, O_VALVE = 3.33, 3.6, 3.02
VALVES = ("f", F, LANE), ("i", SUM, I_VALVE), ("o", OUT, O_VALVE)
VERBS = {"f": "keep", "i": "write", "o": "show"}
LEFT, RIGHT = 1.3, 6.98  # the track
ROWS = (  # letter, name, role, bottom, height: inches; the last two run from -1 to 1
    ("i", "input gate $i$", "gate_i", 1.86, 0.22),
    ("f", "forget gate $f$", "gate_f", 1.56, 0.22),
    ("o", "output gate $o$", "gate_o", 1.26, 0.22),
    ("c", "cell $c$", "cell", 0.79, 0.4),
    ("h", "hidden $h$", "hidden", 0.31, 0.4),
)


class LstmPlot(Redrawn):
    """Drawn from ``settings``, a tuple of (i, f, o, g) that were done, and ``coming``, the next
    one or None. ``steps, mission, reading`` tell of the last drawing.
    """

    def __init__(self, target=0.8, hold=5, most=24):
        self.target, self.hold, self.most = target, hold, most
        with house_type():
            figure, self.ground = sheet(" ", " ", ROOM, PAGE)
            self.title, self.subtitle = figure.texts
            self._stand()
            self.live = figure.add_axes((0, 0, 1, 1), facecolor="none")
            self.live.set_axis_off()
            self.live.set(xlim=self.ground.get_xlim(), ylim=self.ground.get_ylim())
            self._front()
        super().__init__(figure, [self.title, self.subtitle, self.live])

    def _set(self, settings, coming):
        self.steps = track(settings)
        c = self.steps[-1].c if self.steps else 0.0
        self.mission = Mission(self.steps, self.target, self.hold)
        shown = CellStep(*coming, c) if coming is not None else None
        step = shown or (self.steps[-1] if self.steps else CellStep(0.0, 1.0, 0.0, 0.0, 0.0))
        when = "The next step" if shown else "The last step"
        self.reading = sentence(step, when)
        done = [told.partition(",")[0] for told, good in self.mission.parts if good]
        self.title.set_text(
            f"{when} keeps {number(step.f)} of {number(step.c_before)}, writes "
            f"{number(step.added)}, shows {number(step.o)}"
        )
        self.subtitle.set_text(
            f"{counted(len(self.steps), 'step')} done; c holds {number(c)}. Band width = amount."
            + (" Hatched: negative." if min(step.amounts) < -flows.FAINT else "")
        )
        self.alt = (
            f"A cell whose gates are set by hand, after {counted(len(self.steps), 'step')}. "
            f"{self.reading} Done of the mission: {', '.join(done) or 'nothing yet'}."
            f"{self._told()}"
        )
        known = [*self.steps, step]
        self.range = max(1, *(ceil(abs(step.c) - 1e-9) for step in known))
        for end, sign in zip(self.ends, ("", "−"), strict=True):
            end.set_text(f"{sign}{self.range}")
        for artist in self.live.get_children():
            if artist not in self.stays:
                artist.remove()
        self._cell(step)
        self._list()
        self._track(shown)

    def _told(self):
        if not self.steps:
            return ""
        c, h = (", ".join(number(getattr(step, at)) for step in self.steps) for at in "ch")
        return f" c so far: {c}; h: {h}."

    def _stand(self):
        """What no knob changes: names, the strips' grounds, the scales."""
        ax, say = self.ground, pieces.say
        say(ax, START - 0.06, LANE, "$c_{t-1}$", "cell", size=SYMBOL, ha="right")
        say(ax, END + 0.08, LANE, "$c_t$", "cell", size=SYMBOL, ha="left")
        say(ax, END + 0.08, BASE, "$h_t$", "hidden", size=SYMBOL, ha="left")
        say(ax, SUM - 0.22, BASE, "$g$", "candidate", size=SYMBOL, ha="right")
        say(ax, LIST, LANE + 0.36, "Your mission", bold=True, ha="left", size=11)
        ends = {}
        for letter, name, role, bottom, height in ROWS:
            say(ax, LEFT - 0.1, bottom + height / 2, name, role, ha="right")
            signed = letter in "ch"
            zero = bottom + height / 2 if signed else bottom
            if not signed:
                corners = [(LEFT, bottom), (RIGHT, bottom), (RIGHT, bottom + height),
                           (LEFT, bottom + height)]  # fmt: skip
                tone = palette().fill["panel"]
                ax.add_collection(PolyCollection([corners], facecolors=tone, zorder=0.5))
            colour = palette().fill["ink" if signed else "muted"]
            ax.plot([LEFT, RIGHT], [zero, zero], color=colour, lw=1.2, zorder=3)
            if signed:
                ends[letter] = [
                    say(
                        ax,
                        RIGHT + 0.06,
                        zero + 0.4 * way * height,
                        text,
                        "muted",
                        size=8,
                        ha="left",
                    )
                    for way, text in ((1, "1"), (-1, "−1"))
                ]
        self.ends = ends["c"]
        every = 1 if self.most <= 12 else 2 if self.most <= 24 else 5
        say(ax, LEFT - 0.1, 0.14, "step", ha="right")
        for step in range(1, self.most + 1):
            if step % every == 0 or step == 1:
                say(ax, self._column(step - 1), 0.14, f"{step}", size=9.5)

    def _front(self):
        """What stands before the bands: valves (whose filling moves), sum and tanh."""
        ax, self.levels = self.live, {}
        for letter, x, y in VALVES:
            flows.gauge(ax, x, y, 1.0, f"gate_{letter}")
            self.levels[letter] = ax.patches[-2]
        pieces.total(ax, SUM, LANE, 0.21)
        pieces.box(ax, OUT, TANH, "tanh", 0.6, 0.33, size=10)
        pieces.dot(ax, OUT, LANE, "output")
        self.stays = set(ax.get_children())

    def _column(self, at):
        return LEFT + (at + 0.5) * (RIGHT - LEFT) / self.most

    def _cell(self, step):
        ax, scale = self.live, flows.scale_for(step.amounts)
        flow, inside, beside = flows.flow, flows.inside, flows.beside
        half = flow(ax, [(START, LANE), (F, LANE)], step.c_before, "cell", scale)
        inside(ax, 0.9, LANE, step.c_before, "cell", half, 0.52)
        half = flow(ax, [(F, LANE), (SUM - 0.18, LANE)], step.kept, "cell", scale)
        inside(ax, 2.03, LANE, step.kept, "cell", half)
        half = flow(ax, [(SUM + 0.18, LANE), (END, LANE)], step.c, "cell", scale, arrow=True)
        inside(ax, 3.36, LANE, step.c, "cell", half)
        if step.kept > 0.05 and step.added > 0.05:
            roles = "candidate", "cell"
            flows.blend(ax, SUM + 0.18, 3.5, LANE, step.kept, step.added, scale, roles)
        down = [(OUT, LANE - half), (OUT, TANH + 0.17)]
        half = flow(ax, down, step.c, "cell", scale)
        beside(ax, OUT, 3.8, step.c, "cell", max(half, 0.27))
        half = flow(ax, [(SUM, BASE), (SUM, I_VALVE)], step.g, "candidate", scale)
        beside(ax, SUM, BASE + 0.25, step.g, "candidate", half)
        up = [(SUM, I_VALVE), (SUM, LANE - 0.22)]
        beside(ax, SUM, 3.77, step.added, "candidate",
               flow(ax, up, step.added, "candidate", scale))  # fmt: skip
        down = [(OUT, TANH - 0.17), (OUT, O_VALVE)]
        flow(ax, down, step.squashed, "hidden", scale)
        way = [(OUT, O_VALVE), (OUT, BASE), (END, BASE)]
        half = flow(ax, way, step.h, "hidden", scale, arrow=True)
        beside(ax, OUT - half - 0.6, BASE + 0.1, step.h, "hidden", 0.0, 0.45)
        for letter, x, y in VALVES:
            level = getattr(step, letter)
            self.levels[letter].set_height(flows.VALVE[1] * level)
            verb, over = VERBS[letter], letter == "f"
            words = f"{verb} {number(level)}" if over else f"{verb}\n{number(level)}"
            place = (x, y + 0.36) if over else (x + 0.26, y)
            pieces.say(ax, *place, words, f"gate_{letter}", bold=True, size=10.5,
                       ha="center" if over else "left")  # fmt: skip

    def _list(self):
        """The mission: a box a part, ticked when the track has done it."""
        ax, fills = self.live, palette().fill
        now = self.mission.stage
        for at, (told, done) in enumerate(self.mission.parts):
            y = LANE - 0.02 - 0.36 * at
            place = LIST, y
            frame = np.add(place, [(0, -0.09), (0.18, -0.09), (0.18, 0.09), (0, 0.09)])
            box = PolyCollection([frame], facecolors=fills["ink" if done else "ground"],
                                 edgecolors=fills["ink"], linewidths=1.5, zorder=3)  # fmt: skip
            ax.add_collection(box, autolim=False)
            if done:
                tick = np.add(place, [(0.035, -0.005), (0.075, -0.05), (0.15, 0.05)])
                ax.plot(*tick.T, color=fills["ground"], lw=2.2, zorder=4)
            role = "ink" if done or at == now else "muted"
            first, _, more = told.partition(",")
            lines = f"{first},\n{more.strip()}" if more else first
            written = pieces.say(ax, LIST + 0.28, y, lines, role, at == now, BODY, ha="left")
            written.set_linespacing(1.1)
        if now == 4:
            pieces.say(ax, LIST, LANE - 1.5, "All done: a memory.", bold=True, ha="left")

    def _track(self, coming):
        """Bars for what was done; the coming step in the light, its bars pale."""
        ax, wide = self.live, 0.84 * (RIGHT - LEFT) / self.most
        known = [*self.steps, coming] if coming else self.steps
        if coming and len(self.steps) < self.most:
            x = self._column(len(self.steps))
            bottom, top = ROWS[-1][3] - 0.05, ROWS[0][3] + ROWS[0][4] + 0.05
            pieces.spotlight(ax, x, (bottom + top) / 2, wide + 0.03, top - bottom)
        for letter, _, role, bottom, height in ROWS:
            signed = letter in "ch"
            zero = bottom + height / 2 if signed else bottom
            full = height / 2 / (self.range if letter == "c" else 1) if signed else height
            bars = {}
            for at, step in enumerate(known[: self.most]):
                value, left = getattr(step, letter), self._column(at) - wide / 2
                end = zero + value * full
                corners = [(left, zero), (left + wide, zero), (left + wide, end), (left, end)]
                bars.setdefault((value < 0, at >= len(self.steps)), []).append(corners)
            for (negative, pale), shapes in bars.items():
                tone = palette().mix(role, 0.45) if pale else pieces.tone(role)
                made = PolyCollection(shapes, zorder=2, facecolors=tone, linewidths=0)
                if letter == "f":  # yellow needs its outline
                    made.set(edgecolor=palette().fill["muted" if pale else "ink"], linewidth=0.6)
                if negative:
                    made.set(facecolor="none", edgecolor=tone, linewidth=1.2, hatch="/////")
                ax.add_collection(made, autolim=False)
