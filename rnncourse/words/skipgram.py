"""Word2vec with negative sampling, in NumPy: skip-gram and CBOW. Built by hand in lesson 09.

T. Mikolov, I. Sutskever, K. Chen, G. Corrado and J. Dean (2013), Distributed representations of
words and phrases and their compositionality, NIPS 26, arXiv:1310.4546, equation 4.
"""

from dataclasses import dataclass

import numpy as np

from rnncourse.watching import counted
from rnncourse.words.pairs import keep_probability, noise, pairs


@dataclass(frozen=True, eq=False)
class Learning:
    """What a training was like: ``loss`` (epochs,), the mean of each; ``pairs``, shown in all."""

    loss: np.ndarray
    pairs: int

    def __repr__(self):
        return f"Learning({self.pairs:,} pairs, loss {self.loss[0]:.3f} → {self.loss[-1]:.3f})"


class SkipGram:
    """Two tables: W (V, E), a word as the centre, and C (V, E), the same word as a neighbour.

    A true pair of near words shall have a high product ``w · c``, a pair with a drawn word a low
    one: ``-ln s(w · c) - sum over k negatives of ln s(-w · n)``, s the sigmoid. With fresh tables
    (C is 0) this is (k + 1) ln 2.

    Parameters: ``V``, words; ``E``, numbers for each; ``seed`` of the start: W evenly from
    -0.5/E to 0.5/E, C zero, as in word2vec. ``W`` is what is usually kept as *the* word vectors.

    >>> model = SkipGram(V=4, E=2)
    >>> loss, grads = model.loss_and_grads([0], [1], [[2, 3]])
    >>> round(loss, 3), grads["W"].shape
    (2.079, (4, 2))
    """

    def __init__(self, V, E, seed=0):
        self.V, self.E = V, E
        self.W = np.random.default_rng([seed, 3]).uniform(-0.5 / E, 0.5 / E, (V, E))
        self.C = np.zeros((V, E))

    def loss_and_grads(self, centres, contexts, negatives):
        """Mean loss of some pairs, and its gradients {"W": (V, E), "C": (V, E)}.

        Parameters: ``centres`` (N,), ``contexts`` (N,), ``negatives`` (N, k), words' numbers.
        """
        centres = np.asarray(centres)
        loss, d_w, others, d_others = self._way(self.W[centres], contexts, negatives)
        grads = {"W": np.zeros_like(self.W), "C": np.zeros_like(self.C)}
        np.add.at(grads["W"], centres, d_w / len(centres))
        np.add.at(grads["C"], others, d_others / len(centres))
        return float(loss.mean()), grads

    def fit(
        self,
        sentences,
        window=5,
        negatives=5,
        epochs=5,
        lr=0.025,
        threshold=1e-3,
        power=0.75,
        shrink=True,
        batch=64,
        seed=0,
        progress=True,
    ):
        """Train on the pairs of some sentences, in place, by stochastic gradient descent.

        Parameters
        ----------
        sentences : a list of (n,) arrays of words' numbers.
        window, negatives : neighbours to each side; k, words drawn for each pair.
        epochs, lr : times through the text; the rate for one pair, which falls evenly to 0.
        threshold : of thinning out frequent words (``keep_probability``), 0 for none.
        power : of the noise the negatives come from. shrink : draw each window, 1 .. window.
        batch : pairs whose updates are added up before the next; large ones overshoot.
        progress : show a bar where somebody watches.

        A drawn negative that is the neighbour itself does not count, as in word2vec.
        Returns a ``Learning``.
        """
        rng = np.random.default_rng([seed, 4])
        counts = np.bincount(np.concatenate(sentences), minlength=self.V)
        keep = keep_probability(counts, threshold)
        edges = np.cumsum(noise(counts, power))
        losses, shown = np.zeros(epochs), 0
        for epoch in counted(epochs, "epochs", progress):
            kept = [s[rng.random(len(s)) < keep[s]] for s in map(np.asarray, sentences)]
            examples = self._examples(kept, window, rng if shrink else None)
            order = rng.permutation(len(examples[0]))
            total = 0.0
            for first in range(0, len(order), batch):
                some = order[first : first + batch]
                rate = lr * max(1 - (epoch + first / len(order)) / epochs, 1e-4)
                drawn = np.searchsorted(edges, rng.random((len(some), negatives)), side="right")
                drawn = np.minimum(drawn, self.V - 1)
                total += self._update([part[some] for part in examples], drawn, rate)
            losses[epoch] = total / max(len(order), 1)
            shown += len(order)
        return Learning(losses, shown)

    def _examples(self, sentences, window, rng):
        """Arrays with one row an example, the word to be told from the negatives last."""
        return pairs(sentences, window, rng)

    def _update(self, examples, negatives, rate):
        centres, contexts = examples
        loss, d_w, others, d_others = self._way(self.W[centres], contexts, negatives)
        np.add.at(self.W, centres, -rate * d_w)
        np.add.at(self.C, others, -rate * d_others)
        return loss.sum()

    def _way(self, w, contexts, negatives):
        """Loss of each example (N,), its gradient by w (N, E), and by the rows of C it meets."""
        others = np.concatenate([np.asarray(contexts)[:, None], negatives], axis=1)  # (N, 1 + k)
        counts = np.ones(others.shape)
        counts[:, 1:] = others[:, 1:] != others[:, :1]  # the true neighbour is no negative
        c = self.C[others]  # (N, 1 + k, E)
        sign = np.ones(others.shape[1])
        sign[1:] = -1.0  # true neighbours up, drawn words down
        a = sign * np.einsum("ne,nke->nk", w, c)
        loss = (np.logaddexp(0.0, -a) * counts).sum(axis=1)
        d_product = -sign * np.exp(-np.logaddexp(0.0, a)) * counts  # -sign * s(-a)
        d_w = np.einsum("nk,nke->ne", d_product, c)
        return loss, d_w, others, d_product[..., None] * w[:, None]

    def __repr__(self):
        return f"{type(self).__name__}({self.V}, {self.E})"


