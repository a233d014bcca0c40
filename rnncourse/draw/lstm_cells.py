"""One LSTM cell at one step: the memory lane, its valves, and every number of the step."""

from rnncourse.draw import flows, pieces, tiles
from rnncourse.draw.cell_panels import lstm_panel
from rnncourse.draw.cell_steps import LstmStep
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import SYMBOL, house_type, number

PAGE, BODY = 7.6, 3.62  # inches
LANE, BOXES, BUS = 3.2, 1.28, 0.53  # heights: the memory lane, the gates' boxes, what they hear
F, I, G, O = 1.264, 1.9, 2.545, 3.3  # noqa: E741 (columns of the four boxes)
START, OUT, END = 0.52, 3.95, 4.62  # the lane begins; c's way down to h; the arrows end
I_VALVE, TANH, O_VALVE, H_LANE = 2.245, 2.5, 1.72, 0.98  # heights
PEEP = 0.16  # how far right of a box's middle its peephole enters
ROLES = {"f": "gate_f", "i": "gate_i", "g": "candidate", "o": "gate_o"}


def lstm(lstm, x=None, start=None, unit=0, parts=None, values=True, title=None, subtitle=None):
    """Draw one LSTM cell at one step: bands as broad as the amounts, gates as valves.

    Parameters
    ----------
    lstm : a ``cells.LSTM`` of any form (or an object with ``W_ih, W_hh, b_ih, b_hh`` in the order
        i, f, g, o); drawing does not change it. Or a dict of this step's numbers, as
        {"g": 0.76, "i": 0.65}: gates that it leaves out are not there.
    x : (D,), or a number for one input. start : (h, c), each (H,) or a number; zeros if left out.
    unit : which of the layer's H cells is drawn.
    parts : the gates that are there, as ("i", "o"); () is the plain sum c + g. None: all there are.
        A gate that is not there counts as 1. Everything keeps its place whatever ``parts`` is.
    values : False draws the scheme alone, with symbols for numbers.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes and parts.

    Source: S. Hochreiter and J. Schmidhuber (1997), Neural Computation 9, 1735-1780; the forget
    gate: F. A. Gers, J. Schmidhuber and F. Cummins (2000), Neural Computation 12, 2451-2471.
    """
    step = LstmStep(lstm, x, start, unit, parts)
    if title is None:
        title = step.title() if values else scheme_title(step)
    with house_type():
        if subtitle is None:
            subtitle = (
                legend_line(step) if values else "Every valve is a gate: a number from 0 to 1."
            )
        figure, ax = sheet(title, subtitle, BODY, PAGE)
        _Drawing(ax, step, values).draw()
        lstm_panel(ax, step, values)
    told = step.alt() if values else step.scheme()
    return Picture(figure, f"{title.rstrip('.').replace('$', '')}. {told}")


def scheme_title(step):
    gates = [name for letter, name in NAMES if letter in step.parts]
    if not gates:
        return "The cell adds up what it hears, and nothing else happens to it"
    listed = " and ".join([", ".join(gates[:-1]), gates[-1]] if len(gates) > 1 else gates)
    return f"The cell with its {listed} gate{'s' if len(gates) > 1 else ''}"


NAMES = (("i", "input"), ("o", "output"), ("f", "forget"))


def legend_line(step):
    told = "Band width = amount."
    if step.parts:
        told += " A gate lets through the share to which it is filled."
    if any(amount < -flows.FAINT for amount in step.amounts):
        told += " Hatched: negative."
    if step.units > 1:
        told = f"Unit {step.unit} of {step.units}. {told}"
    return told


