"""Counting models sum to one, perplexity is what it says, and columns go on where they stopped."""

import doctest
import importlib
import itertools
from collections import Counter

import numpy as np
import pytest

from rnncourse import words
from rnncourse.train import stream
from rnncourse.words import ngrams, sampling

TEXT = np.random.default_rng(0).integers(0, 4, 60)


@pytest.mark.parametrize("name", ["words.ngrams", "words.sampling", "train.stream"])
def test_the_examples_in_the_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(f"rnncourse.{name}"))
    assert result.attempted > 0 and result.failed == 0


def by_recursion(text, V, context, w):
    """Witten and Bell's formula, word for word, with dictionaries."""
    context = tuple(context)
    n = len(context)
    lower = by_recursion(text, V, context[1:], w) if n else 1 / V
    after = Counter(text[i + n] for i in range(len(text) - n) if tuple(text[i : i + n]) == context)
    total, kinds = sum(after.values()), len(after)
    return (after[w] + kinds * lower) / (total + kinds) if total else lower


@pytest.mark.parametrize("order", [1, 2, 3, 5])
def test_chances_are_those_of_the_formula(order):
    text = TEXT.tolist()
    model = ngrams.NGram(TEXT, 4, order)
    asked = np.random.default_rng(1).integers(0, 4, 25)
    got = model.chances(asked)
    for t, w in enumerate(asked.tolist()):
        context = asked[max(0, t - order + 1) : t].tolist()
        assert got[t] == pytest.approx(by_recursion(text, 4, context, w), abs=1e-12)


@pytest.mark.parametrize("context", [[], [1], [2, 3], [0, 0, 0, 0, 0, 0]])
def test_the_next_symbols_chances_sum_to_one(context):
    p = ngrams.NGram(TEXT, 4, 4).next_after(context)
    assert p.shape == (4,) and p.sum() == pytest.approx(1) and p.min() > 0


def test_a_symbol_never_seen_is_not_impossible():
    assert ngrams.NGram([0, 1, 0, 1], 3, 2).next_after([0])[2] > 0


def test_longer_contexts_help_where_the_source_remembers():
    rng = np.random.default_rng(2)
    steps = rng.random(6000) < 0.9
    source = [0, 1]
    for known in steps:  # nine times of ten: what stood two places back
        source.append(source[-2] if known else 1 - source[-2])
    train, test = np.array(source[:5000]), np.array(source[5000:])
    found = [words.perplexity(ngrams.NGram(train, 2, n).chances(test)) for n in (1, 2, 3)]
    floor = np.exp(-0.9 * np.log(0.9) - 0.1 * np.log(0.1))
    assert found[0] > 1.9 and found[2] == pytest.approx(floor, rel=0.06)


def test_perplexity_is_the_number_of_equal_choices():
    assert words.perplexity(np.full(9, 1 / 27)) == pytest.approx(27)
    assert words.perplexity([0.5, 0.0]) == np.inf


def test_temperature_divides_the_scores():
    scores = np.array([[0.0, 1.0, 3.0]])
    for temperature in (0.3, 1.0, 4.0):
        e = np.exp(scores / temperature)
        assert sampling.softmax(scores, temperature) == pytest.approx(e / e.sum())
    assert sampling.softmax([0.0, 1000.0]).tolist() == [0.0, 1.0]


def test_draws_follow_their_probabilities():
    p = np.tile([0.2, 0.5, 0.0, 0.3], (20_000, 1))
    share = np.bincount(sampling.draw(p, 0), minlength=4) / len(p)
    assert share == pytest.approx([0.2, 0.5, 0.0, 0.3], abs=0.015) and share[2] == 0


def test_columns_go_on_where_they_stopped():
    x, target = stream.columns(np.arange(100), 4)
    assert x.shape == (24, 4)
    read = list(stream.pieces(x, target, 7))
    assert [len(part) for part, _ in read] == [7, 7, 7, 3]
    for (before, _), (after, _) in itertools.pairwise(read):
        assert np.array_equal(after[0], before[-1] + 1)
    assert all(np.array_equal(part + 1, following) for part, following in read)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: ngrams.NGram([0, 5], 3, 1), "0 to 2"),
        (lambda: ngrams.NGram([0, 1], 2, 3), "no 3 in a row"),
        (lambda: ngrams.NGram([0, 1], 2, 0), "1 or more"),
        (lambda: words.perplexity([]), "no symbol"),
        (lambda: sampling.softmax([1.0], 0), "above 0"),
        (lambda: sampling.top_k([0.5, 0.5], 3), "1 to 2"),
        (lambda: sampling.draw([0.5, 0.4], 0), "sum to 1"),
        (lambda: stream.columns(np.arange(3), 5), "6 symbols"),
        (lambda: list(stream.pieces(np.zeros((2, 1)), np.zeros((2, 1)), 0)), "1 step"),
    ],
)
def test_bad_input_gets_one_clear_sentence(call, says):
    with pytest.raises(ValueError, match=says):
        call()
