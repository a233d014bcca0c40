"""The recurrent layer remembers, and its values and gradients are right in three ways.

Proved, in float64: every value and every gradient (of the weights, of x, of h0, of each state)
agrees to 1e-10 with torch.nn.RNN and with torch's automatic derivatives of the equation written
as a loop, and with difference quotients; over random shapes, with masks and initial states.
Wrong versions of the file are made from its text, and the same proof refuses each of them.
"""

import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import rnn as rnn_file

KINDS = ["tanh", "sigmoid", "relu", "linear"]
TORCH = {"tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "linear": lambda a: a}
GRADS = ["W_ih", "W_hh", "b_ih", "b_hh", "x", "h0", "states"]
sizes = st.tuples(*(st.integers(1, top) for top in (7, 4, 5, 6)))  # T, B, D, H


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


class Case:
    """One layer with its inputs, and the loss sum(d_states * states) that all three ways share."""

    def __init__(self, kind, T, B, D, H, seed=0, masked=True, started=True, RNN=cells.RNN):
        self.rnn = RNN(D, H, kind, seed=seed)
        rng = np.random.default_rng(seed)
        for values in self.rnn.parameters.values():
            values[...] = rng.normal(size=values.shape, scale=0.7)
        self.x = rng.normal(size=(T, B, D))
        self.h0 = rng.normal(size=(B, H)) if started else np.zeros((B, H))
        self.mask = rng.random((T, B)) < 0.7 if masked else np.ones((T, B), bool)
        self.d = rng.normal(size=(T, B, H))

    def ours(self):
        states = self.rnn.forward(self.x, self.h0, self.mask)
        return states, self.rnn.backward(self.d)

    def loss(self):
        return np.sum(self.d * self.rnn.forward(self.x, self.h0, self.mask))

    def leaves(self):
        given = {**self.rnn.parameters, "x": self.x, "h0": self.h0}
        return {name: torch.tensor(values, requires_grad=True) for name, values in given.items()}

    def loop(self):
        """The equation as a loop in torch: states and gradients; and how near a kink came."""
        leaf = self.leaves()
        h, states, near = leaf["h0"], [], np.inf
        for t, real in enumerate(torch.from_numpy(self.mask)[..., None]):
            a = leaf["x"][t] @ leaf["W_ih"].T + leaf["b_ih"] + h @ leaf["W_hh"].T + leaf["b_hh"]
            near = min(near, a.abs().min().item())
            h = torch.where(real, TORCH[self.rnn.nonlinearity](a), h)
            h.retain_grad()
            states.append(h)
        (torch.stack(states) * torch.from_numpy(self.d)).sum().backward()
        grads = {name: values.grad for name, values in leaf.items()}
        grads["states"] = torch.stack([h.grad for h in states])
        return torch.stack(states), grads, near

    def agrees_with_the_loop(self):
        (states, grads), (their_states, their_grads, _) = self.ours(), self.loop()
        close(states, their_states, "states")
        assert sorted(grads) == sorted(GRADS)
        for name in GRADS:
            assert grads[name].shape == their_grads[name].shape, name
            close(grads[name], their_grads[name], name)


# The idea


@pytest.mark.parametrize("kind", KINDS)
def test_the_first_input_changes_the_last_state(kind):
    rnn = cells.RNN(3, 5, kind)
    x = noise(4, 2, 3)
    before = rnn.forward(x)[-1]
    x[0, 0] += 1.0
    after = rnn.forward(x)[-1]
    assert np.abs(after - before)[0].max() > 1e-4
    np.testing.assert_array_equal(after[1], before[1])  # and not that of the other sequence


def test_without_recurrent_weights_the_first_input_is_lost():
    rnn = cells.RNN(3, 5)
    rnn.W_hh = np.zeros((5, 5))
    x = noise(4, 2, 3)
    before = rnn.forward(x)
    x[0] += 1.0
    after = rnn.forward(x)
    assert np.abs(after[0] - before[0]).min() > 0
    np.testing.assert_array_equal(after[1:], before[1:])


def test_the_gradient_reaches_the_first_input_through_time_only():
    rnn = cells.RNN(3, 5)
    d_states = np.zeros((4, 2, 5))
    d_states[-1] = 1.0
    rnn.forward(noise(4, 2, 3))
    assert np.abs(rnn.backward(d_states)["x"][0]).min() > 0
    rnn.W_hh = np.zeros((5, 5))
    rnn.forward(noise(4, 2, 3))
    assert not rnn.backward(d_states)["x"][:-1].any()


def test_a_layer_of_one_linear_neuron_is_the_neuron_of_lesson_02():
    rnn = cells.RNN(1, 1, "linear")
    rnn.W_ih, rnn.W_hh, rnn.b_ih, rnn.b_hh = [[0.8]], [[-0.6]], [0.1], [0.2]
    x = noise(9)
    states = rnn.forward(x[:, None, None], h0=[[0.4]])
    close(states[:, 0, 0], cells.run_neuron(x, 0.8, -0.6, b=0.3, h0=0.4))


@pytest.mark.parametrize("kind", KINDS)
def test_forward_is_the_steps_one_after_the_other(kind):
    rnn, x, h = cells.RNN(3, 5, kind), noise(4, 2, 3), noise(2, 5, seed=1)
    states = rnn.forward(x, h)
    for x_t, state in zip(x, states, strict=True):
        one_sequence = rnn.step(x_t[0], h[0])
        h = rnn.step(x_t, h)
        close(h, state)
        close(one_sequence, state[0])


def test_the_shapes_are_those_of_the_docstrings():
    rnn = cells.RNN(3, 5)
    x, h0, mask = noise(4, 2, 3), noise(2, 5), np.ones((4, 2), bool)
    states = rnn.forward(x, h0, mask)
    assert states.shape == (4, 2, 5)
    shapes = {name: values.shape for name, values in rnn.backward(states).items()}
    weights = {"W_ih": (5, 3), "W_hh": (5, 5), "b_ih": (5,), "b_hh": (5,)}
    assert shapes == weights | {"x": (4, 2, 3), "h0": (2, 5), "states": (4, 2, 5)}
    assert {name: values.shape for name, values in rnn.parameters.items()} == weights


def test_the_start_is_uniform_and_belongs_to_its_seed():
    start = cells.RNN(30, 100, seed=3).parameters
    for values in start.values():
        assert 0.09 < np.abs(values).max() <= 0.1
        assert abs(values.mean()) < 0.02
    again, other = cells.RNN(30, 100, seed=3), cells.RNN(30, 100, seed=4)
    np.testing.assert_array_equal(again.W_hh, start["W_hh"])
    assert not np.array_equal(other.W_hh, start["W_hh"])


# Values and gradients, three ways


@pytest.mark.parametrize("kind", KINDS)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans(), started=st.booleans())
@settings(deadline=None, max_examples=40)
def test_every_value_and_gradient_equals_torchs_derivative_of_the_loop(
    kind, size, seed, masked, started
):
    Case(kind, *size, seed, masked, started).agrees_with_the_loop()


