"""A cell whose gates are set by hand: its track, and what of the mission the track fulfils."""

from dataclasses import dataclass

import numpy as np

from rnncourse.draw.style import number
from rnncourse.draw.tiles import counted

CLOSE = 0.05  # how near a number has to come to count as that number


@dataclass(frozen=True)
class CellStep:
    """One step: the gates ``i, f, o`` and candidate ``g`` set by hand, ``c_before``, and what came
    of them: ``kept, added, c, squashed, h``.
    """

    i: float
    f: float
    o: float
    g: float
    c_before: float

    @property
    def kept(self):
        return self.f * self.c_before

    @property
    def added(self):
        return self.i * self.g

    @property
    def c(self):
        return self.kept + self.added

    @property
    def squashed(self):
        return float(np.tanh(self.c))

    @property
    def h(self):
        return self.o * self.squashed

    @property
    def amounts(self):
        return self.c_before, self.kept, self.g, self.added, self.c, self.squashed, self.h


def track(settings):
    """The steps of a cell that starts empty; ``settings`` is a list of (i, f, o, g)."""
    steps, c = [], 0.0
    for i, f, o, g in settings:
        steps.append(CellStep(float(i), float(f), float(o), float(g), c))
        c = steps[-1].c
    return steps


class Mission:
    """Write a number, keep it unseen, read it, wipe it: how far a track has come.

    ``stage`` counts the parts done, 0 to 4; ``held`` says how many steps the number is kept so far.
    Each part builds on the one before, in one stretch: what is written anew has not been kept.
    """

    def __init__(self, steps, target=0.8, hold=5):
        self.target, self.hold = target, hold
        best = (0, 0)
        for at, step in enumerate(steps):
            if self._is_target(step.c) and not self._is_target(step.c_before):
                best = max(best, self._follow(steps[at + 1 :]))
        self.stage, self.held = best

    def _is_target(self, value):
        return abs(value - self.target) <= CLOSE + 1e-9

    def _follow(self, later):
        """(stage, held) of what follows a step that has written the number."""
        stage, held, there = 1, 0, True
        for step in later:
            there = there and self._is_target(step.c) and abs(step.added) <= CLOSE
            if stage == 1:
                held = held + 1 if there and abs(step.h) <= CLOSE else 0
                stage += held >= self.hold
            elif stage == 2:
                stage += there and abs(step.h - step.squashed) <= CLOSE
            elif stage == 3:
                stage += abs(step.c) <= CLOSE
            if stage < 3 and not there:
                break
        return stage, held if stage == 1 else self.hold

    @property
    def parts(self):
        """[(sentence, done), ...]"""
        kept = f", {self.held} so far" if self.stage == 1 and self.held else ""
        sentences = (
            f"write {number(self.target)}",
            f"keep it {counted(self.hold, 'step')}, unseen{kept}",
            "read it",
            "wipe it",
        )
        return [(told, self.stage > at) for at, told in enumerate(sentences)]


def sentence(step, when="The next step"):
    """What a step does, in one plain sentence."""
    before = number(step.c_before)
    return (
        f"{when} keeps {number(step.f)} of what is there ({before}), writes {number(step.added)}, "
        f"and shows {number(step.o)} of it: c goes from {before} to {number(step.c)}, "
        f"h is {number(step.h)}."
    )
