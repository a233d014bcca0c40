"""Our recurrent layer beside torch's, one thread each, as a ratio of times: the bound is 1.5.

Both are given the same weights and the same x, in float32, and both compute the gradients of the
weights, of x and of h0. The two take turns within one run, so that a busy machine slows both.
"""

# ruff: noqa: E402 - NumPy and torch read the number of threads when they are imported
import os

for threads in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[threads] = "1"

import sys
import time
from statistics import median

import numpy as np
import torch

from rnncourse import cells

BOUND = 1.5  # our time by torch's
SIZES = [(20, 1, 7, 8), (100, 32, 2, 64), (35, 32, 28, 256), (100, 32, 10, 128)]  # (T, B, D, H)
SECONDS = 2.0  # spent on each comparison


def contest(*runs, seconds=SECONDS):
    """The median time of each run, in milliseconds; they take turns for so many seconds."""
    for run in runs:
        run()
    times = [[] for _ in runs]
    end = time.perf_counter() + seconds
    while time.perf_counter() < end or len(times[0]) < 5:
        for run, taken in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            taken.append(1000 * (time.perf_counter() - start))
    return [median(taken) for taken in times]


def pairs(T, B, D, H):
    """Ours and torch's, forward only and forward with backward, on the same numbers."""
    ours = cells.RNN(D, H, dtype=np.float32)
    theirs = ours.to_torch()
    rng = np.random.default_rng(0)
    x = rng.normal(size=(T, B, D)).astype(np.float32)
    h0 = np.zeros((B, H), np.float32)
    d_states = rng.normal(size=(T, B, H)).astype(np.float32)
    x_torch = torch.from_numpy(x).requires_grad_()
    h0_torch = torch.from_numpy(h0[None].copy()).requires_grad_()
    d_torch = torch.from_numpy(d_states)

    def our_forward():
        ours.forward(x, h0)

    def their_forward():
        with torch.no_grad():
            theirs(x_torch, h0_torch)

    def our_both():
        ours.forward(x, h0)
        ours.backward(d_states)

    def their_both():
        for leaf in (x_torch, h0_torch, *theirs.parameters()):
            leaf.grad = None
        theirs(x_torch, h0_torch)[0].backward(d_torch)

    return {"forward": (our_forward, their_forward), "and backward": (our_both, their_both)}


def main():
    torch.set_num_threads(1)
    worst = 0.0
    print(f"{'T, B, D, H':18} {'':14} {'ours ms':>8} {'torch ms':>9} {'ratio':>6}   bound {BOUND}")
    for size in SIZES:
        for name, runs in pairs(*size).items():
            ours, theirs = contest(*runs)
            worst = max(worst, ours / theirs)
            label = ", ".join(map(str, size)) if name == "forward" else ""
            print(f"{label:18} {name:14} {ours:8.3f} {theirs:9.3f} {ours / theirs:6.2f}")
    return int(worst > BOUND)


if __name__ == "__main__":
    sys.exit(main())
