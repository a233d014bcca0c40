"""Exercises of lesson 02, *The recurrent neuron*: delay, feedback weight, memory and latch."""

import math

import numpy as np

from rnncourse import cells
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

# -- what feedback makes of one input ------------------------------------------------------------

echo_of_a_bell = choose(
    title="The echo of a bell",
    minutes=2,
    difficulty=1,
    objective="say what feedback makes of a single input",
    question=(
        "A neuron without squashing has input weight w_x = 1 and feedback weight w_h = 0.5. "
        "Its delay block holds 0. The neuron hears 1 once (a bell), and then 0, 0, 0. "
        "Which four outputs does it give?"
    ),
    options=[
        option(
            "1, 0, 0, 0",
            "This is a neuron without the feedback arrow: it answers to the input of this moment "
            "and to nothing else. What does the delay block hand back at the second step?",
        ),
        option(
            "1, 0.5, 0, 0",
            "Here the old input is fed back, once: it is weighted, heard, and gone. The block "
            "holds the last output. At the third step, what was the last output?",
        ),
        option(
            "1, 0.5, 0.25, 0.125",
            "Each output is half of the output before it. The bell goes round the loop, and every "
            "round costs the factor w_h.",
            right=True,
        ),
        option(
            "1, 1, 1, 1",
            "This is what happens with w_h = 1: the loop would hand back everything it held. Here "
            "the feedback weight takes half away at every round.",
        ),
        option(
            "0, 1, 0.5, 0.25",
            "Here the input is delayed too. The input goes to the sum directly. The delay block "
            "sits in the feedback arrow alone.",
        ),
        option(
            "1, 1.5, 1.75, 1.875",
            "These are the outputs for 1, 1, 1, 1. The bell rings once; after it, the input is 0.",
        ),
    ],
    hints=[
        "Write two columns: what the delay block holds, and what comes out. Go down one step at a "
        "time.",
        "out = 1 · (input now) + 0.5 · (held). Then the block holds what came out.",
        "Step 0: 1 · 1 + 0.5 · 0 = 1. Step 1: 1 · 0 + 0.5 · 1 = ...",
    ],
    success="One input, and an echo that never quite ends: that echo is the neuron's memory.",
)


# -- one step ------------------------------------------------------------------------------------


def _neuron_step(x, h_prev, w_x, w_h, b):
    return cells.neuron_step(x, h_prev, w_x, w_h, b, "sigmoid")


def _neuron_step_with_math(x, h_prev, w_x, w_h, b):
    total = b
    total += w_h * h_prev
    total += w_x * x
    return 1 / (1 + math.exp(-total))


def _neuron_step_by_tanh(x, h_prev, w_x, w_h, b):
    weights, values = np.array([w_x, w_h, b]), np.array([x, h_prev, 1.0])
    return (1 + np.tanh(weights @ values / 2)) / 2


neuron_step = code(
    title="One step of the neuron",
    minutes=4,
    difficulty=1,
    objective="write the neuron's sum with its feedback",
    reference=_neuron_step,
    probes=[
        probe(1.0, 0.5, 1.0, 1.0, 0.0),
        probe(-0.3, 0.7, 0.6, 0.9, 0.2),
        probe(2.0, -1.5, -0.8, 0.5, -0.4),
        probe(0.0, 0.4, 1.3, -1.7, 0.1),
    ],
    call="neuron_step(x={x}, h_prev={h_prev}, w_x={w_x}, w_h={w_h}, b={b})",
    mistakes=[
        wrong(
            "leaves the feedback out",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + b),
            "This is what you get without the feedback arrow: what the delay block held never "
            "reaches the sum. Which term carries the previous output?",
        ),
        wrong(
            "feeds back the input",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * x + b),
            "The input goes into the sum twice, and the previous output not at all. "
            "Which arrow leaves the delay block?",
        ),
        wrong(
            "exchanges the two weights",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_h * x + w_x * h_prev + b),
            "The two weights have changed places: the input meets w_h, and the previous output "
            "meets w_x. The letter under the w says what it multiplies.",
        ),
        wrong(
            "adds the previous output without its weight",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + h_prev + b),
            "The previous output reaches the sum at full size. On its way from the delay block it "
            "passes a weight: which one?",
        ),
        wrong(
            "weights the input's part by w_h too",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_h * (w_x * x + h_prev) + b),
            "The feedback weight multiplies everything here, the input's part too. It stands on "
            "the feedback arrow alone.",
        ),
        wrong(
            "squashes the input's part only",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + b) + w_h * h_prev,
            "The sigmoid sees the input's part only, and the feedback is added after it. In the "
            "picture the + comes first: everything is summed, then squashed once.",
        ),
        wrong(
            "squashes before the sum",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x) + cells.sigmoid(w_h * h_prev) + b,
            "Each part is squashed by itself, and then they are added. The neuron adds first, and "
            "squashes the one sum.",
        ),
        wrong(
            "leaves the squashing out",
            lambda x, h_prev, w_x, w_h, b: w_x * x + w_h * h_prev + b,
            "This is the sum before the sigmoid. It is right so far. One box is still to come.",
        ),
        wrong(
            "loses the minus sign in the sigmoid",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(-(w_x * x + w_h * h_prev + b)),
            "A larger sum gives a smaller output here. In 1 / (1 + exp(−a)) there is a minus sign "
            "before the a.",
        ),
        wrong(
            "lets the minus sign reach the first term only",
            lambda x, h_prev, w_x, w_h, b: 1 / (1 + np.exp(-w_x * x + w_h * h_prev + b)),
            "The minus sign reaches the first term only: put the whole sum in brackets.",
        ),
        wrong(
            "divides first",
            lambda x, h_prev, w_x, w_h, b: 1 + np.exp(-(w_x * x + w_h * h_prev + b)),
            "Python divides first: 1 / 1 + exp(−a) is 1 + exp(−a). Put 1 + exp(−a) in brackets.",
        ),
        wrong(
            "turns the sign of the bias",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * h_prev - b),
            "The bias comes in with the wrong sign. It is added to the sum; and if you wrote "
            "exp(−(...) + b), the minus sign has to reach it too.",
        ),
        wrong(
            "weights the previous output with the input's weight",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * (x + h_prev) + b),
            "w_x multiplies the previous output too, and w_h nothing. Each arrow has a weight of "
            "its own.",
        ),
        wrong(
            "squashes with tanh",
            lambda x, h_prev, w_x, w_h, b: np.tanh(w_x * x + w_h * h_prev + b),
            "The sum is right, and it went through tanh. This neuron uses the sigmoid, "
            "1 / (1 + exp(−a)).",
        ),
        wrong(
            "forgets the bias",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * h_prev),
            "The bias b is missing. The first example has b = 0 and cannot show it; the others "
            "can.",
        ),
        wrong(
            "adds the bias after the squashing",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * h_prev) + b,
            "The bias is added to the squashed value. It belongs into the sum, before the sigmoid: "
            "an output of this neuron lies between 0 and 1, whatever b is.",
        ),
        wrong(
            "adds the bias twice",
            lambda x, h_prev, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * h_prev + 2 * b),
            "The bias is counted twice: with the input and with the feedback. This neuron has one.",
        ),
    ],
    hints=[
        "Three things meet at the +: something from the input, something from the delay block, and "
        "b.",
        "h_t = sigmoid(w_x · x_t + w_h · h_{t−1} + b)",
        "a = w_x * x + w_h * h_prev + b",
    ],
    success="Every recurrent network of this course is this line, with more numbers in it.",
    others=[_neuron_step_with_math, _neuron_step_by_tanh],
)


