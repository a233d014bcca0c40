"""The command line: every command does its work, and bad input earns one sentence, exit code 2."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from test_course import write_lesson
from typer.testing import CliRunner

from rnncourse import check, cli, course, progress, store

SCRIPT = shutil.which("rnncourse", path=str(Path(sys.executable).parent))


@pytest.fixture(autouse=True)
def fresh(learner_home, monkeypatch):
    """An empty home; nothing waiting to be written."""
    monkeypatch.setattr(progress, "_unsaved", [])


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course folder of the first two lessons, without git, which the commands work on."""
    folder = tmp_path / "course"
    for slug, title in [("00_start_here", "Start here"), ("01_sequences", "Sequences")]:
        facts = f'{{lesson: "{slug[:2]}", title: "{title}", part: "I · Memory", minutes: 10}}'
        write_lesson(folder, slug, facts)
        write_lesson(folder, f"{slug}_exercises", facts)
        for kind, name in [("notebooks", slug), ("exercises", f"{slug}_exercises")]:
            (folder / kind).mkdir(exist_ok=True)
            (folder / kind / f"{name}.ipynb").write_text("{}")
    monkeypatch.setattr(course, "root", lambda: folder)
    return folder


def run(*arguments):
    """(exit code, stdout, stderr) of `rnncourse arguments`."""
    result = CliRunner().invoke(cli.app, [str(one) for one in arguments])
    return result.exit_code, result.stdout, result.stderr


def of_lesson(number):
    return [exercise for exercise in check.exercises() if exercise.lesson == number]


def pass_all_of(number):
    for exercise in of_lesson(number):
        progress.record(exercise.id, number, True)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["progres"], "No such command 'progres'. Did you mean 'progress'?"),
        (["reset"], "Missing argument"),
        (["reset", "77"], "There is no lesson '77': the lessons are 00, 01."),
        (["reset", "01_sequence"], "did you mean 01_sequences?"),
        (["reset", "1"], "was not found, neither in git nor as a copy"),
        (["links"], "no git remote yet"),
        (["lab", "--port", "soon"], "Invalid value for '--port'"),
        (["lab", "--port", "70000"], "Invalid value for '--port'"),
        (["lab", "--prot", "8888"], "No such option"),
        (["check"], "Give either --list or the path"),
        (["check", "--list", "x.ipynb"], "Give either --list or the path"),
        (["check", "x.ipynb"], "There is no notebook x.ipynb."),
        (["check", "."], "is a folder: name a notebook in it."),
        (["check", "77"], "There is no lesson '77'"),
        (["progress", "--load", "x.json"], "The file x.json cannot be read: No such file"),
        (["progress", "--save", "no/such/folder.json"], "cannot be written: No such file"),
        (["progress", "--save"], "requires an argument"),
    ],
)
def test_bad_input_earns_one_sentence_and_exit_code_2(folder, arguments, sentence):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


def test_a_file_that_is_no_notebook_earns_a_sentence(tmp_path):
    file = tmp_path / "x.ipynb"
    for content in ("", "{}", '{"cells": 3}', "[1]"):
        file.write_text(content)
        code, _, err = run("check", file)
        assert code == 2
        assert re.fullmatch(r".*(is not a notebook|holds no check of this course)\.\n", err)


def test_a_lesson_whose_header_is_broken_earns_a_sentence(folder):
    (folder / "lessons" / "00_start_here.py").write_text("print(1)")
    for command in ("progress", "lab", "links"):
        code, _, err = run(command)
        assert (code, err.count("\n")) == (2, 1)


def test_help_names_every_command():
    code, out, _ = run()
    assert code == 0
    for name in ("lab", "doctor", "progress", "check", "reset", "links"):
        assert name in out
    assert run("--help")[1] == out


def test_check_list_as_json_tells_every_exercise():
    code, out, err = run("check", "--list", "--json")
    rows = json.loads(out)
    assert (code, err) == (0, "")
    assert [row["id"] for row in rows] == [exercise.id for exercise in check.exercises()]
    keys = {"id", "lesson", "kind", "minutes", "difficulty", "objective", "misconceptions"}
    for row in rows:
        assert row.keys() == keys
        assert row["misconceptions"] >= 3
        assert row["kind"] in ("code", "predict", "choose")


