"""Proof that an exercise tells its misconceptions apart; used by the tests and by authors.

    >>> from rnncourse.check.proof import problems
    >>> problems(check.neuron_step)        # [] when all is well, else sentences

What is proved: the reference and at least two differently written answers pass; every
mistake fails and is recognised as itself, so no two look alike; nothing unsolved passes,
and it fails kindly; there are three hints and at least three misconceptions; a check is
quick.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .coding import Code
from .exercise import Exercise
from .message import plain
from .questions import Choose, Predict

QUICK = 0.5  # seconds
AT_LEAST = 3  # misconceptions


def problems(exercise: Exercise) -> list[str]:
    """Everything that keeps `exercise` from being ready, one sentence each."""
    found = [*_form(exercise), *_unsolved(exercise)]
    if isinstance(exercise, Code):
        found += _code(exercise)
    elif isinstance(exercise, Predict):
        found += _predict(exercise)
    elif isinstance(exercise, Choose):
        found += _choose(exercise)
    return [f"{exercise.id}: {sentence}" for sentence in found]


def unsolved(exercise: Exercise) -> list[Any]:
    """What an exercise notebook holds before the learner has written anything."""
    if not isinstance(exercise, Code):
        return [..., None]

    def stub(*args, **kwargs): ...

    if isinstance(exercise.reference, type):
        methods = [n for n, v in vars(exercise.reference).items() if callable(v)]
        return [..., None, type("Stub", (), dict.fromkeys(["__init__", *methods], stub))]
    return [..., None, stub]


def _form(exercise: Exercise) -> list[str]:
    found = []
    if len(exercise.mistakes) < AT_LEAST:
        found.append(f"has {len(exercise.mistakes)} misconceptions, fewer than {AT_LEAST}.")
    names = [mistake.name for mistake in exercise.mistakes]
    if len(set(names)) < len(names):
        found.append("two misconceptions have one name.")
    if not all(isinstance(hint, str) and hint.strip() for hint in exercise.hints):
        found.append("a hint is empty.")
    if not all(mistake.hint.strip() for mistake in exercise.mistakes):
        found.append("a misconception has no hint.")
    if not (exercise.title.strip() and exercise.objective.strip() and exercise.minutes > 0):
        found.append("title, objective or minutes are missing.")
    return found


def _unsolved(exercise: Exercise) -> list[str]:
    found = []
    for answer in unsolved(exercise):
        verdict = exercise.examine(answer)
        if verdict.passed:
            found.append(f"passes unsolved ({answer!r}).")
        elif not verdict.message.startswith(("Not implemented yet.", "Not answered yet.")):
            found.append(f"unsolved ({answer!r}) it says: {verdict.message.splitlines()[0]}")
    return found


def _passes(exercise: Exercise, what: str, answer: Any) -> list[str]:
    exercise.examine(answer)  # the first check also computes what the reference gives
    verdict = exercise.examine(answer)
    if not verdict.passed:
        return [f"{what} does not pass: {verdict.message}"]
    if verdict.seconds > QUICK:
        return [f"checking {what} took {verdict.seconds:.2f} s."]
    return []


def _recognised(exercise: Exercise, name: str, answer: Any) -> list[str]:
    exercise.examine(answer)
    verdict = exercise.examine(answer)
    if verdict.passed:
        return [f"the misconception {name!r} passes: the probes cannot tell it from the reference."]
    if verdict.misconception != name:
        return [f"{name!r} is taken for {verdict.misconception!r}: {verdict.message}"]
    if verdict.seconds > QUICK:
        return [f"checking {name!r} took {verdict.seconds:.2f} s."]
    return []


def _code(exercise: Code) -> list[str]:
    found = _passes(exercise, "the reference", exercise.reference)
    if len(exercise.others) < 2:
        found.append(f"has {len(exercise.others)} other correct answers, fewer than 2.")
    for i, other in enumerate(exercise.others):
        found += _passes(exercise, f"other answer {i + 1}", other)
    for mistake in exercise.mistakes:
        found += _recognised(exercise, mistake.name, mistake.answer)
    return found


def _predict(exercise: Predict) -> list[str]:
    value = np.asarray(exercise.value())
    found = _passes(exercise, "the answer", value)
    for kind in (np.float32, np.float64):
        if value.dtype.kind in "iuf":
            found += _passes(exercise, f"the answer as {kind.__name__}", value.astype(kind))
    found += _passes(exercise, "the answer as Python numbers", value.tolist())
    for mistake in exercise.mistakes:
        wrong = mistake.answer() if callable(mistake.answer) else mistake.answer
        found += _recognised(exercise, mistake.name, wrong)
    return found


def _choose(exercise: Choose) -> list[str]:
    found = _passes(exercise, "the right option", exercise.answer)
    for mistake in exercise.mistakes:
        found += _recognised(exercise, mistake.name, mistake.answer)
        if plain(mistake.hint) not in exercise.examine(mistake.answer).message:
            found.append(f"option {mistake.answer} does not explain itself.")
    return found