class CBOW(SkipGram):
    """The other way round: the mean of the neighbours' vectors shall tell the word in the middle.

    Here W holds a word as a neighbour, C as the middle. ``fit`` as ``SkipGram``'s.
    """

    def loss_and_grads(self, neighbours, centres, negatives):
        """As for ``SkipGram``, with ``neighbours`` (N, n): words' numbers, -1 where none is."""
        neighbours = np.asarray(neighbours)
        w, share = self._mean(neighbours)
        loss, d_w, others, d_others = self._way(w, centres, negatives)
        grads = {"W": np.zeros_like(self.W), "C": np.zeros_like(self.C)}
        np.add.at(grads["W"], neighbours, share[..., None] * d_w[:, None] / len(neighbours))
        np.add.at(grads["C"], others, d_others / len(neighbours))
        return float(loss.mean()), grads

    def _examples(self, sentences, window, rng):
        around, middle = [], []
        for words in sentences:
            n = len(words)
            if n < 2:
                continue
            reach = np.full(n, window) if rng is None else rng.integers(1, window + 1, n)
            steps = np.concatenate([np.arange(-window, 0), np.arange(1, window + 1)])
            places = np.arange(n)[:, None] + steps
            there = (places >= 0) & (places < n) & (np.abs(steps) <= reach[:, None])
            around.append(np.where(there, words[np.clip(places, 0, n - 1)], -1))
            middle.append(words)
        if not middle:
            return np.zeros((0, 2 * window), np.int64), np.zeros(0, np.int64)
        return np.concatenate(around), np.concatenate(middle)

    def _update(self, examples, negatives, rate):
        neighbours, centres = examples
        w, share = self._mean(neighbours)
        loss, d_w, others, d_others = self._way(w, centres, negatives)
        np.add.at(self.W, neighbours, -rate * share[..., None] * d_w[:, None])
        np.add.at(self.C, others, -rate * d_others)
        return loss.sum()

    def _mean(self, neighbours):
        share = (neighbours >= 0) / np.maximum((neighbours >= 0).sum(axis=1), 1)[:, None]
        return np.einsum("nm,nme->ne", share, self.W[neighbours]), share  # row -1 weighs 0
