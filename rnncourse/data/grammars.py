"""Reber's grammars: strings that follow rules, and streams of them.

A Reber string is a walk from B to E along the states of `_automaton.REBER`; where two ways part
each is taken half of the time. The transitions are those of the figure in Cleeremans,
Servan-Schreiber and McClelland, Finite State Automata and Simple Recurrent Networks, Neural
Computation 1 (1989), doi 10.1162/neco.1989.1.3.372; the grammar is that of Reber (1967).

The embedded grammar puts such a string between two outer symbols that are the same: B T ... T E or
B P ... P E. What lies between says nothing of the outer symbol: it must be remembered.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from rnncourse.data._automaton import AUTOMATA, REBER_SYMBOLS, V
from rnncourse.data._batch import Batch, Seed, whole


def reber(batch: int = 32, seed: Seed = 0, dtype=np.float64) -> Batch:
    """Strings of Reber's grammar: say at every step which symbol comes next.

    x (T, B, 7) one-hot of B T P S X V E, without the last E; target (T, B) the next symbol, -1
    after a string's end (`mask`); `legal` (T, B, 7): which symbols may come next. T is as long as
    the longest string needs: strings have 5 symbols or more, 8 on average.

    Chance, cross-entropy: that of the best answer from the current symbol alone, 1.164; `solved`,
    of the grammar's own shares, 0.594: where two ways part nobody can know. `batch.accuracy`, the
    share of answers that are legal: from the current symbol alone 0.643.

    Cleeremans, Servan-Schreiber and McClelland (1989), doi 10.1162/neco.1989.1.3.372.
    """
    return _strings("reber", batch, seed, dtype)


def embedded_reber(batch: int = 32, seed: Seed = 0, dtype=np.float64) -> Batch:
    """Reber strings between two outer symbols that are the same: remember the first to the last.

    As `reber`: x (T, B, 7), target (T, B), mask, legal (T, B, 7). `asked`: the step of each string
    whose answer is the outer T or P; `marks` (1, B): the step, always 1, at which it was shown.

    Strings have 9 symbols or more, 12 on average. Chance: who does not remember the outer symbol
    has it right half of the time (`batch.accuracy`), and with it half of the strings
    (`reber_right`), however well all else is learned. In cross-entropy: from the current symbol
    alone 1.272; of the grammar's own shares (`solved`) 0.441.

    Hochreiter and Schmidhuber (1997), experiment 1, doi 10.1162/neco.1997.9.8.1735.
    """
    return _strings("embedded", batch, seed, dtype)


class ContinualReber:
    """Streams of embedded Reber strings, one after the other, that never begin anew.

    streams : B, how many. seed : as everywhere.

    `next(length)` gives the streams' next `length` steps, and goes on where it was: carry the
    network's state along (`start=cell.last`), for nothing shows where a string begins but its B.
    """

    def __init__(self, streams: int, seed: Seed = 0, dtype=np.float64):
        whole(streams=streams)
        self._automaton = AUTOMATA["continual"]
        self._rng, self._dtype = np.random.default_rng(seed), dtype
        self._last = self._automaton.walk(np.zeros(streams, int), 1, self._rng)

    def next(self, length: int) -> Batch:
        """The next steps: x (length, B, 7), target, legal, `asked`; there is no mask."""
        whole(length=length)
        ids, states = self._automaton.walk(self._last[1][-1], length, self._rng)
        ids, states = (np.concatenate(pair) for pair in zip(self._last, (ids, states), strict=True))
        self._last = ids[-1:], states[-1:]
        return self._automaton.batch(ids, states, self._dtype)


def continual_reber(streams: int, length: int, seed: Seed = 0, dtype=np.float64) -> Batch:
    """Streams of embedded Reber strings without a reset: the first `length` steps of each.

    x (T, B, 7), target (T, B) the next symbol, legal (T, B, 7), `asked`: the steps whose answer is
    the outer T or P. After an E the next string's B follows. See `ContinualReber` to go on.

    Chance: without memory of the outer symbol half of the asked answers are right
    (`batch.accuracy`). In cross-entropy: from the current symbol alone 1.281; of the grammar's
    own shares (`solved`) 0.404.

    Gers, Schmidhuber and Cummins, Learning to Forget, Neural Computation 12 (2000),
    doi 10.1162/089976600300015015.
    """
    return ContinualReber(streams, seed, dtype).next(length)


def reber_strings(
    n: int,
    embedded: bool = True,
    seed: Seed = 0,
    unique: bool = True,
    without: Iterable[str] = (),
) -> list[str]:
    """Strings as text, "BTBPVVETE": n of them, with `unique` no two alike, none of `without`.

    Two sets of 256, as in 1997, with no test string among the training strings:
    `strings = reber_strings(512)`, then `strings[:256]` and `strings[256:]`; or one after the
    other: `reber_strings(256, seed=1, without=train)`. (In 1997 a string could come twice in a
    set, as with `unique=False`.)
    """
    whole(n=n)
    rng = np.random.default_rng(seed)
    automaton = AUTOMATA["embedded" if embedded else "reber"]
    found, seen = [], set(without)
    while len(found) < n:
        for string in _texts(automaton.strings(2 * n, rng)[0]):
            if string not in seen:
                found.append(string)
                if unique:
                    seen.add(string)
    return found[:n]


def encode(strings: Sequence[str], embedded: bool = True, dtype=np.float64) -> Batch:
    """Strings as a batch, one a row, in their order: what `embedded_reber` gives for its own.

    Raises ``ValueError`` for a string that breaks the grammar's rules or is not complete.
    """
    name = "embedded" if embedded else "reber"
    automaton = AUTOMATA[name]
    if not len(strings):
        raise ValueError("There is no string to encode.")
    for string in strings:
        if automaton.follow(string) != len(automaton.states):
            raise ValueError(f"{string!r} is no string of the grammar {name!r}.")
    longest = max(map(len, strings))
    ids = np.array([[*map(REBER_SYMBOLS.index, s), *[V] * (longest - len(s))] for s in strings]).T
    states = np.zeros_like(ids)
    state = np.zeros(len(strings), int)
    for t, symbols in enumerate(ids):
        states[t] = state = automaton.next[state, symbols]
    return automaton.batch(ids, states, dtype)


def _strings(name: str, batch: int, seed: Seed, dtype) -> Batch:
    whole(batch=batch)
    automaton = AUTOMATA[name]
    ids, states = automaton.strings(batch, np.random.default_rng(seed))
    return automaton.batch(ids, states, dtype)


def _texts(ids: np.ndarray) -> list[str]:
    """Symbols (L, B) as B strings."""
    letters = np.array([*REBER_SYMBOLS, ""])[ids.T]
    return ["".join(row) for row in letters]
