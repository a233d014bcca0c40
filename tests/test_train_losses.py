"""Each loss and its derivative agree with torch's and with difference quotients, in float64."""

import doctest
import importlib

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mutants import mutated

from rnncourse.train import cross_entropy, gradient_check, losses, set_entropy, squared_error

sizes = st.tuples(st.integers(1, 6), st.integers(1, 4), st.integers(1, 5))  # T, B, and O or V


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def some(*shape, seed):
    """A mask that leaves at least one step."""
    mask = np.random.default_rng(seed).random(shape) < 0.6
    mask.flat[0] = True
    return mask


def close(ours, theirs):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=50)
def test_squared_error_equals_torchs_and_difference_quotients(size, seed, masked):
    squared_error_agrees(squared_error, size, seed, masked)


def squared_error_agrees(squared_error, size, seed, masked):
    y, target = noise(*size, seed=seed), noise(*size, seed=seed + 1)
    mask = some(*size[:2], seed=seed) if masked else None
    loss, dy = squared_error(y, target, mask)

    y_torch = torch.tensor(y, requires_grad=True)
    counted = torch.from_numpy(np.ones(size[:2], bool) if mask is None else mask)
    theirs = torch.nn.functional.mse_loss(y_torch[counted], torch.from_numpy(target)[counted])
    theirs.backward()
    close(loss, theirs)
    close(dy, y_torch.grad)
    quotient = gradient_check(
        lambda: squared_error(y, target, mask)[0], {"y": y}, {"y": dy}, eps=1e-3
    )
    assert quotient["y"] < 1e-6


@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans(), ignored=st.booleans())
@settings(deadline=None, max_examples=50)
def test_cross_entropy_equals_torchs_and_difference_quotients(size, seed, masked, ignored):
    cross_entropy_agrees(cross_entropy, size, seed, masked, ignored)


def cross_entropy_agrees(cross_entropy, size, seed, masked, ignored):
    T, B, V = size
    scores = noise(*size, seed=seed)
    targets = np.random.default_rng(seed).integers(0, V, (T, B))
    kept = np.ones((T, B), bool)
    if ignored:
        kept &= some(T, B, seed=seed)
        targets[~kept] = -1
    mask = some(T, B, seed=seed + 1) if masked else None
    if mask is not None:
        kept &= mask
        assume(kept.any())
    loss, dscores = cross_entropy(scores, targets, mask)

    leaf = torch.tensor(scores, requires_grad=True)
    wanted = torch.from_numpy(np.where(kept, targets, -1))
    theirs = torch.nn.functional.cross_entropy(
        leaf.reshape(-1, V), wanted.reshape(-1), ignore_index=-1
    )
    theirs.backward()
    close(loss, theirs)
    close(dscores, leaf.grad)
    assert not dscores[~kept].any()
    if V > 1:  # one class alone is certain: a quotient finds nothing but rounding
        quotient = gradient_check(
            lambda: cross_entropy(scores, targets, mask)[0], {"s": scores}, {"s": dscores}
        )
        assert quotient["s"] < 1e-5


@given(size=sizes, seed=st.integers(0, 9999), masked=st.booleans())
@settings(deadline=None, max_examples=50)
def test_set_entropy_equals_torchs_and_difference_quotients(size, seed, masked):
    set_entropy_agrees(set_entropy, size, seed, masked)


def set_entropy_agrees(set_entropy, size, seed, masked):
    scores = 3 * noise(*size, seed=seed)
    legal = np.random.default_rng(seed).random(size) < 0.4
    mask = some(*size[:2], seed=seed) if masked else None
    loss, dscores = set_entropy(scores, legal, mask)

    leaf = torch.tensor(scores, requires_grad=True)
    counted = torch.from_numpy(np.ones(size[:2], bool) if mask is None else mask)
    theirs = torch.nn.functional.binary_cross_entropy_with_logits(
        leaf[counted], torch.from_numpy(legal)[counted].double()
    )
    theirs.backward()
    close(loss, theirs)
    close(dscores, leaf.grad)
    quotient = gradient_check(
        lambda: set_entropy(scores, legal, mask)[0], {"s": scores}, {"s": dscores}
    )
    assert quotient["s"] < 1e-5


