"""The embedded Reber grammar as a stream without end: what a forget gate is for.

F. A. Gers, J. Schmidhuber and F. Cummins (2000), Learning to forget: continual prediction with
LSTM, Neural Computation 12, 2451-2471, doi:10.1162/089976600300015015.
"""

import numpy as np

from benchmarks.reproductions import Experiment, Row, count, say, spread
from benchmarks.reproductions.common import NEVER, lstm, network
from rnncourse import train
from rnncourse.data import tasks

RECIPE = {
    "seeds": 10,
    "streams": 8,  # side by side for each network
    "chunk": 40,  # steps that a gradient goes back; the state is carried on and never reset
    "updates": 2000,
    "every": 100,
    "checked": 500,  # steps of fresh streams after every so many updates
    "warm_up": 100,  # steps of the long streams that do not count: their start is no one's aim
    "stream": 100_000,  # steps that do
    "parts": 100,  # of a long stream, each measured by itself
    "hidden": 12,
    "lr": 0.01,
    "clip": 1.0,
    "kinds": {
        "forget gate": {"forget": "gate", "forget bias": 1.0},
        "no forget gate": {"forget": "none"},
        "forget gate, chrono start": {"forget": "gate", "chrono": 20},
        "forget gate, falling rate": {"forget": "gate", "forget bias": 1.0, "falling": True},
    },
}


def legal_said(batch, scores):
    """At which steps the symbol with the highest score is a legal one, (T, S, B)."""
    said = scores.argmax(axis=-1)[..., None]
    return np.take_along_axis(batch.legal, said, axis=-1)[..., 0]


def shares(batch, right):
    """Right at the steps that ask for the outer symbol, and at the others: (S,) and (S,)."""
    return [
        (right & steps).sum(axis=(0, 2)) / steps.sum(axis=(0, 2))
        for steps in (batch.asked, ~batch.asked)
    ]


def train_on(net, streams, recipe, falling):
    """Truncated backpropagation through time over streams; hand over at every check.

    falling : let the rate fall to 0 in a straight line over the second half.
    """
    optimiser = train.Adam(net.parameters, lr=recipe["lr"])
    carried = None
    for step in range(1, recipe["updates"] + 1):
        if falling:
            optimiser.lr = recipe["lr"] * min(1.0, 2 * (1 - step / recipe["updates"]))
        x, target = streams.next(recipe["chunk"]).split(net.seeds)
        scores = net.forward(x, carried)
        carried = net.cell.last  # its numbers go on, its gradient does not
        _, d_scores = train.cross_entropy(scores, target, seeds=True)
        grads = net.backward(d_scores)
        train.clip_norm(grads, recipe["clip"], seeds=True)
        optimiser.step(grads)
        if step % recipe["every"] == 0:
            yield step


def long_stream(net, streams, recipe):
    """Read long fresh streams without a reset, in parts.

    Returns the outer share, the inner share and the mean |c| of each part, (parts, S), and the
    number of steps up to the first symbol that is not legal, (S, B), NEVER where there is none.
    """
    steps, outer, inner, size = recipe["stream"] // recipe["parts"], [], [], []
    first = np.full((net.seeds, recipe["streams"]), NEVER)
    net.forward(streams.next(recipe["warm_up"]).split(net.seeds).x)
    carried = net.cell.last
    for part in range(recipe["parts"]):
        batch = streams.next(steps).split(net.seeds)
        right = legal_said(batch, net.forward(batch.x, carried))
        carried = net.cell.last
        for list_, share in zip((outer, inner), shares(batch, right), strict=True):
            list_.append(share)
        size.append(np.abs(net.cell.cell_states).mean(axis=(0, 2, 3)))
        now = (first == NEVER) & ~right.all(axis=0)
        first[now] = (part * steps + (~right).argmax(axis=0))[now]
    return outer, inner, size, first


