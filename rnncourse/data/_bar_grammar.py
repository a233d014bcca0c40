"""How a bar story is told: which sentences, in which order, and how far the answer is."""

from dataclasses import dataclass, field, replace

import numpy as np

from rnncourse.data import _bar_measures as measures
from rnncourse.data import _bar_words as texts
from rnncourse.data._bar_people import (
    IS_NAME,
    KINDS,
    OTHER,
    draw_person,
    pick,
)
from rnncourse.data._stories import AGREES, BLANK, FEMALE, MALE, NEUTRAL
from rnncourse.words.tokens import tokens

CHANGES = (None, "leaves", "contradiction")
KNOWN, HELD_OUT = "known", "held out"
SPEAKER, BEFORE, BYSTANDER = range(3)
_MARK = "\x01"  # stands before a word while its place is being looked for
_LONGEST = 1_000
_TEMPLATES = {
    KNOWN: {
        "entrance": texts.ENTRANCES,
        "request": texts.REQUESTS,
        "plain request": texts.PLAIN_REQUESTS,
        "continuation": texts.CONTINUATIONS,
        "correction": texts.CORRECTIONS,
        "leaving": texts.LEAVINGS,
        "bystander": texts.BYSTANDERS,
        "filler": texts.FILLERS,
        "ending": texts.ENDINGS,
        "near ending": texts.NEAR_ENDINGS,
    },
    HELD_OUT: {
        "entrance": texts.HELD_OUT_ENTRANCES,
        "request": texts.HELD_OUT_REQUESTS,
        "plain request": texts.HELD_OUT_PLAIN_REQUESTS,
        "continuation": texts.HELD_OUT_CONTINUATIONS,
        "correction": texts.HELD_OUT_CORRECTIONS,
        "leaving": texts.HELD_OUT_LEAVINGS,
        "bystander": texts.HELD_OUT_BYSTANDERS,
        "filler": texts.HELD_OUT_FILLERS,
        "ending": texts.HELD_OUT_ENDINGS,
        "near ending": texts.HELD_OUT_NEAR_ENDINGS,
    },
}


@dataclass(frozen=True)
class _Part:
    """One template of a story, with everything drawn for it; `whom` it tells of."""

    template: str
    whom: int = SPEAKER
    definite: bool = False
    adjective: str = ""
    place: str = ""
    drink: str = ""


@dataclass(frozen=True, eq=False)
class Story:
    """A bar story that ends in a blank.

    text : as it is read, with "{ }". words : the words before the blank, (T,), lower case.
    person : the word for who is answered. kind : "female", "male" or "neutral", what the words
    for this person say. cue : which words say it, "noun", "pronoun", "both" or "none". cues : their
    places in `words`. distance : the words between the last cue (without a cue: the last word for
    the person) and the blank. change, before : how another person went, "leaves" or
    "contradiction", and what that one's words said; or None. bystander : what the words for
    somebody else in the room say, or None. answer : the address to learn, or None.
    """

    text: str
    words: tuple[str, ...]
    person: str
    kind: str
    cue: str
    cues: tuple[int, ...]
    distance: int
    change: str | None = None
    before: str | None = None
    bystander: str | None = None
    answer: str | None = None
    _told: tuple = field(default=(), repr=False)

    @property
    def agrees(self) -> tuple[str, ...]:
        """The addresses that agree with the words for the person; all four without a cue."""
        return AGREES[self.kind]

    @property
    def blank(self) -> int:
        """The place of the blank: the number of words before it."""
        return len(self.words)

    def swapped(self) -> "Story":
        """The same story with the person's words exchanged: "girl" and "boy", "she" and "he".

        Who is contradicted is exchanged too; bystanders, and who left before, stay as they are.
        """
        parts, people = self._told
        people = list(people)
        people[SPEAKER] = people[SPEAKER].partner
        if self.change == "contradiction":
            people[BEFORE] = people[BEFORE].partner
        answer = self.answer and _other_address(self.answer)
        return _tell(parts, tuple(people), self.change, answer)

    def answered(self, address: str) -> "Story":
        """The same story with an address to learn."""
        return replace(self, answer=address)


