"""Exercises of lesson 08, *Relatives*: the GRU, coupled gates, stacks, two directions, counting."""

import numpy as np

from rnncourse import cells
from rnncourse.check import choose, code, option, predict, probe, switches, wrong


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


# -- the GRU -------------------------------------------------------------------------------------

z_direction = predict(
    title="Which way does z point?",
    minutes=2,
    difficulty=1,
    objective="read a GRU's formula in both of its spellings",
    question=(
        "A GRU of one unit holds h = 0.5. At this step its candidate is n = −0.3, and z = 0.9. "
        "What does it hold afterwards, first by **torch's** formula, h = (1 − z) · n + z · h, "
        "then by the formula of another paper, h = (1 − z) · h + z · n? "
        "Two numbers, to two decimals."
    ),
    answer=[0.42, -0.22],
    tolerance=(0.0, 0.006),
    mistakes=[
        wrong(
            "exchanges the two",
            [-0.22, 0.42],
            "The two have changed places. In torch's formula z stands beside the old h: with "
            "z = 0.9 most of the old is kept.",
        ),
        wrong(
            "reads both alike, z keeps",
            [0.42, 0.42],
            "Both times z keeps the old. In the second formula z stands beside n: there z says "
            "how much is *written*.",
        ),
        wrong(
            "reads both alike, z writes",
            [-0.22, -0.22],
            "Both times z writes the new. In torch's formula z stands beside the old h.",
        ),
        wrong(
            "adds the candidate whole",
            [0.15, 0.2 - 0.45],
            "Your first number is n + z · h. A GRU mixes: what z takes from the new it gives to "
            "the old, so n is multiplied by 1 − z = 0.1.",
        ),
        wrong(
            "takes −0.3 for 0.3",
            [0.48, 0.32],
            "The candidate is −0.3. It pulls the state down, in both spellings.",
        ),
        wrong(
            "lets z multiply both",
            [0.9 * 0.2, 0.9 * 0.2],
            "z multiplies both here. The two shares are z and 1 − z; together they are 1.",
        ),
        wrong(
            "leaves out what is written",
            [0.45, 0.05],
            "These are the kept parts alone, 0.9 · 0.5 and 0.1 · 0.5. The candidate's share comes "
            "on top.",
        ),
        wrong(
            "adds without shares",
            [0.2, 0.2],
            "0.5 − 0.3 is the plain sum. Each of the two is multiplied by its share first.",
        ),
        wrong(
            "takes the mean",
            [0.1, 0.1],
            "This is the plain mean of old and new, z = 0.5. Here z is 0.9.",
        ),
    ],
    hints=[
        "Which of the two numbers, 0.5 or −0.3, does z stand beside? That one gets nine tenths.",
        "torch: 0.1 · n + 0.9 · h. The other: 0.1 · h + 0.9 · n.",
        "torch: 0.1 · (−0.3) + 0.9 · 0.5 = ...",
    ],
    success="One letter, two meanings. Before you copy weights or a bias from a paper, look what "
    "its z stands beside.",
)


def _gru_step(x, h, W_ih, W_hh, b_ih, b_hh):
    gru = cells.GRU(W_ih.shape[1], W_hh.shape[1])
    gru.W_ih, gru.W_hh, gru.b_ih, gru.b_hh = W_ih, W_hh, b_ih, b_hh
    return gru.step(x, h)


def _flawed_gru(
    x,
    h,
    W_ih,
    W_hh,
    b_ih,
    b_hh,
    reverses_z=False,
    resets_before_the_product=False,
    leaves_r_out=False,
    takes_the_blocks_as_z_r_n=False,
    bends_n_with_a_sigmoid=False,
    resets_the_input_too=False,
    leaves_b_hh_out=False,
    leaves_b_ih_out=False,
    bends_the_gates_with_a_tanh=False,
):
    if leaves_b_hh_out:
        b_hh = np.zeros_like(b_hh)
    if leaves_b_ih_out:
        b_ih = np.zeros_like(b_ih)
    bend = np.tanh if bends_the_gates_with_a_tanh else _sigmoid
    W_r, W_z, W_n = np.split(W_ih, 3)
    U_r, U_z, U_n = np.split(W_hh, 3)
    (b_r, b_z, b_n), (d_r, d_z, d_n) = np.split(b_ih, 3), np.split(b_hh, 3)
    r = bend(x @ W_r.T + b_r + h @ U_r.T + d_r)
    z = bend(x @ W_z.T + b_z + h @ U_z.T + d_z)
    if takes_the_blocks_as_z_r_n:
        r, z = z, r
    if leaves_r_out:
        r = np.ones_like(r)
    own = x @ W_n.T + b_n
    past = (r * h) @ U_n.T + d_n if resets_before_the_product else r * (h @ U_n.T + d_n)
    a = (r * own if resets_the_input_too else own) + past
    n = _sigmoid(a) if bends_n_with_a_sigmoid else np.tanh(a)
    return (1 - z) * h + z * n if reverses_z else (1 - z) * n + z * h


def _gru_adding(x, h, W_ih, W_hh, b_ih, b_hh):
    a, u = x @ W_ih.T + b_ih, h @ W_hh.T + b_hh
    (ar, az, an), (ur, uz, un) = np.split(a, 3, -1), np.split(u, 3, -1)
    return np.tanh(an + _sigmoid(ar + ur) * un) + _sigmoid(az + uz) * h


def _gru_with_b_hn_outside(x, h, W_ih, W_hh, b_ih, b_hh):
    a, u = x @ W_ih.T + b_ih, h @ W_hh.T
    (ar, az, an), (ur, uz, un) = np.split(a, 3, -1), np.split(u, 3, -1)
    br, bz, bn = np.split(b_hh, 3)
    z = _sigmoid(az + uz + bz)
    return (1 - z) * np.tanh(an + _sigmoid(ar + ur + br) * un + bn) + z * h


def _gru_that_resets_the_candidate(x, h, W_ih, W_hh, b_ih, b_hh):
    r, z, n = np.split(x @ W_ih.T + b_ih + h @ W_hh.T + b_hh, 3, -1)
    return (1 - _sigmoid(z)) * _sigmoid(r) * np.tanh(n) + _sigmoid(z) * h


def _gru_that_resets_the_old_state(x, h, W_ih, W_hh, b_ih, b_hh):
    a, u = x @ W_ih.T + b_ih, h @ W_hh.T + b_hh
    (ar, az, an), (ur, uz, un) = np.split(a, 3, -1), np.split(u, 3, -1)
    r, z = _sigmoid(ar + ur), _sigmoid(az + uz)
    return (1 - z) * np.tanh(an + r * un) + z * r * h


def _gru_bent_again(x, h, W_ih, W_hh, b_ih, b_hh):
    return np.tanh(_flawed_gru(x, h, W_ih, W_hh, b_ih, b_hh))


def _gru_of_two_states(x, h, W_ih, W_hh, b_ih, b_hh):
    new = _flawed_gru(x, h, W_ih, W_hh, b_ih, b_hh)
    return new, new


def _gru_that_never_bends(x, h, W_ih, W_hh, b_ih, b_hh):
    a, u = x @ W_ih.T + b_ih, h @ W_hh.T + b_hh
    (ar, az, an), (ur, uz, un) = np.split(a, 3, -1), np.split(u, 3, -1)
    z = _sigmoid(az + uz)
    return (1 - z) * (an + _sigmoid(ar + ur) * un) + z * h


def _gru_parts(x, h, W_ih, W_hh, b_ih, b_hh):
    a, u = x @ W_ih.T + b_ih, h @ W_hh.T + b_hh
    (ar, az, an), (ur, uz, un) = np.split(a, 3, -1), np.split(u, 3, -1)
    r, z = _sigmoid(ar + ur), _sigmoid(az + uz)
    return r, z, an, un, np.tanh(an + r * un)


