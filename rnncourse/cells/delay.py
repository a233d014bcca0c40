"""The delay block: memory of one step, and nothing else.

Built by hand in lesson 02.
"""

import numpy as np


class DelayBlock:
    """Give back at every step what came in one step earlier.

    In signal processing this is the box marked z⁻¹: ``y_t = x_{t-1}``, and ``y_0 = initial``.

    Parameters: ``initial``, what the block holds before the first step: a number, or an array of
    any shape. Values keep the unit they come with.

    Attributes: ``initial``; ``held``, what the block holds now and will give back at the next step.

    >>> block = DelayBlock()
    >>> [block.step(value) for value in (3.0, 5.0, 7.0)], block.held
    ([0.0, 3.0, 5.0], 7.0)
    """

    def __init__(self, initial=0.0):
        self.initial = _own(initial)
        self.reset()

    def step(self, value):
        """Take in ``value`` (any shape) and return what was held until now."""
        given = self.held
        self.held = _own(value)
        return given

    def reset(self):
        """Hold the initial value again, as before the first step."""
        self.held = _own(self.initial)

    def __repr__(self):
        return f"DelayBlock(held={self.held})"


def _own(value):
    # An array can be changed by its giver later; what was held must not change with it.
    return value.copy() if isinstance(value, np.ndarray) else value
