# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "05", title: "Learning through time", part: "I · Memory", minutes: 40}
# ---

# %% [markdown]
# # Learning through time
#
# **The last answer was wrong. The word that mattered came twenty steps earlier. How can a network find out
# whom to blame?**
#
# One way is to ask. Nudge one input a little, run everything again, and see how far the loss moves. Here a
# network of 8 neurons hears 20 numbers, and its last state should have been something else.

# %%
import numpy as np

from rnncourse import cells, check, data, draw, train

layer, x = cells.RNN(1, 8, seed=4), np.random.default_rng(1).uniform(-1, 1, (20, 1, 1))
layer.W_hh *= 1.5  # a layer that forgets slowly


def loss_of(x):
    return 0.5 * ((layer.forward(x)[-1] - 0.5) ** 2).sum()


nudges = 1e-5 * np.eye(20).reshape(20, 20, 1, 1)
blame = np.array([(loss_of(x + n) - loss_of(x - n)) / 2e-5 for n in nudges])
print(f"runs: {2 * len(x)}; the input most to blame: step {np.abs(blame).argmax()}")
rows = {"input $x_t$": x.ravel(), r"blame $\partial L/\partial x_t$": blame}
title = "40 runs tell how much each of 20 inputs is to blame"
note = "An untrained tanh layer of 8 neurons; the loss looks at the last state only."
draw.stems(rows, title=title, subtitle=note, roles=["input", "gradient"])

# %% [markdown]
# Step 17 is blamed most. The last five inputs carry nearly all of the blame, the first ten next to nothing.
#
# It works, and it is slow: two runs for every number one asks about. A small network has 100,000 weights. Today
# you build what finds every one of these numbers, and those of all the weights, in **one run backward**.
#
# ## What you will be able to do
#
# - **carry** a loss back through time, by hand for two steps and in code for any network;
# - **prove** that a gradient is right;
# - **train** a recurrent network, and cut a long past into pieces;
# - **diagnose** a network that does not learn.
#
# ## First, one question on lesson 04
#
# A layer with 8 neurons and 3 inputs is unrolled over 20 steps. How many feedback weights does it have?
#
# <details><summary>Think first, then open the answer.</summary>
#
# 8 × 8 = 64, as over 2 steps or over 2,000. The picture shows the layer twenty times; its weights exist once.
#
# </details>
#
# ## Predict
#
# {{question shared_weight_gradient}}

# %%
guess = ...  # a number
check.shared_weight_gradient.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (40 minutes).** Blame and guess 3 · losses 4 · pencil 8 · the loop and its proof 8 · training 5 · truncation and torch 6 ·
# paper 3 · ladder 3 (the rest at home, with exercise *Five that do not learn*). The exercises take about an hour; with less, set
# two steps, the layer, truncated credit and the five patients.
#
# **On the board.** Draw the two unrolled steps with room above. Write the values below in blue, from left to right; then
# put the chalk into the other hand and write the gradients above in red, from right to left. Ask at each arrow: what does
# forward multiply by here? Backward multiplies by the same.
#
# **Question to expect.** "Why add, if the later step used the weight after the earlier one?" Let one learner turn a knob that is
# wired to two lamps: both change at once.

# %% [markdown]
# ## The loss of a sequence
#
# A **loss** is one number that says how wrong a network was. A sequence may be asked at its end only, or at every
# step; then the loss is the mean over all the steps that are asked. Two losses serve the whole course:
#
# - for a number, the **squared error** $(y-\text{target})^2$;
# - for a choice among $V$ things, the **cross-entropy**. The network gives a score $s_v$ to each. The *softmax*
#   makes probabilities of them, $p_v = e^{s_v} / \sum_u e^{s_u}$, and the loss is $-\ln p_\text{target}$.
#
# Learning needs their derivatives too. That of the second is a gift: $\partial L/\partial s = p - \text{one-hot}$, what
# the network believed minus what is true.


# %%
def squared_error(y, target):
    return np.mean((y - target) ** 2), 2 * (y - target) / y.size


def cross_entropy(scores, targets):
    """scores (N, V), targets (N,) -> the loss and its derivative by every score."""
    shifted = scores - scores.max(axis=1, keepdims=True)  # the same softmax, and no overflow
    p = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    rows = np.arange(len(targets))
    d_scores = p.copy()
    d_scores[rows, targets] -= 1  # p - one-hot
    return -np.log(p[rows, targets]).mean(), d_scores / len(targets)


