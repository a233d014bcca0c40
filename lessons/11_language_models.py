# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "11", title: "Language models", part: "III · Words", minutes: 60}
# ---

# %% [markdown]
# # Language models
#
# **What comes next, and how surprised are we?**
#
# Read aloud, and stop at the bar: *The prime minis|*. You know the next letter. After *The p|* you know much less, and still
# something: hardly a *q*. Whoever tells, after every beginning, how likely each next symbol is, is a **language model**. The bartender's
# "Certainly { }" was one question to such a model. Today we ask at every letter.
#
# The text is news again, the Lee collection of lesson 01, brought down to 26 letters and the space. The first model needs no training. It counts.

# %%
import re
import textwrap
from collections import Counter, defaultdict

import numpy as np
import torch

from rnncourse import cells, check, data, draw, play, train, words

news = data.text.lee("character")
reports = ["".join(news.document(i)) for i in range(len(news.documents) - 1)]
text = re.sub("[^A-Za-z]+", " ", "\n".join(reports)).lower()
print(f"{len(text):,} letters and spaces; the first: {text[:60]!r}")
for beginning in ("e", "th", "the p", "prime minis"):
    after = Counter(text[match.end()] for match in re.finditer(beginning, text))
    shares = [f"{letter!r} {n / after.total():.0%}" for letter, n in after.most_common(4)]
    print(f"after {beginning!r:14} ({after.total():6,} times):", ", ".join(shares))

# %% [markdown]
# The longer the beginning, the surer the answer, and the rarer the beginning. These two pull in opposite directions, and the whole lesson is about how
# to have both.
#
# ## What you will be able to do
#
# - **measure** a language model on text that it has not seen;
# - **count** a language model, and say what a network must beat;
# - **train** a character model whose state is carried along a text of any length;
# - **let it write**, more carefully or more boldly;
# - **find** out, with a control, whether a unit tracks something.
#
# ## First, one question on lesson 05
#
# A text is read in pieces, with truncated backpropagation through time. What crosses the border between two pieces, and what does not?
#
# <details><summary>Think first, then open the answer.</summary>
#
# The state's value crosses: the next piece starts from it. The gradient does not: no credit goes back into the piece before.
#
# </details>
#
# ## Surprise, and its mean
#
# A model said $p$ for the letter that came. Its **surprise** is $-\ln p$, in *nats*: 0 if it was certain, the more the less it believed in this letter. The mean surprise
# over a text is the cross-entropy, lesson 05's loss. *e* to the power of it is the **perplexity**:
#
# $$\text{perplexity} = \exp\Big(\frac1T \sum_t -\ln p(\text{symbol}_t \mid \text{all before})\Big).$$
#
# Who guesses evenly among 27 has perplexity 27; who always knows has 1. A guess costs nothing and is not scored:
#
# {{question perplexity_by_hand}}

# %%
guess = ...  # a number
check.perplexity_by_hand.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (60 minutes).** Surprise and the guess 6 · counts, bigram as a network, smoothing 13 · the floor 5 · columns and state 8 · the character model and
# torch 11 · the race 5 · writing 6 · the unit 6. The exercises take about an hour; with less, set *Perplexity*, *Long columns*, *Whose state?*, *Temperature* and
# *Let it write*.
#
# **In the room.** Shannon's game: show a sentence letter by letter, let the room call out the next letter, and note how many calls each one takes. The
# first letters of words take many, the last ones one. That is the curve of a language model, without a machine.
#
# **Listen for** "the perplexity is 1.2, it knows English" (on which text?), "temperature up means surer" and "carry the state, always" (whose?).

# %% [markdown]
# ## Counts first
#
# We learn from 10,000 letters, which is little on purpose, and measure on the 5,000 that follow. (The alphabet was fixed beforehand. A vocabulary read off the
# held-out text would already tell something about it.) The **unigram** knows how frequent each letter is. The **bigram** knows it after each letter.

# %%
symbols = sorted(set(text))  # the space and a to z
V = len(symbols)
ids = np.searchsorted(symbols, list(text))
seen, held_out = ids[:10_000], ids[10_000:15_000]


def perplexity(chances):
    with np.errstate(divide="ignore"):  # an impossible letter: infinitely surprised
        return np.exp(-np.log(chances).mean())


share = np.bincount(seen, minlength=V) / len(seen)
pairs = np.zeros((V, V))
np.add.at(pairs, (seen[:-1], seen[1:]), 1)
follows = pairs / pairs.sum(axis=1, keepdims=True)  # row: the letter before; sums to 1
print(f"even guess: {perplexity(np.full(5000, 1 / V)):.1f}")
for name, model in (("unigram", lambda a, b: share[b]), ("bigram", lambda a, b: follows[a, b])):
    known, new = (perplexity(model(part[:-1], part[1:])) for part in (seen, held_out))
    print(f"{name}: {known:.1f} on the letters it counted, {new:.1f} on the held-out ones")
print("held-out pairs never counted:", (follows[held_out[:-1], held_out[1:]] == 0).sum(), "of 4999")

# %% [markdown]
# One letter of context takes the perplexity from 17 to 10. And then infinity: some thirty pairs of the held-out text had never come up, the model calls them
# impossible, and one impossible event costs everything. We shall mend that.
#
# **A bigram is a network.** A letter comes in one-hot, is multiplied by a matrix, and out come scores: one layer, no memory. (One-hot times a matrix is a
# row of it: lesson 09's look-up.) We train it by gradient descent, with lesson 05's loss; the target of a letter is the *next* letter. **Before you run it:** where will the loss end?

