"""Train the network of lesson 00 and write rnncourse/data/files/teaser.npz (about three minutes).

    python authoring/make_teaser.py

A plain tanh network with an orthogonal start learns 10,000 bar stories: to guess every next word,
and the answer at the blank, which counts three times. Half of the stories have no sentence between
the order and the answer, half have 1 to 20. Stories without a cue are entered twice, once with
each kind of answer, so that the even answer is the right one for them. The loss is the one of
lesson 11, the recipe Adam with a warm-up and a decay, and clipping of the gradient's norm.

It is trained from six seeds; all are measured and stored. Kept is the one that is right most often
over all numbers of sentences: even the best of six answers far stories like a coin.
Longer training lets some seeds find a way to keep the cue: this is what a plain network learns from
far examples in this time, not a proof that it cannot. On another machine the last digits differ,
so nothing compares a second training with the file; tests measure the stored network instead.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from rnncourse.data import _stories, teaser
from rnncourse.data.text import tokens

FILE = Path(teaser.__file__).parent / "files" / "teaser.npz"
SEEDS = range(6)
HIDDEN, EMBEDDING = 48, 24
STORIES, STEPS, BATCH = 10_000, 1_300, 64
RATE, WARM_UP, CLIP, ANSWER_WEIGHT = 5e-3, 30, 1.0, 3.0
FILLERS = (0, 1, 2, 3, 4, 5, 7, 10, 15, 20)
DISTANCES = (4, 8, 12, 16, 20, 30, 40, 50, 75, 100)
TEST_SEED = 1_000_000  # no training story is drawn with it
KINDS = (_stories.FEMALE, _stories.MALE)

Story = tuple[list[str], str]  # the words up to the blank, the answer


def corpus(rng: np.random.Generator, n: int) -> list[Story]:
    """About n training stories with their answers."""
    stories: list[Story] = []
    while len(stories) < n:
        kind = KINDS[rng.integers(2)]
        group = _stories.NEUTRAL if rng.random() < 0.2 else kind
        pronouns = _stories.NEUTRAL if group == _stories.NEUTRAL and rng.random() < 0.7 else kind
        fillers = 0 if rng.random() < 0.5 else int(rng.integers(1, 21))
        person = _stories.PERSONS[group][rng.integers(8)]
        words = tokens(_stories.story(rng, person, pronouns, fillers))
        for answer in KINDS if pronouns == _stories.NEUTRAL else (pronouns,):
            stories.append((words, _stories.AGREES[answer][rng.integers(2)].lower()))
    return stories


def batches(stories: list[Story], place: dict[str, int], rng) -> Iterator[tuple]:
    """Batches of like length, for ever: ids (T, B), next ids (T, B), last (B,), answers (B,)."""
    while True:
        order = rng.permutation(len(stories))
        for first in range(0, len(order), BATCH * 16):
            near = sorted(order[first : first + BATCH * 16], key=lambda i: len(stories[i][0]))
            groups = [near[i : i + BATCH] for i in range(0, len(near), BATCH)]
            for i in rng.permutation(len(groups)):
                yield batch([stories[k] for k in groups[i]], place)


def batch(stories: list[Story], place: dict[str, int]) -> tuple[torch.Tensor, ...]:
    """Some stories as padded arrays, see `batches`."""
    last = torch.tensor([len(words) - 1 for words, _ in stories])
    ids = torch.zeros(int(last.max()) + 1, len(stories), dtype=torch.int64)
    for i, (words, _) in enumerate(stories):
        ids[: len(words), i] = torch.tensor([place[word] for word in words])
    following = ids.roll(-1, 0)
    following[torch.arange(len(ids))[:, None] >= last] = -100  # the padding, and the answer itself
    return ids, following, last, torch.tensor([place[answer] for _, answer in stories])


class Network(torch.nn.Module):
    """Embedding, a tanh layer with orthogonal feedback weights, a score for every word."""

    def __init__(self, size: int):
        super().__init__()
        self.embedding = torch.nn.Embedding(size, EMBEDDING)
        self.rnn = torch.nn.RNN(EMBEDDING, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, size)
        torch.nn.init.orthogonal_(self.rnn.weight_hh_l0)
        torch.nn.init.zeros_(self.rnn.bias_ih_l0)
        torch.nn.init.zeros_(self.rnn.bias_hh_l0)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.out(self.rnn(self.embedding(ids))[0])  # (T, B, V)


def train(words: tuple[str, ...], seed: int) -> teaser.Teaser:
    """A network trained from one seed, as the course's own NumPy network."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    place = {word: i for i, word in enumerate(words)}
    network = Network(len(words))
    optimiser = torch.optim.Adam(network.parameters())
    feed = batches(corpus(rng, STORIES), place, rng)
    for step in range(STEPS):
        half = step / STEPS - 0.5
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / WARM_UP) * (1 - 1.9 * max(half, 0))
        ids, following, last, answers = next(feed)
        scores = network(ids)
        at_blank = scores[last, torch.arange(len(last))]
        loss = cross_entropy(scores.flatten(0, 1), following.flatten())
        loss = loss + ANSWER_WEIGHT * cross_entropy(at_blank, answers)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        optimiser.step()
    with torch.no_grad():
        arrays = {
            "embedding": network.embedding.weight,
            "W_ih": network.rnn.weight_ih_l0,
            "W_hh": network.rnn.weight_hh_l0,
            "b": network.rnn.bias_ih_l0 + network.rnn.bias_hh_l0,
            "W_out": network.out.weight,
            "b_out": network.out.bias,
        }
        weights = {name: array.detach().numpy().copy() for name, array in arrays.items()}
    return teaser.Teaser(words, weights)


