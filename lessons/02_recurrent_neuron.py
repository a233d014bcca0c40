# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "02", title: "The recurrent neuron", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # The recurrent neuron
#
# **A bell rings, once. Five steps later the room is silent. How can a machine that hears only
# this moment know that there was a bell?**
#
# In the story of the bar, "girl" is the bell, and the bartender's answer comes many words later.
# Here is the smallest machine that can do it. You will build it in ten minutes, and then find out
# what it can hold, for how long, and what it can never hold.

# %%
import numpy as np

from rnncourse import cells, check, draw, play

steps = np.arange(8)
bell = (steps == 0).astype(float)
echo = 0.8**steps  # what you will build below gives these numbers
print(f"at step 5: without feedback {bell[5]:.2f}, with feedback {echo[5]:.2f}")
draw.stems(
    {"the bell": bell, "without feedback": 1.0 * bell, "with feedback": echo},
    title="At step 5 only the neuron with feedback still knows of the bell",
    subtitle="Two neurons hear the same bell at step 0, and silence after it.",
    roles=["input", "muted", "hidden"],
)

# %% [markdown]
# ## What you will be able to do
#
# - **build** a delay block and a recurrent neuron, and step them by hand;
# - **predict** what a feedback weight makes of an input, and how long a trace of it lasts;
# - **choose** weights that keep one bit for a thousand noisy steps;
# - **say** what a single neuron cannot hold.
#
# ## First, one question on lesson 01
#
# A network looks at a window of the last 12 values. Something decisive happened 13 steps ago.
# What does the network know of it?
#
# <details><summary>Think first, then open the answer.</summary>
#
# Nothing at all, however well it is trained. What has left the window has left the network.
# A longer window moves that edge and keeps it. Today we do without an edge.
#
# </details>
#
# ## Predict
#
# A neuron with feedback adds two numbers: its input times a weight $w_x$, and its own last output times a **feedback
# weight** $w_h$. A **delay block** keeps that last output for one step. What comes of it? A guess costs nothing and is not
# scored. Make one before you read on.
#
# {{question echo_of_a_bell}}

# %%
guess = ...  # a letter in quotes, such as "a"
check.echo_of_a_bell.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (40 minutes).** Bell and first guess 4 · delay block and pencil 8 · feedback weight, filling,
# time constant 10 · memory measured and the task 5 · knob 3 · tanh, latch 7 · limit, paper, torch 3.
# The exercises take another 40; with one hour in all, set the first five.
#
# **On the board.** Draw the loop with an empty square for the delay block. Write 0.5 into the square, do
# the pencil example, then rub out 0.5 and write 0.82: this one gesture is the lesson. Keep the drawing for
# lesson 03, where the square becomes a column of squares. For the latch, draw the S-shaped curve and the
# diagonal, and let a learner walk the cobweb with a finger.
#
# **The guess.** Ask for a show of hands, let neighbours talk for a minute, ask again. Option b (the old
# input comes back) is the one to listen for: whoever picks it sees a window of two, not a loop.

# %% [markdown]
# ## Build it: a block that remembers one number
#
# Memory needs a place. A **delay block** holds one number. At each step it hands out what it holds,
# and takes in a new number. So whatever goes in comes out one step later. Engineers write $z^{-1}$ on it.
#
# The order matters: first hand out, then take in.


# %%
class DelayBlock:
    def __init__(self, initial=0.0):
        self.held = initial

    def step(self, value):
        given, self.held = self.held, value
        return given


block, values = DelayBlock(), [3.0, 1.0, 4.0, 1.0, 5.0]
for t, value in enumerate(values):
    given = block.step(value)
    print(f"step {t}: in {value:.0f}, out {given:.0f}, now it holds {block.held:.0f}")
draw.delay(values)

