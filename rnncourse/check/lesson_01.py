"""Exercises of lesson 01, *Sequences*: shapes, frames, windows, honest forecasts, blind spots."""

import numpy as np

from rnncourse.check import choose, code, option, predict, probe, switches, wrong

_rng = np.random.default_rng(1)
FLOOR = 1e-4  # the smallest amplitude that a spectrogram tells apart: −80 dB


# --- one shape ------------------------------------------------------------------------------------


def _to_time_first(batch):
    """A batch of sequences (B, T, D) with the time axis moved to the front: (T, B, D)."""
    return np.swapaxes(np.asarray(batch), 0, 1)


def _to_time_first_by_loop(batch):
    return np.stack([[row[t] for row in batch] for t in range(len(batch[0]))])


def _to_time_first_in_torch(batch):
    import torch

    return torch.as_tensor(np.array(batch)).permute(1, 0, 2)


to_time_first = code(
    title="Time first",
    minutes=2,
    difficulty=1,
    objective="bring a batch of sequences to the order (T, B, D) without mixing them up",
    reference=_to_time_first,
    probes=[
        probe(np.arange(12.0).reshape(2, 3, 2)),
        probe(_rng.normal(size=(3, 5, 4)).round(2)),
        probe(_rng.normal(size=(4, 2, 3)).round(2)),
    ],
    mistakes=[
        wrong(
            "leaves the batch in front",
            lambda batch: np.array(batch),
            "The axes still stand in the order batch, time, features. A layer that expects time "
            "first would take your sequences for time steps. Which axis has to come to the front?",
        ),
        wrong(
            "cuts the numbers anew instead of turning the array",
            lambda batch: np.reshape(batch, (batch.shape[1], batch.shape[0], batch.shape[2])),
            "The shape is right and the rows are not: numbers of one sequence now stand in "
            "another. `reshape` reads the same numbers in the same order and cuts them elsewhere. "
            "Which function moves an axis and takes its numbers along?",
        ),
        wrong(
            "swaps time and features",
            lambda batch: np.swapaxes(batch, 1, 2),
            "You exchanged the last two axes, time and features. The features stay last: (T, B, "
            "D).",
        ),
        wrong(
            "reverses all three axes",
            lambda batch: np.transpose(batch),
            "`.T` reverses every axis, so the features came to the front: (D, T, B). "
            "Two of the axes have to change places, and the third stays.",
        ),
        wrong(
            "puts the features before the batch",
            lambda batch: np.transpose(batch, (1, 2, 0)),
            "Time is in front, well. Behind it stand features and batch in the wrong order: "
            "the shape is (T, D, B), and (T, B, D) is asked for.",
        ),
    ],
    hints=[
        "Only two of the three axes change places.",
        "result[t, b, d] = batch[b, t, d] for every t, b and d.",
        "return np.swapaxes(batch, 0, 1), or batch.transpose(...) with the three axis numbers in "
        "their new order",
    ],
    success=(
        "Row t now holds what every sequence shows at step t. That is what a recurrent network "
        "reads at one tick."
    ),
    others=[_to_time_first_by_loop, _to_time_first_in_torch],
)


# --- sound ----------------------------------------------------------------------------------------

