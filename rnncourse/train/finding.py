"""What the ladder finds, and those of its rungs that look at arrays only, not at a network."""

from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True, eq=False)
class Finding:
    """What one rung of the ladder found.

    ok : nothing wrong is seen here. says : what is seen, and what to try. numbers : the measured
    values by name. `if finding:` asks for `ok`.
    """

    rung: str
    ok: bool
    says: str
    numbers: dict = field(default_factory=dict)

    def __bool__(self):
        return self.ok

    def __repr__(self):
        return f"{'✓' if self.ok else '✗'} {self.rung}: {self.says}"


def steps_back(k):
    """A distance in words: "3 steps back"."""
    steps = f"{abs(k)} step{'s' * (abs(k) != 1)}"
    return f"{steps} back" if k >= 0 else f"{steps} in the FUTURE"


def shapes_agree(y, target):
    """Have the answers the shape of the targets? (B, 1) - (B,) is a table of B × B differences.

    y : what the network says. target : floats in the shape of y; or whole numbers, the classes, in
    the shape of y without its last axis.
    """
    y, target = np.shape(y), np.asarray(target)
    classes = target.dtype.kind in "iu"
    wanted = y[:-1] if classes else y
    numbers = {"y": y, "target": target.shape}
    if target.shape == wanted:
        says = f"answers {y} and targets {target.shape} belong together."
        return Finding("shapes agree", True, says, numbers)
    says = f"answers {y} need targets {wanted}, and these are {target.shape}."
    try:
        table = np.broadcast_shapes(wanted, target.shape)
    except ValueError:
        return Finding("shapes agree", False, f"{says} Give one the shape of the other.", numbers)
    says += (
        f" Their difference has the shape {table} without a complaint: each answer is compared"
        " with other answers' targets too. Give both the same shape."
    )
    return Finding("shapes agree", False, says, numbers)


def targets_line_up(x, target, lag, reach=8):
    """Is the target at step t really the input at step t - lag?

    x : (T, B, D); one-hot if the targets are classes. target : (T, B) classes, -1 where none
    counts, or (T, B, D). lag : the steps back that the task means; -1 for the next input.
    Tries every lag from lag - reach to lag + reach; `numbers["agreement"]` has the share of equal
    classes, or the correlation, for each of `numbers["lags"]`.
    Raises ``ValueError`` where the target has no axis of steps, (B,) or (B, D).
    """
    x, target = np.asarray(x), np.asarray(target)
    if target.shape[:2] != x.shape[:2]:
        raise ValueError(
            f"target has shape {target.shape}, without the steps of x {x.shape}: asked once a "
            "sequence, so there is no step at which to compare."
        )
    T = len(x)
    lags = np.array([k for k in range(lag - reach, lag + reach + 1) if abs(k) < T - 1])
    classes = target.dtype.kind in "iu"
    agreement = np.zeros(len(lags))
    for i, k in enumerate(lags):
        before, after = x[max(0, -k) : T - max(0, k)], target[max(0, k) : T + min(0, k)]
        if classes:
            counts = after >= 0
            agreement[i] = (before.argmax(-1) == after)[counts].mean() if counts.any() else 0
        elif before.std() and after.std():
            agreement[i] = np.corrcoef(before.ravel(), after.ravel())[0, 1]
    best = int(lags[np.abs(agreement).argmax()])
    measure = "agreement" if classes else "correlation"
    numbers = {"lags": lags, "agreement": agreement, "best": best}
    where = f"the input {steps_back(best)}"
    says = f"the targets go best with {where} ({measure} {agreement[lags == best][0]:.2f})"
    if best == lag:
        return Finding("targets line up", True, f"{says}, as meant.", numbers)
    says += f"; {steps_back(lag)} was meant. Look at how the targets are shifted."
    return Finding("targets line up", False, says, numbers)


def loss_falls(losses, chance=None):
    """What has the training done? Reads the curve of the loss, as `history.loss`, (steps,).

    chance : the loss of the best answer without memory; at 95 % of it or above, nothing was
    learned. Left out, the loss has to fall by a twentieth.
    """
    losses = np.asarray(losses, dtype=float)
    losses = losses if losses.ndim == 1 else np.median(losses, axis=1)
    bad = np.flatnonzero(~np.isfinite(losses))
    if len(bad):
        says = f"the loss is not a number from step {bad[0]} on. Clip, and try lr / 10."
        return Finding("loss falls", False, says, {"step": int(bad[0])})
    part = max(1, len(losses) // 10)
    first, last = float(losses[:part].mean()), float(losses[-part:].mean())
    level = first if chance is None else chance
    says = f"the loss goes from {first:.3g} to {last:.3g}"
    numbers = {"first": first, "last": last}
    if last > 1.2 * max(first, level):
        return Finding("loss falls", False, f"{says}: it grows. Try lr / 10.", numbers)
    if last > 0.95 * level:
        known = "where it began" if chance is None else f"{chance:.3g} is chance"
        says += f"; {known}: nothing was learned. Climb the ladder from its foot."
        return Finding("loss falls", False, says, numbers)
    return Finding("loss falls", True, f"{says}: it learns.", numbers)


def predicts_the_mean(y, target):
    """Does it give everybody the same answer? ok if the answers differ as the targets do.

    y : what the trained network says to different sequences; scores if the targets are classes.
    target : floats, or whole numbers. The spread of the answers (of the probabilities, with
    classes) below a twentieth of the targets' spread is not ok.
    """
    y, target = np.asarray(y, dtype=float), np.asarray(target)
    if target.dtype.kind in "iu":
        e = np.exp(y - y.max(-1, keepdims=True))
        y = (e / e.sum(-1, keepdims=True))[target >= 0]
        target = np.eye(y.shape[-1])[target[target >= 0]]
    else:
        y, target = y.reshape(-1, 1), target.reshape(-1, 1)
    spread, wanted = (float(np.sqrt(a.var(axis=0).sum())) for a in (y, target))
    numbers = {"spread": spread, "wanted": wanted}
    if not np.isfinite(spread):
        says = "the answers are no numbers: look at the loss first."
        return Finding("predicts the mean", False, says, numbers)
    says = f"the answers spread by {spread:.2g}, the targets by {wanted:.2g}"
    if spread >= 0.05 * wanted:
        return Finding("predicts the mean", True, f"{says}: not one answer for all.", numbers)
    says += ": everybody gets the mean. Look at the shapes, and at what comes in."
    return Finding("predicts the mean", False, says, numbers)
