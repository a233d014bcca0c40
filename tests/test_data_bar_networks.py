"""The trained networks of lesson 10 run on the course's own cells, and do what is told of them."""

import numpy as np
import pytest

from rnncourse import cells, data
from rnncourse.data import _bar_reader, bar

NAMES = ("LSTM", "GRU", "RNN", "window", "small")
BOY = bar.FAMOUS.replace("girl", "boy").replace(" she ", " he ")


@pytest.fixture(scope="module")
def readers():
    return {name: bar.load(name) for name in NAMES}


def told(n, seed=0, **wishes):
    rng = np.random.default_rng([5, seed])
    return [bar.story(rng, kind=("female", "male")[k % 2], **wishes) for k in range(n)]


def test_the_file_is_small_and_every_network_says_what_it_is(readers):
    assert _bar_reader.FILE.stat().st_size < 400_000
    assert repr(readers["LSTM"]).startswith(
        "Reader(LSTM, 48 units, knows 266 words: 15,000 stories"
    )
    assert readers["small"].name == "LSTM" and readers["small"].H == 12
    with pytest.raises(ValueError, match="There are LSTM, GRU"):
        bar.load("transformer")


def test_the_famous_sentence_is_completed_and_flips(readers):
    for name in ("LSTM", "GRU"):
        girl, boy = (readers[name].complete(text) for text in (bar.FAMOUS, BOY))
        assert tuple(girl) == bar.ADDRESSES and sum(girl.values()) == pytest.approx(1)
        assert girl["miss"] + girl["ma'am"] > 0.95 and boy["sir"] + boy["Mister"] > 0.95


@pytest.mark.parametrize("distance", [5, 50, 100])
def test_gated_networks_agree_from_afar_and_the_others_do_not(readers, distance):
    some = told(200, distance, distance=distance)
    assert readers["LSTM"].right(some).mean() >= 0.97
    assert readers["GRU"].right(some).mean() >= 0.95
    if distance >= 50:
        assert readers["RNN"].right(some).mean() <= 0.70
        assert 0.4 <= readers["window"].right(some).mean() <= 0.6


def test_persons_that_no_training_story_had_are_answered_right(readers):
    some = told(200, 1, cue="noun", people="held out", distance=20)
    assert readers["LSTM"].right(some).mean() >= 0.95


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN"])
def test_torch_gives_the_same_states_and_shares(readers, name):
    torch = pytest.importorskip("torch")
    reader, story = readers[name], bar.story(3, distance=40)
    module = reader.cell.to_torch()
    ids = reader.known.encode(story.words)
    with torch.no_grad():
        states = module(torch.tensor(reader.embedding.W[ids])[:, None])[0][:, 0].numpy()
    np.testing.assert_allclose(reader.states(story)["h"], states, atol=1e-10)
    scores = states[-1] @ reader.readout.W.T + reader.readout.b
    four = np.exp(scores[reader.known.encode([a.lower() for a in bar.ADDRESSES])])
    np.testing.assert_allclose([*reader.complete(story).values()], four / four.sum(), atol=1e-10)
    again = type(reader.cell).from_torch(module)
    x = reader.embedding.forward(ids[:, None])
    np.testing.assert_allclose(again.forward(x), reader.cell.forward(x), atol=1e-12)


def test_the_window_is_blind_beyond_its_eight_words(readers):
    far = bar.story(1, person="girl", cue="noun", distance=8)
    near = bar.story(1, person="girl", cue="noun", distance=7)
    window = readers["window"]
    assert window.complete(far) == pytest.approx(window.complete(far.swapped()), abs=1e-12)
    assert abs(window.female([near])[0] - window.female([near.swapped()])[0]) > 0.5


def test_stories_side_by_side_do_not_disturb_each_other(readers):
    some = told(5, 2)
    for name in NAMES:
        alone = np.concatenate([readers[name].shares([story]) for story in some])
        np.testing.assert_allclose(readers[name].shares(some), alone, atol=1e-12)


def test_after_each_word_ends_where_complete_does(readers):
    story = bar.story(4, distance=12)
    for name in NAMES:
        reading = readers[name].after_each_word(story)
        T = len(story.words)
        assert reading.words == story.words and reading.shares.shape == (T, 4)
        np.testing.assert_allclose(reading.shares.sum(axis=1), 1)
        assert [*readers[name].complete(story).values()] == pytest.approx(reading.shares[-1])
        assert reading.female == pytest.approx(reading.shares[:, :2].sum(axis=1))
    reading = readers["LSTM"].after_each_word(story)
    assert reading.four[-1] > 0.9 > 0.1 > reading.four[:-1].max()


