"""The legend of all figures: one colour a role, one shape a job."""

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import TITLE, house_type

ROW = 0.345  # inches from one line to the next
SIGN, NAME = 0.66, 1.2  # columns of the left half
SHAPE, JOB = 3.98, 4.66  # columns of the right half


def legend():
    """Draw the colours and shapes that every figure of the course uses. Returns a ``Picture``."""
    with house_type():
        figure, ax = sheet(
            "The signs of this course: one colour a role, one shape a job",
            "Every colour has a second sign beside it, so the figures also read in grey.",
            body=4.35,
            width=7.5,
        )
        pieces.say(ax, 0.3, 4.1, "Colours", bold=True, size=TITLE - 1, ha="left")
        pieces.say(ax, 3.55, 4.1, "Shapes", bold=True, size=TITLE - 1, ha="left")
        for at, (draw_sign, name, role) in enumerate(_COLOURS):
            y = 3.72 - ROW * at
            draw_sign(ax, y)
            pieces.say(ax, NAME, y, name, role, ha="left")
        y = 3.96
        for draw_shape, room, job in _SHAPES:
            draw_shape(ax, y - room / 2)
            pieces.say(ax, JOB, y - room / 2, job, ha="left")
            y -= room
    return Picture(figure, _ALT)


def _input(ax, y):
    x = pieces.circle(ax, 0.44, y, "", "input", radius=0.1)
    pieces.wire(ax, [x.right, (0.92, y)], "input")


def _hidden(ax, y):
    pieces.wire(ax, [(0.34, y), (0.92, y)], "hidden")


def _cell(ax, y):
    pieces.band(ax, (0.34, y), (0.92, y), 0.17, "cell")


def _output(ax, y):
    pieces.circle(ax, SIGN, y, "", "output", radius=0.135, ring=True)


def _gradient(ax, y):
    pieces.wire(ax, [(0.92, y), (0.34, y)], "gradient", dashed=True)


def _gate(role, level):
    return lambda ax, y: pieces.valve(ax, SIGN, y, level, role, height=0.28)


def _candidate(ax, y):
    pieces.box(ax, SIGN, y, "tanh", width=0.52, height=0.26, role="candidate", size=10)


def _signed(value):
    role = "negative" if value < 0 else "positive"

    def draw_sign(ax, y):
        pieces.wire(ax, [(0.34, y), (0.62, y)], role, arrow=False, dashed=value < 0, width=3)
        pieces.tile_of(ax, 0.8, y, value, size=0.22)

    return draw_sign


_COLOURS = (
    (_input, "input $x$", "input"),
    (_hidden, "hidden state $h$", "hidden"),
    (_cell, "cell state $c$", "cell"),
    (_output, "output $y$", "output"),
    (_gradient, "gradient: dashed, runs back", "gradient"),
    (_gate("gate_i", 0.6), "input gate $i$: write", "gate_i"),
    (_gate("gate_f", 0.86), "forget gate $f$: keep", "gate_f"),
    (_gate("gate_o", 0.5), "output gate $o$: show", "gate_o"),
    (_candidate, "candidate $g$: what is new", "candidate"),
    (_signed(0.8), "positive weight or value", "positive"),
    (_signed(-0.8), "negative: dashed, or barred", "negative"),
)


def _number(ax, y):
    pieces.circle(ax, SHAPE, y, "0.82", "hidden", radius=0.21)


def _sum(ax, y):
    pieces.total(ax, SHAPE, y, radius=0.135)


def _function(ax, y):
    pieces.box(ax, SHAPE, y, r"$\sigma$", width=0.44, height=0.3)


def _delay(ax, y):
    pieces.delay(ax, SHAPE, y, "0.50", width=0.54, height=0.46, size=9.5)


def _pill(ax, y):
    weight = pieces.pill(ax, SHAPE, y, "× 1.00", 1.0, height=0.27)
    pieces.wire(ax, [(SHAPE - 0.48, y), weight.left], "input", arrow=False)
    pieces.wire(ax, [weight.right, (SHAPE + 0.48, y)], "input", arrow=False)


def _fork(ax, y):
    pieces.wire(ax, [(SHAPE - 0.36, y), (SHAPE + 0.36, y)], "hidden", arrow=False)
    pieces.wire(ax, [(SHAPE, y), (SHAPE, y + 0.15)], "hidden", arrow=False)
    pieces.dot(ax, SHAPE, y, "hidden")


def _valve(ax, y):
    pieces.band(ax, (SHAPE - 0.4, y), (SHAPE, y), 0.2, "cell", arrow=False)
    pieces.band(ax, (SHAPE, y), (SHAPE + 0.4, y), 0.12, "cell", arrow=False)
    pieces.valve(ax, SHAPE, y, 0.6, "gate_f", width=0.24)


def _vector(ax, y):
    pieces.strip(ax, SHAPE, y, [0.9, 0.35, -0.8, -0.2], tile=0.17, upright=False)


def _now(ax, y):
    pieces.spotlight(ax, SHAPE, y, 0.58, 0.25)


_SHAPES = (
    (_number, 0.48, "one number, to two digits"),
    (_sum, 0.38, "adds what arrives"),
    (_function, 0.4, "a function"),
    (_delay, 0.56, "delay: gives back what came\none step ago, shows what it holds"),
    (_pill, 0.4, "a weight: multiplies the wire"),
    (_fork, 0.38, "the same value goes both ways"),
    (_valve, 0.42, "gate: open as far as it is filled"),
    (_vector, 0.36, "a vector: darkness is size"),
    (_now, 0.38, "where the story is now"),
)

_ALT = (
    "Colours: input x green, a circle and an arrow; hidden state h blue; cell state c an orange "
    "broad lane; output y black, a double ring; gradient vermilion, dashed, running back; input "
    "gate i pink, forget gate f yellow, output gate o light blue, each a gauge filled to its "
    "value; candidate g light green; positive violet, negative ochre and dashed or barred. "
    "Shapes: circle, one number; circle with plus, a sum; rounded box, a function; square with "
    "z to the minus one, a delay that shows what it holds; pill on a wire, a weight; dot, the "
    "same value both ways; gauge, a gate; row of tiles, a vector; pale yellow frame, where the "
    "story is now."
)
