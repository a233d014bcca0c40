"""Which words a map draws, where they stand, and what is to be said of them."""

import numpy as np

from rnncourse.draw.style import number
from rnncourse.draw.word_places import lengthened, parallel, plane, separation

LEAST, MOST, GROUPS = 3, 80, 6


class Chosen:
    """The words that are drawn: ``names, vectors, places, groups, pairs`` (as numbers), arrows."""

    def __init__(
        self, vectors, words, show, groups, pairs, direction, along, axes, positions, unit
    ):
        every = list(getattr(words, "words", words))
        vectors = lengthened(vectors, unit)
        if len(every) != len(vectors):
            raise ValueError(f"There are {len(every)} words and {len(vectors)} vectors.")
        self.groups = {name: list(members) for name, members in (groups or {}).items()}
        if len(self.groups) > GROUPS:
            raise ValueError(f"groups has {len(self.groups)} entries; a map shows up to {GROUPS}.")
        named = [word for members in self.groups.values() for word in members]
        twice = sorted({word for word in named if named.count(word) > 1})
        if twice:
            raise ValueError(f"{twice[0]!r} is in two groups; every word has one colour.")
        if show is None:
            paired = [word for pair in pairs for word in pair]
            show = dict.fromkeys([*named, *paired]) if named or paired else every
        self.names = list(dict.fromkeys(show))
        where = {word: at for at, word in enumerate(every)}
        wanted = [*self.names, *named, *(word for pair in pairs for word in pair)]
        unknown = [word for word in wanted if word not in where]
        if unknown:
            some = ", ".join(map(repr, dict.fromkeys(unknown[:5])))
            raise ValueError(f"Not among the {len(every)} words: {some}.")
        if not LEAST <= len(self.names) <= MOST:
            raise ValueError(
                f"There are {len(self.names)} words to draw; a map shows {LEAST} to {MOST}. "
                "Choose them with show=[...]."
            )
        rows = [where[word] for word in self.names]
        self.vectors = vectors[rows]
        self._place(axes, along, positions, rows)
        order = {word: at for at, word in enumerate(self.names)}
        missing = [word for word in wanted if word not in order]
        if missing:
            raise ValueError(f"{missing[0]!r} is in groups or pairs, but not in show.")
        self.members = np.full(len(self.names), -1)
        for at, members in enumerate(self.groups.values()):
            self.members[[order[word] for word in members]] = at
        self.pairs = [(order[a], order[b]) for a, b in pairs]
        self.direction = direction
        self.along = along[0] if along is not None else None

    def _place(self, axes, along, positions, rows):
        self.axes = None
        if positions is not None:
            places = np.asarray(positions, dtype=float)
            if places.ndim != 2 or places.shape[1] != 2 or len(places) <= max(rows):
                raise ValueError(f"positions has shape {places.shape}; it takes (V, 2).")
            self.places = places[rows]
        else:
            if axes is not None:
                self.axes = np.asarray(axes, dtype=float)
                if self.axes.shape != (2, self.vectors.shape[1]):
                    wanted = (2, self.vectors.shape[1])
                    raise ValueError(f"plane has shape {self.axes.shape}; it takes {wanted}.")
            elif self.vectors.shape[1] == 2 and along is None:
                self.axes = np.eye(2)
            else:
                self.axes = plane(self.vectors, along[1] if along is not None else None, False)
            self.places = self.vectors @ self.axes.T
        if not np.isfinite(self.places).all():
            raise ValueError("Some vectors are not finite; a map needs numbers.")

    def spread(self):
        """The share of the words' variance along both axes, or ``None`` for places given."""
        if self.axes is None:
            return None
        total = self.vectors.var(axis=0).sum()
        return self.places.var(axis=0) / total if total else np.array([1.0, 0.0])

    def finding(self):
        within, between = separation(self.vectors, self.members)
        if np.isfinite(within) and np.isfinite(between):
            together = within > between + 0.05
            verb = "lie together" if together else "do not lie apart"
            return (
                f"Words of one group {verb}: cosine {number(within)} within, "
                f"{number(between)} between"
            )
        same = parallel(self.vectors, self.pairs)
        if np.isfinite(same):
            way = (
                "the same way" if same > 0.5 else "roughly one way" if same > 0.25 else "many ways"
            )
            return f"The {len(self.pairs)} pairs point {way}: mean cosine {number(same)}"
        return f"How {len(self.names)} words lie to each other"

    def alt(self, title, told):
        words = f"A map of {len(self.names)} words"
        parts = [
            f"{name} ({len(members)} words, {_side(self, at)})"
            for at, (name, members) in enumerate(self.groups.items())
        ]
        said = [f"{title}.", f"{words}: {'; '.join(parts)}." if parts else f"{words}.", told]
        within, between = separation(self.vectors, self.members)
        if np.isfinite(within) and np.isfinite(between):
            said.append(
                f"Mean cosine within groups {number(within)}, between groups {number(between)}."
            )
        if self.pairs:
            same = parallel(self.vectors, self.pairs)
            ways = (
                f", whose differences have a mean cosine of {number(same)}" if same == same else ""
            )
            said.append(f"{len(self.pairs)} pairs are joined by lines{ways}.")
        if self.direction is not None:
            said.append(f"An arrow shows {self.direction[0]}, {self.share():.0%} of its length.")
        if self.along is not None:
            order = np.argsort(self.places[:, 0], kind="stable")
            low, high = (", ".join(self.names[i] for i in some) for some in (order[:3], order[-3:]))
            said.append(f"Along {self.along}, first {low}; last {high}.")
        return " ".join(said)

    def share(self):
        """How much of the arrow's length lies in the picture, 0 to 1."""
        way = np.asarray(self.direction[1], dtype=float)
        return float(np.linalg.norm(self.axes @ way) / np.linalg.norm(way))


def _side(drawn, at):
    """Where a group's middle lies: "top left" and so on, by thirds of the picture."""
    low, high = drawn.places.min(axis=0), drawn.places.max(axis=0)
    middle = drawn.places[drawn.members == at].mean(axis=0)
    x, y = (middle - low) / np.where(high > low, high - low, 1)
    up = "top" if y > 2 / 3 else "bottom" if y < 1 / 3 else ""
    side = "right" if x > 2 / 3 else "left" if x < 1 / 3 else ""
    return f"{up} {side}".strip() or "middle"
