"""Training: losses, optimisers, clipping, the loop, and proofs that the gradients are right.

Built by hand in lessons 05 and 06 before a lesson uses it from here.
"""

from rnncourse.train import ladder
from rnncourse.train.checking import gradient_check
from rnncourse.train.clipping import clip_norm, norm
from rnncourse.train.fitting import History, fit
from rnncourse.train.losses import cross_entropy, set_entropy, squared_error
from rnncourse.train.network import Network
from rnncourse.train.optimisers import SGD, Adam
from rnncourse.train.probe import memory_probe

__all__ = [
    "SGD",
    "Adam",
    "History",
    "Network",
    "clip_norm",
    "cross_entropy",
    "fit",
    "gradient_check",
    "ladder",
    "memory_probe",
    "norm",
    "set_entropy",
    "squared_error",
]
