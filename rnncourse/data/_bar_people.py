"""Who is in a bar story: the words for a person, and what these words say."""

from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from rnncourse.data import _bar_words as texts
from rnncourse.data._stories import FEMALE, MALE, NEUTRAL

KINDS = (FEMALE, MALE)
OTHER = MappingProxyType({FEMALE: MALE, MALE: FEMALE, NEUTRAL: NEUTRAL})
CUES = ("noun", "pronoun", "both", "none")
NOUN_SLOTS, PRONOUN_SLOTS = ("np", "the"), ("she", "her", "hers")


def _pool(words: dict[str, str]) -> dict[str, tuple[str, ...]]:
    return {kind: tuple(words.get(kind, "").split()) for kind in (FEMALE, MALE, NEUTRAL)}


NOUNS, NAMES = _pool(texts.NOUNS), _pool(texts.NAMES)
HELD_OUT_NOUNS, HELD_OUT_NAMES = _pool(texts.HELD_OUT_NOUNS), _pool(texts.HELD_OUT_NAMES)
_POOLS = (NOUNS, NAMES, HELD_OUT_NOUNS, HELD_OUT_NAMES)
IS_NAME = frozenset(
    name for pool in (NAMES, HELD_OUT_NAMES) for names in pool.values() for name in names
)
KIND_OF = {word: kind for pool in _POOLS for kind, some in pool.items() for word in some}
_PARTNER = {
    word: partner
    for pool in _POOLS
    for kind in KINDS
    for word, partner in zip(pool[kind], pool[OTHER[kind]], strict=True)
}
PRONOUN_KIND = {
    word: kind for kind in KINDS for word in texts.PRONOUNS[kind].values()
}  # she, her, he, him, his
SAYS = {
    **{word.lower(): kind for word, kind in KIND_OF.items() if kind != NEUTRAL},
    **PRONOUN_KIND,
}  # every word that is a cue, lower case: its kind
NAME_SHARE = 0.2


@dataclass(frozen=True)
class Who:
    """A person of a story.

    word : a noun or a name. nouns, pronouns : "female", "male" or "neutral", what the noun and
    the pronouns say: "doctor" with "she" has neutral nouns and female pronouns; "girl" with
    neutral pronouns is told of without any.
    """

    word: str
    nouns: str
    pronouns: str

    @property
    def kind(self) -> str:
        """What all the words together say."""
        return self.nouns if self.nouns != NEUTRAL else self.pronouns

    @property
    def cue(self) -> str:
        """Which words say it, one of `CUES`."""
        if self.nouns == NEUTRAL:
            return "none" if self.pronouns == NEUTRAL else "pronoun"
        return "noun" if self.pronouns == NEUTRAL else "both"

    @property
    def partner(self) -> "Who":
        """The same person with the other gender's words; without a cue the same person."""
        return Who(_PARTNER.get(self.word, self.word), OTHER[self.nouns], OTHER[self.pronouns])

    @property
    def opposite(self) -> "Who":
        """The same noun with the other pronouns."""
        return replace(self, pronouns=OTHER[self.pronouns])

    @property
    def telling(self) -> tuple[str, ...]:
        """The slots of a template whose words are cues; every slot where there is no cue."""
        nouns = NOUN_SLOTS if self.nouns != NEUTRAL else ()
        pronouns = PRONOUN_SLOTS if self.pronouns != NEUTRAL else ()
        return (*nouns, *pronouns) or (*NOUN_SLOTS, *PRONOUN_SLOTS)

    def words(self, adjective: str, definite: bool) -> dict[str, str]:
        """What stands in the slots of a template."""
        slots = dict(texts.PRONOUNS[self.pronouns])
        if self.word in IS_NAME:
            return {**slots, "np": self.word, "the": self.word}
        noun = f"{adjective} {self.word}" if adjective else self.word
        article = "the" if definite else "an" if noun[0] in "aeiou" else "a"
        return {**slots, "np": f"{article} {noun}", "the": f"the {self.word}"}


def draw_person(
    rng: np.random.Generator,
    person: str | None = None,
    kind: str | None = None,
    cue: str | None = None,
    held_out: bool = False,
) -> Who:
    """A person as wished; what is left out is drawn. ValueError where the wishes do not fit."""
    own = None
    if person is not None:
        if person not in KIND_OF:
            raise ValueError(f"No story about {person!r}. There are: {', '.join(KIND_OF)}.")
        own = KIND_OF[person]
    if kind not in (None, FEMALE, MALE, NEUTRAL) or cue not in (None, *CUES):
        raise ValueError(
            f"kind is female, male or neutral, cue is {', '.join(CUES)}; not {kind!r} and {cue!r}."
        )
    if cue is None:
        if kind == NEUTRAL:
            cue = "none"
        elif own == NEUTRAL:
            cue = "pronoun" if kind else pick(rng, ("pronoun", "none"))
        else:
            cue = pick(rng, ("noun", "both") if own or held_out else ("noun", "both", "pronoun"))
    if own is not None and (own == NEUTRAL) != (cue in ("pronoun", "none")):
        raise ValueError(f"{person!r} is {own}: that does not go with cue {cue!r}.")
    if (cue == "none") != (kind == NEUTRAL) and kind is not None:
        raise ValueError(f"kind {kind!r} does not go with cue {cue!r}.")
    if own not in (None, NEUTRAL):
        if kind not in (None, own):
            raise ValueError(f"{person!r} is {own}, not {kind}.")
        kind = own
    if kind is None:
        kind = NEUTRAL if cue == "none" else pick(rng, KINDS)
    nouns = NEUTRAL if cue in ("pronoun", "none") else kind
    pronouns = NEUTRAL if cue in ("noun", "none") else kind
    if person is None:
        names, all_nouns = (HELD_OUT_NAMES, HELD_OUT_NOUNS) if held_out else (NAMES, NOUNS)
        if nouns == NEUTRAL:
            names, all_nouns = NAMES, NOUNS
        person = pick(rng, (names if rng.random() < NAME_SHARE else all_nouns)[nouns])
    return Who(person, nouns, pronouns)


def pick(rng: np.random.Generator, options):
    """One of the options, each as likely."""
    return options[int(rng.random() * len(options))]
