"""Every string obeys its grammar, and the oracle knows exactly what may come next.

The proofs use regular expressions and lists of all short strings, written down here from the
figures of the papers; they share nothing with the tables of states in the package.
"""

import doctest
import itertools
import re
import time

import numpy as np
import pytest

from rnncourse import cells, train
from rnncourse.data import oracle, tasks

# After B P, and after B T S.. X X, come any T's and a V; then V, or P S, or P X and all that again.
MIDDLE = "(?:T*VPX)*T*V(?:V|PS)"
REBER = f"B(?:TS*X(?:S|X{MIDDLE})|P{MIDDLE})E"
EMBEDDED = f"B(?:T{REBER}T|P{REBER}P)E"
EXPRESSIONS = {"reber": re.compile(REBER), "embedded": re.compile(EMBEDDED)}


def middles(room):
    """Every string of MIDDLE with at most so many symbols."""
    for head in ("T" * k + "V" for k in range(room - 1)):
        yield from (head + end for end in ("V", "PS") if len(head + end) <= room)
        yield from (head + "PX" + rest for rest in middles(room - len(head) - 2))


def every_string(grammar, longest):
    """Every string of the grammar with at most so many symbols."""
    if grammar == "embedded":
        return [f"B{o}{inner}{o}E" for inner in every_string("reber", longest - 4) for o in "TP"]
    room = longest - 3
    upper = [f"T{'S' * k}X" for k in range(room)]
    found = [f"B{up}SE" for up in upper]
    found += [f"B{up}X{middle}E" for up in upper for middle in middles(room - len(up))]
    found += [f"BP{middle}E" for middle in middles(room)]
    return [string for string in found if len(string) <= longest]


def oracle_of(strings, prefix):
    """What follows a beginning in a list of strings."""
    return {s[len(prefix)] for s in strings if s.startswith(prefix) and len(s) > len(prefix)}


def truth(batch):
    """Scores of one who knows everything: above 0 exactly where legal."""
    return np.where(batch.legal, 1.0, -1.0)


# --- the grammar


def test_strings_from_the_classic_lists_are_sorted_rightly():
    # https://people.willamette.edu/~gorr/classes/cs449/reber.html
    for string in ("BTSSXXTVVE", "BPVVE", "BTXXVPSE", "BPVPXVPXVPXVVE", "BTSXXVPSE"):
        assert tasks.is_legal("reber", string)
        assert EXPRESSIONS["reber"].fullmatch(string)
    for string in ("BTSSPXSE", "BPTVVB", "BTXXVVSE", "BPVSPSE", "BTSSSE"):
        assert not tasks.is_legal("reber", string)
        assert not EXPRESSIONS["reber"].fullmatch(string)
    assert tasks.is_legal("embedded", "BPBTSXXVPSEPE")


def test_every_short_string_is_legal_just_if_the_regular_expression_says_so():
    legal = 0
    for size in range(6):
        for symbols in itertools.product(tasks.REBER_SYMBOLS, repeat=size):
            string = f"B{''.join(symbols)}E"
            says = EXPRESSIONS["reber"].fullmatch(string) is not None
            assert tasks.is_legal("reber", string) == says
            legal += says
    assert legal == len(every_string("reber", 7)) == 2 + 3 + 4  # of 5, 6 and 7 symbols


@pytest.mark.parametrize(("grammar", "longest"), [("reber", 16), ("embedded", 19)])
def test_the_oracle_knows_what_may_follow_every_beginning(grammar, longest):
    strings = every_string(grammar, longest)
    assert len(strings) == len(set(strings)) > 150
    assert all(EXPRESSIONS[grammar].fullmatch(string) for string in strings)
    beginnings = {s[:k] for s in strings for k in range(longest - 8)}  # 8 symbols suffice to end
    beginnings -= set(strings)
    for prefix in beginnings:
        legal = oracle_of(strings, prefix)
        assert tasks.legal_next(grammar, prefix) == legal
        for symbol in set(tasks.REBER_SYMBOLS) - legal:
            assert tasks.legal_next(grammar, prefix + symbol) == set()


