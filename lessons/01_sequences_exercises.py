# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "01", title: "Sequences: exercises", part: "I · Memory", minutes: 30}
# ---

# %% [markdown]
# # Sequences: exercises
#
# Eight tasks, about 30 minutes. Replace each `...`, run the cell, then run the check below it. A check that says "not yet" is a
# message to read: it tells what was called, what came back, and what may have happened. For a hint run, say,
# `check.to_time_first.hint()`; call it again for a stronger one.
#
# Leave the arguments as they are; work on a copy.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# {{exercise to_time_first}}
#
# `batch` has the shape $(B, T, D)$: $B$ sequences of $T$ steps with $D$ features. Return the same numbers with time first, $(T, B, D)$,
# so that row $t$ holds what every sequence shows at step $t$.


# %%
def to_time_first(batch):
    ### BEGIN SOLUTION
    return np.swapaxes(batch, 0, 1)
    ### END SOLUTION


# %%
check.to_time_first(to_time_first)

# %% [markdown]
# {{exercise bin_frequency}}
#
# {{question bin_frequency}}

# %%
bin_frequency = ...
### BEGIN SOLUTION
bin_frequency = 14 * 12000 / 480
### END SOLUTION

# %%
check.bin_frequency(bin_frequency)

# %% [markdown]
# {{exercise spectrogram}}
#
# Write the way from pressure to frequencies over time once more, alone this time. You get `samples` $(S,)$, a `window` $(L,)$ and the `hop`:
#
# - cut `samples` into whole frames, each as long as the window, one every `hop` samples; what is left over at the end is dropped;
# - multiply each frame with the window;
# - take the amplitude of `np.fft.rfft`;
# - return decibels of the amplitude, with every amplitude below 0.0001 counted as 0.0001.
#
# The result has one row for each frame. (The lesson's factor that gives a full-scale sine 0 dB is left out here.)


# %%
def spectrogram(samples, window, hop):
    ### BEGIN SOLUTION
    length = len(window)
    count = 1 + (len(samples) - length) // hop
    frames = np.stack([samples[i * hop : i * hop + length] for i in range(count)])
    amplitude = np.abs(np.fft.rfft(frames * window))
    return 20 * np.log10(np.maximum(amplitude, 0.0001))
    ### END SOLUTION


# %%
check.spectrogram(spectrogram)

# %% [markdown]
# {{exercise make_windows}}
#
# `series` has $T$ values. Return two arrays: all **windows** of `width` values in a row, oldest first, that have a value after them, shape $(N, \text{width})$; and
# the **value that comes right after** each of them, shape $(N,)$.
#
# For 10, 11, 13, 16, 20 and width 3: windows `[[10, 11, 13], [11, 13, 16]]`, targets `[16, 20]`.


# %%
def make_windows(series, width):
    ### BEGIN SOLUTION
    count = len(series) - width
    windows = np.stack([series[i : i + width] for i in range(count)])
    return windows, series[width:]
    ### END SOLUTION


# %%
check.make_windows(make_windows)

# %% [markdown]
# {{exercise scale_with_training}}
#
# The first `split` values of `series` are known, the others are to be forecast. Scale the **whole** series so that the **known** part gets
# mean 0 and standard deviation 1 (`np.std` as it comes).
#
# For 1, 3, 8, 20 with split 3 the mean is 4 and the spread 2.94: −1.02, −0.34, 1.36, 5.43.


# %%
def scale_with_training(series, split):
    ### BEGIN SOLUTION
    known = series[:split]
    return (series - known.mean()) / known.std()
    ### END SOLUTION


# %%
check.scale_with_training(scale_with_training)

# %% [markdown]
# {{exercise leaky_split}}
#
# {{question leaky_split}}
#
# Answer with a letter, such as `"a"`.

# %%
leaky_split = ...
### BEGIN SOLUTION
leaky_split = "c"
### END SOLUTION

# %%
check.leaky_split(leaky_split)

# %% [markdown]
# {{exercise roll_out}}
#
# A linear window model forecasts `weights @ window + bias`; `window` and `weights` run from the oldest to the newest value. Return its forecasts for the
# next `steps` steps, shape $(\text{steps},)$. From the second step on, its own forecasts stand in the window.
#
# For window `[1, 2]`, weights `[0.5, 1]`, bias 1 and 3 steps: `[3.5, 5.5, 8.25]`.


# %%
def roll_out(window, weights, bias, steps):
    ### BEGIN SOLUTION
    values = list(window)
    for _ in range(steps):
        recent = np.array(values[-len(weights) :])
        values.append(weights @ recent + bias)
    return np.array(values[len(window) :])
    ### END SOLUTION


# %%
check.roll_out(roll_out)

# %% [markdown]
# {{exercise blind_accuracy}}
#
# You met this question in the lesson. Do you still have the reason?
#
# {{question blind_accuracy}}

# %%
blind_accuracy = ...
### BEGIN SOLUTION
blind_accuracy = 100 / 4
### END SOLUTION

# %%
check.blind_accuracy(blind_accuracy)

# %% [markdown]
# That was lesson 01. In lesson 02 something comes back: an output.
