"""A second process for answers that can block inside C: it can be killed, a thread cannot.

The process is started at the first need and kept warm. Answers travel by cloudpickle, so a
function or class from a notebook arrives with the globals it uses; what cannot be pickled
is run under the ordinary guard instead. The worker is started as a program, not through
multiprocessing, so it never imports the main script again; it behaves alike on all systems.
"""

from __future__ import annotations

import atexit
import io
import os
import pickle
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from .run import Outcomes

LIMIT = 2.0  # seconds for all calls of one check
LOADING = 30.0  # seconds for unpickling, which may import torch
MEMORY = 6 * 2**30  # bytes a worker may ask for, where the system can be told so


class Worker:
    """The process and its two pipes. `run` starts it where it is not running."""

    def __init__(self):
        self._process: subprocess.Popen | None = None
        self._lock = threading.Lock()

    def run(
        self, answer: Any, drive: Callable | None, calls: Sequence[tuple], limit=None
    ) -> Outcomes:
        """Call `answer` on each tuple of arguments in the worker; stop it after `limit` seconds.

        Raises whatever cloudpickle raises where the answer cannot be sent.
        """
        import cloudpickle

        job = pickle.dumps((sys.path, cloudpickle.dumps((answer, drive, list(calls)))))
        with self._lock:
            return self._run(job, len(calls), LIMIT if limit is None else limit)

    def _run(self, job: bytes, count: int, limit: float) -> Outcomes:
        process = self._started()
        outcomes = Outcomes()
        overdue = threading.Event()

        def kill():
            overdue.set()
            process.kill()

        timer = threading.Timer(LOADING, kill)
        timer.start()
        try:
            _send(process.stdin, job)
            loaded = _receive(process.stdout)
            timer.cancel()
            if loaded != "loaded":
                raise pickle.PicklingError(str(loaded))
            timer = threading.Timer(limit, kill)
            timer.start()
            for _ in range(count):
                outcomes.calls.append(_receive(process.stdout))
            outcomes.printed = _receive(process.stdout)
        except (EOFError, OSError, struct.error):
            outcomes.stopped = "time" if overdue.is_set() else "died"
            self.stop()
        except BaseException:  # the notebook's interrupt key: what is under way is void
            self.stop()
            raise
        finally:
            timer.cancel()
        return outcomes

    def _started(self) -> subprocess.Popen:
        if self._process is None or self._process.poll() is not None:
            path = os.pathsep.join(p for p in sys.path if p)
            self._process = subprocess.Popen(
                [sys.executable, "-c", "from rnncourse.check.worker import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
            atexit.register(self.stop)
        return self._process

    def stop(self) -> None:
        """End the process; the next `run` starts another."""
        process, self._process = self._process, None
        atexit.unregister(self.stop)
        if process is not None:
            process.kill()
            for pipe in (process.stdin, process.stdout):
                try:
                    pipe.close()
                except OSError:
                    continue
            process.wait()


def _send(pipe, data: bytes) -> None:
    pipe.write(struct.pack("<Q", len(data)))
    pipe.write(data)
    pipe.flush()


def _receive(pipe) -> Any:
    header = pipe.read(8)
    if len(header) < 8:
        raise EOFError
    return pickle.loads(pipe.read(struct.unpack("<Q", header)[0]))


def serve() -> None:
    """The worker's own loop, until its standard input ends. Runs in the second process only."""
    import signal

    from .capture import captured
    from .run import call_once

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the notebook's interrupt is not for us
    jobs, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    sys.stdin = io.StringIO()
    _bound_memory()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()

    def reply(value: Any) -> None:
        _send(results, pickle.dumps(value))

    while header := jobs.read(8):
        job = jobs.read(struct.unpack("<Q", header)[0])
        try:
            sys.path[:], packed = pickle.loads(job)
            answer, drive, calls = pickle.loads(packed)
        except BaseException as problem:
            reply(f"could not be loaded: {type(problem).__name__}")
            continue
        reply("loaded")
        with captured() as printed:
            for args in calls:
                reply(call_once(answer, drive, args))
                printed.keeping = False
        reply(printed.text())


def _end_with_parent(parent: int) -> None:
    """A loop in the learner's code must not outlive the notebook that asked for it."""
    while os.getppid() == parent:
        time.sleep(1.0)
    os._exit(0)


def _bound_memory() -> None:
    try:
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, hard))
    except (ImportError, OSError, ValueError):
        return


worker = Worker()
