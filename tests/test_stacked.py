"""Deep and bidirectional networks are right in three ways.

Proved, in float64, for stacks of RNN, LSTM and GRU in one direction and both: every value and
every gradient (of each weight, of x and of each layer's start) agrees to 1e-10 with torch's
automatic derivatives of a loop written with one-step functions, with torch.nn.RNN, LSTM and GRU
(num_layers, bidirectional, padded batches packed), and with difference quotients; with dropout
between the layers (the loop is given the masks that were drawn) and layer norm behind them. Wrong
versions of the files are made from their text, and the same proof refuses each of them.
"""

import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import bidirectional as bidirectional_file
from rnncourse.cells import stacked as stacked_file
from rnncourse.cells import torch_stacks as torch_file

KINDS = {"RNN": cells.RNN, "LSTM": cells.LSTM, "GRU": cells.GRU}
sizes = st.tuples(*(st.integers(1, top) for top in (6, 3, 4, 4)))  # T, B, D, H


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


def flat(start):
    """The arrays of a start, or of its gradient, in one list."""
    if isinstance(start, tuple | list):
        return [array for part in start for array in flat(part)]
    return [] if start is None else [start]


def build(
    kind,
    D,
    H,
    layers=2,
    both_ways=False,
    seed=0,
    seeds=None,
    dtype=np.float64,
    norm=False,
    Stacked=cells.Stacked,
    Bidirectional=cells.Bidirectional,
    **options,
):
    """A stack of one kind of cell; all weights drawn normally, so that gates are far from 0.5."""
    Cell, stack = KINDS[kind], []
    for k in range(layers):
        own = [
            Cell(D, H, seed=seed + 10 * k + 5 * way, seeds=seeds, dtype=dtype)
            for way in range(1 + both_ways)
        ]
        stack.append(Bidirectional(*own) if both_ways else own[0])
        D = H * (1 + both_ways)
        if norm:
            stack.append(cells.LayerNorm(D, seeds=seeds, dtype=dtype))
    return Stacked(stack, seed=seed, **options)


def starts(stack, B, seed=0):
    """Random starts for every layer, in the form that the stack takes."""
    rng = np.random.default_rng(seed)

    def one(layer):
        if isinstance(layer, cells.LayerNorm):
            return None
        if hasattr(layer, "ahead"):
            return one(layer.ahead), one(layer.back)
        h, c = rng.normal(size=(2, B, layer.hidden_size))
        return (h, c) if isinstance(layer, cells.LSTM) else h

    return [one(layer) for layer in stack.layers]


# The same in torch, one step at a time


def torch_step(cell, w, x, state):
    def blocks(n):
        return (x @ w["W_ih"].T + w["b_ih"]).chunk(n, -1), (h @ w["W_hh"].T + w["b_hh"]).chunk(
            n, -1
        )

    if isinstance(cell, cells.LSTM):
        h, c = state
        (i, f, g, o), (hi, hf, hg, ho) = blocks(4)
        c = torch.sigmoid(f + hf) * c + torch.sigmoid(i + hi) * torch.tanh(g + hg)
        return torch.sigmoid(o + ho) * torch.tanh(c), c
    (h,) = state
    if isinstance(cell, cells.GRU):
        (r, z, n), (hr, hz, hn) = blocks(3)
        r, z = torch.sigmoid(r + hr), torch.sigmoid(z + hz)
        return ((1 - z) * torch.tanh(n + r * hn) + z * h,)
    (a,), (ha,) = blocks(1)
    return (torch.tanh(a + ha),)


def torch_read(cell, w, x, state, mask, order):
    """All states of one cell that takes the steps in this order; in the order of time."""
    states = [None] * len(x)
    for t in order:
        new = torch_step(cell, w, x[t], state)
        state = [torch.where(mask[t][:, None], *pair) for pair in zip(new, state, strict=True)]
        states[t] = state[0]
    return torch.stack(states)


