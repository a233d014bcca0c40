"""Exercises of lesson 04, *Unrolling*: the loop over a batch, its forms, states and masks."""

import numpy as np

from rnncourse import cells
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

_RNG = np.random.default_rng(4)


def _numbers(*shape, scale=1.0):
    """Seeded numbers with few digits, so that a call can be read."""
    return np.round(_RNG.normal(0, scale, shape), 1)


def _layer(W_ih, W_hh, b, nonlinearity="tanh"):
    """The course's own layer with these weights; b is both biases in one."""
    rnn = cells.RNN(W_ih.shape[1], W_ih.shape[0], nonlinearity=nonlinearity)
    rnn.W_ih, rnn.W_hh, rnn.b_ih, rnn.b_hh = W_ih, W_hh, b, 0 * b
    return rnn


# -- names ---------------------------------------------------------------------------------------

same_word_twice = choose(
    title="The same word, twice",
    minutes=2,
    difficulty=1,
    objective="say what a state depends on",
    question=(
        'In "A girl walked into a bar" the word "a" comes twice, each time with the same vector. '
        "The network is the same at both. Does it give the same state at both?"
    ),
    options=[
        option(
            "Yes: the same input and the same weights give the same output.",
            "The sum has a second part: what the delay block holds. At the first word that is "
            "nothing yet, at the fifth it is what four words have left.",
        ),
        option(
            "No: at the second one, the previous state is another.",
            "F gets two things, the word and the previous state. One of them differs.",
            right=True,
        ),
        option(
            "No: each step of the unrolled network has weights of its own.",
            "The drawing shows F six times, and it is one F: one set of weights, used at every "
            "step. So the difference must come from what goes into it.",
        ),
        option(
            "No: the state also holds a counter of the steps, which has moved on.",
            "Nobody counts. A state can come to tell something of the time, but only by way of "
            "what goes round the loop.",
        ),
    ],
    hints=[
        "What goes into F? Count the arrows.",
        "h_t = F(x_t, h_{t−1}). Which of the two is the same at both, and which is not?",
        "At t = 0 the delay block holds zeros. At t = 4 it holds h_3, so ...",
    ],
    success="A word in context: the vector is the word's, the state is the word's and the past's.",
)


first_output_name = choose(
    title="Which h0?",
    minutes=2,
    difficulty=1,
    objective="translate between the diagram's h0 and torch's",
    question=(
        "In the well-known diagram of an unrolled network, h₀ leaves the F that has just heard the "
        'first word, "A". Somebody runs `output, h_n = rnn(x, h0)` with torch. Where is the '
        "diagram's h₀?"
    ),
    options=[
        option(
            "It is the argument `h0`.",
            "The names are alike, the things are not. What torch calls h0 goes *in*: it is what "
            "the delay block holds before the first word. The diagram's h₀ comes out, after it.",
        ),
        option(
            "It is `output[0]`.",
            "The first output: the state after the first word. The diagram counts outputs, and "
            "starts at 0.",
            right=True,
        ),
        option(
            "It is `output[1]`, since `output[0]` is the initial state.",
            "torch's output has no row for the initial state: T words give T rows. The first row "
            "has heard the first word already.",
        ),
        option(
            "It is `h_n[0]`.",
            "h_n is the state after the *last* step; its first axis counts layers, not steps. For "
            "one word only, the two would be the same.",
        ),
        option(
            "It is `h0[0]`.",
            "The first axis of torch's h0 counts layers. So this is still what the delay block "
            "holds before the first word.",
        ),
    ],
    hints=[
        'Does the h₀ of the diagram know of the word "A"?',
        "What knows of the first word must be an output; torch counts its outputs from 0.",
        "output has T rows; row t is the state after the input x[t]. So after x[0] ...",
    ],
    success="In code `h0` goes in, and `states[0]` comes out first. The course keeps torch's word.",
)


# -- the loop over a batch -----------------------------------------------------------------------


def _unroll(x, W_ih, W_hh, b, h0):
    return _layer(W_ih, W_hh, b).forward(x, h0)


def _flawed_unroll(
    x,
    W_ih,
    W_hh,
    b,
    h0,
    starts_at_zero=False,
    returns_h0_as_the_first_state=False,
    feeds_back_the_sum_before_the_squashing=False,
    transposes_W_hh=False,
):
    held = np.zeros_like(h0) if starts_at_zero else h0
    states = [held] if returns_h0_as_the_first_state else []
    for x_t in x:
        a = x_t @ W_ih.T + held @ (W_hh if transposes_W_hh else W_hh.T) + b
        states.append(np.tanh(a))
        held = a if feeds_back_the_sum_before_the_squashing else states[-1]
    return np.array(states)


def _unroll_along_the_batch(x, W_ih, W_hh, b, h0):
    T, B, _ = x.shape
    start = h0 if T == B else np.zeros((T, len(b)))
    return _unroll(x.transpose(1, 0, 2), W_ih, W_hh, b, start).transpose(1, 0, 2)


def _unroll_row_after_row(x, W_ih, W_hh, b, h0):
    held, rows = h0[0], []
    for k in range(x.shape[1]):
        states = _unroll(x[:, k : k + 1], W_ih, W_hh, b, held[None])[:, 0]
        rows.append(states)
        held = states[-1]
    return np.stack(rows, axis=1)