def _gru_that_mixes_with_r(x, h, *weights):
    r, _, _, _, n = _gru_parts(x, h, *weights)
    return (1 - r) * n + r * h


def _gru_that_keeps_all(x, h, *weights):
    _, z, _, _, n = _gru_parts(x, h, *weights)
    return (1 - z) * n + h


def _gru_that_opens_z_to_both(x, h, *weights):
    _, z, _, _, n = _gru_parts(x, h, *weights)
    return z * n + z * h


def _gru_that_resets_x(x, h, *weights):
    r, z, own, past, _ = _gru_parts(x, h, *weights)
    return (1 - z) * np.tanh(r * own + past) + z * h


def _gru_without_the_product(x, h, *weights):
    r, z, own, _, _ = _gru_parts(x, h, *weights)
    return (1 - z) * np.tanh(own + r * h) + z * h


def _gru_that_resets_by_the_rest(x, h, *weights):
    r, z, own, past, _ = _gru_parts(x, h, *weights)
    return (1 - z) * np.tanh(own + (1 - r) * past) + z * h


def _gru_without_b_hn(x, h, W_ih, W_hh, b_ih, b_hh):
    H = h.shape[-1]
    r, z, own, past, _ = _gru_parts(x, h, W_ih, W_hh, b_ih, b_hh)
    return (1 - z) * np.tanh(own + r * (past - b_hh[2 * H :])) + z * h


def _gru_candidate_alone(x, h, *weights):
    return _gru_parts(x, h, *weights)[4]


def _gru_with_loops(x, h, W_ih, W_hh, b_ih, b_hh):
    H, rows = h.shape[1], []
    for x_k, h_k in zip(x, h, strict=True):
        own = [sum(w * v for w, v in zip(row, x_k, strict=True)) for row in W_ih]
        past = [sum(w * v for w, v in zip(row, h_k, strict=True)) for row in W_hh]
        new = []
        for k in range(H):
            r = 1 / (1 + np.exp(-(own[k] + b_ih[k] + past[k] + b_hh[k])))
            m = H + k
            z = 1 / (1 + np.exp(-(own[m] + b_ih[m] + past[m] + b_hh[m])))
            m = 2 * H + k
            n = np.tanh(own[m] + b_ih[m] + r * (past[m] + b_hh[m]))
            new.append(n + z * (h_k[k] - n))
        rows.append(new)
    return np.array(rows)


def _gru_in_torch(x, h, W_ih, W_hh, b_ih, b_hh):
    import torch

    cell = torch.nn.GRUCell(W_ih.shape[1], W_hh.shape[1], dtype=torch.float64)
    named = {"weight_ih": W_ih, "weight_hh": W_hh, "bias_ih": b_ih, "bias_hh": b_hh}
    cell.load_state_dict({name: torch.as_tensor(w).double() for name, w in named.items()})
    return cell(torch.as_tensor(x).double(), torch.as_tensor(h).double()).detach()


def _gru_numbers(seed, B, D, H):
    rng = np.random.default_rng(seed)
    shapes = (B, D), (B, H), (3 * H, D), (3 * H, H), (3 * H,), (3 * H,)
    return [rng.normal(0, 0.9, shape).round(1) for shape in shapes]


gru_step = code(
    title="One step of the GRU",
    minutes=8,
    difficulty=3,
    objective="write the GRU as torch computes it",
    reference=_gru_step,
    probes=[
        probe(*_gru_numbers(156, 1, 2, 2)),
        probe(*_gru_numbers(4, 3, 4, 2)),
        probe(*_gru_numbers(5, 2, 1, 3)),
    ],
    call="gru_step(x={x}, h={h}, W_ih={W_ih}, W_hh={W_hh}, b_ih={b_ih}, b_hh={b_hh})",
    axis="sequence",
    mistakes=[
        *switches(
            _flawed_gru,
            reverses_z=(
                "z is the other way round. In torch z *keeps*: z times the old h, 1 − z times the "
                "new n. (Some papers write it reversed.)"
            ),
            resets_before_the_product=(
                "The reset multiplies h before the product, r * h. So it stands in papers; "
                "torch multiplies after it: r * (h @ W_hn.T + b_hn)."
            ),
            leaves_r_out=(
                "The reset gate has no effect on your n. Which part of the candidate's sum does r "
                "multiply?"
            ),
            takes_the_blocks_as_z_r_n=(
                "The first two blocks have changed places. torch's order is r, z, n."
            ),
            bends_n_with_a_sigmoid=(
                "n is bent by a sigmoid. It is no gate but a candidate for the state, from −1 to "
                "1: tanh."
            ),
            resets_the_input_too=(
                "r multiplies the input's part as well. It resets what comes from h; the input is "
                "heard in full."
            ),
            leaves_b_hh_out="b_hh is missing. There are two biases, and both count.",
            leaves_b_ih_out="b_ih is missing. There are two biases, and both count.",
            bends_the_gates_with_a_tanh=(
                "r and z are bent by a tanh, and can be negative. A gate is a share, from 0 to 1: "
                "the sigmoid."
            ),
        ),
        wrong(
            "mixes with r",
            _gru_that_mixes_with_r,
            "r sets the shares of your last line. There it is z; r acts inside the candidate.",
        ),
        wrong(
            "keeps the whole old state",
            _gru_that_keeps_all,
            "The old h is added whole. In the mixture its share is z, and that of n is 1 − z.",
        ),
        wrong(
            "lets z multiply both",
            _gru_that_opens_z_to_both,
            "z multiplies both n and h. The two shares add up to 1: one of them is 1 − z.",
        ),
        wrong(
            "resets the input instead",
            _gru_that_resets_x,
            "r multiplies what comes from x. It decides how much of the *old state* is heard.",
        ),
        wrong(
            "leaves W_hn out",
            _gru_without_the_product,
            "The candidate hears r * h as it is. Where is the third block of W_hh, and its bias?",
        ),
        wrong(
            "turns the reset gate round",
            _gru_that_resets_by_the_rest,
            "1 − r multiplies the past. An open reset gate, r = 1, lets all of it through.",
        ),
        wrong(
            "leaves b_hn out",
            _gru_without_b_hn,
            "In the candidate b_hn is missing: W_hn h has a bias too, inside the bracket.",
        ),
        wrong(
            "returns the candidate",
            _gru_candidate_alone,
            "This is n, what *could* be written. One line is missing: the mixture with the old h.",
        ),
        wrong(
            "leaves b_hn outside the bracket",
            _gru_with_b_hn_outside,
            "b_hn is added outside the bracket. In torch r multiplies it too: "
            "r * (h @ W_hn.T + b_hn).",
        ),
        wrong(
            "resets the candidate after the bend",
            _gru_that_resets_the_candidate,
            "r multiplies the finished candidate, and so the input's part with it. It acts inside "
            "the tanh, on what comes from h alone.",
        ),
        wrong(
            "writes the whole candidate",
            _gru_adding,
            "n is added whole. The new state is a mixture, and the shares add up to 1: n is "
            "multiplied by 1 − z.",
        ),
        wrong(
            "resets the old state in the mixture",
            _gru_that_resets_the_old_state,
            "r multiplies the h of the last line, too. There z alone decides; r acts inside n.",
        ),
        wrong(
            "bends the state once more",
            _gru_bent_again,
            "The mixture is bent by a tanh. n is bent already, and the old h is handed on as it "
            "is. This is what keeps it.",
        ),
        wrong(
            "returns two states",
            _gru_of_two_states,
            "Two states come back. The GRU has one: what it holds is what it shows.",
        ),
        wrong(
            "leaves the candidate unbent",
            _gru_that_never_bends,
            "The candidate's sum is not bent: n = tanh(...).",
        ),
    ],
    hints=[
        "Two sums first: one from x, one from h, each of 3H numbers. Cut both into r, z, n.",
        "r = σ(a_r + u_r), z = σ(a_z + u_z), n = tanh(a_n + r · u_n), with a = x @ W_ih.T + b_ih "
        "and u = h @ W_hh.T + b_hh.",
        "a_r, a_z, a_n = np.split(x @ W_ih.T + b_ih, 3, axis=-1)",
    ],
    success="This is `torch.nn.GRUCell`, to the last digit.",
    others=[_gru_with_loops, _gru_in_torch],
)

