"""The numbers of one step of one LSTM or GRU unit, from a live layer or a dict, and their words."""

import numpy as np

from rnncourse.draw.cell_values import GruValues, LstmValues
from rnncourse.draw.style import number
from rnncourse.draw.tiles import counted, vector

GATES = "fio"
STRANGE = "parts is {!r}; it takes the gates i, o and f, as in ('i', 'o')."


class LstmStep:
    """One step of one cell: ``x, h_before`` (vectors), ``c_before``, ``f, i, o`` (None where there
    is no such gate), ``g``, ``kept, added, c, squashed, h``, and ``parts``, the gates there are.

    Raises ``ValueError`` for unknown parts, shapes that do not fit, and a dict without g.
    """

    def __init__(self, lstm, x=None, start=None, unit=0, parts=None):
        self.live = not isinstance(lstm, dict)
        self.forget, self.peepholes, self.formulas = "gate", (), {}
        found = self._read(lstm, x, start, unit) if self.live else self._told(lstm, x, start)
        there = [gate for gate in "iof" if found.get(gate) is not None]
        self.parts = there if parts is None else [str(part) for part in parts]
        unknown = [part for part in self.parts if part not in GATES]
        if unknown or len(set(self.parts)) < len(self.parts):
            raise ValueError(STRANGE.format(parts))
        missing = [part for part in self.parts if found.get(part) is None]
        if missing:
            raise ValueError(f"parts has {missing[0]!r}, a gate that this cell does not have.")
        if self.forget == "coupled" and "f" in self.parts and "i" not in self.parts:
            raise ValueError("parts has 'f' but not 'i'; this cell's f is 1 - i.")
        self.f, self.i, self.o = (found[gate] if gate in self.parts else None for gate in GATES)
        self.g = found["g"]
        with np.errstate(all="ignore"):
            self.kept = self.c_before * (1.0 if self.f is None else self.f)
            self.added = self.g * (1.0 if self.i is None else self.i)
            self.c = self.kept + self.added
            self.o = self._output_gate(found["o"])
            self.squashed = float(np.tanh(self.c))
            self.h = self.squashed * (1.0 if self.o is None else self.o)

    def _read(self, lstm, x, start, unit):
        """The gates of a live layer; its peephole of o waits for the cell's new value."""
        cell = LstmValues(lstm)
        if not -cell.units <= unit < cell.units:
            raise ValueError(f"unit is {unit}; the layer has {counted(cell.units, 'unit')}.")
        self.unit, self.units = unit % cell.units, cell.units
        self.x = vector("x", np.zeros(cell.inputs) if x is None else x, cell.inputs)
        self.h_before, c = cell.held(start)
        self.c_before = float(c[self.unit])
        self.forget, self.peepholes = cell.forget, tuple(cell.peepholes)
        found = {k: float(v[self.unit]) for k, v in cell.step(self.x, self.h_before, c).items()}
        if cell.forget == "none":
            found["f"] = None
        if "o" in cell.peepholes:
            W, U, b, _ = cell.blocks["o"]
            self._o = (
                (W @ self.x + U @ self.h_before + b)[self.unit],
                cell.peepholes["o"][self.unit],
            )
        if cell.units == cell.inputs == 1:
            self.formulas = {
                at: (float(W[0, 0]), float(U[0, 0]), float(b[0]), self._peep(cell, at))
                for at, (W, U, b, _) in cell.blocks.items()
            }
        return found

    def _peep(self, cell, letter):
        return float(cell.peepholes[letter][0]) if letter in cell.peepholes else 0.0

    def _output_gate(self, o):
        """o sees the cell's new value where it has a peephole: with gates left out it differs."""
        if self.o is None or "o" not in self.peepholes:
            return self.o
        a, weight = self._o
        return float(1 / (1 + np.exp(-(a + weight * self.c))))

    def _told(self, given, x, start):
        strange = set(given) - set("ifgo")
        if strange or "g" not in given:
            raise ValueError(
                f"The numbers given are {', '.join(map(str, given)) or 'none'}; it takes g, and "
                "i, f, o as far as the cell has them."
            )
        self.unit, self.units = 0, 1
        h, c = (None, None) if start is None else start
        self.x = None if x is None else np.atleast_1d(np.asarray(x, dtype=float))
        self.h_before = None if h is None else np.atleast_1d(np.asarray(h, dtype=float))
        self.c_before = 0.0 if c is None else float(np.reshape(c, ()))
        return dict.fromkeys("ifo") | {k: float(v) for k, v in given.items()}

    @property
    def amounts(self):
        return self.c_before, self.kept, self.g, self.added, self.c, self.squashed, self.h

    def title(self):
        """The step in a sentence, every number of it computed."""
        kept, held = number(self.kept), number(self.c_before)
        if self.c_before == 0:
            opening = "The cell holds nothing yet"
        elif kept == held:
            opening = f"The cell keeps its {held}"
        elif kept in ("0.00", "−0.00"):
            opening = f"The cell forgets its {held}"
        else:
            opening = f"The cell keeps {kept} of its {held}"
        size = number(abs(self.added))
        if size == "0.00":
            written = "adds nothing"
        else:
            written = f"{'takes away' if self.added < 0 else 'adds'} {size}"
        return f"{opening}, {written}, and shows {number(self.h)}"

    def scheme(self):
        """How the cell is built, in words, without numbers."""
        kept = "what it held times the forget gate f" if self.f is not None else "what it held"
        if self.forget == "coupled" and self.f is not None:
            kept = "what it held times 1 - i"
        added = (
            "the input gate i times the candidate g" if self.i is not None else "the candidate g"
        )
        shown = "the output gate o times tanh of c" if self.o is not None else "tanh of c"
        return f"An LSTM cell: the new c is {kept}, plus {added}; h is {shown}."

    def alt(self):
        """Everything that the picture shows, in words."""
        told = [f"c before is {number(self.c_before)}"]
        if self.f is None:
            told.append("there is no forget gate, so all of it stays")
        else:
            name = "one minus the input gate" if self.forget == "coupled" else "the forget gate"
            told.append(f"{name}, {number(self.f)}, keeps {number(self.kept)} of it")
        if self.i is None:
            told.append(f"there is no input gate: the candidate {number(self.g)} is added whole")
        else:
            told.append(
                f"the input gate, {number(self.i)}, lets {number(self.added)} of the candidate "
                f"{number(self.g)} in"
            )
        told.append(f"c is now {number(self.c)}, its tanh {number(self.squashed)}")
        if self.o is None:
            told.append(f"there is no output gate, so h is {number(self.h)}")
        else:
            told.append(f"the output gate, {number(self.o)}, shows h = {number(self.h)}")
        if self.peepholes:
            told.append("peepholes: i and f see the old c, o the new one")
        if self.forget == "coupled":
            told[-1] += "; what is written replaces what is forgotten"
        which = f", unit {self.unit} of {self.units}" if self.units > 1 else ""
        return f"An LSTM cell{which}: {'; '.join(told)}."


