"""Dropout drops what it says, layer norm normalises, and both gradients are right.

Proved, in float64: layer norm's values and gradients agree to 1e-10 with torch.nn.LayerNorm and
with torch's automatic derivatives of the formula, and with difference quotients; dropout, with the
mask that was drawn, is a product. Wrong versions of the files are made from their text, and the
same tests refuse each of them.
"""

import doctest

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse import cells, train
from rnncourse.cells import dropout as dropout_file
from rnncourse.cells import layer_norm as layer_norm_file


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def close(ours, theirs, name=""):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-10, err_msg=name)


# Dropout


def test_dropout_sets_the_part_p_to_zero_and_keeps_the_mean():
    dropout = cells.Dropout(0.3, seed=1)
    y = dropout.forward(np.full((50, 40, 30), 7.0))
    assert set(np.unique(y).round(12)) == {0.0, 10.0}
    assert abs((y == 0).mean() - 0.3) < 0.01 and abs(y.mean() - 7.0) < 0.1
    # anew at every step, every row and every call
    kept = y != 0
    assert abs((kept[1:] == kept[:-1]).mean() - 0.58) < 0.02
    assert abs((kept[:, 1:] == kept[:, :-1]).mean() - 0.58) < 0.02
    assert abs((kept == (dropout.forward(y + 1.0) != 0)).mean() - 0.58) < 0.02


def test_one_mask_for_all_steps_belongs_to_the_sequence():
    y = cells.Dropout(0.3, same_mask=True).forward(np.ones((50, 40, 30)))
    assert (y == y[0]).all()
    assert abs((y[0] == 0).mean() - 0.3) < 0.03
    assert abs(((y[0, 1:] != 0) == (y[0, :-1] != 0)).mean() - 0.58) < 0.05


def test_out_of_training_nothing_is_dropped():
    dropout, x = cells.Dropout(0.3), noise(4, 2, 3)
    dropout.training = False
    np.testing.assert_array_equal(dropout.forward(x), x)
    np.testing.assert_array_equal(dropout.backward(x)["x"], x)


@pytest.mark.parametrize("same_mask", [False, True])
def test_dropouts_gradient_passes_where_its_value_did(same_mask):
    dropout, x, dy = cells.Dropout(0.5, same_mask), noise(6, 4, 5), noise(6, 4, 5, seed=1)
    y = dropout.forward(x)
    close(dropout.backward(dy)["x"], dy * (y / x))


@pytest.mark.parametrize("same_mask", [False, True])
def test_dropouts_at_once_equal_each_alone(same_mask):
    S = 3
    together = cells.Dropout(0.5, same_mask, seed=7, seeds=S)
    x, dy = noise(4, S, 2, 5), noise(4, S, 2, 5, seed=1)
    for _ in range(2):  # in the second call too
        y, dx = together.forward(x), together.backward(dy)["x"]
    assert ((y[:, 0] == 0) != (y[:, 1] == 0)).any()
    for k in range(S):
        alone = cells.Dropout(0.5, same_mask, seed=7 + k)
        for _ in range(2):
            expected = alone.forward(x[:, k])
        close(y[:, k], expected)
        close(dx[:, k], alone.backward(dy[:, k])["x"])


# Layer norm


def norm_agrees(LayerNorm, ahead, n, seed):
    layer, x, dy = LayerNorm(n), noise(*ahead, n, seed=seed), noise(*ahead, n, seed=seed + 1)
    layer.g, layer.b = noise(n, seed=seed + 2), noise(n, seed=seed + 3)
    module = torch.nn.LayerNorm(n, dtype=torch.float64)
    with torch.no_grad():
        module.weight.copy_(torch.from_numpy(layer.g))
        module.bias.copy_(torch.from_numpy(layer.b))
    x_torch = torch.tensor(x, requires_grad=True)
    theirs = module(x_torch)
    theirs.backward(torch.from_numpy(dy))
    x_again = torch.tensor(x, requires_grad=True)  # and as it is written in the paper
    mean = x_again.sum(-1, keepdim=True) / n
    variance = ((x_again - mean) ** 2).sum(-1, keepdim=True) / n
    written = torch.from_numpy(layer.g) * (x_again - mean) / (variance + 1e-5).sqrt()
    (written * torch.from_numpy(dy)).sum().backward()

    y = layer.forward(x)
    grads = layer.backward(dy)
    close(y, theirs)
    close(y, written + torch.from_numpy(layer.b))
    assert grads.keys() == {"g", "b", "x"}
    close(grads["g"], module.weight.grad, "g")
    close(grads["b"], module.bias.grad, "b")
    close(grads["x"], x_torch.grad, "x")
    close(grads["x"], x_again.grad, "x")
    errors = train.gradient_check(
        lambda: np.sum(dy * layer.forward(x)), layer.parameters | {"x": x}, grads, samples=5
    )
    assert errors["g"] < 1e-6 and errors["b"] < 1e-6
    if n > 2:  # of two features the normalised values are -1 and 1, and dL/dx all but vanishes
        assert errors["x"] < 1e-4, errors


