"""The exercises of lesson 11, Language models."""

import numpy as np

from rnncourse import words
from rnncourse.check import choose, code, option, predict, probe, switches, wrong
from rnncourse.train import stream

# -- perplexity ----------------------------------------------------------------------------------

perplexity_by_hand = predict(
    title="Four letters",
    minutes=3,
    difficulty=1,
    objective="compute a perplexity from the chances that a model gave",
    question=(
        "Before each of four letters a model told its chances. The letters that came had been "
        "given **1/2, 1/4, 1/8 and 1/4**. What is its perplexity on these four? (The surprise at "
        "a letter is −ln p; perplexity is *e* to the power of the mean surprise.)"
    ),
    answer=4.0,
    mistakes=[
        wrong(
            "takes 2 to the power of nats",
            2.0 ** (2 * np.log(2)),
            "This is 2 to the power of the mean surprise, and the surprise was taken with the "
            "natural logarithm. Undo the logarithm that you took: *e* to the power of nats, or 2 "
            "to the power of bits.",
        ),
        wrong(
            "stops at the mean surprise",
            2 * np.log(2),
            "That is the mean surprise itself, in nats: the cross-entropy. The perplexity is *e* "
            "to the power of it.",
        ),
        wrong(
            "stops at the bits",
            2.0,
            "That is the mean surprise in bits. The perplexity is 2 to the power of it.",
        ),
        wrong(
            "takes the mean of 1/p",
            (2 + 4 + 8 + 4) / 4,
            "You took the mean of 1/p: 2, 4, 8 and 4. The mean is taken of the *logarithms*, so "
            "the numbers are multiplied and a root is taken.",
        ),
        wrong(
            "takes 1 over the mean chance",
            1 / ((1 / 2 + 1 / 4 + 1 / 8 + 1 / 4) / 4),
            "You took the mean of the chances first. The mean belongs to the surprises, −ln p of "
            "each letter.",
        ),
        wrong(
            "mixes bits and e",
            np.exp(2.0),
            "The mean surprise is 2 *bits*, and you raised *e* to it. Take 2 to the power of bits, "
            "or *e* to the power of nats.",
        ),
        wrong(
            "adds the surprises up and stops",
            8 * np.log(2),
            "That is the sum of the four surprises, in nats. Two steps are missing: their mean, "
            "and *e* to the power of it.",
        ),
        wrong(
            "forgets the mean",
            256.0,
            "This is 1 over the chance of all four letters together. Perplexity is for one letter: "
            "take the fourth root, or the mean of the surprises.",
        ),
        wrong(
            "forgets the minus",
            0.25,
            "This is *e* to the power of the mean of ln p, without the minus. A perplexity is "
            "never below 1.",
        ),
    ],
    hints=[
        "Write each chance as a power of 1/2. How often does one halve?",
        "Surprises in units of ln 2: 1, 2, 3, 2. Their mean, and then the power.",
        "The mean is 2 ln 2, so e^(2 ln 2) = 2 · 2 = ...",
    ],
    success="On average it was as unsure as somebody who has to choose evenly among four.",
)


def _perplexity_of(
    chances,
    takes_2_to_the_power_of_nats=False,
    stops_at_the_mean_surprise=False,
    forgets_the_minus=False,
    adds_up_where_a_mean_is_meant=False,
    takes_the_logarithm_to_the_base_2=False,
):
    surprise = np.log(chances) if forgets_the_minus else -np.log(chances)
    if takes_the_logarithm_to_the_base_2:
        surprise = surprise / np.log(2)
    total = surprise.sum() if adds_up_where_a_mean_is_meant else surprise.mean()
    if stops_at_the_mean_surprise:
        return total
    return 2**total if takes_2_to_the_power_of_nats else np.exp(total)


def _perplexity_as_a_root(chances):
    product = 1.0
    for p in chances:
        product *= float(p)
    return product ** (-1 / len(chances))


perplexity = code(
    title="Perplexity",
    minutes=3,
    difficulty=1,
    objective="write the measure of a language model",
    reference=words.perplexity,
    probes=[
        probe(np.array([0.5, 0.25, 0.125, 0.5])),
        probe(np.array([0.9, 0.02, 0.3])),
        probe(np.array([0.2, 0.6, 0.7, 0.01, 0.4, 0.4])),
    ],
    call="perplexity(chances={chances})",
    mistakes=[
        *switches(
            _perplexity_of,
            takes_2_to_the_power_of_nats=(
                "This is 2 to the power of a mean of natural logarithms. `np.log` gives nats, and "
                "`np.exp` undoes it."
            ),
            stops_at_the_mean_surprise=(
                "This is the cross-entropy, a number of nats. One step is missing: what undoes "
                "the logarithm?"
            ),
            forgets_the_minus=(
                "The logarithm of a chance is negative, and the surprise is minus that. A "
                "perplexity is never below 1."
            ),
            adds_up_where_a_mean_is_meant=(
                "The surprises are added up, so a longer text has a larger number. Take their mean."
            ),
        ),
        wrong(
            "mixes bits and e",
            lambda chances: _perplexity_of(chances, takes_the_logarithm_to_the_base_2=True),
            "`np.log2` gives bits, and `np.exp` undoes nats. Either `np.log` with `np.exp`, or "
            "`np.log2` with 2 to the power.",
        ),
        wrong(
            "takes the mean of 1/p",
            lambda chances: (1 / chances).mean(),
            "This is the mean of 1/p, and one unlikely letter rules it. The mean is taken of the "
            "logarithms.",
        ),
        wrong(
            "takes 1 over the mean chance",
            lambda chances: 1 / chances.mean(),
            "Here the mean is taken before the logarithm. Then a model may call half of all "
            "letters impossible and hardly pay for it.",
        ),
    ],
    hints=[
        "Three steps: a logarithm, a mean, and what undoes the logarithm.",
        "exp(mean(−ln p)).",
        "return np.exp(-np.log(chances)...)",
    ],
    success="You have the number by which language models are compared.",
    others=[_perplexity_as_a_root, lambda chances: 2 ** -np.log2(chances).mean()],
)


