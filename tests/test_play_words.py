"""Words to type and knobs to turn: what they say is what the models say, and nothing is lost."""

import builtins
import io
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from rnncourse import cells, draw, play, words
from rnncourse.play.sampler import Sampler
from rnncourse.play.spelling import alike, unknown_told
from rnncourse.play.temperature_plot import TemperaturePlot, choices

KNOWN = (
    "<pad> a and asked bar bartender boy certainly drink for girl he into queen said she the walked"
)
LETTERS = "abcde "


class Network:
    """Four answers after each word, by a rule: "girl" and "she" weigh one way, "boy" the other."""

    def __init__(self, weight=1.0):
        self.known = words.Vocabulary.in_order(KNOWN.split())
        self.weight = weight

    def after_each_word(self, story):
        told = np.cumsum([(w in ("girl", "she")) - 1.0 * (w in ("boy", "he")) for w in story])
        female = 1 / (1 + np.exp(-self.weight * told))
        shares = np.stack([0.6 * female, 0.4 * female, 0.7 * (1 - female), 0.3 * (1 - female)], 1)
        four = np.array([0.95 if word == "certainly" else 0.01 for word in story])
        return SimpleNamespace(words=tuple(story), shares=shares, four=four)


GIRL = "A girl walked into a bar. The bartender said 'Certainly { }'"


@pytest.fixture
def told():
    return play.story({"LSTM": Network(), "RNN": Network(0.1)}, GIRL)


@pytest.fixture
def without_widgets(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "ipywidgets" or name.endswith("_knobs"):
            raise ModuleNotFoundError(f"No module named {name!r}", name="ipywidgets")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)


# --- a story ----------------------------------------------------------------------------------


def test_the_story_shows_what_the_network_answers(told):
    assert " ".join(told.words) == "a girl walked into a bar the bartender said certainly"
    np.testing.assert_array_equal(told.shares, Network().after_each_word(told.words).shares)
    miss = 0.6 / (1 + np.exp(-1))
    assert f"After “certainly”: miss {miss:.2f}, ma'am" in told.reading
    assert "comes next with probability 0.95" in told.reading


def test_a_changed_word_and_a_changed_network_change_picture_and_answer(told):
    girl, shares = told.image.value, told.shares
    told.text.value = GIRL.replace("girl", "boy")
    assert told.image.value != girl
    np.testing.assert_allclose(told.shares[-1, :2].sum(), 1 - shares[-1, :2].sum())
    told.network.value = "RNN"
    assert told.shares[-1, :2].sum() == pytest.approx(1 / (1 + np.exp(0.1)))
    told.network.value, told.text.value = "LSTM", GIRL
    assert told.image.value == girl


def test_an_unknown_word_is_told_kindly_and_nothing_is_lost(told):
    picture, shares, typed = told.image.value, told.shares, "A qeen walked into a bra."
    told.text.value = typed
    assert told.reading.startswith("“qeen”, “bra” are not among the 17 words of this network")
    assert "queen" in told.reading and "bar" in told.reading and told.reading.count(".") == 2
    assert told.image.value == picture and told.text.value == typed
    np.testing.assert_array_equal(told.shares, shares)
    static, _ = told._repr_mimebundle_()
    assert "a girl walked" in static["text/plain"]
    told.text.value = typed.replace("qeen", "queen").replace("bra", "bar")
    assert told.words[1] == "queen" and told.image.value != picture


def test_a_word_that_is_being_typed_waits_for_its_end(told):
    told.text.value = "A girl wal"
    assert told.words == ("a", "girl") and "“wal” is not read yet" in told.reading
    told.text.value = "A girl wal "
    assert told.reading.startswith("“wal” is not among")


def test_an_empty_field_asks_for_a_story(told):
    picture = told.image.value
    told.text.value = "  { }"
    assert told.reading.startswith("Type a story") and told.image.value == picture


def test_a_long_story_is_read_in_full_and_drawn_in_part():
    live = play.story(Network(), "a girl " + "walked into the bar " * 40 + "certainly")
    assert len(live.words) == 163 and live.network is None
    static, _ = live._repr_mimebundle_()
    assert "each of 120 words" in static["text/plain"]
    assert live.shares[-1, :2].sum() > 0.7  # "girl" is not drawn, yet it was read


def test_a_first_story_that_cannot_be_read_is_an_error(without_widgets):
    with pytest.raises(ValueError, match="“dragon” is not among the 17 words"):
        play.story(Network(), "a dragon")


