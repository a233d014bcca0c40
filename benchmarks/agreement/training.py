"""Training on the bar stories, with torch: one network from one recipe and one seed.

torch is used because it is quick at this size (an LSTM of 48 units takes some 10 ms for 64 stories
on one thread); the trained network is handed over as a `data.bar.Reader`, which runs on the
course's own cells. Everything a training depends on is in its recipe.
"""

import functools
import hashlib
import inspect
import itertools
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy, pad

from benchmarks.reproductions import as_text, merged, say
from rnncourse import words
from rnncourse.cells import starts
from rnncourse.data import _bar_reader, bar

CORPUS = {
    "distances": "uniform",
    "longest": 50,
    "no_cue": 0.2,
    "bystanders": 0.3,
    "leaving": 0.2,
    "contradictions": 0.15,
}
VECTORS = {"stories": 3_000, "E": 32, "window": 15, "negatives": 5, "epochs": 10}
RECIPE = {
    "net": "LSTM",
    "H": 48,
    "input": "word2vec",  # or "learned": a table that is trained with the rest
    "vectors": VECTORS,
    "corpus": CORPUS,
    "stories": 15_000,
    "steps": 2_000,
    "batch": 64,
    "lr": 5e-3,
    "warm_up": 30,
    "clip": 1.0,
    "answer_weight": 3.0,
    "words_asked": 0.25,  # share of a batch's words whose next word is asked for, drawn anew
    "start": "chrono",  # of an LSTM, or "forget 1"; an RNN starts with an orthogonal matrix
    "keep": 200,  # the longest distance that chrono prepares for
}
SEEDS = 5
_KEPT: dict[str, tuple[dict, float]] = {}  # the weights and seconds of what this process has used


def recipe(**changes) -> dict:
    """The recipe with some values changed."""
    return merged(RECIPE, changes)


def trained(how: dict, seed: int) -> tuple[bar.Reader, float]:
    """The network of this recipe and seed, and the CPU seconds of its training.

    Trained once: several experiments look at the same networks. A run that was broken off finds
    its weights again in the temporary folder, until `forget` removes them.
    """
    key = hashlib.sha256(f"{as_text(how)} {seed} {_code()}".encode()).hexdigest()[:20]
    file = _folder() / f"{key}.npz"
    if key not in _KEPT and file.exists():
        with np.load(file) as stored:
            weights = {name: stored[name] for name in stored.files}
        _KEPT[key] = weights, float(weights.pop("seconds"))
    if key not in _KEPT:
        say(f"  {how['net']}, {how['input']}, {how['corpus']['distances']}, seed {seed} ...")
        _KEPT[key] = train(how, seed)
        file.parent.mkdir(exist_ok=True)
        np.savez(file, seconds=_KEPT[key][1], **_KEPT[key][0])
    weights, seconds = _KEPT[key]
    return bar.Reader(how["net"], bar.vocabulary(), weights), seconds


def forget() -> None:
    """Remove what was kept, so that everything is trained anew."""
    _KEPT.clear()
    for file in _folder().glob("*.npz"):
        file.unlink()


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / "rnncourse_bar"


@functools.cache
def _code() -> str:
    """What the weights depend on beside the recipe: how stories are told, and how it is trained."""
    told = [(some.text, some.answer) for some in bar.corpus(200)]
    code = [inspect.getsource(part) for part in (Network, _Windows, _start_lstm, batches, train)]
    return hashlib.sha256(repr((told, bar.unlabelled(50), code)).encode()).hexdigest()


@functools.cache
def _vectors(how: str, seed: int) -> np.ndarray:
    """Word vectors (V, E) from unlabelled stories, centred, of unit spread."""
    how = json.loads(how)
    known = bar.vocabulary()
    made = words.train_vectors(
        bar.unlabelled(how["stories"], seed),
        E=how["E"],
        window=how["window"],
        negatives=how["negatives"],
        epochs=how["epochs"],
        min_count=1,
        seed=seed,
        sample=0,
        progress=False,
    )
    table = np.zeros((len(known), how["E"]))
    there = [word for word in known.words if word in made]
    found = np.stack([made[word] for word in there])
    table[[known[word] for word in there]] = (found - found.mean(axis=0)) / found.std()
    return table


def vectors(how: dict, seed: int) -> np.ndarray:
    """The word vectors of a recipe's part "vectors"; a word that is in no story has zeros."""
    return _vectors(as_text(how), seed)


@functools.cache
def _corpus(n: int, seed: int, shares: str) -> list[np.ndarray]:
    """The stories as numbers, each with its answer at the end."""
    known = bar.vocabulary()
    return [
        known.encode((*told.words, told.answer.lower()))
        for told in bar.corpus(n, seed, **json.loads(shares))
    ]


def seen(how: dict, seed: int) -> frozenset[tuple[str, ...]]:
    """The words of every story that this recipe and seed train on."""
    return _seen(how["stories"], seed, as_text(how["corpus"]))


@functools.cache
def _seen(n: int, seed: int, shares: str) -> frozenset[tuple[str, ...]]:
    known = bar.vocabulary()
    return frozenset(tuple(known.decode(ids[:-1])) for ids in _corpus(n, seed, shares))


class _Windows(torch.nn.Module):
    """The layer without memory of `_bar_reader.Window`."""

    def __init__(self, E: int, H: int):
        super().__init__()
        self.layer = torch.nn.Linear(_bar_reader.WIDTH * E, H)

    def forward(self, x):  # (T, B, E)
        n = _bar_reader.WIDTH
        before = pad(x, (0, 0, 0, 0, n - 1, 0))
        seen = torch.cat([before[n - 1 - k :][: len(x)] for k in range(n)], dim=-1)
        return torch.tanh(self.layer(seen)), None