# -- counts --------------------------------------------------------------------------------------


def _bigram(ids, V):
    counts = np.zeros((V, V))
    for t in range(len(ids) - 1):
        counts[ids[t], ids[t + 1]] += 1
    total = counts.sum(axis=1, keepdims=True)
    return np.where(total > 0, counts / np.maximum(total, 1), 1 / V)


def _flawed_bigram(
    ids,
    V,
    exchanges_rows_and_columns=False,
    divides_by_the_number_of_all_pairs=False,
    divides_by_the_columns_sums=False,
    adds_one_to_every_count=False,
    leaves_zeros_where_nothing_was_seen=False,
    skips_a_letter=False,
):
    counts = np.zeros((V, V)) + adds_one_to_every_count
    gap = 2 if skips_a_letter else 1
    for before, after in zip(ids[:-gap], ids[gap:], strict=True):
        counts[(after, before) if exchanges_rows_and_columns else (before, after)] += 1
    if divides_by_the_number_of_all_pairs:
        return counts / counts.sum()
    axis = 0 if divides_by_the_columns_sums else 1
    total = counts.sum(axis=axis, keepdims=True)
    unseen = 0.0 if leaves_zeros_where_nothing_was_seen else 1 / V
    return np.where(total > 0, counts / np.maximum(total, 1), unseen)


def _bigram_by_products(ids, V):
    x = np.eye(V)[ids]
    counts = x[:-1].T @ x[1:]
    counts[counts.sum(axis=1) == 0] = 1.0
    return counts / counts.sum(axis=1, keepdims=True)


def _bigram_by_lists(ids, V):
    rows = []
    for letter in range(V):
        came = [ids[t + 1] for t in range(len(ids) - 1) if ids[t] == letter]
        rows.append([came.count(v) / len(came) if came else 1 / V for v in range(V)])
    return rows


def _pair_counts(ids, V):
    counts = np.zeros((V, V))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return counts


def _every_pair_once(ids, V):
    counts = np.zeros((V, V))
    counts[ids[:-1], ids[1:]] += 1
    counts[counts.sum(axis=1) == 0] = 1.0
    return counts / counts.sum(axis=1, keepdims=True)


bigram = code(
    title="A bigram from counts",
    minutes=6,
    difficulty=2,
    objective="make a language model by counting",
    reference=_bigram,
    probes=[
        probe(np.array([0, 1, 2, 0, 1, 0, 1, 2]), 3),
        probe(np.array([2, 0, 0, 1, 0, 2, 0, 0, 3]), 5),
        probe(np.array([1, 1, 0, 1, 1, 1, 2, 0]), 4),
    ],
    axis="row",
    mistakes=[
        *switches(
            _flawed_bigram,
            exchanges_rows_and_columns=(
                "Rows and columns are exchanged: row i must tell what comes *after* letter i, not "
                "what came before it."
            ),
            divides_by_the_number_of_all_pairs=(
                "These are the shares of the *pairs* among all pairs. Asked is what comes next "
                "once the letter before is known: every row sums to 1."
            ),
            divides_by_the_columns_sums=(
                "The columns sum to 1 here. What comes next is a distribution over the letters of "
                "one row."
            ),
            adds_one_to_every_count=(
                "One is added to every count. That is a way to smooth; asked are the counts as "
                "they are."
            ),
            leaves_zeros_where_nothing_was_seen=(
                "A letter after which nothing was ever seen has a row of zeros. It must say "
                "something: an even guess, 1/V."
            ),
            skips_a_letter=(
                "You paired each letter with the one after the next. The target of position t is "
                "the letter at t + 1."
            ),
        ),
        wrong(
            "returns the counts",
            lambda ids, V: _pair_counts(ids, V),
            "These are the counts. Divide each row by its sum, and what comes next is told in "
            "probabilities.",
        ),
        wrong(
            "counts each letter with itself",
            lambda ids, V: np.where(np.isin(np.arange(V), ids)[:, None], np.eye(V), 1 / V),
            "Each letter is paired with itself: the targets are not shifted. Such a model copies, "
            "and would have a perplexity of 1 on any text if it could see the answer.",
        ),
        wrong(
            "counts a repeated pair once",
            lambda ids, V: _every_pair_once(ids, V),
            "A pair that comes several times is counted once. `counts[before, after] += 1` with "
            "whole arrays adds 1 to each *place* once: take `np.add.at`, or a loop.",
        ),
        wrong(
            "tells the shares of the letters",
            lambda ids, V: np.tile(np.bincount(ids, minlength=V) / len(ids), (V, 1)),
            "Every row is the same: how frequent each letter is. That is a unigram. A bigram looks "
            "at the letter before.",
        ),
    ],
    hints=[
        "Two letters that stand side by side are one entry of a table. Which is its row?",
        "counts[ids[t], ids[t + 1]] += 1; then divide each row by its sum.",
        "counts = np.zeros((V, V)); for before, after in zip(ids[:-1], ids[1:]): ...",
    ],
    success="A language model without training. A network of one layer ends at this very table.",
    others=[_bigram_by_products, _bigram_by_lists],
)

