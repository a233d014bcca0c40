"""Where in the state the person is kept: probes with a control task, ablation, patching."""

import itertools

import numpy as np

from benchmarks.agreement import SEEDS, TINY, Experiment, Row, held, shares, training
from benchmarks.agreement.asking import readers, stories
from rnncourse.data import bar

RECIPE = {
    "training": training.RECIPE,
    "seeds": SEEDS,
    "distance": 50,
    "n": 200,  # stories to choose units by, and as many others to measure them
    "probed": 1_000,
    "offsets": (0, 1, 2, 5, 10, 20, 30, 40, 49),
    "controls": 10,  # control tasks
    "middle": 25,  # words after the cue, where units are judged and exchanged
    "candidates": 12,
    "most": 5,
    "draws": 5,  # sets of random units
    "patched": (1, 2, 3, 5),
}


def run(recipe: dict) -> dict[str, np.ndarray]:
    """All measurements for the LSTM of every seed."""
    found = [_measure(recipe, seed, reader) for seed, reader in readers(recipe)]
    arrays = {name: np.stack([one[name] for one in found]) for name in found[0]}
    return {
        "offsets": np.array(recipe["offsets"]),
        "patch_counts": np.array(recipe["patched"]),
        "distance": np.array(recipe["distance"]),
        "middle": np.array(recipe["middle"]),
    } | arrays


