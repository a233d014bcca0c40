"""What a checked function prints: kept up to a cap; a megabyte never reaches the browser."""

from __future__ import annotations

import io
import sys
import threading
from contextlib import contextmanager

CAP = 20_000  # characters


class Capped(io.TextIOBase):
    """A text stream that keeps the first `CAP` characters that its own thread writes."""

    def __init__(self, passed_on):
        self._passed_on = passed_on
        self._thread = threading.get_ident()
        self._room = CAP
        self._parts: list[str] = []
        self.cut = False
        self.keeping = True

    def write(self, text) -> int:
        """Keep `text` as far as there is room; other threads write where they wrote before."""
        if threading.get_ident() != self._thread and self._passed_on is not None:
            return self._passed_on.write(text)
        text = str(text)
        if self.keeping and text:
            self._parts.append(text[: self._room])
            self.cut = self.cut or len(text) > self._room
            self._room -= len(self._parts[-1])
        return len(text)

    def writable(self) -> bool:
        """A stream for writing."""
        return True

    @property
    def encoding(self) -> str:
        """Text is kept as text."""
        return "utf-8"

    def text(self) -> str:
        """What was kept, with a line that says so where more was printed."""
        kept = "".join(self._parts)
        return kept + f"\n[printing cut after {CAP} characters]\n" if self.cut else kept


@contextmanager
def captured():
    """Both standard streams go to one `Capped` stream; nothing reaches stderr."""
    before = sys.stdout, sys.stderr
    stream = Capped(before[0])
    sys.stdout = sys.stderr = stream
    try:
        yield stream
    finally:
        sys.stdout, sys.stderr = before
