"""The tables of lesson 10: what is stored is what the code would make, and a row cannot hide.

Not proved here: the long trainings themselves. `python benchmarks/bar.py --again` runs them; here
the code of every experiment runs, with a few updates of small networks.
"""

import numpy as np
import pytest

from benchmarks import bar as script
from benchmarks.agreement import Experiment, Row, asking, held, shares, training, units
from benchmarks.papers import recall
from benchmarks.reproductions import merged
from rnncourse import data
from rnncourse.data import _results, bar

EXPERIMENTS = script.find_experiments()
NAMES = {"10_distance", "10_nouns", "10_units", "10_swaps", "10_no_cue", "10_gradients", "10_live"}


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Networks of a test are kept in its own folder, and nobody else's are used or removed."""
    monkeypatch.setattr(training, "_folder", lambda: tmp_path / "networks")
    monkeypatch.setattr(training, "_KEPT", {})


def toy(reached, measured=0.5):
    runs = []

    def run(recipe):
        runs.append(recipe)
        return {"score": [measured]}

    rows = [Row("a test", "50 %", "≥ 90 %", reached)]
    return Experiment("10_toy", {"lr": 0.5}, run, lambda stored: rows), runs


def test_every_experiment_of_the_lesson_is_found():
    assert set(EXPERIMENTS) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_the_stored_recipe_is_the_one_in_the_code(name):
    stored = recall(EXPERIMENTS[name], _results.FOLDER)
    assert stored is not None, f"run `python benchmarks/bar.py {name}`"
    assert stored["seconds"] > 0
    assert (_results.FOLDER / f"{name}.npz").stat().st_size < 60_000


def test_the_whole_table_is_printed_from_what_is_stored_and_every_target_is_reached(
    capsys, monkeypatch
):
    monkeypatch.setattr(script, "make", lambda *_: pytest.fail("this would train"))
    assert script.main([]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in NAMES) and "falls short" not in printed


def test_the_targets_of_the_lesson_are_all_asked_for():
    rows = [
        row
        for name in sorted(NAMES)
        for row in EXPERIMENTS[name].rows(data.results(name))
        if row.reached is not None
    ]
    asked = " / ".join(f"{row.what} {row.target}" for row in rows)
    for part in (
        *(f"LSTM, known templates, {d} words ≥ 99 %" for d in (1, 5, 20, 50, 100)),
        "LSTM, known templates, 200 words ≥ 97 %",
        *(f"LSTM, held-out templates, {d} words mean ≥ 95 %" for d in (1, 5, 20, 50, 100, 200)),
        "RNN, trained on uniform distances, 50 words ≤ 65 %",
        "RNN, trained with many short stories, 50 words ≥ 90 %",
        "window of 8 words, 50 words ≥ 45 %, ≤ 55 %",
        "held-out nouns at 20 words, frozen word2vec ≥ 97 %",
        "held-out nouns at 20 words, learned table ≥ 40 %, ≤ 60 %",
        "3 most causal units held ≤ 65 %",
        "3 random units held ≥ 90 %",
        "patching 5 causal units turns ≥ 95 %",
        "cue swap, known templates ≥ 97 %",
        "speaker change, known templates ≥ 97 %",
        "contradiction, known templates ≥ 95 %",
        "no cue, known templates, 100 words mean 45–55 %, deviation ≤ 0.08",
    ):
        assert part in asked, part
    assert all(len(data.results(name).get("accuracy", np.zeros((1, 5)))) for name in NAMES)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_experiment_runs_and_gives_what_its_rows_read(name):
    experiment = EXPERIMENTS[name]
    stored = recall(experiment, _results.FOLDER)
    arrays = experiment.run(merged(experiment.recipe, experiment.tiny))
    assert {*arrays} == {*stored} - {"recipe", "seconds"}
    for key, values in arrays.items():
        assert np.asarray(values).ndim == stored[key].ndim, key
        assert np.asarray(values).dtype.kind == stored[key].dtype.kind, key


def test_a_row_that_falls_short_gives_exit_code_1_and_is_named(monkeypatch, tmp_path, capsys):
    for reached, code in ((False, 1), (True, 0), (None, 0)):
        experiment, _ = toy(reached)
        monkeypatch.setattr(script, "find_experiments", lambda one=experiment: {"10_toy": one})
        assert script.main([], tmp_path) == code
        assert ("falls short: a test" in capsys.readouterr().out) == bool(code)


def test_a_result_is_made_once_and_anew_on_request_or_with_another_recipe(monkeypatch, tmp_path):
    experiment, runs = toy(True)
    monkeypatch.setattr(script, "find_experiments", lambda: {"10_toy": experiment})
    for argv, many in (([], 1), ([], 1), (["10_toy"], 1), (["--again"], 2), ([], 2)):
        script.main(argv, tmp_path)
        assert len(runs) == many
    other = Experiment("10_toy", {"lr": 0.1}, experiment.run, experiment.rows)
    monkeypatch.setattr(script, "find_experiments", lambda: {"10_toy": other})
    script.main([], tmp_path)
    assert len(runs) == 3


def test_an_unknown_name_is_refused_with_the_known_ones(capsys):
    with pytest.raises(SystemExit):
        script.main(["10_unit"])
    assert "There are 10_distance" in capsys.readouterr().err


