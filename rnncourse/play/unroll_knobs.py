"""The unrolled network with a slider over time: its step is lit, later ones are pale."""

from functools import partial
from io import BytesIO

import ipywidgets as widgets
import numpy as np
from PIL import Image

from rnncourse.draw.runs import Run, indexed
from rnncourse.draw.style import house_type, number
from rnncourse.draw.unrolleds import unrolled
from rnncourse.play.controls import told

MOST = 12  # steps: each is drawn once, beforehand


class UnrollKnobs(widgets.VBox):
    """An unrolled network to step through; ``play.unroll`` makes one.

    Attributes: ``now`` (the slider), ``back``, ``on`` (buttons), ``image`` (the picture),
    ``states`` (T, H) and ``reading`` (a sentence on this step).
    """

    def __init__(self, rnn, x, now=0, **given):
        self._run = Run(rnn, x, **given)
        steps = len(self._run.x)
        if steps > MOST:
            raise ValueError(f"x has {steps} steps; play.unroll takes up to {MOST}.")
        now = self._run.step("now", now)
        self._picture = partial(unrolled, rnn, self._run.x.copy(), **given)
        self._frames = [_png(self._picture(now=step).figure) for step in range(steps)]
        self.states = self._run.states
        self.now = widgets.IntSlider(
            value=now, min=0, max=steps - 1, description="step t", continuous_update=True
        )
        self.back, self.on = (
            widgets.Button(description=text, tooltip=tip, layout={"width": "6.5em"})
            for text, tip in (("◀ back", "one step back"), ("on ▶", "one step on"))
        )
        self.back.on_click(lambda _: self._turn(-1))
        self.on.on_click(lambda _: self._turn(1))
        self.image = widgets.Image(format="png", layout={"max_width": "100%"})
        self.values = widgets.HTML()
        row = widgets.HBox([self.back, self.now, self.on], layout={"flex_flow": "row wrap"})
        super().__init__([row, self.image, self.values])
        self.now.observe(self._redraw, "value")
        self._redraw()

    @property
    def reading(self):
        """What happens at the step where the slider stands."""
        run, now = self._run, self.now.value
        heard = f"“{run.words[now]}”" if run.words else f"{indexed('x', now)} = {_row(run.x[now])}"
        held = f"{indexed('h', now - 1)} = " if now else ""
        told = (
            f"Step {now} hears {heard}; the delay block gives back {held}{_row(run.before(now))}; "
            f"the same F makes {indexed('h', now)} = {_row(run.states[now])}"
        )
        return f"{told}; output {_row(run.y[now])}." if run.readout else f"{told}."

    def _turn(self, by):
        self.now.value = min(max(self.now.value + by, 0), self.now.max)

    def _redraw(self, _change=None):
        now = self.now.value
        self.image.value = self._frames[now]
        self.back.disabled, self.on.disabled = now == 0, now == self.now.max
        said = self.reading.replace("&", "&amp;").replace("<", "&lt;")
        self.values.value = told(said)

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._picture(now=self.now.value)._repr_mimebundle_()
        return {**live, **static}, metadata


def _png(figure):
    with house_type():
        figure.canvas.draw()
    target = BytesIO()
    pixels = np.asarray(figure.canvas.buffer_rgba())[:, :, :3]
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, "png", compress_level=6)
    return target.getvalue()


def _row(values):
    shown = ", ".join(map(number, values[:6]))
    return f"({shown}{', …' if len(values) > 6 else ''})" if len(values) > 1 else shown
