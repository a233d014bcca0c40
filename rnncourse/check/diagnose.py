"""From what an answer did on the probes to the one message that helps most.

In this order: not written yet; stopped, or an exception; the values equal a misconception;
arguments changed in place; a leftover variable; something that is no value at all; the
detectors; the wrong kind or shape; and last the smallest failing call with both values.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from .compare import Group, Leaf, Other, align, equal
from .detectors import detect
from .exercise import Judgement
from .facts import Facts, with_other_globals
from .headline import axis_word, first_difference, headline_for
from .message import Message
from .obstacles import not_callable, not_written, raised_message, stopped
from .run import Outcome, Outcomes
from .show import beside, kind_of

if TYPE_CHECKING:
    from .coding import Code


def diagnose(exercise: Code, answer: Any) -> Judgement:
    """The judgement on a learner's function or class."""
    if answer is None or answer is Ellipsis:
        return Judgement(False, not_written(exercise))
    if not callable(answer):
        return Judgement(False, not_callable(exercise, answer))
    outcomes, facts = exercise.run(answer)
    message, misconception = _Diagnosis(exercise, answer, outcomes, facts).message()
    return Judgement(message.tone == "right", message, misconception, outcomes.printed)


class _Diagnosis:
    def __init__(self, exercise: Code, answer: Any, outcomes: Outcomes, facts: Facts):
        self.exercise = exercise
        self.answer = answer
        self.outcomes = outcomes
        self.facts = facts
        self.calls = exercise.calls
        self.expected = exercise.expected
        self.got = outcomes.calls

    def message(self) -> tuple[Message, str | None]:
        """The message, and the misconception's name where one was recognised."""
        if self.outcomes.stopped:
            return stopped(self.exercise, self.outcomes.stopped, len(self.got)), None
        self.failing = [i for i in range(len(self.calls)) if not self._agrees(i)]
        if not self.failing:
            return self._passing(), None
        blank = self._blank()
        if blank:
            return blank, None
        match = self._misconception()
        if match and not all(outcome.raised for outcome in self.got):
            return self._differs(match.hint), match.name
        for find in (self._raised, self._changed, self._leftover, self._no_value):
            message = find()
            if message:
                return message, None
        hint = detect(
            [
                (e.value, align(g.value, e.value))
                for g, e in zip(self.got, self.expected, strict=True)
            ],
            axis=self._axis(self._smallest()),
            tolerance=self.exercise.tolerance,
        )
        return self._differs(hint or self._kind()), None

    def _agrees(self, i: int) -> bool:
        return self.exercise.agrees(self.got[i], self.expected[i])

    def _smallest(self, among: list[int] | None = None) -> int:
        """The probe with the smallest input, the earliest of equals."""
        return min(
            self.failing if among is None else among, key=lambda i: (_size(self.calls[i]), i)
        )

    def _axis(self, i: int) -> str:
        return self.exercise.axis or axis_word(self.calls[i], self.expected[i].value)

    def _blank(self) -> Message | None:
        if self.facts.empty or any(o.raised and o.raised.blank for o in self.got):
            return not_written(self.exercise)
        if not all(outcome.value is not None and _nothing(outcome.value) for outcome in self.got):
            return None
        if self.outcomes.printed:
            return self.exercise.no(
                "Not yet: it prints, and returns nothing.",
                "`print` shows a value; `return` hands it back.",
            )
        return self.exercise.no(
            "Not yet: it computes, and returns nothing.",
            "What it found is lost when it ends. Its last line is `return` and the result.",
        )

    def _passing(self) -> Message:
        changed = self._changed(right=True)
        if changed:
            return changed
        names = tuple(n for n in self.facts.reads if n not in self.exercise.reads)
        if names and type(self.answer) is FunctionType:
            names = tuple(n for n in names if self._depends_on(n))
            if names:
                return self._reads(
                    names, "Not yet: right here, but only as long as another cell has run."
                )
        return self.exercise.right()

    def _depends_on(self, name: str) -> bool:
        other = with_other_globals(self.answer, (name,))
        if other is None:
            return False
        again, _ = self.exercise.run(self.answer, again=other)
        return again.stopped is not None or not all(
            self.exercise.agrees(g, e) for g, e in zip(again.calls, self.expected, strict=True)
        )

    def _reads(self, names: tuple[str, ...], headline: str, **parts: Any) -> Message:
        listed = " and ".join(f"`{name}`" for name in names)
        which = "which is neither an argument nor made inside the function"
        if len(names) > 1:
            which = "which are neither arguments nor made inside the function"
        return self.exercise.no(
            headline,
            f"It reads {listed} from another cell of the notebook, {which}. "
            "After a restart, or for another input, that value is not there or not the right one.",
            **parts,
        )

    def _leftover(self) -> Message | None:
        names = tuple(n for n in self.facts.reads if n not in self.exercise.reads)
        if not names:
            return None
        i = self._smallest()
        head, table = self._comparison(i)
        return self._reads(names, head, call=self.exercise.call_with(self.calls[i]), table=table)

    def _misconception(self):
        for mistake, outcomes in self.exercise.wrong_outcomes:
            pairs = zip(self.got, outcomes, self.expected, strict=True)
            if all(_same(g, w, e, self.exercise.tolerance) for g, w, e in pairs):
                return mistake
        return None

    def _raised(self) -> Message | None:
        raising = [i for i, outcome in enumerate(self.got) if outcome.raised]
        if not raising:
            return None
        i = self._smallest(raising)
        if self.facts.kind == "function" and issubclass(type(self.exercise.reference), type):
            head = "Not yet: this is a function, and a class is asked for."
            return self.exercise.no(
                head, f"It begins with `class {self.exercise.reference.__name__}:`."
            )
        return raised_message(self.exercise, self.got[i].raised, self.facts, self.calls[i])

    def _changed(self, right: bool = False) -> Message | None:
        for i, (mine, theirs) in enumerate(zip(self.got, self.expected, strict=True)):
            changed = [k for k in mine.changed if k not in theirs.changed]
            if changed:
                names = self.exercise.names
                name = (
                    names[changed[0]] if changed[0] < len(names) else f"argument {changed[0] + 1}"
                )
                head = "Not yet: the result is right, but an argument was changed." if right else ""
                return self.exercise.no(
                    head or "Not yet: an argument was changed in place.",
                    f"After the call `{name}` no longer holds what it held before, so the caller's "
                    f"own array has changed. Work on a copy: `{name} = {name}.copy()`.",
                    call=self.exercise.call_with(self.calls[i]),
                )
        return None

    def _no_value(self) -> Message | None:
        strange = [
            i
            for i in self.failing
            if isinstance(self.got[i].value, Other)
            and not isinstance(self.expected[i].value, Other)
        ]
        if not strange:
            return None
        i = self._smallest(strange)
        what = self.got[i].value.what
        headline = f"Not yet: it gave {what}, expected {kind_of(self.expected[i].value)}."
        advice = {
            "a coroutine": "`async def` makes a coroutine, which does not run by itself. "
            "Write `def`.",
            "a generator": "`yield` makes a generator. Collect the values in a list or array "
            "and `return` it.",
            "a function": "A function came back where a value is expected. "
            "Is a pair of brackets () missing?",
            "None": "On this call nothing is returned. "
            "Does every way through the function end with `return`?",
            "...": "The dots are still there on one way through the function.",
        }.get(what, "")
        if self.facts.kind == "class" and not issubclass(type(self.exercise.reference), type):
            advice = "This is a class, and a function is asked for: write `def` instead of `class`."
        return self.exercise.no(headline, advice, call=self.exercise.call_with(self.calls[i]))

    def _kind(self) -> str:
        """A sentence on a value of the wrong kind, where that is what is wrong."""
        i = self._smallest()
        got, expected = self.got[i].value, self.expected[i].value
        if not isinstance(got, Leaf) or not isinstance(expected, Leaf) or got.kind == expected.kind:
            return ""
        return (
            {
                "text": "This is text. A number in quotes is not a number.",
                "complex": "These are complex numbers; real ones are expected.",
                "bool": "These are truth values (True, False), as a comparison gives. "
                "Numbers are expected.",
                "number": "These are numbers; truth values (True, False) are expected.",
            }[got.kind]
            if expected.kind != "text"
            else "Text is expected here."
        )

    def _comparison(self, i: int):
        expected = self.expected[i].value
        got = align(self.got[i].value, expected)
        axis = self._axis(i)
        headline = headline_for(got, expected, axis, self.exercise.tolerance)
        got, expected = first_difference(got, expected, self.exercise.tolerance)
        return headline, beside(got, expected, axis, self.exercise.tolerance)

    def _differs(self, hint: str) -> Message:
        comparable = [i for i in self.failing if not self.got[i].raised]
        i = self._smallest(comparable or None)
        call = self.exercise.call_with(self.calls[i])
        if self.got[i].raised:
            raised = self.got[i].raised
            return self.exercise.no(f"Not yet: it raised {raised.name}.", hint, call=call)
        headline, table = self._comparison(i)
        return self.exercise.no(headline, hint, call=call, table=table)


def _nothing(value) -> bool:
    """Whether a value is None or dots throughout."""
    if isinstance(value, Group):
        return bool(value.items) and all(map(_nothing, value.items))
    return value in (Other("None"), Other("...")) if isinstance(value, Other) else False


def _same(got: Outcome, wrong: Outcome, expected: Outcome, tolerance) -> bool:
    if got.raised or wrong.raised:
        return bool(got.raised and wrong.raised and got.raised.name == wrong.raised.name)
    a, b = align(got.value, expected.value), align(wrong.value, expected.value)
    return equal(a, b, tolerance) or equal(align(got.value, wrong.value), wrong.value, tolerance)


def _size(args: tuple) -> int:
    total = 0
    for value in args:
        if isinstance(value, (list, tuple, dict, str)):
            total += (
                len(value)
                if isinstance(value, (dict, str))
                else max(len(value), _size(tuple(value)))
            )
        else:
            total += int(np.size(value)) if isinstance(value, (np.ndarray, float, int)) else 1
    return total
