"""start.py on machines that do not fit, and what it starts on those that do."""

import ast
import errno
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import start
from authoring import environment

ROOT = Path(__file__).resolve().parents[1]
OURS = ["start.py", "authoring/__init__.py", "authoring/environment.py"]
posix = pytest.mark.skipif(os.name != "posix", reason="users, apt and exec are POSIX matters")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 9), (3, 10, 14), (3, 14, 0)])
def test_a_python_that_is_too_old_or_too_new_is_told_which_ones_fit(version):
    pretend = f"import runpy, sys; sys.version_info = {version}; sys.argv = ['start.py']; "
    pretend += "runpy.run_path('start.py', run_name='__main__')"
    done = subprocess.run(
        [sys.executable, "-c", pretend], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert sentence.startswith(f"start.py: this is Python {version[0]}.{version[1]}, ")
    assert "3.11 to 3.13" in sentence


def test_a_fitting_python_on_the_path_is_named(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: name if name == "python3.12" else None)
    assert start.python_advice((3, 9)).endswith("run `python3.12 start.py`.")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert "python.org" in start.python_advice((3, 9))
    assert start.python_advice((3, 13, 1)) is None


def test_a_python_of_2016_can_read_start_py():
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 6))
    with pytest.raises(SyntaxError):
        ast.parse("if (n := 3): pass", feature_version=(3, 6))


@pytest.mark.parametrize("name", OURS)
def test_only_the_standard_library_is_imported(name):
    tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
    imported = {
        module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for module in ([node.module] if hasattr(node, "module") else [n.name for n in node.names])
    }
    assert imported <= sys.stdlib_module_names | {"authoring"}


@pytest.mark.parametrize(("system", "machine"), [("Darwin", "x86_64"), ("Windows", "ARM64")])
def test_a_machine_without_torch_is_told_before_anything_is_installed(system, machine):
    with pytest.raises(environment.Problem, match=r"PyTorch is not made for .* Binder"):
        environment.check_machine(system, machine)
    environment.check_machine("Linux", "aarch64")


@pytest.mark.parametrize("missing", ["venv", "ensurepip"])
def test_a_python_without_venv_or_ensurepip_says_what_to_install(missing, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment.importlib.util, "find_spec", lambda name: name != missing)
    with pytest.raises(environment.Problem, match=r"sudo apt install python3-venv"):
        environment.make_venv(None)


def test_a_nearly_full_disk_is_noticed_before_the_download(tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(environment, "STAMP", tmp_path / ".venv" / "stamp")
    monkeypatch.setattr(environment, "NEEDED_BYTES", 10**18)
    with pytest.raises(environment.Problem, match=r"disk is full: .* GB are free for .*make room"):
        environment.ensure_installed([])
    assert list(tmp_path.iterdir()) == []


def raises(error):
    def function(*_):
        raise error

    return function


def test_a_disk_that_fills_up_and_ctrl_c_end_in_a_sentence(monkeypatch):
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setenv("PYTHONUTF8", "1")
    monkeypatch.setattr(start.sys, "stdout", sys.__stdout__)
    monkeypatch.setattr(start.sys, "stderr", sys.__stderr__)
    for error, words in [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "/x/.venv"), "denied: /x/.venv"),
        (KeyboardInterrupt(), "run it again and it goes on"),
    ]:
        monkeypatch.setattr(start, "ensure_installed", raises(error))
        with pytest.raises(SystemExit, match=words):
            start.main(["--no-browser"])


@pytest.fixture
def handed_over(monkeypatch):
    """The arguments that the environment's Python would be started with, one list a start."""
    started = []
    monkeypatch.setattr(start, "ensure_installed", lambda extras: started.append(extras))
    monkeypatch.setattr(start, "hand_over", started.append)
    return started


def test_a_taken_port_gives_way_to_the_next_free_one_and_says_so(handed_over, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        start.lab(["--port", str(port)])
    given = handed_over[1][handed_over[1].index("--port") + 1]
    assert int(given) > port
    assert f"port {port} is taken, so JupyterLab takes {given}." in capsys.readouterr().out


def test_a_port_that_nobody_can_have_is_refused_in_a_sentence():
    with pytest.raises(environment.Problem, match=r"no port from 70000 on is free"):
        start.free_port(70000)


def test_a_start_installs_and_then_opens_the_lab(handed_over):
    start.lab(["--no-browser"])
    assert handed_over[0] == []
    assert handed_over[1][:3] == ["-m", "rnncourse.cli", "lab"]
    assert handed_over[1][-1] == "--no-browser"


def test_what_follows_test_goes_to_pytest(handed_over, monkeypatch):
    monkeypatch.setattr(start, "ensure_browser", lambda: None)
    for name in start.ONE_THREAD:
        monkeypatch.setenv(name, "")
    start.test(["-k", "neuron", "-x"])
    command = ["-m", "pytest", "-n", "2", "--dist", "loadfile", "-k", "neuron", "-x"]
    assert handed_over == [["author", "test"], command]
    assert {os.environ[name] for name in start.ONE_THREAD} == {"1"}


@posix
@pytest.mark.parametrize(
    ("user", "debian", "tools", "expected"),
    [
        (0, True, ["apt-get", "chromium"], []),
        (0, True, ["apt-get"], ["apt-get update", "apt-get install"]),
        (0, False, ["apt-get"], ["playwright install chromium --with-deps"]),
        (1000, True, ["apt-get"], ["playwright install chromium"]),
    ],
)
def test_the_browser_is_installed_where_it_is_missing(user, debian, tools, expected, monkeypatch):
    calls = []
    monkeypatch.setattr(shutil, "which", lambda name: name if name in tools else None)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    monkeypatch.setattr(start, "is_debian", lambda: debian)
    monkeypatch.setattr(
        start.subprocess, "call", lambda command, env: calls.append(" ".join(command)) or 0
    )
    start.ensure_browser()
    assert len(calls) == len(expected)
    assert all(words in call for words, call in zip(expected, calls, strict=True))


def test_windows_has_its_python_in_scripts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(environment.os, "name", "nt")
        place = environment.python_of(ROOT)
    assert place.parts[-2:] == ("Scripts", "python.exe")
