"""A made-up language of two-word phrases, whose statistics are known exactly.

Each word has a hidden vector; two words stand together the more often, the more their hidden
vectors point the same way. So the true PMI of every pair is known, analogies are planted (a queen
is a king with the other sign in one place), and a bias of known strength: twelve occupations lean
to one side or the other by an amount that was drawn by lot, and says nothing about people.

Word vectors learned from the phrases can then be compared with what was planted.
"""

from dataclasses import dataclass

import numpy as np

PAIRS = (  # the analogies: the same person, one sign changed
    ("king", "queen"),
    ("prince", "princess"),
    ("man", "woman"),
    ("boy", "girl"),
    ("father", "mother"),
    ("son", "daughter"),
    ("brother", "sister"),
    ("uncle", "aunt"),
    ("husband", "wife"),
    ("grandfather", "grandmother"),
    ("waiter", "waitress"),
    ("host", "hostess"),
)
PRONOUNS = (("he", "she"), ("him", "her"))
OCCUPATIONS = (
    *("nurse", "doctor", "pilot", "teacher", "farmer", "baker"),
    *("painter", "judge", "driver", "writer", "singer", "cook"),
)
THINGS = (
    *("castle", "crown", "garden", "school", "river", "bread", "letter", "song", "horse", "lamp"),
    *("table", "window", "field", "market", "ship", "train", "book", "shirt", "ring", "clock"),
    *("bridge", "forest", "kitchen", "hospital", "theatre", "church", "office", "street"),
)
_ROLES = 5  # hidden numbers of a word beside the one for the side it leans to


@dataclass(frozen=True, eq=False)
class Language:
    """V words and how often each two of them form a phrase.

    words : (V,), a tuple. side : (V,) float64, the planted lean: -1 for "king", +1 for "queen", in
    between for an occupation, 0 for a thing. hidden : (V, 1 + roles), the hidden vectors, the
    side's part first. joint : (V, V), the probability of each phrase (first word, second word),
    symmetric.
    """

    words: tuple[str, ...]
    side: np.ndarray
    hidden: np.ndarray
    joint: np.ndarray

    @property
    def frequency(self) -> np.ndarray:
        """The probability of each word, (V,)."""
        return self.joint.sum(axis=1)

    @property
    def pmi(self) -> np.ndarray:
        """The true PMI of every two words in nats, (V, V)."""
        p = self.frequency
        return np.log(self.joint) - np.log(p[:, None] * p)

    def phrases(self, n: int, seed: int = 0) -> np.ndarray:
        """n phrases of two words, drawn by their probability: (n, 2) int64, words' numbers."""
        if n < 1:
            raise ValueError(f"n is a number of phrases, 1 or more, not {n}.")
        drawn = np.random.default_rng(seed).choice(self.joint.size, n, p=self.joint.ravel())
        return np.stack(np.divmod(drawn, len(self.words)), axis=1)

    def read(self, phrases: np.ndarray, n: int = 6) -> list[str]:
        """The first n phrases in words."""
        return [" ".join(self.words[i] for i in phrase) for phrase in phrases[:n]]

    def __repr__(self) -> str:
        return f"Language({len(self.words)} words, phrases of two)"


def language(bias: float = 1.0, seed: int = 0, traces: float = 0.0) -> Language:
    """The language; ``bias`` scales how far the occupations lean (0 for not at all).

    The twelve leans are spread evenly from -bias to bias, and handed out by lot with ``seed``.
    With ``traces`` above 0 a word's side also shows in its first role, so that the two sides keep
    different company among the things; the pronouns do not.
    """
    rng = np.random.default_rng(seed)
    male, female = (tuple(pair[k] for pair in (*PAIRS, *PRONOUNS)) for k in (0, 1))
    words = (*male, *female, *OCCUPATIONS, *THINGS)
    lean = rng.permutation(np.linspace(-bias, bias, len(OCCUPATIONS)))
    n = len(male)
    side = np.concatenate([-np.ones(n), np.ones(n), lean, np.zeros(len(THINGS))])

    roles = rng.normal(0.0, 0.55, (len(words), _ROLES))
    roles[n : 2 * n] = roles[:n]  # a queen's role is a king's
    roles[:, 0] += traces * side
    roles[[n - 2, n - 1, 2 * n - 2, 2 * n - 1]] = 0.0  # pronouns have none
    hidden = np.concatenate([0.9 * side[:, None], roles], axis=1)

    common = np.exp(rng.normal(0.0, 0.5, len(words)))
    common[n : 2 * n] = common[:n]  # neither side is rarer
    joint = np.exp(hidden @ hidden.T) * common * common[:, None]
    np.fill_diagonal(joint, joint.diagonal() * 0.05)  # hardly any word stands beside itself
    return Language(words, side, hidden, joint / joint.sum())
