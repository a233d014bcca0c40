# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "05", title: "Learning through time", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # Learning through time: exercises
#
# Twelve exercises, from a sum of three numbers to five patients. Replace each `...`, run the cell, and then run the
# check below it. A check that fails tells you what your answer does. When you are stuck, `check.NAME.hint()` gives a nudge; ask
# again for the formula, and once more for a first line.
#
# With little time, take the two steps (4), the layer (5), truncation (9) and the patients (12).
# Two questions come from [the lesson](../notebooks/05_learning_through_time.ipynb). Answer them from memory.

# %%
import numpy as np

from rnncourse import check, train

# %% [markdown]
# ## Whom to blame, and how much
#
# {{exercise shared_weight_gradient}}
#
# {{question shared_weight_gradient}}

# %%
guess = ...
### BEGIN SOLUTION
guess = 0.30 - 0.10 + 0.04
### END SOLUTION

# %%
check.shared_weight_gradient(guess)

# %% [markdown]
# {{exercise cross_entropy}}
#
# `scores` is `(N, V)`: N choices, each among V. `targets` is `(N,)`: the right one of each, a whole number. Return the mean
# of $-\ln p_\text{target}$, and its derivative by every score, `(N, V)`. Scores may be as large as 1000.


# %%
def cross_entropy(scores, targets):
    """Return the loss (one number) and d_scores (N, V)."""
    ### BEGIN SOLUTION
    shifted = scores - scores.max(axis=1, keepdims=True)
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    d_scores = p.copy()
    d_scores[rows, targets] -= 1
    return -np.log(p[rows, targets]).mean(), d_scores / len(targets)
    ### END SOLUTION


# %%
check.cross_entropy(cross_entropy)

# %% [markdown]
# {{exercise start_loss}}
#
# {{question start_loss}}

# %%
guess = ...
### BEGIN SOLUTION
guess = np.log(50)
### END SOLUTION

# %%
check.start_loss(guess)

# %% [markdown]
# ## Back through time
#
# {{exercise bptt_two_steps}}
#
# A sigmoid neuron without bias holds `h_prev` and hears `x[0]`, then `x[1]`. Call its outputs $h_0$ and $h_1$. The loss is
# $\tfrac12 (h_1 - \text{target})^2$. Return its derivatives by $w_x$ and by $w_h$. (In the first example they are those of the lesson.)


# %%
def bptt_two_steps(x, h_prev, w_x, w_h, target):
    """Return two numbers: dL/dw_x, dL/dw_h."""
    ### BEGIN SOLUTION
    h0 = 1 / (1 + np.exp(-(w_x * x[0] + w_h * h_prev)))
    h1 = 1 / (1 + np.exp(-(w_x * x[1] + w_h * h0)))
    d_a1 = (h1 - target) * h1 * (1 - h1)
    d_a0 = d_a1 * w_h * h0 * (1 - h0)
    return d_a0 * x[0] + d_a1 * x[1], d_a0 * h_prev + d_a1 * h0
    ### END SOLUTION


# %%
check.bptt_two_steps(bptt_two_steps)

# %% [markdown]
# {{exercise rnn_backward}}
#
# A tanh layer has run: $h_t = \tanh(W_{ih} x_t + W_{hh} h_{t-1} + b)$. You get `x` `(T, B, D)`, `h0` `(B, H)` (the state before the first
# step), all `states` `(T, B, H)`, the two matrices, and `d_states` `(T, B, H)`: what the loss says of each state *directly*.
# Return the four gradients by name.


# %%
def rnn_backward(x, h0, states, W_ih, W_hh, d_states):
    """Return {"W_ih": (H, D), "W_hh": (H, H), "b": (H,), "h0": (B, H)}."""
    ### BEGIN SOLUTION
    before = np.concatenate([h0[None], states[:-1]])
    d_W_ih, d_W_hh, d_b = np.zeros_like(W_ih), np.zeros_like(W_hh), np.zeros(len(W_hh))
    from_later = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        d_a = (d_states[t] + from_later) * (1 - states[t] ** 2)
        d_W_ih += d_a.T @ x[t]
        d_W_hh += d_a.T @ before[t]
        d_b += d_a.sum(axis=0)
        from_later = d_a @ W_hh
    return {"W_ih": d_W_ih, "W_hh": d_W_hh, "b": d_b, "h0": from_later}
    ### END SOLUTION


# %%
check.rnn_backward(rnn_backward)

# %% [markdown]
# ## Prove it
#
# {{exercise numerical_gradient}}
#
# `loss_of(w)` gives the loss, one number, for a vector `w` of weights. Return its gradient by central differences with the step
# `eps`, a vector as long as `w`. Leave `w` as it was: work on a copy, or put the old value back. (`w[i] += eps` and then
# `w[i] -= eps` does not: it leaves a rounding error.)