bias_twins = choose(
    title="Two biases, or one?",
    minutes=2,
    difficulty=2,
    objective="say which biases of a cell can be merged",
    question=(
        "torch's GRU has b_ih and b_hh, each with a part for r, z and n: six vectors. Some can be "
        "added up into one without changing what the cell computes. Which?"
    ),
    options=[
        option(
            "All three pairs, as in the LSTM: a sum is a sum.",
            "For r and z it is so, and in the LSTM for all four. But look where b_hn stands: it is "
            "multiplied by r before it is added.",
        ),
        option(
            "The pairs of r and of z. Not that of n.",
            "b_in is always added in full, b_hn only as far as the reset gate is open. One vector "
            "cannot do both.",
            right=True,
        ),
        option(
            "None: b_hh is added at every step and accumulates, b_ih is not.",
            "Both are added at every step, to sums that are made anew. Neither accumulates.",
        ),
        option(
            "Only the pair of n, where both stand inside one tanh.",
            "They stand inside one tanh, and r multiplies one of them. In r's and z's sums nothing "
            "comes between the two.",
        ),
        option(
            "None: their gradients differ, so training needs them apart.",
            "Where two biases are added at one place their gradients are equal. They differ for n, "
            "and only there.",
        ),
    ],
    hints=[
        "Write the three lines of r, z and n, and look for brackets.",
        "n = tanh(a + b_in + r · (u + b_hn)).",
        "Is b_in + r · b_hn the same as one vector, for every r?",
    ],
    success="So the GRU has 3 · (DH + H² + 2H) parameters in torch, and the 2 stays.",
)


def _counts(factors, biases=2, D=16, H=32):
    return [factor * (D * H + H * H + biases * H) for factor in factors]


parameter_counts = predict(
    title="What do the gates cost?",
    minutes=3,
    difficulty=1,
    objective="count the parameters of a cell from its equations",
    question=(
        "Input of 16, state of 32, biases as in torch. How many parameters has one layer of "
        "`torch.nn.RNN`, of `torch.nn.GRU` and of `torch.nn.LSTM`? Three whole numbers in a list."
    ),
    answer=lambda: _counts((1, 3, 4)),
    mistakes=[
        wrong(
            "counts one bias",
            lambda: _counts((1, 3, 4), biases=1),
            "One bias a block here. torch has two, b_ih and b_hh, and in the GRU's candidate they "
            "cannot be merged.",
        ),
        wrong(
            "merges the GRU's biases",
            [1600, 4704, 6400],
            "RNN and LSTM are right. In the GRU you counted one bias a block. torch's has two as "
            "well; r multiplies one of them in the candidate, so they cannot be merged.",
        ),
        wrong(
            "leaves the biases out",
            lambda: _counts((1, 3, 4), biases=0),
            "The weights are right. Each block also has two biases of 32.",
        ),
        wrong(
            "counts the gates only",
            lambda: _counts((1, 2, 3)),
            "You counted the gates. The candidate (n, and g) has weights of its own, too.",
        ),
        wrong(
            "counts five for the LSTM",
            lambda: _counts((1, 3, 5)),
            "The LSTM has five bends and four blocks of weights: the tanh at c has none.",
        ),
        wrong(
            "merges two of the GRU's pairs",
            [1600, 4736, 6400],
            "r and z could do with one bias each, and n needs both. torch keeps both for all three "
            "blocks, so count six vectors.",
        ),
        wrong(
            "counts two blocks for the GRU",
            [1600, 3200, 6400],
            "The GRU has two gates and a candidate: r, z, n. Three blocks.",
        ),
        wrong(
            "counts three blocks for the LSTM",
            [1600, 4800, 4800],
            "The LSTM has three gates and a candidate: i, f, g, o. Four blocks.",
        ),
        wrong(
            "takes all three alike",
            lambda: _counts((1, 1, 1)),
            "That is the plain layer three times. Every gate has its own two matrices.",
        ),
        wrong(
            "exchanges GRU and LSTM",
            lambda: _counts((1, 4, 3)),
            "GRU and LSTM have changed places: r, z, n are three blocks; i, f, g, o are four.",
        ),
        wrong(
            "leaves the recurrent matrix out",
            lambda: [factor * (16 * 32 + 2 * 32) for factor in (1, 3, 4)],
            "The recurrent matrix is missing: every block also hears the 32 numbers of the state.",
        ),
        wrong(
            "counts as if the state were an input's size",
            lambda: [factor * (16 * 16 + 16 * 32 + 2 * 32) for factor in (1, 3, 4)],
            "A block has 32 rows, one a unit. Each row hears 16 inputs and 32 states.",
        ),
    ],
    hints=[
        "One block of weights is a plain layer. How many blocks has each cell?",
        "One block: D · H + H · H + 2H.",
        "One block is 16 · 32 + 32 · 32 + 64 = 1,600.",
    ],
    success="1 : 3 : 4. Equal numbers of units is a comparison of unequal networks.",
)


# -- what else can be changed --------------------------------------------------------------------


def _coupled_step(x, h, c, W_ih, W_hh, b):
    lstm = cells.LSTM(W_ih.shape[1], W_hh.shape[1], forget="coupled")
    lstm.W_ih, lstm.W_hh, lstm.b_ih, lstm.b_hh = W_ih, W_hh, b, np.zeros_like(b)
    return tuple(lstm.step(x, (h, c)))


def _flawed_coupled(
    x,
    h,
    c,
    W_ih,
    W_hh,
    b,
    keeps_what_i_lets_in=False,
    never_forgets=False,
    exchanges_i_and_its_rest=False,
    opens_the_output_on_c_itself=False,
    takes_the_blocks_as_i_o_g=False,
    hands_back_c_first=False,
    bends_g_with_a_sigmoid=False,
    writes_g_whole=False,
    leaves_the_bias_out=False,
    does_not_hear_h=False,
):
    if leaves_the_bias_out:
        b = np.zeros_like(b)
    heard = np.zeros_like(h) if does_not_hear_h else h
    i, g, o = np.split(x @ W_ih.T + heard @ W_hh.T + b, 3, axis=-1)
    if takes_the_blocks_as_i_o_g:
        g, o = o, g
    i, o = _sigmoid(i), _sigmoid(o)
    g = _sigmoid(g) if bends_g_with_a_sigmoid else np.tanh(g)
    f = 1 - i
    if keeps_what_i_lets_in:
        f = i
    if never_forgets:
        f = np.ones_like(i)
    if writes_g_whole:
        i = np.ones_like(i)
    c = i * c + f * g if exchanges_i_and_its_rest else f * c + i * g
    h = o * (c if opens_the_output_on_c_itself else np.tanh(c))
    return (c, h) if hands_back_c_first else (h, c)


def _coupled_without_output_gate(x, h, c, W_ih, W_hh, b):
    i, g, _ = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)
    c = c + _sigmoid(i) * (np.tanh(g) - c)
    return np.tanh(c), c


def _coupled_that_shows_the_old_cell(x, h, c, W_ih, W_hh, b):
    i, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)
    new = c + _sigmoid(i) * (np.tanh(g) - c)
    return _sigmoid(o) * np.tanh(c), new


def _coupled_with_the_rest_before_the_bend(x, h, c, W_ih, W_hh, b):
    i, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)
    c = _sigmoid(1 - i) * c + _sigmoid(i) * np.tanh(g)
    return _sigmoid(o) * np.tanh(c), c


