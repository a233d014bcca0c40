"""What a neuron is made to hear in a figure with knobs."""

import numpy as np

STEPS = 30


def _impulse():
    return np.eye(1, STEPS)[0]


def _step():
    return np.ones(STEPS)


def _two_impulses():
    x = _impulse()
    x[12] = 1.0
    return x


def _noise():
    return np.random.default_rng(2).normal(0.0, 0.5, STEPS)


_MAKERS = {"impulse": _impulse, "step": _step, "two impulses": _two_impulses, "noise": _noise}
SIGNALS = tuple(_MAKERS)


def signal_named(name):
    """The signal of this name, (30,), always the same. Raises ``ValueError`` where unknown."""
    if name not in _MAKERS:
        raise ValueError(f"signal is {name!r}; choose one of {', '.join(SIGNALS)}.")
    return _MAKERS[name]()
