"""Part I's pictures: they show what the live network computes, and no text meets another."""

import re
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rnncourse import cells, draw
from rnncourse.draw import fadings, series
from rnncourse.draw.unrolleds import MOST

few = settings(max_examples=10, deadline=None)
NAMES = ("tanh", "sigmoid", "relu", "linear")
LONG_NAMES = ["RNN, orthogonal start", "RNN, default start", "LSTM, chrono", "GRU", "window of 8"]


def clean(picture):
    assert draw.collisions(picture.figure) == []
    return picture


def texts(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def network(rng, inputs, units, nonlinearity="tanh", size=1.0):
    rnn = cells.RNN(inputs, units, nonlinearity)
    for values in rnn.parameters.values():
        values[...] = rng.uniform(-size, size, values.shape)
    return rnn


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# --- the layer --------------------------------------------------------------------------------


@given(
    inputs=st.integers(1, 4),
    units=st.integers(1, 5),
    outputs=st.integers(0, 3),
    nonlinearity=st.sampled_from(NAMES),
    size=st.sampled_from([0.1, 1.0, 9.99]),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_in_a_layer(inputs, units, outputs, nonlinearity, size, seed):
    rng = np.random.default_rng(seed)
    rnn = network(rng, inputs, units, nonlinearity, size)
    readout = cells.Linear(units, outputs, seed) if outputs else None
    x, h = rng.normal(size=inputs), rng.normal(size=units)
    names = [f"name {at}" for at in range(inputs)] if seed % 2 else None
    clean(draw.layer(rnn, x, h, readout, "sigmoid", names))


def test_the_layer_shows_what_the_model_computes_and_every_weight(rng):
    rnn, readout = network(rng, 3, 4, "sigmoid"), cells.Linear(4, 1, seed=1)
    x, h = np.array([0.3, 0.8, -0.7]), np.array([0.43, 0.03, 0.11, 0.12])
    before = rnn.W_hh.copy()
    picture = draw.layer(rnn, x, h, readout, "sigmoid")
    new = rnn.forward(x[None, None], h[None])[0, 0]
    y = cells.sigmoid(readout.W @ new + readout.b)
    shown = texts(picture)
    for value in [*x, *h, *new, *y, *rnn.W_ih.flat, *rnn.W_hh.flat, *readout.W.flat]:
        assert draw.number(value) in shown
    assert ", ".join(map(draw.number, new)) in picture.alt
    assert draw.number(y[0]) in picture.alt
    np.testing.assert_array_equal(rnn.W_hh, before)


def test_negative_weights_of_a_layer_are_dashed(rng):
    rnn = network(rng, 3, 4)
    lines = draw.layer(rnn, [1.0, 2.0, 3.0]).figure.axes[0].lines
    dashed = sum(line.get_linestyle() not in ("-", "solid") for line in lines)
    assert dashed == (rnn.W_ih < 0).sum()
    assert len(lines) == rnn.W_ih.size


def test_the_layer_takes_any_object_with_the_attributes():
    class Mine:
        W_ih, W_hh = np.eye(2), np.zeros((2, 2))
        b_ih = b_hh = np.array([0.25, 0.0])
        nonlinearity = "linear"

    assert "new hidden values are 1.50, 2.00" in draw.layer(Mine(), [1.0, 2.0]).alt


def test_layer_and_unrolled_tell_what_they_cannot_draw(rng):
    rnn = network(rng, 2, 3)
    for call, words in (
        (lambda: draw.layer(rnn, np.zeros(3)), r"x has shape \(3,\); this network needs \(2,\)"),
        (lambda: draw.layer(network(rng, 2, 9), np.zeros(2)), "up to 4 and 5. draw.states shows"),
        (lambda: draw.layer(rnn, np.zeros(2), names=["one"]), "there are 2 inputs"),
        (lambda: draw.layer(rnn, np.zeros(2), readout=cells.Linear(4, 1)), r"needs \(O, 3\)"),
        (lambda: draw.layer(cells.RNN(2, 3, seeds=2), np.zeros(2)), "shows one network"),
        (lambda: draw.unrolled(rnn, np.zeros((4, 3))), r"x has shape \(4, 3\)"),
        (lambda: draw.unrolled(rnn, np.zeros((4, 2)), words=["a"]), "x has 4 steps"),
        (lambda: draw.unrolled(rnn, np.zeros((4, 2)), now=4), "now is 4; .* the steps 0 to 3"),
        (lambda: draw.unrolled(network(rng, 2, 13), np.zeros((4, 2))), "shows up to 12"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


# --- the unrolled network ---------------------------------------------------------------------


@given(
    steps=st.integers(1, 10),
    inputs=st.sampled_from([1, 2, 4, 6]),
    units=st.sampled_from([1, 2, 4, 12]),
    outputs=st.integers(0, 3),
    nonlinearity=st.sampled_from(NAMES),
    lit=st.booleans(),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_in_an_unrolled_network(
    steps, inputs, units, outputs, nonlinearity, lit, seed
):
    rng = np.random.default_rng(seed)
    rnn = network(rng, inputs, units, nonlinearity)
    clean(
        draw.unrolled(
            rnn,
            rng.normal(size=(steps, inputs)),
            words=["bartender", "a", "$", "Certainly,", "walked"] * 2 if steps == 10 else None,
            now=int(rng.integers(steps)) if lit else None,
            readout=cells.Linear(units, outputs) if outputs else None,
        )
    )


def test_the_unrolled_network_shows_the_states_up_to_now_and_no_later_ones(rng):
    rnn = network(rng, 2, 3)
    x = rng.uniform(-1, 1, (5, 2))
    states = rnn.forward(x[:, None])[:, 0]
    picture = draw.unrolled(rnn, x, words=list("abcda"), now=2)
    shown = texts(picture)
    reached = {draw.number(value) for value in [*states[:3].flat, *x[:3].flat]}
    later = {draw.number(value) for value in [*states[3:].flat, *x[3:].flat]}
    weights = [rnn.W_ih, rnn.W_hh, rnn.b_ih + rnn.b_hh]
    written = {draw.number(value) for values in weights for value in values.flat}
    assert reached | written <= set(shown)
    assert len(later - reached - written) > 5
    assert not (later - reached - written) & set(shown)
    assert ", ".join(map(draw.number, states[2])) + " after step 2" in picture.alt
    assert shown.count("$F$") == 5


def test_the_alt_text_tells_when_one_word_leaves_two_states(rng):
    rnn = network(rng, 2, 3)
    x = rng.uniform(-1, 1, (4, 2))
    x[3] = x[1]
    states = rnn.forward(x[:, None])[:, 0]
    gap = draw.number(np.linalg.norm(states[3] - states[1]))
    alt = draw.unrolled(rnn, x).alt
    assert f"Steps 1 and 3 hear the same, and their states lie {gap} apart" in alt
    assert "hear the same" not in draw.unrolled(rnn, x[:3]).alt


def test_a_long_sequence_is_shown_around_now(rng):
    rnn = network(rng, 2, 2)
    shown = texts(draw.unrolled(rnn, rng.normal(size=(20, 2)), now=10))
    seen = [int(text[4:]) for text in shown if re.fullmatch(r"t = \d+", text)]
    assert seen == list(range(7, 7 + MOST))
    assert "h₆" in shown  # what the first of them is given
    assert "held at\nthe start" not in shown


def test_one_unit_has_its_weights_on_the_arrows_the_same_at_every_step(rng):
    rnn = network(rng, 1, 1)
    rnn.W_hh[...], rnn.W_ih[...] = -0.37, 0.82
    shown = texts(draw.unrolled(rnn, rng.normal(size=5)))
    assert shown.count("×−0.37") == shown.count("×0.82") == 5


# --- states -----------------------------------------------------------------------------------


def test_states_have_words_below_and_a_frame_round_now(rng):
    rnn = network(rng, 2, 6)
    states = rnn.forward(rng.normal(size=(5, 1, 2)))[:, 0]
    words = ["A", "girl", "walked", "into", "a"]
    picture = clean(draw.states(states, words, now=4, range=1.0))
    ax = picture.figure.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == words
    assert ax.collections[0].get_clim() == (-1, 1)
    frame = ax.patches[-1].get_bbox()
    assert (frame.x0, frame.x1) == (3.5, 4.5)
    moved = int(np.abs(np.diff(states, axis=0)).mean(axis=1).argmax()) + 1
    assert f"moves most at step {moved} (“{words[moved]}”)" in picture.alt
    clean(draw.states(rng.uniform(size=(90, 40))))
    with pytest.raises(ValueError, match=r"draw.states takes \(T, H\)"):
        draw.states(np.zeros(4))


# --- gradient against distance ----------------------------------------------------------------


@given(
    rates=st.lists(st.floats(0.05, 1.4), min_size=1, max_size=5),
    seeds=st.sampled_from([1, 7]),
    floor=st.booleans(),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_in_a_fading_plot(rates, seeds, floor, seed):
    rng = np.random.default_rng(seed)
    k = np.arange(80)[:, None]
    nets = {
        name: rate ** (k * (1 + 0.1 * rng.uniform(size=(1, seeds))))
        for name, rate in zip(LONG_NAMES, rates, strict=False)
    }
    sentence = {"float32 rounds it away beside the last step's share": 1.2e-7}
    clean(draw.fading(nets, floor=sentence if floor else None))


def test_the_fading_line_is_the_geometric_mean_relative_to_the_first():
    norms = np.array([[2.0, 8.0], [0.2, 0.2], [0.02, 0.08]])
    picture = draw.fading({"net": norms}, distances=[1, 5, 25])
    line = max(picture.figure.axes[0].lines, key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(line.get_ydata(), [1.0, 0.05, 0.01])
    assert "net 1 % at distance 25" in picture.alt


def test_norms_that_are_zero_are_told_and_marked():
    norms = np.append(0.5 ** np.arange(30), np.zeros(10))
    picture = clean(draw.fading({"cut": norms, "whole": 0.8 ** np.arange(40)}))
    assert "cut is 0 from distance 31 on" in picture.alt
    assert "Hollow mark" in " ".join(text.get_text() for text in picture.figure.texts)
    hollow = [line for line in picture.figure.axes[0].lines if list(line.get_xdata()) == [31]]
    assert len(hollow) == 1
    untouched = draw.fading({"whole": 0.8 ** np.arange(40)})
    assert "Hollow" not in " ".join(text.get_text() for text in untouched.figure.texts)


def test_growing_and_overflowing_gradients_are_drawn():
    with np.errstate(over="ignore"):
        picture = clean(draw.fading({"explodes": 1e9 ** np.arange(60.0), "lives": np.ones(60)}))
    assert "past all bounds" in picture.alt


def test_fading_tells_what_it_cannot_draw():
    with pytest.raises(ValueError, match="'net' has negative norms"):
        draw.fading({"net": [-1.0, 2.0]})
    with pytest.raises(ValueError, match=r"'net' has 3 norms; there are 2 distances"):
        draw.fading({"net": [3.0, 2.0, 1.0]}, distances=[1, 2])
    with pytest.raises(ValueError, match="nets has 0 entries"):
        draw.fading({})


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.08, "8 %"), (0.003, "0.3 %"), (1e-15, "10⁻¹⁵"), (0, "0"), (24, "24.00 times")],
)
def test_shares_are_written_as_in_a_sentence(value, words):
    assert fadings.size(value) == words


# --- eigenvalues ------------------------------------------------------------------------------


@given(count=st.integers(1, 4), units=st.integers(1, 40), size=st.floats(0.0, 6.0))
@few
def test_no_texts_meet_beside_the_unit_circle(count, units, size):
    rng = np.random.default_rng(units)
    matrices = {
        name: size * rng.normal(size=(units, units)) / units**0.5 for name in "abcd"[:count]
    }
    clean(draw.eigenvalues(matrices))


def test_eigenvalues_count_those_outside():
    rotation = 1.5 * np.array([[0.0, -1.0], [1.0, 0.0]])
    W = np.zeros((3, 3))
    W[:2, :2] = rotation
    picture = draw.eigenvalues(W)
    assert "spectral radius 1.50, largest singular value 1.50, 2 of 3 outside" in picture.alt
    faces = [line.get_markerfacecolor() for line in picture.figure.axes[0].lines[-2:]]
    assert faces == [draw.COLOURS["hidden"], draw.COLOURS["ground"]]
    assert "0 of 4 outside" in draw.eigenvalues(np.eye(4)).alt  # on the circle is not outside
    with pytest.raises(ValueError, match=r"it needs to be \(H, H\)"):
        draw.eigenvalues(np.zeros((2, 3)))


# --- loss curves and success ------------------------------------------------------------------


@given(count=st.integers(1, 5), seeds=st.sampled_from([1, 5]), log=st.booleans())
@few
def test_no_texts_meet_in_loss_curves(count, seeds, log):
    rng = np.random.default_rng(count)
    runs = {name: rng.uniform(0.5, 0.7, (120, seeds)) for name in LONG_NAMES[:count]}
    clean(draw.curves(runs, {"chance: ln 2": 0.693, "predict the mean": 0.65}, log=log))
    clean(draw.curves({"RNN": 10.0 ** -np.linspace(0, 8, 120)}, log=log, smooth=5))


def test_the_curve_is_the_median_of_seeds_smoothed_one_by_one():
    values = np.array([[4.0, 1.0, 9.0], [2.0, 3.0, 9.0], [0.0, 5.0, 0.0]])
    picture = draw.curves({"net": values}, smooth=2)
    line = max(picture.figure.axes[0].lines, key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(line.get_ydata(), [3.0, 4.0])
    np.testing.assert_allclose(line.get_xdata(), [2, 3])
    assert "net from 3.00 to 4.00 (median of 3 seeds; at the end 1.00 to 4.50)" in picture.alt


def test_a_diverged_seed_leaves_a_gap_and_no_error():
    values = np.ones((20, 2))
    values[10:, 1] = np.nan
    clean(draw.curves({"net": values}))
    values[10:] = np.inf
    clean(draw.curves({"net": values}, log=True))


@given(count=st.integers(1, 5), band=st.sampled_from(["range", None]), log=st.booleans())
@few
def test_no_texts_meet_in_success_plots(count, band, log):
    rng = np.random.default_rng(count)
    runs = {name: rng.uniform(size=(5, 5)) for name in LONG_NAMES[:count]}
    clean(draw.success(runs, [10, 20, 50, 100, 200], 0.5, band=band, log=log))


def test_lengths_that_stand_close_are_not_all_written():
    picture = clean(draw.success({"RNN": np.ones(4)}, [10, 11, 159, 160]))
    labels = [label.get_text() for label in picture.figure.axes[0].get_xticklabels()]
    assert labels == ["10", "160"]


@pytest.mark.filterwarnings("error")
def test_a_lone_point_is_drawn():
    for log in (False, True):
        clean(draw.success({"RNN": [0.5]}, [10], log=log))
    clean(draw.curves({"RNN": [0.5]}))
    clean(draw.fading({"RNN": [0.5]}))


def test_success_shows_the_mean_in_percent_and_names_chance():
    runs = {"RNN": np.array([[1.0, 0.9], [0.5, 0.0]])}
    picture = clean(draw.success(runs, [10, 100], {"one in four": 0.25}))
    line = max(picture.figure.axes[0].lines, key=lambda line: line.get_linewidth())
    np.testing.assert_allclose(line.get_ydata(), [95, 25])
    assert "RNN from 95 % at 10 to 25 % at 100 (mean of 2 seeds, there 0 % to 50 %)" in picture.alt
    assert "one in four: dotted at 25 %" in picture.alt
    with pytest.raises(ValueError, match="'RNN' has 2 values; there are 3 lengths"):
        draw.success(runs, [1, 2, 3])


def test_a_memory_probe_is_drawn_in_its_own_unit():
    runs = {"RNN": np.linspace(1, 0, 12), "orthogonal": np.ones(12)}
    given = {"scale": 1, "ylabel": "R²", "xlabel": "lag in steps"}
    picture = clean(draw.success(runs, range(12), **given))
    assert "At lag 11: 1.00 (orthogonal), 0.00 (RNN)" in picture.alt


def test_models_wear_their_colour_and_no_two_lines_look_alike():
    looks = series.looks(["LSTM", "RNN", "GRU, clipped", "other", "window of 8"])
    roles = [look.role for look in looks.values()]
    assert roles[:3] == ["cell_line", "hidden", "gate_i"] and roles[4] == "muted"
    assert len({(look.dash, look.marker) for look in looks.values()}) == 5
    assert series.looks(["RNN"], {"RNN": "input"})["RNN"].role == "input"
    with pytest.raises(ValueError, match="There is no role 'mauve'"):
        series.looks(["RNN"], {"RNN": "mauve"})


@pytest.mark.parametrize(
    ("value", "words"), [(0.25, "0.25"), (4.9e-5, "5·10⁻⁵"), (-2e-3, "−2·10⁻³"), (0, "0.00")]
)
def test_small_amounts_keep_a_digit(value, words):
    assert series.amount(value) == words


# --- all of them ------------------------------------------------------------------------------


def every_picture():
    rnn = cells.RNN(2, 3)
    x = np.linspace(-1, 1, 8).reshape(4, 2)
    return [
        draw.layer(rnn, x[0]),
        draw.unrolled(rnn, x, now=1),
        draw.states(x),
        draw.fading({"net": [1.0, 0.5, 0.1]}),
        draw.eigenvalues(rnn.W_hh),
        draw.curves({"net": [3.0, 2.0]}),
        draw.success({"net": [1.0, 0.5]}, [1, 2]),
    ]


def test_all_are_drawn_on_a_dark_ground_too():
    with draw.dark() as dark:
        for picture in every_picture():
            clean(picture)
            face = picture.figure.get_facecolor()
            assert [round(255 * part) for part in face[:3]] == [
                int(dark.fill["ground"][at : at + 2], 16) for at in (1, 3, 5)
            ]


def test_none_of_them_loads_pyplot():
    code = (
        "import sys, numpy as np\nfrom rnncourse import cells, draw\n"
        "assert 'matplotlib' not in sys.modules\n"
        "draw.layer(cells.RNN(2, 2), np.zeros(2)).save; draw.success({'a': [1.0]}, [1])\n"
        "assert callable(draw.curves)\n"
        "draw.fading({'a': [1.0, 0.5]})\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False"]
