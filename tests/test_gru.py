"""The GRU keeps, writes and resets as its gates say, and is right in three ways.

Proved, in float64, for the reset gate after the product and before it: every value and every
gradient (of the weights, of x, of the start, of each state) agrees to 1e-10 with torch's automatic
derivatives of the equations written as a loop, with torch.nn.GRU where it has this form, and with
difference quotients; over random shapes, with masks and initial states. Wrong versions of the file
are made from its text, and the same proof refuses each of them.
"""

import doctest

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import gru as gru_file

FORMS = ["after", "before"]
GRADS = ["W_ih", "W_hh", "b_ih", "b_hh", "x", "h0", "states"]
sizes = st.tuples(*(st.integers(1, top) for top in (7, 4, 5, 6)))  # T, B, D, H


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


class Case:
    """One layer with its inputs, and the loss sum(d_states * states) that all three ways share."""

    def __init__(self, reset, T, B, D, H, seed=0, masked=True, started=True, GRU=cells.GRU):
        self.gru = GRU(D, H, reset, seed=seed)
        rng = np.random.default_rng(seed)
        for values in self.gru.parameters.values():
            values[...] = rng.normal(size=values.shape, scale=0.7)
        self.x = rng.normal(size=(T, B, D))
        self.h0 = rng.normal(size=(B, H)) if started else np.zeros((B, H))
        self.mask = rng.random((T, B)) < 0.7 if masked else None
        self.d = rng.normal(size=(T, B, H))

    def ours(self):
        states = self.gru.forward(self.x, self.h0, self.mask)
        return states, self.gru.backward(self.d)

    def loss(self):
        return np.sum(self.d * self.gru.forward(self.x, self.h0, self.mask))

    def loop(self):
        """The equations, gate by gate, as a loop in torch: states, gates and gradients."""
        given = {**self.gru.parameters, "x": self.x, "h0": self.h0}
        leaf = {name: torch.tensor(values, requires_grad=True) for name, values in given.items()}
        W_ir, W_iz, W_in = leaf["W_ih"].chunk(3)
        W_hr, W_hz, W_hn = leaf["W_hh"].chunk(3)
        b_ir, b_iz, b_in = leaf["b_ih"].chunk(3)
        b_hr, b_hz, b_hn = leaf["b_hh"].chunk(3)
        mask = np.ones(self.x.shape[:2], bool) if self.mask is None else self.mask
        h, states, gates = leaf["h0"], [], {"r": [], "z": [], "n": []}
        for x, real in zip(leaf["x"], torch.from_numpy(mask)[..., None], strict=True):
            r = torch.sigmoid(x @ W_ir.T + b_ir + h @ W_hr.T + b_hr)
            z = torch.sigmoid(x @ W_iz.T + b_iz + h @ W_hz.T + b_hz)
            if self.gru.reset == "after":
                n = torch.tanh(x @ W_in.T + b_in + r * (h @ W_hn.T + b_hn))
            else:
                n = torch.tanh(x @ W_in.T + b_in + (r * h) @ W_hn.T + b_hn)
            h = torch.where(real, (1 - z) * n + z * h, h)
            h.retain_grad()
            states.append(h)
            for gate, values in zip("rzn", (r, z, n), strict=True):
                gates[gate].append(values)
        (torch.stack(states) * torch.from_numpy(self.d)).sum().backward()
        grads = {name: values.grad for name, values in leaf.items()}
        grads["states"] = torch.stack([h.grad for h in states])
        return torch.stack(states), {k: torch.stack(v) for k, v in gates.items()}, grads

    def agrees_with_the_loop(self):
        (states, grads), (their_states, their_gates, their_grads) = self.ours(), self.loop()
        close(states, their_states, "states")
        close(self.gru.last, their_states[-1], "last")
        assert sorted(grads) == sorted(GRADS)
        for name in GRADS:
            assert grads[name].shape == their_grads[name].shape, name
            close(grads[name], their_grads[name], name)
        assert [*self.gru.gates] == ["r", "z", "n"]
        for name, values in self.gru.gates.items():
            close(values, their_gates[name], name)