@given(
    ahead=st.lists(st.integers(1, 4), max_size=3),
    n=st.integers(1, 6),
    seed=st.integers(0, 9999),
)
@settings(deadline=None, max_examples=40)
def test_layer_norm_equals_torchs_the_papers_and_difference_quotients(ahead, n, seed):
    norm_agrees(cells.LayerNorm, ahead, n, seed)


def test_layer_norm_gives_every_row_mean_b_and_spread_g_whatever_its_scale():
    layer = cells.LayerNorm(50)
    y = layer.forward(noise(4, 3, 50) * 100 + 7)
    close(y.mean(axis=-1), np.zeros((4, 3)))
    np.testing.assert_allclose(y.std(axis=-1), 1.0, rtol=1e-6)
    x = noise(4, 3, 50)
    alone = layer.forward(x)[2, 1]  # neither the batch nor time takes part
    close(layer.forward(x[2, 1]), alone)


@pytest.mark.parametrize("ahead", [(), (6,)])
def test_norms_at_once_equal_each_alone(ahead):
    S, B, n = 3, 2, 5
    together = cells.LayerNorm(n, seeds=S)
    together.g, together.b = noise(S, n), noise(S, n, seed=1)
    x, dy = noise(*ahead, S, B, n, seed=2), noise(*ahead, S, B, n, seed=3)
    y, grads = together.forward(x), together.backward(dy)
    for k in range(S):
        alone = together.pick(k)
        close(y[..., k, :, :], alone.forward(x[..., k, :, :]))
        expected = alone.backward(dy[..., k, :, :])
        close(grads["g"][k], expected["g"])
        close(grads["b"][k], expected["b"])
        close(grads["x"][..., k, :, :], expected["x"])


def test_a_norm_goes_to_torch_and_back():
    there, x = cells.LayerNorm(5, eps=1e-3), noise(4, 2, 5)
    there.g, there.b = noise(5, seed=1), noise(5, seed=2)
    module = there.to_torch()
    back = cells.LayerNorm.from_torch(module)
    close(module(torch.from_numpy(x)).detach().numpy(), there.forward(x))
    close(back.forward(x), there.forward(x))


# What a caller may count on


def test_float32_stays_float32_and_comes_near_float64():
    x, dy = noise(6, 3, 4), noise(6, 3, 4, seed=1)
    wide, narrow = (cells.LayerNorm(4, dtype=dtype) for dtype in (np.float64, np.float32))
    y = narrow.forward(x)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, wide.forward(x), atol=1e-4)
    expected = wide.backward(dy)
    for name, gradient in narrow.backward(dy).items():
        assert gradient.dtype == np.float32
        np.testing.assert_allclose(gradient, expected[name], rtol=1e-3, atol=1e-3)
    dropout = cells.Dropout(0.5)
    assert dropout.forward(x.astype(np.float32)).dtype == np.float32
    assert dropout.backward(dy)["x"].dtype == np.float32