def test_next_words_are_probabilities_and_an_address_comes_next_at_the_blank(readers):
    best = readers["LSTM"].next_words(bar.FAMOUS, top=2)
    assert set(best) == {"miss", "ma'am"} and sum(best.values()) > 0.9
    every = readers["LSTM"].next_words(bar.FAMOUS, top=10_000)
    assert (
        sum(every.values()) == pytest.approx(1)
        and [*every.values()] == sorted(every.values())[::-1]
    )


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN"])
def test_the_walk_by_hand_is_the_forward_pass(readers, name):
    some = told(4, 3, distance=15)
    ids, _ = readers[name]._ids(some)
    whole, walked = (
        readers[name]._run(ids),
        readers[name]._run_by_hand(readers[name].embedding.forward(ids), None),
    )
    for key in whole:
        np.testing.assert_allclose(walked[key], whole[key], atol=1e-12)


def test_held_units_stay_where_they_are_held(readers):
    story = bar.story(5, distance=20)
    held = readers["LSTM"].ablated([3, 7], h=[0.1, -0.2], c=0.5)
    states = held.states(story)
    np.testing.assert_allclose(states["h"][:, [3, 7]], np.tile([0.1, -0.2], (len(story.words), 1)))
    np.testing.assert_allclose(states["c"][:, [3, 7]], 0.5)
    assert not readers["LSTM"]._held
    more = held.ablated([1]).states(story)
    assert (more["h"][:, 1] == 0).all() and (more["c"][:, 3] == 0.5).all()
    with pytest.raises(ValueError, match="0 to 47"):
        held.ablated([48])


def test_patching_every_unit_is_reading_the_other_story_up_to_there(readers):
    some = told(6, 4, distance=30, cue="noun")
    others = [story.swapped() for story in some]
    at = np.array([story.cues[-1] + 10 for story in some])
    for name in ("LSTM", "GRU"):
        reader = readers[name]
        patched = reader.patched(some, others, range(reader.H), at)
        np.testing.assert_allclose(patched, reader.shares(others), atol=1e-9)
        np.testing.assert_allclose(reader.patched(some, others, [], at), reader.shares(some))


@pytest.mark.parametrize("name", ["LSTM", "GRU", "RNN"])
def test_influence_is_the_derivative_of_the_probability(readers, name):
    reader, story = readers[name], bar.story(6, distance=6)
    influence = reader.influence(story)
    assert influence.shape == (len(story.words),)
    ids = reader.known.encode(story.words)
    x = reader.embedding.W[ids][:, None]
    asked = reader.known["miss"]

    def probability(x):
        scores = reader.readout.forward(reader.cell.forward(x))[-1, 0]
        p = np.exp(scores - scores.max())
        return p[asked] / p.sum()

    for t in (1, len(ids) - 1):
        slope = np.zeros(x.shape[-1])
        for k in range(len(slope)):
            up, down = x.copy(), x.copy()
            up[t, 0, k] += 1e-5
            down[t, 0, k] -= 1e-5
            slope[k] = (probability(up) - probability(down)) / 2e-5
        assert influence[t] == pytest.approx(np.linalg.norm(slope), rel=1e-4, abs=1e-12)


def test_wrong_requests_get_a_sentence(readers):
    with pytest.raises(ValueError, match=r"never seen 'astronaut'\. It knows these 266 words"):
        readers["LSTM"].complete("An astronaut walked into a bar. {}")
    with pytest.raises(ValueError, match="1 to 2,000 words"):
        readers["LSTM"].complete("{ }")
    with pytest.raises(ValueError, match="recurrent network"):
        readers["window"].influence(bar.FAMOUS)
    with pytest.raises(ValueError, match="no state that could be held"):
        readers["window"].ablated([0]).complete(bar.FAMOUS)


def test_a_network_of_any_cell_can_be_read(readers):
    known, rng = bar.vocabulary(), np.random.default_rng(0)
    gru = cells.GRU(4, 5)
    parts = {"embedding": rng.normal(size=(len(known), 4)), "readout.b": np.zeros(len(known))}
    parts |= {"readout.W": rng.normal(size=(len(known), 5)), **gru.parameters}
    reader = bar.Reader("GRU", known, parts)
    assert sum(reader.complete(bar.FAMOUS).values()) == pytest.approx(1)


def test_the_stored_tables_belong_to_the_loaded_networks(readers):
    stored = data.results("10_distance")
    row = stored["nets"].tolist().index("LSTM")
    at_50 = stored["accuracy"][row, 0, 0, stored["distances"].tolist().index(50)]
    assert abs(readers["LSTM"].right(told(200, 6, distance=50)).mean() - at_50) <= 0.03
