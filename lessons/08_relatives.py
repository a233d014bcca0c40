# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "08", title: "Relatives", part: "II · Memory cells", minutes: 40}
# ---

# %% [markdown]
# # Relatives
#
# **The LSTM has three gates, two states and four sets of weights. Which of its parts does it need?**
#
# Ask it by experiment: take a part away, and see what gets worse. One can let two gates share one set of weights, or add
# connections instead. One can throw out a gate and a state at once; that cell has a name of its own, the GRU. Here five cells learn
# one task, each in ten starts. To be fair they have about equally many *parameters*, so a cell with fewer parts has
# more units.

# %%
import timeit

import numpy as np
import torch

from rnncourse import cells, check, data, draw, train

tasks, stored = data.tasks, data.results("08_choice")  # stored results: more on them below
first = dict(zip(stored["cells"].tolist(), stored["sequences"][0], strict=True))
for name, units, size in zip(first, stored["hidden"][0], stored["parameters"][0], strict=True):
    done = f"solved {(first[name] >= 0).sum()} of {len(first[name])}"
    print(f"{name:16} {units:3} units, {size:5,} parameters; {done}")
draw.dots(
    first,
    title=f"One task, five cells of equal size: {stored['tasks'][0]}",
    subtitle="A dot is one start: how many sequences it read until it had the task. Bar: median.",
)

# %% [markdown]
# On this task the plain layer keeps up with the LSTM, and the GRU needs longer in most starts. One task does not decide it, and we come back to this with
# four. First you have to know what the relatives are: what was changed, and what it saves or costs. You built the LSTM part by part; so now you only need the
# differences.
#
# ## What you will be able to do
#
# - **write** a GRU that agrees with torch's, and say where papers differ from it;
# - **count** what a cell costs, in parameters and in time;
# - **stack** layers, read both ways, and take the right state out of what comes back;
# - **choose** a cell by what the task needs, and set an LSTM's weights so that it counts.
#
# ## First, one question on lesson 07
#
# Along which line does a gradient travel far in the LSTM, and what is it multiplied by at each step there?
#
# <details><summary>Think first, then open the answer.</summary>
#
# Along the cell state, $c_t = f_t \odot c_{t-1} + i_t \odot g_t$. From $c_t$ to $c_{t-1}$ it is multiplied by the forget gate, $f_t$,
# and by nothing else on that line. An open gate is a factor near 1.
#
# </details>
#
# ## Predict
#
# The relative that you build next mixes its old state $h$ with a new value $n$, the candidate. A gate $z$ sets the shares.
#
# {{question z_direction}}

# %%
guess = ...  # two numbers in a list
check.z_direction.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (40 minutes).** Picture, retrieval, guess 4 · GRU with a pencil, as a layer, backward 10 · z, reset, two biases 4 ·
# peepholes, coupled 2 · cost 3 · stack, both ways, the coin 7 · dropout 2 · counting 5 · choosing, practice 3. The exercises take
# an hour; with less, set the GRU, the two ways and the counter.
#
# **On the board.** Two columns, LSTM and GRU, and one row for each of: what is kept, what is written, what is shown, what is handed on. Let the room fill
# the right column from the equations. Then ask for the column of the coupled LSTM.
#
# **Listen for** "the GRU has a hidden state and a cell state" (one state), "output[-1] is the summary" (of one direction), "num_layers is how many
# steps it looks back" (layers go up), and "the GRU is faster" (measure).
#
# **Likely question.** "Which one should I take?" Answer with the section *Which to choose*, and with the question: does anything have to be counted?

# %% [markdown]
# ## A cell with two gates and one state
#
# The **gated recurrent unit** (Cho and others, 2014) asks what can be saved.
#
# 1. What is written over need not be kept. So one gate can set both shares, $z$ for the old and $1-z$ for the new.
# 2. What is held can also be shown. No output gate, and **one state**, $h$.
# 3. But the candidate should be able to start afresh. A **reset gate** $r$ says how much of the old state the candidate hears.
#
# $$r = \sigma(W_{ir} x_t + b_{ir} + W_{hr} h_{t-1} + b_{hr}), \qquad z = \sigma(W_{iz} x_t + b_{iz} + W_{hz} h_{t-1} + b_{hz})$$
#
# $$n = \tanh\big(W_{in} x_t + b_{in} + r \odot (W_{hn} h_{t-1} + b_{hn})\big), \qquad h_t = (1 - z) \odot n + z \odot h_{t-1}$$
#
# ($\odot$ multiplies number by number.) Beside the LSTM:
#
# | | LSTM | GRU |
# |---|---|---|
# | of the old, it keeps | $f$ | $z$ |
# | of the new, it writes | $i$, as it likes | $1 - z$, what is left |
# | the candidate hears | all of $h_{t-1}$ | as much as $r$ lets through |
# | it shows | $o \odot \tanh(c)$ | all that it holds |
# | it hands on | $h$ and $c$ | $h$ |
# | sets of weights | i, f, g, o: four | r, z, n: three |
#
# With a pencil, and with the numbers of lesson 02: one unit, all weights 1, no biases, $x = 1.0$, held $0.5$. Beside it the LSTM, whose $c$ is 0.5 too.


# %%
def sigmoid(a):
    return 1 / (1 + np.exp(-a))


x, h, c = 1.0, 0.5, 0.5
r = sigmoid(x + h)
z = sigmoid(x + h)
n = np.tanh(x + r * h)
h_new = (1 - z) * n + z * h
print(f"GRU:  r {r:.3f}, z {z:.3f}, n {n:.3f};  h = {1 - z:.3f} n + {z:.3f} h = {h_new:.3f}")

