"""The reproduction table: what is stored is what the code would make, and a row cannot hide.

Not proved here: the long trainings themselves. `python benchmarks/papers.py --again` runs them;
here every experiment's code runs with a few updates of a small network.
"""

import json

import numpy as np
import pytest

from benchmarks import papers
from benchmarks.reproductions import Experiment, Row, as_text, common, merged, reber, spread
from rnncourse import cells, train
from rnncourse.data import _results, tasks

EXPERIMENTS = papers.find_experiments()


def toy(reached=True, **recipe):
    """An experiment that is trained at once, and notes how often."""
    runs = []

    def run(recipe):
        runs.append(recipe)
        return {"score": [1.0, 2.0, 3.0], "names": ["a", "b"]}

    def rows(stored):
        return [Row("a task", spread(stored["score"]), "2", "a paper", "all", "≥ 2", reached)]

    return Experiment("07_toy", {"lr": 0.5, **recipe}, run, rows), runs


@pytest.fixture
def only(monkeypatch):
    """Let the table hold these experiments alone."""

    def put(*experiments):
        monkeypatch.setattr(papers, "find_experiments", lambda: {e.name: e for e in experiments})

    return put


def test_experiments_are_found():
    assert {"07_embedded_reber", "07_temporal_order", "07_adding", "07_continual_reber"} <= {
        *EXPERIMENTS
    }


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_stored_recipe_is_the_one_in_the_code(name):
    stored = papers.recall(EXPERIMENTS[name], _results.FOLDER)
    assert stored is not None, f"run `python benchmarks/papers.py {name}`"
    assert stored["seconds"] > 0
    assert (_results.FOLDER / f"{name}.npz").stat().st_size < 60_000


def test_the_whole_table_is_printed_from_what_is_stored(capsys, monkeypatch):
    monkeypatch.setattr(papers, "make", lambda *_: pytest.fail("this would train"))
    assert papers.main([]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in EXPERIMENTS)
    assert "falls short" not in printed


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_row_names_its_published_figure_and_what_is_unequal(name):
    experiment = EXPERIMENTS[name]
    rows = experiment.rows(papers.recall(experiment, _results.FOLDER))
    assert rows
    for row in rows:
        assert row.what and row.ours and row.published and row.unequal
        assert bool(row.target) == (row.reached is not None)
        assert row.source or row.published.startswith("no figure")
        assert row.reached is None or type(row.reached) is bool, row


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_every_training_runs_and_gives_what_its_rows_read(name):
    experiment = EXPERIMENTS[name]
    assert experiment.tiny, "say in `tiny` how it runs in about a second"
    stored = papers.recall(experiment, _results.FOLDER)
    arrays = experiment.run(merged(experiment.recipe, experiment.tiny))
    assert {*arrays} == {*stored} - {"recipe", "seconds"}
    for key, values in arrays.items():
        assert np.asarray(values).ndim == stored[key].ndim, key
        assert np.asarray(values).dtype.kind == stored[key].dtype.kind, key


def test_a_result_is_trained_once_and_then_recalled(only, tmp_path, capsys):
    experiment, runs = toy()
    only(experiment)
    assert papers.main([], tmp_path) == papers.main([], tmp_path) == 0
    assert len(runs) == 1
    assert "2 (1–3)" in capsys.readouterr().out


def test_a_changed_recipe_is_trained_anew(only, tmp_path):
    only(toy()[0])
    papers.main([], tmp_path)
    changed, runs = toy(lr=0.25)
    only(changed)
    papers.main([], tmp_path)
    papers.main([], tmp_path)
    assert runs == [{"lr": 0.25}]
    assert json.loads(str(papers.recall(changed, tmp_path)["recipe"])) == {"lr": 0.25}


def test_again_trains_what_is_stored(only, tmp_path):
    experiment, runs = toy()
    only(experiment)
    papers.main([], tmp_path)
    papers.main(["--again", "07_toy"], tmp_path)
    assert len(runs) == 2


def test_a_row_that_falls_short_gives_exit_code_1_and_is_named(only, tmp_path, capsys):
    only(toy(reached=False)[0])
    assert papers.main([], tmp_path) == 1
    assert "falls short: a task" in capsys.readouterr().out


def test_a_row_without_a_target_does_not_fall_short(only, tmp_path):
    only(toy(reached=None)[0])
    assert papers.main([], tmp_path) == 0


def test_an_unknown_name_is_refused_with_the_known_ones(only, tmp_path, capsys):
    only(toy()[0])
    with pytest.raises(SystemExit):
        papers.main(["07_toys"], tmp_path)
    assert "There are 07_toy." in capsys.readouterr().err


def test_recipes_are_compared_by_content_not_by_order():
    assert as_text({"a": 1, "b": {"c": 2, "d": 3}}) == as_text({"b": {"d": 3, "c": 2}, "a": 1})
    assert merged({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 5}}) == {
        "a": 1,
        "b": {"c": 5, "d": 3},
    }


