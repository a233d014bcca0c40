"""The gates are seen to fail: each fault is planted in a copy of a small course, and caught.

The first test proves that the same gates find nothing in the course without a fault.
"""

import os
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from conftest import ROOT, NetworkUsed

from authoring import build, prove
from authoring.execute import WIDGET_VIEW, outputs_digest
from rnncourse import check
from rnncourse.check.proof import problems

LESSON = "notebooks/00_tiny.ipynb"
SHEET = "exercises/00_tiny_exercises.ipynb"
SOLUTION = "solutions/00_tiny_exercises.ipynb"


def edit(root: Path, name: str, change) -> None:
    """Apply `change(notebook)` to a built file, and store it as if nothing had happened."""
    notebook = nbformat.read(root / name, as_version=4)
    change(notebook)
    nbformat.write(notebook, root / name)


def sealed(change):
    """The same change, with the digest of the outputs put right: only nbval can notice it."""

    def changed(notebook):
        change(notebook)
        notebook.metadata.rnncourse["outputs"] = outputs_digest(notebook)

    return changed


def caught_by_check(root: Path, capsys, name: str, reason: str) -> None:
    """`build --check` exits 1, names the one file, why, and the command that mends it."""
    assert build.main(["--check", "--root", str(root)]) == 1
    message = capsys.readouterr().err.strip()
    assert message.startswith(f"{name}: ") and "\n" not in message
    assert reason in message
    assert message.endswith(f"python3 start.py build {Path(name).stem}")


def first_printing_cell(notebook):
    return next(cell for cell in notebook.cells if cell.cell_type == "code" and cell.outputs)


def test_nothing_is_found_in_a_course_without_a_fault(tiny_course, tmp_path):
    assert build.check(tiny_course, []) == []
    assert prove.sheet_faults(tiny_course / SHEET) == []
    for name in (LESSON, SOLUTION):
        home = tmp_path / Path(name).parent
        home.mkdir()
        assert prove.nbval_faults(tiny_course / name, home) == []
    for name in (LESSON, SOLUTION, SHEET):
        assert prove.text_faults(tiny_course / name) == []


# Derived files


def test_a_stale_lesson_is_named(copy_of_course, capsys):
    path = copy_of_course / "lessons" / "00_tiny.py"
    path.write_text(path.read_text("utf-8").replace('print("two")', 'print("too")'), "utf-8")
    caught_by_check(copy_of_course, capsys, LESSON, "cell 2: its source differs")


def test_a_sheet_edited_by_hand_is_named(copy_of_course, capsys):
    def solve(notebook):
        notebook.cells[3].source = notebook.cells[3].source.replace(
            "...", "return np.cumsum(values)"
        )

    edit(copy_of_course, SHEET, solve)
    caught_by_check(copy_of_course, capsys, SHEET, "cell 4: its source differs")


def test_changed_metadata_of_a_header_are_named(copy_of_course, capsys):
    path = copy_of_course / "lessons" / "00_tiny.py"
    path.write_text(path.read_text("utf-8").replace("minutes: 5", "minutes: 6"), "utf-8")
    caught_by_check(copy_of_course, capsys, LESSON, "metadata differs in rnncourse")


def test_a_missing_file_is_named(copy_of_course, capsys):
    (copy_of_course / SOLUTION).unlink()
    caught_by_check(copy_of_course, capsys, SOLUTION, "it is missing")


def test_a_file_that_is_no_notebook_is_named(copy_of_course, capsys):
    (copy_of_course / SOLUTION).write_text("<<<<<<< ours", "utf-8")
    caught_by_check(copy_of_course, capsys, SOLUTION, "not a valid notebook")


def test_an_orphan_is_named_and_a_copy_that_a_learner_keeps_is_not(copy_of_course, capsys):
    orphan = copy_of_course / "notebooks" / "09_gone.ipynb"
    orphan.write_bytes((copy_of_course / LESSON).read_bytes())
    kept = copy_of_course / "exercises" / "00_tiny_exercises.yours-2026-11-23.ipynb"
    kept.write_bytes((copy_of_course / SHEET).read_bytes())
    assert build.main(["--check", "--root", str(copy_of_course)]) == 1
    assert capsys.readouterr().err == "notebooks/09_gone.ipynb: no source makes it. Delete it.\n"


# Stored outputs


def test_a_cell_without_its_output_is_named(copy_of_course, capsys):
    edit(copy_of_course, LESSON, lambda notebook: first_printing_cell(notebook).outputs.clear())
    caught_by_check(copy_of_course, capsys, LESSON, "a stored output was lost")


