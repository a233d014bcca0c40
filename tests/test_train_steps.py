"""Optimisers and clipping do what torch's do, to the last digits; the gradient check is honest."""

import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncourse import cells, train


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


SHAPES = {"W": (4, 3), "b": (5,), "U": (2, 3, 3)}


@pytest.mark.parametrize(
    "ours, theirs",
    [
        (lambda p: train.SGD(p, 0.1), lambda p: torch.optim.SGD(p, 0.1)),
        (lambda p: train.SGD(p, 0.1, momentum=0.9), lambda p: torch.optim.SGD(p, 0.1, 0.9)),
        (lambda p: train.Adam(p), lambda p: torch.optim.Adam(p)),
        (
            lambda p: train.Adam(p, 0.03, betas=(0.8, 0.95), eps=1e-3),
            lambda p: torch.optim.Adam(p, 0.03, betas=(0.8, 0.95), eps=1e-3),
        ),
    ],
    ids=["sgd", "momentum", "adam", "adam with other settings"],
)
def test_twenty_steps_equal_torchs(ours, theirs):
    parameters = {name: noise(*shape) for name, shape in SHAPES.items()}
    leaves = {name: torch.tensor(values) for name, values in parameters.items()}
    optimiser, torchs = ours(parameters), theirs(list(leaves.values()))
    for step in range(20):
        grads = {name: noise(*shape, seed=step) for name, shape in SHAPES.items()}
        for name, leaf in leaves.items():
            leaf.grad = torch.tensor(grads[name])
        if step == 10:  # a learning rate may be changed on the way
            optimiser.lr = torchs.param_groups[0]["lr"] = 0.05
        optimiser.step(grads)
        torchs.step()
        for name, leaf in leaves.items():
            np.testing.assert_allclose(parameters[name], leaf.numpy(), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("make", [train.SGD, train.Adam])
def test_an_optimiser_changes_the_live_arrays_and_leaves_the_gradients(make):
    rnn = cells.RNN(3, 5, dtype=np.float32)
    optimiser = make(rnn.parameters, lr=0.1)
    grads = rnn.backward(np.ones_like(rnn.forward(noise(4, 2, 3))))
    before = {name: values.copy() for name, values in (grads | rnn.parameters).items()}
    held = rnn.parameters
    optimiser.step(grads)
    for name, values in rnn.parameters.items():
        assert values is held[name] and values.dtype == np.float32
        assert np.abs(values - before[name]).max() > 1e-3
    np.testing.assert_array_equal(grads["x"], before["x"])
    again = rnn.backward(np.ones((4, 2, 5)))
    assert again.keys() == grads.keys()


def test_a_missing_gradient_is_named():
    with pytest.raises(ValueError) as caught:
        train.SGD({"W": noise(2), "b": noise(1)}, 0.1).step({"W": noise(2)})
    assert str(caught.value) == "There is no gradient for b."


@given(st.floats(0.01, 100), st.integers(0, 99))
@settings(deadline=None)
def test_clipping_equals_torchs(max_norm, seed):
    grads = {name: noise(*shape, seed=seed) for name, shape in SHAPES.items()}
    leaves = [torch.zeros(shape, dtype=torch.float64) for shape in SHAPES.values()]
    for leaf, gradient in zip(leaves, grads.values(), strict=True):
        leaf.grad = torch.tensor(gradient)
    theirs = torch.nn.utils.clip_grad_norm_(leaves, max_norm).item()
    before = train.clip_norm(grads, max_norm)
    assert before == pytest.approx(theirs, rel=1e-12)
    # torch divides by norm + 1e-6; the paper and we divide by the norm, and reach the bound
    torchs = min(1.0, max_norm / (before + 1e-6)) * max(1.0, before / max_norm)
    for gradient, leaf in zip(grads.values(), leaves, strict=True):
        np.testing.assert_allclose(torchs * gradient, leaf.grad.numpy(), rtol=1e-10)
    assert train.norm(grads) == pytest.approx(min(before, max_norm), rel=1e-12)


def test_clipping_keeps_the_direction_and_spares_the_short():
    grads = {"W": np.array([3.0, 0.0]), "b": np.array([4.0])}
    assert train.clip_norm(grads, 10.0) == 5.0
    assert grads["W"].tolist() == [3.0, 0.0]
    assert train.clip_norm(grads, 2.5) == 5.0
    assert (grads["W"].tolist(), grads["b"].tolist()) == ([1.5, 0.0], [2.0])


@pytest.mark.parametrize("kind", [cells.RNN, cells.LSTM, cells.GRU])
def test_clipping_passes_by_what_is_no_weight(kind):
    cell = kind(3, 5)
    grads = cell.backward(np.ones_like(cell.forward(noise(4, 2, 3))))
    kept = {name: grads[name].copy() for name in grads.keys() - cell.parameters}
    assert len(kept) >= 3
    weights = np.concatenate([grads[name].ravel() for name in cell.parameters])
    assert train.clip_norm(grads, 1e-3) == pytest.approx(np.linalg.norm(weights))
    for name, values in kept.items():
        np.testing.assert_array_equal(grads[name], values)


def test_networks_at_once_are_clipped_each_alone():
    grads = {"W": noise(3, 4, 5), "b": noise(3, 5)}
    grads["W"][1] *= 1e-3
    grads["b"][1] *= 1e-3
    alone = [{name: values[k].copy() for name, values in grads.items()} for k in range(3)]
    norms = train.clip_norm(grads, 1.0, seeds=True)
    for k, own in enumerate(alone):
        assert norms[k] == pytest.approx(train.clip_norm(own, 1.0))
        for name, values in own.items():
            np.testing.assert_allclose(grads[name][k], values, rtol=1e-14)


def test_an_exploded_float32_gradient_is_still_clipped_to_the_bound():
    grads = {"W": np.full((2, 2), 1e30, np.float32)}
    assert train.clip_norm(grads, 1.0) == pytest.approx(2e30)
    np.testing.assert_allclose(grads["W"], 0.5, rtol=1e-6)


# The gradient check


def parts():
    rng = np.random.default_rng(0)
    values = {"W": rng.normal(size=(4, 3)), "b": rng.normal(size=4)}
    right = {"W": 3 * values["W"] ** 2, "b": np.cos(values["b"])}
    return values, right, lambda: (values["W"] ** 3).sum() + np.sin(values["b"]).sum()


def test_a_right_gradient_passes_and_every_value_is_put_back():
    values, right, loss_of = parts()
    before = {name: array.copy() for name, array in values.items()}
    errors = train.gradient_check(loss_of, values, right, samples=None)
    assert errors.keys() == {"W", "b"} and max(errors.values()) < 1e-8
    for name, array in before.items():
        np.testing.assert_array_equal(values[name], array)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda g: 0 * g,
        lambda g: -g,
        lambda g: 1.01 * g,
        lambda g: g[::-1],
        lambda g: np.where(np.arange(g.size).reshape(g.shape) == 1, 0.0, g),
    ],
    ids=["zero", "sign", "one per cent", "order", "one number"],
)
def test_a_wrong_gradient_is_caught_and_the_right_one_beside_it_is_not(spoil):
    values, right, loss_of = parts()
    errors = train.gradient_check(loss_of, values, right | {"W": spoil(right["W"])}, samples=None)
    assert errors["W"] > 1e-3 > 1e-8 > errors["b"]


