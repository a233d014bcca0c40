"""Placeholders in the markdown of a source, filled from the checker's data.

`{{exercise NAME}}` becomes the exercise's heading with difficulty, minutes and objective;
`{{question NAME}}` becomes its question, with lettered options where it is a choice. So a title or
an option stands in one place, `rnncourse/check/lesson_NN.py`.
"""

import re
import string

from nbformat import NotebookNode

from authoring.sources import BuildError, Source

PLACEHOLDER = re.compile(r"^\{\{\s*(\w+)\s+(\w+)\s*\}\}[ \t]*$", re.MULTILINE)
HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)
SYMBOL = re.compile(r"(?<![\w.])([A-Za-z])_([a-z]{1,2}|[0-9])(?!\w)")  # a letter with an index
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HARDEST = 3


def exercise_named(name: str, source: Source):
    """The exercise of this name. Raises BuildError, with the nearest name, where there is none."""
    from rnncourse import check

    try:
        exercise = getattr(check, name)
    except (AttributeError, ImportError) as error:
        raise BuildError(source.label, str(error)) from None
    if not isinstance(exercise, check.Exercise):
        raise BuildError(source.label, f"check.{name} is part of the checker, not an exercise")
    return exercise


def expand_placeholders(notebook: NotebookNode, source: Source) -> None:
    """Replace every placeholder in the markdown cells, in place.

    An exercise's heading stands one level below the author's own heading before it, so headings
    stay in order in a sheet with parts and in one without.
    """
    number, level = 0, 1
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        pieces, end = [], 0
        for match in PLACEHOLDER.finditer(cell.source):
            before = cell.source[end : match.start()]
            level = _last_level(before, level)
            kind, name = match.groups()
            exercise = exercise_named(name, source)
            if kind == "exercise":
                number += 1
                text = heading(exercise, number, min(level + 1, 3))
            elif kind == "question":
                text = question(exercise, source)
            else:
                raise BuildError(
                    source.label, f"{match.group().strip()} is not a known placeholder"
                )
            pieces += [before, text]
            end = match.end()
        rest = cell.source[end:]
        level = _last_level(rest, level)
        cell.source = "".join([*pieces, rest])


def _last_level(markdown: str, level: int) -> int:
    found = HEADING.findall(FENCE.sub("", markdown))
    return len(found[-1]) if found else level


def heading(exercise, number: int, level: int) -> str:
    """The heading of an exercise and the line below it, as markdown."""
    dots = "●" * exercise.difficulty + "○" * (HARDEST - exercise.difficulty)
    unit = "minute" if exercise.minutes == 1 else "minutes"
    objective = exercise.objective.rstrip(".")
    return (
        f"{'#' * level} Exercise {number} · {exercise.title}\n\n"
        f"*Difficulty {dots} · {exercise.minutes:g} {unit} · "
        f"afterwards you will be able to {objective}*"
    )


def question(exercise, source: Source) -> str:
    """The question of a predict or choose exercise, as markdown."""
    if not getattr(exercise, "question", ""):
        raise BuildError(source.label, f"the exercise {exercise.id!r} has no question")
    options = getattr(exercise, "options", None) or []
    lines = [
        f"- **{letter}**: {typeset(option.text)}"
        for letter, option in zip(string.ascii_lowercase, options, strict=False)
    ]
    return "\n".join([typeset(exercise.question), "", *lines]).rstrip()


def typeset(text: str) -> str:
    """Plain symbols such as w_h and W_hh as mathematics; code and mathematics stay as they are."""
    pieces = re.split(r"(`[^`]*`|\$[^$]*\$)", text)
    return "".join(
        piece if piece[:1] in ("`", "$") else SYMBOL.sub(r"$\1_{\2}$", piece) for piece in pieces
    )