def _unroll_one_by_one(x, W_ih, W_hh, b, h0):
    rows = []
    for k in range(x.shape[1]):
        h, states = h0[k], []
        for t in range(len(x)):
            h = [
                float(np.tanh(W_ih[j] @ x[t, k] + W_hh[j] @ np.asarray(h) + b[j]))
                for j in range(len(b))
            ]
            states.append(h)
        rows.append(states)
    return np.array(rows).transpose(1, 0, 2)


def _unroll_in_float32(x, W_ih, W_hh, b, h0):
    driven = (x @ W_ih.T + b).astype(np.float32)  # what does not wait for the state: all at once
    states, h = np.empty_like(driven), h0.astype(np.float32)
    for t, drive in enumerate(driven):
        states[t] = h = np.tanh(drive + h @ W_hh.T.astype(np.float32))
    return states


def _unroll_in_torch(x, W_ih, W_hh, b, h0):
    import torch

    rnn = torch.nn.RNN(W_ih.shape[1], W_ih.shape[0], dtype=torch.float64)
    with torch.no_grad():
        for parameter, value in zip(rnn.parameters(), (W_ih, W_hh, b, 0 * b), strict=True):
            parameter.copy_(torch.as_tensor(value))
        return rnn(torch.as_tensor(x), torch.as_tensor(h0)[None])[0]


def _sizes(T, B, D, H):
    weights = (_numbers(*shape, scale=0.7) for shape in ((H, D), (H, H), (H,)))
    return _numbers(T, B, D), *weights, _numbers(B, H, scale=0.5)


unroll_layer = code(
    title="The loop, for a batch",
    minutes=6,
    difficulty=2,
    objective="carry one state for each sequence of a batch through time",
    reference=_unroll,
    probes=[probe(*_sizes(3, 2, 1, 2)), probe(*_sizes(4, 3, 2, 3)), probe(*_sizes(3, 3, 3, 2))],
    call="unroll_layer(x={x}, W_ih={W_ih}, W_hh={W_hh}, b={b}, h0={h0})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_unroll,
            starts_at_zero=(
                "The first step sees a state of zeros. It should see h0, which has a row for each "
                "sequence."
            ),
            returns_h0_as_the_first_state=(
                "T + 1 states come back, and the first of them is h0. It was there before any "
                "input: T inputs give T states."
            ),
            feeds_back_the_sum_before_the_squashing=(
                "What goes on to the next step is the sum before the tanh. The delay block gets "
                "the output."
            ),
            transposes_W_hh=(
                "W_hh is read the wrong way round. With one sequence to a row, the product is "
                "h @ W_hh.T."
            ),
        ),
        wrong(
            "takes the batch axis for time",
            _unroll_along_the_batch,
            "The loop walks from sequence to sequence, so a sequence starts where its neighbour "
            "stood: the samples talk to each other. Axis 0 of x is time, axis 1 the batch.",
        ),
        wrong(
            "hands the state from one sequence to the next",
            _unroll_row_after_row,
            "The second sequence starts with the last state of the first. Each sequence has a "
            "state of its own, and starts from its own row of h0.",
        ),
        wrong(
            "gives all sequences the first one's start",
            lambda x, W_ih, W_hh, b, h0: _unroll(x, W_ih, W_hh, b, np.tile(h0[0], (len(h0), 1))),
            "All sequences start from the first row of h0. Each has its own row; the whole (B, H) "
            "array can go through the step at once.",
        ),
        wrong(
            "resets the state at every step",
            lambda x, W_ih, W_hh, b, h0: np.tanh(x @ W_ih.T + h0 @ W_hh.T + b),
            "Every step sees h0 again, so no word knows of the one before it. The state must go "
            "from one turn of the loop into the next.",
        ),
        wrong(
            "drops the last state",
            lambda *given: np.concatenate([given[4][None], _unroll(*given)[:-1]]),
            "Each row is what the step *started* from: h0 first, and the last state is missing. "
            "Note the state after the step, not before it.",
        ),
        wrong(
            "leaves the first state out",
            lambda *given: _unroll(*given)[1:],
            "T − 1 states come back: the one after the first input is missing. In the well-known "
            "diagram it is called h₀, and it is an output like the others.",
        ),
        wrong(
            "returns the last state only",
            lambda *given: _unroll(*given)[-1],
            "This is the state after the last step. The task asks for the state after every step.",
        ),
        wrong(
            "stores one array again and again",
            lambda *given: np.stack([_unroll(*given)[-1]] * len(given[0])),
            "All steps show the last state: one array was changed in place, and put into the list "
            "again and again. A new state needs a new array.",
        ),
        wrong(
            "returns the batch first",
            lambda *given: _unroll(*given).transpose(1, 0, 2),
            "The values are right, the axes are (B, T, H). This course is time first: (T, B, H).",
        ),
        wrong(
            "cuts anew instead of moving the axis",
            lambda *given: _unroll(*given).transpose(1, 0, 2).reshape(_unroll(*given).shape),
            "The shape is right and the rows are scrambled. `reshape` cuts the same numbers in "
            "another way; `transpose` moves an axis. Built step by step, no axis need be moved.",
        ),
    ],
    hints=[
        "It is the loop of lesson 03. What has one more axis now: x_t, h, or both?",
        "h = h0; for x_t in x (that walks along axis 0, time): h = tanh(x_t @ W_ih.T + h @ W_hh.T "
        "+ b), noted each time.",
        "h, states = h0, []",
    ],
    success="B sequences side by side, and not one more loop: rows do not hear each other.",
    others=[_unroll_one_by_one, _unroll_in_float32, _unroll_in_torch],
)


