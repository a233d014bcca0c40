"""The likeliest next symbols: what the model says, and what is drawn from; redrawn fast."""

import numpy as np
from matplotlib.patches import Rectangle

from rnncourse.draw import pieces
from rnncourse.draw.frames import sheet
from rnncourse.draw.style import BODY, house_type, palette
from rnncourse.draw.word_rows import width_of
from rnncourse.play.redrawn import Redrawn

ROWS, ROW, LEFT, WIDTH = 10, 0.245, 0.16, 7.08  # symbols; inches: a row, the margin, the page
LETTERS, LINE, LINES = 84, 0.2, 6  # in a line of the text; inches a line; at most so many
SIGNS = {" ": "␣", "\n": "↵", "\t": "⇥"}


class TemperaturePlot(Redrawn):
    """Bars of the ten likeliest symbols, drawn from ``temperature, k``; below them a text.

    Parameters: ``sampler``; ``text``, what was drawn, where it shall stand in the picture.
    """

    def __init__(self, sampler, text=""):
        self.sampler, self.text = sampler, text
        self.best = np.argsort(-sampler.own, kind="stable")[: min(ROWS, len(sampler.own))]
        self.names = [named(sampler.symbols[i]) for i in self.best]
        lines = _lines(sampler, text)
        below = 0.3 + LINE * len(lines) if lines else 0.08
        top = below + ROW * len(self.best)
        after = sampler.start[-40:].replace("\n", "↵").replace("$", r"\$")
        self.subtitle = f"The next symbol after “{after}”." if after else "The next symbol."
        with house_type():
            figure, ax = sheet(" ", self.subtitle, top + 0.4)
            self.left = LEFT + max(map(width_of, self.names)) + 0.1
            self.scale = LEFT + WIDTH - 0.45 - self.left  # inches for a probability of 1
            _key(ax, self.left, top + 0.25)
            ax.plot([self.left] * 2, [below, top], color=palette().fill["ink"], lw=1, zorder=4)
            self.bars, self.values, outlines = [], [], []
            for at, i in enumerate(self.best):
                y = top - (at + 0.5) * ROW
                pieces.say(ax, self.left - 0.08, y - 0.01, _plain(self.names[at]), ha="right")
                self.bars.append(ax.add_patch(_bar(self.left, y)))
                self.values.append(pieces.say(ax, self.left, y - 0.01, " ", ha="left"))
                outlines.append(ax.add_patch(_outline(self.left, y, sampler.own[i] * self.scale)))
            for at, line in enumerate(lines):
                said = pieces.say(
                    ax, LEFT, below - 0.22 - at * LINE, line, size=BODY - 1, ha="left"
                )
                said.set_family("monospace")
        self.title = figure.texts[0]
        super().__init__(figure, [self.title, *self.bars, *outlines, *self.values])

    def _set(self, temperature, k):
        own, chances = self.sampler.own, self.sampler.chances(temperature, k)
        limit = "" if k is None or k >= len(chances) else f", top {k}"
        title = f"Temperature {temperature:.2f}{limit}: "
        title += f"as if among {choices(chances):.1f} equally likely symbols"
        self.title.set_text(title)
        for i, bar, value in zip(self.best, self.bars, self.values, strict=True):
            bar.set_width(chances[i] * self.scale)
            value.set_text(f"{chances[i]:.2f}")
            value.set_x(self.left + max(own[i], chances[i]) * self.scale + 0.08)
        told = ", ".join(
            f"{name} {own[i]:.2f} to {chances[i]:.2f}"
            for name, i in zip(self.names[:5], self.best, strict=False)
        )
        self.alt = (
            f"{title}. {self.subtitle} From the model's own probability to the one that is drawn "
            f"from: {told}."
        )
        if self.text:
            self.alt += f" Drawn text: “{self.text[:120]}”."


def choices(chances):
    """exp of the entropy: the number of equally likely symbols that would be as uncertain."""
    some = chances[chances > 0]
    return float(np.exp(-(some * np.log(some)).sum()))


def named(symbol):
    """A symbol as it is written beside its bar: spaces and line ends get a sign."""
    return SIGNS.get(symbol, symbol)


def _plain(text):
    return text.replace("$", r"\$")


def _bar(x, y):
    return Rectangle((x, y - 0.075), 0, 0.15, fc=palette().fill["output"], lw=0)


def _outline(x, y, width):
    edge = palette().fill["hidden"]
    return Rectangle((x, y - 0.095), width, 0.19, fill=False, ec=edge, lw=1.6, zorder=3)


def _key(ax, x, y):
    bar = ax.add_patch(_bar(x, y))
    bar.set_width(0.24)
    pieces.say(ax, x + 0.31, y - 0.01, "what is drawn from", ha="left")
    x += 0.31 + width_of("what is drawn from") + 0.3
    ax.add_patch(_outline(x, y, 0.24))
    pieces.say(ax, x + 0.31, y - 0.01, "the model's own: temperature 1, all symbols", ha="left")


def _lines(sampler, text):
    if not text:
        return []
    written = sampler.start[-60:] + (sampler.joined if sampler.start else "") + text
    lines = []
    for paragraph in written.strip("\n").split("\n"):
        while len(paragraph) > LETTERS:
            cut = paragraph.rfind(" ", LETTERS // 2, LETTERS) + 1 or LETTERS
            lines.append(_plain(paragraph[:cut]))
            paragraph = paragraph[cut:]
        lines.append(_plain(paragraph))
    return lines[:LINES]
