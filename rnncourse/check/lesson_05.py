"""Exercises of lesson 05, *Learning through time*: losses, gradients through time, the ladder."""

import math

import numpy as np

from rnncourse.check import choose, code, option, predict, probe, switches, wrong

# -- whom to blame -------------------------------------------------------------------------------

shared_weight_gradient = predict(
    title="One weight, three steps",
    minutes=2,
    difficulty=1,
    objective="say what the gradient of a shared weight is made of",
    question=(
        "A feedback weight acts at three steps of a sequence. Nudged at the first step alone, it "
        "would change the loss at a rate of **0.30**; at the second step alone, **−0.10**; at the "
        "third alone, **0.04**. There is only one weight, so a nudge acts at all three. What is "
        "its gradient?"
    ),
    answer=0.24,
    tolerance=(0.0, 0.002),
    mistakes=[
        wrong(
            "takes the last step's share only",
            0.04,
            "This is what the third use of the weight does. In code it comes from `grad = ...` "
            "inside the loop, where each step writes over the one before. Who counts the others?",
        ),
        wrong(
            "takes the first step's share only",
            0.30,
            "This is what the first use of the weight does. The same weight acts twice more.",
        ),
        wrong(
            "takes the mean",
            0.08,
            "This is the mean of the three. When you turn the one knob, all three effects happen "
            "at once, each in full.",
        ),
        wrong(
            "adds the sizes and loses the sign",
            0.44,
            "Here the −0.10 counts as +0.10. It works against the other two: a nudge that raises "
            "the loss through steps 1 and 3 lowers it through step 2.",
        ),
        wrong(
            "multiplies the shares",
            -0.0012,
            "This is the product. Factors are multiplied along *one* path. Here are three "
            "different paths from the weight to the loss.",
        ),
        wrong(
            "keeps three gradients for three copies",
            [0.30, -0.10, 0.04],
            "These are three gradients for three copies. There is one weight, and it gets one "
            "number. (If each copy took its own step, they would soon be different weights.)",
        ),
    ],
    hints=[
        "Turn the knob a little: three things happen to the loss at the same time.",
        "d loss = 0.30 · d + (−0.10) · d + 0.04 · d.",
        "0.30 − 0.10 + ...",
    ],
    success="Shared in the forward pass, summed in the backward pass. It holds for W_ih, W_hh, "
    "the biases, and for the readout.",
)


# -- losses --------------------------------------------------------------------------------------


def _cross_entropy(scores, targets):
    shifted = scores - scores.max(axis=-1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    rows = np.arange(len(targets))
    d_scores = np.exp(log_p)
    d_scores[rows, targets] -= 1
    return -log_p[rows, targets].mean(), d_scores / len(targets)


def _cross_entropy_flawed(
    scores,
    targets,
    sums_backward=False,
    sums_both=False,
    softmax_twice=False,
    softmax_down=False,
    softmax_over_all=False,
    keeps_the_sign=False,
    forgets_the_target=False,
    turns_the_gradient=False,
    other_logarithm=False,
    overflows=False,
):
    axis = None if softmax_over_all else 0 if softmax_down else -1
    rows, n = np.arange(len(targets)), len(targets)

    def softmax(z):
        z = z if overflows else z - z.max(axis=axis, keepdims=True)
        return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)

    p = softmax(scores)
    if softmax_twice:
        p = softmax(p)
    loss = -np.log(p[rows, targets] + 1e-300)
    loss = loss / math.log(2) if other_logarithm else loss
    loss = loss.sum() if sums_both else loss.mean()
    d_scores = p.copy()
    if not forgets_the_target:
        d_scores[rows, targets] -= 1
    d_scores = d_scores if sums_both or sums_backward else d_scores / n
    return -loss if keeps_the_sign else loss, -d_scores if turns_the_gradient else d_scores


def _cross_entropy_by_loop(scores, targets):
    """Correct, one row at a time, with Python's own numbers."""
    loss, d_scores = 0.0, []
    for row, target in zip(scores.tolist(), targets.tolist(), strict=True):
        top = max(row)
        weights = [math.exp(score - top) for score in row]
        total = sum(weights)
        loss += math.log(total) + top - row[target]
        d_scores.append([(w / total - (v == target)) / len(targets) for v, w in enumerate(weights)])
    return loss / len(targets), np.array(d_scores)


def _cross_entropy_with_torch(scores, targets):
    import torch

    z = torch.tensor(scores, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(targets))
    loss.backward()
    return loss, z.grad


cross_entropy = code(
    title="Softmax and cross-entropy",
    minutes=6,
    difficulty=2,
    objective="write the loss of a choice, and its gradient",
    reference=_cross_entropy,
    probes=[
        probe(np.array([[2.0, 1.0, 0.0]]), np.array([0])),
        probe(np.array([[0.3, -1.2, 0.5, 0.1], [1.5, 0.2, -0.4, 0.9]]), np.array([2, 3])),
        probe(np.array([[1000.0, 1001.0], [-3.0, 2.0], [0.5, 0.2]]), np.array([1, 1, 0])),
    ],
    call="cross_entropy(scores={scores}, targets={targets})",
    mistakes=[
        *switches(
            _cross_entropy_flawed,
            sums_backward="The loss is a mean over the rows, and its gradient a sum: it is too "
            "large by the number of rows. What was divided in the loss has to be divided in the "
            "gradient too.",
            sums_both="The loss is summed over the rows. The mean is asked for, so that a longer "
            "sequence is not a larger loss; the gradient is then divided as well.",
            softmax_twice="The softmax is applied twice: its probabilities, all between 0 and 1, "
            "are read as scores again. Such a loss cannot fall below log(1 + (V−1)/e), however "
            "well the network learns.",
            softmax_down="The softmax runs down the columns, over the rows of the batch. Each row "
            "is one choice among V: which axis has to add up to 1?",
            softmax_over_all="All the scores together share one softmax, so the probabilities of "
            "a row do not add up to 1. Each row is a choice of its own: which axis has to be "
            "summed, and what does `keepdims` do?",
            keeps_the_sign="The loss is negative. The logarithm of a probability is below 0: which "
            "sign makes a large loss of a small probability?",
            forgets_the_target="The gradient is the probabilities alone, so every score is pushed "
            "down. The right one should be pushed up: what is subtracted at its place?",
            turns_the_gradient="The gradient has the opposite sign. Raising the score of the right "
            "answer lowers the loss: which sign has its entry?",
            other_logarithm="The loss is in bits (logarithm to base 2). The gradient p − 1 belongs "
            "to the natural logarithm, and so does the loss asked for here.",
            overflows="exp(1000) is more than a number can hold, and inf / inf is nan. The softmax "
            "does not change when the same number is taken from all scores of a row: which one is "
            "a good choice?",
        ),
    ],
    hints=[
        "Scores → probabilities → minus the logarithm of the right one. And the gradient is "
        "shorter than one fears.",
        "p = exp(s − max s) / Σ exp(s − max s); loss = mean of −log p[target]; "
        "gradient = (p − one-hot) / rows",
        "shifted = scores - scores.max(axis=1, keepdims=True)",
    ],
    success="Probability minus truth: the gradient of every classifier in this course.",
    others=[_cross_entropy_by_loop, _cross_entropy_with_torch],
)

