"""Exercises of lesson 09, *Words as vectors*: vocabulary, look-up, counts, skip-gram, likeness."""

from collections import Counter

import numpy as np

from rnncourse import words
from rnncourse.check import choose, code, option, predict, probe, switches, wrong

# -- numbers for words ---------------------------------------------------------------------------

one_hot_distance = predict(
    title="Girl, boy, the",
    minutes=2,
    difficulty=1,
    objective="say what one-hot rows tell of likeness",
    question=(
        "A vocabulary has 10,000 words, each with its one-hot row. How far is the row of *girl* "
        "from the row of *boy*, and how far from the row of *the*? (The distance of two rows is "
        "the root of the sum of squared differences.) Two numbers, to two decimals."
    ),
    answer=lambda: [np.sqrt(2), np.sqrt(2)],
    tolerance=(0.0, 0.006),
    mistakes=[
        wrong(
            "puts alike words nearer",
            lambda: [1.0, np.sqrt(2)],
            "A row has a 1 in its own column, and nothing else. In how many columns do the rows of "
            "*girl* and *boy* differ? And those of *girl* and *the*?",
        ),
        wrong(
            "takes alike words for one",
            lambda: [0.0, np.sqrt(2)],
            "A distance of 0 means: the same row. *Girl* and *boy* are two words, with two rows. "
            "And what in these rows would say that they are alike?",
        ),
        wrong(
            "forgets the root",
            [2.0, 2.0],
            "Two columns differ, each by 1: that makes 2 for the *squared* distance.",
        ),
        wrong(
            "counts one differing column",
            [1.0, 1.0],
            "Two columns differ: the one where *girl* has its 1, and the one where the other word "
            "has its own.",
        ),
        wrong(
            "takes the product for the distance",
            [0.0, 0.0],
            "0 is the *product* of two different rows: no column has a 1 in both. The distance of "
            "two different rows is not 0.",
        ),
        wrong(
            "takes the length of the vocabulary",
            [100.0, 100.0],
            "That is the root of 10,000. The other 9,998 columns are 0 in both rows and add "
            "nothing.",
        ),
    ],
    hints=[
        "Write both rows for a vocabulary of 3 words, and subtract.",
        "Two columns differ, each by 1. Distance = √(sum of squares).",
        "√(1² + 1²), for any two different words.",
    ],
    success="Every pair is equally far, for 3 words as for 10,000: the rows say *which* word, and "
    "nothing about what it is like.",
)


def _encode_text(training, sentence, min_count):
    return words.Vocabulary(training, min_count).encode(["<s>", *sentence, "</s>"])


def _flawed_encode(
    training,
    sentence,
    min_count,
    drops_unknown_words=False,
    takes_padding_for_unknown_words=False,
    leaves_begin_and_end_out=False,
    builds_the_vocabulary_on_the_new_sentence_too=False,
    leaves_out_words_that_come_min_count_times=False,
    numbers_the_words_from_0_on=False,
    numbers_the_words_by_the_alphabet=False,
    numbers_the_words_as_they_first_come=False,
):
    read = [*training, *sentence] if builds_the_vocabulary_on_the_new_sentence_too else training
    counts = Counter(read)
    least = min_count + leaves_out_words_that_come_min_count_times
    known = [word for word in counts if counts[word] >= least]
    if numbers_the_words_by_the_alphabet:
        known.sort()
    elif not numbers_the_words_as_they_first_come:
        known.sort(key=lambda word: (-counts[word], word))
    first = 0 if numbers_the_words_from_0_on else 4
    number = {word: first + i for i, word in enumerate(known)}
    unknown = 0 if takes_padding_for_unknown_words else 1
    ids = [number.get(w, unknown) for w in sentence if w in number or not drops_unknown_words]
    return ids if leaves_begin_and_end_out else [2, *ids, 3]


def _encode_backwards(training, sentence, min_count):
    ranked = sorted(Counter(training).items(), key=lambda item: item[::-1], reverse=True)
    known = [word for word, count in ranked if count >= min_count]
    number = {word: i for i, word in enumerate(known, start=4)}
    return [2, *(number.get(word, 1) for word in sentence), 3]


def _encode_by_search(training, sentence, min_count):
    kinds = sorted(set(training), key=lambda word: (-training.count(word), word))
    table = ["<pad>", "<unk>", "<s>", "</s>", *(w for w in kinds if training.count(w) >= min_count)]
    whole = ["<s>", *sentence, "</s>"]
    return np.array([table.index(word) if word in table else 1 for word in whole])


def _encode_by_dict(training, sentence, min_count):
    ranked = sorted(Counter(training).items(), key=lambda item: (-item[1], item[0]))
    number = {}
    for word, count in ranked:
        if count >= min_count:
            number[word] = 4 + len(number)
    return [2] + [number.get(word, 1) for word in sentence] + [3]


_BAR = words.tokens("the girl saw the boy and the boy saw a bar and the girl sat")
_INN = words.tokens("we went in and we sat and in came a cat and a dog")

encode_text = code(
    title="A vocabulary, and a sentence",
    minutes=6,
    difficulty=2,
    objective="number the words of a training text, and encode a new sentence",
    reference=_encode_text,
    probes=[
        probe(_BAR, words.tokens("the boy and the queen sat"), 2),
        probe(_BAR, words.tokens("a girl saw a tall bar"), 1),
        probe(_INN, words.tokens("a dog sat in a box and we came"), 2),
        probe(_INN, words.tokens("zebras sat and sat"), 1),
    ],
    mistakes=[
        *switches(
            _flawed_encode,
            drops_unknown_words=(
                "Words that are not in the vocabulary are gone, and the sentence got shorter. "
                "Every one of them becomes `<unk>`, number 1."
            ),
            takes_padding_for_unknown_words=(
                "Unknown words got the number 0. That is `<pad>`, which stands for nothing at all; "
                "an unknown word is a word: number 1."
            ),
            leaves_begin_and_end_out=(
                "The sentence has no begin and no end. `<s>` goes before its first word, `</s>` "
                "after its last."
            ),
            builds_the_vocabulary_on_the_new_sentence_too=(
                "The vocabulary was built on the new sentence as well. Then it knows words that "
                "the training text never showed: leakage."
            ),
            leaves_out_words_that_come_min_count_times=(
                "A word that comes exactly `min_count` times is left out. It stays: at least "
                "`min_count` times."
            ),
            numbers_the_words_from_0_on=(
                "The first four numbers are taken: 0 `<pad>`, 1 `<unk>`, 2 `<s>`, 3 `</s>`. The "
                "most frequent word has number 4."
            ),
            numbers_the_words_by_the_alphabet=(
                "The words are numbered by the alphabet. The most frequent one comes first; the "
                "alphabet decides among words that come equally often."
            ),
            numbers_the_words_as_they_first_come=(
                "The words are numbered as they first come. The most frequent one comes first; the "
                "alphabet decides among words that come equally often."
            ),
        ),
        wrong(
            "lets ties stand as they come",
            lambda training, sentence, min_count: [
                2,
                *(
                    {
                        word: 4 + i
                        for i, (word, count) in enumerate(Counter(training).most_common())
                        if count >= min_count
                    }.get(word, 1)
                    for word in sentence
                ),
                3,
            ],
            "Frequent words come first, as they should. Among words that come equally often the "
            "alphabet decides, and not who came first.",
        ),
        wrong(
            "turns the alphabet round as well",
            _encode_backwards,
            "Frequent words come first, as they should; but words that come equally often stand "
            "from z to a. `reverse=True` turns both round: sort by `(-count, word)`.",
        ),
        wrong(
            "numbers the rare words, too",
            lambda training, sentence, min_count: _encode_text(training, sentence, 1),
            "Words that come less often than `min_count` have numbers of their own. They count as "
            "unknown: `<unk>`, number 1.",
        ),
    ],
    hints=[
        "Three steps: count the training words; sort and number them; look the sentence up.",
        "Order: most frequent first, ties by the alphabet. Numbers: 0 <pad>, 1 <unk>, 2 <s>, "
        "3 </s>, then the words from 4 on.",
        "known = sorted((w for w in counts if counts[w] >= min_count), "
        "key=lambda w: (-counts[w], w))",
    ],
    success="What the test text holds plays no part in it: as it should be.",
    others=[_encode_by_search, _encode_by_dict],
)


