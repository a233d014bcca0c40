#!/usr/bin/env python3
"""Start the course: make .venv, install the tested set of packages once, then do one thing.

    python3 start.py                 open JupyterLab on lesson 00
    python3 start.py --no-browser    the same, but only print the address; --port N asks for a port
    python3 start.py test  [...]     run all tests; what follows goes to pytest
    python3 start.py build [...]     make the notebooks from lessons/; --check only compares
    python3 start.py clean           remove .venv and the caches; notebooks stay as they are

Standard library only, and no syntax newer than Python 3.6, so that an old Python can still say that
it is too old. What goes wrong is said in one sentence, without a traceback.
"""

import argparse
import errno
import os
import shutil
import socket
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 13)  # as requires-python: torch and gensim have wheels for these
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")
CACHES = ("__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", ".jupyter_cache")


def python_advice(version):
    """Return None where `version`, (major, minor, ...), runs the course, else what to do."""
    if OLDEST <= tuple(version[:2]) <= NEWEST:
        return None
    fitting = [f"python3.{minor}" for minor in range(NEWEST[1], OLDEST[1] - 1, -1)]
    found = [name for name in fitting if shutil.which(name)]
    advice = "install one from https://www.python.org/downloads/ and run start.py with it"
    if found:
        advice = f"run `{found[0]} start.py`"
    return (
        f"this is Python {version[0]}.{version[1]}, and the course runs on 3.{OLDEST[1]} to "
        f"3.{NEWEST[1]}, for which torch and gensim are made: {advice}."
    )


if python_advice(sys.version_info):
    sys.exit("start.py: " + python_advice(sys.version_info))

from authoring.environment import (  # noqa: E402  (an old Python could not read that file)
    ROOT,
    VENV,
    Problem,
    disk_problem,
    ensure_installed,
    python_of,
    say,
)


def lab(arguments):
    """Install what is missing, then let `rnncourse lab` open JupyterLab on lesson 00."""
    parser = argparse.ArgumentParser(
        prog="start.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--no-browser", action="store_true", help="only print the address")
    parser.add_argument("--port", type=int, default=8888, help="the first port to try (8888)")
    options = parser.parse_args(arguments)
    ensure_installed([])
    port = free_port(options.port)
    if port != options.port:
        say(f"port {options.port} is taken, so JupyterLab takes {port}.")
    command = ["-m", "rnncourse.cli", "lab", "--port", str(port)]
    if options.no_browser:
        command.append("--no-browser")
    hand_over(command)


def free_port(first):
    """Return the first port from `first` on that can be bound on 127.0.0.1."""
    for port in range(first, min(first + 50, 65536)):
        with socket.socket() as candidate:
            if os.name == "posix":  # a port that was closed a moment ago counts as free
                candidate.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                candidate.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Problem(f"no port from {first} on is free: name another one with --port.")


def test(arguments):
    """Run the tests, two at a time with one thread each; `arguments` go to pytest."""
    ensure_installed(["author", "test"])  # test takes in author: build needs no more then
    ensure_browser()
    os.environ.update(dict.fromkeys(ONE_THREAD, "1"))
    hand_over(["-m", "pytest", "-n", "2", "--dist", "loadfile", *arguments])


def ensure_browser():
    """Install a Chromium where there is none: Debian's own, as root there, else Playwright's."""
    if any(map(shutil.which, BROWSERS)):
        return
    say("installing Chromium for the browser tests.")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    playwright = [str(python_of(VENV)), "-m", "playwright", "install", "chromium"]
    commands = [[*playwright, "--with-deps"] if root and shutil.which("apt-get") else playwright]
    if root and is_debian():
        packages = ["chromium", "fonts-dejavu-core", "fonts-liberation"]
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        commands = [["apt-get", "update"], install]
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in commands:
        if subprocess.call(command, env=environment) != 0:
            say(f"`{' '.join(command)}` failed, so the browser tests will fail too.")
            return


def is_debian():
    """Return whether this is Debian itself (Ubuntu's Chromium is a snap: no use as root)."""
    try:
        with open("/etc/os-release", encoding="utf-8") as release:
            return "ID=debian" in release.read().splitlines()
    except OSError:
        return False


def build(arguments):
    """Make the notebooks from lessons/; `arguments` go to authoring/build.py."""
    ensure_installed(["author"])
    hand_over(["-m", "authoring.build", *arguments])


def clean(arguments):
    """Remove what can be made again, .venv and the caches, and nothing else."""
    if arguments:
        raise Problem("clean takes no options; it removes .venv and the caches.")
    if os.path.realpath(sys.prefix) == os.path.realpath(str(VENV)):
        raise Problem("this Python lives in .venv itself: run `start.py clean` with another one.")
    for folder, names, _ in os.walk(str(ROOT)):
        gone = [name for name in names if name in CACHES or os.path.join(folder, name) == str(VENV)]
        for name in gone:
            shutil.rmtree(os.path.join(folder, name))
        names[:] = [name for name in names if name not in gone and name != ".git"]
    say("removed .venv and the caches; notebooks, exercises and progress are as they were.")


def hand_over(arguments):
    """Become the environment's Python, with `arguments`; does not return."""
    python = python_of(VENV)
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", "")])
    environment = dict(os.environ, VIRTUAL_ENV=str(VENV), PATH=path)
    command = [str(python), *arguments]
    if os.name == "posix":
        os.execve(command[0], command, environment)
    process = subprocess.Popen(command, env=environment)
    while True:  # Windows cannot become another program; Ctrl-C is for the one it waits for
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue


def main(arguments):
    """Do what the command line says; an error ends in SystemExit with its sentence."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # a path may have letters that the terminal has not
    os.environ["PYTHONUTF8"] = "1"  # files are named and read alike on every system
    commands = {"test": test, "build": build, "clean": clean}
    try:
        os.chdir(str(ROOT))
        if arguments and arguments[0] in commands:
            commands[arguments[0]](arguments[1:])
        else:
            lab(arguments)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise disk_problem() from None
        raise Problem(f"{error.strerror}: {error.filename}.") from None
    except KeyboardInterrupt:
        raise Problem("stopped; run it again and it goes on.") from None


if __name__ == "__main__":
    main(sys.argv[1:])
