"""Spoken digits and their features: shapes, units, labels that match the sounds."""

import importlib.util
import itertools
from pathlib import Path

import numpy as np
import pytest

from rnncourse.data import speech

FILES = Path(speech.__file__).parent / "files"
AUTHORING = Path(__file__).parents[1] / "authoring"
RATE = 16_000


@pytest.fixture(scope="module")
def digits():
    return speech.load()


@pytest.fixture(scope="module")
def sounds():
    return speech.clips()


def sine(hertz: float, amplitude: float = 1.0, seconds: float = 0.5) -> np.ndarray:
    return amplitude * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)


def test_every_voice_says_every_digit_three_times(digits):
    assert len(digits) == len(digits.labels) == len(digits.voices) == len(digits.takes) == 720
    said = set(
        zip(digits.voices.tolist(), digits.labels.tolist(), digits.takes.tolist(), strict=True)
    )
    names = sorted(set(digits.voices.tolist()))
    assert len(names) == 24
    assert said == set(itertools.product(names, range(10), range(3)))


def test_a_digit_is_time_by_24_bands_in_decibels_within_the_known_range(digits):
    for rows, length in zip(digits, digits.lengths, strict=True):
        assert rows.shape == (length, 24) and rows.dtype == np.float32
        assert rows.min() >= speech.FLOOR and rows.max() < 0
    assert digits.lengths.min() >= 15 and digits.lengths.max() <= 100  # 0.15 s to 1 s


def test_no_two_of_all_the_sounds_are_alike(digits):
    assert len({rows.tobytes() for rows in digits}) == 720


def test_silence_is_cut_off_at_both_ends(digits):
    for rows in digits:
        loudness = rows.max(axis=1)
        assert loudness[:4].max() > loudness.max() - 45
        assert loudness[-4:].max() > loudness.max() - 45


@pytest.mark.parametrize("seed", range(5))
def test_a_split_has_no_voice_in_both_parts(digits, seed):
    train, test = digits.split(held_out=6, seed=seed)
    assert len(train) == 540 and len(test) == 180
    assert not set(train.voices.tolist()) & set(test.voices.tolist())
    assert len(set(test.voices.tolist())) == 6


def test_the_same_seed_splits_alike_and_another_differently(digits):
    first, again, other = (digits.split(seed=s)[1].voices.tolist() for s in (0, 0, 1))
    assert first == again != other


def test_a_split_without_voices_on_a_side_is_refused(digits):
    for held_out in (0, 24):
        with pytest.raises(ValueError, match="1 to 23"):
            digits.split(held_out)


def test_the_nearest_mean_names_the_digits_of_unseen_voices(digits):
    """Labels match the sounds: three mean spectra a word are enough for four digits in five."""
    right = []
    for seed in range(5):
        train, test = digits.split(seed=seed)
        means = np.array([thirds(train[train.labels == d]).mean(axis=0) for d in range(10)])
        distance = ((thirds(test)[:, None] - means) ** 2).sum(axis=-1)
        right.append(np.mean(distance.argmin(axis=1) == test.labels))
    assert np.mean(right) > 0.8 and min(right) > 0.6  # chance is 0.1


def thirds(digits) -> np.ndarray:
    """(N, 72): mean spectrum of the first, middle and last third, without the loudness."""
    rows = [[part.mean(axis=0) for part in np.array_split(d, 3)] for d in digits]
    flat = np.array(rows).reshape(len(digits), -1)
    return flat - flat.mean(axis=1, keepdims=True)


def test_padding_is_time_first_and_says_the_lengths(digits):
    some = digits[[0, 5, 9]]
    batch, lengths = some.padded(value=-99)
    assert batch.shape == (lengths.max(), 3, 24) and lengths.tolist() == some.lengths.tolist()
    for i, length in enumerate(lengths):
        assert np.array_equal(batch[:length, i], some[i]) and (batch[length:, i] == -99).all()


def test_a_slice_a_list_and_a_mask_choose_digits(digits):
    assert digits[3].shape[1] == 24
    assert len(digits[:10]) == 10 and len(digits[[1, 2]]) == 2
    sevens = digits[digits.labels == 7]
    assert len(sevens) == 72 and set(sevens.labels.tolist()) == {7}


def test_the_six_clips_keep_their_silence_and_say_where_the_word_is(sounds):
    assert len(sounds) == 6 and len({(c.label, c.voice) for c in sounds}) == 6
    for clip in sounds:
        seconds = len(clip.samples) / clip.rate
        start, stop = clip.speech
        assert clip.samples.dtype == np.float32 and clip.samples.ndim == 1
        assert 0.2 < np.abs(clip.samples).max() < 1 and clip.rate == RATE
        assert start > 0.25 and seconds - stop > 0.25 and 0.2 < stop - start < 1
        assert not clip.samples[: round((start - 0.02) * clip.rate)].any()
        assert clip.word == speech.WORDS[clip.label]