# -- the look-up ---------------------------------------------------------------------------------


def _embedding_gradient(ids, d, V, padding):
    table = words.Embedding(V, d.shape[-1], padding=padding)
    table.forward(ids)
    return table.backward(d)["W"]


def _flawed_gradient(
    ids,
    d,
    V,
    padding,
    loses_repeated_words=False,
    trains_the_padding=False,
    is_one_row_off=False,
):
    dW = np.zeros((V, d.shape[-1]))
    places = ids - 1 if is_one_row_off else ids
    if loses_repeated_words:
        dW[places] += d
    else:
        np.add.at(dW, places, d)
    if not trains_the_padding:
        dW[padding - 1 if is_one_row_off else padding] = 0
    return dW


def _gradient_row_by_row(ids, d, V, padding):
    dW = np.zeros((V, d.shape[-1]))
    for t in range(len(ids)):
        dW[ids[t]] += d[t]
    dW[padding] = 0
    return dW


def _gradient_first(ids, d, V, padding):
    dW = np.zeros((V, d.shape[-1]))
    flat, rows = ids.ravel(), d.reshape(-1, d.shape[-1])
    for i in np.unique(flat):
        dW[i] = rows[np.flatnonzero(flat == i)[0]]
    dW[padding] = 0
    return dW


def _gradient_without_row_0(ids, d, V, padding):
    dW = np.zeros((V, d.shape[-1]))
    np.add.at(dW, ids, d)
    dW[0] = 0
    return dW


def _gradient_averaged(ids, d, V, padding):
    times = np.bincount(ids.ravel(), minlength=V)[:, None]
    return _embedding_gradient(ids, d, V, padding) / np.maximum(times, 1)


def _gradient_by_batch(ids, d, V, padding):
    return _embedding_gradient(ids, d, V, padding) / ids.size


def _gradient_counted(ids, d, V, padding):
    return _embedding_gradient(ids, np.ones_like(d), V, padding)


def _gradient_by_product(ids, d, V, padding):
    dW = np.einsum("tbv,tbe->ve", np.eye(V)[ids], d)
    dW[padding] = 0
    return dW


def _gradient_by_loop(ids, d, V, padding):
    dW = np.zeros((V, d.shape[-1]))
    for t in range(ids.shape[0]):
        for b in range(ids.shape[1]):
            if ids[t, b] != padding:
                dW[ids[t, b]] += d[t, b]
    return dW


def _gradient_in_torch(ids, d, V, padding):
    import torch

    table = torch.nn.Embedding(V, d.shape[-1], padding_idx=padding, dtype=torch.float64)
    table(torch.tensor(ids)).backward(torch.tensor(d))
    return table.weight.grad


def _looked_up(seed, T, B, V, E, padding=0):
    rng = np.random.default_rng(seed)
    ids, d = rng.integers(1, V, (T, B)), rng.normal(size=(T, B, E)).round(1)
    ids[0], ids[1:, 0] = ids[1], ids[1, 0]  # repeats, one word below another
    ids[2] = ids[2, 0]  # and beside another
    ids[-1, -1] = padding
    return ids, d, V, padding


embedding_gradient = code(
    title="Back through the look-up",
    minutes=5,
    difficulty=2,
    objective="carry a gradient back through an embedding, repeats and padding included",
    reference=_embedding_gradient,
    probes=[
        probe(np.array([[2, 1], [2, 0]]), np.array([[[1.0], [2.0]], [[3.0], [4.0]]]), 4, 0),
        probe(*_looked_up(1, 4, 2, 5, 2)),
        probe(*_looked_up(2, 5, 3, 7, 3, padding=2)),
    ],
    axis="row",
    mistakes=[
        *switches(
            _flawed_gradient,
            loses_repeated_words=(
                "A word that stands at several places kept the gradient of one of them. "
                "`dW[ids] += d` writes each row once. What adds up is `np.add.at`, a loop, or the "
                "product with one-hot rows."
            ),
            trains_the_padding=(
                "The row of the padding got a gradient. It stands for nothing, and shall stay as "
                "it is: 0."
            ),
            is_one_row_off=(
                "Every gradient stands one row too high. The words' numbers begin at 0, with the "
                "padding and the unknown word among them."
            ),
        ),
        wrong(
            "clears row 0 whatever the padding is",
            _gradient_without_row_0,
            "Row 0 was cleared. The padding's number is the argument `padding`, and need not be 0.",
        ),
        wrong(
            "loses words that are repeated within a row of ids",
            _gradient_row_by_row,
            "A word that stands twice in one row of `ids` is counted once there: "
            "`dW[ids[t]] += d[t]` writes each row once, too.",
        ),
        wrong(
            "keeps a word's first place only",
            _gradient_first,
            "A word that stands at several places kept the gradient of the first. One row was used "
            "at all of them: its gradients add up.",
        ),
        wrong(
            "averages over a word's places",
            _gradient_averaged,
            "A repeated word got the mean of its gradients. A row that acts at three places acts "
            "three times: the sum.",
        ),
        wrong(
            "divides by the number of places",
            _gradient_by_batch,
            "Everything is divided by the number of entries of `ids`. If the loss is a mean, that "
            "is in `d` already.",
        ),
        wrong(
            "counts instead of adding gradients",
            _gradient_counted,
            "These are the numbers of times that each word comes. What is added at each of its "
            "places is its row of `d`.",
        ),
    ],
    hints=[
        "Row i gets something from every place where ids is i.",
        "dW[i] = sum of d[t, b] over all (t, b) with ids[t, b] == i; and 0 for the padding.",
        "dW = np.zeros((V, d.shape[-1])), then np.add.at(dW, ids, d)",
    ],
    success="It is lesson 05's shared weight once more: used at many places, blamed for the sum.",
    others=[_gradient_by_product, _gradient_by_loop, _gradient_in_torch],
)


# -- company -------------------------------------------------------------------------------------


def _sorted_pairs(answer, ids, window):
    found = answer(ids, window)
    if found is None or found is ...:
        return found
    found = np.asarray(found)
    if found.size == 0:
        return np.zeros((0, 2), dtype=int)
    if found.ndim != 2 or found.shape[1] != 2:
        raise ValueError("it returned no list of pairs (centre, neighbour)")
    return found[np.lexsort(found.T[::-1])]


def _context_pairs(ids, window):
    return np.column_stack(words.pairs([np.asarray(ids)], window))


def _pairs_where(ids, near):
    return [(ids[i], ids[j]) for i in range(len(ids)) for j in range(len(ids)) if near(i, j)]


def _pairs_wrapped(ids, window):
    n, found = len(ids), []
    for i in range(n):
        for j in range(i - window, min(n, i + window + 1)):
            if j != i:
                found.append((ids[i], ids[j]))
    return found


def _pairs_by_slices(ids, window):
    found = []
    for i, word in enumerate(ids):
        near = [*ids[max(0, i - window) : i], *ids[i + 1 : i + 1 + window]]
        found += [(word, other) for other in near]
    return found


