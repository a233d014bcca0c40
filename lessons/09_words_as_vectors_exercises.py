# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "09", title: "Words as vectors", part: "III · Words", minutes: 40}
# ---

# %% [markdown]
# # Words as vectors: exercises
#
# Fifteen exercises, from two minutes to eight. Replace each `...`, run the cell, and then run the check below it. When you are stuck,
# `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# With little time, take the look-up (3), more often than by chance (5), one pair of skip-gram (9) and neighbours (11).
# Three questions come from [the lesson](../notebooks/09_words_as_vectors.ipynb). Answer them from memory.

# %%
from collections import Counter

import numpy as np

from rnncourse import check

# %% [markdown]
# ## From words to numbers
#
# {{exercise one_hot_distance}}
#
# {{question one_hot_distance}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [2**0.5, 2**0.5]
### END SOLUTION

# %%
check.one_hot_distance(guess)

# %% [markdown]
# {{exercise encode_text}}
#
# `training` and `sentence` are lists of words. The vocabulary has the words that come at least `min_count` times in `training`, the most frequent first, ties
# by the alphabet. The numbers 0 to 3 are taken: 0 `<pad>`, 1 `<unk>`, 2 `<s>`, 3 `</s>`. Return the numbers of the sentence, begun with `<s>` and ended with `</s>`.


# %%
def encode_text(training, sentence, min_count):
    """Return the sentence as a list of numbers."""
    ### BEGIN SOLUTION
    counts = Counter(training)
    known = [word for word in counts if counts[word] >= min_count]
    known.sort(key=lambda word: (-counts[word], word))
    number = {word: i for i, word in enumerate(known, start=4)}
    return [2, *(number.get(word, 1) for word in sentence), 3]
    ### END SOLUTION


# %%
check.encode_text(encode_text)

# %% [markdown]
# {{exercise embedding_gradient}}
#
# `ids` `(T, B)` were looked up in a table of `V` rows; `d` `(T, B, E)` is what the loss says of every row that came out. Return the gradient of the table,
# `(V, E)`. The word with the number `padding` gets none.


# %%
def embedding_gradient(ids, d, V, padding):
    """Return dL/dW, (V, E)."""
    ### BEGIN SOLUTION
    dW = np.zeros((V, d.shape[-1]))
    np.add.at(dW, ids, d)
    dW[padding] = 0
    return dW
    ### END SOLUTION


# %%
check.embedding_gradient(embedding_gradient)

# %% [markdown]
# ## Company
#
# {{exercise context_pairs}}
#
# Return all pairs `(centre, neighbour)` of the list `ids`, in any order: every word with every word at most `window` places away, to each side.


# %%
def context_pairs(ids, window):
    """Return a list of pairs."""
    ### BEGIN SOLUTION
    pairs = []
    for i in range(len(ids)):
        for j in range(max(0, i - window), min(len(ids), i + window + 1)):
            if j != i:
                pairs.append((ids[i], ids[j]))
    return pairs
    ### END SOLUTION


# %%
check.context_pairs(context_pairs)

# %% [markdown]
# {{exercise ppmi_table}}
#
# `counts[i, j]` says how often word `i` met the neighbour `j`; rows and columns need not have the same sums. Return the positive PMI in nats, a table
# of the same shape, 0 where two words never met.


# %%
def ppmi_table(counts):
    """Return max(PMI, 0), in the shape of counts."""
    ### BEGIN SOLUTION
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return np.log(np.maximum(counts / expected, 1.0))
    ### END SOLUTION


# %%
check.ppmi_table(ppmi_table)

# %% [markdown]
# ## What skip-gram is shown
#
# {{exercise noise_chances}}
#
# `counts` `(V,)` says how often each word comes. Return the chances `(V,)` of being drawn as a negative: the counts to the `power`, summing to 1.


# %%
def noise_chances(counts, power):
    """Return the chances, (V,)."""
    ### BEGIN SOLUTION
    weights = counts**power
    return weights / weights.sum()
    ### END SOLUTION


# %%
check.noise_chances(noise_chances)

# %% [markdown]
# {{exercise thinned_words}}
#
# {{question thinned_words}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [np.sqrt(0.001 / 0.04), 1.0, 1.0]
### END SOLUTION

# %%
check.thinned_words(guess)

# %% [markdown]
# ## Skip-gram, and its sibling
#
# {{exercise fresh_loss}}
#
# {{question fresh_loss}}

# %%
guess = ...
### BEGIN SOLUTION
guess = 6 * np.log(2)
### END SOLUTION

# %%
check.fresh_loss(guess)

