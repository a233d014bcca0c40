"""Stories whose every word wears a unit's value: tint and rule, or a row of tiles a unit."""

import numpy as np
from matplotlib.patches import FancyBboxPatch, Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.chance_bars import chance_text
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import BODY, house_type, number, palette
from rnncourse.draw.tiles import TINT, counted
from rnncourse.draw.word_rows import Rows, width_of

LEFT, WIDTH, BESIDE = 0.16, 7.08, 4.86  # inches: a line of text, and one with bars at its right
ANSWERS, BAR = 6.06, 0.74  # inches: where bars begin, and a bar of 1
LINE, RULE = 0.325, 0.235  # inches: a line of text, its tint's height
TILE, TILES = 0.17, 0.27  # inches: a tile's height, how far below a line's top the tiles begin
ROW, BETWEEN, KEY = 0.265, 0.3, 0.52  # inches: an answer, between stories, the key
UNITS = 6


def sentence(
    words,
    values,
    names=None,
    text=None,
    cues=(),
    range=None,
    answers=None,
    unit="",
    title=None,
    subtitle="",
):
    """Draw a story with each word tinted by a value: violet above 0, ochre below, white at 0.

    Parameters
    ----------
    words : (T,), up to 120; ``text`` is the story as written, with its punctuation.
    values : (T,), drawn as a tint and a rule below the word (solid above 0, dashed below, thickness
        is size); or (T, K), up to 6 units, each a row of tiles below every line.
    names : K names of the units. cues : words (or their numbers) that are written bold.
    range : the value of the full colour; the largest one in size if left out.
    answers : {"miss": 0.5, ...}, drawn as bars beside the story, whose gap gets a frame.
    unit : what a value is, for the key. title, subtitle : texts.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    story = (words, values, answers) if answers is not None else (words, values)
    return sentences([story], None if text is None else [text], names, cues, range, unit, title,
                     subtitle)  # fmt: skip


def sentences(
    stories, texts=None, names=None, cues=(), range=None, unit="", title=None, subtitle=""
):
    """Draw several stories one below the other, on one range of colour; see ``draw.sentence``.

    Parameters
    ----------
    stories : [(words, values), ...] or [(words, values, answers), ...].
    texts : each story as written. ``cues`` : words, or a list of numbers for each story.
    The others are those of ``draw.sentence``.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    if not stories:
        raise ValueError("There is no story to draw; give at least one.")
    texts = list(texts) if texts is not None else [None] * len(stories)
    if len(texts) != len(stories):
        raise ValueError(f"There are {len(texts)} texts and {len(stories)} stories.")
    beside = any(len(story) > 2 for story in stories)
    width = BESIDE if beside else WIDTH
    told = [
        _Story(story, text, _cues_of(cues, at), names, width)
        for at, (story, text) in enumerate(zip(stories, texts, strict=True))
    ]
    top = range or max(np.abs(story.values).max() for story in told) or 1.0
    title = title or _finding(told)
    body = sum(story.height for story in told) + BETWEEN * (len(told) - 1) + KEY + 0.1
    figure, ax = sheet(title, subtitle, body)
    with house_type():
        y = body - 0.04
        for story in told:
            story.draw(ax, y, top)
            y -= story.height + BETWEEN
        _key(ax, top, unit, any(story.tiled for story in told))
    return Picture(figure, _alt(title, told, unit))