context_pairs = code(
    title="Who stands near whom",
    minutes=4,
    difficulty=1,
    objective="list all pairs of a word and its neighbours in a window",
    reference=_context_pairs,
    drive=_sorted_pairs,
    call="context_pairs({ids}, window={window}), sorted",
    probes=[
        probe([4, 5, 6, 7], 2),
        probe([9, 8, 9, 7, 8], 1),
        probe([1, 2, 3, 1, 4, 5, 6], 3),
    ],
    axis="pair",
    mistakes=[
        wrong(
            "takes the window as all words",
            lambda ids, window: _pairs_where(ids, lambda i, j: 0 < abs(i - j) <= window // 2),
            "The window was split between the two sides. It counts words to *each* side: "
            "`window=2` reaches two back and two ahead.",
        ),
        wrong(
            "pairs a word with itself",
            lambda ids, window: _pairs_where(ids, lambda i, j: abs(i - j) <= window),
            "Every word is its own neighbour here. The place of the centre itself is left out.",
        ),
        wrong(
            "looks ahead only",
            lambda ids, window: _pairs_where(ids, lambda i, j: 0 < j - i <= window),
            "Only the words that follow are there. Neighbours stand on both sides.",
        ),
        wrong(
            "looks back only",
            lambda ids, window: _pairs_where(ids, lambda i, j: 0 < i - j <= window),
            "Only the words before are there. Neighbours stand on both sides.",
        ),
        wrong(
            "stops one short to the right",
            lambda ids, window: _pairs_where(
                ids, lambda i, j: i != j and -window <= j - i < window
            ),
            "To the right the window is one word short: the end of a `range` is not in it.",
        ),
        wrong(
            "runs round the beginning",
            _pairs_wrapped,
            "Words at the beginning got neighbours from the end: a negative index counts from "
            "there. Begin at `max(0, i - window)`.",
        ),
        wrong(
            "skips words that cannot have a full window",
            lambda ids, window: _pairs_where(
                ids, lambda i, j: 0 < abs(i - j) <= window and window <= i < len(ids) - window
            ),
            "Words near the ends are left out as centres. They have fewer neighbours, and those "
            "count.",
        ),
        wrong(
            "leaves out a word's other places",
            lambda ids, window: _pairs_where(
                ids, lambda i, j: 0 < abs(i - j) <= window and ids[i] != ids[j]
            ),
            "Where a word stands twice in one window, the pair is missing. Leave out the centre's "
            "*place*, not its word.",
        ),
        wrong(
            "gives places instead of words",
            lambda ids, window: _pairs_where(
                range(len(ids)), lambda i, j: 0 < abs(i - j) <= window
            ),
            "These are pairs of *places*, 0, 1, 2, ... Asked are the words that stand there: "
            "`(ids[i], ids[j])`.",
        ),
        wrong(
            "keeps every pair once",
            lambda ids, window: sorted(
                set(_pairs_where(ids, lambda i, j: 0 < abs(i - j) <= window))
            ),
            "A pair that comes twice is here once. How often two words meet is what is to be "
            "learned: keep a list, and not a set.",
        ),
        wrong(
            "reaches one word too far",
            lambda ids, window: _pairs_where(ids, lambda i, j: 0 < abs(i - j) <= window + 1),
            "The window reaches one word too far on both sides: `window` places at most.",
        ),
        wrong(
            "takes exactly that distance",
            lambda ids, window: _pairs_where(ids, lambda i, j: abs(i - j) == window),
            "Only words exactly `window` places away are there. *At most* so many is meant.",
        ),
    ],
    hints=[
        "For every place i: all places j from i − window to i + window that exist, without i.",
        "j runs from max(0, i − window) to min(n, i + window + 1), the end left out.",
        "for i in range(n): for j in range(max(0, i - window), min(n, i + window + 1)): ...",
    ],
    success="That is all that word2vec ever sees of a text.",
    others=[
        _pairs_by_slices,
        lambda ids, window: _pairs_where(ids, lambda i, j: 0 < abs(i - j) <= window),
    ],
)


def _quiet(f):
    def run(counts):
        with np.errstate(all="ignore"):
            return f(np.asarray(counts, dtype=float))

    return run


def _shares(counts):
    return counts.sum(axis=1, keepdims=True), counts.sum(axis=0, keepdims=True), counts.sum()


def _raw_pmi(counts):
    rows, columns, total = _shares(counts)
    return np.log(counts * total / (rows * columns))


def _ppmi_by_loops(counts):
    n, m = len(counts), len(counts[0])
    total = sum(map(sum, counts))
    rows = [sum(row) for row in counts]
    columns = [sum(row[j] for row in counts) for j in range(m)]
    table = [[0.0] * m for _ in range(n)]
    for i in range(n):
        for j in range(m):
            if counts[i][j] > 0:
                table[i][j] = max(0.0, np.log(counts[i][j] * total / rows[i] / columns[j]))
    return table


def _ppmi_by_chances(counts):
    p = counts / counts.sum()
    chance = np.outer(p.sum(axis=1), p.sum(axis=0))
    ratio = np.where(p > 0, p, chance) / chance
    return np.log(np.maximum(ratio, 1.0))


_MEETINGS = np.array([[0.0, 6.0, 1.0], [2.0, 8.0, 2.0], [4.0, 1.0, 0.0]])

ppmi_table = code(
    title="More often than by chance",
    minutes=5,
    difficulty=2,
    objective="turn counts into positive pointwise mutual information",
    reference=words.ppmi,
    probes=[
        probe(np.array([[0.0, 2.0], [2.0, 4.0]])),
        probe(_MEETINGS),
        probe(np.random.default_rng(3).poisson(2.0, (5, 5)).astype(float)),
    ],
    call="ppmi_table({counts})",
    axis="row",
    mistakes=[
        wrong(
            "takes the logarithm to base 2",
            _quiet(lambda counts: np.maximum(_raw_pmi(counts), 0) / np.log(2)),
            "These are bits: the logarithm to base 2. The course counts in nats: `np.log`.",
        ),
        wrong(
            "takes the logarithm to base 10",
            _quiet(lambda counts: np.maximum(_raw_pmi(counts), 0) / np.log(10)),
            "This is the logarithm to base 10. The course counts in nats: `np.log`.",
        ),
        wrong(
            "keeps negative values",
            _quiet(lambda counts: np.where(counts > 0, _raw_pmi(counts), 0)),
            "Pairs that meet less often than by chance have negative values here. *Positive* PMI "
            "cuts at 0.",
        ),
        wrong(
            "leaves minus infinity",
            _quiet(_raw_pmi),
            "This is PMI itself: negative where two words meet less often than by chance, and "
            "minus infinity where they never do. *Positive* PMI is 0 in both cases.",
        ),
        wrong(
            "exchanges row and column sums",
            _quiet(
                lambda counts: np.maximum(
                    np.log(
                        counts * counts.sum() / np.outer(counts.sum(axis=0), counts.sum(axis=1))
                    ),
                    0,
                )
            ),
            "The sums are exchanged: entry (i, j) needs the sum of *row* i, over axis 1, and of "
            "*column* j, over axis 0. In a symmetric table one does not see it.",
        ),
        wrong(
            "forgets the total",
            _quiet(
                lambda counts: np.maximum(
                    np.log(counts / (_shares(counts)[0] * _shares(counts)[1])), 0
                )
            ),
            "Counts are divided by products of counts. With N pairs in all, chance would give "
            "(row sum · column sum) / N of them: N belongs into the ratio.",
        ),
        wrong(
            "looks at the row sums only",
            _quiet(
                lambda counts: np.maximum(np.log(counts / _shares(counts)[0] * counts.shape[1]), 0)
            ),
            "The counts are compared with an even share of each row. A neighbour that is frequent "
            "everywhere is frequent here, too: the column sums belong into it.",
        ),
        wrong(
            "leaves the logarithm out",
            _quiet(
                lambda counts: (
                    counts * _shares(counts)[2] / (_shares(counts)[0] * _shares(counts)[1])
                )
            ),
            "This is the ratio of observed to expected; its logarithm is asked for.",
        ),
        wrong(
            "adds 1 before the logarithm",
            _quiet(
                lambda counts: np.log1p(
                    counts * _shares(counts)[2] / (_shares(counts)[0] * _shares(counts)[1])
                )
            ),
            "1 is added to the ratio before the logarithm. Then a pair that meets as often as by "
            "chance gets ln 2; it should get 0.",
        ),
        wrong(
            "weighs with the probability",
            _quiet(lambda counts: counts / counts.sum() * np.maximum(words.pmi(counts), 0)),
            "Every value is multiplied by P(i, j). Summed up that would be a mean, the mutual "
            "information of the whole table; asked is the value of each pair by itself.",
        ),
        wrong(
            "takes the larger of 0 and the ratio less 1",
            _quiet(lambda counts: np.maximum(np.exp(words.pmi(counts)) - 1, 0)),
            "0 is at chance, as it should be, but this is the ratio less 1. Its logarithm is asked "
            "for.",
        ),
        wrong(
            "turns the ratio round",
            _quiet(lambda counts: np.where(counts > 0, np.maximum(-_raw_pmi(counts), 0), 0)),
            "The ratio stands upside down: expected over observed. High is who meets *more* often.",
        ),
        wrong(
            "takes counts for probabilities",
            _quiet(lambda counts: np.where(counts > 0, np.log(np.maximum(counts, 1)), 0)),
            "This is the logarithm of the counts. A pair of frequent words meets often by chance "
            "alone: divide by what chance gives.",
        ),
    ],
    hints=[
        "First a table of what chance would give: each row's sum times each column's sum, over "
        "the number of pairs.",
        "PPMI = max(0, ln(counts / expected)), with expected = row sum · column sum / total.",
        "expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()",
    ],
    success="Cut into its strongest directions, this table is the baseline of the lesson.",
    others=[_ppmi_by_loops, _ppmi_by_chances],
)

# -- what skip-gram is shown ---------------------------------------------------------------------

noise_chances = code(
    title="Drawing the negatives",
    minutes=3,
    difficulty=1,
    objective="make the distribution that negatives are drawn from",
    reference=words.noise,
    axis="word",
    probes=[
        probe(np.array([16.0, 1.0]), 0.75),
        probe(np.array([900.0, 90.0, 10.0, 5.0]), 0.75),
        probe(np.array([4.0, 9.0, 25.0]), 0.5),
    ],
    mistakes=[
        wrong(
            "draws all words alike",
            lambda counts, power: np.ones(len(counts)) / len(counts),
            "Every word has the same chance. Then nearly all negatives are rare words, and telling "
            "them from true neighbours is too easy.",
        ),
        wrong(
            "leaves the power out",
            lambda counts, power: counts / counts.sum(),
            "These are the words' own frequencies. The power is to lift the rare ones a little.",
        ),
        wrong(
            "forgets to divide by the sum",
            lambda counts, power: counts**power,
            "Chances add up to 1: divide by the sum.",
        ),
        wrong(
            "raises the shares and does not divide again",
            lambda counts, power: (counts / counts.sum()) ** power,
            "The shares added up to 1 before they were raised to the power, and do not any more. "
            "Divide by the sum at the end.",
        ),
        wrong(
            "divides by the sum before the power",
            lambda counts, power: counts**power / counts.sum(),
            "The counts were raised to the power, and then divided by the sum of the counts "
            "themselves. Divide by the sum of what is above.",
        ),
        wrong(
            "prefers rare words",
            lambda counts, power: counts**-power / (counts**-power).sum(),
            "Rare words get the largest chances. A power below 1 lifts them *a little*; frequent "
            "words still come more often.",
        ),
        wrong(
            "runs the counts through a softmax",
            lambda counts, power: (
                np.exp(power * (counts - counts.max()))
                / np.exp(power * (counts - counts.max())).sum()
            ),
            "This is a softmax: e to the power of the counts. Asked are the *counts* to the power "
            "`power`.",
        ),
        wrong(
            "adds the chances up",
            lambda counts, power: np.cumsum(counts**power) / (counts**power).sum(),
            "These are running sums of the chances, as one needs them for drawing. Asked are the "
            "chances themselves.",
        ),
        wrong(
            "takes one over the power",
            lambda counts, power: counts ** (1 / power) / (counts ** (1 / power)).sum(),
            "Frequent words got even more frequent: the power is turned round. 0.75 is below 1 and "
            "brings them nearer together.",
        ),
    ],
    hints=[
        "Two steps: raise, then bring the sum to 1.",
        "chance of word i = counts[i]^power / Σ counts^power.",
        "weights = counts**power",
    ],
    success="With 16 against 1 the rare word comes in one draw of nine, in place of one of 17.",
    others=[
        lambda counts, power: [c**power / sum(k**power for k in counts) for c in counts],
        lambda counts, power: np.exp(power * np.log(counts)) / np.exp(power * np.log(counts)).sum(),
    ],
)

thinned_words = predict(
    title="Thinning out",
    minutes=3,
    difficulty=1,
    objective="say which words subsampling leaves out, and how often",
    question=(
        "Subsampling keeps a word with the probability min(1, √(t / f)), where f is its share of "
        "the text. Take t = 0.001. With which probability does a word stay that makes up **4 %** "
        "of the text, one that makes up **0.1 %**, and one that makes up **0.01 %**? Three numbers."
    ),
    answer=lambda: [np.sqrt(0.001 / 0.04), 1.0, 1.0],
    mistakes=[
        wrong(
            "gives the chance of being left out",
            lambda: [1 - np.sqrt(0.001 / 0.04), 0.0, 0.0],
            "That is the probability of being left *out*. Asked is who stays.",
        ),
        wrong(
            "leaves the root out",
            [0.025, 1.0, 1.0],
            "t / f is 0.025. Its root is asked for.",
        ),
        wrong(
            "goes beyond 1",
            lambda: [np.sqrt(0.001 / 0.04), 1.0, np.sqrt(10)],
            "A probability is 1 at most: a word rarer than t always stays.",
        ),
        wrong(
            "leaves the root out and goes beyond 1",
            [0.025, 1.0, 10.0],
            "These are t / f. Two steps follow: the root, and no more than 1.",
        ),
        wrong(
            "thins out the rare words without a root",
            [1.0, 1.0, 0.1],
            "Here the *rare* word is thinned out: f / t. The ratio is t / f, and its root is "
            "asked for.",
        ),
        wrong(
            "answers in percent",
            lambda: [100 * np.sqrt(0.001 / 0.04), 100.0, 100.0],
            "These are percent. A probability lies between 0 and 1.",
        ),
        wrong(
            "thins out the rare words",
            lambda: [1.0, 1.0, np.sqrt(0.1)],
            "Here the *rare* word is thinned out: f / t. Subsampling is for words like *the*, "
            "which stand near everything and tell little.",
        ),
        wrong(
            "reads percent as shares",
            lambda: [np.sqrt(0.001 / 4), np.sqrt(0.001 / 0.1), np.sqrt(0.001 / 0.01)],
            "4 % is a share of 0.04. (0.1 % is 0.001: that is t itself.)",
        ),
    ],
    hints=[
        "Write the shares as numbers first: 0.04, 0.001, 0.0001.",
        "√(0.001 / 0.04) for the first; and min(1, ...) for all.",
        "The second is √1.",
    ],
    success="Of six or seven *the* one is left, and no rare word is lost.",
)

# -- skip-gram and its sibling -------------------------------------------------------------------

fresh_loss = predict(
    title="The loss before anything is learned",
    minutes=3,
    difficulty=1,
    objective="predict skip-gram's loss at a fresh start",
    question=(
        "In a fresh start the table C is all zeros. What is the loss of one true pair with "
        "**k = 5** negatives, −ln σ(w·c) − Σ ln σ(−w·n)? To two decimals."
    ),
    answer=lambda: 6 * np.log(2),
    tolerance=(0.0, 0.006),
    mistakes=[
        wrong(
            "counts the true pair only",
            lambda: np.log(2),
            "ln 2 is the share of the true pair. Each of the five negatives adds its own.",
        ),
        wrong(
            "counts the negatives only",
            lambda: 5 * np.log(2),
            "Five negatives, and the true pair itself: six terms.",
        ),
        wrong(
            "takes six answers for one choice",
            lambda: np.log(6),
            "ln 6 would be one choice among six. Here are six separate yes-or-no questions, each "
            "answered with a half, and their losses are added.",
        ),
        wrong(
            "uses the logarithm to base 2",
            6.0,
            "Six *bits*. The loss is in nats: ln σ(0) = ln 0.5.",
        ),
        wrong(
            "leaves the minus out",
            lambda: -6 * np.log(2),
            "The size is right. ln 0.5 is negative, and the loss takes −ln: it is positive.",
        ),
        wrong(
            "subtracts the negatives",
            lambda: -4 * np.log(2),
            "The five terms were subtracted. In −Σ ln σ(−w·n) the logarithm is negative, too: "
            "every term adds its own ln 2.",
        ),
        wrong(
            "adds the chances",
            3.0,
            "σ(0) is 0.5, six times. The loss takes −ln of each.",
        ),
        wrong(
            "takes zero tables for zero loss",
            0.0,
            "A loss of 0 would mean: sure, and right every time. All products are 0, so every "
            "answer is σ(0).",
        ),
    ],
    hints=[
        "Every product with a row of zeros is 0.",
        "σ(0) = 0.5, and −ln 0.5 = ln 2. How many such terms are there?",
        "One true pair and five negatives.",
    ],
    success="(k + 1) ln 2: the first test of any skip-gram, as ln V is of a choice among V.",
)


def _skipgram_gradients(W, C, centre, context, negatives):
    model = words.SkipGram(*W.shape)
    model.W, model.C = W, C
    loss, grads = model.loss_and_grads([centre], [context], [negatives])
    return {"loss": loss, **grads}


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


def _flawed_skipgram(
    W,
    C,
    centre,
    context,
    negatives,
    pulls_the_negatives=False,
    uses_one_table_for_both=False,
    loses_repeated_negatives=False,
    leaves_the_negatives_unmoved=False,
    averages_over_the_negatives=False,
    takes_the_probability_for_the_error=False,
    turns_the_gradients_round=False,
    forgets_the_row_of_the_true_neighbour=False,
):
    others = np.array([context, *negatives])
    rows = W[others] if uses_one_table_for_both else C[others]
    sign = np.ones(len(others))
    if not pulls_the_negatives:
        sign[1:] = -1
    w = W[centre]
    right = _sigmoid(sign * (rows @ w))
    share = np.ones(len(others))
    if averages_over_the_negatives:
        share[1:] = 1 / len(negatives)
    d = -sign * share * (right if takes_the_probability_for_the_error else 1 - right)
    if turns_the_gradients_round:
        d = -d
    dW, dC = np.zeros_like(W), np.zeros_like(C)
    dW[centre] = d @ rows
    slopes = d[:, None] * w
    if leaves_the_negatives_unmoved:
        slopes[1:] = 0
    if forgets_the_row_of_the_true_neighbour:
        slopes[0] = 0
    if loses_repeated_negatives:
        dC[others] += slopes
    else:
        np.add.at(dW if uses_one_table_for_both else dC, others, slopes)
    return {"loss": -(share * np.log(right)).sum(), "W": dW, "C": dC}


def _skipgram_by_softmax(W, C, centre, context, negatives):
    others = np.array([context, *negatives])
    p = np.exp(C[others] @ W[centre])
    p /= p.sum()
    d = p - (np.arange(len(others)) == 0)
    dW, dC = np.zeros_like(W), np.zeros_like(C)
    dW[centre] = d @ C[others]
    np.add.at(dC, others, d[:, None] * W[centre])
    return {"loss": -np.log(p[0]), "W": dW, "C": dC}


def _skipgram_with_two_slopes(W, C, centre, context, negatives):
    loss, dW, dC = 0.0, np.zeros_like(W), np.zeros_like(C)
    for other, truth in [(context, 1.0), *((n, 0.0) for n in negatives)]:
        p = _sigmoid(W[centre] @ C[other])
        loss -= np.log(p if truth else 1 - p)
        d = (p - truth) * p * (1 - p)
        dW[centre] += d * C[other]
        dC[other] += d * W[centre]
    return {"loss": loss, "W": dW, "C": dC}


def _skipgram_with_the_last_word(W, C, centre, context, negatives):
    right = _skipgram_by_loop(W, C, centre, context, negatives)
    dW, n = np.zeros_like(W), negatives[-1]
    dW[centre] = _sigmoid(W[centre] @ C[n]) * C[n]
    return {**right, "W": dW}


def _skipgram_with_the_true_word(W, C, centre, context, negatives):
    right = _skipgram_by_loop(W, C, centre, context, negatives)
    dW = np.zeros_like(W)
    dW[centre] = (_sigmoid(W[centre] @ C[context]) - 1) * C[context]
    return {**right, "W": dW}


def _skipgram_with_exchanged_gradients(W, C, centre, context, negatives):
    right = _skipgram_by_loop(W, C, centre, context, negatives)
    return {"loss": right["loss"], "W": right["C"], "C": right["W"]}


def _skipgram_by_loop(W, C, centre, context, negatives):
    loss, dW, dC = 0.0, np.zeros_like(W), np.zeros_like(C)
    for other, truth in [(context, 1.0), *((n, 0.0) for n in negatives)]:
        p = _sigmoid(W[centre] @ C[other])
        loss -= np.log(p if truth else 1 - p)
        dW[centre] += (p - truth) * C[other]
        dC[other] += (p - truth) * W[centre]
    return {"loss": loss, "W": dW, "C": dC}


def _skipgram_in_torch(W, C, centre, context, negatives):
    import torch

    W, C = (torch.tensor(table, requires_grad=True) for table in (W, C))
    log = torch.nn.functional.logsigmoid
    loss = -log(W[centre] @ C[context]) - log(-C[torch.tensor(negatives)] @ W[centre]).sum()
    loss.backward()
    return {"loss": loss.detach(), "W": W.grad, "C": C.grad}


def _tables(seed, V, E):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(V, E)).round(1), rng.normal(size=(V, E)).round(1)


