"""Spoken digits in 24 voices, and the functions that turn sound into sequences of features.

The sounds were made with the speech synthesiser eSpeak NG by `authoring/make_speech.py`; the
features of all of them and six sounds that one can play are stored with the course. Lesson 01
builds frames and the spectrogram.

Levels are in decibels (dB) relative to a sine of full scale, amplitude 1: that sine has 0 dB, half
its amplitude -6 dB. Time runs down the rows: `(T, features)`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
"""The words spoken, by label."""

SOURCE = "made for this course with the speech synthesiser eSpeak NG, by authoring/make_speech.py"
LICENCE = "CC BY 4.0, as the text of the course"

FRAME = 0.025  # seconds
HOP = 0.010  # seconds
BANDS = 24
FLOOR = -80.0  # dB; whatever is fainter is set to this
STEP = 0.4  # dB; stored features are rounded to whole steps above the floor
_LOWEST_HZ = 60.0
_FILE = Path(__file__).parent / "files" / "speech.npz"


@dataclass(frozen=True, eq=False)
class Digits:
    """N spoken digits as sequences of features.

    features : N arrays (T_i, 24) float32: 24 log-mel bands in dB, a row every 10 ms, the silence
        before and after the word cut off. What `log_mel` returns, rounded to 0.4 dB (so at most
        0.2 dB away from it).
    labels : (N,) int64, the digit 0 to 9; `WORDS[label]` is the word.
    voices : (N,) str, accent and speaker, as "scotland-f2".
    takes : (N,) int64, 0 to 2: each voice says each digit three times, not twice alike.

    `digits[i]` is the features of one; a slice, a list or a mask gives Digits again.
    """

    features: tuple[np.ndarray, ...]
    labels: np.ndarray
    voices: np.ndarray
    takes: np.ndarray
    source: str = SOURCE
    licence: str = LICENCE

    def __len__(self) -> int:
        return len(self.features)

    def __iter__(self) -> Iterator[np.ndarray]:
        return iter(self.features)

    def __repr__(self) -> str:
        return f"Digits({len(self)} spoken digits in {len(set(self.voices.tolist()))} voices)"

    def __getitem__(self, which):
        if isinstance(which, int | np.integer):
            return self.features[which]
        chosen = np.arange(len(self))[which]
        return Digits(
            tuple(self.features[i] for i in chosen),
            self.labels[chosen],
            self.voices[chosen],
            self.takes[chosen],
            self.source,
            self.licence,
        )

    @property
    def lengths(self) -> np.ndarray:
        """(N,) int64, the number of frames of each."""
        return np.array([len(rows) for rows in self.features], dtype=np.int64)

    def split(self, held_out: int = 6, seed: int = 0) -> tuple["Digits", "Digits"]:
        """(train, test): `held_out` voices, drawn with `seed`, are only in the second."""
        names = sorted(set(self.voices.tolist()))
        if not 1 <= held_out < len(names):
            raise ValueError(f"held_out is from 1 to {len(names) - 1} voices, not {held_out}.")
        chosen = np.random.default_rng(seed).choice(names, held_out, replace=False)
        test = np.isin(self.voices, chosen)
        return self[~test], self[test]

    def padded(self, value: float = FLOOR) -> tuple[np.ndarray, np.ndarray]:
        """All in one array, time first: (T, N, 24) float32 and the lengths (N,).

        T is the longest length; `value` stands behind the end of the shorter ones (by default the
        level of silence).
        """
        lengths = self.lengths
        batch = np.full((lengths.max(initial=0), len(self), BANDS), value, dtype=np.float32)
        for i, rows in enumerate(self.features):
            batch[: len(rows), i] = rows
        return batch, lengths


@dataclass(frozen=True, eq=False)
class Clip:
    """One sound to listen to: `IPython.display.Audio(clip.samples, rate=clip.rate)`.

    samples : (S,) float32, sound pressure between -1 and 1, silence before and after included.
    rate : samples per second. label, word, voice : what is said, and by whom.
    speech : (start, stop) in seconds, where the word stands within its silence.
    """

    samples: np.ndarray
    rate: int
    label: int
    word: str
    voice: str
    speech: tuple[float, float]
    source: str = SOURCE
    licence: str = LICENCE

    def __repr__(self) -> str:
        seconds = len(self.samples) / self.rate
        return f"Clip({self.word!r}, {self.voice}, {seconds:.2f} s at {self.rate} samples a second)"


def load() -> Digits:
    """All 720 spoken digits: 24 voices, 10 digits, 3 takes. See `Digits`."""
    with np.load(_FILE) as stored:
        ends = np.cumsum(stored["lengths"])
        rows = stored["features"].astype(np.float32) * np.float32(STEP) + np.float32(FLOOR)
        features = tuple(np.split(rows, ends[:-1]))
        voices = stored["voice_names"][stored["voices"]]
        return Digits(
            features, stored["labels"].astype(np.int64), voices, stored["takes"].astype(np.int64)
        )


def clips() -> list[Clip]:
    """Six sounds to play: three digits, each in a lower and a higher voice, silence kept."""
    with np.load(_FILE) as stored:
        rate = int(stored["clip_rate"])
        parts = np.split(stored["clip_samples"], np.cumsum(stored["clip_lengths"])[:-1])
        names = stored["clip_voices"].tolist()
        labels = stored["clip_labels"].tolist()
    result = []
    for part, label, voice in zip(parts, labels, names, strict=True):
        samples = part.astype(np.float32) / 32768
        start, stop = trim(samples, rate)
        result.append(Clip(samples, rate, label, WORDS[label], voice, (start / rate, stop / rate)))
    return result


def frames(samples, rate: int, frame: float = FRAME, hop: float = HOP) -> np.ndarray:
    """Cut a sound into overlapping frames: (S,) samples -> (T, n).

    A frame lasts `frame` seconds, n = round(frame * rate) samples; the next begins `hop` seconds
    later. Only whole frames: T = 1 + (S - n) // round(hop * rate). A sound shorter than a frame is
    filled up with zeros to one. ValueError where the sound is no row of numbers, or where frame or
    hop are shorter than a sample.
    """
    samples = np.asarray(samples, dtype=float)
    if samples.ndim != 1:
        raise ValueError(f"A sound is one row of samples (S,); this has the shape {samples.shape}.")
    size, step = round(frame * rate), round(hop * rate)
    if size < 1 or step < 1:
        raise ValueError("A frame and a hop last at least one sample: 1 / rate seconds.")
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    return np.lib.stride_tricks.sliding_window_view(samples, size)[::step].copy()


def spectrogram(
    samples, rate: int, frame: float = FRAME, hop: float = HOP, floor: float = FLOOR
) -> np.ndarray:
    """Level of each frequency in each frame: (T, F) float64, dB relative to a full-scale sine.

    The columns belong to `frequencies(rate, frame)`. Each frame is multiplied by a Hann window.
    """
    return _decibels(_power(samples, rate, frame, hop), floor)


def frequencies(rate: int, frame: float = FRAME) -> np.ndarray:
    """The frequencies of a spectrogram's columns: (F,) Hz, from 0 to half the rate."""
    return np.fft.rfftfreq(_fft_size(round(frame * rate)), 1 / rate)


