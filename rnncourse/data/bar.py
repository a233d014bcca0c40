"""Stories of the bar, the addresses that agree with them, and networks trained on them (lesson 10).

A person comes in, is told of for a while, asks for something; other things happen; then the
bartender says "Certainly", and an address. The address agrees with the words for the person, as a
pronoun agrees with its noun: "girl" and "she" go with "miss" and "ma'am". The stories are about
this agreement in a sentence, not about what people are. People of whom nothing tells ("the
guest", "they", "Kim") are among them: there every address fits, and in a corpus such a story
stands twice, once with each kind of answer.

- `story(seed, ...)`: one story, as wished; `corpus(n, ...)`: many, with answers, to learn from;
  `unlabelled(n)`: running text without answers, for word vectors.
- `agrees(story)`: the addresses that fit, by rule.
- `load("LSTM")`: a trained network; also "GRU", "RNN", "window", "small".
"""

from collections.abc import Sequence

import numpy as np

from rnncourse.data import _bar_words as texts
from rnncourse.data._bar_grammar import Story, every_sentence, story
from rnncourse.data._bar_oracle import agrees
from rnncourse.data._bar_people import (
    CUES,
    HELD_OUT_NAMES,
    HELD_OUT_NOUNS,
    KIND_OF,
    KINDS,
    NAMES,
    NOUNS,
    PRONOUN_KIND,
    pick,
)
from rnncourse.data._bar_reader import Reader, Reading, load
from rnncourse.data._stories import ADDRESSES, AGREES, BLANK, FAMOUS, NEUTRAL
from rnncourse.words.tokens import tokens
from rnncourse.words.vocabulary import PAD, Vocabulary

__all__ = [
    "ADDRESSES",
    "AGREES",
    "BLANK",
    "CUES",
    "FAMOUS",
    "HELD_OUT_NAMES",
    "HELD_OUT_NOUNS",
    "NAMES",
    "NOUNS",
    "Reader",
    "Reading",
    "Story",
    "agrees",
    "batch",
    "corpus",
    "load",
    "story",
    "unlabelled",
    "vocabulary",
]

DISTANCES = ("uniform", "log-uniform")
_SHARES = {"noun": 0.43, "both": 0.34, "pronoun": 0.23}  # of the stories with a cue


def corpus(
    n: int,
    seed: int = 0,
    distances: str = "uniform",
    longest: int = 50,
    no_cue: float = 0.2,
    bystanders: float = 0.3,
    leaving: float = 0.2,
    contradictions: float = 0.1,
) -> list[Story]:
    """n stories with answers to learn from; known sentences and known persons only.

    Parameters
    ----------
    distances : "uniform" from 1 to `longest` words, or "log-uniform", which has many short ones
        (as many from 1 to 7 as from 7 to 49).
    no_cue : the share of stories that say nothing about the person: each of them stands twice in
        a row, once with a female and once with a male answer, so that even is the right answer.
    bystanders, leaving, contradictions : the shares with somebody else in the room, with somebody
        who left before, and with a change of mind in mid-story. All of them are drawn without
        regard to the person, so none of them gives the answer away.
    """
    if distances not in DISTANCES:
        raise ValueError(f"distances is one of {', '.join(DISTANCES)}, not {distances!r}.")
    rng = np.random.default_rng(seed)
    cues = tuple(_SHARES)
    steps = np.cumsum([_SHARES[cue] for cue in cues])
    told: list[Story] = []
    while len(told) < n:
        even = rng.random() < no_cue / (2 - no_cue)  # as one such story makes two
        cue = "none" if even else cues[int(np.searchsorted(steps, rng.random()))]
        u, change = rng.random(), rng.random()
        far = 1 + int(u * longest) if distances == "uniform" else int((longest + 1) ** u)
        some = story(
            rng,
            cue=cue,
            distance=far,
            bystander=rng.random() < bystanders,
            change="leaves"
            if change < leaving
            else "contradiction"
            if change < leaving + contradictions and not even
            else None,
        )
        for kind in KINDS if even else (some.kind,):
            told.append(some.answered(pick(rng, AGREES[kind])))
    return told[:n]


def unlabelled(n: int, seed: int = 0, people: str = "any") -> list[tuple[str, ...]]:
    """The words of n stories without answers: text to learn word vectors from.

    Held-out persons are among them ("any"), as often as the others, with their pronouns; never an
    address. people="known" leaves them out. Sentences are the known ones.
    """
    rng = np.random.default_rng([seed, 1])
    told = []
    for _ in range(n):
        held_out = people == "any" and rng.random() < 1 / 3
        cue = pick(rng, ("noun", "both", "both", "both") if held_out else (*CUES, "both", "both"))
        near = 4 + int(rng.random() * 8)
        some = story(rng, cue=cue, distance=near, people="held out" if held_out else "known")
        told.append(some.words)
    return told


def vocabulary() -> Vocabulary:
    """Every word of every story and every address, lower case, after "<pad>": V of them."""
    slots = ("np", "the", "she", "her", "hers", "place", "drink")
    bare = (text.format(**dict.fromkeys(slots, " "), blank=" ") for text in every_sentence())
    fixed = {word for text in (*bare, FAMOUS.split("{")[0]) for word in tokens(text)}
    drawn = (*texts.PLACES, *texts.DRINKS, *texts.ADJECTIVES, *PRONOUN_KIND, "a", "an", "the")
    neutral = texts.PRONOUNS[NEUTRAL].values()
    people = (word.lower() for word in (*KIND_OF, *ADDRESSES))
    return Vocabulary.in_order((PAD, *sorted({*fixed, *drawn, *neutral, *people})))


def batch(stories: Sequence[Story], known: Vocabulary | None = None):
    """Stories with answers as arrays to learn from: x (T, B), target (T, B), both whole numbers.

    The target of every word is the next word, at the last one the answer; -1 where a story is
    over already. `known` is `vocabulary()` if left out.
    """
    known = known or vocabulary()
    x, mask = known.pad([known.encode(some.words) for some in stories])
    target = np.full_like(x, -1)
    target[:-1][mask[1:]] = x[1:][mask[1:]]
    last = mask.sum(axis=0) - 1
    answers = [(some.answer or "").lower() for some in stories]
    if "" in answers:
        raise ValueError("These stories have no answers; corpus() tells stories that do.")
    target[last, np.arange(len(stories))] = known.encode(answers)
    return x, target
