"""Every rung of the ladder sees its mistake, and sees none in a training that is sound.

The six trainings of `ladder.broken` are run, with their mistake and mended; then each rung alone,
on networks whose flaw is known. A rung never changes the network that it looks at.
"""

import re
import time
from pathlib import Path

import numpy as np
import pytest

from rnncourse import cells, train
from rnncourse.train import ladder

ALL = (1, 2, 3, 4, 5, 6)
ROOT = Path(__file__).resolve().parents[1]


def climb(training):
    """Every rung's finding before and after the training, by its name."""
    x, target = batch = training.batches(10_000)
    network, loss = training.network, training.loss
    with np.errstate(all="ignore"):
        found = [
            ladder.shapes_agree(network.forward(x), target),
            ladder.start_loss(network, batch, loss),
            ladder.rows_are_independent(network, x),
            ladder.gradient_by_distance(network, x, training.lag),
            ladder.overfit_one(network, batch, loss, training.optimiser),
            ladder.loss_falls(training.fit().loss, training.chance),
            ladder.predicts_the_mean(network.forward(x), target),
        ]
    if not network.last:
        found.append(ladder.targets_line_up(x, target, training.lag))
    return {finding.rung: finding for finding in found}


def network(last=False, outputs=4, **options):
    return train.Network(cells.RNN(4, 8, **options), cells.Linear(8, outputs), last=last)


def one_hot_batch(steps=12, rows=5, seed=0):
    ids = np.random.default_rng(seed).integers(0, 4, (steps, rows))
    return np.eye(4)[ids], ids


# --- the trainings


FAILS = {
    1: {"targets line up", "loss falls", "predicts the mean"},
    2: {"overfit one", "loss falls", "predicts the mean"},
    3: {"rows are independent", "overfit one", "loss falls", "predicts the mean"},
    4: {"shapes agree", "overfit one", "loss falls", "predicts the mean"},
    5: {"gradient by distance", "overfit one", "loss falls"},
    6: {"overfit one"},
}
SAYS = {
    1: ("targets line up", "3 steps in the FUTURE"),
    2: ("loss falls", "not a number from step"),
    3: ("rows are independent", "31 of the 31 others"),
    4: ("shapes agree", r"\(32, 32\)"),
    5: ("gradient by distance", "exactly 0 from 1 step back on: it is cut"),
    6: ("overfit one", r"0\.744: look for a second softmax"),
}


@pytest.mark.parametrize("k", ALL)
def test_each_broken_training_fails_on_its_own_rungs(k):
    found = climb(ladder.broken(k))
    assert {rung for rung, finding in found.items() if not finding} == FAILS[k]
    rung, says = SAYS[k]
    assert re.search(says, found[rung].says)


@pytest.mark.parametrize("k", ALL)
def test_each_mended_training_learns_and_fails_on_none(k):
    found = climb(ladder.broken(k, mended=True))
    assert [finding for finding in found.values() if not finding] == []
    assert found["loss falls"].numbers["last"] < 0.05 * ladder.broken(k).chance


def test_no_two_broken_trainings_fail_alike():
    assert len({frozenset(rungs) for rungs in FAILS.values()}) == len(ALL)


@pytest.mark.parametrize("k", ALL)
def test_the_symptom_does_not_hang_on_the_seed(k):
    rung, says = SAYS[k]
    assert re.search(says, climb(ladder.broken(k, seed=1))[rung].says)
    assert all(climb(ladder.broken(k, mended=True, seed=1)).values())


@pytest.mark.parametrize("k", ALL)
def test_a_broken_training_takes_less_than_two_seconds(k):
    start = time.process_time()
    ladder.broken(k).fit()
    assert time.process_time() - start < 2


@pytest.mark.parametrize("k", ALL)
def test_every_call_begins_anew_and_repeats(k):
    first, second = ladder.broken(k), ladder.broken(k)
    assert np.array_equal(first.fit(40).loss, second.fit(40).loss)
    untrained = ladder.broken(k).network.parameters
    trained = first.network.parameters
    assert any(not np.array_equal(untrained[name], trained[name]) for name in trained)


