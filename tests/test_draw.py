"""Pictures: no text meets another, wires end on outlines, alt texts tell the computed finding."""

import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from PIL import Image

from rnncourse import cells, draw
from rnncourse.draw import maps, pieces, style
from rnncourse.draw.frames import sheet
from rnncourse.draw.neurons import STAGES
from rnncourse.draw.stem_plots import response_note

NAMES = list(cells.ACTIVATIONS)
two_digits = st.floats(-99.99, 99.99)
few = settings(max_examples=15, deadline=None)


def clean(picture):
    assert draw.collisions(picture.figure) == []
    return picture


def neuron_about_to_hear(held, **weights):
    neuron = cells.RecurrentNeuron(**weights)
    neuron.delay.step(held)
    return neuron


# --- the measuring itself ---------------------------------------------------------------------


def test_collisions_sees_two_texts_that_overlap_and_one_that_leaves():
    figure, ax = sheet("Title", "", body=2)
    ax.text(1.0, 1.0, "one text")
    ax.text(1.2, 1.02, "another text")
    ax.text(7.2, 0.5, "over the edge")
    found = draw.collisions(figure)
    assert len(found) == 2
    assert any("overlaps" in sentence for sentence in found)
    assert any("leaves the figure" in sentence for sentence in found)


def test_collisions_sees_tick_labels():
    figure, ax = draw.axes("Title", height=2)
    ax.set_xticks([0, 0.01, 1], ["first label", "second label", "third"])
    assert any("overlaps" in sentence for sentence in draw.collisions(figure))


def test_labels_at_line_ends_move_apart_only_where_they_must():
    figure, ax = draw.axes("Title")
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ends = [0.50, 0.51, 0.52, 0.95]
    labels = [draw.label_end(ax, 1, y, f"at {y}", "hidden") for y in ends]
    elsewhere = draw.label_end(ax, 0.2, 0.51, "at mid", "input")
    assert draw.collisions(figure) == []
    rises = [label.get_position()[1] for label in labels]
    assert rises[0] < 0 < rises[2]
    assert sum(rises[:3]) == pytest.approx(0, abs=0.1)  # they stay around their lines
    assert rises[3] == elsewhere.get_position()[1] == 0


# --- the neuron -------------------------------------------------------------------------------


@given(
    x=two_digits,
    held=two_digits,
    w_x=two_digits,
    w_h=two_digits,
    b=st.one_of(st.just(0.0), two_digits),
    activation=st.sampled_from(NAMES),
    stage=st.sampled_from([None, *STAGES]),
)
@few
def test_no_texts_meet_in_a_neuron(x, held, w_x, w_h, b, activation, stage):
    neuron = neuron_about_to_hear(held, w_x=w_x, w_h=w_h, b=b, activation=activation)
    clean(draw.neuron(neuron, x, stage))


def test_the_neuron_picture_shows_the_step_and_does_not_take_it():
    neuron = neuron_about_to_hear(0.5, w_x=1.0, w_h=1.0)
    picture = draw.neuron(neuron, 1.0)
    assert neuron.delay.held == 0.5
    h = draw.number(neuron.step(1.0))
    assert h == "0.82"
    shown = [text.get_text() for text in picture.figure.axes[0].texts]
    assert shown.count(h) == 4  # on both wires, in the circle, at the end of the equation
    assert h in picture.alt
    assert "its delay block gives back 0.50" in picture.alt


def test_the_neuron_is_not_drawn_from_a_mistaken_sum():
    neuron = neuron_about_to_hear(0.5, w_x=2.0, w_h=-3.0, b=0.25, activation="linear")
    shown = [t.get_text() for t in draw.neuron(neuron, 1.5).figure.axes[0].texts]
    for value in ("3.00", "−1.50", "1.75"):  # w_x x, w_h h, and their sum with b
        assert value in shown


def test_stages_show_no_value_that_is_not_computed_yet():
    neuron = neuron_about_to_hear(0.5, w_x=1.0, w_h=0.9)
    seen = {
        stage: {t.get_text() for t in draw.neuron(neuron, 1.25, stage).figure.axes[0].texts}
        for stage in STAGES
    }
    assert "0.45" not in seen["inputs"] and "0.45" in seen["weighted"]
    assert "1.70" not in seen["weighted"] and "1.70" in seen["sum"]
    assert "0.85" not in seen["sum"] and "0.85" in seen["output"]


