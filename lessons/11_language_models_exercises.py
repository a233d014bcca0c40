# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "11", title: "Language models", part: "III · Words", minutes: 60}
# ---

# %% [markdown]
# # Language models: exercises
#
# Thirteen exercises, from two minutes to eight. Replace each `...`, run the cell, and then run the check below it. When you are stuck,
# `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# Three questions come from [the lesson](../notebooks/11_language_models.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## How surprised?
#
# {{exercise perplexity_by_hand}}
#
# {{question perplexity_by_hand}}

# %%
guess = ...
### BEGIN SOLUTION
guess = np.exp(np.mean([np.log(2), np.log(4), np.log(8), np.log(4)]))
### END SOLUTION

# %%
check.perplexity_by_hand(guess)

# %% [markdown]
# {{exercise perplexity}}
#
# `chances` is an array: the probability that a model gave to each symbol that came. Return one number.


# %%
def perplexity(chances):
    """Return the perplexity of a model on a text."""
    ### BEGIN SOLUTION
    return np.exp(-np.log(chances).mean())
    ### END SOLUTION


# %%
check.perplexity(perplexity)

# %% [markdown]
# {{exercise words_and_letters}}
#
# {{question words_and_letters}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [4**6, 900 ** (1 / 6)]
### END SOLUTION

# %%
check.words_and_letters(guess)

# %% [markdown]
# ## Counting, and what it is worth
#
# {{exercise bigram}}
#
# `ids` is a text as numbers, from 0 to V − 1. Return a table (V, V): row i tells how likely each symbol is *after* symbol i, by its share of what followed. A row after which nothing was ever seen is an even guess.


# %%
def bigram(ids, V):
    """Return P(next symbol | symbol before), (V, V)."""
    ### BEGIN SOLUTION
    counts = np.zeros((V, V))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    counts[counts.sum(axis=1) == 0] = 1.0
    return counts / counts.sum(axis=1, keepdims=True)
    ### END SOLUTION


# %%
check.bigram(bigram)

# %% [markdown]
# {{exercise memorising}}
#
# {{question memorising}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.memorising(guess)

# %% [markdown]
# {{exercise sound_measure}}
#
# {{question sound_measure}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.sound_measure(guess)

# %% [markdown]
# ## One long text
#
# {{exercise columns_and_targets}}
#
# `ids` is a text as numbers, (N,). Cut it into `B` columns, as long as possible, each going on where its own row above stopped; column b + 1 begins where column b ends. Return two arrays of shape (T, B): the columns, and
# their targets, the *next* symbol of each. What does not fill the last row is left out.


# %%
def columns_and_targets(ids, B):
    """Return x (T, B) and target (T, B)."""
    ### BEGIN SOLUTION
    T = (len(ids) - 1) // B
    return ids[: T * B].reshape(B, T).T, ids[1 : T * B + 1].reshape(B, T).T
    ### END SOLUTION


# %%
check.columns_and_targets(columns_and_targets)

# %% [markdown]
# {{exercise whose_state}}
#
# {{question whose_state}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.whose_state(guess)

# %% [markdown]
# {{exercise stream_perplexity}}
#
# `x` and `target` are columns (T, B) of held-out text. Read them in pieces of `length` steps; the last piece may be shorter. The model:
#
# - `model.read(piece, state)` takes (steps, B) and a state, `None` for a fresh one. It returns the chances of the next symbols, (steps, B, V), and the state after the last step;
# - `model.training` is True as it comes: then half of its scores are dropped. Set it to False to switch that off.
#
# Return the perplexity over *all* symbols, one number.


# %%
def stream_perplexity(model, x, target, length):
    """Return the perplexity of a model on columns of text, read piece by piece."""
    ### BEGIN SOLUTION
    model.training = False
    state, surprises = None, []
    for start in range(0, len(x), length):
        piece = slice(start, start + length)
        chances, state = model.read(x[piece], state)
        came = np.take_along_axis(chances, target[piece][..., None], axis=-1)
        surprises.append(-np.log(came))
    return np.exp(np.concatenate(surprises).mean())
    ### END SOLUTION


# %%
check.stream_perplexity(stream_perplexity)

# %% [markdown]
# {{exercise softmax_twice}}
#
# {{question softmax_twice}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [27, 1 + 26 / np.e]
### END SOLUTION

# %%
check.softmax_twice(guess)

# %% [markdown]
# ## Let it write
#
# {{exercise temperature}}
#
# Turn `scores` (V,) into probabilities at a temperature.


# %%
def temperature(scores, temperature):
    """Return the probabilities of the symbols, (V,)."""
    ### BEGIN SOLUTION
    e = np.exp((scores - np.max(scores)) / temperature)
    return e / e.sum()
    ### END SOLUTION


# %%
check.temperature(temperature)

# %% [markdown]
# {{exercise top_k}}
#
# `p` has probabilities (V,). Keep the `k` largest, and return (V,) probabilities: 0 for all others, and a sum of 1.


# %%
def top_k(p, k):
    """Return the probabilities of the k likeliest symbols alone, (V,)."""
    ### BEGIN SOLUTION
    kept = np.zeros_like(p)
    best = np.argsort(-p)[:k]
    kept[best] = p[best]
    return kept / kept.sum()
    ### END SOLUTION


# %%
check.top_k(top_k)

# %% [markdown]
# {{exercise write_text}}
#
# `model.step(symbol, state)` hears one symbol (a number) and a state (`None` for a fresh one). It returns the probabilities of the next symbol, (V,), and the new state.
#
# Draw by the numbers in `u`, which lie between 0 and 1: lay the probabilities side by side on a line from 0 to 1, symbol 0 first; the symbol in whose part `u_t` falls is drawn. `first` is heard first. Return the drawn symbols, one for each number in `u`.


# %%
def write_text(model, first, u):
    """Return the numbers of the symbols drawn, a list as long as u."""
    ### BEGIN SOLUTION
    symbol, state, said = first, None, []
    for u_t in u:
        p, state = model.step(symbol, state)
        symbol = int(np.searchsorted(np.cumsum(p), u_t, side="right"))
        said.append(symbol)
    return said
    ### END SOLUTION


# %%
check.write_text(write_text)