memorising = choose(
    title="Perplexity 1.2",
    minutes=2,
    difficulty=1,
    objective="say what a training perplexity tells, and what it does not",
    question=(
        "A model was trained on 10,000 letters of news. On these same letters its perplexity is "
        "1.2. What does that say?"
    ),
    options=[
        option(
            "It nearly knows what comes next in English.",
            "Asked were letters that it had seen. Whoever has learned a page by heart knows what "
            "comes next on this page.",
        ),
        option(
            "It is as unsure as among 1.2 letters, on any text of this kind.",
            "That would be so on *held-out* text. On its own text it may look the answers up.",
        ),
        option(
            "It has learned its text nearly by heart; on other text it may be poor.",
            "A network with more weights than there are letters can store them, and so can counts "
            "with a long context. Only text that it has never seen tells what it knows of the "
            "language.",
            right=True,
        ),
        option(
            "It is close to the entropy of English.",
            "The entropy of a source is a floor for text that is *new* to the model. On stored "
            "text one can go down to 1.",
        ),
        option(
            "Something is broken: the perplexity of English is not that low.",
            "Nothing need be broken. Low perplexity on known text is what enough weights, or "
            "long enough contexts, do by themselves.",
        ),
    ],
    hints=[
        "Could a table that stores the whole page do the same?",
        "Which letters was it asked about?",
        "Ask it about letters that it has never seen.",
    ],
    success="Low training perplexity is memorising until held-out text says otherwise.",
)


# -- one stream, many columns --------------------------------------------------------------------


def _flawed_columns(
    ids,
    B,
    fills_row_by_row=False,
    leaves_the_targets_unshifted=False,
    shifts_the_targets_the_wrong_way=False,
    wraps_each_columns_last_target=False,
    puts_columns_first=False,
):
    ids = np.asarray(ids)
    T = (len(ids) - 1) // B
    one = 1 if shifts_the_targets_the_wrong_way else 0
    shift = -1 if shifts_the_targets_the_wrong_way else 0 if leaves_the_targets_unshifted else 1
    x, target = ids[one : one + T * B], ids[one + shift : one + shift + T * B]
    cut = (lambda a: a.reshape(T, B)) if fills_row_by_row else (lambda a: a.reshape(B, T).T)
    x, target = cut(x), cut(target)
    if wraps_each_columns_last_target:
        target = np.roll(x, -1, axis=0)
    return (x.T, target.T) if puts_columns_first else (x, target)


def _columns_by_lists(ids, B):
    T = (len(ids) - 1) // B
    x = [[int(ids[b * T + t]) for b in range(B)] for t in range(T)]
    target = [[int(ids[b * T + t + 1]) for b in range(B)] for t in range(T)]
    return np.array(x), np.array(target)


def _columns_by_slices(ids, B):
    T = (len(ids) - 1) // B
    starts = [b * T for b in range(B)]
    return (
        np.stack([ids[s : s + T] for s in starts], axis=1),
        np.stack([ids[s + 1 : s + T + 1] for s in starts], axis=1),
    )


def _targets_round_the_end(ids, B):
    T = len(ids) // B
    return tuple(a[: T * B].reshape(B, T).T for a in (np.asarray(ids), np.roll(ids, -1)))


def _targets_from_below(ids, B):
    T = len(ids) // B
    x = np.asarray(ids)[: T * B].reshape(B, T).T
    return x[:-1], x[1:]


columns_and_targets = code(
    title="Long columns, shifted targets",
    minutes=6,
    difficulty=2,
    objective="cut a text so that a state can be carried on",
    reference=stream.columns,
    probes=[
        probe(np.arange(9), 2),
        probe(np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7]), 4),
        probe(np.arange(21, 0, -1), 3),  # 21 letters: (21 - 1) // 3 and 21 // 3 differ
    ],
    axis="row",
    mistakes=[
        *switches(
            _flawed_columns,
            fills_row_by_row=(
                "The text runs along the rows here: the letter below is not the next letter. Each "
                "*column* must go on where its row above stopped: reshape to (B, T), then turn."
            ),
            leaves_the_targets_unshifted=(
                "The target is the input itself. A network learns to copy, its loss goes to 0, and "
                "it knows nothing: the target of a letter is the *next* one."
            ),
            shifts_the_targets_the_wrong_way=(
                "The target is the letter *before*. That is a memory task, not a prediction."
            ),
            wraps_each_columns_last_target=(
                "The last target of every column is that column's first letter. The letter that "
                "really follows is the first one of the next column: shift the text before you cut "
                "it."
            ),
            puts_columns_first=(
                "The columns are rows here, (B, T). Time runs down: (T, B), as everywhere."
            ),
        ),
        wrong(
            "gives up a whole row for the targets",
            lambda ids, B: _targets_from_below(ids, B),
            "The columns are cut first, and their last row is given up so that each letter has one "
            "below it. Only the very last letter of the *text* has no next one: shift the text, "
            "then cut.",
        ),
        wrong(
            "lets the text begin again at its end",
            lambda ids, B: _targets_round_the_end(ids, B),
            "The last letter got the first letter of the text as its target. Nothing follows the "
            "last letter: it is a target only, so len(ids) − 1 letters are left to be cut.",
        ),
        wrong(
            "cuts the targets another way",
            lambda ids, B: (stream.columns(ids, B)[0], _flawed_columns(ids, B, True)[1]),
            "The inputs run down the columns, the targets along the rows. Cut both in the same "
            "way.",
        ),
    ],
    hints=[
        "How many letters are left for each column, if every letter needs a next one?",
        "T = (len(ids) − 1) // B. Column b is ids[b·T : (b + 1)·T]; its targets stand one later.",
        "x = ids[: T * B].reshape(B, T).T",
    ],
    success="Now a state that is carried down a column meets the letters in their order.",
    others=[_columns_by_lists, _columns_by_slices],
)