@pytest.mark.parametrize("made", [lambda: cells.LayerNorm(3), lambda: cells.Dropout(0.5)])
def test_the_input_is_left_as_it_was(made):
    layer, x = made(), noise(4, 2, 3)
    kept = x.copy()
    y = layer.forward(x)
    layer.backward(y)
    np.testing.assert_array_equal(x, kept)
    assert not np.shares_memory(x, y)


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: cells.Dropout(-0.1),
            "p is -0.1; the part that is dropped goes from 0 to below 1.",
        ),
        (
            lambda: cells.Dropout(0.5).forward(noise(4, 3)),
            "x has shape (4, 3); dropout takes (T, B, n).",
        ),
        (
            lambda: cells.Dropout(0.5, seeds=2).forward(noise(4, 3, 2, 5)),
            "x has shape (4, 3, 2, 5); here dropout takes (T, 2, B, n).",
        ),
        (
            lambda: cells.LayerNorm(3).forward(noise(4, 5)),
            "x has 5 features; this layer was made for 3.",
        ),
        (
            lambda: cells.LayerNorm(3, seeds=2).forward(noise(4, 3)),
            "x has shape (4, 3); 2 layers take (..., S, B, n).",
        ),
        (
            lambda: cells.LayerNorm(3, seeds=2).to_torch(),
            "This layer is 2 layers; pick(k) gives one of them.",
        ),
        (
            lambda: cells.LayerNorm.from_torch(torch.nn.LayerNorm((3, 4))),
            "from_torch takes a norm over one axis, with weight and bias.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


@pytest.mark.parametrize("made", [lambda: cells.LayerNorm(3), lambda: cells.Dropout(0.5)])
def test_backward_before_forward_says_so(made):
    layer = made()
    with pytest.raises(RuntimeError, match=r"call forward\(x\) first"):
        layer.backward(noise(4, 2, 3))
    layer.forward(noise(4, 2, 3))
    with pytest.raises(ValueError, match=r"dy has shape \(2, 3\); here it must be \(4, 2, 3\)"):
        layer.backward(noise(2, 3))


@pytest.mark.parametrize("module", [dropout_file, layer_norm_file])
def test_the_examples_in_the_docstrings_run(module):
    tested = doctest.testmod(module)
    assert tested.attempted > 0
    assert tested.failed == 0


# The proof refuses what is wrong

DROPOUT = {
    "what is kept is not scaled": ("1.0 / (1.0 - self.p)", "1.0"),
    "what is kept is scaled by p": ("1.0 / (1.0 - self.p)", "1.0 / self.p"),
    "p is the part that is kept": (">= self.p", "< self.p"),
    "nothing is new at the next step": ("(1 if self.same_mask else T, B, n)", "(1, B, n)"),
    "one mask for the batch": ("(1 if self.same_mask else T, B, n)", "(T, 1, n)"),
    "the flag is ignored": ("if not self.training or self.p == 0", "if self.p == 0"),
    "the gradient passes everywhere": ("dy * self._factors}", "dy}"),
}
NORM = {
    "the variance is divided by n - 1": (
        "(centred * centred).mean(axis=-1, keepdims=True)",
        "x.var(axis=-1, keepdims=True, ddof=1)",
    ),
    "eps is added outside the root": ("keepdims=True) + self.eps)", "keepdims=True)) + self.eps"),
    "the mean is not taken off": ("centred = x - x.mean(axis=-1, keepdims=True)", "centred = x"),
    "it is normalised over the batch": (
        "x - x.mean(axis=-1, keepdims=True)",
        "x - x.mean(axis=0, keepdims=True)",
    ),
    "the way through the mean is forgotten": ("d_normal - through_mean -", "d_normal -"),
    "the way through the spread is forgotten": ("- through_spread)", ")"),
    "g is forgotten going back": ("dy * self._per_row(self.g)", "dy"),
    "dL/dg forgets the values": ("rows(dy * normal,", "rows(dy,"),
    "dL/db is a mean": ("rows(dy, self.seeds).sum(", "rows(dy, self.seeds).mean("),
}


@pytest.mark.parametrize("name", DROPOUT)
def test_a_wrong_dropout_is_refused(name, monkeypatch):
    monkeypatch.setattr(cells, "Dropout", mutated(dropout_file, *DROPOUT[name]).Dropout)
    with pytest.raises(AssertionError):
        test_dropout_sets_the_part_p_to_zero_and_keeps_the_mean()
        test_out_of_training_nothing_is_dropped()
        test_dropouts_gradient_passes_where_its_value_did(False)


@pytest.mark.parametrize("name", NORM)
def test_a_wrong_norm_is_refused(name):
    wrong = mutated(layer_norm_file, *NORM[name]).LayerNorm
    with pytest.raises(AssertionError):
        norm_agrees(wrong, [4, 3], 5, 0)
