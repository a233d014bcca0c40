"""The mathematics of recurrent networks, in NumPy only.

Nothing here is used in a lesson before the learner has built it there:

- ``DelayBlock``, ``neuron_step``, ``run_neuron``, ``RecurrentNeuron``, the activations: lesson 02.
"""

from rnncourse.cells.activations import ACTIVATIONS, activation_named, linear, relu, sigmoid, tanh
from rnncourse.cells.delay import DelayBlock
from rnncourse.cells.neuron import RecurrentNeuron, neuron_step, run_neuron

__all__ = [
    "ACTIVATIONS",
    "DelayBlock",
    "RecurrentNeuron",
    "activation_named",
    "linear",
    "neuron_step",
    "relu",
    "run_neuron",
    "sigmoid",
    "tanh",
]
