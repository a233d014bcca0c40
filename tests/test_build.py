"""The build: what becomes of a source, what is executed, and what an author is told."""

import json
import os
import re
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import HEADER, TINY_LESSON
from nbgrader.nbgraderformat.v3 import MetadataValidatorV3

from authoring import build, execute
from authoring.make import make_targets
from authoring.sources import BuildError, Source, find_sources, instructor_cells

LESSON = "notebooks/00_tiny.ipynb"
SHEET = "exercises/00_tiny_exercises.ipynb"
SOLUTION = "solutions/00_tiny_exercises.ipynb"


def read(root: Path, name: str):
    return nbformat.read(root / name, as_version=4)


def code(notebook) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def source_of(tmp_path: Path, text: str, name: str = "00_x_exercises") -> Source:
    (tmp_path / "lessons").mkdir(exist_ok=True)
    path = tmp_path / "lessons" / f"{name}.py"
    path.write_text(HEADER + text, "utf-8")
    return Source(path, tmp_path)


def run(root: Path, *arguments: str) -> int:
    return build.main(["--root", str(root), *arguments])


# What a source becomes


def test_instructor_cells_stay_out_of_the_notebook_and_can_be_collected(tiny_course):
    text = (tiny_course / LESSON).read_text("utf-8")
    assert "Draw a loop" not in text
    assert instructor_cells(tiny_course) == {"00_tiny": ["Five minutes. Draw a loop."]}


def test_a_question_shows_every_option_of_the_checker_with_its_letter(tiny_course):
    from rnncourse import check

    markdown = read(tiny_course, LESSON).cells[0].source
    exercise = next(e for e in check.exercises() if e.id == "what_was_lost")
    assert exercise.question in markdown
    for letter, option in zip("abcd", exercise.options, strict=True):
        assert f"- **{letter}**: {option.text}" in markdown


def test_an_exercise_heading_counts_and_states_difficulty_minutes_and_objective(tiny_course):
    headings = [c.source for c in read(tiny_course, SHEET).cells if "Exercise" in c.source]
    assert headings[0].startswith("## Exercise 1 · The running total\n")
    assert "Difficulty ●○○ · 2 minutes" in headings[0]
    assert "carry one number from step to step" in headings[0]
    assert headings[1].startswith("## Exercise 2 · ")


def test_an_exercise_heading_stands_below_the_authors_own_heading(tmp_path):
    source = source_of(
        tmp_path, "\n# %% [markdown]\n# # T\n#\n# ## Part\n#\n# {{exercise running_total}}\n"
    )
    assert "\n### Exercise 1" in make_targets(source)[0].notebook.cells[0].source


def test_the_sheet_holds_stubs_and_the_solution_neither_marks_nor_placeholders(tiny_course):
    sheet = [cell.source for cell in code(read(tiny_course, SHEET))]
    assert sheet[1] == (
        'def running_total(values):\n    "Every sum so far."\n    ...  # your code here'
    )
    assert sheet[3] == "answer = ..."
    solution = [cell.source for cell in code(read(tiny_course, SOLUTION))]
    assert solution[1].endswith("    return np.cumsum(values)")
    assert solution[3] == 'answer = "c"'
    assert not any("SOLUTION" in text for text in sheet + solution)


def test_the_sheet_is_without_outputs_and_the_solution_is_all_green(tiny_course):
    assert all(not c.outputs and c.execution_count is None for c in code(read(tiny_course, SHEET)))
    outputs = [
        cell.outputs for cell in code(read(tiny_course, SOLUTION)) if "check." in cell.source
    ]
    assert all(output.output_type != "error" for shown in outputs for output in shown)


