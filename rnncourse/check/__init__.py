"""The exercise checker: it knows what a learner misunderstood.

`check.<exercise>(answer)` passes or says what the answer does instead; `.hint()`, `.ask()`,
`.guess(value)` and `.examine(answer)` go with it; `check.exercises()` lists all. The
exercises stand in `lesson_NN.py` beside this file, one file a lesson, found by that pattern.
"""

from __future__ import annotations

import difflib
import importlib
import pkgutil
import re

from .declare import choose, code, option, predict, probe, switches, wrong
from .exercise import Exercise, Verdict
from .panel import NoSuchExercise, NotYet, Panel

__all__ = [
    "Exercise",
    "NoSuchExercise",
    "NotYet",
    "Panel",
    "Verdict",
    "choose",
    "code",
    "exercises",
    "option",
    "predict",
    "probe",
    "switches",
    "wrong",
]

_loaded: dict[str, list[Exercise]] = {}


def exercises() -> list[Exercise]:
    """Every exercise of the course, in the course's order.

    Raises ImportError where a file of exercises cannot be imported, ValueError where two
    exercises have one name.
    """
    found, names = [], {}
    for lesson in _lessons():
        for exercise in _load(lesson):
            if exercise.id in names:
                raise ValueError(
                    f"{exercise.id} stands in lessons {names[exercise.id]} and {lesson}."
                )
            names[exercise.id] = lesson
            found.append(exercise)
    return found


def _lessons() -> list[str]:
    return sorted(name[7:] for name in _modules() if re.fullmatch(r"lesson_\d\d", name))


def _load(lesson: str) -> list[Exercise]:
    """The exercises of one lesson; each learns its own name and lesson here."""
    if lesson not in _loaded:
        module = importlib.import_module(f"{__name__}.lesson_{lesson}")
        found = [(name, e) for name, e in vars(module).items() if isinstance(e, Exercise)]
        for name, exercise in found:
            if name in _taken():
                raise ValueError(f"lesson {lesson}: an exercise cannot be called {name!r}.")
            exercise.id, exercise.lesson = name, lesson
        _loaded[lesson] = [exercise for _, exercise in found]
    return _loaded[lesson]


def _taken() -> set[str]:
    """Names that exercises cannot have: those of this package and of its modules."""
    return {*__all__, *_modules()}


def _modules() -> set[str]:
    return {module.name for module in pkgutil.iter_modules(__path__)}


def __getattr__(name: str):
    if name.startswith("_"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name in _modules():
        return importlib.import_module(f"{__name__}.{name}")
    names, broken = [], []
    for lesson in _lessons():
        try:
            loaded = _load(lesson)
        except Exception as problem:  # another lesson's file must not take this one's away
            broken.append((lesson, problem))
            continue
        for exercise in loaded:
            if exercise.id == name:
                return exercise
            names.append(exercise.id)
    if broken:
        lesson, problem = broken[0]
        raise ImportError(
            f"The exercises of lesson {lesson} cannot be read: {problem}"
        ) from problem
    near = difflib.get_close_matches(name, names, n=1)
    hint = f" Did you mean check.{near[0]}?" if near else " check.exercises() lists all."
    raise NoSuchExercise(f"There is no exercise called {name!r}.{hint}")


def __dir__() -> list[str]:
    return sorted([*__all__, *(exercise.id for lesson in _lessons() for exercise in _load(lesson))])