skipgram_gradients = code(
    title="One pair of skip-gram",
    minutes=8,
    difficulty=3,
    objective="write skip-gram's loss with negatives, and its gradients by both tables",
    reference=_skipgram_gradients,
    probes=[
        probe(*_tables(1, 4, 2), 0, 1, [2, 3]),
        probe(*_tables(2, 5, 3), 3, 0, [1, 1, 4]),
        probe(*_tables(3, 6, 2), 2, 5, [0, 3, 0, 1]),
    ],
    call="skipgram_gradients(W={W}, C={C}, {centre}, {context}, {negatives})",
    mistakes=[
        *switches(
            _flawed_skipgram,
            pulls_the_negatives=(
                "The drawn words are treated as true neighbours. Theirs is ln σ(−w · n): they are "
                "pushed away."
            ),
            uses_one_table_for_both=(
                "The neighbours' rows were taken from W. There are two tables: the centre's row "
                "comes from W, all others from C."
            ),
            loses_repeated_negatives=(
                "A word that was drawn twice got one share. `dC[others] += ...` writes each row "
                "once; add up, as in *Back through the look-up*."
            ),
            leaves_the_negatives_unmoved=(
                "Only the true neighbour's row of C has a gradient. The drawn words had a part in "
                "the loss as well."
            ),
            averages_over_the_negatives=(
                "The negatives' terms are averaged. The loss *adds* them: five negatives push five "
                "times."
            ),
            takes_the_probability_for_the_error=(
                "A pair that is answered well has the larger slope here. The slope of −ln σ(a) is "
                "−(1 − σ(a)): little where the answer is right already."
            ),
            turns_the_gradients_round=(
                "All gradients have the other sign. These are the directions in which the loss "
                "falls; the gradient points to where it rises."
            ),
            forgets_the_row_of_the_true_neighbour=(
                "The true neighbour's row of C has no gradient. It is pulled towards w, as w is "
                "pulled towards it."
            ),
        ),
        wrong(
            "chooses one of all by a softmax",
            _skipgram_by_softmax,
            "This is a choice of one among 1 + k, with a softmax. Negative sampling asks 1 + k "
            "separate questions, each with a sigmoid of its own.",
        ),
        wrong(
            "takes the slope of the sigmoid once more",
            _skipgram_with_two_slopes,
            "The gradients have a factor σ(1 − σ) too many. It cancels against the 1/σ of the "
            "logarithm: what is left by each product is probability minus truth.",
        ),
        wrong(
            "keeps the last word's part only",
            _skipgram_with_the_last_word,
            "The centre's row of W has the part of the last drawn word alone: `=` in the loop, "
            "where the parts add up, `+=`.",
        ),
        wrong(
            "leaves the drawn words out of the centre's gradient",
            _skipgram_with_the_true_word,
            "The centre's row of W has the true neighbour's part alone. The drawn words push it, "
            "too.",
        ),
        wrong(
            "takes the mean over the questions",
            lambda W, C, centre, context, negatives: {
                name: value / (1 + len(negatives))
                for name, value in _skipgram_by_loop(W, C, centre, context, negatives).items()
            },
            "Everything is divided by 1 + k. The loss of a pair is the *sum* of its 1 + k terms.",
        ),
        wrong(
            "exchanges the two gradients",
            _skipgram_with_exchanged_gradients,
            "The gradients are right, and stand under each other's names: the centre's row "
            'belongs to "W", all others to "C".',
        ),
    ],
    hints=[
        "Each of the 1 + k products is a question with the answer yes (true neighbour) or no. "
        "The gradient by a product is probability minus truth.",
        "By w: Σ (p − truth) c. By each c: (p − truth) w. The truth is 1 for the neighbour, 0 for "
        "the drawn words.",
        "for other, truth in [(context, 1.0), *((n, 0.0) for n in negatives)]: ...",
    ],
    success="The rest of skip-gram is a loop around this.",
    others=[_skipgram_by_loop, _skipgram_in_torch],
)


