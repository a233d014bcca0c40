"""Pictures of words: labels stay clear, bars and tints are the numbers, alt texts tell them."""

import itertools
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_hex
from matplotlib.patches import PathPatch, Rectangle

from rnncourse import draw
from rnncourse.draw.placing import LEADER, Labels
from rnncourse.draw.word_rows import MOST, Rows, as_written

few = settings(max_examples=8, deadline=None)
STORY = "A girl walked into a bar, and she said 'Can I?'. The bartender said 'Certainly { }'"
WORDS = [
    "a",
    "girl",
    "walked",
    "into",
    "a",
    "bar",
    "and",
    "she",
    "said",
    "can",
    "i",
    "the",
    "bartender",
    "said",
    "certainly",
]
FOUR = {"miss": 0.49, "ma'am": 0.5, "sir": 0.006, "Mister": 0.004}


def clean(picture):
    assert draw.collisions(picture.figure) == []
    return picture


def words_of(picture):
    return {text.get_text(): text for text in picture.figure.axes[0].texts}


def points_of(picture):
    """Every point of a map, in inches: drawn lines without a line are its markers."""
    dots = [line for line in picture.figure.axes[0].lines if line.get_linestyle() == "None"]
    return np.concatenate([line.get_xydata() for line in dots])


def rectangles(picture):
    return [p for p in picture.figure.axes[0].patches if isinstance(p, Rectangle)]


@pytest.fixture
def rng():
    return np.random.default_rng(0)


@pytest.fixture
def vectors(rng):
    return rng.normal(size=(12, 6))


NAMES = [f"word{i}" for i in range(12)]


# --- labels -----------------------------------------------------------------------------------