def confidence(network: teaser.Teaser, fillers: int, n: int = 100) -> float:
    """Mean larger share of the two kinds of address: 0.5 where none is preferred."""
    shares = []
    for i in range(n):
        person = _stories.PERSONS[KINDS[i % 2]][i // 2 % 8]
        answer = network.complete(network.story(person, fillers, seed=TEST_SEED + i))
        female = answer["miss"] + answer["ma'am"]
        shares.append(max(female, 1 - female))
    return float(np.mean(shares))


def main() -> None:
    torch.set_num_threads(1)
    words = _stories.vocabulary()
    rows = {"accuracy": [], "accuracy_at": [], "confidence": []}
    networks = []
    print("seed", *(f"{f:>4}" for f in FILLERS), "  sentences in between, % right")
    for seed in SEEDS:
        network = train(words, seed)
        networks.append(network)
        rows["accuracy"].append(network.accuracy(fillers=FILLERS, seed=TEST_SEED))
        rows["accuracy_at"].append(network.accuracy(DISTANCES, seed=TEST_SEED))
        rows["confidence"].append([confidence(network, f) for f in FILLERS])
        print(f"{seed:>4}", *(f"{100 * a:4.0f}" for a in rows["accuracy"][-1]), flush=True)
    best = int(np.mean(rows["accuracy"], axis=1).argmax())
    how = (
        f"authoring/make_teaser.py: {len(SEEDS)} seeds, {STEPS} steps of {BATCH} stories, "
        f"{HIDDEN} tanh units with an orthogonal start, torch {torch.__version__.split('+')[0]}; "
        "accuracy on 200 new stories for each number"
    )
    np.savez_compressed(
        FILE,
        words=np.array(words),
        **networks[best].weights,
        **{name: np.array(table) for name, table in rows.items()},
        fillers=np.array(FILLERS),
        distances=np.array(DISTANCES),
        seeds=np.array(SEEDS),
        shipped=np.array(SEEDS[best]),
        how=np.array(how),
    )
    print(f"Wrote {FILE.name}, {FILE.stat().st_size:,} bytes. Kept: seed {SEEDS[best]}.")


if __name__ == "__main__":
    main()
