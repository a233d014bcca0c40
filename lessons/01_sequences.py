# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "01", title: "Sequences", part: "I · Memory", minutes: 35}
# ---

# %% [markdown]
# # Sequences
#
# **What must a machine remember to continue a sequence?**
#
# Below are four beginnings: two records kept over many years, a sentence, a sound. You could go on with
# each of them. To do so you use something that came earlier. How much earlier? And how would a machine hold on to it?

# %% [markdown] tags=["instructor"]
# **Timing** (35 minutes). Three sequences and one shape 12; windows and forecasts 12; the blind spot 8; torch and the
# questions 3. The exercises need about 30 minutes more.
#
# **On the board.** A long strip of paper with letters, and a card with a slot that shows five of them. Slide the
# card. Ask for the letter seven steps back. The card has no answer, however good the person behind it is. Leave the
# card on the board: in lesson 02 somebody stands behind the slot with a notebook of one line.
#
# **Likely questions.** *Is a window not a memory?* It is a view: nothing is kept when it slides on. *Why decibels?*
# The ear hears ratios; without the logarithm everything but the vowels is white. *Why does the network lose against
# least squares?* 210 examples and a hundred weights: let them look at the training error first. *Is the speech real?*
# It comes from a synthesiser, so that it can be shipped and heard without asking anybody.

# %%
import numpy as np
from IPython.display import Audio

from rnncourse import check, data, draw

sunspots, co2 = data.series.sunspots(), data.series.co2()
clip = data.speech.clips()[0]  # a spoken word
filled = co2.missing.sum()
print(f"sunspots: {len(sunspots)} years; CO2: {len(co2):,} weeks, {filled} of them filled in")

# %%
figure, axes = draw.axes("Four beginnings: what comes next?", rows=4, height=6.8)
for ax, series, name in ((axes[0], sunspots, "sunspots"), (axes[1], co2, "CO2 in the air")):
    draw.panel(ax, name, f"{series.unit}, {series.time[0]:.0f} to {int(series.time[-1])}")
    ax.plot(series.time, series.values[:, 0], color=draw.COLOURS["input"], lw=1.4)
draw.panel(axes[2], "words", "one after the other")
axes[2].text(0, 0.35, "the   bartender   gave   the   girl   a   …", size=14)
axes[2].set_axis_off()
draw.panel(axes[3], "sound", "air pressure, 16,000 numbers a second; 60 ms of a word")
axes[3].set_xlabel("milliseconds")
axes[3].plot(np.arange(960) / 16, clip.samples[6500:7460], color=draw.COLOURS["input"])
draw.picture(
    figure,
    f"Sunspots 1700 to 2008 swing between 0 and {sunspots.values.max():.0f} about every 11 years; CO2 climbs "
    "from 1958 to 2001 with a small swing each year; a sentence lacks its last word; a sound wave.",
)

# %% [markdown]
# ## What you will be able to do
#
# - **bring** numbers, words and sound to one shape, `(T, features)`;
# - **cut** a sound into frames and read its frequencies over time;
# - **build** a forecaster that looks at a window of the past, and **judge** it against honest baselines;
# - **measure** the distance at which such a window is blind.
#
# ## First, from memory
#
# In lesson 00 a trained network ended a bartender's sentence. When did it answer rightly, and when not?
#
# <details><summary>Answer</summary>
#
# It was right when nothing came between the order and the gap. After a few sentences about other things it did no better
# than a coin. It had read the person, and the trace did not last. Today's machine fails in another way: it never sees what lies
# too far back.
#
# </details>
#
# ## Numbers and words
#
# The **sunspot number** is an index, here its mean for each year: ten times the groups of spots plus the single spots, times
# a factor for the observer. The **CO2** over Mauna Loa is a mean for each week. We write $T$ for the
# number of steps. At each step there is one number, so the array has $T$ rows and one column. In this course time
# always runs down the rows.
#
# A word is no number. We first list all different words: the **vocabulary**, $V$ of them. Then each word becomes a
# row of $V$ numbers, 1 in its own column and 0 elsewhere. That is its **one-hot** row.

