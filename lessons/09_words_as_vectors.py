# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "09", title: "Words as vectors", part: "III · Words", minutes: 40}
# ---

# %% [markdown]
# # Words as vectors
#
# **A network reads numbers. Which numbers should the word "girl" be?**
#
# In lesson 01 a word became a one-hot row: 1 in its own column, 0 elsewhere. Then *january* is as unlike *february* as
# it is unlike *music*. The right half of the picture shows the same eight words as other numbers. A machine found them in half a million
# words of text. Nobody told it what a month is.

# %%
from collections import Counter

import numpy as np
import torch

from rnncourse import check, data, draw, play, words

real = words.real_vectors()  # stored; you build today what made them
eight = ["january", "february", "music", "dance", "war", "army", "he", "she"]
learned = np.array([[real.cosine(a, b) for b in eight] for a in eight])
title = "One-hot, all words are equally unlike; learned, pairs appear"
figure, axes = draw.axes(title, "How alike: 0 white, 1 black.", cols=2, height=4.2)
for ax, values, name in zip(axes, (np.eye(8), learned), ("one-hot", "learned"), strict=True):
    draw.panel(ax, name, "eight words, picked by hand")
    ax.pcolormesh(values[::-1], cmap="Greys", vmin=0, vmax=1)
    ax.set_xticks(np.arange(8) + 0.5, eight, rotation=60, ha="right")
    ax.set_yticks(np.arange(8) + 0.5, eight[::-1] if ax is axes[0] else [""] * 8)
pair = learned[range(0, 8, 2), range(1, 8, 2)].round(1)
draw.picture(figure, f"One-hot: a diagonal. Learned: four pairs, {pair.min()} to {pair.max()}.")

# %% [markdown]
# ## What you will be able to do
#
# - **turn** a text into numbers, with a place for words never seen, and without peeking at the test;
# - **build** word vectors twice: by counting, and by skip-gram with negative sampling;
# - **measure** what vectors know, on a language whose truth is known, and on real text;
# - **find** a bias in them, take its direction out, and say what is left.
#
# ## First, one question on lesson 08
#
# A GRU has no cell state beside its state. What stands in for the LSTM's input and forget gate?
#
# <details><summary>Think first, then open the answer.</summary>
#
# One gate for both: the new state is z times the old one plus 1 − z times the candidate. What is kept and what is written add up to 1.
#
# </details>
#
# ## Predict
#
# {{question one_hot_distance}}

# %%
guess = ...  # two numbers in a list
check.one_hot_distance.guess(guess)

# %% [markdown] tags=["instructor"]
# **Timing (40 minutes).** Picture and guess 4 · vocabulary 4 · look-up and its way back 5 · counting 5 · skip-gram 9 · the theorem,
# analogies, bias 7 · real text 6. The exercises take about an hour; with less, set the embedding's gradient, PMI, skip-gram's gradients and
# the nearest words.
#
# **On the board.** Two columns of boxes with the same words in both, W and C. Draw one true pair as a line that pulls, five drawn
# words as lines that push. Ask which box of "girl" is *the* vector of girl. (Either, or the sum: measured below.)
#
# **Listen for** "one-hot is bad because it is long" (a look-up removes the length; the equal distances stay), "near means the same"
# (*male* and *female* are nearest neighbours), and "the bias is in the algorithm" (in our language we planted it, by lot).

# %% [markdown]
# ## From words to numbers
#
# A **vocabulary** gives every word it knows a number, from 0 to $V-1$. Four numbers are kept free for entries that are no words:
#
# | entry | stands for |
# |---|---|
# | `<pad>` | nothing: it fills up short sequences of a batch (lesson 04) |
# | `<unk>` | *unknown*: every word that is not in the vocabulary |
# | `<s>`, `</s>` | begin and end of a sentence |
#
# Words that come too seldom are left out, for nothing could be learned about them. A table for this vocabulary needs a row for each of the $V$ numbers, the four
# entries included. (Forget them, and nothing happens until the rarest words come: only their numbers are too large.)


# %%
def make_vocabulary(running, min_count):
    counts = Counter(running)
    ranked = sorted((-n, word) for word, n in counts.items() if n >= min_count)  # frequent first
    entries = ["<pad>", "<unk>", "<s>", "</s>", *(word for _, word in ranked)]
    return {word: i for i, word in enumerate(entries)}


def encode(running, number):
    return np.array([number.get(word, number["<unk>"]) for word in running])


news = data.text.lee()  # 300 news reports, as in lesson 01
reports = [news.document(i) for i in range(300)]
training, test = sum(reports[:240], ()), sum(reports[240:], ())
number = make_vocabulary(training, min_count=5)
sentence = ["<s>", *data.text.tokens("The girl asked for a lemonade"), "</s>"]
print(f"V = {len(number):,};", " ".join(sentence), "becomes", encode(sentence, number).tolist())
for name, source in (("240 reports", training), ("all 300", training + test)):
    unknown = np.mean(encode(test, make_vocabulary(source, min_count=1)) == 1)
    print(f"vocabulary from {name}: {unknown:.1%} of the words in the other 60 are unknown")