def test_the_stored_features_are_the_log_mel_of_the_sound_up_to_the_rounding(digits, sounds):
    for clip in sounds:
        mine = (digits.voices == clip.voice) & (digits.labels == clip.label) & (digits.takes == 0)
        stored = digits[int(np.flatnonzero(mine)[0])]
        whole = speech.log_mel(clip.samples, clip.rate)
        within = whole[30 : 30 + len(stored)]  # 0.3 s of silence before, 10 ms a row
        error = np.abs(within - stored)
        assert error[within > -65].max() < 0.22  # half of the step of 0.4 dB, 16 bits
        assert error.max() < 0.5  # near the floor the clip's own 16 bits are felt


def test_a_sine_of_full_scale_has_zero_decibels_in_all_bands_together():
    for hertz in (200, 1000, 3210, 6000):
        level = speech.log_mel(sine(hertz), RATE)
        total = 10 * np.log10((10 ** (level / 10)).sum(axis=1))
        assert np.abs(total).max() < 0.1
        nearest = np.abs(speech.band_centres(RATE) - hertz).argmin()
        assert (np.abs(level.argmax(axis=1) - nearest) <= 1).all()


def test_half_the_amplitude_is_six_decibels_less():
    full, half = (speech.spectrogram(sine(1000, a), RATE) for a in (1.0, 0.5))
    loud = full > -40
    assert np.allclose((full - half)[loud], 20 * np.log10(2))


def test_the_spectrogram_has_its_maximum_at_the_sines_frequency():
    level = speech.spectrogram(sine(1500), RATE)
    hertz = speech.frequencies(RATE)
    assert level.shape == (48, len(hertz)) and hertz[0] == 0 and hertz[-1] == RATE / 2
    assert (hertz[level.argmax(axis=1)] == 1500).all()


def test_silence_lies_on_the_floor():
    assert (speech.log_mel(np.zeros(RATE), RATE, floor=-90) == -90).all()
    assert speech.trim(np.zeros(RATE), RATE) == (0, RATE)


def test_frames_overlap_and_only_whole_ones_count():
    cut = speech.frames(np.arange(1000), RATE)
    assert cut.shape == (1 + (1000 - 400) // 160, 400)
    assert cut[1, 0] == 160 and cut[2, 0] == 320
    assert speech.frames(np.ones(3), RATE).shape == (1, 400)


def test_a_stereo_sound_and_an_empty_frame_are_refused():
    with pytest.raises(ValueError, match=r"\(2, 100\)"):
        speech.frames(np.zeros((2, 100)), RATE)
    with pytest.raises(ValueError, match="at least one sample"):
        speech.frames(np.zeros(100), RATE, hop=0)


def test_trim_finds_the_word_in_its_silence():
    sound = np.concatenate([np.zeros(3200), sine(440, 0.3, 0.3), np.zeros(4800)])
    start, stop = speech.trim(sound, RATE)
    assert 3200 - 320 <= start <= 3200 and 8000 <= stop <= 8000 + 320


def test_bundled_files_are_small():
    sizes = {path.name: path.stat().st_size for path in FILES.iterdir() if path.is_file()}
    assert sizes["speech.npz"] < 2_000_000 and sizes["teaser.npz"] < 150_000
    assert sum(sizes.values()) < 3_000_000


def test_the_sounds_say_their_source_and_licence(digits, sounds):
    for thing in (digits, sounds[0]):
        assert "eSpeak NG" in thing.source and thing.licence
    assert "24 voices" in repr(digits) and "'three'" in repr(sounds[0])


def script():
    path = AUTHORING / "make_speech.py"
    spec = importlib.util.spec_from_file_location("make_speech", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stored_sounds_are_what_the_script_makes(capsys, digits):
    """One voice again, in full: `make_speech.py --check` compares all of them."""
    make_speech = script()
    with np.load(make_speech.FILE) as stored:
        made_with = str(stored["made_with"])
    if made_with != f"eSpeak NG {make_speech.version()}":
        pytest.skip(f"the sounds were made with {made_with}, which is not installed here")
    names = list(make_speech.voices())
    assert sorted(names) == sorted(set(digits.voices.tolist()))
    made = make_speech.speak_all(names[:1])[0]
    rows = np.concatenate(digits[digits.voices == names[0]].features)
    again = made["features"] * np.float32(speech.STEP) + np.float32(speech.FLOOR)
    assert again.shape == rows.shape and np.abs(again - rows).max() <= speech.STEP * 1.01


def test_the_script_sees_a_changed_array():
    make_speech = script()
    with np.load(make_speech.FILE) as file:
        stored = dict(file)
    assert make_speech.differences(stored, stored) == []
    changed = {**stored, "labels": stored["labels"][::-1]}
    changed["features"] = stored["features"] + np.uint8(2)
    del changed["takes"]
    assert sorted(make_speech.differences(changed, stored)) == ["features", "labels", "takes"]