def test_fewer_samples_ask_for_fewer_losses():
    values, right, loss_of = parts()
    calls = []
    train.gradient_check(lambda: calls.append(1) or loss_of(), values, right, samples=2)
    assert len(calls) == 2 * 2 * 2


def test_a_gradient_of_nothing_has_no_error():
    assert train.gradient_check(lambda: 1.0, {"w": noise(3)}, {"w": np.zeros(3)}) == {"w": 0.0}


@pytest.mark.parametrize(
    "grads, values, words",
    [
        ({}, noise(2), "The gradient of w is missing; it must be (2,)."),
        ({"w": noise(3)}, noise(2), "The gradient of w has shape (3,); it must be (2,)."),
        (
            {"w": noise(2)},
            noise(2).astype(np.float32),
            "w is float32; a difference quotient needs float64.",
        ),
    ],
)
def test_the_check_says_what_it_cannot_compare(grads, values, words):
    with pytest.raises(ValueError) as caught:
        train.gradient_check(lambda: 0.0, {"w": values}, grads)
    assert str(caught.value) == words


@pytest.mark.parametrize("module", ["optimisers", "clipping", "checking", "network"])
def test_the_examples_in_the_docstrings_run(module):
    tested = doctest.testmod(importlib.import_module(f"rnncourse.train.{module}"))
    assert tested.attempted > 0
    assert tested.failed == 0
