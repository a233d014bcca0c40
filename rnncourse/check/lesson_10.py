"""Exercises of lesson 10, *The girl in the bar*: agreement, fair tests, probes, ablations."""

import re
from itertools import pairwise

import numpy as np

from rnncourse import cells
from rnncourse.check import choose, code, option, predict, probe, switches, wrong
from rnncourse.data._stories import FAMOUS
from rnncourse.words.tokens import tokens

# -- asking the question --------------------------------------------------------------------------

_CHANCES = {"miss": 0.15, "ma'am": 0.06, "sir": 0.10, "Mister": 0.01}
_FOUR = np.array(list(_CHANCES.values()))


def _softmax_of_chances():
    p = np.exp(_FOUR) / np.exp(_FOUR).sum()
    return [p[0] + p[1], p[2]]


among_four = predict(
    title="Four words among all words",
    minutes=2,
    difficulty=1,
    objective="turn a next-word distribution into shares among four answers",
    question=(
        "After a story a network gives these probabilities to the next word: 'with' 0.60, "
        "**'miss' 0.15**, **'sir' 0.10**, **\"ma'am\" 0.06**, **'Mister' 0.01**; all the other "
        "words together get 0.08. Bring the four addresses to a sum of 1. What is then the share "
        "of the two *female* ones together, and what is the share of 'sir'? Two numbers, to two "
        "decimals."
    ),
    answer=[0.21 / 0.32, 0.10 / 0.32],
    tolerance=(0.0, 0.006),
    mistakes=[
        wrong(
            "leaves the probabilities as they are",
            [0.21, 0.10],
            "These are probabilities among *all* words. Among the four they have to add up to 1, "
            "and so far the four add up to 0.32.",
        ),
        wrong(
            "counts 'miss' alone",
            [0.15 / 0.32, 0.10 / 0.32],
            "The second number is right. The first counts 'miss' alone; \"ma'am\" agrees with a "
            "girl just as well.",
        ),
        wrong(
            "counts the words",
            [0.5, 0.25],
            "Two of four words, and one of four: that would be right if all four were equally "
            "likely.",
        ),
        wrong(
            "takes a softmax of the probabilities",
            _softmax_of_chances,
            "You took a softmax of the probabilities. They have been through one already: divide "
            "each by the sum of the four.",
        ),
        wrong(
            "keeps 'with' in the sum",
            [0.21 / 0.92, 0.10 / 0.92],
            "You divided by the sum of the five words that are named. 'with' is no address: only "
            "the four count.",
        ),
        wrong(
            "divides by the likeliest of the four",
            [0.21 / 0.15, 0.10 / 0.15],
            "You divided by 0.15, the likeliest of the four. Then 'miss' alone would be 1. Divide "
            "by the *sum* of the four.",
        ),
        wrong(
            "gives per cent",
            [100 * 0.21 / 0.32, 100 * 0.10 / 0.32],
            "Right, in per cent. Shares that sum to 1 lie between 0 and 1.",
        ),
        wrong(
            "gives the male share",
            [0.11 / 0.32, 0.10 / 0.32],
            "The second number is right. The first is the share of 'sir' and 'Mister'.",
        ),
    ],
    hints=[
        "Which number do the four add up to, and which number should they add up to?",
        "share = probability / (sum of the four probabilities).",
        "The four add up to 0.15 + 0.10 + 0.06 + 0.01 = 0.32. So 'sir' has ...",
    ],
    success="Now the answer can be compared between stories, even where the network expects "
    "something else altogether. How likely any of the four is, 0.32 here, is a number to look at "
    "too.",
)


def _last_cue(words, cues):
    return max(place for place, word in enumerate(words) if word in cues)


def _words_since(words, cues):
    return len(words) - 1 - _last_cue(words, cues)


def _since_first_cue(words, cues):
    return len(words) - 1 - min(place for place, word in enumerate(words) if word in cues)


def _since_its_first_use(words, cues):
    return len(words) - 1 - words.index(words[_last_cue(words, cues)])


def _since_by_walking_back(words, cues):
    rest = list(words)
    while rest[-1] not in cues:
        rest.pop()
    return len(words) - len(rest)


def _since_by_counting_up(words, cues):
    distance = 0
    for word in words:
        distance = 0 if word in cues else distance + 1
    return distance


_CUES = {"girl", "boy", "she", "he", "her", "him", "his"}

words_since = code(
    title="How far is the cue?",
    minutes=3,
    difficulty=1,
    objective="measure the distance that a network has to bridge",
    reference=_words_since,
    probes=[
        probe(tokens(FAMOUS.split("{")[0]), _CUES),
        probe(tokens("In came a boy. He sat down, and he asked for a glass of tea."), _CUES),
        probe(tokens("The girl left, and the bartender said to her 'Certainly"), _CUES),
    ],
    call="words_since(words={words}, cues)",
    mistakes=[
        wrong(
            "counts from the first cue",
            _since_first_cue,
            "You counted from the *first* cue. A network may forget it as long as a later cue "
            "says the same. The last one is what it cannot do without.",
        ),
        wrong(
            "finds the first use of the last cue",
            _since_its_first_use,
            "The last cue is a word that stood in the story before, and `words.index` finds its "
            "first place. Go by places, not by words.",
        ),
        wrong(
            "counts the cue too",
            lambda words, cues: len(words) - _last_cue(words, cues),
            "One too many: the words *between* the cue and the blank are asked, without the cue.",
        ),
        wrong(
            "counts the blank as the last word",
            lambda words, cues: len(words) - 2 - _last_cue(words, cues),
            "One too few. The blank is not in `words`: it follows the last of them.",
        ),
        wrong(
            "gives the place of the last cue",
            _last_cue,
            "This is the place of the last cue, counted from the beginning. How many words come "
            "after it?",
        ),
        wrong(
            "counts letters",
            lambda words, cues: len(" ".join(words[_last_cue(words, cues) + 1 :])),
            "These are letters and spaces. The network reads words.",
        ),
        wrong(
            "counts every word once",
            lambda words, cues: len(set(words[_last_cue(words, cues) + 1 :])),
            "A word that comes twice is counted once here. It is two steps for the network.",
        ),
        wrong(
            "counts the cues",
            lambda words, cues: sum(word in cues for word in words),
            "This is the number of cues. Asked is how many words follow the last of them.",
        ),
    ],
    hints=[
        "Find the place of the last word that is in `cues`. What stands after it?",
        "distance = (number of words) − 1 − (place of the last cue).",
        "last = max(place for place, word in enumerate(words) if word in cues)",
    ],
    success="Eleven words in the famous story. With `data.bar.story(distance=...)` you choose it.",
    others=[_since_by_walking_back, _since_by_counting_up],
)


