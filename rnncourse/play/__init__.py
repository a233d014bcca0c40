"""Figures with knobs, each a thin shell over ``draw`` and ``cells``.

Where there is no kernel, or no ipywidgets, a static picture stands in.
"""

__all__ = [
    "lstm",
    "lstm_track",
    "neighbours",
    "neuron",
    "radius",
    "story",
    "temperature",
    "unroll",
]


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
        _only_widgets(missing)
        from rnncourse.play.trace import Trace

        return Trace().picture(w_x, w_h, activation, signal, b)
    return NeuronKnobs(w_x, w_h, activation, signal, b)


def unroll(rnn, x, h0=None, words=None, readout=None, output="linear", now=0):
    """An unrolled network to step through: a slider over time, the step it stands at lit.

    Parameters are those of ``draw.unrolled``; x has up to 12 steps. ``now`` is where the slider
    stands at first. All steps are drawn beforehand, which takes a second or two.

    Returns an ipywidgets box with the attributes ``now`` (the slider), ``back, on`` (buttons),
    ``states`` (T, H) and ``reading``, a sentence; or, without ipywidgets, a ``draw.Picture``.
    Raises ``ValueError`` for other sizes and shapes.
    """
    given = {"h0": h0, "words": words, "readout": readout, "output": output}
    try:
        from rnncourse.play.unroll_knobs import UnrollKnobs
    except ImportError as missing:
        _only_widgets(missing)
        from rnncourse import draw

        return draw.unrolled(rnn, x, now=now, **given)
    return UnrollKnobs(rnn, x, now, **given)


def radius(radius=0.9, nonlinearity="tanh", units=32, seed=0, start="random", strength=0.5):
    """Spectral radius against memory: what is left of a change, and of the gradient, live.

    Parameters
    ----------
    radius : spectral radius of the feedback matrix, where its knob stands at first.
    nonlinearity : "tanh" or "linear". start : "random" or "orthogonal".
    units, seed : the net's size, and the seed of its matrix and of the noise it hears.
    strength : standard deviation of that noise; large noise saturates tanh.

    Returns an ipywidgets box with the attributes ``radius, nonlinearity, start, strength`` (the
    knobs), ``state, gradient`` (61,): what is left k steps later, and k steps back, relative to
    k = 0; and ``reading``, a sentence. Without ipywidgets, a ``draw.Picture``.
    Raises ``ValueError`` for an unknown nonlinearity or start.
    """
    try:
        from rnncourse.play.radius_knobs import RadiusKnobs
    except ImportError as missing:
        _only_widgets(missing)
        from rnncourse.play.radius_plot import RadiusPlot

        return RadiusPlot(units, seed).picture(radius, nonlinearity, start, strength)
    return RadiusKnobs(radius, nonlinearity, units, seed, start, strength)


def lstm(i=0.0, f=1.0, o=0.0, g=0.8, target=0.8, hold=5, steps=24):
    """One LSTM cell whose gates are set by hand: write a number, keep it, read it, wipe it.

    Parameters
    ----------
    i, f, o : input, forget and output gate, 0 (shut) to 1 (open), where their knobs stand at first.
    g : the candidate, -1 to 1: the number that could be written.
    target, hold : the mission's number (at most 1 in size), and for how many steps it is kept.
    steps : how many steps there are, 8 to 40.

    Returns an ipywidgets box with the attributes ``i, f, o, g`` (the knobs), ``step, back, again``
    (the buttons), ``cell_states, shown`` (c and h so far), ``reading``, a sentence on the coming
    step, and ``mission``, [(sentence, done), ...], judged by what c and h did. Without ipywidgets,
    a ``draw.Picture``. Raises ``ValueError`` for numbers out of these ranges.
    """
    _in_range(i, f, o, g, target, hold, steps)
    try:
        from rnncourse.play.lstm_knobs import LstmKnobs
    except ImportError as missing:
        _only_widgets(missing)
        from rnncourse.play.lstm_plot import LstmPlot

        return LstmPlot(target, hold, steps).picture((), (i, f, o, g))
    return LstmKnobs(i, f, o, g, target, hold, steps)


def lstm_track(settings, target=0.8, hold=5):
    """The picture of ``play.lstm`` after the steps ``settings``, [(i, f, o, g), ...]; no knobs.

    ``target, hold`` are those of the mission. Returns a ``draw.Picture``. Raises ``ValueError`` for
    gates outside 0 to 1, a candidate outside -1 to 1, and more than 40 steps.
    """
    from rnncourse.play.lstm_plot import LstmPlot

    settings = [tuple(setting) for setting in settings]
    steps = max(len(settings), 8)
    for setting in settings:
        _in_range(*setting, target, hold, steps)
    return LstmPlot(target, hold, steps).picture(tuple(settings), None)


