# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "00", title: "Start here", part: "I · Memory", minutes: 10}
# ---

# %% [markdown]
# # Exercises: Start here
#
# Two exercises on [lesson 00](../notebooks/00_start_here.ipynb). Write your answer where the dots are, run the cell, then run the check
# below it. A check that fails tells you what your answer does; change it and run both again. When you are stuck, write
# `check.largest_so_far.hint()` into a new cell: each call gives a stronger hint.
#
# Leave the arguments as they are; work on a copy.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# {{exercise largest_so_far}}
#
# Numbers come one at a time. Return, after each one, **the largest of all numbers so far**.
# For 3, 1, 4, 1.5 the answer is 3, 3, 4, 4. The numbers may be negative.


# %%
def largest_so_far(values):
    """The largest of the numbers up to each step, one for each number."""
    ### BEGIN SOLUTION
    kept = []
    best = -np.inf
    for value in values:
        best = max(best, value)
        kept.append(best)
    return np.array(kept)
    ### END SOLUTION


# %%
check.largest_so_far(largest_so_far)

# %% [markdown]
# {{exercise what_was_lost}}
#
# {{question what_was_lost}}

# %%
what_was_lost = ...  # a letter in quotes, such as "a"
### BEGIN SOLUTION
what_was_lost = "c"
### END SOLUTION

# %%
check.what_was_lost(what_was_lost)
