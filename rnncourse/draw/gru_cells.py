"""One unit of a GRU at one step: its state's lane, its two gates, and every number of the step."""

from rnncourse.draw import cell_panels, flows, pieces, tiles
from rnncourse.draw.cell_steps import GruStep
from rnncourse.draw.equations import Equation, product
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import SYMBOL, VALUE, house_type, number, palette

PAGE, BODY = 7.6, 4.0  # inches
LANE, WRITE, NEW, BOXES, BUS = 3.56, 2.76, 1.93, 1.28, 0.53  # heights
START, Z, N, END = 0.52, 1.264, 2.2, 4.62  # columns: the lane, z, the candidate, the arrow
RIGHT = 4.45  # where what is heard of h rises
FORMS = {"after": (3.15, 4.05), "before": (3.75, 2.95)}  # columns of r's valve and of U_n
CANDIDATE = {
    "after": ("$n=\\tanh(W_n\\,x_t+b_n$", "$\\quad+\\;r\\,(U_n\\,h_{t-1}+b_{hn}))$"),
    "before": ("$n=\\tanh(W_n\\,x_t+b_n$", "$\\quad+\\;U_n\\,(r\\,h_{t-1})+b_{hn})$"),
}
VERB = {"z": "keep", "r": "listen", "n": "new"}
ROLES = {"z": "gate_f", "r": "gate_i", "n": "candidate"}


def gru(gru, x=None, h=None, unit=0, values=True, title=None, subtitle=None):
    """Draw one unit of a GRU at one step: bands as broad as the amounts, gates as valves.

    Parameters
    ----------
    gru : a ``cells.GRU`` of either form (or an object with ``W_ih, W_hh, b_ih, b_hh`` in the order
        r, z, n); drawing does not change it. Or a dict of this step's numbers, {"r": 0.9,
        "z": 0.7, "n": 0.4}. z keeps, as in torch: h = (1 - z) n + z h_{t-1}.
    x : (D,), or a number for one input. h : (H,) or a number, what is held; zeros if left out.
    unit : which of the layer's H units is drawn.
    values : False draws the scheme alone, with symbols for numbers.
    title, subtitle : sentences in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.

    Source: K. Cho et al. (2014), arXiv:1406.1078.
    """
    step = GruStep(gru, x, h, unit)
    title = title or (
        step.title() if values else "The GRU: one lane, and one gate to keep or write"
    )
    if subtitle is None:
        subtitle = legend_line(step) if values else "Every valve is a gate: a number from 0 to 1."
    with house_type():
        figure, ax = sheet(title, subtitle, BODY, PAGE)
        _Drawing(ax, step, values).draw()
        _panel(ax, step, values)
    told = step.alt() if values else step.scheme()
    return Picture(figure, f"{title.rstrip('.').replace('$', '')}. {told}")


def legend_line(step):
    told = "Band width = amount. One gate does both: what is not kept is written."
    if any(amount < -flows.FAINT for amount in step.amounts):
        told += " Hatched: negative."
    return f"Unit {step.unit} of {step.units}. {told}" if step.units > 1 else told


