"""Knobs for temperature and top-k, the distribution that they bend, and the text that comes out."""

from html import escape

import ipywidgets as widgets

from rnncourse.play.controls import LABEL, image, slider, told
from rnncourse.play.sampler import Sampler
from rnncourse.play.temperature_plot import TemperaturePlot, choices

COUNTS = (1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100, 200, 500, 1000, 2000, 5000)


class TemperatureKnobs(widgets.VBox):
    """Temperature and top-k; ``play.temperature`` makes one.

    Attributes: ``temperature, k`` (sliders), ``again`` (a button: other draws), ``image``, ``text``
    (what was drawn), ``chances`` (V,) and ``reading`` (a sentence).
    """

    def __init__(self, sampler: Sampler, temperature, k):
        self._sampler, self._plot = sampler, TemperaturePlot(sampler)
        count = len(sampler.symbols)
        self.temperature = slider("temperature", temperature, 0.1, 3.0)
        counts = sorted({*(c for c in COUNTS if c < count), count, k or count})
        self.k = widgets.SelectionSlider(
            options=[(f"{c}" if c < count else "all", c) for c in counts], value=k or count,
            description="top-k", continuous_update=True, style=LABEL, layout={"width": "360px"},
        )  # fmt: skip
        self.again = widgets.Button(
            description="draw again", tooltip="draw other symbols with the knobs as they stand"
        )
        self.image, self.values, self.written = image("814px"), widgets.HTML(), widgets.HTML()
        row = widgets.HBox([self.temperature, self.k], layout={"flex_flow": "row wrap"})
        writes = [self.again, self.written] if sampler.writes else []
        super().__init__([row, self.image, *writes, self.values])
        self._redraw()
        for knob in (self.temperature, self.k):
            knob.observe(self._redraw, "value")
        self.again.on_click(self._draw_again)

    @property
    def setting(self):
        """Where the knobs stand: (temperature, k)."""
        return self.temperature.value, self.k.value

    @property
    def chances(self):
        return self._sampler.chances(*self.setting)

    @property
    def reading(self):
        t, k = self.setting
        among = choices(self.chances)
        limit = "" if k == len(self._sampler.symbols) else f", the {k} likeliest alone"
        return f"Temperature {t:.2f}{limit}: as if among {among:.1f} equally likely symbols."

    def _draw_again(self, _button):
        self._sampler.seed += 1
        self._redraw()

    def _redraw(self, _change=None):
        with self._plot.lock:  # the picture of the last setting arrives last
            self.text = self._sampler.text(*self.setting)
            self.image.value = self._plot.png(*self.setting)
            start = f"<b>{escape(self._sampler.start)}</b>{self._sampler.joined}"
            style = "white-space: pre-wrap; max-width: 792px; line-height: 1.4"
            self.written.value = f'<pre style="{style}">{start}{escape(self.text)}</pre>'
            self.values.value = told(escape(self.reading))

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        picture = TemperaturePlot(self._sampler, self.text).picture(*self.setting)
        static, metadata = picture._repr_mimebundle_()
        return {**live, **static}, metadata
