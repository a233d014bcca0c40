"""Exercises of lesson 00, *Start here*: a first check, and what the teaser shows."""

from functools import partial

import numpy as np

from rnncourse.check import choose, code, option, probe, wrong


def _running_total(values):
    return np.cumsum(np.asarray(values, dtype=float))


def _running_total_by_loop(values):
    total, totals = 0.0, []
    for value in values:
        total += value
        totals.append(total)
    return totals


def _running_total_by_slices(values):
    return [sum(values[: t + 1]) for t in range(len(values))]


running_total = code(
    title="The running total",
    minutes=2,
    difficulty=1,
    objective="carry one number from step to step",
    reference=_running_total,
    probes=[
        probe(np.array([2.0, 3.0, 5.0])),
        probe(np.array([-1.0, 4.0, 0.5, -2.5])),
        probe(np.array([7.0])),
    ],
    mistakes=[
        wrong(
            "starts the total again at every step",
            lambda values: np.asarray(values, dtype=float),
            "The total starts again at every step, so nothing is carried from one number to the "
            "next. "
            "Which line would have to run once only, before the loop?",
        ),
        wrong(
            "returns the last total only",
            lambda values: np.sum(values),
            "This is the last total alone. The task asks for the total after each number: "
            "where do you keep the totals in between?",
        ),
        wrong(
            "counts the first number twice",
            lambda values: np.asarray(values, dtype=float).cumsum() + np.asarray(values)[0],
            "The first number is counted twice: once as the starting total, and once in the loop. "
            "What is the total before any number has come?",
        ),
        wrong(
            "notes the total before it adds the number",
            lambda values: np.concatenate([[0.0], np.cumsum(values)[:-1]]),
            "Each total is noted before its own number is added. Which comes first in the loop?",
        ),
        wrong(
            "averages instead of adding",
            lambda values: np.cumsum(values) / np.arange(1, len(values) + 1),
            (
                "These are running means: the sum so far, divided by how many "
                "numbers came. Leave out the division."
            ),
        ),
    ],
    hints=[
        (
            "What do you have to know about the past in order to answer at this "
            "step? One number is enough."
        ),
        (
            "total after step t = total after step t − 1, plus the number at step t; "
            "before the first step it is 0."
        ),
        "total = 0.0, on the line before the loop",
    ],
    success="One value, carried from step to step: that is a memory.",
    others=[_running_total_by_loop, _running_total_by_slices],
)


def _largest_so_far(values):
    return np.maximum.accumulate(np.asarray(values, dtype=float))


def _largest_so_far_by_loop(values):
    best, kept = -np.inf, []
    for value in values:
        best = max(best, value)
        kept.append(best)
    return kept


def _largest_so_far_by_slices(values):
    return np.array([max(values[: t + 1]) for t in range(len(values))])


def _largest_so_far_from_the_first(values):
    kept = np.array(values, dtype=np.float32)
    for t in range(1, len(kept)):
        if kept[t - 1] > kept[t]:
            kept[t] = kept[t - 1]
    return kept


def _starting_at(start, values):
    """The largest so far, for a memory that begins with the number `start`."""
    return np.maximum.accumulate(np.concatenate([[start], values]))[1:]


def _where_a_new_largest_comes(values):
    """Truth values: at which steps a number is larger than all before it."""
    before = np.concatenate([[-np.inf], np.maximum.accumulate(values)[:-1]])
    return np.asarray(values) > before


_LOW = (-1, -10, -99, -100, -999, -1000, -1e4, -1e5, -1e6, -1e9, -1e10)


