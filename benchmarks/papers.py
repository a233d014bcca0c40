"""Published results beside our own, made with the course's cells; exit code 1 if one falls short.

    python benchmarks/papers.py                       the table; trains only what is not stored
    python benchmarks/papers.py 07_adding 07_temporal_order    these experiments alone
    python benchmarks/papers.py --again 07_adding     train it anew, and store it
    python benchmarks/papers.py --again               train everything anew

The results are stored in `rnncourse/data/files/results` with the recipe that made them; lessons
read them from there with `data.results`. A result is trained anew when its recipe in the code is no
longer the stored one. On another machine the last digits differ, and with them the moment at which
a network succeeds: the lessons' text holds for the stored runs.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import argparse
import importlib
import pkgutil
import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from benchmarks import reproductions  # noqa: E402
from benchmarks.reproductions import Experiment, Row, as_text, say  # noqa: E402
from rnncourse.data import _results  # noqa: E402


def find_experiments() -> dict[str, Experiment]:
    """Every experiment of every module of `reproductions`, by name, in the lessons' order."""
    found = []
    for module in pkgutil.iter_modules(reproductions.__path__, f"{reproductions.__name__}."):
        found += getattr(importlib.import_module(module.name), "EXPERIMENTS", [])
    names = [experiment.name for experiment in found]
    if len(set(names)) < len(names):
        raise ValueError(f"Two experiments have one name: {', '.join(sorted(names))}.")
    return {experiment.name: experiment for experiment in sorted(found, key=lambda e: e.name)}


def recall(experiment: Experiment, folder: Path) -> dict[str, np.ndarray] | None:
    """The stored arrays, or None if there are none that this recipe has made."""
    file = folder / f"{experiment.name}.npz"
    if not file.exists():
        return None
    with np.load(file, allow_pickle=False) as arrays:
        stored = {key: arrays[key] for key in arrays.files}
    return stored if str(stored.get("recipe")) == as_text(experiment.recipe) else None


def make(experiment: Experiment, folder: Path) -> dict[str, np.ndarray]:
    """Train, and store the arrays with their recipe and the CPU seconds that they took."""
    say(f"training {experiment.name} ...")
    start = time.process_time()
    arrays = experiment.run(experiment.recipe)
    arrays = {name: _small(np.asarray(values)) for name, values in arrays.items()}
    arrays["seconds"] = np.asarray(round(time.process_time() - start, 1))
    arrays["recipe"] = np.asarray(as_text(experiment.recipe))
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{experiment.name}.npz", **arrays)
    return arrays


def _small(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32) if values.dtype.kind == "f" else values


def show(console: Console, experiment: Experiment, rows: list[Row], how: str) -> None:
    """The lines of one experiment: ours beside theirs, and below what is unequal."""
    table = Table(title=f"{experiment.name} ({how})", title_justify="left", expand=True)
    for title, ratio in (("", 22), ("ours", 30), ("published", 28), ("target", 16), ("", 4)):
        table.add_column(title, ratio=ratio, overflow="fold")
    mark = {True: "✓", False: "✗", None: "·"}
    for row in rows:
        published = f"{row.published}\n{row.source}"
        table.add_row(row.what, row.ours, published, row.target or "none", mark[row.reached])
    console.print(table)
    for unequal in dict.fromkeys(row.unequal for row in rows):
        console.print(f"  unequal: {unequal}", highlight=False)
    console.print()


def main(argv: list[str] | None = None, folder: Path | None = None) -> int:
    """Print the table. Returns 1 while a row falls short of its target, else 0."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", help="experiments, as 07_adding; all if none is named")
    parser.add_argument("--again", action="store_true", help="train them anew")
    asked = parser.parse_args(argv)
    folder = folder or _results.FOLDER
    experiments = find_experiments()
    unknown = set(asked.names) - set(experiments)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}. There are {', '.join(experiments)}.")

    console = Console(width=None if sys.stdout.isatty() else 132)
    every: list[Row] = []
    for experiment in (experiments[name] for name in asked.names or experiments):
        stored = None if asked.again else recall(experiment, folder)
        how = "stored, made in" if stored else "trained now in"
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
