"""The LSTM keeps, writes, shows and forgets, and its values and gradients are right in three ways.

Proved, in float64, for every form (own, coupled or no forget gate, each with and without
peepholes): every value and every gradient (of the weights, of x, h0, c0, each h_t and each c_t)
agrees to 1e-10 with torch's automatic derivatives of the equations written as a loop, and with
difference quotients; the plain form with torch.nn.LSTM too, padded sequences with its packed ones.
Wrong versions of the file are made from its text, and the same proof refuses each of them.
"""

import copy
import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import lstm as lstm_file

FORMS = [(forget, peeps) for forget in ("gate", "coupled", "none") for peeps in (False, True)]
sizes = st.tuples(*(st.integers(1, top) for top in (7, 4, 5, 6)))  # T, B, D, H
every_form = pytest.mark.parametrize("forget, peepholes", FORMS)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


class Case:
    """One layer with its inputs, and the loss sum(d·h) + sum(e·c) that all three ways share."""

    def __init__(self, form, T, B, D, H, seed=0, masked=True, LSTM=cells.LSTM):
        forget, peepholes = form
        self.lstm = LSTM(D, H, forget=forget, peepholes=peepholes, seed=seed)
        rng = np.random.default_rng(seed)
        for values in self.lstm.parameters.values():
            values[...] = rng.normal(size=values.shape, scale=0.7)
        self.x = rng.normal(size=(T, B, D))
        self.start = rng.normal(size=(B, H)), rng.normal(size=(B, H))
        self.mask = rng.random((T, B)) < 0.7 if masked else None
        self.d, self.e = rng.normal(size=(T, B, H)), rng.normal(size=(T, B, H))

    def ours(self):
        states = self.lstm.forward(self.x, self.start, self.mask)
        return states, self.lstm.cell_states, self.lstm.backward(self.d, self.e)

    def loss(self):
        states = self.lstm.forward(self.x, self.start, self.mask)
        return np.sum(self.d * states) + np.sum(self.e * self.lstm.cell_states)

    def given(self):
        return {**self.lstm.parameters, "x": self.x, "h0": self.start[0], "c0": self.start[1]}

    def loop(self):
        """The equations as a loop in torch, one gate at a time: h, c and gradients."""
        leaf = {k: torch.tensor(values, requires_grad=True) for k, values in self.given().items()}
        names = "ifgo" if self.lstm.forget == "gate" else "igo"
        block = {
            gate: [leaf[name].chunk(len(names))[k] for name in ("W_ih", "W_hh", "b_ih", "b_hh")]
            for k, gate in enumerate(names)
        }
        peep = dict.fromkeys("ifo", torch.zeros(()))
        if self.lstm.peepholes:
            peep |= zip(names.replace("g", ""), leaf["W_peep"], strict=True)
        h, c, hs, cs = leaf["h0"], leaf["c0"], [], []
        for t, x_t in enumerate(leaf["x"]):
            a = {
                k: torch.nn.functional.linear(x_t, W, b) + torch.nn.functional.linear(h, U, b2)
                for k, (W, U, b, b2) in block.items()
            }
            i = torch.sigmoid(a["i"] + peep["i"] * c)
            if self.lstm.forget == "gate":
                kept = torch.sigmoid(a["f"] + peep["f"] * c) * c
            else:
                kept = c - i * c if self.lstm.forget == "coupled" else c
            real = torch.ones(len(h), 1) if self.mask is None else self.mask[t][:, None]
            real = torch.as_tensor(real, dtype=torch.bool)
            c = torch.where(real, kept + i * torch.tanh(a["g"]), c)
            h = torch.where(real, torch.sigmoid(a["o"] + peep["o"] * c) * torch.tanh(c), h)
            h.retain_grad()
            c.retain_grad()
            hs.append(h)
            cs.append(c)
        h_all, c_all = torch.stack(hs), torch.stack(cs)
        (
            (h_all * torch.from_numpy(self.d)).sum() + (c_all * torch.from_numpy(self.e)).sum()
        ).backward()
        grads = {name: values.grad for name, values in leaf.items()}
        grads["states"] = torch.stack([h.grad for h in hs])
        grads["cell_states"] = torch.stack([c.grad for c in cs])
        return h_all, c_all, grads

    def agrees_with_the_loop(self):
        (states, cell_states, grads), (their_h, their_c, theirs) = self.ours(), self.loop()
        close(states, their_h, "h")
        close(cell_states, their_c, "c")
        assert sorted(grads) == sorted(theirs)
        for name, gradient in theirs.items():
            assert grads[name].shape == gradient.shape, name
            close(grads[name], gradient, name)