whose_state = choose(
    title="Whose state?",
    minutes=3,
    difficulty=2,
    objective="say when a carried state helps and when it harms",
    question=(
        "A text is cut into windows of 30 letters, the windows are **shuffled**, and 32 of them "
        "make a batch. Somebody hands the state at the end of a batch to the next batch. What "
        "happens?"
    ),
    options=[
        option(
            "The network gets a longer memory: the state carries the letters before.",
            "It carries letters, but not those before *this* window. Row 5 of the next batch is a "
            "window from somewhere else.",
        ),
        option(
            "Nothing changes: the gradient is cut between batches anyway.",
            "The gradient is cut, the state's value is not. It enters every sum of the next batch.",
        ),
        option(
            "An error: the graph of the last batch has been used up.",
            "In torch that error comes if the state is not detached. It is about the gradient; "
            "detached, everything runs, and the mistake stays unseen.",
        ),
        option(
            "Each window begins with a state from somebody else's text; zeros would do better.",
            "The state speaks of letters that have nothing to do with what follows. The network "
            "has to learn to ignore it.",
            right=True,
        ),
        option(
            "It helps in training and has to be switched off when measuring.",
            "That is dropout's rule. A carried state helps where the text goes on, in training "
            "and in measuring alike.",
        ),
    ],
    hints=[
        "Follow one row from a batch to the next. Which letters does its state know of?",
        "For the state to fit, row i of the next batch has to go on where row i stopped.",
        "After shuffling it does not go on there.",
    ],
    success="Carry the state where row i goes on. Reset it where it does not.",
)


class Reader:
    """A small model for the check: reads one symbol of each row, with a state that fades.

    read(x, state) takes x (T, B) of numbers and a state (B, V), or None for a fresh one. It
    returns chances (T, B, V) of the next symbols, and the state after the last step.
    """

    def __init__(self, V, seed):
        rng = np.random.default_rng(seed)
        self.W = rng.normal(0.0, 1.5, (V, V)).round(1)
        self.V, self.seed, self.training = V, seed, True

    def read(self, x, state=None):
        h = np.zeros((x.shape[1], self.V)) if state is None else np.array(state)
        rng, scores = np.random.default_rng(self.seed), []
        for x_t in np.asarray(x):
            h = 0.6 * h + self.W[x_t]
            kept = rng.random(h.shape) > 0.5
            scores.append(2 * h * kept if self.training else h)
        return words.softmax(np.array(scores)), h

    def __repr__(self):
        return f"Reader({self.V}, seed={self.seed})"


def _stream_perplexity(model, x, target, length):
    model.training = False
    state, surprise = None, []
    for start in range(0, len(x), length):
        chances, state = model.read(x[start : start + length], state)
        came = target[start : start + length]
        surprise.append(-np.log(np.take_along_axis(chances, came[..., None], -1)))
    return np.exp(np.concatenate(surprise).mean())


def _flawed_stream(
    model,
    x,
    target,
    length,
    forgets_to_switch_dropout_off=False,
    resets_the_state_at_every_piece=False,
    takes_the_mean_of_the_pieces_means=False,
    takes_the_mean_of_the_pieces_perplexities=False,
    leaves_the_last_shorter_piece_out=False,
    takes_2_to_the_power_of_nats=False,
):
    model.training = forgets_to_switch_dropout_off
    state, pieces = None, []
    for start in range(0, len(x), length):
        part = x[start : start + length]
        if leaves_the_last_shorter_piece_out and len(part) < length:
            break
        chances, state = model.read(part, None if resets_the_state_at_every_piece else state)
        came = target[start : start + length]
        pieces.append(-np.log(np.take_along_axis(chances, came[..., None], -1)).ravel())
    base = 2.0 if takes_2_to_the_power_of_nats else np.e
    if takes_the_mean_of_the_pieces_perplexities:
        return np.mean([base ** piece.mean() for piece in pieces])
    if takes_the_mean_of_the_pieces_means:
        return base ** np.mean([piece.mean() for piece in pieces])
    return base ** np.concatenate(pieces).mean()


def _stream_by_adding_up(model, x, target, length):
    model.training = False
    total, state, start = 0.0, None, 0
    while start < len(x):
        chances, state = model.read(x[start : start + length], state)
        for p, came in zip(chances, target[start : start + length], strict=True):
            for b, symbol in enumerate(came):
                total -= np.log(p[b, symbol])
        start += length
    return np.exp(total / target.size)


def _stream_at_once(model, x, target, length):
    model.training = False
    chances, _ = model.read(x)
    rows, cols = np.indices(target.shape)
    return words.perplexity(chances[rows, cols, target])


def _stream_probe(seed, T, B, V, length):
    ids = np.random.default_rng(seed).integers(0, V, (T + 1, B))
    return probe(Reader(V, seed), ids[:-1], ids[1:], length)