@given(
    count=st.integers(3, 80),
    spread=st.sampled_from([1.0, 0.2, 0.02]),
    long=st.integers(1, 16),
    seed=st.integers(0, 10**6),
)
@few
def test_no_labels_meet_on_a_map(count, spread, long, seed):
    rng = np.random.default_rng(seed)
    places = rng.normal(size=(count, 2)) * spread
    places[0] = 3, 2  # far from the others, who crowd the more
    names = [f"{'m' * (1 + (i * 7) % long)}{i}" for i in range(count)]
    groups = {"first": names[: count // 3], "second": names[count // 3 : count // 2]}
    groups = {name: members for name, members in groups.items() if members}
    clean(draw.words_map(places, names, show=names, groups=groups, pairs=[(names[0], names[1])]))


def test_labels_stand_beside_their_points_and_cover_none(rng):
    points = rng.uniform(0, 5, (40, 2))
    sizes = np.tile([0.4, 0.14], (40, 1))
    labels = Labels(points, sizes, (-1, -1, 6, 6), points, 0.05)
    low, high = labels.centres - sizes / 2, labels.centres + sizes / 2
    for point in points:
        assert not ((point > low) & (point < high)).all(axis=1).any()
    gaps = np.linalg.norm(np.clip(points, low, high) - points, axis=1)
    assert labels.meetings == 0 and np.median(gaps) < 0.12
    with_leader = np.array([leader is not None for leader in labels.leaders])
    np.testing.assert_array_equal(with_leader, gaps > LEADER)


def test_points_on_one_spot_get_labels_that_do_not_meet():
    points = np.zeros((30, 2))
    labels = Labels(points, np.tile([0.5, 0.14], (30, 1)), (-2, -2, 2, 2), points)
    assert labels.meetings == 0
    assert sum(leader is not None for leader in labels.leaders) > 15


def test_a_label_avoids_a_line_where_there_is_room():
    point, size = [(0.0, 0.0)], [(0.4, 0.14)]
    line = [((0.0, 0.0), (2.0, 0.0))]
    free = Labels(point, size, (-2, -2, 2, 2), point).centres[0]
    moved = Labels(point, size, (-2, -2, 2, 2), point, lines=line).centres[0]
    assert free[0] > 0 and free[1] == 0  # right beside the point, where the line would run
    assert abs(moved[1]) > 0.07 or moved[0] < 0


# --- what a map shows -------------------------------------------------------------------------


def test_two_numbers_a_word_are_drawn_to_one_scale(rng):
    places = rng.uniform(-1, 1, (9, 2)) * [3.0, 0.5]
    picture = clean(draw.words_map(places, NAMES[:9]))
    drawn = points_of(picture)
    scale = np.linalg.norm(drawn[1] - drawn[0]) / np.linalg.norm(places[1] - places[0])
    np.testing.assert_allclose(drawn - drawn[0], scale * (places - places[0]), atol=1e-9)
    assert "keeps every distance" in picture.alt


def test_the_plane_is_the_one_that_keeps_most(vectors, rng):
    axes = draw.plane(vectors, unit=False)
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-12)
    spread = np.cov(vectors.T, bias=True)
    largest = np.linalg.eigvalsh(spread)[-2:].sum()
    assert np.trace(axes @ spread @ axes.T) == pytest.approx(largest)
    other = np.linalg.qr(rng.normal(size=(6, 2)))[0].T
    assert np.trace(other @ spread @ other.T) < largest


def test_what_is_kept_is_told_and_true(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    places = unit @ draw.plane(vectors).T

    def distances(x):
        return np.array([[np.linalg.norm(a - b) for b in x] for a in x])

    true, shown = distances(unit), distances(places)
    share = (shown**2).sum() / (true**2).sum()
    np.fill_diagonal(true, np.inf)
    np.fill_diagonal(shown, np.inf)
    same = (true.argmin(axis=1) == shown.argmin(axis=1)).sum()
    told = f"Kept of the squared distances: {100 * share:.0f} %; the nearest word here is the true "
    told += f"nearest for {same} of 12."
    picture = clean(draw.words_map(vectors, NAMES, subtitle="Mine. {kept}"))
    assert told in picture.alt
    assert " ".join(text.get_text() for text in picture.figure.texts).endswith(f"Mine. {told}")


def test_a_direction_becomes_the_horizontal_axis(vectors, rng):
    axis = rng.normal(size=6)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    wanted = unit @ axis / np.linalg.norm(axis)
    picture = clean(draw.words_map(vectors, NAMES, along=("low → high", axis)))
    x = points_of(picture)[:, 0]
    assert np.corrcoef(x, wanted)[0, 1] == pytest.approx(1)
    order = [NAMES[i] for i in np.argsort(wanted)]
    assert f"first {', '.join(order[:3])}; last {', '.join(order[-3:])}" in picture.alt
    assert {"← low", "high →"} <= set(words_of(picture))


def test_one_plane_serves_before_and_after(vectors):
    axes = draw.plane(vectors)
    before = points_of(draw.words_map(vectors, NAMES, plane=axes))
    moved = vectors.copy()
    moved[3] = -moved[3]
    after = points_of(draw.words_map(moved, NAMES, plane=axes))
    assert not np.allclose(before[3], after[3])
    ways = [(p[1] - p[0]) / np.linalg.norm(p[1] - p[0]) for p in (before, after)]
    np.testing.assert_allclose(*ways, atol=1e-9)


def test_the_arrow_says_how_much_of_it_lies_in_the_picture(vectors):
    axes = draw.plane(vectors)
    for direction, share in ((axes[0], 100), (axes[0] + _outside(axes), 71)):
        picture = clean(draw.words_map(vectors, NAMES, direction=("a → b", direction)))
        assert f"a → b ({share} % of it)" in words_of(picture)


def _outside(axes):
    rest = np.eye(6)[0] - axes.T @ (axes @ np.eye(6)[0])
    return rest / np.linalg.norm(rest)


def test_groups_differ_in_colour_and_marker_and_their_cosines_are_told(rng):
    middles = rng.normal(size=(2, 8))
    vectors = np.concatenate([m + 0.1 * rng.normal(size=(6, 8)) for m in middles])
    groups = {"people": NAMES[:6], "drinks": NAMES[6:]}
    picture = clean(draw.words_map(vectors, NAMES, groups=groups))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = unit @ unit.T
    within = np.mean([alike[i, j] for i in range(12) for j in range(i) if (i < 6) == (j < 6)])
    between = alike[:6, 6:].mean()
    assert (
        f"within groups {draw.number(within)}, between groups {draw.number(between)}" in picture.alt
    )
    dots = [line for line in picture.figure.axes[0].lines if line.get_linestyle() == "None"]
    assert len({(line.get_marker(), line.get_color()) for line in dots}) == 2
    assert len({line.get_marker() for line in dots}) == 2
    texts = words_of(picture)
    assert texts["word0"].get_color() == texts["people"].get_color() != texts["word6"].get_color()


def test_pairs_are_joined_and_their_common_way_is_told(rng):
    base = rng.normal(size=(5, 7))
    step = rng.normal(size=7)
    vectors = np.concatenate([base, base + step])
    pairs = [(NAMES[i], NAMES[i + 5]) for i in range(5)]
    picture = clean(draw.words_map(vectors, NAMES[:10], pairs=pairs, unit=False))
    assert "5 pairs point the same way: mean cosine 1.00" in picture.alt
    noise = draw.words_map(rng.normal(size=(10, 7)), NAMES[:10], pairs=pairs)
    assert "point the same way" not in noise.alt


def test_positions_of_another_method_are_drawn_with_their_rank_correlation(vectors):
    picture = clean(draw.words_map(vectors, NAMES, positions=vectors[:, :2] ** 3, unit=False))
    found = float(re.search(r"Rank correlation with the true distances (\d\.\d\d)", picture.alt)[1])
    from scipy.stats import spearmanr

    upper = np.triu_indices(12, 1)
    far = [np.linalg.norm(x[:, None] - x, axis=-1)[upper] for x in (vectors, vectors[:, :2] ** 3)]
    assert found == pytest.approx(spearmanr(*far)[0], abs=0.006)


def test_a_vocabulary_gives_the_names_and_show_chooses(vectors):
    from rnncourse.words import Vocabulary

    known = Vocabulary.in_order(NAMES)
    picture = clean(draw.words_map(vectors, known, show=NAMES[2:7], bold=[NAMES[3]]))
    texts = words_of(picture)
    assert {name for name in texts if name.startswith("word")} == set(NAMES[2:7])
    assert texts[NAMES[3]].get_weight() == "bold" and texts[NAMES[4]].get_weight() == "normal"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"show": ["word1", "word2", "queen"]}, "Not among the 12 words: 'queen'"),
        ({"groups": {"a": ["word1"], "b": ["word1"]}}, "'word1' is in two groups"),
        ({"show": NAMES[:4], "pairs": [("word1", "word9")]}, "'word9' is in groups or pairs"),
        ({"show": NAMES[:2]}, "2 words to draw; a map shows 3 to 80"),
        ({"along": ("x", np.zeros(6))}, "takes a direction"),
        ({"plane": np.eye(2)}, r"takes \(2, 6\)"),
        ({"positions": np.zeros((12, 3))}, r"takes \(V, 2\)"),
        ({"roles": {"a": "pink"}, "groups": {"a": NAMES}}, "no role 'pink'"),
    ],
)
def test_a_map_says_what_is_wrong(vectors, given, says):
    with pytest.raises(ValueError, match=says):
        draw.words_map(vectors, NAMES, **given)


