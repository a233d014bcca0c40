"""What every kind of exercise shares: checking aloud or quietly, hints, questions, guesses."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from rnncourse import events

from .declare import Mistake
from .message import Message
from .panel import NotYet, Panel, show

PUZZLED = (
    "The check could not make sense of this answer.",
    "It is an object that stops others from looking at it. "
    "Give a plain function, number, letter or array.",
)


@dataclass(frozen=True)
class Verdict:
    """What `examine` finds. `misconception` is its name where one was recognised."""

    passed: bool
    misconception: str | None
    message: str
    seconds: float
    panel: Message = field(repr=False, compare=False)


@dataclass(frozen=True)
class Judgement:
    """A verdict in the making: the message in parts, and what the answer printed."""

    passed: bool
    message: Message
    misconception: str | None = None
    printed: str = field(default="", repr=False)


@dataclass(eq=False, kw_only=True)
class Exercise:
    """One exercise. `id` and `lesson` are given by the file it stands in."""

    title: str
    minutes: float
    difficulty: int
    objective: str
    hints: list[str] = field(repr=False)
    success: str = field(default="", repr=False)
    next: str = field(default="", repr=False)
    mistakes: list[Mistake] = field(default_factory=list, repr=False)
    id: str = "exercise"
    lesson: str = ""
    kind = "exercise"

    def __post_init__(self):
        self._hinted = 0

    def __call__(self, answer: Any) -> Panel:
        """Check `answer`: return a panel where it is right, raise `NotYet` where it is not."""
        judgement, seconds = self._timed(answer)
        if judgement.printed:
            print(judgement.printed, end="")
        events.announce(
            "checked",
            exercise=self.id,
            lesson=self.lesson,
            passed=judgement.passed,
            misconception=judgement.misconception,
            seconds=seconds,
        )
        if judgement.passed:
            return Panel(judgement.message)
        show(judgement.message)
        raise NotYet(judgement.message)

    def examine(self, answer: Any) -> Verdict:
        """The verdict on `answer`, without raising, recording, printing or showing anything."""
        judgement, seconds = self._timed(answer)
        message = judgement.message
        return Verdict(judgement.passed, judgement.misconception, message.text(), seconds, message)

    def guess(self, value: Any = ...) -> Panel:
        """A guess inside a lesson: never raises, is never recorded; `...` means not made yet."""
        if self.kind == "code":
            return Panel(
                Message(f"This one is not guessed: run check.{self.id}(your_function).", "turn")
            )
        if value is ... or value is None:
            return Panel(Message(f"Your turn: {self._invitation()}", "turn"))
        message = self._timed(value)[0].message
        return Panel(message)

    def hint(self) -> Panel:
        """A nudge; called again the formula; called once more the first line of a solution."""
        last = self._hinted == len(self.hints)
        level = self._hinted = min(self._hinted + 1, len(self.hints))
        headline = f"Hint {level} of {len(self.hints)}"
        body = [self.hints[level - 1]]
        if level < len(self.hints):
            body.append("Run it again for the next one.")
        elif last:
            body.append("That was the last one.")
        return Panel(Message(headline, "hint", body=tuple(body)))

    def ask(self) -> Panel:
        """What is asked."""
        return Panel(self._asked())

    def right(self) -> Message:
        """What a passing check says."""
        body = (self.success,) if self.success else ()
        return Message(f"{self.id} is right.", "right", body=body, next=self.next)

    def no(self, headline: str, *body: str, **parts: Any) -> Message:
        """A message for a failed check, with the offer of a hint."""
        return Message(
            headline, "not yet", body=tuple(b for b in body if b), nudge=self.id, **parts
        )

    def _timed(self, answer: Any) -> tuple[Judgement, float]:
        started = time.perf_counter()
        try:
            judgement = self._judge(answer)
        except Exception:
            judgement = Judgement(False, self.no(*PUZZLED))
        return judgement, time.perf_counter() - started

    def _judge(self, answer: Any) -> Judgement:
        raise NotImplementedError

    def _asked(self) -> Message:
        return Message(self.title, "question", body=(f"You will be able to {self.objective}.",))

    def _invitation(self) -> str:
        return "replace the dots with your answer, and run the cell again."