talking_samples = choose(
    title="Samples that talk to each other",
    minutes=3,
    difficulty=2,
    objective="recognise data whose axes are exchanged",
    question=(
        "A batch of 5 sentences with 7 words each lies in an array of shape (5, 7, 4). It goes "
        "into a layer that takes time first, `(T, B, D)`. What happens?"
    ),
    options=[
        option(
            "An error: the shapes do not fit.",
            "Only the last axis has to fit, D = 4. The layer cannot know what you meant by the "
            "other two.",
        ),
        option(
            "Nothing bad: every row goes through the same weights, so the results are the same.",
            "They go through the same weights in another *order*. The state is handed along axis "
            "0, and there lie the sentences.",
        ),
        option(
            "No error; the words of a sentence never meet, and changing sentence 0 changes the "
            "states of the sentences after it.",
            "Axis 0 is taken for time: 5 'steps' for 7 'sequences'. The first words of the five "
            "sentences make up one sequence, and so on.",
            right=True,
        ),
        option(
            "No error; the words of each sentence are read backwards.",
            "The order of the words plays no part any more: what is handed on goes from sentence "
            "to sentence, and words of the same place meet.",
        ),
        option(
            "No error; only the result has shape (7, 5, H).",
            "The result keeps the first two axes as they came: (5, 7, H). It looks right, which is "
            "why nobody notices.",
        ),
    ],
    hints=[
        "The loop says `for x_t in x`. What is x_t for this array?",
        "x_t is x[0], x[1], ...: a whole sentence. What does the next turn of the loop start from?",
        "Turn 0 reads sentence 0, and hands its state on to ...",
    ],
    success="The test for it: change one sample, and see whether another one moves.",
)


# -- shapes and sizes ----------------------------------------------------------------------------

same_weights = predict(
    title="Ten steps, a thousand steps",
    minutes=3,
    difficulty=1,
    objective="say what the length of a sequence costs in parameters",
    question=(
        "A recurrent layer (8 inputs, 16 units, one bias for each unit) and a readout that gives "
        "one number at **every** step (16 weights, one bias). How many parameters are there in all "
        "for sequences of **10** steps, and how many for sequences of **1,000**? Two numbers."
    ),
    answer=[417, 417],
    mistakes=[
        wrong(
            "counts every copy",
            [4170, 417_000],
            "This counts every F of the unrolled drawing. They are one F, drawn many times.",
        ),
        wrong(
            "gives each step a readout of its own",
            [400 + 17 * 10, 400 + 17 * 1000],
            "The layer is counted once, the readout once for each step. It is shared over time as "
            "the layer is: one readout, used at every step.",
        ),
        wrong(
            "reads all states at once",
            [400 + 10 * 16 + 1, 400 + 1000 * 16 + 1],
            "This readout has a weight for every unit at every *step*, T · H of them. It works for "
            "one length only. A readout that is used at each step has 16 weights.",
        ),
        wrong(
            "lets the parameters grow with the length",
            [417, 41_700],
            "Right for ten steps. A hundred times as many steps would be a hundred times as many "
            "uses of the same weights: which shape has a T in it?",
        ),
        wrong(
            "takes a step for a unit",
            [8 * 10 + 10 * 10 + 10 + 10 + 1, 8 * 1000 + 1000 * 1000 + 1000 + 1000 + 1],
            "Here the steps have become units. The layer has 16 units, whatever it reads.",
        ),
        wrong(
            "takes the steps for inputs",
            [16 * 80 + 256 + 16 + 17, 16 * 8000 + 256 + 16 + 17],
            "This gives the layer all steps at once as inputs. It hears 8 numbers at each step.",
        ),
        wrong(
            "leaves the readout or the biases out",
            [400, 400],
            "Rightly the same twice. But 400 is the layer without its readout; it is also all the "
            "weights without any bias. Both belong to it.",
        ),
        wrong(
            "leaves the feedback out",
            [8 * 16 + 16 + 17, 8 * 16 + 16 + 17],
            "W_hh is missing: every unit hears all 16 units of the step before.",
        ),
        wrong(
            "counts two biases a unit",
            [433, 433],
            "torch keeps two biases for each unit, and there 433 would be right. Here it is one.",
        ),
    ],
    hints=[
        "In which of the weights' shapes does T appear?",
        "W_ih (16, 8), W_hh (16, 16), b (16,), readout (1, 16) and its bias.",
        "128 + 256 + 16 + 17 for ten steps; and for a thousand ...",
    ],
    success="Time costs computing, not parameters.",
)


