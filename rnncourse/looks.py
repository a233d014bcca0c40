"""The doctor's looks: each examines one thing on this machine and answers with a Finding.

A line that tells of no trouble names no folder, for lesson 00 stores these lines in its notebook.
"""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
import tempfile
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from subprocess import DEVNULL

from rnncourse import course, store

GB, MB = 1e9, 1e6
NEEDED_MEMORY = 0.7 * GB  # the most that one notebook may take
NEEDED_DISK = 0.2 * GB
WIDGETS = "@jupyter-widgets/jupyterlab-manager"
AGAIN = "Run 'python3 start.py' again: it installs what is missing."


@dataclass(frozen=True)
class Finding:
    """One line of the doctor's answer."""

    topic: str
    status: str  # "ok", "warning" (the course works, with a limit) or "fault"
    text: str
    advice: str = ""


def ok(topic: str, text: str) -> Finding:
    return Finding(topic, "ok", text)


def warning(topic: str, text: str, advice: str) -> Finding:
    return Finding(topic, "warning", text, advice)


def fault(topic: str, text: str, advice: str) -> Finding:
    return Finding(topic, "fault", text, advice)


def look_python() -> Finding:
    """The Python version, against what the package asks for."""
    from packaging.specifiers import SpecifierSet

    version = platform.python_version()
    wanted = metadata.metadata("rnncourse").get("Requires-Python", "")
    if SpecifierSet(wanted).contains(version, prereleases=True):
        return ok("Python", version)
    advice = f"Install a Python that fits {wanted}, then run 'python3 start.py' with it."
    return fault("Python", f"{version} does not fit {wanted}", advice)


def look_packages() -> Finding:
    """The packages that the course uses itself, against the tested versions."""
    from packaging.version import InvalidVersion, Version

    tested = _tested_versions()
    missing, other = [], []
    names = _direct_dependencies()
    for name in names:
        try:
            version = metadata.version(name)
            if name in tested and Version(version).public != tested[name]:
                other.append(f"{name} {version} (tested: {tested[name]})")
        except metadata.PackageNotFoundError:
            missing.append(name)
        except InvalidVersion:
            other.append(f"{name} of an unknown version")
    if missing:
        return fault("Packages", f"missing: {', '.join(missing)}", AGAIN)
    if other:
        advice = "'python3 start.py' in a fresh folder brings the tested versions."
        return warning("Packages", f"not the tested version: {', '.join(other)}", advice)
    if not tested:
        return ok("Packages", f"all {len(names)} are there (the list of tested versions is not)")
    return ok("Packages", f"all {len(names)} are there, at the tested versions")


def _direct_dependencies() -> list[str]:
    from packaging.requirements import Requirement

    found = map(Requirement, metadata.requires("rnncourse") or [])
    return [one.name for one in found if one.marker is None or one.marker.evaluate({"extra": ""})]


def _tested_versions() -> dict[str, str]:
    """Version by name, of the constraints that hold on this machine; empty without the file."""
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        lines = (course.root() / "constraints.txt").read_text(encoding="utf-8").splitlines()
    except (OSError, course.CourseError):
        return {}
    tested = {}
    for line in lines:
        try:
            one = Requirement(re.sub(r"(\s#|\s\\|^\s*#|\s--hash).*", "", line).strip())
        except InvalidRequirement:
            continue
        pin = re.fullmatch(r"==([^,]+)", str(one.specifier))
        if pin and (one.marker is None or one.marker.evaluate()):
            tested[one.name] = pin[1].split("+")[0]
    return tested


def look_torch() -> Finding:
    """Whether torch can be loaded and computes, and whether it is the small CPU build."""
    try:
        import torch

        right = torch.ones(2, 2).sum().item() == 4.0
    except Exception as error:  # a broken wheel may raise anything at import
        return fault("PyTorch", f"cannot be loaded: {first_line(error)}", AGAIN)
    if not right:
        return fault("PyTorch", f"{torch.__version__} computes 1 + 1 + 1 + 1 wrongly", AGAIN)
    if torch.version.cuda is not None:
        text = f"{torch.__version__}, the large build for graphics cards"
        return warning("PyTorch", text, "It works; the CPU build would be 3 GB smaller.")
    return ok("PyTorch", f"{torch.__version__}, a CPU build")


def look_kernel() -> Finding:
    """Starts a notebook kernel and has it compute 1 + 1."""
    if _in_kernel():
        return ok("Kernel", "this one, and it answers")
    advice = "Run 'python3 start.py' again; it sets the kernel up anew."
    try:
        from jupyter_client.manager import start_new_kernel

        manager, client = start_new_kernel(
            kernel_name="python3", startup_timeout=60, stdout=DEVNULL, stderr=DEVNULL
        )
    except Exception as error:
        return fault("Kernel", f"does not start: {first_line(error)}", advice)
    try:
        answer = client.execute_interactive(
            "pass",
            user_expressions={
                "two": "1 + 1",
                "where": "__import__('sys').prefix",
                "ours": "__import__('rnncourse').__name__",  # an error where it is missing
            },
            output_hook=lambda message: None,
            timeout=60,
        )
        values = {
            name: value.get("data", {}).get("text/plain")
            for name, value in answer["content"]["user_expressions"].items()
        }
    except Exception as error:
        return fault("Kernel", f"does not answer: {first_line(error)}", advice)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
    if values["two"] != "2":
        return fault("Kernel", f"computes 1 + 1 = {values['two']}", advice)
    if values["ours"] is None:
        text = f"it runs in {values['where']}, where the course is not installed"
        return fault("Kernel", text, advice)
    return ok("Kernel", "starts, and computes 1 + 1 = 2")