for scores in ([0.0, 0.0, 0.0], [4.0, 0.0, 0.0], [0.0, 4.0, 0.0]):
    loss, d_scores = cross_entropy(np.array([scores]), np.array([0]))
    print(f"scores {scores}, right is the first: loss {loss:.2f}, gradient {d_scores[0].round(2)}")
print(f"ln 3 = {np.log(3):.2f}")

# %% [markdown]
# Equal scores cost exactly $\ln V$: remember it, it will be our first test of any network. Being sure and wrong
# costs far more. And each gradient adds up to 0: what is taken from one answer is given to others.
#
# ## Two steps back, with a pencil
#
# The neuron that you know: a sigmoid, both weights 1. It holds $h_{-1} = 0.5$ and hears 1.0, then 0.0. Its last output should
# have been 1. With the loss $L = \tfrac12 (h_1 - 1)^2$, how does $L$ depend on $w_h$?
#
# Forward first: $h_0 = \sigma(1.0 + 0.5) = 0.818$, and $h_1 = \sigma(0.0 + 0.818) = 0.694$. Now backward. At each arrow, ask:
# *if this value were a little larger, how much larger would the loss be?* Write $\partial L/\partial h$ as `d_h`.
#
# | going back through | forward it did | so backward we |
# |---|---|---|
# | the loss | $\tfrac12(h_1 - 1)^2$ | start with $h_1 - 1$ |
# | a sigmoid | $h = \sigma(a)$ | multiply by its slope, $h\,(1-h)$ |
# | the feedback arrow | times $w_h$ | multiply by $w_h$ |
# | a weight | $w \cdot$ what it heard | multiply by what it heard: the weight's **share** |


# %%
def forward(w_h):
    h0 = 1 / (1 + np.exp(-(w_x * x0 + w_h * h_prev)))
    h1 = 1 / (1 + np.exp(-(w_x * x1 + w_h * h0)))
    return h0, h1, 0.5 * (h1 - target) ** 2


w_x, w_h, h_prev, x0, x1, target = 1.0, 1.0, 0.5, 1.0, 0.0, 1.0
h0, h1, loss = forward(w_h)
d_h1 = h1 - target
d_a1 = d_h1 * h1 * (1 - h1)  # through the bend of step 1
d_h0 = d_a1 * w_h  # through the feedback arrow, one step back in time
d_a0 = d_h0 * h0 * (1 - h0)  # through the bend of step 0
print(f"h_0 {h0:.3f}, h_1 {h1:.3f}, loss {loss:.4f}")
print(f"d_h1 {d_h1:.4f}, d_a1 {d_a1:.4f}, d_h0 {d_h0:.4f}, d_a0 {d_a0:.4f}")
print(f"shares of w_h: step 0 {d_a0 * h_prev:.4f}, step 1 {d_a1 * h0:.4f}")
asked = (forward(1 + 1e-5)[2] - forward(1 - 1e-5)[2]) / 2e-5
print(f"gradient of w_h: {d_a0 * h_prev + d_a1 * h0:.4f}; by nudging it: {asked:.4f}")
print(f"gradient of w_x: {d_a0 * x0 + d_a1 * x1:.4f}")
draw.backward(cells.RecurrentNeuron(w_x, w_h, h0=h_prev), [x0, x1], target)

# %% [markdown]
# Follow the dashed arrows from right to left. The state $h_0$ is asked by no loss of its own. All its blame comes from the
# *later* step, through the feedback arrow. And $w_h$ acted twice, so it has two shares, which are **added**. Nudging, the slow
# way, gives the same number.
#
# ## In general: one loop, backward
#
# A tanh layer, $T$ steps, a batch; `cells.RNN.forward` is the loop of lesson 04. The symbols are rows: $x_t$ is `(B, D)`, $h_t$ is `(B, H)`. Two lines go
# back through time,
#
# $$\frac{\partial L}{\partial a_t} = \Big(\underbrace{\text{own}_t}_{\text{loss at } t} + \underbrace{\frac{\partial L}{\partial a_{t+1}} W_{hh}}_{\text{from } t+1}\Big)
# \odot (1 - h_t^2), \qquad \frac{\partial L}{\partial W_{hh}} = \sum_t \Big(\frac{\partial L}{\partial a_t}\Big)^{\!\top} h_{t-1}.$$
#
# Forward, a row is multiplied by $W_{hh}^\top$. Backward it is multiplied by the transpose of that, $W_{hh}$. (With columns,
# as on paper: $W_{hh}$ forward, $W_{hh}^\top$ backward.) The slope of tanh is $1 - h_t^2$: it takes the value *after* the bend.


