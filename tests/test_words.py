"""Words become numbers and come back; the look-up is the matrix product; likeness is an angle."""

import doctest
import importlib

import numpy as np
import pytest
import torch

from rnncourse import cells, words
from rnncourse.data import text

MODULES = ("tokens", "vocabulary", "embedding", "counting", "pairs", "skipgram", "likeness")
SAID = ["the", "girl", "saw", "the", "boy", "and", "the", "boy", "saw", "a", "bar"]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_in_the_docstrings_run(name):
    result = doctest.testmod(importlib.import_module(f"rnncourse.words.{name}"))
    assert result.attempted > 0 and result.failed == 0


# -- vocabulary ----------------------------------------------------------------------------------


def test_what_is_encoded_is_decoded():
    vocabulary = words.Vocabulary(SAID)
    assert vocabulary.decode(vocabulary.encode(SAID)) == SAID
    assert vocabulary.words[:4] == words.SPECIAL
    assert vocabulary.words[4:7] == ("the", "boy", "saw")
    assert [int(vocabulary.counts[vocabulary[word]]) for word in ("the", "girl")] == [3, 1]


def test_a_word_of_the_test_text_only_is_unknown():
    vocabulary = words.Vocabulary(SAID, min_count=2)
    assert vocabulary.decode(vocabulary.encode(["boy", "queen", "girl"])) == [
        "boy",
        words.UNKNOWN,
        words.UNKNOWN,
    ]
    assert vocabulary.counts[vocabulary[words.UNKNOWN]] == 4  # girl, and, a, bar


def test_a_size_keeps_the_most_frequent_words():
    vocabulary = words.Vocabulary(SAID, size=6)
    assert len(vocabulary) == 6 and "the" in vocabulary and "boy" in vocabulary
    assert "saw" not in vocabulary


def test_padding_goes_to_the_ends_and_the_mask_says_where():
    vocabulary = words.Vocabulary(SAID)
    ids, mask = vocabulary.pad([[4, 5, 6], [7]])
    assert ids.tolist() == [[4, 7], [5, 0], [6, 0]]
    assert mask.tolist() == [[True, True], [True, False], [True, False]]


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: words.Vocabulary("a girl"), "list of letters"),
        (lambda: words.Vocabulary(SAID, size=3), "need more"),
        (lambda: words.Vocabulary(SAID).encode("girl"), "list of words"),
        (lambda: words.Vocabulary(SAID, special=()).encode(["queen"]), "queen"),
        (lambda: words.Vocabulary(SAID, special=()).pad([[1]]), "<pad>"),
        (lambda: words.Vocabulary(SAID).decode([99]), "numbers 0 to"),
        (lambda: words.Vocabulary.in_order(["a", "a"]), "twice"),
        (lambda: words.one_hot([3], 3), "0 to 2"),
        (lambda: words.one_hot([0.5], 3), "whole numbers"),
        (lambda: words.Embedding(3, 2).forward([[-1]]), "0 to 2"),
        (lambda: words.Embedding(3, 2, padding=3), "0 to 2"),
        (lambda: words.Embedding(3, 2, seeds=2).forward([1]), "(T, B)"),
        (lambda: words.pairs([np.arange(3)], 0), "1 or more"),
        (lambda: words.pmi(np.zeros((2, 2))), "no pair"),
        (lambda: words.svd_vectors(np.eye(3), 4), "1 to 3"),
        (lambda: words.train_vectors([["a"]], kind="glove"), "glove"),
        (lambda: words.train_vectors(["a girl"]), "list of words"),
    ],
)
def test_bad_input_gets_one_clear_sentence(call, says):
    with pytest.raises(ValueError, match=says.replace("(", r"\(").replace(")", r"\)")) as caught:
        call()
    assert len(str(caught.value)) < 250


def test_an_unknown_word_is_named():
    with pytest.raises(KeyError, match="queen"):
        _ = words.Vocabulary(SAID)["queen"]


# -- the embedding -------------------------------------------------------------------------------


def test_the_look_up_is_the_one_hot_product_and_so_is_its_gradient():
    table = words.Embedding(7, 3, seed=1)
    ids = np.random.default_rng(0).integers(0, 7, (5, 4))
    d = np.random.default_rng(1).normal(size=(5, 4, 3))
    rows = words.one_hot(ids, 7)
    assert np.array_equal(table.forward(ids), rows @ table.W)
    product = np.einsum("tbv,tbe->ve", rows, d)
    assert np.abs(table.backward(d)["W"] - product).max() < 1e-12


