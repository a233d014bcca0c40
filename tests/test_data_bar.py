"""The bar stories: told as wished, read right by rule, and giving nothing away on the side.

The oracle is proved by a second reading, written here by other means: it takes a story sentence by
sentence, and goes by the verbs instead of the grammar's templates.
"""

import re

import numpy as np
import pytest

from rnncourse.data import _bar_grammar, bar, teaser
from rnncourse.words import tokens

CHANGES = (None, "leaves", "contradiction")
KINDS = ("female", "male")


def independent_reading(text):
    """The addresses that agree, by the verbs of each sentence."""
    gendered = {"she": "female", "her": "female", "he": "male", "him": "male", "his": "male"}
    for pool in (bar.NOUNS, bar.NAMES, bar.HELD_OUT_NOUNS, bar.HELD_OUT_NAMES):
        gendered |= {word.lower(): kind for kind in KINDS for word in pool[kind]}
    everybody = {*gendered, "they", "them", "their"}
    for pool in (bar.NOUNS, bar.NAMES):
        everybody |= {word.lower() for word in pool["neutral"]}
    said = None
    for sentence in re.split(r"[.?!]", text.split("{")[0]):
        words = tokens(sentence)
        persons = [word for word in words if word in everybody]
        if {"read", "played", "slept", "sang", "asleep", "song"} & set(words):
            continue  # somebody in the background
        if persons and ({"left"} & set(words) or "went" in words):
            said = None
            continue
        for word in persons:
            said = gendered.get(word, said)
    return bar.AGREES[said or "neutral"]


def every_sort(n):
    """Stories of every sort that can be told, n of each."""
    rng = np.random.default_rng(11)
    for cue in bar.CUES:
        for change in CHANGES if cue != "none" else CHANGES[:2]:
            for template in ("known", "held out"):
                for people in ("known", "held out"):
                    for bystander in (None, *KINDS):
                        for _ in range(n):
                            yield bar.story(
                                rng,
                                cue=cue,
                                change=change,
                                template=template,
                                people=people,
                                bystander=bystander,
                            )


def test_the_oracle_agrees_with_how_the_story_was_made_and_with_an_independent_reading():
    told = list(every_sort(15))
    assert len(told) > 1_900
    for story in told:
        assert bar.agrees(story.text) == bar.agrees(story.words) == story.agrees, story.text
        assert independent_reading(story.text) == story.agrees, story.text
    assert {story.kind for story in told} == {"female", "male", "neutral"}


def test_the_oracle_reads_the_famous_sentence_and_other_texts():
    assert bar.agrees(bar.FAMOUS) == ("miss", "ma'am")
    assert (
        bar.agrees(bar.FAMOUS.replace("girl", "boy").replace(" she ", " he ")) == bar.AGREES["male"]
    )
    assert bar.agrees("A guest came in. The bartender said 'Certainly ___'") == bar.ADDRESSES
    assert bar.agrees("A doctor came in. He sat down. {} The girl left.") == bar.AGREES["male"]
    assert bar.agrees("A girl came in. In the corner a king read a book.") == bar.AGREES["female"]
    assert bar.agrees("A girl came in. She left.") == bar.AGREES["female"]


def test_the_oracle_follows_the_newest_words():
    for seed in range(30):
        story = bar.story(seed, change="contradiction", cue=("noun", "both", "pronoun")[seed % 3])
        assert story.before not in (None, story.kind)
        assert bar.agrees(story.words[: story.cues[0]]) == bar.AGREES[story.before]
        assert bar.agrees(story.words) == story.agrees != bar.AGREES[story.before]


@pytest.mark.parametrize("template", ["known", "held out"])
@pytest.mark.parametrize("cue", bar.CUES)
def test_a_distance_is_met_to_the_word(cue, template):
    rng = np.random.default_rng(0)
    for distance in (*range(1, 40), 77, 100, 200):
        story = bar.story(rng, cue=cue, distance=distance, template=template)
        assert story.distance == distance
        behind = story.words[-distance:]
        assert len(behind) == distance and story.blank == len(story.words)
        if cue != "none":
            assert story.words[-distance - 1] == story.words[story.cues[-1]]
            assert independent_reading(" ".join(behind)) == bar.ADDRESSES
            assert independent_reading(story.words[-distance - 1]) == story.agrees


