"""Part II's pictures: cells, gates and seeds drawn as they are, and no text meets another."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle

from rnncourse import cells, draw
from rnncourse.draw import cell_values, flows, gate_strips, gru_cells, lstm_cells, seed_dots
from rnncourse.draw.cell_steps import GruStep, LstmStep

few = settings(max_examples=8, deadline=None)
FORMS = ("gate", "coupled", "none")
STAGES = ("", "i", "io", "iof")
EXAMPLE = {"g": 0.76, "i": 0.65, "f": 0.86, "o": 0.62}


def clean(picture):
    assert draw.collisions(picture.figure) == []
    return picture


def texts(picture):
    return [text.get_text() for text in picture.figure.axes[0].texts]


def written(picture):
    """Every word of the figure, with mathtext marks left in."""
    return " ".join([*texts(picture), *(text.get_text() for text in picture.figure.texts)])


def shaken(cell, rng, size=1.0):
    for values in cell.parameters.values():
        values[...] = rng.uniform(-size, size, values.shape)
    return cell


def arrow_tips(ax):
    """The tips of the wires' arrowheads, which are the only triangles of these pictures."""
    heads = [p for p in ax.patches if isinstance(p, Polygon) and len(p.get_xy()) == 4]
    return [head.get_xy()[0] for head in heads]


def outlines(ax):
    """(left, bottom, right, top) of every box and square."""
    return [
        (p.get_x(), p.get_y(), p.get_x() + p.get_width(), p.get_y() + p.get_height())
        for p in ax.patches
        if isinstance(p, (Rectangle, FancyBboxPatch))
    ]


def on_an_outline(tip, ax, slack=0.03):
    x, y = tip
    for left, bottom, right, top in outlines(ax):
        beside = min(abs(x - left), abs(x - right)) < slack and bottom < y < top
        above = min(abs(y - bottom), abs(y - top)) < slack and left < x < right
        if beside or above:
            return True
    return False


@pytest.fixture
def rng():
    return np.random.default_rng(0)


# --- what the pictures compute is what the cells compute --------------------------------------


