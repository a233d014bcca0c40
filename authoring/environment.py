"""The course's environment: .venv with the tested set of packages, installed once and completely.

start.py comes here with whatever Python the reader has, before anything is installed: standard
library only. A stamp, written last, says what a finished installation holds; without it, or with
one that no longer fits, the next start installs again. torch is always a CPU build: constraints.txt
rules out what the CUDA build needs, and torch itself is asked at the end.
"""

import ast
import functools
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "rnncourse.json"
CPU_WHEELS = "https://download.pytorch.org/whl/cpu/torch/"  # environment.yml names it too
NEEDED_BYTES = 2_500_000_000  # .venv takes up to 1.6 GB, and downloads pass through beside it
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}

# pip's settings that uv does not read: uv's name for each, and what separates several values there.
UV_NAMES = {
    "find-links": ("UV_FIND_LINKS", ","),
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "cert": ("SSL_CERT_FILE", " "),
}

# Words by which pip's and uv's error output (in small letters) shows what went wrong.
DISK_WORDS = ("no space left", "not enough space on the disk", "disk quota exceeded")
CUDA_WORDS = ("cuda-toolkit", "nvidia-cublas", "triton")
NETWORK_WORDS = (
    "connection",
    "dns error",
    "error sending request",
    "failed to fetch",
    "getaddrinfo failed",
    "incompleteread",
    "name resolution",
    "network is unreachable",
    "timed out",
)


class Problem(SystemExit):
    """Ends the program with one sentence that says what is wrong and what to do."""

    def __init__(self, sentence: str) -> None:
        super().__init__(f"start.py: {sentence}")


def say(sentence: str) -> None:
    """Print one sentence of start.py's, at once."""
    print(f"start.py: {sentence}", flush=True)


def python_of(venv: Path) -> Path:
    """Return the path of the interpreter inside the environment `venv`."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def disk_problem() -> Problem:
    """Return the Problem that says where room is short, how much there is and how much it takes."""
    folders = [ROOT, Path(tempfile.gettempdir())]  # downloads are unpacked in the second
    free, folder = min((shutil.disk_usage(folder).free, folder) for folder in folders)
    return Problem(
        f"the disk is full: {free / 1e9:.1f} GB are free for {folder}, and the course needs about "
        f"{NEEDED_BYTES / 1e9:.1f} GB; make room and run this again."
    )


def check_machine(system: str, machine: str) -> None:
    """Raise Problem on a machine that torch has no wheel for (both names as `platform` gives)."""
    if (system, machine) in {("Darwin", "x86_64"), ("Windows", "ARM64")} or sys.maxsize < 2**32:
        raise Problem(
            f"PyTorch is not made for this Python ({system}, {machine}): take a 64-bit Python on "
            "Linux, Windows or Apple silicon, or open the course on Binder."
        )


def fingerprint() -> str:
    """Return a hash of all that decides what .venv holds, apart from the extras."""
    parts = [(ROOT / name).read_bytes() for name in ("pyproject.toml", "constraints.txt")]
    parts.append(f"{sys.version_info[:2]} {ROOT}".encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamped_extras() -> set[str] | None:
    """Return the extras that a finished, current installation has, or None where there is none."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        current = stamp["fingerprint"] == fingerprint() and python_of(VENV).exists()
        return set(stamp["extras"]) if current else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ensure_installed(extras: Iterable[str]) -> None:
    """Install the course with `extras` (as in pyproject.toml) unless it is installed already."""
    have = stamped_extras()
    if have is not None and have >= set(extras):
        return
    check_machine(platform.system(), platform.machine())
    if not VENV.exists() and shutil.disk_usage(ROOT).free < NEEDED_BYTES:
        raise disk_problem()
    uv = shutil.which("uv")
    tool = "uv" if uv else "pip"
    say(f"installing the tested packages into {VENV} with {tool}; this is done once.")
    STAMP.unlink(missing_ok=True)
    wanted = sorted((have or set()).union(extras))
    make_venv(uv)
    install(uv, wanted)
    check_torch()
    write_lab_settings(VENV)
    STAMP.write_text(json.dumps({"fingerprint": fingerprint(), "extras": wanted}), encoding="utf-8")