def test_two_stories_typed_at_once_leave_the_last_ones_picture(told):
    stories = [f"a {who} walked into the bar" for who in ("girl", "boy", "queen")] * 4

    def type_in(story):
        told.text.value = story

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(type_in, stories))
    fresh = play.story({"LSTM": Network(), "RNN": Network()}, told.text.value)
    assert told.image.value == fresh.image.value and told.words == fresh.words


# --- temperature ------------------------------------------------------------------------------


def chain(i, state):
    """Scores of the letter after letter i; the state counts the steps."""
    scores = np.full(len(LETTERS), -1.0)
    scores[(i + 1) % len(LETTERS)] = 2.0
    return scores, (state or 0) + 1


@pytest.fixture
def bent():
    return play.temperature(chain, LETTERS, "ab", length=80)


def test_temperature_and_top_k_are_what_is_drawn_from(bent):
    bent.temperature.value, bent.k.value = 0.5, 2
    p = words.top_k(words.softmax(chain(1, None)[0], 0.5), 2)
    np.testing.assert_allclose(bent.chances, p)
    assert (bent.chances > 0).sum() == 2
    bent.temperature.value = bent.temperature.min
    assert bent.text == ("cde ab" * 20)[:80]  # nearly cold: always the likeliest letter


def test_draws_follow_the_chances_and_stay_while_knobs_turn_back(bent):
    drawn = bent.text
    bent.temperature.value = 3.0
    hot = bent.text
    assert hot != drawn
    bent.temperature.value = 1.0
    assert bent.text == drawn
    bent.again.click()
    assert bent.text != drawn
    follows = play.temperature(chain, LETTERS, "ab", length=4000, temperature=0.8).text
    share = np.mean([b == LETTERS[(LETTERS.index(a) + 1) % 6] for a, b in pairwise(follows)])
    assert share == pytest.approx(words.softmax(chain(0, None)[0], 0.8)[1], abs=0.02)


def test_the_state_is_carried_and_the_start_is_read():
    heard = []

    def model(i, state):
        heard.append((i, state))
        return np.zeros(6), len(heard)

    Sampler(model, LETTERS, "abc", length=2).text()
    assert heard == [(0, None), (1, 1), (2, 2), *[(heard[3][0], 3), (heard[4][0], 4)]]


def test_a_function_of_all_symbols_sees_all_of_them():
    lengths = []

    def model(ids):
        lengths.append(len(ids))
        return np.zeros(6)

    live = play.temperature(model, LETTERS, "ab", length=3, carry=False)
    assert lengths[:4] == [2, 3, 4, 5] and len(live.text) == 3


def test_an_lstm_cell_step_writes_text():
    table, lstm, readout = np.eye(6), cells.LSTM(6, 8, seed=0), cells.Linear(8, 6, seed=1)

    def step(i, state):
        h, c = lstm.step(table[[i]], state or (np.zeros((1, 8)), np.zeros((1, 8))))
        return readout.forward(h), (h, c)

    live = play.temperature(step, LETTERS, "abcab")
    states = lstm.forward(table[[LETTERS.index(c) for c in "abcab"]][:, None])
    wanted = words.softmax(readout.forward(states[-1, 0]))
    np.testing.assert_allclose(live.chances, wanted, atol=1e-12)
    assert len(live.text) == 240 and set(live.text) <= set(LETTERS)


def test_scores_alone_are_a_distribution_without_text():
    live = play.temperature(np.log([0.5, 0.25, 0.25]), ["sir", "miss", "a b"], joined=" ")
    np.testing.assert_allclose(live.chances, [0.5, 0.25, 0.25])
    assert live.text == "" and live.again not in live.children
    assert "as if among 2.8 equally likely symbols" in live.reading
    assert choices(np.full(7, 1 / 7)) == pytest.approx(7)


def test_words_are_joined_and_signs_are_escaped():
    live = play.temperature(
        lambda i, s: (np.array([0.0, 9.0]), s), ["<b>", "x"], "x x", 3, joined=" "
    )
    assert live.text == "x x x" and live._sampler.start == "x x"
    odd = play.temperature(lambda i, s: (np.array([9.0, 0.0]), s), ["<b>", "x"], ["x"], 3)
    assert "&lt;b&gt;" in odd.written.value and "<b><b>" not in odd.written.value