def _coupled_that_mixes_h(x, h, c, W_ih, W_hh, b):
    return _flawed_coupled(x, h, h, W_ih, W_hh, b)


def _coupled_with_g_first(x, h, c, W_ih, W_hh, b):
    g, i, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)
    c = c + _sigmoid(i) * (np.tanh(g) - c)
    return _sigmoid(o) * np.tanh(c), c


def _coupled_towards_g(x, h, c, W_ih, W_hh, b):
    a = x @ W_ih.T + h @ W_hh.T + b
    H = h.shape[-1]
    c = c + _sigmoid(a[..., :H]) * (np.tanh(a[..., H : 2 * H]) - c)
    return np.tanh(c) * _sigmoid(a[..., 2 * H :]), c


def _coupled_in_torch(x, h, c, W_ih, W_hh, b):
    import torch

    x, h, c, W_ih, W_hh, b = (torch.as_tensor(v).double() for v in (x, h, c, W_ih, W_hh, b))
    i, g, o = (x @ W_ih.T + h @ W_hh.T + b).chunk(3, dim=-1)
    c = torch.lerp(c, torch.tanh(g), torch.sigmoid(i))
    return torch.sigmoid(o) * torch.tanh(c), c


def _coupled_numbers(seed, B, D, H):
    rng = np.random.default_rng(seed)
    shapes = (B, D), (B, H), (B, H), (3 * H, D), (3 * H, H), (3 * H,)
    return [rng.normal(0, 0.9, shape).round(1) for shape in shapes]


coupled_step = code(
    title="An LSTM whose gates are coupled",
    minutes=6,
    difficulty=2,
    objective="change a cell's equations, and see what it saves",
    reference=_coupled_step,
    probes=[
        probe(*_coupled_numbers(1, 1, 1, 2)),
        probe(*_coupled_numbers(2, 3, 4, 2)),
        probe(*_coupled_numbers(3, 2, 2, 3)),
    ],
    call="coupled_step(x={x}, h={h}, c={c}, W_ih={W_ih}, W_hh={W_hh}, b={b})",
    axis="sequence",
    mistakes=[
        *switches(
            _flawed_coupled,
            keeps_what_i_lets_in=(
                "c is multiplied by i, the share that is written. Coupled means: keep what is not "
                "written over, f = 1 − i."
            ),
            never_forgets=(
                "The old c is kept whole: that is the cell of 1997, without a forget gate. Here "
                "f = 1 − i."
            ),
            exchanges_i_and_its_rest=(
                "The two shares have changed places. i lets the candidate in; 1 − i is what is "
                "left for the old c."
            ),
            opens_the_output_on_c_itself="The output gate acts on c. It acts on tanh(c).",
            takes_the_blocks_as_i_o_g="The last two blocks have changed places: i, g, o.",
            hands_back_c_first="The two states have changed places: h first, then c.",
            bends_g_with_a_sigmoid=(
                "g is bent by a sigmoid. The candidate is bent by a tanh: it may also take away."
            ),
            writes_g_whole=(
                "The candidate is written whole. Its share is i, as the old c's share is 1 − i."
            ),
            leaves_the_bias_out="b is missing. It belongs into the sum of all three blocks.",
            does_not_hear_h="The sums hear x alone. They hear the old h, too: h @ W_hh.T.",
        ),
        wrong(
            "takes the rest before the bend",
            _coupled_with_the_rest_before_the_bend,
            "You bent 1 − a, where a is the sum: σ(1 − a). The gate's rest is meant, 1 − σ(a).",
        ),
        wrong(
            "keeps h in the place of c",
            _coupled_that_mixes_h,
            "The mixture is made of g and h. What is kept is the old *c*; h goes into the sums.",
        ),
        wrong(
            "takes the blocks as g, i, o",
            _coupled_with_g_first,
            "The first two blocks have changed places: i, g, o.",
        ),
        wrong(
            "leaves the output gate out",
            _coupled_without_output_gate,
            "The third block is not used: h = o · tanh(c). (Without o, and with h = c, it would "
            "be half a GRU.)",
        ),
        wrong(
            "shows the old cell state",
            _coupled_that_shows_the_old_cell,
            "h shows the c from before this step. The output gate shows the new c.",
        ),
    ],
    hints=[
        "It is the LSTM's step with three blocks. What takes the place of f?",
        "f = 1 − i; c = f · c + i · g; h = o · tanh(c).",
        "i, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)",
    ],
    success="A quarter of the weights saved. And c has become a mixture, bounded by 1: what can "
    "this cell no longer do?",
    others=[_coupled_towards_g, _coupled_in_torch],
)


# -- upward, and both ways -----------------------------------------------------------------------


def _run_stack(x, layers):
    stack = cells.Stacked(layers)
    output = stack.forward(x)
    return output, np.array(stack.last)


def _flawed_stack(
    x,
    layers,
    hands_up_the_last_state_only=False,
    lets_every_layer_read_x=False,
    reads_h_n_at_the_first_step=False,
    turns_h_n_upside_down=False,
):
    given, h_n = x, []
    for layer in layers:
        states = layer.forward(given if lets_every_layer_read_x else x)
        h_n.append(states[0] if reads_h_n_at_the_first_step else states[-1])
        x = states[-1:] if hands_up_the_last_state_only else states
    return x, np.array(h_n[::-1] if turns_h_n_upside_down else h_n)


def _stack_with_the_top_h_n_only(x, layers):
    output, h_n = _flawed_stack(x, layers)
    return output, h_n[-1]


def _stack_batch_first(x, layers):
    output, h_n = _flawed_stack(x, layers)
    return output, h_n.transpose(1, 0, 2)


def _stack_by_time_steps(x, layers):
    output, _ = _flawed_stack(x, layers)
    return output, output[-len(layers) :]


def _stack_with_every_state(x, layers):
    every = []
    for layer in layers:
        x = layer.forward(x)
        every.append(x)
    return x, np.array(every)


def _stack_that_hands_on_the_state(x, layers):
    h_n, h = [], None
    for layer in layers:
        x = layer.forward(x, h)
        h = x[-1]
        h_n.append(h)
    return x, np.array(h_n)


def _stack_of_the_first_cell(x, layers):
    return _flawed_stack(x, [layers[0]] * len(layers))


def _stack_upside_down(x, layers):
    return _flawed_stack(x, layers[::-1])


def _stack_step_by_step(x, layers):
    h = [np.zeros((x.shape[1], layer.hidden_size)) for layer in layers]
    output = []
    for x_t in x:
        for k, layer in enumerate(layers):
            h[k] = x_t = layer.step(x_t, h[k])
        output.append(x_t)
    return np.array(output), np.array(h)


def _stack_by_recursion(x, layers):
    states = layers[0].forward(x)
    if len(layers) == 1:
        return states, states[-1:]
    output, h_n = _stack_by_recursion(states, layers[1:])
    return output, np.concatenate([states[-1:], h_n])


def _cells_for(T, B, size, count, seed):
    x = np.random.default_rng(seed).normal(size=(T, B, size)).round(1)
    return x, [cells.RNN(size, size, seed=seed + k) for k in range(count)]


