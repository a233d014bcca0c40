"""Exercises of lesson 03, *The recurrent layer*: matrices, who hears whom, readout and memory."""

import numpy as np

from rnncourse import cells
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

_RNG = np.random.default_rng(3)


def _numbers(*shape, digits=1):
    """Seeded numbers with few digits, so that a call can be read and worked by hand."""
    return np.round(_RNG.normal(0, 1, shape), digits)


# -- who hears whom ------------------------------------------------------------------------------

arrows_into_a_unit = choose(
    title="What one unit hears",
    minutes=2,
    difficulty=1,
    objective="say what one unit of a layer adds up",
    question=(
        "A recurrent layer has 3 inputs and 4 hidden units. How many weighted numbers does **one** "
        "hidden unit add up at each step? (Biases do not count.)"
    ),
    options=[
        option(
            "3: the inputs",
            "These are the arrows from the input. A unit that hears only them knows this moment, "
            "and nothing of the steps before.",
        ),
        option(
            "4: the inputs, and its own previous output",
            "This would be a row of neurons that cannot hear one another, each alone with its own "
            "past. In a layer the delay block hands all it holds to every unit.",
        ),
        option(
            "7: the inputs, and the previous output of every unit",
            "Three inputs and four held values reach every unit, each by a weight of its own. The "
            "number of units is free: it need not be the number of inputs.",
            right=True,
        ),
        option(
            "12: one for every arrow from the inputs to the layer",
            "This counts the arrows into the whole layer, and only those from the inputs. One unit "
            "has three of them.",
        ),
        option(
            "28: all the weights of the layer",
            "12 + 16 weights is the whole layer. It has four units, and each of them has a quarter "
            "of these.",
        ),
    ],
    hints=[
        "Follow the arrows that end at one circle. From where do they start?",
        "Some come from the inputs of this step, the others from what the delay block holds.",
        "The delay block holds one number for each hidden unit. So: 3 + ...",
    ],
    success="Every unit hears everything: the whole input, and the whole previous state.",
)


# -- one step ------------------------------------------------------------------------------------


def _layer(W_ih, W_hh, b_ih, b_hh, nonlinearity):
    """The course's own layer, with these weights."""
    hidden, inputs = W_ih.shape
    rnn = cells.RNN(inputs, hidden, nonlinearity=nonlinearity)
    for name, value in {"W_ih": W_ih, "W_hh": W_hh, "b_ih": b_ih, "b_hh": b_hh}.items():
        rnn.parameters[name][...] = value
    return rnn


def _layer_step(x, h_prev, W_ih, W_hh, b_ih, b_hh):
    rnn = _layer(W_ih, W_hh, b_ih, b_hh, "sigmoid")
    return rnn.step(x[None], h_prev[None])[0]


def _flawed_step(
    x,
    h_prev,
    W_ih,
    W_hh,
    b_ih,
    b_hh,
    transposes_W_hh=False,
    transposes_W_ih=False,
    leaves_b_hh_out=False,
    leaves_b_ih_out=False,
    squashes_with_tanh=False,
):
    a = x @ (W_ih if transposes_W_ih else W_ih.T) + h_prev @ (W_hh if transposes_W_hh else W_hh.T)
    a = a + (0 if leaves_b_ih_out else b_ih) + (0 if leaves_b_hh_out else b_hh)
    return np.tanh(a) if squashes_with_tanh else cells.sigmoid(a)


def _step_unit_by_unit(x, h_prev, W_ih, W_hh, b_ih, b_hh):
    h = []
    for j in range(len(b_ih)):
        a = float(b_ih[j]) + float(b_hh[j])
        for i, value in enumerate(x):
            a += float(W_ih[j, i]) * float(value)
        for i, value in enumerate(h_prev):
            a += float(W_hh[j, i]) * float(value)
        h.append(1 / (1 + np.exp(-a)))
    return h


def _step_in_torch(x, h_prev, W_ih, W_hh, b_ih, b_hh):
    import torch

    x, h_prev, W_ih, W_hh, b = map(torch.as_tensor, (x, h_prev, W_ih, W_hh, b_ih + b_hh))
    return torch.sigmoid(W_ih @ x + W_hh @ h_prev + b)