# -- minimal pairs --------------------------------------------------------------------------------


def _both_ways(pairs):
    return {**dict(pairs), **{b: a for a, b in pairs}}


def _minimal_pair(text, pairs):
    swap = _both_ways(pairs)
    return " ".join(swap.get(word, word) for word in text.split())


def _pair_by_pattern(text, pairs):
    swap = _both_ways(pairs)
    return re.sub(r"[a-z']+", lambda found: swap.get(found[0], found[0]), text)


def _pair_by_loops(text, pairs):
    words = text.split()
    for place, word in enumerate(text.split()):
        for a, b in pairs:
            if word == a:
                words[place] = b
            elif word == b:
                words[place] = a
    return " ".join(words)


def _pair_inside_words(text, pairs):
    swap = _both_ways(pairs)
    longest = sorted(swap, key=len, reverse=True)
    return re.sub("|".join(longest), lambda found: swap[found[0]], text)


def _pair_by_replace(text, pairs):
    for a, b in pairs:
        text = text.replace(a, b)
    return text


def _pair_there_and_back(text, pairs):
    words = text.split()
    for a, b in pairs:
        words = [b if word == a else word for word in words]
        words = [a if word == b else word for word in words]
    return " ".join(words)


def _pair_one_way(text, pairs):
    swap = dict(pairs)
    return " ".join(swap.get(word, word) for word in text.split())


def _pair_first_only(text, pairs):
    swap, done, words = _both_ways(pairs), False, []
    for word in text.split():
        words.append(word if done else swap.get(word, word))
        done = done or word in swap
    return " ".join(words)


def _pair_between_spaces(text, pairs):
    for a, b in pairs:
        for old, new in ((a, "#"), (b, a), ("#", b)):
            text = text.replace(f" {old} ", f" {new} ")
    return text


def _pair_without(text, pairs):
    swap = _both_ways(pairs)
    return " ".join(word for word in text.split() if word not in swap)


_PAIRS = [("girl", "boy"), ("she", "he")]

minimal_pair = code(
    title="A minimal pair",
    minutes=5,
    difficulty=2,
    objective="build two stories that differ in the cues alone",
    reference=_minimal_pair,
    probes=[
        probe("a girl walked into the bar and she put a hat on the shelf", _PAIRS),
        probe("the boy left then in came a girl and she said that he was there", _PAIRS),
        probe("he waved to the bartender and looked at the girl", _PAIRS),
        probe(
            "in came a duchess and the bartender took her hat",
            [("duchess", "duke"), ("her", "his")],
        ),
    ],
    mistakes=[
        wrong(
            "looks inside other words",
            _pair_inside_words,
            "Letters are exchanged inside other words, too: there is a 'he' in 'the' and a 'she' "
            "in 'shelf'. Go word by word.",
        ),
        wrong(
            "replaces letters, one pair after the other",
            _pair_by_replace,
            "`text.replace` looks for letters, not for words: 'shelf' has lost something. And it "
            "goes in one direction only.",
        ),
        wrong(
            "exchanges and exchanges back",
            _pair_there_and_back,
            "The second word of each pair becomes the first, and the first stays. Is it "
            "exchanged, and then exchanged back? Look every word up once, in one table for both "
            "directions.",
        ),
        wrong(
            "exchanges in one direction",
            _pair_one_way,
            "The first word of each pair becomes the second, but not the other way round: the "
            "boy of the second story stays a boy.",
        ),
        wrong(
            "exchanges the first cue only",
            _pair_first_only,
            "One cue is exchanged, the others still say the opposite. Such a story contradicts "
            "itself: that is another experiment.",
        ),
        wrong(
            "exchanges the first pair only",
            lambda text, pairs: _minimal_pair(text, pairs[:1]),
            "Only the first pair is used. The pronoun, too, says who it is.",
        ),
        wrong(
            "misses the first and the last word",
            _pair_between_spaces,
            "A word is looked for between two spaces; the first and the last word of a story have "
            "only one. Take the text apart with `text.split()`.",
        ),
        wrong(
            "leaves the cues out",
            _pair_without,
            "The cues are gone. That story has none; a minimal pair has the *other* one, at the "
            "same place.",
        ),
    ],
    hints=[
        "Take the text apart into words, and look each of them up.",
        "One table for both directions: {'girl': 'boy', 'boy': 'girl', ...}. Words that are not "
        "in it stay.",
        "swap = {**dict(pairs), **{b: a for a, b in pairs}}",
    ],
    success="Same length, same distance, same sentences: whatever changes in the answer, the "
    "cues did it. `story.swapped()` does it for the stories of the bar.",
    others=[_pair_by_pattern, _pair_by_loops],
)


# -- counting what agrees -------------------------------------------------------------------------


def _share_agreeing(p, four, fits):
    likeliest = p[:, four].argmax(axis=1)
    return fits[np.arange(len(p)), likeliest].mean()


def _agreeing_with_loops(p, four, fits):
    right = 0
    for row, fit in zip(p, fits, strict=True):
        best = max(range(4), key=lambda k: row[four[k]])
        right += int(fit[best])
    return right / len(p)


def _agreeing_by_masking(p, four, fits):
    some = np.asarray(p)[:, list(four)]
    return float(np.mean(np.where(fits, some, -1).max(1) >= np.where(fits, -1, some).max(1)))


