"""Calls and values as a learner reads them: short, aligned, the difference in view."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .compare import Group, Leaf, Mapping, Other, close
from .message import Row

WIDE, TALL = 8, 3  # entries in a row, rows of a matrix
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def number(value: Any) -> str:
    """A number as code writes it, with four digits at most: 1.0, -0.3, 2, 1e-09."""
    if isinstance(value, (bool, np.bool_)):
        return str(bool(value))
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (complex, np.complexfloating)):
        return str(np.round(value, 4))
    value = float(value)
    if not np.isfinite(value):
        return str(value)
    if value and not 1e-4 <= abs(value) < 1e6:
        return f"{value:.4g}"
    return str(float(np.round(value, 4)) + 0.0)


def argument(value: Any) -> str:
    """An argument in a call: small arrays in full, large ones by their shape."""
    if type(value).__module__ == "torch":
        value = value.detach().cpu().numpy()
    if isinstance(value, (bool, int, float, complex, np.number, np.bool_)):
        return number(value)
    if isinstance(value, str):
        value = str(value)  # NumPy's own strings name their type
        return repr(value) if len(value) <= 40 else repr(value[:37]) + "…"
    if isinstance(value, np.ndarray) and value.dtype != object:
        if value.size > 12 or value.ndim > 2:
            if value.ndim == 1:
                return f"[{', '.join(argument(v) for v in value[:4])}, … {len(value)} values]"
            return f"<array of shape {value.shape}>"
        return str(argument(value[()])) if value.ndim == 0 else argument(list(value))
    if isinstance(value, (list, tuple)):
        shown = [argument(v) for v in value[:12]] + ["…"] * (len(value) > 12)
        inside = ", ".join(shown)
        return f"({inside})" if isinstance(value, tuple) else f"[{inside}]"
    if isinstance(value, dict) and len(value) <= 6:
        return "{" + ", ".join(f"{k!r}: {argument(v)}" for k, v in value.items()) + "}"
    name = getattr(value, "__name__", None)
    return str(name) if name else f"<{type(value).__name__}>"


def call(label: str, names: Sequence[str], args: tuple) -> str:
    """`label(x=1.0, h=0.5)`; a label that is a template with {names} is filled in instead."""
    names = [*names, *(f"argument {i + 1}" for i in range(len(names), len(args)))]
    shown = {name: argument(value) for name, value in zip(names, args, strict=False)}
    if "{" in label:
        try:
            return label.format(**shown)
        except (KeyError, IndexError, ValueError):
            pass
    pairs = ", ".join(f"{name}={text}" for name, text in shown.items())
    return f"{label} with {pairs}" if "(" in label else f"{label}({pairs})"


def kind_of(value) -> str:
    """A value's kind and shape in words: "one number", "shape (4,)", "2 values"."""
    if isinstance(value, Leaf):
        what = {"number": "number", "bool": "truth value", "complex": "complex number"}
        one = what.get(value.kind, "text")
        if value.array.ndim == 0:
            return "text" if one == "text" else f"one {one}"
        return f"shape {value.array.shape}"
    if isinstance(value, Group):
        return f"{value.source} of {len(value.items)}"
    if isinstance(value, Mapping):
        return f"dict with {', '.join(map(repr, list(value.items)[:4]))}"
    return value.what


def brief(value) -> str:
    """A value in one line."""
    if isinstance(value, Leaf):
        return argument(value.array)
    if isinstance(value, Group):
        inside = ", ".join(brief(item) for item in value.items[:4])
        return f"({inside}{', …' * (len(value.items) > 4)})"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{k!r}: {brief(v)}" for k, v in list(value.items.items())[:4]) + "}"
    return value.what


def differing(got: Leaf, expected: Leaf, tolerance=None) -> np.ndarray:
    """Which entries of `expected` are not met; all of them where the shapes differ."""
    if got.array.shape != expected.array.shape:
        return np.ones(expected.array.shape, dtype=bool)
    return ~close(got, expected, tolerance)