layer_step = code(
    title="One step of the layer",
    minutes=5,
    difficulty=2,
    objective="write the step of a whole layer with two matrices",
    reference=_layer_step,
    probes=[
        probe(
            np.array([1.0, 0.5, -1.0]),
            np.array([0.5, 0.2]),
            np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, 0.5]]),
            np.array([[1.0, 0.0], [2.0, -1.0]]),
            np.zeros(2),
            np.zeros(2),
        ),
        probe(
            np.array([0.4, -1.0]),
            np.array([0.3, 0.9]),
            np.array([[0.5, -0.7], [1.2, 0.1]]),
            np.array([[0.8, -0.6], [0.3, 1.1]]),
            np.array([0.1, -0.2]),
            np.array([0.3, 0.5]),
        ),
        probe(
            *(_numbers(2), _numbers(3), _numbers(3, 2), _numbers(3, 3)),
            *(_numbers(3), _numbers(3)),
        ),
        probe(
            *(_numbers(3), _numbers(3), _numbers(3, 3), _numbers(3, 3)),
            *(_numbers(3), _numbers(3)),
        ),
    ],
    call=("layer_step(x={x}, h_prev={h_prev}, W_ih={W_ih}, W_hh={W_hh}, b_ih={b_ih}, b_hh={b_hh})"),
    axis="unit",
    mistakes=[
        *switches(
            _flawed_step,
            transposes_W_hh=(
                "W_hh is read the wrong way round: what unit i sends to unit j arrives at i, from "
                "j. Row j of W_hh holds the weights *into* unit j. With h as a row, which of "
                "h @ W_hh and h @ W_hh.T puts row j to work?"
            ),
            transposes_W_ih=(
                "W_ih is read the wrong way round. With as many inputs as units nothing "
                "complains; with other sizes it cannot be multiplied at all. W_ih is (H, D) and x "
                "is a row of D numbers."
            ),
            leaves_b_hh_out="The bias b_hh is missing. There are two, and both are in the sum.",
            leaves_b_ih_out="The bias b_ih is missing. There are two, and both are in the sum.",
            squashes_with_tanh=(
                "The sum went through tanh. The layer of this exercise has the sigmoid, "
                "1 / (1 + exp(−a))."
            ),
        ),
        wrong(
            "exchanges the two matrices",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: _flawed_step(h, x, W_ih, W_hh, b_ih, b_hh),
            "The input meets W_hh, and the state meets W_ih. The letters say from where to where: "
            "ih from input to hidden, hh from hidden to hidden. Equal sizes hide such a thing.",
        ),
        wrong(
            "lets each unit hear itself only",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(
                W_ih @ x + np.diag(W_hh) * h + b_ih + b_hh
            ),
            "Only the diagonal of W_hh is used: each unit hears its own past, and no other unit. "
            "Which product lets every unit hear all of h_prev?",
        ),
        wrong(
            "multiplies W_hh element by element",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(W_ih @ x + W_hh * h + b_ih + b_hh),
            "With * every weight is multiplied and nothing is added up: a whole table comes out. "
            "A unit needs one sum: a matrix product, written @.",
        ),
        wrong(
            "leaves the feedback out",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(W_ih @ x + b_ih + b_hh),
            "What the delay block held never reaches the sum. Which term carries h_prev?",
        ),
        wrong(
            "adds the previous state without its weights",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(W_ih @ x + h + b_ih + b_hh),
            "The held values reach the sum at full size, each its own unit. On their way they pass "
            "W_hh.",
        ),
        wrong(
            "weighs the bias with W_hh",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(W_ih @ x + b_ih + W_hh @ (h + b_hh)),
            "b_hh went through W_hh here. A bias is added to the sum as it is; its two letters say "
            "beside which product it stands.",
        ),
        wrong(
            "squashes the input's part only",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: cells.sigmoid(W_ih @ x + b_ih) + W_hh @ h + b_hh,
            "The sigmoid sees the input's part, and the feedback is added after it. First "
            "everything is summed, then squashed once.",
        ),
        wrong(
            "leaves the squashing out",
            lambda x, h, W_ih, W_hh, b_ih, b_hh: W_ih @ x + W_hh @ h + b_ih + b_hh,
            "These are the sums before the sigmoid. They are right; one thing is still to come.",
        ),
    ],
    hints=[
        "Two products and two biases meet at the +. Each product gives one number a unit.",
        "h_t = sigmoid(x @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh)",
        "a = x @ W_ih.T + b_ih + ...",
    ],
    success="One line for any number of inputs and units. With tanh for the sigmoid it is the line "
    "inside torch.nn.RNN.",
    others=[_step_unit_by_unit, _step_in_torch],
)


parameter_count = predict(
    title="How many parameters?",
    minutes=3,
    difficulty=1,
    objective="count the parameters of a recurrent layer",
    question=(
        "A recurrent layer as torch builds it (two biases) has **10 inputs** and **20 hidden "
        "units**, and reads sequences of **50 steps**. How many parameters does it have, "
        "biases included? (No output layer.)"
    ),
    answer=640,
    mistakes=[
        wrong(
            "counts one bias",
            620,
            "This counts one bias for each unit. torch keeps two, b_ih and b_hh. They are added at "
            "the same place, and still they are stored and counted twice.",
        ),
        wrong(
            "forgets the biases",
            600,
            "These are the two matrices. Each unit has biases, too.",
        ),
        wrong(
            "gives each unit its own feedback only",
            10 * 20 + 20 + 2 * 20,
            "This has one feedback weight a unit. Every unit hears all 20 units of the step "
            "before: how large is W_hh?",
        ),
        wrong(
            "counts every step anew",
            640 * 50,
            "The same weights are used at every step. The number of steps does not enter at all.",
        ),
        wrong(
            "exchanges inputs and units",
            20 * 10 + 10 * 10 + 2 * 10,
            "Here the roles are exchanged: this is a layer with 20 inputs and 10 units. W_hh is "
            "units × units.",
        ),
        wrong(
            "leaves the feedback out",
            10 * 20 + 2 * 20,
            "W_ih and the biases are in it. Where is the matrix from the delay block to the units?",
        ),
        wrong(
            "counts one unit",
            10 + 20 + 2,
            "So many belong to one unit. There are 20 of them.",
        ),
    ],
    hints=[
        "Two matrices and two biases. What are their shapes?",
        "W_ih is (H, D), W_hh is (H, H), b_ih and b_hh are (H,), with D = 10 and H = 20.",
        "20 · 10 + 20 · 20 + ...",
    ],
    success="H·D + H·H + 2·H. Most of it is W_hh, as soon as there are more units than inputs.",
)