def test_words_and_vectors_must_match(vectors):
    with pytest.raises(ValueError, match="11 words and 12 vectors"):
        draw.words_map(vectors, NAMES[:11])
    with pytest.raises(ValueError, match=r"takes \(V, E\)"):
        draw.words_map(vectors[:, 0], NAMES)


# --- a story in lines -------------------------------------------------------------------------


@given(st.integers(1, MOST), st.integers(0, 10**6))
@few
def test_words_keep_their_order_and_their_lines_their_width(count, seed):
    rng = np.random.default_rng(seed)
    words = ["m" * int(n) for n in rng.integers(1, 12, count)]
    rows = Rows(words, width=5.0)
    assert [word.shown for word in rows.placed] == words
    for line in range(rows.lines):
        here = rows.in_line(line)
        assert here[0].x == 0 and here[-1].x + here[-1].width <= 5.0
        for left, right in itertools.pairwise(here):
            assert right.x == pytest.approx(left.x + left.width)


def test_a_last_line_is_not_a_lone_word():
    words = ["mmmm"] * 9 + ["end"]
    whole = sum(word.width for word in Rows(words, width=50).placed)
    first = sum(word.width for word in Rows(words[:-1], width=50).placed)
    assert first < whole
    rows = Rows(words, width=first + 0.01)  # all but the last word would fit into one line
    assert rows.lines == 2 and 1 < len(rows.in_line(1)) < len(rows.in_line(0))


