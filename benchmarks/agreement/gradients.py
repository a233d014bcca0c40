"""How much each word moves the answer: dP(miss) / d word, for RNN, GRU and LSTM on one scale."""

import numpy as np
import torch

from benchmarks.agreement import SEEDS, TINY, Experiment, Row, training
from benchmarks.agreement.asking import stories
from benchmarks.reproductions import merged
from rnncourse.data import bar

NETS = ("RNN", "GRU", "LSTM")
STARTS = {
    "RNN, orthogonal": {"net": "RNN"},
    "GRU": {"net": "GRU"},
    "LSTM, forget bias as torch has it": {"net": "LSTM", "start": "torch"},
    "LSTM, forget bias 1": {"net": "LSTM", "start": "forget 1"},
    "LSTM, chrono": {"net": "LSTM"},
}
RECIPE = {
    "training": training.RECIPE,
    "nets": NETS,
    "starts": STARTS,
    "seeds": SEEDS,
    "distance": 60,
    "back": 60,
    "n": 100,
}


def run(recipe: dict) -> dict[str, np.ndarray]:
    """Median |dP(miss)/dx| by words back from the blank, before training and after it."""
    seeds, back = recipe["seeds"], recipe["back"] + 1
    before = np.zeros((len(recipe["starts"]), seeds, back))
    for i, changes in enumerate(recipe["starts"].values()):
        how = merged(recipe["training"], changes)
        for seed in range(seeds):
            torch.set_num_threads(1)
            network = training.Network(how, len(bar.vocabulary()), seed)
            reader = bar.Reader(how["net"], bar.vocabulary(), network.weights())
            before[i, seed] = _by_distance(recipe, how, seed, reader)[0]
    after = np.zeros((len(recipe["nets"]), seeds, back))
    at_cue = np.zeros((len(recipe["nets"]), seeds))
    for i, net in enumerate(recipe["nets"]):
        how = merged(recipe["training"], {"net": net})
        for seed in range(seeds):
            reader, _ = training.trained(how, seed)
            after[i, seed], at_cue[i, seed] = _by_distance(recipe, how, seed, reader)
    order = [[*recipe["starts"]].index(name) for name in ("RNN, orthogonal", "GRU", "LSTM, chrono")]
    return {
        "nets": np.array(recipe["nets"]),
        "back": np.arange(back),
        "start": before[order],
        "trained": after,
        "at_cue": at_cue,
        "start_nets": np.array([*recipe["starts"]]),
        "starts": before,
        "distance": np.array(recipe["distance"]),
    }


def _by_distance(recipe, how, seed, reader) -> tuple[np.ndarray, float]:
    """Medians over stories whose only cue, a noun, stands `distance` words before the blank."""
    told = stories(recipe["n"], 70, how, seed, cue="noun", distance=recipe["distance"])
    influence, last = reader.influences(told)
    columns = np.arange(len(told))
    places = last - np.arange(recipe["back"] + 1)[:, None]  # 0 words back is the last word
    far = np.median(influence[places, columns], axis=1)
    cues = np.array([some.cues[-1] for some in told])
    return far, float(np.median(influence[cues, columns]))


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """The influence at some distances, relative to the last word's, before and after training."""
    lines = []
    back = [5, 20, 50]
    pairs = (("start_nets", "starts", "untrained"), ("nets", "trained", "trained"))
    for names, key, when in pairs:
        for name, values in zip(stored[names].tolist(), stored[key], strict=True):
            ratio = np.median(values / values[:, :1], axis=0)
            told = "  ".join(f"{k} back {ratio[k]:.0e}" for k in back if k < len(ratio))
            lines.append(Row(f"{name}, {when}: |dP(miss)/dword|, last word = 1", told))
    trained = zip(stored["nets"].tolist(), stored["at_cue"], stored["trained"], strict=True)
    for name, cue, values in trained:
        told = f"{np.median(cue):.1e}, the word before the blank {np.median(values[:, 0]):.1e}"
        lines.append(Row(f"{name}, trained: at the cue {stored['distance']} words back", told))
    far = min(50, stored["start"].shape[-1] - 1)
    share = np.median(stored["start"][:, :, far] / stored["start"][:, :, 0], axis=1)
    of = dict(zip(stored["nets"].tolist(), share.tolist(), strict=True))
    times = of["LSTM"] / of["RNN"]
    what = f"untrained, {far} words back: LSTM (chrono) over RNN"
    lines.append(Row(what, f"{times:.0e} times", "≥ 1,000 times", bool(times >= 1_000)))
    return lines


EXPERIMENTS = [Experiment("10_gradients", RECIPE, run, rows, {**TINY, "distance": 30, "back": 20})]