what_comes_back = predict(
    title="What comes back, and in which shape",
    minutes=3,
    difficulty=2,
    objective="predict the shapes of a recurrent layer's two results",
    question=(
        "`output, h_n = torch.nn.RNN(3, 8)(x)` with `x` of shape (12, 5, 3), time first. Give the "
        "shape of `output`, and then the shape of `h_n`: a list of two lists, three numbers each. "
        "(The first axis of `h_n` counts layers.)"
    ),
    answer=[[12, 5, 8], [1, 5, 8]],
    mistakes=[
        wrong(
            "takes axis 0 for the batch",
            [[12, 5, 8], [1, 12, 8]],
            "h_n has one row for each *sequence*. Time is first here: 12 steps, 5 sequences.",
        ),
        wrong(
            "leaves the layers' axis out",
            [[12, 5, 8], [5, 8]],
            "h_n has an axis for the layers in front, even when there is only one.",
        ),
        wrong(
            "keeps the number of inputs",
            [[12, 5, 3], [1, 5, 3]],
            "The results are states, H numbers each. The 3 inputs end in the layer.",
        ),
        wrong(
            "counts the initial state",
            [[13, 5, 8], [1, 5, 8]],
            "T inputs give T states. The initial state is not among them.",
        ),
        wrong(
            "takes output for the last state",
            [[1, 5, 8], [1, 5, 8]],
            "`output` has the state after every step. Only h_n is the last one.",
        ),
        wrong(
            "takes h_n for every step",
            [[12, 5, 8], [12, 5, 8]],
            "`output` has every step already. h_n is what goes on: the state after the last step.",
        ),
        wrong(
            "exchanges the two",
            [[1, 5, 8], [12, 5, 8]],
            "The other way round: `output` comes first and has every step.",
        ),
        wrong(
            "puts the batch first",
            [[5, 12, 8], [1, 5, 8]],
            "`output` has its axes in the order of x. x has time first here.",
        ),
        wrong(
            "puts the batch first in h_n",
            [[12, 5, 8], [5, 1, 8]],
            "h_n is (layers, B, H), always; even with batch_first=True it stays like that.",
        ),
        wrong(
            "puts the batch first in both",
            [[5, 12, 8], [5, 1, 8]],
            "Time is first in x, so in `output`, too. And h_n is (layers, B, H), always.",
        ),
        wrong(
            "keeps the inputs in output",
            [[12, 5, 3], [1, 5, 8]],
            "`output` holds states: H numbers each, not the 3 inputs.",
        ),
        wrong(
            "keeps the inputs in h_n",
            [[12, 5, 8], [1, 5, 3]],
            "h_n is a state: H numbers, not the 3 inputs.",
        ),
    ],
    hints=[
        "One of the two has every step, the other one only the last.",
        "output is (T, B, H), h_n is (layers, B, H).",
        "T = 12, B = 5, H = 8. So output has 12 · 5 · 8 numbers, and h_n ...",
    ],
    success="output: every step of the top layer. h_n: the last step of every layer.",
)


# -- a state that is returned, and carried -------------------------------------------------------


def _generate(first, steps, W_ih, W_hh, b, W_ho, b_o):
    rnn = _layer(W_ih, W_hh, b)
    x, h, outputs = first, np.zeros(len(b)), []
    for _ in range(steps):
        h = rnn.step(x, h)
        x = h @ W_ho.T + b_o
        outputs.append(x)
    return np.array(outputs)


def _flawed_generate(
    first,
    steps,
    W_ih,
    W_hh,
    b,
    W_ho,
    b_o,
    starts_the_state_anew_at_every_step=False,
    feeds_the_first_input_again_and_again=False,
    forgets_b_o=False,
    returns_the_first_input_too=False,
):
    x, h = first, np.zeros(len(b))
    outputs = [first] if returns_the_first_input_too else []
    for _ in range(steps):
        h = np.zeros(len(b)) if starts_the_state_anew_at_every_step else h
        h = np.tanh(x @ W_ih.T + h @ W_hh.T + b)
        outputs.append(h @ W_ho.T + (0 if forgets_b_o else b_o))
        x = first if feeds_the_first_input_again_and_again else outputs[-1]
    return np.array(outputs)


def _generate_then_silence(first, steps, W_ih, W_hh, b, W_ho, b_o):
    x = np.concatenate([first[None], np.zeros((steps - 1, len(first)))])
    return _layer(W_ih, W_hh, b).forward(x[:, None])[:, 0] @ W_ho.T + b_o


def _generate_reading_anew(first, steps, W_ih, W_hh, b, W_ho, b_o, keep=False):
    """Read the whole text so far again for each output; `keep` keeps the old state as well."""
    text, h = [first], np.zeros((1, len(b)))
    rnn = _layer(W_ih, W_hh, b)
    for _ in range(steps):
        states = rnn.forward(np.array(text)[:, None], h)
        h = states[-1].copy() if keep else h
        text.append(states[-1, 0] @ W_ho.T + b_o)
    return np.array(text[1:])


def _generate_with_lists(first, steps, W_ih, W_hh, b, W_ho, b_o):
    x, h, outputs = list(first), [0.0] * len(b), []
    while len(outputs) < steps:
        h = [np.tanh(W_ih[j] @ np.array(x) + W_hh[j] @ np.array(h) + b[j]) for j in range(len(b))]
        x = [float(W_ho[j] @ np.array(h) + b_o[j]) for j in range(len(b_o))]
        outputs.append(x)
    return outputs


def _network(D, H):
    shapes = (H, D), (H, H), (H,), (D, H), (D,)
    return tuple(_numbers(*shape, scale=0.7) for shape in shapes)


