"""The small trained network of lesson 00: it completes the bartender's sentence.

A plain recurrent network (tanh, 48 hidden units) that `authoring/make_teaser.py` trained on made-up
bar stories. It reads a story word by word and says how likely each word is to come next. In half
of the stories that it learned from, 1 to 20 sentences about something else stood between the order
and the answer, so it has met far persons by the thousand; it learned from the near ones alone.
Near, it is right and sure. After some five sentences it gives every address about a quarter: it is
not sure and wrong, it has no opinion, and the likeliest address is the same one for everybody,
which is right for half of them. Why a plain network learns so little from far examples is the
subject of lesson 06; with other training, or longer, some plain networks do learn it.

The stories are about agreement in a sentence ("girl" goes with "miss"), not about what people are.
Persons without a cue ("a guest ... they") are among them: there every answer fits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from rnncourse.data import _stories
from rnncourse.data._stories import ADDRESSES, AGREES, BLANK, FAMOUS, PERSONS
from rnncourse.data.text import tokens

__all__ = ["ADDRESSES", "AGREES", "BLANK", "FAMOUS", "PERSONS", "Teaser", "load", "seeds_table"]

SOURCE = "made for this course by authoring/make_teaser.py"
LICENCE = "CC BY 4.0, as the text of the course"
_FILE = Path(__file__).parent / "files" / "teaser.npz"
_LONGEST = 2_000  # words of a story


@dataclass(frozen=True, eq=False)
class Teaser:
    """A trained network for bar stories; V words, H hidden units, E numbers for a word.

    words : the V words that it knows, in alphabetical order.
    weights : "embedding" (V, E), "W_ih" (H, E), "W_hh" (H, H), "b" (H,), "W_out" (V, H) and
        "b_out" (V,), float32, in torch's convention (used as `x @ W_ih.T`).
    """

    words: tuple[str, ...]
    weights: dict[str, np.ndarray]
    source: str = SOURCE
    licence: str = LICENCE

    def __repr__(self) -> str:
        return f"Teaser({len(self.weights['b'])} tanh units, knows {len(self.words)} words)"

    def complete(self, story: str) -> dict[str, float]:
        """How likely each address is at the blank: {"miss": p, "ma'am": p, "sir": p, "Mister": p}.

        The four probabilities sum to 1: the other words' share is left out. The story is read up
        to "{" or "___", or to its end. ValueError names the words that the network has never seen.
        """
        chances = self._next([self._read(story)])[0]
        share = chances[[self._place[address.lower()] for address in ADDRESSES]]
        return dict(zip(ADDRESSES, (share / share.sum()).tolist(), strict=True))

    def next_words(self, story: str, top: int = 5) -> dict[str, float]:
        """The `top` most likely next words of all that it knows, the likeliest first."""
        chances = self._next([self._read(story)])[0]
        best = np.argsort(-chances, kind="stable")[:top]
        return {self.words[i]: float(chances[i]) for i in best}

    def story(
        self,
        person: str = "girl",
        fillers: int = 0,
        seed: int = 0,
        pronoun: str | None = None,
        distance: int | None = None,
    ) -> str:
        """A new bar story that ends in "The bartender said 'Certainly { }'".

        person : one of the words in `PERSONS`. pronoun : "she", "he" or "they"; by default the
        one that agrees with the person. fillers : sentences about something else before the
        answer. distance : instead of fillers, the number of words between the last word for the
        person and the blank, 4 or more. The same seed gives the same story.
        """
        kinds = {word: kind for kind, word in _stories.PRONOUNS.items()}
        if pronoun is not None and pronoun not in kinds:
            raise ValueError(f"pronoun is one of {', '.join(kinds)}, not {pronoun!r}.")
        if fillers < 0:
            raise ValueError(f"fillers is a number of sentences, 0 or more, not {fillers}.")
        rng = np.random.default_rng(seed)
        return _stories.story(rng, person, kinds.get(pronoun), fillers, distance)

    def accuracy(
        self,
        distances: Sequence[int] | None = None,
        n: int = 200,
        seed: int = 0,
        *,
        fillers: Sequence[int] | None = None,
    ) -> np.ndarray:
        """Share of n new stories whose likeliest address agrees with the person: chance is 0.5.

        Give either `distances` (words between the last word for the person and the blank) or
        `fillers` (sentences in between). Returns one share for each, as float64. Half of the
        persons are female, half male, and every distance meets the same persons.
        """
        if (distances is None) == (fillers is None):
            raise ValueError("Give either distances or fillers.")
        name, numbers = ("fillers", fillers) if distances is None else ("distance", distances)
        kinds = [(_stories.FEMALE, _stories.MALE)[i % 2] for i in range(n)]
        persons = [PERSONS[kind][i // 2 % len(PERSONS[kind])] for i, kind in enumerate(kinds)]
        places = [self._place[address.lower()] for address in ADDRESSES]
        shares = []
        for number in numbers:
            rng = np.random.default_rng(seed)
            stories = [_stories.story(rng, person, **{name: int(number)}) for person in persons]
            chances = self._next([self._read(story) for story in stories])
            says_female = chances[:, places].argmax(axis=1) < 2
            shares.append(np.mean(says_female == (np.array(kinds) == _stories.FEMALE)))
        return np.array(shares)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {word: i for i, word in enumerate(self.words)}

    def _read(self, story: str) -> list[int]:
        words = tokens(story.split("{")[0].split("___")[0])
        if not 1 <= len(words) <= _LONGEST:
            raise ValueError(f"A story has 1 to {_LONGEST:,} words; this one has {len(words):,}.")
        unknown = sorted({word for word in words if word not in self._place})
        if unknown:
            raise ValueError(
                f"The network has never seen {', '.join(map(repr, unknown))}. "
                f"It knows these {len(self.words)} words: {', '.join(self.words)}."
            )
        return [self._place[word] for word in words]

    def _next(self, stories: list[list[int]]) -> np.ndarray:
        """Chances of every word after each story, (N, V): the network, all stories at once."""
        w = {name: array.astype(float) for name, array in self.weights.items()}
        lengths = np.array([len(story) for story in stories])
        ids = np.zeros((lengths.max(), len(stories)), dtype=np.int64)  # (T, N)
        for i, story in enumerate(stories):
            ids[: len(story), i] = story
        table = w["embedding"] @ w["W_ih"].T + w["b"]  # (V, H)
        h = np.zeros((len(stories), len(w["b"])))
        for t, row in enumerate(ids):
            h = np.where((t < lengths)[:, None], np.tanh(table[row] + h @ w["W_hh"].T), h)
        scores = h @ w["W_out"].T + w["b_out"]
        chances = np.exp(scores - scores.max(axis=1, keepdims=True))
        return chances / chances.sum(axis=1, keepdims=True)


def load() -> Teaser:
    """The trained network."""
    with np.load(_FILE) as stored:
        names = ("embedding", "W_ih", "W_hh", "b", "W_out", "b_out")
        weights = {name: stored[name].astype(np.float32) for name in names}
        return Teaser(tuple(stored["words"].tolist()), weights)


def seeds_table() -> dict:
    """How often networks that differ only in their random start agree with the person.

    "fillers" (F,) and "accuracy" (seeds, F): by sentences in between; "distances" (D,) and
    "accuracy_at" (seeds, D): by words in between; "confidence" (seeds, F): the mean larger share
    of the two kinds of address, 0.5 where the network does not prefer any; "seeds" (seeds,);
    "shipped": the seed of `load()`; "how": a sentence on how it was made.
    """
    with np.load(_FILE) as stored:
        names = ("fillers", "accuracy", "distances", "accuracy_at", "confidence", "seeds")
        table = {name: stored[name] for name in names}
        return {**table, "shipped": int(stored["shipped"]), "how": str(stored["how"])}