# %% [markdown]
# Read the printed lines: each number comes out one line below the one on which it went in.
# At step 0 the *initial value* comes out, here 0, for nothing has gone in before.
#
# ## The neuron, with a pencil
#
# Four numbers and a bend:
#
# | symbol | what it is | in the example |
# |---|---|---|
# | $x_t$ | the **input** at step $t$ | 1.0 |
# | $h_{t-1}$ | the **previous output**, which the delay block holds | 0.5 |
# | $w_x$ | the weight of the input | 1 |
# | $w_h$ | the **feedback weight**: that of the previous output | 1 |
# | $\sigma$ | the **sigmoid** $\sigma(a) = 1/(1+e^{-a})$; it squashes any number into 0 to 1 | |
#
# $$h_t = \sigma(w_x\,x_t + w_h\,h_{t-1})$$
#
# By hand: the sum is $1 \cdot 1.0 + 1 \cdot 0.5 = 1.5$, and the output is $\sigma(1.5)$. Guess it
# (above or below 1?), then run the cell.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def neuron_step(x, h_prev, w_x, w_h):
    return sigmoid(w_x * x + w_h * h_prev)


print(f"sum {1 * 1.0 + 1 * 0.5:.1f}, output {neuron_step(1.0, 0.5, w_x=1, w_h=1):.3f}")

# %% [markdown]
# 0.818: remember this number. It returns in lessons 03 to 05.
#
# Now the parts are put together: the neuron, and a delay block on the way back. Two small additions. A
# **bias** $b$ is a constant in the sum; most of the time it will be 0 here. And the bend may be any
# **activation**: the sigmoid, its sibling **tanh** (it squashes into −1 to 1), or none (*linear*).

# %%
BENDS = {"sigmoid": sigmoid, "tanh": np.tanh, "linear": lambda a: a}


class RecurrentNeuron:
    def __init__(self, w_x, w_h, b=0.0, activation="sigmoid", h0=0.0):
        self.w_x, self.w_h, self.b, self.h0 = w_x, w_h, b, h0
        self.activation, self.delay = activation, DelayBlock(h0)

    def step(self, x):
        a = self.w_x * x + self.w_h * self.delay.held + self.b
        h = BENDS[self.activation](a)
        self.delay.step(h)
        return h

    def run(self, xs):
        self.delay = DelayBlock(self.h0)  # a new sequence starts anew
        return np.array([self.step(x) for x in xs])


# %% [markdown]
# `step` is the equation: three terms in the sum, the bend, and the output goes into the delay block.
# `run` does it for a whole sequence, always from `h0`: what the delay block holds before the first step.
#
# Step it. The input is 1 at first, and then 0.

# %%
neuron = RecurrentNeuron(w_x=1.0, w_h=1.0, h0=0.5)
picture = draw.neuron(neuron, x=1.0)  # drawn before the first step is taken

for t, x in enumerate([1.0, 0.0, 0.0, 0.0]):
    held = neuron.delay.held
    h = neuron.step(x)
    print(f"step {t}: hears {x:.0f}, held {held:.3f}, sum {x + held:.3f}, out {h:.3f}")
picture

# %% [markdown]
# In each line, *held* is the output of the line above. That is all the memory there is. What the block holds is
# called the neuron's **state**.
#
# Look at the picture again, for four things that are easily misread:
#
# - The arrow into the delay block leaves **after** the bend: the *output* is fed back, not the sum, and not
#   the input.
# - The feedback weight sits on the feedback arrow **alone**. The input has its own weight.
# - The delay block hands over the output of the step **before**. Without it, the output would depend on itself.
# - The initial value is used **once**, at the start of a sequence. A new sequence starts anew.
#
# (Here a hidden unit hears its own output: Elman's way. One can also feed back what the whole network
# answers: Jordan's way. In lesson 03 both stand side by side.)
#
# ## One weight decides
#
# The sigmoid neuron above ends near 0.66, not at 0, for $\sigma(0)$ is 0.5 already. To see the feedback weight
# alone, take the bend away for a while. A **linear** neuron is $h_t = w_x\,x_t + w_h\,h_{t-1}$.
# Give it one **impulse** (1, and then zeros), and what comes out is its **impulse response**.
#
# {{question ringing_echo}}

