"""Carries progress from machine to machine: `save` writes a JSON file, `load` merges it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, fields
from pathlib import Path

from rnncourse import store
from rnncourse.files import reason, write_whole
from rnncourse.store import Attempt, StoreError

FORMAT, VERSION = "rnncourse-progress", 1


def save(file: Path, say: Callable[[str], object] = print) -> int:
    """Write every attempt into a portable JSON file; returns how many it holds now.

    What an earlier save left in `file` stays in it. Raises StoreError; a file of any other kind is
    never overwritten.
    """
    kept = {attempt.id: attempt for attempt in read_saved(file)} if file.exists() else {}
    kept.update((attempt.id, attempt) for attempt in store.read(say))
    attempts = sorted(kept.values(), key=lambda attempt: (attempt.at, attempt.id))
    content = {
        "format": FORMAT,
        "version": VERSION,
        "attempts": [asdict(attempt) for attempt in attempts],
    }
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    try:
        write_whole(file, text.encode("utf-8"))
    except OSError as error:
        raise StoreError(f"The file {file} cannot be written: {reason(error)}.") from None
    return len(attempts)


def load(file: Path, say: Callable[[str], object] = print) -> int:
    """Merge a saved file into this learner's progress; returns how many attempts were new."""
    return store.add(read_saved(file), say=say)


def read_saved(file: Path) -> list[Attempt]:
    """The attempts of a file that `save` wrote. Raises StoreError where it is anything else."""
    try:
        content = json.loads(file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise StoreError(f"The file {file} cannot be read: {reason(error)}.") from None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise StoreError(f"The file {file} is not a saved progress file of this course.")
    if content.get("version") != VERSION:
        raise StoreError(
            f"The file {file} was saved by another version of the course: update the course first."
        )
    attempts = content.get("attempts")
    if not isinstance(attempts, list) or not all(map(_is_attempt, attempts)):
        raise StoreError(f"The file {file} is damaged: nothing of it was taken over.")
    return [Attempt(**attempt) for attempt in attempts]


def _is_attempt(entry: object) -> bool:
    """Whether a parsed JSON value has exactly the fields of an Attempt, of their kinds."""
    if not isinstance(entry, dict) or set(entry) != {field.name for field in fields(Attempt)}:
        return False
    texts = [entry["id"], entry["exercise"], entry["lesson"], entry["at"]]
    if entry["misconception"] is not None:
        texts.append(entry["misconception"])
    return (
        all(map(_is_text, texts))
        and isinstance(entry["passed"], bool)
        and type(entry["seconds"]) in (int, float)
        and 0 <= entry["seconds"] < 1e9
    )


def _is_text(value: object) -> bool:
    """Whether `value` is text that can be stored: not empty, no half of a surrogate pair."""
    if not isinstance(value, str) or not value:
        return False
    return value.encode("utf-8", "ignore").decode("utf-8") == value