i = f = o = sigmoid(x + h)
g = np.tanh(x + h)
c_new = f * c + i * g
print(f"LSTM: i = f = o {i:.3f}, g {g:.3f};  c = {f:.3f} c + {i:.3f} g = {c_new:.3f}", end=", ")
print(f"h {o * np.tanh(c_new):.3f}")
draw.gru({"r": r, "z": z, "n": n}, x=x, h=h)

# %% [markdown]
# (The picture writes $W_z$ and $U_z$ for $W_{iz}$ and $W_{hz}$, and one $b_z$ for the sum of two.) The GRU's shares are 0.182 and 0.818. They add up to 1, always: what it holds is a **mixture** of the old and the candidate, and lies between them. The
# LSTM's shares are 0.818 and 0.818, and its $c$ has risen above 1. It looks like a detail. Keep it in mind until we count.
#
# ## A layer of them
#
# Now with matrices, and for a batch. Both products first, each with its bias; then three blocks are cut from each. torch's order is **r, z, n**.


# %%
def gru_parts(x_t, h, W_ih, W_hh, b_ih, b_hh):
    a_r, a_z, a_n = np.split(x_t @ W_ih.T + b_ih, 3, axis=-1)  # from the input, each (B, H)
    u_r, u_z, u_n = np.split(h @ W_hh.T + b_hh, 3, axis=-1)  # from the state
    r = sigmoid(a_r + u_r)
    z = sigmoid(a_z + u_z)
    n = np.tanh(a_n + r * u_n)
    return r, z, n, u_n


def gru_step(x_t, h, *weights):
    _, z, n, _ = gru_parts(x_t, h, *weights)
    return (1 - z) * n + z * h


def gru_run(x, h, *weights):
    states = []
    for x_t in x:
        h = gru_step(x_t, h, *weights)
        states.append(h)
    return np.array(states)


# %%
T, B, D, H = 6, 4, 3, 5
module = torch.nn.GRU(D, H, dtype=torch.float64)
rng = np.random.default_rng(0)
weights = [rng.normal(0, 0.6, w.shape) for w in module.parameters()]  # W_ih, W_hh, b_ih, b_hh
for parameter, w in zip(module.parameters(), weights, strict=True):
    parameter.data = torch.tensor(w)

x, h_start = rng.normal(size=(T, B, D)), rng.normal(size=(B, H))
states = gru_run(x, h_start, *weights)
theirs = module(torch.tensor(x), torch.tensor(h_start)[None])[0].detach().numpy()
gru = cells.GRU(D, H)
gru.W_ih, gru.W_hh, gru.b_ih, gru.b_hh = weights
print("equals torch.nn.GRU to 1e-10:", np.abs(states - theirs).max() < 1e-10)
print("equals cells.GRU to 1e-10:   ", np.abs(states - gru.forward(x, h_start)).max() < 1e-10)

# %% [markdown]
# Its way back is lesson 05's loop with another step. From $\partial L/\partial h_t$ four arrows lead back to $h_{t-1}$: one through each of r, z and n, and the straight one,
# multiplied by $z$. That is the highway here, and $z$ is what $f$ was.


# %%
def gru_back(d_h, x_t, h, *weights):
    """One step back: dL/dh_t -> dL/dh_{t-1}, and this step's share of dL/dW_hh."""
    r, z, n, u_n = gru_parts(x_t, h, *weights)
    d_n = d_h * (1 - z) * (1 - n**2)
    d_z = d_h * (h - n) * z * (1 - z)
    d_r = d_n * u_n * r * (1 - r)
    d_u = np.concatenate([d_r, d_z, d_n * r], axis=-1)  # b_hn is inside the bracket: times r
    return d_h * z + d_u @ weights[1], d_u.T @ h


before = np.concatenate([h_start[None], states[:-1]])
d_h = d_W_hh = 0.0
for t in reversed(range(T)):  # the loss is half of all squares, so each state's own share is h_t
    d_h, share = gru_back(states[t] + d_h, x[t], before[t], *weights)
    d_W_hh = d_W_hh + share
(module(torch.tensor(x), torch.tensor(h_start)[None])[0] ** 2).sum().div(2).backward()
ours = gru.backward(states)
print("dL/dW_hh as torch's:     ", np.allclose(d_W_hh, module.weight_hh_l0.grad, atol=1e-10))
print("dL/dW_hh as cells.GRU's: ", np.allclose(d_W_hh, ours["W_hh"], atol=1e-10))
print("dL/dh0 as cells.GRU's:   ", np.allclose(d_h, ours["h0"], atol=1e-10))

# %% [markdown]
# From here on `cells.GRU` is your cell. Before you copy a GRU from a paper or into another program, three traps.
#
# **z the other way round.** Torch follows the paper of 2014 that introduced the cell: z keeps. Others write $h_t = (1-z) \odot h_{t-1} + z \odot n$, among them
# Chung and others in the same year, in their comparison with the LSTM. Is it another cell? The sigmoid knows: $\sigma(-a) = 1 - \sigma(a)$.
#
# **The reset before the product.** The paper (in its last version) has $W_{hn}(r \odot h_{t-1})$, torch $r \odot (W_{hn} h_{t-1} + b_{hn})$. Torch's form needs one product for all three blocks.
#
# **Two biases.** In the LSTM one may add $b_{ih}$ and $b_{hh}$ up, once and for all. And here?


# %%
def last_reversed(h, *weights):
    for x_t in x:
        _, z, n, _ = gru_parts(x_t, h, *weights)
        h = (1 - z) * h + z * n
    return h


