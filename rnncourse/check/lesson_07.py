"""Exercises of lesson 07, *The LSTM*: valves, the step, the way back, biases."""

import numpy as np

from rnncourse import cells
from rnncourse.cells import sigmoid
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

# -- a cell with valves --------------------------------------------------------------------------

carousel_sum = predict(
    title="A sum that hands on",
    minutes=2,
    difficulty=1,
    objective="say what a cell holds that has no gates",
    question=(
        "A cell starts at 0, hands on what it holds with weight 1, and adds what comes in. In "
        "come **0.6** (marked “write”), then **−0.3**, **0.5** and **0.1** (distractors). What "
        "does the cell hold after these four steps?"
    ),
    answer=0.9,
    mistakes=[
        wrong(
            "holds the note alone",
            0.6,
            "This cell has no gate that could look at the mark: distractors are added as well.",
        ),
        wrong(
            "holds the latest input",
            0.1,
            "Nothing is overwritten: what comes in is *added* to what is held.",
        ),
        wrong(
            "holds the distractors alone",
            0.3,
            "The note was added, too, at the first step, and nothing has taken it away.",
        ),
        wrong(
            "bends the sum",
            lambda: np.tanh(0.9),
            "That is what the cell *shows*, tanh(c). It holds the sum as it is.",
        ),
        wrong(
            "feeds the bent value back",
            lambda: _fed_back([0.6, -0.3, 0.5, 0.1]),
            "Here every sum goes through tanh before it is handed on. The cell hands on c itself; "
            "the bend stands on the way out.",
        ),
        wrong("takes the mean", 0.225, "The numbers are added, and not divided by anything."),
        wrong("drops the signs", 1.5, "The second number is negative: it makes the sum smaller."),
    ],
    hints=[
        "No gate, no bend: how does one step change what is held?",
        "c_t = c_{t−1} + g_t, from c = 0.",
        "0.6, then 0.6 − 0.3 = 0.3, then ...",
    ],
    success="All of it, note and distractors, for ever.",
)


def _fed_back(numbers):
    c = 0.0
    for g in numbers:
        c = np.tanh(c + g)
    return c


