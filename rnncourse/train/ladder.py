"""The ladder: what to try, in this order, when a network does not learn.

Each rung is a function that measures one thing and returns a `Finding`: `.ok`, the numbers, and a
sentence on what is seen and what to try. None of them changes the network. Lesson 05 builds them.

1. `shapes_agree`, `targets_line_up`: is what we ask what we mean to ask?
2. `start_loss`: does it begin by knowing nothing, at ln V?
3. `rows_are_independent`: does a sequence hear its neighbours in the batch?
4. `gradient_by_distance`: does the blame reach the step that matters?
5. `overfit_one`: can it learn a handful of sequences by heart?
6. `loss_falls`, `predicts_the_mean`: what has the training done?

A failed rung names a suspect, not always the culprit: climb on and compare. `broken(k)` has
trainings to practise on.
"""

import copy

import numpy as np

from rnncourse.train.broken import Training, broken
from rnncourse.train.clipping import clip_norm
from rnncourse.train.finding import (
    Finding,
    loss_falls,
    predicts_the_mean,
    shapes_agree,
    steps_back,
    targets_line_up,
)

__all__ = [
    "Finding",
    "Training",
    "broken",
    "gradient_by_distance",
    "loss_falls",
    "overfit_one",
    "predicts_the_mean",
    "rows_are_independent",
    "shapes_agree",
    "start_loss",
    "targets_line_up",
]


def start_loss(network, batch, loss):
    """Before training, does the network know nothing? Cross-entropy of V classes then is ln V.

    network : not trained yet. batch : (x, target). loss : `train.cross_entropy` or alike. With
    targets that are numbers the loss is compared with that of answering 0, about which a network
    begins; it may be less, but not below half of the variance.
    """
    x, target, *mask = batch
    y, value, _ = _look(network, loss, x, target, *mask)
    value = float(np.mean(value))
    if np.asarray(target).dtype.kind in "iu":
        expected, name = float(np.log(y.shape[-1])), f"ln {y.shape[-1]}"
        low, high = 0.75 * expected, 1.5 * expected
    else:
        expected, name = float(np.mean(np.square(target))), "answering 0"
        low, high = 0.5 * float(np.var(target)), 3 * expected
    numbers = {"loss": value, "expected": expected}
    says = f"the loss is {value:.3g}; {name} is {expected:.3g}"
    if not np.isfinite(value):
        says += ". Look for huge inputs or weights, and for a division by 0."
    elif value > high:
        says += ": sure and wrong from the start. Look at the size of the start, and of the inputs."
    elif value < low:
        says += ": better than an ignorant one can be. Look for the answer among the inputs."
    else:
        says += ": it begins by knowing nothing, as it should."
    return Finding("start loss", low <= value <= high, says, numbers)


def rows_are_independent(forward, x, axis=1, row=0):
    """Change one sequence of the batch: do the answers to the others stay as they were?

    forward : from x to answers, as `network.forward`. x : (T, B, D), sequences along `axis`, 1. The
    answers have their sequences there too, or on their first axis if they are (B, O); with S
    networks they are (T, S, B, O) or (S, B, O). The first sequence is the one to change where a
    state might run along the batch.
    """
    forward = getattr(forward, "forward", forward)
    x = np.asarray(x, dtype=float)
    if x.shape[axis] < 2:
        raise ValueError("This needs a batch of 2 sequences at least.")
    other = x.copy()
    np.moveaxis(other, axis, 0)[row] += 1.0
    before, after = np.array(forward(x)), np.array(forward(other))
    place = before.ndim - 2 if axis == x.ndim - 2 or before.ndim < x.ndim else axis
    moved = np.abs(np.moveaxis(after - before, place, 0)).reshape(before.shape[place], -1).max(1)
    own, others = moved[row], np.delete(moved, row)
    numbers = {"own": float(own), "others": float(others.max()), "moved": moved}
    size = np.abs(before).max()
    if others.max() > 1e-9 * max(size, 1.0):
        says = (
            f"a change in sequence {row} moves the answers to {(others > 0).sum()} of the "
            f"{len(others)} others. Look which axis is time and which the batch."
        )
        return Finding("rows are independent", False, says, numbers)
    if not own > 0:
        says = f"the answer to sequence {row} does not move either: the input does not get through."
        return Finding("rows are independent", False, says, numbers)
    says = f"a change in sequence {row} moves its own answers only."
    return Finding("rows are independent", True, says, numbers)


