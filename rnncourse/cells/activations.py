"""Activation functions: one number in, one number out, element by element.

Built by hand in lesson 02.
"""

import numpy as np


def sigmoid(a):
    """Squash any number into 0 to 1: ``1 / (1 + exp(-a))``.

    Computed as ``exp(-log(1 + exp(-a)))``, so that no ``a`` overflows: at -1000 the plain formula
    would need ``exp(1000)``.

    Parameters: ``a``, a number or an array of any shape, without unit.
    Returns: the same shape, between 0 and 1; 0.5 at ``a = 0``; the slope is at most 1/4, there.

    >>> round(float(sigmoid(1.5)), 3)
    0.818
    """
    return np.exp(-np.logaddexp(0.0, np.negative(a)))


def tanh(a):
    """Squash any number into -1 to 1: ``(exp(a) - exp(-a)) / (exp(a) + exp(-a))``.

    Parameters: ``a``, a number or an array of any shape, without unit.
    Returns: the same shape, between -1 and 1; 0 at ``a = 0``, where the slope is 1.

    >>> round(float(tanh(1.5)), 3)
    0.905
    """
    return np.tanh(a)


def relu(a):
    """Pass what is positive, stop the rest: ``max(0, a)``.

    Parameters: ``a``, a number or an array of any shape, without unit.
    Returns: the same shape, 0 or more.

    >>> float(relu(-0.7)), float(relu(1.5))
    (0.0, 1.5)
    """
    return np.maximum(a, 0.0)


def linear(a):
    """Pass every number on unchanged: ``a``.

    Parameters: ``a``, a number or an array of any shape, without unit.
    Returns: the same values.

    >>> float(linear(-0.7))
    -0.7
    """
    return np.positive(a)


ACTIVATIONS = {"sigmoid": sigmoid, "tanh": tanh, "relu": relu, "linear": linear}


def activation_named(name):
    """Give the activation function of this name.

    Raises ``ValueError`` where ``ACTIVATIONS`` has no such name.

    >>> activation_named("tanh") is tanh
    True
    """
    if name not in ACTIVATIONS:
        raise ValueError(f"activation is {name!r}; choose one of {', '.join(ACTIVATIONS)}.")
    return ACTIVATIONS[name]