# The idea


@pytest.mark.parametrize("reset", FORMS)
def test_the_first_input_changes_the_last_state(reset):
    gru, x = cells.GRU(3, 5, reset), noise(4, 2, 3)
    before = gru.forward(x)[-1]
    x[0, 0] += 1.0
    after = gru.forward(x)[-1]
    assert np.abs(after - before)[0].max() > 1e-4
    np.testing.assert_array_equal(after[1], before[1])  # and not that of the other sequence


@pytest.mark.parametrize("reset", FORMS)
def test_z_at_one_keeps_the_state_and_its_gradient_for_a_hundred_steps(reset):
    gru, h0 = cells.GRU(3, 5, reset), noise(2, 5)
    gru.set_bias("z", 50.0)
    states = gru.forward(noise(100, 2, 3), h0)
    close(states[-1], h0)
    d_states = np.zeros_like(states)
    d_states[-1] = noise(2, 5, seed=1)
    close(gru.backward(d_states)["h0"], d_states[-1])


@pytest.mark.parametrize("reset", FORMS)
def test_z_and_r_at_zero_forget_everything_at_once(reset):
    gru, x = cells.GRU(3, 5, reset), noise(4, 2, 3)
    gru.set_bias("z", -50.0)
    gru.set_bias("r", -50.0)
    before = gru.forward(x)
    x[0] += 1.0
    after = gru.forward(x)
    assert np.abs(after[0] - before[0]).max() > 1e-3
    close(after[1:], before[1:])


def test_a_reset_gate_at_zero_silences_b_hn_after_the_product_and_not_before_it():
    states = {}
    for reset in FORMS:
        gru = cells.GRU(3, 5, reset)
        gru.set_bias("r", -50.0)
        gru.set_bias("z", -50.0)
        gru.W_ih = np.zeros((15, 3))
        gru.b_ih[10:], gru.b_hh[10:] = 0.0, 0.3
        states[reset] = gru.forward(noise(4, 2, 3))
    close(states["after"], np.zeros((4, 2, 5)))
    close(states["before"], np.full((4, 2, 5), np.tanh(0.3)))


def test_a_gru_whose_gates_are_open_is_the_simple_recurrent_layer():
    x, h0 = noise(6, 2, 3), noise(2, 5, seed=1)
    rnn = cells.RNN(3, 5)
    for reset in FORMS:
        gru = cells.GRU(3, 5, reset)
        for name, values in rnn.parameters.items():
            gru.parameters[name][10:] = values
        gru.set_bias("r", 50.0)
        gru.set_bias("z", -50.0)
        close(gru.forward(x, h0), rnn.forward(x, h0))


@pytest.mark.parametrize("reset", FORMS)
def test_forward_is_the_steps_one_after_the_other(reset):
    gru, x, h = cells.GRU(3, 5, reset), noise(4, 2, 3), noise(2, 5, seed=1)
    states = gru.forward(x, h)
    for x_t, state in zip(x, states, strict=True):
        one_sequence = gru.step(x_t[0], h[0])
        h = gru.step(x_t, h)
        close(h, state)
        close(one_sequence, state[0])


@pytest.mark.parametrize("reset", FORMS)
def test_a_sequence_in_two_parts_equals_the_whole(reset):
    gru, x = cells.GRU(3, 5, reset), noise(7, 2, 3)
    whole = gru.forward(x)
    first = gru.forward(x[:3])
    second = gru.forward(x[3:], start=gru.last)
    close(np.concatenate([first, second]), whole)


