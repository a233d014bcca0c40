"""Part I's figures with knobs: what they say is what the networks do."""

import builtins
import io
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from rnncourse import cells, draw, play
from rnncourse.play.memory import BATCH, STEPS, Memory
from rnncourse.play.radius_plot import RadiusPlot

WORDS = ["A", "girl", "walked"]


@pytest.fixture(scope="module")
def sequence():
    return np.random.default_rng(1).uniform(-1, 1, (3, 2))


@pytest.fixture(scope="module")
def unrolled(sequence):
    return play.unroll(cells.RNN(2, 3), sequence, words=WORDS, readout=cells.Linear(3, 1))


@pytest.fixture(scope="module")
def radius():
    return play.radius()


@pytest.fixture
def without_widgets(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "ipywidgets" or name.endswith("_knobs"):
            raise ModuleNotFoundError(f"No module named {name!r}", name="ipywidgets")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)


# --- unroll -----------------------------------------------------------------------------------


def test_every_step_has_its_picture_and_its_reading(unrolled, sequence):
    states = cells.RNN(2, 3).forward(sequence[:, None])[:, 0]
    np.testing.assert_array_equal(unrolled.states, states)
    seen = set()
    for step in range(3):
        unrolled.now.value = step
        seen.add(unrolled.image.value)
        assert f"Step {step} hears “{WORDS[step]}”" in unrolled.reading
        assert ", ".join(map(draw.number, states[step])) in unrolled.reading
        assert unrolled.reading in unrolled.values.value
    assert len(seen) == 3


def test_the_buttons_walk_and_stop_at_both_ends(unrolled):
    unrolled.now.value = 0
    assert unrolled.back.disabled and not unrolled.on.disabled
    for _ in range(5):
        unrolled.on.click()
    assert unrolled.now.value == 2 and unrolled.on.disabled
    unrolled.back.click()
    assert unrolled.now.value == 1


def test_the_stored_picture_is_that_of_the_slider(unrolled):
    unrolled.now.value = 1
    shown, _ = unrolled._repr_mimebundle_()
    assert "image/png" in shown and "now at step 1" in shown["text/plain"]
    assert any("widget-view" in kind for kind in shown)


def test_what_later_weights_do_is_not_shown_as_this_run(sequence):
    rnn = cells.RNN(2, 3)
    live = play.unroll(rnn, sequence[:1])
    told = live.reading
    rnn.W_ih[...] = 0.0
    assert live.reading == told


def test_a_sequence_too_long_to_draw_beforehand_is_told():
    with pytest.raises(ValueError, match=r"x has 13 steps; play\.unroll takes up to 12"):
        play.unroll(cells.RNN(2, 3), np.zeros((13, 2)))


# --- radius -----------------------------------------------------------------------------------


def test_every_knob_changes_the_picture_and_turning_back_restores_it(radius):
    for knob, other in zip(radius.knobs, (1.3, "linear", "orthogonal", 1.5), strict=True):
        before, at = radius.image.value, knob.value
        knob.value = other
        assert radius.image.value != before
        knob.value = at
        assert radius.image.value == before
    assert Image.open(io.BytesIO(before)).size == (814, 429)


@pytest.mark.parametrize("start", ["random", "orthogonal"])
def test_the_radius_is_the_spectral_radius(start):
    W = Memory(24).matrix(0.7, start)
    assert np.abs(np.linalg.eigvals(W)).max() == pytest.approx(0.7)


def test_a_linear_orthogonal_net_keeps_the_powers_of_its_radius():
    for radius in (0.5, 1.0, 1.2):
        powers = radius ** np.arange(STEPS + 1.0)
        for kept in Memory().measure(radius, "linear", "orthogonal"):
            np.testing.assert_allclose(kept, powers, rtol=1e-9)


def test_the_gradient_is_that_of_the_network():
    memory = Memory(units=5)
    _, kept = memory.measure(1.2, "tanh", "random", 0.3)
    W, heard = memory.matrix(1.2), 0.3 * memory.noise
    rnn = cells.RNN(5, 5)
    rnn.W_ih[...], rnn.W_hh[...] = np.eye(5), W
    rnn.b_ih[...] = rnn.b_hh[...] = 0.0
    rnn.forward(heard[STEPS:], rnn.forward(heard[:STEPS])[-1])
    d_states = np.zeros((STEPS, BATCH, 5))
    d_states[-1] = memory.ways[1]
    reached = np.linalg.norm(rnn.backward(d_states)["h0"], axis=-1)
    share = np.exp(np.mean(np.log(reached) - np.log(np.linalg.norm(memory.ways[1], axis=-1))))
    assert kept[-1] == pytest.approx(share)


def test_a_bounded_state_bounds_a_change_but_not_the_gradient():
    state, gradient = Memory().measure(1.5, "tanh", "random", 0.0)
    assert 10 < state.max() < 200  # a change of 0.01 that fills a unit's whole range
    assert gradient[-1] > 1e6


def test_strong_noise_saturates_and_memory_is_shorter():
    quiet, loud = (Memory().measure(0.95, "tanh", "random", noise)[0][30] for noise in (0.1, 2.0))
    assert loud < 1e-3 * quiet


def test_no_stop_of_the_radius_knob_gives_a_warning(radius):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value in (radius.radius.min, 1.0, radius.radius.max):
            for kind in ("tanh", "linear"):
                radius.radius.value, radius.nonlinearity.value = value, kind
                assert radius.reading.startswith("60 steps later ")
        play.radius(0.0)
    radius.radius.value, radius.nonlinearity.value = 0.9, "tanh"


def test_no_texts_meet_at_any_setting():
    plot = RadiusPlot()
    for nonlinearity in ("tanh", "linear"):
        for start in ("random", "orthogonal"):
            for value in (0.0, 0.1, 1.0, 2.0, 40.0):
                plot.picture(value, nonlinearity, start, 2.0)
                assert draw.collisions(plot.figure) == []


def test_unknown_names_are_told():
    with pytest.raises(ValueError, match="nonlinearity is 'relu'; choose one of tanh, linear"):
        play.radius(nonlinearity="relu")
    with pytest.raises(ValueError, match="start is 'identity'; choose one of random, orthogonal"):
        play.radius(start="identity")


# --- both -------------------------------------------------------------------------------------


def test_without_ipywidgets_pictures_stand_in(without_widgets, sequence):
    shown = play.unroll(cells.RNN(2, 3), sequence, now=1)
    assert isinstance(shown, draw.Picture) and "now at step 1" in shown.alt
    assert isinstance(play.radius(1.0), draw.Picture)


def test_the_readings_are_told_to_those_who_cannot_see(unrolled, radius):
    assert 'aria-live="polite"' in unrolled.values.value
    assert 'aria-live="polite"' in radius.values.value
    assert [knob.description for knob in radius.knobs] == [
        "spectral radius",
        "nonlinearity",
        "start of W_hh",
        "input noise",
    ]


def test_two_knobs_of_the_radius_turned_at_once_leave_a_clean_picture():
    """A kernel may run the answers to two knobs in two threads."""
    settings = [(r, bend, "random", 0.5) for r in (0.5, 0.9, 1.3) for bend in ("tanh", "linear")]
    clean = {setting: RadiusPlot().png(*setting) for setting in settings}
    shared = RadiusPlot()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda setting: shared.png(*setting), settings * 4))
    assert all(png == clean[s] for s, png in zip(settings * 4, drawn, strict=True))
