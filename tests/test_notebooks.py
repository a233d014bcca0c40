"""Every built notebook, in every state it can be in.

Lessons and solutions run under strict nbval; exercise sheets run as they are shipped. The files are
found by pattern, and their number is held against the number of sources.
"""

from pathlib import Path

import nbformat
import pytest

from authoring import prove
from authoring.build import check
from authoring.sources import ROOT, SOURCE_NAME, find_sources


def built(folder: str) -> list[Path]:
    """The built notebooks of a folder; copies that a learner keeps there have other names."""
    return [
        path for path in sorted((ROOT / folder).glob("*.ipynb")) if SOURCE_NAME.match(path.stem)
    ]


LESSONS, SOLUTIONS, SHEETS = built("notebooks"), built("solutions"), built("exercises")
MEGABYTES = 25


def names(path: Path) -> str:
    return f"{path.parent.name}-{path.stem}"


def test_there_is_one_notebook_for_every_source():
    sources = find_sources(ROOT)
    lessons = [source.name for source in sources if not source.is_exercises]
    sets = [source.name for source in sources if source.is_exercises]
    assert lessons, "no lesson was found"
    assert [path.stem for path in LESSONS] == lessons
    assert [path.stem for path in SOLUTIONS] == sets
    assert [path.stem for path in SHEETS] == sets


def test_every_lesson_has_its_exercise_set_and_its_number_is_its_own():
    sources = find_sources(ROOT)
    lessons = [source.name for source in sources if not source.is_exercises]
    sets = {source.name for source in sources if source.is_exercises}
    assert {f"{name}_exercises" for name in lessons} == sets
    assert len({name[:2] for name in lessons}) == len(lessons)


def test_every_committed_notebook_is_what_its_source_makes_and_holds_its_outputs():
    faults = check(ROOT, [])
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", LESSONS + SOLUTIONS, ids=names)
def test_every_cell_prints_what_is_stored(path, tmp_path):
    faults = prove.nbval_faults(path, tmp_path)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", SHEETS, ids=names)
def test_a_sheet_as_shipped_fails_kindly_at_each_check_and_nowhere_else(path):
    faults = prove.sheet_faults(path)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("path", SHEETS, ids=names)
def test_every_exercise_of_a_lesson_is_checked_in_its_sheet_or_in_the_lesson(path):
    from rnncourse import check

    cells = nbformat.read(path, as_version=4).cells
    ids = {cell.metadata.get("nbgrader", {}).get("grade_id") for cell in cells}
    lesson = ROOT / "lessons" / f"{path.stem.removesuffix('_exercises')}.py"
    exercises = [exercise.id for exercise in check.exercises() if exercise.lesson == path.stem[:2]]
    text = lesson.read_text("utf-8")
    assert exercises
    assert [e for e in exercises if f"check_{e}" not in ids and f"check.{e}" not in text] == []


@pytest.mark.parametrize("path", LESSONS + SOLUTIONS + SHEETS, ids=names)
def test_headings_images_links_and_cells_have_their_form(path):
    faults = prove.text_faults(path)
    assert not faults, "\n".join(faults)


def test_all_notebooks_together_stay_within_their_size():
    assert 0 < prove.size_in_megabytes(ROOT) <= MEGABYTES