def story(
    seed: int | np.random.Generator = 0,
    person: str | None = None,
    kind: str | None = None,
    cue: str | None = None,
    distance: int | None = None,
    bystander: str | bool | None = None,
    change: str | None = None,
    template: str = KNOWN,
    people: str = KNOWN,
) -> Story:
    """One story; what is left out is drawn. The same seed tells the same story.

    Parameters
    ----------
    seed : a number, or a generator, which moves on.
    person : a noun or a name. kind : "female", "male" or "neutral", what the words shall say.
    cue : "noun" (the noun alone says it), "pronoun" (a neutral noun, with "she" or "he"), "both",
        or "none".
    distance : words between the last cue and the blank, 1 or more.
    bystander : "female", "male", or True for either: somebody in the room who asks for nothing.
    change : "leaves" (another person was there before, and left) or "contradiction" (the story
        tells of the other gender first; the newest words count).
    template, people : "known", or "held out": sentences and persons that no training story has.

    Raises ``ValueError``, in a sentence, where the wishes do not go together.
    """
    rng = seed if isinstance(seed, np.random.Generator) else np.random.default_rng(seed)
    _among("template", template, (KNOWN, HELD_OUT))
    _among("people", people, (KNOWN, HELD_OUT))
    _among("change", change, CHANGES)
    _among("bystander", bystander, (None, True, False, *KINDS))
    if distance is not None and not 1 <= distance <= _LONGEST:
        raise ValueError(f"distance is a number of words, 1 to {_LONGEST:,}, not {distance}.")
    others = people == HELD_OUT
    speaker = draw_person(rng, person, kind, cue, others)
    if change == "contradiction" and speaker.cue == "none":
        raise ValueError("Without a cue there is nothing that could be contradicted.")

    kinds, parts, who = _TEMPLATES[template], [], [speaker, None, None]
    if rng.random() < 0.25:
        parts.append(_Part(pick(rng, texts.OPENINGS)))
    if change == "leaves":
        who[BEFORE] = draw_person(rng, None, pick(rng, KINDS), pick(rng, ("noun", "both")), others)
        asks = "request" if who[BEFORE].cue == "both" else "plain request"
        parts += [_draw(rng, kinds[part], who, BEFORE) for part in ("entrance", asks, "leaving")]
    elif change == "contradiction":
        who[BEFORE] = (
            speaker.opposite
            if speaker.cue == "pronoun"
            else draw_person(rng, None, OTHER[speaker.kind], speaker.cue, others)
        )
    aside = None
    if bystander:
        of = pick(rng, KINDS) if bystander is True else bystander
        who[BYSTANDER] = draw_person(rng, None, of, "noun", others)
        aside = _draw(rng, kinds["bystander"], who, BYSTANDER)
        if rng.random() < 0.3 or (distance is not None and distance < 20):  # was there already
            parts.append(aside)
            aside = None
    for _ in range(2_000):
        core = _draw_core(rng, kinds, who, change, distance)
        between = _draw_between(rng, kinds["filler"], who, core, distance, aside)
        if between is not None:
            return _tell((*parts, *core[:-1], *between, core[-1]), tuple(who), change)
    raise ValueError(f"No such story has {distance} words between the cue and the blank.")


def every_sentence() -> tuple[str, ...]:
    """Every template there is, openings included."""
    some = (t for kinds in _TEMPLATES.values() for group in kinds.values() for t in group)
    return (*texts.OPENINGS, *some)


def _draw_core(rng, kinds, who, change, distance) -> list[_Part]:
    """Everything that tells of the person, from the entrance to the bartender's sentence."""
    first = BEFORE if change == "contradiction" else SPEAKER
    cue = who[SPEAKER].cue
    asks = cue in ("both", "pronoun") or (cue == "none" and rng.random() < 0.5)
    core = [
        _draw(rng, kinds["entrance"], who, first),
        _draw(rng, kinds["request" if asks else "plain request"], who, first),
    ]
    if change == "contradiction":
        core += [_Part(pick(rng, kinds["filler"])) for _ in range(int(rng.random() * 3))]
        turns = kinds["continuation"]
        if cue != "pronoun" and rng.random() < 0.5:
            turns = kinds["correction"]
        core.append(_draw(rng, turns, who, SPEAKER, must_tell=True))
    elif rng.random() < 0.25:
        core += [_Part(pick(rng, kinds["filler"])) for _ in range(int(rng.random() * 2))]
        core.append(_draw(rng, kinds["continuation"], who, SPEAKER))
    near = 0.05 if distance is None or distance > 8 else 0.5 if distance <= 3 else 0.2
    ending = "near ending" if rng.random() < near else "ending"
    return [*core, _draw(rng, kinds[ending], who, SPEAKER)]


