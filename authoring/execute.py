"""Executes a notebook in a kernel of this Python, and tidies what it shows."""

import asyncio
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from ipykernel.kernelspec import RESOURCES, get_kernel_dict
from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from traitlets import default

from authoring.sources import has_tag

CELL_SECONDS = 60
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
CELL_FILE = re.compile(r" \([^()]*ipykernel_\d+[^()]*, line (\d+)\)| \(\d+\.py, line (\d+)\)")


class CellFailed(Exception):
    """A cell that did not end well: its index among all cells, and one sentence."""

    def __init__(self, index: int, message: str):
        super().__init__(message)
        self.index = index


class ThisPython(KernelSpecManager):
    """Answers every kernel name with ipykernel in the interpreter that runs the build.

    A `python3` kernel that the user installed elsewhere would otherwise take its place.
    """

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        return KernelSpec(resource_dir=str(RESOURCES), **get_kernel_dict())


class ThisPythonManager(AsyncKernelManager):
    @default("kernel_spec_manager")
    def _this_python(self) -> ThisPython:
        return ThisPython(parent=self)


def kernel_environment(home: str | Path) -> dict[str, str]:
    """The environment of a kernel whose outputs do not depend on who runs it.

    home: an empty folder for the learner's state and IPython's own.
    """
    kept = {key: value for key, value in os.environ.items() if key != "MPLBACKEND"}
    return kept | {
        "IPYTHONDIR": str(Path(home) / "ipython"),
        "OMP_NUM_THREADS": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8",
        "RNNCOURSE_HOME": str(home),
    }


async def execute(
    notebook: NotebookNode,
    folder: Path,
    *,
    allow_errors: bool = False,
    on_cell: Callable[[int], None] | None = None,
) -> NotebookNode:
    """Run every cell in `folder`, in place; the outputs come back tidied.

    on_cell: called with the index of each cell as it starts.
    Raises CellFailed on an error (unless `allow_errors`, or the cell is tagged
    `raises-exception`), on a cell that takes over 60 s, and on text written to stderr by a cell
    that is not tagged `nbval-ignore-output`.
    """
    at = 0

    def started(cell: NotebookNode, cell_index: int) -> None:
        nonlocal at
        at = cell_index
        if on_cell is not None:
            on_cell(cell_index)

    folder.mkdir(parents=True, exist_ok=True)
    client = NotebookClient(
        notebook,
        kernel_manager_class=ThisPythonManager,
        kernel_name="python3",
        timeout=CELL_SECONDS,
        startup_timeout=60,
        allow_errors=allow_errors,
        coalesce_streams=True,
        record_timing=False,
        store_widget_state=False,
        resources={"metadata": {"path": str(folder)}},
        on_cell_start=started,
    )
    client.log = logging.getLogger("authoring.silent")
    client.log.setLevel(logging.CRITICAL + 1)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        try:
            await client.async_execute(env=kernel_environment(home), stderr=subprocess.DEVNULL)
        except CellExecutionError as error:
            raise CellFailed(at, _one_line(error)) from None
        except CellTimeoutError:
            raise CellFailed(at, f"did not finish within {CELL_SECONDS} s") from None
        except DeadKernelError:
            raise CellFailed(at, "the kernel died (out of memory, or a crash in C code)") from None
    tidy(notebook, strict=not allow_errors)
    return notebook


def execute_now(notebook: NotebookNode, folder: Path, **options) -> NotebookNode:
    """`execute`, for callers without an event loop."""
    return asyncio.run(execute(notebook, folder, **options))


def _one_line(error: CellExecutionError) -> str:
    value = ANSI.sub("", error.evalue).strip()
    value = CELL_FILE.sub(lambda m: f" (line {m[1] or m[2]} of the cell)", value)
    return f"{error.ename}: {value}" if value else error.ename


def tidy(notebook: NotebookNode, strict: bool = True) -> None:
    """Keep of the outputs what is the same on every run and shows without a kernel. In place.

    strict: raise CellFailed where a cell that nbval compares wrote to stderr, or where one tagged
    `raises-exception` raised nothing.
    """
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = dict(LANGUAGE_INFO)
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        cell.metadata.pop("execution", None)
        ignored = has_tag(cell, "nbval-ignore-output")
        kept = [output for output in map(_tidy_output, cell.outputs) if output is not None]
        stderr = [o for o in kept if o.output_type == "stream" and o.name == "stderr"]
        if stderr and strict and not ignored:
            raise CellFailed(index, f"it writes to stderr: {stderr[0].text.strip()}")
        cell.outputs = [output for output in kept if output not in stderr]
        raised = any(output.output_type == "error" for output in kept)
        if strict and has_tag(cell, "raises-exception") and not raised:
            raise CellFailed(index, "it is tagged raises-exception and raised nothing")


def _tidy_output(output: NotebookNode) -> NotebookNode | None:
    """One output without widget views and paths of this machine; None where nothing is left."""
    if output.output_type in ("display_data", "execute_result"):
        was_widget = output.data.pop(WIDGET_VIEW, None) is not None
        if was_widget and not any(mime.startswith(("image/", "text/html")) for mime in output.data):
            return None  # only the widget's repr is left, which says nothing without a kernel
        for mime, value in output.data.items():
            if mime.startswith("image/") and isinstance(value, str):
                output.data[mime] = value.strip()
    elif output.output_type == "error":
        output.traceback = [_without_paths(line) for line in output.traceback]
    return output


def _without_paths(text: str) -> str:
    root = Path(__file__).resolve().parent.parent
    for folder in (sys.prefix, sys.base_prefix, str(root)):
        text = text.replace(folder + os.sep, "")
    return re.sub(r"ipykernel_\d+", "ipykernel", text)


def outputs_digest(notebook: NotebookNode) -> str:
    """A digest of all stored outputs: it shows when one was lost or edited by hand."""
    stored = [
        [cell.id, cell.execution_count, cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    return sha256(json.dumps(stored, sort_keys=True).encode()).hexdigest()[:16]