stream_perplexity = code(
    title="Measure a stream",
    minutes=8,
    difficulty=3,
    objective="measure a language model on held-out text, piece by piece",
    reference=_stream_perplexity,
    probes=[
        _stream_probe(1, 5, 2, 3, 2),
        _stream_probe(2, 11, 3, 4, 4),
        _stream_probe(3, 7, 2, 5, 3),
    ],
    mistakes=[
        *switches(
            _flawed_stream,
            forgets_to_switch_dropout_off=(
                "Dropout is still on (`model.training` is True): half of the scores are zero by "
                "chance. It is a training tool; switch it off to measure."
            ),
            resets_the_state_at_every_piece=(
                "Every piece begins with a fresh state. The columns go on from piece to piece, so "
                "hand the state that `read` returned to the next call."
            ),
            takes_the_mean_of_the_pieces_means=(
                "This is the mean of the pieces' means. The last piece is shorter, and its letters "
                "count for more than the others. Every letter counts the same."
            ),
            takes_the_mean_of_the_pieces_perplexities=(
                "A mean of perplexities is not the perplexity. Take the mean of the surprises over "
                "all letters, and *e* to the power of that once, at the end."
            ),
            leaves_the_last_shorter_piece_out=(
                "The last piece is shorter than the others, and it is left out. Its letters count."
            ),
            takes_2_to_the_power_of_nats=(
                "This is 2 to the power of nats. `np.exp` undoes `np.log`."
            ),
        ),
        wrong(
            "stops at the mean surprise of the stream",
            lambda model, x, target, length: np.log(_stream_perplexity(model, x, target, length)),
            "This is the mean surprise, in nats. The perplexity is *e* to the power of it.",
        ),
        wrong(
            "divides by the steps alone",
            lambda model, x, target, length: (
                _stream_perplexity(model, x, target, length) ** x.shape[1]
            ),
            "The sum of the surprises was divided by T. There are T · B letters.",
        ),
        wrong(
            "takes the largest chance in place of the target's",
            lambda model, x, target, length: _largest_chance(model, x),
            "The surprise is about the letter that *came*. You took the chance of the letter that "
            "the model found likeliest, whether it came or not.",
        ),
    ],
    hints=[
        "Two things go along from piece to piece: the state, and all the surprises so far.",
        "Switch dropout off; for each piece: chances, state = model.read(piece, state); collect "
        "−ln of the chances of the targets; at the end exp(mean of all).",
        "model.training = False; state = None; surprises = []; for start in range(0, len(x), "
        "length): ...",
    ],
    success="The same number whatever the length of a piece: that is how one knows that the state "
    "was carried.",
    others=[_stream_by_adding_up, _stream_at_once],
)


def _largest_chance(model, x):
    model.training = False
    return np.exp(-np.log(model.read(x)[0].max(axis=-1)).mean())


softmax_twice = predict(
    title="Two numbers to know by heart",
    minutes=4,
    difficulty=2,
    objective="recognise an untrained network, and a second softmax, by a number",
    question=(
        "A network chooses among **27** symbols. (1) What is its perplexity before training, when "
        "all scores are about equal? (2) Somebody gives **probabilities** to a cross-entropy that "
        "applies a softmax itself. The best it can then say is 1 for the right symbol and 0 for "
        "the 26 others, and these are read as *scores*. What is the lowest perplexity it can "
        "reach? Two numbers in a list."
    ),
    answer=lambda: [27.0, 1 + 26 / np.e],
    tolerance=(0.005, 0.0),
    mistakes=[
        wrong(
            "gives the losses",
            lambda: [np.log(27), np.log(1 + 26 / np.e)],
            "These are the two losses, in nats, and they are right: ln 27, and ln(1 + 26/e). Asked "
            "are perplexities, *e* to the power of them.",
        ),
        wrong(
            "thinks that a second softmax does no harm",
            [27.0, 1.0],
            "A score of 1 beside 26 scores of 0 is not certainty: the right symbol gets e against "
            "26 times 1. What share is that?",
        ),
        wrong(
            "counts all 27 others",
            lambda: [27.0, 1 + 27 / np.e],
            "Nearly. There are 26 others beside the right one: its share is e / (e + 26).",
        ),
        wrong(
            "forgets the right symbol's own share",
            lambda: [27.0, 26 / np.e],
            "The whole is e + 26, not 26 alone: the right symbol is among those that share.",
        ),
        wrong(
            "gives a perplexity and a loss",
            lambda: [27.0, np.log(1 + 26 / np.e)],
            "The second number is the loss, in nats, and it is right. The perplexity is *e* to the "
            "power of it.",
        ),
        wrong(
            "gives the right symbol's share",
            lambda: [27.0, np.e / (np.e + 26)],
            "This is the chance that the right symbol gets. The perplexity is 1 over it.",
        ),
        wrong(
            "believes that nothing can be learned",
            [27.0, 27.0],
            "Something can be: the right symbol's score is 1, the others' 0, so it gets e times as "
            "much as any other.",
        ),
        wrong(
            "takes the base 2",
            lambda: [2 ** np.log(27), 2 ** np.log(1 + 26 / np.e)],
            "You raised 2 to the power of nats. *e* to the power of ln 27 is 27.",
        ),
    ],
    hints=[
        "(1) Equal scores give 1/27 to each symbol. (2) What does softmax make of the scores "
        "1, 0, 0, …, 0?",
        "(2) The right one gets e¹ / (e¹ + 26 · e⁰). The perplexity is 1 over this.",
        "[27, (2.718 + 26) / 2.718]",
    ],
    success="27 at the start: it knows nothing, as it should. Stuck above 10.6: look for a second "
    "softmax.",
)


