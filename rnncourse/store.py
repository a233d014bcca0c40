"""Where a learner's attempts are kept: one SQLite file, one row an attempt.

The file is opened for each write and closed again, so two kernels, a killed one among them, share
it safely: SQLite's rollback journal undoes a half-written row at the next opening. Every failure
is a StoreError that reads as one sentence.
"""

from __future__ import annotations

import os
import random
import sqlite3
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rnncourse.files import free_name, reason
from rnncourse.trouble import Trouble

# Statement number n brings a file of version n to version n + 1.
MIGRATIONS = (
    """CREATE TABLE attempt (
        id TEXT PRIMARY KEY,
        exercise TEXT NOT NULL,
        lesson TEXT NOT NULL,
        passed INTEGER NOT NULL,
        misconception TEXT,
        seconds REAL NOT NULL,
        at TEXT NOT NULL
    )""",
)
INSERT = "INSERT OR IGNORE INTO attempt VALUES (?, ?, ?, ?, ?, ?, ?)"
REASONS = {
    sqlite3.SQLITE_BUSY: "another program keeps it locked",
    sqlite3.SQLITE_FULL: "the disk is full",
    sqlite3.SQLITE_READONLY: "it cannot be written to",
    sqlite3.SQLITE_CANTOPEN: "it cannot be opened",
    sqlite3.SQLITE_PERM: "it may not be opened",
    sqlite3.SQLITE_IOERR: "the disk is full or reports an error",
}
LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class StoreError(Trouble):
    """Progress could not be read or written; `str(error)` is one sentence for the learner."""


@dataclass(frozen=True)
class Attempt:
    """One check of one exercise."""

    id: str  # unique over all machines, so that files can be merged
    exercise: str
    lesson: str  # "02"
    passed: bool
    misconception: str | None
    seconds: float
    at: str  # UTC, ISO 8601


def new_attempt(
    exercise: str, lesson: str, passed: bool, misconception: str | None, seconds: float
) -> Attempt:
    """An attempt made now, with an id of its own."""
    if misconception is not None:
        misconception = str(misconception).encode("utf-8", "replace").decode("utf-8") or None
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    return Attempt(
        uuid4().hex, exercise, lesson, bool(passed), misconception, round(float(seconds), 4), now
    )


def home() -> Path:
    """The folder of the learner's state: $RNNCOURSE_HOME, or the platform's place for user data."""
    chosen = os.environ.get("RNNCOURSE_HOME")
    if chosen:
        return Path(chosen).expanduser()
    from platformdirs import user_data_dir

    return Path(user_data_dir("rnncourse"))


def path() -> Path:
    """The learner's progress file (it need not exist yet)."""
    return home() / "progress.sqlite"


def add(
    attempts: Iterable[Attempt], wait: float = 5.0, say: Callable[[str], object] = print
) -> int:
    """Write `attempts` down; those already there are passed over. Returns how many were new.

    `wait` is how many seconds another writer is waited for. A damaged file is set aside, `say` is
    told so, and a new one begins. Raises StoreError.
    """
    rows = [astuple(attempt) for attempt in attempts]

    def write(connection: sqlite3.Connection) -> int:
        before = connection.total_changes
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(INSERT, rows)
        connection.execute("COMMIT")
        return connection.total_changes - before

    try:
        home().mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {home()} cannot be made: {_reason(error)}.") from None
    return _with_connection(write, wait, say)


def read(say: Callable[[str], object] = print) -> list[Attempt]:
    """Every attempt, oldest first; none where there is no file. Raises StoreError."""

    def fetch(connection: sqlite3.Connection) -> list[Attempt]:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise _Damaged
        columns = ", ".join(field.name for field in fields(Attempt))
        rows = connection.execute(f"SELECT {columns} FROM attempt ORDER BY at, id")
        return [Attempt(*row[:3], bool(row[3]), *row[4:]) for row in rows]

    try:
        if not path().exists():
            return []
    except OSError as error:
        raise StoreError(f"The file {path()} cannot be read: {_reason(error)}.") from None
    return _with_connection(fetch, 5.0, say)


class _Damaged(Exception):
    """The file is no sound database."""


def _with_connection(work: Callable, wait: float, say: Callable[[str], object]):
    """What `work(connection)` returns; once more on a new file where the old one is damaged.

    A locked file is tried again at random moments, for SQLite's own waiting sleeps ever longer and
    can lose every race against a busy writer.
    """
    deadline, renewed = time.monotonic() + wait, False
    while True:
        try:
            with closing(_connect(path())) as connection:
                return work(connection)
        except (_Damaged, sqlite3.Error) as error:
            if _code(error) in LOCKED and time.monotonic() < deadline:
                time.sleep(random.uniform(0.0005, 0.004))
                continue
            if renewed or not _is_damage(error):
                raise StoreError(f"The file {path()} was not used: {_reason(error)}.") from None
        renewed = True
        _set_aside(say)


def _connect(file: Path) -> sqlite3.Connection:
    """Open `file` and bring it to this version. Raises StoreError where it is a newer one."""
    connection = sqlite3.connect(file, timeout=0, isolation_level=None)
    try:
        if _version(connection) < len(MIGRATIONS):
            connection.execute("BEGIN IMMEDIATE")
            # asked again inside the transaction: another kernel may have been first
            for statement in MIGRATIONS[_version(connection) :]:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
            connection.execute("COMMIT")
    except BaseException:
        connection.close()
        raise
    return connection


def _version(connection: sqlite3.Connection) -> int:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise StoreError(
            f"The file {path()} was written by a newer version of the course and is left as it is: "
            "update the course to go on with it."
        )
    return version


def _is_damage(error: Exception) -> bool:
    return isinstance(error, _Damaged) or _code(error) in DAMAGED


def _code(error: Exception) -> int | None:
    """SQLite's primary result code, or None where it gave none."""
    code = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _reason(error: Exception) -> str:
    """Why it failed, as the end of a sentence."""
    return REASONS[_code(error)] if _code(error) in REASONS else reason(error)


def _set_aside(say: Callable[[str], object]) -> None:
    """Rename a damaged file, unless another kernel has done so in the meantime."""
    file = path()
    try:
        with closing(sqlite3.connect(file, timeout=5.0)) as connection:
            if connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok":
                return
    except sqlite3.Error as error:
        if not _is_damage(error):
            return
    stamp = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    aside = free_name(file.with_name(f"progress.corrupt-{stamp}.sqlite"))
    try:
        file.replace(aside)
    except OSError as error:
        raise StoreError(
            f"The file {file} is damaged and cannot be set aside: {_reason(error)}."
        ) from None
    say(f"The progress file was damaged: it is kept as {aside}, and a new one begins.")
