"""Says in what a committed notebook differs from what its source makes, executing nothing."""

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from authoring.execute import LANGUAGE_INFO, WIDGET_VIEW, outputs_digest
from authoring.make import FOLDERS, Target
from authoring.sources import SOURCE_NAME, Source, has_tag


def differences(target: Target) -> list[str]:
    """The reasons why the committed file is not what its source makes; empty when it is fresh."""
    if not target.path.exists():
        return ["it is missing"]
    try:
        committed = nbformat.read(target.path, as_version=nbformat.NO_CONVERT)
        nbformat.validate(committed)
    except (ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        return [f"it is not a valid notebook ({str(error).splitlines()[0]})"]
    found = _differing_cells(target.notebook, committed) + _differing_metadata(target, committed)
    return found + output_faults(committed, target.executed)


def _differing_cells(made: NotebookNode, committed: NotebookNode) -> list[str]:
    if len(made.cells) != len(committed.cells):
        return [f"it has {len(committed.cells)} cells, its source makes {len(made.cells)}"]
    for number, (new, old) in enumerate(zip(made.cells, committed.cells, strict=True), start=1):
        for key in ("cell_type", "source", "metadata", "id"):
            if new.get(key) != old.get(key):
                return [f"cell {number}: its {key} differs"]
    return []


def _differing_metadata(target: Target, committed: NotebookNode) -> list[str]:
    made = json.loads(json.dumps(target.notebook.metadata))
    stored = json.loads(json.dumps(committed.metadata))
    stored.get("rnncourse", {}).pop("outputs", None)
    if target.executed:
        made["language_info"] = LANGUAGE_INFO
    keys = sorted(key for key in {*made, *stored} if made.get(key) != stored.get(key))
    found = [f"the notebook's metadata differs in {', '.join(keys)}"] if keys else []
    if (committed.nbformat, committed.nbformat_minor) != (4, 5):
        found.append(f"its format is {committed.nbformat}.{committed.nbformat_minor}, not 4.5")
    return found


def output_faults(notebook: NotebookNode, executed: bool) -> list[str]:
    """What is wrong with the stored outputs of a built notebook, one sentence each.

    nbval passes a cell that was never run, and one tagged `raises-exception` that raises
    nothing, so both are looked for here.
    """
    found = []
    if "widgets" in notebook.metadata:
        found.append("it holds the state of widgets")
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type != "code":
            continue
        types = [output.output_type for output in cell.outputs]
        if not executed and (cell.outputs or cell.execution_count is not None):
            found.append(f"cell {number}: an exercise sheet holds no outputs")
        elif executed and cell.execution_count is None:
            found.append(f"cell {number}: it was never run, so it has no stored output")
        if any(WIDGET_VIEW in output.get("data", {}) for output in cell.outputs):
            found.append(
                f"cell {number}: a widget view is stored, which shows nothing without a kernel"
            )
        if any(output.get("name") == "stderr" for output in cell.outputs):
            found.append(f"cell {number}: text written to stderr is stored")
        if executed and ("error" in types) != has_tag(cell, "raises-exception"):
            found.append(f"cell {number}: its stored error and its tag raises-exception disagree")
    digest = notebook.metadata.get("rnncourse", {}).get("outputs")
    if executed and not found and digest != outputs_digest(notebook):
        found.append("a stored output was lost or changed after the build")
    return found


def orphans(root: Path, sources: list[Source]) -> list[Path]:
    """Built notebooks that no source makes. Copies that learners keep beside are none of them."""
    expected = {
        "notebooks": {s.name for s in sources if not s.is_exercises},
        "solutions": {s.name for s in sources if s.is_exercises},
        "exercises": {s.name for s in sources if s.is_exercises},
    }
    return [
        path
        for folder in FOLDERS.values()
        for path in sorted((root / folder).glob("*.ipynb"))
        if SOURCE_NAME.match(path.stem) and path.stem not in expected[folder]
    ]
