"""Call an answer on the probes and keep what happened as plain data."""

from __future__ import annotations

import copy
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, TracebackType
from typing import Any

from .compare import Group, Leaf, Mapping, Other, normalise, unchanged

HERE = str(Path(__file__).parent)
SEVERAL_LINES = 300


@dataclass(frozen=True)
class Raised:
    """An exception in the learner's code: its name and text, and their line it came from."""

    name: str
    text: str
    file: str = ""
    line: int = 0
    missing: str | None = None  # of a NameError
    blank: bool = False  # NotImplementedError


@dataclass(frozen=True, eq=False)
class Outcome:
    """One call: the value that came back or the exception; which arguments it changed."""

    value: Leaf | Group | Mapping | Other | None = None
    raised: Raised | None = None
    changed: tuple[int, ...] = ()


@dataclass
class Outcomes:
    """All calls of one answer, in the probes' order; fewer than the probes where it was stopped."""

    calls: list[Outcome] = field(default_factory=list)
    stopped: str | None = None  # "time", "memory", "died"
    printed: str = ""


def call_once(answer: Any, drive: Callable | None, args: tuple) -> Outcome:
    """Call `answer` on a copy of `args`. Whatever it raises is kept, guard.Stopped excepted."""
    from .guard import Stopped

    mine = copy.deepcopy(args)
    try:
        returned = answer(*mine) if drive is None else drive(answer, *mine)
        value = normalise(returned)
    except Stopped:
        raise
    except BaseException as problem:
        raised = describe_exception(problem, getattr(drive, "__code__", None))
        problem.__traceback__ = None
        return Outcome(raised=raised)
    changed = tuple(
        i for i, (a, b) in enumerate(zip(args, mine, strict=True)) if not unchanged(a, b)
    )
    return Outcome(value, changed=changed)


def call_all(
    answer: Any, drive: Callable | None, calls: Sequence[tuple], into: list, printed
) -> None:
    """Append one Outcome to `into` for each tuple of arguments; keep what the first call prints."""
    for args in calls:
        into.append(call_once(answer, drive, args))
        printed.keeping = False


def describe_exception(problem: BaseException, ours: CodeType | None = None) -> Raised:
    """The exception as data: no object of the learner's survives, no evil `__str__` does harm.

    `ours` is code of the exercise's own, whose lines are not the learner's.
    """
    file, line = _learners_line(problem.__traceback__, ours)
    try:
        text = " ".join(str(problem).split())[:SEVERAL_LINES]
    except Exception:
        text = ""
    name = type.__dict__["__name__"].__get__(type(problem))
    missing = (
        getattr(problem, "name", None) if type(problem) in (NameError, UnboundLocalError) else None
    )
    blank = isinstance(problem, NotImplementedError)
    return Raised(str(name), text, file, line, missing if type(missing) is str else None, blank)


def _learners_line(trace: TracebackType | None, own: CodeType | None) -> tuple[str, int]:
    """File and line of the learner's last frame: not the checker's, nor a library's."""
    ours = _with_nested(own)
    found, libraries = ("", 0), str(Path(traceback.__file__).parent)
    frames = 0
    while trace is not None and frames < 100_000:
        file = trace.tb_frame.f_code.co_filename
        outside = not file.startswith((HERE, libraries, "<frozen", "<__array")) and (
            "site-packages" not in file
        )
        if outside and "numpy/" not in file and trace.tb_frame.f_code not in ours:
            found = (file, trace.tb_lineno)
        trace = trace.tb_next
        frames += 1
    return found


def _with_nested(code: CodeType | None) -> set[CodeType]:
    """`code` and the comprehensions and functions inside it."""
    if code is None:
        return set()
    inner = (c for c in code.co_consts if isinstance(c, CodeType))
    return {code}.union(*map(_with_nested, inner))