start_loss = predict(
    title="The loss before anything is learned",
    minutes=2,
    difficulty=1,
    objective="know the loss that an untrained network has to show",
    question=(
        "A network chooses among **V = 50** words. It has learned nothing yet: its scores are "
        "all about equal. What is its cross-entropy, to two decimals?"
    ),
    answer=math.log(50),
    tolerance=(0.0, 0.01),
    mistakes=[
        wrong(
            "gives the probability",
            1 / 50,
            "This is the probability of the right word. The loss is minus its natural logarithm.",
        ),
        wrong(
            "uses bits",
            math.log2(50),
            "This is in bits, with the logarithm to base 2. torch and this course use the natural "
            "one.",
        ),
        wrong(
            "uses the decimal logarithm",
            math.log10(50),
            "This is the logarithm to base 10. The loss uses the natural one: np.log.",
        ),
        wrong(
            "expects 0 from a network that knows nothing",
            0.0,
            "A loss of 0 means that the right word always had probability 1. Here it has 1/50.",
        ),
        wrong(
            "expects 1",
            1.0,
            "A loss is no share of errors and may be above 1. What probability has the right word?",
        ),
        wrong(
            "gives the perplexity",
            50.0,
            "50 is exp(loss): among how many words the network wavers, its *perplexity*. The loss "
            "is the logarithm of that.",
        ),
        wrong(
            "loses the minus sign",
            -math.log(50),
            "The logarithm of 1/50 is negative, and the loss is *minus* the logarithm.",
        ),
    ],
    hints=[
        "Equal scores give equal probabilities. How large is each?",
        "loss = −ln p, with p = 1/50.",
        "np.log(50)",
    ],
    success="ln V is the first rung of the ladder. A start far above it says that the network is "
    "sure of itself, and wrong.",
)


# -- back through two steps ----------------------------------------------------------------------


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


def _bptt_two_steps(x, h_prev, w_x, w_h, target):
    h0 = _sigmoid(w_x * x[0] + w_h * h_prev)
    h1 = _sigmoid(w_x * x[1] + w_h * h0)
    d_a1 = (h1 - target) * h1 * (1 - h1)
    d_a0 = w_h * d_a1 * h0 * (1 - h0)
    return d_a1 * x[1] + d_a0 * x[0], d_a1 * h0 + d_a0 * h_prev


def _bptt_two_steps_flawed(
    x,
    h_prev,
    w_x,
    w_h,
    target,
    last_step_only=False,
    first_step_only=False,
    no_weight_on_the_way=False,
    input_weight_on_the_way=False,
    no_slope=False,
    slope_of_the_last_step_only=False,
    slope_at_the_sum=False,
    slope_of_tanh=False,
    state_of_the_same_step=False,
    twice_the_error=False,
    error_turned=False,
    takes_the_mean=False,
):
    a0 = w_x * x[0] + w_h * h_prev
    h0 = _sigmoid(a0)
    a1 = w_x * x[1] + w_h * h0
    h1 = _sigmoid(a1)

    def slope(a, h):
        if no_slope:
            return 1.0
        value = a if slope_at_the_sum else h
        return 1 - value**2 if slope_of_tanh else value * (1 - value)

    error = (target - h1 if error_turned else h1 - target) * (2 if twice_the_error else 1)
    d_a1 = error * slope(a1, h1)
    back = 1.0 if no_weight_on_the_way else w_x if input_weight_on_the_way else w_h
    d_a0 = back * d_a1 * (1.0 if slope_of_the_last_step_only else slope(a0, h0))
    late = 0.0 if first_step_only else 1.0
    early = 0.0 if last_step_only else 1.0
    held = (h0, h1) if state_of_the_same_step else (h_prev, h0)
    gradient = (
        late * d_a1 * x[1] + early * d_a0 * x[0],
        late * d_a1 * held[1] + early * d_a0 * held[0],
    )
    return tuple(g / 2 for g in gradient) if takes_the_mean else gradient


def _bptt_by_carrying_forward(x, h_prev, w_x, w_h, target):
    """Correct, and the other way round: derivatives of the state are carried forward."""
    h, by_x, by_h = h_prev, 0.0, 0.0
    for x_t in x:
        new = _sigmoid(w_x * x_t + w_h * h)
        by_x, by_h = (new * (1 - new) * (own + w_h * old) for own, old in ((x_t, by_x), (h, by_h)))
        h = new
    return (h - target) * by_x, (h - target) * by_h


def _bptt_with_torch(x, h_prev, w_x, w_h, target):
    import torch

    w = torch.tensor([w_x, w_h], dtype=torch.float64, requires_grad=True)
    h = torch.tensor(h_prev, dtype=torch.float64)
    for x_t in x:
        h = torch.sigmoid(w[0] * x_t + w[1] * h)
    (0.5 * (h - target) ** 2).backward()
    return w.grad


def _named(result, *names):
    """Two results under their names, so that a message need not count them; else as they are."""
    several = isinstance(result, (tuple, list)) or getattr(result, "shape", ()) == (len(names),)
    return dict(zip(names, result, strict=True)) if several and len(result) == 2 else result