# %%
def numerical_gradient(loss_of, w, eps):
    """Return the gradient, (len(w),)."""
    ### BEGIN SOLUTION
    gradient = np.zeros(len(w))
    for i in range(len(w)):
        nudge = np.zeros(len(w))
        nudge[i] = eps
        gradient[i] = (loss_of(w + nudge) - loss_of(w - nudge)) / (2 * eps)
    return gradient
    ### END SOLUTION


# %%
check.numerical_gradient(numerical_gradient)

# %% [markdown]
# {{exercise gradient_check_verdict}}
#
# {{question gradient_check_verdict}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.gradient_check_verdict(guess)

# %% [markdown]
# ## Learn
#
# {{exercise adam_step}}
#
# Step number `t` (1, 2, 3, ...) of Adam, with the rates 0.9 and 0.999 and the usual `1e-8` in the denominator. `m` and `v` are the running means
# so far (0 before the first step). Return the new weights and both new means.


# %%
def adam_step(w, grad, m, v, t, lr):
    """Return w, m, v after the step."""
    ### BEGIN SOLUTION
    m = 0.9 * m + 0.1 * grad
    v = 0.999 * v + 0.001 * grad**2
    m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
    return w - lr * m_hat / (np.sqrt(v_hat) + 1e-8), m, v
    ### END SOLUTION


# %%
check.adam_step(adam_step)

# %% [markdown]
# ## Cut the past
#
# {{exercise truncated_credit}}
#
# A tanh neuron starts at 0: $h_t = \tanh(w_x x_t + w_h h_{t-1})$. It is trained in pieces of `k` steps: steps 0 to k−1, k to 2k−1, and so on;
# the last piece may be shorter. `d_h[t]` is what the loss says of $h_t$ directly. Return all outputs, and the truncated gradient
# of $w_h$: the value crosses the border of a piece, the credit does not.


# %%
def truncated_credit(x, d_h, w_x, w_h, k):
    """Return the outputs (T,) and the truncated gradient of w_h, one number."""
    ### BEGIN SOLUTION
    h = np.zeros(len(x) + 1)  # h[t + 1] is the output of step t; h[0] is the start
    for t in range(len(x)):
        h[t + 1] = np.tanh(w_x * x[t] + w_h * h[t])
    gradient, from_later = 0.0, 0.0
    for t in reversed(range(len(x))):
        d_a = (d_h[t] + from_later) * (1 - h[t + 1] ** 2)
        gradient += d_a * h[t]
        from_later = 0.0 if t % k == 0 else d_a * w_h
    return h[1:], gradient
    ### END SOLUTION


# %%
check.truncated_credit(truncated_credit)

# %% [markdown]
# {{exercise truncation_memory}}
#
# {{question truncation_memory}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "b"
### END SOLUTION

# %%
check.truncation_memory(guess)

# %% [markdown]
# {{exercise where_to_cut}}
#
# {{question where_to_cut}}

# %%
guess = ...
### BEGIN SOLUTION
guess = "d"
### END SOLUTION

# %%
check.where_to_cut(guess)

# %% [markdown]
# ## Five patients
#
# {{exercise five_that_do_not_learn}}
#
# Each patient tells what it was meant to learn, and what chance scores. The next cell climbs the ladder with one of
# them. Change the number, and run it again. A rung that fails is a suspicion: read the sentence, and ask whether the rungs below
# it are sound. (Rungs 4 and 5 can fail *because* of something lower down.) You may also look at `patient.optimiser.lr`, call
# `patient.fit()`, or compare with `ladder.broken(1, mended=True)`.

# %%
ladder, patient = train.ladder, train.ladder.broken(1)
x, target = batch = patient.batches(10_000)
answers = patient.network.forward(x)
print(patient)
print(ladder.shapes_agree(answers, target))
if target.shape[:2] == x.shape[:2]:  # asked at every step, not at the end only
    print(ladder.targets_line_up(x, target, patient.lag))
print(ladder.start_loss(patient.network, batch, patient.loss))
print(ladder.rows_are_independent(patient.network, x))
print(ladder.gradient_by_distance(patient.network, x, needed=patient.lag))
print(ladder.overfit_one(patient.network, batch, patient.loss, patient.optimiser))
print(ladder.loss_falls(patient.fit().loss, patient.chance))

# %% [markdown]
# {{question five_that_do_not_learn}}

# %%
diagnosis = ...
### BEGIN SOLUTION
diagnosis = "fgeca"
### END SOLUTION

# %%
check.five_that_do_not_learn(diagnosis)

# %% [markdown]
# ## And now?
#
# You can carry blame back through any number of steps. Lesson 06 measures how much of it arrives.
