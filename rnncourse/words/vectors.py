"""Word vectors with their words: made by gensim, loaded, or downloaded on request.

gensim loads when one of these functions needs it, not before: it takes seconds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rnncourse.watching import counted
from rnncourse.words import likeness
from rnncourse.words.vocabulary import Vocabulary

_STORED = Path(__file__).parent / "files" / "real.npz"
KINDS = ("word2vec", "fasttext")


@dataclass(frozen=True, eq=False)
class WordVectors:
    """V words, each with E numbers.

    vocabulary : a ``Vocabulary`` without special entries. vectors : (V, E) float. told : a
    sentence on where they come from. model : gensim's model, where there is one.
    """

    vocabulary: Vocabulary
    vectors: np.ndarray
    told: str = ""
    model: object = None

    def __getitem__(self, word: str) -> np.ndarray:
        """The vector of a word, (E,); subwords give fastText one for words it has never seen.

        ``KeyError`` with a sentence where there is none.
        """
        if word not in self.vocabulary and hasattr(getattr(self.model, "wv", None), "get_vector"):
            try:
                return np.asarray(self.model.wv.get_vector(word), dtype=float)
            except KeyError:
                pass
        return self.vectors[self.vocabulary[word]]

    def __contains__(self, word: str) -> bool:
        return word in self.vocabulary

    def __len__(self) -> int:
        return len(self.vocabulary)

    def cosine(self, a: str, b: str) -> float:
        """How alike two words are used, from -1 to 1."""
        return float(likeness.cosine(self[a], self[b]))

    def neighbours(self, word: str, n: int = 10) -> list[tuple[str, float]]:
        """The n words nearest to a word, with their cosines; see ``words.neighbours``."""
        query = word if word in self.vocabulary else self[word]
        return likeness.neighbours(self.vectors, self.vocabulary, query, n)

    def analogy(self, a: str, b: str, c: str, n: int = 1, inputs_too: bool = False):
        """ "a is to b as c is to ...", with cosines; see ``words.analogy``."""
        return likeness.analogy(self.vectors, self.vocabulary, a, b, c, n, inputs_too)

    def agreement(self, judged, **how):
        """The rank correlation with people's judgements; see ``words.agreement``."""
        return likeness.agreement(self.vectors, self.vocabulary, judged, **how)

    def __repr__(self) -> str:
        V, E = self.vectors.shape
        return f"WordVectors({V:,} words, {E} numbers each{': ' + self.told if self.told else ''})"


def train_vectors(
    sentences: Sequence[Sequence[str]],
    kind: str = "word2vec",
    E: int = 100,
    window: int = 5,
    negatives: int = 5,
    epochs: int = 5,
    min_count: int = 5,
    seed: int = 1,
    progress: bool = True,
    **more,
) -> WordVectors:
    """Train with gensim: skip-gram with negative sampling, on one thread, so that it repeats.

    Parameters
    ----------
    sentences : lists of words. kind : "word2vec", or "fasttext", which also learns the words' parts
        (3 to 6 letters) and so has a vector for every string.
    E, window, negatives, epochs, min_count, seed : as gensim's vector_size, window, negative,
        epochs, min_count and seed. more : any other argument of gensim's model.
    progress : show a bar where somebody watches.

    Raises ``ValueError`` for another kind, for strings instead of lists of words, and where no
    word is frequent enough.
    """
    if kind not in KINDS:
        raise ValueError(f"kind is one of {', '.join(KINDS)}, not {kind!r}.")
    sentences = [
        list(sentence) if not isinstance(sentence, str) else sentence for sentence in sentences
    ]
    if any(isinstance(sentence, str) for sentence in sentences):
        raise ValueError("A sentence is a list of words; words.tokens makes one of a string.")
    from gensim.models import FastText, Word2Vec

    model = (Word2Vec if kind == "word2vec" else FastText)(
        vector_size=E,
        window=window,
        negative=negatives,
        min_count=min_count,
        seed=seed,
        sg=1,
        workers=1,  # threads race: with several the same seed gives other vectors
        **more,
    )
    model.build_vocab(sentences)
    if not len(model.wv):
        raise ValueError(f"No word occurs {min_count} times; give more text, or a lower min_count.")
    highest, lowest = model.alpha, model.min_alpha
    for epoch in counted(epochs, "epochs", progress):
        start, end = (highest - (highest - lowest) * k / epochs for k in (epoch, epoch + 1))
        model.train(
            sentences,
            total_examples=model.corpus_count,
            epochs=1,
            start_alpha=start,
            end_alpha=end,
        )
    told = f"{kind}, {sum(map(len, sentences)):,} words of text"
    return _from_gensim(model.wv, told, model)


def real_vectors() -> WordVectors:
    """Vectors of the bundled Wikipedia sample and news, stored with the course.

    `benchmarks/lesson_09_words.py` made them, and can make them again in a minute. Each number is
    stored as one of 255 steps, which changes no cosine by more than a hundredth.
    """
    with np.load(_STORED) as stored:
        names, vectors = stored["words"].tolist(), stored["vectors"] * stored["scale"][:, None]
        return WordVectors(
            Vocabulary.in_order(names, stored["counts"]), vectors.astype(float), str(stored["told"])
        )


def download(name: str = "glove-wiki-gigaword-50") -> WordVectors:
    """Larger public vectors, through gensim's downloader (66 MB and more, kept on this computer).

    No lesson needs them. Raises ``ConnectionError``, in a sentence, where there is no connection.
    """
    import gensim.downloader

    try:
        loaded = gensim.downloader.load(name)
    except ValueError as error:
        if "Incorrect model" not in str(error):
            raise
        known = ", ".join(sorted(gensim.downloader.info(name_only=True)["models"]))
        raise ValueError(
            f"There are no public vectors called {name!r}. There are: {known}."
        ) from None
    except OSError:
        raise ConnectionError(
            f"The vectors {name!r} come over the internet, and there is no connection now. "
            "The course does not need them: words.real_vectors() is always here."
        ) from None
    return _from_gensim(loaded, f"{name}, downloaded")


def _from_gensim(keyed, told, model=None):
    names = keyed.index_to_key
    known = "count" in keyed.expandos
    counts = [keyed.get_vecattr(word, "count") for word in names] if known else None
    vectors = np.array(keyed.vectors, dtype=float)
    return WordVectors(Vocabulary.in_order(names, counts), vectors, told, model)