def _in_kernel() -> bool:
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    return getattr(shell, "kernel", None) is not None


def look_widgets() -> Finding:
    """Whether the sliders can appear: ipywidgets here, their half for the browser in JupyterLab."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    absent = "You see still pictures instead of sliders. " + AGAIN
    try:
        version = metadata.version("ipywidgets")
    except metadata.PackageNotFoundError:
        return warning("Widgets", "ipywidgets is not installed", absent)
    if not any((Path(folder) / WIDGETS).is_dir() for folder in jupyter_path("labextensions")):
        return warning("Widgets", "JupyterLab does not have its half (jupyterlab_widgets)", absent)
    for folder in jupyter_config_path():
        try:
            page = Path(folder, "labconfig", "page_config.json").read_text(encoding="utf-8")
            disabled = json.loads(page).get("disabledExtensions", {})
        except (OSError, ValueError, AttributeError):
            continue
        if WIDGETS in disabled and (not isinstance(disabled, dict) or disabled[WIDGETS]):
            advice = f"Run 'jupyter labextension enable {WIDGETS}'."
            return warning("Widgets", "they are switched off in JupyterLab", advice)
    return ok("Widgets", f"ipywidgets {version}, enabled in JupyterLab")


def look_memory() -> Finding:
    """The memory that is free, a container's limit (Binder, JupyterHub) taken into account."""
    import psutil

    free = psutil.virtual_memory().available
    try:  # Linux control groups, version 2
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text())
        free = min(free, limit - int((group / "memory.current").read_text()))
    except (OSError, ValueError):
        pass
    if free >= NEEDED_MEMORY:
        return ok("Memory", f"{free / GB:.1f} GB free")
    text = f"{free / GB:.1f} GB free, a lesson may need {NEEDED_MEMORY / GB:.1f} GB"
    return warning("Memory", text, "Close other notebooks (Kernel → Shut Down) and programs.")


def look_disk() -> Finding:
    """The room on the disk of the learner's state."""
    folder = store.home()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return warning("Disk", f"{folder}: {first_line(error)}", "Check that the disk is there.")
    if free >= NEEDED_DISK:
        return ok("Disk", f"{free / GB:.1f} GB free")
    return warning("Disk", f"only {free / MB:.0f} MB free", "Make room, or nothing is saved.")


def look_course() -> Finding:
    """The course's files, and whether the exercises can be saved."""
    advice = "Open the course folder in JupyterLab, or download the course again."
    try:
        folder = course.root()
        lessons = course.lessons(folder)
    except course.CourseError as error:
        return fault("Course", str(error), advice)
    if not (folder / "exercises").is_dir():
        return fault("Course", f"{folder} has no exercises", advice)
    trouble = _cannot_write(folder / "exercises")
    if trouble:
        advice = "Copy the course folder to a place of your own and open it there."
        return fault("Course", f"{folder}: your exercises cannot be saved ({trouble})", advice)
    return ok("Course", f"{len(lessons)} lessons; your exercises can be saved")


def look_progress() -> Finding:
    """Whether the learner's progress can be kept."""
    said: list[str] = []
    try:
        attempts = store.read(say=said.append)
        store.home().mkdir(parents=True, exist_ok=True)
        trouble = _cannot_write(store.home())
    except store.StoreError as error:
        return warning("Progress", str(error), "Your checks work, but your ticks are not kept.")
    except OSError as error:
        trouble = first_line(error)
    if trouble:
        advice = "Set RNNCOURSE_HOME to a folder that you may write to."
        return warning("Progress", f"{store.home()} cannot be written to ({trouble})", advice)
    if said:
        return warning("Progress", said[0], "Nothing else is to be done.")
    count = len(attempts)
    return ok("Progress", f"kept on this machine ({count} check{'s' * (count != 1)} so far)")


def look_processor() -> Finding:
    """How many processors there are, and how many threads the numbers may use."""
    if hasattr(os, "sched_getaffinity"):
        count = len(os.sched_getaffinity(0))
    else:
        count = os.cpu_count() or 1
    limit = os.environ.get("OMP_NUM_THREADS")
    note = f", OMP_NUM_THREADS={limit}" if limit else ""
    return ok("Processors", f"{count}{note} ({platform.machine()}, {platform.system()})")


def look_browser() -> Finding:
    """Whether a browser can be opened from here; a notebook is in one already."""
    if "ipykernel" in sys.modules:
        return ok("Browser", "the one you read this in")
    try:
        return ok("Browser", webbrowser.get().name)
    except (webbrowser.Error, AttributeError):
        return ok("Browser", "none found here: open the address that JupyterLab prints yourself")


def _cannot_write(folder: Path) -> str:
    """Why no file can be made in `folder`; "" where one can."""
    try:
        with tempfile.TemporaryFile(dir=folder):
            return ""
    except OSError as error:
        return first_line(error)


def first_line(error: BaseException) -> str:
    """An error in one line, without its final full stop."""
    text = str(getattr(error, "strerror", None) or error).strip() or type(error).__name__
    return text.splitlines()[0].rstrip(".")


LOOKS: tuple[Callable[[], Finding], ...] = (
    look_python,
    look_packages,
    look_torch,
    look_kernel,
    look_widgets,
    look_course,
    look_progress,
    look_memory,
    look_disk,
    look_processor,
    look_browser,
)
