"""How far back does a network find the person? Four networks, and the counter-experiment."""

import numpy as np

from benchmarks.agreement import (
    DISTANCES,
    SEEDS,
    TEMPLATES,
    TINY,
    Experiment,
    Row,
    held,
    shares,
    training,
)
from benchmarks.agreement.asking import stories
from benchmarks.reproductions import merged

NETS = {
    "window": {"net": "window"},
    "RNN": {"net": "RNN"},
    "GRU": {"net": "GRU"},
    "LSTM": {"net": "LSTM"},
    "RNN log-uniform": {"net": "RNN", "corpus": {"distances": "log-uniform"}},
}
RECIPE = {
    "training": training.RECIPE,
    "nets": NETS,
    "seeds": SEEDS,
    "distances": DISTANCES,
    "n": 200,
    "bystanders": 0.3,
}


def run(recipe: dict) -> dict[str, np.ndarray]:
    """Agreement of every net, template, seed and distance: (N, 2, S, D)."""
    nets, seeds, distances = recipe["nets"], recipe["seeds"], recipe["distances"]
    right = np.zeros((len(nets), len(TEMPLATES), seeds, len(distances)))
    mass, cpu = np.zeros_like(right), np.zeros((len(nets), seeds))
    for k, changes in enumerate(nets.values()):
        how = merged(recipe["training"], changes)
        for seed in range(seeds):
            reader, cpu[k, seed] = training.trained(how, seed)
            for i, template in enumerate(TEMPLATES):
                for j, distance in enumerate(distances):
                    told = asked(recipe, how, seed, template, distance)
                    right[k, i, seed, j] = reader.right(told).mean()
                    female = np.array([some.kind == "female" for some in told])
                    said = reader.female(told)
                    mass[k, i, seed, j] = np.where(female, said, 1 - said).mean()
    return {
        "nets": np.array([*nets]),
        "templates": np.array(TEMPLATES),
        "distances": np.array(distances),
        "accuracy": right,
        "mass": mass,
        "cpu": cpu,
        "stories": np.array(recipe["n"]),
    }


def asked(recipe, how, seed, template, distance) -> list:
    """The test stories of one distance: some with a bystander, of either gender."""
    n, share = recipe["n"], recipe["bystanders"]
    with_one = round(n * share / 2) * 2
    key = 10 * distance + TEMPLATES.index(template)
    wishes = {"template": template, "distance": distance}
    return [
        *stories(with_one, key, how, seed, bystander=True, **wishes),
        *stories(n - with_one, key + 5, how, seed, **wishes),
    ]


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Every net at every distance, and the targets of lesson 10."""
    of = {name: stored["accuracy"][k] for k, name in enumerate(stored["nets"].tolist())}
    at = {d: k for k, d in enumerate(stored["distances"].tolist())}
    lines = []
    for name, accuracy in of.items():
        for i, template in enumerate(TEMPLATES):
            means = "  ".join(f"{d}: {100 * accuracy[i, :, at[d]].mean():.1f}" for d in at)
            lines.append(Row(f"{name}, {template} templates, % right by words between", means))
    lstm, rnn, window = of["LSTM"], of["RNN"], of["window"]
    lines += [
        held(f"LSTM, known templates, {d} words", lstm[0, :, at[d]], 0.97 if d == 200 else 0.99)
        for d in at
    ]
    for d in at:
        found = lstm[1, :, at[d]]
        good = bool(found.mean() >= 0.95 and found.min() >= 0.90)
        target = "mean ≥ 95 %, no seed under 90 %"
        lines.append(Row(f"LSTM, held-out templates, {d} words", shares(found), target, good))
    lines.append(held("RNN, trained on uniform distances, 50 words", rnn[0, :, at[50]], None, 0.65))
    again = of["RNN log-uniform"][0, :, at[50]]
    lines.append(held("RNN, trained with many short stories, 50 words", again, 0.90))
    for d in (20, 50, 100, 200):
        lines.append(held(f"window of 8 words, {d} words", window[0, :, at[d]], 0.45, 0.55))
    return lines


EXPERIMENTS = [Experiment("10_distance", RECIPE, run, rows, {**TINY, "n": 12})]