bin_frequency = predict(
    title="Which frequency is it?",
    minutes=3,
    difficulty=2,
    objective="turn an entry's number into a frequency",
    question=(
        "A recording has 12,000 samples a second. It is cut into frames of 480 samples, one every "
        "120 samples. Each frame goes through `np.fft.rfft`. **Which frequency, in Hz, belongs to "
        "entry 14 of the result?** (Entry 0 is 0 Hz.)"
    ),
    answer=350.0,
    tolerance=(0.0, 0.5),
    mistakes=[
        wrong(
            "takes the hop for the length",
            1400.0,
            "1,400 Hz comes out with 120 samples in the place of 480. The hop says how often a "
            "frame begins. What fits into a frame depends on how long it is.",
        ),
        wrong(
            "forgets the sampling rate",
            14 / 480,
            "This is 14 turns in 480 samples: turns per sample. How many samples make a second?",
        ),
        wrong(
            "gives kilohertz",
            0.35,
            "Right, in kilohertz. The question asks for hertz.",
        ),
        wrong(
            "gives the step between two entries",
            25.0,
            "25 Hz is the step from one entry to the next. How many steps is entry 14 away from "
            "entry 0?",
        ),
        wrong(
            "counts an entry too many",
            375.0,
            "375 Hz belongs to entry 15. Entry 0 is 0 Hz, entry 1 makes one turn in a frame, and "
            "so on.",
        ),
        wrong(
            "takes half the rate and the whole frame",
            14 * 6000 / 480,
            "175 Hz comes out with 6,000 in the place of 12,000. Entry 14 makes 14 turns in a "
            "frame. How many frames of 480 samples are in a second of 12,000?",
        ),
        wrong(
            "divides by the number of entries",
            14 * 6000 / 241,
            "This is close to what comes out. Did you divide by the 241 entries? From entry 0 to "
            "entry 240 there are 240 steps, as there are 9 gaps between 10 trees.",
        ),
        wrong(
            "takes samples a turn for turns a second",
            480 / 14,
            "480 / 14 is the length of one turn, in samples. How many such turns are in a second?",
        ),
        wrong(
            "leaves out the length of the frame",
            12_000 / 14,
            "12,000 / 14 belongs to a wave whose turn is 14 samples long. Here it is the frame "
            "that holds 14 turns, and the frame has 480 samples.",
        ),
        wrong(
            "takes the number for hertz",
            14.0,
            "Entry 14 makes 14 turns in one frame, and one frame is no second. How long does a "
            "frame last?",
        ),
        wrong(
            "spreads the whole rate over the half spectrum",
            700.0,
            "About 700 Hz comes out when the 240 steps of the result reach up to 12,000 Hz. They "
            "reach up to half the rate, for a wave needs at least two samples a turn.",
        ),
        wrong(
            "takes the rate of another recording",
            560.0,
            "Steps of 40 Hz belong to the lesson's recording (16,000 samples a second, frames of "
            "400). This one has a rate and a length of its own.",
        ),
        wrong(
            "counts the entries from 1",
            325.0,
            "325 Hz belongs to entry 13. Entry 0 is 0 Hz, entry 1 makes one turn in a frame, and "
            "so on.",
        ),
        wrong(
            "gives radians a second",
            2 * np.pi * 350,
            "These are radians a second. One turn is 2π of them: in hertz, whole turns are "
            "counted.",
        ),
    ],
    hints=[
        "Entry k of the result is the wave that makes k turns in one frame.",
        "frequency = k · rate / length, with the frame's length in samples.",
        "14 · 12,000 / 480 = ...",
    ],
    success=(
        "Turns in a frame, divided by the frame's duration: the sampling rate and the length "
        "decide, the hop does not."
    ),
)


def _frames(samples, length, hop):
    count = 1 + (len(samples) - length) // hop
    return np.stack([samples[i * hop : i * hop + length] for i in range(count)])


def _flawed_spectrogram(
    samples,
    window,
    hop,
    *,
    no_overlap=False,
    tenfold=False,
    no_window=False,
    one_short=False,
    stops_early=False,
    no_floor=False,
    lesson_factor=False,
    own_window=False,
):
    """The spectrogram with one or two of its usual mistakes; with none of them, the right one."""
    samples, window = np.asarray(samples, dtype=float), np.asarray(window, dtype=float)
    if own_window:
        window = np.hanning(len(window))
    frames = _frames(samples, len(window), len(window) if no_overlap else hop)
    if stops_early and (len(samples) - len(window)) % hop == 0:
        frames = frames[:-1]
    if one_short:
        frames = frames[:-1]
    amplitude = np.abs(np.fft.rfft(frames if no_window else frames * window))
    if lesson_factor:
        amplitude = amplitude * 2 / window.sum()
    return (10 if tenfold else 20) * np.log10(np.maximum(amplitude, 0.0 if no_floor else FLOOR))


def _spectrogram(samples, window, hop):
    """Decibels (frames, length // 2 + 1) of samples (S,) cut into frames as long as the window."""
    return _flawed_spectrogram(samples, window, hop)


def _spectrogram_by_strides(samples, window, hop):
    pieces = np.lib.stride_tricks.sliding_window_view(samples, len(window))[::hop]
    power = np.abs(np.fft.rfft(pieces * window, axis=-1)) ** 2
    return 10 * np.log10(np.maximum(power, FLOOR**2))


