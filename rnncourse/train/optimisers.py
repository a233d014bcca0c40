"""Optimisers: how the weights follow their gradients. Built by hand in lesson 05.

An optimiser holds the live arrays of a cell or a network and changes them in place.
"""

import numpy as np


class _Optimiser:
    def __init__(self, parameters, lr):
        self.parameters = dict(parameters)
        self.lr = lr

    def step(self, grads):
        """Change every parameter once. Gradients of other names (of inputs, of h0) are passed by.

        Raises ``ValueError`` where a gradient is missing.
        """
        missing = [name for name in self.parameters if name not in grads]
        if missing:
            raise ValueError(f"There is no gradient for {', '.join(missing)}.")
        self._begin()
        for name, values in self.parameters.items():
            self._change(name, values, grads[name])

    def _begin(self):
        pass


class SGD(_Optimiser):
    """Gradient descent with momentum: ``v = momentum * v + g``, then ``w = w - lr * v``.

    Parameters: ``parameters``, a dict of live arrays; ``lr``, the learning rate, which may be
    changed between steps; ``momentum``, 0 for plain gradient descent. As ``torch.optim.SGD``.

    >>> w = np.array([1.0])
    >>> SGD({"w": w}, lr=0.1).step({"w": np.array([2.0])})
    >>> w
    array([0.8])
    """

    def __init__(self, parameters, lr, momentum=0.0):
        super().__init__(parameters, lr)
        self.momentum = momentum
        self._velocity = {name: np.zeros_like(values) for name, values in self.parameters.items()}

    def _change(self, name, values, gradient):
        v = self._velocity[name]
        v *= self.momentum
        v += gradient
        values -= self.lr * v


class Adam(_Optimiser):
    """Adam: a step of at most about ``lr`` for every weight, whatever the size of its gradient.

    ``m = β₁ m + (1 - β₁) g``, ``v = β₂ v + (1 - β₂) g²``, both divided by ``1 - β^t``, so that
    their start at 0 does not count; then ``w = w - lr * m / (√v + eps)``.

    D. P. Kingma and J. Ba (2015), Adam: a method for stochastic optimization, arXiv:1412.6980,
    algorithm 1. As ``torch.optim.Adam``.

    Parameters: ``parameters``, a dict of live arrays; ``lr``, which may be changed between steps;
    ``betas``, how much of the old means is kept; ``eps``, against a division by 0.

    >>> w = np.array([1.0])
    >>> Adam({"w": w}, lr=0.1).step({"w": np.array([2000.0])})
    >>> w.round(6)
    array([0.9])
    """

    def __init__(self, parameters, lr=1e-3, betas=(0.9, 0.999), eps=1e-8):
        super().__init__(parameters, lr)
        self.betas = betas
        self.eps = eps
        self.steps = 0
        self._m = {name: np.zeros_like(values) for name, values in self.parameters.items()}
        self._v = {name: np.zeros_like(values) for name, values in self.parameters.items()}

    def _begin(self):
        self.steps += 1

    def _change(self, name, values, gradient):
        beta1, beta2 = self.betas
        m, v = self._m[name], self._v[name]
        m *= beta1
        m += (1 - beta1) * gradient
        v *= beta2
        v += (1 - beta2) * np.square(gradient)
        m_hat = m / (1 - beta1**self.steps)
        v_hat = v / (1 - beta2**self.steps)
        values -= self.lr * m_hat / (np.sqrt(v_hat) + self.eps)