@pytest.mark.parametrize("kind", ["tanh", "relu"])
@given(size=sizes, seed=st.integers(0, 9999), started=st.booleans())
@settings(deadline=None, max_examples=30)
def test_every_gradient_equals_that_of_torch_nn_rnn(kind, size, seed, started):
    case = Case(kind, *size, seed, masked=False, started=started)
    module = case.rnn.to_torch()
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


@given(size=sizes, seed=st.integers(0, 9999))
@settings(deadline=None, max_examples=30)
def test_a_sigmoid_layer_equals_a_rescaled_tanh_layer_of_torch(size, seed):
    # sigmoid(a) = (1 + tanh(a / 2)) / 2, so h = (1 + g) / 2 with a tanh layer's states g
    case = Case("sigmoid", *size, seed, masked=False)
    leaf = case.leaves()
    biases = (leaf["b_ih"] + leaf["b_hh"]) / 2 + leaf["W_hh"].sum(1) / 4
    rescaled = {
        "weight_ih_l0": leaf["W_ih"] / 2,
        "weight_hh_l0": leaf["W_hh"] / 4,
        "bias_ih_l0": biases,
        "bias_hh_l0": torch.zeros_like(biases),
    }
    module = torch.nn.RNN(*case.rnn.W_ih.shape[::-1], dtype=torch.float64)
    g, _ = torch.func.functional_call(module, rescaled, (leaf["x"], 2 * leaf["h0"][None] - 1))
    their_states = (1 + g) / 2
    their_states.backward(torch.from_numpy(case.d))
    states, grads = case.ours()
    close(states, their_states)
    for name, values in leaf.items():
        close(grads[name], values.grad, name)