class _Story:
    def __init__(self, story, text, cues, names, width):
        words, values, *answers = story
        self.answers = dict(answers[0]) if answers and answers[0] is not None else None
        self.values = np.asarray(values, dtype=float)
        self.tiled = self.values.ndim == 2
        self.indent = 0.0
        self.names = None
        if self.tiled:
            units = self.values.shape[1]
            if not 1 <= units <= UNITS:
                raise ValueError(f"values has {units} units; this picture shows 1 to {UNITS}.")
            self.names = [str(name) for name in (names or np.arange(units))]
            if len(self.names) != units:
                raise ValueError(f"names has {len(self.names)} entries; there are {units} units.")
            self.indent = max(width_of(name, BODY - 1) for name in self.names) + 0.12
        self.rows = Rows(words, text, cues, width - self.indent, room=0.085)
        if self.values.ndim not in (1, 2) or len(self.values) != len(self.rows.words):
            raise ValueError(
                f"values has shape {self.values.shape}; {len(self.rows.words)} words need (T,) or "
                "(T, K)."
            )
        if not np.isfinite(self.values).all():
            raise ValueError("Some values are not finite; a tint needs numbers.")
        last = self.rows.placed[-1]
        self.gap = self.answers is not None
        self.extra = self.gap and last.x + last.width + 0.6 > width - self.indent
        self.line = (TILES + TILE * len(self.names) + 0.12) if self.tiled else LINE
        lines = self.rows.lines + self.extra
        text_height = lines * self.line - (0.12 if self.tiled else 0)
        self.height = max(text_height, ROW * (1 + len(self.answers)) if self.gap else 0)

    def draw(self, ax, top, largest):
        for word in self.rows.placed:
            y = top - word.line * self.line
            x = LEFT + self.indent + word.x
            value = self.values[word.at]
            if self.tiled:
                self._tiles(ax, x, y - TILES, word.width, value / largest)
            else:
                _tint(ax, x, y, word.width, value / largest)
            ax.text(
                x + word.width / 2, y - 0.165, word.shown, size=BODY, ha="center", va="baseline",
                weight="bold" if word.bold else "normal", color=palette().text["ink"], zorder=5,
            )  # fmt: skip
        if self.tiled:
            for line in np.arange(self.rows.lines):
                for row, name in enumerate(self.names):
                    y = top - line * self.line - TILES - (row + 0.5) * TILE
                    x = LEFT + self.indent - 0.06
                    pieces.say(ax, x, y, name, "muted", size=BODY - 1, ha="right")
        if self.gap:
            self._blank(ax, top)
            _answers(ax, self.answers, top)

    def _tiles(self, ax, x, y, width, values):
        colours = palette()
        for row, value in enumerate(values):
            low = y - (row + 1) * TILE
            tone = colours.signed(float(value))
            ax.add_patch(
                Rectangle((x, low), width, TILE, fc=tone, ec=colours.fill["ground"], lw=1, zorder=2)
            )
            if value < -0.02:
                bar = colours.fill["ground" if value < -0.35 else "ink"]
                middle = x + width / 2
                ax.plot([middle - 0.06, middle + 0.06], [low + TILE / 2] * 2, color=bar, lw=1.4)

    def _blank(self, ax, top):
        last = self.rows.placed[-1]
        line, x = (last.line + 1, 0.0) if self.extra else (last.line, last.x + last.width + 0.05)
        colours = palette()
        corner = LEFT + self.indent + x, top - line * self.line - RULE + 0.01
        style = {"boxstyle": "round,pad=0,rounding_size=0.04", "lw": 1.4, "zorder": 3}
        edge = colours.fill["ink"]
        ax.add_patch(FancyBboxPatch(corner, 0.46, 0.22, fc=colours.fill["now"], ec=edge, **style))
        pieces.say(ax, corner[0] + 0.23, corner[1] + 0.11, "?")


def _tint(ax, x, y, width, value):
    """A word's ground and the rule below it."""
    size, colours = min(abs(float(value)), 1.0), palette()
    role = "positive" if value >= 0 else "negative"
    tone = colours.mix(role, TINT * size**0.9)
    ax.add_patch(Rectangle((x, y - RULE + 0.015), width, RULE - 0.015, fc=tone, lw=0, zorder=2))
    if size > 0.02:
        _rule(ax, x, x + width, y - RULE - 0.012, value)


def _rule(ax, x0, x1, y, value):
    role = "positive" if value >= 0 else "negative"
    thick = 0.6 + 2.6 * min(abs(float(value)), 1.0)
    (line,) = ax.plot([x0, x1], [y, y], color=palette().fill[role], lw=thick, zorder=2.5)
    line.set_solid_capstyle("butt")
    if value < 0:
        line.set(dashes=(3.4 / thick, 2.0 / thick), dash_capstyle="butt")


