# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3 (ipykernel), language: python, name: python3}
#   rnncourse: {lesson: "00", title: "Start here", part: "I · Memory", minutes: 10}
# ---

# %% [markdown]
# # Start here
#
# **A network reads a story one word at a time. The end of the story depends on a word near its beginning.
# How can the network still know it?**
#
# This course answers that question by building. You begin with one neuron that hears its own last output.
# You end with networks that remember for hundreds of steps, and you will know why they can.

# %% [markdown]
# ## In ten minutes you will be able to
#
# - run this notebook, and see that everything it needs works on this machine;
# - read the colours and shapes that every figure of the course uses;
# - check an answer, fail, use what the check tells you, and pass;
# - watch a trained network forget.

# %% [markdown]
# ## How to run a cell
#
# A notebook is a column of **cells**. Click the next one and press **Shift + Enter**: its code runs, and its result
# appears below it. Run the cells from top to bottom. When something looks odd, choose
# *Kernel → Restart Kernel and Run All Cells* from the menu: that starts again from a clean slate.

# %%
import numpy as np

from rnncourse import check, data, doctor, draw, progress

print("This cell ran. You are ready to go on.")

# %% [markdown]
# ## Does everything work here?
#
# The next cell looks at this machine and tells you in plain words. Each line with a cross also says what to do about it.

# %% tags=["nbval-ignore-output"]
doctor.show()

# %% [markdown] tags=["instructor"]
# **Timing.** 10 minutes: 2 for running cells and the doctor's lines, 2 for the legend, 2 for the check that fails, 4 for the
# teaser. In a room, ask everybody to put up a green note when the doctor shows no cross, before you go on.
#
# **On the board.** Draw the sentence with a long gap between "girl" and "Certainly". Leave it there: it returns in lessons
# 04 and 10.
#
# **Likely question.** *Why do I have to fail a check on purpose?* So that the first failed check of the course is not
# theirs, and they have seen that a failed check is a message to read and no verdict on them.

# %% [markdown]
# ## The signs of this course
#
# Every figure speaks the same language: **one colour for a role, one shape for a job**. You need not learn it now.
# Come back to this figure whenever you wonder what a sign means.

# %%
draw.legend()

# %% [markdown]
# ## A check that fails, and what it tells you
#
# Here is a small task with a memory in it. *Given some numbers in order, return after each one the **running total**: the
# sum of all numbers so far.* For 2, 3, 5 the answer is 2, 5, 10.
#
# The first attempt below has a mistake, on purpose. Read it. Can you see what it forgets?


# %%
def running_total(values):
    totals = []
    for value in values:
        total = 0.0
        total = total + value
        totals.append(total)
    return np.array(totals)


# %% [markdown]
# Every task of the course comes with a check. You call it with your own function. It tries the function on several inputs,
# and when the result differs it says **what was called, what came back, what was expected, and what may have happened**.

# %% tags=["raises-exception"]
check.running_total(running_total)

# %% [markdown]
# That is what a failed check looks like. It named the cause: the total starts again at every step, so nothing is
# carried from one number to the next. **Move one line out of the loop** and the function has a memory.


# %%
def running_total(values):
    totals = []
    total = 0.0
    for value in values:
        total = total + value
        totals.append(total)
    return np.array(totals)


# %%
check.running_total(running_total)

# %% [markdown]
# Keep this picture in mind: *one value, carried from step to step and changed by each new input.* A recurrent
# network is that idea, with weights that are learned.
#
# When you are stuck on a task of your own, ask for a hint. You get a nudge first, then the formula, then the first line
# of a solution: one at each call, never all at once.

# %%
check.running_total.hint()

# %% [markdown]
# ## A network that finishes a sentence
#
# Now the leading question. Here is a story with a gap at its end:
#
# > A girl walked into a bar, and she said 'Can I have a drink please?'. The bartender said 'Certainly { }'
#
# What does the bartender say? *Miss*, *ma'am*, *sir* and *Mister* all fit the grammar. To choose, one has to remember
# "girl" and "she". Below is a small recurrent network, trained on stories of this kind. It reads the story one word at a time,
# and then gives a probability to each of the four words.
#
# (The story is about *agreement in a sentence*: which word goes with which. What people are is another matter, and the
# network knows nothing of it. It repeats the pattern of the stories that it was trained on.)

# %%
network = data.teaser.load()
girl = data.teaser.FAMOUS
boy = girl.replace("girl", "boy").replace(" she ", " he ")
draw.completions(
    [(girl, network.complete(girl)), (boy, network.complete(boy))],
    title="Exchange two words, and the network gives the other answer",
    subtitle="A small recurrent network, trained on made-up bar stories.",
    cues=("girl", "she", "boy", "he"),
)

# %% [markdown]
# The nearer of the two words, *she* or *he*, stands eleven words before the gap, and the answer follows it. (Exchange
# *girl* alone and this answer stays: the later word decides. In a story without a pronoun, *girl* decides.) So something
# of an early word was still there when the network came to the gap. The four shares are scaled to sum to 1.
#
# ## When the girl is far back
#
# Now other sentences come in between: it rained, a dog slept under the table … Here is such a story, twice.