def torch_stack(stack, x, start, mask, d, factors):
    """States and gradients of the whole stack; `factors` are what dropout multiplied by."""
    leaf = {
        name: torch.tensor(values, requires_grad=True) for name, values in stack.parameters.items()
    }
    x = states = torch.tensor(x, requires_grad=True)
    start = [torch.tensor(array, requires_grad=True) for array in flat(start)]
    mask = torch.from_numpy(mask)
    left = list(start)

    def read(cell, name, order):
        state = [left.pop(0) for _ in range(2 if isinstance(cell, cells.LSTM) else 1)]
        w = {own: leaf[f"{name}.{own}"] for own in cell.parameters}
        return torch_read(cell, w, states, state, mask, order)

    steps = range(len(x))
    for k, layer in enumerate(stack.layers):
        if isinstance(layer, cells.LayerNorm):
            g, b = leaf[f"{k}.g"], leaf[f"{k}.b"]
            states = torch.nn.functional.layer_norm(states, g.shape, g, b)
            continue
        if k in factors:
            states = states * torch.tensor(factors[k])
        if hasattr(layer, "ahead"):
            ahead = read(layer.ahead, f"{k}.ahead", steps)
            states = torch.cat([ahead, read(layer.back, f"{k}.back", reversed(steps))], -1)
        else:
            states = read(layer, str(k), steps)
    (states * torch.from_numpy(d)).sum().backward()
    grads = {name: values.grad for name, values in leaf.items()}
    return states, grads | {"x": x.grad}, [array.grad for array in start]


class Case:
    """A stack with its inputs, and the loss sum(d * states) that all ways share."""

    def __init__(self, kind, T, B, D, H, seed=0, masked=True, **options):
        self.stack = build(kind, D, H, seed=seed, **options)
        rng = np.random.default_rng(seed)
        for values in self.stack.parameters.values():
            values[...] = rng.normal(size=values.shape, scale=0.7)
        self.x = rng.normal(size=(T, B, D))
        self.start = starts(self.stack, B, seed)
        self.mask = rng.random((T, B)) < 0.7 if masked else np.ones((T, B), bool)
        self.d = rng.normal(size=(T, B, self.stack.hidden_size))

    def ours(self):
        states = self.stack.forward(self.x, self.start, self.mask)
        return states, self.stack.backward(self.d)

    def loss(self):
        for dropper in self.stack._droppers:  # the same masks each time
            dropper._generators = [np.random.default_rng(3)]
        return np.sum(self.d * self.stack.forward(self.x, self.start, self.mask))

    def agrees_with_the_loop(self):
        states, grads = self.ours()
        factors = {}
        if self.stack.dropout and self.stack.training:
            drawn = {k: dropper._factors for k, dropper in enumerate(self.stack._droppers)}
            factors = {k: values for k, values in drawn.items() if values is not None}
        their_states, their_grads, their_start = torch_stack(
            self.stack, self.x, self.start, self.mask, self.d, factors
        )
        close(states, their_states, "states")
        assert set(grads) == {*their_grads, "start", "states"}
        for name, gradient in their_grads.items():
            assert grads[name].shape == gradient.shape, name
            close(grads[name], gradient, name)
        for ours, theirs in zip(flat(grads["start"]), their_start, strict=True):
            close(ours, theirs, "start")


forms = pytest.mark.parametrize("kind", KINDS)
ways = pytest.mark.parametrize("both_ways", [False, True], ids=["one way", "both ways"])


# The idea


@forms
def test_a_stack_is_each_layer_run_on_the_states_of_the_one_below(kind):
    stack, x = build(kind, 3, 5, layers=3), noise(6, 2, 3)
    states = stack.forward(x)
    for layer in stack.layers:
        x = layer.forward(x)
    np.testing.assert_array_equal(states, x)


def test_back_knows_the_future_and_nothing_of_the_past():
    both, x = cells.Bidirectional(cells.GRU(3, 4), cells.GRU(3, 5, seed=1)), noise(6, 2, 3)
    before = both.forward(x)
    x[2] += 1.0
    changed = np.abs(both.forward(x) - before).max(axis=1) > 1e-6  # (T, 9)
    assert not changed[:2, :4].any() and changed[2:, :4].all()  # ahead: from step 2 on
    assert changed[:3, 4:].all() and not changed[3:, 4:].any()  # back: up to step 2