def test_negative_weights_are_dashed_also_in_grey():
    def dashed(w_h):
        neuron = neuron_about_to_hear(0.5, w_x=1.0, w_h=w_h)
        patches = draw.neuron(neuron, 1.0).figure.axes[0].patches
        return sum(patch.get_linestyle() not in ("solid", "-") for patch in patches)

    assert dashed(0.7) == 0
    assert dashed(-0.7) == 2  # the pill and the wire behind it


@pytest.mark.parametrize("x", [np.inf, 1e9, -1e-9, 0])
def test_extreme_values_are_drawn(x):
    clean(draw.neuron(neuron_about_to_hear(0.5, w_x=1.0, w_h=1.0), x))


def test_the_neuron_tells_what_it_cannot_draw():
    neuron = cells.RecurrentNeuron(1.0, 1.0)
    with pytest.raises(ValueError, match=r"x has shape \(3,\); this picture shows one number."):
        draw.neuron(neuron, np.zeros(3))
    with pytest.raises(ValueError, match="stage is 'end'; choose one of inputs, weighted"):
        draw.neuron(neuron, 1.0, "end")


# --- pieces -----------------------------------------------------------------------------------


def test_an_arrow_ends_on_the_outline_it_enters():
    _, ax = sheet("Title", "", body=2)
    goal = pieces.circle(ax, 3.0, 1.0, "", "hidden", radius=0.3)
    pieces.wire(ax, [(1.0, 1.0), goal.left], "input")
    tip = max(point[0] for point in ax.patches[-2].get_xy())
    assert tip == pytest.approx(3.0 - 0.3 - 2.2 / 2 / 72)


@pytest.mark.parametrize("value", [-1.0, -0.4, 0.0, 0.4, 1.0])
def test_distance_from_the_ground_is_size(value):
    shade = int(style.LIGHT.signed(value)[1:3], 16) - 255
    assert (shade == 0) == (value == 0)
    assert style.LIGHT.signed(value) != style.LIGHT.signed(value / 2) or value == 0


def test_text_colours_can_be_read():
    def luminance(colour):
        channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))

    for palette in (style.LIGHT, style.DARK):
        ground = luminance(palette.fill["ground"])
        for role, colour in palette.text.items():
            if role != "ground":
                low, high = sorted([luminance(colour), ground])
                assert (high + 0.05) / (low + 0.05) >= 4.5, role


def test_numbers_have_two_decimals_and_a_true_minus():
    values = [0.817, -0.7, -0.001, 100, 9999.6, -2.5e8, np.inf, np.nan]
    assert [draw.number(value) for value in values] == [
        "0.82",
        "−0.70",
        "0.00",
        "100",
        "1.0·10⁴",
        "−2.5·10⁸",
        "∞",
        "not a number",
    ]


# --- responses and stems ----------------------------------------------------------------------


def impulse_responses(weights, steps=13):
    x = np.eye(1, steps)[0]
    return [(f"weight {k}", w, cells.run_neuron(x, 1.0, w)) for k, w in enumerate(weights)]


@given(st.lists(st.floats(-1.2, 1.2), min_size=1, max_size=8), st.integers(2, 40))
@few
def test_no_texts_meet_in_responses(weights, steps):
    clean(draw.responses(impulse_responses(weights, steps)))


def test_responses_share_one_axis_range():
    figure = draw.responses(impulse_responses([0.7, 1.1])).figure
    assert figure.axes[0].get_ylim() == figure.axes[1].get_ylim()


@pytest.mark.parametrize(
    ("w_h", "note"),
    [
        (0.7, "0.49 left after 2 steps"),
        (0.99, "0.89 left after 12 steps"),
        (-0.7, "sign flips at every step"),
        (1.0, "stays 1.00"),
        (1.1, "3.14 after 12 steps"),
        (0.0, "gone after one step"),
    ],
)
def test_the_note_reads_the_response(w_h, note):
    assert response_note(impulse_responses([w_h])[0][2]) == note