class _Drawing:
    """The diagram's left part; all lengths are inches."""

    def __init__(self, ax, step, values):
        self.ax, self.step, self.values = ax, step, values
        self.scale = flows.scale_for(step.amounts)

    def draw(self):
        self.heard()
        self.lane()
        self.writing()
        self.showing()

    def flow(self, points, amount, role, arrow=False):
        known = amount if self.values else None
        return flows.flow(self.ax, points, known, role, self.scale, arrow)

    def inside(self, x, value, role, half, room):
        if self.values:
            flows.inside(self.ax, x, LANE, value, role, half, room)

    def beside(self, x, y, value, role, half, room=0.55):
        if self.values:
            flows.beside(self.ax, x, y, value, role, half, room)

    def gate_words(self, x, y, verb, value, role, one_line=False):
        gap = " " if one_line else "\n"
        text = f"{verb}{gap}{number(value)}" if self.values else verb
        ha = "center" if one_line else "left"
        pieces.say(self.ax, x, y, text, role, bold=True, size=11, ha=ha)

    def lane(self):
        """c from the left to the right: one valve where there is a forget gate, and the sum."""
        ax, step = self.ax, self.step
        pieces.say(ax, START - 0.06, LANE, "$c_{t-1}$", "cell", size=SYMBOL, ha="right")
        plus = pieces.total(ax, G, LANE, 0.21)
        left, right = plus.left[0] + 0.03, plus.right[0] - 0.03
        if step.f is None:
            half = self.flow([(START, LANE), (left, LANE)], step.kept, "cell")
            self.inside((START + left) / 2, step.kept, "cell", half, 0.7)
        else:
            half = self.flow([(START, LANE), (F, LANE)], step.c_before, "cell")
            self.inside(0.795, step.c_before, "cell", half, 0.44)
            half = self.flow([(F, LANE), (left, LANE)], step.kept, "cell")
            self.inside(1.9, step.kept, "cell", half, 0.7)
            self.keep()
        half = self.flow([(right, LANE), (END, LANE)], step.c, "cell", arrow=True)
        self.fork = (OUT, LANE - half)
        if self.values and step.kept > 0.05 and step.added > 0.05:
            roles = "candidate", "cell"
            flows.blend(ax, right, OUT - 0.45, LANE, step.kept, step.added, self.scale, roles)
        self.inside(3.28, step.c, "cell", half, 0.7)
        pieces.say(ax, END + 0.08, LANE, "$c_t$", "cell", size=SYMBOL + 0.5, ha="left")
        times = "one ×, one +" if step.f is not None else "one +, no ×"
        pieces.say(ax, 3.4, BODY - 0.04, f"on the memory lane: {times}", "muted")

    def keep(self):
        """The valve on the lane, and who opens it."""
        ax, step = self.ax, self.step
        valve = flows.gauge(ax, F, LANE, step.f if self.values else None, "gate_f")
        self.gate_words(F, BODY - 0.04, "keep", step.f, "gate_f", one_line=True)
        if step.forget != "coupled":
            pieces.wire(ax, [self.box("f", F).top, valve.bottom], "ink")
            pieces.say(ax, F + 0.14, BOXES + 0.36, "$f$", "gate_f", size=SYMBOL)
        else:
            pieces.wire(ax, [(I, I_VALVE), (F, I_VALVE), valve.bottom], "ink")
            pieces.dot(ax, I, I_VALVE, "ink")
            pieces.say(ax, F - 0.1, I_VALVE + 0.2, "$1-i$", "gate_f", size=SYMBOL, ha="right")

    def writing(self):
        """The candidate, through its valve into the sum."""
        ax, step = self.ax, self.step
        box = self.box("g", G)
        top = LANE - 0.22
        if step.i is None:
            half = self.flow([box.top, (G, top)], step.g, "candidate")
            self.beside(G, (box.top[1] + top) / 2, step.g, "candidate", half)
        else:
            half = self.flow([box.top, (G, I_VALVE)], step.g, "candidate")
            self.beside(G, 1.74, step.g, "candidate", half)
            half = self.flow([(G, I_VALVE), (G, top)], step.added, "candidate")
            self.beside(G, 2.76, step.added, "candidate", half)
            valve = flows.gauge(ax, G, I_VALVE, step.i if self.values else None, "gate_i")
            self.gate_words(G + 0.24, I_VALVE, "write", step.i, "gate_i")
            gate = self.box("i", I)
            if step.f is not None and step.forget == "coupled":  # the same wire opens the other
                pieces.wire(ax, [gate.top, (I, I_VALVE)], "ink", arrow=False)
                pieces.wire(ax, [(I, I_VALVE), valve.left], "ink")
            else:
                pieces.wire(ax, [gate.top, (I, I_VALVE), valve.left], "ink")
            pieces.say(ax, I + 0.13, BOXES + 0.36, "$i$", "gate_i", size=SYMBOL)
        pieces.say(ax, G - 0.24, BOXES + 0.36, "$g$", "candidate", size=SYMBOL)

    def showing(self):
        """c's copy through tanh and the output gate to h."""
        ax, step = self.ax, self.step
        squash = pieces.box(ax, OUT, TANH, "tanh", 0.62, 0.38, size=10.5)
        half = self.flow([self.fork, squash.top], step.c, "cell")
        pieces.dot(ax, OUT, LANE, "output")
        if half > 0.06 and step.c > 0:
            ax.patches[-1].set_facecolor(pieces.TEXT_ON_FILL)
        self.beside(OUT, 2.79, step.c, "cell", half)
        corner = [(OUT, H_LANE), (END, H_LANE)]
        if step.o is None:
            half = self.flow([squash.bottom, *corner], step.h, "hidden", arrow=True)
            self.beside(OUT, 1.72, step.h, "hidden", half)
        else:
            half = self.flow([squash.bottom, (OUT, O_VALVE)], step.squashed, "hidden")
            self.beside(OUT, 2.14, step.squashed, "hidden", half)
            half = self.flow([(OUT, O_VALVE), *corner], step.h, "hidden", arrow=True)
            self.beside(OUT, 1.27, step.h, "hidden", half)
            valve = flows.gauge(ax, OUT, O_VALVE, step.o if self.values else None, "gate_o")
            self.gate_words(OUT + 0.24, O_VALVE, "show", step.o, "gate_o")
            pieces.wire(ax, [self.box("o", O).top, (O, O_VALVE), valve.left], "ink")
            pieces.say(ax, O + 0.15, BOXES + 0.36, "$o$", "gate_o", size=SYMBOL)
        pieces.say(ax, END + 0.08, H_LANE, "$h_t$", "hidden", size=SYMBOL + 0.5, ha="left")

    def box(self, letter, x):
        """A gate's box, or the candidate's, with what it hears from the bus."""
        ax = self.ax
        sign, width = ("tanh", 0.56) if letter == "g" else (r"$\sigma$", 0.5)
        made = pieces.box(
            ax, x, BOXES, sign, width, 0.4, ROLES[letter], 10.5 if letter == "g" else 13
        )
        pieces.wire(ax, [(x, BUS), made.bottom], "muted")
        pieces.dot(ax, x, BUS, "muted")
        if letter in self.step.peepholes:
            seen = "$c_t$" if letter == "o" else "$c_{t-1}$"
            foot = (x + PEEP, made.bottom[1] - 0.27)
            pieces.wire(ax, [foot, (x + PEEP, made.bottom[1])], "cell_line")
            pieces.say(ax, x + PEEP + 0.05, foot[1] + 0.05, seen, "cell", size=10, ha="left")
        return made

    def heard(self):
        """What all gates hear: x and the last h, on one bus."""
        ax, step = self.ax, self.step
        right = max([G, *[O] * (step.o is not None)])
        pieces.wire(ax, [(0.61, BUS), (right, BUS)], "muted", arrow=False)
        for name, values, role, y in (
            ("$x_t$", step.x, "input", BUS + 0.19),
            ("$h_{t-1}$", step.h_before, "hidden", BUS - 0.19),
        ):
            told = pieces.say(ax, 0.16, y, name, role, size=11, ha="left")
            if not self.values or values is None:
                continue
            x = 0.16 + told.get_window_extent().width / ax.figure.dpi + 0.07
            if len(values) == 1:
                written = pieces.say(ax, x, y, number(values[0]), role, size=11, ha="left")
                pieces.fit(ax, written, 0.6)
            else:
                room = (F - 0.08 if role == "input" else 3.0) - x
                tile = min(0.15, room / len(values))
                tiles.plain(ax, x + tile * len(values) / 2, y, [values], tile)
