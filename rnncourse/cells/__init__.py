"""The mathematics of recurrent networks, in NumPy only.

Nothing here is used in a lesson before the learner has built it there:

- ``DelayBlock``, ``neuron_step``, ``run_neuron``, ``RecurrentNeuron``, the activations: lesson 02.
- ``RNN``: its step and layer in lesson 03, its loop and masks (``length_mask``) in lesson 04, its
  backward pass in lesson 05. ``Linear``: lessons 03 and 05.
- ``LSTM``: lesson 07. ``GRU``, ``Stacked``, ``Bidirectional``, ``Dropout``, ``LayerNorm``:
  lesson 08.
- ``starts``, where the weights begin: lesson 06.
"""

from rnncourse.cells import starts
from rnncourse.cells.activations import ACTIVATIONS, activation_named, linear, relu, sigmoid, tanh
from rnncourse.cells.bidirectional import Bidirectional
from rnncourse.cells.delay import DelayBlock
from rnncourse.cells.dropout import Dropout
from rnncourse.cells.gru import GRU
from rnncourse.cells.layer_norm import LayerNorm
from rnncourse.cells.linear_layer import Linear
from rnncourse.cells.lstm import LSTM
from rnncourse.cells.masks import length_mask
from rnncourse.cells.neuron import RecurrentNeuron, neuron_step, run_neuron
from rnncourse.cells.rnn import RNN
from rnncourse.cells.stacked import Stacked

__all__ = [
    "ACTIVATIONS",
    "GRU",
    "LSTM",
    "RNN",
    "Bidirectional",
    "DelayBlock",
    "Dropout",
    "LayerNorm",
    "Linear",
    "RecurrentNeuron",
    "Stacked",
    "activation_named",
    "length_mask",
    "linear",
    "neuron_step",
    "relu",
    "run_neuron",
    "sigmoid",
    "starts",
    "tanh",
]
