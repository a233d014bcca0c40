"""The embedding: a table with a row of numbers for every word. Built by hand in lesson 09.

Looking up row i is the product of the one-hot row of word i with the table; and so the way back
adds a word's gradients up over all the places where it stands.
"""

import numpy as np

from rnncourse.cells.parameters import Trained, check_shape
from rnncourse.words.vocabulary import check_ids


class Embedding(Trained):
    """A table W of V words with E numbers each; as ``torch.nn.Embedding``.

    Parameters
    ----------
    V, E : the words, and the numbers for each.
    padding : the number of a word whose row is 0 and stays as it is, or None.
    frozen : True keeps the whole table as it is: it is no parameter and gets no gradient.
    seed : the seed of the start, drawn from the normal distribution (0, 1) as in torch.
    seeds : S, for S tables at once, table k starting as with ``seed + k``.
    dtype : np.float64 or np.float32.

    >>> table = Embedding(V=5, E=2)
    >>> table.forward([[0, 3], [3, 3]]).shape
    (2, 2, 2)
    >>> table.backward(np.ones((2, 2, 2)))["W"][:, 0].tolist()  # word 3 stands there three times
    [1.0, 0.0, 0.0, 3.0, 0.0]
    """

    NAMES = ("W",)

    def __init__(self, V, E, padding=None, frozen=False, seed=0, seeds=None, dtype=np.float64):
        self.V, self.E = V, E
        self.padding = padding
        self.frozen = frozen
        self._kept = None
        if padding is not None and not 0 <= padding < V:
            raise ValueError(f"padding is the number of a word, 0 to {V - 1}, not {padding}.")

        def draw(seed):
            W = np.random.default_rng([seed, 2]).normal(size=(V, E))
            if padding is not None:
                W[padding] = 0.0
            return {"W": W}

        self._start(draw, seed, seeds, dtype)

    @classmethod
    def pretrained(cls, matrix, frozen=True, padding=None, seeds=None, dtype=np.float64):
        """The embedding with this table, (V, E), as made by word2vec; with ``seeds`` S copies."""
        matrix = np.asarray(matrix)
        table = cls(*matrix.shape, padding, frozen, seeds=seeds, dtype=dtype)
        table.W = np.broadcast_to(matrix, table.W.shape)
        return table

    @property
    def parameters(self):
        """The live table by its name, or nothing where it is frozen."""
        return {} if self.frozen else {"W": self.W}

    def forward(self, ids):
        """Look up: ids (...) of whole numbers become (..., E).

        With ``seeds``: ids (T, B), the same for all tables, or (T, S, B); the result is
        (T, S, B, E). Keeps the ids for ``backward``.
        Raises ``ValueError`` where a number is not 0 .. V - 1.
        """
        ids = np.asarray(ids)
        check_ids(ids, self.V)
        if self.seeds is None:
            self._kept = ids, None
            return self.W[ids]
        if ids.ndim == 2:
            ids = ids[:, None]
        if ids.ndim != 3 or ids.shape[1] not in (1, self.seeds):
            raise ValueError(
                f"ids have shape {ids.shape}; {self.seeds} tables at once take (T, B) or (T, S, B)."
            )
        table = np.arange(self.seeds)[:, None]  # (S, 1), beside ids (T, S, B)
        self._kept = ids, table
        return self.W[table, ids]

    def backward(self, d):
        """From dL/dvectors, in the shape of the last result, to {"W": (V, E)}.

        A word that stands at several places gets the sum of their gradients, one that stands
        nowhere gets 0, and so does the padding. A frozen table gets no gradient: {}.
        """
        ids, table = self._recall()
        d = np.asarray(d, dtype=self.dtype)
        shape = ids.shape if table is None else (len(ids), self.seeds, ids.shape[2])
        check_shape("d", d, (*shape, self.E))
        if self.frozen:
            return {}
        dW = np.zeros_like(self.W)
        if table is None:
            np.add.at(dW, ids, d)  # dW[ids] += d would count a repeated word once
        else:
            np.add.at(dW, (table, ids), d)
        if self.padding is not None:
            dW[..., self.padding, :] = 0.0
        return {"W": dW}

    def __repr__(self):
        many = f", seeds={self.seeds}" if self.seeds is not None else ""
        return f"Embedding({self.V}, {self.E}{', frozen' if self.frozen else ''}{many})"
