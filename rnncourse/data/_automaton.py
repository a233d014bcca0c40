"""Reber's grammar and the embedded one, as tables of states that many strings walk at once."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from rnncourse.data._batch import ENTROPY, Batch

REBER_SYMBOLS = "BTPSXVE"
V = len(REBER_SYMBOLS)

# Which symbols may come in each state, and which state follows; 7 is the end.
REBER = (
    {"B": 1},
    {"T": 2, "P": 3},
    {"S": 2, "X": 4},
    {"T": 3, "V": 5},
    {"X": 3, "S": 6},
    {"P": 4, "V": 6},
    {"E": 7},
)


# Two copies of it: which of the two the string is in is the memory of the outer symbol.
EMBEDDED = (
    {"B": 1},
    {"T": 2, "P": 10},
    *({symbol: 2 + to for symbol, to in state.items()} for state in REBER),
    {"T": 18},  # state 9
    *({symbol: 10 + to for symbol, to in state.items()} for state in REBER),
    {"P": 18},  # state 17
    {"E": 19},
)
OUTER = (9, 17)  # the states in which the outer symbol comes again


class Automaton:
    """The states of a grammar as tables, for many strings at once.

    State K, "over", comes after the last symbol. With `endless` the first state is there instead:
    the next string follows at once.
    """

    def __init__(self, name: str, states: Sequence[dict[str, int]], asked=(), endless=False):
        self.name, self.states, self.endless = name, states, endless
        K = len(states)
        self.legal = np.zeros((K + 1, V), bool)  # which symbols a state lets through
        self.next = np.full((K + 1, V + 1), -1)  # which state follows; -1: no such string
        self.next[K, V] = K
        self.said = np.full(2 * K + 2, V)  # at 2 * state + coin: the symbol, V for none
        self.after = np.full(2 * K + 2, K)  # and the state that follows
        for k, ways in enumerate(states):
            for coin, (symbol, to) in enumerate((2 * list(ways.items()))[:2]):
                to = to % K if endless else to
                place = REBER_SYMBOLS.index(symbol)
                self.legal[k, place], self.next[k, place] = True, to
                self.said[2 * k + coin], self.after[2 * k + coin] = place, to
        self.asked = np.isin(np.arange(K + 1), asked)  # in which states the answer needs memory

    def walk(self, state: np.ndarray, steps: int, rng) -> tuple[np.ndarray, np.ndarray]:
        """The next symbols (steps, B) from each string's state (B,), and the state after each."""
        ways = rng.integers(0, 2, (steps, len(state)))
        after, state = 2 * self.after, 2 * state
        for way in ways:
            way += state
            state = after.take(way)
        return self.said[ways], self.after[ways]

    def strings(self, batch: int, rng) -> tuple[np.ndarray, np.ndarray]:
        """Symbols (L, B) of whole strings, V after the end, and the state after each."""
        ids, states = self.walk(np.zeros(batch, int), 16, rng)
        while (states[-1] < len(self.states)).any():
            more = self.walk(states[-1], 16, rng)
            ids, states = np.concatenate([ids, more[0]]), np.concatenate([states, more[1]])
        longest = (ids < V).any(axis=1).sum()
        return ids[:longest], states[:longest]

    def follow(self, string: str) -> int:
        """The state after a string; -1 if it breaks a rule."""
        state = 0
        for symbol in string:
            place = REBER_SYMBOLS.find(symbol)
            state = self.next[state, place] if place >= 0 else -1
            if state < 0:
                break
        return int(state)

    def batch(self, ids: np.ndarray, states: np.ndarray, dtype) -> Batch:
        """The batch of symbols (T + 1, B): each is to be answered with the one that follows."""
        mask = ids[1:] < V
        outer = self.asked.any()
        x = np.eye(V + 1, V, dtype=dtype)[np.where(mask, ids[:-1], V)]
        chance, solved = self.losses
        return Batch(
            name=self.name,
            x=x,
            target=np.where(mask, ids[1:], -1),
            loss=ENTROPY,
            chance=chance,
            solved=solved,
            mask=None if self.endless else mask,
            classes=V,
            asked=self.asked[states[:-1]] if outer else None,
            marks=None if self.endless or not outer else np.ones((1, ids.shape[1]), int),
            legal=self.legal[states[:-1]],
            symbols=REBER_SYMBOLS,
        )

    @cached_property
    def losses(self) -> tuple[float, float]:
        """Cross-entropy of the best answer from the current symbol alone, and of the oracle's.

        Both are means over the answers of a whole long run: how often the grammar comes by each
        symbol into each state solves a linear system, for the states follow one another by chance.
        """
        K = len(self.states)
        share = self.legal[:K] / self.legal[:K].sum(axis=1, keepdims=True)  # (K, V): of the next
        moves = np.zeros((K, V, K + 1))  # from, symbol, to
        for k, c in np.argwhere(self.legal[:K]):
            moves[k, c, self.next[k, c]] = share[k, c]
        within = moves[:, :, :K].sum(axis=1) * (np.arange(K) > 0)  # inside one string
        visits = np.linalg.solve(np.eye(K) - within.T, np.eye(K)[0])  # (K,) in each string
        came = np.einsum("k,kcs->cs", visits, moves[:, :, :K])  # (V, K): by c into s, to answer
        pairs = came @ share  # (V, V): how often k follows c
        memoryless = _entropy(pairs, pairs / (pairs.sum(axis=1, keepdims=True) + 1e-300))
        oracle = _entropy(came.sum(axis=0)[:, None] * share, share)
        return memoryless / came.sum(), oracle / came.sum()


def _entropy(often: np.ndarray, share: np.ndarray) -> float:
    """The sum of -often × ln(share), where a share of 0 never occurs."""
    return float(-(often * np.log(np.where(share > 0, share, 1.0))).sum())


AUTOMATA = {
    "reber": Automaton("Reber", REBER),
    "embedded": Automaton("Embedded Reber", EMBEDDED, OUTER),
    "continual": Automaton("Continual embedded Reber", EMBEDDED, OUTER, endless=True),
}