def test_nbgrader_accepts_the_metadata_of_both(tiny_course):
    for name in (SHEET, SOLUTION):
        notebook = read(tiny_course, name)
        MetadataValidatorV3().validate_nb(notebook)
        marks = [c.metadata.nbgrader for c in notebook.cells if "nbgrader" in c.metadata]
        assert [mark.grade_id for mark in marks] == [
            "running_total",
            "check_running_total",
            "what_was_lost",
            "check_what_was_lost",
        ]
        assert [(m.solution, m.grade, m.locked) for m in marks[:2]] == [
            (True, False, False),
            (False, True, True),
        ]
        assert [mark.points for mark in marks if mark.grade] == [1, 1]


def test_the_id_of_a_cell_survives_what_is_inserted_before_it(tmp_path):
    cell = "\n# %%\nx = 1\n"
    before = make_targets(source_of(tmp_path, cell + cell, "00_x"))[0].notebook.cells
    after = make_targets(source_of(tmp_path, "\n# %%\ny = 2\n" + cell + cell, "00_x"))[
        0
    ].notebook.cells
    assert [c.id for c in after[1:]] == [c.id for c in before]
    assert len({c.id for c in after}) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %%\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", "needs 'name = ...'"),
        ("# %%\nx = ...\n### BEGIN SOLUTION\nx = 1\n", "marks must be"),
        ("# %%\nx = ...\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n", "no check follows"),
        ("# %%\ncheck.running_total(1)\n", "needs a solution cell of its own"),
        (
            "# %%\nx = ...\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n"
            "# %%\ncheck.runing_total(x)\n",
            "Did you mean check.running_total?",
        ),
        ("# %% [markdown]\n# {{exercise nothing_like_it_at_all}}\n", "There is no exercise called"),
        ("# %% [markdown]\n# {{excercise running_total}}\n", "not a known placeholder"),
        ("# %% [markdown]\n# {{question running_total}}\n", "has no question"),
    ],
)
def test_a_source_that_would_make_a_wrong_notebook_is_refused_with_a_sentence(
    tmp_path, text, message
):
    with pytest.raises(BuildError, match=re.escape(message)) as refused:
        make_targets(source_of(tmp_path, "\n" + text))
    assert str(refused.value).startswith("lessons/00_x_exercises.py: ")


# What is executed, and what is stored


def test_printed_lines_are_one_output(tiny_course):
    first = code(read(tiny_course, LESSON))[0].outputs
    assert [(o.output_type, o.text) for o in first] == [("stream", "one\ntwo\n[1 3 6]\n")]


def test_of_a_widget_its_picture_is_stored_and_nothing_that_needs_a_kernel(tiny_course):
    notebook = read(tiny_course, LESSON)
    knob, plain = code(notebook)[2:4]
    assert dict(knob.outputs[0].data) == {
        "image/png": "iVBORw0KGgo=",
        "text/plain": "Figure: a knob",
    }
    assert knob.outputs[0].metadata["image/png"]["alt"] == "a knob"
    assert plain.outputs == []
    assert "widgets" not in notebook.metadata


def test_the_metadata_hold_neither_times_nor_versions_of_python(tiny_course):
    for name in (LESSON, SOLUTION):
        notebook = read(tiny_course, name)
        assert set(notebook.metadata) == {"kernelspec", "language_info", "rnncourse"}
        assert notebook.metadata.kernelspec.name == "python3"
        assert "version" not in notebook.metadata.language_info
        assert all("execution" not in cell.metadata for cell in notebook.cells)
    assert read(tiny_course, LESSON).metadata.rnncourse.title == "Tiny"


def test_building_everything_again_gives_the_same_bytes(copy_of_course):
    before = {name: (copy_of_course / name).read_bytes() for name in (LESSON, SHEET, SOLUTION)}
    assert run(copy_of_course, "--all") == 0
    assert before == {name: (copy_of_course / name).read_bytes() for name in before}