def beside(got, expected, axis: str, tolerance=None) -> tuple[Row, ...]:
    """Got beside expected, shortened around the first difference, differing entries marked."""
    if not (isinstance(got, Leaf) and isinstance(expected, Leaf)):
        return (
            Row("got", (brief(got),), (True,), _note(got)),
            Row("expected", (brief(expected),), (), _note(expected)),
        )
    if got.array.shape != expected.array.shape:
        mine, right = tuple(_window(got)), tuple(_window(expected))
        if mine == right:  # equal as far as they can be seen: the shapes alone say something
            mine = right = ()
        return (
            Row("got", mine, (), _note(got)),
            Row("expected", right, (), _note(expected)),
        )
    a, b = np.atleast_1d(got.array), np.atleast_1d(expected.array)
    wrong = np.atleast_1d(differing(got, expected, tolerance))
    a, b, wrong = (m.reshape(-1, m.shape[-1]) for m in (a, b, wrong))
    rows = np.flatnonzero(wrong.any(axis=1)) if wrong.any() else np.array([0])
    rows = np.arange(rows[0], min(rows[0] + TALL, len(a)))
    first = int(np.argmax(wrong[rows[0]]))
    start = 0 if a.shape[1] <= WIDE else max(0, min(first - 2, a.shape[1] - WIDE))
    columns = slice(start, start + WIDE)
    lead = expected.array.shape[:-1]
    table = []
    if expected.array.ndim:
        head = [str(i) for i in range(start, min(start + WIDE, a.shape[1]))]
        label = axis if expected.array.ndim == 1 else "column"
        table.append(Row(label, _ends(head, start, a.shape[1]), (), "", muted=True))
    for row in rows:
        mine, right = _pair(a[row, columns], b[row, columns], wrong[row, columns])
        where = "".join(f"[{i}]" for i in np.unravel_index(row, lead)) if lead else ""
        marks = _ends(list(wrong[row, columns]), start, a.shape[1], filler=False)
        note = (_note(got), _note(expected)) if row == rows[0] else ("", "")
        table.append(Row(f"got{where}", _ends(mine, start, a.shape[1]), tuple(marks), note[0]))
        table.append(Row(f"expected{where}", _ends(right, start, a.shape[1]), (), note[1]))
    return tuple(table)


def _note(value) -> str:
    if isinstance(value, Leaf) and value.array.ndim == 0:
        return ""
    return kind_of(value) if not isinstance(value, Other) else ""


def _ends(cells: list, start: int, length: int, filler: Any = "…") -> tuple:
    """The cells of a window, with a mark at each end where something is left out."""
    before = [filler] if start else []
    after = [filler] if start + WIDE < length else []
    return tuple(before + list(cells) + after)


def _window(leaf: Leaf) -> list[str]:
    flat = leaf.array.reshape(-1)
    cells = _format(flat[:WIDE], 3)
    return cells + ["…"] * (flat.size > WIDE)


def _pair(got: np.ndarray, expected: np.ndarray, wrong: np.ndarray) -> tuple[list, list]:
    """Both rows with as many digits as it takes to tell differing entries apart."""
    for digits in (3, 4, 6, 8, 10, 14):
        mine, right = _format(got, digits), _format(expected, digits)
        if all(m != r for m, r, w in zip(mine, right, wrong, strict=True) if w):
            break
    return mine, right


def _format(values: np.ndarray, digits: int) -> list[str]:
    if values.dtype.kind not in "fc" or values.dtype.kind == "c":
        return [repr(str(v)) if values.dtype.kind == "U" else number(v) for v in values]
    finite = np.abs(values[np.isfinite(values)])
    largest = float(finite.max(initial=0.0))
    style = "e" if largest >= 1e5 or 0 < largest < 1e-2 else "f"
    return [f"{v:.{digits}{style}}" if np.isfinite(v) else str(float(v)) for v in values]
