"""The course's own notebooks are trusted, and nothing else is."""

import nbformat
import pytest
from nbformat.sign import NotebookNotary
from nbformat.v4 import new_code_cell, new_notebook, new_output

from rnncourse import trust


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A course folder with one notebook of each kind, and signatures of its own."""
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    for kind in ("notebooks", "solutions", "exercises"):
        output = new_output("display_data", {"text/html": f"<style></style>{kind}"})
        notebook = new_notebook(cells=[new_code_cell("1", outputs=[output])])
        path = tmp_path / kind / f"00_{kind}.ipynb"
        path.parent.mkdir()
        nbformat.write(notebook, path)
    return tmp_path


def trusted(path):
    return NotebookNotary().check_signature(nbformat.read(path, as_version=4))


def test_built_notebooks_are_signed_once_and_exercises_never(folder):
    assert not trusted(folder / "notebooks" / "00_notebooks.ipynb")
    assert trust.sign(folder) == 2
    assert trusted(folder / "notebooks" / "00_notebooks.ipynb")
    assert trusted(folder / "solutions" / "00_solutions.ipynb")
    assert not trusted(folder / "exercises" / "00_exercises.ipynb")
    assert trust.sign(folder) == 0


def test_a_damaged_notebook_is_passed_over(folder):
    (folder / "notebooks" / "00_notebooks.ipynb").write_text("{")
    assert trust.sign(folder) == 1