# -- a whole sequence ----------------------------------------------------------------------------


def _run_layer(x, W_ih, W_hh, b_ih, b_hh, h0):
    rnn = _layer(W_ih, W_hh, b_ih, b_hh, "sigmoid")
    return rnn.forward(x[:, None], h0[None])[:, 0]


def _flawed_run(
    x,
    W_ih,
    W_hh,
    b_ih,
    b_hh,
    h0,
    starts_at_zero=False,
    returns_h0_as_the_first_state=False,
    feeds_back_the_sum_before_the_squashing=False,
    transposes_W_hh=False,
):
    held = np.zeros_like(h0) if starts_at_zero else h0
    states = [held] if returns_h0_as_the_first_state else []
    for x_t in x:
        a = x_t @ W_ih.T + b_ih + held @ (W_hh if transposes_W_hh else W_hh.T) + b_hh
        states.append(cells.sigmoid(a))
        held = a if feeds_back_the_sum_before_the_squashing else states[-1]
    return np.array(states)


def _run_with_one_list_of_rows(x, W_ih, W_hh, b_ih, b_hh, h0):
    h, rows = list(h0), []
    for x_t in x:
        h = _step_unit_by_unit(x_t, h, W_ih, W_hh, b_ih, b_hh)
        rows.append([float(value) for value in h])
    return rows


def _run_in_float32(x, W_ih, W_hh, b_ih, b_hh, h0):
    driven = (x @ W_ih.T + b_ih + b_hh).astype(np.float32)  # all steps at once: they do not wait
    states = np.empty_like(driven)
    h = h0.astype(np.float32)
    for t, drive in enumerate(driven):
        states[t] = h = 1 / (1 + np.exp(-(drive + W_hh.astype(np.float32) @ h)))
    return states


def _run_in_torch(x, W_ih, W_hh, b_ih, b_hh, h0):
    import torch

    x, W_ih, W_hh, b, h = map(torch.as_tensor, (x, W_ih, W_hh, b_ih + b_hh, h0))
    states = []
    for x_t in x:
        h = torch.sigmoid(W_ih @ x_t + W_hh @ h + b)
        states.append(h)
    return torch.stack(states)


run_layer = code(
    title="The layer reads a sequence",
    minutes=6,
    difficulty=2,
    objective="carry a layer's state through a sequence",
    reference=_run_layer,
    probes=[
        probe(
            np.array([[1.0, 0.5, -1.0], [0.0, 0.0, 0.0]]),
            np.array([[1.0, 0.0, 0.0], [-1.0, 1.0, 0.5]]),
            np.array([[1.0, 0.0], [2.0, -1.0]]),
            np.zeros(2),
            np.zeros(2),
            np.array([0.5, 0.2]),
        ),
        probe(
            *(_numbers(5, 2), _numbers(3, 2), _numbers(3, 3)),
            *(_numbers(3), _numbers(3), _numbers(3)),
        ),
        probe(
            *(_numbers(4, 1), _numbers(2, 1), _numbers(2, 2)),
            *(_numbers(2), _numbers(2), _numbers(2)),
        ),
    ],
    call="run_layer(x={x}, W_ih={W_ih}, W_hh={W_hh}, b_ih={b_ih}, b_hh={b_hh}, h0={h0})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_run,
            starts_at_zero=(
                "The first step sees a state of zeros. It should see h0, what the delay block "
                "holds before the first step."
            ),
            returns_h0_as_the_first_state=(
                "There is one row too many: h0 was there before the first input. T inputs give T "
                "states."
            ),
            feeds_back_the_sum_before_the_squashing=(
                "The sum goes back into the delay block before it is squashed. What is fed back is "
                "the output."
            ),
            transposes_W_hh=(
                "W_hh is read the wrong way round. Row j holds the weights into unit j; with h as "
                "a row that is h @ W_hh.T."
            ),
        ),
        wrong(
            "is reset at every step",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: cells.sigmoid(
                x @ W_ih.T + b_ih + W_hh @ h0 + b_hh
            ),
            "Every step sees h0 again, so no step knows of the one before it. Where do you put the "
            "new state, so that the next step finds it?",
        ),
        wrong(
            "notes the state before it moves on",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: np.concatenate(
                [h0[None], _run_layer(x, W_ih, W_hh, b_ih, b_hh, h0)[:-1]]
            ),
            "Each row holds the state *before* its step: h0 comes first, and the last state is "
            "missing. Compute the new state first, then note it.",
        ),
        wrong(
            "lets each unit hear itself only",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: _run_layer(
                x, W_ih, np.diag(np.diag(W_hh)), b_ih, b_hh, h0
            ),
            "Only the diagonal of W_hh is at work: these are lone neurons side by side. Each unit "
            "should hear all units.",
        ),
        wrong(
            "stores one array again and again",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: np.tile(
                _run_layer(x, W_ih, W_hh, b_ih, b_hh, h0)[-1], (len(x), 1)
            ),
            "All rows are the last state. Is one array changed in place, and put into the list "
            "again and again? Then every entry is that same array. A new state needs a new array.",
        ),
        wrong(
            "returns the last state only",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: _run_layer(x, W_ih, W_hh, b_ih, b_hh, h0)[-1],
            "This is the last state, H numbers. The task asks for the state after every step.",
        ),
        wrong(
            "returns units as rows",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: _run_layer(x, W_ih, W_hh, b_ih, b_hh, h0).T,
            "The rows are units here, and the columns steps. Time goes first: one row a step.",
        ),
        wrong(
            "adds the biases once, in the first step",
            lambda x, W_ih, W_hh, b_ih, b_hh, h0: _first_bias_only(x, W_ih, W_hh, b_ih, b_hh, h0),
            "The biases are in the first step and then no more. They belong to the sum of every "
            "step: they are weights, and no part of the state.",
        ),
    ],
    hints=[
        "One array has to survive from one turn of the loop to the next. Where does it start?",
        "h = h0; then for each x_t: h = sigmoid(x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh); note h.",
        "h, states = h0, []",
    ],
    success="The same loop as for one neuron. Only the number has become a row of numbers.",
    next="Lesson 04 draws this loop step beside step.",
    others=[_run_with_one_list_of_rows, _run_in_float32, _run_in_torch],
)