# %%
def rnn_backward(x, h0, states, W_ih, W_hh, d_states):  # h0: before the first step, h_{-1}
    before = np.concatenate([h0[None], states[:-1]])  # what W_hh heard at each step
    g = {"W_ih": np.zeros_like(W_ih), "W_hh": np.zeros_like(W_hh), "b": np.zeros(len(W_hh))}
    from_later = np.zeros_like(h0)
    for t in reversed(range(len(x))):
        d_h = d_states[t] + from_later  # its own loss, and all it did later
        d_a = d_h * (1 - states[t] ** 2)
        g["W_ih"] += d_a.T @ x[t]  # += : one weight, T shares
        g["W_hh"] += d_a.T @ before[t]
        g["b"] += d_a.sum(axis=0)
        from_later = d_a @ W_hh
    return {**g, "h0": from_later}


# %% [markdown]
# `d_states[t]` is what the loss says of $h_t$ *directly* (zero at a step that is not asked). What is left in
# `from_later` at the end belongs to the state before the first step: even $h_{-1}$, torch's `h0`, can be learned.
#
# ## Proof, in three ways
#
# A wrong gradient often trains a little. So never trust one unproved. Three ways have to agree: the loop above, **central differences**
# (the nudging, to both sides), and torch's *autograd*, which writes the backward pass by itself. What counts is the **relative error**:
# $|a-b|/(|a|+|b|)$. For a gradient of $10^{-8}$ a difference of $10^{-8}$ is not small.


# %%
def numerical_gradient(loss_of, w, eps=1e-5):
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        kept = w[i]
        w[i] = kept + eps
        above = loss_of()
        w[i] = kept - eps
        gradient[i] = (above - loss_of()) / (2 * eps)
        w[i] = kept  # put it back
    return gradient


def relative_error(a, b):
    return np.linalg.norm(a - b) / (np.linalg.norm(a) + np.linalg.norm(b))


rng = np.random.default_rng(0)
layer = cells.RNN(2, 3, seed=1)  # T, B, D, H = 5, 4, 2, 3: all different
x, h_init, goal = (rng.normal(size=s) for s in [(5, 4, 2), (4, 3), (5, 4, 3)])

# %%
import torch

states = layer.forward(x, h_init)
d_states = squared_error(states, goal)[1]
ours = rnn_backward(x, h_init, states, layer.W_ih, layer.W_hh, d_states)
package = layer.backward(d_states)
module, h_start = layer.to_torch(), torch.tensor(h_init[None], requires_grad=True)
loss = ((module(torch.tensor(x), h_start)[0] - torch.tensor(goal)) ** 2).mean()
loss.backward()  # this is all that torch asks of you
theirs = [module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0, h_start]
for name, tensor in zip(["W_ih", "W_hh", "b_ih", "h0"], theirs, strict=True):
    w = h_init if name == "h0" else layer.parameters[name]
    nudged = numerical_gradient(lambda: squared_error(layer.forward(x, h_init), goal)[0], w)
    g = ours["b" if name == "b_ih" else name]
    others = [nudged, tensor.grad.numpy().reshape(w.shape), package[name]]
    print(
        f"{name:4} equals nudging, torch, cells.RNN:",
        *(relative_error(g, o) < 1e-8 for o in others),
    )

# %% [markdown]
# From here on `cells.RNN.backward` is your loop (with the biases $b_{ih}$ and $b_{hh}$ apart; they are added at the same place, so their
# gradients are equal).
#
# **How small should the nudge be?** Too large, and the curve bends within it. Too small, and the two losses differ in
# their last digits only. Guess which step is best in float64, which carries 16 digits. And in float32, with its 7?


# %%
def error_at(step, kind):
    net = cells.RNN(2, 3, seed=1, dtype=kind)
    wanted = goal.astype(kind)
    g = numerical_gradient(lambda: squared_error(net.forward(x, h_init), wanted)[0], net.W_hh, step)
    return relative_error(ours["W_hh"], g)


