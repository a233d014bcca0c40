"""Two races of character models on the bundled news: CPU seconds, and perplexity on held-out text.

    python benchmarks/charlm.py            both races, some ten minutes on one core
    python benchmarks/charlm.py small      one of them: small or full
    python benchmarks/charlm.py --stored   the table of the stored run, without a new one

The text is gensim's lee_background.cor, reduced to 26 letters and the space. Everybody is scored on
the same 5,000 windows of 32 characters, those that begin at characters 10,000 to 14,999, each read
from a fresh state, all 32 answers counted. *Small*: the 10,000 windows before them are for
training, which is the split of the chapter on recurrent networks (9) in Dive into Deep Learning
(A. Zhang, Z. C. Lipton, M. Li and A. J. Smola, d2l.ai). *Full*: all but the scored characters are.

Beside ours runs a network trained as that chapter does it, written anew: 32 tanh units, one-hot
letters, batches of 1,024 windows, SGD with rate 1, gradients clipped at norm 1, 100 epochs.

Ours is an embedding, an LSTM with forget bias 1, dropout, and Adam with a falling rate, in two
makes: with the course's own NumPy cells, and with torch. Time is the process's CPU time on one
thread, without the scoring. The run is stored in `rnncourse/data/files/results/11_charlm.npz`,
which lesson 11 reads. The exit code is 1 where a target is missed.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

# ruff: noqa: E402 - NumPy and torch read the number of threads when they are imported
import os

for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import re
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import charlm_models as models
from rnncourse import data
from rnncourse.data._results import FOLDER

LENGTH, TRAIN, SCORED = 32, 10_000, 5_000  # steps of a window; windows for each
RACES = {  # what each contestant gets: `seconds` of CPU, `every` so many of them a score
    "small": {
        "sprint": {"hidden": 64, "dropout": 0.2, "lr": 0.02, "seconds": 1.2, "every": 0.05},
        "small": {"hidden": 96, "dropout": 0.4, "lr": 0.008, "seconds": 10.0, "every": 0.4},
    },
    "full": {
        "full, 30 s": {"hidden": 160, "dropout": 0.0, "lr": 0.006, "seconds": 29.5, "every": 3.0},
        "full, 120 s": {"hidden": 256, "dropout": 0.1, "lr": 0.004, "seconds": 118.0, "every": 6.0},
    },
}
SEEDS = {"small": 3, "full": 1}
STEPS = {"small": 32, "full": 48}  # of a training sequence
CHAPTER_9 = {"hidden": 32, "lr": 1.0, "batch": 1024, "epochs": 100}
ORDERS = {"unigram": 1, "bigram": 2, "4-gram": 4, "5-gram": 5}
NINE = 9.0  # the perplexity that a sprint is timed to


def letters():
    """The text as numbers (N,) int64, and its 27 symbols."""
    text = data.text.lee("character")
    documents = ("".join(text.document(i)) for i in range(len(text.documents) - 1))
    string = re.sub("[^A-Za-z]+", " ", "\n".join(documents)).lower()
    symbols = sorted(set(string))
    return np.searchsorted(symbols, list(string)), symbols


def split(race):
    """The training text (N,) and the scored windows (33, 5000)."""
    ids, symbols = letters()
    end = TRAIN + SCORED + LENGTH
    windows = np.lib.stride_tricks.sliding_window_view(ids[TRAIN:end], LENGTH + 1)[:SCORED].T
    before = ids[: TRAIN + (LENGTH if race == "small" else 0)]
    text = before if race == "small" else np.concatenate([before, ids[end:]])
    return text, windows, len(symbols)


def falling(done):
    """The rate's share when this share of the time is over: a short rise, then down a cosine."""
    return min(1.0, 40 * done + 0.05) * (0.5 + 0.5 * np.cos(np.pi * done) + 0.01)


def run(model, recipe, text, windows, steps, seed):
    """Train for the recipe's CPU seconds; returns seconds (K,) and perplexity (K,)."""
    rng = np.random.default_rng([seed, 5])
    seconds, perplexity = [0.0], [model.perplexity(windows)]
    spent, following = 0.0, recipe["every"]
    while spent < recipe["seconds"]:
        start = time.process_time()
        first = rng.integers(0, len(text) - steps, models.BATCH)
        batch = text[first + np.arange(steps + 1)[:, None]]
        model.update(batch[:-1], batch[1:], recipe["lr"] * falling(spent / recipe["seconds"]))
        spent += time.process_time() - start
        if spent >= following or spent >= recipe["seconds"]:
            seconds.append(spent)
            perplexity.append(model.perplexity(windows))
            following = spent + recipe["every"]
    return np.array(seconds), np.array(perplexity)