@pytest.mark.parametrize("change", CHANGES)
def test_a_distance_is_met_with_somebody_else_in_the_story_too(change):
    rng = np.random.default_rng(1)
    for distance in range(1, 60):
        story = bar.story(rng, cue="both", distance=distance, bystander=True, change=change)
        assert len(story.words) - 1 - story.cues[-1] == story.distance == distance
        assert story.bystander in KINDS and story.change == change


def test_the_cues_are_where_the_story_says():
    for story in every_sort(4):
        words = [story.words[i] for i in story.cues]
        assert bool(words) == (story.kind != "neutral")
        assert all(bar.agrees([word]) == story.agrees for word in words), story.text
        if story.cue == "noun":
            assert set(words) == {story.person.lower()}
        if story.cue == "pronoun":
            assert set(words) <= {"she", "her", "he", "him", "his"}


def test_a_swapped_story_differs_in_the_words_for_the_person_alone():
    for story in every_sort(4):
        other = story.swapped()
        assert other.swapped().text == story.text
        if story.kind == "neutral":
            assert other.text == story.text
            continue
        assert {story.kind, other.kind} == set(KINDS) and other.agrees == bar.agrees(other.text)
        assert other.cues == story.cues and other.distance == story.distance
        assert other.bystander == story.bystander
        changed = [
            i for i, (a, b) in enumerate(zip(story.words, other.words, strict=True)) if a != b
        ]
        assert set(story.cues) <= set(changed) | {i for i in story.cues if story.words[i] == "her"}
        if story.change != "contradiction":
            articles = {i for i in changed if story.words[i] in ("a", "an")}
            assert set(changed) - articles <= set(story.cues)


def test_the_answer_of_a_swapped_story_changes_its_kind():
    story = bar.story(3, person="girl").answered("miss")
    assert (story.answer, story.swapped().answer) == ("miss", "sir")


def test_the_same_seed_tells_the_same_story_and_there_are_thousands():
    assert bar.story(5).text == bar.story(5).text != bar.story(6).text
    rng = np.random.default_rng(2)
    assert len({bar.story(rng).text for _ in range(5_000)}) > 4_900


def test_the_persons_are_as_many_as_the_lesson_says_and_come_in_pairs():
    assert [len(bar.NOUNS[kind]) for kind in (*KINDS, "neutral")] == [20, 20, 16]
    assert [len(bar.HELD_OUT_NOUNS[kind]) for kind in KINDS] == [10, 10]
    every = [word for pool in (bar.NOUNS, bar.NAMES) for words in pool.values() for word in words]
    held = [
        w for pool in (bar.HELD_OUT_NOUNS, bar.HELD_OUT_NAMES) for ws in pool.values() for w in ws
    ]
    assert len({*every, *held}) == len(every) + len(held)


@pytest.fixture(scope="module")
def corpus():
    return bar.corpus(6_000, seed=1)


def test_nothing_held_out_stands_in_a_corpus(corpus):
    held = {
        w for pool in (bar.HELD_OUT_NOUNS, bar.HELD_OUT_NAMES) for ws in pool.values() for w in ws
    }
    assert not {story.person for story in corpus} & held
    seen = {word for story in corpus for word in story.words}
    assert not {word.lower() for word in held} & seen
    shapes = [
        {kind: {" ".join(tokens(t)) for t in some} for kind, some in group.items()}
        for group in _bar_grammar._TEMPLATES.values()
    ]
    assert shapes[0].keys() == shapes[1].keys()
    for kind in shapes[0]:
        assert not shapes[0][kind] & shapes[1][kind], kind
    fillers = [" ".join(tokens(f)) for f in _bar_grammar._TEMPLATES["held out"]["filler"]]
    assert not any(filler in " ".join(story.words) for story in corpus for filler in fillers)


def test_held_out_sentences_are_made_of_words_that_training_has(corpus):
    seen = {word for story in corpus for word in story.words}
    rng = np.random.default_rng(3)
    for _ in range(500):
        story = bar.story(rng, template="held out", change=CHANGES[int(rng.random() * 2)])
        assert set(story.words) <= seen


def test_a_story_without_a_cue_stands_twice_once_with_each_kind_of_answer(corpus):
    even = [story for story in corpus if story.kind == "neutral"]
    assert len(even) / len(corpus) == pytest.approx(0.2, abs=0.03)
    for first, second in zip(even[::2], even[1::2], strict=True):
        assert first.words == second.words
        assert first.answer in bar.AGREES["female"] and second.answer in bar.AGREES["male"]