steps = 10.0 ** np.arange(-12, 1)
title = "Central differences: float64 proves ten digits, float32 four"
figure, ax = draw.axes(title, "Central differences for W_hh", "step", "relative error")
for kind, style, role, bound in [
    ("float32", "s--", "gradient", 1e-5),
    ("float64", "o-", "hidden", 1e-8),
]:
    error = np.array([error_at(step, kind) for step in steps])
    ax.loglog(steps, error, style, color=draw.COLOURS[role], lw=2)
    ax.text(steps[1], error[1] * (4 if kind == "float64" else 0.05), kind, color=draw.TEXT[role])
    print(f"{kind}: some step with an error below {bound:.0e}: {(error < bound).any()}")
alt = "Relative error against the step: in float64 best near 1e-5, in float32 far worse, near 1e-2."
draw.picture(figure, alt)

# %% [markdown]
# In float64 a step near $10^{-5}$ is best, with an error of $10^{-10}$. To its right the error is the curve: a tenth of the step, a
# hundredth of the error. To its left it is rounding, and grows as the step shrinks. In float32 the best step is $10^{-2}$, and four digits are
# all it gives.
#
# When the proof fails, ask **which link broke**. Compare the gradient of every state with torch's, in
# the order in which the loop makes them, from the last step to the first. The first bad line is next to the mistake. Here
# one is planted: $W_{hh}$ the wrong way round.

# %%
h, line = torch.tensor(h_init, requires_grad=True), []
for x_t in torch.tensor(x):
    h = module(x_t[None], h[None])[0][0]  # one step of torch's layer
    line.append(h)
    h.retain_grad()  # keep dL/dh of this state too
((torch.stack(line) - torch.tensor(goal)) ** 2).mean().backward()

from_later = 0.0
for t in reversed(range(5)):
    d_h = d_states[t] + from_later
    from_later = (d_h * (1 - states[t] ** 2)) @ layer.W_hh.T  # the planted mistake
    error = relative_error(d_h, line[t].grad.numpy())
    print(f"dL/dh_{t}: {'equal' if error < 1e-12 else f'differs, relative error {error:.2f}'}")

# %% [markdown]
# The last step is right, so loss and output are right. The next line is wrong: look at what lies between step 4
# and step 3. That is one bend and one matrix, and nothing else.
#
# ## Learning an echo
#
# The task: *at every step, say what you heard five steps ago.* A unit that answers 0 scores the variance of the
# target; that is **chance**, the level of knowing nothing. To learn, weights go downhill. Two ways:
#
# - **SGD**: $w \leftarrow w - \eta\, g$, the gradient times a learning rate;
# - **Adam**: keep a running mean $m$ of the gradient and $v$ of its square, and go by $m/\sqrt v$. So the size of a gradient
#   no longer matters, only how steady it is: a step of about $\eta$ if the last gradients agree, much less if they contradict each other.


# %%
def sgd(parameters, grads, memory, lr=0.1):
    for name, w in parameters.items():
        w -= lr * grads[name]  # in place: the network's own array


def adam(parameters, grads, memory, lr=0.01):
    memory["t"] = t = memory.get("t", 0) + 1
    for name, w in parameters.items():
        m, v = memory.get(name, (0.0, 0.0))
        m = 0.9 * m + 0.1 * grads[name]
        v = 0.999 * v + 0.001 * grads[name] ** 2
        memory[name] = m, v
        m, v = m / (1 - 0.9**t), v / (1 - 0.999**t)  # both began at 0: correct for it
        w -= lr * m / (np.sqrt(v) + 1e-8)


T, LAG, SEEDS = 24, 5, 8
chance = (T - LAG) / T / 3  # the first 5 targets are 0, the others have variance 1/3


# %% [markdown]
# The training loop is five lines: forward, loss, backward, step, and again with a fresh batch. `train.Network` joins a layer
# and a readout. With `seeds=8`, eight networks with different starts train side by side: one lucky run proves little.


# %%
def echo_network():
    return train.Network(cells.RNN(1, 16, seeds=SEEDS), cells.Linear(16, 1, seeds=SEEDS))


def fit(network, go, steps=400):
    losses, memory = [], {}
    for step in range(steps):
        x, target = data.tasks.delayed_echo(16, T, LAG, seed=(5, step))
        loss, d_y = train.squared_error(network.forward(x), target, seeds=True)  # (S,)
        go(network.parameters, network.backward(d_y), memory)
        losses.append(loss)
    return np.array(losses)  # (steps, S)