def run_chapter_9(text, windows, V, seed, seconds=np.inf, epochs=CHAPTER_9["epochs"]):
    """The chapter's way for so many epochs, or until the time is over; as `run`."""
    model = models.ChapterNine(V, CHAPTER_9["hidden"], CHAPTER_9["lr"], seed)
    shown = np.lib.stride_tricks.sliding_window_view(text, LENGTH + 1)[:TRAIN]
    shown = shown if len(text) < 2 * TRAIN else None  # in the full race: windows from anywhere
    rng, spent = np.random.default_rng([seed, 6]), 0.0
    at, perplexity = [0.0], [model.perplexity(windows)]
    for _ in range(epochs):
        start = time.process_time()
        if shown is None:
            places = rng.integers(0, len(text) - LENGTH, TRAIN)
            part = text[places[:, None] + np.arange(LENGTH + 1)]
        else:
            part = shown[rng.permutation(len(shown))]
        for k in range(0, len(part), CHAPTER_9["batch"]):
            batch = part[k : k + CHAPTER_9["batch"]].T
            model.update(batch[:-1], batch[1:], None)
        spent += time.process_time() - start
        at.append(spent)
        perplexity.append(model.perplexity(windows))
        if spent >= seconds:
            break
    return np.array(at), np.array(perplexity)


def race(name):
    """Every contestant of a race; a dict of arrays to store."""
    text, windows, V = split(name)
    found = {f"{name}/{n}": models.counted(text, windows, V, k) for n, k in ORDERS.items()}
    for seed in range(SEEDS[name]):
        limit = {"seconds": RACES["full"]["full, 120 s"]["seconds"], "epochs": 10**6}
        runs = {
            "chapter 9": run_chapter_9(text, windows, V, seed, **(limit if name == "full" else {}))
        }
        for recipe_name, recipe in RACES[name].items():
            for kind in (models.OursInNumPy, models.OursInTorch):
                facts = {key: recipe[key] for key in ("hidden", "dropout", "lr")}
                model = kind(V, **facts, seed=seed)
                runs[f"{recipe_name}, {kind.name}"] = run(
                    model, recipe, text, windows, STEPS[name], seed
                )
        for contestant, (seconds, perplexity) in runs.items():
            key = f"{name}/{contestant}/{seed}"
            found[f"{key}/seconds"], found[f"{key}/perplexity"] = seconds, perplexity
            print(f"{key}: best {perplexity.min():.2f} in {seconds[-1]:.1f} s", flush=True)
    return found


def curves(stored, race_name, contestant):
    """[(seconds, perplexity)] of a contestant, one for each seed."""
    start = f"{race_name}/{contestant}/"
    seeds = sorted({key.split("/")[2] for key in stored if key.startswith(start)})
    return [(stored[f"{start}{k}/seconds"], stored[f"{start}{k}/perplexity"]) for k in seeds]


def time_to(seconds, perplexity, level=NINE):
    """The CPU seconds at the first score at or below a level; infinity if there is none."""
    below = perplexity <= level
    return float(seconds[below.argmax()]) if below.any() else np.inf


def spread(values, form=".2f"):
    low, middle, high = np.min(values), np.median(values), np.max(values)
    return f"{middle:{form}}" + (f" ({low:{form}}-{high:{form}})" if len(values) > 1 else "")


def table(stored):
    """Print what is stored; gives the rows that miss their target."""
    missed = []

    def tell(what, said, target="", reached=True):
        print(f"  {what:32} {said:30} {target}{'' if reached else '   MISSED'}")
        if not reached:
            missed.append(what)

    races = [name for name in RACES if f"{name}/unigram" in stored]
    for name in races:
        print(f"{name}: perplexity on the scored windows, CPU seconds on one thread")
        for counting in ORDERS:
            tell(counting, f"{float(stored[f'{name}/{counting}']):.2f}")
        chapter = curves(stored, name, "chapter 9")
        whole = [seconds[-1] for seconds, _ in chapter]
        best = [perplexity.min() for _, perplexity in chapter]
        tell("chapter 9's way", f"best {spread(best)}, {spread(whole, '.1f')} s in all")
        for recipe in RACES[name]:
            for kind in (models.OursInNumPy, models.OursInTorch):
                runs = curves(stored, name, f"{recipe}, {kind.name}")
                best = [perplexity.min() for _, perplexity in runs]
                what = f"{recipe}, {kind.name}"
                if recipe == "sprint":
                    to = [time_to(*one) for one in runs]
                    bound = np.median(whole) / 30
                    ok = np.median(to) <= bound
                    tell(what, f"{spread(to)} s to {NINE}", f"at most {bound:.2f} s", bool(ok))
                    continue
                bound = {"small": 7.4, "full, 30 s": 5.1, "full, 120 s": 4.6}[recipe]
                held = kind is models.OursInTorch or recipe == "small"  # NumPy is told beside it
                target = f"at most {bound}" if held else f"(torch: at most {bound})"
                ok = np.median(best) <= bound or not held
                tell(what, f"best {spread(best)}", target, bool(ok))
    return missed


def main(arguments):
    path = FOLDER / "11_charlm.npz"
    stored = data.results("11_charlm") if path.exists() else {}
    if "--stored" not in arguments:
        for name in [name for name in RACES if name in arguments] or RACES:
            stored = {key: v for key, v in stored.items() if not key.startswith(f"{name}/")}
            stored |= {key: np.asarray(v, dtype=np.float32) for key, v in race(name).items()}
        np.savez_compressed(path, **stored)
    return int(bool(table(stored)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