@pytest.mark.parametrize("grammar", ["reber", "embedded"])
def test_nothing_follows_a_whole_string(grammar):
    for string in every_string(grammar, 13):
        assert tasks.is_legal(grammar, string)
        assert tasks.legal_next(grammar, string) == set()
        assert not tasks.is_legal(grammar, string[:-1])
        assert not tasks.is_legal(grammar, string + "B")
        assert tasks.legal_next("continual", string) == ({"B"} if grammar == "embedded" else set())


def test_outer_symbols_must_be_the_same():
    for inner in every_string("reber", 8):
        for first, second in itertools.product("TP", repeat=2):
            string = f"B{first}{inner}{second}E"
            assert tasks.is_legal("embedded", string) == (first == second)


def test_an_unknown_grammar_or_symbol_is_refused():
    with pytest.raises(ValueError, match="reber, embedded, continual, anbn, anbncn, not 'rebar'"):
        tasks.legal_next("rebar", "B")
    assert tasks.legal_next("reber", "BQ") == set()
    assert not tasks.is_legal("reber", "bpvve")
    assert not tasks.is_legal("reber", "")


# --- batches of strings


@pytest.mark.parametrize(
    ("grammar", "make"), [("reber", tasks.reber), ("embedded", tasks.embedded_reber)]
)
def test_a_batch_holds_strings_with_the_next_symbol_and_the_legal_ones(grammar, make):
    batch = make(60, seed=3)
    strings = tasks.decode(batch)
    assert batch.x.shape == (max(map(len, strings)) - 1, 60, 7)
    assert (batch.x.sum(-1) == batch.mask).all()
    for row, string in enumerate(strings):
        assert EXPRESSIONS[grammar].fullmatch(string)
        steps = len(string) - 1
        assert batch.lengths[row] == steps
        now = "".join(tasks.REBER_SYMBOLS[k] for k in batch.x[:steps, row].argmax(-1))
        assert now == string[:-1]
        assert [tasks.REBER_SYMBOLS[k] for k in batch.target[:steps, row]] == [*string[1:]]
        assert (batch.target[steps:, row] == -1).all()
        assert not batch.legal[steps:, row].any()
        for t in range(steps):
            legal = {tasks.REBER_SYMBOLS[k] for k in np.flatnonzero(batch.legal[t, row])}
            assert legal == tasks.legal_next(grammar, string[: t + 1])
            assert string[t + 1] in legal


def test_the_outer_symbol_is_asked_once_a_string_and_was_shown_at_step_one():
    batch = tasks.embedded_reber(200, seed=1)
    assert (batch.asked.sum(axis=0) == 1).all()
    rows = np.arange(200)
    asked = batch.asked.argmax(axis=0)
    assert np.array_equal(asked, batch.lengths - 2)  # the last answer but one
    assert np.array_equal(batch.target[asked, rows], batch.x[batch.marks[0], rows].argmax(-1))
    assert (batch.marks == 1).all()
    assert set(batch.target[asked, rows]) == {1, 2}


def test_each_way_is_taken_half_of_the_time():
    batch = tasks.embedded_reber(8000, seed=2)
    two = batch.legal.sum(-1) == 2
    first = batch.legal.argmax(-1) == batch.target
    for now in range(6):  # after every symbol but E
        here = two & (batch.x[..., now] == 1)
        assert first[here].mean() == pytest.approx(0.5, abs=0.015)
    strings = tasks.decode(tasks.reber(20_000, seed=4))
    assert strings.count("BTXSE") / 20_000 == pytest.approx(1 / 8, abs=0.01)
    assert strings.count("BPVVE") / 20_000 == pytest.approx(1 / 8, abs=0.01)


def test_strings_are_as_long_as_documented():
    for make, shortest, mean in ((tasks.reber, 5, 8), (tasks.embedded_reber, 9, 12)):
        sizes = make(20_000).lengths + 1
        assert sizes.min() == shortest
        assert sizes.mean() == pytest.approx(mean, abs=0.1)


