"""Makes the unexecuted notebooks that a source stands for.

A lesson makes `notebooks/NN_name.ipynb`. An exercise set makes `solutions/NN_name_exercises.ipynb`
and `exercises/NN_name_exercises.ipynb`.
"""

import copy
from dataclasses import dataclass
from pathlib import Path

from nbformat import NotebookNode

from authoring.expand import expand_placeholders
from authoring.marks import clear_solutions, mark_for_nbgrader, remove_marks
from authoring.sources import Source, has_tag

FOLDERS = {"lesson": "notebooks", "solution": "solutions", "exercise": "exercises"}


@dataclass(frozen=True)
class Target:
    """One built notebook, as its source makes it: no cell is executed yet."""

    source: Source
    kind: str  # a key of FOLDERS
    notebook: NotebookNode

    @property
    def path(self) -> Path:
        return self.source.root / FOLDERS[self.kind] / f"{self.source.name}.ipynb"

    @property
    def label(self) -> str:
        return f"{FOLDERS[self.kind]}/{self.source.name}.ipynb"

    @property
    def executed(self) -> bool:
        """Whether the built file holds outputs: an exercise sheet holds none."""
        return self.kind != "exercise"


def make_targets(source: Source) -> list[Target]:
    """The built notebooks of one source. Raises BuildError naming the source and what is wrong."""
    notebook = source.read()
    notebook.cells = [cell for cell in notebook.cells if not has_tag(cell, "instructor")]
    expand_placeholders(notebook, source)
    if not source.is_exercises:
        return [_target(source, "lesson", notebook)]
    mark_for_nbgrader(notebook, source)
    sheet = copy.deepcopy(notebook)
    remove_marks(notebook)
    return [
        _target(source, "solution", notebook),
        _target(source, "exercise", clear_solutions(sheet, source)),
    ]


def _target(source: Source, kind: str, notebook: NotebookNode) -> Target:
    notebook.metadata.rnncourse["kind"] = kind
    return Target(source, kind, notebook)
