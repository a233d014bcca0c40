"""Where the weights start. Orthogonal and identity starts are built by hand in lesson 06."""

import numpy as np


def uniform(shape, bound, rng):
    """Numbers drawn evenly from -bound to bound.

    Parameters: ``shape``, a tuple; ``bound``, 0 or more; ``rng``, a NumPy generator or a seed.
    Returns: an array of this shape.

    >>> bool(abs(uniform((100, 3), 0.5, 0)).max() <= 0.5)
    True
    """
    return np.random.default_rng(rng).uniform(-bound, bound, shape)


def orthogonal(n, rng, scale=1.0):
    """A random rotation (or mirrored rotation) of n dimensions, times ``scale``.

    Every such matrix is equally likely: the Q of a QR decomposition of normal numbers, its signs
    set by the diagonal of R (F. Mezzadri 2007, Notices of the AMS 54, 592-604). As a start for
    recurrent weights: A. M. Saxe, J. L. McClelland and S. Ganguli (2014), arXiv:1312.6120.

    Parameters: ``n``, the size; ``rng``, a NumPy generator or a seed; ``scale``, the length that
    a vector of length 1 has after the product.
    Returns: (n, n); its transpose times itself is scale² on the diagonal, 0 elsewhere.

    >>> Q = orthogonal(3, 0)
    >>> bool(np.allclose(Q.T @ Q, np.eye(3)))
    True
    """
    Q, R = np.linalg.qr(np.random.default_rng(rng).normal(size=(n, n)))
    return scale * Q * np.sign(np.diagonal(R))


def identity(n, scale=1.0):
    """The matrix that hands every unit on to itself alone, times ``scale``.

    The recurrent start of the IRNN: Q. V. Le, N. Jaitly and G. E. Hinton (2015), A simple way to
    initialize recurrent networks of rectified linear units, arXiv:1504.00941.

    Parameters: ``n``, the size; ``scale``, the number on the diagonal.
    Returns: (n, n).

    >>> identity(2, 0.5)
    array([[0.5, 0. ],
           [0. , 0.5]])
    """
    return scale * np.eye(n)


def with_radius(W, radius):
    """The same matrix, scaled so that its largest eigenvalue has the absolute value ``radius``.

    Parameters: ``W``, (n, n); ``radius``, the wanted spectral radius, 0 or more.
    Returns: (n, n). Raises ``ValueError`` where every eigenvalue of W is 0: no scale would help.

    >>> with_radius([[2.0, 1.0], [0.0, 4.0]], 1.0)
    array([[0.5 , 0.25],
           [0.  , 1.  ]])
    """
    W = np.asarray(W, dtype=float)
    now = np.abs(np.linalg.eigvals(W)).max()
    if now == 0:
        raise ValueError("Every eigenvalue of W is 0; no scale gives it another spectral radius.")
    return W * (radius / now)


def chrono(n, longest, rng):
    """Forget biases that let n units keep for every length up to ``longest`` steps.

    ``b = log(u)``, u drawn evenly from 1 to longest - 1: a gate at sigmoid(b) = u / (1 + u) keeps
    a value for about 1 + u steps. The forget gate starts with b, the input gate with -b.

    C. Tallec and Y. Ollivier (2018), Can recurrent neural networks warp time?, arXiv:1804.11188.

    Parameters: ``n``, how many units; ``longest``, the longest distance, in steps, that the task
    may ask for, above 2; ``rng``, a NumPy generator or a seed.
    Returns: (n,), from 0 to log(longest - 1).
    Raises ``ValueError`` where ``longest`` is 2 or less.

    >>> bool(chrono(100, 50, 0).max() <= np.log(49))
    True
    """
    if not longest > 2:
        raise ValueError(f"longest is {longest}; a range from 1 to longest - 1 needs more than 2.")
    return np.log(np.random.default_rng(rng).uniform(1.0, longest - 1.0, n))