# -- the delay block -----------------------------------------------------------------------------


def _outputs_of_block(answer, initial, first, second):
    """What the block gives back on `first`, and after a reset on `second`."""
    block = answer(initial)
    given = [block.step(value) for value in first]
    block.reset()
    given += [block.step(value) for value in second]
    return None if all(value is None for value in given) else given


class _Block:
    """A correct block to derive the wrong ones from: three lines to override."""

    def __init__(self, initial=0.0):
        self.initial = self.held = initial

    def step(self, value):
        given, self.held = self.held, value
        return given

    def reset(self):
        self.held = self.initial


class _PassesThrough(_Block):
    def step(self, value):
        self.held = value
        return self.held


class _NeverStores(_Block):
    def step(self, value):
        return self.held


class _StartsAtFirstInput(_Block):
    def __init__(self, initial=0.0):
        self.held = None

    def step(self, value):
        given, self.held = value if self.held is None else self.held, value
        return given

    def reset(self):
        self.held = None


class _TwoSteps(_Block):
    def __init__(self, initial=0.0):
        self.initial = initial
        self.reset()

    def step(self, value):
        self.queue.append(value)
        return self.queue.pop(0)

    def reset(self):
        self.queue = [self.initial, self.initial]


class _KeepsOnReset(_Block):
    def reset(self):
        self.initial = self.held


class _ResetsToZero(_Block):
    def reset(self):
        self.held = 0.0


class _IgnoresInitial(_Block):
    def __init__(self, initial=0.0):
        self.initial = self.held = 0.0


class _AddsUp(_Block):
    def step(self, value):
        given, self.held = self.held, self.held + value
        return given


class _Queue:
    """Differently written and correct: a list of the values still to be given back."""

    def __init__(self, initial=0.0):
        self.start = [initial]
        self.queue = list(self.start)

    def step(self, value):
        self.queue.append(value)
        return self.queue.pop(0)

    def reset(self):
        self.queue = list(self.start)


class _Tape:
    """Differently written and correct: keeps everything that came, and counts."""

    def __init__(self, initial=0.0):
        self.tape = [initial]

    def step(self, value):
        self.tape.append(value)
        return self.tape[-2]

    def reset(self):
        self.tape = self.tape[:1]