def test_check_list_shows_every_exercise():
    _, out, _ = run("check", "--list")
    assert all(exercise.id in out for exercise in check.exercises())


def test_progress_of_a_fresh_learner_begins_with_lesson_00(folder):
    code, out, err = run("progress")
    assert (code, err) == (0, "")
    assert out.startswith("Begin with 00 Start here\n")
    assert "Next: Open notebooks/00_start_here.ipynb (10 minutes)." in out
    assert not store.path().exists(), "looking leaves nothing behind"


def test_an_exercise_that_is_checked_in_the_lesson_is_looked_for_there(folder):
    first, second = of_lesson("00")[:2]
    lesson = folder / "lessons" / "00_start_here.py"
    lesson.write_text(lesson.read_text() + f"\ncheck.{first.id}(answer)\n")
    progress.record(second.id, "00", True)
    assert f"Next: “{first.title}” in notebooks/00_start_here.ipynb." in run("progress")[1]


def test_progress_moves_on_when_a_lesson_is_passed(folder):
    pass_all_of("00")
    first, second = of_lesson("01")[:2]
    progress.record(first.id, "01", True)
    progress.record(first.id, "01", False)  # a later failure does not take the tick away
    progress.record(second.id, "01", False)
    _, out, _ = run("progress")
    assert out.startswith("One lesson done. Next: 01 Sequences\n")
    assert f"1 of {len(of_lesson('01'))}" in out
    assert f"Next: “{second.title}” in exercises/01_sequences_exercises.ipynb." in out


def test_progress_as_json_has_the_same_facts(folder):
    pass_all_of("00")
    facts = json.loads(run("progress", "--json")[1])
    first, second = facts["lessons"]
    assert (first["done"], second["done"], facts["next"]) == (True, False, "01")
    assert first["passed"] == first["total"] == len(of_lesson("00"))
    assert {one["attempts"] for one in first["exercises"]} == {1}


def test_all_done_is_said(folder):
    pass_all_of("00")
    pass_all_of("01")
    _, out, _ = run("progress")
    assert out.startswith("All 2 lessons done.\n")
    assert "Next: Every exercise is passed." in out


def test_progress_travels_by_save_and_load(folder, tmp_path, monkeypatch):
    pass_all_of("00")
    file, count = tmp_path / "carried.json", len(of_lesson("00"))
    assert f"{count} checks saved in" in run("progress", "--save", file)[2]
    monkeypatch.setenv("RNNCOURSE_HOME", str(tmp_path / "another machine"))
    assert f"{count} new checks taken over" in run("progress", "--load", file)[2]
    assert "0 new checks taken over" in run("progress", "--load", file)[2]
    assert json.loads(run("progress", "--json")[1])["next"] == "01"


def test_a_damaged_progress_file_keeps_json_clean(folder):
    store.path().write_bytes(b"no database" * 100)
    _, out, err = run("progress", "--json")
    assert json.loads(out)["next"] == "00"
    assert "damaged" in err


def test_reset_tells_where_the_learners_version_is(folder):
    from rnncourse import reset

    reset.keep_shipped(course.lessons(folder), folder)
    (folder / "exercises" / "00_start_here_exercises.ipynb").write_text("mine")
    _, out, _ = run("reset", "0")
    kept = re.search(r"Your version is kept as (exercises/\S+\.ipynb)\.", out)
    assert (folder / kept[1]).read_text() == "mine"
    assert "nothing to do" in run("reset", "0")[1]