def test_the_alt_text_of_responses_tells_each_finding():
    alt = draw.responses(impulse_responses([0.7, 1.1])).alt
    assert "weight 0 (weight 0.70): 0.49 left after 2 steps" in alt
    assert "3.14 after 12 steps" in alt


def test_stems_stand_one_above_the_other():
    x = np.eye(1, 13)[0]
    picture = clean(draw.stems({"input $x_t$": x, "output $h_t$": x / 2}, "One impulse"))
    assert "output h_t: 0.00 to 0.50" in picture.alt


# --- cobwebs and fixed points -----------------------------------------------------------------


@given(
    activation=st.sampled_from(NAMES),
    w_h=st.floats(-9, 9),
    b=st.floats(-3, 3),
    h0s=st.lists(st.floats(-2, 2), min_size=1, max_size=4),
)
@few
def test_no_texts_meet_in_a_cobweb(activation, w_h, b, h0s):
    clean(draw.cobweb(activation, w_h, b, h0s))


def test_no_texts_meet_in_cobwebs_side_by_side():
    for count in (2, 3, 4):
        clean(draw.cobweb([("tanh", w, 0.25) for w in np.linspace(0.5, 2, count)], h0s=(0.9, -0.4)))


@given(activation=st.sampled_from(NAMES), w_h=st.floats(-9, 9), b=st.floats(-3, 3))
@settings(deadline=None)
def test_fixed_points_stay(activation, w_h, b):
    for point in maps.fixed_points(activation, w_h, b):
        again = cells.neuron_step(0.0, point.value, 1.0, w_h, b, activation)
        assert again == pytest.approx(point.value, abs=1e-6, rel=1e-9)


@given(activation=st.sampled_from(["sigmoid", "tanh"]), w_h=st.floats(-3, 6), b=st.floats(-3, 3))
@settings(deadline=None)
def test_stable_means_that_a_neighbour_comes_closer(activation, w_h, b):
    for point in maps.fixed_points(activation, w_h, b):
        if abs(abs(point.slope) - 1) < 0.05:
            continue
        start = point.value + 1e-5
        after = cells.neuron_step(0.0, start, 1.0, w_h, b, activation)
        nearer = abs(after - point.value) < 1e-5
        assert nearer == (point.stability == "stable")


@pytest.mark.parametrize(
    ("activation", "w_h", "b", "count"),
    [
        ("tanh", 0.9, 0.0, 1),
        ("tanh", 1.1, 0.0, 3),
        ("sigmoid", 3.9, -1.95, 1),
        ("sigmoid", 4.5, -2.25, 3),
        ("linear", 0.7, 0.3, 1),
        ("linear", 1.0, 0.0, 0),
        ("relu", 2.0, -1.0, 2),
    ],
)
def test_the_bifurcations_stand_where_theory_says(activation, w_h, b, count):
    assert len(maps.fixed_points(activation, w_h, b)) == count


def test_the_alt_text_of_a_cobweb_counts_fixed_points():
    alt = draw.cobweb("tanh", 1.5, h0s=(0.1,)).alt
    assert "3 fixed points, stable at −0.86, unstable at 0.00, stable at 0.86" in alt
    assert "from 0.10 to 0.86" in alt


# --- the others -------------------------------------------------------------------------------


def test_no_texts_meet_in_the_legend():
    clean(draw.legend())
    with draw.dark():
        picture = clean(draw.legend())
    assert picture.figure.get_facecolor()[:3] == pytest.approx((0x14 / 255, 0x17 / 255, 0x1C / 255))


@given(st.lists(two_digits, min_size=1, max_size=8), two_digits)
@few
def test_no_texts_meet_in_a_delay_and_the_block_is_not_changed(values, held):
    block = cells.DelayBlock(held)
    picture = clean(draw.delay(values, block))
    assert block.held == held
    assert "Out: " + ", ".join(map(draw.number, [held, *values[:-1]])) + ":" in picture.alt


@given(st.integers(1, 6), st.integers(2, 60), st.integers(0, 9))
@few
def test_no_texts_meet_in_sequences(columns, steps, seed):
    values = np.random.default_rng(seed).normal(size=(steps, columns)) * 0.01  # ends lie close
    names = [f"line number {k}" for k in range(columns)]
    clean(
        draw.sequence(values, names=names, unit="degrees", title="Lines " * 30, subtitle="s " * 99)
    )