def _first_bias_only(x, W_ih, W_hh, b_ih, b_hh, h0):
    first = _run_layer(x[:1], W_ih, W_hh, b_ih, b_hh, h0)
    rest = _run_layer(x[1:], W_ih, W_hh, 0 * b_ih, 0 * b_hh, first[-1])
    return np.concatenate([first, rest])


units_and_steps = choose(
    title="Units and steps",
    minutes=2,
    difficulty=1,
    objective="keep hidden units and time steps apart",
    question=(
        "A layer with **4 hidden units** shall read sentences of **10 words**. Each word comes as "
        "**50 numbers**. Does that work?"
    ),
    options=[
        option(
            "No: it takes 10 hidden units, one for each word.",
            "Units do not stand for steps. All four are used at the first word, and all four "
            "again at the second. The number of steps appears nowhere in the layer.",
        ),
        option(
            "No: it takes 50 hidden units, one for each number of a word.",
            "Each unit hears all 50 numbers, by 50 weights of its own. So the number of units is "
            "free.",
        ),
        option(
            "Only for the first four words; then the units are used up.",
            "Nothing is used up: at every step the new state takes the place of the old one. The "
            "layer runs for as long as there is input.",
        ),
        option(
            "Yes: the same four units act at all ten steps; W_ih is (4, 50).",
            "Inputs, units and steps are three numbers of their own. How *much* of ten words four "
            "numbers can hold is another question.",
            right=True,
        ),
        option(
            "Yes, if the layer has one W_hh for each of the ten words.",
            "It has one W_hh, used again at every word. Ten different ones would fit sentences of "
            "ten words only.",
        ),
    ],
    hints=[
        "Look at the shapes of W_ih and W_hh. Which of 4, 10 and 50 occur in them?",
        "W_ih is (H, D) and W_hh is (H, H). T, the number of steps, is a property of the data.",
        "H = 4, D = 50, T = 10. So W_ih is (4, 50), W_hh is (4, 4), and ...",
    ],
    success="Units are the width of the memory. Steps are how often it is used.",
)


# -- what W_hh decides ---------------------------------------------------------------------------

lone_neurons = choose(
    title="A diagonal W_hh",
    minutes=3,
    difficulty=2,
    objective="read off W_hh who listens to whom",
    question=(
        "A layer has W_hh = [[0.9, 0, 0], [0, 0.5, 0], [0, 0, −0.5]] and a full W_ih. What is it?"
    ),
    options=[
        option(
            "A layer without memory, since most of W_hh is 0",
            "Without memory it would be if *all* of W_hh were 0. Here each unit still gets its own "
            "past back.",
        ),
        option(
            "Three recurrent neurons side by side that never hear one another",
            "Off the diagonal there is nothing: no unit's past reaches another unit. They share "
            "the input, and each keeps its own fading trace of it.",
            right=True,
        ),
        option(
            "A shift register: each unit hands its value to the next",
            "For that the ones stand *beside* the diagonal: row j, column j − 1. On the diagonal, "
            "from unit j to unit j, each unit hands its value to itself.",
        ),
        option(
            "One neuron with the feedback weights 0.9, 0.5, −0.5 at steps 1, 2, 3",
            "The rows are units, not steps. At every step all three rows are at work.",
        ),
        option(
            "The same as any other layer: through W_ih the units still share everything",
            "W_ih lets them share the *input*. What another unit has held since earlier, they "
            "cannot hear: that would take a weight off the diagonal.",
        ),
    ],
    hints=[
        "Row j of W_hh tells what unit j hears. Read the first row aloud.",
        "(W_hh @ h) for the first unit is 0.9 · h_0 + 0 · h_1 + 0 · h_2.",
        "Unit 0 hears 0.9 times its own past. Unit 1 hears ...",
    ],
    success="A row of W_hh is one unit's hearing. Rows with a single number, on the diagonal, are "
    "loners.",
)


