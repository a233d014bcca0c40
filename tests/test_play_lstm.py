"""The cell run by hand: the mission is judged by what c and h did, and the picture says it."""

import builtins
import io
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from rnncourse import cells, draw, play
from rnncourse.play.cell_track import CellStep, Mission, sentence, track
from rnncourse.play.lstm_plot import LstmPlot

WRITE, KEEP, READ, WIPE = (1, 0, 0, 0.8), (0, 1, 0, 0.8), (0, 1, 1, 0.8), (0, 0, 0, 0.8)
gate = st.integers(0, 20).map(lambda n: n / 20)


def stage(*settings, target=0.8, hold=5):
    return Mission(track(settings), target, hold).stage


@pytest.fixture
def live():
    return play.lstm()


@pytest.fixture
def without_widgets(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] == "ipywidgets" or name.endswith("_knobs"):
            raise ModuleNotFoundError(f"No module named {name!r}", name="ipywidgets")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)


# --- the track --------------------------------------------------------------------------------


@given(st.lists(st.tuples(gate, gate, gate, st.integers(-20, 20).map(lambda n: n / 20))))
@settings(max_examples=20, deadline=None)
def test_the_track_is_that_of_an_lstm_with_these_gates(done):
    c = 0.0
    for step, (i, f, o, g) in zip(track(done), done, strict=True):
        c = f * c + i * g
        assert (step.c, step.h) == pytest.approx((c, o * np.tanh(c)))


def test_a_cell_of_the_course_with_such_biases_goes_the_same_way():
    lstm = cells.LSTM(1, 1)
    for values in lstm.parameters.values():
        values[...] = 0.0
    done = (0.5, 0.9, 0.3, 0.6)
    for letter, value in zip("ifo", done[:3], strict=True):
        lstm.set_bias(letter, np.log(value / (1 - value)))
    lstm.set_bias("g", np.arctanh(0.6))
    states = lstm.forward(np.zeros((7, 1, 1)))
    steps = track([done] * 7)
    np.testing.assert_allclose([step.h for step in steps], states[:, 0, 0])
    np.testing.assert_allclose([step.c for step in steps], lstm.cell_states[:, 0, 0])


def test_the_sentence_says_what_the_step_does():
    told = sentence(CellStep(0.0, 0.97, 0.5, 0.8, 0.8))
    assert told == (
        "The next step keeps 0.97 of what is there (0.80), writes 0.00, and shows 0.50 of it: "
        "c goes from 0.80 to 0.78, h is 0.33."
    )


# --- the mission ------------------------------------------------------------------------------


def test_the_parts_are_done_one_after_the_other():
    assert stage() == 0
    assert stage(WRITE) == 1
    assert stage(WRITE, *[KEEP] * 4) == 1
    assert stage(WRITE, *[KEEP] * 5) == 2
    assert stage(WRITE, *[KEEP] * 5, READ) == 3
    assert stage(WRITE, *[KEEP] * 5, READ, WIPE) == 4
    assert stage(WRITE, *[KEEP] * 9, READ, READ, KEEP, WIPE, KEEP) == 4


def test_the_number_may_be_written_in_two_goes():
    assert stage((1, 1, 0, 0.4), (1, 1, 0, 0.4), *[KEEP] * 5, READ, WIPE) == 4


def test_another_number_is_not_the_number():
    assert stage((1, 0, 0, 0.7)) == 0
    assert stage((1, 0, 0, -0.8)) == 0
    assert stage((1, 0, 0, -0.8), target=-0.8) == 1


def test_writing_anew_at_every_step_is_not_keeping():
    assert stage(*[WRITE] * 12) == 1
    assert stage(WRITE, *[KEEP] * 4, WRITE, KEEP, KEEP) == 1


def test_a_number_that_is_seen_or_leaks_is_not_kept():
    assert stage(WRITE, *[READ] * 8) == 1
    assert stage(WRITE, *[(0, 0.95, 0, 0.8)] * 8) == 1  # 0.80, 0.76, 0.72: gone after two
    assert stage(WRITE, *[(0, 0.99, 0, 0.8)] * 5) == 2  # 0.76 after five: still the number