run_stack = code(
    title="Stack them",
    minutes=4,
    difficulty=2,
    objective="run layers on top of each other, and say what h_n holds",
    reference=_run_stack,
    probes=[
        probe(*_cells_for(4, 1, 2, 2, seed=1)),
        probe(*_cells_for(3, 2, 3, 3, seed=5)),
        probe(*_cells_for(5, 3, 2, 2, seed=9)),
    ],
    call="run_stack(x={x}, layers={layers})",
    mistakes=[
        *switches(
            _flawed_stack,
            hands_up_the_last_state_only=(
                "The upper layer gets one step: the last state of the lower one. It needs the "
                "whole sequence of states, (T, B, H)."
            ),
            lets_every_layer_read_x=(
                "Every layer reads x. Only the first does; each other one reads the states of the "
                "layer below."
            ),
            reads_h_n_at_the_first_step=(
                "h_n holds the states after the *first* step. It is what each layer holds after "
                "the last one."
            ),
            turns_h_n_upside_down="h_n stands upside down: the lowest layer comes first.",
        ),
        wrong(
            "gives h_n of the top layer only",
            _stack_with_the_top_h_n_only,
            "h_n has the top layer only. It holds the last state of *every* layer, (layers, B, H).",
        ),
        wrong(
            "puts the batch first in h_n",
            _stack_batch_first,
            "h_n has the batch first. Layers come first: (layers, B, H).",
        ),
        wrong(
            "takes layers for steps",
            _stack_by_time_steps,
            "Your h_n has the top layer's last steps, as many as there are layers. Layers go "
            "upward, steps sideways: one state of each layer, all after the last step.",
        ),
        wrong(
            "gives every state of every layer",
            _stack_with_every_state,
            "Your h_n has all steps of each layer. It holds the last one only: (layers, B, H).",
        ),
        wrong(
            "starts a layer with the state of the one below",
            _stack_that_hands_on_the_state,
            "Each layer starts with the last state of the layer below. Every layer starts with "
            "zeros; what goes upward is the sequence of states.",
        ),
        wrong(
            "uses the first layer again and again",
            _stack_of_the_first_cell,
            "The first layer's weights act on every floor. Each layer has its own.",
        ),
        wrong(
            "runs the layers from the top",
            _stack_upside_down,
            "The layers run in the reverse order. `layers[0]` is the lowest: it reads x.",
        ),
    ],
    hints=[
        "What one layer gives, every step of it, is the next layer's x.",
        "For each layer: states = layer.forward(x); keep states[-1]; x = states.",
        "h_n = []\nfor layer in layers:\n    x = layer.forward(x) ...",
    ],
    success="output is the top layer at every step, h_n every layer at the last step.",
    others=[_stack_step_by_step, _stack_by_recursion],
)


def _run_both_ways(x, ahead, back):
    return cells.Bidirectional(ahead, back).forward(x)


def _flawed_both(
    x,
    ahead,
    back,
    leaves_the_second_half_in_reading_order=False,
    uses_one_cell_for_both=False,
    puts_back_first=False,
):
    second = (ahead if uses_one_cell_for_both else back).forward(x[::-1])
    if not leaves_the_second_half_in_reading_order:
        second = second[::-1]
    halves = [ahead.forward(x), second]
    return np.concatenate(halves[::-1] if puts_back_first else halves, axis=-1)


def _both_ahead(x, ahead, back):
    return np.concatenate([ahead.forward(x), back.forward(x)], axis=-1)


def _both_ahead_and_turned(x, ahead, back):
    return np.concatenate([ahead.forward(x), back.forward(x)[::-1]], axis=-1)


def _both_exchanged(x, ahead, back):
    return np.concatenate([back.forward(x), ahead.forward(x[::-1])[::-1]], axis=-1)


def _both_with_one_end(x, ahead, back):
    end = back.forward(x[::-1])[-1:]
    return np.concatenate([ahead.forward(x), np.repeat(end, len(x), axis=0)], axis=-1)


def _both_averaged(x, ahead, back):
    return (ahead.forward(x) + back.forward(x[::-1])[::-1]) / 2


def _both_turned_round(x, ahead, back):
    return np.concatenate([ahead.forward(x)[::-1], back.forward(x[::-1])], axis=-1)


def _both_added(x, ahead, back):
    return ahead.forward(x) + back.forward(x[::-1])[::-1]


def _both_joined_over_time(x, ahead, back):
    return np.concatenate([ahead.forward(x), back.forward(x[::-1])[::-1]], axis=0)


def _both_with_the_batch_turned(x, ahead, back):
    return np.concatenate([ahead.forward(x), back.forward(x[:, ::-1])], axis=-1)


def _both_with_the_features_turned(x, ahead, back):
    return np.concatenate([ahead.forward(x), back.forward(x[..., ::-1])], axis=-1)


def _both_stacked(x, ahead, back):
    first = ahead.forward(x)
    return np.concatenate([first, back.forward(first[::-1])[::-1]], axis=-1)


def _both_step_by_step(x, ahead, back):
    T, B = x.shape[:2]
    h, g = np.zeros((B, ahead.hidden_size)), np.zeros((B, back.hidden_size))
    output = np.zeros((T, B, h.shape[1] + g.shape[1]))
    for t in range(T):
        h, g = ahead.step(x[t], h), back.step(x[T - 1 - t], g)
        output[t, :, : h.shape[1]], output[T - 1 - t, :, h.shape[1] :] = h, g
    return output


def _both_by_flip(x, ahead, back):
    return np.dstack([ahead.forward(x), np.flip(back.forward(np.flip(x, 0)), 0)])


def _pair_for(T, B, size, seed):
    x, (ahead, back) = _cells_for(T, B, size, 2, seed)
    return x, ahead, back


run_both_ways = code(
    title="Read both ways",
    minutes=4,
    difficulty=2,
    objective="build a bidirectional layer from two cells",
    reference=_run_both_ways,
    probes=[
        probe(*_pair_for(3, 2, 2, seed=2)),
        probe(*_pair_for(4, 1, 2, seed=6)),
        probe(*_pair_for(5, 3, 3, seed=8)),
    ],
    call="run_both_ways(x={x}, ahead={ahead}, back={back})",
    mistakes=[
        *switches(
            _flawed_both,
            leaves_the_second_half_in_reading_order=(
                "The second half stands in the order in which it was read: its row 0 belongs to "
                "the last step. Turn the states round again, so that row t is about step t."
            ),
            uses_one_cell_for_both=(
                "One cell reads both ways. The two directions are two networks with weights of "
                "their own."
            ),
            puts_back_first="The halves have changed places: `ahead` comes first.",
        ),
        wrong(
            "lets both read ahead",
            _both_ahead,
            "Both halves read from the first step to the last. `back` must get the steps in "
            "the reverse order, x[::-1]; and then its states are turned round again.",
        ),
        wrong(
            "turns the states and not the steps",
            _both_ahead_and_turned,
            "`back` reads from the first step to the last, and only its states are turned round. "
            "It has to *read* in the reverse order: give it x[::-1].",
        ),
        wrong(
            "exchanges who reads which way",
            _both_exchanged,
            "`back` reads ahead here, and `ahead` reads backwards.",
        ),
        wrong(
            "repeats the backward reader's last state",
            _both_with_one_end,
            "The second half is the same in every row: what `back` holds at its very end. Row t "
            "needs its state at step t.",
        ),
        wrong(
            "takes the mean of the halves",
            _both_averaged,
            "The two directions are averaged. They are joined side by side: 2H features.",
        ),
        wrong(
            "turns the whole output round",
            _both_turned_round,
            "Your rows run from the last step to the first. Only the states of `back` have to be "
            "turned round, before the two are joined.",
        ),
        wrong(
            "adds the halves",
            _both_added,
            "The two directions are added. They are joined side by side: 2H features.",
        ),
        wrong(
            "joins over time",
            _both_joined_over_time,
            "The two are joined along time, 2T steps. Join the features: (T, B, 2H).",
        ),
        wrong(
            "turns the batch round",
            _both_with_the_batch_turned,
            "The sequences of the batch change places, and each is read ahead. Time is axis 0.",
        ),
        wrong(
            "turns the features round",
            _both_with_the_features_turned,
            "The features are reversed. It is the *steps* that are read backwards: axis 0.",
        ),
        wrong(
            "reads the states instead of x",
            _both_stacked,
            "`back` reads the states of `ahead`. That is a stack. Both directions read x.",
        ),
    ],
    hints=[
        "Two runs. One of them gets the steps in the reverse order, and its states come out in "
        "that order.",
        "back's states = back.forward(x[::-1]), and then turned round again with [::-1].",
        "first = ahead.forward(x); second = back.forward(x[::-1])[::-1]",
    ],
    success="Row t knows all steps: 0 to t from the first half, t to the end from the second.",
    others=[_both_step_by_step, _both_by_flip],
)