# %%
x, target = words.one_hot(seen[:-1], V), seen[1:]  # the targets are the inputs, one step later
W = np.zeros((V, V))
rule, losses = train.Adam({"W": W}, lr=0.1), []
for _ in range(300):
    loss, d_scores = train.cross_entropy(x @ W, target)
    rule.step({"W": x.T @ d_scores})
    losses.append(loss)
learned = np.exp(W) / np.exp(W).sum(axis=1, keepdims=True)
counted = perplexity(follows[seen[:-1], seen[1:]])
print(f"perplexity: {np.exp(losses[0]):.1f} at the start, {np.exp(losses[-1]):.2f} at the end")
print(
    f"counted: {counted:.2f}; largest difference of a chance: {np.abs(learned - follows).max():.3f}"
)
draw.curves(
    {"one layer": np.exp(losses)},
    {f"counts: {counted:.2f}": counted},
    ylabel="perplexity",
    title="A layer without memory ends where counting ends",
    subtitle="One-hot letters times a 27 × 27 matrix, on the 10,000 training letters.",
)

# %% [markdown]
# It starts at 27, as an untrained network should (ln 27 is the loss of equal scores), and ends at the counts: nothing fits a table of pairs better than the table of pairs.
# So counting is the honest rival. What a network adds must come from elsewhere: from *memory*.
#
# ## Longer contexts, and the letters never seen
#
# Two letters before, three, four: the **n-gram** counts what followed the last $n-1$ symbols. Most long contexts were never seen, or once. So mix: believe the long
# context as far as it has been seen, and hand the rest of the belief to the context that is one symbol shorter (the weights are those of Witten and Bell, 1991):
#
# $$P_n(w \mid h) = \frac{c(h\,w) + k(h)\,P_{n-1}(w \mid h')}{c(h) + k(h)}$$
#
# $c$ counts; $k(h)$ is how many *different* symbols followed $h$: a context that was followed by many things is trusted less; $h'$ is $h$ without its first symbol. At the
# bottom stands $P_0 = 1/V$, so nothing is impossible.


# %%
def count(ids, order):
    after = defaultdict(Counter)  # context -> what followed it, and how often
    for n in range(order):
        for t in range(n, len(ids)):
            after[tuple(ids[t - n : t])][ids[t]] += 1
    return after


def chance(after, context, symbol):
    shorter = chance(after, context[1:], symbol) if context else 1 / V
    c = after.get(context, Counter())
    return (c[symbol] + len(c) * shorter) / (c.total() + len(c)) if c else shorter


after, new = count(seen.tolist(), 4), held_out.tolist()
by_hand = [chance(after, tuple(new[max(0, t - 3) : t]), new[t]) for t in range(len(new))]
package = words.NGram(seen, V, order=4).chances(held_out)
print("equals words.NGram:", np.abs(package - by_hand).max() < 1e-12)
print(f"4-gram on the held-out letters: {perplexity(by_hand):.2f}")

# %% [markdown]
# Now with one to eight letters in the window. Before the picture, a guess:
#
# {{question memorising}}

# %%
guess = ...  # a letter in quotes
check.memorising.guess(guess)

# %%
orders = np.arange(1, 9)
models = [words.NGram(seen, V, order=int(n)) for n in orders]
known, new = (np.array([perplexity(m.chances(part)) for m in models]) for part in (seen, held_out))
best = orders[new.argmin()]
print("n         ", *(f"{n:5}" for n in orders))
print("seen      ", *(f"{value:5.1f}" for value in known))
print("held out  ", *(f"{value:5.1f}" for value in new))
draw.curves(
    {"held-out letters": new, "letters it counted": known},
    x=orders,
    xlabel="n",
    ylabel="perplexity",
    title=f"On its own text every n-gram gets better, on new text n = {best} is best",
    subtitle="Interpolated n-grams, 10,000 letters of training, 5,000 held out.",
)

# %% [markdown]
# With $n = 8$ the counts know their own text nearly by heart (1.2), and are worse on new text than with $n = 3$. **A low training perplexity is memorising until held-out text
# says otherwise.** It is no achievement of networks either: this is a table.
#
# So the number to beat is the 4-gram's. But how low can one go at all?
#
# ## The floor
#
# Nobody can beat the source itself: where it tosses a coin, the best model is as unsure as the coin. On English the floor is unknown. On a grammar that we know it
# can be computed: Reber's, of lesson 07. At every state one or two ways lead on, each taken half of the time. How often does a string come by each state? A linear
# system tells. At a state with two ways the source is unsure by ln 2, at the others not at all; the mean over all visits is its **entropy**.

# %%
ways = {0: (1,), 1: (2, 3), 2: (2, 4), 3: (3, 5), 4: (3, 6), 5: (4, 6), 6: (7,)}  # 7: the end
move = np.zeros((7, 8))
for state, following in ways.items():
    move[state, list(following)] = 1 / len(following)
visits = np.linalg.solve(np.eye(7) - move[:, :7].T, np.eye(7)[0])  # in one string
unsure = np.array([np.log(len(following)) for following in ways.values()])
floor = (visits * unsure)[1:].sum() / visits[1:].sum()  # the first symbol, B, is given
network = train.Network(cells.LSTM(7, 16), cells.Linear(16, 7))
rule = train.Adam(network.parameters, lr=0.02)


