"""The practice of recurrent networks, measured: does it help here, beyond the spread of the starts?

One small real task: a character model of news reports, two LSTM layers, trained on little text, so
that it can learn it by heart; scored on text that it never saw. Every measure is taken alone and
compared with the same ten starts without it. One task and one size: another may decide otherwise.

Between-layer dropout: W. Zaremba, I. Sutskever and O. Vinyals (2014), arXiv:1409.2329. One mask
over time: Y. Gal and Z. Ghahramani (2016), arXiv:1512.05287. Layer norm: J. L. Ba, J. R. Kiros and
G. E. Hinton (2016), arXiv:1607.06450. Weight tying: O. Press and L. Wolf (2017), arXiv:1608.05859.
"""

import time

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say
from benchmarks.reproductions.common import rounds
from rnncourse import cells, train
from rnncourse.cells import starts
from rnncourse.data import text

RECIPE = {
    "seeds": 10,
    "hidden": 40,  # of both layers, and of the embedding
    "train": 8_000,  # characters to learn from
    "held out": 10_000,  # characters to be scored on, of other reports
    "length": 32,
    "batch": 16,
    "updates": 700,
    "every": 50,
    "lr": 0.01,
    "clip": 1.0,
    "rows": {
        "plain": {},
        "dropout between layers": {"dropout": 0.2},
        "dropout, one mask over time": {"dropout": 0.2, "same mask": True},
        "layer norm": {"norm": True},
        "layer norm and dropout": {
            "norm": True,
            "dropout": 0.2,
            "beside": "dropout between layers",
        },
        "weight tying": {"tied": True},
        "forget bias 1": {"start": "forget bias 1"},
        "chrono start": {"start": "chrono"},
        "orthogonal start": {"start": "orthogonal"},
        "no clipping": {"clip": None},
    },
    "SGD": {"lrs": [0.3, 1.0, 3.0, 10.0], "updates": 120, "momentum": 0.9},
}
SYMBOLS = " abcdefghijklmnopqrstuvwxyz.,"


def reports(recipe: dict) -> tuple[np.ndarray, np.ndarray]:
    """Characters to learn from and held-out ones, as numbers; every other sign is one symbol."""
    signs = "".join(text.lee(unit="character").words).lower()
    code = {sign: k for k, sign in enumerate(SYMBOLS)}
    ids = np.array([code.get(sign, len(SYMBOLS)) for sign in signs])
    return ids[: recipe["train"]], ids[-recipe["held out"] :]


class CharacterModel:
    """Embedding, two LSTM layers with what stands between them, readout: as a `train.Network`.

    tied : the readout uses the embedding's weights, (V, H), and has a bias alone.
    """

    last = False

    def __init__(self, recipe: dict, how: dict, cell=cells.LSTM):
        self.seeds, H, V = recipe["seeds"], recipe["hidden"], len(SYMBOLS) + 1
        many = {"seeds": self.seeds, "dtype": np.float32}
        self.embedding = cells.Linear(V, H, seed=50, **many)  # its W (H, V): a column a symbol
        self.readout = cells.Linear(H, V, seed=100, **many)
        self.tied = how.get("tied", False)
        self.dropouts, self.middle = [], []
        for k in range(2):
            self.middle += [cell(H, H, seed=200 * k, **many)]
            if how.get("norm"):
                self.middle += [cells.LayerNorm(H, **many)]
            if how.get("dropout"):
                p, same = how["dropout"], how.get("same mask", False)
                self.dropouts += [cells.Dropout(p, same, seed=300 + 100 * k, seeds=self.seeds)]
                self.middle += self.dropouts[-1:]
        for layer in self.middle:
            if isinstance(layer, cells.LSTM):
                begin(layer, how.get("start"), recipe["length"])

    @property
    def parameters(self):
        """The live arrays of every part, by part and name."""
        parts = {"embedding": self.embedding.parameters, "readout": self.readout.parameters}
        parts |= {str(k): getattr(part, "parameters", {}) for k, part in enumerate(self.middle)}
        if self.tied:
            parts["readout"] = {"b": self.readout.b}
        return {f"{k}.{name}": v for k, part in parts.items() for name, v in part.items()}

    def forward(self, x):
        """From one-hot x (T, S, B, V) to scores of the same shape."""
        y = self.embedding.forward(x)
        for part in self.middle:
            y = part.forward(y)
        if self.tied:
            self.readout.W = self.embedding.W.mT
        return self.readout.forward(y)

    def backward(self, dy):
        """From dL/dscores to the gradient of every parameter; tied weights get the sum of both."""
        back = self.readout.backward(dy)
        grads = {f"readout.{name}": back[name] for name in ("W", "b")}
        for k, part in reversed(list(enumerate(self.middle))):
            back = part.backward(back["x"])
            grads |= {f"{k}.{name}": back[name] for name in getattr(part, "parameters", {})}
        back = self.embedding.backward(back["x"])
        grads |= {f"embedding.{name}": back[name] for name in ("W", "b")}
        if self.tied:
            grads["embedding.W"] = grads["embedding.W"] + grads.pop("readout.W").mT
        return grads


