"""The equations beside a cell's diagram: each gate's formula and value, then the two sums."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.equations import GAP, Equation, product
from rnncourse.draw.style import number, palette

SWATCH, TEXT, RIGHT = 5.08, 5.3, 7.5  # inches
SIZE = 10.5
GATE_ROLE = {"f": "gate_f", "i": "gate_i", "o": "gate_o"}
ABSENT = {"f": "no forget gate: all is kept", "i": "no input gate: all is written",
          "o": "no output gate: all is shown"}  # fmt: skip
VERB = {"f": "keep", "i": "write", "g": "new", "o": "show"}


def lstm_panel(ax, step, values):
    """Write the equations of ``step``, an ``LstmStep``, down the right side of its diagram."""
    for letter, y in zip("figo", (3.44, 2.9, 2.36, 1.82), strict=True):
        value = getattr(step, letter)
        if value is None:
            pieces.say(ax, SWATCH, y, ABSENT[letter], "muted", size=9.5, ha="left")
            continue
        role = GATE_ROLE.get(letter, "candidate")
        level = (abs(value) if letter == "g" else value) if values else None
        swatch(ax, y, 0.38, role, level, negative=values and value < 0)
        name = "f" if letter == "f" and step.forget == "coupled" else letter
        formula(ax, y + 0.11, _gate(step, name, values), role)
        value_line(ax, y - 0.12, value if values else None, VERB[letter], role)
    _sums(ax, step, values)


def swatch(ax, y, height, role, level=1.0, negative=False):
    """A gauge beside an equation; ``level`` None is empty: nothing is computed."""
    fills = palette().fill
    left, bottom = SWATCH, y - height / 2
    level = 0.5 if level is None else float(np.clip(np.nan_to_num(level), 0, 1))
    tone = {"facecolor": fills["ground"], "hatch": "/////", "edgecolor": fills[role]}
    tone = tone if negative else {"facecolor": fills[role]}
    ax.add_patch(Rectangle((left, bottom), 0.13, height * level, lw=0, zorder=3, **tone))
    frame = {"facecolor": "none", "edgecolor": fills["ink"], "lw": 1.6, "joinstyle": "miter"}
    ax.add_patch(Rectangle((left, bottom), 0.13, height, zorder=3.2, **frame))


def formula(ax, y, texts, role):
    """The first of ``texts`` that fits in type of at least 8.5, else the last, smaller."""
    for at, text in enumerate(texts):
        written = pieces.say(ax, TEXT, y, text, role, size=SIZE, ha="left")
        smallest = 8.5 if at < len(texts) - 1 else 6.5
        pieces.fit(ax, written, RIGHT - TEXT, smallest)
        if written.get_window_extent().width / ax.figure.dpi <= RIGHT - TEXT:
            return
        if at < len(texts) - 1:
            written.remove()


def weighted(weights, symbols):
    """ "0.5x_t − 0.4h_{t-1} + 1" in mathtext, zero terms left out where others remain."""
    terms = ""
    for weight, symbol in zip(weights, symbols, strict=True):
        size = f"{abs(weight):.2f}".rstrip("0").rstrip(".")
        if size == "0":
            continue
        size = size if size != "1" or not symbol else ""
        sign = "-" if weight < 0 else "+" if terms else ""
        terms += f"{sign}{size}{symbol}"
    return terms or "0"


def _gate(step, letter, values):
    """A gate's formula: with its numbers where there are few, and with symbols."""
    if letter == "f" and step.forget == "coupled":
        return ["$f=1-i$"]
    f = r"\tanh" if letter == "g" else r"\sigma"
    cell = "c_t" if letter == "o" else "c_{t-1}"
    inner = f"W_{letter}\\,x_t+U_{letter}\\,h_{{t-1}}+b_{letter}"
    if letter in step.peepholes:
        inner += f"+p_{letter}\\,{cell}"
    shapes = [f"${letter}={f}({inner})$"]
    if values and letter in step.formulas:
        w, u, b, p = step.formulas[letter]
        known = weighted((w, u, p, b), ("x_t", "h_{t-1}", cell, ""))
        shapes.insert(0, f"${letter}={f}({known})$")
    return shapes