def _fits_of_all(p, four, fits):
    """Which of all the words fit, (B, V)."""
    all_fit = np.zeros(p.shape, bool)
    all_fit[:, four] = fits
    return all_fit


def _agreeing_among_all(p, four, fits):
    return _fits_of_all(p, four, fits)[np.arange(len(p)), p.argmax(axis=1)].mean()


def _agreeing_where_it_comes_next(p, four, fits):
    kept = np.isin(p.argmax(axis=1), four)
    return _share_agreeing(p[kept], four, fits[kept])


def _agreeing_mass(p, four, fits):
    some = p[:, four] / p[:, four].sum(axis=1, keepdims=True)
    return (some * fits).sum(axis=1).mean()


def _agreeing_by_half(p, four, fits):
    some = p[:, four] / p[:, four].sum(axis=1, keepdims=True)
    return ((some * fits).sum(axis=1) > 0.5).mean()


def _chances(seed, B, V):
    """Distributions over V words in B stories; the four addresses; which of them fit."""
    rng = np.random.default_rng(seed)
    p = rng.dirichlet(np.full(V, 0.6), B).round(2)
    p[:, -1] += 1 - p.sum(axis=1)
    female = rng.random(B) < 0.5
    fits = np.stack([female, female, ~female, ~female], axis=1)
    return p.round(2), [2, 4, 5, 6], fits


share_agreeing = code(
    title="How many answers agree?",
    minutes=5,
    difficulty=2,
    objective="score next-word distributions by agreement",
    reference=_share_agreeing,
    probes=[probe(*_chances(14, 5, 8)), probe(*_chances(2, 30, 9)), probe(*_chances(3, 40, 8))],
    call="share_agreeing(p={p}, four={four}, fits)",
    mistakes=[
        wrong(
            "takes the likeliest of all words",
            _agreeing_among_all,
            "You took the likeliest of *all* words. Where that is no address, the story counts as "
            "wrong, though among the four the right one may lead. The question is which of the "
            "four.",
        ),
        wrong(
            "leaves out where another word is likelier",
            _agreeing_where_it_comes_next,
            "Stories in which some other word is the likeliest have been dropped. Then two "
            "networks are scored on different stories. All of them count.",
        ),
        wrong(
            "averages the probability",
            _agreeing_mass,
            "This is the mean share of the addresses that agree: a sound measure, and another "
            "one. Asked is in how many stories the likeliest of the four agrees.",
        ),
        wrong(
            "adds up the two that agree",
            _agreeing_by_half,
            "You asked whether the two that agree have more than half *together*. The likeliest "
            "single word may be another: 0.3 and 0.3 against 0.4.",
        ),
        wrong(
            "counts what does not agree",
            lambda p, four, fits: 1 - _share_agreeing(p, four, fits),
            "This is the share of answers that do *not* agree.",
        ),
        wrong(
            "counts without dividing",
            lambda p, four, fits: _share_agreeing(p, four, fits) * len(p),
            "This is a number of stories. Divide it by all of them.",
        ),
        wrong(
            "reads the first four columns",
            lambda p, four, fits: _share_agreeing(p, [0, 1, 2, 3], fits),
            "These are the first four words of the vocabulary. The addresses stand in the columns "
            "`four`.",
        ),
        wrong(
            "looks every answer up in every story",
            lambda p, four, fits: fits[:, p[:, four].argmax(axis=1)].mean(),
            "`fits[:, likeliest]` takes the answers of *all* stories in every story. One answer "
            "a story: `fits[np.arange(len(p)), likeliest]`.",
        ),
        wrong(
            "takes the least likely",
            lambda p, four, fits: _share_agreeing(-p, four, fits),
            "This looks at the *least* likely of the four.",
        ),
    ],
    hints=[
        "Look at four columns only. Which of them is the largest, story by story?",
        "likeliest = argmax over the four, a number 0 to 3 for every story; is "
        "fits[story, likeliest] true?",
        "likeliest = p[:, four].argmax(axis=1)",
    ],
    success="That is what `data.bar.load().right(stories)` counts.",
    others=[_agreeing_with_loops, _agreeing_by_masking],
)


# -- fair tests -----------------------------------------------------------------------------------

honest_split = choose(
    title="A noun it was never told about",
    minutes=3,
    difficulty=2,
    objective="set up a test in which knowing the answer must come from the word vector",
    question=(
        "Word vectors were made from a large text without any address. Then a network learned "
        "addresses from stories. Does it answer rightly for a *noun* that no training story had? "
        "Which test tells?"
    ),
    options=[
        option(
            "New stories about the old nouns; none of them is in the training set, word for word.",
            "These are new stories, and old nouns. It tells whether a known noun is kept over new "
            "sentences, which is another question.",
        ),
        option(
            "Stories about new nouns, with 'she' and 'he' in them as in real life.",
            "The pronoun gives the answer away: a network that never looks at the noun would pass.",
        ),
        option(
            "Stories about new nouns that stand in no text at all, not even in that of the word "
            "vectors.",
            "Then the vector of such a noun is as it was drawn at the start, and says nothing. "
            "Nobody could know: the test asks for a guess.",
        ),
        option(
            "Stories about new nouns without any pronoun. The nouns are in the text of the word "
            "vectors, and in no training story.",
            "The noun is the only cue, its vector says what company it keeps, and the network "
            "has never been told its address.",
            right=True,
        ),
        option(
            "As in the last one, with twenty networks, of which the best on these very stories is "
            "reported.",
            "Chosen on the test, the best of twenty is too good by luck. Choose on other stories, "
            "or report all twenty.",
        ),
        option(
            "Half of all stories for training, the other half for the test, drawn at random.",
            "A random half has the same nouns as the other half. What must be kept apart is "
            "*nouns*, not stories.",
        ),
    ],
    hints=[
        "Ask of every test: how could a network pass that knows nothing of this noun?",
        "Two things must hold: the noun is the only cue, and nothing but its vector can tell.",
        "Which one lets the vector know the noun, and the network not?",
    ],
    success="What is held out must be held out from everything but the one source you ask about.",
)

