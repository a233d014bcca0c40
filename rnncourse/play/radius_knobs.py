"""Spectral radius against memory: what is left of a change in the state, and in the gradient."""

import ipywidgets as widgets

from rnncourse.draw.style import number
from rnncourse.play.controls import choice, image, slider, told
from rnncourse.play.memory import NONLINEARITIES, STARTS
from rnncourse.play.radius_plot import RadiusPlot


class RadiusKnobs(widgets.VBox):
    """A random net with its spectral radius as a knob; ``play.radius`` makes one.

    Attributes: ``radius, strength`` (sliders), ``nonlinearity, start`` (choices), ``image``,
    ``state`` and ``gradient`` (61,), ``reading`` (a sentence).
    """

    def __init__(
        self, radius=0.9, nonlinearity="tanh", units=32, seed=0, start="random", strength=0.5
    ):
        self._plot = RadiusPlot(units, seed)
        self._plot.picture(radius, nonlinearity, start, strength)  # wrong names are told here
        self.radius = slider("spectral radius", radius, 0.1, 2.0)
        self.strength = slider("input noise", strength, 0.0, 2.0)
        self.nonlinearity = choice("nonlinearity", NONLINEARITIES, nonlinearity)
        self.start = choice("start of W_hh", STARTS, start)
        self.image = image("814px")
        self.values = widgets.HTML()
        super().__init__(
            [
                widgets.HBox([self.radius, self.strength], layout={"flex_flow": "row wrap"}),
                widgets.HBox([self.nonlinearity, self.start], layout={"flex_flow": "row wrap"}),
                self.image,
                self.values,
            ]
        )
        for knob in self.knobs:
            knob.observe(self._redraw, "value")
        self._redraw()

    @property
    def knobs(self):
        """The four widgets that a learner can turn."""
        return self.radius, self.nonlinearity, self.start, self.strength

    @property
    def setting(self):
        """Where the knobs stand: ``radius, nonlinearity, start, strength``."""
        return tuple(knob.value for knob in self.knobs)

    @property
    def state(self):
        return self._plot.state

    @property
    def gradient(self):
        return self._plot.gradient

    @property
    def reading(self):
        return self._plot.reading

    def _redraw(self, _change=None):
        with self._plot.lock:  # the picture of the last setting arrives last
            self.image.value = self._plot.png(*self.setting)
            said = f"{self.reading} Largest singular value {number(self._plot.norm)}."
        self.values.value = told(said)

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._plot.picture(*self.setting)._repr_mimebundle_()
        return {**live, **static}, metadata
