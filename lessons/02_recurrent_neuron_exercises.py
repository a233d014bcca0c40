# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "02", title: "The recurrent neuron", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # The recurrent neuron: exercises
#
# Ten exercises, from a single letter to a design of your own. Replace each `...`, run the cell, and then run the check
# below it. A check that fails tells you what your answer does. When you are stuck, `check.NAME.hint()` gives a nudge;
# ask again for the formula, and once more for a first line. Leave the arguments as they are; work on a copy.
#
# Four questions come from [the lesson](../notebooks/02_recurrent_neuron.ipynb). Answer them from memory: bringing a thing back is what makes it stay.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## One step at a time
#
# {{exercise echo_of_a_bell}}
#
# {{question echo_of_a_bell}}

# %%
echo_of_a_bell = ...
### BEGIN SOLUTION
echo_of_a_bell = "c"
### END SOLUTION

# %%
check.echo_of_a_bell(echo_of_a_bell)

# %% [markdown]
# {{exercise neuron_step}}
#
# Write one step of a sigmoid neuron with a bias. `x` is the input $x_t$, `h_prev` the previous output $h_{t-1}$.
# With `x=1.0, h_prev=0.5`, both weights 1 and no bias it gives the number that you know: 0.818.
# Write the sigmoid too: this notebook has none yet.


# %%
def neuron_step(x, h_prev, w_x, w_h, b):
    """Return the output h_t, one number."""
    ### BEGIN SOLUTION
    a = w_x * x + w_h * h_prev + b
    return 1 / (1 + np.exp(-a))
    ### END SOLUTION


# %%
check.neuron_step(neuron_step)

# %% [markdown]
# {{exercise delay_block}}
#
# The first method is given. `step` takes in a new value and returns the one that was held until now.
# `reset` makes the block as it was at the beginning.
#
# After `block = DelayBlock(0)`: `block.step(3)` gives 0, `block.step(1)` gives 3; then `block.reset()`, and
# `block.step(7)` gives 0.


# %%
class DelayBlock:
    def __init__(self, initial=0.0):
        self.initial = initial
        self.held = initial

    def step(self, value):
        ### BEGIN SOLUTION
        given = self.held
        self.held = value
        return given
        ### END SOLUTION

    def reset(self):
        ### BEGIN SOLUTION
        self.held = self.initial
        ### END SOLUTION


# %%
check.delay_block(DelayBlock)

# %% [markdown]
# {{exercise run_neuron}}
#
# `x` is a sequence of T inputs. Return the T outputs of a sigmoid neuron. Before the first step, the delay block
# holds `h0`. (You may use your `neuron_step`, or write the loop out.)
#
# For `x = [1, 0]`, both weights 1, `b = 0` and `h0 = 0.5`: 0.818, 0.694.


# %%
def run_neuron(x, w_x, w_h, b, h0):
    """Return every output, T numbers."""
    ### BEGIN SOLUTION
    h, outputs = h0, []
    for x_t in x:
        h = 1 / (1 + np.exp(-(w_x * x_t + w_h * h + b)))
        outputs.append(h)
    return np.array(outputs)
    ### END SOLUTION


# %%
check.run_neuron(run_neuron)

# %% [markdown]
# ## What a weight does over time
#
# {{exercise ringing_echo}}
#
# {{question ringing_echo}}

# %%
ringing_echo = ...
### BEGIN SOLUTION
ringing_echo = [1.0, -0.7, 0.49, -0.34, 0.24]
### END SOLUTION

# %%
check.ringing_echo(ringing_echo)

# %% [markdown]
# {{exercise filled_bucket}}
#
# {{question filled_bucket}}

# %%
filled_bucket = ...
### BEGIN SOLUTION
filled_bucket = 2.0
### END SOLUTION

# %%
check.filled_bucket(filled_bucket)

# %% [markdown]
# {{exercise time_constant}}
#
# A linear neuron has a feedback weight between 0 and 1. After how many steps is $1/e$ (about 0.37) of an impulse
# left? Return that number; it need not be whole.


# %%
def time_constant(w_h):
    """Return the time constant in steps."""
    ### BEGIN SOLUTION
    return -1.0 / np.log(w_h)
    ### END SOLUTION


# %%
check.time_constant(time_constant)

# %% [markdown]
# ## With the bend
#
# {{exercise saturation_fate}}
#
# {{question saturation_fate}}

# %%
saturation_fate = ...
### BEGIN SOLUTION
saturation_fate = "c"
### END SOLUTION

# %%
check.saturation_fate(saturation_fate)

# %% [markdown]
# {{exercise latch_weights}}
#
# Choose $w_x$, $w_h$ and $b$ for a **tanh** neuron that stores one bit. It starts at −1. Then three pulses come, +1, −1
# and +1, each for five steps. After every pulse it has to hold for 100 steps: in silence, and then the whole thing again
# in the worst noise, 0.1 against the bit at every step (−0.1 after +1, and +0.1 after −1). The check looks at the output
# after 1, 30 and 100 of these steps, and reads +1 (above 0.5), −1 (below −0.5) or 0 (undecided).
# A latch reads +1 three times, then −1 three times, then +1 three times. Many answers are right.


# %%
def latch_weights():
    """Return three numbers: w_x, w_h, b."""
    ### BEGIN SOLUTION
    return 2.0, 2.0, 0.0
    ### END SOLUTION


# %%
check.latch_weights(latch_weights)

# %% [markdown]
# ## What one number cannot hold
#
# {{exercise twin_histories}}
#
# A linear neuron has $w_x = 1$, holds 0 at first, and has the feedback weight `w_h` that you are given. Find two
# *different* input sequences, of three steps each, after which it holds the very same number. The check looks at
# the number of steps, at whether the two differ, and at the gap between the final outputs, which has to be 0. (Where it
# is not: above 0 the history that begins later ends higher, below 0 it ends lower.)


# %%
def twin_histories(w_h):
    """Return two lists of three inputs each."""
    ### BEGIN SOLUTION
    return [1.0, 0.0, 0.0], [0.0, w_h, 0.0]
    ### END SOLUTION


# %%
check.twin_histories(twin_histories)

# %% [markdown]
# ## And now?
#
# Two neurons with different feedback weights would not be fooled by these twins. Lesson 03 builds layers of neurons,
# and lets them hear each other.
