"""A picture's PNG for a widget, made fast rather than small."""

from io import BytesIO

import numpy as np
from PIL import Image

from rnncourse.draw.style import house_type


def quick_png(picture):
    """The PNG's bytes of a ``draw.Picture``."""
    canvas = picture.figure.canvas
    with house_type():
        canvas.draw()
        pixels = np.array(canvas.buffer_rgba())[:, :, :3]
    target = BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels)).save(target, "png", compress_level=1)
    return target.getvalue()