bptt_two_steps = code(
    title="Two steps back, with a pencil",
    minutes=7,
    difficulty=2,
    objective="carry a loss back through two steps of a neuron",
    reference=_bptt_two_steps,
    probes=[
        probe([1.0, 0.0], 0.5, 1.0, 1.0, 1.0),
        probe([0.7, -0.4], -0.3, 1.4, -0.8, 0.2),
        probe([-1.1, 0.6], 0.9, 0.5, 2.1, 0.9),
    ],
    drive=lambda answer, x, h_prev, w_x, w_h, target: _named(
        answer(x, h_prev, w_x, w_h, target), "dL/dw_x", "dL/dw_h"
    ),
    call="bptt_two_steps(x={x}, h_prev={h_prev}, w_x={w_x}, w_h={w_h}, target={target})",
    mistakes=[
        *switches(
            _bptt_two_steps_flawed,
            last_step_only="Only the last use of each weight is counted, as if the state it heard "
            "had come from nowhere. The first step helped to make that state: what is its share?",
            first_step_only="Only the share of the first step is left. Was the other one written "
            "over? Both uses of the weight push, and their shares are added.",
            no_weight_on_the_way="On its way back to the first step the gradient passes the "
            "feedback arrow. In the forward pass that arrow multiplies by w_h. And backward?",
            input_weight_on_the_way="The gradient went back through w_x. The two steps are joined "
            "by the feedback arrow: which weight sits there?",
            no_slope="The sigmoid's slope is missing. A nudge to the sum a changes h by "
            "h · (1 − h) times as much.",
            slope_of_the_last_step_only="The slope of the last step is there, and that of the "
            "first is not. Every step back passes one bend.",
            slope_at_the_sum="The slope is worked out as a · (1 − a), from the sum. The formula "
            "h · (1 − h) wants the sigmoid's *output*.",
            slope_of_tanh="1 − h² is the slope of tanh. This neuron bends with a sigmoid.",
            state_of_the_same_step="At each step w_h multiplied the *previous* output. Here its "
            "share is worked out with the output of the same step.",
            twice_the_error="Everything is twice as large. The loss has a factor ½ in front, "
            "so its derivative is h − target.",
            error_turned="Every sign is turned. The derivative of ½ (h − target)² is h − target, "
            "and not target − h.",
            takes_the_mean="The two shares are averaged. One weight acts twice, each time in "
            "full: the shares are added.",
        ),
    ],
    hints=[
        "Walk back: loss → h at step 1 → its sum a → (weights, and h at step 0) → its sum a → "
        "weights.",
        "d_a1 = (h1 − target) · h1 (1 − h1); d_a0 = d_a1 · w_h · h0 (1 − h0); "
        "each weight: d_a · what it multiplied, added up",
        "d_a1 = (h1 - target) * h1 * (1 - h1)",
    ],
    success="That was backpropagation through time. A hundred steps are the same two lines in a "
    "loop.",
    others=[_bptt_by_carrying_forward, _bptt_with_torch],
)


# -- and in general ------------------------------------------------------------------------------


def _rnn_backward(x, h0, states, W_ih, W_hh, d_states):
    before = np.concatenate([h0[None], states[:-1]])
    grads = {"W_ih": 0 * W_ih, "W_hh": 0 * W_hh, "b": np.zeros(len(W_hh))}
    carried = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        d_a = (d_states[t] + carried) * (1 - states[t] ** 2)
        grads["W_ih"] += d_a.T @ x[t]
        grads["W_hh"] += d_a.T @ before[t]
        grads["b"] += d_a.sum(axis=0)
        carried = d_a @ W_hh
    return {**grads, "h0": carried}


def _rnn_backward_flawed(
    x,
    h0,
    states,
    W_ih,
    W_hh,
    d_states,
    overwrites=False,
    drops_the_later_steps=False,
    turns_W_hh=False,
    slope_at_the_sum=False,
    slope_of_the_step_before=False,
    no_slope=False,
    slope_of_sigmoid=False,
    hears_the_same_state=False,
    ignores_h0=False,
    wraps_around=False,
    no_gradient_for_h0=False,
    state_for_h0=False,
    carries_before_the_bend=False,
    averages_over_time=False,
    averages_over_the_batch=False,
    adds_up_what_is_carried=False,
):
    T, B = x.shape[:2]
    first = states[-1] if wraps_around else 0 * h0 if ignores_h0 else h0
    before = np.concatenate([first[None], states[:-1]])
    grads = {"W_ih": 0 * W_ih, "W_hh": 0 * W_hh, "b": np.zeros(len(W_hh))}
    carried = np.zeros_like(h0)
    for t in reversed(range(T)):
        d_h = d_states[t] + (0 if drops_the_later_steps else carried)
        value = before[t] if slope_of_the_step_before else states[t]
        value = np.arctanh(value) if slope_at_the_sum else value
        slope = value * (1 - value) if slope_of_sigmoid else 1 - value**2
        d_a = d_h * (1.0 if no_slope else slope)
        shares = {
            "W_ih": d_a.T @ x[t],
            "W_hh": d_a.T @ (states[t] if hears_the_same_state else before[t]),
            "b": d_a.sum(axis=0),
        }
        for name, share in shares.items():
            share = share / T if averages_over_time else share
            share = share / B if averages_over_the_batch else share
            grads[name] = share if overwrites else grads[name] + share
        back = (d_h if carries_before_the_bend else d_a) @ (W_hh.T if turns_W_hh else W_hh)
        carried = carried + back if adds_up_what_is_carried else back
    if no_gradient_for_h0:
        carried = np.zeros_like(h0)
    return {**grads, "h0": d_h if state_for_h0 else carried}


def _rnn_backward_with_torch(x, h0, states, W_ih, W_hh, d_states):
    import torch

    x, d_states, bend = (torch.tensor(v) for v in (x, d_states, 1 - states**2))
    before = torch.cat([torch.tensor(h0)[None], torch.tensor(states[:-1])])
    d_a = torch.zeros_like(d_states)
    for t in range(len(x) - 1, -1, -1):
        later = d_a[t + 1] @ torch.tensor(W_hh) if t + 1 < len(x) else 0
        d_a[t] = (d_states[t] + later) * bend[t]
    return {
        "W_ih": torch.einsum("tbh,tbd->hd", d_a, x),
        "W_hh": torch.einsum("tbh,tbk->hk", d_a, before),
        "b": d_a.sum(dim=(0, 1)),
        "h0": d_a[0] @ torch.tensor(W_hh),
    }


