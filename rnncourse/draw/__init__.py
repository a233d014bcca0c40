"""Every picture of the course; each function returns a ``Picture`` with its alt text.

matplotlib loads when the first picture is drawn, not when this package is imported.
"""

from importlib import import_module

from rnncourse.draw.style import COLOURS, TEXT, dark, number

_HOMES = {
    "Picture": "pictures",
    "axes": "frames",
    "cobweb": "cobwebs",
    "completions": "stories",
    "collisions": "layout",
    "delay": "delays",
    "heatmap": "heatmaps",
    "label_end": "frames",
    "legend": "legends",
    "neuron": "neurons",
    "panel": "frames",
    "picture": "pictures",
    "responses": "stem_plots",
    "sequence": "sequences",
    "stems": "stem_plots",
    "waveform": "sequences",
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
