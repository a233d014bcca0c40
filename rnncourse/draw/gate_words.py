"""What the strips of ``draw.gates`` show, in words and rounded numbers."""

from rnncourse.draw.gate_runs import GATES
from rnncourse.draw.style import number
from rnncourse.draw.tiles import counted

NAMED = {
    "x": "the input",
    "i": "the input gate",
    "f": "the forget gate",
    "g": "the candidate",
    "o": "the output gate",
    "c": "the cell",
    "h": "the hidden state",
    "r": "the reset gate",
    "z": "the update gate",
    "n": "the candidate",
}


def usual_title(run):
    """A sentence with a number: what is kept a step, or how far a gate moves."""
    keep = next((letter for letter in "fz" if letter in run.rows), None)
    if keep:
        mean = float(run.values[keep].mean())
        return f"{NAMED[keep].capitalize()} keeps {number(mean)} a step on average"
    row = run.rows[-1]
    low, high = number(run.values[row].min()), number(run.values[row].max())
    return f"{NAMED[row].capitalize()} runs from {low} to {high} over {counted(run.steps, 'step')}"


def told(run, title, words, events):
    """The alt text: every strip's mean and extremes, with the steps at which they stand."""
    parts = []
    for row in run.rows:
        values = run.values[row]
        low, high = int(values.argmin()), int(values.argmax())
        if number(values.min()) == number(values.max()):
            parts.append(f"{NAMED[row]} is {number(values.max())} throughout")
            continue
        mean = f", mean {number(values.mean())}" if row in GATES else ""
        parts.append(
            f"{NAMED[row]} is between {number(values.min())} ({_where(run, row, low, words)}) and "
            f"{number(values.max())} ({_where(run, row, high, words)}){mean}"
        )
    opening = title.rstrip(".").replace("$", "")
    marks = "".join(f"; “{word}” at step {step}" for step, word in sorted(events.items()))
    shape = f"{counted(run.units, 'unit')}, " if run.maps else ""
    return f"{opening}. Over {shape}{counted(run.steps, 'step')}: {'; '.join(parts)}{marks}."


def _where(run, row, flat, words):
    step, unit = divmod(flat, run.values[row].shape[1])
    word = f", “{words[step]}”" if words is not None else ""
    which = f", unit {unit}" if run.values[row].shape[1] > 1 else ""
    return f"step {step}{word}{which}"