def strings(step):
    batch = data.tasks.reber(32, seed=(1, step))
    return batch.x, batch.target, batch.mask


losses = train.fit(network, strings, train.cross_entropy, rule, steps=300).loss
fresh = data.tasks.reber(2000, seed=9)
reached = train.cross_entropy(network.forward(fresh.x), fresh.target)[0]  # padding: target -1
print(f"floor {np.exp(floor):.2f}; reached on new strings {np.exp(reached):.2f}")

# %%
draw.curves(
    {"LSTM": np.exp(losses)},
    {
        f"best without memory: {np.exp(fresh.chance):.2f}": np.exp(fresh.chance),
        f"entropy of the source: {np.exp(floor):.2f}": np.exp(floor),
    },
    smooth=5,
    ylabel="perplexity",
    title="The loss stops where the source tosses its coin",
    subtitle="Reber's grammar, a fresh batch of 32 strings each step, LSTM with 16 cells.",
)

# %% [markdown]
# The network ends within a percent or so of the floor. (Single batches dip below it: there the coin happened to fall as expected.) A loss that stops falling is no failure if it stops *there*.
#
# ## One long text, many columns
#
# A network learns faster from 20 texts side by side than from one. We have one. So cut it into $B$ long **columns**, and read them side by side, piece by piece.
# Row by row, time runs down:


# %%
def columns(ids, B):
    T = (len(ids) - 1) // B  # one letter is kept back: the last one needs a target
    return ids[: T * B].reshape(B, T).T, ids[1 : T * B + 1].reshape(B, T).T


def letters(numbers):
    return "".join(symbols[i] for i in numbers)


x, target = columns(np.searchsorted(symbols, list("the prime minister said that it was")), 3)
for b in range(3):
    print(f"column {b}: {letters(x[:, b])!r}   its targets: {letters(target[:, b])!r}")

# %% [markdown]
# Each column goes on where its row above stopped, and column 1 starts where column 0 ends. (`ids.reshape(T, B)` has the same shape and none of this.) Now **truncated backpropagation through time, by hand**:
# the state's *value* goes from piece to piece, the gradient stops at the border. In NumPy the cut needs no line: `backward` goes back through the last `forward`, and no further.
#
# We make the pieces very short, 3 letters, so that the state matters, and compare three ways. *Carried*: as described. *Reset*: every piece begins at zero. *Shuffled*: the state is carried, but
# the columns change places between pieces.
#
# {{question whose_state}}

# %%
guess = ...  # a letter in quotes
check.whose_state.guess(guess)


# %%
def three_networks(V, hidden=32):
    many = {"seeds": 3, "dtype": np.float32}
    cell = cells.LSTM(16, hidden, forget_bias=1.0, **many)
    table = words.Embedding(V, 16, **many)  # letters to 16 numbers, learned with the rest
    return train.Network(cell, cells.Linear(hidden, V, **many), embedding=table)


def read_once(way, length, ids, B=20):
    network, rng = three_networks(V), np.random.default_rng(0)
    rule, state = train.Adam(network.parameters, lr=0.01), None
    x, target = columns(ids, B)
    for start in range(0, len(x), length):
        rows = rng.permutation(B) if way == "shuffled" else np.arange(B)
        piece = slice(start, start + length)
        scores = network.forward(x[piece, rows], state)  # x (length, B), 3 networks
        _, d_scores = train.cross_entropy(scores, target[piece, rows], seeds=True)
        rule.step(network.backward(d_scores))  # goes back through this piece only
        state = None if way == "reset" else network.cell.last  # the value, without a history
    return network


# %% [markdown]
# Each of them reads 50,000 letters once. Then all are measured alike, on the held-out letters in four columns, with the state carried from beginning to end.

# %%
x_new, target_new = columns(held_out, 4)
found = {}
for way in ("carried", "reset", "shuffled"):
    network = read_once(way, 3, ids[15_000:65_000])
    loss, _ = train.cross_entropy(network.forward(x_new), target_new, seeds=True)
    found[way] = np.exp(loss)  # (3,), one for each start
    print(f"{way}: {np.mean(found[way]):.1f}, from {min(found[way]):.2f} to {max(found[way]):.2f}")
draw.dots(
    found,
    title="A carried state helps, and somebody else's harms",
    subtitle="LSTM with 32 cells, pieces of 3 letters; 3 starts each.",
    xlabel="perplexity on held-out letters",
)

# %% [markdown]
# The same letters, the same number of updates, the same cut of the gradient. With a carried state the network may use what lies before the piece, though no credit ever
# reaches it. Shuffled is worse than nothing: the state speaks of another text. (With longer pieces the gap between *carried* and *reset* shrinks: a smaller
# part of the letters stands near a border.) In torch the cut is the line `state = tuple(s.detach() for s in state)`, between the pieces.
#
# ## The character model
#
# Now the whole of it, from our own parts: an embedding table (16 numbers a letter), an LSTM, a readout. And dropout (lesson 08) below and above the LSTM, for 10,000 letters are few. Dropout is for training; `training=True` says so.