def _cbow_gradients(W, C, neighbours, centre, negatives):
    model = words.CBOW(*W.shape)
    model.W, model.C = W, C
    loss, grads = model.loss_and_grads([neighbours], [centre], [negatives])
    return {"loss": loss, **grads}


def _flawed_cbow(
    W,
    C,
    neighbours,
    centre,
    negatives,
    adds_the_neighbours=False,
    gives_every_neighbour_the_whole_gradient=False,
    loses_repeated_neighbours=False,
    moves_the_first_neighbour_only=False,
    counts_the_centre_among_the_neighbours=False,
    exchanges_the_tables=False,
    pulls_the_negatives=False,
    loses_repeated_negatives=False,
):
    first, second = (C, W) if exchanges_the_tables else (W, C)
    around = [*neighbours, centre] if counts_the_centre_among_the_neighbours else [*neighbours]
    n = 1 if adds_the_neighbours else len(around)
    w = first[around].sum(axis=0) / n
    others = np.array([centre, *negatives])
    sign = np.ones(len(others))
    if not pulls_the_negatives:
        sign[1:] = -1
    right = _sigmoid(sign * (second[others] @ w))
    d = -sign * (1 - right)
    d_w = d @ second[others] / (1 if gives_every_neighbour_the_whole_gradient else n)
    d_first, d_second = np.zeros_like(W), np.zeros_like(C)
    if loses_repeated_negatives:
        d_second[others] += d[:, None] * w
    else:
        np.add.at(d_second, others, d[:, None] * w)
    if moves_the_first_neighbour_only:
        d_first[around[0]] += d_w
    elif loses_repeated_neighbours:
        d_first[around] += d_w
    else:
        np.add.at(d_first, around, np.tile(d_w, (len(around), 1)))
    grads = (d_second, d_first) if exchanges_the_tables else (d_first, d_second)
    return {"loss": -np.log(right).sum(), "W": grads[0], "C": grads[1]}