def set_gates(lstm, **biases):
    """An LSTM whose gates do not listen: every weight is 0, the biases alone decide."""
    lstm.W_ih[...] = lstm.W_hh[...] = lstm.b_ih[...] = lstm.b_hh[...] = 0.0
    for gate, value in biases.items():
        lstm.set_bias(gate, value)
    return lstm


OPEN, SHUT = 60.0, -60.0


# The idea


def test_what_is_in_the_cell_stays_while_f_is_open_and_i_shut():
    lstm, c0 = set_gates(cells.LSTM(3, 5), f=OPEN, i=SHUT, g=1.0, o=OPEN), noise(2, 5)
    states = lstm.forward(noise(200, 2, 3), (np.zeros((2, 5)), c0))
    close(lstm.cell_states, np.broadcast_to(c0, (200, 2, 5)))
    close(states[-1], np.tanh(c0))


def test_an_open_input_gate_writes_and_a_shut_forget_gate_wipes():
    writes = set_gates(cells.LSTM(3, 5), f=OPEN, i=OPEN, g=0.5, o=OPEN)
    writes.forward(noise(4, 2, 3))
    close(writes.cell_states[:, 0, 0], np.tanh(0.5) * np.arange(1, 5))  # it adds up
    wipes = set_gates(cells.LSTM(3, 5), f=SHUT, i=SHUT, g=0.5, o=OPEN)
    wipes.forward(noise(4, 2, 3), (noise(2, 5), noise(2, 5)))
    close(wipes.cell_states, np.zeros((4, 2, 5)))


def test_a_shut_output_gate_hides_the_cell_and_leaves_it_as_it_is():
    start = np.zeros((2, 5)), noise(2, 5)
    shows = set_gates(cells.LSTM(3, 5), f=OPEN, i=SHUT, o=OPEN)
    hides = set_gates(cells.LSTM(3, 5), f=OPEN, i=SHUT, o=SHUT)
    assert np.abs(shows.forward(noise(6, 2, 3), start)).min() > 0.01
    close(hides.forward(noise(6, 2, 3), start), np.zeros((6, 2, 5)))
    close(hides.cell_states, shows.cell_states)


def test_the_gradient_goes_back_through_an_open_cell_undiminished():
    lstm = set_gates(cells.LSTM(3, 5), f=OPEN, i=SHUT, o=OPEN)
    d = np.zeros((100, 2, 5))
    d[-1] = 1.0
    lstm.forward(noise(100, 2, 3))
    close(lstm.backward(np.zeros_like(d), d)["cell_states"], np.ones_like(d))


@every_form
def test_the_first_input_changes_the_last_state(forget, peepholes):
    lstm, x = cells.LSTM(3, 5, forget, peepholes), noise(4, 2, 3)
    before = lstm.forward(x)[-1].copy()
    x[0, 0] += 1.0
    after = lstm.forward(x)[-1]
    assert np.abs(after - before)[0].max() > 1e-4
    np.testing.assert_array_equal(after[1], before[1])  # and not that of the other sequence


@every_form
def test_the_gates_explain_the_cell_and_the_states(forget, peepholes):
    lstm, c0 = cells.LSTM(3, 5, forget, peepholes), noise(2, 5)
    states = lstm.forward(noise(6, 2, 3), (noise(2, 5, seed=1), c0))
    c, gate = lstm.cell_states, lstm.gates
    assert list(gate) == ["i", "f", "g", "o"]
    before = np.concatenate([c0[None], c[:-1]])
    close(c, gate["f"] * before + gate["i"] * gate["g"])
    close(states, gate["o"] * np.tanh(c))
    if forget == "coupled":
        close(gate["f"], 1 - gate["i"])
    if forget == "none":
        close(gate["f"], np.ones_like(c))


def test_a_peephole_of_i_and_f_sees_the_old_cell_and_that_of_o_the_new():
    lstm = set_gates(cells.LSTM(1, 1, peepholes=True), g=1.0)
    lstm.W_peep = [[1.0], [2.0], [3.0]]
    h, c = lstm.step(np.zeros((1, 1)), (np.zeros((1, 1)), np.array([[0.5]])))
    new = cells.sigmoid(2 * 0.5) * 0.5 + cells.sigmoid(0.5) * np.tanh(1.0)
    close(c, [[new]])
    close(h, [[cells.sigmoid(3 * new) * np.tanh(new)]])


