# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "04", title: "Unrolling", part: "I · Memory", minutes: 35}
# ---

# %% [markdown]
# # Unrolling
#
# **A loop goes round and round, once for every word. How can we see all its rounds at once?**
#
# *A girl walked into a bar, and she said: can I have a drink please? The bartender said: certainly, ...* Nineteen times the same layer has to act
# before the next word can be chosen. In the drawing of lesson 03 that is one arrow that bites its own tail.
# So we draw the layer once for every word, side by side, and let the arrow run to the right. This lesson is about what the
# picture shows, and about what it seems to show and does not.

# %%
import numpy as np

from rnncourse import cells, check, draw, play

story = (
    "A girl walked into a bar and she said can I have a drink please the bartender said certainly"
)
words = story.split()
rng = np.random.default_rng(4)
vocabulary = sorted({*story.lower().split(), "boy", "he"})
vector = {word: rng.normal(0, 0.8, 4).round(1) + 0 for word in vocabulary}
x = np.array([vector[word.lower()] for word in words])
layer = cells.RNN(input_size=4, hidden_size=4, seed=1)  # the layer of lesson 03, random weights

print(f"{len(words)} words; x has shape {x.shape}")
for word in ("a", "girl", "walked"):
    print(f"{word:7}", vector[word])
draw.unrolled(layer, x[:6], words=words[:6])

# %% [markdown]
# (The four numbers of a word are drawn at random, once, and then kept: for now they tell words apart and mean nothing. Where meaningful ones come
# from is lesson 09. The weights are random, too: how to find good ones is lesson 05. The $b$ in the picture is both biases, added up.)
#
# ## What you will be able to do
#
# - **read** the picture, and say what in it is one thing drawn many times;
# - **write** the loop for a whole batch, and **recognise** when its axes are exchanged;
# - **choose** what to read: every state, the last one, or the network's own voice;
# - **carry** a state from piece to piece, and **mask** what is only padding.
#
# ## First, one question on lesson 03
#
# A layer has 4 inputs and 4 units, and reads 19 words. Which of these numbers occur in the shape of $W_{hh}$?
#
# <details><summary>Think first, then open the answer.</summary>
#
# Only the number of units: $W_{hh}$ is (4, 4), units × units. That there are as many inputs is an accident here, and
# the 19 occurs nowhere. Units are the width of the memory, steps are how often it is used.
#
# </details>
#
# ## Predict
#
# {{question same_word_twice}}

# %%
guess = ...  # a letter in quotes, such as "a"
check.same_word_twice.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (35 minutes).** Picture, retrieval, guess 5 · one word at a time 4 · one F, the names 6 · the loop, axes 5 ·
# three forms 5 · pieces 2 · padding and masks 5 · paper, torch 2 · the swapped word 1. The exercises take another 45; with one hour in all, set
# `first_output_name`, `unroll_layer`, `talking_samples`, `same_weights` and `last_real_state`.
#
# **On the board.** One card with an F on it, and six people in a row. Each holds a word. The *one* card walks along the row, and with it a
# slip of paper, the state, on which each person writes the new one over the old. Then ask: how many cards? This undoes "T copies, T times
# the weights" better than a sentence does.
#
# **Listen for** "epoch" where somebody means a step. A step is one tick inside a sentence; an epoch is one reading of all sentences.
#
# **Likely question.** "Why is it called h0 there and output[0] here?" Let them fill the table of names themselves before you show it.

# %% [markdown]
# ## Build it: one word at a time
#
# Unrolled or not, what happens is this: hear a word, add what the delay block holds, bend, put the result into the delay block. In a line,
# with tanh: $h_t = \tanh(x_t W_{ih}^\top + b_{ih} + h_{t-1} W_{hh}^\top + b_{hh})$.
#
# (`linear` is there for later. It leaves the bend out.)

# %%
BENDS = {"tanh": np.tanh, "sigmoid": lambda a: 1 / (1 + np.exp(-a)), "linear": lambda a: a}


def step(layer, x_t, h):
    a = x_t @ layer.W_ih.T + layer.b_ih + h @ layer.W_hh.T + layer.b_hh
    return BENDS[layer.nonlinearity](a)