W_ih, W_hh, b_ih, b_hh = weights
turned = [(w.T * np.repeat([1, -1, 1], H)).T for w in weights]  # z's rows with the other sign
last = {"z reversed": last_reversed(h_start, *weights)}
last["z reversed, z's weights times -1"] = last_reversed(h_start, *turned)
paper = cells.GRU(D, H, reset="before")
paper.W_ih, paper.W_hh, paper.b_ih, paper.b_hh = weights
last["reset before the product"] = paper.forward(x, h_start)[-1]
for name, blocks in (("r and z", [0, 1]), ("n", [2])):
    moved = b_hh * np.repeat(np.isin([0, 1, 2], blocks), H)  # out of b_hh, into b_ih
    one = gru_run(x, h_start, W_ih, W_hh, b_ih + moved, b_hh - moved)
    last[f"the two biases of {name} made one"] = one[-1]
for name, h in last.items():
    print(f"{name:35} {np.abs(h - states[-1]).max():.3f}")

# %% [markdown]
# (Printed: the largest difference in the last state.) Reversed, the same weights make another network. With the signs of z's block
# turned it is the same one: so the two spellings can do the same, and a file of weights or a bias must not be carried from one to the other. (The
# chrono start of lesson 07 puts its bias on z here, with a plus: `gru.chrono(...)`.) The
# reset before the product *is* another cell, with the same number of weights. And the two biases of n cannot be merged: $r$ multiplies one of
# them. It is the only place in torch's three cells where the second bias does something.
#
# ## Peepholes, and coupled gates
#
# Two relatives differ from the LSTM in one line, or in three.
#
# **Peepholes** (Gers, Schraudolph and Schmidhuber, 2002). A gate hears $x_t$ and $h_{t-1}$. If the output gate is shut, $h$ is 0, and the gates do not know
# what the cell holds. So let them look inside: $i$ and $f$ see $c_{t-1}$, $o$ sees the new $c_t$, each through one weight a unit.
#
# **Coupled gates.** One gate sets both shares, as in the GRU: $f = 1 - i$. The second state and the output gate stay.


# %%
def lstm_step(x_t, h, c, W_ih, W_hh, b, peep=(0.0, 0.0, 0.0), coupled=False):
    blocks = 3 if coupled else 4  # i, (f,) g, o
    *a, a_g, a_o = np.split(x_t @ W_ih.T + h @ W_hh.T + b, blocks, axis=-1)  # a: i, (f)
    i = sigmoid(a[0] + peep[0] * c)  # peephole
    f = 1 - i if coupled else sigmoid(a[1] + peep[1] * c)  # coupled, or a gate with a peephole
    c = f * c + i * np.tanh(a_g)
    o = sigmoid(a_o + peep[2] * c)  # peephole: the *new* c
    return o * np.tanh(c), c


x_t, h, c = rng.normal(size=(B, D)), rng.normal(size=(B, H)), rng.normal(size=(B, H))
for options in ({"peepholes": True}, {"forget": "coupled"}):
    cell = cells.LSTM(D, H, seed=1, **options)
    peep = cell.W_peep if cell.peepholes else (0.0, 0.0, 0.0)
    coupled = cell.forget == "coupled"
    mine = lstm_step(x_t, h, c, cell.W_ih, cell.W_hh, cell.b_ih + cell.b_hh, peep, coupled)
    print(options, "equals cells.LSTM:", np.allclose(mine, cell.step(x_t, (h, c)), atol=1e-12))

# %% [markdown]
# ## What it costs
#
# {{question parameter_counts}}

# %%
guess = ...  # three whole numbers in a list
check.parameter_counts.guess(guess)

# %%
blocks = {"RNN": 1, "GRU": 3, "LSTM": 4}
for D, H in ((16, 32), (100, 256)):
    for name, k in blocks.items():
        ours, theirs = k * (D * H + H * H + 2 * H), getattr(torch.nn, name)(D, H).parameters()
        same = ours == sum(w.numel() for w in theirs)
        print(f"D {D}, H {H}: {name:4} {k} (DH + H² + 2H) = {ours:7,}; as torch: {same}")
extra = cells.LSTM(16, 32, peepholes=True).W_peep.size
less = sum(w.size for w in cells.LSTM(16, 32, forget="coupled").parameters.values())
print(f"D 16, H 32: LSTM with peepholes {extra} more; with coupled gates {less:,}")

# %% [markdown]
# Three quarters of the LSTM's parameters: does a GRU take three quarters of its time? **Guess, then measure**: forward and backward, in microseconds a step, ours
# and torch's, on one processor core. (Your numbers will differ.)

# %% tags=["nbval-ignore-output"]
torch.set_num_threads(1)


def microseconds(run, steps):
    """The quickest of seven runs, for one step."""
    return 1e6 * min(timeit.repeat(run, number=1, repeat=7)) / steps


for T, B, D, H in ((50, 4, 8, 16), (50, 32, 32, 128)):
    for name in blocks:
        x, cell = np.ones((T, B, D), np.float32), getattr(cells, name)(D, H, dtype=np.float32)
        module, tensor = cell.to_torch(), torch.tensor(x)
        ours = microseconds(lambda c=cell, x=x: c.backward(np.ones_like(c.forward(x))), T)
        theirs = microseconds(lambda m=module, x=tensor: m(x)[0].sum().backward(), T)
        print(f"batch {B:2}, {H:3} units: {name:4} ours {ours:4.0f}, torch {theirs:4.0f} µs a step")
        assert 0 < ours < 20_000

# %% [markdown]
# Parameters are not time. Beside a matrix product there are the bends, and at small sizes mostly the calls themselves. And look at torch's column at
# the small size: on the machine of these notes its GRU takes *longer* than its LSTM there, several times as long. That is a matter of how it is written, not of the cell. So
# "the GRU is cheaper" is true of its parameters; of your time, only a measurement tells.
#
# ## Upward: a stack of layers
#
# A layer turns a sequence into a sequence. So another layer can read what it says: **stacking**. Each layer has weights of its own, and the upper one needs *every*
# state of the lower one. In torch this is `num_layers`. It is not the number of time steps: layers go upward, steps sideways.

