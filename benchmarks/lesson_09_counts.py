"""What lesson 09 says of counting against word2vec, measured (a minute and a half of CPU).

    python benchmarks/lesson_09_counts.py

On ten planted languages: how well skip-gram's products and PPMI + SVD follow the true PMI, how
many planted analogies each solves, how well the planted bias is found, and what is left of the
sides when the bias direction has been taken out. On the real text of the lesson: PPMI + SVD, with
the same words, pairs and questions as `benchmarks/lesson_09_words.py`. Stored in
`rnncourse/data/files/results/09_counts.npz`, which the lesson reads with `data.results`.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import time

import numpy as np
from lesson_09_words import E as REAL_E
from lesson_09_words import analogies, documents
from scipy.sparse import coo_matrix
from scipy.sparse.linalg import svds

from rnncourse import words
from rnncourse.data import planted, text
from rnncourse.data._results import FOLDER

LANGUAGES, PHRASES, E, K = 10, 60_000, 8, 5
WAYS = ("W", "C", "W + C", "PPMI + SVD")
WINDOWS = (2, 5)


def correlation(a, b):
    return np.corrcoef(np.ravel(a), np.ravel(b))[0, 1]


def solved(vectors, vocabulary):
    """The share of the planted analogies that come out right."""
    pairs = planted.PAIRS
    right = [
        words.analogy(vectors, vocabulary, a, b, c)[0][0] == d
        for a, b in pairs
        for c, d in pairs
        if a != c
    ]
    return np.mean(right)


def side_told(vectors, vocabulary):
    """Of 24 words, the share whose side a linear readout tells that saw the other pairs only."""
    places = np.array([[vocabulary[word] for word in pair] for pair in planted.PAIRS])
    right = 0
    for held in range(len(places)):
        known = np.delete(places, held, axis=0)
        mean = vectors[known].mean(axis=(0, 1))
        x = vectors[known.T.ravel()] - mean
        sides = np.repeat([-1.0, 1.0], len(known))
        readout = np.linalg.solve(x.T @ x + 0.1 * np.eye(x.shape[1]), x.T @ sides)
        right += ((vectors[places[held]] - mean) @ readout * [-1, 1] > 0).sum()
    return right / places.size


def learned(language, seed):
    model = words.SkipGram(len(language.words), E, seed)
    how = {"window": 1, "negatives": K, "epochs": 6, "lr": 0.1, "threshold": 0, "power": 1.0}
    phrases = list(language.phrases(PHRASES, seed))
    model.fit(phrases, shrink=False, seed=seed, progress=False, **how)
    counts = words.cooccurrence(phrases, 1, len(language.words))
    return model, words.svd_vectors(words.ppmi(counts), E)


def one_language(seed):
    language = planted.language(seed=seed)
    vocabulary = words.Vocabulary.in_order(language.words)
    model, counted = learned(language, seed)
    p = language.frequency
    frequent = PHRASES * np.outer(p, p) >= 5
    np.fill_diagonal(frequent, False)
    true, products = language.pmi[frequent], (model.W @ model.C.T)[frequent]
    follow = [correlation(M[frequent], true) for M in (model.W @ model.C.T, model.W @ model.W.T)]
    follow.append(correlation((counted @ counted.T)[frequent], true))
    slope, start = np.polyfit(true, products, 1)
    ways = (model.W, model.C, model.W + model.C, counted)
    jobs = [vocabulary[word] for word in planted.OCCUPATIONS]

    def lean(vectors):
        unit, axis = words.unit_length(vectors), direction(vectors)
        return correlation(unit[jobs] @ axis, language.side[jobs])

    def direction(vectors):
        return words.direction(vectors, vocabulary, planted.PRONOUNS)

    told = []
    for traces in (0.0, 0.8):
        model, _ = learned(planted.language(seed=seed, traces=traces), seed)
        vectors = words.unit_length(model.W + model.C)
        without = words.without_direction(vectors, direction(vectors))
        told.append([side_told(v, vocabulary) for v in (vectors, without)])
    leans = [lean(vectors) for vectors in ways]
    return follow, (slope, start), [solved(v, vocabulary) for v in ways], leans, told


def real_counts(window, read, vocabulary):
    """PPMI + SVD of the real text as WordVectors, sparse: most of its pairs never meet."""
    ids = [vocabulary.encode([w for w in document if w in vocabulary]) for document in read]
    centres, contexts = words.pairs(ids, window)
    V = len(vocabulary)
    counts = coo_matrix((np.ones(len(centres)), (centres, contexts)), (V, V)).tocsr().tocoo()
    often = np.bincount(centres, minlength=V)
    pmi = np.log(counts.data * len(centres)) - np.log(often[counts.row]) - np.log(often[counts.col])
    U, S, _ = svds(
        coo_matrix((np.maximum(pmi, 0), (counts.row, counts.col)), (V, V)), REAL_E, rng=0
    )
    return words.WordVectors(vocabulary, U * np.sqrt(S))


def main():
    rows = []
    for seed in range(LANGUAGES):
        rows.append(one_language(seed))
        print(seed, *(np.round(part, 2).tolist() for part in rows[-1]), flush=True)
    follow, lines, right, leans, told = (np.array(part) for part in zip(*rows, strict=True))
    print(dict(zip(WAYS, right.mean(axis=0).round(2).tolist(), strict=True)))

    read, vocabulary = documents(), words.real_vectors().vocabulary
    real = []
    for window in WINDOWS:
        start = time.process_time()
        vectors = real_counts(window, read, vocabulary)
        seconds = time.process_time() - start
        agreed, (_, asked, hits) = vectors.agreement(text.wordsim()), analogies(vectors)
        real.append((agreed.rho, agreed.low, agreed.high, hits.sum() / asked.sum(), seconds))
        print(
            f"PPMI + SVD, window {window}: {agreed}, {hits.sum()} of {asked.sum()}, {seconds:.0f} s"
        )
    real = np.array(real)
    np.savez_compressed(
        FOLDER / "09_counts.npz",
        ways=np.array(WAYS),
        follow=follow,  # (languages, 3): W C^T, W W^T, the SVD's product, against the true PMI
        lines=lines,  # (languages, 2): slope and start of W C^T against the true PMI
        negatives=K,
        solved=right,
        leans=leans,
        told=told,  # (languages, without / with traces, before / after)
        windows=np.array(WINDOWS),
        real_rho=real[:, :3],
        real_analogies=real[:, 3],
        real_seconds=real[:, 4],
    )


if __name__ == "__main__":
    main()
