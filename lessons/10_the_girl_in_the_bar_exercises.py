# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "10", title: "The girl in the bar", part: "III · Words", minutes: 40}
# ---

# %% [markdown]
# # The girl in the bar: exercises
#
# Thirteen exercises, from two minutes to eight. Replace each `...`, run the cell, and then run the check below it. When you are
# stuck, `check.NAME.hint()` gives a nudge; ask again for the formula, and once more for a first line.
#
# Three of the questions come from [the lesson](../notebooks/10_the_girl_in_the_bar.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check

# %% [markdown]
# ## Asking the question
#
# {{exercise among_four}}
#
# {{question among_four}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.21 / 0.32, 0.10 / 0.32]
### END SOLUTION

# %%
check.among_four(guess)

# %% [markdown]
# {{exercise words_since}}
#
# `words` are the words of a story, in order, up to the blank. `cues` is a set: the words that tell who it is. How many words stand *between* the last cue and
# the blank? Every story here has a cue.


# %%
def words_since(words, cues):
    """Return the number of words between the last cue and the blank."""
    ### BEGIN SOLUTION
    last = max(place for place, word in enumerate(words) if word in cues)
    return len(words) - 1 - last
    ### END SOLUTION


# %%
check.words_since(words_since)

# %% [markdown]
# {{exercise minimal_pair}}
#
# `text` is a story in small letters, its words apart by one space, without punctuation. `pairs` is a list of pairs of words, such as `[("girl", "boy"), ("she", "he")]`.
# Return the story with the words of every pair exchanged, in **both** directions, wherever they stand, and everything else as it is.


# %%
def minimal_pair(text, pairs):
    """Return the text with the two words of every pair exchanged."""
    ### BEGIN SOLUTION
    swap = {**dict(pairs), **{b: a for a, b in pairs}}
    return " ".join(swap.get(word, word) for word in text.split())
    ### END SOLUTION


# %%
check.minimal_pair(minimal_pair)

# %% [markdown]
# {{exercise share_agreeing}}
#
# `p` is (B, V): for each of B stories the probability of each of V words to come next. `four` has the numbers of the four addresses among the V words. `fits` is (B, 4) of True and False: does
# this address agree with this story? Return the share of stories in which the **likeliest of the four** agrees.


# %%
def share_agreeing(p, four, fits):
    """Return the share of stories whose likeliest address agrees."""
    ### BEGIN SOLUTION
    likeliest = p[:, four].argmax(axis=1)
    return fits[np.arange(len(p)), likeliest].mean()
    ### END SOLUTION


# %%
check.share_agreeing(share_agreeing)

# %% [markdown]
# ## Fair tests
#
# {{exercise honest_split}}
#
# {{question honest_split}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.honest_split(guess)

# %% [markdown]
# {{exercise near_or_far}}
#
# {{question near_or_far}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "e"
### END SOLUTION

# %%
check.near_or_far(guess)

# %% [markdown]
# ## Looking inside
#
# {{exercise selectivity}}
#
# `states` is (N, H): the state of a network in N stories. `kinds` is (N,): +1 where the story is about a woman, −1 where it is about a man. `control` is (N,), too: +1 or −1, drawn once for every noun, and
# without meaning. `train` is (N,) of True and False: the stories to fit on; count on the others. A **linear probe** is the weights w that bring `[states, 1] @ w` nearest to the labels
# (least squares); its answer is the sign. Return its accuracy on the kinds minus the accuracy of another such probe on the control.


# %%
def selectivity(states, kinds, control, train):
    """Return accuracy on the kinds minus accuracy on the control, both on ~train."""
    ### BEGIN SOLUTION
    seen = np.column_stack([states, np.ones(len(states))])
    accuracy = []
    for labels in (kinds, control):
        w = np.linalg.lstsq(seen[train], labels[train], rcond=None)[0]
        accuracy.append((np.sign(seen[~train] @ w) == labels[~train]).mean())
    return accuracy[0] - accuracy[1]
    ### END SOLUTION


# %%
check.selectivity(selectivity)

# %% [markdown]
# {{exercise carrier_unit}}
#
# {{question carrier_unit}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.carrier_unit(guess)

# %% [markdown]
# {{exercise hold_units}}
#
# `lstm` is a `cells.LSTM`, x is (T, B, D). `lstm.step(x_t, (h, c))` returns the next pair (h, c), (B, H) each. Read x word by word, from zeros. After **every** step set the output h of the
# units in the list `units` to the values `h` (one for each of these units), and go on from there. (Their c may run on.) Return h after every step, (T, B, H).


# %%
def hold_units(lstm, x, units, h):
    """Return the outputs (T, B, H) of an LSTM some of whose units are held."""
    ### BEGIN SOLUTION
    now_h = now_c = np.zeros((x.shape[1], lstm.hidden_size))
    outputs = []
    for x_t in x:
        now_h, now_c = (np.array(part) for part in lstm.step(x_t, (now_h, now_c)))
        now_h[:, units] = h
        outputs.append(now_h.copy())
    return np.array(outputs)
    ### END SOLUTION


# %%
check.hold_units(hold_units)

# %% [markdown]
# {{exercise faint_influence}}
#
# {{question faint_influence}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "c"
### END SOLUTION

# %%
check.faint_influence(guess)

# %% [markdown]
# ## How sure, and how sure it should be
#
# {{exercise calibration}}
#
# `confidence` is (N,): the probability of the answer that a network gave in each of N stories. `right` is (N,) of True and False. `edges` are the borders of the bins, in rising order. A bin
# has its lower edge and not its upper one; the last bin has both. Return one row for each bin: mean confidence of its stories, share of right answers, number of stories. An empty bin has three zeros.


# %%
def calibration(confidence, right, edges):
    """Return (K, 3): mean confidence, share right, and count of every bin."""
    ### BEGIN SOLUTION
    rows = []
    for k in range(len(edges) - 1):
        below = confidence < edges[k + 1] if k < len(edges) - 2 else confidence <= edges[k + 1]
        there = (confidence >= edges[k]) & below
        n = there.sum()
        rows.append([confidence[there].mean(), right[there].mean(), n] if n else [0.0, 0.0, 0.0])
    return np.array(rows, dtype=float)
    ### END SOLUTION


# %%
check.calibration(calibration)

# %% [markdown]
# {{exercise even_guest}}
#
# {{question even_guest}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.75, -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))]
### END SOLUTION

# %%
check.even_guest(guess)

# %% [markdown]
# {{exercise two_groups}}
#
# {{question two_groups}}

# %%
guess = ...
### BEGIN SOLUTION
guess = [0.931, 0.695]
### END SOLUTION

# %%
check.two_groups(guess)

# %% [markdown]
# ## And now?
#
# You can ask a network what it remembers, where it keeps it, and whether it uses what it keeps. In lesson 11 the four addresses become all the words there are.
