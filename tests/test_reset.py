"""An exercise notebook is put back as shipped, and the learner's work is never lost."""

import shutil
import subprocess
import sys
from datetime import date

import pytest
from test_course import write_lesson

from rnncourse import course, reset

SHIPPED, MINE = b'{"cells": ["shipped"]}\n', b'{"cells": ["my work"]}\n'
FACTS = '{lesson: "02", title: "The recurrent neuron", part: "I", minutes: 40}'
NAME = "02_recurrent_neuron_exercises"
TODAY = date.today().isoformat()


def git(folder, *arguments):
    setting = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
    setting += ["-c", "init.defaultBranch=main", "-c", "protocol.file.allow=always"]
    subprocess.run(["git", "-C", folder, *setting, *arguments], check=True, capture_output=True)


def commit(folder):
    git(folder, "add", ".")
    git(folder, "commit", "-m", "A change")


@pytest.fixture
def folder(tmp_path):
    """A course folder that is no git checkout."""
    folder = tmp_path / "course"
    write_lesson(folder, "02_recurrent_neuron", FACTS)
    write_lesson(folder, NAME, FACTS)
    (folder / "exercises").mkdir()
    (folder / "exercises" / f"{NAME}.ipynb").write_bytes(SHIPPED)
    return folder


@pytest.fixture
def checkout(folder, tmp_path):
    """A clone of that course."""
    if shutil.which("git") is None:
        pytest.skip("git is not installed")
    git(folder, "init")
    commit(folder)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", str(folder), str(clone))
    return clone


def put_back(folder):
    lesson = course.find("2", folder)
    return lesson.exercises, reset.reset(lesson, folder)


def test_a_changed_notebook_is_put_back_and_the_copy_kept(checkout):
    notebook = course.find("2", checkout).exercises
    notebook.write_bytes(MINE)
    _, done = put_back(checkout)
    assert notebook.read_bytes() == SHIPPED
    assert done.copy == notebook.with_name(f"{NAME}.mine-{TODAY}.ipynb")
    assert done.copy.read_bytes() == MINE


def test_no_copy_is_ever_overwritten(checkout):
    notebook = course.find("2", checkout).exercises
    works = [b'{"cells": [%d]}' % number for number in range(3)]
    for work in works:
        notebook.write_bytes(work)
        put_back(checkout)
    copies = sorted(notebook.parent.glob("*.mine-*"))
    assert sorted(copy.read_bytes() for copy in copies) == works


@pytest.mark.parametrize("content", [SHIPPED, SHIPPED.replace(b"\n", b"\r\n")])
def test_an_unchanged_notebook_stays_and_gets_no_copy(checkout, content):
    notebook = course.find("2", checkout).exercises
    notebook.write_bytes(content)
    _, done = put_back(checkout)
    assert not done.changed
    assert [path.name for path in notebook.parent.iterdir()] == [notebook.name]
    assert notebook.read_bytes() == content


def test_a_deleted_notebook_comes_back(checkout):
    course.find("2", checkout).exercises.unlink()
    notebook, done = put_back(checkout)
    assert notebook.read_bytes() == SHIPPED
    assert done.copy is None


def test_work_that_was_committed_by_the_learner_is_not_taken_for_the_shipped_one(checkout):
    course.find("2", checkout).exercises.write_bytes(MINE)
    commit(checkout)
    notebook, done = put_back(checkout)
    assert notebook.read_bytes() == SHIPPED
    assert done.copy.read_bytes() == MINE


def test_the_shipped_notebook_is_the_one_of_the_last_update(folder, checkout):
    (folder / "exercises" / f"{NAME}.ipynb").write_bytes(b"shipped anew")
    commit(folder)
    course.find("2", checkout).exercises.with_name("notes.txt").write_text("mine")
    commit(checkout)
    git(checkout, "pull", "--no-rebase", "--no-edit")
    course.find("2", checkout).exercises.write_bytes(MINE)
    assert put_back(checkout)[0].read_bytes() == b"shipped anew"


def test_without_git_the_copy_of_the_first_start_is_taken(folder):
    lessons = course.lessons(folder)
    assert reset.keep_shipped(lessons, folder) == 1
    lessons[0].exercises.write_bytes(MINE)
    assert reset.keep_shipped(lessons, folder) == 0
    notebook, done = put_back(folder)
    assert notebook.read_bytes() == SHIPPED
    assert done.copy.read_bytes() == MINE


def test_a_copy_of_an_older_edition_is_not_taken(folder):
    reset.keep_shipped(course.lessons(folder), folder)
    lesson = course.find("2", folder)
    lesson.exercise_source.write_text("# a new edition")
    lesson.exercises.write_bytes(MINE)
    with pytest.raises(reset.ResetError, match="was not found"):
        reset.reset(lesson, folder)
    assert lesson.exercises.read_bytes() == MINE


def test_with_git_no_copies_are_made(checkout):
    assert reset.keep_shipped(course.lessons(checkout), checkout) == 0
    assert not (checkout / "exercises" / ".shipped").exists()


def test_the_authors_tools_make_the_shipped_notebook_again(copy_of_course):
    (copy_of_course / "pyproject.toml").touch()
    shutil.copytree(course.root() / "authoring", copy_of_course / "authoring")
    notebook = course.find("0", copy_of_course).exercises
    shipped = notebook.read_bytes()
    notebook.write_bytes(MINE)
    # in a process of its own: this one may hold the authoring package of the real checkout
    code = f"""
from pathlib import Path
from rnncourse import course, reset
folder = Path({str(copy_of_course)!r})
reset.reset(course.find("0", folder), folder)
"""
    subprocess.run([sys.executable, "-c", code], check=True)
    assert notebook.read_bytes() == shipped


def test_a_lesson_without_exercises_says_so(folder):
    write_lesson(folder, "03_bare", FACTS.replace("02", "03"))
    with pytest.raises(reset.ResetError, match=r"Lesson 03 has no exercises\."):
        reset.reset(course.find("3", folder), folder)


def test_a_folder_that_cannot_take_the_copy_leaves_the_notebook_alone(checkout, monkeypatch):
    notebook = course.find("2", checkout).exercises
    notebook.write_bytes(MINE)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(reset, "_keep", full)
    with pytest.raises(reset.ResetError, match="left as it is: No space left"):
        put_back(checkout)
    assert notebook.read_bytes() == MINE
