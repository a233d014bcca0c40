"""How long a knob's turn takes until its new picture is there: the bound is 100 ms."""

import sys
import time
from statistics import median

import numpy as np

from rnncourse import play

BOUND = 100  # milliseconds


def milliseconds(knob, values):
    """Time of every turn of a knob, drawing and PNG included."""
    times = []
    for value in values:
        start = time.perf_counter()
        knob.value = value
        times.append(1000 * (time.perf_counter() - start))
    return times


def main():
    live = play.neuron()
    turns = {
        "feedback weight": milliseconds(live.w_h, np.linspace(-1.5, 1.5, 60)),
        "input weight": milliseconds(live.w_x, np.linspace(-2, 2, 60)),
        "activation": milliseconds(live.activation, ["tanh", "sigmoid", "relu", "linear"] * 5),
        "signal": milliseconds(live.signal, ["step", "noise", "two impulses", "impulse"] * 5),
    }
    print(f"{'knob':16} {'median ms':>10} {'slowest ms':>11}   bound {BOUND} ms")
    for name, times in turns.items():
        print(f"{name:16} {median(times):10.1f} {max(times):11.1f}")
    return int(max(median(times) for times in turns.values()) > BOUND)


if __name__ == "__main__":
    sys.exit(main())