# %%
guess = ...  # five numbers, such as [1.0, 0.0, 0.0, 0.0, 0.0]
check.ringing_echo.guess(guess)

# %%
impulse = np.eye(1, 13).ravel()  # 1, then twelve zeros
responses = []
for name, w_h in [("decays", 0.7), ("rings", -0.7), ("holds", 1.0), ("blows up", 1.1)]:
    h = RecurrentNeuron(w_x=1.0, w_h=w_h, activation="linear").run(impulse)
    responses.append((name, w_h, h))
    print(f"w_h = {w_h:4.1f} {name:9}", *(f"{h_k:6.2f}" for h_k in h[[0, 1, 2, 3, 12]]))
draw.responses(responses, notes=["0.01 left", "sign flips", "stays 1.00", "3.14 at last"])

# %% [markdown]
# One rule explains all four. Every round through the loop multiplies by $w_h$, so $k$ steps after an
# impulse the output is
#
# $$h_k = w_x\,w_h^{\,k}.$$
#
# Its size fades for $|w_h| < 1$, stays for $|w_h| = 1$, and grows for $|w_h| > 1$. A negative weight turns the
# sign at every round.
#
# ## When the input does not stop
#
# Now let the input be 1 at *every* step. A bucket fills and leaks: each step brings $w_x$, and keeps the share
# $w_h$ of what was there. This is a **leaky integrator**, and what comes out is its **step response**. (That *step* is an input that is switched on and stays on, not
# a tick of time.)
#
# {{question filled_bucket}}

# %%
guess = ...  # one number
check.filled_bucket.guess(guess)

# %%
figure, ax = draw.axes(
    "The slower a neuron forgets, the higher it fills",
    "Linear neurons, $w_x = 1$, input 1 at every step; dotted: $w_x / (1 - w_h)$.",
    xlabel="step t",
    ylabel="$h_t$",
)
for w_h, style in [(0.9, "-"), (0.8, "--"), (0.5, "-.")]:
    h = RecurrentNeuron(1.0, w_h, activation="linear").run(np.ones(41))
    print(f"w_h = {w_h}: step 40 {h[40]:.2f}, w_x / (1 - w_h) = {1 / (1 - w_h):.2f}")
    ax.plot(h, style, color=draw.COLOURS["hidden"], lw=2)
    ax.axhline(1 / (1 - w_h), ls=":", color=draw.COLOURS["muted"], lw=1, zorder=0)
    draw.label_end(ax, 40, h[40], f"$w_h = {w_h}$", "hidden")
draw.picture(figure, "With w_h = 0.9, 0.8, 0.5 the outputs settle at 10, 5, 2.")

# %% [markdown]
# Why there? *Settled* means that the next output equals this one: $h = w_x + w_h\,h$. Solve it:
# $h = w_x/(1-w_h)$. This holds for $|w_h| < 1$. Otherwise nothing settles.
#
# ## How long is a memory?
#
# After $k$ steps the share $w_h^{\,k}$ of an input is left ($0 < w_h < 1$). Two ways to turn that into a length:
#
# - the **time constant** $\tau = -1/\ln w_h$: the steps until $1/e \approx 0.37$ is left;
# - the **half-life** $\ln 0.5 / \ln w_h$: the steps until half is left.
#
# The weight itself is not a length. It is what remains after *one* step.
#
# Signal processing knows this neuron well. There it is called a *first-order IIR filter*: infinite impulse
# response, since the echo never quite ends. SciPy has one ready. Does ours agree with it? And with the course's own
# package, which holds the same class for the lessons to come?

# %%
from scipy.signal import lfilter

print(" w_h  time constant  half-life  left after 10 steps")
for w_h in [0.5, 0.8, 0.9, 0.95, 0.99]:
    tau, half = -1 / np.log(w_h), np.log(0.5) / np.log(w_h)
    print(f"{w_h:.2f} {tau:9.1f} steps {half:5.1f} steps {w_h**10:14.3f}")