def test_one_step_truncation_sends_no_gradient_to_the_step_before():
    elman = reber.Elman(7, 5, seed=3)
    full = cells.RNN(7, 5, seed=3)
    x = np.random.default_rng(0).normal(size=(6, 2, 7))
    d = np.zeros((6, 2, 5))
    d[-1] = 1.0
    before = elman.W_hh.copy()
    np.testing.assert_array_equal(elman.forward(x), full.forward(x))
    ours, theirs = elman.backward(d), full.backward(d)
    assert np.any(theirs["x"][0]) and not np.any(ours["x"][:-1])
    # The last step itself is whole: its own input and the state before it, as an input, count.
    np.testing.assert_allclose(ours["x"][-1], theirs["x"][-1])
    own = (d * (1 - elman.forward(x) ** 2))[-1]
    np.testing.assert_allclose(ours["W_hh"], own.T @ elman.forward(x)[-2])
    np.testing.assert_array_equal(elman.W_hh, before)


def test_the_stopping_rule_counts_sequences_in_a_row_over_batches():
    right = np.array(
        [[[1, 1, 1], [1, 1, 1]], [[0, 1, 1], [1, 1, 1]], [[1, 1, 1], [1, 1, 0]], [[1, 1, 1]] * 2]
    ).astype(bool)  # (4 batches, 2 networks, 3 sequences)
    watch = common.Streak(
        lambda y, target: y, lambda y, target: (y, np.where(y, 0.01, 1.0)), 2, length=5, error=0.1
    )
    for batch in right:
        watch(batch, None)
    # Network 0: 3, then its first of the second batch is wrong: 2 are left, 5 after the third.
    # Network 1: 6 after the second batch; that it goes wrong later is no matter any more.
    assert watch.stopped.tolist() == [9, 6]


def test_the_stopping_rule_waits_for_a_small_mean_error():
    watch = common.Streak(
        lambda y, target: y, lambda y, target: (y > 0, 0.2 * y), 1, length=2, error=0.1
    )
    for size in (1.0, 1.0, 0.1, 0.1):
        watch(np.full((1, 1), size), None)
    assert watch.stopped.tolist() == [common.NEVER]
    watch(np.full((1, 1), 0.1), None)  # the mean error of the five: 0.092
    assert watch.stopped.tolist() == [5]


def test_every_network_has_sequences_of_its_own():
    def task(batch, dtype, seed, length):
        return tasks.adding(batch, length, seed=seed, values="1997", dtype=dtype)

    x, target, mask = common.side_by_side(task, 3, 2, key=5, length=30)(0)
    assert x.shape[1:] == (3, 2, 2) and target.shape == (3, 2, 1) and mask.shape[1:] == (3, 2)
    assert not np.array_equal(x[:, 0], x[:, 1])
    again, _, _ = common.side_by_side(task, 3, 2, key=5, length=30)(0)
    np.testing.assert_array_equal(x, again)
    other, _, _ = common.side_by_side(task, 3, 2, key=6, length=30)(0)
    assert not np.array_equal(x[:20], other[:20])


def test_training_in_rounds_is_one_training():
    def batches(step):
        rng = np.random.default_rng(step)
        return rng.normal(size=(5, 2, 3)), rng.normal(size=(5, 2, 1))

    def made(every):
        net = common.network(cells.RNN(3, 4, seed=1), 1)
        optimiser = train.Adam(net.parameters, lr=0.01)
        done = [*common.rounds(net, batches, train.squared_error, optimiser, 6, every, clip=1.0)]
        return done, net.cell.W_hh

    (in_two, W), (in_one, V) = made(3), made(6)
    assert (in_two, in_one) == ([3, 6], [6])
    np.testing.assert_array_equal(W, V)


def test_reber_strings_are_split_as_in_1997():
    data = reber.Strings(merged(reber.RECIPE, {"sets": 2, "starts": 2, "strings": 40}))

    def strings(batch, k):
        """What network (or data set) k sees, from the numbers it sees."""
        ids = np.concatenate([batch.x[:1, k].argmax(-1), batch.target[:, k]])
        return ["".join(batch.symbols[c] for c in row if c >= 0) for row in ids.T]

    assert data.set_of.tolist() == [0, 0, 1, 1]
    whole = [[s for part in data.all for s in strings(part, k)] for k in range(4)]
    assert all(len(own) == 80 for own in whole)
    assert whole[0] == whole[1] != whole[2]
    for k, set_ in ((0, 0), (2, 1)):
        trained, test = strings(data.train, set_), [*whole[k]]
        for string in trained:
            test.remove(string)  # both halves are looked at
        assert len({*test}) == 40 and not {*test} & {*trained}