@pytest.mark.parametrize("odd", ["$", "\n", "\\"])
def test_any_symbol_can_be_drawn(odd):
    sampler = Sampler(lambda i, s: (np.zeros(2), s), [odd, "x"], "x" * 9, 400)
    picture = TemperaturePlot(sampler, sampler.text()).picture(1.0, None)
    assert draw.collisions(picture.figure) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"start": "xyz"}, "start has 'x'"),
        ({"start": ""}, "start is empty"),
        ({"start": "a", "temperature": 0.0}, "above 0"),
        ({"start": "a", "k": 0}, "k is 1 to 6"),
    ],
)
def test_wrong_settings_of_the_temperature_are_told(given, says):
    with pytest.raises(ValueError, match=says):
        play.temperature(chain, LETTERS, **given)
    with pytest.raises(ValueError, match=r"2 symbols need \(2,\)"):
        play.temperature(np.zeros(3), "ab")


# --- neighbours -------------------------------------------------------------------------------


@pytest.fixture
def vectors():
    return np.random.default_rng(0).normal(size=(17, 5))


NAMES = KNOWN.split()[1:]


def test_neighbours_are_those_of_the_cosine(vectors):
    live = play.neighbours(vectors, NAMES, "girl", 4)
    assert live.found == words.neighbours(vectors, words.Vocabulary.in_order(NAMES), "girl", 4)
    before = live.image.value
    live.word.value = "Boy "
    assert live.found[0][0] in NAMES and "“boy”" in live.reading and live.image.value != before


def test_an_unknown_word_keeps_the_picture_and_names_its_likes(vectors):
    live = play.neighbours(vectors, NAMES, "girl")
    before, found = live.image.value, live.found
    for typed, like in (("gril", "girl"), ("bart", "bartender"), ("zzzzzz", None)):
        live.word.value = typed
        assert live.reading.startswith(f"“{typed}” is not among the 17 words")
        assert like is None or f"near in spelling: {like}" in live.reading
        assert live.image.value == before and live.found == found and live.word.value == typed
    live.word.value = ""
    assert live.reading.startswith("Type a word")


def test_words_with_their_vocabulary_bring_their_own_neighbours(vectors):
    known = words.Vocabulary.in_order(NAMES)
    bundle = words.WordVectors(known, vectors)
    assert play.neighbours(bundle, word="bar", n=3).found == bundle.neighbours("bar", 3)
    assert play.neighbours(bundle).word.value == "a"
    with pytest.raises(ValueError, match="needs its vocabulary"):
        play.neighbours(vectors)
    with pytest.raises(ValueError, match="17 vectors and 16 words"):
        play.neighbours(vectors, NAMES[1:])
    with pytest.raises(ValueError, match="n is 31"):
        play.neighbours(vectors, NAMES, n=31)


def test_spelling_prefers_words_that_begin_alike():
    assert alike("bar", ["car", "barber", "barn", "bartender"]) == ["barn", "barber", "bartender"]
    assert alike("qeen", NAMES) == ["queen"]
    said = unknown_told(list("uvwxy"), NAMES, "this network")
    assert said.startswith("“u”, “v”, “w” and 2 more are not")


# --- all three --------------------------------------------------------------------------------


def everything(vectors):
    return (
        play.story(Network(), GIRL),
        play.temperature(chain, LETTERS, "ab"),
        play.neighbours(vectors, NAMES, "girl"),
    )


def test_every_field_and_knob_has_a_name_and_can_be_reached_by_keyboard(vectors):
    import ipywidgets

    for live in everything(vectors):
        knobs = [w for w in _below(live) if hasattr(w, "disabled") and hasattr(w, "description")]
        assert knobs and all(knob.description for knob in knobs)
        assert all(knob.tabbable is not False and not knob.disabled for knob in knobs)
        assert 'aria-live="polite"' in live.values.value
        assert isinstance(live, ipywidgets.VBox)


def _below(widget):
    for child in getattr(widget, "children", ()):
        yield child
        yield from _below(child)


def test_the_stored_picture_stands_in_without_a_kernel(vectors):
    for live in everything(vectors):
        shown, facts = live._repr_mimebundle_()
        assert any("widget-view" in kind for kind in shown)
        assert shown["text/plain"] == f"Figure: {facts['image/png']['alt']}"
        size = Image.open(io.BytesIO(shown["image/png"])).size
        assert size[0] == 814 == Image.open(io.BytesIO(live.image.value)).size[0]


def test_without_ipywidgets_pictures_stand_in(without_widgets, vectors):
    for picture in everything(vectors):
        assert isinstance(picture, draw.Picture)
        assert draw.collisions(picture.figure) == []
    with pytest.raises(ValueError, match="“dragon” is not among"):
        play.neighbours(vectors, NAMES, "dragon")