generate = code(
    title="One to many",
    minutes=6,
    difficulty=2,
    objective="let a network go on by itself, from one input",
    reference=_generate,
    probes=[
        probe(
            *(np.array([1.0]), 3),
            *(np.array([[1.0], [0.5]]), np.array([[0.0, 0.5], [1.0, 0.0]]), np.array([0.0, 0.1])),
            *(np.array([[1.0, -0.5]]), np.array([0.2])),
        ),
        probe(_numbers(2), 5, *_network(2, 3)),
        probe(_numbers(3), 4, *_network(3, 3)),
    ],
    call=(
        "generate(first={first}, steps={steps}, W_ih={W_ih}, W_hh={W_hh}, b={b}, W_ho={W_ho}, "
        "b_o={b_o})"
    ),
    axis="step",
    mistakes=[
        *switches(
            _flawed_generate,
            starts_the_state_anew_at_every_step=(
                "The output comes back as the next input, and the state does not: each step starts "
                "from zeros. Two things go on to the next step."
            ),
            feeds_the_first_input_again_and_again=(
                "Every step hears `first`. From the second step on, the input is the network's own "
                "last output."
            ),
            forgets_b_o="The readout's bias b_o is missing.",
            returns_the_first_input_too=(
                "The first row is `first` itself: it went in, and is no output. Return the "
                "outputs, `steps` of them."
            ),
        ),
        wrong(
            "is silent after the first input",
            _generate_then_silence,
            "After the first step the input is zeros. Here the network listens to itself: its "
            "output is its next input.",
        ),
        wrong(
            "reads its text from the beginning, with the old state",
            lambda *given: _generate_reading_anew(*given, keep=True),
            "At each step the whole text so far is read again, *and* the state that has heard it "
            "already is kept: the words are heard twice. One step reads one input.",
        ),
        wrong(
            "returns the states",
            lambda first, steps, W_ih, W_hh, b, W_ho, b_o: _layer(W_ih, W_hh, b).forward(
                np.concatenate(
                    [first[None], _generate(first, steps, W_ih, W_hh, b, W_ho, b_o)[:-1]]
                )[:, None]
            )[:, 0],
            "These are the states, H numbers each. The readout makes the output of them.",
        ),
        wrong(
            "returns the last output only",
            lambda *given: _generate(*given)[-1],
            "This is the last output. The task asks for all of them, one row a step.",
        ),
        wrong(
            "squashes the output",
            lambda first, steps, W_ih, W_hh, b, W_ho, b_o: _squashed(
                first, steps, W_ih, W_hh, b, W_ho, b_o
            ),
            "The output went through tanh as well. This readout is linear.",
        ),
    ],
    hints=[
        "What goes from one turn of the loop into the next? Two arrays.",
        "h = tanh(x @ W_ih.T + h @ W_hh.T + b); y = h @ W_ho.T + b_o; the next x is y.",
        "x, h, outputs = first, np.zeros(len(b)), []",
    ],
    success="One input, and a whole sequence. Lesson 11 writes text in this way.",
    others=[_generate_with_lists, _generate_reading_anew],
)


def _squashed(first, steps, W_ih, W_hh, b, W_ho, b_o):
    x, h, outputs = first, np.zeros(len(b)), []
    for _ in range(steps):
        h = np.tanh(x @ W_ih.T + h @ W_hh.T + b)
        x = np.tanh(h @ W_ho.T + b_o)
        outputs.append(x)
    return np.array(outputs)


def _run_in_pieces(x, k, W_ih, W_hh, b, h0):
    return _layer(W_ih, W_hh, b).forward(x, h0)


def _flawed_pieces(
    x,
    k,
    W_ih,
    W_hh,
    b,
    h0,
    starts_every_piece_from_h0=False,
    starts_the_first_piece_from_zeros=False,
    hands_over_the_first_state_of_a_piece=False,
    drops_the_short_last_piece=False,
    overlaps_by_one_step=False,
):
    rnn = _layer(W_ih, W_hh, b)
    h, states = (np.zeros_like(h0) if starts_the_first_piece_from_zeros else h0), []
    for start in range(0, len(x), k):
        piece = x[start : start + k]
        if drops_the_short_last_piece and len(piece) < k:
            break
        if overlaps_by_one_step:
            piece = x[max(start - 1, 0) : start + k]
        run = np.array(rnn.forward(piece, h))
        states.extend(run[-min(k, len(x) - start) :])
        if not starts_every_piece_from_h0:
            h = run[0] if hands_over_the_first_state_of_a_piece else run[-1]
    return np.array(states)


def _pieces_by_the_loop(x, k, W_ih, W_hh, b, h0):
    h, states = h0, []
    for piece in (x[start : start + k] for start in range(0, len(x), k)):
        for x_t in piece:
            h = np.tanh(x_t @ W_ih.T + h @ W_hh.T + b)
            states.append(h)
    return states


def _pieces_in_torch(x, k, W_ih, W_hh, b, h0):
    import torch

    return torch.cat(
        [
            _unroll_in_torch(
                x[s : s + k], W_ih, W_hh, b, h0 if s == 0 else _before(x, s, W_ih, W_hh, b, h0)
            )
            for s in range(0, len(x), k)
        ]
    )


def _before(x, s, W_ih, W_hh, b, h0):
    return np.array(_unroll(x[:s], W_ih, W_hh, b, h0)[-1])