delay_block = code(
    title="The delay block",
    minutes=4,
    difficulty=1,
    objective="build the part that remembers, and start it afresh",
    reference=cells.DelayBlock,
    drive=_outputs_of_block,
    probes=[
        probe(0.0, [3.0, 1.0, 4.0], [2.0, 7.0]),
        probe(0.5, [1.0, -2.0, 6.0], [5.0, 8.0, 9.0]),
        probe(-1.0, [2.5], [4.0, 4.5]),
    ],
    call=(
        "block = DelayBlock({initial}), then step through {first}, "
        "block.reset(), step through {second}"
    ),
    axis="step",
    mistakes=[
        wrong(
            "gives back what came in at this step",
            _PassesThrough,
            "The new value comes out at the step at which it went in, so nothing is delayed. "
            "Which has to be taken out first: the old value, or the new one?",
        ),
        wrong(
            "never stores the new value",
            _NeverStores,
            "The block gives back the same value at every step. Either the new value is never "
            "kept, or what is kept is never handed out.",
        ),
        wrong(
            "starts at the first input",
            _StartsAtFirstInput,
            "At the first step the block gives back the first input. Before the first step nothing "
            "has come in yet: it holds the initial value.",
        ),
        wrong(
            "delays by two steps",
            _TwoSteps,
            "Every value comes back two steps later. A z⁻¹ block delays by one; how many values "
            "does it need to hold?",
        ),
        wrong(
            "is not reset between sequences",
            _KeepsOnReset,
            "After `reset()` the block still holds the end of the first sequence, and the second "
            "sequence begins with a memory that is not its own.",
        ),
        wrong(
            "resets to zero",
            _ResetsToZero,
            "After `reset()` the block holds 0. It has to hold what it held at the very beginning, "
            "the initial value.",
        ),
        wrong(
            "ignores the initial value",
            _IgnoresInitial,
            "The block begins with 0 whatever it was given. `DelayBlock(0.5)` holds 0.5 at first.",
        ),
        wrong(
            "adds the values up",
            _AddsUp,
            "The block holds the sum of all that came in. A delay block holds one value: the new "
            "one takes the place of the old one.",
        ),
    ],
    hints=[
        "Two things happen in `step`: the old value goes out, the new value comes in. In this "
        "order.",
        "given = what is held; held = the new value; give back `given`.",
        "given = self.held",
    ],
    success=(
        "One number, one step: all the memory of a recurrent network passes through this block."
    ),
    others=[_Queue, _Tape],
)


# -- a whole sequence ----------------------------------------------------------------------------


def _run_neuron(x, w_x, w_h, b, h0):
    return cells.run_neuron(x, w_x, w_h, b, h0, "sigmoid")


def _flawed_run(
    x,
    w_x,
    w_h,
    b,
    h0,
    starts_at_zero=False,
    feeds_back_the_sum_before_the_squashing=False,
    forgets_the_bias=False,
    returns_h0_as_the_first_output=False,
    leaves_the_squashing_out=False,
    leaves_the_feedback_weight_out=False,
):
    squash = cells.ACTIVATIONS["linear" if leaves_the_squashing_out else "sigmoid"]
    w_h = 1.0 if leaves_the_feedback_weight_out else w_h
    held = 0.0 if starts_at_zero else h0
    outputs = [held] if returns_h0_as_the_first_output else []
    for x_t in x:
        a = w_x * x_t + w_h * held + (0.0 if forgets_the_bias else b)
        outputs.append(squash(a))
        held = a if feeds_back_the_sum_before_the_squashing else outputs[-1]
    return np.array(outputs)


def _run_feeding_back_the_input(x, w_x, w_h, b, h0):
    return cells.sigmoid(w_x * x + w_h * np.concatenate([[h0], x[:-1]]) + b)


def _run_resetting_at_every_step(x, w_x, w_h, b, h0):
    return cells.sigmoid(w_x * x + w_h * h0 + b)


def _run_feeding_back_the_same_input(x, w_x, w_h, b, h0):
    return cells.sigmoid((w_x + w_h) * x + b)


def _run_with(step):
    """A run whose output is `step(x_t, h, w_x, w_h, b)` at every step."""

    def run(x, w_x, w_h, b, h0):
        h, outputs = h0, []
        for x_t in x:
            h = step(x_t, h, w_x, w_h, b)
            outputs.append(h)
        return np.array(outputs)

    return run


def _run_with_h0_for_the_first_output(x, w_x, w_h, b, h0):
    return np.concatenate([[h0], _run_neuron(x[1:], w_x, w_h, b, h0)])


def _run_with_the_pure_python_loop(x, w_x, w_h, b, h0):
    outputs, h = [], h0
    for t in range(len(x)):
        h = 1.0 / (1.0 + math.exp(-(w_x * x[t] + w_h * h + b)))
        outputs.append(h)
    return outputs


def _run_in_float32(x, w_x, w_h, b, h0):
    outputs = np.empty(len(x), dtype=np.float32)
    h = np.float32(h0)
    driven = (w_x * np.asarray(x) + b).astype(np.float32)
    for t, value in enumerate(driven):
        h = np.float32(1) / (np.float32(1) + np.exp(-(value + np.float32(w_h) * h)))
        outputs[t] = h
    return outputs


def _run_in_torch(x, w_x, w_h, b, h0):
    import torch

    h, outputs = torch.tensor(h0, dtype=torch.float64), []
    for x_t in torch.as_tensor(x, dtype=torch.float64):
        h = torch.sigmoid(w_x * x_t + w_h * h + b)
        outputs.append(h)
    return torch.stack(outputs)


