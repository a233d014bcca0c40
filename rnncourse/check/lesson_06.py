"""Exercises of lesson 06, *Why memory fades*: Jacobians, norms, clipping, starts."""

import numpy as np

from rnncourse.cells import starts
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

# -- how fast ------------------------------------------------------------------------------------

fading_steps = predict(
    title="When is it too faint?",
    minutes=3,
    difficulty=1,
    objective="say after how many steps a fading gradient is lost",
    question=(
        "A linear network's recurrent matrix shrinks every vector to **0.9** of its length. At "
        "the last step the gradient has length 1. How many steps back is it **below "
        "0.000001** (one millionth, 1e-6) for the first time? A whole number."
    ),
    answer=132,
    mistakes=[
        wrong(
            "takes away a tenth of the whole at every step",
            10,
            "Here every step takes away 0.1. Each step *multiplies* by 0.9: what is lost is a "
            "tenth of what is still there, so the gradient never quite reaches 0.",
        ),
        wrong(
            "stops a step too early",
            131,
            "Very near, at most one off. The exact crossing lies between two whole numbers: which "
            "is the first *below*?",
        ),
        wrong(
            "mixes two logarithms",
            57,
            "You divided −6 by the natural logarithm of 0.9. One millionth is ten to the power "
            "of −6: take the natural logarithm of that as well.",
        ),
        wrong(
            "counts the shrinking twice",
            66,
            "This is the answer for the *square* of the length, which shrinks by 0.81 a step. "
            "The length itself shrinks by 0.9.",
        ),
        wrong(
            "forgets to divide",
            14,
            "That is −ln(1e-6), rounded up: the number of e-foldings. How many steps does "
            "one of them take, with 0.9 a step?",
        ),
    ],
    hints=[
        "After k steps the length is 0.9 · 0.9 · … with k factors.",
        "0.9^k < 1e-6; take the logarithm on both sides (both are negative).",
        "k > ln(1e-6) / ln(0.9) = 13.8 / 0.105...",
    ],
    success="Some 130 steps for a factor as mild as 0.9. With 0.5 it takes 20.",
)

_SHEAR = np.array([[0.9, 5.0], [0.0, 0.9]])


def _first_entries(W, steps=(1, 2, 3, 100)):
    return [np.linalg.matrix_power(W, k)[0, 1] for k in steps]


nonnormal_growth = predict(
    title="Eigenvalues of 0.9, both",
    minutes=5,
    difficulty=2,
    objective="tell the spectral radius from what a matrix does to a vector at once",
    question=(
        "W = [[0.9, 5], [0, 0.9]] has the eigenvalue 0.9, twice. Multiply the vector v = (0, 1) "
        "by W again and again. What is the **first entry** after 1, 2, 3 and 100 products? "
        "Four numbers, to two decimals."
    ),
    answer=lambda: _first_entries(_SHEAR),
    tolerance=(0.0, 0.011),
    mistakes=[
        wrong(
            "takes the eigenvalue for the whole story",
            lambda: [0.9**k for k in (1, 2, 3, 100)],
            "These are the powers of the eigenvalue. It tells what happens in the long run. "
            "Multiply once by hand: where does the 5 go?",
        ),
        wrong(
            "lets the 5 act once only",
            lambda: [5 * 0.9 ** (k - 1) for k in (1, 2, 3, 100)],
            "The 5 acts at every product: as long as the second entry is not 0, five times of it "
            "is added to the first, again and again.",
        ),
        wrong(
            "raises every entry to the power",
            lambda: [5.0**k for k in (1, 2, 3, 100)],
            "Here every entry of W is raised to the power by itself. A product of matrices goes "
            "rows times columns: the 5 meets a 0.9, never another 5.",
        ),
        wrong(
            "takes the largest stretch at every step",
            lambda: [np.linalg.norm(_SHEAR, 2) ** k for k in (1, 2, 3, 100)],
            "These are the powers of the largest singular value: the most that W can stretch, at "
            "*every* step. After the first product the vector points another way, in which W "
            "stretches less.",
        ),
        wrong(
            "multiplies by the transpose",
            [0.0, 0.0, 0.0, 0.0],
            "In W v the first entry is the first *row* of W times v: 0.9 · 0 + 5 · 1. "
            "(You took the first column.)",
        ),
        wrong(
            "writes the second entry",
            lambda: [0.9**k + 0.0 for k in (2, 3, 4, 101)],
            "These are powers of 0.9, one product too many; and they are the second entry's. "
            "The first entry also gets 5 times the second.",
        ),
    ],
    hints=[
        "Keep two numbers, the first entry and the second, and go one product at a time.",
        "new first = 0.9 · first + 5 · second;  new second = 0.9 · second.",
        "After one product: (5, 0.9). After two: (0.9 · 5 + 5 · 0.9, 0.81). "
        "After k: first = 5 · k · 0.9^(k−1).",
    ],
    success="It grows to almost four times its first size, and only then does 0.9 win. "
    "The radius speaks of the long run, the largest singular value of a single step.",
)


