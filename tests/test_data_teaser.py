"""The network of lesson 00: right when the person is near, a coin toss when far."""

import time

import numpy as np
import pytest

from rnncourse.data import _stories, teaser
from rnncourse.data.text import tokens

FEMALE, MALE = teaser.AGREES["female"], teaser.AGREES["male"]
BOY = teaser.FAMOUS.replace("girl", "boy").replace(" she ", " he ")


@pytest.fixture(scope="module")
def network():
    return teaser.load()


def female_share(network, story):
    answer = network.complete(story)
    return sum(answer[address] for address in FEMALE)


def test_the_famous_sentence_is_completed_and_flips_with_the_words_for_the_person(network):
    answer = network.complete(teaser.FAMOUS)
    assert tuple(answer) == ("miss", "ma'am", "sir", "Mister")
    assert sum(answer.values()) == pytest.approx(1)
    assert female_share(network, teaser.FAMOUS) > 0.9
    assert female_share(network, BOY) < 0.1


def test_with_sentences_in_between_the_same_story_gets_an_even_answer(network):
    between = "It rained. A clock ticked. The music stopped. A glass fell down. It rained. "
    for story in (teaser.FAMOUS, BOY):
        far = story.replace("The bartender", between + "The bartender")
        assert 0.4 < female_share(network, far) < 0.6
    assert max(network.complete(far), key=network.complete(far).get) == "miss"  # said to the boy


def test_near_it_is_right_and_far_it_is_a_coin_toss(network):
    near, one, *far = network.accuracy(fillers=[0, 1, 5, 10, 20], n=400)
    assert near >= 0.97 and 0.6 < one < near
    assert np.abs(np.array(far) - 0.5).max() < 0.08


def test_accuracy_falls_with_the_distance_in_words(network):
    shares = network.accuracy([4, 12, 20, 50, 100], n=400)
    assert shares[0] >= 0.97 and (np.diff(shares) <= 0.02).all() and abs(shares[-1] - 0.5) < 0.08


def test_far_back_it_is_not_sure_and_wrong_but_gives_everybody_the_same_even_answer(network):
    likeliest = set()
    for person in ("girl", "boy", "woman", "king", "guest"):
        for seed in range(20):
            answer = network.complete(network.story(person, fillers=10, seed=seed))
            likeliest.add(max(answer, key=answer.get))
            assert all(0.15 < share < 0.35 for share in answer.values())
    assert len(likeliest) == 1


@pytest.mark.parametrize("fillers", [0, 1, 5, 20])
def test_a_person_without_a_cue_gets_a_near_even_answer(network, fillers):
    shares = [
        female_share(network, network.story(person, fillers, seed))
        for person in teaser.PERSONS["neutral"]
        for seed in range(20)
    ]
    assert 0.4 < np.mean(shares) < 0.6 and np.std(shares) < 0.15


def test_a_neutral_person_with_a_pronoun_gets_the_answer_that_agrees(network):
    for seed in range(10):
        story = network.story("doctor", seed=seed, pronoun="she")
        if "she" in tokens(story):
            assert female_share(network, story) > 0.9


def test_a_story_tells_of_the_person_has_the_blank_and_repeats_with_its_seed(network):
    for kind, persons in teaser.PERSONS.items():
        for person in persons:
            story = network.story(person, fillers=2, seed=3)
            assert story == network.story(person, fillers=2, seed=3)
            assert person in tokens(story) and story.endswith("'Certainly { }'")
            others = {"female", "male"} - {kind}
            wrong = {w for o in others for w in (*teaser.PERSONS[o], _stories.PRONOUNS[o])}
            assert not wrong & set(tokens(story))
    assert network.story(seed=1) != network.story(seed=2)


def test_so_many_sentences_stand_in_between_as_were_asked_for(network):
    for fillers in range(6):
        sentences = network.story("boy", fillers, seed=4).split(". ")
        own = [s for s in sentences if f"{s}." in _stories.FILLERS]
        assert len(own) == fillers


@pytest.mark.parametrize("distance", [4, 5, 7, 11, 30, 100])
def test_a_distance_is_met_to_the_word(network, distance):
    for seed in range(20):
        words = tokens(network.story("queen", seed=seed, distance=distance).split("{")[0])
        last = max(i for i, w in enumerate(words) if w in ("queen", "she"))
        assert len(words) - 1 - last == distance


