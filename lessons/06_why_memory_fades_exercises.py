# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "06", title: "Why memory fades", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # Why memory fades: exercises
#
# Eleven exercises, from two minutes to seven. Replace each `...`, run the cell, and then run the check below it. When you are stuck,
# `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# Three questions come from [the lesson](../notebooks/06_why_memory_fades.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## How fast does it fade?
#
# {{exercise fading_steps}}
#
# {{question fading_steps}}

# %%
guess = ...
### BEGIN SOLUTION
guess = int(np.ceil(np.log(1e-6) / np.log(0.9)))
### END SOLUTION

# %%
check.fading_steps(guess)

# %% [markdown]
# {{exercise nonnormal_growth}}
#
# {{question nonnormal_growth}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [5.0, 9.0, 12.15, 0.01]
### END SOLUTION

# %%
check.nonnormal_growth(guess)

# %% [markdown]
# {{exercise jacobian_product}}
#
# `states` has the states of a **tanh** layer, (T, H); the last one is `states[-1]`. Return the matrix (H, H) whose entry in row i and column j says how much unit i
# of the *last* state changes when unit j of `states[k]` does. There is one factor for every step from `k + 1` to the last.


# %%
def jacobian_product(states, W_hh, k):
    """Return d states[-1] / d states[k], (H, H)."""
    ### BEGIN SOLUTION
    J = np.eye(len(W_hh))
    for h in states[k + 1 :]:
        J = np.diag(1 - h**2) @ W_hh @ J
    return J
    ### END SOLUTION


# %%
check.jacobian_product(jacobian_product)

# %% [markdown]
# {{exercise vanishing_condition}}
#
# {{question vanishing_condition}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.vanishing_condition(guess)

# %% [markdown]
# {{exercise vanishing_means}}
#
# {{question vanishing_means}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.vanishing_means(guess)

# %% [markdown]
# ## Clipping
#
# {{exercise clip_by_hand}}
#
# {{question clip_by_hand}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.6, 0.8, 1.0, 1.0]
### END SOLUTION

# %%
check.clip_by_hand(guess)

# %% [markdown]
# {{exercise clip_by_norm}}
#
# `grads` is a list of arrays, the gradients of all parameters of a network. Return a list of arrays of the same shapes. Together they are at most
# `max_norm` long and point where `grads` points. What is short enough comes back as it is. Leave the given arrays unchanged.


# %%
def clip_by_norm(grads, max_norm):
    """Return the clipped gradients, a list of arrays."""
    ### BEGIN SOLUTION
    norm = np.sqrt(sum((g**2).sum() for g in grads))
    factor = min(1.0, max_norm / norm)
    return [factor * g for g in grads]
    ### END SOLUTION


# %%
check.clip_by_norm(clip_by_norm)

# %% [markdown]
# {{exercise order_of_steps}}
#
# {{question order_of_steps}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "e"
### END SOLUTION

# %%
check.order_of_steps(guess)

# %% [markdown]
# {{exercise clip_cures}}
#
# {{question clip_cures}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "a"
### END SOLUTION

# %%
check.clip_cures(guess)

# %% [markdown]
# ## Where to start
#
# {{exercise orthogonal_start}}
#
# Draw a random matrix, n by n, that keeps the length of every vector. `rng` is a NumPy generator: `rng.normal(size=(n, n))` gives normal numbers. The check looks at what your matrix
# *does* (to the lengths of vectors, over 50 steps), so many ways are right.


# %%
def orthogonal_start(n, rng):
    """Return a random orthogonal matrix, (n, n)."""
    ### BEGIN SOLUTION
    Q, R = np.linalg.qr(rng.normal(size=(n, n)))
    return Q * np.sign(np.diag(R))
    ### END SOLUTION


# %%
check.orthogonal_start(orthogonal_start)

# %% [markdown]
# {{exercise identity_start}}
#
# {{question identity_start}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.identity_start(guess)

# %% [markdown]
# ## And now?
#
# You can say why a plain network forgets, and what a start or a clip does about it. Lesson 07 builds a cell in which the way back is *made* not to fade.
