"""What all tests share: a learner's home of their own, one thread a process, no network.

The whole suite also passes with the network cut altogether (Linux, after installation):

    unshare -rn sh -c 'ip link set lo up && exec .venv/bin/python -m pytest -n 2'
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # authoring/, benchmarks/ and start.py are not installed

HOME = tempfile.mkdtemp(prefix="rnncourse-test-")
os.environ["RNNCOURSE_HOME"] = HOME
os.environ["IPYTHONDIR"] = str(Path(HOME) / "ipython")
os.environ["PYTHONIOENCODING"] = "utf-8"
for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"
os.environ.pop("MPLBACKEND", None)  # each kernel takes the inline one by itself
os.environ.setdefault("COLUMNS", "100")


def pytest_unconfigure(config):
    shutil.rmtree(HOME, ignore_errors=True)


class NetworkUsed(RuntimeError):
    """A test tried to leave this machine."""


def _guarded(connect):
    def guarded(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = str(address[0])
            if not (host.startswith("127.") or host in ("::1", "localhost", "")):
                raise NetworkUsed(f"a test tried to reach {host}; everything works offline")
        return connect(self, address)

    return guarded


@pytest.fixture(autouse=True, scope="session")
def _only_this_machine():
    """Let the test process reach loopback and Unix sockets only."""
    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", _guarded(socket.socket.connect))
    patch.setattr(socket.socket, "connect_ex", _guarded(socket.socket.connect_ex))
    yield
    patch.undo()


@pytest.fixture
def learner_home(tmp_path, monkeypatch):
    """An empty home for the learner's state, for this test alone."""
    home = tmp_path / "learner"
    home.mkdir()
    monkeypatch.setenv("RNNCOURSE_HOME", str(home))
    return home


@pytest.fixture(scope="session")
def network_cut():
    """The words to put before a command so that it runs with the network cut; skips elsewhere."""
    prefix = ["unshare", "-rn", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]
    if not (shutil.which("unshare") and shutil.which("ip")):
        pytest.skip("no network namespaces on this machine")
    if subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("network namespaces are not allowed on this machine")
    return prefix


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Keep a file's tests on one worker, but let each test of a notebook go where one is free.

    Without this, `--dist loadfile` would run all notebooks one after the other.
    """
    from xdist.scheduler import LoadFileScheduling

    class NotebooksApart(LoadFileScheduling):
        def _split_scope(self, nodeid):
            return nodeid if "test_notebooks.py::" in nodeid else super()._split_scope(nodeid)

    return NotebooksApart(config, log)


HEADER = """\
# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "00", title: "Tiny", part: "I", minutes: 5}
# ---
"""
TINY_LESSON = """
# %% [markdown]
# # Tiny
#
# What is a running total?
#
# {{question what_was_lost}}

# %% [markdown] tags=["instructor"]
# Five minutes. Draw a loop.

# %%
import sys

import numpy as np

print("one")
print("two")
print(np.cumsum([1, 2, 3]))

# %%
sys.version_info.major

# %% [markdown]
# ## A knob

# %% tags=["nbval-ignore-output"]
import ipywidgets


class Knob(ipywidgets.IntSlider):
    def _repr_mimebundle_(self, **options):
        data = super()._repr_mimebundle_(**options)
        picture = {"image/png": "iVBORw0KGgo=", "text/plain": "Figure: a knob"}
        return data | picture, {"image/png": {"alt": "a knob"}}


Knob()

# %% tags=["nbval-ignore-output"]
ipywidgets.IntSlider()

# %% tags=["raises-exception"]
np.ones(3) @ np.ones(4)
"""
TINY_SHEET = """
# %% [markdown]
# # Tiny: exercises

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# {{exercise running_total}}
#
# Return after each number the sum so far.


# %%
def running_total(values):
    "Every sum so far."
    ### BEGIN SOLUTION
    return np.cumsum(values)
    ### END SOLUTION


# %%
check.running_total(running_total)

# %% [markdown]
# {{exercise what_was_lost}}
#
# {{question what_was_lost}}

# %%
answer = ...
### BEGIN SOLUTION
answer = "c"
### END SOLUTION

# %%
check.what_was_lost(answer)
"""


@pytest.fixture(scope="session")
def tiny_course(tmp_path_factory):
    """A built checkout of one lesson and two exercises. Don't write into it: `copy_of_course`."""
    from authoring import build

    root = tmp_path_factory.mktemp("course")
    (root / "lessons").mkdir()
    (root / "lessons" / "00_tiny.py").write_text(HEADER + TINY_LESSON, "utf-8")
    (root / "lessons" / "00_tiny_exercises.py").write_text(HEADER + TINY_SHEET, "utf-8")
    assert build.main(["--root", str(root)]) == 0
    return root


@pytest.fixture
def copy_of_course(tiny_course, tmp_path):
    """A copy of the tiny course, to plant faults in."""
    return Path(shutil.copytree(tiny_course, tmp_path / "course"))