# %%
x = np.random.default_rng(1).normal(size=(7, 3, 4))  # T, B, D
layers = [cells.GRU(4, 5, seed=1), cells.GRU(5, 5, seed=2)]
output, h_n = x, []
for layer in layers:
    output = layer.forward(output)  # (T, B, H): all states are the next layer's input
    h_n.append(output[-1])
h_n = np.array(h_n)
print(f"output {output.shape}: top layer, every step;  h_n {h_n.shape}: every layer, last step")

stack = cells.Stacked(layers)
theirs = stack.to_torch()(torch.tensor(x))  # torch.nn.GRU with num_layers=2
for name, one, other in zip(("output", "h_n"), (output, h_n), theirs, strict=True):
    print(f"{name} as torch's:", np.abs(one - other.detach().numpy()).max() < 1e-10)
print("output as cells.Stacked's:", np.allclose(output, stack.forward(x)))
short = layers[1].forward(layers[0].forward(x)[-1:])  # the upper layer gets the last state only
print(f"{len(short)} step for the upper layer; h_n off by {np.abs(short[-1] - h_n[1]).max():.2f}")
viewed = h_n.reshape(3, -1)  # what h_n.view(B, -1) does
mixed = [[k for k in range(3) if np.isin(row, h_n[:, k]).any()] for row in viewed]
print(f"h_n.view(B, -1) {viewed.shape}: its rows hold numbers of the sequences {mixed}")

# %% [markdown]
# The last line is a mistake that runs. `h_n` is (layers, B, H); `view` re-cuts the numbers as they lie, so a row mixes several sequences. Put the batch first, then
# join: `h_n.transpose(0, 1).reshape(B, -1)`.
#
# ## Both ways
#
# Sometimes the whole sequence is there before an answer is due: a finished sentence, a recording. Then a second layer can read it **from the end to the
# start**. Both are joined, step by step: a **bidirectional** layer.
#
# {{question steps_read}}

# %%
guess = ...  # four whole numbers in a list
check.steps_read.guess(guess)

# %%
ahead, back = cells.GRU(4, 5, seed=3), cells.GRU(4, 5, seed=4)  # two cells with their own weights
output = np.concatenate([ahead.forward(x), back.forward(x[::-1])[::-1]], axis=-1)
both = cells.Bidirectional(ahead, back)
print(f"output {output.shape}; as cells.Bidirectional:", np.allclose(output, both.forward(x)))


def reads(row, half):
    """Which steps' inputs change this half of output[row]?"""
    seen = []
    for t in range(7):
        changed = x.copy()
        changed[t] += 1.0
        moved = (both.forward(changed) - output)[row, :, 5 * half : 5 * half + 5]
        seen += [t] if np.abs(moved).max() > 1e-12 else []
    return seen


for row in (-1, 2, 0):
    print(f"output[{row:2}]: forward half has read {reads(row, 0)}, backward half {reads(row, 1)}")

# %% [markdown]
# (The steps were found out by nudging each input.) So `output[-1]` is **no summary**: its backward half has just begun. Each direction has read everything at
# *its own* end: forward in `output[-1]`, backward in `output[0]`. torch collects these in `h_n`, layer by layer, in each layer forward and then
# backward. In a stack of two, which of the four states are the top layer's?

# %%
deep = torch.nn.GRU(4, 5, num_layers=2, bidirectional=True, dtype=torch.float64)
with torch.no_grad():
    output, h_n = deep(torch.tensor(x))
ends = torch.cat([output[-1, :, :5], output[0, :, 5:]], dim=1)  # each direction at its own end
for name, summary in {
    "cat(h_n[-2], h_n[-1])": torch.cat([h_n[-2], h_n[-1]], dim=1),
    "cat(h_n[2], h_n[1])  ": torch.cat([h_n[2], h_n[1]], dim=1),
    "output[-1]           ": output[-1],
}.items():
    print(f"{name} is the top layer's summary:", torch.allclose(summary, ends))
swapped = np.allclose(both.forward(x[::-1])[::-1, :, 5:], both.forward(x)[..., :5])
print("reading the reversed input exchanges the halves:", swapped)

# %% [markdown]
# `cat(h_n[2], h_n[1])` stands on public pages as the way to do it; it joins the top layer's forward state with the *lower* layer's backward one. And the two directions
# are two networks: reading the reversed input does not exchange them.
#
# **Where two directions must not be used.** A coin is tossed, and at every step the network shall say the *next* toss. No one can: the best loss is
# $\ln 2 = 0.693$. An LSTM and a bidirectional LSTM, five starts each. What will the second one reach?


# %%
def next_toss(step):
    tosses = np.random.default_rng((8, step)).integers(0, 2, (21, 32))
    return np.eye(2)[tosses[:-1]], tosses[1:]  # x (20, 32, 2), and what comes next


one = cells.LSTM(2, 8, seeds=5)
both = cells.Bidirectional(cells.LSTM(2, 8, seeds=5), cells.LSTM(2, 8, seeds=5, seed=5))
losses = {}
for name, cell, width in (("one direction", one, 8), ("both directions", both, 16)):
    network = train.Network(cell, cells.Linear(width, 2, seeds=5))
    rule = train.Adam(network.parameters, lr=0.02)
    history = train.fit(network, next_toss, train.cross_entropy, rule, steps=200, progress=False)
    losses[name] = history.loss
    print(f"{name:15}: loss at the end {np.median(losses[name][-10:]):.3f}")
title = "“Predicting” a fair coin: the answer had been read already"
note = "Loss for the next toss; median and range of 5 starts."
draw.curves(losses, {"a coin: ln 2": np.log(2)}, title=title, subtitle=note)

