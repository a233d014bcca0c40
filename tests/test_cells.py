"""The recurrent neuron is the recursion it claims to be, and remembers only through its delay."""

import doctest
import importlib
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import lfilter

from rnncourse import cells

NAMES = list(cells.ACTIVATIONS)
weights = st.floats(-1.2, 1.2)
sizes = st.integers(1, 5)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


@given(w_x=weights, w_h=weights, h0=weights, T=st.integers(1, 40), B=sizes, seed=st.integers(0, 99))
@settings(deadline=None)
def test_the_linear_neuron_is_a_first_order_filter(w_x, w_h, h0, T, B, seed):
    x = noise(T, B, seed=seed)
    held = np.full((1, B), w_h * h0)  # what the delay block adds to the first output
    filtered, _ = lfilter([w_x], [1.0, -w_h], x, axis=0, zi=held)
    np.testing.assert_allclose(cells.run_neuron(x, w_x, w_h, h0=h0), filtered, atol=1e-12)


@given(w_x=weights, w_h=weights, b=weights, B=sizes, seed=st.integers(0, 99))
@settings(deadline=None)
def test_a_batch_is_its_sequences_side_by_side(w_x, w_h, b, B, seed):
    x, h0 = noise(7, B, seed=seed), noise(B, seed=seed + 1)
    together = cells.run_neuron(x, w_x, w_h, b, h0, "tanh")
    for k in range(B):
        alone = cells.run_neuron(x[:, k], w_x, w_h, b, h0[k], "tanh")
        np.testing.assert_allclose(together[:, k], alone, rtol=1e-14, atol=1e-15)


@pytest.mark.parametrize("activation", NAMES)
def test_run_is_the_steps_one_after_the_other(activation):
    x = noise(9)
    stepped = cells.RecurrentNeuron(0.8, -0.6, 0.1, activation, h0=0.3)
    one_by_one = [stepped.step(value) for value in x]
    at_once = cells.RecurrentNeuron(0.8, -0.6, 0.1, activation, h0=0.3)
    np.testing.assert_array_equal(at_once.run(x), one_by_one)
    assert at_once.delay.held == stepped.delay.held == one_by_one[-1]


def test_the_familiar_example():
    neuron = cells.RecurrentNeuron(w_x=1.0, w_h=1.0, h0=0.5)
    assert round(float(neuron.step(1.0)), 3) == 0.818
    assert round(float(cells.neuron_step(1.0, 0.5, 1.0, 1.0, activation="sigmoid")), 3) == 0.818


@pytest.mark.parametrize("activation", NAMES)
def test_the_first_input_changes_the_last_output(activation):
    x = np.full(6, 0.5)
    changed = x.copy()
    changed[0] = 0.9
    last, other = (cells.run_neuron(s, 1.0, 0.8, activation=activation)[-1] for s in (x, changed))
    assert abs(last - other) > 1e-6


@pytest.mark.parametrize("activation", NAMES)
def test_without_feedback_it_forgets(activation):
    x = noise(6)
    changed = x.copy()
    changed[:-1] += 1.0
    runs = [cells.run_neuron(s, 1.0, 0.0, activation=activation)[-1] for s in (x, changed)]
    assert runs[0] == runs[1]


def test_the_feedback_is_the_output_after_its_activation():
    h = cells.run_neuron([1.0, 0.0], w_x=1.0, w_h=2.0, activation="tanh")
    assert h[1] == pytest.approx(np.tanh(2.0 * np.tanh(1.0)))


def test_h0_is_heard_and_is_not_among_the_outputs():
    h = cells.run_neuron([0.0, 0.0], w_x=1.0, w_h=0.5, h0=8.0)
    np.testing.assert_array_equal(h, [4.0, 2.0])


def test_run_starts_from_h0_again_and_step_goes_on():
    neuron = cells.RecurrentNeuron(1.0, 0.5, activation="linear", h0=2.0)
    first = neuron.run([1.0, 0.0])
    np.testing.assert_array_equal(neuron.run([1.0, 0.0]), first)
    assert neuron.delay.held == first[-1]
    assert neuron.step(0.0) == first[-1] / 2
    neuron.reset()
    assert neuron.delay.held == 2.0