@pytest.mark.parametrize(
    ("make", "chance", "solved"),
    [
        (lambda: tasks.reber(20_000), 1.164, 0.594),
        (lambda: tasks.embedded_reber(20_000), 1.272, 0.441),
        (lambda: tasks.continual_reber(500, 500), 1.281, 0.404),
    ],
)
def test_chance_is_the_best_answer_from_the_current_symbol_alone(make, chance, solved):
    batch = make()
    counts = batch.target >= 0
    now, after = batch.x.argmax(-1)[counts], batch.target[counts]
    pairs = np.zeros((7, 7))
    np.add.at(pairs, (now, after), 1)
    share = pairs / np.maximum(pairs.sum(axis=1, keepdims=True), 1)
    measured = -np.log(share[now, after]).mean()
    assert measured == pytest.approx(batch.chance, abs=0.006)
    assert batch.chance == pytest.approx(chance, abs=0.0005)
    assert np.log(batch.legal.sum(-1)[counts]).mean() == pytest.approx(batch.solved, abs=0.006)
    assert batch.solved == pytest.approx(solved, abs=0.0005)


def test_the_current_symbol_alone_leads_to_a_legal_answer_as_often_as_documented():
    batch = tasks.reber(20_000)
    now = batch.x.argmax(-1)
    of = [batch.legal[batch.mask & (now == k)] for k in range(7)]
    best = sum(legal.sum(axis=0).max() for legal in of) / batch.mask.sum()
    scores = np.stack([legal.mean(axis=0) if len(legal) else np.zeros(7) for legal in of])[now]
    assert batch.accuracy(scores) == pytest.approx(best)
    assert best == pytest.approx(0.643, abs=0.005)


def test_without_memory_of_the_outer_symbol_half_is_right():
    streams = tasks.continual_reber(100, 1000, seed=5)
    strings = tasks.embedded_reber(4000, seed=5)
    for batch in (streams, strings):
        scores = truth(batch)
        assert batch.accuracy(scores) == 1
        always_t = np.eye(7)[1]
        scores[batch.asked] = always_t
        assert batch.accuracy(scores) == pytest.approx(0.5, abs=0.03)
    assert tasks.reber_right(strings, scores).mean() == pytest.approx(0.5, abs=0.03)


def test_240_strings_are_made_in_a_moment():
    times = []
    for k in range(20):
        start = time.perf_counter()
        tasks.embedded_reber(240, (0, k), dtype=np.float32)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.003


# --- strings as text


def test_strings_come_without_repetition_and_without_those_known():
    strings = tasks.reber_strings(512, seed=7)
    train, test = strings[:256], strings[256:]
    assert len(set(train)) == len(set(test)) == 256
    assert not set(train) & set(test)
    assert all(EXPRESSIONS["embedded"].fullmatch(string) for string in strings)
    assert strings == tasks.reber_strings(512, seed=7) != tasks.reber_strings(512, seed=8)
    other = tasks.reber_strings(256, seed=7, without=train)
    assert not set(other) & set(train)
    assert all(EXPRESSIONS["reber"].fullmatch(s) for s in tasks.reber_strings(50, embedded=False))


def test_strings_with_repetition_come_as_often_as_they_do():
    strings = tasks.reber_strings(4000, seed=1, unique=False)
    assert len(strings) == 4000
    assert strings.count("BTBPVVETE") / 4000 == pytest.approx(1 / 16, abs=0.015)


@pytest.mark.parametrize("make", [tasks.embedded_reber, tasks.reber])
def test_encoding_the_text_gives_the_batch_back(make):
    batch = make(40, seed=6, dtype=np.float32)
    again = tasks.encode(tasks.decode(batch), make is tasks.embedded_reber, dtype=np.float32)
    for name in ("x", "target", "mask", "legal", "asked", "marks"):
        ours, theirs = getattr(again, name), getattr(batch, name)
        assert (ours is theirs is None) or np.array_equal(ours, theirs)
    assert again.x.dtype == np.float32


@pytest.mark.parametrize("string", ["BTBPVVEPE", "BTBPVVET", "BPVVE", "BTBPVVETEB", "hello", ""])
def test_text_that_breaks_the_rules_is_not_encoded(string):
    with pytest.raises(ValueError, match=f"'{string}' is no string of the grammar 'embedded'"):
        tasks.encode(["BTBPVVETE", string])
    with pytest.raises(ValueError, match="no string to encode"):
        tasks.encode([])


