"""What this learner has passed, and what comes next.

Every verdict of the checker arrives at `record` (subscribed in `rnncourse/__init__.py`) and is kept
in one small file (`rnncourse.store`). `show()` draws the course map in a notebook.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rnncourse import store
from rnncourse.store import Attempt, StoreError
from rnncourse.trouble import Trouble

if TYPE_CHECKING:  # imported when first used, so that the first check is quick
    from rnncourse.standing import State

_unsaved: list[Attempt] = []  # what could not be written yet: tried again at the next check
_said: set[str] = set()


def record(
    exercise: str,
    lesson: str,
    passed: bool,
    misconception: str | None = None,
    seconds: float = 0.0,
    **_other_facts,
) -> None:
    """Write one verdict down. Never raises: a trouble is said once, in one printed sentence."""
    wait = 0.3 if _unsaved else 5.0  # the learner waits at most once for a locked file
    _unsaved.append(store.new_attempt(exercise, lesson, passed, misconception, seconds))
    batch = list(_unsaved)
    try:
        store.add(batch, wait=wait, say=_say_once)
    except StoreError as error:
        _say_once(f"Your progress is not being saved. {error} Your checks work all the same.")
    else:
        del _unsaved[: len(batch)]


def _say_once(sentence: str) -> None:
    """Print `sentence`, once in this process; on stdout: nbgrader fails a cell with stderr."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)


def state(say: Callable[[str], object] = print, folder: Path | None = None) -> State:
    """Where this learner stands in the course of `folder` (by default the one found).

    Raises Trouble (StoreError or CourseError) with one sentence.
    """
    from rnncourse import standing

    return standing.stand([*store.read(say), *_unsaved], folder)


class Map:
    """The course map as a cell's result: HTML where it can be shown, else text."""

    def __init__(self, state: State, folder: Path):
        self.state, self.folder = state, folder

    def __repr__(self) -> str:
        from rnncourse import course_map

        return course_map.text(self.state)

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        from rnncourse import course_map

        return {
            "text/html": course_map.html(self.state, self.folder),
            "text/plain": repr(self),
        }


def show() -> Map | None:
    """The course map: what is passed, what comes next, links to the notebooks.

    Links are relative to the notebook's own folder. Where progress cannot be read, that is said in
    one sentence, and there is no map.
    """
    try:
        return Map(state(), Path(os.getcwd()))
    except Trouble as error:
        print(error)
        return None