@every_form
def test_steps_one_by_one_equal_the_run(forget, peepholes):
    lstm, x = cells.LSTM(3, 5, forget, peepholes), noise(6, 2, 3)
    state = noise(2, 5, seed=1), noise(2, 5, seed=2)
    states, c = lstm.forward(x, state), lstm.cell_states
    for t, x_t in enumerate(x):
        state = lstm.step(x_t, state)
        close(state[0], states[t])
        close(state[1], c[t])
    alone = lstm.step(x[0, 0], (np.zeros(5), np.zeros(5)))
    assert alone[0].shape == alone[1].shape == (5,)


# The proof


@pytest.mark.parametrize("form", FORMS, ids=str)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=15)
def test_every_value_and_gradient_equals_torchs_of_the_loop(form, size, seed, masked):
    Case(form, *size, seed, masked).agrees_with_the_loop()


@pytest.mark.parametrize("form", FORMS, ids=str)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=6)
def test_every_gradient_equals_difference_quotients(form, size, seed, masked):
    case = Case(form, *size, seed, masked)
    *_, grads = case.ours()
    errors = train.gradient_check(case.loss, case.given(), grads, eps=1e-5, samples=6)
    assert errors.keys() == case.given().keys()
    assert max(errors.values()) < 1e-4, errors  # a saturated gate's gradient is small


@given(size=sizes, seed=st.integers(0, 9999))
@settings(deadline=None, max_examples=30)
def test_every_value_and_gradient_equals_torchs_lstm(size, seed):
    case = Case(("gate", False), *size, seed, masked=False)
    case.e[:-1] = 0.0  # torch gives the last c only
    module = case.lstm.to_torch()
    given = [torch.tensor(values, requires_grad=True) for values in (case.x, *case.start)]
    states, (h, c) = module(given[0], (given[1][None], given[2][None]))
    d, e = torch.from_numpy(case.d), torch.from_numpy(case.e)
    ((states * d).sum() + (c[0] * e[-1]).sum()).backward()
    ours, cell_states, grads = case.ours()
    close(ours, states)
    close(case.lstm.last[0], h[0])
    close(case.lstm.last[1], c[0])
    close(cell_states[-1], c[0])
    for name, leaf in zip(("x", "h0", "c0"), given, strict=True):
        close(grads[name], leaf.grad, name)
    theirs = {"W_ih": "weight_ih", "W_hh": "weight_hh", "b_ih": "bias_ih", "b_hh": "bias_hh"}
    for name, their_name in theirs.items():
        close(grads[name], getattr(module, f"{their_name}_l0").grad, name)


@pytest.mark.parametrize("form", [("gate", False), ("coupled", True)], ids=str)
def test_a_run_of_many_steps_and_rows_is_as_right_as_a_short_one(form):
    assert len(lstm_file._handfuls(30, 48 * 40 * 8)) > 2  # so backward takes it in several parts
    Case(form, 30, 40, 3, 48).agrees_with_the_loop()


def test_padded_sequences_equal_torchs_packed_ones():
    lengths = [3, 5, 1]
    case = Case(("gate", False), 5, 3, 2, 4)
    case.mask = cells.length_mask(lengths)
    module = case.lstm.to_torch()
    x = torch.tensor(case.x, requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    start = tuple(torch.from_numpy(values[None]) for values in case.start)
    outputs, (h_last, c_last) = module(packed, start)
    padded, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs)
    d, e = torch.from_numpy(case.d), torch.from_numpy(case.e)
    after = ~torch.from_numpy(case.mask)[..., None]  # there the loss sees what was handed on
    case.e[case.mask] = 0.0
    loss = (padded * d).sum() + (h_last[0] * (d * after).sum(0)).sum()
    (loss + (c_last[0] * e.sum(0)).sum()).backward()
    states, cell_states, grads = case.ours()
    close(states[-1], h_last[0])
    close(cell_states[-1], c_last[0])
    close(states[case.mask], padded[torch.from_numpy(case.mask)])
    close(grads["x"], x.grad)
    close(grads["W_hh"], module.weight_hh_l0.grad)


# Masks


