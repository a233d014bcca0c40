"""A cell to run by hand: a knob for each gate and for the candidate, and a step at a time."""

import ipywidgets as widgets

from rnncourse.play.controls import image, slider, told
from rnncourse.play.lstm_plot import LstmPlot


class LstmKnobs(widgets.VBox):
    """An LSTM cell whose gates are set by hand; ``play.lstm`` makes one.

    Attributes: ``i, f, o, g`` (sliders), ``step, back, again`` (buttons), ``image``,
    ``cell_states, shown`` (c and h at every step so far, c[0] = h[0] = 0), ``reading`` (a sentence
    on the coming step), ``mission`` ([(sentence, done), ...]) and ``finished``.
    """

    def __init__(self, i=0.0, f=1.0, o=0.0, g=0.8, target=0.8, hold=5, steps=24):
        self._plot = LstmPlot(target, hold, steps)
        self._done = []
        self.i, self.f, self.o = (
            slider(name, value, 0.0, 1.0)
            for name, value in (("input gate i", i), ("forget gate f", f), ("output gate o", o))
        )
        self.g = slider("candidate g", g, -1.0, 1.0)
        self.step, self.back, self.again = (
            widgets.Button(description=text, tooltip=tip, layout={"width": "8em"})
            for text, tip in (
                ("step ▶", "do the coming step with the gates as they stand"),
                ("◀ back one", "take the last step back"),
                ("start over", "an empty cell, no steps done"),
            )
        )
        self.step.on_click(lambda _: self._do([*self._done, self.setting]))
        self.back.on_click(lambda _: self._do(self._done[:-1]))
        self.again.on_click(lambda _: self._do([]))
        self.image = image("814px")
        self.values = widgets.HTML()
        wrap = {"flex_flow": "row wrap"}
        super().__init__(
            [
                widgets.HBox([self.f, self.i], layout=wrap),
                widgets.HBox([self.g, self.o], layout=wrap),
                widgets.HBox([self.step, self.back, self.again], layout=wrap),
                self.image,
                self.values,
            ]
        )
        for knob in self.knobs:
            knob.observe(self._redraw, "value")
        self._redraw()

    @property
    def knobs(self):
        """The four sliders: input gate, forget gate, output gate, candidate."""
        return self.i, self.f, self.o, self.g

    @property
    def setting(self):
        """Where the knobs stand: (i, f, o, g)."""
        return tuple(knob.value for knob in self.knobs)

    @property
    def settings(self):
        """The (i, f, o, g) of every step so far."""
        return list(self._done)

    @property
    def cell_states(self):
        return [0.0, *(step.c for step in self._plot.steps)]

    @property
    def shown(self):
        return [0.0, *(step.h for step in self._plot.steps)]

    @property
    def reading(self):
        return self._plot.reading

    @property
    def mission(self):
        return self._plot.mission.parts

    @property
    def finished(self):
        return all(done for _, done in self.mission)

    def _do(self, settings):
        if len(settings) <= self._plot.most:
            self._done = settings
            self._redraw()

    def _drawn(self):
        """What is drawn: the steps done, and the coming one while there is room for it."""
        full = len(self._done) == self._plot.most
        return tuple(self._done), None if full else self.setting

    def _redraw(self, _change=None):
        with self._plot.lock:  # the picture of the last setting arrives last
            self.image.value = self._plot.png(*self._drawn())
            done = [part for part, good in self.mission if good]
            parts = f"Mission: {len(done)} of {len(self.mission)} parts done."
            self.values.value = told(f"{self.reading} {parts}")
        self.step.disabled = len(self._done) == self._plot.most
        self.back.disabled = self.again.disabled = not self._done

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._plot.picture(*self._drawn())._repr_mimebundle_()
        return {**live, **static}, metadata
