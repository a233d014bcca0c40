"""Words: from strings to numbers, vectors for words, and what can be asked of them.

NumPy only; gensim loads when it is first needed. Nothing here is used in a lesson before the
learner has built it: the vocabulary, one-hot rows, the embedding, counted vectors, skip-gram and
cosines in lesson 09; n-grams, temperature and top-k in lesson 11.
"""

from rnncourse.words.counting import cooccurrence, pmi, ppmi, svd_vectors
from rnncourse.words.embedding import Embedding
from rnncourse.words.likeness import (
    Agreement,
    agreement,
    analogy,
    cosine,
    direction,
    neighbours,
    unit_length,
    without_direction,
)
from rnncourse.words.ngrams import NGram, perplexity
from rnncourse.words.pairs import keep_probability, noise, pairs
from rnncourse.words.sampling import draw, softmax, top_k
from rnncourse.words.skipgram import CBOW, SkipGram
from rnncourse.words.tokens import tokens
from rnncourse.words.vectors import WordVectors, download, real_vectors, train_vectors
from rnncourse.words.vocabulary import BEGIN, END, PAD, SPECIAL, UNKNOWN, Vocabulary, one_hot

__all__ = [
    "BEGIN",
    "CBOW",
    "END",
    "PAD",
    "SPECIAL",
    "UNKNOWN",
    "Agreement",
    "Embedding",
    "NGram",
    "SkipGram",
    "Vocabulary",
    "WordVectors",
    "agreement",
    "analogy",
    "cooccurrence",
    "cosine",
    "direction",
    "download",
    "draw",
    "keep_probability",
    "neighbours",
    "noise",
    "one_hot",
    "pairs",
    "perplexity",
    "pmi",
    "ppmi",
    "real_vectors",
    "softmax",
    "svd_vectors",
    "tokens",
    "top_k",
    "train_vectors",
    "unit_length",
    "without_direction",
]