def _rnn_backward_path_by_path(x, h0, states, W_ih, W_hh, d_states):
    """Correct and slow: every loss is carried back by itself, row by row."""
    grads = {
        "W_ih": np.zeros(W_ih.shape),
        "W_hh": np.zeros(W_hh.shape),
        "b": np.zeros(len(W_hh)),
        "h0": np.zeros(h0.shape),
    }
    for b in range(x.shape[1]):
        for end in range(len(x)):
            d_h = d_states[end, b]
            for t in range(end, -1, -1):
                d_a = d_h * (1 - states[t, b] ** 2)
                held = states[t - 1, b] if t else h0[b]
                grads["W_ih"] += np.outer(d_a, x[t, b])
                grads["W_hh"] += np.outer(d_a, held)
                grads["b"] += d_a
                d_h = W_hh.T @ d_a
            grads["h0"][b] += d_h
    return grads


def _layer(T, B, D, H, seed):
    """x, h0, the states of a tanh layer, its two matrices, and a gradient for every state."""
    rng = np.random.default_rng(seed)
    x, h0 = rng.normal(size=(T, B, D)).round(1), rng.uniform(-0.8, 0.8, (B, H)).round(1)
    W_ih, W_hh = rng.normal(0, 0.6, (H, D)).round(1), rng.normal(0, 0.6, (H, H)).round(1)
    h, states = h0, []
    for x_t in x:
        h = np.tanh(x_t @ W_ih.T + h @ W_hh.T + 0.1)
        states.append(h)
    return probe(x, h0, np.array(states), W_ih, W_hh, rng.normal(size=(T, B, H)).round(1))


rnn_backward = code(
    title="Back through a whole layer",
    minutes=10,
    difficulty=3,
    objective="write backpropagation through time for a recurrent layer",
    reference=_rnn_backward,
    probes=[_layer(3, 1, 1, 2, 3), _layer(3, 2, 2, 3, 5), _layer(5, 3, 4, 2, 7)],
    call="rnn_backward(x={x}, h0={h0}, states, W_ih, W_hh={W_hh}, d_states={d_states})",
    mistakes=[
        *switches(
            _rnn_backward_flawed,
            overwrites="Each step writes over the gradient of the step before, so only one step is "
            "left. One weight acts T times. Which sign stands between the shares: `=` or `+=`?",
            drops_the_later_steps="Each step is treated alone: what arrives from step t + 1 is "
            "lost. A state is answerable for its own loss, and for all that it did later.",
            turns_W_hh="On the way back W_hh is the wrong way round. Forward, the row h meets "
            "W_hh.T. Backward, the row d_a meets its transpose. Which of the two is that?",
            slope_at_the_sum="The slope is 1 − a², from the sum before the bend. tanh' is 1 − h², "
            "with the value *after* it.",
            slope_of_the_step_before="The slope is taken at the state of the step before. Which "
            "state came out of the bend at step t?",
            no_slope="The slope of tanh is missing: the gradient passes every bend as if it were "
            "not there.",
            slope_of_sigmoid="h (1 − h) is the slope of the sigmoid. This layer bends with tanh.",
            hears_the_same_state="The gradient of W_hh pairs d_a with the state of the *same* "
            "step. W_hh multiplied the state before.",
            ignores_h0="At step 0, W_hh multiplied h0. Here its share is worked out as if h0 were "
            "zero.",
            wraps_around="At step 0, `states[t - 1]` is `states[-1]`, and to Python that is the "
            "*last* state. What did W_hh multiply before the first step?",
            no_gradient_for_h0="The gradient of h0 is zero here. After the loop, something is "
            "still being carried back. To whom?",
            state_for_h0="This is the gradient of the *first output*, the one after step 0. h0 is "
            "one bend and one W_hh further back.",
            carries_before_the_bend="What goes back through W_hh has not passed the bend of its "
            "step. Which of the two belongs there: d_h or d_a?",
            averages_over_time="The gradients are divided by the number of steps. Where a mean is "
            "wanted it is taken in the loss, and stands in d_states already.",
            averages_over_the_batch="The gradients are divided by the number of rows. Where a mean "
            "is wanted it is taken in the loss, and stands in d_states already.",
            adds_up_what_is_carried="What is carried piles up: each step keeps all that it has "
            "handed on already. The weights' shares are added; what is carried is replaced.",
        ),
    ],
    hints=[
        "Go from the last step to the first, and hand something on from step to step: what "
        "arrives from t + 1.",
        "d_a = (d_states[t] + carried) · (1 − h_t²); W_ih += d_aᵀ x_t; W_hh += d_aᵀ h_{t−1}; "
        "carried = d_a W_hh",
        "for t in reversed(range(len(x))):",
    ],
    success="Sum over time, carry what comes from t + 1, and end at h0. `cells.RNN.backward` is "
    "this loop.",
    next="Lesson 06 asks what `carried` becomes after a hundred products with W_hh.",
    others=[_rnn_backward_with_torch, _rnn_backward_path_by_path],
)


# -- checking a gradient -------------------------------------------------------------------------


def _cube(w):
    return (w**3).sum() + w[0] * w[-1]


def _wave(w):
    return np.sin(w).prod() - np.exp(w).sum()


def _numerical_gradient(loss_of, w, eps):
    gradient = np.zeros_like(w)
    for i in range(len(w)):
        nudge = np.zeros_like(w)
        nudge[i] = eps
        gradient[i] = (loss_of(w + nudge) - loss_of(w - nudge)) / (2 * eps)
    return gradient


def _leaves_the_nudge(loss_of, w, eps):
    w, gradient = w.copy(), np.zeros_like(w)
    for i in range(len(w)):
        w[i] += eps
        up = loss_of(w)
        w[i] -= 2 * eps
        gradient[i] = (up - loss_of(w)) / (2 * eps)
    return gradient


def _numerical_by_rows(loss_of, w, eps):
    nudges = eps * np.eye(len(w))
    return np.array([loss_of(w + n) - loss_of(w - n) for n in nudges]) / (eps + eps)


def _numerical_in_place(loss_of, w, eps):
    w, gradient = w.copy(), []
    for i, kept in enumerate(w.tolist()):
        w[i] = kept + eps
        up = loss_of(w)
        w[i] = kept - eps
        gradient.append((up - loss_of(w)) / (2 * eps))
        w[i] = kept
    return gradient