def test_every_answer_agrees_and_all_four_are_as_frequent(corpus):
    assert all(story.answer in story.agrees for story in corpus)
    counts = [sum(story.answer == address for story in corpus) for address in bar.ADDRESSES]
    assert np.abs(np.array(counts) / len(corpus) - 0.25).max() < 0.03


def test_nobody_else_in_the_story_gives_the_answer_away(corpus):
    for other in ("before", "bystander"):
        asked = [s for s in corpus if getattr(s, other) and s.change != "contradiction"]
        same = [getattr(s, other) == s.kind for s in asked if s.kind != "neutral"]
        assert len(same) > 400 and abs(np.mean(same) - 0.5) < 0.06
    length = {k: np.mean([len(s.words) for s in corpus if s.kind == k]) for k in KINDS}
    assert abs(length["female"] - length["male"]) < 2


def test_distances_are_drawn_as_asked():
    even = np.array([s.distance for s in bar.corpus(3_000, 2)])
    assert even.min() == 1 and even.max() == 50 and abs(even.mean() - 25.5) < 1.5
    many = np.array([s.distance for s in bar.corpus(3_000, 2, distances="log-uniform")])
    assert many.max() == 50 and abs(np.mean(many <= 6) - 0.5) < 0.05


def test_shares_of_a_corpus_can_be_set_to_nothing():
    plain = bar.corpus(500, no_cue=0, bystanders=0, leaving=0, contradictions=0)
    assert all(s.cues and s.bystander is None and s.change is None for s in plain)


def test_unlabelled_text_has_the_held_out_persons_and_never_an_address():
    text = bar.unlabelled(3_000, seed=4)
    words = {word for story in text for word in story}
    assert not words & {address.lower() for address in bar.ADDRESSES}
    for kind in KINDS:
        assert set(bar.HELD_OUT_NOUNS[kind]) <= words
    known = {word for story in bar.unlabelled(300, people="known") for word in story}
    assert not known & {*bar.HELD_OUT_NOUNS["female"], *bar.HELD_OUT_NOUNS["male"]}


def test_the_vocabulary_holds_every_word_and_no_other(corpus):
    known = bar.vocabulary()
    used = {
        "<pad>",
        *(address.lower() for address in bar.ADDRESSES),
        *tokens(bar.FAMOUS.split("{")[0]),
    }
    used |= {w for story in (*corpus, *every_sort(12)) for w in story.words}
    used |= {word for story in bar.unlabelled(3_000) for word in story}
    assert set(known.words) == used and known["<pad>"] == 0


def test_a_batch_asks_for_the_next_word_and_at_the_end_for_the_answer(corpus):
    known, some = bar.vocabulary(), corpus[:7]
    x, target = bar.batch(some)
    assert x.shape == target.shape == (max(len(s.words) for s in some), 7)
    for column, story in enumerate(some):
        T = len(story.words)
        assert tuple(known.decode(x[:T, column])) == story.words
        following = (*story.words[1:], story.answer.lower())
        assert tuple(known.decode(target[:T, column])) == following
        assert (target[T:, column] == -1).all()


@pytest.mark.parametrize(
    ("wishes", "message"),
    [
        ({"person": "dragon"}, "No story about 'dragon'"),
        ({"person": "girl", "kind": "male"}, "'girl' is female, not male"),
        ({"person": "girl", "cue": "none"}, "does not go with cue 'none'"),
        ({"kind": "neutral", "cue": "noun"}, "does not go with"),
        ({"cue": "smile"}, "noun, pronoun, both, none"),
        ({"distance": 0}, "1 or more|1 to 1,000"),
        ({"cue": "none", "change": "contradiction"}, "nothing that could be contradicted"),
        ({"template": "new"}, "template is one of 'known', 'held out'"),
        ({"bystander": "dog"}, "bystander is one of"),
    ],
)
def test_wishes_that_do_not_go_together_get_a_sentence(wishes, message):
    with pytest.raises(ValueError, match=message):
        bar.story(0, **wishes)


def test_a_corpus_of_unknown_distances_and_a_batch_without_answers_get_a_sentence():
    with pytest.raises(ValueError, match="uniform, log-uniform"):
        bar.corpus(1, distances="far")
    with pytest.raises(ValueError, match="have no answers"):
        bar.batch([bar.story(0)])


def test_it_is_another_grammar_than_that_of_lesson_00_and_shares_the_famous_sentence():
    assert bar.FAMOUS == teaser.FAMOUS and len(bar.vocabulary()) > len(teaser.load().words)