x = np.random.default_rng(0).normal(size=500)
ours = RecurrentNeuron(w_x=0.3, w_h=0.9, activation="linear").run(x)
theirs = lfilter([0.3], [1.0, -0.9], x)  # b = [w_x], a = [1, -w_h]
package = cells.RecurrentNeuron(w_x=0.3, w_h=0.9, activation="linear").run(x)
print("differs from scipy by less than 1e-12:", np.abs(ours - theirs).max() < 1e-12)
print("differs from rnncourse by less than 1e-12:", np.abs(ours - package).max() < 1e-12)

# %% [markdown]
# From 0.90 to 0.95 the memory doubles. Near 1, a small change of the weight is a large change of the memory.
# (The filter's second list holds $-w_h$: there the feedback is subtracted.)
#
# ## Memory, measured
#
# In a world without noise, even the faintest echo can be read. So let us add some: at every step the input
# carries noise (normal, standard deviation 0.05). Half of 4,000 runs begin with a bell, half do not.
# A reader sees the one number $h_k$ and says whether there was a bell. We call the bell **readable** while
# it is right in at least 95 % of the runs.


# %%
def steps_readable(w_h, seed, noise=0.05, steps=60, runs=2000):
    x = np.random.default_rng(seed).normal(0, noise, (steps, 2 * runs))
    x[0, :runs] += 1.0  # a bell in the first half of the runs
    h = RecurrentNeuron(1.0, w_h, activation="linear").run(x)  # all runs side by side
    says_yes = h > w_h ** np.arange(steps)[:, None] / 2
    right = (says_yes[:, :runs].mean(axis=1) + 1 - says_yes[:, runs:].mean(axis=1)) / 2
    return int(np.argmax(right < 0.95))  # the first step at which it is not


# %%
weights = [0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0]
counts = np.array([[steps_readable(w_h, seed) for w_h in weights] for seed in range(10)])
low, lasts, high = counts.min(axis=0), np.median(counts, axis=0), counts.max(axis=0)
for w_h, *three in zip(weights, low, lasts, high, strict=True):
    print(f"w_h = {w_h:.2f}: readable for {three[0]} to {three[2]} steps, median {three[1]:.1f}")
title = (
    f"Readable for {lasts[0]:.0f} step without feedback, for some {lasts[-1]:.0f} with $w_h = 1$"
)
note = "One bell, noise (sd 0.05) at every step, 95 % right; median and range of 10 seeds"
figure, ax = draw.axes(title, note, "feedback weight $w_h$", "steps")
ax.errorbar(weights, lasts, [lasts - low, high - lasts], fmt="o-", color=draw.COLOURS["hidden"])
draw.picture(figure, f"Steps for which the bell stays readable, by weight: {lasts.tolist()}.")

# %% [markdown]
# The feedback weight sets how long. And $w_h = 1$ does not remember for ever: it keeps the bell whole, and it
# keeps all the noise as well.
#
# ## A task that no unit without memory can do
#
# *This step is silent. Did the bell ring in one of the last two steps?* At a silent step a memoryless
# unit always sees the same thing, 0. So it can give one answer only, yes or no. We let the bell ring with
# probability $p = 1 - \sqrt{1/2}$ at each step. Then "yes" is right in $1 - (1-p)^2$ of the cases:
# exactly one half.
#
# A linear neuron with $w_h = 0.4$ answers "yes" when its output is above 0.13. (A bell two steps ago has left
# $0.4^2 = 0.16$. All older bells together leave less than $0.4^3/(1 - 0.4) \approx 0.107$.)

# %%
p = 1 - np.sqrt(0.5)
bells = (np.random.default_rng(5).random(100_000) < p).astype(float)
silent = bells[2:] == 0
rang = (bells[1:-1] + bells[:-2] > 0)[silent]