def _piece(T, k, B, D, H):
    x, W_ih, W_hh, b, h0 = _sizes(T, B, D, H)
    return x, k, W_ih, W_hh, b, h0


run_in_pieces = code(
    title="A long sequence, in pieces",
    minutes=6,
    difficulty=2,
    objective="cut a sequence and lose nothing",
    reference=_run_in_pieces,
    probes=[
        probe(*_piece(5, 2, 1, 1, 2)),
        probe(*_piece(7, 3, 2, 2, 3)),
        probe(*_piece(8, 3, 3, 1, 2)),
    ],
    call="run_in_pieces(x={x}, k={k}, W_ih={W_ih}, W_hh={W_hh}, b={b}, h0={h0})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_pieces,
            starts_every_piece_from_h0=(
                "Every piece starts from h0, so nothing of the earlier pieces is known. What does "
                "the delay block hold where a piece ends?"
            ),
            starts_the_first_piece_from_zeros="The first piece starts from zeros instead of h0.",
            hands_over_the_first_state_of_a_piece=(
                "The next piece starts from the *first* state of this one. The state to hand over "
                "is the one after its last step."
            ),
            drops_the_short_last_piece=(
                "The steps at the end that do not fill a piece are missing. A slice that goes "
                "beyond the end is shorter: x[start : start + k] does it."
            ),
            overlaps_by_one_step=(
                "The last input of a piece is read again at the beginning of the next. The state "
                "has heard it already."
            ),
        ),
        wrong(
            "keeps the last states only",
            lambda x, k, *rest: np.array(_run_in_pieces(x, k, *rest))[
                [min(s + k, len(x)) - 1 for s in range(0, len(x), k)]
            ],
            "This is one state for each piece. The task asks for the state after every step.",
        ),
        wrong(
            "starts the later pieces from zeros",
            lambda x, k, W_ih, W_hh, b, h0: np.concatenate(
                [
                    np.array(
                        _run_in_pieces(x[s : s + k], k, W_ih, W_hh, b, h0 if s == 0 else 0 * h0)
                    )
                    for s in range(0, len(x), k)
                ]
            ),
            "Only the first piece starts where it should. The later ones start from zeros: the "
            "state must be handed over where a piece ends.",
        ),
        wrong(
            "returns a list of pieces",
            lambda x, k, *rest: [
                np.array(_run_in_pieces(x, k, *rest)[s : s + k]) for s in range(0, len(x), k)
            ],
            "The states are right, and they still lie in pieces. Join them along time: "
            "np.concatenate.",
        ),
    ],
    hints=[
        "What does the network know at the end of a piece? All of it lies in one array.",
        "h = h0; for each piece of k steps: run it from h, note its states; h = its last state.",
        "h, states = h0, []\nfor start in range(0, len(x), k): ...",
    ],
    success="The state is all that the past has left. Who hands it over may cut where they like.",
    next="In lesson 05 the cut returns: there it is not harmless for learning.",
    others=[_pieces_by_the_loop, _pieces_in_torch],
)


# -- sequences of several lengths ----------------------------------------------------------------

padding_harmless = choose(
    title="Four zeros at the end",
    minutes=2,
    difficulty=1,
    objective="say what padding does to a state",
    question=(
        "A sentence of 6 words shares a batch with one of 10 words, so four steps of zeros are "
        "appended to it: **padding**. What do the four zeros do to its state?"
    ),
    options=[
        option(
            "Nothing: zeros add nothing to the sum.",
            "W_ih times zero is zero. But the sum has two more parts: what comes back through "
            "W_hh, and the biases.",
        ),
        option(
            "They set the state to zero.",
            "This would need W_hh and the biases to be zero, too. What the loop brings back does "
            "not vanish at one blow.",
        ),
        option(
            "They move the state on, four steps away from what it was after the last word.",
            "Time goes on at a zero input: four more times through W_hh, the biases and the bend.",
            right=True,
        ),
        option(
            "They stop the network: there is no input.",
            "Zeros are an input like any other. The layer cannot tell padding from a word whose "
            "vector is zero.",
        ),
    ],
    hints=[
        "Write the sum for x_t = 0. What is left of it?",
        "h_t = tanh(W_hh h_{t−1} + biases). Is that h_{t−1}?",
        "Only if W_hh did exactly nothing, and the bend, too. So ...",
    ],
    success="Padding is input. Who does not want it to count must say where it begins.",
)


def _flawed_mask(
    lengths,
    T,
    counts_one_step_too_many=False,
    marks_the_padding=False,
    counts_from_the_end=False,
):
    t = np.arange(T)[::-1] if counts_from_the_end else np.arange(T)
    mask = t[:, None] <= lengths if counts_one_step_too_many else t[:, None] < lengths
    return ~mask if marks_the_padding else mask


def _mask_by_rows(lengths, T):
    return np.array([[t < int(length) for length in lengths] for t in range(T)])


def _mask_in_torch(lengths, T):
    import torch

    return (torch.arange(T) < torch.as_tensor(lengths)[:, None]).T


