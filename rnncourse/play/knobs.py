"""The knobs: sliders for both weights, choices for activation and input, and the picture."""

import ipywidgets as widgets

from rnncourse.cells import ACTIVATIONS
from rnncourse.draw.style import number
from rnncourse.play.controls import choice, image, slider, told
from rnncourse.play.signals import SIGNALS
from rnncourse.play.trace import Trace

# How far the feedback knob turns: far enough to pass the activation's own bifurcation.
REACH = {"linear": 1.5, "relu": 1.5, "tanh": 3.0, "sigmoid": 8.0}


class NeuronKnobs(widgets.VBox):
    """A recurrent neuron with both weights as knobs; ``play.neuron`` makes one.

    Attributes: ``w_x, w_h`` (sliders), ``activation, signal`` (choices), ``image`` (the picture),
    ``response`` (T,), ``reading`` (a sentence) and ``b``, the bias.
    """

    def __init__(self, w_x=1.0, w_h=0.7, activation="linear", signal="impulse", b=0.0):
        self._trace = Trace()
        self._trace.picture(w_x, w_h, activation, signal, b)  # wrong names are told here
        self.b = b
        reach = max(2.0, abs(w_x)), max(REACH[activation], abs(w_h))
        self.w_x = slider("input w_x", w_x, -reach[0], reach[0])
        self.w_h = slider("feedback w_h", w_h, -reach[1], reach[1])
        self.activation = choice("activation", tuple(ACTIVATIONS), activation)
        self.signal = choice("input", SIGNALS, signal)
        self.image = image()
        self.values = widgets.HTML()
        super().__init__(
            [
                widgets.HBox([self.w_x, self.w_h], layout={"flex_flow": "row wrap"}),
                widgets.HBox([self.activation, self.signal], layout={"flex_flow": "row wrap"}),
                self.image,
                self.values,
            ]
        )
        self.activation.observe(self._reach, "value")
        for knob in self.knobs:
            knob.observe(self._redraw, "value")
        self._redraw()

    @property
    def knobs(self):
        """The four widgets that a learner can turn."""
        return self.w_x, self.w_h, self.activation, self.signal

    @property
    def setting(self):
        """Where the knobs stand: ``w_x, w_h, activation, signal, b``."""
        return *(knob.value for knob in self.knobs), self.b

    @property
    def response(self):
        return self._trace.response

    @property
    def reading(self):
        return self._trace.reading

    def _reach(self, _change):
        reach = REACH[self.activation.value]
        self.w_h.max = max(reach, self.w_h.min)  # never below min on the way
        self.w_h.min, self.w_h.max = -reach, reach

    def _redraw(self, _change=None):
        with self._trace.lock:  # the picture of the last setting arrives last
            self.image.value = self._trace.png(*self.setting)
            outputs = ", ".join(map(number, self.response[:6]))
        self.values.value = told(f"h: {outputs}, …")

    def _repr_mimebundle_(self, include=None, exclude=None):
        live = super()._repr_mimebundle_(include=include, exclude=exclude) or {}
        static, metadata = self._trace.picture(*self.setting)._repr_mimebundle_()
        return {**live, **static}, metadata
