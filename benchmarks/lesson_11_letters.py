"""A character model of the news as they are printed, for the figures and texts of lesson 11.

    python benchmarks/lesson_11_letters.py          train it (some four minutes) and store it
    python benchmarks/lesson_11_letters.py --show   what the stored one scores

The text is gensim's lee_background.cor with its capitals, digits, quotes and brackets, set in lines
of at most 44 characters, with an empty line after every report; the first 270 reports are for
training, the last 30 are held out. Signs that occur fewer than 5 times in the
training part become "~". The text is cut into 32 columns and read in pieces of 64 characters, the
state carried from piece to piece. The weights are stored in float16 in
`rnncourse/data/files/results/11_letters.npz`; the lesson runs them with the course's own cells.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

# ruff: noqa: E402 - NumPy and torch read the number of threads when they are imported
import os

for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import sys
import textwrap
import time
from collections import Counter
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from rnncourse import cells, data, train, words
from rnncourse.data._results import FOLDER
from rnncourse.train import stream

EMBEDDING, HIDDEN, DROPOUT, COLUMNS, PIECE = 24, 144, 0.15, 32, 64
LR, BETAS, CLIP, SECONDS, SEED = 0.006, (0.9, 0.99), 1.0, 230.0, 0
TRAINING, RARE, OTHER = 270, 5, "~"
WIDTH = 44
NAME = "11_letters"


def texts():
    """The training text, the held-out one, and the symbols, all as the network sees them."""
    text = data.text.lee("character")
    reports = ["".join(text.document(i)) for i in range(len(text.documents) - 1)]
    reports = [textwrap.fill(report, WIDTH, break_on_hyphens=False) + "\n\n" for report in reports]
    parts = "".join(reports[:TRAINING]), "".join(reports[TRAINING:])
    counts = Counter(parts[0])
    symbols = sorted({s for s in counts if counts[s] >= RARE} | {OTHER})
    known = set(symbols)
    return *("".join(s if s in known else OTHER for s in part) for part in parts), symbols


def numbers(text, symbols):
    return np.searchsorted(symbols, list(text))


def learn(ids, V):
    """Train for the CPU seconds above; gives the torch modules."""
    torch.manual_seed(SEED)
    table, cell = torch.nn.Embedding(V, EMBEDDING), torch.nn.LSTM(EMBEDDING, HIDDEN)
    readout, drop = torch.nn.Linear(HIDDEN, V), torch.nn.Dropout(DROPOUT)
    with torch.no_grad():
        cell.bias_ih_l0[HIDDEN : 2 * HIDDEN], cell.bias_hh_l0[HIDDEN : 2 * HIDDEN] = 1.0, 0.0
    weights = [*table.parameters(), *cell.parameters(), *readout.parameters()]
    optimiser = torch.optim.Adam(weights, LR, BETAS)
    rng, spent = np.random.default_rng(SEED), 0.0
    while spent < SECONDS:
        shift = rng.integers(0, len(ids) // COLUMNS)  # an epoch begins anywhere
        x, target = stream.columns(np.roll(ids, -shift), COLUMNS)
        state, losses = None, []
        for piece, following in stream.pieces(x, target, PIECE):
            start = time.process_time()
            done = min(spent / SECONDS, 1.0)
            rate = LR * min(1.0, 40 * done + 0.05) * (0.5 + 0.5 * np.cos(np.pi * done) + 0.01)
            optimiser.param_groups[0]["lr"] = rate
            states, state = cell(table(torch.from_numpy(piece.copy())), state)
            state = tuple(part.detach() for part in state)  # the value goes on, the credit stops
            scores = readout(drop(states)).flatten(0, 1)
            answers = torch.from_numpy(following.copy()).flatten()
            loss = torch.nn.functional.cross_entropy(scores, answers)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(weights, CLIP)
            optimiser.step()
            losses.append(loss.item())
            spent += time.process_time() - start
        print(f"{spent:6.1f} s, training perplexity {np.exp(np.mean(losses)):.2f}", flush=True)
    return table, cell, readout


def stored(table, cell, readout, symbols):
    W = {  # the names of a train.Network's parameters
        "embedding.W": table.weight,
        "cell.W_ih": cell.weight_ih_l0,
        "cell.W_hh": cell.weight_hh_l0,
        "cell.b_ih": cell.bias_ih_l0 + cell.bias_hh_l0,
        "cell.b_hh": torch.zeros(4 * HIDDEN),
        "readout.W": readout.weight,
        "readout.b": readout.bias,
    }
    found = {name: tensor.detach().numpy().astype(np.float16) for name, tensor in W.items()}
    return found | {"symbols": np.array(symbols), "seconds": np.float32(SECONDS)}


def score(model, ids):
    """Perplexity of a text, read in columns by the course's own cells."""
    cell, V = cells.LSTM(EMBEDDING, HIDDEN), len(model["symbols"])
    table = words.Embedding(V, EMBEDDING)
    network = train.Network(cell, cells.Linear(HIDDEN, V), embedding=table)
    for name, values in network.parameters.items():
        values[...] = model[name]
    x, target = stream.columns(ids, 8)
    scores = network.forward(x)
    return np.exp(train.cross_entropy(scores, target)[0])


def main(arguments):
    before, held_out, symbols = texts()
    path = FOLDER / f"{NAME}.npz"
    if "--show" not in arguments:
        found = learn(numbers(before, symbols), len(symbols))
        np.savez_compressed(path, **stored(*found, symbols))
    model = data.results(NAME)
    V, said = len(symbols), path.stat().st_size / 1000
    print(f"{V} symbols, {len(before):,} characters for training, {len(held_out):,} held out")
    print(f"perplexity on the held-out text {score(model, numbers(held_out, symbols)):.2f}")
    print(f"{path.name}: {said:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1:])