h, states = np.zeros(4), []
for t, word in enumerate(words[:6]):
    held, h = h, step(layer, x[t], h)
    states.append(h)
    print(f"t = {t}  {word:7} held {held.round(2)!s:27} out {h.round(2)}")
print(f"the two states of 'a' lie {np.linalg.norm(states[4] - states[0]):.2f} apart")
title = "The word “a” comes twice, with one vector. It leaves two states"
draw.unrolled(layer, x[:6], words=words[:6], now=4, title=title)

# %% [markdown]
# Each line's *held* is the *out* of the line above. Step 4 hears the same four numbers as step 0. It holds something else, so it gives something else: a
# **word in context**. Lesson 10 makes much of this.
#
# And the lit step had to *wait*. $h_4$ needs $h_3$, which needs $h_2$: the columns stand side by side in the picture, and are computed one after the other. (Such a column is a *step*: one tick inside a sequence. It is not an *epoch*, which is one reading of all sequences.)
#
# ## One F, drawn many times
#
# {{question same_weights}}

# %%
guess = ...  # two numbers, such as [100, 200]
check.same_weights.guess(guess)

# %% [markdown]
# If the six F are one, then a change to *one* must be a change to *all*. Make a list of six layers as the picture has it; change one number in
# the one that belongs to "into", and look at the others, and at the states.

# %%
drawn = [layer] * 6  # six names for one thing


def states_of(layers):
    h, states = np.zeros(4), []
    for F, x_t in zip(layers, x, strict=False):
        h = step(F, x_t, h)
        states.append(h)
    return np.array(states)


before = states_of(drawn)
drawn[3].W_hh[0, 1] += 0.5  # "into"
moved = np.abs(states_of(drawn) - before).max(axis=1)
print("W_hh[0, 1] is the same number in all six:", len({F.W_hh[0, 1] for F in drawn}) == 1)
print("largest change of the state, word by word:", moved.round(3))
drawn[3].W_hh[0, 1] -= 0.5

# %% [markdown]
# The state of the *second* word has moved, two words before the F that was changed. (The first has not: its delay block holds zeros, and zero times any weight is zero.)
#
# So the length of the sequence costs computing, and no parameters. There is a way to lose this. People sometimes join all the states to one long row of $T \cdot H$ numbers
# and put one readout on it. Compare.

# %%
in_layer = sum(weights.size for weights in layer.parameters.values())
print("        T   layer   readout at each step   readout of all states joined")
for T in (10, 11, 1000):
    print(f"{T:9,} {in_layer:7} {4 + 1:22} {T * 4 + 1:30,}")

joined = rng.normal(size=(1, 10 * 4))  # made for ten words
try:
    states_of([layer] * 11).reshape(-1) @ joined.T
except ValueError:
    print("eleven words: 44 numbers do not fit a readout made for 40")

# %% [markdown]
# The joined readout is bound to one length, and has a weight for "unit 2 at the seventh word". A readout that is used *at each step* is shared over time, as the layer is.
#
# ## Which h0?
#
# The diagram that one meets everywhere writes $h_0$ at the arrow that leaves the first F. In code, `h0` is something else. The table has both:
#
# | | in the diagram | in our formula | in the picture above | in torch |
# |---|---|---|---|---|
# | what the delay block holds before the first word | not drawn | $h_{-1}$ | "held at the start" | `h0`, shape (1, B, H), B sentences at once; zeros if left out |
# | the output after the first word, "A" | $h_0$ | $h_0$ | $h_0$ | `output[0]` |
# | the output after word $t$ | $h_t$ | $h_t$ | $h_t$ | `output[t]` |
# | the output after the last word | the last $h$ | $h_{T-1}$ | the last $h$ | `output[-1]`, and once more as `h_n[0]` |
#
# From here on `h0` in code means what torch means: what goes *in*. (The 1 in its shape counts layers, stacked upward: `num_layers`, lesson 08. Steps run sideways. Their number is read from the data and never set.) Ask torch whether the table is right.

# %%
import torch

rnn = layer.to_torch()  # a torch.nn.RNN with our weights
start = np.array([0.9, -0.9, 0.5, 0.0])
with torch.no_grad():
    output, h_n = rnn(torch.tensor(x[:, None]), torch.tensor(start).reshape(1, 1, 4))