@pytest.mark.parametrize("k", ALL)
def test_a_broken_training_does_not_tell_its_mistake(k):
    training, mended = ladder.broken(k), ladder.broken(k, mended=True)
    assert repr(training) == repr(mended)
    assert repr(training.network) == repr(mended.network)


def test_there_are_no_other_trainings():
    for k in (0, 7, "a"):
        with pytest.raises(ValueError, match="1 to 6"):
            ladder.broken(k)


# --- the rungs, one by one


def test_a_finding_reads_as_a_sentence_and_as_a_truth():
    good = ladder.shapes_agree(np.zeros((3, 1)), np.zeros((3, 1)))
    bad = ladder.shapes_agree(np.zeros((3, 1)), np.zeros(3))
    assert good and not bad
    assert repr(good).startswith("✓ shapes agree: ")
    assert repr(bad).startswith("✗ shapes agree: ")


@pytest.mark.parametrize(
    ("y", "target", "ok"),
    [
        (np.zeros((5, 3, 4)), np.zeros((5, 3), int), True),
        (np.zeros((5, 3, 4)), np.zeros((3, 5), int), False),
        (np.zeros((3, 4)), np.zeros(3, int), True),
        (np.zeros((3, 4)), np.zeros((3, 1), int), False),
        (np.zeros((5, 3, 1)), np.zeros((5, 3, 1)), True),
        (np.zeros((5, 3, 1)), np.zeros((5, 3)), False),
    ],
)
def test_shapes_of_classes_and_of_numbers(y, target, ok):
    assert ladder.shapes_agree(y, target).ok is ok


@pytest.mark.parametrize("lag", [-1, 0, 2, 5])
@pytest.mark.parametrize("numbers", [False, True])
def test_targets_are_found_at_the_lag_at_which_they_are(lag, numbers):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(40, 6, 1)) if numbers else one_hot_batch(40, 6)[0]
    given = x if numbers else x.argmax(-1)
    target = np.roll(given, lag, axis=0)
    if lag > 0 and not numbers:
        target[:lag] = -1
    found = ladder.targets_line_up(x, target, lag)
    assert found.ok
    assert found.numbers["best"] == lag
    assert found.numbers["agreement"].max() > 0.8
    assert not ladder.targets_line_up(x, target, lag + 1)


def test_start_loss_of_a_fresh_network_is_ln_v():
    x, ids = one_hot_batch()
    found = ladder.start_loss(network(), (x, ids), train.cross_entropy)
    assert found.ok
    assert found.numbers["expected"] == np.log(4)


def test_start_loss_sees_a_network_that_is_sure():
    x, ids = one_hot_batch()
    sure = network()
    sure.readout.W[...] *= 100
    found = ladder.start_loss(sure, (x, ids), train.cross_entropy)
    assert not found
    assert "sure and wrong" in found.says


def test_start_loss_sees_an_answer_among_the_inputs():
    x, ids = one_hot_batch()
    knows = network()
    knows.cell.W_ih[...] = np.eye(8, 4)
    knows.readout.W[...] = 20 * np.eye(4, 8)
    found = ladder.start_loss(knows, (x, ids), train.cross_entropy)
    assert not found
    assert "among the inputs" in found.says


@pytest.mark.parametrize(("size", "ok"), [(1.0, True), (1000.0, False)])
def test_start_loss_of_numbers_is_that_of_answering_zero(size, ok):
    x, _ = one_hot_batch(rows=200)
    target = 1 + np.random.default_rng(0).normal(size=(200, 1))
    some = network(last=True, outputs=1)
    some.readout.W[...] *= size
    found = ladder.start_loss(some, (x, target), train.squared_error)
    assert found.numbers["expected"] == pytest.approx(2, abs=0.4)
    assert found.ok is ok


@pytest.mark.parametrize("last", [False, True])
@pytest.mark.parametrize("seeds", [None, 3])
def test_rows_of_a_sound_network_are_independent(last, seeds):
    some = train.Network(cells.RNN(4, 8, seeds=seeds), cells.Linear(8, 2, seeds=seeds), last=last)
    found = ladder.rows_are_independent(some, one_hot_batch()[0], row=2)
    assert found.ok
    assert np.flatnonzero(found.numbers["moved"]).tolist() == [2]