def _skipgram_for_cbow(W, C, neighbours, centre, negatives):
    loss, dW, dC = 0.0, np.zeros_like(W), np.zeros_like(C)
    for neighbour in neighbours:
        one = _skipgram_by_loop(W, C, neighbour, centre, negatives)
        loss, dW, dC = loss + one["loss"], dW + one["W"], dC + one["C"]
    n = len(neighbours)
    return {"loss": loss / n, "W": dW / n, "C": dC / n}


def _skipgram_from_the_centre(W, C, neighbours, centre, negatives):
    loss, dW, dC = 0.0, np.zeros_like(W), np.zeros_like(C)
    for neighbour in neighbours:
        one = _skipgram_by_loop(W, C, centre, neighbour, negatives)
        loss, dW, dC = loss + one["loss"], dW + one["W"], dC + one["C"]
    return {"loss": loss, "W": dW, "C": dC}


def _cbow_by_loop(W, C, neighbours, centre, negatives):
    w = sum(W[i] for i in neighbours) / len(neighbours)
    loss, d_w, dW, dC = 0.0, np.zeros_like(w), np.zeros_like(W), np.zeros_like(C)
    for other, truth in [(centre, 1.0), *((n, 0.0) for n in negatives)]:
        p = _sigmoid(w @ C[other])
        loss -= np.log(p if truth else 1 - p)
        d_w += (p - truth) * C[other]
        dC[other] += (p - truth) * w
    for i in neighbours:
        dW[i] += d_w / len(neighbours)
    return {"loss": loss, "W": dW, "C": dC}


def _cbow_in_torch(W, C, neighbours, centre, negatives):
    import torch

    W, C = (torch.tensor(table, requires_grad=True) for table in (W, C))
    w, log = W[torch.tensor(neighbours)].mean(dim=0), torch.nn.functional.logsigmoid
    loss = -log(w @ C[centre]) - log(-C[torch.tensor(negatives)] @ w).sum()
    loss.backward()
    return {"loss": loss.detach(), "W": W.grad, "C": C.grad}


cbow_gradients = code(
    title="The other way round: CBOW",
    minutes=8,
    difficulty=3,
    objective="turn skip-gram into CBOW, which tells the word in the middle",
    reference=_cbow_gradients,
    probes=[
        probe(*_tables(4, 5, 2), [0, 1], 2, [3, 4]),
        probe(*_tables(5, 6, 3), [1, 4, 1, 5], 0, [2, 3]),
        probe(*_tables(6, 6, 2), [3, 3, 0], 4, [1, 2, 1]),
    ],
    call="cbow_gradients(W={W}, C={C}, {neighbours}, {centre}, {negatives})",
    mistakes=[
        *switches(
            _flawed_cbow,
            adds_the_neighbours=(
                "The neighbours' rows are added up. It is their mean, so that long and short "
                "windows are alike."
            ),
            gives_every_neighbour_the_whole_gradient=(
                "Each neighbour got the gradient of the mean in full. It has a share of 1/n in the "
                "mean, and gets 1/n of the gradient."
            ),
            loses_repeated_neighbours=(
                "A word that stands twice among the neighbours got one share: `dW[neighbours] +=` "
                "writes each row once."
            ),
            moves_the_first_neighbour_only=(
                "Only the first neighbour's row has a gradient. All of them went into the mean."
            ),
            counts_the_centre_among_the_neighbours=(
                "The word in the middle is among the neighbours. It is what shall be told from "
                "them."
            ),
            exchanges_the_tables=(
                "The tables are exchanged. The neighbours' rows come from W, the one in the middle "
                "and the drawn words from C."
            ),
            pulls_the_negatives=(
                "The drawn words are treated as true. Theirs is ln σ(−w · n), as in skip-gram."
            ),
            loses_repeated_negatives=(
                "A word that was drawn twice got one share: `dC[others] +=` writes each row once."
            ),
        ),
        wrong(
            "takes each neighbour by itself",
            _skipgram_for_cbow,
            "Every neighbour tells the middle by itself, and the losses are averaged: that is "
            "skip-gram again. CBOW averages the *rows* first, and asks once.",
        ),
        wrong(
            "writes skip-gram",
            _skipgram_from_the_centre,
            "This is skip-gram: the word in the middle tells its neighbours. CBOW goes the other "
            "way: the neighbours together tell the middle.",
        ),
    ],
    hints=[
        "One vector w stands for all neighbours. From there on it is skip-gram with one pair.",
        "w = mean of W[neighbours]. Back: every neighbour's row gets dL/dw · 1/n; repeats add up.",
        "w = W[neighbours].mean(axis=0)",
    ],
    success="Skip-gram asks about every pair by itself, CBOW once about a whole window.",
    others=[_cbow_by_loop, _cbow_in_torch],
)

# -- likeness ------------------------------------------------------------------------------------


def _named(vectors):
    return words.Vocabulary.in_order([str(i) for i in range(len(vectors))])


def _nearest_words(vectors, word, n):
    found = words.neighbours(vectors, _named(vectors), str(word), n)
    return [int(name) for name, _ in found]


def _cosines(vectors, query):
    return vectors @ query / np.linalg.norm(vectors, axis=1) / np.linalg.norm(query)


def _best(scores, n, *hidden):
    scores = np.array(scores, dtype=float)
    scores[list(hidden)] = -np.inf
    return np.argsort(-scores, kind="stable")[:n]