near_or_far = choose(
    title="What the plain network cannot do",
    minutes=3,
    difficulty=2,
    objective="tell what a network cannot hold from what it cannot learn",
    question=(
        "Two tanh networks have the same size, the same start and the same number of updates. In "
        "the training stories of the first, distances are drawn evenly from 1 to 50 words; at 50 "
        "words it answers at chance. The second had many short stories among the long ones; at "
        "50 words it is nearly always right. What follows?"
    ),
    options=[
        option(
            "The first network has too few units to hold one bit over 50 words.",
            "The second has as many, and holds it. One unit that latches is enough for a bit: "
            "you built it in lesson 02.",
        ),
        option(
            "In the second network no gradient vanishes.",
            "It starts from the same matrix, and its gradient fades with distance in the same "
            "way. From a *short* story enough of it arrives; once the bit latches, it is "
            "held for the long ones, too.",
        ),
        option(
            "The second must have seen the test stories: what is 50 words away cannot be learned.",
            "The test stories are new. It has learned from near cues what to hold, and holding "
            "does not need a gradient.",
        ),
        option(
            "The first needs more units.",
            "More units do not make the gradient of a far word larger, and the second network "
            "shows that these are enough.",
        ),
        option(
            "A tanh network can hold the person. From mostly far examples it does not learn to.",
            "The state *can* keep a bit. What is missing is the hint from far away that it "
            "should: the gradient fades on the way.",
            right=True,
        ),
        option(
            "Long stories have more words to store, and the state of the first is full.",
            "It has to keep a single bit, however many words go by. The second network reads the "
            "same long stories.",
        ),
    ],
    hints=[
        "What is equal in both? That cannot be what the first one lacks.",
        "Lesson 06: what a state holds, and what a gradient reaches, are two things.",
        "Which of them did the short stories help?",
    ],
    success="It is not unable to remember; it cannot learn it from far away. The LSTM can.",
)


# -- looking inside -------------------------------------------------------------------------------


def _probe_accuracy(states, labels, fit_on, test_on, constant=True):
    seen = np.column_stack([states, np.ones(len(states))]) if constant else states
    w = np.linalg.lstsq(seen[fit_on], labels[fit_on], rcond=None)[0]
    return (np.sign(seen[test_on] @ w) == labels[test_on]).mean()


def _selectivity(states, kinds, control, train):
    return _probe_accuracy(states, kinds, train, ~train) - _probe_accuracy(
        states, control, train, ~train
    )


def _flawed_selectivity(
    states,
    kinds,
    control,
    train,
    leaves_the_control_out=False,
    tests_on_the_training_rows=False,
    tests_on_all_rows=False,
    fits_on_all_rows=False,
    leaves_the_constant_out=False,
):
    fit_on, test_on = train, ~train
    if tests_on_the_training_rows:
        test_on = train
    if tests_on_all_rows:
        test_on = np.ones_like(train)
    if fits_on_all_rows:
        fit_on = np.ones_like(train)
    rest = (fit_on, test_on, not leaves_the_constant_out)
    real = _probe_accuracy(states, kinds, *rest)
    return real if leaves_the_control_out else real - _probe_accuracy(states, control, *rest)


def _selectivity_of_one_probe(states, kinds, control, train):
    seen = np.column_stack([states, np.ones(len(states))])
    w = np.linalg.lstsq(seen[train], kinds[train], rcond=None)[0]
    said = np.sign(seen[~train] @ w)
    return (said == kinds[~train]).mean() - (said == control[~train]).mean()


def _selectivity_of_true_and_false(states, kinds, control, train):
    seen = np.column_stack([states, np.ones(len(states))])
    shares = []
    for labels in (kinds, control):
        w = np.linalg.lstsq(seen[train], labels[train], rcond=None)[0]
        shares.append(((seen[~train] @ w > 0) == labels[~train]).mean())
    return shares[0] - shares[1]


def _selectivity_of_margins(states, kinds, control, train):
    seen = np.column_stack([states, np.ones(len(states))])
    means = []
    for labels in (kinds, control):
        w = np.linalg.lstsq(seen[train], labels[train], rcond=None)[0]
        means.append((seen[~train] @ w * labels[~train]).mean())
    return means[0] - means[1]


def _selectivity_in_torch(states, kinds, control, train):
    import torch

    seen = torch.tensor(np.column_stack([np.ones(len(states)), states]))
    y = torch.tensor(np.column_stack([kinds, control]).astype(float))
    w = torch.linalg.lstsq(seen[train], y[train], driver="gelsd").solution
    right = (torch.sign(seen[~train] @ w) == y[~train]).double().mean(0)
    return right[0] - right[1]


def _selectivity_by_normal_equations(states, kinds, control, train):
    shares = []
    for labels in (kinds, control):
        mean, middle = states[train].mean(axis=0), labels[train].mean()
        A = states[train] - mean
        w = np.linalg.solve(A.T @ A, A.T @ (labels[train] - middle))
        said = [1.0 if (s - mean) @ w + middle > 0 else -1.0 for s in states[~train]]
        shares.append(np.mean([a == b for a, b in zip(said, labels[~train], strict=True)]))
    return shares[0] - shares[1]


def _states_of_nouns(seed, N=60, H=4, nouns=8):
    """States (N, H) that hold the kind, and a little of each noun; kinds, control, train."""
    rng = np.random.default_rng(seed)
    noun = rng.integers(0, nouns, N)
    own, side = rng.normal(0, 0.8, (nouns, H)), rng.choice([-1.0, 1.0], nouns)
    kinds = np.where(noun % 2 == 0, 1.0, -1.0)
    states = own[noun] + 0.6 * kinds[:, None] * rng.normal(size=H) + rng.normal(0, 0.7, (N, H))
    return (states + 0.5).round(2), kinds, side[noun], np.arange(N) < N // 2