def _memory_cell(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        c = f[t] * c + i[t] * g[t]
        shown.append(o[t] * np.tanh(c))
    return np.array(shown)


def _flawed_cell(
    g,
    i,
    f,
    o,
    reverses_the_forget_gate=False,
    leaves_the_input_gate_out=False,
    leaves_the_forget_gate_out=False,
    leaves_the_output_gate_out=False,
    shows_c_without_the_bend=False,
):
    c, shown = 0.0, []
    for t in range(len(g)):
        keep = 1 - f[t] if reverses_the_forget_gate else f[t]
        keep = 1.0 if leaves_the_forget_gate_out else keep
        c = keep * c + (g[t] if leaves_the_input_gate_out else i[t] * g[t])
        h = c if shows_c_without_the_bend else np.tanh(c)
        shown.append(h if leaves_the_output_gate_out else o[t] * h)
    return np.array(shown)


def _cell_that_hands_on_h(g, i, f, o):
    h, shown = 0.0, []
    for t in range(len(g)):
        h = o[t] * np.tanh(f[t] * h + i[t] * g[t])
        shown.append(h)
    return np.array(shown)


def _cell_gated_on_the_lane(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        c = o[t] * (f[t] * c + i[t] * g[t])
        shown.append(np.tanh(c))
    return np.array(shown)


def _cell_bent_on_the_lane(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        c = np.tanh(f[t] * c + i[t] * g[t])
        shown.append(o[t] * c)
    return np.array(shown)


def _cell_gated_inside_the_bend(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        c = f[t] * c + i[t] * g[t]
        shown.append(np.tanh(o[t] * c))
    return np.array(shown)


def _cell_that_forgets_the_new(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        c = f[t] * (c + i[t] * g[t])
        shown.append(o[t] * np.tanh(c))
    return np.array(shown)


def _cell_that_returns_c(g, i, f, o):
    c, held = 0.0, []
    for t in range(len(g)):
        c = f[t] * c + i[t] * g[t]
        held.append(c)
    return np.array(held)


def _cell_that_shows_the_old(g, i, f, o):
    c, shown = 0.0, []
    for t in range(len(g)):
        shown.append(o[t] * np.tanh(c))
        c = f[t] * c + i[t] * g[t]
    return np.array(shown)


def _cell_that_starts_full(g, i, f, o):
    c, shown = g[0], []
    for t in range(len(g)):
        c = f[t] * c + i[t] * g[t]
        shown.append(o[t] * np.tanh(c))
    return np.array(shown)


def _cell_by_lists(g, i, f, o):
    held = [0.0]
    for now in zip(g, i, f, o, strict=True):
        held.append(float(now[2]) * held[-1] + float(now[1]) * float(now[0]))
    return [float(o_t) * float(np.tanh(c)) for o_t, c in zip(o, held[1:], strict=True)]


def _cell_as_a_table(g, i, f, o):
    g, i, f, o = (np.asarray(a, dtype=float) for a in (g, i, f, o))
    kept = [[np.prod(f[s + 1 : t + 1]) for s in range(t + 1)] for t in range(len(g))]
    c = [sum(k * i[s] * g[s] for s, k in enumerate(row)) for row in kept]
    return o * np.tanh(c)


memory_cell = code(
    title="Four valves, one cell",
    minutes=4,
    difficulty=1,
    objective="run a cell whose gates are given",
    reference=_memory_cell,
    probes=[
        probe(*(np.array(a) for a in ([0.6, 0.3, -0.4], [1, 0, 0.5], [1, 0.9, 0.5], [0.5, 1, 1]))),
        probe(
            np.array([0.8, -0.9, 0.7, -0.2, 0.5]),
            np.array([0.9, 0.2, 0.6, 1.0, 0.7]),
            np.array([0.3, 0.8, 0.6, 0.9, 0.4]),
            np.array([0.2, 0.7, 0.4, 0.9, 0.6]),
        ),
    ],
    call="memory_cell(g={g}, i={i}, f={f}, o={o})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_cell,
            reverses_the_forget_gate=(
                "The forget gate is reversed. It says how much is *kept*: f = 1 keeps all of c, "
                "f = 0 wipes it. (It is a keep gate with an old name.)"
            ),
            leaves_the_input_gate_out=(
                "The input gate has no effect: every candidate is written in full. What is "
                "written is i · g."
            ),
            leaves_the_forget_gate_out=(
                "The cell never lets go: c is handed on with weight 1. That is the cell of 1997. "
                "Here the forget gate multiplies what was held."
            ),
            leaves_the_output_gate_out=(
                "The output gate has no effect: what is shown is o · tanh(c), and here all of "
                "tanh(c) is shown."
            ),
            shows_c_without_the_bend=(
                "The bend is missing on the way out: shown is o · tanh(c), not o · c. The cell has "
                "no bounds, and others should not hear them."
            ),
        ),
        wrong(
            "hands on h instead of c",
            _cell_that_hands_on_h,
            "What was *shown* is handed on. Then a shut output gate erases the memory. Keep c in a "
            "variable of its own; h is read off it, and leaves.",
        ),
        wrong(
            "puts the output gate on the cell itself",
            _cell_gated_on_the_lane,
            "The output gate multiplies c itself, so that what is not shown is lost. It stands on "
            "the way from c to h; the lane never notices it.",
        ),
        wrong(
            "bends the cell itself",
            _cell_bent_on_the_lane,
            "tanh is applied to what is handed on. On the lane there is one × and one +, and no "
            "bend: the bend stands on the way out only.",
        ),
        wrong(
            "gates inside the bend",
            _cell_gated_inside_the_bend,
            "You show tanh(o · c). First the bend, then the valve: o · tanh(c).",
        ),
        wrong(
            "forgets what is being written",
            _cell_that_forgets_the_new,
            "The forget gate multiplies the new part, too. It acts on what was held *before*: "
            "f · c_old, and then + i · g.",
        ),
        wrong(
            "shows before it writes",
            _cell_that_shows_the_old,
            "Shown at a step is what was held *before* it. First keep and write, then show.",
        ),
        wrong(
            "starts at the first candidate",
            _cell_that_starts_full,
            "The cell has the first candidate in it before any valve has opened. It starts at 0.",
        ),
        wrong(
            "empties the cell at every step",
            lambda g, i, f, o: o * np.tanh(i * g),
            "The cell is empty again at each step: nothing is kept, whatever f says. c starts at 0 "
            "once, before the loop.",
        ),
        wrong(
            "exchanges input and forget gate",
            lambda g, i, f, o: _memory_cell(g, f, i, o),
            "Input and forget gate are exchanged: f multiplies what was *held*, i what *comes in*.",
        ),
        wrong(
            "bends the gates",
            lambda g, i, f, o: _memory_cell(g, sigmoid(i), sigmoid(f), sigmoid(o)),
            "The gates go through a sigmoid once more. Here they are valves already, between 0 and "
            "1: multiply by them as they are.",
        ),
        wrong(
            "bends the candidate",
            lambda g, i, f, o: _memory_cell(np.tanh(g), i, f, o),
            "The candidate goes through tanh once more. g is given as it is to be written.",
        ),
        wrong(
            "couples the gates",
            lambda g, i, f, o: _memory_cell(g, i, 1 - i, o),
            "You keep 1 − i: then f has no say. (Such a cell exists: lesson 08.) Here the forget "
            "gate has values of its own.",
        ),
        wrong(
            "shows through the sigmoid",
            lambda g, i, f, o: (
                o * sigmoid(np.arctanh(np.clip(_memory_cell(g, i, f, 1 + 0 * o), -0.999, 0.999)))
            ),
            "The bend on the way out is tanh, not the sigmoid: an empty cell shows 0, not 0.5.",
        ),
        wrong(
            "returns what is held",
            _cell_that_returns_c,
            "These are the values of c, what the cell holds. Asked is what it shows at each step, "
            "o · tanh(c).",
        ),
    ],
    hints=[
        "Three things happen at a step, in this order: keep, write, show.",
        "c = f · c + i · g, and shown is o · tanh(c).",
        "c, shown = 0.0, [], and for every step: c = f[t] * c + i[t] * g[t] ...",
    ],
    success="That is the whole memory. What is missing is somebody who turns the valves.",
    others=[_cell_by_lists, _cell_as_a_table],
)

_NUMBERS = np.array([0.5, -0.8, 0.3, 0.9, -0.6, 0.7, -0.2, 0.4, 0.8, -0.5])


def _what_the_gates_do(answer, write, read, wipe):
    """The track of a cell whose valves `answer` turns."""
    gates = answer(write, read, wipe)
    if gates is None or gates is ...:
        return gates
    i, f, o = (np.broadcast_to(np.asarray(gate, dtype=float), write.shape) for gate in gates)
    c, held, shown = 0.0, [], []
    for t, g in enumerate(_NUMBERS[: len(write)]):
        c = f[t] * c + i[t] * g
        held.append(c + 0.0)  # no minus zero
        shown.append(o[t] * np.tanh(c) + 0.0)
    return {"the cell holds": np.array(held), "it shows": np.array(shown)}


def _set_gates(write, read, wipe):
    return write, (1 - write) * (1 - wipe), read


def _marks(length, **steps):
    return [
        np.isin(np.arange(length), steps[name]).astype(float) for name in ("write", "read", "wipe")
    ]


set_gates = code(
    title="Write, keep, read, wipe",
    minutes=5,
    difficulty=2,
    objective="choose gate values for what a memory shall do",
    reference=_set_gates,
    drive=_what_the_gates_do,
    probes=[
        probe(*_marks(8, write=[1, 5], read=[3, 6], wipe=[4])),
        probe(*_marks(10, write=[0, 3, 7], read=[2, 3, 5, 9], wipe=[6])),
    ],
    call="the cell, with set_gates(write={write}, read={read}, wipe={wipe})",
    mistakes=[
        wrong(
            "reverses the forget gate",
            lambda write, read, wipe: (write, 1 - (1 - write) * (1 - wipe), read),
            "The forget gate is reversed: the cell is wiped when it should keep. f = 1 keeps.",
        ),
        wrong(
            "adds the new note to the old",
            lambda write, read, wipe: (write, 1 - wipe, read),
            "At “write” the old note is still there, and the new one is added to it. To replace "
            "it, the forget gate has to shut at that step, too.",
        ),
        wrong(
            "never wipes",
            lambda write, read, wipe: (write, 1 - write, read),
            "“wipe” has no effect. An empty cell is one that keeps nothing, and into which nothing "
            "is written.",
        ),
        wrong(
            "always shows",
            lambda write, read, wipe: (write, (1 - write) * (1 - wipe), 1 + 0 * read),
            "The cell shows its note at every step. The output gate opens at “read” only.",
        ),
        wrong(
            "always writes",
            lambda write, read, wipe: (1 + 0 * write, (1 - write) * (1 - wipe), read),
            "The input gate stands open at every step: distractors get in.",
        ),
        wrong(
            "empties the cell by reading it",
            lambda write, read, wipe: (write, (1 - write) * (1 - wipe) * (1 - read), read),
            "Reading empties the cell before it is shown. Showing takes nothing away: the output "
            "gate opens, the forget gate stays as it is.",
        ),
        wrong(
            "writes at a wipe",
            lambda write, read, wipe: (
                np.maximum(write, wipe),
                (1 - write) * (1 - wipe),
                read,
            ),
            "At “wipe” the number that comes in is written. The forget gate shuts, and the input "
            "gate stays shut.",
        ),
        wrong(
            "never lets go",
            lambda write, read, wipe: (write, 1 + 0 * wipe, read),
            "The forget gate stands open all the time: nothing is ever wiped or replaced. That is "
            "the cell of 1997.",
        ),
        wrong(
            "exchanges forget and output gate",
            lambda write, read, wipe: (write, read, (1 - write) * (1 - wipe)),
            "The values look right, in another order. Return i, f, o.",
        ),
        wrong(
            "never shows",
            lambda write, read, wipe: (write, (1 - write) * (1 - wipe), 0 * read),
            "The output gate stays shut: what is held is right, and nobody ever sees it.",
        ),
        wrong(
            "exchanges input and forget gate",
            lambda write, read, wipe: ((1 - write) * (1 - wipe), write, read),
            "The values look right, in another order. Return i, f, o.",
        ),
        wrong(
            "returns the marks",
            lambda write, read, wipe: (write, read, wipe),
            "These are the marks themselves, in their own order. Return gates: i, f and o.",
        ),
        wrong(
            "keeps at reading alone",
            lambda write, read, wipe: (write, read, read),
            "The forget gate opens at “read” only: at all other steps the note is lost. It has to "
            "stand open from one mark to the next.",
        ),
        wrong(
            "shows at write as well",
            lambda write, read, wipe: (write, (1 - write) * (1 - wipe), np.maximum(write, read)),
            "It shows at “write” as well. It is asked at “read” only.",
        ),
        wrong(
            "opens all gates",
            lambda write, read, wipe: (1 + 0 * write, 1 + 0 * wipe, 1 + 0 * read),
            "All valves stand open: that is the plain sum of Repair 0, heard at every step.",
        ),
        wrong(
            "writes the negative at a wipe",
            lambda write, read, wipe: (write - wipe, 1 - write, read),
            "At “wipe” you take away what happens to come in. What is held is emptied by the "
            "forget gate.",
        ),
        wrong(
            "shows when it writes",
            lambda write, read, wipe: (write, (1 - write) * (1 - wipe), write),
            "The output gate opens at “write”. It is asked at “read”.",
        ),
    ],
    hints=[
        "Go through the marks one by one: what must each valve do at this step? And at a step "
        "without a mark?",
        "i opens at write. o opens at read. f is open, except at write and at wipe.",
        "i = write, o = read, and f is 1 unless write or wipe is 1: f = (1 - write) * ...",
    ],
    success="Three rows of zeros and ones are a memory that one can write, keep, read and wipe. "
    "A network has to find them.",
    others=[
        lambda write, read, wipe: (
            write.astype(bool),
            ~(write.astype(bool) | wipe.astype(bool)),
            read.astype(bool),
        ),
        lambda write, read, wipe: [write, np.where(write + wipe > 0, 0.0, 1.0), read],
    ],
)

# -- the step ------------------------------------------------------------------------------------


def _lstm_step(x, h, c, W_ih, W_hh, b):
    lstm = cells.LSTM(W_ih.shape[1], W_hh.shape[1])
    lstm.W_ih, lstm.W_hh, lstm.b_ih, lstm.b_hh = W_ih, W_hh, b, 0 * b
    return lstm.step(x, (h, c))


def _flawed_step(
    x,
    h,
    c,
    W_ih,
    W_hh,
    b,
    takes_the_blocks_as_i_f_o_g=False,
    bends_the_candidate_with_the_sigmoid=False,
    bends_the_gates_with_tanh=False,
    reverses_the_forget_gate=False,
    leaves_the_input_gate_out=False,
    shows_c_without_the_bend=False,
    returns_c_before_h=False,
    leaves_the_bias_out=False,
):
    a = x @ W_ih.T + h @ W_hh.T + (0 if leaves_the_bias_out else b)
    i, f, g, o = np.split(a, 4, axis=-1)
    if takes_the_blocks_as_i_f_o_g:
        g, o = o, g
    gate = np.tanh if bends_the_gates_with_tanh else sigmoid
    i, f, o = gate(i), gate(f), gate(o)
    g = sigmoid(g) if bends_the_candidate_with_the_sigmoid else np.tanh(g)
    f = 1 - f if reverses_the_forget_gate else f
    c = f * c + (g if leaves_the_input_gate_out else i * g)
    h = o * (c if shows_c_without_the_bend else np.tanh(c))
    return (c, h) if returns_c_before_h else (h, c)


def _parts(x, h, c, W_ih, W_hh, b):
    i, f, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 4, axis=-1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


def _step_with_c_in_the_gates(x, h, c, W_ih, W_hh, b):
    i, f, g, o = _parts(x, c, c, W_ih, W_hh, b)
    c = f * c + i * g
    return o * np.tanh(c), c


def _step_of_the_old_h(x, h, c, W_ih, W_hh, b):
    i, f, g, o = _parts(x, h, c, W_ih, W_hh, b)
    c = f * h + i * g
    return o * np.tanh(c), c


def _step_gated_on_the_lane(x, h, c, W_ih, W_hh, b):
    i, f, g, o = _parts(x, h, c, W_ih, W_hh, b)
    c = o * np.tanh(f * c + i * g)
    return c, c


def _step_that_shows_the_old_c(x, h, c, W_ih, W_hh, b):
    i, f, g, o = _parts(x, h, c, W_ih, W_hh, b)
    return o * np.tanh(c), f * c + i * g


def _step_with_blocks_f_i(x, h, c, W_ih, W_hh, b):
    f, i, g, o = _parts(x, h, c, W_ih, W_hh, b)
    c = f * c + i * g
    return o * np.tanh(c), c


def _step_with_the_new_h_in_the_output_gate(x, h, c, W_ih, W_hh, b):
    i, f, g, o = _parts(x, h, c, W_ih, W_hh, b)
    c = f * c + i * g
    o = _parts(x, o * np.tanh(c), c, W_ih, W_hh, b)[3]
    return o * np.tanh(c), c


def _step_without_bends_on_the_gates(x, h, c, W_ih, W_hh, b):
    i, f, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 4)
    c = f * c + i * np.tanh(g)
    return o * np.tanh(c), c


def _step_without_any_bend_before_the_cell(x, h, c, W_ih, W_hh, b):
    i, f, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 4)
    c = f * c + i * g
    return o * np.tanh(c), c


def _step_in(order, keep=None, bend=np.tanh, show=np.tanh, biases=1):
    """The step with the blocks in this order, another lane, other bends."""

    def step(x, h, c, W_ih, W_hh, b):
        a = np.split(W_ih @ x + W_hh @ h + biases * b, 4)
        a = dict(zip(order, a, strict=True))
        i, f, g, o = sigmoid(a["i"]), sigmoid(a["f"]), bend(a["g"]), sigmoid(a["o"])
        c = f * c + i * g if keep is None else keep(i, f, g, c)
        return o * show(c), c

    return step


def _step_with_rows_in_turn(x, h, c, W_ih, W_hh, b):
    i, f, g, o = (x @ W_ih.T + h @ W_hh.T + b).reshape(-1, 4).T
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c


def _step_gate_by_gate(x, h, c, W_ih, W_hh, b):
    H = len(W_hh) // 4
    rows = [slice(k * H, (k + 1) * H) for k in range(4)]
    a = [W_ih[r] @ x + W_hh[r] @ h + b[r] for r in rows]
    i, f, o = (1 / (1 + np.exp(-a[k])) for k in (0, 1, 3))
    c = [f[k] * c[k] + i[k] * np.tanh(a[2][k]) for k in range(H)]
    return np.array([o[k] * np.tanh(c[k]) for k in range(H)]), np.array(c)


def _step_in_torch(x, h, c, W_ih, W_hh, b):
    import torch

    x, h, c, W_ih, W_hh, b = (torch.tensor(a) for a in (x, h, c, W_ih, W_hh, b))
    i, f, g, o = (W_ih @ x + W_hh @ h + b).chunk(4)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


def _cell_at(seed, D, H):
    rng = np.random.default_rng(seed)
    shapes = [(D,), (H,), (H,), (4 * H, D), (4 * H, H), (4 * H,)]
    return [rng.normal(0, 0.9, shape).round(1) for shape in shapes]


lstm_step = code(
    title="One step of the LSTM",
    minutes=7,
    difficulty=2,
    objective="write the six equations of the LSTM",
    reference=_lstm_step,
    probes=[probe(*_cell_at(1, 1, 1)), probe(*_cell_at(2, 3, 2)), probe(*_cell_at(3, 2, 4))],
    call="lstm_step(x={x}, h={h}, c={c}, W_ih={W_ih}, W_hh={W_hh}, b={b})",
    mistakes=[
        *switches(
            _flawed_step,
            takes_the_blocks_as_i_f_o_g=(
                "The last two blocks are exchanged. The order is i, f, g, o: the candidate is "
                "the third, the output gate the last."
            ),
            bends_the_candidate_with_the_sigmoid=(
                "The candidate goes through the sigmoid. It is a number with a sign, not a valve: "
                "tanh. (With a sigmoid the cell could only ever grow.)"
            ),
            bends_the_gates_with_tanh=(
                "The gates go through tanh. A valve is between 0 and 1: the sigmoid."
            ),
            reverses_the_forget_gate=(
                "The forget gate is reversed: f is the share that is *kept*, c = f · c + i · g."
            ),
            leaves_the_input_gate_out=(
                "The candidate is written in full. The input gate says how much of it: i · g."
            ),
            shows_c_without_the_bend="The bend is missing: h = o · tanh(c), not o · c.",
            returns_c_before_h="Right, and in another order than asked: return h, then c.",
            leaves_the_bias_out="The bias b is missing in the sums.",
        ),
        wrong(
            "feeds the cell to the gates",
            _step_with_c_in_the_gates,
            "W_hh is multiplied by c. The gates hear h, what was *shown*; the cell is heard by "
            "itself alone. (Gates that see c are the peepholes of lesson 08.)",
        ),
        wrong(
            "keeps the old h",
            _step_of_the_old_h,
            "The forget gate multiplies h. What is kept is the cell: f · c.",
        ),
        wrong(
            "puts the output gate on the cell itself",
            _step_gated_on_the_lane,
            "h and c come out the same: the output gate and the bend act on the cell itself. c "
            "goes on as it is; h is made from it.",
        ),
        wrong(
            "shows the old cell",
            _step_that_shows_the_old_c,
            "h is made from the old c. First the cell takes its step, then it is shown.",
        ),
        wrong(
            "takes the blocks as f, i, g, o",
            _step_with_blocks_f_i,
            "The first two blocks are exchanged. The order is i, f, g, o.",
        ),
        wrong(
            "leaves the gates unbent",
            _step_without_bends_on_the_gates,
            "The gates have no bend: they are sums of any size. σ brings each between 0 and 1.",
        ),
        wrong(
            "leaves gates and candidate unbent",
            _step_without_any_bend_before_the_cell,
            "Gates and candidate are the bare sums. The gates go through σ, the candidate through "
            "tanh.",
        ),
        wrong(
            "takes the rows in turn",
            _step_with_rows_in_turn,
            "You take the rows in turn, i f g o of the first cell, then of the next. torch has "
            "blocks: all rows of i, then all of f, of g, of o.",
        ),
        wrong(
            "takes the blocks as f, i, o, g",
            _step_in("fiog"),
            "The blocks are taken as f, i, o, g. torch's order is i, f, g, o.",
        ),
        wrong(
            "takes the blocks as i, o, f, g",
            _step_in("iofg"),
            "The blocks are taken as i, o, f, g. torch's order is i, f, g, o.",
        ),
        wrong(
            "puts the candidate first",
            _step_in("gifo"),
            "The blocks are taken as g, i, f, o. torch's order is i, f, g, o.",
        ),
        wrong(
            "keeps all of the old cell",
            _step_in("ifgo", keep=lambda i, f, g, c: c + i * g),
            "The old cell is kept whole: that is the cell of 1997. Here f multiplies it.",
        ),
        wrong(
            "couples the gates",
            _step_in("ifgo", keep=lambda i, f, g, c: (1 - i) * c + i * g),
            "You keep 1 − i of the old cell. (Such a cell exists: lesson 08.) Here f says it.",
        ),
        wrong(
            "forgets what is being written",
            _step_in("ifgo", keep=lambda i, f, g, c: f * (c + i * g)),
            "The forget gate multiplies the new part, too. First f · c, and then + i · g.",
        ),
        wrong(
            "bends the cell itself",
            _step_in("ifgo", keep=lambda i, f, g, c: np.tanh(f * c + i * g)),
            "tanh is applied to what is handed on. The lane has one × and one +; the bend stands "
            "on the way from c to h.",
        ),
        wrong(
            "writes nothing",
            _step_in("ifgo", keep=lambda i, f, g, c: f * c),
            "The old cell is kept, and nothing is written: + i · g is missing.",
        ),
        wrong(
            "shows through the sigmoid",
            _step_in("ifgo", show=sigmoid),
            "c goes through the sigmoid on its way out. There it is tanh: h has a sign.",
        ),
        wrong(
            "leaves the candidate unbent",
            _step_in("ifgo", bend=lambda a: a),
            "The candidate is the bare sum. It goes through tanh.",
        ),
        wrong(
            "adds the bias twice",
            _step_in("ifgo", biases=2),
            "b is added twice. Here it is the sum of torch's two biases already.",
        ),
        wrong(
            "leaves the state h out",
            lambda x, h, c, W_ih, W_hh, b: _step_in("ifgo")(x, 0 * h, c, W_ih, W_hh, b),
            "The gates hear x alone: W_hh h is missing in the sums.",
        ),
        wrong(
            "exchanges h and c that come in",
            lambda x, h, c, W_ih, W_hh, b: _step_in("ifgo")(x, c, h, W_ih, W_hh, b),
            "The h and c that come in are exchanged: h is multiplied by W_hh, c is kept by f.",
        ),
        wrong(
            "feeds the new h to the output gate",
            _step_with_the_new_h_in_the_output_gate,
            "The output gate hears the h of the same step. All gates look at the h of the step "
            "before, the one that was handed in.",
        ),
    ],
    hints=[
        "One product for all four blocks, then cut it into four: i, f, g, o.",
        "c_new = σ(f) · c + σ(i) · tanh(g);  h_new = σ(o) · tanh(c_new).",
        "i, f, g, o = np.split(W_ih @ x + W_hh @ h + b, 4)",
    ],
    success="This is what torch.nn.LSTMCell computes (with its two biases added).",
    others=[_step_gate_by_gate, _step_in_torch],
)

torch_rows = predict(
    title="Where is the output gate?",
    minutes=3,
    difficulty=2,
    objective="find a gate in the stacked matrices",
    question=(
        "`torch.nn.LSTM(3, 50)` has a matrix `weight_hh_l0`. How many **rows** and how many "
        "**columns** has it, and from which row **to** which do the weights of the *output gate* "
        "stand (counted from 0, the end not included, as in a slice)? Four whole numbers."
    ),
    answer=[200, 50, 150, 200],
    mistakes=[
        wrong(
            "counts three blocks",
            [150, 50, 100, 150],
            "Three gates, and the candidate: it has weights as well. So there are four blocks.",
        ),
        wrong(
            "counts five blocks",
            [250, 50, 200, 250],
            "Five bends, four of them with weights: tanh(c) has none. So there are four blocks.",
        ),
        wrong(
            "takes the order i, f, o, g",
            [200, 50, 100, 150],
            "These rows belong to the candidate. torch's order is i, f, g, o.",
        ),
        wrong(
            "takes the input's columns",
            [200, 3, 150, 200],
            "weight_hh is multiplied by h, which has 50 entries. (3 columns has weight_ih.)",
        ),
        wrong(
            "lies it on its side",
            [50, 200, 150, 200],
            "The blocks stand one below the other: 4 · 50 rows, and a column for each entry of h.",
        ),
        wrong(
            "includes the end",
            [200, 50, 150, 199],
            "The end of a slice is not included: 150 to 200.",
        ),
        wrong(
            "takes the forget gate",
            [200, 50, 50, 100],
            "These rows belong to the forget gate, the second of i, f, g, o.",
        ),
        wrong(
            "counts from 1",
            [200, 50, 151, 200],
            "Counted from 0 the last block begins at row 150: three blocks of 50 come before it.",
        ),
        wrong(
            "puts both inputs in one matrix",
            [200, 53, 150, 200],
            "torch has two matrices: weight_ih for x (3 columns), and weight_hh for h (50).",
        ),
        wrong(
            "takes the input gate",
            [200, 50, 0, 50],
            "These rows belong to the input gate, the first of i, f, g, o.",
        ),
        wrong(
            "takes one block for the matrix",
            [50, 50, 0, 50],
            "That is one block. All four stand in one matrix, one below the other.",
        ),
    ],
    hints=[
        "How many blocks have weights, and in which order do they stand?",
        "(4H, H), blocks of H rows in the order i, f, g, o.",
        "H = 50: rows 0–50 are i, 50–100 are f, ...",
    ],
    success="One product for all four, and a convention that one has to know.",
)

# -- h and c -------------------------------------------------------------------------------------

how_high = predict(
    title="How high?",
    minutes=3,
    difficulty=1,
    objective="tell the sizes of h and c",
    question=(
        "A cell starts at 0. For **40 steps** all its gates stand wide open (i = f = o = 1), and "
        "the candidate is **0.5** each time. What are **c** and **h** at the end? Two numbers."
    ),
    answer=[20.0, 1.0],
    mistakes=[
        wrong(
            "bounds the cell by 1",
            lambda: [1.0, np.tanh(1.0)],
            "The cell has no bounds: with f = 1 it is a sum, and nothing bends it.",
        ),
        wrong(
            "holds the latest candidate",
            lambda: [0.5, np.tanh(0.5)],
            "With f = 1 nothing is replaced: the new is added to all that was there.",
        ),
        wrong("exchanges h and c", [1.0, 20.0], "Right numbers: c first, then h."),
        wrong(
            "shows c without the bend",
            [20.0, 20.0],
            "c is right. What is shown goes through tanh, and tanh stays below 1.",
        ),
        wrong(
            "hands on h",
            lambda: (lambda c: [c, np.tanh(c)])(_fixed_point()),
            "These are the values if tanh(c) were handed on. The lane has no bend on it.",
        ),
        wrong(
            "shows the latest candidate",
            lambda: [20.0, np.tanh(0.5)],
            "c is right. What is shown is tanh of the *cell*, of all that it holds.",
        ),
        wrong(
            "shows the tanh of 1",
            lambda: [20.0, np.tanh(1.0)],
            "c is right. What is shown is o · tanh(c): the bend gets c = 20, not 1.",
        ),
        wrong(
            "counts one step less",
            [19.5, 1.0],
            "h is right. The cell starts at 0, and 40 steps add 40 times 0.5.",
        ),
        wrong(
            "adds 1 at each step",
            [40.0, 1.0],
            "h is right. At each step i · g = 1 · 0.5 is added, not 1.",
        ),
        wrong(
            "bounds both by 1",
            [1.0, 1.0],
            "h is right. The cell has no bounds: nothing bends it.",
        ),
        wrong(
            "opens the gates to the sigmoid of 1",
            lambda: (lambda s: [s * 0.5 / (1 - s), s * np.tanh(s * 0.5 / (1 - s))])(sigmoid(1.0)),
            "Here each gate is σ(1) = 0.73. Wide open means that the gate itself is 1.",
        ),
    ],
    hints=[
        "Leave the bend and the output gate aside at first: what do keep and write do?",
        "c grows by i · g = 0.5 at each step. h = o · tanh(c).",
        "c = 40 · 0.5, and tanh of it is ...",
    ],
    success="c has no bounds, h has. And where tanh is so flat, no gradient comes through it: "
    "a cell can overflow.",
)


def _fixed_point():
    c = 0.0
    for _ in range(40):
        c = np.tanh(c) + 0.5
    return c


carry_both = choose(
    title="What to carry on",
    minutes=2,
    difficulty=2,
    objective="say what the state of an LSTM is",
    question=(
        "A long text is read in pieces. Between two pieces somebody hands on only **c**, and "
        "starts with h = 0: “h is only the short-term output”. What happens at the next piece?"
    ),
    options=[
        option(
            "Nothing changes: h is computed from c anyway.",
            "It is, by the output gate of the step that is over. That gate's value is gone, and "
            "the next step needs h_{t−1} before it can compute anything.",
        ),
        option(
            "Nothing changes: the gates look at x and c.",
            "They look at x and h. (Gates that see c have peepholes: lesson 08.)",
        ),
        option(
            "The far memory is lost, the near is kept.",
            "The other way round: what was held for long is in c, and c was handed on.",
        ),
        option(
            "What c holds is there. But all gates and candidates of the first step hear zeros "
            "instead of h, and decide wrongly.",
            "h_{t−1} is the only thing, beside x, that the gates hear. One step later they hear "
            "an h again, but what was written or wiped wrongly by then stays so.",
            right=True,
        ),
        option(
            "torch raises an error, since h and c must have the same values.",
            "They have the same shape, and hardly ever the same values. torch takes any pair.",
        ),
    ],
    hints=[
        "Which of the two enters the products with W_hh?",
        "Gates: W x_t + U h_{t−1} + b. Lane: f c_{t−1}.",
        "c is heard by ..., h is heard by ...",
    ],
    success="Both are the state: `h, c = h.detach(), c.detach()` between two pieces.",
)

# -- the way back --------------------------------------------------------------------------------


def _backward_step(d_h, d_c, i, f, g, o, c_prev, c):
    bent = np.tanh(c)
    d_c = d_c + d_h * o * (1 - bent**2)
    d_a = np.concatenate(
        [
            d_c * g * i * (1 - i),
            d_c * c_prev * f * (1 - f),
            d_c * i * (1 - g**2),
            d_h * bent * o * (1 - o),
        ]
    )
    return d_a, d_c * f


def _flawed_back(
    d_h,
    d_c,
    i,
    f,
    g,
    o,
    c_prev,
    c,
    drops_what_comes_from_the_next_step=False,
    drops_what_comes_from_h=False,
    leaves_the_bend_of_c_out=False,
    leaves_the_output_gate_out=False,
    takes_the_gate_s_slope_on_the_lane=False,
    leaves_the_slopes_of_the_gates_out=False,
    gives_the_candidate_a_sigmoid_s_slope=False,
    takes_the_new_cell_for_the_old=False,
):
    bent = np.tanh(c)
    from_h = d_h * (1 if leaves_the_output_gate_out else o)
    from_h = from_h * (1 if leaves_the_bend_of_c_out else 1 - bent**2)
    later = 0 * d_c if drops_what_comes_from_the_next_step else d_c
    d_c = later + (0 if drops_what_comes_from_h else from_h)
    held = c if takes_the_new_cell_for_the_old else c_prev

    def slope(gate):
        return 1.0 if leaves_the_slopes_of_the_gates_out else gate * (1 - gate)

    slope_g = g * (1 - g) if gives_the_candidate_a_sigmoid_s_slope else 1 - g**2
    d_a = [
        d_c * g * slope(i),
        d_c * held * slope(f),
        d_c * i * slope_g,
        d_h * bent * slope(o),
    ]
    back = f * (1 - f) if takes_the_gate_s_slope_on_the_lane else f
    return np.concatenate(d_a), d_c * back


def _back_with_i_f_o_g(d_h, d_c, *kept):
    d_a, back = _backward_step(d_h, d_c, *kept)
    i, f, g, o = np.split(d_a, 4)
    return np.concatenate([i, f, o, g]), back


def _back_with_i_and_g_exchanged(d_h, d_c, i, f, g, o, c_prev, c):
    d_a, back = _backward_step(d_h, d_c, i, f, g, o, c_prev, c)
    whole = d_c + d_h * o * (1 - np.tanh(c) ** 2)
    H = len(i)
    d_a[:H], d_a[2 * H : 3 * H] = whole * i * i * (1 - i), whole * g * (1 - g**2)
    return d_a, back


def _back_that_hands_on_d_c(d_h, d_c, i, f, g, o, c_prev, c):
    d_a, _ = _backward_step(d_h, d_c, i, f, g, o, c_prev, c)
    return d_a, d_c + d_h * o * (1 - np.tanh(c) ** 2)


def _back_with_the_output_gate_from_d_c(d_h, d_c, i, f, g, o, c_prev, c):
    d_a, back = _backward_step(d_h, d_c, i, f, g, o, c_prev, c)
    whole = d_c + d_h * o * (1 - np.tanh(c) ** 2)
    d_a[3 * len(i) :] = whole * np.tanh(c) * o * (1 - o)
    return d_a, back


def _back_with_the_bend_at_c(d_h, d_c, i, f, g, o, c_prev, c):
    whole = d_c + d_h * o * (1 - c**2)
    d_a = [whole * g * i * (1 - i), whole * c_prev * f * (1 - f), whole * i * (1 - g**2)]
    return np.concatenate([*d_a, d_h * np.tanh(c) * o * (1 - o)]), whole * f


def _back_with_g_bent_again(d_h, d_c, i, f, g, o, c_prev, c):
    d_a, back = _backward_step(d_h, d_c, i, f, g, o, c_prev, c)
    H = len(i)
    d_a[2 * H : 3 * H] *= (1 - np.tanh(g) ** 2) / (1 - g**2)
    return d_a, back


def _back_changed(order="ifgo", **changes):
    """The step back with some blocks, or what is handed on ("back"), made otherwise."""

    def back(d_h, d_c, i, f, g, o, c_prev, c):
        whole = d_c + d_h * o * (1 - np.tanh(c) ** 2)
        d_a, handed = _backward_step(d_h, d_c, i, f, g, o, c_prev, c)
        found = dict(zip("ifgo", np.split(d_a, 4), strict=True)) | {"back": handed}
        given = {"d_h": d_h, "d_c": d_c, "whole": whole, "i": i, "f": f, "g": g, "o": o}
        given |= {"c_prev": c_prev, "c": c}
        found |= {name: change(**given) for name, change in changes.items()}
        return np.concatenate([found[gate] for gate in order]), found["back"]

    return back


def _back_in_torch(d_h, d_c, i, f, g, o, c_prev, c):
    import torch

    a = [np.log(i / (1 - i)), np.log(f / (1 - f)), np.arctanh(g), np.log(o / (1 - o))]
    a = torch.tensor(np.concatenate(a), requires_grad=True)
    before = torch.tensor(c_prev, requires_grad=True)
    a_i, a_f, a_g, a_o = a.chunk(4)
    new = torch.sigmoid(a_f) * before + torch.sigmoid(a_i) * torch.tanh(a_g)
    shown = torch.sigmoid(a_o) * torch.tanh(new)
    (shown * torch.tensor(d_h) + new * torch.tensor(d_c)).sum().backward()
    return a.grad, before.grad


def _back_unit_by_unit(d_h, d_c, i, f, g, o, c_prev, c):
    blocks, back = [[], [], [], []], []
    for k in range(len(d_h)):
        bent = np.tanh(c[k])
        whole = d_c[k] + d_h[k] * o[k] * (1 - bent * bent)
        blocks[0].append(whole * g[k] * (i[k] - i[k] ** 2))
        blocks[1].append(whole * c_prev[k] * (f[k] - f[k] ** 2))
        blocks[2].append(whole * i[k] * (1 - g[k]) * (1 + g[k]))
        blocks[3].append(d_h[k] * bent * (o[k] - o[k] ** 2))
        back.append(whole * f[k])
    return np.concatenate(blocks).tolist(), back


def _kept(seed, H):
    rng = np.random.default_rng(seed)
    d_h, d_c, c_prev = rng.normal(size=(3, H)).round(2)
    i, f, o = rng.uniform(0.15, 0.9, (3, H)).round(2)
    g = rng.uniform(-0.9, 0.9, H).round(2)
    return d_h, d_c, i, f, g, o, c_prev, f * c_prev + i * g


backward_step = code(
    title="One step back",
    minutes=7,
    difficulty=3,
    objective="carry a gradient back through a memory cell",
    reference=_backward_step,
    probes=[probe(*_kept(1, 1)), probe(*_kept(2, 3)), probe(*_kept(7, 2))],
    call="backward_step(d_h={d_h}, d_c={d_c}, i={i}, f={f}, g={g}, o={o}, c_prev={c_prev}, c={c})",
    mistakes=[
        *switches(
            _flawed_back,
            drops_what_comes_from_the_next_step=(
                "What comes from c_{t+1}, the argument d_c, is dropped. The cell is heard by two: "
                "by h_t and by the next cell. Their shares are added."
            ),
            drops_what_comes_from_h=(
                "What comes from h_t is dropped on the way to the cell: d_h · o · (1 − tanh(c)²) "
                "is added to d_c."
            ),
            leaves_the_bend_of_c_out=(
                "From h to c the way goes through a bend: its slope, 1 − tanh(c)², is missing."
            ),
            leaves_the_output_gate_out=(
                "From h to c the way goes through the output gate: the factor o is missing."
            ),
            takes_the_gate_s_slope_on_the_lane=(
                "On the lane you multiply by f (1 − f), the slope of the sigmoid. It belongs to "
                "the way *into* the gate. Forward, c_{t−1} is multiplied by f; so backward, too."
            ),
            leaves_the_slopes_of_the_gates_out=(
                "The gates' own bends are left out: each is a sigmoid, with the slope "
                "i (1 − i), f (1 − f), o (1 − o)."
            ),
            gives_the_candidate_a_sigmoid_s_slope=(
                "The candidate is a tanh: its slope is 1 − g², not g (1 − g)."
            ),
            takes_the_new_cell_for_the_old=(
                "The forget gate multiplied the *old* cell, c_{t−1}: so its blame is d_c · c_prev."
            ),
        ),
        wrong(
            "stacks the blocks as i, f, o, g",
            _back_with_i_f_o_g,
            "The last two blocks are exchanged: i, f, g, o.",
        ),
        wrong(
            "exchanges the factors i and g",
            _back_with_i_and_g_exchanged,
            "In the product i · g each factor's blame is multiplied by the *other*: i's by g, "
            "and g's by i.",
        ),
        wrong(
            "takes the bend's slope at the wrong value",
            _back_with_the_bend_at_c,
            "The slope from c to h is 1 − c². That is tanh's slope written with its *output*; here "
            "the output is tanh(c): 1 − tanh(c)².",
        ),
        wrong(
            "bends the candidate once more",
            _back_with_g_bent_again,
            "g has gone through tanh already: its slope is 1 − g², without another tanh.",
        ),
        wrong(
            "hands d_c on as it is",
            _back_that_hands_on_d_c,
            "The blame is handed to c_{t−1} without a factor. That is right for f = 1; here the "
            "lane has a gate on it.",
        ),
        wrong(
            "hands on what came from the next step alone",
            _back_changed(back=lambda d_c, f, **_: d_c * f),
            "What is handed to c_{t−1} is f times what came from the next step. It is f times the "
            "*whole* of dL/dc_t: the part through h_t goes back along the lane as well.",
        ),
        wrong(
            "hands on with the old cell as factor",
            _back_changed(back=lambda whole, c_prev, **_: whole * c_prev),
            "In f · c_{t−1} each factor's blame is multiplied by the *other*: that of c_{t−1} "
            "by f.",
        ),
        wrong(
            "takes the gates from d_c alone",
            _back_changed(
                i=lambda d_c, i, g, **_: d_c * g * i * (1 - i),
                f=lambda d_c, f, c_prev, **_: d_c * c_prev * f * (1 - f),
                g=lambda d_c, i, g, **_: d_c * i * (1 - g**2),
            ),
            "What is handed on is right. The blocks i, f and g take d_c before the part through "
            "h_t is added to it.",
        ),
        wrong(
            "gives the gates a tanh's slope",
            _back_changed(
                i=lambda whole, i, g, **_: whole * g * (1 - i**2),
                f=lambda whole, f, c_prev, **_: whole * c_prev * (1 - f**2),
                o=lambda d_h, o, c, **_: d_h * np.tanh(c) * (1 - o**2),
            ),
            "The gates are sigmoids: their slope is i (1 − i), not 1 − i².",
        ),
        wrong(
            "leaves the slope of the candidate out",
            _back_changed(g=lambda whole, i, **_: whole * i),
            "The candidate's own bend is missing in its block: · (1 − g²).",
        ),
        wrong(
            "leaves the slope of the output gate out",
            _back_changed(o=lambda d_h, c, **_: d_h * np.tanh(c)),
            "The output gate's own bend is missing in its block: · o (1 − o).",
        ),
        wrong(
            "leaves the bend out of the output gate's blame",
            _back_changed(o=lambda d_h, o, c, **_: d_h * c * o * (1 - o)),
            "In o · tanh(c) the other factor is tanh(c), not c: it is o's blame.",
        ),
        wrong(
            "stacks the blocks as o, i, f, g",
            _back_changed("oifg"),
            "The blocks stand as o, i, f, g. The order is i, f, g, o.",
        ),
        wrong(
            "stacks the blocks as f, i, g, o",
            _back_changed("figo"),
            "The first two blocks are exchanged: i, f, g, o.",
        ),
        wrong(
            "blames the output gate for the cell",
            _back_with_the_output_gate_from_d_c,
            "The output gate stands behind the cell: its blame comes from d_h alone.",
        ),
    ],
    hints=[
        "First make dL/dc_t whole: it comes from h_t and from c_{t+1}.",
        "d_c += d_h · o · (1 − tanh(c)²). Then in each product a factor's blame is d_c times the "
        "other factor, then through its own bend. And dL/dc_{t−1} = d_c · f.",
        "d_c = d_c + d_h * o * (1 - np.tanh(c) ** 2); the block of i is d_c * g * i * (1 - i) ...",
    ],
    success="On the lane the only factor is f. All the other lines are how the gates learn.",
    others=[_back_in_torch, _back_unit_by_unit],
)


def _highway(f):
    d = np.ones_like(f)
    for t in range(len(f) - 2, -1, -1):
        d[t] = d[t + 1] * f[t + 1]
    return d


def _suffix(factor):
    return np.cumprod(factor[::-1], axis=0)[::-1]


highway = code(
    title="The highway",
    minutes=5,
    difficulty=2,
    objective="compute what of a gradient arrives along the cell",
    reference=_highway,
    probes=[
        probe(np.array([[0.5], [0.9], [0.8]])),
        probe(np.random.default_rng(1).uniform(0.3, 0.99, (5, 2)).round(2)),
        probe(np.random.default_rng(2).uniform(0.3, 0.99, (4, 3)).round(2)),
    ],
    call="highway(f={f})",
    axis="step",
    mistakes=[
        wrong(
            "takes the gate's slope",
            lambda f: np.concatenate([_suffix(f * (1 - f))[1:], np.ones((1, f.shape[1]))]),
            "The factors are f (1 − f), the slope of the sigmoid. Along the cell the factor is f "
            "itself: what multiplied c forward multiplies the gradient backward.",
        ),
        wrong(
            "takes the step's own gate in",
            _suffix,
            "One factor too many: f_t leads from c_{t−1} to c_t. From c_t on, the first gate is "
            "that of step t + 1, and at the last step nothing is left: 1.",
        ),
        wrong(
            "goes forward from the first step",
            lambda f: np.cumprod(f, axis=0),
            "These products run from the first step on. Asked is the way from each step to the "
            "*last*: start at the end.",
        ),
        wrong(
            "shuts with f",
            lambda f: np.concatenate([_suffix(1 - f)[1:], np.ones((1, f.shape[1]))]),
            "The factors are 1 − f: the forget gate is reversed. f is what is kept.",
        ),
        wrong(
            "adds the gates",
            lambda f: np.concatenate(
                [np.cumsum(f[::-1], axis=0)[::-1][1:], np.ones((1, f.shape[1]))]
            ),
            "The gates are added. One step after the other is a product.",
        ),
        wrong(
            "says that nothing fades",
            lambda f: np.ones_like(f),
            "That is the carousel of 1997, with f = 1 throughout. Here the gates have values.",
        ),
        wrong(
            "hands on nothing from the last step",
            lambda f: np.concatenate([_highway(f)[:-1], np.zeros((1, f.shape[1]))]),
            "All but the last row are right. c_{T−1} changes with itself by the factor 1.",
        ),
        wrong(
            "takes each step's gate one too early",
            lambda f: np.concatenate([_suffix(f[:-1]), np.ones((1, f.shape[1]))]),
            "The gates are one step off: from c_t on, the first gate is f_{t+1}, and the last, "
            "f_{T−1}, belongs in it.",
        ),
        wrong(
            "leaves the last gate out",
            lambda f: np.concatenate(
                [_suffix(f[1:-1]), np.ones((2, f.shape[1]))],
            ),
            "The last gate, f_{T−1}, is missing: it leads from c_{T−2} to c_{T−1}.",
        ),
        wrong(
            "takes the next step alone",
            lambda f: np.concatenate([f[1:], np.ones((1, f.shape[1]))]),
            "That is one step of the way. Asked is the way to the *last* step: all factors "
            "between.",
        ),
        wrong(
            "runs back and stays turned round",
            lambda f: np.cumprod(f[::-1], axis=0),
            "These products start at the end, with one factor too many, and the last step stands "
            "first. Row t belongs to step t, and the last row is 1.",
        ),
        wrong(
            "goes forward from 1",
            lambda f: np.concatenate([np.ones((1, f.shape[1])), np.cumprod(f, axis=0)[:-1]]),
            "These products run from the first step on. Asked is the way from each step to the "
            "*last*: the 1 stands in the last row.",
        ),
        wrong(
            "takes powers of each step's own gate",
            lambda f: f ** np.arange(len(f) - 1, -1, -1.0)[:, None],
            "Each row is a power of one gate. On the way to the end come the gates of all later "
            "steps, one factor each.",
        ),
        wrong(
            "turns the time round",
            lambda f: _highway(f)[::-1].copy(),
            "The right numbers, the last step first. Row t belongs to step t.",
        ),
        wrong(
            "takes one gate for all steps",
            lambda f: f[-1] ** np.arange(len(f) - 1, -1, -1.0)[:, None],
            "This is a power of the last gate. Each step has gates of its own.",
        ),
    ],
    hints=[
        "The last row is 1: there is no step between. What does the row before it have?",
        "∂c_{T−1}/∂c_t = f_{t+1} · f_{t+2} · … · f_{T−1}.",
        "d = np.ones_like(f), and then from the end: d[t] = d[t + 1] * f[t + 1]",
    ],
    success="No weight matrix in it, and no bend. How long it carries is up to the gates.",
    others=[
        lambda f: np.array([np.prod(f[t + 1 :], axis=0) for t in range(len(f))]),
        lambda f: np.exp(np.cumsum(np.log(np.vstack([f, np.ones(f.shape[1])]))[::-1], 0))[::-1][1:],
    ],
)

no_vanishing = choose(
    title="“An LSTM has no vanishing gradient”",
    minutes=3,
    difficulty=2,
    objective="judge what an LSTM promises, and what not",
    question="What is true about the gradient from the last step back to a step 100 earlier?",
    options=[
        option(
            "It cannot vanish: the carousel hands the error on with weight 1.",
            "In the cell of 1997 the lane has the weight 1. With a forget gate the weight is f, "
            "and with f = 0.73, 100 steps leave 2.5e-14.",
        ),
        option(
            "It vanishes as in any RNN: the sigmoid's slope is at most 1/4 in each step.",
            "The slope f (1 − f) belongs to the way into the gate. Along the lane the factor is f "
            "itself, and f may be as near to 1 as it likes.",
        ),
        option(
            "Along the cell it is the product of the forget gates: it fades as fast as they say, "
            "and there are other ways besides, through h.",
            "So the fading is not a law but a number, which can be set at the start and learned. "
            "By the ways through h it can fade or explode as in an RNN.",
            right=True,
        ),
        option(
            "It cannot vanish, and it cannot explode either: all gates are below 1.",
            "Gates below 1 are the reason that it fades along the cell. And through h and W_hh "
            "there are ways without a bound: LSTMs are trained with clipping, too.",
        ),
        option(
            "It depends on the number of cells: more cells remember for longer.",
            "Each cell has its own gate, and its own time. More cells hold more things, not for "
            "longer.",
        ),
    ],
    hints=[
        "Which factor takes ∂c_t to ∂c_{t−1}?",
        "∂c_t/∂c_{t−1} = f_t along the cell. And h_{t−1} is heard by all gates.",
        "A product of a hundred numbers between 0 and 1 is ...",
    ],
    success="It is a knob, not a law. And the usual start, 1, turns it to two steps.",
)

# -- biases --------------------------------------------------------------------------------------

forget_half_life = predict(
    title="The half-life of a bias",
    minutes=3,
    difficulty=2,
    objective="turn a forget bias into a length of memory",
    question=(
        "A forget gate hears nothing but its bias, **3**. Nothing is written. After how many "
        "steps is **half** of what the cell held left? (Round to a whole number, if you like.)"
    ),
    answer=lambda: np.log(0.5) / np.log(sigmoid(3.0)),
    tolerance=(0.02, 0.0),
    mistakes=[
        wrong(
            "takes the bias for the number of steps",
            3.0,
            "The bias is not a number of steps. Which share does the gate keep at each step?",
        ),
        wrong(
            "gives the time constant",
            lambda: -1 / np.log(sigmoid(3.0)),
            "That is the time constant: after it 1/e = 37 % is left. Asked is one half.",
        ),
        wrong(
            "answers for a bias of 1",
            lambda: np.log(0.5) / np.log(sigmoid(1.0)),
            "That is the half-life of a bias of 1. Here it is 3.",
        ),
        wrong(
            "gives the mean time",
            lambda: 1 / (1 - sigmoid(3.0)),
            "That is 1/(1 − f), about the time constant: after it some 37 % is left. Asked is one "
            "half.",
        ),
        wrong(
            "takes away the same amount at each step",
            lambda: 0.5 / (1 - sigmoid(3.0)),
            "You took the same amount away at each step. A gate takes a *share* of what is left.",
        ),
        wrong(
            "forgets with f",
            lambda: np.log(0.5) / np.log(1 - sigmoid(3.0)),
            "You kept 1 − f = 0.047 at each step. f is what is kept.",
        ),
        wrong(
            "gives the gate",
            lambda: sigmoid(3.0),
            "That is the gate: what is left after *one* step. After how many is it one half?",
        ),
        wrong(
            "gives the odds",
            lambda: np.exp(3.0),
            "That is e³, about the time constant: after it some 37 % is left. Asked is one half.",
        ),
        wrong(
            "answers for a bias of 5",
            lambda: np.log(0.5) / np.log(sigmoid(5.0)),
            "That is the half-life of a bias of 5. Here it is 3.",
        ),
        wrong(
            "mixes two logarithms",
            lambda: np.log10(0.5) / np.log(sigmoid(3.0)),
            "Both logarithms need the same base.",
        ),
        wrong(
            "takes the bias through tanh",
            lambda: np.log(0.5) / np.log(np.tanh(3.0)),
            "The gate is a sigmoid: σ(3) = 0.953. (tanh(3) would be 0.995.)",
        ),
        wrong(
            "adds two biases",
            lambda: np.log(0.5) / np.log(sigmoid(6.0)),
            "This is the half-life of a bias of 6: as if both of torch's biases were 3.",
        ),
    ],
    hints=[
        "From a bias to a gate, from a gate to a half-life.",
        "f = σ(3) = 1/(1 + e^−3), and f^k = 0.5.",
        "k = ln 0.5 / ln 0.953 = ...",
    ],
    success="With a bias of 1 it would be two steps, with 5 a hundred (103).",
)


def _set_forget_bias(b_ih, b_hh, value):
    lstm = cells.LSTM(1, len(b_ih) // 4)
    lstm.b_ih, lstm.b_hh = b_ih, b_hh
    lstm.set_bias("f", value)
    return lstm.b_ih.copy(), lstm.b_hh.copy()


def _filled(b_ih, b_hh, quarters=(1,), one=None, other=0.0):
    H, b_ih, b_hh = len(b_ih) // 4, b_ih.copy(), b_hh.copy()
    for k in quarters:
        rows = slice(k * H, (k + 1) * H)
        b_ih[rows] = one
        b_hh[rows] = b_hh[rows] if other is None else other
    return b_ih, b_hh


def _biases(seed, H):
    rng = np.random.default_rng(seed)
    return rng.uniform(-0.7, 0.7, 4 * H).round(2), rng.uniform(-0.7, 0.7, 4 * H).round(2)


def _effect(answer, b_ih, b_hh, value):
    """What acts: the two biases, added."""
    given = answer(b_ih, b_hh, value)
    if given is None or given is ...:
        return given
    one, other = (np.asarray(b, dtype=float) for b in given)
    return {"b_ih + b_hh": one + other}


def _half_each(b_ih, b_hh, value):
    return _filled(b_ih, b_hh, one=value / 2, other=value / 2)


def _by_blocks(b_ih, b_hh, value):
    one, other = b_ih.reshape(4, -1).copy(), b_hh.reshape(4, -1).copy()
    one[1], other[1] = value - other[1], other[1]
    return one.ravel(), other.ravel()


set_forget_bias = code(
    title="A forget bias of 1, and not of 2",
    minutes=4,
    difficulty=2,
    objective="set the forget gate's bias in torch's layout",
    reference=_set_forget_bias,
    drive=_effect,
    probes=[probe(*_biases(1, 2), 1.0), probe(*_biases(2, 3), 2.5)],
    call="set_forget_bias(b_ih={b_ih}, b_hh={b_hh}, value={value}): the biases' sum",
    mistakes=[
        wrong(
            "fills both biases",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, one=value, other=value),
            "Both biases have the value, and they are added: the gate gets twice of it. Set one, "
            "and make the other 0.",
        ),
        wrong(
            "leaves the second bias as it was",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, one=value, other=None),
            "b_hh's part keeps its random start, and it is added to the value. Make it 0.",
        ),
        wrong(
            "sets the input gate's",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, (0,), value),
            "The first quarter is the input gate's. The order is i, f, g, o.",
        ),
        wrong(
            "sets the candidate's",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, (2,), value),
            "The third quarter is the candidate's. The order is i, f, g, o.",
        ),
        wrong(
            "sets the output gate's",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, (3,), value),
            "The last quarter is the output gate's. The order is i, f, g, o.",
        ),
        wrong(
            "fills all quarters",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, range(4), value),
            "All four blocks get the value: input and output gate as well, and the candidate. Only "
            "the forget gate's quarter is meant.",
        ),
        wrong(
            "fills all of both",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, range(4), value, value),
            "Every bias has the value: all four blocks, and twice. (This is what a loop over all "
            "parameters with “bias” in their name does.)",
        ),
        wrong(
            "adds the value to what was there",
            lambda b_ih, b_hh, value: (
                b_ih + np.repeat([0.0, value, 0.0, 0.0], len(b_ih) // 4),
                b_hh.copy(),
            ),
            "The value is added to the random start. Asked is that the sum of both biases *is* the "
            "value.",
        ),
        wrong(
            "makes all others 0",
            lambda b_ih, b_hh, value: (
                np.repeat([0.0, value, 0.0, 0.0], len(b_ih) // 4),
                0 * b_hh,
            ),
            "The forget gate is right, and the biases of the other three blocks are gone. Leave "
            "them as they were.",
        ),
        wrong(
            "sets the second bias alone",
            lambda b_ih, b_hh, value: _filled(b_hh, b_ih, one=value, other=None)[::-1],
            "b_ih's part keeps its random start, and it is added to the value. Make it 0.",
        ),
        wrong(
            "fills both biases of the input gate",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, (0,), value, value),
            "Two things: the first quarter is the input gate's (i, f, g, o), and with both biases "
            "it gets twice the value.",
        ),
        wrong(
            "fills both biases of the candidate",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, (2,), value, value),
            "Two things: the third quarter is the candidate's (i, f, g, o), and with both biases "
            "it gets twice the value.",
        ),
        wrong(
            "fills the first bias",
            lambda b_ih, b_hh, value: (0 * b_ih + value, b_hh.copy()),
            "All of b_ih has the value: all four blocks. And b_hh's random start is added to it.",
        ),
        wrong(
            "empties the second bias",
            lambda b_ih, b_hh, value: (_filled(b_ih, b_hh, one=value)[0], 0 * b_hh),
            "The forget gate is right. But all of b_hh is 0 now: the other three blocks keep "
            "theirs.",
        ),
        wrong(
            "sets 1 whatever is asked",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, one=1.0),
            "The bias is 1 whatever `value` is.",
        ),
        wrong(
            "takes the rows in turn",
            lambda b_ih, b_hh, value: (
                np.where(np.arange(len(b_ih)) % 4 == 1, value, b_ih),
                np.where(np.arange(len(b_hh)) % 4 == 1, 0.0, b_hh),
            ),
            "You set every fourth row. torch has blocks: all of i, then all of f, of g, of o.",
        ),
        wrong(
            "takes away instead",
            lambda b_ih, b_hh, value: _filled(b_ih, b_hh, one=-value),
            "The sign: a *positive* bias opens the forget gate, and an open gate keeps.",
        ),
    ],
    hints=[
        "Which quarter, and which of the two biases?",
        "Rows H to 2H: b_ih there = value, b_hh there = 0. H is a quarter of the length.",
        "H = len(b_ih) // 4; b_ih, b_hh = b_ih.copy(), b_hh.copy(); b_ih[H : 2 * H] = ...",
    ],
    success='`lstm.set_bias("f", 1.0)` in the package does the same.',
    others=[_half_each, _by_blocks],
)


