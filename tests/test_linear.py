"""The linear layer and its gradients equal torch's and difference quotients, in float64."""

import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import linear_layer


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12, err_msg=name)


@given(
    ahead=st.lists(st.integers(1, 5), max_size=3),
    sizes=st.tuples(st.integers(1, 5), st.integers(1, 6)),
    seed=st.integers(0, 9999),
)
@settings(deadline=None, max_examples=50)
def test_values_and_every_gradient_equal_torchs_and_difference_quotients(ahead, sizes, seed):
    agrees(cells.Linear, ahead, *sizes, seed)


def agrees(Linear, ahead, I, O, seed):  # noqa: E741
    layer = Linear(I, O, seed=seed)
    x, dy = noise(*ahead, I, seed=seed), noise(*ahead, O, seed=seed + 1)
    module = torch.nn.Linear(I, O, dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(layer.W))
        module.bias.copy_(torch.from_numpy(layer.b))
    x_torch = torch.tensor(x, requires_grad=True)
    y = module(x_torch)
    y.backward(torch.from_numpy(dy))
    ours = layer.forward(x)
    assert ours.shape == y.shape
    close(ours, y)
    grads = layer.backward(dy)
    theirs = {"W": module.weight.grad, "b": module.bias.grad, "x": x_torch.grad}
    assert grads.keys() == theirs.keys()
    for name, gradient in theirs.items():
        assert grads[name].shape == gradient.shape
        close(grads[name], gradient, name)

    errors = train.gradient_check(
        lambda: np.sum(dy * layer.forward(x)),
        layer.parameters | {"x": x},
        grads,
        eps=1e-3,  # the layer is linear: no step is too long
        samples=5,
    )
    assert max(errors.values()) < 1e-6, errors


MUTANTS = {
    "the bias is forgotten": ("y += self.b\n", "pass\n"),
    "dL/dW is that of the first row only": ("dy_rows.mT @ x_rows", "dy_rows[:1].mT @ x_rows[:1]"),
    "dL/db is a mean": ("dy_rows.sum(axis=-2)", "dy_rows.mean(axis=-2)"),
    "dL/dx takes the transposed weights": ("dy_rows @ self.W)", "dy_rows @ self.W.T)"),
    "dL/dx has the wrong sign": ("dy_rows @ self.W)", "-dy_rows @ self.W)"),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_version_is_refused(name):
    wrong = mutated(linear_layer, *MUTANTS[name]).Linear
    with pytest.raises(AssertionError):
        agrees(wrong, [4, 3], 5, 5, 0)


@pytest.mark.parametrize("ahead", [(), (6,)])
@pytest.mark.parametrize("own_x", [False, True])
def test_layers_at_once_equal_each_alone(ahead, own_x):
    S, B, I, O = 3, 2, 4, 5  # noqa: E741
    together = cells.Linear(I, O, seed=7, seeds=S)
    x = noise(*ahead, S if own_x else 1, B, I)
    dy = noise(*ahead, S, B, O, seed=1)
    y, grads = together.forward(x), together.backward(dy)
    assert y.shape == dy.shape
    for k in range(S):
        alone = cells.Linear(I, O, seed=7 + k)
        close(y[..., k, :, :], alone.forward(x[..., k if own_x else 0, :, :]))
        close(together.pick(k).forward(x[..., 0, :, :]), alone.forward(x[..., 0, :, :]))
        alone.forward(x[..., k if own_x else 0, :, :])
        expected = alone.backward(dy[..., k, :, :])
        close(grads["W"][k], expected["W"])
        close(grads["b"][k], expected["b"])
        close(grads["x"][..., k, :, :], expected["x"])


def test_a_layer_does_not_start_with_the_numbers_of_a_cell():
    cell, layer = cells.RNN(4, 4), cells.Linear(4, 4)
    assert np.abs(layer.W).max() <= 0.5
    assert not np.intersect1d(layer.W, cell.W_ih).size


def test_float32_stays_float32():
    layer = cells.Linear(3, 2, dtype=np.float32)
    y = layer.forward(noise(4, 3))
    assert {y.dtype, *(g.dtype for g in layer.backward(y).values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: cells.Linear(3, 2).forward(noise(5, 4)),
            "x has 4 features; this layer was made for 3.",
        ),
        (
            lambda: cells.Linear(3, 2, seeds=4).forward(noise(5, 3)),
            "x has shape (5, 3); 4 layers at once take (..., S, B, I).",
        ),
        (
            lambda: setattr(cells.Linear(3, 2), "W", noise(3, 2)),
            "W has shape (3, 2); here it must be (2, 3).",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


def test_backward_wants_a_forward_pass_and_its_shape():
    layer = cells.Linear(3, 2)
    with pytest.raises(RuntimeError, match=r"call forward\(x\) first"):
        layer.backward(noise(5, 2))
    layer.forward(noise(5, 3))
    with pytest.raises(ValueError, match=r"dy has shape \(4, 2\); here it must be \(5, 2\)"):
        layer.backward(noise(4, 2))


def test_the_examples_in_the_docstrings_run():
    tested = doctest.testmod(importlib.import_module("rnncourse.cells.linear_layer"))
    assert (tested.attempted, tested.failed) == (1, 0)
