"""Builds the notebooks from the sources in `lessons/`.

    python3 start.py build              makes again what differs from its source
    python3 start.py build 02           the same, for the sources that start with 02
    python3 start.py build --all        executes everything, as after a change in the package
    python3 start.py build --check      executes nothing, names every stale file, exit code 1

Whether a file is stale is told from contents alone, never from times: its cells and metadata are
compared with what the source makes now.
"""

import argparse
import asyncio
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from authoring.compare import differences, orphans
from authoring.execute import CellFailed, execute, outputs_digest
from authoring.make import Target, make_targets
from authoring.sources import ROOT, BuildError, Source, find_sources

WORKERS = 2
COMMAND = "python3 start.py build"


def plan(
    sources: list[Source], everything: bool = False
) -> tuple[list[Target], int, list[BuildError]]:
    """The targets to make again, how many are up to date, and the sources that cannot be made."""
    stale, fresh, errors = [], 0, []
    for source in sources:
        try:
            targets = make_targets(source)
        except BuildError as error:
            errors.append(error)
            continue
        chosen = [target for target in targets if everything or differences(target)]
        stale += chosen
        fresh += len(targets) - len(chosen)
    return stale, fresh, errors


async def _make(target: Target, on_cell: Callable[[int], None] | None) -> None:
    notebook = target.notebook
    if target.executed:
        try:
            await execute(notebook, target.path.parent, on_cell=on_cell)
        except CellFailed as failure:
            raise _failed_cell(target, failure) from None
        notebook.metadata.rnncourse["outputs"] = outputs_digest(notebook)
    write(notebook, target.path)


def _failed_cell(target: Target, failure: CellFailed) -> BuildError:
    code = target.notebook.cells[failure.index].source
    earlier = [cell.source for cell in target.notebook.cells[: failure.index]].count(code)
    line = target.source.line_of(code, earlier)
    where = f"{target.source.label}{f':{line}' if line else ''}, cell {failure.index + 1}"
    shown = "\n".join(f"    | {text}" for text in code.split("\n")[:20])
    return BuildError(where, f"{failure}\n{shown}")


def write(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Store a notebook so that an interrupted build leaves the old file whole."""
    nbformat.validate(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".ipynb.part")
    part.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    os.replace(part, path)


async def make_all(targets: list[Target], workers: int, progress: Progress) -> list[BuildError]:
    """Make the targets, at most `workers` kernels at once; the failures come back."""
    free = asyncio.Semaphore(workers)

    async def one(target: Target) -> BuildError | None:
        async with free:
            task = progress.add_task(target.label, total=len(target.notebook.cells))
            try:
                await _make(target, lambda index: progress.update(task, completed=index))
            except BuildError as error:
                progress.update(task, description=f"[red]{target.label}")
                return error
            progress.update(task, completed=len(target.notebook.cells))
            return None

    return [error for error in await asyncio.gather(*map(one, targets)) if error is not None]


def check(root: Path, names: list[str]) -> list[str]:
    """Every fault of the committed notebooks, one message each, with the command that mends it."""
    sources = find_sources(root, names)
    faults = []
    for source in sources:
        try:
            targets = make_targets(source)
        except BuildError as error:
            faults.append(str(error))
            continue
        for target in targets:
            reasons = differences(target)
            if reasons:
                mend = f"{COMMAND} {source.name}"
                faults.append(f"{target.label}: {'; '.join(reasons)}. Mend it with: {mend}")
    for path in orphans(root, find_sources(root)):
        faults.append(f"{path.relative_to(root).as_posix()}: no source makes it. Delete it.")
    return faults


def build(root: Path, names: list[str], everything: bool, workers: int) -> list[str]:
    """Make what is stale and print a summary; the failures come back, one message each."""
    console = Console(highlight=False)
    begun = time.monotonic()
    stale, fresh, errors = plan(find_sources(root, names), everything)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        failed = asyncio.run(make_all(stale, workers, progress))
    errors += failed
    made = len(stale) - len(failed)
    seconds = time.monotonic() - begun
    console.print(
        escape(f"{made} built, {fresh} up to date, {len(errors)} failed ({seconds:.0f} s).")
    )
    for path in orphans(root, find_sources(root)):
        console.print(escape(f"{path.relative_to(root).as_posix()} has no source: delete it."))
    return [str(error) for error in errors]


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog=COMMAND, description="Build the notebooks from lessons/.")
    parser.add_argument("names", nargs="*", help="only these sources, such as 02")
    parser.add_argument("--all", action="store_true", help="execute also what has not changed")
    parser.add_argument("--check", action="store_true", help="execute nothing; name what is stale")
    parser.add_argument("--workers", type=int, default=WORKERS, help="notebooks executed at once")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: this one)")
    options = parser.parse_args(arguments)
    root = options.root.resolve()
    try:
        if options.check:
            faults = check(root, options.names)
        else:
            faults = build(root, options.names, options.all, max(1, options.workers))
    except BuildError as error:
        faults = [str(error)]
    for fault in faults:
        print(fault, file=sys.stderr)
    if options.check and not faults:
        print("Every built notebook is what its source makes.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