def gradient_by_distance(network, x, needed=None, seed=0):
    """How much of the gradient at the last state reaches the state k steps before?

    The cell gets a random derivative at its last state and takes it back. network : a
    `train.Network`, or a cell. x : (T, B, D). needed : the distance, in steps, that the task asks
    for; the finding is about this one, or about the longest if left out.
    `numbers["norms"]`: (T,), or (T, S) for S networks: the norm at distance 0, 1, ..., as a share
    of that at distance 0. Between 0.001 and 1000 at `needed` is ok.
    """
    cell = getattr(network, "cell", network)
    states = cell.forward(np.asarray(x, dtype=float))
    needed = len(states) - 1 if needed is None else needed
    if not 0 < needed < len(states):
        raise ValueError(f"needed is a distance from 1 to {len(states) - 1} steps, not {needed}.")
    d_states = np.zeros_like(states)
    d_states[-1] = np.random.default_rng(seed).normal(size=states[-1].shape)
    with np.errstate(all="ignore"):
        back = cell.backward(d_states)["states"][::-1]
        norms = np.linalg.norm(back, axis=(-2, -1))
        norms = norms / norms[0]
    at = float(np.median(norms[needed]))
    numbers = {"norms": norms, "needed": needed, "share": at}
    says = f"{at:.2g} of the gradient is left {steps_back(needed)}"
    middle = np.median(norms.reshape(len(norms), -1), axis=1)
    gone = int(np.argmax(middle == 0))  # 0 if there is none
    if at == 0 and middle[gone - 1] > 1e-100:  # smaller ones may have faded to 0
        says = f"the gradient is exactly 0 from {steps_back(gone)} on: it is cut, not faded."
        says += " Look for a state that is detached inside the sequence, or for silent relu units."
    elif not np.isfinite(at) or at > 1e3:
        says += ": it explodes. Clip its norm, or start with smaller W_hh."
    elif at < 1e-3:
        says += ": it fades. Try an orthogonal start, a longer training, or a cell with gates."
    else:
        says += ": it gets there."
    return Finding("gradient by distance", 1e-3 <= at <= 1e3, says, numbers)


def overfit_one(network, batch, loss, optimiser, steps=300, rows=2, clip=None):
    """Can it learn a handful of sequences by heart? What cannot do that will learn nothing.

    Trains a copy of the network with a copy of its optimiser on the first `rows` sequences of the
    batch (x, target), always the same. ok if the loss falls to a tenth of what the best constant
    answer scores. `numbers["losses"]`: (steps,), or (steps, S).
    """
    network, optimiser = copy.deepcopy((network, optimiser))  # together: they share the weights
    x, target, *mask = batch
    at_end = np.ndim(target) < np.ndim(x) - (np.asarray(target).dtype.kind in "iu")
    x, mask = x[:, :rows], [m[:, :rows] for m in mask]
    target = target[:rows] if at_end else target[:, :rows]
    losses = []
    with np.errstate(all="ignore"):
        for _ in range(steps):
            y, value, dy = _look(network, loss, x, target, *mask)
            losses.append(value)
            if not np.all(np.isfinite(value)):
                break
            grads = network.backward(dy)
            if clip is not None:
                clip_norm(grads, clip, **_several(network))
            optimiser.step(grads)
    losses = np.array(losses)
    last, constant = float(np.median(losses[-1])), _constant(target)
    numbers = {"losses": losses, "first": float(np.median(losses[0])), "last": last}
    numbers["constant"] = constant
    says = f"the loss on {rows} sequences goes from {numbers['first']:.3g} to {last:.3g}"
    if not np.isfinite(last):
        says += f" after {len(losses)} steps. Try a learning rate of a tenth, and clipping."
        return Finding("overfit one", False, says, numbers)
    if last <= 0.1 * constant:
        return Finding("overfit one", True, f"{says}: it can learn them by heart.", numbers)
    V = np.shape(y)[-1]
    floor = float(np.log(1 + (V - 1) / np.e))
    if np.asarray(target).dtype.kind in "iu" and abs(last - floor) < 0.05 * floor:
        says += f". It sits at ln(1 + ({V} - 1)/e) = {floor:.3f}: look for a second softmax."
    elif last > 1.5 * numbers["first"]:
        says += ": it grows. Try a learning rate of a tenth; look at the sign of the step."
    elif last > 0.8 * constant:
        says += f", no better than a constant answer ({constant:.3g}): nothing it can use comes in."
    else:
        says += ". Try more steps, more units or another learning rate before all else."
    return Finding("overfit one", False, says, numbers)


def _look(network, loss, x, target, mask=None):
    """The answers, the loss and its derivative, as `train.fit` computes them."""
    real = {"mask": mask} if mask is not None and network.last else {}
    counted = {"mask": mask} if mask is not None and not network.last else {}
    y = network.forward(x, **real)
    return y, *loss(y, target, **counted, **_several(network))


def _several(network):
    return {"seeds": True} if getattr(network, "seeds", None) is not None else {}


def _constant(target):
    """The loss of the best constant answer: entropy of the classes' shares, or the variance."""
    target = np.asarray(target)
    if target.dtype.kind not in "iu":
        return float(np.var(target))
    shares = np.bincount(target[target >= 0])
    shares = shares[shares > 0] / shares.sum()
    return float(-(shares * np.log(shares)).sum())