# -- sampling ------------------------------------------------------------------------------------


def _flawed_temperature(
    scores,
    temperature,
    multiplies_by_the_temperature=False,
    divides_the_probabilities=False,
    leaves_the_temperature_out=False,
    forgets_to_divide_by_the_sum=False,
    adds_the_temperature=False,
):
    t = temperature
    if leaves_the_temperature_out or divides_the_probabilities or adds_the_temperature:
        t = 1.0
    a = np.asarray(scores) * t if multiplies_by_the_temperature else np.asarray(scores) / t
    if adds_the_temperature:
        a = np.asarray(scores) + temperature
    e = np.exp(a)
    p = e if forgets_to_divide_by_the_sum else e / e.sum()
    return p / temperature if divides_the_probabilities else p


def _temperature_by_powers(scores, temperature):
    p = np.exp(scores - np.max(scores))
    p = (p / p.sum()) ** (1 / temperature)
    return p / p.sum()


def _temperature_by_a_loop(scores, temperature):
    e = [np.exp((s - max(scores)) / temperature) for s in scores]
    return [value / sum(e) for value in e]


temperature = code(
    title="Temperature",
    minutes=4,
    difficulty=1,
    objective="make a model bolder or more careful when it writes",
    reference=words.softmax,
    probes=[
        probe(np.array([2.0, 1.0, 0.0]), 0.5),
        probe(np.array([0.3, -1.2, 1.9, 0.4]), 2.0),
        probe(np.array([-0.5, 0.5]), 1.5),
    ],
    call="temperature(scores={scores}, temperature={temperature})",
    axis="entry",
    mistakes=[
        *switches(
            _flawed_temperature,
            multiplies_by_the_temperature=(
                "The scores are multiplied, so a high temperature makes the model *surer*. Divide: "
                "hot is bold, cold is careful."
            ),
            divides_the_probabilities=(
                "The probabilities are divided, after the softmax, and no longer sum to 1. The "
                "temperature belongs to the scores, before the exponential."
            ),
            forgets_to_divide_by_the_sum=(
                "These do not sum to 1: the softmax divides every exponential by their sum."
            ),
        ),
        wrong(
            "leaves the temperature out",
            lambda scores, temperature: words.softmax(scores),
            "This is the softmax without a temperature (or with one that cancels out, as when all "
            "probabilities are divided by the same number and scaled back to a sum of 1).",
        ),
        wrong(
            "multiplies the probabilities' exponents",
            lambda scores, temperature: words.softmax(words.softmax(scores) / temperature),
            "Two softmaxes: probabilities were divided by the temperature and put through a "
            "softmax again. Divide the *scores*, and apply it once.",
        ),
        wrong(
            "takes the likeliest alone",
            lambda scores, temperature: np.eye(len(scores))[np.argmax(scores)],
            "All goes to the largest score. That is the limit at temperature 0; here every symbol "
            "keeps a chance.",
        ),
        wrong(
            "divides without the exponential",
            lambda scores, temperature: scores / temperature / np.abs(scores / temperature).sum(),
            "Scores may be negative; the exponential turns them into positive numbers before they "
            "are divided by their sum.",
        ),
    ],
    hints=[
        "Where must it act, so that at a low temperature the likely ones gain?",
        "p = softmax(scores / temperature).",
        "e = np.exp(scores / temperature)",
    ],
    success="At 1 the model speaks as it believes; below, more carefully; above, more boldly.",
    others=[_temperature_by_powers, _temperature_by_a_loop],
)


def _flawed_top_k(
    p,
    k,
    does_not_renormalise=False,
    keeps_the_least_likely=False,
    keeps_one_too_few=False,
    keeps_one_too_many=False,
):
    k = k - keeps_one_too_few + keeps_one_too_many
    order = np.argsort(p if keeps_the_least_likely else -p, kind="stable")
    kept = np.zeros_like(p)
    kept[order[:k]] = p[order[:k]]
    return kept if does_not_renormalise else kept / kept.sum()


def _top_k_by_sorting(p, k):
    keep = sorted(range(len(p)), key=lambda i: -p[i])[:k]
    total = sum(p[i] for i in keep)
    return [p[i] / total if i in keep else 0.0 for i in range(len(p))]


def _top_k_by_bound(p, k):
    bound = np.sort(p)[-k]
    kept = np.where(p >= bound, p, 0.0)
    return kept / kept.sum()