# %%
class CharacterModel(train.Network):
    def __init__(self, V, hidden, dropout, width=16, **kind):
        cell = cells.LSTM(width, hidden, forget_bias=1.0, **kind)
        table = words.Embedding(V, width, **kind)
        super().__init__(cell, cells.Linear(hidden, V, **kind), embedding=table)
        self.below, self.above = cells.Dropout(dropout / 2), cells.Dropout(dropout, seed=1)

    def forward(self, ids, start=None, training=False):
        self.below.training = self.above.training = training
        x = self.below.forward(self.embedding.forward(ids))  # (T, B, width)
        self.states = self.cell.forward(x, start)  # (T, B, H)
        return self.readout.forward(self.above.forward(self.states))  # (T, B, V)

    def backward(self, d_scores):
        readout = self.readout.backward(d_scores)
        cell = self.cell.backward(self.above.backward(readout["x"])["x"])
        table = self.embedding.backward(self.below.backward(cell["x"])["x"])
        parts = {"readout": readout, "cell": cell, "embedding": table}
        names = [name.split(".") for name in self.parameters]
        return {f"{part}.{weight}": parts[part][weight] for part, weight in names}


# %% [markdown]
# Training: 32 windows of 32 letters from anywhere, Adam, the gradient clipped, and a learning rate that rises for a moment and then falls to nearly 0. Every hundred updates we measure, with dropout **off**.


# %%
def measure(model, ids, length=500, **how):
    """Perplexity of a text in 8 columns, piece by piece, the state carried."""
    x, target = columns(ids, 8)
    state, nats = None, 0.0
    for start in range(0, len(x), length):
        piece = slice(start, start + length)
        loss, _ = train.cross_entropy(model.forward(x[piece], state, **how), target[piece])
        state = model.cell.last
        nats += loss * len(x[piece])  # a shorter last piece counts for less
    return np.exp(nats / len(x))


# %%
def learn(model, ids, updates, lr=0.012, new=held_out):
    rng, rule = np.random.default_rng(0), train.Adam(model.parameters, lr, betas=(0.9, 0.99))
    measured = []
    for step in range(updates + 1):
        if step % 100 == 0:
            measured.append((measure(model, ids[:5000]), measure(model, new)))
        first = rng.integers(0, len(ids) - 32, 32)
        window = ids[first + np.arange(33)[:, None]]  # (33, 32)
        done = step / updates
        rule.lr = lr * min(1, 40 * done + 0.05) * (0.51 + 0.5 * np.cos(np.pi * done))
        _, d_scores = train.cross_entropy(model.forward(window[:-1], training=True), window[1:])
        grads = model.backward(d_scores)
        train.clip_norm(grads, 1.0)
        rule.step(grads)
    return np.array(measured)  # (K, 2): seen, held out


# %% [markdown]
# The 4-gram stands at 7.3. Will a network with 64 cells get below it, from the same 10,000 letters? And what will it do *without* dropout? (Both are trained, in about ten seconds.)

# %%
counted = perplexity(words.NGram(seen, V, order=4).chances(held_out))
with_dropout = CharacterModel(V, 64, dropout=0.3, dtype=np.float32)
without = CharacterModel(V, 64, dropout=0.0, dtype=np.float32)
kept, bare = learn(with_dropout, seen, 900), learn(without, seen, 900)
print(f"4-gram {counted:.1f}")
print(f"with dropout: seen {kept[-1, 0]:.1f}, held out {kept[-1, 1]:.1f}")
print(
    f"without: seen {bare[-1, 0]:.1f}, held out {bare[-1, 1]:.1f}, its best {bare[:, 1].min():.1f}"
)
on = measure(with_dropout, held_out, training=True)
print(f"with dropout forgotten on while measuring: {on:.1f}")

# %%
draw.curves(
    {
        "held out, dropout": kept[1:, 1],
        "held out, none": bare[1:, 1],
        "seen, dropout": kept[1:, 0],
        "seen, none": bare[1:, 0],
    },
    {f"4-gram, held out: {counted:.1f}": counted},
    x=np.arange(100, 1000, 100),
    xlabel="update",
    ylabel="perplexity",
    title="Without dropout it learns its text by heart, and gets worse on new text",
    subtitle="LSTM with 64 cells, 10,000 letters; all measured with dropout off.",
)

# %% [markdown]
# With dropout it ends below the counts. Without, its training curve looks far better, and from its best point on it *loses* on new text while it *gains* on
# the old: memorising, seen happening. (And whoever forgets to switch dropout off measures a model with holes in it.) Who watches the training curve only would ship the worse model. (How the two dropouts and the sizes were chosen: on these same held-out letters.
# For a number to publish, a third part of the text would have to stay untouched.)
#
# ## The same in torch, the same curve
#
# `torch.nn.LSTM` is the same function. So from the same weights, with the same batches, the losses must agree, update by update. Four things have to be equal: the start; the optimiser with its `eps`; the precision
# (float64); and the two biases, which both are trained, in both. Mind the shapes: torch's cross-entropy wants the classes on axis 1, so batch and time are flattened together on both sides.