def _register_states(answer, H):
    """The states of a linear layer with the learner's two matrices, on H + 3 inputs.

    It starts from 0.1, 0.2, ..., so that what happens to a value in the last unit is seen, too.
    """
    weights = answer(H)
    if weights is None or weights is ...:
        return weights
    if not isinstance(weights, tuple | list) or len(weights) != 2:
        raise ValueError("shift_register(H) has to return two arrays: W_ih and W_hh")
    W_ih, W_hh = (np.asarray(weight, dtype=float) for weight in weights)
    if W_ih.shape != (H, 1) or W_hh.shape != (H, H):
        raise ValueError(
            f"for H = {H}, W_ih has to have the shape ({H}, 1) and W_hh ({H}, {H}); "
            f"these have {W_ih.shape} and {W_hh.shape}"
        )
    x = np.arange(1.0, H + 4) * np.where(np.arange(H + 3) % 3 == 2, -1, 1)  # 1, 2, −3, 4, 5, −6
    rnn = _layer(W_ih, W_hh, np.zeros(H), np.zeros(H), "linear")
    states = rnn.forward(x[:, None, None], np.arange(1.0, H + 1)[None] / 10)[:, 0]
    return {f"unit {j}": states[:, j] for j in range(H)}


def _first(H):
    return np.eye(H, 1)


def _register_by_loops(H):
    W_ih, W_hh = [[0.0] for _ in range(H)], [[0.0] * H for _ in range(H)]
    W_ih[0][0] = 1.0
    for j in range(1, H):
        W_hh[j][j - 1] = 1.0
    return W_ih, W_hh


def _register_by_cutting_a_ring(H):
    ring = np.roll(np.eye(H), 1, axis=0)
    ring[0, -1] = 0
    return _first(H), ring


shift_register = code(
    title="Build a shift register",
    minutes=6,
    difficulty=3,
    objective="choose a W_hh that keeps the last inputs, each in its place",
    reference=lambda H: (_first(H), np.eye(H, k=-1)),
    drive=_register_states,
    probes=[probe(3), probe(2), probe(5)],
    call=(
        "the states of a linear layer with shift_register({H}), "
        "start 0.1, 0.2, ..., inputs 1, 2, −3, 4, 5, ..."
    ),
    axis="step",
    mistakes=[
        wrong(
            "hands on in the wrong direction",
            lambda H: (_first(H), np.eye(H, k=1)),
            "The ones stand above the diagonal: unit j hears unit j + 1. So what enters unit 0 "
            "goes nowhere, and what the last units held comes out at unit 0. Row j is what unit j "
            "hears: in which column does row 1 need its 1?",
        ),
        wrong(
            "keeps the newest in the last unit",
            lambda H: (_first(H)[::-1], np.eye(H, k=1)),
            "It is a shift register, and it runs the other way: the newest input stands in the "
            "last unit. Unit 0 is to hold the newest.",
        ),
        wrong(
            "closes the ring",
            lambda H: (_first(H), np.roll(np.eye(H), 1, axis=0)),
            "After H steps the oldest input comes back into unit 0 and is added to the new one. "
            "The last unit's value should fall off the end.",
        ),
        wrong(
            "adds up in unit 0",
            lambda H: (_first(H), np.eye(H)),
            "With ones *on* the diagonal each unit hears itself: unit 0 adds up all inputs. A unit "
            "should hear its neighbour.",
        ),
        wrong(
            "lets every unit hear the input",
            lambda H: (np.ones((H, 1)), np.eye(H, k=-1)),
            "Every unit takes in the new input, on top of what its neighbour hands over. Which "
            "units should hear the input?",
        ),
        wrong(
            "lets every unit hear the input, and nothing else",
            lambda H: (np.ones((H, 1)), np.zeros((H, H))),
            "Every unit holds the input of this step, and none an older one: W_hh hands nothing "
            "on.",
        ),
        wrong(
            "hands nothing on",
            lambda H: (_first(H), np.zeros((H, H))),
            "Unit 0 holds the newest input, and the others stay empty. How does a value get from "
            "unit 0 to unit 1?",
        ),
        wrong(
            "lets unit 0 hear itself as well",
            lambda H: (_first(H), np.eye(H, k=-1) + np.eye(H, 1) @ np.eye(1, H)),
            "Unit 0 adds its own past to the new input. Once it has handed its value on, it should "
            "forget it: what does W_hh[0, 0] have to be?",
        ),
        wrong(
            "lets each unit hear itself and its neighbour",
            lambda H: (_first(H), np.eye(H, k=-1) + np.eye(H)),
            "Each unit takes what its neighbour held, and keeps its own on top. To make room, it "
            "has to let go of its own.",
        ),
        wrong(
            "hands on a part only",
            lambda H: (_first(H), 0.5 * np.eye(H, k=-1)),
            "The right direction, and half of it is lost at every hand-over. Which weight passes a "
            "value on as it is?",
        ),
        wrong(
            "hands everything to everybody",
            lambda H: (_first(H), np.ones((H, H))),
            "Every unit hears every unit, so the values run together. Each should hear one: its "
            "neighbour.",
        ),
    ],
    hints=[
        "Write down, for H = 3, what each unit is to hold after the step: who held it before?",
        "Unit 0 hears the input. Unit j hears unit j − 1, with weight 1, and nothing else.",
        "W_ih = np.eye(H, 1)   # 1 for unit 0, 0 for the others",
    ],
    success="H units, the last H inputs, exactly: a memory in space, made of nothing but W_hh.",
    next="After H steps an input is gone for good. A decaying or turning W_hh trades exactness for "
    "reach.",
    others=[_register_by_loops, _register_by_cutting_a_ring],
)