class GruStep:
    """One step of one unit: ``x, held`` (vectors), ``h_before``, ``r, z, n``, what the candidate
    hears of h (``heard``, then ``let``; None where a dict does not tell), ``kept, added, h``.
    """

    def __init__(self, gru, x, h, unit):
        self.formulas, self.heard, self.let = {}, None, None
        if isinstance(gru, dict):
            self._told(gru, x, h)
        else:
            self._read(gru, x, h, unit)
        self.kept = self.z * self.h_before
        self.added = (1 - self.z) * self.n
        self.h = self.kept + self.added

    def _read(self, gru, x, h, unit):
        cell = GruValues(gru)
        if not -cell.units <= unit < cell.units:
            raise ValueError(f"unit is {unit}; the layer has {counted(cell.units, 'unit')}.")
        self.unit, self.units, self.reset = unit % cell.units, cell.units, cell.reset
        self.x = vector("x", np.zeros(cell.inputs) if x is None else x, cell.inputs)
        self.held = cell.held(h)
        self.h_before = float(self.held[self.unit])
        found = cell.step(self.x, self.held)
        self.r, self.z, self.n = (float(found[letter][self.unit]) for letter in "rzn")
        _, U, _, (_, b_hn) = cell.blocks["n"]
        if self.reset == "after":
            self.heard = float((U @ self.held + b_hn)[self.unit])
        else:
            self.heard = self.h_before
        self.let = self.r * self.heard
        if cell.units == cell.inputs == 1:
            self.formulas = {
                letter: tuple(float(value.reshape(())) for value in (W, U, b))
                for letter, (W, U, b, _) in cell.blocks.items()
                if letter != "n"
            }

    def _told(self, given, x, h):
        if set(given) != set("rzn"):
            raise ValueError(
                f"The numbers given are {', '.join(map(str, given)) or 'none'}; it takes r, z, n."
            )
        self.unit, self.units, self.reset = 0, 1, "after"
        self.x = None if x is None else np.atleast_1d(np.asarray(x, dtype=float))
        self.held = np.zeros(1) if h is None else vector("h", h, 1)
        self.h_before = float(self.held[0])
        self.r, self.z, self.n = (float(given[letter]) for letter in "rzn")

    @property
    def amounts(self):
        heard = () if self.heard is None else (self.heard, self.let)
        return self.h_before, self.kept, self.n, self.added, self.h, *heard

    def title(self):
        kept, held, size = number(self.kept), number(self.h_before), number(abs(self.added))
        opening = f"keeps {kept} of its {held}" if kept != held else f"keeps its {held}"
        if self.h_before == 0:
            opening = "holds nothing yet"
        written = f"{'takes away' if self.added < 0 else 'adds'} {size}" if size != "0.00" else ""
        return f"The GRU {opening}, {written or 'adds nothing'}: $h_t$ is {number(self.h)}"

    def scheme(self):
        where = "what U makes of h" if self.reset == "after" else "h before U reads it"
        return (
            "A GRU: the new h is z times the old one plus 1 - z times the candidate n; the reset "
            f"gate r multiplies {where}, which the candidate hears beside x."
        )

    def alt(self):
        which = f", unit {self.unit} of {self.units}" if self.units > 1 else ""
        heard = "" if self.heard is None else (
            f", lets {number(self.let)} of the {number(self.heard)} "
            f"{'that U makes of h' if self.reset == 'after' else 'of h'} reach the candidate"
        )  # fmt: skip
        return (
            f"A GRU{which}: h before is {number(self.h_before)}; the reset gate, {number(self.r)}"
            f"{heard}; the candidate is {number(self.n)}; the update gate, {number(self.z)}, keeps "
            f"{number(self.kept)} of h, and 1 − z = {number(1 - self.z)} writes "
            f"{number(self.added)}; h is now {number(self.h)}."
        )
