"""A live layer run over a sequence, and what a picture of it says."""

import numpy as np

from rnncourse.draw import tiles
from rnncourse.draw.style import number

MOST_ENTRIES, WRITTEN = 12, 4  # entries of a vector that are drawn; up to so many with numbers


class Run:
    """A live layer run over a sequence: inputs, states and outputs of every step."""

    def __init__(self, rnn, x, h0=None, words=None, readout=None, output="linear"):
        self.layer = tiles.Layer(rnn)
        x = np.asarray(x, dtype=float)
        x = x[:, None] if x.ndim == 1 and self.layer.inputs == 1 else x
        if x.ndim != 2 or x.shape[1] != self.layer.inputs or not len(x):
            raise ValueError(
                f"x has shape {x.shape}; this network needs (T, {self.layer.inputs}), T at least 1."
            )
        most = max(self.layer.inputs, self.layer.units)
        if most > MOST_ENTRIES:
            raise ValueError(
                f"A vector has {most} entries; this picture shows up to {MOST_ENTRIES}. "
                "draw.states shows larger ones."
            )
        self.x, self.h0 = x, self.layer.held(h0)
        if words is not None and len(words) != len(x):
            raise ValueError(f"words has {len(words)} entries; x has {len(x)} steps.")
        self.words = list(words) if words is not None else None
        self.states = self.layer.states(x, self.h0)
        self.readout = None
        if readout is not None:
            self.readout = tiles.Readout(readout, self.layer.units, output)
            self.y = self.readout(self.states)
            if self.y.shape[1] > WRITTEN:
                raise ValueError(f"The readout has {self.y.shape[1]} outputs; up to 4 are shown.")

    def step(self, name, step):
        """A step of the run, counted from its end where negative. Raises ``ValueError``."""
        if step is None:
            return None
        if not -len(self.x) <= step < len(self.x):
            raise ValueError(
                f"{name} is {step}; the sequence has the steps 0 to {len(self.x) - 1}."
            )
        return int(step) % len(self.x)

    def before(self, step):
        """What the delay block gives back at this step, (H,)."""
        return self.states[step - 1] if step else self.h0

    def title(self):
        times = f"used {len(self.x)} times" if len(self.x) > 1 else "used once"
        return f"One F, {times}: the same weights at every step"

    def sentence(self, now):
        if now is None:
            return "Every step hands its state to the next one; only inputs and states differ."
        heard = f"hears “{self.words[now]}”" if self.words else f"hears {indexed('x', now)}"
        past = indexed("h", now - 1) if now else "what the delay block held at the start"
        return f"Step {now} {heard}: F makes {indexed('h', now)} of it and of {past}."

    def alt(self, now):
        layer = self.layer
        last = len(self.x) - 1 if now is None else now
        told = (
            f"A recurrent layer ({tiles.counted(layer.inputs, 'input')}, "
            f"{tiles.counted(layer.units, layer.activation + ' unit')}) "
            f"unrolled over {tiles.counted(len(self.x), 'step')} with one set of weights"
        )
        if self.words:
            told += f", for “{' '.join(map(str, self.words))}”"
        if now is not None:
            told += f", now at step {now}"
        told += f". The state starts as {_listed(self.h0)} and is {_listed(self.states[last])}"
        told += f" after step {last}"
        if self.readout:
            told += f"; the output there is {_listed(self.y[last])}"
        twins = self._twins(last)
        if twins:
            first, again, distance = twins
            told += (
                f". Steps {first} and {again} hear the same, and their states lie "
                f"{number(distance)} apart"
            )
        return told + "."

    def _twins(self, last):
        """The last two steps that hear the same input and leave different states."""
        for again in range(last, 0, -1):
            for first in range(again - 1, -1, -1):
                if np.array_equal(self.x[first], self.x[again]):
                    gap = float(np.linalg.norm(self.states[first] - self.states[again]))
                    return (first, again, gap) if gap > 5e-3 else None
        return None


def _listed(values):
    shown = ", ".join(map(number, values[:6]))
    return shown + (", …" if len(values) > 6 else "")


def indexed(letter, step):
    """A symbol with its step, "h₄", as plain text: mathtext would take most of a drawing's time."""
    return letter + str(step).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