def make_venv(uv: str | None) -> None:
    """Make .venv; one that works and belongs to this version of Python is kept."""
    question = [python_of(VENV), "-c", "import pip, sys; print(sys.version_info[:2])"]
    try:
        answer = subprocess.check_output(question, stderr=subprocess.DEVNULL, text=True)
        if answer.strip() == str(sys.version_info[:2]):
            return
    except (OSError, subprocess.CalledProcessError):
        pass  # there is none yet, or it is broken
    if Path(sys.prefix).resolve() == VENV:
        raise Problem("the environment has to be made anew: run start.py with a Python outside it.")
    if VENV.exists():
        shutil.rmtree(VENV)
    if uv:
        run([uv, "venv", "--quiet", "--seed", "--python", sys.executable, VENV], uv_environment())
    elif importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        run([sys.executable, "-m", "venv", VENV])
    else:
        raise Problem(
            "this Python cannot make environments (venv or ensurepip is missing): on Debian and "
            "Ubuntu `sudo apt install python3-venv` adds them; then run this again."
        )


def install(uv: str | None, extras: list[str]) -> None:
    """Install the pinned packages, and the course itself editable, into .venv."""
    target = f".[{','.join(extras)}]" if extras else "."
    options = ["--constraint", "constraints.txt", "--editable", target]
    if sys.platform == "linux" and answers(CPU_WHEELS, seconds=4):
        options += ["--find-links", CPU_WHEELS]
    python = python_of(VENV)
    if uv:
        run([uv, "pip", "install", "--python", python, *options], uv_environment())
    else:
        run([python, "-m", "pip", "install", "--disable-pip-version-check", *options])


def answers(address: str, seconds: float) -> bool:
    """Return whether `address` opens within `seconds`, the look-up of its name included."""
    opened = threading.Event()

    def ask() -> None:
        try:
            urllib.request.urlopen(address, timeout=seconds).close()
            opened.set()
        except (OSError, ValueError):
            pass

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return opened.is_set()


@functools.cache  # pip takes half a second to answer
def uv_environment() -> dict[str, str]:
    """Return the environment for uv: ours, and pip's settings under the names that uv reads."""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listing = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    settings = {}
    for line in listing.splitlines():  # global.find-links='...', then :env:.find-links='...'
        name, _, value = line.partition("=")
        settings[name.split(".")[-1]] = str(ast.literal_eval(value))
    for name in UV_NAMES:  # a Python without pip lists nothing, but pip's variables count anyway
        variable = os.environ.get("PIP_" + name.upper().replace("-", "_"))
        settings[name] = variable or settings.get(name, "")
    environment = dict(os.environ)
    for name, (uv_name, separator) in UV_NAMES.items():
        if settings[name]:
            environment.setdefault(uv_name, separator.join(settings[name].split()))
    if settings["extra-index-url"]:  # like pip: the best of all indexes, not the first that has one
        environment.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return environment


def run(command: list[str | Path], environment: dict[str, str] | None = None) -> None:
    """Run an installer in the checkout and show what it writes; raise Problem where it fails."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, errors="replace"
    )
    errors = ""
    for line in process.stderr:
        sys.stderr.write(line)
        errors += line.lower()
    if process.wait() != 0:
        raise problem_behind(errors)


def problem_behind(errors: str) -> Problem:
    """Return the Problem that an installer's error output (in small letters) comes down to."""
    if any(words in errors for words in DISK_WORDS):
        return disk_problem()
    if any(words in errors for words in CUDA_WORDS):
        return Problem(
            "only the CUDA build of torch (3 GB) is on offer here, and the course takes the CPU "
            f"build: let this machine reach {CPU_WHEELS}, or name a folder that holds the wheel in "
            "PIP_FIND_LINKS."
        )
    if any(words in errors for words in NETWORK_WORDS):
        return Problem(
            "the network went away during the installation: run this again when it is back, and "
            "it goes on with what is already here."
        )
    return Problem(
        "the installation stopped, and the lines above say why; run this again, or "
        "`start.py clean` first to begin anew."
    )


def check_torch() -> None:
    """Raise Problem unless the torch in .venv loads and is a CPU build."""
    command = [python_of(VENV), "-c", "import torch; print(torch.version.cuda)"]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    if asked.returncode != 0:
        reason = (asked.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Problem(f"PyTorch is installed but does not load here: {reason}")
    if asked.stdout.strip() != "None":
        raise Problem(
            f"the torch in .venv is a CUDA build ({asked.stdout.strip()}), and the course takes "
            "the CPU build: run `start.py clean` and start again."
        )


def write_lab_settings(prefix: Path) -> None:
    """Write JupyterLab's default settings under `prefix`: no questions about news or updates."""
    folder = prefix / "share" / "jupyter" / "lab" / "settings"
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(LAB_SETTINGS, indent=2)
    (folder / "overrides.json").write_text(text, encoding="utf-8")
