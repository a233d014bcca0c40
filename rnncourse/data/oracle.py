"""What a grammar allows: the legal next symbols, and whether answers agree with them."""

import numpy as np

from rnncourse.data._automaton import AUTOMATA, REBER_SYMBOLS
from rnncourse.data._batch import Batch, beside, with_networks

COUNTING = {"anbn": "ab", "anbncn": "abc"}


def legal_next(grammar: str, prefix: str) -> set[str]:
    """Which symbols may follow a beginning; none if it is a whole string, or breaks the rules.

    grammar : "reber", "embedded", "continual" (embedded strings without end), "anbn", "anbncn".

    >>> sorted(legal_next("embedded", "BTBPVVE")), sorted(legal_next("anbn", "Saab"))
    (['T'], ['b'])
    """
    if grammar in COUNTING:
        return _legal_count(f"S{COUNTING[grammar]}T", prefix)
    if grammar not in AUTOMATA:
        raise ValueError(f"grammar is one of {', '.join([*AUTOMATA, *COUNTING])}, not {grammar!r}.")
    automaton = AUTOMATA[grammar]
    state = automaton.follow(prefix)
    if state < 0:
        return set()
    return {s for s, legal in zip(REBER_SYMBOLS, automaton.legal[state], strict=True) if legal}


def is_legal(grammar: str, string: str) -> bool:
    """Whether this is a whole string of the grammar: every symbol legal, and none may follow.

    A continual stream has no end: no string of it is whole.

    >>> is_legal("embedded", "BTBPVVETE"), is_legal("embedded", "BTBPVVEPE")
    (True, False)
    """
    steps = range(len(string))
    return all(string[t] in legal_next(grammar, string[:t]) for t in steps) and not legal_next(
        grammar, string
    )


def decode(batch: Batch) -> list[str]:
    """The strings of a grammar's batch, one a row, with the last symbol, which is only a target."""
    if batch.symbols is None or batch.networks:
        raise ValueError(f"{batch.name} has no strings to read.")
    ids, target = batch.x.argmax(axis=-1), batch.target
    return [
        "".join(batch.symbols[k] for k in [ids[0, row], *target[:length, row]])
        for row, length in enumerate(batch.lengths)
    ]


def reber_right(batch: Batch, scores: np.ndarray, seeds: bool = False) -> np.ndarray:
    """Which strings are right at every step: the legal symbols have the highest scores.

    scores (T, B, 7) -> (B,) bool; with `seeds`, or after `split`, (T, S, B, 7) -> (S, B). Where
    two symbols may come both must be above the five others; an equal score is not above. This is
    the criterion of Hochreiter and Schmidhuber (1997). Without memory of the outer symbol half of
    the strings can be right, on average, and no more.
    """
    scores, legal = _compared(batch, scores, seeds)
    lowest, highest = np.inf, -np.inf
    for k in range(batch.classes):  # quicker than over an axis as short as this
        score, may_come = scores[..., k], legal[..., k]
        lowest = np.minimum(lowest, np.where(may_come, score, np.inf))
        highest = np.maximum(highest, np.where(may_come, -np.inf, score))
    return _all_steps(batch, lowest > highest, seeds)


def set_right(batch: Batch, scores: np.ndarray, seeds: bool = False) -> np.ndarray:
    """Which strings are right at every step: a score is above 0 for the legal symbols, only them.

    scores (T, B, V) -> (B,) bool; with `seeds`, or after `split`, (T, S, B, V) -> (S, B).
    """
    scores, legal = _compared(batch, scores, seeds)
    return _all_steps(batch, ((scores > 0) == legal).all(axis=-1), seeds)


def _compared(batch: Batch, scores: np.ndarray, seeds: bool) -> tuple[np.ndarray, np.ndarray]:
    """Scores (T, S, B, V) and the legal sets beside them."""
    if batch.legal is None:
        raise ValueError(f"{batch.name} has no grammar, and so no sets of legal symbols.")
    return with_networks(batch, scores, seeds), beside(batch, batch.legal, 1)


def _all_steps(batch: Batch, right: np.ndarray, seeds: bool) -> np.ndarray:
    """From each step (T, S, B) to each string, where padding cannot be wrong: (S, B) or (B,)."""
    right = (right | ~beside(batch, batch.target >= 0)).all(axis=0)
    return right if seeds or batch.networks else right[0]


def _legal_count(symbols: str, prefix: str) -> set[str]:
    """The same for S aⁿ bⁿ (cⁿ) T."""
    if not prefix:
        return {"S"}
    begin, first, *rest, end = symbols
    counts = [prefix.count(letter) for letter in (first, *rest)]
    n = counts[0]
    if prefix != begin + "".join(c * k for c, k in zip((first, *rest), counts, strict=True)):
        return set()
    if not any(counts[1:]):
        return {first, rest[0]} if n else {first}
    full = sum(count == n for count in counts)
    behind = counts[:full] == [n] * full and counts[full + 1 :] == [0] * len(counts[full + 1 :])
    if max(counts) > n or not behind:
        return set()
    return {[first, *rest, end][full]}