def test_a_glance_in_between_begins_the_keeping_again():
    assert stage(WRITE, KEEP, KEEP, READ, KEEP, KEEP, KEEP, KEEP) == 1
    assert stage(WRITE, KEEP, KEEP, READ, *[KEEP] * 5) == 2


def test_reading_needs_the_output_gate_open_and_the_number_there():
    kept = WRITE, *[KEEP] * 5
    assert stage(*kept, (0, 1, 0.5, 0.8)) == 2
    assert stage(*kept, WIPE, READ) == 2
    assert stage(*kept, (0, 0, 1, 0.8)) == 2  # wiped in the step that would show it


def test_wiping_comes_last_and_may_wait():
    assert stage(WIPE, WIPE) == 0
    assert stage(WRITE, *[KEEP] * 5, READ, KEEP, (0, 0.5, 0, 0)) == 3
    assert stage(WRITE, *[KEEP] * 5, READ, *[(0, 0.5, 0, 0)] * 5) == 4


def test_a_second_try_counts():
    assert stage(WRITE, WIPE, WRITE, *[KEEP] * 5, READ, WIPE) == 4


def test_the_mission_says_how_long_the_number_is_kept():
    parts = Mission(track([WRITE, KEEP, KEEP]), 0.8, 5).parts
    assert parts[:2] == [("write 0.80", True), ("keep it 5 steps, unseen, 2 so far", False)]


# --- the widget -------------------------------------------------------------------------------


def test_the_mission_can_be_done_by_hand(live):
    seen = {live.image.value}
    assert not live.finished and live.back.disabled
    live.i.value = 1.0
    assert "writes 0.80" in live.reading and live.cell_states == [0.0]
    live.step.click()
    live.i.value = 0.0
    for _ in range(5):
        live.step.click()
        seen.add(live.image.value)
    assert live.cell_states == [0.0, *[0.8] * 6] and live.shown == [0.0] * 7
    assert [done for _, done in live.mission] == [True, True, False, False]
    live.o.value = 1.0
    live.step.click()
    assert live.shown[-1] == pytest.approx(np.tanh(0.8))
    live.o.value = live.f.value = 0.0
    live.step.click()
    assert live.finished and live.cell_states[-1] == 0.0
    assert "Mission: 4 of 4 parts done." in live.values.value
    assert len(seen) == 6


def test_clicking_alone_ticks_nothing(live):
    for _ in range(24):
        live.step.click()
    assert not any(done for _, done in live.mission)
    assert live.step.disabled
    assert live.reading.startswith("The last step")


def test_a_step_too_many_changes_nothing(live):
    live.i.value = 1.0
    for _ in range(24):
        live.step.click()
    before = live.cell_states, live.image.value
    live.step.click()
    assert (live.cell_states, live.image.value) == before


def test_back_and_start_over_take_ticks_back(live):
    start = live.image.value
    live.i.value = 1.0
    live.step.click()
    assert live.mission[0][1]
    live.back.click()
    assert not live.mission[0][1] and live.cell_states == [0.0]
    live.step.click()
    live.step.click()
    live.again.click()
    live.i.value = 0.0
    assert live.settings == [] and live.image.value == start
    live.back.click()
    assert live.cell_states == [0.0]


def test_every_knob_changes_the_picture_and_turning_back_restores_it(live):
    live.i.value = 0.5
    live.step.click()
    for knob in live.knobs:
        before, at = live.image.value, knob.value
        knob.value = 0.35
        assert live.image.value != before
        knob.value = at
        assert live.image.value == before
    assert Image.open(io.BytesIO(before)).size == (814, 598)


def test_every_control_has_its_words_and_the_reading_is_spoken(live):
    assert [knob.description for knob in live.knobs] == [
        "input gate i",
        "forget gate f",
        "output gate o",
        "candidate g",
    ]
    for button in (live.step, live.back, live.again):
        assert button.description and button.tooltip
    assert 'aria-live="polite"' in live.values.value and live.reading in live.values.value