def _chrono_biases(u):
    return np.log(u), 0.0 - np.log(u)


chrono_biases = code(
    title="The chrono start",
    minutes=3,
    difficulty=2,
    objective="start gates so that cells remember for given times",
    reference=_chrono_biases,
    probes=[
        probe(np.array([1.0, 9.0, 99.0])),
        probe(np.random.default_rng(1).uniform(1, 60, 4).round(1)),
    ],
    call="chrono_biases(u={u})",
    mistakes=[
        wrong(
            "opens the input gate as well",
            lambda u: (np.log(u), np.log(u)),
            "Both gates get the same bias. What shall be kept for long must not be written over at "
            "each step: b_i = −b_f.",
        ),
        wrong(
            "turns the signs round",
            lambda u: (-np.log(u), np.log(u)),
            "The signs are exchanged, or the order: b_f = ln u comes first. It is positive, for "
            "an open forget gate keeps. And b_i = −ln u.",
        ),
        wrong(
            "takes the time for the bias",
            lambda u: (u + 0.0, -u),
            "A bias of 99 keeps for e^99 steps. The gate keeps for about 1 + e^b steps: so b is "
            "the logarithm of the time.",
        ),
        wrong(
            "leaves the input gate alone",
            lambda u: (np.log(u), 0 * u),
            "The input gate's bias stays 0, so half of every candidate is written. b_i = −b_f.",
        ),
        wrong(
            "takes the logarithm to base 10",
            lambda u: (np.log10(u), -np.log10(u)),
            "The sigmoid has e in it: take the natural logarithm.",
        ),
        wrong(
            "takes the logarithm to base 2",
            lambda u: (np.log2(u), -np.log2(u)),
            "The sigmoid has e in it: take the natural logarithm.",
        ),
        wrong(
            "adds 1 to the time",
            lambda u: (np.log(1 + u), -np.log(1 + u)),
            "b = ln(1 + u) leads to a gate of (1 + u)/(2 + u). Asked is u/(1 + u): b = ln u.",
        ),
        wrong(
            "shuts the input gate by 1 − b_f",
            lambda u: (np.log(u), 1 - np.log(u)),
            "For the *gates* it would be 1 − f. For the biases it is the sign: σ(−b) = 1 − σ(b).",
        ),
        wrong(
            "takes e to the power of the time",
            lambda u: (np.exp(u), -np.exp(u)),
            "The other way round: the sigmoid has the e. The bias is the *logarithm* of the time.",
        ),
        wrong(
            "gives the gates instead of the biases",
            lambda u: (u / (1 + u), 1 / (1 + u)),
            "These are the gates' values, σ(b). Asked are the biases that lead there.",
        ),
    ],
    hints=[
        "A gate at u/(1 + u) keeps for about 1 + u steps. Which bias gives that gate?",
        "σ(b) = u/(1 + u) for b = ln u. And the input gate the other way.",
        "return np.log(u), ...",
    ],
    success="With u drawn evenly from 1 to T − 1 this start solved the lesson's tasks of 100 steps "
    "ten times out of ten.",
    others=[
        lambda u: (np.array([float(np.log(v)) for v in u]), [-float(np.log(v)) for v in u]),
        lambda u: ((lambda f: np.log(f / (1 - f)))(u / (1 + u)), np.log(1 / u)),
    ],
)
