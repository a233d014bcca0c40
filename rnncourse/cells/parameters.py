"""What every cell with trained weights has: its parameters by name, and checks of what comes in."""

import numpy as np


class Trained:
    """Named parameters that stay the same arrays from the first step of a training to the last.

    ``cell.W = values`` writes the values into the array that is there, so that an optimiser that
    holds this array goes on working; values of another shape are a ``ValueError``.

    With ``seeds=S`` every parameter has a leading axis S: S networks of the same form, each with
    its own weights, computed at once. Network k starts as the cell with ``seed=seed + k`` does.
    """

    NAMES: tuple[str, ...] = ()
    seeds: int | None

    def _start(self, draw, seed, seeds, dtype):
        """Set every parameter from ``draw(seed) -> dict``."""
        self.seeds = seeds
        self.dtype = np.dtype(dtype)
        if seeds is None:
            started = draw(seed)
        else:
            alone = [draw(seed + k) for k in range(seeds)]
            started = {name: np.stack([one[name] for one in alone]) for name in self.NAMES}
        for name in self.NAMES:
            self.__dict__[name] = started[name].astype(self.dtype)

    @property
    def parameters(self):
        """The live arrays by name: what is changed here changes the cell."""
        return {name: getattr(self, name) for name in self.NAMES}

    def __setattr__(self, name, value):
        if name in self.NAMES:
            check_shape(name, np.asarray(value), self.__dict__[name].shape)
            self.__dict__[name][...] = value
        else:
            super().__setattr__(name, value)

    def pick(self, k):
        """Network k of the S, as a cell of its own that shares its weights."""
        if self.seeds is None:
            raise ValueError("This cell is one network; there is none to pick.")
        one = object.__new__(type(self))
        one.__dict__.update(self.__dict__, seeds=None, _kept=None)
        one.__dict__.update({name: getattr(self, name)[k] for name in self.NAMES})
        return one

    def _recall(self, needed_by="backward"):
        """What the last forward pass kept for the backward pass."""
        if self._kept is None:
            raise RuntimeError(
                f"{needed_by} needs a forward pass before it; call forward(x) first."
            )
        return self._kept


def check_shape(name, array, shape):
    """Raise ``ValueError``, in one sentence, where an array has not this shape."""
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; here it must be {shape}.")


def rows(array, seeds=None):
    """Every step of every sequence as one row: (T, B, n) becomes (T·B, n).

    With ``seeds`` each network keeps its own rows: (T, S, B, n) becomes (S, T·B, n).
    """
    if seeds is None:
        return array.reshape(-1, array.shape[-1])
    return np.moveaxis(array, -3, 0).reshape(seeds, -1, array.shape[-1])


def columns(array):
    """Every step of every sequence as one column: (T, n, B) becomes (n, T·B).

    With ``seeds`` each network keeps its own: (T, S, n, B) becomes (S, n, T·B).
    """
    T, *S, n, B = array.shape
    return np.moveaxis(array, 0, -2).reshape(*S, n, T * B)