@pytest.mark.parametrize("padding", [None, 2])
def test_values_and_gradients_are_those_of_torch(padding):
    ours = words.Embedding(7, 3, padding=padding, seed=1)
    theirs = torch.nn.Embedding(7, 3, padding_idx=padding, dtype=torch.float64)
    with torch.no_grad():
        theirs.weight.copy_(torch.from_numpy(ours.W))
    ids = np.random.default_rng(0).integers(0, 7, (9, 4))
    d = np.random.default_rng(1).normal(size=(9, 4, 3))
    vectors = theirs(torch.from_numpy(ids))
    vectors.backward(torch.from_numpy(d))
    assert np.abs(ours.forward(ids) - vectors.detach().numpy()).max() < 1e-10
    assert np.abs(ours.backward(d)["W"] - theirs.weight.grad.numpy()).max() < 1e-10


def test_tables_at_once_equal_each_alone():
    together = words.Embedding(7, 3, seed=4, seeds=3)
    shared = np.random.default_rng(0).integers(0, 7, (5, 4))
    own = np.random.default_rng(0).integers(0, 7, (5, 3, 4))
    for ids in (shared, own):
        vectors = together.forward(ids)
        d = np.random.default_rng(1).normal(size=vectors.shape)
        grads = together.backward(d)["W"]
        for k in range(3):
            alone = words.Embedding(7, 3, seed=4 + k)
            its = ids if ids.ndim == 2 else ids[:, k]
            assert np.array_equal(alone.forward(its), vectors[:, k])
            assert np.abs(alone.backward(d[:, k])["W"] - grads[k]).max() < 1e-12


def test_a_frozen_table_has_no_parameter_and_no_gradient():
    matrix = np.arange(6.0).reshape(3, 2)
    table = words.Embedding.pretrained(matrix)
    assert table.forward([[2]]).tolist() == [[[4.0, 5.0]]]
    assert table.parameters == {} and table.backward(np.ones((1, 1, 2))) == {}
    assert words.Embedding.pretrained(matrix, frozen=False).parameters["W"].shape == (3, 2)


def test_the_padding_row_is_zero_and_stays():
    table = words.Embedding(4, 2, padding=0)
    assert not table.W[0].any()
    table.forward([[0, 1]])
    assert not table.backward(np.ones((1, 2, 2)))["W"][0].any()


# -- counts --------------------------------------------------------------------------------------


def counted_by_hand(sentences, window, V):
    table = np.zeros((V, V))
    for sentence in sentences:
        for i, word in enumerate(sentence):
            for j in range(max(0, i - window), min(len(sentence), i + window + 1)):
                if j != i:
                    table[word, sentence[j]] += 1
    return table


@pytest.mark.parametrize("window", [1, 2, 5])
def test_pairs_are_those_of_two_loops(window):
    rng = np.random.default_rng(0)
    sentences = [rng.integers(0, 6, n) for n in (9, 1, 4, 2, 12)]
    expected = counted_by_hand(sentences, window, 6)
    assert np.array_equal(words.cooccurrence(sentences, window, 6), expected)


def test_a_drawn_window_meets_near_words_more_often():
    sentence = np.arange(4000)
    centres, contexts = words.pairs([sentence], 4, np.random.default_rng(0))
    distance = np.abs(centres - contexts)
    share = np.bincount(distance)[1:] / (2 * len(sentence))
    assert share == pytest.approx([1, 0.75, 0.5, 0.25], abs=0.03)


def test_pmi_is_zero_for_words_that_do_not_care_for_each_other():
    assert np.abs(words.pmi(np.outer([1.0, 2, 3], [1.0, 2, 3]))).max() < 1e-12


def test_full_rank_vectors_give_the_matrix_back():
    M = np.random.default_rng(0).normal(size=(6, 3))
    M = M @ M.T
    vectors = words.svd_vectors(M, 6)
    assert np.abs(vectors @ vectors.T - M).max() < 1e-9


def test_the_noise_and_the_thinning_are_those_of_the_paper():
    counts = np.array([900, 90, 10])
    assert words.noise(counts, 1.0) == pytest.approx(counts / 1000)
    assert words.noise(counts, 0.0) == pytest.approx([1 / 3] * 3)
    assert words.keep_probability(counts, 0.01) == pytest.approx([(0.01 / 0.9) ** 0.5, 1 / 3, 1])
    assert words.keep_probability(counts, 0).tolist() == [1, 1, 1]


# -- skip-gram -----------------------------------------------------------------------------------