@pytest.mark.parametrize("kind", KINDS)
@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=10)
def test_every_gradient_equals_difference_quotients(kind, size, seed, masked):
    case = Case(kind, *size, seed, masked)
    if kind == "relu":  # a quotient across its kink is no derivative
        assume(case.loop()[2] > 1e-4)
    _, grads = case.ours()
    given = {**case.rnn.parameters, "x": case.x, "h0": case.h0}
    errors = train.gradient_check(case.loss, given, grads, eps=1e-5, samples=6)
    assert errors.keys() == given.keys()
    assert max(errors.values()) < 1e-4, errors  # a saturated unit's gradient is small


def test_padded_sequences_equal_torchs_packed_ones():
    lengths = [3, 5, 1]
    case = Case("tanh", 5, 3, 2, 4)
    case.mask = cells.length_mask(lengths)
    module = case.rnn.to_torch()
    x = torch.tensor(case.x, requires_grad=True)
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    outputs, h_last = module(packed, torch.from_numpy(case.h0[None]))
    padded, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs)
    after_the_end = torch.from_numpy(np.where(case.mask[..., None], 0.0, case.d)).sum(0)
    ((padded * torch.from_numpy(case.d)).sum() + (h_last[0] * after_the_end).sum()).backward()
    states, grads = case.ours()
    close(states[-1], h_last[0])
    close(states[case.mask], padded[torch.from_numpy(case.mask)])
    close(grads["x"], x.grad)
    close(grads["W_hh"], module.weight_hh_l0.grad)


# Masks


def test_a_masked_batch_is_its_sequences_alone():
    lengths = [3, 5, 1]
    rnn, x, h0 = cells.RNN(2, 4), noise(5, 3, 2), noise(3, 4, seed=1)
    states = rnn.forward(x, h0, cells.length_mask(lengths))
    for k, length in enumerate(lengths):
        alone = rnn.forward(x[:length, k : k + 1], h0[k : k + 1])
        close(states[:length, k], alone[:, 0])
        close(states[length:, k], np.broadcast_to(alone[-1], (5 - length, 4)))


def test_what_stands_in_the_padding_does_not_matter():
    rnn, x = cells.RNN(2, 4), noise(5, 3, 2)
    mask, d_states = cells.length_mask([3, 5, 1]), noise(5, 3, 4, seed=1)
    states, grads = rnn.forward(x, mask=mask), rnn.backward(d_states)
    x[~mask] = 1e6
    np.testing.assert_array_equal(rnn.forward(x, mask=mask), states)
    for name, gradient in rnn.backward(d_states).items():
        np.testing.assert_array_equal(gradient, grads[name])
    assert not grads["x"][~mask].any()


def test_a_length_mask_counts_the_real_steps():
    np.testing.assert_array_equal(cells.length_mask([2, 0, 4], T=5).sum(axis=0), [2, 0, 4])
    assert cells.length_mask([2, 0, 4]).shape == (4, 3)
    with pytest.raises(ValueError, match="lengths go from 2 to 6; there are 5 steps"):
        cells.length_mask([2, 6], T=5)