selectivity = code(
    title="A probe and its control",
    minutes=7,
    difficulty=3,
    objective="say how much of a probe's success is the probe's own",
    reference=_selectivity,
    probes=[probe(*_states_of_nouns(seed)) for seed in (5, 8, 12)],
    call="selectivity(states, kinds, control, train)",
    mistakes=[
        *switches(
            _flawed_selectivity,
            leaves_the_control_out=(
                "This is the accuracy of the probe alone. How well does the same probe learn "
                "labels that mean nothing? Take that away."
            ),
            tests_on_the_training_rows=(
                "The accuracy is taken on the rows that the probe was fitted on. It has seen "
                "these answers."
            ),
            tests_on_all_rows=(
                "The rows of the fit are in the test as well. Test on `~train` alone."
            ),
            fits_on_all_rows=(
                "The probe is fitted on all rows, those of the test among them. Fit on `train`."
            ),
            leaves_the_constant_out=(
                "The constant is missing, so the border must go through 0. Put a column of ones "
                "beside the states."
            ),
        ),
        wrong(
            "asks one probe for both",
            _selectivity_of_one_probe,
            "One probe was fitted, to the kinds, and then compared with the control labels. "
            "The control needs a probe of its own: can it *learn* labels without meaning?",
        ),
        wrong(
            "compares True and False with +1 and −1",
            _selectivity_of_true_and_false,
            "`... > 0` is True or False, and the labels are +1 and −1. False never equals −1, so "
            "every right −1 counts as wrong. Compare signs: `np.sign(...)`.",
        ),
        wrong(
            "averages how far it is from the border",
            _selectivity_of_margins,
            "You averaged answer times label. Accuracy only asks for the *sign*: right or wrong.",
        ),
        wrong(
            "takes the kinds away from the control",
            lambda *args: -_selectivity(*args),
            "The sign is reversed: accuracy on the kinds minus accuracy on the control.",
        ),
        wrong(
            "divides the accuracies",
            lambda states, kinds, control, train: (
                _probe_accuracy(states, kinds, train, ~train)
                / _probe_accuracy(states, control, train, ~train)
            ),
            "This is the ratio of the two accuracies. Selectivity is their difference.",
        ),
        wrong(
            "gives the accuracy on the control",
            lambda states, kinds, control, train: _probe_accuracy(states, control, train, ~train),
            "This is the accuracy on the control labels alone.",
        ),
    ],
    hints=[
        "Do the same thing twice, with two sets of labels: fit on `train`, count on `~train`.",
        "accuracy(labels): w by least squares from [states, 1] to labels, both on train; then the "
        "share of rows in ~train where sign([states, 1] @ w) is the label.",
        "seen = np.column_stack([states, np.ones(len(states))])",
    ],
    success="Hewitt and Liang (2019) call this difference selectivity. A probe that is large "
    "enough can learn any labels; then its accuracy says little about the states.",
    others=[_selectivity_in_torch, _selectivity_by_normal_equations],
)

carrier_unit = choose(
    title="Which unit carries the girl?",
    minutes=4,
    difficulty=2,
    objective="tell a unit that shows something from a unit that does something",
    question=(
        "A network of 48 units answers rightly in 100 % of the stories. Four units were looked "
        "at. *d′* says how far apart the unit's values are in stories about women and about men "
        "(in standard deviations). *Held*: how often the answer is right while this unit is held "
        "at its mean. *Copied*: how often the answer turns round when in mid-story this unit's "
        "value is copied from the story's twin of the other gender.\n\n"
        "| unit | d′ | held | copied |\n|-|-|-|-|\n"
        "| 7 | 8.1 | 99 % | 1 % |\n| 12 | 4.6 | 52 % | 97 % |\n"
        "| 30 | 0.1 | 98 % | 0 % |\n| 41 | 0.3 | 71 % | 4 % |\n\n"
        "Which one carries the person to the answer?"
    ),
    options=[
        option(
            "Unit 7: nothing tells women and men apart so clearly.",
            "It *shows* the person best. Held at its mean nothing is lost, copied over nothing "
            "changes: the answer does not go by it. It may be a copy that nobody reads.",
        ),
        option(
            "Units 7 and 12 together: both can be read.",
            "Both can be read, and the answer goes by one of them. What can be read from a unit "
            "need not be read by the network.",
        ),
        option(
            "Unit 12: without it the answer is a coin toss, and with its twin's value it turns.",
            "Holding shows that it is needed; copying shows that what it carries is the person. "
            "Its d′ alone would have put it second.",
            right=True,
        ),
        option(
            "Units 12 and 41: without either the answer suffers.",
            "Holding unit 41 disturbs, but copying it does not turn the answer: what it carries "
            "is not the person. A damaged machine is not yet an explained one.",
        ),
        option(
            "All of them a little: a linear probe on all 48 units finds the person always.",
            "The probe takes the person from wherever it stands. It would find it with unit 12 "
            "alone.",
        ),
        option(
            "None: a single unit never carries anything in a trained network.",
            "Often a thing is spread over many units. Here one of them, held, takes half of the "
            "answers away: that was measured, so no rule can forbid it.",
        ),
    ],
    hints=[
        "Two columns are about what the network *does*, one about what can be seen.",
        "A carrier is needed (held: worse) and decides (copied: the answer turns).",
        "Go through the rows: who has both?",
    ],
    success="Selective is what can be read; causal is what is used. They are not always the same "
    "unit.",
)


def _hold_units(lstm, x, units, h):
    now = np.zeros((x.shape[1], lstm.hidden_size)), np.zeros((x.shape[1], lstm.hidden_size))
    states = []
    for x_t in x:
        now = [np.array(part) for part in lstm.step(x_t, now)]
        now[0][:, units] = h
        states.append(now[0].copy())
    return np.array(states)