first = step(layer, x[0], start)  # "A", with `start` in the delay block
print("output", tuple(output.shape), " h_n", tuple(h_n.shape))
print("output[0] is the state after the first word:", np.allclose(output[0, 0], first))
print("output[0] is what went in as h0:            ", np.allclose(output[0, 0], start))
print("h_n[0] is output[-1]:                       ", np.allclose(h_n[0], output[-1]))

# %% [markdown]
# ## The loop, for a whole batch
#
# Many sentences can go through side by side. One sentence is $(T, D)$; a **batch** of $B$ sentences is $(T, B, D)$: time first, then the sentence, then the features.
#
# | | one sentence | a batch |
# |---|---|---|
# | `x` | (T, D) | (T, B, D) |
# | `x_t`, one turn of the loop | (D,) | (B, D): word $t$ of every sentence |
# | the state | (H,) | (B, H): one row a sentence |
# | all states | (T, H) | (T, B, H) |
#
# `for x_t in x` walks along the first axis. That is why time comes first: the loop needs no index.


# %%
def unroll(layer, x, h0=None):
    h = np.zeros((*x.shape[1:-1], len(layer.W_hh))) if h0 is None else h0
    states = []
    for x_t in x:
        h = step(layer, x_t, h)  # a new array each time
        states.append(h)
    return np.array(states)  # h0 is not among them


three = ["A girl walked into a bar", "A boy walked into a bar", "please have a drink she said"]
rows = [[vector[word] for word in sentence.lower().split()] for sentence in three]
batch = np.array(rows).transpose(1, 0, 2)  # from (B, T, D) to (T, B, D)
together = unroll(layer, batch)
alone = [unroll(layer, batch[:, k]) for k in range(3)]
print(f"x {batch.shape}, states {together.shape}")
print("side by side is the same as one by one:", np.allclose(together, np.stack(alone, axis=1)))
print("and as the package's loop:             ", np.allclose(together, layer.forward(batch)))

# %% [markdown]
# The rows share the weights, and never hear each other. Unless:
#
# {{question talking_samples}}

# %%
guess = ...  # a letter in quotes
check.talking_samples.guess(guess)

# %%
five = np.random.default_rng(5).normal(size=(5, 7, 4))  # 5 sentences of 7 words: batch first
changed = five.copy()
changed[0] += 1.0  # sample 0, and no other
moved = np.abs(unroll(layer, changed) - unroll(layer, five)).max(axis=(1, 2))
print("read as it lies:      samples 0 to 4 move by", moved.round(2))

turned, turned_changed = five.transpose(1, 0, 2), changed.transpose(1, 0, 2)
moved = np.abs(unroll(layer, turned_changed) - unroll(layer, turned)).max(axis=(0, 2))
print("axes exchanged first: samples 0 to 4 move by", moved.round(2))
print("reshape does what transpose does:", np.array_equal(turned, five.reshape(7, 5, 4)))

one_step = five.transpose(2, 0, 1)[:1]  # (1, 5, 7): seven steps of a feature as inputs of ONE step
other = cells.RNN(input_size=7, hidden_size=4, seed=2)
before = unroll(other, one_step)
other.W_hh *= -3
print("one step, another W_hh: states change by", np.abs(unroll(other, one_step) - before).max())

# %% [markdown]
# Three mistakes that raise no error:
#
# - **Axis 0 taken for time.** Sample 0 was changed, and all others moved. This is the test to run on any new network: *does row i stay put when row j changes?*
# - **`reshape` for `transpose`.** The shape is right, and the words lie in other sentences.
# - **Steps put where the features are.** With one step from a state of zeros there is nothing to remember: $W_{hh}$ may be anything.
#
# ## Three things to read
#
# The states are all there. What is read of them makes the kind of network:
#
# | form | goes in | comes out | such as |
# |---|---|---|---|
# | **many to many** | a sequence | one answer a step: readout of *every* state | is the next word a verb? |
# | **many to one** | a sequence | one answer: readout of the *last* state | is the review good or bad? |
# | **one to many** | one input | a sequence: each output is the next input | writing, a melody |
#
# Here is each with weights set by hand. The first cell: the shift register of lesson 03 (it holds this input and the one before), and one unit that adds up.
# The second cell: the register again, read with $y_t = x_t + x_{t-1}$, and the answer goes back in as the next input. One number goes in, a 1. What will come
# out? And what, if only the answer goes back in, and the state is forgotten?