top_k = code(
    title="Top-k",
    minutes=5,
    difficulty=2,
    objective="cut off the long tail before drawing",
    reference=words.top_k,
    call="top_k(p={probabilities}, k={k})",
    axis="entry",
    probes=[
        probe(np.array([0.1, 0.4, 0.2, 0.3]), 2),
        probe(np.array([0.25, 0.05, 0.3, 0.15, 0.2, 0.05 + 1e-9]) / (1 + 1e-9), 3),
        probe(np.array([0.5, 0.1, 0.15, 0.25]), 3),
    ],
    mistakes=[
        *switches(
            _flawed_top_k,
            does_not_renormalise=("What is left does not sum to 1 any more. Divide it by its sum."),
            keeps_the_least_likely="Here the k *least* likely are kept. Sort the other way round.",
            keeps_one_too_few="One symbol too few is kept: k of them, the k-th largest included.",
            keeps_one_too_many="One symbol too many is kept: k of them, and no more.",
        ),
        wrong(
            "spreads what was cut evenly over the kept",
            lambda p, k: _spread_evenly(p, k),
            "What was cut off is handed out in equal parts. That changes the ratios among the "
            "kept: divide by their sum, then each keeps its share.",
        ),
        wrong(
            "makes the kept equally likely",
            lambda p, k: (_flawed_top_k(p, k, True) > 0) / k,
            "The kept ones are all equally likely here. Top-k cuts the tail off; among the kept "
            "the model's opinion stands.",
        ),
        wrong(
            "applies a softmax to the probabilities",
            lambda p, k: words.softmax(_flawed_top_k(p, k, True)),
            "A softmax was put over probabilities: the symbols that were cut off are back, for "
            "e to the power of 0 is 1. Divide by the sum.",
        ),
        wrong(
            "returns the kept ones only",
            lambda p, k: np.sort(p)[::-1][:k] / np.sort(p)[-k:].sum(),
            "These are the k numbers without their places. Return one number for every symbol, 0 "
            "for those that are cut off.",
        ),
    ],
    hints=[
        "Which k places have the largest probabilities? `np.argsort` tells.",
        "Zero everywhere but at these k places; then divide by the sum.",
        "best = np.argsort(p)[-k:]; kept = np.zeros_like(p)",
    ],
    success="The tail of unlikely symbols is long: together they come up often.",
    others=[_top_k_by_sorting, _top_k_by_bound],
)


def _spread_evenly(p, k):
    kept = _flawed_top_k(p, k, True)
    return np.where(kept > 0, kept + (1 - kept.sum()) / k, 0.0)


class Writer:
    """A small model for the check. `step(symbol, state)` gives probabilities (V,) and a state."""

    def __init__(self, V, seed):
        rng = np.random.default_rng(seed)
        self.W, self.V, self.seed = rng.normal(0.0, 1.2, (V, V)).round(1), V, seed

    def step(self, symbol, state=None):
        h = np.zeros(self.V) if state is None else np.array(state)
        h = np.roll(0.9 * h, 1) + self.W[int(symbol)]
        return words.softmax(h), h

    def __repr__(self):
        return f"Writer({self.V}, seed={self.seed})"


def _generate(model, first, u):
    symbol, state, said = first, None, []
    for u_t in u:
        p, state = model.step(symbol, state)
        symbol = int(np.minimum((np.cumsum(p) <= u_t).sum(), len(p) - 1))
        said.append(symbol)
    return said


def _flawed_generate(
    model,
    first,
    u,
    takes_the_likeliest_instead_of_drawing=False,
    does_not_carry_the_state=False,
    feeds_the_first_symbol_again_and_again=False,
    puts_the_first_symbol_into_the_text=False,
    draws_with_the_first_number_only=False,
):
    symbol, state, said = first, None, []
    for u_t in u:
        heard = first if feeds_the_first_symbol_again_and_again else symbol
        p, state = model.step(heard, None if does_not_carry_the_state else state)
        if takes_the_likeliest_instead_of_drawing:
            symbol = int(p.argmax())
        else:
            number = u[0] if draws_with_the_first_number_only else u_t
            symbol = int((np.cumsum(p) <= number).sum())
        said.append(symbol)
    return [first, *said] if puts_the_first_symbol_into_the_text else said


def _rereads_everything(model, first, u):
    text, state = [first], None
    for u_t in u:
        for symbol in text:
            p, state = model.step(symbol, state)
        text.append(int((np.cumsum(p) <= u_t).sum()))
    return text[1:]


def _rereads_from_a_fresh_state(model, first, u):
    text = [first]
    for u_t in u:
        state = None
        for symbol in text:
            p, state = model.step(symbol, state)
        text.append(int(np.searchsorted(np.cumsum(p), u_t, side="right")))
    return text[1:]


def _generate_by_a_loop(model, first, u):
    symbol, state, said = first, None, []
    for u_t in u:
        p, state = model.step(symbol, state)
        so_far = 0.0
        for symbol, chance in enumerate(p):  # noqa: B007
            so_far += chance
            if u_t < so_far:
                break
        said.append(symbol)
    return np.array(said)


