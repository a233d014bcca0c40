"""What start.py installs and when, and the sentence for every installation that fails.

Nothing real is installed: a small program stands in for uv, for the environment's Python and for
pip, and writes down how it was called.
"""

import http.server
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from authoring import environment

ROOT = Path(__file__).resolve().parents[1]
COPIED = ["start.py", "authoring/__init__.py", "authoring/environment.py"]
COPIED += ["pyproject.toml", "constraints.txt"]
posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in programs are scripts")

# Stands in for `uv`, and as .venv/bin/python for the environment's interpreter and its pip. The
# second line is a command for sh and a string for Python: a first line "#!" knows no spaces.
STAND_IN = f"""#!/bin/sh
''''exec "{sys.executable}" "$0" "$@" # '''
import os, shutil, sys
words = sys.argv[1:]
if words[0] == "-c":
    print(os.environ.get("CUDA", "None") if "torch" in words[1] else sys.version_info[:2])
    sys.exit("no torch" if "torch" in words[1] and "BROKEN" in os.environ else 0)
with open(os.environ["CALLS"], "a", encoding="utf-8") as calls:
    print(os.path.basename(sys.argv[0]), *words, file=calls)
if words[0] == "venv":
    os.makedirs(words[-1] + "/bin")
    shutil.copy(sys.argv[0], words[-1] + "/bin/python")
if "install" in words:
    sys.exit(os.environ.get("FAILURE"))
if "rnncourse.cli" in words:
    print("LAB", *words)
"""


class Checkout:
    """A copy of what start.py needs, in a folder of its own, with the stand-in as `uv`."""

    def __init__(self, folder):
        self.folder = folder
        self.calls = folder.parent / "calls.txt"
        for name in COPIED:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        module = folder / "authoring" / "environment.py"
        text = module.read_text(encoding="utf-8").replace(
            environment.CPU_WHEELS, "http://127.0.0.1:9/"
        )
        module.write_text(text, encoding="utf-8")
        self.programs = folder.parent / "programs"
        self.stand_in(self.programs / "uv")

    def stand_in(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(STAND_IN, encoding="utf-8")
        path.chmod(0o755)

    def start(self, *arguments, **variables):
        """Run start.py; return its exit status, stdout, stderr and the calls that it made."""
        self.calls.write_text("")
        path = os.pathsep.join([str(self.programs), "/usr/bin", "/bin"])
        done = subprocess.run(
            [sys.executable, self.folder / "start.py", *arguments],
            env={**os.environ, "PATH": path, "CALLS": str(self.calls), **variables},
            capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip
        return done.returncode, done.stdout, done.stderr, self.calls.read_text("utf-8").splitlines()


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path / "mit Leerzeichen é")


def installs(calls):
    return [call for call in calls if " install " in call]


def assert_one_sentence(stderr, *words):
    """The last line is start.py's, holds the words, and there is no traceback."""
    assert "Traceback" not in stderr
    last = stderr.strip().splitlines()[-1]
    assert last.startswith("start.py: ")
    for word in words:
        assert word in last


@posix
def test_a_first_start_installs_the_pins_and_opens_the_lab_from_any_path(checkout):
    status, out, _, calls = checkout.start("--no-browser", "--port", "9471")
    assert status == 0
    venv = str(checkout.folder / ".venv")
    assert calls[0].startswith("uv venv") and calls[0].endswith(venv)
    assert calls[1] == (
        f"uv pip install --python {venv}/bin/python --constraint constraints.txt --editable ."
    )
    assert len(calls) == 3
    assert "LAB -m rnncourse.cli lab --port 9471 --no-browser" in out


@posix
def test_a_second_start_installs_nothing_and_is_on_its_way_in_three_seconds(checkout):
    checkout.start("--no-browser")
    began = time.perf_counter()
    _, out, _, calls = checkout.start("--no-browser")
    assert time.perf_counter() - began < 3
    assert installs(calls) == []
    assert "LAB" in out


@posix
def test_without_uv_pip_installs_the_same(checkout):
    checkout.stand_in(checkout.folder / ".venv" / "bin" / "python")
    (checkout.programs / "uv").unlink()
    status, out, _, calls = checkout.start("--no-browser")
    assert status == 0
    assert "with pip" in out
    (call,) = installs(calls)
    assert call.startswith("python -m pip install")
    assert call.endswith("--constraint constraints.txt --editable .")


@posix
def test_extras_are_added_once_and_stay(checkout):
    checkout.start("--no-browser")
    assert installs(checkout.start("build", "--check")[3])[0].endswith("--editable .[author]")
    assert installs(checkout.start("--no-browser")[3]) == []
    *_, calls = checkout.start("build", "02", "--all")
    assert calls == ["python -m authoring.build 02 --all"]


@posix
def test_another_set_of_pins_is_installed_at_the_next_start(checkout):
    checkout.start("--no-browser")
    with (checkout.folder / "constraints.txt").open("a") as pins:
        pins.write("\n# changed\n")
    assert len(installs(checkout.start("--no-browser")[3])) == 1


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        ("ERROR: failed to resolve: Temporary failure in name resolution", "network .* again"),
        ("error: Failed to fetch: `https://x`  cause: dns error", "network .* again"),
        ("ERROR: [Errno 28] No space left on device", "disk is full: .* GB are free"),
        ("There is not enough space on the disk. (os error 112)", "disk is full"),
        ("torch==2.13.0 depends on cuda-toolkit<0, unsatisfiable", "CUDA build .* PIP_FIND_LINKS"),
        ("something nobody thought of", "the lines above .* `start.py clean`"),
    ],
)
def test_what_installers_write_comes_down_to_one_sentence(failure, words):
    sentence = str(environment.problem_behind(failure.lower()))
    assert re.search(words, sentence)
    assert sentence.startswith("start.py: ")
    assert "\n" not in sentence


