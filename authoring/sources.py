"""Lesson sources: finding them, reading them, giving their cells stable ids.

A source is a jupytext py:percent file, `NN_name.py` for a lesson or `NN_name_exercises.py` for an
exercise set. Its header carries `rnncourse: {lesson, title, part, minutes}`.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
import yaml
from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parent.parent
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
SOURCE_NAME = re.compile(r"^\d\d_[a-z0-9_]+$")
READER_METADATA = ("lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker", "title")


class BuildError(Exception):
    """A source that cannot be built. `str(error)` is all that an author needs to see."""

    def __init__(self, where: str, message: str):
        super().__init__(f"{where}: {message}")


@dataclass(frozen=True)
class Source:
    """One file of `lessons/`."""

    path: Path
    root: Path

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def is_exercises(self) -> bool:
        return self.name.endswith("_exercises")

    @property
    def lesson(self) -> str:
        """The two digits that name and order the lesson."""
        return self.name[:2]

    @property
    def label(self) -> str:
        """The path that messages show, relative to the checkout."""
        return self.path.relative_to(self.root).as_posix()

    def read(self) -> NotebookNode:
        """The source as an unexecuted notebook, instructor cells included.

        Raises BuildError when the header or a cell cannot be parsed.
        """
        try:
            notebook = jupytext.read(self.path, fmt="py:percent")
        except (OSError, ValueError, SyntaxError, yaml.YAMLError) as error:
            raise BuildError(self.label, f"cannot be read as py:percent: {error}") from None
        if not notebook.cells:
            raise BuildError(
                self.label, "has no cells; start each with '# %%' or '# %% [markdown]'"
            )
        facts = dict(notebook.metadata.get("rnncourse", {}))
        if not self.is_exercises and not facts.get("title"):
            raise BuildError(self.label, "its header has no 'rnncourse: {lesson, title, ...}' line")
        if str(facts.setdefault("lesson", self.lesson)) != self.lesson:
            raise BuildError(self.label, f"its header says lesson {facts['lesson']}")
        notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "rnncourse": facts})
        notebook.nbformat, notebook.nbformat_minor = 4, 5
        _tidy_cells(notebook)
        return notebook

    def line_of(self, code: str, earlier: int = 0) -> int | None:
        """The line of the file on which a code cell starts, or None where it is not found.

        earlier: how many cells before it hold the same code.
        """
        text = self.path.read_text(encoding="utf-8")
        starts = [m.end() for m in re.finditer(r"^# %%.*\n\s*?(?=\S)", text, re.MULTILINE)]
        found = [start for start in starts if text.startswith(code, start)]
        return text.count("\n", 0, found[earlier]) + 1 if len(found) > earlier else None


def _tidy_cells(notebook: NotebookNode) -> None:
    """Drop what the reader left in the metadata; make each id a digest of the cell's text.

    The id of a cell changes only when its text does, so that inserting a cell touches no other.
    """
    seen: dict[str, int] = {}
    for cell in notebook.cells:
        for key in READER_METADATA:
            cell.metadata.pop(key, None)
        digest = hashlib.sha256(f"{cell.cell_type}\n{cell.source}".encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"


def find_sources(root: Path = ROOT, names: list[str] | None = None) -> list[Source]:
    """Every source under `root/lessons`, or those whose name starts with one of `names`.

    A name may be given as "02", "02_recurrent_neuron", or as a path to the source or a built file.
    Raises BuildError when there is none, or when a name matches none.
    """
    folder = root / "lessons"
    paths = sorted(path for path in folder.glob("*.py") if SOURCE_NAME.match(path.stem))
    if not paths:
        raise BuildError("lessons", "no file called NN_name.py was found")
    if not names:
        return [Source(path, root) for path in paths]
    wanted = [Path(name).stem for name in names]
    for stem in wanted:
        if not any(path.stem.startswith(stem) for path in paths):
            raise BuildError("lessons", f"no source starts with {stem!r}")
    chosen = [path for path in paths if any(path.stem.startswith(stem) for stem in wanted)]
    return [Source(path, root) for path in chosen]


def has_tag(cell: NotebookNode, tag: str) -> bool:
    """Whether a cell carries a tag."""
    return tag in cell.metadata.get("tags", [])


def instructor_cells(root: Path = ROOT) -> dict[str, list[str]]:
    """The text of every cell tagged `instructor`, by source name, in the lesson's order."""
    found = {}
    for source in find_sources(root):
        cells = [c for c in source.read().cells if has_tag(c, "instructor")]
        if cells:
            found[source.name] = [cell.source for cell in cells]
    return found