h = RecurrentNeuron(w_x=1.0, w_h=0.4, activation="linear").run(bells)
answer = (h[2:] > 0.13)[silent]
yes = 1 - (1 - p) ** 2
print(f"{silent.sum()} silent steps; echoes {0.4**2:.3f} and {0.4**3 / 0.6:.3f}")
print(f"best memoryless unit: {max(yes, 1 - yes):.1%}; always 'yes' here: {rang.mean():.1%}")
print(f"recurrent neuron: {(answer == rang).mean():.1%}")

# %% [markdown]
# ## Turn a knob
#
# So far the neuron was linear. First a guess about the neuron with its bend back:
#
# {{question saturation_fate}}
#
# Then your hands. Try these:
#
# 1. Linear, impulse: move $w_h$ slowly from 0 to 1. Where does the echo begin to last?
# 2. Move on, to 1.1. Then to −0.7, −1 and −1.1.
# 3. Change to tanh, with $w_h = 1.5$: your guess.
# 4. Linear again, input a step, $w_x = 0.2$: which $w_h$ makes the output end as high as the input?
#
# Without a running kernel you see a still picture here. The cell after the knobs puts the third try into numbers.

# %%
guess = ...  # a letter in quotes
check.saturation_fate.guess(guess)

# %% tags=["nbval-ignore-output"]
play.neuron()

# %%
impulse = np.eye(1, 41).ravel()
for activation in ["linear", "tanh"]:
    h = RecurrentNeuron(w_x=1.0, w_h=1.5, activation=activation).run(impulse)
    shown = "  ".join(f"{k}: {h[k]:,.3f}" for k in (0, 1, 2, 5, 10, 40))
    print(f"{activation:7} {shown}")
draw.cobweb(
    [("tanh", 0.7, 0.0), ("tanh", 1.5, 0.0)],
    h0s=(0.15, -0.4),
    title="Below 1 every start ends at 0; above 1 the neuron takes a side",
)

# %% [markdown]
# ## Bring back the bend
#
# "A weight above 1 explodes" is true for a linear neuron, and false for a squashed one.
#
# This is how to walk the picture, a **cobweb**. Start at a held value. Go up or down to the curve: that is the
# next output. Go across to the diagonal: now this output is the held value. Repeat. Where the curve meets the
# diagonal, the output equals the held value, so it stays: a **fixed point**. It draws its neighbours in where the
# curve is flatter there than the diagonal (slope between −1 and 1), and pushes them away where it is steeper.
#
# At 0, the slope of $\tanh(w_h\,h)$ is $w_h$. So at $w_h = 1$ the picture changes: the fixed point at 0 lets go,
# and two new ones appear. Such a change is called a **bifurcation**. The sigmoid's slope is at most
# $1/4$, so there it takes $w_h = 4$ (with $b = -w_h/2$, which puts its steepest point on the diagonal).

# %%
title = "One resting point becomes two: at $w_h = 1$ (tanh), at $w_h = 4$ (sigmoid)"
note = "Outputs after 3,000 silent steps, from a start below and one above the middle."
figure, axes = draw.axes(title, note, "feedback weight $w_h$", "resting output", cols=2)
cases = [("tanh", 1, 0.0), ("sigmoid", 4, 0.5)]
for ax, (bend, critical, middle) in zip(axes, cases, strict=True):
    draw.panel(ax, bend)
    w_h = critical * np.linspace(0.5, 1.5, 101)
    b = -middle * w_h  # 0 for tanh, -w_h / 2 for the sigmoid
    ax.axhline(middle, ls=":", color=draw.COLOURS["muted"])
    for start in (middle - 0.4, middle + 0.4):
        rest = RecurrentNeuron(0.0, w_h, b, bend, h0=start).run(np.zeros(3000))[-1]
        ax.plot(w_h, rest, color=draw.COLOURS["hidden"], lw=2)
        low, high = (f"{rest[k]:z.2f} at w_h = {w_h[k]:.1f}" for k in (40, 60))
        print(f"{bend} from {start:.1f} rests at {low}, {high}")
draw.picture(figure, "Resting outputs split in two at w_h = 1 (tanh), 4 (sigmoid).")

