"""The widgets that the playable figures share, in one size and with one form of number."""

import ipywidgets as widgets

LABEL = {"description_width": "8em"}


def slider(description, value, low, high):
    """A slider in steps of 0.05 from ``low`` to ``high``, or as far as ``value`` lies beyond."""
    return widgets.FloatSlider(
        value=value,
        min=min(low, value),
        max=max(high, value),
        step=0.05,
        description=description,
        continuous_update=True,
        readout_format=".2f",
        layout={"width": "360px"},
        style=LABEL,
    )


def choice(description, options, value):
    """One of several names."""
    return widgets.Dropdown(options=options, value=value, description=description, style=LABEL)


def image(width="792px"):
    """The place of the picture: as wide as it is drawn, narrower where there is no room."""
    layout = {"width": width, "max_width": "100%", "align_self": "flex-start"}
    return widgets.Image(format="png", layout=layout)


def told(words):
    """A line below the picture that a screen reader speaks when it changes."""
    return f'<span role="status" aria-live="polite">{words}</span>'