numerical_gradient = code(
    title="Ask by nudging",
    minutes=5,
    difficulty=2,
    objective="work out a gradient without calculus, to check one that used it",
    reference=_numerical_gradient,
    probes=[
        probe(_cube, np.array([1.0, 2.0]), 0.1),
        probe(_cube, np.array([0.5, -1.5, 0.8]), 0.2),
        probe(_wave, np.array([0.3, 1.1, -0.7, 0.9]), 0.1),
    ],
    call="numerical_gradient(loss_of, w={w}, eps={eps})",
    axis="weight",
    mistakes=[
        wrong(
            "looks to one side only",
            lambda loss_of, w, eps: np.array(
                [(loss_of(w + eps * e) - loss_of(w)) / eps for e in np.eye(len(w))]
            ),
            "This compares w + eps with w itself. It is off by about eps; looking to both sides "
            "is off by about eps squared.",
        ),
        wrong(
            "divides by eps",
            lambda loss_of, w, eps: 2 * _numerical_gradient(loss_of, w, eps),
            "Everything is twice too large. From w − eps to w + eps, how far is it?",
        ),
        wrong(
            "does not divide",
            lambda loss_of, w, eps: 2 * eps * _numerical_gradient(loss_of, w, eps),
            "This is how far the loss moved. A gradient is how far *per step* of the weight.",
        ),
        wrong(
            "nudges every weight at once",
            lambda loss_of, w, eps: np.full(
                len(w), (loss_of(w + eps) - loss_of(w - eps)) / (2 * eps)
            ),
            "All weights were nudged together, so their effects are added up. Each one needs a "
            "nudge of its own, while the others stay.",
        ),
        wrong(
            "leaves the nudge in",
            _leaves_the_nudge,
            "The first entry is right, and later ones are off: a weight was still nudged while "
            "the next one was tried. Where does it get its own value back?",
        ),
        wrong(
            "has the sides exchanged",
            lambda loss_of, w, eps: -_numerical_gradient(loss_of, w, eps),
            "Every sign is turned: the loss at w − eps comes first here.",
        ),
        wrong(
            "rounds the nudge away",
            lambda loss_of, w, eps: np.zeros_like(w),
            "No weight seems to matter. Was the loss asked at the nudged weights, or twice at the "
            "same ones? (An array of whole numbers drops a nudge of 0.1 as well.)",
        ),
    ],
    hints=[
        "One weight at a time: a little up, a little down, and see how the loss answers.",
        "(L(w + eps) − L(w − eps)) / (2 eps), for each weight by itself",
        "nudge = np.zeros_like(w); nudge[i] = eps",
    ],
    success="Two runs for every weight: far too slow to learn with, and the best proof there is "
    "that a backward pass is right.",
    others=[_numerical_by_rows, _numerical_in_place],
)

gradient_check_verdict = choose(
    title="Is this gradient right?",
    minutes=3,
    difficulty=2,
    objective="read a gradient check",
    question=(
        "A backward pass and central differences are compared for three weights. Backward: "
        "**4e-8, 2e-8, −6e-8**. Differences (float64, step 1e-5): **2e-8, 1e-8, −3e-8**. What do "
        "you conclude?"
    ),
    options=[
        option(
            "It is right: the largest difference is 3e-8.",
            "3e-8 is small beside 1. Beside −6e-8 it is half. Where gradients are small, every "
            "gradient passes such a test, even 0.",
        ),
        option(
            "It is wrong: every entry is off by half, a relative error of about a third.",
            "|a − b| / (|a| + |b|) = 1/3 everywhere. With a loss near 1, rounding moves such a "
            "difference by about 1e-11, a thousandth of these gradients or less. And a constant "
            "factor of 2 is a trace: something is counted twice.",
            right=True,
        ),
        option(
            "One cannot tell: take a step of 1e-12, then it is exact.",
            "Smaller is better only down to a point. At 1e-12 the two losses differ in their last "
            "few digits, and what is left is rounding noise.",
        ),
        option(
            "It is right up to rounding: repeat it in float32 to be sure.",
            "float32 carries 7 digits, float64 about 16. In float32 the differences get noisier, "
            "and a small step drowns altogether.",
        ),
        option(
            "It is right: all the signs agree, and only the learning rate differs.",
            "A factor of 2 on the whole gradient acts like a learning rate, true. Here it may be, "
            "and elsewhere it is not: a term counted twice changes the direction. Find it.",
        ),
    ],
    hints=[
        "Small beside what?",
        "relative error = |a − b| / (|a| + |b|)",
        "For the first weight: 2e-8 / 6e-8.",
    ],
    success="Relative error, float64, central differences, a step near 1e-5.",
)


# -- a step --------------------------------------------------------------------------------------


def _adam_step(w, grad, m, v, t, lr):
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v


def _adam_step_flawed(
    w,
    grad,
    m,
    v,
    t,
    lr,
    climbs=False,
    no_correction=False,
    same_correction=False,
    no_root=False,
    no_square=False,
    exchanges_the_rates=False,
    adds_in_full=False,
    keeps_the_corrected=False,
    uses_the_gradient=False,
):
    a, b = (0.999, 0.9) if exchanges_the_rates else (0.9, 0.999)
    new_m = a * m + (1 if adds_in_full else 1 - a) * grad
    new_v = b * v + (1 if adds_in_full else 1 - b) * (np.abs(grad) if no_square else grad**2)
    m_hat, v_hat = new_m / (1 - a**t), new_v / (1 - b**t)
    if same_correction:
        m_hat, v_hat = new_m / (1 - a), new_v / (1 - b)
    if no_correction:
        m_hat, v_hat = new_m, new_v
    size = v_hat if no_root else np.sqrt(v_hat)
    step = lr * (grad if uses_the_gradient else m_hat) / (size + 1e-8)
    kept = (m_hat, v_hat) if keeps_the_corrected else (new_m, new_v)
    return w + step if climbs else w - step, *kept


def _adam_step_by_loop(w, grad, m, v, t, lr):
    out = []
    for w_i, g, m_i, v_i in zip(*(a.tolist() for a in (w, grad, m, v)), strict=True):
        m_i += 0.1 * (g - m_i)
        v_i += 0.001 * (g * g - v_i)
        root = math.sqrt(v_i / (1 - 0.999**t)) + 1e-8
        out.append((w_i - lr * m_i / (1 - 0.9**t) / root, m_i, v_i))
    return tuple(np.array(column) for column in zip(*out, strict=True))


