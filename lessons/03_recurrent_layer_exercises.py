# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "03", title: "The recurrent layer", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # The recurrent layer: exercises
#
# Eleven exercises. Replace each `...`, run the cell, and then run the check below it. A check that fails tells you what your
# answer does. When you are stuck, `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# Two questions come from [the lesson](../notebooks/03_recurrent_layer.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## One step
#
# {{exercise arrows_into_a_unit}}
#
# {{question arrows_into_a_unit}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.arrows_into_a_unit(guess)

# %% [markdown]
# {{exercise layer_step}}
#
# One step of a sigmoid layer. `x` holds D numbers, `h_prev` H numbers; `W_ih` is (H, D), `W_hh` is (H, H), both biases are (H,).
# The first example is the one from the lesson: unit 0 gives 0.818.


# %%
def layer_step(x, h_prev, W_ih, W_hh, b_ih, b_hh):
    """Return the new state h_t, H numbers."""
    ### BEGIN SOLUTION
    a = x @ W_ih.T + b_ih + h_prev @ W_hh.T + b_hh
    return 1 / (1 + np.exp(-a))
    ### END SOLUTION


# %%
check.layer_step(layer_step)

# %% [markdown]
# {{exercise parameter_count}}
#
# {{question parameter_count}}

# %%
guess = ...
### BEGIN SOLUTION
guess = 20 * 10 + 20 * 20 + 20 + 20
### END SOLUTION

# %%
check.parameter_count(guess)

# %% [markdown]
# ## A whole sequence
#
# {{exercise run_layer}}
#
# `x` is one sequence, (T, D). Before the first step the delay block holds `h0`, (H,). Return the T states of a sigmoid
# layer as rows: (T, H). (You may use your `layer_step`, or write its line out.)


# %%
def run_layer(x, W_ih, W_hh, b_ih, b_hh, h0):
    """Return every state, (T, H)."""
    ### BEGIN SOLUTION
    h, states = h0, []
    for x_t in x:
        a = x_t @ W_ih.T + b_ih + h @ W_hh.T + b_hh
        h = 1 / (1 + np.exp(-a))
        states.append(h)
    return np.array(states)
    ### END SOLUTION


# %%
check.run_layer(run_layer)

# %% [markdown]
# {{exercise units_and_steps}}
#
# {{question units_and_steps}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.units_and_steps(guess)

# %% [markdown]
# ## Who listens to whom
#
# {{exercise lone_neurons}}
#
# {{question lone_neurons}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.lone_neurons(guess)

# %% [markdown]
# {{exercise shift_register}}
#
# A **linear** layer of `H` units hears one input and has no biases. Choose its weights so that after each step unit 0 holds the newest
# input, unit 1 the one before, and so on. The check starts the layer from 0.1, 0.2, ... and compares all its states.


# %%
def shift_register(H):
    """Return two arrays: W_ih (H, 1) and W_hh (H, H)."""
    ### BEGIN SOLUTION
    W_ih = np.zeros((H, 1))
    W_ih[0, 0] = 1.0
    W_hh = np.zeros((H, H))
    for j in range(1, H):
        W_hh[j, j - 1] = 1.0
    return W_ih, W_hh
    ### END SOLUTION


# %%
check.shift_register(shift_register)

# %% [markdown]
# {{exercise decode_back}}
#
# `states` (T, H) are the states of a layer that heard the signs `x`, T numbers of +1 or −1. How well does a weighted sum of the units, plus a
# constant, tell the sign of `k` steps ago? Line up all steps that have an input `k` steps back. Fit the weights by least squares
# (`np.linalg.lstsq`) on the first half of them (rounded down). Return the share of right signs on the rest, a number between 0 and 1.


# %%
def decode_back(states, x, k):
    """Return the share of signs decoded correctly on the second half."""
    ### BEGIN SOLUTION
    known, wanted = states[k:], x[: len(x) - k]
    known = np.column_stack([known, np.ones(len(known))])
    half = len(known) // 2
    weights, *_ = np.linalg.lstsq(known[:half], wanted[:half], rcond=None)
    return np.mean(np.sign(known[half:] @ weights) == wanted[half:])
    ### END SOLUTION


# %%
check.decode_back(decode_back)

# %% [markdown]
# ## The answer, and what is fed back
#
# {{exercise elman_network}}
#
# The hidden layer has **tanh** and one bias `b_h`, and starts from zeros. The readout is linear: `W_ho` is (O, H), `b_o` is (O,). `x` is
# (T, D). Return the outputs, (T, O).


# %%
def elman_network(x, W_ih, W_hh, b_h, W_ho, b_o):
    """Return the output of every step, (T, O)."""
    ### BEGIN SOLUTION
    h, outputs = np.zeros(len(b_h)), []
    for x_t in x:
        h = np.tanh(x_t @ W_ih.T + h @ W_hh.T + b_h)
        outputs.append(h @ W_ho.T + b_o)
    return np.array(outputs)
    ### END SOLUTION


# %%
check.elman_network(elman_network)

# %% [markdown]
# {{exercise what_jordan_can}}
#
# {{question what_jordan_can}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.what_jordan_can(guess)

# %% [markdown]
# {{exercise three_errors}}
#
# {{question three_errors}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.25, 0.0, 0.25]
### END SOLUTION

# %%
check.three_errors(guess)

# %% [markdown]
# ## And now?
#
# You have a network with memory, and can read what it holds. Lesson 04 lays its steps out side by side.
