"""The race of character models: everybody is scored alike, learns, and a missed target is told.

Not proved here: the long runs themselves. `python3 benchmarks/charlm.py` makes them.
"""

import numpy as np
import pytest
import torch

from benchmarks import charlm
from benchmarks import charlm_models as models
from rnncourse import data, words


@pytest.fixture(scope="module")
def small():
    return charlm.split("small")


@pytest.fixture(scope="module")
def stored():
    return data.results("11_charlm")


def test_the_windows_are_those_of_the_chapter(small):
    text, windows, V = small
    ids, symbols = charlm.letters()
    assert V == 27 and symbols[0] == " " and symbols[1:] == [*map(chr, range(97, 123))]
    assert windows.shape == (33, 5000) and len(text) == 10_032
    assert np.array_equal(windows[:, 0], ids[10_000:10_033])
    assert np.array_equal(windows[:, -1], ids[14_999:15_032])


def test_no_scored_letter_is_for_training_in_the_full_race():
    text, _, _ = charlm.split("full")
    ids, _ = charlm.letters()
    assert len(text) == len(ids) - 5_032
    assert np.array_equal(text[9_990:10_010], [*ids[9_990:10_000], *ids[15_032:15_042]])


@pytest.mark.parametrize("kind", [models.OursInNumPy, models.OursInTorch])
def test_ours_learns_a_little_in_a_few_updates(kind, small):
    text, windows, V = small
    model = kind(V, hidden=16, dropout=0.1, lr=0.02, seed=0)
    before = model.perplexity(windows[:, :500])
    for k in range(30):
        batch = text[(37 * k + 270 * np.arange(32)) + np.arange(33)[:, None]]
        model.update(batch[:-1], batch[1:], 0.02)
    assert before == pytest.approx(27, rel=0.1)
    assert model.perplexity(windows[:, :500]) < 0.8 * before


def test_scoring_drops_nothing_and_repeats(small):
    _, windows, V = small
    model = models.OursInNumPy(V, hidden=8, dropout=0.5, lr=0.01, seed=0)
    assert model.perplexity(windows[:, :50]) == model.perplexity(windows[:, :50])


def test_both_makes_are_one_network(small):
    _, windows, V = small
    ours = models.OursInNumPy(V, hidden=8, dropout=0.3, lr=0.01, seed=0)
    theirs = models.OursInTorch(V, hidden=8, dropout=0.3, lr=0.01, seed=0)
    with torch.no_grad():
        theirs.embedding.weight.copy_(torch.from_numpy(ours.embedding.W))
        theirs.readout.weight.copy_(torch.from_numpy(ours.readout.W))
        theirs.readout.bias.copy_(torch.from_numpy(ours.readout.b))
    theirs.cell = ours.cell.to_torch()
    got = ours.perplexity(windows[:, :200]), theirs.perplexity(windows[:, :200])
    assert got[0] == pytest.approx(got[1], rel=1e-5)


def test_the_chapters_way_learns_too(small):
    text, windows, V = small
    seconds, perplexity = charlm.run_chapter_9(text, windows[:, :300], V, seed=0, epochs=3)
    assert len(seconds) == 4 and perplexity[-1] < 0.9 * perplexity[0]


def test_counting_sees_no_letter_before_its_window(small):
    text, windows, V = small
    few = windows[:, :40]
    model = words.NGram(text, V, 3)
    nats = [
        -np.log(model.next_after(window[max(0, t - 2) : t])[window[t]])
        for window in few.T
        for t in range(1, 33)
    ]
    assert models.counted(text, few, V, 3) == pytest.approx(np.exp(np.mean(nats)))


def test_the_stored_race_reaches_every_target(stored, capsys):
    assert charlm.table(stored) == []
    assert "s to 9.0" in capsys.readouterr().out


def test_a_missed_target_is_told(stored):
    worse = dict(stored)
    for k in range(charlm.SEEDS["small"]):
        key = f"small/small, ours, torch/{k}/perplexity"
        worse[key] = stored[key] + 3
    assert charlm.table(worse) == ["small, ours, torch"]
    key = "full/full, 120 s, ours, torch/0/perplexity"
    assert charlm.table({**stored, key: stored[key] + 1}) == ["full, 120 s, ours, torch"]


def test_a_sprint_that_never_arrives_takes_for_ever():
    assert charlm.time_to(np.array([1.0, 2.0]), np.array([9.5, 9.1])) == np.inf
    assert charlm.time_to(np.array([1.0, 2.0]), np.array([9.5, 8.9])) == 2.0