def test_the_shapes_are_those_of_the_docstrings():
    gru = cells.GRU(3, 5)
    x, start, mask = noise(4, 2, 3), noise(2, 5), np.ones((4, 2), bool)
    states = gru.forward(x, start, mask)
    assert states.shape == (4, 2, 5) and gru.last.shape == (2, 5)
    assert {name: values.shape for name, values in gru.gates.items()} == dict.fromkeys(
        "rzn", (4, 2, 5)
    )
    shapes = {name: values.shape for name, values in gru.backward(states).items()}
    weights = {"W_ih": (15, 3), "W_hh": (15, 5), "b_ih": (15,), "b_hh": (15,)}
    assert shapes == weights | {"x": (4, 2, 3), "h0": (2, 5), "states": (4, 2, 5)}
    assert {name: values.shape for name, values in gru.parameters.items()} == weights


def test_the_start_is_uniform_and_belongs_to_its_seed():
    start = cells.GRU(30, 100, seed=3).parameters
    for values in start.values():
        assert 0.09 < np.abs(values).max() <= 0.1
        assert abs(values.mean()) < 0.02
    again, other = cells.GRU(30, 100, seed=3), cells.GRU(30, 100, seed=4)
    np.testing.assert_array_equal(again.W_hh, start["W_hh"])
    assert not np.array_equal(other.W_hh, start["W_hh"])


# Values and gradients, three ways


@pytest.mark.parametrize("reset", FORMS)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans(), started=st.booleans())
@settings(deadline=None, max_examples=50)
def test_every_value_and_gradient_equals_torchs_derivative_of_the_loop(
    reset, size, seed, masked, started
):
    Case(reset, *size, seed, masked, started).agrees_with_the_loop()


@given(size=sizes, seed=st.integers(0, 9999), started=st.booleans())
@settings(deadline=None, max_examples=40)
def test_every_gradient_equals_that_of_torch_nn_gru(size, seed, started):
    case = Case("after", *size, seed, masked=False, started=started)
    module = case.gru.to_torch()
    x = torch.tensor(case.x, requires_grad=True)
    h0 = torch.tensor(case.h0[None], requires_grad=True)
    their_states, _ = module(x, h0)
    their_states.backward(torch.from_numpy(case.d))
    states, grads = case.ours()
    close(states, their_states)
    theirs = dict(zip(["W_ih", "W_hh", "b_ih", "b_hh"], module.parameters(), strict=True))
    for name, leaf in {**theirs, "x": x}.items():
        close(grads[name], leaf.grad, name)
    close(grads["h0"], h0.grad[0], "h0")


@pytest.mark.parametrize("reset", FORMS)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=12)
def test_every_gradient_equals_difference_quotients(reset, size, seed, masked):
    case = Case(reset, *size, seed, masked)
    _, grads = case.ours()
    given = {**case.gru.parameters, "x": case.x, "h0": case.h0}
    errors = train.gradient_check(case.loss, given, grads, eps=1e-5, samples=6)
    assert errors.keys() == given.keys()
    assert max(errors.values()) < 1e-4, errors  # a saturated unit's gradient is small


def test_padded_sequences_equal_torchs_packed_ones():
    lengths = [3, 5, 1]
    case = Case("after", 5, 3, 2, 4)
    case.mask = cells.length_mask(lengths)
    module = case.gru.to_torch()
    x = torch.tensor(case.x, requires_grad=True)
    h0 = torch.tensor(case.h0[None], requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    outputs, h_last = module(packed, h0)
    padded, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs)
    after_the_end = torch.from_numpy(np.where(case.mask[..., None], 0.0, case.d)).sum(0)
    ((padded * torch.from_numpy(case.d)).sum() + (h_last[0] * after_the_end).sum()).backward()
    states, grads = case.ours()
    close(states[-1], h_last[0])
    close(states[case.mask], padded[torch.from_numpy(case.mask)])
    theirs = dict(zip(["W_ih", "W_hh", "b_ih", "b_hh"], module.parameters(), strict=True))
    for name, leaf in {**theirs, "x": x}.items():
        close(grads[name], leaf.grad, name)
    close(grads["h0"], h0.grad[0], "h0")