# --- streams


def test_a_stream_is_whole_strings_one_after_the_other():
    batch = tasks.continual_reber(20, 400, seed=2)
    assert batch.mask is None
    for text, asked in zip(tasks.decode(batch), batch.asked.T, strict=True):
        whole = re.match(f"(?:{EMBEDDED})*", text).group()
        assert len(text) - len(whole) < 45
        assert tasks.legal_next("continual", text)
        ends = np.cumsum([len(found.group()) for found in re.finditer(EMBEDDED, whole)])
        assert np.array_equal(np.flatnonzero(asked)[: len(ends)], ends - 3)
        assert asked[len(whole) :].sum() <= 1
    text = tasks.decode(batch)[0]
    for t in range(100):
        legal = {tasks.REBER_SYMBOLS[k] for k in np.flatnonzero(batch.legal[t, 0])}
        assert legal == tasks.legal_next("continual", text[: t + 1])


def test_a_stream_goes_on_where_it_was():
    stream = tasks.ContinualReber(10, seed=3)
    parts = [stream.next(length) for length in (30, 1, 50)]
    texts = [tasks.decode(part) for part in parts]
    for first, second, third in zip(*texts, strict=True):
        assert first[-1] == second[0]
        assert second[-1] == third[0]
        text = first + second[1:] + third[1:]
        assert len(text) == 82
        assert tasks.legal_next("continual", text)
        assert text.startswith("B")
    assert not np.array_equal(parts[0].x[:20], parts[2].x[:20])
    assert np.array_equal(parts[0].x, tasks.continual_reber(10, 30, seed=3).x)


# --- counting


@pytest.mark.parametrize(("make", "letters"), [(tasks.anbn, "ab"), (tasks.anbncn, "abc")])
def test_counting_strings_and_their_oracle_are_exact(make, letters):
    def string(n):
        return "S" + "".join(letter * n for letter in letters) + "T"

    language = [string(n) for n in range(1, 20)]
    ns = [3, 1, 7, 2]
    batch = make(ns)
    assert tasks.decode(batch) == [string(n) for n in ns]
    assert batch.x.shape == (7 * len(letters) + 1, 4, len(letters) + 2)
    assert (batch.x.sum(-1) == batch.mask).all()
    assert batch.target[~batch.mask].tolist() == [-1] * (~batch.mask).sum()
    assert not batch.legal[~batch.mask].any()
    for row, n in enumerate(ns):
        for t in range(len(letters) * n + 1):
            legal = {batch.symbols[k] for k in np.flatnonzero(batch.legal[t, row])}
            assert legal == oracle_of(language, string(n)[: t + 1])
            assert batch.asked[t, row] == (t > n)
            assert batch.mask[t, row]
    assert batch.mask.sum() == sum(len(letters) * n + 1 for n in ns)
    grammar = make.__name__
    for symbols in itertools.chain.from_iterable(
        itertools.product(f"S{letters}T", repeat=k) for k in range(7)
    ):
        prefix = "".join(symbols)
        assert tasks.legal_next(grammar, prefix) == oracle_of(language, prefix)
        assert tasks.is_legal(grammar, prefix) == (prefix in language)
    for n in (2, 3, 4):
        assert tasks.is_legal(grammar, string(n))
        for t in range(len(string(n)) + 1):
            assert tasks.legal_next(grammar, string(n)[:t]) == oracle_of(language, string(n)[:t])


@pytest.mark.parametrize("make", [tasks.anbn, tasks.anbncn])
@pytest.mark.parametrize("ns", [range(1, 11), [4, 9], [1]])
def test_counting_chance_is_the_best_answer_from_the_current_symbol_alone(make, ns):
    batch = make(ns)
    now, total = batch.x.argmax(-1), 0.0
    for symbol in range(batch.classes):
        legal = batch.legal[batch.mask & (now == symbol)]
        if len(legal):
            yes = legal.mean(axis=0)
            said = np.where(legal, yes, 1 - yes)
            total -= np.log(said).sum()
    measured = total / (batch.mask.sum() * batch.classes)
    assert measured == pytest.approx(batch.chance, abs=1e-12)
    assert batch.loss == "set entropy"


