"""A typed story, read by a network word by word: its picture, and a sentence on it."""

import re

import numpy as np

from rnncourse.draw.word_rows import MOST
from rnncourse.draw.word_stacks import ADDRESSES, next_words
from rnncourse.play.spelling import unknown_told
from rnncourse.words.tokens import tokens

EMPTY = "Type a story: every word gets a bar of what the network would answer after it."


class StoryReader:
    """What networks answer after each word of a story.

    Parameters: ``network``, one with ``after_each_word`` and ``known``, or {name: network};
    ``answers`` as in ``draw.next_words``.
    Attributes: ``names`` of the networks; of the story that was read last: ``picture``,
    ``words`` (T,), ``shares`` (T, K); ``reading``, a sentence, also on a story that was not read.
    """

    def __init__(self, network, answers=ADDRESSES):
        self.networks = network if isinstance(network, dict) else {"network": network}
        if not self.networks:
            raise ValueError("There is no network; give at least one.")
        self.names = tuple(self.networks)
        self.answers = answers
        self.picture, self.words, self.shares, self.reading = None, (), None, EMPTY

    def read(self, story, name=None):
        """Read a story, up to "{" or "___". Returns whether there is a new picture."""
        network = self.networks[name or self.names[0]]
        text = re.split(r"\{|___", story)[0]
        words = tokens(text)
        known = network.known
        typing = ""
        if words and words[-1] not in known and text[-1:].isalnum():
            begun = any(other.startswith(words[-1]) for other in known.words)
            typing = words.pop() if begun else ""  # its end is still to come
        missing = list(dict.fromkeys(word for word in words if word not in known))
        if missing:
            told = [word for word in known.words if word not in known.special and word[:1] != "<"]
            self.reading = unknown_told(missing, told, "this network")
            if self.picture is not None:
                self.reading += " The picture is still that of your last story."
            return False
        if not words:
            self.reading = EMPTY
            return False
        self._draw(network, words, None if typing else text, name)
        if typing:
            self.reading += f" (“{typing}” is not read yet.)"
        return True

    def _draw(self, network, words, text, name):
        found = network.after_each_word(words)
        self.words, self.shares = tuple(found.words), np.asarray(found.shares)
        due = getattr(found, "four", None)
        cut = len(words) > MOST
        title = self._ends()
        if len(self.names) > 1:
            title = f"{name or self.names[0]}: {title}"
        subtitle = "Over each word: what the network would answer after it"
        subtitle += "; pale: no answer is due." if due is not None else "."
        if cut:
            subtitle += f" The last {MOST} words."
        self.picture = next_words(
            self.words[-MOST:], self.shares[-MOST:], self.answers, None if cut else text,
            due=None if due is None else due[-MOST:], title=title, subtitle=subtitle,
        )  # fmt: skip
        chances = ", ".join(
            f"{answer} {share:.2f}"
            for answer, share in zip(self._flat(), self.shares[-1], strict=True)
        )
        self.reading = f"After “{self.words[-1]}”: {chances}."
        if due is not None:
            self.reading += f" One of them comes next with probability {due[-1]:.2f}."

    def _flat(self):
        sided = not isinstance(self.answers[0], str)
        return [name for side in self.answers for name in side] if sided else list(self.answers)

    def _ends(self):
        if isinstance(self.answers[0], str):
            best = int(self.shares[-1].argmax())
            return f"after “{self.words[-1]}” {self.answers[best]} {self.shares[-1, best]:.2f}"
        at = len(self.answers[0])
        parts = self.shares[-1, :at].sum(), self.shares[-1, at:].sum()
        told = ", ".join(
            f"{' or '.join(side)} {part:.2f}"
            for side, part in zip(self.answers, parts, strict=True)
        )
        return f"after “{self.words[-1]}” {told}"