def test_a_row_of_shares_holds_its_bounds_by_the_mean():
    assert held("x", [0.98, 1.0], 0.99).reached is True
    assert held("x", [0.98, 0.99], 0.99).reached is False
    assert held("x", [0.5, 0.52], 0.45, 0.5).reached is False
    assert held("x", [0.5]).reached is None
    assert shares([0.5, 1.0]) == "75.0 % (50.0–100.0)"


SMALL = merged(
    training.RECIPE,
    {
        "steps": 4,
        "stories": 120,
        "batch": 8,
        "H": 5,
        "vectors": {"stories": 80, "E": 4, "epochs": 1},
    },
)


def test_a_network_is_trained_once_and_found_again(monkeypatch):
    first, seconds = training.trained(SMALL, 3)
    monkeypatch.setattr(training, "train", lambda *_: pytest.fail("trained again"))
    assert seconds > 0
    for clear in (False, True):  # from memory, and from the folder
        if clear:
            training._KEPT.clear()
        again, as_long = training.trained(SMALL, 3)
        assert as_long == seconds
        for name, weights in first.weights.items():
            np.testing.assert_array_equal(again.weights[name], weights)
    training.forget()
    with pytest.raises(pytest.fail.Exception, match="trained again"):
        training.trained(SMALL, 3)


def test_training_repeats_and_keeps_the_word_vectors_unless_they_are_learned():
    weights, _ = training.train(SMALL, 0)
    again, _ = training.train(SMALL, 0)
    for name in weights:
        np.testing.assert_array_equal(weights[name], again[name])
    table = training.vectors(SMALL["vectors"], 0)
    np.testing.assert_allclose(weights["embedding"], table, rtol=1e-6)
    assert abs(table[1:].mean()) < 0.2 and (table[0] == 0).all()
    learned = {**SMALL, "input": "learned"}
    start = training.Network(learned, len(bar.vocabulary()), 0).weights()["embedding"]
    assert not np.allclose(training.train(learned, 0)[0]["embedding"], start)


def test_training_lowers_the_loss_of_the_answers():
    how = merged(SMALL, {"steps": 150, "H": 16, "lr": 0.02, "corpus": {"longest": 6}})
    how = merged(how, {"stories": 400, "corpus": {"leaving": 0, "contradictions": 0, "no_cue": 0}})
    told = bar.corpus(60, 0, longest=6, leaving=0, contradictions=0, no_cue=0)

    def loss(steps):
        weights, _ = training.train({**how, "steps": steps}, 0)
        reader = bar.Reader("LSTM", bar.vocabulary(), weights)
        p = [reader.next_words(s, 10_000).get(s.answer.lower(), 1e-9) for s in told]
        return -np.log(p).mean()

    assert loss(150) < 1.5 < loss(1)


@pytest.mark.parametrize("net", ["LSTM", "GRU", "RNN", "window"])
def test_torchs_network_and_the_reader_give_the_same_scores(net):
    torch = pytest.importorskip("torch")
    how = {**SMALL, "net": net}
    network = training.Network(how, len(bar.vocabulary()), 1)
    reader = bar.Reader(net, bar.vocabulary(), network.weights())
    story = bar.story(2, distance=12)
    ids = torch.from_numpy(bar.vocabulary().encode(story.words))[:, None]
    with torch.no_grad():
        theirs = torch.softmax(network.out(network(ids))[-1, 0], 0).numpy()
    ours = reader.next_words(story, len(theirs))
    for word, p in ours.items():
        assert p == pytest.approx(theirs[bar.vocabulary()[word]], rel=1e-4)


def test_batches_hold_every_story_once_a_round_and_twins_side_by_side():
    stories = training._corpus(200, 0, '{"no_cue": 0.4}')
    feed, seen, apart = training.batches(stories, 10, np.random.default_rng(0)), [], 0
    while len(seen) < 200:
        ids, end = next(feed)
        told = [tuple(ids[: n + 1, k]) for k, n in enumerate(end)]
        seen += told
        starts = [one[:-1] for one in told]
        apart += sum(starts.count(one) == 1 and twin(one, stories) for one in starts)
    assert sorted(seen) == sorted(tuple(story) for story in stories)
    assert apart <= 20  # at a batch's edge a pair may be cut


def twin(start, stories):
    return sum(tuple(story[:-1]) == start for story in stories) == 2


def test_questions_are_new_half_female_and_the_same_for_every_network():
    told = asking.stories(40, 9, SMALL, 0, distance=3)
    assert not {story.words for story in told} & training.seen(SMALL, 0)
    assert sum(story.kind == "female" for story in told) == 20
    assert {story.cue for story in told} == {"noun", "both", "pronoun"}
    again = asking.stories(40, 9, {**SMALL, "net": "RNN"}, 0, distance=3)
    assert [story.text for story in again] == [story.text for story in told]
    other = asking.stories(40, 10, SMALL, 0, distance=3)
    assert [story.text for story in other] != [story.text for story in told]


def test_a_probe_finds_what_is_there_and_not_what_is_not():
    rng = np.random.default_rng(0)
    label = rng.random(400) < 0.5
    c = rng.normal(size=(400, 6))
    assert units._probe(c, label, 200) < 0.6
    c[:, 2] += 6 * label
    assert units._probe(c, label, 200) > 0.98 and units._best_unit(c, label, 200) > 0.98
