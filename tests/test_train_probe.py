"""The memory probe reads what is there and nothing that is not.

A shift register holds exactly its last H inputs; a leaky neuron holds, of the input k steps back,
a share that can be computed on paper: both are known before the probe measures.
"""

import doctest

import numpy as np
import pytest

from rnncourse import cells, train


def shift_register(x, length):
    """States that hold the last `length` inputs: (T, B) -> (T, B, length)."""
    padded = np.concatenate([np.zeros((length - 1, *x.shape[1:]), x.dtype), x])
    return np.stack([padded[length - 1 - k : len(padded) - k] for k in range(length)], axis=-1)


def numbers(steps=60, rows=40, seed=0):
    return np.random.default_rng(seed).uniform(-1, 1, (steps, rows))


def symbols(count, steps=60, rows=40, seed=0):
    return np.random.default_rng(seed).integers(0, count, (steps, rows))


def test_a_shift_register_is_read_exactly_up_to_its_length():
    x = numbers()
    memory = train.memory_probe(shift_register(x, 5), x, range(10))
    assert memory.score[:5] == pytest.approx(1, abs=1e-9)
    assert np.abs(memory.score[5:]).max() < 0.05
    assert memory.measure == "R²"
    assert memory.chance == 0
    assert memory.span() == 5


def test_a_shift_register_of_bits_is_read_exactly_and_beyond_it_by_chance():
    x = symbols(2)
    memory = train.memory_probe(shift_register(x, 4), x, range(8))
    assert memory.score[:4].tolist() == [1] * 4
    assert np.abs(memory.score[4:] - 0.5).max() < 0.05
    assert memory.measure == "accuracy"
    assert memory.chance == pytest.approx(0.5, abs=0.05)
    assert memory.span() == 4


def test_a_rnn_whose_w_hh_is_a_shift_register_remembers_h_symbols():
    x = symbols(2, steps=40)
    rnn = cells.RNN(1, 6, "linear")
    for name, values in rnn.parameters.items():
        values[...] = np.eye(6, k=-1) if name == "W_hh" else 0
    rnn.W_ih[0, 0] = 1
    memory = train.memory_probe(rnn.forward(x[..., None]), x, range(9))
    assert memory.score[:6].tolist() == [1] * 6
    assert np.abs(memory.score[6:] - 0.5).max() < 0.06


def test_the_example_in_the_docstring_is_true():
    tested = doctest.testmod(train.probe)
    assert (tested.attempted, tested.failed) == (3, 0)


@pytest.mark.parametrize("w", [0.5, 0.8, -0.8])
def test_a_leaky_neuron_holds_the_share_that_one_computes_on_paper(w):
    x = numbers(steps=400, rows=60)
    h = cells.run_neuron(x, w_x=1.0, w_h=w)
    memory = train.memory_probe(h[..., None], x, range(6))
    # h is the sum of w^k x_{t-k}: of its variance, 1 / (1 - w²), a part w^2k comes from lag k.
    share = (1 - w**2) * w ** (2 * np.arange(6))
    assert memory.score == pytest.approx(share, abs=0.02)


def test_more_than_two_classes_and_their_chance():
    x = symbols(5, rows=80)
    one_hot = np.eye(5)[x]
    states = np.concatenate([one_hot, np.roll(one_hot, 2, axis=0)], axis=-1)
    memory = train.memory_probe(states, x, [0, 1, 2, 3])
    assert memory.score[[0, 2]].tolist() == [1, 1]
    assert memory.score[[1, 3]] == pytest.approx(0.2, abs=0.05)
    assert memory.chance == pytest.approx(0.2, abs=0.03)


def test_chance_is_the_commonest_class():
    x = (np.random.default_rng(0).random((60, 60)) < 0.8).astype(int)
    noise = np.random.default_rng(1).normal(size=(60, 60, 3))
    memory = train.memory_probe(noise, x, [0, 3])
    assert memory.chance == pytest.approx(x[:, 30:].mean(), abs=0.01)
    assert memory.score == pytest.approx(memory.chance, abs=0.01)