# %%
ours = CharacterModel(V, 32, dropout=0.0)  # float64
table = torch.nn.Embedding.from_pretrained(torch.tensor(ours.embedding.W), freeze=False)
lstm, readout = ours.cell.to_torch(), torch.nn.Linear(32, V, dtype=torch.float64)
readout.weight.data, readout.bias.data = torch.tensor(ours.readout.W), torch.tensor(ours.readout.b)
weights = [*table.parameters(), *lstm.parameters(), *readout.parameters()]
theirs, rule = torch.optim.Adam(weights, lr=0.01, eps=1e-8), train.Adam(ours.parameters, 0.01)
x, target = columns(seen, 16)
state, torch_state, gaps = None, None, []
for step in range(40):
    piece = slice(15 * step, 15 * step + 15)
    loss, d_scores = train.cross_entropy(ours.forward(x[piece], state), target[piece])
    rule.step(ours.backward(d_scores))
    state = ours.cell.last
    states, torch_state = lstm(table(torch.tensor(x[piece])), torch_state)
    torch_state = tuple(s.detach() for s in torch_state)  # the value goes on, the history stops
    scores, answers = readout(states).flatten(0, 1), torch.tensor(target[piece]).flatten()
    torch_loss = torch.nn.functional.cross_entropy(scores, answers)
    theirs.zero_grad(), torch_loss.backward(), theirs.step()
    gaps.append(abs(loss - torch_loss.item()))

# %%
print(f"perplexity after 40 updates: {np.exp(loss):.2f} ours, {torch_loss.exp():.2f} torch")
print("largest difference of the losses below 1e-8:", max(gaps) < 1e-8)
sure_and_right, answers = torch.eye(V), torch.arange(V)  # probabilities, handed in as scores
twice = torch.nn.functional.cross_entropy(sure_and_right, answers)
print(f"two softmaxes, at best: loss {twice:.3f}, perplexity {twice.exp():.2f}")
print(f"ln(1 + (V - 1) / e) = {np.log(1 + (V - 1) / np.e):.3f}")

# %% [markdown]
# State carried, gradient cut, Adam: the two do the same. From here on torch may do the heavy lifting, and you know what it does.
#
# The last lines are a number to recognise. A cross-entropy applies the softmax itself. Whoever hands it probabilities applies two, and even a model that is sure and right at every letter cannot get below this perplexity. It looks like slow
# learning, and it is a fingerprint.
#
# ## The race
#
# How good is good? We ran a race and stored it: who gets how low, in how many seconds of computing? All read the same text and are scored on the same 5,000 windows of 32 letters, each from a fresh
# state. *Small*: our 10,000 windows for training. *Full*: the rest of the collection too. (As in the chapter
# below, the last small window reaches 32 letters into the scored text. That is a leak, if a tiny one, and the same for all.) Beside ours runs a network trained the way a well-known textbook chapter does it (chapter 9 of *Dive into Deep
# Learning*), written anew: 32 tanh units, one-hot letters, plain SGD with rate 1, batches of 1,024 windows.

# %%
stored = data.results("11_charlm")


def runs(race, name):
    """[(seconds (K,), perplexity (K,))] of a contestant, one for each seed."""
    starts = [f"{race}/{name}/{seed}" for seed in range(3)]
    starts = [start for start in starts if f"{start}/seconds" in stored]
    return [(stored[f"{start}/seconds"], stored[f"{start}/perplexity"]) for start in starts]


numpy, bold, older = "ours, NumPy", "ours, torch", "chapter 9"
lines = {}  # race: (name in the file, label, colour, style)
lines["small"] = [(older, "chapter 9's way", "muted", "-")]
lines["small"] += [(f"sprint, {numpy}", "NumPy, for speed", "hidden", "-")]
lines["small"] += [(f"small, {numpy}", numpy, "hidden", "-")]
lines["small"] += [(f"small, {bold}", bold, "cell", "--")]
lines["full"] = [(older, "chapter 9's way", "muted", "-")]
lines["full"] += [(f"full, 120 s, {numpy}", numpy, "hidden", "-")]
lines["full"] += [(f"full, 120 s, {bold}", bold, "cell", "--")]

# %%
title = "At full length ours end below the counts, chapter 9's way above them"
note = "Every seed a line. Scored on the same 5,000 windows, dropout off."
figure, panels = draw.axes(title, note, "CPU seconds", "perplexity", 2, sharex=True, height=7.4)
for ax, race, levels in zip(panels, lines, ((6, 14), (4, 9)), strict=True):
    for name, label, role, style in lines[race]:
        for seconds, values in runs(race, name):
            ax.plot(seconds[1:], values[1:], style, color=draw.COLOURS[role], lw=1.4)
        if "sprint" in name:
            ax.text(0.06, 8.4, label, color=draw.TEXT[role])
        else:
            draw.label_end(ax, seconds[-1], values[-1], label, role)
    for name in ("bigram", "4-gram") if race == "small" else ("5-gram",):
        level = float(stored[f"{race}/{name}"])
        ax.axhline(level, color=draw.COLOURS["muted"], lw=1.2, ls=":")
        at = {"x": 140, "ha": "right"} if name == "bigram" else {"x": 0.055}
        ax.text(y=level + 0.1, s=f"{name}: {level:.2f}", color=draw.TEXT["muted"], **at)
    draw.panel(ax, race)
    ax.set(xscale="log", xlim=(0.05, 150), ylim=levels)
    ax.set_xticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
draw.picture(figure, "Perplexity against CPU time: in full runs ours end below the n-grams.")

# %%
for race in ("small", "full"):
    counts = (f"{name} {stored[f'{race}/{name}']:.2f}" for name in ("bigram", "4-gram", "5-gram"))
    print(f"{race}: {', '.join(counts)}")
    for name, label, *_ in lines[race]:
        each = runs(race, name)
        best = np.median([values.min() for _, values in each])
        whole = np.median([seconds[-1] for seconds, _ in each])
        to_nine = np.median([seconds[(values <= 9.0).argmax()] for seconds, values in each])
        print(f"   {label:17} best {best:.2f} in {whole:5.1f} s, 9.0 after {to_nine:.2f} s", end="")
        level = min(stored[f"{race}/4-gram"], stored[f"{race}/5-gram"])
        passed = [seconds[(values < level).argmax()] for seconds, values in each]
        print(f", passed the counts after {np.median(passed):.1f} s" if best < level else "")