def begin(lstm, start: str | None, longest: int) -> None:
    """Give the layer its start; torch's own if none is named."""
    if start == "forget bias 1":
        lstm.set_bias("f", 1.0)
    elif start == "chrono":
        lstm.chrono(longest, rng=0)
    elif start == "orthogonal":
        H, S = lstm.hidden_size, lstm.seeds
        blocks = [[starts.orthogonal(H, (s, gate)) for gate in range(4)] for s in range(S)]
        lstm.W_hh = np.array(blocks).reshape(S, 4 * H, H)


def windows(ids: np.ndarray, recipe: dict):
    """At every update random windows of the text, others for each network: x and what follows."""
    S, B, T = recipe["seeds"], recipe["batch"], recipe["length"]
    one_hot = np.eye(len(SYMBOLS) + 1, dtype=np.float32)

    def at(step):
        first = np.random.default_rng((80, step)).integers(0, len(ids) - T, (S, B))
        seen = ids[first + np.arange(T + 1)[:, None, None]]  # (T + 1, S, B)
        return one_hot[seen[:-1]], seen[1:]

    return at


def score(model: CharacterModel, ids: np.ndarray, length: int) -> np.ndarray:
    """Nats a character on text in rows of 5 windows' length; nothing is dropped here. (S,)"""
    T = 5 * length
    rows = (len(ids) - 1) // T
    seen = np.stack([ids[k * T : (k + 1) * T + 1] for k in range(rows)], axis=1)
    x = np.eye(len(SYMBOLS) + 1, dtype=np.float32)[seen[:-1]][:, None]
    for part in model.dropouts:
        part.training = False
    scores = model.forward(np.broadcast_to(x, (T, model.seeds, *x.shape[2:])))
    for part in model.dropouts:
        part.training = True
    return train.cross_entropy(scores, seen[1:], seeds=True)[0]


def fitted(recipe: dict, how: dict, optimiser, model, updates: int, every: int):
    """The held-out score after every so many updates, (K, S), and at the end that of training."""
    learn, held = reports(recipe)
    clip = how.get("clip", recipe["clip"])
    scores = []
    loss = train.cross_entropy
    with np.errstate(all="ignore"):  # a broken training may overflow; it is told as such
        for _ in rounds(model, windows(learn, recipe), loss, optimiser, updates, every, clip):
            scores.append(score(model, held, recipe["length"]))
        return np.array(scores), score(model, learn[: len(held)], recipe["length"])


def practice(recipe: dict) -> dict[str, np.ndarray]:
    """Every measure alone, from the same starts; then clipping over learning rates of SGD."""
    curves, learned, parameters, seconds = [], [], [], []
    for name, how in recipe["rows"].items():
        start = time.process_time()
        model = CharacterModel(recipe, how)
        optimiser = train.Adam(model.parameters, lr=recipe["lr"])
        found = fitted(recipe, how, optimiser, model, recipe["updates"], recipe["every"])
        curves.append(found[0])
        learned.append(found[1])
        parameters.append(sum(v[0].size for v in model.parameters.values()))
        seconds.append(time.process_time() - start)
        best = found[0].min(axis=0)
        say(f"  {name}: {best.mean():.3f} ± {best.std():.3f}, {seconds[-1]:.0f} s")
    curves = np.array(curves)
    best = curves.min(axis=1)  # (R, S): the best check, as early stopping would have it
    names = list(recipe["rows"])
    beside = [names.index(how.get("beside", names[0])) for how in recipe["rows"].values()]
    off = best - best[beside]
    return {
        "rows": names,
        "baseline": beside,
        "measure": "nats a character on held-out text, at the best check",
        "at": recipe["every"] * np.arange(1, curves.shape[1] + 1),
        "curve": curves,
        "score": best,
        "score_at_end": curves[:, -1],
        "score_on_training_text": np.array(learned),
        "parameters": parameters,
        "seconds_row": seconds,
        "difference": off.mean(axis=1),
        "spread": off.std(axis=1, ddof=1) if off.shape[1] > 1 else 0 * off[:, 0],
        "verdict": [verdict(row) for row in off],
    } | clipping(recipe)