def test_the_stored_picture_is_the_one_on_the_screen(live):
    live.i.value = 1.0
    live.step.click()
    shown, metadata = live._repr_mimebundle_()
    assert "image/png" in shown and "after 1 step." in shown["text/plain"]
    assert "Done of the mission: write 0.80." in metadata["image/png"]["alt"]
    assert any("widget-view" in kind for kind in shown)


def test_without_ipywidgets_a_picture_stands_in(without_widgets):
    shown = play.lstm(i=1.0)
    assert isinstance(shown, draw.Picture) and "writes 0.80" in shown.alt


def test_a_track_without_knobs_has_its_picture_and_its_ticks():
    picture = play.lstm_track([WRITE, *[KEEP] * 5, READ, WIPE])
    assert draw.collisions(picture.figure) == []
    assert "after 8 steps" in picture.alt
    assert "Done of the mission: write 0.80, keep it 5 steps, read it, wipe it." in picture.alt


def test_numbers_out_of_range_are_told():
    for call, words in (
        (lambda: play.lstm(i=1.2), "i is 1.2; it runs from 0 to 1"),
        (lambda: play.lstm(g=-2), "g is -2; it runs from -1 to 1"),
        (lambda: play.lstm(steps=3), "steps is 3; it runs from 8 to 40"),
        (lambda: play.lstm(target=0.1), "at least 0.2 in size"),
        (lambda: play.lstm_track([(0, 0, 2, 0)]), "o is 2; it runs from 0 to 1"),
        (lambda: play.lstm_track([WRITE] * 41), "steps is 41"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


@given(
    done=st.lists(
        st.tuples(gate, gate, gate, st.sampled_from([-1.0, -0.3, 0.0, 1.0])), max_size=24
    ),
    coming=st.tuples(gate, gate, gate, st.sampled_from([-1.0, 0.0, 0.05, 1.0])),
    dark=st.booleans(),
)
@settings(max_examples=15, deadline=None)
def test_no_texts_meet_at_any_setting(done, coming, dark):
    with draw.dark() if dark else io.StringIO():
        plot = LstmPlot()
        plot.picture(tuple(done), None if len(done) == 24 else coming)
        assert draw.collisions(plot.figure) == []


def test_an_extreme_track_stays_within_the_page():
    for g in (1.0, -1.0):
        plot = LstmPlot(most=40)
        plot.picture(((1.0, 1.0, 1.0, g),) * 40, None)
        assert draw.collisions(plot.figure) == []
        assert plot.steps[-1].c == pytest.approx(40 * g)


def test_valves_and_bars_move_with_the_knobs():
    plot = LstmPlot()
    plot.picture((), (0.25, 0.5, 0.75, 1.0))
    heights = {letter: bar.get_height() for letter, bar in plot.levels.items()}
    assert heights == pytest.approx({"i": 0.125, "f": 0.25, "o": 0.375})
    few = len(plot.live.collections)
    plot.picture((WRITE, KEEP), (0.0, 1.0, 0.0, 0.8))
    assert len(plot.live.collections) >= few


def test_two_knobs_turned_at_once_leave_a_clean_picture():
    """A kernel may run the answers to two knobs in two threads."""
    settings = [((WRITE,) * n, (0.1 * n, 1.0, 0.5, 0.8)) for n in range(5)]
    clean = {setting: LstmPlot().png(*setting) for setting in settings}
    shared = LstmPlot()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda setting: shared.png(*setting), settings * 3))
    assert all(png == clean[s] for s, png in zip(settings * 3, drawn, strict=True))


def test_a_turn_takes_less_than_a_tenth_of_a_second_of_computing(live):
    times = []
    for value in np.linspace(0, 1, 12):
        start = time.process_time()
        live.o.value = value
        times.append(time.process_time() - start)
    assert np.median(times) < 0.1