curves = {name: fit(echo_network(), go) for name, go in [("SGD, 0.1", sgd), ("Adam, 0.01", adam)]}
for name, loss in curves.items():
    print(f"{name}: loss {np.median(loss[0]):.2f} at first, {np.median(loss[-50:]):.4f} at the end")
title, note = "From chance to the echo", "tanh, 16 neurons, lag 5, 8 starts: median and range."
draw.curves(curves, {f"chance: {chance:.2f}": chance}, log=True, title=title, subtitle=note)

# %% [markdown]
# Both learn, from every start, and lie at chance at first: before a network can get the echo right,
# credit has to find its way over five steps. With SGD one of the eight starts needs more than 300 batches for that. The same losses, optimisers and loop are in the package from now on: `train.squared_error`,
# `train.cross_entropy`, `train.SGD`, `train.Adam`, `train.fit`.
#
# ## Cut the past into pieces
#
# A text of a million letters cannot be gone back through as a whole. **Truncated backpropagation through time** cuts it
# into pieces of $k$ steps. The *value* of the state is handed on from piece to piece. The *credit* stops at the border.
#
# {{question truncation_memory}}

# %%
guess = ...  # a letter in quotes
check.truncation_memory.guess(guess)


# %%
def truncated(network, x, target, k):
    """The gradient in pieces of k steps, and all states."""
    total, states, h = {}, [], None
    for start in range(0, len(x), k):
        piece = slice(start, start + k)
        y = network.forward(x[piece], h)
        _, d_y = train.squared_error(y, target[piece], seeds=True)
        for name, g in network.backward(d_y).items():
            total[name] = total.get(name, 0) + g * len(y) / len(x)
        states.append(network.states)
        h = network.states[-1]  # the value goes on; `backward` never sees where it is from
    return total, np.concatenate(states)


x, target = data.tasks.delayed_echo(64, T, LAG, seed=99)
network = echo_network()
full, states = truncated(network, x, target, T)
for k in (1, 4, 12):
    same = np.allclose(truncated(network, x, target, k)[1], states, rtol=0, atol=1e-12)
    print(f"k = {k:2}: every state as in the whole run: {same}")

# %% [markdown]
# The state does not notice that anything was cut. The gradient does. How wrong is its direction? The **cosine** between the truncated and the
# full gradient tells: 1 is the same direction, 0 is none in common. We measure it for $W_{hh}$, before training and
# after 100 steps of it.


# %%
def cosines(network, k):
    g = truncated(network, x, target, k)[0]["cell.W_hh"].reshape(SEEDS, -1)
    f = truncated(network, x, target, T)[0]["cell.W_hh"].reshape(SEEDS, -1)
    return (g * f).sum(1) / np.linalg.norm(g, axis=1) / np.linalg.norm(f, axis=1)


pieces = [1, 2, 3, 4, 6, 8]
untrained = np.array([cosines(network, k) for k in pieces])  # (K, S)
fit(network, adam, steps=100)
trained = np.array([cosines(network, k) for k in pieces])
for k, before, after in zip(pieces, untrained, trained, strict=True):
    print(f"k = {k:2}: cosine {np.median(before):.2f} untrained, {np.median(after):.2f} later")
title, axis = "Short pieces point the gradient elsewhere", "length k of a piece, in steps"
lines, up = {"untrained": untrained, "after 100 steps": trained}, "cosine with the full gradient"
note = "Echo of lag 5, 24 steps, 8 starts: mean and range."
draw.success(lines, pieces, scale=1, ylabel=up, xlabel=axis, title=title, subtitle=note)

# %% [markdown]
# An untrained layer forgets so fast that there is little to cut: even $k = 1$ has a cosine of 0.85. Once the layer has begun to
# remember, the same cut leaves 0.33.
#
# And what does it do to learning? The echo is five steps long. In a piece of five steps or fewer, no answer ever meets the input that it
# is about. (The next cell trains 40 networks, in about ten seconds.)

