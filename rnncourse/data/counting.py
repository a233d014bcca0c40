"""Languages that need a counter: as many b as a, and as many c."""

from collections.abc import Sequence

import numpy as np

from rnncourse.data._batch import SETS, Batch


def anbn(ns: int | Sequence[int], dtype=np.float64) -> Batch:
    """Strings of n a's and then n b's: when is the last b there? One string a row, for each n.

    ns : whole numbers, 1 or more, (B,), or one: nothing is random here.

    x (T, B, 4) one-hot of S a b T, where S begins a string and T ends it; T = 2 max(n) + 1 steps,
    padded (`mask`). legal (T, B, 4), the oracle: after S only a; after k a's a or b; after the
    first b only b, until n have come; then T. target (T, B): what comes next in this string.
    `asked`: from the first b on, where counting decides.

    The loss is the set entropy: train on `batch.sets` with `train.set_entropy`, and a string
    counts as right if every set is (`set_right`). Chance: that of the best answer from the current
    symbol alone, which does not know after a b whether b or T follows.

    Gers and Schmidhuber, IEEE Transactions on Neural Networks 12 (2001), doi 10.1109/72.963769.
    """
    return _count(ns, "ab", dtype)


def anbncn(ns: int | Sequence[int], dtype=np.float64) -> Batch:
    """Strings of n a's, n b's and n c's: as `anbn`, with two counts, x (T, B, 5) of S a b c T.

    T = 3 max(n) + 1 steps. After the first b only b, until n have come; then only c, until n have
    come; then T. No grammar without context makes these strings.

    Gers and Schmidhuber, IEEE Transactions on Neural Networks 12 (2001), doi 10.1109/72.963769.
    """
    return _count(ns, "abc", dtype)


def _count(ns, letters: str, dtype) -> Batch:
    ns = np.atleast_1d(ns)
    if ns.ndim != 1 or ns.dtype.kind not in "iu" or not ns.size or ns.min() < 1:
        raise ValueError("ns is one whole number, 1 or more, or a list of them.")
    symbols, K = f"S{letters}T", len(letters)
    V = K + 2
    t = np.arange(K * ns.max() + 2)[:, None]  # one symbol more than steps
    ids = np.minimum((t - 1) // ns + 1, V - 1)  # 0 for S, 1 for a, ..., K + 1 for T
    mask = t[:-1] <= K * ns
    now, following = ids[:-1], ids[1:]
    one_hot = np.eye(V, dtype=bool)
    legal = one_hot[following] & mask[..., None]
    legal[(now == 1) & mask] = one_hot[1] | one_hot[2]  # among the a's: a or b
    last = 1 / ns.mean()  # the share of b's that are a string's last
    doubt = -(last * np.log(last) + (1 - last) * np.log(1 - last)) if last < 1 else 0.0
    return Batch(
        name=" ".join(f"{letter}ⁿ" for letter in letters).replace(" ", ""),
        x=np.eye(V, dtype=dtype)[now] * mask[..., None].astype(dtype),
        target=np.where(mask, following, -1),
        loss=SETS,
        chance=float((K - 1) * 2 * doubt * ns.sum() / (V * (K * ns + 1).sum())),
        mask=mask,
        classes=V,
        asked=(now > 1) & mask,
        legal=legal,
        symbols=symbols,
    )