run_neuron = code(
    title="A whole sequence",
    minutes=6,
    difficulty=2,
    objective="carry a neuron's state through a sequence",
    reference=_run_neuron,
    probes=[
        probe(np.array([1.0, 0.0, -2.0]), 0.5, 2.0, 0.1, 0.3),
        probe(np.array([0.3, -1.2, 2.0, 0.0, 0.8]), 0.7, -1.5, 0.4, 0.2),
        probe(np.array([-2.0, 0.5, 0.1, 1.5]), -1.1, 2.3, -0.6, -0.3),
    ],
    call="run_neuron(x={x}, w_x={w_x}, w_h={w_h}, b={b}, h0={h0})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_run,
            starts_at_zero=(
                "The first step sees a held value of 0. It should see h0, what the delay block "
                "holds before the first step."
            ),
            feeds_back_the_sum_before_the_squashing=(
                "The sum goes back into the delay block before it is squashed. In the picture the "
                "feedback arrow leaves after the sigmoid: what is fed back is the output."
            ),
            forgets_the_bias="The bias b is not in the sum.",
            returns_h0_as_the_first_output=(
                "There is one value too many: h0 was there before the first input, it is no "
                "output. T inputs give T outputs."
            ),
            leaves_the_squashing_out=(
                "These are the sums, without the squashing. The sigmoid comes after every sum, and "
                "its result is what goes round the loop."
            ),
            leaves_the_feedback_weight_out=(
                "The previous output reaches the sum at full size. On its way from the delay block "
                "it passes a weight: which one?"
            ),
        ),
        wrong(
            "has no feedback",
            lambda x, w_x, w_h, b, h0: cells.sigmoid(w_x * x + b),
            "No output comes back: each step answers to its own input alone. Which term carries "
            "the previous output?",
        ),
        wrong(
            "writes h0 in the place of the first output",
            _run_with_h0_for_the_first_output,
            "h0 stands where the output of step 0 belongs, so the first input is never heard. "
            "What is the output of step 0, with x[0] as input and h0 in the delay block?",
        ),
        wrong(
            "squashes with tanh",
            lambda x, w_x, w_h, b, h0: cells.run_neuron(x, w_x, w_h, b, h0, "tanh"),
            "The sums go through tanh here. This neuron uses the sigmoid, 1 / (1 + exp(−a)).",
        ),
        wrong(
            "loses the minus sign in the sigmoid",
            _run_with(lambda x, h, w_x, w_h, b: cells.sigmoid(-(w_x * x + w_h * h + b))),
            "A larger sum gives a smaller output here. In 1 / (1 + exp(−a)) there is a minus sign "
            "before the a.",
        ),
        wrong(
            "lets the minus sign reach the first term only",
            _run_with(lambda x, h, w_x, w_h, b: cells.sigmoid(w_x * x - w_h * h - b)),
            "In 1 / (1 + exp(...)) the minus sign reaches the first term only: put the whole sum "
            "in brackets.",
        ),
        wrong(
            "adds the bias after the squashing",
            _run_with(lambda x, h, w_x, w_h, b: cells.sigmoid(w_x * x + w_h * h) + b),
            "The bias is added to the squashed value. It belongs into the sum, before the sigmoid.",
        ),
        wrong(
            "feeds back the input",
            _run_feeding_back_the_input,
            "The last input comes back instead of the last output. Such a unit knows two "
            "inputs, and nothing older. Which arrow goes into the delay block?",
        ),
        wrong(
            "is reset at every step",
            _run_resetting_at_every_step,
            "Every step sees h0 again, so no step knows of the one before it. Where do you put the "
            "new output, so that the next step finds it?",
        ),
        wrong(
            "feeds back the input of the same step",
            _run_feeding_back_the_same_input,
            "The input of this step meets both weights, and nothing comes from an earlier step. "
            "What does the delay block hold at step t?",
        ),
        wrong(
            "starts at the first input",
            lambda x, w_x, w_h, b, h0: _run_neuron(x, w_x, w_h, b, x[0]),
            "The state begins as the first input. Nothing has been heard before the first step: "
            "the delay block holds h0.",
        ),
        wrong(
            "exchanges the two weights",
            lambda x, w_x, w_h, b, h0: _run_neuron(x, w_h, w_x, b, h0),
            "w_x and w_h have changed places. The letter under the w says what it multiplies.",
        ),
        wrong(
            "returns the last output only",
            lambda x, w_x, w_h, b, h0: _run_neuron(x, w_x, w_h, b, h0)[-1],
            "This is the last output, one number. The task asks for the output of every step.",
        ),
    ],
    hints=[
        "What has to survive from one turn of the loop to the next? One number. Where does it "
        "start?",
        "h = h0; then for each x_t: h = sigmoid(w_x · x_t + w_h · h + b), and note h.",
        "h, outputs = h0, []",
    ],
    success=(
        "A loop, and one number carried through it: you have written a recurrent network of "
        "one unit."
    ),
    others=[_run_with_the_pure_python_loop, _run_in_float32, _run_in_torch],
)


# -- linear neurons: ringing, filling, time constant ---------------------------------------------

_STEPS = np.arange(5)


def _ringing(w_h=-0.7):
    return cells.run_neuron([1.0, 0.0, 0.0, 0.0, 0.0], w_x=1.0, w_h=w_h)


ringing_echo = predict(
    title="A negative feedback weight",
    minutes=3,
    difficulty=1,
    objective="follow an impulse through a negative feedback weight",
    question=(
        "A linear neuron (no squashing) has w_x = 1 and **w_h = −0.7**; its delay block holds 0. "
        "It hears 1, 0, 0, 0, 0. Write its five outputs as a list, to two decimals."
    ),
    answer=_ringing,
    tolerance=(0.0, 0.011),
    mistakes=[
        wrong(
            "loses the sign",
            lambda: _ringing(0.7),
            "These are the outputs for w_h = +0.7. Every round through the loop multiplies by "
            "−0.7: what does that do to the sign?",
        ),
        wrong(
            "turns the sign once only",
            lambda: np.concatenate([[1.0], -(0.7 ** _STEPS[1:])]),
            "The sign turns at the first round and then stays. At the next round the negative "
            "output meets the negative weight again.",
        ),
        wrong(
            "subtracts the weight at every step",
            lambda: 1.0 - 0.7 * _STEPS,
            "Here 0.7 is taken away at every step. The weight multiplies the held value, it is not "
            "subtracted from it.",
        ),
        wrong(
            "stops after one round",
            lambda: np.array([1.0, -0.7, 0.0, 0.0, 0.0]),
            "The echo comes once and is gone, as if the last input went round the loop. It is the "
            "last output that goes round: at step 2 the block holds −0.7.",
        ),
        wrong(
            "turns the sign without fading",
            lambda: np.where(_STEPS == 0, 1.0, 0.7 * (-1.0) ** _STEPS),
            "The sign turns as it should, and the size stays at 0.7. Every round costs the factor "
            "0.7 once more.",
        ),
        wrong(
            "begins one step late",
            lambda: np.concatenate([[0.0], _ringing()[:-1]]),
            "Everything comes one step late. The input goes to the sum directly; only the feedback "
            "passes the delay block.",
        ),
        wrong(
            "weights the input too",
            lambda: -0.7 * _ringing(),
            "Already the first output carries the factor −0.7. The input meets w_x = 1; the "
            "feedback weight stands on the feedback arrow.",
        ),
        wrong(
            "stops the negative outputs at zero",
            lambda: np.array([1.0, 0.0, 0.0, 0.0, 0.0]),
            "Your neuron falls silent where it should go below 0. A linear neuron may have a "
            "negative output, and feeds it back as it is.",
        ),
    ],
    hints=[
        "Nothing comes in after the first step. So each output is the last output times something.",
        "h_k = (−0.7)^k: even steps positive, odd steps negative, each smaller than the one "
        "before.",
        "1, −0.7, then (−0.7) · (−0.7) = ...",
    ],
    success="The sign turns at every step while the size fades: the neuron rings, like a bell.",
)


