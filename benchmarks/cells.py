"""Our recurrent cells beside torch's, one thread each, as a ratio of times.

Ours may take 1.5 times as long as ``torch.nn.RNN`` and ``torch.nn.LSTM``, and no longer than
``torch.nn.GRU``. Both are given the same weights and the same x, in float32, and both compute the
gradients of the weights, of x and of the first state. The two take turns within one run, so that a
busy machine slows both.

    python benchmarks/cells.py              every cell
    python benchmarks/cells.py LSTM GRU     these
"""

# ruff: noqa: E402 - NumPy and torch read the number of threads when they are imported
if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import os

for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import sys
import time
from statistics import median

import numpy as np
import torch

from rnncourse import cells

BOUNDS = {cells.RNN: 1.5, cells.LSTM: 1.5, cells.GRU: 1.0}  # our time by torch's
SIZES = [  # T, B, D, H
    (20, 1, 7, 8),
    (12, 8, 7, 16),
    (100, 32, 2, 64),
    (64, 32, 32, 128),
    (35, 32, 28, 256),
]
SECONDS = 2.0  # spent on each comparison


def contest(*runs, seconds=SECONDS):
    """The median time of each run, in milliseconds of the processor; they take turns."""
    for run in runs:
        run()
    times = [[] for _ in runs]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for run, taken in zip(runs, times, strict=True):
            start = time.process_time()
            run()
            taken.append(1000 * (time.process_time() - start))
    return [median(taken) for taken in times]


def pairs(cell, T, B, D, H):
    """Ours and torch's, forward only and forward with backward, on the same numbers."""
    ours = cell(D, H, dtype=np.float32)
    theirs = ours.to_torch()
    rng = np.random.default_rng(0)
    x = rng.normal(size=(T, B, D)).astype(np.float32)
    d_states = rng.normal(size=(T, B, H)).astype(np.float32)
    x_torch = torch.from_numpy(x).requires_grad_()
    d_torch = torch.from_numpy(d_states)
    start = np.zeros((B, H), np.float32)
    start_torch = torch.zeros(1, B, H, requires_grad=True)
    leaves = [x_torch, start_torch, *theirs.parameters()]
    if cell is cells.LSTM:
        start, start_torch = (start, start), (start_torch, torch.zeros(1, B, H, requires_grad=True))
        leaves.append(start_torch[1])

    def our_forward():
        ours.forward(x, start)

    def their_forward():
        with torch.no_grad():
            theirs(x_torch, start_torch)

    def our_both():
        ours.forward(x, start)
        ours.backward(d_states)

    def their_both():
        for leaf in leaves:
            leaf.grad = None
        theirs(x_torch, start_torch)[0].backward(d_torch)

    return {"forward": (our_forward, their_forward), "and backward": (our_both, their_both)}


def main(names):
    torch.set_num_threads(1)
    over = []
    print(
        f"{'':5} {'T, B, D, H':16} {'':13} {'ours ms':>8} {'torch ms':>9} {'ratio':>6} {'bound':>6}"
    )
    for cell, bound in BOUNDS.items():
        if names and cell.__name__ not in names:
            continue
        for size in SIZES:
            for part, runs in pairs(cell, *size).items():
                ours, theirs = contest(*runs)
                counts = part != "forward"
                if counts and ours > bound * theirs:
                    over.append(f"{cell.__name__} {size}")
                label = f"{cell.__name__:5} {', '.join(map(str, size))}" if not counts else ""
                held = f"{bound:6.1f}" if counts else ""
                print(f"{label:22} {part:13} {ours:8.3f} {theirs:9.3f} {ours / theirs:6.2f} {held}")
    print("\nover the bound: " + "; ".join(over) if over else "\nevery ratio is within its bound")
    return int(bool(over))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
