"""Word vectors from the bundled half million words, for lesson 09 (about two minutes of CPU).

    python benchmarks/lesson_09_words.py

Trains gensim's skip-gram on the Wikipedia sample and the news reports with three settings, and
measures each: agreement with WordSim-353, and word2vec's analogy questions. The vectors of the
last setting are stored with the package (`words.real_vectors()`), the measurements in
`rnncourse/data/files/results/09_words.npz`, which the lesson reads with `data.results`.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import time
from pathlib import Path

import numpy as np

from rnncourse import words
from rnncourse.data import text
from rnncourse.data._results import FOLDER

SETTINGS = {  # name -> arguments of words.train_vectors
    "gensim's defaults": {"window": 5, "negatives": 5, "epochs": 5},
    "more epochs": {"window": 5, "negatives": 5, "epochs": 15},
    "wider, thinned, more epochs": {
        "window": 8,
        "negatives": 10,
        "epochs": 12,
        "sample": 1e-4,
    },
}
E = 64
ASKED = ("girl", "boy", "nurse", "madam", "miss", "bartender", "he", "she", "music", "war")


def documents():
    """The running words of every article and report, a list of lists."""
    parts = (text.wikipedia(), text.lee())
    return [list(part.document(i)) for part in parts for i in range(len(part.documents) - 1)]


def analogies(vectors):
    """By section: how many questions have all four words here, and how many are answered."""
    unit = words.unit_length(vectors.vectors)
    sections, asked, right = [], [], []
    for section, questions in text.analogies().items():
        known = [q for q in questions if all(word in vectors for word in q)]
        places = np.array([[vectors.vocabulary[word] for word in q] for q in known]).reshape(-1, 4)
        hits = 0
        for a, b, c, d in places:
            scores = unit @ (unit[b] - unit[a] + unit[c])
            scores[[a, b, c]] = -np.inf  # as published figures do
            hits += scores.argmax() == d
        sections.append(section)
        asked.append(len(known))
        right.append(hits)
    return sections, np.array(asked), np.array(right)


def rounded(vectors):
    """Each vector as whole numbers from -127 to 127, and the number to multiply them by."""
    scale = np.abs(vectors).max(axis=1, keepdims=True) / 127
    return np.round(vectors / scale).astype(np.int8), scale[:, 0].astype(np.float32)


def main():
    read, judged = documents(), text.wordsim()
    rows = []
    for name, setting in SETTINGS.items():
        start = time.process_time()
        vectors = words.train_vectors(read, E=E, **setting)
        seconds = time.process_time() - start
        agreed = vectors.agreement(judged)
        sections, asked, right = analogies(vectors)
        rows.append((agreed, asked, right, seconds))
        print(f"{name}: {agreed}, analogies {right.sum()} of {asked.sum()}, {seconds:.0f} s")

    whole, scale = rounded(vectors.vectors)
    path = Path(words.__file__).parent / "files" / "real.npz"
    path.parent.mkdir(exist_ok=True)
    np.savez_compressed(
        path,
        words=np.array(vectors.vocabulary.words),
        counts=vectors.vocabulary.counts.astype(np.int32),
        vectors=whole,
        scale=scale,
        told=np.array(
            f"word2vec on {sum(map(len, read)):,} words: a Wikipedia sample and news reports"
        ),
    )
    counts = {word: sum(document.count(word) for document in read) for word in ASKED}
    np.savez_compressed(
        FOLDER / "09_words.npz",
        settings=np.array(list(SETTINGS)),
        rho=np.array([[a.rho, a.low, a.high] for a, *_ in rows], dtype=np.float32),
        covered=np.array([a.covered for a, *_ in rows]),
        pairs=len(judged),
        sections=np.array(sections),
        asked=np.array([asked for _, asked, _, _ in rows]),
        right=np.array([right for _, _, right, _ in rows]),
        seconds=np.array([s for *_, s in rows], dtype=np.float32),
        running_words=sum(map(len, read)),
        vocabulary=len(vectors),
        counted=np.array(list(counts)),
        counts=np.array(list(counts.values())),
    )
    print("stored", path.stat().st_size, "bytes;", words.real_vectors().agreement(judged))


if __name__ == "__main__":
    main()