# %% [markdown]
# A fair coin, "predicted". At step $t$ the backward half comes from the end, and has read toss $t+1$: the answer. The tosses are new at every step, and still the loss
# is low: what it has learned is to copy. (What is left, 0.036, is one guess in twenty, $\ln 2 / 20 = 0.035$: the answer to the last step is not in its input.) In a forecast, where the future is not there yet, it is worth nothing. When a result is too good, ask which inputs each answer
# has seen.
#
# ## Dropout, and where not to put it
#
# **Dropout** sets a share $p$ of the units to 0 while a network trains, at random, so that none may rely on a single other; what stays is divided by $1-p$,
# so that the mean is kept. When it is measured or used, nothing is dropped. In a recurrent network the question is *where*. On the state's own way from step to step?
# Guess what is left of a value that a layer hands on for 30 steps, with $p = 0.2$ and a new mask at each.

# %%
rng, p = np.random.default_rng(2), 0.2
held = np.ones(10_000)  # ten thousand units, each holding 1, handed on unchanged
for _ in range(30):
    held = held * (rng.random(held.shape) >= p) / (1 - p)
print(f"dropped on the way: {(held > 0).mean():.2%} still there, and those are {held.max():.0f}")

masks = {
    "between layers, as torch": rng.random((24, 16)) >= p,  # (T, H): a new mask at every step
    "one mask over time": np.repeat(rng.random((1, 16)) >= p, 24, axis=0),
}
title = "A new mask at every step, or one for all of them"
figure, axes = draw.axes(title, "16 units; dark: dropped.", "step t", cols=2)
for ax, (name, mask) in zip(axes, masks.items(), strict=True):
    draw.panel(ax, name)
    ax.set_yticks([])
    ax.imshow(~mask.T, cmap="Greys", vmin=0, vmax=1.4, aspect="auto", interpolation="nearest")
    print(f"{name}: {(~mask).all(axis=0).sum()} of 16 units are missing at all 24 steps")
draw.picture(
    figure, "16 units, 24 steps. Left, units drop out and come back; right, 3 are always out."
)

# %% [markdown]
# So never a new mask on the way of the memory. torch's `dropout=` acts **between layers** only (and not after the last one), with a new mask at
# every step. Gal and Ghahramani (2016) take **one mask for a whole sequence**: a unit is missing at all steps, as if another, thinner network had read it. (They do so on the
# way from step to step, too.) `cells.Stacked(layers, dropout=0.2, same_mask=True)` does it between layers. What it brings, we measure below.
#
# ## Counting
#
# Here the relatives part. The strings are a, some more a, and then as many b: $a^n b^n$. At each step the network says which letters may come next. After the $n$-th
# b that is the end sign T, and not one step sooner. Somebody has to **count**. Set an LSTM's weights by hand: unit 0 is the counter, $i = f = 1$, and $g$ is $+1$ for a
# and $-1$ for b. Unit 1 holds what the last letter was: $+$ for b, $-$ for others. The readout compares. (0.38 is half of $\tanh 1$, which is what the counter shows when it holds 1.)


# %%
def counter(weight=40.0):
    lstm = cells.LSTM(4, 2)  # inputs S, a, b, T; units: the counter, the last letter
    lstm.W_ih, lstm.W_hh, lstm.b_hh = np.zeros((8, 4)), np.zeros((8, 2)), np.zeros(8)
    lstm.W_ih[4] = 0, weight, -weight, 0  # g of the counter: tanh(±40) is ±1
    lstm.W_ih[5] = -weight, -weight, weight, -weight  # g of the last letter
    lstm.b_ih = np.repeat([weight, weight, 0, weight], 2)  # i, f and o open ...
    lstm.b_ih[3] = -weight  # ... but unit 1 forgets at once
    return lstm


readout = cells.Linear(2, 4)  # S: never; a: unless b was last; b: count > 0; T: 0, after a b
readout.W, readout.b = [[0, 0], [0, -1], [1, 0], [-1, 1]], [-1, 0, -0.38, -0.38]

lengths = np.array([1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000])
strings = tasks.anbn(lengths)
for weight in (40, 10, 5):
    states = counter(weight).forward(strings.x, mask=strings.mask)
    right = tasks.set_right(strings, readout.forward(states))
    print(f"gates at σ({weight}): right at every step for n =", *lengths[right])

# %% [markdown]
# With $\sigma(40)$, which is 1 to the last digit, it is exact, for 1,000 and beyond. With $\sigma(5) = 0.993$ the counter leaks. (Change the numbers: how far does $\sigma(8)$ carry?)
#
# Can you set a GRU's weights so? Its state is a mixture of the old state and a candidate between $-1$ and 1. **So it never leaves that range**, whatever it
# hears, once it starts in it. A unit that is to climb with each a can come nearer to 1 only by a share of what is left. And then the counts crowd together:

# %%
loud = cells.GRU(3, 6, seed=0)
for w in loud.parameters.values():
    w *= 50.0
largest = np.abs(loud.forward(np.random.default_rng(0).normal(0, 100, (2000, 4, 3)))).max()
print(f"weights times 50, inputs of 100: the largest state of 48,000 is {largest:.6f}")
for z in (0.5, 0.9, 0.99):
    for kind in (np.float32, np.float64):
        h, count, share = kind(0), 0, kind(z)
        while (new := (1 - share) * 1 + share * h) != h:
            h, count = new, count + 1
        print(f"z = {z:4}, {kind.__name__}: h stands still after {count:5,} a")

# %% [markdown]
# And this is for a readout that sees the last digit. The coupled LSTM has the same fate: with $f = 1 - i$ its $c$ is a mixture, too. The part that was saved is the one
# that counts. (Several bounded units together can still count in digits, as far as their digits reach. That is harder to find in training.)
#
# That one *can* set weights does not mean that training finds them. So: train both, on $n = 1$ to 10. Here is one trained network of each kind, reading $a^{30} b^{30}$. (Stored, the median one
# of its kind. Trained results from here on are made by `benchmarks/papers.py`.)