# Masks


@pytest.mark.parametrize("reset", FORMS)
def test_a_masked_batch_is_its_sequences_alone(reset):
    lengths = [3, 5, 1]
    gru, x, h0 = cells.GRU(2, 4, reset), noise(5, 3, 2), noise(3, 4, seed=1)
    states = gru.forward(x, h0, cells.length_mask(lengths))
    for k, length in enumerate(lengths):
        alone = gru.forward(x[:length, k : k + 1], h0[k : k + 1])
        close(states[:length, k], alone[:, 0])
        close(states[length:, k], np.broadcast_to(alone[-1], (5 - length, 4)))


@pytest.mark.parametrize("reset", FORMS)
def test_what_stands_in_the_padding_does_not_matter(reset):
    gru, x = cells.GRU(2, 4, reset), noise(5, 3, 2)
    mask, d_states = cells.length_mask([3, 5, 1]), noise(5, 3, 4, seed=1)
    states, grads = gru.forward(x, mask=mask), gru.backward(d_states)
    x[~mask] = 1e6
    np.testing.assert_array_equal(gru.forward(x, mask=mask), states)
    for name, gradient in gru.backward(d_states).items():
        np.testing.assert_array_equal(gradient, grads[name])
    assert not grads["x"][~mask].any()


# Several networks at once


@pytest.mark.parametrize("reset", FORMS)
@pytest.mark.parametrize("own_x", [False, True])
@pytest.mark.parametrize("own_h0", [False, True])
@pytest.mark.parametrize("own_mask", [False, True])
def test_networks_at_once_equal_each_alone(reset, own_x, own_h0, own_mask):
    S, T, B, D, H = 3, 6, 2, 4, 5
    together = cells.GRU(D, H, reset, seed=7, seeds=S)
    x, d = noise(T, S, B, D), noise(T, S, B, H, seed=1)
    h0, mask = noise(S, B, H, seed=2), noise(T, S, B, seed=3) < 0.5
    x, h0, mask = x if own_x else x[:, 0], h0 if own_h0 else h0[0], mask if own_mask else mask[:, 0]
    states = together.forward(x, h0, mask)
    grads, gates, last = together.backward(d), together.gates, together.last
    assert states.shape == (T, S, B, H)
    for k in range(S):
        alone = cells.GRU(D, H, reset, seed=7 + k)
        x_k = x[:, k] if own_x else x
        h0_k, mask_k = h0[k] if own_h0 else h0, mask[:, k] if own_mask else mask
        close(states[:, k], alone.forward(x_k, h0_k, mask_k))
        close(last[k], alone.last)
        for name, gradient in alone.backward(d[:, k]).items():
            ours = grads[name][:, k] if name in ("x", "states") else grads[name][k]
            close(ours, gradient, name)
        for name, values in alone.gates.items():
            close(gates[name][:, k], values, name)
        close(together.step(x[0], h0)[k], alone.step(x_k[0], h0_k))


def test_a_picked_network_shares_its_weights():
    together = cells.GRU(3, 5, seeds=4)
    one = together.pick(2)
    close(one.forward(noise(4, 2, 3)), together.forward(noise(4, 2, 3))[:, 2])
    one.W_hh = np.zeros((15, 5))
    assert not together.W_hh[2].any()
    one.to_torch()


def test_a_network_of_a_gru_learns_what_it_is_shown():
    rng = np.random.default_rng(0)
    network = train.Network(cells.GRU(1, 8, seeds=2), cells.Linear(8, 1, seeds=2), last=True)

    def batches(step):
        x = rng.choice([-1.0, 1.0], size=(10, 16, 1))
        return x, np.broadcast_to(x[0], (2, 16, 1))  # the first of ten numbers

    network.cell.chrono(10)
    history = train.fit(
        network, batches, train.squared_error, train.Adam(network.parameters, 0.02), 200
    )
    assert history.loss[:5].mean() > 0.5 and history.loss[-5:].max() < 0.05


