"""Every exercise of the course is proved: it tells its misconceptions apart."""

import pytest

from rnncourse import check
from rnncourse.check import code, predict, probe, wrong
from rnncourse.check.proof import problems

EXERCISES = check.exercises()
FACTS = {
    "title": "T",
    "minutes": 1,
    "difficulty": 1,
    "objective": "o",
    "hints": ["a", "b", "c"],
}


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """The first `import torch` of a process takes seconds; no check is to be blamed for it."""
    import torch  # noqa: F401


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: f"{e.lesson}-{e.id}")
def test_the_exercise_is_proved(exercise):
    assert problems(exercise) == []


def test_every_lesson_file_has_exercises_and_names_are_unique():
    lessons = {e.lesson for e in EXERCISES}
    assert lessons == set(check._lessons())
    assert len({e.id for e in EXERCISES}) == len(EXERCISES)


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda e: f"{e.lesson}-{e.id}")
def test_hints_and_question_can_be_shown(exercise):
    texts = [repr(exercise.hint()) for _ in range(3)]
    assert len(set(texts)) == 3
    assert exercise.title in repr(exercise.ask())


def planted(**changes):
    facts = {
        "reference": lambda x: 2 * x,
        "probes": [probe(1.0), probe(3.0)],
        "mistakes": [wrong(str(k), lambda x, k=k: k * x, "hint") for k in (3, 4, 5)],
        "others": [lambda x: x + x, lambda x: x * 2],
    }
    return code(**{**FACTS, **facts, **changes})


def test_a_sound_exercise_has_no_problems():
    assert problems(planted()) == []


@pytest.mark.parametrize(
    ("changes", "say"),
    [
        ({"mistakes": [wrong(str(k), lambda x, k=k: k * x, "h") for k in (2, 3)]}, "cannot tell"),
        ({"mistakes": [wrong(n, lambda x: 3 * x, "h") for n in "abc"]}, "is taken for 'a'"),
        ({"mistakes": [wrong("a", lambda x: 3 * x, "h")]}, "fewer than 3"),
        ({"others": [lambda x: 3 * x, lambda x: x + x]}, "other answer 1 does not pass"),
        ({"others": []}, "fewer than 2"),
        ({"reference": lambda x: None}, "passes unsolved"),
        ({"hints": ["a", "", "c"]}, "a hint is empty"),
        ({"mistakes": [wrong("a", lambda x, k=k: k * x, "h") for k in (3, 4, 5)]}, "one name"),
        ({"probes": [probe(1.0), probe(0.0)],
          "mistakes": [wrong("a", lambda x: x + 1, "h"), wrong("b", lambda x: x + x * x, "h")]},
         "'b' passes"),
    ],
)  # fmt: skip
def test_what_is_unsound_is_found(changes, say):
    assert any(say in sentence for sentence in problems(planted(**changes)))


def test_a_prediction_whose_mistake_is_within_its_tolerance_is_found():
    exercise = predict(
        **FACTS,
        question="?",
        answer=1.0,
        mistakes=[wrong("near", 1.001, "h"), wrong("a", 2.0, "h"), wrong("b", 3.0, "h")],
    )
    assert any("'near' passes" in sentence for sentence in problems(exercise))
