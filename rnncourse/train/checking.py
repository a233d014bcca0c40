"""The gradient check: the derivative as a difference quotient. Built by hand in lesson 05."""

import numpy as np


def gradient_check(loss_of, parameters, grads, eps=1e-6, samples=20, seed=0):
    """Compare gradients with ``(L(w + eps) - L(w - eps)) / (2 eps)``, number by number.

    Parameters
    ----------
    loss_of : called without arguments, gives the loss with the parameters as they stand; with
        several networks the loss of each, (S,).
    parameters : dict of live float64 arrays; each number tried is changed, and put back.
    grads : dict of the gradients to check; names that are not in ``parameters`` are passed by.
    eps : the step; 1e-6 to 1e-5 is best in float64, and no step is good enough in float32.
    samples : how many numbers of each parameter are tried, drawn with ``seed``; None for all.

    Returns a dict: name -> relative error ``|g - n| / (|g| + |n|)`` of gradient g and quotient n,
    as vectors of the numbers tried: below 1e-6 the gradient is right, above 1e-3 it is wrong.
    Raises ``ValueError`` where a parameter has no gradient or one of another shape, or is no
    float64 array.

    >>> w = np.array([3.0])
    >>> error = gradient_check(lambda: w[0] ** 2, {"w": w}, {"w": np.array([6.0])})
    >>> error["w"] < 1e-6
    True
    """
    rng = np.random.default_rng(seed)
    errors = {}
    for name, values in parameters.items():
        if name not in grads or np.shape(grads[name]) != values.shape:
            came = f"has shape {np.shape(grads[name])}" if name in grads else "is missing"
            raise ValueError(f"The gradient of {name} {came}; it must be {values.shape}.")
        if values.dtype != np.float64:
            raise ValueError(f"{name} is {values.dtype}; a difference quotient needs float64.")
        tried = np.arange(values.size)
        if samples is not None and samples < values.size:
            tried = rng.choice(values.size, samples, replace=False)
        quotients = [_quotient(loss_of, values, k, eps) for k in tried]
        given = np.asarray(grads[name]).flat[tried]
        size = np.linalg.norm(given) + np.linalg.norm(quotients)
        errors[name] = float(np.linalg.norm(given - quotients) / size) if size else 0.0
    return errors


def _quotient(loss_of, values, k, eps):
    kept = values.flat[k]
    values.flat[k] = kept + eps
    above = np.sum(loss_of())
    values.flat[k] = kept - eps
    below = np.sum(loss_of())
    values.flat[k] = kept
    return (above - below) / (2 * eps)