CASES = {
    "skip-gram": (words.SkipGram, np.array([0, 3, 3, 1])),
    "cbow": (words.CBOW, np.array([[0, 3, -1], [1, -1, -1], [2, 2, 4], [4, 0, 1]])),
}
CONTEXTS = np.array([1, 2, 4, 4])
NEGATIVES = np.array([[2, 2], [4, 0], [4, 3], [0, 1]])  # the third row draws its own neighbour


def fresh(kind):
    model = kind(5, 3, seed=1)
    model.C = np.random.default_rng(5).normal(size=model.C.shape)
    return model


@pytest.mark.parametrize("name", CASES)
def test_skip_gram_gradients_equal_difference_quotients(name):
    kind, first = CASES[name]
    model = fresh(kind)
    _, grads = model.loss_and_grads(first, CONTEXTS, NEGATIVES)
    for table in ("W", "C"):
        values = getattr(model, table)
        for place in np.ndindex(values.shape):
            kept = values[place]
            ends = []
            for step in (1e-6, -1e-6):
                values[place] = kept + step
                ends.append(model.loss_and_grads(first, CONTEXTS, NEGATIVES)[0])
            values[place] = kept
            assert (ends[0] - ends[1]) / 2e-6 == pytest.approx(grads[table][place], abs=1e-8)


@pytest.mark.parametrize("name", CASES)
def test_skip_gram_gradients_equal_torchs(name):
    kind, first = CASES[name]
    model = fresh(kind)
    loss, grads = model.loss_and_grads(first, CONTEXTS, NEGATIVES)
    W, C = (torch.tensor(table, requires_grad=True) for table in (model.W, model.C))
    each = []
    for i, context in enumerate(CONTEXTS):
        inputs = [k for k in np.atleast_1d(first[i]) if k >= 0]
        w = W[inputs].mean(dim=0)
        terms = [-torch.nn.functional.logsigmoid(w @ C[context])]
        terms += [-torch.nn.functional.logsigmoid(-w @ C[n]) for n in NEGATIVES[i] if n != context]
        each.append(sum(terms))
    total = torch.stack(each).mean()
    total.backward()
    assert loss == pytest.approx(total.item(), abs=1e-12)
    assert np.abs(grads["W"] - W.grad.numpy()).max() < 1e-12
    assert np.abs(grads["C"] - C.grad.numpy()).max() < 1e-12


@pytest.mark.parametrize("name", CASES)
def test_one_update_follows_the_gradient(name):
    kind, first = CASES[name]
    model, before = fresh(kind), fresh(kind)
    _, grads = before.loss_and_grads(first, CONTEXTS, NEGATIVES)
    model._update((first, CONTEXTS), NEGATIVES, rate=0.1)
    assert np.abs(model.W - (before.W - 0.1 * len(first) * grads["W"])).max() < 1e-12
    assert np.abs(model.C - (before.C - 0.1 * len(first) * grads["C"])).max() < 1e-12


