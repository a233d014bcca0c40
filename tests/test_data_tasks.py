"""Each task is what its paper says, and chance is what its docstring says.

Answers are recomputed from `x` alone, by loops that share nothing with the code; chance is
measured on thousands of sequences, as the loss of the best answer that looks at no earlier step.
"""

import numpy as np
import pytest

from rnncourse import data
from rnncourse.data import tasks

EVERY = {
    "xor": lambda seed: tasks.xor_in_time(3, 100, seed),
    "echo": lambda seed: tasks.delayed_echo(3, 20, 4, seed),
    "echo of symbols": lambda seed: tasks.delayed_echo(3, 20, 4, seed, symbols=5),
    "parity": lambda seed: tasks.parity(3, 20, seed),
    "final parity": lambda seed: tasks.parity(3, 20, seed, every_step=False),
    "adding": lambda seed: tasks.adding(3, 20, seed),
    "adding of 1997": lambda seed: tasks.adding(3, 40, seed, values="1997"),
    "order": lambda seed: tasks.temporal_order(3, 40, seed),
    "order of 1997": lambda seed: tasks.temporal_order(3, 100, seed, form="1997"),
    "order of three": lambda seed: tasks.temporal_order(3, 40, seed, form="1997", symbols=3),
    "copying": lambda seed: tasks.copying(3, 20, seed),
    "reber": lambda seed: tasks.reber(3, seed),
    "embedded reber": lambda seed: tasks.embedded_reber(3, seed),
    "continual reber": lambda seed: tasks.continual_reber(3, 40, seed),
}
make = pytest.mark.parametrize("make", EVERY.values(), ids=EVERY.keys())


def entropy(target: np.ndarray, classes: int) -> float:
    """Cross-entropy of the best constant answer: that of the classes' shares."""
    shares = np.bincount(target.ravel(), minlength=classes) / target.size
    return -(shares[shares > 0] * np.log(shares[shares > 0])).sum()


@make
def test_a_seed_gives_the_same_batch_and_another_seed_another(make):
    first, again, other = make((5, 1)), make((5, 1)), make((5, 2))
    assert np.array_equal(first.x, again.x)
    assert np.array_equal(first.target, again.target)
    assert not np.array_equal(first.x, other.x)


@make
def test_a_generator_moves_on(make):
    rng = np.random.default_rng(0)
    assert not np.array_equal(make(rng).x, make(rng).x)


@make
def test_shapes_and_types_are_as_documented(make):
    batch = make(0)
    steps, rows, _ = batch.x.shape
    assert batch.x.dtype == np.float64
    assert rows == 3
    if batch.classes is None:
        assert batch.target.dtype == np.float64
        assert batch.target.shape in {(steps, rows, 1), (rows, 1)}
    else:
        assert batch.target.dtype == np.int64
        assert batch.target.shape in {(steps, rows), (rows,)}
        assert -1 <= batch.target.min() <= batch.target.max() < batch.classes
    assert batch.asked is None or batch.asked.shape == (steps, rows)


@make
def test_a_batch_unpacks_into_what_training_needs(make):
    batch = make(0)
    parts = list(batch)
    assert parts[0] is batch.x
    assert parts[1] is batch.target
    assert parts[2:] == ([] if batch.mask is None else [batch.mask])


def test_numbers_can_be_single_precision():
    assert tasks.adding(2, 10, dtype=np.float32).target.dtype == np.float32
    assert tasks.copying(2, 10, dtype=np.float32).x.dtype == np.float32


# --- XOR in time


def test_every_third_bit_is_the_xor_of_the_two_before():
    batch = tasks.xor_in_time(2, 100, 1)
    for row in range(2):
        stream = [int(bit) for bit in batch.x[:, row, 0]] + [int(batch.target[-1, row, 0])]
        assert len(stream) == 101
        assert all(stream[i] == (stream[i - 1] != stream[i - 2]) for i in range(2, 101, 3))
        assert stream[1:] == [int(bit) for bit in batch.target[:, row, 0]]


def test_xor_asks_at_the_steps_whose_next_bit_can_be_known():
    batch = tasks.xor_in_time(1, 30)
    assert np.flatnonzero(batch.asked[:, 0]).tolist() == list(range(1, 30, 3))


def test_one_bit_tells_nothing_of_the_next_in_xor():
    batch = tasks.xor_in_time(1, 60_000, 3)
    now, after = batch.x.ravel(), batch.target.ravel()
    best = sum(((after[now == bit] - after[now == bit].mean()) ** 2).sum() for bit in (0, 1))
    assert best / 60_000 == pytest.approx(batch.chance, abs=0.002)
    assert batch.chance == 0.25


