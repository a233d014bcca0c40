"""The doctor answers in plain words, says what to do, and never breaks down itself."""

import json
import os
import re
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest

from rnncourse import doctor, looks, store

Memory = namedtuple("Memory", "available")


@pytest.fixture(autouse=True)
def fresh(learner_home):
    """An empty home for the learner's state."""


def test_the_tested_set_of_this_environment_is_recognised():
    assert looks.look_python().status == "ok"
    packages = looks.look_packages()
    assert packages.status == "ok", packages
    names = looks._direct_dependencies()
    assert {"torch", "numpy", "jupyterlab", "typer"} <= set(names)
    assert not {"pytest", "nbgrader"} & set(names), "extras are none of the learner's business"
    assert set(names) <= set(looks._tested_versions())


def test_a_python_that_is_too_old_is_a_fault(monkeypatch):
    monkeypatch.setattr(looks.platform, "python_version", lambda: "3.9.2")
    found = looks.look_python()
    assert found.status == "fault"
    assert "3.9.2 does not fit" in found.text


def test_a_missing_package_is_named_with_the_way_to_it(monkeypatch):
    names = [*looks._direct_dependencies(), "not-installed-here"]
    monkeypatch.setattr(looks, "_direct_dependencies", lambda: names)
    found = looks.look_packages()
    assert (found.status, found.text) == ("fault", "missing: not-installed-here")
    assert "python3 start.py" in found.advice


def test_another_version_than_the_tested_one_is_a_warning(monkeypatch):
    monkeypatch.setattr(looks, "_tested_versions", lambda: {"numpy": "1.0"})
    found = looks.look_packages()
    assert found.status == "warning"
    assert "(tested: 1.0)" in found.text


def test_torch_that_cannot_be_loaded_is_a_fault_in_one_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)
    found = looks.look_torch()
    assert found.status == "fault"
    assert "\n" not in found.text


def test_the_kernel_starts_and_computes():
    assert looks.look_kernel() == looks.ok("Kernel", "starts, and computes 1 + 1 = 2")


def test_a_kernel_of_an_environment_without_the_course_is_a_fault(tmp_path, monkeypatch):
    """Another kernel called python3 may shadow the right one: a usual trouble of learners."""
    spec = tmp_path / "kernels" / "python3"
    spec.mkdir(parents=True)
    block = "import sys; sys.modules['rnncourse'] = None; "
    block += "from ipykernel import kernelapp; kernelapp.launch_new_instance()"
    argv = [sys.executable, "-c", block, "-f", "{connection_file}"]
    kernel = {"argv": argv, "display_name": "Other", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(kernel))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))
    from jupyter_client import kernelspec

    monkeypatch.setattr(kernelspec.KernelSpecManager, "ensure_native_kernel", False)
    found = looks.look_kernel()
    assert found.status == "fault"
    assert "where the course is not installed" in found.text


def test_a_kernel_that_does_not_start_is_a_fault(monkeypatch):
    import jupyter_client.manager

    def broken(**_):
        raise RuntimeError("Kernel died before replying\nmore lines")

    monkeypatch.setattr(jupyter_client.manager, "start_new_kernel", broken)
    found = looks.look_kernel()
    assert found.text == "does not start: Kernel died before replying"


def test_widgets_are_there_and_seen_when_switched_off(tmp_path, monkeypatch):
    assert looks.look_widgets().status == "ok"
    page = tmp_path / "labconfig" / "page_config.json"
    page.parent.mkdir()
    page.write_text(json.dumps({"disabledExtensions": {looks.WIDGETS: True}}))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path))
    found = looks.look_widgets()
    assert found.status == "warning"
    assert "jupyter labextension enable" in found.advice


def test_little_memory_is_a_warning_with_numbers(monkeypatch):
    import psutil

    monkeypatch.setattr(psutil, "virtual_memory", lambda: Memory(0.3e9))
    found = looks.look_memory()
    assert found.status == "warning"
    assert found.text == "0.3 GB free, a lesson may need 0.7 GB"


def test_a_place_that_cannot_be_written_to_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("RNNCOURSE_HOME", str(tmp_path / "file" / "home"))
    found = looks.look_progress()
    assert found.status == "warning"
    assert "RNNCOURSE_HOME" in found.advice or "not kept" in found.advice


def test_a_damaged_progress_file_is_said():
    store.path().write_bytes(b"no database" * 100)
    found = looks.look_progress()
    assert found.status == "warning"
    assert "damaged" in found.text


def test_exercises_that_cannot_be_saved_are_a_fault(monkeypatch, tmp_path):
    from test_course import write_lesson

    from rnncourse import course

    write_lesson(tmp_path, "02_neuron", '{lesson: "02", title: "T", part: "I", minutes: 5}')
    monkeypatch.setattr(course, "root", lambda: tmp_path)
    assert "has no exercises" in looks.look_course().text
    (tmp_path / "exercises").mkdir()
    assert looks.look_course().status == "ok"
    monkeypatch.setattr(looks, "_cannot_write", lambda folder: "Permission denied")
    assert "cannot be saved (Permission denied)" in looks.look_course().text


def test_a_look_that_breaks_down_is_a_fault_and_the_others_go_on(monkeypatch):
    def look_broken():
        raise KeyError("surprise")

    monkeypatch.setattr(doctor, "LOOKS", (look_broken, looks.look_python))
    broken, python = doctor.examine()
    assert (broken.topic, broken.status) == ("Broken", "fault")
    assert python.status == "ok"


def test_the_report_leads_with_the_verdict_and_gives_advice(monkeypatch):
    findings = [
        looks.ok("Python", "3.11"),
        looks.warning("Memory", "0.3 GB <free>", "Close other notebooks."),
        looks.fault("Kernel", "does not start", "Run it again."),
        looks.fault("Disk", "is full", "Make room."),
    ]
    report = doctor.Report(findings)
    lines = repr(report).splitlines()
    assert lines[0] == "2 things must be mended before you begin."
    assert lines[1] == "✓ Python     3.11"
    assert "→ Close other notebooks." in lines[3]
    assert "0.3 GB &lt;free&gt;" in report._repr_html_()
    assert doctor.verdict(findings[:2]) == "You can begin; 1 thing could be better."
    assert doctor.verdict(findings[:1]) == "Everything works here."


IN_A_NOTEBOOK = """
import sys
from types import SimpleNamespace
import IPython
IPython.get_ipython = lambda: SimpleNamespace(kernel=object())
import jupyter_client.manager
jupyter_client.manager.start_new_kernel = None  # must not be needed
from rnncourse import doctor
report = doctor.show()
print(report)
"""


def test_in_a_notebook_no_kernel_is_started_and_no_folder_of_the_machine_is_named():
    done = subprocess.run(
        [sys.executable, "-c", IN_A_NOTEBOOK], capture_output=True, text=True, check=True
    )
    assert "✓ Kernel     this one" in done.stdout
    healthy = [line for line in done.stdout.splitlines() if line.startswith("✓")]
    assert not [line for line in healthy if re.search(r"(^|\s)[/~]\w", line)]
    assert str(Path.home()) + os.sep not in "".join(healthy)