steps_read = predict(
    title="Who has read what?",
    minutes=2,
    difficulty=1,
    objective="say what a row of a bidirectional output has seen",
    question=(
        "A bidirectional layer reads **seven** words; `output[t]` joins the forward half and the "
        "backward half of step t. How many words has each half read in `output[-1]`, and in "
        "`output[2]`? Four whole numbers: forward, backward, forward, backward."
    ),
    answer=[7, 1, 3, 5],
    mistakes=[
        wrong(
            "lets both halves of the last row have read all",
            [7, 7, 3, 5],
            "output[-1] stands at the last word. The forward reader has arrived there; the "
            "backward reader *begins* there.",
        ),
        wrong(
            "takes the backward half for delayed, not reversed",
            [7, 7, 3, 3],
            "This is two readers in one direction. The backward one starts at the last word.",
        ),
        wrong(
            "exchanges the halves",
            [1, 7, 5, 3],
            "The halves have changed places. At the last word the forward reader has read all.",
        ),
        wrong(
            "leaves the row's own word out",
            [6, 0, 2, 4],
            "Row t is made *with* word t: both readers have read it.",
        ),
        wrong(
            "leaves the own word out going back",
            [7, 0, 3, 4],
            "The forward numbers are right. The backward reader has read word t, too.",
        ),
        wrong(
            "subtracts what the forward half has read",
            [7, 1, 3, 4],
            "7 − 3 = 4 are the words *after* row 2. The backward reader has read the row's own "
            "word, too.",
        ),
        wrong(
            "takes the row's number for the words read",
            [7, 1, 2, 5],
            "output[2] is the third row: the forward half has read words 0, 1 and 2.",
        ),
        wrong(
            "lets the halves meet",
            [7, 1, 3, 3],
            "The halves have not read equally much: from the end it is further to row 2.",
        ),
        wrong(
            "numbers from 1",
            [7, 1, 2, 6],
            "The first row is output[0]: output[2] stands at the third word.",
        ),
        wrong(
            "lets every row know all",
            [7, 7, 7, 7],
            "Together the two halves know all words, in every row. Each half by itself does not.",
        ),
    ],
    hints=[
        "Put a finger of each hand on the words. Where does the left hand start, where the right?",
        "Row t: forward has read t + 1 words, backward T − t.",
        "For the last row t = 6: 6 + 1 and 7 − 6.",
    ],
    success="So `output[-1]` is no summary: its second half has read one word.",
)


def _top_summary(h_n):
    return np.concatenate([h_n[-2], h_n[-1]], axis=1)