# %%
text = data.text.from_string("the girl asked the man and the man gave the girl a drink")
words = np.eye(len(text.vocabulary))[text.ids]  # (T, V): row t is 1 in column ids[t]
print("T =", len(text), "words, V =", len(text.vocabulary), "different ones, shape", words.shape)
rows = np.eye(len(text.vocabulary))
distance = np.linalg.norm(rows[:, None] - rows[None], axis=-1)
print("distances between two different words:", np.unique(distance[distance > 0].round(4)))
draw.heatmap(
    words,
    "At each step one square is filled: the word being read",
    rows=list(text.vocabulary),
    time=list(text.words),
    xlabel="",
    role="input",
)

# %% [markdown]
# (In the picture time runs to the right, as in every figure of the course; in the array it runs down.)
#
# Is *girl* nearer to *man* than to *and*? Not here: all distances are the same, as the cell printed. One-hot rows say
# **which** word it is, and nothing about **what it is like**. Lesson 09 changes that.
#
# ## Sound: pressure first, frequencies later
#
# It is often said that sound is a sequence of frequencies. A microphone gives no frequencies. It gives the **air
# pressure**, measured many times a second: that number of times is the **sampling rate**. Listen to one spoken word. (The voice
# is a synthesiser's, eSpeak NG, so there was no microphone here.)

# %% tags=["nbval-ignore-output"]
Audio(clip.samples, rate=clip.rate)

# %% [markdown]
# That was about one second, and nearly 17,000 steps. The pressure swings hundreds of times a second, but the mouth moves
# slowly: over a few hundredths of a second the sound hardly changes. So we cut the samples into short, overlapping
# **frames**. Two numbers fix the cut:
#
# - the **length** of a frame: how many samples it holds (here 25 ms);
# - the **hop**: how many samples later the next frame begins (here 10 ms).
#
# They are different things. The hop decides how many steps there are, the length decides what each step can tell.


# %%
def frame(samples, length, hop):
    count = 1 + (len(samples) - length) // hop  # only whole frames
    return np.stack([samples[i * hop : i * hop + length] for i in range(count)])


rate = clip.rate
length, hop = round(0.025 * rate), round(0.010 * rate)
frames = frame(clip.samples, length, hop)  # (T, length)
print(f"the word {clip.word!r}: {len(clip.samples):,} samples at {rate:,} a second")
print(f"length {length}, hop {hop} samples: {frames.shape[0]} frames of {frames.shape[1]} samples")
print("0 to 7, length 4, hop 2:", frame(np.arange(8), 4, 2).tolist())

# %% [markdown]
# Now each frame goes through the **Fourier transform**. It tells how much of each wave is in the frame: entry $k$
# belongs to the wave that makes $k$ whole turns in one frame. Before you see it, a guess. (Replace the `...` and run
# the cell. A guess costs nothing.)
#
# {{question bin_frequency}}

# %%
guess = ...
check.bin_frequency.guess(guess)

# %% [markdown]
# In formulas, with the sampling rate $r$ and the length $L$: entry $k$ has the frequency $k \cdot r / L$. For our
# word that is a step of $16{,}000 / 400 = 40$ Hz. The hop does not enter.
#
# Two more things happen in the next cell. A **window** fades each frame in and out, for a hard cut would itself sound
# like a click. And the strength is written in **decibels**: $20 \log_{10}(a)$ for an amplitude $a$. Ten times the
# amplitude is 20 dB more, twice the amplitude about 6 dB. (For a *power*, which is $a^2$, the factor is 10: the same
# number of decibels.)


# %%
def spectrum(samples, length, hop):
    window = np.hanning(length)
    turned = np.fft.rfft(frame(samples, length, hop) * window)  # (T, length // 2 + 1), complex
    return (
        np.abs(turned) * 2 / window.sum()
    )  # a sine of amplitude 1 at one of the frequencies gives 1


def decibels(amplitude, floor=-80.0):
    return 20 * np.log10(np.maximum(amplitude, 10 ** (floor / 20)))