step_mask = code(
    title="Which steps are real?",
    minutes=3,
    difficulty=1,
    objective="make a mask from lengths",
    reference=cells.length_mask,
    probes=[
        probe(np.array([1, 3]), 3),
        probe(np.array([4, 2, 1]), 5),
        probe(np.array([2, 0, 5, 3]), 5),
    ],
    call="step_mask(lengths={lengths}, T={T})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_mask,
            counts_one_step_too_many=(
                "A sequence of length 1 has the step 0 and no other; here step 1 is real as well. "
                "Is it `<` or `<=`?"
            ),
            marks_the_padding=(
                "True and False are exchanged: True stands where a step is *real*. It reads: is "
                "t still below this sequence's length?"
            ),
            counts_from_the_end=(
                "The real steps stand at the end. Here the sequences begin together at step 0, and "
                "the padding comes after them."
            ),
        ),
        wrong(
            "puts the batch first",
            lambda lengths, T: (np.arange(T)[:, None] < lengths).T,
            "The axes are (B, T). Time goes first: mask[t, k] says whether sequence k has a step "
            "t.",
        ),
        wrong(
            "is as long as the longest sequence",
            lambda lengths, T: np.arange(lengths.max())[:, None] < lengths,
            "There are as many rows as the longest sequence has steps. The array may be padded "
            "further than that: T rows are asked for.",
        ),
        wrong(
            "gives the step numbers",
            lambda lengths, T: np.arange(T)[:, None] * (np.arange(T)[:, None] < lengths),
            "There are numbers in it, and step 0 looks like padding. A mask says only True or "
            "False.",
        ),
        wrong(
            "marks the last real step alone",
            lambda lengths, T: np.arange(T)[:, None] == lengths - 1,
            "Only each sequence's last step is marked. All its steps are real.",
        ),
    ],
    hints=[
        "Which steps does a sequence of length 3 have? 0, 1 and 2.",
        "mask[t, k] is True where t < lengths[k]. A column of t against a row of lengths makes the "
        "whole table.",
        "t = np.arange(T)[:, None]",
    ],
    success="From lengths, never from values: a zero may be a real input.",
    others=[_mask_by_rows, _mask_in_torch],
)


def _last_real_state(states, lengths):
    return states[lengths - 1, np.arange(len(lengths))]


def _last_by_the_loop(states, lengths):
    return [states[int(length) - 1][k] for k, length in enumerate(lengths)]


def _last_in_torch(states, lengths):
    import torch

    states = torch.as_tensor(states)
    place = torch.as_tensor(lengths - 1)[None, :, None].expand(1, -1, states.shape[2])
    return states.gather(0, place)[0]


def _last_sorted(states, lengths):
    order = np.argsort(-lengths, kind="stable")
    return _last_real_state(states, lengths)[order]


last_real_state = code(
    title="The last real state",
    minutes=5,
    difficulty=2,
    objective="read each sequence's state after its own last word",
    reference=_last_real_state,
    probes=[
        probe(_numbers(4, 2, 2), np.array([1, 3])),
        probe(_numbers(6, 3, 2), np.array([4, 2, 3])),
        probe(_numbers(7, 4, 3), np.array([2, 5, 1, 3])),
    ],
    call="last_real_state(states={states}, lengths={lengths})",
    axis="sequence",
    mistakes=[
        wrong(
            "reads the last padded state",
            lambda states, lengths: states[-1],
            "This is the state after the last *padded* step, for all sequences at the same place. "
            "Each has its own last word: lengths says where.",
        ),
        wrong(
            "reads one step too far",
            lambda states, lengths: states[lengths, np.arange(len(lengths))],
            "This is the state one step after the last word. Steps count from 0: a sequence of "
            "length 3 ends with step 2.",
        ),
        wrong(
            "reads one step too early",
            lambda states, lengths: states[lengths - 2, np.arange(len(lengths))],
            "This state has not heard the last word. A sequence of length 3 ends with step 2.",
        ),
        wrong(
            "reads every row at every length",
            lambda states, lengths: states[lengths - 1],
            "(B, B, H) came back: for every length, the states of *all* sequences. Step and "
            "sequence go together in pairs: two index arrays, states[steps, rows].",
        ),
        wrong(
            "reads the first sequence only",
            lambda states, lengths: states[lengths - 1, 0],
            "The steps are right, but all from sequence 0. Row k belongs to sequence k.",
        ),
        wrong(
            "takes the longest sequence's end for all",
            lambda states, lengths: states[lengths.max() - 1],
            "All sequences are read where the longest one ends. Each has its own last word.",
        ),
        wrong(
            "averages over the real steps",
            lambda states, lengths: (
                (states * _real(states, lengths)).sum(axis=0) / lengths[:, None]
            ),
            "This is the mean of the real states. It is a summary, too, but another one: the last "
            "state is asked for.",
        ),
        wrong(
            "returns the rows sorted by length",
            _last_sorted,
            "The right states, in the order of length, the longest first. Sorting for the sake of "
            "speed has to be undone: row k belongs to sequence k.",
        ),
    ],
    hints=[
        "After which step has a sequence of length 3 heard its last word?",
        "Sequence k is read at step lengths[k] − 1. NumPy takes two index arrays, and pairs them.",
        "rows = np.arange(len(lengths))",
    ],
    success="Many to one, for a batch of any lengths.",
    others=[_last_by_the_loop, _last_in_torch],
)


