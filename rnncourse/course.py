"""The course as it lies on the disk: where it is, and which lessons it has.

A lesson's facts stand in one place, the header of its source `lessons/NN_name.py`:

    # ---
    # jupyter:
    #   rnncourse: {lesson: "02", title: "The recurrent neuron", part: "I · Memory", minutes: 35}
    # ---
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import yaml

from rnncourse.trouble import Trouble

SOURCE_NAME = re.compile(r"(\d\d)_[a-z0-9_]+")

# The lessons still to be written, so that the course map shows the whole road: number, title, part.
# A lesson that has a source leaves this list; its header says it all.
PLANNED = (
    ("12", "Time series", "IV · The world"),
    ("13", "Sound", "IV · The world"),
    ("14", "From sequence to sequence", "IV · The world"),
    ("15", "Recurrence today", "IV · The world"),
    ("16", "Your own project", "IV · The world"),
)


class CourseError(Trouble):
    """Something about the course's files; `str(error)` is one sentence for the learner."""


@dataclass(frozen=True)
class Lesson:
    """One lesson, as its header states it, and where its notebooks are (built or not)."""

    number: str  # "02"
    slug: str  # "02_recurrent_neuron", the stem of its source
    title: str
    part: str  # "I · Memory"
    minutes: int
    notebook: Path
    exercises: Path
    solutions: Path
    source: Path

    @property
    def exercise_source(self) -> Path:
        """The source of the exercise set."""
        return self.source.with_name(f"{self.slug}_exercises.py")


def _is_course(folder: Path) -> bool:
    return (folder / "lessons").is_dir() and (folder / "pyproject.toml").is_file()


def root() -> Path:
    """The folder of the course: the one that holds this package, or the first one upward from here.

    Raises CourseError where neither has `lessons/` and `pyproject.toml`.
    """
    try:
        here = Path.cwd()
    except OSError:  # the working folder was deleted
        here = Path(os.sep)
    for folder in (Path(__file__).resolve().parents[1], here, *here.parents):
        if _is_course(folder):
            return folder
    raise CourseError(
        "The course's files were not found: run this inside the course folder, "
        "the one that holds 'lessons' and 'pyproject.toml'."
    )


def lessons(folder: Path | None = None) -> list[Lesson]:
    """Every lesson of the course in `folder` (by default `root()`), in order.

    Raises CourseError naming the source whose header cannot be used.
    """
    folder = root() if folder is None else Path(folder)
    sources = sorted(
        path
        for path in (folder / "lessons").glob("*.py")
        if SOURCE_NAME.fullmatch(path.stem) and not path.stem.endswith("_exercises")
    )
    return [_lesson(folder, source) for source in sources]


def first_page(folder: Path | None = None) -> str:
    """The path at which JupyterLab opens the first lesson that is built; "/lab" without one."""
    folder = root() if folder is None else Path(folder)
    first = next((one.notebook for one in lessons(folder) if one.notebook.exists()), None)
    return "/lab" if first is None else f"/lab/tree/{first.relative_to(folder).as_posix()}"


def _lesson(folder: Path, source: Path) -> Lesson:
    facts = _header(source)
    where, number = f"lessons/{source.name}", source.stem[:2]
    missing = [key for key in ("lesson", "title", "part", "minutes") if key not in facts]
    if missing:
        raise CourseError(f"{where}: its header lacks {', '.join(missing)}.")
    if str(facts["lesson"]) != number:
        raise CourseError(f'{where}: its header says lesson {facts["lesson"]!r}, not "{number}".')
    if not isinstance(facts["minutes"], int) or facts["minutes"] <= 0:
        raise CourseError(f"{where}: minutes must be a whole number, not {facts['minutes']!r}.")
    return Lesson(
        number=number,
        slug=source.stem,
        title=str(facts["title"]),
        part=str(facts["part"]),
        minutes=facts["minutes"],
        notebook=folder / "notebooks" / f"{source.stem}.ipynb",
        exercises=folder / "exercises" / f"{source.stem}_exercises.ipynb",
        solutions=folder / "solutions" / f"{source.stem}_exercises.ipynb",
        source=source,
    )


def _header(source: Path) -> dict:
    """The `rnncourse` entry of the commented YAML header at the top of a source."""
    where = f"lessons/{source.name}"
    try:
        lines = source.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{where} cannot be read: {error}.") from None
    marks = [index for index, line in enumerate(lines) if line.rstrip() == "# ---"][:2]
    if len(marks) < 2 or any(not line.startswith("#") for line in lines[marks[0] : marks[1]]):
        raise CourseError(f"{where}: it does not begin with a header between two lines '# ---'.")
    text = "\n".join(re.sub(r"^# ?", "", line) for line in lines[marks[0] + 1 : marks[1]])
    try:
        header = yaml.safe_load(text)
        facts = header["jupyter"]["rnncourse"]
    except yaml.YAMLError:
        raise CourseError(f"{where}: its header is not valid YAML.") from None
    except (KeyError, TypeError):
        facts = None
    if not isinstance(facts, dict):
        raise CourseError(f"{where}: its header has no 'rnncourse: {{lesson, title, ...}}' line.")
    return facts


def find(name: str, folder: Path | None = None) -> Lesson:
    """The lesson that `name` means: "2", "02", "02_recurrent_neuron", "recurrent_neuron", a path.

    Raises CourseError with the closest lesson where none is meant.
    """
    every = lessons(folder)
    stem = re.sub(r"\.(ipynb|py)$", "", re.split(r"[/\\]", name.strip())[-1])
    stem = stem.removesuffix("_exercises").lower()
    known: dict[str, Lesson] = {}
    for lesson in every:
        for key in (lesson.number, str(int(lesson.number)), lesson.slug, lesson.slug[3:]):
            known[key] = lesson
        known[lesson.title.lower()] = lesson
    if stem in known:
        return known[stem]
    if not every:
        raise CourseError("This course folder has no lessons.")
    close = get_close_matches(stem, known, n=1, cutoff=0.5)
    if close:
        lesson = known[close[0]]
        raise CourseError(f"There is no lesson {name!r}: did you mean {lesson.slug}?")
    numbers = ", ".join(lesson.number for lesson in every)
    raise CourseError(f"There is no lesson {name!r}: the lessons are {numbers}.")
