"""Detectors speak where they are right, and only there."""

import numpy as np
import pytest

from rnncourse.check.compare import normalise
from rnncourse.check.detectors import detect

rng = np.random.default_rng(7)
MATRICES = [rng.normal(size=(4, 3)), rng.normal(size=(2, 5)), rng.normal(size=(3, 3))]
SQUARES = [rng.normal(size=(4, 4)), rng.normal(size=(3, 3))]
SERIES = [rng.normal(size=n) for n in (6, 4, 9)]
BATCHES = [rng.normal(size=(5, 3, 2)), rng.normal(size=(4, 1, 2)), rng.normal(size=(3, 2, 2))]
GATES = [rng.normal(size=(8, 3)), rng.normal(size=(4, 2))]
SCALARS = [np.array(0.818), np.array(-0.4), np.array(0.25)]
SHARES = [np.array([0.1, 0.7, 0.4]), np.array([0.9, 0.3])]


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def softmax(a):
    e = np.exp(a)
    return e / e.sum(-1, keepdims=True)


def said(expected, change, **more):
    pairs = [(normalise(e), normalise(change(e))) for e in expected]
    return detect(pairs, **more)


def put(value, where):
    def change(e):
        e = e.copy()
        e[where] = value
        return e

    return change


def after_first(e):
    return np.concatenate([e[:1], e[1:] * 3 + 1 + np.arange(len(e) - 1)])


def first_column_only(e):
    e = e.copy()
    e[:, 1:] += 1 + rng.random(e[:, 1:].shape)
    return e


def batch_of_one_only(e):
    return e if e.shape[1] == 1 else e + rng.random(e.shape)


def up_to_step_two(e):
    e = e.copy()
    e[2] += 0.3
    e[3:] -= 1.7
    return e


def gates_ifgo_to_igfo(e):
    i, f, g, o = np.split(e, 4)
    return np.concatenate([i, g, f, o])


