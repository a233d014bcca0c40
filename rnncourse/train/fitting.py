"""The training loop: forward, loss, backward, clip, step. Built by hand in lesson 05."""

import time
from dataclasses import dataclass

import numpy as np

from rnncourse.train.clipping import clip_norm, norm
from rnncourse.watching import counted


@dataclass(frozen=True)
class History:
    """What a training was like, step by step.

    ``loss`` and ``norm`` (of the gradient, before clipping): (steps,), or with ``seeds``
    (steps, S). ``seconds``: the time of the whole training.
    """

    loss: np.ndarray
    norm: np.ndarray
    seconds: float

    def __repr__(self):
        ends = (
            f"loss {self.loss[0].mean():.4g} → {self.loss[-1].mean():.4g}" if len(self.loss) else ""
        )
        return f"History({len(self.loss)} steps{', ' if ends else ''}{ends})"


def fit(network, batches, loss, optimiser, steps, clip=None, progress=True):
    """Train a network in place.

    Parameters
    ----------
    network : a ``train.Network``.
    batches : called with the step 0, 1, ... ; gives (x, target) or (x, target, mask). With a score
        at every step the mask says which steps count in the loss; with ``last`` it says which
        steps are real, and the network hands its state on over the others.
    loss : ``train.squared_error``, ``train.cross_entropy``, or another function
        ``(y, target) -> (loss, dL/dy)``, which is given ``mask=`` where there is one, and
        ``seeds=True`` where the network has seeds.
    optimiser : made with ``network.parameters``. It goes on where it was: call ``fit`` again with
        the same one to train on.
    steps : how many batches.
    clip : the largest norm of the gradient (of each network's), None for no bound.
    progress : show a bar where somebody watches (a terminal, a notebook in use).

    Returns a ``History``.
    """
    several = {"seeds": True} if network.seeds is not None else {}
    shape = (steps,) if network.seeds is None else (steps, network.seeds)
    losses, norms = np.empty(shape), np.empty(shape)
    start = time.perf_counter()
    for step in counted(steps, "steps", progress):
        x, target, mask = (*batches(step), None)[:3]
        masked = {} if mask is None else {"mask": mask}
        y = network.forward(x, **(masked if network.last else {}))
        losses[step], dy = loss(y, target, **({} if network.last else masked), **several)
        grads = network.backward(dy)
        if clip is None:
            norms[step] = norm(grads, **several)
        else:
            norms[step] = clip_norm(grads, clip, **several)
        optimiser.step(grads)
    return History(losses, norms, time.perf_counter() - start)