# %% [markdown]
# Counts are strong rivals. From the larger text the 5-gram has gained far more than the plain network, and ours need a minute, more or less, to pass it. Beside the LSTM, ours has an optimiser that gives every weight its own
# step (Adam), a learning rate that falls, and mostly dropout. (*9.0 after*: the first stored score at or below 9.0. In the full race a score was taken every six seconds, after every epoch for chapter 9's way.)
#
# | what is unequal | chapter 9's way | ours |
# |---|---|---|
# | size | 32 tanh units | 64 to 256 LSTM cells |
# | one update | 1,024 windows of 32 | 32 windows of 32 (small) or 48 (full) |
# | recipe | the chapter's, made for another text | chosen on the scored windows |
# | seeds | 3 (small), 1 (full) | the same |
#
# So it is a race of whole ways, not of cells. The chapter's own figures are for another text and are not quoted. All of it can be run again: `benchmarks/charlm.py`.
#
# **Characters or words?** A perplexity is *per symbol*. A model of words guesses among thousands at each step, a model of characters six times among 27. Compare the total surprise over the same text:
# per word, the surprises of its letters (and the space) add up, so perplexities are *raised to the power* of the letters a word.

# %%
full = float(min(values.min() for _, values in runs("full", f"full, 120 s, {bold}")))
per_word = len(text) / len(text.split())
print(f"{per_word:.2f} characters a word, the space included")
print(f"perplexity {full:.2f} a character is {full**per_word:,.0f} a word")
print(f"and {np.log2(full):.2f} bits a character")

# %% [markdown]
# ## Let it write
#
# A model that knows what comes next can write: draw the next letter by its chances, feed it back, and again. The state goes round with it. Two knobs act on the chances before the draw:
#
# - **temperature** $\tau$ divides the scores: $p = \operatorname{softmax}(s / \tau)$. Below 1 the likely gain, above 1 all come nearer to each other;
# - **top-k** keeps the $k$ likeliest symbols, and scales them up to a sum of 1.
#
# First by hand, on what the model expects after "the prime minis".


# %%
def softmax(scores, temperature=1.0):
    e = np.exp((scores - scores.max()) / temperature)
    return e / e.sum()


def top_k(p, k):
    kept = np.where(p >= np.sort(p)[-k], p, 0.0)
    return kept / kept.sum()


beginning = np.searchsorted(symbols, list("the prime minis"))[:, None]
scores = with_dropout.forward(beginning)[-1, 0].astype(float)
for temperature in (0.5, 1.0, 2.0):
    p = softmax(scores, temperature)
    likely = ", ".join(f"{symbols[i]!r} {p[i]:.0%}" for i in np.argsort(-p)[:4])
    print(f"temperature {temperature}: {likely}; ten likeliest {np.sort(p)[-10:].sum():.0%}")
p = softmax(scores)
print("top-3:", ", ".join(f"{symbols[i]!r} {top_k(p, 3)[i]:.0%}" for i in np.argsort(-p)[:4]))

# %% [markdown]
# **Something of our own, within a minute.** We take the names out of the news: words with a capital letter, from the middle of sentences, that never occur without it. One name a line, about 1,200 of them. A model with 64 cells learns them (some four seconds), and
# invents new ones. The line break is its end sign: whoever draws it has finished a name.