def _flawed_hold(
    lstm,
    x,
    units,
    h,
    holds_c_instead_of_h=False,
    holds_before_the_step=False,
    holds_at_zero=False,
    holds_the_first_step_only=False,
    holds_the_last_step_only=False,
    starts_again_at_every_step=False,
):
    h = 0 * np.asarray(h) if holds_at_zero else np.asarray(h)
    start = np.zeros((x.shape[1], lstm.hidden_size))
    now, states = [start.copy(), start.copy()], []
    which = 1 if holds_c_instead_of_h else 0
    for t, x_t in enumerate(x):
        held = not (holds_the_first_step_only and t > 0)
        held = held and not (holds_the_last_step_only and t < len(x) - 1)
        if starts_again_at_every_step:
            now = [start.copy(), start.copy()]
        for after in (False, True):
            if after:
                now = [np.array(part) for part in lstm.step(x_t, now)]
            if held and after != holds_before_the_step:
                now[which][:, units] = h
        states.append(now[0].copy())
    return np.array(states)


def _hold_in_the_result(lstm, x, units, h):
    states = np.array(lstm.forward(x))
    states[:, :, units] = h
    return states


def _hold_sequences(lstm, x, units, h):
    now = np.zeros((x.shape[1], lstm.hidden_size)), np.zeros((x.shape[1], lstm.hidden_size))
    states = []
    for x_t in x:
        now = [np.array(part) for part in lstm.step(x_t, now)]
        now[0][units] = np.reshape(h, (-1, 1))
        states.append(now[0].copy())
    return np.array(states)


def _hold_by_choosing(lstm, x, units, h):
    held, fixed = np.zeros(lstm.hidden_size, bool), np.zeros(lstm.hidden_size)
    held[list(units)], fixed[list(units)] = True, h
    now_h = now_c = np.zeros((x.shape[1], lstm.hidden_size))
    states = []
    for x_t in x:
        now_h, now_c = lstm.step(x_t, (now_h, now_c))
        now_h = np.where(held, fixed, now_h)
        states.append(now_h)
    return np.stack(states)


def _hold_both_piece_by_piece(lstm, x, units, h):
    """Holds c as well: nobody but the unit itself hears its c, so the states are the same."""
    start, states = None, []
    for t in range(len(x)):
        lstm.forward(x[t : t + 1], start)
        now_h, now_c = (np.array(part) for part in lstm.last)
        for k, unit in enumerate(units):
            now_h[:, unit], now_c[:, unit] = h[k], 0.0
        start = now_h, now_c
        states.append(now_h.tolist())
    return states


def _small_lstm(seed, T, B, D, H, units, h):
    lstm = cells.LSTM(D, H, seed=seed)
    lstm.W_ih, lstm.W_hh = 2 * lstm.W_ih, 3 * lstm.W_hh
    x = np.random.default_rng(seed).normal(size=(T, B, D)).round(2)
    return lstm, x, units, h


hold_units = code(
    title="Hold a unit still",
    minutes=8,
    difficulty=3,
    objective="ablate units of an LSTM, at every step",
    reference=_hold_units,
    probes=[
        probe(*_small_lstm(1, 3, 2, 2, 3, [1], [0.3])),
        probe(*_small_lstm(2, 5, 4, 3, 6, [0, 3], [0.2, -0.4])),
        probe(*_small_lstm(3, 4, 3, 2, 4, [2], [-0.5])),
    ],
    call="hold_units(lstm, x, units={units}, h={h})",
    axis="step",
    mistakes=[
        *switches(
            _flawed_hold,
            holds_c_instead_of_h=(
                "c is held, and h is not. `lstm.step` returns the pair (h, c); the other units "
                "and the readout hear h."
            ),
            holds_before_the_step=(
                "The units are set *before* the step, and the step then moves them: what is "
                "stored is free again. Set them after it."
            ),
            holds_at_zero=(
                "The units are held at 0, not at the values that are given. A unit that never "
                "is near 0 is thus pushed where the network has never been."
            ),
            holds_the_first_step_only=(
                "The units are held after the first step, and free from then on. Held means: "
                "after every step."
            ),
            holds_the_last_step_only=(
                "The units are held after the last step only. Until then the others could read "
                "them."
            ),
            starts_again_at_every_step=(
                "Every step starts from zeros. The state, with the held units in it, is handed "
                "on to the next step."
            ),
        ),
        wrong(
            "changes the result instead of the run",
            _hold_in_the_result,
            "The network ran freely, and afterwards the units were overwritten in the result. The "
            "other units have heard them all the time. They must be held *during* the run.",
        ),
        wrong(
            "holds sequences instead of units",
            _hold_sequences,
            "The rows were overwritten: those are sequences of the batch. h has the shape (B, H); "
            "units are columns, `[:, units]`.",
        ),
    ],
    hints=[
        "Step by step: `lstm.step` gives h and c; overwrite some columns of h; go on from these.",
        "h_t, c_t = step(x_t, (h, c)); then h_t[:, units] becomes the held values; then (h_t, c_t) "
        "is the state of the next step.",
        "now_h, now_c = (np.array(part) for part in lstm.step(x_t, (now_h, now_c)))  # copies "
        "that may be changed",
    ],
    success="`reader.ablated(units, h)` is this loop. Nobody but the unit itself hears its c, so "
    "it may run on. To *patch* a unit is another thing: there it goes on from the other run's "
    "values, so h *and* c are copied, after one step only.",
    others=[_hold_by_choosing, _hold_both_piece_by_piece],
)