def test_counting_to_a_thousand_is_possible():
    batch = tasks.anbncn(1000)
    assert batch.x.shape == (3001, 1, 5)
    assert batch.target[[999, 1000, 1999, 2000, 2999, 3000], 0].tolist() == [1, 2, 2, 3, 3, 4]


@pytest.mark.parametrize("ns", [0, [], [1, -2], [2.5], [[1, 2]]])
def test_what_cannot_be_counted_is_refused(ns):
    with pytest.raises(ValueError, match="ns is one whole number, 1 or more"):
        tasks.anbn(ns)


# --- who is right


def test_a_string_is_right_if_the_legal_symbols_are_on_top_at_every_step():
    batch = tasks.embedded_reber(5, seed=0)
    scores = np.random.default_rng(0).normal(size=batch.legal.shape) + 20 * batch.legal
    assert tasks.reber_right(batch, scores).tolist() == [True] * 5
    two = np.argwhere(batch.legal.sum(-1) == 2)
    for t, row in (two[0], two[-1]):
        worse = scores.copy()
        worse[t, row, batch.target[t, row]] = -5  # the other one of the two is still on top
        assert tasks.reber_right(batch, worse).tolist() == [k != row for k in range(5)]
        equal = scores.copy()
        equal[t, row] = 1
        assert not tasks.reber_right(batch, equal)[row]
    shortest = batch.lengths.argmin()
    scores[batch.lengths[shortest] :, shortest] = np.random.default_rng(1).normal(size=7)
    assert tasks.reber_right(batch, scores).all()  # padding cannot be wrong


def test_a_set_is_right_if_just_the_legal_scores_are_above_zero():
    batch = tasks.anbn([1, 4, 2])
    scores = truth(batch)
    assert tasks.set_right(batch, scores).tolist() == [True] * 3
    for t, row, symbol in ((0, 0, 0), (8, 1, 3), (2, 2, 1)):
        wrong = scores.copy()
        wrong[t, row, symbol] *= -1
        assert tasks.set_right(batch, wrong).tolist() == [k != row for k in range(3)]
    padding = scores.copy()
    padding[3:, 0] = 1.0
    assert tasks.set_right(batch, padding).all()
    assert tasks.reber_right(batch, scores).all()  # either can judge either


def test_networks_are_judged_each_for_itself():
    for batch in (tasks.embedded_reber(6, seed=1), tasks.anbn([1, 2, 3, 4, 5, 6])):
        good = truth(batch)
        bad = good.copy()
        bad[2, 4] *= -1
        both = np.stack([good, bad, -good], axis=1)
        for judge in (tasks.reber_right, tasks.set_right):
            right = judge(batch, both, seeds=True)
            assert right.tolist() == [[True] * 6, [k != 4 for k in range(6)], [False] * 6]
        assert batch.accuracy(both, seeds=True)[[0, 2]].tolist() == [1, 0]


def test_scores_of_another_shape_or_a_task_without_grammar_are_refused():
    batch = tasks.anbn([1, 2])
    for judge in (tasks.reber_right, tasks.set_right):
        with pytest.raises(ValueError, match=r"\(5, 2, 3\); this task needs \(5, 2, 4\)"):
            judge(batch, np.zeros((5, 2, 3)))
        with pytest.raises(ValueError, match="Parity has no grammar"):
            judge(tasks.parity(2, 5), np.zeros((5, 2, 2)))
    with pytest.raises(ValueError, match="Parity has no grammar"):
        _ = tasks.parity(2, 5).sets
    with pytest.raises(ValueError, match="Parity has no strings"):
        tasks.decode(tasks.parity(2, 5))


# --- batches dealt out and picked from