# %%
stored = data.results("08_counting")
x, H = tasks.anbn(30).x, stored["example_lstm_W_hh"].shape[1]
lstm, gru = cells.LSTM(4, H), cells.GRU(4, H)
for name in lstm.parameters:
    setattr(lstm, name, stored[f"example_lstm_{name}"])
    setattr(gru, name, stored[f"example_gru_{name}"])
lstm.forward(x)
held = {"LSTM: c": lstm.cell_states[:, 0], "GRU: h": gru.forward(x)[:, 0]}
title = "The LSTM's cells draw straight lines; the GRU's states hit a wall"
note = "Trained on n up to 10; here 30 a, then 30 b. Mind the two scales."
figure, axes = draw.axes(title, note, "step t", cols=2)
for ax, (name, values), role in zip(axes, held.items(), ("cell", "hidden"), strict=True):
    draw.panel(ax, name, "all units", role)
    ax.plot(values, color=draw.COLOURS[role], lw=2)
    ax.axvline(30, color=draw.COLOURS["muted"], ls=":", lw=1)
far = [f"{name} goes as far as {np.abs(values).max():.1f}" for name, values in held.items()]
draw.picture(figure, f"All units over 30 a and 30 b: {far[0]}, {far[1]}.")

# %% [markdown]
# Most units of the LSTM climb or sink by the same amount with every a, and by another with every b: they count. The GRU's units change for as many letters as it was trained on, and some more. Then they have
# come to rest, and no a that follows makes a difference to them.
#
# And all of them, with ten units each. To the two we add the plain layer, and three more LSTMs. They differ in how far open the forget gates *start*. The chrono start suits 20 steps (and shuts the
# input gates as far); with a bias of 10 the forget gates are all but fully open; and the cell of 1997 has none, $f = 1$. Before you look: which will count farthest?

# %%
kinds, longest = stored["kinds"].tolist(), stored["anbn_longest"]
print("longest n up to which every string is right    lowest  median  highest")
for language, name in (("a^n b^n", "anbn_longest"), ("a^n b^n c^n", "anbncn_longest")):
    for kind, row in zip(kinds, stored[name], strict=True):
        print(f"{language:12} {kind:32} {row.min():7} {np.median(row):7.0f} {row.max():8}")
by_hand = stored["counter_right"]
print(f"a^n b^n set by hand: right for {by_hand.sum():,} of the n up to {len(by_hand):,}")
median = dict(zip(kinds, np.median(longest, axis=1).astype(int), strict=True))
draw.dots(
    dict(zip(kinds, longest, strict=True)),
    title=f"Trained to n = 10: the LSTM counts to {median['LSTM']}, the GRU to {median['GRU']}",
    subtitle="A dot is one network: the longest n up to which every string is right. Bar: median.",
    xlabel="longest n (tested up to 1,000)",
    marks={"trained to 10": 10},
    log=True,
)

# %% [markdown]
# The LSTMs count on beyond what they have seen, some of them far; the GRU stops about where its lessons stopped, and so do most plain layers. The spread is wide: whether training finds a clean counter is luck.
# In the median the cell of 1997 counts farthest, in both languages. It cannot leak, so it need not learn not to. (It cannot forget, either: lesson 07 showed what that costs in a stream.) A gate one does not
# need is a thing to get wrong.
#
# | | published | ours |
# |---|---|---|
# | Gers and Schmidhuber 2001 | on context-free languages LSTM works "even better than previous hardwired or highly specialized architectures"; to their knowledge its variants are the first to learn $a^n b^n c^n$ | the lines above; GRU and tanh RNN beside it |
# | Gers, Pérez-Ortiz, Schmidhuber 2002 | LSTM trained with a Kalman filter: from $n \leq 10$ of $a^n b^n c^n$ to "values of n up to 1000 and more" | with Adam our $a^n b^n c^n$ stays well short of it |
# | Weiss, Goldberg and Yahav 2018 | LSTM and ReLU layer "strictly stronger" than GRU and tanh layer, because they can count | the same order, with one recipe for all; no ReLU layer here |
#
# *What is unequal.* Ours is torch's LSTM, without peepholes, learning with Adam from all ten lengths in each update. We quote abstracts: the single figures of 2001 we could not
# check. And "longest" is strict here: one wrong letter anywhere ends it.
#
# Counting without a bound is rare. What of a memory that needs one bit only? **Parity**: is the number of ones so far odd? Two states are enough, so every cell should manage. They are
# trained on strings of up to 20 bits, and tested on 500.

# %%
stored = data.results("08_parity")
T, dots = stored["lengths"][-1], {}
for way, target in enumerate(stored["targets"]):
    for cell, name in enumerate(stored["cells"]):
        dots[f"{name}, {target}"] = 100 * stored["accuracy"][way, cell, -1]
        solved, seen = stored["solved"][way, cell], stored["sequences"][way, cell]
        when = f"{np.median(seen[seen >= 0]):,.0f} sequences" if (seen >= 0).any() else "-"
        print(f"asked at {target:10} {name:8} {solved.sum():2} of {len(solved)} all right; {when}")
draw.dots(
    dots,
    title=f"Parity of {T} bits, trained on {stored['trained']}: it matters how one asks",
    subtitle="A dot is one network. Asked for the answer at every step, or at the end only.",
    xlabel=f"right answers at {T} bits, %",
    marks={"chance": 50.0},
)