top_summary = code(
    title="The summary of a stack that reads both ways",
    minutes=4,
    difficulty=2,
    objective="take the right two states from h_n",
    reference=_top_summary,
    probes=[
        probe(np.arange(24.0).reshape(4, 3, 2)),
        probe(np.random.default_rng(1).normal(size=(6, 2, 3)).round(2)),
        probe(np.random.default_rng(2).normal(size=(4, 4, 1)).round(2)),
    ],
    call="top_summary(h_n={h_n})",
    axis="sequence",
    mistakes=[
        wrong(
            "joins states of two layers",
            lambda h_n: np.concatenate([h_n[2], h_n[1]], axis=1),
            "h_n[2] and h_n[1] belong to two layers. The order is: layer 0 forward, layer 0 "
            "backward, layer 1 forward, layer 1 backward, and so on: a layer's pair stands "
            "together.",
        ),
        wrong(
            "takes all forwards for the first half",
            lambda h_n: np.concatenate([h_n[len(h_n) // 2 - 1], h_n[-1]], axis=1),
            "You expect first all layers forward, then all backward. The order is layer by layer, "
            "the forward state and then the backward one.",
        ),
        wrong(
            "joins the first and the last",
            lambda h_n: np.concatenate([h_n[0], h_n[-1]], axis=1),
            "h_n[0] is the *lowest* layer's forward state. The top layer's stands beside its "
            "backward one.",
        ),
        wrong(
            "takes the forward state only",
            lambda h_n: h_n[-2],
            "This is the forward reader alone. The backward reader's state comes after it.",
        ),
        wrong(
            "takes sequences for layers",
            lambda h_n: np.concatenate([h_n[:, -2], h_n[:, -1]], axis=1),
            "You took the last two *sequences*. The layers are axis 0: h_n[-2] and h_n[-1].",
        ),
        wrong(
            "takes the lowest layer",
            lambda h_n: np.concatenate([h_n[0], h_n[1]], axis=1),
            "This is layer 0. The top layer's pair comes last.",
        ),
        wrong(
            "takes the backward state first",
            lambda h_n: np.concatenate([h_n[-1], h_n[-2]], axis=1),
            "The right two states, in the reverse order: forward first.",
        ),
        wrong(
            "takes the last one only",
            lambda h_n: h_n[-1],
            "This is the backward reader alone. The forward reader's state stands before it.",
        ),
        wrong(
            "re-cuts the numbers",
            lambda h_n: h_n[-2:].reshape(h_n.shape[1], -1),
            "reshape (torch: view) re-cuts the numbers as they lie: a row then mixes several "
            "sequences. Join the two states along the features.",
        ),
        wrong(
            "re-cuts all of h_n",
            lambda h_n: h_n.reshape(h_n.shape[1], -1),
            "reshape (torch: view) re-cuts all states as they lie: a row then mixes several "
            "sequences and layers. Pick the last two, and join them along the features.",
        ),
        wrong(
            "joins along the batch",
            lambda h_n: np.concatenate([h_n[-2], h_n[-1]], axis=0),
            "The two states stand one below the other, 2B rows. Side by side: (B, 2H).",
        ),
        wrong(
            "adds the two directions",
            lambda h_n: h_n[-2] + h_n[-1],
            "The two directions are added. Join them: (B, 2H).",
        ),
    ],
    hints=[
        "Four states of two layers: write down which is which, in h_n's order.",
        "l0 forward, l0 backward, l1 forward, l1 backward: the top layer is the last two.",
        "np.concatenate([h_n[-2], ...], axis=1)",
    ],
    success="The last two, side by side. Each has read the whole sequence, from its own end.",
    others=[
        lambda h_n: np.hstack(list(h_n[-2:])),
        lambda h_n: np.array([[*h_n[-2][k], *h_n[-1][k]] for k in range(h_n.shape[1])]),
        lambda h_n: h_n[-2:].transpose(1, 0, 2).reshape(h_n.shape[1], -1),
    ],
)

future_leak = choose(
    title="Too good",
    minutes=2,
    difficulty=2,
    objective="recognise a network that was shown the answer",
    question=(
        "To forecast, somebody trains a **bidirectional** LSTM: at every step the target is the "
        "*next* value of the same series. The loss falls to nearly 0, in training and on held-out "
        "series. What has it learned?"
    ),
    options=[
        option(
            "To forecast: the held-out series prove that it generalises.",
            "It does generalise. What generalises is copying: on held-out series the next value "
            "lies in its input as well.",
        ),
        option(
            "The training series by heart.",
            "Then the held-out series would show it. The loss is low there, too.",
        ),
        option(
            "To copy: the backward half has read the next value when it is asked for it.",
            "At step t the backward reader comes from the end, and has passed step t + 1. When the "
            "future is not there yet, the network is worth nothing.",
            right=True,
        ),
        option(
            "To forecast, but only as far as the window reaches.",
            "Inside the window it never had to forecast anything: each answer was read before the "
            "question.",
        ),
        option(
            "To average the value before and the value after.",
            "The value before is not needed. The value after *is* the target.",
        ),
    ],
    hints=[
        "List which values the two readers have seen when step t is answered.",
        "Backward, at step t: x from the end down to x at t. The target is x at t + 1.",
        "Is t + 1 among them?",
    ],
    success="Two directions are for questions about a whole that is there: a sentence, a finished "
    "recording. Never for a target that is part of the input.",
)


def _dropout_facts(answer, p, seed):
    """What a dropout does, by its behaviour: which entries are 0, and how large the others are."""
    T, B, H = 12, 30, 40
    states = np.random.default_rng(5).uniform(0.5, 1.5, (T, B, H))
    given = states.copy()
    out = answer(states, p, np.random.default_rng(seed))
    if out is None or out is ...:
        return out
    out = np.asarray(out, dtype=float)
    if out.shape != (T, B, H):
        raise ValueError(f"it returned the shape {out.shape}; asked was {(T, B, H)}")
    factor = out / given
    kept = np.abs(factor) > 1e-12
    steps_alike = bool((kept == kept[0]).all())
    rows_alike = bool((kept == kept[:, :1]).all())
    units_alike = bool((kept == kept[..., :1]).all())
    sizes = np.unique(factor[kept].round(4))
    again = np.asarray(answer(given, p, np.random.default_rng(seed + 1)), dtype=float)
    return {
        "the share of zeros is about": round(float((~kept).mean()) * 10) / 10,
        "what is kept is multiplied by": round(float(sizes.mean()), 2) if len(sizes) else 0.0,
        "every step has the same mask": steps_alike,
        "every sequence has the same mask": rows_alike,
        "every unit has the same mask": units_alike,
        "another seed gives other zeros": not np.array_equal(again == 0, out == 0),
    }


def _same_mask(states, p, rng):
    kept = rng.random(states.shape[1:]) >= p
    return states * kept / (1 - p)


def _flawed_mask(
    states,
    p,
    rng,
    draws_a_new_mask_at_every_step=False,
    does_not_make_up_for_what_is_dropped=False,
    takes_p_for_the_share_that_is_kept=False,
):
    if takes_p_for_the_share_that_is_kept:
        p = 1 - p
    kept = rng.random(states.shape[0 if draws_a_new_mask_at_every_step else 1 :]) >= p
    return states * kept / (1 if does_not_make_up_for_what_is_dropped else 1 - p)


same_mask = code(
    title="One mask for all steps",
    minutes=5,
    difficulty=2,
    objective="drop units of a sequence, and not of a step",
    reference=_same_mask,
    drive=_dropout_facts,
    probes=[probe(0.3, 0), probe(0.6, 3), probe(0.2, 7)],
    call="what same_mask(states, p={p}, rng) does, random generator number {seed}",
    mistakes=[
        *switches(
            _flawed_mask,
            draws_a_new_mask_at_every_step=(
                "Every step gets a mask of its own: this is what torch's dropout does between "
                "layers. Asked is one mask, (B, H), for all steps."
            ),
            does_not_make_up_for_what_is_dropped=(
                "What is kept has its old size, so on average the next layer hears less than it "
                "will when nothing is dropped. Divide by 1 − p."
            ),
            takes_p_for_the_share_that_is_kept=(
                "A share p is *kept*. p is the share that is dropped."
            ),
        ),
        wrong(
            "divides by p",
            lambda states, p, rng: states * (rng.random(states.shape[1:]) >= p) / p,
            "What is kept is divided by p. A share of 1 − p is kept, so divide by 1 − p.",
        ),
        wrong(
            "multiplies by 1 − p",
            lambda states, p, rng: states * (rng.random(states.shape[1:]) >= p) * (1 - p),
            "What is kept gets smaller still. It has to make up for what is dropped: divide.",
        ),
        wrong(
            "keeps what should be dropped",
            lambda states, p, rng: states * (rng.random(states.shape[1:]) < p) / (1 - p),
            "A share p is *kept* here. p is the share that is dropped: a random number is below p "
            "with probability p.",
        ),
        wrong(
            "draws over steps and units",
            lambda states, p, rng: (
                states * (rng.random((len(states), 1, states.shape[2])) >= p) / (1 - p)
            ),
            "The mask is drawn over steps and units, and all sequences share it. It is the other "
            "way round: (B, H), and all *steps* share it.",
        ),
        wrong(
            "lets the mask pile up over the steps",
            lambda states, p, rng: (
                states * np.cumprod(rng.random(states.shape) >= p, axis=0) / (1 - p)
            ),
            "Each step draws anew, and what was dropped stays dropped: fewer and fewer units are "
            "left. Draw once, for all steps.",
        ),
        wrong(
            "gives all sequences one mask",
            lambda states, p, rng: states * (rng.random(states.shape[2]) >= p) / (1 - p),
            "All sequences of the batch lose the same units. The mask is (B, H): each sequence has "
            "its own.",
        ),
        wrong(
            "drops whole steps",
            lambda states, p, rng: states * (rng.random((len(states), 1, 1)) >= p) / (1 - p),
            "Whole steps are dropped. The mask is drawn over sequences and units, (B, H), and is "
            "the same at every step.",
        ),
        wrong(
            "drops whole sequences",
            lambda states, p, rng: states * (rng.random((states.shape[1], 1)) >= p) / (1 - p),
            "A sequence loses all of its units or none. The mask is (B, H).",
        ),
        wrong(
            "drops nothing",
            lambda states, p, rng: states * 1.0,
            "Nothing is dropped. Draw a mask with rng, and multiply.",
        ),
        wrong(
            "ignores rng",
            lambda states, p, rng: _same_mask(states, p, np.random.default_rng(0)),
            "The mask is the same for every rng. Draw from the rng that is handed in.",
        ),
    ],
    hints=[
        "What shape must the mask have, so that all steps share it, and sequences do not?",
        "mask (B, H): 0 with probability p, otherwise 1 / (1 − p).",
        "kept = rng.random(states.shape[1:]) >= p",
    ],
    success="Between layers, `cells.Stacked(..., same_mask=True)` does this.",
    others=[
        lambda states, p, rng: (
            states * rng.binomial(1, 1 - p, (1, *states.shape[1:])) / (1 - p)
        ),
        lambda states, p, rng: np.array(
            [states[t] * mask for mask in [(rng.random(states.shape[1:]) >= p) / (1 - p)]
             for t in range(len(states))]
        ),
    ],
)  # fmt: skip


# -- counting ------------------------------------------------------------------------------------


def _counted(answer, text):
    """What a one-unit LSTM with the answered weights holds after each letter of a text."""
    made = answer()
    if made is None or made is ...:
        return made
    lstm = cells.LSTM(2, 1)
    for name, shape in (("W_ih", (4, 2)), ("W_hh", (4, 1)), ("b", (4,))):
        if not isinstance(made, dict) or name not in made:
            raise ValueError('it returned no dict with "W_ih", "W_hh" and "b"')
        values = np.asarray(made[name], dtype=float)
        if values.shape != shape:
            raise ValueError(f'"{name}" has the shape {values.shape}; asked was {shape}')
        setattr(lstm, "b_ih" if name == "b" else name, values)
    lstm.b_hh = np.zeros(4)
    x = np.zeros((_length(text), 1, 2))
    x[np.arange(len(x)), 0, [0 if letter == "a" else 1 for letter in _spelled(text)]] = 1.0
    lstm.forward(x)
    return lstm.cell_states[_shown(text), 0, 0].round(3) + 0.0


def _spelled(text):
    letters = ""
    for part in text.split():
        count = part.rstrip("ab")
        letters += part[len(count) :] * int(count or 1)
    return letters


def _length(text):
    return len(_spelled(text))


def _shown(text):
    """The steps whose c is compared: all of a short text, the ends of a long one."""
    T = _length(text)
    return list(range(T)) if T <= 8 else [0, T // 4, T // 2 - 1, T // 2, T - 1]


_OPEN = 40.0


def _counter(
    up=_OPEN,
    down=-_OPEN,
    i=_OPEN,
    f=_OPEN,
    f_at_b=0.0,
    order=(0, 1, 2, 3),
    heard=0.0,
    b_g=0.0,
):
    rows = np.array([[0.0, 0.0], [0.0, f_at_b], [up, down], [0.0, 0.0]])
    b = np.array([i, f, b_g, _OPEN])
    W_hh = np.array([[0.0], [0.0], [heard], [0.0]])
    order = list(order)
    return {"W_ih": rows[order], "W_hh": W_hh[order], "b": b[order]}


counter_weights = code(
    title="A counter, set by hand",
    minutes=8,
    difficulty=3,
    objective="set an LSTM's gates so that it counts",
    reference=_counter,
    drive=_counted,
    probes=[probe("a a a b b"), probe("b a a b a"), probe("500a 500b"), probe("1000a 990b")],
    call="c after each letter of {text} (a long text: after five), with counter_weights()",
    tolerance=(0.0, 0.05),
    mistakes=[
        wrong(
            "leaves the forget gate half open",
            lambda: _counter(f=0.0),
            "The forget gate is at 0.5: with every letter half of the count is lost. What bias "
            "opens it fully?",
        ),
        wrong(
            "sets every number to 1",
            lambda: _counter(up=1.0, down=-1.0, i=1.0, f=1.0),
            "The signs are right, and every gate is half-way: σ(1) = 0.73 writes and keeps three "
            "quarters, tanh(1) = 0.76 is not 1. Larger numbers open a gate fully.",
        ),
        wrong(
            "opens the forget gate with a bias of 1",
            lambda: _counter(f=1.0),
            "The forget gate is at σ(1) = 0.73: the usual start, and a counter that loses a "
            "quarter of its count with every letter.",
        ),
        wrong(
            "opens the forget gate with a bias of 5",
            lambda: _counter(f=5.0),
            "The forget gate is at σ(5) = 0.993. Ten letters are counted nearly right; a "
            "thousand are not. Open it further.",
        ),
        wrong(
            "shuts the forget gate",
            lambda: _counter(f=-_OPEN),
            "The forget gate is shut: c holds the last letter only. A *large* forget gate keeps.",
        ),
        wrong(
            "leaves the input gate half open",
            lambda: _counter(i=0.0),
            "The input gate is at 0.5: every letter counts half. Open it.",
        ),
        wrong(
            "shuts the input gate",
            lambda: _counter(i=-_OPEN),
            "Nothing is ever counted. Either the input gate is shut (a large bias opens it), or no "
            "letter reaches row 2, the row of g.",
        ),
        wrong(
            "leaves both gates half open",
            lambda: _counter(i=0.0, f=0.0),
            "A bias of 0 opens a gate half: σ(0) = 0.5. Every letter counts half, and half of the "
            "count is lost each time.",
        ),
        wrong(
            "opens both gates with a bias of 1",
            lambda: _counter(i=1.0, f=1.0),
            "The candidate is right. But σ(1) = 0.73: with a bias of 1 the gates write and keep "
            "three quarters.",
        ),
        wrong(
            "opens the gates with a bias of 10",
            lambda: _counter(up=10.0, down=-10.0, i=10.0, f=10.0),
            "The count is nearly right, and leaks: σ(10) = 0.99995, and a thousand letters are "
            "enough to see it. Open the forget gate further.",
        ),
        wrong(
            "lets the letter reach all four rows",
            lambda: {
                "W_ih": np.array([[_OPEN, -_OPEN]] * 4), "W_hh": np.zeros((4, 1)), "b": np.zeros(4)
            },
            "All four rows hear the letter, so a b shuts every gate and the count is gone. The "
            "gates stay open whatever comes, by their biases; only g listens.",
        ),
        wrong(
            "takes a candidate weight of 1",
            lambda: _counter(up=1.0, down=-1.0),
            "The candidate is tanh(1) = 0.76, so every letter counts 0.76. Which weight makes "
            "tanh equal to 1, to three digits and more?",
        ),
        wrong(
            "counts b upward, too",
            lambda: _counter(down=_OPEN),
            "Both letters count upward: this is the length. The candidate of b must be −1. Do your "
            "letters reach row 2, the row of g?",
        ),
        wrong(
            "does not count b",
            lambda: _counter(down=0.0),
            "The letter b changes nothing: this is the number of a. The candidate of b must be −1, "
            "and the input gate open for it.",
        ),
        wrong(
            "counts the wrong way round",
            lambda: _counter(up=-_OPEN, down=_OPEN),
            "a counts downward and b upward. Exchange the signs of the candidate's weights.",
        ),
        wrong(
            "wipes the count at b",
            lambda: _counter(f_at_b=-2 * _OPEN),
            "A b shuts the forget gate, so the count begins anew. Down is not forgetting: keep the "
            "count, and add −1.",
        ),
        wrong(
            "takes the gates as i, g, f, o",
            lambda: _counter(order=(0, 2, 1, 3)),
            "Rows 1 and 2 have changed places: the order is i, f, g, o. (Here the letter opens and "
            "shuts the forget gate.)",
        ),
    ],
    hints=[
        "Three gates stay open, whatever comes. Which block alone listens to the letter?",
        "i = f = o = σ(large) = 1, by their biases. g = tanh(large) = 1 for a, tanh(−large) = −1 "
        "for b. Then c grows by 1, or shrinks by 1.",
        'W_ih = np.zeros((4, 2)); W_ih[2] = [40.0, -40.0]; b = np.array([40.0, 40.0, ..., ...])',
    ],
    success="A handful of numbers that are not 0, and it counts to a thousand and beyond. No unit "
    "of a GRU can hold that: its state stays between −1 and 1.",
    others=[
        lambda: _counter(up=30.0, down=-30.0, i=30.0, f=35.0),
        lambda: {
            "W_ih": np.array([[25.0, 25.0], [40.0, 40.0], [50.0, -50.0], [0.0, 0.0]]),
            "W_hh": np.zeros((4, 1)),
            "b": np.array([0.0, 0.0, 0.0, 3.0]),
        },
    ],
)  # fmt: skip


# -- which one -----------------------------------------------------------------------------------

which_cell = choose(
    title="Which cell?",
    minutes=3,
    difficulty=2,
    objective="choose a cell by what the task needs",
    question=(
        "A stream of opening and closing brackets, up to 500 deep. After each one the network "
        "shall say whether a closing bracket may follow. It may have 4 units, and is trained on "
        "short streams. Which cell can do it at all depths?"
    ),
    options=[
        option(
            "A GRU: it does what the LSTM does, with fewer weights.",
            "Its state is a mixture of numbers between −1 and 1, so it stays between them. 500 "
            "depths have to share that room, and they run into each other.",
        ),
        option(
            "A tanh RNN, for the task is about every step.",
            "Its state is bounded by 1, as the GRU's, and nothing in it is handed on unchanged.",
        ),
        option(
            "An LSTM with coupled gates, f = 1 − i.",
            "With f = 1 − i the cell state is a mixture, too: to write 1 it must let go of "
            "everything. Counting needs f = 1 and i = 1 at once.",
        ),
        option(
            "An LSTM with its own forget gate.",
            "c can keep all and add 1 in one step, f = i = 1, and it has no bound. Whether "
            "training finds it is another question; that it can, you have set by hand.",
            right=True,
        ),
        option(
            "A bidirectional GRU: the backward half sees whether the bracket is closed.",
            "In a stream the future is not there yet. And a second bounded state is still bounded.",
        ),
    ],
    hints=[
        "What has to be held? A number without a bound.",
        "Which cell can keep its state and add to it, in one step?",
        "c = f · c + i · g with f = i = g = 1. In which cells can f and i both be 1?",
    ],
    success="Counting is where they differ in kind, not in degree.",
)