filled_bucket = predict(
    title="Where a leaky integrator ends",
    minutes=3,
    difficulty=2,
    objective="find the final value of a leaky integrator without running it",
    question=(
        "A linear neuron has **w_x = 0.2** and **w_h = 0.9**; its delay block holds 0. From step 0 "
        "on it hears 1 at every step. Its output rises and then settles. At which value?"
    ),
    answer=2.0,
    tolerance=(0.01, 0.0),
    mistakes=[
        wrong(
            "stops after one step",
            0.2,
            "This is the first output, w_x · 1. At the next step the held value comes on top.",
        ),
        wrong(
            "stops after two steps",
            0.38,
            "This is the second output, 0.2 + 0.9 · 0.2. The bucket goes on filling from there.",
        ),
        wrong(
            "forgets the input weight",
            10.0,
            "1 / (1 − w_h) = 10 would be right for w_x = 1. Only 0.2 comes in at every step here.",
        ),
        wrong(
            "expects the input's own value",
            1.0,
            "A neuron ends at the value of its input only where w_x = 1 − w_h, which would be 0.1. "
            "Here more comes in than that.",
        ),
        wrong(
            "adds the two weights",
            1.1,
            "0.2 + 0.9 is the output when the block holds 1. If it gives 1.1, the block holds 1.1 "
            "at the next step: it has not settled.",
        ),
        wrong(
            "divides by the feedback weight",
            0.2 / 0.9,
            "This is w_x / w_h. Write down what settled means: the output equals the held value. "
            "Then solve for it.",
        ),
        wrong(
            "turns the sign of the feedback",
            0.2 / 1.9,
            "This is w_x / (1 + w_h), the final value for w_h = −0.9. In h = w_x + w_h · h, on "
            "which side does w_h · h end up, and with which sign?",
        ),
    ],
    hints=[
        "Settled means: the next output is equal to this one. Call it h.",
        "h = w_x · 1 + w_h · h. Solve this for h.",
        "h · (1 − 0.9) = 0.2",
    ],
    success="Filling and leaking balance at w_x / (1 − w_h). No loop was needed to know it.",
)


def _time_constant(w_h):
    return -1.0 / np.log(w_h)


def _time_constant_by_counting(w_h):
    """Correct and clumsy: the log-linear slope of a simulated impulse response."""
    response = cells.run_neuron([1.0, 0.0, 0.0, 0.0], w_x=1.0, w_h=w_h)
    slope = (np.log(response[3]) - np.log(response[0])) / 3
    return 1.0 / -slope