# -- the product of Jacobians --------------------------------------------------------------------


def _jacobian_product(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = (1 - h**2)[:, None] * W_hh @ J
    return J


def _flawed_product(
    states,
    W_hh,
    k,
    transposes_W_hh=False,
    leaves_the_slope_out=False,
    takes_the_slope_one_step_early=False,
    takes_one_factor_too_many=False,
    stops_one_factor_short=False,
):
    J = np.eye(len(W_hh))
    W = W_hh.T if transposes_W_hh else W_hh
    first = k if takes_one_factor_too_many else k + 1
    last = len(states) - 1 if stops_one_factor_short else len(states)
    for t in range(first, last):
        early = takes_the_slope_one_step_early and t > 0
        h = states[t - 1] if early else states[t]
        slope = np.ones(len(W)) if leaves_the_slope_out else 1 - h**2
        J = np.diag(slope) @ W @ J
    return J


def _product_turned_round(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = J @ (np.diag(1 - h**2) @ W_hh)
    return J


def _product_with_the_slope_behind(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = W_hh @ np.diag(1 - h**2) @ J
    return J


def _product_with_tanh_again(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = np.diag(1 - np.tanh(h) ** 2) @ W_hh @ J
    return J


def _sum_of_jacobians(states, W_hh, k):
    J = np.zeros_like(W_hh)
    for h in states[k + 1 :]:
        J = J + np.diag(1 - h**2) @ W_hh
    return J


def _product_entry_by_entry(states, W_hh, k):
    J = np.ones_like(W_hh)
    for h in states[k + 1 :]:
        J = J * (np.diag(1 - h**2) @ W_hh)
    return J


def _product_from_the_end(states, W_hh, k):
    J = np.eye(len(W_hh))
    for t in range(len(states) - 1, k, -1):
        J = J @ (np.diag(1 - states[t] ** 2) @ W_hh)
    return J


def _product_by_nudges(states, W_hh, k):
    columns = []
    for unit in range(len(W_hh)):
        nudge = np.zeros(len(W_hh))
        nudge[unit] = 1.0
        for t in range(k + 1, len(states)):
            nudge = [
                (1 - states[t][i] ** 2) * sum(W_hh[i][j] * nudge[j] for j in range(len(W_hh)))
                for i in range(len(W_hh))
            ]
        columns.append(nudge)
    return np.array(columns).T


def _states(seed, T, H):
    """The states of a small tanh layer on random input, and its W_hh."""
    rng = np.random.default_rng(seed)
    W_hh, h, states = rng.normal(0, 0.8, (H, H)), np.zeros(H), []
    for x in rng.normal(0, 0.8, (T, H)):
        h = np.tanh(x + W_hh @ h)
        states.append(h)
    return np.array(states).round(2), W_hh.round(2)


def _product_of_the_way_back(states, W_hh, k):
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = W_hh.T @ np.diag(1 - h**2) @ J
    return J


jacobian_product = code(
    title="The product of Jacobians",
    minutes=7,
    difficulty=3,
    objective="compute how a state depends on an earlier one",
    reference=_jacobian_product,
    probes=[
        probe(*_states(1, 4, 2), 1),
        probe(*_states(2, 6, 3), 0),
        probe(*_states(3, 5, 4), 2),
    ],
    call="jacobian_product(states={states}, W_hh={W_hh}, k={k})",
    axis="row",
    mistakes=[
        *switches(
            _flawed_product,
            transposes_W_hh=(
                "W_hh is transposed. The forward step is h_t = tanh(... + W_hh @ h_{t−1}), so row "
                "i of dh_t/dh_{t−1} is row i of W_hh, times a slope. The transpose comes in only "
                "when a gradient is carried *back*."
            ),
            leaves_the_slope_out=(
                "This is a power of W_hh: right for a linear network. tanh has a slope below 1, "
                "and it stands in front of every factor."
            ),
            takes_the_slope_one_step_early=(
                "The slope is taken at the state before. The bend of step t has the slope "
                "1 − h_t², at the state that it *gives*."
            ),
            takes_one_factor_too_many=(
                "One factor too many: the factor of step k says how h_k depends on h_{k−1}, and "
                "here h_k is the end of the way back."
            ),
            stops_one_factor_short=(
                "The last step's factor is missing. The way from h_k to the last state takes "
                "len(states) − 1 − k steps."
            ),
        ),
        wrong(
            "multiplies in the wrong order",
            _product_turned_round,
            "The factors stand in the wrong order. h_k acts on h_{k+1} first, so this factor "
            "stands on the right: each new one goes in front, J = factor @ J.",
        ),
        wrong(
            "multiplies the factors of the way back",
            _product_of_the_way_back,
            "These are the factors of the way back, W_hhᵀ · slopes, one put in front of the other. "
            "Here: slopes · W_hh, and the latest on the left.",
        ),
        wrong(
            "puts the slope behind W_hh",
            _product_with_the_slope_behind,
            "The slopes multiply the columns of W_hh here. The bend comes *after* the product "
            "with W_hh, one slope for every unit that it gives: they multiply the rows.",
        ),
        wrong(
            "bends the states once more",
            _product_with_tanh_again,
            "The slope of tanh at the sum a is 1 − tanh(a)². The states are tanh(a) already: "
            "1 − h², without another tanh.",
        ),
        wrong(
            "adds the factors",
            _sum_of_jacobians,
            "The factors are added. One step after the other means a product: what h_{k+1} got "
            "from h_k is handed on to h_{k+2}.",
        ),
        wrong(
            "multiplies entry by entry",
            _product_entry_by_entry,
            "The matrices are multiplied entry by entry. A unit reaches another by every way "
            "through the units in between: that is what `@` sums.",
        ),
    ],
    hints=[
        "One step: how does h_t change with h_{t−1}? A slope for every unit, times W_hh.",
        "dh_t/dh_{t−1} = diag(1 − h_t²) W_hh. The product of these for t = k+1 ... T−1, the last "
        "one on the left.",
        "J = np.eye(len(W_hh)), and then for each h in states[k + 1:] ...",
    ],
    success="All that a network can learn about a step k goes through this product.",
    others=[_product_from_the_end, _product_by_nudges],
)


# -- when it vanishes ----------------------------------------------------------------------------

vanishing_condition = choose(
    title="For certain",
    minutes=3,
    difficulty=2,
    objective="say when a gradient must vanish and when it merely may explode",
    question=(
        "A layer of **sigmoid** units has a W_hh with spectral radius 2.5 and largest singular "
        "value 3.2. What is certain about the gradient many steps back?"
    ),
    options=[
        option(
            "It explodes, for an eigenvalue is above 1.",
            "In a *linear* network it would, in the long run. Here every factor also has the slope "
            "of the sigmoid in it, at most 1/4.",
        ),
        option(
            "It explodes, for the largest singular value is above 1.",
            "Above 1 is not even enough for a linear network: the largest stretch of one step need "
            "not come again at the next. And here the slopes, at most 1/4, are still missing.",
        ),
        option(
            "Nothing: one has to know the states.",
            "Often so, and it would be so with a singular value above 4. Here the steepest slope "
            "there is, 1/4, is already enough for an answer.",
        ),
        option(
            "It vanishes: no step can stretch it by more than 3.2 / 4 = 0.8.",
            "A factor is slopes times W_hh. The slopes are at most 1/4, W_hh stretches by at most "
            "3.2. So k steps leave at most 0.8 to the power k.",
            right=True,
        ),
        option(
            "It vanishes, as with every sigmoid layer: the slope is below 1.",
            "The slope alone does not decide. With a singular value above 4 a sigmoid layer may "
            "explode, as long as its units stay near the steep middle.",
        ),
    ],
    hints=[
        "How much can one factor stretch a vector at most? It has two parts.",
        "At most (largest slope) · (largest singular value). The sigmoid's slope is at most 1/4.",
        "3.2 · 1/4 = ...",
    ],
    success="Largest singular value below 1/γ: it must vanish (γ is 1/4 for the sigmoid, 1 for "
    "tanh). Above 1/γ it may explode, and need not.",
)

vanishing_means = choose(
    title="What vanishes?",
    minutes=2,
    difficulty=2,
    objective="say what a vanishing gradient is, and what it is not",
    question=(
        "A network shows *vanishing gradients* on a task in which the decisive word is 60 steps "
        "back. What does one see when the gradient of W_hh is printed?"
    ),
    options=[
        option(
            "Zeros: W_hh gets no gradient.",
            "W_hh is used at every step, and its gradient is the sum over all of them. The near "
            "steps' shares are as large as ever.",
        ),
        option(
            "Ordinary numbers. Nearly all of them come from the last few steps.",
            "The sum looks healthy. The share of the step that matters is there too, some "
            "powers of ten too small to be heard beside the near ones.",
            right=True,
        ),
        option(
            "Ordinary numbers at the start of training, zeros later.",
            "Later the loss may be small, and the gradient with it: that is success, or a plateau. "
            "Vanishing is about distance, and it is there from the first update.",
        ),
        option(
            "Very large numbers: what is lost far away is gained near by.",
            "Nothing is gained. And large numbers are the opposite illness, the exploding "
            "gradient.",
        ),
        option(
            "Ordinary numbers, but the state holds nothing of the word any more.",
            "State and gradient are two things. A latch holds its bit for ever, and its gradient "
            "vanishes all the same.",
        ),
    ],
    hints=[
        "The gradient of W_hh is a sum. Over what?",
        "dL/dW_hh = share of step T−1 + share of step T−2 + … : which ones shrink?",
        "The shares with a long way back shrink; those of the last steps do not.",
    ],
    success="Not silence, but a far voice in a crowd of near ones.",
)


# -- clipping ------------------------------------------------------------------------------------

clip_by_hand = predict(
    title="Two ways to clip",
    minutes=2,
    difficulty=1,
    objective="clip a gradient by norm and by value",
    question=(
        "A gradient is (3, 4). Clip it **by norm** to at most 1, and, separately, **by value** to "
        "at most 1. Write both results in one list of four numbers, the one by norm first."
    ),
    answer=[0.6, 0.8, 1.0, 1.0],
    tolerance=(0.0, 0.011),
    mistakes=[
        wrong(
            "exchanges the two",
            [1.0, 1.0, 0.6, 0.8],
            "The two have changed places. By norm: the whole arrow is made shorter. "
            "By value: every entry is cut by itself.",
        ),
        wrong(
            "cuts the entries both times",
            [1.0, 1.0, 1.0, 1.0],
            "Both times every entry is cut by itself. (1, 1) points elsewhere than (3, 4), and its "
            "length is 1.41. By norm: divide the whole by its length.",
        ),
        wrong(
            "scales both times",
            [0.6, 0.8, 0.6, 0.8],
            "Both times the whole arrow is made shorter. By value means: each entry that is above "
            "1 becomes 1, whatever the others are.",
        ),
        wrong(
            "adds the entries for the norm",
            [3 / 7, 4 / 7, 1.0, 1.0],
            "You divided by 3 + 4. The norm is the length of the arrow: the root of 3² + 4².",
        ),
        wrong(
            "divides by the largest entry",
            [0.75, 1.0, 1.0, 1.0],
            "You divided by the largest entry. That keeps the direction, but the length is 1.25. "
            "The norm is the root of 3² + 4².",
        ),
        wrong(
            "forgets the root",
            [3 / 25, 4 / 25, 1.0, 1.0],
            "You divided by 3² + 4² = 25. The length is the root of it.",
        ),
    ],
    hints=[
        "Draw the arrow (3, 4). How long is it?",
        "By norm: g / length, with length = √(3² + 4²) = 5. By value: each entry by itself.",
        "[3 / 5, 4 / 5, ...]",
    ],
    success="By norm keeps the direction; by value turned the arrow by eight degrees.",
)


def _clip_by_norm(grads, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    factor = min(1.0, max_norm / norm) if norm > 0 else 1.0
    return [g * factor for g in grads]


def _flawed_clip(
    grads,
    max_norm,
    clips_each_array_by_itself=False,
    scales_up_what_is_short=False,
    forgets_the_root=False,
    shrinks_to_length_one=False,
    adds_up_sizes_instead_of_squares=False,
):
    def norm_of(arrays):
        if adds_up_sizes_instead_of_squares:
            total = sum(np.abs(g).sum() for g in arrays)
            return total**2 if forgets_the_root else total
        total = sum((g**2).sum() for g in arrays)
        return total if forgets_the_root else np.sqrt(total)

    def clipped(arrays):
        norm = norm_of(arrays)
        if norm == 0 or (norm <= max_norm and not scales_up_what_is_short):
            return list(arrays)
        return [g * ((1.0 if shrinks_to_length_one else max_norm) / norm) for g in arrays]

    if clips_each_array_by_itself:
        return [clipped([g])[0] for g in grads]
    return clipped(grads)


def _clip_one_long_vector(grads, max_norm):
    flat = np.concatenate([np.ravel(g) for g in grads])
    norm = np.linalg.norm(flat)
    if norm <= max_norm:
        return [np.array(g) for g in grads]
    return [np.array(g) * max_norm / norm for g in grads]


def _clip_with_loops(grads, max_norm):
    total = 0.0
    for g in grads:
        for entry in np.ravel(g):
            total += float(entry) ** 2
    factor = max_norm / max(max_norm, total**0.5)
    return [factor * g for g in grads]


def _clip_in_torch(grads, max_norm):
    import torch

    parameters = [torch.nn.Parameter(torch.zeros(np.shape(g), dtype=torch.float64)) for g in grads]
    for parameter, g in zip(parameters, grads, strict=True):
        parameter.grad = torch.as_tensor(g, dtype=torch.float64).clone()
    torch.nn.utils.clip_grad_norm_(parameters, max_norm)
    return [parameter.grad for parameter in parameters]


clip_by_norm = code(
    title="Clip by norm",
    minutes=5,
    difficulty=2,
    objective="write the clipping that almost every recurrent network is trained with",
    reference=_clip_by_norm,
    probes=[
        probe([np.array([3.0, 0.0]), np.array([[0.0], [4.0]])], 1.0),
        probe([np.array([0.3, -0.4]), np.array([1.2])], 2.0),
        probe([np.array([[1.0, -2.0], [3.0, 0.5]]), np.array([-6.0, 2.0])], 2.5),
        probe([np.array([0.2, -0.1]), np.array([9.0, -7.0])], 4.0),
    ],
    call="clip_by_norm(grads={grads}, max_norm={max_norm})",
    tolerance=(1e-4, 1e-5),
    mistakes=[
        *switches(
            _flawed_clip,
            clips_each_array_by_itself=(
                "Every array is clipped by itself. That changes their proportion, and so the "
                "direction. There is one norm, over all entries of all arrays."
            ),
            scales_up_what_is_short=(
                "A gradient that is short enough is made longer here. Clipping only ever makes "
                "shorter: what is below max_norm stays as it is."
            ),
            forgets_the_root="The norm is the *root* of the sum of the squares.",
            shrinks_to_length_one=(
                "Too long gradients get the length 1. They should get the length max_norm."
            ),
            adds_up_sizes_instead_of_squares=(
                "The sizes of the entries are added up. The length of an arrow is the root of the "
                "sum of the *squares*."
            ),
        ),
        wrong(
            "clips every element",
            lambda grads, max_norm: [np.clip(g, -max_norm, max_norm) for g in grads],
            "Every element is clipped by itself: clipping by value. It turns the gradient. Divide "
            "all of them by one number instead.",
        ),
        wrong(
            "does not clip",
            lambda grads, max_norm: [g + 0.0 for g in grads],
            "The gradients come back as they were. When the norm is above max_norm, every "
            "array is multiplied by max_norm / norm. (`g * factor` alone changes nothing: "
            "return the new arrays.)",
        ),
        wrong(
            "takes the largest entry for the norm",
            lambda grads, max_norm: [
                g * min(1.0, max_norm / max(np.abs(a).max() for a in grads)) for g in grads
            ],
            "The largest entry stands in for the norm. The gradient keeps its direction, but it "
            "stays longer than max_norm.",
        ),
        wrong(
            "adds up the arrays' norms",
            lambda grads, max_norm: [
                g * min(1.0, max_norm / sum(np.linalg.norm(a) for a in grads)) for g in grads
            ],
            "The norms of the arrays are added. Lengths at right angles do not add up: sum the "
            "*squares*, and take one root.",
        ),
        wrong(
            "takes the longest array's norm",
            lambda grads, max_norm: [
                g * min(1.0, max_norm / max(np.linalg.norm(a) for a in grads)) for g in grads
            ],
            "The norm of the longest array stands in for that of all. Together they are still "
            "longer than max_norm.",
        ),
        wrong(
            "scales by the root of the ratio",
            lambda grads, max_norm: [
                g * min(1.0, np.sqrt(max_norm / np.linalg.norm([np.linalg.norm(a) for a in grads])))
                for g in grads
            ],
            "The factor is the root of max_norm / norm. The root belongs to the norm alone.",
        ),
        wrong(
            "multiplies by max_norm",
            lambda grads, max_norm: [
                g / max(1.0, np.linalg.norm([np.linalg.norm(a) for a in grads]) / max_norm) ** 2
                for g in grads
            ],
            "What is too long comes out too short: the factor max_norm / norm acts twice.",
        ),
    ],
    hints=[
        "Two steps: one number for the length of everything together; then one factor for all.",
        "norm = √(sum of all squares in all arrays). Above max_norm: every g · (max_norm / norm).",
        "norm = np.sqrt(sum((g**2).sum() for g in grads))",
    ],
    success="Same direction, bounded length: this is what `torch.nn.utils.clip_grad_norm_` does.",
    others=[_clip_one_long_vector, _clip_with_loops, _clip_in_torch],
)

order_of_steps = choose(
    title="Where does clipping go?",
    minutes=2,
    difficulty=1,
    objective="put clipping in its place in the training loop",
    question="In which order does one update run?",
    options=[
        option(
            "loss · clip · backward · step",
            "Before backward there is no new gradient. What is clipped here is what the last "
            "update left behind.",
        ),
        option(
            "loss · backward · step · clip",
            "The step has been taken, with the gradient at full length. Clipping afterwards "
            "changes nothing but a number that nobody uses any more.",
        ),
        option(
            "clip the input · loss · backward · step",
            "The inputs are fine: it is the product of many Jacobians that grows. Clipped inputs "
            "are other data, with gradients that may explode as before.",
        ),
        option(
            "loss · backward, clipping every step's share before they are added · step",
            "Clipped one by one, the near and the far shares all get the same length: the sum has "
            "another direction, and with many steps it may still be long. Clip the sum.",
        ),
        option(
            "loss · backward · clip · step",
            "Backward fills the gradient, clipping bounds its length, and the step uses it.",
            right=True,
        ),
    ],
    hints=[
        "Which line fills the gradient, and which one uses it?",
        "Clipping must find a gradient, and must be done before it is used.",
        "Between backward and ...",
    ],
    success="Between backward and step, and nowhere else.",
)

clip_cures = choose(
    title="What clipping cures",
    minutes=3,
    difficulty=2,
    objective="choose the remedy that fits the illness",
    question=(
        "Two complaints about one training. (1) Now and then the loss leaps up, once to NaN. "
        "(2) What the network should know from 80 steps back, it never learns. What will "
        "clipping by norm do?"
    ),
    options=[
        option(
            "It cures (1), and leaves (2) as it is.",
            "Clipping bounds a step that is too long. A share that is too small beside the "
            "others stays exactly as small beside them.",
            right=True,
        ),
        option(
            "It cures both: the gradient then always has a good length.",
            "Clipping never makes a gradient longer. And even a longer one would be made of the "
            "same shares, with the near ones in front.",
        ),
        option(
            "It cures (2), and leaves (1) as it is.",
            "The other way round: long gradients are what clipping acts on.",
        ),
        option(
            "Neither. (1) needs a smaller learning rate, and nothing else.",
            "A gradient can grow without bound, so no fixed learning rate is small enough for "
            "every update. And one that is small enough for the worst learns nothing in the "
            "ordinary ones.",
        ),
        option(
            "Neither. (1) needs ReLU in place of tanh, whose slope is 1.",
            "A slope of 1 leaves W_hh alone with the vector: where it stretches, everything "
            "grows, states too. tanh at least bounds the states.",
        ),
    ],
    hints=[
        "One complaint is about steps that are too long. The other is about a share that is too "
        "small.",
        "Clipping multiplies *every* share by the same number, at most 1.",
        "What does a common factor do to proportions?",
    ],
    success="Explosion: clip. Vanishing: another start, or another cell, as in lesson 07.",
)


# -- where to start ------------------------------------------------------------------------------

_SIZE, _STEPS = 16, 50


def _behaviour(answer, seed):
    """What a start matrix does, coarsely: by its behaviour, not by its numbers."""
    W = answer(_SIZE, np.random.default_rng(seed))
    if W is None or W is ...:
        return W
    W = np.asarray(W, dtype=float)
    if W.shape != (_SIZE, _SIZE):
        raise ValueError(f"it returned the shape {W.shape}; asked was ({_SIZE}, {_SIZE})")
    if not np.isfinite(W).all():
        raise ValueError("it returned numbers that are not finite")
    other = np.asarray(answer(_SIZE, np.random.default_rng(seed + 1)), dtype=float)
    v = np.random.default_rng(0).normal(size=(_SIZE, 8))
    stretch = [
        np.linalg.norm(np.linalg.matrix_power(W, k) @ v, axis=0) / np.linalg.norm(v, axis=0)
        for k in (1, _STEPS)
    ]
    mean, singular = stretch[0].mean(), np.linalg.svd(W, compute_uv=False)
    kept = np.allclose(stretch[1], 1.0, atol=1e-3)
    return {
        f"a vector's length after {_STEPS} steps is": "kept" if kept else "another",
        "its length after 1 step, on average, is": (
            "shorter" if mean < 0.75 else "longer" if mean > 1.5 else "about the same"
        ),
        "every row has length 1": bool(np.allclose(np.linalg.norm(W, axis=1), 1.0, atol=1e-3)),
        "the largest eigenvalue has size 1": bool(
            abs(np.abs(np.linalg.eigvals(W)).max() - 1.0) < 1e-3
        ),
        "the largest singular value is 1": bool(abs(np.linalg.norm(W, 2) - 1.0) < 1e-3),
        "every unit hears several": bool((np.abs(W) > 1e-6).sum(axis=1).min() > 1),
        "all directions are treated alike": bool(singular[-1] > 0.999 * singular[0]),
        "another seed gives another matrix": not np.allclose(W, other),
    }


def _normal(n, rng):
    return rng.normal(size=(n, n))


def _by_svd(n, rng):
    U, _, Vt = np.linalg.svd(_normal(n, rng))
    return U @ Vt


def _by_gram_schmidt(n, rng):
    rows = []
    for v in _normal(n, rng):
        for row in rows:
            v = v - (v @ row) * row
        rows.append(v / np.linalg.norm(v))
    return np.array(rows)


def _rows_of_length_one(n, rng):
    W = _normal(n, rng)
    return W / np.linalg.norm(W, axis=1, keepdims=True)


orthogonal_start = code(
    title="An orthogonal start",
    minutes=5,
    difficulty=2,
    objective="draw a start that neither shrinks nor stretches anything",
    reference=starts.orthogonal,
    drive=_behaviour,
    probes=[probe(0), probe(1), probe(5)],
    call="what orthogonal_start(16, rng) does, random generator number {seed}",
    mistakes=[
        wrong(
            "draws normal numbers",
            _normal,
            "Most vectors get much longer, and in fifty steps the state explodes. Either these are "
            "random numbers as they are, or Q was scaled by R's diagonal. Which decomposition "
            "gives rows of length 1, all at right angles? Take its Q, at most with the signs of "
            "that diagonal.",
        ),
        wrong(
            "shrinks the rotation",
            lambda n, rng: 0.9 * np.linalg.qr(_normal(n, rng))[0],
            "Every vector gets shorter or longer by one and the same factor. Fifty steps raise it "
            "to the power of fifty. The factor must be 1.",
        ),
        wrong(
            "ignores rng",
            lambda n, rng: np.linalg.qr(_normal(n, np.random.default_rng(0)))[0],
            "The matrix keeps lengths, and it is the same for every `rng`. Draw from the `rng` "
            "that is handed in.",
        ),
        wrong(
            "divides normal numbers by the root of n",
            lambda n, rng: _normal(n, rng) / np.sqrt(n),
            "One step keeps the length, about and on average. Some directions are stretched, "
            "others shrunk, and fifty steps make much of that. *Every* vector must keep its "
            "length.",
        ),
        wrong(
            "draws small numbers",
            lambda n, rng: rng.uniform(-(n**-0.5), n**-0.5, (n, n)),
            "Small random numbers, as in torch's own start: a step takes away a third and more of "
            "a vector's length, and after fifty nothing is left.",
        ),
        wrong(
            "scales the largest eigenvalue to 1",
            lambda n, rng: starts.with_radius(_normal(n, rng), 1.0),
            "The largest eigenvalue has the size 1, the others are smaller: most directions fade. "
            "All sixteen must keep their length.",
        ),
        wrong(
            "scales the largest singular value to 1",
            lambda n, rng: (lambda W: W / np.linalg.norm(W, 2))(_normal(n, rng)),
            "No vector grows, but only one direction keeps its length at a step. *All* singular "
            "values have to be 1.",
        ),
        wrong(
            "gives the rows length 1 and no right angles",
            _rows_of_length_one,
            "Every row has length 1. The rows also have to be at right angles to each other.",
        ),
        wrong(
            "returns R instead of Q",
            lambda n, rng: np.linalg.qr(_normal(n, rng))[1],
            "This has zeros where the rotation has none, and it does not keep lengths: it is the "
            "other part of the decomposition (R of QR, the singular values of SVD). Take the "
            "rotation, Q.",
        ),
        wrong(
            "returns the identity",
            lambda n, rng: np.eye(n),
            "The identity does keep lengths. It is one matrix, the same for every seed, and no "
            "unit hears another. Asked is a random one.",
        ),
        wrong(
            "exchanges the units",
            lambda n, rng: np.eye(n)[rng.permutation(n)],
            "It keeps lengths, and it hands each unit's value to one other. Asked is a matrix in "
            "which every unit hears several.",
        ),
    ],
    hints=[
        "Draw normal numbers, n by n. NumPy can take them apart into a rotation and a triangle.",
        "Q, R = np.linalg.qr(...): Q has rows and columns of length 1, all at right angles.",
        "Q, R = np.linalg.qr(rng.normal(size=(n, n)))",
    ],
    success="Its eigenvalues and singular values all have the size 1. Spectral radius and norm "
    "say the same here.",
    others=[_by_svd, _by_gram_schmidt, lambda n, rng: -np.linalg.qr(_normal(n, rng))[0].T],
)

identity_start = choose(
    title="A start for ReLU",
    minutes=3,
    difficulty=2,
    objective="choose a start that suits the activation",
    question=(
        "A recurrent layer of 100 **ReLU** units shall carry a number over 150 steps and add to "
        "it now and then. How should W_hh and the biases start?"
    ),
    options=[
        option(
            "As torch does: ReLU has slope 1, so nothing can vanish.",
            "Where a unit is on, ReLU's slope is 1, and then W_hh alone decides. Torch's start "
            "shrinks a vector by a third and more at every step, and units that are off pass "
            "nothing at all.",
        ),
        option(
            "W_hh with normal numbers of standard deviation 1, biases 0.",
            "Each unit then hears a hundred others at full strength. ReLU has no ceiling: the "
            "state is beyond all bounds within a few dozen steps.",
        ),
        option(
            "W_hh = identity, biases 0.",
            "Every unit that is on hands its value on unchanged, state and gradient alike, and "
            "inputs are added. That is the start of Le, Jaitly and Hinton (2015).",
            right=True,
        ),
        option(
            "W_hh = 0, biases 0: let training find the feedback.",
            "With W_hh = 0 neither state nor gradient reaches even the step before. Training "
            "gets no hint of what feedback would be good for.",
        ),
        option(
            "W_hh = identity, biases −1, so that units stay off until needed.",
            "The bias is added at every step: what a unit holds falls by 1 a step, until it is "
            "off. A unit that is off passes no gradient.",
        ),
    ],
    hints=[
        "Which W_hh hands a state on unchanged, if no input comes?",
        "h_t = relu(x_t + W_hh h_{t−1} + b), and it should be h_{t−1} when x_t = 0.",
        "For h ≥ 0, relu(h) = h. So W_hh = ..., b = ...",
    ],
    success="It adds up what it hears, and forgets nothing: at the start, the right habit for "
    "this task.",
)