@given(st.lists(st.floats(-9, 9), min_size=1, max_size=12), st.floats(-9, 9))
def test_the_delay_block_delays_by_one_step(values, initial):
    block = cells.DelayBlock(initial)
    assert [block.step(value) for value in values] == [initial, *values[:-1]]
    assert block.held == values[-1]
    block.reset()
    assert block.held == initial


def test_the_delay_block_keeps_its_own_copy():
    value = np.zeros(3)
    block = cells.DelayBlock(value)
    block.step(value)
    value += 1.0
    np.testing.assert_array_equal(block.held, np.zeros(3))
    held = block.held
    held += 5.0
    block.reset()
    np.testing.assert_array_equal(block.held, np.zeros(3))


def test_sigmoid_is_right_at_both_ends_without_a_warning():
    with np.errstate(all="raise", under="ignore"):
        far = cells.sigmoid(np.array([-1000.0, -40.0, 0.0, 40.0, 1000.0]))
    np.testing.assert_allclose(far, [0, np.exp(-40.0), 0.5, 1, 1], rtol=1e-13)
    a = np.linspace(-5, 5, 11)
    np.testing.assert_allclose(cells.sigmoid(a), 1 / (1 + np.exp(-a)), rtol=1e-14)
    np.testing.assert_allclose(cells.sigmoid(a), (1 + cells.tanh(a / 2)) / 2, rtol=1e-12)


def test_relu_and_linear_pass_what_they_should():
    a = np.array([-2.0, 0.0, 3.0])
    np.testing.assert_array_equal(cells.relu(a), [0, 0, 3])
    np.testing.assert_array_equal(cells.linear(a), a)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), (4,), (2, 3)])
def test_activations_keep_the_shape(name, shape):
    assert np.shape(cells.ACTIVATIONS[name](np.zeros(shape))) == shape


@pytest.mark.parametrize(("shape", "h0"), [((5,), ()), ((5, 2), ()), ((5, 2), (2,)), ((0,), ())])
def test_outputs_have_the_documented_shape(shape, h0):
    assert cells.run_neuron(np.zeros(shape), 1.0, 0.5, h0=np.zeros(h0)).shape == shape
    neuron = cells.RecurrentNeuron(1.0, 0.5, h0=np.zeros(h0))
    assert neuron.run(np.zeros(shape)).shape == shape
    assert neuron.step(np.zeros(shape[1:])).shape == shape[1:]


def test_a_list_of_integers_gives_floats():
    h = cells.run_neuron([1, 0, 0], w_x=1, w_h=0.5)
    np.testing.assert_array_equal(h, [1.0, 0.5, 0.25])


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: cells.run_neuron(np.zeros((3, 4, 5)), 1, 1),
            r"x has shape (3, 4, 5); this neuron takes (T,) or (T, B).",
        ),
        (lambda: cells.run_neuron(1.0, 1, 1), "x has shape (); this neuron takes (T,) or (T, B)."),
        (
            lambda: cells.run_neuron(np.zeros((3, 4)), 1, 1, h0=np.zeros(3)),
            "h0 has shape (3,); with x of shape (3, 4) it must be one number or (4,).",
        ),
        (
            lambda: cells.run_neuron(np.zeros(3), 1, 1, h0=np.zeros(3)),
            "h0 has shape (3,); with x of shape (3,) it must be one number.",
        ),
        (
            lambda: cells.run_neuron([], 1, 1, activation="softmax"),
            "activation is 'softmax'; choose one of sigmoid, tanh, relu, linear.",
        ),
    ],
)
def test_errors_say_what_came_and_what_is_taken(call, words):
    with pytest.raises(ValueError) as caught:
        call()
    assert str(caught.value) == words


@pytest.mark.parametrize("module", ["activations", "delay", "neuron"])
def test_the_examples_in_the_docstrings_run(module):
    tested = doctest.testmod(importlib.import_module(f"rnncourse.cells.{module}"))
    assert tested.attempted > 0
    assert tested.failed == 0


def test_cells_load_nothing_but_numpy():
    heavy = "{'torch', 'matplotlib', 'scipy', 'ipywidgets'}"
    code = f"import sys, rnncourse.cells; print(sorted({heavy} & set(sys.modules)))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"