@forms
def test_back_is_the_same_cell_on_the_sequence_turned_round(kind):
    cell, x = KINDS[kind](3, 4, seed=1), noise(6, 2, 3)
    both = cells.Bidirectional(KINDS[kind](3, 4), cell)
    back = both.forward(x)[..., 4:]
    close(back, cell.forward(x[::-1].copy())[::-1])


@forms
def test_both_ways_a_padded_batch_is_its_sequences_alone(kind):
    lengths, x = [3, 5, 1], noise(5, 3, 2)
    both = cells.Bidirectional(KINDS[kind](2, 4), KINDS[kind](2, 4, seed=1))
    mask = cells.length_mask(lengths)
    states = both.forward(x, mask=mask)
    x[~mask] = 1e3
    np.testing.assert_array_equal(both.forward(x, mask=mask), states)
    end = both.read_end(states)
    for k, length in enumerate(lengths):
        alone = both.forward(x[:length, k : k + 1])
        close(states[:length, k], alone[:, 0])
        close(end[k], both.read_end(alone)[0])
        close(end[k], np.concatenate([alone[-1, 0, :4], alone[0, 0, 4:]]))


# Values and gradients, three ways


@forms
@ways
@given(
    size=sizes,
    seed=st.integers(0, 9999),
    masked=st.booleans(),
    layers=st.integers(1, 3),
    norm=st.booleans(),
    dropout=st.sampled_from([0.0, 0.5]),
    same_mask=st.booleans(),
)
@settings(deadline=None, max_examples=15)
def test_every_value_and_gradient_equals_torchs_derivative_of_the_loop(
    kind, both_ways, size, seed, **options
):
    Case(kind, *size, seed, both_ways=both_ways, **options).agrees_with_the_loop()


@forms
@ways
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("padded", [False, True])
def test_every_gradient_equals_that_of_torchs_layers(kind, both_ways, layers, padded):
    T, B, D, H, N = 5, 3, 2, 4, 1 + both_ways
    lengths = [3, 5, 1] if padded else [T] * B
    case = Case(kind, T, B, D, H, layers=layers, both_ways=both_ways)
    case.mask = cells.length_mask(lengths)
    case.d *= case.mask[..., None]
    module = case.stack.to_torch()

    x = torch.tensor(case.x, requires_grad=True)
    arrays = flat(case.start)
    parts = [arrays[::2], arrays[1::2]] if kind == "LSTM" else [arrays]
    start = [torch.tensor(np.stack(part), requires_grad=True) for part in parts]
    packed = torch.nn.utils.rnn.pack_padded_sequence(x, lengths, enforce_sorted=False)
    outputs, last = module(packed, tuple(start) if kind == "LSTM" else start[0])
    padded_states, _ = torch.nn.utils.rnn.pad_packed_sequence(outputs)
    (padded_states * torch.from_numpy(case.d)).sum().backward()

    states, grads = case.ours()
    close(states[case.mask], padded_states[torch.from_numpy(case.mask)], "states")
    close(grads["x"], x.grad, "x")
    their_start = [part.grad[k] for k in range(layers * N) for part in start]
    for ours, theirs in zip(flat(grads["start"]), their_start, strict=True):
        close(ours, theirs, "start")
    for k in range(layers):
        for way, ending in zip(["ahead.", "back."] if both_ways else [""], ["", "_reverse"]):  # noqa: B905
            for ours, theirs in zip(
                ["W_ih", "W_hh", "b_ih", "b_hh"],
                ["weight_ih", "weight_hh", "bias_ih", "bias_hh"],
                strict=True,
            ):
                gradient = getattr(module, f"{theirs}_l{k}{ending}").grad
                close(grads[f"{k}.{way}{ours}"], gradient, f"{k}.{way}{ours}")

    # torch's h_n and c_n: layer 0 ahead, layer 0 back, layer 1 ahead, ...
    last = torch.stack(last) if kind == "LSTM" else last[None]  # (1 or 2, layers * N, B, H)
    close(np.stack(flat(case.stack.last)), last.transpose(0, 1).reshape(-1, B, H), "last")