# %% [markdown]
# {{exercise skipgram_gradients}}
#
# One true pair, `centre` and `context`, and a list of drawn words, `negatives`; all are words' numbers, and a word can be drawn twice. `W` and `C` are `(V, E)`. With
# $w$ the centre's row of `W`, $c$ and $n_j$ rows of `C`, the loss is $-\ln \sigma(w \cdot c) - \sum_j \ln \sigma(-w \cdot n_j)$. Return it with its gradients by
# both tables, each `(V, E)`.


# %%
def skipgram_gradients(W, C, centre, context, negatives):
    """Return {"loss": one number, "W": (V, E), "C": (V, E)}."""
    ### BEGIN SOLUTION
    loss, dW, dC = 0.0, np.zeros_like(W), np.zeros_like(C)
    for other, truth in [(context, 1.0), *((n, 0.0) for n in negatives)]:
        p = 1 / (1 + np.exp(-W[centre] @ C[other]))
        loss -= np.log(p if truth else 1 - p)
        dW[centre] += (p - truth) * C[other]
        dC[other] += (p - truth) * W[centre]
    return {"loss": loss, "W": dW, "C": dC}
    ### END SOLUTION


# %%
check.skipgram_gradients(skipgram_gradients)

# %% [markdown]
# {{exercise cbow_gradients}}
#
# Word2vec has a second form, the *continuous bag of words*. It turns the task round: the neighbours *together* shall tell the word in the middle. So $w$ is now the **mean** of the rows
# of `W` of all `neighbours` (a list, in which a word can stand twice), the true word is `centre`, a row of `C`, and the negatives are rows of `C` as before. Return the loss and both
# gradients.


# %%
def cbow_gradients(W, C, neighbours, centre, negatives):
    """Return {"loss": one number, "W": (V, E), "C": (V, E)}."""
    ### BEGIN SOLUTION
    w = W[neighbours].mean(axis=0)
    loss, d_w, dW, dC = 0.0, np.zeros_like(w), np.zeros_like(W), np.zeros_like(C)
    for other, truth in [(centre, 1.0), *((n, 0.0) for n in negatives)]:
        p = 1 / (1 + np.exp(-w @ C[other]))
        loss -= np.log(p if truth else 1 - p)
        d_w += (p - truth) * C[other]
        dC[other] += (p - truth) * w
    for i in neighbours:
        dW[i] += d_w / len(neighbours)
    return {"loss": loss, "W": dW, "C": dC}
    ### END SOLUTION


# %%
check.cbow_gradients(cbow_gradients)

# %% [markdown]
# ## Likeness
#
# {{exercise nearest_words}}
#
# `vectors` is `(V, E)`, one row a word. Return the numbers of the `n` words with the largest cosine to the word with the number `word`, the nearest first.


# %%
def nearest_words(vectors, word, n):
    """Return n words' numbers, without the word itself."""
    ### BEGIN SOLUTION
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = unit @ unit[word]
    alike[word] = -np.inf
    return np.argsort(-alike)[:n]
    ### END SOLUTION


# %%
check.nearest_words(nearest_words)

# %% [markdown]
# {{exercise solve_analogy}}
#
# `a`, `b` and `c` are numbers of words. Return the number of the word for "a is to b as c is to ...": all vectors at length 1, the largest cosine to b − a + c, and none of
# the three that were put in.


# %%
def solve_analogy(vectors, a, b, c):
    """Return the number of a word."""
    ### BEGIN SOLUTION
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = unit @ (unit[b] - unit[a] + unit[c])
    alike[[a, b, c]] = -np.inf
    return alike.argmax()
    ### END SOLUTION


# %%
check.solve_analogy(solve_analogy)

# %% [markdown]
# {{exercise remove_direction}}
#
# `vectors` is `(V, E)`, and `axis` `(E,)` a direction of any length but 0. Return the vectors without their part along it, `(V, E)`.


# %%
def remove_direction(vectors, axis):
    """Return the vectors without what they have along the axis."""
    ### BEGIN SOLUTION
    a = axis / np.linalg.norm(axis)
    return vectors - np.outer(vectors @ a, a)
    ### END SOLUTION


# %%
check.remove_direction(remove_direction)

# %% [markdown]
# ## Reading results
#
# {{exercise near_opposites}}
#
# {{question near_opposites}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.near_opposites(guess)

# %% [markdown]
# {{exercise compared_rho}}
#
# {{question compared_rho}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.compared_rho(guess)

# %% [markdown]
# ## And now?
#
# Words have places now, and a network can read them. Lesson 10 feeds them to one, and asks what it still knows of the girl when the bartender speaks.