@every_form
def test_a_masked_batch_is_its_sequences_alone(forget, peepholes):
    lengths = [3, 5, 1]
    lstm, x = cells.LSTM(2, 4, forget, peepholes), noise(5, 3, 2)
    h0, c0 = noise(3, 4, seed=1), noise(3, 4, seed=2)
    states = lstm.forward(x, (h0, c0), cells.length_mask(lengths))
    c = lstm.cell_states
    for k, length in enumerate(lengths):
        one = slice(k, k + 1)
        alone = lstm.forward(x[:length, one], (h0[one], c0[one]))
        close(states[:length, k], alone[:, 0])
        close(states[length:, k], np.broadcast_to(alone[-1], (5 - length, 4)))
        close(c[length:, k], np.broadcast_to(lstm.cell_states[-1], (5 - length, 4)))


def test_what_stands_in_the_padding_does_not_matter():
    lstm, x = cells.LSTM(2, 4, peepholes=True), noise(5, 3, 2)
    mask, d = cells.length_mask([3, 5, 1]), noise(5, 3, 4, seed=1)
    states, grads = lstm.forward(x, mask=mask), lstm.backward(d)
    x[~mask] = 1e6
    np.testing.assert_array_equal(lstm.forward(x, mask=mask), states)
    for name, gradient in lstm.backward(d).items():
        np.testing.assert_array_equal(gradient, grads[name])
    assert not grads["x"][~mask].any()


# Several networks at once


@every_form
@pytest.mark.parametrize("own", [False, True])
def test_networks_at_once_equal_each_alone(forget, peepholes, own):
    S, T, B, D, H = 3, 6, 2, 4, 5
    together = cells.LSTM(D, H, forget, peepholes, seed=7, seeds=S)
    x, mask = noise(T, S, B, D), noise(T, S, B, seed=3) < 0.5
    d, e = noise(T, S, B, H, seed=1), noise(T, S, B, H, seed=2)
    h0, c0 = noise(S, B, H, seed=4), noise(S, B, H, seed=5)
    if not own:
        x, mask, h0, c0 = x[:, 0], mask[:, 0], h0[0], c0[0]
    states = together.forward(x, (h0, c0), mask)
    grads = together.backward(d, e)
    assert states.shape == together.cell_states.shape == (T, S, B, H)
    for k in range(S):
        alone = cells.LSTM(D, H, forget, peepholes, seed=7 + k)
        x_k, mask_k = (x[:, k], mask[:, k]) if own else (x, mask)
        start = (h0[k], c0[k]) if own else (h0, c0)
        close(states[:, k], alone.forward(x_k, start, mask_k))
        close(together.cell_states[:, k], alone.cell_states)
        close(together.gates["i"][:, k], alone.gates["i"])
        close(together.last[1][k], alone.last[1])
        for name, gradient in alone.backward(d[:, k], e[:, k]).items():
            ours = grads[name]
            ours = ours[:, k] if name in ("x", "states", "cell_states") else ours[k]
            close(ours, gradient, name)
        for ours, theirs in zip(
            together.step(x[0], (h0, c0)), alone.step(x_k[0], start), strict=True
        ):
            close(ours[k], theirs)


def test_a_picked_network_shares_its_weights_and_no_results():
    together = cells.LSTM(3, 5, seeds=4)
    x, d = noise(4, 2, 3), noise(4, 4, 2, 5)
    states, right = together.forward(x), together.backward(d)["W_hh"]
    one = together.pick(2)
    close(one.forward(x), states[:, 2])
    one.forward(noise(4, 2, 3, seed=9))
    np.testing.assert_array_equal(together.backward(d)["W_hh"], right)
    one.W_hh[...] = 0.0
    assert not together.W_hh[2].any()
    one.to_torch()


# What a caller may count on


@pytest.mark.parametrize("kind", [cells.LSTM, cells.RNN])
@pytest.mark.parametrize("seeds", [None, 3])
def test_a_run_in_two_parts_equals_the_run_in_one(kind, seeds):
    cell, x = kind(3, 5, seeds=seeds), noise(8, 2, 3)
    whole = cell.forward(x)
    close(cell.forward(x[:3]), whole[:3])
    close(cell.forward(x[3:], cell.last), whole[3:])