# %%
ends, lengths = [], [1, 3, 5, 6, 12]
for k in lengths:
    network, memory = echo_network(), {}
    for step in range(250):
        batch = data.tasks.delayed_echo(16, T, LAG, seed=(5, step))
        adam(network.parameters, truncated(network, *batch, k)[0], memory)
    ends.append(train.squared_error(network.forward(x), target, seeds=True)[0])
    print(
        f"k = {k:2}: loss {np.median(ends[-1]):.2f}, from {min(ends[-1]):.2f} to {max(ends[-1]):.2f}"
    )
title = "Every start learns the echo of 5 steps where a piece is longer than 5"
note = "8 starts, a dot each; line: mean. The states' values are never cut."
looks = {"scale": 1, "band": None, "xlabel": axis, "ylabel": "squared error after 250 steps"}
level = {f"chance: {chance:.2f}": chance}
draw.success({"RNN": np.array(ends)}, lengths, level, title=title, subtitle=note, **looks)

# %% [markdown]
# With 6 steps every start learns it, though five of six answers still have their input in the piece before: the one that does not is
# teacher enough. With 3 and 5 steps the median stays at chance. (Mostly the weights take a step after every piece. Here they wait for the
# last, so that the cut is the only difference.)
#
# With single starts, and with $k = 1$, it gets below. How, if no answer ever meets its input? By luck: an untrained state still holds a faint
# trace of the past when a border comes, and the *value* crosses. Inside the next piece, credit can make that trace louder. ($k = 1$, a cut after
# every step, is the credit of Elman's procedure of 1990; he changed the weights after every step. That it does better here than 3, we measured and did not expect.) Credit that depends on luck is no
# method: make the piece longer than what has to be learned.
#
# ## What torch calls it
#
# `loss.backward()` walks the recorded graph back and *adds* what it finds to every `.grad`. Three things follow, and each is a
# question that is asked again and again:
#
# 1. Gradients **accumulate**. Clear them before each step with `optimizer.zero_grad()`.
# 2. A graph is **used up** by its backward pass. A state that comes from an earlier piece drags the old graph along.
# 3. The cut is `h = h.detach()`: the same number, without its history. Once between pieces, never inside one.

# %%
torch.manual_seed(0)
rnn, x_long = torch.nn.RNN(1, 4), torch.randn(20, 1, 1)
rnn(x_long)[0].sum().backward()
once = rnn.weight_hh_l0.grad.clone()
rnn(x_long)[0].sum().backward()  # no zero_grad in between
print(
    f"gradient after two backward passes / after one: {(rnn.weight_hh_l0.grad / once).mean():.2f}"
)

for cut in (False, True):
    h = torch.zeros(1, 1, 4)
    try:
        for piece in x_long.split(10):
            y, h = rnn(piece, h.detach() if cut else h)
            y.sum().backward()
        print("with detach: both pieces done")
    except RuntimeError as error:
        print("without:", str(error).split(" (")[0])

# %% [markdown]
# torch then suggests `retain_graph=True`. It is a trap: every piece would walk back through *all* the pieces before it, and after the
# first step of an optimiser the old graph no longer fits the weights.
#
# ## A published result: when the near past says the opposite
#
# A truncated gradient is not only shorter. It can point the wrong way. Tallec and Ollivier (2018) built the case: a parameter whose effect
# is *positive at first and negative in the long run*. 23 linear units form a chain, $s_t = A\,s_{t-1} + \theta\,u$. Each keeps
# half of its value and takes half of its neighbour's. $\theta$ is fed to the first 10 with a plus, to the other 13 with a minus; the loss looks at
# unit 0. It takes a long while until the minus arrives there. No seed, no noise: the outcome is arithmetic.

# %%
A, u = 0.5 * np.eye(23) + 0.5 * np.eye(23, k=1), np.repeat([1.0, -1.0], [10, 13])


def influence_balancing(k, lr=3e-3, steps=90_000):
    s, theta, t = np.ones(23), 0.5, 0
    while t < steps and abs(theta) < 1e3:
        d_s, gradient = np.zeros(23), 0.0  # d_s = ds/dtheta: starts anew in every piece
        for _ in range(k):
            s, d_s = A @ s + theta * u, A @ d_s + u
            gradient += (s[0] - 1) * d_s[0] / k
        theta, t = theta - lr * gradient, t + k
    return theta, t


best = 1 / np.linalg.solve(np.eye(23) - A, u)[0]  # the theta for which unit 0 rests at 1
for k in (10, 100, 120, 200):
    theta, taken = influence_balancing(k)
    print(f"k = {k:3}: theta 0.5 -> {theta:8.3f} after {taken} steps")