def _flawed_nearest(
    vectors,
    word,
    n,
    names_the_word_itself=False,
    takes_the_product_for_the_cosine=False,
    returns_the_farthest=False,
    takes_opposite_for_near=False,
):
    query = vectors[word]
    scores = vectors @ query if takes_the_product_for_the_cosine else _cosines(vectors, query)
    if takes_opposite_for_near:
        scores = np.abs(scores)
    if returns_the_farthest:
        scores = -scores
    return _best(scores, n, *([] if names_the_word_itself else [word]))


def _nearest_with_zero(vectors, word, n):
    alike = _cosines(vectors, vectors[word])
    alike[word] = 0.0
    return _best(alike, n)


def _nearest_by_loop(vectors, word, n):
    query, scored = vectors[word], []
    for i, v in enumerate(vectors):
        if i != word:
            dot = sum(a * b for a, b in zip(query, v, strict=True))
            scored.append((-dot / (sum(a * a for a in v) ** 0.5), i))
    return [i for _, i in sorted(scored)[:n]]


def _nearest_by_distance_of_units(vectors, word, n):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    distance = np.linalg.norm(unit - unit[word], axis=1)
    distance[word] = np.inf
    return np.argsort(distance)[:n]


def _spread_rows(seed, V, E):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(V, E)) * rng.uniform(0.3, 3.0, (V, 1))).round(2)


_PLANE = np.array([[1.0, 0.2], [4.0, 3.0], [0.5, 0.0], [0.9, 0.4], [-1.0, -0.1], [0.0, 0.3]])

nearest_words = code(
    title="Neighbours",
    minutes=5,
    difficulty=2,
    objective="find the words whose vectors point most nearly the same way",
    reference=_nearest_words,
    probes=[
        probe(_PLANE, 0, 2),
        probe(_spread_rows(1, 9, 3), 4, 3),
        probe(_spread_rows(2, 12, 4), 7, 4),
        probe(_spread_rows(5, 12, 2), 0, 5),
    ],
    axis="place",
    mistakes=[
        *switches(
            _flawed_nearest,
            names_the_word_itself=(
                "The word that was asked for is among them: its cosine with itself is 1, and tells "
                "nothing. Leave it out."
            ),
            takes_the_product_for_the_cosine=(
                "These have the largest *products* with the word: long vectors win, whichever way "
                "they point. Divide by the lengths."
            ),
            returns_the_farthest=(
                "These have the *smallest* cosines: `np.argsort` begins with the smallest."
            ),
            takes_opposite_for_near=(
                "A vector that points the opposite way is among them: the sign of the cosine was "
                "dropped."
            ),
        ),
        wrong(
            "drops the first of the products",
            lambda vectors, word, n: np.argsort(-(vectors @ vectors[word]))[1 : n + 1],
            "Products instead of cosines; and with products the first place need not be the word "
            "itself. Divide by the lengths, and leave the word out by its number.",
        ),
        wrong(
            "takes the distance of the ends",
            lambda vectors, word, n: _best(
                -np.linalg.norm(vectors - vectors[word], axis=1), n, word
            ),
            "These are nearest by the distance of the vectors' ends, where length counts. Bring "
            "all vectors to length 1 first.",
        ),
        wrong(
            "returns the cosines",
            lambda vectors, word, n: (
                -np.sort(-np.delete(_cosines(vectors, vectors[word]), word))[:n]
            ),
            "These are the cosines. Asked are the *numbers* of the words: `np.argsort`.",
        ),
        wrong(
            "turns the order round",
            lambda vectors, word, n: _best(_cosines(vectors, vectors[word]), n, word)[::-1],
            "The right words, the nearest last. It comes first.",
        ),
        wrong(
            "counts without the word",
            lambda vectors, word, n: np.argsort(-np.delete(_cosines(vectors, vectors[word]), word))[
                :n
            ],
            "The word's own entry was cut out, and every later word moved up by one: these "
            "numbers are too small by 1 from there on. Set its cosine to −inf, and it keeps its "
            "place.",
        ),
        wrong(
            "sets the word's own cosine to 0",
            _nearest_with_zero,
            "The word's own cosine was set to 0. Others can be negative, and then it is not the "
            "last: −inf is.",
        ),
        wrong(
            "skips the nearest",
            lambda vectors, word, n: _best(_cosines(vectors, vectors[word]), n + 1, word)[1:],
            "The nearest is missing: the word itself was left out, and then the first of the rest "
            "once more.",
        ),
    ],
    hints=[
        "Bring every row to length 1; then products are cosines.",
        "cos(a, b) = a · b / (|a| |b|). Sort falling, the word itself left out.",
        "unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)",
    ],
    success="`words.neighbours` does the same, with names.",
    others=[_nearest_by_loop, _nearest_by_distance_of_units],
)


def _solve_analogy(vectors, a, b, c):
    return int(words.analogy(vectors, _named(vectors), str(a), str(b), str(c))[0][0])


def _unit(vectors):
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _analogy_for(combine, length_one=True, hide=(0, 1, 2)):
    def answer(vectors, a, b, c):
        rows = _unit(vectors) if length_one else vectors
        wanted = combine(rows[a], rows[b], rows[c])
        hidden = [(a, b, c)[k] for k in hide]
        return int(_best(_cosines(vectors, wanted), 1, *hidden)[0])

    return answer


def _flawed_analogy(
    vectors,
    a,
    b,
    c,
    returns_a_word_that_was_put_in=False,
    leaves_the_lengths_as_they_are=False,
    turns_the_step_round=False,
):
    if turns_the_step_round:
        a, b = b, a
    hide = () if returns_a_word_that_was_put_in else (0, 1, 2)
    solve = _analogy_for(lambda a, b, c: b - a + c, not leaves_the_lengths_as_they_are, hide)
    return solve(vectors, a, b, c)


def _analogy_by_products(vectors, a, b, c):
    scores = vectors @ (vectors[b] - vectors[a] + vectors[c])
    return int(_best(scores, 1, a, b, c)[0])


def _analogy_by_sums(vectors, a, b, c):
    unit = _unit(vectors)
    scores = unit @ unit[b] - unit @ unit[a] + unit @ unit[c]
    scores[[a, b, c]] = -np.inf
    return int(scores.argmax())


def _analogy_by_loop(vectors, a, b, c):
    length = [np.sqrt((v**2).sum()) for v in vectors]
    wanted = vectors[b] / length[b] - vectors[a] / length[a] + vectors[c] / length[c]
    best, found = -np.inf, None
    for i, v in enumerate(vectors):
        if i not in (a, b, c) and v @ wanted / length[i] > best:
            best, found = v @ wanted / length[i], i
    return found