def _decode_back(states, x, k):
    known, wanted = states[k:], x[: len(x) - k]
    known = np.column_stack([known, np.ones(len(known))])
    half = len(known) // 2
    weights, *_ = np.linalg.lstsq(known[:half], wanted[:half], rcond=None)
    return float(np.mean(np.sign(known[half:] @ weights) == wanted[half:]))


def _decode_with_pinv(states, x, k):
    pairs = [(np.append(states[t], 1.0), x[t - k]) for t in range(k, len(x))]
    half = len(pairs) // 2
    A = np.array([state for state, _ in pairs])
    y = np.array([value for _, value in pairs])
    says = A[half:] @ (np.linalg.pinv(A[:half]) @ y[:half])
    return sum((s > 0) == (v > 0) for s, v in zip(says, y[half:], strict=True)) / len(says)


def _decode_with_means_taken_off(states, x, k):
    A, y = states[k:], x[: len(x) - k]
    half = len(A) // 2
    middle, level = A[:half].mean(axis=0), y[:half].mean()
    weights = np.linalg.lstsq(A[:half] - middle, y[:half] - level, rcond=None)[0]
    return np.mean(((A[half:] - middle) @ weights + level > 0) == (y[half:] > 0))


def _decode_variant(states, x, k, ahead=False, constant=True, test="second", off=0):
    T = len(x)
    lag = k + off
    known, wanted = (states[: T - lag], x[lag:]) if ahead else (states[lag:], x[: T - lag])
    if constant:
        known = np.column_stack([known, np.ones(len(known))])
    half = len(known) // 2
    fit, tried = slice(None, half), slice(half, None)
    if test == "first":
        tried = fit
    elif test == "all":
        fit = tried = slice(None)
    weights, *_ = np.linalg.lstsq(known[fit], wanted[fit], rcond=None)
    return float(np.mean(np.sign(known[tried] @ weights) == wanted[tried]))


def _stream(seed, T, H, k):
    """Random signs through a sigmoid layer with noise in its state, and the lag to decode."""
    rng = np.random.default_rng(seed)
    x = rng.choice([-1.0, 1.0], T)
    W_ih, W_hh = rng.normal(0, 1, (H, 1)), rng.normal(0, 1.3, (H, H))
    states = _layer(W_ih, W_hh, rng.normal(0, 1, H), np.zeros(H), "sigmoid").forward(
        x[:, None, None]
    )[:, 0]
    return np.round(states + rng.normal(0, 0.03, states.shape), 3), x, k


decode_back = code(
    title="Read the past in the state",
    minutes=8,
    difficulty=3,
    objective="measure what a state still tells of the input k steps ago",
    reference=_decode_back,
    probes=[
        probe(*_stream(1, 81, 2, 1)),
        probe(*_stream(2, 122, 3, 2)),
        probe(*_stream(8, 200, 4, 3)),
        probe(*_stream(9, 90, 2, 0)),
    ],
    call="decode_back(states {states}, x {x}, k={k})",
    mistakes=[
        wrong(
            "reads the future",
            lambda s, x, k: _decode_variant(s, x, k, ahead=True),
            "State t is paired with the input of step t + k: with the future, which no state can "
            "know. The input k steps *back* from step t is x[t − k].",
        ),
        wrong(
            "looks at this step",
            lambda s, x, k: _decode_variant(s, x, 0),
            "State t is paired with the input of the same step. Where does k come in?",
        ),
        wrong(
            "is off by one: a step too far",
            lambda s, x, k: _decode_variant(s, x, k, off=1),
            "This reads k + 1 steps back. For k = 0 state t goes with x[t], for k = 1 with "
            "x[t − 1].",
        ),
        wrong(
            "is off by one: a step too near",
            lambda s, x, k: _decode_variant(s, x, k, off=-1),
            "This reads k − 1 steps back. For k = 0 state t goes with x[t], for k = 1 with "
            "x[t − 1].",
        ),
        wrong(
            "tests where it was fitted",
            lambda s, x, k: _decode_variant(s, x, k, test="first"),
            "The share is counted on the pairs that the weights were fitted to. That flatters: use "
            "the second half, which the fit has not seen.",
        ),
        wrong(
            "fits and tests on everything",
            lambda s, x, k: _decode_variant(s, x, k, test="all"),
            "All pairs are used for the fit, and all for the test. Keep the second half apart for "
            "the test.",
        ),
        wrong(
            "leaves the constant out",
            lambda s, x, k: _decode_variant(s, x, k, constant=False),
            "The decoder has no constant. Sigmoid states are all positive, and a sum of weighted "
            "positive numbers needs a bias to be fair. Add a column of ones.",
        ),
        wrong(
            "wraps the end round to the beginning",
            lambda s, x, k: _decode_variant(s, np.roll(x, k), 0),
            "The first k states are paired with the *last* k inputs: np.roll wraps round. Steps "
            "without an input k steps back have to be left out.",
        ),
        wrong(
            "compares without the sign",
            lambda s, x, k: 0.0,
            "None is right: a weighted sum is hardly ever exactly 1 or −1. Compare its sign.",
        ),
        wrong(
            "counts the wrong ones",
            lambda s, x, k: 1 - _decode_variant(s, x, k),
            "This is the share that is decoded wrongly. The task asks for the share that is right.",
        ),
    ],
    hints=[
        "First line up the pairs: which states have an input k steps back, and which input is it?",
        "states[k:] goes with x[: T − k]. Add a column of ones, fit with np.linalg.lstsq on the "
        "first half, and compare signs on the second.",
        "known, wanted = states[k:], x[: len(x) - k]",
    ],
    success="A memory probe. It will be held against every network from here on.",
    next="A linear decoder finds what lies open. 'Not found' does not prove that nothing is there.",
    others=[_decode_with_pinv, _decode_with_means_taken_off],
)


