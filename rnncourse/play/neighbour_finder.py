"""The words nearest to a typed one, as bars of cosines."""

from rnncourse.draw.chance_bars import word_bars
from rnncourse.play.spelling import unknown_told
from rnncourse.words.likeness import neighbours
from rnncourse.words.vocabulary import Vocabulary

MOST = 30
EMPTY = "Type a word: the words with the most similar vectors appear, with their cosines."


class NeighbourFinder:
    """Finds neighbours. Parameters are those of ``play.neighbours``.

    Attributes, of the word that was found last: ``picture``, ``found`` [(word, cosine), ...];
    ``reading``, a sentence, also on a word that is not known.
    """

    def __init__(self, vectors, vocabulary=None, n=10):
        self.vectors = vectors
        if vocabulary is None and not hasattr(vectors, "vocabulary"):
            raise ValueError("An array of vectors needs its vocabulary; give both.")
        vocabulary = vectors.vocabulary if vocabulary is None else vocabulary
        if not hasattr(vocabulary, "special"):
            vocabulary = Vocabulary.in_order(vocabulary)
        self.vocabulary = vocabulary
        if not hasattr(vectors, "neighbours") and len(vectors) != len(vocabulary):
            raise ValueError(f"There are {len(vectors)} vectors and {len(vocabulary)} words.")
        if not 1 <= n <= MOST:
            raise ValueError(f"n is {n}; the picture shows 1 to {MOST} neighbours.")
        self.n, self.picture, self.found, self.reading = n, None, [], EMPTY

    def find(self, word):
        """Look a word up. Returns whether there is a new picture."""
        word = word.strip()
        if not word:
            self.reading = EMPTY
            return False
        forms = [word, word.lower()]
        for form in dict.fromkeys(forms):
            try:
                found = self._near(form)
            except KeyError:
                continue
            self._draw(form, found)
            return True
        special = set(self.vocabulary.special)
        known = [other for other in self.vocabulary.words if other not in special]
        self.reading = unknown_told([word], known, "this vocabulary")
        if self.picture is not None:
            self.reading += " The picture is still that of your last word."
        return False

    def _near(self, word):
        if hasattr(self.vectors, "neighbours"):
            return self.vectors.neighbours(word, self.n)
        return neighbours(self.vectors, self.vocabulary, word, self.n)

    def _draw(self, word, found):
        self.found = found
        nearest, cosine = found[0]
        self.picture = word_bars(
            dict(found),
            f"Nearest to “{word}”: {nearest}, cosine {cosine:.2f}".replace("-", "−"),
            f"The {len(found)} words with the largest cosines, of {len(self.vocabulary):,}.",
            unit="cosine", role="input", most=1.0,
        )  # fmt: skip
        self.reading = f"Nearest to “{word}”: " + ", ".join(
            f"{other} {value:.2f}" for other, value in found
        )