def test_split_deals_the_sequences_out_to_networks():
    batch = tasks.embedded_reber(12, seed=2)
    dealt = batch.split(3)
    assert dealt.x.shape == (len(batch.x), 3, 4, 7)
    for network in range(3):
        mine = slice(4 * network, 4 * network + 4)
        for name in ("x", "target", "mask", "asked", "legal", "marks"):
            assert np.array_equal(getattr(dealt, name)[:, network], getattr(batch, name)[:, mine])
    scores = truth(batch)
    scores[1, 5] *= -1
    scores[batch.asked.argmax(axis=0)[9], 9] *= -1
    shaped = scores.reshape(*dealt.legal.shape)
    assert np.array_equal(
        tasks.reber_right(dealt, shaped), tasks.reber_right(batch, scores).reshape(3, 4)
    )
    assert dealt.accuracy(shaped).tolist() == [1, 1, 3 / 4]
    x, target, mask = dealt
    assert x.shape[:3] == target.shape == mask.shape
    assert "3 × 4 sequences" in repr(dealt)


def test_split_deals_out_answers_at_the_end():
    batch = tasks.temporal_order(6, 20)
    dealt = batch.split(2)
    assert dealt.target.tolist() == [batch.target[:3].tolist(), batch.target[3:].tolist()]
    assert dealt.accuracy(np.eye(4)[dealt.target]).tolist() == [1, 1]
    sums = tasks.adding(6, 20)
    assert np.array_equal(sums.split(3).target, sums.target.reshape(3, 2, 1))


def test_pick_takes_rows_without_needless_padding():
    batch = tasks.anbn([9, 2, 3])
    picked = batch.pick(np.array([1, 2, 1]))
    assert tasks.decode(picked) == ["SaabbT", "SaaabbbT", "SaabbT"]
    assert len(picked.x) == len(picked.legal) == 7
    order = tasks.temporal_order(30, 10, form="1997")
    assert np.array_equal(order.pick(np.arange(30)).target, order.target)
    assert order.pick([4, 0]).target.tolist() == order.target[[4, 0]].tolist()
    assert np.array_equal(order.pick([4, 0]).marks, order.marks[:, [4, 0]])


def test_a_batch_is_dealt_out_evenly_and_once():
    with pytest.raises(ValueError, match="12 sequences cannot be dealt out evenly to 5 networks"):
        tasks.reber(12).split(5)
    with pytest.raises(ValueError, match="split already"):
        tasks.reber(12).split(3).split(2)
    with pytest.raises(ValueError, match="split already"):
        tasks.reber(12).split(3).pick([7])


def test_sets_are_what_set_entropy_trains_on():
    batch = tasks.anbn([1, 2])
    x, legal, mask = batch.sets
    assert x is batch.x and legal is batch.legal and mask is batch.mask
    assert len(tasks.continual_reber(2, 5).sets) == 2


@pytest.mark.parametrize("sets", [False, True])
def test_networks_side_by_side_learn_from_sequences_of_their_own(sets):
    network = train.Network(cells.RNN(7, 8, seeds=2), cells.Linear(8, 7, seeds=2))
    loss = train.set_entropy if sets else train.cross_entropy

    def batches(step):
        batch = tasks.embedded_reber(16, (0, step)).split(2)
        return batch.sets if sets else batch

    history = train.fit(network, batches, loss, train.Adam(network.parameters, 0.02), 60)
    assert (history.loss[-1] < 0.6 * history.loss[0]).all()
    fresh = tasks.embedded_reber(200, 1).split(2)
    assert fresh.accuracy(network.forward(fresh.x)).shape == (2,)
    assert tasks.reber_right(fresh, network.forward(fresh.x)).shape == (2, 100)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: tasks.reber(0), "batch is 1 or more, not 0"),
        (lambda: tasks.embedded_reber(-1), "batch is 1 or more"),
        (lambda: tasks.continual_reber(0, 5), "streams is 1"),
        (lambda: tasks.continual_reber(2, 0), "length is 1"),
        (lambda: tasks.reber_strings(0), "n is 1"),
    ],
)
def test_nothing_cannot_be_made(call, says):
    with pytest.raises(ValueError, match=says):
        call()


def test_the_examples_in_the_docstrings_run():
    tested = doctest.testmod(oracle)
    assert tested.attempted == 2
    assert tested.failed == 0
