"""Recurrent networks by hand: the helper package of the course.

`from rnncourse import cells, check, draw` loads a room when it is first used, so that importing
the package itself costs next to nothing.
"""

from importlib import import_module

from rnncourse import events

__version__ = "0.1.0"

# The rooms that learners and lessons use, by floor: none imports one above it.
_ROOMS = (
    "cells",
    "words",
    "data",
    "train",
    "draw",
    "play",
    "check",
    "course",
    "progress",
    "doctor",
)

# A verdict is kept as the learner's progress; the listener is imported at the first check.
events.subscribe("checked", "rnncourse.progress:record")


def __getattr__(name: str):
    """Import a room at its first use (PEP 562)."""
    if name in _ROOMS:
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*_ROOMS, "events", "__version__", *globals()} - {"import_module"})
