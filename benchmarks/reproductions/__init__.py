"""Published results, made again with the course's own cells: one module for each group of them.

A module holds a list `EXPERIMENTS`; `benchmarks/papers.py` finds it, trains what is missing, stores
the figures where the lessons read them, and prints them beside the published ones.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Row:
    """A line of the table: our figures beside those of a paper.

    what : the task and the network. ours : median and range over the seeds, and how many reached
    it. published, source : the paper's figures, and where they stand. unequal : in which terms the
    two differ. target, reached : what the course holds itself to, and whether it does; None for a
    line that has no target and is only told.
    """

    what: str
    ours: str
    published: str
    source: str
    unequal: str
    target: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Experiment:
    """Trainings whose figures are stored in one file.

    name : of the file, "07_adding". recipe : everything that the figures depend on, in plain
    numbers, words, lists and dicts. run : from a recipe to the arrays to store. rows : from the
    stored arrays to lines of the table. tiny : what to change in the recipe, key by key, so that
    all of `run` is executed in about a second (for the tests).
    """

    name: str
    recipe: dict
    run: Callable[[dict], dict[str, np.ndarray]]
    rows: Callable[[dict[str, np.ndarray]], list[Row]]
    tiny: dict = field(default_factory=dict)


def as_text(recipe: dict) -> str:
    """The recipe as it is stored and compared: JSON with sorted keys."""
    return json.dumps(recipe, sort_keys=True)


def merged(recipe: dict, changes: dict) -> dict:
    """The recipe with some values changed; a dict within it is changed key by key too."""
    both = {
        key: merged(recipe[key], value) if isinstance(recipe.get(key), dict) else value
        for key, value in changes.items()
    }
    return {**recipe, **both}


def spread(values, form: str = "{:,.0f}") -> str:
    """Median and range: "3,968 (2,816–5,504)"; "none" where there is no value.

    >>> spread([3, 1, 2])
    '2 (1–3)'
    """
    values = np.asarray(values)
    if not values.size:
        return "none"
    low, middle, high = (form.format(f(values)) for f in (np.min, np.median, np.max))
    return f"{middle} ({low}–{high})"


def count(right) -> str:
    """How many of them: "29 of 30"."""
    right = np.asarray(right)
    return f"{int(right.sum())} of {right.size}"


def say(*words) -> None:
    """A word on the way, to stderr, so that the table alone goes to stdout."""
    print(*words, file=sys.stderr, flush=True)