def test_results_outlive_the_next_call():
    lstm = cells.LSTM(3, 5)
    states, c, gates, last = (
        lstm.forward(noise(4, 2, 3)),
        lstm.cell_states,
        lstm.gates,
        lstm.last,
    )
    grads = lstm.backward(np.ones_like(states))
    held = [states, c, gates["f"], *last, *grads.values()]
    kept = copy.deepcopy(held)
    grads["b_hh"] *= 0.0  # nor do the two biases share one array
    np.testing.assert_array_equal(grads["b_ih"], kept[list(grads).index("b_ih") + 5])
    kept[list(grads).index("b_hh") + 5][...] = 0.0
    lstm.backward(np.ones_like(lstm.forward(noise(4, 2, 3, seed=1))))
    for now, before in zip(held, kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_memory_from_a_larger_run_leaves_nothing_in_a_smaller_one():
    used, new = cells.LSTM(3, 5, "none", True), cells.LSTM(3, 5, "none", True)
    used.backward(np.ones_like(used.forward(noise(9, 4, 3), mask=noise(9, 4) < 0)))
    for x in (noise(5, 2, 3), noise(7, 6, 3)):
        np.testing.assert_array_equal(used.forward(x), new.forward(x))
        d = noise(*x.shape[:2], 5)
        for name, gradient in new.backward(d).items():
            np.testing.assert_array_equal(used.backward(d)[name], gradient)


def test_states_cannot_be_changed_under_the_backward_pass():
    states = cells.LSTM(3, 5).forward(noise(4, 2, 3))
    with pytest.raises(ValueError, match="read-only"):
        states[0] = 0.0


def test_parameters_stay_the_same_arrays_when_they_are_set():
    lstm = cells.LSTM(3, 5, peepholes=True)
    held = lstm.parameters
    assert list(held) == ["W_ih", "W_hh", "b_ih", "b_hh", "W_peep"]
    lstm.W_peep = np.ones((3, 5))
    lstm.set_bias("f", 2.0)
    assert all(values is held[name] for name, values in lstm.parameters.items())


def test_peepholes_do_not_change_the_other_weights_of_a_seed():
    plain, peeping = cells.LSTM(3, 5, seed=4), cells.LSTM(3, 5, seed=4, peepholes=True)
    for name, values in plain.parameters.items():
        np.testing.assert_array_equal(values, peeping.parameters[name])
    assert np.abs(peeping.W_peep).max() <= 5**-0.5


@every_form
def test_float32_stays_float32_and_comes_near_float64(forget, peepholes):
    x, d = noise(9, 4, 3), noise(9, 4, 6, seed=1)
    wide, narrow = (
        cells.LSTM(3, 6, forget, peepholes, dtype=dtype) for dtype in (np.float64, np.float32)
    )
    states = narrow.forward(x, mask=d[..., 0] < 1)
    assert states.dtype == narrow.cell_states.dtype == narrow.gates["i"].dtype == np.float32
    np.testing.assert_allclose(states, wide.forward(x, mask=d[..., 0] < 1), atol=1e-5)
    wide_grads = wide.backward(d, d)
    for name, gradient in narrow.backward(d, d).items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, wide_grads[name], rtol=1e-4, atol=1e-4)
    assert all(part.dtype == np.float32 for part in narrow.step(x[0], narrow.last))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_go_to_torch_and_back(dtype):
    there = cells.LSTM(3, 5, seed=4, dtype=dtype)
    module = there.to_torch()
    back = cells.LSTM.from_torch(module)
    assert back.dtype == dtype and back.forget == "gate" and not back.peepholes
    for name, values in there.parameters.items():
        np.testing.assert_array_equal(back.parameters[name], values)
    there.W_hh[...] = 0.0  # copies: nothing is shared between the two worlds
    assert module.weight_hh_l0.detach().abs().min() > 0


def test_a_sequence_without_steps_has_no_states_and_no_gradient():
    lstm, start = cells.LSTM(3, 5), (noise(2, 5), noise(2, 5, seed=1))
    states = lstm.forward(np.empty((0, 2, 3)), start)
    assert states.shape == (0, 2, 5)
    assert not lstm.backward(states)["W_hh"].any()
    np.testing.assert_array_equal(lstm.last[1], start[1])


def test_no_number_is_too_large_for_a_gate():
    lstm = cells.LSTM(3, 5)
    with np.errstate(all="raise", under="ignore"):
        states = lstm.forward(1e6 * noise(4, 2, 3))
        lstm.step(1e6 * noise(2, 3), lstm.last)
    assert np.isfinite(states).all()


