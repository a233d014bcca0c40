"""Messages for answers that never came to a value: not written, not callable, stopped, raised."""

from __future__ import annotations

import linecache
import re
from typing import TYPE_CHECKING, Any

from .facts import Facts
from .message import Message
from .run import Raised

if TYPE_CHECKING:
    from .coding import Code


NO_SELF = re.compile(r"takes \d+ positional arguments? but \d+ (was|were) given")


def not_written(exercise: Code, why: str = "") -> Message:
    """Nothing is there yet to be checked."""
    return exercise.no(
        "Not implemented yet.",
        why or f"Write {exercise.id}, run its cell, then run the check again.",
    )


def not_callable(exercise: Code, answer: Any) -> Message:
    """A value came where the function or class itself is needed."""
    what, own = "function", exercise.id
    if issubclass(type(exercise.reference), type):
        what, own = "class", exercise.reference.__name__
    name = type.__dict__["__name__"].__get__(type(answer))
    return exercise.no(
        f"Not yet: the check needs the {what} itself, and got a value of type {name}.",
        f"Give it without brackets and arguments: `check.{exercise.id}({own})`.",
    )


def stopped(exercise: Code, reason: str, i: int) -> Message:
    """It was stopped during call number `i`."""
    i = min(i, len(exercise.calls) - 1)
    call = exercise.call_with(exercise.calls[i])
    if reason == "memory":
        return exercise.no(
            "Not yet: it was stopped because it took too much memory.",
            "Something grows without end, or an array is far larger than its input.",
            call=call,
        )
    if reason == "died":
        return exercise.no(
            "Not yet: the process that ran it ended.",
            "It used up its memory, or left Python on purpose.",
            call=call,
        )
    return exercise.no(
        "Not yet: it did not finish, and was stopped after 2 seconds.",
        "Is there a loop that never ends? Which line brings it nearer to its end?",
        call=call,
    )


def raised_message(exercise: Code, raised: Raised, facts: Facts, args: tuple) -> Message:
    """An exception in the learner\'s code, with their line."""
    call = exercise.call_with(args)
    if raised.name == "RecursionError":
        return exercise.no(
            "Not yet: it calls itself without end.",
            _where(raised),
            "Every recursion needs a case that does not call itself. Which input should end it?",
            call=call,
        )
    if raised.name == "MemoryError" or raised.name.endswith("ArrayMemoryError"):
        return exercise.no(
            "Not yet: it asked for more memory than there is.",
            _where(raised),
            "Is an array far larger than its input?",
            call=call,
        )
    if (
        raised.name == "TypeError"
        and not raised.line
        and exercise.drive is None
        and facts.parameters
    ):
        count = len(args)
        if not facts.least <= count <= facts.most or "required keyword-only" in raised.text:
            names = ", ".join(exercise.names[:count])
            return exercise.no(
                f"Not yet: it is called with {count} argument{'s' * (count != 1)} ({names}).",
                f"Yours is `{facts.parameters}`. It should take these {count}, in this order; "
                "more are welcome where they have a default.",
                call=call,
            )
    text = f": {raised.text}" if raised.text else ""
    if facts.kind == "class" and NO_SELF.search(raised.text):
        head = "Not yet: a method is called with one argument more than it takes."
        advice = "Every method takes `self` first: `def reset(self):`. Is it there in all of them?"
        return exercise.no(head, advice, call=call)
    if exercise.drive is not None and not raised.line:
        return exercise.no(
            f"Not yet: what it gives cannot be used here{_stop(text)}",
            f"Your code ran, and then {raised.name} came up where the check used it in this way.",
            call=call,
        )
    missing = (
        f"`{raised.missing}` is neither an argument nor made inside the function."
        if raised.missing
        else ""
    )
    return exercise.no(
        f"Not yet: it stopped with {raised.name}{_stop(text)}", _where(raised), missing, call=call
    )


def _stop(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _where(raised: Raised) -> str:
    line = linecache.getline(raised.file, raised.line).strip() if raised.line else ""
    line = line if len(line) <= 90 else line[:90] + " …"
    return f"In your line {raised.line}: `{line}`" if line else ""