def verdict(difference: np.ndarray) -> str:
    """Beyond the spread is: at least 9 of 10 starts on one side, and the mean beyond one sd."""
    spread = difference.std(ddof=1) if len(difference) > 1 else np.inf
    sides = max((difference < 0).mean(), (difference > 0).mean())
    if sides < 0.9 or abs(difference.mean()) < spread:
        return "no difference beyond the spread"
    return "better" if difference.mean() < 0 else "worse"


def clipping(recipe: dict) -> dict[str, np.ndarray]:
    """A tanh RNN of two layers, plain gradient descent with momentum: with and without clipping."""
    facts = recipe["SGD"]
    found = np.zeros((2, len(facts["lrs"]), recipe["seeds"]))
    for i, clip in enumerate((None, recipe["clip"])):
        for j, lr in enumerate(facts["lrs"]):
            model = CharacterModel(recipe, {}, cell=cells.RNN)
            optimiser = train.SGD(model.parameters, lr, facts["momentum"])
            how, updates = {"clip": clip}, facts["updates"]
            found[i, j] = fitted(recipe, how, optimiser, model, updates, updates)[0][-1]
            say(f"  SGD {lr}, clip {clip}: {found[i, j].round(2)}")
    return {"clip_lr": facts["lrs"], "clip_score": found}


UNEQUAL = (
    "ours: 8,000 characters of news reports, two LSTM layers of 40, Adam, 45 passes; the best "
    "check is chosen on the held-out text itself; the papers' models and texts are far larger"
)
UNEQUAL_SGD = "ours: the same text, two tanh layers, gradient descent with momentum, 120 updates"
SOURCES = {
    "dropout between layers": "Zaremba et al. 2014",
    "dropout, one mask over time": "Gal & Ghahramani 2016",
    "layer norm": "Ba et al. 2016",
    "weight tying": "Press & Wolf 2017",
    "chrono start": "Tallec & Ollivier 2018",
    "orthogonal start": "Saxe et al. 2014",
}


def rows(stored: dict[str, np.ndarray]) -> list[Row]:
    """Every measure beside the plain network. Nothing is held to a target: it is a comparison."""
    found = []
    for k, name in enumerate(stored["rows"]):
        mean, sd = stored["score"][k].mean(), stored["score"][k].std(ddof=1)
        ours = f"{mean:.3f} ± {sd:.3f} nats"
        if k:
            off, width = float(stored["difference"][k]), float(stored["spread"][k])
            ours += f"; {off:+.3f} ± {width:.3f} against {stored['rows'][stored['baseline'][k]]}"
            ours += f": {stored['verdict'][k]}"
        what = f"character model · {name}"
        found.append(Row(what, ours, "no figure", SOURCES.get(str(name), "none"), UNEQUAL))
    for j, lr in enumerate(stored["clip_lr"]):
        without, clipped = stored["clip_score"][:, j]
        said = [
            f"{np.median(v):.2f}" if np.isfinite(v).all() else broken(v) for v in (without, clipped)
        ]
        ours = f"median {said[0]} without, {said[1]} with clipping"
        what = f"tanh RNN, gradient descent · learning rate {lr:g}"
        found.append(Row(what, ours, "no figure", "Pascanu et al. 2013", UNEQUAL_SGD))
    return found


def broken(scores: np.ndarray) -> str:
    """How many networks ended as no number."""
    return f"broken in {count(~np.isfinite(scores))}"


EXPERIMENTS = [
    Experiment(
        "08_practice",
        RECIPE,
        practice,
        rows,
        tiny={
            "seeds": 2,
            "hidden": 4,
            "train": 200,
            "held out": 60,
            "length": 5,
            "updates": 2,
            "every": 1,
            "SGD": {"lrs": [0.1], "updates": 2},
        },
    )
]