# %% [markdown]
# (*girl* and *lemonade* have the number 1, unknown: they come too seldom in 240 reports.) Look at the last two lines. Built from all texts, the vocabulary knows every word of the
# test, and that is a lie: tomorrow's text will have unknown words as well. It is the **leakage** of lesson 01 again, by another door. A vocabulary is built
# on the training text alone.
#
# ## What one-hot rows lack
#
# Row $i$ of the identity matrix is the one-hot row of word $i$. People say that these rows are too long. They are long, and that is not the
# trouble: nobody has to write them down. Multiply one by a matrix $W$ of shape $(V, E)$, with $E$ numbers for each word, and out comes row $i$ of $W$. So we
# look that row up. This table of rows is called an **embedding**.

# %%
rows = np.eye(len(number))
some = rows[[10, 11, 500, -1]]
distances = np.linalg.norm(some[:, None] - some[None], axis=-1)
print("distances between four one-hot rows:", np.unique(distances.round(3)))
E = 5
W = np.random.default_rng(0).normal(size=(len(number), E))  # a fresh table
ids = encode(sentence, number)
print("one-hot times W equals the rows looked up:", np.array_equal(rows[ids] @ W, W[ids]))
print(f"multiplications for a sentence: {len(ids) * W.size:,} as a product, 0 as a look-up")

# %% [markdown]
# What one-hot rows lack is *likeness*: every word is as far from every other, √2. A table has room for likeness. Does a fresh one
# know any? No: its rows are random numbers. `torch.nn.Embedding` starts like that, too. It is a table and nothing more; what it will know depends
# on the loss that trains it.
#
# So the table must learn, and for that the gradient has to come back through the look-up. For a product it is $\partial L/\partial W = X^\top d$,
# with the one-hot rows $X$ and $d$, what the loss says of every row that was looked up. Read it word by word: row $i$ gets the **sum** of $d$
# over all the places where word $i$ stands.

# %%
ids = np.array([7, 9, 7, 7])  # word 7 stands there three times
d = np.ones((4, E))
by_product = rows[ids].T @ d

lost, kept = np.zeros_like(W), np.zeros_like(W)
lost[ids] += d  # NumPy writes each row once
np.add.at(kept, ids, d)  # adds up
print(
    "row 7 by the product", by_product[7, 0], " by [ids] +=", lost[7, 0], " by add.at", kept[7, 0]
)

table = torch.nn.Embedding.from_pretrained(torch.tensor(W), freeze=False)
table(torch.tensor(ids)).backward(torch.tensor(d))
print("add.at agrees with torch:", np.array_equal(kept, table.weight.grad.numpy()))

# %% [markdown]
# `lost[ids] += d` looks right, raises nothing, and forgets two of three. Row `<pad>` is left out of all this: it stands for nothing, so its gradient is thrown away
# (`padding_idx` in torch).
#
# ## A language whose truth we know
#
# Where should good rows come from? Nearly all answers stand on one sentence of the linguist J. R. Firth (1957): "You shall know a word by
# the company it keeps!" Before we try it on real text, where nobody knows the right answer, we try it on a language that was made up. It has phrases of two words. Every
# word has hidden numbers, and two words stand together the more often, the better these fit. First, who keeps company with whom: all
# **pairs** of a centre and a neighbour at most `window` places away, *to each side*.


# %%
def pairs_of(sentence, window):
    n = len(sentence)
    near = [(i, j) for i in range(n) for j in range(max(0, i - window), min(n, i + window + 1))]
    return [(sentence[i], sentence[j]) for i, j in near if i != j]


said = data.text.tokens("A girl walked into a bar")
print("near 'walked':", [b for a, b in pairs_of(said, window=2) if a == "walked"])
language = data.planted.language()
V, place = len(language.words), {word: i for i, word in enumerate(language.words)}
phrases = language.phrases(60_000)  # (60000, 2), words' numbers
print(f"{V} words; phrases:", ", ".join(language.read(phrases)))
pairs = np.array([pair for phrase in phrases for pair in pairs_of(phrase, window=1)])
counts = np.zeros((V, V))
np.add.at(counts, (pairs[:, 0], pairs[:, 1]), 1)
her = place["her"]
for word in ("queen", "king"):
    chance = counts[place[word]].sum() * counts[her].sum() / counts.sum()
    print(f"{word} with her: {counts[place[word], her]:.0f} times; by chance {chance:.0f}")

