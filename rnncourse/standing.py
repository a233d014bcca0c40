"""Where a learner stands: the attempts, laid over the course's lessons and exercises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from rnncourse import course
from rnncourse.store import Attempt


@dataclass(frozen=True)
class ExerciseState:
    """One exercise, and whether this learner has ever passed it."""

    id: str
    title: str
    kind: str
    passed: bool
    attempts: int


@dataclass(frozen=True)
class LessonState:
    """One lesson that exists, with its exercises in order."""

    lesson: course.Lesson
    exercises: tuple[ExerciseState, ...]

    @property
    def passed(self) -> int:
        return sum(exercise.passed for exercise in self.exercises)

    @property
    def total(self) -> int:
        return len(self.exercises)

    @property
    def done(self) -> bool:
        return self.total > 0 and self.passed == self.total

    @property
    def begun(self) -> bool:
        return any(exercise.attempts for exercise in self.exercises)


@dataclass(frozen=True)
class State:
    """Where this learner stands."""

    lessons: tuple[LessonState, ...]

    @property
    def next(self) -> LessonState | None:
        """The first lesson that is not done, or None."""
        return next((lesson for lesson in self.lessons if not lesson.done), None)

    @property
    def next_exercise(self) -> ExerciseState | None:
        """The first exercise of the next lesson that is not passed, or None."""
        exercises = self.next.exercises if self.next else ()
        return next((exercise for exercise in exercises if not exercise.passed), None)

    @property
    def done(self) -> int:
        return sum(lesson.done for lesson in self.lessons)


def stand(attempts: Iterable[Attempt], folder: Path | None = None) -> State:
    """Where the learner of `attempts` stands in the course of `folder` (by default the one found).

    Attempts at exercises that the course no longer has are passed over. Raises course.CourseError.
    """
    from rnncourse import check

    results: dict[str, list[bool]] = {}
    for attempt in attempts:
        results.setdefault(attempt.exercise, []).append(attempt.passed)
    exercises: dict[str, list[ExerciseState]] = {}
    for one in check.exercises():
        tried = results.get(one.id, [])
        state = ExerciseState(one.id, one.title, one.kind, any(tried), len(tried))
        exercises.setdefault(one.lesson, []).append(state)
    lessons = course.lessons(folder)
    return State(tuple(LessonState(one, tuple(exercises.get(one.number, []))) for one in lessons))