def test_words_are_shown_as_the_story_has_them():
    shown = as_written(WORDS, STORY)
    assert shown[1:6] == ["girl", "walked", "into", "a", "bar,"]
    assert shown[9:11] == ["'Can", "I?'."] and shown[-1] == "'Certainly"
    assert " ".join(shown) == STORY.split(" {")[0]
    with pytest.raises(ValueError, match="'queen' does not come in the text"):
        as_written(["a", "queen"], STORY)


# --- next words -------------------------------------------------------------------------------


@given(st.integers(1, 60), st.integers(0, 10**6), st.sampled_from([2, 4, 6]))
@few
def test_no_texts_meet_above_a_story(count, seed, answers):
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list("aeimnrstw"), int(n))) for n in rng.integers(1, 12, count)]
    shares = rng.dirichlet(np.ones(answers), count)
    names = tuple(["miss", "ma'am", "sir", "Mister", "dear", "friend"][:answers])
    clean(draw.next_words(words, shares, names))
    half = answers // 2
    clean(draw.next_words(words, shares, (names[:half], names[half:]), due=rng.random(count)))


def bars(picture):
    """[(bottom, top) of every bar] for every path of bars, as drawn, in inches."""
    paths = [p for p in picture.figure.axes[0].patches if isinstance(p, PathPatch)]
    found = []
    for path in paths:
        corners = path.get_path().vertices.reshape(-1, 5, 2)[:, :, 1]
        found.append(np.column_stack([corners.min(axis=1), corners.max(axis=1)]))
    return found, paths


def test_bars_are_as_high_as_the_shares_say(rng):
    shares = rng.dirichlet(np.ones(4), 3)
    picture = clean(draw.next_words("the cat sat", shares))
    found, paths = bars(picture)
    heights = np.array([part[:, 1] - part[:, 0] for part in found]).T
    np.testing.assert_allclose(heights / heights.sum(axis=1, keepdims=True), shares, atol=1e-9)
    for below, above in itertools.pairwise(found):
        np.testing.assert_allclose(below[:, 1], above[:, 0], atol=1e-9)
    assert [bool(path.get_hatch()) for path in paths] == [False, False, True, True]
    assert len({to_hex(path.get_facecolor()) for path in paths}) == 4


def test_two_sides_grow_from_both_ends_where_shares_leave_room():
    picture = draw.next_words(["now", "then"], [[0.2, 0.1, 0.1, 0.2]] * 2)
    found, _ = bars(picture)
    whole = 0.85
    bottom = found[0][0, 0]
    assert found[1][0, 1] == pytest.approx(bottom + 0.3 * whole)
    assert found[3][0, 1] == pytest.approx(bottom + whole)
    assert found[2][0, 0] == pytest.approx(bottom + 0.7 * whole)


def test_bars_are_pale_until_an_answer_is_due():
    shares = [[0.3, 0.2, 0.3, 0.2]] * 2
    _, paths = bars(draw.next_words(["said", "certainly"], shares, due=[0.0, 0.98]))
    light = [sum(path.get_facecolor()[:3]) for path in paths]
    assert len(paths) == 8  # full and pale for each answer
    for at in range(0, 8, 2):
        assert light[at + 1] > light[at] + 0.2