def _draw_between(rng, fillers, who, core, distance, aside) -> list[_Part] | None:
    """Sentences about something else before the ending; None if the distance cannot be met."""
    slots, name = who[SPEAKER].telling, who[SPEAKER].word in IS_NAME
    near = measures.tail(core[-1].template, slots, name)
    between = [] if aside is None else [aside]
    if distance is None or near is not None:
        if near not in (None, distance) and distance is not None:
            return None
        between += [_Part(pick(rng, fillers)) for _ in range(int(rng.random() * 4))]
        return [between[i] for i in rng.permutation(len(between))]
    rest = distance
    for part in reversed(core):
        tail = measures.tail(part.template, slots, name) if part.whom == SPEAKER else None
        rest -= measures.length(part.template, name) if tail is None else tail
        if tail is not None:
            break
    if aside is not None:
        rest -= len(tokens(_say(aside, who)))
    while rest > 0:
        fitting = measures.fitting(fillers, rest)
        if not fitting:
            return None
        between.append(_Part(pick(rng, fitting)))
        rest -= measures.length(between[-1].template)
    return [between[i] for i in rng.permutation(len(between))] if rest == 0 else None


def _draw(rng, templates, who, whom, must_tell=False) -> _Part:
    """One of the templates that this person's words can fill, with all that it needs."""
    person = who[whom]
    slots = person.telling if must_tell else None
    return _Part(
        pick(rng, measures.fillable(templates, person.cue == "noun", slots)),
        whom,
        rng.random() < 0.25,
        pick(rng, texts.ADJECTIVES) if rng.random() < 0.3 else "",
        f"{pick(rng, ('a', 'the'))} {pick(rng, texts.PLACES)}",
        f"a {pick(rng, texts.DRINKS)}",
    )


def _say(part: _Part, who, mark: str = "") -> str:
    """A template with its words; `mark` before those that tell what the person's kind is."""
    if part.template.count("{") == 0:
        return part.template
    person = who[part.whom]
    slots = person.words(part.adjective, part.definite)
    if mark:
        for slot in person.telling:
            head, space, last = slots[slot].rpartition(" ")
            slots[slot] = f"{head}{space}{mark}{last}"
    return part.template.format(place=part.place, drink=part.drink, blank=BLANK, **slots)


def _tell(parts, who, change=None, answer=None) -> Story:
    """The story of these parts, with the places of its cues."""
    said = ""
    for part in parts:
        sentence = _say(part, who, _MARK if part.whom == SPEAKER else "")
        glued = sentence.startswith((",", ".", " "))  # a request goes on from the entrance
        said += sentence if glued or not said else " " + sentence
    before_marks = said.split("{")[0].split(_MARK)
    counts = [len(tokens(piece)) for piece in before_marks]
    mentions = tuple(int(n) for n in np.cumsum(counts)[:-1])
    words = tuple(tokens(said.split("{")[0].replace(_MARK, "")))
    speaker = who[SPEAKER]
    return Story(
        text=_with_capitals(said.replace(_MARK, "")),
        words=words,
        person=speaker.word,
        kind=speaker.kind,
        cue=speaker.cue,
        cues=mentions if speaker.kind != NEUTRAL else (),
        distance=len(words) - 1 - mentions[-1],
        change=change,
        before=None if who[BEFORE] is None else who[BEFORE].kind,
        bystander=None if who[BYSTANDER] is None else who[BYSTANDER].kind,
        answer=answer,
        _told=(parts, who),
    )


def _with_capitals(said: str) -> str:
    """Capital letters at the beginnings of sentences, and in quotations."""
    letters, begin = list(said), True
    for i, letter in enumerate(letters):
        if begin and letter.isalpha():
            letters[i], begin = letter.upper(), False
        elif letter in ".?!" and (said[i + 1 : i + 2] in (" ", "")):
            begin = True
    return "".join(letters)


def _other_address(address: str) -> str:
    kind = FEMALE if address in AGREES[FEMALE] else MALE
    return AGREES[OTHER[kind]][AGREES[kind].index(address)]


def _among(name: str, value, options) -> None:
    if value not in options:
        raise ValueError(f"{name} is one of {', '.join(map(repr, options))}, not {value!r}.")
