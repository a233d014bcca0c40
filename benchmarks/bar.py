"""Does the answer agree with the person? The tables of lesson 10; exit code 1 if one falls short.

    python benchmarks/bar.py                     the tables; trains only what is not stored
    python benchmarks/bar.py 10_units            these experiments alone
    python benchmarks/bar.py --again             train everything anew

The figures are stored in `rnncourse/data/files/results` with the recipe that made them; the lesson
reads them from there with `data.results`. An experiment is run anew when its recipe in the code is
no longer the stored one. The networks are trained with torch on one thread (some 15 CPU seconds
each) and shared by the experiments; only `10_live` trains with the course's own cells.
On another machine the last digits differ, and with them what a network learns at the edge.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks import agreement  # noqa: E402
from benchmarks.agreement import Experiment, Row, training  # noqa: E402
from benchmarks.papers import make, recall  # noqa: E402
from rnncourse.data import _results  # noqa: E402


def find_experiments() -> dict[str, Experiment]:
    """Every experiment of every module of `agreement`, by name."""
    found = []
    for module in pkgutil.iter_modules(agreement.__path__, f"{agreement.__name__}."):
        found += getattr(importlib.import_module(module.name), "EXPERIMENTS", [])
    return {experiment.name: experiment for experiment in sorted(found, key=lambda e: e.name)}


def show(console: Console, experiment: Experiment, rows: list[Row], how: str) -> None:
    """The lines of one experiment."""
    table = Table(title=f"{experiment.name} ({how})", title_justify="left", expand=True)
    for title, ratio in (("", 44), ("measured", 56), ("target", 22), ("", 3)):
        table.add_column(title, ratio=ratio, overflow="fold")
    mark = {True: "✓", False: "✗", None: "·"}
    for row in rows:
        table.add_row(row.what, row.ours, row.target, mark[row.reached])
    console.print(table)
    console.print()


def main(argv: list[str] | None = None, folder: Path | None = None) -> int:
    """Print the tables. Returns 1 while a row falls short of its target, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="experiments, as 10_units; all if none is named")
    parser.add_argument("--again", action="store_true", help="train everything anew")
    asked = parser.parse_args(argv)
    folder = folder or _results.FOLDER
    experiments = find_experiments()
    unknown = set(asked.names) - set(experiments)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}. There are {', '.join(experiments)}.")
    if asked.again:
        training.forget()

    console = Console(width=None if sys.stdout.isatty() else 132)
    every: list[Row] = []
    for experiment in (experiments[name] for name in asked.names or experiments):
        stored = None if asked.again else recall(experiment, folder)
        how = "stored, made in" if stored else "made now in"
        stored = stored or make(experiment, folder)
        rows = experiment.rows(stored)
        show(console, experiment, rows, f"{how} {float(stored['seconds']):,.0f} CPU seconds")
        every += rows
    short = [row.what for row in every if row.reached is False]
    held = sum(row.reached is not None for row in every)
    console.print(f"{len(every)} rows, {held} with a target, {held - len(short)} of them reached.")
    for what in short:
        console.print(f"falls short: {what}", highlight=False)
    return 1 if short else 0


if __name__ == "__main__":
    sys.exit(main())