def test_the_kernel_is_this_python_and_knows_nothing_of_the_author(tmp_path, monkeypatch):
    monkeypatch.setenv("RNNCOURSE_HOME", "/somebody")
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.setenv("MPLBACKEND", "svg")
    names = ["RNNCOURSE_HOME", "OMP_NUM_THREADS", "PYTHONHASHSEED", "MPLBACKEND"]
    text = (
        f"import json, os, sys\nshown = [os.environ.get(n) for n in {names}]\n"
        "print(json.dumps([sys.executable, os.getcwd(), *shown]))"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text)])
    execute.execute_now(notebook, tmp_path / "notebooks")
    python, folder, home, threads, seed, backend = json.loads(notebook.cells[0].outputs[0].text)
    assert Path(python).samefile(sys.executable)
    assert Path(folder).samefile(tmp_path / "notebooks")
    assert home != "/somebody" and (threads, seed) == ("1", "0")
    assert "inline" in backend


# What is made again


def test_what_did_not_change_is_not_made_again_whatever_its_time(copy_of_course, capsys):
    os.utime(copy_of_course / "lessons" / "00_tiny.py")
    (copy_of_course / SHEET).touch()
    assert run(copy_of_course) == 0
    assert "0 built, 3 up to date, 0 failed" in capsys.readouterr().out


def test_only_the_changed_source_is_made_again(copy_of_course, capsys):
    path = copy_of_course / "lessons" / "00_tiny.py"
    path.write_text(path.read_text("utf-8").replace("What is a", "So what is a"), "utf-8")
    assert run(copy_of_course) == 0
    assert "1 built, 2 up to date, 0 failed" in capsys.readouterr().out
    assert "So what is a" in (copy_of_course / LESSON).read_text("utf-8")


def test_a_name_or_a_path_chooses_sources(tiny_course):
    assert [s.name for s in find_sources(tiny_course, ["00_tiny_ex"])] == ["00_tiny_exercises"]
    assert len(find_sources(tiny_course, [LESSON])) == 2
    with pytest.raises(BuildError, match="no source starts with '77'"):
        find_sources(tiny_course, ["77"])


def test_a_checkout_without_a_lesson_is_an_error_and_not_a_success(tmp_path, capsys):
    assert run(tmp_path, "--check") == 1
    assert "no file called NN_name.py" in capsys.readouterr().err


# What an author is told


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("x = 1\nprint(undefined)", "NameError: name 'undefined' is not defined"),
        ("if True\n    pass", "SyntaxError"),
        ("print('careful', file=sys.stderr)", "it writes to stderr: careful"),
        ("import os\nos._exit(1)", "the kernel died"),
        ("import time\ntime.sleep(30)", "did not finish within 2 s"),
    ],
)
def test_a_failing_cell_gives_one_message_and_leaves_the_old_file(
    copy_of_course, capsys, monkeypatch, cell, message
):
    monkeypatch.setattr(execute, "CELL_SECONDS", 2)
    before = (copy_of_course / LESSON).read_bytes()
    path = copy_of_course / "lessons" / "00_tiny.py"
    lesson = HEADER + TINY_LESSON.replace("\n# %%\nsys.version_info.major", f"\n# %%\n{cell}")
    path.write_text(lesson, "utf-8")
    assert run(copy_of_course) == 1
    shown = capsys.readouterr()
    line = lesson.split("\n").index(cell.split("\n")[0]) + 1
    assert shown.err.startswith(f"lessons/00_tiny.py:{line}, cell 3: ")
    assert message in shown.err.split("\n")[0]
    assert "Traceback" not in shown.err and "1 failed" in shown.out
    assert (copy_of_course / LESSON).read_bytes() == before
    assert list(path.parent.parent.rglob("*.part")) == []


def test_a_cell_that_was_to_raise_and_did_not_is_an_error(tmp_path, capsys):
    source_of(tmp_path, '\n# %% tags=["raises-exception"]\nx = 1\n', "00_x")
    assert run(tmp_path) == 1
    assert "tagged raises-exception and raised nothing" in capsys.readouterr().err