# The starts of the biases


@pytest.mark.parametrize("gate, block", [("r", 0), ("z", 1), ("n", 2)])
def test_set_bias_fills_the_block_of_its_gate_and_clears_the_other_bias(gate, block):
    gru = cells.GRU(3, 5)
    before = {name: gru.parameters[name].copy() for name in ("b_ih", "b_hh")}
    gru.set_bias(gate, np.arange(5.0))
    own = np.zeros(15, bool)
    own[5 * block : 5 * block + 5] = True
    np.testing.assert_array_equal(gru.b_ih[own], np.arange(5.0))
    assert not gru.b_hh[own].any()
    for name, values in before.items():
        np.testing.assert_array_equal(gru.parameters[name][~own], values[~own])


def test_the_chrono_start_of_a_gru_is_a_positive_bias_of_z_alone():
    gru, untouched = cells.GRU(3, 400), cells.GRU(3, 400)
    gru.chrono(50, rng=1)
    b = gru.b_ih[400:800]
    assert 0 <= b.min() < 0.5 and np.log(45) < b.max() <= np.log(49)
    np.testing.assert_array_equal(b, cells.starts.chrono(400, 50, 1))
    assert not gru.b_hh[400:800].any()
    for block in (slice(0, 400), slice(800, 1200)):
        np.testing.assert_array_equal(gru.b_ih[block], untouched.b_ih[block])
        np.testing.assert_array_equal(gru.b_hh[block], untouched.b_hh[block])
    # at x = 0 and without recurrent weights a unit forgets at the pace its bias says
    gru.W_hh = np.zeros((1200, 400))
    gru.set_bias("n", 0.0)
    kept = gru.forward(np.zeros((1, 1, 3)), np.ones((1, 400)))
    close(kept[0, 0], 1 / (1 + np.exp(-b)))


def test_chrono_gives_every_network_a_draw_of_its_own():
    together = cells.GRU(3, 5, seeds=3)
    together.chrono(50)
    assert len(np.unique(together.b_ih[:, 5:10])) == 15
    for k in range(3):
        alone = cells.GRU(3, 5, seed=k)
        alone.chrono(50, rng=k)
        np.testing.assert_array_equal(together.b_ih[k], alone.b_ih)
    assert not together.b_hh[:, 5:10].any()


# What a caller may count on


def test_parameters_stay_the_same_arrays_when_they_are_set():
    gru = cells.GRU(3, 5)
    held = gru.parameters
    gru.W_hh = np.ones((15, 5))
    gru.set_bias("z", 2.0)
    gru.chrono(9)
    for name, values in gru.parameters.items():
        assert values is held[name]
    assert (held["W_hh"] == 1).all()


@pytest.mark.parametrize("reset", FORMS)
def test_states_gates_and_gradients_outlive_the_next_call(reset):
    gru = cells.GRU(3, 5, reset)
    states = gru.forward(noise(4, 2, 3))
    grads = gru.backward(np.ones_like(states))
    held = [states, gru.last, *gru.gates.values(), *grads.values()]
    grads["b_hh"] *= 0.0  # nor do the two biases share one array
    kept = [values.copy() for values in held]
    gru.backward(np.ones_like(gru.forward(noise(4, 2, 3, seed=1))))
    for now, before in zip(held, kept, strict=True):
        np.testing.assert_array_equal(now, before)
    assert grads["b_ih"].any()


@pytest.mark.parametrize("reset", FORMS)
def test_backward_may_be_called_twice(reset):
    gru = cells.GRU(3, 5, reset)
    states = gru.forward(noise(4, 2, 3), mask=cells.length_mask([3, 4]))
    first, second = gru.backward(np.ones_like(states)), gru.backward(np.ones_like(states))
    for name, gradient in first.items():
        np.testing.assert_array_equal(gradient, second[name])