@forms
@ways
@pytest.mark.parametrize("same_mask", [False, True])
def test_every_gradient_equals_difference_quotients(kind, both_ways, same_mask):
    options = {"both_ways": both_ways, "dropout": 0.4, "same_mask": same_mask, "norm": True}
    case = Case(kind, 4, 2, 3, 3, **options)
    case.loss()
    grads = case.stack.backward(case.d)
    given = {**case.stack.parameters, "x": case.x}
    grads |= {f"start {k}": array for k, array in enumerate(flat(grads.pop("start")))}
    given |= {f"start {k}": array for k, array in enumerate(flat(case.start))}
    errors = train.gradient_check(case.loss, given, grads, eps=1e-5, samples=8)
    assert errors.keys() == given.keys()
    assert max(errors.values()) < 1e-5, errors


@forms
@pytest.mark.parametrize("norm", [False, True])
def test_a_network_that_answers_at_the_end_reads_both_directions_ends(kind, norm):
    case = Case(kind, 5, 3, 2, 4, both_ways=True, norm=norm)
    case.mask = cells.length_mask([3, 5, 1])
    network = train.Network(case.stack, cells.Linear(8, 2), last=True)
    dy = noise(3, 2)
    y = network.forward(case.x, case.start, case.mask)
    grads = network.backward(dy)
    if not norm:
        tops = [part[0] if kind == "LSTM" else part for part in case.stack.last[-1]]
        close(y, network.readout.forward(np.concatenate(tops, axis=-1)))
    case.d = np.zeros_like(case.d)  # the same as a loss on the two ends
    case.d[-1, :, :4], case.d[0, :, 4:] = np.split(dy @ network.readout.W, 2, axis=-1)
    _, expected = case.ours()
    for name in case.stack.parameters:
        close(grads[f"cell.{name}"], expected[name], name)
    close(network.d_x, expected["x"])
    for ours, theirs in zip(flat(network.d_start), flat(expected["start"]), strict=True):
        close(ours, theirs)


@forms
def test_a_stack_read_in_two_parts_equals_the_whole(kind):
    stack, x = build(kind, 3, 5, layers=3, norm=True), noise(7, 2, 3)
    whole = stack.forward(x)
    first = stack.forward(x[:3])
    second = stack.forward(x[3:], start=stack.last)
    close(np.concatenate([first, second]), whole)


# Dropout


def test_out_of_training_a_stack_drops_nothing():
    stack, x = build("GRU", 3, 5, dropout=0.5), noise(4, 2, 3)
    alike = build("GRU", 3, 5)
    stack.training = False
    np.testing.assert_array_equal(stack.forward(x), alike.forward(x))
    ours, theirs = stack.backward(np.ones((4, 2, 5))), alike.backward(np.ones((4, 2, 5)))
    for name in alike.parameters:
        np.testing.assert_array_equal(ours[name], theirs[name])


def test_dropout_between_layers_leaves_the_input_and_the_top_layer_alone():
    stack, x = build("RNN", 3, 6, dropout=0.5, seed=2), noise(5, 4, 3)
    states = stack.forward(x)
    bottom = stack.layers[0].forward(x)
    heard = stack.layers[1]._kept[0]  # what the top layer was given
    assert (heard == 0).any() and (states != 0).all()
    close(heard[heard != 0], 2.0 * bottom[heard != 0])


def test_what_the_next_layer_hears_has_the_mean_of_what_was_said():
    stack, x = build("RNN", 3, 40, dropout=0.25), noise(1, 1, 3)
    said, heard = stack.layers[0].forward(x)[0, 0], []
    for _ in range(400):
        stack.forward(x)
        heard.append(stack.layers[1]._kept[0][0, 0])
    error = np.sqrt(0.25 / 0.75 / 400)  # of the mean of 400, as a part of the value
    assert np.abs(np.mean(heard, axis=0) / said - 1).max() < 4 * error


# Several networks at once