def test_window_names_never_meet():
    windows = [(5, 15), (9, 19), (40, 50), (90, 99)]
    names = ["seen first", "seen one step later", "far away", "at the very end of it"]
    y = np.sin(np.arange(100) / 5)
    clean(draw.sequence(y, windows=windows, window_names=names, unit="a unit of some length"))
    clean(draw.waveform(y, 100, windows=[(0.1, 0.2)], window_names=["a frame"]))


def test_heatmaps_of_all_kinds():
    values = np.random.default_rng(0).normal(size=(12, 5))
    words = ["a", "girl", "walked", "into", "a", "bar", "and", "she", "said", "can", "I", "have"]
    clean(draw.heatmap(values, rows=list("abcde"), unit="state"))
    clean(draw.heatmap(np.abs(values), time=words, ylabel="unit", unit="size"))
    clean(draw.heatmap(np.eye(6), time=words[:6], rows=words[:6]))
    times, hertz = np.arange(12) * 0.01, np.arange(5) * 250.0
    picture = clean(draw.heatmap(values, time=times, y=hertz, xlabel="seconds", ylabel="Hz"))
    assert "12 steps to the right by 5 features" in picture.alt


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: draw.sequence(np.zeros((3, 9))), r"values has shape \(3, 9\)"),
        (lambda: draw.sequence(np.zeros(3), time=[1, 2]), r"time has shape \(2,\)"),
        (lambda: draw.heatmap(np.zeros(3)), r"values has shape \(3,\)"),
        (lambda: draw.heatmap(np.zeros((3, 2)), rows=["a"]), "rows has 1 entries"),
        (lambda: draw.waveform(np.zeros(3), 0), "rate is 0"),
        (lambda: draw.delay([]), r"values has shape \(0,\)"),
        (lambda: draw.responses([]), "panels has 0 entries"),
        (lambda: draw.stems({"a": [1], "b": [1, 2]}, "t"), r"rows have \[1, 2\] steps"),
        (lambda: draw.cobweb("softmax", 1.0), "activation is 'softmax'"),
        (lambda: draw.picture(Figure(), " "), "alt is empty"),
    ],
)
def test_errors_say_what_came(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# --- pictures ---------------------------------------------------------------------------------


def test_a_picture_shows_itself_once_with_its_alt_text(tmp_path):
    picture = draw.delay([1.0, 2.0])
    data, metadata = picture._repr_mimebundle_()
    assert set(data) == {"image/png", "text/plain"}
    assert data["text/plain"] == "Figure: " + picture.alt
    assert metadata == {"image/png": {"alt": picture.alt}}
    saved = picture.save(tmp_path / "delay.png")
    assert saved.read_bytes() == data["image/png"]
    width, height = picture.figure.get_size_inches() * 110
    assert Image.open(saved).size == (int(width), int(height))


def test_house_style_survives_a_learners_own_settings():
    import matplotlib

    plain = draw.delay([1.0])._repr_mimebundle_()[0]["image/png"]
    with matplotlib.rc_context(
        {"font.size": 22, "font.family": "serif", "text.hinting": "default"}
    ):
        assert draw.delay([1.0])._repr_mimebundle_()[0]["image/png"] == plain


def test_titles_of_several_lines_leave_the_plot_its_room():
    _, short = draw.axes("Short", ylabel="unit")
    figure, long = draw.axes("A long finding " * 9, "and a long subtitle " * 9, ylabel="unit")
    for ax in (short, long):
        ax.plot([0, 1])
    assert draw.collisions(figure) == []
    draw.collisions(short.figure)
    assert long.get_window_extent().height > 0.9 * short.get_window_extent().height


def test_importing_draw_does_not_load_matplotlib_and_drawing_does_not_load_pyplot():
    code = (
        "import sys, rnncourse.draw as d; print('matplotlib' in sys.modules);"
        "d.legend(); print('matplotlib.pyplot' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["False", "False"]


def test_every_name_of_draw_is_there():
    for name in draw.__all__:
        assert getattr(draw, name) is not None
    with pytest.raises(AttributeError, match="draw has no 'picasso'"):
        draw.picasso  # noqa: B018