def log_mel(
    samples,
    rate: int,
    bands: int = BANDS,
    frame: float = FRAME,
    hop: float = HOP,
    floor: float = FLOOR,
) -> np.ndarray:
    """Level in bands that are spaced as the ear hears: (T, bands) float64, in dB.

    The power of each frame is added up in overlapping triangular bands, equally wide on the mel
    scale, mel(f) = 2595 log10(1 + f / 700), from 60 Hz to half the rate, and then taken as
    10 log10. Between the first and the last band's centre the triangles sum to one, so the bands
    share the power out. The mel formula: O'Shaughnessy (1987).
    """
    return _decibels(_power(samples, rate, frame, hop) @ _triangles(rate, bands, frame), floor)


def band_centres(rate: int, bands: int = BANDS) -> np.ndarray:
    """The middle of each mel band: (bands,) Hz."""
    return _band_edges(rate, bands)[1:-1]


def trim(samples, rate: int, below: float = 40.0, margin: float = 0.01) -> tuple[int, int]:
    """Where the sound stands in its silence: (start, stop), counted in samples.

    Sound is whatever is less than `below` dB under the loudest frame; `margin` seconds are kept on
    both sides. `samples[start:stop]` is the trimmed sound. All of it, where nothing is heard.
    """
    samples = np.asarray(samples, dtype=float)
    power = np.mean(frames(samples, rate, HOP, HOP) ** 2, axis=1)
    if not power.any():
        return 0, len(samples)
    heard = np.flatnonzero(power > power.max() * 10 ** (-below / 10))
    size, extra = round(HOP * rate), round(margin * rate)
    start, stop = heard[0] * size - extra, (heard[-1] + 1) * size + extra
    return int(max(start, 0)), int(min(stop, len(samples)))


def _power(samples, rate: int, frame: float, hop: float) -> np.ndarray:
    """(T, F) power; the sum over a row is 1 for a sine of amplitude 1."""
    cut = frames(samples, rate, frame, hop)
    size = cut.shape[1]
    window = 0.5 - 0.5 * np.cos(2 * np.pi * (np.arange(size) + 0.5) / size)  # Hann
    length = _fft_size(size)
    power = np.abs(np.fft.rfft(cut * window, length)) ** 2
    power[:, 1 : (length + 1) // 2] *= 2  # the negative frequencies' half, added here
    return power * 2 / (length * np.sum(window**2))


def _fft_size(size: int) -> int:
    """The next power of two."""
    return 1 << (size - 1).bit_length()


def _decibels(power: np.ndarray, floor: float) -> np.ndarray:
    return 10 * np.log10(np.maximum(power, 10 ** (floor / 10)))


def _band_edges(rate: int, bands: int) -> np.ndarray:
    """(bands + 2,) Hz: band i rises from edge i to edge i + 1 and falls to edge i + 2."""
    lowest, highest = (2595 * np.log10(1 + f / 700) for f in (_LOWEST_HZ, rate / 2))
    return 700 * (10 ** (np.linspace(lowest, highest, bands + 2) / 2595) - 1)


def _triangles(rate: int, bands: int, frame: float) -> np.ndarray:
    """(F, bands) weights between 0 and 1."""
    edges, grid = _band_edges(rate, bands), frequencies(rate, frame)[:, None]
    rising = (grid - edges[:-2]) / np.diff(edges)[:-1]
    falling = (edges[2:] - grid) / np.diff(edges)[1:]
    return np.clip(np.minimum(rising, falling), 0, None)
