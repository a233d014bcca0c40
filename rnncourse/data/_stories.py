"""The grammar of the teaser's bar stories: a person comes in, asks for a drink, gets an answer.

The answer's last word agrees with the words for the person ("girl", "she"), as a pronoun agrees
with its noun. The stories are about this agreement in a sentence, not about what people are. A
person who is told about with neutral words ("the guest", "they") gives no cue, and then every
address fits.
"""

import re

import numpy as np

from rnncourse.data.text import tokens

FEMALE, MALE, NEUTRAL = "female", "male", "neutral"
ADDRESSES = ("miss", "ma'am", "sir", "Mister")
AGREES = {FEMALE: ("miss", "ma'am"), MALE: ("sir", "Mister"), NEUTRAL: ADDRESSES}
PERSONS = {
    FEMALE: ("girl", "woman", "lady", "queen", "grandmother", "mother", "aunt", "sister"),
    MALE: ("boy", "man", "gentleman", "king", "grandfather", "father", "uncle", "brother"),
    NEUTRAL: ("person", "guest", "student", "doctor", "nurse", "pilot", "teacher", "farmer"),
}
PRONOUNS = {FEMALE: "she", MALE: "he", NEUTRAL: "they"}
PERSON_WORDS = {*PRONOUNS.values(), *(word for words in PERSONS.values() for word in words)}
BLANK = "{ }"
FAMOUS = (
    "A girl walked into a bar, and she said 'Can I have a drink please?'. "
    "The bartender said 'Certainly { }'"
)

PLACES = ("bar", "pub", "tavern", "cafe")
ADJECTIVES = ("tired", "young", "old", "tall", "cheerful", "quiet", "friendly", "thirsty")
DRINKS = ("drink", "coffee", "lemonade", "beer", "juice", "tea", "water", "cider")
OPENINGS = (
    "It was a cold evening.",
    "The night was dark and quiet.",
    "It was late on a warm day.",
    "The music had just begun.",
)
ENTRANCES = (
    "{A} {noun} walked into {place}",
    "{A} {noun} came into {place}",
    "{A} {noun} stepped into {place}",
    "Into {place} walked {a} {noun}",
    "Into {place} came {a} {noun}",
    "{A} {noun} opened the door of {place}",
)
REQUESTS = (
    ", and {she} said 'Can I have {drink} please?'.",
    ", and {she} asked for {drink}.",
    ". 'Can I have {drink} please?', {she} said.",
    ". 'I would like {drink}', said the {person}.",
    " and asked for {drink}.",
    ". 'May I have {drink}?', asked the {person}.",
    " and said 'Can I have {drink} please?'.",
    ". 'One {plain} please', {she} said to the bartender.",
)
FILLERS = (  # 2 to 8 words each, and no word for a person in any
    "It rained.",
    "A clock ticked.",
    "The music stopped.",
    "The old door creaked.",
    "A glass fell down.",
    "Somebody closed the window.",
    "The lamp was red.",
    "The rain fell on the roof.",
    "A dog slept under the table.",
    "The bartender cleaned a tall glass.",
    "It was warm near the fire.",
    "The radio played a quiet song.",
    "There was music from the old radio.",
    "A cat looked out of the window.",
    "Nobody at the long table said a word.",
    "A train went by on the other side.",
)
ENDING = f"The bartender said 'Certainly {BLANK}'"
NEAREST = 4  # "... she said. The bartender said certainly": no story has its cue nearer
_SHORTEST = min(len(tokens(filler)) for filler in FILLERS)


def kind_of(person: str) -> str:
    """ "female", "male" or "neutral" for a person's word; ValueError names the words there are."""
    for kind, persons in PERSONS.items():
        if person in persons:
            return kind
    known = ", ".join(word for persons in PERSONS.values() for word in persons)
    raise ValueError(f"No story about {person!r}. There are: {known}.")


def story(
    rng: np.random.Generator,
    person: str,
    kind: str | None = None,
    fillers: int = 0,
    distance: int | None = None,
) -> str:
    """One story, drawn with `rng`, that ends in the blank "{ }".

    kind : "female", "male" or "neutral" chooses the pronouns; by default the person's own.
    fillers : so many sentences about something else before the bartender speaks.
    distance : or as many of them as put exactly this number of words (4 or more) between the last
        word for the person and the blank.
    """
    kind = kind or kind_of(person)
    if distance is None:
        told = _beginning(rng, person, kind)
        between = [_pick(rng, FILLERS) for _ in range(fillers)]
    else:
        told, between = _to_distance(rng, person, kind, distance)
    return " ".join([told, *between, ENDING])


def vocabulary() -> tuple[str, ...]:
    """Every word of every story and every address, in alphabetical order."""
    sentences = (*OPENINGS, *ENTRANCES, *REQUESTS, *FILLERS, *ADDRESSES, ENDING, FAMOUS)
    fixed = (re.sub(r"{.*?}", " ", sentence) for sentence in sentences)
    drawn = (*PERSON_WORDS, *PLACES, *ADJECTIVES, *DRINKS, "a", "an", "the")
    return tuple(sorted({*drawn, *(word for sentence in fixed for word in tokens(sentence))}))


def distance(words: list[str]) -> int:
    """Words between the last word for the person and the end of `words` (where the blank is)."""
    places = [i for i, word in enumerate(words) if word in PERSON_WORDS]
    if not places:
        raise ValueError("No word of this story stands for a person.")
    return len(words) - 1 - places[-1]


def _beginning(rng: np.random.Generator, person: str, kind: str) -> str:
    """Opening, entrance and request, up to the full stop."""
    noun = f"{_pick(rng, ADJECTIVES)} {person}" if rng.random() < 0.3 else person
    article = "the" if rng.random() < 0.3 else "an" if noun[0] in "aeiou" else "a"
    drink = _pick(rng, DRINKS)
    words = {
        "A": article.capitalize(),
        "a": article,
        "noun": noun,
        "person": person,
        "place": f"{_pick(rng, ('a', 'the'))} {_pick(rng, PLACES)}",
        "she": PRONOUNS[kind],
        "plain": drink,
        "drink": f"a {drink}",
    }
    opening = _pick(rng, OPENINGS) + " " if rng.random() < 0.25 else ""
    return opening + (_pick(rng, ENTRANCES) + _pick(rng, REQUESTS)).format(**words)


def _to_distance(rng, person: str, kind: str, wanted: int) -> tuple[str, list[str]]:
    """A beginning and the fillers that make up the distance."""
    if wanted < NEAREST:
        raise ValueError(f"The nearest stories have a distance of {NEAREST} words, not {wanted}.")
    while True:
        told = _beginning(rng, person, kind)
        rest = wanted - distance(tokens(told + " " + ENDING.removesuffix(f"{BLANK}'")))
        if rest == 0 or rest >= _SHORTEST:
            break
    fillers = []
    while rest:
        left = [rest - len(tokens(filler)) for filler in FILLERS]
        fitting = [f for f, n in zip(FILLERS, left, strict=True) if n == 0 or n >= _SHORTEST]
        fillers.append(_pick(rng, fitting))
        rest -= len(tokens(fillers[-1]))
    return told, fillers


def _pick(rng: np.random.Generator, options):
    return options[rng.integers(len(options))]
