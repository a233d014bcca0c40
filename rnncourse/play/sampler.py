"""Text drawn from a model's scores: the draws stay the same while temperature and top-k move."""

import numpy as np

from rnncourse.words.sampling import softmax, top_k


class Sampler:
    """Draws symbols from scores. Parameters are those of ``play.temperature``.

    Attributes: ``own`` (V,), the model's own distribution after the start; ``symbols`` (V,);
    ``writes``, whether it can go on (an array of scores cannot); ``start``, as one text.
    """

    def __init__(self, scores, symbols, start="", length=240, seed=0, carry=True, joined=""):
        self.symbols = [str(symbol) for symbol in symbols]
        self.length, self.seed, self.carry, self.joined = length, seed, carry, joined
        self.writes = callable(scores)
        self._scores = scores
        place = {symbol: at for at, symbol in enumerate(self.symbols)}
        parts = (
            start.split() if joined.strip() != joined and isinstance(start, str) else list(start)
        )
        unknown = [part for part in parts if part not in place]
        if unknown:
            raise ValueError(f"start has {unknown[0]!r}, which is not among the symbols.")
        if self.writes and not parts:
            raise ValueError("start is empty; give the model something to go on from.")
        self.start, self._ids = joined.join(parts), [place[part] for part in parts]
        first, self._state = self._first()
        if first.shape != (len(self.symbols),):
            raise ValueError(
                f"scores has shape {first.shape}; {len(self.symbols)} symbols need "
                f"({len(self.symbols)},)."
            )
        self._begin, self.own = first, softmax(first)

    def chances(self, temperature=1.0, k=None):
        """The distribution after the start that is drawn from, (V,)."""
        return self._tempered(self._begin, temperature, k)

    def text(self, temperature=1.0, k=None):
        """What is drawn after the start, ``length`` symbols as one string; "" for an array."""
        if not self.writes:
            return ""
        draws = np.random.default_rng(self.seed).random(self.length)
        scores, state, ids = self._begin, self._state, list(self._ids)
        for draw in draws:
            edges = self._tempered(scores, temperature, k).cumsum()
            ids.append(min(int(np.searchsorted(edges, draw * edges[-1], "right")), len(edges) - 1))
            scores, state = self._next(ids, state)
        return self.joined.join(self.symbols[i] for i in ids[len(self._ids) :])

    def _tempered(self, scores, temperature, k):
        p = softmax(scores, temperature)
        return p if k is None or k >= len(p) else top_k(p, k)

    def _first(self):
        if not self.writes:
            return np.asarray(self._scores, dtype=float), None
        if not self.carry:
            return self._next(self._ids, None)
        state = None
        for at in range(len(self._ids)):
            scores, state = self._next(self._ids[: at + 1], state)
        return scores, state

    def _next(self, ids, state):
        if self.carry:
            scores, state = self._scores(ids[-1], state)
        else:
            scores = self._scores(np.array(ids))
        return np.asarray(scores, dtype=float).reshape(-1), state