faint_influence = choose(
    title="A small derivative",
    minutes=3,
    difficulty=2,
    objective="read a saliency value without taking it for use",
    question=(
        "A trained LSTM answers P(miss) = 0.9998 to a story. The length of dP(miss)/d(word "
        "vector) is 0.000001 at 'girl' and 0.00001 at 'certainly', the last word. With 'boy' in "
        "place of 'girl' the answer is 'sir', as sure as before. What follows?"
    ),
    options=[
        option(
            "'girl' is not used: its derivative is nearly 0.",
            "Exchange it, and the answer turns: it *is* used. A derivative tells what a tiny "
            "nudge does, and the exchange is no tiny nudge.",
        ),
        option(
            "'certainly' decides the answer: its derivative is ten times that of 'girl'.",
            "'certainly' stands in both stories, with 'miss' in one and 'sir' in the other. It "
            "cannot be what decides between them.",
        ),
        option(
            "'girl' is used. The answer is nearly certain, and so a tiny nudge of any word "
            "changes next to nothing.",
            "P is at the flat end of the softmax: its slope P(1 − P) is 0.0002 there, and every "
            "word's derivative has this factor in it.",
            right=True,
        ),
        option(
            "The gradient vanishes, so the network cannot have learned to use 'girl'.",
            "It *has* learned it, as the exchange shows. What counts for learning is the "
            "gradient at the start of the training, when nothing was certain.",
        ),
        option(
            "Numbers as small as 0.000001 are rounding errors.",
            "float64 carries sixteen digits. A derivative of 0.000001 is as exact as one of 1.",
        ),
        option(
            "The exchange proves nothing: it changes the rest of the story, too.",
            "In a minimal pair everything but the cue stays. That is what makes it a proof.",
        ),
    ],
    hints=[
        "A derivative asks: what does a *tiny* change do? The exchange asks something else.",
        "dP/dx = P (1 − P) · d(score)/dx for two answers. How large is P (1 − P) here?",
        "0.9998 · 0.0002 = ...",
    ],
    success="Small derivative: insensitive to nudges *here*. Whether a word is used, an exchange "
    "tells. Compare derivatives between words of one story, not with 0.",
)


# -- how sure, and how sure it should be ----------------------------------------------------------


def _calibration(confidence, right, edges):
    rows = []
    for k, (low, high) in enumerate(pairwise(edges)):
        top = confidence <= high if k == len(edges) - 2 else confidence < high
        there = (confidence >= low) & top
        n = there.sum()
        rows.append([confidence[there].mean(), right[there].mean(), n] if n else [0, 0, 0])
    return np.array(rows, dtype=float)


def _flawed_calibration(
    confidence,
    right,
    edges,
    takes_the_middle_of_the_bin=False,
    loses_the_topmost=False,
    divides_by_all_stories=False,
    counts_wrong_answers=False,
    puts_an_edge_into_the_lower_bin=False,
    puts_an_edge_into_both_bins=False,
    leaves_an_empty_bin_undefined=False,
    counts_the_right_ones=False,
    exchanges_two_columns=False,
):
    rows = []
    right = ~right if counts_wrong_answers else right
    for k, (low, high) in enumerate(pairwise(edges)):
        last = k == len(edges) - 2 and not loses_the_topmost
        there = (confidence >= low) & (confidence <= high if last else confidence < high)
        if puts_an_edge_into_the_lower_bin:
            there = (confidence > low) & (confidence <= high)
        if puts_an_edge_into_both_bins:
            there = (confidence >= low) & (confidence <= high)
        n = there.sum()
        if not n:
            nothing = np.nan if leaves_an_empty_bin_undefined else 0.0
            rows.append([nothing, nothing, 0.0])
            continue
        whole = len(confidence) if divides_by_all_stories else n
        mean = (low + high) / 2 if takes_the_middle_of_the_bin else confidence[there].mean()
        share = right[there].sum() / whole
        row = [mean, share, right[there].sum() if counts_the_right_ones else n]
        rows.append([row[1], row[0], row[2]] if exchanges_two_columns else row)
    return np.array(rows, dtype=float)


def _calibration_by_digitize(confidence, right, edges):
    K = len(edges) - 1
    bins = np.minimum(np.digitize(confidence, edges) - 1, K - 1)
    n = np.bincount(bins, minlength=K)
    sums = [np.bincount(bins, weights=v, minlength=K) for v in (confidence, right.astype(float))]
    return np.column_stack([*(s / np.maximum(n, 1) for s in sums), n])


def _calibration_story_by_story(confidence, right, edges):
    K = len(edges) - 1
    rows = [[0.0, 0.0, 0] for _ in range(K)]
    for sure, fits in zip(confidence.tolist(), right.tolist(), strict=True):
        k = K - 1
        while k > 0 and sure < edges[k]:
            k -= 1
        rows[k][0] += sure
        rows[k][1] += fits
        rows[k][2] += 1
    return [[a / max(n, 1), b / max(n, 1), n] for a, b, n in rows]


_EDGES = np.array([0.25, 0.5, 0.75, 1.0])
_EMPTY = np.array([0.0, 0.25, 0.5, 0.75, 1.0])

calibration = code(
    title="Is it as often right as it is sure?",
    minutes=6,
    difficulty=2,
    objective="compare a network's confidence with its success, bin by bin",
    reference=_calibration,
    probes=[
        probe(
            np.array([0.3, 0.45, 0.5, 0.6, 0.9, 0.95, 1.0]),
            np.array([False, True, True, False, True, True, True]),
            _EDGES,
        ),
        probe(
            np.array([0.26, 0.5, 0.55, 0.74, 0.75, 0.8, 0.99, 1.0, 1.0]),
            np.array([False, False, True, True, True, False, True, True, False]),
            _EMPTY,
        ),
        probe(
            np.array([0.4, 0.25, 0.7, 1.0, 0.9]),
            np.array([True, False, True, False, True]),
            _EDGES,
        ),
    ],
    axis="bin",
    mistakes=switches(
        _flawed_calibration,
        takes_the_middle_of_the_bin=(
            "The first column is the middle of the bin. The stories need not lie in the middle: "
            "take the mean of *their* confidences."
        ),
        loses_the_topmost=(
            "Stories with confidence 1.0 are in no bin. The last bin includes its upper edge."
        ),
        divides_by_all_stories=(
            "The right answers of a bin are divided by the number of *all* stories. Divide by "
            "those of the bin."
        ),
        counts_wrong_answers="The second column is the share of *wrong* answers.",
        puts_an_edge_into_the_lower_bin=(
            "A confidence that lies on an edge belongs to the bin *above*: low ≤ confidence < "
            "high. (Only the last bin has both edges.)"
        ),
        puts_an_edge_into_both_bins=(
            "A confidence that lies on an edge is counted twice, in the bin below and in the bin "
            "above. It belongs to the bin above."
        ),
        leaves_an_empty_bin_undefined=(
            "The mean of no stories is nan (0 divided by 0). An empty bin has three zeros: ask "
            "first how many stories there are."
        ),
        counts_the_right_ones=(
            "The third column counts right answers. Asked is the number of stories in the bin."
        ),
        exchanges_two_columns=(
            "The first two columns are exchanged: mean confidence, then the share that is right."
        ),
    ),
    hints=[
        "For each bin: which stories are in it? Then two means and a count.",
        "in bin k: edges[k] ≤ confidence < edges[k+1], with ≤ on both sides in the last bin.",
        "there = (confidence >= edges[k]) & (confidence < edges[k + 1])",
    ],
    success="A network is calibrated where the first two columns agree. A bin with few stories "
    "proves little: that is what the third column is for.",
    others=[_calibration_by_digitize, _calibration_story_by_story],
)