def test_the_alt_text_tells_the_turn_of_a_story():
    shares = np.tile([0.25, 0.25, 0.25, 0.25], (len(WORDS), 1))
    shares[1:] = [0.5, 0.45, 0.03, 0.02]
    picture = clean(draw.next_words(WORDS, shares, text=STORY, cues=("girl", 7)))
    assert picture.alt.startswith("At the end: miss or ma'am 0.95, sir or Mister 0.05.")
    assert "the largest step is at “girl”, from 0.50 to 0.95" in picture.alt
    texts = words_of(picture)
    assert texts["girl"].get_weight() == texts["she"].get_weight() == "bold"
    assert texts["bar,"].get_weight() == "normal"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ((["a"], [[0.5, 0.5]]), "1 words and 4 answers need"),
        ((["a"], [[0.5, 0.5, 0.5, 0.5]]), "sum to at most 1"),
        ((["a"], [[-0.5, 0.5, 0.5, 0.5]]), "0 or more"),
        ((["a"], [[1.0]], ("yes",)), "2 to 6 names"),
        (([], np.zeros((0, 4))), "0 words"),
    ],
)
def test_next_words_say_what_is_wrong(given, says):
    with pytest.raises(ValueError, match=says):
        draw.next_words(*given)


# --- the sentence -----------------------------------------------------------------------------


@given(st.integers(1, 80), st.integers(0, 6), st.booleans(), st.integers(0, 10**6))
@few
def test_no_texts_meet_in_a_sentence(count, units, answers, seed):
    rng = np.random.default_rng(seed)
    words = ["".join(rng.choice(list("aeimnrstw"), int(n))) for n in rng.integers(1, 12, count)]
    values = rng.normal(size=(count, units) if units else count) * 10.0 ** rng.integers(-3, 5)
    clean(draw.sentence(words, values, answers=FOUR if answers else None, unit="tanh of cell 13"))


def test_a_word_is_white_at_zero_and_its_rule_tells_sign_and_size():
    picture = clean(draw.sentence(["no", "plus", "minus", "half"], [0.0, 1.0, -1.0, 0.5]))
    grounds = [to_hex(patch.get_facecolor()) for patch in rectangles(picture)[:4]]
    assert grounds[0] == "#ffffff" and len(set(grounds)) == 4
    plus, minus, half = picture.figure.axes[0].lines[:3]  # no rule below a zero
    assert plus.get_linestyle() == "-" and minus.get_linestyle() == "--"
    assert plus.get_linewidth() == minus.get_linewidth() > half.get_linewidth()


def test_rows_of_tiles_carry_each_unit_with_its_name():
    values = np.array([[1.0, -1.0, 0.0]] * len(WORDS))
    picture = clean(draw.sentence(WORDS, values, names=["c 13", "c 7", "h 2"], text=STORY))
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    lines = texts.count("c 13")
    assert lines >= 1 and texts.count("h 2") == lines
    tones = [to_hex(patch.get_facecolor()) for patch in rectangles(picture)[: 3 * len(WORDS)]]
    assert tones[:3] == tones[3:6] and len(set(tones)) == 3 and tones[2] == "#ffffff"
    assert "unit c 7: lowest −1.00" in picture.alt


def test_stories_share_one_range_and_their_bars_are_the_answers():
    small, large = np.full(len(WORDS), 0.5), np.full(len(WORDS), -2.0)
    picture = clean(
        draw.sentences(
            [(WORDS, small, FOUR), (WORDS, large, FOUR)], [STORY, STORY], cues=("girl", "she")
        )
    )
    texts = [text.get_text() for text in picture.figure.axes[0].texts]
    assert "+2.00" in texts and "−2.00" in texts and texts.count("?") == 2
    assert texts.count("0.49") == 2 and "0.006" not in texts and texts.count("0.01") == 2
    assert "next word: miss 0.49, ma'am 0.50" in picture.alt


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"values": [1.0]}, "15 words need"),
        ({"values": np.zeros((15, 7))}, "7 units; this picture shows 1 to 6"),
        ({"values": np.full(15, np.nan)}, "not finite"),
        ({"values": np.zeros((15, 2)), "names": ["a"]}, "names has 1 entries"),
    ],
)
def test_a_sentence_says_what_is_wrong(given, says):
    with pytest.raises(ValueError, match=says):
        draw.sentence(WORDS, **given)


