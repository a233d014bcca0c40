"""A story's words laid out in lines, as text runs, each with the place that it takes."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rnncourse.draw.frames import sheet
from rnncourse.draw.layout import size_of
from rnncourse.draw.style import BODY

MOST = 120
STUB, EVEN = 0.3, 0.8  # a last line under this share of the width; how much narrower lines may get
CUT = "{"  # where a story's text ends: its blank is written "{ }"


@dataclass(frozen=True)
class Placed:
    """A word, number ``at``, in its line; ``x`` and ``width`` in inches, ``shown`` as written."""

    at: int
    line: int
    x: float
    width: float
    shown: str
    bold: bool

    @property
    def middle(self):
        return self.x + self.width / 2


class Rows:
    """Words in lines of at most ``width`` inches.

    Parameters: ``words`` (T,), or a string, split at spaces; ``text``, the story as written, with
    punctuation and capitals; ``cues``, words (or their numbers) that are written bold; ``room``,
    inches added to every word's own width; ``least``, the least width of a word.
    Attributes: ``words`` (T,), ``placed`` (T,), ``lines``, how many. Raises ``ValueError``.
    """

    def __init__(self, words, text=None, cues=(), width=7.08, room=0.09, least=0.0, size=BODY):
        self.words = words.split() if isinstance(words, str) else [str(word) for word in words]
        if not 1 <= len(self.words) <= MOST:
            raise ValueError(f"There are {len(self.words)} words; this picture shows 1 to {MOST}.")
        shown = as_written(self.words, text) if text is not None else self.words
        cues = {cue.lower() if isinstance(cue, str) else int(cue) for cue in cues}
        forms = []
        for at, (word, form) in enumerate(zip(self.words, shown, strict=True)):
            bold = at in cues or word.lower().strip(".,?!'\"‘’“”:;") in cues
            forms.append((form, bold, max(width_of(form, size, bold) + room, least)))
        self.placed = _broken(forms, width)
        self.lines = self.placed[-1].line + 1
        tight = width
        while tight > EVEN * width and self._ends_in_a_stub(width):
            tight *= 0.98
            narrower = _broken(forms, tight)
            if narrower[-1].line + 1 > self.lines:
                break
            self.placed = narrower

    def _ends_in_a_stub(self, width):
        """Whether the last of several lines is much shorter than the others."""
        last = self.placed[-1]
        return last.line > 0 and last.x + last.width < STUB * width

    def in_line(self, line):
        return [word for word in self.placed if word.line == line]


def _broken(forms, width):
    """Words [(shown, bold, width), ...] in lines of at most ``width``, as ``Placed``."""
    placed, line, x = [], 0, 0.0
    for at, (form, bold, across) in enumerate(forms):
        if x and x + across > width:
            line, x = line + 1, 0.0
        placed.append(Placed(at, line, x, across, form, bold))
        x += across
    return placed


@lru_cache(4096)
def width_of(text, size=BODY, bold=False):
    """Width of a text in inches."""
    return size_of(_probe(), text, size=size, weight="bold" if bold else "normal")[0]


@lru_cache(1)
def _probe():
    return sheet("", "", 1)[0]


def as_written(words, text):
    """Each word as it stands in the text, with the punctuation that belongs to it.

    Signs up to the next space go with the word before them, later ones with the word after.
    Raises ``ValueError`` where a word is not in the text, or not in this order.
    """
    text = text.split(CUT)[0]
    plain = text.lower().replace("’", "'").replace("‘", "'")
    spans, at = [], 0
    for word in words:
        found = plain.find(word.lower(), at)
        if found < 0:
            raise ValueError(f"{word!r} does not come in the text after {text[:at][-30:]!r}.")
        spans.append((found, found + len(word)))
        at = spans[-1][1]
    edges = [0]
    for (_, end), (start, _) in pairwise(spans):
        between = text[end:start]
        edges.append(end + between.rfind(" ") + 1 if " " in between else start)
    edges.append(len(text))
    return [text[a:b].strip() for a, b in pairwise(edges)]