def test_a_state_that_runs_along_the_batch_is_seen():
    cell = cells.RNN(4, 8)
    found = ladder.rows_are_independent(cell, one_hot_batch(rows=6)[0].swapaxes(0, 1), axis=0)
    assert not found
    assert "5 of the 5 others" in found.says


def test_a_batch_cut_anew_instead_of_turned_is_seen():
    cell, x = cells.RNN(4, 8), one_hot_batch(steps=6, rows=5)[0]

    def forward(x):  # x.reshape(B, T, D) for x.swapaxes(0, 1), and back
        return cell.forward(x.reshape(5, 6, 4).swapaxes(0, 1)).swapaxes(0, 1).reshape(6, 5, 8)

    assert not ladder.rows_are_independent(forward, x)


def test_a_network_that_hears_nothing_is_seen():
    deaf = network()
    deaf.cell.W_ih[...] = 0
    found = ladder.rows_are_independent(deaf, one_hot_batch()[0])
    assert not found
    assert "does not get through" in found.says


def test_one_sequence_cannot_be_independent():
    with pytest.raises(ValueError, match="2 sequences"):
        ladder.rows_are_independent(network(), one_hot_batch(rows=1)[0])


def test_gradient_of_a_linear_layer_shrinks_by_the_known_factor():
    rnn = cells.RNN(4, 8, "linear")
    rnn.W_hh[...] = 0.9 * cells.starts.orthogonal(8, np.random.default_rng(0))
    found = ladder.gradient_by_distance(rnn, one_hot_batch()[0])
    assert found.numbers["norms"] == pytest.approx(0.9 ** np.arange(12))
    assert found.numbers["needed"] == 11
    assert found.ok


@pytest.mark.parametrize(("factor", "says"), [(0.5, "fades"), (2.0, "explodes")])
def test_gradients_that_fade_or_explode_are_seen(factor, says):
    rnn = cells.RNN(4, 8, "linear")
    rnn.W_hh[...] = factor * np.eye(8)
    found = ladder.gradient_by_distance(rnn, one_hot_batch(30)[0])
    assert not found
    assert says in found.says
    assert ladder.gradient_by_distance(rnn, one_hot_batch(30)[0], needed=3).ok


def test_a_gradient_that_underflows_has_faded_and_is_not_cut():
    rnn = cells.RNN(4, 8, "linear")
    rnn.W_hh[...] = 1e-3 * np.eye(8)
    found = ladder.gradient_by_distance(rnn, one_hot_batch(150)[0])
    assert found.numbers["share"] == 0
    assert "fades" in found.says


def test_gradients_of_networks_side_by_side_are_those_of_each_alone():
    some = train.Network(cells.RNN(4, 8, seeds=3), cells.Linear(8, 2, seeds=3))
    norms = ladder.gradient_by_distance(some, one_hot_batch()[0]).numbers["norms"]
    assert norms.shape == (12, 3)
    rnn = cells.RNN(4, 8, "linear", seeds=2)
    rnn.W_hh[...] = np.array([0.9, 0.5])[:, None, None] * np.eye(8)
    norms = ladder.gradient_by_distance(rnn, one_hot_batch()[0]).numbers["norms"]
    assert norms == pytest.approx(np.array([0.9, 0.5]) ** np.arange(12)[:, None])


def test_gradient_by_distance_needs_a_distance_within_the_sequence():
    with pytest.raises(ValueError, match="1 to 11"):
        ladder.gradient_by_distance(cells.RNN(4, 8), one_hot_batch()[0], needed=12)


def test_overfitting_leaves_the_network_and_its_optimiser_alone():
    some, (x, ids) = network(), one_hot_batch()
    adam = train.Adam(some.parameters, lr=0.01)
    before = {name: values.copy() for name, values in some.parameters.items()}
    found = ladder.overfit_one(some, (x, ids), train.cross_entropy, adam)
    assert found.ok
    assert found.numbers["losses"][-1] < 0.05
    assert all(np.array_equal(before[name], some.parameters[name]) for name in before)
    assert adam.steps == 0