def _spectrogram_by_loop(samples, window, hop):
    rows, start = [], 0
    while start + len(window) <= len(samples):
        turned = np.fft.fft(samples[start : start + len(window)] * window)[: len(window) // 2 + 1]
        rows.append([20 * np.log10(max(abs(value), 1e-4)) for value in turned])
        start += hop
    return np.array(rows)


def _spectrogram_floored_in_decibels(samples, window, hop):
    amplitude = np.abs(np.fft.rfft(_frames(samples, len(window), hop) * window))
    return np.maximum(20 * np.log10(amplitude), -80)


def _with_floor(floored):
    """A spectrogram whose decibels are `floored(amplitude)`."""

    def spectrogram(samples, window, hop):
        return floored(np.abs(np.fft.rfft(_frames(samples, len(window), hop) * window)))

    return spectrogram


def _frames_from_every_sample(samples, window, hop):
    return _spectrogram(samples, window, 1)


def _hop_forgotten(samples, window, hop):
    count = 1 + (len(samples) - len(window)) // hop
    return _frames_from_every_sample(samples, window, hop)[:count]


def _last_frame_padded(samples, window, hop):
    missing = -(len(samples) - len(window)) % hop
    return _spectrogram(np.concatenate([samples, np.zeros(missing)]), window, hop)


def _natural_log(samples, window, hop):
    return np.log(10) / 20 * _spectrogram(samples, window, hop)


def _hop_for_length(samples, window, hop):
    frames = _frames(samples, min(hop, len(window)), hop)
    amplitude = np.abs(np.fft.rfft(frames * window[: frames.shape[1]]))
    return 20 * np.log10(np.maximum(amplitude, FLOOR))


# Frames of 5, one every 3: silence, below the floor, above it, silence, and then sound.
_HUSH = np.concatenate(
    [np.zeros(7), [4e-4], np.zeros(4), [0.3, -0.7, 0.5, 0.2, -0.4, 0.6, 0.1, -0.2, 0.8]]
)

spectrogram = code(
    title="A spectrogram from an empty function",
    minutes=7,
    difficulty=3,
    objective="turn pressure samples into frequencies over time",
    reference=_spectrogram,
    probes=[
        probe(
            np.array([0.3, -0.7, 0.5, 0.9, -0.2, 0.4, 0.8, -0.6, 0.1, 0.7, -0.9, 0.6]),
            np.array([0.4, 1.0, 0.8, 0.6, 0.2]),
            2,
        ),
        probe(_rng.normal(size=31).round(3), np.hanning(8), 3),
        probe(_rng.normal(size=38).round(3), np.hamming(10), 4),  # the last frame fits exactly
        probe(_HUSH, np.array([0.4, 1.0, 0.8, 0.6, 0.2]), 3),
    ],
    mistakes=[
        *switches(
            _flawed_spectrogram,
            no_overlap=(
                "The frames stand end to end: each begins one frame's length after the one before. "
                "By how many samples should the start move on?"
            ),
            tenfold=(
                "Your decibels are half of what they should be. 10 · log10 belongs to a power. "
                "You have an amplitude, and power grows with its square: what becomes of the "
                "factor?"
            ),
            no_window=(
                "The frames go into the Fourier transform as they were cut. Where does the window "
                "come in?"
            ),
            one_short=(
                "The last frame is missing. Between S samples and one frame there is room for "
                "(S − length) // hop hops. How many frames are that, with the one at the start?"
            ),
            stops_early=(
                "A last frame that fits exactly is left out. `range` stops before its end: may a "
                "frame still begin at sample S − length?"
            ),
            no_floor=(
                "In silence the amplitude is 0, and log10(0) is −inf. Raise every amplitude below "
                "0.0001 to 0.0001 before the logarithm."
            ),
            lesson_factor=(
                "The lesson's factor 2 / window.sum() is still in it, and shifts every level. Here "
                "it is left out."
            ),
            own_window=(
                "These are the values for np.hanning. The window is given here, and need not be "
                "that one: use the argument `window`."
            ),
        ),
        wrong(
            "sets the floor on the power",
            _with_floor(lambda amplitude: 10 * np.log10(np.maximum(amplitude**2, FLOOR))),
            "The floor stands on the power: 0.0001 of power is an amplitude of 0.01, and −40 dB. "
            "An amplitude of 0.0001 is −80 dB. What is its power?",
        ),
        wrong(
            "adds the floor to every amplitude",
            _with_floor(lambda amplitude: 20 * np.log10(amplitude + FLOOR)),
            "0.0001 is added to every amplitude, so the others change too. Only those below "
            "0.0001 are to be raised to it.",
        ),
        wrong(
            "raises only an amplitude of exactly zero",
            _with_floor(
                lambda amplitude: 20 * np.log10(np.where(amplitude == 0, FLOOR, amplitude))
            ),
            "Exact zeros are raised to 0.0001. The amplitudes between 0 and 0.0001 have to be "
            "raised to it too.",
        ),
        wrong(
            "sets the floor on the decibels",
            _with_floor(lambda amplitude: np.maximum(20 * np.log10(amplitude), FLOOR)),
            "The floor comes after the logarithm, so every level below 0.0001 dB was raised. It "
            "belongs to the amplitude, before the logarithm.",
        ),
        wrong(
            "moves on by one sample",
            _hop_forgotten,
            "The number of frames is right, and each begins one sample after the one before. "
            "By how many samples should the start move on? Frame i begins at i · hop.",
        ),
        wrong(
            "begins a frame at every sample",
            _frames_from_every_sample,
            "A frame begins at every sample. One is asked for every `hop` samples.",
        ),
        wrong(
            "pads the last frame",
            _last_frame_padded,
            "What is left over at the end went into one more frame, filled up with zeros. Only "
            "whole frames are asked for: drop the rest.",
        ),
        wrong(
            "swaps time and features",
            lambda samples, window, hop: _spectrogram(samples, window, hop).T,
            "Your array is (frequencies, frames), as one draws it. As a sequence it is (frames, "
            "frequencies): time first, then the features.",
        ),
        wrong(
            "leaves amplitudes",
            lambda samples, window, hop: np.maximum(
                np.abs(np.fft.rfft(_frames(samples, len(window), hop) * window)), FLOOR
            ),
            "These are amplitudes. Decibels are their logarithm, times a factor.",
        ),
        wrong(
            "takes the natural logarithm",
            _natural_log,
            "This is the natural logarithm of the amplitude. A decibel counts in powers of ten.",
        ),
        wrong(
            "takes the hop for the length",
            _hop_for_length,
            "Your frames are `hop` samples long. The hop says where the next frame begins; "
            "a frame is as long as the window.",
        ),
        wrong(
            "keeps the mirrored half of the spectrum",
            lambda samples, window, hop: (
                20
                * np.log10(
                    np.maximum(
                        np.abs(np.fft.fft(_frames(samples, len(window), hop) * window)), FLOOR
                    )
                )
            ),
            "There are too many frequencies. For real samples the second half of `fft` mirrors "
            "the first: `rfft` leaves it away.",
        ),
    ],
    hints=[
        "Four steps, in this order: cut, weight with the window, transform, decibels.",
        "Frame i is samples[i·hop : i·hop + length], i = 0 … (S − length) // hop; "
        "decibels = 20 · log10(max(|rfft(frame · window)|, 1e-4)).",
        "length = len(window); count = 1 + (len(samples) - length) // hop",
    ],
    success=(
        "Pressure became frequencies over time. It is the sound that lesson 13 will recognise "
        "words in."
    ),
    others=[_spectrogram_by_strides, _spectrogram_by_loop, _spectrogram_floored_in_decibels],
)


# --- windows --------------------------------------------------------------------------------------


def _flawed_windows(series, width, *, sees_target=False, newest_first=False, drops_last=False):
    """Windows and targets with one or two of the usual mistakes; with none, the right ones."""
    series = np.asarray(series)
    count = len(series) - width - (1 if drops_last else 0)
    first = 1 if sees_target else 0
    windows = np.stack([series[i + first : i + first + width] for i in range(count)])
    return (windows[:, ::-1] if newest_first else windows), series[width : width + count]


def _make_windows(series, width):
    """Windows (N, width), oldest value first, and the value after each (N,), with N = T − width."""
    return _flawed_windows(series, width)


def _windows_by_view(series, width):
    pieces = np.lib.stride_tricks.sliding_window_view(series, width + 1)
    return pieces[:, :-1], pieces[:, -1]


def _windows_by_columns(series, width):
    count = len(series) - width
    return np.column_stack([series[j : j + count] for j in range(width)]), series[width:]


def _skips_a_value(series, width):
    windows = np.stack([series[i : i + width] for i in range(len(series) - width - 1)])
    return windows, series[width + 1 :]


def _end_to_end(series, width):
    starts = range(0, len(series) - width, width)
    return np.stack([series[i : i + width] for i in starts]), np.array(
        [series[i + width] for i in starts]
    )


def _one_window_too_many(series, width):
    count = len(series) - width + 1
    return np.stack([series[i : i + width] for i in range(count)]), series[width:]


def _target_is_the_windows_own_last(series, width):
    windows, _ = _make_windows(series, width)
    return windows, windows[:, -1]


def _every_window_and_its_own_last(series, width):
    windows, _ = _one_window_too_many(series, width)
    return windows, windows[:, -1]


make_windows = code(
    title="Windows and what comes after them",
    minutes=5,
    difficulty=2,
    objective="cut a series into windows that do not see the future",
    reference=_make_windows,
    probes=[
        probe(np.array([10.0, 11.0, 13.0, 16.0, 20.0, 25.0]), 3),
        probe(_rng.normal(size=11).round(2), 4),
        probe(_rng.normal(size=9).round(2), 2),
    ],
    mistakes=[
        *switches(
            _flawed_windows,
            sees_target=(
                "The last value of each window is the value to be forecast. A model would copy "
                "it, and be perfect, until it meets a future that nobody can hand to it. Where "
                "must the window end?"
            ),
            newest_first=(
                "Your windows run backwards: the newest value stands first. "
                "Keep the order of the series, oldest first."
            ),
            drops_last=(
                "The last pair is missing. With T values, how many windows have a value after them?"
            ),
        ),
        wrong(
            "takes the window's own last value for the target",
            _target_is_the_windows_own_last,
            "Your target is the last value of its own window; a model would copy it. Which index "
            "comes right after the window?",
        ),
        wrong(
            "takes the own last value of every window for the target",
            _every_window_and_its_own_last,
            "Your target is the last value of its own window; a model would copy it. And the last "
            "window has nothing after it, so it is one too many.",
        ),
        wrong(
            "returns the windows alone",
            lambda series, width: _make_windows(series, width)[0],
            "These are the windows. Two arrays are asked for: `return windows, targets`.",
        ),
        wrong(
            "returns the targets alone",
            lambda series, width: _make_windows(series, width)[1],
            "These are the targets. Two arrays are asked for: `return windows, targets`.",
        ),
        wrong(
            "returns the targets first",
            lambda series, width: _make_windows(series, width)[::-1],
            "Both are right, in the other order: `return windows, targets`.",
        ),
        wrong(
            "returns pairs",
            lambda series, width: list(zip(*_make_windows(series, width), strict=True)),
            "These are pairs, each window with its target. Two arrays are asked for, one of all "
            "windows and one of all targets: collect them in two lists, `return windows, targets`.",
        ),
        wrong(
            "leaves window and target in one array",
            lambda series, width: np.column_stack(_make_windows(series, width)),
            "This is one array of width + 1 columns: the last column holds the targets. Two arrays "
            "are asked for: cut it, and `return windows, targets`.",
        ),
        wrong(
            "skips a value",
            _skips_a_value,
            "Between a window and its target one value is left out: you forecast two steps ahead. "
            "Which index comes right after the last one of the window?",
        ),
        wrong(
            "sets the windows end to end",
            _end_to_end,
            "Each window begins where the last one ended. Move on by one step, not by a whole "
            "width: every value of the series can be a target.",
        ),
        wrong(
            "puts the window into a features axis",
            lambda series, width: (
                _make_windows(series, width)[0][:, None, :],
                _make_windows(series, width)[1],
            ),
            "Your windows are (N, 1, width): one single time step with `width` features. A "
            "recurrent network fed with this would have nothing to remember. Here (N, width) is "
            "asked for.",
        ),
        wrong(
            "keeps a window with nothing after it",
            _one_window_too_many,
            "There is one window more than there are targets: nothing comes after the last one. "
            "How many windows have a value after them?",
        ),
        wrong(
            "puts the windows in columns",
            lambda series, width: (
                _make_windows(series, width)[0].T,
                _make_windows(series, width)[1],
            ),
            "Each of your columns is a window. Make them rows: the first axis counts examples.",
        ),
    ],
    hints=[
        "Write down, for T = 6 and width 3, all windows and the value after each. How many are "
        "there?",
        "Window i is series[i : i + width], its target is series[i + width], and i runs from 0 to "
        "T − width − 1.",
        "count = len(series) - width",
    ],
    success=(
        "Each pair asks one question: these values came, what came next? Nothing from the future "
        "is in it."
    ),
    others=[_windows_by_view, _windows_by_columns],
)


def _scale_with_training(series, split):
    """The whole series, scaled with mean and standard deviation of its first `split` values."""
    known = np.asarray(series)[:split]
    return (np.asarray(series) - known.mean()) / known.std()


def _scale_by_loop(series, split):
    mean = sum(series[:split]) / split
    spread = (sum((value - mean) ** 2 for value in series[:split]) / split) ** 0.5
    return [(value - mean) / spread for value in series]


def _scale_in_torch(series, split):
    import torch

    values = torch.tensor(np.asarray(series))
    return (values - values[:split].mean()) / values[:split].std(correction=0)


def _each_part_by_itself(series, split):
    parts = series[:split], series[split:]
    return np.concatenate([(part - part.mean()) / part.std() for part in parts])


scale_with_training = code(
    title="Scaled with what was known",
    minutes=3,
    difficulty=1,
    objective="scale a series without looking into its future",
    reference=_scale_with_training,
    probes=[
        probe(np.array([1.0, 3.0, 8.0, 10.0, 21.0]), 3),
        probe(_rng.normal(5.0, 2.0, size=10).round(2), 6),
        probe(_rng.normal(-1.0, 3.0, size=8).round(2), 5),
    ],
    mistakes=[
        wrong(
            "uses the whole series",
            lambda series, split: (series - series.mean()) / series.std(),
            "Mean and spread come from the whole series, future included. At the time of the "
            "forecast nobody knew them. Which values were known?",
        ),
        wrong(
            "scales each part with its own numbers",
            _each_part_by_itself,
            "Each part is scaled with its own mean and spread. So the later part has its rise "
            "taken out with numbers from its own future, and one and the same value means two "
            "things. Use one mean and one spread, of the known part.",
        ),
        wrong(
            "uses the part to be forecast",
            lambda series, split: (series - series[split:].mean()) / series[split:].std(),
            "Mean and spread come from the part after `split`, the one that is to be forecast. "
            "Take the part before it.",
        ),
        wrong(
            "takes the spread of the whole series",
            lambda series, split: (series - series[:split].mean()) / series.std(),
            "The mean is that of the known part. The spread comes from the whole series, future "
            "included: take it from the known part too.",
        ),
        wrong(
            "takes the mean of the whole series",
            lambda series, split: (series - series.mean()) / series[:split].std(),
            "The spread is that of the known part. The mean comes from the whole series, future "
            "included: take it from the known part too.",
        ),
        wrong(
            "divides the mean alone",
            lambda series, split: series - series[:split].mean() / series[:split].std(),
            "Python divides before it subtracts, so only the mean was divided. Put the difference "
            "in brackets.",
        ),
        wrong(
            "returns the known part only",
            lambda series, split: _scale_with_training(series, split)[:split],
            "The known part is scaled as it should be. The rest is missing: scale the whole "
            "series with the same two numbers.",
        ),
        wrong(
            "returns the part to be forecast only",
            lambda series, split: _scale_with_training(series, split)[split:],
            "The part after `split` is scaled as it should be. The known part is missing: scale "
            "the whole series.",
        ),
        wrong(
            "takes the median",
            lambda series, split: (series - np.median(series[:split])) / series[:split].std(),
            "The median was taken away, the value in the middle. The mean is the sum divided by "
            "the number of values.",
        ),
        wrong(
            "scales to the range from 0 to 1",
            lambda series, split: (series - series[:split].min()) / np.ptp(series[:split]),
            "The known part runs from 0 to 1 here: smallest and largest were used. Mean 0 and "
            "standard deviation 1 are asked for.",
        ),
        wrong(
            "divides by the variance",
            lambda series, split: (series - series[:split].mean()) / series[:split].var(),
            "You divided by the variance. Its unit is squared: the standard deviation has the "
            "unit of the series.",
        ),
        wrong(
            "centres without scaling",
            lambda series, split: series - series[:split].mean(),
            "The mean is taken away, and the spread is as it was. What is missing is a division.",
        ),
        wrong(
            "takes one value too many",
            lambda series, split: (series - series[: split + 1].mean()) / series[: split + 1].std(),
            "The value at index `split` is the first of the unknown part, and it went into your "
            "mean. Which indices does series[:split] hold?",
        ),
        wrong(
            "divides by one less than the number of values",
            lambda series, split: (series - series[:split].mean()) / series[:split].std(ddof=1),
            "This standard deviation divides by one less than the number of values (ddof=1). Both "
            "forms are in use. Here `np.std` as it comes is asked for.",
        ),
    ],
    hints=[
        "Which of the values would you have had in your hands on the day of the forecast?",
        "scaled = (series − mean of the first `split` values) / standard deviation of the same "
        "values.",
        "known = series[:split]",
    ],
    success="The future came in only as something to be scaled, never as something to scale with.",
    others=[_scale_by_loop, _scale_in_torch],
)

leaky_split = choose(
    title="Which split is sound?",
    minutes=2,
    difficulty=2,
    objective="find the place where the future leaks into the training",
    question=(
        "Sunspots, 1700 to 2008, windows of 11 years, one year ahead. You want to know how well a "
        "model would have forecast from 1921 on. **Which of these procedures lets nothing leak?**"
    ),
    options=[
        option(
            "Make all windows, shuffle them, train on 80 % and test on the other 20 %.",
            "After the shuffle, the year 1950 may be a test target while it stands in the training "
            "windows of 1951 to 1961. The model has learned from years that come after those it "
            "is tested on.",
        ),
        option(
            "Scale the whole series to mean 0 and spread 1, cut it at 1921, train on the first "
            "part.",
            "Mean and spread of the whole series know the high cycles after 1921. "
            "It is a small leak, and it makes the test a little kinder than the future would be.",
        ),
        option(
            "Cut at 1921, scale with the years before it. Train on windows whose target lies "
            "before 1921, test on those whose target lies in 1921 or later, though their inputs "
            "reach back before it.",
            "The inputs were known by then, so they may reach back. What counts is that no target "
            "of the test, and no number made from one, went into the training.",
            right=True,
        ),
        option(
            "Cut at 1921, scale with the years before it, try widths from 2 to 30, and report the "
            "smallest error after 1921.",
            "The width was chosen by looking at the years of the test. The smallest of 29 errors "
            "is partly luck, and it will not come again. Choose on a part of the training years.",
        ),
    ],
    hints=[
        "Go through each procedure and ask: is there any number in it that nobody could have "
        "known in 1920?",
        "Targets must not overlap; a mean, a shuffle and a choice made on the test all carry the "
        "future back.",
        "Is a window's *input* from 1915 a secret in 1921?",
    ],
    success="Leaks are rarely a wrong line of code. They are a number used one step too early.",
)


# --- several steps ahead --------------------------------------------------------------------------


def _flawed_roll_out(
    window,
    weights,
    bias,
    steps,
    *,
    overwrites_newest=False,
    enters_at_front=False,
    bias_left_out=False,
):
    """A forecast fed to itself, with one or two of the usual mistakes."""
    values = np.array(window, dtype=float)
    forecasts = []
    for _ in range(steps):
        forecast = float(np.dot(weights, values)) + (0.0 if bias_left_out else bias)
        forecasts.append(forecast)
        kept = values[:-1] if overwrites_newest else values[1:]
        values = np.concatenate([[forecast], kept] if enters_at_front else [kept, [forecast]])
    return np.array(forecasts)


def _roll_out(window, weights, bias, steps):
    """The next `steps` values (steps,) of a linear window model that reads its own forecasts."""
    return _flawed_roll_out(window, weights, bias, steps)


def _roll_out_by_list(window, weights, bias, steps):
    values = list(window)
    for _ in range(steps):
        recent = values[-len(weights) :]
        values.append(sum(w * v for w, v in zip(weights, recent, strict=True)) + bias)
    return values[len(window) :]


def _roll_out_in_place(window, weights, bias, steps):
    values, width = np.zeros(len(window) + steps), len(window)
    values[:width] = window
    for t in range(width, width + steps):
        values[t] = values[t - width : t] @ weights + bias
    return values[width:]


def _window_that_grows(window, weights, bias, steps):
    values = np.array(window, dtype=float)
    for _ in range(steps):
        values = np.append(values, weights @ values + bias)
    return values[len(window) :]


def _one_step_for_all(window, weights, bias, steps):
    return np.full(steps, np.dot(weights, window) + bias)


def _backwards(window, weights, bias, steps):
    return _roll_out(window, np.asarray(weights)[::-1], bias, steps)


roll_out = code(
    title="Several steps ahead",
    minutes=6,
    difficulty=3,
    objective="forecast several steps by feeding forecasts back",
    reference=_roll_out,
    probes=[
        probe(np.array([1.0, 2.0, 4.0]), np.array([0.1, -0.5, 1.2]), 0.3, 4),
        probe(np.array([0.5, -1.0]), np.array([-0.6, 1.3]), 0.1, 6),
        probe(
            _rng.normal(size=5).round(2),
            np.array([0.2, 0.1, -0.3, 0.4, 0.5]),
            -0.2,
            3,
        ),
        probe(np.array([0.8, -0.4, 1.1, 0.3]), np.array([0.5, -0.2, 0.3, 0.7]), 0.4, 1),
    ],
    axis="step",
    mistakes=[
        wrong(
            "gives the one-step forecast for every step",
            _one_step_for_all,
            "All your forecasts are the first one. The window has to move on: what is its newest "
            "value when you forecast the second step?",
        ),
        *switches(
            _flawed_roll_out,
            overwrites_newest=(
                "Each round throws away the newest value of the window and keeps the oldest. "
                "Which one has the window left behind?"
            ),
            enters_at_front=(
                "The forecast enters at the front of the window, where the oldest value stands. "
                "The window runs from old to new: where does the newest one belong?"
            ),
            bias_left_out="The bias is missing from the sum.",
        ),
        wrong(
            "lets the window grow",
            _window_that_grows,
            "One step works, and the second stops with a ValueError. That happens when window and "
            "weights no longer have the same length. In each round one value goes, the oldest, and "
            "one comes, the forecast.",
        ),
        wrong(
            "reads the window backwards",
            _backwards,
            "Weights and window run in opposite directions. Here both are ordered from the oldest "
            "to the newest value.",
        ),
        wrong(
            "returns only the last forecast",
            lambda window, weights, bias, steps: _roll_out(window, weights, bias, steps)[-1],
            "This is the forecast for the last step alone. All `steps` of them are asked for, in "
            "order.",
        ),
        wrong(
            "returns the window as well",
            lambda window, weights, bias, steps: np.concatenate(
                [window, _roll_out(window, weights, bias, steps)]
            ),
            "Your array begins with the window that was known already. Return the forecasts alone.",
        ),
    ],
    hints=[
        "To forecast the second step you need the first one, and it has not happened yet. What do "
        "you have in its place?",
        "forecast = weights · window + bias; new window = window without its oldest value, then "
        "the forecast. Repeat.",
        "window = list(window), then a loop over range(steps)",
    ],
    success=(
        "You fed an output back in as an input. Remember that arrow: in lesson 02 it moves inside "
        "the neuron."
    ),
    others=[_roll_out_by_list, _roll_out_in_place],
)


# --- the blind spot -------------------------------------------------------------------------------

blind_accuracy = predict(
    title="One step too far",
    minutes=2,
    difficulty=1,
    objective="say what a window knows about what lies behind it",
    question=(
        "A string of letters is drawn at random from A, B, C and D, all equally likely. A window "
        "network reads the last 20 letters. It is trained for as long as you like to name the "
        "letter that stood **25** steps back. **In how many of 100 new strings will it be right, "
        "on average?**"
    ),
    answer=25.0,
    tolerance=(0.0, 0.1),
    mistakes=[
        wrong(
            "thinks that training mends it",
            100.0,
            "No training can bring in a letter that the network is never shown. What can it do "
            "without it?",
        ),
        wrong(
            "thinks that what is not seen is always wrong",
            0.0,
            "To be wrong every time, one would have to know the letter and avoid it. What does a "
            "blind guess among four give?",
        ),
        wrong(
            "counts the share of the distance that is seen",
            80.0,
            "80 is 20 steps out of 25. The letter is not 80 % inside the window: "
            "a letter is inside or it is not.",
        ),
        wrong(
            "counts the wrong answers",
            75.0,
            "75 is how often it is wrong.",
        ),
        wrong(
            "guesses between two",
            50.0,
            "50 is a coin with two sides. How many letters are there?",
        ),
        wrong(
            "gives a share",
            0.25,
            "The thought is right. The question asks for a number out of 100.",
        ),
    ],
    hints=[
        "Which of the letters that the network sees has to do with the one it must name?",
        "A guess without knowledge, among n equally likely answers, is right in 1 of n cases.",
        "There are four letters.",
    ],
    success="Perfect up to the edge, a blind guess behind it. A window does not fade: it ends.",
)
