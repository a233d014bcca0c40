"""How long a knob's turn takes until its new picture is there: the bound is 100 ms.

CPU time is measured, so that other work on the machine does not count.
"""

if __name__ == "__main__":
    import in_course  # noqa: F401 - goes on with the Python of .venv

import sys
import time
from statistics import median

import numpy as np

from rnncourse import cells, data, play, words

BOUND = 100  # milliseconds


def milliseconds(knob, values):
    """CPU time of every turn of a knob, or press of a button, drawing and PNG included."""
    times = []
    for value in values:
        start = time.process_time()
        if hasattr(knob, "click"):
            knob.click()
        else:
            knob.value = value
        times.append(1000 * (time.process_time() - start))
    return times


def turns_of_neuron():
    live = play.neuron()
    yield "neuron: feedback weight", live.w_h, np.linspace(-1.5, 1.5, 60)
    yield "neuron: input weight", live.w_x, np.linspace(-2, 2, 60)
    yield "neuron: activation", live.activation, ["tanh", "sigmoid", "relu", "linear"] * 5
    yield "neuron: signal", live.signal, ["step", "noise", "two impulses", "impulse"] * 5


def turns_of_radius():
    live = play.radius()
    yield "radius: spectral radius", live.radius, np.linspace(0.1, 2, 60)
    yield "radius: input noise", live.strength, np.linspace(0, 2, 60)
    yield "radius: nonlinearity", live.nonlinearity, ["linear", "tanh"] * 10
    yield "radius: start", live.start, ["orthogonal", "random"] * 10


def turns_of_unroll():
    x = np.random.default_rng(0).uniform(-1, 1, (6, 4))
    start = time.perf_counter()
    live = play.unroll(cells.RNN(4, 4), x, words=["A", "girl", "walked", "into", "a", "bar"])
    print(f"play.unroll draws its {len(x)} steps in {time.perf_counter() - start:.1f} s\n")
    yield "unroll: step", live.now, [*range(6), *reversed(range(6))] * 3


def turns_of_lstm():
    live = play.lstm(i=0.5)
    yield "lstm: output gate, empty", live.o, np.linspace(0, 1, 21)
    yield "lstm: step", live.step, range(23)
    for name in ("f", "i", "g"):
        knob = getattr(live, name)
        yield f"lstm: {knob.description}", knob, np.linspace(knob.min, knob.max, 21)


def turns_of_story():
    live = play.story(data.bar.load())
    story = live.text.value
    near = [story.replace("girl", who) for who in ("boy", "woman", "girl")] * 8
    yield "story: a word changed", live.text, near
    far = story.replace("The bartender", "The rain fell on the roof. A clock ticked. The bartender")
    yield "story: sentences added", live.text, [far, story] * 8


def turns_of_temperature():
    letters, rng = "abcdefghijklmnopqrstuvwxyz ", np.random.default_rng(0)
    table, lstm, readout = np.eye(27), cells.LSTM(27, 96, seed=0), cells.Linear(96, 27, seed=1)
    readout.W[...] = rng.normal(size=readout.W.shape)

    def step(i, state):
        h, c = lstm.step(table[[i]], state or (np.zeros((1, 96)), np.zeros((1, 96))))
        return readout.forward(h)[0], (h, c)

    live = play.temperature(step, letters, "the girl ")
    yield "temperature: 240 letters", live.temperature, np.linspace(0.1, 3, 40)
    yield "temperature: top-k", live.k, [1, 2, 5, 27] * 5


def turns_of_neighbours():
    vectors = words.real_vectors()
    live = play.neighbours(vectors, word="girl")
    known = [word for word in vectors.vocabulary.words[:200] if word.isalpha()]
    yield "neighbours: word", live.word, known[::5]
    yield "neighbours: unknown", live.word, ["gril", "musik", "zzzz", "nurs"] * 4


TURNS = (
    *(turns_of_unroll, turns_of_neuron, turns_of_radius, turns_of_lstm),
    *(turns_of_story, turns_of_temperature, turns_of_neighbours),
)


def main():
    slowest = 0
    for turns in TURNS:
        for name, knob, values in turns():
            if not slowest:
                print(f"{'knob':24} {'median ms':>10} {'slowest ms':>11}   bound {BOUND} ms")
            times = milliseconds(knob, values)
            print(f"{name:24} {median(times):10.1f} {max(times):11.1f}")
            slowest = max(slowest, median(times))
    return int(slowest > BOUND)


if __name__ == "__main__":
    sys.exit(main())