# %% [markdown]
# ## A latch keeps one bit
#
# Two **stable** fixed points are one bit. Take tanh with $w_h = 2$. Which input flips it? We sweep the input slowly up, and
# down again, and wait at each value until the neuron has settled. The answer depends on where it comes from.
# That is **hysteresis**, and it is what makes a switch click.
#
# The flip comes where the curve loses touch with the diagonal. There its slope is 1, which gives the formula
# $x^* = \sqrt{w_h(w_h-1)} - \operatorname{arcosh}\sqrt{w_h}$ (for $w_x = 1$, $b = 0$).
#
# Once the latch has settled, an input that stays within $\pm x^*$ cannot flip it. Not in ten steps, and not in a million.
# So the second cell puts three neurons to the test: one input of +1 or −1, and then 1,000 steps of noise
# (uniform, up to ±0.2). How often does the sign of the output still tell which one it was?

# %%
latch = RecurrentNeuron(w_x=1.0, w_h=2.0, activation="tanh", h0=-1.0)
x = np.linspace(-1, 1, 401)
up = np.array([[latch.step(value) for _ in range(200)][-1] for value in x])
down = np.array([[latch.step(value) for _ in range(200)][-1] for value in x[::-1]])[::-1]
flip = np.sqrt(2 * (2 - 1)) - np.arccosh(np.sqrt(2))
print(f"on at {x[up > 0][0]:.3f}, off at {x[down < 0][-1]:.3f}; formula ±{flip:.3f}")
rest = RecurrentNeuron(0.0, 2.0, activation="tanh", h0=1.0).run(np.zeros(200))[-1]
print(f"without input it rests at {rest:.4f}; slope there: {2 * (1 - rest**2):.3f}")

title = f"Between −{flip:.2f} and {flip:.2f} the latch stays on the side where it was"
note = "tanh neuron, $w_h = 2$; solid: input swept up, dashed: swept down"
figure, ax = draw.axes(title, note, "input x", "resting output")
ax.plot(x, up, "-", x, down, "--", color=draw.COLOURS["hidden"], lw=2)
draw.picture(figure, f"A loop: up at x = {flip:.2f}, down at x = −{flip:.2f}.")

# %%
bit = np.repeat([-1.0, 1.0], 200)
x = np.vstack([bit, np.random.default_rng(7).uniform(-0.2, 0.2, (1000, 400))])
title = "The latch keeps its bit for 1,000 noisy steps; the linear neurons lose it"
figure, ax = draw.axes(
    title, "400 runs, noise up to ±0.2 at every step", "step", "share of right signs"
)
for w_h, bend, style in [(2.0, "tanh", "-"), (1.0, "linear", "--"), (0.99, "linear", ":")]:
    h = RecurrentNeuron(1.0, w_h, activation=bend).run(x)
    right = (np.sign(h) == bit).mean(axis=1)  # at every step
    print(f"{bend:6} {w_h:.2f}: right {right[100]:.0%} at step 100, {right[1000]:.0%} at 1000")
    role = "hidden" if bend == "tanh" else "muted"
    ax.plot(range(0, 1001, 25), right[::25], style, color=draw.COLOURS[role], lw=2)
    draw.label_end(ax, 1000, right[1000], f"{bend}, {w_h}", role)
draw.picture(figure, "The latch stays right in all runs; the linear neurons do not.")

# %% [markdown]
# The latch loses nothing. The linear neuron with $w_h = 1$ adds up all the noise, until it drowns the bit.
#
# Keep one number in mind: at the resting point the slope of the curve is 0.166. A nudge to the held value is
# shrunk to a sixth at every step. That is *why* noise cannot hurt. It is also the price: a network learns by asking what a
# nudge in the past would have changed. Inside a latch, next to nothing. Lesson 06 returns to this.
#
# ## Break it: one number
#
# Whatever the weights, the neuron hands a single number to its own future. Let two things happen, and ask which.