# %%
def hand_set(W_ih, W_hh):
    made = cells.RNN(len(W_ih[0]), len(W_hh), nonlinearity="linear")
    made.W_ih, made.W_hh, made.b_ih, made.b_hh = W_ih, W_hh, 0 * made.b_ih, 0 * made.b_hh
    return made


register = hand_set([[1.0], [0.0]], [[0.0, 0.0], [1.0, 0.0]])
adder = hand_set([[1.0]], [[1.0]])
height = np.array([3.0, 5, 4, 9, 9])[:, None]
change = unroll(register, height) @ np.array([1.0, -1.0])  # a readout of every state
print("many to many, the change from step to step:", change)
for bill in ([4.0, 2.5], [1.0, 1, 1, 1, 1]):
    print(
        f"many to one, the sum of {len(bill)} numbers:", unroll(adder, np.array(bill)[:, None])[-1]
    )


# %%
def generate(layer, W_ho, first, steps, keep_state=True):
    x_t, h, outputs = np.array([first]), np.zeros(len(layer.W_hh)), []
    for _ in range(steps):
        h = step(layer, x_t, h if keep_state else 0 * h)
        x_t = h @ W_ho.T  # the output, and the next input
        outputs.append(x_t.item())
    return outputs


W_ho = np.array([[1.0, 1.0]])
print("one to many:        ", *(f"{y:.0f}" for y in generate(register, W_ho, 1.0, 12)))
forgets = generate(register, W_ho, 1.0, 12, keep_state=False)
print("without the state:  ", *(f"{y:.0f}" for y in forgets))

# %% [markdown]
# (The first change is 3, because the register starts with zeros.) The adder has the same weights for two numbers and for five. And the register says Fibonacci's numbers, from two units. *Two* things go from step to step: the output, by way of the input, and the state. A program that writes text and forgets to hand on the state has
# a memory of one letter.
#
# ## A state can be handed over
#
# Where a sentence ends, nothing forces the state to end. `unroll` takes a state in, as `h0`; what it hands back includes the last one. So a long sequence can be
# cut into pieces. Two pieces of the story: up to "please", and the bartender's part.

# %%
x_first, x_second = x[:15], x[15:]
whole = unroll(layer, x)
first = unroll(layer, x_first)
carried = unroll(layer, x_second, h0=first[-1])
reset = unroll(layer, x_second)
drawn_anew = unroll(layer, x_second, h0=np.random.default_rng(6).normal(size=4))

print("carried, largest difference from the whole run:", np.abs(carried - whole[15:]).max())
for name, run in (("reset to zeros", reset), ("start drawn at random", drawn_anew)):
    off = np.linalg.norm(run - whole[15:], axis=1)
    print(f"{name:22} off by", *(f"{w} {d:.3f} " for w, d in zip(words[15:], off, strict=True)))

# %% [markdown]
# - **Carried**: no difference at all. The state is everything that the past has left.
# - **Reset** between the pieces: the second begins without the first. That is right between two *stories*, and wrong in the middle of one.
# - **Drawn at random** each time: the same words, other states at each run. A start is zeros, or something learned; never a new draw.
#
# There is one state for each row of a batch. It lives as long as that row's sequence does: not one step, and not for ever.
#
# ## Padding
#
# Sentences of several lengths do not fill an array. So the short ones are filled up with zeros at the end.
#
# {{question padding_harmless}}

# %%
guess = ...  # a letter in quotes
check.padding_harmless.guess(guess)

# %%
sentences = ["A girl walked into a bar", "she said certainly", "can I have a drink please"]
sentences += ["the bartender said can she have a drink"]
lengths = np.array([len(sentence.split()) for sentence in sentences])
T, B = 12, len(sentences)
padded = np.zeros((T, B, 4))
for k, sentence in enumerate(sentences):
    padded[: lengths[k], k] = [vector[word] for word in sentence.lower().split()]
