"""How many words the templates of the bar stories have, and which of them fit a place."""

from functools import cache

from rnncourse.data._bar_people import PRONOUN_SLOTS
from rnncourse.words.tokens import tokens


@cache
def fillable(templates: tuple[str, ...], without_pronouns: bool, telling) -> tuple[str, ...]:
    """The templates without pronouns, if so wished, and with one of the slots `telling`, if any."""
    pronouns = [f"{{{slot}}}" for slot in PRONOUN_SLOTS]
    return tuple(
        t
        for t in templates
        if not (without_pronouns and any(slot in t for slot in pronouns))
        and (telling is None or tail(t, telling, False) is not None)
    )


@cache
def fitting(fillers: tuple[str, ...], rest: int) -> tuple[str, ...]:
    """The fillers after which the rest can still be filled exactly."""
    return tuple(f for f in fillers if _fills(fillers, rest - length(f)))


@cache
def _fills(fillers: tuple[str, ...], rest: int) -> bool:
    if rest > 30:
        return True  # any number of words above some ten is a sum of fillers' lengths
    return rest == 0 or (rest > 0 and any(_fills(fillers, rest - length(f)) for f in fillers))


@cache
def length(template: str, name: bool = False) -> int:
    """The words of a template, up to its blank; `name`: the person has a name, not a noun."""
    return len(tokens(_sized(template, name)))


@cache
def tail(template: str, slots: tuple[str, ...], name: bool) -> int | None:
    """The words after the last of these slots; None if the template has none of them."""
    places = [template.rfind(f"{{{slot}}}") for slot in slots]
    if max(places) < 0:
        return None
    return len(tokens(_sized(template[max(places) :].split("}", 1)[1], name)))


def _sized(template: str, name: bool) -> str:
    """As many words in place of the slots as will stand there; nothing from the blank on."""
    the = "x" if name else "x x"
    two = {"place": "x x", "drink": "x x", "np": the, "the": the}
    return template.split("{blank}")[0].format(she="x", her="x", hers="x", **two)