@forms
@ways
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("same_mask", [False, True])
def test_networks_at_once_equal_each_alone(kind, both_ways, own, same_mask):
    S, T, B, D, H = 3, 5, 2, 3, 4
    options = {"both_ways": both_ways, "norm": True, "dropout": 0.5, "same_mask": same_mask}
    together = build(kind, D, H, seed=7, seeds=S, **options)
    x, mask = noise(T, S, B, D), noise(T, S, B, seed=3) < 0.5
    x, mask = (x, mask) if own else (x[:, 0], mask[:, 0])
    d = noise(T, S, B, together.hidden_size, seed=1)
    states = together.forward(x, mask=mask)
    grads = together.backward(d)
    end = together.read_end(states)
    last = flat(together.last)
    for k in range(S):
        alone = build(kind, D, H, seed=7 + k, **options)
        x_k, mask_k = (x[:, k], mask[:, k]) if own else (x, mask)
        close(states[:, k], alone.forward(x_k, mask=mask_k))
        close(end[k], alone.read_end(states[:, k]))
        close(
            together.spread_end(end, states.shape)[:, k],
            alone.spread_end(end[k], states[:, k].shape),
        )
        expected = alone.backward(d[:, k])
        for name in [*alone.parameters, "x", "states"]:
            ours = grads[name][:, k] if name in ("x", "states") else grads[name][k]
            close(ours, expected[name], name)
        for name in ("last", "start"):
            theirs = flat(alone.last if name == "last" else expected["start"])
            ours = last if name == "last" else flat(grads["start"])
            for one, other in zip(ours, theirs, strict=True):
                close(one[k], other, name)


@forms
@ways
def test_a_picked_network_shares_its_weights(kind, both_ways):
    together = build(kind, 3, 5, both_ways=both_ways, seeds=4)
    one, x = together.pick(2), noise(4, 2, 3)
    close(one.forward(x), together.forward(x)[:, 2])
    for values in one.parameters.values():
        values[...] = 0.25
    for values in together.parameters.values():
        assert (values[2] == 0.25).all() and not (values[1] == 0.25).all()
    one.to_torch()


# What a caller may count on


@forms
@ways
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_go_to_torch_and_back(kind, both_ways, dtype):
    there = build(kind, 3, 5, layers=3, both_ways=both_ways, dtype=dtype, dropout=0.25)
    module = there.to_torch()
    back = cells.Stacked.from_torch(module)
    assert (
        back.dtype == dtype
        and back.dropout == 0.25
        and back.parameters.keys() == (there.parameters.keys())
    )
    for name, values in there.parameters.items():
        np.testing.assert_array_equal(back.parameters[name], values)
        back.parameters[name][...] = 0.0  # copies: nothing is shared between the two worlds
    assert all(values.abs().max() > 0 for values in module.parameters())


def test_one_layer_both_ways_goes_to_torch_and_back():
    there = cells.Bidirectional(cells.RNN(3, 5, "relu"), cells.RNN(3, 5, "relu", seed=1))
    module, x = there.to_torch(), noise(4, 2, 3)
    back = cells.Bidirectional.from_torch(module)
    assert back.back.nonlinearity == "relu"
    close(back.forward(x), there.forward(x))
    close(module(torch.from_numpy(x))[0].detach().numpy(), there.forward(x))


@forms
@ways
def test_float32_stays_float32_and_comes_near_float64(kind, both_ways):
    x, mask = noise(6, 3, 4), cells.length_mask([6, 2, 4])
    options = {"both_ways": both_ways, "norm": True, "dropout": 0.5}
    wide, narrow = (build(kind, 4, 5, dtype=dtype, **options) for dtype in (np.float64, np.float32))
    states = narrow.forward(x, mask=mask)
    assert states.dtype == np.float32
    np.testing.assert_allclose(states, wide.forward(x, mask=mask), atol=2e-3)
    wide_grads, grads = wide.backward(states), narrow.backward(states)
    for name in [*narrow.parameters, "x", "states"]:
        assert grads[name].dtype == np.float32, name
        np.testing.assert_allclose(grads[name], wide_grads[name], rtol=5e-2, atol=2e-2)
    for array in [*flat(grads["start"]), *flat(narrow.last)]:
        assert array.dtype == np.float32