@pytest.mark.parametrize(
    ("expected", "change", "say"),
    [
        (MATRICES, lambda e: e.T, "transposed"),
        (SQUARES, lambda e: e.T, "transposed"),
        (BATCHES, lambda e: e.swapaxes(0, 1), "axes in another order"),
        (MATRICES, lambda e: e.T.reshape(e.shape), "reshaped where a transpose is meant"),
        (SERIES, lambda e: e[:, None], "arrangement is not: shape (6, 1), expected (6,)"),
        (SERIES, lambda e: e[::-1], "order is reversed"),
        (BATCHES, lambda e: e[:, :, ::-1], "reversed along axis 2"),
        (SERIES, lambda e: np.concatenate([[0], e[:-1]]), "one step late"),
        (SERIES, lambda e: np.concatenate([e[1:], [0]]), "one step early"),
        (SERIES, lambda e: np.roll(e, 1), "one step late"),
        (SERIES, lambda e: np.concatenate([[0], e]), "Is the initial value among the results?"),
        (SERIES, lambda e: np.concatenate([e, [0]]), "one step too many, the last"),
        (SERIES, lambda e: e[1:], "The first step is missing"),
        (SERIES, lambda e: e[:-1], "The last step is missing"),
        (BATCHES, lambda e: e[-1], "Only the last step came back"),
        (SERIES, lambda e: e[0], "Only the first step came back"),
        (SERIES, lambda e: (10 * e).astype(int) // 10, ""),
        ([10 * s for s in SERIES], lambda e: e.astype(int), "dtype=float"),
        (SERIES, lambda e: np.round(e, 2), "rounded to 2 decimals"),
        (SERIES, np.negative, "opposite sign"),
        (SCALARS, np.negative, "opposite sign"),
        (SERIES, np.abs, "the sign is lost"),
        (SHARES, lambda e: 1 - e, "one minus"),
        ([sigmoid(s) for s in SERIES], lambda e: np.log(e / (1 - e)), "before the sigmoid"),
        ([np.tanh(s) for s in SERIES], np.arctanh, "before the tanh"),
        ([np.maximum(s, 0) for s in SERIES], lambda e: np.where(e > 0, e, -1.5), "before the ReLU"),
        ([softmax(m) for m in MATRICES], lambda e: np.log(e) + 3, "before the softmax"),
        (SERIES, sigmoid, "the sigmoid of the expected values"),
        (SERIES, np.tanh, "the tanh of the expected values"),
        ([np.tanh(s) for s in SERIES], lambda e: sigmoid(np.arctanh(e)), "sigmoid where tanh is"),
        ([sigmoid(s) for s in SERIES], lambda e: np.tanh(np.log(e / (1 - e))), "tanh where a sigm"),
        (SERIES, lambda e: 0.5 * e, "0.5 times"),
        (SCALARS, lambda e: 2.5 * e, "2.5 times"),
        (SERIES, lambda e: e + 0.25, "0.25 too large"),
        (SCALARS, lambda e: e - 0.1, "0.1 too small"),
        (GATES, gates_ifgo_to_igfo, "yours are the expected blocks 1, 3, 2, 4"),
        (GATES, lambda e: np.roll(e, len(e) // 2, axis=0), "another order: yours are"),
        ([g[:6] for g in [rng.normal(size=(6, 5)), rng.normal(size=(2, 3))]],
         lambda e: np.concatenate([e[len(e) // 2 :], e[: len(e) // 2]]), "halves"),
        (BATCHES, first_column_only, "Only the first column is right"),
        (BATCHES, batch_of_one_only, "a batch of one"),
        (SERIES, after_first, "The first step is right and no later one"),
        (SERIES, put(9.0, -1), "Only the last step is different"),
        (SERIES, up_to_step_two, "Right up to step 1 on every input"),
        (SERIES, np.zeros_like, "every value is 0"),
        (SERIES, lambda e: np.full_like(e, e[0]), "all entries hold the same number"),
        (SCALARS, lambda e: SCALARS[0], "example's result for every input"),
        (SCALARS, lambda e: np.array(3.0), "same result for every input"),
        (SHARES, lambda e: e if len(e) == 3 else e * [1, 5], "Right for the first input that"),
    ],
)  # fmt: skip
def test_a_detector_names_what_relates_the_values(expected, change, say):
    sentence = said(expected, change, axis="step")
    if not say:
        assert sentence == ""
    else:
        assert any(part in sentence for part in say.split("|")), sentence


@pytest.mark.parametrize(
    "change",
    [
        lambda e: e + rng.normal(size=e.shape),
        lambda e: e**2 + 0.3 * e,
        lambda e: np.cumsum(e) - 0.4 * e,
        put(5.0, 2),
    ],
)
def test_what_is_unrelated_gets_no_guess(change):
    assert said(SERIES, change) == ""


def test_one_probe_that_contradicts_silences_a_detector():
    pairs = [(normalise(e), normalise(-e)) for e in SERIES[:2]]
    pairs.append((normalise(SERIES[2]), normalise(SERIES[2])))
    assert "sign" not in detect(pairs)


def test_a_probe_that_tells_nothing_does_not_silence_a_detector():
    symmetric = np.eye(3)
    pairs = [(normalise(MATRICES[0]), normalise(MATRICES[0].T))]
    pairs.append((normalise(symmetric), normalise(symmetric)))
    assert "transposed" in detect(pairs)


def test_one_number_alone_says_nothing_of_a_factor_or_an_offset():
    pairs = [(normalise(0.818), normalise(0.5))]
    assert detect(pairs) == ""
    assert detect([*pairs, (normalise(0.818), normalise(0.5))]) == ""


def test_factors_that_differ_between_probes_are_no_factor():
    pairs = [(normalise(e), normalise(e * k)) for k, e in zip((2, 3, 4), SERIES, strict=True)]
    assert "times" not in detect(pairs)


def test_a_detector_works_inside_a_returned_pair_and_names_which():
    pairs = [(normalise((e, 1.0)), normalise((e[::-1], 1.0))) for e in SERIES]
    assert (
        detect(pairs) == "In the first of the 2 values: the order is reversed: the first came last."
    )


def test_a_detector_works_inside_a_dict():
    pairs = [(normalise({"h": e}), normalise({"h": -e})) for e in SERIES]
    assert detect(pairs).startswith("At 'h': every value has the opposite sign")


def test_float32_answers_are_detected_alike():
    pairs = [(normalise(m), normalise(m.T.astype(np.float32))) for m in MATRICES]
    assert "transposed" in detect(pairs)


def test_text_and_truth_values_get_no_number_talk():
    assert detect([(normalise("ab"), normalise("ba")), (normalise("c"), normalise("d"))]) == ""
    assert detect([(normalise(True), normalise(False))]) == ""
