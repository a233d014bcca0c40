"""What the course costs, held against its bounds. Exit code 1 where one is passed.

    python benchmarks/budgets.py            every notebook, the checker, the import, sizes
    python benchmarks/budgets.py 02         the notebooks of lesson 02 alone
    python benchmarks/budgets.py --suite    also all notebook tests, on two workers (minutes)

Notebooks run one at a time, with one thread; let the machine be idle, so that the seconds mean
something. Memory is the peak of the kernel and its children: PSS where the system knows it (Linux),
else RSS, which counts shared pages twice; sampled every 50 ms.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import argparse
import copy
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from authoring import prove  # noqa: E402
from authoring.execute import CellFailed, execute_now  # noqa: E402
from authoring.make import make_targets  # noqa: E402
from authoring.sources import find_sources  # noqa: E402

NOTEBOOK_SECONDS, NOTEBOOK_MEGABYTES = 45, 700
CHECK_SECONDS, TYPICAL_CHECK_SECONDS, IMPORT_SECONDS = 0.5, 0.1, 0.3
FRESHNESS_SECONDS, SUITE_SECONDS = 10, 480
ALL_MEGABYTES, DATA_MEGABYTES = 25, 3


@dataclass(frozen=True)
class Line:
    """One measured figure and its bound, both in `unit`."""

    what: str
    value: float
    bound: float
    unit: str
    note: str = ""

    @property
    def passed(self) -> bool:
        return self.value <= self.bound


class Peak(threading.Thread):
    """The largest memory of this process's children together, in bytes, while it runs."""

    def __init__(self):
        super().__init__(daemon=True)
        self.bytes = 0
        self._stop_asked = threading.Event()

    def run(self) -> None:
        while not self._stop_asked.wait(0.05):
            self.bytes = max(
                self.bytes, sum(map(_memory, psutil.Process().children(recursive=True)))
            )

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()


def _memory(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        if hasattr(process, "memory_full_info") and sys.platform == "linux":
            return process.memory_full_info().pss
        return process.memory_info().rss
    return 0


def _children_seconds() -> float:
    """CPU seconds of the kernels that ended so far (POSIX): steadier than the clock's seconds."""
    times = os.times()
    return times.children_user + times.children_system


@contextmanager
def peak_memory():
    """Yields a Peak that is complete when the block ends."""
    peak = Peak()
    peak.start()
    try:
        yield peak
    finally:
        peak.stop()


def notebooks(names: list[str]) -> list[Line]:
    """Seconds and peak memory of each lesson and solution, from kernel start to kernel end."""
    lines = []
    targets = [t for s in find_sources(ROOT, names) for t in make_targets(s) if t.executed]
    for target in targets:
        begun, cpu_before = time.perf_counter(), _children_seconds()
        note = ""
        with peak_memory() as peak:
            try:
                execute_now(copy.deepcopy(target.notebook), target.path.parent)
            except CellFailed as failure:
                note = f"cell {failure.index + 1}: {failure}"
        seconds = time.perf_counter() - begun if not note else float("inf")
        note = note or f"{_children_seconds() - cpu_before:.1f} s of CPU"
        lines.append(Line(target.label, seconds, NOTEBOOK_SECONDS, "s", note))
        lines.append(Line("    peak memory", peak.bytes / 1e6, NOTEBOOK_MEGABYTES, "MB"))
    return lines


def import_latency() -> Line:
    """The best of five fresh processes: the others measure the machine's other work."""
    code = "import time; t = time.perf_counter(); import rnncourse; print(time.perf_counter() - t)"
    runs = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return Line("import rnncourse", min(float(r.stdout) for r in runs), IMPORT_SECONDS, "s")


def checks() -> list[Line]:
    """The slowest verdict, and the median, on the right answers and all the known wrong ones."""
    from rnncourse import check

    measured = []
    for exercise in check.exercises():
        right = {"code": "reference", "predict": "answer", "choose": "answer"}[exercise.kind]
        answers = [("right", getattr(exercise, right))]
        answers += [(mistake.name, mistake.answer) for mistake in exercise.mistakes]
        for name, answer in answers:
            value = answer() if exercise.kind == "predict" and callable(answer) else answer
            begun = time.perf_counter()
            exercise.examine(value)
            measured.append((time.perf_counter() - begun, f"{exercise.id}: {name}"))
    slowest, what = max(measured)
    typical = median(seconds for seconds, _ in measured)
    return [
        Line("slowest check", slowest, CHECK_SECONDS, "s", what),
        Line("median check", typical, TYPICAL_CHECK_SECONDS, "s", f"of {len(measured)} answers"),
    ]


def freshness() -> Line:
    """`build --check`, in a process of its own."""
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "authoring.build", "--check"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    return Line("build --check", time.perf_counter() - begun, FRESHNESS_SECONDS, "s")


def suite() -> Line:
    """Every notebook in every state, under pytest on two workers."""
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "tests/test_notebooks.py"]
    begun = time.perf_counter()
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    note = run.stdout.strip().splitlines()[-1].strip("= ") if run.stdout.strip() else run.stderr
    if run.returncode:
        seconds = float("inf")
    return Line("all notebook tests, two workers", seconds, SUITE_SECONDS, "s", note)


def sizes() -> list[Line]:
    """What is committed, in MB of 10^6 bytes."""
    files = [path for path in (ROOT / "rnncourse" / "data" / "files").rglob("*") if path.is_file()]
    data = sum(path.stat().st_size for path in files) / 1e6
    return [
        Line("all built notebooks", prove.size_in_megabytes(ROOT), ALL_MEGABYTES, "MB"),
        Line("bundled data", data, DATA_MEGABYTES, "MB", f"{len(files)} files"),
    ]


def main(arguments: list[str] | None = None) -> int:
    """Measure, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*", help="only these lessons, such as 02")
    parser.add_argument("--suite", action="store_true", help="run all notebook tests as well")
    options = parser.parse_args(arguments)
    lines = notebooks(options.names)
    if not options.names:
        lines += [import_latency(), *checks(), freshness(), *sizes()]
    if options.suite:
        lines.append(suite())
    table = Table("", "measured", "bound", "", title="Budgets")
    for line in lines:
        style = "" if line.passed else "bold red"
        table.add_row(
            line.what,
            f"{line.value:.2f} {line.unit}",
            f"{line.bound:g} {line.unit}",
            ("" if line.passed else "OVER ") + line.note,
            style=style,
        )
    Console().print(table)
    return 0 if all(line.passed for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
