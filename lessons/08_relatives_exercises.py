# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "08", title: "Relatives", part: "II · Memory cells", minutes: 40}
# ---

# %% [markdown]
# # Relatives: exercises
#
# Thirteen exercises, from two minutes to eight. Replace each `...`, run the cell, and then run the check below it. When you are stuck,
# `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# With little time, take the GRU (2), reading both ways (7 to 9) and the counter (12).
# Three questions come from [the lesson](../notebooks/08_relatives.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## The GRU
#
# {{exercise z_direction}}
#
# {{question z_direction}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.1 * -0.3 + 0.9 * 0.5, 0.1 * 0.5 + 0.9 * -0.3]
### END SOLUTION

# %%
check.z_direction(guess)

# %% [markdown]
# {{exercise gru_step}}
#
# `x` is `(B, D)`, `h` is `(B, H)`. The weights are those of `torch.nn.GRU`: `W_ih` `(3H, D)`, `W_hh` `(3H, H)`, `b_ih` and `b_hh` `(3H,)`, each with
# the blocks r, z, n one below the other. Return the new state, `(B, H)`, as torch computes it: z keeps, and r acts after the product.


# %%
def gru_step(x, h, W_ih, W_hh, b_ih, b_hh):
    """Return the state after this step, (B, H)."""
    ### BEGIN SOLUTION
    a_r, a_z, a_n = np.split(x @ W_ih.T + b_ih, 3, axis=-1)
    u_r, u_z, u_n = np.split(h @ W_hh.T + b_hh, 3, axis=-1)
    r = 1 / (1 + np.exp(-(a_r + u_r)))
    z = 1 / (1 + np.exp(-(a_z + u_z)))
    n = np.tanh(a_n + r * u_n)
    return (1 - z) * n + z * h
    ### END SOLUTION


# %%
check.gru_step(gru_step)

# %% [markdown]
# {{exercise bias_twins}}
#
# {{question bias_twins}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.bias_twins(guess)

# %% [markdown]
# {{exercise parameter_counts}}
#
# {{question parameter_counts}}

# %%
guess = ...
### BEGIN SOLUTION
block = 16 * 32 + 32 * 32 + 2 * 32
guess = [block, 3 * block, 4 * block]
### END SOLUTION

# %%
check.parameter_counts(guess)

# %% [markdown]
# {{exercise coupled_step}}
#
# One step of an LSTM without a forget gate of its own: f = 1 − i. `x` is `(B, D)`, `h` and `c` are `(B, H)`. The weights have three blocks, in the
# order **i, g, o**: `W_ih` `(3H, D)`, `W_hh` `(3H, H)`, and one bias `b` `(3H,)`. Return the new h and the new c.


# %%
def coupled_step(x, h, c, W_ih, W_hh, b):
    """Return (h, c) after this step, each (B, H)."""
    ### BEGIN SOLUTION
    i, g, o = np.split(x @ W_ih.T + h @ W_hh.T + b, 3, axis=-1)
    i, g, o = 1 / (1 + np.exp(-i)), np.tanh(g), 1 / (1 + np.exp(-o))
    c = (1 - i) * c + i * g
    return o * np.tanh(c), c
    ### END SOLUTION


# %%
check.coupled_step(coupled_step)

# %% [markdown]
# ## Upward, and both ways
#
# {{exercise run_stack}}
#
# `layers` is a list of layers, the lowest first. `layer.forward(x)` takes `(T, B, D)` and gives every state, `(T, B, H)`. Return two arrays as torch does:
# `output`, the top layer's states `(T, B, H)`, and `h_n`, what each layer holds after the last step, `(layers, B, H)`.


# %%
def run_stack(x, layers):
    """Return output (T, B, H) and h_n (layers, B, H)."""
    ### BEGIN SOLUTION
    h_n = []
    for layer in layers:
        x = layer.forward(x)
        h_n.append(x[-1])
    return x, np.array(h_n)
    ### END SOLUTION


# %%
check.run_stack(run_stack)

# %% [markdown]
# {{exercise run_both_ways}}
#
# `ahead` and `back` are two layers, each with a `forward`. `ahead` reads x `(T, B, D)` from the first step to the last, `back` from the last to the
# first. Return `(T, B, 2H)`: in row t the state of `ahead` and beside it the state of `back`, both at step t.


# %%
def run_both_ways(x, ahead, back):
    """Return the output of a bidirectional layer, (T, B, 2H)."""
    ### BEGIN SOLUTION
    first = ahead.forward(x)
    second = back.forward(x[::-1])[::-1]
    return np.concatenate([first, second], axis=-1)
    ### END SOLUTION


# %%
check.run_both_ways(run_both_ways)

# %% [markdown]
# {{exercise steps_read}}
#
# {{question steps_read}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [7, 1, 3, 5]
### END SOLUTION

# %%
check.steps_read(guess)

# %% [markdown]
# {{exercise top_summary}}
#
# `h_n` comes from a bidirectional stack of two or more layers in torch, `(2 * layers, B, H)`. Return the summary of each sequence: the top layer's forward
# state and, beside it, its backward state, `(B, 2H)`.


# %%
def top_summary(h_n):
    """Return the top layer's two last states side by side, (B, 2H)."""
    ### BEGIN SOLUTION
    return np.concatenate([h_n[-2], h_n[-1]], axis=1)
    ### END SOLUTION


# %%
check.top_summary(top_summary)

# %% [markdown]
# {{exercise future_leak}}
#
# {{question future_leak}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.future_leak(guess)

# %% [markdown]
# {{exercise same_mask}}
#
# `states` is `(T, B, H)`. Drop each unit of each sequence with probability `p`, for *all* of its steps, and make up for it in what is kept, so that the mean stays.
# `rng` is a NumPy generator: `rng.random(size)` gives numbers from 0 to 1. The check looks at what your function *does*, so many ways are right.


# %%
def same_mask(states, p, rng):
    """Return the states with dropped units, (T, B, H)."""
    ### BEGIN SOLUTION
    kept = rng.random(states.shape[1:]) >= p
    return states * kept / (1 - p)
    ### END SOLUTION


# %%
check.same_mask(same_mask)

# %% [markdown]
# ## Counting
#
# {{exercise counter_weights}}
#
# An LSTM with one unit hears letters: a is (1, 0), b is (0, 1). Set its weights so that its cell state c is the number of a minus the number of b so far. (After
# "aaab": 2.) Return a dict: `"W_ih"` `(4, 2)`, `"W_hh"` `(4, 1)`, and `"b"` `(4,)`, the sum of both biases. The rows are i, f, g, o.


# %%
def counter_weights():
    """Return {"W_ih": (4, 2), "W_hh": (4, 1), "b": (4,)}."""
    ### BEGIN SOLUTION
    W_ih = np.zeros((4, 2))
    W_ih[2] = [40.0, -40.0]  # g is 1 for a, -1 for b
    return {"W_ih": W_ih, "W_hh": np.zeros((4, 1)), "b": np.array([40.0, 40.0, 0.0, 40.0])}
    ### END SOLUTION


# %%
check.counter_weights(counter_weights)

# %% [markdown]
# ## And now?
#
# {{exercise which_cell}}
#
# {{question which_cell}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.which_cell(guess)

# %% [markdown]
# You have the whole family: plain, LSTM, GRU, upward and both ways. What all of them have heard so far were numbers and letters. Lesson 09 turns words into
# something that a network can hear.
