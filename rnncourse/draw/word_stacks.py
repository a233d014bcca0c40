"""A bar on top of every word of a story: what a network would answer after it."""

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import looks
from rnncourse.draw.style import BODY, house_type, palette
from rnncourse.draw.word_rows import Rows, width_of

LEFT, WIDTH = 0.36, 6.88  # inches: where the text begins, and how long its lines are
WORD, BETWEEN, KEY = 0.25, 0.17, 0.38  # inches: below a bar, between lines, the line of answers
HATCHES = ("", "////", "....", "\\\\\\\\", "xxxx", "----")
TONES = (0.95, 0.5, 0.75, 0.3)  # of one side's answers
PALE = 0.42  # what a tone keeps where no answer is due
ADDRESSES = (("miss", "ma'am"), ("sir", "Mister"))


def next_words(
    words, shares, answers=ADDRESSES, text=None, cues=(), due=None, title=None, subtitle=None
):
    """Draw what a network would answer after every word of a story, as stacked bars over the words.

    Parameters
    ----------
    words : (T,), up to 120; ``text`` is the story as written, with its punctuation.
    shares : (T, K), the share of each of K answers after each word; a row sums to at most 1.
    answers : their names. Two tuples are two sides: the first from below, in violet; the second
        from above, in ochre and hatched. One tuple of 2 to 6: a colour and a hatch each.
    cues : words (or their numbers) that are written bold.
    due : (T,), how likely any of the answers is the next word at all; bars are pale under one half.
    title, subtitle : texts in place of the usual ones.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes or shares.
    """
    told = Told(words, shares, answers, text, cues, due)
    title = told.finding() if title is None else title
    subtitle = told.usual() if subtitle is None else subtitle
    return Picture(draw_stacks(told, title, subtitle), told.alt(title))


class Told:
    """Shares after each word, checked: ``rows, shares, names, sides, due``."""

    def __init__(self, words, shares, answers=ADDRESSES, text=None, cues=(), due=None):
        self.rows = Rows(words, text, cues, WIDTH, room=0.11, least=0.28)
        count = len(self.rows.words)
        self.sided = bool(len(answers)) and not isinstance(answers[0], str)
        self.sides = [tuple(side) for side in answers] if self.sided else [tuple(answers)]
        self.names = [name for side in self.sides for name in side]
        if (self.sided and len(self.sides) != 2) or not 2 <= len(self.names) <= 6:
            raise ValueError("answers is one tuple of 2 to 6 names, or two tuples (two sides).")
        self.shares = np.asarray(shares, dtype=float)
        if self.shares.shape != (count, len(self.names)):
            raise ValueError(
                f"shares has shape {self.shares.shape}; {count} words and {len(self.names)} "
                f"answers need ({count}, {len(self.names)})."
            )
        if not ((self.shares >= -1e-9) & (self.shares.sum(axis=1) <= 1 + 1e-6)[:, None]).all():
            raise ValueError("shares are 0 or more, and those of one word sum to at most 1.")
        self.due = np.ones(count) if due is None else np.asarray(due, dtype=float)
        if self.due.shape != (count,):
            raise ValueError(f"due has shape {self.due.shape}; there are {count} words.")
        self.pale = due is not None and bool((self.due < 0.5).any())

    @property
    def first(self):
        """(T,): the share of the first side (or of the first answer)."""
        return self.shares[:, : len(self.sides[0]) if self.sided else 1].sum(axis=1)

    def end(self):
        """What is answered after the last word: ``[(name, share), ...]``, a side or an answer."""
        if not self.sided:
            return list(zip(self.names, self.shares[-1], strict=True))
        at = len(self.sides[0])
        parts = self.shares[-1, :at].sum(), self.shares[-1, at:].sum()
        return [(" or ".join(side), share) for side, share in zip(self.sides, parts, strict=True)]

    def finding(self):
        best = sorted(self.end(), key=lambda part: -part[1])[:2]
        return "At the end: " + ", ".join(f"{name} {share:.2f}" for name, share in best)

    def usual(self):
        told = "Over each word: how likely the network finds each answer after it"
        return told + ("; pale: no answer is due yet." if self.pale else ".")

    def alt(self, title):
        words = self.rows.words
        shown = " ".join(words[:24]) + (" …" if len(words) > 24 else "")
        end = ", ".join(
            f"{name} {share:.2f}" for name, share in zip(self.names, self.shares[-1], strict=True)
        )
        lead = " or ".join(self.sides[0]) if self.sided else self.names[0]
        said = (
            f"{title}. Answers after each of {len(words)} words (“{shown}”). "
            f"After the last word: {end}. {lead}: {self.first[0]:.2f} after the first word"
        )
        if self.pale:
            asked = [words[at] for at in np.flatnonzero(self.due >= 0.5)][:4]
            said += f"; an answer is due after “{'”, “'.join(asked)}”" if asked else ""
        elif len(words) > 2:
            steps = np.diff(self.first)
            at = int(np.abs(steps).argmax()) + 1
            if abs(steps[at - 1]) > 0.02:
                said += (
                    f"; the largest step is at “{words[at]}”, from {self.first[at - 1]:.2f} "
                    f"to {self.first[at]:.2f}"
                )
        return said + "."

    def tones(self):
        """For each answer: its colour role, how much of it, and its hatch."""
        if self.sided:
            parts = zip(self.sides, ("positive", "negative"), ("", "////"), strict=True)
            return [
                (role, TONES[at % 4], hatch)
                for side, role, hatch in parts
                for at in range(len(side))
            ]
        roles = [look.role for look in looks(self.names).values()]
        return [(role, 0.8, hatch) for role, hatch in zip(roles, HATCHES, strict=False)]