# -- the output, and who feeds back what ---------------------------------------------------------


def _elman_network(x, W_ih, W_hh, b_h, W_ho, b_o):
    hidden = _layer(W_ih, W_hh, b_h, 0 * b_h, "tanh")
    return hidden.forward(x[:, None])[:, 0] @ W_ho.T + b_o


def _flawed_network(
    x,
    W_ih,
    W_hh,
    b_h,
    W_ho,
    b_o,
    feeds_back_the_networks_output=False,
    squashes_the_output=False,
    reads_the_state_of_the_step_before=False,
    forgets_b_o=False,
):
    h, y = np.zeros(len(b_h)), np.zeros(len(b_o))
    outputs = []
    for x_t in x:
        before = h
        h = np.tanh(x_t @ W_ih.T + b_h + (y if feeds_back_the_networks_output else h) @ W_hh.T)
        y = (before if reads_the_state_of_the_step_before else h) @ W_ho.T
        y = y + (0 if forgets_b_o else b_o)
        y = np.tanh(y) if squashes_the_output else y
        outputs.append(y)
    return np.array(outputs)


def _network_by_the_loop(x, W_ih, W_hh, b_h, W_ho, b_o):
    h, outputs = np.zeros(len(W_hh)), []
    for x_t in x:
        h = np.tanh(W_ih @ x_t + W_hh @ h + b_h)
        outputs.append(W_ho @ h + b_o)
    return outputs


def _network_in_torch(x, W_ih, W_hh, b_h, W_ho, b_o):
    import torch

    x, W_ih, W_hh, b_h, W_ho, b_o = map(torch.as_tensor, (x, W_ih, W_hh, b_h, W_ho, b_o))
    h, states = torch.zeros_like(b_h), []
    for x_t in x:
        h = torch.tanh(W_ih @ x_t + W_hh @ h + b_h)
        states.append(h)
    return torch.nn.functional.linear(torch.stack(states), W_ho, b_o)


def _weights(D, H, outputs):
    return _numbers(H, D), _numbers(H, H), _numbers(H), _numbers(outputs, H), _numbers(outputs)


elman_network = code(
    title="An output outside the loop",
    minutes=6,
    difficulty=2,
    objective="add an output layer that reads the state and is not fed back",
    reference=_elman_network,
    probes=[
        probe(_numbers(3, 1), *_weights(1, 2, 2)),
        probe(_numbers(4, 2), *_weights(2, 3, 1)),
        probe(_numbers(4, 3), *_weights(3, 3, 3)),
    ],
    call="elman_network(x={x}, W_ih={W_ih}, W_hh={W_hh}, b_h={b_h}, W_ho={W_ho}, b_o={b_o})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_network,
            feeds_back_the_networks_output=(
                "The network's output is fed back: Jordan's way. With as many outputs as units "
                "nothing complains. Here the *hidden state* goes through the delay block."
            ),
            squashes_the_output=(
                "The output went through tanh. This readout is linear: it can give any number."
            ),
            reads_the_state_of_the_step_before=(
                "The readout sees the state before this step's input, so each output comes one "
                "step late. Which state has heard x_t?"
            ),
            forgets_b_o="The readout's bias b_o is missing.",
        ),
        wrong(
            "returns the states",
            lambda x, W_ih, W_hh, b_h, W_ho, b_o: _elman_network(
                x, W_ih, W_hh, b_h, np.eye(len(b_h)), 0 * b_h
            ),
            "These are the hidden states, squeezed between −1 and 1. A state is no answer yet: "
            "the readout turns it into one.",
        ),
        wrong(
            "returns the last output only",
            lambda *weights: _elman_network(*weights)[-1],
            "This is the output after the last step. The task asks for one at every step.",
        ),
        wrong(
            "transposes W_ho",
            lambda x, W_ih, W_hh, b_h, W_ho, b_o: _elman_network(x, W_ih, W_hh, b_h, W_ho.T, b_o),
            "W_ho is read the wrong way round, which goes unnoticed when there are as many outputs "
            "as units. It is (O, H): row j holds the weights into output j.",
        ),
        wrong(
            "transposes W_hh",
            lambda x, W_ih, W_hh, b_h, W_ho, b_o: _elman_network(x, W_ih, W_hh.T, b_h, W_ho, b_o),
            "W_hh is read the wrong way round: row j holds the weights *into* unit j.",
        ),
        wrong(
            "resets the state at every step",
            lambda x, W_ih, W_hh, b_h, W_ho, b_o: np.tanh(x @ W_ih.T + b_h) @ W_ho.T + b_o,
            "No step knows of the one before: the state is zeros each time. It has to be carried "
            "through the loop.",
        ),
        wrong(
            "squashes with the sigmoid",
            lambda x, W_ih, W_hh, b_h, W_ho, b_o: (
                _layer(W_ih, W_hh, b_h, 0 * b_h, "sigmoid").forward(x[:, None])[:, 0] @ W_ho.T + b_o
            ),
            "The hidden layer went through the sigmoid. This one has tanh.",
        ),
    ],
    hints=[
        "Two things happen in each step: the state moves on, and then it is read.",
        "h = tanh(x_t @ W_ih.T + h @ W_hh.T + b_h), and then y = h @ W_ho.T + b_o. Only h goes on.",
        "h, outputs = np.zeros(len(b_h)), []",
    ],
    success="The state remembers, the readout answers: two jobs, so two sets of weights.",
    others=[_network_by_the_loop, _network_in_torch],
)