# Starts


def test_a_forget_bias_is_the_bias_of_f_alone():
    plain, biased = cells.LSTM(3, 5, seed=2), cells.LSTM(3, 5, seed=2, forget_bias=1.5)
    np.testing.assert_array_equal(biased.b_ih[5:10] + biased.b_hh[5:10], 1.5)
    assert not biased.b_hh[5:10].any()
    for rows in (slice(0, 5), slice(10, 20)):
        np.testing.assert_array_equal(biased.b_ih[rows], plain.b_ih[rows])


@pytest.mark.parametrize(
    "forget, gate, k", [("gate", "g", 2), ("coupled", "o", 2), ("none", "g", 1)]
)
def test_a_bias_goes_to_its_own_block(forget, gate, k):
    lstm = cells.LSTM(3, 5, forget, seeds=2)
    before = lstm.b_ih.copy()
    values = noise(2, 5)
    lstm.set_bias(gate, values)
    before[:, 5 * k : 5 * k + 5] = values
    np.testing.assert_array_equal(lstm.b_ih, before)
    assert not lstm.b_hh[:, 5 * k : 5 * k + 5].any()
    lstm.set_bias(gate, 3.0)
    assert (lstm.b_ih[:, 5 * k : 5 * k + 5] == 3.0).all()


def test_the_chrono_start_keeps_for_every_length_up_to_the_longest():
    b = cells.starts.chrono(20_000, 100, 0)
    steps = 1 + np.exp(b)  # 1 / (1 - σ(b))
    assert 2 <= steps.min() < 2.1 and 99.9 < steps.max() <= 100
    quarters, _ = np.histogram(steps, 4, range=(2, 100))
    np.testing.assert_allclose(quarters, 5000, rtol=0.05)
    with pytest.raises(ValueError, match="longest is 2; a range from 1 to longest - 1"):
        cells.starts.chrono(5, 2, 0)


def test_the_chrono_start_sets_f_and_the_opposite_for_i():
    lstm = cells.LSTM(3, 5)
    lstm.chrono(50, rng=3)
    b = cells.starts.chrono(5, 50, 3)
    np.testing.assert_array_equal(lstm.b_ih[:10], np.concatenate([-b, b]))
    assert not lstm.b_hh[:10].any()
    coupled = cells.LSTM(3, 5, "coupled")
    coupled.chrono(50, rng=3)
    np.testing.assert_array_equal(coupled.b_ih[:5], -b)


def test_each_of_several_networks_has_its_own_chrono_start():
    together = cells.LSTM(3, 5, seeds=3)
    together.chrono(50, rng=3)
    for k in range(3):
        alone = cells.LSTM(3, 5)
        alone.chrono(50, rng=3 + k)
        np.testing.assert_array_equal(together.b_ih[k, :10], alone.b_ih[:10])


# Bad input