# %% [markdown]
# ## Counts first
#
# The last lines hold the idea. Compare how often two words meet with how often they would by chance. The logarithm of the ratio is their **pointwise mutual information**:
#
# $$\mathrm{PMI}(i, j) = \ln \frac{P(i, j)}{P(i)\,P(j)}$$
#
# 0 is chance, ln 2 twice as often (natural logarithms: the unit is the *nat*). Words that never met have minus infinity, so one cuts at 0 (*positive* PMI, **PPMI**). Each word now has a row of $V$ numbers: its company. Then keep the
# $E$ strongest directions of that table, by singular values (lesson 06): a row of 8 numbers for each word.
#
# How alike are two such rows? The product $a \cdot b$ grows with their lengths, and long rows would be everybody's friends. So we divide the lengths out: that is the **cosine**
# of the angle between them, from −1 to 1. And a rule, stated before we look: *every eighth word of the list, its three nearest*.


# %%
def ppmi(counts):
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(counts / expected), 0)


def nearest(vectors, word, n=3):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    alike = unit @ unit[place[word]]  # the cosines
    alike[place[word]] = -np.inf  # a word is no neighbour of itself
    return [language.words[i] for i in np.argsort(-alike)[:n]]


U, S, _ = np.linalg.svd(ppmi(counts))
counted = U[:, :8] * np.sqrt(S[:8])  # (V, 8)
for word in language.words[::8]:
    truly = nearest(language.hidden, word)
    print(f"{word:12} {', '.join(nearest(counted, word)):32} in truth: {', '.join(truly)}")

# %% [markdown]
# No network, and a few milliseconds. "In truth" are the nearest by the hidden numbers; of these three it finds one or two as a rule (the mean over all words stands below, beside skip-gram's). Counting
# is the **baseline**: what comes now has to beat it, or we say so.
#
# ## Skip-gram: the same company, learned
#
# Word2vec's **skip-gram** (Mikolov and others, 2013) does not count. It makes a task of it: here are two words; did they stand together in the text, or was the second one drawn by lot? Each
# word gets two rows: one in a table $W$ for when it is the *centre*, one in a table $C$ for when it is somebody's *neighbour*. The answer is $\sigma(w \cdot c)$, lesson 02's sigmoid of
# a product. For a true pair, and $k$ drawn words $n_1 \dots n_k$ (the **negatives**), the loss is
#
# $$L = -\ln \sigma(w \cdot c) - \sum_{j=1}^{k} \ln \sigma(-w \cdot n_j)$$
#
# True neighbours are pulled towards $w$, drawn words are pushed away.
#
# {{question fresh_loss}}

# %%
guess = ...  # a number
check.fresh_loss.guess(guess)


# %%
def loss_and_slopes(w, c):
    """w (N, E); c (N, 1 + k, E): the true neighbour first, then the drawn words."""
    sign = np.where(np.arange(c.shape[1]) == 0, 1.0, -1.0)  # pull the first, push the others
    right = 1 / (1 + np.exp(-sign * np.einsum("ne,nke->nk", w, c)))  # the chance it gives the truth
    d = -sign * (1 - right)  # dL/d(product)
    return -np.log(right).sum(axis=1), np.einsum("nk,nke->ne", d, c), d[..., None] * w[:, None]


rng = np.random.default_rng(1)
w, c = (torch.tensor(rng.normal(size=s), requires_grad=True) for s in ((2, 4), (2, 6, 4)))
products = torch.einsum("ne,nke->nk", w, c)
sign = torch.tensor([1.0] + 5 * [-1.0])
torch.nn.functional.logsigmoid(sign * products).sum().neg().backward()
loss, d_w, d_c = loss_and_slopes(w.detach().numpy(), c.detach().numpy())
print("gradients agree with torch:", np.allclose(d_w, w.grad), np.allclose(d_c, c.grad))
print("loss of a fresh start:", loss_and_slopes(np.ones((1, 4)), np.zeros((1, 6, 4)))[0].round(3))

# %% [markdown]
# The whole of skip-gram is a loop around these four lines. Negatives are drawn from the words' own frequencies, raised to a `power` (1 for now). Look for `np.add.at`: a word
# can stand several times in one batch.


# %%
def skip_gram(pairs, V, k, E=8, power=1.0, epochs=6, lr=0.1, batch=64):
    rng, losses = np.random.default_rng(0), []
    W, C = rng.uniform(-0.5 / E, 0.5 / E, (V, E)), np.zeros((V, E))
    chances = np.bincount(pairs[:, 1], minlength=V) ** power
    edges = np.cumsum(chances / chances.sum())  # a random number falls between two of them
    for epoch in range(epochs):
        order = rng.permutation(len(pairs))
        for start in range(0, len(pairs), batch):
            centre, context = pairs[order[start : start + batch]].T
            drawn = np.searchsorted(edges, rng.random((len(centre), k)))
            others = np.column_stack([context, drawn])  # (N, 1 + k)
            loss, d_w, d_c = loss_and_slopes(W[centre], C[others])
            rate = lr * (1 - (epoch + start / len(pairs)) / epochs)  # falls to 0
            np.add.at(W, centre, -rate * d_w)
            np.add.at(C, others, -rate * d_c)
            losses.append(loss.mean())
    return W, C, np.array(losses)