def _adam_step_in_one_rate(w, grad, m, v, t, lr):
    """Correct: the two corrections moved into the learning rate, and eps with them."""
    m, v = 0.9 * m + (1 - 0.9) * grad, 0.999 * v + (1 - 0.999) * grad * grad
    root = math.sqrt(1 - 0.999**t)
    return w - lr * root / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-8 * root), m, v


def _adam_with_denominator(w, grad, m, v, t, lr, root):
    m, v = 0.9 * m + 0.1 * grad, 0.999 * v + 0.001 * grad**2
    return w - lr * (m / (1 - 0.9**t)) / root(v / (1 - 0.999**t)), m, v


adam_step = code(
    title="One step of Adam",
    minutes=5,
    difficulty=2,
    objective="write the optimiser that most recurrent networks are trained with",
    reference=_adam_step,
    probes=[
        probe(np.array([1.0]), np.array([0.5]), np.zeros(1), np.zeros(1), 1, 0.1),
        probe(
            np.array([0.3, -2.0]),
            np.array([-0.4, 0.02]),
            np.array([0.1, -0.05]),
            np.array([0.02, 0.001]),
            3,
            0.01,
        ),
        probe(
            np.array([0.0, 1.0, 5.0]),
            np.array([3.0, -0.7, 0.1]),
            np.array([-1.0, 0.2, 0.3]),
            np.array([4.0, 0.5, 0.2]),
            20,
            0.05,
        ),
        probe(np.ones(2), np.array([0.0, 1e-8]), np.zeros(2), np.zeros(2), 1, 0.1),
    ],
    call="adam_step(w={w}, grad={grad}, m={m}, v={v}, t={t}, lr={lr})",
    mistakes=[
        *switches(
            _adam_step_flawed,
            climbs="The step goes along the gradient, uphill. The loss falls in the other "
            "direction.",
            no_correction="The corrections are missing. m and v start at 0, so after one step m "
            "holds a tenth of the gradient: what has it to be divided by?",
            same_correction="The corrections are those of the first step at every step. The "
            "powers grow with t: 1 − 0.9ᵗ and 1 − 0.999ᵗ.",
            no_root="The step is divided by the mean *square*. Its root has the unit of a "
            "gradient, and only then do large and small gradients make steps of like size.",
            no_square="v collects the gradient's size here. It is the mean of its *square*.",
            exchanges_the_rates="0.9 and 0.999 have changed places. m follows quickly (0.9), and "
            "v slowly (0.999).",
            adds_in_full="The new gradient is added in full. In a running mean it gets the share "
            "that the old one has given up: 1 − 0.9, and 1 − 0.999.",
            keeps_the_corrected="m and v come back corrected, so the next step corrects them once "
            "more. The correction is for this step's use only.",
            uses_the_gradient="The step follows this gradient alone. What is m collected for?",
        ),
        wrong(
            "leaves 1e-8 out",
            lambda *args: _adam_with_denominator(*args, root=np.sqrt),
            "A weight that has heard nothing divides 0 by 0 here. What does the 1e-8 in the "
            "denominator prevent?",
        ),
        wrong(
            "puts 1e-8 under the root",
            lambda *args: _adam_with_denominator(*args, root=lambda v: np.sqrt(v + 1e-8)),
            "1e-8 stands under the root, where it counts as 1e-4. It is added to the root.",
        ),
    ],
    hints=[
        "Two running means: of the gradient (m), and of its square (v). Then one division.",
        "m = 0.9 m + 0.1 g; v = 0.999 v + 0.001 g²; "
        "w − lr · (m / (1 − 0.9ᵗ)) / (√(v / (1 − 0.999ᵗ)) + 1e-8)",
        "m = 0.9 * m + 0.1 * grad",
    ],
    success="On the first step every weight moves by about lr, however large its gradient is.",
    others=[_adam_step_by_loop, _adam_step_in_one_rate],
)


# -- cutting the credit --------------------------------------------------------------------------


def _truncated_credit(x, d_h, w_x, w_h, k):
    h, before = np.zeros(len(x)), np.zeros(len(x))
    held = 0.0
    for t in range(len(x)):
        before[t] = held
        held = h[t] = np.tanh(w_x * x[t] + w_h * held)
    gradient, carried = 0.0, 0.0
    for t in reversed(range(len(x))):
        d_a = (d_h[t] + carried) * (1 - h[t] ** 2)
        gradient += d_a * before[t]
        carried = 0.0 if t % k == 0 else d_a * w_h
    return h, gradient


def _truncated_credit_flawed(
    x,
    d_h,
    w_x,
    w_h,
    k,
    cuts_the_value=False,
    cuts_every_step=False,
    never_cuts=False,
    cuts_a_step_late=False,
    drops_the_rest=False,
    slides_a_window=False,
    forgets_the_held_value=False,
    averages_the_pieces=False,
    last_piece_only=False,
):
    T = len(x)
    h, before = np.zeros(T), np.zeros(T)
    held = 0.0
    for t in range(T):
        held = 0.0 if cuts_the_value and t % k == 0 else held
        before[t] = 0.0 if forgets_the_held_value and t % k == 0 else held
        held = h[t] = np.tanh(w_x * x[t] + w_h * held)
    end = T - T % k if drops_the_rest else T
    gradient = 0.0
    for source in range(end):  # the loss of each step is carried back by itself
        first = source - source % k
        if slides_a_window:
            first = max(0, source - k + 1)
        if cuts_a_step_late:
            first = max(0, first - 1)
        first = source if cuts_every_step else 0 if never_cuts else first
        if last_piece_only and source < T - 1 - (T - 1) % k:
            continue
        back = d_h[source]
        for t in range(source, first - 1, -1):
            d_a = back * (1 - h[t] ** 2)
            gradient += d_a * before[t]
            back = d_a * w_h
    return h, gradient / math.ceil(T / k) if averages_the_pieces else gradient


def _truncated_with_border(x, d_h, w_x, w_h, k, cut):
    """Wrong: credit stops on leaving the steps that `cut` names, going back."""
    h = _truncated_credit(x, d_h, w_x, w_h, k)[0]
    before, gradient, carried = np.append(0.0, h[:-1]), 0.0, 0.0
    for t in reversed(range(len(x))):
        d_a = (d_h[t] + carried) * (1 - h[t] ** 2)
        gradient += d_a * before[t]
        carried = 0.0 if cut(t, k) else d_a * w_h
    return h, gradient