time_constant = code(
    title="The time constant",
    minutes=4,
    difficulty=2,
    objective="turn a feedback weight into a memory's length in steps",
    reference=_time_constant,
    probes=[probe(0.9), probe(0.5), probe(0.99), probe(0.2)],
    mistakes=[
        wrong(
            "takes the weight for the time constant",
            lambda w_h: w_h,
            "This is w_h itself. A time constant is a number of steps; the weight is what remains "
            "after one of them.",
        ),
        wrong(
            "returns the half-life",
            lambda w_h: np.log(0.5) / np.log(w_h),
            "This is the half-life: the steps until half is left. The time constant asks for 1/e, "
            "about 0.37.",
        ),
        wrong(
            "has the sign turned",
            lambda w_h: 1.0 / np.log(w_h),
            "This is a negative number of steps. The logarithm of a number below 1 is negative: "
            "which sign makes up for it?",
        ),
        wrong(
            "uses the approximation 1 / (1 − w_h)",
            lambda w_h: 1.0 / (1.0 - w_h),
            "1 / (1 − w_h) comes close where w_h is near 1, and is off by more than a third at "
            "0.5. The exact one has a logarithm in it.",
        ),
        wrong(
            "uses the decimal logarithm",
            lambda w_h: -1.0 / np.log10(w_h),
            "This uses log10, so it counts the steps until a tenth is left. For 1/e it takes the "
            "natural logarithm.",
        ),
        wrong(
            "leaves the reciprocal out",
            lambda w_h: -np.log(w_h),
            "This is what the logarithm loses in one step. How many steps until it has lost 1?",
        ),
        wrong(
            "counts whole steps",
            lambda w_h: np.ceil(-1.0 / np.log(w_h)),
            "You count whole steps. The time lies between two of them: solve w_h^k = 1/e for k.",
        ),
        wrong(
            "cuts off to whole steps",
            lambda w_h: np.floor(-1.0 / np.log(w_h)),
            "What stands after the decimal point is cut off. The time lies between two steps: "
            "leave out int(...), or solve w_h^k = 1/e for k.",
        ),
        wrong(
            "takes 0.37 for 1/e",
            lambda w_h: np.log(0.37) / np.log(w_h),
            "The way is right. 0.37 is 1/e rounded; use np.exp(-1).",
        ),
        wrong(
            "takes 0.368 for 1/e",
            lambda w_h: np.log(0.368) / np.log(w_h),
            "The way is right. 0.368 is 1/e rounded; use np.exp(-1).",
        ),
        wrong(
            "returns the logarithm",
            lambda w_h: np.log(w_h),
            "This is ln(w_h), what the logarithm changes by in one step. After k steps it has "
            "changed by k · ln(w_h). For which k is that −1?",
        ),
        wrong(
            "rounds to whole steps",
            lambda w_h: np.round(-1.0 / np.log(w_h)),
            "The value is right up to the rounding. A time constant need not be a whole number: "
            "leave it as it is.",
        ),
        wrong(
            "raises instead of solving",
            lambda w_h: w_h ** (1.0 / np.e),
            "Here w_h is raised to a power. The number of steps is itself the unknown power: which "
            "function brings an exponent down?",
        ),
    ],
    hints=[
        "After k steps w_h^k is left. For which k is that 1/e?",
        "w_h^k = e^{−1}, so k · ln(w_h) = −1.",
        "return -1.0 / np.log(...)",
    ],
    success="0.9 remembers for about 9.5 steps, 0.99 for about 99.5: near 1, small changes of the "
    "weight are large changes of the memory.",
    others=[lambda w_h: 1.0 / math.log(1.0 / w_h), _time_constant_by_counting],
)


# -- squashing: saturation and the latch ---------------------------------------------------------

saturation_fate = choose(
    title="A weight above 1",
    minutes=2,
    difficulty=2,
    objective="say what squashing does to a feedback weight above 1",
    question=(
        "A neuron with **tanh** has w_x = 1, **w_h = 1.5** and b = 0. It hears 1 once, and then 0 "
        "for ever. What becomes of its output?"
    ),
    options=[
        option(
            "It grows without end: every round multiplies by 1.5.",
            "Without squashing it would. But tanh never gives more than 1, so what comes back is "
            "at most 1.5, and its tanh is below 1 again.",
        ),
        option(
            "It fades to 0, for tanh makes every number smaller.",
            "tanh does shrink every number. For small numbers it shrinks very little, and the "
            "factor 1.5 more than makes up for that. So 0 pushes the output away.",
        ),
        option(
            "It settles between 0 and 1, and stays there.",
            "Growing by 1.5 and shrinking by tanh balance where h = tanh(1.5 · h), at about 0.86. "
            "The neuron holds on to the fact that the input came.",
            right=True,
        ),
        option(
            "It goes to exactly 1, the largest value of tanh.",
            "tanh reaches 1 only for infinitely large sums. The sum here is at most 1.5 · 1, and "
            "tanh(1.5) is about 0.91.",
        ),
        option(
            "It swings between a positive and a negative value.",
            "That takes a negative feedback weight. Here a positive output comes back positive.",
        ),
    ],
    hints=[
        "Take the output 0.8 and work out the next one. Then take 0.1, and do the same.",
        "A value that stays is one where h = tanh(1.5 · h).",
        "tanh(1.5 · 0.1) ≈ 0.15, which is more than 0.1; tanh(1.5 · 1) ≈ 0.91, which is less than "
        "1.",
    ],
    success="Above 1 a squashed neuron does not explode. It decides, and then stays with it.",
)

_READ_AFTER = (1, 30, 100)


def silence(bit):
    """The input after a pulse of size `bit`: none."""
    return 0.0


def worst_noise(bit):
    """The worst input after a pulse of size `bit`: 0.1 against it, at every step."""
    return -0.1 * bit


def _plain_numbers(values, message):
    """`values` as finite floats in a row; for anything else, text too, ValueError(message)."""
    array = np.asarray(values)
    if array.dtype.kind == "U":
        raise ValueError(f"{message} (without quotes)")
    if array.ndim != 1 or array.dtype.kind not in "biuf" or not np.all(np.isfinite(array)):
        raise ValueError(message)
    return array.astype(float)


def _what_the_latch_says(answer, noise):
    """Nine readings: +1 or −1 where the neuron clearly holds that sign, else 0.

    The neuron (tanh) starts at −1. Pulses of +1, −1, +1 follow, five steps each; after every
    pulse come 100 steps of the input `noise(pulse)`, read after 1, 30 and 100 of them.
    """
    weights = answer()
    if weights is None or weights is ...:
        return weights
    message = "latch_weights() has to return three numbers: w_x, w_h and b"
    weights = _plain_numbers(weights, message)
    if len(weights) != 3:
        raise ValueError(message)
    w_x, w_h, b = weights
    readings, h = [], -1.0
    for pulse in (1.0, -1.0, 1.0):
        x = np.concatenate([np.full(5, pulse), np.full(100, noise(pulse))])
        outputs = cells.run_neuron(x, w_x, w_h, b, h, "tanh")
        h = outputs[-1]
        readings += [int(h_k > 0.5) - int(h_k < -0.5) for h_k in outputs[4 + np.array(_READ_AFTER)]]
    return np.array(readings)


