"""The scripts in benchmarks/ find the course's Python, or say in one sentence what is missing."""

import os
import sys

import pytest

from authoring.sources import ROOT
from benchmarks import in_course

SCRIPTS = [
    path
    for path in sorted((ROOT / "benchmarks").glob("*.py"))
    if '__name__ == "__main__"' in path.read_text("utf-8") and path.stem != "in_course"
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_every_script_looks_for_the_course_first(script):
    text = script.read_text("utf-8")
    assert "import in_course" in text
    installed = [text.find(f"\n{word} {name}") for word in ("import", "from") for name in HEAVY]
    assert all(place < 0 or place > text.index("import in_course") for place in installed)


HEAVY = ("numpy", "torch", "rich", "rnncourse", "psutil")


def test_where_the_course_is_installed_nothing_happens():
    assert in_course.hand_over() is None


@pytest.mark.skipif(os.name == "nt", reason="Windows starts a second process instead")
def test_another_python_hands_over_to_the_courses_own(tmp_path, monkeypatch):
    own = tmp_path / ".venv" / "bin" / "python"
    own.parent.mkdir(parents=True)
    own.touch()
    started = []
    monkeypatch.setattr(os, "execv", lambda path, arguments: started.append((path, arguments)))
    monkeypatch.setattr(sys, "argv", ["papers.py", "--again"])
    in_course.hand_over(tmp_path, course="no-such-course")
    assert started == [(own, [str(own), "papers.py", "--again"])]


def test_without_any_environment_it_says_what_to_do(tmp_path):
    with pytest.raises(SystemExit, match=r"python3 start\.py"):
        in_course.hand_over(tmp_path, course="no-such-course")