what_jordan_can = choose(
    title="If only the answer comes back",
    minutes=4,
    difficulty=3,
    objective="decide whether a fed-back output is memory enough for a task",
    question=(
        "A Jordan network hears one bit a step and feeds back its one output, which is to be "
        "right at every step: exactly 0 or 1. Its hidden layer may be as large as you like. "
        "Which of these can it do?"
    ),
    options=[
        option(
            "Repeat the input of the step before",
            "The right answer now is the input of one step ago. What came back is the previous "
            "answer, the input of *two* steps ago. The one it needs is nowhere.",
        ),
        option(
            "Say whether the number of ones so far is odd",
            "The new answer is the previous answer, turned round if this bit is 1. Here the "
            "answer is exactly what has to be remembered.",
            right=True,
        ),
        option(
            "Say whether this bit equals the bit before",
            "To compare, it needs the bit before. The answer that came back says whether *that* "
            "bit equalled its own predecessor, and not which it was.",
        ),
        option(
            "Say whether the last three bits were all 1",
            "After 0, 1 and after 0, 0 it has said no, no. Now come two ones, and at the second "
            "the answers should differ. The network cannot tell the two pasts apart.",
        ),
        option(
            "All of these, if the hidden layer is large enough",
            "The hidden layer starts from this input and the fed-back answer at each step. What is "
            "in neither of the two, no size can bring back.",
        ),
    ],
    hints=[
        "All it knows at a step: this bit, and its own previous answer. Is that enough?",
        "Look for two pasts with the same previous answer and the same bit now, that need "
        "different answers.",
        "For 'odd so far': new answer = previous answer XOR this bit. For the others: ...",
    ],
    success="What has to be remembered need not be what has to be said. Elman's network keeps the "
    "two apart.",
)


three_errors = predict(
    title="Where can the error fall?",
    minutes=4,
    difficulty=2,
    objective="say what the best possible predictor cannot know",
    question=(
        "A stream is made of triples a, b, a XOR b; a and b are coin tosses (0 or 1). After each "
        "bit a network predicts the **next** one. It makes the least possible **mean squared "
        "error**, with any number between 0 and 1 as prediction. Which error does it make after "
        "hearing a, after hearing b, and after hearing a XOR b? Three numbers."
    ),
    answer=[0.25, 0.0, 0.25],
    tolerance=(0.0, 0.011),
    mistakes=[
        wrong(
            "counts by the bit that is predicted",
            [0.25, 0.25, 0.0],
            "The right numbers, one place off: this counts by the bit that is predicted. After "
            "hearing b, which bit comes next?",
        ),
        wrong(
            "decides for 0 or 1 (or takes the root)",
            [0.5, 0.0, 0.5],
            "0.5 is the squared error of saying 0 or 1 outright and being wrong half of the time. "
            "(It is the root of the least mean squared error, too.) Is there a better bet than "
            "all or nothing?",
        ),
        wrong(
            "expects everything to be known",
            [0.0, 0.0, 0.0],
            "After a, the next bit is a coin toss. No network knows how it will fall.",
        ),
        wrong(
            "expects nothing to be known",
            [0.25, 0.25, 0.25],
            "After a and b, the third bit is settled. A network that remembers a, and where in the "
            "triple it is, can know it.",
        ),
        wrong(
            "takes b for settled by a",
            [0.0, 0.0, 0.25],
            "The next bit after a is b, a coin toss of its own.",
        ),
        wrong(
            "turns it round",
            [0.0, 0.25, 0.0],
            "The other way round: after b the next bit is settled, after the other two it is a "
            "coin toss.",
        ),
        wrong(
            "always bets wrongly on the coin",
            [1.0, 0.0, 1.0],
            "1 would be the error of being wrong every time. Against a coin one is wrong half of "
            "the time, and a bet of 0.5 is never further off than a half.",
        ),
    ],
    hints=[
        "Which of the three next bits is a coin toss, and which is settled?",
        "For a coin toss the best bet is 0.5: it is off by 0.5 each time. Squared?",
        "After hearing a, the next bit is b, a coin toss: 0.25. After hearing b: ...",
    ],
    success="An error that falls at every third step shows that the network remembers the bit "
    "before. Only 0.25, 0, 0.25 shows that it also knows where a triple begins.",
)
