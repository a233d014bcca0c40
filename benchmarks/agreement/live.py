"""The short training of the lesson's notebook, over several seeds: our own cells, `train.fit`."""

import time

import numpy as np

from benchmarks.agreement import SEEDS, Experiment, Row, held
from rnncourse import cells, train, words
from rnncourse.data import bar

RECIPE = {
    "nets": ("RNN", "LSTM"),
    "seeds": SEEDS,
    "stories": 4_000,
    "steps": 600,
    "batch": 64,
    "H": 32,
    "E": 16,
    "lr": 0.01,
    "clip": 1.0,
    "answer_weight": 3.0,
    "longest": 50,
    "distances": (1, 5, 20, 50, 100, 200),
    "n": 200,
}


def run(recipe: dict) -> dict[str, np.ndarray]:
    """Loss of the answers and agreement of both nets from every seed."""
    nets, seeds, distances = recipe["nets"], recipe["seeds"], recipe["distances"]
    loss = np.zeros((len(nets), seeds, recipe["steps"]))
    accuracy, cpu = np.zeros((len(nets), seeds, len(distances))), np.zeros((len(nets), seeds))
    tests = [
        [bar.story(100_000 + k, cue="both", distance=d) for k in range(recipe["n"] // 2)]
        for d in distances
    ]
    for i, net in enumerate(nets):
        for seed in range(seeds):
            start = time.process_time()
            loss[i, seed], reader = learn(recipe, net, seed)
            cpu[i, seed] = time.process_time() - start
            for j, half in enumerate(tests):
                both = [*half, *(some.swapped() for some in half)]
                accuracy[i, seed, j] = reader.right(both).mean()
    return {
        "nets": np.array(nets),
        "distances": np.array(distances),
        "accuracy": accuracy,
        "loss": loss,
        "cpu": cpu,
    }


def learn(recipe: dict, net: str, seed: int) -> tuple[np.ndarray, bar.Reader]:
    """Train one network; the loss of the answers at every step, and the network."""
    known = bar.vocabulary()
    told = bar.corpus(recipe["stories"], seed, distances="uniform", longest=recipe["longest"])
    told = sorted(told, key=lambda some: len(some.words))
    groups = [told[i : i + recipe["batch"]] for i in range(0, len(told), recipe["batch"])]
    table = words.Embedding(len(known), recipe["E"], seed=seed, dtype=np.float32)
    cell = getattr(cells, net)(recipe["E"], recipe["H"], seed=seed, dtype=np.float32)
    if net == "RNN":
        cell.W_hh = cells.starts.orthogonal(recipe["H"], seed)
    else:
        cell.chrono(recipe["longest"], rng=seed)
    readout = cells.Linear(recipe["H"], len(known), seed=seed, dtype=np.float32)
    network = train.Network(cell, readout, embedding=table)
    rng, adam = np.random.default_rng(seed), train.Adam(network.parameters, recipe["lr"])

    def loss(scores, target):
        last, rows = (target >= 0).sum(axis=0) - 1, np.arange(target.shape[1])
        d_scores = train.cross_entropy(scores, target)[1]
        answers, d_answers = train.cross_entropy(scores[last, rows], target[last, rows])
        d_scores[last, rows] += recipe["answer_weight"] * d_answers
        return answers, d_scores

    def batch(step):
        return bar.batch(groups[rng.integers(len(groups))], known)

    history = train.fit(
        network, batch, loss, adam, recipe["steps"], clip=recipe["clip"], progress=False
    )
    parts = {"embedding": table.W, "readout.W": readout.W, "readout.b": readout.b}
    return history.loss, bar.Reader(net, known, {**parts, **cell.parameters})


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Agreement by distance, and the CPU seconds of one training."""
    lines = []
    for name, accuracy, cpu in zip(
        stored["nets"].tolist(), stored["accuracy"], stored["cpu"], strict=True
    ):
        for j, distance in enumerate(stored["distances"].tolist()):
            found = accuracy[:, j]
            least, most = (None, 0.65) if name == "RNN" else (0.90, None)
            asked = distance in (20, 50)
            bounds = (least, most) if asked else (None, None)
            lines.append(held(f"short training, {name}, {distance} words", found, *bounds))
        lines.append(Row(f"short training, {name}, CPU s", f"{cpu.mean():.1f} a network"))
    return lines


_TINY = {"seeds": 2, "stories": 60, "steps": 3, "batch": 8, "H": 6, "E": 4, "n": 4}
EXPERIMENTS = [Experiment("10_live", RECIPE, run, rows, _TINY)]