def test_states_of_noise_tell_nothing_even_with_many_units():
    noise = np.random.default_rng(1).normal(size=(60, 60, 100))
    memory = train.memory_probe(noise, numbers(rows=60), range(5))
    assert memory.score.max() < 0.05


def test_it_is_tested_on_sequences_it_has_not_seen():
    x = numbers(steps=12, rows=8)  # 4 sequences to fit: 48 states, and 40 units learn them by heart
    noise = np.random.default_rng(1).normal(size=(12, 8, 40))
    assert train.memory_probe(noise, x, [0]).score[0] < 0


def test_several_features_are_read_together():
    x = np.random.default_rng(0).uniform(-1, 1, (50, 40, 2))
    first = train.memory_probe(x[..., :1], x, [0]).score[0]
    assert first == pytest.approx(0.5, abs=0.02)
    assert train.memory_probe(x, x, [0]).score[0] == pytest.approx(1)


@pytest.mark.parametrize("kind", ["numbers", "classes"])
def test_networks_side_by_side_score_as_alone(kind):
    x = numbers() if kind == "numbers" else symbols(3)
    rnn = cells.RNN(1, 7, seeds=3)
    states = rnn.forward(x[..., None].astype(float))
    together = train.memory_probe(states, x, range(6))
    assert together.score.shape == (3, 6)
    for k in range(3):
        alone = train.memory_probe(states[:, k], x, range(6))
        assert together.score[k] == pytest.approx(alone.score)
        assert together.span()[k] == alone.span()


@pytest.mark.parametrize(("size", "shift"), [(1000, 7), (1e-6, 0)])
def test_the_unit_of_the_states_does_not_matter(size, shift):
    x = numbers()
    h = cells.RNN(1, 5).forward(x[..., None])
    plain = train.memory_probe(h, x, range(5)).score
    assert train.memory_probe(size * h + shift, x, range(5)).score == pytest.approx(plain, abs=1e-6)


def test_states_that_never_move_tell_nothing():
    memory = train.memory_probe(np.ones((60, 40, 3)), numbers(), [0, 1])
    assert memory.score == pytest.approx(0, abs=0.02)


def test_span_counts_only_what_is_readable_without_a_gap():
    memory = train.probe.Memory(np.arange(4), np.array([1.0, 0.9, 0.2, 0.9]), "R²", 0.0)
    assert memory.span() == 2
    assert memory.span(level=0.95) == 1
    assert memory.span(level=0.1) == 4


@pytest.mark.parametrize(
    ("states", "inputs", "lags", "says"),
    [
        (np.zeros((9, 4)), np.zeros((9, 4)), [0], r"\(9, 4\); it is \(T, B, H\)"),
        (np.zeros((9, 4, 2)), np.zeros((4, 9)), [0], r"\(9, 4\)"),
        (np.zeros((9, 4, 2)), np.zeros((9, 4, 3), int), [0], "argmax"),
        (np.zeros((9, 4, 2)), np.zeros((9, 4)), [9], "lag of 9"),
        (np.zeros((9, 4, 2)), np.zeros((9, 4)), [-1], "from 0"),
        (np.zeros((9, 4, 2)), np.zeros((9, 4)), [0.5], "whole"),
        (np.zeros((9, 4, 2)), np.zeros((9, 4)), [], "whole"),
        (np.zeros((9, 1, 2)), np.zeros((9, 1)), [0], "2 sequences"),
        (np.zeros((9, 4, 50)), np.zeros((9, 4)), [0], "18 states to fit 51 weights"),
        (np.full((9, 4, 2), np.nan), np.zeros((9, 4)), [0], "not finite"),
    ],
)
def test_what_cannot_be_probed_is_refused_in_words(states, inputs, lags, says):
    with pytest.raises(ValueError, match=says):
        train.memory_probe(states, inputs, lags)
