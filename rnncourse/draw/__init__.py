"""Every picture of the course; each function returns a ``Picture`` with its alt text.

matplotlib loads when the first picture is drawn, not when this package is imported.
"""

from importlib import import_module

from rnncourse.draw.style import COLOURS, TEXT, dark, number

_HOMES = {
    "Picture": "pictures",
    "axes": "frames",
    "backward": "backwards",
    "cobweb": "cobwebs",
    "collisions": "layout",
    "completions": "stories",
    "curves": "curve_plots",
    "delay": "delays",
    "dots": "seed_dots",
    "eigenvalues": "spectra",
    "fading": "fadings",
    "gates": "gate_strips",
    "gru": "gru_cells",
    "heatmap": "heatmaps",
    "influence": "story_lines",
    "label_end": "frames",
    "layer": "layers",
    "lstm": "lstm_cells",
    "legend": "legends",
    "neuron": "neurons",
    "next_words": "word_stacks",
    "panel": "frames",
    "picture": "pictures",
    "plane": "word_maps",
    "responses": "stem_plots",
    "sentence": "story_tints",
    "sentences": "story_tints",
    "sequence": "sequences",
    "states": "heat_states",
    "stems": "stem_plots",
    "success": "curve_plots",
    "unrolled": "unrolleds",
    "waveform": "sequences",
    "word_bars": "chance_bars",
    "word_lines": "story_lines",
    "words_map": "word_maps",
}

__all__ = ["COLOURS", "TEXT", "dark", "number", *_HOMES]


def __getattr__(name):
    if name not in _HOMES:
        raise AttributeError(f"draw has no {name!r}; it has {', '.join(__all__)}.")
    found = getattr(import_module(f"rnncourse.draw.{_HOMES[name]}"), name)
    globals()[name] = found
    return found


def __dir__():
    return sorted(__all__)
