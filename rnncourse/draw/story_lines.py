"""Lines over the words of a story: what several models say, or how much each word matters."""

import numpy as np

from rnncourse.draw.curve_plots import _base
from rnncourse.draw.frames import axes, label_end
from rnncourse.draw.pictures import Picture
from rnncourse.draw.series import amount, fill, log_ticks, looks, seeded
from rnncourse.draw.style import BODY, house_type, palette
from rnncourse.draw.word_rows import width_of

MOST, FLOOR = 70, 1e-16
ROOM = 5.8  # inches, about, between the first word and the last


def word_lines(
    words,
    runs,
    log=False,
    ylabel="",
    base=None,
    cues=(),
    title=None,
    subtitle=None,
    height=None,
    roles=None,
):
    """Draw a value for every word of a story, a line a model.

    Parameters
    ----------
    words : (T,), up to 70, written below the axis.
    runs : {name: values}, up to 7; values (T,) or (T, S): S seeds, their median as a line and all
        of them as a band.
    log : a logarithmic axis; values under 1e-16 stand at its lower end.
    base : {name: value}, dotted lines with names. cues : words (or their numbers) written bold.
    title, subtitle, ylabel, height : as in ``draw.axes``. roles : {name: colour role}.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    words = words.split() if isinstance(words, str) else [str(word) for word in words]
    if not 1 <= len(words) <= MOST:
        raise ValueError(f"There are {len(words)} words; this picture shows 1 to {MOST}.")
    if not 1 <= len(runs) <= 7:
        raise ValueError(f"runs has {len(runs)} entries; this picture shows 1 to 7.")
    series = {str(name): seeded(name, values) for name, values in runs.items()}
    for name, values in series.items():
        if len(values) != len(words):
            raise ValueError(f"{name!r} has {len(values)} values; there are {len(words)} words.")
        if log and (values < 0).any():
            raise ValueError(f"{name!r} has values under 0; a logarithmic axis has none.")
    title = title or _usual(series)
    if subtitle is None:
        seeds = max(values.shape[1] for values in series.values())
        subtitle = f"Line: median of {seeds} seeds; band: all of them." if seeds > 1 else ""
    longest = max(map(len, words))
    height = height or 3.2 + 0.055 * min(longest, 14)
    figure, ax = axes(title, subtitle, "", ylabel, height=height)
    styles = looks(list(series), roles)
    with house_type():
        at = np.arange(len(words))
        if log:
            ax.set_yscale("log")
        for name, values in series.items():
            shown = np.maximum(values, FLOOR) if log else values
            if values.shape[1] > 1:
                fill(ax, at, shown.min(axis=1), shown.max(axis=1), styles[name])
            marks = styles[name].dots if len(words) <= 30 else {}
            ax.plot(at, np.median(shown, axis=1), clip_on=False, **styles[name].line, **marks)
        ax.set_xlim(-0.3, max(len(words) - 1, 0.7))
        _base(ax, base or {}, len(words) - 1)
        for name, values in series.items():
            end = np.maximum(np.median(values[-1]), FLOOR) if log else np.median(values[-1])
            label_end(ax, len(words) - 1, end, name, styles[name].role)
        if log:
            log_ticks(ax.yaxis, *ax.get_ylim())
        _name_words(ax, words, cues)
    return Picture(figure, _alt(title, words, series, ylabel))


def influence(
    words, runs, cues=(), ylabel="|d P(miss) / d word|", title=None, subtitle=None, height=None
):
    """Draw how much each word of a story moves an answer's probability, on one logarithmic scale.

    Parameters
    ----------
    words : (T,). runs : {"RNN": (T,), "GRU": ..., "LSTM": ...}, the length of the gradient with
        respect to each word's vector; or (T, S) for S seeds.
    cues : words (or their numbers) written bold; the title compares the first of them with the
        last word. ylabel, title, subtitle, height : as in ``draw.axes``.

    Returns a ``Picture``. Raises ``ValueError`` for other shapes.
    """
    words = words.split() if isinstance(words, str) else [str(word) for word in words]
    first = next((at for at, word in enumerate(words) if _is_cue(at, word, cues)), 0)
    if title is None:
        title = _compared(words, runs, first)
    if subtitle is None:
        subtitle = "Length of the gradient with respect to each word's vector; one scale for all."
    return word_lines(words, runs, True, ylabel, None, cues, title, subtitle, height)


def _compared(words, runs, first):
    """The title: what the first cue still counts, beside the last word, in every model."""
    parts = []
    for name, values in runs.items():
        values = np.median(seeded(name, values), axis=1)
        ratio = values[first] / values[-1] if values[-1] > 0 else np.inf
        parts.append(f"{name} {amount(ratio)}")
    return f"“{words[first]}” as a share of the last word: {', '.join(parts)}"


def _is_cue(at, word, cues):
    return any(cue == at if not isinstance(cue, str) else cue == word.lower() for cue in cues)


def _name_words(ax, words, cues):
    count = len(words)
    size = BODY if count <= 30 else BODY - 1.5 if count <= 45 else BODY - 3
    flat = max(map(width_of, words)) + 0.1 < ROOM / count
    ax.set_xticks(np.arange(count), words, fontsize=size, rotation=0 if flat else 90)
    ax.tick_params(axis="x", length=3, pad=3)
    for at, (word, label) in enumerate(zip(words, ax.get_xticklabels(), strict=True)):
        if _is_cue(at, word, cues):
            label.set(weight="bold")
            ax.axvline(at, color=palette().fill["muted"], ls=(0, (1, 2)), lw=1.2, zorder=1.6)


def _usual(series):
    ends = ", ".join(f"{name} {amount(np.median(v[-1]))}" for name, v in series.items())
    return f"After the last word: {ends}"


def _alt(title, words, series, ylabel):
    shown = " ".join(words[:24]) + (" …" if len(words) > 24 else "")
    parts = []
    for name, values in series.items():
        middle = np.median(values, axis=1)
        low, high = int(middle.argmin()), int(middle.argmax())
        parts.append(
            f"{name}: lowest {amount(middle[low])} at “{words[low]}”, highest "
            f"{amount(middle[high])} at “{words[high]}”, {amount(middle[-1])} at the last word"
        )
    what = f"{ylabel} for" if ylabel else "Values for"
    return f"{title}. {what} each of {len(words)} words (“{shown}”). {'; '.join(parts)}."
