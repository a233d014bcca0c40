"""The classic tasks of memory: a fresh batch from a seed, with what chance scores.

Each function returns a `Batch`: `x (T, B, D)` time first, `target`, and `chance`, the loss of the
best answer that needs no memory. A network that stays at `chance` has learned nothing.

`seed` is a whole number or a tuple of them, as `(seed, step)` for a batch of its own at every
step of a training, or a NumPy generator, which moves on with every batch. The same seed gives the
same batch.

Lesson 03 meets XOR in time, lesson 05 the echo and parity, lesson 06 adding, order and copying,
lessons 07 and 08 the grammars and the languages that need a counter.
"""

import numpy as np

from rnncourse.data._batch import ENTROPY, SQUARED, Batch, Seed, one_hot, whole
from rnncourse.data.counting import anbn, anbncn
from rnncourse.data.grammars import (
    REBER_SYMBOLS,
    ContinualReber,
    continual_reber,
    embedded_reber,
    encode,
    reber,
    reber_strings,
)
from rnncourse.data.long_lags import adding, temporal_order
from rnncourse.data.oracle import decode, is_legal, legal_next, reber_right, set_right

__all__ = [
    "REBER_SYMBOLS",
    "Batch",
    "ContinualReber",
    "adding",
    "anbn",
    "anbncn",
    "continual_reber",
    "copying",
    "decode",
    "delayed_echo",
    "embedded_reber",
    "encode",
    "is_legal",
    "legal_next",
    "parity",
    "reber",
    "reber_right",
    "reber_strings",
    "set_right",
    "temporal_order",
    "xor_in_time",
]


def xor_in_time(batch: int = 1, length: int = 3000, seed: Seed = 0, dtype=np.float64) -> Batch:
    """Predict the next bit of a stream in which every third bit is the XOR of the two before it.

    The stream is a, b, a XOR b, then two new random bits and their XOR, and so on, with nothing
    to show where a group begins. x (T, B, 1) is the stream, 0 or 1; target (T, B, 1) its next bit.

    Only one step in three can be known (`asked`: step 1, 4, 7, ..., where b has just come in).
    Chance, squared error: 1/4, from the answer 1/2 at every step: a single bit tells nothing of
    the next one. A perfect memory scores 1/6 (`solved`): 0 at the asked steps, 1/4 at the others.

    Elman, Finding structure in time, Cognitive Science 14 (1990), doi 10.1207/s15516709cog1402_1.
    """
    whole(batch=batch, length=length)
    rng = np.random.default_rng(seed)
    groups = length // 3 + 1
    pairs = rng.integers(0, 2, (groups, 2, batch))
    triples = np.concatenate([pairs, pairs[:, :1] ^ pairs[:, 1:]], axis=1)  # (groups, 3, B)
    stream = triples.reshape(3 * groups, batch, 1)[: length + 1].astype(dtype)
    asked = np.broadcast_to((np.arange(length) % 3 == 1)[:, None], (length, batch))
    return Batch(
        name="XOR in time",
        x=stream[:-1],
        target=stream[1:],
        loss=SQUARED,
        chance=0.25,
        solved=0.25 * (1 - asked[:, 0].mean()),
        asked=asked,
    )


def delayed_echo(
    batch: int,
    length: int,
    lag: int,
    seed: Seed = 0,
    symbols: int | None = None,
    dtype=np.float64,
) -> Batch:
    """Say at every step what came in `lag` steps ago: a delay line.

    With `symbols=None` numbers: x (T, B, 1) uniform from -1 to 1, target (T, B, 1) is x delayed,
    0 for the first `lag` steps, as if silence had gone before. Chance, squared error: the answer
    0, which scores the variance 1/3 at the T - lag steps that have an echo, (T - lag)/(3T) in all.

    With `symbols=V`, 2 or more: x (T, B, V) one-hot, target (T, B) the class seen `lag` steps ago
    and -1 (not counted) for the first `lag` steps. Chance, cross-entropy: ln V; accuracy 1/V.

    A common first test of a recurrent network's memory; it belongs to no single paper.
    """
    whole(batch=batch, length=length)
    if not 1 <= lag < length:
        raise ValueError(f"lag is a number of steps from 1 to {length - 1}, not {lag}.")
    if symbols is not None and symbols < 2:
        raise ValueError(f"symbols is 2 or more, or None for numbers, not {symbols}.")
    rng = np.random.default_rng(seed)
    asked = np.broadcast_to((np.arange(length) >= lag)[:, None], (length, batch))
    if symbols is None:
        x = rng.uniform(-1, 1, (length, batch, 1)).astype(dtype)
        target = np.zeros_like(x)
        target[lag:] = x[: length - lag]
        chance = (length - lag) / length / 3
        return Batch("Delayed echo", x, target, SQUARED, chance, asked=asked)
    ids = rng.integers(0, symbols, (length, batch))
    target = np.full((length, batch), -1)
    target[lag:] = ids[: length - lag]
    return Batch(
        name="Delayed echo",
        x=one_hot(ids, symbols, dtype),
        target=target,
        loss=ENTROPY,
        chance=float(np.log(symbols)),
        classes=symbols,
        asked=asked,
    )


