"""Progress survives two writers, a kill, a damaged file, a full disk and a journey."""

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing

import pytest

from rnncourse import carry, progress, store

POSIX = os.name == "posix"
WRITER = """
import sys
from rnncourse import progress, store
print("ready", flush=True)
sys.stdin.readline()
for number in range(int(sys.argv[2])):
    progress.record(sys.argv[1], "02", number % 2 == 0, None, 0.01)
    print(number, flush=True)
"""


@pytest.fixture(autouse=True)
def fresh(learner_home, monkeypatch):
    """Nothing said, nothing waiting, an empty home."""
    monkeypatch.setattr(progress, "_unsaved", [])
    monkeypatch.setattr(progress, "_said", set())


def writer(name, count):
    command = [sys.executable, "-c", WRITER, name, str(count)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    one = subprocess.Popen(command, **pipes, text=True, bufsize=1)
    assert one.stdout.readline() == "ready\n"
    return one


def rows():
    with closing(sqlite3.connect(store.path())) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return connection.execute("SELECT count(*) FROM attempt").fetchone()[0]


def test_an_attempt_keeps_what_was_announced():
    progress.record("neuron_step", "02", False, "feeds back the input", 0.0312, extra="ignored")
    (attempt,) = store.read()
    assert (attempt.exercise, attempt.lesson, attempt.passed) == ("neuron_step", "02", False)
    assert (attempt.misconception, attempt.seconds) == ("feeds back the input", 0.0312)
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", attempt.at)


def test_two_kernels_writing_at_once_lose_nothing():
    writers = [writer("first", 200), writer("second", 200)]
    for one in writers:
        one.stdin.write("go\n")
    said = [one.communicate(timeout=120)[0] for one in writers]
    assert rows() == 400
    assert [text.split() for text in said] == [[str(n) for n in range(200)]] * 2
    names = [attempt.exercise for attempt in store.read()]
    assert max(names.index("first"), names.index("second")) < 200, (
        "the writers took turns, so this test proves nothing"
    )


@pytest.mark.skipif(not POSIX, reason="SIGKILL is POSIX")
def test_what_was_written_before_a_kill_is_still_there():
    acknowledged = 0
    for round_ in range(4):
        one = writer(f"round {round_}", 100_000)
        one.stdin.write("go\n")
        for _ in range(5):
            one.stdout.readline()
        time.sleep(random.Random(round_).uniform(0, 0.05))
        one.send_signal(signal.SIGKILL)
        acknowledged += 5 + len(one.communicate()[0].split("\n")) - 1
        assert one.returncode == -signal.SIGKILL
        assert rows() >= acknowledged
    progress.record("after", "02", True)
    assert store.read()[-1].exercise == "after"


@pytest.mark.skipif(not POSIX, reason="SIGKILL is POSIX")
def test_a_row_half_written_when_killed_is_taken_back():
    progress.record("before", "02", True)
    half = """
import os, signal, sqlite3
from rnncourse import store
connection = sqlite3.connect(store.path(), isolation_level=None)
connection.execute("PRAGMA cache_size = 1")  # so that the file itself is changed before the commit
connection.execute("BEGIN IMMEDIATE")
for number in range(2000):
    connection.execute(store.INSERT, (f"id {number}", "x" * 500, "02", 1, None, 0.0, "now"))
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", half])
    assert done.returncode == -signal.SIGKILL
    assert store.path().stat().st_size > 500_000, "nothing was half-written: a proof of nothing"
    assert [attempt.exercise for attempt in store.read()] == ["before"]
    assert rows() == 1


def damage_header():
    store.path().write_bytes(b"This is no database, it is a letter to the learner. " * 40)


def damage_middle():
    content = bytearray(store.path().read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    store.path().write_bytes(content)


def damage_index():
    """Damage that reading the rows would not notice."""
    with closing(sqlite3.connect(store.path())) as connection:
        found = connection.execute("SELECT rootpage FROM sqlite_master WHERE type = 'index'")
        page = found.fetchone()[0]
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    content = bytearray(store.path().read_bytes())
    content[(page - 1) * size : page * size] = b"\xff" * size
    store.path().write_bytes(content)


@pytest.mark.parametrize("damage", [damage_header, damage_middle, damage_index])
def test_a_damaged_file_is_set_aside_and_a_new_one_begins(damage, capsys, learner_home):
    for number in range(50):
        progress.record(f"exercise {number}", "02", True)
    damage()
    kept = store.path().read_bytes()
    assert store.read() == []
    progress.record("after", "02", True)
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    (aside,) = learner_home.glob("progress.corrupt-20??-??-??-*.sqlite")
    assert f"damaged: it is kept as {aside}" in said
    assert aside.read_bytes() == kept
    assert [attempt.exercise for attempt in store.read()] == ["after"]


def test_recording_into_a_damaged_file_says_one_sentence_and_records(capsys):
    progress.record("before", "02", True)
    damage_header()
    progress.record("after", "02", True)
    assert [attempt.exercise for attempt in store.read()] == ["after"]
    assert capsys.readouterr().out.count("\n") == 1


def test_a_second_damaged_file_does_not_overwrite_the_first(learner_home):
    for content in (b"first" * 500, b"second" * 500):
        store.path().write_bytes(content)
        progress.record("after", "02", True)
    asides = list(learner_home.glob("progress.corrupt-*.sqlite"))
    assert {aside.read_bytes()[:5] for aside in asides} == {b"first", b"secon"}


def test_a_file_of_a_newer_version_is_left_alone(capsys):
    progress.record("before", "02", True)
    with closing(sqlite3.connect(store.path())) as connection:
        connection.execute(f"PRAGMA user_version = {len(store.MIGRATIONS) + 1}")
    before = store.path().read_bytes()
    progress.record("after", "02", True)
    progress.record("after", "02", True)
    assert store.path().read_bytes() == before
    said = capsys.readouterr().out
    assert said.count("newer version") == 1
    assert said.count("\n") == 1


def test_an_older_file_is_brought_up_to_date_with_its_rows(monkeypatch):
    progress.record("before", "02", True)
    more = (*store.MIGRATIONS, "CREATE TABLE note (text TEXT)")
    monkeypatch.setattr(store, "MIGRATIONS", more)
    assert [attempt.exercise for attempt in store.read()] == ["before"]
    with closing(sqlite3.connect(store.path())) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)


def test_a_locked_file_delays_once_and_loses_nothing(capsys, monkeypatch):
    real = store.add
    waits = []

    def impatient(attempts, wait, say):
        waits.append(wait)
        return real(attempts, wait=0.05, say=say)

    monkeypatch.setattr(store, "add", impatient)
    progress.record("first", "02", True)
    with closing(sqlite3.connect(store.path(), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        progress.record("second", "02", True)
        progress.record("third", "02", True)
    progress.record("fourth", "02", True)
    assert "another program keeps it locked" in capsys.readouterr().out
    assert waits[1] > waits[2], "only the first check waits long"
    assert {one.exercise for one in store.read()} == {"first", "second", "third", "fourth"}
    assert progress._unsaved == []


RECORD_TWICE = """
from rnncourse import progress
progress.record("one", "02", True)
progress.record("two", "02", True)
print("the check went on")
"""


def run(code):
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    return done.stdout.splitlines()


def can_become_nobody():
    """Whether a child may give up root (in a user namespace of one user it may not)."""
    code = "import os; os.getuid() or os.setuid(65534)"
    return (
        POSIX
        and subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode == 0
    )


@pytest.mark.skipif(not can_become_nobody(), reason="root writes anywhere, and stays root here")
def test_a_folder_that_is_read_only_is_said_once_and_disturbs_nothing(monkeypatch):
    nobody = "import platform, sqlite3, rnncourse.store, rnncourse.progress, os\n"
    nobody += "if os.getuid() == 0: os.setuid(65534)\n"  # root may write anywhere
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o555)
        monkeypatch.setenv("RNNCOURSE_HOME", home)
        said = run(nobody + RECORD_TWICE)
        assert os.listdir(home) == []
    assert len(said) == 2
    assert "Your progress is not being saved." in said[0]
    assert said[1] == "the check went on"


def test_a_home_that_cannot_be_a_folder_is_said_once(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("RNNCOURSE_HOME", str(tmp_path / "file" / "home"))
    said = run(RECORD_TWICE)
    assert len(said) == 2
    assert "cannot be made" in said[0]


@pytest.mark.skipif(not POSIX, reason="resource limits are POSIX")
def test_a_full_disk_is_said_once_and_keeps_what_is_there():
    progress.record("before", "02", True)
    size = store.path().stat().st_size
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    fill = 'import rnncourse.progress as p\n[p.record("x" * 900, "02", True) for _ in range(9)]\n'
    said = run(limit + fill + RECORD_TWICE)
    assert len(said) == 2
    assert "the disk is full" in said[0]
    assert "before" in {attempt.exercise for attempt in store.read()}
    assert rows() < 12


def test_progress_travels_and_merging_twice_changes_nothing(tmp_path, learner_home, monkeypatch):
    progress.record("here", "02", False, "feeds back the input", 0.1)
    progress.record("here", "02", True, None, 0.2)
    here = store.read()
    saved = tmp_path / "progress.json"
    assert carry.save(saved) == 2
    monkeypatch.setenv("RNNCOURSE_HOME", str(tmp_path / "another machine"))
    progress.record("there", "01", True, None, 0.3)
    assert carry.load(saved) == 2
    assert carry.load(saved) == 0
    merged = store.read()
    assert [one for one in merged if one.exercise == "here"] == here
    assert len(merged) == 3


def test_saving_again_elsewhere_keeps_what_the_file_held(tmp_path, monkeypatch):
    saved = tmp_path / "progress.json"
    progress.record("yesterday", "02", True)
    carry.save(saved)
    monkeypatch.setenv("RNNCOURSE_HOME", str(tmp_path / "a new session"))
    progress.record("today", "02", True)
    assert carry.save(saved) == 2
    assert {one.exercise for one in carry.read_saved(saved)} == {"yesterday", "today"}


ROW = {"id": "a", "exercise": "e", "lesson": "02", "passed": True, "misconception": None}
ROW |= {"seconds": 0.1, "at": "2026-01-01T00:00:00.000+00:00"}


def saved_with(**changes):
    whole = {"format": "rnncourse-progress", "version": 1, "attempts": [ROW | changes]}
    return json.dumps(whole)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "is not a saved progress file"),
        ("{", "is not a saved progress file"),
        ("[" * 100_000, "is not a saved progress file"),
        ("[1, 2]", "is not a saved progress file"),
        ('{"cells": [], "nbformat": 4}', "is not a saved progress file"),
        ('{"format": "rnncourse-progress", "version": 2}', "another version"),
        ('{"format": "rnncourse-progress", "version": 1}', "is damaged"),
        ('{"format": "rnncourse-progress", "version": 1, "attempts": [3]}', "is damaged"),
        (saved_with(passed="yes"), "is damaged"),
        (saved_with(seconds=float("nan")), "is damaged"),
        (saved_with(seconds=10**400), "is damaged"),
        (saved_with(seconds=True), "is damaged"),
        (saved_with(exercise=""), "is damaged"),
        (saved_with(misconception="\ud800"), "is damaged"),
        (saved_with(more=1), "is damaged"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole_and_never_overwritten(tmp_path, content, sentence):
    file = tmp_path / "some.json"
    file.write_text(content)
    progress.record("mine", "02", True)
    with pytest.raises(store.StoreError, match=sentence):
        carry.load(file)
    with pytest.raises(store.StoreError, match=sentence):
        carry.save(file)
    assert file.read_text() == content
    assert [attempt.exercise for attempt in store.read()] == ["mine"]


def test_a_sound_saved_row_is_taken(tmp_path):
    file = tmp_path / "some.json"
    file.write_text(saved_with())
    assert carry.load(file) == 1
    assert store.read() == [store.Attempt(**ROW)]


@pytest.mark.parametrize("odd", ["two\nlines", "half a pair \ud800", "", 3.5])
def test_an_odd_misconception_neither_blocks_the_file_nor_the_journey(tmp_path, odd):
    progress.record("odd", "02", False, odd)
    progress.record("next", "02", True)
    assert len(store.read()) == 2
    carry.save(tmp_path / "saved.json")
    assert len(carry.read_saved(tmp_path / "saved.json")) == 2