def test_a_cell_that_was_never_run_is_named_although_nbval_passes_it(
    copy_of_course, capsys, tmp_path
):
    def forget(notebook):
        cell = first_printing_cell(notebook)
        cell.outputs, cell.execution_count = [], None

    edit(copy_of_course, LESSON, sealed(forget))
    assert prove.nbval_faults(copy_of_course / LESSON, tmp_path) == []
    caught_by_check(copy_of_course, capsys, LESSON, "cell 2: it was never run")


def test_a_wrong_stored_output_is_caught_by_nbval(copy_of_course, tmp_path):
    def lie(notebook):
        first_printing_cell(notebook).outputs[0].text = "one\ntwo\n[1 3 7]\n"

    edit(copy_of_course, LESSON, sealed(lie))
    assert build.check(copy_of_course, []) == []
    (fault,) = prove.nbval_faults(copy_of_course / LESSON, tmp_path)
    assert "[1 3 7]" in fault and "1 failed" in fault


def test_an_output_typed_by_hand_is_named_before_anything_is_executed(copy_of_course, capsys):
    def lie(notebook):
        first_printing_cell(notebook).outputs[0].text = "one\ntwo\n[1 3 7]\n"

    edit(copy_of_course, LESSON, lie)
    caught_by_check(copy_of_course, capsys, LESSON, "a stored output was lost or changed")


def test_an_error_that_is_no_longer_raised_is_caught_by_nbval(copy_of_course, tmp_path):
    def calm(notebook):
        notebook.cells[-1].source = "x = 1"

    edit(copy_of_course, LESSON, calm)
    (fault,) = prove.nbval_faults(copy_of_course / LESSON, tmp_path)
    assert "Missing output fields" in fault


def test_a_skipped_cell_is_caught(copy_of_course, tmp_path):
    def skip(notebook):
        first_printing_cell(notebook).metadata["tags"] = ["nbval-skip"]

    edit(copy_of_course, LESSON, skip)
    assert "1 skipped" in prove.nbval_faults(copy_of_course / LESSON, tmp_path)[0]


def test_a_widget_view_left_in_is_named(copy_of_course, capsys):
    def leave(notebook):
        output = nbformat.v4.new_output("display_data", {WIDGET_VIEW: {"model_id": "abc"}})
        first_printing_cell(notebook).outputs.append(output)

    edit(copy_of_course, LESSON, sealed(leave))
    caught_by_check(copy_of_course, capsys, LESSON, "cell 2: a widget view is stored")


def test_text_on_stderr_left_in_is_named(copy_of_course, capsys):
    def leave(notebook):
        output = nbformat.v4.new_output("stream", name="stderr", text="careful")
        first_printing_cell(notebook).outputs.append(output)

    edit(copy_of_course, LESSON, sealed(leave))
    caught_by_check(copy_of_course, capsys, LESSON, "cell 2: text written to stderr is stored")


def test_outputs_in_a_sheet_are_named(copy_of_course, capsys):
    def run(notebook):
        notebook.cells[1].execution_count = 1

    edit(copy_of_course, SHEET, run)
    caught_by_check(copy_of_course, capsys, SHEET, "cell 2: an exercise sheet holds no outputs")


# Sheets as they are shipped


def test_an_exercise_that_passes_unsolved_is_caught(copy_of_course):
    def solve(notebook):
        notebook.cells[3].source = "def running_total(values):\n    return np.cumsum(values)"

    edit(copy_of_course, SHEET, solve)
    (fault,) = prove.sheet_faults(copy_of_course / SHEET)
    assert "passes unsolved: check.running_total(running_total)" in fault


def test_a_sheet_that_breaks_elsewhere_is_caught(copy_of_course):
    def break_it(notebook):
        notebook.cells[3].source = "raise ValueError('boo')"

    edit(copy_of_course, SHEET, break_it)
    faults = prove.sheet_faults(copy_of_course / SHEET)
    assert any("cell 4 raises ValueError: boo" in fault for fault in faults)
    assert any("raises NameError, not NotYet" in fault for fault in faults)


def test_a_sheet_whose_checks_are_gone_is_caught(copy_of_course):
    def drop(notebook):
        notebook.cells = notebook.cells[:2]

    edit(copy_of_course, SHEET, drop)
    assert prove.sheet_faults(copy_of_course / SHEET) == ["00_tiny_exercises.ipynb has no check"]


def test_a_solution_that_fails_its_check_stops_the_build(copy_of_course, capsys):
    path = copy_of_course / "lessons" / "00_tiny_exercises.py"
    path.write_text(path.read_text("utf-8").replace('answer = "c"', 'answer = "a"'), "utf-8")
    assert build.main(["--root", str(copy_of_course)]) == 1
    message = capsys.readouterr().err
    assert message.startswith("lessons/00_tiny_exercises.py:") and "NotYet" in message
    assert "Traceback" not in message


# Misconceptions