# %%
loud, soft, very_soft = [1.0, 0.0, 0.0], [0.0, 0.5, 0.0], [0.0, 0.0, 0.25]
names = ["loud bell, two steps ago", "soft bell, one step ago", "very soft bell, now"]
for name, history in zip(names, [loud, soft, very_soft], strict=True):
    h = RecurrentNeuron(1.0, 0.5, activation="linear").run(history)[-1]
    print(f"leaky, {name:25} h = {h:.4f}")

for name, history in {"one bell": [1, 0, 0, 0], "three bells": [1, 1, 1, 0]}.items():
    h = RecurrentNeuron(1.0, 2.0, activation="tanh").run(history + [0] * 30)[-1]
    print(f"latch, {name:25} h = {h:.4f}")

# %% [markdown]
# Different histories, one state: from here on the neuron must treat them alike, for ever. So the state is *not* a
# list of the last inputs. The leaky neuron holds one decaying sum, in which two things run together. The latch holds one
# bit, and cannot count. (With inputs of 0 and 1 only and exact arithmetic, one could read the sum back like the
# digits of a binary number. A little noise ends that.) "A girl walked in, and *then* the bartender spoke" is more than one number can say.
#
# Two neurons could divide the work. Should they hear each other? That is lesson 03.
#
# ## A published result: the bifurcation of a single unit
#
# Pascanu, Mikolov and Bengio (2013) explain difficulties of training with a network of *one* unit, an
# example that they take from Doya (1993). Their Figure 3 fixes the feedback weight at 5.0, moves the bias $b$, and
# draws where the unit comes to rest. Their equation is $x_t = w\,\sigma(x_{t-1}) + b$. Their $x$ is our sum before
# the bend; our $h$ is $\sigma(x)$. So we draw the sum.

# %%
h = np.linspace(0.002, 0.998, 4000)
a = np.log(h / (1 - h))  # the sum that gives this output: sigmoid(a) = h
b = a - 5 * h  # the bias for which it is a fixed point: a = 5 h + b
turns = np.sort(b[1:-1][np.diff(np.sign(np.diff(b))) != 0])  # where the curve turns back
grid = np.linspace(-3.2, -1.8, 141)
ends = [RecurrentNeuron(0.0, 5.0, grid, h0=h0).run(np.zeros(3000))[-1] for h0 in (0.0, 1.0)]
two = grid[np.abs(ends[1] - ends[0]) > 1e-3]
print(f"turning points: b = {turns[0]:.3f} and b = {turns[1]:.3f}")
print(f"run from both ends: two resting points from {two[0]:.2f} to {two[-1]:.2f}")
title = "Two attractors between $b_2$ and $b_1$, one outside; dashed: their border"
figure, ax = draw.axes(title, "Sigmoid unit, feedback weight 5", "bias b", "resting sum")
for part, style in [(h < 0.276, "-"), ((h > 0.276) & (h < 0.724), "--"), (h > 0.724, "-")]:
    ax.plot(b[part], a[part], style, color=draw.COLOURS["hidden"], lw=2)
names = [f"$b_{k}$ = {draw.number(b_k)}" for k, b_k in zip((2, 1), turns, strict=True)]
ax.set(xlim=(-3.2, -1.8), ylim=(-4.2, 4.2), xticks=turns, xticklabels=names)
draw.picture(figure, f"An S-shaped curve; it turns back at b = {turns.round(2)}.")