# %% [markdown]
# | | Delétang and others 2022 | ours |
# |---|---|---|
# | training | lengths up to 40 | up to 20 |
# | tested | longer strings than in training | single lengths up to 500 |
# | finding | RNN and LSTM solve regular tasks such as this one, LSTM also tasks that need a counter | the lines above |
#
# *What is unequal.* Sizes, budgets, optimiser settings, and how success is counted: ours is every one of the tested strings of 500. The two ways of asking differ in one thing: whether the network is
# told the running answer at every step, or only the last one. Told at every step, the plain layer does it too: one bit needs no gate. From the last answer alone it gets there in three starts of ten within our budget, and the gated ones
# in all. So the gates help with *learning* here, and not with what can be held.
#
# ## Which to choose
#
# Now the picture of the beginning, for all four tasks. Each cell has as many units as its budget of parameters allows. (The medians below are of the starts that solved
# the task. In the first picture the bar counts the others too, as later than all.)

# %%
stored = data.results("08_choice")
names = stored["cells"].tolist()
for k, task in enumerate(stored["tasks"]):
    print(f"{task}: solved; their sequences, median (lowest to highest); time of an update")
    for c, name in enumerate(names):
        seen = stored["sequences"][k, c]
        done = seen[seen >= 0]
        when = f"{np.median(done):7,.0f} ({done.min():,} to {done.max():,})" if len(done) else "-"
        size = f"{stored['hidden'][k, c]:3} units, {stored['parameters'][k, c]:5,} parameters"
        took = f"{len(done):2} of {len(seen)}  {when:26} {stored['milliseconds'][k, c]:5.1f} ms"
        print(f"   {name:16} {size}  {took}")

# %%
solved = (stored["sequences"] >= 0).mean(axis=2)  # (tasks, cells)
short = [name.replace("LSTM, ", "").replace("tanh ", "") for name in names]
title = "No cell is best at all four tasks"
note = "Share of 10 networks that learned the task, %. Equal numbers of parameters."
figure, axes = draw.axes(title, note, cols=len(solved), sharey=True, height=3.0)
looks = {"RNN": "hidden", "GRU": "gate_i"}
colours = [draw.COLOURS[looks.get(name, "cell")] for name in short]
for ax, task, row in zip(axes, stored["tasks"], solved, strict=True):
    draw.panel(ax, task)
    ax.barh(short[::-1], 100 * row[::-1], color=colours[::-1], edgecolor=draw.COLOURS["ink"])
    ax.set(xlim=(0, 100), xticks=(0, 50, 100))
told = [", ".join(f"{n} {s:.0%}" for n, s in zip(short, row, strict=True)) for row in solved]
told = [f"{task}: {row}" for task, row in zip(stored["tasks"], told, strict=True)]
draw.picture(figure, f"Share of networks that learned each task. {'; '.join(told)}.")

# %% [markdown]
# | | published | here |
# |---|---|---|
# | Chung and others 2014 | gated units better than tanh units on music and speech; "GRU to be comparable to LSTM" | the rows above |
# | Greff and others 2017 | eight variants of the LSTM, three tasks: none improves on it significantly; forget gate and output activation matter most | coupled gates and peepholes beside the LSTM |
# | Jozefowicz and others 2015 | over ten thousand cells tried: one was found that beats LSTM and GRU, on some tasks; a forget bias of 1 "closes the gap" between LSTM and GRU | see the line on starts, below |
#
# *What is unequal.* They have larger networks, and mostly real data; ours are small tasks with a known answer. All gated cells have one recipe (Adam, rate 0.01, gates that start by keeping); the plain layer
# has a smaller rate and an orthogonal start, with which it does better.
#
# Each task asks for another kind of memory, and our reading of the result is in the equations.
#
# - **Embedded Reber**: one letter over some ten steps, and the rules of a grammar. The plain layer can; it has about twice as many units for its parameters. Two starts in ten of the GRU and of the coupled LSTM
#   were not done in time: too few to make a rule of.
# - **Adding** over 40 steps: a number is held for long, and rarely changed. The plain layer never learns it in our budget. The two cells in which one gate sets both shares are the quickest: their slowest start
#   is quicker than the quickest LSTM.
# - **Echo**: say the letter of five steps ago, always. Five letters have to be held, and every one handed on at every step. That asks for *many units*, and for nothing that is kept in place. The plain
#   layer learns it several times as fast as any gated cell. A gate is paid for with units.
# - **Counting**, here $a^n b^n$ right up to $n = 20$ after training up to 10: $f$ and $i$ must be open at once. So the LSTM with its own forget gate learns it in most starts, with peepholes or without; the plain layer in one, the GRU and the coupled LSTM in none.
#
# So choose by what has to be held. To count: the LSTM. A few things for long: any gated cell; with the same units the GRU and the coupled LSTM are the smallest. All of the recent past: many units, from
# an orthogonal start. A whole sequence that is there: both ways. Peepholes may have helped with the echo (six starts instead of one), and nowhere else. Ten starts show large differences only. And try
# two.
#
# ## Does it help? A table of practice
#
# Much is recommended besides. Here each piece of advice is measured beside a baseline that differs in this one thing. Two small LSTM layers read news reports letter by letter, and say the next letter. They
# learn from a few pages only, so they can learn them by heart; they are scored on other pages, at the moment when they do best. Three of the lines need a word.
#
# - **Layer norm** (Ba and others, 2016): from a layer's state take away its mean over the units, divide by the spread over the units, and give each unit a learned scale and shift.
# - **Weight tying** (Press and Wolf, 2017): the matrix that turns a letter into the first layer's input also turns the last state into scores. One matrix instead of two.
# - **No clipping**: the baseline clips its gradient at norm 1; here it does not.