def value_line(ax, y, value, verb, role):
    x = TEXT
    if value is not None:
        written = pieces.say(ax, x, y, f"= {number(value)}", role, bold=True, size=SIZE, ha="left")
        x += written.get_window_extent().width / ax.figure.dpi + 0.12
    pieces.say(ax, x, y, verb, "muted", size=SIZE, ha="left")


def _sums(ax, step, values):
    """c and h: the general line, the numbers put in, the result."""
    kept = "$f\\,c_{t-1}$" if step.f is not None else "$c_{t-1}$"
    added = "$i\\,g$" if step.i is not None else "$g$"
    general = Equation().add("$c_t=$", "cell").add(kept, "gate_f" if step.f is not None else "cell")
    general.add(" + ", "cell").add(added, "gate_i" if step.i is not None else "candidate")
    swatch(ax, 1.16, 0.56 if values else 0.3, "cell")
    top = 1.37 if values else 1.16
    write(ax, top, general)
    if values:
        for line, y in zip(c_lines(step), (1.155, 0.94), strict=False):
            write(ax, y, line)
    shown = "o\\,\\tanh(c_t)" if step.o is not None else "\\tanh(c_t)"
    swatch(ax, 0.52, 0.38 if values else 0.3, "hidden")
    write(ax, 0.63 if values else 0.52, Equation().add(f"$h_t={shown}$", "hidden"))
    if not values:
        return
    line = Equation()
    if step.o is not None:
        line.add(product(step.o, step.squashed, first=True), "gate_o")
        line.add(equals(_shown(step.o) * _shown(step.squashed), step.h), "hidden")
    else:
        line.add("$=$", "hidden")
    write(ax, 0.40, line.add(number(step.h), "hidden", bold=True))


def c_lines(step):
    """The sum's numbers: products put in, then both amounts and the result."""
    first, gated = Equation(), step.f is not None or step.i is not None
    kept, added = _shown(step.c_before), _shown(step.g)
    if step.f is not None:
        first.add(product(step.f, step.c_before, first=True), "gate_f")
        kept *= _shown(step.f)
    else:
        first.add(number(step.c_before), "cell")
    if step.i is not None:
        first.add(" + ", "cell").add(product(step.i, step.g, first=True), "gate_i")
        added *= _shown(step.i)
    elif gated:
        signed(first, step.g)
    if not gated:
        first = Equation().add("$=$", "cell").add(number(step.c_before), "cell")
        signed(first, step.g)
        return [_result(first, step.c_before, step.g, step.c)]
    same = number(kept) == number(step.kept) and number(added) == number(step.added)
    second = Equation().add("$=$" if same else "$\\approx$", "cell").add(number(step.kept), "cell")
    signed(second, step.added)
    return [first, _result(second, step.kept, step.added, step.c)]


def signed(line, value):
    """ " + 0.49" or " − 0.49": a negative amount is taken away."""
    written = number(value)
    sign = " − " if written.startswith("−") else " + "
    return line.add(sign, "cell").add(written.lstrip("−"), "candidate")


def _result(line, kept, added, c):
    line.add(equals(_shown(kept) + _shown(added), c), "cell")
    return line.add(number(c), "cell", bold=True)


def write(ax, y, line):
    """One line of an equation, an opening = flush with the lines above it."""
    lead = GAP if line.terms[0][0] in ("$=$", "$\\approx$") else 0
    line.write(ax, TEXT - lead, y - 0.05, RIGHT - TEXT, size=SIZE, ha="left")


def equals(from_shown, value):
    """An equals sign where the printed numbers give the printed result, else "about"."""
    return "$=$" if number(from_shown) == number(value) else "$\\approx$"


def _shown(value):
    return round(value, 2)
