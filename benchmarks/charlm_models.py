"""The contestants of `benchmarks/charlm.py`: each learns from a batch and is scored on windows."""

import numpy as np
import torch

from rnncourse import cells, train, words

EMBEDDING, BATCH, CLIP, BETAS = 16, 32, 1.0, (0.9, 0.99)
SCORED_AT_ONCE = 1000


class Scored:
    """What all contestants share: perplexity on windows, (T + 1, N) of symbols' numbers."""

    def perplexity(self, windows):
        total = 0.0
        for first in range(0, windows.shape[1], SCORED_AT_ONCE):
            some = windows[:, first : first + SCORED_AT_ONCE]
            total += self.nats(some[:-1], some[1:]) * some.shape[1]
        return float(np.exp(total / windows.shape[1]))


class OursInNumPy(Scored):
    """Embedding, dropout, LSTM, dropout, readout, from the course's own cells, in float32."""

    name = "ours, NumPy"

    def __init__(self, V, hidden, dropout, lr, seed):
        f = {"seed": seed, "dtype": np.float32}
        self.embedding = words.Embedding(V, EMBEDDING, **f)
        self.cell = cells.LSTM(EMBEDDING, hidden, forget_bias=1.0, **f)
        self.readout = cells.Linear(hidden, V, **f)
        self.below = cells.Dropout(dropout / 2, seed=seed)
        self.above = cells.Dropout(dropout, seed=seed + 1)
        self.parts = {"embedding": self.embedding, "cell": self.cell, "readout": self.readout}
        live = {
            f"{name}.{parameter}": values
            for name, part in self.parts.items()
            for parameter, values in part.parameters.items()
        }
        self.optimiser = train.Adam(live, lr, BETAS)

    def scores(self, ids, training):
        self.below.training = self.above.training = training
        states = self.cell.forward(self.below.forward(self.embedding.forward(ids)))
        return self.readout.forward(self.above.forward(states))

    def update(self, ids, target, rate):
        loss, d = train.cross_entropy(self.scores(ids, True), target)
        readout = self.readout.backward(d)
        cell = self.cell.backward(self.above.backward(readout["x"])["x"])
        table = self.embedding.backward(self.below.backward(cell["x"])["x"])
        found = {"embedding": table, "cell": cell, "readout": readout}
        grads = {
            f"{name}.{parameter}": found[name][parameter]
            for name, part in self.parts.items()
            for parameter in part.parameters
        }
        train.clip_norm(grads, CLIP)
        self.optimiser.lr = rate
        self.optimiser.step(grads)
        return loss

    def nats(self, ids, target):
        return train.cross_entropy(self.scores(ids, False), target)[0]


class OursInTorch(Scored):
    """The same network of torch's parts."""

    name = "ours, torch"

    def __init__(self, V, hidden, dropout, lr, seed):
        torch.manual_seed(seed)
        self.embedding = torch.nn.Embedding(V, EMBEDDING)
        self.cell = torch.nn.LSTM(EMBEDDING, hidden)
        self.readout = torch.nn.Linear(hidden, V)
        self.below, self.above = torch.nn.Dropout(dropout / 2), torch.nn.Dropout(dropout)
        self.parts = torch.nn.ModuleList(
            [self.embedding, self.cell, self.readout, self.below, self.above]
        )
        with torch.no_grad():
            self.cell.bias_ih_l0[hidden : 2 * hidden] = 1.0
            self.cell.bias_hh_l0[hidden : 2 * hidden] = 0.0
        self.optimiser = torch.optim.Adam(self.parts.parameters(), lr, BETAS)

    def scores(self, ids):
        states, _ = self.cell(self.below(self.embedding(torch.from_numpy(ids))))
        return self.readout(self.above(states))

    def loss(self, ids, target):
        scores = self.scores(ids)
        target = torch.from_numpy(np.ascontiguousarray(target))
        return torch.nn.functional.cross_entropy(scores.flatten(0, 1), target.flatten())

    def update(self, ids, target, rate):
        for group in self.optimiser.param_groups:
            group["lr"] = rate
        self.optimiser.zero_grad(set_to_none=True)
        loss = self.loss(ids, target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parts.parameters(), CLIP)
        self.optimiser.step()
        return loss.item()

    def nats(self, ids, target):
        self.parts.eval()
        with torch.no_grad():
            loss = self.loss(np.ascontiguousarray(ids), target).item()
        self.parts.train()
        return loss


class ChapterNine(Scored):
    """One-hot letters, a layer of tanh units, a readout, plain SGD: as the chapter trains it."""

    name = "chapter 9's way"

    def __init__(self, V, hidden, lr, seed):
        torch.manual_seed(seed)
        self.V, self.lr = V, lr
        self.parts = torch.nn.ModuleList([torch.nn.RNN(V, hidden), torch.nn.Linear(hidden, V)])
        self.optimiser = torch.optim.SGD(self.parts.parameters(), lr)

    def loss(self, ids, target):
        x = torch.nn.functional.one_hot(torch.from_numpy(np.ascontiguousarray(ids)), self.V)
        states, _ = self.parts[0](x.float())
        target = torch.from_numpy(np.ascontiguousarray(target))
        scores = self.parts[1](states)
        return torch.nn.functional.cross_entropy(scores.flatten(0, 1), target.flatten())

    def update(self, ids, target, rate):
        self.optimiser.zero_grad()
        loss = self.loss(ids, target)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.parts.parameters(), CLIP)
        self.optimiser.step()
        return loss.item()

    def nats(self, ids, target):
        with torch.no_grad():
            return self.loss(ids, target).item()


def counted(ids, windows, V, order):
    """Perplexity of an interpolated n-gram on the same windows: it sees no letter before them."""
    model = words.NGram(ids, V, order)
    nats = [
        -np.log(model.chances_of_last(windows[max(0, t - order + 1) : t + 1].T)).mean()
        for t in range(1, len(windows))
    ]
    return float(np.exp(np.mean(nats)))