def _masked_run(x, lengths, W_ih, W_hh, b):
    return _layer(W_ih, W_hh, b).forward(x, mask=cells.length_mask(lengths, len(x)))


def _run_with(mask, x, W_ih, W_hh, b):
    return _layer(W_ih, W_hh, b).forward(x, mask=mask)


def _real(x, lengths):
    return (np.arange(len(x))[:, None] < lengths)[:, :, None]


def _masked_run_resetting(x, lengths, W_ih, W_hh, b):
    return np.where(_real(x, lengths), _unmasked(x, lengths, W_ih, W_hh, b), 0.0)


def _unmasked(x, lengths, W_ih, W_hh, b):
    return _layer(W_ih, W_hh, b).forward(x)


def _masked_one_by_one(x, lengths, W_ih, W_hh, b):
    states = np.empty((*x.shape[:2], len(b)))
    for k, length in enumerate(lengths):
        h = np.zeros(len(b))
        for t in range(len(x)):
            if t < length:
                h = np.tanh(W_ih @ x[t, k] + W_hh @ h + b)
            states[t, k] = h
    return states


def _masked_by_numbers(x, lengths, W_ih, W_hh, b):
    h, states = np.zeros((x.shape[1], len(b))), []
    for t, x_t in enumerate(x):
        m = (t < np.asarray(lengths)).astype(float)[:, None]
        h = m * np.tanh(x_t @ W_ih.T + h @ W_hh.T + b) + (1 - m) * h
        states.append(h)
    return states


def _padded(lengths, T, D, H, zeros_at=(), padding=0.0):
    x, W_ih, W_hh, b, _ = _sizes(T, len(lengths), D, H)
    for t, k in zeros_at:
        x[t, k] = 0.0
    lengths = np.array(lengths)
    x[np.arange(T)[:, None] >= lengths] = padding
    return x, lengths, W_ih, W_hh, b


masked_run = code(
    title="Time stands still",
    minutes=7,
    difficulty=3,
    objective="run a padded batch so that padding changes nothing",
    reference=_masked_run,
    probes=[
        probe(*_padded([3, 1], 3, 1, 2)),
        probe(*_padded([2, 5, 4], 5, 2, 3, zeros_at=[(0, 1), (2, 1), (2, 2)])),
        probe(*_padded([4, 1, 3], 6, 2, 2, zeros_at=[(1, 0)], padding=9.0)),
    ],
    call="masked_run(x={x}, lengths={lengths}, W_ih={W_ih}, W_hh={W_hh}, b={b})",
    axis="step",
    mistakes=[
        wrong(
            "uses no mask",
            _unmasked,
            "This is the run without a mask: the state moves on through the padding. Where does "
            "`lengths` come in?",
        ),
        wrong(
            "masks the result only",
            _masked_run_resetting,
            "After its last word, a sequence's state is zeros here. Its last state shall be handed "
            "on unchanged: where the step is not real, the new state is the old one.",
        ),
        wrong(
            "makes the mask from values",
            lambda x, lengths, *weights: _run_with((x != 0).any(axis=-1), x, *weights),
            "Steps with an input of zeros are left out, and padding that is not zero is read. "
            "Zeros may be a real input: the mask comes from the lengths alone.",
        ),
        wrong(
            "sets padded inputs to zero",
            lambda x, lengths, *weights: _unmasked(x * _real(x, lengths), lengths, *weights),
            "The padding was made zeros, and then read. Zeros are an input, too: the loop and the "
            "biases move the state on.",
        ),
        wrong(
            "turns the mask round",
            lambda x, lengths, *weights: _run_with(
                np.arange(len(x))[:, None] >= lengths, x, *weights
            ),
            "The steps that are real are left out, and the padding is read. np.where(mask, new, "
            "old): which one stands where the mask is True?",
        ),
        wrong(
            "stops one step too late",
            lambda x, lengths, *weights: _run_with(
                np.arange(len(x))[:, None] <= lengths, x, *weights
            ),
            "One step of padding is still read. A sequence of length 3 has the steps 0, 1 and 2.",
        ),
        wrong(
            "stops one step too early",
            lambda x, lengths, *weights: _run_with(
                np.arange(len(x))[:, None] < lengths - 1, x, *weights
            ),
            "Each sequence's last word is left out. A sequence of length 3 has the steps 0, 1 "
            "and 2.",
        ),
        wrong(
            "stops all with the shortest",
            lambda x, lengths, *weights: _run_with(
                (np.arange(len(x)) < lengths.min())[:, None] & _real(x, lengths)[..., 0],
                x,
                *weights,
            ),
            "All sequences stand still as soon as the shortest has ended. Each has an end of its "
            "own: the mask has one column a sequence.",
        ),
        wrong(
            "returns the last state only",
            lambda *given: _masked_run(*given)[-1],
            "Right, but only the last step: (B, H). The task asks for all T of them.",
        ),
    ],
    hints=[
        "At a step that is not real, what should the state be after it?",
        "In each turn: new = tanh(x_t @ W_ih.T + h @ W_hh.T + b), then "
        "h = np.where(real, new, h), with real of shape (B, 1).",
        "real = (t < lengths)[:, None]",
    ],
    success="Now states[-1] is each sequence's last real state, however long its neighbours are.",
    next="torch calls the same thing a packed sequence.",
    others=[_masked_one_by_one, _masked_by_numbers],
)