print(f"best: {best:.3f}")

# %%
effect = np.array([(np.linalg.matrix_power(A, j) @ u)[0] for j in range(120)])
within = np.cumsum(np.abs(effect)) / np.abs(effect).sum()
slope = np.cumsum(np.cumsum(effect)) / np.arange(1, 121)  # mean d s_0 / d theta within a piece
print(f"99 % of the effect lies within {np.argmax(within > 0.99) + 1} steps")
print(f"the gradient's sign is right from k = {np.argmax(slope < 0) + 1} on")
title = "A piece has to be twice as long as the effect lasts"
note = r"What $\theta$ does to unit 0 after j steps, and on average within a piece of j steps."
figure, ax = draw.axes(title, note, "steps", "share of the largest")
ax.axhline(0, color=draw.COLOURS["muted"], lw=1)
lines = [(effect, "after j steps", "hidden"), (slope, "within a piece", "gradient")]
for (values, name, role), style in zip(lines, ("-", "--"), strict=True):
    scaled = values / np.abs(values).max()
    ax.plot(range(1, 121), scaled, style, color=draw.COLOURS[role], lw=2)
    draw.label_end(ax, 120, scaled[-1], name, role)
draw.picture(
    figure, f"The effect fades by step 60; a piece needs {np.argmax(slope < 0) + 1} steps."
)

# %% [markdown]
# The effect has faded by step 60, and a piece still needs 110. In the first steps of a piece, what $\theta$ has done so far adds up to a
# plus: the later steps have to outvote them.
#
# | | the paper | ours |
# |---|---|---|
# | task | a parameter with positive short-term, negative long-term influence | the same: 10 pluses, 13 minuses |
# | truncated BPTT | "diverges unless the truncation span is very significantly longer than the intrinsic temporal range of the interactions" (abstract) | runs away with pieces of 10 and 100 steps, goes to the best value with 120 and 200; nearly all of the effect lies within 56 |
#
# *What is unequal.* The sentence is the paper's own; the numbers of the set-up (23 units, 10 of them with a plus, start at 0.5) are those of Google
# Research's public code for the same experiment. Our learning rate is fixed, and the loss is the mean over a piece. The
# lengths are those that we tried; the claim is theirs.
#
# ## When it does not learn: a ladder
#
# Most networks do not learn at first, and the loss curve does not say why. So climb a ladder of small tests, from the cheapest
# upward. **The first rung that fails is the place to look.** The first three take one batch and no training.


# %%
def start_loss(network, x, targets):
    scores = network.forward(x)
    return (
        f"loss {train.cross_entropy(scores, targets)[0]:.2f}, ln V {np.log(scores.shape[-1]):.2f}"
    )


def rows_are_independent(network, x):
    y, changed = network.forward(x), x.copy()
    changed[:, 1] += 1.0  # row 1 hears something else
    moved = np.abs(network.forward(changed) - y).max(axis=(0, 2))  # (B,)
    return f"row 1 moves by {moved[1]:.2f}, row 0 by {moved[0]:.2f}"


task = data.tasks.delayed_echo(8, 12, lag=2, seed=1, symbols=10)
healthy, loud = (train.Network(cells.RNN(10, 24), cells.Linear(24, 10)) for _ in range(2))
loud.readout.W *= 50
print("1 shapes: (4, 1) minus (4,) is", (np.zeros((4, 1)) - np.zeros(4)).shape)
print("2 start: healthy", start_loss(healthy, *task), "| loud", start_loss(loud, *task))
print("3 rows:", rows_are_independent(healthy, task.x))

# %% [markdown]
# Look at the first line. A column `(4, 1)` minus a row `(4,)` is a 4 × 4 table: every answer is compared with every target. NumPy says
# nothing, torch warns only in its own `mse_loss`, and each prediction ends at the mean of all targets. (`train.squared_error` refuses.)
#
# The other three see how the blame travels, and whether the network can learn at all.


# %%
def gradient_by_distance(network, x):
    d_y = np.zeros_like(network.forward(x))
    d_y[-1] = 1.0  # a loss at the last step only
    network.backward(d_y)
    return np.linalg.norm(network.d_states, axis=(1, 2))[::-1]  # 0, 1, 2, ... steps back


