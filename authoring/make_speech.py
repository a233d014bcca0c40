"""Make the spoken digits, rnncourse/data/files/speech.npz, with the synthesiser eSpeak NG.

    python authoring/make_speech.py            writes the file (some 15 seconds)
    python authoring/make_speech.py --check    makes the sounds again and compares

24 voices (accent and speaker) x 10 digits x 3 takes. A take varies the speed, the pitch and the
loudness, drawn with a fixed seed. The file holds the features of all sounds, trimmed and as bytes
(steps of 0.4 dB above -80 dB), and six sounds with their silence. eSpeak NG gives the same samples
each time, but other versions give others: `--check` compares only where the version is the one
that made the file. Exit code: 0 the same, 1 different, 3 not compared.
"""

import argparse
import io
import itertools
import re
import shutil
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from rnncourse.data import speech

FILE = Path(speech.__file__).parent / "files" / "speech.npz"
SEED = 1
RATE = 16_000
TAKES = 3
SILENCE = 0.3  # seconds, before and after the word in the sounds to play

# The accents by the name of their file: eSpeak NG 1.51 ignores a speaker added to a language code
# such as en-gb, without a word.
ACCENTS = {
    "britain": "en",
    "america": "en-US",
    "scotland": "en-GB-scotland",
    "caribbean": "en-029",
    "received": "en-GB-x-rp",
    "midlands": "en-GB-x-gbcwmd",
    "lancaster": "en-GB-x-gbclan",
}
HIGHER = [
    "f1",
    "f2",
    "f3",
    "f4",
    "f5",
    "Andrea",
    "Annie",
    "Alicia",
    "linda",
    "steph",
    "belinda",
    "anika",
]
LOWER = ["m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "Alex", "adam", "max", "Michael"]
CLIPS = [  # the sounds to play: digit and voice
    (3, "america-f2"),
    (3, "midlands-m3"),
    (7, "scotland-f3"),
    (7, "britain-m5"),
    (8, "received-f5"),
    (8, "scotland-m7"),
]


def voices() -> dict[str, str]:
    """Our name -> eSpeak NG's: each of the 24 speakers has one accent."""
    names = {}
    for speakers, shift in ((HIGHER, 0), (LOWER, 3)):
        for i, speaker in enumerate(speakers):
            accent = list(ACCENTS)[(i + shift) % len(ACCENTS)]
            names[f"{accent}-{speaker.lower()}"] = f"gmw/{ACCENTS[accent]}+{speaker}"
    return names


def version() -> str | None:
    """The version of the installed eSpeak NG, or None."""
    program = shutil.which("espeak-ng")
    if program is None:
        return None
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+\.\d[\w.]*", said)
    return found.group() if found else None


def speak(voice: str, word: str, speed: int, pitch: int, loudness: int) -> np.ndarray:
    """One word as samples between -1 and 1, 16,000 a second."""
    options = ["-v", voice, "-s", str(speed), "-p", str(pitch), "-a", str(loudness)]
    done = subprocess.run(
        ["espeak-ng", *options, "--stdout", word], capture_output=True, check=True
    )
    with wave.open(io.BytesIO(done.stdout)) as sound:
        rate = sound.getframerate()
        pcm = np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2")
    common = np.gcd(rate, RATE)
    return resample_poly(pcm / 32768, RATE // common, rate // common)


def speak_all(names: list[str]) -> tuple[dict[str, np.ndarray], dict]:
    """The features of the first voices' digits, and the sounds for `CLIPS` by digit and voice."""
    rng = np.random.default_rng(SEED)
    features, index, sounds = [], [], {}
    for number, name in enumerate(names):
        for digit, take in itertools.product(range(10), range(TAKES)):
            speed, pitch, loudness = rng.integers((125, 30, 60), (196, 71, 111)).tolist()
            samples = speak(voices()[name], speech.WORDS[digit], speed, pitch, loudness)
            start, stop = speech.trim(samples, RATE)
            features.append(speech.log_mel(samples[start:stop], RATE))
            index.append((digit, number, take))
            if take == 0 and (digit, name) in CLIPS:
                sounds[digit, name] = np.pad(samples[start:stop], round(SILENCE * RATE))
    steps = (np.concatenate(features) - speech.FLOOR) / speech.STEP
    if steps.max() > 255:
        raise ValueError("A level is too high to be stored in a byte: make STEP larger.")
    labels, numbers, takes = np.array(index, dtype=np.uint8).T
    arrays = {
        "features": np.rint(steps).astype(np.uint8),
        "lengths": np.array([len(rows) for rows in features], dtype=np.int32),
        "labels": labels,
        "voices": numbers,
        "takes": takes,
    }
    return arrays, sounds


def make() -> dict[str, np.ndarray]:
    """Every array of the file."""
    names = list(voices())
    arrays, sounds = speak_all(names)
    clips = [np.rint(sounds[clip] * 32767).astype(np.int16) for clip in CLIPS]
    return {
        **arrays,
        "voice_names": np.array(names),
        "clip_samples": np.concatenate(clips),
        "clip_lengths": np.array([len(clip) for clip in clips], dtype=np.int32),
        "clip_labels": np.array([digit for digit, _ in CLIPS], dtype=np.uint8),
        "clip_voices": np.array([voice for _, voice in CLIPS]),
        "clip_rate": np.array(RATE, dtype=np.int32),
        "made_with": np.array(f"eSpeak NG {version()}"),
    }


def differences(made: dict[str, np.ndarray], stored) -> list[str]:
    """Names of the arrays that are not the same; sounds and features may be one step apart."""
    wrong = sorted(set(made) ^ set(stored))
    for name in set(made) & set(stored):
        ours, theirs = made[name], stored[name]
        same = ours.shape == theirs.shape and ours.dtype == theirs.dtype
        if same and name in ("features", "clip_samples"):
            same = np.abs(ours.astype(int) - theirs.astype(int)).max() <= 1
        elif same:
            same = np.array_equal(ours, theirs)
        if not same:
            wrong.append(name)
    return wrong


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    options = parser.parse_args(arguments)
    installed = version()
    if installed is None:
        print("espeak-ng is not installed here (Debian, Ubuntu: apt-get install espeak-ng).")
        return 3
    if not options.check:
        np.savez_compressed(FILE, **make())
        print(f"Wrote {FILE.name}, {FILE.stat().st_size:,} bytes.")
        return 0
    with np.load(FILE) as stored:
        if str(stored["made_with"]) != f"eSpeak NG {installed}":
            print(f"Not compared: made with {stored['made_with']}, installed is {installed}.")
            return 3
        wrong = differences(make(), dict(stored))
    print("The file is what this script makes." if not wrong else f"Different: {', '.join(wrong)}.")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
