# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "04", title: "Unrolling", part: "I · Memory", minutes: 35}
# ---

# %% [markdown]
# # Unrolling: exercises
#
# Twelve exercises, from a single letter to a loop that lets time stand still. Replace each `...`, run the cell, and then run the check
# below it. A check that fails tells you what your answer does. When you are stuck, `check.NAME.hint()` gives a nudge;
# ask again for the formula, and once more for a first line.
#
# Four questions come from [the lesson](../notebooks/04_unrolling.ipynb). Answer them from memory: bringing a thing back is what makes it stay.
#
# Everywhere here: time first, `x` is `(T, B, D)`, `W_ih` is `(H, D)`, `W_hh` is `(H, H)`, the bend is tanh. The two biases are added up in one `b`, `(H,)`.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## One F, drawn many times
#
# {{exercise same_word_twice}}
#
# {{question same_word_twice}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.same_word_twice(guess)

# %% [markdown]
# {{exercise first_output_name}}
#
# {{question first_output_name}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.first_output_name(guess)

# %% [markdown]
# {{exercise unroll_layer}}
#
# Run a layer over a batch. `x` is `(T, B, D)`, and `h0` `(B, H)` holds a start for each sequence. Return the state after every step, `(T, B, H)`.


# %%
def unroll_layer(x, W_ih, W_hh, b, h0):
    """Return every state, (T, B, H)."""
    ### BEGIN SOLUTION
    h, states = h0, []
    for x_t in x:
        h = np.tanh(x_t @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return np.array(states)
    ### END SOLUTION


# %%
check.unroll_layer(unroll_layer)

# %% [markdown]
# {{exercise talking_samples}}
#
# {{question talking_samples}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.talking_samples(guess)

# %% [markdown]
# {{exercise same_weights}}
#
# {{question same_weights}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [417, 417]
### END SOLUTION

# %%
check.same_weights(guess)

# %% [markdown]
# {{exercise what_comes_back}}
#
# {{question what_comes_back}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [[12, 5, 8], [1, 5, 8]]
### END SOLUTION

# %%
check.what_comes_back(guess)

# %% [markdown]
# ## A state that goes on
#
# {{exercise generate}}
#
# One input `first`, `(D,)`; the state starts as zeros. At each step the readout `y = h @ W_ho.T + b_o` gives an output, `(D,)`, and this is the next
# input. Return the outputs of `steps` steps, `(steps, D)`.


# %%
def generate(first, steps, W_ih, W_hh, b, W_ho, b_o):
    """Return the outputs, (steps, D)."""
    ### BEGIN SOLUTION
    x, h, outputs = first, np.zeros(len(b)), []
    for _ in range(steps):
        h = np.tanh(x @ W_ih.T + h @ W_hh.T + b)
        x = h @ W_ho.T + b_o
        outputs.append(x)
    return np.array(outputs)
    ### END SOLUTION


# %%
check.generate(generate)

# %% [markdown]
# {{exercise run_in_pieces}}
#
# A sequence is too long for the memory of a machine. So it comes in pieces of `k` steps; the last piece may be shorter. Run piece after piece, and return
# the states of the *whole* sequence, `(T, B, H)`, as if it had never been cut. `run_piece` is given.


# %%
def run_piece(piece, W_ih, W_hh, b, h):
    """Every state of one piece, from the state h."""
    states = []
    for x_t in piece:
        h = np.tanh(x_t @ W_ih.T + h @ W_hh.T + b)
        states.append(h)
    return np.array(states)


# %%
def run_in_pieces(x, k, W_ih, W_hh, b, h0):
    """Return every state, (T, B, H)."""
    ### BEGIN SOLUTION
    h, states = h0, []
    for start in range(0, len(x), k):
        states.append(run_piece(x[start : start + k], W_ih, W_hh, b, h))
        h = states[-1][-1]
    return np.concatenate(states)
    ### END SOLUTION


# %%
check.run_in_pieces(run_in_pieces)

# %% [markdown]
# ## Sequences of several lengths
#
# {{exercise padding_harmless}}
#
# {{question padding_harmless}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.padding_harmless(guess)

# %% [markdown]
# {{exercise step_mask}}
#
# `lengths` `(B,)` says how many real steps each sequence has, and the array is padded to `T` steps. Return a table `(T, B)` of True and False (of bool, not of 0 and 1): True where
# sequence `k` still has a step `t`.


# %%
def step_mask(lengths, T):
    """Return a mask (T, B) of bool."""
    ### BEGIN SOLUTION
    return np.arange(T)[:, None] < lengths
    ### END SOLUTION


# %%
check.step_mask(step_mask)

# %% [markdown]
# {{exercise last_real_state}}
#
# `states` `(T, B, H)` come from a padded batch. Return the state of each sequence after its own last real step, `(B, H)`.


# %%
def last_real_state(states, lengths):
    """Return one state for each sequence, (B, H)."""
    ### BEGIN SOLUTION
    return states[lengths - 1, np.arange(len(lengths))]
    ### END SOLUTION


# %%
check.last_real_state(last_real_state)

# %% [markdown]
# {{exercise masked_run}}
#
# Run a padded batch from a state of zeros. After its last real step, a sequence's state stays what it was, up to the last row. Return all states, `(T, B, H)`.
# Take care: an input of zeros may be real, and padding need not be zero.


# %%
def masked_run(x, lengths, W_ih, W_hh, b):
    """Return every state, (T, B, H), with time standing still after each sequence's end."""
    ### BEGIN SOLUTION
    h, states = np.zeros((x.shape[1], len(b))), []
    for t, x_t in enumerate(x):
        real = (t < lengths)[:, None]
        h = np.where(real, np.tanh(x_t @ W_ih.T + h @ W_hh.T + b), h)
        states.append(h)
    return np.array(states)
    ### END SOLUTION


# %%
check.masked_run(masked_run)