def test_states_and_gates_cannot_be_changed_under_the_backward_pass():
    gru = cells.GRU(3, 5)
    for values in (gru.forward(noise(4, 2, 3)), *gru.gates.values()):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0.0


@pytest.mark.parametrize("reset", FORMS)
def test_float32_stays_float32_and_comes_near_float64(reset):
    x, d = noise(9, 4, 3), noise(9, 4, 6, seed=1)
    wide, narrow = (cells.GRU(3, 6, reset, dtype=dtype) for dtype in (np.float64, np.float32))
    states = narrow.forward(x, mask=cells.length_mask([9, 5, 1, 9]))
    assert states.dtype == narrow.last.dtype == narrow.gates["z"].dtype == np.float32
    assert narrow.step(x[0], states[0]).dtype == np.float32
    np.testing.assert_allclose(
        states, wide.forward(x, mask=cells.length_mask([9, 5, 1, 9])), atol=1e-5
    )
    wide_grads = wide.backward(d)
    for name, gradient in narrow.backward(d).items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, wide_grads[name], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_go_to_torch_and_back(dtype):
    there = cells.GRU(3, 5, seed=4, dtype=dtype)
    module = there.to_torch()
    back = cells.GRU.from_torch(module)
    assert back.reset == "after" and back.dtype == dtype
    for name, values in there.parameters.items():
        np.testing.assert_array_equal(back.parameters[name], values)
    there.W_hh[...] = 0.0  # copies: nothing is shared between the two worlds
    assert module.weight_hh_l0.detach().abs().min() > 0
    back.W_ih[...] = 0.0
    assert module.weight_ih_l0.detach().abs().min() > 0