def draw_stacks(told, title, subtitle):
    """The figure: bars over words, line by line, and a key of the answers on top."""
    lines = told.rows.lines
    bar = 0.85 if lines <= 2 else 0.66 if lines <= 5 else 0.46
    step = bar + WORD + BETWEEN
    body = KEY + lines * step - BETWEEN + 0.14
    figure, ax = sheet(title, subtitle, body)
    with house_type():
        _key(ax, told, body - 0.14)
        bottoms = [body - KEY - line * step - bar for line in range(lines)]
        _bars(ax, told, bottoms, bar)
        for line, bottom in enumerate(bottoms):
            _scale(ax, told, line, bottom, bar)
        for word in told.rows.placed:
            x, y = LEFT + word.middle, bottoms[word.line] - 0.06
            ax.text(
                x, y, word.shown, size=BODY, ha="center", va="top", zorder=5,
                weight="bold" if word.bold else "normal", color=palette().text["ink"],
            )  # fmt: skip
    return figure


def _key(ax, told, y):
    x = LEFT
    for at, (name, (role, share, hatch)) in enumerate(zip(told.names, told.tones(), strict=True)):
        if told.sided and at == len(told.sides[0]):
            x += 0.25
        face, ground = palette().mix(role, share), palette().fill["ground"]
        square = Rectangle((x, y - 0.09), 0.26, 0.18, fc=face, ec=ground, hatch=hatch, lw=0)
        ax.add_patch(square)
        pieces.say(ax, x + 0.34, y - 0.01, name, ha="left")
        x += 0.34 + width_of(name) + 0.24
    if told.sided:
        note = "violet from below, ochre from above"
        if x + width_of(note) < LEFT + WIDTH:
            pieces.say(ax, LEFT + WIDTH, y - 0.01, note, "muted", ha="right")


def _bars(ax, told, bottoms, bar):
    """Every answer's part of every bar: one path for each answer, full and pale."""
    tones, split = told.tones(), len(told.sides[0]) if told.sided else len(told.names)
    rising = np.cumsum(told.shares, axis=1)
    falling = 1 - np.cumsum(told.shares[:, ::-1], axis=1)[:, ::-1]
    ground = palette().fill["ground"]
    for at, (role, share, hatch) in enumerate(tones):
        for pale in (False, True):
            shapes = []
            for word in told.rows.placed:
                if (told.due[word.at] < 0.5) != pale:
                    continue
                part = told.shares[word.at, at]
                low = rising[word.at, at] - part if at < split else falling[word.at, at]
                x0, x1 = LEFT + word.x + 0.02, LEFT + word.x + word.width - 0.02
                y0 = bottoms[word.line] + bar * low
                y1 = y0 + bar * part
                shapes.append([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
            if shapes:
                face = palette().mix(role, share * (PALE if pale else 1))
                style = {"fc": face, "ec": ground, "lw": 0.7, "hatch": hatch or None}
                ax.add_patch(PathPatch(_together(shapes), zorder=2, **style))


def _together(shapes):
    """Rectangles, each four corners, as one path: their hatch is then made once."""
    corners = np.array([[*shape, shape[0]] for shape in shapes]).reshape(-1, 2)
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(shapes)
    return Path(corners, codes)


def _scale(ax, told, line, bottom, bar):
    """0 and 1 at the left, a frame above and below, and a rule at one half between two sides."""
    colours = palette()
    words = told.rows.in_line(line)
    x0, x1 = LEFT, LEFT + words[-1].x + words[-1].width
    ax.hlines([bottom, bottom + bar], x0, x1, color=colours.fill["ink"], lw=1, zorder=3)
    if told.sided:
        ax.plot([x0, x1], [bottom + bar / 2] * 2, color=colours.fill["ink"], lw=1.2, zorder=3,
                ls=(0, (1, 1.6)))  # fmt: skip
    for height, text in ((0, "0"), (bar, "1")):
        pieces.say(ax, LEFT - 0.07, bottom + height, text, "muted", size=BODY - 1, ha="right")