def _answers(ax, answers, top):
    colours = palette()
    x = ANSWERS + BAR / 2 - 0.05
    pieces.say(ax, x, top - 0.11, "next word, probability", "muted", size=BODY - 0.5)
    likely, y = max(answers.values()), top - 0.11
    for word, share in answers.items():
        y -= ROW
        strong = share > 0.6 * likely
        pieces.say(ax, ANSWERS - 0.08, y, word, bold=strong, ha="right")
        bar = Rectangle((ANSWERS, y - 0.085), BAR * share, 0.17, fc=colours.fill["output"], lw=0)
        ax.add_patch(bar)
        role = "ink" if strong else "muted"
        pieces.say(ax, ANSWERS + BAR * share + 0.06, y, chance_text(share), role, ha="left")
    ends = [top - 0.11 - ROW / 2, y - ROW / 2]
    ax.plot([ANSWERS, ANSWERS], ends, color=colours.fill["ink"], lw=1)


def _key(ax, top, unit, tiled):
    """From the lowest to the highest value, as words or tiles wear it."""
    colours = palette()
    y, x, wide = KEY - 0.12, LEFT, 0.115
    low = pieces.say(ax, x, y - 0.11, f"−{number(top)}", ha="left")
    x += width_of(low.get_text()) + 0.08
    for value in np.linspace(-1, 1, 17):
        if tiled:
            tone = colours.signed(float(value))
            square = Rectangle((x, y - 0.19), wide, TILE, fc=tone, ec=colours.fill["ground"], lw=1)
            ax.add_patch(square)
            if value < -0.02:
                bar = colours.fill["ground" if value < -0.35 else "ink"]
                ax.plot([x + 0.03, x + wide - 0.03], [y - 0.105] * 2, color=bar, lw=1.2)
        else:
            _tint(ax, x, y, wide, value)
        x += wide
    pieces.say(ax, x + 0.08, y - 0.11, f"+{number(top)}", ha="left")
    x += 0.08 + width_of(f"+{number(top)}") + 0.25
    for row, told in enumerate(_notes(unit, tiled, WIDTH + LEFT - x)):
        pieces.say(ax, x, y - 0.11 - 0.22 * row, told, "muted", ha="left")


def _notes(unit, tiled, room):
    """What the key means, in a line or two."""
    signs = "bar: negative; darker: larger" if tiled else "dashed: negative; thicker: larger"
    if not unit:
        return [signs[0].upper() + signs[1:]]
    both = f"{unit}; {signs}"
    return [both] if width_of(both) <= room else [unit, signs]


def _cues_of(cues, at):
    """The cues of one story: words go for all of them, lists of numbers for one each."""
    nested = len(cues) and not isinstance(cues[0] if not isinstance(cues, set) else "", (str, int))
    return cues[at] if nested else cues


def _finding(told):
    first = told[0]
    if first.tiled:
        words = counted(len(first.rows.words), "word")
        return f"{counted(len(first.names), 'unit')} over {words}"
    last = [number(story.values[-1]) for story in told]
    return f"At the end of the story the unit is at {' and '.join(last)}"


def _alt(title, told, unit):
    parts = []
    for story in told:
        words = story.rows.words
        shown = " ".join(words[:24]) + (" …" if len(words) > 24 else "")
        said = f"“{shown}”"
        columns = story.values.T if story.tiled else [story.values]
        for at, column in enumerate(columns):
            name = f"unit {story.names[at]}" if story.tiled else unit or "the value"
            low, high = int(column.argmin()), int(column.argmax())
            said += (
                f"; {name}: lowest {number(column[low])} at “{words[low]}”, highest "
                f"{number(column[high])} at “{words[high]}”, {number(column[-1])} at the end"
            )
        if story.answers:
            said += "; next word: " + ", ".join(f"{w} {p:.2f}" for w, p in story.answers.items())
        parts.append(said)
    return f"{title}. " + ". ".join(parts) + "."
