"""Exercises answered with a function or a class: run on the probes, compared, diagnosed."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from . import guard
from .capture import captured
from .compare import align, equal
from .declare import Mistake, Probe, pairs
from .exercise import Exercise, Judgement
from .facts import Facts, facts_about
from .run import Outcome, Outcomes, call_all, call_once
from .show import call as call_text


@dataclass(eq=False, kw_only=True)
class Code(Exercise):
    """A function or class to write; the reference and its mistakes are run beside it."""

    reference: Callable = field(repr=False)
    probes: list[Probe] = field(repr=False)
    others: list[Callable] = field(default_factory=list, repr=False)
    drive: Callable | None = field(default=None, repr=False)
    call: str | None = field(default=None, repr=False)
    tolerance: tuple[float, float] | None = None
    may_hang: bool = False
    axis: str | None = None
    reads: tuple[str, ...] = ()
    kind = "code"

    def __post_init__(self):
        super().__post_init__()
        self._expected: list[Outcome] | None = None
        self._wrong: list[tuple[Mistake, list[Outcome]]] | None = None

    @property
    def calls(self) -> list[tuple]:
        """The arguments of every probe."""
        return [probe.args for probe in self.probes]

    @property
    def expected(self) -> list[Outcome]:
        """What the reference gives on every probe (computed once)."""
        if self._expected is None:
            self._expected = self.outcomes_of(self.reference)
            for outcome in self._expected:
                if outcome.raised:
                    raise RuntimeError(f"{self.id}: the reference raised {outcome.raised}.")
        return self._expected

    @property
    def wrong_outcomes(self) -> list[tuple[Mistake, list[Outcome]]]:
        """Every mistake, and every pair of switches, with what it gives (computed once)."""
        if self._wrong is None:
            every = [*self.mistakes, *pairs(self.mistakes)]
            self._wrong = [(m, self.outcomes_of(m.answer)) for m in every]
        return self._wrong

    def outcomes_of(self, answer: Any) -> list[Outcome]:
        """Run a trusted answer of the exercise's own, quietly."""
        import numpy as np

        with captured(), np.errstate(all="ignore"):
            return [call_once(answer, self.drive, args) for args in self.calls]

    @property
    def names(self) -> list[str]:
        """The names of the probes' arguments: those of the reference, or of `drive`."""
        function = self.reference if self.drive is None else self.drive
        try:
            names = list(inspect.signature(function).parameters)
        except (TypeError, ValueError):
            return []
        return names if self.drive is None else names[1:]

    def call_with(self, args: tuple) -> str:
        """The call as the learner reads it."""
        return call_text(self.call or self.id, self.names, args)

    def agrees(self, got: Outcome, expected: Outcome) -> bool:
        """Whether one call came out as expected, in kind, shape and value."""
        if got.raised or expected.raised:
            return bool(got.raised and expected.raised and got.raised.name == expected.raised.name)
        return equal(align(got.value, expected.value), expected.value, self.tolerance)

    def run(self, answer: Any, again: Callable | None = None) -> tuple[Outcomes, Facts]:
        """Try `answer` on every probe, guarded; in the killable worker where it may hang.

        Outside the main thread a signal cannot stop it, so there too the worker runs it.
        """
        outcomes, facts = Outcomes(), []
        apart = self.may_hang or threading.current_thread() is not threading.main_thread()
        function = again or answer

        def everything() -> None:
            facts.append(facts_about(answer))
            if not apart:
                call_all(function, self.drive, self.calls, outcomes.calls, printed)

        with captured() as printed:
            outcomes.stopped = guard.run(everything)
        outcomes.printed = printed.text()
        known = facts[0] if facts else Facts()
        if apart and outcomes.stopped is None:
            outcomes = self._run_apart(function)
        return outcomes, known

    def _run_apart(self, answer: Any) -> Outcomes:
        from .worker import worker

        try:
            return worker.run(answer, self.drive, self.calls)
        except Exception:  # it cannot travel: the ordinary guard has to do
            outcomes = Outcomes()
            with captured() as printed:
                outcomes.stopped = guard.run(
                    lambda: call_all(answer, self.drive, self.calls, outcomes.calls, printed)
                )
            outcomes.printed = printed.text()
            return outcomes

    def _judge(self, answer: Any) -> Judgement:
        from .diagnose import diagnose

        return diagnose(self, answer)

    def _asked(self):
        from .message import Message

        example = f"For example: `{self.call_with(self.calls[0])}`"
        return Message(
            self.title, "question", body=(f"You will be able to {self.objective}.", example)
        )
