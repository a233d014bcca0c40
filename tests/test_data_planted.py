"""The planted language has the statistics that it states, and learned vectors find them again."""

import numpy as np
import pytest

from rnncourse import words
from rnncourse.data import planted
from rnncourse.data.text import analogies, wordsim

LANGUAGE = planted.language()
VOCABULARY = words.Vocabulary.in_order(LANGUAGE.words)


@pytest.fixture(scope="module")
def learned():
    model = words.SkipGram(len(LANGUAGE.words), 8)
    sentences = list(LANGUAGE.phrases(60_000))
    facts = {"window": 1, "negatives": 1, "lr": 0.1, "threshold": 0, "power": 1.0, "shrink": False}
    model.fit(sentences, epochs=8, progress=False, **facts)
    return model


def test_phrases_are_drawn_by_their_probability():
    phrases = LANGUAGE.phrases(200_000, seed=3)
    V = len(LANGUAGE.words)
    share = np.bincount(phrases[:, 0] * V + phrases[:, 1], minlength=V * V) / len(phrases)
    expected = LANGUAGE.joint.ravel()
    error = (share - expected) / np.sqrt(expected / len(phrases))
    assert LANGUAGE.joint.sum() == pytest.approx(1) and np.abs(error).max() < 6
    assert error.std() == pytest.approx(1, abs=0.05)


def test_a_phrase_is_as_likely_the_other_way_round():
    assert np.allclose(LANGUAGE.joint, LANGUAGE.joint.T, rtol=1e-12, atol=0)


def test_counted_pmi_comes_near_the_true_one():
    counts = words.cooccurrence(list(LANGUAGE.phrases(300_000)), 1, len(LANGUAGE.words))
    frequent = counts >= 200
    error = (words.pmi(counts) - LANGUAGE.pmi)[frequent]
    assert frequent.sum() > 200 and np.abs(error).max() < 0.35 and np.abs(error.mean()) < 0.02


def test_the_bias_is_handed_out_by_lot_and_scaled():
    other, none = planted.language(bias=0.5, seed=1), planted.language(bias=0)
    places = [VOCABULARY[word] for word in planted.OCCUPATIONS]
    assert sorted(LANGUAGE.side[places]) == pytest.approx(np.linspace(-1, 1, 12))
    assert sorted(other.side[places]) == pytest.approx(np.linspace(-0.5, 0.5, 12))
    assert not np.allclose(other.side[places] * 2, LANGUAGE.side[places])
    assert not none.side[places].any()


def test_traces_give_the_sides_another_company_and_leave_the_pronouns():
    spread = planted.language(traces=0.8)
    difference = spread.hidden - LANGUAGE.hidden
    pronouns = [VOCABULARY[word] for pair in planted.PRONOUNS for word in pair]
    others = np.setdiff1d(np.arange(len(LANGUAGE.words)), pronouns)
    assert np.array_equal(spread.side, LANGUAGE.side) and not difference[pronouns].any()
    assert difference[others, 1] == pytest.approx(0.8 * LANGUAGE.side[others])
    assert not np.delete(difference, 1, axis=1).any()


def test_every_word_has_one_number():
    assert len(set(LANGUAGE.words)) == len(LANGUAGE.words)


def test_skip_gram_finds_the_shifted_pmi(learned):
    p = LANGUAGE.frequency
    frequent = 60_000 * np.outer(p, p) >= 5
    np.fill_diagonal(frequent, False)
    products = (learned.W @ learned.C.T)[frequent]
    assert np.corrcoef(products, LANGUAGE.pmi[frequent])[0, 1] > 0.9


def test_the_planted_bias_is_found_and_removed(learned):
    axis = words.direction(learned.W, VOCABULARY, planted.PAIRS[:6])
    places = [VOCABULARY[word] for word in planted.OCCUPATIONS]
    lean = words.unit_length(learned.W)[places] @ axis
    assert np.corrcoef(lean, LANGUAGE.side[places])[0, 1] > 0.9
    assert np.abs(words.without_direction(learned.W, axis)[places] @ axis).max() < 1e-12


def test_no_phrases_are_refused():
    with pytest.raises(ValueError, match="1 or more"):
        LANGUAGE.phrases(0)


def test_the_judged_pairs_and_the_analogies_are_whole():
    judged, asked = wordsim(), analogies()
    assert len(judged) == 353 and ("tiger", "cat", 7.35) in judged
    assert all(0 <= score <= 10 for _, _, score in judged)
    assert len(asked) == 14 and sum(map(len, asked.values())) == 19_544
    assert ("king", "queen", "man", "woman") in asked["family"]
