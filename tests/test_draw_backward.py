"""The picture of two steps back tells the gradients that the neuron has."""

import numpy as np
import pytest

from rnncourse import cells, draw
from rnncourse.draw.backwards import _Way, number3


def loss(neuron, x, target, w_h):
    h = cells.run_neuron(x, neuron.w_x, w_h, neuron.b, neuron.h0, neuron.activation)[-1]
    return 0.5 * (h - target) ** 2


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
def test_the_shares_add_up_to_the_gradient_found_by_nudging(activation):
    neuron = cells.RecurrentNeuron(0.7, -1.3, b=0.2, activation=activation, h0=0.5)
    x, target = [0.6, -0.9], 0.3
    above, below = (loss(neuron, x, target, neuron.w_h + e) for e in (1e-5, -1e-5))
    shares = _Way(neuron, np.array(x), target).shares
    assert shares.sum() == pytest.approx((above - below) / 2e-5, rel=1e-6)


def test_the_text_alternative_tells_the_familiar_example():
    picture = draw.backward(cells.RecurrentNeuron(1.0, 1.0, h0=0.5), [1.0, 0.0], 1.0)
    assert "0.818 and 0.694" in picture.alt
    assert "−0.005, −0.053, together −0.058" in picture.alt
    assert draw.collisions(picture.figure) == []


def test_drawing_leaves_the_neuron_as_it_was():
    neuron = cells.RecurrentNeuron(1.0, 1.0, h0=0.5)
    neuron.step(2.0)
    held = neuron.delay.held
    draw.backward(neuron, [1.0, 0.0], 1.0)
    assert neuron.delay.held == held


@pytest.mark.parametrize(
    ("x", "activation", "says"),
    [([1.0], "sigmoid", "two steps"), ([1.0, 0.0], "relu", "no slope for relu")],
)
def test_what_cannot_be_drawn_is_refused(x, activation, says):
    neuron = cells.RecurrentNeuron(1.0, 1.0, activation=activation)
    with pytest.raises(ValueError, match=says):
        draw.backward(neuron, x, 1.0)


def test_a_negative_number_has_a_true_minus():
    assert number3(-0.0049) == "−0.005"
