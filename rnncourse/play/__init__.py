"""Figures with knobs, each a thin shell over ``draw`` and ``cells``.

Where there is no kernel, or no ipywidgets, a static picture stands in.
"""

__all__ = ["neuron"]


def neuron(w_x=1.0, w_h=0.7, activation="linear", signal="impulse", b=0.0):
    """A recurrent neuron with both weights as knobs; its response is redrawn while they move.

    Parameters
    ----------
    w_x, w_h : where the knobs stand at first; numbers without unit.
    activation : "sigmoid", "tanh", "relu" or "linear".
    signal : what the neuron hears: "impulse", "step", "two impulses" or "noise".
    b : the bias, which stays as it is.

    Returns an ipywidgets box with the attributes ``w_x, w_h, activation, signal`` (the knobs),
    ``response`` (T,) and ``reading``, a sentence; or, without ipywidgets, a ``draw.Picture``.
    Raises ``ValueError`` for an unknown activation or signal.
    """
    try:
        from rnncourse.play.knobs import NeuronKnobs
    except ImportError as missing:
        if (missing.name or "").partition(".")[0] != "ipywidgets":
            raise
        from rnncourse.play.trace import Trace

        return Trace().picture(w_x, w_h, activation, signal, b)
    return NeuronKnobs(w_x, w_h, activation, signal, b)