def test_a_perfect_memory_of_xor_scores_a_sixth():
    batch = tasks.xor_in_time(1, 30_000, 3)
    answer = np.full(30_000, 0.5)
    stream = batch.x[:, 0, 0]
    answer[1::3] = stream[1::3] != stream[0::3]
    assert np.mean((answer - batch.target[:, 0, 0]) ** 2) == pytest.approx(batch.solved)
    assert batch.solved == pytest.approx(1 / 6)


# --- delayed echo


def test_echo_says_what_came_lag_steps_ago():
    batch = tasks.delayed_echo(2, 9, 3, 1)
    assert np.array_equal(batch.target[3:], batch.x[:-3])
    assert not batch.target[:3].any()


def test_echo_of_symbols_does_not_count_the_first_steps():
    batch = tasks.delayed_echo(2, 9, 3, 1, symbols=4)
    assert np.array_equal(batch.target[3:], batch.x.argmax(-1)[:-3])
    assert (batch.target[:3] == -1).all()
    assert (batch.asked == (batch.target >= 0)).all()


def test_echo_chance_is_the_loss_of_answering_nothing():
    batch = tasks.delayed_echo(500, 40, 10)
    assert np.mean(batch.target**2) == pytest.approx(batch.chance, abs=0.005)
    assert batch.chance == pytest.approx(0.25)


def test_echo_of_symbols_has_chance_ln_v():
    batch = tasks.delayed_echo(2000, 20, 10, symbols=5)
    assert entropy(batch.target[10:], 5) == pytest.approx(batch.chance, abs=0.002)
    assert batch.chance == pytest.approx(np.log(5))


# --- parity


def test_parity_counts_the_ones_so_far():
    batch = tasks.parity(3, 12, 2)
    last = tasks.parity(3, 12, 2, every_step=False)
    for row in range(3):
        bits = batch.x[:, row, 0].tolist()
        assert batch.target[:, row].tolist() == [sum(bits[: t + 1]) % 2 for t in range(12)]
        assert last.target[row] == sum(bits) % 2


def test_parity_chance_is_a_coin():
    batch = tasks.parity(4000, 10)
    bits, parities = batch.x[..., 0].astype(int), batch.target
    each = [
        sum(entropy(parities[t][bits[t] == b], 2) * np.mean(bits[t] == b) for b in (0, 1))
        for t in range(10)
    ]
    assert each[0] == 0  # the first input is its own parity
    assert np.mean(each) == pytest.approx(batch.chance, abs=0.002)
    assert tasks.parity(2, 10, every_step=False).chance == pytest.approx(np.log(2))


# --- adding


def test_adding_marks_one_number_in_each_half_and_asks_for_their_sum():
    for length in (2, 7, 50):
        batch = tasks.adding(40, length, 3)
        for row in range(40):
            first, second = np.flatnonzero(batch.x[:, row, 1])
            assert first < length // 2 <= second
            assert batch.marks[:, row].tolist() == [first, second]
            sum_ = batch.x[first, row, 0] + batch.x[second, row, 0]
            assert batch.target[row, 0] == pytest.approx(sum_)
        assert batch.x[..., 1].sum() == 2 * 40


def test_every_step_can_be_marked_in_adding():
    marks = tasks.adding(500, 10).marks
    assert set(marks[0].tolist()) == set(range(5))
    assert set(marks[1].tolist()) == set(range(5, 10))


def test_adding_chance_is_the_variance_of_the_sum():
    batch = tasks.adding(20_000, 4)
    assert batch.target.mean() == pytest.approx(1, abs=0.01)
    assert batch.target.var() == pytest.approx(batch.chance, abs=0.003)
    assert batch.chance == 1 / 6


def test_adding_of_1997_is_experiment_4():
    batch = tasks.adding(4000, 100, 4, values="1997")
    assert batch.x.shape == (110, 4000, 2)
    assert set(batch.lengths.tolist()) == set(range(100, 111))
    assert set(batch.marks[0].tolist()) == set(range(10))
    assert set(batch.marks[1].tolist()) == set(range(50))
    assert (batch.marks[0] != batch.marks[1]).all()
    assert (batch.marks[1] < batch.marks[0]).any()  # the second may come before the first
    for row, length in enumerate(batch.lengths):
        values, markers = batch.x[:length, row].T
        assert (np.abs(values) <= 1).all()
        assert markers[0] == markers[-1] == -1
        assert set(np.flatnonzero(markers == 1)) == set(batch.marks[:, row]) - {0}
        assert (markers == 0).sum() == length - 2 - (markers == 1).sum()
        assert batch.target[row, 0] == pytest.approx(0.5 + values[markers == 1].sum() / 4)
        assert not batch.x[length:, row].any()
        assert batch.mask[:, row].sum() == length
    assert batch.x[..., 0].min() < -0.99