class Network(torch.nn.Module):
    """Embedding, recurrent cell (or window), a score for every word."""

    def __init__(self, how: dict, V: int, seed: int):
        super().__init__()
        torch.manual_seed(seed)
        H, E = how["H"], how["vectors"]["E"]
        self.embedding = torch.nn.Embedding(V, E)
        if how["input"] == "word2vec":
            table = torch.tensor(vectors(how["vectors"], seed), dtype=torch.float32)
            self.embedding = torch.nn.Embedding.from_pretrained(table, freeze=True)
        kinds = {"LSTM": torch.nn.LSTM, "GRU": torch.nn.GRU, "RNN": torch.nn.RNN}
        self.cell = kinds.get(how["net"], _Windows)(E, H)
        self.out = torch.nn.Linear(H, V)
        rng = np.random.default_rng(seed)
        with torch.no_grad():
            if how["net"] == "RNN":
                self.cell.weight_hh_l0.copy_(torch.tensor(starts.orthogonal(H, rng)))
                self.cell.bias_ih_l0.zero_()
                self.cell.bias_hh_l0.zero_()
            if how["net"] == "LSTM":
                _start_lstm(self.cell, how, rng)

    def forward(self, ids):
        return self.cell(self.embedding(ids))[0]

    def weights(self) -> dict[str, np.ndarray]:
        """As `data.bar.Reader` takes them."""
        arrays = {"embedding": self.embedding.weight}
        if isinstance(self.cell, _Windows):
            arrays |= {"W": self.cell.layer.weight, "b": self.cell.layer.bias}
        else:
            of = {"W_ih": "weight_ih_l0", "W_hh": "weight_hh_l0"}
            of |= {"b_ih": "bias_ih_l0", "b_hh": "bias_hh_l0"}
            arrays |= {name: getattr(self.cell, torchs) for name, torchs in of.items()}
        arrays |= {"readout.W": self.out.weight, "readout.b": self.out.bias}
        return {name: array.detach().numpy().copy() for name, array in arrays.items()}


def _start_lstm(cell, how, rng) -> None:
    H = how["H"]
    i, f = slice(0, H), slice(H, 2 * H)
    cell.bias_hh_l0[f] = 0.0
    if how["start"] == "chrono":
        keep = torch.tensor(starts.chrono(H, how["keep"], rng), dtype=torch.float32)
        cell.bias_ih_l0[f], cell.bias_ih_l0[i], cell.bias_hh_l0[i] = keep, -keep, 0.0
    elif how["start"] == "forget 1":
        cell.bias_ih_l0[f] = 1.0


def batches(stories: list[np.ndarray], size: int, rng) -> Iterator[tuple[np.ndarray, ...]]:
    """Stories of like length, side by side, for ever: ids (T, B), and the answers' places (B,).

    The words behind a story's end are its answer and then padding: nothing looks at them. A story
    without a cue stands side by side with its twin, which has the other answer.
    """
    alike = [
        len(one) == len(two) and (one[:-1] == two[:-1]).all()
        for one, two in itertools.pairwise(stories)
    ]
    twin = np.arange(len(stories)) - np.array([False, *alike])  # the number of the first of the two
    while True:
        order = np.argsort(rng.permutation(len(stories))[twin], kind="stable")
        for first in range(0, len(order), size * 16):
            near = sorted(order[first : first + size * 16], key=lambda i: len(stories[i]))
            groups = [near[i : i + size] for i in range(0, len(near), size)]
            for k in rng.permutation(len(groups)):
                end = np.array([len(stories[i]) - 1 for i in groups[k]])
                ids = np.zeros((end.max() + 1, len(end)), np.int64)
                for column, i in enumerate(groups[k]):
                    ids[: end[column] + 1, column] = stories[i]
                yield ids, end


def train(how: dict, seed: int) -> tuple[dict[str, np.ndarray], float]:
    """Train one network; its weights, and the CPU seconds without the telling of the stories.

    The loss is the mean over a random share of all next words, plus `answer_weight` times the
    mean over the answers at the blanks.
    """
    torch.set_num_threads(1)
    stories = _corpus(how["stories"], seed, as_text(how["corpus"]))
    rng = np.random.default_rng([seed, 7])
    network = Network(how, len(bar.vocabulary()), seed)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.Adam(parameters)
    feed = batches(stories, how["batch"], rng)
    start = time.process_time()
    for step in range(how["steps"]):
        late = max(step / how["steps"] - 0.5, 0)
        for group in optimiser.param_groups:
            group["lr"] = how["lr"] * min(1, (step + 1) / how["warm_up"]) * (1 - 1.9 * late)
        ids, end = next(feed)
        asked = np.arange(len(ids) - 1)[:, None] < end - 1
        asked &= rng.random(asked.shape) < how["words_asked"]
        ids, asked, end = (torch.from_numpy(array) for array in (ids, asked, end))
        rows = torch.arange(len(end))
        states = network(ids[:-1])
        loss = cross_entropy(network.out(states[asked]), ids[1:][asked])
        answers = network.out(states[end - 1, rows])
        loss = loss + how["answer_weight"] * cross_entropy(answers, ids[end, rows])
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, how["clip"])
        optimiser.step()
    return network.weights(), time.process_time() - start