# %% [markdown]
# | | the paper (Figure 3 and its text) | ours |
# |---|---|---|
# | unit | one hidden unit, feedback weight 5.0, bias moved | the same |
# | bifurcations | two values of $b$, called $b_1$ and $b_2$ | two, at −2.344 and −2.656 |
# | between them | two attractors and a border between their basins (dashed) | the same |
# | from right to left | at $b_1$ a second attractor appears, at $b_2$ one of the two disappears | the same |
#
# *What is unequal.* The text of the paper gives no numbers for $b_1$ and $b_2$; ours come from the turning points, and running the
# neuron from both ends agrees. The caption does not name the bend. We took the sigmoid, which the paper uses for its next
# example of one unit. The paper re-uses Doya's plot as well as his unit. It draws arrows and circles for the moment a border
# is crossed, where a small change becomes a large one. We leave them out: that is about gradients, and belongs to lesson 06.
#
# The experiment with the latch follows an older paper. Bengio, Simard and Frasconi (1994) state two things about a tanh neuron with
# a weight above 1. It has two attractors. Its sign is safe while the input stays below some threshold. The formula for the threshold, $x^*$, is our own working.
#
# ## What torch calls it
#
# `torch.nn.RNN` with `hidden_size=1`. It knows tanh and ReLU, and no sigmoid. But
# $\sigma(a) = (1 + \tanh(a/2))/2$, so a sigmoid neuron is a tanh neuron in other units: $w_x/2$, $w_h/4$, and
# $b/2 + w_h/4$. There you see once more why the sigmoid needs $w_h > 4$ where tanh needs 1.

# %%
import torch


def torch_neuron(x, w_x, w_h, b, h0):
    rnn = torch.nn.RNN(input_size=1, hidden_size=1, dtype=torch.float64)  # tanh
    for parameter, value in zip(rnn.parameters(), (w_x, w_h, b, 0.0), strict=True):
        torch.nn.init.constant_(parameter, value)  # torch has two biases: b and 0
    start = torch.full((1, 1, 1), h0, dtype=torch.float64)
    return rnn(torch.tensor(x).reshape(-1, 1, 1), start)[0].detach().numpy().ravel()


x, w_x, w_h, b, h0 = np.random.default_rng(3).normal(size=200), 0.8, 1.7, -0.3, 0.5
tanh = RecurrentNeuron(w_x, w_h, b, "tanh", h0).run(x) - torch_neuron(x, w_x, w_h, b, h0)
rescaled = torch_neuron(x, w_x / 2, w_h / 4, b / 2 + w_h / 4, 2 * h0 - 1)
sigma = RecurrentNeuron(w_x, w_h, b, "sigmoid", h0).run(x) - (1 + rescaled) / 2
print(
    "tanh and sigmoid differ from torch by less than 1e-12:",
    *(np.abs(d).max() < 1e-12 for d in (tanh, sigma)),
)

# %% [markdown]
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** What does the delay block hold when step $t$ begins, and when does it hold its initial value?
# <details><summary>Answer</summary>The neuron's previous output, $h_{t-1}$: after the bend, before the feedback weight.
# The initial value only before the first step of a sequence.</details><br>
#
# **2.** A linear neuron should remember for twice as long as with $w_h = 0.90$. Is 0.95 enough, or does it take 1.8?
# <details><summary>Answer</summary>0.95: the time constant goes from 9.5 to 19.5 steps. With 1.8 it would blow
# up.</details><br>
#
# **3.** Why does a tanh neuron with $w_h = 2$ not blow up, and why can small noise not flip it?
# <details><summary>Answer</summary>tanh stays below 1, so the neuron comes to rest where $h = \tanh(2h)$. The slope is below 1
# there: a small push shrinks from step to step.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/02_recurrent_neuron_exercises.ipynb): ten, from two minutes to
# six, and each answer is checked at once. You write the neuron yourself, find lengths of memory, build a latch, and design two histories that it cannot tell
# apart. Four of the questions you have met above: this time from memory.
#
# ## To read on
#
# - J. L. Elman (1990), *Finding structure in time*, Cognitive Science 14: where the recurrent layer of lesson 03 comes from.
# - Y. Bengio, P. Simard, P. Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*, IEEE
#   Transactions on Neural Networks 5: the latch, and its price.
# - R. Pascanu, T. Mikolov, Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML,
#   [arXiv:1211.5063](https://arxiv.org/abs/1211.5063): section 2.2 holds the figure above.
# - S. Strogatz, *Nonlinear Dynamics and Chaos*: cobwebs, fixed points and bifurcations, with great kindness.
