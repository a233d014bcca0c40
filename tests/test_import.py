"""The package is light to import, its rooms load when used, and no arrow runs up."""

import ast
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import rnncourse

PACKAGE = Path(rnncourse.__file__).parent
HEAVY = {"torch", "gensim", "matplotlib", "ipywidgets", "numpy", "scipy", "statsmodels"}

# What each room may stand on; the rooms not named here are on top of the house.
FLOORS = {
    "trouble": set(),
    "events": set(),
    "watching": set(),
    "cells": set(),
    "words": {"cells", "watching"},
    "data": {"words", "cells"},
    "train": {"cells", "watching"},
    "draw": {"cells"},
    "play": {"draw", "cells", "words", "data"},
    "check": {"cells", "words", "data", "train", "events"},
}
TOP = {
    *("course", "store", "standing", "course_map", "progress", "looks", "doctor"),
    *("links", "reset", "trial", "cli", "cli_show", "files", "carry", "trust"),
}


def modules_after(statement):
    """The modules that a fresh interpreter holds after `statement`."""
    code = f"{statement}\nimport sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_rooms(tree, path):
    """The rooms that a module imports anywhere, inside functions too."""
    package = ["rnncourse", *path.relative_to(PACKAGE).parts[:-1]]
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            origin = ".".join([*base, *([node.module] if node.module else [])])
            names = [f"{origin}.{alias.name}" for alias in node.names]
        for name in names:
            parts = name.split(".")
            if parts[0] == "rnncourse" and len(parts) > 1 and not parts[1].startswith("__"):
                yield parts[1]


def arrows(package=PACKAGE):
    """Room -> the other rooms that it imports, over every module of the package."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        room = room_of(path)
        if room == "__init__":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        found.setdefault(room, set()).update(set(imported_rooms(tree, path)) - {room})
    return found


def test_importing_the_package_loads_nothing_heavy():
    assert not modules_after("import rnncourse") & HEAVY


def test_recording_a_first_check_loads_nothing_heavy():
    assert not modules_after("import rnncourse.progress") & (HEAVY | {"yaml", "rich", "typer"})


def test_the_ground_floor_loads_neither_torch_nor_matplotlib():
    loaded = modules_after(
        "import rnncourse.cells, rnncourse.words, rnncourse.data, rnncourse.check"
    )
    assert "numpy" in loaded
    assert not loaded & {"torch", "matplotlib", "ipywidgets", "gensim"}


@pytest.mark.parametrize("room", sorted(rnncourse._ROOMS))
def test_every_room_that_dir_names_can_be_imported(room):
    assert room in dir(rnncourse)
    assert getattr(rnncourse, room).__name__ == f"rnncourse.{room}"


def test_every_room_of_the_floors_that_exists_is_lazily_there():
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")}
    assert rooms & (FLOORS.keys() - {"trouble", "events", "watching"}) <= set(rnncourse._ROOMS)


def test_an_unknown_room_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'cellars'"):
        _ = rnncourse.cellars


def test_no_arrow_runs_up():
    found = arrows()
    assert {"cells", "check", "progress", "cli"} <= found.keys()
    up = {
        room: sorted(others - FLOORS.get(room, FLOORS.keys() | TOP))
        for room, others in found.items()
    }
    assert {room: others for room, others in up.items() if others} == {}


def test_every_room_has_its_floor():
    assert arrows().keys() <= FLOORS.keys() | TOP


def test_the_rooms_do_not_run_in_a_circle():
    TopologicalSorter(arrows()).prepare()  # raises CycleError, which names the circle


def test_the_reading_of_arrows_sees_every_form_of_import():
    source = """
import rnncourse.play
from rnncourse import draw
def f():
    from rnncourse.train import loop
    from ..words import vocabulary
    from . import sibling
    from rnncourse import __version__
"""
    path = PACKAGE / "cells" / "neuron.py"
    seen = set(imported_rooms(ast.parse(source), path))
    assert seen == {"play", "draw", "train", "words", "cells"}


def test_a_verdict_reaches_the_progress_file(learner_home):
    from rnncourse import events, store

    facts = {"exercise": "neuron_step", "lesson": "02", "passed": True}
    events.announce("checked", **facts, misconception=None, seconds=0.01)
    assert [attempt.exercise for attempt in store.read()] == ["neuron_step"]