def test_the_second_mark_of_1997_is_equally_often_at_each_step_still_unmarked():
    first, second = tasks.adding(100_000, 30, values="1997").marks
    for step in range(10):
        others = np.bincount(second[first == step], minlength=15) / (first == step).sum()
        assert others[step] == 0
        assert np.delete(others, step) == pytest.approx(np.full(14, 1 / 14), abs=0.015)


@pytest.mark.parametrize("length", [30, 100])
def test_adding_chance_of_1997_is_the_variance_of_the_target(length):
    target = np.concatenate([tasks.adding(20_000, length, s, "1997").target for s in range(3)])
    batch = tasks.adding(1, length, values="1997")
    assert target.mean() == pytest.approx(0.5, abs=0.003)
    assert target.var() == pytest.approx(batch.chance, abs=0.0005)
    unmarked = [[k for k in range(length) if k != first][: length // 2 - 1] for first in range(10)]
    counted = [(k > 0) + (j > 0) for k in range(10) for j in unmarked[k]]  # the first step is mute
    assert batch.chance == pytest.approx(np.mean(counted) * (1 / 3) / 4**2, rel=1e-12)
    assert tasks.adding(1, 100, values="1997").chance == pytest.approx(0.0392, abs=0.00005)


# --- temporal order


def test_order_of_2013_is_the_class_of_its_two_symbols():
    batch = tasks.temporal_order(200, 50, 4)
    for row in range(200):
        ids = batch.x[:, row].argmax(-1)
        first, second = np.flatnonzero(ids < 2)
        assert 5 <= first < 10
        assert 25 <= second < 30
        assert batch.target[row] == 2 * ids[first] + ids[second]
        assert batch.marks[:, row].tolist() == [first, second]
    assert (batch.x.sum(-1) == 1).all()
    assert batch.x.shape == (50, 200, 6)


def test_order_of_1997_is_experiment_6a():
    batch = tasks.temporal_order(500, 100, 4, form="1997")
    places = [set(), set(), set()]
    for row, length in enumerate(batch.lengths):
        ids = batch.x[:length, row].argmax(-1)
        first, second = np.flatnonzero(ids < 2)
        assert batch.target[row] == 2 * ids[first] + ids[second]
        assert (ids[0], ids[-1]) == (6, 7)
        assert set(ids[1:-1]) == {0, 1, 2, 3, 4, 5} - ({0, 1} - set(ids[[first, second]]))
        assert not batch.x[length:, row].any()
        assert batch.mask[:, row].tolist() == [t < length for t in range(110)]
        for seen, place in zip(places, (first, second, length), strict=True):
            seen.add(int(place))
    assert places == [set(range(10, 21)), set(range(50, 61)), set(range(100, 111))]


def test_order_of_three_symbols_is_experiment_6b():
    batch = tasks.temporal_order(1000, 100, 4, form="1997", symbols=3)
    assert batch.x.shape == (110, 1000, 8)
    places = [set(), set(), set(), set()]
    for row, length in enumerate(batch.lengths):
        ids = batch.x[:length, row].argmax(-1)
        marks = np.flatnonzero(ids < 2)
        assert batch.marks[:, row].tolist() == marks.tolist()
        classes = ["XXX", "XXY", "XYX", "XYY", "YXX", "YXY", "YYX", "YYY"]
        assert classes[batch.target[row]] == "".join("XY"[k] for k in ids[marks])
        assert (ids[0], ids[-1]) == (6, 7)
        for seen, place in zip(places, (*marks, length), strict=True):
            seen.add(int(place))
    assert places == [set(range(a, a + 11)) for a in (10, 33, 66, 100)]


def test_order_of_three_symbols_has_eight_equal_classes():
    batch = tasks.temporal_order(20_000, 20, form="1997", symbols=3)
    assert entropy(batch.target, 8) == pytest.approx(batch.chance, abs=0.002)
    assert batch.chance == pytest.approx(np.log(8))
    assert batch.classes == 8
    ids = batch.x.argmax(-1)
    last, before = (ids[batch.marks[k], np.arange(20_000)] for k in (2, 1))
    assert (batch.target == last).mean() == pytest.approx(1 / 4, abs=0.02)
    assert (batch.target == 2 * before + last).mean() == pytest.approx(1 / 2, abs=0.02)


@pytest.mark.parametrize("length", range(10, 60))
def test_order_of_three_symbols_fits_into_every_length(length):
    batch = tasks.temporal_order(50, length, form="1997", symbols=3)
    assert (np.diff(batch.marks, axis=0) > 0).all()
    assert (batch.marks[0] > 0).all()
    assert (batch.marks[2] < batch.lengths - 1).all()


@pytest.mark.parametrize("form", ["2013", "1997"])
def test_order_has_four_equal_classes(form):
    batch = tasks.temporal_order(8000, 20, form=form)
    assert entropy(batch.target, 4) == pytest.approx(batch.chance, abs=0.002)
    assert batch.chance == pytest.approx(np.log(4))


# --- copying


def test_copying_is_built_as_the_paper_says():
    batch = tasks.copying(20, 30, 5)
    ids = batch.x.argmax(-1)
    assert batch.x.shape == (50, 20, 10)
    assert (ids[:10] < 8).all()
    assert (ids[10:39] == 8).all()  # length - 1 blanks
    assert (ids[39] == 9).all()
    assert (ids[40:] == 8).all()
    assert np.array_equal(batch.target[-10:], ids[:10])
    assert (batch.target[:-10] == 8).all()
    assert np.array_equal(np.flatnonzero(batch.asked[:, 0]), np.arange(40, 50))


def test_copying_chance_is_ten_ln_eight_over_all_steps():
    batch = tasks.copying(3000, 100)
    symbols = entropy(batch.target[-10:], 8)  # the blanks before are known
    assert symbols * 10 / 120 == pytest.approx(batch.chance, abs=0.0005)
    assert batch.chance == pytest.approx(10 * np.log(8) / 120)


# --- accuracy


def test_accuracy_counts_only_the_asked_steps():
    batch = tasks.copying(5, 8)
    blank = np.zeros((*batch.target.shape, 9))
    blank[..., 8] = 1
    assert batch.accuracy(blank) == 0
    assert batch.accuracy(np.eye(9)[batch.target]) == 1


def test_accuracy_is_per_network_with_a_seed_axis():
    for batch in (tasks.copying(5, 8), tasks.temporal_order(6, 20)):
        right = np.eye(batch.classes)[batch.target]
        wrong = np.eye(batch.classes)[(batch.target + 1) % batch.classes]
        both = np.stack([right, wrong, right], axis=batch.target.ndim - 1)
        assert batch.accuracy(both, seeds=True).tolist() == [1, 0, 1]
        assert batch.accuracy(right) == 1


def test_accuracy_refuses_scores_of_another_shape():
    with pytest.raises(ValueError, match=r"\(20, 6, 4\).*\(6, 4\)"):
        tasks.temporal_order(6, 20).accuracy(np.zeros((20, 6, 4)))
    with pytest.raises(ValueError, match=r"\(6, 4\).*\(S, 6, 4\)"):
        tasks.temporal_order(6, 20).accuracy(np.zeros((6, 4)), seeds=True)
    with pytest.raises(ValueError, match="squared error"):
        tasks.adding(2, 10).accuracy(np.zeros((2, 1)))


# --- what cannot be


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tasks.adding(2, 1), "2 steps"),
        (lambda: tasks.adding(0, 10), "batch is 1 or more, not 0"),
        (lambda: tasks.adding(2, 10, values="other"), "values"),
        (lambda: tasks.adding(2, 23, values="1997"), "24 steps"),
        (lambda: tasks.temporal_order(2, 100, symbols=3), 'symbols is 2, or 3 with form="1997"'),
        (lambda: tasks.temporal_order(2, 100, form="1997", symbols=4), "not 4"),
        (lambda: tasks.delayed_echo(2, 10, 10), "1 to 9, not 10"),
        (lambda: tasks.delayed_echo(2, 10, 2, symbols=1), "symbols is 2"),
        (lambda: tasks.temporal_order(2, 9), "10 steps"),
        (lambda: tasks.temporal_order(2, 100, form="2000"), "form"),
        (lambda: tasks.copying(2, 10, symbols=1), "symbols is 2"),
        (lambda: tasks.copying(2, 10, items=0), "items is 1"),
        (lambda: tasks.xor_in_time(1, 0), "length is 1"),
    ],
)
def test_what_cannot_be_made_is_refused_in_words(call, says):
    with pytest.raises(ValueError, match=says):
        call()


# --- stored results


def test_stored_results_come_back_as_arrays(tmp_path, monkeypatch):
    monkeypatch.setattr("rnncourse.data._results.FOLDER", tmp_path)
    np.savez(tmp_path / "06_order.npz", lengths=np.array([50, 100]), success=np.eye(2))
    stored = data.results("06_order")
    assert set(stored) == {"lengths", "success"}
    assert stored["lengths"].tolist() == [50, 100]


@pytest.mark.parametrize("name", ["06_ordr", "../06_order", ""])
def test_unknown_results_say_what_is_stored(tmp_path, monkeypatch, name):
    monkeypatch.setattr("rnncourse.data._results.FOLDER", tmp_path)
    np.savez(tmp_path / "06_order.npz", lengths=np.array([50, 100]))
    with pytest.raises(ValueError, match=r"Stored are: 06_order\."):
        data.results(name)
