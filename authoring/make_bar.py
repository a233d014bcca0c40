"""Put the trained networks of lesson 10 into rnncourse/data/files/bar.npz (two CPU minutes).

    python authoring/make_bar.py

They are networks of `benchmarks/bar.py`, one of each form, all from one seed, so that they share
one table of word vectors: LSTM, GRU, RNN and window, 48 units each, and "small", an LSTM of 12
units that learned from many short stories. The weights are stored as float16; what the rounded
networks do is printed, and measured again by the tests. Of the seeds, the first one is taken.
"""

import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.agreement import training  # noqa: E402
from benchmarks.agreement.asking import stories  # noqa: E402
from rnncourse.data import _bar_reader, bar  # noqa: E402

SEED = 0
NETWORKS = {
    "LSTM": {},
    "GRU": {"net": "GRU"},
    "RNN": {"net": "RNN"},
    "window": {"net": "window"},
    "small": {"H": 12, "corpus": {"distances": "log-uniform"}},
}


def main() -> None:
    arrays = {"names": np.array([*NETWORKS]), "words": np.array(bar.vocabulary().words)}
    for name, changes in NETWORKS.items():
        how = training.recipe(**changes)
        reader, seconds = training.trained(how, SEED)
        weights = {key: array.astype(np.float16) for key, array in reader.weights.items()}
        arrays["embedding"] = weights.pop("embedding")
        arrays |= {f"{name}/{key}": array for key, array in weights.items()}
        arrays[f"form/{name}"] = np.array(how["net"])
        arrays[f"told/{name}"] = np.array(
            f"{how['stories']:,} stories, {how['corpus']['distances']} distances, "
            f"{how['steps']:,} steps, {seconds:.0f} CPU s, seed {SEED}"
        )
    np.savez_compressed(_bar_reader.FILE, **arrays)
    print(f"Wrote {_bar_reader.FILE.name}, {_bar_reader.FILE.stat().st_size:,} bytes.")
    for name, changes in NETWORKS.items():
        how, reader = training.recipe(**changes), bar.load(name)
        right = [
            reader.right(stories(200, d, how, SEED, distance=d)).mean() for d in (1, 5, 20, 50, 100)
        ]
        print(reader, *(f"{100 * share:.0f} %" for share in right))


if __name__ == "__main__":
    main()
