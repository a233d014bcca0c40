"""The words in which a file of exercises is written: an exercise is data.

A file `rnncourse/check/lesson_NN.py` holds module-level names bound to what `code`,
`predict` and `choose` return; the name is the exercise's name, the order of the file is
the order of the lesson. Nothing is computed when such a file is imported: references,
answers and mistakes are evaluated by the first check that needs them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import Any


@dataclass(frozen=True)
class Probe:
    """One call on which an answer is tried: positional arguments, copied before each use."""

    args: tuple


@dataclass(frozen=True)
class Mistake:
    """A runnable wrong answer. `answer` takes the reference's place; `hint` is shown on a match.

    `flawed` and `switch` are set where the mistake is one switch of a flawed reference.
    """

    name: str
    answer: Any = field(repr=False)
    hint: str
    flawed: Callable | None = field(default=None, repr=False)
    switch: str | None = None


@dataclass(frozen=True)
class Option:
    """One option of a question, why it is right or wrong, and the name of the misconception."""

    text: str
    why: str
    right: bool = False


def probe(*args: Any) -> Probe:
    """The positional arguments of one call, e.g. `probe(1.0, 0.5, 1.0, 1.0)`."""
    return Probe(args)


def wrong(name: str, answer: Any, hint: str) -> Mistake:
    """A misconception: its name, a runnable wrong answer, and the hint that a match earns.

    For `predict`, `answer` is the wrong number or array, or a function without arguments
    that returns it.
    """
    return Mistake(name, answer, hint)


def switches(flawed: Callable, **hints: str) -> list[Mistake]:
    """One mistake for every switch of a flawed reference: `mistakes=[*switches(flawed, ...)]`.

    `flawed(*args, transpose=False, drop_bias=False)` is right when every switch is off.
    The checker tries the switches singly and in pairs.
    """
    return [
        Mistake(name.replace("_", " "), partial(flawed, **{name: True}), hint, flawed, name)
        for name, hint in hints.items()
    ]


def pairs(mistakes: Sequence[Mistake]) -> list[Mistake]:
    """The two-at-once mistakes that the switches among `mistakes` make possible."""
    both = []
    for a, b in combinations([m for m in mistakes if m.switch], 2):
        if a.flawed is b.flawed:
            answer = partial(a.flawed, **{a.switch: True, b.switch: True})
            hint = f"Two things at once. {a.hint} And: {b.hint}"
            both.append(Mistake(f"{a.name} and {b.name}", answer, hint))
    return both


def option(text: str, why: str, right: bool = False) -> Option:
    """One option of a question, with the explanation that whoever picks it reads."""
    return Option(text, why, right)


def code(
    *,
    title: str,
    minutes: float,
    difficulty: int,
    objective: str,
    reference: Callable,
    probes: Sequence[Probe | tuple],
    mistakes: Sequence[Mistake],
    hints: Sequence[str],
    success: str = "",
    next: str = "",
    others: Sequence[Callable] = (),
    drive: Callable | None = None,
    call: str | None = None,
    tolerance: tuple[float, float] | None = None,
    may_hang: bool = False,
    axis: str | None = None,
    reads: Sequence[str] = (),
):
    """An exercise answered with a function or class.

    `reference` is called positionally on every probe; the first probe is the example that
    the learner sees. `drive(answer, *args)` turns another kind of answer (a class, say) into
    the value to compare. `call` is the label of the call in messages: a template such as
    `"Neuron(w_x={w_x}).run({x})"` with the names of the probe's arguments. `tolerance` is
    `(relative, absolute)`. `may_hang` runs the answer in a process that can be killed, for
    work that can block inside C. `axis` names the first axis of the result in messages
    ("step", "row"). `reads` lists notebook variables that an answer may use.
    """
    from .coding import Code

    return Code(
        **_shared(title, minutes, difficulty, objective, hints, success, next),
        reference=reference,
        probes=[p if isinstance(p, Probe) else Probe(tuple(p)) for p in probes],
        mistakes=list(mistakes),
        others=list(others),
        drive=drive,
        call=call,
        tolerance=tolerance,
        may_hang=may_hang,
        axis=axis,
        reads=tuple(reads),
    )


def predict(
    *,
    title: str,
    minutes: float,
    difficulty: int,
    objective: str,
    question: str,
    answer: Any,
    mistakes: Sequence[Mistake],
    hints: Sequence[str],
    tolerance: tuple[float, float] | None = None,
    success: str = "",
    next: str = "",
):
    """An exercise answered with a number or an array, asked before the cell that shows it.

    `answer` is the value, or a function without arguments that computes it. `tolerance` is
    `(relative, absolute)`; left out, whole-number answers must be exact and others may be
    off by 1 % plus 0.005.
    """
    from .questions import Predict

    return Predict(
        **_shared(title, minutes, difficulty, objective, hints, success, next),
        question=question,
        answer=answer,
        mistakes=list(mistakes),
        tolerance=tolerance,
    )


def choose(
    *,
    title: str,
    minutes: float,
    difficulty: int,
    objective: str,
    question: str,
    options: Sequence[Option],
    hints: Sequence[str],
    success: str = "",
    next: str = "",
):
    """A question with one right option; answers are the letters "a", "b", ... in order."""
    from .questions import Choose

    return Choose(
        **_shared(title, minutes, difficulty, objective, hints, success, next),
        question=question,
        options=list(options),
    )


def _shared(title, minutes, difficulty, objective, hints, success, next_) -> dict:
    """The facts that every kind has; refuses what no exercise may be."""
    if difficulty not in (1, 2, 3):
        raise ValueError(f"{title!r}: difficulty is 1, 2 or 3, not {difficulty!r}.")
    if isinstance(hints, str) or len(hints) != 3:
        raise ValueError(f"{title!r}: an exercise has exactly three hints.")
    return {
        "title": title,
        "minutes": minutes,
        "difficulty": difficulty,
        "objective": objective,
        "hints": list(hints),
        "success": success,
        "next": next_,
    }