def test_fillers_hold_no_word_for_a_person_and_stories_no_unknown_word(network):
    for filler in _stories.FILLERS:
        words = set(tokens(filler))
        assert not words & _stories.PERSON_WORDS and words <= set(network.words)
    assert set(network.words) == set(_stories.vocabulary())


def test_next_words_follow_the_grammar_of_the_stories(network):
    places = network.next_words("A girl walked into a", top=4)
    assert set(places) == set(_stories.PLACES)
    assert list(network.next_words("The bartender said", top=1)) == ["certainly"]
    every = network.next_words(teaser.FAMOUS, top=len(network.words))
    assert sum(every.values()) == pytest.approx(1) and len(every) == len(network.words)
    assert list(every.values()) == sorted(every.values(), reverse=True)


def test_the_forward_pass_is_that_of_torch(network):
    torch = pytest.importorskip("torch")
    w = {name: torch.tensor(array, dtype=torch.float64) for name, array in network.weights.items()}
    rnn = torch.nn.RNN(w["embedding"].shape[1], len(w["b"]), dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(w["W_ih"])
        rnn.weight_hh_l0.copy_(w["W_hh"])
        rnn.bias_ih_l0.copy_(w["b"])
        rnn.bias_hh_l0.zero_()
        ids = [network.words.index(word) for word in tokens(teaser.FAMOUS)]
        states = rnn(w["embedding"][ids][:, None])[0]
        chances = torch.softmax(states[-1, 0] @ w["W_out"].T + w["b_out"], 0)
    ours = network.next_words(teaser.FAMOUS, top=len(network.words))
    theirs = dict(zip(network.words, chances.tolist(), strict=True))
    assert all(ours[word] == pytest.approx(theirs[word], abs=1e-12) for word in network.words)


def test_stories_of_different_length_do_not_disturb_each_other(network):
    stories = [network._read(network.story(seed=s, fillers=s)) for s in range(4)]
    together = network._next(stories)
    alone = np.concatenate([network._next([story]) for story in stories])
    assert np.allclose(together, alone, atol=1e-12)


@pytest.mark.parametrize("blank", ["{ }", "{}", "___", ""])
def test_the_blank_may_be_written_in_several_ways(network, blank):
    story = teaser.FAMOUS.replace("{ }", blank)
    assert network.complete(story) == network.complete(teaser.FAMOUS)


def test_an_unknown_word_gets_a_sentence_with_the_words_there_are(network):
    with pytest.raises(ValueError, match=r"never seen 'astronaut', 'spaceship'\. It knows these"):
        network.complete("An astronaut walked into a spaceship. The bartender said {}")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: n.complete("{ } nothing before the blank"), "1 to 2,000 words"),
        (lambda n: n.complete("it rained " * 2_000), "1 to 2,000 words"),
        (lambda n: n.story("dragon"), "No story about 'dragon'. There are: girl"),
        (lambda n: n.story("girl", pronoun="it"), "she, he, they"),
        (lambda n: n.story("girl", fillers=-1), "0 or more"),
        (lambda n: n.story("girl", distance=3), "distance of 4 words"),
        (lambda n: n.accuracy(), "either distances or fillers"),
    ],
)
def test_a_wrong_request_gets_a_sentence(network, call, message):
    with pytest.raises(ValueError, match=message):
        call(network)


def test_accuracy_takes_under_a_second_and_repeats(network):
    before = time.process_time()
    first = network.accuracy(np.array([4, 10, 20, 50, 100]))
    assert time.process_time() - before < 1
    assert np.array_equal(first, network.accuracy([4, 10, 20, 50, 100]))


def test_the_table_of_seeds_shows_the_same_fall_for_every_seed(network):
    table = teaser.seeds_table()
    assert table["accuracy"].shape == (len(table["seeds"]), len(table["fillers"])) == (6, 10)
    assert table["accuracy_at"].shape == (6, len(table["distances"]))
    assert table["confidence"].shape == (6, 10)
    assert (table["accuracy"][:, 0] > 0.8).all()
    assert (np.abs(table["accuracy"][:, -1] - 0.5) < 0.1).all()
    assert "make_teaser.py" in table["how"] and "6 seeds" in table["how"]


def test_the_table_holds_what_the_stored_network_does(network):
    table = teaser.seeds_table()
    row = table["seeds"].tolist().index(table["shipped"])
    again = network.accuracy(fillers=table["fillers"], seed=1_000_000)
    assert np.abs(again - table["accuracy"][row]).max() <= 0.02
    assert row == table["accuracy"].mean(axis=1).argmax()