@posix
def test_when_the_network_goes_half_way_a_second_run_recovers(checkout):
    failure = "error: Failed to fetch: `https://x`"
    status, _, stderr, _ = checkout.start("--no-browser", FAILURE=failure)
    assert status == 1
    assert failure in stderr
    assert_one_sentence(stderr, "the network went away", "run this again")
    status, out, _, calls = checkout.start("--no-browser")
    assert status == 0
    assert len(installs(calls)) == 1
    assert "LAB" in out


@posix
def test_a_cuda_build_of_torch_is_refused_even_after_it_was_installed(checkout):
    status, _, stderr, calls = checkout.start("--no-browser", CUDA="13.0")
    assert status == 1
    assert_one_sentence(stderr, "CUDA build (13.0)", "start.py clean")
    assert not any("rnncourse.cli" in call for call in calls)
    assert len(installs(checkout.start("--no-browser")[3])) == 1


@posix
def test_a_torch_that_does_not_load_is_named(checkout):
    status, _, stderr, _ = checkout.start("--no-browser", BROKEN="1")
    assert status == 1
    assert_one_sentence(stderr, "does not load", "no torch")


def test_the_cpu_wheels_are_asked_first_and_only_where_their_index_answers(tmp_path, monkeypatch):
    class Index(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    commands = []
    monkeypatch.setattr(environment, "run", lambda command, *_: commands.append(command))
    monkeypatch.setattr(environment, "VENV", tmp_path)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.HTTPServer(("127.0.0.1", 0), Index) as server:
        address = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(environment, "CPU_WHEELS", address)
        environment.install(None, [])
        server.shutdown()
    environment.install(None, [])
    assert commands[0][-2:] == ["--find-links", address]
    assert "--find-links" not in commands[1]


def test_an_index_that_never_answers_costs_no_more_than_its_timeout(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.perf_counter()
        assert not environment.answers(f"http://127.0.0.1:{silent.getsockname()[1]}/", 0.3)
    assert time.perf_counter() - began < 1.5


def test_uv_is_told_what_pip_is_configured_with(tmp_path, monkeypatch):
    settings = (
        "[global]\nfind-links = wheels\n  more\n[install]\nextra-index-url = http://a\n http://b\n"
    )
    (tmp_path / "pip.conf").write_text(settings)
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "UV_INDEX", "UV_INDEX_STRATEGY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_INDEX_URL", "http://mirror")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("UV_FIND_LINKS", raising=False)
    told = environment.uv_environment.__wrapped__()
    assert told["UV_FIND_LINKS"] == "wheels,more"
    assert told["UV_INDEX"] == "http://a http://b"
    assert told["UV_INDEX_STRATEGY"] == "unsafe-best-match"
    assert told["UV_DEFAULT_INDEX"] == "http://mirror"
    monkeypatch.setenv("UV_FIND_LINKS", "mine")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "http://c")
    told = environment.uv_environment.__wrapped__()
    assert told["UV_FIND_LINKS"] == "mine"
    assert told["UV_INDEX"] == "http://c"


@posix
def test_clean_removes_the_environment_and_caches_and_no_work(checkout):
    checkout.start("--no-browser")
    kept = ["exercises/02.ipynb", "exercises/.ipynb_checkpoints/02-checkpoint.ipynb", ".git/x"]
    caches = ["rnncourse/__pycache__/x.pyc", ".pytest_cache/x", "lessons/.ruff_cache/x"]
    for name in kept + caches:
        (checkout.folder / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout.folder / name).write_text("x")
    status, _, stderr, _ = checkout.start("clean")
    assert (status, stderr) == (0, "")
    left = {str(p.relative_to(checkout.folder)) for p in checkout.folder.rglob("*") if p.is_file()}
    assert left == {*kept, *COPIED}
    assert checkout.start("clean", "--all")[0] == 1
