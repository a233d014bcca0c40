"""A notice board on the ground floor: who announces something need not know who listens.

`announce("checked", ...)` tells every listener; a listener that fails is passed over, for
what it does must never disturb the learner's cell.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

_listeners: dict[str, list[str | Callable]] = {}


def subscribe(name: str, listener: str | Callable) -> None:
    """Have `listener` called at every `announce(name, ...)`.

    A listener is a function taking the announced facts by keyword, or `"module:function"`,
    which is imported at the first announcement. Subscribing the same one twice is once.
    """
    listeners = _listeners.setdefault(name, [])
    if listener not in listeners:
        listeners.append(listener)


def unsubscribe(name: str, listener: str | Callable) -> None:
    """Take `listener` off the list; nothing happens where it is not on it."""
    if listener in _listeners.get(name, []):
        _listeners[name].remove(listener)


def announce(name: str, **facts) -> None:
    """Call every listener of `name` with `facts`; exceptions in listeners are dropped."""
    for listener in list(_listeners.get(name, [])):
        try:
            _resolve(listener)(**facts)
        except Exception:
            continue


def _resolve(listener: str | Callable) -> Callable:
    if callable(listener):
        return listener
    module, _, function = listener.partition(":")
    return getattr(import_module(module), function)