# Several networks at once


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("own_x", [False, True])
@pytest.mark.parametrize("own_h0", [False, True])
@pytest.mark.parametrize("own_mask", [False, True])
def test_networks_at_once_equal_each_alone(kind, own_x, own_h0, own_mask):
    S, T, B, D, H = 3, 6, 2, 4, 5
    together = cells.RNN(D, H, kind, seed=7, seeds=S)
    x, d = noise(T, S, B, D), noise(T, S, B, H, seed=1)
    h0, mask = noise(S, B, H, seed=2), noise(T, S, B, seed=3) < 0.5
    x, h0, mask = x if own_x else x[:, 0], h0 if own_h0 else h0[0], mask if own_mask else mask[:, 0]
    states = together.forward(x, h0, mask)
    grads = together.backward(d)
    assert states.shape == (T, S, B, H)
    for k in range(S):
        alone = cells.RNN(D, H, kind, seed=7 + k)
        x_k = x[:, k] if own_x else x
        h0_k, mask_k = h0[k] if own_h0 else h0, mask[:, k] if own_mask else mask
        close(states[:, k], alone.forward(x_k, h0_k, mask_k))
        for name, gradient in alone.backward(d[:, k]).items():
            ours = grads[name][:, k] if name in ("x", "states") else grads[name][k]
            close(ours, gradient, name)
        close(together.step(x[0], h0)[k], alone.step(x_k[0], h0_k))


def test_a_picked_network_shares_its_weights():
    together = cells.RNN(3, 5, seeds=4)
    one = together.pick(2)
    close(one.forward(noise(4, 2, 3)), together.forward(noise(4, 2, 3))[:, 2])
    one.W_hh = np.eye(5)
    np.testing.assert_array_equal(together.W_hh[2], np.eye(5))
    one.to_torch()


# What a caller may count on


def test_parameters_stay_the_same_arrays_when_they_are_set():
    rnn = cells.RNN(3, 5)
    held = rnn.parameters
    rnn.W_hh = np.eye(5)
    rnn.b_ih += 1.0
    for name, values in rnn.parameters.items():
        assert values is held[name]
    np.testing.assert_array_equal(held["W_hh"], np.eye(5))


def test_states_and_gradients_outlive_the_next_call():
    rnn = cells.RNN(3, 5)
    states = rnn.forward(noise(4, 2, 3))
    grads = rnn.backward(np.ones_like(states))
    kept = states.copy(), grads["x"].copy(), grads["b_ih"].copy()
    grads["b_hh"] *= 0.0  # nor do the two biases share one array
    rnn.backward(np.ones_like(rnn.forward(noise(4, 2, 3, seed=1))))
    for now, before in zip((states, grads["x"], grads["b_ih"]), kept, strict=True):
        np.testing.assert_array_equal(now, before)


def test_states_cannot_be_changed_under_the_backward_pass():
    states = cells.RNN(3, 5).forward(noise(4, 2, 3))
    with pytest.raises(ValueError, match="read-only"):
        states[0] = 0.0


@pytest.mark.parametrize("kind", KINDS)
def test_float32_stays_float32_and_comes_near_float64(kind):
    x, d = noise(9, 4, 3), noise(9, 4, 6, seed=1)
    wide, narrow = (cells.RNN(3, 6, kind, dtype=dtype) for dtype in (np.float64, np.float32))
    states = narrow.forward(x)
    assert states.dtype == np.float32
    np.testing.assert_allclose(states, wide.forward(x), atol=1e-5)
    wide_grads = wide.backward(d)
    for name, gradient in narrow.backward(d).items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, wide_grads[name], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("kind", ["tanh", "relu"])
def test_weights_go_to_torch_and_back(kind, dtype):
    there = cells.RNN(3, 5, kind, seed=4, dtype=dtype)
    module = there.to_torch()
    back = cells.RNN.from_torch(module)
    assert back.nonlinearity == kind and back.dtype == dtype
    for name, values in there.parameters.items():
        np.testing.assert_array_equal(back.parameters[name], values)
    there.W_hh[...] = 0.0  # copies: nothing is shared between the two worlds
    assert module.weight_hh_l0.detach().abs().min() > 0
    back.W_ih[...] = 0.0
    assert module.weight_ih_l0.detach().abs().min() > 0