write_text = code(
    title="Let it write",
    minutes=8,
    difficulty=3,
    objective="write the loop in which a model hears what it has just said",
    reference=_generate,
    probes=[
        probe(Writer(4, 1), 0, np.array([0.3, 0.8, 0.55, 0.1, 0.9, 0.42])),
        probe(Writer(6, 2), 3, np.array([0.62, 0.05, 0.93, 0.48, 0.71, 0.27, 0.86, 0.35])),
        probe(Writer(5, 5), 1, np.array([0.15, 0.77, 0.5, 0.66, 0.97, 0.33, 0.08, 0.59])),
    ],
    axis="step",
    mistakes=[
        *switches(
            _flawed_generate,
            takes_the_likeliest_instead_of_drawing=(
                "Always the likeliest symbol: nothing is drawn, `u` is not used, and the text runs "
                "in circles sooner or later. Take the symbol whose part of the line from 0 to 1 "
                "has u_t in it."
            ),
            does_not_carry_the_state=(
                "Every step begins with a fresh state, so the model remembers one symbol. Hand the "
                "state that `step` returned to the next call."
            ),
            feeds_the_first_symbol_again_and_again=(
                "The model hears the first symbol at every step. It must hear what it has just "
                "said."
            ),
            puts_the_first_symbol_into_the_text=(
                "The first symbol was given, not drawn. Return what was drawn, one symbol for "
                "each number of `u`."
            ),
            draws_with_the_first_number_only=(
                "Every draw uses the same number, u[0]. Each step has its own."
            ),
        ),
        wrong(
            "reads the whole text again with the old state",
            _rereads_everything,
            "The whole text is read again at every step, *and* the old state is kept: the model "
            "hears the beginning many times. The state holds it already; feed the last symbol "
            "only.",
        ),
        wrong(
            "is one step late",
            lambda model, first, u: [first, *_generate(model, first, u)[:-1]],
            "The first symbol stands at the beginning, and the last one drawn is missing. Return "
            "what was *drawn*, one symbol for each number of `u`.",
        ),
        wrong(
            "draws from the far end",
            lambda model, first, u: _flawed_generate(model, first, 1 - u),
            "The line from 0 to 1 is laid out from the far end here. Symbol 0 has the part from 0 "
            "to p[0], symbol 1 the next part, and so on.",
        ),
    ],
    hints=[
        "Two things go round: the state, and the symbol that was just drawn.",
        "p, state = model.step(symbol, state); the symbol is the number of entries of "
        "np.cumsum(p) that are at most u_t.",
        "symbol, state, said = first, None, []; for u_t in u: ...",
    ],
    success="Same first symbol, other numbers u: another text. The state fixes the distribution, "
    "the draw fixes the symbol.",
    others=[_rereads_from_a_fresh_state, _generate_by_a_loop],
)


# -- comparing -----------------------------------------------------------------------------------

words_and_letters = predict(
    title="Letters against words",
    minutes=4,
    difficulty=2,
    objective="compare models that count different things",
    question=(
        "On the same text, with **6 characters a word** on average (the space included), a model "
        "of *characters* has perplexity **4** a character, and a model of *words* has perplexity "
        "**900** a word. Write (1) the perplexity a word that the first one amounts to, and (2) "
        "the perplexity a character that the second one amounts to."
    ),
    answer=lambda: [4.0**6, 900 ** (1 / 6)],
    tolerance=(0.02, 0.0),
    mistakes=[
        wrong(
            "multiplies and divides",
            [24.0, 150.0],
            "You multiplied and divided by 6. Surprises (logarithms) add up over the letters of a "
            "word; perplexities are multiplied.",
        ),
        wrong(
            "divides the second by 6",
            lambda: [4.0**6, 150.0],
            "The first is right. Go back the same way: six factors make 900, so each is its sixth "
            "root, not its sixth part.",
        ),
        wrong(
            "takes them as they are",
            [4.0, 900.0],
            "That would compare a letter with a word. A word is six letters: six surprises.",
        ),
        wrong(
            "exchanges the two",
            lambda: [900 ** (1 / 6), 4.0**6],
            "The two answers have changed places.",
        ),
        wrong(
            "leaves the space out",
            lambda: [4.0**5, 900 ** (1 / 5)],
            "The space is among the six: a model of characters has to predict it too.",
        ),
        wrong(
            "raises 6 to the power",
            lambda: [6.0**4, 900 ** (1 / 6)],
            "6 to the power of 4 is 1,296. Six letters, each among four: 4 · 4 · 4 · 4 · 4 · 4.",
        ),
        wrong(
            "gives surprises",
            lambda: [6 * np.log(4), np.log(900) / 6],
            "These are the mean surprises in nats, and they are right. Asked are the "
            "perplexities, *e* to the power of them.",
        ),
    ],
    hints=[
        "A word is surprising as its letters are, one after the other: the surprises add up.",
        "Per word: 6 · ln 4 nats. Per character: ln 900 / 6 nats. Then e to the power.",
        "[4**6, 900**(1/6)]",
    ],
    success="900 a word is far better than 4 a character here. Compare the total surprise over "
    "the same text.",
)

sound_measure = choose(
    title="Which number can be trusted?",
    minutes=3,
    difficulty=2,
    objective="measure on text that the model has not seen",
    question=(
        "Five people report the perplexity of a model of **words** on held-out text. Whose number "
        "can be trusted?"
    ),
    options=[
        option(
            "Ada built the vocabulary on the whole text, so that no held-out word is unknown.",
            "Then the model knows beforehand which words will come: the words of the held-out part "
            "got their own rows. Build it on the training part, and let the rest be unknown.",
        ),
        option(
            "Ben cut the text into windows that overlap by half, shuffled them, and held out every "
            "tenth.",
            "Half of each held-out window, and mostly all of it, stands in a training window too.",
        ),
        option(
            "Cleo held out the last tenth, built the vocabulary on the rest, and chose the best of "
            "20 sizes on a third part between the two.",
            "Three parts: one to learn, one to choose, one to measure. Nothing of the last one was "
            "seen by the weights, the vocabulary or the choice.",
            right=True,
        ),
        option(
            "Dan left unknown words out of the mean.",
            "The hardest words do not count then, and the fewer words a model knows, the better it "
            "looks. An unknown word has to be paid for.",
        ),
        option(
            "Eve took the mean of the perplexities of all batches, the short last one among them.",
            "A mean of perplexities is not the perplexity, and in a mean over batches the letters "
            "of a short one weigh more. Add up all surprises, divide by all letters.",
        ),
    ],
    hints=[
        "Ask of each: what of the held-out text was known before?",
        "Words, overlapping windows and choices all leak. And a mean has to be over all symbols.",
        "It takes three parts.",
    ],
    success="What was used to choose has been seen.",
)
