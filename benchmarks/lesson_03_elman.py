"""Trains the networks of lesson 03: Elman's XOR in time, in his way and with the whole gradient.

    python benchmarks/lesson_03_elman.py     writes rnncourse/data/files/results/03_xor.npz

`elman`: the procedure of Elman (1990), Finding structure in time, Cognitive Science 14, 179-211:
3,000 bits, 600 passes, one bit at a time, 2 hidden units, the error sent back through one step
only. 20 networks at once. The paper gives no learning rate and no start; ours stand below.

`eight`: 8 hidden units, the whole gradient (lesson 05), Adam. 20 networks at once.

Both take a few minutes on one core. The file holds the weights alone; the lesson runs them.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import time
from pathlib import Path

import numpy as np

from rnncourse import cells, train
from rnncourse.data import tasks

TARGET = Path(__file__).parents[1] / "rnncourse" / "data" / "files" / "results" / "03_xor.npz"
SEEDS = 20
PASSES, BITS, RATE = 600, 3000, 0.15  # the rate is ours
STEPS, LENGTH, BATCH = 8000, 30, 8


def elman(seeds: int = SEEDS, passes: int = PASSES) -> train.Network:
    """Learn after every bit; the state that came in counts as a given, whatever made it."""
    bits = tasks.xor_in_time(1, BITS, seed=0)
    network = train.Network(
        cells.RNN(1, 2, "sigmoid", seeds=seeds), cells.Linear(2, 1, seeds=seeds)
    )
    cell, readout = network.cell, network.readout
    cell.b_hh = np.zeros_like(cell.b_hh)  # one bias a unit; this one stays 0
    learning = {name: values for name, values in network.parameters.items() if "b_hh" not in name}
    optimiser = train.SGD(learning, lr=RATE)
    for _ in range(passes):
        h = np.full((seeds, 1, 2), 0.5)  # the context units begin at 0.5
        for x_t, target in zip(bits.x[:-1], bits.target[:-1], strict=True):
            states = cell.forward(x_t[None], h)  # (1, S, 1, 2)
            y = cells.sigmoid(readout.forward(states))
            _, dy = train.squared_error(y, np.broadcast_to(target, y.shape), seeds=True)
            back = readout.backward(dy * y * (1 - y))
            grads = {f"readout.{name}": value for name, value in back.items()}
            for name, value in cell.backward(back["x"]).items():
                grads[f"cell.{name}"] = value
            optimiser.step(grads)
            h = states[0]
    return network


def eight(seeds: int = SEEDS, steps: int = STEPS) -> train.Network:
    """Learn from pieces of 30 bits, the error sent back through all of them."""
    network = train.Network(
        cells.RNN(1, 8, "sigmoid", seeds=seeds), cells.Linear(8, 1, seeds=seeds)
    )
    train.fit(
        network,
        lambda step: tasks.xor_in_time(BATCH, LENGTH, seed=(7, step)),
        train.squared_error,
        train.Adam(network.parameters, lr=0.01),
        steps,
        clip=1.0,
        progress=False,
    )
    return network


def main() -> None:
    results = {}
    for name, trained in (("elman", elman), ("eight", eight)):
        start = time.perf_counter()
        network = trained()
        for parameter, values in network.parameters.items():
            results[f"{name}_{parameter.replace('.', '_')}"] = values
        print(f"{name}: {SEEDS} networks, {time.perf_counter() - start:.0f} s")
    TARGET.parent.mkdir(exist_ok=True)
    np.savez_compressed(TARGET, **results)
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
