"""Adding and temporal order, in the forms of 1997 and in those that are common since."""

import numpy as np

from rnncourse.data._batch import ENTROPY, SQUARED, Batch, Seed, one_hot, whole


def adding(
    batch: int, length: int, seed: Seed = 0, values: str = "unit", dtype=np.float64
) -> Batch:
    """Add the two marked numbers of a long sequence: one answer at the end.

    `values="unit"`: x (T, B, 2); x[..., 0] uniform from 0 to 1; x[..., 1] the marker, 1 at one
    step of the first half and at one step of the second half (`marks`, (2, B)), else 0.
    target (B, 1): the sum of the two marked numbers.

    Chance, squared error: 1/6 = 0.1667, the variance of the sum of two such numbers, from
    answering its mean, 1, every time.

    This form is that of the code published with Arjovsky, Shah and Bengio (2016), arXiv
    1511.06464; Le, Jaitly and Hinton (2015), arXiv 1504.00941, use the adding task too.

    `values="1997"`, experiment 4 of Hochreiter and Schmidhuber, Neural Computation 9 (1997), doi
    10.1162/neco.1997.9.8.1735: sequences of `length` to 1.1 × `length` steps (`mask`), numbers
    from -1 to 1. The first marker, 1, is at one of the first ten steps, the second at one of the
    first length/2 - 1 other steps, before or after it (`marks`, in this order); the first and the
    last step have the marker -1, and a number that would have been marked there, at the first
    step, counts as 0. target (B, 1): 0.5 + (X1 + X2)/4. An answer is right within 0.04.
    Chance, squared error: the variance of the target, 0.0392 at length 100.
    """
    whole(batch=batch, length=length)
    if values not in ("unit", "1997"):
        raise ValueError(f'values is "unit", numbers from 0 to 1, or "1997", not {values!r}.')
    if values == "1997":
        return _adding_1997(batch, length, seed, dtype)
    if length < 2:
        raise ValueError("Adding needs 2 steps at least, one in each half.")
    rng = np.random.default_rng(seed)
    half = length // 2
    x = np.zeros((length, batch, 2), dtype)
    x[..., 0] = rng.uniform(0, 1, (length, batch))
    marks = np.stack([rng.integers(0, half, batch), rng.integers(half, length, batch)])
    rows = np.arange(batch)
    x[marks, rows, 1] = 1
    target = x[marks, rows, 0].sum(axis=0)[:, None]
    return Batch("Adding", x, target, SQUARED, 1 / 6, marks=marks)


def _adding_1997(batch: int, length: int, seed: Seed, dtype) -> Batch:
    if length < 24:
        raise ValueError("Adding as in 1997 needs 24 steps at least.")
    rng = np.random.default_rng(seed)
    rows, steps, near = np.arange(batch), length + length // 10, length // 2 - 1
    ends = rng.integers(length, steps + 1, batch)
    mask = np.arange(steps)[:, None] < ends
    x = np.zeros((steps, batch, 2), dtype)
    x[..., 0] = rng.uniform(-1, 1, (steps, batch)) * mask
    first, second = rng.integers(0, 10, batch), rng.integers(0, near, batch)
    marks = np.stack([first, second + (second >= first)])  # of the steps still unmarked
    x[marks, rows, 1] = 1
    x[0, :, 1] = x[ends - 1, rows, 1] = -1
    target = 0.5 + (x[marks, rows, 0] * (marks > 0)).sum(axis=0)[:, None] / 4
    counted = 9 / 10 + 1 - 9 / 10 / near  # numbers that count: each has the variance 1/3
    return Batch(
        "Adding of 1997",
        x,
        target.astype(dtype),
        SQUARED,
        counted / 3 / 16,
        mask=mask,
        marks=marks,
    )


def temporal_order(
    batch: int,
    length: int = 100,
    seed: Seed = 0,
    form: str = "2013",
    symbols: int = 2,
    dtype=np.float64,
) -> Batch:
    """In which order did two rare symbols come, among distractors? Four classes, at the end.

    target (B,): 0 for XX, 1 for XY, 2 for YX, 3 for YY. `marks` (2, B): the steps of the two.
    Chance, cross-entropy: ln 4 = 1.386; accuracy 1/4. (One who recalls the second symbol alone is
    right half of the time: accuracy 0.5 is half of the way, not much above chance.)

    `form="2013"`: every sequence has `length` steps, at least 10; x (T, B, 6) one-hot: X, Y and
    four distractors. The first symbol comes at T/10 <= t < 2T/10, the second at 5T/10 <= t <
    6T/10. Pascanu, Mikolov and Bengio (2013), arXiv 1211.5063, and the code published with it.

    `form="1997"`: x (T, B, 8) one-hot: X, Y, four distractors, E at the first step and B at the
    last. With `length=100`, lengths are 100 to 110, the symbols at t1 = 10 to 20 and t2 = 50 to
    60; other lengths scale these. Shorter sequences are padded with zeros (`mask`). Experiment 6a
    of Hochreiter and Schmidhuber (1997), doi 10.1162/neco.1997.9.8.1735.

    `form="1997", symbols=3`, experiment 6b: three symbols, at t1 = 10 to 20, t2 = 33 to 43 and
    t3 = 66 to 76, and eight classes, from 0 for XXX to 7 for YYY. Chance ln 8, accuracy 1/8; one
    who recalls only the last symbol has 1/4, the last two 1/2. `marks` (3, B).
    """
    whole(batch=batch, length=length)
    if form not in ("2013", "1997"):
        raise ValueError(f'form is "2013" or "1997", not {form!r}.')
    if symbols not in ((2, 3) if form == "1997" else (2,)):
        raise ValueError(f'symbols is 2, or 3 with form="1997", not {symbols}.')
    if length < 10:
        raise ValueError(f"Temporal order needs 10 steps at least, not {length}.")
    rng = np.random.default_rng(seed)
    rows = np.arange(batch)
    tenth = length // 10
    starts = (tenth, length // 2) if symbols == 2 else (tenth, length // 3, 2 * length // 3)
    old = form == "1997"
    steps = length + tenth if old else length
    ends = rng.integers(length, steps + 1, batch)  # the number of steps of each sequence
    ids = 2 + rng.integers(0, 4, (steps, batch))
    marks = np.stack([start + rng.integers(0, tenth + old, batch) for start in starts])
    seen = rng.integers(0, 2, (symbols, batch))  # 0 for X, 1 for Y
    ids[marks, rows] = seen
    mask = None
    if old:
        ids[0], ids[ends - 1, rows] = 6, 7
        mask = np.arange(steps)[:, None] < ends
    x = one_hot(ids, 8 if old else 6, dtype)
    if old:
        x *= mask[..., None]
    return Batch(
        name="Temporal order",
        x=x,
        target=2 ** np.arange(symbols)[::-1] @ seen,
        loss=ENTROPY,
        chance=symbols * float(np.log(2)),
        mask=mask,
        classes=2**symbols,
        marks=marks,
    )
