"""Turning a knob redraws the picture, truly and without complaint, wherever the knob stands."""

import builtins
import io
import warnings
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from rnncourse import cells, draw, play
from rnncourse.play.knobs import REACH
from rnncourse.play.readings import reading
from rnncourse.play.signals import SIGNALS, signal_named
from rnncourse.play.trace import Trace

NAMES = list(cells.ACTIVATIONS)


@pytest.fixture(scope="module")
def live():
    return play.neuron()


def test_every_knob_changes_the_picture_and_turning_back_restores_it(live):
    for knob, other in zip(live.knobs, (0.5, -0.4, "tanh", "step"), strict=True):
        before, at = live.image.value, knob.value
        knob.value = other
        assert live.image.value != before
        knob.value = at
        assert live.image.value == before


def test_the_picture_is_a_png_of_a_fixed_size(live):
    sizes = set()
    for activation in NAMES:
        live.activation.value = activation
        image = Image.open(io.BytesIO(live.image.value))
        assert image.format == "PNG"
        sizes.add(image.size)
    live.activation.value = "linear"
    assert sizes == {(792, 440)}


@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("activation", NAMES)
def test_the_response_is_that_of_the_cell(live, activation, signal):
    live.activation.value, live.signal.value = activation, signal
    live.w_x.value, live.w_h.value = 0.8, -0.65
    expected = cells.run_neuron(signal_named(signal), 0.8, -0.65, activation=activation)
    np.testing.assert_array_equal(live.response, expected)


@pytest.mark.parametrize("activation", NAMES)
@pytest.mark.parametrize("signal", SIGNALS)
def test_no_stop_of_a_knob_gives_a_warning(live, activation, signal):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        live.activation.value, live.signal.value = activation, signal
        for w_h in (live.w_h.min, -1.0, 0.0, 1.0, live.w_h.max):
            for w_x in (live.w_x.min, 0.0, live.w_x.max):
                live.w_h.value, live.w_x.value = w_h, w_x
                assert live.reading


def test_even_an_overflow_is_drawn_quietly():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wild = play.neuron(w_h=1e30, signal="step")
        assert wild.reading.startswith("blows up")
        wild.w_h.value = -1e30
        assert "sign flips" in wild.reading


def test_another_activation_keeps_its_knob_in_reach(live):
    for activation, reach in (("sigmoid", 8.0), ("linear", 1.5), ("tanh", 3.0)):
        live.activation.value = activation
        assert (live.w_h.min, live.w_h.max) == (-reach, reach)
        assert abs(live.w_h.value) <= reach


@pytest.mark.parametrize(
    ("w_h", "signal", "activation", "words"),
    [
        (0.7, "impulse", "linear", "fades: halves every 1.9 steps"),
        (-0.7, "impulse", "linear", "rings, its sign flips: halves every 1.9 steps"),
        (0.0, "impulse", "linear", "fades at once"),
        (1.0, "impulse", "linear", "holds: stays at 1.00, though it would rest at 0.00"),
        (1.0, "two impulses", "linear", "holds: stays at 2.00, though it would rest at 0.00"),
        (-1.0, "impulse", "linear", "never settles: flips between −1.00 and 1.00"),
        (1.1, "impulse", "linear", "blows up: doubles every 7.3 steps"),
        (1.0, "step", "linear", "adds up everything: 1.00 more at every step"),
        (0.5, "step", "linear", "settles at 2.00: halves every 1.0 steps"),
        (0.5, "noise", "linear", "half of the first input's trace is gone after 2 steps"),
        (1.0, "impulse", "tanh", "fades, ever more slowly, without a half-life"),
        (1.5, "impulse", "tanh", "latches: stays at 0.86, though it would rest at 0.00"),
        (-0.7, "impulse", "relu", "fades at once"),
        (0.0, "impulse", "sigmoid", "settles at 0.50 at once"),
    ],
)
def test_the_reading_says_what_the_neuron_does(w_h, signal, activation, words):
    assert reading(signal_named(signal), 1.0, w_h, 0.0, activation) == words


def test_the_reading_of_a_half_life_is_that_of_the_response():
    x = signal_named("impulse")
    for w_h in (0.5, 0.8, 0.9, 0.95):
        steps = float(reading(x, 1.0, w_h).split()[-2])
        assert w_h**steps == pytest.approx(0.5, abs=0.03)


def test_a_sigmoid_latches_only_above_four():
    x = signal_named("impulse")
    assert "latches" in reading(x, 8.0, 8.0, -4.0, "sigmoid")
    assert "latches" not in reading(x, 8.0, 3.5, -1.75, "sigmoid")


def test_an_input_of_weight_zero_leaves_no_trace():
    for signal in SIGNALS:
        assert reading(signal_named(signal), 0.0, 0.9) == "the input leaves no trace"


def test_a_reader_without_a_kernel_sees_the_same_picture(live):
    data, metadata = live._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == "Figure: " + metadata["image/png"]["alt"]
    still = Image.open(io.BytesIO(data["image/png"])).convert("L")
    moving = Image.open(io.BytesIO(live.image.value)).convert("L")
    assert still.size == moving.size
    assert np.abs(np.asarray(still, float) - np.asarray(moving, float)).mean() < 1.0


def test_without_ipywidgets_a_picture_stands_in(monkeypatch):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] in ("ipywidgets",) or name == "rnncourse.play.knobs":
            raise ModuleNotFoundError(f"No module named {name!r}", name="ipywidgets")
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    picture = play.neuron(w_h=0.7)
    assert isinstance(picture, draw.Picture)
    assert "halves every 1.9 steps" in picture.alt


def test_no_texts_meet_in_the_figure_at_any_setting():
    trace = Trace()
    for activation in NAMES:
        for signal in SIGNALS:
            for w_h in (-8.0, -1.0, 0.55, 1.0, 8.0):
                trace.picture(-2.0, w_h, activation, signal, -12.5)
                assert draw.collisions(trace.figure) == []


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"activation": "softmax"}, "activation is 'softmax'"),
        ({"signal": "sine"}, "signal is 'sine'; choose one of impulse, step, two impulses, noise."),
    ],
)
def test_unknown_names_are_told(setting, words):
    with pytest.raises(ValueError, match=words):
        play.neuron(**setting)


def test_knobs_are_named_for_those_who_cannot_see_them(live):
    assert [knob.description for knob in live.knobs] == [
        "input w_x",
        "feedback w_h",
        "activation",
        "input",
    ]
    assert 'aria-live="polite"' in live.values.value


def test_two_knobs_turned_at_once_leave_a_clean_picture():
    """A kernel may run the answers to two knobs in two threads."""
    settings = [(1.0, w_h, bend, "impulse") for w_h in (0.3, -0.8) for bend in REACH]
    clean = {setting: Trace().png(*setting) for setting in settings}
    shared = Trace()
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda setting: shared.png(*setting), settings * 6))
    assert all(png == clean[s] for s, png in zip(settings * 6, drawn, strict=True))