# %%
tables = {k: skip_gram(pairs, V, k) for k in (1, 5)}  # about four seconds
W, C, losses = tables[5]
print(f"k = 5: loss {losses[0]:.2f} at first, {losses[-2000:].mean():.2f} at the end")


def found(vectors):
    """Of a word's three true neighbours, how many it finds: the mean over all words."""
    three = [(nearest(vectors, word), nearest(language.hidden, word)) for word in language.words]
    return np.mean([len(set(ours) & set(true)) for ours, true in three])


for name, vectors in {"PPMI + SVD": counted, "skip-gram's W": W}.items():
    print(f"{name}: finds {found(vectors):.2f} of the true three; by chance {9 / (V - 1):.2f}")
for word in language.words[::8]:
    print(f"{word:12} {', '.join(nearest(W, word))}")

# %% [markdown]
# It learns, and here it finds a little more of the true neighbours than counting does. That is one language. In others, drawn with another seed, the counts are ahead nearly as often: call it level. How much was there to
# learn? In a language whose truth we know, that can be computed.
#
# ## What do the products mean?
#
# Think of all the times that the pair $(i, j)$ is shown. As a true pair it comes with the probability $P(i,j)$. As a drawn one it has $k$ times the chance $P(i)\,P(j)$, for the negatives are drawn by their frequency. The best answer for the chance of "true" is
# the share of the true ones, $P(i,j) / (P(i,j) + k\,P(i)P(j))$. Set that equal to $\sigma(w_i \cdot c_j)$ and solve:
#
# $$w_i \cdot c_j = \ln \frac{P(i,j)}{k\,P(i)\,P(j)} = \mathrm{PMI}(i,j) - \ln k$$
#
# So skip-gram takes apart the table that we counted (shifted by $\ln k$), without ever writing it down. Levy and Goldberg found this in 2014. It holds exactly where the rows have numbers enough to reach every product. We check it on pairs
# that chance alone would show at least 5 times.
#
# With the products of the formula, the loss would be the least that there can be: that too is printed. And a line for who knows nothing of words, but has noticed that of six one is true.

# %%
p = language.frequency
chance = np.outer(p, p)
frequent = 60_000 * chance >= 5
np.fill_diagonal(frequent, False)
true = language.pmi[frequent]
for k, (W_k, C_k, losses_k) in tables.items():
    slope, start = np.polyfit(true, (W_k @ C_k.T)[frequent], 1)
    best = language.pmi - np.log(k)  # the products that the formula asks for
    least = language.joint * np.logaddexp(0, -best) + k * chance * np.logaddexp(0, best)
    # np.logaddexp(0, a) is ln(1 + e^a), which is -ln sigmoid(-a)
    print(f"k = {k}: products {slope:.2f} PMI {start:+.2f}, -ln k = {np.log(1 / k):.2f};", end="")
    print(f" loss {losses_k[-2000:].mean():.2f}, least {least.sum():.2f}")
only = -np.log(1 / 6) - 5 * np.log(5 / 6)  # who knows nothing but that one in six is true
draw.curves(
    {"skip-gram, k = 5": losses},
    baselines={"one in six is true": only, "least there can be": least.sum()},
    title="The words are in the last part of the loss",
    subtitle=f"Running mean of 300 batches; a fresh start has {losses[0]:.2f}.",
    smooth=300,
)

# %%
views = {"centre · neighbour": W @ C.T, "centre · centre": W @ W.T}
r = [np.corrcoef(true, view[frequent])[0, 1] for view in views.values()]
stored = data.results("09_counts")  # ten languages, each with other hidden numbers
low, high = stored["follow"].min(axis=0), stored["follow"].max(axis=0)
for name, a, b in zip(views, low, high, strict=False):
    print(f"{name}, r in ten languages: {a:.2f} to {b:.2f}")
title = "Centre times neighbour is near PMI − ln k, centre times centre is not"
told = "k = 5; a dot for every two words that chance alone brings together 5 times or more."
figure, axes = draw.axes(title, told, "true PMI in nats", cols=2, sharey=True, height=3.8)
for ax, (name, view), value in zip(axes, views.items(), r, strict=True):
    draw.panel(ax, name, f"line: PMI − ln 5; r = {value:.2f}")
    ax.plot(true, view[frequent], ".", ms=2, color=draw.COLOURS["hidden"])
    ax.plot([-4.5, 2.5], np.array([-4.5, 2.5]) - np.log(5), color=draw.COLOURS["ink"], lw=1.2)
draw.picture(figure, f"W C lies on the line, r = {r[0]:.2f}; W W lies above it, r = {r[1]:.2f}.")

