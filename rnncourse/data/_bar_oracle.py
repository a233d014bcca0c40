"""Which addresses agree with a bar story: read by rule, not by a network."""

import re
from collections.abc import Sequence
from functools import cache

from rnncourse.data import _bar_words as texts
from rnncourse.data._bar_people import KIND_OF, PRONOUN_KIND, SAYS
from rnncourse.data._stories import AGREES, NEUTRAL
from rnncourse.words.tokens import tokens

_ADJECTIVES = "|".join(texts.ADJECTIVES)
_PERSONS = "|".join(sorted(map(str.lower, KIND_OF), key=len, reverse=True))
_PERSON = rf"(?:(?:a|an|the) )?(?:(?:{_ADJECTIVES}) )?(?:{_PERSONS})"
_PRONOUN = "|".join((*PRONOUN_KIND, *texts.PRONOUNS[NEUTRAL].values()))


def agrees(story: str | Sequence[str]) -> tuple[str, ...]:
    """The addresses that agree with who is answered at the end of a story, or of its words so far.

    The rule: who left before somebody came in does not count, nor does anybody who sleeps, plays,
    reads or sings beside the story (the sentences of the grammar's bystanders). Of all other words
    for persons the newest that says "female" or "male" decides; where none does, all four agree.
    A story is read up to its blank.
    """
    if isinstance(story, str):
        story = tokens(re.split(r"\{|___", story)[0])
    said = " ".join(story)
    said = _any_of((*texts.BYSTANDERS, *texts.HELD_OUT_BYSTANDERS)).sub(" ", said)
    left = list(_any_of((*texts.LEAVINGS, *texts.HELD_OUT_LEAVINGS)).finditer(said))
    if left and re.search(rf"\b(?:{_PERSON}|{_PRONOUN})\b", said[left[-1].end() :]):
        said = said[left[-1].end() :]
    kinds = [SAYS[word] for word in said.split() if word in SAYS]
    return AGREES[kinds[-1] if kinds else NEUTRAL]


@cache
def _any_of(templates: tuple[str, ...]) -> re.Pattern:
    """A pattern that finds any of these sentences, whoever they tell of."""
    slots = {"np": "np", "the": "np", "she": "she", "her": "she", "hers": "she"}
    forms = []
    for template in sorted(templates, key=len, reverse=True):
        words = " ".join(tokens(template.format(**slots)))
        words = re.sub(r"\bnp\b", f"(?:{_PERSON})", words)
        forms.append(re.sub(r"\bshe\b", f"(?:{_PRONOUN})", words))
    return re.compile(rf"\b(?:{'|'.join(forms)})\b")
