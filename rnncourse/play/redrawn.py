"""A figure that is drawn again and again: its ground is kept, and only what moves is redrawn."""

from io import BytesIO
from threading import RLock

import numpy as np
from PIL import Image

from rnncourse.draw.pictures import Picture
from rnncourse.draw.style import house_type


class Redrawn:
    """One figure with knobs. A subclass has ``_set(*setting)``, which moves the artists.

    Parameters: ``figure``, laid out for good; ``moving``, the artists that a knob changes, in the
    order in which they are drawn. ``_set`` also writes ``alt``, and ``range`` where what stands
    still depends on it. ``lock`` keeps two drawings apart: a kernel may answer two knobs in two
    threads.
    """

    range = None

    def __init__(self, figure, moving):
        self.figure, self.moving = figure, moving
        self.lock = RLock()
        self.grounds = {}

    def png(self, *setting):
        """Draw, and return the PNG's bytes. Raises ``ValueError`` for an unknown name."""
        canvas = self.figure.canvas
        with self.lock, house_type():
            self._set(*setting)
            canvas.restore_region(self._ground())
            for artist in self.moving:
                self.figure.draw_artist(artist)
            pixels = np.array(canvas.buffer_rgba())[:, :, :3]
        target = BytesIO()
        Image.fromarray(np.ascontiguousarray(pixels)).save(target, "png", compress_level=1)
        return target.getvalue()

    def picture(self, *setting):
        """Draw, and return the static ``Picture``. Raises ``ValueError`` for an unknown name."""
        with self.lock:
            self._set(*setting)
            return Picture(self.figure, self.alt)

    def _ground(self):
        """Everything that stands still, as drawn once for each range."""
        if self.range not in self.grounds:
            for artist in self.moving:
                artist.set_visible(False)
            self.figure.canvas.draw()
            self.grounds[self.range] = self.figure.canvas.copy_from_bbox(self.figure.bbox)
            for artist in self.moving:
                artist.set_visible(True)
        return self.grounds[self.range]
