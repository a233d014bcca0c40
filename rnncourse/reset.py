"""Puts an exercise notebook back as it was shipped, and keeps the learner's copy beside it.

The shipped notebook comes from git; where there is none (a downloaded ZIP), from the copy that
`keep_shipped` made at the first start; else it is built again from its source, where the author's
tools are installed.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from rnncourse.course import CourseError, Lesson
from rnncourse.files import write_whole
from rnncourse.links import git
from rnncourse.trouble import Trouble


class ResetError(Trouble):
    """The notebook was left as it is; `str(error)` says why in one sentence."""


@dataclass(frozen=True)
class Reset:
    """What was done: the notebook put back, and where the learner's copy is (None: no change)."""

    notebook: Path
    copy: Path | None
    changed: bool


def reset(lesson: Lesson, folder: Path) -> Reset:
    """Put the exercise notebook of `lesson` back.

    The learner's version is written beside it, under a name with the date that no file has yet,
    before anything is replaced. Raises ResetError.
    """
    notebook = lesson.exercises
    if not notebook.exists() and not lesson.exercise_source.exists():
        raise ResetError(f"Lesson {lesson.number} has no exercises.")
    shipped = from_git(notebook, folder) or from_copy(lesson) or from_source(lesson, folder)
    if shipped is None:
        raise ResetError(
            f"The shipped {notebook.name} was not found, neither in git nor as a copy: "
            "download the course again and take the notebook from there."
        )
    try:
        theirs = notebook.read_bytes() if notebook.exists() else None
        if theirs is not None and _lines(theirs) == _lines(shipped):
            return Reset(notebook, None, changed=False)
        copy = None if theirs is None else _keep(notebook, theirs)
        notebook.parent.mkdir(exist_ok=True)
        write_whole(notebook, shipped)
    except OSError as error:
        raise ResetError(f"{notebook.name} was left as it is: {error.strerror}.") from None
    return Reset(notebook, copy, changed=True)


def _lines(content: bytes) -> list[bytes]:
    """The lines, whatever ends them: git on Windows may have changed the ends."""
    return content.replace(b"\r\n", b"\n").split(b"\n")


def _keep(notebook: Path, content: bytes) -> Path:
    """Write the learner's version under a free name and return it; no file is ever overwritten."""
    stem, number = f"{notebook.stem}.mine-{date.today().isoformat()}", 1
    while True:
        copy = notebook.with_name(f"{stem}{'' if number == 1 else f'-{number}'}.ipynb")
        try:
            with copy.open("xb") as file:
                file.write(content)
            return copy
        except FileExistsError:
            number += 1


def from_git(notebook: Path, folder: Path) -> bytes | None:
    """The notebook as the course's own history has it, or None.

    Where the branch follows a remote one, the last commit that both share is asked, for a learner
    (or nbgitpuller) may have committed answers since.
    """
    shared = git(folder, "merge-base", "HEAD", "@{upstream}")
    commit = shared.decode().strip() if shared else "HEAD"
    inside = notebook.relative_to(folder).as_posix()
    return git(folder, "show", f"{commit}:./{inside}") or None


def _copy_of(lesson: Lesson) -> Path:
    """Where the shipped copy is kept; its name tells which version of the source it belongs to."""
    version = hashlib.sha256(lesson.exercise_source.read_bytes()).hexdigest()[:12]
    return lesson.exercises.parent / ".shipped" / f"{lesson.exercises.stem}.{version}.ipynb"


def from_copy(lesson: Lesson) -> bytes | None:
    """The copy that `keep_shipped` made of this version of the exercises, or None."""
    try:
        return _copy_of(lesson).read_bytes()
    except OSError:
        return None


def keep_shipped(lessons: list[Lesson], folder: Path) -> int:
    """Copy every exercise notebook that git does not hold; returns how many were new.

    Called when the course is opened, so before the learner's first change. A folder that cannot
    be written to is passed over.
    """
    kept = 0
    for lesson in lessons:
        try:
            copy = _copy_of(lesson)
            if copy.exists() or not lesson.exercises.exists():
                continue
            if from_git(lesson.exercises, folder):
                continue
            copy.parent.mkdir(exist_ok=True)
            write_whole(copy, lesson.exercises.read_bytes())
            kept += 1
        except OSError:
            continue
    return kept


def from_source(lesson: Lesson, folder: Path) -> bytes | None:
    """The notebook as the author's tools make it, or None where they are not installed."""
    if not (folder / "authoring").is_dir() or not lesson.exercise_source.exists():
        return None
    sys.path.insert(0, str(folder))
    try:
        import nbformat

        from authoring.make import make_targets
        from authoring.sources import BuildError, Source

        targets = make_targets(Source(lesson.exercise_source, folder))
        made = next(target.notebook for target in targets if target.kind == "exercise")
        return (nbformat.writes(made) + "\n").encode("utf-8")
    except ImportError:
        return None
    except BuildError as error:
        raise CourseError(str(error)) from None
    finally:
        sys.path.remove(str(folder))