@pytest.mark.parametrize("reset", FORMS)
def test_a_sequence_without_steps_has_no_states_and_no_gradient(reset):
    gru, h0 = cells.GRU(3, 5, reset), noise(2, 5)
    states = gru.forward(np.empty((0, 2, 3)), h0)
    assert states.shape == (0, 2, 5)
    np.testing.assert_array_equal(gru.last, h0)
    assert not gru.backward(states)["W_hh"].any()


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: cells.GRU(3, 5).forward(noise(6, 2, 4)),
            "x has 4 features; this cell was made for 3.",
        ),
        (
            lambda: cells.GRU(3, 5).forward(noise(6, 3)),
            "x has shape (6, 3); this cell takes (T, B, D).",
        ),
        (
            lambda: cells.GRU(3, 5).forward(noise(6, 2, 3), start=noise(1, 2, 5)),
            "start has shape (1, 2, 5); here it must be (2, 5).",
        ),
        (
            lambda: cells.GRU(3, 5).forward(noise(6, 2, 3), mask=[6, 4]),
            "mask has shape (2,); here it must be (6, 2).",
        ),
        (
            lambda: cells.GRU(3, 5).step(noise(2, 3), noise(2, 4)),
            "h has shape (2, 4); this cell has 5 neurons.",
        ),
        (
            lambda: cells.GRU(3, 5, seeds=2).forward(noise(6, 4, 2, 3)),
            "x is for 4 networks; this cell is 2.",
        ),
        (
            lambda: cells.GRU(3, 5, "between"),
            "reset is 'between'; choose one of after, before.",
        ),
        (
            lambda: cells.GRU(3, 5).set_bias("f", 1.0),
            "gate is 'f'; this cell has r, z, n.",
        ),
        (
            lambda: cells.GRU(3, 5).chrono(2),
            "longest is 2; a range from 1 to longest - 1 needs more than 2.",
        ),
        (
            lambda: cells.GRU(3, 5, "before").to_torch(),
            "torch.nn.GRU resets after the product; this cell resets before it.",
        ),
        (
            lambda: cells.GRU(3, 5, seeds=2).to_torch(),
            "This cell is 2 networks; pick(k) gives one of them.",
        ),
        (
            lambda: cells.GRU.from_torch(torch.nn.GRU(3, 5, bidirectional=True)),
            "from_torch takes one layer, one direction, with biases.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


def test_backward_before_forward_says_so():
    with pytest.raises(RuntimeError, match=r"call forward\(x\) first"):
        cells.GRU(3, 5).backward(noise(4, 2, 5))
    gru = cells.GRU(3, 5)
    gru.forward(noise(4, 2, 3))
    with pytest.raises(ValueError, match=r"d_states has shape \(2, 5\)"):
        gru.backward(noise(2, 5))


def test_the_examples_in_the_docstrings_run():
    tested = doctest.testmod(gru_file)
    assert tested.attempted > 0
    assert tested.failed == 0


# The proof refuses what is wrong

BOTH = {
    "z is reversed": (
        "np.subtract(h_before, n_t, out=h_t)",
        "h_t[...] = n_t; n_t = h_before - n_t",
    ),
    "r and z change places": (
        "r, z, n = a[..., :H, :], a[..., H : 2 * H, :], a[..., 2 * H :, :]\n        heard",
        "z, r, n = a[..., :H, :], a[..., H : 2 * H, :], a[..., 2 * H :, :]\n        heard",
    ),
    "the candidate is squashed by a sigmoid": (
        "            np.tanh(n_t, out=n_t)",
        "            _sigmoid(n_t)",
    ),
    "the gates are squashed by tanh": ("_sigmoid(rz[t])", "np.tanh(rz[t], out=rz[t])"),
    "the candidate is squashed twice": ("n_t += product", "np.tanh(n_t + product, out=n_t)"),
    "the state is not handed on": ("h_before, h_t, n_t = h[t],", "h_before, h_t, n_t = h[0],"),
    "the start is left out": ("h[0] = h0.mT", "h[0] = 0.0"),
    "the gates' second bias is forgotten": ("a[..., : 2 * H, :] += b_hrz", "pass"),
    "the first bias is forgotten": ("a += b_ih", "pass"),
    "the mask is ignored going forward": ("np.copyto(h_t, h_before, where=~mask[t].mT)", "pass"),
    "the mask is ignored going back": ("d_h_t = d_h_t * mask[t].mT", "pass"),
    "a masked step hands no gradient back": ("d_h_before += d_h_t * ~mask[t].mT", "pass"),
    "a masked step keeps its gradient": ("d_h_t * ~mask[t].mT", "d_h_t * mask[t].mT"),
    "the way that z keeps open is left out": ("d_h_before += d_kept", "pass"),
    "z's gradient takes h_t for h_{t-1}": ("h[t] - n_t", "h[t + 1] - n_t"),
    "z's gradient has the other sign": ("h[t] - n_t", "n_t - h[t]"),
    "the slope of z is forgotten": ("d_kept * (1.0 - z_t)", "d_h_t"),
    "the slope of n is forgotten": ("1.0 - n_t * n_t", "1.0"),
    "n's gradient is weighted by z, not 1 - z": (
        "np.multiply(d_h_t - d_kept,",
        "np.multiply(d_kept,",
    ),
    "W_hh is not transposed going back": (
        "np.ascontiguousarray(self.W_hh.mT)",
        "self.W_hh.reshape(self.hidden_size, -1)",
    ),
    "a weight's gradient is that of the last steps": ("total += columns", "total[...] = columns"),
    "a weight's gradient is a mean": ("        total += columns", "        total += 0.5 * columns"),
    "dL/db_ih is a mean": ('"b_ih": d_a.sum(axis=0)', '"b_ih": d_a.mean(axis=0)'),
    "dL/dx has the wrong sign": ("(self.W_ih.mT @ d_a).mT", "-(self.W_ih.mT @ d_a).mT"),
    "dL/dh0 is that of the first state": ('"h0": d_h[0].mT', '"h0": d_h[1].mT'),
    "the loss's own share is left out": ("d_h[1:] = d_states.mT", "d_h[-1] = d_states.mT[-1]"),
}
AFTER = {
    "b_hn stands outside r's bracket": (
        "np.add(from_before_n, b_hn, out=heard[t])",
        "heard[t] = from_before_n; n_t += b_hn",
    ),
    "the reset comes before the product": (
        "np.multiply(r[t], heard[t], out=product)",
        "np.matmul(W_hn, r[t] * h_before, out=product)",
    ),
    "the candidate hears through z": (
        "np.multiply(r[t], heard[t], out=product)",
        "np.multiply(z[t], heard[t], out=product)",
    ),
    "the gradient into W_hn h is not gated by r": (
        "np.multiply(d_n_t, r_t, out=d_an[t])",
        "np.multiply(d_n_t, 1.0, out=d_an[t])",
    ),
    "the slope of r is forgotten": (
        "out=d_an[t])\n                np.multiply(d_heard * (1.0 - r_t),",
        "out=d_an[t])\n                np.multiply(d_n_t,",
    ),
    "the way through the gates is left out": ("d_h_before += back @ d_a[t]", "pass"),
    "dL/dW_hh takes h_t for h_{t-1}": ("_summed(d_a, h[:-1])", "_summed(d_a, h[1:])"),
    "dL/db_in is gated by r": ("d_an[...] = d_n", "pass"),
    "dL/db_hn is not gated by r": ('"b_hh": d_b_hh', '"b_hh": d_a.sum(axis=0).sum(axis=-1)'),
}
BEFORE = {
    "the reset comes after the product": (
        "np.matmul(W_hn, heard[t], out=product)",
        "np.matmul(W_hn, h_before, out=product); product *= r[t]",
    ),
    "b_hn is forgotten": ("a[..., 2 * H :, :] += b_hn", "pass"),
    "dL/dh_{t-1} is not gated by r": ("d_h_before += d_heard * r_t", "d_h_before += d_heard"),
    "r's gradient does not pass through W_hn": (
        "d_heard = back_n @ d_n_t",
        "d_heard = 1.0 * d_n_t",
    ),
    "the way through the gates is left out": ("d_h_before += back_rz", "0.0 * back_rz"),
    "dL/dW_hn takes h for r * h": ("_summed(d_an, heard)", "_summed(d_an, h[:-1])"),
    "dL/dW_hz takes h_t for h_{t-1}": (
        "_summed(d_a[..., : 2 * H, :], h[:-1])",
        "_summed(d_a[..., : 2 * H, :], h[1:])",
    ),
}


def agrees(module, reset):
    """The proof on three cases, with the weights' gradients summed one step at a time."""
    module.HANDFUL = 0
    for seed in range(3):  # three masks: in one alone the first step may be left out for all
        Case(reset, 4, 2, 3, 5, seed, GRU=module.GRU).agrees_with_the_loop()


@pytest.mark.parametrize(
    "reset, change",
    [
        *((form, change) for form in FORMS for change in BOTH.values()),
        *(("after", change) for change in AFTER.values()),
        *(("before", change) for change in BEFORE.values()),
    ],
    ids=[
        *(f"{form}: {name}" for form in FORMS for name in BOTH),
        *(f"after: {name}" for name in AFTER),
        *(f"before: {name}" for name in BEFORE),
    ],
)
def test_a_wrong_version_is_refused(reset, change):
    with pytest.raises(AssertionError):
        agrees(mutated(gru_file, *change), reset)


@pytest.mark.parametrize("reset", FORMS)
def test_the_right_version_is_not_refused(reset):
    agrees(mutated(gru_file, "d_kept = d_h_t * z_t", "d_kept = z_t * d_h_t"), reset)