def _latch_in_torch():
    import torch

    return torch.tensor([1.5, 2.0, 0.0])


# One sentence each, and the weights whose readings it explains, by what these weights do.
_LEAKS = (
    "Your neuron hears a pulse, and loses it again. w_h = 1 would keep a value without the bend; "
    "tanh takes a little away every round, so w_h must make up for it."
)
_LOUD = (
    "It hears the noise too: w_x · 0.1 is enough to flip it. Which weight makes the input softer?"
)
_LEANS = (
    "It keeps one of the two signs better than the other: with this b it leans to one side. "
    "For which b are + and − treated alike?"
)
_OPPOSITE = "After a pulse of +1 it says −1. Which weight turns the pulse round?"
_LATCH_MISTAKES = {
    "leaks": ((1.0, 0.9, 0.0), _LEAKS),
    "leaks, with a soft input": ((0.6, 0.8, 0.0), _LEAKS),
    "leaks, with a very soft input": ((0.3, 0.9, 0.0), _LEAKS),
    "leaks, and hears the noise": ((5.0, 1.0, 0.0), f"{_LEAKS} And: {_LOUD}"),
    "leaks, and follows the noise": ((20.0, 1.0, 0.0), f"{_LEAKS} And: {_LOUD}"),
    "flips in the worst noise": (
        (1.0, 1.1, 0.0),
        "It latches, and noise that pushes against the bit for long flips it: w_x · 0.1 is more "
        "than it holds against. Either the input is too loud (w_x), or the neuron holds too weakly "
        "(w_h): the further w_h is above 1, the stronger an input it takes to flip it.",
    ),
    "hears the noise": ((15.0, 2.0, 0.0), f"In silence it latches. {_LOUD}"),
    "follows the noise": ((50.0, 2.0, 0.0), f"In silence it latches. {_LOUD}"),
    "forgets within a step": (
        (1.0, 0.0, 0.0),
        "One step after a pulse nothing clear is left of it. Which weight decides how much comes "
        "back through the loop? (And is w_x large enough for the pulse to be heard?)",
    ),
    "forgets, and hears the noise": (
        (4.0, 0.5, 0.0),
        f"In silence nothing clear is left one step after a pulse: too little comes back through "
        f"the loop. And: {_LOUD}",
    ),
    "forgets, and follows the noise": (
        (10.0, 0.0, 0.0),
        f"In silence nothing clear is left one step after a pulse: too little comes back through "
        f"the loop. And: {_LOUD}",
    ),
    "says +1 throughout": (
        (1.0, 2.0, 0.3),
        "The −1 pulse does not turn it round: with this b it leans to +1. For which b are + and − "
        "treated alike?",
    ),
    "never leaves its start": (
        (0.05, 2.0, 0.0),
        "The neuron never leaves the −1 at which it starts: what it holds is stronger than what it "
        "hears. Which weight makes the input louder, or which weight makes it hold too fast? "
        "(And does b hold it down?)",
    ),
    "is turned too slowly": (
        (0.8, 2.0, 0.0),
        "The first pulse only just turns it: one step after it, the neuron is still on its way. "
        "Make the input a little louder, or the hold a little weaker.",
    ),
    "leans to −1": ((1.0, 1.5, -0.5), _LEANS),
    "leans to +1": ((1.0, 1.5, 0.5), _LEANS),
    "leans to −1, a little less": ((2.0, 1.5, -0.5), _LEANS),
    "leans to +1, a little less": ((2.0, 1.5, 0.5), _LEANS),
    "leans to −1 in the noise": (
        (2.0, 2.0, -0.5),
        f"In silence it latches, and in the noise it does not. {_LEANS}",
    ),
    "leans to +1 in the noise": (
        (2.0, 2.0, 0.5),
        f"In silence it latches, and in the noise it does not. {_LEANS}",
    ),
    "rings": (
        (1.0, -2.0, 0.0),
        "With a negative feedback weight the sign turns at every step, so a reading shows only "
        "whether the step was even or odd. Which sign lets a value come back as itself?",
    ),
    "turns the sign, and fades": (
        (1.0, -1.0, 0.0),
        "One step after a pulse of +1 it says −1, and later nothing clear. Has one of the two "
        "weights a minus sign?",
    ),
    "stores the opposite": (
        (-2.0, 2.0, 0.0),
        f"It latches, and it holds the wrong sign. {_OPPOSITE}",
    ),
    "stores the opposite, and flips in the noise": (
        (-1.0, 1.1, 0.0),
        f"It holds the wrong sign, and the noise flips it. {_OPPOSITE}",
    ),
    "hears the opposite, and leaks": ((-1.0, 1.0, 0.0), f"{_OPPOSITE} And: {_LEAKS}"),
}

latch_weights = code(
    title="Build a latch",
    minutes=6,
    difficulty=3,
    objective="choose weights that store one bit for as long as you like",
    reference=lambda: (2.0, 2.0, 0.0),
    drive=_what_the_latch_says,
    probes=[probe(silence), probe(worst_noise)],
    call="latch_weights() in {noise}: readings 0-2 after +1, 3-5 after -1, 6-8 after +1",
    axis="reading",
    mistakes=[
        wrong(name, lambda weights=weights: weights, hint)
        for name, (weights, hint) in _LATCH_MISTAKES.items()
    ],
    hints=[
        "Three wishes: hold (w_h), hear a pulse and not the noise (w_x), treat + and − alike (b).",
        "tanh holds two values where w_h > 1; b = 0 makes them mirror images. The larger w_h, the "
        "louder the pulse must be: with w_h = 2, w_x = 1 or 2 is enough.",
        "w_h = 2.0",
    ],
    success="One bit, kept through noise for as long as the neuron runs. A flip-flop in a computer "
    "works in this way too.",
    next="Lesson 06 shows what this costs: inside a latch next to no gradient survives.",
    others=[
        lambda: [1.0, 2.0, 0.0],
        lambda: np.array([3.0, 2.5, 0.0], dtype=np.float32),
        lambda: (2, 3, 0.1),
        _latch_in_torch,
    ],
)


