"""A field for a story, and above every word the answers that a network would give after it."""

from html import escape
from threading import RLock

import ipywidgets as widgets

from rnncourse.play.controls import LABEL, choice, image, told
from rnncourse.play.quick import quick_png
from rnncourse.play.story_reader import StoryReader


class StoryKnobs(widgets.VBox):
    """A story to type and a network that reads it; ``play.story`` makes one.

    Attributes: ``text`` (the field), ``network`` (the choice, or ``None``), ``image``, ``words``
    (T,), ``shares`` (T, K) and ``reading`` (a sentence).
    """

    def __init__(self, network, story, answers):
        self._reader, self._lock = StoryReader(network, answers), RLock()
        names = self._reader.names
        self.text = widgets.Textarea(
            value=story, description="your story", rows=3, continuous_update=True, style=LABEL,
            placeholder="A girl walked into a bar ...",
            layout={"width": "792px", "max_width": "100%"},
        )  # fmt: skip
        self.network = choice("network", names, names[0]) if len(names) > 1 else None
        self.image, self.values = image("814px"), widgets.HTML()
        knobs = [self.text] if self.network is None else [self.text, self.network]
        super().__init__([*knobs, self.image, self.values])
        self._redraw()
        if self._reader.picture is None:
            raise ValueError(self.reading)
        for knob in knobs:
            knob.observe(self._redraw, "value")

    @property
    def words(self):
        return self._reader.words

    @property
    def shares(self):
        return self._reader.shares

    @property
    def reading(self):
        return self._reader.reading

    def _redraw(self, _change=None):
        with self._lock:  # the picture of the last story arrives last
            name = self.network.value if self.network is not None else None
            if self._reader.read(self.text.value, name):
                self.image.value = quick_png(self._reader.picture)
            self.values.value = told(escape(self.reading))

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._reader.picture._repr_mimebundle_()
        return {**live, **static}, metadata