moving, k = unroll(layer, padded), np.arange(B)
after = np.array([moving[lengths - 1 + n, k] for n in range(5)])  # n zeros after the last word
away = np.linalg.norm(after - after[0], axis=-1)
apart = np.linalg.norm(after - after.mean(axis=1, keepdims=True), axis=-1).mean(axis=1)
for n in (0, 1, 2, 4):
    print(f"{n} zeros: moved by {away[n].round(2)!s:21}; {apart[n]:.2f} from their common mean")
title, note = "Padding is not harmless: the state moves on", "Four sentences, four states"
figure, ax = draw.axes(title, note, "steps of padding", "distance from the last real state")
ax.plot(away, "o-", color=draw.COLOURS["hidden"], lw=2)
ax.set(xticks=range(5), ylim=(0, None))
draw.picture(
    figure, f"After one zero the states are {away[1].min():.1f} to {away[1].max():.1f} away."
)

# %% [markdown]
# A zero input is an input: $W_{hh}$, the biases and the bend go on. And look at the printed lines: four sentences had left four different states, and now they are closer to each other. In this layer, what
# a state tells is more and more "there were zeros". Two cures, and both need the **lengths**.
#
# **Read at the right place.** The last state of sequence $k$ is `states[lengths[k] - 1, k]`, and not `states[-1, k]`.
#
# **Let time stand still.** A **mask** says which steps are real. Where a step is not, the old state is kept. Then `states[-1]` is the last *real* state of all.


# %%
def length_mask(lengths, T):
    return np.arange(T)[:, None] < lengths  # (T, B): a column of steps against a row of lengths


def unroll_masked(layer, x, mask):
    h, states = np.zeros((x.shape[1], len(layer.W_hh))), []
    for x_t, real in zip(x, mask, strict=True):
        h = np.where(real[:, None], step(layer, x_t, h), h)
        states.append(h)
    return np.array(states)


mask = length_mask(lengths, T)
still = unroll_masked(layer, padded, mask)
alone = [unroll(layer, padded[:length, k])[-1] for k, length in enumerate(lengths)]
print("masked, states[-1] is each sentence's own last state:", np.allclose(still[-1], alone))
print("read at lengths - 1:", np.allclose(moving[lengths - 1, np.arange(B)], alone))
print("states[-1] without a mask:", np.allclose(moving[-1], alone))
print("as the package's loop with a mask:", np.allclose(still, layer.forward(padded, mask=mask)))

# %% [markdown]
# Where does the mask come from? From the lengths. It is tempting to take "the input is zero" for "the input is padding". Here is a sequence in which a zero *means* something: a coin that fell on 0 or 1. And two more
# ways to go wrong: masking the result and not the loop, and sorting by length (which saves time) without undoing it.

# %%
coins = np.array([[1.0, 0, 0, 1, 0, 1, 1, 0]]).T[:, :, None]  # (8, 1, 1): eight real tosses
hears = cells.RNN(1, 3, seed=3)
from_values = unroll_masked(hears, coins, (coins != 0).any(axis=-1))
from_lengths = unroll_masked(hears, coins, length_mask(np.array([8]), 8))
print("the last of eight tosses, mask from values: ", from_values[-1, 0].round(2))
print("the last of eight tosses, mask from lengths:", from_lengths[-1, 0].round(2))

result_only = moving * mask[:, :, None]
print("mask on the result only, states[-1]:", np.abs(result_only[-1]).max(axis=1).round(2))

order = np.argsort(-lengths, kind="stable")  # the longest first
ran = unroll_masked(layer, padded[:, order], mask[:, order])[-1]
back = np.empty_like(ran)
back[order] = ran  # row 0 of `ran` belongs to sentence order[0]
print("order", order, "; rows that sit with their own sentence:", end=" ")
print("sorted", np.isclose(ran, alone).all(axis=1).sum(), "of 4,", end=" ")
print("put back", np.isclose(back, alone).all(axis=1).sum(), "of 4")