@pytest.mark.parametrize("forget", FORMS)
@pytest.mark.parametrize("peepholes", [False, True])
def test_the_gates_of_an_lstm_are_those_of_the_cell(rng, forget, peepholes):
    lstm = shaken(cells.LSTM(3, 4, forget=forget, peepholes=peepholes), rng, 2.0)
    x, start = rng.normal(size=(6, 3)), rng.normal(size=(2, 4))
    run = cell_values.LstmValues(lstm).run(x, start)
    states = lstm.forward(x[:, None], tuple(start[:, None]))
    np.testing.assert_allclose(run["h"], states[:, 0], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(run["c"], lstm.cell_states[:, 0], rtol=1e-12, atol=1e-15)
    for letter in "ifgo":
        np.testing.assert_allclose(run[letter], lstm.gates[letter][:, 0], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("reset", ["after", "before"])
def test_the_gates_of_a_gru_are_those_of_the_cell(rng, reset):
    gru = shaken(cells.GRU(3, 4, reset=reset), rng, 2.0)
    x, h = rng.normal(size=(6, 3)), rng.normal(size=4)
    run = cell_values.GruValues(gru).run(x, h)
    states = gru.forward(x[:, None], h[None])
    np.testing.assert_allclose(run["h"], states[:, 0], rtol=1e-12, atol=1e-15)
    for letter in "rzn":
        np.testing.assert_allclose(run[letter], gru.gates[letter][:, 0], rtol=1e-12, atol=1e-15)


def test_torch_modules_are_read_by_their_own_names(rng):
    torch = pytest.importorskip("torch")
    x = torch.from_numpy(rng.normal(size=(5, 1, 2)))
    for kind in ("LSTM", "GRU"):
        module = getattr(torch.nn, kind)(2, 3, dtype=torch.float64)
        states = module(x)[0][:, 0].detach().numpy()
        run = cell_values.values_of(module).run(x[:, 0].numpy())
        np.testing.assert_allclose(run["h"], states, rtol=1e-10)


# --- the LSTM cell ----------------------------------------------------------------------------


@given(
    forget=st.sampled_from(FORMS),
    peepholes=st.booleans(),
    stage=st.sampled_from([None, "", "i", "io"]),
    units=st.integers(1, 4),
    inputs=st.integers(1, 4),
    size=st.sampled_from([0.1, 1.0, 30.0]),
    values=st.booleans(),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_in_a_cell_and_every_arrow_ends_on_an_outline(
    forget, peepholes, stage, units, inputs, size, values, seed
):
    rng = np.random.default_rng(seed)
    lstm = shaken(cells.LSTM(inputs, units, forget=forget, peepholes=peepholes), rng, size)
    start = rng.normal(size=(2, units)) * [[0.5], [size]]
    picture = clean(
        draw.lstm(lstm, rng.normal(size=inputs), start, seed % units, stage, values=values)
    )
    ax = picture.figure.axes[0]
    ends = (lstm_cells.END, lstm_cells.LANE), (lstm_cells.END, lstm_cells.H_LANE)
    tips = [tip for tip in arrow_tips(ax) if not any(np.allclose(tip, end) for end in ends)]
    assert tips and all(on_an_outline(tip, ax) for tip in tips)


@given(st.integers(0, 10**6))
@few
def test_no_texts_meet_whatever_the_numbers(seed):
    rng = np.random.default_rng(seed)
    given = {gate: rng.choice([0.0, 1e-9, 0.3, 0.999, 1.0]) for gate in "ifo"}
    given["g"] = rng.choice([-1.0, -0.02, 0.0, 0.5, 1.0])
    start = rng.normal(), rng.choice([-250.0, -3.7, -0.04, 0.0, 0.6, 12.3])
    clean(draw.lstm(given, rng.normal(), start))


def test_the_cell_shows_every_number_of_the_step():
    picture = draw.lstm(EXAMPLE, 1.0, (0.5, 0.8))
    c = 0.86 * 0.8 + 0.65 * 0.76
    for value in (0.8, 0.86 * 0.8, 0.65 * 0.76, c, np.tanh(c), 0.62 * np.tanh(c), 0.76):
        assert draw.number(value) in texts(picture)
    assert "keep 0.86" in texts(picture) and "write\n0.65" in texts(picture)
    assert picture.alt.startswith(
        "The cell keeps 0.69 of its 0.80, adds 0.49, and shows 0.51. An LSTM cell: c before is 0.80"
    )
    assert "c is now 1.18" in picture.alt and "shows h = 0.51" in picture.alt


def test_a_live_cell_and_its_numbers_give_the_same_picture(rng):
    lstm = shaken(cells.LSTM(2, 3), rng)
    x, start = rng.normal(size=2), rng.normal(size=(2, 3))
    before = {name: values.copy() for name, values in lstm.parameters.items()}
    for unit in range(3):
        live = draw.lstm(lstm, x, start, unit)
        gates = cell_values.LstmValues(lstm).step(x, *start)
        told = draw.lstm({k: gates[k][unit] for k in "ifgo"}, x, (0.0, start[1][unit]))
        assert live.alt.split(": ", 1)[1] == told.alt.split(": ", 1)[1]
        assert f"unit {unit} of 3" in live.alt
    for name, values in lstm.parameters.items():
        np.testing.assert_array_equal(values, before[name])


def test_an_output_gate_with_a_peephole_sees_the_new_cell_whatever_is_left_out(rng):
    lstm = shaken(cells.LSTM(1, 1, peepholes=True), rng, 2.0)
    step = LstmStep(lstm, 0.4, (0.2, 1.5), parts="io")
    a = lstm.W_ih[3, 0] * 0.4 + lstm.W_hh[3, 0] * 0.2 + lstm.b_ih[3] + lstm.b_hh[3]
    assert step.o == pytest.approx(cells.sigmoid(a + lstm.W_peep[2, 0] * step.c))
    assert step.f is None and step.kept == 1.5


def test_the_drawing_grows_from_stage_to_stage_and_nothing_moves():
    seen = set()
    for stage in STAGES:
        picture = clean(draw.lstm(EXAMPLE, 1.0, (0.5, 0.8), parts=stage, values=False))
        now = {
            (text.get_text(), text.get_position())
            for text in picture.figure.axes[0].texts
            if text.get_position()[0] < 5 and "lane" not in text.get_text()
        }
        assert seen < now
        seen = now
    assert {"keep", "write", "show"} <= {text for text, _ in seen}


@pytest.mark.parametrize("stage", STAGES)
def test_a_gate_that_is_not_there_counts_as_one(stage):
    step = LstmStep(EXAMPLE, 1.0, (0.5, 0.8), parts=stage)
    i, f, o = (EXAMPLE[gate] if gate in stage else 1.0 for gate in "ifo")
    c = f * 0.8 + i * 0.76
    assert (step.c, step.h) == pytest.approx((c, o * np.tanh(c)))
    alt = draw.lstm(EXAMPLE, 1.0, (0.5, 0.8), parts=stage).alt
    for gate, name in (("i", "input"), ("f", "forget"), ("o", "output")):
        assert (f"there is no {name} gate" in alt) == (gate not in stage)


def test_bands_are_as_broad_as_their_amounts_and_negative_ones_are_hatched():
    picture = draw.lstm({"g": -0.5, "i": 0.6, "f": 1.0, "o": 1.0}, start=(0.0, 0.9))
    bands = [p for p in picture.figure.axes[0].patches if isinstance(p, Polygon)]
    upright = {}
    for band in bands:
        x, y = band.get_xy().T
        if abs((x.min() + x.max()) / 2 - lstm_cells.G) < 1e-6 and len(x) == 5:
            upright[round(y.min(), 1)] = (np.ptp(x), band.get_hatch())
    (below, hatch), (above, _) = (upright[at] for at in sorted(upright))
    assert below == pytest.approx(0.5 * flows.SCALE) and above == pytest.approx(0.3 * flows.SCALE)
    assert hatch and "Hatched: negative" in picture.figure.texts[1].get_text()


def test_the_broadest_band_has_a_limit_and_all_bands_share_one_scale():
    assert flows.scale_for([0.5, -1.0]) == flows.SCALE
    assert flows.scale_for([100.0, 1.0]) * 100 == pytest.approx(flows.BROADEST)
    assert flows.scale_for([0.0]) == flows.SCALE


def test_valves_are_filled_up_to_their_gates():
    ax = draw.lstm(EXAMPLE, 1.0, (0.5, 0.8)).figure.axes[0]
    filled = {
        round(p.get_height() / flows.VALVE[1], 3)
        for p in ax.patches
        if isinstance(p, Rectangle) and p.get_width() == flows.VALVE[0]
    }
    assert {0.86, 0.65, 0.62} <= filled


def test_a_sum_that_does_not_add_up_after_rounding_says_about():
    exact = draw.lstm({"g": 0.5}, start=(0.0, 0.25))
    assert "$=$" in texts(exact) and "$\\approx$" not in texts(exact)
    rounded = draw.lstm({"g": 0.504}, start=(0.0, 0.254))  # 0.50 + 0.25 is printed, 0.76 comes out
    assert "$\\approx$" in texts(rounded) and "0.76" in texts(rounded)


def test_numbers_of_one_unit_and_one_input_stand_in_the_formulas():
    lstm = cells.LSTM(1, 1)
    lstm.W_ih[:, 0], lstm.W_hh[:, 0] = [0.8, 0.5, 0.9, 0.3], [-0.4, 0.6, 0.2, 0.4]
    lstm.b_ih[:], lstm.b_hh[:] = [0, 1, 0, 0], 0
    shown = texts(draw.lstm(lstm, 1.0, (0.5, 0.8)))
    assert "$f=\\sigma(0.5x_t+0.6h_{t-1}+1)$" in shown
    assert "$i=\\sigma(0.8x_t-0.4h_{t-1})$" in shown
    assert not any("0.8x_t" in text for text in texts(draw.lstm(lstm, 1.0, values=False)))


def test_forms_without_their_own_forget_gate_are_drawn_as_such(rng):
    coupled = draw.lstm(shaken(cells.LSTM(1, 1, forget="coupled"), rng), 1.0, (0.1, 0.7))
    assert "$f=1-i$" in texts(coupled) and "$1-i$" in texts(coupled)
    plain = draw.lstm(cells.LSTM(1, 1, forget="none"), 1.0, (0.1, 0.7))
    assert "no forget gate: all is kept" in texts(plain) and "keep" not in written(plain)[:40]


def test_a_cell_tells_what_it_cannot_draw():
    lstm = cells.LSTM(2, 3)
    for call, words in (
        (lambda: draw.lstm(lstm, [1.0]), r"x has shape \(1,\); this network needs \(2,\)"),
        (lambda: draw.lstm(lstm, [1, 2], ([1], [2])), r"h has shape \(1,\)"),
        (lambda: draw.lstm(lstm, [1, 2], unit=3), "unit is 3; the layer has 3 units"),
        (lambda: draw.lstm(lstm, [1, 2], parts="ix"), "it takes the gates i, o and f"),
        (lambda: draw.lstm({"i": 0.5}), "it takes g, and i, f, o"),
        (lambda: draw.lstm({"g": 1, "z": 0}), "it takes g, and i, f, o"),
        (lambda: draw.lstm({"g": 1, "i": 1}, parts="if"), "'f', a gate that this cell does not"),
        (lambda: draw.lstm(cells.LSTM(1, 1, forget="coupled"), 1, parts="f"), "f is 1 - i"),
        (lambda: draw.lstm(cells.LSTM(1, 1, seeds=2), 1), "a picture shows one network"),
        (lambda: draw.lstm(cells.RNN(1, 1), 1), "the blocks i, f, g, o of 1 units need"),
        (lambda: draw.lstm(object(), 1), "object has no W_ih"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


def test_the_cell_stands_on_a_dark_ground():
    with draw.dark():
        picture = clean(draw.lstm(EXAMPLE, 1.0, (0.5, -0.8)))
    assert to_hex(picture.figure.get_facecolor()).upper() == "#14171C"


# --- the GRU ----------------------------------------------------------------------------------


@given(
    reset=st.sampled_from(["after", "before"]),
    units=st.integers(1, 4),
    inputs=st.integers(1, 4),
    size=st.sampled_from([0.1, 1.0, 9.0]),
    values=st.booleans(),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_in_a_gru_and_every_arrow_ends_on_an_outline(
    reset, units, inputs, size, values, seed
):
    rng = np.random.default_rng(seed)
    gru = shaken(cells.GRU(inputs, units, reset=reset), rng, size)
    h = rng.uniform(-1, 1, units)
    picture = clean(draw.gru(gru, rng.normal(size=inputs), h, seed % units, values=values))
    ax = picture.figure.axes[0]
    end = (gru_cells.END, gru_cells.LANE)
    tips = [tip for tip in arrow_tips(ax) if not np.allclose(tip, end)]
    assert tips and all(on_an_outline(tip, ax) for tip in tips)


def test_the_gru_shows_what_the_cell_computes(rng):
    for reset in ("after", "before"):
        gru = shaken(cells.GRU(2, 3, reset=reset), rng)
        x, h = rng.normal(size=2), rng.uniform(-1, 1, 3)
        new = gru.step(x[None], h[None])[0]
        for unit in range(3):
            picture = draw.gru(gru, x, h, unit)
            assert f"h is now {draw.number(new[unit])}." in picture.alt
            assert draw.number(new[unit]) in texts(picture)
            step = GruStep(gru, x, h, unit)
            for value in (step.kept, step.added, step.n, step.let):
                assert draw.number(value) in texts(picture)


def test_the_update_gate_keeps():
    alt = clean(draw.gru({"r": 0.5, "z": 0.9, "n": -1.0}, h=1.0)).alt
    assert "The GRU keeps 0.90 of its 1.00, takes away 0.10: h_t is 0.80" in alt


def test_both_forms_of_the_reset_gate_have_their_formula():
    after, before = (written(draw.gru(cells.GRU(1, 1, reset=r), 1.0)) for r in ("after", "before"))
    assert "r\\,(U_n\\,h_{t-1}+b_{hn})" in after and "U_n\\,(r\\,h_{t-1})+b_{hn}" in before


def test_a_gru_tells_what_it_cannot_draw():
    for call, words in (
        (lambda: draw.gru({"r": 1.0}), "it takes r, z, n"),
        (lambda: draw.gru(cells.GRU(2, 2), [1.0]), r"x has shape \(1,\)"),
        (lambda: draw.gru(cells.GRU(2, 2), [1, 2], unit=2), "unit is 2; the layer has 2 units"),
        (lambda: draw.gru(cells.LSTM(2, 2), [1, 2]), "the blocks r, z, n of 2 units need"),
    ):
        with pytest.raises(ValueError, match=words):
            call()


# --- the gates over a sequence ----------------------------------------------------------------


@given(
    steps=st.integers(1, 40),
    units=st.sampled_from([1, 2, 7, 24]),
    form=st.sampled_from(["LSTM", "GRU"]),
    one=st.booleans(),
    size=st.sampled_from([0.2, 1.0, 30.0]),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_over_a_sequence(steps, units, form, one, size, seed):
    rng = np.random.default_rng(seed)
    cell = shaken(getattr(cells, form)(1, units), rng)
    events = {0: "write", steps - 1: "read"} if steps > 12 else {}
    clean(draw.gates(cell, size * rng.normal(size=steps), unit=0 if one else None, events=events))


def test_five_to_twenty_five_words_stand_below_their_columns(rng):
    story = "A girl walked into a bar and said hello to the man who stood behind it all day"
    story = story.split()
    lstm = cells.LSTM(4, 3)
    for steps in (5, 7, 18):
        picture = draw.gates(lstm, rng.normal(size=(steps, 4)), words=story[:steps])
        words = [t for t in picture.figure.axes[0].texts if t.get_text() in story]
        across = [t.get_position()[0] for t in words]
        assert len(words) == steps and across == sorted(across)
        if words[0].get_rotation() == 0:
            clean(picture)
    assert words[0].get_rotation() > 0  # eighteen words need their slant


def test_slanted_words_do_not_meet_each_other_nor_the_steps(rng):
    words = [f"word{at:02}" for at in range(25)]
    picture = draw.gates(cells.LSTM(2, 1), rng.normal(size=(25, 2)), words=words)
    draw.collisions(picture.figure)
    ax = picture.figure.axes[0]
    slanted = [t for t in ax.texts if t.get_text() in words]
    pitch = (slanted[1].get_position()[0] - slanted[0].get_position()[0]) * picture.figure.dpi
    size = slanted[0].get_size() * picture.figure.dpi / 72
    assert pitch * np.sin(np.radians(slanted[0].get_rotation())) > size
    lowest = min(t.get_window_extent().y0 for t in slanted)
    steps = [t for t in ax.texts if t.get_text() == "24"]
    assert lowest > steps[0].get_window_extent().y1


def test_bars_are_the_values_of_the_unit(rng):
    lstm = shaken(cells.LSTM(2, 3), rng, 2.0)
    x = rng.normal(size=(6, 2))
    picture = clean(draw.gates(lstm, x, unit=1, rows="f"))
    lstm.forward(x[:, None])
    (bars,) = (c for c in picture.figure.axes[0].collections if len(c.get_paths()) == 6)
    heights = [np.ptp(path.vertices[:, 1]) for path in bars.get_paths()]
    np.testing.assert_allclose(
        np.array(heights) / gate_strips.GATE_HEIGHT, lstm.gates["f"][:, 0, 1], rtol=1e-6
    )
    assert draw.number(lstm.gates["f"][:, 0, 1].mean()) in picture.alt


def test_a_map_has_a_tile_for_every_unit_and_step_and_stronger_is_darker(rng):
    picture = clean(draw.gates({"f": rng.uniform(0, 1, (9, 5))}))
    assert any(len(c.get_paths()) == 45 for c in picture.figure.axes[0].collections)
    assert "5 units, 9 steps" in picture.alt

    def grey(colour):
        return sum(w * int(colour[k : k + 2], 16) for w, k in ((0.3, 1), (0.59, 3), (0.11, 5)))

    for role in ("gate_i", "gate_f", "gate_o", "cell", "hidden"):
        tones = [grey(gate_strips.tint(role, share)) for share in np.linspace(0, 1, 11)]
        assert (np.diff(tones) < 0).all()
        assert tones[0] - tones[-1] > 100


def test_recorded_values_need_no_model_and_events_cross_all_strips():
    recorded = {"x": [0, 1, 0, 0], "f": [1, 0, 1, 1], "c": [0, 0.9, 0.9, 0.9], "h": [0, 0, 0, 0.7]}
    picture = clean(
        draw.gates(
            recorded, events={1: "write", 3: "read"}, notes={("h", 3): 0.7, ("c", 2): "held"}
        )
    )
    assert {"write", "read", "0.70", "held"} <= set(texts(picture))
    assert "“write” at step 1; “read” at step 3" in picture.alt
    assert "the cell is between 0.00 (step 0) and 0.90 (step 1)" in picture.alt


def test_the_sequence_starts_from_what_is_held(rng):
    lstm = shaken(cells.LSTM(1, 1, forget_bias=3.0), rng, 0.1)
    lstm.set_bias("f", 9.0)
    held = draw.gates(lstm, np.zeros(3), start=([0.0], [0.8]))
    assert "the cell is between 0.7" in held.alt or "0.8" in held.alt
    assert "0.8" not in draw.gates(lstm, np.zeros(3)).alt.split("the cell")[1].split(";")[0]


def test_the_strips_tell_what_they_cannot_draw(rng):
    lstm = cells.LSTM(2, 3)
    for call, words in (
        (lambda: draw.gates(lstm), "x is missing"),
        (lambda: draw.gates(lstm, np.zeros((4, 3))), r"x has shape \(4, 3\)"),
        (lambda: draw.gates(lstm, np.zeros((4, 2)), words=["a"]), "there are 4 steps"),
        (lambda: draw.gates(lstm, np.zeros((4, 2)), rows="fz"), "there are x, i, f"),
        (lambda: draw.gates(lstm, np.zeros((4, 2)), unit=3), "unit is 3; there are 3 units"),
        (lambda: draw.gates(lstm, np.zeros((4, 2)), events={4: "end"}), "the steps 0 to 3"),
        (lambda: draw.gates(lstm, np.zeros((200, 2))), "shows 1 to 120"),
        (lambda: draw.gates({"q": [1.0]}), "'q' is no strip"),
        (lambda: draw.gates({"f": [1.0], "c": [1.0, 2.0]}), "share one time axis"),
        (lambda: draw.gates({"c": [np.nan, 1.0]}), "the values of c are not all finite"),
        (lambda: draw.gates({"f": np.zeros((3, 65))}), "a map shows up to 64"),
    ):
        with pytest.raises(ValueError, match=re.compile(words, re.IGNORECASE)):
            call()


# --- every seed a dot -------------------------------------------------------------------------


def test_runs_that_failed_are_counted_and_not_drawn():
    picture = clean(draw.dots({"LSTM": [10.0, 20, 40, -1, np.inf, np.nan], "RNN": [-1] * 6}))
    ax = picture.figure.axes[0]
    drawn = [line for line in ax.lines if line.get_linestyle() == "None"]
    assert sorted(np.concatenate([line.get_xdata() for line in drawn])) == [10, 20, 40]
    assert "3 of 6 not solved" in texts(picture) and "6 of 6 not solved" in texts(picture)
    assert "LSTM, 6 seeds: 10 to 40, 3 not solved; RNN, 6 seeds: 6 not solved" in picture.alt


def test_the_median_counts_a_failed_run_as_later_than_all():
    row = seed_dots._Row("LSTM", [10.0, 20, 40, -1, -1])
    assert row.median == 40
    assert seed_dots._Row("LSTM", [10.0, -1, -1]).median is None


def test_the_published_figure_stands_on_its_row_and_beside_it():
    picture = clean(
        draw.dots(
            {"LSTM": [3000.0, 4000], "tanh RNN": [-1, -1]},
            {"LSTM": (8440, "1997, table 2"), "tanh RNN": "published: 0 of 30"},
            log=True,
            marks={"target 8,440": 8440},
        )
    )
    assert "◇ 8,440 (1997, table 2)" in texts(picture)
    assert any("published: 0 of 30" in text for text in texts(picture))
    diamond = [line for line in picture.figure.axes[0].lines if line.get_marker() == "D"]
    assert diamond[0].get_xdata() == [8440] and diamond[0].get_ydata() == [1]
    assert "median 3,500, published 8,440" in picture.alt and "dotted: target 8,440" in picture.alt


@given(
    rows=st.integers(1, 12),
    seeds=st.sampled_from([1, 2, 10, 30]),
    log=st.booleans(),
    size=st.sampled_from([0.5, 100.0, 1e6]),
    seed=st.integers(0, 10**6),
)
@few
def test_no_texts_meet_beside_the_dots(rows, seeds, log, size, seed):
    rng = np.random.default_rng(seed)
    runs = {f"LSTM, start {at}": size * rng.lognormal(size=seeds) for at in range(rows)}
    runs["LSTM, start 0"][: seed % 3] = -1
    published = {f"LSTM, start {at}": (size * 2, "their table") for at in range(0, rows, 2)}
    clean(draw.dots(runs, published, log=log, marks={"target": size}))


def test_a_value_of_zero_rests_on_the_edge_of_a_logarithmic_axis_and_is_told():
    picture = clean(draw.dots({"GRU": [0.0, 0.0, 12.0, 90.0]}, log=True))
    ax = picture.figure.axes[0]
    hollow = [line for line in ax.lines if line.get_markerfacecolor() == "#FFFFFF"]
    assert [len(line.get_xdata()) for line in hollow] == [2]
    assert set(hollow[0].get_xdata()) == {ax.get_xlim()[0]}
    assert "2 of 4 at 0" in texts(picture) and "0 to 90, median 6" in picture.alt


def test_dots_of_one_value_stand_apart():
    ax = draw.dots({"LSTM": np.full(10, 5.0)}).figure.axes[0]
    (line,) = (line for line in ax.lines if line.get_linestyle() == "None")
    assert len(set(np.round(line.get_ydata(), 6))) == 10


def test_the_dots_tell_what_they_cannot_draw():
    for call, words in (
        (lambda: draw.dots({}), "runs has 0 entries"),
        (lambda: draw.dots({"a": np.zeros((2, 2))}), r"'a' has shape \(2, 2\)"),
        (lambda: draw.dots({"a": [1.0]}, {"b": 2}), "published has 'b'; runs has a"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
