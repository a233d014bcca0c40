"""A field for a word, and its nearest neighbours as bars."""

from html import escape
from threading import RLock

import ipywidgets as widgets

from rnncourse.play.controls import LABEL, image, told
from rnncourse.play.neighbour_finder import NeighbourFinder
from rnncourse.play.quick import quick_png


class NeighbourKnobs(widgets.VBox):
    """A word to type and its neighbours; ``play.neighbours`` makes one.

    Attributes: ``word`` (the field), ``image``, ``found`` [(word, cosine), ...] and ``reading``.
    """

    def __init__(self, finder: NeighbourFinder, word):
        self._finder, self._lock = finder, RLock()
        self.word = widgets.Text(
            value=word,
            description="word",
            continuous_update=True,
            placeholder="a word",
            style=LABEL,
        )
        self.image, self.values = image("814px"), widgets.HTML()
        super().__init__([self.word, self.image, self.values])
        self._redraw()
        if self._finder.picture is None:
            raise ValueError(self.reading)
        self.word.observe(self._redraw, "value")

    @property
    def found(self):
        return self._finder.found

    @property
    def reading(self):
        return self._finder.reading

    def _redraw(self, _change=None):
        with self._lock:  # the picture of the last word arrives last
            if self._finder.find(self.word.value):
                self.image.value = quick_png(self._finder.picture)
            self.values.value = told(escape(self.reading))

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._finder.picture._repr_mimebundle_()
        return {**live, **static}, metadata