class _Drawing:
    """The diagram's left part; all lengths are inches."""

    def __init__(self, ax, step, values):
        self.ax, self.step, self.values = ax, step, values
        self.scale = flows.scale_for(step.amounts)

    def draw(self):
        self.lane()
        self.candidate()
        self.listening()
        self.bus()

    def flow(self, points, amount, role, arrow=False):
        known = amount if self.values else None
        return flows.flow(self.ax, points, known, role, self.scale, arrow)

    def lane(self):
        """h from the left to the right: z keeps, the sum adds what 1 - z writes."""
        ax, step = self.ax, self.step
        pieces.say(ax, START - 0.04, LANE, "$h_{t-1}$", "hidden", size=SYMBOL, ha="right")
        plus = pieces.total(ax, N, LANE, 0.21)
        left, right = plus.left[0] + 0.03, plus.right[0] - 0.03
        for x, points, value, arrow, room in (
            (0.795, [(START, LANE), (Z, LANE)], step.h_before, False, 0.44),
            ((Z + 0.18 + left) / 2, [(Z, LANE), (left, LANE)], step.kept, False, 0.5),
            (3.4, [(right, LANE), (END, LANE)], step.h, True, 0.7),
        ):
            half = self.flow(points, value, "hidden", arrow)
            if self.values:
                written = flows.inside(ax, x, LANE, value, "hidden", half, room)
                if 2 * half >= flows.ROOM and value >= 0:
                    light = palette().fill["ground"] == "#FFFFFF"
                    written.set_color("#FFFFFF" if light else pieces.TEXT_ON_FILL)
        if self.values and step.kept > 0.05 and step.added > 0.05:
            roles = "candidate", "hidden"
            flows.blend(ax, right, 3.1, LANE, step.kept, step.added, self.scale, roles)
        pieces.say(ax, END + 0.08, LANE, "$h_t$", "hidden", size=SYMBOL + 0.5, ha="left")
        pieces.say(ax, 3.4, BODY - 0.04, "on the state's lane: one ×, one +", "muted")
        valve = flows.gauge(ax, Z, LANE, step.z if self.values else None, "gate_f")
        gate = self.box("z", Z, BOXES)
        pieces.wire(ax, [gate.top, valve.bottom], "ink")
        words = f"keep {number(step.z)}" if self.values else "keep"
        pieces.say(ax, Z, BODY - 0.04, words, "gate_f", bold=True, size=VALUE)
        pieces.say(ax, Z + 0.13, BOXES + 0.36, "$z$", "gate_f", size=SYMBOL)

    def candidate(self):
        """n, through the valve that 1 - z opens, into the sum."""
        ax, step = self.ax, self.step
        box = pieces.box(ax, N, NEW, "tanh", 0.56, 0.4, "candidate", 10.5)
        half = self.flow([box.top, (N, WRITE)], step.n, "candidate")
        self.beside(N, (box.top[1] + WRITE - 0.25) / 2, step.n, "candidate", half)
        half = self.flow([(N, WRITE), (N, LANE - 0.22)], step.added, "candidate")
        self.beside(N, 3.18, step.added, "candidate", half)
        valve = flows.gauge(ax, N, WRITE, 1 - step.z if self.values else None, "gate_f")
        words = f"write\n{number(1 - step.z)}" if self.values else "write"
        pieces.say(ax, N + 0.24, WRITE, words, "gate_f", bold=True, size=VALUE, ha="left")
        pieces.wire(ax, [(Z, WRITE), valve.left], "ink")
        pieces.dot(ax, Z, WRITE, "ink")
        pieces.say(ax, (Z + valve.left[0]) / 2, WRITE + 0.14, "$1-z$", "gate_f", size=SYMBOL)
        pieces.say(ax, N - 0.14, NEW + 0.33, "$n$", "candidate", size=SYMBOL, ha="right")
        pieces.wire(ax, [(N, BUS), box.bottom], "input")
        pieces.dot(ax, N, BUS, "input")
        pieces.say(ax, N + 0.09, 1.28, "$x_t$ only", "input", size=10, ha="left")
        self.new = box

    def listening(self):
        """What the candidate hears of h: through r's valve after U_n, or before it."""
        ax, step = self.ax, self.step
        r_x, u_x = FORMS[step.reset]
        matrix = pieces.box(ax, u_x, NEW, "$U_n$", 0.4, 0.36, size=10.5)
        gate = self.box("r", r_x, BOXES)
        first, last = (matrix, None) if step.reset == "after" else (None, matrix)
        end = self.new.right if last is None else matrix.right
        if first is not None:
            pieces.wire(ax, [(RIGHT, BUS), (RIGHT, NEW), matrix.right], "hidden")
            begin = matrix.left
        else:
            begin = (RIGHT - 0.25, NEW)
            pieces.wire(ax, [(RIGHT, BUS), (RIGHT, NEW), begin], "hidden", arrow=False)
            pieces.wire(ax, [matrix.left, self.new.right], "hidden")
        if step.heard is None:
            pieces.wire(ax, [begin, (r_x, NEW)], "hidden", arrow=False)
            pieces.wire(ax, [(r_x - 0.18, NEW), end], "hidden")
        else:
            into = self.flow([begin, (r_x, NEW)], step.heard, "hidden")
            out = self.flow([(r_x, NEW), end], step.let, "hidden", arrow=True)
            right = (r_x + 0.18 + (begin[0] if first else RIGHT - 0.07)) / 2
            self.below(right, step.heard, into)
            self.below((r_x - 0.18 + end[0]) / 2, step.let, out)
        valve = flows.gauge(ax, r_x, NEW, step.r if self.values else None, "gate_i")
        pieces.wire(ax, [gate.top, valve.bottom], "ink")
        words = f"listen {number(step.r)}" if self.values else "listen"
        pieces.say(ax, valve.left[0], NEW + 0.36, words, "gate_i", bold=True, size=VALUE, ha="left")
        pieces.say(ax, r_x + 0.08, BOXES + 0.29, "$r$", "gate_i", size=SYMBOL - 1, ha="left")

    def below(self, x, value, half):
        if self.values:
            y = NEW - half - 0.13
            said = pieces.say(self.ax, x, y, number(value), "hidden", bold=True, size=VALUE - 1)
            pieces.fit(self.ax, said, 0.42)

    def bus(self):
        """What the gates hear: x and the last h."""
        ax, step = self.ax, self.step
        pieces.wire(ax, [(0.61, BUS), (RIGHT, BUS)], "muted", arrow=False)
        pieces.dot(ax, RIGHT, BUS, "hidden")
        pieces.say(ax, RIGHT + 0.09, 1.0, "$h_{t-1}$\nonly", "hidden", size=10, ha="left")
        for name, values, role, y in (
            ("$x_t$", step.x, "input", BUS + 0.19),
            ("$h_{t-1}$", step.held, "hidden", BUS - 0.19),
        ):
            told = pieces.say(ax, 0.16, y, name, role, size=11, ha="left")
            if not self.values or values is None:
                continue
            x = 0.16 + told.get_window_extent().width / ax.figure.dpi + 0.07
            if len(values) == 1:
                written = pieces.say(ax, x, y, number(values[0]), role, size=11, ha="left")
                pieces.fit(ax, written, 0.6)
            else:
                room = (Z - 0.08 if role == "input" else 3.0) - x
                tile = min(0.15, room / len(values))
                tiles.plain(ax, x + tile * len(values) / 2, y, [values], tile)

    def beside(self, x, y, value, role, half):
        if self.values:
            flows.beside(self.ax, x, y, value, role, half)

    def box(self, letter, x, y):
        made = pieces.box(self.ax, x, y, r"$\sigma$", 0.5, 0.4, ROLES[letter], 13)
        pieces.wire(self.ax, [(x, BUS), made.bottom], "muted")
        pieces.dot(self.ax, x, BUS, "muted")
        return made


