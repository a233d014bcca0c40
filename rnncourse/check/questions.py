"""Exercises asked before the cell that would show the answer: a value, or one option of several.

A wrong answer is never shown the right one: that is what the next cell of the lesson is for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from string import ascii_lowercase
from typing import Any

import numpy as np

from . import guard
from .compare import Group, Leaf, Mapping, align, equal, normalise
from .declare import Mistake, Option
from .exercise import Exercise, Judgement
from .message import Message
from .show import argument, kind_of

CLOSE = (0.01, 0.005)  # relative, absolute
SAME_MISTAKE = (0.02, 0.002)  # a wide tolerance of the answer would fit several mistakes
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def plain_value(answer: Any) -> Any:
    """`answer` in comparable form; objects that misbehave are stopped or raise."""
    found = []
    stopped = guard.run(lambda: found.append(normalise(answer)))
    if stopped or not found:
        raise ValueError("the value could not be read")
    return found[0]


def blank(answer: Any) -> bool:
    """Whether nothing was answered yet."""
    return answer is None or answer is Ellipsis


@dataclass(eq=False, kw_only=True)
class Predict(Exercise):
    """A number or array to predict."""

    question: str = field(repr=False)
    answer: Any = field(repr=False)
    tolerance: tuple[float, float] | None = None
    kind = "predict"

    def value(self) -> Any:
        """The right value, computed where it is declared as a function."""
        return self.answer() if callable(self.answer) else self.answer

    def _judge(self, answer: Any) -> Judgement:
        if blank(answer):
            head = "Not answered yet."
            return Judgement(False, self.no(head, "Replace the dots with your prediction."))
        if callable(answer) and not hasattr(type(answer), "__array__"):
            head = "Not yet: this is a function, and a value is asked for."
            return Judgement(False, self.no(head, "Give the number itself, or call the function."))
        expected = normalise(self.value())
        if isinstance(expected, Leaf) and expected.kind == "text":
            answer, misfit = _letters_of(answer, str(expected.array))
            if misfit:
                return Judgement(False, self.no("Not yet: " + misfit))
        got = align(plain_value(answer), expected)
        tolerance = self.tolerance or self._usual(expected)
        if equal(got, expected, tolerance):
            return Judgement(True, self.right())
        near = (0.0, 0.0) if _counts(expected) else SAME_MISTAKE  # a count is that count
        for mistake in self.mistakes:
            value = mistake.answer() if callable(mistake.answer) else mistake.answer
            if equal(got, align(normalise(value), expected), near):
                headline = f"Not yet: {self._short(got)} is not what comes out."
                return Judgement(False, self.no(headline, mistake.hint), mistake.name)
        return Judgement(False, self._unexplained(got, expected, tolerance))

    def _unexplained(self, got, expected, tolerance) -> Message:
        if not isinstance(expected, Leaf):
            asked, given = kind_of(expected), self._short(got)
            if asked == given:
                return self.no("Not yet: the form is right, and something in it differs.")
            return self.no(f"Not yet: expected {asked}, got {given}.")
        if not isinstance(got, Leaf) or got.kind != expected.kind:
            return self._other_kind(got, expected)
        if got.array.shape != expected.array.shape:
            head = f"Not yet: {_amount(expected)} asked for, and this is {_amount(got, True)}."
            extra = "Leave the brackets [ ] out." if expected.array.ndim == 0 else ""
            return self.no(head, extra if got.array.size == 1 else "")
        if got.kind != "number":
            return self.no(f"Not yet: {self._short(got)} is not what comes out.")
        if not np.all(np.isfinite(got.array)):
            return self.no("Not yet: a prediction is a finite number, and nan or inf is none.")
        if expected.array.ndim == 0:
            side = "below" if got.array < expected.array else "above"
            return self.no(f"Not yet: {self._short(got)} is {side} what comes out.")
        from .show import differing

        wrong = np.argwhere(differing(got, expected, tolerance))
        where = ", ".join(str(i) for i in wrong[0])
        if len(wrong) == expected.array.size:
            return self.no("Not yet: none of these values is what comes out.")
        many = f"{len(wrong)} of {expected.array.size} values"
        return self.no(f"Not yet: {many} differ from what comes out, the first at index {where}.")

    def _other_kind(self, got, expected) -> Message:
        asked = kind_of(expected)
        if isinstance(got, Leaf) and got.kind == "text" and expected.kind == "number":
            if _parses(got):
                return self.no(f"Not yet: {self._short(got)} is text.", "Give it without quotes.")
            return self.no(f"Not yet: {self._short(got)} is text, and a number is asked for.")
        if isinstance(got, Leaf) and got.kind == "complex" and expected.kind == "number":
            return self.no("Not yet: this is a complex number, and a real one is asked for.")
        if isinstance(got, Leaf) and got.kind == "bool" and expected.kind == "number":
            return self.no("Not yet: this is True or False, and a number is asked for.")
        return self.no(f"Not yet: {asked} is asked for, and this is {kind_of(got)}.")

    @staticmethod
    def _usual(expected) -> tuple[float, float]:
        """Counts are exact; measured values may be rounded."""
        return (0.0, 0.0) if _counts(expected) else CLOSE

    @staticmethod
    def _short(got) -> str:
        if isinstance(got, (Group, Mapping)):
            return kind_of(got)
        return argument(got.array) if isinstance(got, Leaf) else got.what

    def _asked(self) -> Message:
        return Message(self.title, "question", body=(self.question,))

    def _invitation(self) -> str:
        return "replace the dots with your prediction, and run the cell again."


def _amount(value: Leaf, plain: bool = False) -> str:
    """How many numbers: "five numbers are" (plain: "five numbers"); its shape beyond one axis."""
    shape = value.array.shape
    if len(shape) > 1 or value.kind != "number":
        return kind_of(value) + ("" if plain else " is")
    if not shape:
        return "one number" + ("" if plain else " is")
    count = COUNTS[shape[0]] if shape[0] < len(COUNTS) else str(shape[0])
    if shape[0] == 1:
        return "a list of one number" + ("" if plain else " is")
    return f"{count} numbers" + ("" if plain else " are")


def _counts(expected) -> bool:
    """Whether whole numbers are asked for."""
    return isinstance(expected, Leaf) and expected.array.dtype.kind in "iub"


def _letters_of(answer: Any, expected: str) -> tuple[Any, str]:
    """A word of letters however it is typed ("F, g", ["f", "g"]), and what does not fit it."""
    letters = answer
    if isinstance(answer, (list, tuple)) and all(isinstance(part, str) for part in answer):
        letters = "".join(answer)
    if type(letters) is not str:
        return answer, ""
    letters = "".join(c for c in letters.lower() if c.isalnum())
    if len(letters) != len(expected):
        many = COUNTS[len(expected)] if len(expected) < len(COUNTS) else str(len(expected))
        return letters, f"{many} letters are asked for, and these are {len(letters)}."
    return letters, ""


def _parses(got: Leaf) -> bool:
    try:
        float(str(got.array).replace(",", "."))
    except ValueError:
        return False
    return got.array.ndim == 0


@dataclass(eq=False, kw_only=True)
class Choose(Exercise):
    """One right option among several, each with its explanation."""

    question: str = field(repr=False)
    options: list[Option] = field(repr=False)
    kind = "choose"

    def __post_init__(self):
        super().__post_init__()
        if [o.right for o in self.options].count(True) != 1 or len(self.options) > 26:
            raise ValueError(f"{self.title!r}: exactly one option is right.")
        self.mistakes = [
            Mistake(option.text, letter, option.why)
            for letter, option in zip(self.letters, self.options, strict=True)
            if not option.right
        ]

    @property
    def letters(self) -> str:
        """The letters of the options, in order: "abcd"."""
        return ascii_lowercase[: len(self.options)]

    @property
    def answer(self) -> str:
        """The letter of the right option."""
        return next(x for x, o in zip(self.letters, self.options, strict=True) if o.right)

    def _judge(self, answer: Any) -> Judgement:
        if blank(answer):
            head = "Not answered yet."
            return Judgement(False, self.no(head, f"Replace the dots with {self._letters()}."))
        letter = answer.strip().strip(".()").lower() if type(answer) is str else ""
        if len(letter) != 1 or letter not in self.letters:
            return Judgement(False, self._no_letter(answer))
        option = self.options[self.letters.index(letter)]
        if option.right:
            done = self.right()
            body = (
                option.why,
                *([self.success] if self.success and self.success != option.why else []),
            )
            return Judgement(True, Message(done.headline, "right", body=body, next=self.next))
        headline = f"Not yet: {letter}) is not it."
        return Judgement(False, self.no(headline, option.why), option.text)

    def _no_letter(self, answer: Any) -> Message:
        want = f"Answer with {self._letters()}."
        if type(answer) is not str:
            return self.no("Not yet: the answer is one letter, in quotes.", want)
        for letter, option in zip(self.letters, self.options, strict=True):
            if answer.strip().lower() == option.text.strip().lower():
                return self.no(f'Not yet: give the letter, "{letter}", instead of the text.', want)
        if len(answer.strip()) == 1:
            return self.no(f"Not yet: there is no option {answer.strip()!r} here.", want)
        return self.no("Not yet: the answer is one letter.", want)

    def _letters(self) -> str:
        quoted = [f'"{x}"' for x in self.letters]
        return f"{', '.join(quoted[:-1])} or {quoted[-1]}"

    def _asked(self) -> Message:
        options = tuple((x, o.text) for x, o in zip(self.letters, self.options, strict=True))
        return Message(self.title, "question", body=(self.question,), options=options)

    def _invitation(self) -> str:
        return f"replace the dots with {self._letters()}, and run the cell again."