def overfit_one(network, batch, steps=300):
    rule = train.Adam(network.parameters, 0.01)
    loss = train.fit(network, lambda step: batch, train.cross_entropy, rule, steps).loss
    return f"loss {loss[0]:.2f} -> {loss[-1]:.3f}"  # one batch, learned by heart


distance, y = gradient_by_distance(healthy, task.x), echo_network().forward(x)
print("4 gradient, 0 to 5 steps back:", *(f"{g:.2f}" for g in distance[:6]))
print("5 overfit:", overfit_one(healthy, task))
print(f"6 spread: an untrained echo {y[:, 0].std():.2f}, its targets {target.std():.2f}")
note = "Untrained tanh layer of 24 neurons: the gradient's norm at each state."
draw.fading({"RNN": distance[1:]}, title="Every step back halves the blame, roughly", subtitle=note)

# %% [markdown]
# | rung | healthy | and if not |
# |---|---|---|
# | 1 · shapes of answer and target | the same | `(B, 1)` against `(B,)` |
# | 2 · loss before training | about $\ln V$ | start too loud, wrong number of classes |
# | 3 · row 0 when row 1 changes | does not move | batch and time exchanged, reshaped for transposed |
# | 4 · gradient, step by step back | fades, and is nowhere exactly 0 | cut inside a piece; or it vanishes: lesson 06 |
# | 5 · overfit one batch | to nearly 0 | softmax twice, gradients never cleared, learning rate too large |
# | 6 · spread of the answers | as the targets | it answers the mean: it found nothing to go by |
#
# The package has them in `train.ladder`, each with a sentence on what it sees. It adds one more to rung 1, `targets_line_up`: shift the input to and fro,
# and look which shift agrees with the targets best. Here it climbs with a patient. What is wrong with it?

# %%
ladder = train.ladder
patient = ladder.broken(6)
batch = patient.batches(10_000)
answers = patient.network.forward(batch[0])
print(patient)
print(ladder.shapes_agree(answers, batch[1]))
print(ladder.targets_line_up(*batch, patient.lag))
print(ladder.start_loss(patient.network, batch, patient.loss))
print(ladder.rows_are_independent(patient.network, batch[0]))
print(ladder.gradient_by_distance(patient.network, batch[0], needed=patient.lag))
print(ladder.overfit_one(patient.network, batch, patient.loss, patient.optimiser))

# %% [markdown]
# Its loss falls, and stops at a strange number. Two softmaxes: probabilities, which lie between 0 and 1, are read as scores once
# more, and the best that can come out is $-\ln \frac{e}{e + V - 1}$. A floor with a formula is a fingerprint. In the exercises five more
# patients wait, and nobody names the suspect.
#
# ## Break it
#
# Look at the picture of rung 4 again. Its axis is logarithmic, and it falls like a straight line. After eleven steps little is left, and
# the word in our question came twenty steps earlier. Nothing is broken here: the sums are right. Why the blame fades, and what can
# be done: lesson 06.
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** A state in the middle of a sequence has no loss of its own. Where does its gradient come from?
# <details><summary>Answer</summary>From the step after it: that step's gradient, through its bend and back through
# W_hh. So the loop runs from the last step to the first.</details>
#
# **2.** Why is the gradient of $W_{hh}$ a sum over time?
# <details><summary>Answer</summary>One matrix acts at every step. A nudge to it acts at all of them at once, and the
# effects add up.</details>
#
# **3.** What does truncation cut, and what does it not?
# <details><summary>Answer</summary>It cuts credit: no gradient crosses from one piece to the one before. It does not cut
# the state's value, which is handed on (`h.detach()` in torch).</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/05_learning_through_time_exercises.ipynb): twelve. You write the losses, both backward passes,
# the check and truncation yourself, and at the end five patients wait for a diagnosis.
#
# ## To read on
#
# - P. J. Werbos (1990), *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78.
# - D. P. Kingma, J. Ba (2015), *Adam: a method for stochastic optimization*, [arXiv:1412.6980](https://arxiv.org/abs/1412.6980).
# - C. Tallec, Y. Ollivier (2018), *Unbiased online recurrent optimization*, ICLR, [arXiv:1702.05043](https://arxiv.org/abs/1702.05043): the
#   experiment above, and a gradient that runs forward in time.
# - A. Karpathy, *A recipe for training neural networks* (2019), a blog post: a longer ladder.