def story(network, story=None, answers=(("miss", "ma'am"), ("sir", "Mister"))):
    """A story to type: what a network would answer after each of its words, live.

    Parameters
    ----------
    network : a trained one, as ``data.bar.load()`` gives it (with ``after_each_word`` and
        ``known``); or {"LSTM": network, "RNN": network}: then there is a choice.
    story : where the field stands at first; the famous sentence if left out. It is read up to "{".
    answers : the names of the answers, as in ``draw.next_words``.

    Returns an ipywidgets box with the attributes ``text`` (the field), ``network`` (the choice, or
    None), ``words`` (T,), ``shares`` (T, K) and ``reading``, a sentence; without ipywidgets, a
    ``draw.Picture``. A story with unknown words leaves the picture as it is, and ``reading`` names
    known ones that look alike. Raises ``ValueError`` where the first story cannot be read.
    """
    from rnncourse.data.teaser import FAMOUS
    from rnncourse.play.story_reader import StoryReader

    story = FAMOUS if story is None else story
    try:
        from rnncourse.play.story_knobs import StoryKnobs
    except ImportError as missing:
        _only_widgets(missing)
        reader = StoryReader(network, answers)
        if not reader.read(story):
            raise ValueError(reader.reading) from None
        return reader.picture
    return StoryKnobs(network, story, answers)


def temperature(
    scores, symbols, start="", length=240, temperature=1.0, k=None, seed=0, carry=True, joined=""
):
    """Temperature and top-k as knobs: the distribution that they bend, and the text drawn from it.

    Parameters
    ----------
    scores : a function ``(i, state) -> (scores (V,), state)``: i is the number of the last symbol,
        state what the function gave back before (None at first; it shall not change it in place).
        With ``carry=False``, ``(ids) -> scores (V,)``, ids being all symbols so far. Or an array
        (V,): then there is a distribution and no text.
    symbols : V characters, or words with ``joined=" "``. start : what is read first.
    length : how many symbols are drawn. seed : of the draws, which stay while the knobs move.
    temperature, k : where the knobs stand at first; k is None for all symbols.

    Returns an ipywidgets box with the attributes ``temperature, k`` (sliders), ``again`` (a
    button), ``text``, ``chances`` (V,) and ``reading``, a sentence; without ipywidgets, a
    ``draw.Picture``. Raises ``ValueError`` for other shapes, temperatures of 0 or less, and
    symbols in ``start`` that are not known.
    """
    from rnncourse.play.sampler import Sampler

    sampler = Sampler(scores, symbols, start, length, seed, carry, joined)
    sampler.chances(temperature, k)  # wrong numbers are told here
    try:
        from rnncourse.play.temperature_knobs import TemperatureKnobs
    except ImportError as missing:
        _only_widgets(missing)
        from rnncourse.play.temperature_plot import TemperaturePlot

        return TemperaturePlot(sampler, sampler.text(temperature, k)).picture(temperature, k)
    return TemperatureKnobs(sampler, temperature, k)


def neighbours(vectors, vocabulary=None, word=None, n=10):
    """A word to type: the words with the most similar vectors, as bars of cosines, live.

    Parameters
    ----------
    vectors : a ``words.WordVectors``; or (V, E), with
    vocabulary : its ``words.Vocabulary``, or V names.
    word : where the field stands at first; the first word that is not special if left out.
    n : how many neighbours, 1 to 30.

    Returns an ipywidgets box with the attributes ``word`` (the field), ``found`` [(word, cosine)]
    and ``reading``, a sentence; without ipywidgets, a ``draw.Picture``. An unknown word leaves the
    picture as it is, and ``reading`` names known ones that look alike. Raises ``ValueError`` where
    the first word is not known.
    """
    from rnncourse.play.neighbour_finder import NeighbourFinder

    finder = NeighbourFinder(vectors, vocabulary, n)
    known = finder.vocabulary
    word = next(w for w in known.words if w not in known.special) if word is None else word
    try:
        from rnncourse.play.neighbour_knobs import NeighbourKnobs
    except ImportError as missing:
        _only_widgets(missing)
        if not finder.find(word):
            raise ValueError(finder.reading) from None
        return finder.picture
    return NeighbourKnobs(finder, word)


def _in_range(i, f, o, g, target, hold, steps):
    for name, value, low, high in (
        ("i", i, 0, 1),
        ("f", f, 0, 1),
        ("o", o, 0, 1),
        ("g", g, -1, 1),
        ("target", target, -1, 1),
        ("hold", hold, 1, 20),
        ("steps", steps, 8, 40),
    ):
        if not low <= value <= high:
            raise ValueError(f"{name} is {value}; it runs from {low} to {high}.")
    if abs(target) < 0.2:
        raise ValueError(f"target is {target}; take a number of at least 0.2 in size.")


def _only_widgets(missing):
    """Let nothing but missing ipywidgets pass: any other import that fails is an error."""
    if (missing.name or "").partition(".")[0] != "ipywidgets":
        raise missing