def doubling(*mistakes):
    """An exercise that is ready but for what is planted in its misconceptions."""
    known = [
        check.wrong("adds one", lambda x: x + 1, "Adding one is not doubling."),
        check.wrong("squares", lambda x: x**2, "Squaring is not doubling."),
        check.wrong("halves", lambda x: x / 2, "Halving is the other way."),
    ]
    return check.code(
        title="Twice",
        minutes=1,
        difficulty=1,
        objective="double a number",
        reference=lambda x: 2 * x,
        probes=[check.probe(3.0), check.probe(-1.25)],
        mistakes=[*known, *mistakes],
        hints=["Add it to itself.", "2 x", "return 2 * x"],
        others=[lambda x: x + x, lambda x: x * 2.0],
    )


def test_nothing_is_found_in_an_exercise_without_a_fault():
    assert problems(doubling()) == []


def test_a_misconception_that_equals_the_reference_is_caught():
    planted = check.wrong("adds it to itself", lambda x: x + x, "This is right.")
    (problem,) = problems(doubling(planted))
    assert "'adds it to itself' passes" in problem


def test_two_misconceptions_that_look_alike_on_the_probes_are_caught():
    planted = check.wrong("adds two halves", lambda x: x + 0.5 + 0.5, "Look again.")
    (problem,) = problems(doubling(planted))
    assert "'adds two halves' is taken for 'adds one'" in problem


# Form


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# One\n\n# Two", "no other of that level"),
        ("## Two\n\n# One", "must begin with a heading of level 1"),
        ("# One\n\n### Three", "'Three' (level 3) stands below one of level 1"),
        ("# One\n\n![](a.png)", "an image has no alt text"),
        ('# One\n\n<img src="a.png">', "an image has no alt text"),
        ("# One\n\n[next](01_nothing.ipynb)", "the link to 01_nothing.ipynb leads nowhere"),
        ("# One\n\n### BEGIN SOLUTION", "the mark 'BEGIN SOLUTION' was left"),
    ],
)
def test_a_fault_of_form_in_markdown_is_caught(copy_of_course, text, fault):
    edit(
        copy_of_course,
        LESSON,
        lambda n: n.cells.__setitem__(0, nbformat.v4.new_markdown_cell(text)),
    )
    assert fault in " ".join(prove.text_faults(copy_of_course / LESSON))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"source": "x = 1\n" * 21}, "21 lines of code"),
        ({"source": "np.zeros(2);"}, "ends with ';'"),
        ({"text": "/home/somebody/course"}, "names something of one machine: /home/somebody"),
        ({"text": "<object object at 0x7f8a00c0ffee>"}, "one machine: at 0x7f8a00c0ffee"),
        ({"image": {}}, "an image/png output has no alt text"),
    ],
)
def test_a_fault_of_form_in_a_code_cell_is_caught(copy_of_course, change, fault):
    def plant(notebook):
        cell = first_printing_cell(notebook)
        cell.source = change.get("source", cell.source)
        cell.outputs[0].text = change.get("text", "")
        if "image" in change:
            cell.outputs.append(
                nbformat.v4.new_output("display_data", {"image/png": "iVBORw0KGgo="})
            )

    edit(copy_of_course, LESSON, plant)
    assert fault in " ".join(prove.text_faults(copy_of_course / LESSON))


def test_a_kernel_of_another_name_is_caught(copy_of_course):
    edit(copy_of_course, LESSON, lambda notebook: notebook.metadata.kernelspec.update(name="mine"))
    assert "called 'mine'" in prove.text_faults(copy_of_course / LESSON)[0]


# The network


def test_a_test_that_leaves_this_machine_is_stopped():
    with socket.socket() as outside, pytest.raises(NetworkUsed, match=r"192\.0\.2\.1"):
        outside.connect(("192.0.2.1", 80))


def test_a_test_may_talk_to_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


def test_notebooks_are_proved_and_built_with_the_network_cut(copy_of_course, network_cut, tmp_path):
    script = (
        "import socket, sys\n"
        "from pathlib import Path\n"
        "from authoring import build, prove\n"
        "root, home = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "try:\n"
        "    socket.create_connection(('192.0.2.1', 80), timeout=5)\n"
        "except OSError:\n"
        "    pass\n"
        "else:\n"
        "    sys.exit('the network is not cut')\n"
        f"faults = prove.nbval_faults(root / {LESSON!r}, home)\n"
        f"faults += prove.sheet_faults(root / {SHEET!r})\n"
        "sys.exit('\\n'.join(faults) or build.main(['--all', '--root', str(root)]))\n"
    )
    home = tmp_path / "home"
    home.mkdir()
    command = [*network_cut, sys.executable, "-c", script, str(copy_of_course), str(home)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