def _measure(recipe, seed, reader) -> dict[str, np.ndarray]:
    how, n, most = recipe["training"], recipe["n"], recipe["most"]
    told = stories(2 * n, 50, how, seed, distance=recipe["distance"])
    chosen_by, measured_on = told[:n], told[n:]
    means = _means(reader, chosen_by)
    selectivity = _selectivity(reader, chosen_by, recipe["middle"])
    selective = np.argsort(-selectivity, kind="stable")
    alone = np.array(
        [_without(reader, [unit], means, measured_on[: n // 4]) for unit in range(reader.H)]
    )
    causal = _most_causal(
        reader, selective[: recipe["candidates"]], means, chosen_by[: n // 2], most
    )
    apart = {*selective[:10].tolist(), *causal}
    others = [unit for unit in range(reader.H) if unit not in apart] or [*range(reader.H)]
    rng = np.random.default_rng([seed, 51])
    counts = range(most + 1)
    random = [
        np.mean(
            [
                _without(reader, rng.permutation(others)[:k], means, measured_on)
                for _ in range(recipe["draws"] if k else 1)
            ]
        )
        for k in counts
    ]
    return {
        "selectivity": selectivity,
        "alone": alone,
        "selective_units": selective[:most],
        "causal_units": np.array(causal),
        "selective": np.array(
            [_without(reader, selective[:k], means, measured_on) for k in counts]
        ),
        "causal": np.array([_without(reader, causal[:k], means, measured_on) for k in counts]),
        "random": np.array(random),
        "patched_causal": _patches(recipe, reader, measured_on, causal),
        "patched_selective": _patches(recipe, reader, measured_on, selective),
        "patched_random": _patches(recipe, reader, measured_on, rng.permutation(others)),
    } | _probes(recipe, seed, reader)


def _female(told) -> np.ndarray:
    return np.array([some.kind == "female" for some in told])


def _means(reader, told) -> tuple[np.ndarray, np.ndarray]:
    """Mean h and mean c of every unit over all words of the stories, (H,) each."""
    states, last = reader.all_states(told)
    real = np.arange(len(states["h"]))[:, None] <= last
    return states["h"][real].mean(axis=0), states["c"][real].mean(axis=0)


def _cells(reader, told, after) -> np.ndarray:
    """The cell of every story so many words after its last cue, (B, H)."""
    states, _ = reader.all_states(told)
    at = np.array([some.cues[-1] + after for some in told])
    return states["c"][at, np.arange(len(told))]


def _selectivity(reader, told, after) -> np.ndarray:
    """d' of every unit: the distance of the two kinds' means in standard deviations, (H,)."""
    c, female = _cells(reader, told, after), _female(told)
    between = np.abs(c[female].mean(axis=0) - c[~female].mean(axis=0))
    within = (c[female].var(axis=0) + c[~female].var(axis=0)) / 2
    return between / np.sqrt(within + 1e-12)


def _without(reader, units, means, told) -> float:
    """Agreement with these units held at their means."""
    units = [int(unit) for unit in units]
    if not units:
        return float(reader.right(told).mean())
    ablated = reader.ablated(units, means[0][units], means[1][units])
    return float(ablated.right(told).mean())


def _most_causal(reader, candidates, means, told, most) -> list[int]:
    """Units in the order in which holding them costs the most.

    Units that stand in for one another hide from a search that takes one at a time: alone, none of
    them is missed. So every three of the most selective units are tried; the three that cost the
    most agreement come first, and the next ones follow greedily. Within the agreement the lean
    decides, the logarithm of the right share over the wrong one.
    """
    quick = bar.Reader(reader.name, reader.known, reader.weights, dtype=np.float32)
    female = _female(told)
    candidates = [int(unit) for unit in candidates]

    def cost(units):
        units = list(units)
        said = quick.ablated(units, means[0][units], means[1][units]).female(told)
        right = np.where(female, said, 1 - said)
        odds = np.log(np.clip(right, 1e-9, 1) / np.clip(1 - right, 1e-9, 1))
        return (right > 0.5).mean(), odds.mean()

    def greedy(chosen, left, many):
        while len(chosen) < many:
            rest = [unit for unit in left if unit not in chosen]
            chosen = min(([*chosen, unit] for unit in rest), key=lambda units: cost(units)[1])
        return chosen

    three = min(itertools.combinations(candidates, 3), key=cost)
    return greedy(greedy([], three, 3), candidates, most)


def _patches(recipe, reader, told, units) -> np.ndarray:
    """Share of stories whose answer turns when units are copied from the exchanged story, (P,)."""
    others = [some.swapped() for some in told]
    at = np.array([some.cues[-1] + recipe["middle"] for some in told])
    there = np.array([other.cues[-1] + recipe["middle"] for other in others])
    same = at == there  # an article or a name may shift the words
    keep = [i for i in range(len(told)) if same[i]]
    told, others, at = [told[i] for i in keep], [others[i] for i in keep], at[keep]
    before = reader.shares(told)[:, :2].sum(axis=1) > 0.5
    flips = []
    for count in recipe["patched"]:
        shares_now = reader.patched(told, others, [int(u) for u in units[:count]], at)
        flips.append(np.mean((shares_now[:, :2].sum(axis=1) > 0.5) != before))
    return np.array(flips)


def _probes(recipe, seed, reader) -> dict[str, np.ndarray]:
    """What can be read from the cell, by words after the cue.

    probe : a linear probe for "female" or "male". control : the same probe asked for a class that
    was drawn at random for each noun; what it reaches, it learned by heart. best_unit : one unit
    and a threshold, both chosen on the first half.
    """
    half = recipe["probed"] // 2
    told = stories(2 * half, 52, recipe["training"], seed, cue="noun", distance=recipe["distance"])
    female = _female(told)
    nouns = sorted({some.person for some in told})
    place = np.array([nouns.index(some.person) for some in told])
    states, _ = reader.all_states(told)
    columns, cue = np.arange(len(told)), np.array([some.cues[-1] for some in told])
    rng = np.random.default_rng([seed, 53])
    classes = np.stack([rng.permutation(len(nouns)) % 2 == 0 for _ in range(recipe["controls"])])
    probe, control, best = [], [], []
    for offset in recipe["offsets"]:
        c = states["c"][cue + offset, columns]
        probe.append(_probe(c, female, half))
        control.append(np.mean([_probe(c, drawn[place], half) for drawn in classes]))
        best.append(_best_unit(c, female, half))
    return {"probe": np.array(probe), "control": np.array(control), "best_unit": np.array(best)}


def _probe(c, label, half) -> float:
    """A ridge regression on the first half, its accuracy on the second."""
    scale = c[:half].std(axis=0) + 1e-9
    x = np.hstack([(c - c[:half].mean(axis=0)) / scale, np.ones((len(c), 1))])
    y = np.where(label, 1.0, -1.0)
    weights = np.linalg.solve(x[:half].T @ x[:half] + np.eye(x.shape[1]), x[:half].T @ y[:half])
    return float(np.mean((x[half:] @ weights > 0) == label[half:]))


def _best_unit(c, label, half) -> float:
    """The unit that, with a threshold halfway between the two means, is right most often."""
    first, second = c[:half], label[:half]
    means = first[second].mean(axis=0), first[~second].mean(axis=0)
    sign = np.sign(means[0] - means[1])
    says = (c - (means[0] + means[1]) / 2) * sign > 0
    unit = (says[:half] == second[:, None]).mean(axis=0).argmax()
    return float(np.mean(says[half:, unit] == label[half:]))


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Probe, ablation and patching."""
    lines = []
    for j, offset in enumerate(stored["offsets"].tolist()):
        of = {name: shares(stored[name][:, j]) for name in ("probe", "control", "best_unit")}
        told = f"probe {of['probe']}, control task {of['control']}, best unit {of['best_unit']}"
        lines.append(Row(f"read from the cell {offset} words after the noun", told))
    lines.append(held("no unit held", stored["causal"][:, 0]))
    for k in range(1, stored["causal"].shape[1]):
        most = 0.65 if k == 3 else None
        lines.append(held(f"{k} most causal units held", stored["causal"][:, k], None, most))
        lines.append(held(f"{k} most selective units held", stored["selective"][:, k]))
        lines.append(held(f"{k} random units held", stored["random"][:, k], 0.90))
    fewest = (stored["causal"] <= 0.65).argmax(axis=1)
    lines.append(Row("causal units until ≤ 65 %, by seed", ", ".join(map(str, fewest.tolist()))))
    same = stored["selective_units"][:, 0] == stored["causal_units"][:, 0]
    lines.append(Row("the most selective unit is the most causal", f"{same.sum()} of {len(same)}"))
    for j, count in enumerate(stored["patch_counts"].tolist()):
        least = 0.95 if count == 5 else None
        lines.append(
            held(f"patching {count} causal units turns", stored["patched_causal"][:, j], least)
        )
        lines.append(
            held(f"patching {count} selective units turns", stored["patched_selective"][:, j])
        )
        lines.append(held(f"patching {count} random units turns", stored["patched_random"][:, j]))
    return lines


_SMALL = {"probed": 40, "controls": 2, "candidates": 4, "most": 3, "draws": 1, "patched": (1, 2)}
EXPERIMENTS = [
    Experiment("10_units", RECIPE, run, rows, {**TINY, **_SMALL, "distance": 30, "offsets": (0, 5)})
]
