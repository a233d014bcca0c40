"""Values made comparable: strict on what they mean, generous about how they are written.

Whatever an answer returns becomes a small plain tree of `Leaf` (numbers, truth values or
text in an array), `Group` (list or tuple), `Mapping` (dict) and `Other` (anything else, by
name only). The tree holds copies and can be pickled, so nothing that the answer does later
can change it. Kind, shape and value must then agree; a list passes for an array, torch for
NumPy, float32 for float64, but never a scalar for a vector.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass
from typing import Any

import numpy as np

RTOL, ATOL = 1e-5, 1e-6
RTOL32, ATOL32 = 2e-4, 2e-5
DEEPEST = 8


@dataclass(frozen=True, eq=False)
class Leaf:
    """Numbers, truth values or text, `array` of any shape; `source` says what they came in."""

    array: np.ndarray
    source: str = "array"

    @property
    def kind(self) -> str:
        """ "number", "complex", "bool" or "text"."""
        return {"b": "bool", "c": "complex", "U": "text"}.get(self.array.dtype.kind, "number")


@dataclass(frozen=True, eq=False)
class Group:
    """Several values in a row, from a list or tuple."""

    items: tuple
    source: str = "tuple"


@dataclass(frozen=True, eq=False)
class Mapping:
    """Values by key, from a dict."""

    items: dict


@dataclass(frozen=True)
class Other:
    """What cannot be compared, named in words: "None", "a generator", "a Neuron object"."""

    what: str


def normalise(value: Any, depth: int = 0) -> Leaf | Group | Mapping | Other:
    """The comparable form of `value`. Runs its `__array__`, and may raise what that raises."""
    kind = type(value)
    if value is None:
        return Other("None")
    if value is Ellipsis:
        return Other("...")
    if issubclass(kind, np.ndarray):
        return _from_array(np.array(value, subok=False), "array")
    if issubclass(kind, (bool, int, float, complex, str, np.generic)):
        return _from_scalar(value)
    torch = sys.modules.get("torch")
    if torch is not None and issubclass(kind, getattr(torch, "Tensor", ())):
        return _from_tensor(value, torch)
    if issubclass(kind, (list, tuple, range)):
        return _from_sequence(list(value), "tuple" if issubclass(kind, tuple) else "list", depth)
    if issubclass(kind, dict):
        if depth >= DEEPEST or not all(type(key) in (str, int) for key in value):
            return Other("a dict that cannot be compared")
        return Mapping({key: normalise(item, depth + 1) for key, item in value.items()})
    if callable(getattr(kind, "__array__", None)):
        return _from_array(np.array(value, subok=False), "array")
    return Other(_describe(value, kind))


def _describe(value: Any, kind: type) -> str:
    if kind is types.CoroutineType:
        value.close()
        return "a coroutine"
    if kind in (types.GeneratorType, types.AsyncGeneratorType):
        return "a generator"
    if kind in (map, filter, zip, reversed, enumerate):
        return f"a {kind.__name__} object"
    if issubclass(kind, type):
        return "a class"
    if issubclass(kind, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "a function"
    name = str(type.__dict__["__name__"].__get__(kind))
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name[:40]} object"


def _from_scalar(value: Any) -> Leaf | Other:
    if isinstance(value, str):
        return Leaf(np.asarray(str(value)), "text")
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = np.asarray(float(value))
    except OverflowError:
        return Other("a whole number with hundreds of digits")
    return _from_array(array, "number")


def _from_array(array: np.ndarray, source: str) -> Leaf | Other:
    if array.dtype == object:
        try:
            array = array.astype(float)
        except (TypeError, ValueError):
            return Other("an array of objects")
    if array.dtype.kind == "S":
        array = array.astype("U")
    if array.dtype.kind not in "biufcU":
        return Other(f"an array of {array.dtype}")
    return Leaf(array, source)


def _from_tensor(value: Any, torch: Any) -> Leaf | Other:
    tensor = value.detach().cpu()
    if tensor.layout is not torch.strided:
        tensor = tensor.to_dense()
    if tensor.dtype is torch.bfloat16:
        tensor = tensor.float()
    return _from_array(np.array(tensor.resolve_conj().resolve_neg().numpy()), "tensor")


def _from_sequence(items: list, source: str, depth: int) -> Leaf | Group | Other:
    if depth >= DEEPEST:
        return Other(f"a {source} nested too deeply")
    kinds = set(map(type, items))
    if items and kinds <= {int, float, np.float64, np.float32, np.int64, np.int32}:
        return _from_array(np.asarray(items), source)
    if items and (kinds <= {bool, np.bool_} or kinds == {str}):
        return _from_array(np.asarray(items), source)
    if not items and source == "list":
        return Leaf(np.zeros(0), source)
    if len(items) > 20_000:
        return Other(f"a {source} of {len(items)} things that are not plain numbers")
    return Group(tuple(normalise(item, depth + 1) for item in items), source)


def align(got, expected):
    """`got` in the structure of `expected` where it can be had without changing its meaning."""
    if isinstance(expected, Leaf) and isinstance(got, Group):
        return stack(got) or got
    if isinstance(expected, Group):
        if isinstance(got, Leaf) and got.array.ndim and len(got.array) == len(expected.items):
            got = Group(tuple(Leaf(np.array(row), got.source) for row in got.array), got.source)
        if isinstance(got, Group) and len(got.items) == len(expected.items):
            items = tuple(align(g, e) for g, e in zip(got.items, expected.items, strict=True))
            return Group(items, got.source)
    both = isinstance(expected, Mapping) and isinstance(got, Mapping)
    if both and got.items.keys() == expected.items.keys():
        return Mapping({key: align(got.items[key], expected.items[key]) for key in got.items})
    return got


def stack(group: Group) -> Leaf | None:
    """The items of `group` as the rows of one array, where all have the same kind and shape."""
    rows = [stack(item) if isinstance(item, Group) else item for item in group.items]
    if not rows or not all(isinstance(row, Leaf) for row in rows):
        return None
    if len({row.array.shape for row in rows}) > 1 or len({row.kind for row in rows}) > 1:
        return None
    return Leaf(np.stack([row.array for row in rows]), group.source)


def close(got: Leaf, expected: Leaf, tolerance: tuple[float, float] | None = None) -> np.ndarray:
    """Which entries agree, as truth values in their common shape (shapes must be equal).

    The absolute part shrinks with the largest expected value, so that a trace that fades to
    1e-9 is not equal to nothing. NaN agrees with NaN.
    """
    a, b = got.array, expected.array
    if "text" in (got.kind, expected.kind) or "bool" in (got.kind, expected.kind):
        return np.asarray(a == b) & (got.kind == expected.kind)
    if got.kind == "complex" and expected.kind != "complex":
        return np.zeros(a.shape, dtype=bool)
    rtol, atol = tolerance or (RTOL, ATOL)
    coarse = any(
        x.dtype.kind in "fc" and x.dtype.itemsize // (1 + (x.dtype.kind == "c")) <= 4
        for x in (a, b)
    )
    if coarse:
        rtol, atol = max(rtol, RTOL32), max(atol, ATOL32)
    wide = complex if expected.kind == "complex" else float
    with np.errstate(all="ignore"):
        a, b = a.astype(wide), b.astype(wide)
        if tolerance is None:
            finite = np.abs(b[np.isfinite(b)])
            atol = atol * min(1.0, float(finite.max(initial=0.0))) + 1e-14
        return np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)


def equal(got, expected, tolerance: tuple[float, float] | None = None) -> bool:
    """Whether two trees agree in kind, shape and value."""
    if isinstance(got, Leaf) and isinstance(expected, Leaf):
        return got.array.shape == expected.array.shape and bool(
            np.all(close(got, expected, tolerance))
        )
    if isinstance(got, Group) and isinstance(expected, Group):
        return len(got.items) == len(expected.items) and all(
            equal(g, e, tolerance) for g, e in zip(got.items, expected.items, strict=True)
        )
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return got.items.keys() == expected.items.keys() and all(
            equal(got.items[key], expected.items[key], tolerance) for key in got.items
        )
    return isinstance(got, Other) and got == expected


def unchanged(before: Any, after: Any) -> bool:
    """Whether an argument still holds what it held; other objects than data count as the same."""
    if isinstance(before, np.ndarray):
        return (
            isinstance(after, np.ndarray)
            and before.shape == after.shape
            and before.dtype == after.dtype
            and before.tobytes() == after.tobytes()
        )
    if type(before) in (list, tuple):
        return len(before) == len(after) and all(map(unchanged, before, after))
    if type(before) is dict:
        return before.keys() == after.keys() and all(unchanged(before[k], after[k]) for k in before)
    if type(before) in (bool, int, float, complex, str, bytes, set):
        return before == after or before != before
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(before, torch.Tensor):
        return before.shape == after.shape and bool(torch.all(before == after))
    return True