def parity(
    batch: int, length: int, seed: Seed = 0, every_step: bool = True, dtype=np.float64
) -> Batch:
    """Is the number of ones so far odd? One bit of memory, and every input matters.

    x (T, B, 1) is 0 or 1 with even chance. target: with `every_step` (T, B), the parity of the
    bits up to and with each step (1 for odd); else (B,), the parity of the whole sequence.

    Chance, cross-entropy: ln 2; accuracy 1/2. (With `every_step`, ln 2 × (T - 1)/T: at the first
    step the input itself is the answer, and so that step is not among the `asked`.)

    An old test; with sequences longer than those trained on: Delétang et al., Neural Networks and
    the Chomsky Hierarchy (2022), arXiv 2207.02098.
    """
    whole(batch=batch, length=length)
    rng = np.random.default_rng(seed)
    bits = rng.integers(0, 2, (length, batch))
    running = np.cumsum(bits, axis=0) % 2
    x = bits[..., None].astype(dtype)
    if not every_step:
        return Batch("Parity", x, running[-1], ENTROPY, float(np.log(2)), classes=2)
    asked = np.broadcast_to((np.arange(length) > 0)[:, None], (length, batch))
    chance = float(np.log(2)) * (length - 1) / length
    return Batch("Parity", x, running, ENTROPY, chance, classes=2, asked=asked)


def copying(
    batch: int,
    length: int,
    seed: Seed = 0,
    symbols: int = 8,
    items: int = 10,
    dtype=np.float64,
) -> Batch:
    """Read ten symbols, wait for `length` steps, then say them in order.

    The sequence: `items` symbols drawn from `symbols`, `length - 1` blanks, a signal to answer,
    `items` blanks: T = length + 2 × items steps. x (T, B, symbols + 2) one-hot, the blank is
    feature `symbols`, the signal the last one. target (T, B): the blank (class `symbols`) at
    every step but the last `items`, which ask for the symbols; `symbols` + 1 classes.

    Chance, cross-entropy: items × ln(symbols) / T, that is 10 ln 8/(length + 20), 0.173 at length
    100: blanks are answered rightly, and every symbol is guessed. Accuracy there (the steps
    `asked`): 1/8.

    Arjovsky, Shah and Bengio (2016), arXiv 1511.06464; Henaff, Szlam and LeCun (2016), arXiv
    1602.06662.
    """
    whole(batch=batch, length=length, items=items)
    if symbols < 2:
        raise ValueError(f"symbols is 2 or more, not {symbols}.")
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, symbols, (items, batch))
    steps = length + 2 * items
    ids = np.full((steps, batch), symbols)
    ids[:items] = drawn
    ids[items + length - 1] = symbols + 1
    target = np.full((steps, batch), symbols)
    target[-items:] = drawn
    asked = np.broadcast_to((np.arange(steps) >= steps - items)[:, None], (steps, batch))
    return Batch(
        name="Copying",
        x=one_hot(ids, symbols + 2, dtype),
        target=target,
        loss=ENTROPY,
        chance=items * float(np.log(symbols)) / steps,
        classes=symbols + 1,
        asked=asked,
        marks=np.broadcast_to(np.arange(items)[:, None], (items, batch)),
    )