# %%
girl = network.story("girl", fillers=4, seed=1)
boy = girl.replace("girl", "boy")
answers = [network.complete(girl), network.complete(boy)]
apart = max(abs(answers[0][word] - answers[1][word]) for word in answers[0])
print(f"The two answers differ by {apart:.2f} at most.")
draw.completions(
    [(girl, answers[0]), (boy, answers[1])],
    title="Four sentences later, girl and boy get the same answer",
    cues=("girl", "boy"),
)

# %% [markdown]
# Nothing is left of the difference: whoever came in, the network gives each of the four words about a quarter.
# Its first choice is the same for everybody, and so it is wrong for half of the guests.
#
# One story may be luck. So we count, over 200 new stories for each number of sentences in between.
# **Before you run the cell, guess:** with ten sentences in between, how many in 100 answers agree with the person?
# Someone who tosses a coin is right in about 50.

# %%
between = [0, 1, 2, 3, 5, 10, 20]
right = 100 * network.accuracy(fillers=between)
print("sentences in between:", *(f"{n:4d}" for n in between))
print("right answers in 100:", *(f"{share:4.0f}" for share in right))

# %% [markdown]
# Was this one network unlucky? On the contrary: the course trained six that differ in their random start alone, and this is the
# best of them. The next figure shows all six. The training takes minutes, so its results are stored;
# `authoring/make_teaser.py` made them. Half of the training stories had other sentences in between, 1 to 20 of them.

# %%
table = data.teaser.seeds_table()
fillers, accuracy = table["fillers"], 100 * table["accuracy"]
middle = np.median(accuracy, axis=0)
figure, ax = draw.axes(
    f"From {middle[0]:.0f} in 100 to a coin toss within three sentences",
    f"{len(accuracy)} networks (thin), their median (broad); 200 new stories for each point.",
    xlabel="sentences between the order and the gap",
    ylabel="right answers, %",
)
ax.axhspan(43, 57, color=draw.COLOURS["hairline"], alpha=0.5, lw=0, zorder=0)
ax.plot(fillers, accuracy.T, color=draw.COLOURS["hidden"], lw=0.8)
ax.plot(fillers, middle, "o-", color=draw.COLOURS["hidden"], lw=2.4)
ax.text(12, 62, "grey: 95 % of coin tosses", color=draw.TEXT["muted"])
ax.set(ylim=(35, 103), xticks=fillers)
alt = f"Right answers, median of {len(accuracy)} networks: {middle.round().astype(int).tolist()} % "
draw.picture(figure, alt + f"for {fillers.tolist()} sentences in between.")

# %% [markdown]
# With nothing in between, five of the six are always right, and the sixth in 88 of 100. For most of them one sentence is
# enough to lose the person. Far away none is right more often than a coin. Yet the network reads every word of the
# long story: nobody takes "girl" away from it. (With longer training some plain networks do learn to keep the person. So this
# shows what they learn in this time, and is no proof that they cannot.)
#
# **What happened?** Choose, and see. A guess costs nothing.
#
# {{question what_was_lost}}

# %%
guess = ...  # a letter in quotes, such as "a"
check.what_was_lost.guess(guess)

# %% [markdown]
# This is the riddle of the whole course. In lesson 02 you see how a neuron holds on to something at all. In lesson 06
# you find out why a network does not *learn* to hold on for long. In lesson 07 you build the cell that does, and in
# lesson 10 you come back to this bar with it.
#
# ## Where am I, and what comes next?
#
# Your passed checks are kept on this machine, and nowhere else. The course map shows them.

# %% tags=["nbval-ignore-output"]
progress.show()

# %% [markdown]
# **On Binder** everything here is gone when the session ends, which happens after some minutes of silence too. Download the
# notebooks you worked in (*File → Download*). To carry your progress out, run this in a cell, and download the file that it makes
# (`--load` in place of `--save` brings it back):
#
# ```
# !rnncourse progress --save my_progress.json
# ```
#
# ## Three questions to keep
#
# Answer each for yourself before you open it.
#
# <details><summary>What does a running total carry from step to step?</summary>
#
# One number: the sum of everything so far. Each new number changes it, and the old numbers themselves are gone.
#
# </details>
#
# <details><summary>In a figure of this course, what is a square with z⁻¹ on it?</summary>
#
# A delay: it gives back what came in one step ago, and the number in it is what it holds now.
#
# </details>
#
# <details><summary>The network was right near and wrong far. Why is "it does not know the word girl" no explanation?</summary>
#
# With the same word close to the gap it was right nearly always. So the word was learned. What it left behind was lost on the way.
#
# </details>
#
# ## Exercises
#
# You have done the first one above. Two more wait in [the exercise notebook](../exercises/00_start_here_exercises.ipynb):
# write a memory of your own, and explain what the network lost. Five minutes.
#
# ## What to read
#
# - J. L. Elman, *Finding structure in time*, Cognitive Science 14 (1990): an early network that reads word by word.
# - The next lesson: [01 Sequences](01_sequences.ipynb).