amplitude = spectrum(clip.samples, length, hop)
frequencies = np.arange(length // 2 + 1) * rate / length  # k r / L
print("spectrogram", amplitude.shape, f"from 0 to {frequencies[-1]:,.0f} Hz")
print("amplitudes 0.01, 0.1, 0.2 are", decibels(np.array([0.01, 0.1, 0.2])).round(1), "dB")

# %% [markdown]
# 201 features a step are many, and the ear does not use them so: from 100 to 200 Hz is a large step in pitch, from 7,000
# to 7,100 Hz a tiny one. The **mel** scale spaces frequencies about as listeners judge such steps, $\mathrm{mel}(f) = 2595 \log_{10}(1 + f/700)$
# for $f$ in Hz. We add up the power in 24 overlapping triangles that are equally wide on this scale. Lesson 13
# recognises words from these 24 numbers a step.


# %%
def mel_bands(frequencies, bands=24, lowest=60.0):
    mel = 2595 * np.log10(1 + np.array([lowest, frequencies[-1]]) / 700)
    edge = 700 * (10 ** (np.linspace(*mel, bands + 2) / 2595) - 1)  # back to Hz
    rising = (frequencies[:, None] - edge[:-2]) / (edge[1:-1] - edge[:-2])
    falling = (edge[2:] - frequencies[:, None]) / (edge[2:] - edge[1:-1])
    return np.clip(np.minimum(rising, falling), 0, None)  # (frequencies, bands)


power = amplitude**2 / 1.5  # the window spreads one sine over three entries, 1.5 in all
log_mel = 10 * np.log10(np.maximum(power @ mel_bands(frequencies), 1e-8))  # (T, 24)
theirs = data.speech.log_mel(clip.samples, rate)
heard = theirs > -60
print("by hand", log_mel.shape, " rnncourse.data", theirs.shape, end="; where there is sound, ")
print(f"they differ by {np.abs(log_mel - theirs)[heard].mean():.1f} dB on average")

# %% [markdown]
# The two differ a little because the course's own function rounds the frame up to a power of two before the
# transform. Now three views of one word, over the same seconds:


# %%
def show(ax, seconds, heights, levels, name, note):
    draw.panel(ax, name, note)
    ax.pcolormesh(seconds, heights, levels.T, cmap="Greys", vmin=-75, vmax=-15)
    ax.grid(False)


title = "One word, three views: frequencies appear only after framing"
figure, axes = draw.axes(title, "Dark is loud.", "seconds", rows=3, height=6.0, sharex=True)
moments = np.arange(len(clip.samples)) / rate
draw.panel(axes[0], "pressure", f"{len(moments):,} steps, 1 feature")
axes[0].plot(moments, clip.samples, lw=0.6, color=draw.COLOURS["input"])
middle = (np.arange(len(frames)) * hop + length / 2) / rate  # of each frame, in seconds
note = f"{len(frames)} steps, {len(frequencies)} features"
show(axes[1], middle, frequencies / 1000, decibels(amplitude), "spectrogram, kHz", note)
show(axes[2], middle, np.arange(1, 25), log_mel, "log-mel, band", "103 steps, 24 features")
axes[2].set_xlim(clip.speech[0] - 0.05, clip.speech[1] + 0.05)
alt = "as pressure, spectrogram and 24 mel bands: a hiss high up, then dark bands that glide."
draw.picture(figure, f"The word {clip.word} {alt}")

# %% [markdown]
# The word begins with a hiss, high up. Then dark bands appear and glide: the resonances of the mouth while it moves
# from *r* to *ee*.
#
# ### Turn the knob: the length of a frame
#
# A long frame tells close frequencies apart, and blurs the moment. A short frame does the opposite. Change the
# lengths in the first line and run the cell again.

# %%
milliseconds = (4, 25, 100)  # the knob
title = "Sharp in time or sharp in frequency: no frame is both"
subtitle = "The same word, seconds to the right, kHz upwards."
figure, axes = draw.axes(title, subtitle, cols=3, height=3.4, sharey=True)
for ax, ms in zip(axes, milliseconds, strict=True):
    n = round(ms / 1000 * rate)
    step = rate // 1000  # a frame every millisecond: the pulses of this voice are 6 ms apart
    levels = decibels(spectrum(clip.samples[4800:12000], n, step))
    middle = (np.arange(len(levels)) * step + n / 2) / rate
    kilohertz = np.arange(n // 2 + 1) * rate / n / 1000
    show(ax, middle, kilohertz, levels, f"{ms} ms", f"steps of {rate / n:.0f} Hz")
    ax.set(ylim=(0, 4), xlim=(0.06, 0.38))
    print(f"{ms:3} ms: {n:4} samples, one entry every {rate / n:.0f} Hz")
draw.picture(
    figure,
    "Three frame lengths: 4 ms shows single pulses of the voice, 100 ms its harmonics as fine lines, and smears the changes.",
)

# %% [markdown]
# At 4 ms you see the single pulses of the voice as upright stripes. At 100 ms they have become its harmonics, level
# lines, and the moment of a change is smeared.
#
# ## One shape for all
#
# Everything is now a table of numbers, $(T, \text{features})$. Only the meaning of a step differs. A machine that can
# read one of them can read all.

# %%
news, letters = data.text.lee(), data.text.lee(unit="character")
shapes = {
    "sunspots, a year": sunspots.values.shape,
    "CO2, a week": co2.values.shape,
    "sentence, a word": words.shape,
    "300 news articles, a word": (len(news), len(news.vocabulary)),
    "300 news articles, a character": (len(letters), len(letters.vocabulary)),
    "sound, a sample": clip.samples[:, None].shape,
    "sound, a frame of log-mel": log_mel.shape,
}
for name, shape in shapes.items():
    print(f"{name:32} (T, features) = ({shape[0]:,}, {shape[1]:,})")

# %% [markdown]
# ## A machine that looks through a window
#
# The first idea to continue a sequence: look at the last $w$ values, and learn what usually follows. Let $x_t$ be the
# value at step $t$. A **linear window** of width $w$ forecasts
#
# $$\hat{x}_t = b + \sum_{j=1}^{w} a_j \, x_{t-j}$$
#
# with weights $a_1 \dots a_w$ and a bias $b$, the same at every step. Its training examples are pieces of $w + 1$
# values: $w$ to look at, and the one that followed. Such pieces we can cut already: they are frames with a hop of 1.
#
# ### A published result: Yule, 1927
#
# Udny Yule asked how a sunspot number depends on the two before it, and found an oscillation that chance keeps
# pushing. It is the first model of this kind that was published. We fit the same years, 1749 to 1924, with $w = 2$,
# and put his equation (31) beside ours.


# %%
def windows_of(series, width):
    pieces = frame(series, width + 1, hop=1)
    return pieces[:, :-1], pieces[:, -1]  # (N, width) oldest first, (N,)


def fit_line(windows, targets):
    inputs = np.column_stack([windows, np.ones(len(windows))])
    return np.linalg.lstsq(inputs, targets, rcond=None)[0]  # weights, oldest first, then the bias


def rmse(error, axis=-1):
    return np.sqrt(np.mean(error**2, axis=axis))


years, counts = sunspots.time.astype(int), sunspots.values[:, 0]
pairs, followed = windows_of(counts[(years >= 1749) & (years <= 1924)], 2)
a2, a1, b = fit_line(pairs, followed)
print(f"ours: a1 = {a1:.5f}, a2 = {a2:.5f}, b = {b:.3f}, from {len(followed)} windows")

# %%
left_over = rmse(followed - (pairs @ [a2, a1] + b))
period = 2 * np.pi / np.arccos(a1 / 2 / np.sqrt(-a2))  # of the oscillation that a1 and a2 describe
print("                       Yule 1927      ours")
ours = (a1, a2, b, period, left_over)
published = (1.34254, -0.65504, 13.854, 10.600, 15.41)
names = ("a1", "a2", "b", "period, years", "spread left over")
for name, his, mine in zip(names, published, ours, strict=True):
    print(f"{name:18} {his:12.3f} {mine:10.3f}")

r1, r2 = 0.811180, 0.433998  # his correlations of years one and two apart
again = np.array([r1 * (1 - r2), r2 - r1**2]) / (1 - r1**2)
print("a1 and a2 from his correlations:", again.round(4))

# %% [markdown]
# **The same to about one part in a hundred.** What was not equal: his table differs from ours in some years,
# for the old numbers were revised. He computed by hand from two correlations, with rounded numbers; we use least squares. From his correlations his coefficients follow, as the last line shows. *(Yule 1927, pp. 281 and 287;
# the figures were read in a checked transcription of the paper, whose plots are not reprinted here.)*
#
# ## Wider, and with a hidden layer
#
# Two years are a narrow window for a cycle of eleven. We take $w = 11$, and keep apart what must be apart: the years
# up to 1920 are for learning, 1921 to 2008 are the future. The scaling uses the past alone.
#
# Beside the linear window we set a **window network** with one hidden layer. With the window $x$ as a row, $h =
# \tanh(x W_1 + b_1)$ and $\hat{x}_t = h W_2 + b_2$. Here is all of it: forward, error, gradients, step. A small pull
# of the weights towards zero, the **decay**, is part of the step. A first axis holds several networks with different
# random starts, trained side by side. `speed` keeps nine tenths of the last step (*momentum*).


# %%
def train_network(x, target, hidden, decay, seeds=10, rounds=1000, rate=0.1):
    rng = np.random.default_rng(0)
    W1 = rng.normal(size=(seeds, x.shape[1], hidden)) / np.sqrt(x.shape[1])
    W2 = rng.normal(size=(seeds, hidden, target.shape[1])) / np.sqrt(hidden)
    b1, b2 = np.zeros((seeds, 1, hidden)), np.zeros((seeds, 1, target.shape[1]))
    speed = [0.0, 0.0, 0.0, 0.0]
    for _ in range(rounds):
        h = np.tanh(x @ W1 + b1)  # (seeds, N, hidden)
        error = (h @ W2 + b2 - target) * 2 / len(x)
        back = error @ W2.mT * (1 - h**2)  # through the tanh
        slopes = [x.T @ back + decay * W1, back.sum(1, keepdims=True)]
        slopes += [h.mT @ error + decay * W2, error.sum(1, keepdims=True)]
        speed = [0.9 * s - rate * g for s, g in zip(speed, slopes, strict=True)]
        W1, b1, W2, b2 = (p + s for p, s in zip((W1, b1, W2, b2), speed, strict=True))
    return lambda x: np.tanh(x @ W1 + b1) @ W2 + b2  # (seeds, N, outputs)


# %% [markdown]
# How strong should the decay be? We may not ask the future. So we hold back the last 41 years *before* 1921, train on
# the rest, and look there. The error is the root of the mean squared error (**RMSE**), in units of the sunspot number.

# %%
split, width, held = int(np.flatnonzero(years == 1921)[0]), 11, 41
mean, spread = counts[:split].mean(), counts[:split].std()
scaled = (counts - mean) / spread
windows, targets = windows_of(scaled[:split], width)  # (210, 11), (210,)

print("RMSE, range of 10 seeds    trained on   held back, 1880-1920")
for decay in (0.0, 0.01, 0.1):
    network = train_network(windows[:-held], targets[:-held, None], hidden=8, decay=decay)
    error = spread * (network(windows)[..., 0] - targets)  # (10, 210), sunspot numbers
    low, high = np.sort(rmse(error[:, :-held])), np.sort(rmse(error[:, -held:]))
    print(
        f"network, decay {decay:4} {low[0]:9.1f} to {low[-1]:4.1f} {high[0]:10.1f} to {high[-1]:4.1f}"
    )
for decay in (0.0, 0.1):
    x = np.hstack([windows[:-held], np.ones((len(windows) - held, 1))])
    pull = decay / 2 * len(x) * np.diag([1.0] * width + [0.0])  # the same decay; 0: least squares
    line = np.linalg.solve(x.T @ x + pull, x.T @ targets[:-held])
    error = spread * (windows @ line[:-1] + line[-1] - targets)
    print(f"linear,  decay {decay:4} {rmse(error[:-held]):20.1f} {rmse(error[-held:]):17.1f}")

# %% [markdown]
# Read the first row. Without decay the network is best on what it learned from, and worst on what it did not. It has
# learned the years by heart. What it does elsewhere depends on its random start. With 0.1 it is best on the years
# held back, and all ten starts end at the same place. So 0.1 it is.
#
# The last row is there to be fair. With the same decay the linear window comes close to the network: most of the gain is the
# decay's, and little is the hidden layer's. (The scaling has seen the years held back; without them the choice is the same.)
#
# ## How far ahead?
#
# One year ahead is the easy case. For two years we need a value that has not happened yet. So we put **our own
# forecast** into the window, and go on like that, up to $k = 20$ years. We begin such a forecast in every year from
# 1921 to 1989. Beside it stand three **baselines** that learn next to nothing:
#
# - *mean*: the mean of the training years, always;
# - *naive*: the last known value, for ever;
# - *seasonal naive*: the last eleven known years, repeated.

# %%
ahead = 20
starts = np.arange(split, len(scaled) - ahead + 1)  # 1921 ... 1989
truth = frame(scaled, ahead, 1)[starts]  # (starts, ahead)


def roll_out(predict):
    window, forecasts = frame(scaled, width, 1)[starts - width], []
    for _ in range(ahead):
        forecasts.append(predict(window))  # (starts,), or (seeds, starts)
        older = np.broadcast_to(window[..., 1:], (*forecasts[-1].shape, width - 1))
        window = np.concatenate([older, forecasts[-1][..., None]], axis=-1)
    return np.stack(forecasts, axis=-1)  # (..., starts, ahead)


# %%
line = fit_line(windows, targets)
network = train_network(windows, targets[:, None], hidden=8, decay=0.1)
forecasts = {
    "mean": np.zeros_like(truth),
    "naive": np.repeat(scaled[starts - 1, None], ahead, axis=1),
    "seasonal naive": np.tile(frame(scaled, 11, 1)[starts - 11], 2)[:, :ahead],
    "linear window": roll_out(lambda x: x @ line[:-1] + line[-1]),
    "network": roll_out(lambda x: network(x)[..., 0]),
}
errors = {name: np.atleast_2d(rmse(spread * (f - truth), -2)) for name, f in forecasts.items()}
typical = {name: np.median(error, axis=0) for name, error in errors.items()}  # over the seeds
print("RMSE at k =      " + "".join(f"{k:6}" for k in (1, 2, 5, 10, 15, 20)))
for name, error in typical.items():
    print(f"{name:16} " + "".join(f"{error[k - 1]:6.1f}" for k in (1, 2, 5, 10, 15, 20)))
calm, past, future = counts[split - held : split].max(), counts[:split].max(), counts[split:].max()
print(f"highest number 1880-1920: {calm:.0f}, 1700-1920: {past:.0f}, 1921-2008: {future:.0f}")

# %%
title = "One step ahead says little about ten"
subtitle = "Sunspots 1921–2008, windows of 11 years; network: median of 10 seeds."
figure, ax = draw.axes(title, subtitle, "k, years ahead", "RMSE, sunspot number", height=4.8)
for (name, error), style in zip(typical.items(), (":", "--", "-.", "s-", "v-"), strict=True):
    role = "output" if name == "linear window" else "muted"
    ax.plot(range(1, 21), error, style, ms=5, lw=1.4, color=draw.COLOURS[role])
    draw.label_end(ax, ahead, error[-1], name, role)
ax.set(ylim=(0, None), xticks=[1, 5, 10, 15, 20])
first = ", ".join(f"{name} {error[0]:.0f}" for name, error in typical.items())
alt = "Later the seasonal naive forecast is about as good as both windows; naive swings."
draw.picture(figure, f"Error in the sunspot number, one year ahead: {first}. {alt}")

# %% [markdown]
# What we see, whether we like it or not:
#
# - **One year ahead** both windows beat every baseline, and the **linear** one beats the network. On the years held back it was the other
#   way round. Two likely reasons: the decay, chosen in calm years, pulls forecasts towards the mean. And the future went
#   beyond anything that was learned from, as the last line shows.
# - **From three years on**, repeating the last cycle does about as well as the linear window. The network is a little better than
#   both, on this one stretch of one series.
# - The naive forecast is awful at 5 years, and at 10 years it is the best of all five: by then the sun has come round.
# - Whoever quotes only the first column quotes the best one.
#
# ## The blind spot
#
# Sunspots repeat, so a window of one cycle has seen nearly everything. Language and speech are not so kind. Here is a
# task with the difficulty laid bare: a random string of letters from A to D, and the machine must name the letter
# that stood $d$ steps back. No pattern helps, only having the letter.
#
# {{question blind_accuracy}}

# %%
guess = ...
check.blind_accuracy.guess(guess)

# %% [markdown]
# Let us measure it. The last $w$ letters become one-hot rows, laid out as one long row of $4w$ numbers. The same
# least squares learns four scores, and the highest is the answer: for windows of 5, 10 and 20, for all distances from
# 1 to 30, with five random strings.


# %%
def recall(width, distances, train, seed=0):
    x = np.random.default_rng(seed).integers(4, size=2000)  # the letters
    t = np.arange(30, len(x))[:, None]
    seen = np.eye(4)[x[t - np.arange(1, width + 1)]].reshape(len(t), -1)  # (N, 4 w)
    asked, half = x[t - distances], len(t) // 2  # (N, distances)
    model = train(seen[:half], np.eye(4)[asked[:half]].reshape(half, -1))
    scores = model(seen)
    right = scores.reshape(*scores.shape[:-1], -1, 4).argmax(-1) == asked
    return 100 * right[..., :half, :].mean(-2), 100 * right[..., half:, :].mean(-2)


def linear(x, target):
    weights = fit_line(x, target)
    return lambda x: x @ weights[:-1] + weights[-1]


# %%
far = np.arange(1, 31)
share = {w: np.array([recall(w, far, linear, seed)[1] for seed in range(5)]) for w in (5, 10, 20)}
title = "A window sees everything up to its edge, and nothing beyond"
subtitle = "Name the letter d steps back (4 letters); linear windows, mean of 5 strings."
figure, ax = draw.axes(title, subtitle, "d, steps back", "right on new letters, %")
for (w, values), mark in zip(share.items(), "os^", strict=True):
    ax.plot(far, values.mean(0), mark + "-", ms=5, lw=1.4, color=draw.COLOURS["muted"])
    ax.text(w + 1.1, 66, f"w = {w}")
    seen, blind = values[:, :w].min(), values[:, w:].mean()
    print(f"w = {w:2}: {seen:.0f} % up to d = {w}, {blind:.1f} % on average from d = {w + 1} on")
ax.text(1, 12, "chance: 25 %")
ax.set(ylim=(0, 108), xticks=[1, 5, 10, 15, 20, 25, 30])
alt = "100 % up to the width of the window (5, 10, 20), and chance, 25 %, from the next step on."
draw.picture(figure, f"Share of letters named rightly: {alt}")

# %% [markdown]
# A cliff. Nothing fades: up to the edge 100 %, one step further a blind guess. Would a hidden layer help? The letter
# is not among its inputs, so it cannot. Let us look anyway, with 16 hidden units, a window of 10 and the distances 10
# and 11, on the letters that it learned from and on new ones. The cell also counts what a wider window costs.


# %%
def hidden_layer(x, target):
    return train_network(x, target, hidden=16, decay=0.0, seeds=5, rounds=400)


learned, new = recall(10, np.array([10, 11]), hidden_layer)  # (5 seeds, 2 distances)
for i, d in enumerate((10, 11)):
    print(
        f"network, d = {d}: learned letters {learned[:, i].mean():4.0f} %, new letters {new[:, i].mean():4.0f} %"
    )

V = len(news.vocabulary)
print(f"\nweights into 16 hidden units:    4 letters   {V:,} words")
for w in (5, 10, 20, 200):
    print(f"window of {w:3} {w * 4 * 16:29,} {w * V * 16:13,}")

# %% [markdown]
# Look at $d = 11$. On the letters that it learned from the network is far above chance, and on new letters at chance.
# It has learned its string by heart, and that is no memory of what came before.
#
# So make the window longer? It sees further then, up to the next edge, and each step of it has weights of its own.
# Two more costs do not show in the table. What the window learned about a word in its third place it must learn again
# for the fourth. And the width is fixed for good: a story with one more sentence in the middle falls out of it. **A
# longer window is a wider view, not a memory.** Nothing is kept when it slides on.
#
# ## What torch calls it
#
# A linear window is `torch.nn.Linear`, and cutting windows is `unfold`. Both agree with ours.
#
# Recurrent layers read a sequence step by step. They want a third axis, for $B$ sequences at once, the **batch**. In
# torch, and in this course, the order is **time first**: $(T, B, D)$, with $D$ features. Row `x[t]` then holds what
# all sequences show at step $t$. (Other libraries put the batch first. Always look.)

# %%
import torch

pieces = torch.tensor(scaled[:split]).unfold(0, width + 1, 1)  # (N, width + 1)
layer = torch.nn.Linear(width, 1, dtype=torch.float64)
with torch.no_grad():
    layer.weight[0], layer.bias[0] = torch.tensor(line[:-1]), line[-1]
    theirs = layer(pieces[:, :-1])[:, 0].numpy()
print("same windows:", np.array_equal(pieces[:, :-1].numpy(), windows))
print("same forecasts:", np.allclose(theirs, windows @ line[:-1] + line[-1], rtol=0, atol=1e-12))

digits = data.speech.load()
eights = [features[:30] for features in digits[digits.labels == 8]][:5]  # five, cut to 30 frames
print(
    "one sequence",
    eights[0].shape,
    "= (T, D);  five of them",
    np.stack(eights, axis=1).shape,
    "= (T, B, D)",
)

# %% [markdown]
# A window of 11 years, handed to a recurrent layer, is $(11, 1, 1)$: eleven steps of one feature. Laid out as $(1, 1,
# 11)$, for a layer made for eleven features, it is a single step. That runs without an error. There is nothing left to
# remember, and the feedback has nothing to do.
#
# ## What comes next
#
# The window is blind behind its edge, and each step further costs weights. What would be better? A machine that
# carries **one thing from step to step**, changes it a little with every new input, and throws the input away. Its
# weights would not grow with the distance. In lesson 02 you build the smallest such machine: one neuron that hears
# its own last output.
#
# ## Three questions
#
# Answer before you unfold.
#
# **1.** A colleague says: "I hand my network the last 50 words. It remembers 50 words." What is wrong with the second
# sentence?
#
# <details><summary>Answer</summary>
#
# It sees 50 words, anew each time, and keeps nothing. The word 51 steps back has no influence at all, and the width
# cannot grow without new weights.
#
# </details><br>
#
# **2.** You halve the hop and leave the length of the frames. What happens to the number of steps, and to the
# frequencies?
#
# <details><summary>Answer</summary>
#
# About twice as many steps. The frequencies stay as they are: they depend on the sampling rate and the length.
#
# </details><br>
#
# **3.** "Our network forecasts sunspots with an error 40 % below the naive forecast." Which two questions do you ask?
#
# <details><summary>Answer</summary>
#
# How many steps ahead? And how does it compare with the *seasonal* naive forecast and a linear window? (A third one:
# with which years were width, scaling and decay chosen?)
#
# </details><br>
#
# ## Exercises
#
# Open [the exercise notebook](../exercises/01_sequences_exercises.ipynb): eight tasks, about 30
# minutes. The first one takes two.
#
# ## To read
#
# - G. U. Yule (1927), *On a method of investigating periodicities in disturbed series, with special reference to Wolfer's sunspot numbers*, Phil. Trans. R. Soc. A 226, 267–298, [doi:10.1098/rsta.1927.0007](https://doi.org/10.1098/rsta.1927.0007).
# - J. L. Elman (1990), *Finding structure in time*, Cognitive Science 14, 179–211. Its first pages say what is wrong with turning time into a window.
# - R. J. Hyndman and G. Athanasopoulos, *Forecasting: Principles and Practice*, [otexts.com/fpp3](https://otexts.com/fpp3/): simple methods, and how to judge a forecast.
# - S. B. Davis and P. Mermelstein (1980), *Comparison of parametric representations for monosyllabic word recognition in continuously spoken sentences*, IEEE Trans. ASSP 28, 357–366: mel bands for speech.
