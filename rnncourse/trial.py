"""Runs a learner's notebook from the top and tells which of its checks pass.

The run is only a look: it happens in a fresh kernel, the notebook is not changed, and nothing is
counted as an attempt.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL

from rnncourse import store
from rnncourse.trouble import Trouble

CHECK = re.compile(r"^\s*check\.(\w+)\((?!\s*\))", re.MULTILINE)


class TrialError(Trouble):
    """The notebook could not be run; `str(error)` says why in one sentence."""


@dataclass(frozen=True)
class Outcome:
    """What became of one check."""

    exercise: str
    title: str
    passed: bool
    note: str  # the misconception, or the first line of what went wrong; "" where it passed


def try_notebook(path: Path, timeout: int = 120) -> list[Outcome]:
    """Execute the notebook, errors allowed, and return the outcome of each of its checks, in order.

    `timeout` is in seconds for each cell; a cell that takes longer is interrupted. Raises
    TrialError.
    """
    from rnncourse import check

    notebook = _read(path)
    titles = {exercise.id: exercise.title for exercise in check.exercises()}
    asked: dict[str, int] = {}
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            for name in CHECK.findall(cell.source):
                if name in titles:
                    asked[name] = index
    if not asked:
        raise TrialError(f"{path} holds no check of this course.")
    with tempfile.TemporaryDirectory(prefix="rnncourse-") as home:
        attempts = _run(notebook, path.parent, Path(home), timeout)
    outcomes = []
    for name, index in asked.items():
        last = next((one for one in reversed(attempts) if one.exercise == name), None)
        passed = last is not None and last.passed
        misconception = last.misconception if last else None
        note = "" if passed else misconception or _trouble(notebook.cells[index])
        if note.startswith("NameError"):
            note += _syntax_error(notebook.cells[:index])
        outcomes.append(Outcome(name, titles[name], passed, note))
    return outcomes


def _read(path: Path):
    try:
        import nbformat
    except ImportError:
        raise TrialError("This needs nbclient: install it with 'pip install nbclient'.") from None
    if path.is_dir():
        raise TrialError(f"{path} is a folder: name a notebook in it.")
    if not path.is_file():
        raise TrialError(f"There is no notebook {path}.")
    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise TrialError(f"{path} cannot be read: {error.strerror}.") from None
    except Exception:  # nbformat, json and jsonschema each have errors of their own
        raise TrialError(f"{path} is not a notebook.") from None


def _run(notebook, folder: Path, home: Path, timeout: int) -> list[store.Attempt]:
    """Execute in place with the progress file in `home`, and return the attempts made."""
    try:
        from nbclient import NotebookClient
        from nbclient.exceptions import CellTimeoutError, DeadKernelError
    except ImportError:
        raise TrialError("This needs nbclient: install it with 'pip install nbclient'.") from None
    client = NotebookClient(
        notebook,
        timeout=timeout,
        startup_timeout=120,
        interrupt_on_timeout=True,
        allow_errors=True,
        kernel_name="python3",
        resources={"metadata": {"path": str(folder.resolve())}},
    )
    before = os.environ.get("RNNCOURSE_HOME")
    os.environ["RNNCOURSE_HOME"] = str(home)
    try:
        client.execute(stderr=DEVNULL)
        return store.read(say=lambda sentence: print(sentence, file=sys.stderr))
    except DeadKernelError:
        raise TrialError("The kernel died while the notebook ran: run it in JupyterLab.") from None
    except CellTimeoutError:
        raise TrialError(f"A cell ran longer than {timeout} s and could not be stopped.") from None
    finally:
        if before is None:
            del os.environ["RNNCOURSE_HOME"]
        else:
            os.environ["RNNCOURSE_HOME"] = before


def _trouble(cell) -> str:
    """Why a check did not pass, as far as the outputs of its cell tell."""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            text = output.evalue.strip().splitlines() or [""]
            plain = re.sub(r"\x1b\[[0-9;]*m", "", text[0])
            return plain if output.ename == "NotYet" else f"{output.ename}: {plain}"
    return "not yet"


def _syntax_error(cells) -> str:
    """The last syntax error among `cells`: what it leaves undefined shows up elsewhere."""
    errors = [o for cell in cells for o in cell.get("outputs", []) if o.output_type == "error"]
    broken = [o for o in errors if o.ename.endswith(("SyntaxError", "IndentationError"))]
    if not broken:
        return ""
    return f" (a cell above it stopped with {broken[-1].ename}: {broken[-1].evalue.split(' (')[0]})"