@ways
def test_states_can_be_read_but_not_written_and_outlive_the_next_call(both_ways):
    stack = build("GRU", 3, 5, both_ways=both_ways)
    states = stack.forward(noise(4, 2, 3))
    kept = states.copy()
    with pytest.raises(ValueError, match="read-only"):
        states[0] = 0.0
    stack.forward(noise(4, 2, 3, seed=1))
    np.testing.assert_array_equal(states, kept)


@ways
def test_a_stack_trains_in_a_network_and_adam_reaches_every_weight(both_ways):
    stack = build("LSTM", 1, 8, both_ways=both_ways, seeds=2, dropout=0.1)
    size = stack.hidden_size
    network = train.Network(stack, cells.Linear(size, 1, seeds=2), last=True)
    before = {name: values.copy() for name, values in network.parameters.items()}
    rng = np.random.default_rng(0)

    def batches(step):
        x = rng.choice([-1.0, 1.0], size=(5, 16, 1))
        return x, np.broadcast_to(x[0] * x[4], (2, 16, 1))

    optimiser = train.Adam(network.parameters, 0.02)
    history = train.fit(network, batches, train.squared_error, optimiser, 150, clip=1.0)
    for name, values in network.parameters.items():
        assert (values != before[name]).mean() > 0.99, name
    assert history.loss[:5].mean() > 0.9 and history.loss[-5:].max() < 0.5


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: cells.Stacked([]), "layers is empty; a stack has one layer at least."),
        (
            lambda: cells.Stacked([cells.GRU(3, 5), cells.GRU(4, 5)]),
            "layer 1 takes 4 features; layer 0 gives 5.",
        ),
        (
            lambda: cells.Stacked([cells.GRU(3, 5), cells.GRU(5, 5, seeds=2)]),
            "layer 0 has seeds=None, layer 1 2; make them equal.",
        ),
        (
            lambda: cells.Stacked([cells.GRU(5, 5)] * 2),
            "One cell is in the stack twice; each layer needs its own weights.",
        ),
        (
            lambda: cells.Stacked([cells.LayerNorm(5)]),
            "layers begins with a LayerNorm; the lowest layer is a cell.",
        ),
        (
            lambda: cells.Stacked([cells.GRU(3, 5)], dropout=1.0),
            "p is 1.0; the part that is dropped goes from 0 to below 1.",
        ),
        (
            lambda: build("GRU", 3, 5).forward(noise(4, 2, 3), start=[None]),
            "start is for 1 layers; this stack has 2.",
        ),
        (
            lambda: build("GRU", 3, 5).forward(noise(4, 2, 7)),
            "x has 7 features; this cell was made for 3.",
        ),
        (
            lambda: cells.Stacked([cells.GRU(3, 5), cells.LSTM(5, 5)]).to_torch(),
            "torch's layers are all of one kind, size and number of directions.",
        ),
        (
            lambda: build("GRU", 3, 5, norm=True).to_torch(),
            "torch's layers are all of one kind, size and number of directions.",
        ),
        (
            lambda: build("GRU", 3, 5, dropout=0.5, same_mask=True).to_torch(),
            "torch draws a new mask at every step; this stack keeps one.",
        ),
        (
            lambda: build("GRU", 3, 5, seeds=2).to_torch(),
            "This cell is 2 networks; pick(k) gives one of them.",
        ),
        (
            lambda: cells.Stacked.from_torch(torch.nn.LSTM(3, 5, proj_size=2)),
            "from_torch takes layers with biases and without a projection.",
        ),
        (
            lambda: cells.Stacked.from_torch(torch.nn.Linear(3, 5)),
            "from_torch takes a torch.nn.RNN, LSTM or GRU; this is a Linear.",
        ),
        (
            lambda: cells.Bidirectional(*[cells.GRU(3, 5)] * 2),
            "ahead and back are the same cell; each needs weights of its own.",
        ),
        (
            lambda: cells.Bidirectional(cells.GRU(3, 5), cells.GRU(4, 5)),
            "ahead has input_size=3, back 4; make them equal.",
        ),
        (
            lambda: cells.Bidirectional(cells.GRU(3, 5, seeds=2), cells.GRU(3, 5)),
            "ahead has seeds=2, back None; make them equal.",
        ),
        (
            lambda: cells.Bidirectional.from_torch(torch.nn.GRU(3, 5)),
            "from_torch takes one layer here, with both directions.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


@pytest.mark.parametrize(
    "made, shape",
    [
        (lambda: build("GRU", 3, 5), (4, 2, 5)),
        (lambda: cells.Bidirectional(cells.GRU(3, 5), cells.LSTM(3, 5)), (4, 2, 10)),
    ],
)
def test_backward_before_forward_says_so(made, shape):
    layer = made()
    with pytest.raises(RuntimeError, match=r"call forward\(x\) first"):
        layer.backward(noise(*shape))
    layer.forward(noise(4, 2, 3))
    with pytest.raises(ValueError, match=r"has shape \(2, 5\); here it must be"):
        layer.backward(noise(2, 5))
    layer.backward(noise(*shape))


@pytest.mark.parametrize("module", ["stacked", "bidirectional"])
def test_the_examples_in_the_docstrings_run(module):
    tested = doctest.testmod(importlib.import_module(f"rnncourse.cells.{module}"))
    assert tested.attempted > 0
    assert tested.failed == 0


# The proof refuses what is wrong


def stack_is_right(Stacked=cells.Stacked, Bidirectional=cells.Bidirectional):
    """The proofs above, on one stack: three layers, dropout, a norm, both directions, masks."""
    own = {"Stacked": Stacked, "Bidirectional": Bidirectional}
    for both_ways in (False, True):
        case = Case(
            "LSTM", 4, 2, 3, 3, layers=3, both_ways=both_ways, dropout=0.5, norm=True, **own
        )
        case.agrees_with_the_loop()
        case = Case("GRU", 5, 3, 4, 4, both_ways=both_ways, **own)
        case.mask = cells.length_mask([3, 5, 1])
        case.agrees_with_the_loop()
        last = flat(case.stack.last)
        for ours, theirs in zip(last, flat(torch_lasts(case)), strict=True):
            close(ours, theirs)
        end = case.stack.read_end(case.stack.forward(case.x, case.start, case.mask))
        tops = case.stack.last[-1]
        close(end, np.concatenate(tops, axis=-1) if both_ways else tops)
        d = case.stack.spread_end(end, case.d.shape)
        close((d * case.d).sum(), (end * case.stack.read_end(case.d)).sum())
    dropped, x = build("RNN", 8, 8, dropout=0.5, **own), noise(5, 4, 8)
    states = dropped.forward(x)
    assert (states != 0).all() and (dropped.layers[0]._kept[0] != 0).all()
    assert (dropped.layers[1]._kept[0] == 0).any()
    deep = build("RNN", 8, 8, layers=3, dropout=0.5, **own)
    deep.forward(x)
    first, second = ((layer._kept[0] == 0) for layer in deep.layers[1:])
    assert (first != second).any()
    dropped.training = False
    close(dropped.forward(x), build("RNN", 8, 8).forward(x))


def torch_lasts(case):
    _, last = case.stack.to_torch()(
        torch.nn.utils.rnn.pack_padded_sequence(
            torch.from_numpy(case.x), case.mask.sum(0), enforce_sorted=False
        ),
        torch.from_numpy(np.stack(flat(case.start))),
    )
    return list(last.detach().numpy())


BIDIRECTIONAL = {
    "the halves are swapped": (
        "np.concatenate([states_ahead, states_back], axis=-1)",
        "np.concatenate([states_back, states_ahead], axis=-1)",
    ),
    "back reads ahead": ("self.back.forward(x[::-1], ", "self.back.forward(x, "),
    "back's states stay in reading order": ("reversed_mask)[::-1]", "reversed_mask)"),
    "reversed without regard to length": (
        "np.asarray(mask)[::-1]",
        "np.ones_like(np.asarray(mask))",
    ),
    "the mask is not reversed": ("np.asarray(mask)[::-1]", "np.asarray(mask)"),
    "both start from ahead's start": ("x[::-1], other,", "x[::-1], first,"),
    "back's share of the loss is not turned round": (
        "d_states[::-1, ..., H:]",
        "d_states[..., H:]",
    ),
    "back's gradient of x is not turned round": ('back["x"][::-1]', 'back["x"]'),
    "x's gradient is ahead's alone": ('ahead["x"] + back["x"][::-1]', 'ahead["x"]'),
    "back's gradients carry ahead's values": (
        'f"back.{name}": back[name]',
        'f"back.{name}": ahead[name]',
    ),
    "the starts' gradients change places": (
        "(start_gradient(ahead), start_gradient(back))",
        "(start_gradient(back), start_gradient(ahead))",
    ),
    "the lasts change places": (
        "return self.ahead.last, self.back.last",
        "return self.back.last, self.ahead.last",
    ),
    "the end is the last step of both": (
        "np.concatenate([states[-1][..., :H], states[0][..., H:]], axis=-1)",
        "states[-1]",
    ),
    "the end's gradient goes to the last step of both": (
        "d_states[0][..., H:] = d_end",
        "d_states[-1][..., H:] = d_end",
    ),
}
STACKED = {
    "dropout also on the input": ("return k > 0 and", "return k >= 0 and"),
    "dropout on the top layer": (
        "        states.flags.writeable = False",
        "        states = self._droppers[0].forward(states) if self.training else states",
    ),
    "dropout when the training is over": ("self._droppers[k].training = self.training", "pass"),
    "dropout is left out going back": (
        'd = self._droppers[k].backward(d)["x"]',
        "pass",
    ),
    "dropout is left out": (
        "states = self._droppers[k].forward(states)",
        "self._droppers[k].forward(states)",
    ),
    "every place gets the same mask": ("seed + 10_000 * k", "seed"),
    "layers above the first start from zero": (
        "layer.forward(states, start[k], mask)",
        "layer.forward(states, start[k] if k == 0 else None, mask)",
    ),
    "the starts stand upside down": (
        "layer.forward(states, start[k], mask)",
        "layer.forward(states, start[-1 - k], mask)",
    ),
    "layers above the first know no mask": (
        "layer.forward(states, start[k], mask)",
        "layer.forward(states, start[k], mask if k == 0 else None)",
    ),
    "the lasts stand upside down": (
        "for layer in self.layers]\n\n    def backward",
        "for layer in self.layers[::-1]]\n\n    def backward",
    ),
    "the starts' gradients stand upside down": ('"start": starts', '"start": starts[::-1]'),
    "the gradients' names are the wrong layer's": (
        'f"{k}.{name}": found',
        'f"{len(self.layers) - 1 - k}.{name}": found',
    ),
    "the gradient goes back through the top only": (
        'd = found["x"]',
        'd = found["x"] if k else 0 * found["x"]',
    ),
}


def test_the_right_versions_are_not_refused():
    stack_is_right()


@pytest.mark.parametrize("name", BIDIRECTIONAL)
def test_a_wrong_bidirectional_layer_is_refused(name):
    wrong = mutated(bidirectional_file, *BIDIRECTIONAL[name]).Bidirectional
    with pytest.raises(AssertionError):
        stack_is_right(Bidirectional=wrong)


@pytest.mark.parametrize("name", STACKED)
def test_a_wrong_stack_is_refused(name):
    wrong = mutated(stacked_file, *STACKED[name]).Stacked
    with pytest.raises(AssertionError):
        stack_is_right(Stacked=wrong)


def test_a_wrong_order_of_torchs_layers_is_refused(monkeypatch):
    for change in (
        ('_l{k}{ending}").copy_', '_l{len(alone) - 1 - k}{ending}").copy_'),
        (
            'zip(pair, ("", "_reverse"), strict=False)',
            'zip(pair[::-1], ("", "_reverse"), strict=False)',
        ),
    ):
        wrong = mutated(torch_file, *change)
        stack = build("GRU", 6, 3, both_ways=True)
        right = stack.forward(noise(4, 2, 6))
        their, _ = wrong.into_torch(stack.layers)(torch.from_numpy(noise(4, 2, 6)))
        assert np.abs(right - their.detach().numpy()).max() > 1e-3
