"""One recurrent neuron: an input, a feedback weight, an activation and a delay block.

Built by hand in lesson 02. It is the case of one unit of the simple recurrent network of

    J. L. Elman (1990), Finding structure in time, Cognitive Science 14, 179-211,
    doi:10.1207/s15516709cog1402_1,

whose context units hold a copy of the hidden units' last values, as the delay block does here.
"""

import numpy as np

from rnncourse.cells.activations import activation_named
from rnncourse.cells.delay import DelayBlock


def neuron_step(x, h, w_x, w_h, b=0.0, activation="linear"):
    """One step of the neuron: ``h_t = f(w_x * x_t + w_h * h_{t-1} + b)``.

    Parameters
    ----------
    x : number or array, the input x_t. Any shape; the steps of a batch are taken side by side.
    h : number or array that fits x, the previous output h_{t-1}.
    w_x, w_h, b : numbers: input weight, feedback weight, bias.
    activation : "sigmoid", "tanh", "relu" or "linear", the function f; linear unless named.

    Returns h_t, in the shape of x and h together. No value has a unit.
    Raises ``ValueError`` where the activation is unknown or the shapes do not fit.

    >>> round(float(neuron_step(1.0, 0.5, w_x=1.0, w_h=1.0, activation="sigmoid")), 3)
    0.818
    """
    f = activation_named(activation)
    return f(w_x * np.asarray(x, dtype=float) + w_h * np.asarray(h, dtype=float) + b)


def run_neuron(x, w_x, w_h, b=0.0, h0=0.0, activation="linear"):
    """Run the neuron over a whole sequence: ``h_t = f(w_x * x_t + w_h * h_{t-1} + b)``.

    Parameters
    ----------
    x : (T,) one sequence, or (T, B) for B sequences side by side.
    w_x, w_h, b : numbers: input weight, feedback weight, bias.
    h0 : number or (B,), what the delay block holds before the first step (h_{-1} in the equation).
    activation : "sigmoid", "tanh", "relu" or "linear", the function f.

    Returns every output h_t, (T,) or (T, B) as x; h0 is not among them. No value has a unit.
    Raises ``ValueError`` for another shape of x or h0, or an unknown activation.

    >>> run_neuron([1.0, 0.0, 0.0], w_x=1.0, w_h=0.5)
    array([1.  , 0.5 , 0.25])
    """
    x = np.asarray(x, dtype=float)
    if x.ndim not in (1, 2):
        raise ValueError(f"x has shape {x.shape}; this neuron takes (T,) or (T, B).")
    h0 = np.asarray(h0, dtype=float)
    if h0.shape not in ((), x.shape[1:]):
        wanted = f"one number or {x.shape[1:]}" if x.ndim == 2 else "one number"
        raise ValueError(f"h0 has shape {h0.shape}; with x of shape {x.shape} it must be {wanted}.")
    activation_named(activation)  # a wrong name is an error for an empty sequence too

    outputs = np.empty_like(x)
    h = h0
    for t, x_t in enumerate(x):
        h = neuron_step(x_t, h, w_x, w_h, b, activation)
        outputs[t] = h
    return outputs


class RecurrentNeuron:
    """A neuron that hears its own last output, through a delay block.

    ``h_t = f(w_x * x_t + w_h * h_{t-1} + b)``, where h_{t-1} is what the delay block holds.

    Parameters
    ----------
    w_x, w_h, b : numbers: input weight, feedback weight, bias.
    activation : "sigmoid", "tanh", "relu" or "linear", the function f.
    h0 : number or (B,), what the delay block holds before the first step.

    Attributes: the parameters, by their names, and ``delay``, the DelayBlock.

    >>> neuron = RecurrentNeuron(w_x=1.0, w_h=0.5, activation="linear")
    >>> neuron.run([1.0, 0.0, 0.0]), float(neuron.delay.held)
    (array([1.  , 0.5 , 0.25]), 0.25)
    """

    def __init__(self, w_x, w_h, b=0.0, activation="sigmoid", h0=0.0):
        self.w_x = w_x
        self.w_h = w_h
        self.b = b
        self.activation = activation
        self.h0 = h0
        self.delay = DelayBlock(h0)

    def step(self, x):
        """Hear one input (a number, or (B,) for a batch), return the output h_t and hold it.

        Goes on from what the delay block holds. Raises ``ValueError`` where x does not fit it.
        """
        h_t = neuron_step(x, self.delay.held, self.w_x, self.w_h, self.b, self.activation)
        self.delay.step(h_t)
        return h_t

    def run(self, x):
        """Start from h0, hear the whole sequence x (T,) or (T, B), return every output.

        The last output stays in the delay block, so ``step`` can go on from there.
        Raises ``ValueError`` as ``run_neuron`` does.
        """
        outputs = run_neuron(x, self.w_x, self.w_h, self.b, self.h0, self.activation)
        self.reset()
        if len(outputs):
            self.delay.step(outputs[-1])
        return outputs

    def reset(self):
        """Let the delay block hold h0 again."""
        self.delay = DelayBlock(self.h0)

    def __repr__(self):
        return (
            f"RecurrentNeuron(w_x={self.w_x}, w_h={self.w_h}, b={self.b}, "
            f"activation={self.activation!r}, h0={self.h0})"
        )
