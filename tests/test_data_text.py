"""Real text as words, characters and one-hot rows."""

import numpy as np
import pytest

from rnncourse.data import text


@pytest.fixture(scope="module")
def news():
    return text.lee()


@pytest.fixture(scope="module")
def articles():
    return text.wikipedia()


def test_the_news_are_the_corpus_that_gensim_brings(news):
    utils = pytest.importorskip("gensim.test.utils")
    with open(utils.datapath("lee_background.cor"), encoding="utf-8") as file:
        raw = file.read().splitlines()
    assert len(news.documents) - 1 == len(raw) == 300
    for i in (0, 17, 299):
        assert list(news.document(i)) == text.tokens(raw[i])
    assert news.words[:5] == ("hundreds", "of", "people", "have", "been")


def test_the_wikipedia_sample_holds_the_106_articles_and_few_girls(articles):
    assert len(articles.documents) - 1 == 106
    counts = dict(zip(articles.vocabulary, articles.counts(), strict=True))
    assert counts["girl"] == 14 and counts["nurse"] == 3
    assert 400_000 < len(articles) < 600_000


@pytest.mark.parametrize("unit", ["word", "character"])
def test_ids_and_vocabulary_say_the_same_as_the_words(unit):
    news = text.lee(unit)
    assert news.unit == unit and news.ids.dtype == np.int64 and news.ids.shape == (len(news),)
    assert tuple(news.decode(news.ids)) == news.words
    assert len(set(news.vocabulary)) == len(news.vocabulary)
    assert news.documents[0] == 0 and news.documents[-1] == len(news)


def test_the_vocabulary_goes_from_frequent_to_rare_and_ties_by_alphabet(news):
    counts = news.counts()
    assert counts.sum() == len(news) and (np.diff(counts) <= 0).all() and counts.min() == 1
    assert news.vocabulary[0] == "the"
    once = [w for w, c in zip(news.vocabulary, counts, strict=True) if c == 1]
    assert once == sorted(once)


def test_one_hot_has_one_one_in_each_row_in_the_column_of_the_word(news):
    rows = news.one_hot(10, 30)
    assert rows.shape == (20, len(news.vocabulary)) and rows.dtype == np.float64
    assert (rows.sum(axis=1) == 1).all() and set(np.unique(rows)) == {0.0, 1.0}
    assert [news.vocabulary[i] for i in rows.argmax(axis=1)] == list(news.words[10:30])


def test_a_one_hot_array_too_large_for_memory_is_refused_with_a_way_out(news):
    with pytest.raises(ValueError, match="Choose start and stop at most"):
        news.one_hot()


def test_a_string_of_ones_own_becomes_a_text():
    own = text.from_string("A girl walked into a bar, and she said: 'a drink'.")
    assert own.words[:4] == ("a", "girl", "walked", "into")
    assert own.vocabulary[0] == "a" and own.counts()[0] == 3
    assert own.one_hot().shape == (11, 9)
    letters = text.from_string("abba!", unit="character")
    assert letters.words == ("a", "b", "b", "a", "!")
    assert letters.vocabulary == ("a", "b", "!") and letters.ids.tolist() == [0, 1, 1, 0, 2]


@pytest.mark.parametrize(
    ("string", "expected"),
    [
        (
            "The bartender said ‘Certainly, ma’am’.",
            ["the", "bartender", "said", "certainly", "ma'am"],
        ),
        ("'Can I have a drink please?'", ["can", "i", "have", "a", "drink", "please"]),
        ("At 4:00pm, south-west", ["at", "4", "00pm", "south", "west"]),
        ("Ångström under_score", ["ångström", "under", "score"]),
        ("... '' -- ", []),
    ],
)
def test_words_are_lower_case_letters_or_digits_with_inner_apostrophes(string, expected):
    assert text.tokens(string) == expected


def test_unknown_words_and_units_get_a_sentence(news):
    with pytest.raises(ValueError, match="'xylophonist'"):
        news.encode(["the", "xylophonist"])
    with pytest.raises(ValueError, match="'word' or 'character'"):
        text.lee("syllable")
    with pytest.raises(IndexError, match="0 to 299"):
        news.document(300)


def test_an_empty_string_is_an_empty_text():
    empty = text.from_string("")
    assert len(empty) == 0 and empty.one_hot().shape == (0, 0) and empty.counts().shape == (0,)


def test_every_text_says_its_source_and_licence(news, articles):
    assert "gensim" in news.source and "LGPL" in news.licence
    assert "Wikipedia" in articles.source and "CC BY-SA" in articles.licence
    assert "300 documents" in repr(news) and "words" in repr(news)