def test_overfitting_works_for_networks_side_by_side_and_with_a_mask():
    x, ids = one_hot_batch()
    some = train.Network(cells.RNN(4, 8, seeds=3), cells.Linear(8, 4, seeds=3), last=True)
    adam = train.Adam(some.parameters, lr=0.02)
    batch = x, ids[-1], cells.length_mask([12, 5, 8, 12, 3], 12)
    found = ladder.overfit_one(some, batch, train.cross_entropy, adam, rows=3)
    assert found.numbers["losses"].shape == (300, 3)
    assert found.ok


def test_overfitting_sees_a_step_uphill():
    some, (x, ids) = network(), one_hot_batch()
    uphill = train.SGD(some.parameters, lr=-0.5)
    found = ladder.overfit_one(some, (x, ids), train.cross_entropy, uphill)
    assert not found
    assert "grows" in found.says


def test_overfitting_sees_that_nothing_comes_in():
    some, (x, ids) = network(), one_hot_batch(40)
    adam = train.Adam(some.parameters, lr=0.01)
    found = ladder.overfit_one(some, (0 * x, ids), train.cross_entropy, adam, steps=60)
    assert not found
    assert "no better than a constant" in found.says


def test_overfitting_says_when_it_is_only_slow():
    some, (x, ids) = network(), one_hot_batch()
    found = ladder.overfit_one(
        some, (x, ids), train.cross_entropy, train.SGD(some.parameters, 0.1), steps=150
    )
    assert not found
    assert "more steps" in found.says


@pytest.mark.parametrize(
    ("losses", "chance", "ok", "says"),
    [
        (np.linspace(1.0, 0.2, 50), None, True, "it learns"),
        (np.linspace(1.0, 0.2, 50), 0.2, False, "0.2 is chance"),
        (np.full(50, 1.0), None, False, "nothing was learned"),
        (np.linspace(1.0, 5.0, 50), None, False, "grows"),
        (np.array([1.0, 0.5, np.nan, np.nan]), None, False, "from step 2 on"),
        (np.linspace(1.0, 0.2, 50)[:, None] * np.ones(5), None, True, "it learns"),
    ],
)
def test_the_curve_of_the_loss_is_read(losses, chance, ok, says):
    found = ladder.loss_falls(losses, chance)
    assert found.ok is ok
    assert says in found.says


def test_one_answer_for_all_is_seen():
    target = np.random.default_rng(0).normal(size=(50, 1))
    mean = np.full((50, 1), target.mean()) + 1e-9 * target
    assert not ladder.predicts_the_mean(mean, target)
    assert ladder.predicts_the_mean(0.5 * target, target)


def test_one_answer_for_all_is_seen_in_the_chances_of_classes():
    ids = np.random.default_rng(0).integers(0, 3, (10, 20))
    ids[:2] = -1
    same = np.tile([5.0, 1.0, 2.0], (10, 20, 1)) + np.arange(10)[:, None, None]
    assert not ladder.predicts_the_mean(same, ids)  # other scores, the same chances
    assert ladder.predicts_the_mean(np.eye(3)[ids], ids)


def test_the_sheets_rungs_can_be_climbed_with_every_patient():
    """The cell that the exercise hands over, with each number in turn."""
    sheet = ROOT / "lessons" / "05_learning_through_time_exercises.py"
    cells_of_it = sheet.read_text(encoding="utf-8").split("\n# %%")
    (cell,) = [c for c in cells_of_it if "ladder.broken(1)\n" in c and "rows_are_independent" in c]
    code = cell.split("\n", 1)[1].replace("[markdown]", "")
    for k in range(1, 6):
        exec(code.replace("ladder.broken(1)", f"ladder.broken({k})"), {"train": train})


def test_targets_without_steps_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="no step at which to compare"):
        ladder.targets_line_up(np.zeros((8, 3, 1)), np.zeros(3), 2)