solve_analogy = code(
    title="a is to b as c is to ...",
    minutes=5,
    difficulty=2,
    objective="answer an analogy by adding and subtracting vectors",
    reference=_solve_analogy,
    probes=[
        probe(_spread_rows(121, 9, 3), 2, 4, 1),
        probe(_spread_rows(11, 10, 3), 2, 9, 3),
        probe(_spread_rows(13, 9, 3), 2, 0, 7),
        probe(_spread_rows(15, 12, 4), 1, 9, 3),
        probe(_spread_rows(108, 9, 3), 0, 3, 8),
    ],
    mistakes=[
        *switches(
            _flawed_analogy,
            returns_a_word_that_was_put_in=(
                "The answer is one of the three words that were put in: they lie nearest to the "
                "sum of themselves. Leave all three out."
            ),
            leaves_the_lengths_as_they_are=(
                "The vectors were combined at their own lengths, so that the longest of the three "
                "decides. Bring all to length 1 first."
            ),
            turns_the_step_round=(
                "The step goes from b to a. From a to b is b − a; then from c on."
            ),
        ),
        wrong(
            "leaves only the last word out",
            _analogy_for(lambda a, b, c: b - a + c, hide=(2,)),
            "One of the three words that were put in came out. Leave out all three, and not only "
            "the last.",
        ),
        wrong(
            "leaves the first word in",
            _analogy_for(lambda a, b, c: b - a + c, hide=(1, 2)),
            "a came out. It is subtracted, and still it can be the nearest: leave out all three.",
        ),
        wrong(
            "counts without the three words",
            lambda vectors, a, b, c: int(
                np.delete(
                    _cosines(vectors, _unit(vectors)[[b, c]].sum(axis=0) - _unit(vectors)[a]),
                    [a, b, c],
                ).argmax()
            ),
            "The three entries were cut out, and the later words moved up: the number is no longer "
            "the word's own. Set them to −inf instead.",
        ),
        wrong(
            "takes the step by itself",
            _analogy_for(lambda a, b, c: b - a),
            "This is nearest to the step b − a itself. It starts at c: b − a + c.",
        ),
        wrong(
            "subtracts the third word",
            _analogy_for(lambda a, b, c: a + b - c),
            "c is subtracted. The step from a to b, b − a, is *added* to c.",
        ),
        wrong(
            "adds all three",
            _analogy_for(lambda a, b, c: a + b + c),
            "All three are added. The step from a to b is a difference: b − a.",
        ),
        wrong(
            "uses products and lengths as they are",
            _analogy_by_products,
            "Products of vectors with their own lengths: long ones win. Bring all to length 1 "
            "first.",
        ),
        wrong(
            "looks for the neighbour of b",
            _analogy_for(lambda a, b, c: b),
            "This is the word nearest to b alone. a and c have a part in it.",
        ),
    ],
    hints=[
        "The step from a to b, taken from c. Then a search among all words, with three left out.",
        "wanted = b − a + c, with vectors of length 1; the largest cosine, without a, b, c.",
        "unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)",
    ],
    success="Say beside every such figure that the inputs were left out.",
    others=[_analogy_by_sums, _analogy_by_loop],
)

remove_direction = code(
    title="Taking a direction out",
    minutes=4,
    difficulty=2,
    objective="remove what vectors have along one direction, and only that",
    reference=words.without_direction,
    probes=[
        probe(np.array([[3.0, 4.0], [1.0, -2.0]]), np.array([2.0, 0.0])),
        probe(_spread_rows(21, 4, 3), np.array([1.0, -2.0, 2.0])),
        probe(_spread_rows(22, 5, 4), np.array([0.5, 0.5, -0.1, 0.2])),
    ],
    axis="row",
    mistakes=[
        wrong(
            "takes the direction as of length 1",
            lambda vectors, axis: vectors - (vectors @ axis)[:, None] * axis,
            "The part that was taken away has the wrong size: `axis` need not have length 1. "
            "Divide it by its length first.",
        ),
        wrong(
            "subtracts the amount from every number",
            lambda vectors, axis: vectors - (vectors @ axis)[:, None] / np.linalg.norm(axis),
            "How much lies along the direction was subtracted from every number of the vector. "
            "It is an amount *of the direction*: (v · a) times a.",
        ),
        wrong(
            "leaves the vectors longer along it",
            lambda vectors, axis: vectors + (vectors @ axis)[:, None] * axis / (axis @ axis),
            "The part along the direction was added. Now every vector has twice as much of it.",
        ),
        wrong(
            "divides by the length once",
            lambda vectors, axis: vectors - (vectors @ axis)[:, None] * axis / np.linalg.norm(axis),
            "`axis` stands in the formula twice, and both times it has to have length 1. You "
            "divided once.",
        ),
        wrong(
            "keeps the direction and drops the rest",
            lambda vectors, axis: (vectors @ axis)[:, None] * axis / (axis @ axis),
            "This is the part *along* the direction. It is to be taken away; what is left is asked "
            "for.",
        ),
        wrong(
            "subtracts the direction from every vector",
            lambda vectors, axis: vectors - axis / np.linalg.norm(axis),
            "The same was subtracted from every vector. Each has a part of its own along the "
            "direction: v · a.",
        ),
        wrong(
            "mirrors the vectors",
            lambda vectors, axis: vectors - 2 * (vectors @ axis)[:, None] * axis / (axis @ axis),
            "The part was taken away twice: each vector now leans to the other side by as much.",
        ),
        wrong(
            "takes away the mean part",
            lambda vectors, axis: vectors - (vectors @ axis).mean() * axis / (axis @ axis),
            "The mean part was taken from all. Then the words still differ along the direction as "
            "before.",
        ),
        wrong(
            "sets the first number to 0",
            lambda vectors, axis: vectors * (np.arange(len(axis)) > 0),
            "The first number of every vector is 0 now. The direction need not be the first axis.",
        ),
        wrong(
            "brings what is left to length 1",
            lambda vectors, axis: _unit(words.without_direction(vectors, axis)),
            "The direction is gone, and every vector was brought to length 1 as well. That was not "
            "asked for.",
        ),
    ],
    hints=[
        "How much of v lies along a direction a of length 1? Take that much of a away.",
        "v − (v · a) a, with a = axis / |axis|.",
        "a = axis / np.linalg.norm(axis)",
    ],
    success="Nothing is left along this direction. What the others tell is another question.",
    others=[
        lambda vectors, axis: vectors - np.outer(vectors @ axis, axis) / (axis @ axis),
        lambda vectors, axis: vectors @ (np.eye(len(axis)) - np.outer(axis, axis) / (axis @ axis)),
    ],
)

# -- reading results -----------------------------------------------------------------------------

near_opposites = choose(
    title="Male and female",
    minutes=2,
    difficulty=1,
    objective="say what near vectors mean",
    question=(
        "In vectors learned from half a million words of real text, where do you expect *female* "
        "among the neighbours of *male*, and *summer* among those of *winter*?"
    ),
    options=[
        option(
            "At the far end, with a cosine near −1: they are opposites.",
            "A cosine of −1 would mean opposite *company*. Which words stand around *summer*, and "
            "which around *winter*?",
        ),
        option(
            "In the middle, with a cosine near 0: they mean different things.",
            "Different meanings, and nearly the same sentences. The vectors have seen the "
            "sentences only.",
        ),
        option(
            "Among the nearest: they stand in the same kinds of sentences.",
            "Cold and warm, long and short, last and next: what is said of the one is said of the "
            "other. Near means *used alike*.",
            right=True,
        ),
        option(
            "Near if they often stand side by side, and else not.",
            "Standing side by side is company *with each other*. Vectors of one table are near "
            "when two words keep the same company, whether or not they meet.",
        ),
        option(
            "Nowhere in particular: that depends on the seed.",
            "Another seed turns all vectors, and moves single neighbours. Who is used like whom "
            "comes from the text.",
        ),
    ],
    hints=[
        "The vectors know nothing but which words stand near which.",
        "Alike vectors: alike company.",
        "Put *winter* for *summer* in three sentences. Do they still sound like sentences?",
    ],
    success="So a near word is no synonym, and a system that swaps near words may turn a sentence "
    "round.",
)

compared_rho = choose(
    title="Which vectors are better?",
    minutes=3,
    difficulty=2,
    objective="read a correlation together with what it leaves out",
    question=(
        "On WordSim-353, vectors A reach ρ = 0.58 on the 92 pairs of which they know both words. "
        "Vectors B reach ρ = 0.48 on 259 pairs. Which are better?"
    ),
    options=[
        option(
            "A: the correlation is higher.",
            "A was asked 92 questions, those with its frequent words. B was asked these and 167 "
            "harder ones. The two figures answer different questions.",
        ),
        option(
            "B: it knows more pairs.",
            "Coverage is a merit. It does not say how well the pairs that both know are ordered.",
        ),
        option(
            "A: a correlation over fewer pairs is the more exact one.",
            "The other way round: from fewer pairs the interval is wider.",
        ),
        option(
            "One cannot tell: compare both on the 92 pairs, with intervals; say what is covered.",
            "The same questions for both, how sure the figure is, and how many questions were left "
            "out.",
            right=True,
        ),
        option(
            "B, if the missing 261 pairs of A are counted as 0.",
            "Then ρ would measure mostly who knows many words. A pair that was not answered is no "
            "answer of 0.",
        ),
    ],
    hints=[
        "Which pairs are missing for A? Frequent words, or rare ones?",
        "Two figures can be compared when they answer the same questions.",
        "The same pairs, the interval, the coverage.",
    ],
    success="A figure without its coverage is half a figure.",
)
