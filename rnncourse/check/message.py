"""What a learner reads: the parts of a message, and their plain-text form."""

from __future__ import annotations

import re
from dataclasses import dataclass

SIGNS = {"not yet": "◐", "right": "✓", "turn": "○", "hint": "○", "question": "○"}


@dataclass(frozen=True)
class Row:
    """One line of a table: label, cells, which cells differ, and the note at its end."""

    label: str
    cells: tuple[str, ...]
    marks: tuple[bool, ...] = ()
    note: str = ""
    muted: bool = False


@dataclass(frozen=True)
class Message:
    """Headline; the call; got beside expected; the sentences; and how to ask for a hint."""

    headline: str
    tone: str = "not yet"
    call: str = ""
    table: tuple[Row, ...] = ()
    body: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    nudge: str = ""  # the exercise's name where a hint can be asked for
    level: int = 0  # of a hint
    levels: int = 3
    next: str = ""

    def text(self) -> str:
        """The whole message as plain text; the same on every run."""
        blocks = [f"{SIGNS[self.tone]} {self.headline}" if self.tone == "right" else self.headline]
        facts = []
        if self.call:
            facts.append(f"called with  {self.call}")
        facts += table_lines(self.table)
        if facts:
            blocks.append("\n".join(facts))
        blocks += [plain(sentence) for sentence in self.body]
        if self.options:
            blocks.append("\n".join(f"  {letter})  {plain(text)}" for letter, text in self.options))
        if self.next:
            blocks.append(f"Next: {plain(self.next)}")
        if self.nudge:
            blocks.append(f"for a nudge, run check.{self.nudge}.hint()")
        if self.tone == "right":
            return " ".join([blocks[0], *blocks[1:]]) if not facts else "\n".join(blocks)
        return "\n\n".join(blocks)


def table_lines(rows: tuple[Row, ...]) -> list[str]:
    """The rows as aligned lines; a line of ^ under a row points at the cells that differ."""
    if not rows:
        return []
    label = max(11, *(len(row.label) for row in rows))
    widths: list[int] = []
    for row in rows:
        for i, cell in enumerate(row.cells):
            if i == len(widths):
                widths.append(0)
            widths[i] = max(widths[i], len(cell))
    lines = []
    for row in rows:
        cells = "  ".join(cell.rjust(widths[i]) for i, cell in enumerate(row.cells))
        lines.append(f"{row.label:<{label}}  {cells}   {row.note}".rstrip())
        if any(row.marks):
            carets = "  ".join(
                ("^" * len(cell) if mark else "").rjust(widths[i])
                for i, (cell, mark) in enumerate(zip(row.cells, row.marks, strict=True))
            )
            lines.append(f"{'':<{label}}  {carets}".rstrip())
    return lines


def plain(sentence: str) -> str:
    """A sentence without the stars of **bold**; `code` keeps its ticks."""
    return re.sub(r"\*\*(.+?)\*\*", r"\1", sentence)