def _truncated_credit_by_pieces(x, d_h, w_x, w_h, k):
    """Correct: one piece after the other, forward and back, handing over the value."""
    states, gradient, held = [], 0.0, 0.0
    for start in range(0, len(x), k):
        line = [held]
        for x_t in x[start : start + k]:
            line.append(math.tanh(w_x * x_t + w_h * line[-1]))
        back = 0.0
        for i in range(len(line) - 1, 0, -1):
            d_a = (d_h[start + i - 1] + back) * (1 - line[i] ** 2)
            gradient += d_a * line[i - 1]
            back = d_a * w_h
        states, held = states + line[1:], line[-1]
    return np.array(states), gradient


def _truncated_credit_with_torch(x, d_h, w_x, w_h, k):
    import torch

    w = torch.tensor(w_h, dtype=torch.float64, requires_grad=True)
    h, states, total = torch.zeros((), dtype=torch.float64), [], 0.0
    for t in range(len(x)):
        h = h.detach() if t % k == 0 else h
        h = torch.tanh(w_x * x[t] + w * h)
        total = total + d_h[t] * h
        states.append(h)
    total.backward()
    return torch.stack(states), w.grad


truncated_credit = code(
    title="The value goes on, the credit stops",
    minutes=8,
    difficulty=3,
    objective="write truncated backpropagation through time",
    reference=_truncated_credit,
    probes=[
        probe(np.array([1.0, 0.0, 0.5, -1.0]), np.array([0.0, 0.0, 0.0, 1.0]), 1.0, 0.8, 2),
        probe(
            np.array([0.6, -0.9, 0.3, 1.2, -0.4, 0.8, -0.2]),
            np.array([0.5, -0.2, 0.9, 0.1, -0.7, 0.4, 1.1]),
            0.9,
            -1.3,
            3,
        ),
        probe(
            np.array([-0.5, 1.1, 0.2, 0.7, -1.4, 0.1, 0.9, -0.3]),
            np.array([0.3, 0.8, -0.6, 0.2, 1.0, -0.9, 0.5, 0.7]),
            0.7,
            1.5,
            3,
        ),
    ],
    call="truncated_credit(x={x}, d_h={d_h}, w_x={w_x}, w_h={w_h}, k={k})",
    mistakes=[
        *switches(
            _truncated_credit_flawed,
            cuts_the_value="The state starts from 0 in every piece, so the network forgets. Only "
            "the *gradient* is cut: the next piece begins with the value at which this one ended.",
            cuts_every_step="The credit is cut at every step, as if each piece were one step "
            "long. Cut between the pieces, not inside them.",
            never_cuts="This is the full gradient: nothing is cut. What should `carried` be when "
            "you leave the first step of a piece?",
            cuts_a_step_late="The credit goes one step too far: across the border, to the last "
            "step of the piece before.",
            drops_the_rest="The steps after the last whole piece have no part in the gradient. A "
            "shorter piece at the end is a piece as well.",
            slides_a_window="Each step looks back over its own last k steps, a sliding window. "
            "Here the pieces follow one another: the first step of a piece looks back over one "
            "step only.",
            forgets_the_held_value="In the first step of a piece w_h multiplied the value handed "
            "over. It counts in the share of that step, though no credit passes through it.",
            averages_the_pieces="The gradient is divided by the number of pieces. Each piece adds "
            "its share, as each step did.",
            last_piece_only="Only the last piece is left: each piece has written over the one "
            "before. Add them up.",
        ),
        wrong(
            "keeps the last share only",
            lambda x, d_h, w_x, w_h, k: (_truncated_credit(x, d_h, w_x, w_h, k)[0], 0.0),
            "Each step writes over the share of the one before. The last one written is step 0's, "
            "where w_h multiplied 0. `=` or `+=`?",
        ),
        wrong(
            "cuts on entering the first step of a piece",
            lambda *args: _truncated_with_border(*args, cut=lambda t, k: t % k == 1 or k == 1),
            "The cut is a step off: nothing reaches the first step of a piece from within it, and "
            "credit crosses the border. Where does a piece begin?",
        ),
        wrong(
            "cuts on leaving the last step of a piece",
            lambda *args: _truncated_with_border(*args, cut=lambda t, k: (t + 1) % k == 0),
            "The cut is a step off: it comes right after the last step of a piece, so inside it. "
            "Credit crosses the border instead. Which step does a piece begin with?",
        ),
    ],
    hints=[
        "The forward pass does not know of k at all. The backward pass drops what it carries, "
        "at some steps.",
        "Going back: carried = d_a · w_h, and carried = 0 on leaving a step t with t % k == 0",
        "carried = 0.0 if t % k == 0 else d_a * w_h",
    ],
    success="The state can hold something for ever. It can be *blamed* for at most k steps.",
    others=[_truncated_credit_by_pieces, _truncated_credit_with_torch],
)

truncation_memory = choose(
    title="Trained in pieces of ten",
    minutes=2,
    difficulty=2,
    objective="say what truncation does to a network's memory",
    question=(
        "A network is trained with truncated BPTT in pieces of k = 10 steps. The state's value is "
        "handed from piece to piece. What can it make use of, 30 steps after it was heard?"
    ),
    options=[
        option(
            "Nothing: it remembers 10 steps at most.",
            "That would be so if the state were set to 0 between pieces. Its value goes on: "
            "something from 30 steps ago may well be in it.",
        ),
        option(
            "What the state happens to carry on; but no gradient taught it to keep exactly that.",
            "Value and credit are two things. The network can use what survives in its state. It "
            "is never told that a step before the piece was at fault.",
            right=True,
        ),
        option(
            "As much as with the full gradient: three pieces together make up the 30 steps.",
            "The pieces hand over the value only. The product that would blame a step 30 steps ago "
            "crosses two cuts, and is never worked out.",
        ),
        option(
            "Exactly what it heard in the last 30 steps, for the value is never cut.",
            "The value is not cut, and it fades and mixes as in any network. Nothing makes it "
            "exact.",
        ),
    ],
    hints=[
        "Two things travel: a value, forward, and blame, backward. Which one is cut?",
        "h goes on. dL/dh stops at the border of the piece.",
        "Think of the latch in lesson 02: it held its bit, and nobody trained it.",
    ],
    success="So the truncation length limits what is *learned*, and not what is *held*.",
)