MUTANTS = {
    "squared error: the 2 is forgotten": ("error * (2.0 /", "error * (1.0 /"),
    "squared error: a sum over the outputs": (".mean(axis=-1)  # (T, B)", ".sum(axis=-1)"),
    "squared error: the sign": ("error = y - target", "error = target - y"),
    "the mean is over all steps, counted or not": (
        "return counts / n",
        "return counts / counts.size",
    ),
    "the mask is ignored": ("return counts / n", "return np.ones(shape) / n"),
    "cross-entropy: ignored targets count": (
        "share = _shares(counts, shape, seeds)",
        "share = _shares(None, shape, seeds)",
    ),
    "cross-entropy: the softmax is not normalised": ("p /= total", "pass"),
    "cross-entropy: the target's 1 is forgotten": ("hit - 1.0", "hit"),
    "cross-entropy: no logarithm": ("np.log(total) - said", "total - said"),
    "set entropy: the sign of the score is lost": (
        "np.where(scores >= 0, 1.0, small)",
        "np.where(scores >= 0, small, small)",
    ),
    "set entropy: yes and no exchanged": ("- scores * legal +", "- scores * (1 - legal) +"),
    "set entropy: a sum over the symbols": ("np.log1p(small)).mean", "np.log1p(small)).sum"),
    "set entropy: the gradient of a sum over the symbols": (
        "(share[..., None] / scores.shape[-1])",
        "(share[..., None])",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_version_is_refused(name):
    wrong = mutated(losses, *MUTANTS[name])
    with pytest.raises(AssertionError):
        squared_error_agrees(wrong.squared_error, (5, 4, 3), 0, masked=True)
        cross_entropy_agrees(wrong.cross_entropy, (5, 4, 3), 0, masked=False, ignored=True)
        set_entropy_agrees(wrong.set_entropy, (5, 4, 3), 0, masked=True)


@pytest.mark.parametrize("ahead", [(), (6,)])
@pytest.mark.parametrize("own", [False, True])
def test_networks_at_once_have_each_its_own_mean(ahead, own):
    S, B, V = 3, 4, 5
    scores = noise(*ahead, S, B, V)
    wanted = noise(*ahead, S, B, V, seed=1)
    classes = np.random.default_rng(2).integers(-1, V, (*ahead, S, B))
    mask = some(*ahead, S, B, seed=3) | (np.arange(B) == 1)
    classes[..., 1] = 2
    legal = wanted > 0
    if not own:
        wanted, legal = wanted[..., 0, :, :], legal[..., 0, :, :]
        classes, mask = classes[..., 0, :], mask[..., 0, :]
    losses_of = ((squared_error, wanted, 2), (cross_entropy, classes, 1), (set_entropy, legal, 2))
    for loss, target, axes in losses_of:
        each, d = loss(scores, target, mask=mask, seeds=True)
        assert each.shape == (S,) and d.shape == scores.shape
        for k in range(S):
            own_target = np.moveaxis(target, -axes - 1, 0)[k] if own else target
            own_mask = mask[..., k, :] if own else mask
            alone, d_alone = loss(scores[..., k, :, :], own_target, mask=own_mask)
            close(each[k], alone)
            close(d[..., k, :, :], d_alone)


def test_equal_scores_cost_the_logarithm_of_the_classes():
    assert cross_entropy(np.zeros((4, 2, 10)), np.full((4, 2), 3))[0] == pytest.approx(np.log(10))


def test_huge_scores_cost_a_finite_amount():
    loss, d = cross_entropy([[1e4, -1e4, 0.0]], [1])
    assert loss == 2e4
    np.testing.assert_array_equal(d, [[1.0, -1.0, 0.0]])


def test_huge_scores_for_sets_cost_a_finite_amount():
    loss, d = set_entropy([[1e4, -1e4, 1e4, -1e4]], [[0, 1, 1, 0]])
    assert loss == 2e4 / 4
    np.testing.assert_array_equal(d, [[0.25, -0.25, 0.0, 0.0]])


def test_scores_of_zero_cost_ln_2_whatever_the_sets():
    legal = np.random.default_rng(0).random((4, 2, 7)) < 0.5
    assert set_entropy(np.zeros((4, 2, 7)), legal)[0] == pytest.approx(np.log(2))
    as_numbers = set_entropy(noise(4, 2, 7), legal.astype(int))[0]
    assert as_numbers == set_entropy(noise(4, 2, 7), legal)[0]


def test_another_number_may_mean_ignored():
    scores = noise(3, 4)
    assert cross_entropy(scores, [1, -100, 2], ignore=-100)[0] == pytest.approx(
        cross_entropy(scores[[0, 2]], [1, 2])[0]
    )
    assert cross_entropy(scores, [1, 0, 2], ignore=0)[0] == pytest.approx(
        cross_entropy(scores[[0, 2]], [1, 2])[0]
    )


def test_float32_stays_float32():
    y = noise(4, 3, 2).astype(np.float32)
    assert squared_error(y, y)[1].dtype == np.float32
    assert cross_entropy(y, np.zeros((4, 3), int), seeds=True)[1].dtype == np.float32
    assert set_entropy(y, y > 0, seeds=True)[1].dtype == np.float32
    assert set_entropy(y, (y > 0).astype(int))[1].dtype == np.float32


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: squared_error(noise(4, 1), noise(4)),
            "target has shape (4,); here it must be (4, 1).",
        ),
        (
            lambda: squared_error(noise(4, 2, 1), noise(4, 2, 1), mask=[True, False]),
            "mask has shape (2,); here it must be (4, 2).",
        ),
        (
            lambda: cross_entropy(noise(4, 5), np.zeros((4, 1), int)),
            "targets has shape (4, 1); here it must be (4,).",
        ),
        (
            lambda: cross_entropy(noise(2, 5), [3, 5]),
            "targets must be whole numbers from 0 to 4, or -1 to ignore.",
        ),
        (
            lambda: cross_entropy(noise(2, 5), [3, -2]),
            "targets must be whole numbers from 0 to 4, or -1 to ignore.",
        ),
        (
            lambda: cross_entropy(noise(2, 5), [0.5, 1.0]),
            "targets must be whole numbers from 0 to 4, or -1 to ignore.",
        ),
        (
            lambda: cross_entropy(noise(2, 5), [-1, -1]),
            "No step counts; there is nothing to take the mean of.",
        ),
        (
            lambda: set_entropy(noise(2, 5), [1, 2]),
            "legal has shape (2,); here it must be (2, 5).",
        ),
        (
            lambda: set_entropy(noise(1, 2), [[0.5, 1.0]]),
            "legal must be True or False, or 1 or 0, for every symbol.",
        ),
        (
            lambda: set_entropy(noise(2, 5), noise(2, 5) > 0, mask=[False, False]),
            "No step counts; there is nothing to take the mean of.",
        ),
        (
            lambda: squared_error(noise(2, 5), noise(2, 5), mask=[False, False]),
            "No step counts; there is nothing to take the mean of.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


def test_the_examples_in_the_docstrings_run():
    tested = doctest.testmod(importlib.import_module("rnncourse.train.losses"))
    assert tested.attempted == 6
    assert tested.failed == 0