# %% [markdown]
# Most of the first fall, from 4.16 to 2.70, is no knowledge of words; all of that is in the small rest. With both $k$ the line starts where it should, at $-\ln k$. Its slope is below 1: the products stop short of the smallest and the largest PMIs. For
# $k = 5$, ten times as many rounds bring the slope to 0.86 only, and twice as many numbers a word to 0.88.
#
# On the right the points lie too high and spread more. There $w \cdot w$
# asks whether two words keep the *same* company, and not whether they keep *each other's*. In this language the two go together, because words that fit each other are made alike. In English they do not: *dog* and *walk* often stand together and are not
# alike; *dog* and *cat* are alike and seldom stand together. For company, multiply a row of $W$ with a row of $C$; for likeness compare rows of one table.
#
# ## Analogies: planted, and found again
#
# In this language a *queen* is a *king* with the other sign in one hidden number, and so for twelve pairs. Then $\textit{queen} - \textit{king} + \textit{boy}$ should lie near *girl*. A
# rule that published figures follow nearly always, and seldom mention: **the three words that were put in may not come out.**


# %%
def unit_rows(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def analogy(vectors, *asked):
    unit, (a, b, c) = unit_rows(vectors), [place[word] for word in asked]
    alike = unit @ (unit[b] - unit[a] + unit[c])
    alike[[a, b, c]] = -np.inf  # the words that were put in
    return language.words[alike.argmax()]


twelve = data.planted.PAIRS
asked = [(a, b, c, d) for a, b in twelve for c, d in twelve if a != c]
ways = {"W": W, "C": C, "W + C": W + C, "PPMI + SVD": counted}
print(f"{len(asked)} questions, right     this language   ten languages, mean (range)")
for (name, vectors), ten in zip(ways.items(), stored["solved"].T, strict=True):
    ours = np.mean([analogy(vectors, a, b, c) == d for a, b, c, d in asked])
    print(f"{name:25} {ours:12.0%} {ten.mean():18.0%} ({ten.min():.0%} to {ten.max():.0%})")

# %%
family = [q for q in data.text.analogies()["family"] if all(word in real for word in q)]
for inputs_too in (False, True):
    said = [real.analogy(a, b, c, inputs_too=inputs_too)[0][0] for a, b, c, _ in family]
    right = sum(word == d for word, (*_, d) in zip(said, family, strict=True))
    inputs = np.mean([word in q[:3] for word, q in zip(said, family, strict=True)])
    print(
        f"real text, inputs allowed {inputs_too}: {right} of {len(family)}; an input {inputs:.0%}"
    )

# %% [markdown]
# Three things to see.
#
# - $W$ alone, which most people keep, does worse here than counting, and little better on average. $W + C$ is clearly best. A likely reason: every word of this language is centre and neighbour equally often, so the two tables are two noisy
#   readings of one thing, and their sum has less noise.
# - The spread over the ten languages is wide. One language would have told whatever story we liked.
# - The last two lines ask about families in the *real* vectors of the first picture (as: *father* is to *mother* as *son* is to …?). Without the rule an input comes out nearly every time. (9 right here and 8 in the table below: the stored vectors are rounded.) A share without that rule beside it says little.
#
# ## A bias of known strength
#
# Twelve occupations were given a lean to one side or the other, in equal steps from −1 to 1, **by lot**. It says nothing about people. That is the point: vectors repeat what
# their text does. Can we read the lean off the vectors? Take the direction from *he* to *she* and from *him* to *her*, on average, and look how far each occupation
# lies along it.


# %%
def direction_of(vectors):
    step = sum(vectors[place[she]] - vectors[place[he]] for he, she in data.planted.PRONOUNS)
    return step / np.linalg.norm(step)


both = unit_rows(W + C)
axis = direction_of(both)
without = both - np.outer(both @ axis, axis)  # v - (v . axis) axis, row by row
jobs = np.array([place[word] for word in data.planted.OCCUPATIONS])
lean = language.side[jobs]
ten = stored["leans"][:, 2]  # W + C
r_lean = np.corrcoef(lean, both[jobs] @ axis)[0, 1]
print(
    f"planted and found correlate by {r_lean:.2f}; ten languages: {ten.min():.2f} to {ten.max():.2f}"
)
print("afterwards nothing lies along it:", np.abs(without @ axis).max() < 1e-12)

# %%
groups = {"towards he": jobs[lean < 0], "towards she": jobs[lean > 0]}
groups = {f"planted {name}": [language.words[i] for i in some] for name, some in groups.items()}
groups["pairs"] = [word for pair in twelve[:6] for word in pair]
title = "The lean that was planted by lot is found along he → she"
draw.words_map(
    both, language.words, groups=groups, pairs=twelve[:6], along=("he → she", axis), title=title
)

# %% [markdown]
# The lean comes back, by its sign and by its size. And with $v - (v \cdot a)\,a$ for the direction $a$ it can be taken out exactly. Bolukbasi and others proposed this in 2016, for words that should have no side, such as occupations; *queen* kept hers. We take it
# out of all words, to see what that leaves. Is the side gone?
#
# ## What is left behind
#
# A test that does not ask about the direction: give somebody the vectors of 11 of our 12 pairs *after* the removal, with their sides, and let them fit a line. Can they tell the sides of the twelfth
# pair? Who knows nothing is right half of the time. The same again for a second language, with **traces**: there the two sides also keep different company among the things. The pronouns do not.


# %%
def sides_told(vectors):
    """Which sides a linear readout tells of words that it has not seen, a share."""
    ends, right = np.array([[place[a], place[b]] for a, b in twelve]), []
    for held in range(12):
        known = np.delete(ends, held, axis=0).T  # (2, 11)
        mean = vectors[known].mean(axis=(0, 1))
        x, sides = vectors[known.ravel()] - mean, np.repeat([-1.0, 1.0], 11)
        readout = np.linalg.solve(x.T @ x + 0.1 * np.eye(8), x.T @ sides)  # 0.1: small weights
        right.append((vectors[ends[held]] - mean) @ readout * [-1, 1] > 0)
    return np.mean(right)


# %%
traced = data.planted.language(traces=0.8).phrases(60_000)
W_t, C_t, _ = skip_gram(np.concatenate([traced, traced[:, ::-1]]), V, k=5)
spread = unit_rows(W_t + C_t)
hidden = spread - np.outer(spread @ direction_of(spread), direction_of(spread))
print("sides told              before   after removal   ten languages, after")
ours = {"side in one direction": (both, without), "side with traces": (spread, hidden)}
for (name, pair), ten in zip(ours.items(), stored["told"][:, :, 1].T, strict=True):
    before, after = map(sides_told, pair)
    print(f"{name:22} {before:7.0%} {after:15.0%} {ten.mean():13.0%}", end="")
    print(f" ({ten.min():.0%} to {ten.max():.0%})")

# %% [markdown]
# Where the side lived in one direction, little but chance is left. Where it had left traces in the words' company, the removal took what it was asked for, and the rest still tells most of the
# sides. Real text is of the second kind. Gonen and Goldberg (2019) found there that such methods mostly hide the bias, for the words that lean one way still lie together. A measured zero along one
# direction is a zero along one direction.
#
# ## Real text, and its limits
#
# Now the vectors of the first picture, from 106 articles of Wikipedia and our news reports, 64 numbers a word. gensim, a well-kept library, needs the better part of a minute for them, so they are stored. (`benchmarks/lesson_09_words.py` made them.)
# Training used two refinements for real text. Both are about frequency.
#
# - **Noise** with the power 3/4 instead of 1: rare words are drawn a little more often than they occur.
# - **Subsampling**: a word with the share $f$ of the text is kept with the probability $\min(1, \sqrt{t/f})$, with a threshold $t$. Frequent words are thinned out, rare ones all stay. That is the paper's formula. The word2vec program, and gensim with it, takes
#   $\min(1, \sqrt{t/f} + t/f)$ and so keeps more; below stand both.
#
# A guess before you run it: among half a million words, how often do *girl*, *nurse* and *bartender* come?

# %%
stored = data.results("09_words")
told = dict(zip(stored["counted"].tolist(), stored["counts"].tolist(), strict=True))
print(f"{stored['running_words']:,} words;", ", ".join(f"{w} {n}" for w, n in told.items()))
print(f"{len(real):,} words come five times or more and have a vector.")
share = real.vocabulary.counts / real.vocabulary.counts.sum()
noise, ratio = share**0.75 / (share**0.75).sum(), 1e-4 / share  # t / f
for word in ("the", "music", "girl"):
    i = real.vocabulary[word]
    kept = [min(1, np.sqrt(ratio[i]) + more) for more in (0, ratio[i])]
    print(f"{word:6} share {share[i]:.5f}, as a negative {noise[i]:.5f}, ", end="")
    print(f"kept {kept[0]:.2f} (gensim {kept[1]:.2f})")
print("\nThe three nearest of every 50th word, beginning with number 50:")
for word in real.vocabulary.words[50:801:50]:
    three = ", ".join(f"{other} {cosine:.2f}" for other, cosine in real.neighbours(word, 3))
    print(f"{word:14} {three}")

# %% [markdown]
# Read the list as it is: many lines make sense, some are chance.
#
# How good is that? Two usual questions. **WordSim-353** (Finkelstein and others, 2002): people judged for 353 pairs of words how related they are. Do the cosines put the pairs into the same order? (Spearman's $\rho$, *rho*: 1 the same order, 0 none, −1 the reverse.) And word2vec's own 19,544
# **analogies**. Each with what it leaves out, and with the baseline.

# %%
baseline = data.results("09_counts")
asked, right = stored["asked"].sum(axis=1), stored["right"].sum(axis=1)
names = [f"word2vec, {setting}" for setting in stored["settings"]]
names += [f"PPMI + SVD, window {window}" for window in baseline["windows"]]
rhos = np.concatenate([stored["rho"], baseline["real_rho"]])
shares = np.concatenate([right / asked, baseline["real_analogies"]])
seconds = np.concatenate([stored["seconds"], baseline["real_seconds"]])
print(f"{stored['covered'][0]} of {stored['pairs']} pairs covered; analogies asked: {asked[0]:,}")
print(f"{'':38} rho [95 % interval]  analogies  CPU s")
for name, (rho, low, high), share, cost in zip(names, rhos, shares, seconds, strict=True):
    print(f"{name:38} {rho:.2f} [{low:.2f}, {high:.2f}] {share:12.1%} {cost:6.0f}")
best = np.argsort(-stored["right"][-1] / stored["asked"][-1])
print("the last word2vec, its best sections and its worst:")
for i in (*best[:2], *best[-2:]):
    print(f"   {stored['sections'][i]:28} {stored['right'][-1, i]:3} of {stored['asked'][-1, i]}")

# %% [markdown]
# **Here word2vec does not beat counting.** With its best setting it draws level on WordSim-353, at some ten times the cost, and on analogies the counts are ahead, by twice as many. With gensim's default window, negatives and rounds it is far behind: five rounds through so
# little text are too few. Each line is one training; the interval tells how far the choice of pairs moves it, and says nothing of other seeds.
#
# And look at what is left out. The intervals are wide; more than a quarter of the pairs, those with rare words, were not asked at all, nor three quarters of the
# analogies. Each figure is about the easier part.
#
# How much of this is a limit of the *text*? Public vectors are learned from billions of words; at the end of the lesson you can fetch some and measure them with the same questions.
#
# ## Near is not the same
#
# {{question near_opposites}}

# %%
guess = ...  # a letter in quotes
check.near_opposites.guess(guess)

# %%
opposites = [("male", "female"), ("north", "south"), ("high", "low"), ("winter", "summer")]
opposites += [("large", "small"), ("hot", "cold"), ("rich", "poor"), ("increase", "decrease")]
for a, b in opposites:
    order = [word for word, _ in real.neighbours(a, len(real))]
    print(
        f"{a:8} {b:8} cosine {real.cosine(a, b):.2f}; {b} is neighbour number {order.index(b) + 1:,}"
    )
some = real.vectors[np.random.default_rng(0).integers(0, 3000, (2, 2000))]
print(
    f"two of the 3,000 most frequent words, drawn by lot: {words.cosine(*some).mean():.2f} on average"
)

# %% [markdown]
# *Male* and *female* are nearest neighbours. Many opposites keep the same company; *rich* and *poor* less so, in this text. A cosine says "used alike", and neither "means the same" nor "is as good".
#
# ## A map is not the space
#
# 64 numbers do not fit on paper. **PCA** keeps the two directions in which the chosen words differ most. How much does the picture tell of the true distances?

# %%
groups = {
    "months": ["january", "february", "april", "june", "august", "november"],
    "family": ["father", "mother", "son", "daughter", "brother", "wife"],
    "waters": ["sea", "river", "ocean", "lake", "coast", "bay"],
    "war": ["war", "army", "troops", "battle", "forces", "military"],
    "arts": ["music", "film", "novel", "poetry", "theatre", "painting"],
}
shown = [word for group in groups.values() for word in group]
vectors = unit_rows(np.array([real[word] for word in shown]))
centred = vectors - vectors.mean(axis=0)
flat = centred @ np.linalg.svd(centred)[2][:2].T  # (30, 2)
true, seen = (np.linalg.norm(v[:, None] - v[None], axis=-1) for v in (vectors, flat))
one = np.triu_indices(30, 1)  # every pair once
print(f"distances seen and true correlate by {np.corrcoef(true[one], seen[one])[0, 1]:.2f}")
same = (true + 9 * np.eye(30)).argmin(axis=1) == (seen + 9 * np.eye(30)).argmin(axis=1)
print(f"the nearest word on the map is the nearest in the space for {same.sum()} of 30 words")
draw.words_map(
    vectors, shown, groups=groups, title="PCA shows the groups; who is nearest, it often gets wrong"
)

# %% [markdown]
# The groups are there, and single distances are not to be trusted. Read neighbours off the space, and use the map to see groups. And never compare the *axes* of two trainings: turn all vectors by one rotation, and no cosine changes, so
# every training ends in axes of its own.
#
# ## Words never seen
#
# A word outside the vocabulary becomes `<unk>`: one shared row for all of them. A row of zeros instead would not mean "I do not know"; it is a vector like any other, and its cosine is
# not even defined. A third way looks *inside* the word. **fastText** (Bojanowski and others, 2017) gives a row to every piece of 3 to 6 letters, with marks for begin and end, and makes a word's vector of its pieces. (Each
# report goes in as a list of words. A string would be taken for a list of letters; gensim lets that pass, `train_vectors` does not. And it runs on one thread: with several the same seed gives other vectors every time.)


# %%
def pieces(word, n):
    marked = f"<{word}>"
    return [marked[i : i + n] for i in range(len(marked) - n + 1)]


print(pieces("girls", 3), pieces("girl", 3))
read = [list(report) for report in reports]  # the next line takes some four seconds
fast = words.train_vectors(read, "fasttext", E=32, epochs=15, bucket=20_000, progress=False)
often = Counter(news.words)
rare = sorted(w for w in often if w not in fast and w.endswith("s") and w[:-1] in fast)
first = [fast.neighbours(word, 1)[0][0] == word[:-1] for word in rare]
print(
    f"{len(rare)} words without a row, as {', '.join(rare[:3])}: known with their last s left off"
)
print(f"nearest to the word without the s: {np.mean(first):.0%}; chance {1 / len(fast):.2%}")
for word in ("governmental", "bartender"):
    print(
        f"{word}, {often[word]} times in the text:",
        ", ".join(w for w, _ in fast.neighbours(word, 4)),
    )

# %% [markdown]
# A word that the reports hold at most four times gets a row, and often a sensible one. For *bartender* the letters do not help: its pieces say nothing about bars. Spelling is not meaning.
#
# ## "Not one-hot, but word2vec"
#
# Some introductions to recurrent networks say that words are never fed in as one-hot vectors, but as those of word2vec. Now you can say what that is: **a choice, not a law.**
#
# - One-hot rows times the first layer's matrix *are* a look-up. So a network fed with one-hot rows learns a table of its own, for its own loss.
# - The table can also be taken from word2vec and kept as it is (*frozen*), or taken as a start and trained on (*tuned*).
#
# What a frozen table brings is what it learned elsewhere, such as where a word lies that the network's own training never showed. Whether that helps is a question for an experiment. Lesson 10 makes it.
#
# ## Turn the knob
#
# Type a word. Try *music*, *she*, *nurse*, and ask how often each comes in the text. Around *girl*, with 17 places to learn from, stand mostly names, and nothing that says what a girl is. (Without a kernel you see a still picture.)

# %% tags=["nbval-ignore-output"]
play.neighbours(real, word="girl", n=8)

# %% [markdown]
# <details><summary>Further: larger vectors, where there is a connection</summary>
#
# `larger = words.download("glove-wiki-gigaword-50")` fetches public vectors through gensim (66 MB, once) and gives an object like `real`; ask it for `larger.agreement(data.text.wordsim())`. No lesson needs them; offline it says so in a sentence.
#
# </details>
#
# ## Three questions before you go
#
# Answer from memory, then open.
#
# **1.** Somebody says: one-hot rows are bad because they have 50,000 numbers. What do you answer?
# <details><summary>Answer</summary>The length goes away with a look-up. What stays is that every two words are equally far from each other, so nothing learned about one helps with another.</details>
#
# **2.** Word2vec has two tables. Which product tells that two words stand together, and what tells that they are alike?
# <details><summary>Answer</summary>A row of W times a row of C is about PMI − ln k: company. The cosine of two rows of one table: likeness.</details>
#
# **3.** The part of every word along he → she is 0. What may one conclude?
# <details><summary>Answer</summary>That it is 0 along this direction. The words' other company may still tell the sides: measure it with a test that does not use the direction.</details>
#
# ## Exercises
#
# They are in [a notebook of their own](../exercises/09_words_as_vectors_exercises.ipynb): fifteen. You number words, send gradients back through a look-up, count, write skip-gram and its sibling CBOW,
# and search among neighbours.
#
# ## To read on
#
# - J. R. Firth (1957), *A synopsis of linguistic theory, 1930–1955*, in: Studies in linguistic analysis.
# - K. W. Church, P. Hanks (1990), *Word association norms, mutual information, and lexicography*, Computational Linguistics 16, 22–29: PMI, there in bits.
# - L. Finkelstein and others (2002), *Placing search in context: the concept revisited*, ACM Transactions on Information Systems 20, 116–131: WordSim-353.
# - T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean (2013), *Distributed representations of words and phrases and their compositionality*,
#   [arXiv:1310.4546](https://arxiv.org/abs/1310.4546): negative sampling, subsampling, and the power 3/4.
# - O. Levy, Y. Goldberg (2014), *Neural word embedding as implicit matrix factorization*, NIPS 27. They too find SVD at least as good on word likeness; on analogies word2vec is ahead in theirs, and not in ours.
# - T. Bolukbasi, K.-W. Chang, J. Zou, V. Saligrama, A. Kalai (2016), *Man is to computer programmer as woman is to homemaker? Debiasing word embeddings*, [arXiv:1607.06520](https://arxiv.org/abs/1607.06520).
# - H. Gonen, Y. Goldberg (2019), *Lipstick on a pig: debiasing methods cover up systematic gender biases in word embeddings but do not remove them*, [arXiv:1903.03862](https://arxiv.org/abs/1903.03862).
# - P. Bojanowski, E. Grave, A. Joulin, T. Mikolov (2017), *Enriching word vectors with subword information*, [arXiv:1607.04606](https://arxiv.org/abs/1607.04606).
