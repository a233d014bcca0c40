"""What is asked of every built notebook, in every state it can be in.

Each function returns faults as sentences, none where all is well, so that the tests can both call
it on the committed notebooks and see it fail on planted faults.
"""

import copy
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from authoring.execute import CELL_SECONDS, CellFailed, execute_now, kernel_environment
from authoring.expand import FENCE

PYTEST = (  # as in authoring/__init__.py, two seconds saved a notebook
    "import sys; sys.modules['rfc3987_syntax'] = None; import pytest; sys.exit(pytest.main())"
)
LONGEST_CELL = 20
HERE = re.escape(str(Path(__file__).resolve().parents[1]))  # this checkout's own folder
MACHINE = re.compile(rf"({HERE}|/home/|/Users/|/tmp/|[A-Z]:\\\\?Users|site-packages)\S*")
ADDRESS = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
MARKDOWN_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
HTML_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)[^)]*\)")
MARKS = ("BEGIN SOLUTION", "END SOLUTION", "{{exercise", "{{question")


def nbval_faults(path: Path, home: Path) -> list[str]:
    """Run a notebook under strict nbval; every stored text output is compared.

    home: an empty folder for the learner's state. The hash seed differs from the build's, so that
    an output that hangs on the order of a set is caught.
    """
    cells = [c for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    command = [sys.executable, "-c", PYTEST, "-p", "nbval.plugin"]
    command += ["--nbval", "--nbval-current-env", f"--nbval-cell-timeout={CELL_SECONDS}"]
    command += ["-p", "no:cacheprovider", "-q", "--color=no", f"--rootdir={path.parent}", str(path)]
    environment = kernel_environment(home) | {
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONHASHSEED": "1",
    }
    for name in [n for n in environment if n.startswith(("PYTEST_XDIST", "PYTEST_ADDOPTS"))]:
        del environment[name]
    run = subprocess.run(
        command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    passed = re.search(r"^(\d+) passed(?:, \d+ warnings?)? in ", run.stdout, re.MULTILINE)
    if run.returncode == 0 and passed and int(passed[1]) == len(cells):
        return []
    mend = f"If the package changed on purpose: python3 start.py build --all {path.stem}"
    shown = run.stdout[-6000:] + run.stderr[-2000:]
    return [f"{path.name}: {len(cells)} cells were to pass.\n{shown}\n{mend}"]


def sheet_faults(path: Path) -> list[str]:
    """Run an exercise sheet as it is shipped: each check says kindly "not yet", and no more."""
    notebook = copy.deepcopy(nbformat.read(path, as_version=4))
    try:
        execute_now(notebook, path.parent, allow_errors=True)
    except CellFailed as failure:
        return [f"{path.name}, cell {failure.index + 1}: {failure}"]
    faults, checks = [], 0
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        errors = [output for output in cell.outputs if output.output_type == "error"]
        where = f"{path.name}, cell {number}"
        if not cell.metadata.get("nbgrader", {}).get("grade"):
            faults += [f"{where} raises {error.ename}: {error.evalue}" for error in errors]
            continue
        checks += 1
        if not errors:
            faults.append(f"{where} passes unsolved: {cell.source}")
        for error in errors:
            shown = "\n".join(error.traceback)
            if error.ename != "NotYet":
                faults.append(f"{where} raises {error.ename}, not NotYet: {error.evalue}")
            elif not shown.strip() or "Traceback" in shown or 'File "' in shown:
                faults.append(f"{where} shows a traceback in place of a message: {shown}")
    if not checks:
        faults.append(f"{path.name} has no check")
    return faults


def text_faults(path: Path) -> list[str]:
    """What is wrong with the form of a built notebook: headings, images, links, lengths, marks."""
    notebook = nbformat.read(path, as_version=4)
    kernel = notebook.metadata.get("kernelspec", {}).get("name")
    faults = [] if kernel == "python3" else [f"its kernel is called {kernel!r}, not 'python3'"]
    faults += _heading_faults(notebook)
    lesson = notebook.metadata.get("rnncourse", {}).get("kind") == "lesson"
    for number, cell in enumerate(notebook.cells, start=1):
        found = [f"the mark {mark!r} was left" for mark in MARKS if mark in cell.source]
        if cell.cell_type == "markdown":
            found += _markdown_faults(cell.source, path.parent)
        elif cell.cell_type == "code":
            found += [fault for output in cell.outputs for fault in _output_faults(output)]
            if cell.source.rstrip().endswith(";"):
                found.append("it ends with ';', which nbval does not hush: write '_ = ...'")
            lines = len(cell.source.splitlines())
            if lesson and lines > LONGEST_CELL:
                found.append(f"{lines} lines of code; a lesson's cell has {LONGEST_CELL} at most")
        faults += [f"cell {number}: {fault}" for fault in found]
    return [f"{path.parent.name}/{path.name}: {fault}" for fault in faults]


def _heading_faults(notebook: NotebookNode) -> list[str]:
    levels = []
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            text = FENCE.sub("", cell.source)
            levels += [(len(m[1]), m[2]) for m in re.finditer(r"^(#{1,6}) +(.*)$", text, re.M)]
    faults = []
    if [level for level, _ in levels].count(1) != 1 or levels[0][0] != 1:
        faults.append("it must begin with a heading of level 1, and have no other of that level")
    for (above, _), (level, title) in pairwise(levels):
        if level > above + 1:
            faults.append(
                f"the heading {title!r} (level {level}) stands below one of level {above}"
            )
    return faults


def _markdown_faults(markdown: str, folder: Path) -> list[str]:
    text = FENCE.sub("", markdown)
    found = ["an image has no alt text" for m in MARKDOWN_IMAGE.finditer(text) if not m[1].strip()]
    for tag in HTML_IMAGE.findall(text):
        if not re.search(r"""alt=["'][^"']+["']""", tag):
            found.append("an image has no alt text")
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:|#", target):
            continue
        if not (folder / target.split("#")[0]).exists():
            found.append(f"the link to {target} leads nowhere")
    return found


def _output_faults(output: NotebookNode) -> list[str]:
    found = []
    data = output.get("data", {})
    for mime in data:
        if mime.startswith("image/"):
            alt = output.metadata.get(mime, {}).get("alt") or output.metadata.get("alt")
            if not (isinstance(alt, str) and alt.strip()):
                found.append(f"an {mime} output has no alt text in its metadata")
    texts = [output.get("text", ""), *output.get("traceback", [])]
    texts += [str(value) for mime, value in data.items() if not mime.startswith("image/")]
    for text in texts:
        for pattern in (MACHINE, ADDRESS):
            if match := pattern.search(text):
                found.append(f"its output names something of one machine: {match[0]}")
    return found


def size_in_megabytes(root: Path) -> float:
    """What all built notebooks weigh together, in MB."""
    folders = ("notebooks", "exercises", "solutions")
    files = [path for folder in folders for path in (root / folder).glob("*.ipynb")]
    return sum(os.path.getsize(path) for path in files) / 1e6