# %% [markdown]
# All three run without an error. The network with the mask from values has never heard a 0. (Packed sequences in torch sort and unsort by themselves with `enforce_sorted=False`.)
#
# ## Turn a knob: walk through the story
#
# Move the slider, and follow the lit path. Try these:
#
# 1. At $t = 0$: what comes from the left? Where is it in the table of names?
# 2. Step from 0 to 1: which numbers move from the top of a column to its right-hand neighbour?
# 3. Compare $t = 0$ and $t = 4$: what is equal, what is not?
#
# Without a running kernel you see a still picture here.

# %% tags=["nbval-ignore-output"]
play.unroll(layer, x[:8], words=words[:8])

# %% [markdown]
# ## A published result: the layered net that does the same
#
# Unrolling stands in the letter to *Nature* that made backpropagation known. Rumelhart, Hinton and Williams (1986) draw in their Figure 5 a recurrent ("iterative") net that is run for three rounds, and
# beside it the *equivalent layered net*: one layer for each round. They name two complications in carrying the learning over from the one to the other. Build it: a plain feed-forward network of 19 layers, each with
# weights of its *own*, which at first hold equal numbers.


# %%
def copy_of(layer):
    twin = cells.RNN(4, 4)
    twin.W_ih, twin.W_hh, twin.b_ih, twin.b_hh = layer.parameters.values()
    return twin  # its own arrays: cells.RNN copies the numbers into them


layered = [copy_of(layer) for _ in words]
print("nineteen layers differ from nineteen rounds by", np.abs(states_of(layered) - whole).max())
print(
    f"parameters: {in_layer} in the recurrent layer, {in_layer * len(layered)} in the layered net"
)

nudges = np.random.default_rng(7).normal(0, 0.1, (19, 4, 4))  # each layer wants another change
for told, wanted in (("its own nudge", nudges), ("the mean nudge", [nudges.mean(axis=0)] * 19)):
    for F, nudge in zip(layered, wanted, strict=True):
        F.W_hh = layer.W_hh + nudge
    apart = np.ptp([F.W_hh for F in layered], axis=0).max()
    print(f"each changed by {told:14}: the copies differ by up to {apart:.2f}")

# %% [markdown]
# | | Rumelhart, Hinton, Williams 1986, Figure 5 | ours |
# |---|---|---|
# | equivalent net | one layer for each time step; three rounds drawn | one layer for each word; 19 rounds computed, difference 0 |
# | first complication | the outputs of every step have to be stored | `states` is that store: the backward pass of lesson 05 needs all of it |
# | second complication | corresponding weights must stay equal; the paper changes them all by the *average* of their gradients | equal copies stay equal only if all get the same change |
#
# *What is unequal.* Their figure is a drawing, and ours a computation. Our nudges are random numbers, for
# there is no gradient yet. Today one *adds up* the steps' gradients instead of averaging them; that differs by the factor $T$, which the learning rate can take over.
#
# So the copies of the picture are a way of *seeing*. In the machine there is one set of weights, and T gradients meet in it before it is changed once.
#
# ## What torch calls it
#
# `torch.nn.RNN` is our loop; `pack_padded_sequence` does the work of our mask. torch's RNN has tanh and ReLU, and no sigmoid, so the last
# check rescales a tanh layer. In float64, on the padded batch:

# %%
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


def agree(ours, theirs):
    return np.abs(ours - theirs.detach().numpy()).max() < 1e-10


inputs = torch.tensor(padded)
print("tanh, every state, to 1e-10:", agree(moving, rnn(inputs)[0]))
output, h_n = rnn(pack_padded_sequence(inputs, torch.tensor(lengths), enforce_sorted=False))
unpacked = pad_packed_sequence(output, total_length=T)[0]
print("packed, last real state:    ", agree(still[-1], h_n[0]))
print("packed, every real state:   ", agree(still * mask[..., None], unpacked))

soft = cells.RNN(4, 4, "sigmoid", seed=1)
twin = copy_of(soft)  # a tanh layer in other units: sigmoid(a) = (1 + tanh(a / 2)) / 2
twin.W_ih, twin.W_hh = soft.W_ih / 2, soft.W_hh / 4
twin.b_ih, twin.b_hh = soft.b_ih / 2, soft.b_hh / 2 + soft.W_hh.sum(axis=1) / 4
rescaled = twin.to_torch()(inputs, torch.full((1, B, 4), -1.0, dtype=torch.float64))[0]
print("sigmoid, rescaled:          ", agree(unroll(soft, padded), (1 + rescaled) / 2))