def test_a_sequence_without_steps_has_no_states_and_no_gradient():
    rnn, h0 = cells.RNN(3, 5), noise(2, 5)
    states = rnn.forward(np.empty((0, 2, 3)), h0)
    assert states.shape == (0, 2, 5)
    assert not rnn.backward(states)["W_hh"].any()


def several():
    return cells.RNN(3, 5, seeds=2)


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: cells.RNN(3, 5).forward(noise(6, 2, 4)),
            "x has 4 features; this cell was made for 3.",
        ),
        (
            lambda: cells.RNN(3, 5).step(noise(2, 4), noise(2, 5)),
            "x has 4 features; this cell was made for 3.",
        ),
        (
            lambda: cells.RNN(3, 5).step(noise(2, 3), noise(2, 4)),
            "h has shape (2, 4); this cell has 5 neurons.",
        ),
        (
            lambda: cells.RNN(3, 5).forward(noise(6, 3)),
            "x has shape (6, 3); this cell takes (T, B, D).",
        ),
        (
            lambda: several().forward(noise(6, 3)),
            "x has shape (6, 3); this cell takes (T, B, D) or (T, S, B, D).",
        ),
        (
            lambda: several().forward(noise(6, 4, 2, 3)),
            "x is for 4 networks; this cell is 2.",
        ),
        (
            lambda: cells.RNN(3, 5).forward(noise(6, 2, 3), h0=noise(1, 2, 5)),
            "h0 has shape (1, 2, 5); here it must be (2, 5).",
        ),
        (
            lambda: several().forward(noise(6, 4, 3), h0=noise(5)),
            "h0 has shape (5,); here it must be (2, 4, 5).",
        ),
        (
            lambda: cells.RNN(3, 5).forward(noise(6, 2, 3), mask=[6, 4]),
            "mask has shape (2,); here it must be (6, 2).",
        ),
        (
            lambda: setattr(cells.RNN(3, 5), "W_hh", np.eye(4)),
            "W_hh has shape (4, 4); here it must be (5, 5).",
        ),
        (
            lambda: cells.RNN(3, 5, nonlinearity="softmax"),
            "nonlinearity is 'softmax'; choose one of tanh, sigmoid, relu, linear.",
        ),
        (
            lambda: cells.RNN(3, 5, nonlinearity="sigmoid").to_torch(),
            "torch.nn.RNN knows tanh and relu; this cell is sigmoid.",
        ),
        (
            lambda: several().to_torch(),
            "This cell is 2 networks; pick(k) gives one of them.",
        ),
        (
            lambda: cells.RNN(3, 5).pick(0),
            "This cell is one network; there is none to pick.",
        ),
        (
            lambda: cells.RNN.from_torch(torch.nn.RNN(3, 5, num_layers=2)),
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
        cells.RNN(3, 5).backward(noise(4, 2, 5))
    rnn = cells.RNN(3, 5)
    rnn.forward(noise(4, 2, 3))
    with pytest.raises(
        ValueError, match=r"d_states has shape \(2, 5\); here it must be \(4, 2, 5\)"
    ):
        rnn.backward(noise(2, 5))


def test_orthogonal_starts_keep_every_length_and_fill_all_directions():
    W = cells.starts.orthogonal(6, np.random.default_rng(2), scale=0.9)
    close(W.T @ W, 0.81 * np.eye(6))
    # over many draws every entry has mean 0 and variance 1 / n: no direction is preferred
    entries = np.stack([cells.starts.orthogonal(3, seed) for seed in range(2000)])
    np.testing.assert_allclose(entries.mean(axis=0), 0.0, atol=0.06)
    np.testing.assert_allclose((entries**2).mean(axis=0), 1 / 3, atol=0.04)


def test_a_start_with_a_radius_has_it():
    W = cells.starts.with_radius(noise(5, 5), 1.3)
    close(np.abs(np.linalg.eigvals(W)).max(), 1.3)
    with pytest.raises(ValueError, match="Every eigenvalue of W is 0"):
        cells.starts.with_radius(np.zeros((2, 2)), 1.0)


@pytest.mark.parametrize("module", ["rnn", "starts", "masks"])
def test_the_examples_in_the_docstrings_run(module):
    tested = doctest.testmod(importlib.import_module(f"rnncourse.cells.{module}"))
    assert tested.attempted > 0
    assert tested.failed == 0


# The proof refuses what is wrong

MUTANTS = {
    "the state is not handed on": ("h_before = h_t", "h_before = h[0]"),
    "h0 is left out": ("h[0] = h0", "h[0] = 0.0"),
    "W_hh is transposed going forward": ("ascontiguousarray(self.W_hh.mT)", "copy(self.W_hh)"),
    "W_hh is transposed going back": ("W_hh = self.W_hh\n", "W_hh = self.W_hh.mT\n"),
    "one bias is forgotten": ("b = self.b_ih + self.b_hh", "b = self.b_ih"),
    "the gradient from t+1 is dropped": ("d_h[t] += from_after", "pass"),
    "the gradient from t+1 replaces the loss's own": (
        "d_h[t] += from_after",
        "d_h[t] = from_after",
    ),
    "dL/dW_hh is overwritten, not summed": (
        "own_rows.mT @ rows(h[:-1], self.seeds)",
        "d_a[0].mT @ h[0]",
    ),
    "dL/dW_ih is overwritten, not summed": ("own_rows.mT @ x_rows", "d_a[0].mT @ x[0]"),
    "dL/db is overwritten, not summed": ("own_rows.sum(axis=-2)", "d_a[0].sum(axis=-2)"),
    "dL/db is a mean over the rows": ("own_rows.sum(axis=-2)", "own_rows.mean(axis=-2)"),
    "dL/dW_hh is transposed": (
        "own_rows.mT @ rows(h[:-1], self.seeds)",
        "rows(h[:-1], self.seeds).mT @ own_rows",
    ),
    "dL/dW_hh takes h_t for h_{t-1}": ("rows(h[:-1], self.seeds)", "rows(h[1:], self.seeds)"),
    "the slope is taken one step early": ("slope(h[1:])", "slope(h[:-1])"),
    "the slope is taken at f(h), not at h": ("slope(h[1:])", "slope(np.tanh(h[1:]))"),
    "the slope is forgotten": ("slope(h[1:])", "np.ones_like(h[1:])"),
    "the mask is ignored going forward": ("np.copyto(h_t, h_before, where=~mask[t])", "pass"),
    "the mask is ignored in the slope": ("d_a *= mask", "pass"),
    "a masked step hands no gradient back": ("d_h[t] += d_h_t * ~mask[t]", "pass"),
    "a masked step keeps its gradient": ("d_h_t * ~mask[t]", "d_h_t * mask[t]"),
    "dL/dx has the wrong sign": ('"x": d_a @ self.W_ih', '"x": -d_a @ self.W_ih'),
    "dL/dh0 is zero": ('"h0": d_h[0]', '"h0": 0 * d_h[0]'),
    "dL/dh0 is that of the first state": ('"h0": d_h[0]', '"h0": d_h[1]'),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_version_is_refused(name):
    RNN = mutated(rnn_file, *MUTANTS[name]).RNN
    with pytest.raises(AssertionError):
        for seed in range(3):  # three masks: in one alone the first step may be left out for all
            Case("tanh", 4, 2, 3, 5, seed, RNN=RNN).agrees_with_the_loop()


def test_the_right_version_is_not_refused():
    RNN = mutated(rnn_file, "W_hh = self.W_hh\n", "W_hh = 1.0 * self.W_hh\n").RNN
    for seed in range(3):
        Case("tanh", 4, 2, 3, 5, seed, RNN=RNN).agrees_with_the_loop()
