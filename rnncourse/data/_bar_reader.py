"""Networks that have learned the bar stories, run by the course's own cells."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnncourse import cells
from rnncourse.data._bar_grammar import Story
from rnncourse.data._stories import ADDRESSES, AGREES, FEMALE
from rnncourse.words.embedding import Embedding
from rnncourse.words.tokens import tokens
from rnncourse.words.vocabulary import Vocabulary

FILE = Path(__file__).parent / "files" / "bar.npz"
WIDTH = 8  # the words that the window network sees
_LONGEST = 2_000  # words of a story
_CELLS = {"LSTM": cells.LSTM, "GRU": cells.GRU, "RNN": cells.RNN}
_FEMALE = np.array([address in AGREES[FEMALE] for address in ADDRESSES])


class Window:
    """A layer without memory: it sees the last `WIDTH` words at once, older ones not at all.

    ``state_t = tanh(W [x_t, x_{t-1}, ...] + b)``; W (H, WIDTH · D), zeros before the first word.
    """

    def __init__(self, W, b):
        self.W, self.b = W, b
        self.hidden_size = len(b)

    def forward(self, x):
        """From x (T, B, D) to states (T, B, H)."""
        T, B, D = x.shape
        before = np.concatenate([np.zeros((WIDTH - 1, B, D), x.dtype), x])
        a = self.b
        for k in range(WIDTH):  # k words back
            a = a + before[WIDTH - 1 - k :][:T] @ self.W[:, k * D : (k + 1) * D].T
        return np.tanh(a)


@dataclass(frozen=True, eq=False)
class Reading:
    """What a network expects after each word of a story.

    words : (T,). shares : (T, 4), how likely each of `ADDRESSES` is among the four after this word.
    four : (T,), how likely any of the four is to be the next word. female : (T,), the share of
    "miss" and "ma'am" among the four.
    """

    words: tuple[str, ...]
    shares: np.ndarray
    four: np.ndarray

    @property
    def female(self) -> np.ndarray:
        return self.shares[:, _FEMALE].sum(axis=1)


class Reader:
    """A network that reads bar stories word by word: embedding, cell, a score for every word.

    Parameters
    ----------
    name : "LSTM", "GRU", "RNN" or "window", the form of its cell. known : its `Vocabulary`, V.
    weights : "embedding" (V, E), the cell's arrays under their names in `rnncourse.cells` (the
        window's: "W", "b"), "readout.W" (V, H) and "readout.b" (V,). told : a sentence on how it
        was made.

    Attributes: those, and the parts it runs on: ``embedding``, ``cell``, ``readout``, ``H``.
    A story is a string (read up to "{" or "___"), a `Story`, or a list of words.
    """

    def __init__(
        self,
        name: str,
        known: Vocabulary,
        weights: Mapping[str, np.ndarray],
        told: str = "",
        dtype=np.float64,
    ):
        self.name, self.known, self.told = name, known, told
        self.weights = {key: np.asarray(array, dtype=dtype) for key, array in weights.items()}
        self._addresses = known.encode([address.lower() for address in ADDRESSES])
        self._held: dict[int, tuple[float, float]] = {}
        table = self.weights["embedding"]
        self.embedding = Embedding.pretrained(table, dtype=dtype)
        V, self.H = self.weights["readout.W"].shape
        if name == "window":
            self.cell = Window(self.weights["W"], self.weights["b"])
        else:
            self.cell = _CELLS[name](table.shape[1], self.H, dtype=dtype)
            for key in self.cell.parameters:
                setattr(self.cell, key, self.weights[key])
        self.readout = cells.Linear(self.H, V, dtype=dtype)
        self.readout.W, self.readout.b = self.weights["readout.W"], self.weights["readout.b"]

    def __repr__(self) -> str:
        more = f": {self.told}" if self.told else ""
        return f"Reader({self.name}, {self.H} units, knows {len(self.known) - 1} words{more})"

    def complete(self, story) -> dict[str, float]:
        """How likely each address is at the blank, among the four: they sum to 1.

        ``ValueError`` names the words that the network does not know.
        """
        return dict(zip(ADDRESSES, self.shares([story])[0].tolist(), strict=True))

    def next_words(self, story, top: int = 5) -> dict[str, float]:
        """The `top` most likely next words of all that it knows, the likeliest first."""
        ids, last = self._ids([story])
        chances = _softmax(self._scores(self._end(ids, last)))[0]
        best = np.argsort(-chances, kind="stable")[:top]
        return {self.known.words[i]: float(chances[i]) for i in best}

    def after_each_word(self, story) -> Reading:
        """What it expects after every word of a story."""
        words = _words(story)
        ids, _ = self._ids([words])
        chances = _softmax(self._scores(self._run(ids)["h"][:, 0]))[:, self._addresses]
        four = chances.sum(axis=1)
        return Reading(words, chances / four[:, None], four)

    def states(self, story) -> dict[str, np.ndarray]:
        """Its state after every word: "h" (T, H), and for an LSTM the cell "c" (T, H)."""
        ids, _ = self._ids([story])
        return {key: array[:, 0] for key, array in self._run(ids).items()}

    def all_states(self, stories: Sequence) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """The states over many stories, (T, B, H) each, and the place of each story's last word.

        Behind its last word a story has states of no meaning.
        """
        ids, last = self._ids(stories)
        return self._run(ids), last

    def shares(self, stories: Sequence) -> np.ndarray:
        """(B, 4): how likely each of `ADDRESSES` is at the blank of each story, among the four."""
        ids, last = self._ids(stories)
        return _softmax(self._scores(self._end(ids, last))[:, self._addresses])

    def female(self, stories: Sequence) -> np.ndarray:
        """(B,): the share of "miss" and "ma'am" among the four at each story's blank."""
        return self.shares(stories)[:, _FEMALE].sum(axis=1)

    def right(self, stories: Sequence[Story]) -> np.ndarray:
        """(B,) of bool: does the likeliest of the four agree with the person?"""
        likeliest = self.shares(stories).argmax(axis=1)
        return np.array([ADDRESSES[i] in s.agrees for i, s in zip(likeliest, stories, strict=True)])

    def ablated(self, units: Sequence[int], h=0.0, c=0.0) -> "Reader":
        """The same network with some units held: after every word their state is `h` (and `c`).

        h, c : a number, or one for each unit, as their means over many stories.
        """
        held = self._copy()
        units = [int(unit) for unit in units]
        if not all(0 <= unit < self.H for unit in units):
            raise ValueError(f"Units have the numbers 0 to {self.H - 1}.")
        h, c = np.broadcast_to(h, len(units)), np.broadcast_to(c, len(units))
        held._held |= {u: (float(x), float(y)) for u, x, y in zip(units, h, c, strict=True)}
        return held

    def patched(self, stories: Sequence, others: Sequence, units: Sequence[int], at) -> np.ndarray:
        """(B, 4): the shares when some units' states are copied over from other stories.

        Each story is read beside another one; after word number `at` (a number, or one for each
        story) the units' h and c are those of the run over the other story.
        """
        ids, last = self._ids(stories)
        other, _ = self._ids(others)
        at = np.broadcast_to(at, len(last))
        donor = self._run(other)
        rows = np.arange(len(last))
        given = {key: array[at, rows] for key, array in donor.items()}  # (B, H)
        end = self._run(ids, patch=(list(units), at, given))["h"][last, rows]
        return _softmax(self._scores(end)[:, self._addresses])

    def influence(self, story, address: str = "miss") -> np.ndarray:
        """(T,): the length of dP(address) / d(word vector), for every word of a story.

        P is the probability at the blank, among all words that the network knows.
        """
        return self.influences([story], address)[0][:, 0]

    def influences(self, stories: Sequence, address: str = "miss") -> tuple[np.ndarray, np.ndarray]:
        """`influence` of many stories, (T, B), and the place of each story's last word, (B,)."""
        if self.name == "window" or self._held:
            raise ValueError("influence needs a recurrent network with all its units.")
        ids, last = self._ids(stories)
        rows = np.arange(len(last))
        states = self.cell.forward(self.embedding.forward(ids))
        p = _softmax(self._scores(states[last, rows]))
        asked = self.known[address.lower()]
        d_scores = -p * p[:, [asked]]
        d_scores[:, asked] += p[:, asked]
        d_states = np.zeros(states.shape)
        d_states[last, rows] = d_scores @ self.readout.W
        d_x = self.cell.backward(d_states)["x"]
        return np.linalg.norm(d_x, axis=-1), last

    def _copy(self) -> "Reader":
        copy = object.__new__(Reader)
        copy.__dict__.update(self.__dict__, _held=dict(self._held))
        return copy

    def _ids(self, stories: Sequence) -> tuple[np.ndarray, np.ndarray]:
        """The stories side by side, (T, B), and the place of each one's last word, (B,)."""
        read = [_words(story) for story in stories]
        unknown = sorted({word for words in read for word in words if word not in self.known})
        if unknown:
            raise ValueError(
                f"The network has never seen {', '.join(map(repr, unknown))}. It knows these "
                f"{len(self.known) - 1} words: {', '.join(self.known.words[1:])}."
            )
        if not read or not all(1 <= len(words) <= _LONGEST for words in read):
            raise ValueError(f"A story has 1 to {_LONGEST:,} words before its blank.")
        ids, mask = self.known.pad([self.known.encode(words) for words in read])
        return ids, mask.sum(axis=0) - 1

    def _end(self, ids, last) -> np.ndarray:
        return self._run(ids)["h"][last, np.arange(len(last))]

    def _scores(self, h) -> np.ndarray:
        return self.readout.forward(h)

    def _run(self, ids, patch=None) -> dict[str, np.ndarray]:
        """The states after every word: "h", and "c" of an LSTM, (T, B, H) each."""
        x = self.embedding.forward(ids)
        if not self._held and patch is None:
            states = {"h": self.cell.forward(x)}
            if self.name == "LSTM":
                states["c"] = self.cell.cell_states
            return states
        if self.name == "window":
            raise ValueError("A window network has no state that could be held or exchanged.")
        return self._run_by_hand(x, patch)

    def _run_by_hand(self, x, patch) -> dict[str, np.ndarray]:
        """Step by step, with the held units held and the patch put in."""
        h = np.zeros((x.shape[1], self.H), x.dtype)
        c = h.copy()
        units = list(self._held)
        values = np.array([self._held[unit] for unit in units]).reshape(-1, 2)
        all_h, all_c = [], []
        for t, x_t in enumerate(x):
            if self.name == "LSTM":
                h, c = self.cell.step(x_t, (h, c))
            else:
                h = np.array(self.cell.step(x_t, h))
            h[:, units], c[:, units] = values[:, 0], values[:, 1]
            if patch is not None:
                copied, at, given = patch
                now = np.flatnonzero(at == t)[:, None]
                h[now, copied] = given["h"][now, copied]
                if "c" in given:
                    c[now, copied] = given["c"][now, copied]
            all_h.append(h.copy())
            all_c.append(c.copy())
        states = {"h": np.stack(all_h)}
        return states | ({"c": np.stack(all_c)} if self.name == "LSTM" else {})


def load(name: str = "LSTM") -> Reader:
    """A trained network: "LSTM", "GRU", "RNN", "window", or "small", an LSTM of few units.

    `authoring/make_bar.py` made them; their weights are stored as float16.
    """
    with np.load(FILE, allow_pickle=False) as stored:
        names = stored["names"].tolist()
        if name not in names:
            raise ValueError(f"There is no network called {name!r}. There are {', '.join(names)}.")
        known = Vocabulary.in_order(stored["words"].tolist())
        weights = {
            key.removeprefix(f"{name}/"): stored[key]
            for key in stored.files
            if key.startswith(f"{name}/")
        }
        if "embedding" not in weights:
            weights["embedding"] = stored["embedding"]
        form = str(stored[f"form/{name}"])
        return Reader(form, known, weights, str(stored[f"told/{name}"]))


def _words(story) -> tuple[str, ...]:
    if isinstance(story, Story):
        return story.words
    if isinstance(story, str):
        return tuple(tokens(re.split(r"\{|___", story)[0]))
    return tuple(story)


def _softmax(scores) -> np.ndarray:
    chances = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return chances / chances.sum(axis=-1, keepdims=True)
