"""The values that the strips of ``draw.gates`` show: read from a live layer, or recorded."""

import numpy as np

from rnncourse.draw.cell_values import sequence_of, values_of
from rnncourse.draw.tiles import counted

ROWS = {  # letter: (name, role)
    "x": ("input $x_t$", "input"),
    "i": ("input gate $i$", "gate_i"),
    "f": ("forget gate $f$", "gate_f"),
    "g": ("candidate $g$", "candidate"),
    "o": ("output gate $o$", "gate_o"),
    "c": ("cell $c_t$", "cell"),
    "h": ("hidden $h_t$", "hidden"),
    "r": ("reset gate $r$", "gate_i"),
    "z": ("update gate $z$", "gate_f"),
    "n": ("candidate $n$", "candidate"),
}
GATES = "iforz"
ORDERS = "xifcoh", "xrznh"
MOST_STEPS, MOST_UNITS = 120, 64


class GateRun:
    """The values of every strip: ``values[letter]`` (T, R), ``rows``, and how they are drawn."""

    def __init__(self, cell, x, start, unit, rows):
        if isinstance(cell, dict):
            found = {key: _recorded(key, values) for key, values in cell.items()}
            if not found:
                raise ValueError("The dict is empty; give values (T,) or (T, H) by letter.")
        else:
            layer = values_of(cell)
            if x is None:
                raise ValueError("x is missing: the sequence (T, D) that the layer hears.")
            found = layer.run(sequence_of(x, layer.inputs), start)
            if getattr(layer, "forget", None) == "none":
                found.pop("f")
        self.letters = list(found)
        usual = ORDERS["z" in found or "r" in found]
        wide_x = "x" in found and found["x"].shape[1] > 1
        if rows is None:
            rows = [letter for letter in usual if letter in found]
            rows = [letter for letter in rows if letter != "x" or not wide_x]
        self.rows = list(rows)
        missing = [letter for letter in self.rows if letter not in found]
        if missing or not self.rows:
            raise ValueError(f"rows is {rows!r}; there are {', '.join(found)}.")
        lengths = {len(values) for values in found.values()}
        if len(lengths) > 1:
            raise ValueError(f"The values have {sorted(lengths)} steps; they share one time axis.")
        self.steps = lengths.pop()
        if not 1 <= self.steps <= MOST_STEPS:
            raise ValueError(f"There are {self.steps} steps; this picture shows 1 to {MOST_STEPS}.")
        self._choose(found, unit)

    def _choose(self, found, unit):
        self.units = max(
            found[row].shape[1] for row in self.rows if row != "x" or len(self.rows) < 2
        )
        if self.units > MOST_UNITS and unit is None:
            raise ValueError(f"There are {self.units} units; a map shows up to {MOST_UNITS}.")
        if unit is not None and not -self.units <= unit < self.units:
            raise ValueError(f"unit is {unit}; there are {counted(self.units, 'unit')}.")
        self.maps = unit is None and self.units > 1
        self.unit = None if self.maps else (unit or 0) % self.units
        self.values = {}
        for row in self.rows:
            values = found[row]
            single = values.shape[1] == 1 or self.maps or row == "x"
            self.values[row] = values if single else values[:, [self.unit]]
        self.negative = any((self.values[r] < -5e-3).any() for r in self.rows if r not in GATES)
        strange = [r for r in self.rows if not np.isfinite(self.values[r]).all()]
        if strange:
            raise ValueError(f"The values of {strange[0]} are not all finite.")

    def is_map(self, row):
        return self.values[row].shape[1] > 1

    def reach(self, row):
        """The round number at which a strip is full: 1 for gates and, as bars, small values."""
        largest = float(np.abs(self.values[row]).max())
        if row in GATES or (largest <= 1.0 and not self.is_map(row)):
            return 1.0
        largest = max(largest, 0.01)
        step = 10.0 ** np.floor(np.log10(largest))
        return float(next(m * step for m in (1, 2, 2.5, 5, 10) if m * step >= largest - 1e-9))


def _recorded(key, values):
    if key not in ROWS:
        raise ValueError(f"{key!r} is no strip; there are {', '.join(ROWS)}.")
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if values.ndim != 2 or not values.size:
        raise ValueError(f"{key} has shape {values.shape}; a strip takes (T,) or (T, H).")
    return values
