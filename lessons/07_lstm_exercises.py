# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "07", title: "The LSTM", part: "II · Memory cells", minutes: 45}
# ---

# %% [markdown]
# # The LSTM: exercises
#
# Thirteen exercises, from two minutes to seven. Replace each `...`, run the cell, and then run the check below it. When you are stuck,
# `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# Three questions come from [the lesson](../notebooks/07_lstm.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check
from rnncourse.cells import sigmoid

# %% [markdown]
# ## A cell with valves
#
# {{exercise carousel_sum}}
#
# {{question carousel_sum}}

# %%
guess = ...
### BEGIN SOLUTION
guess = 0.6 - 0.3 + 0.5 + 0.1
### END SOLUTION

# %%
check.carousel_sum(guess)

# %% [markdown]
# {{exercise memory_cell}}
#
# A single cell, and somebody else turns the valves: `g`, `i`, `f` and `o` are arrays with a number for each step. The cell holds 0 at the start. Return what it **shows** at each
# step, (T,).


# %%
def memory_cell(g, i, f, o):
    """Return h at every step, (T,)."""
    ### BEGIN SOLUTION
    c, shown = 0.0, []
    for t in range(len(g)):
        c = f[t] * c + i[t] * g[t]
        shown.append(o[t] * np.tanh(c))
    return np.array(shown)
    ### END SOLUTION


# %%
check.memory_cell(memory_cell)

# %% [markdown]
# {{exercise set_gates}}
#
# Now you turn the valves. `write`, `read` and `wipe` are arrays with a 1 at each step that is marked so, and 0 elsewhere. Return the gates `i`, `f`, `o`, an array
# each, so that the cell does this:
#
# - at *write* the number that comes in takes the place of what was held;
# - at *wipe* the cell is emptied;
# - at *read* it shows what it holds, and keeps it;
# - at all other steps it keeps, and shows nothing. Numbers come in at every step.


# %%
def set_gates(write, read, wipe):
    """Return i, f, o, each (T,)."""
    ### BEGIN SOLUTION
    return write, (1 - write) * (1 - wipe), read
    ### END SOLUTION


# %%
check.set_gates(set_gates)

# %% [markdown]
# ## The step
#
# {{exercise lstm_step}}
#
# One step for one sequence: `x` (D,), `h` and `c` (H,), the step before. `W_ih` (4H, D) and `W_hh` (4H, H) have the blocks i, f, g, o one below the other, `b` (4H,) has
# both biases added. `sigmoid` is there already.


# %%
def lstm_step(x, h, c, W_ih, W_hh, b):
    """Return the new h and the new c, each (H,)."""
    ### BEGIN SOLUTION
    i, f, g, o = np.split(W_ih @ x + W_hh @ h + b, 4)
    c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    return sigmoid(o) * np.tanh(c), c
    ### END SOLUTION


# %%
check.lstm_step(lstm_step)

# %% [markdown]
# {{exercise torch_rows}}
#
# {{question torch_rows}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [4 * 50, 50, 3 * 50, 4 * 50]
### END SOLUTION

# %%
check.torch_rows(guess)

# %% [markdown]
# ## h and c
#
# {{exercise how_high}}
#
# {{question how_high}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [20.0, np.tanh(20.0)]
### END SOLUTION

# %%
check.how_high(guess)

# %% [markdown]
# {{exercise carry_both}}
#
# {{question carry_both}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.carry_both(guess)

# %% [markdown]
# ## The way back
#
# {{exercise backward_step}}
#
# One step of the loop that runs from the last step to the first, for one sequence. You are given `d_h`, the derivative of the loss by $h_t$, whole already; `d_c`, what comes to
# $c_t$ from the *next* step; the values of the four gates (after their bends) at step t; and `c_prev` = $c_{t-1}$ and `c` = $c_t$. All are (H,). Return two things: the derivative by the
# four sums, before the bends, in the order i, f, g, o, (4H,); and what is handed on to $c_{t-1}$, (H,).


# %%
def backward_step(d_h, d_c, i, f, g, o, c_prev, c):
    """Return d_a (4H,) and what is handed on to c_prev (H,)."""
    ### BEGIN SOLUTION
    bent = np.tanh(c)
    d_c = d_c + d_h * o * (1 - bent**2)
    d_i, d_f, d_g, d_o = d_c * g, d_c * c_prev, d_c * i, d_h * bent
    d_a = [d_i * i * (1 - i), d_f * f * (1 - f), d_g * (1 - g**2), d_o * o * (1 - o)]
    return np.concatenate(d_a), d_c * f
    ### END SOLUTION


# %%
check.backward_step(backward_step)

# %% [markdown]
# {{exercise highway}}
#
# `f` (T, H) has the forget gates of all steps. Return an array of the same shape: row t says by which factor $c_{T-1}$, the last cell state, changes with $c_t$ **along the cell
# alone**.


# %%
def highway(f):
    """Return d c_last / d c_t along the cell, (T, H)."""
    ### BEGIN SOLUTION
    d = np.ones_like(f)
    for t in range(len(f) - 2, -1, -1):
        d[t] = d[t + 1] * f[t + 1]
    return d
    ### END SOLUTION


# %%
check.highway(highway)

# %% [markdown]
# {{exercise no_vanishing}}
#
# {{question no_vanishing}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.no_vanishing(guess)

# %% [markdown]
# ## Biases
#
# {{exercise forget_half_life}}
#
# {{question forget_half_life}}

# %%
guess = ...
### BEGIN SOLUTION
guess = np.log(0.5) / np.log(sigmoid(3.0))
### END SOLUTION

# %%
check.forget_half_life(guess)

# %% [markdown]
# {{exercise set_forget_bias}}
#
# `b_ih` and `b_hh` are the two biases of a `torch.nn.LSTM`, (4H,) each, with their random start. Return both so that the forget gates' bias, the sum, is `value`. All other gates
# keep theirs. Leave the given arrays unchanged.


# %%
def set_forget_bias(b_ih, b_hh, value):
    """Return the two biases, each (4H,)."""
    ### BEGIN SOLUTION
    H = len(b_ih) // 4
    b_ih, b_hh = b_ih.copy(), b_hh.copy()
    b_ih[H : 2 * H] = value
    b_hh[H : 2 * H] = 0.0
    return b_ih, b_hh
    ### END SOLUTION


# %%
check.set_forget_bias(set_forget_bias)

# %% [markdown]
# {{exercise chrono_biases}}
#
# For each cell a time has been drawn: `u` (H,), between 1 and the longest distance of the task. Return the biases `b_f` and `b_i` with which the cells start in the way of Tallec and
# Ollivier.


# %%
def chrono_biases(u):
    """Return b_f and b_i, each (H,)."""
    ### BEGIN SOLUTION
    return np.log(u), -np.log(u)
    ### END SOLUTION


# %%
check.chrono_biases(chrono_biases)

# %% [markdown]
# ## And now?
#
# You have built the cell that gave this course half of its name, and you know what it promises and what it does not. In lesson 08 you meet its relatives.
