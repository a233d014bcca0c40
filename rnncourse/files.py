"""Files written so that nothing is lost."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def reason(error: Exception) -> str:
    """Why it failed, as the end of a sentence: the system's own words, without a full stop."""
    return str(getattr(error, "strerror", None) or error).rstrip(".")


def free_name(wanted: Path) -> Path:
    """`wanted`, or the first of `name-2`, `name-3`, ... that no file has."""
    found, number = wanted, 1
    while found.exists():
        number += 1
        found = wanted.with_name(f"{wanted.stem}-{number}{wanted.suffix}")
    return found


def write_whole(file: Path, content: bytes) -> None:
    """Write `file` so that a crash leaves the old one or the new one, never half of it."""
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}-", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        mode = file.stat().st_mode & 0o777 if file.exists() else 0o644
        os.chmod(name, mode)
        os.replace(name, file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