def test_lab_keeps_to_this_machine_and_keeps_the_token(folder, monkeypatch):
    command = cli.lab_command(folder, port=9000, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in command
    assert "--ServerApp.port=9000" in command
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    assert not [word for word in command if "token" in word or "password" in word]
    if os.name == "posix":
        monkeypatch.setattr(os, "geteuid", lambda: 0)
        assert "--allow-root" in cli.lab_command(folder)
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        assert "--allow-root" not in cli.lab_command(folder)


def test_check_tells_what_passes_in_a_notebook_and_records_nothing(copy_of_course):
    unsolved = copy_of_course / "exercises" / "00_tiny_exercises.ipynb"
    before = unsolved.read_bytes()
    code, out, _ = run("check", unsolved)
    assert code == 1
    assert "0 of 2 checks pass." in out
    solved = copy_of_course / "solutions" / "00_tiny_exercises.ipynb"
    code, out, _ = run("check", solved, "--json")
    assert (code, [row["passed"] for row in json.loads(out)]) == (0, [True, True])
    assert unsolved.read_bytes() == before
    assert store.read() == []


def test_check_names_the_misconception_the_error_and_the_cell_without_end(tmp_path):
    import nbformat.v4 as v4

    wrong = of_lesson("00")[0]
    assert wrong.id == "running_total"
    cells = [
        "from rnncourse import check\nimport numpy as np",
        "check.running_total(lambda values: np.array(values))",
        "while True: pass",
        "check.largest_so_far(not_defined)",
    ]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    file = tmp_path / "mine.ipynb"
    file.write_text(json.dumps(notebook))
    code, out, _ = run("check", file, "--json", "--timeout", 5)
    first, second = json.loads(out)
    assert (code, first["passed"], second["passed"]) == (1, False, False)
    assert first["note"] in {mistake.name for mistake in wrong.mistakes}
    assert second["note"] == "NameError: name 'not_defined' is not defined"


def test_doctor_exits_1_only_where_something_essential_fails(monkeypatch):
    from rnncourse import doctor, looks

    monkeypatch.setattr(doctor, "LOOKS", (lambda: looks.warning("Disk", "small", "Make room."),))
    code, out, _ = run("doctor")
    assert code == 0
    assert "Make room." in out
    monkeypatch.setattr(doctor, "LOOKS", (lambda: looks.fault("Kernel", "dead", "Mend it."),))
    code, out, _ = run("doctor", "--json")
    assert code == 1
    assert json.loads(out) == [
        {"topic": "Kernel", "status": "fault", "text": "dead", "advice": "Mend it."}
    ]


def script(*arguments, **options):
    assert SCRIPT, "the console script is not installed beside this Python"
    return subprocess.run([SCRIPT, *arguments], capture_output=True, text=True, **options)


def test_the_installed_script_answers_and_complains_in_one_sentence():
    listing = script("check", "--list", "--json")
    assert listing.returncode == 0
    assert len(json.loads(listing.stdout)) == len(check.exercises())
    wrong = script("reset", "02_recurent_neuron")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert wrong.stderr.endswith("did you mean 02_recurrent_neuron?\n")
    assert wrong.stderr.count("\n") == 1


def test_the_signs_do_not_break_a_console_that_lacks_them():
    done = script("progress", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(os.name != "posix", reason="stops the server with SIGTERM")
def test_lab_serves_the_first_lesson_and_asks_for_the_token(tmp_path):
    log = tmp_path / "lab.log"
    environment = os.environ | {"JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with log.open("wb") as file:
        server = subprocess.Popen(
            [SCRIPT, "lab", "--no-browser", "--port", "18888"],
            stdout=file,
            stderr=file,
            env=environment,
        )
    try:
        deadline, found = time.monotonic() + 60, None
        while not found and time.monotonic() < deadline and server.poll() is None:
            time.sleep(0.2)
            found = re.search(r"http://127\.0\.0\.1:(\d+)/lab\S*\?token=(\w+)", log.read_text())
        assert found, log.read_text()[-2000:]
        base = f"http://127.0.0.1:{found[1]}"
        while True:  # the address is printed a moment before somebody answers there
            try:
                with urllib.request.urlopen(f"{base}/api/status?token={found[2]}") as answer:
                    assert answer.status == 200
                break
            except urllib.error.URLError as error:
                refused = isinstance(error.reason, ConnectionRefusedError)
                assert refused and time.monotonic() < deadline, error
                time.sleep(0.2)
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(f"{base}/api/contents")
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)
