"""New stories to ask a trained network about."""

from collections.abc import Iterator

import numpy as np

from benchmarks.agreement import training
from benchmarks.reproductions import merged
from rnncourse.data import bar

TOLD = ("noun", "both", "pronoun")
KINDS = ("female", "male")


def readers(recipe: dict, **changes) -> Iterator[tuple[int, bar.Reader]]:
    """The trained network of every seed of an experiment's recipe."""
    how = merged(recipe["training"], changes)
    for seed in range(recipe["seeds"]):
        yield seed, training.trained(how, seed)[0]


def stories(n: int, key: int, how: dict, seed: int, fits=None, cue=TOLD, **wishes):
    """n stories that are not among the training stories of this recipe and seed.

    They change with `key` and the wishes only, so every network is asked the same ones. Half of
    them are female, half male, and the cues take turns. fits : a further wish, of a story.
    """
    seen = training.seen(how, seed)
    rng = np.random.default_rng([1_000_000, key])
    cues, told = (cue,) if isinstance(cue, str) else cue, []
    while len(told) < n:
        now = cues[len(told) // 2 % len(cues)]
        kind = None if now == "none" else KINDS[len(told) % 2]
        some = bar.story(rng, kind=kind, cue=now, **wishes)
        if some.words not in seen and (fits is None or fits(some)):
            told.append(some)
    return told