# %%
stored = data.results("08_practice")
names, scores = stored["rows"].tolist(), stored["score"]
print(f"Measured: {stored['measure']}. Lower is better. Mean ± spread over 10 starts.")
for k, (name, base) in enumerate(zip(names, stored["baseline"], strict=True)):
    line = f"{name:28} {scores[k].mean():.3f} ± {scores[k].std(ddof=1):.3f}"
    if k != base:
        gain, spread = -stored["difference"][k], stored["spread"][k]
        line += f"  gain {gain:6.3f} ± {spread:.3f} over {names[base]}: {stored['verdict'][k]}"
    print(line)
print(f"\ngradient descent; guessing among 30 signs: {np.log(30):.2f}")
medians = np.median(stored["clip_score"], axis=-1).T
for lr, (without, clipped) in zip(stored["clip_lr"], medians, strict=True):
    print(f"rate {lr:4.1f}: median {without:6.2f} without, {clipped:6.2f} with clipping")
title, note = "Dropout helps here; most other advice does not", "A dot is one start; bar: median."
runs = dict(zip(names, scores, strict=True))
axis, roles = "held-out nats a character; lower is better", dict.fromkeys(names, "cell")
draw.dots(runs, title=title, subtitle=note, xlabel=axis, roles=roles)

# %% [markdown]
# Read the verdicts, not the signs. (They ask for a mean beyond one standard deviation, and nine of ten starts on one side.) Dropout helps, as one expects where the text is short. One mask over time does not help more than a new mask at every step. Tying the weights saves
# parameters and costs nothing. The other lines gain nothing. Layer norm by itself loses a little, and so does the start that is made for a long memory: what the next letter is, the last few letters tell. On another task,
# with more text or larger networks, other lines would win. What can be learned from one table is how to ask: one change at a time, several starts, and the spread beside the mean.
#
# Clipping changed next to nothing with Adam. The last printed lines show where it does: gradient descent with momentum, two tanh layers, growing learning rates. Clipping is insurance, and at the two
# highest rates it does not save the training, either: the loss stays far above guessing.
#
# ## What torch calls it
#
# | here | torch |
# |---|---|
# | `cells.GRU(D, H)`; blocks r, z, n; z keeps; reset after the product | `torch.nn.GRU(D, H)`; state $h$ only, so `output, h_n = gru(x, h0)` |
# | one step | `torch.nn.GRUCell`, `torch.nn.LSTMCell` |
# | `cells.Stacked([...], dropout=p)` | `num_layers=2, dropout=p`: between layers, a new mask at each step |
# | `cells.Bidirectional(ahead, back)` | `bidirectional=True`; `h_n` is (layers · 2, B, H): layer by layer, forward then backward |
# | `cells.LayerNorm`, `cells.Dropout(p, same_mask=True)` | `torch.nn.LayerNorm`; no dropout with one mask over time |
# | `cells.LSTM(peepholes=True)`, `forget="coupled"` | neither |
#
# `batch_first=True` moves the batch axis of input and output, and **not** that of `h_n`. Keras has both resets (`reset_after`).
#
# ## Break it
#
# All cells of this family have one thing in common: each of their units knows its input as a list of numbers. What happens when the input is a word? "girl" as number 17 and
# "woman" as 4,211 say nothing to each other, and a one-hot vector says no more. What a network should hear in place of a word is lesson 09.
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** Why can an LSTM count, and a GRU not?
# <details><summary>Answer</summary>The LSTM may keep all and add 1 in one step, f = i = 1, and c has no bound. The GRU's shares are z and 1 − z, so its
# state is a mixture and stays between −1 and 1, where large counts crowd together.</details>
#
# **2.** A paper initialises z's bias at −1 "so that the memory is long at the start". What do you do with torch's GRU?
# <details><summary>Answer</summary>Look what z stands beside in that paper. There a small z must be what keeps; in torch a large z keeps, so the bias is
# +1.</details>
#
# **3.** Two layers, both ways. Which rows of `h_n` summarise a sequence, and why not `output[-1]`?
# <details><summary>Answer</summary>The last two: top layer forward, top layer backward, each after its whole reading. In output[-1] the backward half has read one
# step.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/08_relatives_exercises.ipynb): thirteen, from two minutes to eight. You write the GRU and the coupled step, stack and read both ways, take
# summaries apart, drop units, and set a counter's weights.
#
# ## To read on
#
# - K. Cho and others (2014), *Learning phrase representations using RNN encoder–decoder for statistical machine translation*, EMNLP, [arXiv:1406.1078](https://arxiv.org/abs/1406.1078): the GRU, in
#   section 2.3.
# - J. Chung, C. Gulcehre, K. Cho, Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling*, [arXiv:1412.3555](https://arxiv.org/abs/1412.3555): z the other way round.
# - K. Greff and others (2017), *LSTM: a search space odyssey*, [arXiv:1503.04069](https://arxiv.org/abs/1503.04069): which of its parts it needs, on three tasks.
# - F. A. Gers, J. Schmidhuber (2001), *LSTM recurrent networks learn simple context-free and context-sensitive languages*, IEEE Transactions on Neural Networks 12, 1333–1340.
# - F. A. Gers, J. A. Pérez-Ortiz, J. Schmidhuber (2002), *Learning context sensitive languages with LSTM trained with Kalman filters*, ICANN.
# - G. Weiss, Y. Goldberg, E. Yahav (2018), *On the practical computational power of finite precision RNNs for language recognition*, ACL, [arXiv:1805.04908](https://arxiv.org/abs/1805.04908).
# - G. Delétang and others (2022), *Neural networks and the Chomsky hierarchy*, [arXiv:2207.02098](https://arxiv.org/abs/2207.02098).
# - Y. Gal, Z. Ghahramani (2016), *A theoretically grounded application of dropout in recurrent neural networks*, [arXiv:1512.05287](https://arxiv.org/abs/1512.05287).