def several():
    return cells.LSTM(3, 5, seeds=2)


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 2, 4)),
            "x has 4 features; this cell was made for 3.",
        ),
        (
            lambda: cells.LSTM(3, 5).step(noise(2, 3), (noise(2, 5), noise(2, 4))),
            "c has shape (2, 4); this cell has 5 neurons.",
        ),
        (
            lambda: cells.LSTM(3, 5).step(noise(2, 3), noise(3, 2, 5)),
            "state is (h, c), both; here it is an array of shape (3, 2, 5).",
        ),
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 3)),
            "x has shape (6, 3); this cell takes (T, B, D).",
        ),
        (
            lambda: several().forward(noise(6, 4, 2, 3)),
            "x is for 4 networks; this cell is 2.",
        ),
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 2, 3), noise(2, 5)),
            "start is (h0, c0), both; here it is an array of shape (2, 5).",
        ),
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 2, 3), (noise(2, 5),)),
            "start is (h0, c0), both; here it has 1 part.",
        ),
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 2, 3), (noise(2, 5), noise(1, 5))),
            "c0 has shape (1, 5); here it must be (2, 5).",
        ),
        (
            lambda: cells.LSTM(3, 5).forward(noise(6, 2, 3), mask=[6, 4]),
            "mask has shape (2,); here it must be (6, 2).",
        ),
        (
            lambda: cells.LSTM(3, 5, forget="never"),
            "forget is 'never'; choose one of gate, coupled, none.",
        ),
        (
            lambda: cells.LSTM(3, 5, forget="coupled", forget_bias=1.0),
            "forget_bias needs forget=\"gate\"; this cell has 'coupled'.",
        ),
        (
            lambda: cells.LSTM(3, 5, "coupled").set_bias("f", 1.0),
            "gate is 'f'; this cell has i, g, o.",
        ),
        (
            lambda: cells.LSTM(3, 5).set_bias("f", noise(4)),
            "values have shape (4,); here it is one number or (5,).",
        ),
        (
            lambda: cells.LSTM(3, 5, "none").chrono(50),
            "chrono starts the gate that keeps the state; this cell has none.",
        ),
        (
            lambda: cells.LSTM(3, 5, peepholes=True).to_torch(),
            "torch.nn.LSTM has a forget gate and no peepholes; this cell is another.",
        ),
        (
            lambda: several().to_torch(),
            "This cell is 2 networks; pick(k) gives one of them.",
        ),
        (
            lambda: cells.LSTM.from_torch(torch.nn.LSTM(3, 5, bidirectional=True)),
            "from_torch takes one layer, one direction, with biases.",
        ),
        (
            lambda: cells.LSTM.from_torch(torch.nn.LSTM(3, 5, proj_size=2)),
            "from_torch takes one layer, one direction, with biases.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


def test_what_needs_a_forward_pass_says_so():
    lstm = cells.LSTM(3, 5)
    with pytest.raises(RuntimeError, match=r"backward needs a forward pass before it; call"):
        lstm.backward(noise(4, 2, 5))
    for name in ("last", "gates", "cell_states"):
        with pytest.raises(RuntimeError, match=f"{name} needs a forward pass before it; call"):
            getattr(lstm, name)
    lstm.forward(noise(4, 2, 3))
    for name, d in (("d_states", [noise(2, 5)]), ("d_cell_states", [noise(4, 2, 5), noise(2, 5)])):
        with pytest.raises(ValueError, match=rf"{name} has shape \(2, 5\); here it must be"):
            lstm.backward(*d)


def test_the_example_in_the_docstring_runs():
    tested = doctest.testmod(importlib.import_module("rnncourse.cells.lstm"))
    assert tested.attempted > 0
    assert tested.failed == 0


# The proof refuses what is wrong

MUTANTS = {
    "the gates are in another order": ('"ifgo", {"f"', '"figo", {"f"'),
    "g has a sigmoid": (
        "_to_sigmoid(shut_t)",
        "_to_sigmoid(bent_t)",
    ),
    "σ forgets its half": ("W[..., :-H, :] *= 0.5", "W[..., :-H, :] *= 1.0"),
    "one bias is forgotten": (
        "(self.b_ih + self.b_hh)[..., None]], axis",
        "self.b_ih[..., None]], axis",
    ),
    "h0 is left out": ("h[0], c[0] = h0.mT, c0.mT", "h[0], c[0] = 0.0, c0.mT"),
    "c0 is left out": ("h[0], c[0] = h0.mT, c0.mT", "h[0], c[0] = h0.mT, 0.0"),
    "h and c are swapped at the start": ("h[0], c[0] = h0.mT, c0.mT", "c[0], h[0] = h0.mT, c0.mT"),
    "f and i are swapped": (
        "np.multiply(f_t, c_before, out=c_t)",
        "np.multiply(i_t, c_before, out=c_t)",
    ),
    "the cell is overwritten, not added to": ("c_t += product", "c_t[...] = product"),
    "the output gate acts on c itself": (
        "np.multiply(o_t, tanh_t, out=h_t)",
        "np.multiply(o_t, tanh_t, out=h_t)\n            c_t *= o_t",
    ),
    "h is read from c without tanh": ("np.tanh(c_t, out=tanh_t)", "tanh_t[...] = c_t"),
    "c is not handed on where masked": ("np.copyto(c_t, c_before, where=skipped)", "pass"),
    "h is not handed on where masked": ("np.copyto(h_t, z_t[..., :H, :], where=skipped)", "pass"),
    "the mask is the wrong way round": ("skipped = ~mask[t].mT", "skipped = mask[t].mT"),
    "coupled: f is i": ("np.subtract(1.0, i_t, out=f_t)", "np.copyto(f_t, i_t)"),
    "coupled: what i writes over is forgotten going back": ("g_t - c_before if", "g_t if"),
    "coupled: the sign of what i writes over": ("g_t - c_before if", "g_t + c_before if"),
    "without a forget gate f is 0": ("f[...] = 1.0", "f[...] = 0.0"),
    "the peephole of o sees the old c": (
        "p[..., 0, :, :] * c_t, out=o_t",
        "p[..., 0, :, :] * c_before, out=o_t",
    ),
    "the peepholes of i and f do nothing": (
        "shut_t += 0.5 * p[..., 1:, :, :] * c_before[..., None, :, :]",
        "pass",
    ),
    "the peepholes are in another order": ("np.roll(self.W_peep, 1, axis=-2)", "self.W_peep"),
    "the peephole of o hands no gradient to c": ("h_by_c += p[..., 0, :, :] * d_o", "pass"),
    "the peepholes of i and f hand no gradient to c": (
        "c_by_c = f_t + (p[..., 1:, :, :] * d_all[..., 1:-1, :, :]).sum(axis=-3)",
        "pass",
    ),
    "dL/dW_peep of o takes the old c": ("(d_o * c[after])", "(d_o * c_before)"),
    "dL/dW_peep is in another order": ("np.roll(d_p, -1, axis=-2)", "d_p"),
    "the slope of f takes the new c": (
        "d_f[0] *= c_before",
        "d_f[0] *= c[after]",
    ),
    "the slope of f is that of tanh": (
        "d_f[0] *= c_before",
        "d_f[0][...] = (1.0 - f_t * f_t) * c_before",
    ),
    "the slope of g is that of σ": (
        "_slope_of_tanh(g_t, out=d_g)",
        "_slope_of_sigmoid(g_t, out=d_g)",
    ),
    "the slope of i is forgotten": ("d_i *= g_t - c_before", "d_i[...] = g_t - c_before"),
    "the slope of o takes c for tanh(c)": (
        "d_o *= tanh_c",
        "d_o *= c[after]",
    ),
    "c gets nothing from h": ("d_c_t += from_h", "pass"),
    "the slope of tanh(c) is forgotten": (
        "_slope_of_tanh(tanh_c, out=h_by_c)",
        "h_by_c[...] = 1.0",
    ),
    "the gradient of c does not go through f": (
        "np.multiply(d_c_t, c_by_c[k], out=d_c[t])",
        "np.copyto(d_c[t], d_c_t)",
    ),
    "the loss's own share of h is dropped": ("d_h_t += d_seen[k]", "pass"),
    "the loss's own share of c is dropped": ("d_c_t += d_cell_states[t].mT", "pass"),
    "a masked step keeps its gradient of h": ("d_h[t] += d_h_t * ~real[k]", "pass"),
    "a masked step keeps its gradient of c": (
        "c_by_c = np.where(real, c_by_c, 1.0)",
        "c_by_c = real * c_by_c",
    ),
    "the mask is ignored in the gates' gradients": ("d_all *= real[..., None, :, :]", "pass"),
    "the mask is ignored from h to c": ("h_by_c *= real", "pass"),
    "the weights' gradient is not put back in order": ("np.argsort(self._order)", "self._order"),
    "dL/dx has the wrong sign": ('"x": d_z', '"x": -d_z'),
    "dL/dh0 is that of the first state": ('"h0": d_h[0].mT', '"h0": d_h[1].mT'),
    "dL/dc0 is that of h0": ('"c0": d_c[0].mT', '"c0": d_h[0].mT'),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_version_is_refused(name):
    LSTM = mutated(lstm_file, *MUTANTS[name]).LSTM
    with pytest.raises(AssertionError):
        for form in FORMS:
            for seed in range(3):  # three masks: in one alone the first step may be left out
                Case(form, 4, 2, 3, 5, seed, LSTM=LSTM).agrees_with_the_loop()


def test_a_sum_over_parts_that_keeps_the_last_part_only_is_refused():
    LSTM = mutated(lstm_file, "d_W += d_W_some", "d_W = d_W_some").LSTM
    with pytest.raises(AssertionError):
        Case(("gate", False), 30, 40, 3, 48, LSTM=LSTM).agrees_with_the_loop()


def test_the_right_version_is_not_refused():
    LSTM = mutated(lstm_file, "W_T = W[..., :-1].mT", "W_T = 1.0 * W[..., :-1].mT").LSTM
    for form in FORMS:
        Case(form, 4, 2, 3, 5, LSTM=LSTM).agrees_with_the_loop()
