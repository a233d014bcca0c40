"""One word exchanged, a second person, a change of mind; and stories in which nothing tells."""

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
from benchmarks.agreement.asking import readers, stories
from benchmarks.reproductions import merged

TRAININGS = {"with changes": {}, "without": {"corpus": {"leaving": 0.0, "contradictions": 0.0}}}
TESTS = {
    "cue swap": {},
    "bystander": {"bystander": True},
    "speaker change": {"change": "leaves"},
    "contradiction": {"change": "contradiction"},
}
RECIPE = {
    "training": training.RECIPE,
    "trainings": TRAININGS,
    "tests": TESTS,
    "seeds": SEEDS,
    "distance": 30,
    "n": 200,
}


def _opposed(some) -> bool:
    """The other person of the story, where there is one, is of the other kind."""
    return some.kind not in (some.before, some.bystander)


def run(recipe: dict) -> dict[str, np.ndarray]:
    """Share of stories answered by the right person: (2 trainings, tests, 2 templates, S).

    At the cue swap: the share of stories right before and after it, so the answer has turned.
    """
    tests, seeds = recipe["tests"], recipe["seeds"]
    accuracy = np.zeros((len(recipe["trainings"]), len(tests), len(TEMPLATES), seeds))
    for i, changes in enumerate(recipe["trainings"].values()):
        how = merged(recipe["training"], changes)
        for seed, reader in readers(recipe, **changes):
            for j, (test, wishes) in enumerate(tests.items()):
                for k, template in enumerate(TEMPLATES):
                    told = stories(
                        recipe["n"],
                        40 + 2 * j + k,
                        how,
                        seed,
                        fits=_opposed,
                        template=template,
                        distance=recipe["distance"],
                        **wishes,
                    )
                    right = reader.right(told)
                    if test == "cue swap":
                        right &= reader.right([some.swapped() for some in told])
                    accuracy[i, j, k, seed] = right.mean()
    return {
        "training": np.array([*recipe["trainings"]]),
        "tests": np.array([*tests]),
        "templates": np.array(TEMPLATES),
        "accuracy": accuracy,
        "distance": np.array(recipe["distance"]),
    }


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Each test with its target, trained with and without changes."""
    least = {"cue swap": 0.97, "speaker change": 0.97, "contradiction": 0.95}
    lines = []
    for j, test in enumerate(stored["tests"].tolist()):
        known, other = stored["accuracy"][0, j]
        lines.append(held(f"{test}, known templates", known, least.get(test)))
        lines.append(held(f"{test}, held-out templates", other))
        before = stored["accuracy"][1, j, 0]
        lines.append(held(f"{test}, known, never shown a change", before))
    return lines


EVEN = {
    "training": training.RECIPE,
    "seeds": SEEDS,
    "distances": DISTANCES,
    "n": 200,
    "bins": 10,
    "asked": 400,
}


def run_even(recipe: dict) -> dict[str, np.ndarray]:
    """What is said where nothing tells, and whether a share said is a share found."""
    seeds, distances, n = recipe["seeds"], recipe["distances"], recipe["n"]
    female = np.zeros((len(TEMPLATES), seeds, len(distances), n))
    nets = ("LSTM", "RNN")
    said = np.zeros((len(nets), seeds, 2 * recipe["asked"]))
    found = np.zeros_like(said)
    for seed, reader in readers(recipe):
        for i, template in enumerate(TEMPLATES):
            for j, distance in enumerate(distances):
                wishes = {"cue": "none", "template": template, "distance": distance}
                told = stories(n, 60 + i, recipe["training"], seed, **wishes)
                female[i, seed, j] = reader.female(told)
    for i, net in enumerate(nets):
        how = merged(recipe["training"], {"net": net})
        for seed, reader in readers(recipe, net=net):
            said[i, seed], found[i, seed] = _asked(recipe, how, seed, reader)
    counts, right, confidence = _bins(said, found, recipe["bins"])
    return {
        "templates": np.array(TEMPLATES),
        "distances": np.array(distances),
        "mean": female.mean(axis=-1),
        "deviation": female.std(axis=-1),
        "away": np.abs(female - 0.5).mean(axis=-1),
        "spread": np.sort(female[:, :, distances.index(50)], axis=-1),
        "nets": np.array(nets),
        "confidence": confidence,
        "right": right,
        "count": counts,
    }


def _asked(recipe, how, seed, reader) -> tuple[np.ndarray, np.ndarray]:
    """The female share said, and the share that it should be, over stories of every kind."""
    said, found = [], []
    share = {"female": 1.0, "male": 0.0, "neutral": 0.5}
    for i, template in enumerate(TEMPLATES):
        per = recipe["asked"] // 4
        for k in range(4):
            cue = "none" if k == 3 else ("noun", "both", "pronoun")
            wishes = {"cue": cue, "template": template, "distance": (5, 20, 50)[k % 3]}
            told = stories(per, 80 + 4 * i + k, how, seed, **wishes)
            said += reader.female(told).tolist()
            found += [share[some.kind] for some in told]
    return np.array(said), np.array(found)


def _bins(said, found, bins):
    """In bins of the share said, of all seeds together: how many, share found, mean share said."""
    place = np.minimum((said * bins).astype(int), bins - 1)
    shape = (len(said), bins)
    counts, right, confidence = np.zeros(shape, int), np.full(shape, np.nan), np.full(shape, np.nan)
    for i in range(len(said)):
        for k in range(bins):
            here = place[i] == k
            counts[i, k] = here.sum()
            if counts[i, k]:
                right[i, k], confidence[i, k] = found[i][here].mean(), said[i][here].mean()
    return counts, right, confidence


def rows_even(stored: dict[str, np.ndarray]) -> list[Row]:
    """Mean and deviation by distance; how far shares said are from shares found."""
    lines = []
    for i, template in enumerate(TEMPLATES):
        for j, distance in enumerate(stored["distances"].tolist()):
            mean, deviation = stored["mean"][i, :, j], stored["deviation"][i, :, j]
            told = (
                f"mean {shares(mean)}, deviation {deviation.mean():.3f} (to {deviation.max():.3f})"
            )
            asked = template == "known" and distance <= 100
            good = bool(0.45 <= mean.mean() <= 0.55 and deviation.mean() <= 0.08)
            target = "mean 45–55 %, deviation ≤ 0.08" if asked else ""
            what = f"no cue, {template} templates, {distance} words"
            lines.append(Row(what, told, target, good if asked else None))
    for net, count, right, said in zip(
        stored["nets"], stored["count"], stored["right"], stored["confidence"], strict=True
    ):
        off = np.nansum(count * np.abs(right - said)) / count.sum()
        told = f"mean distance of share said and share found {100 * off:.1f} points"
        lines.append(Row(f"calibration, {net}", told))
    return lines


EXPERIMENTS = [
    Experiment("10_swaps", RECIPE, run, rows, TINY),
    Experiment("10_no_cue", EVEN, run_even, rows_even, {**TINY, "asked": 16}),
]