even_guest = predict(
    title="What the corpus says of a nurse",
    minutes=4,
    difficulty=2,
    objective="say what a perfect learner answers where nothing tells",
    question=(
        "A corpus has 40 stories about 'the nurse' in which nothing else tells who it is. 30 of "
        "them end with a female address, 10 with a male one. A network has learned this corpus "
        "perfectly. Which probability does it give to the female ones, and what is its mean loss "
        "in these 40 stories, in nats, if only female or male is asked? Two numbers, to two "
        "decimals."
    ),
    answer=lambda: [0.75, -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))],
    tolerance=(0.0, 0.011),
    mistakes=[
        wrong(
            "always says the more frequent",
            [1.0, 0.0],
            "Then ten stories would each cost an infinite loss. The loss is smallest where the "
            "probability equals the share in the corpus.",
        ),
        wrong(
            "says what is fair instead of what it learned",
            lambda: [0.5, np.log(2)],
            "Even is what one might wish. This corpus is not even, and a learner repeats what it "
            "was shown.",
        ),
        wrong(
            "counts the loss of the more frequent only",
            lambda: [0.75, -np.log(0.75)],
            "The probability is right. Your loss is that of the 30 female stories; the 10 others "
            "cost −ln 0.25 each.",
        ),
        wrong(
            "measures the loss in bits",
            lambda: [0.75, -(0.75 * np.log2(0.75) + 0.25 * np.log2(0.25))],
            "The probability is right, and the loss is in bits. Nats take the natural logarithm.",
        ),
        wrong(
            "gives the share of wrong answers as the loss",
            [0.75, 0.25],
            "The probability is right. A quarter is how often the likelier answer is wrong; the "
            "loss is the mean of −ln P(what came).",
        ),
        wrong(
            "gives the male probability",
            lambda: [0.25, -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))],
            "The loss is right. Your probability is the male one.",
        ),
        wrong(
            "adds the two losses without weights",
            lambda: [0.75, -(np.log(0.75) + np.log(0.25)) / 2],
            "The probability is right. In your mean both endings count alike; one stands there "
            "30 times, the other 10 times.",
        ),
        wrong(
            "learned perfectly, so no loss",
            [0.75, 0.0],
            "The probability is right. The loss cannot be 0: the same story ends in two ways, "
            "and no reader could know which.",
        ),
    ],
    hints=[
        "One story, 40 times, with two endings: which single probability has the smallest loss?",
        "P = 30/40. The mean loss is −(30 · ln P + 10 · ln(1 − P)) / 40.",
        "−(0.75 · ln 0.75 + 0.25 · ln 0.25) = 0.216 + ...",
    ],
    success="It repeats its corpus, bias and all. That is a fact about 40 stories, and none about "
    "nurses. In `data.bar` every story without a cue stands there twice, once with each ending: "
    "then the honest answer is even, and costs ln 2.",
)

two_groups = predict(
    title="One number for two groups",
    minutes=2,
    difficulty=1,
    objective="notice what an average over groups hides",
    question=(
        "A network is tested on 900 stories about men, and is right in 99 % of them; and on 100 "
        "about women, where it is right in 40 %. Which share of *all* stories is right? And what "
        "is the mean of the two groups' shares, each group counting alike? Two numbers between 0 "
        "and 1, to three decimals."
    ),
    answer=[0.931, 0.695],
    tolerance=(0.0, 0.0015),
    mistakes=[
        wrong(
            "exchanges the two",
            [0.695, 0.931],
            "The two are exchanged. Over all stories the 900 weigh nine times as much as the 100.",
        ),
        wrong(
            "lets both groups count alike twice",
            [0.695, 0.695],
            "The second is right. Of all stories 900 have a share of 0.99, and only 100 one of "
            "0.40: they do not count alike.",
        ),
        wrong(
            "weighs by stories twice",
            [0.931, 0.931],
            "The first is right. For the second each group counts alike, whatever its size.",
        ),
        wrong(
            "exchanges the weights",
            [0.459, 0.695],
            "The second is right. In the first you gave the 900 stories the share 0.40.",
        ),
        wrong(
            "gives the groups' shares",
            [0.99, 0.40],
            "These are the two groups' own shares. Asked are two ways to make one number of them.",
        ),
        wrong(
            "gives per cent",
            [93.1, 69.5],
            "Right, in per cent. The question asks for numbers between 0 and 1.",
        ),
        wrong(
            "multiplies the shares",
            [0.931, 0.396],
            "The first is right. The second is a product of the shares; asked is their mean.",
        ),
    ],
    hints=[
        "How many stories are right in each group? And how many are there?",
        "All: (0.99 · 900 + 0.40 · 100) / 1000. Groups alike: (0.99 + 0.40) / 2.",
        "891 + 40 = 931 of 1,000 ...",
    ],
    success="93 % sounds well, and for women the network is worse than a coin. Look at the groups "
    "one by one.",
)
