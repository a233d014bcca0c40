"""The course map tells what is passed, what comes next, and links only to what exists."""

import os
import re
from pathlib import Path

import pytest
from test_course import write_lesson

from rnncourse import check, course, progress


@pytest.fixture(autouse=True)
def fresh(learner_home, monkeypatch):
    """An empty home; nothing waiting to be written."""
    monkeypatch.setattr(progress, "_unsaved", [])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Lessons 00 and 02 with notebooks, lesson 01 without; the kernel runs in notebooks/."""
    for slug, title in [("00_start", "Start"), ("01_seq", "A < B & C"), ("02_neuron", "Neuron")]:
        facts = f'{{lesson: "{slug[:2]}", title: "{title}", part: "I · Memory", minutes: 25}}'
        write_lesson(tmp_path, slug, facts)
    for name in ("00_start", "02_neuron"):
        for kind, stem in (("notebooks", name), ("exercises", f"{name}_exercises")):
            (tmp_path / kind).mkdir(exist_ok=True)
            (tmp_path / kind / f"{stem}.ipynb").touch()
    monkeypatch.setattr(course, "root", lambda: tmp_path)
    monkeypatch.chdir(tmp_path / "notebooks")
    return tmp_path


def pass_lesson(number):
    for exercise in check.exercises():
        if exercise.lesson == number:
            progress.record(exercise.id, number, True)


def shown():
    bundle = progress.show()._repr_mimebundle_()
    return bundle["text/html"], bundle["text/plain"]


def test_a_fresh_learner_sees_the_same_map_every_time(folder):
    first = shown()
    assert first == shown()
    assert not re.search(r"20\d\d-\d\d|" + re.escape(str(folder)), "".join(first))
    assert first[1].startswith("Begin with 00 Start\n0 of ")
    assert "▶ 00  Start" in first[1]


def test_only_notebooks_that_exist_are_links_relative_to_the_notebooks_folder(folder):
    links = re.findall(r'href="([^"]+)"', shown()[0])
    exercises = "../exercises/{}_exercises.ipynb"
    assert set(links) == {
        *("00_start.ipynb", "02_neuron.ipynb"),
        *(exercises.format("00_start"), exercises.format("02_neuron")),
    }
    assert all(Path(os.getcwd(), link).is_file() for link in links)


def test_the_map_moves_on_with_the_learner(folder):
    pass_lesson("00")
    html, text = shown()
    assert text.startswith("One lesson done. Next: 01 A < B & C\n")
    assert [re.search(rf"(\S) {n}  ", text)[1] for n in ("00", "01", "02")] == list("✓▶○")
    marks = re.findall(r'rnnc-line rnnc-(\w+)"', html)
    assert marks[:3] == ["done", "next", "open"]
    assert set(marks[3:]) == {"planned"}


def test_titles_are_escaped(folder):
    assert "A &lt; B &amp; C" in shown()[0]
    assert "A < B" not in shown()[0]


def test_every_lesson_of_the_plan_is_on_the_map_once(folder):
    numbers = re.findall(r'rnnc-number">(\d\d)<', shown()[0])
    assert numbers == sorted({"00", "01", "02"} | {number for number, _, _ in course.PLANNED})


def test_without_its_styles_the_map_still_reads(folder):
    """JupyterLab strips the style element from the outputs of a notebook it does not trust yet."""
    html = re.sub(r"<style>.*?</style>", "", shown()[0], flags=re.DOTALL)
    words = " ".join(re.sub(r"<[^>]+>", " ", html).split())
    assert "▶ 00 Start start · 25 min · " in words
    assert "Part IV · The world" in words


def test_colours_follow_the_theme(folder):
    html = shown()[0]
    assert "var(--jp-content-font-color1" in html
    assert 'body[data-jp-theme-light="false"] .rnnc-map' in html


def test_trouble_is_one_sentence_and_no_map(folder, monkeypatch, capsys):
    (folder / "file").touch()
    (folder / "lessons" / "00_start.py").write_text("no header")
    assert progress.show() is None
    assert capsys.readouterr().out.count("\n") == 1