def _panel(ax, step, values):
    """The equations down the right side."""
    write = cell_panels.write
    for letter, y in (("z", 3.62), ("r", 3.04), ("n", 2.4)):
        value, role = getattr(step, letter), ROLES[letter]
        level = (abs(value) if letter == "n" else value) if values else None
        tall = letter == "n"  # its formula takes two lines
        cell_panels.swatch(ax, y, 0.56 if tall else 0.38, role, level, values and value < 0)
        if tall:
            for line, rise in zip(CANDIDATE[step.reset], (0.21, 0.0), strict=True):
                cell_panels.formula(ax, y + rise, [line], role)
        else:
            cell_panels.formula(ax, y + 0.11, _formula(step, letter, values), role)
        known = value if values else None
        cell_panels.value_line(ax, y - (0.22 if tall else 0.12), known, VERB[letter], role)
    general = Equation().add("$h_t=$", "hidden").add("$z\\,h_{t-1}$", "gate_f").add(" + ", "hidden")
    general.add("$(1-z)\\,n$", "candidate")
    cell_panels.swatch(ax, 1.49, 0.8 if values else 0.3, "hidden")
    write(ax, 1.83 if values else 1.5, general)
    if not values:
        return
    first = (
        Equation().add(product(step.z, step.h_before, first=True), "gate_f").add(" + ", "hidden")
    )
    first.add(product(1 - step.z, step.n, first=True), "candidate")
    write(ax, 1.6, first)
    shown = (round(v, 2) for v in (step.z, step.h_before, 1 - step.z, step.n))
    z, h, rest, n = shown
    same = number(z * h) == number(step.kept) and number(rest * n) == number(step.added)
    second = Equation().add("$=$" if same else "$\\approx$", "hidden")
    second.add(number(step.kept), "hidden")
    cell_panels.signed(second, step.added)
    write(ax, 1.38, second)
    result = Equation()
    result.add(cell_panels.equals(round(step.kept, 2) + round(step.added, 2), step.h), "hidden")
    write(ax, 1.16, result.add(number(step.h), "hidden", bold=True))


def _formula(step, letter, values):
    shapes = [f"${letter}=\\sigma(W_{letter}\\,x_t+U_{letter}\\,h_{{t-1}}+b_{letter})$"]
    if values and letter in step.formulas:
        known = cell_panels.weighted(step.formulas[letter], ("x_t", "h_{t-1}", ""))
        shapes.insert(0, f"${letter}=\\sigma({known})$")
    return shapes