# -- what one number cannot hold -----------------------------------------------------------------


SAME = 1e-6  # a gap below this share of the largest number is rounding (float32 counts 7 digits)


def _compare_twins(answer, w_h):
    """What the twins have in common, by name.

    The gap is the final output of the later history minus that of the earlier one; the earlier
    is the one that hears something first. Rounding counts as no gap.
    """
    twins = answer(w_h)
    if twins is None or twins is ...:
        return twins
    message = "twin_histories(w_h) has to return two lists of numbers"
    if len(twins) != 2:
        raise ValueError(message)
    one, other = (_plain_numbers(history, message) for history in twins)
    end, other_end = (
        float(cells.run_neuron(x, w_x=1.0, w_h=w_h)[-1]) if len(x) else 0.0 for x in (one, other)
    )
    gap = other_end - end if _begins(one) <= _begins(other) else end - other_end
    largest = np.max(np.abs([end, other_end, *one, *other]))
    return {
        "steps of the one": len(one),
        "steps of the other": len(other),
        "they differ": not (len(one) == len(other) and np.allclose(one, other)),
        "gap at the end": 0.0 if abs(gap) <= SAME * largest else round(gap, 9),
    }


def _begins(history):
    """The first step at which something is heard; the length where there is none."""
    heard = np.flatnonzero(history)
    return heard[0] if len(heard) else len(history)


def _twins_in_torch(w_h):
    import torch

    return torch.tensor([1.0, 0.0, 0.0]), torch.tensor([0.0, w_h, 0.0])


def _twins_in_float32(w_h):
    w_h = np.float32(w_h)
    return np.array([[1, 0, 0], [0, 0, w_h * w_h]], dtype=np.float32)


twin_histories = code(
    title="Two histories, one state",
    minutes=6,
    difficulty=3,
    objective="show what one number cannot tell apart",
    reference=lambda w_h: ([1.0, 0.0, 0.0], [0.0, w_h, 0.0]),
    drive=_compare_twins,
    probes=[probe(0.5), probe(0.8), probe(-0.6)],
    call="twin_histories(w_h={w_h})",
    mistakes=[
        wrong(
            "takes the same inputs in another order",
            lambda w_h: ([1.0, 0.0, 0.0], [0.0, 0.0, 1.0]),
            "The later input is too loud. What is left of the earlier one has been round the loop, "
            "and each round is one factor w_h. Compare what is left of each at the end.",
        ),
        wrong(
            "gives one history twice",
            lambda w_h: ([1.0, 0.0, 0.0], [1.0, 0.0, 0.0]),
            "The two histories are one and the same, so they end alike. They have to differ "
            "somewhere.",
        ),
        wrong(
            "shifts the input without weakening it",
            lambda w_h: ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
            "One factor w_h is missing. Each step later is one round less, and each round is one "
            "factor: how many steps lie between your two inputs?",
        ),
        wrong(
            "weakens it once too often",
            lambda w_h: ([1.0, 0.0, 0.0], [0.0, w_h * w_h, 0.0]),
            "One factor w_h too many. Each step later is one round less, and each round is one "
            "factor: how many steps lie between your two inputs?",
        ),
        wrong(
            "weakens a last input once too often",
            lambda w_h: ([0.0, 1.0, 0.0], [0.0, 0.0, w_h * w_h]),
            "One factor w_h too many. Each step later is one round less, and each round is one "
            "factor: how many steps lie between your two inputs?",
        ),
        wrong(
            "weakens the wrong one",
            lambda w_h: ([w_h, 0.0, 0.0], [0.0, 1.0, 0.0]),
            "The loop weakens the earlier input already, once for every step. So it is the later "
            "one that has to be made smaller.",
        ),
        wrong(
            "makes them equal in the sum of their inputs",
            lambda w_h: ([1.0, 0.0, 0.0], [0.0, 0.5, 0.5]),
            "The inputs have the same sum. The neuron does not add its inputs alike: it weighs "
            "each one by its age.",
        ),
        wrong(
            "makes them of different lengths",
            lambda w_h: ([1.0, 0.0, 0.0], [w_h, 0.0]),
            "They end alike, and one of them is shorter. Make both three steps long: what can "
            "stand before the shorter one?",
        ),
    ],
    hints=[
        "Let each history hold a single input, at different steps. Both are silent at the end.",
        "An input of size 1 at step 0 has become w_h · w_h by step 2. An input of size s at step 1 "
        "has become s · w_h.",
        "early = [1.0, 0.0, 0.0]",
    ],
    success="A loud bell long ago, or a soft bell a moment ago: one number cannot say which.",
    next="In lesson 03 several neurons listen to each other, and the two become different states.",
    others=[
        lambda w_h: np.array([[0.0, 0.0, w_h * w_h], [1.0, 0.0, 0.0]]),
        lambda w_h: ([2.0, 1.0, 3.0], [2.0, 1.0 + 1.0, 3.0 - w_h]),
        _twins_in_float32,
        _twins_in_torch,
    ],
)