# --- bars and lines ---------------------------------------------------------------------------


def test_bars_are_as_long_as_their_numbers():
    picture = clean(draw.word_bars({"king": 0.8, "queen": -0.4, "of": 0.0}, "T", unit="cosine"))
    wide = [patch.get_width() for patch in rectangles(picture)]
    assert wide[0] == pytest.approx(2 * wide[1]) and wide[2] == 0
    assert rectangles(picture)[1].get_hatch() and not rectangles(picture)[0].get_hatch()
    assert picture.alt == "T. Bars (cosine): king 0.80, queen −0.40, of 0.00."


def test_panels_share_rows_and_range():
    rnn = {"miss": 0.1, "sir": 0.2}
    picture = clean(draw.word_bars({"RNN": rnn, "LSTM": {"miss": 0.4, "sir": 0.1}}, "T"))
    wide = np.array([patch.get_width() for patch in rectangles(picture)]).reshape(2, 2)
    np.testing.assert_allclose(wide / wide[0, 0], [[1, 4], [2, 1]])
    best = draw.word_bars({f"w{i}": i / 40 for i in range(40)}, "T", top=3)
    assert list(words_of(best))[:3] == ["w39", "0.97", "w38"]
    with pytest.raises(ValueError, match="40 words; bars show 1 to 30"):
        draw.word_bars({f"w{i}": 0.1 for i in range(40)}, "T")


def test_lines_run_over_the_words_and_tell_their_ends(rng):
    runs = {"LSTM": np.linspace(0.5, 0.99, 15), "RNN": rng.uniform(0.4, 0.6, (15, 5))}
    picture = clean(draw.word_lines(WORDS, runs, ylabel="P(miss)", base={"even": 0.5}, cues=[1]))
    ax = picture.figure.axes[0]
    assert [label.get_text() for label in ax.get_xticklabels()] == WORDS
    assert ax.get_xticklabels()[1].get_weight() == "bold"
    assert "LSTM: lowest 0.50 at “a”, highest 0.99 at “certainly”" in picture.alt
    clean(draw.word_lines(WORDS * 4, {"LSTM": np.linspace(0, 1, 60)}))
    with pytest.raises(ValueError, match="'RNN' has 3 values; there are 15 words"):
        draw.word_lines(WORDS, {"RNN": [1, 2, 3]})


def test_influence_compares_the_first_cue_with_the_last_word():
    runs = {"RNN": 10.0 ** np.linspace(-20, -1, 15), "LSTM": np.full(15, 0.02)}
    picture = clean(draw.influence(WORDS, runs, cues=("girl", "she")))
    ratio = runs["RNN"][1] / runs["RNN"][-1]
    shown = re.search(
        r"“girl” as a share of the last word: RNN (\d)·10⁻(\S+), LSTM 1.00", picture.alt
    )
    power = int(shown[2].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")))
    assert float(f"{shown[1]}e-{power}") == pytest.approx(ratio, rel=0.2)
    ax = picture.figure.axes[0]
    assert (
        ax.get_yscale() == "log" and min(line.get_ydata().min() for line in ax.lines[:1]) >= 1e-16
    )
    with pytest.raises(ValueError, match="a logarithmic axis has none"):
        draw.word_lines(WORDS, {"RNN": -np.ones(15)}, log=True)


def test_everything_is_drawn_on_a_dark_ground_too(vectors):
    with draw.dark():
        for picture in (
            draw.words_map(vectors, NAMES, groups={"a": NAMES[:4]}),
            draw.sentence(WORDS, np.linspace(-1, 1, 15), answers=FOUR),
            draw.next_words(WORDS, np.full((15, 4), 0.25)),
            draw.word_bars(FOUR, "T"),
        ):
            assert to_hex(picture.figure.get_facecolor()) == "#14171c"
            clean(picture)