where_to_cut = choose(
    title="Backward a second time",
    minutes=3,
    difficulty=2,
    objective="cut a graph where it has to be cut, and nowhere else",
    question=(
        "A long sequence is trained in pieces of 20 steps in torch; `h` is handed from piece to "
        "piece. At the second piece torch raises *Trying to backward through the graph a second "
        "time*. What is the cure?"
    ),
    options=[
        option(
            "`loss.backward(retain_graph=True)`, as the message says.",
            "Then every backward pass runs through all the pieces so far: each takes longer than "
            "the one before. And after the first `optimizer.step()` torch stops again, for the "
            "weights that the old graph needs have been changed in place.",
        ),
        option(
            "`h = torch.zeros_like(h)` before each piece.",
            "The error is gone, and so is the memory: every piece starts from nothing. "
            "Is there a way to keep the value?",
        ),
        option(
            "`h = h.detach()` inside the loop, after every step.",
            "No error, and it trains as though the pieces had one step: no state is ever blamed "
            "for what came of it. That is Elman's procedure of 1990.",
        ),
        option(
            "`h = h.detach()` before each piece.",
            "The value is kept, and its history is let go. Inside the piece all 20 steps are "
            "blamed.",
            right=True,
        ),
        option(
            "`with torch.no_grad():` around the network's call.",
            "Then no graph is made at all, and there is nothing to go back through: that is for "
            "testing.",
        ),
        option(
            "`optimizer.zero_grad()` before `backward`.",
            "It belongs in every loop, and it clears gradients. The graph that h hangs on is "
            "something else, and stays.",
        ),
    ],
    hints=[
        "What of the first piece does the second one need: its value, or its history?",
        "detach gives the same number without its history.",
        "Once between two pieces. Never between two steps.",
    ],
    success="Keep the value, cut the history, between the pieces.",
)


# -- when it does not learn ----------------------------------------------------------------------

SUSPECTS = (
    "**a** the state is detached at every step · "
    "**b** softmax, and then a cross-entropy that applies it again · "
    "**c** answers `(B, 1)` minus targets `(B,)` · "
    "**d** the gradients are never cleared · "
    "**e** batch and time are exchanged · "
    "**f** the targets are shifted the wrong way: it is asked for the future · "
    "**g** the learning rate is far too large · "
    "**h** the start is far too loud"
)

DIAGNOSIS = "fgeca"
ALMOST = [
    wrong(
        f"has patient {i + 1} wrong, as {letter}",
        DIAGNOSIS[:i] + letter + DIAGNOSIS[i + 1 :],
        f"Four of the five are right. Patient {i + 1} is another case: climb with it once more, "
        "and stop at the first rung that fails.",
    )
    for i in range(5)
    for letter in "abcdefgh"
    if letter != DIAGNOSIS[i] and (i, letter) not in [(0, "a"), (0, "b"), (1, "d"), (1, "h")]
    if (i, letter) not in [(2, "a"), (3, "f"), (4, "f")]  # these have hints of their own
]

five_that_do_not_learn = predict(
    title="Five that do not learn",
    minutes=12,
    difficulty=3,
    objective="find out why a network does not learn",
    question=(
        "`train.ladder.broken(1)` to `broken(5)` are five trainings, each with one mistake. Climb "
        "the ladder with each of them. Which suspect is it? " + SUSPECTS + ". Give the five "
        'letters in order, for example "abcde".'
    ),
    answer=DIAGNOSIS,
    mistakes=[
        wrong(
            "takes the future for a cut",
            "ageca",
            "Patient 1: its gradient reaches every step, so nothing is cut. It can even learn two "
            "sequences by heart. Then is there anything to learn? Ask `targets_line_up`.",
        ),
        wrong(
            "takes the future for a second softmax",
            "bgeca",
            "Patient 1: a second softmax has a floor at ln(1 + (V − 1)/e), and this one can learn "
            "two sequences by heart, down to 0. What does `targets_line_up` say?",
        ),
        wrong(
            "takes a large step for gradients that add up",
            "fdeca",
            "Patient 2: gradients that are never cleared make the steps grow too. Here the "
            "optimiser is handed fresh gradients each time. What is `broken(2).optimiser.lr`?",
        ),
        wrong(
            "takes a large step for a loud start",
            "fheca",
            "Patient 2: its loss before training is what it should be, so the start is not too "
            "loud. It blows up *while* learning: which setting is that?",
        ),
        wrong(
            "takes exchanged axes for a cut",
            "fgaca",
            "Patient 3: where a change in one sequence moves its neighbours, look at the axes. "
            "Later rungs fail because of this one. The first that fails names it.",
        ),
        wrong(
            "exchanges patients 3 and 4",
            "fgcea",
            "Patients 3 and 4 have changed places. One of them fails at the shapes, the other at "
            "the rows.",
        ),
        wrong(
            "takes the table of differences for the future",
            "fgefa",
            "Patient 4: it does answer the mean. Look at the lowest rung: what shape is answer "
            "minus target?",
        ),
        wrong(
            "takes a cut for the future",
            "fgecf",
            "Patient 5: its targets are in line. Look at the gradient: exactly 0, from one step "
            "back on. Fading is never exactly 0.",
        ),
        wrong(
            "exchanges patients 1 and 5",
            "agecf",
            "Patients 1 and 5 have changed places. In one of them no blame goes back at all. In "
            "the other it does, and there is nothing in the past to be found.",
        ),
        wrong(
            "names the patients in the order of the suspects",
            "abcde",
            "This is the example. Climb with patient 1 first: which is the first rung that fails?",
        ),
        *ALMOST,
    ],
    hints=[
        "The first rung that fails is the place to look. One patient fails at "
        "`targets_line_up`, and can still learn two sequences by heart.",
        "shapes → c; rows → e; exactly 0 from one step back on → a; best lag negative → f; "
        "loss inf or nan while learning → g",
        'Patient 1 fails at `targets_line_up` with a best lag in the future, so: "f...."',
    ],
    success="Five different mistakes, five flat curves. The ladder tells them apart in a minute.",
)
