"""Exercise sets: which cell is a solution and which a check, and what becomes of the marks.

The sources hold only `### BEGIN SOLUTION` / `### END SOLUTION`; the metadata that nbgrader needs is
derived here from the check that follows, `check.NAME(...)`.
"""

import ast
import re

from nbformat import NotebookNode

from authoring.expand import exercise_named
from authoring.sources import BuildError, Source

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
STUB = "...  # your code here"
PLACEHOLDER_LINE = re.compile(r"^\w+(, *\w+)* = \.\.\.(, *\.\.\.)*( *#.*)?$")


def checked_name(code: str) -> str | None:
    """NAME where the cell calls `check.NAME(...)` as a statement of its own, else None."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return None
    for statement in body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        function = call.func if isinstance(call, ast.Call) else None
        owner = function.value if isinstance(function, ast.Attribute) else None
        if isinstance(owner, ast.Name) and owner.id == "check":
            return function.attr
    return None


def mark_for_nbgrader(notebook: NotebookNode, source: Source) -> None:
    """Add nbgrader's metadata (schema 3) to each solution cell and to the check that follows it.

    Raises BuildError where a solution has no check, a check no solution, or a name stands twice.
    """
    waiting, seen = None, set()
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        if "BEGIN SOLUTION" in cell.source or "END SOLUTION" in cell.source:
            _inspect_marks(cell.source, source)
            if waiting is not None:
                raise BuildError(source.label, f"no check follows the solution\n{waiting.source}")
            waiting = cell
            continue
        name = checked_name(cell.source)
        if name is None:
            continue
        if waiting is None or name in seen:
            raise BuildError(
                source.label, f"check.{name}(...) needs a solution cell of its own before it"
            )
        points = exercise_named(name, source).difficulty
        waiting.metadata["nbgrader"] = _nbgrader(grade_id=name, solution=True)
        cell.metadata["nbgrader"] = _nbgrader(
            grade_id=f"check_{name}", grade=True, locked=True, points=points
        )
        seen.add(name)
        waiting = None
    if waiting is not None:
        raise BuildError(source.label, f"no check follows the solution\n{waiting.source}")


def _nbgrader(grade_id: str, solution=False, grade=False, locked=False, **points) -> dict:
    return {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **points,
    }


def _inspect_marks(code: str, source: Source) -> None:
    """Refuse marks that would leave a wrong sheet, saying what to write instead."""
    lines = code.split("\n")
    marks = [line.strip() for line in lines if "BEGIN SOLUTION" in line or "END SOLUTION" in line]
    if marks != [BEGIN, END] * (len(marks) // 2):
        raise BuildError(source.label, f"marks must be {BEGIN!r} then {END!r}, in\n{code}")
    for before, line in zip(["", *lines], lines, strict=False):
        if line == BEGIN and not PLACEHOLDER_LINE.match(before):
            raise BuildError(
                source.label,
                f"an unindented solution needs 'name = ...' on the line before {BEGIN!r}:\n{code}",
            )


def remove_marks(notebook: NotebookNode) -> None:
    """Leave the solution alone in each cell: no marks and no `name = ...` before them. In place."""
    for cell in notebook.cells:
        kept: list[str] = []
        for line in cell.source.split("\n"):
            if line == BEGIN:
                while kept and PLACEHOLDER_LINE.match(kept[-1]):
                    kept.pop()
            if line.strip() not in (BEGIN, END):
                kept.append(line)
        cell.source = "\n".join(kept)


def clear_solutions(notebook: NotebookNode, source: Source) -> NotebookNode:
    """The sheet: every solution replaced by a stub, by nbgrader's own preprocessor.

    At top level the line `name = ...` that stands before the marks is the stub, so nbgrader's goes:
    a bare `...` would show "Ellipsis" under the cell.
    """
    from nbgrader.preprocessors import ClearSolutions  # takes a second to load
    from traitlets.config import Config

    config = Config()
    config.ClearSolutions.code_stub = {"python": STUB}
    notebook, _ = ClearSolutions(config=config).preprocess(notebook, {})
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.source = "\n".join(line for line in cell.source.split("\n") if line != STUB)
            try:
                ast.parse(cell.source)
            except SyntaxError as error:
                message = f"does not parse without its solution ({error.msg}):\n{cell.source}"
                raise BuildError(source.label, message) from None
    return notebook
