"""Word vectors brought to two numbers each, and what of their distances is kept by that."""

import numpy as np


def plane(vectors, along=None, unit=True):
    """Two directions to look at vectors from: the ones along which they differ most.

    Parameters: ``vectors`` (V, E), E of 2 or more; ``along`` (E,), a direction that shall be the
    first, the second is then the main one of what is left; ``unit``, vectors are brought to
    length 1 before. Returns: (2, E), orthonormal; ``vectors @ plane.T`` are the places.
    """
    vectors = lengthened(vectors, unit)
    centred = vectors - vectors.mean(axis=0)
    if along is None:
        axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
        if len(axes) < 2:
            raise ValueError(f"{len(vectors)} vectors do not span a plane; give 3 or more.")
        if np.ptp(centred @ axes[1]) > np.ptp(centred @ axes[0]):
            axes = axes[::-1].copy()  # a picture is broader than high
    else:
        first = np.asarray(along, dtype=float)
        if first.shape != vectors.shape[1:] or not np.linalg.norm(first) > 0:
            raise ValueError(
                f"along has shape {first.shape}; it takes a direction ({vectors.shape[1]},), not 0."
            )
        first = first / np.linalg.norm(first)
        rest = centred - np.outer(centred @ first, first)
        second = np.linalg.svd(rest, full_matrices=False)[2][0]
        second -= (second @ first) * first
        axes = np.stack([first, second / np.linalg.norm(second)])
    for axis in axes if along is None else axes[1:]:  # the same way round on every machine
        far = centred @ axis
        axis *= np.sign(far[np.abs(far).argmax()]) or 1.0
    return axes


def lengthened(vectors, unit):
    """The vectors as floats, each of length 1 if asked; zeros stay."""
    vectors = np.asarray(vectors, dtype=float)
    if vectors.ndim != 2 or vectors.shape[1] < 2:
        raise ValueError(f"vectors has shape {vectors.shape}; a map takes (V, E), E 2 or more.")
    if not unit or vectors.shape[1] == 2:
        return vectors
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


class Kept:
    """What a picture keeps of the distances between V vectors.

    Attributes: ``share`` of the sum of all squared distances (a projection cannot lengthen any);
    ``nearest``, how many words have their true nearest word nearest; ``rank``, the rank correlation
    of all distances; ``everything``, whether the picture is the vectors themselves.
    """

    def __init__(self, vectors, places):
        true, shown = _distances(vectors), _distances(places)
        upper = np.triu_indices(len(true), 1)
        self.words = len(true)
        total = (true[upper] ** 2).sum()
        self.share = float((shown[upper] ** 2).sum() / total) if total else 1.0
        for distances in (true, shown):
            np.fill_diagonal(distances, np.inf)
        self.nearest = int((true.argmin(axis=1) == shown.argmin(axis=1)).sum())
        self.rank = _rank_correlation(true[upper], shown[upper])
        self.everything = vectors.shape == places.shape and np.allclose(true[upper], shown[upper])

    def told(self, projected):
        """A sentence for the subtitle; ``projected``: the places are seen from two directions."""
        if self.everything:
            return "Two numbers a word: the picture keeps every distance."
        near = f"the nearest word here is the true nearest for {self.nearest} of {self.words}"
        if projected:
            return f"Kept of the squared distances: {self.share:.0%}; {near}.".replace("%", " %")
        return f"Rank correlation with the true distances {self.rank:.2f}; {near}."


def separation(vectors, members):
    """Mean cosine between words of one group, and between words of different groups.

    ``members``: a group's number for each vector, -1 for none. Returns two numbers; NaN where
    there are no such pairs.
    """
    unit = lengthened(vectors, True) if vectors.shape[1] > 2 else _unit2(vectors)
    alike = unit @ unit.T
    members = np.asarray(members)
    same = members[:, None] == members
    grouped = (members[:, None] >= 0) & (members >= 0)
    upper = np.triu(np.ones_like(same), 1).astype(bool)

    def mean(chosen):
        return float(alike[chosen].mean()) if chosen.any() else float("nan")

    return mean(same & grouped & upper), mean(~same & grouped & upper)


def parallel(vectors, pairs):
    """The mean cosine between the differences of pairs [(i, j), ...]; NaN for fewer than two."""
    if len(pairs) < 2:
        return float("nan")
    from_, to = np.array(pairs).T
    steps = _unit2(vectors[to] - vectors[from_])
    return float((steps @ steps.T)[np.triu_indices(len(pairs), 1)].mean())


def _unit2(vectors):
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def _distances(places):
    return np.linalg.norm(places[:, None] - places, axis=-1)


def _rank_correlation(a, b):
    a, b = (np.argsort(np.argsort(x, kind="stable"), kind="stable") for x in (a, b))
    return float(np.corrcoef(a, b)[0, 1]) if len(a) > 1 else 1.0