def run(recipe):
    """Train each kind of cell on streams without end, and let it read long fresh ones."""
    S, kinds, parts = recipe["seeds"], recipe["kinds"], recipe["parts"]
    rows, checks = S * recipe["streams"], recipe["updates"] // recipe["every"]
    outer = np.zeros((len(kinds), checks, S))
    inner, long_outer = np.zeros_like(outer), np.zeros((len(kinds), parts, S))
    long_inner, size = np.zeros_like(long_outer), np.zeros_like(long_outer)
    first = np.zeros((len(kinds), S, recipe["streams"]), dtype=int)
    for m, (kind, how) in enumerate(kinds.items()):
        net = network(lstm(7, recipe["hidden"], S, how, how["forget"]), 7)
        streams = tasks.ContinualReber(rows, (2000, m), np.float32)
        for step in train_on(net, streams, recipe, how.get("falling", False)):
            fresh = tasks.continual_reber(rows, recipe["checked"], (2001, m, step), np.float32)
            fresh, k = fresh.split(S), step // recipe["every"] - 1
            outer[m, k], inner[m, k] = shares(fresh, legal_said(fresh, net.forward(fresh.x)))
        fresh = tasks.ContinualReber(rows, (2002, m), np.float32)
        long_outer[m], long_inner[m], size[m], first[m] = long_stream(net, fresh, recipe)
        say(f"  {kind}: outer {long_outer[m].mean(axis=0).round(3)}, |c| {size[m, -1].round(1)}")
    return {
        "kinds": list(kinds),
        "at": recipe["chunk"] * recipe["every"] * np.arange(1, checks + 1),
        "outer": outer,
        "inner": inner,
        "stream": recipe["stream"] // parts * np.arange(1, parts + 1),
        "outer_in_stream": long_outer,
        "inner_in_stream": long_inner,
        "size": size,
        "first_error": first,
    }


PAPER = "Gers, Schmidhuber & Cummins 2000"
UNEQUAL = (
    "ours: Adam, {streams} streams side by side, gradients over chunks of {chunk} steps, 12 cells; "
    "right is a legal symbol as the most active one. Theirs: 8 cells, plain gradient descent, 100 "
    "networks; a training stream ends at the first error, and a network is perfect that makes none "
    "in streams of 1,000,000 symbols (18 and 62 % are read second hand). Without a forget gate a "
    "few of ours remember all the same: a cell takes back what it wrote, or all cells run full and "
    "the output gates remember as a simple RNN does; the target is for the median."
)


def rows(stored):
    """The rows of the continual embedded Reber task."""
    unequal = UNEQUAL.format(**RECIPE)
    published = {
        "forget gate": ("18 % of networks perfect", f"{PAPER}, table 2"),
        "forget gate, falling rate": ("62 % of networks perfect", f"{PAPER}, table 2"),
        "no forget gate": ("does not solve it", f"{PAPER}, abstract"),
    }
    table = []
    for k, kind in enumerate(map(str, stored["kinds"])):
        outer = stored["outer_in_stream"][k].mean(axis=0)
        size, first = stored["size"][k, -1], stored["first_error"][k]
        perfect = first == NEVER  # (S, B)
        ours = (
            f"outer symbol {spread(100 * outer, '{:.1f}')} %; |c| {spread(size, '{:,.1f}')}; "
            f"without an error in {stored['stream'][-1]:,} symbols: {count(perfect)} streams, "
            f"{count(perfect.all(axis=1))} networks in all of their streams"
        )
        target, reached = "", None
        if kind == "forget gate":
            target, reached = "outer ≥ 99 % in ≥ 9 of 10", bool((outer >= 0.99).sum() >= 9)
        elif kind == "no forget gate":
            target, reached = "outer about 50 %", bool(0.4 <= np.median(outer) <= 0.6)
        theirs, source = published.get(kind, ("no figure for this", ""))
        what = f"continual Reber · LSTM, {kind}"
        table.append(Row(what, ours, theirs, source, unequal, target, reached))
    return table


EXPERIMENTS = [
    Experiment(
        "07_continual_reber",
        RECIPE,
        run,
        rows,
        tiny={
            "seeds": 2,
            "streams": 2,
            "updates": 2,
            "every": 1,
            "checked": 100,
            "warm_up": 10,
            "stream": 200,
            "parts": 2,
            "hidden": 3,
        },
    ),
]
