"""What a random recurrent net keeps of a change: forwards in its state, back in its gradient."""

import numpy as np

STEPS, BATCH = 60, 16
NONLINEARITIES = ("tanh", "linear")
STARTS = ("random", "orthogonal")
NUDGE = 1e-2  # how large the change of every unit is, small beside the state


class Memory:
    """A net of ``units`` with a feedback matrix of any spectral radius; it hears noise.

    Parameters: ``units`` H; ``seed`` of its matrices and of the noise (all numbers without unit).
    """

    def __init__(self, units=32, seed=0):
        rng = np.random.default_rng(seed)
        square = rng.normal(size=(units, units))
        self._bases = {
            "random": square / np.abs(np.linalg.eigvals(square)).max(),
            "orthogonal": np.linalg.qr(square)[0],
        }
        self.noise = rng.normal(size=(2 * STEPS, BATCH, units))
        self.ways = rng.normal(size=(2, BATCH, units))

    def matrix(self, radius, start="random"):
        """The feedback matrix W_hh (H, H) with this spectral radius."""
        return radius * self._bases[start]

    def measure(self, radius, nonlinearity="tanh", start="random", strength=0.5):
        """What is left of a change k steps later, and of the gradient k steps back, k = 0 .. 60.

        ``strength`` is the noise's standard deviation. Returns two arrays (61,), geometric means
        over 16 sequences and directions, relative to k = 0. The change is a real one, of
        about 0.01 a unit, so a bounded state bounds its growth; nothing bounds the gradient's.
        Raises ``ValueError`` for an unknown nonlinearity or start.
        """
        for name, value, known in (
            ("nonlinearity", nonlinearity, NONLINEARITIES),
            ("start", start, STARTS),
        ):
            if value not in known:
                raise ValueError(f"{name} is {value!r}; choose one of {', '.join(known)}.")
        W = self.matrix(radius, start)
        bent = nonlinearity == "tanh"
        heard = strength * self.noise
        with np.errstate(all="ignore"):
            h = np.zeros(self.noise.shape[1:])
            for x in heard[:STEPS]:  # first it settles
                h = np.tanh(x + h @ W.T) if bent else h * 0.0
            change = self.ways[0] * NUDGE
            other, lengths, slopes = h + change, [_norm(change)], []
            for x in heard[STEPS:]:
                if bent:
                    h, other = np.tanh(x + h @ W.T), np.tanh(x + other @ W.T)
                    change = other - h
                    slopes.append(1.0 - h * h)
                else:
                    change = change @ W.T
                    slopes.append(1.0)
                lengths.append(_norm(change))
            gradient = self.ways[1]
            norms = [_norm(gradient)]
            for slope in reversed(slopes):
                gradient = (gradient * slope) @ W
                norms.append(_norm(gradient))
        return _relative(lengths), _relative(norms)


def _norm(values):
    return np.sqrt((values**2).sum(axis=-1))


def _relative(lengths):
    with np.errstate(all="ignore"):
        return np.exp(np.log(np.array(lengths)).mean(axis=1) - np.log(lengths[0]).mean())
