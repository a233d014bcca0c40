"""All data without the internet, without a warning, fast, and without heavy packages."""

import subprocess
import sys

import pytest

OFFLINE = """
import socket, sys, time
class Refused(socket.socket):
    def __init__(self, *args, **kwargs):
        raise AssertionError("a socket was opened")
socket.socket = Refused
started = time.process_time()
from rnncourse.data import series, speech, teaser, text
series.sunspots(), series.co2(), text.lee(), text.lee("character")
speech.load(), speech.clips(), teaser.load(), teaser.seeds_table()
seconds = time.process_time() - started
heavy = {"torch", "matplotlib", "scipy", "pandas", "statsmodels", "gensim"} & set(sys.modules)
assert not heavy, heavy
if len(sys.argv) > 1:
    text.wikipedia()
print(seconds)
"""


def run(*arguments: str) -> float:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", OFFLINE, *arguments], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return float(done.stdout)


def test_all_data_load_without_sockets_heavy_packages_or_warnings_in_under_two_seconds():
    assert run() < 2  # seconds of the processor, NumPy's import included


@pytest.mark.slow
def test_the_wikipedia_sample_needs_no_socket_either():
    run("wikipedia")


def test_data_stand_on_words_and_cells_alone():
    code = (
        "import sys, rnncourse.data; print(*(m for m in sys.modules if m.startswith('rnncourse.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "rnncourse.data.teaser" in loaded
    assert not loaded & {f"rnncourse.{room}" for room in ("train", "check", "draw", "play", "cli")}
