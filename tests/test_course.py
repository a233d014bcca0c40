"""The lessons are read from the headers of their sources, and a name finds its lesson."""

import pytest

from rnncourse import course

HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation: {{extension: .py, format_name: percent}}
#   kernelspec: {{display_name: Python 3 (ipykernel), language: python, name: python3}}
#   rnncourse: {facts}
# ---

# %% [markdown]
# # A lesson
"""


def write_lesson(folder, slug, facts):
    (folder / "lessons").mkdir(exist_ok=True, parents=True)
    (folder / "pyproject.toml").touch()
    path = folder / "lessons" / f"{slug}.py"
    path.write_text(HEADER.format(facts=facts), encoding="utf-8")
    return path


@pytest.fixture
def small(tmp_path):
    """A course of three lessons, written out of order, with one exercise set."""
    write_lesson(
        tmp_path,
        "02_recurrent_neuron",
        '{lesson: "02", title: "The recurrent neuron", part: "I · Memory", minutes: 40}',
    )
    write_lesson(
        tmp_path,
        "00_start_here",
        '{lesson: "00", title: "Start here", part: "I · Memory", minutes: 10}',
    )
    write_lesson(
        tmp_path, "07_lstm", '{lesson: "07", title: "The LSTM", part: "II · Cells", minutes: 30}'
    )
    write_lesson(tmp_path, "02_recurrent_neuron_exercises", '{lesson: "02"}')
    (tmp_path / "lessons" / "notes.py").write_text("# no lesson")
    return tmp_path


def test_lessons_come_in_order_with_their_facts_and_notebooks(small):
    lessons = course.lessons(small)
    assert [lesson.number for lesson in lessons] == ["00", "02", "07"]
    neuron = lessons[1]
    assert (neuron.slug, neuron.title) == ("02_recurrent_neuron", "The recurrent neuron")
    assert (neuron.part, neuron.minutes) == ("I · Memory", 40)
    assert neuron.notebook == small / "notebooks" / "02_recurrent_neuron.ipynb"
    assert neuron.exercises == small / "exercises" / "02_recurrent_neuron_exercises.ipynb"
    assert neuron.solutions == small / "solutions" / "02_recurrent_neuron_exercises.ipynb"
    assert neuron.exercise_source.exists()


def test_the_lessons_of_this_checkout_are_its_sources():
    folder = course.root()
    sources = [p for p in folder.glob("lessons/[0-9]*.py") if not p.stem.endswith("_exercises")]
    assert {lesson.source for lesson in course.lessons()} == set(sources)


def test_a_written_lesson_is_no_longer_planned():
    written = {lesson.number for lesson in course.lessons()}
    planned = {number for number, _, _ in course.PLANNED}
    both = sorted(written & planned)
    assert not both, f"written by now: take {both} out of course.PLANNED"
    assert written | planned == {f"{number:02d}" for number in range(17)}


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ('{lesson: "02", title: "T", part: "I"}', "its header lacks minutes"),
        ('{lesson: "03", title: "T", part: "I", minutes: 5}', "says lesson '03', not \"02\""),
        ('{lesson: 2, title: "T", part: "I", minutes: 5}', "says lesson 2"),
        ('{lesson: "02", title: "T", part: "I", minutes: long}', "whole number, not 'long'"),
        ('{lesson: "02", title: "T', "not valid YAML"),
        ("just a word", "has no 'rnncourse:"),
    ],
)
def test_a_header_that_cannot_be_used_is_named_in_a_sentence(tmp_path, facts, sentence):
    write_lesson(tmp_path, "02_broken", facts)
    with pytest.raises(course.CourseError, match=r"lessons/02_broken\.py") as error:
        course.lessons(tmp_path)
    assert sentence in str(error.value)


def test_a_source_without_header_is_named(tmp_path):
    write_lesson(tmp_path, "02_bare", "{}").write_text("# %%\nprint(1)\n")
    with pytest.raises(course.CourseError, match="does not begin with a header"):
        course.lessons(tmp_path)


@pytest.mark.parametrize(
    "name",
    [
        *("2", "02", "02_recurrent_neuron", "recurrent_neuron", "The recurrent neuron", " 02 "),
        "exercises/02_recurrent_neuron_exercises.ipynb",
        "lessons\\02_recurrent_neuron.py",
    ],
)
def test_a_lesson_is_found_by_number_name_title_or_file(small, name):
    assert course.find(name, small).number == "02"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("02_recurent_neuron", "did you mean 02_recurrent_neuron?"),
        ("lst", "did you mean 07_lstm?"),
        ("99", "the lessons are 00, 02, 07."),
        ("", "the lessons are 00, 02, 07."),
    ],
)
def test_an_unknown_lesson_gets_the_closest_one(small, name, sentence):
    with pytest.raises(course.CourseError) as error:
        course.find(name, small)
    assert str(error.value).endswith(sentence)


def test_the_course_is_found_from_a_folder_inside_it(small, monkeypatch):
    inside = small / "notebooks" / "deep"
    inside.mkdir(parents=True)
    monkeypatch.chdir(inside)
    monkeypatch.setattr(course, "__file__", str(small.parent / "elsewhere" / "rnncourse" / "x.py"))
    assert course.root() == small


def test_no_course_is_said_in_a_sentence(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(course, "__file__", str(tmp_path / "rnncourse" / "course.py"))
    with pytest.raises(course.CourseError, match="inside the course folder"):
        course.root()