@pytest.mark.parametrize("kind", [words.SkipGram, words.CBOW])
def test_words_used_alike_become_neighbours(kind):
    rng = np.random.default_rng(0)  # words 0-2 stand beside 6-8, words 3-5 beside 9-11
    sides = rng.integers(0, 2, 3000)
    sentences = list(np.stack([3 * sides, 6 + 3 * sides], axis=1) + rng.integers(0, 3, (3000, 2)))
    model = kind(12, 6)
    learning = model.fit(sentences, window=1, epochs=8, lr=0.1, threshold=0, progress=False)
    assert learning.loss[-1] < 0.8 * 6 * np.log(2)
    alike = words.cosine(model.W[:6, None], model.W[None, :6])
    same = np.equal.outer(np.arange(6) // 3, np.arange(6) // 3)
    assert alike[same].min() > 0.5 > alike[~same].max()


def test_a_training_repeats_with_its_seed():
    sentences = [np.random.default_rng(0).integers(0, 9, 30)]
    tables = []
    for seed in (0, 0, 1):
        model = words.SkipGram(9, 4)
        model.fit(sentences, epochs=2, threshold=0, seed=seed, progress=False)
        tables.append(model.W)
    assert np.array_equal(tables[0], tables[1]) and not np.array_equal(tables[0], tables[2])


# -- likeness ------------------------------------------------------------------------------------

PLANE = words.Vocabulary.in_order(["king", "queen", "man", "woman", "far"])
VECTORS = np.array([[2.0, 1], [2, -1], [1, 1], [1, -1], [-1, 0]])


def test_a_cosine_knows_no_length():
    assert words.cosine([1.0, 2.0], [2.0, 4.0]) == pytest.approx(1)
    assert words.cosine([1.0, 0.0], [0.0, 7.0]) == pytest.approx(0)
    assert words.cosine([0.0, 0.0], [1.0, 7.0]) == 0


def test_a_word_is_no_neighbour_of_itself():
    names = [word for word, _ in words.neighbours(VECTORS, PLANE, "king")]
    assert names[0] == "man" and names[-1] == "far" and "king" not in names and len(names) == 4


def test_special_entries_are_never_neighbours():
    vocabulary = words.Vocabulary(SAID)
    vectors = np.ones((len(vocabulary), 2))
    named = {word for word, _ in words.neighbours(vectors, vocabulary, "girl", n=50)}
    assert not named & {*words.SPECIAL, "girl"} and len(named) == len(vocabulary) - 5


def test_an_analogy_leaves_its_inputs_out_unless_told():
    assert words.analogy(VECTORS, PLANE, "man", "woman", "king")[0][0] == "queen"
    inputs = {"man", "woman", "king"}
    named = words.analogy(VECTORS, PLANE, "man", "woman", "queen", n=5, inputs_too=True)
    assert named[0][0] in inputs | {"queen"}


def test_agreement_is_spearmans_over_the_covered_pairs():
    from scipy.stats import spearmanr

    judged = [("king", "queen", 8), ("king", "man", 9), ("king", "far", 1), ("man", "girl", 7)]
    judged += [("man", "woman", 5.5), ("woman", "far", 0.5)]
    got = words.agreement(VECTORS, PLANE, judged, draws=200)
    said = [words.cosine(VECTORS[PLANE[a]], VECTORS[PLANE[b]]) for a, b, _ in judged if b in PLANE]
    assert got.rho == pytest.approx(spearmanr(said, [s for _, b, s in judged if b in PLANE])[0])
    assert (got.covered, got.pairs) == (5, 6) and got.low <= got.rho <= got.high


def test_a_direction_is_found_and_taken_out():
    axis = words.direction(VECTORS, PLANE, [("king", "queen"), ("man", "woman")])
    assert axis == pytest.approx([0.0, -1.0])
    left = words.without_direction(VECTORS, axis)
    assert np.abs(left @ axis).max() < 1e-12 and np.array_equal(left[:, 0], VECTORS[:, 0])


# -- gensim's face -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sentences():
    news = text.lee()
    return [list(news.document(i)) for i in range(60)]


def test_gensims_vectors_repeat_and_keep_their_words(sentences):
    once, again = (words.train_vectors(sentences, E=12, epochs=2) for _ in range(2))
    assert np.array_equal(once.vectors, again.vectors)
    assert once.vectors.shape == (len(once), 12)
    counts = words.Vocabulary((word for s in sentences for word in s), 5, special=())
    assert set(once.vocabulary.words) == set(counts.words)
    assert once.vocabulary.counts[once.vocabulary["the"]] == counts.counts[counts["the"]]
    assert once["the"] == pytest.approx(once.model.wv["the"])


def test_neighbours_are_gensims(sentences):
    vectors = words.train_vectors(sentences, E=12, epochs=2)
    ours, theirs = vectors.neighbours("police", 5), vectors.model.wv.most_similar("police", topn=5)
    assert [word for word, _ in ours] == [word for word, _ in theirs]
    ours = vectors.analogy("government", "minister", "police", 3)
    theirs = vectors.model.wv.most_similar(
        positive=["minister", "police"], negative=["government"], topn=3
    )
    assert [word for word, _ in ours] == [word for word, _ in theirs]


def test_parts_of_words_give_an_unseen_word_a_vector(sentences):
    parts = words.train_vectors(sentences, "fasttext", E=12, epochs=1)
    assert "policewomen" not in parts and parts["policewomen"].shape == (12,)
    whole = words.train_vectors(sentences, E=12, epochs=1)
    with pytest.raises(KeyError, match="policewomen"):
        _ = whole["policewomen"]


def test_without_a_connection_a_download_says_so(monkeypatch):
    import gensim.downloader

    def fails(*_, **__):
        raise OSError("unreachable")

    monkeypatch.setattr(gensim.downloader, "load", fails)
    with pytest.raises(ConnectionError, match="internet"):
        words.download()


def test_an_embedding_stands_on_cells():
    assert isinstance(words.Embedding(2, 2), cells.Linear.__mro__[1])
