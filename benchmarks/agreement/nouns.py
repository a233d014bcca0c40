"""Persons that no training story had: word vectors know them, a table learned with the task not."""

import numpy as np

from benchmarks.agreement import SEEDS, TINY, Experiment, Row, held, shares, training
from benchmarks.agreement.asking import stories
from benchmarks.reproductions import merged
from rnncourse.data import bar

INPUTS = ("word2vec", "learned")
RECIPE = {
    "training": training.RECIPE,
    "seeds": SEEDS,
    "distances": (5, 20, 50, 100),
    "n": 200,
    "each": 20,  # stories of every held-out noun
    "few": {"sizes": (500, 1_500, 5_000, 15_000), "steps": 1_200, "seeds": 3},
}


def run(recipe: dict) -> dict[str, np.ndarray]:
    """Held-out nouns with both kinds of input, by distance and by noun; and the data needed."""
    nouns = [*bar.HELD_OUT_NOUNS["female"], *bar.HELD_OUT_NOUNS["male"]]
    seeds, distances, few = recipe["seeds"], recipe["distances"], recipe["few"]
    accuracy = np.zeros((len(INPUTS), seeds, len(distances)))
    by_noun = np.zeros((len(INPUTS), seeds, len(nouns)))
    female = np.zeros_like(by_noun)
    for i, given in enumerate(INPUTS):
        how = merged(recipe["training"], {"input": given})
        for seed in range(seeds):
            reader, _ = training.trained(how, seed)
            for j, distance in enumerate(distances):
                accuracy[i, seed, j] = reader.right(unseen(recipe["n"], how, seed, distance)).mean()
            for j, noun in enumerate(nouns):
                rng = np.random.default_rng([1_000_000, 77, j])
                told = [
                    bar.story(rng, noun, cue="noun", distance=20) for _ in range(recipe["each"])
                ]
                by_noun[i, seed, j] = reader.right(told).mean()
                female[i, seed, j] = reader.female(told).mean()
    needed = np.zeros((len(INPUTS), few["seeds"], len(few["sizes"])))
    held_out = np.zeros_like(needed)
    for i, given in enumerate(INPUTS):
        for j, size in enumerate(few["sizes"]):
            changes = {"input": given, "stories": size, "steps": few["steps"]}
            how = merged(recipe["training"], changes)
            for seed in range(few["seeds"]):
                reader, _ = training.trained(how, seed)
                told = stories(recipe["n"], 20, how, seed, distance=20)
                needed[i, seed, j] = reader.right(told).mean()
                held_out[i, seed, j] = reader.right(unseen(recipe["n"], how, seed, 20)).mean()
    return {
        "inputs": np.array(INPUTS),
        "distances": np.array(distances),
        "accuracy": accuracy,
        "nouns": np.array(nouns),
        "noun_kinds": np.repeat(["female", "male"], len(nouns) // 2),
        "by_noun": by_noun,
        "female": female,
        "sizes": np.array(few["sizes"]),
        "needed": needed,
        "needed_held_out": held_out,
    }


def unseen(n: int, how: dict, seed: int, distance: int) -> list:
    """Stories whose only cue is a held-out noun."""
    nouns = {noun for some in bar.HELD_OUT_NOUNS.values() for noun in some}
    return stories(
        n,
        31,
        how,
        seed,
        cue="noun",
        fits=lambda some: some.person in nouns,
        people="held out",
        distance=distance,
    )


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Held-out nouns by input and distance, the spread over nouns, and the data needed."""
    vectors, learned = stored["accuracy"]
    lines = []
    for j, distance in enumerate(stored["distances"].tolist()):
        where = f"held-out nouns at {distance} words"
        lines.append(held(f"{where}, frozen word2vec", vectors[:, j], 0.97))
        lines.append(held(f"{where}, learned table", learned[:, j], 0.40, 0.60))
    for given, by_noun in zip(INPUTS, stored["by_noun"], strict=True):
        means = by_noun.mean(axis=0)
        told = ", ".join(f"{n} {100 * m:.0f}" for n, m in zip(stored["nouns"], means, strict=True))
        lines.append(Row(f"by noun, {given}, % right", told))
    for given, known, other in zip(
        INPUTS, stored["needed"], stored["needed_held_out"], strict=True
    ):
        for j, size in enumerate(stored["sizes"].tolist()):
            told = f"known nouns {shares(known[:, j])}, held-out {shares(other[:, j])}"
            lines.append(Row(f"{given}, {size:,} training stories, 20 words", told))
    return lines


_FEW = {"few": {"sizes": (40, 80), "steps": 2, "seeds": 1}}
EXPERIMENTS = [Experiment("10_nouns", RECIPE, run, rows, {**TINY, **_FEW, "each": 2})]