# %%
raw = "\n".join(reports)
small = set(re.findall(r"\b[a-z]+\b", raw))
names = {name.lower() for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", raw)} - small
names = sorted(names)
np.random.default_rng(0).shuffle(names)
signs = sorted(set("".join(names)) | {"\n"})
lines_of_names = np.searchsorted(signs, list("\n".join(["", *names, ""])))
split = int(0.9 * len(lines_of_names))
namer = CharacterModel(len(signs), 64, dropout=0.3, dtype=np.float32)
curve = learn(namer, lines_of_names[:split], 600, new=lines_of_names[split:])
print(f"{len(names):,} names, such as", ", ".join(name.title() for name in names[:5]))
print(f"perplexity on names held out: {curve[-1, 1]:.1f}, even guess {len(signs)}")


# %%
def write(model, signs, start, length, temperature=1.0, k=None, seed=0, stop=None):
    rng, state, said = np.random.default_rng(seed), None, ""
    heard = start
    while len(said) < length:
        numbers = np.array([[signs.index(sign)] for sign in heard])  # (T, 1)
        scores = model.forward(numbers, state)[-1, 0].astype(float)
        state = model.cell.last  # h and c come back in
        p = softmax(scores, temperature)
        p = p if k is None else top_k(p, k)
        heard = signs[rng.choice(len(signs), p=p)]  # and so does what it has just said
        if heard == stop:
            break
        said += heard
    return said


# %% tags=["nbval-ignore-output"]
for temperature in (0.3, 0.7, 1.0, 1.5):
    made = [write(namer, signs, "\n", 15, temperature, seed=seed, stop="\n") for seed in range(40)]
    new = [name for name in dict.fromkeys(made) if name not in names and len(name) > 3]
    known = sum(name in names for name in made)
    print(f"temperature {temperature}: {', '.join(name.title() for name in new[:8])}")
    print(f"   of 40: {len(set(made))} different, {known} stand in the list")

# %% [markdown]
# The first sign is always the same, a line break, and nearly every name is another: *the state fixes the distribution, the draw fixes the letter.* Cold, it keeps to safe syllables; hot, it stumbles. Next to none of the names stands in the list: it learned how names are
# built. Taking the likeliest letter each time would give one single name for ever. (A name invented here may still belong to somebody. And the draws differ a little from machine to machine, for the training does.)
#
# ## A page of news
#
# For a text with capitals, quotes and line breaks it takes longer: 144 cells, trained for some four minutes on nine tenths of the collection, stored. The columns and the carried state are those that you built. The weights go into our own class.

# %%
stored = data.results("11_letters")
marks = stored["symbols"].tolist()
reader = CharacterModel(len(marks), 144, dropout=0.0, width=24)
for name, values in reader.parameters.items():
    values[...] = stored[name]

pages = [textwrap.fill(report, 44, break_on_hyphens=False) + "\n\n" for report in reports[270:]]
page = "".join(mark if mark in marks else "~" for mark in "".join(pages))  # ~: too rare
page_ids = np.searchsorted(marks, list(page))
print(f"{len(marks)} symbols; perplexity on 30 reports held out: {measure(reader, page_ids):.2f}")
made = "The " + write(reader, marks, "\n\nThe ", 400, temperature=0.7, seed=3)
print(f"its longest line: {max(map(len, made.split(chr(10))))} symbols\n")
print(textwrap.fill(made, 80))


# %% [markdown]
# Words, sentences, names, quotes, and no sense: it knows how news *look*. (We broke its lines for print. Its own run on and on: to end a line after 44 symbols one has to count, and it does not. We come back to that.)
#
# Turn the knobs: temperature, top-k, another draw. (Without a kernel you see a still picture.)


# %% tags=["nbval-ignore-output"]
def next_scores(i, state):
    scores = reader.forward(np.array([[i]]), state)[-1, 0]
    return scores, reader.cell.last


play.temperature(next_scores, marks, start="\n\nThe ", temperature=0.7)

# %% [markdown]
# ## Does a unit track something?
#
# Karpathy (2015) found single cells in such networks that follow a quotation, or the length of a line. How does one *find* such a cell, and how does one know that it is none of the many that look like it by chance? With 144 cells and a
# short text, some cell agrees with anything. So: choose the cell on one half of the text, and **measure it on the other half**; and run a **control**.
#
# First where it *must* be: a made-up text in which nothing can be predicted but the brackets. Six letters at random, and one symbol in ten is a bracket: "(" outside, ")" inside. To know which, one has to remember.


# %%
def bracketed(n, seed):
    rng = np.random.default_rng(seed)
    bracket = rng.random(n) < 0.1
    inside = np.cumsum(bracket) % 2 == 1  # after this symbol
    return np.where(bracket, np.where(inside, 6, 7), rng.integers(0, 6, n)), inside


def best_unit(values, label):
    """Chosen on columns 0 to 3, measured on columns 4 to 7: the unit, and both correlations."""

    def correlation(part):
        a = values[:, part].reshape(-1, values.shape[-1])
        b = label[:, part].ravel().astype(float)
        a, b = a - a.mean(axis=0), b - b.mean()
        return b @ a / np.sqrt((a**2).sum(axis=0) * (b @ b))

    chosen_on, other = correlation(slice(0, 4)), correlation(slice(4, 8))
    unit = np.abs(chosen_on).argmax()
    return unit, chosen_on[unit], other[unit]


# %%
source, _ = bracketed(60_001, seed=0)
network = CharacterModel(8, 16, dropout=0.0, dtype=np.float32)
rule, state = train.Adam(network.parameters, 0.02), None
x, target = columns(source, 20)
for start in range(0, len(x), 20):
    piece = slice(start, start + 20)
    _, d_scores = train.cross_entropy(network.forward(x[piece], state), target[piece])
    rule.step(network.backward(d_scores))
    state = network.cell.last
test, inside = bracketed(20_001, seed=1)
reached = measure(network, test)
network.forward(columns(test, 8)[0])  # now the states are in network.states
floor = np.exp(-0.1 * np.log(0.1) - 0.9 * np.log(0.9) + 0.9 * np.log(6))
label = columns(inside, 8)[0]
unit, on_chosen, on_other = best_unit(network.states, label)
moved = [np.roll(label, shift, axis=0) for shift in range(200, 2200, 200)]
shifted = max(abs(best_unit(network.states, other)[2]) for other in moved)
print(f"perplexity {reached:.1f}, the source's {floor:.1f}")
print(f"best unit: correlation {abs(on_chosen):.2f} where chosen, {abs(on_other):.2f} on the rest")
print(f"control, labels from elsewhere in the text, ten times: at most {shifted:.2f}")


# %%
def plot_unit(string, values, shaded, title, note, alt):
    figure, ax = draw.axes(title, note, xlabel="the text", ylabel="value of the unit", height=3.0)
    for t in np.flatnonzero(shaded):
        ax.axvspan(t - 0.5, t + 0.5, color=draw.COLOURS["now"], lw=0)
    ax.plot(values, "o-", ms=3, color=draw.COLOURS["hidden"], lw=1.5)
    ax.set_xticks(range(len(string)), list(string.replace("\n", "¶")), family="monospace")
    ax.tick_params(axis="x", length=0)
    return draw.picture(figure, alt)


shown = slice(100, 160)  # of column 4
string = ["abcdef()"[i] for i in columns(test, 8)[0][shown, 4]]
values = network.states[shown, 4, unit] * np.sign(on_chosen)
title = "One unit knows whether a bracket is open"
note = f"Unit {unit} of 16, on text not used to choose it; shaded: within brackets."
alt = f"The unit is high within brackets and low outside; correlation {abs(on_other):.2f}."
plot_unit("".join(string), values, label[shown, 4], title, note, alt)

# %% [markdown]
# Nobody asked for such a unit. Predicting the next symbol is the whole task, the bracket is what it takes, and one unit shows it. (Whether the network *uses* this
# unit, a correlation does not tell.)
#
# **And in the news?** Three properties of the held-out page, each searched for in the cells of the trained network, and, as a control, in an *untrained* one of the same size.


# %%
def since(text, stops):
    """How many symbols ago one of these stood."""
    found, n = [], 0
    for mark in text:
        n = 0 if mark in stops else n + 1
        found.append(n)
    return np.array(found)


labels = {
    "letters since the word began": since(page, " \n"),
    "symbols since the line began": since(page, "\n"),
    "within quotes": np.concatenate([np.cumsum([m == '"' for m in one]) % 2 for one in pages]),
}

# %%


def cells_on(model, ids):
    """Every cell at every symbol, read in 8 columns, piece by piece: (T, 8, H)."""
    x, state, found = columns(ids, 8)[0], None, []
    for start in range(0, len(x), 500):
        model.forward(x[start : start + 500], state)
        state = model.cell.last
        found.append(model.cell.cell_states.astype(np.float32))
    return np.concatenate(found)


# %%
untrained, best = CharacterModel(len(marks), 144, dropout=0.0, width=24), {}
c, control = cells_on(reader, page_ids), cells_on(untrained, page_ids)
for name, label in labels.items():
    label = columns(label, 8)[0]
    unit, chosen, other = best[name] = best_unit(c, label)
    told = f"{abs(chosen):.2f} where chosen, {np.sign(chosen) * other:.2f} on the rest"
    print(f"{name}: {told}; untrained {abs(best_unit(control, label)[2]):.2f}")

name, shown = "letters since the word began", slice(299, 359)
unit, chosen, _ = best[name]
string = "".join(marks[i] for i in columns(page_ids, 8)[0][shown, 5])  # column 5: not used
between = columns(labels[name], 8)[0][shown, 5] == 0
title = "In the news one cell mostly climbs along words and falls between"
note = f"Cell {unit} of 144 (its sign chosen), held-out text; shaded: between words."
alt = "The cell's value mostly rises from letter to letter within words and falls after them."
plot_unit(string, np.sign(chosen) * c[shown, 5, unit], between, title, note, alt)

# %% [markdown]
# Read the table line by line.
#
# - A cell that counts along the **word** is found, holds on the other half, and beats the untrained network: it was learned.
# - The place in the **line**: the *untrained* network has a better cell than the trained one. Any network moves for a while after a line break, and such a drift agrees with a count. Without this control the trained network's small number, or the
#   untrained one's larger one, might have been told as a discovery.
# - **Quotes**: where the cell was chosen it looks like something; on the other half nothing is left. In 330,000 letters there are a thousand quotation marks, some of them never closed. Karpathy's networks were larger and read far more.
#
# To find a unit is easy. To find it twice is a result. (And tracking is not yet *using*: lesson 10 switched units off to see.)
#
# ## Break it
#
# Ask the reader about something far away. It was trained in pieces of 64 letters; the report's first sentence is out of reach for its credit, and hardly anything in the loss asks for it: most letters can be told from the last few. Perplexity is a mean
# over *all* letters, and the letters that need a long memory are few. In lesson 10's story that one word, the right address, was the whole point, and it hardly moves this number. A good perplexity says that a model knows what is frequent.
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** Two models, perplexity 4.5 and perplexity 300: which is better?
# <details><summary>Answer</summary>One cannot say before one knows: per character or per word, on the same text or not, seen in training or held out.</details>
#
# **2.** What must hold for a state to be carried from one batch to the next?
# <details><summary>Answer</summary>Row i of the next batch goes on where row i of this one stopped. And its gradient is cut at the border, its value is not.</details>
#
# **3.** What does a high temperature change, and where does it act?
# <details><summary>Answer</summary>It divides the scores before the softmax, so the chances come nearer to each other: bolder, with more mistakes. The model itself does not change.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/11_language_models_exercises.ipynb): thirteen. You write perplexity, a bigram, the columns, the measuring of a stream, temperature, top-k and the loop that
# writes, and you learn to distrust some numbers.
#
# ## To read on
#
# - C. E. Shannon (1951), *Prediction and entropy of printed English*, Bell System Technical Journal 30, 50–64: the guessing game, played with people.
# - I. H. Witten, T. C. Bell (1991), *The zero-frequency problem*, IEEE Transactions on Information Theory 37, 1085–1094: the smoothing that we used.
# - T. Mikolov, M. Karafiát, L. Burget, J. Černocký, S. Khudanpur (2010), *Recurrent neural network based language model*, Interspeech, 1045–1048.
# - A. Karpathy (2015), *The unreasonable effectiveness of recurrent neural networks*, [a blog post](http://karpathy.github.io/2015/05/21/rnn-effectiveness/): texts, and cells that track something.
