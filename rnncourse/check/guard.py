"""Run a learner's function so that nothing it does can take the notebook down.

One watchdog thread serves all checks. When time or memory is up it interrupts the thread
that runs the function: in the main thread with a real SIGINT (which also wakes a sleeping
call), elsewhere with an asynchronous exception. A function that swallows every exception
is interrupted again in every handler until it is out. Work inside C that never returns to
Python cannot be stopped from within: exercises where that can happen run in `worker`.
"""

from __future__ import annotations

import _thread
import ctypes
import os
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

LIMIT = 2.0  # seconds for all calls of one check
IMPORTING = (
    60.0  # seconds for imports inside the function: half an import breaks a library for good
)
POLL = 0.05
PATIENCE = 10.0  # seconds to wait for a check in another thread
HUGE = 4 * 2**30  # bytes that may be asked for while the function runs
GROWTH = 1.5 * 2**30  # bytes by which the process may grow before the function is stopped
DEEPEST = 5_000  # a recursion limit above this is taken back while the function runs
STUBBORN = 3  # interrupts that may be swallowed before they come in a row


class Stopped(BaseException):
    """Raised inside the learner's function; no `except Exception` catches it."""


class _Rearm:
    """Trips the interrupt again at the moment it is deleted, without a Python frame of its own."""

    __del__ = staticmethod(_thread.interrupt_main)


class _Watch:
    """What the watchdog and the running function share. `lock` orders arming and interrupting."""

    def __init__(self):
        self.lock = threading.Lock()
        self.wake = threading.Event()
        self.thread: threading.Thread | None = None
        self.owner: int | None = None
        self.main = False
        self.limit = LIMIT
        self.deadline = 0.0
        self.last = 0.0  # after this, imports are interrupted too
        self.reason: str | None = None
        self.sent = 0
        self.seen = 0


_watch = _Watch()


def busy() -> bool:
    """Whether this thread is inside `run` already (a checked function that checks)."""
    return _watch.owner == threading.get_ident()


def run(function: Callable[[], Any], limit: float | None = None) -> str | None:
    """Call `function()` and return None, or why it was stopped: "time" or "memory".

    Exceptions of the function itself pass through. The interrupt key of the notebook still
    raises KeyboardInterrupt. Within another guarded run, the outer limits hold.
    """
    if busy():
        function()
        return None
    if not _one_at_a_time.acquire(timeout=PATIENCE):
        raise TimeoutError("another check is still running")
    try:
        deepest = sys.getrecursionlimit()
        set_limit = sys.setrecursionlimit
        if deepest > DEEPEST:
            set_limit(DEEPEST)
        sys.setrecursionlimit = lambda n: set_limit(min(n, DEEPEST))
        try:
            with warnings.catch_warnings(), _fence():
                warnings.simplefilter("ignore")
                return _guarded(function, LIMIT if limit is None else limit)
        finally:
            sys.setrecursionlimit = set_limit
            set_limit(deepest)
    finally:
        _one_at_a_time.release()


_one_at_a_time = threading.Lock()


def _guarded(function: Callable[[], Any], limit: float) -> str | None:
    _start_watchdog()
    main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGINT) if main else None
    if main:
        signal.signal(signal.SIGINT, _on_interrupt)
    try:
        _arm(main, limit)
        function()
    except Stopped:
        pass
    except BaseException:
        if _watch.reason is None:
            raise
    finally:
        _watch.owner = None  # from here on a late interrupt is swallowed, see _on_interrupt
        if main:
            _absorb_signals()
            signal.signal(signal.SIGINT, signal.default_int_handler if before is None else before)
        else:
            _absorb_exception()
    if _watch.reason == "interrupt":
        raise KeyboardInterrupt
    return _watch.reason


def _arm(main: bool, limit: float) -> None:
    with _watch.lock:
        _watch.sent = _watch.seen = 0
        _watch.reason = None
        _watch.main = main
        _watch.limit = limit
        _watch.deadline = time.monotonic() + limit
        _watch.last = time.monotonic() + IMPORTING
        _watch.owner = threading.get_ident()
    _watch.wake.set()


def _on_interrupt(signum, frame):
    """SIGINT while a function is checked, from the watchdog or from the notebook's own key."""
    if frame is not None and frame.f_globals.get("__name__") == __name__:
        if _watch.sent > _watch.seen:
            _watch.seen += 1
        return
    if _watch.sent <= _watch.seen and _watch.reason is None:
        _watch.reason = "interrupt"
        raise Stopped
    _watch.seen += 1
    if _watch.owner is None:
        return
    if _importing(frame):
        _watch.reason = None
        _watch.deadline = time.monotonic() + _watch.limit
        return
    stopped = Stopped()
    if _watch.seen > STUBBORN:
        again = _Rearm()
        del again
    raise stopped


def _importing(frame) -> bool:
    """Whether an import is under way in `frame` or above it, and may still take its time."""
    if time.monotonic() > _watch.last:
        return False
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def _absorb_signals() -> None:
    """Wait until every interrupt that the watchdog sent has arrived: none may hit a later cell."""
    with _watch.lock:  # the watchdog sends under this lock, and only while there is an owner
        pass
    until = time.monotonic() + 1.0
    while _watch.seen < _watch.sent and time.monotonic() < until:
        time.sleep(0.001)
    for _ in range(3):
        time.sleep(0)


def _absorb_exception() -> None:
    """Take an asynchronous exception that was sent but has not been raised yet."""
    for _ in range(3):
        try:
            with _watch.lock:
                pass
            for _ in range(100):
                time.sleep(0)
            return
        except Stopped:
            continue


def _start_watchdog() -> None:
    if _watch.thread is None or not _watch.thread.is_alive():
        _watch.thread = threading.Thread(target=_watchdog, name="rnncourse-watchdog", daemon=True)
        _watch.thread.start()


def _watchdog() -> None:
    while True:
        _watch.wake.wait()
        _watch.wake.clear()
        start = None
        while _watch.owner is not None:
            time.sleep(POLL)
            if _watch.reason or time.monotonic() > _watch.deadline:
                _interrupt("time")
            else:
                memory = _memory()
                start = memory if start is None else start
                if memory - start > GROWTH:
                    _interrupt("memory")


def _interrupt(reason: str) -> None:
    with _watch.lock:
        if _watch.owner is None:
            return
        if _importing(sys._current_frames().get(_watch.owner)):
            _watch.deadline = time.monotonic() + _watch.limit
            return
        _watch.reason = _watch.reason or reason
        if not _watch.main:
            target = ctypes.c_ulong(_watch.owner)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(target, ctypes.py_object(Stopped))
            return
        _watch.sent += 1
        if hasattr(signal, "pthread_kill"):
            signal.pthread_kill(_watch.owner, signal.SIGINT)
        else:  # Windows: the handler runs in the main thread; a sleeping call is not woken
            _thread.interrupt_main()


@contextmanager
def _fence():
    """Linux: one huge allocation becomes a MemoryError, instead of the end of a small machine."""
    try:
        import resource

        with open("/proc/self/statm") as statm:
            used = int(statm.read().split()[0]) * resource.getpagesize()
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        bound = used + HUGE + (os.cpu_count() or 1) * 2**27  # room for the threads of torch
        if soft != resource.RLIM_INFINITY:
            bound = min(bound, soft)
        resource.setrlimit(resource.RLIMIT_AS, (bound, hard))
    except (ImportError, OSError, ValueError):
        yield
        return
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def _memory() -> int:
    """Resident bytes of this process."""
    import psutil

    return psutil.Process().memory_info().rss
