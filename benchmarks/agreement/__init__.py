"""The experiments of lesson 10: does a network answer the person of the story? See bar.py.

Each module holds a list `EXPERIMENTS`. All of them look at networks from `training.trained`, so the
same five LSTMs are measured, opened, patched and asked.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

SEEDS = 5
TEMPLATES = ("known", "held out")
DISTANCES = (1, 5, 20, 50, 100, 200)


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, the figures, and what was asked for.

    reached is None for a line that is only told.
    """

    what: str
    ours: str
    target: str = ""
    reached: bool | None = None


@dataclass(frozen=True)
class Experiment:
    """Measurements whose figures are stored in one file; as in `benchmarks.reproductions`.

    name : of the file. recipe : everything that the figures depend on. run : from a recipe to the
    arrays to store. rows : from the stored arrays to lines of the table. tiny : what to change in
    the recipe so that all of `run` is executed in a few seconds (for the tests).
    """

    name: str
    recipe: dict
    run: Callable[[dict], dict[str, np.ndarray]]
    rows: Callable[[dict[str, np.ndarray]], list[Row]]
    tiny: dict = field(default_factory=dict)


TINY = {
    "seeds": 2,
    "n": 12,
    "training": {
        "steps": 3,
        "stories": 100,
        "batch": 8,
        "H": 6,
        "vectors": {"stories": 60, "E": 4, "epochs": 1},
    },
}


def held(what: str, values, least: float | None = None, most: float | None = None) -> Row:
    """A row of shares in per cent: mean and range, its target by the mean."""
    values = np.asarray(values, dtype=float)
    target, reached = [], True
    if least is not None:
        target.append(f"≥ {100 * least:.0f} %")
        reached &= bool(values.mean() >= least - 1e-9)
    if most is not None:
        target.append(f"≤ {100 * most:.0f} %")
        reached &= bool(values.mean() <= most + 1e-9)
    return Row(what, shares(values), ", ".join(target), reached if target else None)


def shares(values) -> str:
    """Mean and range in per cent: "99.1 % (97.5–100)"."""
    values = 100 * np.asarray(values, dtype=float)
    return f"{values.mean():.1f} % ({values.min():.1f}–{values.max():.1f})"
