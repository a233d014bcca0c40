"""A long text as a stream: cut into B columns that are read side by side, the state carried on.

Built by hand in lesson 11. Truncated backpropagation through time over a stream: R. J. Williams
and J. Peng (1990), An efficient gradient-based algorithm for on-line training of recurrent network
trajectories, Neural Computation 2, 490-501.
"""

import numpy as np


def columns(ids, B):
    """Cut a text into B long columns, each going on where its own last step stopped.

    Parameters: ``ids`` (N,), whole numbers; ``B``, the columns.
    Returns: x (T, B) and target (T, B), the next symbol of each, T = (N - 1) // B; what does not
    fill the last row is left out.

    >>> x, target = columns(np.arange(9), 2)
    >>> x.T.tolist(), target.T.tolist()
    ([[0, 1, 2, 3], [4, 5, 6, 7]], [[1, 2, 3, 4], [5, 6, 7, 8]])
    """
    ids = np.asarray(ids)
    T = (len(ids) - 1) // B if B > 0 else 0
    if ids.ndim != 1 or T < 1:
        raise ValueError(f"{B} columns need {B + 1 if B > 0 else 2} symbols in a row at least.")
    return ids[: T * B].reshape(B, T).T, ids[1 : T * B + 1].reshape(B, T).T


def pieces(x, target, length):
    """Slices of so many steps, one after the other: yields (x, target), each (length, B) or less.

    The state goes from piece to piece by its value; the gradient stops at each piece's start.
    """
    if length < 1:
        raise ValueError(f"length is 1 step or more, not {length}.")
    for start in range(0, len(x), length):
        yield x[start : start + length], target[start : start + length]
