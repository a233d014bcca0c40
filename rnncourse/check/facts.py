"""What can be read off a learner's function without calling it."""

from __future__ import annotations

import dis
from dataclasses import dataclass
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Facts:
    """Plain facts: `kind` is "function", "class" or "object"; `parameters` as `name(a, b=…)`."""

    kind: str = "object"
    parameters: str = ""
    least: int = 0
    most: int = 10**6
    empty: bool = False  # the body is `pass`, `...` or a docstring
    reads: tuple[str, ...] = ()  # notebook variables that hold data


def facts_about(answer: Any) -> Facts:
    """Look at `answer` without running any of it."""
    if issubclass(type(answer), type):
        methods = list(type.__dict__["__dict__"].__get__(answer).values())
        written = [_is_empty(m.__code__) for m in methods if type(m) is FunctionType]
        plain = type.__dict__["__bases__"].__get__(answer) == (object,)
        return Facts("class", empty=plain and bool(written) and all(written))
    function = answer.__func__ if type(answer) is MethodType else answer
    if type(function) is not FunctionType:
        return Facts("object")
    code, bound = function.__code__, int(type(answer) is MethodType)
    count, defaults = code.co_argcount, len(function.__defaults__ or ())
    names = code.co_varnames[bound:count]
    least, most = count - defaults - bound, count - bound
    keyword_only = code.co_varnames[count : count + code.co_kwonlyargcount]
    needed = [n for n in keyword_only if n not in (function.__kwdefaults__ or {})]
    shown = list(names)
    if code.co_flags & 0x04:
        most, shown = 10**6, [*shown, "*args"]
    shown += ["*"] * bool(needed and not code.co_flags & 0x04) + needed
    parameters = f"{code.co_name}({', '.join(shown)})"
    return Facts("function", parameters, least, most, _is_empty(code), data_globals(function))


def _is_empty(code: CodeType) -> bool:
    """Whether the body does nothing at all: no call, no name, and no value but None or dots."""
    idle = {"RESUME", "RETURN_VALUE", "NOP", "POP_TOP", "COPY_FREE_VARS"}
    for step in dis.get_instructions(code):
        if step.opname in ("LOAD_CONST", "RETURN_CONST"):
            if step.argval is not None and step.argval is not Ellipsis:
                return False
        elif step.opname not in idle:
            return False
    return True


def _globals_read(code: CodeType) -> set[str]:
    names = {i.argval for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names |= _globals_read(constant)
    return names


def data_globals(function: FunctionType) -> tuple[str, ...]:
    """The notebook's variables that `function` reads and that hold data.

    Modules, functions, classes and names in capitals (constants) are left out; so are
    functions that were not written in a notebook.
    """
    space = function.__globals__
    if space.get("__name__") != "__main__" or not isinstance(function.__code__, CodeType):
        return ()
    found = []
    for name in sorted(_globals_read(function.__code__) & space.keys()):
        value = space[name]
        if not (name.isupper() or callable(value) or isinstance(value, ModuleType)):
            found.append(name)
    return tuple(found)


def with_other_globals(function: FunctionType, names: tuple[str, ...]) -> FunctionType | None:
    """A copy of `function` for which the variables `names` hold other numbers; None if none can."""
    space, changed = dict(function.__globals__), False
    for name in names:
        other = _another(space[name])
        if other is not None:
            space[name], changed = other, True
    if not changed:
        return None
    copy = FunctionType(
        function.__code__, space, function.__name__, function.__defaults__, function.__closure__
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def _another(value: Any) -> Any:
    """Another value of the same kind, or None where it is no number or array of numbers."""
    if type(value) is bool:
        return not value
    if type(value) is int:
        return value + 3
    if isinstance(value, (float, np.floating)):
        return value + 0.731
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value + 0.731
    if type(value) is list and value and all(type(v) in (int, float) for v in value):
        return [v + 0.731 for v in value]
    return None