largest_so_far = code(
    title="The largest so far",
    minutes=3,
    difficulty=1,
    objective="write a step that keeps a value or replaces it",
    reference=_largest_so_far,
    probes=[
        probe(np.array([3.0, 1.0, 4.0, 1.5, 9.0, 2.0])),
        probe(np.array([-5.0, -7.0, -2.0, -2.5, -8.0])),
        probe(np.array([6.0, 2.0, 5.0, 4.0])),
        probe(np.array([1.5, 0.25, 2.75, 7.5])),
        probe(np.array([-1.0])),
        probe(np.array([-4e12, -5e12, -3.5e12, -6e12, -3.8e12])),
    ],
    mistakes=[
        wrong(
            "starts at zero",
            partial(_starting_at, 0.0),
            "Your memory starts at 0, so a sequence of negative numbers never gets past it. "
            "What could stand there before the first number, so that any number replaces it?",
        ),
        *(
            wrong(
                f"starts at some low number, {start:.0f}",
                partial(_starting_at, float(start)),
                "Your memory starts at a number that you chose, and a sequence can lie below it. "
                "Which start does any number beat?",
            )
            for start in _LOW
        ),
        wrong(
            "starts with the last number",
            lambda values: _starting_at(values[-1], values),
            "Your memory starts with the LAST number of the sequence. In Python, index −1 counts "
            "from the end, so at step 0 values[i - 1] is the last number too.",
        ),
        wrong(
            "starts again at every step",
            lambda values: np.asarray(values, dtype=float),
            "You give back each number itself, so nothing older is kept. If the memory starts "
            "again at every step: which line should run once, before the loop?",
        ),
        wrong(
            "starts again at zero at every step",
            lambda values: np.maximum(values, 0.0),
            "Each number is compared with 0, and with nothing older. Which line should run once, "
            "before the loop? And what could stand there, so that any number replaces it?",
        ),
        wrong(
            "compares with the neighbour instead of the memory",
            lambda values: np.maximum(values, np.concatenate([values[:1], values[:-1]])),
            "Each number is compared with the one before it. That is a window of two numbers, and "
            "a window forgets. Compare with the value that you kept.",
        ),
        wrong(
            "compares with the neighbour, at step 0 with the last number",
            lambda values: np.maximum(values, np.roll(values, 1)),
            "Each number is compared with the one before it, and a window of two numbers forgets. "
            "At step 0, values[i - 1] is even the LAST number: index −1 counts from the end.",
        ),
        wrong(
            "writes only where a new largest comes",
            lambda values: np.where(_where_a_new_largest_comes(values), values, 0.0),
            "At each step without a new largest your result is 0. There the old largest still "
            "holds: note it at every step.",
        ),
        wrong(
            "notes only the new largest",
            lambda values: np.asarray(values)[_where_a_new_largest_comes(values)],
            "A value comes only where there is a new largest. One is asked for after EVERY number: "
            "at the other steps the old largest still holds.",
        ),
        wrong(
            "sorts the numbers",
            lambda values: np.sort(values),
            "These are the numbers in order of size. Sorting looks at all of them at once, also at "
            "those that have not come yet.",
        ),
        wrong(
            "keeps whole numbers only",
            lambda values: np.maximum.accumulate(values).astype(np.int64),
            "What stands after the decimal point is cut off. An array made with dtype=int, and "
            "int(...), hold whole numbers only: use dtype=float, or a list.",
        ),
        wrong(
            "returns the last value only",
            lambda values: np.max(values),
            (
                "This is the largest of all, one number. The task asks for the "
                "largest so far, after each number."
            ),
        ),
        wrong(
            "keeps the smallest",
            lambda values: np.minimum.accumulate(values),
            "This keeps the smallest so far. Which way round does the comparison go?",
        ),
        wrong(
            "returns where the largest stands",
            lambda values: np.array([np.argmax(values[: t + 1]) for t in range(len(values))]),
            "These are positions: where the largest stands. The task asks for its value.",
        ),
        wrong(
            "looks at the whole sequence at every step",
            lambda values: np.full(len(values), np.max(values)),
            "Every step gives the largest of the whole sequence. At step t only the numbers up to"
            " t have come: "
            "the future is not known yet.",
        ),
    ],
    hints=[
        (
            "As before, one number carried along is enough. What happens to it when a larger one "
            "comes, and when a smaller one comes?"
        ),
        "kept after step t = the larger of (kept after step t − 1, number at step t).",
        "best = -np.inf, on the line before the loop",
    ],
    success=(
        "Your loop keeps a value for as long as nothing replaces it. In lesson 07 a network learns "
        "when to do that."
    ),
    next="say what the teaser's network lost, and what it did not lose.",
    others=[
        _largest_so_far_by_loop,
        _largest_so_far_by_slices,
        _largest_so_far_from_the_first,
    ],
)

what_was_lost = choose(
    title="What was lost?",
    minutes=2,
    difficulty=1,
    objective="tell a network that has forgotten from one that never knew",
    question=(
        "In lesson 00 the network addressed the girl rightly when she stood close to the gap. "
        "With many sentences "
        "in between it did no better than a coin. What is the best explanation?"
    ),
    options=[
        option(
            "The network does not know the word “girl”.",
            "It does: with the girl close to the gap it was right nearly always. "
            "The word was learned, and what it left behind did not last.",
        ),
        option(
            "The network reads only the last few words, and the girl is not among them.",
            "That would be a window network, as you will build it in lesson 01. This one reads "
            "every word from the first: "
            "“girl” went in, and then its trace was overwritten.",
        ),
        option(
            (
                "The network read “girl”, and the trace it left in the state faded "
                "or was overwritten on the way."
            ),
            "The word changed the state, and every later word changed the state again. "
            "How long a trace lasts, and how to make it last, is what this course is about.",
            right=True,
        ),
        option(
            "The long stories are ungrammatical, so that no answer is right.",
            "They are as grammatical as the short ones: more sentences of the same kind stand in "
            "between. "
            "You had no trouble with them.",
        ),
    ],
    hints=[
        "Which of the explanations fits both facts: right when near, a coin's toss when far?",
        "Ask of each explanation: what would it predict for the short story?",
        "It read the word. What happened after that?",
    ],
    success="Near it knew, far it did not: the word was read, and its trace was lost.",
)