# %% [markdown]
# (A packed output is padded with zeros again when it is unpacked, so its `output[-1]` is *not* the last real state; `h_n` is.)
#
# ## Break it: swap one word
#
# All rounds are in view now. So let us ask the story's question: does the last state know of the *girl*? Run it twice, once with "girl" and once with "boy", and look how far apart the two states are, word by word. And since a
# boy would be "he", once more with both words swapped. (Who walks into a bar may be neither; what the story asks is whether a word can be recalled.) Word 1 is the girl, word 7 "she", word 18 "certainly". Grey band and grey dash-dotted line: 100 other random starts, and their median.

# %%
boy, boy_he = x.copy(), x.copy()
boy[1] = boy_he[1] = vector["boy"]
boy_he[7] = vector["he"]


def apart(layer, other):
    return np.linalg.norm(unroll(layer, x) - unroll(layer, other), axis=1)[1:]


starts = np.transpose([apart(cells.RNN(4, 4, seed=100 + k), boy) for k in range(100)])
runs = {"girl": apart(layer, boy), "girl, she": apart(layer, boy_he), "girl, 100 starts": starts}
for name, line in {**runs, "girl, 100 starts": np.median(starts, axis=1)}.items():
    print(f"{name:17}", *(f"{words[t]} {line[t - 1]:.1e} " for t in (1, 2, 6, 7, 18)))
more = (starts[-1] > runs["girl"][-1]).sum()
print(f"starts that keep more than ours at the end: {more} of 100")
title = "The swapped word is loud for a moment, and all but gone at the end"
note = "Distance of the two states after each word. Untrained. Grey: 100 other starts."
roles = dict(zip(runs, ("hidden", "ink", "muted"), strict=True))
along = "word (1: girl, 7: she, 18: certainly)"
draw.curves(runs, None, range(1, 19), title, note, along, "distance", log=True, roles=roles)

# %% [markdown]
# (Ours is a lucky start, as the printed lines say: most lose more.) On the log scale the lines fall almost straight: each word takes its share, by a factor that nobody has chosen. "she" brings the difference back for a while: it is a second chance. A trace is
# left at the end, and the printed numbers say how faint: noise of a thousandth in the state would cover ours, and in the median start a millionth is enough.
#
# Must it be so? The weights are random. With better ones the difference might live. How does one *set* 40 numbers so that a word is still there 17 steps later? That is lesson 05: learning through time. And whether learning can find them is lesson 06.
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** Unrolled over the whole story, the picture would show F nineteen times. How many parameters has the network, compared with F alone?
# <details><summary>Answer</summary>As many. It is one F; a change to one is a change to all.</details>
#
# **2.** How do you find out that a network takes the batch axis for time?
# <details><summary>Answer</summary>Change one sample, and look whether another sample's output moves. No error tells you.</details>
#
# **3.** A batch is padded with zeros. Why is `states[-1]` not what you want, and what are the two cures?
# <details><summary>Answer</summary>The state moves on through the zeros. Read at `lengths − 1`, or keep the old state where a mask (from the lengths) says that
# the step is not real.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/04_unrolling_exercises.ipynb): twelve, from two minutes to seven, and each answer is checked at once. You write the loop for a batch, let a network speak by itself,
# cut a sequence without losing anything, and make time stand still. Four of the questions you have met above: this time from memory. With little time, do the first six.
#
# ## To read on
#
# - D. E. Rumelhart, G. E. Hinton, R. J. Williams (1986), *Learning representations by back-propagating errors*, Nature 323, 533–536: four pages; Figure 5 is this lesson.
# - J. L. Elman (1990), *Finding structure in time*, Cognitive Science 14: words in context, from hidden states.
# - A. Karpathy (2015), *The Unreasonable Effectiveness of Recurrent Neural Networks*, [karpathy.github.io](https://karpathy.github.io/2015/05/21/rnn-effectiveness/): one to many, many to one, many to many, in one famous drawing.
# - The documentation of [torch.nn.RNN](https://pytorch.org/docs/stable/generated/torch.nn.RNN.html): read the shapes of `output` and `h_n` once more.
